/* layers.h - the layers as C calls with Keras' argument names.
 * Written by tools/gen from the field tables.
 *
 *   kt_dense(128, .activation = "relu", .use_bias = false)
 *   kt_conv2d(32, {3, 3}, .padding = "same")
 *   kt_dropout(0.2)
 *
 * Arguments that Keras requires come first and without a name where there are any; all others
 * are named. What is left out has Keras' default, shown as Python text; a zero that is written
 * counts. Where Keras takes an object, write a name or a Keras expression: .kernel_regularizer =
 * "L2(0.01)". A single number in braces, {3}, is a number and no tuple, but for shapes. NULL that
 * is written is Python's None; where Keras also takes None for a number or for sizes, write the
 * layer as kt_layer_from("Normalization(axis=None)").
 *
 * The structs may be filled by hand or from another language, see kt_site in model.h:
 *   kt_dense_args a = {.at = {.size = sizeof a, .given = "use_bias"}, .units = 3};
 *   kt_layer *l = kt_layer_make("Dense", &a.at);    // without a bias
 *
 * Each call returns a new layer, never NULL but without memory; errors show in kt_layer_error
 * and travel to the model. In C++ use keratin.hpp.
 */
#ifndef KERATIN_LAYERS_H
#define KERATIN_LAYERS_H

