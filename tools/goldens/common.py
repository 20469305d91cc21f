"""What the scripts of this folder share: Keras, expressions, numbers, files. Not a script itself.

Models are Keras expressions such as "Sequential([Input((4,)), Dense(3)])", which Keratin reads too, or, where
an expression can not say it, what model.to_json() gives. Weights are numbers of two decimals, so that the
files stay small.
"""
import json
import os
import re

for key, value in {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}.items():
    os.environ.setdefault(key, value)

import keras
import numpy as np
import tensorflow as tf

tf.get_logger().setLevel("ERROR")
SEED = 7
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "goldens")


def write(name, rows):
    by = {"keras": keras.__version__, "tensorflow": tf.__version__, "by": f"tools/goldens/{name}.py", "seed": SEED}
    rows = [by, *rows]  # all of them before the file that is there is touched
    with open(os.path.join(OUT, name + ".jsonl"), "w", encoding="utf-8") as f:
        for row in rows:
            f.write(json.dumps(row, ensure_ascii=False) + "\n")


# --- expressions --------------------------------------------------------------------------------------

LAYERS = {**vars(keras.regularizers), **vars(keras.constraints), **vars(keras.initializers), **vars(keras.layers),
          "Sequential": keras.Sequential}
OPTIMIZERS = {**vars(keras.optimizers), **vars(keras.optimizers.schedules)}


def made(text, names):
    """The object of an expression, or the name itself."""
    return eval(text, dict(names)) if isinstance(text, str) and re.match(r"[A-Z]\w*\(|[\[{]", text) else text


def model_of(text, policy="float32"):
    """Of an expression, or of the dict of to_json(), made under a dtype policy."""
    keras.backend.clear_session()  # forgets the policy, too
    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(SEED)
    return keras.models.model_from_json(json.dumps(text)) if isinstance(text, dict) else made(text, LAYERS)


def compiled(model, row, **more):
    """Compiles it as a row says: optimizer, loss, metrics, weighted_metrics, loss_weights."""
    def metrics(key):
        found = [made(m, vars(keras.metrics)) for m in row.get(key, [])]
        return found[0] if len(found) == 1 and isinstance(found[0], (list, dict)) else found or None

    model.compile(optimizer=made(row.get("optimizer", "rmsprop"), OPTIMIZERS),
                  loss=made(row.get("loss"), vars(keras.losses)), loss_weights=eval(row.get("loss_weights", "None")),
                  metrics=metrics("metrics"), weighted_metrics=metrics("weighted_metrics"), **more)
    return model


# --- numbers ------------------------------------------------------------------------------------------


def short(x):
    """The shortest text that is this float32."""
    return float(str(np.float32(x))) if np.isfinite(x) else str(x)


def numbers(a):
    a = np.asarray(a)
    return a.ravel().tolist() if a.dtype.kind in "iub" else [short(x) for x in a.ravel()]


def array(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "dtype": str(a.dtype), "values": numbers(a)}


def rng(salt=0):
    return np.random.default_rng([SEED, salt])


def floats(*shape, salt=0):
    return np.round(rng(salt).normal(size=shape), 1).astype("float32")


def ints(least, most, *shape, salt=0):
    return rng(salt).integers(least, most, size=shape).astype("int32")


def set_weights(model):
    """Weights of two decimals; variances stay positive, random seeds as they are. Returns their numbers."""
    g = rng(99)
    for w in model.weights:
        v = np.round(g.normal(0, 0.5, w.shape), 2)
        w.assign(np.abs(v) + 0.5 if "variance" in w.path else v)
    return [numbers(w) for w in model.weights]


# --- errors -------------------------------------------------------------------------------------------

UNREAD = re.compile(r".* could not be deserialized properly.*?\n\nException encountered: (.*)", re.S)
WRAPPED = re.compile(r"Exception encountered when calling (.*?)\.\n\n(?:\x1b\[1m)?(.*?)(?:\x1b\[0m)?\n\n"
                     r"Arguments received by .*", re.S)


SET = re.compile(r"\{((?:'\w+'|None)(?:, (?:'\w+'|None))+)\}")


def in_order(found):
    """A set prints its words in another order each time."""
    return "{" + ", ".join(sorted(found[1].split(", "), key=lambda w: (w == "None", w))) + "}"


def error_of(e):
    """Type and message, without what Keras wraps around it and without the colours of a terminal."""
    message = str(e)
    while (m := WRAPPED.fullmatch(message) or UNREAD.fullmatch(message)) is not None:
        message = m.groups()[-1]
    return {"type": type(e).__name__, "message": SET.sub(in_order, re.sub(r"\x1b\[\d+m", "", message))}
