#!/usr/bin/env python3
"""How losses, their weights and metrics are given to models of one or several outputs: tests/goldens/structures.jsonl.

Rows as in messages.jsonl: a model that is fitted on zeros, "keys" of the history or the "error".
"""
import json

import messages
from common import compiled, error_of, keras, model_of, np, write

N = 4
SEQUENTIAL = "Sequential([Input((3,), name='x'), Dense(2, name='a')])"


def functional(*names, named=False):
    x = keras.Input((3,), name="x")
    out = {n: keras.layers.Dense(2, name=n)(x) for n in names}
    return json.loads(keras.Model(x, out if named else list(out.values()), name="m").to_json())


ONE, TWO, NAMED = functional("a"), functional("a", "b"), functional("a", "b", named=True)
# (loss, weights): for one output, for two
FOR_ONE = [
    ("'mse'", None), ("['mse']", "[0.5]"), ("{'a': 'mse'}", "{'a': 2.0}"), ("{'a': 'mse'}", "{'wrong': 1.0}"), ("{'wrong': 'mse'}", None), ("{'a': 'mse', 'b': 'mse'}", "[1.0, 2.0]"),
    ("['mse', 'mae']", None), ("['mse', 'mae']", "[1.0]"), ("['mse', None]", None), ("[None]", None), ("[]", None), ("[['mse']]", "[0.5]"), ("[['mse'], ['mae']]", None), ("'mse'", "[1.0, 2.0]"),
    ("'mse'", "{'a': 2.0, 'b': 1.0}"), ("['mse', 'mae']", "2.0"), ("{}", None), (None, "[1.0, 2.0]"),
]
FOR_TWO = [
    ("'mse'", None), ("'mse'", "[0.5]"), ("'mse'", "[0.5, 2.0]"), ("'mse'", "{'a': 0.5}"), ("['mse', 'mae']", "[0.5, 2.0]"), ("['mse', 'mae']", "2.0"), ("['mse', 'mae']", "{'b': 2.0, 'a': 1.0}"),
    ("['mse', 'mae']", "[1.0]"), ("['mse']", None), ("['mse']", "[1.0, 2.0]"), ("['mse', 'mae', 'mse']", None), ("['mse', 'mae', 'mse']", "[1.0, 1.0, 1.0]"), ("[None, 'mse']", "[1.0, 2.0]"), ("[None, None]", None),
    ("[['mse'], ['mae']]", "[0.5, 2.0]"), ("[['mse'], [None]]", None), ("{'a': 'mse', 'b': 'mae'}", "{'a': 1.0, 'b': 2.0, 'c': 3.0}"), ("{'a': 'mse', 'b': 'mae'}", "{'a': 1.0}"),
    ("{'a': 'mse', 'b': 'mae'}", "[1.0, 2.0]"), ("{'a': 'mse'}", "[1.0, 2.0]"), ("{'a': 'mse', 'b': None}", None), ("{'a': 'mse', 'c': 'mse'}", None), ("[]", None), ("['mse', 'mae']", "[None, 2.0]"),
]
LISTS = [("[['mse', 'mae'], 'mae']", None), ("[['mse', 'mae'], 'mae']", "[0.5, 2.0]"), ("[['mse', 'mae'], 'mae']", "[0.5, 2.0, 1.0]"), ("{'a': ['mse', 'mae'], 'b': 'mae'}", None), ("['mse']", None),
         ("{'a': ['mse', 'mae'], 'b': 'mae'}", "[0.5, 2.0, 1.0]"), ("{'a': ['mse', 'mae']}", None), ("['mse', 'mae']", None), ("[['mse'], 'mae']", None), ("['mse', 'mae', 'mse']", None), ("[]", None)]
METRICS_OF_TWO = [
    "['mse', 'mae']", "[['mse'], ['mae']]", "[['mse', 'mae'], []]", "[None, 'mse']", "['mse', None]", "[['mse']]", "['mse']", "['mse', 'mae', 'mse']", "[]", "[AUC(), [MeanSquaredError(name='m')], None]",
    "{'a': 'mse'}", "{'b': ['mse', MeanAbsoluteError()]}", "{'a': ['mse'], 'wrong': MeanSquaredError()}", "{'wrong': 'mse'}", "{'a': [['mse']]}", "{'a': [[RootMeanSquaredError()]]}", "{'a': [None]}", "{'a': None, 'b': 'mae'}",
    "[{'a': 'mse'}]", "[['mse', ['mae']], ['mse']]", "['mse', ['mae', 'mae']]", "{}",
]


def cases():
    for model, names, pairs in [(SEQUENTIAL, "a", FOR_ONE), (ONE, "a", FOR_ONE), (TWO, "ab", FOR_TWO), (TWO, "ab", LISTS), (NAMED, "ab", LISTS)]:
        for loss, weights in pairs:
            row = {"model": model, "optimizer": "sgd"}
            row.update({} if loss is None else {"loss": eval(loss) if loss == "'mse'" else loss})
            row.update({} if weights is None else {"loss_weights": weights})
            yield row, names
    for metrics in METRICS_OF_TWO:
        yield {"model": TWO, "optimizer": "sgd", "loss": "mse", "metrics": [metrics]}, "ab"
    for metrics in ["['mse']", "{'wrong': 'mse'}"]:
        yield {"model": TWO, "optimizer": "sgd", "loss": "mse", "weighted_metrics": [metrics]}, "ab"


def rows():
    for row, names in cases():
        row.update(fit={"batch_size": 2}, x={"x": {"shape": [N, 3]}}, y={n: {"shape": [N, 2]} for n in names})
        y = [np.zeros((N, 2)) for _ in names]
        try:
            model = compiled(model_of(row["model"]), row)
            row["keys"] = sorted(model.fit(np.zeros((N, 3)), y[0] if len(y) == 1 else y, shuffle=False, verbose=0, **row["fit"]).history)
        except Exception as e:  # whatever Keras raises is the fact
            row["error"] = error_of(e)
        if not messages.FOREIGN.search(row.get("error", {}).get("message", "")):
            yield row


if __name__ == "__main__":
    write("structures", rows())
