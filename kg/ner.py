"""Recognizer: Article -> Mention, through HanLP.  With tagger.py the only module that knows HanLP, tags and tokens.

A model is a folder or one of HanLP's identifiers.  Its tags are mapped to entity types by schema.yaml; what the schema
does not name is dropped.  Names are not resolved here (see resolve.py).
"""

import hashlib
import json
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from kg import text as kg_text
from kg.errors import ModelError
from kg.records import Article, Mention
from kg.traditional import fold

DEFAULT_MODEL = Path(__file__).parent / "models" / "news"

# Characters of context that the tagger sees at once: several sentences, so that a second naming profits from the
# first.  Training cuts its text by the same rule.
WINDOW = 160
# Windows per forward pass, and articles per round: one round's windows are sorted by length by HanLP.
BATCH = 16
ROUND = 64

# The encoder's vocabulary has no curly quotes, dashes or ellipses and knows Chinese punctuation better than ASCII's.
# One character becomes one token, so that token offsets are character offsets.
_TOKENS = str.maketrans(
    dict(zip("“”‘’—–…,;:!?()", "「」『』--·，；：！？（）", strict=True))
    | {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F) if chr(code) not in ",;:!?()"}
)
_SPACE = "|"
# Byte-order marks, soft hyphens, zero-width spaces: pages copied from the web are full of them.
INVISIBLE = ("Cc", "Cf")

Span = tuple[int, int, str]


def to_tokens(text: str) -> list[str]:
    """Return one token per character of ``text``; straight double quotes become opening and closing in turn.

    Traditional characters become simplified ones, which are all that the model has learnt.
    """
    tokens = []
    is_open = False
    for char in fold(text).translate(_TOKENS):
        if char == '"':
            tokens.append("」" if is_open else "「")
            is_open = not is_open
        else:
            tokens.append(_SPACE if char.isspace() or unicodedata.category(char) in INVISIBLE else char)
    return tokens


class Recognizer:
    """A loaded HanLP model that finds names in articles.

    ``name`` identifies the model (its folder's content or its identifier) and goes into the graph, so that an issue
    read by another model is read again.  It is the same whether the processor reads with int8 or fp32, though about
    one name in a hundred differs between the two: what another machine has read is not read again for that.
    """

    def __init__(self, model: str | Path = DEFAULT_MODEL, *, type_by_tag: Mapping[str, str]) -> None:
        """Name ``model``, a folder or a HanLP identifier; the seconds that loading takes are spent by ``load``.

        Raises ModelError where the folder is no HanLP model.
        """
        _check_folder(Path(model))
        self.name = model_name(model)
        self.is_loaded = False
        self._model = model
        self._type_by_tag = type_by_tag

    def load(self) -> None:
        """Load the model, once.

        Raises ModelError where HanLP cannot load the folder or does not know the identifier.
        """
        if not self.is_loaded:
            self._component = _load(self._model)
            self._is_multitask = hasattr(self._component, "tasks")
            self.is_loaded = True

    def recognize(self, articles: Iterable[Article]) -> Iterator[tuple[Article, tuple[Mention, ...]]]:
        """Yield each article with its mentions in text order; mentions never overlap."""
        self.load()
        remaining = iter(articles)
        while chunk := list(islice(remaining, ROUND)):
            spans = self._spans([article.text for article in chunk])
            for article, found in zip(chunk, spans, strict=True):
                yield article, tuple(self._mentions(article, found))

    def _mentions(self, article: Article, spans: Sequence[Span]) -> Iterator[Mention]:
        text = article.text
        for start, end, tag in spans:
            kind = self._type_by_tag.get(tag)
            if kind is not None:
                yield Mention(article_id=article.id, start=start, end=end, text=text[start:end], type=kind)

    def _spans(self, texts: Sequence[str]) -> list[list[Span]]:
        cuts = [(index, start, end) for index, text in enumerate(texts) for start, end in kg_text.windows(text, WINDOW)]
        found: list[list[Span]] = [[] for _ in texts]
        if not cuts:
            return found
        if self._is_multitask:
            predicted = self._predict_multitask([texts[index][start:end] for index, start, end in cuts])
        else:
            tokens = [to_tokens(text) for text in texts]
            predicted = self._predict([tokens[index][start:end] for index, start, end in cuts])
        for (index, offset, _), spans in zip(cuts, predicted, strict=True):
            found[index].extend((start + offset, end + offset, tag) for start, end, tag in spans)
        return found

    def _predict(self, windows: list[list[str]]) -> list[list[Span]]:
        from hanlp.common.dataset import SortingSamplerBuilder

        sampler = SortingSamplerBuilder(batch_size=BATCH)
        output = self._component.predict(windows, batch_size=BATCH, sampler_builder=sampler)
        return [[(start, end, tag) for _, tag, start, end in spans] for spans in output]

    def _predict_multitask(self, windows: list[str]) -> list[list[Span]]:
        document = self._component(windows, tasks="ner*")
        token_key = next(key for key in document if key.startswith("tok"))
        ner_key = next(key for key in document if key.startswith("ner"))
        return [
            [(offsets[start][0], offsets[end - 1][1], tag) for _, tag, start, end in names]
            for window, tokens, names in zip(windows, document[token_key], document[ner_key], strict=True)
            for offsets in [token_offsets(window, tokens)]
        ]


