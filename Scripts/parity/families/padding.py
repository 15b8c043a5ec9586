"""torch.nn.functional.pad in all its modes, and what moves elements between channels and space."""

import torch
import torch.nn.functional as F

from parity import record

OPERATIONS = ["constant", "reflect", "replicate", "circular", "shuffle", "unfold"]


def cases(draw, count):
    for number in range(count):
        operation = OPERATIONS[number % len(OPERATIONS)]
        dtype = draw.choice([torch.float32, torch.float32, torch.float64])
        if operation == "shuffle":
            yield shuffled(draw, dtype)
            continue
        if operation == "unfold":
            yield unfolded(draw, dtype)
            continue
        rank = draw.integer(1, 3)
        shape = [draw.integer(1, 3), draw.integer(1, 4), *draw.integers(rank, 3, 9 if rank < 3 else 5)]
        if draw.chance(0.2):
            shape = shape[1:]
        low, high = {
            "constant": (-1, 4), "reflect": (-1, 2), "replicate": (-1, 5), "circular": (0, 3),
        }[operation]
        pairs = rank
        if operation == "constant":
            pairs = draw.integer(1, len(shape))
            low = 0 if pairs > rank else low
        padding = draw.integers(2 * pairs, low, high)
        arguments = {"padding": padding, "mode": operation, "channelsLast": draw.chance()}
        keywords = {"mode": operation}
        if operation == "constant":
            keywords["value"] = arguments["value"] = draw.uniform(-2, 2)
        inputs = {"input": draw.tensor(*shape, dtype=dtype)}
        yield record(draw, "padded", arguments, inputs, lambda input: F.pad(input, padding, **keywords))


def shuffled(draw, dtype):
    operation = draw.choice(["pixelShuffle", "pixelUnshuffle", "channelShuffle"])
    r, c, h, w = draw.integer(1, 3), draw.integer(1, 3), draw.integer(1, 4), draw.integer(1, 4)
    function, shape = {
        "pixelShuffle": (F.pixel_shuffle, [2, c * r * r, h, w]),
        "pixelUnshuffle": (F.pixel_unshuffle, [2, c, h * r, w * r]),
        "channelShuffle": (F.channel_shuffle, [2, c * r, h, w]),
    }[operation]
    arguments = {"factor": r, "channelsLast": draw.chance()}
    return record(draw, operation, arguments, {"input": draw.tensor(*shape, dtype=dtype)}, lambda input: function(input, r))


def unfolded(draw, dtype):
    kernel, stride = draw.integers(2, 1, 3), draw.integers(2, 1, 3)
    dilation, padding = draw.integers(2, 1, 2), draw.integers(2, 0, 2)
    shape = [2, draw.integer(1, 3), draw.integer(5, 9), draw.integer(5, 9)]
    arguments = {"kernelSize": kernel, "dilation": dilation, "padding": padding, "stride": stride, "channelsLast": False}
    x = draw.tensor(*shape, dtype=dtype)
    columns = F.unfold(x, kernel, dilation, padding, stride)
    if draw.chance():
        return record(
            draw, "unfolded", arguments, {"input": x}, lambda input: F.unfold(input, kernel, dilation, padding, stride)
        )
    arguments["outputSize"] = shape[2:]
    return record(
        draw, "folded", arguments, {"input": columns},
        lambda input: F.fold(input, shape[2:], kernel, dilation, padding, stride),
    )
