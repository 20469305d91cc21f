#!/usr/bin/env python3
"""Configurations as Keras writes them, and the errors of constructors: tests/goldens/configs.jsonl.

One row an expression of a family: "value" as serialize_keras_object gives it, or "error". Layers with "shape"
are called on inputs of that shape first, so that "build_config" is there.
"""
import json

from common import LAYERS, error_of, keras, made, write

EXPRESSIONS = {
    "loss": """
        BinaryCrossentropy() BinaryCrossentropy(True,0.1) CategoricalCrossentropy() CategoricalCrossentropy(name='x')
        CategoricalCrossentropy(False,0.2,-1,'sum') SparseCategoricalCrossentropy(True,1)
        SparseCategoricalCrossentropy(False,None,'sum') MeanSquaredError() MeanSquaredError('sum','err')
        MeanAbsoluteError(reduction=None) Huber() Huber(1.0,'mean_with_sample_weight')
        Huber(reduction='mean') MeanSquaredError('average') BinaryCrossentropy(reduction='Sum')
        MeanAbsolutePercentageError() MeanSquaredLogarithmicError('sum') LogCosh(name='l') CosineSimilarity() Hinge() SquaredHinge()
        CategoricalHinge() KLDivergence() Poisson() Dice() Dice('sum','d',(0,1)) Tversky(0.3,0.7) Tversky(axis=1)
        BinaryFocalCrossentropy(True,0.4,1.5) CategoricalFocalCrossentropy(gamma=1.0,from_logits=True)
        CategoricalGeneralizedCrossEntropy() CategoricalGeneralizedCrossEntropy(1.5)""".split(),
    "metric": """
        Accuracy() BinaryAccuracy() BinaryAccuracy('a',None,0.4) CategoricalAccuracy() SparseCategoricalAccuracy(name='s')
        AUC() AUC(7,'PR') AUC(thresholds=[0.5,0.25]) AUC(from_logits=True,summation_method='minoring') Precision()
        Precision(0.3) Precision([0.2,0.4],name='p') Recall(class_id=1) Recall(None,None,2,'r') MeanSquaredError()
        MeanAbsoluteError(name='mae') BinaryCrossentropy(from_logits=True) CategoricalCrossentropy(label_smoothing=0.1)
        SparseCategoricalCrossentropy() SparseCategoricalCrossentropy('s','float32',True,2,-1) Mean()
        MeanAbsolutePercentageError() MeanSquaredLogarithmicError() LogCoshError() RootMeanSquaredError() Hinge() SquaredHinge()
        CategoricalHinge() KLDivergence() Poisson('p') CosineSimilarity() TopKCategoricalAccuracy() TopKCategoricalAccuracy(3,'t')
        SparseTopKCategoricalAccuracy(2) TruePositives() FalsePositives(0.3) TrueNegatives([0.2,0.4]) FalseNegatives(name='n')
        SensitivityAtSpecificity(0.5) SpecificityAtSensitivity(0.5,10) PrecisionAtRecall(2.0) RecallAtPrecision(0.5,0)
        SensitivityAtSpecificity(-0.5) PrecisionAtRecall(0.8,class_id=1) F1Score() F1Score('micro',0.5)
        F1Score(threshold=1) F1Score(threshold=1.5) FBetaScore() FBetaScore('macro',2) FBetaScore(None,-1.0) FBetaScore('weighted',2.0,0.3)
        R2Score() R2Score('mean') R2Score(None,2) R2Score(num_regressors=-1) MeanIoU(3) MeanIoU(num_classes=2,ignore_class=0)
        IoU(3,[0,1]) IoU(2,[0,5]) BinaryIoU() BinaryIoU([1],0.3) OneHotIoU(3,[1]) OneHotMeanIoU(4,'m')""".split(),
}

