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
NAN = np.float32("nan")
HOLES = np.where(np.arange(24).reshape(*A) % 5 == 2, NAN, floats(*A)).astype("float32")

CALLS = [
    # one tensor, element by element
    *[([floats(*A)], f) for f in (
        ops.absolute, ops.negative, ops.sign, ops.square, ops.fabs, ops.cbrt, ops.exp, ops.exp2, ops.expm1, ops.sin,
        ops.cos, ops.tan, ops.arctan, ops.sinh, ops.cosh, ops.tanh, ops.arcsinh, ops.erf, ops.erfc, ops.floor, ops.ceil,
        ops.trunc, ops.deg2rad, ops.rad2deg, ops.sinc, ops.copy, ops.conjugate, ops.real, ops.imag, ops.angle,
        ops.isnan, ops.isinf, ops.isfinite, ops.isposinf, ops.isneginf, ops.isreal, ops.signbit, ops.round)],
    *[([unit(*A)], f) for f in (
        ops.sqrt, ops.rsqrt, ops.reciprocal, ops.log, ops.log2, ops.log10, ops.log1p, ops.arcsin, ops.arccos, ops.arctanh,
        ops.erfinv)],
    ([unit(*A) + 1], ops.arccosh),
    *[([ints(-3, 4, *A)], f) for f in (
        ops.absolute, ops.sign, ops.square, ops.exp, ops.tanh, ops.logical_not, ops.floor, ops.trunc, ops.round, ops.isnan)],
    ([floats(*A) * 3], lambda x: ops.round(x, 1)),
    ([np.array([[0.0, -0.0, np.inf, -np.inf, NAN]], "float32")],
     lambda x: [ops.isinf(x), ops.isfinite(x), ops.isposinf(x), ops.isneginf(x), ops.signbit(x), ops.nan_to_num(x, 1, 2, 3)]),
    # two tensors, element by element
    *[([floats(*A), floats(*B, salt=1)], f) for f in (
        ops.add, ops.subtract, ops.multiply, ops.divide, ops.true_divide, ops.divide_no_nan, ops.floor_divide, ops.maximum,
        ops.minimum, ops.fmax, ops.fmin, ops.mod, ops.fmod, ops.equal, ops.not_equal, ops.less, ops.less_equal, ops.greater,
        ops.greater_equal, ops.logical_and, ops.logical_or, ops.logical_xor, ops.logaddexp, ops.logaddexp2, ops.hypot,
        ops.arctan2, ops.heaviside, ops.isclose)],
    ([HOLES, floats(*B, salt=1)], lambda x, y: [ops.fmax(x, y), ops.fmin(y, x), ops.isclose(x, x, equal_nan=True)]),
    ([floats(*A), ints(-2, 3, *B)], ops.ldexp),
    ([unit(*A), floats(*B)], ops.power),
    ([ints(1, 5, *A), ints(1, 4, *B, salt=1)], ops.divide),
    ([ints(-5, 5, *A), ints(1, 4, *B, salt=1)], lambda x, y: [x // y, x % y, ops.fmod(x, y)]),
    ([ints(1, 5, *A), floats(*B, salt=1)], ops.multiply),
    ([floats(*A)], lambda x: (x + 1) * 0.5 - 2),
    ([floats(*A)], lambda x: 1 / (x ** 2 + 1)),
    ([ints(0, 5, *A)], lambda x: x + 0.5),
    ([ints(0, 5, *A)], lambda x: x * 2),
    ([floats(*A), floats(*C)], lambda x, y: x + y[:, None]),
    ([floats(*A)], lambda x: x + np.array([1, 2, 3, 4], "float32")),
    # activations
    *[([floats(*A) * 3], f) for f in (
        ops.relu, ops.relu6, ops.sigmoid, ops.silu, ops.softplus, ops.softsign, ops.selu, ops.hard_sigmoid, ops.hard_silu,
        ops.hard_tanh, ops.tanh_shrink, ops.log_sigmoid, ops.sparse_plus, ops.sparse_sigmoid, ops.elu, ops.celu,
        ops.leaky_relu, ops.hard_shrink, ops.soft_shrink, ops.squareplus, ops.gelu, ops.softmax, ops.log_softmax,
        ops.sparsemax, ops.glu)],
    ([floats(*A)], lambda x: [ops.elu(x, 0.5), ops.celu(x, 2.0), ops.leaky_relu(x, 0.3), ops.hard_shrink(x, 1.0),
                              ops.soft_shrink(x, 0.2), ops.threshold(x, 0.1, -2.0), ops.squareplus(x, 1), ops.gelu(x, False)]),
    ([floats(2, 4, 3)], lambda x: [ops.softmax(x, 1), ops.log_softmax(x, axis=1), ops.glu(x, axis=1)]),
    # conversions and choices
    ([floats(*A)], lambda x: [ops.cast(x, "int32"), ops.cast(x, "bool"), ops.zeros_like(x), ops.ones_like(x, "int32"),
                              ops.full_like(x, 0.5)]),
    ([floats(*A) * 300], lambda x: ops.saturate_cast(x, "uint8")),
    ([floats(*A)], lambda x: ops.array(x) + ops.empty_like(x) * 0),
    ([floats(*A)], lambda x: ops.stop_gradient(x) * 2),
    ([floats(*A)], lambda x: ops.clip(x, -0.5, 0.7)),
    ([ints(-3, 4, *A)], lambda x: ops.clip(x, -1, 2)),
    ([floats(*A), floats(*B, salt=1)], lambda x, y: ops.where(x > y, x, y * 2)),
    ([floats(*A)], lambda x: ops.where(x > 0, x, 0)),
    ([floats(*A)], lambda x: ops.select([x > 0.5, x < -0.5], [x, -x], 0.1)),
    # reductions
    *[([floats(*A)], lambda x, f=f, k=k: f(x, **k))
      for f in (ops.sum, ops.mean, ops.amax, ops.amin, ops.max, ops.min, ops.prod, ops.any, ops.all, ops.ptp, ops.var,
                ops.std, ops.logsumexp)
      for k in ({"axis": -1}, {"axis": (1, 2), "keepdims": True})],
    ([floats(*A)], lambda x: [ops.max(x, axis=1, initial=0.7), ops.min(x, axis=1, initial=-0.7)]),
    ([ints(0, 5, *A)], lambda x: [ops.mean(x, axis=1), ops.sum(x, axis=1), ops.count_nonzero(x, axis=-1), ops.std(x, axis=2)]),
    ([floats(*A)], lambda x: [ops.argmax(x, axis=-1), ops.argmin(x, axis=1), ops.argmax(x, axis=1, keepdims=True)]),
    *[([HOLES], lambda x, f=f: f(x, axis=-1)) for f in (
        ops.nansum, ops.nanprod, ops.nanmax, ops.nanmin, ops.nanmean, ops.nanvar, ops.nanstd)],
    # shapes
    ([floats(*A)], lambda x: [ops.reshape(x, (-1, 12)), ops.reshape(x, (-1, 2, 6)), ops.expand_dims(x, -1),
                              ops.expand_dims(x, (1, 3)), ops.transpose(x, (0, 2, 1)), ops.swapaxes(x, 1, 2),
                              ops.moveaxis(x, 1, 2), ops.moveaxis(x, (1, 2), (2, 1))]),
    ([floats(2, 1, 3, 1)], lambda x: [ops.squeeze(x, 1), ops.squeeze(x, (1, 3)), ops.squeeze(x)]),
    ([floats(*A)], lambda x: ops.broadcast_to(x[:1, :1], (2, 3, 4))),
    ([floats(*A)], lambda x: ops.reshape(ops.ravel(x), (-1, 3, 4))),
    ([floats(*A)], lambda x: [ops.flip(x, 1), ops.flip(x, (1, 2)), ops.fliplr(x), ops.roll(x, 1, axis=1),
                              ops.roll(x, -3, axis=-1), ops.tile(x, (1, 2, 3)), ops.tile(x, 2), ops.repeat(x, 2, axis=1),
                              ops.repeat(x, [1, 0, 2], axis=1)]),
    ([floats(*A)], lambda x: ops.flipud(x)),
    ([floats(*A)], lambda x: [ops.rot90(x, k, axes=(1, 2)) for k in range(4)]),
    ([floats(*A)], lambda x: [ops.pad(x, ((0, 0), (1, 2), (0, 1))), ops.pad(x, ((0, 0), (1, 0), (2, 1)), constant_values=3),
                              ops.pad(x, ((0, 0), (2, 1), (0, 3)), "reflect"), ops.pad(x, ((0, 0), (3, 0), (1, 4)), "symmetric")]),
    # joining and splitting
    ([floats(*A), floats(*B, salt=1)], lambda x, y: [ops.concatenate([x, y], axis=1), ops.stack([x, y], axis=1),
                                                     ops.stack([x, y], axis=-1), ops.hstack([x, y]), ops.dstack([x, y])]),
    ([floats(*A), floats(*B, salt=1)], lambda x, y: ops.reshape(ops.vstack([x, y]), (-1, 6, 4))),
    ([floats(*A), ints(0, 3, *B)], lambda x, y: ops.concatenate([x, y], axis=-1)),
    ([floats(*A), floats(*B, salt=1)], lambda x, y: [ops.append(x, y, axis=1), ops.reshape(ops.append(x, y), (-1, 6, 4))]),
    ([floats(2, 4, 6)], lambda x: [*ops.split(x, 2, axis=2), *ops.split(x, [1, 3], axis=1)]),
    ([floats(2, 4, 7)], lambda x: ops.array_split(x, 3, axis=2)),
    ([floats(2, 4, 6)], lambda x: [*ops.hsplit(x, 2), *ops.dsplit(x, [1, 2])]),
    ([floats(2, 4, 6)], lambda x: ops.unstack(x, axis=1)),
    ([floats(4, 3)], lambda x: ops.concatenate(ops.vsplit(x, 2)[::-1], axis=0)),
    # products
    ([floats(2, 3, 4), floats(2, 4, 5)], ops.matmul),
    ([floats(2, 3, 4), floats(2, 4, salt=1)], lambda x, y: [ops.matmul(x, y[0]), ops.matmul(x, np.ones((4, 2), "float32"))]),
    ([floats(2, 3, 4)], lambda x: [ops.dot(x, np.ones((4, 3), "float32")), ops.inner(x, np.ones((2, 4), "float32")),
                                   ops.dot(x, 2.0), ops.tensordot(x, np.ones((4, 3, 2), "float32"), 1),
                                   ops.tensordot(x, np.ones((3, 4, 2), "float32"), 2),
                                   ops.tensordot(x, np.ones((5, 3), "float32"), [[1], [1]])]),
    ([floats(2, 3), floats(2, 2)], lambda x, y: [ops.reshape(ops.outer(x, y), (-1, 24)), x * ops.vdot(x, x)]),
    ([floats(2, 3, 4), floats(2, 4, 5)], lambda x, y: [ops.einsum("bij,bjk->bik", x, y), ops.einsum("bij,bjk->bki", x, y),
                                                       ops.einsum("bij,bjk->b", x, y), ops.einsum("bij,bjk", x, y)]),
    ([floats(2, 3, 4)], lambda x: [ops.einsum("bij->bji", x), ops.einsum("bij->b", x), ops.einsum("...j,jk->...k", x, np.ones((4, 2), "float32")),
                                   ops.einsum("bij,bkj,bl->bikl", x, x, x[:, 0])]),
    ([floats(2, 3, 4)], lambda x: [ops.diagonal(x, axis1=1, axis2=2), ops.diagonal(x, 1, 1, 2), ops.diagonal(x, -2, 2, 1),
                                   ops.trace(x, axis1=1, axis2=2), ops.tril(x), ops.triu(x, 1), ops.tril(x, -1)]),
    # x[...]
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
