"""Attention and recurrence."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from peer import Row, Workload

from .kit import Kit, tensors


def attention(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    operands = [inputs[name] for name in ("query", "key", "value")]
    mask = inputs.get("mask")
    causal = bool(row.sizes["causal"])

    def function(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=causal)

    if row.operation == "forward":
        return kit.forward(function, *operands)
    return kit.backward(function, operands, [], inputs["gradient"])


def recurrence(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    gradient = inputs.pop("gradient", None)
    layers = row.sizes["layers"]
    zero = torch.zeros(layers, inputs["x"].shape[1], row.sizes["width"])

    def function(x: Tensor, *parameters: Tensor) -> Tensor:
        # With biases; without dropout, another direction, or the batch first.
        options = (list(parameters), True, layers, 0.0, torch.is_grad_enabled(), False, False)
        if row.kind == "lstm":
            return torch.lstm(x, (zero, zero), *options)[0]
        return torch.gru(x, zero, *options)[0]

    operands = list(inputs.values())
    if gradient is None:
        return kit.forward(function, *operands)
    return kit.backward(function, operands, [], gradient)
