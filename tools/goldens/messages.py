#!/usr/bin/env python3
"""What Keras says to shapes: tests/goldens/messages.jsonl. Many models are drawn by chance, so most do not fit.

A row with "in" calls the model on tensors of these shapes, without data ("symbolic") or with zeros: "out" are the
shapes that come out. A row with "y" fits it on zeros: "keys" are those of the history. "error" stands for both.
What only TensorFlow says, or what shows an object's address, is left out.
"""
import json
import random
import re

from common import compiled, error_of, keras, model_of, np, write

R = random.Random(7)
SYMBOLIC, DATA, FITS = 110, 60, 110
FOREIGN = re.compile(r"<KerasTensor|<tf\.Tensor|Tensor\(|\{\{|Graph execution|be broadcast|for input \[|Negative dimensions")


def pick(*choices):
    return R.choice(choices)


def conv():
    return (f"Conv2D({pick(2, 4)}, {pick(1, 2, 3, (3, 1))}, strides={pick(1, 1, 2)}, padding='{pick('valid', 'same')}', "
            f"groups={pick(1, 1, 2)}, data_format='channels_{pick('last', 'last', 'first')}')")


def lstm():
    return (f"LSTM({pick(1, 3)}, return_sequences={pick(True, False)}, return_state={pick(False, False, True)}, "
            f"go_backwards={pick(True, False)})")


LAYERS = [
    lambda: f"Dense({pick(1, 3, 8)}, activation={pick(None, repr('relu'), repr('glu'))})", lambda: "Flatten()", conv, lstm,
    lambda: f"Reshape({pick((4,), (2, 2), (-1,), (-1, 3), (3, -1, 2), (16,), (1, 1, 4), (6,))})",
    lambda: f"Activation('{pick('relu', 'softmax', 'glu')}')", lambda: "Dropout(0.5)",
    lambda: f"BatchNormalization(axis={pick(-1, 1, 2)})", lambda: f"Embedding(5, {pick(2, 4)})",
    lambda: f"MaxPooling2D({pick(1, 2, (2, 1))}, strides={pick(None, 1)}, padding='{pick('valid', 'same')}')",
    lambda: f"RepeatVector({pick(1, 3)})", lambda: "Rescaling(2.0)", lambda: f"Normalization(axis={pick(-1, 1)})",
    lambda: f"TimeDistributed({pick('Dense(2)', 'Flatten()', 'MaxPooling2D(1)', 'RepeatVector(2)', conv(), lstm())})",
    lambda: f"Sequential([Input({sizes(pick(1, 2, 3))}, name='inner'), {stack(1)}])",
]


def stack(most):
    return ", ".join(R.choice(LAYERS)() for _ in range(R.randint(1, most)))


def size():
    return pick(1, 2, 3, 4, 6, 8, None)


def sizes(n):
    return tuple(size() for _ in range(n))


def varied(shape):
    """Nearly the same shape."""
    s = list(shape)
    change = pick("no", "size", "more", "fewer", "one")
    if change == "size" and s:
        s[R.randrange(len(s))] = size()
    elif change == "fewer" and s:
        s.pop()
    elif change in ("more", "one"):
        s.append(1 if change == "one" else size())
    return tuple(s)


def listed(shapes):
    return [list(s) for s in shapes] if isinstance(shapes, list) else [list(shapes)]


def merged():
    """Two branches that meet."""
    a, b = sizes(pick(1, 2)), sizes(pick(1, 2))
    join = pick("Add()", "Concatenate()", "Concatenate(axis=1)")
    return join, [(None, *a), (None, *(a if pick(True, False) else varied(b)))]


def call(row, shapes, symbolic):
    try:
        model = model_of(row["model"])
        x = [keras.KerasTensor(s) if symbolic else np.zeros(s, "float32") for s in shapes]
        y = model(x if len(x) > 1 else x[0])
        row["out"] = [list(t.shape) for t in keras.tree.flatten(y)]
    except Exception as e:  # whatever Keras raises is the fact
        row["error"] = error_of(e)
    return row


