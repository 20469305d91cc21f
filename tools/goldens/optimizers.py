#!/usr/bin/env python3
"""What Keras on TensorFlow makes of a few weights in some steps of each optimizer.

  tools/goldens/optimizers.py     writes tests/goldens/optimizers.jsonl (needs Keras 3 with TensorFlow)

First line: the problem, that is weights, the gradients of each step, and the gradient of a table by
rows. Then one line a case: the optimizer as an expression, its configuration, and what the weights
and its own variables are after the steps; or the error that its constructor raises.
"""
import json
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
import tensorflow as tf

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/goldens/optimizers.jsonl")
STEPS = 5
SHAPES = {"bias": (5,), "kernel": (4, 4), "wide": (3, 2), "gain": ()}
TABLE, ROWS = (4, 2), [1, 3, 1, 1]

SCHEDULES = [
    "ExponentialDecay(3, 2, 0.5)", "ExponentialDecay(3, 2.5, 2, True)", "InverseTimeDecay(3, 4, 2)", "InverseTimeDecay(3, 2, 1.5, True)", "PolynomialDecay(3, 4)",
    "PolynomialDecay(3, 3, power=2.5, cycle=True)", "CosineDecay(3, 5, 0.25)", "CosineDecay(2, 3, warmup_target=1.5)", "CosineDecayRestarts(3, 2, t_mul=1, m_mul=2)",
    "CosineDecay(0.5, 3, warmup_steps='')", "ExponentialDecay(0.1, 2, 0.5, staircase=[1])", "PiecewiseConstantDecay([1, 2.5], [3, 2, 1])",
    "ExponentialDecay(0.1, 2, 0.5)",
    "ExponentialDecay(0.1, 2, 0.5, staircase=True)",
    "InverseTimeDecay(0.1, 2, 0.5)",
    "InverseTimeDecay(0.1, 2, 0.5, staircase=True)",
    "PolynomialDecay(0.1, 3, 0.01, power=2.0)",
    "PolynomialDecay(0.1, 3, 0.01, cycle=True)",
    "PiecewiseConstantDecay([1, 3], [0.1, 0.05, 0.02])",
    "CosineDecay(0.1, 4, alpha=0.1)",
    "CosineDecay(0.01, 4, warmup_target=0.1, warmup_steps=2)",
    "CosineDecayRestarts(0.1, 2, m_mul=0.8)",
    "CosineDecayRestarts(0.1, 2, t_mul=1.0, alpha=0.1)",
]
OWN = [
    "SGD()",
    "SGD(0.1, 0.9)",
    "SGD(0.1, momentum=0.9, nesterov=True)",
    "Adam()",
    "Adam(0.05, 0.8, 0.9, 1e-3, amsgrad=True)",
    "AdamW(0.05)",
    "AdamW(0.05, 0.1)",
    "RMSprop()",
    "RMSprop(0.05, rho=0.8, momentum=0.5)",
    "RMSprop(0.05, centered=True)",
    "RMSprop(0.05, momentum=0.5, centered=True)",
    "Adagrad()",
    "Adagrad(0.1, initial_accumulator_value=0.01)",
    "Adadelta(1.0)",
    "Adamax(0.05)",
    "Nadam(0.05)",
    "Ftrl(0.05)",
    "Ftrl(0.05, l1_regularization_strength=0.01, l2_regularization_strength=0.1,"
    " l2_shrinkage_regularization_strength=0.2, beta=0.1)",
    "Lion(0.01)",
    "Lamb(0.01)",
    "Adafactor()",
    "Adafactor(0.5, relative_step=False, clip_threshold=0.5)",
    "ScheduleFreeAdamW(0.05)",
    "ScheduleFreeAdamW(0.05, warmup_steps=3)",
    "Muon(0.05)",
    "Muon(0.05, nesterov=False, rms_rate=None, weight_decay=None, exclude_layers=['wi.e'])",
]
SHARED = [
    "SGD(0.1, clipnorm=0.5)",
    "SGD(0.1, clipvalue=0.2)",
    "SGD(0.1, global_clipnorm=0.5)",
    "Adam(0.05, clipnorm=0.5)",
    "Adam(0.05, global_clipnorm=0.5, weight_decay=0.1)",
    "SGD(0.1, momentum=0.9, weight_decay=0.1)",
    "SGD(0.1, loss_scale_factor=4.0, clipnorm=0.1)",
    "Adam(0.05, loss_scale_factor=8.0)",
    "Adam(0.05, use_ema=True, ema_momentum=0.8)",
    "SGD(0.1, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2)",
    "Adam(0.05, gradient_accumulation_steps=2)",
    "Nadam(0.05, gradient_accumulation_steps=2, clipnorm=0.5, weight_decay=0.1)",
    "SGD(0.1, momentum=0.9, gradient_accumulation_steps=2, use_ema=True, ema_overwrite_frequency=2)",
    "Nadam(0.05, use_ema=True)",
    "Lamb(0.01, weight_decay=0.1, clipnorm=0.5, use_ema=True)",
    "Adam(ExponentialDecay(0.1, 1, 0.5), gradient_accumulation_steps=2)",
    "Adafactor(ExponentialDecay(0.5, 1, 0.5))",
]
BY_ROWS = [
    "SGD(0.1, momentum=0.9)", "SGD(0.1, clipnorm=0.3)", "SGD(0.1, global_clipnorm=0.3)",
    "Adam(0.05, global_clipnorm=0.3)", "Adam(0.05)", "Adam(0.05, clipnorm=0.3)", "Adam(0.05, clipvalue=0.1)",
    "Adam(0.05, gradient_accumulation_steps=2)",
    "RMSprop(0.05)", "RMSprop(0.05, momentum=0.5, centered=True)", "Adagrad(0.1)", "Adadelta(1.0)",
    "Adamax(0.05)", "Nadam(0.05)", "Ftrl(0.05)", "Lion(0.01)", "Lamb(0.01)", "Adafactor(0.05)",
    "ScheduleFreeAdamW(0.05)",
]
MISSING = ["SGD(0.1, momentum=0.9)", "Adam(0.05, use_ema=True)", "Nadam(0.05)",
           "Adam(0.05, gradient_accumulation_steps=2, weight_decay=0.1)",
           "Adam(0.05, clipnorm=0.3)", "Adam(0.05, global_clipnorm=0.3)"]
