/* translate_table.c - how configurations of Keras 1.0 to 2.15 (tf.keras, too) differ from today's:
 * names of classes, and fields. */
#include "io/translate.h"

const kt_old_class kt_old_classes[] = {
    {"Model", "Functional", NULL},
    {"Network", "Functional", NULL},
    {"BatchNormalizationV1", "BatchNormalization", NULL},
    {"BatchNormalizationV2", "BatchNormalization", NULL},
    {"UnifiedLSTM", "LSTM", NULL},
    {"LSTMV1", "LSTM", NULL},
    {"LSTMV2", "LSTM", NULL},
    {"CuDNNLSTM", "LSTM", NULL},
    {"UnifiedGRU", "GRU", NULL},
    {"GRUV1", "GRU", NULL},
    {"GRUV2", "GRU", NULL},
    {"CuDNNGRU", "GRU", NULL},
    {"ThresholdedReLU", "ReLU", NULL},
    {"DenseFeatures", NULL, "columns of TensorFlow's feature_column belong to no layer today"},
    /* Keras 1 */
    {"Convolution1D", "Conv1D", NULL},
    {"Convolution2D", "Conv2D", NULL},
    {"Convolution3D", "Conv3D", NULL},
    {"AtrousConvolution1D", "Conv1D", NULL},
    {"AtrousConvolution2D", "Conv2D", NULL},
    {"AtrousConv1D", "Conv1D", NULL},
    {"AtrousConv2D", "Conv2D", NULL},
    {"Deconvolution2D", "Conv2DTranspose", NULL},
    {"Deconvolution3D", "Conv3DTranspose", NULL},
    {"SeparableConvolution2D", "SeparableConv2D", NULL},
    {"TimeDistributedDense", "Dense", NULL}, /* and wrapped, in translate_keras1.c */
    {"MaxoutDense", NULL, "Keras has had it in version 1 alone"},
    {"Highway", NULL, "Keras has had it in version 1 alone"},
    {"SReLU", NULL, "Keras has had it in version 1 alone"},
    {"ParametricSoftplus", NULL, "Keras has had it in version 1 alone"},
    {"GaussianProcess", NULL, "Keras has had it in version 1 alone"},
    {"Siamese", NULL, "Keras has had it in version 0 alone"},
    {"Graph", NULL, "Keras has had it in version 0 alone"},
    {"L1L2Regularizer", "L1L2", NULL},
    {"WeightRegularizer", "L1L2", NULL},
    {"ActivityRegularizer", "L1L2", NULL},
    {"EigenvalueRegularizer", NULL, "Keras has had it in version 1 alone"},
    /* tf.keras 1.13 */
    {"GlorotUniformV2", "GlorotUniform", NULL},
    {"GlorotNormalV2", "GlorotNormal", NULL},
    {"VarianceScalingV2", "VarianceScaling", NULL},
    {"RandomUniformV2", "RandomUniform", NULL},
    {"RandomNormalV2", "RandomNormal", NULL},
    {"TruncatedNormalV2", "TruncatedNormal", NULL},
    {"OrthogonalV2", "Orthogonal", NULL},
    {"ZerosV2", "Zeros", NULL},
    {"OnesV2", "Ones", NULL},
    {"ConstantV2", "Constant", NULL},
    {NULL, NULL, NULL},
};

#define RECURRENT  "LSTM|GRU|SimpleRNN|RNN|ConvLSTM1D|ConvLSTM2D|ConvLSTM3D"
#define SEPARATED  "DepthwiseConv1D|DepthwiseConv2D|SeparableConv1D|SeparableConv2D"
#define TRANSPOSED "Conv1DTranspose|Conv2DTranspose|Conv3DTranspose"
#define CONVOLVING                                                                            \
    "Conv1D|Conv2D|Conv3D|Conv2DTranspose|Conv3DTranspose|SeparableConv2D|LocallyConnected1D" \
    "|LocallyConnected2D"
#define WEIGHTED CONVOLVING "|Dense"
#define POOLING \
    "MaxPooling1D|MaxPooling2D|MaxPooling3D|AveragePooling1D|AveragePooling2D|AveragePooling3D"
#define SPATIAL "SpatialDropout2D|SpatialDropout3D"
#define IMAGES                                                                                    \
    "ZeroPadding2D|ZeroPadding3D|Cropping2D|Cropping3D|UpSampling2D|UpSampling3D|SpatialDropout2" \
    "D|SpatialDropout3D"
#define SCHEDULE                                                                            \
    "ExponentialDecay|PiecewiseConstantDecay|PolynomialDecay|InverseTimeDecay|CosineDecay|" \
    "CosineDecayRestarts"
