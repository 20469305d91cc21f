#!/usr/bin/env python3
"""What Keras' calls say to arrays, targets, losses and indices that do not belong: tests/goldens/arguments.jsonl.

Rows are those of calls.py.
"""
import re

from calls import FOREIGN, called, chances, json_of, yes
from common import array, keras, model_of, np, set_weights, write

layers = keras.layers
ROWS = 8


def inputs(n):
    keras.backend.clear_session()
    return [keras.Input((k,), name=name) for name, k in [("a", 3), ("b", 4)][:n]]


def of(ins, outs, name):
    x = layers.Concatenate(name="c")(ins) if len(ins) > 1 else ins[0]
    y = [layers.Dense(k, name=n)(x) for n, k in [("p", 1), ("q", 2)][:outs]]
    return json_of(keras.Model(ins, y if outs > 1 else y[0], name=name))


def arrays(**sizes):
    return {name: chances(ROWS, n) for name, n in sizes.items()}


CHAIN = "Sequential([Input((3,), name='a'), Dense(1, name='p')])"
OPEN = "Sequential([Dense(1, kernel_initializer='ones', name='p')])"


def names():
    """Arrays of x by name."""
    two, one = of(inputs(2), 1, "two"), of(inputs(1), 1, "one")
    for x in [dict(a=3), dict(a=3, b=4, c=2), dict(a=3, z=4), dict(u=3, z=4), dict(b=4, a=3), dict(z=2, b=4, y=1, a=3)]:
        for do in ["fit", "predict"]:
            yield two, do, x, "y"
    for x in [dict(a=3), dict(a=3, b=4, c=2), dict(b=4, a=3), dict(a=3, b=4)]:
        yield two, "predict", x, "x"
    for model in [one, CHAIN]:
        for x in [dict(z=3), dict(a=3), dict(a=3, z=2), dict(y=3, z=2)]:
            if model == CHAIN and x == dict(z=3):
                continue  # here Keratin takes the lone array
            for do in ["fit", "predict"]:
                yield model, do, x, "y"
        yield model, "predict", dict(a=3, z=2), "x"
    yield OPEN, "predict", dict(z=3), "x"


def targets():
    """Targets, and losses for some or all of two outputs."""
    two = of(inputs(1), 2, "two")
    full = dict(p=1, q=2)
    for y in [dict(p=1), dict(p=1, q=2, r=1), dict(p=1, r=2), dict(s=1, r=2), dict(q=2, p=1), None]:
        for loss in ["mse", "['mse', 'mse']", "{'p': 'mse', 'q': None}", "['mse']", "['mse', None]", "[None, 'mse']"]:
            if not (loss == "[None, 'mse']" and y and len(y) == 1):
                yield two, y, loss, "x", {}
    for y in [dict(p=1), dict(p=1, q=2, r=1), dict(q=2, p=1)]:
        yield two, y, "mse", "xy", {}
        yield two, y, "['mse']", "xy", {}
    yield two, dict(s=2), "[None, 'mse']", "xy", {}
    for loss in ["['mse', 'mse', 'mse']", "['mae']", "[None, 'mae']", "['mse', None, 'mae']", "[]", "{'p': 'mse'}", "{'p': None, 'q': 'mae'}", None]:
        yield two, full, loss, "x", {}
        yield two, full, loss, "x", {"metrics": ["[['mse'], ['mae']]"]}
    for loss, weights in [("['mae']", "[2.0]"), ("['mae', 'mse']", "[2.0]"), ("['mae']", "[2.0, 1.0]"), ("['mse', 'mse', 'mse']", "[1.0, 1.0, 1.0]")]:
        yield two, full, loss, "x", {"loss_weights": weights}
    one = of(inputs(1), 1, "one")
    for model in [one, CHAIN]:
        for y in [dict(p=1, q=1), None]:
            for loss in ["mse", "['mse']", None]:
                yield model, y, loss, "xy", {}
        yield model, None, "mse", "x", {"metrics": ["mae"]}
    yield CHAIN.replace("Dense(1, ", "Dense(1, kernel_regularizer='l2', "), None, None, "x", {}
    yield CHAIN.replace("Dense(1, ", "Dense(1, kernel_regularizer='l2', "), None, None, "x", {"metrics": ["mae"]}


