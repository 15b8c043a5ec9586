"""Single operations: products, elementwise functions, copies, reductions, and normalization along rows."""

from __future__ import annotations

from functools import partial

import numpy as np

from peer import Row, Workload

from .backend import Array, Backend
from .layouts import same


def arrays(row: Row, backend: Backend) -> dict[str, Array]:
    """A row's inputs."""
    return {name: backend.array(array) for name, array in row.make_inputs().items()}


def matmul(row: Row, backend: Backend) -> Workload:
    inputs = arrays(row, backend)
    swapped = partial(backend.xp.swapaxes, axis1=-1, axis2=-2)
    function = {
        "nn": lambda a, b: a @ b,
        "nt": lambda a, b: a @ swapped(b),
        "tn": lambda a, b: swapped(a) @ b,
    }[row.operation]
    return backend.forward(function, [inputs["a"], inputs["b"]], same)


def pointwise(row: Row, backend: Backend) -> Workload:
    xp = backend.xp
    function, names = {
        "add": (xp.add, "ab"),
        "row-broadcast": (xp.add, "ab"),
        "multiply-add": (lambda a, b, c: a * b + c, "abc"),
        "exp": (xp.exp, "a"),
        "log": (xp.log, "a"),
        "tanh": (xp.tanh, "a"),
        "sigmoid": (backend.sigmoid, "a"),
        "gelu": (backend.gelu, "a"),
        "erf": (backend.erf, "a"),
        "where": (xp.where, ("mask", "a", "b")),
        "chain": (lambda a, b, c: backend.relu(xp.tanh(a * b + c) * b - c), "abc"),
    }[row.operation]
    inputs = arrays(row, backend)
    return backend.forward(function, [inputs[name] for name in names], same)


def copy(row: Row, backend: Backend) -> Workload:
    # Added zero makes it a new array, which a transposition alone need not be.
    return backend.forward(lambda a: a.T + 0, [arrays(row, backend)["a"]], same)


def reduce(row: Row, backend: Backend) -> Workload:
    function = partial(getattr(backend.xp, row.operation), axis=row.sizes.get("axis"))
    restore = same if row.operation != "argmax" else lambda array: array.astype(np.int64)
    return backend.forward(function, [arrays(row, backend)["a"]], restore)


def along_rows(row: Row, backend: Backend) -> Workload:
    inputs = arrays(row, backend)
    function = backend.softmax if row.kind == "softmax" else backend.log_softmax
    if row.operation == "forward":
        return backend.forward(function, [inputs["x"]], same)
    return backend.backward(function, [inputs["x"]], inputs["gradient"], [same])


def layer_norm(row: Row, backend: Backend) -> Workload:
    inputs = arrays(row, backend)
    operands = [inputs[name] for name in ("x", "weight", "bias")]
    if row.operation == "forward":
        return backend.forward(backend.layer_norm, operands, same)
    return backend.backward(backend.layer_norm, operands, inputs["gradient"], [same] * 3)


def cross_entropy(row: Row, backend: Backend) -> Workload:
    inputs = arrays(row, backend)
    if row.operation == "forward":
        return backend.forward(backend.cross_entropy, [inputs["logits"], inputs["labels"]], same)
    function = partial(backend.cross_entropy, labels=inputs["labels"])
    return backend.backward(function, [inputs["logits"]], backend.array(np.ones((), np.float32)), [same])
