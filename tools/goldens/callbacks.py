#!/usr/bin/env python3
"""What callbacks do to a training in Keras: tests/goldens/callbacks.jsonl.

One row a training, as in training.py, with "callbacks" (expressions) among the arguments of fit and, at the end,
"rates" (the learning rate after each epoch), "files" (what lies in the folder afterwards: the weights of a model, the
text of a log, as folder/events what TensorBoard reads: step, tag, plugin, dtype, shape, numbers), "error", and "said" where its words are looked at, "requests" (what came to the server that stands for port 9000: lines of the head, body). A first row has the direction of each metric, which mode='auto' asks for.
LearningRateScheduler's function is written as a dict: {0: 0.1, 2: 0.01} is 0.1 for the first two epochs, then 0.01.
"""
import contextlib
import http.server
import inspect
import io
import json
import os
import tempfile
import threading
import warnings

from tensorflow.core.util import event_pb2

from common import (array, compiled, error_of, floats, ints, keras, made, model_of, np, numbers, rng, set_weights,
                    short, tf, write)

N = 10
LINE = "Sequential([Input((3,), name='x'), Dense(2)])"
CLASSES = "Sequential([Input((3,), name='x'), Dense(3, activation='softmax')])"
NORMED = "Sequential([Input((3,), name='x'), Dense(3), BatchNormalization(momentum=0.5), Dense(2)])"
# Losses that swing, so that there are better and worse epochs.
SWING = {"model": LINE, "optimizer": "SGD(0.25, momentum=0.9)", "loss": "mse"}
STEPS = {"model": CLASSES, "optimizer": "SGD(0.9, momentum=0.8)", "loss": "sparse_categorical_crossentropy",
         "metrics": ["accuracy"]}

EARLY = ["", "patience=1", "patience=2", "patience=3", "min_delta=0.05, patience=1", "min_delta=-0.05, patience=1",
         "min_delta=0.3, patience=2", "mode='max'", "mode='max', patience=2, min_delta=0.1", "baseline=0.9, patience=2",
         "baseline=0.5, patience=2", "baseline=100.0, patience=1", "patience=2, restore_best_weights=True",
         "patience=1, start_from_epoch=3", "patience=1, start_from_epoch=4, restore_best_weights=True",
         "restore_best_weights=True, patience=50", "baseline=0.2, patience=3, restore_best_weights=True",
         "start_from_epoch=50, restore_best_weights=True", "monitor='loss'", "monitor='loss', patience=2, verbose=0"]
PLATEAU = ["patience=0", "patience=1", "patience=2", "patience=1, cooldown=1", "patience=1, cooldown=3",
           "patience=0, cooldown=2", "patience=0, cooldown=1, factor=0.5", "patience=1, factor=0.3, min_lr=0.05",
           "patience=0, factor=0.6, min_delta=0.2", "patience=1, mode='max', factor=0.7", "patience=0, factor=0.0",
           "patience=0, min_lr=0.25", "patience=0, min_lr=0.5", "factor=0.5, patience=1, monitor='loss', cooldown=2",
           "patience=2, cooldown=2, factor=0.9, min_delta=0.0", ""]
CHECKPOINT = ["'all.keras'", "'e{epoch}.keras'", "'{epoch:03d}-{val_loss:.2f}.keras'", "'best.keras', save_best_only=True",
              "'{epoch:02d}.keras', save_best_only=True", "'{epoch}.keras', save_best_only=True, mode='max'",
              "'{epoch}.keras', save_best_only=True, initial_value_threshold=0.6",
              "'{epoch}.keras', save_best_only=True, initial_value_threshold=0.0001",
              "'{epoch}.keras', save_best_only=True, monitor='loss'",
              "'{epoch}.keras', save_best_only=True, monitor='nothing', mode='min'",
              "'deep/er/{epoch:>4}.keras'", "'{{{epoch:<3}}}{loss:09.3f}{loss:+.1e}{loss:.3g}{epoch:+d}{epoch:*^5}.keras'",
              "'b{epoch}-{batch}.keras', save_freq=4", "'c{batch:02d}.keras', save_freq=5"]