def calls():
    for i in range(SYMBOLIC + DATA):
        symbolic = i < SYMBOLIC
        shape = sizes(pick(1, 2, 2, 3, 3))
        declared = pick(True, True, False)
        layers = stack(3)
        model = f"Sequential([Input({shape}), {layers}])" if declared else f"Sequential([{layers}])"
        shapes = [(pick(None, 2) if symbolic else 2, *(varied(shape) if declared else shape))]
        if i % 8 == 0:
            model, shapes = merged()
        if not symbolic:
            shapes = [tuple(3 if n is None else n for n in s) for s in shapes]
        yield call({"model": model, "symbolic": symbolic, "in": [list(s) for s in shapes]}, shapes, symbolic)


LOSSES = ["mse", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "crossentropy", "mape",
          "kl_divergence", "hinge", "categorical_hinge", "huber", "cosine_similarity", "binary_focal_crossentropy", "dice",
          "Huber(reduction='sum')", "BinaryCrossentropy(from_logits=True)", "mean_square", "Dice(axis=1)"]
METRICS = ["accuracy", "mse", "AUC", "AUC()", "Precision", "binary_accuracy", "categorical_accuracy", "binary_crossentropy",
           "categorical_crossentropy", "sparse_categorical_crossentropy", "sparse_categorical_accuracy", "acuracy"]


def fitted(row, x, y, how):
    try:
        model = compiled(model_of(row["model"]), row)
        done = model.fit(np.zeros(x), np.zeros(y), shuffle=False, verbose=0, **how)
        row["keys"] = sorted(done.history)
    except Exception as e:  # whatever Keras raises is the fact
        row["error"] = error_of(e)
    return row


def fits():
    for _ in range(FITS):
        units, n = pick(1, 2, 3), pick(8, 8, 7)
        last = f"Dense({units}, activation='{pick('sigmoid', 'softmax', 'linear')}')"
        shape, first = pick(((5,), "Dense(4)"), ((6, 2), "LSTM(3)"), ((6, 2), "LSTM(3, return_sequences=True)"), ((3, 4), "Flatten()"),
                            ((3, 4), "Dense(4)"))
        x = (n, *(shape if R.random() < 0.85 else varied(shape)))
        x = tuple(2 if s is None else s for s in x)
        y = pick((n,), (n, 1), (n, units), (n, 2), (n, 3), (n, units, 1), (n, 1, units), (n, 6), (n, 6, units), (3, units))
        row = {"model": f"Sequential([Input({shape}, name='x'), {first}, {last}])", "optimizer": "sgd",
               "loss": R.choice(LOSSES), "metrics": R.sample(METRICS, R.randint(0, 2)), "fit": {"batch_size": pick(4, 3, 16)},
               "x": {"x": {"shape": list(x)}}, "y": {"y": {"shape": list(y)}}}
        yield fitted(row, x, y, row["fit"])


# --- what chance does not meet --------------------------------------------------------------------------

