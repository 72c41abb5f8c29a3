"""Writes script.pt, the TorchScript module that the tests load. Run with python3-torch 1.13, whose files newer libtorch reads as well."""
import pathlib
from typing import List, Optional, Tuple

import torch


class Program(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 3)
        self.norm = torch.nn.BatchNorm1d(3)
        with torch.no_grad():
            self.layer.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
            self.layer.bias.copy_(torch.tensor([0.5, 0.0, -0.5]))
            self.norm.running_mean.copy_(torch.tensor([1.0, 2.0, 3.0]))

    def forward(self, x):
        return self.norm(self.layer(x))

    @torch.jit.export
    def pair(self, x) -> Tuple[torch.Tensor, torch.Tensor]:
        return x + 1, x * 2

    @torch.jit.export
    def several(self, x) -> List[torch.Tensor]:
        return [x, x + 1, x + 2]

    @torch.jit.export
    def mixed(self, x, factor: float, add: bool, count: int, other: Optional[torch.Tensor]) -> Tuple[torch.Tensor, int]:
        y = x * factor
        if add:
            y = y + count
        if other is not None:
            y = y + other
        return y, count

    @torch.jit.export
    def joined(self, xs: List[torch.Tensor]):
        return torch.cat(xs)


torch.jit.script(Program()).save(str(pathlib.Path(__file__).with_name("script.pt")))
