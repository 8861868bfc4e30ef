"""Recognizer: Article -> Mention and Hint, through HanLP.  With tagger.py alone in knowing HanLP, tags and tokens.

A model is a folder or one of HanLP's identifiers: a recogniser (transformer or RNN) or a multi-task model with a
tokenizer and a recognising task.  Its tags are mapped to entity types by schema.yaml; what the schema does not name
is dropped.  Names are not resolved here (see resolve.py).  A model of ours may carry a network of relations
(network.py), which reads what the encoder says of an article once its mentions are final (see spans.py).
"""

import hashlib
import json
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import hints
from kg import text as kg_text
from kg.errors import ModelError
from kg.records import Article, Guess, Mention
from kg.traditional import fold

if TYPE_CHECKING:  # for annotations alone: torch is slow to import
    from torch import Tensor

    from kg.network import Hinter

DEFAULT_MODEL = Path(__file__).parent / "models" / "news"

# Characters of context that the tagger sees at once: several sentences, so that a second naming profits from the
# first.  Training cuts its text by the same rule.
WINDOW = 160
# Windows per forward pass, and articles per round: one round's windows are sorted by length by HanLP.
BATCH = 16
ROUND = 64
# Characters of an article up to which a network looks at it: the states that it reads take 4 kB a character.
LONGEST = 4000

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
# The spans of a window with the model's tags, and what the encoder says of its characters where the model is ours.
Window = tuple[list[Span], "Tensor | None"]
# Texts in; of each the spans out, and the states of its windows, none where they are not known or the text is too long.
Reader = Callable[[Sequence[str]], Iterator[tuple[list[Span], list["Tensor"]]]]


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


def to_characters(text: str) -> list[str]:
    """Return the characters of ``text`` for a model that was not trained here: simplified, else as printed."""
    return list(fold(text))


