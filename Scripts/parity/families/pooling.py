"""Pooling of torch.nn.functional: maxima, means, norms, adaptive windows, and unpooling."""

import torch
import torch.nn.functional as F

from parity import record

OPERATIONS = ["maxPool", "avgPool", "adaptiveAvgPool", "adaptiveMaxPool", "lpPool", "maxUnpool"]


def spatial_shape(draw, rank):
    largest = {1: 40, 2: 13, 3: 6}[rank]
    shape = [draw.integer(1, 3), draw.integer(1, 5), *draw.integers(rank, 4, largest)]
    return shape if draw.chance(0.8) else shape[1:]


def windows(draw, rank, dilates=True):
    """Sizes that fit any of these shapes: for each dimension, or one for all."""
    count = draw.choice([1, rank])
    kernel = draw.integers(count, 1, 3)
    found = {"kernelSize": kernel, "padding": [draw.integer(0, size // 2) for size in kernel]}
    found["stride"] = draw.integers(count, 1, 3) if draw.chance(0.8) else None
    found["ceilMode"] = draw.chance()
    if dilates and draw.chance(0.3):
        found["dilation"] = [draw.integer(1, 2) if size < 3 else 1 for size in kernel]
    return found


def python(arguments):
    """The arguments as PyTorch calls them."""
    names = {
        "kernelSize": "kernel_size",
        "ceilMode": "ceil_mode",
        "countIncludePad": "count_include_pad",
        "divisorOverride": "divisor_override",
        "outputSize": "output_size",
        "normType": "norm_type",
    }
    def value(name, given):
        return given[0] if isinstance(given, list) and len(given) == 1 else given
    return {names.get(name, name): value(name, given) for name, given in arguments.items() if given is not None}


def cases(draw, count):
    for number in range(count):
        operation = OPERATIONS[number % len(OPERATIONS)]
        rank = draw.choice([1, 2, 2, 3])
        shape = spatial_shape(draw, rank)
        dtype = draw.choice([torch.float32, torch.float32, torch.float64])
        function = getattr(F, {
            "maxPool": "max_pool", "avgPool": "avg_pool", "lpPool": "lp_pool", "maxUnpool": "max_unpool",
            "adaptiveAvgPool": "adaptive_avg_pool", "adaptiveMaxPool": "adaptive_max_pool",
        }[operation] + f"{rank}d")
        x = draw.tensor(*shape, dtype=dtype)
        inputs = {"input": x}
        if operation == "maxPool":
            arguments = windows(draw, rank)
            if draw.chance(0.3):
                # Ties and NaN.
                inputs["input"] = x.round()
                if draw.chance():
                    inputs["input"][torch.rand(x.shape) < 0.1] = torch.nan
        elif operation == "avgPool":
            arguments = windows(draw, rank, dilates=False)
            arguments["countIncludePad"] = draw.chance()
            if rank > 1 and draw.chance(0.2):
                arguments["divisorOverride"] = draw.integer(1, 7)
        elif operation == "lpPool":
            arguments = windows(draw, rank, dilates=False)
            del arguments["padding"]
            arguments["normType"] = draw.choice([1, 2, 3, 2.5])
            inputs["input"] = x.abs() + 0.1
        elif operation == "maxUnpool":
            arguments = windows(draw, rank, dilates=False)
            del arguments["ceilMode"]
            count_of = getattr(F, f"max_pool{rank}d")
            pooled, indices = count_of(x, **python(arguments), return_indices=True)
            # Places of windows that overlap would be written twice.
            arguments["stride"] = None
            pooled, indices = count_of(x, **python(arguments), return_indices=True)
            inputs = {"input": pooled, "indices": indices}
        else:
            sizes = draw.integers(draw.choice([1, rank]), 1, 6)
            if rank > 1 and len(sizes) == rank and draw.chance(0.3):
                sizes[draw.integer(0, rank - 1)] = None
            arguments = {"outputSize": sizes}
        keywords = python(arguments)
        if operation == "maxUnpool":
            keywords["output_size"] = arguments["outputSize"] = list(x.shape[-rank:])
        if "max" in operation.lower() and operation != "maxUnpool" and draw.chance():
            arguments["indices"] = True
            keywords["return_indices"] = True

            def run(input, function=function, keywords=keywords):
                values, indices = function(input, **keywords)
                return {"output": values, "indices": indices}
        else:

            def run(input, function=function, keywords=keywords, **others):
                return function(input, *others.values(), **keywords)
        if operation.startswith("adaptive"):
            # JSON has no place for None in a list.
            arguments["outputSize"] = [-1 if size is None else size for size in arguments["outputSize"]]
        arguments["rank"] = rank
        arguments["channelsLast"] = draw.chance()
        yield record(draw, operation, arguments, inputs, run)
