#!/usr/bin/env python3
"""Files that Keras wrote, and what it does with them: tests/goldens/files.jsonl and tests/goldens/files/*.keras.

Each model is trained, saved, loaded; "y" is what the loaded one predicts for "x", "history" and "trained" are what
two more epochs make of it, so that the state of its optimizer counts as well.
"""
import json
import os

from common import OUT, array, compiled, floats, keras, model_of, numbers, rng, set_weights, short, write

N = 10
NORMED = "Sequential([Input((3,), name='x'), Dense(4, use_bias=False), BatchNormalization(momentum=0.5), Dense(3, activation='tanh')," \
         " BatchNormalization(scale=False), Dense(2)])"


def nested():
    """A model in a model, a shared layer, two outputs; layers that do not train stand first."""
    keras.backend.clear_session()
    x = keras.Input((4, 3), name="x")
    inner = keras.Sequential([keras.Input((4, 3)), keras.layers.BatchNormalization(), keras.layers.LSTM(3)], name="inner")
    shared = keras.layers.Dense(3, name="shared", trainable=False)
    h = shared(inner(x))
    a = keras.layers.Dense(2, name="a")(shared(h))
    b = keras.layers.Dense(1, name="b")(keras.layers.BatchNormalization(center=False)(h))
    return json.loads(keras.Model(x, {"a": a, "b": b}, name="nested").to_json())


def models():
    yield "normed", NORMED, {"optimizer": "Adam(0.05, amsgrad=True)", "loss": "mse", "metrics": ["mae"]}, floats(N, 3), floats(N, 2, salt=3)
    yield "nested", nested(), {"optimizer": "RMSprop(0.02, momentum=0.5, centered=True)", "loss": "mse"}, floats(N, 4, 3), \
        {"a": floats(N, 2, salt=3), "b": floats(N, 1, salt=4)}
    yield "averaged", NORMED, {"optimizer": "SGD(ExponentialDecay(0.1, 2, 0.8), momentum=0.9, use_ema=True)", "loss": "mae"}, \
        floats(N, 3), floats(N, 2, salt=3)


    yield "adapted", "Sequential([Input((3,), name='x'), Dense(4, lora_rank=2, activation='tanh'), EinsumDense('ab,bc->ac', 2, bias_axes='c', lora_rank=1, lora_alpha=3)])", \
        {"optimizer": "SGD(0.1, momentum=0.9)", "loss": "mse"}, floats(N, 3), floats(N, 2, salt=3)


def dictionary(arrays, name):
    arrays = arrays if isinstance(arrays, dict) else {name: arrays}
    return {k: array(v) for k, v in arrays.items()}


def rows():
    os.makedirs(os.path.join(OUT, "files"), exist_ok=True)
    for name, shown, how, x, y in models():
        model = compiled(model_of(shown), how)
        set_weights(model)
        fit = {"epochs": 3, "batch_size": 4, "shuffle": False, "verbose": 0}
        model.fit(x, y, **fit)
        path = os.path.join(OUT, "files", name + ".keras")
        model.save(path)
        loaded = keras.models.load_model(path)
        row = {"file": f"files/{name}.keras", "weights": [numbers(w) for w in loaded.weights], "x": dictionary(x, "x"),
               "y": dictionary(y, "y"), "predicted": dictionary(loaded.predict(x, verbose=0), "y")}
        history = loaded.fit(x, y, **{**fit, "epochs": 2}).history
        row.update(fit={"epochs": 2, "batch_size": 4}, history={k: [short(v) for v in vs] for k, vs in history.items()},
                   trained=[numbers(w) for w in loaded.weights])
        yield row


if __name__ == "__main__":
    write("files", rows())
