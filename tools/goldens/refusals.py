#!/usr/bin/env python3
"""What Keras refuses, class by class: tests/goldens/refusals.jsonl, in the form of messages.jsonl; what only numbers show:
tests/goldens/refused_numbers.jsonl, a row a layer ("layer"), called on "x", "training" or not; "error" has Keras' words
without those of TensorFlow around them.

Each sentence of a layer's constructor, of its build and of its call needs a row here, and beside it a row that passes.
"""
import re

import messages
from common import LAYERS, array, error_of, made, np, tf, write

V2, V3 = [(2, 3)], [(2, 3, 4)]
IMAGE = [(2, 4, 4, 1)]

# A layer, and the shapes that it is called on, symbolically and with zeros.
PLAIN = [
    # borders
    ("ZeroPadding1D((1, 2, 3))", V3), ("ZeroPadding1D(-1)", V3), ("ZeroPadding1D('a')", V3), ("ZeroPadding2D((1, 2, 3))", IMAGE), ("ZeroPadding2D(((1, 2), 3))", IMAGE),
    ("ZeroPadding2D(((1, 2, 3), (1, 1)))", IMAGE), ("ZeroPadding2D('same')", IMAGE), ("ZeroPadding2D(None)", IMAGE), ("ZeroPadding3D((1, 2))", [(2, 3, 3, 3, 1)]),
    ("ZeroPadding3D(((1, 1), (1, 1), (1,)))", [(2, 3, 3, 3, 1)]), ("Cropping1D((1, 2, 3))", V3), ("Cropping1D(-1)", V3), ("Cropping1D(2)", V3, [(2, 4, 1)], [(2, 5, 1)], [(2, None, 1)]),
    ("Cropping1D((0, 3))", V3, [(2, 4, 1)]), ("Cropping1D((3, 1))", [(2, 4, 2)]), ("Cropping2D((1, 2, 3))", IMAGE), ("Cropping2D(2)", IMAGE, [(2, 5, 4, 1)], [(2, 4, 5, 1)], [(2, 5, 5, 1)]),
    ("Cropping2D(((1, 3), (0, 1)))", IMAGE), ("Cropping2D(((0, 1), (2, 2)), data_format='channels_first')", [(2, 1, 4, 4)], [(2, 1, 4, 6)]), ("Cropping3D(1)", [(2, 2, 3, 3, 1)], [(2, 3, 2, 3, 1)],
     [(2, 3, 3, 2, 1)], [(2, 3, 3, 3, 1)]), ("Cropping3D((1, 2))", [(2, 3, 3, 3, 1)]),
    # rectifiers
    ("ReLU(max_value=-1.0)", V2), ("ReLU(negative_slope=-0.1)", V2), ("ReLU(negative_slope=None)", V2), ("ReLU(threshold=-1.0)", V2), ("ReLU(threshold=None)", V2), ("ReLU(max_value=None)", V2),
    ("LeakyReLU(negative_slope=None)", V2), ("LeakyReLU(negative_slope=-0.1)", V2), ("ELU(alpha=None)", V2), ("PReLU(shared_axes=[3])", V3, [(2, 3, 4, 5)]), ("PReLU(shared_axes=1)", V3),
    ("PReLU(shared_axes=[1])", [(2, None, 4)], [(None, 3)]), ("PReLU()", [(2, None, 4)], [(2,)]), ("PReLU(shared_axes='a')", V3), ("PReLU(shared_axes=[0])", V3),
    ("Softmax(axis=3)", V3), ("Softmax(axis=-4)", V3), ("Softmax(axis=[1, 2])", V3), ("Softmax(axis=())", V3), ("Softmax(axis=0)", V3),
    *[(f"Sequential([Embedding(6, 3, mask_zero=True), Softmax({axis})])", [(3, 5)], [(5,)]) for axis in ("", "axis=1", "axis=[1, 2]")],
    # merging
    ("Dot(1)", [(2, 3), (2, 3)], [(2, 3), (2, 4)], [(2, 3)], [(2, 3), (2, 3), (2, 3)], [(2, None), (2, 3)], [(2, 3, 4), (2, 3, 5)], [(2,), (2,)]), ("Dot((1, 2))", [(2, 3, 4), (2, 5, 3)], [(2, 3), (2, 3)]),
    ("Dot((1, 2, 3))", [(2, 3), (2, 3)]), ("Dot(0)", [(2, 3), (2, 3)]), ("Dot((0, 1))", [(2, 3), (2, 2)]), ("Dot('a')", [(2, 3), (2, 3)]), ("Dot((1, 'a'))", [(2, 3), (2, 3)]), ("Dot(-1)", [(2, 3), (2, 3)], [(2, 3, 4), (2, 5, 4)]),
    ("Dot(-4)", [(2, 3), (2, 3)]), ("Dot(1.5)", [(2, 3), (2, 3)]), ("Dot(2, normalize=True)", [(2, 3, 4), (2, 5, 4)], [(2, 3), (2, 3)]), ("Subtract()", [(2, 3), (2, 3)], [(2, 3)], [(2, 3), (2, 3), (2, 3)], [(2, 3), (2, 4)]),
    ("Maximum()", [(2, 3), (2, 4)], [(2, 3), (3,)]), ("Average()", [(2, 3), (2, 3, 4)], [(2,), (2, 3)]), ("Multiply()", [(2, 3, 1), (2, 1, 4)], [(None, None, 1), (None, 3, 4)]), ("Minimum()", [(2, 3)], [(3, 3), (2, 3)]),
    ("Concatenate(axis=-4)", [(2, 3), (2, 3)]), ("Concatenate(axis=0)", [(2, 3), (4, 3)]), ("Concatenate(axis='a')", [(2, 3), (2, 3)]), ("Concatenate(axis=None)", [(2, 3), (2, 3)]),
    # convolutions and windows
    ("Conv1D(2, 3, groups=0)", V3), ("Conv1D(2, 3, groups='a')", V3), ("Conv1D(2, 3, groups=-1)", V3), ("Conv1D(None, 3)", V3), ("Conv1D(2, 3, padding='causal')", V3, [(2, None, 4)]), ("Conv2D(2, 2, padding='causal')", IMAGE),
    ("Conv1D(2, 3, padding=None)", V3), ("Conv1D(2, 0)", V3), ("Conv1D(2, 3, data_format='first')", V3), ("Conv3D(2, 2)", [(2, 3, 3, 3)], [(2, 3, 3, 3, 1)], [(2, 1, 3, 3, 1)]),
    ("Conv2DTranspose(2, 3, output_padding=1)", IMAGE), ("Conv2DTranspose(2, 3, strides=2, output_padding=1)", IMAGE, [(2, 4, 4)], [(2, None, 4, 1)]), ("Conv2DTranspose(2, 3, strides=2, output_padding=(1, 2))", IMAGE),
    ("Conv2DTranspose(2, 3, output_padding=-1)", IMAGE), ("Conv1DTranspose(2, 3, output_padding=(0, 0))", V3), ("Conv1DTranspose(2, 3, strides=2, dilation_rate=2)", V3), ("Conv1DTranspose(None, 3)", V3), ("Conv2DTranspose(0, 3)", IMAGE),
    ("Conv3DTranspose(2, 2, strides=2, padding='same', output_padding=0)", [(2, 2, 3, 2, 1)]), ("DepthwiseConv2D(2, depth_multiplier='a')", IMAGE), ("DepthwiseConv2D(2, depth_multiplier=0)", IMAGE),
    ("DepthwiseConv2D(2, depth_multiplier=None)", IMAGE), ("DepthwiseConv1D(3, strides=2, dilation_rate=2)", V3), ("SeparableConv2D(None, 2)", IMAGE), ("SeparableConv1D(2, 3, depth_multiplier=None)", V3),
    ("SeparableConv2D(2, 2, strides=(1, 2))", IMAGE, [(2, 6, 6, 1)]), ("DepthwiseConv2D(2, strides=(1, 2))", IMAGE), ("DepthwiseConv2D(2)", [(2, 4, 4)], [(2, 4, 4, None)], [(2, 1, 4, 2)]), ("SeparableConv1D(0, 3)", V3),
    ("AveragePooling1D(2)", V2, V3, [(2, 1, 4)], [(2, None, 4)]), ("AveragePooling1D(2, padding='causal')", V3), ("MaxPooling3D(2)", [(2, 3, 3, 3)], [(2, 3, 3, 3, 1)], [(2, 1, 3, 3, 1)]), ("MaxPooling1D(2, padding=None)", V3),
    ("GlobalMaxPooling1D()", V2, V3), ("GlobalAveragePooling2D(keepdims=True)", IMAGE, V3), ("GlobalAveragePooling1D(data_format='channels_first')", V3, [(2, None, 4)]),
    ("AdaptiveAveragePooling1D(2)", V3, V2, [(2, None, 4)]), ("AdaptiveMaxPooling2D((2, 3))", IMAGE, V3), ("AdaptiveAveragePooling2D((2, 3, 4))", IMAGE), ("AdaptiveAveragePooling2D('a')", IMAGE), ("AdaptiveMaxPooling1D(0)", V3),
    ("AdaptiveAveragePooling3D((1, 2))", [(2, 3, 3, 3, 1)]), ("AdaptiveMaxPooling1D((2, 2))", V3), ("AdaptiveAveragePooling1D(None)", V3),
    ("UpSampling1D(2)", V3, V2), ("UpSampling2D((1, 2, 3))", IMAGE), ("UpSampling2D(2, interpolation='cubic')", IMAGE), ("UpSampling2D(0)", IMAGE), ("UpSampling3D(2)", [(2, 3, 3, 3, 1)], [(2, 3, 3, 3)]), ("UpSampling1D('a')", V3), ("UpSampling1D(None)", V3),
    # normalizations
    ("BatchNormalization(axis='a')", V2), ("BatchNormalization(axis=None)", V2), ("BatchNormalization(axis=[1])", V2), ("BatchNormalization(axis=-4)", V2), ("BatchNormalization(renorm=True)", V2), ("BatchNormalization(renorm=True, renorm_clipping={'rmin': 0.5})", V2),
    ("BatchNormalization(renorm=True, renorm_clipping={'rmoon': 0.5})", V2), ("BatchNormalization(1.5)", V2), ("LayerNormalization(axis=3)", V3), ("LayerNormalization(axis=[1, 3])", V3), ("LayerNormalization(axis=[1, 2])", V3, [(2, None, 4)]), ("LayerNormalization(axis='a')", V3),
    ("LayerNormalization(axis=None)", V3), ("LayerNormalization(axis=-4)", V3), ("LayerNormalization(axis=1.5)", V3), ("LayerNormalization(rms_scaling=True)", V3), ("LayerNormalization()", [(2, None)], [(2,)]),
    ("GroupNormalization(2)", V3, [(2, 3, 5)], [(2, 3, None)], [(2,)]), ("GroupNormalization(8)", V3), ("GroupNormalization(3)", V3), ("GroupNormalization(0)", V3), ("GroupNormalization(-1)", V3, [(2, 3, 6)]), ("GroupNormalization(2, axis=0)", V3), ("GroupNormalization(2, axis=5)", V3),
    ("GroupNormalization(2, axis=1)", V3, [(2, 4, 3)]), ("UnitNormalization(axis='a')", V3), ("UnitNormalization(axis=3)", V3), ("UnitNormalization(axis=None)", V3), ("UnitNormalization(axis=[1, -1])", V3), ("UnitNormalization(axis=[1, 'a'])", V3),
    ("RMSNormalization(axis=3)", V3), ("RMSNormalization(axis=None)", V3), ("RMSNormalization(axis=[1, 2])", V3), ("RMSNormalization(axis='a')", V3), ("RMSNormalization()", [(2, None)], [(2,)]), ("SpectralNormalization(Dense(2), power_iterations=0)", V2),
    ("SpectralNormalization(Dense(2), power_iterations='a')", V2), ("SpectralNormalization(Dense(2), power_iterations=1.5)", V2), ("SpectralNormalization('Dense')", V2), ("Normalization(axis='a')", V2), ("Normalization(axis=1.5)", V2), ("Normalization(axis=(1, 1))", V2),
    ("Normalization(mean=1.0, variance=None)", V2), ("Normalization(axis=None, mean=1.0, variance=2.0)", V2, [(2,)]), ("Normalization(axis=0)", V2),
    # attention
    ("Attention()", [(2, 3, 4), (2, 5, 4)], [(2, 3, 4)], [(2, 3, 4), (2, 5, 4), (2, 5, 4)], [(2, 3, 4), (2, 5, 3)], [(2, 3), (2, 3)], [(2,), (2,)], [(2, 3, 4), (2, 5, 4), (2, 5, 4), (2, 5, 4)], [(2, 3, 4), (2, 5, 2), (2, 5, 4)]),
    ("Attention(score_mode='scaled')", [(2, 3, 4), (2, 5, 4)]), ("Attention(dropout=1.5)", [(2, 3, 4), (2, 5, 4)]), ("Attention(seed=3)", [(2, 3, 4), (2, 5, 4)]), ("Attention(dropout='a')", [(2, 3, 4), (2, 5, 4)]), ("Attention(use_scale=True, score_mode='concat')", [(2, 3, 4), (2, 5, 4)]),
    ("AdditiveAttention()", [(2, 3, 4), (2, 5, 4)], [(2, 3, 4), (2, 5, 3)], [(2, 3, 4)], [(2, None, None), (2, 5, 4)]), ("AdditiveAttention(use_scale=False)", [(2, 3, 4), (2, 5, 4)], [(2, 3), (2, 3)]), ("AdditiveAttention(score_mode='dot')", [(2, 3, 4), (2, 5, 4)]),
    ("MultiHeadAttention(0, 3)", [(2, 3, 4), (2, 5, 4)]), ("MultiHeadAttention(2, 'a')", [(2, 3, 4), (2, 5, 4)]), 
    ("MultiHeadAttention(2, -3)", [(2, 3, 4), (2, 5, 4)]), ("MultiHeadAttention(2, 3, flash_attention=True, dropout=0.5)", [(2, 3, 4), (2, 5, 4)]),
    ("GroupQueryAttention(2, 4, 3)", [(2, 3, 4), (2, 5, 4)]),
    # recurrence
    ("Bidirectional(Dense(2))", V3), ("Bidirectional(LSTM(2), merge_mode='add')", V3), ("Bidirectional(LSTM(2), backward_layer=Dense(2))", V3), ("Bidirectional(LSTM(2), backward_layer=LSTM(2))", V3), ("Bidirectional(LSTM(2), backward_layer=LSTM(2, go_backwards=True))", V3),
    ("Bidirectional(LSTM(2, return_sequences=True), backward_layer=LSTM(2, go_backwards=True))", V3), ("Bidirectional(LSTM(2, stateful=True), backward_layer=LSTM(2, go_backwards=True))", V3), ("Bidirectional(LSTM(2), backward_layer=GRU(3, go_backwards=True))", V3),
    ("Bidirectional(LSTM(2), backward_layer=GRU(3, go_backwards=True), merge_mode='sum')", V3), ("Bidirectional('LSTM')", V3), ("Bidirectional(LSTM(2, return_state=True))", V3, [(2, 3, 4), (2, 2), (2, 2), (2, 2), (2, 2)], [(2, 3, 4), (2, 2)]),
    ("LSTM('a')", V3), ("GRU(None)", V3), ("SimpleRNN(1.5)", V3), ("RNN(LSTMCell('a'))", V3), ("RNN(GRUCell(None))", V3), ("RNN(SimpleRNNCell(1.5))", V3), ("RNN(LSTMCell(0))", V3), ("RNN(Dense(2))", V3), ("RNN('LSTM')", V3), ("RNN([LSTMCell(2), Dense(2)])", V3),
    ("StackedRNNCells([Dense(2)])", V3), ("StackedRNNCells([])", V3), ("ConvLSTM1D(None, 2)", V3, [(2, 3, 4, 1)]), ("ConvLSTM1D(2, 2, strides=2, dilation_rate=2)", [(2, 3, 4, 1)]), ("ConvLSTM2D(2, 5)", [(2, 3, 4, 4, 1)]), 
    ("TimeDistributed('Dense')", V3), ("TimeDistributed(BatchNormalization())", V3, V2, [(2,)]), ("GRU(2, implementation=3)", V3), ("LSTM(2, dropout=1.5)", V3), ("LSTM(2, recurrent_dropout=-0.5)", V3), ("GRU(2, dropout='a')", V3),
    # the rest
    ("Dense(4, lora_rank=0)", V2), ("Dense(4, lora_rank=-1)", V2), ("Dense(4, lora_rank='a')", V2), ("Dense(4, lora_rank=2.5, lora_alpha='a')", V2), ("Dense(4, lora_rank=2, kernel_constraint='non_neg')", V2),
    ("EinsumDense('ab,bc->ac', 4, lora_rank=2, lora_alpha='a')", V2), ("EinsumDense('ab,bc->ac', 4, lora_rank=2, kernel_constraint='non_neg')", V2), ("Dense(4, lora_alpha=2)", V2),
    ("Embedding(5, 3, lora_rank=2, embeddings_constraint='non_neg')", V2), ("Embedding(5, 3, lora_rank=-2)", V2), ("Embedding(5, 3, lora_rank=[2])", V2),
    ("EinsumDense('abc,cd->abd', output_shape=(None, 2))", V3, V2), ("EinsumDense('abc,cd->abd', output_shape=(3, 2))", V3), ("EinsumDense('abc,cd->abd', output_shape=(4, 2))", V3), ("EinsumDense('abc,cd->abd', output_shape=2)", V3), ("EinsumDense('abc,cd', output_shape=2)", V3),
    ("EinsumDense('ab,bc->ac', output_shape=2, bias_axes='c')", V2, V3), ("EinsumDense('ab,bc->ac', output_shape=2, bias_axes='d')", V2), ("EinsumDense('ab,bc->ac', output_shape='a')", V2), ("EinsumDense('ab,bc->ad', output_shape=2)", V2), ("EinsumDense('...x,xy->...y', output_shape=2)", V2, V3, [(2,)]),
    ("EinsumDense('...x,xy->...y', output_shape=(3, 2), bias_axes='y')", V3), ("EinsumDense('ab...,bc->ac...', output_shape=5)", V3, V2), ("EinsumDense('ab...,bc->ac...', output_shape=(5, 4))", V3), ("EinsumDense('abc,cd->abd', output_shape=(None, 2), bias_axes='bd')", V3, [(2, None, 4)]),
    ("EinsumDense('ab,bcd->acd', output_shape=(3, None))", V2), ("EinsumDense('ab,cd->ad', output_shape=2)", V2), ("EinsumDense('ab,bc->abc', output_shape=(3, 2), activation='relu')", V2), ("EinsumDense('ab,bc->ac', output_shape=None)", V2),
    ("EinsumDense('ab->ac', output_shape=2)", V2), ("EinsumDense('ab,bc->ac,d', output_shape=2)", V2), ("EinsumDense('aa,ab->ab', output_shape=2)", V2), ("Embedding(5, 2, mask_zero='a')", V2), ("Embedding('a', 2)", V2), ("Embedding(5, 2, weights='a')", V2),
    ("GaussianNoise(-1)", V2), ("GaussianNoise('a')", V2), ("GaussianDropout(1.5)", V2), ("GaussianDropout('a')", V2), ("AlphaDropout(-0.1)", V2), ("SpatialDropout1D(0.5)", V3, V2), ("SpatialDropout2D(0.5, data_format='channels_first')", IMAGE), ("SpatialDropout3D(2.0)", [(2, 3, 3, 3, 1)]), ("Dropout('a')", V2),
    ("ActivityRegularization(l1=-1.0)", V2), ("ActivityRegularization('a')", V2), ("Permute((2, 1))", V3, V2, [(2, 3, None)]), ("Permute((1, 3))", V3), ("Permute((0, 1))", V3), ("Permute('a')", V3), ("Permute((1, 1))", V3), ("Permute(1)", V2), ("Rescaling(None)", V2), ("Rescaling('a')", V2), ("Rescaling(2.0, 'a')", V2),
    ("Flatten(data_format='a')", V3), ("Masking(None)", V3), ("Identity()", V2), ("Activation(None)", V2), ("Activation(3)", V2), ("Reshape('a')", V3), ("Reshape((1, 'a'))", V3), ("RepeatVector('a')", V2), ("Lambda(3)", V2), ("Dense(2, lora_rank=0)", V2), ("Dense(None)", V2), ("Dense(2, use_bias='a')", V2),
    ("Dense(2, kernel_initializer='a')", V2), ("Dense(2, kernel_initializer=3)", V2), ("Dense(2, kernel_regularizer='l3')", V2), ("Dense(2, kernel_constraint='max')", V2), ("Dense(2, kernel_initializer=Orthogonal())", [(2, 3)]), ("Dense(2, bias_initializer=Orthogonal())", V2), ("Dense(2, bias_initializer='identity')", V2),
    ("Conv1D(2, 2, kernel_initializer='identity')", V3), ("Dense(2, kernel_initializer=VarianceScaling(scale=-1.0))", V2), ("Dense(2, kernel_initializer=VarianceScaling(mode='fan'))", V2), ("Dense(2, kernel_initializer=VarianceScaling(distribution='a'))", V2), ("Dense(2, kernel_initializer=VarianceScaling(mode=None))", V2),
    ("Dense(2, kernel_initializer=Constant('a'))", V2), ("Dense(2, kernel_initializer=Constant([1, 2]))", V2), ("Dense(2, kernel_initializer=RandomUniform('a'))", V2), ("Dense(2, kernel_initializer=TruncatedNormal(stddev=-1.0))", V2), ("Dense(2, dtype='int')", V2), ("Dense(2, name=3)", V2), ("Dense(2, nome='a')", V2),
    ("Dense(2, trainable='a')", V2), ("Dense(2, kernel_regularizer=OrthogonalRegularizer(mode='a'))", V2), ("Dense(2, kernel_regularizer=OrthogonalRegularizer(factor='a'))", V2), ("Dense(2, bias_regularizer=OrthogonalRegularizer())", V2), ("Dense(2, kernel_regularizer=L1L2(l1='a'))", V2),
    ("Discretization()", V2), ("Discretization(bin_boundaries=3)", V2), ("Discretization(bin_boundaries=['a'])", V2), ("Discretization(num_bins=-1)", V2), ("Discretization(num_bins=2, epsilon=-1.0)", V2), ("Discretization([1.0, 2.0], num_bins=3)", V2), ("Discretization([2.0, 1.0])", V2), ("Discretization([1.0], output_mode='a')", V2),
    ("Discretization([1.0, 2.0], output_mode='one_hot')", V2, [(2, 1)]), ("CategoryEncoding(0)", V2), ("CategoryEncoding(3, output_mode='int')", V2), ("CategoryEncoding(3, output_mode='multi_hot')", V2, [(2,)], [()]), ("CategoryEncoding(3, sparse=True)", V2), ("Hashing(0)", V2), ("Hashing(3, salt='a')", V2),
    ("HashedCrossing(3)", [(2, 1), (2, 1)], [(2, 1)], [(2,), (2,)], [(2, 1), (2, 2)], [(2, 2), (2, 2)]), ("HashedCrossing(3, output_mode='int', sparse=True)", [(2, 1), (2, 1)]), ("Resizing(2, 3)", IMAGE, V3, V2), ("Resizing(0, 3)", IMAGE), ("Resizing(2, 3, interpolation='a')", IMAGE), ("CenterCrop(2, 2)", IMAGE, V3, V2),
    ("CenterCrop(8, 8)", IMAGE), ("MelSpectrogram(num_mel_bins=0)", [(2, 4000)]), ("MelSpectrogram()", [(2, 4000)], [(4000,)], [()]), ("MelSpectrogram(fft_length=0)", [(2, 4000)]), ("MelSpectrogram(sequence_stride=0)", [(2, 4000)]), ("MelSpectrogram(window='a')", [(2, 4000)]), ("MelSpectrogram(min_freq=-1.0)", [(2, 4000)]),
    ("MelSpectrogram(min_freq=5.0, max_freq=2.0)", [(2, 4000)]), ("MelSpectrogram(sequence_length=4096)", [(2, 4000)]), ("STFTSpectrogram()", [(2, 600)], [(2, 600, 1)], [(2, 600, 2)]), ("STFTSpectrogram(mode='a')", [(2, 600)]), ("STFTSpectrogram(frame_length=0)", [(2, 600)]), ("STFTSpectrogram(frame_step=0)", [(2, 600)]),
    ("STFTSpectrogram(frame_length=8, fft_length=4)", [(2, 600)]), ("STFTSpectrogram(window='a')", [(2, 600)]), ("STFTSpectrogram(data_format='channels_first')", [(2, 600, 1)], [(2, 1, 600)]), ("STFTSpectrogram(padding='same', expand_dims=True)", [(2, 600, 1)], [(2, None, 1)]),
    ("AutoContrast(value_range=(1, 2, 3))", IMAGE), ("InputLayer((3,), dtype='int3')", V2), ("Sequential([Input((3,), batch_size=2, batch_shape=(2, 3))])", V2), ("Sequential([Input()])", V2), ("Sequential([3])", V2), ("Sequential(Dense(2))", V2), ("Sequential([Input((3,)), Input((3,))])", V2),
]

