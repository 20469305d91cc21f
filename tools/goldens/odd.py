"""Arguments of losses, metrics, optimizers, schedules, initializers and constraints that are no numbers: what
get_config gives back, and what is said when the object is made or first used.

Writes tests/goldens/odd.jsonl.
"""
import inspect
import re

from common import keras, np, tf, write, error_of

VALUES = ("'a'", "None", "{'a': 1}", "''", "True")
NEEDED = {"num_classes": "2", "target_class_ids": "[0]", "recall": "0.5", "precision": "0.5", "specificity": "0.5", "sensitivity": "0.5",
          "initial_learning_rate": "0.5", "decay_steps": "4", "first_decay_steps": "4", "decay_rate": "0.5"}
# Losses and metrics on one-hot rows; those of class numbers have no place here.
Y = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
P = [[0.75, 0.25], [0.5, 0.5], [0.125, 0.875]]
FIELDS = {
    "loss": "from_logits|label_smoothing|gamma|margin|delta|alpha|beta|reduction|name|q|remove_diagonal",
    "metric": "from_logits|label_smoothing|threshold|thresholds|name|num_thresholds|curve|summation_method",
    "optimizer": r"rho|epsilon\w*|beta_\w+|adam_\w+|momentum|weight_decay|clip\w*|use_ema|ema_overwrite_frequency|gradient_accumulation_steps|name|nesterov|\w+_strength|"
                 r"initial_accumulator_value|learning_rate_power|warmup_steps|muon_[abc]|exclude_layers",
    "schedule": "initial_learning_rate|decay_steps|first_decay_steps|decay_rate|staircase|alpha|name|end_learning_rate|power|cycle|t_mul|m_mul|warmup_\\w+",
    "initializer": "mean|stddev|minval|maxval|gain|distribution|mode",
    "constraint": "axis|max_value|min_value|rate",
    "callback": "patience|verbose|min_delta|cooldown|min_lr|start_from_epoch|factor|backup_dir|profile_batch|embeddings_freq",
}
LEFT_OUT = {"SparseCategoricalCrossentropy", "SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "CTC", "Circle", "CategoricalGeneralizedCrossEntropy", "Mean", "Sum",
            "MeanMetricWrapper", "LossScaleOptimizer", "Tversky", "MultiOptimizer", "OrbaxCheckpoint", "RemoteMonitor", "STFT"}
# Of several arguments, or of lists; also where TensorFlow's words stand.
MORE = [
    *[("schedule", call) for call in (
        "CosineDecay(1, 4, warmup_target=2, warmup_steps=5)", "CosineDecayRestarts(1, 4, t_mul=3.0)", "CosineDecayRestarts(1, 4, t_mul=1.5)",
        "PolynomialDecay(1, 4.5, cycle=True)", "PiecewiseConstantDecay([], [1.0])", "PiecewiseConstantDecay([1, None], [1.0, 0.5, 0.1])",
        "PiecewiseConstantDecay([2, 4], [1, 2, 3])")],
    *[("optimizer", f"LossScaleOptimizer({arguments})") for arguments in (
        "SGD(), initial_scale=None", "SGD(), dynamic_growth_steps='a'", "'sgd'", "None")],
    *[("optimizer", f"SGD({name}={value})") for name, values in (
        ("gradient_accumulation_steps", ("2.5", "2.0", "[2]", "{'a': 1}")), ("clipnorm", ("[1]",)), ("clipvalue", ("[1]",)), ("global_clipnorm", ("{'a': 1}",)))
      for value in values],
]
# What Keratin says otherwise.
OTHERWISE = {
    "AUC(thresholds='a')", "AUC(thresholds='')", "AUC(thresholds={'a': 1})", "CosineDecayRestarts(initial_learning_rate=True, first_decay_steps=4)",
    "InverseTimeDecay(initial_learning_rate=True, decay_steps=4, decay_rate=0.5)", "ExponentialDecay(initial_learning_rate=True, decay_steps=4, decay_rate=0.5)",
}
FOREIGN = re.compile(r"function_node|EagerTensor|NodeDef|\[Op:|object at 0x|not supported \[|array\.size|DictWrapper|ListWrapper|Cond\.call")


def module_of(family):
    return keras.optimizers.schedules if family == "schedule" else getattr(keras, {"loss": "losses"}.get(family, family + "s"))


def base_of(family):
    return {"loss": keras.Loss, "metric": keras.Metric, "optimizer": keras.optimizers.Optimizer, "schedule": keras.optimizers.schedules.LearningRateSchedule,
            "initializer": keras.Initializer, "constraint": keras.constraints.Constraint, "callback": keras.callbacks.Callback}[family]


def calls(family):
    base = base_of(family)
    classes = {c.__name__: c for c in vars(module_of(family)).values() if inspect.isclass(c) and issubclass(c, base) and c is not base}
    for name in sorted(classes.keys() - LEFT_OUT):
        arguments = [p for p in list(inspect.signature(classes[name].__init__).parameters.values())[1:] if p.kind == p.POSITIONAL_OR_KEYWORD]
        needed = {p.name: NEEDED.get(p.name, "'f.keras'") for p in arguments if p.default is p.empty}
        for p in arguments:
            for value in VALUES if re.fullmatch(FIELDS[family], p.name) else ():
                yield f"{name}({', '.join(f'{k}={v}' for k, v in {**needed, p.name: value}.items())})"


def use(family, o):
    if family == "loss":
        o(np.float32(Y), np.float32(P))
    elif family == "metric":
        o.update_state(np.float32(Y), np.float32(P))
    elif family == "optimizer":
        w = [keras.Variable(np.float32(P), name="w"), keras.Variable(np.float32(P[0]), name="b")]
        o.build(w)
        o.apply([tf.constant(Y, "float32"), tf.constant(Y[0], "float32")])
    elif family == "schedule":
        float(o(tf.Variable(3, dtype="int64")))
    elif family == "initializer":
        o((2, 2))
    elif family == "constraint":
        o(tf.constant(P))


def row_of(family, text):
    keras.utils.clear_session(free_memory=False)
    row = {"family": family, "call": text}
    try:
        o = eval(text, dict(vars(module_of(family))))
        if family != "callback":
            row["config"] = o.get_config()
        use(family, o)
    except Exception as e:
        row["error"] = error_of(e)
    return row


def rows():
    for family in FIELDS:
        for text in calls(family):
            row = row_of(family, text)
            if text not in OTHERWISE and not FOREIGN.search(str(row)):
                yield row
    for family, text in MORE:
        yield row_of(family, text)


if __name__ == "__main__":
    write("odd", rows())
