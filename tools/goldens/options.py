#!/usr/bin/env python3
"""What layers and calls of keras.ops compute with arguments that are rarely given: tests/goldens/options.jsonl, in the form of layers.jsonl."""
import json

import layers as of_layers
import operations
from common import floats, ints, keras, model_of, np, write
from operations import A, unit

ops, layers = keras.ops, keras.layers
WORDS = "Embedding(6, 3, mask_zero=True)"

STACKS = [
    ("Softmax(axis=[1, -1])", (2, 3, 4)), ("Softmax(axis=[-2])", (2, 3, 4)), ("PReLU(shared_axes=1)", (2, 3, 4)), ("PReLU(shared_axes=[1, 2])", (2, 3, 4)),
    ("PReLU(alpha_initializer='ones')", (2, 3)), ("Conv2DTranspose(2, 3, strides=2, output_padding=1)", (2, 4, 3, 2)), ("Conv1DTranspose(2, 3, strides=3, output_padding=(2,), padding='same')", (2, 4, 3)),
    ("Conv2DTranspose(2, (2, 3), strides=(3, 2), padding='same', output_padding=(1, 0), use_bias=False)", (2, 3, 4, 2)), ("Conv3DTranspose(2, 2, strides=2, output_padding=1)", (1, 2, 3, 2, 2)),
    ("Conv1D(4, 3, groups=2, padding='causal', dilation_rate=2)", (2, 6, 4)), ("DepthwiseConv1D(3, depth_multiplier=2, dilation_rate=2, padding='same')", (2, 6, 3)),
    ("SeparableConv1D(3, 2, depth_multiplier=2, padding='same')", (2, 6, 3)), ("SeparableConv2D(3, 2, strides=2, padding='same', depth_multiplier=3, activation='relu')", (2, 5, 6, 2)),
    ("BatchNormalization(renorm=True)", (3, 4)), ("BatchNormalization(axis=1, center=False)", (2, 3, 4)), ("LayerNormalization(axis=[1, 2])", (2, 3, 4)), ("LayerNormalization(axis=[2, 1], center=False)", (2, 3, 4)),
    ("LayerNormalization(axis=1, epsilon=0.1, scale=False)", (2, 3, 4)), ("RMSNormalization(axis=[1, 2], epsilon=0.01)", (2, 3, 4)), ("UnitNormalization(axis=[1, 2])", (2, 3, 4)),
    ("UnitNormalization(axis=1)", (2, 3, 4)), ("GroupNormalization(-1)", (2, 3, 4)), ("GroupNormalization(2, axis=1, epsilon=0.1)", (2, 4, 3)), ("GroupNormalization(3, center=False)", (2, 2, 2, 6)), ("GroupNormalization(1, scale=False)", (2, 3, 4)),
    ("Normalization(axis=None, mean=0.5, variance=2.0)", (2, 3)), ("Normalization(axis=(1, 2), mean=[[0.1, 0.2], [0.3, 0.4]], variance=[[1.0, 2.0], [0.5, 4.0]], invert=True)", (2, 2, 2)),
    ("EinsumDense('abc,cd->abd', output_shape=(3, 2), bias_axes='bd')", (2, 3, 4)), ("EinsumDense('...x,xy->...y', output_shape=5, bias_axes='y', activation='tanh')", (2, 3, 4)),
    ("EinsumDense('ab...,bc->ac...', output_shape=5, bias_axes='c')", (2, 3, 4)), ("EinsumDense('abc,bde->adec', output_shape=(2, 5, None))", (2, 3, 4)),
    ("Cropping1D((1, 0))", (2, 4, 3)), ("Cropping2D(((0, 1), (2, 0)), data_format='channels_first')", (2, 2, 3, 4)), ("Cropping3D((1, 0, 1))", (1, 3, 2, 4, 2)), ("Cropping3D(((0, 1), (1, 1), (0, 0)), data_format='channels_first')", (1, 2, 3, 4, 2)),
    ("ZeroPadding1D((2, 1))", (2, 3, 2)), ("ZeroPadding2D((1, 2), data_format='channels_first')", (2, 2, 3, 2)), ("ZeroPadding3D(((0, 1), (1, 0), (2, 0)))", (1, 2, 2, 2, 2)), ("UpSampling1D(3)", (2, 3, 2)),
    ("UpSampling3D((2, 1, 2), data_format='channels_first')", (1, 2, 2, 2, 2)), ("Permute((3, 1, 2))", (2, 3, 4, 2)), ("AdaptiveAveragePooling1D(3)", (2, 7, 2)), ("AdaptiveMaxPooling2D((2, 3), data_format='channels_first')", (2, 2, 5, 7)),
    ("GlobalMaxPooling3D(data_format='channels_first')", (2, 2, 2, 3, 2)), ("GlobalAveragePooling3D(keepdims=True)", (2, 2, 2, 3, 2)), (f"{WORDS}, GlobalAveragePooling1D(keepdims=True)", (3, 5), "int32"),
    (f"{WORDS}, BatchNormalization(), LSTM(2)", (3, 5), "int32"), (f"{WORDS}, TimeDistributed(BatchNormalization()), SimpleRNN(2)", (3, 5), "int32"), ("Embedding(6, 3, embeddings_initializer='ones')", (2, 3, 2), "int32"),
    ("Flatten(data_format='channels_first')", (2, 3, 4, 2)), ("Reshape((-1, 2, 3))", (2, 3, 4)), ("ReLU(max_value=0.6, negative_slope=0.2, threshold=0.3)", (2, 3)), ("ReLU(negative_slope=0.1)", (2, 3)), ("ELU(0.4)", (2, 3)),
    ("Discretization([-0.5, 0.2, 0.9], output_mode='one_hot')", (5, 1)), ("Discretization([-0.5, 0.2, 0.9], output_mode='count')", (2, 4)), ("CategoryEncoding(6, output_mode='count')", (2, 4), "int32"), ("CategoryEncoding(6, 'one_hot')", (3, 1), "int32"),
    ("STFTSpectrogram(mode='imag', frame_length=8, frame_step=3, fft_length=16)", (2, 30, 2)), ("STFTSpectrogram(mode='angle', frame_length=8, frame_step=4, window='hamming')", (2, 30, 1)), ("STFTSpectrogram(mode='stft', frame_length=6, frame_step=4, fft_length=9, padding='same', window=None)", (2, 30, 1)),
    ("STFTSpectrogram(mode='psd', frame_length=8, frame_step=4, scaling='spectrum', periodic=True, expand_dims=True)", (2, 30, 1)), ("STFTSpectrogram(mode='real', frame_length=5, frame_step=5, data_format='channels_first', expand_dims=True)", (2, 2, 30)),
    ("MelSpectrogram(fft_length=64, sequence_stride=16, num_mel_bins=5, sampling_rate=1000, window='hamming', power_to_db=False)", (2, 200)), ("MelSpectrogram(fft_length=64, sequence_length=32, sequence_stride=16, num_mel_bins=6, sampling_rate=1000, min_freq=50, max_freq=400, mag_exp=1.0, top_db=20.0)", (2, 200)),
    ("MelSpectrogram(fft_length=32, sequence_stride=8, num_mel_bins=4, sampling_rate=800, window=None)", (2, 120)), ("SpectralNormalization(Conv1D(2, 2), power_iterations=2)", (2, 4, 3)),
]