# One of each class on a number alone and on one axis; of several inputs, one in turn.
ONE_INPUT = [
    "Activation('softmax')", "ActivityRegularization()", "AdaptiveAveragePooling1D(2)", "AdaptiveMaxPooling2D((2, 3))", "AlphaDropout(0.5)", "AutoContrast()", "AveragePooling2D(2)", "BatchNormalization()",
    "Bidirectional(LSTM(2))", "CategoryEncoding(3)", "CategoryEncoding(3, output_mode='one_hot')", "CenterCrop(2, 2)", "CenterCrop(2, 2, data_format='channels_first')", "Concatenate()", "Conv1D(2, 2)", "Conv2DTranspose(2, 2)", "ConvLSTM1D(2, 2)", "Cropping1D(1)", "Dense(2)",
    "DepthwiseConv2D(2)", "Discretization([0.5])", "Discretization([0.5], output_mode='one_hot')", "Dropout(0.5)", "ELU()", "EinsumDense('ab,bc->ac', 3)", "EinsumDense('...a,ab->...b', 3)", "Embedding(5, 2)", "Flatten()", "GRU(2)",
    "GaussianDropout(0.5)", "GaussianNoise(0.5)", "GlobalAveragePooling1D()", "GlobalMaxPooling2D()", "GroupNormalization(-1)", "Hashing(3)", "Identity()", "IntegerLookup(vocabulary=[1])", "LayerNormalization()", "LeakyReLU()",
    "Masking()", "MaxNumBoundingBoxes(3)", "MaxPooling1D(2)", "MelSpectrogram()", "Normalization()", "Normalization(axis=None)", "PReLU()", "Permute((1,))", "RMSNormalization()", "RNN(LSTMCell(2))", "RandomCrop(2, 2)", "RandomZoom(0.5)", "ReLU()",
    "RepeatVector(2)", "Rescaling(2.0)", "Reshape((2, 3))", "Reshape((-1,))", "Resizing(2, 2)", "Resizing(2, 2, data_format='channels_first')", "ReversibleEmbedding(5, 2)", "STFTSpectrogram()", "SeparableConv1D(2, 2)", "SimpleRNN(2)",
    "Softmax()", "SpatialDropout1D(0.5)", "SpectralNormalization(Dense(2))", "TimeDistributed(Dense(2))", "UnitNormalization()", "UpSampling1D(2)", "UpSampling2D(2)", "ZeroPadding1D(1)", "Sequential([Dense(2)])",
]
SEVERAL_INPUTS = [("Add()", (2, 3), (2, 3)), ("Dot(-1)", (2, 3), (2, 3)), ("Dot(1)", (2, 3), (2, 3)), ("Maximum()", (2, 3), (2, 3)), ("Concatenate()", (2, 3), (2, 3)), ("Subtract()", (2, 3), (2, 3)),
                  ("HashedCrossing(3)", (2, 1), (2, 1)), ("Average()", (2,), (2,))]