# With an infinite gradient in one step; the loss is scaled by the caller, so that gradients are divided.
SCALED = [
    "LossScaleOptimizer(SGD(0.5, momentum=0.9), initial_scale=8.0, dynamic_growth_steps=2)",
    "LossScaleOptimizer(Adam(0.1, weight_decay=0.1, clipnorm=0.1), 16.0, 3, name='careful')",
    "LossScaleOptimizer(RMSprop(ExponentialDecay(0.1, 2, 0.5), loss_scale_factor=4.0), 4.0, 1)",
    "LossScaleOptimizer(SGD(0.5, gradient_accumulation_steps=2, use_ema=True, ema_momentum=0.5), initial_scale=2)",
]
SPOILED = [2]
CONSTRAINED = ["SGD(0.5)", "Adam(0.5, use_ema=True)"]
ERRORS = [
    "Adam(name=[1])", "Adam(name=(1, 2))", "SGD(name='a/b')", "SGD(name=3)", "Adam(gradient_accumulation_steps='a')", "Adam(gradient_accumulation_steps=True)",
    "Adam(use_ema=True, ema_overwrite_frequency=[1])", "Adam(use_ema=True, ema_overwrite_frequency='a')", "Adam(clipnorm={'a': 1}, clipvalue=[1])", "Adam(clipnorm=1.0, clipvalue='a', name=3)",
    "Ftrl(learning_rate_power='a')", "Ftrl(l1_regularization_strength=None)", "Lion(beta_1='a')", "SGD(ExponentialDecay(0.1, 'a', 1))", "SGD(CosineDecay(0.1, None))",
    "SGD(PiecewiseConstantDecay(3, [1, 2]))", "SGD(PiecewiseConstantDecay('', [1, 2]))",
    "SGD(momentum=2.0)", "SGD(momentum=1)", "SGD(learning_rate=1)", "SGD('fast')", "SGD(None)",
    "Adam(clipnorm=1.0, clipvalue=0.5)", "Adam(clipnorm=1, clipvalue=2, global_clipnorm=3)",
    "Adam(use_ema=True, ema_momentum=1.5)", "Adam(use_ema=True, ema_overwrite_frequency=-1)",
    "Adam(gradient_accumulation_steps=1)", "AdamW(weight_decay=None)", "Lion(beta_1=0.0)",
    "Ftrl(initial_accumulator_value=-1.0)", "Ftrl(learning_rate_power=0.5)",
    "Ftrl(l1_regularization_strength=-1.0)", "Ftrl(l2_regularization_strength=-1.0)",
    "Ftrl(l2_shrinkage_regularization_strength=-1.0)",
    "SGD(ExponentialDecay(0.1, 0, 0.5))", "SGD(PolynomialDecay(0.1, -2))",
    "SGD(InverseTimeDecay(0.1, 0, 0.5))", "SGD(CosineDecay(0.1, 0))",
    "SGD(CosineDecayRestarts(0.1, 0))", "SGD(PiecewiseConstantDecay([1, 2], [0.1, 0.2]))",
    "SGD(ExponentialDecay(0.1, 2))", "Adam(beta=0.9)",
    "LossScaleOptimizer()", "LossScaleOptimizer('sgd')", "LossScaleOptimizer(SGD(), foo=1, bar=2)",
    "LossScaleOptimizer(SGD(), foo=1, use_ema=True)", "LossScaleOptimizer(SGD(), learning_rate=0.5)",
]


