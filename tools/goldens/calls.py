#!/usr/bin/env python3
"""What Keras' predict, evaluate, fit and train_on_batch give and say as calls: tests/goldens/calls.jsonl.

A row has "model", "do" (which call), "x" and "y" by name ("unnamed": the side that was a list in Python, or one
array), what it is compiled with, and either "result" (by name; a list where Keras gives a vector), "out" (of
predict), or "error". "sample_weight" is one array, or one for each target by its name (Python gets lists then). With "weights" the model starts from them, and "trained" are those after a fit.
"""
import json
import re

from common import array, compiled, error_of, floats, ints, keras, made, model_of, np, numbers, rng, set_weights, short, write
from messages import short_config

layers = keras.layers
N, BATCH = 7, 4
PASS = "Sequential([Input({}, name='x'), Activation('linear')])"
DENSE = "Sequential([Input({}, name='x'), Dense(2)])"


def real(*shape):
    return np.abs(floats(*shape, salt=21))


def chances(*shape, salt=22):
    return np.round(rng(salt).uniform(0, 1, shape), 2).astype("float32")


def yes(*shape):
    return ints(0, 2, *shape, salt=23).astype("float32")


def weights(*shape):
    return np.round(rng(24).uniform(0, 2, shape), 1).astype("float32")


def json_of(model):
    return short_config(json.loads(model.to_json()))


def listed(v):
    """A number, or a list where it is an array of one axis or more."""
    return [short(n) for n in np.asarray(v).ravel()] if np.ndim(v) else short(v)


def given(row, x, y):
    """The arrays as Python gets them: a dict, or a list, or one array."""
    def side(name, d):
        if d is None or name not in row.get("unnamed", ""):
            return d
        return list(d.values()) if len(d) > 1 else next(iter(d.values()))
    return side("x", x), side("y", y)


def called(row, x, y=None, sample_weight=None, **more):
    x = x if isinstance(x, dict) else {"x": x}
    y = y if isinstance(y, dict) or y is None else {"y": y}
    model = model_of(row["model"])
    if model.built:
        row["weights"] = set_weights(model)
    row.update(x={k: array(v) for k, v in x.items()})
    if y is not None:
        row.update(y={k: array(v) for k, v in y.items()})
    try:
        call(row, model, *given(row, x, y), sample_weight, more)
    except Exception as e:
        row["error"] = error_of(e)
    return row


def call(row, model, x, y, w, more):
    if row["do"] == "predict":
        row.update(more)
        out = model.predict(x, verbose=0, **more)
        row["out"] = [array(a) for a in (out if isinstance(out, (list, tuple)) else [out])]
        return
    compiled(model, row)
    if isinstance(w, dict):
        row["sample_weight"] = {k: array(v) for k, v in w.items()}
        w, y = [w.get(k) for k in y], list(y.values())
    elif w is not None:
        row["sample_weight"] = array(w)
    if row["do"] == "fit":
        row["fit"] = {"batch_size": BATCH, **more}
        if w is not None:
            row["fit"]["sample_weight"] = row.pop("sample_weight")
        history = model.fit(x, y, sample_weight=w, shuffle=False, verbose=0, batch_size=BATCH, **more).history
        row["result"] = {k: [listed(v) for v in values] for k, values in history.items()}
    elif row["do"] == "evaluate":
        row["batch_size"] = BATCH
        result = model.evaluate(x, y, sample_weight=w, batch_size=BATCH, verbose=0, return_dict=True)
        row["result"] = {k: listed(v) for k, v in result.items()}
    else:
        result = model.train_on_batch(x, y, return_dict=True)
        row["result"] = {k: listed(v) for k, v in result.items()}
    if "weights" in row and row["do"] != "evaluate":
        row["trained"] = [numbers(v) for v in model.weights]


# --- outputs of several batches -----------------------------------------------------------------------


