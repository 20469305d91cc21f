#!/usr/bin/env python3
"""What layers that draw random numbers give in training, two calls of each: tests/goldens/drawn.jsonl."""
from common import LAYERS, array, keras, made, np, write

STEPS = np.round(np.sin(np.arange(2 * 4 * 3) * 1.3).reshape(2, 4, 3), 2).astype("float32")
MAPS = np.round(np.cos(np.arange(2 * 3 * 2 * 4) * 0.7).reshape(2, 3, 2, 4), 2).astype("float32")
SPACE = np.round(np.cos(np.arange(2 * 2 * 3 * 2 * 3) * 0.9).reshape(2, 2, 3, 2, 3), 2).astype("float32")
CONSTANT = "kernel_initializer='ones', recurrent_initializer='ones', seed=3"
DRAWS = [
    *[(f"{text}{dtype})", STEPS) for dtype in ("", ", dtype='float64'", ", dtype='float16'", ", dtype='mixed_bfloat16'") for text in (
        "Dropout(0.3, seed=3", "SpatialDropout1D(0.4, seed=3", "GaussianNoise(0.5, seed=3", "GaussianDropout(0.3, seed=3", "AlphaDropout(0.3, seed=3")],
    ("Dropout(0.5, (None, 1, 3), 4)", STEPS), ("Dropout(0.5, (2, 4, 1), 5)", STEPS), ("Dropout(0.0, seed=3)", STEPS), ("AlphaDropout(0.5, (None, 1, 3), 4)", STEPS),
    ("GaussianNoise(0.0, seed=3)", STEPS), ("GaussianNoise(1.0, seed=4)", STEPS), ("GaussianDropout(0.0, seed=3)", STEPS), ("GaussianDropout(0.9, seed=4)", MAPS),
    ("AlphaDropout(0.9, seed=4)", MAPS), ("SpatialDropout2D(0.5, seed=3)", MAPS), ("SpatialDropout2D(0.5, 'channels_first', seed=3)", MAPS), ("SpatialDropout3D(0.5, seed=3)", SPACE),
    ("SpatialDropout3D(0.5, 'channels_first', seed=3)", SPACE), ("SpatialDropout2D(0.0, seed=3)", MAPS),
    *[(f"{name}(2, dropout={d}, recurrent_dropout={r}, return_sequences=True, {CONSTANT})", STEPS) for name in ("LSTM", "GRU", "SimpleRNN") for d, r in ((0.4, 0.0), (0.0, 0.4), (0.3, 0.3))],
    (f"Bidirectional(LSTM(2, dropout=0.4, {CONSTANT}))", STEPS), (f"ConvLSTM1D(2, 2, dropout=0.4, {CONSTANT})", MAPS), (f"ConvLSTM1D(2, 2, recurrent_dropout=0.4, {CONSTANT})", MAPS),
    (f"TimeDistributed(Dropout(0.5, seed=3))", MAPS),
]


def rows():
    for text, x in DRAWS:
        layer = made(text, LAYERS)
        yield {"layer": text, "x": array(x), "y": [array(keras.ops.cast(layer(keras.ops.convert_to_tensor(x), training=True), "float32")) for _ in range(2)]}


if __name__ == "__main__":
    write("drawn", rows())
