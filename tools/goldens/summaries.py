#!/usr/bin/env python3
"""What Model.summary() of Keras prints, on 80 columns: tests/goldens/summaries.jsonl.

A row's "model" is an expression, or what to_json() gives; "build" is the shape for which a model without a
declared input is built before.
"""
import json
import os

from common import keras, model_of, write

os.environ["COLUMNS"] = "80"  # of the terminal
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


def text_of(model):
    lines = []
    model.summary(print_fn=lines.append)
    return "\n".join(lines)


def rows():
    for text in EXPRESSIONS:
        yield {"model": text, "text": text_of(model_of(text))}
    for text, shape in UNBUILT:
        model = model_of(text)
        model.build(shape)
        yield {"model": text, "build": list(shape), "text": text_of(model)}
    for model in functionals():
        yield {"model": json.loads(model.to_json()), "text": text_of(model)}


if __name__ == "__main__":
    write("summaries", rows())
