"""The networks of NetworkBenchmark.cs in PyTorch, as one writes them: forward and backward, timed from Python.

Reads lines: "decoder NF", "resnet" or "resnet-sk" builds a network and answers its number of parameters; "step B" runs one step and answers its seconds.
"""
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

MULTIPLES, BLOCKS, ATTENTION, SIZE, LATENT, CLASSES = (1, 2, 2, 2), 4, 16, 32, 200, 10


def group_norm(channels):
    return nn.GroupNorm(min(channels // 4, 32), channels, eps=1e-6)


class Nin(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.W = nn.Parameter(torch.randn(inputs, outputs) / math.sqrt(inputs))
        self.b = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return torch.einsum("bchw,cd->bdhw", x, self.W) + self.b[:, None, None]


class Attention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = group_norm(channels)
        self.query, self.key, self.value, self.output = (Nin(channels, channels) for _ in range(4))

    def forward(self, x):
        h = self.norm(x)
        q, k, v = (layer(h).flatten(2) for layer in (self.query, self.key, self.value))
        p = torch.softmax(torch.bmm(q.transpose(1, 2), k) * x.shape[1] ** -0.5, dim=2)
        h = torch.bmm(v, p.transpose(1, 2)).reshape(x.shape)
        return (x + self.output(h)) / math.sqrt(2)


class Block(nn.Module):
    def __init__(self, inputs, outputs, condition, resample=None):
        super().__init__()
        self.resample = resample or (lambda x: x)
        self.norm0, self.conv0 = group_norm(inputs), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.dense = nn.Linear(condition, outputs)
        self.norm1, self.dropout, self.conv1 = group_norm(outputs), nn.Dropout(0.15), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs or resample else nn.Identity()

    def forward(self, x, condition):
        h = self.conv0(self.resample(F.silu(self.norm0(x))))
        h = h + self.dense(F.silu(condition))[:, :, None, None]
        h = self.conv1(self.dropout(F.silu(self.norm1(h))))
        return (self.skip(self.resample(x)) + h) / math.sqrt(2)


def halve(x):
    return F.avg_pool2d(x, 2)


def double(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Decoder(nn.Module):
    def __init__(self, nf):
        super().__init__()
        self.nf, condition = nf, 4 * nf
        self.first, self.second = nn.Linear(LATENT + CLASSES + nf, condition), nn.Linear(condition, condition)
        self.stem = nn.Conv2d(3, nf, 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        channels, skips = nf, [nf]
        for level, multiple in enumerate(MULTIPLES):
            for _ in range(BLOCKS):
                self.down.append(self.stage(channels, multiple * nf, level))
                channels = multiple * nf
                skips.append(channels)
            if level < len(MULTIPLES) - 1:
                self.down.append(nn.ModuleList([Block(channels, channels, condition, halve)]))
                skips.append(channels)
        self.middle = nn.ModuleList([Block(channels, channels, condition), Attention(channels), Block(channels, channels, condition)])
        for level, multiple in reversed(list(enumerate(MULTIPLES))):
            stages = nn.ModuleList()
            for index in range(BLOCKS + 1):
                stages.append(self.stage(channels + skips.pop(), multiple * nf, level if index == BLOCKS else None))
                channels = multiple * nf
            self.up.append(stages)
            if level:
                self.up.append(nn.ModuleList([nn.ModuleList([Block(channels, channels, condition, double)])]))
        self.norm, self.output = group_norm(channels), nn.Conv2d(channels, 3, 3, padding=1)

    def stage(self, inputs, outputs, level):
        attends = level is not None and SIZE >> level == ATTENTION
        return nn.ModuleList([Block(inputs, outputs, 4 * self.nf)] + ([Attention(outputs)] if attends else []))

    def run(self, stage, x, condition):
        x = stage[0](x, condition)
        return stage[1](x) if len(stage) > 1 else x

    def forward(self, latents, labels, t, xt):
        half = self.nf // 2
        phase = (t * 999)[:, None] * torch.exp(torch.arange(half) * (-math.log(10000) / (half - 1)))
        condition = self.second(F.silu(self.first(torch.cat([latents, labels, phase.sin(), phase.cos()], 1))))
        features = [self.stem(xt)]
        for stage in self.down:
            features.append(self.run(stage, features[-1], condition))
        h = self.middle[2](self.middle[1](self.middle[0](features[-1], condition)), condition)
        for stages in self.up:
            for stage in stages:
                joins = len(stages) > 1
                h = self.run(stage, torch.cat([h, features.pop()], 1) if joins else h, condition)
        return self.output(F.silu(self.norm(h)))


def conv(inputs, outputs, kernel=3, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, bias=False)


def norm(channels, relu=True):
    return nn.Sequential(nn.GroupNorm(32, channels), *([nn.ReLU()] if relu else []))


class SelectiveKernel(nn.Module):
    def __init__(self, width, stride):
        super().__init__()
        self.main = nn.Sequential(conv(width, 2 * width, 3, stride), norm(2 * width))
        self.mixing = nn.Sequential(conv(width, 32, 1), norm(32), conv(32, 2 * width, 1))

    def forward(self, x):
        both = torch.stack(self.main(x).chunk(2, dim=1))
        weights = self.mixing(both.sum(0).mean([2, 3], keepdim=True))
        return (both * torch.softmax(torch.stack(weights.chunk(2, dim=1)), 0)).sum(0)


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride, selective):
        super().__init__()
        outputs, self.projection = 4 * width, nn.Identity()
        if inputs != outputs:
            shortcut = [nn.ZeroPad2d((0, 1, 0, 1)), nn.AvgPool2d(2, stride), conv(inputs, outputs, 1)] if selective else [conv(inputs, outputs, 1, stride)]
            self.projection = nn.Sequential(*shortcut, norm(outputs, relu=False))
        middle = [SelectiveKernel(width, stride)] if selective else [conv(width, width, 3, stride), norm(width)]
        self.net = nn.Sequential(conv(inputs, width, 1), norm(width), *middle, conv(width, outputs, 1), norm(outputs, relu=False))

    def forward(self, x):
        return F.relu(self.projection(x) + self.net(x))


class ResNet50(nn.Module):
    def __init__(self, selective):
        super().__init__()
        stem = [conv(3, 32, 3, 2), norm(32), conv(32, 32), norm(32), conv(32, 64), norm(64)] if selective else [conv(3, 64, 7, 2), norm(64)]
        layers, channels = [*stem, nn.MaxPool2d(3, 2, 1)], 64
        for stage, blocks in enumerate((3, 4, 6, 3)):
            for block in range(blocks):
                layers.append(Bottleneck(channels, 64 << stage, 2 if stage and not block else 1, selective))
                channels = 256 << stage
        self.net = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Linear(2048, 2048, bias=False), nn.GroupNorm(32, 2048), nn.ReLU(), nn.Linear(2048, 256, bias=False), nn.GroupNorm(32, 256))

    def forward(self, images):
        return self.head(self.net((images + 1) / 2).mean([2, 3]))


def inputs_of(network, batch):
    if isinstance(network, ResNet50):
        return (torch.randn(batch, 3, 64, 64),)
    return torch.randn(batch, LATENT), F.one_hot(torch.randint(CLASSES, (batch,)), CLASSES).float(), torch.rand(batch), torch.randn(batch, 3, SIZE, SIZE)


def main():
    network = None
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "step":
            inputs = inputs_of(network, int(arguments[0]))
            network.zero_grad(set_to_none=True)
            start = time.perf_counter()
            network(*inputs).square().mean().backward()
            print(time.perf_counter() - start, flush=True)
        else:
            network = Decoder(int(arguments[0])) if command == "decoder" else ResNet50(selective=command == "resnet-sk")
            print(sum(parameter.numel() for parameter in network.parameters()), flush=True)


if __name__ == "__main__":
    main()