LOGGER = ["'log.csv'", "'log.tsv', separator='\\t'", "'log.csv', append=True"]


def row(base, *callbacks, epochs=12, **fit):
    return {**base, "fit": {"epochs": epochs, "batch_size": 4, "callbacks": list(callbacks), **fit}}


def held_out():
    return {"validation_data": (floats(6, 3, salt=6), floats(6, 2, salt=8), np.ones(6, "float32"))}


def near():
    """Rows of the training, so that their loss goes with its loss."""
    return {"validation_data": (floats(N, 3)[2:8], floats(N, 2, salt=3)[2:8], np.ones(6, "float32"))}


def trainings():
    for words in EARLY:
        yield row(SWING, f"EarlyStopping({words})", **held_out())
    for words in PLATEAU:
        yield row(SWING, f"ReduceLROnPlateau({words})", **held_out())
    for words in CHECKPOINT:
        yield row(SWING, f"ModelCheckpoint({words})", epochs=7, **held_out())
    for words in LOGGER:
        yield row(SWING, f"CSVLogger({words})", epochs=3)
    yield row(STEPS, "CSVLogger('log.csv')", "CSVLogger('other.csv', separator=';')", epochs=2, validation_split=0.3)
    for split in [0.3, 0.5]:
        for monitor in ["accuracy", "val_accuracy"]:
            yield row(STEPS, f"EarlyStopping(monitor='{monitor}', patience=1)", validation_split=split)
            yield row(STEPS, f"ReduceLROnPlateau(monitor='{monitor}', patience=1, cooldown=1)", validation_split=split)
            yield row(STEPS, f"ModelCheckpoint('{{epoch}}.keras', monitor='{monitor}', save_best_only=True)", validation_split=split,
                      epochs=8)
    # The direction is that of the metric, whatever its key is called.
    for metric, name in [("mae", "mae"), ("MeanAbsoluteError(name='accuracy')", "accuracy"), ("CosineSimilarity(name='c')", "c"),
                         ("RootMeanSquaredError()", "root_mean_squared_error"), ("R2Score()", "r2_score")]:
        yield row({**SWING, "metrics": [metric]}, f"EarlyStopping(monitor='val_{name}', patience=1)", **held_out())
    yield row({**SWING, "weighted_metrics": ["mae"]}, "EarlyStopping(monitor='mae', patience=2)", **held_out())
    for words in ["EarlyStopping(monitor='nothing')", "ReduceLROnPlateau(monitor='nothing')", "ModelCheckpoint('a.keras', monitor='nothing')",
                  "ModelCheckpoint('a.keras', monitor='acc', save_best_only=True)", "EarlyStopping(monitor='nothing', mode='max')",
                  "ReduceLROnPlateau(monitor='nothing', mode='min', patience=0)"]:
        yield row(SWING, words, epochs=3)
    yield row({**STEPS, "metrics": ["TruePositives()"], "loss": "mse", "model": LINE.replace("Dense(2)", "Dense(2, activation='sigmoid')")},
              "EarlyStopping(monitor='true_positives')", epochs=2)
    # Weights that do not train, averages of the optimizer, the number of the epoch.
    best = "EarlyStopping(patience=2, restore_best_weights=True)"
    yield row({**SWING, "model": NORMED}, best, **held_out())
    yield row({**SWING, "optimizer": "SGD(0.25, momentum=0.9, use_ema=True, ema_momentum=0.5)"}, best, **held_out())
    yield row(SWING, "EarlyStopping(patience=0, mode='max')", initial_epoch=2, epochs=5, **held_out())
    yield row(SWING, "ModelCheckpoint('{epoch}.keras')", "CSVLogger('log.csv')", "LearningRateScheduler({0: 0.3, 3: 0.1, 4: 0.05})",
              initial_epoch=2, epochs=5)
    # Rates by epoch; two callbacks that see each other's rate.
    yield row(SWING, "LearningRateScheduler({0: 0.1, 2: 0.01})", epochs=4)
    yield row(SWING, "LearningRateScheduler({3: 0.02, 10: 0.01, 1: 0.1})", epochs=5)
    yield row(SWING, "LearningRateScheduler({0: 0.2, 4: 0.1})", "ReduceLROnPlateau(patience=0, factor=0.5)", "CSVLogger('log.csv')", epochs=6,
              **held_out())
    yield row(SWING, "CSVLogger('log.csv')", "LearningRateScheduler(0.05)", epochs=2)
    yield row({**SWING, "optimizer": "Adam(0.2)"}, "ReduceLROnPlateau(patience=1, factor=0.5)", "EarlyStopping(patience=3)", **held_out())
    for words in ["LearningRateScheduler({0: 0.2, 4: 0.1})", "ReduceLROnPlateau(patience=0)"]:
        yield row({**SWING, "optimizer": "SGD(ExponentialDecay(0.2, 2, 0.5))"}, words, epochs=4, **held_out())
    # Losses that are no numbers.
    wild = {**SWING, "optimizer": "SGD(1e18)"}
    for words in ["TerminateOnNaN()", "EarlyStopping(patience=2)", "EarlyStopping(patience=0, mode='max')", "ReduceLROnPlateau(patience=1)",
                  "ModelCheckpoint('{epoch}.keras', save_best_only=True)", "CSVLogger('log.csv')"]:
        yield row(wild, words, epochs=5, **held_out())
    yield row(SWING, "TerminateOnNaN()", epochs=2)
    yield row(wild, "TerminateOnNaN(raise_error=True)", "CSVLogger('log.csv')", epochs=5)
    # What their constructors refuse.
    for words in ["ReduceLROnPlateau(factor=1.0)", "ReduceLROnPlateau(factor=1.5)", "ModelCheckpoint('a.txt')", "ModelCheckpoint('a.h5', save_weights_only=True)",
                  "ModelCheckpoint('a.keras', save_freq='batch')", "ModelCheckpoint('a.keras', save_freq=1.5)", "CSVLogger('log.csv', separator=', ')",
                  "ModelCheckpoint('{nothing}.keras')", "ModelCheckpoint('{val_loss}.keras')", "EarlyStopping(mode='up')"]:
        yield row(SWING, words, epochs=2)
    # Values that stay the same, values that get better slowly, values that go up and down.
    still, slow = {**SWING, "optimizer": "SGD(0.0)"}, {**SWING, "optimizer": "SGD(0.02)"}
    for words in ["patience=1", "patience=1, min_delta=-0.05", "patience=1, mode='max', min_delta=-0.05", "patience=1, min_delta=-1e-12"]:
        yield row(still, f"EarlyStopping({words})", **near())
    yield row(still, "ReduceLROnPlateau(patience=3, min_delta=-0.5, cooldown=1)", epochs=8, **near())
    for words in ["patience=1, min_delta=0.2", "patience=3, min_delta=0.1", "baseline=1.7, patience=4", "mode='max', patience=3, baseline=1.0"]:
        yield row(slow, f"EarlyStopping({words})", **near())
    yield row(slow, "ReduceLROnPlateau(patience=0, min_delta=0.1, factor=0.9, cooldown=1)", **near())
    for words in ["", "patience=1", "patience=2", "patience=3, restore_best_weights=True", "patience=1, start_from_epoch=2", "baseline=0.9, patience=3"]:
        yield row(SWING, f"EarlyStopping({words})", **near())
    for words in ["patience=1, factor=0.9", "patience=1, factor=0.9, cooldown=1", "patience=2, factor=0.9, cooldown=2",
                  "patience=0, factor=0.9, cooldown=1, min_lr=0.2"]:
        yield row(SWING, f"ReduceLROnPlateau({words})", **near())
    for words in ["'{epoch}.keras', save_best_only=True", "'{epoch}.keras', save_best_only=True, initial_value_threshold=0.8"]:
        yield row(SWING, f"ModelCheckpoint({words})", **near())
    # Averages of the weights; backups.
    for model, optimizer in [(NORMED, "SGD(0.2, use_ema=True, ema_momentum=0.7)"), (LINE, "Adam(0.1, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=4)")]:
        for words in ["SwapEMAWeights()", "SwapEMAWeights(swap_on_epoch=True)"]:
            yield row({**SWING, "model": model, "optimizer": optimizer}, words, "ModelCheckpoint('{epoch}.keras')", epochs=3, **held_out())
    yield row(SWING, "SwapEMAWeights()", epochs=2, **held_out())
    yield row(SWING, "SwapEMAWeights(True)", epochs=2)
    yield row(SWING, "SwapEMAWeights()", epochs=2)
    yield row(SWING, "BackupAndRestore('a/b')", "CSVLogger('log.csv')", epochs=2)
    yield row(SWING, "BackupAndRestore('a/', save_freq=2, double_checkpoint=True)", epochs=2)
    for words in ["''", "'a', save_freq='batch'", "'a', save_freq=1.5"]:
        yield row(SWING, f"BackupAndRestore({words})", epochs=2)


