"""From PyTorch's order of axes to the library's, and back."""

from __future__ import annotations

import numpy as np

from .backend import Backend


def same(array: np.ndarray) -> np.ndarray:
    return array


def channels_last(array: np.ndarray) -> np.ndarray:
    """(batch, channels, *extents) as (batch, *extents, channels)."""
    return np.ascontiguousarray(np.moveaxis(array, 1, -1))


def channels_first(array: np.ndarray) -> np.ndarray:
    return np.moveaxis(array, -1, 1)


class WeightLayout:
    """Of a convolution's weight, or of a transposed one's, which PyTorch has with the input's channels first."""

    def __init__(self, backend: Backend, rank: int, is_transposed: bool = False) -> None:
        extents = tuple(range(2, rank))
        out, into = ((1,), (0,)) if is_transposed else ((0,), (1,))
        groups = {"out": out, "in": into, "extents": extents}
        self._axes = [axis for name in backend.weight_axes for axis in groups[name]]

    def apply(self, array: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(np.transpose(array, self._axes))

    def restore(self, array: np.ndarray) -> np.ndarray:
        return np.transpose(array, np.argsort(self._axes))
