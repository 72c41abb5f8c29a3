"""Trains tiny networks as the Latent Zoning Network is published, to judge the training program: parity.py GIVEN RESULT.

GIVEN is a safetensors file with a recipe in its metadata, initial weights, and what every step gets: images, labels and all that is drawn. RESULT holds all of it again, beside what
training makes of it: each step's loss, quantities and gradient norm, and the weights and their running means after the last. The latent flow is the plain one, with every
difference between a point and an anchor in memory, [M, N, d]; everything is computed in float64. Needs PyTorch 1.13 or newer.
"""
import json
import math
import struct
import sys

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)


# The latent space. Points x: [M, d], anchors: [N, d], weights of the anchors: [N].

def velocity(x, t, anchors, weights):
    """Velocity of the points at time t, [M, d], and the probabilities of the anchors there, [M, N]."""
    noise = (x[:, None] - (1 - t) * anchors) / t                        # [M, N, d]
    p = torch.softmax(weights.log() - noise.square().sum(2) / 2, 1)     # [M, N]
    return (p[:, :, None] * (noise - anchors)).sum(1), p


def forward_euler(anchors, prior, steps):
    t, h = 1e-4, (1 - 1e-4) / steps
    x = t * prior + (1 - t) * anchors
    for _ in range(steps):
        x = x + h * velocity(x, t, anchors, torch.ones(len(anchors)))[0]
        t += h
    return x


def reverse_euler(x, anchors, steps, weights):
    """Where the points arrive, and the probabilities of the anchors before every step."""
    t, h, probabilities = 1, 1 / steps, []
    for _ in range(steps):
        v, p = velocity(x, t, anchors, weights)
        probabilities.append(p)
        x = x - h * v
        t -= h
    return x, probabilities


def forward_dpm(anchors, prior, steps):
    """DPM-Solver++ (Lu et al., 2022), multistep, order 3, steps of equal time; alpha = 1 - t, sigma = t."""
    times = torch.linspace(1e-3, 1 - 1e-3, steps + 1).tolist()
    logs = [math.log((1 - t) / t) for t in times]                       # half the logarithm of the signal-to-noise ratio
    x = times[0] * prior + (1 - times[0]) * anchors
    data = []                                                           # predicted ends of the paths, the newest first
    for k, (t, after) in enumerate(zip(times, times[1:])):
        v = velocity(x, t, anchors, torch.ones(len(anchors)))[0]
        noise = (v + x / (1 - t)) / (1 + t / (1 - t))
        data.insert(0, (x - t * noise) / (1 - t))
        h = logs[k + 1] - logs[k]
        phi1 = math.expm1(-h)
        phi2 = phi1 / h + 1
        phi3 = phi2 / h - 1 / 2
        order = min(3, k + 1, steps - k if steps < 10 else 3)
        x = after / t * x - (1 - after) * phi1 * data[0]
        if order > 1:
            r0 = (logs[k] - logs[k - 1]) / h
            d0 = (data[0] - data[1]) / r0
        if order == 2:
            x = x - (1 - after) * phi1 / 2 * d0
        if order == 3:
            r1 = (logs[k - 1] - logs[k - 2]) / h
            d1 = (data[1] - data[2]) / r1
            first, second = d0 + r0 / (r0 + r1) * (d0 - d1), (d0 - d1) / (r0 + r1)
            x = x + (1 - after) * (phi2 * first - phi3 * second)
    return x


FORWARD = {"euler": forward_euler, "dpm": forward_dpm}


def assignment(probabilities, own, drop_first):
    """Both losses of how surely points flow back to their own anchors, int64 [M], and the mean probability of these at the last step."""
    q = torch.stack([p[torch.arange(len(own)), own] for p in probabilities])        # [steps, M]
    best = q[int(len(q) * drop_first):].amax(0)
    return -best.mean(), -best.log().mean(), q[-1].mean()


def weighted(probability, cross_entropy, weights):
    return weights["probability"] * probability + weights["crossEntropy"] * cross_entropy


# The objectives. Each gives the loss and what else is reported.

def latents(recipe, model, images, prior):
    return FORWARD[recipe["flow"]["solver"]](model.encoder(images), prior, recipe["flow"]["steps"])


def flow_loss(model, step, latent):
    x0 = step["noise"]
    count = len(x0)                                                     # the decoder sees the first images of the batch
    x1, t = step["views"][0][:count], 1e-3 + (1 - 1e-3) * step["uniform"]           # t ~ U(1e-3, 1)
    s = t[:, None, None, None]
    xt = s * x1 + (1 - s) * x0
    labels = F.one_hot(step["labels"][:count], model.classes).to(xt) if model.classes else xt.new_zeros(count, 0)
    return ((x1 - x0) - model.decoder(latent[:count], labels, t, xt)).square().mean()


def generation(recipe, model, step):
    flow = flow_loss(model, step, latents(recipe, model, step["views"][0], step["prior"]))
    return flow, [flow]


