#!/usr/bin/env python3
"""What layers and models of Keras predict from given weights: tests/goldens/layers.jsonl.

One row a model: "model" (expression or JSON), "weights" in Keras' order, "x" by input name, "y" in the order
of the outputs. "calls" above 1: the model predicts x that often (stateful layers), and y is the last answer.
"""
import json

from common import array, floats, ints, keras, model_of, np, set_weights, tf, write

layers = keras.layers

# The layers behind Input; the input's shape with the batch, and its dtype if it is not float32.
STACKS = [
    ("Dense(3)", (2, 4)),
    ("Dense(3, activation='relu', use_bias=False)", (2, 3, 4)),
    ("Dense(2, activation='softmax')", (2, 2, 3, 4)),
    ("Dense(2, kernel_regularizer=L2(0.1), activation='tanh')", (0, 3)),
    ("Flatten()", (2, 3, 2)),
    ("Flatten(data_format='channels_first')", (2, 2, 3, 2)),
    ("Flatten()", (3,)),
    ("Reshape((3, 2))", (2, 6)),
    ("Reshape((-1, 2)), Dense(2)", (2, 2, 3)),
    ("Activation('gelu')", (2, 4)),
    ("Activation('log_softmax')", (2, 2, 3)),
    ("Dropout(0.5)", (2, 4)),
    ("BatchNormalization()", (3, 4)),
    ("BatchNormalization(axis=1, epsilon=0.01, scale=False)", (2, 3, 2)),
    ("BatchNormalization(center=False)", (2, 2, 2, 3)),
    ("Rescaling(0.5, offset=-1.0)", (2, 3)),
    ("Rescaling([1.0, 2.0, 0.5], [0.0, 1.0, -1.0])", (2, 3)),
    ("Rescaling(1/255)", (2, 3), "uint8"),
    ("Normalization(mean=[1.0, 2.0], variance=[4.0, 0.25])", (3, 2)),
    ("Normalization(mean=0.5, variance=2.0, axis=None)", (2, 2, 2)),
    ("Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 4.0, 9.0], axis=1, invert=True)", (2, 3, 2)),
    ("RepeatVector(3)", (2, 2)),
    ("Conv2D(3, 2)", (2, 4, 5, 2)),
    ("Conv2D(2, (3, 2), strides=(2, 1), padding='same', activation='relu')", (1, 5, 4, 2)),
    ("Conv2D(2, 2, dilation_rate=2, use_bias=False)", (1, 5, 4, 2)),
    ("Conv2D(4, 2, groups=2, padding='same')", (1, 3, 3, 4)),
    ("Conv2D(2, 3, strides=2, padding='same', data_format='channels_first')", (1, 2, 4, 5)),
    ("MaxPooling2D()", (1, 5, 4, 2)),
    ("MaxPooling2D(pool_size=(3, 2), strides=(1, 2), padding='same')", (1, 4, 5, 2)),
    ("MaxPooling2D(2, data_format='channels_first')", (1, 2, 4, 5)),
    ("LSTM(3)", (2, 4, 2)),
    ("LSTM(3, return_sequences=True, go_backwards=True)", (2, 4, 2)),
    ("LSTM(2, use_bias=False, activation='relu', recurrent_activation='hard_sigmoid')", (2, 3, 3)),
    ("LSTM(2, return_sequences=True, dropout=0.5, recurrent_dropout=0.3), LSTM(2, unroll=True)", (2, 3, 2)),
    ("LSTM(2)", (2, 1, 1)),
    ("LSTM(3, activation='selu', recurrent_activation='softmax', return_sequences=True, go_backwards=True)", (2, 4, 2)),
    ("LSTM(3, recurrent_activation='mish', activation='log_softmax', use_bias=False)", (2, 1, 2)),
    ("LSTM(2, activation='glu')", (2, 3, 2)),
    ("SimpleRNN(3)", (2, 4, 2)),
    ("SimpleRNN(3, return_sequences=True, go_backwards=True, activation='softmax')", (2, 4, 2)),
    ("SimpleRNN(2, use_bias=False, activation=None, unroll=True)", (2, 3, 3)),
    ("GRU(3)", (2, 4, 2)),
    ("GRU(3, reset_after=False)", (2, 4, 2)),
    ("GRU(3, return_sequences=True, go_backwards=True, activation='softmax')", (2, 4, 2)),
    ("GRU(2, use_bias=False, activation='relu', recurrent_activation='hard_sigmoid', implementation=1)", (2, 3, 3)),
    ("GRU(2, use_bias=False, reset_after=False, recurrent_dropout=0.4)", (2, 1, 3)),
    ("Embedding(6, 3, mask_zero=True), GRU(2)", (4, 5), "int32"),
    ("Embedding(6, 3, mask_zero=True), GRU(2, return_sequences=True, zero_output_for_mask=True), SimpleRNN(2)", (4, 5), "int32"),
    ("Embedding(6, 3, mask_zero=True), SimpleRNN(2, go_backwards=True, return_sequences=True)", (4, 5), "int32"),
    ("TimeDistributed(Dense(3, activation='tanh'))", (2, 3, 4)),
    ("TimeDistributed(Conv2D(2, 2)), TimeDistributed(Flatten())", (1, 2, 3, 3, 2)),
    ("TimeDistributed(LSTM(2))", (2, 2, 3, 2)),
    ("TimeDistributed(Sequential([Input((4,)), Dense(3), BatchNormalization()]))", (2, 3, 4)),
    ("Embedding(5, 3)", (2, 3), "int32"),
    ("Embedding(5, 2)", (3,), "int32"),
    ("Embedding(6, 3, mask_zero=True), LSTM(2)", (4, 5), "int32"),
    ("Embedding(6, 3, mask_zero=True), LSTM(2, return_sequences=True, go_backwards=True)", (3, 5), "int32"),
    ("Embedding(6, 3, mask_zero=True), LSTM(2, activation='selu', recurrent_activation='softmax', return_sequences=True)", (4, 5),
     "int32"),
    ("Embedding(6, 3, mask_zero=True), LSTM(2, activation='softmax', zero_output_for_mask=True, go_backwards=True)", (4, 5),
     "int32"),
    ("Embedding(6, 3, mask_zero=True), LSTM(2, activation='softmax', unroll=True)", (4, 5), "int32"),
    ("Embedding(6, 3, mask_zero=True), Dropout(0.2), LSTM(2, return_sequences=True), TimeDistributed(Dense(2)),"
     " BatchNormalization()", (3, 4), "int32"),
    ("LSTM(3, activation='relu'), RepeatVector(2), LSTM(3, return_sequences=True), TimeDistributed(Dense(1))",
     (2, 4, 1)),
    ("Sequential([Dense(3), Sequential([Dense(2), Activation('relu')])]), Dense(1)", (2, 4)),
    ("Bidirectional(LSTM(2))", (2, 3, 2)),
    ("Bidirectional(GRU(2, return_sequences=True), merge_mode='mul')", (2, 3, 2)),
    ("Bidirectional(SimpleRNN(2, go_backwards=True), merge_mode='sum', backward_layer=LSTM(2))", (2, 3, 2)),
    ("Embedding(6, 3, mask_zero=True), Bidirectional(SimpleRNN(2, return_sequences=True), merge_mode='ave'), GRU(2)", (4, 5), "int32"),
    ("Embedding(6, 3, mask_zero=True), Bidirectional(GRU(2), merge_mode='concat')", (4, 5), "int32"),
]


