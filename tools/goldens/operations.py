#!/usr/bin/env python3
"""What calls of keras.ops inside Functional models compute: tests/goldens/operations.jsonl.

One row a call, in the form of layers.jsonl: "model" (to_json), "x" by input name, "y" in the order of the outputs.
Every operation that Keratin has needs a call here: tests/keras/test_predict.c looks for it.
"""
import json

from common import array, floats, ints, keras, np, write

ops = keras.ops

A, B, C = (2, 3, 4), (2, 3, 4), (2, 4)


def unit(*shape):
    return np.round(np.abs(np.sin(floats(*shape))) * 0.8 + 0.1, 2).astype("float32")


# Inputs (the batch first) and the call. What NumPy's basic operators leave is the same as the functions'.
CALLS = [
    *[([floats(*A)], f) for f in (
        ops.absolute, ops.negative, ops.sign, ops.square, ops.exp, ops.expm1, ops.sin, ops.cos, ops.tanh, ops.floor,
        ops.ceil, ops.isnan)],
    *[([unit(*A)], f) for f in (ops.sqrt, ops.rsqrt, ops.reciprocal, ops.log, ops.log1p)],
    *[([ints(-3, 4, *A)], f) for f in (ops.absolute, ops.sign, ops.square, ops.exp, ops.tanh, ops.logical_not)],
    *[([floats(*A), floats(*B, salt=1)], f) for f in (
        ops.add, ops.subtract, ops.multiply, ops.divide, ops.true_divide, ops.divide_no_nan, ops.maximum, ops.minimum,
        ops.mod, ops.equal, ops.not_equal, ops.less, ops.less_equal, ops.greater, ops.greater_equal, ops.logical_and,
        ops.logical_or)],
    ([unit(*A), floats(*B)], ops.power),
    ([ints(1, 5, *A), ints(1, 4, *B, salt=1)], ops.divide),
    ([ints(1, 5, *A), floats(*B, salt=1)], ops.multiply),
    ([floats(*A)], lambda x: (x + 1) * 0.5 - 2),
    ([floats(*A)], lambda x: 1 / (x ** 2 + 1)),
    ([ints(0, 5, *A)], lambda x: x + 0.5),
    ([ints(0, 5, *A)], lambda x: x * 2),
    ([floats(*A), floats(*C)], lambda x, y: x + y[:, None]),
    ([floats(*A)], lambda x: x + np.array([1, 2, 3, 4], "float32")),
    *[([floats(*A)], lambda x, f=f, k=k: f(x, **k)) for f in (ops.sum, ops.mean, ops.amax, ops.amin)
      for k in ({"axis": -1}, {"axis": (1, 2), "keepdims": True})],
    ([ints(0, 5, *A)], lambda x: ops.mean(x, axis=1)),
    ([floats(*A), floats(*B, salt=1)], lambda x, y: ops.concatenate([x, y], axis=1)),
    ([floats(*A), ints(0, 3, *B)], lambda x, y: ops.concatenate([x, y], axis=-1)),
    ([floats(*A), floats(*B, salt=1)], lambda x, y: ops.stack([x, y], axis=1)),
    *[([floats(*A)], f) for f in (
        lambda x: x[:, 1:3, ::2], lambda x: x[:, -1], lambda x: x[..., None], lambda x: x[:, ::-1], lambda x: x[..., 0],
        lambda x: x[:, None, 1, 1:], lambda x: x[:, 2:0:-1, -3:])],
]


def rows():
    for arrays, f in CALLS:
        keras.backend.clear_session()
        x = {f"in{i}": a for i, a in enumerate(arrays)}
        inputs = [keras.Input(a.shape[1:], dtype=str(a.dtype), name=name) for name, a in x.items()]
        y = f(*inputs)
        model = keras.Model(inputs, y, name="m")
        out = model(list(x.values()) if len(x) > 1 else arrays[0])
        out = out if isinstance(out, (list, tuple)) else [out]
        config = json.loads(model.to_json())
        config["config"]["name"] = "_".join(["m"] + [la["name"] for la in config["config"]["layers"] if "keras.src.ops" in la["module"]])
        yield {"model": config, "weights": [], "x": {k: array(v) for k, v in x.items()},
               "y": [array(v) for v in out], "calls": 1}


if __name__ == "__main__":
    write("operations", rows())