#include "keratin/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Activation: Applies an activation function. */
typedef struct kt_activation_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *activation; /* Name of the function. Required. */
} kt_activation_args;
#ifndef __cplusplus
#define kt_activation(...) \
    kt_layer_make("Activation", &(kt_activation_args){ \
        .at = KT_SITE(kt_activation_args, #__VA_ARGS__, __VA_ARGS__), \
        .activation = __VA_ARGS__}.at)
#endif

/* AdaptiveMaxPooling1D: The largest values, as many as are asked for. */
typedef struct kt_adaptive_max_pooling1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t output_size[KT_MAX_RANK]; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_adaptive_max_pooling1d_args;
#ifndef __cplusplus
#define kt_adaptive_max_pooling1d(...) \
    kt_layer_make("AdaptiveMaxPooling1D", &(kt_adaptive_max_pooling1d_args){ \
        .at = KT_SITE(kt_adaptive_max_pooling1d_args, #__VA_ARGS__, __VA_ARGS__), \
        .output_size = __VA_ARGS__}.at)
#endif

/* AdaptiveMaxPooling2D: The largest values, as many as are asked for. */
typedef struct kt_adaptive_max_pooling2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t output_size[KT_MAX_RANK]; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_adaptive_max_pooling2d_args;
#ifndef __cplusplus
#define kt_adaptive_max_pooling2d(...) \
    kt_layer_make("AdaptiveMaxPooling2D", &(kt_adaptive_max_pooling2d_args){ \
        .at = KT_SITE(kt_adaptive_max_pooling2d_args, #__VA_ARGS__, __VA_ARGS__), \
        .output_size = __VA_ARGS__}.at)
#endif

/* AdaptiveMaxPooling3D: The largest values, as many as are asked for. */
typedef struct kt_adaptive_max_pooling3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t output_size[KT_MAX_RANK]; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_adaptive_max_pooling3d_args;
#ifndef __cplusplus
#define kt_adaptive_max_pooling3d(...) \
    kt_layer_make("AdaptiveMaxPooling3D", &(kt_adaptive_max_pooling3d_args){ \
        .at = KT_SITE(kt_adaptive_max_pooling3d_args, #__VA_ARGS__, __VA_ARGS__), \
        .output_size = __VA_ARGS__}.at)
#endif

/* AdaptiveAveragePooling1D: Means, as many as are asked for. */
typedef struct kt_adaptive_average_pooling1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t output_size[KT_MAX_RANK]; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_adaptive_average_pooling1d_args;
#ifndef __cplusplus
#define kt_adaptive_average_pooling1d(...) \
    kt_layer_make("AdaptiveAveragePooling1D", &(kt_adaptive_average_pooling1d_args){ \
        .at = KT_SITE(kt_adaptive_average_pooling1d_args, #__VA_ARGS__, __VA_ARGS__), \
        .output_size = __VA_ARGS__}.at)
#endif

/* AdaptiveAveragePooling2D: Means, as many as are asked for. */
typedef struct kt_adaptive_average_pooling2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t output_size[KT_MAX_RANK]; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_adaptive_average_pooling2d_args;
#ifndef __cplusplus
#define kt_adaptive_average_pooling2d(...) \
    kt_layer_make("AdaptiveAveragePooling2D", &(kt_adaptive_average_pooling2d_args){ \
        .at = KT_SITE(kt_adaptive_average_pooling2d_args, #__VA_ARGS__, __VA_ARGS__), \
        .output_size = __VA_ARGS__}.at)
#endif

/* AdaptiveAveragePooling3D: Means, as many as are asked for. */
typedef struct kt_adaptive_average_pooling3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t output_size[KT_MAX_RANK]; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_adaptive_average_pooling3d_args;
#ifndef __cplusplus
#define kt_adaptive_average_pooling3d(...) \
    kt_layer_make("AdaptiveAveragePooling3D", &(kt_adaptive_average_pooling3d_args){ \
        .at = KT_SITE(kt_adaptive_average_pooling3d_args, #__VA_ARGS__, __VA_ARGS__), \
        .output_size = __VA_ARGS__}.at)
#endif

/* Attention: Values, weighted by the products of queries and keys. */
typedef struct kt_attention_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    bool use_scale; /* A learned factor of the scores. Default: False. */
    const char *score_mode; /* 'dot', or 'concat' for tanh(query + key). Default: dot. */
    double dropout; /* Share of the weights that training drops. Default: 0.0. */
    int64_t seed; /* Of the dropout. Default: None. */
} kt_attention_args;
#ifndef __cplusplus
#define kt_attention(...) \
    kt_layer_make("Attention", &(kt_attention_args){ \
        .at = KT_SITE(kt_attention_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* AdditiveAttention: Values, weighted by tanh of the sums of queries and keys. */
typedef struct kt_additive_attention_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    bool use_scale; /* A learned factor of each feature in the scores. Default: True. */
    double dropout; /* Share of the weights that training drops. Default: 0.0. */
    int64_t seed; /* Of the dropout. Default: None. */
} kt_additive_attention_args;
#ifndef __cplusplus
#define kt_additive_attention(...) \
    kt_layer_make("AdditiveAttention", &(kt_additive_attention_args){ \
        .at = KT_SITE(kt_additive_attention_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* AugMix: Mixes chains of changes with the image. */
typedef struct kt_aug_mix_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    int64_t num_chains; /* How many chains are mixed. Default: 3. */
    int64_t chain_depth; /* The longest chain. Default: 3. */
    /* How strongly, or how often: a number or the ends of a range. Default: 0.3. */
    const char *factor;
    double alpha; /* Of the distribution of the chains' weights. Default: 1.0. */
    bool all_ops; /* Also brightness, colour, contrast and sharpness. Default: True. */
    const char *interpolation; /* 'nearest' or 'bilinear'. Default: bilinear. */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_aug_mix_args;
#ifndef __cplusplus
#define kt_aug_mix(...) \
    kt_layer_make("AugMix", &(kt_aug_mix_args){ \
        .at = KT_SITE(kt_aug_mix_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* CutMix: Pastes a part of another image. */
typedef struct kt_cut_mix_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    const char *factor;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_cut_mix_args;
#ifndef __cplusplus
#define kt_cut_mix(...) \
    kt_layer_make("CutMix", &(kt_cut_mix_args){ \
        .at = KT_SITE(kt_cut_mix_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* MixUp: Mixes two images. */
typedef struct kt_mix_up_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double alpha; /* Of the distribution of the share. Default: 0.2. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_mix_up_args;
#ifndef __cplusplus
#define kt_mix_up(...) \
    kt_layer_make("MixUp", &(kt_mix_up_args){ \
        .at = KT_SITE(kt_mix_up_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Equalization: Evens out how often each brightness is. */
typedef struct kt_equalization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    int64_t bins; /* Steps of brightness. Default: 256. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_equalization_args;
#ifndef __cplusplus
#define kt_equalization(...) \
    kt_layer_make("Equalization", &(kt_equalization_args){ \
        .at = KT_SITE(kt_equalization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* MaxNumBoundingBoxes: Limits boxes, not images. */
typedef struct kt_max_num_bounding_boxes_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t max_number; /* The most boxes of an image. Required. */
    int64_t fill_value; /* What stands for no box. Default: -1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_max_num_bounding_boxes_args;
#ifndef __cplusplus
#define kt_max_num_bounding_boxes(...) \
    kt_layer_make("MaxNumBoundingBoxes", &(kt_max_num_bounding_boxes_args){ \
        .at = KT_SITE(kt_max_num_bounding_boxes_args, #__VA_ARGS__, __VA_ARGS__), \
        .max_number = __VA_ARGS__}.at)
#endif

/* RandAugment: Changes images in some ways of many. */
typedef struct kt_rand_augment_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    int64_t num_ops; /* How many are chosen. Default: 2. */
    /* How strongly, or how often: a number or the ends of a range. Default: 0.5. */
    const char *factor;
    const char *interpolation; /* 'nearest' or 'bilinear'. Default: bilinear. */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_rand_augment_args;
#ifndef __cplusplus
#define kt_rand_augment(...) \
    kt_layer_make("RandAugment", &(kt_rand_augment_args){ \
        .at = KT_SITE(kt_rand_augment_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomBrightness: Makes images brighter or darker. */
typedef struct kt_random_brightness_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *factor; /* How strongly, or how often: a number or the ends of a range. Required. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_brightness_args;
#ifndef __cplusplus
#define kt_random_brightness(...) \
    kt_layer_make("RandomBrightness", &(kt_random_brightness_args){ \
        .at = KT_SITE(kt_random_brightness_args, #__VA_ARGS__, __VA_ARGS__), \
        .factor = __VA_ARGS__}.at)
#endif

/* RandomContrast: Changes how far pixels are from the mean. */
typedef struct kt_random_contrast_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *factor; /* How strongly, or how often: a number or the ends of a range. Required. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_contrast_args;
#ifndef __cplusplus
#define kt_random_contrast(...) \
    kt_layer_make("RandomContrast", &(kt_random_contrast_args){ \
        .at = KT_SITE(kt_random_contrast_args, #__VA_ARGS__, __VA_ARGS__), \
        .factor = __VA_ARGS__}.at)
#endif

/* RandomInvert: Turns images into their negative. */
typedef struct kt_random_invert_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    const char *factor;
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_invert_args;
#ifndef __cplusplus
#define kt_random_invert(...) \
    kt_layer_make("RandomInvert", &(kt_random_invert_args){ \
        .at = KT_SITE(kt_random_invert_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomColorDegeneration: Takes colour away. */
typedef struct kt_random_color_degeneration_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *factor; /* How strongly, or how often: a number or the ends of a range. Required. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_color_degeneration_args;
#ifndef __cplusplus
#define kt_random_color_degeneration(...) \
    kt_layer_make("RandomColorDegeneration", &(kt_random_color_degeneration_args){ \
        .at = KT_SITE(kt_random_color_degeneration_args, #__VA_ARGS__, __VA_ARGS__), \
        .factor = __VA_ARGS__}.at)
#endif

/* RandomHue: Turns colours. */
typedef struct kt_random_hue_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *factor; /* How strongly, or how often: a number or the ends of a range. Required. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_hue_args;
#ifndef __cplusplus
#define kt_random_hue(...) \
    kt_layer_make("RandomHue", &(kt_random_hue_args){ \
        .at = KT_SITE(kt_random_hue_args, #__VA_ARGS__, __VA_ARGS__), \
        .factor = __VA_ARGS__}.at)
#endif

/* RandomPosterization: Leaves fewer steps of colour. */
typedef struct kt_random_posterization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *factor; /* How strongly, or how often: a number or the ends of a range. Required. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_posterization_args;
#ifndef __cplusplus
#define kt_random_posterization(...) \
    kt_layer_make("RandomPosterization", &(kt_random_posterization_args){ \
        .at = KT_SITE(kt_random_posterization_args, #__VA_ARGS__, __VA_ARGS__), \
        .factor = __VA_ARGS__}.at)
#endif

/* RandomSaturation: Makes colours stronger or weaker. */
typedef struct kt_random_saturation_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *factor; /* How strongly, or how often: a number or the ends of a range. Required. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_saturation_args;
#ifndef __cplusplus
#define kt_random_saturation(...) \
    kt_layer_make("RandomSaturation", &(kt_random_saturation_args){ \
        .at = KT_SITE(kt_random_saturation_args, #__VA_ARGS__, __VA_ARGS__), \
        .factor = __VA_ARGS__}.at)
#endif

/* RandomSharpness: Sharpens or blurs. */
typedef struct kt_random_sharpness_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *factor; /* How strongly, or how often: a number or the ends of a range. Required. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_sharpness_args;
#ifndef __cplusplus
#define kt_random_sharpness(...) \
    kt_layer_make("RandomSharpness", &(kt_random_sharpness_args){ \
        .at = KT_SITE(kt_random_sharpness_args, #__VA_ARGS__, __VA_ARGS__), \
        .factor = __VA_ARGS__}.at)
#endif

/* RandomColorJitter: Changes brightness and colours. */
typedef struct kt_random_color_jitter_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    const char *brightness_factor; /* As RandomBrightness; None: not. Default: None. */
    const char *contrast_factor; /* As RandomContrast; None: not. Default: None. */
    const char *saturation_factor; /* As RandomSaturation; None: not. Default: None. */
    const char *hue_factor; /* As RandomHue; None: not. Default: None. */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_color_jitter_args;
#ifndef __cplusplus
#define kt_random_color_jitter(...) \
    kt_layer_make("RandomColorJitter", &(kt_random_color_jitter_args){ \
        .at = KT_SITE(kt_random_color_jitter_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomElasticTransform: Bends images. */
typedef struct kt_random_elastic_transform_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    const char *factor;
    const char *scale; /* How far pixels move. Default: 1.0. */
    const char *interpolation; /* 'nearest' or 'bilinear'. Default: bilinear. */
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    const char *fill_mode;
    double fill_value; /* What 'constant' fills with. Default: 0.0. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_elastic_transform_args;
#ifndef __cplusplus
#define kt_random_elastic_transform(...) \
    kt_layer_make("RandomElasticTransform", &(kt_random_elastic_transform_args){ \
        .at = KT_SITE(kt_random_elastic_transform_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomErasing: Erases a part. */
typedef struct kt_random_erasing_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    const char *factor;
    const char *scale; /* Which share of the image is erased. Default: (0.02, 0.33). */
    const char *fill_value; /* What the place is filled with; None: random. Default: None. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_erasing_args;
#ifndef __cplusplus
#define kt_random_erasing(...) \
    kt_layer_make("RandomErasing", &(kt_random_erasing_args){ \
        .at = KT_SITE(kt_random_erasing_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomFlip: Mirrors images. */
typedef struct kt_random_flip_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *mode; /* 'horizontal', 'vertical' or both. Default: horizontal_and_vertical. */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_flip_args;
#ifndef __cplusplus
#define kt_random_flip(...) \
    kt_layer_make("RandomFlip", &(kt_random_flip_args){ \
        .at = KT_SITE(kt_random_flip_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomGaussianBlur: Blurs images. */
typedef struct kt_random_gaussian_blur_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    const char *factor;
    const char *kernel_size; /* Pixels that are mixed: odd. Default: 3. */
    const char *sigma; /* How wide the blur is. Default: 1.0. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_gaussian_blur_args;
#ifndef __cplusplus
#define kt_random_gaussian_blur(...) \
    kt_layer_make("RandomGaussianBlur", &(kt_random_gaussian_blur_args){ \
        .at = KT_SITE(kt_random_gaussian_blur_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomGrayscale: Makes images gray. */
typedef struct kt_random_grayscale_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *factor; /* How often: between 0 and 1. Default: 0.5. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_grayscale_args;
#ifndef __cplusplus
#define kt_random_grayscale(...) \
    kt_layer_make("RandomGrayscale", &(kt_random_grayscale_args){ \
        .at = KT_SITE(kt_random_grayscale_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomPerspective: Moves the corners. */
typedef struct kt_random_perspective_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    const char *factor;
    double scale; /* How far corners move. Default: 1.0. */
    const char *interpolation; /* 'nearest' or 'bilinear'. Default: bilinear. */
    double fill_value; /* What 'constant' fills with. Default: 0.0. */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_perspective_args;
#ifndef __cplusplus
#define kt_random_perspective(...) \
    kt_layer_make("RandomPerspective", &(kt_random_perspective_args){ \
        .at = KT_SITE(kt_random_perspective_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomRotation: Turns images. */
typedef struct kt_random_rotation_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *factor; /* How strongly, or how often: a number or the ends of a range. Required. */
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    const char *fill_mode;
    const char *interpolation; /* 'nearest' or 'bilinear'. Default: bilinear. */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    double fill_value; /* What 'constant' fills with. Default: 0.0. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_rotation_args;
#ifndef __cplusplus
#define kt_random_rotation(...) \
    kt_layer_make("RandomRotation", &(kt_random_rotation_args){ \
        .at = KT_SITE(kt_random_rotation_args, #__VA_ARGS__, __VA_ARGS__), \
        .factor = __VA_ARGS__}.at)
#endif

/* RandomShear: Shears images. */
typedef struct kt_random_shear_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *x_factor; /* How far rows move. Default: 0.0. */
    const char *y_factor; /* How far columns move. Default: 0.0. */
    const char *interpolation; /* 'nearest' or 'bilinear'. Default: bilinear. */
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    const char *fill_mode;
    double fill_value; /* What 'constant' fills with. Default: 0.0. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_shear_args;
#ifndef __cplusplus
#define kt_random_shear(...) \
    kt_layer_make("RandomShear", &(kt_random_shear_args){ \
        .at = KT_SITE(kt_random_shear_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomTranslation: Moves images. */
typedef struct kt_random_translation_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *height_factor; /* How far up and down. Required. */
    const char *width_factor; /* How far to the sides. Required. */
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    const char *fill_mode;
    const char *interpolation; /* 'nearest' or 'bilinear'. Default: bilinear. */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    double fill_value; /* What 'constant' fills with. Default: 0.0. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_translation_args;
#ifndef __cplusplus
#define kt_random_translation(...) \
    kt_layer_make("RandomTranslation", &(kt_random_translation_args){ \
        .at = KT_SITE(kt_random_translation_args, #__VA_ARGS__, __VA_ARGS__), \
        .height_factor = __VA_ARGS__}.at)
#endif

/* RandomZoom: Enlarges or shrinks images. */
typedef struct kt_random_zoom_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *height_factor; /* How much up and down; below 0: nearer. Required. */
    const char *width_factor; /* The same to the sides; None: as up and down. Default: None. */
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    const char *fill_mode;
    const char *interpolation; /* 'nearest' or 'bilinear'. Default: bilinear. */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    double fill_value; /* What 'constant' fills with. Default: 0.0. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_zoom_args;
#ifndef __cplusplus
#define kt_random_zoom(...) \
    kt_layer_make("RandomZoom", &(kt_random_zoom_args){ \
        .at = KT_SITE(kt_random_zoom_args, #__VA_ARGS__, __VA_ARGS__), \
        .height_factor = __VA_ARGS__}.at)
#endif

/* Solarization: Turns what is bright into its negative. */
typedef struct kt_solarization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *addition_factor; /* How much brighter before. Default: 0.0. */
    const char *threshold_factor; /* Above which brightness it is turned. Default: 0.0. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_solarization_args;
#ifndef __cplusplus
#define kt_solarization(...) \
    kt_layer_make("Solarization", &(kt_solarization_args){ \
        .at = KT_SITE(kt_solarization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RandomCrop: Cuts a part out. */
typedef struct kt_random_crop_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t height; /* Rows of the result. Required. */
    int64_t width; /* Columns of the result. Required. */
    int64_t seed; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_random_crop_args;
#ifndef __cplusplus
#define kt_random_crop(...) \
    kt_layer_make("RandomCrop", &(kt_random_crop_args){ \
        .at = KT_SITE(kt_random_crop_args, #__VA_ARGS__, __VA_ARGS__), \
        .height = __VA_ARGS__}.at)
#endif

/* AutoContrast: Spreads an image over all brightnesses. */
typedef struct kt_auto_contrast_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_auto_contrast_args;
#ifndef __cplusplus
#define kt_auto_contrast(...) \
    kt_layer_make("AutoContrast", &(kt_auto_contrast_args){ \
        .at = KT_SITE(kt_auto_contrast_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* ContrastLimitedAdaptiveHistogramEqualization: Spreads an image over all brightnesses, tile by
  tile. */
typedef struct kt_contrast_limited_adaptive_histogram_equalization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *value_range; /* The least and the largest number of a pixel. Default: (0, 255). */
    double clip_limit; /* How often a brightness may be, beside the mean; 0: any. Default: 4.0. */
    int64_t tile_grid_size[KT_MAX_RANK]; /* Tiles down and across. Default: (8, 8). */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_contrast_limited_adaptive_histogram_equalization_args;
#ifndef __cplusplus
#define kt_contrast_limited_adaptive_histogram_equalization(...) \
    kt_layer_make("ContrastLimitedAdaptiveHistogramEqualization", &(kt_contrast_limited_adaptive_histogram_equalization_args){ \
        .at = KT_SITE(kt_contrast_limited_adaptive_histogram_equalization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* BatchNormalization: Normalises each channel over the batch. */
typedef struct kt_batch_normalization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t axis; /* The channel axis. Default: -1. */
    double momentum; /* moving = moving * momentum + batch * (1 - momentum). Default: 0.99. */
    double epsilon; /* Added to the variance. Default: 0.001. */
    bool center; /* Add beta. Default: True. */
    bool scale; /* Multiply by gamma. Default: True. */
    const char *beta_initializer; /* How beta starts. Default: zeros. */
    const char *gamma_initializer; /* How gamma starts. Default: ones. */
    const char *moving_mean_initializer; /* How the moving mean starts. Default: zeros. */
    const char *moving_variance_initializer; /* How the moving variance starts. Default: ones. */
    const char *beta_regularizer; /* Penalty on beta. Default: None. */
    const char *gamma_regularizer; /* Penalty on gamma. Default: None. */
    const char *beta_constraint; /* Projection of beta after each update. Default: None. */
    const char *gamma_constraint; /* Projection of gamma after each update. Default: None. */
    bool renorm; /* Batch renormalisation. Default: False. */
    const char *renorm_clipping; /* Of batch renormalisation. Default: None. */
    double renorm_momentum; /* Of batch renormalisation. Default: 0.99. */
    bool synchronized; /* Over many machines; one is all that there is. Default: False. */
} kt_batch_normalization_args;
#ifndef __cplusplus
#define kt_batch_normalization(...) \
    kt_layer_make("BatchNormalization", &(kt_batch_normalization_args){ \
        .at = KT_SITE(kt_batch_normalization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Bidirectional: Reads a sequence in both directions. */
typedef struct kt_bidirectional_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    kt_layer *layer; /* The recurrent layer that reads the sequence. Required. */
    /* How both outputs are joined: 'concat', 'sum', 'mul', 'ave', or None for two outputs. Default:
      'concat'. */
    const char *merge_mode;
    /* Without effect: weights are set when the layer is built. Default: None. */
    const char *weights;
    /* The one that reads it backwards, if not a like one. Default: None. */
    kt_layer *backward_layer;
} kt_bidirectional_args;
#ifndef __cplusplus
#define kt_bidirectional(...) \
    kt_layer_make("Bidirectional", &(kt_bidirectional_args){ \
        .at = KT_SITE(kt_bidirectional_args, #__VA_ARGS__, __VA_ARGS__), \
        .layer = __VA_ARGS__}.at)
#endif

/* ZeroPadding1D: A border of zeros. */
typedef struct kt_zero_padding1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How many before and behind, for all axes or for each. Default: 1. */
    int64_t padding[KT_MAX_RANK];
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_zero_padding1d_args;
#ifndef __cplusplus
#define kt_zero_padding1d(...) \
    kt_layer_make("ZeroPadding1D", &(kt_zero_padding1d_args){ \
        .at = KT_SITE(kt_zero_padding1d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* ZeroPadding2D: A border of zeros. */
typedef struct kt_zero_padding2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How many before and behind, for all axes or for each. Default: 1. */
    int64_t padding[KT_MAX_RANK];
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_zero_padding2d_args;
#ifndef __cplusplus
#define kt_zero_padding2d(...) \
    kt_layer_make("ZeroPadding2D", &(kt_zero_padding2d_args){ \
        .at = KT_SITE(kt_zero_padding2d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* ZeroPadding3D: A border of zeros. */
typedef struct kt_zero_padding3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How many before and behind, for all axes or for each. Default: 1. */
    int64_t padding[KT_MAX_RANK];
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_zero_padding3d_args;
#ifndef __cplusplus
#define kt_zero_padding3d(...) \
    kt_layer_make("ZeroPadding3D", &(kt_zero_padding3d_args){ \
        .at = KT_SITE(kt_zero_padding3d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Cropping1D: Takes a border off. */
typedef struct kt_cropping1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t cropping[KT_MAX_RANK]; /* How many before and behind. Default: (1, 1). */
} kt_cropping1d_args;
#ifndef __cplusplus
#define kt_cropping1d(...) \
    kt_layer_make("Cropping1D", &(kt_cropping1d_args){ \
        .at = KT_SITE(kt_cropping1d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Cropping2D: Takes a border off. */
typedef struct kt_cropping2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How many before and behind, for all axes or for each. Default: ((0, 0), (0, 0)). */
    int64_t cropping[KT_MAX_RANK];
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_cropping2d_args;
#ifndef __cplusplus
#define kt_cropping2d(...) \
    kt_layer_make("Cropping2D", &(kt_cropping2d_args){ \
        .at = KT_SITE(kt_cropping2d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Cropping3D: Takes a border off. */
typedef struct kt_cropping3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* How many before and behind, for all axes or for each. Default: 1. */
    int64_t cropping[KT_MAX_RANK];
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_cropping3d_args;
#ifndef __cplusplus
#define kt_cropping3d(...) \
    kt_layer_make("Cropping3D", &(kt_cropping3d_args){ \
        .at = KT_SITE(kt_cropping3d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* CategoryEncoding: Whole numbers as vectors of zeros, ones and counts. */
typedef struct kt_category_encoding_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t num_tokens; /* How many numbers there are: 0 to num_tokens - 1. Default: None. */
    /* 'one_hot': each number a vector; 'multi_hot' or 'count': one vector for a sample. Default:
      multi_hot. */
    const char *output_mode;
    bool sparse; /* Of Keras' tensors; the numbers are the same. Default: False. */
} kt_category_encoding_args;
#ifndef __cplusplus
#define kt_category_encoding(...) \
    kt_layer_make("CategoryEncoding", &(kt_category_encoding_args){ \
        .at = KT_SITE(kt_category_encoding_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Concatenate: Its inputs one after another along an axis. */
typedef struct kt_concatenate_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t axis; /* The axis that grows. Default: -1. */
} kt_concatenate_args;
#ifndef __cplusplus
#define kt_concatenate(...) \
    kt_layer_make("Concatenate", &(kt_concatenate_args){ \
        .at = KT_SITE(kt_concatenate_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Conv1D: A kernel slides along one axis: time. */
typedef struct kt_conv1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the kernel. Default: 1. */
    /* 'valid', 'same': as large as the input / strides, or for Conv1D 'causal'. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    int64_t groups; /* Channels are split into this many independent groups. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per filter. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_conv1d_args;
#ifndef __cplusplus
#define kt_conv1d(...) \
    kt_layer_make("Conv1D", &(kt_conv1d_args){ \
        .at = KT_SITE(kt_conv1d_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* Conv2D: A kernel slides over two spatial axes. */
typedef struct kt_conv2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the kernel. Default: 1. */
    /* 'valid', 'same': as large as the input / strides, or for Conv1D 'causal'. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    int64_t groups; /* Channels are split into this many independent groups. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per filter. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_conv2d_args;
#ifndef __cplusplus
#define kt_conv2d(...) \
    kt_layer_make("Conv2D", &(kt_conv2d_args){ \
        .at = KT_SITE(kt_conv2d_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* Conv3D: A kernel slides over three spatial axes. */
typedef struct kt_conv3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the kernel. Default: 1. */
    /* 'valid', 'same': as large as the input / strides, or for Conv1D 'causal'. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    int64_t groups; /* Channels are split into this many independent groups. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per filter. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_conv3d_args;
#ifndef __cplusplus
#define kt_conv3d(...) \
    kt_layer_make("Conv3D", &(kt_conv3d_args){ \
        .at = KT_SITE(kt_conv3d_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* ConvLSTM1D: An LSTM over sequences whose steps have 1 spatial axes. */
typedef struct kt_conv_lstm1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the state and the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of both kernels along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the inputs' kernel. Default: 1. */
    const char *padding; /* 'valid', or 'same': as large as the input / strides. Default: valid. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Gap between the cells of the inputs' kernel. Default: 1. */
    int64_t dilation_rate[KT_MAX_RANK];
    const char *activation; /* Of the candidate and the output. Default: tanh. */
    const char *recurrent_activation; /* Of the three gates. Default: sigmoid. */
    bool use_bias; /* Add a bias per filter and gate. Default: True. */
    const char *kernel_initializer; /* How the inputs' kernel starts. Default: glorot_uniform. */
    const char *recurrent_initializer; /* How the state's kernel starts. Default: orthogonal. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    bool unit_forget_bias; /* The forget gate's bias starts at one. Default: True. */
    const char *kernel_regularizer; /* Penalty on the inputs' kernel. Default: None. */
    const char *recurrent_regularizer; /* Penalty on the state's kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    /* Projection of the recurrent kernel after each update. Default: None. */
    const char *recurrent_constraint;
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    double dropout; /* Share of the inputs that is dropped in training. Default: 0.0. */
    double recurrent_dropout; /* Share of the state that is dropped in training. Default: 0.0. */
    int64_t seed; /* Of the dropout. Default: None. */
    bool return_sequences; /* Return every step's output, not only the last. Default: False. */
    bool return_state; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    bool go_backwards;
    bool stateful; /* Start each batch from the last batch's states. Default: False. */
    bool unroll; /* Write the steps out where no op does them all. Default: False. */
    /* Masked steps give zeros instead of the step before. Default: False. */
    bool zero_output_for_mask;
} kt_conv_lstm1d_args;
#ifndef __cplusplus
#define kt_conv_lstm1d(...) \
    kt_layer_make("ConvLSTM1D", &(kt_conv_lstm1d_args){ \
        .at = KT_SITE(kt_conv_lstm1d_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* ConvLSTM2D: An LSTM over sequences whose steps have 2 spatial axes. */
typedef struct kt_conv_lstm2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the state and the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of both kernels along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the inputs' kernel. Default: 1. */
    const char *padding; /* 'valid', or 'same': as large as the input / strides. Default: valid. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Gap between the cells of the inputs' kernel. Default: 1. */
    int64_t dilation_rate[KT_MAX_RANK];
    const char *activation; /* Of the candidate and the output. Default: tanh. */
    const char *recurrent_activation; /* Of the three gates. Default: sigmoid. */
    bool use_bias; /* Add a bias per filter and gate. Default: True. */
    const char *kernel_initializer; /* How the inputs' kernel starts. Default: glorot_uniform. */
    const char *recurrent_initializer; /* How the state's kernel starts. Default: orthogonal. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    bool unit_forget_bias; /* The forget gate's bias starts at one. Default: True. */
    const char *kernel_regularizer; /* Penalty on the inputs' kernel. Default: None. */
    const char *recurrent_regularizer; /* Penalty on the state's kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    /* Projection of the recurrent kernel after each update. Default: None. */
    const char *recurrent_constraint;
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    double dropout; /* Share of the inputs that is dropped in training. Default: 0.0. */
    double recurrent_dropout; /* Share of the state that is dropped in training. Default: 0.0. */
    int64_t seed; /* Of the dropout. Default: None. */
    bool return_sequences; /* Return every step's output, not only the last. Default: False. */
    bool return_state; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    bool go_backwards;
    bool stateful; /* Start each batch from the last batch's states. Default: False. */
    bool unroll; /* Write the steps out where no op does them all. Default: False. */
    /* Masked steps give zeros instead of the step before. Default: False. */
    bool zero_output_for_mask;
} kt_conv_lstm2d_args;
#ifndef __cplusplus
#define kt_conv_lstm2d(...) \
    kt_layer_make("ConvLSTM2D", &(kt_conv_lstm2d_args){ \
        .at = KT_SITE(kt_conv_lstm2d_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* ConvLSTM3D: An LSTM over sequences whose steps have 3 spatial axes. */
typedef struct kt_conv_lstm3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the state and the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of both kernels along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the inputs' kernel. Default: 1. */
    const char *padding; /* 'valid', or 'same': as large as the input / strides. Default: valid. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Gap between the cells of the inputs' kernel. Default: 1. */
    int64_t dilation_rate[KT_MAX_RANK];
    const char *activation; /* Of the candidate and the output. Default: tanh. */
    const char *recurrent_activation; /* Of the three gates. Default: sigmoid. */
    bool use_bias; /* Add a bias per filter and gate. Default: True. */
    const char *kernel_initializer; /* How the inputs' kernel starts. Default: glorot_uniform. */
    const char *recurrent_initializer; /* How the state's kernel starts. Default: orthogonal. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    bool unit_forget_bias; /* The forget gate's bias starts at one. Default: True. */
    const char *kernel_regularizer; /* Penalty on the inputs' kernel. Default: None. */
    const char *recurrent_regularizer; /* Penalty on the state's kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    /* Projection of the recurrent kernel after each update. Default: None. */
    const char *recurrent_constraint;
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    double dropout; /* Share of the inputs that is dropped in training. Default: 0.0. */
    double recurrent_dropout; /* Share of the state that is dropped in training. Default: 0.0. */
    int64_t seed; /* Of the dropout. Default: None. */
    bool return_sequences; /* Return every step's output, not only the last. Default: False. */
    bool return_state; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    bool go_backwards;
    bool stateful; /* Start each batch from the last batch's states. Default: False. */
    bool unroll; /* Write the steps out where no op does them all. Default: False. */
    /* Masked steps give zeros instead of the step before. Default: False. */
    bool zero_output_for_mask;
} kt_conv_lstm3d_args;
#ifndef __cplusplus
#define kt_conv_lstm3d(...) \
    kt_layer_make("ConvLSTM3D", &(kt_conv_lstm3d_args){ \
        .at = KT_SITE(kt_conv_lstm3d_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* Conv1DTranspose: The gradient of a convolution: makes maps larger. */
typedef struct kt_conv1d_transpose_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* How much larger the output is. Default: 1. */
    const char *padding; /* 'valid', or 'same' for an output of input * strides. Default: valid. */
    /* Cells more at the end; None: by padding. Default: None. */
    int64_t output_padding[KT_MAX_RANK];
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per filter. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_conv1d_transpose_args;
#ifndef __cplusplus
#define kt_conv1d_transpose(...) \
    kt_layer_make("Conv1DTranspose", &(kt_conv1d_transpose_args){ \
        .at = KT_SITE(kt_conv1d_transpose_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* Conv2DTranspose: The gradient of a convolution: makes maps larger. */
typedef struct kt_conv2d_transpose_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* How much larger the output is. Default: 1. */
    const char *padding; /* 'valid', or 'same' for an output of input * strides. Default: valid. */
    /* Cells more at the end; None: by padding. Default: None. */
    int64_t output_padding[KT_MAX_RANK];
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per filter. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_conv2d_transpose_args;
#ifndef __cplusplus
#define kt_conv2d_transpose(...) \
    kt_layer_make("Conv2DTranspose", &(kt_conv2d_transpose_args){ \
        .at = KT_SITE(kt_conv2d_transpose_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* Conv3DTranspose: The gradient of a convolution: makes maps larger. */
typedef struct kt_conv3d_transpose_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* How much larger the output is. Default: 1. */
    const char *padding; /* 'valid', or 'same' for an output of input * strides. Default: valid. */
    /* Cells more at the end; None: by padding. Default: None. */
    int64_t output_padding[KT_MAX_RANK];
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per filter. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_conv3d_transpose_args;
#ifndef __cplusplus
#define kt_conv3d_transpose(...) \
    kt_layer_make("Conv3DTranspose", &(kt_conv3d_transpose_args){ \
        .at = KT_SITE(kt_conv3d_transpose_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* Dense: Every output unit sees every input feature. */
typedef struct kt_dense_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t units; /* Size of the last output axis. Required. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias vector. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    /* Learn a product of this rank that is added to the kernel. Default: None. */
    int64_t lora_rank;
    double lora_alpha; /* Without effect, as in Keras. Default: None. */
    const char *quantization_config; /* Quantisation; only None is supported. Default: None. */
} kt_dense_args;
#ifndef __cplusplus
#define kt_dense(...) \
    kt_layer_make("Dense", &(kt_dense_args){ \
        .at = KT_SITE(kt_dense_args, #__VA_ARGS__, __VA_ARGS__), \
        .units = __VA_ARGS__}.at)
#endif

/* DepthwiseConv1D: A kernel for each channel. */
typedef struct kt_depthwise_conv1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the kernel. Default: 1. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    int64_t depth_multiplier; /* Outputs of each channel. Default: 1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per output channel. Default: True. */
    const char *depthwise_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *depthwise_regularizer; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    const char *depthwise_constraint;
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_depthwise_conv1d_args;
#ifndef __cplusplus
#define kt_depthwise_conv1d(...) \
    kt_layer_make("DepthwiseConv1D", &(kt_depthwise_conv1d_args){ \
        .at = KT_SITE(kt_depthwise_conv1d_args, #__VA_ARGS__, __VA_ARGS__), \
        .kernel_size = __VA_ARGS__}.at)
#endif

/* DepthwiseConv2D: A kernel for each channel. */
typedef struct kt_depthwise_conv2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the kernel. Default: 1. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    int64_t depth_multiplier; /* Outputs of each channel. Default: 1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per output channel. Default: True. */
    const char *depthwise_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *depthwise_regularizer; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    const char *depthwise_constraint;
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_depthwise_conv2d_args;
#ifndef __cplusplus
#define kt_depthwise_conv2d(...) \
    kt_layer_make("DepthwiseConv2D", &(kt_depthwise_conv2d_args){ \
        .at = KT_SITE(kt_depthwise_conv2d_args, #__VA_ARGS__, __VA_ARGS__), \
        .kernel_size = __VA_ARGS__}.at)
#endif

/* SeparableConv1D: A kernel for each channel, then one cell over all of them. */
typedef struct kt_separable_conv1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the kernel. Default: 1. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    int64_t depth_multiplier; /* Outputs of each channel. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per output channel. Default: True. */
    const char *depthwise_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *depthwise_regularizer; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    const char *depthwise_constraint;
    const char *pointwise_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *pointwise_regularizer; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    const char *pointwise_constraint;
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_separable_conv1d_args;
#ifndef __cplusplus
#define kt_separable_conv1d(...) \
    kt_layer_make("SeparableConv1D", &(kt_separable_conv1d_args){ \
        .at = KT_SITE(kt_separable_conv1d_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* SeparableConv2D: A kernel for each channel, then one cell over all of them. */
typedef struct kt_separable_conv2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t filters; /* Channels of the output. Required. */
    int64_t kernel_size[KT_MAX_RANK]; /* Size of the kernel along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the kernel. Default: 1. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t dilation_rate[KT_MAX_RANK]; /* Gap between the kernel's cells. Default: 1. */
    int64_t depth_multiplier; /* Outputs of each channel. Default: 1. */
    const char *activation; /* Applied to the result. Default: None. */
    bool use_bias; /* Add a bias per output channel. Default: True. */
    const char *depthwise_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *depthwise_regularizer; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    const char *depthwise_constraint;
    const char *pointwise_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *pointwise_regularizer; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    const char *pointwise_constraint;
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
} kt_separable_conv2d_args;
#ifndef __cplusplus
#define kt_separable_conv2d(...) \
    kt_layer_make("SeparableConv2D", &(kt_separable_conv2d_args){ \
        .at = KT_SITE(kt_separable_conv2d_args, #__VA_ARGS__, __VA_ARGS__), \
        .filters = __VA_ARGS__}.at)
#endif

/* Discretization: Which of some bins a number lies in. */
typedef struct kt_discretization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* Where one bin ends and the next begins, in order. Default: None. */
    const char *bin_boundaries;
    int64_t num_bins; /* How many bins to learn from data instead. Default: None. */
    double epsilon; /* How exact the quantiles are. Default: 0.01. */
    const char *output_mode; /* 'int', 'one_hot', 'multi_hot' or 'count'. Default: int. */
    bool sparse; /* Of Keras' tensors; the numbers are the same. Default: False. */
} kt_discretization_args;
#ifndef __cplusplus
#define kt_discretization(...) \
    kt_layer_make("Discretization", &(kt_discretization_args){ \
        .at = KT_SITE(kt_discretization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Dot: The products of two inputs, summed over an axis. */
typedef struct kt_dot_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t axes[KT_MAX_RANK]; /* The axis that is summed, or one for each input. Required. */
    bool normalize; /* Bring both to norm 1 along their axis before. Default: False. */
} kt_dot_args;
#ifndef __cplusplus
#define kt_dot(...) \
    kt_layer_make("Dot", &(kt_dot_args){ \
        .at = KT_SITE(kt_dot_args, #__VA_ARGS__, __VA_ARGS__), \
        .axes = __VA_ARGS__}.at)
#endif

/* Dropout: Drops a random share of its input in training. */
typedef struct kt_dropout_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double rate; /* Share that is dropped, in [0, 1]. Required. */
    /* Shape of the mask; axes of 1 are dropped together. Default: None. */
    int64_t noise_shape[KT_MAX_RANK];
    int64_t seed; /* Of the random numbers. Default: None. */
} kt_dropout_args;
#ifndef __cplusplus
#define kt_dropout(...) \
    kt_layer_make("Dropout", &(kt_dropout_args){ \
        .at = KT_SITE(kt_dropout_args, #__VA_ARGS__, __VA_ARGS__), \
        .rate = __VA_ARGS__}.at)
#endif

/* EinsumDense: A kernel, multiplied as an equation of letters says. */
typedef struct kt_einsum_dense_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* 'abc,cd->abd': input, kernel, output; '...' for other axes. Required. */
    const char *equation;
    /* Sizes of the output without the batch; None: the input's. Required. */
    int64_t output_shape[KT_MAX_RANK];
    const char *activation; /* Applied to the result. Default: None. */
    const char *bias_axes; /* Letters of the output that have a bias of their own. Default: None. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    /* Learn a product of this rank that is added to the kernel. Default: None. */
    int64_t lora_rank;
    double lora_alpha; /* Divided by the rank, its scale. None: the rank. Default: None. */
    /* Quantisation; only None is supported. Default: None. */
    const char *gptq_unpacked_column_size;
    const char *quantization_config; /* Quantisation; only None is supported. Default: None. */
} kt_einsum_dense_args;
#ifndef __cplusplus
#define kt_einsum_dense(...) \
    kt_layer_make("EinsumDense", &(kt_einsum_dense_args){ \
        .at = KT_SITE(kt_einsum_dense_args, #__VA_ARGS__, __VA_ARGS__), \
        .equation = __VA_ARGS__}.at)
#endif

/* Embedding: Looks up a row of its table for each integer. */
typedef struct kt_embedding_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t input_dim; /* Rows of the table: the largest id + 1. Required. */
    int64_t output_dim; /* Size of a row. Required. */
    const char *embeddings_initializer; /* How the table starts. Default: uniform. */
    const char *embeddings_regularizer; /* Penalty on the table. Default: None. */
    /* Projection of the table after each update. Default: None. */
    const char *embeddings_constraint;
    bool mask_zero; /* Id 0 is padding: it is masked. Default: False. */
    const char *weights; /* Initial table; only None is supported. Default: None. */
    int64_t lora_rank; /* Learn a product of this rank that is added to the table. Default: None. */
    double lora_alpha; /* Without effect, as in Keras. Default: None. */
    const char *input_length; /* Accepted as Keras does, without effect. Default: None. */
    const char *quantization_config; /* Quantisation; only None is supported. Default: None. */
} kt_embedding_args;
#ifndef __cplusplus
#define kt_embedding(...) \
    kt_layer_make("Embedding", &(kt_embedding_args){ \
        .at = KT_SITE(kt_embedding_args, #__VA_ARGS__, __VA_ARGS__), \
        .input_dim = __VA_ARGS__}.at)
#endif

/* ReversibleEmbedding: An Embedding that also goes back, from rows to scores of integers. */
typedef struct kt_reversible_embedding_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t input_dim; /* Rows of the table: the largest id + 1. Required. */
    int64_t output_dim; /* Size of a row. Required. */
    bool tie_weights; /* The way back uses the same table, else one of its own. Default: True. */
    const char *embeddings_initializer; /* How the table starts. Default: uniform. */
    const char *embeddings_regularizer; /* Penalty on the table. Default: None. */
    /* Projection of the table after each update. Default: None. */
    const char *embeddings_constraint;
    bool mask_zero; /* Id 0 is padding: it is masked. Default: False. */
    const char *reverse_dtype; /* Dtype of the way back; None: the layer's. Default: None. */
    double logit_soft_cap; /* Scores on the way back stay below this, by a tanh. Default: None. */
    const char *weights; /* Initial table; only None is supported. Default: None. */
    int64_t lora_rank; /* Learn a product of this rank that is added to the table. Default: None. */
    double lora_alpha; /* Without effect, as in Keras. Default: None. */
    const char *input_length; /* Accepted as Keras does, without effect. Default: None. */
    const char *quantization_config; /* Quantisation; only None is supported. Default: None. */
} kt_reversible_embedding_args;
#ifndef __cplusplus
#define kt_reversible_embedding(...) \
    kt_layer_make("ReversibleEmbedding", &(kt_reversible_embedding_args){ \
        .at = KT_SITE(kt_reversible_embedding_args, #__VA_ARGS__, __VA_ARGS__), \
        .input_dim = __VA_ARGS__}.at)
#endif

/* LayerNormalization: Mean 0 and variance 1 for each sample. */
typedef struct kt_layer_normalization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t axis; /* The axis, or several, that is normalised. Default: -1. */
    double epsilon; /* Added to the variance. Default: 0.001. */
    bool center; /* Add beta. Default: True. */
    bool scale; /* Multiply by gamma. Default: True. */
    const char *beta_initializer; /* How beta starts. Default: zeros. */
    const char *gamma_initializer; /* How gamma starts. Default: ones. */
    const char *beta_regularizer; /* Penalty on beta. Default: None. */
    const char *gamma_regularizer; /* Penalty on gamma. Default: None. */
    const char *beta_constraint; /* Projection of beta after each update. Default: None. */
    const char *gamma_constraint; /* Projection of gamma after each update. Default: None. */
    bool rms_scaling; /* Scale by the deviation alone: no mean, no beta. Default: False. */
} kt_layer_normalization_args;
#ifndef __cplusplus
#define kt_layer_normalization(...) \
    kt_layer_make("LayerNormalization", &(kt_layer_normalization_args){ \
        .at = KT_SITE(kt_layer_normalization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RMSNormalization: Mean square 1 for each sample. */
typedef struct kt_rms_normalization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t axis; /* The axis, or several, that is normalised. Default: -1. */
    double epsilon; /* Added to the mean square. Default: 1e-06. */
} kt_rms_normalization_args;
#ifndef __cplusplus
#define kt_rms_normalization(...) \
    kt_layer_make("RMSNormalization", &(kt_rms_normalization_args){ \
        .at = KT_SITE(kt_rms_normalization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* GroupNormalization: Mean 0 and variance 1 for each sample and group of channels. */
typedef struct kt_group_normalization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t groups; /* How many groups of channels; -1: one for each. Default: 32. */
    int64_t axis; /* The channel axis. Default: -1. */
    double epsilon; /* Added to the variance. Default: 0.001. */
    bool center; /* Add beta. Default: True. */
    bool scale; /* Multiply by gamma. Default: True. */
    const char *beta_initializer; /* How beta starts. Default: zeros. */
    const char *gamma_initializer; /* How gamma starts. Default: ones. */
    const char *beta_regularizer; /* Penalty on beta. Default: None. */
    const char *gamma_regularizer; /* Penalty on gamma. Default: None. */
    const char *beta_constraint; /* Projection of beta after each update. Default: None. */
    const char *gamma_constraint; /* Projection of gamma after each update. Default: None. */
} kt_group_normalization_args;
#ifndef __cplusplus
#define kt_group_normalization(...) \
    kt_layer_make("GroupNormalization", &(kt_group_normalization_args){ \
        .at = KT_SITE(kt_group_normalization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* UnitNormalization: Norm 1 for each sample. */
typedef struct kt_unit_normalization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t axis; /* The axis, or several, whose norm becomes 1. Default: -1. */
} kt_unit_normalization_args;
#ifndef __cplusplus
#define kt_unit_normalization(...) \
    kt_layer_make("UnitNormalization", &(kt_unit_normalization_args){ \
        .at = KT_SITE(kt_unit_normalization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Flatten: All axes but the batch become one. */
typedef struct kt_flatten_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_flatten_args;
#ifndef __cplusplus
#define kt_flatten(...) \
    kt_layer_make("Flatten", &(kt_flatten_args){ \
        .at = KT_SITE(kt_flatten_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* GlobalMaxPooling1D: The largest value of each channel. */
typedef struct kt_global_max_pooling1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    bool keepdims; /* Keep the spatial axes, as axes of 1. Default: False. */
} kt_global_max_pooling1d_args;
#ifndef __cplusplus
#define kt_global_max_pooling1d(...) \
    kt_layer_make("GlobalMaxPooling1D", &(kt_global_max_pooling1d_args){ \
        .at = KT_SITE(kt_global_max_pooling1d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* GlobalMaxPooling2D: The largest value of each channel. */
typedef struct kt_global_max_pooling2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    bool keepdims; /* Keep the spatial axes, as axes of 1. Default: False. */
} kt_global_max_pooling2d_args;
#ifndef __cplusplus
#define kt_global_max_pooling2d(...) \
    kt_layer_make("GlobalMaxPooling2D", &(kt_global_max_pooling2d_args){ \
        .at = KT_SITE(kt_global_max_pooling2d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* GlobalMaxPooling3D: The largest value of each channel. */
typedef struct kt_global_max_pooling3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    bool keepdims; /* Keep the spatial axes, as axes of 1. Default: False. */
} kt_global_max_pooling3d_args;
#ifndef __cplusplus
#define kt_global_max_pooling3d(...) \
    kt_layer_make("GlobalMaxPooling3D", &(kt_global_max_pooling3d_args){ \
        .at = KT_SITE(kt_global_max_pooling3d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* GlobalAveragePooling1D: The mean of each channel. */
typedef struct kt_global_average_pooling1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    bool keepdims; /* Keep the spatial axes, as axes of 1. Default: False. */
} kt_global_average_pooling1d_args;
#ifndef __cplusplus
#define kt_global_average_pooling1d(...) \
    kt_layer_make("GlobalAveragePooling1D", &(kt_global_average_pooling1d_args){ \
        .at = KT_SITE(kt_global_average_pooling1d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* GlobalAveragePooling2D: The mean of each channel. */
typedef struct kt_global_average_pooling2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    bool keepdims; /* Keep the spatial axes, as axes of 1. Default: False. */
} kt_global_average_pooling2d_args;
#ifndef __cplusplus
#define kt_global_average_pooling2d(...) \
    kt_layer_make("GlobalAveragePooling2D", &(kt_global_average_pooling2d_args){ \
        .at = KT_SITE(kt_global_average_pooling2d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* GlobalAveragePooling3D: The mean of each channel. */
typedef struct kt_global_average_pooling3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    bool keepdims; /* Keep the spatial axes, as axes of 1. Default: False. */
} kt_global_average_pooling3d_args;
#ifndef __cplusplus
#define kt_global_average_pooling3d(...) \
    kt_layer_make("GlobalAveragePooling3D", &(kt_global_average_pooling3d_args){ \
        .at = KT_SITE(kt_global_average_pooling3d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* GroupedQueryAttention: Several attentions, of which groups share a key and a value. */
typedef struct kt_group_query_attention_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t head_dim; /* Size of a query, key and value of one head. Required. */
    int64_t num_query_heads; /* How many queries. Required. */
    int64_t num_key_value_heads; /* How many keys and values; divides the other. Required. */
    double dropout; /* Share of the weights that training drops. Default: 0.0. */
    bool use_bias; /* Add biases to the projections. Default: True. */
    int64_t sliding_window; /* A query sees only values nearer than this. Default: None. */
    const char *flash_attention; /* Accepted as Keras does, without effect. Default: None. */
    const char *kernel_initializer; /* How the kernels start. Default: glorot_uniform. */
    const char *bias_initializer; /* How the biases start. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernels. Default: None. */
    const char *bias_regularizer; /* Penalty on the biases. Default: None. */
    const char *kernel_constraint; /* Projection of the kernels after each update. Default: None. */
    const char *bias_constraint; /* Projection of the biases after each update. Default: None. */
    bool use_gate; /* Multiply with a sigmoid gate of the query. Default: False. */
    int64_t seed; /* Of the dropout. Default: None. */
} kt_group_query_attention_args;
#ifndef __cplusplus
#define kt_group_query_attention(...) \
    kt_layer_make("GroupedQueryAttention", &(kt_group_query_attention_args){ \
        .at = KT_SITE(kt_group_query_attention_args, #__VA_ARGS__, __VA_ARGS__), \
        .head_dim = __VA_ARGS__}.at)
#endif

/* GRU: Gated recurrent units over a sequence. */
typedef struct kt_gru_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t units; /* Size of the state and the output. Required. */
    const char *activation; /* Of the candidate. Default: tanh. */
    const char *recurrent_activation; /* Of the two gates. Default: sigmoid. */
    bool use_bias; /* Add a bias vector. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *recurrent_initializer; /* How the recurrent kernel starts. Default: orthogonal. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *recurrent_regularizer; /* Penalty on the recurrent kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    /* Projection of the recurrent kernel after each update. Default: None. */
    const char *recurrent_constraint;
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    double dropout; /* Share of the inputs that is dropped in training. Default: 0.0. */
    double recurrent_dropout; /* Share of the state that is dropped in training. Default: 0.0. */
    int64_t seed; /* Of the dropout. Default: None. */
    bool return_sequences; /* Return every step's output, not only the last. Default: False. */
    bool return_state; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    bool go_backwards;
    bool stateful; /* Start each batch from the last batch's states. Default: False. */
    bool unroll; /* Write the steps out where no op does them all. Default: False. */
    /* Reset the state behind the product with the recurrent kernel, not before. Default: True. */
    bool reset_after;
    const char *use_cudnn; /* Accepted as Keras does, without effect. Default: 'auto'. */
    /* Masked steps give zeros instead of the step before. Default: False. */
    bool zero_output_for_mask;
    int64_t implementation; /* 1: each gate drops another share of the inputs. Default: 2. */
} kt_gru_args;
#ifndef __cplusplus
#define kt_gru(...) \
    kt_layer_make("GRU", &(kt_gru_args){ \
        .at = KT_SITE(kt_gru_args, #__VA_ARGS__, __VA_ARGS__), \
        .units = __VA_ARGS__}.at)
#endif

/* GRUCell: One step of a GRU. */
typedef struct kt_gru_cell_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t units; /* Size of the state and the output. Required. */
    const char *activation; /* Of the candidate. Default: tanh. */
    const char *recurrent_activation; /* Of the two gates. Default: sigmoid. */
    bool use_bias; /* Add a bias vector. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *recurrent_initializer; /* How the recurrent kernel starts. Default: orthogonal. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *recurrent_regularizer; /* Penalty on the recurrent kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    /* Projection of the recurrent kernel after each update. Default: None. */
    const char *recurrent_constraint;
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    double dropout; /* Share of the inputs that is dropped in training. Default: 0.0. */
    double recurrent_dropout; /* Share of the state that is dropped in training. Default: 0.0. */
    /* Reset the state behind the product with the recurrent kernel, not before. Default: True. */
    bool reset_after;
    int64_t seed; /* Of the dropout. Default: None. */
    int64_t implementation; /* 1: each gate drops another share of the inputs. Default: 2. */
} kt_gru_cell_args;
#ifndef __cplusplus
#define kt_gru_cell(...) \
    kt_layer_make("GRUCell", &(kt_gru_cell_args){ \
        .at = KT_SITE(kt_gru_cell_args, #__VA_ARGS__, __VA_ARGS__), \
        .units = __VA_ARGS__}.at)
#endif

/* Hashing: Whole numbers or texts in one of some bins by their hash. */
typedef struct kt_hashing_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t num_bins; /* How many bins. Required. */
    const char *mask_value; /* A number or text that gets bin 0 for itself. Default: None. */
    const char *salt; /* A number or two: SipHash with this key, else FarmHash. Default: None. */
    const char *output_mode; /* 'int', 'one_hot', 'multi_hot' or 'count'. Default: int. */
    bool sparse; /* Of Keras' tensors; the numbers are the same. Default: False. */
} kt_hashing_args;
#ifndef __cplusplus
#define kt_hashing(...) \
    kt_layer_make("Hashing", &(kt_hashing_args){ \
        .at = KT_SITE(kt_hashing_args, #__VA_ARGS__, __VA_ARGS__), \
        .num_bins = __VA_ARGS__}.at)
#endif

/* HashedCrossing: Two whole numbers together in one of some bins by their hash. */
typedef struct kt_hashed_crossing_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t num_bins; /* How many bins. Required. */
    const char *output_mode; /* 'int' or 'one_hot'. Default: int. */
    bool sparse; /* Of Keras' tensors; the numbers are the same. Default: False. */
} kt_hashed_crossing_args;
#ifndef __cplusplus
#define kt_hashed_crossing(...) \
    kt_layer_make("HashedCrossing", &(kt_hashed_crossing_args){ \
        .at = KT_SITE(kt_hashed_crossing_args, #__VA_ARGS__, __VA_ARGS__), \
        .num_bins = __VA_ARGS__}.at)
#endif

/* Identity: The input as it is. */
typedef struct kt_identity_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
} kt_identity_args;
#ifndef __cplusplus
#define kt_identity(...) \
    kt_layer_make("Identity", &(kt_identity_args){ \
        .at = KT_SITE(kt_identity_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* ActivityRegularization: The input as it is, with a penalty on it. */
typedef struct kt_activity_regularization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double l1; /* Share of the sum of absolute values. Default: 0.0. */
    double l2; /* Share of the sum of squares. Default: 0.0. */
} kt_activity_regularization_args;
#ifndef __cplusplus
#define kt_activity_regularization(...) \
    kt_layer_make("ActivityRegularization", &(kt_activity_regularization_args){ \
        .at = KT_SITE(kt_activity_regularization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* InputLayer: Declares the shape and dtype of a model's input. */
typedef struct kt_input_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t shape[KT_MAX_RANK]; /* Shape of one sample, without the batch axis. Default: None. */
    int64_t batch_size; /* Static size of the batch. Default: None. */
    const char *dtype; /* Of the data: 'float32', 'int32' ... Default: None. */
    const char *sparse; /* Sparse data; only False is supported. Default: None. */
    const char *ragged; /* Ragged data; only False is supported. Default: None. */
    int64_t batch_shape[KT_MAX_RANK]; /* Shape with the batch axis. Default: None. */
    bool optional; /* May be left out; only False is supported. Default: false. */
} kt_input_args;
#ifndef __cplusplus
#define kt_input(...) \
    kt_layer_make("InputLayer", &(kt_input_args){ \
        .at = KT_SITE(kt_input_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* IntegerLookup: Whole numbers by their place in a vocabulary. */
typedef struct kt_integer_lookup_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t max_tokens; /* The most that the vocabulary may have. Default: None. */
    int64_t num_oov_indices; /* How many places there are for other numbers. Default: 1. */
    int64_t mask_token; /* A number that stands for nothing: it gets place 0. Default: None. */
    int64_t oov_token; /* What other numbers come back as. Default: -1. */
    const char *vocabulary; /* The numbers in their order. Default: None. */
    const char *vocabulary_dtype; /* Only 'int64'. Default: int64. */
    const char *idf_weights; /* A weight for each, for 'tf_idf'. Default: None. */
    bool invert; /* Places become numbers. Default: False. */
    const char *output_mode; /* 'int', 'one_hot', 'multi_hot', 'count' or 'tf_idf'. Default: int. */
    bool sparse; /* Of Keras' tensors; the numbers are the same. Default: False. */
    bool pad_to_max_tokens; /* Vectors have max_tokens entries. Default: False. */
    /* How other numbers are spread: 'floormod', 'farmhash'. Default: floormod. */
    const char *oov_method;
    /* A number or two: SipHash with this key instead of FarmHash. Default: None. */
    const char *salt;
    int64_t vocabulary_size; /* Of a learnt vocabulary; written by Keras. Default: None. */
} kt_integer_lookup_args;
#ifndef __cplusplus
#define kt_integer_lookup(...) \
    kt_layer_make("IntegerLookup", &(kt_integer_lookup_args){ \
        .at = KT_SITE(kt_integer_lookup_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* LSTM: Long short-term memory over a sequence. */
typedef struct kt_lstm_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t units; /* Size of the state and the output. Required. */
    const char *activation; /* Of the candidate and the output. Default: tanh. */
    const char *recurrent_activation; /* Of the three gates. Default: sigmoid. */
    bool use_bias; /* Add a bias vector. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *recurrent_initializer; /* How the recurrent kernel starts. Default: orthogonal. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    bool unit_forget_bias; /* The forget gate's bias starts at one. Default: True. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *recurrent_regularizer; /* Penalty on the recurrent kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    /* Projection of the recurrent kernel after each update. Default: None. */
    const char *recurrent_constraint;
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    double dropout; /* Share of the inputs that is dropped in training. Default: 0.0. */
    double recurrent_dropout; /* Share of the state that is dropped in training. Default: 0.0. */
    int64_t seed; /* Of the dropout. Default: None. */
    bool return_sequences; /* Return every step's output, not only the last. Default: False. */
    bool return_state; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    bool go_backwards;
    bool stateful; /* Start each batch from the last batch's states. Default: False. */
    bool unroll; /* Write the steps out where no op does them all. Default: False. */
    const char *use_cudnn; /* Accepted as Keras does, without effect. Default: 'auto'. */
    /* Masked steps give zeros instead of the step before. Default: False. */
    bool zero_output_for_mask;
    int64_t implementation; /* 1: each gate drops another share of the inputs. Default: 2. */
} kt_lstm_args;
#ifndef __cplusplus
#define kt_lstm(...) \
    kt_layer_make("LSTM", &(kt_lstm_args){ \
        .at = KT_SITE(kt_lstm_args, #__VA_ARGS__, __VA_ARGS__), \
        .units = __VA_ARGS__}.at)
#endif

/* LSTMCell: One step of an LSTM. */
typedef struct kt_lstm_cell_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t units; /* Size of the state and the output. Required. */
    const char *activation; /* Of the candidate and the output. Default: tanh. */
    const char *recurrent_activation; /* Of the three gates. Default: sigmoid. */
    bool use_bias; /* Add a bias vector. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *recurrent_initializer; /* How the recurrent kernel starts. Default: orthogonal. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    bool unit_forget_bias; /* The forget gate's bias starts at one. Default: True. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *recurrent_regularizer; /* Penalty on the recurrent kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    /* Projection of the recurrent kernel after each update. Default: None. */
    const char *recurrent_constraint;
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    double dropout; /* Share of the inputs that is dropped in training. Default: 0.0. */
    double recurrent_dropout; /* Share of the state that is dropped in training. Default: 0.0. */
    int64_t seed; /* Of the dropout. Default: None. */
    int64_t implementation; /* 1: each gate drops another share of the inputs. Default: 2. */
} kt_lstm_cell_args;
#ifndef __cplusplus
#define kt_lstm_cell(...) \
    kt_layer_make("LSTMCell", &(kt_lstm_cell_args){ \
        .at = KT_SITE(kt_lstm_cell_args, #__VA_ARGS__, __VA_ARGS__), \
        .units = __VA_ARGS__}.at)
#endif

/* Masking: Masks the steps that hold nothing but one value. */
typedef struct kt_masking_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double mask_value; /* The value of steps that do not count. Default: 0.0. */
} kt_masking_args;
#ifndef __cplusplus
#define kt_masking(...) \
    kt_layer_make("Masking", &(kt_masking_args){ \
        .at = KT_SITE(kt_masking_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* MelSpectrogram: How loud a signal is in bands of the mel scale, frame by frame. */
typedef struct kt_mel_spectrogram_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t fft_length; /* Of the transform. Default: 2048. */
    int64_t sequence_stride; /* From one frame to the next. Default: 512. */
    int64_t sequence_length; /* Steps of a frame; None: fft_length. Default: None. */
    const char *window; /* 'hann', 'hamming', its values, or None. Default: hann. */
    double sampling_rate; /* Steps in a second. Default: 16000. */
    int64_t num_mel_bins; /* How many bands. Default: 128. */
    double min_freq; /* Where the lowest begins, in hertz. Default: 20.0. */
    double max_freq; /* Where the highest ends; None: half the sampling rate. Default: None. */
    bool power_to_db; /* In decibels. Default: True. */
    double top_db; /* The most below the loudest. Default: 80.0. */
    double mag_exp; /* The magnitude's exponent: 1 or, for power, 2. Default: 2.0. */
    double min_power; /* The least that a logarithm is taken of. Default: 1e-10. */
    double ref_power; /* What counts as 0 decibels. Default: 1.0. */
} kt_mel_spectrogram_args;
#ifndef __cplusplus
#define kt_mel_spectrogram(...) \
    kt_layer_make("MelSpectrogram", &(kt_mel_spectrogram_args){ \
        .at = KT_SITE(kt_mel_spectrogram_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Add: The sum of its inputs. */
typedef struct kt_add_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
} kt_add_args;
#ifndef __cplusplus
#define kt_add(...) \
    kt_layer_make("Add", &(kt_add_args){ \
        .at = KT_SITE(kt_add_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Subtract: The first input less the second. */
typedef struct kt_subtract_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
} kt_subtract_args;
#ifndef __cplusplus
#define kt_subtract(...) \
    kt_layer_make("Subtract", &(kt_subtract_args){ \
        .at = KT_SITE(kt_subtract_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Multiply: The product of its inputs. */
typedef struct kt_multiply_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
} kt_multiply_args;
#ifndef __cplusplus
#define kt_multiply(...) \
    kt_layer_make("Multiply", &(kt_multiply_args){ \
        .at = KT_SITE(kt_multiply_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Average: The mean of its inputs. */
typedef struct kt_average_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
} kt_average_args;
#ifndef __cplusplus
#define kt_average(...) \
    kt_layer_make("Average", &(kt_average_args){ \
        .at = KT_SITE(kt_average_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Maximum: The largest of its inputs. */
typedef struct kt_maximum_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
} kt_maximum_args;
#ifndef __cplusplus
#define kt_maximum(...) \
    kt_layer_make("Maximum", &(kt_maximum_args){ \
        .at = KT_SITE(kt_maximum_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Minimum: The smallest of its inputs. */
typedef struct kt_minimum_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
} kt_minimum_args;
#ifndef __cplusplus
#define kt_minimum(...) \
    kt_layer_make("Minimum", &(kt_minimum_args){ \
        .at = KT_SITE(kt_minimum_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* MultiHeadAttention: Several attentions side by side, each on its own projections. */
typedef struct kt_multi_head_attention_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t num_heads; /* How many attentions. Required. */
    int64_t key_dim; /* Size of a query and key of one head. Required. */
    int64_t value_dim; /* Size of a value of one head; None: key_dim. Default: None. */
    double dropout; /* Share of the weights that training drops. Default: 0.0. */
    bool use_bias; /* Add biases to the projections. Default: True. */
    /* Last sizes of the output; None: the query's. Default: None. */
    int64_t output_shape[KT_MAX_RANK];
    /* The axes that are attended over; None: all between. Default: None. */
    int64_t attention_axes[KT_MAX_RANK];
    int64_t sliding_window; /* A query sees only values nearer than this. Default: None. */
    const char *flash_attention; /* Accepted as Keras does, without effect. Default: None. */
    const char *kernel_initializer; /* How the kernels start. Default: glorot_uniform. */
    const char *bias_initializer; /* How the biases start. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernels. Default: None. */
    const char *bias_regularizer; /* Penalty on the biases. Default: None. */
    const char *kernel_constraint; /* Projection of the kernels after each update. Default: None. */
    const char *bias_constraint; /* Projection of the biases after each update. Default: None. */
    bool use_gate; /* Multiply with a sigmoid gate of the query. Default: False. */
    int64_t seed; /* Of the dropout. Default: None. */
} kt_multi_head_attention_args;
#ifndef __cplusplus
#define kt_multi_head_attention(...) \
    kt_layer_make("MultiHeadAttention", &(kt_multi_head_attention_args){ \
        .at = KT_SITE(kt_multi_head_attention_args, #__VA_ARGS__, __VA_ARGS__), \
        .num_heads = __VA_ARGS__}.at)
#endif

/* SpatialDropout1D: Drops a random share of the channels in training. */
typedef struct kt_spatial_dropout1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double rate; /* Share of the channels, in [0, 1]. Required. */
    int64_t seed; /* Of the random numbers. Default: None. */
} kt_spatial_dropout1d_args;
#ifndef __cplusplus
#define kt_spatial_dropout1d(...) \
    kt_layer_make("SpatialDropout1D", &(kt_spatial_dropout1d_args){ \
        .at = KT_SITE(kt_spatial_dropout1d_args, #__VA_ARGS__, __VA_ARGS__), \
        .rate = __VA_ARGS__}.at)
#endif

/* SpatialDropout2D: Drops a random share of the channels in training. */
typedef struct kt_spatial_dropout2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double rate; /* Share of the channels, in [0, 1]. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers. Default: None. */
} kt_spatial_dropout2d_args;
#ifndef __cplusplus
#define kt_spatial_dropout2d(...) \
    kt_layer_make("SpatialDropout2D", &(kt_spatial_dropout2d_args){ \
        .at = KT_SITE(kt_spatial_dropout2d_args, #__VA_ARGS__, __VA_ARGS__), \
        .rate = __VA_ARGS__}.at)
#endif

/* SpatialDropout3D: Drops a random share of the channels in training. */
typedef struct kt_spatial_dropout3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double rate; /* Share of the channels, in [0, 1]. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    int64_t seed; /* Of the random numbers. Default: None. */
} kt_spatial_dropout3d_args;
#ifndef __cplusplus
#define kt_spatial_dropout3d(...) \
    kt_layer_make("SpatialDropout3D", &(kt_spatial_dropout3d_args){ \
        .at = KT_SITE(kt_spatial_dropout3d_args, #__VA_ARGS__, __VA_ARGS__), \
        .rate = __VA_ARGS__}.at)
#endif

/* GaussianNoise: Adds normal random numbers in training. */
typedef struct kt_gaussian_noise_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double stddev; /* Standard deviation, in [0, 1]. Required. */
    int64_t seed; /* Of the random numbers. Default: None. */
} kt_gaussian_noise_args;
#ifndef __cplusplus
#define kt_gaussian_noise(...) \
    kt_layer_make("GaussianNoise", &(kt_gaussian_noise_args){ \
        .at = KT_SITE(kt_gaussian_noise_args, #__VA_ARGS__, __VA_ARGS__), \
        .stddev = __VA_ARGS__}.at)
#endif

/* GaussianDropout: Multiplies with normal random numbers around 1 in training. */
typedef struct kt_gaussian_dropout_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double rate; /* Share of the channels, in [0, 1]. Required. */
    int64_t seed; /* Of the random numbers. Default: None. */
} kt_gaussian_dropout_args;
#ifndef __cplusplus
#define kt_gaussian_dropout(...) \
    kt_layer_make("GaussianDropout", &(kt_gaussian_dropout_args){ \
        .at = KT_SITE(kt_gaussian_dropout_args, #__VA_ARGS__, __VA_ARGS__), \
        .rate = __VA_ARGS__}.at)
#endif

/* AlphaDropout: Dropout that keeps mean and variance of what selu gives. */
typedef struct kt_alpha_dropout_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double rate; /* Share that is dropped, in [0, 1]. Required. */
    /* Shape of the mask; axes of 1 are dropped together. Default: None. */
    int64_t noise_shape[KT_MAX_RANK];
    int64_t seed; /* Of the random numbers. Default: None. */
} kt_alpha_dropout_args;
#ifndef __cplusplus
#define kt_alpha_dropout(...) \
    kt_layer_make("AlphaDropout", &(kt_alpha_dropout_args){ \
        .at = KT_SITE(kt_alpha_dropout_args, #__VA_ARGS__, __VA_ARGS__), \
        .rate = __VA_ARGS__}.at)
#endif

/* Normalization: Shifts and scales features by statistics of the data. */
typedef struct kt_normalization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* Axes that keep statistics of their own; None: one for all. Default: -1. */
    int64_t axis[KT_MAX_RANK];
    const char *mean; /* Given mean: a number or one per feature. Default: None. */
    const char *variance; /* Given variance. Default: None. */
    bool invert; /* Undo the normalisation instead. Default: False. */
} kt_normalization_args;
#ifndef __cplusplus
#define kt_normalization(...) \
    kt_layer_make("Normalization", &(kt_normalization_args){ \
        .at = KT_SITE(kt_normalization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* Permute: The axes of each sample in another order. */
typedef struct kt_permute_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* The axes in their new order, from 1; the batch stays first. Required. */
    int64_t dims[KT_MAX_RANK];
} kt_permute_args;
#ifndef __cplusplus
#define kt_permute(...) \
    kt_layer_make("Permute", &(kt_permute_args){ \
        .at = KT_SITE(kt_permute_args, #__VA_ARGS__, __VA_ARGS__), \
        .dims = __VA_ARGS__}.at)
#endif

/* Pipeline: Layers one after another, as one. */
typedef struct kt_pipeline_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *layers; /* The layers, in order. Required. */
} kt_pipeline_args;
#ifndef __cplusplus
#define kt_pipeline(...) \
    kt_layer_make("Pipeline", &(kt_pipeline_args){ \
        .at = KT_SITE(kt_pipeline_args, #__VA_ARGS__, __VA_ARGS__), \
        .layers = __VA_ARGS__}.at)
#endif

/* MaxPooling1D: The largest value of each window. */
typedef struct kt_max_pooling1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t pool_size[KT_MAX_RANK]; /* Size of the window along each axis. Default: 2. */
    int64_t strides[KT_MAX_RANK]; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_max_pooling1d_args;
#ifndef __cplusplus
#define kt_max_pooling1d(...) \
    kt_layer_make("MaxPooling1D", &(kt_max_pooling1d_args){ \
        .at = KT_SITE(kt_max_pooling1d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* MaxPooling2D: The largest value of each window. */
typedef struct kt_max_pooling2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t pool_size[KT_MAX_RANK]; /* Size of the window along each axis. Default: 2. */
    int64_t strides[KT_MAX_RANK]; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_max_pooling2d_args;
#ifndef __cplusplus
#define kt_max_pooling2d(...) \
    kt_layer_make("MaxPooling2D", &(kt_max_pooling2d_args){ \
        .at = KT_SITE(kt_max_pooling2d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* MaxPooling3D: The largest value of each window. */
typedef struct kt_max_pooling3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t pool_size[KT_MAX_RANK]; /* Size of the window along each axis. Default: 2. */
    int64_t strides[KT_MAX_RANK]; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_max_pooling3d_args;
#ifndef __cplusplus
#define kt_max_pooling3d(...) \
    kt_layer_make("MaxPooling3D", &(kt_max_pooling3d_args){ \
        .at = KT_SITE(kt_max_pooling3d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* AveragePooling1D: The mean of each window's real cells. */
typedef struct kt_average_pooling1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t pool_size[KT_MAX_RANK]; /* Size of the window along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_average_pooling1d_args;
#ifndef __cplusplus
#define kt_average_pooling1d(...) \
    kt_layer_make("AveragePooling1D", &(kt_average_pooling1d_args){ \
        .at = KT_SITE(kt_average_pooling1d_args, #__VA_ARGS__, __VA_ARGS__), \
        .pool_size = __VA_ARGS__}.at)
#endif

/* AveragePooling2D: The mean of each window's real cells. */
typedef struct kt_average_pooling2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t pool_size[KT_MAX_RANK]; /* Size of the window along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_average_pooling2d_args;
#ifndef __cplusplus
#define kt_average_pooling2d(...) \
    kt_layer_make("AveragePooling2D", &(kt_average_pooling2d_args){ \
        .at = KT_SITE(kt_average_pooling2d_args, #__VA_ARGS__, __VA_ARGS__), \
        .pool_size = __VA_ARGS__}.at)
#endif

/* AveragePooling3D: The mean of each window's real cells. */
typedef struct kt_average_pooling3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t pool_size[KT_MAX_RANK]; /* Size of the window along each axis. Required. */
    int64_t strides[KT_MAX_RANK]; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    const char *padding;
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_average_pooling3d_args;
#ifndef __cplusplus
#define kt_average_pooling3d(...) \
    kt_layer_make("AveragePooling3D", &(kt_average_pooling3d_args){ \
        .at = KT_SITE(kt_average_pooling3d_args, #__VA_ARGS__, __VA_ARGS__), \
        .pool_size = __VA_ARGS__}.at)
#endif

/* ReLU: max(x, 0), with a limit, a slope and a threshold. */
typedef struct kt_re_lu_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double max_value; /* The most that it gives; None: no limit. Default: None. */
    double negative_slope; /* The slope below the threshold. Default: 0.0. */
    double threshold; /* Where x begins to count. Default: 0.0. */
} kt_re_lu_args;
#ifndef __cplusplus
#define kt_re_lu(...) \
    kt_layer_make("ReLU", &(kt_re_lu_args){ \
        .at = KT_SITE(kt_re_lu_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* LeakyReLU: x where it is positive, else a share of it. */
typedef struct kt_leaky_re_lu_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double negative_slope; /* The slope below 0. Default: 0.3. */
    const char *alpha; /* What negative_slope was called in Keras 2. Default: None. */
} kt_leaky_re_lu_args;
#ifndef __cplusplus
#define kt_leaky_re_lu(...) \
    kt_layer_make("LeakyReLU", &(kt_leaky_re_lu_args){ \
        .at = KT_SITE(kt_leaky_re_lu_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* ELU: x where it is positive, else alpha (exp(x) - 1). */
typedef struct kt_elu_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double alpha; /* What it tends to, negative, below 0. Default: 1.0. */
} kt_elu_args;
#ifndef __cplusplus
#define kt_elu(...) \
    kt_layer_make("ELU", &(kt_elu_args){ \
        .at = KT_SITE(kt_elu_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* PReLU: x where it is positive, else a learned share of it. */
typedef struct kt_p_re_lu_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *alpha_initializer; /* How the slopes start. Default: Zeros. */
    const char *alpha_regularizer; /* Penalty on the slopes. Default: None. */
    const char *alpha_constraint; /* Projection of the slopes after each update. Default: None. */
    /* Axes, from 1, along which slopes are the same. Default: None. */
    int64_t shared_axes[KT_MAX_RANK];
} kt_p_re_lu_args;
#ifndef __cplusplus
#define kt_p_re_lu(...) \
    kt_layer_make("PReLU", &(kt_p_re_lu_args){ \
        .at = KT_SITE(kt_p_re_lu_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* RepeatVector: Repeats its input along a new time axis. */
typedef struct kt_repeat_vector_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t n; /* How many times. Required. */
} kt_repeat_vector_args;
#ifndef __cplusplus
#define kt_repeat_vector(...) \
    kt_layer_make("RepeatVector", &(kt_repeat_vector_args){ \
        .at = KT_SITE(kt_repeat_vector_args, #__VA_ARGS__, __VA_ARGS__), \
        .n = __VA_ARGS__}.at)
#endif

/* Rescaling: Multiplies by a scale and adds an offset. */
typedef struct kt_rescaling_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    double scale; /* Factor: a number or one per channel. Default: None. */
    double offset; /* Added after: a number or one per channel. Default: 0.0. */
} kt_rescaling_args;
#ifndef __cplusplus
#define kt_rescaling(...) \
    kt_layer_make("Rescaling", &(kt_rescaling_args){ \
        .at = KT_SITE(kt_rescaling_args, #__VA_ARGS__, __VA_ARGS__), \
        .scale = __VA_ARGS__}.at)
#endif

/* Reshape: Another shape of the same number of elements per sample. */
typedef struct kt_reshape_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* Shape of one result, without the batch; -1 once: what is left. Required. */
    int64_t target_shape[KT_MAX_RANK];
} kt_reshape_args;
#ifndef __cplusplus
#define kt_reshape(...) \
    kt_layer_make("Reshape", &(kt_reshape_args){ \
        .at = KT_SITE(kt_reshape_args, #__VA_ARGS__, __VA_ARGS__), \
        .target_shape = __VA_ARGS__}.at)
#endif

/* Resizing: Brings images to a size. */
typedef struct kt_resizing_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t height; /* Rows of the result. Required. */
    int64_t width; /* Columns of the result. Required. */
    /* 'bilinear', 'nearest', 'bicubic', 'lanczos3', 'lanczos5' or 'area'. Default: bilinear. */
    const char *interpolation;
    bool crop_to_aspect_ratio; /* Cut to the wanted ratio of sides before. Default: False. */
    bool pad_to_aspect_ratio; /* Pad to the wanted ratio of sides before. Default: False. */
    const char *fill_mode; /* How padding is filled: only 'constant'. Default: constant. */
    double fill_value; /* What padding is filled with. Default: 0.0. */
    bool antialias; /* Take all pixels into account where the image shrinks. Default: False. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_resizing_args;
#ifndef __cplusplus
#define kt_resizing(...) \
    kt_layer_make("Resizing", &(kt_resizing_args){ \
        .at = KT_SITE(kt_resizing_args, #__VA_ARGS__, __VA_ARGS__), \
        .height = __VA_ARGS__}.at)
#endif

/* CenterCrop: Cuts the middle out of images, or enlarges smaller ones. */
typedef struct kt_center_crop_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t height; /* Rows of the result. Required. */
    int64_t width; /* Columns of the result. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* Accepted as Keras does; boxes are not there. Default: None. */
    const char *bounding_box_format;
} kt_center_crop_args;
#ifndef __cplusplus
#define kt_center_crop(...) \
    kt_layer_make("CenterCrop", &(kt_center_crop_args){ \
        .at = KT_SITE(kt_center_crop_args, #__VA_ARGS__, __VA_ARGS__), \
        .height = __VA_ARGS__}.at)
#endif

/* RNN: Any cell over a sequence. */
typedef struct kt_rnn_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    kt_layer *cell; /* What does one step; a list of cells is StackedRNNCells. Required. */
    bool return_sequences; /* Return every step's output, not only the last. Default: False. */
    bool return_state; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    bool go_backwards;
    bool stateful; /* Start each batch from the last batch's states. Default: False. */
    bool unroll; /* Write the steps out where no op does them all. Default: False. */
    /* Masked steps give zeros instead of the step before. Default: False. */
    bool zero_output_for_mask;
} kt_rnn_args;
#ifndef __cplusplus
#define kt_rnn(...) \
    kt_layer_make("RNN", &(kt_rnn_args){ \
        .at = KT_SITE(kt_rnn_args, #__VA_ARGS__, __VA_ARGS__), \
        .cell = __VA_ARGS__}.at)
#endif

/* SimpleRNN: Recurrent layer whose output is its state. */
typedef struct kt_simple_rnn_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t units; /* Size of the state and the output. Required. */
    const char *activation; /* Of the output. Default: tanh. */
    bool use_bias; /* Add a bias vector. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *recurrent_initializer; /* How the recurrent kernel starts. Default: orthogonal. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *recurrent_regularizer; /* Penalty on the recurrent kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    /* Projection of the recurrent kernel after each update. Default: None. */
    const char *recurrent_constraint;
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    double dropout; /* Share of the inputs that is dropped in training. Default: 0.0. */
    double recurrent_dropout; /* Share of the state that is dropped in training. Default: 0.0. */
    bool return_sequences; /* Return every step's output, not only the last. Default: False. */
    bool return_state; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    bool go_backwards;
    bool stateful; /* Start each batch from the last batch's states. Default: False. */
    bool unroll; /* Write the steps out where no op does them all. Default: False. */
    int64_t seed; /* Of the dropout. Default: None. */
    /* Masked steps give zeros instead of the step before. Default: False. */
    bool zero_output_for_mask;
} kt_simple_rnn_args;
#ifndef __cplusplus
#define kt_simple_rnn(...) \
    kt_layer_make("SimpleRNN", &(kt_simple_rnn_args){ \
        .at = KT_SITE(kt_simple_rnn_args, #__VA_ARGS__, __VA_ARGS__), \
        .units = __VA_ARGS__}.at)
#endif

/* SimpleRNNCell: One step of a SimpleRNN. */
typedef struct kt_simple_rnn_cell_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t units; /* Size of the state and the output. Required. */
    const char *activation; /* Of the output. Default: tanh. */
    bool use_bias; /* Add a bias vector. Default: True. */
    const char *kernel_initializer; /* How the kernel starts. Default: glorot_uniform. */
    const char *recurrent_initializer; /* How the recurrent kernel starts. Default: orthogonal. */
    const char *bias_initializer; /* How the bias starts. Default: zeros. */
    const char *kernel_regularizer; /* Penalty on the kernel. Default: None. */
    const char *recurrent_regularizer; /* Penalty on the recurrent kernel. Default: None. */
    const char *bias_regularizer; /* Penalty on the bias. Default: None. */
    const char *kernel_constraint; /* Projection of the kernel after each update. Default: None. */
    /* Projection of the recurrent kernel after each update. Default: None. */
    const char *recurrent_constraint;
    const char *bias_constraint; /* Projection of the bias after each update. Default: None. */
    double dropout; /* Share of the inputs that is dropped in training. Default: 0.0. */
    double recurrent_dropout; /* Share of the state that is dropped in training. Default: 0.0. */
    int64_t seed; /* Of the dropout. Default: None. */
} kt_simple_rnn_cell_args;
#ifndef __cplusplus
#define kt_simple_rnn_cell(...) \
    kt_layer_make("SimpleRNNCell", &(kt_simple_rnn_cell_args){ \
        .at = KT_SITE(kt_simple_rnn_cell_args, #__VA_ARGS__, __VA_ARGS__), \
        .units = __VA_ARGS__}.at)
#endif

/* Softmax: Positive numbers that add up to 1. */
typedef struct kt_softmax_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t axis; /* The axis, or several. Default: -1. */
} kt_softmax_args;
#ifndef __cplusplus
#define kt_softmax(...) \
    kt_layer_make("Softmax", &(kt_softmax_args){ \
        .at = KT_SITE(kt_softmax_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* SpectralNormalization: Keeps the largest singular value of a layer's kernel at one. */
typedef struct kt_spectral_normalization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    kt_layer *layer; /* The layer, with a kernel or embeddings. Required. */
    int64_t power_iterations; /* How many iterations a training step does. Default: 1. */
} kt_spectral_normalization_args;
#ifndef __cplusplus
#define kt_spectral_normalization(...) \
    kt_layer_make("SpectralNormalization", &(kt_spectral_normalization_args){ \
        .at = KT_SITE(kt_spectral_normalization_args, #__VA_ARGS__, __VA_ARGS__), \
        .layer = __VA_ARGS__}.at)
#endif

/* StackedRNNCells: Cells one behind the other as one cell. */
typedef struct kt_stacked_rnn_cells_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *cells; /* The cells; each gets the output of the one before. Required. */
} kt_stacked_rnn_cells_args;
#ifndef __cplusplus
#define kt_stacked_rnn_cells(...) \
    kt_layer_make("StackedRNNCells", &(kt_stacked_rnn_cells_args){ \
        .at = KT_SITE(kt_stacked_rnn_cells_args, #__VA_ARGS__, __VA_ARGS__), \
        .cells = __VA_ARGS__}.at)
#endif

/* StandIn: The shapes of a layer whose class is not here. */
typedef struct kt_stand_in_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    const char *stands_for; /* The class that is not here. Required. */
    int64_t given[KT_MAX_RANK]; /* What the layer was given, the batch first. Required. */
    int64_t gives[KT_MAX_RANK]; /* What it gave for that, the batch first. Required. */
} kt_stand_in_args;
#ifndef __cplusplus
#define kt_stand_in(...) \
    kt_layer_make("StandIn", &(kt_stand_in_args){ \
        .at = KT_SITE(kt_stand_in_args, #__VA_ARGS__, __VA_ARGS__), \
        .stands_for = __VA_ARGS__}.at)
#endif

/* STFTSpectrogram: The spectrum of each frame of a signal. */
typedef struct kt_stft_spectrogram_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    /* 'log', 'magnitude', 'psd', 'real', 'imag', 'angle' or 'stft'. Default: log. */
    const char *mode;
    int64_t frame_length; /* Steps of a frame. Default: 256. */
    int64_t frame_step; /* From one frame to the next; None: half a frame. Default: None. */
    int64_t fft_length; /* Of the transform; None: the next power of two. Default: None. */
    const char *window; /* Name of a window, its values, or None. Default: hann. */
    bool periodic; /* The window is periodic, else symmetric. Default: False. */
    const char *scaling; /* 'density', 'spectrum' or None. Default: density. */
    const char *padding; /* 'valid' or 'same'. Default: valid. */
    bool expand_dims; /* Frequencies and channels on axes of their own. Default: False. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_stft_spectrogram_args;
#ifndef __cplusplus
#define kt_stft_spectrogram(...) \
    kt_layer_make("STFTSpectrogram", &(kt_stft_spectrogram_args){ \
        .at = KT_SITE(kt_stft_spectrogram_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* StringLookup: Texts by their place in a vocabulary. */
typedef struct kt_string_lookup_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t max_tokens; /* The most that the vocabulary may have. Default: None. */
    int64_t num_oov_indices; /* How many places there are for other texts. Default: 1. */
    const char *mask_token; /* A text that stands for nothing: it gets place 0. Default: None. */
    const char *oov_token; /* What other texts come back as. Default: [UNK]. */
    const char *vocabulary; /* The texts in their order. Default: None. */
    const char *idf_weights; /* A weight for each, for 'tf_idf'. Default: None. */
    bool invert; /* Places become texts. Default: False. */
    const char *output_mode; /* 'int', 'one_hot', 'multi_hot', 'count' or 'tf_idf'. Default: int. */
    bool pad_to_max_tokens; /* Vectors have max_tokens entries. Default: False. */
    bool sparse; /* Of Keras' tensors; the numbers are the same. Default: False. */
    const char *encoding; /* Of the texts that Keras gives back; kept. Default: 'utf-8'. */
    /* A number or two: SipHash with this key instead of FarmHash. Default: None. */
    const char *salt;
    /* Kept; other texts are always spread by their hash. Default: floormod. */
    const char *oov_method;
    int64_t vocabulary_size; /* Of a learnt vocabulary; written by Keras. Default: None. */
} kt_string_lookup_args;
#ifndef __cplusplus
#define kt_string_lookup(...) \
    kt_layer_make("StringLookup", &(kt_string_lookup_args){ \
        .at = KT_SITE(kt_string_lookup_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* TextVectorization: Texts cut into tokens, and those by their place in a vocabulary. */
typedef struct kt_text_vectorization_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t max_tokens; /* The most that the vocabulary may have. Default: None. */
    /* What is done first: also 'lower', 'strip_punctuation' or None. ASCII alone. Default:
      'lower_and_strip_punctuation'. */
    const char *standardize;
    const char *split; /* Where texts are cut: also 'character' or None. Default: 'whitespace'. */
    /* Runs of 1 to so many tokens, or of these numbers of them. Default: None. */
    const char *ngrams;
    const char *output_mode; /* 'int', 'one_hot', 'multi_hot', 'count' or 'tf_idf'. Default: int. */
    /* How long rows are, cut or filled with 0; None: as the longest of the batch. Default: None. */
    int64_t output_sequence_length;
    bool pad_to_max_tokens; /* Vectors have max_tokens entries. Default: False. */
    const char *vocabulary; /* The tokens in their order. Default: None. */
    const char *idf_weights; /* A weight for each, for 'tf_idf'. Default: None. */
    bool sparse; /* Of Keras' tensors; the numbers are the same. Default: False. */
    bool ragged; /* Rows of their own lengths; only False is supported. Default: False. */
    const char *encoding; /* Of the texts that Keras gives back; kept. Default: 'utf-8'. */
    int64_t vocabulary_size; /* Of a learnt vocabulary; written by Keras. Default: None. */
} kt_text_vectorization_args;
#ifndef __cplusplus
#define kt_text_vectorization(...) \
    kt_layer_make("TextVectorization", &(kt_text_vectorization_args){ \
        .at = KT_SITE(kt_text_vectorization_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* TimeDistributed: Applies a layer to every time step. */
typedef struct kt_time_distributed_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    kt_layer *layer; /* The layer that every step goes through. Required. */
} kt_time_distributed_args;
#ifndef __cplusplus
#define kt_time_distributed(...) \
    kt_layer_make("TimeDistributed", &(kt_time_distributed_args){ \
        .at = KT_SITE(kt_time_distributed_args, #__VA_ARGS__, __VA_ARGS__), \
        .layer = __VA_ARGS__}.at)
#endif

/* UpSampling1D: Each place several times. */
typedef struct kt_up_sampling1d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t size; /* How often each step. Default: 2. */
} kt_up_sampling1d_args;
#ifndef __cplusplus
#define kt_up_sampling1d(...) \
    kt_layer_make("UpSampling1D", &(kt_up_sampling1d_args){ \
        .at = KT_SITE(kt_up_sampling1d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* UpSampling2D: Each place several times. */
typedef struct kt_up_sampling2d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t size[KT_MAX_RANK]; /* How often each row and column. Default: 2. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
    /* 'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'. Default: nearest. */
    const char *interpolation;
} kt_up_sampling2d_args;
#ifndef __cplusplus
#define kt_up_sampling2d(...) \
    kt_layer_make("UpSampling2D", &(kt_up_sampling2d_args){ \
        .at = KT_SITE(kt_up_sampling2d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

/* UpSampling3D: Each place several times. */
typedef struct kt_up_sampling3d_args {
    kt_site at;
    const char *name; /* Automatic if left out. */
    bool trainable; /* true: weights are updated by fit. */
    const char *dtype; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    int64_t input_shape[KT_MAX_RANK];
    int64_t batch_input_shape[KT_MAX_RANK]; /* The same with the batch axis. */
    const char *input_dtype; /* Of the data: "int32". */
    const char *activity_regularizer; /* Penalty on the output. */
    int64_t size[KT_MAX_RANK]; /* How often along each axis. Default: 2. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    const char *data_format;
} kt_up_sampling3d_args;
#ifndef __cplusplus
#define kt_up_sampling3d(...) \
    kt_layer_make("UpSampling3D", &(kt_up_sampling3d_args){ \
        .at = KT_SITE(kt_up_sampling3d_args, #__VA_ARGS__, __VA_ARGS__), \
        __VA_ARGS__}.at)
#endif

#ifdef __cplusplus
}
#endif
#endif
