#!/usr/bin/env python3
"""What preprocessing layers compute, how they are written and what they say: tests/goldens/preprocessing*.jsonl.

preprocessing.jsonl has rows as layers.jsonl, preprocessing_configs.jsonl as configs.jsonl, preprocessing_messages.jsonl as
messages.jsonl; the same tests read them.
"""
import json

from common import LAYERS, array, error_of, floats, ints, keras, made, model_of, np, rng, set_weights, tf, write


def images(*shape, dtype="float32"):
    return np.round(rng(len(shape)).uniform(0, 10, size=shape)).astype(dtype)


METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")
LAST, FIRST = (2, 5, 7, 2), (1, 2, 6, 4)
MODES = ("int", "one_hot", "multi_hot", "count")
SHAPES = ((4,), (3, 1), (2, 3), (2, 3, 2))

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
    # numbers as categories
    *[(f"Discretization([-0.5, 0.0, 1.0], output_mode='{m}')", floats(*s)) for m in MODES for s in SHAPES],
    ("Discretization([0, 2, 2], dtype='float64', output_mode='count')", ints(-1, 5, 2, 3)), ("Discretization([])", floats(2, 3)),
    ("Discretization([0.1])", np.array([[0.1, np.nan, np.inf, -np.inf]], "float32")),
    *[(f"CategoryEncoding(5, '{m}')", ints(0, 7, *s)) for m in MODES[1:] for s in SHAPES],
    ("CategoryEncoding(4, 'count', dtype='int32')", ints(0, 4, 2, 5)),
    ("CategoryEncoding(5, 'one_hot', sparse=True)", ints(0, 5, 2, 3)), ("CategoryEncoding(5, 'one_hot', sparse=True), Dense(2)", ints(0, 5, 2, 1)),
    *[(f"{layer}, output_mode='{m}', sparse=True){then}", ints(0, 5, 3, 4)) for m in MODES[2:] for then in ("", ", Dense(2)")
      for layer in ("Hashing(4", "IntegerLookup(vocabulary=[1, 2]", "Discretization([0.5, 1.5]")],
    *[(f"Hashing(7, output_mode='{m}')", ints(-9, 99, *s)) for m in MODES for s in SHAPES],
    ("Hashing(5, mask_value=3)", ints(0, 7, 2, 9)), ("Hashing(1, mask_value=3, salt=4)", ints(0, 7, 2, 9)),
    ("Hashing(9, salt=[133, 137])", ints(-5, 99, 3, 4).astype("int64") * 12345678901), ("Hashing(9)", floats(2, 4) * 10),
    ("Hashing(100, dtype='int32')", ints(-5, 99, 3, 4) * 1234567), ("Hashing(3, -1, None, 'count', dtype='float64')", ints(-1, 3, 2, 4)),
    *[(f"IntegerLookup(vocabulary=[4, 2, 6], output_mode='{m}')", ints(0, 8, *s)) for m in MODES for s in SHAPES],
    ("IntegerLookup(vocabulary=[4, 2, 6], mask_token=0)", ints(0, 8, 3, 4)), ("IntegerLookup(vocabulary=[0, -1, 4, 2], mask_token=0)", ints(0, 8, 3, 4)),
    ("IntegerLookup(vocabulary=[4, 1, 6], mask_token=2, output_mode='count')", ints(0, 8, 3, 4)),
    ("IntegerLookup(vocabulary=[4, 2], num_oov_indices=3)", ints(-9, 9, 3, 4)),
    ("IntegerLookup(vocabulary=[4, 2], num_oov_indices=3, oov_method='farmhash', mask_token=1)", ints(-9, 9, 3, 4)),
    ("IntegerLookup(vocabulary=[4, 2], num_oov_indices=5, oov_method='farmhash', salt=[1, 2])", ints(-9, 9, 3, 4)),
    ("IntegerLookup(vocabulary=[4, 2, 6], num_oov_indices=0)", np.array([[4, 6, 2, 2]], "int32")),
    ("IntegerLookup(vocabulary=[4, 2, 6], num_oov_indices=0, mask_token=9)", np.array([[4, 9, 2, 2]], "int32")),
    ("IntegerLookup(vocabulary=[4, 2, 6], invert=True)", ints(0, 6, 3, 4)), ("IntegerLookup(vocabulary=[4, 2], invert=True, mask_token=0)", ints(0, 6, 3, 4)),
    ("IntegerLookup(9, vocabulary=[4, 2, 6], output_mode='multi_hot', pad_to_max_tokens=True)", ints(0, 8, 2, 4)),
    ("IntegerLookup(9, vocabulary=[4, 2, 6], output_mode='tf_idf', idf_weights=[0.5, 1, 2], pad_to_max_tokens=True)", ints(0, 8, 2, 4)),
    # spectrograms; STFTSpectrogram needs SciPy for named windows, and TensorFlow has no channels_first for it
    *[(f"STFTSpectrogram('{m}', 4, {step}, 8, '{w}', padding='{p}', expand_dims={e})", floats(2, 9, 2))
      for m, step, w, p, e in (("log", 2, "hann", "valid", False), ("magnitude", None, "hamming", "same", True), ("psd", 3, "hann", "valid", True),
                               ("real", 1, "hann", "same", False), ("imag", 2, "hann", "valid", False), ("stft", 2, "hamming", "same", True))],
    ("STFTSpectrogram('psd', 3, window=[1.0, 2.0, 0.5], scaling='spectrum')", floats(1, 7, 1)),
    ("STFTSpectrogram('angle', 3, window=None, scaling=None)", floats(1, 7, 1) + 0.05),
    ("MelSpectrogram(8, 4, num_mel_bins=3, sampling_rate=200)", floats(2, 12)),
    ("MelSpectrogram(8, 3, 6, 'hamming', 100, 4, power_to_db=False, mag_exp=1.0)", floats(2, 2, 9)),
    ("MelSpectrogram(16, 5, 9, None, 100, 4, max_freq=40.0, top_db=3.0, ref_power=0.5)", floats(1, 20)),
    ("MelSpectrogram(9, 4, 7, num_mel_bins=3, sampling_rate=300, min_freq=0.0)", floats(2, 20)),
    ("IntegerLookup(vocabulary=[-1, 4, 2], output_mode='tf_idf', idf_weights=[0.5, 1, 2])", ints(0, 8, 2, 4)),
]


