"""MLX as a peer, on the CPU: what a Swift developer would reach for, here from Python."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import mlx.core as mx
import numpy as np
from mlx import nn

import functional_workloads
from functional_workloads.backend import Array, Backend, Function
from peer import Library, Missing, Row, Workload, serve


class MLX(Library):
    def versions(self) -> dict[str, str]:
        return {"mlx": version("mlx")}

    def set_threads(self, threads: int) -> None:
        # Its own loops run on one thread; those of products on as many as OpenBLAS was told to make.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])

    def prepare(self, row: Row) -> Workload:
        if row.sizes.get("callers", 1) > 1:
            raise Missing("MLX evaluates on one thread")
        return functional_workloads.prepare(row, MLXBackend())

    def dropped(self) -> None:
        mx.clear_cache()


class MLXBackend(Backend):
    name = "MLX"
    xp = mx
    weight_axes = ("out", "extents", "in")

    def array(self, array: np.ndarray) -> Array:
        made = mx.array(array)
        mx.eval(made)
        return made

    def forward(self, function: Function, arrays: Sequence[Any], restore: Function, **options: Any) -> Workload:
        def step() -> Array:
            result = function(*arrays)
            mx.eval(result)
            return result

        return Workload(step, outputs=lambda: [restore(np.array(step()))], **options)

    def backward(
        self, function: Function, inputs: Sequence[Array], gradient: Array, restore: Sequence[Function]
    ) -> Workload:
        # Nothing is kept between evaluations: what of the forward pass the gradients need is computed again.
        def step() -> Sequence[Array]:
            _, gradients = mx.vjp(function, list(inputs), [gradient])
            mx.eval(gradients)
            return gradients

        def outputs() -> list[np.ndarray]:
            return [back(np.array(result)) for back, result in zip(restore, step(), strict=True)]

        return Workload(step, outputs)

    def steps(self, step: Function, state: Function, data: Sequence[Array], restore: Function) -> Workload:
        current = state()

        def reset() -> None:
            nonlocal current
            current = state()

        def advance() -> Array:
            nonlocal current
            loss, current = step(current, *data)
            mx.eval(loss, current)
            return loss

        def outputs() -> list[np.ndarray]:
            losses = [np.array(advance()) for _ in range(3)]
            return losses + restore(current)

        return Workload(advance, outputs, reset)

    def value_and_gradient(self, function: Function) -> Function:
        return mx.value_and_grad(function)

    def sigmoid(self, x: Array) -> Array:
        return mx.sigmoid(x)

    def erf(self, x: Array) -> Array:
        return mx.erf(x)

    def gelu(self, x: Array) -> Array:
        return nn.gelu(x)

    def log_softmax(self, x: Array) -> Array:
        return nn.log_softmax(x, axis=-1)

    def softmax(self, x: Array) -> Array:
        return mx.softmax(x, axis=-1)

    def convolution(self, x: Array, weight: Array, stride: int, padding: int, groups: int) -> Array:
        return mx.conv_general(x, weight, stride=stride, padding=padding, groups=groups)

    def transposed_convolution(self, x: Array, weight: Array, stride: int, padding: int) -> Array:
        function = {3: mx.conv_transpose1d, 4: mx.conv_transpose2d, 5: mx.conv_transpose3d}[x.ndim]
        return function(x, weight, stride=stride, padding=padding)

    def max_pool(self, x: Array, kernel: int, stride: int, padding: int) -> Array:
        return nn.MaxPool2d(kernel, stride, padding)(x)

    def average_pool(self, x: Array, kernel: int, stride: int, padding: int) -> Array:
        return nn.AvgPool2d(kernel, stride, padding)(x)

    def upsample(self, x: Array, scale: int) -> Array:
        return nn.Upsample(scale_factor=scale, mode="linear", align_corners=False)(x)

    def layer_norm(self, x: Array, weight: Array, bias: Array) -> Array:
        return mx.fast.layer_norm(x, weight, bias, 1e-5)

    def attention(self, query: Array, key: Array, value: Array, *, causal: bool = False, mask: Array = None) -> Array:
        query, key, value = (mx.swapaxes(x, 1, 2) for x in (query, key, value))
        result = mx.fast.scaled_dot_product_attention(
            query, key, value, scale=query.shape[-1] ** -0.5, mask="causal" if causal else mask
        )
        return mx.swapaxes(result, 1, 2)

    def scan(self, step: Function, initial: Any, inputs: Array) -> Array:
        state, outputs = initial, []
        for index in range(inputs.shape[0]):
            state, output = step(state, inputs[index])
            outputs.append(output)
        return mx.stack(outputs)

    def put(self, array: Array, index: int, slice: Array) -> Array:
        return mx.slice_update(array, slice, mx.array([index]), axes=[1])


if __name__ == "__main__":
    serve(MLX())
