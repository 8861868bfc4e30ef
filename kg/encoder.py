"""A trained HanLP tagging model -> scores of its tags and states of its last layers, one text at a time.

The forward pass of BERT and no more.

HanLP pads texts of several lengths to one batch and computes in fp32.  Here every text is read alone, one thread a
text, so that nothing is padded, threads never wait for each other within a layer, and the scores of a text do not
depend on its company, to the last bit.  Where the processor gains from it the matrices are int8.  It trains nothing and
does not know what the tags mean.
"""

import warnings
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

Apply = Callable[[Tensor], Tensor]

# FBGEMM adds pairs of products in 16 bits on processors without VNNI: 7 bits of input and 8 of weight cannot overflow,
# and give the same integers on every processor.
LEVELS = 63
# Layers whose output is given away, counted from the end.
LAST = 2
_INT8 = "linear_with_input_q_dq_qweight_dq_output_fp32"


def gains_from_int8() -> bool:
    """Tell whether this machine multiplies int8 faster than fp32: x86 with AVX2 or better, through FBGEMM.

    A rule and no measurement, so that one machine always answers alike.  Measured: 1.8 times as fast with AVX2 alone
    (bench/recognition.py), more with VNNI.  Elsewhere (ARM, a torch without these operators) fp32 it is.
    """
    has_kernels = "fbgemm" in torch.backends.quantized.supported_engines and hasattr(torch.ops.quantized, _INT8)
    return has_kernels and torch.backends.cpu.get_cpu_capability().startswith("AVX")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of BERT; query, key and value are one matrix."""

    attend: Apply
    merge: Apply
    widen: Apply
    narrow: Apply
    norm_attention: Apply
    norm_output: Apply


class Encoder:
    """Embeddings, layers and classifier of ``model``, HanLP's ``TransformerTaggingModel`` over a BERT, ready to read.

    ``limit`` is the longest text that it reads, in characters.
    """

    def __init__(self, model: Any, *, int8: bool) -> None:
        """Take the weights over from ``model``, with int8 as copies; ``model`` stays as it is."""
        bert = model.encoder.transformer
        linear = _int8 if int8 else _fp32
        embeddings = bert.embeddings
        self.limit: int = bert.config.max_position_embeddings - 2
        self._heads: int = bert.config.num_attention_heads
        self._words: Tensor = embeddings.word_embeddings.weight.detach()
        # Every text is of one part, so the embedding of the part is a constant.
        self._positions: Tensor = (
            embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
        ).detach()
        self._norm: Apply = embeddings.LayerNorm
        self._classify: Apply = model.classifier
        self._layers = [
            Layer(
                attend=linear(layer.attention.self.query, layer.attention.self.key, layer.attention.self.value),
                merge=linear(layer.attention.output.dense),
                widen=linear(layer.intermediate.dense),
                narrow=linear(layer.output.dense),
                norm_attention=layer.attention.output.LayerNorm,
                norm_output=layer.output.LayerNorm,
            )
            for layer in bert.encoder.layer
        ]

    def read(self, texts: Iterable[Tensor]) -> list[tuple[Tensor, Tensor]]:
        """Return scores and states for each text, given as the ids of its tokens between [CLS] and [SEP].

        Scores are characters x tags; states are characters x the output of the LAST layers side by side, the lower
        one first.
        """
        threads = torch.get_num_threads()
        try:
            with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
                return list(pool.map(self._read, texts))
        finally:
            # OpenMP counts by thread, but MKL for the whole process.
            torch.set_num_threads(threads)

    @torch.inference_mode()
    def _read(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        length = len(ids)
        x = self._norm(self._words[ids] + self._positions[:length])
        outputs: deque[Tensor] = deque(maxlen=LAST)
        for layer in self._layers:
            query, key, value = layer.attend(x).view(1, length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            attended = functional.scaled_dot_product_attention(query, key, value)
            x = layer.norm_attention(layer.merge(attended.transpose(1, 2).reshape(length, -1)) + x)
            x = layer.norm_output(layer.narrow(functional.gelu(layer.widen(x))) + x)
            outputs.append(x[1:-1])
        return self._classify(outputs[-1]), torch.cat(list(outputs), dim=1)


def _fp32(*parts: Any) -> Apply:
    weight, bias = _stack(parts)
    return lambda x: functional.linear(x, weight, bias)


def _int8(*parts: Any) -> Apply:
    """Return the linear map with int8 weights, one scale an output, and one scale a row of what comes in.

    Torch's own dynamic quantisation has one scale for all rows; one a row leaves half the error (0.12 in place of 0.22
    on average, in a tag's score), and a character does not suffer from a loud one elsewhere.
    """
    weight, bias = _stack(parts)
    scales = weight.abs().amax(1).clamp_min(1e-9) / 127
    before = torch.backends.quantized.engine
    with warnings.catch_warnings():
        # Torch will drop tensors of int8 some day; gains_from_int8 notices.
        warnings.simplefilter("ignore")
        zeros = torch.zeros(len(scales), dtype=torch.long)
        whole = torch.quantize_per_channel(weight, scales.double(), zeros, 0, torch.qint8)
        try:
            torch.backends.quantized.engine = "fbgemm"
            packed = torch.ops.quantized.linear_prepack(whole, None)
        finally:
            torch.backends.quantized.engine = before
    multiply = getattr(torch.ops.quantized, _INT8)

    def apply(x: Tensor) -> Tensor:
        size = x.abs().amax(-1, keepdim=True).clamp_min(1e-9)
        return torch.addcmul(bias, multiply(x / size, 1 / LEVELS, LEVELS + 1, packed), size)

    return apply


def _stack(parts: Iterable[Any]) -> tuple[Tensor, Tensor]:
    layers = list(parts)
    return torch.cat([layer.weight.detach() for layer in layers]), torch.cat([layer.bias.detach() for layer in layers])
