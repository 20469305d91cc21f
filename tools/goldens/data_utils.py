#!/usr/bin/env python3
"""What keras.utils makes of arrays and of folders: tests/goldens/data_utils.jsonl, and the images that it reads, tests/goldens/images.

One row a call: "call", its arrays and arguments, and "y" (a list of arrays) or "error". Of images also "files", in their order, which is that of
"y" only where Keras does not shuffle: TensorFlow mixes them once more.
"""
import os
import shutil
import struct
import zlib

import numpy as np
import tensorflow as tf

from common import OUT, array, error_of, floats, ints, keras, write

U = keras.utils
SEQUENCES = [[1.0, 2.0, 3.0], [4.0], [], [5.5, -6.5]]
PADS = [{}, {"padding": "post"}, {"maxlen": 2}, {"maxlen": 2, "truncating": "post"}, {"maxlen": 5, "value": -1.5, "dtype": "float32"},
        {"maxlen": 1, "padding": "post", "truncating": "post"}, {"padding": "x"}, {"truncating": "y"}, {"dtype": "float64", "value": 0.25}]
CLASSES = [(ints(0, 5, 6), 0), (ints(0, 5, 6), 7), (ints(0, 3, 4, 1), 0), (ints(0, 3, 2, 3), 4), (ints(-2, 2, 5), 3), (floats(5) * 3, 9), (ints(0, 5, 6), 2),
           (np.array([[[1]]], "int32"), 0)]
NORMS = [(floats(3, 4), -1, 2), (floats(3, 3), 1, 1), (floats(2, 3, 3), 1, 2), (floats(3, 4), -1, 3), (ints(-3, 3, 3, 4), -1, 2), (floats(3, 4) * 0, -1, 2),
         (floats(3, 4), -1, 0), (floats(3, 4), 5, 2)]
NORMS += [(NORMS[i][0], axis, order) for i, axis, order in ((0, 0, np.inf), (0, 1, -np.inf), (2, 2, 0.5), (4, 0, np.inf), (2, -2, -1), (1, 0, 2), (2, 0, 2))]
NORMS += [(NORMS[0][0][:1], 0, 2), (NORMS[0][0][:, :1], 0, 1), (NORMS[0][0][0], -1, 2), (NORMS[0][0][1], 0, 2), (NORMS[1][0], -2, 2), (NORMS[0][0][:, :0], 1, 2)]
SERIES = [{"sequence_length": 5, "sequence_stride": 4}, {"sequence_length": 5, "sequence_stride": 3, "sampling_rate": 2}, {"sequence_length": 3, "sequence_stride": 2, "start_index": 3, "end_index": 14},
          {"sequence_length": 20}, {"sequence_length": 21},
          {"sequence_length": 3, "start_index": -1}, {"sequence_length": 3, "start_index": 30}, {"sequence_length": 3, "end_index": 31}, {"sequence_length": 3, "start_index": 5, "end_index": 4}]
SPLITS = [(0.75, 0, -1), (3, 0, -1), (0, 0.25, -1), (0, 3, -1), (0.33, 0.33, -1), (2, 3, -1), (0.6, 3, -1), (0.75, 0, 5), (0, 4, 123), (0, 0, -1), (1.5, 0, -1), (11, 0, -1), (-0.5, 0, -1),
          (0.8, 0.5, -1), (0.01, 0, -1), (0.99, 0, -1), (0, 20, -1)]

IMAGES = os.path.abspath(os.path.join(OUT, "images"))
HEIGHT, WIDTH = 6, 8
PNGS, JPEGS = {"directory": "png"}, {"directory": "jpeg"}
SPLIT = {"validation_split": 0.3, "seed": 3}
AS_FILES = {"image_size": [HEIGHT, WIDTH], "shuffle": False}
FOLDERS = [*({**PNGS, **AS_FILES, "color_mode": c} for c in ("rgb", "rgba", "grayscale")), *({**JPEGS, **AS_FILES, "color_mode": c} for c in ("rgb", "grayscale", "rgba")),
           *({**PNGS, "image_size": [4, 5], "shuffle": False, "interpolation": i} for i in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "x")),
           *({**PNGS, "image_size": s, "shuffle": False, "class_names": ["grey", "color"], how: True} for how in ("crop_to_aspect_ratio", "pad_to_aspect_ratio")
             for s in ([4, 4], [3, 9], [9, 3], [12, 16])),
           {**PNGS, "image_size": [9, 11], "shuffle": False, "class_names": ["grey"]}]
