"""PyTorch as a peer: eager, or with --compile through `torch.compile`; with --channels-last, images lie that way."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Compiled code is kept beside the installed packages.
os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(Path(sys.prefix) / "cache" / "torchinductor"))

import torch

import torch_workloads
from peer import Library, Missing, Row, Workload, first_result, serve


class Torch(Library):
    def __init__(self, compiles: bool, channels_last: bool) -> None:
        self._compiles = compiles
        self._channels_last = channels_last
        if compiles:
            # `import torch` leaves it out.
            import torch._functorch.config as compiled_backward

            # Backward passes run many times over what one forward pass kept.
            compiled_backward.donated_buffer = False

    def versions(self) -> dict[str, str]:
        # The instruction set that its own kernels, and with them the libraries beneath, were chosen for.
        return {"torch": torch.__version__, "kernel": torch.backends.cpu.get_cpu_capability()}

    def set_threads(self, threads: int) -> None:
        torch.set_num_threads(threads)

    def prepare(self, row: Row) -> Workload:
        if row.kind != "start":
            kit = torch_workloads.Kit(torch.get_num_threads(), self._compiles, self._channels_last)
            return torch_workloads.prepare(row, kit)
        if self._compiles:
            raise Missing("a first result has nothing to gain from compiling")
        script = Path(torch_workloads.__file__).with_name("first_result.py")
        return first_result(sys.executable, str(script), str(torch.get_num_threads()))

    def dropped(self) -> None:
        torch.compiler.reset()


if __name__ == "__main__":
    flags = set(sys.argv[1:])
    if not flags <= {"--compile", "--channels-last"}:
        sys.exit(f"unknown arguments: {' '.join(sys.argv[1:])}")
    serve(Torch(compiles="--compile" in flags, channels_last="--channels-last" in flags))