def boards():
    for words in ("", ", histogram_freq=1", ", histogram_freq=2, update_freq='batch'", ", update_freq=2", ", update_freq='batch', write_steps_per_second=True"):
        yield row({**SWING, "metrics": ["mae"]}, f"TensorBoard('board', write_graph=False{words})", epochs=3, **held_out())
    yield row(STEPS, "TensorBoard('board/', write_graph=False)", epochs=2)


def speaking():
    """Callbacks whose words are looked at."""
    for words in ["'a.keras', verbose=1", "'{epoch}.keras', verbose=1, save_best_only=True", "'{epoch}.keras', verbose=1, save_best_only=True, initial_value_threshold=0.9",
                  "'a.keras', verbose=1, save_best_only=True, monitor='nothing', mode='min'", "'b{batch}.keras', verbose=1, save_freq=5", "'a.keras', save_best_only=True, monitor='loss', mode='max', verbose=1"]:
        yield row(SWING, f"ModelCheckpoint({words})", epochs=5, **held_out())
    yield row(SWING, "ReduceLROnPlateau(patience=1, verbose=1, factor=0.3, min_lr=0.01)", **held_out())
    yield row(SWING, "ReduceLROnPlateau(monitor='nothing', verbose=1)", epochs=2)
    yield row(SWING, "EarlyStopping(monitor='nothing', patience=1)", epochs=2)


