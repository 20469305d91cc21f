#!/usr/bin/env python3
"""What layers make of arguments of another type or size: tests/goldens/constructors.jsonl, rows as messages.py has them.

Keras looks at some arguments in the constructor, at others when the layer is built or called, at some never.
"""

from common import write
from messages import FOREIGN, call

FORMATS = ["'CHANNELS_FIRST'", "'NHWC'", "''", "1", "None"]
SEEDS = ["3", "True", "'a'", "1.5", "[1]"]
SHARES = ["[1]", "{}", "None", "'a'", "1.5", "-1", "True"]
SIZES = ["None", "-1", "'a'", "1.5", "[3]", "0"]
NUMBERS = ["None", "'a'", "[1.0]", "{}", "True"]
COUNTS = ["None", "'a'", "[1]", "{}", "2.0", "0.5", "0", "-1"]
OBJECTS = ["'nope'", "3", "{'a': 1}", "{'module': 'keras.layers', 'class_name': 'Nope', 'config': {}}"]
TUPLES = ["'a'", "'ab'", "[1, 2]", "[[1], 2]", "['a', 1]", "(0, -1)", "None", "{}"]
RANGES = ["[1]", "'a'", "5", "[1, 0]", "[0, 1, 2]", "None"]
IMAGE, SEQUENCE, VOLUME = (None, 8, 6, 3), (None, 6, 4), (None, 4, 4, 4, 2)

