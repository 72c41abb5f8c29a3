"""Makes the images beside this file with Pillow 9.4 and torchvision 0.14 (Debian 12: python3-pil, python3-torchvision).

Each result is what one step of torchvision's transforms makes of source.png, or of square.png where the step keeps the size; all parameters stand in the file's name.
Run it in this folder with /usr/bin/python3. It also prints the hash of
every fifth red with all greens and blues after turns of their hue, and how random crops are distributed.
"""
import hashlib

import numpy as np
import torch
import torchvision.transforms.functional as F
from PIL import Image
from torchvision.transforms import RandomResizedCrop

y, x = np.mgrid[0:47, 0:61]
waves = [128 + 70 * np.sin(x / 5.0 + 2 * c) + 50 * np.cos(y / 4.0 - c) for c in range(3)]
noise = np.random.default_rng(0).integers(-40, 40, (47, 61, 3))
source = Image.fromarray(np.clip(np.stack(waves, 2) + noise, 0, 255).astype(np.uint8))
square = source.crop((9, 7, 9 + 36, 7 + 36))
source.save("source.png")
square.save("square.png")

for left, top, width, height in [(3, 5, 40, 37), (10, 12, 12, 9), (0, 0, 61, 47), (20, 0, 20, 20)]:
    F.resized_crop(source, top, left, height, width, [20, 20]).save(f"crop_{left}_{top}_{width}_{height}.png")
for shorter, size in [(20, 20), (30, 24), (64, 36)]:
    F.center_crop(F.resize(source, [shorter]), [size, size]).save(f"centre_{shorter}_{size}.png")
tall = source.rotate(90, expand=True)
F.center_crop(F.resize(tall, [31]), [28, 28]).save("tall_31_28.png")
tall.save("tall.png")

steps = {"brightness": F.adjust_brightness, "contrast": F.adjust_contrast, "saturation": F.adjust_saturation, "hue": F.adjust_hue}
for name, amounts in [("brightness", [0.3, 1.65]), ("contrast", [0.25, 1.7]), ("saturation", [0.0, 0.4, 1.8]), ("hue", [-0.2, 0.137, 0.5])]:
    for amount in amounts:
        steps[name](square, amount).save(f"{name}_{amount}.png")
F.rgb_to_grayscale(square, 3).save("gray.png")
for kernel, sigma in [(23, 0.1), (23, 0.7), (23, 2.0), (5, 2.0)]:
    F.gaussian_blur(square, [kernel, kernel], [sigma, sigma]).save(f"blur_{kernel}_{sigma}.png")

view = F.hflip(F.resized_crop(source, 2, 6, 41, 50, [36, 36]))
for name, amount in [("hue", 0.11), ("contrast", 1.4), ("saturation", 0.6), ("brightness", 1.2)]:
    view = steps[name](view, amount)
F.gaussian_blur(view, [23, 23], [1.3, 1.3]).save("view.png")

source.save("photo.jpg", quality=85)
Image.open("photo.jpg").save("photo_1.png")
for reduction in [2, 4, 8]:
    photo = Image.open("photo.jpg")
    photo.draft("RGB", (photo.width // reduction, photo.height // reduction))
    photo.save(f"photo_{reduction}.png")
source.convert("CMYK").save("inks.jpg", quality=85)
Image.open("inks.jpg").convert("RGB").save("inks.png")

levels = np.arange(256, dtype=np.uint8)
colours = Image.fromarray(np.stack(np.meshgrid(levels[::5], levels, levels, indexing="ij"), 3).reshape(52 * 256, 256, 3))
for turn in [-0.2, 0.15]:
    print(turn, hashlib.sha256(np.asarray(F.adjust_hue(colours, turn)).tobytes()).hexdigest())

torch.manual_seed(0)
for width, height in [(500, 375), (400, 60)]:
    drawn = np.array([RandomResizedCrop.get_params(Image.new("L", (width, height)), [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(20000)], dtype=float)
    print(width, height, "mean and deviation of y, x, height, width:", drawn.mean(0).round(2), drawn.std(0).round(2))
