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
    ("ConvLSTM1D(3, 2)", (2, 3, 4, 2)),
    ("ConvLSTM1D(2, 3, strides=2, padding='same', return_sequences=True, go_backwards=True, use_bias=False)", (2, 3, 5, 2)),
    ("ConvLSTM1D(2, 2, data_format='channels_first', dilation_rate=2, recurrent_activation='softmax', return_sequences=True)", (2, 2, 2, 5)),
    ("ConvLSTM2D(2, (2, 1), activation='relu', unit_forget_bias=False)", (1, 2, 3, 4, 1)),
    ("ConvLSTM2D(2, 3, padding='same', data_format='channels_first', dropout=0.3, recurrent_dropout=0.2)", (1, 2, 1, 3, 4)),
    ("ConvLSTM2D(2, 2, dilation_rate=(1, 2), padding='same', return_sequences=True, unroll=True)", (1, 2, 3, 3, 1)),
    ("ConvLSTM3D(2, 2, strides=(1, 2, 1))", (1, 2, 2, 3, 3, 1)),
    ("ConvLSTM3D(1, 2, padding='same', data_format='channels_first', go_backwards=True)", (1, 2, 2, 2, 3, 2)),
    ("Bidirectional(ConvLSTM1D(2, 2, return_sequences=True))", (2, 3, 3, 1)),
    ("SpectralNormalization(Dense(3))", (2, 4)),
    ("SpectralNormalization(Conv1D(2, 2, padding='same', use_bias=False), power_iterations=3)", (2, 4, 3)),
    ("SpectralNormalization(Embedding(5, 3))", (2, 4), "int32"),
    ("ReversibleEmbedding(5, 3)", (2, 4), "int32"),
    ("ReversibleEmbedding(5, 3, mask_zero=True, tie_weights=False), GRU(2)", (2, 4), "int32"),
    ("RNN(LSTMCell(3))", (2, 4, 2)),
    ("RNN(GRUCell(2, reset_after=False), return_sequences=True, go_backwards=True)", (2, 3, 2)),
    ("RNN(SimpleRNNCell(2, activation='softmax'), unroll=True)", (2, 3, 2)),
    ("RNN([LSTMCell(2), GRUCell(3), SimpleRNNCell(2)], return_sequences=True, go_backwards=True)", (2, 4, 2)),
    ("RNN(StackedRNNCells([StackedRNNCells([GRUCell(2), LSTMCell(3)]), SimpleRNNCell(2, use_bias=False)]))", (2, 3, 2)),
    ("Bidirectional(RNN([LSTMCell(2), GRUCell(3)], return_sequences=True), merge_mode='ave')", (2, 3, 2)),
    ("Bidirectional(RNN(GRUCell(2)), backward_layer=RNN(LSTMCell(3), go_backwards=True))", (2, 3, 2)),
    *[(f"Embedding(6, 3, mask_zero=True), RNN({cell}, return_sequences={sequences}, go_backwards={backwards}, zero_output_for_mask={zero},"
       f" unroll={unroll})", (4, 5), "int32")
      for cell, sequences, backwards, zero, unroll in [
          ("LSTMCell(2)", True, True, True, True), ("LSTMCell(2)", False, True, True, True), ("LSTMCell(2)", False, False, False, True),
          ("GRUCell(2)", True, True, True, True), ("GRUCell(2)", False, True, True, False), ("SimpleRNNCell(2)", True, True, True, False),
          ("[GRUCell(2), LSTMCell(3)]", True, True, True, True), ("[GRUCell(2), LSTMCell(3)]", True, True, False, False),
          ("[LSTMCell(2), SimpleRNNCell(3)]", False, True, True, False), ("[LSTMCell(2), SimpleRNNCell(3)]", True, False, True, True)]],
    # a bias as long as the last axis goes along that one
    ("Conv2D(3, 2, data_format='channels_first')", (1, 2, 4, 4)),
    ("Conv1DTranspose(3, 2, data_format='channels_first')", (2, 2, 2)),
    ("DepthwiseConv1D(2, data_format='channels_first')", (2, 2, 3)),
    ("EinsumDense('abc,cd->abd', output_shape=(3, 3), bias_axes='b')", (2, 3, 2)),
    ("EinsumDense('abcd,de->abce', output_shape=(3, 3, 2), bias_axes='c')", (2, 3, 3, 2)),
    ("Dense(3, activation=LeakyReLU(0.1)), Dense(3, activation=Softmax(axis=1)), Activation(ELU(0.5))", (2, 3, 2)),
]


