"""What the workloads have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from peer import Row, Workload

Function = Callable[..., object]


@dataclass(frozen=True)
class Kit:
    """How a workload is to be run."""

    threads: int
    # Whether functions go through `torch.compile`.
    compiles: bool
    # Whether images lie channels-last.
    channels_last: bool

    def laid_out(self, images: Tensor) -> Tensor:
        """Images, or a convolution's weight, laid out as the peer has them; other tensors as they are."""
        layout = {4: torch.channels_last, 5: torch.channels_last_3d}.get(images.dim())
        if not self.channels_last or layout is None:
            return images
        return images.contiguous(memory_format=layout)

    def compiled(self, function: Function) -> Function:
        """The function itself in eager mode."""
        if not self.compiles:
            return function
        # Builtins have no Python code to trace.
        return torch.compile(lambda *tensors: function(*tensors), fullgraph=True, dynamic=False)

    def forward(self, function: Function, *tensors: Tensor) -> Workload:
        """Calls a function without gradients; each result is a fresh tensor."""
        step = partial(self.compiled(function), *tensors)
        with torch.inference_mode():
            # Compiles.
            step()
        return Workload(step, outputs=lambda: arrays(step()), mode=torch.inference_mode)

    def backward(
        self, function: Function, inputs: Sequence[Tensor], others: Sequence[Tensor], gradient: Tensor
    ) -> Workload:
        """The gradients of a function's inputs alone; the forward pass is done once, here, and kept."""
        for tensor in inputs:
            tensor.requires_grad_()
        result = self.compiled(function)(*inputs, *others)
        step = partial(torch.autograd.grad, (result,), tuple(inputs), (gradient,), True)
        # Compiles.
        step()
        return Workload(step, outputs=lambda: arrays(step()), mode=nullcontext)


def tensors(row: Row) -> dict[str, Tensor]:
    """A row's inputs, in memory that PyTorch has aligned."""
    return {name: torch.from_numpy(array).clone() for name, array in row.make_inputs().items()}


def arrays(results: Tensor | Sequence[Tensor]) -> list[np.ndarray]:
    """Results as NumPy sees them."""
    if isinstance(results, Tensor):
        results = [results]
    return [result.detach().numpy() for result in results]
