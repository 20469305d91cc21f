/* merge.h - what layers that merge a list of inputs share. */
#ifndef KT_MERGE_H
#define KT_MERGE_H

#include "nn/layer.h"

/* "[(None, 4), (None, 3)]" as Python prints a list of shapes; a lone shape where no list was
 * passed. */
const char *kt_shapes_text(kt_arena *a, int n, const kt_shape *s, bool list);
/* Keras' build of Add, Multiply ...: the shapes must broadcast. */
kt_status kt_merge_build(kt_layer *l, int n, const kt_shape *in);
/* Folds the inputs with op, after giving them one rank (new axes behind the batch), masks as Keras
 * applies them. */
void kt_merge_call(kt_layer *l, kt_call *c, kt_node *(*op)(kt_graph *g, kt_node *x, kt_node *z));

#endif