SMALL = [*((layer, [()], [(3,)]) for layer in ONE_INPUT), *((layer, [(), b], [a, ()], [(), ()]) for layer, a, b in SEVERAL_INPUTS),
         ("EinsumDense('abc,cd->abd', output_shape=(3,))", V3), ("EinsumDense('ab,bcd->acd', output_shape=(3,))", V2), ("Dot(0)", [(2,), (2,)], [(2, 3), (2,)]), ("BatchNormalization(axis='1')", V2)]

ONE, THREE, STEPS = ("Sequential([Input((3,), name='x'), Dense(1, activation='sigmoid', name='y')])", "Sequential([Input((3,), name='x'), Dense(3, activation='softmax', name='y')])",
                     "Sequential([Input((3, 2), name='x'), Dense(3, activation='softmax', name='y')])")
METRICS = [
    "Accuracy()", "AUC(curve='XY')", "AUC(summation_method='a')", "AUC(num_thresholds=1)", "AUC(num_thresholds=0)", "AUC(thresholds=['a'])", "AUC(thresholds=[0.5, 1.5])", "AUC(thresholds=[-0.1])", "AUC(num_labels=2)",
    "AUC(multi_label=True)", "AUC(multi_label=True, num_labels=3)", "AUC(multi_label=True, num_labels=2)", "AUC(multi_label=True, label_weights=[1.0, 2.0])", "AUC(from_logits='a')", "Precision(thresholds=1.5)", "Precision(thresholds=[0.2, -1.0])",
    "Precision(thresholds=[0.2, 0.7])", "Precision(top_k=5)", "Precision(top_k=2)", "Precision(class_id=4)", "Precision(class_id=1)", "Precision(class_id=-1)", "Recall(top_k=0)", "Recall(thresholds='a')", "SensitivityAtSpecificity(1.5)",
    "SensitivityAtSpecificity(0.5, num_thresholds=0)", "PrecisionAtRecall(-0.1)", "RecallAtPrecision(2)", "SpecificityAtSensitivity(0.5, class_id=3)", "TruePositives(thresholds=[2.0])", "FalsePositives('a')", "F1Score(average='a')",
    "F1Score(threshold=1.5)", "F1Score(threshold='a')", "FBetaScore(beta=0.0)", "FBetaScore(beta='a')", "FBetaScore(average='micro', threshold=0.5)", "R2Score(class_aggregation='a')", "R2Score(num_regressors=-1)", "R2Score(num_regressors=9)",
    "MeanIoU(0)", "MeanIoU(3)", "MeanIoU(3, sparse_y_pred=False)", "IoU(2, [5])", "IoU(2, [0, 1])", "BinaryIoU([2])", "BinaryIoU(threshold=0.3)", "OneHotIoU(3, [1])", "TopKCategoricalAccuracy(9)", "TopKCategoricalAccuracy(0)",
    "SparseTopKCategoricalAccuracy(9)", "BinaryAccuracy(threshold=1.5)", "BinaryAccuracy(threshold=None)", "CosineSimilarity(axis=3)", "CategoricalCrossentropy(axis=2)", "SparseCategoricalCrossentropy(axis=1)", "Mean()", "Sum()", "PearsonCorrelation(axis=2)",
    "ConcordanceCorrelation(axis=-3)", "MeanSquaredError(nome='a')", "Poisson()", "LogCoshError()", "KLDivergence()", "Hinge()", "SquaredHinge()", "CategoricalHinge()", "MeanAbsolutePercentageError()",
]
# What looks at the shapes of both.
SHAPED = ["Accuracy()", "AUC(multi_label=True)", "F1Score(average='a')", "R2Score(num_regressors=9)", "MeanIoU(3)", "BinaryIoU(threshold=0.3)", "SparseTopKCategoricalAccuracy(9)", "CosineSimilarity(axis=3)"]
LOSSES = [
    "CategoricalCrossentropy(axis=1)", "CategoricalCrossentropy(axis=2)", "SparseCategoricalCrossentropy(axis=0)", "SparseCategoricalCrossentropy(ignore_class=1, axis=-1)", "CategoricalCrossentropy(label_smoothing='a')", "CategoricalCrossentropy(label_smoothing=2.0)",
    "BinaryCrossentropy(label_smoothing=-1.0)", "BinaryCrossentropy(axis=1)", "Huber(delta='a')", "Huber(reduction='a')", "MeanSquaredError(reduction=None)", "MeanSquaredError(reduction='none')", "MeanSquaredError(dtype='float31')", "CosineSimilarity(axis=4)",
    "CategoricalFocalCrossentropy(alpha=[0.2, 0.3, 0.5])", "CategoricalFocalCrossentropy(axis=1)", "BinaryFocalCrossentropy(gamma='a')", "Dice(axis=3)", "Dice(axis=-1)", "Tversky(axis='a')", "Circle(remove_diagonal='a')", "CategoricalGeneralizedCrossEntropy(q=0.0)",
    "CategoricalGeneralizedCrossEntropy(q=2.0)", "CTC()", "LogCosh(nome=1)", "Poisson()", "KLDivergence()", "MeanAbsolutePercentageError()", "SquaredHinge()",
]


