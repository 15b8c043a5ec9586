"""Recurrent layers and cells of torch.nn."""

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from parity import record_module

KINDS = ["rnn", "lstm", "gru"]


def layer(draw, kind):
    hidden, inputs = draw.choice([1, 3, 5, 8, 17]), draw.choice([1, 2, 5])
    layers, both = draw.choice([1, 1, 2]), draw.chance()
    arguments = {
        "inputSize": inputs,
        "hiddenSize": hidden,
        "numLayers": layers,
        "bias": draw.chance(0.8),
        "batchFirst": draw.chance(),
        "bidirectional": both,
    }
    keywords = {
        "num_layers": layers,
        "bias": arguments["bias"],
        "batch_first": arguments["batchFirst"],
        "bidirectional": both,
    }
    if kind == "rnn":
        arguments["nonlinearity"] = keywords["nonlinearity"] = draw.choice(["tanh", "relu"])
    if kind == "lstm":
        arguments["projSize"] = keywords["proj_size"] = draw.choice([0, hidden // 2])
    module = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind](inputs, hidden, **keywords)
    steps, batch = draw.choice([1, 2, 7]), draw.choice([1, 3, 8])
    is_batched = draw.chance(0.8)
    shape = [batch] if is_batched else []
    sequence = [steps, inputs]
    if is_batched:
        sequence = [batch, steps, inputs] if arguments["batchFirst"] else [steps, batch, inputs]
    tensors = {"input": draw.tensor(*sequence)}
    rows = layers * (2 if both else 1)
    if draw.chance():
        tensors["h"] = draw.tensor(rows, *shape, arguments.get("projSize") or hidden)
        if kind == "lstm":
            tensors["c"] = draw.tensor(rows, *shape, hidden)
    if is_batched and draw.chance():
        lengths = draw.integers(batch, 1, steps)
        lengths[draw.integer(0, batch - 1)] = steps
        arguments["lengths"] = lengths

    def call(module, input, h=None, c=None):
        lengths = arguments.get("lengths")
        if lengths:
            first = arguments["batchFirst"]
            input = pack_padded_sequence(input, torch.tensor(lengths), batch_first=first, enforce_sorted=False)
        output, states = module(input, h if c is None else (h, c))
        if lengths:
            output, _ = pad_packed_sequence(output, batch_first=arguments["batchFirst"])
        if kind == "lstm":
            return {"output": output, "h": states[0], "c": states[1]}
        return {"output": output, "h": states}

    return record_module(draw, kind, arguments, tensors, module, function=call)


def cell(draw, kind):
    hidden, inputs = draw.choice([1, 5, 16]), draw.choice([1, 4])
    arguments = {"inputSize": inputs, "hiddenSize": hidden, "bias": draw.chance(0.8)}
    keywords = {"bias": arguments["bias"]}
    if kind == "rnn":
        arguments["nonlinearity"] = keywords["nonlinearity"] = draw.choice(["tanh", "relu"])
    kinds = {"rnn": torch.nn.RNNCell, "lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}
    shape = [draw.choice([1, 3])] if draw.chance(0.8) else []
    tensors = {"input": draw.tensor(*shape, inputs)}
    if draw.chance():
        tensors["h"] = draw.tensor(*shape, hidden)
        if kind == "lstm":
            tensors["c"] = draw.tensor(*shape, hidden)

    def call(module, input, h=None, c=None):
        states = module(input, h if c is None else (h, c))
        return {"output": states[0], "c": states[1]} if kind == "lstm" else {"output": states}

    return record_module(draw, f"{kind}Cell", arguments, tensors, kinds[kind](inputs, hidden, **keywords), function=call)


def cases(draw, count):
    for number in range(count):
        kind = KINDS[number % 3]
        yield cell(draw, kind) if number % 4 == 3 else layer(draw, kind)
