#!/usr/bin/env python3
"""Every class that Keras has, of today and of Keras 2: src/nn/classes.list. Needs keras and tf_keras."""
import inspect
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")

import keras
import tf_keras

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "nn", "classes.list")
# Classes of Keras 1, and those that only old files hold: nothing that installs today knows them.
OLD = {"layer": """AtrousConvolution1D AtrousConvolution2D Convolution2D CuDNNGRU CuDNNLSTM Deconvolution2D Highway
MaxoutDense Merge Sequential Functional Model SlicingOpLambda TFOpLambda TensorFlowOpLayer ThresholdedReLU
TimeDistributedDense""".split()}
FUNCTIONS = {"deserialize", "get", "serialize"}


def classes(module, base):
    """Public names below base, without the base itself; a name in lower case is only an alias."""
    found = {n for n in dir(module) if inspect.isclass(getattr(module, n)) and issubclass(getattr(module, n), base)}
    return {n for n in found if n[0].isupper() and getattr(module, n) is not base}


def operations():
    """Classes of what keras.ops leaves in a model."""
    modules = [getattr(keras.src.ops, n) for n in dir(keras.src.ops) if inspect.ismodule(getattr(keras.src.ops, n))]
    return {n for m in modules for n, c in vars(m).items()
            if inspect.isclass(c) and issubclass(c, keras.Operation) and c.__module__.startswith("keras.src.ops.")
            and c is not keras.Operation and not n.startswith("_")}


def of(k):
    s = k.optimizers.schedules
    return {"layer": classes(k.layers, k.layers.Layer),
            "activation": {n for n in dir(k.activations) if inspect.isfunction(getattr(k.activations, n))} - FUNCTIONS,
            "initializer": classes(k.initializers, k.initializers.Initializer),
            "regularizer": classes(k.regularizers, k.regularizers.Regularizer) | {"L1", "L2", "L1L2"},
            "constraint": classes(k.constraints, k.constraints.Constraint),
            "loss": classes(k.losses, k.losses.Loss),
            "metric": classes(k.metrics, k.metrics.Metric),
            "optimizer": classes(k.optimizers, k.optimizers.Optimizer),
            "schedule": classes(s, s.LearningRateSchedule),
            "callback": classes(k.callbacks, k.callbacks.Callback)}


def main():
    new, old = of(keras), of(tf_keras)
    new["operation"], old["operation"] = operations(), set()
    with open(OUT, "w", encoding="utf-8") as f:
        f.write(f"/* classes.list - the classes of Keras {keras.__version__} and Keras {tf_keras.__version__}, by family: "
                "written by\n * tools/goldens/classes.py. A name that is not here is not Keras' own. */\n")
        for family in new:
            names = new[family] | old[family] | set(OLD.get(family, ()))
            f.writelines(f"KT_KERAS({family}, {name})\n" for name in sorted(names))


main()
