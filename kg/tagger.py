"""The HanLP component that the shipped model is: characters in, IOBES spans out.

HanLP's ``config.json`` names this class (``classpath``), so ``hanlp.load(folder)`` finds it.  It adds four things
to HanLP's own transformer recognizer: the model folder stands alone, tags are decoded under the IOBES constraints,
several windows of one length are decoded at once, and training tells the score of each epoch.  It does not read
articles or know the schema (see ner.py); training.py teaches it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from hanlp.components.ner.transformer_ner import TransformerNamedEntityRecognizer
from hanlp.components.taggers.tagger import Tagger

# Low enough to lose against any real score, finite so that a row in which every tag is forbidden cannot give NaN.
FORBIDDEN = -1e4


class NewsEntityRecognizer(TransformerNamedEntityRecognizer):  # type: ignore[misc]  # HanLP has no type information
    """A transformer named-entity recognizer whose folder carries its encoder's configuration and vocabulary."""

    after_epoch: Callable[[float], None] = staticmethod(lambda _: None)  # training.py puts its own here

    def on_config_ready(self, *, save_dir: str, **kwargs: Any) -> None:
        """Point HanLP at ``encoder/`` inside the model folder; else it would ask a path of the trainer's machine."""
        self.config.transformer = str(Path(save_dir) / "encoder")
        super().on_config_ready(save_dir=save_dir, **kwargs)

    def evaluate_dataloader(self, *arguments: Any, **options: Any) -> Any:
        """Measure on the held-out articles, as HanLP does after each epoch, and tell ``after_epoch`` the F1."""
        loss, metric = super().evaluate_dataloader(*arguments, **options)
        self.after_epoch(metric.score)
        return loss, metric

    def decode_output(  # HanLP also passes the model, which only its CRF needs
        self,
        logits: torch.Tensor,
        mask: torch.Tensor,
        batch: dict[str, Any],
        model: Any = None,  # noqa: ARG002
    ) -> Any:
        """Decode ``logits`` (windows x characters x tags) into spans; plain arg-max breaks names to pieces."""
        paths = viterbi(logits.float().log_softmax(-1), mask.sum(-1), self.vocabs["tag"].idx_to_token)
        tags = Tagger.prediction_to_human(self, paths, self.vocabs["tag"].idx_to_token, batch)
        return self.tag_to_span(tags, batch)


def viterbi(scores: torch.Tensor, lengths: torch.Tensor, tags: list[str]) -> list[list[int]]:
    """Return the best allowed tag path of every row.

    ``scores`` is rows x positions x tags (log-probabilities), ``lengths`` the characters in use per row.  A path may
    begin only with O, B or S, end only with O, E or S, and follow IOBES between (Viterbi 1967).
    """
    rows, positions, _ = scores.shape
    transitions = torch.tensor([[0.0 if may_follow(a, b) else FORBIDDEN for b in tags] for a in tags])
    start = torch.tensor([0.0 if tag[0] in "OBS" else FORBIDDEN for tag in tags])
    end = torch.tensor([0.0 if tag[0] in "OES" else FORBIDDEN for tag in tags])
    best = scores[:, 0] + start
    pointers: list[torch.Tensor] = []
    stay = torch.arange(len(tags)).expand(rows, -1)
    for position in range(1, positions):
        reached, pointer = (best.unsqueeze(2) + transitions).max(1)
        inside = (position < lengths).unsqueeze(1)
        best = torch.where(inside, reached + scores[:, position], best)
        pointers.append(torch.where(inside, pointer, stay))
    last = (best + end).argmax(1)
    path = [last]
    for pointer in reversed(pointers):
        last = pointer.gather(1, last.unsqueeze(1)).squeeze(1)
        path.append(last)
    paths: list[list[int]] = torch.stack(path[::-1], 1).tolist()
    return [row[:length] for row, length in zip(paths, lengths.tolist(), strict=True)]


def may_follow(tag: str, following: str) -> bool:
    """Tell whether ``following`` may stand right after ``tag`` in IOBES."""
    if tag[0] in "BI":
        return following[0] in "IE" and tag[2:] == following[2:]
    return following[0] in "OBS"
