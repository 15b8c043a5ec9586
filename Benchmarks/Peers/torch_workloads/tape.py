"""Many additions of scalars: what recording an operation costs."""

from __future__ import annotations

import torch
from torch import Tensor

from peer import Row, Workload

from .kit import Kit, arrays, tensors


def tape(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    x, one = inputs["x"], inputs["one"]
    count = row.sizes["count"]

    def additions(x: Tensor, one: Tensor) -> Tensor:
        y = x
        for _ in range(count):
            y = y + one
        return y

    if row.operation == "no-grad":
        return kit.forward(additions, x, one)
    x.requires_grad_()
    function = kit.compiled(additions)

    def forward() -> Tensor:
        return function(x, one)

    def forward_backward() -> tuple[Tensor, Tensor]:
        y = function(x, one)
        return (y, *torch.autograd.grad(y, x))

    step = {"forward": forward, "forward-backward": forward_backward}[row.operation]
    # Compiles.
    step()
    return Workload(step, outputs=lambda: arrays(step()))
