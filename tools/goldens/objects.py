#!/usr/bin/env python3
"""What real Keras says of activations, initializers, regularizers and constraints.

  tools/goldens/objects.py          writes tests/goldens/{activations,initializers,objects}.jsonl

Needs Keras 3 with TensorFlow. One JSON object a line; the first names the versions.
"""
import importlib
import itertools
import json
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras.src import activations

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "goldens")


def write(name, rows):
    with open(os.path.join(OUT, name + ".jsonl"), "w", encoding="utf-8") as f:
        by = {"keras": keras.__version__, "tensorflow": tf.__version__, "by": "tools/goldens/objects.py"}
        for row in [by] + rows:
            f.write(json.dumps(row, sort_keys=True) + "\n")


def numbers(t):
    return np.asarray(t, "float64").ravel().tolist()


def error_of(e):
    return {"type": type(e).__name__, "message": str(e)}


# --- activations: values, and gradients of sum(y * w) -----------------------------------------

# Rows of even length, so that glu has two halves; no value at a kink.
X = [[-7.5, -3.25, -2.0, -1.5], [-0.75, -0.25, 0.125, 0.25], [0.75, 1.5, 2.5, 3.5],
     [4.75, 6.5, 0.4, -0.4], [1.0 / 3, 0.3, 0.2, 0.1], [20.0, -20.0, 0.01, -0.01]]


def activation_rows():
    rows = []
    for name in sorted(activations.ALL_OBJECTS_DICT):
        if name == "threshold":  # takes arguments
            continue
        x = tf.constant(X, "float64")
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = keras.activations.get(name)(x)
            w = tf.reshape(tf.range(1, tf.size(y) + 1), y.shape)
            loss = tf.reduce_sum(y * tf.cast(w, "float64"))
        rows.append({"name": name, "shape": list(x.shape), "x": numbers(x), "y": numbers(y),
                     "dx": numbers(tape.gradient(loss, x))})
    return rows


# --- initializers: calls of kt_initial_values --------------------------------------------------


def call_of(class_name, config, shape):
    return {"initializer": {"module": "keras.initializers", "class_name": class_name, "config": config},
            "shape": list(shape)}


INITIALIZERS = [
    ("GlorotUniform", {"seed": -5}, (2, 3)),
    ("GlorotUniform", {"seed": 2**31}, (2, 3)),
    ("GlorotUniform", {"seed": 2**40 + 7}, (3,)),
    ("GlorotUniform", {"seed": 8}, ()),
    ("GlorotNormal", {"seed": 3, "input_axes": [0, -1], "output_axes": [1]}, (2, 3, 4)),
    ("HeUniform", {"seed": 3, "input_axes": [0]}, (2, 3, 4)),
    ("LecunNormal", {"seed": 1, "input_axes": [0], "output_axes": [7]}, (2, 3)),
    ("LecunUniform", {"seed": 0}, (0, 3)),
    ("VarianceScaling", {"seed": 2, "distribution": "NORMAL", "mode": "fan_out", "scale": 3}, (5, 2)),
    ("VarianceScaling", {"scale": 0}, (2,)),
    ("VarianceScaling", {"scale": -0.5}, (2,)),
    ("VarianceScaling", {"scale": "a"}, (2,)),
    ("RandomNormal", {"seed": "abc"}, (2,)),
    ("RandomNormal", {"seed": 1.5}, (2,)),
    ("RandomUniform", {"seed": [1]}, (2,)),
    ("RandomUniform", {"seed": 4, "minval": 2, "maxval": 3}, (7,)),
    ("TruncatedNormal", {"seed": 4, "mean": -1, "stddev": 0.5}, (3, 3)),
    ("RandomNormal", {"seed": {"class_name": "SeedGenerator", "module": "keras.random",
                               "config": {"seed": 9}, "registered_name": None}}, (4,)),
    ("Orthogonal", {"seed": 5, "gain": 0.5}, (2, 2, 9)),
    ("Orthogonal", {"seed": 5}, (40, 3)),
    ("Orthogonal", {"seed": 6}, (1, 1)),
    ("Identity", {"gain": -2}, (2, 4)),
    ("Constant", {"value": [1, 2.5, -3]}, (2, 3)),
    ("Constant", {"value": [[1], [2]]}, (2, 3)),
    ("Constant", {"value": 7}, (1, 2, 1)),
    ("STFT", {"side": "x"}, (4, 1, 3)),
    ("STFT", {"window": "foo"}, (4, 1, 3)),
    ("STFT", {"scaling": "x"}, (4, 1, 3)),
    ("STFT", {"side": "imag", "window": None}, (5, 1, 3)),
    ("STFT", {"window": [1, 2, 3, 2], "scaling": "spectrum"}, (4, 1, 3)),
    ("STFT", {"window": [1, 2], "scaling": None}, (4, 1, 3)),
    ("STFT", {}, (4, 3)),
    ("STFT", {"window": [1, "a", 3, 2]}, (4, 1, 3)),
    *[("Constant", {"value": v}, (2, 2)) for v in (
        [[1, 2], [3]], [[1, "a"], [2, 3]], [1, [2, 3]], [[1, 2], 3], [[1], [2, 3]],
        {"class_name": "__numpy__", "config": {"value": [[1.0, 2.5]], "dtype": "float32"}})],
    *[("HeNormal", {"seed": 1, "input_axes": a, "output_axes": b}, (2, 3)) for a, b in (
        ("a", [1]), ([0], "b"), ({}, [1]), ("", [1]), (1, [1]), ([0], 1.5), ([0.5], [1]), (["a"], [1]), ([True], [-2]), ([], [0, 1]))],
    ("VarianceScaling", {"seed": 2, "distribution": "untruncated_normal"}, (5, 2)),
    ("VarianceScaling", {"seed": 2, "distribution": None}, (5, 2)),
    ("Orthogonal", {"seed": 5}, (0, 3)),
    ("Orthogonal", {"seed": 5}, (3,)),
    ("RandomNormal", {"seed": True}, (2,)),
] + [
    ("STFT", {"window": window, "periodic": periodic, "scaling": None}, (n, 1, 3))
    for window, n in [("hann", 6), ("hamming", 5), ("blackman", 5), ("nuttall", 5), ("blackmanharris", 6),
                      ("flattop", 5), ("boxcar", 3), ("bartlett", 6), ("triang", 5), ("triang", 6), ("cosine", 5),
                      ("parzen", 7), ("bohman", 6), ("barthann", 5), ("hann", 1)]
    for periodic in (False, True)
]