# A layer or model by itself, and the shapes that it is called on, symbolically and with data.
PLAIN = [
    ("Dense(3)", [()], [(4,)], [(2, 0)], [(None, None)], [(2, 3, 4)]),
    ("Dense(0)", [(2, 3)]), ("Dense(-1)", [(2, 3)]), ("Dense(3, activation='sofmax')", [(2, 3)]), ("Dense('3')", [(2, 3)]),
    *[(f"{text}, dtype='{d}')", [(2, 4, 3)]) for d in ("complex64", "complex128", "string", "int16", "uint32") for text in (
        "Activation('relu'", "MaxPooling1D(2", "Dense(2, kernel_initializer='zeros'", "BatchNormalization(axis=-1", "LSTM(2")],
    ("BatchNormalization(synchronized=True)", [(2, 3)]), ("Add(dtype='complex64')", [(2, 3), (2, 3)]),
    ("Cropping2D()", [(2, 1, 2, 3)]), ("Multiply()", [(), ()]), ("Conv2D(2, False)", [(2, 3, 3, 1)]), ("Dense(2, batch_shape=(None, 3))", [(2, 3)]),
    *[(f"Sequential([Dense(2, input_shape={v})])", [(2, 3)]) for v in ("'a'", "100", "(-1,)", "[1, 'a']")], ("Dense(2, input_shape='a')", [(2, 3)]),
    ("Flatten()", [()], [(3,)], [(2, None, 3)]), ("Flatten(data_format='channels_first')", [(2, 3, 4)], [(2, 3)]),
    ("Reshape((2, 3))", [(2, 6)], [(2, 7)], [(None, None)], [(2,)]), ("Reshape((-1, 4))", [(2, 6)], [(2, 2, 6)], [(2, None, 4)], [(2, None)]),
    ("Reshape((-1, -1))", [(2, 4)]), ("Reshape((0, 2))", [(2, 0)]), ("Reshape((-2, 2))", [(2, 4)]),
    ("Activation('relu')", [()], [(3,)]), ("Activation('glu')", [(2, 3)], [(2, 4)]), ("Activation('none')", [(2, 3)]),
    ("Dropout(0.5)", [()]), ("Dropout(1.5)", [(2, 3)]), ("Dropout(0.5, noise_shape=(None, 1))", [(2, 3)], [(2, 3, 4)]),
    ("BatchNormalization()", [(3,)], [(2, None)], [(2, 3)]), ("BatchNormalization(axis=3)", [(2, 3, 4)], [(2, 3, 4, 5)]),
    ("BatchNormalization(axis=-3)", [(2, 3)], [(2, 3, 4)]), ("BatchNormalization(axis=0)", [(2, 3)]), ("BatchNormalization(axis=[1, 2])", [(2, 3, 4)]),
    ("Embedding(5, 2)", [()], [(3,)], [(2, 3, 4)]), ("Embedding(0, 2)", [(2, 3)]), ("Embedding(5, -1)", [(2, 3)]),
    ("Conv2D(3, 2)", [(2, 4, 4)], [(2, 4, 4, 2)], [(2, 1, 4, 2)], [(2, None, None, 2)], [(2, 4, 4, None)], [(2, 3, 4, 4, 2)]),
    ("Conv2D(3, 3, dilation_rate=2)", [(2, 4, 5, 1)], [(2, 5, 5, 1)]), ("Conv2D(3, (5, 1), data_format='channels_first')", [(2, 1, 4, 4)], [(2, 2, 5, 5)]),
    ("Conv2D(4, 2, groups=2)", [(2, 4, 4, 3)], [(2, 4, 4, 4)]), ("Conv2D(3, 2, groups=2)", [(2, 4, 4, 4)]), ("Conv2D(2, (1, 2, 3))", [(2, 4, 4, 1)]),
    ("Conv2D(2, 2, padding='full')", [(2, 4, 4, 1)]), ("Conv2D(2, 2, strides=2, dilation_rate=2)", [(2, 4, 4, 1)]), ("Conv2D(2, 2, strides=0)", [(2, 4, 4, 1)]),
    ("MaxPooling2D()", [(2, 4, 4)], [(2, 1, 4, 2)], [(2, 5, 5, 1)], [(2, None, None, 1)]), ("MaxPooling2D(3, padding='same')", [(2, 2, 2, 1)]),
    ("MaxPooling2D(2, data_format='channels_first')", [(2, 4, 1, 4)], [(2, 1, 4, 4)]), ("MaxPooling2D((2, 0))", [(2, 4, 4, 1)]), ("MaxPooling2D(2, strides=-1)", [(2, 4, 4, 1)]),
    ("LSTM(2)", [(2, 3)], [(2, 3, 4, 5)], [(2, None, 4)], [(2, 3, None)], [(None, None, 3)]), ("LSTM(2, unroll=True)", [(2, None, 4)], [(2, 3, 4)]),
    ("LSTM(2, stateful=True)", [(None, 3, 4)], [(2, 3, 4)]), ("LSTM(0)", [(2, 3, 4)]), ("LSTM(2, activation='tahn')", [(2, 3, 4)]),
    ("ConvLSTM1D(2, 3)", [(2, 3, 4)], [(2, 3, 2, 1)], [(2, 3, 4, 1)], [(2, 3, None, 1)], [(2, 3, 4, None)], [(2, None, 4, 1)]),
    ("ConvLSTM2D(2, 2, data_format='channels_first', return_state=True, stateful=True)", [(2, 3, 1, 4, 4)], [(None, 3, 1, 4, 4)]),
    ("SpectralNormalization(Flatten())", [(2, 3)]), ("SpectralNormalization(Conv1D(2, 3))", [(2, 3)], [(2, 3, 2)], [(2, 2, 2)], [(2, 3, None)]),
    ("ReversibleEmbedding(5, 2)", [(2, 3)]), ("RNN(LSTMCell(2))", [(2,)], [(2, 3)], [(2, 3, 4)], [(2, 3, 4, 5)], [(2, None, 4)], [(2, 3, None)]), ("RNN(LSTMCell(2), stateful=True)", [(None, 3, 4)], [(2, 3, 4)]),
    ("RNN([LSTMCell(2), GRUCell(3)], return_state=True, return_sequences=True)", [(2, 3, 4)], [(None, None, 3)], [(2, 3, None)], [(2, 3)]), ("RNN([])", [(2, 3, 4)]),
    ("RNN(StackedRNNCells([SimpleRNNCell(2), StackedRNNCells([GRUCell(3)])]))", [(2, 3, 4)], [(2, 3, None)]),
    ("LSTM(2, return_state=True)", [(2, 3, 4)], [(2, 3, 4), (2, 2), (2, 2)], [(2, 3, 4), (2, 3), (2, 2)]),
    ("RepeatVector(2)", [(2,)], [(2, 3)], [(2, 3, 4)]), ("RepeatVector(1.5)", [(2, 3)]), ("RepeatVector(0)", [(2, 3)]),
    ("TimeDistributed(Dense(2))", [(2, 3)], [(2, 3, 4)], [(2, None, 4)], [(2, 3, None)]), ("TimeDistributed(LSTM(2))", [(2, 3, 4)], [(2, 3, 4, 5)]),
    ("TimeDistributed(Flatten())", [(2, 3, 4, 5)]), ("TimeDistributed(Conv2D(2, 3))", [(2, 3, 2, 4, 1)], [(2, 3, 4, 4, 1)]),
    ("Add()", [(2, 3)], [(2, 3), (2, 3)], [(2, 3), (2, 4)], [(2, 3), (2, 1)], [(2, 3), (3,)], [(2, 3), (2, 4, 3)], [(None, 3), (2, 3)], [(2, 3), (4, 3)]),
    ("Concatenate()", [(2, 3)], [(2, 3), (2, 4)], [(2, 3), (3, 3)], [(2, 3), (2, 3, 1)], [(2, None), (2, 3)], [(None, 3), (2, 3)], [()]),
    ("Concatenate(axis=1)", [(2, 3, 4), (2, 5, 4)], [(2, 3, 4), (2, 5, 6)]), ("Concatenate(axis=2)", [(2, 3), (2, 3)]),
    ("Rescaling([1.0, 2.0])", [(2, 2)], [(2, 3)], [(2, 1)]), ("Rescaling()", [(2, 2)]),
    ("Normalization(mean=[1.0, 2.0], variance=[1.0, 2.0])", [(2, 2)], [(2, 3)], [(2, 1)]), ("Normalization()", [(2, None)], [(3,)], [()]),
    ("Normalization(axis=(1, 2))", [(2, 3, 4)], [(2, 3)]), ("Normalization(mean=1.0)", [(2, 3)]), ("Normalization(axis=2)", [(2, 3)]),
    ("Sequential([])", [(2, 3)]), ("Sequential([Dense(2, name='a'), Dense(2, name='a')])", [(2, 3)]), ("Sequential([Dense(2), Input((3,))])", [(2, 3)]),
    ("Sequential([Input((3,)), Dense(2)])", [(3,)], [(2, 3)], [(2, 3, 1)], [(2, 1, 3)], [(2, 4)], [(None, 3)]),
    ("Sequential([Input((3, 1)), Dense(2)])", [(2, 3)], [(2, 3, 1)], [(2, 3, 2)], [(2, 3, 1, 1)], [(2,)]),
    ("Sequential([Input(batch_shape=(2, 3)), Dense(2)])", [(2, 3)], [(4, 3)], [(None, 3)], [(2, 4)]),
    ("Sequential([Dense(2), Sequential([Input((3,)), Dense(2)])])", [(2, 3)]), ("Sequential([Input((4,)), Reshape((2, 2)), LSTM(2), LSTM(2)])", [(2, 4)]),
]


