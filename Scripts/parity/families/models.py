"""Whole models: what they give with the weights that PyTorch drew, and their losses over twenty steps of training."""

import torch
import torch.nn.functional as F
from torch import nn

STEPS = 20


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(x)) + shortcut)


class ResNet20(nn.Module):
    """That of He et al. (2016) for small images, with `width` channels in the first stage."""

    def __init__(self, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        for stage in range(3):
            outputs = width << stage
            inputs = outputs if stage == 0 else outputs // 2
            blocks = [BasicBlock(inputs, outputs, 1 if stage == 0 else 2)]
            blocks += [BasicBlock(outputs, outputs, 1) for _ in range(2)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(4 * width, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


class SequenceClassifier(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, 2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, classes)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


class Translator(nn.Module):
    def __init__(self, symbols, width):
        super().__init__()
        self.embedding = nn.Embedding(symbols, width)
        self.transformer = nn.Transformer(width, 2, 2, 2, 4 * width, 0.0, batch_first=True)
        self.head = nn.Linear(width, symbols)

    def forward(self, source, target):
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        return self.head(self.transformer(self.embedding(source), self.embedding(target), tgt_mask=mask))


def trained(operation, arguments, model, optimizer, inputs, labels):
    """The output in evaluation mode with the first weights, then the losses of steps over the same batch."""
    case = {"operation": operation, "arguments": arguments, "inputs": dict(inputs) | {"labels": labels}, "results": {}}
    case["inputs"] |= {f"state.{name}": tensor.detach().clone() for name, tensor in model.state_dict().items()}
    with torch.no_grad():
        case["results"]["output"] = model.eval()(*inputs.values())
    losses = []
    model.train()
    for _ in range(STEPS):
        output = model(*inputs.values())
        loss = F.cross_entropy(output.flatten(0, -2), labels.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    case["results"]["losses"] = torch.stack(losses)
    return case


def cases(draw, count):
    width, classes, batch = 4, 5, 6
    model = ResNet20(width, classes)
    inputs = {"x": draw.tensor(batch, 3, 12, 12)}
    optimizer = torch.optim.SGD(model.parameters(), 0.02, momentum=0.9)
    arguments = {"width": width, "classes": classes, "steps": STEPS}
    yield trained("resnet20", arguments, model, optimizer, inputs, draw.indices(classes, batch))

    model = SequenceClassifier(7, 9, classes)
    inputs = {"x": draw.tensor(batch, 11, 7)}
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    arguments = {"features": 7, "hidden": 9, "classes": classes, "steps": STEPS}
    yield trained("sequenceClassifier", arguments, model, optimizer, inputs, draw.indices(classes, batch))

    model = Translator(13, 16)
    inputs = {"source": draw.indices(13, 3, 7), "target": draw.indices(13, 3, 5)}
    optimizer = torch.optim.AdamW(model.parameters(), 0.003)
    arguments = {"symbols": 13, "width": 16, "steps": STEPS}
    yield trained("translator", arguments, model, optimizer, inputs, draw.indices(13, 3, 5))
