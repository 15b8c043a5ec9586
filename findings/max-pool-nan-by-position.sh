#!/usr/bin/env bash
# Max pooling and nan: in PyTorch 2.13.0 a window with a nan gives nan. In ONNX Runtime 1.32.0 it does so only where the
# nan is the window's first element; anywhere else it is passed over, as by a comparison that is false for nan.
#
# A network exported from PyTorch thus hides some of the nans that PyTorch would show, and moving an image by one pixel
# decides which. The index of the maximum differs too: PyTorch names the nan's place (the last one's, if there are
# several), ONNX Runtime the largest number's, or the first place. What a check of outputs for nan finds therefore depends
# on where in its window the nan lay.
#
# Seen: windows [1, nan], [nan, 3], [2, 5], [nan, nan] give "torch [nan, nan, 5.0, nan] [1, 2, 5, 7]" and "onnxruntime
# [1.0, nan, 5.0, nan] [0, 2, 5, 6]". Fails if any of that changes.
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

nan = float("nan")
windows = np.array([[[1, nan, nan, 3, 2, 5, nan, nan]]], np.float32)

maxima, places = torch.nn.functional.max_pool1d(torch.tensor(windows), 2, return_indices=True)

node = helper.make_node("MaxPool", ["x"], ["maxima", "places"], kernel_shape=[2], strides=[2])
graph = helper.make_graph(
    [node],
    "pool",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, windows.shape)],
    [
        helper.make_tensor_value_info("maxima", TensorProto.FLOAT, None),
        helper.make_tensor_value_info("places", TensorProto.INT64, None),
    ],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
onnx_maxima, onnx_places = session.run(None, {"x": windows})

seen = {
    "torch": (maxima.flatten().tolist(), places.flatten().tolist()),
    "onnxruntime": (onnx_maxima.flatten().tolist(), onnx_places.flatten().tolist()),
}
for name, (numbers, indices) in seen.items():
    print(name, numbers, indices)
assert str(seen["torch"]) == "([nan, nan, 5.0, nan], [1, 2, 5, 7])", "PyTorch's behaviour has changed"
assert str(seen["onnxruntime"]) == "([1.0, nan, 5.0, nan], [0, 2, 5, 6])", "ONNX Runtime's behaviour has changed"
PYTHON
"$folder/python/bin/python" "$folder/seen.py"
