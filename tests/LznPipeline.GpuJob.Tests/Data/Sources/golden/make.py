"""Makes the files beside this one, each as the program writes it that usually does. Run it in this folder with /usr/bin/python3, python3-scipy and python3-pil.

  meta.mat                         ImageNet's list of classes, of three classes, in the format of MATLAB 5
  train-00000-of-00001.parquet     a dataset of Hugging Face: 2,050 images in two groups of rows, class names in the metadata. DuckDB writes it from the SQL that this prints;
                                   in tests/Parquet.Net.Tests/readers, after npm ci, run node duckdb.js on that.
  data_batch_1, test_batch, batches.meta   CIFAR-10's Python version, of six and three images, as Python 2 pickled it
"""
import io
import json
import os
import struct

import numpy as np
import scipy.io
from PIL import Image

COLOURS = [(200, 10, 10), (10, 200, 10), (10, 10, 200)]

synsets = np.zeros((3, 1), dtype=[(name, object) for name in ["ILSVRC2012_ID", "WNID", "words", "num_children", "children"]])
for row, (number, wnid) in enumerate([(1, "n02119789"), (2, "n01440764"), (3, "n15075141")]):
    synsets[row, 0] = (np.array([[number]], dtype=np.uint16), wnid, f"thing {number}, and a longer description of it", np.array([[0]], dtype=np.uint8), np.zeros((1, 0)))
scipy.io.savemat("meta.mat", {"other": np.arange(3.0), "synsets": synsets}, do_compression=True)


def png(colour):
    file = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return file.getvalue()


features = {"image": {"_type": "Image"}, "label": {"names": ["red", "green", "blue"], "_type": "ClassLabel"}}
files = ", ".join(f"from_hex('{png(colour).hex()}')" for colour in COLOURS)
print(f"COPY (SELECT {{'bytes': [{files}][i % 3 + 1], 'path': i || '.png'}} AS image, (i % 3)::BIGINT AS label FROM range(2050) AS numbers(i)) "
      f"TO '{os.getcwd()}/train-00000-of-00001.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048, COMPRESSION zstd, KV_METADATA {{huggingface: '{json.dumps({'info': {'features': features}})}'}});")


def text(value):
    return b"U" + bytes([len(value)]) + value.encode()


def batch(labels, rows):
    """The instructions in the order in which Python 2's cPickle writes them, without those that only remember."""
    data = rows.astype(np.uint8).tobytes()
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K" + bytes([len(labels)]) + b"M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R"
    array += b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T" + struct.pack("<I", len(data)) + data + b"tb"
    items = text("batch_label") + text("training batch 1 of 5") + text("labels") + b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    items += text("data") + array + text("filenames") + b"](" + b"".join(text(f"{number}.png") for number in range(len(labels))) + b"e"
    return b"\x80\x02}(" + items + b"u."


names = b"\x80\x02}(" + text("num_cases_per_batch") + b"M\x10'" + text("label_names") + b"](" + text("airplane") + text("zebra") + text("cat") + b"eu."
for file, count in [("data_batch_1", 6), ("test_batch", 3)]:
    pixels = np.concatenate([np.repeat(COLOURS[number % 3], 1024)[None] for number in range(count)])
    open(file, "wb").write(batch([number % 3 for number in range(count)], pixels))
open("batches.meta", "wb").write(names)