def crossed(mode, *shape):
    a, b = [keras.Input(shape[1:], dtype="int32", name=n) for n in "ab"]
    return keras.Model([a, b], keras.layers.HashedCrossing(11, mode, name="cross")([a, b]), name="m"), {"a": ints(-3, 9, *shape), "b": ints(0, 99, *shape, salt=1)}


def weighted():
    a, w = keras.Input((3,), dtype="int32", name="a"), keras.Input((3,), name="w")
    y = keras.layers.CategoryEncoding(4, "count", name="count")(a, count_weights=w)
    return keras.Model([a, w], y, name="m"), {"a": ints(0, 5, 2, 3), "w": floats(2, 3)}


MODELS = [lambda: crossed("int", 6), lambda: crossed("int", 6, 1), lambda: crossed("one_hot", 4), lambda: crossed("one_hot", 4, 1), weighted]

# The layers behind Input, what they learn from, and the data.
ADAPTED = [
    ("Discretization(num_bins=4)", floats(25, 3), floats(3, 4)), ("Discretization(num_bins=2, output_mode='one_hot')", floats(7), floats(3)),
    ("Discretization(num_bins=5, epsilon=0.1)", floats(40, 4), floats(3, 4)), ("Discretization(num_bins=30)", floats(3, 4), floats(3, 4)),
    ("IntegerLookup()", ints(0, 6, 9, 3), ints(0, 7, 3, 4)), ("IntegerLookup(4, mask_token=2, oov_token=5)", ints(0, 6, 9, 3), ints(0, 7, 3, 4)),
    ("IntegerLookup(output_mode='tf_idf')", ints(0, 6, 9, 3), ints(0, 7, 3, 4)), ("IntegerLookup(output_mode='count', num_oov_indices=2)", ints(0, 6, 9, 2), ints(0, 7, 3, 4)),
]