# Which files and labels, without the numbers of the images.
LISTS = [{"shuffle": False}, {"seed": 3}, {"seed": 0}, {"seed": 2**32 - 1}, {"seed": -1}, {"seed": 2**32}, *({**SPLIT, "subset": s} for s in ("training", "validation", "x")),
         *({**SPLIT, "shuffle": False, "subset": s} for s in ("training", "validation")), *({**SPLIT, "validation_split": v, "subset": s} for v in (0.01, 0.1, 0.99, 0.5, 1.5, -0.1, 1.0)
           for s in ("training", "validation")), {"validation_split": 0.3, "subset": "training"}, {"validation_split": 0.3}, {"subset": "training"},
         *({"shuffle": False, "label_mode": m} for m in ("categorical", "binary", None, "x")), {"color_mode": "x"}, {"class_names": ["color", "x"]}, {"class_names": ["grey"], "label_mode": None},
         *({"shuffle": False, "label_mode": m, "class_names": ["grey", "color"]} for m in ("int", "categorical", "binary")), {"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
         {"directory": "none"}, {"directory": "png/color", "label_mode": None, "shuffle": False}, {"directory": "png/color", "seed": 1}, {"directory": "damaged"}, {"directory": "short"}]


def png(depth, kind, rows, palette=b"", clear=b""):
    """Of what TensorFlow does not write: packed samples, palettes."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) if data or name == b"IEND" else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0, 0)) + chunk(b"PLTE", palette) + chunk(b"tRNS", clear)
            + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + r for r in rows))) + chunk(b"IEND", b""))


def write_images():
    r = np.random.RandomState(1)
    draw = lambda channels, kind="uint8": r.randint(0, np.iinfo(kind).max + 1, (HEIGHT, WIDTH, channels)).astype(kind)
    waves = np.stack([128 + 100 * np.sin(np.add.outer(np.arange(HEIGHT) * a, np.arange(WIDTH) * b)) for a, b in ((0.3, 0.2), (0.1, 0.5), (0.4, 0.1))], -1).astype("uint8")
    palette = r.randint(0, 256, 24).astype("uint8").tobytes()
    files = {"png/color/rgb.png": tf.io.encode_png(draw(3)), "png/color/rgba.png": tf.io.encode_png(draw(4)), "png/color/deep.PNG": tf.io.encode_png(draw(3, "uint16")),
             "png/color/more/palette.png": png(8, 3, [bytes((i + j) % 8 for j in range(WIDTH)) for i in range(HEIGHT)], palette, bytes([0, 128])),
             "png/color/more-/clear.png": png(8, 2, [bytes(draw(3)[0].ravel()) for _ in range(HEIGHT)], clear=bytes([0, 1, 0, 2, 0, 3])),
             "png/grey/grey.png": tf.io.encode_png(draw(1)), "png/grey/alpha.png": tf.io.encode_png(draw(2)), "png/grey/deep.png": tf.io.encode_png(draw(1, "uint16")),
             "png/grey/packed.png": png(2, 0, [bytes([0x1B, 0xE4])] * HEIGHT), "png/grey/bits.png": png(1, 0, [bytes([0xA5])] * HEIGHT),
             "png/Empty/notes.txt": b"no image", "png/.hidden/rgb.png": tf.io.encode_png(draw(3)),
             "jpeg/a/fine.jpg": tf.io.encode_jpeg(waves, quality=95), "jpeg/a/coarse.jpeg": tf.io.encode_jpeg(waves, quality=50), "jpeg/a/named.png": tf.io.encode_jpeg(waves, "", 90, True),
             "jpeg/b/grey.jpg": tf.io.encode_jpeg(waves[..., :1]), "damaged/a/junk.png": b"junk", "short/a/half.jpg": tf.io.encode_jpeg(waves).numpy()[:-100]}
    shutil.rmtree(IMAGES, ignore_errors=True)
    for name, data in files.items():
        os.makedirs(os.path.dirname(os.path.join(IMAGES, name)), exist_ok=True)
        with open(os.path.join(IMAGES, name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.numpy())


def images(kw, out, pixels=True):
    d = U.image_dataset_from_directory(**kw, batch_size=100, verbose=False)
    out["files"] = [os.path.relpath(f) for f in d.file_paths]
    batch = next(iter(d.as_numpy_iterator()))
    x, y = batch if isinstance(batch, tuple) else (batch, None)
    out["shape"] = list(x.shape)
    found = [x.astype("float32")] if pixels else []
    return found + ([y] if y is not None and not kw.get("shuffle", True) else [])


def folder(kw, pixels=True):
    found = {}
    made = row("image_dataset", images, kw, found, pixels, **kw)
    return made if "error" in made else {**made, **found}


def pad(kw):
    return [U.pad_sequences(SEQUENCES, **kw)]


def series(y, kw):
    parts = [b for b in U.timeseries_dataset_from_array(floats(20, 2), y, batch_size=100, **kw).as_numpy_iterator()]
    return list(parts[0]) if parts and y is not None else parts


def split(left, right, seed):
    parts = U.split_dataset(np.arange(10), left or None, right or None, shuffle=seed >= 0, seed=seed if seed >= 0 else None)
    return [np.array([int(v) for v in p.as_numpy_iterator()], "int32") for p in parts]


def row(call, f, *args, **given):
    try:
        return {"call": call, **given, "y": [array(a) for a in f(*args)]}
    except Exception as e:
        return {"call": call, **given, "error": error_of(e)}


def rows():
    for kw in PADS:
        yield row("pad_sequences", pad, kw, values=array(np.array(sum(SEQUENCES, []), "float32")), lengths=[len(s) for s in SEQUENCES], **kw)
    for x, n in CLASSES:
        yield row("to_categorical", lambda: [U.to_categorical(x, n or None)], x=array(x), n=n)
    for x, axis, order in NORMS:
        yield row("normalize", lambda: [U.normalize(x, axis, order)], x=array(x), axis=axis, order=order)
    for kw in SERIES:
        for y in (None, ints(0, 99, 20), ints(0, 99, 11, 2)):
            yield row("timeseries", series, y, kw, x=array(floats(20, 2)), **({} if y is None else {"targets": array(y)}), **kw)
    for left, right, seed in SPLITS:
        yield row("split", split, left, right, seed, left=left, right=right, seed=seed)
    write_images()
    os.chdir(IMAGES)
    for kw in FOLDERS:
        yield folder(kw)
    for kw in LISTS:
        yield folder({**PNGS, "image_size": [HEIGHT, WIDTH], **kw}, pixels=False)


if __name__ == "__main__":
    write("data_utils", rows())
