"""Writes tests/goldens/legacy/tfjs_*: TensorFlow.js layers-models in the documented form (modelTopology, weightsManifest, shards), of models of
tf_keras, and tfjs_files.jsonl with what tf_keras computes with the numbers that the shards hold.

    TF_USE_LEGACY_KERAS=1 python3 tfjs.py
"""
import json, os
import numpy as np
import tf_keras as keras

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "goldens", "legacy")
L = keras.layers
random = np.random.default_rng(7)
rows = [{"keras": keras.__version__, "by": "tools/goldens/tfjs.py"}]


def array(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "dtype": str(a.dtype), "values": a.flatten().tolist()}


def stored(w, kind):
    """The bytes of a weight, its entry's quantization, and the numbers that are read back."""
    if kind == "float32":
        return w.tobytes(), None, w
    if kind == "float16":
        return w.astype("<f2").tobytes(), {"dtype": "float16", "original_dtype": "float32"}, w.astype("<f2").astype("float32")
    low, high = float(w.min()), float(w.max())
    scale = (high - low) / np.iinfo(kind).max or 1.0
    q = np.round((w - low) / scale).astype(kind)
    return q.tobytes(), {"dtype": kind, "min": low, "scale": scale, "original_dtype": "float32"}, (q * scale + low).astype("float32")


def put(name, model, kind, shards=1, prefix=""):
    entries, data = [], b""
    for layer in model.layers:
        values = []
        for v in layer.weights:
            w = random.uniform(-0.9, 0.9, v.shape).astype("float32") if "variance" not in v.name else random.uniform(0.1, 0.9, v.shape).astype("float32")
            raw, quantization, w = stored(w, kind)
            entry = {"name": prefix + v.name.split(":")[0], "shape": list(v.shape), "dtype": "float32"}
            if quantization:
                entry["quantization"] = quantization
            entries.append(entry)
            data += raw
            values.append(w)
        layer.set_weights(values)
    paths = ["tfjs_%s-shard%dof%d.bin" % (name, i + 1, shards) for i in range(shards)]
    size = -(-len(data) // shards)
    for i, path in enumerate(paths):
        with open(os.path.join(OUT, path), "wb") as f:
            f.write(data[i * size:(i + 1) * size])
    topology = {"keras_version": keras.__version__, "backend": "tensorflow", "model_config": json.loads(model.to_json())}
    with open(os.path.join(OUT, "tfjs_%s.json" % name), "w") as f:
        json.dump({"format": "layers-model", "generatedBy": "keras v" + keras.__version__, "convertedBy": None, "modelTopology": topology,
                   "weightsManifest": [{"paths": paths, "weights": entries}]}, f)
    x = random.uniform(-2, 2, (2,) + tuple(model.inputs[0].shape[1:])).round(2).astype("float32")
    rows.append({"file": "tfjs_%s.json" % name, "x": {model.input_names[0]: array(x)}, "y": [array(model(x, training=False))]})


def plain():
    return keras.Sequential([L.Dense(3, activation="tanh", input_shape=(4,), name="first"), L.BatchNormalization(name="norm"), L.Dense(2, name="second")])


def recurrent():
    return keras.Sequential([L.Bidirectional(L.LSTM(2, recurrent_activation="hard_sigmoid", return_sequences=True), input_shape=(3, 2), name="both"), L.GRU(2, name="gru"),
                             keras.Sequential([L.Dense(2, name="inside")], name="inner")])


def main():
    put("plain", plain(), "float32", shards=3)
    put("prefixed", plain(), "float32", prefix="sequential_9/")
    put("half", recurrent(), "float16", shards=2)
    put("uint8", plain(), "uint8")
    put("uint16", recurrent(), "uint16")
    with open(os.path.join(OUT, "tfjs_files.jsonl"), "w") as f:
        for row in rows:
            f.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
