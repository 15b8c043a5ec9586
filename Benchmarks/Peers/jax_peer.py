"""JAX as a peer, under `jit`: what is left where a compiler sees the whole step."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from peer import Library, Missing, Row, Workload, serve


class JAX(Library):
    def versions(self) -> dict[str, str]:
        return {"jax": jax.__version__}

    def set_threads(self, threads: int) -> None:
        # XLA makes as many threads as there are cores to run on, when it is first used.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])

    def prepare(self, row: Row) -> Workload:
        kinds = {"pointwise": pointwise, "tape": tape, "train": train}
        if row.kind not in kinds:
            raise Missing(f"no workload of kind {row.kind} for JAX")
        return kinds[row.kind](row)


def _inputs(row: Row) -> dict[str, Array]:
    return {name: jnp.asarray(array) for name, array in row.make_inputs().items()}


def _repeated(function: Callable[..., Sequence[Array]], *arguments: Array) -> Workload:
    """Calls a compiled function and waits for its results, which it may give before they are there."""
    compiled = jax.jit(function).lower(*arguments).compile()

    def step() -> Sequence[Array]:
        return jax.block_until_ready(compiled(*arguments))

    return Workload(step, outputs=lambda: [np.asarray(result) for result in step()])


_POINTWISE: dict[str, tuple[Callable[..., Array], tuple[str, ...]]] = {
    "add": (jnp.add, ("a", "b")),
    "row-broadcast": (jnp.add, ("a", "b")),
    "multiply-add": (lambda a, b, c: a * b + c, ("a", "b", "c")),
    "exp": (jnp.exp, ("a",)),
    "log": (jnp.log, ("a",)),
    "tanh": (jnp.tanh, ("a",)),
    "sigmoid": (jax.nn.sigmoid, ("a",)),
    "gelu": (lambda a: jax.nn.gelu(a, approximate=False), ("a",)),
    "erf": (jax.scipy.special.erf, ("a",)),
    "where": (jnp.where, ("mask", "a", "b")),
    "chain": (lambda a, b, c: jax.nn.relu(jnp.tanh(a * b + c) * b - c), ("a", "b", "c")),
}


def pointwise(row: Row) -> Workload:
    inputs = _inputs(row)
    function, names = _POINTWISE[row.operation]
    return _repeated(lambda *tensors: (function(*tensors),), *(inputs[name] for name in names))


def tape(row: Row) -> Workload:
    inputs = _inputs(row)

    def additions(x: Array, one: Array) -> Array:
        y = x
        for _ in range(row.sizes["count"]):
            y = y + one
        return y

    if row.operation == "forward-backward":
        return _repeated(jax.value_and_grad(additions), inputs["x"], inputs["one"])
    # Nothing is recorded when the function is compiled, with gradients to come or without.
    return _repeated(lambda x, one: (additions(x, one),), inputs["x"], inputs["one"])


def train(row: Row) -> Workload:
    """Steps of training the tiny MLP, in memory that each step hands to the next."""
    if row.operation != "tiny-mlp":
        raise Missing("the peer in JAX trains the tiny MLP only")
    arrays = row.make_inputs()
    x, y = jnp.asarray(arrays.pop("x")), jnp.asarray(arrays.pop("y"))

    def loss(parameters: dict[str, Array], x: Array, y: Array) -> Array:
        hidden = x
        for layer in ("0", "2"):
            hidden = jnp.tanh(hidden @ parameters[f"{layer}.weight"].T + parameters[f"{layer}.bias"])
        return jnp.mean((hidden @ parameters["4.weight"].T + parameters["4.bias"] - y) ** 2)

    def update(parameters: dict[str, Array], x: Array, y: Array) -> tuple[Array, dict[str, Array]]:
        value, gradients = jax.value_and_grad(loss)(parameters, x, y)
        return value, jax.tree.map(lambda p, g: p - 0.05 * g, parameters, gradients)

    def initial() -> dict[str, Array]:
        return {name: jnp.array(array) for name, array in arrays.items()}

    compiled = jax.jit(update, donate_argnums=0).lower(initial(), x, y).compile()
    parameters = initial()

    def reset() -> None:
        nonlocal parameters
        parameters = jax.block_until_ready(initial())

    def step() -> Array:
        nonlocal parameters
        value, parameters = compiled(parameters, x, y)
        return value.block_until_ready()

    def outputs() -> list[np.ndarray]:
        losses = [np.asarray(step()) for _ in range(3)]
        return losses + [np.array(parameters[name]) for name in arrays]

    return Workload(step, outputs, reset)


if __name__ == "__main__":
    serve(JAX())
