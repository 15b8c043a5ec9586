"""Forward passes without gradients, by several callers at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from peer import Row, Workload

from . import models
from .kit import Kit, arrays, tensors


def infer(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    x = inputs.pop("x")
    callers = row.sizes["callers"]
    model = models.make(row.operation).eval()
    models.load(model, inputs)
    if row.operation == "cnn":
        model = model.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    # Each caller has threads of its own, which share the row's.
    threads = max(1, kit.threads // callers)
    function = kit.compiled(model)

    @contextmanager
    def mode() -> Iterator[None]:
        before = torch.get_num_threads()
        torch.set_num_threads(threads)
        try:
            with torch.inference_mode():
                yield
        finally:
            torch.set_num_threads(before)

    def step() -> Tensor:
        return function(x)

    with mode():
        # Compiles.
        step()
    return Workload(step, outputs=lambda: arrays(step()), mode=mode, callers=callers)
