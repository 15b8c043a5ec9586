"""What PyTorch computes for each kind of row, in eager mode and compiled."""

from __future__ import annotations

from collections.abc import Callable

from peer import Missing, Row, Workload

from . import images, inference, normalization, operations, sequences, tape, training
from .kit import Kit

_KINDS: dict[str, Callable[[Row, Kit], Workload]] = {
    "matmul": operations.matmul,
    "pointwise": operations.pointwise,
    "copy": operations.copy,
    "reduce": operations.reduce,
    "softmax": normalization.softmax,
    "logsoftmax": normalization.log_softmax,
    "layernorm": normalization.layer_norm,
    "crossentropy": normalization.cross_entropy,
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
    "tape": tape.tape,
    "train": training.train,
    "infer": inference.infer,
}


def prepare(row: Row, kit: Kit) -> Workload:
    """Makes a row ready to run."""
    if row.kind not in _KINDS:
        raise Missing(f"no workload of kind {row.kind} for PyTorch")
    return _KINDS[row.kind](row, kit)
