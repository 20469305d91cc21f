#!/usr/bin/env python3
"""What Model.summary() of Keras prints: tests/goldens/summaries.jsonl.

A row's "model" is an expression, or what to_json() gives; "build" is the shape for which a model without a
declared input is built before; "line_length", "expand_nested" and "show_trainable" are summary's own arguments.
Without "line_length" the terminal has 80 columns; with it, columns enough.
"""
import json
import os

from common import error_of, keras, model_of, write

layers = keras.layers
Input = keras.Input

EXPRESSIONS = [
    "Sequential([Input((784,)), Dense(128, activation='relu'), Dropout(0.2), Dense(10)])",
    "Sequential([Dense(3), Dense(2)])",
    "Sequential([Input((28, 28)), Flatten(), Dense(10, use_bias=False)], name='a_model_whose_name_is_rather_long')",
    "Sequential([Input((28, 28, 1)), Rescaling(1/255), Conv2D(32, 3), MaxPooling2D(), Conv2D(64, 3), MaxPooling2D(), Flatten(), Dense(10)])",
    "Sequential([Input((None,)), Embedding(20000, 128), LSTM(64, return_sequences=True), LSTM(64), Dense(1)])",
    "Sequential([Input((12, 1)), LSTM(32), RepeatVector(12), LSTM(32, return_sequences=True), TimeDistributed(Dense(1))])",
    "Sequential([Input((4,)), Normalization(), Dense(8, trainable=False), BatchNormalization(), Dense(1)])",
    "Sequential([Input((3, 4)), Reshape((4, 3)), Activation('relu', name='an_activation_with_a_very_long_name_that_is_wrapped')])",
    "Sequential([Input((5,)), Dense(1000), Dense(1000), Dense(1000)])",
    "Sequential([Input((5,), batch_size=8), Dense(2)])",
    "Sequential([Input((2, 3), name='x'), LSTM(4, return_state=True)])",
    "Sequential([Input((5,)), Sequential([Dense(4), Dense(3)], name='inner'), Dense(2)], name='outer')",
]
# What of each layer's weights is trained: by the shape of one sample.
WEIGHTED = {
    "(4,)": ["Dense(2)", "Dense(2, lora_rank=1)", "EinsumDense('ab,bc->ac', output_shape=3, bias_axes='c')", "PReLU()", "BatchNormalization()",
             "BatchNormalization(scale=False)", "LayerNormalization()", "RMSNormalization()", "Normalization()", "Embedding(9, 2)",
             "Embedding(9, 2, lora_rank=2)", "ReversibleEmbedding(9, 2, tie_weights=False)", "SpectralNormalization(Dense(2))", "Discretization([0.5])",
             "GroupNormalization(2)", "CategoryEncoding(3)", "Hashing(3)", "Dropout(0.5)", "UnitNormalization()", "ActivityRegularization(0.1)"],
    "(6, 4)": ["PReLU(shared_axes=[1])", "Conv1D(2, 3)", "Conv1DTranspose(2, 3)", "DepthwiseConv1D(3)", "SeparableConv1D(2, 3)", "LSTM(2)", "GRU(2)",
               "GRU(2, reset_after=False)", "SimpleRNN(2)", "RNN([LSTMCell(2), GRUCell(3)])", "Bidirectional(LSTM(2))", "TimeDistributed(Dense(2))",
               "TimeDistributed(BatchNormalization())", "GaussianNoise(0.1)", "SpectralNormalization(Conv1D(2, 3))"],
    "(6, 6, 2)": ["Conv2D(2, 3)", "Conv2DTranspose(2, 3)", "DepthwiseConv2D(3)", "SeparableConv2D(2, 3)", "ConvLSTM1D(2, 3)", "BatchNormalization(axis=1)",
                  "SpectralNormalization(Conv2D(2, 3, use_bias=False), 2)", "RandomFlip()"],
    "(4, 4, 4, 2)": ["Conv3D(2, 3)", "Conv3DTranspose(2, 3)", "ConvLSTM2D(2, 3)"],
    "(3, 4, 4, 4, 1)": ["ConvLSTM3D(2, 2)"],
}
UNBUILT = [("Sequential([Dense(3), Dense(2)])", (None, 4)), ("Sequential([Flatten(), Dense(2)])", (16, 3, 3))]


def functionals():
    a, b = Input((4,), name="a"), Input((6,), name="b")
    joined = layers.Concatenate(name="joined")([layers.Dense(3, name="left")(a), layers.Dense(5, name="right")(b)])
    yield keras.Model([a, b], layers.Dense(1, name="y")(joined), name="two_inputs")
    x = Input((4,), name="x")
    shared = layers.Dense(4, name="shared")
    yield keras.Model(x, layers.Add(name="sum")([shared(x), shared(shared(x))]), name="sharing")
    h = layers.Dense(4, name="trunk")(x)
    yield keras.Model(x, [layers.Dense(1, name="one")(h), layers.Dense(2, name="two")(h)], name="two_outputs")
    body = keras.Sequential([Input((4,)), layers.Dense(3), layers.BatchNormalization()], name="body")
    yield keras.Model(x, layers.Dense(2, name="head")(body(x)), name="nested")
    frozen = keras.Sequential([Input((4,)), layers.Dense(300)], name="frozen", trainable=False)
    yield keras.Model(x, layers.Dense(2, name="head")(frozen(x)), name="with_a_frozen_part")
    seen, ids = Input((5, 3), name="seen"), Input((4,), dtype="int32", name="ids")
    _, *state = layers.LSTM(4, return_state=True, name="encoder")(seen)
    word = layers.Embedding(9, 2, name="word")(ids)
    step = layers.LSTM(4, return_sequences=True, name="decoder")(word, initial_state=state)
    yield keras.Model([seen, ids], layers.Dense(9, name="next")(step), name="encoder_decoder")
    for attention in [layers.MultiHeadAttention(2, 3), layers.GroupQueryAttention(2, 4, 2), layers.AdditiveAttention(), layers.Attention(use_scale=True)]:
        both = [seen, seen] if isinstance(attention, (layers.AdditiveAttention, layers.Attention)) else (seen, seen)
        yield keras.Model(seen, attention(both) if isinstance(both, list) else attention(*both), name=attention.name + "_alone")


