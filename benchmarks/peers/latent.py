"""The forward latent flow as it is published, with [B, B, d] tensors: Euler steps, forward and backward, timed from Python.

Reads lines "flow B D STEPS"; answers the seconds of one pass over fresh anchors.
"""
import sys
import time

import torch

EPSILON = 1e-4


def latents(anchors, prior, steps):
    x = EPSILON * prior + (1 - EPSILON) * anchors
    h = (1 - EPSILON) / steps
    for step in range(steps):
        t = EPSILON + step * h
        noise = (x[:, None, :] - (1 - t) * anchors[None, :, :]) / t  # [B, B, d]
        p = torch.softmax(noise.square().sum(2) / -2, dim=1)  # [B, B]
        x = x + h * (p[:, :, None] * (noise - anchors[None, :, :])).sum(1)
    return x


def main():
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        batch, dimension, steps = map(int, line.split()[1:])
        anchors, prior = torch.randn(batch, dimension, requires_grad=True), torch.randn(batch, dimension)
        start = time.perf_counter()
        latents(anchors, prior, steps).square().mean().backward()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