# Between what masks and an LSTM, which would see all steps if the mask were lost: whose steps it skips shows who passes masks on.
BETWEEN = ["Dense(3)", "Activation('relu')", "ReLU()", "LeakyReLU()", "PReLU()", "ELU()", "Softmax()", "Dropout(0.5)", "SpatialDropout1D(0.5)",
           "GaussianDropout(0.5)", "GaussianNoise(0.5)", "AlphaDropout(0.5)", "BatchNormalization()", "LayerNormalization()", "GroupNormalization(3)",
           "RMSNormalization()", "UnitNormalization()", "SpectralNormalization(Dense(3))", "ActivityRegularization(0.1)", "Identity()", "Rescaling(0.5)",
           "Normalization(mean=0.5, variance=2.0)", "EinsumDense('abc,cd->abd', (None, 3))", "Conv1D(3, 1)", "SeparableConv1D(3, 1)", "DepthwiseConv1D(1)",
           "Conv1DTranspose(3, 1)", "MaxPooling1D(1)", "AveragePooling1D(1)", "UpSampling1D(1)", "ZeroPadding1D(0)", "Cropping1D(0)", "Permute((1, 2))",
           "Reshape((4, 3))", "TimeDistributed(Dense(3))", "LSTM(3, return_sequences=True)", "GRU(3, return_sequences=True)", "SimpleRNN(3, return_sequences=True)",
           "Bidirectional(LSTM(3, return_sequences=True))", "RNN(GRUCell(3), return_sequences=True)", "Masking(0.5)", "Sequential([Dense(3), Dropout(0.5)])",
           "Sequential([Conv1D(3, 1)])", "Flatten(), RepeatVector(4)", "GlobalAveragePooling1D(), RepeatVector(4)", "GlobalMaxPooling1D(), RepeatVector(4)"]


def stacks():
    for layer in BETWEEN:
        yield (f"Sequential([Input((4,), dtype='int32', name='x'), Embedding(5, 3, mask_zero=True), {layer}, LSTM(2)])"), {"x": ints(0, 3, 3, 4)}, 1
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
    yield ("Sequential([Input(batch_shape=(2, 3, 2), name='x'), RNN([LSTMCell(2), GRUCell(3)], stateful=True, return_sequences=True),"
           " Bidirectional(RNN(SimpleRNNCell(2), stateful=True))])"), {"x": floats(2, 3, 2)}, 3
    yield ("Sequential([Input(batch_shape=(2, 3, 4, 2), name='x'), ConvLSTM1D(2, 2, stateful=True, return_sequences=True)])"), {"x": floats(2, 3, 4, 2)}, 3


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


def masked_states():
    """A mask goes to no call that is given states as well, unless it is named."""
    a, h = keras.Input((4, 2), name="a"), keras.Input((3,), name="h")
    m = keras.Input((4,), name="m", dtype="bool")
    x = layers.Masking(name="masking")(a)
    read = lambda layer, name, **how: layer(3, return_sequences=True, name=name)(x, initial_state=[h], **how)
    both = layers.Bidirectional(layers.GRU(3, name="inner"), name="both")(x, initial_state=[h, h])
    a_of = np.where(np.array([[1, 0, 1, 1], [0, 1, 1, 0]], bool)[..., None], floats(2, 4, 2), 0)
    y = [read(layers.GRU, "plain"), read(layers.SimpleRNN, "named", mask=m), both, layers.GlobalAveragePooling1D(name="mean")(read(layers.GRU, "next"))]
    return keras.Model([a, h, m], y, name="m"), {"a": a_of, "h": floats(2, 3, salt=1), "m": np.array([[0, 1, 1, 0], [1, 1, 0, 1]], bool)}


def nested_states():
    """The states of a stack of cells start another one; a stack called by itself."""
    a, b = keras.Input((4, 2), name="a"), keras.Input((3, 2), name="b")
    cells = lambda name: layers.StackedRNNCells([layers.LSTMCell(2, name=name + "_1"), layers.GRUCell(3, name=name + "_2")], name=name)
    _, *states = layers.RNN(cells("stack"), return_state=True, name="encoder")(a)
    decoded = layers.RNN(cells("other"), return_state=True, return_sequences=True, name="decoder")(b, initial_state=[states[0], [states[1]]])
    y, (h, _) = cells("alone")(layers.Flatten(name="flat")(b), states=[states[0], [states[1]]])
    return keras.Model([a, b], [decoded[0], decoded[1], y, h], name="m"), {"a": floats(2, 4, 2), "b": floats(2, 3, 2, salt=1)}


