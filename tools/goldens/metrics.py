#!/usr/bin/env python3
"""Losses and metrics of given outputs, as Keras' evaluate: tests/goldens/metrics.jsonl.

The model hands its input on, so that x are the outputs. One row: "model", "loss", "metrics",
"weighted_metrics", "x", "y", perhaps "sample_weight", and "result" by name; two batches, the second shorter.
"""
from common import array, compiled, floats, ints, model_of, np, rng, short, write

N, BATCH = 7, 4
PASS = "Sequential([Input({}, name='x'), Activation('linear')])"


def chances(*shape, salt=0):
    return np.round(rng(10 + salt).uniform(0, 1, shape), 2).astype("float32")


def shares(*shape):
    p = chances(*shape) + 0.05
    return np.round(p / p.sum(-1, keepdims=True), 3).astype("float32")


def labels(*shape):
    return ints(0, 3, *shape, salt=11)


def one_hot(*shape):
    return np.eye(3, dtype="float32")[labels(*shape)]


def yes(*shape):
    return ints(0, 2, *shape, salt=12).astype("float32")


def weights():
    return np.array([0.5, 2.0, 0.0, 1.0, 1.5, 0.3, 3.0], "float32")


def real(*shape):
    return floats(*shape, salt=13)


AT_CHANCES = [
    "accuracy", "acc", "binary_accuracy", "BinaryAccuracy(threshold=0.3)", "AUC()", "AUC(num_thresholds=4)",
    "AUC(num_thresholds=5, curve='PR')", "AUC(num_thresholds=5, summation_method='minoring')",
    "AUC(num_thresholds=5, summation_method='majoring', name='upper')", "AUC(curve='PR', summation_method='majoring')",
    "AUC(thresholds=[0.7, 0.2])", "Precision()", "Precision(thresholds=0.8)", "Recall()",
    "Recall(thresholds=[0.2, 0.6], name='two')", "binary_crossentropy", "BinaryCrossentropy(label_smoothing=0.2)", "mse", "mae",
]
AT_LOGITS = ["AUC(num_thresholds=5, from_logits=True)", "BinaryCrossentropy(from_logits=True)", "BinaryAccuracy(threshold=0.0)"]
AT_SHARES = ["accuracy", "categorical_accuracy", "categorical_crossentropy", "CategoricalCrossentropy(label_smoothing=0.1)",
             "Precision(class_id=1, thresholds=0.3)", "Recall(class_id=2, thresholds=0.3)", "mean_squared_error"]
COUNTED = ["TruePositives()", "TrueNegatives(thresholds=0.3)", "FalsePositives()", "FalseNegatives(thresholds=[0.2, 0.7], name='two')",
           "SensitivityAtSpecificity(0.4)", "SpecificityAtSensitivity(0.6, num_thresholds=10)", "PrecisionAtRecall(0.5)",
           "RecallAtPrecision(0.6, num_thresholds=1)", "BinaryIoU()", "BinaryIoU(target_class_ids=[1], threshold=0.3)", "hinge",
           "squared_hinge", "poisson", "kl_divergence", "RootMeanSquaredError()"]
TWO = ["F1Score(average='micro')", "FBetaScore(average='weighted', beta=2.0, threshold=0.4)", "F1Score(threshold=0.5)",
       "SensitivityAtSpecificity(0.3, class_id=1)", "R2Score()", "R2Score(class_aggregation='variance_weighted_average')",
       "R2Score(class_aggregation=None)", "CosineSimilarity()", "CosineSimilarity(name='c', axis=1)"]
RANKED = ["TopKCategoricalAccuracy(k=2)", "TopKCategoricalAccuracy()", "F1Score(average='macro')", "FBetaScore(beta=0.5)",
          "OneHotIoU(num_classes=3, target_class_ids=[0, 2])", "OneHotMeanIoU(num_classes=3)", "categorical_hinge",
          "kl_divergence", "mape", "LogCoshError()"]
ERRORS = ["mape", "msle", "log_cosh_error", "root_mean_squared_error", "cosine_similarity", "R2Score()"]
TOP = ["Precision(top_k=1)", "Recall(top_k=2)", "Precision(thresholds=0.4, top_k=2)", "Recall(top_k=2, class_id=-1)", "PearsonCorrelation()",
       "ConcordanceCorrelation()"]
BY_LABEL = ["AUC(multi_label=True, num_thresholds=5)", "AUC(multi_label=True, curve='PR', num_labels=3, name='pr')",
            "AUC(multi_label=True, thresholds=[0.2, 0.7], label_weights=[1.0, 0.5, 0.0], name='three')",
            "AUC(label_weights=[0.5, 1.0, 2.0], name='flat')", "AUC(curve='PRGAIN', num_thresholds=7, name='gain')",
            "AUC(curve='prgain', multi_label=True, summation_method='Minoring', name='gains')"]