def representation(recipe, model, step):
    settings = recipe["contrastive"]
    x = latents(recipe, model, step["views"][0], settings["priorScale"] * step["prior"])
    anchors = model.encoder(step["views"][1])
    arrived, probabilities = reverse_euler(x, anchors, recipe["flow"]["steps"], torch.ones(len(anchors)))
    probability, cross_entropy, accuracy = assignment(probabilities, torch.arange(len(x)), settings["dropFirst"])
    nearest = anchors[torch.cdist(arrived, anchors).argmin(1)]
    ode_error = ((arrived - nearest).norm(dim=1) / nearest.norm(dim=1)).mean()
    return weighted(probability, cross_entropy, settings["lossWeight"]), [probability, cross_entropy, accuracy, ode_error]


def joint(recipe, model, step):
    settings, labels = recipe["labelFlow"], step["labels"]
    x = latents(recipe, model, step["views"][0], step["prior"])
    flow = flow_loss(model, step, x)
    frequencies = F.one_hot(labels, model.classes).to(x).mean(0)
    sure = latents(recipe, model, step["views"][0], settings["priorScale"] * step["prior"])
    _, probabilities = reverse_euler(sure, model.label_anchors, settings["steps"], frequencies)
    probability, cross_entropy, _ = assignment(probabilities, labels, settings["dropFirst"])
    label = weighted(probability, cross_entropy, settings["lossWeight"])
    return flow + label, [flow, label, probability, cross_entropy]


OBJECTIVE = {"generation": generation, "representation": representation, "joint": joint}


# The networks that recipes call small.

