#!/usr/bin/env python3
"""What Keras on TensorFlow makes of some inputs of recurrent, window and cross-entropy ops.

  tests/goldens/ops.py          writes tests/goldens/op_*.h (needs Keras 3 with TensorFlow)

Inputs are waves, so that both sides can make them: element i of wave(phase, scale) is
float32(scale * sin(phase + 0.7 * i)).
"""
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))


def wave(shape, phase, scale=1.0):
    n = int(np.prod(shape))
    return (scale * np.sin(phase + 0.7 * np.arange(n))).astype("float32").reshape(shape)


class Header:
    def __init__(self, name, what):
        self.name = name
        self.text = [
            f"/* {name}.h - {what}",
            f" * Written by tests/goldens/ops.py with Keras {keras.__version__} and TensorFlow",
            f" * {tf.__version__}; do not edit. */",
        ]

    def add(self, name, values):
        values = np.asarray(values)
        kind = "int32_t" if values.dtype.kind in "iu" else "float"
        if kind == "float":
            words = [f"{float(v):.9g}" for v in values.astype("float32").ravel()]
            words = [w + ("F" if "." in w or "e" in w else ".0F") for w in words]
        else:
            words = [str(v) for v in values.ravel()]
        self.text.append(f"static const {kind} {name}[] = {{")
        line = "   "
        for word in words:
            if len(line) + len(word) > 96:
                self.text.append(line)
                line = "   "
            line += f" {word},"
        self.text += [line, "};"]

    def write(self):
        with open(os.path.join(HERE, f"{self.name}.h"), "w") as file:
            file.write("\n".join(self.text) + "\n")


def gradients(f, inputs):
    """Results of f and the gradients of the sum of results times waves of phases 10, 11, ..."""
    inputs = [tf.constant(x) for x in inputs]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        results = f(*inputs)
        loss = sum(tf.reduce_sum(r * wave(r.shape, 10 + k)) for k, r in enumerate(results))
    return results, tape.gradient(loss, inputs, unconnected_gradients="zero")


MASK = np.array([[0, 1, 1, 0, 1], [1, 0, 1, 0, 0]], bool)
LSTMS = {
    "last": {},
    "sequence": dict(return_sequences=True),
    "masked": dict(return_sequences=True, mask=MASK),
    "masked_last": dict(mask=MASK),
    "backwards": dict(return_sequences=True, go_backwards=True, mask=MASK),
    "zeros": dict(return_sequences=True, zero_output_for_mask=True, mask=MASK),
    "zeros_last": dict(go_backwards=True, zero_output_for_mask=True, mask=MASK),
    "others": dict(activation="softsign", recurrent_activation="hard_sigmoid", use_bias=False),
}


def lstm(header):
    batch, time, features, units = 2, 5, 3, 2
    for name, options in LSTMS.items():
        options = dict(options)
        mask = options.pop("mask", None)
        inputs = [
            wave((batch, time, features), 0),
            wave((batch, units), 1),
            wave((batch, units), 2),
            wave((features, 4 * units), 3),
            wave((units, 4 * units), 4),
        ]
        if options.get("use_bias", True):
            inputs.append(wave((4 * units,), 5))
        layer = keras.layers.LSTM(units, return_state=True, **options)
        layer.build((batch, time, features))

        def call(x, h, c, *weights):
            variables = zip(layer.trainable_variables, weights)
            with keras.StatelessScope(state_mapping=list(variables)):
                return layer(x, initial_state=[h, c], mask=mask)

        results, grads = gradients(call, inputs)
        for part, value in zip(("y", "h", "c"), results):
            header.add(f"lstm_{name}_{part}", value)
        for part, value in zip(("dx", "dh", "dc", "dkernel", "drecurrent", "dbias"), grads):
            header.add(f"lstm_{name}_{part}", value)


CONVS = {
    "1d_same": ((2, 5, 3), (3, 3, 2), dict(strides=2, padding="same")),
    "2d_same": ((1, 5, 4, 2), (3, 2, 2, 3), dict(strides=(2, 3), padding="same")),
    "2d_valid": ((1, 5, 4, 2), (3, 2, 2, 3), dict(strides=(2, 1), padding="valid")),
    "2d_dilated": ((1, 6, 6, 1), (3, 2, 1, 2), dict(dilation_rate=(2, 3), padding="same")),
    "2d_groups": ((1, 3, 3, 4), (2, 2, 2, 4), dict(padding="same")),
    "3d_same": ((1, 3, 4, 3, 1), (2, 3, 2, 1, 2), dict(strides=(1, 2, 2), padding="same")),
}

