#!/usr/bin/env python3
"""What layers predict in 16 bits, and how models train in them: tests/goldens/dtypes.jsonl.

One row a layer and policy: "model" (JSON), "weights", "x", "y", and "tolerance" relative to the greatest number: what lies between
two neighbours of the dtype, some times over, since an op of Keras may round within. With "fit" also "history". With "policy" the model is
made under it, so that compile (with "auto_scale_loss") puts a LossScaleOptimizer around the optimizer or not: "scale" is what that
holds in the end (scale, steps with finite gradients, steps of the optimizer inside), null without one.
"""
import json

import numpy as np

from common import array, compiled, floats, ints, keras, model_of, numbers, set_weights, short, write

# Layers behind Input; the input's shape with the batch, and its dtype if it is not float32.
STACKS = [
    ("Dense(5, activation='relu')", (4, 6)), ("Dense(5, activation='softmax')", (4, 6)), ("Dense(4, activation='mish')", (2, 4)),
    ("Conv2D(3, 3, activation='gelu')", (2, 6, 6, 2)), ("SeparableConv2D(3, 3)", (2, 6, 6, 2)), ("Conv2DTranspose(3, 3)", (2, 6, 6, 2)),
    ("BatchNormalization()", (3, 5, 4)), ("LayerNormalization()", (3, 5, 4)), ("GroupNormalization(2)", (3, 5, 4)), ("RMSNormalization()", (3, 5, 4)),
    ("LSTM(3)", (2, 5, 3)), ("GRU(3, return_sequences=True)", (2, 5, 3)), ("SimpleRNN(3)", (2, 5, 3)), ("Masking(), LSTM(2)", (2, 4, 3)),
    ("Embedding(6, 4, mask_zero=True), GlobalAveragePooling1D()", (2, 5), "int32"), ("MaxPooling2D(2), AveragePooling2D(2)", (2, 8, 8, 2)),
    ("Softmax()", (2, 4)), ("PReLU()", (2, 4)), ("ZeroPadding2D(1), Permute((2, 1, 3)), Flatten()", (2, 3, 4, 1)), ("Rescaling(1/255, 0.5)", (2, 4)),
    ("Normalization(mean=0.5, variance=2.0)", (2, 4)), ("Activation('tanh'), UpSampling1D(2)", (2, 4, 1)), ("TimeDistributed(Dense(3))", (2, 4, 3)),
    ("Dense(3, dtype='float32'), Dense(2)", (2, 4)),
]
# Policy, model, optimizer, auto_scale_loss, factor of the targets. 32768 times the loss is beyond float16 in the first steps of all.
SCALED = [
    ("mixed_float16", "Dense(6, activation='relu'), Dense(1)", "SGD(0.1, momentum=0.5)", True, 1),
    ("mixed_float16", "Dense(6, activation='relu'), Dense(1)", "Adam(0.05, clipnorm=0.5)", True, 30),
    ("mixed_float16", "LSTM(3), Dense(1, dtype='float32')", "RMSprop(0.05)", True, 1),
    ("mixed_float16", "LayerNormalization(), GRU(4, return_sequences=True), GlobalMaxPooling1D(), Dense(1)", "SGD(0.1, loss_scale_factor=4.0)", True, 1),
    ("mixed_float16", "Dense(6, activation='relu'), Dense(1)", "LossScaleOptimizer(SGD(0.1), 8.0, 2)", True, 1),
    ("mixed_float16", "Dense(6, activation='relu'), Dense(1)", "SGD(0.1)", False, 1),
    ("mixed_float16", "Dense(6, activation='relu', dtype='float32'), Dense(1, dtype='float32')", "SGD(0.1)", True, 1),
    ("mixed_bfloat16", "Dense(6, activation='relu'), Dense(1)", "SGD(0.1)", True, 1), ("float32", "Dense(1, dtype='mixed_float16')", "SGD(0.1)", True, 1),
]
STEP = {"float16": 2.0 ** -11, "bfloat16": 2.0 ** -8}


def scaled(policy, layers, optimizer, auto, factor):
    x, y = floats(12, *((3, 4) if "LSTM" in layers or "GRU" in layers else (4,))), floats(12, 1, salt=3) * factor
    model = f"Sequential([Input({x.shape[1:]}, name='x'), {layers}])"
    how = {"optimizer": optimizer, "loss": "mse"}
    made = model_of(model, policy)
    row = {"model": model, "policy": policy, "auto_scale_loss": auto, **how, "weights": set_weights(made), "x": {"x": array(x)}, "fit": {"batch_size": 4, "epochs": 4}}
    made = compiled(made, how, auto_scale_loss=auto)
    history = made.fit(x, y, shuffle=False, verbose=0, **row["fit"]).history
    keras.config.set_dtype_policy("float32")
    outer = made.optimizer if hasattr(made.optimizer, "dynamic_scale") else None
    scale = outer and [float(outer.dynamic_scale), int(outer.step_counter), int(outer.inner_optimizer.iterations)]
    return {**row, "y": {"y": array(y)}, "history": {k: [short(v) for v in values] for k, values in history.items()}, "scale": scale,
            "tolerance": 16 * STEP[policy.replace("mixed_", "") if "16" in policy else "float16"]}


def rows():
    yield from (scaled(*row) for row in SCALED)
    for policy in ["mixed_float16", "float16", "mixed_bfloat16", "bfloat16"]:
        for layers, shape, *dtype in STACKS:
            recurrent = any(name in layers for name in ["LSTM", "GRU", "RNN"])
            if recurrent and policy == "bfloat16":
                print("left out:", policy, layers)  # TensorFlow's TensorList does not take it
                continue
            given = f", dtype={dtype[0]!r}" if dtype else ""
            model = model_of(f"Sequential([Input({shape[1:]}, name='x'{given}), {layers}])", policy)
            keras.config.set_dtype_policy("float32")
            model = keras.models.model_from_json(model.to_json())
            x = ints(0, 5, *shape) if dtype else floats(*shape)
            row = {"model": json.loads(model.to_json()), "weights": set_weights(model), "x": {"x": array(x)}}
            y = np.asarray(model.predict(x, verbose=0)).astype("float32")
            row.update(y=[array(y)], tolerance=8 * STEP[policy.replace("mixed_", "")])
            yield row
    for policy in STEP:
        for optimizer in ["SGD(0.1, momentum=0.5)", "Adam(0.05)"]:
            how = {"optimizer": optimizer, "loss": "mse"}
            model = f"Sequential([Input((4,), name='x'), Dense(6, activation='relu', dtype='mixed_{policy}'), Dense(1, dtype='mixed_{policy}')])"
            made = compiled(model_of(model), how)
            x, y = floats(12, 4), floats(12, 1, salt=3)
            row = {"model": model, **how, "weights": set_weights(made), "x": {"x": array(x)}, "fit": {"batch_size": 4, "epochs": 3}}
            history = made.fit(x, y, shuffle=False, verbose=0, **row["fit"]).history
            row.update(y={"y": array(y)}, history={k: [short(v) for v in values] for k, values in history.items()}, tolerance=16 * STEP[policy])
            yield row


if __name__ == "__main__":
    write("dtypes", rows())
