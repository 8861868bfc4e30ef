"""Models small enough to be trained within a test, and what they are trained on; made by HanLP and transformers."""

import json
import random
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from hanlp.common.dataset import SortingSamplerBuilder
from hanlp.components.mtl.multi_task_learning import MultiTaskLearning
from hanlp.components.mtl.tasks.ner.tag_ner import TaggingNamedEntityRecognition
from hanlp.components.mtl.tasks.tok.tag_tok import TaggingTokenization
from hanlp.components.ner.rnn_ner import RNNNamedEntityRecognizer
from hanlp.layers.embeddings.contextual_word_embedding import ContextualWordEmbedding
from transformers import BertConfig, BertModel

from kg.ner import to_tokens

FAMILY_NAMES = "王李张刘陈杨赵黄周吴"
GIVEN_NAMES = "建国明丽芳强磊静敏洋"
CITIES = ("太原市", "大同市", "晋中市", "长治市", "阳泉市")
BODIES = ("教育局", "总工会", "图书馆")
OPENINGS = ("昨天", "上午", "，", "据悉", "记者", "今天")
# A sentence with three names in it, which every model here learns by heart.
SENTENCE = "太原市今天举行活动，大同市教育局局长王建国出席。"
NAMES = {("Place", "太原市"), ("Organisation", "大同市教育局"), ("Person", "王建国")}

# The tags of two of the tasks in HanLP's published models; only one of them knows events.
PKU = {"LOCATION": "ns", "ORGANIZATION": "nt", "PERSON": "nr"}
ONTONOTES = {"LOCATION": "GPE", "ORGANIZATION": "ORG", "PERSON": "PERSON", "EVENT": "EVENT"}
MSRA = {"LOCATION": "LOCATION", "ORGANIZATION": "ORGANIZATION", "PERSON": "PERSON"}

Words = list[tuple[str, str]]


class CharacterTagger(RNNNamedEntityRecognizer):  # type: ignore[misc]  # HanLP has no type information
    """HanLP's RNN recogniser with its CRF running along the sentence; HanLP passes it None for ``batch_first``."""

    def build_model(self, *arguments: Any, **options: Any) -> torch.nn.Module:
        model: torch.nn.Module = super().build_model(*arguments, **options)
        model.crf.batch_first = True  # type: ignore[union-attr]
        return model


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep torch from sharing out work too small to be shared, which takes a hundred times longer on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def sentences(count: int) -> list[Words]:
    """Return SENTENCE and others like it as words with HanLP's tag of each, empty for what is no name."""
    chance = random.Random(1)  # noqa: S311
    made = [_sentence("太原市", "大同市教育局", "王建国")] * (count // 4)
    for number in range(count - len(made)):
        city, other = chance.sample(CITIES, 2)
        body = other + chance.choice(BODIES)
        person = chance.choice(FAMILY_NAMES) + "".join(chance.sample(GIVEN_NAMES, 2))
        # Without openings of different lengths the place of a name would be learnt, not its looks.
        made.append([*((word, "") for word in chance.choices(OPENINGS, k=number % 5)), *_sentence(city, body, person)])
    return made


def _sentence(city: str, body: str, person: str) -> Words:
    return [
        (city, "LOCATION"),
        *((word, "") for word in ("今天", "举行")),
        ("活动", "EVENT"),
        ("，", ""),
        (body, "ORGANIZATION"),
        ("局长", ""),
        (person, "PERSON"),
        *((word, "") for word in ("出席", "。")),
    ]


def articles(count: int) -> list[dict[str, Any]]:
    """Return labelled articles in the gold format."""
    types = {"LOCATION": "Place", "ORGANIZATION": "Organisation", "PERSON": "Person"}
    return [
        {
            "id": f"a{number}",
            "title": None if number % 2 else "活动举行",
            "text": "".join(word for word, _ in words) + f"\n“大家来了。”{words[-3][0]}说。",
            "entities": [{"type": types[tag], "name": word, "surfaces": [word]} for word, tag in words if tag in types],
            "relations": [],
        }
        for number, words in enumerate(sentences(count))
    ]


def write_articles(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def write_encoder(folder: Path, texts: Iterable[str], *, positions: int = 512) -> Path:
    """Write an untrained BERT whose vocabulary is the characters of ``texts``, as scripts/model/encoder.py would."""
    torch.manual_seed(1)
    characters = sorted({token for text in texts for token in to_tokens(text)})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=positions,
    )
    folder.mkdir(parents=True)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": positions}), "utf-8"
    )
    return folder