def dicts():
    """Models whose outputs, or inputs, are dicts: what goes by which name."""
    (a,) = inputs(1)
    out = {"v": layers.Dense(1, name="p")(a), "u": layers.Dense(2, name="q")(a)}
    two, one = json_of(keras.Model(a, out, name="two")), json_of(keras.Model(a, {"v": out["v"]}, name="one"))
    full, named, both = dict(u=2, v=1), "{'u': 'mse', 'v': 'mae'}", [("fit", "x"), ("evaluate", "x"), ("fit", "xy")]
    for do, unnamed in both:
        for more in [{}, {"loss_weights": "{'v': 2.0, 'u': 0.5}"}, {"loss_weights": "[2.0, 0.5]"}, {"metrics": ["{'u': ['mae'], 'v': 'mse'}"]}, {"metrics": ["['mae', 'mse']"], "weighted_metrics": ["{'v': 'mae'}"]}]:
            yield two, do, full, named, unnamed, more
        yield two, do, full, "['mse', 'mae']" if unnamed == "xy" else "mse", unnamed, {}
    for loss in ["{'u': 'mse'}", "{'v': 'mae', 'u': None}", "{'w': 'mse', 'u': 'mse'}", "{'p': 'mse', 'q': 'mse'}", None]:
        yield two, "fit", full, loss, "x", {}
    for y, loss in [(dict(u=2), named), (dict(u=2), "{'u': 'mse'}"), (dict(v=1), "{'v': 'mae'}"), (dict(v=1), "mse"), (dict(u=2, v=1, w=1), "mse")]:
        yield two, "fit", y, loss, "x", {}
    yield two, "fit", dict(v=1), "mse", "xy", {}
    for more in [{"loss_weights": "{'u': 2.0}"}, {"loss_weights": "2.0"}, {"metrics": ["['mae']"]}, {"metrics": ["{'p': 'mae'}"]}, {"metrics": ["{'u': ['mae'], 'w': 'mae'}"]}, {"weighted_metrics": ["{'w': 'mae'}"]}]:
        yield two, "fit", full, named, "x", more
    for loss in ["mse", "{'v': 'mse'}", "{'p': 'mse'}", "['mse']"]:
        yield one, "fit", dict(v=1), loss, "x", {"metrics": ["['mae']"]}
        yield one, "fit", dict(v=1), loss, "xy", {"metrics": ["{'v': 'mae'}"], "loss_weights": "{'v': 2.0}" if "{" in loss else "None"}
    lists = json_of(keras.Model(a, {"k": [out["v"], layers.Concatenate(name="c")([out["u"], a])], "b": (out["u"],)}, name="lists"))
    yield lists, "predict", None, None, "", {}
    ins = {"y": keras.Input((3,), name="b"), "x": a}
    yield json_of(keras.Model(ins, layers.Subtract(name="s")([ins["x"], ins["y"]]), name="by_name")), "predict", None, None, "", {}
    ins = [a, (keras.Input((3,), name="b"), keras.Input((3,), name="c"))]
    yield json_of(keras.Model(ins, layers.Concatenate(name="s")([ins[0], *ins[1]]), name="nested")), "predict", None, None, "", {}


REFUSED = re.compile(r"indices\[?[\d,]*\]? = -?\d+ is not in \[0, \d+\)")
IDS = [[0, 1], [2, 9]], [[0, -1], [2, -5]], [[0, 1], [5, 2]], [[0, -6], [7, 2]], [[4, 3], [2, 1]]


def ids():
    """Numbers outside of an Embedding's table; TensorFlow says more than which one."""
    for kind in ["int32", "float32"]:
        model = f"Sequential([Input((2,), dtype='{kind}', name='x'), Embedding(5, 3), Flatten(), Dense(1)])"
        for x in IDS:
            for do in ["predict", "fit", "evaluate"]:
                row = {"model": model, "do": do, "unnamed": "xy", "optimizer": "SGD(0.1)", "loss": "mse"}
                yield called(row, np.array(x, kind), None if do == "predict" else {"y": yes(2, 1)})
    row = {"model": "Sequential([Input((2,), dtype='int32', name='x'), Embedding(5, 3)])", "do": "predict", "unnamed": "x"}
    yield called(row, np.array([[0, 1]] * 6 + [[7, -3]], "int32"), batch_size=2)


def predicted(row, names):
    """What a model of nested inputs and outputs gives, flat."""
    x = {name: chances(2, 3, salt=i) for i, name in enumerate(names)}
    keyed, model = {"b": "y", "a": "x"}, model_of(row["model"])
    row["weights"] = set_weights(model)
    if row["model"]["config"]["name"] == "by_name":
        x = {keyed[name]: v for name, v in x.items()}
    out = model.predict(x if len(x) == 2 else [x["a"], (x["b"], x["c"])] if len(x) == 3 else x["a"], verbose=0)
    return {**row, "x": {k: array(v) for k, v in x.items()}, "out": [array(v) for v in keras.tree.flatten(out)]}


def rows():
    for model, do, x, unnamed in names():
        row = {"model": model, "do": do, "unnamed": unnamed, "optimizer": "SGD(0.1)", "loss": "mse"}
        yield called(row, arrays(**x), {"p": yes(ROWS, 1)} if do == "fit" else None)
    for model, y, loss, unnamed, more in targets():
        row = {"model": model, "do": "fit", "unnamed": unnamed, "optimizer": "SGD(0.1)", **({"loss": loss} if loss else {}), **more}
        yield called(row, arrays(a=3), None if y is None else {name: yes(ROWS, n) for name, n in y.items()})
    for model, do, y, loss, unnamed, more in dicts():
        names = [layer["name"] for layer in model["config"]["layers"] if layer["class_name"] == "InputLayer"]
        row = {"model": model, "do": do, "unnamed": unnamed, "optimizer": "SGD(0.1)", **({"loss": loss} if loss else {}), **more}
        if do == "predict":
            yield predicted(row, names)
        else:
            yield called(row, arrays(a=3), {name: chances(ROWS, n, salt=2) for name, n in y.items()})
    for row in ids():
        if "error" in row:
            row["error"]["message"] = REFUSED.search(row["error"]["message"])[0]
        yield row


def shown():
    for row in rows():
        if FOREIGN.search(row.get("error", {}).get("message", "")):
            print("left out:", row["model"], row.get("loss"), row["error"]["message"][:80])
        else:
            yield row


if __name__ == "__main__":
    write("arguments", shown())
