"""The network of relations: states of the recogniser's encoder + mentions -> hints.

Two layers of attention over the tokens of hints.py, then every pair of mentions is judged by the two, what stands
between them, and what both attend to (localised context pooling, Zhou et al. 2021, ATLOP).  scripts/network.py teaches
it together with the upper half of the encoder; what becomes of its hints is decided in classifier.py.
"""

import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.errors import ModelError
from kg.hints import FILE, OF_MENTION, OF_PAIR, Types, View, hints, view
from kg.records import Hint, Mention

WIDTH = 160
HEADS = 4
LAYERS = 2
PRODUCT = 64  # numbers of either mention that are multiplied with each other
DROPOUT = 0.15

# What numpy, json and torch raise for a file that is cut off, changed or of another shape.
DAMAGES = (OSError, EOFError, ValueError, LookupError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error)


class Block(nn.Module):
    """One layer of attention and one of neurons, normalised before (Xiong et al. 2020), with rotary positions."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(width)
        self.norm_neurons = nn.LayerNorm(width)
        self.attend = nn.Linear(width, 3 * width)
        self.merge = nn.Linear(width, width)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """Return tokens x width, and tokens x tokens: how much each attends to each, the heads' mean."""
        length, width = x.shape
        query, key, value = self.attend(self.norm_attention(x)).view(length, 3, HEADS, -1).permute(1, 2, 0, 3)
        query, key = _turned(query, turn), _turned(key, turn)
        attention = (query @ key.transpose(1, 2) / (width / HEADS) ** 0.5).softmax(-1)
        x = x + self.dropout(self.merge((attention @ value).transpose(0, 1).reshape(length, width)))
        x = x + self.dropout(self.narrow(functional.gelu(self.widen(self.norm_neurons(x)))))
        return x, attention.mean(0)