def functionals():
    """Models of several inputs, and the shapes that they are called on."""
    a, b = keras.Input((3,), name="a"), keras.Input((4,), name="b")
    layers = keras.layers
    two = keras.Model([a, b], layers.Concatenate(name="both")([layers.Dense(2, name="left")(a), layers.Dense(2, name="right")(b)]), name="two")
    yield two, [(2, 3), (2, 4)], [(2, 3), (2, 5)], [(2, 4), (2, 3)], [(2, 3)], [(2, 3), (2, 4), (2, 1)], [(2, 3), (3, 4)], [(2, 3, 1), (2, 4)], [(2,), (2, 4)]
    shared = layers.Dense(3, name="shared")
    yield keras.Model(a, [shared(a), layers.Add(name="sum")([shared(shared(a)), a])], name="sharing"), [(2, 3)], [(2, 2)], [(None, 3)]
    image = keras.Input((4, 4, 1), name="image")
    flat = layers.Flatten(name="flat")(layers.Conv2D(2, 3, name="look")(image))
    yield keras.Model(image, flat, name="seeing"), [(2, 4, 4)], [(2, 4, 4, 1)], [(2, 4, 4, 1, 1)], [(2, 4, 4, 3)], [(2, 16)], [(2, 5, 4, 1)], [(2, 4)]
    open_ended = keras.Input((None, 2), name="steps")
    yield keras.Model(open_ended, layers.LSTM(2, name="read")(open_ended), name="reading"), [(2, 5, 2)], [(2, 5, 3)], [(2, 5)], [(2, 2)]
    inner = keras.Model(a, layers.Dense(3, name="dense")(a), name="inner")
    yield keras.Model(b, layers.Dense(1, name="y")(inner(layers.Dense(3, name="x")(b))), name="around"), [(2, 4)], [(2, 3)]


