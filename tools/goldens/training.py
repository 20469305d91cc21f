#!/usr/bin/env python3
"""How Keras trains small models from given weights: tests/goldens/training.jsonl.

One row a training: "model", "weights", what it is compiled with (expressions), "x" and "y" by name, the
arguments of fit, "history" and the weights afterwards ("trained").
"""
import json

from common import array, compiled, floats, ints, keras, model_of, np, numbers, rng, set_weights, short, write

N = 10
PLAIN = "Sequential([Input((3,), name='x'), Dense({})])"
BINARY = PLAIN.format("1, activation='sigmoid'")
CLASSES = PLAIN.format("3, activation='softmax'")
LOGITS = PLAIN.format("3")
WORDS = "Sequential([Input((4,), dtype='int32', name='x'), Embedding(5, 3, mask_zero=True), LSTM(2, " \
        "return_sequences=True), Dense({})])"
SPELLING = "Sequential([Input((3,), name='x'), RepeatVector(6), LSTM(3, return_sequences=True), Dense(4)])"
MASKED = "Sequential([Input((4,), dtype='int32', name='x'), Embedding(5, 3, mask_zero=True), {}, Dense(2)])"
# What runs step by step, with a mask.
MASKED_STEPS = [
    "LSTM(3, activation='softmax')",
    "LSTM(3, activation='softmax', go_backwards=True, return_sequences=True, zero_output_for_mask=True), Flatten()",
    "LSTM(3, recurrent_dropout=0.3, seed=2, return_sequences=True, go_backwards=True), Flatten()",
    "RNN([GRUCell(3), LSTMCell(2)], return_sequences=True, go_backwards=True, zero_output_for_mask=True), Flatten()",
    "RNN(GRUCell(3, dropout=0.3, seed=2), return_sequences=True, go_backwards=True, zero_output_for_mask=True, unroll=True), Flatten()",
    "LSTM(3), Dense(4, lora_rank=2, lora_alpha=5, kernel_regularizer='l2')", "LSTM(3, return_sequences=True), EinsumDense('abc,bcd->ad', 3, lora_rank=2, lora_alpha=6)",
    "Embedding(5, 3, lora_rank=True, embeddings_regularizer='l1'), Flatten(), ReversibleEmbedding(7, 2, lora_rank=2), Flatten()",
    "TimeDistributed(BatchNormalization()), Flatten()", "TimeDistributed(Dense(2, activity_regularizer='l2')), Flatten()",
]


def x():
    return floats(N, 3)


def words():
    ids = ints(1, 5, N, 4)
    ids[np.arange(N)[:, None] % 4 + 1 <= np.arange(4)[None, :]] = 0
    return ids


def yes():
    return ints(0, 2, N, 1, salt=1).astype("float32")


def classes(*more):
    return ints(0, 3, N, *more, salt=2)


def one_hot(*more):
    return np.eye(3, dtype="float32")[classes(*more)]


def real(*more):
    return floats(N, *more, salt=3)


def weights():
    return np.round(rng(4).uniform(0, 2, N), 1).astype("float32")