class Network(nn.Module):
    """States of an article and its view -> log-odds of each pair and relation type.

    ``states`` is the width of one layer's state; ``entities`` and ``relations`` count the types.
    """

    def __init__(self, *, states: int, entities: int, relations: int) -> None:
        super().__init__()
        self.piece = nn.Linear(2 * states, WIDTH)
        self.mention = nn.Linear(4 * states, WIDTH)
        self.kind = nn.Embedding(entities, WIDTH)
        self.of_mention = nn.ModuleList(nn.Embedding(size, WIDTH) for size in OF_MENTION)
        self.blocks = nn.ModuleList(Block(WIDTH) for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.ends = nn.Linear(WIDTH, 2 * WIDTH + 2 * PRODUCT)
        self.product = nn.Linear(PRODUCT, WIDTH, bias=False)
        self.around = nn.Linear(WIDTH, 2 * WIDTH, bias=False)
        self.of_pair = nn.ModuleList(nn.Embedding(size, WIDTH) for size in OF_PAIR)
        self.both = nn.Embedding(entities * entities, WIDTH)
        self.judge = nn.Linear(WIDTH, relations)
        self.dropout = nn.Dropout(DROPOUT)
        self._entities = entities
        for part in (self.kind, *self.of_mention, *self.of_pair, self.both):
            nn.init.normal_(part.weight, std=0.05)
        nn.init.constant_(self.judge.bias, -4.0)

    def forward(self, states: Tensor, seen: View) -> Tensor:
        """Return pairs x relation types; ``states`` is characters x (last layer but one, last layer)."""
        places, types = torch.from_numpy(seen.places), torch.from_numpy(seen.types)
        classes, pairs = torch.from_numpy(seen.classes), torch.from_numpy(seen.pairs)
        x = self.dropout(self._tokens(states, torch.from_numpy(seen.spans), places))
        marks = self.kind(types) + sum(part(classes[:, column]) for column, part in enumerate(self.of_mention))
        x = x.index_add(0, places, marks)
        turn = _turns(len(x), WIDTH // HEADS)
        attention = torch.empty(0)
        for block in self.blocks:
            x, attention = block(x, turn)
        x = self.norm(x)
        here = x.index_select(0, places)
        head, tail, left, right = self.ends(here).split((WIDTH, WIDTH, PRODUCT, PRODUCT), -1)
        first, second = pairs.T
        shared = attention.index_select(0, places)
        common = shared.index_select(0, first) * shared.index_select(0, second)
        common = common / common.sum(-1, keepdim=True).clamp_min(1e-9)
        pooled, passed = self.around(x).split((WIDTH, WIDTH), -1)
        relations = torch.from_numpy(seen.relations)
        hidden = (
            head.index_select(0, first)
            + tail.index_select(0, second)
            + self.product(left.index_select(0, first) * right.index_select(0, second))
            + common @ pooled
            + _means(passed, torch.from_numpy(seen.between))
            + self.both(types[first] * self._entities + types[second])
        )
        for column, part in enumerate(self.of_pair):
            hidden = hidden + part(relations[:, column])
        scores: Tensor = self.judge(self.dropout(functional.gelu(hidden)))
        return scores

    def _tokens(self, states: Tensor, spans: Tensor, places: Tensor) -> Tensor:
        lengths = spans[:, 1] - spans[:, 0]
        owners = torch.repeat_interleave(torch.arange(len(spans)), lengths)
        means = states.new_zeros(len(spans), states.shape[1]).index_add(0, owners, states) / lengths.unsqueeze(-1)
        x = self.piece(means)
        last = states[:, states.shape[1] // 2 :]
        start, end = spans.index_select(0, places).T
        ends = torch.cat(
            [last.index_select(0, start), last.index_select(0, end - 1), means.index_select(0, places)], -1
        )
        tokens: Tensor = x.index_copy(0, places, self.mention(ends))
        return tokens


def _means(x: Tensor, spans: Tensor) -> Tensor:
    """Return the mean of the rows of ``x`` in each span (start, end), 0 where it is empty."""
    sums = functional.pad(x.cumsum(0), (0, 0, 1, 0))
    start, end = spans.T
    length = (end - start).clamp_min(1).unsqueeze(-1)
    means: Tensor = (sums.index_select(0, end) - sums.index_select(0, start)) / length
    return means


def _turns(length: int, width: int) -> tuple[Tensor, Tensor]:
    """Return cosine and sine of the angles of rotary positions (Su et al. 2021): positions x half of ``width``."""
    speeds = 10000 ** -(torch.arange(0, width, 2) / width)
    angles = torch.outer(torch.arange(length), speeds)
    return angles.cos(), angles.sin()


def _turned(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    cosine, sine = turn
    even, odd = x.chunk(2, -1)
    return torch.cat([even * cosine - odd * sine, odd * cosine + even * sine], -1)


class Hinter:
    """A taught network, ready to read."""

    def __init__(self, network: Network, types: Types) -> None:
        self._network = network.eval()
        self._types = types

    @torch.inference_mode()
    def __call__(self, text: str, states: Sequence[Tensor], mentions: Sequence[Mention]) -> tuple[Hint, ...]:
        """Return the hints of an article; ``states`` are those of its windows, in order.

        Each is characters x (last layer but one, last layer), fp32.
        """
        seen = view(text, mentions, self._types)
        if not len(seen.pairs):
            return ()
        threads = torch.get_num_threads()
        try:
            # Matrices of an article are too small to be shared among threads.
            torch.set_num_threads(1)
            scores = self._network(torch.cat(list(states)), seen)
        finally:
            torch.set_num_threads(threads)
        return hints(seen, scores.numpy(), self._types)


def save(network: Network, types: Types, folder: Path) -> None:
    """Write the weights as fp16, with the types they are for, into a model's folder."""
    told = json.dumps({"entities": types.entities, "relations": types.relations, "allowed": types.allowed.tolist()})
    weights = {name: tensor.half().numpy() for name, tensor in network.state_dict().items()}
    np.savez_compressed(folder / FILE, types=np.array(told), **weights)


def load(folder: Path, entities: Sequence[str], states: int) -> Hinter | None:
    """Return what ``save`` wrote into a model's folder, None where nothing is there or it is for other ``entities``.

    Its relation types are its own: whether a schema knows and allows what it hints at is asked in candidates.py.
    ``states`` is the width of the encoder.  Raises ModelError where the file is damaged or for another encoder.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with path.open("rb") as opened, np.load(opened) as file:
            told = json.loads(str(file["types"]))
            weights = {name: torch.from_numpy(file[name]).float() for name in file.files if name != "types"}
        types = Types(
            entities=tuple(told["entities"]), relations=tuple(told["relations"]), allowed=np.array(told["allowed"])
        )
        network = Network(states=states, entities=len(types.entities), relations=len(types.relations))
        network.load_state_dict(weights)
    except DAMAGES as error:
        reason = str(error).splitlines()[-1].strip()
        raise ModelError(
            f"{path}: cannot be read ({reason}); install anew or make it with scripts/network.py"
        ) from error
    return Hinter(network, types) if types.entities == tuple(entities) else None
