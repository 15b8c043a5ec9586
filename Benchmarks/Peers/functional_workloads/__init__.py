"""What libraries of pure functions on arrays compute for each kind of row: written once for JAX and for MLX.

Images lie channels-last throughout, and weights as the library's convolutions want them; both are brought there before
the clock starts, and results back after it has stopped.
"""

from __future__ import annotations

from collections.abc import Callable

from peer import Missing, Row, Workload

from . import images, models, operations, sequences
from .backend import Backend

_KINDS: dict[str, Callable[[Row, Backend], Workload]] = {
    "matmul": operations.matmul,
    "pointwise": operations.pointwise,
    "copy": operations.copy,
    "reduce": operations.reduce,
    "softmax": operations.along_rows,
    "logsoftmax": operations.along_rows,
    "layernorm": operations.layer_norm,
    "crossentropy": operations.cross_entropy,
    "conv": images.convolution,
    "convtranspose": images.convolution,
    "maxpool2d": images.resampling,
    "avgpool2d": images.resampling,
    "bilinear": images.resampling,
    "batchnorm": images.normalization,
    "groupnorm": images.normalization,
    "attention": sequences.attention,
    "lstm": sequences.recurrence,
    "gru": sequences.recurrence,
    "train": models.train,
    "infer": models.infer,
}


def prepare(row: Row, backend: Backend) -> Workload:
    """Makes a row ready to run."""
    if row.kind not in _KINDS:
        raise Missing(f"no workload of kind {row.kind} for {backend.name}")
    return _KINDS[row.kind](row, backend)
