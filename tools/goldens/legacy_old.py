"""Writes tests/goldens/legacy/kerasVERSION_*: small model files that real Keras of that version writes, and kerasVERSION_files.jsonl with what it
computes with them.

    python3 legacy_old.py VERSION FOLDER            (see old_keras.py: FOLDER holds keras-VERSION)

Each row: the file (and the file of its weights), x by input, y by output, and where the model is compiled the loss of three epochs of training
that go on from the file.
"""
import importlib, json, os, sys
import numpy as np
import old_keras

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "goldens", "legacy")
VERSION, FOLDER = sys.argv[1:3]
keras = old_keras.load(VERSION, FOLDER)
L, Sequential, Model, Input = keras.layers, keras.models.Sequential, keras.models.Model, keras.layers.Input
NUMBER = tuple(map(int, VERSION.split(".")))
ONE = VERSION.startswith("1.")
TAG = "keras" + VERSION.rsplit(".", 1)[0].replace(".", "_") + "_"
random = np.random.RandomState(5)
rows = [{"keras": VERSION, "by": "tools/goldens/legacy_old.py"}]


def settle(model):
    model.set_weights([random.uniform(0.1, 0.9, w.shape).astype(w.dtype) for w in model.get_weights()])


def numbers(shape):
    return random.uniform(-2, 2, shape).round(2).astype("float32")


def array(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "dtype": str(a.dtype), "values": a.flatten().tolist()}


def put(name, model, ints=None, weights=None, names=None):
    """The row of a file that was just written. names: of the inputs, where the file does not say them."""
    xs = {}
    for k, i in enumerate(model.inputs):
        shape = (2,) + tuple(int(d) for d in i.shape[1:])
        xs[(names or getattr(model, "input_names", [i.name]))[k]] = random.randint(0, ints, shape).astype("float32") if ints else numbers(shape)
    x = list(xs.values())
    ys = model.predict(x if len(x) > 1 else x[0])
    ys = ys if isinstance(ys, (list, tuple)) else [ys]
    row = {"file": name, "x": {k: array(v) for k, v in xs.items()}, "y": [array(y) for y in ys]}
    if weights:
        row["weights"] = weights
    if getattr(model, "optimizer", None) and NUMBER > (2, 3):  # before, training races with its own updates over a new TensorFlow
        target = numbers(ys[0].shape)
        row["target"] = {"y": array(target)}
        row["fit"] = {"epochs": 3, "batch_size": 2}
        row["loss"] = [float(v) for v in model.fit(x[0], target, verbose=0, shuffle=False, **row["fit"]).history["loss"]]
    rows.append(row)


def whole(name, model, **k):
    model.save(os.path.join(OUT, TAG + name + ".h5"))
    put(TAG + name + ".h5", model, **k)


def apart(name, model, **k):
    with open(os.path.join(OUT, TAG + name + ".json"), "w") as f:
        f.write(model.to_json())
    model.save_weights(os.path.join(OUT, TAG + name + ".h5"))
    put(TAG + name + ".json", model, weights=TAG + name + ".h5", **k)


# --- models that every version can make -----------------------------------------------------------


def trained(optimizer, name):
    m = Sequential([L.Dense(3, activation="tanh", input_shape=(4,)), L.BatchNormalization(), L.Dense(2)], name=name)
    settle(m)
    m.compile(optimizer=optimizer, loss="mse")
    if not ONE:  # its state is in the order of the weights' names, and is not read
        m.train_on_batch(numbers((4, 4)), numbers((4, 2)))
    return m


def shared():
    """A model within a model, called twice."""
    inner = Sequential([L.Dense(3, input_shape=(4,), activation="relu"), L.BatchNormalization(), L.Dense(2)], name="inner")
    a, b = Input((4,), name="a"), Input((4,), name="b")
    y, z = inner(a), inner(b)
    both = merged([y, z], "concat")
    m = Model([a, b], [L.Dense(1, name="out")(both), merged([y, z], "dot", axes=1)])
    settle(m)
    return m


