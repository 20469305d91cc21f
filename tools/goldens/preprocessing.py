#!/usr/bin/env python3
"""What preprocessing layers compute, how they are written and what they say: tests/goldens/preprocessing*.jsonl.

preprocessing.jsonl has rows as layers.jsonl, preprocessing_configs.jsonl as configs.jsonl, preprocessing_messages.jsonl as
messages.jsonl; the same tests read them.
"""
import json

from common import LAYERS, array, error_of, floats, ints, keras, made, model_of, np, rng, set_weights, write


def images(*shape, dtype="float32"):
    return np.round(rng(len(shape)).uniform(0, 10, size=shape)).astype(dtype)


METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")
LAST, FIRST = (2, 5, 7, 2), (1, 2, 6, 4)

# The layers behind Input, and the data.
STACKS = [
    # images in another size
    *[(f"Resizing({h}, {w}, '{m}', antialias={a})", images(*LAST))
      for m in METHODS for h, w, a in ((3, 4, False), (9, 11, False), (2, 12, True))],
    ("Resizing(3, 8, data_format='channels_first')", images(*FIRST)),
    ("Resizing(4, 4, 'bicubic', data_format='channels_first', antialias=True)", images(*FIRST)),
    ("Resizing(4, 4, crop_to_aspect_ratio=True)", images(*LAST)), ("Resizing(8, 3, 'nearest', True)", images(*LAST)),
    ("Resizing(4, 4, pad_to_aspect_ratio=True, fill_value=9.5)", images(*LAST)),
    ("Resizing(2, 8, 'lanczos3', pad_to_aspect_ratio=True, data_format='channels_first')", images(*FIRST)),
    ("Resizing(5, 7, 'bicubic')", images(*LAST)), ("Resizing(6, 6)", images(*LAST, dtype="uint8")),
    ("Resizing(6, 6, 'nearest')", images(*LAST, dtype="int32")), ("Resizing(3, 3, 'lanczos5')", images(*LAST, dtype="int32")),
    ("Resizing(7, 6, 'lanczos5')", (images(*LAST) > 4).astype("uint8") * 255),
    ("Resizing(1, 1, 'area')", images(1, 1, 1, 1)), ("Resizing(3, 2)", images(1, 1, 1, 1)),
    ("CenterCrop(3, 4)", images(*LAST)), ("CenterCrop(2, 3)", images(*LAST, dtype="uint8")), ("CenterCrop(5, 7)", images(*LAST)),
    ("CenterCrop(8, 3)", images(*LAST)), ("CenterCrop(3, 9)", images(*LAST, dtype="int32")),
    ("CenterCrop(3, 3, data_format='channels_first')", images(*FIRST)),
    ("CenterCrop(7, 7, data_format='channels_first')", images(*FIRST)),
    *[(f"UpSampling2D((2, 3), interpolation='{m}')", floats(*LAST)) for m in METHODS],
    ("UpSampling2D(2, 'channels_first', 'bilinear')", floats(*FIRST)), ("UpSampling2D(2, interpolation='Bicubic')", images(*LAST, dtype="int32")),
]

# expression, and the input's shape or None
LAYER_ROWS = [
    ("Resizing(3, 4)", (None, 5, 5, 2)), ("Resizing(3, 4, 'area', True, True, 'wrap', 1, True, 'channels_first', name='r')", None),
    ("Resizing(3)", None), ("Resizing(3, 4, data_format='last')", None), ("Resizing(3, 4, foo=1)", None),
    ("CenterCrop(3, 4)", None), ("CenterCrop(3, 4, 'channels_first', dtype='float64')", None), ("CenterCrop(3)", None),
    ("CenterCrop(3, 4, 'last')", None), ("UpSampling2D(2, interpolation='Bilinear')", None), ("UpSampling2D((1, 2), None, 'foo')", None),
    ("UpSampling2D(2, interpolation=None)", None),
]

# the layers, the shape, and whether it is symbolic
CALLS = [
    *[(f"{layer}{end}", shape, True) for layer in ("Resizing(3, 4", "CenterCrop(3, 4", "UpSampling2D(2, interpolation='bilinear'")
      for end in (")", ", data_format='channels_first')")
      for shape in ((None,), (None, 4), (None, 4, 5), (None, 4, 5, 2), (2, None, None, 3), (None, 2, 3, 4, 5))],
    *[(f"{layer}{end}", shape, False) for layer in ("Resizing(3, 4", "CenterCrop(3, 4") for end in (")", ", data_format='channels_first')")
      for shape in ((3,), (3, 4), (3, 4, 5), (3, 4, 5, 2), (2, 2, 3, 4, 5))],
    ("Resizing(3, 4, 'foo')", (2, 4, 4, 1), True), ("Resizing(3, 4, 'foo')", (2, 4, 4, 1), False),
    ("Resizing(3, 4, pad_to_aspect_ratio=True, crop_to_aspect_ratio=True)", (2, 4, 4, 1), False),
    ("Resizing(3, 4, fill_mode='wrap')", (2, 4, 4, 1), False), ("UpSampling2D(2, interpolation='foo')", (2, 4, 4, 1), False),
]


def stacks():
    for stack, x in STACKS:
        dtype = f", dtype={str(x.dtype)!r}" if x.dtype != np.float32 else ""
        yield f"Sequential([Input({tuple(x.shape[1:])}{dtype}, name='x'), {stack}])", {"x": x}


def rows():
    for text, x in stacks():
        model = model_of(text)
        weights = set_weights(model)
        data = list(x.values())
        y = model(data if len(data) > 1 else data[0], training=False)
        y = y if isinstance(y, (list, tuple)) else [y]
        yield {"model": text, "weights": weights, "x": {k: array(v) for k, v in x.items()}, "y": [array(v) for v in y], "calls": 1}


def configs():
    for text, shape in LAYER_ROWS:
        keras.backend.clear_session()
        keras.utils.set_random_seed(7)
        row = {"family": "layer", "expression": text, "shape": shape}
        try:
            layer = made(text, LAYERS)
            if shape:
                layer(keras.KerasTensor(shape))
            row["value"] = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
        except Exception as e:  # whatever Keras raises is the fact
            row["error"] = error_of(e)
        yield row


def messages():
    for layers, shape, symbolic in CALLS:
        row = {"model": f"Sequential([{layers}])", "symbolic": symbolic, "in": [list(shape)]}
        try:
            y = model_of(row["model"])(keras.KerasTensor(shape) if symbolic else np.zeros(shape, "float32"))
            y = y if isinstance(y, (list, tuple)) else [y]
            row["out"] = [list(t.shape) for t in y]
        except Exception as e:  # whatever Keras raises is the fact
            row["error"] = error_of(e)
        yield row


if __name__ == "__main__":
    write("preprocessing", rows())
    write("preprocessing_configs", configs())
    write("preprocessing_messages", messages())
