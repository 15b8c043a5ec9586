"""Attention and recurrence."""

from __future__ import annotations

from functools import partial

import numpy as np

from peer import Row, Workload

from .backend import Array, Backend
from .layouts import same


def attention(row: Row, backend: Backend) -> Workload:
    inputs = row.make_inputs()

    def laid_out(name: str) -> Array:
        # In memory as it is, or as the library wants it.
        return backend.array(inputs[name].swapaxes(1, 2))

    def restore(array: np.ndarray) -> np.ndarray:
        return array.swapaxes(1, 2)

    operands = [laid_out(name) for name in ("query", "key", "value")]
    mask = backend.array(inputs["mask"]) if "mask" in inputs else None
    function = partial(backend.attention, causal=bool(row.sizes["causal"]), mask=mask)
    if row.operation == "forward":
        return backend.forward(function, operands, restore)
    return backend.backward(function, operands, laid_out("gradient"), [restore] * 3)


def recurrence(row: Row, backend: Backend) -> Workload:
    inputs = {name: backend.array(array) for name, array in row.make_inputs().items()}
    gradient = inputs.pop("gradient", None)
    layer = lstm if row.kind == "lstm" else gru

    def function(x: Array, *parameters: Array) -> Array:
        for number in range(row.sizes["layers"]):
            x = layer(backend, x, *parameters[4 * number : 4 * number + 4])
        return x

    operands = list(inputs.values())
    if gradient is None:
        return backend.forward(function, operands, same)
    return backend.backward(function, operands, gradient, [same] * len(operands))


def lstm(backend: Backend, x: Array, from_input: Array, from_state: Array, *biases: Array) -> Array:
    """Outputs of shape (steps, batch, width) for `x` of shape (steps, batch, features)."""
    xp, sigmoid = backend.xp, backend.sigmoid
    # What the input adds does not depend on the state, and is one product for all steps.
    sums = x @ from_input.T + (biases[0] + biases[1])
    recurrent = from_state.T

    def step(state: tuple[Array, Array], sums: Array) -> tuple[tuple[Array, Array], Array]:
        output, cell = state
        entry, keep, candidate, exit = xp.split(sums + output @ recurrent, 4, axis=-1)
        cell = sigmoid(keep) * cell + sigmoid(entry) * xp.tanh(candidate)
        output = sigmoid(exit) * xp.tanh(cell)
        return (output, cell), output

    zero = xp.zeros((x.shape[1], from_state.shape[1]), x.dtype)
    return backend.scan(step, (zero, zero), sums)


def gru(backend: Backend, x: Array, from_input: Array, from_state: Array, *biases: Array) -> Array:
    """The same as `lstm`, of gated recurrent units."""
    xp, sigmoid = backend.xp, backend.sigmoid
    sums = x @ from_input.T + biases[0]
    recurrent = from_state.T

    def step(output: Array, sums: Array) -> tuple[Array, Array]:
        forget, keep, candidate = xp.split(sums, 3, axis=-1)
        own_forget, own_keep, own_candidate = xp.split(output @ recurrent + biases[1], 3, axis=-1)
        keep = sigmoid(keep + own_keep)
        candidate = xp.tanh(candidate + sigmoid(forget + own_forget) * own_candidate)
        output = candidate + keep * (output - candidate)
        return output, output

    zero = xp.zeros((x.shape[1], from_state.shape[1]), x.dtype)
    return backend.scan(step, zero, sums)
