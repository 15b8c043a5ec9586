#!/usr/bin/env bash
# Pooling by a norm of odd order: PyTorch 2.13.0 gives nan for windows of negative numbers, ONNX Runtime 1.32.0 their norm.
#
# PyTorch raises the elements themselves to the power, so that negative ones make the sum smaller, and takes the root of
# it; where the sum is negative the root is nan, and where positive and negative elements cancel, the norm is 0 or too
# small, without a warning. ONNX defines LpPool by absolute values, as a norm is. Orders 1 and 3 differ, even orders agree,
# so that a test with the usual order 2 sees nothing.
#
# Seen: windows [-1, -2], [3, -4], [4, -1] with order 3 give "torch [nan, nan, 3.9791]" and "onnxruntime [2.0801, 4.4979,
# 4.0207]"; with order 2 both give [2.2361, 5.0, 4.1231]. Fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet torch==2.13.0 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6

cat >"$folder/seen.py" <<'PYTHON'
import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper

windows = np.array([[[-1, -2, 3, -4, 4, -1]]], np.float32)


def onnx_pool(order):
    node = helper.make_node("LpPool", ["x"], ["norms"], kernel_shape=[2], strides=[2], p=order)
    graph = helper.make_graph(
        [node],
        "pool",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, windows.shape)],
        [helper.make_tensor_value_info("norms", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": windows})[0].flatten()


def rounded(numbers):
    return [round(float(number), 4) for number in numbers]


seen = {}
for order in (2, 3):
    torch_norms = torch.nn.functional.lp_pool1d(torch.tensor(windows), float(order), 2).flatten()
    seen[order] = (rounded(torch_norms), rounded(onnx_pool(order)))
    print("order", order, "torch", seen[order][0], "onnxruntime", seen[order][1])
assert seen[2] == ([2.2361, 5.0, 4.1231], [2.2361, 5.0, 4.1231]), "order 2 has changed"
assert str(seen[3][0]) == "[nan, nan, 3.9791]", "PyTorch's order 3 has changed"
assert seen[3][1] == [2.0801, 4.4979, 4.0207], "ONNX Runtime's order 3 has changed"
PYTHON
"$folder/python/bin/python" "$folder/seen.py"
