"""JAX as a peer, under `jit`: what is left where a compiler sees the whole step."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

import functional_workloads
from functional_workloads.backend import Backend, Function
from peer import Library, Row, Workload, serve


class JAX(Library):
    def versions(self) -> dict[str, str]:
        return {"jax": jax.__version__}

    def set_threads(self, threads: int) -> None:
        # XLA makes as many threads as there are cores to run on, when it is first used.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])

    def prepare(self, row: Row) -> Workload:
        if row.kind == "tape":
            return tape(row)
        return functional_workloads.prepare(row, JAXBackend())


class JAXBackend(Backend):
    name = "JAX"
    xp = jnp
    # As XLA's own convolutions on the CPU want it.
    weight_axes = ("extents", "in", "out")

    def array(self, array: np.ndarray) -> Array:
        return jnp.asarray(array)

    def forward(self, function: Function, arrays: Sequence[Any], restore: Function, **options: Any) -> Workload:
        compiled = jax.jit(lambda *arrays: (function(*arrays),)).lower(*arrays).compile()

        # Results are given before they are there.
        def step() -> Sequence[Array]:
            return jax.block_until_ready(compiled(*arrays))

        return Workload(step, outputs=lambda: [restore(np.asarray(step()[0]))], **options)

    def backward(
        self, function: Function, inputs: Sequence[Array], gradient: Array, restore: Sequence[Function]
    ) -> Workload:
        # What the forward pass keeps are arrays inside of the function that it gives.
        _, pull = jax.jit(lambda *inputs: jax.vjp(function, *inputs))(*inputs)
        compiled = jax.jit(lambda pull, gradient: pull(gradient)).lower(pull, gradient).compile()

        def step() -> Sequence[Array]:
            return jax.block_until_ready(compiled(pull, gradient))

        def outputs() -> list[np.ndarray]:
            return [back(np.asarray(result)) for back, result in zip(restore, step(), strict=True)]

        return Workload(step, outputs)

    def steps(self, step: Function, state: Function, data: Sequence[Array], restore: Function) -> Workload:
        # In memory that each step hands to the next.
        compiled = jax.jit(step, donate_argnums=0).lower(state(), *data).compile()
        current = state()

        def reset() -> None:
            nonlocal current
            current = jax.block_until_ready(state())

        def advance() -> Array:
            nonlocal current
            loss, current = compiled(current, *data)
            return loss.block_until_ready()

        def outputs() -> list[np.ndarray]:
            losses = [np.asarray(advance()) for _ in range(3)]
            return losses + restore(current)

        return Workload(advance, outputs, reset)

    def value_and_gradient(self, function: Function) -> Function:
        return jax.value_and_grad(function)

    def sigmoid(self, x: Array) -> Array:
        return jax.nn.sigmoid(x)

    def erf(self, x: Array) -> Array:
        return lax.erf(x)

    def gelu(self, x: Array) -> Array:
        return jax.nn.gelu(x, approximate=False)

    def log_softmax(self, x: Array) -> Array:
        return jax.nn.log_softmax(x)

    def softmax(self, x: Array) -> Array:
        return jax.nn.softmax(x)

    def convolution(self, x: Array, weight: Array, stride: int, padding: int, groups: int) -> Array:
        extents = x.ndim - 2
        return lax.conv_general_dilated(
            x,
            weight,
            (stride,) * extents,
            [(padding, padding)] * extents,
            dimension_numbers=self._dimensions(extents),
            feature_group_count=groups,
        )

    def transposed_convolution(self, x: Array, weight: Array, stride: int, padding: int) -> Array:
        # A convolution with the kernel turned round, of `x` with zeros between its elements.
        extents = tuple(range(x.ndim - 2))
        return lax.conv_general_dilated(
            x,
            jnp.flip(weight, extents),
            (1,) * len(extents),
            [(weight.shape[axis] - 1 - padding,) * 2 for axis in extents],
            lhs_dilation=(stride,) * len(extents),
            dimension_numbers=self._dimensions(len(extents)),
        )

    @staticmethod
    def _dimensions(extents: int) -> tuple[str, str, str]:
        names = "DHW"[-extents:]
        return f"N{names}C", f"{names}IO", f"N{names}C"

    def max_pool(self, x: Array, kernel: int, stride: int, padding: int) -> Array:
        return self._reduce_windows(x, -jnp.inf, lax.max, kernel, stride, padding)

    def average_pool(self, x: Array, kernel: int, stride: int, padding: int) -> Array:
        return self._reduce_windows(x, 0.0, lax.add, kernel, stride, padding) * (1 / kernel**2)

    @staticmethod
    def _reduce_windows(
        x: Array, initial: float, function: Callable[..., Array], kernel: int, stride: int, padding: int
    ) -> Array:
        return lax.reduce_window(
            x,
            initial,
            function,
            (1, kernel, kernel, 1),
            (1, stride, stride, 1),
            [(0, 0), (padding, padding), (padding, padding), (0, 0)],
        )

    def upsample(self, x: Array, scale: int) -> Array:
        batch, height, width, channels = x.shape
        return jax.image.resize(x, (batch, height * scale, width * scale, channels), "bilinear")

    def layer_norm(self, x: Array, weight: Array, bias: Array) -> Array:
        return self._normalized(x, (x.ndim - 1,)) * weight + bias

    def attention(self, query: Array, key: Array, value: Array, *, causal: bool = False, mask: Any = None) -> Array:
        return jax.nn.dot_product_attention(query, key, value, mask=mask, is_causal=causal)

    def scan(self, step: Function, initial: Any, inputs: Array) -> Array:
        return lax.scan(step, initial, inputs)[1]

    def put(self, array: Array, index: int, slice: Array) -> Array:
        return lax.dynamic_update_slice_in_dim(array, slice, index, axis=1)


def tape(row: Row) -> Workload:
    inputs = {name: jnp.asarray(array) for name, array in row.make_inputs().items()}

    def additions(x: Array, one: Array) -> Array:
        y = x
        for _ in range(row.sizes["count"]):
            y = y + one
        return y

    # Nothing is recorded when the function is compiled, with gradients to come or without.
    differentiates = row.operation == "forward-backward"
    function = jax.value_and_grad(additions) if differentiates else lambda x, one: (additions(x, one),)
    arguments = inputs["x"], inputs["one"]
    compiled = jax.jit(function).lower(*arguments).compile()

    def step() -> Sequence[Array]:
        return jax.block_until_ready(compiled(*arguments))

    return Workload(step, outputs=lambda: [np.asarray(result) for result in step()])


if __name__ == "__main__":
    serve(JAX())
