"""Models, their training, and their inference."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from peer import Missing, Row, Workload

from .backend import Array, Backend
from .layouts import WeightLayout, channels_last, same
from .sequences import lstm

Parameters = dict[str, Array]


def _linear(p: Parameters, name: str, x: Array) -> Array:
    return x @ p[f"{name}.weight"].T + p[f"{name}.bias"]


def perceptron(b: Backend, p: Parameters, x: Array) -> Array:
    return _linear(p, "4", b.relu(_linear(p, "2", b.relu(_linear(p, "0", x)))))


def tiny_perceptron(b: Backend, p: Parameters, x: Array) -> Array:
    return _linear(p, "4", b.xp.tanh(_linear(p, "2", b.xp.tanh(_linear(p, "0", x)))))


def cnn(b: Backend, p: Parameters, x: Array) -> Array:
    for name in ("conv1", "conv2"):
        x = b.convolution(x, p[f"{name}.weight"], 1, 1, 1) + p[f"{name}.bias"]
        x = b.max_pool(b.relu(x), 2, 2, 0)
    # The linear layer's features are channel by channel.
    x = b.xp.moveaxis(x, -1, 1).reshape(x.shape[0], -1)
    return _linear(p, "fc2", b.relu(_linear(p, "fc1", x)))


def resnet20(b: Backend, p: Parameters, x: Array) -> Array:
    def norm(name: str, x: Array) -> Array:
        weight, bias = p[f"{name}.weight"], p[f"{name}.bias"]
        if f"{name}.running_var" not in p:
            return b.batch_norm(x, weight, bias)
        scale = weight / b.xp.sqrt(p[f"{name}.running_var"] + 1e-5)
        return x * scale + (bias - p[f"{name}.running_mean"] * scale)

    def convolution(name: str, x: Array, stride: int = 1, padding: int = 1) -> Array:
        return b.convolution(x, p[f"{name}.weight"], stride, padding, 1)

    x = b.relu(norm("bn1", convolution("conv1", x)))
    for stage in (1, 2, 3):
        for block in (0, 1, 2):
            name = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            y = b.relu(norm(f"{name}.bn1", convolution(f"{name}.conv1", x, stride)))
            y = norm(f"{name}.bn2", convolution(f"{name}.conv2", y))
            if stride > 1:
                x = norm(f"{name}.downsample.1", convolution(f"{name}.downsample.0", x, stride, 0))
            x = b.relu(y + x)
    return _linear(p, "fc", b.xp.mean(x, axis=(1, 2)))


def _blocks(b: Backend, p: Parameters, x: Array, attend: Callable[[int, Array], Array]) -> Array:
    """What follows a transformer's embeddings; `attend` is given a layer's number and its queries, keys and values."""

    def norm(name: str, x: Array) -> Array:
        return b.layer_norm(x, p[f"{name}.weight"], p[f"{name}.bias"])

    for layer in range(4):
        name = f"blocks.{layer}"
        joined = _linear(p, f"{name}.qkv", norm(f"{name}.ln1", x))
        # (batch, context, 3, heads, width)
        parts = joined.reshape(*x.shape[:2], 3, 4, -1)
        x = x + _linear(p, f"{name}.proj", attend(layer, parts).reshape(x.shape))
        x = x + _linear(p, f"{name}.fc2", b.gelu(_linear(p, f"{name}.fc1", norm(f"{name}.ln2", x))))
    return norm("ln", x) @ p["head.weight"].T


def gpt(b: Backend, p: Parameters, tokens: Array) -> Array:
    def attend(_: int, parts: Array) -> Array:
        return b.attention(parts[:, :, 0], parts[:, :, 1], parts[:, :, 2], causal=True)

    return _blocks(b, p, b.xp.take(p["tok.weight"], tokens, axis=0) + p["pos.weight"], attend)


def gpt_token(b: Backend, p: Parameters, token: Array, keys: list[Array], values: list[Array]) -> Array:
    """The logits of the last of the context's tokens, whose own keys and values have yet to be put into the cache."""
    last = keys[0].shape[1] - 1

    def attend(layer: int, parts: Array) -> Array:
        key = b.put(keys[layer], last, parts[:, :, 1])
        value = b.put(values[layer], last, parts[:, :, 2])
        return b.attention(parts[:, :, 0], key, value)

    x = b.xp.take(p["tok.weight"], token, axis=0) + p["pos.weight"][last]
    return _blocks(b, p, x, attend)


def sequence_classifier(b: Backend, p: Parameters, x: Array) -> Array:
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    outputs = lstm(b, b.xp.swapaxes(x, 0, 1), *(p[f"lstm.{name}"] for name in names))
    return _linear(p, "fc", outputs[-1])


_MODELS = {
    "tiny-mlp": tiny_perceptron,
    "mlp": perceptron,
    "mlp-sgd": perceptron,
    "mlp-adamw": perceptron,
    "cnn": cnn,
    "resnet20": resnet20,
    "gpt": gpt,
    "lstm": sequence_classifier,
}