def joined():
    """Merging layers on masked inputs, of one and of several ranks."""
    a, b = keras.Input((4,), dtype="int32", name="a"), keras.Input((4,), dtype="int32", name="b")
    x, y = layers.Embedding(5, 2, mask_zero=True, name="p")(a), layers.Embedding(5, 2, mask_zero=True, name="q")(b)
    made = [getattr(layers, kind)(name="by_" + kind.lower())([x, y]) for kind in ("Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract", "Concatenate")]
    made = [layers.GlobalAveragePooling1D(name=f"mean{i}")(m) for i, m in enumerate(made)]
    made.append(layers.Dot((1, 2), normalize=True, name="dot")([x, layers.Permute((2, 1), name="turn")(y)]))
    made.append(layers.Maximum(name="ranks")([layers.Dense(2, name="flat")(layers.Flatten(name="all")(x)), y]))
    return keras.Model([a, b], made, name="m"), {"a": ints(0, 5, 3, 4), "b": ints(0, 5, 3, 4, salt=1)}


def looking():
    """Attention with all its arguments, by keyword and by masks of the inputs."""
    a, b = keras.Input((4,), dtype="int32", name="a"), keras.Input((3, 2), name="b")
    x = layers.Embedding(5, 2, mask_zero=True, name="p")(a)
    y1, s1 = layers.Attention(use_scale=True, dropout=0.2, seed=1, name="one")([b, x], return_attention_scores=True)
    y2 = layers.Attention(score_mode="concat", name="two")([x, b], use_causal_mask=True)
    y3, s3 = layers.AdditiveAttention(name="three")([x, x, x], return_attention_scores=True, use_causal_mask=True)
    y4 = layers.MultiHeadAttention(2, 3, value_dim=2, output_shape=5, use_bias=False, name="four")(b, x, use_causal_mask=True)
    y5, s5 = layers.MultiHeadAttention(2, 2, output_shape=(2, 3), name="five")(x, b, return_attention_scores=True)
    z = layers.Reshape((2, 2, 2), name="square")(layers.Dense(4, name="wide")(layers.Cropping1D((0, 1), name="cut")(b)))
    y6 = layers.MultiHeadAttention(2, 3, attention_axes=(1, 2), name="six")(z, z)
    y7 = layers.MultiHeadAttention(1, 3, attention_axes=2, name="seven")(z, z)
    return keras.Model([a, b], [y1, s1, y2, y3, s3, y4, y5, s5, y6, y7], name="m"), {"a": ints(0, 5, 3, 4), "b": floats(3, 3, 2)}