def fits():
    for model, x, ys in [(ONE, (8, 3), [(8, 1), (8,)]), (THREE, (8, 3), [(8, 3), (8,), (8, 1)]), (STEPS, (8, 3, 2), [(8, 3, 3), (8, 3)])]:
        for y in ys:
            for how in [*({"loss": "mse", "metrics": [m]} for m in METRICS), *({"loss": loss} for loss in LOSSES)]:
                if (y == ys[0] and model != STEPS) or len(how) == 1 or how["metrics"][0] in SHAPED:
                    row = {"model": model, "optimizer": "sgd", **how, "fit": {"batch_size": 4}, "x": {"x": {"shape": list(x)}}, "y": {"y": {"shape": list(y)}}}
                    yield messages.fitted(row, x, y, row["fit"])


# What Keratin refuses in words of its own where Python, NumPy or TensorFlow stumbles over a value that makes no sense;
# what it refuses where Keras does not look; what a symbolic call of Keras gets wrong.
OTHERWISE = {
    "ELU(alpha=None)", "DepthwiseConv2D(2, depth_multiplier=None)", "SeparableConv1D(2, 3, depth_multiplier=None)", "MaxPooling1D(2, padding=None)", "AdaptiveAveragePooling1D(2)", "AdaptiveMaxPooling1D(0)",
    "UnitNormalization(axis=[1, 'a'])", "RMSNormalization(axis=None)", "RMSNormalization(axis='a')", "Normalization(axis='a')", "AdditiveAttention(score_mode='dot')", "Bidirectional(Dense(2))",
    "Bidirectional(LSTM(2), backward_layer=GRU(3, go_backwards=True))", "Bidirectional(LSTM(2), backward_layer=GRU(3, go_backwards=True), merge_mode='sum')", "SimpleRNN(1.5)", "RNN(SimpleRNNCell(1.5))",
    "StackedRNNCells([])", "ConvLSTM1D(None, 2)", "EinsumDense('ab,bc->ac', output_shape='a')", "EinsumDense('ab,bc->ac,d', output_shape=2)", "EinsumDense('aa,ab->ab', output_shape=2)", "Embedding(5, 2, weights='a')",
    "Rescaling(None)", "Rescaling('a')", "Rescaling(2.0, 'a')", "Masking(None)", "Reshape('a')", "Reshape((1, 'a'))", "Lambda(3)", "Dense(2, lora_rank=0)", "Discretization(bin_boundaries=3)", "Discretization(bin_boundaries=['a'])",
    "HashedCrossing(3, output_mode='int', sparse=True)", "MelSpectrogram(num_mel_bins=0)", "MelSpectrogram(fft_length=0)", "MelSpectrogram(sequence_stride=0)", "STFTSpectrogram(frame_length=0)",
    "STFTSpectrogram(data_format='channels_first')", "InputLayer((3,), dtype='int3')", "AUC(thresholds=['a'])", "AUC(multi_label=True, label_weights=[1.0, 2.0])", "AUC(multi_label=True)", "Recall(thresholds='a')",
    "RecallAtPrecision(2)", "FalsePositives('a')", "R2Score(num_regressors=9)", "MeanIoU(0)", "BinaryAccuracy(threshold=None)", "CategoricalCrossentropy(label_smoothing='a')", "Huber(delta='a')",
    "MeanSquaredError(dtype='float31')", "BinaryFocalCrossentropy(gamma='a')", "Tversky(axis='a')",
}
ON = [("AveragePooling1D(2)", [[2, 1, 4]]), ("MaxPooling3D(2)", [[2, 1, 3, 3, 1]]), ("AdaptiveMaxPooling2D((2, 3))", [[2, 3, 4]]), ("GroupNormalization(2)", [[2]]), ("Attention()", [[2], [2]]),
      ("HashedCrossing(3)", [[2, 1]]), ("HashedCrossing(3)", [[2, 1], [2, 2]]), ("Activation('softmax')", [[]]), ("UnitNormalization()", [[]])]


