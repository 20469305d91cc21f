/* merge.h - what layers that merge a list of inputs share. */
#ifndef KT_MERGE_H
#define KT_MERGE_H

#include "nn/layer.h"

/* "[(None, 4), (None, 3)]" as Python prints a list of shapes; a lone shape where no list was
 * passed. */
const char *kt_shapes_text(kt_arena *a, int n, const kt_shape *s, bool list);
/* Keras' build of Add, Multiply ...: the shapes must broadcast. */
kt_status kt_merge_build(kt_layer *l, int n, const kt_shape *in);
/* What a masked step of an input counts as: itself; the other inputs' value; 1, and 0 in the result
 * where all are masked. */
typedef enum kt_merge_masks { KT_MERGE_PLAIN, KT_MERGE_CHOOSE, KT_MERGE_ONES } kt_merge_masks;
/* Folds the inputs with op, after giving them one rank (new axes behind the batch). The result's
 * mask joins those of the inputs, if all have one. */
void kt_merge_call(kt_layer *l, kt_call *c, kt_node *(*op)(kt_graph *g, kt_node *x, kt_node *z),
                   kt_merge_masks how);

#endif
