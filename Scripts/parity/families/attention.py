"""Scaled dot-product attention, and the layers that are made of it."""

import warnings

import torch
import torch.nn.functional as F
from torch import nn

from parity import record, record_module

warnings.filterwarnings("ignore")


def hidden(draw, *shape):
    """Truth values that leave each query something to see."""
    mask = draw.mask(0.4, *shape)
    mask[..., 0] = False
    return mask


def attention(draw):
    dtype = draw.choice([torch.float32, torch.float32, torch.float32, torch.float64, torch.bfloat16, torch.float16])
    rank = draw.choice([2, 3, 4, 4, 4, 5])
    queries, keys = draw.integer(1, 9), draw.integer(1, 9)
    features, value_features = draw.choice([1, 5, 8, 17]), draw.choice([1, 3, 8, 16])
    arguments = {}
    if draw.chance():
        arguments["scale"] = draw.uniform(0.1, 1.5)
    heads, key_heads = draw.integer(1, 3), 0
    if rank >= 3 and draw.chance(0.3):
        arguments["enableGQA"] = True
        key_heads, heads = heads, heads * draw.integer(1, 3)
    key_heads = key_heads or heads
    batches = draw.integers(max(rank - 3, 0), 1, 2)
    lead = batches + [heads] if rank >= 3 else []
    key_lead = batches + [key_heads] if rank >= 3 else []
    inputs = {
        "query": draw.tensor(*lead, queries, features, scale=1.5).to(dtype),
        "key": draw.tensor(*key_lead, keys, features, scale=1.5).to(dtype),
        "value": draw.tensor(*key_lead, keys, value_features).to(dtype),
    }
    constant = ()
    kind = draw.choice(["", "bool", "numbers", "constant", "causal"])
    if kind == "causal":
        arguments["isCausal"] = True
    elif kind:
        shape = draw.choice([[queries, keys], [1, keys], lead + [queries, keys], lead[:-1] + [1] * min(len(lead), 1) + [1, keys]])
        # Some rows may see nothing.
        inputs["mask"] = draw.mask(0.6, *shape) if kind == "bool" else draw.tensor(*shape).to(dtype)
        constant = ("mask",) if kind == "constant" else ()

    def function(query, key, value, mask=None):
        return F.scaled_dot_product_attention(
            query, key, value, mask, is_causal=arguments.get("isCausal", False), scale=arguments.get("scale"),
            enable_gqa=arguments.get("enableGQA", False),
        )

    return record(draw, "scaledDotProductAttention", arguments, inputs, function, constant)


def lead(arguments, length, batch):
    """The sizes before the features of a sequence."""
    if not arguments["isBatched"]:
        return [length]
    return [batch, length] if arguments["batchFirst"] else [length, batch]


def mask_of(draw, arguments, name, queries, keys, batch, heads, inputs):
    """Puts a mask of pairs among `inputs`, sometimes."""
    kind = draw.choice(["", "bool", "numbers", "each", "causal" if queries == keys else ""])
    shape = [batch * heads, queries, keys] if kind == "each" else [queries, keys]
    if kind == "causal":
        inputs[name] = torch.full((queries, keys), float("-inf")).triu(1) if draw.chance() else draw.mask(1, queries, keys).triu(1)
    elif kind == "numbers":
        inputs[name] = draw.tensor(*shape)
    elif kind:
        inputs[name] = hidden(draw, *shape)
    return kind == "causal"


def padding_of(draw, arguments, name, keys, batch, inputs):
    if draw.chance(0.4):
        inputs[name] = hidden(draw, *([batch, keys] if arguments["isBatched"] else [keys]))


def flags(draw):
    return {"batchFirst": draw.chance(), "isBatched": draw.chance(0.75), "isTraining": draw.chance()}


