"""Loads images as PyTorch programs do: Pillow, torchvision's transforms and a DataLoader with two worker processes.

Prints torch's version, then answers each line on standard input with a number:
  make FOLDER SIDE COUNT   writes COUNT JPEG files of SIDE pixels, in two classes; answers their mean length in bytes
  open FOLDER CASE BATCH   reads all files below FOLDER into memory, and prepares to load them as CASE (flip, held or views) does; answers their number
  epoch                    loads all of them in whole batches; answers the seconds
"""
import io
import pathlib
import sys
import time

import numpy as np
import torch
import torchvision.transforms as T
from PIL import Image
from torch.utils.data import DataLoader, Dataset

WORKERS = 2
CASES = {
    "flip": (1, [T.RandomHorizontalFlip()]),
    "held": (1, [T.RandomHorizontalFlip()]),
    "views": (2, [
        T.RandomResizedCrop(224),
        T.RandomHorizontalFlip(),
        T.RandomApply([T.ColorJitter(0.8, 0.8, 0.8, 0.2)], p=0.8),
        T.RandomGrayscale(0.2),
        T.GaussianBlur(23),
    ]),
}


def decode(file):
    return Image.open(io.BytesIO(file)).convert("RGB")


class Files(Dataset):
    """JPEG files, decoded once for all views; as "held" decoded once for all, as torchvision's CIFAR-10 is."""

    def __init__(self, folder, case):
        self.files = [path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("*.jpg"))]
        self.views, steps = CASES[case]
        self.held = [np.asarray(decode(file)) for file in self.files] if case == "held" else None
        self.transform = T.Compose([*steps, T.ToTensor(), T.Normalize([0.5] * 3, [0.5] * 3)])

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        image = decode(self.files[index]) if self.held is None else Image.fromarray(self.held[index])
        return [self.transform(image) for _ in range(self.views)], 0


def make(folder, side, count):
    """Pictures of smooth colours with edges and grain, about as long as photographs of that size."""
    draw = np.random.default_rng(0)
    lengths = []
    for number in range(count):
        coarse = Image.fromarray(draw.integers(0, 256, (6, 6, 3), dtype=np.uint8)).resize((side, side), Image.BICUBIC)
        fine = Image.fromarray(draw.integers(0, 256, (side // 8, side // 8, 3), dtype=np.uint8)).resize((side, side), Image.BILINEAR)
        pixels = np.asarray(coarse) * 0.7 + np.asarray(fine) * 0.3 + draw.normal(0, 6, (side, side, 1))
        path = pathlib.Path(folder) / f"class{number % 2}" / f"{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(path, quality=90)
        lengths.append(path.stat().st_size)
    return np.mean(lengths)


def epoch(loader):
    start = time.perf_counter()
    for _ in loader:
        pass
    return time.perf_counter() - start


def main():
    loader = None
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "make":
            print(make(arguments[0], int(arguments[1]), int(arguments[2])), flush=True)
        elif command == "open":
            files = Files(arguments[0], arguments[1])
            loader = DataLoader(files, int(arguments[2]), shuffle=True, num_workers=WORKERS, drop_last=True, persistent_workers=True)
            print(len(files), flush=True)
        else:
            print(epoch(loader), flush=True)


if __name__ == "__main__":
    main()