def stacks():
    for stack, shape, *dtype in STACKS:
        dtype = dtype[0] if dtype else "float32"
        x = floats(*shape) if dtype == "float32" else ints(0, 5, *shape).astype(dtype)
        declared = f"Input({tuple(shape[1:])}{f', dtype={dtype!r}' if dtype != 'float32' else ''}, name='x')"
        yield f"Sequential([{declared}, {stack}])", {"x": x}, 1
    yield ("Sequential([Input(batch_shape=(2, 3, 2), name='x'), LSTM(2, stateful=True, return_sequences=True),"
           " LSTM(3, stateful=True, go_backwards=True)])"), {"x": floats(2, 3, 2)}, 3
    yield ("Sequential([Input(batch_shape=(2, 3, 2), name='x'), GRU(2, stateful=True, return_sequences=True),"
           " SimpleRNN(3, stateful=True, go_backwards=True)])"), {"x": floats(2, 3, 2)}, 3
    yield ("Sequential([Input(batch_shape=(2, 3, 2), name='x'), LSTM(2, activation='softmax', stateful=True,"
           " return_sequences=True)])"), {"x": floats(2, 3, 2)}, 3


# --- Functional models, by JSON -----------------------------------------------------------------------


def several():
    """Two inputs, two outputs, a layer that is used twice."""
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    shared = layers.Dense(2, activation="tanh", name="shared")
    both = layers.Concatenate(name="both")([shared(a), shared(b)])
    total = layers.Add(name="total")([a, b])
    model = keras.Model([a, b], [layers.Dense(1, name="first")(both), layers.Dense(2, name="second")(total)], name="m")
    return model, {"a": floats(2, 3), "b": floats(2, 3, salt=1)}