def small_models():
    """Layers in an order that makes their seeds depend on each other's."""
    yield [layers.Input((6, 4)), layers.Dropout(0.5), layers.Dense(3, activation="relu"), layers.Dropout(0.0),
           layers.LSTM(2, dropout=0.25, recurrent_initializer="he_normal"), layers.Dense(2, kernel_initializer=None)]
    yield [layers.Input((5,), dtype="int32"), layers.Embedding(7, 3), layers.LSTM(2, return_sequences=True),
           layers.Flatten(), layers.Dense(1, bias_initializer="random_normal")]
    yield [layers.Input((6, 6, 2)), layers.Conv2D(3, 3), layers.BatchNormalization(gamma_initializer="uniform"),
           layers.MaxPooling2D(), layers.Conv2D(2, 2, kernel_initializer=keras.initializers.HeNormal(seed=3)),
           layers.Flatten(), layers.Dense(2)]


# Functions of numpy.random after numpy.random.seed(): an odd count keeps the second number of a pair.
NUMPY = [
    (0, "rand", [2, 3]), (1, "randn", [3, 3]), (2, "random", [4]), (3, "randint", [-3, 9, 7]), (4, "randint", [5, 6, 2]),
    (5, "randint", [0, 2**40, 3]), (6, "uniform", [-1.5, 2, 5]), (7, "normal", [3, 0.5, 5]), (8, "permutation", [9]),
    (2**32 - 1, "rand", [2]), (9, "normal", [0, 1, 0]),
]


def numpy_rows():
    for seed, function, args in NUMPY:
        np.random.seed(seed)
        values = getattr(np.random, function)(*args)
        yield {"call": {"function": function, "args": args, "numpy_seed": seed}, "values": np.ravel(values).tolist()}


def initializer_rows():
    rows = list(numpy_rows())
    for name, config, shape in INITIALIZERS:
        call = call_of(name, config, shape)
        try:
            as_read = isinstance(config.get("value"), dict)
            values = (keras.initializers.deserialize(call["initializer"]) if as_read else getattr(keras.initializers, name)(**config))(shape)
            rows.append({"call": call, "values": numbers(values)})
        except Exception as e:
            rows.append({"call": call, "error": error_of(e)})
    for name, dtype in itertools.product(["RandomUniform", "RandomNormal", "TruncatedNormal"], ["float64", "float16", "bfloat16"]):
        call = {**call_of(name, {"seed": 5}, (3, 5)), "dtype": dtype}
        values = getattr(keras.initializers, name)(seed=5)((3, 5), dtype=dtype)
        rows.append({"call": call, "values": [float(x) for x in np.ravel(tf.cast(values, "float64"))]})
    call = {**call_of("STFT", {"side": "imag"}, (7, 1, 4)), "dtype": "float64"}
    rows.append({"call": call, "values": np.ravel(keras.initializers.STFT(side="imag")((7, 1, 4), dtype="float64")).tolist()})
    for seed, stack in enumerate(small_models()):
        config = json.loads(keras.Sequential(stack, name="m").to_json())
        keras.utils.set_random_seed(seed)
        model = keras.models.model_from_json(json.dumps(config))
        weights = {w.path.removeprefix("m/"): numbers(w) for w in model.weights}
        rows.append({"call": {"model": config, "seed": seed}, "weights": weights})
    return rows