def norm(channels):
    return nn.GroupNorm(channels // 8, channels)


def conv(inputs, outputs, kernel=3, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2)


class Block(nn.Module):
    def __init__(self, inputs, outputs, condition=0):
        super().__init__()
        self.norm1, self.conv1, self.norm2, self.conv2 = norm(inputs), conv(inputs, outputs), norm(outputs), conv(outputs, outputs)
        self.condition = nn.Linear(condition, 2 * outputs) if condition else None
        self.skip = conv(inputs, outputs, kernel=1) if inputs != outputs else nn.Identity()

    def forward(self, x, condition=None):
        h = self.norm2(self.conv1(F.silu(self.norm1(x))))
        if condition is not None:
            scale, shift = self.condition(condition)[:, :, None, None].chunk(2, 1)
            h = h * (1 + scale) + shift
        return self.conv2(F.silu(h)) + self.skip(x)


class Encoder(nn.Module):
    def __init__(self, recipe):
        super().__init__()
        channels, blocks = recipe["channels"], recipe["blocks"]
        self.stem = conv(12, channels[0])
        self.stages = []
        for level, outputs in enumerate(channels):
            inputs = channels[max(level - 1, 0)]
            stage = nn.ModuleDict({"halve": conv(inputs, inputs, stride=2)} if level else {})
            stage.update({f"block{i}": Block(outputs if i else inputs, outputs) for i in range(blocks)})
            self.add_module(f"stage{level}", stage)
            self.stages.append(stage)
        self.norm, self.head = norm(channels[-1]), nn.Linear(channels[-1], recipe["latentDimension"])

    def forward(self, x):
        h = self.stem(F.pixel_unshuffle(x, 2))
        for stage in self.stages:
            for layer in stage.values():
                h = layer(h)
        return self.head(F.silu(self.norm(h)).mean((2, 3)))


class Decoder(nn.Module):
    def __init__(self, recipe, latent, classes):
        super().__init__()
        channels, self.blocks, self.width = recipe["channels"], recipe["blocks"], recipe["conditionDimension"]
        self.levels = len(channels)
        self.condition1, self.condition2 = nn.Linear(latent + classes + self.width, self.width), nn.Linear(self.width, self.width)
        self.stem, self.middle = conv(12, channels[0]), Block(channels[-1], channels[-1], self.width)
        self.norm, self.output = norm(channels[0]), conv(channels[0], 12)
        for level, outputs in enumerate(channels):
            for i in range(self.blocks):
                self.add_module(f"down{level}_block{i}", Block(outputs if i else channels[max(level - 1, 0)], outputs, self.width))
                self.add_module(f"up{level}_block{i}", Block(outputs if i else 2 * outputs, outputs, self.width))
            if level < self.levels - 1:
                self.add_module(f"halve{level}", conv(outputs, outputs, stride=2))
                self.add_module(f"double{level}", conv(channels[level + 1], outputs, kernel=1))

    def forward(self, latent, labels, t, xt):
        frequencies = torch.exp(-math.log(10000) * torch.arange(self.width // 2) / max(1, self.width // 2 - 1))
        phase = 999 * t[:, None] * frequencies
        condition = F.silu(self.condition1(torch.cat([latent, labels, phase.sin(), phase.cos()], 1)))
        condition = F.silu(self.condition2(condition))
        h, skips = self.stem(F.pixel_unshuffle(xt, 2)), []
        for level in range(self.levels):
            h = self.run(f"down{level}", h, condition)
            skips.append(h)
            if level < self.levels - 1:
                h = self.get_submodule(f"halve{level}")(h)
        h = self.middle(h, condition)
        for level in reversed(range(self.levels)):
            if level < self.levels - 1:
                h = F.interpolate(self.get_submodule(f"double{level}")(h), scale_factor=2.0)
            h = self.run(f"up{level}", torch.cat([h, skips.pop()], 1), condition)
        return F.pixel_shuffle(self.output(F.silu(self.norm(h))), 2)

    def run(self, name, h, condition):
        for i in range(self.blocks):
            h = self.get_submodule(f"{name}_block{i}")(h, condition)
        return h


class Model(nn.Module):
    def __init__(self, recipe, classes):
        super().__init__()
        latent = recipe["encoder"]["latentDimension"]
        self.classes = classes if recipe["objective"] == "joint" else 0
        self.encoder = Encoder(recipe["encoder"])
        self.decoder = Decoder(recipe["decoder"], latent, self.classes) if recipe["decoder"] else None
        self.label_anchors = nn.Parameter(torch.empty(self.classes, latent)) if self.classes else None


# Training.

class MovingAverage:
    """Of one part of the model: mean = decay mean + (1 - decay) weight."""

    def __init__(self, weights, limit):
        self.weights, self.limit, self.updates = weights, limit, 0
        self.means = {name: weight.detach().clone() for name, weight in weights.items()}

    def update(self):
        self.updates += 1
        decay = min(self.limit, (1 + self.updates) / (10 + self.updates))
        for name, weight in self.weights.items():
            self.means[name] = decay * self.means[name] + (1 - decay) * weight.detach()


def train(recipe, model, steps):
    """What every step reports, and the running means of the weights after the last."""
    training = recipe["training"]
    parts = {}
    for name, weight in model.named_parameters():
        parts.setdefault(name.split(".")[0], {})[name] = weight
    rates = {"encoder": "encoder", "decoder": "decoder", "label_anchors": "labelAnchors"}
    optimizer = torch.optim.Adam([{"params": list(weights.values()), "lr": training["learningRate"][rates[part]]} for part, weights in parts.items()])
    warm_up = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / training["warmupIterations"], total_iters=training["warmupIterations"])
    averages = {part: MovingAverage(weights, training["emaDecay"]) for part, weights in parts.items()}
    decoder_steps = training["decoderIterations"] or len(steps)
    losses, quantities, norms = [], [], []
    for k, step in enumerate(steps):
        if model.decoder and k == decoder_steps:
            model.decoder.requires_grad_(False)                         # from now on it only passes gradients on
        loss, reported = OBJECTIVE[recipe["objective"]](recipe, model, step)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norms.append(nn.utils.clip_grad_norm_([weight for weight in model.parameters() if weight.requires_grad], training["clipNorm"]))
        optimizer.step()
        warm_up.step()
        for part, average in averages.items():
            if part != "decoder" or k < decoder_steps:
                average.update()
        losses.append(loss.detach())
        quantities.append(torch.stack(reported).detach())
    means = {name: mean for average in averages.values() for name, mean in average.means.items()}
    return {"losses": torch.stack(losses), "quantities": torch.stack(quantities), "norms": torch.stack(norms)}, means


# Files.

TYPES = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64, "U8": torch.uint8}


def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(*struct.unpack("<Q", file.read(8))))
        content = file.read()
    metadata = header.pop("__metadata__")
    return metadata, {name: torch.frombuffer(bytearray(content[slice(*entry["data_offsets"])]), dtype=TYPES[entry["dtype"]]).reshape(entry["shape"]) for name, entry in header.items()}


def write(path, metadata, tensors):
    names, header, content = {dtype: name for name, dtype in TYPES.items()}, {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        data = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(content), len(content) + len(data)]}
        content += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + content)


def steps_of(given):
    """What each step gets; images in [-1, 1]."""
    drawn = {name: given[name].double() for name in ["prior", "noise", "uniform"] if name in given}
    views = given["views"].double() / 127.5 - 1                         # [steps, views, B, 3, S, S]
    return [{"views": views[k], "labels": given["labels"][k], **{name: values[k] for name, values in drawn.items()}} for k in range(len(views))]


def main(given_path, result_path):
    metadata, given = read(given_path)
    recipe = json.loads(metadata["recipe"])
    model = Model(recipe, int(metadata["classes"]))
    model.load_state_dict({name[len("initial."):]: weight for name, weight in given.items() if name.startswith("initial.")})
    reported, means = train(recipe, model, steps_of(given))
    trained = {f"trained.{name}": weight.detach().float() for name, weight in model.named_parameters()}
    write(result_path, metadata, {**given, **reported, **trained, **{f"mean.{name}": mean.float() for name, mean in means.items()}})


if __name__ == "__main__":
    main(*sys.argv[1:])