class Recognizer:
    """A loaded HanLP model that finds names in articles.

    ``name`` identifies the model (its folder's content or its identifier) and goes into the graph, so that an issue
    read by another model is read again.  It is the same whether the processor reads with int8 or fp32, though about
    one name in a hundred differs between the two: what another machine has read is not read again for that.
    """

    def __init__(
        self,
        model: str | Path = DEFAULT_MODEL,
        *,
        type_by_tag: Mapping[str, str],
        entities: Sequence[str] = (),
    ) -> None:
        """Name ``model``, a folder or a HanLP identifier; the seconds that loading takes are spent by ``load``.

        ``entities`` are the types of names that hints may be of; without them there are none.  Raises ModelError where
        the folder is no HanLP model.
        """
        _check_folder(Path(model))
        self.name = model_name(model)
        self.is_loaded = False
        self._model = model
        self._type_by_tag = type_by_tag
        self._entities = entities

    def load(self) -> None:
        """Load the model, once.

        Raises ModelError where HanLP cannot load the folder, does not know the identifier, or it is no recogniser, and
        where its network of relations is damaged.
        """
        if not self.is_loaded:
            component = load(self._model)
            self._read = _reader(component, self._type_by_tag, str(self._model))
            self._hinter = _hinter(component, Path(self._model), self._entities)
            self.is_loaded = True

    def recognize(self, articles: Iterable[Article]) -> Iterator[tuple[Article, tuple[Mention, ...], Guess]]:
        """Yield each article with its mentions in text order, which never overlap, and what gives hints on them.

        A guess holds the states of its article: call it and let go of it before the next.
        """
        remaining = iter(articles)
        while chunk := list(islice(remaining, ROUND)):
            self.load()
            texts = [article.text for article in chunk]
            for article, (found, states) in zip(chunk, self._read(texts), strict=True):
                text = article.text
                mentions = tuple(
                    Mention(article_id=article.id, start=start, end=end, text=text[start:end], type=type_)
                    for start, end, type_ in self._typed(text, found)
                )
                yield article, mentions, self._guess(text, states)

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return (start, end, type) of every name in each of ``texts``, in text order."""
        self.load()
        return [self._typed(text, found) for text, (found, _) in zip(texts, self._read(texts), strict=True)]

    def _typed(self, text: str, found: Iterable[Span]) -> list[Span]:
        return [
            (start, end, self._type_by_tag[tag])
            for start, end, tag in _trimmed(text, found)
            if tag in self._type_by_tag
        ]

    def _guess(self, text: str, states: list["Tensor"]) -> Guess:
        hinter = self._hinter
        if hinter is None or not states:
            return lambda _: None
        return lambda mentions: hinter(text, states, mentions)


def _hinter(component: Any, folder: Path, entities: Sequence[str]) -> "Hinter | None":
    """Return the network of relations of a model, None where it is not ours, has none, or one of other entity types."""
    from kg import network
    from kg.tagger import NewsEntityRecognizer

    if not entities or not isinstance(component, NewsEntityRecognizer):
        return None
    return network.load(folder, entities, component.model.encoder.transformer.config.hidden_size)


def _reader(component: Any, type_by_tag: Mapping[str, str], model: str) -> Reader:
    from hanlp.components.mtl.multi_task_learning import MultiTaskLearning
    from hanlp.components.ner.rnn_ner import RNNNamedEntityRecognizer
    from hanlp.components.ner.transformer_ner import TransformerNamedEntityRecognizer

    from kg.tagger import NewsEntityRecognizer

    if isinstance(component, MultiTaskLearning):
        return _multitask_reader(component, type_by_tag, model)
    if isinstance(component, RNNNamedEntityRecognizer):
        return _character_reader(partial(_predict_rnn, component), to_characters)
    if isinstance(component, NewsEntityRecognizer):
        return _character_reader(partial(_predict_ours, component), to_tokens)
    if isinstance(component, TransformerNamedEntityRecognizer):
        return _character_reader(partial(_predict, component), to_characters)
    raise ModelError(f"{model}: is no recogniser of names but a {type(component).__name__}; give another with --model")


def _character_reader(
    predict: Callable[[list[list[str]]], Iterator[Window]], split: Callable[[str], list[str]]
) -> Reader:
    def read(texts: Sequence[str]) -> Iterator[tuple[list[Span], list["Tensor"]]]:
        cuts = list(_cuts(texts))
        characters = [split(text) for text in texts]
        return _joined(texts, cuts, predict([characters[index][start:end] for index, start, end in cuts]))

    return read


def _multitask_reader(component: Any, type_by_tag: Mapping[str, str], model: str) -> Reader:
    """Return a reader by the task whose tags name most of the schema's types; of equals, the model's first.

    The published models carry ``ner/pku`` and ``ner/msra`` (persons, places, organisations) and ``ner/ontonotes``,
    which also knows events and laws.
    """
    tasks = [name for name in component.config.task_names if name.startswith("ner")]
    if not tasks:
        found = ", ".join(component.config.task_names)
        raise ModelError(f"{model}: has no task that recognises names (only {found}); give another with --model")
    task = max(tasks, key=lambda name: len(_types(component.tasks[name], type_by_tag)))
    tokenizer = min(component.resolve_tasks(task, None)[0], key=component.config.task_names.index)
    if not tokenizer.startswith("tok"):
        raise ModelError(f"{model}: {task} has no tokenizer before it; give another model with --model")
    # Characters of each token then come with it: white space and what the encoder does not know is dropped from tokens.
    component.tasks[tokenizer].config.output_spans = True

    def read(texts: Sequence[str]) -> Iterator[tuple[list[Span], list["Tensor"]]]:
        cuts = [cut for cut in _cuts(texts) if not _is_blank(texts[cut[0]][cut[1] : cut[2]])]
        document = component([fold(texts[index][start:end]) for index, start, end in cuts], tasks=task)
        predicted: Iterator[Window] = (
            ([(tokens[start][1], tokens[end - 1][2], tag) for _, tag, start, end in names], None)
            for tokens, names in zip(document[tokenizer], document[task], strict=True)
        )
        return _joined(texts, cuts, predicted)

    return read


def _types(task: Any, type_by_tag: Mapping[str, str]) -> set[str]:
    tags = {tag[2:] if tag[1:2] == "-" else tag for vocab in task.vocabs.values() for tag in vocab.idx_to_token}
    return {type_by_tag[tag] for tag in tags if tag in type_by_tag}


def _cuts(texts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    for index, text in enumerate(texts):
        for start, end in kg_text.windows(text, WINDOW):
            yield index, start, end


def _joined(
    texts: Sequence[str], cuts: Iterable[tuple[int, int, int]], predicted: Iterable[Window]
) -> Iterator[tuple[list[Span], list["Tensor"]]]:
    """Yield what was found in each text; its windows are asked for only then, so that few states are held at once."""
    pairs = zip(cuts, predicted, strict=True)
    following = next(pairs, None)
    for number, text in enumerate(texts):
        found: list[Span] = []
        kept: list[Tensor] = []
        while following and following[0][0] == number:
            (_, offset, _), (spans, states) = following
            found.extend((start + offset, end + offset, tag) for start, end, tag in spans)
            if states is not None and len(text) <= LONGEST:
                kept.append(states)
            following = next(pairs, None)
        yield found, kept


def _trimmed(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield ``spans`` without the blanks at their ends, which some models take for part of a name."""
    for start, end, tag in spans:
        while start < end and _is_blank(text[start]):
            start += 1
        while start < end and _is_blank(text[end - 1]):
            end -= 1
        if start < end:
            yield start, end, tag


