"""Normalisation of channels: batch, group, instance and local response, functions and layers."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from parity import record, record_module

KINDS = ["batchNorm", "groupNorm", "instanceNorm", "localResponseNorm", "BatchNorm", "InstanceNorm", "GroupNorm"]


def _shape(draw, images, channels):
    """A batch of images with that many dimensions, small and odd or even."""
    return [draw.integer(2, 4), channels] + [draw.integer(2, 9 - 2 * images) for _ in range(images)]


def _order(draw, x):
    """The input as it is, or channels-last under the same shape."""
    last = x.dim() == 4 and draw.chance()
    return last, (x.contiguous(memory_format=torch.channels_last) if last else x)


def _parameters(draw, kind, channels, dtype):
    inputs = {}
    if draw.chance(0.8):
        inputs["weight"] = draw.tensor_between(0.5, 2.0, channels, dtype=dtype)
    # PyTorch has no gradient for a group norm with a bias alone.
    if draw.chance(0.8) and ("weight" in inputs or kind != "groupNorm"):
        inputs["bias"] = draw.tensor(channels, dtype=dtype)
    return inputs


def _function(draw, kind):
    dtype = draw.choice([torch.float32, torch.float32, torch.float64])
    images = draw.integer(1 if kind in ("instanceNorm", "localResponseNorm") else 0, 3)
    groups = draw.integer(1, 3)
    channels = groups * draw.integer(1, 6)
    epsilon = draw.choice([1e-5, 1e-3, 0.1])
    last, x = _order(draw, draw.tensor(*_shape(draw, images, channels), scale=2.0, dtype=dtype) + 1)
    arguments = {"epsilon": epsilon, "channelsLast": last}
    inputs = {"input": x}
    if kind == "localResponseNorm":
        size, alpha, beta = draw.integer(1, 6), draw.uniform(0.1, 1), draw.choice([0.75, 0.5, 1.2])
        arguments |= {"size": size, "alpha": alpha, "beta": beta, "k": 1.5}
        return record(
            draw, kind, arguments, inputs, lambda input: F.local_response_norm(input, size, alpha, beta, 1.5)
        )
    inputs |= _parameters(draw, kind, channels, dtype)
    if kind == "groupNorm":
        arguments["groups"] = groups
        return record(
            draw, kind, arguments, inputs,
            lambda input, weight=None, bias=None: F.group_norm(input, groups, weight, bias, epsilon),
        )
    constant = ()
    training = draw.chance()
    arguments["training"] = training
    arguments["running"] = not training or draw.chance()
    if arguments["running"]:
        inputs["mean"] = draw.tensor(channels, dtype=dtype)
        inputs["variance"] = draw.tensor_between(0.5, 2.0, channels, dtype=dtype)
        constant = ("mean", "variance")
    momentum = arguments["momentum"] = draw.uniform(0, 1)

    def function(input, weight=None, bias=None, mean=None, variance=None):
        if mean is not None:
            mean, variance = mean.clone(), variance.clone()
        if kind == "batchNorm":
            output = F.batch_norm(input, mean, variance, weight, bias, training, momentum, epsilon)
        else:
            output = F.instance_norm(input, mean, variance, weight, bias, training, momentum, epsilon)
        if mean is None or not training:
            return output
        return {"output": output, "mean": mean, "variance": variance}

    return record(draw, kind, arguments, inputs, function, constant=constant)


def _layer(draw, kind):
    images = draw.integer(1, 3)
    groups = draw.integer(1, 3)
    channels = groups * draw.integer(1, 6)
    affine, bias = draw.chance(0.8), draw.chance(0.8)
    last, x = _order(draw, draw.tensor(*_shape(draw, images, channels), scale=2.0) + 1)
    arguments = {"channels": channels, "affine": affine, "bias": bias, "images": images, "channelsLast": last}
    if kind == "GroupNorm":
        arguments["groups"] = groups
        module = nn.GroupNorm(groups, channels, affine=affine, bias=bias)
    else:
        track, momentum = draw.chance(0.7), draw.choice([0.1, 0.3, None])
        arguments |= {"track": track, "momentum": momentum, "training": draw.chance()}
        module = getattr(nn, f"{kind}{images}d")(
            channels, momentum=momentum, affine=affine, track_running_stats=track, bias=bias
        )
        if track:
            module.running_mean.copy_(draw.tensor(channels))
            module.running_var.copy_(draw.tensor_between(0.5, 2.0, channels))
        module.train(arguments["training"])
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(draw.tensor(channels))
    return record_module(draw, kind, arguments, {"input": x}, module, buffers=True)


def cases(draw, count):
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        yield _layer(draw, kind) if kind[0].isupper() else _function(draw, kind)