DEEP = "Sequential([Input((5,)), Sequential([Dense(4, trainable=False), Sequential([BatchNormalization(), Dropout(0.1)], name='core')], " \
       "name='inner'), Dense(2)], name='outer')"
LAYERS = "Sequential([Input((6, 6, 2)), Conv2D(3, 3, trainable=False), BatchNormalization(), MaxPooling2D(), Flatten(), RepeatVector(2), " \
         "LSTM(3, return_sequences=True), TimeDistributed(Dense(2)), Reshape((-1,)), Dropout(0.5), Activation('relu'), Rescaling(2.0), Dense(1)])"
WORDS = "Sequential([Input((7,), dtype='int32'), Embedding(100, 8, mask_zero=True), LSTM(4, return_state=True)])"


def arguments():
    """A model and how its summary is asked for."""
    for text in [DEEP, LAYERS, WORDS, "Sequential([Dense(3), Sequential([Dense(2), Dense(1)])])"]:
        for how in [{"expand_nested": True}, {"show_trainable": True}, {"expand_nested": True, "show_trainable": True}]:
            if "inner" in text or "expand_nested" not in how or "Sequential([Dense(2)" in text:
                yield text, how
    for length in [10, 26, 40, 59, 60, 61, 88, 101, 120]:
        yield DEEP, {"line_length": length}
    for length in [12, 44, 77, 100]:
        yield DEEP, {"line_length": length, "show_trainable": True, "expand_nested": True}
    for name, how in [("nested", {"expand_nested": True}), ("with_a_frozen_part", {"expand_nested": True, "show_trainable": True}),
                      ("sharing", {"line_length": 108}), ("sharing", {"line_length": 24}), ("two_inputs", {"line_length": 50}),
                      ("two_outputs", {"show_trainable": True}), ("two_outputs", {"show_trainable": True, "line_length": 120}),
                      ("encoder_decoder", {"line_length": 66, "show_trainable": True}), ("twice", {"expand_nested": True}),
                      ("unused_input", {}), ("tail", {}), ("tail", {"line_length": 20})]:
        yield name, how


def more_functionals():
    x, z = Input((4,), name="x"), Input((3,), name="z")
    inner = keras.Model(z, [layers.Dense(2, name="first")(z), layers.Dense(3, name="second")(z)], name="inner")
    a, _ = inner(layers.Dense(3, name="narrow")(x))
    _, b = inner(z)
    yield keras.Model([x, z], layers.Concatenate(name="both")([a, b]), name="twice")
    yield keras.Model([x, z], layers.Dense(2, name="only")(x), name="unused_input")
    h = layers.Dense(4, name="head_of_a_chain")(x)
    yield keras.Model(x, [h, layers.Dense(2, name="end")(h)], name="tail")


def in_training():
    """With what an optimizer keeps; a model read from JSON has it at once."""
    for optimizer in ["sgd", "adam", keras.optimizers.SGD(momentum=0.9), keras.optimizers.RMSprop(centered=True)]:
        model = model_of("Sequential([Input((4,)), Dense(30, trainable=False), BatchNormalization(), Dense(2)])")
        model.compile(optimizer, "mse")
        yield model
    model = model_of("Sequential([Dense(3)])")
    model.compile("adam", "mse")
    yield model


def text_of(model, line_length=None, **how):
    lines = []
    os.environ["COLUMNS"] = "200" if line_length else "80"
    model.summary(print_fn=lines.append, line_length=line_length, **how)
    return "\n".join(lines)


def asked(model, shown, how):
    try:
        return {"model": shown, **how, "text": text_of(model, **how)}
    except ValueError as e:
        return {"model": shown, **how, "error": error_of(e)}


def asked_of_json(model, how):
    """As it is after reading it, which forgets whether a Sequential is trainable."""
    text = model.to_json()
    return asked(keras.models.model_from_json(text), json.loads(text), how)


def rows():
    for text in EXPRESSIONS:
        yield {"model": text, "text": text_of(model_of(text))}
    for shape, of_shape in WEIGHTED.items():
        for text in [f"Sequential([Input({shape}), {layer}])" for layer in of_shape]:
            yield {"model": text, "text": text_of(model_of(text))}
    for text, shape in UNBUILT:
        model = model_of(text)
        model.build(shape)
        yield {"model": text, "build": list(shape), "text": text_of(model)}
    named = {}
    for model in functionals():
        named[model.name] = model
        yield {"model": json.loads(model.to_json()), "text": text_of(model)}
    named.update({m.name: m for m in more_functionals()})
    for name, how in arguments():
        yield asked_of_json(named[name], how) if name in named else asked(model_of(name), name, how)
    for model in in_training():
        yield asked_of_json(model, {})


if __name__ == "__main__":
    write("summaries", rows())
