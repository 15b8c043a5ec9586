"""Convolution, pooling, interpolation, and normalization of images."""

from __future__ import annotations

from functools import partial

import torch.nn.functional as F
from torch import Tensor

from peer import Row, Workload

from .kit import Function, Kit, tensors

_CONVOLUTIONS = {3: F.conv1d, 4: F.conv2d, 5: F.conv3d}
_TRANSPOSED = {3: F.conv_transpose1d, 4: F.conv_transpose2d, 5: F.conv_transpose3d}


def convolution(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    functions = _TRANSPOSED if row.kind == "convtranspose" else _CONVOLUTIONS
    function = partial(functions[inputs["x"].dim()], **row.sizes)
    return _passes(row, kit, function, inputs)


def resampling(row: Row, kit: Kit) -> Workload:
    function = {
        "maxpool2d": partial(F.max_pool2d, **_renamed(row.sizes)),
        "avgpool2d": partial(F.avg_pool2d, **_renamed(row.sizes)),
        "bilinear": partial(F.interpolate, scale_factor=row.sizes.get("scale"), mode="bilinear"),
    }[row.kind]
    return _passes(row, kit, function, tensors(row))


def _renamed(sizes: dict[str, int]) -> dict[str, int]:
    return {"kernel_size" if name == "kernel" else name: size for name, size in sizes.items()}


def normalization(row: Row, kit: Kit) -> Workload:
    def batch_norm(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return F.batch_norm(x, None, None, weight, bias, training=True, eps=1e-5)

    def group_norm(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return F.group_norm(x, row.sizes["groups"], weight, bias, 1e-5)

    return _passes(row, kit, group_norm if row.kind == "groupnorm" else batch_norm, tensors(row))


def _passes(row: Row, kit: Kit, function: Function, inputs: dict[str, Tensor]) -> Workload:
    """The pass that the row is about, of a function of all inputs but the gradient."""
    operands = {name: kit.laid_out(tensor) for name, tensor in inputs.items()}
    gradient = operands.pop("gradient", None)
    if gradient is None:
        return kit.forward(function, *operands.values())
    return kit.backward(function, list(operands.values()), [], gradient)