def merged(tensors, mode, axes=None):
    if ONE:
        return L.merge(tensors, mode=mode, **({"dot_axes": axes} if axes else {}))
    return L.dot(tensors, axes) if mode == "dot" else {"concat": L.concatenate, "sum": L.add, "mul": L.multiply, "ave": L.average, "max": L.maximum}[mode](tensors)


def recurrent(**k):
    m = Sequential([L.LSTM(3, return_sequences=True, input_shape=(4, 2), **k), L.Bidirectional(L.GRU(2, return_sequences=True)),
                    L.TimeDistributed(L.Dense(2)), L.SimpleRNN(3)])
    settle(m)
    return m


def text(layer):
    m = Sequential([L.Embedding(7, 3, input_length=5, mask_zero=False), layer, L.GlobalMaxPooling1D(), L.Dense(1, activation="sigmoid")])
    settle(m)
    return m


# --- Keras 1 --------------------------------------------------------------------------------------


def images(order):
    shape = (1, 8, 8) if order == "th" else (8, 8, 1)
    l2, maxnorm = keras.regularizers.l2, keras.constraints.maxnorm
    m = Sequential([L.Convolution2D(3, 3, 2, border_mode="same", dim_ordering=order, input_shape=shape, W_regularizer=l2(0.01), b_constraint=maxnorm(2)),
                    L.BatchNormalization(axis=1 if order == "th" else -1), L.LeakyReLU(0.2), L.SpatialDropout2D(0.2),
                    L.AtrousConvolution2D(2, 2, 2, atrous_rate=(2, 2), dim_ordering=order, activation="relu", init="he_normal"),
                    L.ZeroPadding2D((1, 0, 0, 2)), L.MaxPooling2D((2, 2), dim_ordering=order), L.UpSampling2D((2, 1)), L.Cropping2D(((1, 0), (0, 1))),
                    L.Convolution2D(2, 2, 2, subsample=(2, 1), bias=False, dim_ordering=order), L.ELU(0.5), L.Dropout(0.5), L.Flatten(),
                    L.Dense(4), L.ThresholdedReLU(0.3), L.GaussianNoise(0.1), L.Reshape((2, 2)), L.Permute((2, 1)), L.Flatten()])
    settle(m)
    return m


def more_images(order):
    shape, first = ((2, 5, 5), True) if order == "th" else ((5, 5, 2), False)
    m = Sequential([L.Deconvolution2D(3, 3, 2, (None, 3, 7, 6) if first else (None, 7, 6, 3), dim_ordering=order, input_shape=shape),
                    L.AveragePooling2D((2, 2), border_mode="same", dim_ordering=order), L.GlobalAveragePooling2D(dim_ordering=order)])
    settle(m)
    return m


def separable():
    m = Sequential([L.SeparableConvolution2D(3, 2, 2, depth_multiplier=2, input_shape=(5, 5, 2)), L.GlobalMaxPooling2D()])
    settle(m)
    return m


def volumes():
    m = Sequential([L.Convolution3D(2, 2, 2, 1, input_shape=(4, 4, 4, 1)), L.MaxPooling3D((2, 2, 1)), L.Flatten()])
    settle(m)
    return m


def steps():
    m = Sequential([L.Convolution1D(3, 2, input_shape=(8, 2), border_mode="same", activation="relu"), L.AtrousConvolution1D(2, 2, atrous_rate=2),
                    L.MaxPooling1D(2), L.UpSampling1D(2), L.ZeroPadding1D(1), L.core.TimeDistributedDense(2) if hasattr(L, "core") else L.TimeDistributedDense(2),
                    L.Convolution1D(2, 3, subsample_length=2), L.AveragePooling1D(2, stride=1), L.Flatten()])
    settle(m)
    return m