def write_words(path: Path, made: Iterable[Words]) -> Path:
    """Write what a tokenizer learns from: words parted by blanks."""
    path.write_text("".join(" ".join(word for word, _ in words) + "\n" for words in made), encoding="utf-8")
    return path


def write_tags(path: Path, made: Iterable[Words], tags: dict[str, str], *, by_character: bool = False) -> Path:
    """Write what a recogniser learns from: a token, a tab and its IOBES tag a line; what ``tags`` lacks is O."""
    lines = []
    for words in made:
        for word, tag in words:
            units = list(word) if by_character else [word]
            places = "S" if len(units) == 1 else "B" + "I" * (len(units) - 2) + "E"
            lines += [
                f"{unit}\t{f'{at}-{tags[tag]}' if tag in tags else 'O'}" for unit, at in zip(units, places, strict=True)
            ]
        lines.append("")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_multitask(folder: Path) -> Path:
    """Train a model of a tokenizer and two recognisers, named as in HanLP's published ones, and return its folder."""
    made = sentences(80)
    words = write_words(folder / "words.txt", made)
    encoder = write_encoder(folder / "encoder", ["".join(word for word, _ in line) for line in made])

    def recogniser(tags: dict[str, str]) -> Any:
        file = str(write_tags(folder / f"{len(tags)}.tsv", made, tags))
        sampler = SortingSamplerBuilder(batch_size=8)
        return TaggingNamedEntityRecognition(file, file, None, sampler, lr=1e-2, dependencies="tok")

    tokenizer = TaggingTokenization(str(words), str(words), None, SortingSamplerBuilder(batch_size=8), lr=1e-2)
    (folder / "model").mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # HanLP's optimiser is on its way out
        MultiTaskLearning().fit(
            ContextualWordEmbedding("token", str(encoder), average_subwords=True, max_sequence_length=512),
            {"tok/fine": tokenizer, "ner/pku": recogniser(PKU), "ner/ontonotes": recogniser(ONTONOTES)},
            str(folder / "model"),
            epochs=10,
            lr=1e-2,
            encoder_lr=4e-3,
            grad_norm=1,
            eval_trn=False,
            seed=1,
            devices=-1,
        )
    return folder / "model"


def write_rnn(folder: Path) -> Path:
    """Train a recurrent recogniser of characters and return its folder."""
    file = str(write_tags(folder / "characters.tsv", sentences(80), MSRA, by_character=True))
    (folder / "model").mkdir()
    CharacterTagger().fit(
        file,
        file,
        str(folder / "model"),
        batch_size=8,
        epochs=5,
        embed=32,
        rnn_hidden=32,
        lr=0.01,
        drop=0.1,
        tagging_scheme="IOBES",
        seed=1,
        devices=-1,
    )
    return folder / "model"


def write_plain(folder: Path, model: Path) -> Path:
    """Write ``model``, one of ours, as if HanLP's own transformer recogniser had been trained."""
    folder.mkdir()
    for name in ("model.pt", "vocabs.json"):
        (folder / name).symlink_to(model / name)
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    config |= {
        "classpath": "hanlp.components.ner.transformer_ner.TransformerNamedEntityRecognizer",
        "transformer": str(model / "encoder"),
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder
