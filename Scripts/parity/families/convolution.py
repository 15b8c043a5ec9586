"""Convolutions, their transposes, and the layers that compute them."""

import torch
import torch.nn.functional as F
from torch import nn

from parity import record, record_module


def shapes(draw, axes, is_transposed):
    """Arguments of a convolution, and sizes that they fit."""
    groups = draw.choice([1, 1, 1, 2, 3])
    inputs, outputs = groups * draw.choice([1, 2, 5]), groups * draw.choice([1, 3, 9])
    if draw.chance(0.15):
        # One channel a group.
        groups = inputs = draw.choice([4, 7])
        outputs = inputs * draw.choice([1, 2])
    kernel = draw.integers(axes, 1, 4 if axes < 3 else 3)
    if draw.chance(0.15):
        kernel = [1] * axes
    stride, dilation = draw.integers(axes, 1, 3), draw.integers(axes, 1, 3)
    if draw.chance(0.4):
        stride = [1] * axes
    padding = draw.integers(axes, 0, 3)
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel)]
    arguments = {"groups": groups, "kernel": kernel, "stride": stride, "dilation": dilation}
    if is_transposed:
        arguments["outputPadding"] = [draw.integer(0, max(s, d) - 1) for s, d in zip(stride, dilation)]
        padding = [min(p, (r - 1) // 2) for p, r in zip(padding, reach)]
    sizes = draw.integers(axes, 2, {1: 23, 2: 9, 3: 4}[axes])
    if not is_transposed and draw.chance(0.25):
        padding, arguments["stride"] = draw.choice(["same", "valid"]), [1] * axes
    if not is_transposed:
        around = [2 * p for p in padding] if isinstance(padding, list) else [0] * axes
        sizes = [max(s, r - a) for s, r, a in zip(sizes, reach, around)]
    arguments["padding"] = padding
    batch = [draw.integer(1, 3)] if draw.chance(0.8) else []
    return arguments, inputs, outputs, batch + [inputs] + sizes


def function(draw, axes, is_transposed):
    arguments, inputs, outputs, shape = shapes(draw, axes, is_transposed)
    dtype = draw.choice([torch.float32, torch.float32, torch.float64])
    groups = arguments["groups"]
    lead = [inputs, outputs // groups] if is_transposed else [outputs, inputs // groups]
    tensors = {"input": draw.tensor(*shape).to(dtype), "weight": draw.tensor(*lead, *arguments["kernel"]).to(dtype)}
    if draw.chance(0.7):
        tensors["bias"] = draw.tensor(outputs).to(dtype)
    keywords = {name: arguments[name] for name in ("stride", "padding", "dilation", "groups")}
    if is_transposed:
        keywords["output_padding"] = arguments["outputPadding"]
    called = getattr(F, f"conv{'_transpose' if is_transposed else ''}{axes}d")
    operation = f"conv{'Transpose' if is_transposed else ''}{axes}d"
    return record(
        draw, operation, arguments, tensors,
        lambda input, weight, bias=None: called(input, weight, bias, **keywords),
    )


def layer(draw, axes, is_transposed):
    arguments, inputs, outputs, shape = shapes(draw, axes, is_transposed)
    arguments |= {"inputs": inputs, "outputs": outputs, "bias": draw.chance(0.7)}
    keywords = {name: arguments[name] for name in ("stride", "padding", "dilation", "groups", "bias")}
    if is_transposed:
        keywords["output_padding"] = arguments["outputPadding"]
    else:
        arguments["paddingMode"] = keywords["padding_mode"] = draw.choice(["zeros", "reflect", "replicate", "circular"])
        if arguments["paddingMode"] != "zeros":
            # Reflections reach no further than the input.
            least = [d * (k - 1) + 1 for d, k in zip(arguments["dilation"], arguments["kernel"])]
            shape = shape[:-axes] + [max(s, l, 4) for s, l in zip(shape[-axes:], least)]
    made = getattr(nn, f"Conv{'Transpose' if is_transposed else ''}{axes}d")(
        inputs, outputs, arguments["kernel"], **keywords
    )
    operation = f"Conv{'Transpose' if is_transposed else ''}{axes}d"
    return record_module(draw, operation, arguments, {"input": draw.tensor(*shape)}, made)


def cases(draw, count):
    for number in range(count):
        kind = layer if number % 3 == 2 else function
        yield kind(draw, draw.choice([1, 2, 2, 3]), draw.chance(0.4))