def _is_blank(text: str) -> bool:
    return all(char.isspace() or unicodedata.category(char) in INVISIBLE for char in text)


def _predict_ours(component: Any, windows: list[list[str]]) -> Iterator[Window]:
    for spans, states in component.read(windows, BATCH, sampler_builder=_by_length()):
        yield [(start, end, tag) for _, tag, start, end in spans], states


def _predict(component: Any, windows: list[list[str]]) -> Iterator[Window]:
    for spans in component.predict(windows, batch_size=BATCH, sampler_builder=_by_length()):
        yield [(start, end, tag) for _, tag, start, end in spans], None


def _by_length() -> Any:
    from hanlp.common.dataset import SortingSamplerBuilder

    return SortingSamplerBuilder(batch_size=BATCH)


def _predict_rnn(component: Any, windows: list[list[str]]) -> Iterator[Window]:
    from hanlp.components.ner.rnn_ner import RNNNamedEntityRecognizer
    from hanlp.metrics.chunking.sequence_labeling import get_entities

    # Past HanLP's own decoding of spans, which fails on a tag that may not stand where it does.
    output = super(RNNNamedEntityRecognizer, component).predict_data(windows, BATCH)
    return (([(start, end, tag) for tag, start, end in get_entities(tags)], None) for tags in output)


def model_name(model: str | Path) -> str:
    """Return a name that changes when the model does: ``news-1a2b3c4d`` for a folder, the identifier otherwise."""
    folder = Path(model)
    if not folder.is_dir():
        return str(model)
    digest = hashlib.sha256()
    # A multi-task model has vocabularies by task: tok_vocabs.json, ner/msra_vocabs.json.
    vocabularies = sorted(folder.rglob("*vocabs.json"))
    for file in [folder / "config.json", *vocabularies, folder / "model.pt", folder / hints.FILE]:
        if file.is_file():
            digest.update(file.read_bytes())
    return f"{folder.resolve().name}-{digest.hexdigest()[:8]}"


def _check_folder(folder: Path) -> None:
    missing = [name for name in ("config.json", "model.pt") if not (folder / name).is_file()]
    if folder.exists() and missing:
        raise ModelError(f"{folder}: no HanLP model ({', '.join(missing)} missing); give a folder that HanLP wrote")


def load(model: str | Path) -> Any:
    """Return the HanLP component in a folder or behind an identifier; raises ModelError where there is none."""
    _check_folder(Path(model))
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
