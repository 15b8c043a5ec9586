"""Activations of torch.nn.functional."""

import torch.nn.functional as F

from parity import record

# For each the names of its arguments in Weft and ranges to draw them from.
OPERATIONS = [
    ("relu", F.relu, {}),
    ("tanh", F.tanh, {}),
    ("sigmoid", F.sigmoid, {}),
    ("gelu", F.gelu, {}),
    ("softmax", F.softmax, {}),
    ("logSoftmax", F.log_softmax, {}),
]


def cases(draw, count):
    for number in range(count):
        operation, function, ranges = OPERATIONS[number % len(OPERATIONS)]
        shape = draw.choice([[], [1], [7], [16], [3, 5], [2, 33], [2, 3, 4]])
        arguments = {}
        keywords = {name: draw.uniform(*bounds) for name, bounds in ranges.items()}
        arguments |= keywords
        if "oftmax" in operation:
            shape = shape or [4]
            arguments["axis"] = draw.integer(-len(shape), len(shape) - 1)
            keywords["dim"] = arguments["axis"]
        inputs = {"input": draw.tensor(*shape, scale=2.0)}
        yield record(draw, operation, arguments, inputs, lambda input: function(input, **keywords))