def wave(shape, phase, scale):
    n = int(np.prod(shape))
    return (scale * np.sin(phase + 1.3 * np.arange(n))).astype("float32").reshape(shape)


def numbers(x):
    return [float(f"{float(v):.9g}") for v in np.asarray(x).ravel()]


def make(expression):
    names = {**vars(keras.optimizers), **vars(keras.optimizers.schedules)}
    return eval(expression, names)


def problem():
    weights = {n: wave(s, i, 0.5) for i, (n, s) in enumerate(SHAPES.items())}
    weights["table"] = wave(TABLE, 7, 0.5)
    grads = [
        {n: wave(s, 3 * t + i, 0.4 / (t + 1)) for i, (n, s) in enumerate(SHAPES.items())}
        for t in range(STEPS)
    ]
    for t in range(STEPS):
        grads[t]["table"] = wave((len(ROWS),) + TABLE[1:], 5 * t, 0.3)
    return weights, grads


WEIGHTS, GRADS = problem()


def run(expression, names, missing=(), constraint=None, spoiled=()):
    keras.backend.clear_session()
    optimizer = make(expression)
    variables = []
    for n in names:
        v = keras.Variable(WEIGHTS[n], name=n)
        if constraint and n == "kernel":
            v.constraint = keras.constraints.get(constraint)
        variables.append(v)
    optimizer.build(variables)
    order = [list(v.shape) for v in optimizer.variables]
    rates = []
    for t in range(STEPS):
        grads = []
        for n in names:
            g = tf.constant(GRADS[t][n])
            if n == "bias" and t in spoiled:
                g *= np.inf
            if n == "table":
                g = tf.IndexedSlices(g, tf.constant(ROWS), tf.constant(TABLE))
            grads.append(None if n in missing else g)
        rates.append(float(np.float32(optimizer.learning_rate)))
        optimizer.apply(grads, variables)
    record = {
        "optimizer": expression,
        "names": list(names),
        "missing": list(missing),
        "constraint": constraint,
        **({"spoiled": list(spoiled)} if spoiled else {}),
        "rates": numbers(rates),
        "config": keras.saving.serialize_keras_object(optimizer),
        "weights": [numbers(v) for v in variables],
        "shapes": order,
        "dtypes": [v.dtype for v in optimizer.variables],
        "variables": [numbers(v) for v in optimizer.variables],
    }
    optimizer.finalize_variable_values(variables)
    record["finished"] = [numbers(v) for v in variables]
    return record


def error(expression):
    keras.backend.clear_session()
    try:
        make(expression)
    except Exception as e:
        return {"error": expression, "type": type(e).__name__, "message": str(e)}
    raise SystemExit(f"{expression} raises nothing")


def main():
    dense, mixed = list(SHAPES), ["table", "bias"]
    lines = [{
        "keras": keras.__version__, "tensorflow": tf.__version__, "steps": STEPS, "rows": ROWS,
        "shapes": {**{n: list(s) for n, s in SHAPES.items()}, "table": list(TABLE)},
        "weights": {n: numbers(w) for n, w in WEIGHTS.items()},
        "grads": [{n: numbers(g) for n, g in step.items()} for step in GRADS],
    }]
    lines += [run(e, dense) for e in OWN + SHARED]
    lines += [run(f"SGD({s})", ["bias"]) for s in SCHEDULES]
    lines += [run(e, mixed) for e in BY_ROWS]
    lines += [run(e, dense, missing=["kernel"]) for e in MISSING]
    lines += [run(e, dense, constraint="non_neg") for e in CONSTRAINED]
    lines += [run(e, dense, spoiled=SPOILED) for e in SCALED]
    lines += [error(e) for e in ERRORS]
    with open(OUT, "w") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