POOLS = {
    "max_same": ((1, 5, 4, 2), 3, 2, "same"),
    "max_valid": ((1, 5, 4, 2), 2, 1, "valid"),
    "average_same": ((1, 5, 4, 2), 3, 2, "same"),
    "average_valid": ((1, 5, 6, 1), 2, 2, "valid"),
    "average_1d": ((2, 5, 2), 3, 1, "same"),
}


def windows(header):
    for name, (x, kernel, options) in CONVS.items():
        results, grads = gradients(
            lambda x, k, o=options: [keras.ops.conv(x, k, **o)], [wave(x, 0), wave(kernel, 1)]
        )
        header.add(f"conv_{name}_y", results[0])
        header.add(f"conv_{name}_dx", grads[0])
        header.add(f"conv_{name}_dkernel", grads[1])
    for padding in ("same", "valid"):
        y = keras.ops.conv_transpose(
            wave((1, 3, 2, 3), 0), wave((3, 2, 2, 3), 1), strides=2, padding=padding
        )
        header.add(f"transpose_{padding}_y", y)
    for name, (x, size, strides, padding) in POOLS.items():
        pool = keras.ops.max_pool if name.startswith("max") else keras.ops.average_pool
        results, grads = gradients(
            lambda x: [pool(x, size, strides=strides, padding=padding)], [wave(x, 0)]
        )
        header.add(f"pool_{name}_y", results[0])
        header.add(f"pool_{name}_dx", grads[0])
    ties = np.array([1, 1, 2, 2, 2, 1, 1], "float32").reshape(1, 7, 1)
    results, grads = gradients(lambda x: [keras.ops.max_pool(x, 3, strides=2, padding="same")], [ties])
    header.add("pool_ties_y", results[0])
    header.add("pool_ties_dx", grads[0])


def entropies(header):
    logits, target = wave((3, 4), 0, 30), keras.ops.softmax(wave((3, 4), 1, 2))
    labels = np.array([0, 3, 1])
    results, grads = gradients(
        lambda x, t: [tf.nn.softmax_cross_entropy_with_logits(labels=t, logits=x)], [logits, target]
    )
    header.add("softmax_loss", results[0])
    header.add("softmax_dx", grads[0])
    header.add("softmax_dt", grads[1])
    results, grads = gradients(
        lambda x: [tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x)], [logits]
    )
    header.add("sparse_loss", results[0])
    header.add("sparse_dx", grads[0])
    results, grads = gradients(
        lambda x, t: [tf.nn.sigmoid_cross_entropy_with_logits(labels=t, logits=x)], [logits, target]
    )
    header.add("sigmoid_loss", results[0])
    header.add("sigmoid_dx", grads[0])
    header.add("sigmoid_dt", grads[1])
    for axis in (1, 2):
        results, grads = gradients(
            lambda x: [keras.ops.softmax(x, axis), keras.ops.log_softmax(x, axis)], [wave((2, 3, 2), 2, 3)]
        )
        header.add(f"axis{axis}_softmax", results[0])
        header.add(f"axis{axis}_log_softmax", results[1])
        header.add(f"axis{axis}_dx", grads[0])


def orders(header):
    x = np.array([[3, 1, 2, 1, 3, 0]], "float32")
    for name, direction in (("up", "ASCENDING"), ("down", "DESCENDING")):
        header.add(f"sorted_{name}", tf.sort(x, direction=direction))
        header.add(f"order_{name}", tf.argsort(x, direction=direction, stable=True))
    seed = [12, 34567]
    header.add("uniform", tf.random.stateless_uniform((7,), seed, -2, 3))
    header.add("normal", tf.random.stateless_normal((7,), seed, 1, 0.5))
    header.add("truncated", tf.random.stateless_truncated_normal((7,), seed, 0, 2))


def main():
    for name, fill, what in (
        ("op_lstm", lstm, "LSTM layers, masked and reversed: results and gradients."),
        ("op_window", windows, "convolutions and poolings: results and gradients."),
        ("op_entropy", entropies, "softmax and cross-entropies: results and gradients."),
        ("op_order", orders, "sorting with equals, random numbers."),
    ):
        header = Header(name, what)
        fill(header)
        header.write()


if __name__ == "__main__":
    main()