def losses():
    yield BINARY, yes(), "binary_crossentropy"
    yield PLAIN.format("1"), yes(), "BinaryCrossentropy(from_logits=True)"
    yield BINARY, yes(), "BinaryCrossentropy(label_smoothing=0.2)"
    yield PLAIN.format("2, activation='relu'"), np.repeat(yes(), 2, 1), "binary_crossentropy"
    yield CLASSES, one_hot(), "categorical_crossentropy"
    yield LOGITS, one_hot(), "CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)"
    yield PLAIN.format("3, activation='sigmoid'"), one_hot(), "categorical_crossentropy"
    yield PLAIN.format("3, activation='softplus'"), one_hot(), "CategoricalCrossentropy(label_smoothing=0.3)"
    yield CLASSES, classes(), "sparse_categorical_crossentropy"
    yield LOGITS, classes(1), "SparseCategoricalCrossentropy(from_logits=True)"
    yield LOGITS, classes(), "SparseCategoricalCrossentropy(from_logits=True, ignore_class=1)"
    for model, y in [(BINARY, yes()), (CLASSES, one_hot()), (CLASSES, classes()), (CLASSES, classes(1))]:
        yield model, y, "crossentropy"
    yield LOGITS, real(3), "['mse', 'mae']"
    yield LOGITS, real(3), "mse"
    yield LOGITS, real(3), "mean_absolute_error"
    yield LOGITS, real(3), "huber"
    yield LOGITS, real(3), "Huber(delta=0.3, reduction='sum')"
    yield PLAIN.format("1"), real(), "MeanSquaredError(reduction='mean_with_sample_weight')"
    for loss in ["mape", "msle", "log_cosh", "cosine_similarity", "CosineSimilarity(axis=1, reduction='sum')"]:
        yield PLAIN.format("3, activation='softplus'"), real(3) + 1.5, loss
    for loss in ["kl_divergence", "poisson", "categorical_hinge", "CategoricalFocalCrossentropy(alpha=0.5, gamma=1.5, label_smoothing=0.1)"]:
        yield CLASSES, one_hot(), loss
    yield LOGITS, one_hot(), "CategoricalFocalCrossentropy(from_logits=True)"
    yield CLASSES, classes(), "CategoricalGeneralizedCrossEntropy(q=0.3)"
    for loss in ["hinge", "squared_hinge", "binary_focal_crossentropy",
                 "BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.6, gamma=1.5, label_smoothing=0.1)"]:
        yield BINARY, yes(), loss
    yield PLAIN.format("1"), 2 * yes() - 1, "hinge"
    yield PLAIN.format("1"), yes(), "BinaryFocalCrossentropy(from_logits=True)"
    yield LOGITS, classes(), "Circle(gamma=1.5)"
    yield LOGITS, classes(1), "Circle(gamma=2.0, margin=0.3, remove_diagonal=False, reduction='sum')"
    for loss in ["dice", "tversky", "Dice(axis=1)", "Tversky(alpha=0.3, beta=0.7, axis=(0, 1))"]:
        yield PLAIN.format("2, activation='sigmoid'"), np.repeat(yes(), 2, 1), loss


OPTIMIZERS = [
    "sgd", "SGD(0.1, momentum=0.9)", "SGD(0.1, momentum=0.9, nesterov=True)", "SGD(0.1, clipnorm=0.3)",
    "SGD(0.1, clipvalue=0.1)", "SGD(0.1, global_clipnorm=0.3)", "SGD(0.1, weight_decay=0.1)",
    "SGD(ExponentialDecay(0.2, 2, 0.5))", "SGD(PiecewiseConstantDecay([2, 5], [0.2, 0.1, 0.05]))",
    "SGD(CosineDecay(0.2, 6, warmup_target=0.3, warmup_steps=2))",
    "adam", "Adam(0.05, amsgrad=True)", "Adam(0.05, clipnorm=0.1)", "Adam(0.05, global_clipnorm=0.1)",
    "Adam(InverseTimeDecay(0.1, 3, 0.5), weight_decay=0.05)", "Adam(0.05, use_ema=True, ema_momentum=0.8)",
    "Adam(0.05, gradient_accumulation_steps=2)",
    "AdamW(0.05)", "AdamW(0.05, weight_decay=0.2, clipvalue=0.05)",
    "rmsprop", "RMSprop(0.05, momentum=0.5, centered=True)", "RMSprop(PolynomialDecay(0.1, 6, 0.01), clipnorm=0.2)",
]

