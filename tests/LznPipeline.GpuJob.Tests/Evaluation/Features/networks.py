"""Writes the feature networks that the tests name. Run with python3-torch 1.13, whose files newer libtorch reads as well."""
import pathlib
from typing import Tuple

import torch

folder = pathlib.Path(__file__).parent


class All(torch.nn.Module):
    """Features, logits of two classes, and spatial features."""

    def forward(self, x) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        mean = x.mean([2, 3])
        return torch.cat([mean, x.square().mean([2, 3])], 1), mean[:, :2] * 5, x[:, :1, ::4, ::4]


class Features(torch.nn.Module):
    """Features alone, with places of extent 1 as pooling leaves them."""

    def forward(self, x):
        return x.mean([2, 3], keepdim=True)


class Images(torch.nn.Module):
    """No features at all."""

    def forward(self, x):
        return x * 2


class Fixed(torch.nn.Module):
    """Takes images of 16 pixels only."""

    def __init__(self):
        super().__init__()
        self.map = torch.nn.Linear(3 * 16 * 16, 4)

    def forward(self, x):
        return self.map(x.flatten(1))


torch.manual_seed(0)
for module in [All(), Features(), Images(), Fixed()]:
    torch.jit.script(module).save(str(folder / f"{type(module).__name__.lower()}.pt"))
