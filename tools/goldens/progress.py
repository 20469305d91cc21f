#!/usr/bin/env python3
"""What Keras' progress bar prints: tests/goldens/progress.jsonl.

A row is a drawing after "done" of "batches" batches, which took "taken" seconds, with "values"; "verbose" as in fit. What clears the
line before (backspaces, a return) is left out.
"""
import itertools
from unittest import mock

from common import keras, write

progbar = keras.src.utils.progbar
LATE = 0.003  # seconds that change no digit


def drawn(done, batches, taken, values, verbose):
    said = []
    with mock.patch.object(progbar.time, "time", return_value=0.0), mock.patch.object(progbar.io_utils, "print_msg", lambda text, line_break: said.append(text)):
        bar = progbar.Progbar(batches, verbose=verbose)
        progbar.time.time.return_value = taken
        bar.update(done, list(values.items()))
    return "".join(said).lstrip("\b\r")


def cases():
    """Done, batches and seconds."""
    for taken in [0.3, 59.7, 61.7, 3599.2, 3661.2, 36061.2]:  # left: none, seconds, minutes, hours
        yield 10**6, 2 * 10**6, taken
    for taken in [100.3, 999.2, 1001.0, 0.995e6, 1.003e6, 2.51e6]:  # a batch: from microseconds to seconds
        yield 10**6, 10**6 + 1, taken
    for done, batches in [(1, 7), (6, 7), (7, 7), (9, 10), (10, 10), (1, 21), (20, 21), (21, 21), (999, 1000), (1000, 1000)]:
        yield done, batches, 9.0315
    for taken in [1.7, 75.3, 4000.3]:
        yield 1, 1, taken


def rows():
    for done, batches, taken in cases():
        for verbose in (1, 2) if done == batches else (1,):
            text = drawn(done, batches, taken, {}, verbose)
            assert text == drawn(done, batches, taken + LATE, {}, verbose), text
            yield {"done": done, "batches": batches, "taken": taken, "verbose": verbose, "text": text}
    values = [{"loss": 0.5}, {"loss": 9.99e-4}, {"loss": 1.001e-3}, {"loss": 3.25e-5}, {"loss": 0.0}, {"loss": 12345.5},
              {"loss": float("nan")}, {"loss": float("inf")}]
    for some, (done, verbose) in itertools.product(values, [(3, 1), (8, 1), (8, 2)]):
        yield {"done": done, "batches": 8, "taken": 8.1, "verbose": verbose, "values": {k: str(v) for k, v in some.items()},
               "text": drawn(done, 8, 8.1, some, verbose)}
    for verbose in (1, 2):
        some = {"accuracy": 0.25, "loss": -2.5, "val_loss": -1e-3}
        yield {"done": 8, "batches": 8, "taken": 8.1, "verbose": verbose, "values": {k: str(v) for k, v in some.items()},
               "text": drawn(8, 8, 8.1, some, verbose)}


if __name__ == "__main__":
    write("progress", rows())