def multihead(draw):
    arguments = flags(draw)
    heads = draw.integer(1, 3)
    width = heads * draw.integer(1, 3)
    arguments |= {"embedDim": width, "numHeads": heads, "bias": draw.chance(0.7), "addBiasKV": draw.chance(0.25),
                  "addZeroAttention": draw.chance(0.25), "needWeights": draw.chance(), "average": draw.chance()}
    kdim, vdim = (draw.integer(1, 5), draw.integer(1, 5)) if draw.chance(0.3) else (None, None)
    arguments |= {"kdim": kdim, "vdim": vdim}
    batch = draw.integer(1, 3) if arguments["isBatched"] else 1
    queries, keys = draw.integer(1, 6), draw.integer(1, 6)
    sharing = draw.choice(["none", "self", "keys"]) if kdim is None else "none"
    arguments["sharing"] = sharing
    if sharing == "self":
        keys = queries
    inputs = {"query": draw.tensor(*lead(arguments, queries, batch), width)}
    if sharing != "self":
        inputs["key"] = draw.tensor(*lead(arguments, keys, batch), kdim or width)
    if sharing == "none":
        inputs["value"] = draw.tensor(*lead(arguments, keys, batch), vdim or width)
    is_causal = mask_of(draw, arguments, "attentionMask", queries, keys, batch, heads, inputs)
    padding_of(draw, arguments, "keyPaddingMask", keys, batch, inputs)
    extra = arguments["addBiasKV"] or arguments["addZeroAttention"]
    # With extra keys PyTorch takes the hint for the truth about them too, and hides them.
    arguments["isCausal"] = is_causal and not extra
    module = nn.MultiheadAttention(
        width, heads, dropout=0.0 if arguments["isTraining"] else 0.3, bias=arguments["bias"],
        add_bias_kv=arguments["addBiasKV"], add_zero_attn=arguments["addZeroAttention"], kdim=kdim, vdim=vdim,
        batch_first=arguments["batchFirst"],
    ).train(arguments["isTraining"])
    for parameter in module.parameters():
        parameter.data = draw.tensor(*parameter.shape, scale=0.5)

    def function(module, query, key=None, value=None, attentionMask=None, keyPaddingMask=None):
        key = query if key is None else key
        output, weights = module(
            query, key, key if value is None else value, key_padding_mask=keyPaddingMask, attn_mask=attentionMask,
            need_weights=arguments["needWeights"], average_attn_weights=arguments["average"],
            is_causal=arguments["isCausal"],
        )
        return {"output": output} | ({} if weights is None else {"weights": weights})

    return record_module(draw, "multiheadAttention", arguments, inputs, module, function=function,
                         constant=("keyPaddingMask",))


def transformer_arguments(draw):
    arguments = flags(draw)
    heads = draw.integer(1, 2)
    return arguments | {
        "dModel": heads * draw.integer(2, 3), "numHeads": heads, "dimFeedforward": draw.integer(3, 6),
        "activation": draw.choice(["relu", "gelu"]), "normFirst": draw.chance(), "bias": draw.chance(0.75),
        "layerNormEpsilon": draw.choice([1e-5, 1e-3]),
    }


def keywords(arguments):
    return {
        "dim_feedforward": arguments["dimFeedforward"], "dropout": 0.0 if arguments["isTraining"] else 0.2,
        "activation": arguments["activation"], "norm_first": arguments["normFirst"], "bias": arguments["bias"],
        "layer_norm_eps": arguments["layerNormEpsilon"], "batch_first": arguments["batchFirst"],
    }


def randomized(draw, module, arguments):
    for parameter in module.parameters():
        parameter.data = draw.tensor(*parameter.shape, scale=0.5)
    return module.train(arguments["isTraining"])


def encoder(draw, depth):
    arguments = transformer_arguments(draw)
    batch, length = draw.integer(1, 2) if arguments["isBatched"] else 1, draw.integer(1, 5)
    inputs = {"source": draw.tensor(*lead(arguments, length, batch), arguments["dModel"])}
    is_causal = mask_of(draw, arguments, "srcMask", length, length, batch, arguments["numHeads"], inputs)
    padding_of(draw, arguments, "srcKeyPaddingMask", length, batch, inputs)
    arguments["isCausal"] = is_causal
    layer = nn.TransformerEncoderLayer(arguments["dModel"], arguments["numHeads"], **keywords(arguments))
    if depth == 0:
        module, name = layer, "transformerEncoderLayer"
    else:
        norm = nn.LayerNorm(arguments["dModel"]) if draw.chance() else None
        arguments |= {"numLayers": depth, "hasNorm": norm is not None}
        module, name = nn.TransformerEncoder(layer, depth, norm), "transformerEncoder"
    randomized(draw, module, arguments)

    def function(module, source, srcMask=None, srcKeyPaddingMask=None):
        return module(source, srcMask, src_key_padding_mask=srcKeyPaddingMask, is_causal=is_causal)

    return record_module(draw, name, arguments, inputs, module, function=function)


