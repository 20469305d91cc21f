#!/usr/bin/env python3
"""What calls of keras.ops give and refuse on other shapes and dtypes than those they were made for: tests/goldens/operation_shapes.jsonl.

Rows in the form of messages.jsonl. For each operation of operations.jsonl one call, as a model of its own, as a file has it in which
the shape of one input was changed: sizes that are not known, an axis less or more, none at all, one size more, or 1; or its
dtype; or a word is given for an axis or a data format.
"""
import copy
import json
import os
import re

from common import OUT, error_of, keras, write

# Element by element, as others that are asked.
SAME = set("""Absolute Negative Sign Square Fabs Cbrt Exp Exp2 Expm1 Sin Cos Tan Arctan Sinh Cosh Tanh Arcsinh Erf Erfc Floor Ceil Trunc Deg2rad
Rad2deg Sinc Copy Conjugate Real Imag Angle Isnan Isinf Isfinite Isposinf Isneginf Isreal Signbit Round Sqrt Rsqrt Reciprocal Log Log2 Log10 Log1p
Arcsin Arccos Arctanh Erfinv Arccosh LogicalNot Relu6 Sigmoid Silu Softplus Softsign Selu HardSigmoid HardSilu HardTanh TanhShrink LogSigmoid SparsePlus
SparseSigmoid Elu Celu LeakyRelu HardShrink SoftShrink Squareplus Gelu Subtract Multiply Divide TrueDivide DivideNoNan FloorDivide Maximum Minimum Fmax
Fmin Mod Fmod Equal NotEqual Less LessEqual Greater GreaterEqual LogicalAnd LogicalOr LogicalXor Logaddexp Logaddexp2 Hypot Arctan2 Heaviside Abs Conj
BitwiseAnd BitwiseOr BitwiseXor LeftShift RightShift BitwiseLeftShift BitwiseRightShift Lcm""".split())
# Keras does not read what it writes of these: their size comes back as a list, which it adds to a tuple. Keratin does.
OTHERWISE = {"AdaptiveAveragePool", "AdaptiveMaxPool"}
# Means of whole numbers are whole there; there is no view of booleans here.
NUMBERS = {("Moments", "int32"), ("BatchNorm", "int32"), ("SSIM", "int32"), ("SSIM", "bool"), ("View", "bool")}
# What is no axis: refused as others are, or sooner than Keras does. Any word but channels_last is channels_first for a pool.
AXES = set("Argpartition ArraySplit CategoricalCrossentropy ExpandDims LayerNorm Nancumprod Nancumsum RMSNorm Squeeze Trapezoid".split())
POOLS = {"MaxPool", "AveragePool"}


def tensors(v):
    """The references to tensors in the arguments of a call."""
    if isinstance(v, dict) and v.get("class_name") == "__keras_tensor__":
        return [v["config"]]
    return [t for x in (v.values() if isinstance(v, dict) else v if isinstance(v, list) else ()) for t in tensors(x)]


DTYPES = "float32", "int32", "bool"


def calls():
    """(class, inputs, node): one of each class; what other operations give becomes an input, too."""
    seen = set()
    with open(os.path.join(OUT, "operations.jsonl"), encoding="utf-8") as f:
        models = [json.loads(line)["model"]["config"] for line in list(f)[1:]]
    for layer in [copy.deepcopy(la) for m in models for la in m["layers"]]:
        if "keras.src.ops" not in layer["module"] or layer["class_name"] in seen or len(layer["inbound_nodes"]) != 1:
            continue
        inputs = {}
        for t in tensors(layer["inbound_nodes"]):
            name = "_".join(map(str, t["keras_history"])) if t["keras_history"][1:] != [0, 0] else t["keras_history"][0]
            inputs[name] = (t["shape"], t["dtype"])
            t["keras_history"] = [name, 0, 0]
        if inputs:
            seen.add(layer["class_name"])
            yield layer["class_name"], inputs, layer


def changed(shape):
    """(how, shape) of a shape."""
    if shape:
        yield "none", [None] * len(shape)
        yield "last", [*shape[:-1], (shape[-1] or 2) + 1]
        yield "one", [*shape[:-1], 1]
        yield "scalar", []
    if len(shape) > 1:
        yield "inner", [shape[0] or 2, *[None] * (len(shape) - 1)]
        yield "less", shape[:-1]
    if len(shape) > 2:
        yield "mid", [shape[0], (shape[1] or 2) + 1, *shape[2:]]
    yield "more", [*shape, 3]
    yield "vector", [5]


def cases():
    for name, inputs, node in calls():
        if name not in SAME:
            yield name, "as", inputs, node
        for i, (key, (shape, dtype)) in enumerate(inputs.items()):
            for how, other in changed(shape) if name not in SAME else ():
                yield name, how + (str(i) if i else ""), {**inputs, key: (other, dtype)}, node
            for other in DTYPES:
                if other != dtype:
                    yield name, other + (str(i) if i else ""), {**inputs, key: (shape, other)}, node
        for key in (["axis"] if name not in AXES else []) + (["data_format"] if name not in POOLS else []):
            if key not in node["config"]:
                continue
            yield name, key, inputs, {**node, "config": {**node["config"], key: "a"}}


def model(inputs, node):
    layers = [{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": s, "dtype": d, "name": n}, "name": n, "inbound_nodes": []}
              for n, (s, d) in inputs.items()]
    return {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional", "config": {
        "name": "m_" + node["name"], "trainable": True, "layers": [*layers, node], "input_layers": [[n, 0, 0] for n in inputs],
        "output_layers": [[node["name"], 0, 0]]}}


def kind_of(row):
    """Rows of one class with the same words, or as many known sizes, tell nothing new."""
    return re.sub(r"\d+|None", "#", row["error"]["message"]) if "error" in row else [d is None for d in row["out"][0]]


def is_told(model):
    """Whether numbers have the dtype that Keras tells: of many an operation it tells that of the input, whatever comes out."""
    x = [keras.ops.zeros([3 if d is None else d for d in t.shape], t.dtype) for t in model.inputs]
    try:
        return keras.backend.standardize_dtype(model(x)[0].dtype) == model.outputs[0].dtype
    except Exception:  # whatever does not fit in numbers
        return False


def rows():
    seen = set()
    for name, how, inputs, node in cases():
        if name in OTHERWISE or (name, how) in NUMBERS:
            continue
        row = {"model": model(inputs, node), "symbolic": True, "in": [s for s, _ in inputs.values()]}
        try:
            made = keras.models.model_from_json(json.dumps(row["model"]))
            row["out"] = [list(made.outputs[0].shape)]
            if is_told(made):
                row["dtypes"] = [made.outputs[0].dtype]
        except Exception as e:  # whatever Keras raises is the fact
            row["error"] = error_of(e)
        message = row.get("error", {}).get("message", "")
        # a number has no places, so there is no output; names are others where Keras forgets the file's
        ours = "list index out of range" not in message and ("<Operation" not in message or f"<Operation name={node['name']}>" in message)
        key = json.dumps([name, kind_of(row), how if how.startswith(DTYPES) else ""])
        if key not in seen and ours and "<KerasTensor" not in message:
            seen.add(key)
            yield name, how, row


if __name__ == "__main__":
    write("operation_shapes", [row for _, _, row in rows()])
