"""The trainer's workloads in PyTorch: the peer of bench/net-workloads.mjs, with the same numbers."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def hashed(length, seed, scale=1.0):
    """Integer hash to [-1, 1), as hashedArray of net-workloads.mjs."""
    index = np.arange(1, length + 1, dtype=np.uint32)
    h = (index * np.uint32(0x9E3779B1)) ^ np.uint32(((seed + 1) * 0x85EBCA6B) & 0xFFFFFFFF)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x7FEB352D)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x846CA68B)
    h = (h ^ (h >> np.uint32(16))) >> np.uint32(8)
    return ((h / 2**23 - 1) * float(np.float32(scale))).astype(np.float32)


class Block(nn.Module):
    def __init__(self, conv, norm, inputs, channels, stride):
        super().__init__()
        self.conv1 = conv(inputs, channels, 3, stride, 1, bias=False)
        self.norm1 = norm(channels)
        self.conv2 = conv(channels, channels, 3, 1, 1, bias=False)
        self.norm2 = norm(channels)
        self.same = stride == 1 and inputs == channels
        if not self.same:
            self.conv3 = conv(inputs, channels, 1, stride, 0, bias=False)
            self.norm3 = norm(channels)

    def forward(self, x):
        inner = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(inner + (x if self.same else self.norm3(self.conv3(x))))


class W1(nn.Module):
    sample, classes = (125, 4), 2

    def __init__(self, channels=4):
        super().__init__()
        self.points, self.head = nn.ModuleList(), nn.ModuleList()
        for a, b in [(channels, 64), (64, 128), (128, 512), (512, 1024)]:
            self.points += [nn.Conv1d(a, b, 1, bias=False), nn.BatchNorm1d(b)]
        for a, b in [(1024, 512), (512, 256), (256, 128)]:
            self.head += [nn.Linear(a, b, bias=False), nn.BatchNorm1d(b)]
        self.last = nn.Linear(128, 2)

    def forward(self, x):
        x = x.transpose(1, 2)
        for layer, norm in zip(self.points[::2], self.points[1::2]):
            x = F.relu(norm(layer(x)))
        x = x.max(dim=2).values
        for layer, norm in zip(self.head[::2], self.head[1::2]):
            x = F.relu(norm(layer(x)))
        return self.last(x)


class W2(nn.Module):
    sample, classes = (1, 5250), 30

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv1d(1, 32, 7, 2, 3, bias=False)
        self.norm = nn.BatchNorm1d(32)
        self.blocks, before = nn.ModuleList(), 32
        for width in [32, 32, 64, 64, 128, 128, 256, 256]:
            stride = 1 if width == before else 2
            self.blocks.append(Block(nn.Conv1d, nn.BatchNorm1d, before, width, stride))
            before = width
        self.last = nn.Linear(256, 30)

    def forward(self, x):
        x = F.relu(self.norm(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.last(x.mean(dim=2))


class W3(nn.Module):
    sample, classes = (1, 84, 10), 0

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 32, (3, 2), bias=False)
        self.norm = nn.BatchNorm2d(32)
        self.blocks, before = nn.ModuleList(), 32
        for width, stride in [(64, 2), (64, 1), (128, 2), (128, 1)]:
            self.blocks.append(Block(nn.Conv2d, nn.BatchNorm2d, before, width, stride))
            before = width
        self.encode = nn.Linear(8064, 128)
        self.decode = nn.Linear(128, 4096)
        self.up = nn.ModuleList([Block(nn.Conv2d, nn.BatchNorm2d, 64, 64, 1) for _ in range(2)])
        self.last = nn.Conv2d(64, 1, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.norm(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        x = F.relu(self.decode(F.relu(self.encode(x.flatten(1))))).reshape(-1, 64, 8, 8)
        for block in self.up:
            x = block(F.interpolate(x, scale_factor=2))
        return self.last(x).flatten(1)


def loss_of(model, output, target):
    if model.classes > 0:
        return F.cross_entropy(output, target)
    a = output - output.mean(1, keepdim=True)
    b = target - target.mean(1, keepdim=True)
    return 1 - ((a * b).sum(1) / torch.sqrt((a * a).sum(1) * (b * b).sum(1) + 1e-12)).mean()


def make(name, batch, dtype=torch.float32):
    """Model with hashed weights, and its hashed batch."""
    model = {"W1": W1, "W2": W2, "W3": W3}[name]()
    norms = (nn.BatchNorm1d, nn.BatchNorm2d)
    scales = {id(m.weight) for m in model.modules() if isinstance(m, norms)}
    with torch.no_grad():
        for i, p in enumerate(model.parameters()):
            if p.dim() > 1:
                scale = np.sqrt(3 / np.prod(p.shape[1:]))
                p.copy_(torch.from_numpy(hashed(p.numel(), 1000 + i, scale)).reshape(p.shape))
            else:
                p.fill_(1.0 if id(p) in scales else 0.0)
    model = model.to(dtype)
    x = hashed(batch * int(np.prod(model.sample)), 1).reshape(batch, *model.sample)
    if model.classes > 0:
        target = torch.arange(batch) * 7 % model.classes
    else:
        target = torch.from_numpy(hashed(batch * 1024, 2).reshape(batch, 1024)).to(dtype)
    return model, torch.from_numpy(x).to(dtype), target