NOTHING = ["build_config", "compile_config", "registered_name", "quantization_config"] + [
    f"{w}_{o}" for w in ["kernel", "recurrent", "bias", "activity"] for o in ["initializer", "regularizer", "constraint"]]

# Layer i of a Functional gets another argument; its call on the declared shapes.
CHANGES = [("two", 0, {"batch_shape": [None, 3, 5]}), ("two", 0, {"batch_shape": [None]}), ("two", 3, {"units": 5}), ("two", 4, {"axis": 1}), ("two", 4, {"axis": 3}),
           ("sharing", 0, {"batch_shape": [None, 5]}), ("sharing", 1, {"units": 4}), ("seeing", 0, {"batch_shape": [None, 2, 4, 1]}),
           ("seeing", 1, {"kernel_size": [5, 1]}), ("seeing", 0, {"batch_shape": [None, 4, 4]}), ("reading", 0, {"batch_shape": [None, 2]}), ("around", 1, {"units": 2})]


def short_config(v):
    """Without what says nothing, and without "build_config", so that a layer is built for what it gets."""
    if isinstance(v, dict):
        return {k: short_config(item) for k, item in v.items() if k not in NOTHING}
    return [short_config(item) for item in v] if isinstance(v, list) else v


def both_ways(model, shapes):
    for symbolic in [True, False]:
        if symbolic or not any(None in s for s in shapes):
            yield call({"model": model, "symbolic": symbolic, "in": [list(s) for s in shapes]}, shapes, symbolic)


def chosen():
    for model, *cases in PLAIN:
        for shapes in cases:
            yield from both_ways(model, shapes)
    named = {}
    for model, *cases in functionals():
        value = short_config(json.loads(model.to_json()))
        named[model.name] = value, cases[0]
        for shapes in cases:
            yield from both_ways(value, shapes)
    for name, i, change in CHANGES:
        value, shapes = named[name]
        value = json.loads(json.dumps(value))
        value["config"]["layers"][i]["config"].update(change)
        shapes = [tuple(layer["config"]["batch_shape"]) for layer in value["config"]["layers"] if layer["class_name"] == "InputLayer"]
        yield from both_ways(value, [tuple(s) for s in shapes])