# --- regularizers, constraints: configuration, result on a matrix, errors ----------------------

W = [[0.5, -1.5, 0.25], [2.0, 0.75, -0.125], [-0.375, 1.25, 3.0], [0.0, 0.0, 0.0]]
EXPRESSIONS = {
    "regularizer": ["L1()", "L1(0.2)", "L1(None)", "L1(-1)", "L1('a')", "L2()", "L2(l2=0.3)", "L2(True)", "L2(-0.5)",
                    "L1L2()", "L1L2(0.1)", "L1L2(0.1, 0.2)", "L1L2(l2=0.5)", "L1L2(l1=None, l2=1)", "L1L2('x')",
                    "OrthogonalRegularizer()", "OrthogonalRegularizer(0.5, 'columns')", "OrthogonalRegularizer(-1)",
                    "OrthogonalRegularizer(0.1, 'diagonals')", "OrthogonalRegularizer(0.1, ['rows'])"],
    "constraint": ["MaxNorm()", "MaxNorm(1.0, axis=1)", "MaxNorm(0.5, axis=[0, 1])", "MaxNorm(axis=None)",
                   "MaxNorm(axis=True)", "NonNeg()", "NonNeg(1)", "NonNeg(axis=0)", "UnitNorm()", "UnitNorm(axis=-1)", "UnitNorm(axis=[])", "MinMaxNorm()",
                   "MinMaxNorm(1.0, 2.0, 0.5, 1)", "MinMaxNorm(0.5, max_value=3, axis=[0, 1])",
                   "MaxNorm('a')", "MaxNorm(None)", "MaxNorm(axis=0.5)", "UnitNorm(axis=0.5)", "UnitNorm(axis=None)", "MinMaxNorm('a')", "MinMaxNorm(0.0, 'a')", "MinMaxNorm(rate='a')", "MinMaxNorm(rate=None)",
                   "MinMaxNorm(axis=0.5)"],
    "initializer": ["RandomNormal()", "RandomNormal(1, 2, 3)", "TruncatedNormal(stddev=0.5)", "RandomUniform(-1, 1)",
                    "VarianceScaling()", "VarianceScaling(2.0, 'fan_avg', 'normal', 7)", "VarianceScaling(mode='x')",
                    "GlorotUniform(5)", "HeNormal(seed=1, input_axes=[0, 1])", "LecunUniform()", "Orthogonal(2.0)",
                    "Zeros()", "Ones()", "Constant(3.5)", "Identity()", "Identity(2.0)",
                    "Ones(1)", "Zeros(dtype='float32')", "VarianceScaling(distribution=1)", "Constant(gain=1)", "STFT()", "STFT('imag', None, None, True)"],
}


def object_rows():
    rows = []
    for family, expressions in EXPRESSIONS.items():
        module = getattr(keras, family + "s")
        for text in expressions:
            row = {"family": family, "expression": text}
            try:
                o = eval("module." + text)
                row["value"] = json.loads(json.dumps(keras.saving.serialize_keras_object(o)))
                if family != "initializer":
                    row["w"], row["shape"] = numbers(W), list(np.shape(W))
                    try:
                        row["result"] = numbers(o(tf.constant(W)))
                    except Exception as e:  # it can be made, and not applied
                        row["refused"] = error_of(e)
            except Exception as e:
                row["error"] = error_of(e)
                if "Please use one of {" in row["error"]["message"]:  # a set: printed in any order
                    row["error"]["message"] = row["error"]["message"].split("{")[0]
            rows.append(row)
        known = importlib.import_module(f"keras.src.{family}s").ALL_OBJECTS_DICT
        bases = {"Initializer", "Regularizer", "Constraint"}
        for name in sorted(n for n in known if known[n].__name__ not in bases):
            rows.append({"family": family, "name": name, "class": known[name].__name__})
        for bad in ["foo", "", 3, [1], {"class_name": "foo", "config": {}}]:
            try:
                module.get(bad)
            except Exception as e:
                rows.append({"family": family, "bad": bad, "error": error_of(e)})
    return rows


write("activations", activation_rows())
write("initializers", initializer_rows())
write("objects", object_rows())
