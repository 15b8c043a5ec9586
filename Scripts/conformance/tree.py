"""Arguments and results as trees that JSON can hold, in which tensors are nodes that refer to what is stored of them."""

import numbers

import numpy
import torch

from leftout import COMPLEX, DEVICE, LeftOut, MEMORY_FORMAT, OBJECT, QUANTIZED, SPARSE


class Stored:
    """The numbers of one tensor, as bytes in their order, to become an entry of a safetensors file."""

    def __init__(self, tensor):
        self.dtype, self.shape = tensor.dtype, list(tensor.shape)
        # Flat, as NumPy refuses more than 64 dimensions.
        flat = tensor.detach().reshape(-1)
        self.data = (flat.view(torch.int16) if tensor.dtype == torch.bfloat16 else flat).numpy(force=True).tobytes()
        self.count = tensor.numel()

    def tensor(self):
        """A new tensor of these numbers."""
        if not self.count:
            return torch.empty(self.shape, dtype=self.dtype)
        return torch.frombuffer(bytearray(self.data), dtype=self.dtype).reshape(self.shape)


class Inputs:
    """Encodes arguments, and makes them again from what was encoded, so that what runs is what was recorded."""

    def __init__(self, differentiate=True):
        self.differentiate = differentiate
        # Nodes and new tensors by the identity of the tensor they stand for, which may occur twice.
        self.nodes, self.tensors, self.kept, self.leaves = {}, {}, [], []

    def encode(self, value):
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        return encode(value, self.encode)

    def _tensor(self, tensor):
        if id(tensor) not in self.nodes:
            check(tensor)
            node = {"tensor": Stored(tensor)}
            made = node["tensor"].tensor()
            # A library that knows fewer dimensions can read such a file, and refuse the tensor.
            if not tensor.is_contiguous() or tensor.storage_offset() or tensor.dim() > 8:
                span = 1 + sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride()))
                span = span if tensor.numel() else 0
                storage = torch.as_strided(tensor.detach(), (span,), (1,), tensor.storage_offset())
                node = {
                    "tensor": Stored(storage),
                    "shape": list(tensor.shape),
                    "strides": list(tensor.stride()),
                    "offset": tensor.storage_offset(),
                }
                whole = torch.zeros(tensor.storage_offset() + span, dtype=tensor.dtype)
                whole[tensor.storage_offset():] = node["tensor"].tensor()
                made = torch.as_strided(whole, tensor.shape, tensor.stride(), tensor.storage_offset())
            made = made.detach()
            if tensor.requires_grad and self.differentiate:
                node["grad"] = True
                made.requires_grad_()
                self.leaves.append(made)
            self.nodes[id(tensor)] = {"node": node, "index": len(self.nodes)}
            self.tensors[id(tensor)] = made
            # Keeps its identity from being given to another.
            self.kept.append(tensor)
        else:
            # The same tensor again: by its place among the tensors met so far.
            return {"same": self.nodes[id(tensor)]["index"]}
        return self.nodes[id(tensor)]["node"]

    def rebuild(self, value):
        """The arguments again, with new tensors."""
        if isinstance(value, torch.Tensor):
            return self.tensors[id(value)]
        if isinstance(value, dict):
            return {key: self.rebuild(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
            return type(value)(self.rebuild(item) for item in value)
        return value

    def changed(self):
        """What the operation changed of its inputs: [place among the tensors, what it holds now]."""
        found = []
        for key, entry in self.nodes.items():
            now = Stored(self.tensors[key])
            before = Stored(self.kept[entry["index"]])
            if now.data != before.data:
                found.append([entry["index"], {"tensor": now}])
        return found


def encode_result(value):
    if isinstance(value, torch.Tensor):
        check(value)
        return {"tensor": Stored(value)}
    return encode(value, encode_result)


def encode(value, recur):
    """What is not a tensor. Numbers of JSON are integers; whatever JSON cannot tell apart is an object with one key."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, numpy.bool_):
        return bool(value)
    if isinstance(value, torch.Size):
        return {"tuple": [int(item) for item in value]}
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return {"float": repr(float(value))}
    if isinstance(value, numbers.Complex):
        raise LeftOut(COMPLEX)
    if isinstance(value, torch.dtype):
        if value.is_complex:
            raise LeftOut(COMPLEX)
        return {"dtype": str(value).removeprefix("torch.")}
    if isinstance(value, torch.memory_format):
        raise LeftOut(MEMORY_FORMAT)
    if isinstance(value, torch.layout):
        if value != torch.strided:
            raise LeftOut(SPARSE)
        return {"layout": "strided"}
    if isinstance(value, torch.device):
        if value.type != "cpu":
            raise LeftOut(DEVICE)
        return {"device": "cpu"}
    if isinstance(value, slice):
        return {"slice": [recur(value.start), recur(value.stop), recur(value.step)]}
    if value is Ellipsis:
        return {"ellipsis": True}
    if isinstance(value, list):
        return [recur(item) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [recur(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": {str(key): recur(item) for key, item in value.items()}}
    if isinstance(value, torch.nn.PairwiseDistance):
        settings = {"p": recur(value.norm), "eps": recur(value.eps), "keepdim": value.keepdim}
        return {"function": "PairwiseDistance", "settings": settings}
    raise LeftOut(OBJECT, type(value).__name__)


def check(tensor):
    """Refuses a tensor of a kind that Weft has not."""
    if tensor.layout != torch.strided or tensor.is_nested:
        raise LeftOut(SPARSE)
    if tensor.is_quantized:
        raise LeftOut(QUANTIZED)
    if tensor.is_complex():
        raise LeftOut(COMPLEX)
    if tensor.device.type != "cpu":
        raise LeftOut(DEVICE, str(tensor.device))


def tensors(value):
    """The tensors of a result, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in tensors(item)]
    if isinstance(value, dict):
        return [tensor for item in value.values() for tensor in tensors(item)]
    return []


def stored(node):
    """What a tree stores, in order."""
    if isinstance(node, dict):
        for item in node.values():
            yield from stored(item)
    elif isinstance(node, list):
        for item in node:
            yield from stored(item)
    elif isinstance(node, Stored):
        yield node
