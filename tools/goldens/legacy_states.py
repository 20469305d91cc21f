"""Writes tests/goldens/legacy/stateVERSION_*.h5: whole models of that Keras with the state of each optimizer, and stateVERSION_files.jsonl with what
belongs to which weight.

    python3 legacy_states.py VERSION FOLDER            (see old_keras.py: FOLDER holds keras-VERSION)
    TF_USE_LEGACY_KERAS=1 python3 legacy_states.py tf

Each row: the file, iterations (null: the file has none), the product that Nadam keeps (null: none), and for each trainable weight, in the model's
order, its slots in the order in which today's Keras makes them. Their numbers are random, as no training has to be repeated.
"""
import json, os, sys
import numpy as np

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "goldens", "legacy")
VERSION = sys.argv[1]
if VERSION == "tf":
    import tf_keras as keras
    VERSION, TAG = keras.__version__, "state2_"
else:
    import old_keras
    keras = old_keras.load(VERSION, sys.argv[2])
    TAG = "state" + VERSION.rsplit(".", 1)[0].replace(".", "_") + "_"
L, O = keras.layers, keras.optimizers
NUMBER = tuple(map(int, VERSION.split(".")))
ONE = NUMBER < (2,)
random = np.random.RandomState(7)
rows = [{"keras": VERSION, "by": "tools/goldens/legacy_states.py"}]


def model(name):
    """Weights of equal shapes, and names whose order is not that of the layers."""
    return keras.models.Sequential([L.Dense(3, input_shape=(3,), name=name + "_z"), L.BatchNormalization(name=name + "_y"), L.Dense(3, name=name + "_a")])


def tracked(optimizer):
    v = optimizer.variables() if callable(getattr(optimizer, "variables", None)) else getattr(optimizer, "variables", None)
    return list(optimizer.weights if v is None else v)


def fill(m, optimizer):
    """Random numbers for all variables of the optimizer; returns them."""
    values = [np.array(v) for v in (keras.backend.batch_get_value(tracked(optimizer)))]
    values = [np.asarray(7, v.dtype) if v.ndim == 0 and i == 0 else np.asarray(random.uniform(0.1, 0.9, v.shape).round(3), v.dtype) for i, v in enumerate(values)]
    keras.backend.batch_set_value(list(zip(tracked(optimizer), values)))
    return values


def expected(m, optimizer, values, slots):
    """slots: how many of each weight, of which the first len(row) are today's."""
    weights = m.trainable_weights
    names = [v.name for v in tracked(optimizer)]
    head = 0
    while head < len(values) and values[head].ndim == 0:
        head += 1
    iterations = None if head == 0 else int(values[0])
    product = next((float(v) for v, n in zip(values[:head], names) if "m_schedule" in n or "momentum_cache" in n), None)
    order = sorted(range(len(weights)), key=lambda i: weights[i].name) if ONE else list(range(len(weights)))
    rest = [v for v in values[head:]]
    by_weight = [[] for _ in weights]
    if any(n.startswith("iteration:") or n == "iteration" for n in names):  # 2.11 and later: in the order in which they are made
        at = 0
        for group in slots:  # kinds that are made weight by weight
            for i in range(len(weights)):
                for _ in range(group):
                    by_weight[i].append(rest[at])
                    at += 1
    else:
        for s in range(sum(slots)):
            for k, i in enumerate(order):
                by_weight[i].append(rest[s * len(weights) + k])
    return {"iterations": iterations, "product": product, "weights": [[s.flatten().tolist() for s in w] for w in by_weight]}


def put(name, optimizer, slots):
    m = model(name)
    m.compile(optimizer=optimizer, loss="mse")
    x = np.zeros((2, 3), "float32")
    m.train_on_batch(x, x)  # makes the slots
    values = fill(m, m.optimizer)
    m.save(os.path.join(OUT, TAG + name + ".h5"))
    rows.append(dict({"file": TAG + name + ".h5"}, **expected(m, m.optimizer, values, slots)))


def main():
    if NUMBER < (2, 3):
        put("sgd", O.SGD(0.1, momentum=0.5), [1])
        put("still", O.SGD(0.1, decay=0.1), [])
        put("rmsprop", O.RMSprop(), [1])
        put("adadelta", O.Adadelta(), [2])
        put("adam", O.Adam(), [2])
        put("nadam", O.Nadam(), [2])
    else:
        g = O.legacy
        put("oldrmsprop", g.RMSprop(momentum=0.5, centered=True), [3])
        put("oldadam", g.Adam(amsgrad=True), [3])
        put("oldnadam", g.Nadam(), [2])
        put("rmsprop", O.RMSprop(momentum=0.5, centered=True), [1, 1, 1])
        put("adam", O.Adam(amsgrad=True, use_ema=True), [1, 2, 1])
        put("nadam", O.Nadam(), [2])
    with open(os.path.join(OUT, TAG + "files.jsonl"), "w") as f:
        for row in rows:
            f.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    sys.exit(main())
