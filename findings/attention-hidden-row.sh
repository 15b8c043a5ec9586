#!/usr/bin/env bash
# A query whose mask lets it see no key: PyTorch 2.13.0 and ONNX Runtime 1.32.0 answer with zeros, JAX 0.10.2 with the mean
# of all the values that the mask was to hide.
#
# JAX puts a large negative number in the place of a hidden score. Where all of a row are hidden they are equal, and
# softmax shares the weight out evenly. So a padded position of a batch gets other numbers in each library, and what a
# later layer makes of it differs, though all follow the same formula. The gradients differ likewise: hidden values get
# some in JAX.
#
# Seen: of the values [1, 2] and [3, 6], "torch [0.0, 0.0]", "onnxruntime [0.0, 0.0]", "jax [2.0, 4.0]"; of their gradients
# when the row's result is added up, "torch [0.0, 0.0]", "jax [0.5, 0.5]". Fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet torch==2.13.0 jax==0.10.2 jaxlib==0.10.2 onnxruntime==1.32.0 onnx==1.23.2 \
    numpy==2.4.6

cat >"$folder/seen.py" <<'PYTHON'
import jax
import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper

query = np.array([[[[1, 0], [0, 1]]]], np.float32)
value = np.array([[[[1, 2], [3, 6]]]], np.float32)
mask = np.array([[[[True, True], [False, False]]]])


def torch_row(value):
    attend = torch.nn.functional.scaled_dot_product_attention
    return attend(torch.tensor(query), torch.tensor(query), value, attn_mask=torch.tensor(mask))[0, 0, 1]


def jax_row(value):
    moved = query.transpose(0, 2, 1, 3)
    return jax.nn.dot_product_attention(moved, moved, value.transpose(0, 2, 1, 3), mask=mask)[0, 1, 0]


def onnx_row():
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, 2, 2]) for name in "qkv"]
    inputs.append(helper.make_tensor_value_info("mask", TensorProto.BOOL, [1, 1, 2, 2]))
    outputs = [helper.make_tensor_value_info("result", TensorProto.FLOAT, None)]
    node = helper.make_node("Attention", ["q", "k", "v", "mask"], ["result"])
    graph = helper.make_graph([node], "attention", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 23)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"q": query, "k": query, "v": value, "mask": mask})[0][0, 0, 1]


leaf = torch.tensor(value, requires_grad=True)
torch_row(leaf).sum().backward()
seen = {
    "torch": torch_row(torch.tensor(value)).tolist(),
    "onnxruntime": onnx_row().tolist(),
    "jax": jax_row(value).tolist(),
    "torch's gradient of the values": leaf.grad[0, 0, :, 0].tolist(),
    "jax's gradient of the values": jax.grad(lambda value: jax_row(value).sum())(value)[0, 0, :, 0].tolist(),
}
for name, row in seen.items():
    print(name, row)
assert list(seen.values()) == [[0, 0], [0, 0], [2, 4], [0, 0], [0.5, 0.5]], "the behaviour has changed"
PYTHON
JAX_PLATFORMS=cpu "$folder/python/bin/python" "$folder/seen.py"
