"""ONNX Runtime as a peer: inference on the exported model."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from peer import Library, Missing, Row, Workload, serve

# The opset, and the version of the file format that goes with it.
_OPSET, _IR = 21, 10


class ONNXRuntime(Library):
    def __init__(self) -> None:
        self._threads = 1

    def versions(self) -> dict[str, str]:
        return {"onnxruntime": onnxruntime.__version__}

    def set_threads(self, threads: int) -> None:
        self._threads = threads

    def prepare(self, row: Row) -> Workload:
        if row.kind != "infer":
            raise Missing("ONNX Runtime infers only")
        if row.operation not in _MODELS:
            raise Missing(f"no model {row.operation} for ONNX Runtime")
        parameters = row.make_inputs()
        x = parameters.pop("x")
        callers = row.sizes["callers"]
        options = onnxruntime.SessionOptions()
        # Each caller's requests have threads of their own, which share the row's.
        options.intra_op_num_threads = max(1, self._threads // callers)
        options.inter_op_num_threads = 1
        model = _export(_MODELS[row.operation], parameters, x)
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

        def step() -> list[np.ndarray]:
            return session.run(None, {"x": x})

        return Workload(step, outputs=step, callers=callers)


def _linear(layer: str, source: str, result: str) -> onnx.NodeProto:
    return helper.make_node("Gemm", [source, f"{layer}.weight", f"{layer}.bias"], [result], transB=1)


def _relu(source: str, result: str) -> onnx.NodeProto:
    return helper.make_node("Relu", [source], [result])


def _convolution(layer: str, source: str, result: str) -> list[onnx.NodeProto]:
    """A convolution of 3x3 that keeps the extents, its positive part, and the largest of each 2x2."""
    return [
        helper.make_node(
            "Conv", [source, f"{layer}.weight", f"{layer}.bias"], [f"{layer}.out"], kernel_shape=[3, 3], pads=[1] * 4
        ),
        _relu(f"{layer}.out", f"{layer}.relu"),
        helper.make_node("MaxPool", [f"{layer}.relu"], [result], kernel_shape=[2, 2], strides=[2, 2]),
    ]


# The nodes of each model, from `x` to `y`.
_MODELS = {
    "mlp": [
        _linear("0", "x", "a"),
        _relu("a", "b"),
        _linear("2", "b", "c"),
        _relu("c", "d"),
        _linear("4", "d", "y"),
    ],
    "cnn": [
        *_convolution("conv1", "x", "a"),
        *_convolution("conv2", "a", "b"),
        helper.make_node("Flatten", ["b"], ["c"]),
        _linear("fc1", "c", "d"),
        _relu("d", "e"),
        _linear("fc2", "e", "y"),
    ],
}


def _export(nodes: list[onnx.NodeProto], parameters: dict[str, np.ndarray], x: np.ndarray) -> bytes:
    graph = helper.make_graph(
        nodes,
        "model",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [x.shape[0], 10])],
        [numpy_helper.from_array(array, name) for name, array in parameters.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


if __name__ == "__main__":
    serve(ONNXRuntime())
