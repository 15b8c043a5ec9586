"""Softmax, layer norm and cross-entropy, forward and backward."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from peer import Row, Workload

from .kit import Kit, tensors


def softmax(row: Row, kit: Kit) -> Workload:
    return _along_rows(row, kit, partial(torch.softmax, dim=-1))


def log_softmax(row: Row, kit: Kit) -> Workload:
    return _along_rows(row, kit, partial(torch.log_softmax, dim=-1))


def _along_rows(row: Row, kit: Kit, function: Callable[..., Tensor]) -> Workload:
    inputs = tensors(row)
    if row.operation == "forward":
        return kit.forward(function, inputs["x"])
    return kit.backward(function, [inputs["x"]], [], inputs["gradient"])


def layer_norm(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    arguments = [inputs[name] for name in ("x", "weight", "bias")]

    def function(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return F.layer_norm(x, (row.sizes["columns"],), weight, bias, 1e-5)

    if row.operation == "forward":
        return kit.forward(function, *arguments)
    return kit.backward(function, arguments, [], inputs["gradient"])


def cross_entropy(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    logits, labels = inputs["logits"], inputs["labels"]
    if row.operation == "forward":
        return kit.forward(F.cross_entropy, logits, labels)
    return kit.backward(F.cross_entropy, [logits], [labels], torch.ones(()))
