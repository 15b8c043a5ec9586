"""torch.nn.functional.interpolate in all its modes."""

import torch
import torch.nn.functional as F

from parity import record

MODES = ["nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area"]
RANKS = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}


def cases(draw, count):
    for number in range(count):
        mode = MODES[number % len(MODES)]
        rank = RANKS.get(mode) or draw.choice([1, 2, 2, 3])
        shape = [draw.integer(1, 2), draw.integer(1, 4), *draw.integers(rank, 1, {1: 40, 2: 11, 3: 5}[rank])]
        dtype = draw.choice([torch.float32, torch.float32, torch.float64])
        arguments = {"mode": mode, "channelsLast": draw.chance()}
        keywords = {"mode": mode}
        if draw.chance():
            keywords["size"] = arguments["size"] = draw.integers(rank, 1, {1: 60, 2: 17, 3: 7}[rank])
        else:
            # Awkward factors, beside even ones: sizes are rounded down.
            factors = [draw.choice([2.0, 3.0, 1.5, 1.1, 0.7, 0.33, draw.uniform(0.5, 2.5)]) for _ in range(rank)]
            factors = [max(factor, 1.0 / size) for factor, size in zip(factors, shape[2:])]
            # Where a factor leaves a size as it is, PyTorch's backward is not the derivative of its forward.
            factors = [1.0 if int(size * factor) == size else factor for factor, size in zip(factors, shape[2:])]
            keywords["scale_factor"] = arguments["scaleFactor"] = factors
            if draw.chance(0.3):
                keywords["recompute_scale_factor"] = arguments["recomputeScaleFactor"] = True
        if mode in RANKS and draw.chance(0.4):
            keywords["align_corners"] = arguments["alignCorners"] = True
        width = (keywords.get("size") or [int(s * f) for s, f in zip(shape[2:], keywords.get("scale_factor", []))])[-1]
        # Where the last size becomes 1, PyTorch 2.13 repeats the first row.
        if mode in ("bilinear", "bicubic") and width > 1 and draw.chance(0.4):
            keywords["antialias"] = arguments["antialias"] = True
        inputs = {"input": draw.tensor(*shape, dtype=dtype)}
        yield record(draw, "interpolated", arguments, inputs, lambda input: F.interpolate(input, **keywords))
