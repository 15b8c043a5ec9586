"""What families of cases are made with: random choices, running a function of PyTorch, and writing files."""

import json
import struct

import numpy
import torch

torch.set_num_threads(1)


class Draw:
    """Random choices, all from one seed."""

    def __init__(self, seed):
        self.numbers = numpy.random.default_rng(seed)
        # What PyTorch draws by itself, as the initial weights of a module.
        torch.manual_seed(seed)

    def integer(self, low, high):
        """From `low` to `high`, both included."""
        return int(self.numbers.integers(low, high + 1))

    def integers(self, count, low, high):
        return [self.integer(low, high) for _ in range(count)]

    def choice(self, options):
        return options[self.integer(0, len(options) - 1)]

    def chance(self, probability=0.5):
        return bool(self.numbers.random() < probability)

    def uniform(self, low, high):
        """A number of few digits, which is the same in any format."""
        return round(float(self.numbers.uniform(low, high)), 3)

    def tensor(self, *shape, scale=1.0, dtype=torch.float32):
        """Normally distributed numbers."""
        values = self.numbers.standard_normal(shape) * scale
        return torch.from_numpy(numpy.asarray(values)).to(dtype)

    def tensor_between(self, low, high, *shape, dtype=torch.float32):
        return torch.from_numpy(numpy.asarray(self.numbers.uniform(low, high, shape))).to(dtype)

    def indices(self, bound, *shape):
        """int64 from 0 up to `bound`."""
        return torch.from_numpy(numpy.asarray(self.numbers.integers(0, bound, shape)))

    def mask(self, probability, *shape):
        return torch.from_numpy(numpy.asarray(self.numbers.random(shape) < probability))


def record(draw, operation, arguments, inputs, function, constant=()):
    """One case: what `function` gives for the tensors `inputs`, which it gets by name, and all gradients.

    `arguments` are numbers, strings, lists, truth values or None, for the test to read; `function` has them already. It
    gives a tensor or a dictionary of them, of which one is called "output". For every output that can be differentiated a
    random incoming gradient is added to the inputs, as "gradient" and "gradient.<name of another output>", and the results
    get "grad.<input>" for every floating-point input but those in `constant`.
    """
    given = {name: tensor.detach().clone() for name, tensor in inputs.items()}
    leaves = {
        name: tensor.detach().clone().requires_grad_(tensor.is_floating_point() and name not in constant)
        for name, tensor in inputs.items()
    }
    outputs = function(**{name.replace(".", "_"): leaf for name, leaf in leaves.items()})
    case = {"operation": operation, "arguments": arguments, "inputs": given, "results": {}}
    _differentiate(draw, case, outputs, {name: leaf for name, leaf in leaves.items() if leaf.requires_grad})
    return case


def record_module(draw, operation, arguments, inputs, module, constant=(), function=None, buffers=False):
    """As `record`, for a module of PyTorch: its state dict becomes inputs "state.<name>", its parameters get gradients
    "grad.state.<name>", and with `buffers`, what becomes of its buffers is a result "state.<name>".

    `function` calls it with the tensors by name, if it is not called with them in their order.
    """
    given = {name: tensor.detach().clone() for name, tensor in inputs.items()}
    given |= {f"state.{name}": tensor.detach().clone() for name, tensor in module.state_dict().items()}
    leaves = {
        name: tensor.detach().clone().requires_grad_(tensor.is_floating_point() and name not in constant)
        for name, tensor in inputs.items()
    }
    outputs = function(module, **leaves) if function else module(*leaves.values())
    case = {"operation": operation, "arguments": arguments, "inputs": given, "results": {}}
    wanted = {name: leaf for name, leaf in leaves.items() if leaf.requires_grad}
    wanted |= {f"state.{name}": parameter for name, parameter in module.named_parameters() if parameter.requires_grad}
    if buffers:
        case["results"] |= {f"state.{name}": buffer.detach().clone() for name, buffer in module.named_buffers()}
    _differentiate(draw, case, outputs, wanted)
    return case


def _differentiate(draw, case, outputs, leaves):
    if isinstance(outputs, torch.Tensor):
        outputs = {"output": outputs}
    case["results"] |= {name: tensor.detach().clone() for name, tensor in outputs.items()}
    roots = [name for name, tensor in outputs.items() if tensor.requires_grad]
    if not roots or not leaves:
        return
    gradients = {
        name: draw.tensor(*outputs[name].shape, dtype=torch.float64).to(outputs[name].dtype) for name in roots
    }
    for name, gradient in gradients.items():
        case["inputs"]["gradient" if name == "output" else f"gradient.{name}"] = gradient
    found = torch.autograd.grad(
        [outputs[name] for name in roots],
        list(leaves.values()),
        [gradients[name] for name in roots],
        allow_unused=True,
    )
    for (name, leaf), gradient in zip(leaves.items(), found):
        case["results"][f"grad.{name}"] = torch.zeros_like(leaf) if gradient is None else gradient.detach()


_DTYPES = {
    torch.float32: "F32",
    torch.float64: "F64",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.bool: "BOOL",
}


def _bytes(tensor):
    tensor = tensor.detach().contiguous()
    return (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()


def write(family, cases, folder):
    """Writes <family>.safetensors, in the format's own words "<case>/<inputs or results>/<name>", and <family>.json."""
    header, parts, offset, described = {}, [], 0, []
    for number, case in enumerate(cases):
        name = f"{number}-{case['operation']}"
        for kind in ("inputs", "results"):
            for key, tensor in case[kind].items():
                data = _bytes(tensor)
                header[f"{name}/{kind}/{key}"] = {
                    "dtype": _DTYPES[tensor.dtype],
                    "shape": list(tensor.shape),
                    "data_offsets": [offset, offset + len(data)],
                }
                parts.append(data)
                offset += len(data)
        described.append({
            "name": name,
            "operation": case["operation"],
            "arguments": {key: value for key, value in case["arguments"].items() if value is not None},
            "inputs": list(case["inputs"]),
            "results": list(case["results"]),
        })
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (folder / f"{family}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in described)
    (folder / f"{family}.json").write_text(f"[\n{lines}\n]\n")
    return 8 + len(text) + offset + len(lines)