# Regularizers, constraints, frozen layers; each with its inputs where they are not x().
MODELS = [
    "Sequential([Input((3,), name='x'), Dense(4, kernel_regularizer='l2', bias_regularizer=L1(0.05)), Dense(2)])",
    "Sequential([Input((3,), name='x'), Dense(4, activity_regularizer=L1L2(0.01, 0.02)), Dense(2)])",
    "Sequential([Input((3,), name='x'), Dense(4, kernel_constraint=MaxNorm(0.5)), Dense(2, kernel_constraint='non_neg')])",
    "Sequential([Input((3,), name='x'), Dense(4, kernel_constraint=UnitNorm(axis=1), bias_constraint=MinMaxNorm(0.1, 0.4)),"
    " Dense(2)])",
    "Sequential([Input((3,), name='x'), Dense(4, trainable=False, kernel_regularizer='l1'), Dense(2)])",
    "Sequential([Input((3,), name='x'), Dense(4), BatchNormalization(momentum=0.5), Dense(2)])",
    "Sequential([Input((3,), name='x'), Dense(4), BatchNormalization(trainable=False), Dense(2)])",
    "Sequential([Input((3,), name='x'), Dense(4), BatchNormalization(momentum=0.6, renorm=True, renorm_momentum=0.7,"
    " renorm_clipping={'rmin': 0.6, 'rmax': 1.3, 'dmax': 0.2}), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), Masking(0.1), Dense(2), BatchNormalization(axis=1, momentum=0.5), Flatten(), Dense(2)])",
    "Sequential([Input((3,), name='x'), Sequential([Dense(3, kernel_regularizer='l2')], trainable=False), Dense(2)])",
    "Sequential([Input((3,), name='x'), Dropout(0.4, seed=5), Dense(3), Dropout(0.5, seed=2), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), LSTM(3, dropout=0.3, seed=4), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), LSTM(3, recurrent_dropout=0.4, seed=4), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), LSTM(3, dropout=0.2, recurrent_dropout=0.3, seed=1, return_sequences=True,"
    " go_backwards=True, use_bias=False), Flatten(), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), LSTM(3, dropout=1.0, recurrent_dropout=1.5, seed=4), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), LSTM(3, dropout=0.4, implementation=1, use_cudnn=False, seed=4), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), LSTM(2, activation='glu', recurrent_activation='selu', unroll=True), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), LSTM(4, activation='softmax', recurrent_activation='sparsemax',"
    " return_sequences=True), LSTM(3, activation='log_softmax', go_backwards=True), Dense(2)])",
    "Sequential([Input((3,), name='x'), RepeatVector(2), Reshape((2, 3, 1)), ConvLSTM1D(2, 2, dropout=0.3, recurrent_dropout=0.2, seed=1,"
    " return_sequences=True), Flatten(), Dense(2)])",
    "Sequential([Input((3,), name='x'), RepeatVector(2), Reshape((2, 1, 3, 1)), ConvLSTM2D(2, (1, 2), padding='same', go_backwards=True,"
    " recurrent_regularizer='l2', kernel_constraint='max_norm', use_bias=False), Flatten(), Dense(2)])",
    "Sequential([Input((3,), name='x'), SpectralNormalization(Dense(4, kernel_regularizer='l2'), power_iterations=2), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), SpectralNormalization(Conv1D(2, 2, kernel_initializer='zeros')), Flatten(), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), RNN(LSTMCell(3, dropout=0.3, recurrent_dropout=0.4, seed=4)), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), RNN([GRUCell(3, dropout=0.3, seed=4), SimpleRNNCell(3, dropout=0.2, seed=1),"
    " LSTMCell(2, implementation=1, dropout=0.3, seed=2)], go_backwards=True), Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), Bidirectional(RNN(GRUCell(2, kernel_regularizer='l2', recurrent_dropout=0.2, seed=2)))"
    ", Dense(2)])",
    "Sequential([Input((3,), name='x'), Reshape((3, 1)), LSTM(2, recurrent_regularizer='l2', kernel_constraint='max_norm',"
    " go_backwards=True), RepeatVector(2), LSTM(2, return_sequences=True), TimeDistributed(Dense(1)), Flatten()])",
    "Sequential([Input((3,), name='x'), Reshape((1, 3, 1)), Conv2D(2, (1, 2), padding='same', activation='relu',"
    " bias_regularizer='l2'), MaxPooling2D((1, 2)), Flatten(), Dense(2)])",
    "Sequential([Input((3,), name='x'), Rescaling(2.0), Normalization(mean=0.5, variance=2.0), Dense(2)])",
]