# A layer with a place for the argument, its values, the shape of its input.
TABLE = [
    *[(layer, FORMATS, shape) for layer, shape in [
        ("Conv2D(2, 2, data_format=?)", IMAGE), ("Conv1DTranspose(2, 2, data_format=?)", SEQUENCE), ("MaxPooling2D(data_format=?)", IMAGE),
        ("GlobalMaxPooling1D(data_format=?)", SEQUENCE), ("AdaptiveAveragePooling2D(2, data_format=?)", IMAGE), ("Flatten(data_format=?)", IMAGE),
        ("ZeroPadding2D(data_format=?)", IMAGE), ("UpSampling2D(data_format=?)", IMAGE), ("SpatialDropout2D(0.5, data_format=?)", IMAGE),
        ("ConvLSTM1D(2, 2, data_format=?)", IMAGE), ("RandomFlip(data_format=?)", IMAGE), ("CenterCrop(3, 4, data_format=?)", IMAGE),
        ("Resizing(3, 4, data_format=?)", IMAGE), ("STFTSpectrogram(frame_length=4, data_format=?)", (None, 16, 1)), ("SeparableConv2D(2, 2, data_format=?)", IMAGE)]],
    *[(layer, SEEDS, shape) for layer, shape in [
        ("Dropout(0.5, seed=?)", SEQUENCE), ("Dropout(0, seed=?)", SEQUENCE), ("SpatialDropout1D(0.5, seed=?)", SEQUENCE), ("GaussianNoise(0.5, seed=?)", SEQUENCE),
        ("AlphaDropout(0.5, seed=?)", SEQUENCE), ("LSTM(2, seed=?)", SEQUENCE), ("GRU(2, dropout=0.5, seed=?)", SEQUENCE), ("ConvLSTM1D(2, 2, seed=?)", IMAGE),
        ("RandomFlip(seed=?)", IMAGE)]],
    *[(layer, SHARES, SEQUENCE) for layer in ["Dropout(?)", "SpatialDropout1D(?)", "GaussianNoise(?)", "GaussianDropout(?)", "AlphaDropout(?)"]],
    *[(layer, SHARES, SEQUENCE) for layer in ["LSTM(2, dropout=?)", "GRU(2, recurrent_dropout=?)", "SimpleRNN(2, dropout=?)"]],
    ("ConvLSTM1D(2, 2, dropout=?)", SHARES, IMAGE),
    *[(layer, COUNTS, SEQUENCE) for layer in ["Conv1D(?, 2)", "Conv1DTranspose(?, 2)", "SeparableConv1D(?, 2)"]],
    *[(layer, [v for v in COUNTS if "." not in v], SEQUENCE) for layer in ["LSTM(?)", "Conv1D(4, 2, groups=?)", "Conv1D(3, 2, groups=?)"]],
    ("CategoryEncoding(?)", COUNTS, (None, 4)), ("Discretization(num_bins=?)", ["'a'", "[1]", "{}", "-0.5", "-1"], (None, 4)),
    ("Discretization([0.5], num_bins=?)", ["'a'", "2", "None"], (None, 4)),
    ("DepthwiseConv1D(2, depth_multiplier=?)", ["'a'", "[1]", "{}", "0", "-1"], SEQUENCE),
    ("AdaptiveMaxPooling1D(?)", [*SIZES, "[2, 1]", "[None]"], SEQUENCE), ("AdaptiveAveragePooling2D(?)", [*SIZES, "[2, None]", "[1, 2, 3]", "[2, -1]", "['a', 1]"], IMAGE),
    *[(f"{layer}({arguments})", SIZES, shape) for layer in ["CenterCrop", "Resizing", "RandomCrop"] for arguments in ["?, 4", "3, ?"] for shape in [IMAGE]],
    *[(layer, NUMBERS, shape) for layer, shape in [
        ("Masking(?)", SEQUENCE), ("ELU(?)", SEQUENCE), ("LayerNormalization(epsilon=?)", SEQUENCE), ("RMSNormalization(epsilon=?)", SEQUENCE),
        ("GroupNormalization(2, epsilon=?)", SEQUENCE), ("Discretization([0.5], epsilon=?)", SEQUENCE), ("Resizing(3, 4, fill_value=?)", IMAGE),
        ("RandomRotation(0.5, fill_value=?)", IMAGE), ("AugMix(alpha=?)", IMAGE), ("AugMix(num_chains=?)", IMAGE), ("MixUp(alpha=?)", IMAGE), ("RandAugment(num_ops=?)", IMAGE)]],
    *[(f"ReLU({name}=?)", [*NUMBERS, "-1"], SEQUENCE) for name in ["max_value", "negative_slope", "threshold"]],
    ("LeakyReLU(?)", [*NUMBERS, "-1"], SEQUENCE),
    *[(f"Dense(2, {name}=?)", OBJECTS, SEQUENCE) for name in ["kernel_initializer", "kernel_regularizer", "kernel_constraint"]],
    ("Dense(2, kernel_regularizer=?)", ["'l1_l2'", "'l1l2'", "'L1L2'"], SEQUENCE), ("Dense(2, bias_initializer=?)", ["'constant'", "'Constant'", "Constant()", "{'class_name': 'Constant', 'config': {}}"], SEQUENCE),
    ("Dense(2, dtype=?)", ["1", "[1]", "''", "'float31'", "{'class_name': 'DTypePolicy', 'config': {}}"], SEQUENCE),
    ("MaxPooling1D(padding=?)", ["1", "[1]", "None", "'causal'"], SEQUENCE), ("AveragePooling1D(2, strides=?)", ["0", "-1", "'a'", "[0]"], SEQUENCE),
    *[(layer, TUPLES, SEQUENCE) for layer in ["Conv1D(2, ?)", "Conv1D(2, 2, dilation_rate=?)", "MaxPooling1D(?)", "ZeroPadding1D(?)", "Cropping1D(?)"]],
    *[(layer, [*(v for v in TUPLES if v != "'ab'"), "[[1, 1], [0, 1]]"], IMAGE) for layer in ["Conv2D(2, 2, strides=?)", "ZeroPadding2D(?)", "Cropping2D(?)", "UpSampling2D(?)"]],
    *[(layer, ["'a'", "[1, 1]"], VOLUME) for layer in ["ZeroPadding3D(?)", "Cropping3D(?)"]],
    ("Permute(?)", ["1", "None", "'a'", "[1.5, 2]", "[2, 1]", "(2, 2)", "[]", "[3, 1, 2]"], SEQUENCE),
    ("ConvLSTM1D(2, 2, strides=?)", ["0", "2", "-1"], IMAGE), ("RandomGrayscale(?)", ["'a'", "[0.1]", "1.5", "0.3"], IMAGE),
    ("RandAugment(value_range=?)", RANGES, IMAGE), ("AugMix(value_range=?)", RANGES, IMAGE), ("Equalization(value_range=?)", RANGES, IMAGE),
    ("RandAugment(factor=?)", ["[-0.2, 0.2]", "2", "'a'"], IMAGE), ("AugMix(interpolation=?)", ["'gaussian'", "1", "'nearest'"], IMAGE),
    ("RandomContrast(?)", ["['a', 0.5]", "[0.5, 'a']", "[0.1]", "'a'"], IMAGE), ("RandomPerspective(scale=?)", [*NUMBERS, "2", "-0.5"], IMAGE),
    ("RandomColorDegeneration(0.5, data_format=?)", ["'channels_first'", "'channels_last'"], IMAGE), ("RandomColorDegeneration(?)", ["0.5"], (None, 4, 4, None)),
]
PAIRS = [
    ("Attention(dropout=?)", [*SHARES, "0.5"]), ("AdditiveAttention(dropout=?)", SHARES), ("Attention(dropout=0.5, seed=?)", SEEDS), ("Attention(dropout=-1, seed=?)", SEEDS),
    ("Concatenate(axis=?)", ["None", "[1]", "{}", "'a'", "1.5", "True"]),
]
# Several arguments that are refused: which of them first. And what only some classes take.
TOGETHER = [
    *[(layer, [SEQUENCE]) for layer in [
        "Dense(0, name=3)", "Dense(2, name=3, dtype='float31')", "Dense(2, dtype='float31', activity_regularizer='nope')", "Dense(2, activity_regularizer='nope', foo=1)",
        "Dense(2, foo=1, trainable=None)", "Dense(2, trainable=None, kernel_initializer='nope')", "Dense(0, kernel_initializer='nope')", "Dense(2, activation='nope', kernel_initializer='nope')",
        "Conv1D(2, 0, kernel_initializer='nope')", "Conv1D(0, 2, kernel_initializer='nope')", "Conv1D(2, 2, strides=0, trainable=None)", "LSTMCell(0, name=3)", "AdaptiveMaxPooling1D(2.0, name=3)",
        "Dense(2, dtype='int8')", "Dense(2, dtype='int4')", "Dense(2, dtype='float8_e4m3fn')", "SpatialDropout1D(0.5, trainable=False)", "SpatialDropout1D(foo=1)", "Discretization([0.5], trainable=False)", "Pipeline([], dtype='float32')",
        "IntegerLookup(vocabulary=[1], foo=1)", "IntegerLookup(vocabulary=[1], activity_regularizer='l1')", "ActivityRegularization(l1=None)", "Hashing(3, dtype='mixed_float16')",
        "Normalization(mean=1.0, variance=[1.0])", "Normalization(mean=[1.0, 2.0], variance=[1.0])", "Bidirectional(GRU(2), weights=3)", "Bidirectional(GRU(0), merge_mode='nope')", "Bidirectional(GRU(2), weights=[])",
        "Sequential([LSTMCell(2)])", "Sequential([MultiHeadAttention(2, 2)])"]],
    ("GroupNormalization(-1, axis=1)", [(None, 0, 4)]), ("Conv1D(2, 2, padding='causal')", [(None, 4, 4, 4)]), ("LSTMCell(2)", [(None, 3)]), ("GRUCell(2)", [(None, 3), (None, 2)]), ("StackedRNNCells([GRUCell(2)])", [(None, 3)]),
    ("MultiHeadAttention(2, 2)", [SEQUENCE]), ("MultiHeadAttention(2, 2)", [SEQUENCE, SEQUENCE]), ("GroupQueryAttention(2, 2, 1)", [SEQUENCE, SEQUENCE]), ("HashedCrossing(3)", [(None, 1)] * 3),
    *[("TimeDistributed(GRU(2, return_state=True))", [shape]) for shape in [(None, 5, 6, 1), (None, None, 6, 1)]],
    *[("RandomColorDegeneration(0.5)", [shape]) for shape in [(None, 4, 4, 2, 3), (4, 4)]],
    ("HashedCrossing(3, foo=1, trainable=2)", [(None, 1)] * 2), ("Dense(2, dtype='bool')", [SEQUENCE]), ("Dense(2, dtype='uint8', kernel_initializer='he_normal')", [SEQUENCE]), ("Dense(2, dtype='bool', kernel_initializer='zeros')", [SEQUENCE]),
    *[(f"Dense(2, activation={layer})", [SEQUENCE]) for layer in ["LeakyReLU(0.1)", "Softmax(1)", "ReLU(negative_slope=-1.0)"]],
    ("Sequential([GRU(2, return_state=True), Activation('linear')])", [SEQUENCE]),
]
# What from_config looks up by itself.
SAVED = [("Rescaling", {"scale": 2.0}), ("Rescaling", {"offset": 2.0}), ("Rescaling", {"scale": 2.0, "offset": 1.0}),
         ("Rescaling", {"scale": 2.0, "trainable": None}), ("TimeDistributed", {"dtype": 1.5})]


def saved(name, config):
    layer = {"module": "keras.layers", "class_name": name, "config": {"name": "layer", **config}, "registered_name": None}
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "model", "layers": [layer]}, "registered_name": None}


def rows():
    for layer, values, shape in TABLE:
        for v in values:
            yield call({"model": layer.replace("?", v), "symbolic": True, "in": [list(shape)]}, [shape], True)
    for layer, values in PAIRS:
        for v in values:
            yield call({"model": layer.replace("?", v), "symbolic": True, "in": [list(SEQUENCE)] * 2}, [SEQUENCE] * 2, True)
    for name, config in SAVED:
        yield call({"model": saved(name, config), "symbolic": True, "in": [list(SEQUENCE)]}, [SEQUENCE], True)
    for layer, shapes in TOGETHER:
        yield call({"model": layer, "symbolic": True, "in": [list(shape) for shape in shapes]}, shapes, True)


if __name__ == "__main__":
    write("constructors", (row for row in rows() if not FOREIGN.search(row.get("error", {}).get("message", ""))))
