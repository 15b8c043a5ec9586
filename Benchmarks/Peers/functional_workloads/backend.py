"""What a library of pure functions on arrays has to offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from peer import Workload

Array = Any
Function = Callable[..., Any]


class Backend:
    """The library's own name for each operation, and how its functions are compiled and run.

    Images have shape (batch, *extents, channels), attention's operands (batch, context, heads, width).
    """

    name: str
    # The functions that both libraries have under NumPy's names.
    xp: ModuleType
    # Which axes of PyTorch's weight (out, in, *extents) the library's weight has, first to last, with the extents as
    # one entry.
    weight_axes: tuple[str, ...]

    # Running.

    def array(self, array: np.ndarray) -> Array:
        """The library's array of the same elements and shape."""
        raise NotImplementedError

    def forward(self, function: Function, arrays: Sequence[Array], restore: Function, **options: Any) -> Workload:
        """Calls a function that gives one array; `restore` brings its NumPy array back into PyTorch's layout.

        Options are those of `Workload`.
        """
        raise NotImplementedError

    def backward(
        self,
        function: Function,
        inputs: Sequence[Array],
        gradient: Array,
        restore: Sequence[Function],
    ) -> Workload:
        """The gradients of all inputs, each brought back by its own of `restore`."""
        raise NotImplementedError

    def steps(self, step: Function, state: Function, data: Sequence[Array], restore: Function) -> Workload:
        """Calls `step(state, *data)`, which gives a loss and the next state, again and again.

        `state()` makes the first; `restore` gives the NumPy arrays that are compared, out of the last.
        """
        raise NotImplementedError

    def value_and_gradient(self, function: Function) -> Function:
        """The function's value and the gradient of its first argument."""
        raise NotImplementedError

    # Operations.

    def relu(self, x: Array) -> Array:
        return self.xp.maximum(x, 0)

    def sigmoid(self, x: Array) -> Array:
        raise NotImplementedError

    def erf(self, x: Array) -> Array:
        raise NotImplementedError

    def gelu(self, x: Array) -> Array:
        """Exactly, by the error function."""
        raise NotImplementedError

    def log_softmax(self, x: Array) -> Array:
        """Along the last axis."""
        raise NotImplementedError

    def softmax(self, x: Array) -> Array:
        """Along the last axis."""
        raise NotImplementedError

    def convolution(self, x: Array, weight: Array, stride: int, padding: int, groups: int) -> Array:
        raise NotImplementedError

    def transposed_convolution(self, x: Array, weight: Array, stride: int, padding: int) -> Array:
        """`weight` has the axes of `weight_axes`, where `in` are the channels of `x`."""
        raise NotImplementedError

    def max_pool(self, x: Array, kernel: int, stride: int, padding: int) -> Array:
        raise NotImplementedError

    def average_pool(self, x: Array, kernel: int, stride: int, padding: int) -> Array:
        """Padding counts as zeros."""
        raise NotImplementedError

    def upsample(self, x: Array, scale: int) -> Array:
        """Bilinear, with pixels as squares."""
        raise NotImplementedError

    def layer_norm(self, x: Array, weight: Array, bias: Array) -> Array:
        """Over the last axis."""
        raise NotImplementedError

    def attention(self, query: Array, key: Array, value: Array, *, causal: bool = False, mask: Array = None) -> Array:
        raise NotImplementedError

    def scan(self, step: Function, initial: Any, inputs: Array) -> Array:
        """Calls `state, output = step(state, input)` for each of `inputs` in turn, and stacks the outputs."""
        raise NotImplementedError

    def put(self, array: Array, index: int, slice: Array) -> Array:
        """The array of shape (batch, context, …) with the one position `index` of it replaced."""
        raise NotImplementedError

    # What both can say in the same words.

    def batch_norm(self, x: Array, weight: Array, bias: Array) -> Array:
        """By what the images themselves have."""
        return self._normalized(x, tuple(range(x.ndim - 1))) * weight + bias

    def group_norm(self, x: Array, groups: int, weight: Array, bias: Array) -> Array:
        grouped = x.reshape(x.shape[0], -1, groups, x.shape[-1] // groups)
        return self._normalized(grouped, (1, 3)).reshape(x.shape) * weight + bias

    def _normalized(self, x: Array, axes: tuple[int, ...]) -> Array:
        centred = x - self.xp.mean(x, axis=axes, keepdims=True)
        variance = self.xp.mean(centred * centred, axis=axes, keepdims=True)
        return centred * (1 / self.xp.sqrt(variance + 1e-5))

    def cross_entropy(self, logits: Array, labels: Array) -> Array:
        """The mean over all rows."""
        chosen = self.xp.take_along_axis(self.log_softmax(logits), labels[..., None], axis=-1)
        return -self.xp.mean(chosen)