def heads():
    """Heads with masks of the queries, the values and the keys."""
    a, b = keras.Input((4,), dtype="int32", name="a"), keras.Input((3,), dtype="int32", name="b")
    x, y = layers.Embedding(5, 4, mask_zero=True, name="p")(a), layers.Embedding(5, 4, mask_zero=True, name="q")(b)
    z = layers.Embedding(5, 4, name="r")(b)
    made = []
    for name, of in (("many", lambda n: layers.MultiHeadAttention(2, 3, name=n)), ("few", lambda n: layers.GroupQueryAttention(2, 4, 2, name=n))):
        made += [of(name + "_own")(x, x), of(name + "_values")(x, y), of(name + "_keys")(x, y, z), of(name + "_three")(z, y, y, use_causal_mask=True)]
    return keras.Model([a, b], made, name="m"), {"a": ints(0, 5, 3, 4), "b": ints(0, 3, 3, 3, salt=1)}


def softened():
    """Softmax with masks by keyword: of its shape, of one row for all, of numbers."""
    x, m, n = keras.Input((3, 4), name="x"), keras.Input((3, 4), dtype="bool", name="m"), keras.Input((1, 4), name="n")
    y = [layers.Softmax(name="plain")(x, mask=m), layers.Softmax(axis=1, name="columns")(x, mask=m), layers.Softmax(axis=(1, 2), name="both")(x, mask=m),
         layers.Softmax(name="row")(x, mask=n), layers.Softmax(axis=-2, name="numbers")(x, mask=n)]
    return keras.Model([x, m, n], y, name="m"), {"x": floats(2, 3, 4), "m": ints(0, 2, 2, 3, 4, salt=5).astype("bool"), "n": ints(0, 2, 2, 1, 4, salt=6).astype("float32")}