#define INITIALIZER                                                                              \
    "Zeros|Ones|Constant|RandomUniform|RandomNormal|TruncatedNormal|VarianceScaling|Orthogonal|" \
    "GlorotUniform|GlorotNormal|HeUniform|HeNormal|LecunUniform|LecunNormal|Identity"
#define OPTIMIZER "SGD|RMSprop|Adam|AdamW|Adadelta|Adagrad|Adamax|Nadam|Ftrl|Adafactor|Lion"

const kt_old_field kt_old_fields[] = {
    /* Keras 1: other names */
    {1, "Dense|" RECURRENT, "output_dim", KT_RENAME, NULL, "units"},
    {1, "Dense|Conv1D|LocallyConnected1D|" RECURRENT, "input_dim", KT_DROP, NULL, NULL},
    {1, "Dense|Conv1D|LocallyConnected1D|" RECURRENT, "input_length", KT_DROP, NULL, NULL},
    {1, CONVOLVING "|ConvLSTM2D", "nb_filter", KT_RENAME, NULL, "filters"},
    {1, CONVOLVING "|ConvLSTM2D", "nb_row", KT_JOIN, "nb_row|nb_col", "kernel_size"},
    {1, "Conv3D|Conv3DTranspose", "kernel_dim1", KT_JOIN, "kernel_dim1|kernel_dim2|kernel_dim3",
     "kernel_size"},
    {1, CONVOLVING, "filter_length", KT_RENAME, NULL, "kernel_size"},
    {1, CONVOLVING, "subsample_length", KT_RENAME, NULL, "strides"},
    {1, CONVOLVING "|ConvLSTM2D", "subsample", KT_RENAME, NULL, "strides"},
    {1, CONVOLVING, "atrous_rate", KT_RENAME, NULL, "dilation_rate"},
    {1, TRANSPOSED, "output_shape", KT_DROP, NULL, NULL},
    {1, CONVOLVING "|ConvLSTM2D|" POOLING, "border_mode", KT_RENAME, NULL, "padding"},
    {1, "MaxPooling1D|AveragePooling1D", "pool_length", KT_RENAME, NULL, "pool_size"},
    {1, "MaxPooling1D|AveragePooling1D", "stride", KT_RENAME, NULL, "strides"},
    {1, "UpSampling1D", "length", KT_RENAME, NULL, "size"},
    {1, "ZeroPadding1D|ZeroPadding2D", "padding", KT_PAIRS, NULL, NULL},
    {1, "*", "dim_ordering", KT_RENAME, NULL, "data_format"},
    {1, "*", "data_format", KT_REPLACE, "'tf'", "'channels_last'"},
    {1, "*", "data_format", KT_REPLACE, "'th'", "'channels_first'"},
    {1, "*", "data_format", KT_REPLACE, "'default'", "None"},
    {1, IMAGES, "data_format", KT_ORDER, NULL, NULL},
    {1, "SeparableConv2D", "init", KT_DROP, NULL, NULL},
    {1, WEIGHTED "|" RECURRENT, "init", KT_RENAME, NULL, "kernel_initializer"},
    {1, "Embedding", "init", KT_RENAME, NULL, "embeddings_initializer"},
    {1, "PReLU", "init", KT_RENAME, NULL, "alpha_initializer"},
    {1, RECURRENT, "inner_init", KT_RENAME, NULL, "recurrent_initializer"},
    {1, RECURRENT, "inner_activation", KT_RENAME, NULL, "recurrent_activation"},
    {1, RECURRENT, "forget_bias_init", KT_REPLACE, "'one'", "True"},
    {1, RECURRENT, "forget_bias_init", KT_REPLACE, "'zero'", "False"},
    {1, RECURRENT, "forget_bias_init", KT_RENAME, NULL, "unit_forget_bias"},
    {1, RECURRENT, "U_regularizer", KT_RENAME, NULL, "recurrent_regularizer"},
    {1, RECURRENT, "dropout_W", KT_RENAME, NULL, "dropout"},
    {1, RECURRENT, "dropout_U", KT_RENAME, NULL, "recurrent_dropout"},
    {1, "Embedding", "W_regularizer", KT_RENAME, NULL, "embeddings_regularizer"},
    {1, "Embedding", "W_constraint", KT_RENAME, NULL, "embeddings_constraint"},
    {1, "Embedding", "dropout", KT_DROP, NULL, NULL},
    {1, "*", "W_regularizer", KT_RENAME, NULL, "kernel_regularizer"},
    {1, "*", "W_constraint", KT_RENAME, NULL, "kernel_constraint"},
    {1, "*", "b_regularizer", KT_RENAME, NULL, "bias_regularizer"},
    {1, "*", "b_constraint", KT_RENAME, NULL, "bias_constraint"},
    {1, WEIGHTED, "bias", KT_RENAME, NULL, "use_bias"},
    {1, "BatchNormalization", "mode", KT_ONLY, "0", NULL},
    {1, "BatchNormalization", "beta_init", KT_RENAME, NULL, "beta_initializer"},
    {1, "BatchNormalization", "gamma_init", KT_RENAME, NULL, "gamma_initializer"},
    {1, "GaussianNoise", "sigma", KT_RENAME, NULL, "stddev"},
    {1, "MaxNorm", "m", KT_RENAME, NULL, "max_value"},
    {1, "InputLayer", "input_dtype", KT_RENAME, NULL, "dtype"},
    {1, "*", "input_dtype", KT_DROP, NULL, NULL},
    {1, "*", "create_input_layer", KT_DROP, NULL, NULL},
    {3, "Dropout|GaussianDropout|SpatialDropout1D|" SPATIAL, "p", KT_RENAME, NULL, "rate"},
    /* Keras 2 */
    {3, "InputLayer", "batch_input_shape", KT_RENAME, NULL, "batch_shape"},
    {3, "InputLayer", "input_dtype", KT_RENAME, NULL, "dtype"},
    {3, "InputLayer", "type_spec", KT_DROP, NULL, NULL},
    {3, RECURRENT "|Bidirectional", "time_major", KT_ONLY, "False", NULL},
    {3, "Bidirectional", "input_spec", KT_DROP, NULL, NULL},
    {3, RECURRENT, "consume_less", KT_DROP, NULL, NULL},
    {3, RECURRENT "|Bidirectional", "input_length", KT_DROP, NULL, NULL},
    {2, "CuDNNGRU", "reset_after", KT_DEFAULT, "True", NULL},
    {2, "GRU", "reset_after", KT_DEFAULT, "False", NULL},
    {3, "GRU", "implementation", KT_DROP, NULL, NULL},
    {3, "SimpleRNN", "implementation", KT_DROP, NULL, NULL},
    {3, SEPARATED "|" TRANSPOSED, "groups", KT_ONLY, "1", NULL},
    {3, SEPARATED, "kernel_initializer", KT_DROP, NULL, NULL},
    {3, SEPARATED, "kernel_regularizer", KT_DROP, NULL, NULL},
    {3, SEPARATED, "kernel_constraint", KT_DROP, NULL, NULL},
    {3, "DepthwiseConv1D|DepthwiseConv2D", "filters", KT_DROP, NULL, NULL},
    {3, SPATIAL "|SpatialDropout1D", "noise_shape", KT_DROP, NULL, NULL},
    {3, SPATIAL "|SpatialDropout1D", "trainable", KT_DROP, NULL, NULL},
    {3, "BatchNormalization|LayerNormalization", "axis", KT_ONE, NULL, NULL},
    {3, "BatchNormalization", "virtual_batch_size", KT_ONLY, "None", NULL},
    {3, "BatchNormalization", "adjustment", KT_ONLY, "None", NULL},
    {3, "BatchNormalization", "fused", KT_DROP, NULL, NULL},
    {3, "LeakyReLU", "alpha", KT_RENAME, NULL, "negative_slope"},
    {3, "ThresholdedReLU", "theta", KT_RENAME, NULL, "threshold"},
    {3, "ThresholdedReLU", "threshold", KT_DEFAULT, "1.0", NULL},
    {3, "*", "activation", KT_REPLACE, "'softmax_v2'", "'softmax'"},
    {3, "*", "activation", KT_REPLACE, "'swish'", "'silu'"},
    {2, "*", "activation", KT_REPLACE, "'hard_sigmoid'", "'hard_sigmoid_keras2'"},
    {2, "*", "recurrent_activation", KT_REPLACE, "'hard_sigmoid'", "'hard_sigmoid_keras2'"},
    {3, INITIALIZER, "dtype", KT_DROP, NULL, NULL},
    {3, "VarianceScaling", "distribution", KT_REPLACE, "'normal'", "'truncated_normal'"},
    {3, OPTIMIZER, "lr", KT_RENAME, NULL, "learning_rate"},
    {2, "Nadam", "decay", KT_DROP, NULL, NULL}, /* that of its momentum, which is fixed today */
    {2, OPTIMIZER, "decay", KT_DECAY, NULL, NULL},
    {2, "Adagrad", "initial_accumulator_value", KT_DEFAULT, "0.0", NULL},
    {3, OPTIMIZER, "decay", KT_DROP, NULL, NULL},
    {3, OPTIMIZER, "schedule_decay", KT_DROP, NULL, NULL},
    {3, OPTIMIZER, "jit_compile", KT_DROP, NULL, NULL},
    {2, SCHEDULE, "name", KT_REPLACE, "None", "'schedule'"}, /* today it must have one */
    {3, OPTIMIZER, "is_legacy_optimizer", KT_DROP, NULL, NULL},
    {0, NULL, NULL, KT_DROP, NULL, NULL},
};
