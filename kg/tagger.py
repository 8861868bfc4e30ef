"""The HanLP component that the shipped model is: characters in, IOBES spans out.

HanLP's ``config.json`` names this class (``classpath``), so ``hanlp.load(folder)`` finds it.  It adds four things
to HanLP's own transformer recognizer: the model folder stands alone, tags are decoded under the IOBES constraints and
names of doubtful edges left out, characters are read by encoder.py without padding, which also gives its states away,
and training tells the score of each epoch.  It does not read articles or know the schema (see ner.py); training.py
teaches it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import torch
from hanlp.components.ner.transformer_ner import TransformerNamedEntityRecognizer
from hanlp.components.taggers.tagger import Tagger
from torch.nn.utils.rnn import pad_sequence

from kg.encoder import Encoder, gains_from_int8

# Low enough to lose against any real score, finite so that a row in which every tag is forbidden cannot give NaN.
FORBIDDEN = -1e4
# How likely the first and the last tag of a name must be together.  Of the names below, two in three are wrong: without
# them F1 of the entities of training/written-8.jsonl rises from 0.900 to 0.906, of written-9.jsonl from 0.896 to 0.900
# (round 5 of the model, which had not learnt them).
LEAST = 0.3
# Windows that are decoded together; their states take 80 MB.
ROUND = 128


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

    def build_model(self, *args: Any, **kwargs: Any) -> Any:
        """Build HanLP's model; what was derived from an earlier one is forgotten."""
        self.__dict__.pop("encoder", None)
        return super().build_model(*args, **kwargs)

    @cached_property
    def encoder(self) -> Encoder:
        """What reads the windows; the trained model itself stays fp32 and can be trained on."""
        return Encoder(self.model, int8=gains_from_int8())

    def predict_data(
        self, data: list[Sequence[str]], batch_size: int | None, sampler_builder: Any = None, **kwargs: Any
    ) -> list[Any]:
        """Return the names of every window, a sequence of tokens, as HanLP does: (text, type, start, end)."""
        return [names for names, _ in self.read(data, batch_size, sampler_builder=sampler_builder, **kwargs)]

    def read(
        self, data: list[Sequence[str]], batch_size: int | None, sampler_builder: Any = None, **kwargs: Any
    ) -> Iterator[tuple[Any, torch.Tensor | None]]:
        """Yield the names of every window and the states of its tokens (encoder.py), computed a round at a time.

        Where a window is not of single characters, or too long for the encoder, all are read in HanLP's own way, which
        gives no states.
        """
        if any(len(window) > self.encoder.limit or any(len(token) != 1 for token in window) for window in data):
            found = super().predict_data(data, batch_size, sampler_builder=sampler_builder, **kwargs)
            yield from ((names, None) for names in found)
            return
        for start in range(0, len(data), ROUND):
            yield from self._read(data[start : start + ROUND])

    def _read(self, windows: list[Sequence[str]]) -> Iterator[tuple[Any, torch.Tensor]]:
        scores, states = zip(*self.encoder.read(map(self._ids, windows)), strict=True)
        batch = {self.config.token_key: windows}
        lengths = torch.tensor([len(window) for window in windows])
        mask = torch.arange(int(lengths.max())) < lengths.unsqueeze(1)
        spans = self.decode_output(pad_sequence(list(scores), batch_first=True), mask, batch)
        return zip(self.prediction_to_human(spans, self.vocabs["tag"].idx_to_token, batch), states, strict=True)

    def _ids(self, window: Sequence[str]) -> torch.Tensor:
        tokenizer = self.transformer_tokenizer
        return torch.tensor([tokenizer.cls_token_id, *map(self._id_by_token, window), tokenizer.sep_token_id])

    @cached_property
    def _id_by_token(self) -> Callable[[str], int]:
        @cache
        def find(token: str) -> int:
            # HanLP takes one id a character where the tokenizer gives several (½), [UNK] where it gives none.
            ids = self.transformer_tokenizer(token, add_special_tokens=False)["input_ids"]
            return int(ids[0]) if ids else int(self.transformer_tokenizer.unk_token_id)

        return find

    def decode_output(  # HanLP also passes the model, which only its CRF needs
        self,
        logits: torch.Tensor,
        mask: torch.Tensor,
        batch: dict[str, Any],
        model: Any = None,  # noqa: ARG002
    ) -> Any:
        """Decode ``logits`` (windows x characters x tags) into spans; plain arg-max breaks names to pieces."""
        names = self.vocabs["tag"].idx_to_token
        scores = logits.detach().float().log_softmax(-1)
        paths = without_doubtful(viterbi(scores, mask.sum(-1), names), scores, names)
        tags = Tagger.prediction_to_human(self, paths, names, batch)
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


def without_doubtful(paths: list[list[int]], scores: torch.Tensor, tags: list[str]) -> list[list[int]]:
    """Return the tag paths with O in place of every name whose first and last tag are less likely than LEAST.

    ``scores`` are log-probabilities as in ``viterbi``.  What lies between may be doubtful: it follows from the two.
    """
    outside, least = tags.index("O"), math.log(LEAST)
    kept = []
    for path, row in zip(paths, scores, strict=True):
        sure, start = [*path], 0
        for position, tag in enumerate(path):
            if tags[tag][0] in "BS":
                start = position
            if tags[tag][0] in "ES" and sum(float(row[edge, path[edge]]) for edge in {start, position}) < least:
                sure[start : position + 1] = [outside] * (position + 1 - start)
        kept.append(sure)
    return kept


def may_follow(tag: str, following: str) -> bool:
    """Tell whether ``following`` may stand right after ``tag`` in IOBES."""
    if tag[0] in "BI":
        return following[0] in "IE" and tag[2:] == following[2:]
    return following[0] in "OBS"