# Arguments of calls that operations.py does not give.
CALLS = [
    ([floats(*A)], lambda x: [ops.roll(x, 3), ops.roll(x, (1, -2), axis=(1, 2)), ops.roll(x[0], 5)]),
    ([floats(*A)], lambda x: [ops.repeat(x[0], [1, 0, 2], axis=0), ops.repeat(x, 2), ops.repeat(x, [2], axis=1)]),
    ([floats(*A)], lambda x: [ops.rot90(x, 3, axes=(1, 2)), ops.rot90(x, -1, axes=(2, 0)), ops.flip(x), ops.flip(x, axis=(0, 2))]),
    ([floats(*A)], lambda x: [ops.argmax(x), ops.argmin(x, axis=1, keepdims=True), ops.argsort(x, axis=None), ops.sort(x, axis=0), ops.argsort(x, axis=1)]),
    ([floats(*A)], lambda x: [ops.pad(x, ((0, 0), (1, 2), (0, 1)), "symmetric"), ops.pad(x, ((0, 0), (2, 0), (1, 3)), "reflect"), ops.pad(x, ((0, 0), (1, 1), (1, 1)), constant_values=2.5)]),
    ([floats(*A)], lambda x: [ops.vstack([x[0, 0], x[1, 0]]), ops.dstack([x[0], x[1]])]),
    ([floats(*A)], lambda x: [x[..., None, 1], x[:, ::-1], x[:, 1:, ::2], x[-1], x[:, None, -2:, 1:3], x[0, 1, 2]]),
    ([unit(*A)], lambda x: [ops.quantile(x, 0.3, axis=1, method="lower"), ops.quantile(x, [0.1, 0.9], axis=2, method="nearest", keepdims=True), ops.median(x), ops.quantile(x, 0.75, method="midpoint")]),
    ([floats(*A)], lambda x: [ops.diff(x, n=2), ops.diff(x, axis=1), ops.cumsum(x, axis=0), ops.cumsum(x), ops.cumprod(x, axis=-2)]),
    ([floats(3, 4)], lambda x: [ops.tril(x, 1), ops.triu(x, -1), ops.trace(x, 1), ops.diagonal(x, -1), ops.vander(x[0]), ops.outer(x[0], x[1]), ops.inner(x, x), ops.tensordot(x, x, axes=[[1], [1]])]),
    ([floats(2, 4, 4, 3)], lambda x: [ops.extract_sequences(x[:, :, 0, 0], 2, 1), ops.image.extract_patches(x, 2, strides=1, padding="same"), ops.image.extract_patches(x, (2, 3), dilation_rate=1)]),
    ([unit(2, 4, 4, 3)], lambda x: [ops.image.rgb_to_grayscale(x), ops.image.rgb_to_hsv(x), ops.image.hsv_to_rgb(x), ops.image.gaussian_blur(x, (3, 3), (0.8, 1.2))]),
    ([floats(*A)], lambda x: [ops.one_hot(ops.cast(x[:, :, 0] * 3, "int32"), 4, axis=1), ops.multi_hot(ops.cast(x[:, :, 0] ** 2, "int32"), 3)]),
    ([floats(2, 3)], lambda x: [ops.segment_sum(x[0], np.array([0, 0, 2]), 4), ops.segment_max(x[0], np.array([2, 1, 1]), 3), ops.scatter(np.array([[1], [3]]), x, (5, 3))]),
    ([floats(*A), floats(2, 4, 5, salt=1)], lambda x, y: [ops.einsum("abc,acd->abd", x, y), ops.einsum("abc,ace->be", x, y), ops.einsum("...c,...ce->...e", x[:, 0], y), ops.matmul(x, y), ops.dot(x, y[0])]),
    ([ints(-9, 9, 2, 4), ints(1, 5, 2, 4, salt=1)], lambda x, y: [x & y, x | y, x ^ y, ~x, ops.left_shift(x, y), ops.right_shift(x, y), ops.gcd(x, y), ops.lcm(x, y)]),
    ([floats(*A)], lambda x: [ops.std(x, axis=(0, 2)), ops.var(x, keepdims=True), ops.prod(x, axis=1), ops.any(x > 1, axis=2), ops.all(x < 2, axis=(1, 2)), ops.count_nonzero(x > 0, axis=1), ops.logsumexp(x, axis=(1, 2)), ops.mean(x, axis=())]),
    ([ints(-9, 9, *A)], lambda x: [ops.nanmax(x, axis=1), ops.nanmin(x, axis=-1), ops.nansum(x, axis=1), ops.nanmean(x, axis=2), ops.nanargmax(x, axis=1), ops.nan_to_num(x, 1)]),
    ([ints(0, 5, *A).astype("uint8")], lambda x: [ops.argmin(x, axis=1), ops.nanargmin(x, axis=2), ops.argmax(x, axis=1)]),
    ([floats(*A)], lambda x: [ops.clip(x, 0.5, -0.5), ops.celu(x, -0.5), ops.all(x[:, :0], axis=1), ops.any(x[:, :, :0], axis=2)]),
]


def rows():
    of_layers.STACKS, of_layers.BETWEEN = STACKS, []
    for text, x, calls in list(of_layers.stacks())[:len(STACKS)]:
        yield of_layers.row(model_of(text), text, x, calls)
    for f in [joined, looking, heads, softened]:
        keras.backend.clear_session()
        model, x = f()
        config = json.loads(model.to_json())
        yield of_layers.row(keras.models.model_from_json(json.dumps(config)), config, x, 1)
    operations.CALLS = CALLS
    yield from operations.rows()


if __name__ == "__main__":
    write("options", rows())
