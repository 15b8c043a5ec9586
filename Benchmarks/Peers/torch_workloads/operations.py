"""Single operations: products, elementwise functions, copies and reductions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from peer import Row, Workload

from .kit import Kit, tensors


def matmul(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    a, b = inputs["a"], inputs["b"]
    # Views: the product reads the operand as it is stored.
    if row.operation == "tn":
        a = a.mT
    if row.operation == "nt":
        b = b.mT
    return kit.forward(torch.bmm if "batch" in row.sizes else torch.mm, a, b)


def pointwise(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    function, names = _POINTWISE[row.operation]
    if row.operation == "chain" and not kit.compiles:
        function = _chain_in_place
    return kit.forward(function, *(inputs[name] for name in names))


def _chain(a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    return torch.relu(torch.tanh(a * b + c) * b - c)


def _chain_in_place(a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """What one writes where nothing fuses the operations: one fresh tensor, changed in place."""
    return torch.addcmul(c, a, b).tanh_().mul_(b).sub_(c).relu_()


_POINTWISE: dict[str, tuple[Callable[..., Tensor], tuple[str, ...]]] = {
    "add": (torch.add, ("a", "b")),
    "row-broadcast": (torch.add, ("a", "b")),
    "multiply-add": (torch.addcmul, ("c", "a", "b")),
    "exp": (torch.exp, ("a",)),
    "log": (torch.log, ("a",)),
    "tanh": (torch.tanh, ("a",)),
    "sigmoid": (torch.sigmoid, ("a",)),
    "gelu": (F.gelu, ("a",)),
    "erf": (torch.erf, ("a",)),
    "where": (torch.where, ("mask", "a", "b")),
    "chain": (_chain, ("a", "b", "c")),
}


def copy(row: Row, kit: Kit) -> Workload:
    a = tensors(row)["a"]
    if kit.compiles:
        return kit.forward(lambda a: a.t().contiguous(), a)
    return kit.forward(Tensor.contiguous, a.t())


def reduce(row: Row, kit: Kit) -> Workload:
    a = tensors(row)["a"]
    function = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax, "argmax": torch.argmax}[row.operation]
    axis = row.sizes.get("axis")
    return kit.forward(function if axis is None else partial(function, dim=axis), a)
