"""Makes files of every kind beside this one, and expected.json: what Pillow reads from each (Pillow 9.4, Debian 12: python3-pil);
upright.json: the same of what ImageOps.exif_transpose makes of those with an orientation.

A line of expected.json is width, height and the SHA-256 of the 8-bit RGB pixels, row by row. Not made here but kept as they came: grey16.png, gamma.png (gAMA of 1.0), stray-bytes.jpg (before a
marker), camera-scan.jpg (a camera's own scan parameters), chroma-large.jpg and chroma-uneven.jpg (odd sampling), and two without a picture, no-height.bad.jpg and cut-header.bad.jpg.
Run it in this folder with /usr/bin/python3.
"""
import glob
import hashlib
import json
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

random = np.random.default_rng(1)
y, x = np.mgrid[0:17, 0:23]
colours = np.clip(np.stack([128 + 90 * np.sin(x / 3.0 + c) + 30 * np.cos(y / 2.0 - c) for c in range(3)], 2) + random.integers(-9, 9, (17, 23, 3)), 0, 255).astype(np.uint8)
image = Image.fromarray(colours)
veil = np.dstack([colours, random.integers(0, 256, colours.shape[:2]).astype(np.uint8)])        # alpha of all degrees
veiled = Image.fromarray(veil, "RGBA")
few = image.quantize(40)


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png16(array):
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[array.shape[2]]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    header = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], 16, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


veiled.save("alpha.png")
veiled.convert("LA").save("grey-alpha.png")
image.convert("L").save("grey.png")
image.convert("1").save("one-bit.png")
few.save("palette.png")
few.save("palette-alpha.png", transparency=bytes(random.integers(0, 256, 40).tolist()))
image.save("colour-key.png", transparency=tuple(int(level) for level in colours[0, 0]))
deep = veil.astype(np.uint16) * 256 + random.integers(0, 256, veil.shape).astype(np.uint16)
open("rgb16.png", "wb").write(png16(deep[..., :3]))
open("alpha16.png", "wb").write(png16(deep))

image.save("plain.jpg", quality=85)
image.save("progressive.jpg", quality=85, progressive=True)
image.save("full-chroma.jpg", quality=85, subsampling=0)
image.convert("L").save("grey.jpg", quality=85)
image.convert("CMYK").save("inks.jpg", quality=85)
turned = Image.Exif()
turned[274] = 6                                     # to be shown turned by a quarter
image.save("orientation.jpg", quality=85, exif=turned.tobytes())
for turned[274] in range(2, 9):
    Image.open("plain.jpg").crop((0, 0, 21, 13)).save(f"turned-{turned[274]}.jpg", quality=85, exif=turned.tobytes())
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
profile = profile.replace(b"rXYZ", b"tXYZ", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"tXYZ", b"gXYZ", 1)        # with red and green exchanged
image.save("profile.jpg", quality=85, icc_profile=profile)
image.save("profile.png", icc_profile=profile)
open("trailer.jpg", "wb").write(open("plain.jpg", "rb").read() + b"what a camera adds")

image.save("lossless.webp", lossless=True)
image.save("lossy.webp", quality=80)
veiled.save("alpha.webp", lossless=True, exact=True)
image.save("colour.bmp")
image.convert("L").save("grey.bmp")
few.save("moving.gif", save_all=True, append_images=[few.rotate(90), few.rotate(180)])

expected = {}
for name in sorted(glob.glob("*.*")):
    if not name.endswith((".py", ".json", ".bad.jpg")):
        pixels = np.asarray(Image.open(name).convert("RGB"))
        if name == "grey16.png":                    # Pillow cuts its numbers off at 255 there, where the upper byte is meant
            pixels = np.repeat((np.asarray(Image.open(name)).astype(int) // 256).astype(np.uint8)[..., None], 3, 2)
        expected[name] = [pixels.shape[1], pixels.shape[0], hashlib.sha256(pixels.tobytes()).hexdigest()]
upright = {}
for name in sorted(["orientation.jpg", *glob.glob("turned-*.jpg")]):
    pixels = np.asarray(ImageOps.exif_transpose(Image.open(name)))
    upright[name] = [pixels.shape[1], pixels.shape[0], hashlib.sha256(pixels.tobytes()).hexdigest()]
for file, table in [("expected.json", expected), ("upright.json", upright)]:
    open(file, "w").write("{\n" + ",\n".join(f"  {json.dumps(name)}: {json.dumps(of)}" for name, of in table.items()) + "\n}\n")
