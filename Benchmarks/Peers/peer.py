"""What all peers in Python share: the protocol of `Messages.swift`, the clock, and the files of outputs."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from inputs import Input


class Missing(Exception):
    """Says why a peer cannot run a row, though nothing is wrong."""


@dataclass(frozen=True)
class Row:
    """What is to be computed; `Row.swift` has the fields, `README.md` their meaning."""

    name: str
    kind: str
    operation: str
    sizes: dict[str, int]
    inputs: list[Input]

    @classmethod
    def parse(cls, message: dict[str, Any]) -> Row:
        return cls(
            name=message["name"],
            kind=message["kind"],
            operation=message["operation"],
            sizes=message["sizes"],
            inputs=[Input.parse(recipe) for recipe in message["inputs"]],
        )

    def make_inputs(self) -> dict[str, np.ndarray]:
        """The row's tensors by name, in the row's order."""
        return {recipe.name: recipe.make() for recipe in self.inputs}


@dataclass
class Workload:
    """A row made ready to run."""

    # One iteration. What it returns is dropped before the next.
    step: Callable[[], object]
    # Runs from the initial state and gives the row's outputs.
    outputs: Callable[[], Sequence[np.ndarray]]
    # Goes back to the initial state, where steps change it. Called before the clock starts, so that each round does
    # the same work.
    reset: Callable[[], None] = lambda: None
    # What iterations run in; entered by each thread that runs some.
    mode: Callable[[], AbstractContextManager[object]] = nullcontext
    # Threads that call `step` at once, or None where the row says nothing about callers.
    callers: int | None = None


class Library:
    """What a peer measures. One row is prepared at a time."""

    def versions(self) -> dict[str, str]:
        """What is measured, by name."""
        raise NotImplementedError

    def set_threads(self, threads: int) -> None:
        """Computes with as many threads from here on."""
        raise NotImplementedError

    def prepare(self, row: Row) -> Workload:
        """Makes a row ready, compiled if that helps. Raises `Missing` where the library cannot."""
        raise NotImplementedError

    def dropped(self) -> None:
        """Frees what a row that was just dropped may have left behind."""


def timed(workload: Workload, iterations: int) -> dict[str, float]:
    """Runs iterations and gives their seconds together, and with callers the percentiles of a request's time."""
    if workload.callers is not None:
        return _timed_calls(workload, workload.callers, iterations)
    step = workload.step
    with workload.mode():
        workload.reset()
        start = time.perf_counter()
        for _ in repeat(None, iterations):
            step()
        return {"seconds": time.perf_counter() - start}


def _timed_calls(workload: Workload, callers: int, iterations: int) -> dict[str, float]:
    latencies = np.empty((callers, iterations))
    ready = threading.Barrier(callers + 1)
    failures: list[BaseException] = []

    def call(caller: int) -> None:
        step, own = workload.step, latencies[caller]
        with workload.mode():
            ready.wait()
            try:
                before = time.perf_counter()
                for i in range(iterations):
                    step()
                    after = time.perf_counter()
                    own[i] = after - before
                    before = after
            except BaseException as failure:
                failures.append(failure)

    threads = [threading.Thread(target=call, args=(caller,)) for caller in range(callers)]
    workload.reset()
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if failures:
        raise failures[0]
    p50, p99 = np.percentile(latencies, [50, 99])
    return {"seconds": seconds, "p50": float(p50), "p99": float(p99)}


def first_result(*command: str) -> Workload:
    """The workload `start`: a new process that prints the sum of a product, which is 64."""

    def step() -> None:
        printed = subprocess.run([*command], check=True, capture_output=True, text=True).stdout
        if float(printed) != 64:
            raise RuntimeError(f"{' '.join(command)} printed {printed.strip()}, not 64")

    def outputs() -> list[np.ndarray]:
        step()
        return []

    return Workload(step, outputs)


def write_outputs(outputs: Sequence[np.ndarray], folder: Path) -> list[dict[str, Any]]:
    """Writes outputs into files and describes them."""
    described = []
    for number, output in enumerate(outputs):
        if output.dtype not in (np.float32, np.int64):
            raise TypeError(f"output {number} is {output.dtype}")
        file = f"{number}.bin"
        # In row-major order whatever the strides.
        output.astype(output.dtype.newbyteorder("<"), copy=False).tofile(folder / file)
        described.append({"dtype": output.dtype.name, "shape": list(output.shape), "file": file})
    return described


class Peer:
    """Answers requests, one after the other."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._threads: int | None = None
        self._row: Row | None = None
        self._workload: Workload | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request; says what went wrong instead of raising it."""
        try:
            return self._act(request)
        except Missing as reason:
            return {"missing": str(reason)}
        except Exception as failure:
            traceback.print_exc(file=sys.stderr)
            # Some go on for pages, which are on the standard error.
            message = str(failure).partition("\n")[0]
            return {"error": f"{type(failure).__name__}: {message}"}

    def _act(self, request: dict[str, Any]) -> dict[str, Any]:
        threads = request.get("threads")
        if threads is not None and threads != self._threads:
            self._library.set_threads(threads)
            self._threads = threads
        match request["action"]:
            case "hello":
                python = ".".join(map(str, sys.version_info[:3]))
                return {"versions": {**self._library.versions(), "python": python}}
            case "prepare":
                self._drop()
                self._workload = self._library.prepare(Row.parse(request["row"]))
                _return_freed_memory()
                return {}
            case "check":
                workload = self._prepared()
                with workload.mode():
                    workload.reset()
                    outputs = workload.outputs()
                return {"outputs": write_outputs(outputs, Path(request["folder"]))}
            case "run":
                workload = self._prepared()
                # As `timeit` does: Python's collector would stop the clock's thread at moments of its own.
                gc.disable()
                try:
                    return timed(workload, request["iterations"])
                finally:
                    gc.enable()
            case "drop":
                self._drop()
                return {}
            case "measure":
                raise Missing("limits are measured by Weft's worker alone")
            case action:
                raise ValueError(f"unknown action {action}")

    def _prepared(self) -> Workload:
        if self._workload is None:
            raise RuntimeError("no row is prepared")
        return self._workload

    def _drop(self) -> None:
        if self._workload is None:
            return
        self._workload = None
        gc.collect()
        self._library.dropped()
        _return_freed_memory()


def _return_freed_memory() -> None:
    """Gives the system back what malloc keeps, where the C library can do that.

    Whether a large tensor finds room among what rows before and the making of inputs have left, or makes the heap grow
    and shrink with every iteration, is chance, and makes a difference of half its time and more. A new process that
    has loaded its data has nothing left over either.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def serve(library: Library) -> None:
    """Reads requests from standard input and answers on standard output until the input ends."""
    answers = _claim_standard_output()
    peer = Peer(library)
    # What lives as long as the process is not searched for garbage again and again: of a library with all its modules
    # that takes longer than most rows.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        json.dump(peer.answer(json.loads(line)), answers)
        answers.write("\n")
        answers.flush()


def _claim_standard_output() -> TextIO:
    """Standard output for answers alone: whatever else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return answers
