/* attention.h - what layers of several attentions share: their inputs and masks. */
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

#endif
