"""Writes tests/goldens/legacy: small model files of Keras 3 and of Keras 2 (tf_keras), and keras2_files.jsonl and keras3_files.jsonl with what they compute.

Called twice: `legacy.py 3` with Keras 3, `TF_USE_LEGACY_KERAS=1 legacy.py 2` with tf_keras. Each row: the file (and the file of its
weights), x by input, y by output, and where the model is compiled the loss of three epochs of training that go on from the file.
"""
import json, os, sys
import h5py
import numpy as np

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "goldens", "legacy")
OLD = sys.argv[1] == "2"
if OLD:
    import tf_keras as keras
else:
    import keras
L = keras.layers
random = np.random.default_rng(3)
rows = [{"keras": keras.__version__, "by": "tools/goldens/legacy.py"}]


def settle(model):
    """Weights that a line of text can not hide: none is 0 or 1."""
    model.set_weights([random.uniform(0.1, 0.9, w.shape).astype(w.dtype) for w in model.get_weights()])


def numbers(shape):
    return random.uniform(-2, 2, shape).round(2).astype("float32")


def array(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "dtype": str(a.dtype), "values": a.flatten().tolist()}


def put(name, model, weights=None):
    xs = {i.name: numbers((2,) + tuple(i.shape[1:])) for i in model.inputs}
    x = list(xs.values())
    ys = model(x if len(x) > 1 else x[0], training=False)
    ys = ys if isinstance(ys, (list, tuple)) else [ys]
    row = {"file": name, "x": {k: array(v) for k, v in xs.items()}, "y": [array(y) for y in ys]}
    if weights:
        row["weights"] = weights
    if getattr(model, "optimizer", None):
        target = numbers(ys[0].shape)
        row["target"] = {"y": array(target)}
        row["fit"] = {"epochs": 3, "batch_size": 2}
        row["loss"] = [float(v) for v in model.fit(x[0], target, verbose=0, shuffle=False, **row["fit"]).history["loss"]]
    rows.append(row)


def plain(optimizer=None):
    m = keras.Sequential([keras.Input((4,)), L.Dense(3, activation="tanh", name="first"), L.BatchNormalization(name="norm"),
                          keras.Sequential([keras.Input((3,)), L.Dense(2, name="inside"), L.Dropout(0.0, name="drop")], name="inner")], name="plain")
    settle(m)
    if optimizer:
        m.compile(optimizer, "mse")
        m.train_on_batch(numbers((4, 4)), numbers((4, 2)))
    return m


def graph():
    i, k = keras.Input((3, 2), name="a"), keras.Input((2,), name="b")
    h, s, c = L.LSTM(2, return_sequences=True, return_state=True, recurrent_activation="hard_sigmoid" if OLD else "sigmoid", name="one")(i)
    y = L.LSTM(2, name="two")(h, initial_state=[s, c])
    shared = L.Dense(2, name="shared")
    inner = keras.Sequential([keras.Input((4,)), L.Dense(2, name="inside")], name="inner")
    z = inner(L.Concatenate(name="join")([shared(y), shared(k)]))
    m = keras.Model([i, k], [L.Dense(1, name="out")(z), z], name="graph")
    settle(m)
    return m


def frozen():
    m = keras.Sequential([keras.Input((3,)), L.BatchNormalization(name="norm", trainable=False),
                          keras.Sequential([keras.Input((3,)), L.BatchNormalization(name="second"), L.Dense(2, name="inside", trainable=False)], name="inner")],
                         name="frozen")
    settle(m)
    return m


def many():
    """So many weights that their names are cut into weight_names0, weight_names1."""
    inner = keras.Sequential([keras.Input((1,))] + [L.Dense(1, name="d%d_" % i + "n" * 1200) for i in range(14)], name="inner")
    m = keras.Sequential([keras.Input((1,)), inner], name="many")
    m.set_weights([np.full(w.shape, 1.01, "float32") if len(w.shape) == 2 else np.full(w.shape, 0.01, "float32") for w in m.get_weights()])
    return m


def learnt():
    """Statistics that were learnt; Keras 2 kept with them how many samples they are of."""
    norm = L.Normalization(name="norm")
    norm.adapt(numbers((8, 3)))
    m = keras.Sequential([keras.Input((3,)), norm, L.Dense(2, name="dense")], name="learnt")
    m.layers[-1].set_weights([random.uniform(0.1, 0.9, w.shape).astype(w.dtype) for w in m.layers[-1].get_weights()])
    return m


def turned(name):
    """A kernel whose axes stand in another order, as some old backends kept them: Keras turns it where its shape is not the layer's."""
    global random
    random = np.random.default_rng(9)
    m = keras.Sequential([keras.Input((6, 7, 5)), L.Conv2D(2, (3, 4), name="conv")], name="turned")
    settle(m)
    save(name, m)
    with h5py.File(os.path.join(OUT, name), "r+") as f:
        group = f["model_weights/conv/conv"]
        kernel = group["kernel:0"][()]
        del group["kernel:0"]
        group.create_dataset("kernel:0", data=kernel.transpose(2, 3, 1, 0))
    again = keras.models.load_model(os.path.join(OUT, name))
    assert np.array_equal(again.get_weights()[0], kernel) and kernel.shape == (3, 4, 5, 2)


def save(name, model):
    model.save(os.path.join(OUT, name))
    put(name, model)


def apart(name, model):
    with open(os.path.join(OUT, name + ".json"), "w") as f:
        f.write(model.to_json())
    weights = name + (".h5" if OLD else ".weights.h5")
    model.save_weights(os.path.join(OUT, weights))
    put(name + ".json", model, weights)


def main():
    tag = "keras%s_" % sys.argv[1]
    adam = keras.optimizers.Adam(0.01)
    save(tag + "plain.h5", plain(adam))
    save(tag + "graph.h5", graph())
    save(tag + "frozen.h5", frozen())
    apart(tag + "apart", plain())
    if OLD:
        save(tag + "many.h5", many())
        save(tag + "archive.keras", plain(keras.optimizers.Adam(0.01)))
        save(tag + "sgd.h5", plain(keras.optimizers.legacy.SGD(0.01, momentum=0.5)))
        save(tag + "adam.h5", plain(keras.optimizers.legacy.Adam(0.01)))
        save(tag + "ftrl.h5", plain(keras.optimizers.legacy.Ftrl(0.1)))
        save(tag + "learnt.h5", learnt())
        turned(tag + "turned.h5")  # the last one: it has its own seed
    else:
        save(tag + "rmsprop.h5", plain(keras.optimizers.RMSprop(0.01, momentum=0.5)))
    with open(os.path.join(OUT, tag + "files.jsonl"), "w") as f:
        for row in rows:
            f.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    sys.exit(main())