# Counted by buckets where the thresholds are even; labels other than 0 and 1; outputs outside [0, 1] and at thresholds.
EVEN = ["Precision(thresholds=[0.0, 0.5, 1.0])", "Recall([0.0, 0.25, 0.5, 0.75, 1.0])", "TruePositives([0.0, 0.5, 1.0])", "AUC(num_thresholds=11)",
        "AUC(thresholds=[0.5], name='given')", "FalsePositives([0.0, 0.4, 1.0])", "AUC(num_thresholds=2, name='two')", "SpecificityAtSensitivity(0.5, num_thresholds=2)",
        "PrecisionAtRecall(0.5, num_thresholds=11)"]
AT_LABELS = ["accuracy", "sparse_categorical_accuracy", "sparse_categorical_crossentropy"]
SAID = ["mse", "mae", "MeanAbsoluteError(dtype='float64', name='wide')", "MeanSquaredError(dtype='float16', name='narrow')"]
IOU_SAID = ["MeanIoU(num_classes=3)", "IoU(num_classes=3, target_class_ids=[-1, 0])", "MeanIoU(num_classes=3, dtype='float32', name='real')",
            "IoU(num_classes=3, target_class_ids=[1, -1, 1], dtype='float32', name='some')"]
# Cross-entropies see what a sigmoid or softmax was made of.
BEHIND = [
    ("sigmoid", {"loss": "BinaryCrossentropy(from_logits=True)", "metrics": ["BinaryCrossentropy()", "BinaryCrossentropy(from_logits=True, name='again')"]}, real(N, 1) * 20, yes(N, 1)),
    ("softmax", {"loss": "CategoricalCrossentropy(axis=0)", "metrics": ["categorical_crossentropy", "CategoricalCrossentropy(axis=0, name='down')"]}, real(N, 3) * 9, one_hot(N)),
    ("softmax", {"loss": "SparseCategoricalCrossentropy(from_logits=True)", "metrics": ["SparseCategoricalCrossentropy(from_logits=True)"]}, real(N, 3) * 20, labels(N)),
    ("linear", {"loss": "BinaryCrossentropy(axis=0)"}, chances(N, 3), yes(N, 3)),
    ("sigmoid", {"loss": "bce"}, real(N, 2, 1) * 20, yes(N, 2)), ("sigmoid", {"loss": "bce"}, real(N, 1) * 20, yes(N)),
]
LOSSES = [
    ("MeanAbsoluteError(dtype='float64')", real(N, 3), real(N, 3) * 2),
    ("circle", shares(N, 3), labels(N)), ("Circle(gamma=2.0, margin=0.2)", shares(N, 3), labels(N, 1)), ("Circle(gamma=5.0, remove_diagonal=False)", shares(N, 3), labels(N)),
    ("Circle(gamma=1.0, reduction='sum')", shares(N, 2), np.arange(N)), ("Circle(gamma=1.0)", shares(N, 2), np.arange(N) // 2),
    ("mse", real(N, 3), real(N, 3) * 2), ("mae", real(N, 3), real(N, 3) * 2), ("huber", real(N, 3), real(N, 3) * 2),
    ("Huber(delta=0.5)", real(N, 2, 2), real(N, 2, 2) * 3), ("mse", real(N, 1), real(N)), ("mae", real(N), real(N, 1) - 1),
    ("MeanSquaredError(reduction='sum')", real(N, 3), real(N, 3) + 1),
    ("MeanAbsoluteError(reduction='mean_with_sample_weight')", real(N, 3), real(N, 3) + 1),
    ("bce", chances(N, 1), yes(N, 1)), ("bce", chances(N, 1), yes(N)), ("bce", np.round(chances(N, 2)), yes(N, 2)),
    ("BinaryCrossentropy(from_logits=True, label_smoothing=0.3)", real(N, 3), yes(N, 3)),
    ("categorical_crossentropy", shares(N, 3), one_hot(N)), ("categorical_crossentropy", chances(N, 3), one_hot(N)),
    ("CategoricalCrossentropy(from_logits=True)", real(N, 2, 3), one_hot(N, 2)),
    ("CategoricalCrossentropy(label_smoothing=0.2, reduction='sum')", np.roll(one_hot(N), 1, 0), one_hot(N)),
    ("sparse_categorical_crossentropy", shares(N, 3), labels(N)), ("sparse_categorical_crossentropy", chances(N, 3), labels(N, 1)),
    ("SparseCategoricalCrossentropy(from_logits=True)", real(N, 2, 3), labels(N, 2)),
    ("SparseCategoricalCrossentropy(ignore_class=0)", shares(N, 3), labels(N)),
    ("SparseCategoricalCrossentropy(ignore_class=-1, from_logits=True)", real(N, 3), labels(N) - 1),
]


def loss_of(x, y):
    return "mse" if x.ndim == y.ndim or x.shape[-1] == 1 else "sparse_categorical_crossentropy"


def cases():
    for metrics, x, y in [(AT_CHANCES, chances(N, 1), yes(N, 1)), (AT_CHANCES[:2] + AT_CHANCES[4:13], chances(N, 2), yes(N, 2)),
                          (COUNTED, chances(N, 1), yes(N, 1)), (TWO, chances(N, 2), yes(N, 2)), (RANKED, shares(N, 3), one_hot(N)),
                          (RANKED[:2], shares(N, 2, 3), one_hot(N, 2)), (ERRORS, real(N, 3) * 2, real(N, 3) + 3),
                          (["SparseTopKCategoricalAccuracy(k=2)", "SparseTopKCategoricalAccuracy(k=7)"], shares(N, 3), labels(N)),
                          (["SparseTopKCategoricalAccuracy(k=1)"], shares(N, 2, 3), labels(N, 2)),
                          (["SparseTopKCategoricalAccuracy(k=2, from_sorted_ids=True)"], np.float32(np.argsort(shares(N, 3))), labels(N)),
                          (["MeanIoU(num_classes=3)", "IoU(num_classes=3, target_class_ids=[0, 2], ignore_class=1)"], np.float32(labels(N, 1)),
                           np.float32(np.roll(labels(N, 1), 1))),
                          (["IoU(3, [1, 2], sparse_y_pred=False)"], shares(N, 3), labels(N)),
                          (AT_LOGITS, real(N, 1), yes(N, 1)), (TOP, shares(N, 3), one_hot(N)), (TOP[:2], shares(N, 2, 3), one_hot(N, 2)),
                          (BY_LABEL, chances(N, 3), one_hot(N)), (EVEN, np.round(chances(N, 1) * 1.4 - 0.2, 1), np.float32(labels(N, 1))), (AT_SHARES, shares(N, 3), one_hot(N)),
                          (AT_LABELS, shares(N, 3), labels(N)), (AT_LABELS, shares(N, 3), labels(N, 1)),
                          (AT_LABELS, shares(N, 2, 3), labels(N, 2)), (["accuracy"], chances(N), yes(N)),
                          (SAID, real(N, 3), real(N, 3) + 1), (IOU_SAID, np.float32(labels(N, 1)), np.float32(np.roll(labels(N, 1), 1))),
                          (["accuracy"], shares(N, 2, 3), one_hot(N, 2)), (["accuracy"], np.round(real(N, 1)), np.round(real(N)))]:
        for k in range(0, len(metrics), 10):
            part = metrics[k:k + 10]
            yield {"loss": loss_of(x, y), "metrics": part}, x, y, None
            if x.ndim < 3:  # one weight for a sample does not fit several values
                yield {"loss": loss_of(x, y), "metrics": part[:2], "weighted_metrics": part[2:]}, x, y, weights()
    over = ["PearsonCorrelation(name='over_batch', axis=0)", "ConcordanceCorrelation(axis=(0, 1), name='whole')"]
    yield {"loss": "mse", "metrics": over}, real(N, 3), real(N, 3) + 1, None
    for model, how, x, y in BEHIND:
        yield {"model": "Sequential([Input(%s, name='x'), Activation('%s')])" % (tuple(x.shape[1:]), model), **how}, x, y, None
    for loss, x, y in LOSSES:
        yield {"loss": loss}, x, y, None
        if x.ndim < 3:
            yield {"loss": loss, "weighted_metrics": ["mae"] if x.shape == y.shape else []}, x, y, weights()


def rows():
    for row, x, y, w in cases():
        row = {"model": PASS.format(tuple(x.shape[1:])), **row}
        model = compiled(model_of(row["model"]), row)
        result = model.evaluate(x, y, sample_weight=w, batch_size=BATCH, verbose=0, return_dict=True)
        row.update(x={"x": array(x)}, y={"y": array(y)}, batch_size=BATCH)
        if w is not None:
            row["sample_weight"] = array(w)
        row["result"] = {k: [short(n) for n in np.atleast_1d(v)] for k, v in result.items()}
        yield row


if __name__ == "__main__":
    write("metrics", rows())
