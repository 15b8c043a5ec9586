"""Layers around the larger ones: embeddings and bags of them, bilinear maps, similarities, splits and joins of axes."""

import torch
from torch import nn

from parity import record_module


def embedding(draw):
    rows, features = draw.integer(2, 9), draw.choice([1, 3, 8, 17, 33])
    arguments = {
        "count": rows,
        "features": features,
        "paddingIndex": draw.integer(-rows, rows - 1) if draw.chance() else None,
        "maxNorm": draw.uniform(0.5, 3) if draw.chance(0.3) else None,
        "normType": draw.choice([2.0, 1.0, 3.0]),
        "scaleGradByFreq": draw.chance(0.3),
    }
    module = nn.Embedding(
        rows, features, arguments["paddingIndex"], arguments["maxNorm"], arguments["normType"],
        arguments["scaleGradByFreq"],
    )
    indices = draw.indices(rows, *draw.choice([[], [5], [2, 3]]))
    case = record_module(draw, "embedding", arguments, {"indices": indices}, module)
    # What the limit made of the table.
    case["results"]["state.weight"] = module.weight.detach().clone()
    return case


def embedding_bag(draw):
    rows, features = draw.integer(2, 9), draw.choice([1, 3, 8, 17, 70])
    mode = draw.choice(["sum", "mean", "max"])
    arguments = {
        "count": rows,
        "features": features,
        "maxNorm": draw.uniform(0.5, 3) if draw.chance(0.2) else None,
        "normType": draw.choice([2.0, 1.0, float(3)]),
        # PyTorch divides by the count of another index (2.13, with the CPU's sums and means): not to be compared with.
        "scaleGradByFreq": False,
        "mode": mode,
        "includeLastOffset": draw.chance(0.3),
        "paddingIndex": draw.integer(-rows, rows - 1) if draw.chance(0.4) else None,
    }
    module = nn.EmbeddingBag(
        rows, features, arguments["maxNorm"], arguments["normType"], arguments["scaleGradByFreq"], mode,
        include_last_offset=arguments["includeLastOffset"], padding_idx=arguments["paddingIndex"],
    )
    inputs = {}
    if draw.chance(0.3):
        inputs["indices"] = draw.indices(rows, draw.integer(1, 4), draw.integer(1, 5))
    else:
        count = draw.integer(0, 12)
        starts = [0] + sorted(draw.integers(draw.integer(0, 4), 0, count))
        inputs["indices"] = draw.indices(rows, count)
        inputs["offsets"] = torch.tensor(starts + ([count] if arguments["includeLastOffset"] else []))
    if mode == "sum" and draw.chance():
        inputs["weights"] = draw.tensor(*inputs["indices"].shape)

    def call(module, indices, offsets=None, weights=None):
        return module(indices, offsets, weights)

    case = record_module(draw, "embeddingBag", arguments, inputs, module, function=call)
    case["results"]["state.weight"] = module.weight.detach().clone()
    return case


def bilinear(draw):
    sizes = [draw.integer(1, 7), draw.integer(1, 9), draw.integer(1, 5)]
    outer = draw.choice([[], [3], [2, 3], [0]])
    arguments = {"sizes": sizes, "bias": draw.chance(0.7)}
    inputs = {"first": draw.tensor(*outer, sizes[0]), "second": draw.tensor(*outer, sizes[1])}
    return record_module(draw, "bilinear", arguments, inputs, nn.Bilinear(*sizes, bias=arguments["bias"]))


def cosine_similarity(draw):
    shape = draw.choice([[3, 4], [2, 5, 3], [2, 17]])
    arguments = {"axis": draw.integer(-len(shape), len(shape) - 1), "epsilon": draw.choice([1e-8, 0.5, 3.0])}
    inputs = {"first": draw.tensor(*shape), "second": draw.tensor(*shape)}
    module = nn.CosineSimilarity(arguments["axis"], arguments["epsilon"])
    return record_module(draw, "cosineSimilarity", arguments, inputs, module)


def pairwise_distance(draw):
    shape = draw.choice([[4], [3, 4], [2, 5, 3], [1, 17]])
    arguments = {"p": draw.choice([2.0, 1.0, 3.0, 0.5]), "epsilon": 1e-6, "keepDims": draw.chance()}
    inputs = {"first": draw.tensor(*shape), "second": draw.tensor(*shape)}
    module = nn.PairwiseDistance(arguments["p"], arguments["epsilon"], arguments["keepDims"])
    return record_module(draw, "pairwiseDistance", arguments, inputs, module)


def prelu(draw):
    channels = draw.integer(1, 5)
    arguments = {"count": draw.choice([1, channels]), "initial": draw.uniform(-0.5, 0.5)}
    shape = draw.choice([[2, channels], [3, channels, 5], [2, channels, 3, 3]])
    return record_module(
        draw, "prelu", arguments, {"input": draw.tensor(*shape)}, nn.PReLU(arguments["count"], arguments["initial"])
    )


def flatten(draw):
    shape = [draw.integer(0, 3) if axis == 0 else draw.integer(1, 4) for axis in range(draw.integer(2, 5))]
    start = draw.integer(0, len(shape) - 1)
    arguments = {"start": start, "end": draw.integer(start, len(shape) - 1) - draw.choice([0, len(shape)])}
    module = nn.Flatten(arguments["start"], arguments["end"])
    return record_module(draw, "flatten", arguments, {"input": draw.tensor(*shape)}, module)


def unflatten(draw):
    sizes = draw.integers(draw.integer(1, 3), 1, 3)
    product = 1
    for size in sizes:
        product *= size
    axis = draw.integer(0, 2)
    shape = draw.integers(3, 1, 3)
    shape[axis] = product
    if draw.chance(0.4):
        sizes[draw.integer(0, len(sizes) - 1)] = -1
    arguments = {"axis": axis - draw.choice([0, 3]), "sizes": sizes}
    module = nn.Unflatten(arguments["axis"], sizes)
    return record_module(draw, "unflatten", arguments, {"input": draw.tensor(*shape)}, module)


def softmax2d(draw):
    shape = draw.choice([[2, 3, 4, 5], [4, 2, 3], [1, 1, 2, 2]])
    return record_module(draw, "softmax2d", {}, {"input": draw.tensor(*shape)}, nn.Softmax2d())


def inactive_dropout(draw):
    kind = draw.choice(["Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"])
    shape = {"Dropout1d": [2, 3, 4], "Dropout2d": [2, 3, 2, 2], "Dropout3d": [2, 3, 1, 2, 2]}.get(kind, [3, 4])
    module = getattr(nn, kind)(0.4).eval()
    return record_module(draw, "inactiveDropout", {"kind": kind}, {"input": draw.tensor(*shape)}, module)


MAKERS = [
    embedding, embedding_bag, embedding_bag, bilinear, cosine_similarity, pairwise_distance, prelu, flatten, unflatten,
    softmax2d, embedding_bag, inactive_dropout,
]


def cases(draw, count):
    for number in range(count):
        yield MAKERS[number % len(MAKERS)](draw)
