"""PyTorch's operator database: finding an entry, its dtypes, its samples from a seed, and its tolerances."""

import contextlib
import hashlib
import random
import sys
import types
import unittest

import numpy
import torch

torch.set_num_threads(1)

try:
    import expecttest  # noqa: F401
except ImportError:
    # PyTorch derives its own test class from one of this package, which nothing here uses.
    stand_in = types.ModuleType("expecttest")
    stand_in.TestCase = unittest.TestCase
    sys.modules["expecttest"] = stand_in

from torch.testing._internal.common_device_type import toleranceOverride  # noqa: E402
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402
from torch.testing._internal.opinfo.core import DecorateInfo  # noqa: E402

DTYPES = {
    name: getattr(torch, name)
    for name in (
        "float32", "float64", "int64", "bool", "float16", "bfloat16", "int32", "int16", "int8", "uint8",
    )
}

# Relative and absolute, as PyTorch compares tensors where nothing else is said.
TOLERANCES = {
    torch.float64: (1e-7, 1e-7),
    torch.float32: (1.3e-6, 1e-5),
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
}

# Tests of compilers, of decompositions, of distributed tensors and of other devices say nothing of what an operation gives.
FOREIGN_TESTS = {"TestConsistency", "TestDTensorOps", "TestDecomp", "TestInductorOpInfo", "TestJit"}


def find(name):
    """The entry that is called `name`, or None. One without a variant comes first."""
    found = [entry for entry in op_db if name == full_name(entry)]
    found += [entry for entry in op_db if name == entry.name]
    return found[0] if found else None


def full_name(entry):
    return f"{entry.name}.{entry.variant_test_name}" if entry.variant_test_name else entry.name


def seed_everything(*key):
    """Seeds every generator that samples draw from, by names and numbers that say which sample it is."""
    digest = hashlib.sha256("/".join(str(part) for part in key).encode()).digest()
    seed = int.from_bytes(digest[:4], "little")
    torch.manual_seed(seed)
    numpy.random.seed(seed)
    random.seed(seed)


def samples(entry, which, dtype, requires_grad, key):
    """The samples of an entry, each drawn from a seed of its own, so that running an operation does not change the next."""
    function = entry.reference_inputs if which == "reference" else entry.sample_inputs
    yield from _each(lambda: function("cpu", dtype, requires_grad=requires_grad, set_seed=False), key)


def error_inputs(entry, key):
    if entry.error_inputs_func is not None:
        yield from _each(lambda: entry.error_inputs("cpu", set_seed=False), key)


def _each(make, key):
    seed_everything(*key, "first")
    iterator, index = iter(make()), 0
    while True:
        seed_everything(*key, index)
        try:
            sample = next(iterator)
        except StopIteration:
            return
        yield sample
        index += 1


@contextlib.contextmanager
def our_seed():
    """Keeps entries of random operations from setting a seed of their own, and gives a list that holds something if they
    tried: nobody can tell otherwise that they draw random numbers.
    """
    tried = []
    theirs = torch.manual_seed
    torch.manual_seed = tried.append
    try:
        yield tried
    finally:
        torch.manual_seed = theirs


def tolerance(entry, dtype):
    """Relative and absolute: PyTorch's own, or the widest that the entry has for a test of values on the CPU."""
    relative, absolute = TOLERANCES.get(dtype, (0, 0))
    for info in entry.decorators:
        if not isinstance(info, DecorateInfo) or not info.active_if or info.cls_name in FOREIGN_TESTS:
            continue
        if info.device_type not in (None, "cpu") or (info.dtypes is not None and dtype not in info.dtypes):
            continue
        if info.test_name and "mps" in info.test_name:
            continue
        for decorator in info.decorators:
            if isinstance(decorator, toleranceOverride) and dtype in decorator.d:
                relative = max(relative, decorator.d[dtype].rtol)
                absolute = max(absolute, decorator.d[dtype].atol)
    return relative, absolute
