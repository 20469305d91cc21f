/* layer_sample.h - the samples that layers bring: "Dense(4); Dense(2)" with "(2, 3) | (2, 3); (2,
 * 4) int:10". */
#ifndef KT_TEST_LAYER_SAMPLE_H
#define KT_TEST_LAYER_SAMPLE_H

#include "keratin/model.h"
#include "nn/layer.h"

enum { SAMPLE_INPUTS = 4 };

typedef struct layer_sample {
    char     expression[256];
    int      n_in;
    kt_shape shape[SAMPLE_INPUTS];
    int64_t  classes[SAMPLE_INPUTS]; /* integers below it, or 0: real numbers */
    bool     text[SAMPLE_INPUTS];    /* texts of so many letters */
} layer_sample;

/* Number of samples of a type; sample i is read into *out. A malformed sample fails the test. */
int  layer_samples(const kt_layer_type *t);
void layer_sample_read(const kt_layer_type *t, int i, layer_sample *out);
/* Repeatable numbers for input k: float32 in [-1, 1], or int32. */
kt_tensor *layer_sample_data(const layer_sample *s, int k, int64_t batch_seed);
/* The numbers for all inputs, as x. */
kt_data *layer_sample_all_data(const layer_sample *s);
/* A model of this layer alone, with all that it gives as outputs; NULL if there is no memory. */
kt_model *layer_sample_model(const layer_sample *s);
/* The same of a layer like it, which is the model's then. */
kt_model *layer_sample_model_of(kt_layer *l, const layer_sample *s);

#endif