def branches():
    left = Sequential([L.Dense(3, input_dim=4), L.Dense(2)])
    right = Sequential([L.Dense(2, input_dim=3)])
    m = Sequential([L.Merge([Sequential([L.Merge([left, right], mode="sum"), L.Dense(2)]), Sequential([L.Dense(2, input_dim=2)])], mode="concat"), L.Dense(1)])
    settle(m)
    return m


def modes():
    a, b = Input((3,), name="a"), Input((3,), name="b")
    m = Model([a, b], [merged([a, b], mode) for mode in ("sum", "mul", "ave", "max", "concat")] + [merged([a, b], "dot", axes=1)])
    return m


def keras_1():
    o = keras.optimizers
    for order in ("th", "tf"):
        keras.backend.set_image_dim_ordering(order)  # some layers do not write theirs
        apart("images_" + order, images(order))
        whole("deconv_" + order, more_images(order))
    whole("separable", separable())
    whole("volumes", volumes())
    whole("steps", steps())
    m = branches()
    firsts = [l.name for l in m.flattened_layers if l.name.startswith("dense")]
    whole("branches", m, names=[firsts[i] + "_input" for i in (0, 2, 4)])
    whole("modes", modes())
    whole("recurrent", recurrent())
    apart("recurrent_gpu", recurrent(consume_less="gpu"))
    whole("text", text(L.Convolution1D(2, 2)), ints=7)
    whole("shared", shared())
    whole("sgd", trained(o.SGD(lr=0.05, momentum=0.5), "s"))
    whole("adam", trained(o.Adam(lr=0.01), "s"))


# --- Keras 2 --------------------------------------------------------------------------------------


def cudnn():
    """CuDNN's layers run on a GPU alone: their weights are put into a file with the layers' names, and what they mean is computed by LSTM and GRU."""
    m = Sequential([L.LSTM(3, return_sequences=True, input_shape=(4, 2), recurrent_activation="sigmoid", name="one"),
                    L.Bidirectional(L.GRU(2, reset_after=True, recurrent_activation="sigmoid"), name="two")])
    g = Sequential([L.CuDNNLSTM(3, return_sequences=True, input_shape=(4, 2), name="one"), L.Bidirectional(L.CuDNNGRU(2), name="two")])
    settle(g)
    g.save(os.path.join(OUT, TAG + "cudnn.h5"))
    for theirs, ours in zip(g.layers, m.layers):
        ours.set_weights(keras.engine.saving.preprocess_weights_for_loading(ours, theirs.get_weights(), VERSION))
    put(TAG + "cudnn.h5", m)


def keras_2():
    o = keras.optimizers
    old = getattr(o, "legacy", o)
    if VERSION.startswith("2.12"):
        old.SGD = importlib.import_module("keras.optimizers.legacy.gradient_descent").SGD
        old.Adam = importlib.import_module("keras.optimizers.legacy.adam").Adam
    rate = "learning_rate" if NUMBER > (2, 3) else "lr"
    whole("shared", shared())
    whole("recurrent", recurrent())
    apart("text", text(L.SeparableConv1D(2, 2, dilation_rate=2) if NUMBER > (2, 1) else L.Conv1D(2, 2)), ints=7)
    whole("sgd", trained(old.SGD(momentum=0.5, decay=0.1, **{rate: 0.05}), "s"))
    whole("adam", trained(old.Adam(**{rate: 0.01}), "s"))
    if VERSION.startswith("2.2"):
        cudnn()
    if NUMBER >= (2, 12):
        m = trained(o.Adam(0.01), "s")
        m.save(os.path.join(OUT, TAG + "archive.keras"), save_format="keras")
        put(TAG + "archive.keras", m)


if __name__ == "__main__":
    keras_1() if ONE else keras_2()
    with open(os.path.join(OUT, TAG + "files.jsonl"), "w") as f:
        for row in rows:
            f.write(json.dumps(row) + "\n")
