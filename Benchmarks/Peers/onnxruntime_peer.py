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
        data = {name: parameters.pop(name) for name in ("x", "keys", "values") if name in parameters}
        callers = row.sizes["callers"]
        options = onnxruntime.SessionOptions()
        # Each caller's requests have threads of their own, which share the row's.
        options.intra_op_num_threads = max(1, self._threads // callers)
        options.inter_op_num_threads = 1
        nodes, outputs = _MODELS[row.operation]()
        model = _export(nodes, parameters, data, outputs)
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

        def step() -> list[np.ndarray]:
            return session.run(None, data)

        return Workload(step, outputs=lambda: step()[:1], callers=callers)


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


# What a model is: its nodes, and its outputs with their shapes.
_Model = tuple[list[onnx.NodeProto], dict[str, list[int | str]]]


def _perceptron() -> _Model:
    nodes = [
        _linear("0", "x", "a"),
        _relu("a", "b"),
        _linear("2", "b", "c"),
        _relu("c", "d"),
        _linear("4", "d", "y"),
    ]
    return nodes, {"y": ["batch", 10]}


def _cnn() -> _Model:
    nodes = [
        *_convolution("conv1", "x", "a"),
        *_convolution("conv2", "a", "b"),
        helper.make_node("Flatten", ["b"], ["c"]),
        _linear("fc1", "c", "d"),
        _relu("d", "e"),
        _linear("fc2", "e", "y"),
    ]
    return nodes, {"y": ["batch", 10]}


def _resnet20() -> _Model:
    nodes = []

    def normalized(convolution: str, norm: str, source: str, stride: int = 1, kernel: int = 3) -> str:
        """A convolution without a bias, and its batch norm."""
        options = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2, "pads": [kernel // 2] * 4}
        result = f"{norm}.out"
        statistics = [f"{norm}.{name}" for name in ("weight", "bias", "running_mean", "running_var")]
        nodes.append(helper.make_node("Conv", [source, f"{convolution}.weight"], [f"{convolution}.out"], **options))
        nodes.append(
            helper.make_node("BatchNormalization", [f"{convolution}.out", *statistics], [result], epsilon=1e-5)
        )
        return result

    def positive(source: str) -> str:
        nodes.append(_relu(source, f"{source}.relu"))
        return f"{source}.relu"

    x = positive(normalized("conv1", "bn1", "x"))
    for stage in (1, 2, 3):
        for block in (0, 1, 2):
            name = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            y = positive(normalized(f"{name}.conv1", f"{name}.bn1", x, stride))
            y = normalized(f"{name}.conv2", f"{name}.bn2", y)
            if stride > 1:
                x = normalized(f"{name}.downsample.0", f"{name}.downsample.1", x, stride, kernel=1)
            nodes.append(helper.make_node("Add", [y, x], [f"{name}.sum"]))
            x = positive(f"{name}.sum")
    nodes += [
        helper.make_node("GlobalAveragePool", [x], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["features"]),
        _linear("fc", "features", "y"),
    ]
    return nodes, {"y": ["batch", 10]}


def _gpt_token() -> _Model:
    """One token's answer: its own keys and values are appended to those before, and given back."""
    nodes, outputs = [], {"y": [1, 256]}

    def node(kind: str, sources: list[str], result: str, **options: object) -> str:
        nodes.append(helper.make_node(kind, sources, [result], **options))
        return result

    def constant(name: str, *integers: int) -> str:
        return node("Constant", [], name, value_ints=list(integers))

    def norm(name: str, source: str) -> str:
        return node("LayerNormalization", [source, f"{name}.weight", f"{name}.bias"], f"{name}.out", epsilon=1e-5)

    def linear(name: str, source: str) -> str:
        nodes.append(_linear(name, source, f"{name}.out"))
        return f"{name}.out"

    flat = constant("flat", 1, 128)
    by_head = constant("by_head", 1, 4, 1, 32)
    token = node("Gather", ["tok.weight", node("Reshape", ["x", constant("one", 1)], "token")], "token.embedding")
    position = node("Gather", ["pos.weight", constant("last", 127)], "position.embedding")
    x = node("Add", [token, position], "embedding")
    scale = node("Constant", [], "scale", value_float=32**-0.5)
    for data in ("keys", "values"):
        # One a layer: (1, heads, context, width).
        parts = [f"{data}.{layer}" for layer in range(4)]
        nodes.append(helper.make_node("Split", [data], [f"{part}.stacked" for part in parts], axis=0, num_outputs=4))
        for part in parts:
            node("Squeeze", [f"{part}.stacked", constant(f"{part}.axis", 0)], part)
    for layer in range(4):
        name = f"blocks.{layer}"
        joined = linear(f"{name}.qkv", norm(f"{name}.ln1", x))
        parts = [f"{name}.{part}" for part in ("q", "k", "v")]
        nodes.append(helper.make_node("Split", [joined], parts, axis=1, num_outputs=3))
        q, k, v = (node("Reshape", [part, by_head], f"{part}.heads") for part in parts)
        k = node("Concat", [f"keys.{layer}", k], f"{name}.keys", axis=2)
        v = node("Concat", [f"values.{layer}", v], f"{name}.values", axis=2)
        outputs |= {k: [1, 4, 128, 32], v: [1, 4, 128, 32]}
        turned = node("Transpose", [k], f"{name}.keys.turned", perm=[0, 1, 3, 2])
        scores = node("MatMul", [node("Mul", [q, scale], f"{name}.scaled"), turned], f"{name}.scores")
        shares = node("Softmax", [scores], f"{name}.shares", axis=-1)
        seen = node("Reshape", [node("MatMul", [shares, v], f"{name}.seen"), flat], f"{name}.seen.flat")
        x = node("Add", [x, linear(f"{name}.proj", seen)], f"{name}.attended")
        hidden = node("Gelu", [linear(f"{name}.fc1", norm(f"{name}.ln2", x))], f"{name}.hidden")
        x = node("Add", [x, linear(f"{name}.fc2", hidden)], f"{name}.out")
    node("Gemm", [norm("ln", x), "head.weight"], "y", transB=1)
    return nodes, outputs


_MODELS = {"mlp": _perceptron, "cnn": _cnn, "resnet20": _resnet20, "gpt-token": _gpt_token}


def _export(
    nodes: list[onnx.NodeProto],
    parameters: dict[str, np.ndarray],
    data: dict[str, np.ndarray],
    outputs: dict[str, list[int | str]],
) -> bytes:
    graph = helper.make_graph(
        nodes,
        "model",
        [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
            for name, array in data.items()
        ],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in parameters.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


if __name__ == "__main__":
    serve(ONNXRuntime())