def sending():
    """Callbacks that send to a server."""
    for words in ["", "path='/a b', field='d&ta', headers={'X-Run': '7', 'Accept': 'text/plain'}", "send_as_json=True, headers={'X-Run': 'a b'}",
                  "send_as_json=True, path='', headers={'Content-Type': 'text/x'}", "headers={}"]:
        yield row(SWING, f"RemoteMonitor('http://localhost:9000', {words})".replace(", )", ")"), epochs=2, **held_out())
    for metric in ["MeanAbsoluteError(name='f é')", "F1Score()"]:
        yield row({**SWING, "metrics": [metric]}, "RemoteMonitor('http://localhost:9000')", epochs=1)
    wild = {**SWING, "optimizer": "SGD(1e38)"}
    yield row(wild, "RemoteMonitor('http://localhost:9000', send_as_json=True)", epochs=3)
    yield row(wild, "RemoteMonitor('http://localhost:9000')", epochs=2)
    for root in ["http://localhost:1", "localhost:1", "ftp://localhost:9000", "file:///etc/hostname", "http://localhost:1/a b"]:
        yield row(SWING, f"RemoteMonitor('{root}')", epochs=2)


@contextlib.contextmanager
def served(row):
    """A server on a port of its own; the expressions with its number, and its requests in the row."""
    requests = []

    class Keep(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            head = [self.requestline] + [f"{k}: {v}" for k, v in self.headers.items()
                                         if k in ("Content-Type", "X-Run") or (k == "Accept" and v != "*/*")]
            requests.append({"head": head, "body": body})
            self.send_error(500)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Keep)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield [c.replace("9000", str(server.server_port)) for c in row["fit"]["callbacks"]]
    server.shutdown()
    thread.join()
    row.update(requests=requests, said=row["said"].replace(str(server.server_port), "9000"))


def stepped(rates):
    def rate(epoch, lr):
        if isinstance(rates, float):
            return rates
        begun = [first for first in rates if first <= epoch]
        return rates[max(begun)] if begun else lr
    return rate