# More layers that were declared for other sizes than they get.
DECLARED = [
    ("Conv1D(2, 2)", (3, 2)), ("Conv3D(2, 2)", (3, 3, 3, 2)), ("Conv2DTranspose(2, 2)", (3, 3, 2)), ("SeparableConv2D(2, 2)", (3, 3, 2)), ("DepthwiseConv2D(2)", (3, 3, 2)),
    ("GlobalMaxPooling1D()", (4, 2)), ("UpSampling2D()", (3, 3, 2)), ("ZeroPadding2D()", (3, 3, 2)), ("Cropping2D()", (3, 3, 2)), ("Permute((2, 1))", (3, 4)), ("PReLU()", (3, 4)),
    ("PReLU(shared_axes=[1])", (3, 4)), ("Softmax()", (3,)), *[(f"LayerNormalization({how})", (3, 4)) for how in ("", "axis=1", "axis=[1, 2]", "rms_scaling=True")],
    ("RMSNormalization()", (4,)), ("GroupNormalization(2)", (4,)), ("GroupNormalization(2, axis=1)", (4, 3)), ("UnitNormalization()", (4,)), ("UnitNormalization(axis=[1, 2])", (3, 4)),
    ("BatchNormalization()", (4,)), ("EinsumDense('abc,cd->abd', output_shape=(None, 3))", (3, 4)), ("EinsumDense('ab,bc->ac', output_shape=5)", (3,)), ("Normalization(axis=1)", (3, 2)),
    ("Normalization(mean=[1.0, 2.0], variance=[4.0, 0.25])", (2,)), ("SpatialDropout1D(0.5)", (3, 4)), ("Masking(0.0)", (3, 4)), ("CategoryEncoding(3)", (3,)), ("Resizing(2, 3)", (4, 4, 1)),
    ("RandomFlip()", (4, 4, 1)), ("AdaptiveAveragePooling1D(2)", (5, 3)), ("LSTM(2)", (3, 2)), ("GRU(2, return_sequences=True)", (3, 2)), ("Bidirectional(GRU(2))", (3, 2)),
    ("ConvLSTM1D(3, 2)", (3, 4, 2)), ("SpectralNormalization(Dense(3))", (4,)), ("TimeDistributed(Dense(2))", (3, 4)), ("RNN([LSTMCell(2), GRUCell(3)])", (3, 2)),
]


def elsewhere():
    """1 and sizes that are not known are let pass, so that only shapes are computed."""
    for layer, shape in DECLARED:
        for i in range(len(shape)):
            for size in (1, None):
                shapes = [(None, *shape[:i], size, *shape[i + 1:])]
                row = {"model": f"Sequential([Input({shape}), {layer}])", "symbolic": True, "in": [list(shapes[0])]}
                yield call(row, shapes, True)


def looking():
    """Attention that gives other shapes than its query has."""
    a, b = keras.Input((3, 4), name="a"), keras.Input((5, 4), name="b")
    layers = keras.layers
    made = [layers.MultiHeadAttention(2, 3, output_shape=shape, name=f"heads{i}")(a, b) for i, shape in enumerate([None, 6, (5,), (2, 3)])]
    made.append(layers.GroupQueryAttention(4, 2, 2, name="groups")(a, b))
    made += [layer([a, b]) for layer in (layers.Attention(name="one"), layers.AdditiveAttention(name="two"))]
    value = short_config(json.loads(keras.Model([a, b], made, name="m").to_json()))
    for shapes in [(2, 3, 4), (2, 5, 4)], [(None, 3, 4), (None, None, 4)], [(None, None, 4), (2, 5, 4)]:
        yield from both_ways(value, shapes)


ONE = "Sequential([Input((3,), name='x'), Dense(1, name='y')])"
THREE = "Sequential([Input((3,), name='x'), Dense(3, activation='softmax', name='y')])"
SCE = "sparse_categorical_crossentropy"