# expression, and the input's shape or None
LAYER_ROWS = [
    ("Resizing(3, 4)", (None, 5, 5, 2)), ("Resizing(3, 4, 'area', True, True, 'wrap', 1, True, 'channels_first', name='r')", None),
    ("Resizing(3)", None), ("Resizing(3, 4, data_format='last')", None), ("Resizing(3, 4, foo=1)", None),
    ("CenterCrop(3, 4)", None), ("CenterCrop(3, 4, 'channels_first', dtype='float64')", None), ("CenterCrop(3)", None),
    ("CenterCrop(3, 4, 'last')", None), ("UpSampling2D(2, interpolation='Bilinear')", None), ("UpSampling2D((1, 2), None, 'foo')", None),
    ("UpSampling2D(2, interpolation=None)", None),
    *[(t, None) for t in ("Discretization([1.0, 2.5])", "Discretization(num_bins=3, epsilon=0.1, output_mode='count', dtype='float64', name='d')",
                          "Discretization()", "Discretization(num_bins=-1)", "Discretization([1.0], 2)", "Discretization([1.0], output_mode='foo')",
                          "Discretization([1.0], sparse=True)", "CategoryEncoding(4)", "CategoryEncoding(4, 'binary')", "CategoryEncoding()",
                          "CategoryEncoding(0)", "CategoryEncoding(3, 'int')", "Hashing(3)", "Hashing(3, salt=5)", "Hashing(3, salt=(5, 6), mask_value=2)",
                          "Hashing(3, output_mode='count', name='h')", "Hashing(3, dtype='int32')", "Hashing(3, dtype='float32')", "Hashing(0)",
                          "Hashing(None)", "Hashing()", "Hashing(3, output_mode='foo')", "Hashing(3, salt='a')", "Hashing(3, salt=[1, 2, 3])",
                          "Hashing(3, sparse=True)", "HashedCrossing(4)", "HashedCrossing(4, 'one_hot', dtype='float64')", "HashedCrossing(4, 'count')",
                          "HashedCrossing()", "IntegerLookup()", "IntegerLookup(vocabulary=[3, 1], mask_token=0)",
                          "IntegerLookup(5, 2, vocabulary=[3, 1], output_mode='binary', pad_to_max_tokens=True)", "IntegerLookup(1)",
                          "IntegerLookup(num_oov_indices=-1)", "IntegerLookup(vocabulary_dtype='int32')", "IntegerLookup(pad_to_max_tokens=True)",
                          "IntegerLookup(oov_method='foo')", "IntegerLookup(salt=3)", "IntegerLookup(salt=3, oov_method='farmhash')",
                          "IntegerLookup(salt='a', oov_method='farmhash')", "IntegerLookup(output_mode='foo')", "IntegerLookup(invert=True, output_mode='count')",
                          "IntegerLookup(sparse=True)", "IntegerLookup(idf_weights=[1.0])", "IntegerLookup(vocabulary=[3], output_mode='tf_idf')",
                          "IntegerLookup(vocabulary=[3, 4], output_mode='tf_idf', idf_weights=[0.5])", "IntegerLookup(vocabulary=[])",
                          "IntegerLookup(vocabulary=[3, 4, 5, 4, 3])", "IntegerLookup(vocabulary=[3, 4], mask_token=4)",
                          "IntegerLookup(vocabulary=[3, 4, -1], invert=True)", "IntegerLookup(3, vocabulary=[3, 4, 5])", "STFTSpectrogram()", "STFTSpectrogram('psd', 8, 2, 16, None, True, None, 'same', True)",
                          "STFTSpectrogram('foo')", "STFTSpectrogram(frame_length=8, frame_step=9)", "STFTSpectrogram(frame_length=8, fft_length=4)",
                          "STFTSpectrogram(scaling='a')", "STFTSpectrogram(padding='full')", "STFTSpectrogram(window='foo')", "MelSpectrogram()",
                          "MelSpectrogram(16, 4, 8, 'hamming', 100.0, 5, 1, 40, False)", "MelSpectrogram(4, sequence_length=8)")],
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
    *[(f"{layer}, output_mode='{mode}')", shape, True) for mode in MODES for shape in ((None,), (None, 1), (None, 4), (2, 3, 1), (None, None, 4))
      for layer in ("Discretization([1.0, 2.0]", "Discretization(num_bins=3", "Hashing(5", "IntegerLookup(vocabulary=[3, 1]", "IntegerLookup(9, pad_to_max_tokens=True",
                    "IntegerLookup(None", "CategoryEncoding(5") if not (mode == "int" and layer.startswith("Cat"))],
    ("Discretization(num_bins=3)", (2, 3), False), ("IntegerLookup(output_mode='count')", (2, 3), False),
    *[(f"{layer})", shape, True) for layer in ("STFTSpectrogram(frame_length=4", "STFTSpectrogram('stft', 4, 1, padding='same', expand_dims=True",
                                               "STFTSpectrogram(frame_length=4, data_format='channels_first'", "MelSpectrogram(8, 3, num_mel_bins=4")
      for shape in ((9,), (None, 9), (None, 9, 2), (2, None, 2), (2, 3, None), (None, 2, 3))],
    ("HashedCrossing(4)", (None, 3), True), ("HashedCrossing(4, 'one_hot')", (None, 1), True),
    ("Resizing(3, 4, fill_mode='wrap')", (2, 4, 4, 1), False), ("UpSampling2D(2, interpolation='foo')", (2, 4, 4, 1), False),
]


def stacks():
    for stack, x in STACKS:
        dtype = f", dtype={str(x.dtype)!r}" if x.dtype != np.float32 else ""
        yield f"Sequential([Input({tuple(x.shape[1:])}{dtype}, name='x'), {stack}])", {"x": x}


def row(model, shown, x):
    weights = set_weights(model)
    data = list(x.values())
    y = model(data if len(data) > 1 else data[0], training=False)
    y = y if isinstance(y, (list, tuple)) else [y]
    y = [tf.sparse.to_dense(v) if isinstance(v, tf.SparseTensor) else v for v in y]
    return {"model": shown, "weights": weights, "x": {k: array(v) for k, v in x.items()}, "y": [array(v) for v in y], "calls": 1}


def rows():
    for text, x in stacks():
        yield row(model_of(text), text, x)
    for f in MODELS:
        keras.backend.clear_session()
        model, x = f()
        yield row(model, json.loads(model.to_json()), x)


def adapted():
    """Layers that learn from data: {"model", "adapt", ...}."""
    for layer, data, x in ADAPTED:
        text = f"Sequential([Input({tuple(x.shape[1:])}, dtype={str(x.dtype)!r}, name='x'), {layer}])"
        model = model_of(text)
        model.layers[0].adapt(data)
        yield {**row(model, text, {"x": x}), "adapt": array(data)}


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
    write("preprocessing_adapted", adapted())
    write("preprocessing_configs", configs())
    write("preprocessing_messages", messages())