CALLBACKS = {**vars(keras.callbacks),
             "LearningRateScheduler": lambda rates: keras.callbacks.LearningRateScheduler(stepped(rates))}


def events(path):
    for record in tf.data.TFRecordDataset(path).as_numpy_iterator():
        event = event_pb2.Event.FromString(record)
        for value in event.summary.value:
            t = tf.make_ndarray(value.tensor)
            told = [] if "per_second" in value.tag else [short(x) if t.dtype == np.float32 else float(x) for x in t.ravel()]
            yield [event.step, value.tag, value.metadata.plugin_data.plugin_name, value.tensor.dtype, list(t.shape), told]


def contents(folder):
    for where, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(where, name)
            if "tfevents" in name:
                yield os.path.join(os.path.relpath(where, folder), "events"), list(events(path))
            elif name.endswith(".keras"):
                model = keras.models.load_model(path)
                yield os.path.relpath(path, folder), [numbers(w) for w in model.weights]
            else:
                with open(path, encoding="utf-8", newline="") as f:
                    yield os.path.relpath(path, folder), f.read()


def fit(model, row, words, x, y):
    rates = []
    keep = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: rates.append(short(keras.ops.convert_to_numpy(model.optimizer.learning_rate))))
    said = io.StringIO()
    try:
        callbacks = [made(c, CALLBACKS) for c in words] + [keep]
        with contextlib.redirect_stdout(said), warnings.catch_warnings():
            warnings.simplefilter("default", UserWarning)
            warnings.showwarning = lambda message, kind, *_: said.write(f"{kind.__name__}: {message}\n")
            history = model.fit(x, y, shuffle=False, verbose=0, **{**row["fit"], "callbacks": callbacks}).history
        if "said" in row:
            row["said"] = said.getvalue()
    except Exception as e:
        row["error"] = error_of(e)
        return
    row.update(history={k: [short(v) for v in values] for k, values in history.items()}, rates=rates)


def rows():
    folder = os.getcwd()
    for row in [*trainings(), *boards(), *({**row, "said": ""} for row in speaking()),
                *({**row, "said": "", "requests": []} for row in sending())]:
        model = compiled(model_of(row["model"]), row)
        y = ints(0, 3, N, salt=2) if row is not None and "sparse" in row["loss"] else floats(N, 2, salt=3)
        x = floats(N, 3)
        row.update(weights=set_weights(model), x={"x": array(x)}, y={"y": array(y)})
        with tempfile.TemporaryDirectory() as scratch:
            os.chdir(scratch)
            if "append=True" in row["fit"]["callbacks"][0]:
                with open("log.csv", "w", encoding="utf-8") as f:
                    f.write("there\n")
            with served(row) if "requests" in row else contextlib.nullcontext(row["fit"]["callbacks"]) as words:
                fit(model, row, words, x, y)
            row["files"] = dict(contents(scratch))
            os.chdir(folder)
        if "validation_data" in row["fit"]:
            row["fit"]["validation_data"] = [array(a) for a in row["fit"]["validation_data"]]
        row["trained"] = [numbers(w) for w in model.weights]
        yield row


GIVEN = {"IoU": {"num_classes": 2, "target_class_ids": [0]}, "MeanIoU": {"num_classes": 2},
         "OneHotIoU": {"num_classes": 2, "target_class_ids": [0]}, "OneHotMeanIoU": {"num_classes": 2},
         "PrecisionAtRecall": {"recall": 0.5}, "RecallAtPrecision": {"precision": 0.5},
         "SensitivityAtSpecificity": {"specificity": 0.5}, "SpecificityAtSensitivity": {"sensitivity": 0.5}}


def directions():
    found = {}
    for name, cls in sorted(vars(keras.metrics).items()):
        if inspect.isclass(cls) and issubclass(cls, keras.metrics.Metric) and name not in ("Metric", "MeanMetricWrapper"):
            found[name] = getattr(cls(**GIVEN.get(name, {})), "_direction", None)
    return {"directions": found}


if __name__ == "__main__":
    write("callbacks", [directions(), *rows()])