def decoder(draw, depth):
    arguments = transformer_arguments(draw)
    batch = draw.integer(1, 2) if arguments["isBatched"] else 1
    targets, sources, heads = draw.integer(1, 4), draw.integer(1, 4), arguments["numHeads"]
    inputs = {
        "target": draw.tensor(*lead(arguments, targets, batch), arguments["dModel"]),
        "memory": draw.tensor(*lead(arguments, sources, batch), arguments["dModel"]),
    }
    arguments["tgtIsCausal"] = mask_of(draw, arguments, "tgtMask", targets, targets, batch, heads, inputs)
    arguments["memoryIsCausal"] = mask_of(draw, arguments, "memoryMask", targets, sources, batch, heads, inputs)
    padding_of(draw, arguments, "tgtKeyPaddingMask", targets, batch, inputs)
    padding_of(draw, arguments, "memoryKeyPaddingMask", sources, batch, inputs)
    layer = nn.TransformerDecoderLayer(arguments["dModel"], heads, **keywords(arguments))
    if depth == 0:
        module, name = layer, "transformerDecoderLayer"
    else:
        norm = nn.LayerNorm(arguments["dModel"]) if draw.chance() else None
        arguments |= {"numLayers": depth, "hasNorm": norm is not None}
        module, name = nn.TransformerDecoder(layer, depth, norm), "transformerDecoder"
    randomized(draw, module, arguments)

    def function(module, target, memory, tgtMask=None, memoryMask=None, tgtKeyPaddingMask=None,
                 memoryKeyPaddingMask=None):
        return module(
            target, memory, tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask,
            tgt_is_causal=arguments["tgtIsCausal"], memory_is_causal=arguments["memoryIsCausal"],
        )

    return record_module(draw, name, arguments, inputs, module, function=function)


def transformer(draw):
    arguments = transformer_arguments(draw)
    arguments |= {"numEncoderLayers": draw.integer(1, 2), "numDecoderLayers": 1}
    batch = draw.integer(1, 2) if arguments["isBatched"] else 1
    targets, sources, heads = draw.integer(1, 4), draw.integer(1, 4), arguments["numHeads"]
    inputs = {
        "source": draw.tensor(*lead(arguments, sources, batch), arguments["dModel"]),
        "target": draw.tensor(*lead(arguments, targets, batch), arguments["dModel"]),
    }
    arguments["tgtIsCausal"] = mask_of(draw, arguments, "tgtMask", targets, targets, batch, heads, inputs)
    padding_of(draw, arguments, "srcKeyPaddingMask", sources, batch, inputs)
    padding_of(draw, arguments, "tgtKeyPaddingMask", targets, batch, inputs)
    if "srcKeyPaddingMask" in inputs:
        inputs["memoryKeyPaddingMask"] = inputs["srcKeyPaddingMask"]
    module = nn.Transformer(
        arguments["dModel"], heads, arguments["numEncoderLayers"], arguments["numDecoderLayers"], **keywords(arguments)
    )
    randomized(draw, module, arguments)

    def function(module, source, target, tgtMask=None, srcKeyPaddingMask=None, tgtKeyPaddingMask=None,
                 memoryKeyPaddingMask=None):
        return module(
            source, target, tgt_mask=tgtMask, src_key_padding_mask=srcKeyPaddingMask,
            tgt_key_padding_mask=tgtKeyPaddingMask, memory_key_padding_mask=memoryKeyPaddingMask,
            tgt_is_causal=arguments["tgtIsCausal"],
        )

    return record_module(draw, "transformer", arguments, inputs, module, function=function)


KINDS = [
    attention, multihead, lambda draw: encoder(draw, 0), attention, lambda draw: decoder(draw, 0), multihead, attention,
    lambda draw: encoder(draw, 2), attention, lambda draw: decoder(draw, 2), multihead, transformer,
]


def cases(draw, count):
    for number in range(count):
        yield KINDS[number % len(KINDS)](draw)
