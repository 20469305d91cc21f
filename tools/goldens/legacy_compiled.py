"""Writes tests/goldens/legacy/compiled2_*.h5 and compiled2_files.jsonl: models that tf_keras compiled with losses and metrics of many
forms, saved, loaded again and evaluated. Each row: the file, x, the targets, and the results by name.
"""
import json, os
import numpy as np
import tf_keras as keras

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "goldens", "legacy")
L, losses, metrics = keras.layers, keras.losses, keras.metrics
random = np.random.default_rng(5)


def settle(model):
    model.set_weights([random.uniform(-0.9, 0.9, w.shape).round(2).astype(w.dtype) for w in model.get_weights()])
    return model


def one():
    return settle(keras.Sequential([keras.Input((2,), name="x"), L.Dense(3, activation="softmax", name="d")], name="one"))


def logits():
    return settle(keras.Sequential([keras.Input((2,), name="x"), L.Dense(3, name="d")], name="logits"))


def two():
    x = keras.Input((2,), name="x")
    return settle(keras.Model(x, [L.Dense(1, name="a")(x), L.Dense(3, activation="softmax", name="b")(x)], name="two"))


CLASSES = np.array([0, 2, 1, 2], "int32")
ONE_HOT = np.eye(3, dtype="float32")[CLASSES]
BOTH = [np.array([[0.5], [-1], [2], [0.25]], "float32"), ONE_HOT]
CASES = [
    (one, ONE_HOT, dict(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])),
    (logits, CLASSES, dict(optimizer=keras.optimizers.legacy.SGD(0.5, momentum=0.5, decay=0.25), loss=losses.SparseCategoricalCrossentropy(from_logits=True),
                           metrics=["acc", metrics.SparseTopKCategoricalAccuracy(k=2)])),
    (one, ONE_HOT, dict(optimizer="adam", loss=losses.Huber(delta=0.5), metrics=[metrics.MeanAbsoluteError(name="mine"), metrics.AUC(num_thresholds=5)],
                        weighted_metrics=["mse"], loss_weights=[2.0])),
    (one, ONE_HOT, dict(optimizer="adamax", loss=losses.MeanSquaredError(reduction="sum"), metrics=[[metrics.KLDivergence()]])),
    (two, BOTH, dict(optimizer="nadam", loss={"a": "mse", "b": losses.CategoricalCrossentropy(label_smoothing=0.25)},
                     metrics={"a": ["mae", "mse"], "b": "accuracy"}, loss_weights={"a": 1.0, "b": 0.5})),
    (two, BOTH, dict(optimizer="adagrad", loss=["mae", "kld"], metrics=[[metrics.RootMeanSquaredError()], ["categorical_accuracy"]],
                     loss_weights=[1.0, 0.5], weighted_metrics=[["mse"], ["accuracy"]])),
]


def array(a):
    return {"shape": list(a.shape), "dtype": str(a.dtype), "values": a.flatten().tolist()}


def main():
    rows = [{"keras": keras.__version__, "by": "tools/goldens/legacy_compiled.py"}]
    for number, (make, target, how) in enumerate(CASES):
        name = "compiled2_%d.h5" % number
        x = random.uniform(-2, 2, (4, 2)).round(2).astype("float32")
        model = make()
        model.compile(**how)
        model.evaluate(x, target, verbose=0)  # which makes "accuracy" the one that the shapes ask for
        model.save(os.path.join(OUT, name))
        model = keras.models.load_model(os.path.join(OUT, name))
        targets = dict(zip(model.output_names, target if isinstance(target, list) else [target]))
        results = model.evaluate(x, target, verbose=0, return_dict=True)
        rows.append({"file": name, "x": {"x": array(x)}, "target": {k: array(v) for k, v in targets.items()},
                     "results": {k: [float(v)] for k, v in results.items()}})
    with open(os.path.join(OUT, "compiled2_files.jsonl"), "w", encoding="utf-8") as f:
        f.writelines(json.dumps(row) + "\n" for row in rows)


main()
