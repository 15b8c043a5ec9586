"""Training steps: forward, loss, backward, optimizer."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn, optim

from peer import Row, Workload

from . import models
from .kit import Kit, tensors

_OPTIMIZERS = {
    "tiny-mlp": partial(optim.SGD, lr=0.05),
    "mlp-sgd": partial(optim.SGD, lr=0.01),
    "mlp-adamw": partial(optim.AdamW, lr=1e-3, weight_decay=0.01),
    "cnn": partial(optim.SGD, lr=0.01),
    "resnet20": partial(optim.SGD, lr=0.01, momentum=0.9),
    "gpt": partial(optim.AdamW, lr=1e-4, weight_decay=0.01),
    "lstm": partial(optim.Adam, lr=1e-3),
}


def train(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    x = inputs.pop("x")
    target = inputs.pop("y" if "y" in inputs else "labels")
    model = models.make(row.operation)
    if kit.channels_last and x.dim() == 4:
        model = model.to(memory_format=torch.channels_last)
        x = kit.laid_out(x)
    models.load(model, inputs)
    optimizer = _OPTIMIZERS[row.operation](model.parameters(), fused=True)
    loss_of = F.mse_loss if row.operation == "tiny-mlp" else F.cross_entropy

    def forward(x: Tensor, target: Tensor) -> Tensor:
        y = model(x)
        # The mean over all positions of a sequence, too.
        return loss_of(y.flatten(0, -2), target.flatten()) if y.dim() == 3 else loss_of(y, target)

    loss_function = kit.compiled(forward)

    def step() -> Tensor:
        loss = loss_function(x, target)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss

    def reset() -> None:
        models.load(model, inputs)
        _forget(optimizer)

    def outputs() -> list[np.ndarray]:
        losses = [step().detach().numpy() for _ in range(3)]
        parameters = dict(model.named_parameters())
        return losses + [parameters[name].detach().numpy().copy() for name in inputs]

    # Compiles, and lets the optimizer make its state.
    step()
    reset()
    return Workload(step, outputs, reset)


def _forget(optimizer: optim.Optimizer) -> None:
    """Brings what an optimizer keeps back to where it starts."""
    for state in optimizer.state.values():
        for kept in state.values():
            if isinstance(kept, Tensor):
                kept.zero_()