def joins():
    """Concatenate(axis=0) makes twice as many rows as a batch has."""
    a = keras.Input((2,), name="x")
    double = layers.Concatenate(axis=0, name="double")([a, layers.Dense(2, name="d")(a)])
    yield json_of(keras.Model(a, [double, layers.Dense(1, name="one")(a)]))


def lengths():
    """Outputs with one number for a batch, and with as many rows as its data say."""
    a = keras.Input((2,), name="x")
    for y in (keras.ops.sum(a), keras.ops.sum(a, axis=0), keras.ops.unique(a), keras.ops.max(a, axis=0, keepdims=True)):
        yield json_of(keras.Model(a, y))


def predictions():
    for model in lengths():
        for rows, batch in [(7, 2), (5, 5), (4, 32), (9, 1)]:
            yield called({"model": model, "do": "predict", "unnamed": "x"}, real(rows, 2), batch_size=batch)
    for model in joins():
        for rows, batch in [(7, 3), (6, 3), (3, 3), (7, 7), (5, 32)]:
            yield called({"model": model, "do": "predict", "unnamed": "x"}, real(rows, 2), batch_size=batch)
    yield called({"model": PASS.format("()"), "do": "predict", "unnamed": "x"}, real(5), batch_size=2)


# --- lists of numbers -----------------------------------------------------------------------------------

LISTS = ["TruePositives([0.2, 0.6])", "FalseNegatives([0.3])", "Precision([0.2, 0.6])", "Recall([0.4])", "Recall([0.1, 0.5, 0.9], class_id=1)",
         "F1Score()", "FBetaScore(beta=2.0, threshold=0.5)", "F1Score(average='micro', name='micro')", "R2Score(class_aggregation=None)"]
NO_LISTS = ["TruePositives([])", "FalseNegatives(thresholds=[])", "Precision([])", "Recall([], class_id=1)", "Precision(thresholds=[], top_k=1, name='top')"]


def vectors():
    for metrics, width in [(LISTS[:5], 2), (LISTS[5:], 2), (LISTS[5:], 1), (NO_LISTS, 2)]:
        row = {"model": PASS.format((width,)), "do": "evaluate", "unnamed": "xy", "loss": "mse", "metrics": metrics}
        yield called(row, chances(N, width), yes(N, width))
    for do in ["fit", "train_on_batch"]:  # not TruePositives: Keras shows its variable, so also what comes later
        row = {"model": DENSE.format((2,)), "do": do, "unnamed": "xy", "optimizer": "SGD(0.1)", "loss": "mse",
               "metrics": ["Precision([0.2, 0.6])", "F1Score(threshold=0.5)"]}
        yield called(row, chances(8, 2), yes(8, 2), **({"epochs": 2, "validation_split": 0.5} if do == "fit" else {}))


# --- reductions and weights -----------------------------------------------------------------------------


def reductions():
    for how in ["None", "'sum'", "'mean'", "'mean_with_sample_weight'"]:
        loss = f"MeanSquaredError(reduction={how})"
        row = {"model": DENSE.format((2,)), "unnamed": "xy", "optimizer": "SGD(0.1)", "loss": loss}
        steps = {**row, "model": DENSE.format((3, 2))}
        for do in ["fit", "evaluate", "train_on_batch"]:
            yield called({**row, "do": do}, real(N, 2), yes(N, 2))
        yield called({**row, "do": "fit"}, real(N, 2), yes(N, 2), weights(N))
        yield called({**row, "do": "fit"}, real(8, 2), yes(8, 2), weights(8, 1))
        yield called({**steps, "do": "fit"}, real(N, 3, 2), yes(N, 3, 2))
        yield called({**steps, "do": "fit", "weighted_metrics": ["mae", "accuracy"]}, real(N, 3, 2), yes(N, 3, 2), weights(N, 3))
    a = keras.Input((2,), name="x")
    two = json_of(keras.Model(a, [layers.Dense(2, name="p")(a), layers.Dense(1, name="q")(a)]))
    for loss in ["MeanSquaredError(reduction=None)", "[MeanSquaredError(reduction=None), 'mse']", "MeanSquaredError(reduction='sum')"]:
        for rows in [N, 8]:
            row = {"model": two, "do": "fit", "unnamed": "xy", "optimizer": "SGD(0.1)", "loss": loss}
            yield called(row, real(rows, 2), {"p": yes(rows, 2), "q": yes(rows, 1)})
    for shape in [(N,), (N, 1), (N, 2)]:
        row = {"model": two, "do": "fit", "unnamed": "xy", "optimizer": "SGD(0.1)", "loss": "mse", "weighted_metrics": ["[['mae'], ['mae']]"]}
        yield called(row, real(N, 2), {"p": yes(N, 2), "q": yes(N, 1)}, weights(*shape))


