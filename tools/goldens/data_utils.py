#!/usr/bin/env python3
"""What keras.utils makes of arrays: tests/goldens/data_utils.jsonl.

One row a call: "call", its arrays and arguments, and "y" (a list of arrays) or "error".
"""
import numpy as np

from common import array, error_of, floats, ints, keras, write

U = keras.utils
SEQUENCES = [[1.0, 2.0, 3.0], [4.0], [], [5.5, -6.5]]
PADS = [{}, {"padding": "post"}, {"maxlen": 2}, {"maxlen": 2, "truncating": "post"}, {"maxlen": 5, "value": -1.5, "dtype": "float32"},
        {"maxlen": 1, "padding": "post", "truncating": "post"}, {"padding": "x"}, {"truncating": "y"}, {"dtype": "float64", "value": 0.25}]
CLASSES = [(ints(0, 5, 6), 0), (ints(0, 5, 6), 7), (ints(0, 3, 4, 1), 0), (ints(0, 3, 2, 3), 4), (ints(-2, 2, 5), 3), (floats(5) * 3, 9), (ints(0, 5, 6), 2),
           (np.array([[[1]]], "int32"), 0)]
NORMS = [(floats(3, 4), -1, 2), (floats(3, 3), 1, 1), (floats(2, 3, 3), 1, 2), (floats(3, 4), -1, 3), (ints(-3, 3, 3, 4), -1, 2), (floats(3, 4) * 0, -1, 2),
         (floats(3, 4), -1, 0), (floats(3, 4), 5, 2)]
SERIES = [{"sequence_length": 5, "sequence_stride": 4}, {"sequence_length": 5, "sequence_stride": 3, "sampling_rate": 2}, {"sequence_length": 3, "sequence_stride": 2, "start_index": 3, "end_index": 14},
          {"sequence_length": 20}, {"sequence_length": 21},
          {"sequence_length": 3, "start_index": -1}, {"sequence_length": 3, "start_index": 30}, {"sequence_length": 3, "end_index": 31}, {"sequence_length": 3, "start_index": 5, "end_index": 4}]
SPLITS = [(0.75, 0, -1), (3, 0, -1), (0, 0.25, -1), (0, 3, -1), (0.33, 0.33, -1), (2, 3, -1), (0.6, 3, -1), (0.75, 0, 5), (0, 4, 123), (0, 0, -1), (1.5, 0, -1), (11, 0, -1), (-0.5, 0, -1),
          (0.8, 0.5, -1), (0.01, 0, -1), (0.99, 0, -1), (0, 20, -1)]


def pad(kw):
    return [U.pad_sequences(SEQUENCES, **kw)]


def series(y, kw):
    parts = [b for b in U.timeseries_dataset_from_array(floats(20, 2), y, batch_size=100, **kw).as_numpy_iterator()]
    return list(parts[0]) if parts and y is not None else parts


def split(left, right, seed):
    parts = U.split_dataset(np.arange(10), left or None, right or None, shuffle=seed >= 0, seed=seed if seed >= 0 else None)
    return [np.array([int(v) for v in p.as_numpy_iterator()], "int32") for p in parts]


def row(call, f, *args, **given):
    try:
        return {"call": call, **given, "y": [array(a) for a in f(*args)]}
    except Exception as e:
        return {"call": call, **given, "error": error_of(e)}


def rows():
    for kw in PADS:
        yield row("pad_sequences", pad, kw, values=array(np.array(sum(SEQUENCES, []), "float32")), lengths=[len(s) for s in SEQUENCES], **kw)
    for x, n in CLASSES:
        yield row("to_categorical", lambda: [U.to_categorical(x, n or None)], x=array(x), n=n)
    for x, axis, order in NORMS:
        yield row("normalize", lambda: [U.normalize(x, axis, order)], x=array(x), axis=axis, order=order)
    for kw in SERIES:
        for y in (None, ints(0, 99, 20), ints(0, 99, 11, 2)):
            yield row("timeseries", series, y, kw, x=array(floats(20, 2)), **({} if y is None else {"targets": array(y)}), **kw)
    for left, right, seed in SPLITS:
        yield row("split", split, left, right, seed, left=left, right=right, seed=seed)


if __name__ == "__main__":
    write("data_utils", rows())
