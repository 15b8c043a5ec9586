"""Writes the cases of one operation: their trees as JSON, and what their tensors hold as safetensors."""

import hashlib
import json
import struct

import torch

import tree

_DTYPES = {
    torch.float32: "F32",
    torch.float64: "F64",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


class Tensors:
    """The entries of one safetensors file, called "0", "1" and so on. Equal tensors share one."""

    def __init__(self):
        self.header, self.parts, self.size, self.names = {}, [], 0, {}

    def name(self, stored):
        kind = (stored.dtype, tuple(stored.shape), hashlib.sha256(stored.data).digest())
        if kind not in self.names:
            self.names[kind] = str(len(self.names))
            self.header[self.names[kind]] = {
                "dtype": _DTYPES[stored.dtype],
                "shape": stored.shape,
                "data_offsets": [self.size, self.size + len(stored.data)],
            }
            self.parts.append(stored.data)
            self.size += len(stored.data)
        return self.names[kind]

    def write(self, path):
        text = json.dumps(self.header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(self.parts))


def text(value, tensors=None):
    """JSON without spaces, a stored tensor as its name, or as 0 where only the length matters."""
    return json.dumps(value, separators=(",", ":"), default=tensors.name if tensors else lambda _: 0)


def file_name(operation):
    return operation.replace("/", "-").replace(".", "-")


def write(name, found, folder):
    """A line a case, so that differences can be read."""
    tensors = Tensors()
    lines = [
        "{" + f'"operation":{text(name)}',
        *(f"{text(key)}:{text(value)}" for key, value in found.about.items()),
        '"cases":[\n' + ",\n".join(text(case, tensors) for case in found.cases) + "]",
        '"errors":[\n' + ",\n".join(text(case, tensors) for case in found.errors) + "]}\n",
    ]
    (folder / f"{file_name(name)}.json").write_text(",".join(lines))
    tensors.write(folder / f"{file_name(name)}.safetensors")


def cost(case):
    """About how many bytes a case takes, never less than it does."""
    return len(text(case)) + sum(len(item.data) + 120 for item in tree.stored(case)) + 2
