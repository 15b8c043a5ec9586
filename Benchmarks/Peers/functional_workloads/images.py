"""Convolution, pooling, interpolation, and normalization of images."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from peer import Row, Workload

from .backend import Array, Backend
from .layouts import WeightLayout, channels_first, channels_last, same


def convolution(row: Row, backend: Backend) -> Workload:
    inputs = row.make_inputs()
    is_transposed = row.kind == "convtranspose"
    layout = WeightLayout(backend, inputs["weight"].ndim, is_transposed)
    stride, padding = row.sizes["stride"], row.sizes["padding"]

    def function(x: Array, weight: Array, bias: Array) -> Array:
        if is_transposed:
            return backend.transposed_convolution(x, weight, stride, padding) + bias
        return backend.convolution(x, weight, stride, padding, row.sizes["groups"]) + bias

    operands = [
        backend.array(channels_last(inputs["x"])),
        backend.array(layout.apply(inputs["weight"])),
        backend.array(inputs["bias"]),
    ]
    return _passes(row, backend, function, operands, [channels_first, layout.restore, same])


def resampling(row: Row, backend: Backend) -> Workload:
    function = {
        "maxpool2d": backend.max_pool,
        "avgpool2d": backend.average_pool,
        "bilinear": backend.upsample,
    }[row.kind]
    x = backend.array(channels_last(row.make_inputs()["x"]))
    return _passes(row, backend, partial(function, **row.sizes), [x], [channels_first])


def normalization(row: Row, backend: Backend) -> Workload:
    inputs = row.make_inputs()
    operands = [
        backend.array(channels_last(inputs["x"])),
        backend.array(inputs["weight"]),
        backend.array(inputs["bias"]),
    ]

    def group_norm(x: Array, weight: Array, bias: Array) -> Array:
        return backend.group_norm(x, row.sizes["groups"], weight, bias)

    function = group_norm if row.kind == "groupnorm" else backend.batch_norm
    return _passes(row, backend, function, operands, [channels_first, same, same])


def _passes(
    row: Row,
    backend: Backend,
    function: Callable[..., Array],
    operands: list[Array],
    restore: list[Callable[..., object]],
) -> Workload:
    if row.operation == "forward":
        return backend.forward(function, operands, channels_first)
    gradient = backend.array(channels_last(row.make_inputs()["gradient"]))
    return backend.backward(function, operands, gradient, restore)
