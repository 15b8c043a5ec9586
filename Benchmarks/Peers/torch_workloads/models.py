"""The models, with the parameter names that rows use."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from peer import Missing


def make(operation: str) -> nn.Module:
    """The model of a `train` or `infer` operation, with parameters yet to be loaded."""
    if operation not in _MODELS:
        raise Missing(f"no model {operation} for PyTorch")
    return _MODELS[operation]()


def tiny_mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


class CNN(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc1 = nn.Linear(3136, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class BasicBlock(nn.Module):
    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        stride = 1 if channels == width else 2
        self.conv1 = nn.Conv2d(channels, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = (
            nn.Identity()
            if channels == width
            else nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))
        )

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x), inplace=True)


class ResNet20(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = self._layer(16, 16)
        self.layer2 = self._layer(16, 32)
        self.layer3 = self._layer(32, 64)
        self.fc = nn.Linear(64, 10)

    @staticmethod
    def _layer(channels: int, width: int) -> nn.Module:
        return nn.Sequential(BasicBlock(channels, width), BasicBlock(width, width), BasicBlock(width, width))

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


class Block(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.ln1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.ln2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor, cache: tuple[Tensor, Tensor] | None = None) -> Tensor:
        x = x + self.proj(self._attention(self.qkv(self.ln1(x)), cache))
        return x + self.fc2(F.gelu(self.fc1(self.ln2(x))))

    def _attention(self, qkv: Tensor, cache: tuple[Tensor, Tensor] | None) -> Tensor:
        batch, context, width = qkv.shape
        # (batch, context, 3 width) to three of (batch, heads, context, width / heads).
        q, k, v = qkv.view(batch, context, 3, self.heads, width // 3 // self.heads).permute(2, 0, 3, 1, 4)
        if cache is not None:
            # The last token's are put behind those of all others, all of which it sees.
            for kept, own in zip(cache, (k, v), strict=True):
                kept[:, :, -1:] = own
            k, v = cache
        y = F.scaled_dot_product_attention(q, k, v, is_causal=cache is None)
        return y.transpose(1, 2).reshape(batch, context, width // 3)


class GPT(nn.Module):
    def __init__(self, width: int = 128, context: int = 128, vocabulary: int = 256) -> None:
        super().__init__()
        self.tok = nn.Embedding(vocabulary, width)
        self.pos = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads=4) for _ in range(4))
        self.ln = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        # Every position has its embedding, so there is nothing to look up.
        x = self.tok(x) + self.pos.weight
        for block in self.blocks:
            x = block(x)
        return self.head(self.ln(x))


class TokenGPT(GPT):
    """The same model, given one token, and the keys and values of those before it."""

    def forward(self, x: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        x = self.tok(x) + self.pos.weight[-1]
        for block, *cache in zip(self.blocks, keys, values, strict=True):
            x = block(x, cache)
        return self.head(self.ln(x))[:, 0]


class LSTM(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(128, 128, batch_first=True)
        self.fc = nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.lstm(x)[0][:, -1])


_MODELS = {
    "tiny-mlp": tiny_mlp,
    "mlp": mlp,
    "mlp-sgd": mlp,
    "mlp-adamw": mlp,
    "cnn": CNN,
    "resnet20": ResNet20,
    "gpt": GPT,
    "gpt-token": TokenGPT,
    "lstm": LSTM,
}


def load(model: nn.Module, parameters: dict[str, Tensor]) -> None:
    """Copies all parameters into a model, and running statistics if they are among them."""
    trained = dict(model.named_parameters())
    own = trained | dict(model.named_buffers())
    if different := (trained.keys() - parameters.keys()) | (parameters.keys() - own.keys()):
        raise ValueError(f"parameters differ: {sorted(different)}")
    with torch.no_grad():
        for name, values in parameters.items():
            own[name].copy_(values)