def weights_of_targets():
    """Keras takes them as lists where the outputs are one; a target without is not weighed."""
    a = keras.Input((2,), name="x")
    two = json_of(keras.Model(a, [layers.Dense(2, name="p")(a), layers.Reshape((3, 1), name="q")(layers.Dense(3, name="d")(a))]))
    p, q, steps = weights(8), weights(8)[::-1].copy(), weights(8, 3)
    row = {"model": two, "unnamed": "x", "optimizer": "SGD(0.1)", "loss": "mse", "metrics": ["[['mae'], []]"], "weighted_metrics": ["[['mse'], ['mae']]"]}
    y = {"p": yes(8, 2), "q": yes(8, 3, 1)}
    for given_weights in [{"p": p, "q": q}, {"p": q, "q": steps}, {"p": p}, {"q": steps}, {"p": p, "q": steps[:5]}]:
        for do in ["fit", "evaluate"]:
            yield called({**row, "do": do}, real(8, 2), y, given_weights)
    yield called({**row, "do": "fit"}, real(8, 2), y, {"p": p, "q": steps}, validation_split=0.5, epochs=2)
    row["loss"] = "['mse', None]"
    yield called({**row, "do": "fit"}, real(8, 2), y, {"p": p, "q": steps})


AT_STEPS = ["Precision()", "RootMeanSquaredError()", "mae", "TopKCategoricalAccuracy(1)", "accuracy", "CosineSimilarity()", "AUC()"]


def weighted():
    for shape in [(N, 3), (N, 3, 1)]:
        row = {"model": PASS.format((3, 2)), "do": "evaluate", "unnamed": "xy", "loss": "mse"}
        for metric in AT_STEPS:
            yield called({**row, "weighted_metrics": [metric]}, chances(N, 3, 2), yes(N, 3, 2), weights(*shape))
        row.update(loss="sparse_categorical_crossentropy", weighted_metrics=["accuracy", "sparse_categorical_crossentropy"])
        yield called(row, chances(N, 3, 2), yes(N, 3), weights(*shape))
    for shape in [(N,), (N, 1)]:
        row = {"model": PASS.format((1,)), "do": "evaluate", "unnamed": "xy", "loss": "mse"}
        ious = ["IoU(2, [0, 1])", "MeanIoU(2)", "BinaryIoU(threshold=0.4)", "IoU(2, [0, 1], dtype='float32', name='whole')"]
        yield called({**row, "weighted_metrics": ious}, yes(N, 1)[::-1], yes(N, 1), weights(*shape) * 2)
        row["model"] = PASS.format((2,))
        yield called({**row, "weighted_metrics": ["OneHotIoU(2, [0])", "OneHotMeanIoU(2)"]}, chances(N, 2), np.eye(2)[np.int32(yes(N))], weights(*shape) * 2)
    for metric in ["mae", "accuracy", "Precision()", "AUC()", "RootMeanSquaredError()", "Recall(class_id=1)", "F1Score()", "R2Score()"]:
        row = {"model": PASS.format((2,)), "do": "evaluate", "unnamed": "xy", "loss": "mse", "weighted_metrics": [metric]}
        yield called(row, chances(N, 2), yes(N, 2), weights(N, 1))
    row = {"model": PASS.format((3, 1)), "do": "evaluate", "unnamed": "xy", "loss": "mse", "weighted_metrics": ["IoU(2, [0, 1])"]}
    for shape in [(N, 3), (N, 3, 1)]:
        yield called(row, yes(N, 3, 1)[::-1], yes(N, 3, 1), weights(*shape) * 2)


