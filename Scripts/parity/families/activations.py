"""Activations of torch.nn.functional, of shapes that have whole vectors and rests."""

import torch
import torch.nn.functional as F

from parity import record

# For each its name and its arguments' in Weft: PyTorch's function and keyword, and a range to draw from.
OPERATIONS = [
    ("relu", F.relu, {}),
    ("tanh", F.tanh, {}),
    ("sigmoid", F.sigmoid, {}),
    ("gelu", F.gelu, {}),
    ("geluTanh", lambda input: F.gelu(input, approximate="tanh"), {}),
    ("elu", F.elu, {"alpha": ("alpha", 0.2, 2)}),
    ("selu", F.selu, {}),
    ("celu", F.celu, {"alpha": ("alpha", 0.2, 2)}),
    ("hardshrink", F.hardshrink, {"lambda": ("lambd", 0, 1.5)}),
    ("softshrink", F.softshrink, {"lambda": ("lambd", 0, 1.5)}),
    ("hardsigmoid", F.hardsigmoid, {}),
    ("hardtanh", F.hardtanh, {"min": ("min_val", -2, 0), "max": ("max_val", 0.1, 2)}),
    ("hardswish", F.hardswish, {}),
    ("leakyRelu", F.leaky_relu, {"negativeSlope": ("negative_slope", -0.5, 0.5)}),
    ("logSigmoid", F.logsigmoid, {}),
    ("relu6", lambda input: F.relu6(input * 3), {}),
    ("rrelu", F.rrelu, {"lower": ("lower", 0, 0.2), "upper": ("upper", 0.3, 0.5)}),
    ("silu", F.silu, {}),
    ("mish", F.mish, {}),
    ("softplus", F.softplus, {"beta": ("beta", 0.5, 3), "threshold": ("threshold", 2, 20)}),
    ("softsign", F.softsign, {}),
    ("tanhshrink", F.tanhshrink, {}),
    ("threshold", F.threshold, {"threshold": ("threshold", -1, 1), "value": ("value", -3, 3)}),
    ("prelu", F.prelu, {}),
    ("glu", F.glu, {}),
    ("softmax", F.softmax, {}),
    ("softmin", F.softmin, {}),
    ("logSoftmax", F.log_softmax, {}),
]

SHAPES = [[], [1], [7], [16], [4, 6], [2, 34], [2, 4, 3], [1, 2, 3, 4]]


def cases(draw, count):
    for number in range(count):
        operation, function, ranges = OPERATIONS[number % len(OPERATIONS)]
        shape = draw.choice(SHAPES)
        arguments, keywords = {}, {}
        for name, (keyword, low, high) in ranges.items():
            arguments[name] = keywords[keyword] = draw.uniform(low, high)
        if "oftm" in operation or operation == "glu":
            shape = shape if len(shape) > 1 else [4, 6]
            even = [axis for axis, size in enumerate(shape) if operation != "glu" or size % 2 == 0]
            arguments["axis"] = draw.choice(even) - draw.choice([0, len(shape)])
            keywords["dim"] = arguments["axis"]
        dtype = draw.choice([torch.float32, torch.float32, torch.float64])
        # PyTorch's derivatives of these are float32's also for float64.
        if operation in ("celu", "hardsigmoid"):
            dtype = torch.float32
        inputs = {"input": draw.tensor(*shape, scale=2.0, dtype=dtype)}
        if operation == "prelu":
            slopes = shape[1] if len(shape) > 1 and draw.chance() else 1
            inputs["weight"] = draw.tensor(slopes, dtype=dtype)
            yield record(draw, operation, arguments, inputs, F.prelu)
        else:
            yield record(draw, operation, arguments, inputs, lambda input: function(input, **keywords))