def alike(row):
    what = row["model"] if "in" in row else (row.get("metrics") or [row["loss"]])[0]
    return what not in OTHERWISE and (what, row.get("in")) not in ON


def without_steps():
    """Said in TensorFlow's frame, which other rows are left out for."""
    for layer in ("LSTM(2)", "GRU(2, return_sequences=True)", "SimpleRNN(2, unroll=True)", "Bidirectional(LSTM(2))", "RNN([LSTMCell(2), GRUCell(3)])", "ConvLSTM1D(2, 1)"):
        shape = (2, 0, 4, 1) if "Conv" in layer else (2, 0, 4)
        yield messages.call({"model": f"Sequential([{layer}])", "symbolic": False, "in": [list(shape)]}, [shape], False)


PHOTO, TILES = np.zeros((2, 4, 4, 3), "float32"), "ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size={})"
# A layer, its numbers, and whether it trains.
NUMBERS = [
    ("STFTSpectrogram(frame_length=4)", np.zeros((2, 8, 1), "bool")), ("STFTSpectrogram(frame_length=4)", np.zeros((2, 8, 1), "int32")),
    ("MelSpectrogram(4, sequence_stride=2, window=[1.0, 2.0])", np.zeros((2, 8), "float32")), ("MelSpectrogram(4, sequence_stride=2, window=[])", np.zeros((2, 8), "float32")),
    ("Discretization([3.0, 1.0])", np.zeros((2, 3), "float32")), *[(f"Resizing({size})", PHOTO) for size in ("-1, 3", "3, 0", "1.5, 3", "3, 2.0", "'a', 3", "None, 3")],
    ("Resizing(3, 3)", np.zeros((2, 0, 4, 3), "float32")), ("Resizing(8, 3, pad_to_aspect_ratio=True, fill_value=0.5, dtype='uint8')", PHOTO.astype("uint8")),
    *[(f"CenterCrop({size})", PHOTO) for size in ("'a', 3", "None, 3", "3, None")], *[(TILES.format(size), PHOTO) for size in ("(2,)", "(1, 2, 3)", "3", "(0, 2)", "(9, 9)")],
    *[(TILES.format(f"(2, 2), value_range={v}"), PHOTO) for v in ("None", "3", "True", "[]", "()", "[0.5]", "(1, 2, 3)")],
    ("RandomSaturation(0.5)", PHOTO[..., :1], True), ("RandomHue(0.5)", PHOTO[..., :2], True), ("RandAugment(num_ops=-1)", PHOTO, True), ("Pipeline([])", PHOTO),
    ("BatchNormalization(axis=2)", np.zeros((2, 3), "float32")),
]
AROUND = re.compile(r"\{\{.*?\}\} (.*?) \[Op:.*", re.S)


def refused_numbers():
    for layer, x, *training in NUMBERS:
        row = {"layer": layer, "x": array(x), "training": bool(training)}
        try:
            made(layer, LAYERS)(tf.constant(x), **({"training": True} if training else {}))
            raise SystemExit(f"{layer} does not fail")
        except Exception as e:  # whatever Keras raises is the fact
            row["error"] = error_of(e)
        row["error"]["message"] = AROUND.sub(r"\1", row["error"]["message"])
        yield row


def other_axes():
    """A model that was declared for another number of axes infers shapes all the same."""
    for shape in (2, 3), (2, 3, 4, 5):
        row = {"model": "Sequential([Input((3, 4)), Permute((2, 1))])", "symbolic": True, "in": [list(shape)]}
        yield messages.call(row, [shape], True)


def rows():
    messages.PLAIN = PLAIN + SMALL
    messages.functionals = lambda: ()
    messages.CHANGES = ()
    for row in [*messages.chosen(), *fits()]:
        if alike(row) and not messages.FOREIGN.search(row.get("error", {}).get("message", "")):
            yield row
    yield from without_steps()
    yield from other_axes()


if __name__ == "__main__":
    write("refusals", rows())
    write("refused_numbers", refused_numbers())
