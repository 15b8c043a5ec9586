"""Forward passes without gradients, by several callers at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import Tensor

from peer import Row, Workload

from . import models
from .kit import Kit, arrays, tensors


def infer(row: Row, kit: Kit) -> Workload:
    inputs = tensors(row)
    x = inputs.pop("x")
    callers = row.sizes["callers"]
    model = models.make(row.operation).eval()
    data = [x]
    if row.operation == "gpt-token":
        # With room for the keys and values of one more token.
        data += [F.pad(inputs.pop(name), (0, 0, 0, 1)) for name in ("keys", "values")]
    models.load(model, inputs)
    if kit.channels_last and x.dim() == 4:
        model = model.to(memory_format=torch.channels_last)
        data = [kit.laid_out(x)]
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
        return function(*data)

    with mode():
        # Compiles.
        step()
    return Workload(step, outputs=lambda: arrays(step()), mode=mode, callers=callers)
