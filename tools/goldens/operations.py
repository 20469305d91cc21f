#!/usr/bin/env python3
"""What calls of keras.ops inside Functional models compute: tests/goldens/operations.jsonl.

One row a call, in the form of layers.jsonl: "model" (to_json), "x" by input name, "y" in the order of the outputs.
Every operation that Keratin has needs a call here: tests/keras/test_predict.c looks for it.
"""
import json

from common import array, floats, ints, keras, np, write

ops, NumPy = keras.ops, keras.src.ops.numpy
AllClose, ConvertToTensor = NumPy.AllClose, keras.src.ops.core.ConvertToTensor

A, B, C = (2, 3, 4), (2, 3, 4), (2, 4)


def unit(*shape):
    return np.round(np.abs(np.sin(floats(*shape))) * 0.8 + 0.1, 2).astype("float32")


# Inputs (the batch first) and the call; "fixed": of a model that names its batch size. What NumPy's basic operators leave is the same as the functions'.
NAN = np.float32("nan")
HOLES = np.where(np.arange(24).reshape(*A) % 5 == 2, NAN, floats(*A)).astype("float32")

CELLS = np.round(np.sin(np.arange(81.0) * 3), 2).reshape(3, 3, 3, 3).astype("float32")
CELLS = np.concatenate([CELLS, CELLS[:, :, :1]], axis=2)
CELLS = np.concatenate([CELLS, CELLS[:, :, :, :1]], axis=3)
REGULAR = (floats(2, 4, 4) + 3 * np.eye(4)).astype("float32")

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
    # order
    ([floats(*A)], lambda x: [ops.sort(x), ops.sort(x, 1), ops.argsort(x), ops.argsort(x, 1), *ops.top_k(x, 2), *ops.top_k(x, 1, sorted=False)]),
    ([ints(-2, 3, *A)], lambda x: [ops.sort(x, -1), ops.argsort(x, -1), *ops.top_k(x, 3), ops.argpartition(x[:, 0], 1), ops.sort(x > 0, 1)]),
    ([floats(4, 6) * 9], lambda x: [ops.argpartition(x, 2), ops.argpartition(x, 3, axis=0)]),
    ([ints(0, 6, 5), np.where(np.arange(25).reshape(5, 5) == 7, np.inf, ints(0, 9, 5, 5)).astype("float32")],
     lambda t, x: [ops.in_top_k(t, x, 1), ops.in_top_k(t, x, 3)]),
    *[([floats(*A)], lambda x, m=m: [
        ops.quantile(x, 0.3, axis=-1, method=m), ops.quantile(x, [0.1, 0.5, 1.0], axis=1, method=m), ops.quantile(x, 0.7, axis=(1, 2), method=m, keepdims=True),
        ops.percentile(x, 35, axis=2, method=m), ops.nanquantile(x, 0.6, axis=1, method=m)]) for m in ("linear", "lower", "higher", "midpoint", "nearest")],
    ([floats(*A)], lambda x: [ops.median(x, axis=-1), ops.median(x, axis=(1, 2), keepdims=True), ops.median(x), ops.quantile(x, [0.2, 0.4]),
                              ops.quantile(x, [[0.2, 0.4, 0.5]], axis=1), ops.quantile(x, [0.2, 0.9], axis=1, keepdims=True), ops.quantile(x, [0.2], keepdims=True)]),
    ([HOLES], lambda x: [ops.nanmedian(x, axis=-1), ops.nanmedian(x, axis=(0, 1)), ops.nanmedian(x), ops.nanquantile(x, [0.2, 0.4], axis=-1),
                         ops.nanquantile(x, [[0.2, 0.4, 0.5]], axis=1), ops.nanpercentile(x, [20, 40]), ops.nanpercentile(x, 10.0, axis=2, keepdims=True),
                         ops.median(x, axis=-1)]),
    ([ints(-9, 9, *A)], lambda x: [ops.median(x, axis=1), ops.percentile(x, 25, axis=-1)]),
    ([unit(*A), unit(*B)], lambda x, q: [ops.quantile(x, q), ops.nanquantile(x, q[0, 0], axis=1)]),
    # one after another
    ([floats(*A)], lambda x: [ops.cumsum(x, axis=1), ops.cumsum(x, axis=-1), ops.cumprod(x, axis=1), ops.cumsum(x), ops.cumprod(x, axis=-1)]),
    ([ints(0, 3, *A)], lambda x: [ops.cumsum(x, axis=1), ops.cumprod(x, axis=2), ops.cumsum(x > 1, axis=1), ops.cumsum(x, axis=1, dtype="float32")]),
    ([HOLES], lambda x: [ops.nancumsum(x, axis=-1), ops.nancumprod(x, axis=1), ops.nancumsum(x)]),
    ([floats(*A)], lambda x: [ops.diff(x), ops.diff(x, axis=1), ops.diff(x, n=2, axis=-1), ops.diff(x, n=0), ops.trapezoid(x), ops.trapezoid(x, dx=0.5, axis=1)]),
    ([floats(*A)], lambda x: ops.trapezoid(x, x=[0.0, 1.0, 3.0, 3.5])),
    ([ints(0, 3, *A)], lambda x: [ops.diff(x), ops.diff(x > 1, axis=1), ops.trapezoid(x)]),
    # bits and divisors
    *[([ints(-9, 20, *A), ints(0, 7, *B, salt=1)], f) for f in (
        ops.bitwise_and, ops.bitwise_or, ops.bitwise_xor, ops.bitwise_left_shift, ops.left_shift, ops.bitwise_right_shift, ops.right_shift,
        ops.gcd, ops.lcm)],
    ([ints(-9, 20, *A)], lambda x: [ops.bitwise_not(x), ops.bitwise_invert(x), ops.left_shift(x, 2), ops.right_shift(x, 1), ops.lcm(x, 0), ops.gcd(x, 12)]),
    # of each width: what falls out is lost, and the highest bit is a sign
    *[([ints(-90, 200, *A).astype(d), ints(0, 8, *B, salt=1).astype(d)],
       lambda x, y: [ops.bitwise_and(x, y), ops.bitwise_or(x, y), ops.bitwise_xor(x, y), ops.left_shift(x, y), ops.right_shift(x, y)])
      for d in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32")],
    ([(ints(-90, 200, *A) * 100).astype("int16"), ints(7, 16, *B, salt=1).astype("int16")], lambda x, y: [ops.left_shift(x, y), ops.right_shift(x, y)]),
    ([ints(0, 200, *A)], lambda x: [ops.bitwise_not(ops.cast(x, "uint8")), ops.left_shift(ops.cast(x, "uint8"), ops.cast(3, "uint8"))]),
    ([floats(*A)], lambda x: [ops.view(x, dtype="int32"), ops.view(x, dtype="uint8"), ops.view(x), ops.view(ops.view(x, dtype="uint8"), dtype="float32")]),
    ([np.array([[1, 2, 1078530011, -7]], "int32") << 20], lambda x: [ops.view(x, dtype="uint8"), ops.view(x, dtype="float32")]),
    ([np.uint8([[3, 200, 17, 255], [16, 0, 1, 128]]), np.uint8([[2, 2, 3, 2], [2, 0, 5, 1]])],  # bytes go around at 256
     lambda x, y: [x * y, x ** y, x + y, x - y, ops.square(x), ops.cumsum(x, axis=1), ops.cumprod(x, axis=1), ops.matmul(x, ops.transpose(y)), ops.einsum("bi,bi->b", x, y),
                   ops.outer(x, y), ops.vdot(x, y), ops.diff(x, axis=1), ops.tensordot(x, y, axes=[[1], [1]])], "fixed"),
    ([floats(*A), floats(*B, salt=1)], lambda x, y: [ops.nextafter(x, y), ops.nextafter(ops.cast(x, "float64"), y)]),
    # by numbers
    ([floats(*A)], lambda x: [ops.take(x, [0, 2, -1], axis=1), ops.take(x, [[0], [3]], axis=-1), ops.take(x, 1, axis=1), ops.take(x, [5, 0, 23])]),
    ([floats(*A), ints(-3, 3, 2, 2, 4)], lambda x, i: [ops.take_along_axis(x, i, axis=1), ops.take_along_axis(x, i[:, :, :1], axis=1)]),
    ([floats(*A), ints(0, 4, 2, 3, 2)], lambda x, i: [ops.take_along_axis(x, i, axis=-1), ops.take_along_axis(x, ops.reshape(i, (-1,)))]),
    ([floats(*A)], lambda x: [ops.slice(x, (0, 1, 2), (2, 2, 2)), ops.slice_update(x, (0, 1, 2), np.ones((1, 2, 2), "float32")),
                              ops.slice_update(x, (1, 2, 0), np.full((1, 3, 2), 7, "float32"))]),
    ([floats(3, 3, 4), ints(0, 2, 3)], lambda x, i: [ops.slice(x, i, (1, 2, 2)), ops.slice_update(x, i, np.ones((1, 1, 2), "float32"))]),
    ([floats(7)], lambda x: [ops.searchsorted(np.array([-0.5, 0.0, 0.5], "float32"), x), ops.searchsorted(np.array([-0.5, 0.0, 0.5], "float32"), x, side="right")]),
    ([ints(0, 6, 7)], lambda x: [ops.searchsorted(np.array([1, 3, 3, 4], "int32"), x), ops.searchsorted(np.array([1, 3, 3, 4], "int32"), x, side="right")]),
    ([floats(*A)], lambda x: [ops.digitize(x, np.array([-0.5, 0.0, 0.5]))]),
    ([ints(0, 6, *A)], lambda x: [ops.digitize(x, np.array([1.0, 3.0, 4.5])),
                                  ops.isin(x, np.array([1, 3])), ops.isin(x, np.array([1, 3, 3]), invert=True), *ops.unravel_index(x, (2, 3))]),
    ([ints(0, 24, 7)], lambda x: [*ops.unravel_index(x, (2, 3, 4))]),
    ([floats(5, 3, 4), ints(0, 3, 5, 1)], lambda x, i: [ops.scatter(i, ops.ones((5, 3)), (4, 3)), ops.scatter(i, ops.arange(5), (3,)),
                                                   ops.scatter_update(x[:, 0, 0], [[1]], ops.array([5.0]))]),
    *[([floats(5, 3), ints(0, 4, 5, 1), floats(5, 3, salt=1)], lambda x, i, u, r=r: [
        ops.scatter_update(x, i, u, reduction=r), ops.scatter_update(x, ops.concatenate([i, i * 0], 1), u[:, 0], reduction=r)])
      for r in (None, "add", "max", "min", "mul")],
    *[([floats(6, 3), ints(-1, 4, 6)], lambda x, i, f=f: [f(x, i, num_segments=5), f(x[:, 0], np.array([0, 1, 1, 3, 3, 0]), num_segments=4),
                                                          f(x, np.array([0, 0, 1, 3, 3, 3]), sorted=True)])
      for f in (ops.segment_sum, ops.segment_max, ops.segment_min, ops.segment_prod)],
    ([ints(-2, 6, 2, 3)], lambda x: [ops.one_hot(x, 5), ops.one_hot(x, 4, axis=1), ops.one_hot(x, 5, dtype="int32"), ops.one_hot(x, 3, dtype="bool"),
                                     ops.multi_hot(x, 5), ops.multi_hot(x, 4, axis=1), ops.multi_hot(x, 5, dtype="int32")]),
    ([floats(2, 3, 4) * 4], lambda x: [ops.one_hot(x, 5), ops.multi_hot(x, 5)]),
    # means and norms
    ([floats(*A)], lambda x: [ops.average(x, axis=-1), ops.average(x), ops.average(x, axis=1, weights=np.array([1.0, 2.0, 5.0], "float32")),
                                          ops.average(x, axis=2, weights=x * x)]),
    ([floats(*A)], lambda x: [*ops.moments(x, [1]), *ops.moments(x, [0, 2], keepdims=True), ops.normalize(x), ops.normalize(x, axis=1, order=1),
                              ops.normalize(x, axis=(1, 2)), ops.normalize(x, axis=-1, order=3, epsilon=2.5)]),
    ([floats(*A)], lambda x: [ops.norm(x, axis=-1), ops.norm(x, axis=(1, 2)), ops.norm(x, ord=1, axis=1), ops.norm(x, ord=3, axis=-1, keepdims=True),
                              ops.norm(x, ord=np.inf, axis=-1), ops.norm(x, ord=-np.inf, axis=1), ops.norm(x, ord=0, axis=1), ops.norm(x, ord="fro", axis=(1, 2))]),
    ([floats(*A)], lambda x: [ops.norm(x, ord=o, axis=(1, 2)) for o in (1, -1, 2, -2, np.inf, -np.inf, "nuc")]
     + [ops.norm(x, ord=1, axis=(2, 1), keepdims=True), ops.norm(x, ord=2, axis=(1, 2), keepdims=True)]),
    ([floats(*A)], lambda x: [ops.batch_normalization(x, np.zeros(4, "float32"), np.full(4, 2, "float32"), axis=-1),
                              ops.batch_normalization(x, np.ones(3, "float32"), np.full(3, 2, "float32"), axis=1, offset=np.array([1, 2, 3], "float32"),
                                                      scale=np.array([2, 1, 3], "float32"), epsilon=0.1)]),
    ([floats(*A)], lambda x: [ops.layer_normalization(x), ops.layer_normalization(x, np.full(4, 2, "float32"), np.ones(4, "float32")),
                              ops.layer_normalization(x, np.array([1, 2, 3], "float32"), axis=1), ops.layer_normalization(x, axis=(1, 2), epsilon=0.1),
                              ops.rms_normalization(x), ops.rms_normalization(x, np.full(4, 2, "float32"), epsilon=0.1), ops.rms_normalization(x, axis=1)]),
    ([floats(*A), floats(*B, salt=1)], lambda x, y: ops.psnr(x, y, 2.0)),
    # products and grids
    ([floats(2, 4, 3), floats(2, 4, 3, salt=1)], lambda x, y: [ops.cross(x, y), ops.cross(x[:, :, :2], y), ops.cross(x[..., :2], y[..., :2])]),
    ([floats(2, 3, 4), floats(2, 3, 4, salt=1)], lambda x, y: ops.cross(x, y, axis=1)),
    ([floats(2, 3, 4), floats(2, 2, salt=1)], lambda x, y: [ops.kron(x[0], y), ops.kron(y, y)]),
    ([floats(2, 3), floats(2, 2), floats(2)], lambda x, y, z: [*ops.meshgrid(x, y), *ops.meshgrid(x, y, z), *ops.meshgrid(x, y, indexing="ij")]),
    ([floats(4)], lambda x: [ops.vander(x, 3), ops.vander(x, 4, increasing=True), ops.diag(x), ops.diag(x, 1), ops.diag(x, -2), ops.diagflat(x, 1)]),
    ([floats(3, 5)], lambda x: [ops.diag(x), ops.diag(x, 2), ops.diag(x, -1), ops.diagflat(x), ops.corrcoef(x), ops.diagonal(x), ops.trace(x)]),
    ([floats(2, 6)], lambda x: [ops.correlate(x[0], x[1]), ops.correlate(x[0], x[1, :3]), ops.correlate(x[0], x[1], "full"),
                                ops.correlate(x[0], x[1, :4], "same"), ops.correlate(x[1, :2], x[0], "full")]),
    ([floats(2, 3, 4), floats(2, 5, 4, salt=1)], ops.cdist),
    ([floats(*A) * 3], ops.i0),
    # cross-entropies
    ([unit(*A), unit(*B)], lambda t, o: [ops.binary_crossentropy(t, o), ops.binary_crossentropy(t, o, from_logits=True), ops.categorical_crossentropy(t, o),
                                         ops.categorical_crossentropy(t, o, axis=1), ops.categorical_crossentropy(t, o, from_logits=True, axis=1)]),
    ([ints(0, 4, 2, 3), unit(*B)], lambda t, o: [ops.sparse_categorical_crossentropy(t, o), ops.sparse_categorical_crossentropy(t[:, :, None], o, from_logits=True)]),
    ([unit(*A), floats(*B)], lambda t, o: [ops.binary_crossentropy(t, ops.sigmoid(o)), ops.categorical_crossentropy(t, ops.softmax(o))]),
    # windows
    ([floats(2, 6, 6, 2)], lambda x: [
        ops.conv(x, CELLS[:3, :3, :2, :3], padding="same"), ops.conv(x, CELLS[:2, :3, :2, :3], strides=2), ops.conv(x, CELLS[:3, :2, :2, :3], dilation_rate=(2, 1)),
        ops.depthwise_conv(x, CELLS[:3, :3, :2, :2], padding="same"),
        ops.depthwise_conv(x, CELLS[:2, :2, :2, :1], strides=2), ops.depthwise_conv(x, CELLS[:2, :2, :2, :1], dilation_rate=2, strides=2, padding="same"),
        ops.separable_conv(x, CELLS[:2, :3, :2, :2], CELLS[:1, :1, :4, :3], padding="same")]),
    # Keras itself can not run those with "eager" in a model (it mixes up names and arguments): the numbers are those of the function
    ([floats(2, 6, 6, 2)], lambda x: [
        ops.conv_transpose(x, CELLS[:3, :3, :3, :2], strides=2), ops.conv_transpose(x, CELLS[:3, :2, :3, :2], strides=2, padding="same"),
        ops.conv_transpose(x, CELLS[:3, :3, :3, :2], strides=3, output_padding=1)], "eager"),
    ([floats(2, 6, 3)], lambda x: [ops.conv(x, CELLS[:2, 0, :3, :2]), ops.depthwise_conv(x, CELLS[:2, 0, :3, :2], strides=2),
                                   ops.separable_conv(x, CELLS[:2, 0, :3, :1], CELLS[:1, 0, :3, :2]),
                                   ops.max_pool(x, 2), ops.average_pool(x, 3, 1, "same"), ops.adaptive_max_pool(x, (4,)), ops.adaptive_average_pool(x, (4,))]),
    ([floats(2, 2, 5, 5)], lambda x: [ops.depthwise_conv(x, CELLS[:3, :3, :2, :1], data_format="channels_first"),
                                      ops.max_pool(x, (2, 3), data_format="channels_first"), ops.average_pool(x, 2, (2, 1), "same", data_format="channels_first")]),
    ([floats(2, 4, 6, 3)], lambda x: [ops.max_pool(x, 2), ops.max_pool(x, 3, 2, "same"), ops.average_pool(x, (2, 3), 1), ops.average_pool(x, 3, 2, "same"),
                                      ops.adaptive_average_pool(x, (3, 3)), ops.adaptive_max_pool(x, (2, 4))]),
    ([floats(2, 3, 6, 5)], lambda x: [ops.unfold(x, 2), ops.unfold(x, (2, 3), dilation=2, padding=1, stride=(2, 1))]),
    ([floats(2, 12, 6)], lambda x: [ops.fold(x, (3, 4), 2), ops.fold(x, (4, 6), 2, stride=2), ops.fold(x, (3, 4), (2, 2), padding=0)]),
    ([floats(2, 8, 4)], lambda x: ops.fold(x, (4, 4), 2, dilation=2, padding=1, stride=2)),
    ([floats(2, 4, 6, 8)], lambda x: [ops.depth_to_space(x, 2), ops.space_to_depth(x, 2), ops.depth_to_space(x, 2, data_format="channels_first"),
                                      ops.space_to_depth(x, 2, data_format="channels_first")]),
    ([floats(2, 3, 9)], lambda x: [ops.extract_sequences(x, 4, 2), ops.extract_sequences(x, 3, 3), ops.extract_sequences(x, 9, 1)]),
    ([floats(2, 5, 6, 2)], lambda x: [ops.image.extract_patches(x, 2), ops.image.extract_patches(x, (2, 3), strides=1, padding="same"),
                                      ops.image.extract_patches(x, 2, strides=1, dilation_rate=2)]),
    ([floats(1, 4, 4, 5, 2)], lambda x: ops.image.extract_patches(x, (2, 2, 3), strides=(1, 2, 1))),
    # attention
    ([floats(2, 3, 4, 5), floats(2, 6, 2, 5, salt=1), floats(2, 6, 2, 5, salt=2)], lambda q, k, v: [
        ops.dot_product_attention(q, k, v), ops.dot_product_attention(q, k, v, scale=0.3, is_causal=True),
        ops.dot_product_attention(q, k, v, bias=np.linspace(-1, 1, 18).reshape(1, 1, 3, 6).astype("float32"), mask=np.arange(18).reshape(1, 1, 3, 6) % 4 > 0)]),
    # linear algebra
    ([REGULAR, floats(2, 4, 3)], lambda a, b: [ops.solve(a, b), ops.solve(a, b[:, :, 0]), ops.solve_triangular(a, b, lower=True), ops.solve_triangular(a, b),
                                               ops.solve_triangular(a, b[:, :, 1])]),
    ([REGULAR], lambda a: [ops.det(a), ops.inv(a), *ops.slogdet(a), ops.matrix_rank(a), ops.pinv(a)]),
    ([REGULAR], lambda a: [*ops.linalg.lu_factor(a[0]), *ops.linalg.lu_factor(a[1])]),
    ([REGULAR @ REGULAR.transpose(0, 2, 1)], lambda s: [ops.cholesky(s), ops.cholesky(s, upper=True), ops.cholesky_inverse(s), ops.cholesky_inverse(s, upper=True),
                                                        ops.logdet(s), ops.eigh(s)[0]]),
    ([floats(2, 4, 3)], lambda x: [*ops.qr(x), *ops.qr(x, mode="complete"), ops.svd(x, compute_uv=False), ops.svd(x, full_matrices=False)[1], ops.pinv(x),
                                   ops.pinv(x, rcond=0.3), ops.matrix_rank(x), ops.matrix_rank(x, tol=1.0)]),
    ([floats(2, 3, 4)], lambda x: [*ops.qr(x), ops.pinv(x)]),
    ([floats(2, 4, 3)], lambda x: [(lambda u, s, v: ops.matmul(u * s[:, None], v))(*ops.svd(x, full_matrices=False)),
                                   (lambda u, s, v: ops.matmul(u[:, :, :3] * s[:, None], v))(*ops.svd(x))]),
    ([REGULAR + REGULAR.transpose(0, 2, 1)], lambda x: (lambda w, v: ops.matmul(v * w[:, None], ops.transpose(v, (0, 2, 1))))(*ops.eigh(x))),
    ([floats(5, 3), floats(5, 2, salt=1)], lambda a, b: [ops.lstsq(a, b), ops.lstsq(a, b[:, 0]), ops.lstsq(a, b, rcond=0.5)]),
    # as long as the data say
    ([ints(0, 2, *A)], lambda x: [*ops.nonzero(x), ops.where(x > 0), ops.unique(x)]),
    ([ints(0, 4, *A)], lambda x: [*ops.unique(x, return_index=True, return_inverse=True, return_counts=True), ops.unique(x, sorted=False)]),
    ([ints(0, 2, 5, 2)], lambda x: [*ops.unique(x, axis=0, return_index=True, return_inverse=True, return_counts=True), ops.unique(x, axis=0, sorted=False)]),
    ([ints(0, 4, *A)], lambda x: [*ops.unique(x, size=6, fill_value=9, return_index=True, return_counts=True), ops.unique(x, size=2),
                                  ops.unique(x, axis=1, size=4) * 2]),
    ([ints(0, 4, 2, 6)], lambda x: [ops.bincount(x, minlength=6), ops.bincount(x[0], minlength=4)]),
    ([floats(11)], lambda x: [*ops.histogram(x, 5), *ops.histogram(x, 4, range=(-0.6, 0.7))], "eager"),
    ([HOLES], lambda x: [ops.nanargmax(x, axis=1), ops.nanargmin(x, axis=-1), ops.nanargmax(x, axis=(1), keepdims=True), ops.nanargmin(x)]),
    # between two ends
    ([floats(2, 3), floats(2, 3, salt=1)], lambda x, y: [ops.linspace(x, y, 4), ops.linspace(x, y, 3, endpoint=False, axis=1), ops.linspace(x, y, 5, axis=-1),
                                                         ops.linspace(x, 2.0, 1), ops.linspace(x, y, 3, dtype="int32"), ops.logspace(x, y, 4),
                                                         ops.logspace(x, y, 3, base=2, axis=-1), ops.full((3, 2), x[0, 0])]),
    ([unit(2, 3), unit(2, 3) + 1], lambda x, y: [ops.geomspace(x, y, 4), ops.geomspace(-x, -y, 3, endpoint=False)]),
    ([floats(*A), floats(*B, salt=1)], lambda x, y: [AllClose()(x, y), AllClose()(x, x + 1e-9), AllClose(equal_nan=True)(x / 0, x / 0), NumPy.Size()(x) * 1, NumPy.Ndim()(x) * 1,
                                                     ConvertToTensor("int32")(x)]),
    # spectra
    ([floats(2, 3, 12), floats(2, 3, 12, salt=1)], lambda x, y: [*ops.fft((x, y)), *ops.fft2((x, y)), *ops.ifft2((x, y)), *ops.rfft(x), *ops.rfft(x, 8), *ops.rfft(x, 15)]),
    ([floats(2, 3, 7), floats(2, 3, 7, salt=1)], lambda x, y: [ops.irfft((x, y)), ops.irfft((x, y), 9), ops.irfft((x, y), 20), *ops.fft((x, y))]),
    ([floats(2, 40)], lambda x: [*ops.stft(x, 6, 3, 8), *ops.stft(x, 5, 2, 5, window="hamming", center=False), *ops.stft(x, 6, 4, 6, window=None)]),
    ([floats(2, 40)], lambda x: [ops.istft(ops.stft(x, 6, 3, 8), 6, 3, 8), ops.istft(ops.stft(x, 6, 2, 8), 6, 2, 8, length=20),
                                 ops.istft(ops.stft(x, 5, 2, 6, center=False, window="hamming"), 5, 2, 6, center=False, window="hamming")]),
    # images
    ([unit(2, 4, 5, 3)], lambda x: [ops.image.rgb_to_grayscale(x), ops.image.rgb_to_hsv(x), ops.image.hsv_to_rgb(x), ops.image.hsv_to_rgb(ops.image.rgb_to_hsv(x)),
                                    ops.image.gaussian_blur(x), ops.image.gaussian_blur(x, (3, 3), (0.5, 2.0)), ops.image.sobel_edges(x), ops.image.rgb_to_hsv(x * 0)]),
    ([unit(2, 3, 4, 5)], lambda x: [ops.image.rgb_to_grayscale(x, "channels_first"), ops.image.rgb_to_hsv(x, "channels_first"), ops.image.sobel_edges(x, "channels_first"),
                                    ops.image.pad_images(x, 1, 2, target_height=7, target_width=9, data_format="channels_first")]),
    ([ints(0, 255, 2, 4, 5, 3)], lambda x: [ops.image.rgb_to_grayscale(x), ops.image.pad_images(x, 1, 2, 0, 1), ops.image.crop_images(x, 1, 2, 1, 0),
                                            ops.image.pad_images(x, bottom_padding=1, right_padding=0, target_height=6, target_width=6),
                                            ops.image.crop_images(x, bottom_cropping=1, left_cropping=2, target_height=2, target_width=2)]),
    ([floats(2, 5, 4) * 2, ints(1, 3, 2, 2)], lambda x, t: ops.nn.ctc_loss(t, x, ops.sum(t * 0 + 1, axis=1), t[:, 0] * 0 + 5)),
    *[([unit(2, 4, 5, 3)], lambda x, m=m: [ops.image.affine_transform(x, np.array([0.8, 0.3, -0.5, -0.2, 1.1, 0.7, 0.01, 0.02], "float32"), fill_mode=m),
                                           ops.image.affine_transform(x, np.array([1.3, 0.2, -2.2, 0.1, 0.9, 1.4, 0, 0], "float32"), "nearest", m, fill_value=0.5)])
      for m in ("constant", "nearest", "reflect", "wrap")],
    ([unit(2, 4, 5, 3)], lambda x: ops.image.perspective_transform(x, np.array([[0, 0], [0, 4], [3, 0], [3, 4]], "float32"),
                                                                   np.array([[0.5, 0.2], [0, 3.5], [2.8, 0.1], [3, 3]], "float32"))),
    *[([unit(4, 5)], lambda x, m=m: [ops.image.map_coordinates(x, np.array([[0.2, 1.7, 2.9, -0.6, 3.2], [0.1, 3.3, 1.6, 2.5, 4.4]], "float32"), o, m, fill_value=0.3)
                                     for o in (0, 1)]) for m in ("constant", "nearest", "wrap", "reflect")],
    ([ints(0, 9, 4, 5)], lambda x: ops.image.map_coordinates(x, np.array([[0.2, 1.7], [0.1, 3.3]], "float32"), 1)),
    *[([unit(2, 4, 6, 3)], lambda x, m=m: [ops.image.resize(x, (3, 7), m), ops.image.resize(x, (6, 4), m, antialias=True), ops.image.resize(x, (5, 5), m, crop_to_aspect_ratio=True),
                                           ops.image.resize(x, (5, 5), m, pad_to_aspect_ratio=True, fill_value=0.3)]) for m in ("nearest", "bilinear", "bicubic", "lanczos3")],
    ([unit(2, 3, 4, 6), ints(0, 255, 2, 4, 5, 3)], lambda x, i: [ops.image.resize(x, (3, 7), data_format="channels_first"), ops.image.resize(i, (3, 4)), ops.image.resize(i, (6, 7), "bicubic")]),
    *[([unit(2, 4, 6, 3)], lambda x, m=m: [
        ops.image.scale_and_translate(x, (2, 7, 4, 3), np.array([1.3, 0.6], "float32"), np.array([0.3, -0.2], "float32"), (1, 2), m),
        ops.image.scale_and_translate(x, (2, 7, 4, 3), np.array([1.3, 0.6], "float32"), np.array([0.3, -0.2], "float32"), (-3, -2), m, antialias=False)], "fixed")
      for m in ("linear", "cubic", "lanczos3", "lanczos5")],
    ([unit(2, 6, 7, 3), unit(2, 6, 7, 3) * 0.7], lambda x, y: [ops.image.ssim(x, y, filter_size=3), ops.image.ssim(x, y, 2.0, 4, 0.7, 0.02, 0.05)]),
    ([unit(2, 3, 6, 7), unit(2, 3, 6, 7) ** 2], lambda x, y: ops.image.ssim(x, y, filter_size=5, data_format="channels_first")),
    *[([unit(2, 4, 6, 3)], lambda x, m=m: [ops.image.elastic_transform(x, 3.0, 1.4, "bilinear", m, 0.5, seed=7), ops.image.elastic_transform(x, 9.0, 2.5, "nearest", m, seed=3)])
      for m in ("constant", "nearest", "wrap", "reflect")],
    ([unit(2, 3, 4, 6)], lambda x: ops.image.elastic_transform(x, 2.0, 0.4, seed=1, data_format="channels_first")),
    ([floats(2, 6, 4)], lambda x: [ops.rearrange(x, "a b c->c b a"), ops.rearrange(x, "a (b c) d -> a b (c d)", b=2), ops.rearrange(x, "a  b c -> (a b c)"),
                                   ops.rearrange(x, "b (x y) (z w) -> (b z) y (x w)", x=2, z=2), ops.rearrange(x, "a_1 b2 c -> c (b2) a_1")], "fixed"),
    ([floats(*A)], lambda x: [NumPy.Abs()(x), NumPy.Conj()(x)]),
    *[([floats(2, 6, 4) * 2, ints(3, 6, 2)], lambda x, n, m=m, i=i: ops.ctc_decode(x, n, merge_repeated=m, mask_index=i)) for m in (True, False) for i in (0, 2, None)],
    *[([floats(2, 6, 4) * 2, ints(3, 6, 2)], lambda x, n, k=k: ops.ctc_decode(x, n, strategy="beam_search", **k))
      for k in ({"beam_width": 2}, {"top_paths": 3}, {"beam_width": 3, "top_paths": 2, "mask_index": 2}, {"mask_index": None, "merge_repeated": False}, {"mask_index": -2})],
    ([ints(1, 4, 4, 3), floats(4, 4, 5) * 4], lambda y, x: ops.ctc_loss(y, x, np.array([3, 3, 2, 3], "int32"), np.array([4, 3, 4, 1], "int32")), "fixed"),
    ([np.array([[1, 1, 1], [1, 7, 2], [2, 2, -1], [0, 0, 0]], "int32"), floats(4, 4, 5)], lambda y, x: ops.ctc_loss(y, x, np.array([3, 3, 2, 0], "int32"), np.array([4, 4, 2, 0], "int32")), "fixed"),
    # integers go around behind the largest; what meets in another dtype
    *[([ints(0, 120, *A).astype(d), ints(0, 120, *B, salt=1).astype(d)],
       lambda x, y: [x + y, x - y, x * y, ops.sum(x, axis=1), ops.mean(y, axis=1), ops.max(x, axis=2), ops.trace(x, axis1=1, axis2=2), ops.bitwise_not(x), x + 1.5,
                     ops.sort(x), ops.cumsum(x, axis=1), x > y, ops.one_hot(x, 3)]) for d in ("int8", "int16", "uint16", "uint32")],
    ([ints(0, 90, *A).astype("int8"), ints(0, 90, *A, salt=1).astype("uint8"), ints(0, 90, *A, salt=2).astype("uint32"), ints(0, 90, *A, salt=3)],
     lambda a, b, c, d: [a + b, a + c, b + c, c + d, a * 2, c + 2, ops.cast(d, "uint16"), ops.maximum(a, d)]),
    # bytes go around; what truth and integers become
    ([ints(0, 250, *A).astype("uint8"), ints(0, 250, *B, salt=1).astype("uint8")],
     lambda x, y: [x + y, x - y, x * y, ops.square(x), ops.relu(x), ops.relu6(x), ops.heaviside(x, y), x + 200]),
    ([ints(-9, 9, *A)], lambda x: [ops.relu(x), ops.relu6(x), ops.heaviside(x, x), ops.square(x > 1)]),
]


def rows():
    for arrays, f, *how in CALLS:
        keras.backend.clear_session()
        x = {f"in{i}": a for i, a in enumerate(arrays)}
        inputs = [keras.Input(batch_shape=a.shape if "fixed" in how else (None, *a.shape[1:]), dtype=str(a.dtype), name=name) for name, a in x.items()]
        y = f(*inputs)
        model = keras.Model(inputs, y, name="m")
        out = f(*map(ops.array, arrays)) if "eager" in how else model(list(x.values()) if len(x) > 1 else arrays[0])
        out = out if isinstance(out, (list, tuple)) else [out]
        config = json.loads(model.to_json())
        config["config"]["name"] = "_".join(["m"] + [la["name"] for la in config["config"]["layers"] if "keras.src.ops" in la["module"]])
        yield {"model": config, "weights": [], "x": {k: array(v) for k, v in x.items()},
               "y": [array(v) for v in out], "calls": 1}


if __name__ == "__main__":
    write("operations", rows())
