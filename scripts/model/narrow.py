"""Make the layers of a trained model narrower: a folder that ``kg train --start`` goes on from, and that reads faster.

usage: python scripts/model/narrow.py MODEL FOLDER WIDTH LABELS.jsonl

In each layer of the encoder the WIDTH units of the feed-forward part stay that weigh most in what the layer puts out on
the labelled articles: a unit's mean output times the length of the vector that it is multiplied into (Molchanov and
others, 2017, by magnitude).  The model has to be trained on afterwards; what is cut away is missed.
"""

import json
import shutil
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import gelu

from kg import labels, ner, text

# Articles that the units are judged by, and windows read at once.
ARTICLES = 200


def units(model: Any, windows: list[torch.Tensor], width: int) -> list[torch.Tensor]:
    """Return for each layer the indices of the units that stay, in order."""
    layers = model.encoder.transformer.encoder.layer
    weights = [torch.zeros(layer.intermediate.dense.out_features) for layer in layers]

    def count(weight: torch.Tensor) -> Any:
        return lambda _module, _inputs, output: weight.add_(gelu(output).abs().sum((0, 1)))

    hooks = [
        layer.intermediate.dense.register_forward_hook(count(weight))
        for layer, weight in zip(layers, weights, strict=True)
    ]
    with torch.inference_mode():
        for window in windows:
            model.encoder.transformer(window.unsqueeze(0))
    for hook in hooks:
        hook.remove()
    lengths = [layer.output.dense.weight.detach().norm(dim=0) for layer in layers]
    return [
        (weight * length).topk(width).indices.sort().values for weight, length in zip(weights, lengths, strict=True)
    ]


def main(source: Path, folder: Path, width: int, articles: Path) -> None:
    component = ner.load(source)
    lines = islice(articles.read_text(encoding="utf-8").splitlines(), ARTICLES)
    texts = [labels.full_text(json.loads(line)) for line in lines]
    windows = [component._ids(ner.to_tokens(part)[a:b]) for part in texts for a, b in text.windows(part, ner.WINDOW)]
    staying = units(component.model, windows, width)

    shutil.copytree(source, folder)
    config = json.loads((source / "encoder" / "config.json").read_text("utf-8"))
    (folder / "encoder" / "config.json").write_text(
        json.dumps({**config, "intermediate_size": width}, indent=2), "utf-8"
    )
    state = torch.load(source / "model.pt", map_location="cpu", weights_only=True)
    for number, rows in enumerate(staying):
        layer = f"encoder.transformer.encoder.layer.{number}."
        for name in ("intermediate.dense.weight", "intermediate.dense.bias"):
            state[layer + name] = state[layer + name][rows].clone()
        state[layer + "output.dense.weight"] = state[layer + "output.dense.weight"][:, rows].clone()
    torch.save(state, folder / "model.pt")
    (folder / "MODEL_CARD.md").unlink(missing_ok=True)
    print(f"{folder}: {width} units a layer; go on with kg train --start {folder}")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
