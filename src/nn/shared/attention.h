/* attention.h - what layers of several attentions share: their inputs, masks and projections. */
#ifndef KT_ATTENTION_H
#define KT_ATTENTION_H

#include "nn/layer.h"

/* Is this keyword of the call a literal True? */
bool kt_wanted(const kt_call *c, const char *keyword);
/* Query, value and key (the value where there is none), by place or by keyword, and their masks or
 * NULL. False, with Keras' error, if there is no value. */
bool kt_attention_inputs(kt_layer *self, kt_call *c, kt_node *x[3], kt_node *mask[3]);
/* Which values each query may see, [batch, q, v] of booleans: by the masks, `attention_mask` and
 * `use_causal_mask` of the call, and the window, None or how near a value has to be. NULL: all. */
kt_node *kt_visible(kt_call *c, kt_node *const *x, kt_node *const *mask, const kt_value *window);
/* Softmax of the scores over the last `axes` axes, where something is seen. Where nothing is, Keras
 * gives even weights without dropout and scores, else none. */
kt_node *kt_attention_weights(kt_graph *g, kt_node *scores, kt_node *seen, int axes, bool even);

/* --- projections: EinsumDense layers inside --------------------------------------------------- */

/* The arguments of the attention that each of its projections takes. */
typedef struct kt_projecting {
    bool            use_bias;
    const kt_value *kernel_initializer, *bias_initializer, *kernel_regularizer, *bias_regularizer,
        *kernel_constraint, *bias_constraint;
    const kt_value *activity; /* regularizer, or NULL */
} kt_projecting;
/* Of a configuration with fields of these names. */
#define KT_PROJECTING(c, of_activity)                                                             \
    {                                                                                             \
        .use_bias = (c)->use_bias, .kernel_initializer = (c)->kernel_initializer,                 \
        .bias_initializer = (c)->bias_initializer, .kernel_regularizer = (c)->kernel_regularizer, \
        .bias_regularizer = (c)->bias_regularizer, .kernel_constraint = (c)->kernel_constraint,   \
        .bias_constraint = (c)->bias_constraint, .activity = (of_activity)                        \
    }

typedef struct kt_projection {
    const char *attr, *name, *equation;
    const char *bias; /* letters of the axes that have one */
    int         free; /* axes of the result behind the batch that are those of the input */
    int         n_out;
    int64_t     out[KT_MAX_RANK]; /* sizes of the others */
    const char *activation;       /* or NULL */
} kt_projection;
/* The projection, a sublayer of self built for its input; NULL, and self failed. */
kt_layer *kt_add_projection(kt_layer *self, const kt_projecting *all, const kt_projection *p,
                            const kt_shape *in);
/* The sublayer `l` (NULL without memory) under its attribute, built for its input. */
kt_layer *kt_build_inside(kt_layer *self, const char *attr, kt_layer *l, const kt_shape *in);
/* A regularizer that the projections have and the layer has not, in its configuration. */
kt_status kt_write_activity(kt_arena *a, kt_value *to, const kt_value *activity, kt_fault *f);

#endif
