/* kind.c - what a layer is for, read off the fields of its class, so that new classes take part. */
#include <string.h>

#include "doctor/doctor.h"

static bool has(const kt_layer_type *t, const char *field)
{
    return kt_config_find(t->cls.config, field) != NULL;
}

/* Axes that the starting input spec speaks of, without batch and channels. */
static int spec_rank(const kt_layer_type *t)
{
    int ndim = t->input.ndim ? t->input.ndim : t->input.min_ndim;

    return ndim > 2 ? ndim - 2 : 0;
}

static kt_role role_by_size(const kt_layer_type *t)
{
    if (has(t, "return_sequences"))
        return KT_IS_RECURRENT;
    if (has(t, "kernel_size"))
        return has(t, "output_padding") ? KT_IS_CONV_UP : KT_IS_CONV;
    if (has(t, "pool_size"))
        return KT_IS_POOL;
    if (has(t, "units") && !has(t, "recurrent_initializer"))
        return KT_IS_DENSE;
    if (has(t, "input_dim") && has(t, "output_dim"))
        return KT_IS_EMBEDDING;
    return KT_IS_OTHER;
}

static kt_role role_by_shape(const kt_layer_type *t)
{
    if (has(t, "target_shape"))
        return KT_IS_RESHAPE;
    if (has(t, "keepdims") && has(t, "data_format"))
        return KT_IS_GLOBAL_POOL;
    if (has(t, "n"))
        return KT_IS_REPEAT;
    if (has(t, "size"))
        return KT_IS_UPSAMPLE;
    if (has(t, "cropping") || has(t, "padding"))
        return KT_IS_BORDER;
    if (has(t, "batch_shape"))
        return KT_IS_INPUT;
    if (has(t, "layer"))
        return KT_IS_WRAPPER;
    if (t->cls.config->n == 1 && has(t, "data_format"))
        return KT_IS_FLATTEN;
    return t->cls.config->n == 1 && has(t, "activation") ? KT_IS_ACTIVATION : KT_IS_OTHER;
}

kt_role kt_role_of(const kt_layer_type *t)
{
    if (!t)
        return KT_IS_OTHER;
    if (t->flags & KT_LAYER_CONTAINER)
        return KT_IS_MODEL;
    if (t->flags & KT_LAYER_LIST)
        return has(t, "axis") ? KT_IS_JOIN : KT_IS_MERGE;
    kt_role r = role_by_size(t);
    return r != KT_IS_OTHER ? r : role_by_shape(t);
}

int kt_rank_of(const kt_layer_type *t)
{
    return t ? spec_rank(t) : 0;
}