class _Layouts:
    """How parameters are laid out for the library, and back: weights of convolutions are not as PyTorch has them."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def apply(self, arrays: dict[str, np.ndarray]) -> Parameters:
        return {
            name: self._backend.array(WeightLayout(self._backend, 4).apply(array) if array.ndim == 4 else array)
            for name, array in arrays.items()
        }

    def restore(self, array: np.ndarray) -> np.ndarray:
        return WeightLayout(self._backend, 4).restore(array) if array.ndim == 4 else array


def _data(backend: Backend, array: np.ndarray) -> Array:
    return backend.array(channels_last(array) if array.ndim == 4 else array)


# Optimizers: what they keep for each parameter at first, and the change that they make.


def _no_state(parameter: Array) -> dict[str, Array]:
    return {}


def _descent(b: Backend, p: Array, g: Array, state: dict[str, Array], t: Array, rate: float) -> tuple[Array, dict]:
    return p - rate * g, state


def _momentum(b: Backend, p: Array, g: Array, state: dict[str, Array], t: Array, rate: float) -> tuple[Array, dict]:
    velocity = 0.9 * state["velocity"] + g
    return p - rate * velocity, {"velocity": velocity}


def _adam(
    b: Backend, p: Array, g: Array, state: dict[str, Array], t: Array, rate: float, decay: float = 0.0
) -> tuple[Array, dict]:
    mean = 0.9 * state["mean"] + 0.1 * g
    square = 0.999 * state["square"] + 0.001 * (g * g)
    deviation = b.xp.sqrt(square) / b.xp.sqrt(1 - 0.999**t) + 1e-8
    return p * (1 - rate * decay) - (rate / (1 - 0.9**t)) * (mean / deviation), {"mean": mean, "square": square}


_OPTIMIZERS: dict[str, tuple[tuple[str, ...], Callable[..., tuple[Array, dict]]]] = {
    "tiny-mlp": ((), partial(_descent, rate=0.05)),
    "mlp-sgd": ((), partial(_descent, rate=0.01)),
    "mlp-adamw": (("mean", "square"), partial(_adam, rate=1e-3, decay=0.01)),
    "cnn": ((), partial(_descent, rate=0.01)),
    "resnet20": (("velocity",), partial(_momentum, rate=0.01)),
    "gpt": (("mean", "square"), partial(_adam, rate=1e-4, decay=0.01)),
    "lstm": (("mean", "square"), partial(_adam, rate=1e-3)),
}


def train(row: Row, backend: Backend) -> Workload:
    if row.operation not in _MODELS:
        raise Missing(f"no model {row.operation} for {backend.name}")
    model = _MODELS[row.operation]
    kept, update = _OPTIMIZERS[row.operation]
    arrays = row.make_inputs()
    x = _data(backend, arrays.pop("x"))
    target_name = "y" if "y" in arrays else "labels"
    target = backend.array(arrays.pop(target_name))
    layouts = _Layouts(backend)

    def loss(parameters: Parameters, x: Array, target: Array) -> Array:
        y = model(backend, parameters, x)
        if target_name == "y":
            return backend.xp.mean((y - target) ** 2)
        return backend.cross_entropy(y, target)

    def state() -> dict[str, object]:
        def zeros(array: np.ndarray) -> Parameters:
            return layouts.apply({key: np.zeros_like(array) for key in kept})

        return {
            "parameters": layouts.apply(arrays),
            "kept": {name: zeros(array) for name, array in arrays.items()},
            "steps": backend.array(np.zeros((), np.float32)),
        }

    def step(state: dict, x: Array, target: Array) -> tuple[Array, dict]:
        parameters, t = state["parameters"], state["steps"] + 1
        value, gradients = backend.value_and_gradient(loss)(parameters, x, target)
        updated = {
            name: update(backend, parameters[name], gradients[name], state["kept"][name], t) for name in parameters
        }
        return value, {
            "parameters": {name: pair[0] for name, pair in updated.items()},
            "kept": {name: pair[1] for name, pair in updated.items()},
            "steps": t,
        }

    def restore(state: dict) -> list[np.ndarray]:
        return [layouts.restore(np.array(state["parameters"][name])) for name in arrays]

    return backend.steps(step, state, [x, target], restore)


def infer(row: Row, backend: Backend) -> Workload:
    arrays = row.make_inputs()
    callers = row.sizes["callers"]
    layouts = _Layouts(backend)
    if row.operation == "gpt-token":
        token = backend.array(arrays.pop("x"))

        def cache(name: str) -> list[Array]:
            # (layers, batch, heads, context, width), with room for one more token, as (batch, context, heads, width).
            array = np.pad(arrays.pop(name), [(0, 0)] * 3 + [(0, 1), (0, 0)]).swapaxes(2, 3)
            return [backend.array(layer) for layer in array]

        keys, values = cache("keys"), cache("values")
        parameters = layouts.apply(arrays)
        return backend.forward(
            partial(gpt_token, backend), [parameters, token, keys, values], lambda y: y.reshape(1, 256), callers=callers
        )
    if row.operation not in _MODELS:
        raise Missing(f"no model {row.operation} for {backend.name}")
    x = _data(backend, arrays.pop("x"))
    parameters = layouts.apply(arrays)
    return backend.forward(partial(_MODELS[row.operation], backend), [parameters, x], same, callers=callers)