def token_offsets(text: str, tokens: Iterable[str]) -> list[tuple[int, int]]:
    """Return the character span of each token; HanLP's tokenizer drops white space, so tokens need not be adjacent."""
    offsets = []
    end = 0
    for token in tokens:
        while end < len(text) and text[end].isspace() and not token[:1].isspace():
            end += 1
        # A token that the tokenizer normalised does not stand here literally, but is as long as what does.
        start, end = end, min(end + len(token), len(text))
        offsets.append((start, end))
    return offsets


def model_name(model: str | Path) -> str:
    """Return a name that changes when the model does: ``news-1a2b3c4d`` for a folder, the identifier otherwise."""
    folder = Path(model)
    if not folder.is_dir():
        return str(model)
    digest = hashlib.sha256()
    for name in ("config.json", "vocabs.json", "model.pt"):
        file = folder / name
        if file.is_file():
            digest.update(file.read_bytes())
    return f"{folder.resolve().name}-{digest.hexdigest()[:8]}"


def _check_folder(folder: Path) -> None:
    missing = [name for name in ("config.json", "vocabs.json", "model.pt") if not (folder / name).is_file()]
    if folder.exists() and missing:
        raise ModelError(f"{folder}: no HanLP model ({', '.join(missing)} missing); give a folder that HanLP wrote")


def _load(model: str | Path) -> Any:
    # HanLP prints its progress otherwise, and asks CUDA.
    os.environ.setdefault("HANLP_VERBOSE", "0")
    return _load_folder(Path(model)) if Path(model).exists() else _load_identifier(str(model))


def _load_folder(folder: Path) -> Any:
    # What a folder lacks must not be looked for on a hub.
    os.environ["HF_HUB_OFFLINE"] = "1"
    from hanlp_common.reflection import object_from_classpath

    try:
        classpath = json.loads((folder / "config.json").read_text(encoding="utf-8"))["classpath"]
        component = object_from_classpath(classpath)
        # What hanlp.load does for a folder, but for its habit of asking the package index when loading fails.
        component.load(str(folder), devices=-1, verbose=False)
    except Exception as error:
        # HanLP raises whatever its parts raise; whichever it is, this folder is not a usable model.
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"{folder}: HanLP cannot load it ({reason}); give a folder that HanLP wrote") from error
    return component


def _load_identifier(model: str) -> Any:
    import hanlp

    if model not in hanlp.pretrained.ALL and model not in hanlp.pretrained.ALL.values() and "://" not in model:
        raise ModelError(
            f"{model}: no such folder, and no identifier that HanLP knows; give one of the two with --model"
        )
    try:
        return hanlp.load(model, devices=-1, verbose=False)
    except Exception as error:
        url = hanlp.pretrained.ALL.get(model, model)
        raise ModelError(
            f"{model}: HanLP could not fetch it from {url}; download and unpack it by hand, then give the folder"
        ) from error