def fit_cases():
    """Model, what it is compiled with, the shapes of x and y, arguments of fit."""
    for loss in ["mse", "MSE", "mean_squared", "", "logcosh", "Crossentropy", "['mse', 'mae']", "{'y': 'mse'}", "{'z': 'mse'}", None]:
        yield ONE, {"loss": loss}, (8, 3), (8, 1), {}
    for metrics in [["mse", "acuracy"], ["Precisions"], ["f1"], ["['mae']"], ["{'y': 'mae'}"], ["{'z': 'mae'}"], ["[['mae'], ['mse']]"], ["recall"]]:
        yield ONE, {"loss": "mse", "metrics": metrics}, (8, 3), (8, 1), {}
        yield ONE, {"loss": "mse", "weighted_metrics": metrics}, (8, 3), (8, 1), {}
    for weights in ["[1.0, 2.0]", "[0.5]", "{'y': 2.0}", "{'z': 2.0}", "2.0"]:
        yield ONE, {"loss": "mse", "loss_weights": weights}, (8, 3), (8, 1), {}
    for optimizer in ["sdg", "", "Adam(beta1=0.9)", "SGD(momentum=2.0)", "SGD(clipnorm=1.0, clipvalue=1.0)", "SGD(clipnorm=-1.0)", "Adam('fast')",
                      "SGD(use_ema=True, ema_momentum=2.0)", "SGD(gradient_accumulation_steps=1)", "RMSprop(decay=0.1)", "ADAM"]:
        yield ONE, {"optimizer": optimizer, "loss": "mse"}, (8, 3), (8, 1), {}
    for x, y in [((8, 3), (7, 1)), ((7, 3), (8,)), ((8, 3), (0, 1)), ((0, 3), (0, 1)), ((8,), (8, 1)), ((8, 4), (8, 1)), ((8, 3, 1), (8, 1)), ((8, 1, 3), (8, 1)), ((8, 3), (8, 3, 1)),
                 ((1, 3), (1, 1)), ((3,), (3,))]:
        yield ONE, {"loss": "mse"}, x, y, {}
    for y in [(8,), (8, 1), (8, 3), (8, 2), (8, 1, 1), (8, 3, 1)]:
        for loss in [SCE, "categorical_crossentropy", "bce", "CategoricalFocalCrossentropy()", "CategoricalHinge()"]:
            yield THREE, {"loss": loss}, (8, 3), y, {}
    for metric in ["sparse_categorical_accuracy", "categorical_accuracy", "binary_accuracy", "AUC()", "Precision()", "SparseTopKCategoricalAccuracy(2)", "F1Score()", "R2Score()"]:
        for y in [(8,), (8, 1), (8, 3)]:
            yield THREE, {"loss": "categorical_crossentropy" if y == (8, 3) else SCE, "metrics": [metric]}, (8, 3), y, {}
    short, whole = {"shape": [5]}, {"shape": [8]}
    for fit in [{"sample_weight": short}, {"sample_weight": whole}, {"sample_weight": {"shape": [8, 1]}}, {"sample_weight": {"shape": [8, 2]}}, {"validation_split": 0.25}, {"validation_split": 1.0},
                {"validation_split": 0.01}, {"class_weight": "{0: 1.0, 1: 2.0}"}, {"class_weight": "{0: 1.0, 1: 2.0}", "sample_weight": whole}, {"epochs": 0}, {"batch_size": 0}, {"initial_epoch": 3}]:
        yield ONE, {"loss": "mse"}, (8, 3), (8, 1), fit
        if "batch_size" not in fit:
            yield THREE, {"loss": SCE}, (8, 3), (8,), fit


def chosen_fits():
    for model, how, x, y, fit in fit_cases():
        row = {"model": model, "optimizer": "sgd", **how, "fit": fit, "x": {"x": {"shape": list(x)}}, "y": {"y": {"shape": list(y)}}}
        given = dict(fit)
        if "sample_weight" in fit:
            given["sample_weight"] = np.zeros(fit["sample_weight"]["shape"])
        if "class_weight" in fit:
            given["class_weight"] = eval(fit["class_weight"])
        yield fitted(row, x, y, given)


def rows():
    for row in [*calls(), *fits(), *chosen(), *chosen_fits(), *elsewhere(), *looking()]:
        if not FOREIGN.search(row.get("error", {}).get("message", "")):
            yield row


if __name__ == "__main__":
    write("messages", rows())
