"""The tensors that rows start from; the same bits as `Input.swift` makes, which defines them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

# Elements hashed at a time, so that the 64-bit intermediates stay in cache.
_BLOCK = 1 << 16


@dataclass(frozen=True)
class Input:
    """The recipe of a tensor."""

    name: str
    shape: tuple[int, ...]
    fill: str
    low: float
    high: float
    seed: int

    @classmethod
    def parse(cls, message: dict[str, Any]) -> Input:
        return cls(
            name=message["name"],
            shape=tuple(message["shape"]),
            fill=message["fill"],
            low=message["low"],
            high=message["high"],
            seed=message["seed"],
        )

    def make(self) -> np.ndarray:
        """The tensor: float32, int64 or bool."""
        dtype = {"uniform": np.float32, "integers": np.int64, "mask": np.bool_}[self.fill]
        flat = np.empty(math.prod(self.shape), dtype)
        for start in range(0, flat.size, _BLOCK):
            bits = hash_bits(np.arange(start, min(start + _BLOCK, flat.size)), self.seed)
            block = flat[start : start + _BLOCK]
            match self.fill:
                case "uniform":
                    block[:] = self.low + (self.high - self.low) * (bits >> np.uint32(8)) / 2.0**24
                case "integers":
                    block[:] = int(self.low) + (bits % np.uint32(self.high - self.low)).astype(np.int64)
                case "mask":
                    block[:] = bits & np.uint32(1)
        return flat.reshape(self.shape)


def hash_bits(index: np.ndarray, seed: int) -> np.ndarray:
    """MurmurHash3's 32-bit finalizer of elements' numbers and the seed."""
    bits = index.astype(np.uint32) + np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF)
    bits ^= bits >> np.uint32(16)
    bits *= np.uint32(0x85EBCA6B)
    bits ^= bits >> np.uint32(13)
    bits *= np.uint32(0xC2B2AE35)
    bits ^= bits >> np.uint32(16)
    return bits
