#!/usr/bin/env python3
"""What Keras says to shapes: tests/goldens/messages.jsonl. The models are drawn by chance, so most do not fit.

A row with "in" calls the model on tensors of these shapes, without data ("symbolic") or with zeros: "out" are the
shapes that come out. A row with "y" fits it on zeros: "keys" are those of the history. "error" stands for both.
What only TensorFlow says, or what shows an object's address, is left out.
"""
import random
import re

from common import compiled, error_of, keras, model_of, np, write

R = random.Random(7)
SYMBOLIC, DATA, FITS = 110, 60, 110
FOREIGN = re.compile(r"<KerasTensor|<tf\.Tensor|Tensor\(|\{\{|Graph execution|be broadcast|for input \[|Negative dimensions")


def pick(*choices):
    return R.choice(choices)


def conv():
    return (f"Conv2D({pick(2, 4)}, {pick(1, 2, 3, (3, 1))}, strides={pick(1, 1, 2)}, padding='{pick('valid', 'same')}', "
            f"groups={pick(1, 1, 2)}, data_format='channels_{pick('last', 'last', 'first')}')")


def lstm():
    return (f"LSTM({pick(1, 3)}, return_sequences={pick(True, False)}, return_state={pick(False, False, True)}, "
            f"go_backwards={pick(True, False)})")


LAYERS = [
    lambda: f"Dense({pick(1, 3, 8)}, activation={pick(None, repr('relu'), repr('glu'))})", lambda: "Flatten()", conv, lstm,
    lambda: f"Reshape({pick((4,), (2, 2), (-1,), (-1, 3), (3, -1, 2), (16,), (1, 1, 4), (6,))})",
    lambda: f"Activation('{pick('relu', 'softmax', 'glu')}')", lambda: "Dropout(0.5)",
    lambda: f"BatchNormalization(axis={pick(-1, 1, 2)})", lambda: f"Embedding(5, {pick(2, 4)})",
    lambda: f"MaxPooling2D({pick(1, 2, (2, 1))}, strides={pick(None, 1)}, padding='{pick('valid', 'same')}')",
    lambda: f"RepeatVector({pick(1, 3)})", lambda: "Rescaling(2.0)", lambda: f"Normalization(axis={pick(-1, 1)})",
    lambda: f"TimeDistributed({pick('Dense(2)', 'Flatten()', 'MaxPooling2D(1)', 'RepeatVector(2)', conv(), lstm())})",
    lambda: f"Sequential([Input({sizes(pick(1, 2, 3))}, name='inner'), {stack(1)}])",
]


def stack(most):
    return ", ".join(R.choice(LAYERS)() for _ in range(R.randint(1, most)))


def size():
    return pick(1, 2, 3, 4, 6, 8, None)


def sizes(n):
    return tuple(size() for _ in range(n))


def varied(shape):
    """Nearly the same shape."""
    s = list(shape)
    change = pick("no", "size", "more", "fewer", "one")
    if change == "size" and s:
        s[R.randrange(len(s))] = size()
    elif change == "fewer" and s:
        s.pop()
    elif change in ("more", "one"):
        s.append(1 if change == "one" else size())
    return tuple(s)


def listed(shapes):
    return [list(s) for s in shapes] if isinstance(shapes, list) else [list(shapes)]


def merged():
    """Two branches that meet."""
    a, b = sizes(pick(1, 2)), sizes(pick(1, 2))
    join = pick("Add()", "Concatenate()", "Concatenate(axis=1)")
    return join, [(None, *a), (None, *(a if pick(True, False) else varied(b)))]


def call(row, shapes, symbolic):
    try:
        model = model_of(row["model"])
        x = [keras.KerasTensor(s) if symbolic else np.zeros(s, "float32") for s in shapes]
        y = model(x if len(x) > 1 else x[0])
        y = y if isinstance(y, (list, tuple)) else [y]
        row["out"] = [list(t.shape) for t in y]
    except Exception as e:  # whatever Keras raises is the fact
        row["error"] = error_of(e)
    return row


def calls():
    for i in range(SYMBOLIC + DATA):
        symbolic = i < SYMBOLIC
        shape = sizes(pick(1, 2, 2, 3, 3))
        declared = pick(True, True, False)
        layers = stack(3)
        model = f"Sequential([Input({shape}), {layers}])" if declared else f"Sequential([{layers}])"
        shapes = [(pick(None, 2) if symbolic else 2, *(varied(shape) if declared else shape))]
        if i % 8 == 0:
            model, shapes = merged()
        if not symbolic:
            shapes = [tuple(3 if n is None else n for n in s) for s in shapes]
        yield call({"model": model, "symbolic": symbolic, "in": [list(s) for s in shapes]}, shapes, symbolic)


LOSSES = ["mse", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "crossentropy", "mape",
          "kl_divergence", "hinge", "categorical_hinge", "huber", "cosine_similarity", "binary_focal_crossentropy", "dice",
          "Huber(reduction='sum')", "BinaryCrossentropy(from_logits=True)", "mean_square", "Dice(axis=1)"]
METRICS = ["accuracy", "mse", "AUC", "AUC()", "Precision", "binary_accuracy", "categorical_accuracy", "binary_crossentropy",
           "categorical_crossentropy", "sparse_categorical_crossentropy", "sparse_categorical_accuracy", "acuracy"]


def fits():
    for _ in range(FITS):
        units, n = pick(1, 2, 3), pick(8, 8, 7)
        last = f"Dense({units}, activation='{pick('sigmoid', 'softmax', 'linear')}')"
        shape, first = pick(((5,), "Dense(4)"), ((6, 2), "LSTM(3)"), ((6, 2), "LSTM(3, return_sequences=True)"), ((3, 4), "Flatten()"),
                            ((3, 4), "Dense(4)"))
        x = (n, *(shape if R.random() < 0.85 else varied(shape)))
        x = tuple(2 if s is None else s for s in x)
        y = pick((n,), (n, 1), (n, units), (n, 2), (n, 3), (n, units, 1), (n, 1, units), (n, 6), (n, 6, units), (3, units))
        row = {"model": f"Sequential([Input({shape}, name='x'), {first}, {last}])", "optimizer": "sgd",
               "loss": R.choice(LOSSES), "metrics": R.sample(METRICS, R.randint(0, 2)), "batch": pick(4, 3, 16),
               "x": {"x": {"shape": list(x)}}, "y": {"y": {"shape": list(y)}}}
        try:
            model = compiled(model_of(row["model"]), row)
            done = model.fit(np.zeros(x), np.zeros(y), batch_size=row["batch"], shuffle=False, verbose=0)
            row["keys"] = sorted(done.history)
        except Exception as e:  # whatever Keras raises is the fact
            row["error"] = error_of(e)
        yield row


def rows():
    for row in [*calls(), *fits()]:
        if not FOREIGN.search(row.get("error", {}).get("message", "")):
            yield row


if __name__ == "__main__":
    write("messages", rows())
