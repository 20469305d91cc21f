#!/usr/bin/env python3
"""What every class of a family computes, one by one: pools and convolutions over one to three axes, in both data formats, and what has no argument to vary:
tests/goldens/plain.jsonl, in the form of layers.jsonl."""
import json

import layers as of_layers
from common import floats, keras, model_of, write

layers = keras.layers
SIZES = {1: (2, 7, 3), 2: (2, 5, 6, 2), 3: (1, 4, 5, 3, 2)}  # channels last


def shaped(rank, first):
    batch, *space, channels = SIZES[rank]
    return (batch, channels, *space) if first else SIZES[rank]


def stacks():
    """Text, shape of x."""
    for rank in (1, 2, 3):
        for first in (False, True):
            tail = ", data_format='channels_first'" if first else ""
            x = shaped(rank, first)
            for kind in ("Average", "Max"):
                yield f"{kind}Pooling{rank}D(2{tail})", x
                yield f"{kind}Pooling{rank}D(3, strides=2, padding='same'{tail})", x
                yield f"{kind}Pooling{rank}D({(2, 3, 2)[:rank]}, strides={(1, 2, 2)[:rank]}, padding='valid'{tail})", x
                yield f"Global{kind}Pooling{rank}D(keepdims=True{tail})", x
                yield f"Global{kind}Pooling{rank}D({tail[2:]})", x
                yield f"Adaptive{kind}Pooling{rank}D({(3, 2, 2)[:rank] if rank > 1 else 3}{tail})", x
            yield f"Conv{rank}D(4, {(3, 2, 2)[:rank]}, activation='tanh'{tail})", x
            yield f"Conv{rank}D(2, 3, strides=2, padding='same', use_bias=False{tail})", x
            yield f"Conv{rank}DTranspose(3, 2, strides=2{tail})", x
            yield f"Conv{rank}DTranspose(2, 3, padding='same'{tail})", x
            yield f"UpSampling{rank}D({tail[2:]})" if rank > 1 else "UpSampling1D()", x
            yield f"ZeroPadding{rank}D(1{tail})", x
            yield f"Cropping{rank}D(1{tail})" if rank > 1 else "Cropping1D(1)", x
            if rank < 3:
                yield f"SpatialDropout{rank}D(0.3{tail})" if rank > 1 else "SpatialDropout1D(0.3)", x
                yield f"SeparableConv{rank}D(3, 2, strides=2{tail})", x
                yield f"DepthwiseConv{rank}D(2, strides=2, depth_multiplier=2{tail})", x
                yield f"DepthwiseConv{rank}D(3, padding='same', use_bias=False, activation='relu'{tail})", x
    for text in ("Dropout(0.4)", "AlphaDropout(0.2)", "GaussianDropout(0.3)", "GaussianNoise(0.5)", "ActivityRegularization(0.1, 0.2)", "LeakyReLU()", "LeakyReLU(0.1)", "ELU()", "ReLU()", "PReLU()", "Softmax()",
                 "Activation('gelu')", "Identity()", "Flatten()", "UnitNormalization()", "LayerNormalization()", "RMSNormalization()", "BatchNormalization()", "GroupNormalization(2)", "Rescaling(0.5, 1)", "RepeatVector(3)",
                 "Dense(3)", "Dense(3, 'relu', False)"):
        yield text, (3, 4)
    yield "SpatialDropout3D(0.3)", SIZES[3]
    for text in ("SimpleRNN(3)", "GRU(3)", "LSTM(3)", "GRU(2, reset_after=False, return_sequences=True)", "SimpleRNN(2, go_backwards=True, return_sequences=True, use_bias=False)", "LSTM(2, unit_forget_bias=False, use_bias=False)",
                 "Bidirectional(GRU(2), merge_mode='mul')", "RNN([SimpleRNNCell(2), LSTMCell(3)])", "TimeDistributed(Dense(2))", "Permute((2, 1))", "Reshape((2, -1))", "Masking(0.44)", "EinsumDense('abc,cd->abd', (None, 2))"):
        yield text, (2, 5, 4)
    for rank in (1, 2, 3):
        steps = (1, 3, *SIZES[rank][1:-1], 2)
        yield f"ConvLSTM{rank}D(2, 2, return_sequences=True)", steps
        yield f"ConvLSTM{rank}D(2, 3, strides=2, padding='same', go_backwards=True)", steps
    for kernel in ("lanczos3", "lanczos5"):  # a pixel that lies on one of the others
        yield f"Resizing(2, 6, '{kernel}', antialias=True)", (1, 6, 6, 2)


def grouped():
    """Attention whose queries share keys and values."""
    a, b = keras.Input((4, 6), name="a"), keras.Input((3, 6), name="b")
    made = [layers.GroupQueryAttention(2, 4, 2, name="one")(a, b), layers.GroupQueryAttention(3, 2, 1, use_bias=False, name="two")(a, a, use_causal_mask=True)]
    made += layers.GroupQueryAttention(2, 3, 3, name="three")(b, a, return_attention_scores=True)
    return keras.Model([a, b], made, name="m"), {"a": floats(2, 4, 6), "b": floats(2, 3, 6, salt=1)}


def rows():
    of_layers.STACKS = list(stacks())
    for text, x, calls in list(of_layers.stacks())[:len(of_layers.STACKS)]:
        yield of_layers.row(model_of(text), text, x, calls)
    keras.backend.clear_session()
    model, x = grouped()
    config = json.loads(model.to_json())
    yield of_layers.row(keras.models.model_from_json(json.dumps(config)), config, x, 1)


if __name__ == "__main__":
    write("plain", rows())