def trainings():
    for model, y, loss in losses():
        yield {"model": model, "optimizer": "SGD(0.2)", "loss": loss}, x(), y, {"epochs": 2}
    for model, y, loss in list(losses())[::3]:
        yield {"model": model, "optimizer": "SGD(0.2)", "loss": loss}, x(), y, {"sample_weight": weights()}
    for optimizer in OPTIMIZERS:
        yield {"model": LOGITS, "optimizer": optimizer, "loss": "mse"}, x(), real(3), {"epochs": 3}
    for model in MODELS:
        rate = 0.001 if "renorm" in model else 0.1
        yield {"model": model, "optimizer": f"SGD({rate}, momentum=0.5)", "loss": "mse", "metrics": ["mae"]}, x(), real(2), \
            {"epochs": 2, "validation_split": 0.25}
    scce = {"optimizer": "Adam(0.05)", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    yield {"model": CLASSES, **scce}, x(), classes(), {"class_weight": {0: 0.5, 1: 2.0, 2: 1.5}, "epochs": 2}
    yield {"model": CLASSES, **scce, "loss": "categorical_crossentropy"}, x(), one_hot(), {"class_weight": {0: 0.5, 2: 3.0}}
    yield {"model": BINARY, "optimizer": "sgd", "loss": "bce", "metrics": ["acc", "AUC(num_thresholds=5)"]}, x(), yes(), \
        {"class_weight": {0: 0.5, 1: 2.0}, "validation_split": 0.3, "epochs": 2}
    yield {"model": CLASSES, **scce, "weighted_metrics": ["accuracy", "SparseCategoricalCrossentropy()"]}, x(), classes(), \
        {"sample_weight": weights(), "validation_split": 0.4, "epochs": 2}
    yield {"model": BINARY, "optimizer": "sgd", "loss": "mse", "metrics": ["accuracy"]}, x(), yes(), \
        {"initial_epoch": 2, "epochs": 4, "batch_size": 32}
    yield {"model": CLASSES, **scce, "weighted_metrics": ["accuracy"]}, x(), classes(), \
        {"class_weight": {1: 3.0}, "validation_data": (floats(3, 3, salt=6), classes()[:3], weights()[:3])}
    spelled = np.array([[1, 2, 0], [3, 3, 0], [1, 0, 0], [2, 3, 1], [0, 0, 0], [1, 1, 1]] * 3)[:N]
    for y, loss in [(spelled, "ctc"), (spelled, "CTC(reduction='sum')"), (np.float32(spelled), "ctc")]:
        yield {"model": SPELLING, "optimizer": "SGD(0.1)", "loss": loss}, x(), y, {"epochs": 2}
    unfit = np.array([[1, 1, 1, 2, 2], [3, 2, 1, 3, 2], [1, 1, 0, 0, 0], [2, 2, 2, 2, 2]] * 5)[:N]  # into so few steps
    yield {"model": SPELLING, "optimizer": "SGD(0.1)", "loss": "ctc"}, x(), unfit, {"epochs": 2}
    for last, y, loss in [("3, activation='softmax'", classes(4), "sparse_categorical_crossentropy"),
                          ("3, activation='softmax'", one_hot(4), "CategoricalCrossentropy(label_smoothing=0.1)"),
                          ("2", real(4, 2), "huber"), ("1, activation='sigmoid'", ints(0, 2, N, 4, 1, salt=5), "bce")]:
        row = {"model": WORDS.format(last), "optimizer": "Adam(0.05, clipnorm=0.5)", "loss": loss, "metrics": ["mae"]}
        if loss == "sparse_categorical_crossentropy":
            row["metrics"] = ["accuracy"]
        yield row, words(), y, {"epochs": 2}
    for layers in MASKED_STEPS:
        yield {"model": MASKED.format(layers), "optimizer": "SGD(0.1)", "loss": "mse"}, words(), real(2), {"epochs": 2}
    for last, y, loss, metrics in MASKED_METRICS:
        row = {"model": WORDS.format(last), "optimizer": "SGD(0.5)", "loss": loss, "metrics": metrics[::2], "weighted_metrics": metrics[1::2]}
        yield row, words(), y, {"epochs": 2}
    for layer in MASKED_STATISTICS:
        yield {"model": MASKED.format(layer), "optimizer": "SGD(0.001)", "loss": "mse"}, words(), real(2), {"epochs": 2}
    for words_of in ["", ", exclude_embeddings=False", ", exclude_layers=['lstm']"]:  # by their paths
        yield {"model": MASKED.format("LSTM(3)"), "optimizer": f"Muon(0.05{words_of})", "loss": "mse"}, words(), real(2), {"epochs": 2}
    for layer in STATEFUL:
        model = f"Sequential([Input(batch_shape=(5, 3, 2), name='x'), {layer}, Dense(2)])"
        yield {"model": model, "optimizer": "SGD(0.1)", "loss": "mse"}, floats(N, 3, 2), real(2), {"epochs": 2, "batch_size": 5}
    across = "Sequential([Input((3,), name='x'), Dense(6{}), Reshape((3, 2))])"
    for model, y, loss in [(across.format(", activation='softplus'"), one_hot(2).transpose(0, 2, 1), "CategoricalCrossentropy(axis=1)"),
                           (across.format(""), one_hot(2).transpose(0, 2, 1), "CategoricalCrossentropy(from_logits=True, axis=1)"),
                           (CLASSES, one_hot(), "CategoricalFocalCrossentropy(alpha=[0.2, 0.5, 0.9])")]:
        yield {"model": model, "optimizer": "SGD(0.2)", "loss": loss}, x(), y, {"epochs": 2}


# States that the next batch starts from, while gradients still need those that this one started from.
STATEFUL = ["SimpleRNN(3, stateful=True)", "GRU(2, stateful=True, recurrent_dropout=0.3, seed=3)", "LSTM(2, activation='softmax', stateful=True)",
            "RNN([GRUCell(2), LSTMCell(3)], stateful=True)", "Bidirectional(RNN(LSTMCell(2, recurrent_activation='selu'), stateful=True))"]
# Means and variances of what a mask leaves.
MASKED_STATISTICS = ["BatchNormalization(momentum=0.5), Flatten()", "BatchNormalization(renorm=True, momentum=0.6), Flatten()",
                     "GlobalAveragePooling1D()", "Dropout(0.3, seed=2), GRU(2)"]

# What a mask leaves to metrics: batches of four, in each of which it leaves another share.
MASKED_METRICS = [
    ("1, activation='sigmoid'", ints(0, 2, N, 4, 1, salt=5), "bce",
     ["Precision()", "Recall()", "AUC(num_thresholds=9)", "BinaryIoU()", "PrecisionAtRecall(0.5)", "SensitivityAtSpecificity(0.5)",
      "TruePositives()", "FalseNegatives()", "RecallAtPrecision(0.5)", "BinaryAccuracy()", "Precision(name='second')", "Recall(name='third')"]),
    ("3, activation='softmax'", one_hot(4), "categorical_crossentropy",
     ["OneHotIoU(3, [0, 2])", "OneHotMeanIoU(3)", "TopKCategoricalAccuracy(2)", "CategoricalAccuracy()", "AUC(num_thresholds=5)",
      "Precision(class_id=1)", "Recall(top_k=2)", "CategoricalCrossentropy()", "CosineSimilarity()", "MeanAbsoluteError()"]),
    ("3, activation='softmax'", classes(4), "sparse_categorical_crossentropy",
     ["MeanIoU(3, sparse_y_pred=False)", "IoU(3, [1], sparse_y_pred=False)", "SparseTopKCategoricalAccuracy(2)", "SparseCategoricalAccuracy()"]),
    ("2", real(4, 2), "mse", ["RootMeanSquaredError()", "PearsonCorrelation()", "ConcordanceCorrelation()", "MeanSquaredError()"]),
]


# A cell outside of a layer: what it drops, and that all its calls drop the same. Batches of one size, since
# Keras keeps a mask that it can not use in another.
CELLS = [{"dropout": 0.3, "seed": 3}, {"dropout": 0.3, "recurrent_dropout": 0.4, "seed": 3},
         {"activation": "softmax", "recurrent_activation": "selu"}]


def two_steps(cell):
    keras.backend.clear_session()
    x, h, c = keras.Input((3,), name="x"), keras.Input((2,), name="h"), keras.Input((2,), name="c")
    cell = keras.layers.LSTMCell(2, name="cell", **cell)
    _, states = cell(x, [h, c])
    y, _ = cell(x, states)
    return keras.Model([x, h, c], y, name="two_steps")


def cells():
    for cell in CELLS:
        model = json.loads(two_steps(cell).to_json())
        yield {"model": model, "optimizer": "SGD(0.1)", "loss": "mse"}, \
            {"x": x(), "h": floats(N, 2, salt=7), "c": floats(N, 2, salt=8)}, real(2), {"epochs": 2, "batch_size": 5}


def functionals():
    """Keras writes training=False with the calls of some layers, and means nothing by it."""
    keras.backend.clear_session()
    i = keras.Input((3, 2), name="x")
    y = keras.layers.RNN([keras.layers.GRUCell(2, dropout=0.4, recurrent_dropout=0.2, seed=1, name="one"),
                          keras.layers.LSTMCell(2, dropout=0.3, seed=2, name="two")], name="read")(i)
    model = json.loads(keras.Model(i, keras.layers.Dropout(0.5, seed=4, name="drop")(y, training=False), name="m").to_json())
    yield {"model": model, "optimizer": "SGD(0.1)", "loss": "mse"}, {"x": floats(N, 3, 2)}, real(2), {"epochs": 2, "batch_size": 5}


def grouped():
    """Attention in groups, with weights that are dropped."""
    keras.backend.clear_session()
    i = keras.Input((3, 2), name="x")
    y = keras.layers.GroupQueryAttention(2, 4, 2, dropout=0.3, seed=3, name="look")(i, i, use_causal_mask=True)
    y = keras.layers.Dense(2, name="out")(keras.layers.Flatten(name="flat")(y))
    model = json.loads(keras.Model(i, y, name="m").to_json())
    yield {"model": model, "optimizer": "SGD(0.1)", "loss": "mse"}, {"x": floats(N, 3, 2)}, real(2), {"epochs": 2, "batch_size": 5}


def frozen():
    """What lies inside of a wrapper is trained as it says itself."""
    yield {"model": "Sequential([Input((3,), name='x'), Dense(3), SpectralNormalization(Dense(2, trainable=False))])", "optimizer": "SGD(0.1)", "loss": "mse"}, \
        x(), real(2), {"epochs": 3}


def model_from(shown):
    return model_of(shown) if isinstance(shown, str) else keras.models.model_from_json(json.dumps(shown))


def rows():
    for row, x, y, fit in [*trainings(), *cells(), *functionals(), *grouped(), *frozen()]:
        model = compiled(model_from(row["model"]), row)
        x = x if isinstance(x, dict) else {"x": x}
        row.update(weights=set_weights(model), x={k: array(v) for k, v in x.items()}, y={"y": array(y)})
        fit = {"batch_size": 4, **fit}
        history = model.fit(x, y, shuffle=False, verbose=0, **fit).history
        if "sample_weight" in fit:
            fit["sample_weight"] = array(fit["sample_weight"])
        if "class_weight" in fit:
            fit["class_weight"] = str(fit["class_weight"])
        if "validation_data" in fit:
            fit["validation_data"] = [array(a) for a in fit["validation_data"]]
        row.update(fit=fit, history={k: [short(v) for v in values] for k, values in history.items()},
                   trained=[numbers(w) for w in model.weights])
        yield row


if __name__ == "__main__":
    write("training", rows())