def masked():
    """Masks and weights of a call that do not fit, or that the layer does not take."""
    x, m, w = keras.Input((3, 4), name="x"), keras.Input((5,), name="m", dtype="bool"), keras.Input((3, 4), name="w")
    whole = keras.Input((3, 4), name="m", dtype="bool")
    i = keras.Input((3,), name="x", dtype="int32")
    k = keras.Input((3,), name="w")
    q = keras.Input((3,), name="m", dtype="bool")
    numbers, kinds = real(4, 3, 4), {"m": np.ones((4, 5), "bool")}
    yield json_of(keras.Model([x, m], layers.Softmax(name="s")(x, mask=m), name="softmax")), {"x": numbers, **kinds}
    yield json_of(keras.Model([x, whole], layers.BatchNormalization(name="b")(x, mask=whole), name="norm")), {"x": numbers, "m": np.ones((4, 3, 4), "bool")}
    yield json_of(keras.Model([i, k], layers.CategoryEncoding(4, name="c")(i, count_weights=k), name="encoding")), {"x": ints(0, 4, 4, 3), "w": real(4, 3)}
    yield json_of(keras.Model([i, k], layers.CategoryEncoding(4, output_mode="count", name="c")(i, count_weights=k), name="counting")), {"x": ints(0, 4, 4, 3), "w": real(4, 3)}
    yield json_of(keras.Model([x, q], layers.Attention(name="a")([x, x], mask=[q, None]), name="query")), {"x": numbers, "m": ints(0, 2, 4, 3, salt=5).astype("bool")}
    yield json_of(keras.Model([i], layers.ReversibleEmbedding(5, 3, reverse_dtype="float64", name="e")(layers.ReversibleEmbedding(4, 3, name="f")(i), reverse=True), name="back")), {"x": ints(0, 4, 4, 3)}
    yield json_of(keras.Model([i], layers.ReversibleEmbedding(5, 3, name="e")(i, reverse=True), name="whole_numbers")), {"x": ints(0, 4, 4, 3)}


def masks():
    for model, x in masked():
        yield called({"model": model, "do": "predict"}, x)


MEL = ["4, sequence_stride=2, sequence_length=3, num_mel_bins=3, sampling_rate=16, min_freq=0.5", "8, sequence_stride=3, sequence_length=4, num_mel_bins=3, sampling_rate=16, min_freq=0.5, window=[1.0, 2.0, 3.0, 1.0]",
       "4, sequence_stride=2, num_mel_bins=3, sampling_rate=16, min_freq=0.5, window=[1.0, 2.0, 3.0, 4.0], top_db=5.0"]


def windows():
    """A window that is shorter than the transform, and one of numbers."""
    for how in MEL:
        yield called({"model": f"Sequential([Input((24,), name='x'), MelSpectrogram({how})])", "do": "predict"}, real(2, 24))


FOREIGN = re.compile(r"\{\{|Graph execution|Tensor\(\x22|<tf\.Tensor|incompatible shapes|Incompatible shapes")


def rows():
    for part in [predictions, vectors, reductions, weights_of_targets, weighted, masks, windows]:
        for row in part():
            if not FOREIGN.search(row.get("error", {}).get("message", "")):
                yield row
            else:
                print("left out:", row["model"], row.get("loss"), row.get("weighted_metrics"), row["error"]["message"][:80])


if __name__ == "__main__":
    write("calls", rows())
