"""Writes golden.json: what PyTorch computes for the inputs that the tests state again in C#. Run with python3-torch 1.13; numbers are float32."""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler as schedules

golden = {}


def keep(name, tensor):
    golden[name] = [float(value) for value in torch.as_tensor(tensor).detach().flatten()]


def steps(make):
    parameter = torch.nn.Parameter(torch.tensor([0.5, -1.25, 2.0]))
    optimizer = make([parameter])
    for i in range(5):
        parameter.grad = torch.tensor([0.1 * (i + 1), -0.3 + 0.2 * i, 1.0 / (i + 1)])
        optimizer.step()
    return parameter


keep("Adam", steps(lambda p: torch.optim.Adam(p, lr=0.01)))
keep("Adam, decay and amsgrad", steps(lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1, amsgrad=True)))
keep("AdamW", steps(lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1)))
keep("SGD, nesterov", steps(lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)))


def rates(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = make(optimizer)
    result = [optimizer.param_groups[0]["lr"]]
    for _ in range(7):
        optimizer.step()
        schedule.step()
        result.append(optimizer.param_groups[0]["lr"])
    return torch.tensor(result, dtype=torch.float64)


keep("LambdaLR", rates(lambda o: schedules.LambdaLR(o, lambda epoch: 1 / (1 + epoch))))
keep("MultiplicativeLR", rates(lambda o: schedules.MultiplicativeLR(o, lambda epoch: 0.9)))
keep("StepLR", rates(lambda o: schedules.StepLR(o, 3, 0.5)))
keep("MultiStepLR", rates(lambda o: schedules.MultiStepLR(o, [2, 4], 0.1)))
keep("ExponentialLR", rates(lambda o: schedules.ExponentialLR(o, 0.5)))
keep("ConstantLR", rates(lambda o: schedules.ConstantLR(o, 0.5, 2)))
keep("LinearLR", rates(lambda o: schedules.LinearLR(o, 0.25, 1.0, 4)))
keep("CosineAnnealingLR", rates(lambda o: schedules.CosineAnnealingLR(o, 3, eta_min=0.1)))

x = torch.arange(16.0).reshape(1, 1, 4, 4)
keep("bilinear", F.interpolate(x, scale_factor=2.0, mode="bilinear"))
keep("bicubic", F.interpolate(x, size=(3, 3), mode="bicubic"))
keep("bilinear, antialias", F.interpolate(x, size=(2, 2), mode="bilinear", antialias=True))
keep("reflect", F.pad(x, (2, 1, 0, 3), mode="reflect"))
keep("grid", F.grid_sample(x, F.affine_grid(torch.tensor([[[0.5, 0.0, 0.25], [0.0, 1.0, 0.0]]]), [1, 1, 2, 2], align_corners=False), align_corners=False))
keep("conv2d", F.conv2d(x, torch.arange(18.0).reshape(2, 1, 3, 3) / 10, torch.tensor([0.5, -0.5]), stride=2, padding=1))
keep("conv_transpose2d", F.conv_transpose2d(x, torch.arange(9.0).reshape(1, 1, 3, 3) / 10, stride=2, padding=1, output_padding=1))
keep("avg_pool2d", F.avg_pool2d(x, 3, 2, 1))
keep("group_norm", F.group_norm(x.reshape(1, 4, 4), 2, torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([0.1, 0.2, 0.3, 0.4])))
keep("layer_norm", F.layer_norm(x, [4, 4]))
keep("gelu", F.gelu(torch.tensor([-1.0, 0.5])))
keep("gelu, tanh", F.gelu(torch.tensor([-1.0, 0.5]), approximate="tanh"))
keep("silu", F.silu(torch.tensor([-1.0, 0.5])))
keep("cross_entropy", F.cross_entropy(torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]]), torch.tensor([2, 0]), label_smoothing=0.1))
norm = torch.nn.BatchNorm2d(2)
keep("BatchNorm2d", norm(x.reshape(2, 2, 2, 2)))
keep("BatchNorm2d, running", torch.cat([norm.running_mean, norm.running_var]))

keep("randn, seed 7", torch.randn(4, generator=torch.Generator().manual_seed(7)))
torch.manual_seed(3)
layer = torch.nn.Linear(3, 2)
keep("Linear, seed 3", torch.cat([layer.weight.flatten(), layer.bias]))
torch.manual_seed(3)
layer = torch.nn.Conv2d(2, 3, 3)
keep("Conv2d, seed 3", torch.cat([layer.weight.flatten(), layer.bias]))

path = pathlib.Path(__file__).with_name("golden.json")
path.write_text(json.dumps(golden, indent=1) + "\n")