def groups():
    """Queries in groups: masks by keyword, scores, causal and window masks, a key of its own."""
    q, v, k = keras.Input((3, 4), name="q"), keras.Input((5, 4), name="v"), keras.Input((5, 2), name="k")
    m = keras.Input((3, 5), name="m", dtype="bool")
    of = layers.GroupQueryAttention
    y = of(2, 4, 2, name="plain")(q, v)
    z, w = of(3, 4, 1, use_bias=False, use_gate=True, name="gated")(q, v, k, return_attention_scores=True)
    u, s = of(2, 2, 2, sliding_window=2, name="window")(q, v, attention_mask=m, use_causal_mask=True, return_attention_scores=True)
    t = of(2, 3, 1, name="causal")(q, q, use_causal_mask=True)
    r = of(2, 2, 1, dropout=0.5, seed=1, name="masked")(q, v, attention_mask=m)
    x = of(2, 2, 1, name="even")(q, v, attention_mask=m)
    return keras.Model([q, v, k, m], [y, z, w, u, s, t, r, x], name="m"), {
        "q": floats(2, 3, 4), "v": floats(2, 5, 4, salt=1), "k": floats(2, 5, 2, salt=2), "m": ints(0, 2, 2, 3, 5, salt=3).astype("bool") & (np.arange(3) != 1)[:, None]}


def there_and_back():
    """Rows of a table, and scores from them, with the table or one of its own, capped."""
    a, b = keras.Input((4,), name="a", dtype="int32"), keras.Input((2, 3), name="b")
    tied, own = layers.ReversibleEmbedding(5, 3, name="tied"), layers.ReversibleEmbedding(
        5, 3, tie_weights=False, logit_soft_cap=0.5, name="own")
    return keras.Model([a, b], [tied(tied(a), reverse=True), own(own(a), reverse=True), tied(b, reverse=True), own(b, reverse=True)], name="m"), {
        "a": ints(0, 5, 2, 4), "b": floats(2, 2, 3)}


def images():
    """The states of a ConvLSTM start another one; a mask that somebody gives."""
    a, b, m = keras.Input((2, 4, 1), name="a"), keras.Input((3, 4, 1), name="b"), keras.Input((3,), name="m", dtype="bool")
    _, h, c = layers.ConvLSTM1D(2, 2, padding="same", return_state=True, name="encoder")(a)
    y = layers.ConvLSTM1D(2, 2, padding="same", return_sequences=True, name="decoder")(b, initial_state=[h, c])
    z = layers.ConvLSTM1D(2, 2, return_sequences=True, go_backwards=True, name="masked")(b, mask=m)
    w = layers.ConvLSTM1D(2, 2, data_format="channels_first", zero_output_for_mask=True, return_state=True, name="left_out")(
        layers.Permute((1, 3, 2), name="turn")(b), mask=m)
    return keras.Model([a, b, m], [y, z, *w], name="m"), {"a": floats(2, 2, 4, 1), "b": floats(2, 3, 4, 1, salt=1),
                                                          "m": np.array([[1, 0, 1], [0, 1, 0]], "bool")}


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
    made = {layer["name"] for layer in inner["layers"] if layer["module"].startswith("keras.src.ops")}
    inner["layers"] = [layer for layer in inner["layers"] if layer["name"] not in made]
    for layer in inner["layers"]:
        for node in layer["inbound_nodes"]:
            mask = node["kwargs"].get("mask")
            if any(m and m["config"]["keras_history"][0] in made for m in (mask if isinstance(mask, list) else [mask])):
                del node["kwargs"]["mask"]
    return config


def row(model, shown, x, calls):
    weights = set_weights(model)
    data = list(x.values())
    call = tf.function(model, jit_compile="channels_first" in str(shown))  # TensorFlow's own kernels lack it
    for _ in range(calls):
        y = call(data if len(data) > 1 else data[0], training=False)
    y = keras.tree.flatten(y)
    return {"model": shown, "weights": weights, "x": {k: array(v) for k, v in x.items()}, "y": [array(v) for v in y],
            "calls": calls}


def rows():
    for text, x, calls in stacks():
        yield row(model_of(text), text, x, calls)
    for f in [several, merged, states, nested_states, images, groups, there_and_back, nested, masks, masked_states]:
        keras.backend.clear_session()
        model, x = f()
        config = without_mask_ops(json.loads(model.to_json()))
        yield row(keras.models.model_from_json(json.dumps(config)), config, x, 1)


if __name__ == "__main__":
    write("layers", rows())