# expression, and the input's shape or None
LAYER_ROWS = [
    ("InputLayer((3,))", None), ("InputLayer(batch_shape=(2, None), dtype='int32', name='ids')", None),
    ("Dense(3)", (None, 4)), ("Dense(3, 'relu', False)", None), ("Dense(True)", (None, 4)),
    ("Dense(2, kernel_regularizer='l2', bias_constraint=NonNeg(), activity_regularizer=L1(0.5), trainable=False)", (2, 3, 4)),
    ("Dense(2, kernel_initializer=HeNormal(seed=3), bias_initializer='ones', name='top', dtype='float64')", None),
    ("Flatten()", (None, 2, 3)), ("Flatten('channels_first')", None), ("Reshape((2, -1))", (None, 6)),
    ("Reshape([3])", None), ("Activation('relu')", (None, 3)), ("Activation('leaky_relu')", None), ("Dropout(0.5)", (None, 3)),
    ("Dropout(0.1, (None, 1), 3)", None), ("BatchNormalization()", (None, 3)),
    ("BatchNormalization(1, 0.9, 1e-2, False, True, gamma_regularizer='l1')", (None, 2, 3)),
    ("Embedding(5, 3)", (None, 4)), ("Embedding(5, 3, mask_zero=True, embeddings_constraint='unit_norm')", None),
    ("Conv2D(4, 3)", (None, 5, 5, 2)), ("Conv2D(4, (3, 2), (2, 1), 'same', dilation_rate=1, groups=2)", None),
    ("Conv2D(2, 2, data_format='channels_first', activation='tanh', bias_regularizer=L1L2(0.1, 0.2))", (None, 3, 5, 5)),
    ("MaxPooling2D()", (None, 4, 4, 1)), ("MaxPooling2D(3, 2, 'same')", None), ("MaxPooling2D((2, 3), padding='valid')", None),
    ("LSTM(3)", (None, 4, 2)), ("LSTM(3, 'relu', 'hard_sigmoid', use_bias=False, unroll=True)", None),
    ("LSTM(2, return_sequences=True, return_state=True, go_backwards=True, dropout=0.2, recurrent_dropout=0.1, seed=3)", (2, 3, 4)),
    ("LSTM(2, dropout=1.5, recurrent_dropout=-0.5)", None), ("LSTMCell(2, dropout=1.5, recurrent_dropout=-1)", None),
    ("LSTM(2, stateful=True, unit_forget_bias=False, recurrent_constraint=MaxNorm(1.5))", (2, 3, 4)),
    ("ConvLSTM1D(2, 3)", (None, 3, 4, 2)), ("ConvLSTM2D(2, (2, 1), strides=2, padding='SAME', data_format='channels_first', dropout=1.5)", None),
    ("ConvLSTM3D(2, 2, dilation_rate=(1, 2, 1), return_state=True, unroll=True, zero_output_for_mask=True, seed=3)", (2, 2, 3, 4, 3, 1)),
    ("GroupQueryAttention(2, 4, 2)", None), ("GroupQueryAttention(2, 3, 1, dropout=0.2, sliding_window=3, use_gate=True, seed=1)", None),
    ("SpectralNormalization(Dense(3))", (None, 4)), ("SpectralNormalization(Conv2D(2, 2, kernel_regularizer='l2'), power_iterations=4)", None),
    ("ReversibleEmbedding(5, 3)", (None, 4)), ("ReversibleEmbedding(5, 3, False, mask_zero=True, reverse_dtype='float32', logit_soft_cap=2.0)", None),
    ("ConvLSTM2D(2, 0)", None), ("ConvLSTM2D(2, 2, strides=2, dilation_rate=2)", None), ("ConvLSTM2D(2, 2, padding='causal')", None),
    ("ConvLSTM1D(2, (2, 2))", None), ("ConvLSTM2D(2, 2, data_format='last')", None), ("ConvLSTM2D(2, 2, strides=-1)", None), ("ConvLSTM2D(2)", None),
    ("GroupQueryAttention(2, 3, 2)", None), ("GroupQueryAttention(2, 2, 1, sliding_window=0)", None), ("GroupQueryAttention(2, 4)", None),
    ("GroupQueryAttention(2, 4, 2, flash_attention=True, dropout=0.5)", None), ("ReversibleEmbedding(0, 3)", None), ("ReversibleEmbedding(5)", None),
    ("SpectralNormalization(3)", None), ("SpectralNormalization(Dense(2), power_iterations=0)", None), ("SpectralNormalization(Dense(2), -1)", None),
    ("SpectralNormalization()", None), ("RNN(LSTMCell(2), return_sequences=True, zero_output_for_mask=True)", (2, 3, 4)), ("RNN([GRUCell(2), LSTMCell(3)], stateful=True)", (2, 3, 4)),
    ("RNN(StackedRNNCells([SimpleRNNCell(2), StackedRNNCells([GRUCell(2)])]), name='r')", (None, 3, 4)), ("StackedRNNCells([LSTMCell(2)])", None),
    ("Bidirectional(RNN(GRUCell(2)))", (None, 3, 4)), ("RNN([])", None),
    ("RepeatVector(3)", (None, 2)), ("TimeDistributed(Dense(2))", (None, 3, 4)), ("TimeDistributed(LSTM(2), name='t')", None),
    ("Add()", None), ("Concatenate()", None), ("Concatenate(axis=1, name='c')", None), ("Rescaling(2.0)", (None, 3)),
    ("Rescaling(1/255, -1)", None), ("Normalization(mean=1.0, variance=2.0, axis=None)", (None, 3)),
    ("Normalization(axis=-1, invert=True)", None), ("Normalization(mean=[1.0, 2.0], variance=[1.0, 3.0])", (None, 2)),
    ("Sequential([Dense(2), Activation('relu')])", None), ("Sequential([InputLayer((3,)), Dense(2)], name='s')", None),
    # constructors that refuse
    ("Dense()", None), ("Dense(0)", None), ("Dense(2.5)", None), ("Dense(3, foo=1)", None), ("Dense(3, activation='foo')", None),
    ("Dense(3, kernel_initializer='foo')", None), ("Dense(3, kernel_regularizer='foo')", None), ("Dense(3, 'relu', name='a/b')", None),
    ("Dense(3, bias_constraint='foo')", None), ("Dense(3, dtype='foo')", None),
    ("Reshape()", None), ("Reshape((2, -1, -1))", None), ("Dropout(1.5)", None), ("Dropout(-0.1)", None),
    ("Dropout('a')", None), ("Flatten('first')", None), ("Embedding(0, 2)", None), ("Embedding(3, -1)", None),
    ("BatchNormalization(axis='a')", None), ("BatchNormalization(momentum=2)", None), ("Conv2D(0, 2)", None), ("Conv2D(2, 0)", None),
    ("Conv2D(2, (1, 2, 3))", None), ("Conv2D(2, 2, padding='full')", None), ("Conv2D(2, 2, strides=2, dilation_rate=2)", None),
    ("Conv2D(3, 2, groups=2)", None), ("Conv2D(2, 2, data_format='last')", None), ("Conv2D(2, 2, padding='causal')", None),
    ("MaxPooling2D(0)", None), ("MaxPooling2D((2, 2, 2))", None), ("MaxPooling2D(2, padding='x')", None),
    ("RNN(Dense(3))", None), ("RNN(3)", None), ("RNN('LSTMCell')", None), ("RNN([Dense(2)])", None), ("RNN([LSTMCell(2), 3])", None), ("RNN()", None),
    ("RNN(LSTM(2), foo=1)", None), ("StackedRNNCells(LSTMCell(2))", None), ("StackedRNNCells([GRUCell(2), Dropout(0.5)])", None), ("StackedRNNCells()", None),
    ("LSTM(0)", None), ("LSTM(2, foo=3)", None), ("LSTM(2, recurrent_activation='foo')", None), ("RepeatVector('a')", None),
    ("TimeDistributed(3)", None), ("Normalization(mean=1.0)", None), ("Activation('foo')", None), ("InputLayer()", None),
]


def serialized(text, names, shape=None):
    keras.backend.clear_session()
    try:
        o = made(text, names)
        if shape:
            o(keras.KerasTensor(shape))
        return {"value": json.loads(json.dumps(keras.saving.serialize_keras_object(o)))}
    except Exception as e:
        return {"error": error_of(e)}


def rows():
    for family, texts in EXPRESSIONS.items():
        for text in texts:
            yield {"family": family, "expression": text, **serialized(text, vars(getattr(keras, family + ("es" if family == "loss" else "s"))))}
    for text, shape in LAYER_ROWS:
        yield {"family": "layer", "expression": text, "shape": shape, **serialized(text, LAYERS, shape)}


if __name__ == "__main__":
    write("configs", rows())