def merged():
    """Add that broadcasts, Concatenate along another axis."""
    a, b = keras.Input((2, 3), name="a"), keras.Input((1, 3), name="b")
    y = layers.Concatenate(axis=1, name="joined")([layers.Add(name="sum")([a, b, a]), b])
    return keras.Model([a, b], y, name="m"), {"a": floats(2, 2, 3), "b": floats(2, 1, 3, salt=1)}


def states():
    """An encoder whose states start a decoder; all outputs of an LSTM."""
    a, b = keras.Input((4, 2), name="a"), keras.Input((3, 2), name="b")
    _, h, c = layers.LSTM(3, return_state=True, name="encoder")(a)
    outputs = layers.LSTM(3, return_state=True, return_sequences=True, name="decoder")(b, initial_state=[h, c])
    return keras.Model([a, b], list(outputs), name="m"), {"a": floats(2, 4, 2), "b": floats(2, 3, 2, salt=1)}


def nested():
    """A model inside a model, called twice; a Sequential beside it."""
    i = keras.Input((3,), name="i")
    inner = keras.Model(i, layers.BatchNormalization(name="norm")(layers.Dense(3, name="dense")(i)), name="inner")
    stack = keras.Sequential([layers.Input((3,)), layers.Dense(2, activation="relu")], name="stack")
    x = keras.Input((3,), name="x")
    return keras.Model(x, [stack(inner(inner(x))), inner(x)], name="m"), {"x": floats(2, 3)}


def masks():
    """A mask that goes through merging layers."""
    a = keras.Input((4,), name="a", dtype="int32")
    table = layers.Embedding(5, 2, mask_zero=True, name="table")
    y = layers.Concatenate(name="joined")([table(a), layers.Embedding(5, 1, name="plain")(a)])
    y = layers.LSTM(2, name="read")(layers.Add(name="twice")([y, y]))
    return keras.Model(a, y, name="m"), {"a": np.array([[1, 2, 0, 0], [0, 3, 4, 1], [2, 0, 1, 0]], "int32")}


def without_mask_ops(config):
    """Keras writes the masks that it passes on as calls of keras.ops, and makes them again where there are none."""
    inner = config["config"]
    inner["layers"] = [layer for layer in inner["layers"] if not layer["module"].startswith("keras.src.ops")]
    for layer in inner["layers"]:
        for node in layer["inbound_nodes"]:
            node["kwargs"].pop("mask", None)
    return config


def row(model, shown, x, calls):
    weights = set_weights(model)
    data = list(x.values())
    call = tf.function(model, jit_compile="channels_first" in str(shown))  # TensorFlow's own kernels lack it
    for _ in range(calls):
        y = call(data if len(data) > 1 else data[0], training=False)
    y = y if isinstance(y, (list, tuple)) else [y]
    return {"model": shown, "weights": weights, "x": {k: array(v) for k, v in x.items()}, "y": [array(v) for v in y],
            "calls": calls}


def rows():
    for text, x, calls in stacks():
        yield row(model_of(text), text, x, calls)
    for f in [several, merged, states, nested, masks]:
        keras.backend.clear_session()
        model, x = f()
        config = without_mask_ops(json.loads(model.to_json()))
        yield row(keras.models.model_from_json(json.dumps(config)), config, x, 1)


if __name__ == "__main__":
    write("layers", rows())
