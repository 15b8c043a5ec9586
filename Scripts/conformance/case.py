"""One case: a sample, what PyTorch gives for it, and its first and second derivatives in random directions."""

import torch

import database
import tree
from leftout import ACCEPTED, COMPLEX, LeftOut, MEMORY_FORMAT, OUT, RANDOM, REFUSED, SPARSE, describe


def encode_arguments(sample, inputs):
    """The case as far as its arguments go. Keyword arguments come last, in their order."""
    if sample.kwargs.get("out") is not None:
        raise LeftOut(OUT)
    if "memory_format" in sample.kwargs:
        raise LeftOut(MEMORY_FORMAT)
    if "layout" in sample.kwargs and sample.kwargs["layout"] not in (None, torch.strided):
        raise LeftOut(SPARSE)
    case = {"args": [inputs.encode(value) for value in (sample.input, *sample.args)]}
    if sample.kwargs:
        case["kwargs"] = [[key, inputs.encode(value)] for key, value in sample.kwargs.items()]
    return case


def record(entry, dtype, sample, key, table):
    """The case of a sample, whose random numbers are drawn from `key`; raises LeftOut if there is none."""
    inputs = tree.Inputs(differentiate=dtype.is_floating_point and entry.supports_autograd)
    case = {"dtype": str(dtype).removeprefix("torch."), **encode_arguments(sample, inputs)}
    arguments, keywords = inputs.rebuild((sample.input, *sample.args)), inputs.rebuild(sample.kwargs)
    process = sample.output_process_fn_grad
    if process.__qualname__ == type(sample).__init__.__qualname__ + ".<locals>.<lambda>":
        process = None
    else:
        case["process"] = process.__qualname__

    database.seed_everything(*key, "run")
    before = torch.get_rng_state()
    try:
        with database.our_seed() as tried:
            result = entry.op(*arguments, **keywords)
    except Exception as error:
        raise LeftOut(REFUSED, describe(error)) from error
    if (tried or not torch.equal(before, torch.get_rng_state())) and _varies(entry, sample, key):
        raise LeftOut(RANDOM)
    if process:
        result = process(result)
    if any(tensor.is_complex() for tensor in tree.tensors(result)):
        raise LeftOut(COMPLEX)
    case["result"] = tree.encode_result(result)
    changed = inputs.changed()
    if changed:
        case["changed"] = changed
    case["tolerance"] = _tolerance(entry, dtype, result)
    if inputs.leaves:
        _differentiate(entry, dtype, case, inputs.leaves, result, key, table)
    return case


def _varies(entry, sample, key):
    """Whether two runs give two results. Dropout of nothing draws random numbers and gives always the same."""
    results = []
    for run in ("again", "and again"):
        inputs = tree.Inputs(differentiate=False)
        encode_arguments(sample, inputs)
        database.seed_everything(*key, run)
        with database.our_seed():
            result = entry.op(*inputs.rebuild((sample.input, *sample.args)), **inputs.rebuild(sample.kwargs))
        results.append([tree.Stored(tensor).data for tensor in tree.tensors(result)])
    return results[0] != results[1]


def _tolerance(entry, dtype, result):
    """That of the dtype of the sample, or the widest of the results' dtypes, as of a mean of integers."""
    found = [database.tolerance(entry, dtype)]
    found += [
        database.TOLERANCES[tensor.dtype] for tensor in tree.tensors(result) if tensor.dtype in database.TOLERANCES
    ]
    return [{"float": repr(float(max(numbers)))} for numbers in zip(*found)]


def _random_like(tensor):
    return torch.randn(tensor.shape, dtype=torch.float64).to(tensor.dtype)


def _optional(tensor):
    return None if tensor is None else {"tensor": tree.Stored(tensor)}


def _differentiate(entry, dtype, case, leaves, result, key, table):
    database.seed_everything(*key, "derivatives")
    outputs = tree.tensors(result)
    differentiable = [output for output in outputs if output.requires_grad]
    if not differentiable:
        return
    twice = dtype == torch.float64 and entry.supports_gradgrad
    cotangents = [_random_like(output).requires_grad_(False) for output in differentiable]
    try:
        gradients = torch.autograd.grad(differentiable, leaves, cotangents, allow_unused=True, create_graph=twice)
    except Exception as error:
        case["noGradient"] = describe(error)
        table.gap(f"gradient: {describe(error)}")
        return
    given = iter(cotangents)
    case["cotangents"] = [_optional(next(given)) if output.requires_grad else None for output in outputs]
    case["gradients"] = [_optional(gradient) for gradient in gradients]
    if not twice:
        return
    case["gradgrad"] = True
    through = [gradient for gradient in gradients if gradient is not None and gradient.requires_grad]
    directions = [_random_like(gradient) if gradient is not None else None for gradient in gradients]
    if not through:
        return
    try:
        second = torch.autograd.grad(
            through,
            leaves,
            [
                direction
                for gradient, direction in zip(gradients, directions)
                if gradient is not None and gradient.requires_grad
            ],
            allow_unused=True,
        )
    except Exception as error:
        table.gap(f"second derivative: {describe(error)}")
        return
    case["directions"] = [_optional(direction) for direction in directions]
    case["second"] = [_optional(tensor) for tensor in second]


def record_error(entry, error_input):
    """The case of an input that PyTorch refuses; its words are there for a reader, not to compare with."""
    sample = error_input.sample_input
    inputs = tree.Inputs(differentiate=False)
    case = encode_arguments(sample, inputs)
    expected = error_input.error_type
    try:
        entry.op(*inputs.rebuild((sample.input, *sample.args)), **inputs.rebuild(sample.kwargs))
    except Exception as error:
        kinds = expected if isinstance(expected, tuple) else (expected,)
        case["error"] = [kind.__name__ for kind in kinds]
        if not isinstance(error, expected):
            case["raised"] = type(error).__name__
        case["message"] = str(error).strip().split("\n")[0][:300]
        return case
    raise LeftOut(ACCEPTED)
