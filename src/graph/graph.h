/* graph.h - the door of src/graph: the op graph that layers emit and everything else reads.
 *
 * A node is one value. Its inputs always have smaller ids, and nodes run in the order of their
 * ids; so program order is execution order, and a node that reads a variable after an assign
 * node sees the new value. An op with several results is one node plus a `part` node for each
 * further result: kt_part(y, k), kt_part(y, 0) == y.
 *
 * Sticky errors: a shape rule that fails raises into g->fault and the builder returns g->poison,
 * on which all further builders return g->poison at once. So ops are emitted without checks, and
 * the caller looks at g->fault at the end.
 *
 * The same layer code is traced twice: once with symbolic shapes (KT_UNKNOWN for None), which
 * yields inference, the shape errors in Keras' words and the doctor's origins; and once per
 * batch size with every size known, which is run. Gradient rules may therefore rely on known
 * shapes. */
#ifndef KT_GRAPH_H
#define KT_GRAPH_H

#include "base/base.h"
#include "config/config.h"
#include "tensor/tensor.h"

typedef struct kt_op_type  kt_op_type;
typedef struct kt_node     kt_node;
typedef struct kt_graph    kt_graph;
typedef struct kt_variable kt_variable;
typedef struct kt_body     kt_body;

/* Where a size comes from: the doctor follows these to the layer, field or data that made it. */
typedef enum kt_origin_kind {
    KT_FROM_NOWHERE, /* not recorded */
    KT_FROM_AXIS,    /* copied from `input`'s `axis` */
    KT_FROM_PRODUCT, /* product of `input`'s axes [axis, axis2) */
    KT_FROM_WINDOW,  /* window formula over `input`'s `axis` (kernel, stride, padding) */
    KT_FROM_SUM,     /* sum over all inputs' `axis` (concatenation), or `axis` plus padding */
    KT_FROM_FIELD,   /* a constant out of configuration field `field` */
    KT_FROM_DATA     /* a placeholder: what the caller passed */
} kt_origin_kind;

typedef struct kt_origin {
    kt_origin_kind kind;
    int            input, axis, axis2;
    const char    *field;
} kt_origin;

/* State that outlives a step: weights, statistics, optimizer slots, metric sums, seeds. Owned by
 * who made it. */
struct kt_variable {
    const char     *name; /* "kernel" */
    const char     *path; /* "dense/kernel" */
    kt_dtype        dtype;
    kt_shape        shape;
    kt_tensor      *value; /* owned reference; NULL until initialised */
    bool            trainable;
    const bool     *allowed; /* of the layer that made it: may it be trained? NULL: yes */
    const kt_value *initializer, *regularizer, *constraint; /* or NULL */
    kt_variable    *block; /* the variable of which value is a view, or NULL */
};

struct kt_node {
    const kt_op_type *op;
    const void       *attr; /* one of the structs of graph/attrs.h */
    size_t            attr_size;
    int               id;
    int               n_in, n_part;
    kt_node         **in;
    kt_node         **part; /* n_part results; part[0] is the node itself */
    int               part_index;
    kt_dtype          dtype;
    kt_shape          shape;
    kt_origin         origin[KT_MAX_RANK];
    kt_variable      *var;      /* of `variable` and `assign` nodes */
    const kt_tensor  *constant; /* of `constant` nodes: borrowed from the graph */
    const char       *scope;    /* path of the layer that emitted it, "" outside */
    kt_node          *logits;   /* Keras' _keras_logits: the input of a final softmax or sigmoid */
    /* Of a result whose first axis has room for more than there is: how many rows count, an
     * integer [] that is computed beside it. Such a result can only be what a model gives. */
    kt_node *length;
};

struct kt_graph {
    kt_arena    arena;
    kt_fault   *fault;   /* where errors go; borrowed, never NULL */
    kt_vec      nodes;   /* kt_node * by id */
    kt_vec      tensors; /* constants, unreferenced with the graph */
    kt_vec      bodies;  /* of its nodes, likewise */
    kt_map      vars;    /* kt_variable * -> its node */
    kt_node    *poison;
    const char *scope;
    bool        lenient; /* sizes that do not fit pass, as in Keras' compute_output_shape */
    kt_dtype    floatx;  /* dtype of constants and weights: KT_F32, KT_F64 in gradient checks */
    const bool *wanted;  /* by id, while gradients are emitted: those of these nodes are used */
    int         n_wanted;
};

/* A new empty graph, or NULL without memory (raised into fault). */
kt_graph *kt_graph_new(kt_fault *fault);
void      kt_graph_free(kt_graph *g);
bool      kt_graph_failed(const kt_graph *g);
/* Its memory, constants included. */
size_t kt_graph_bytes(const kt_graph *g);
/* Appends "name" to the scope for the nodes that follow; returns the old one for kt_scope_leave. */
const char *kt_scope_enter(kt_graph *g, const char *name);
void        kt_scope_leave(kt_graph *g, const char *old);

/* --- building --------------------------------------------------------------------------------- */

/* Emits a node: infers its shapes, records origins. attr (size bytes) is copied. Builders in
 * ops/ops.h wrap this. */
kt_node *kt_emit(kt_graph *g, const kt_op_type *op, const void *attr, size_t size, int n_in,
                 kt_node *const *in);
kt_node *kt_part(kt_node *y, int k);

kt_node *kt_placeholder(kt_graph *g, const char *name, kt_dtype dtype, kt_shape shape);
kt_node *kt_read(kt_graph *g, kt_variable *v); /* one node per variable and graph */
/* Stores x (same count) in v when the step reaches it. The node has v's dtype and shape, so its
 * kernel copies and converts into v's memory. Always kept by dead code removal. */
kt_node *kt_assign(kt_graph *g, kt_variable *v, kt_node *x);
kt_node *kt_constant(kt_graph *g, kt_tensor *t); /* takes the reference, also on failure */
kt_node *kt_scalar(kt_graph *g, double v);       /* rank 0, g->floatx */
kt_node *kt_scalar_as(kt_graph *g, double v, kt_dtype dtype);

/* Replaces node y's op, attributes and inputs in place (fusion). New inputs must have smaller
 * ids, and the new op must give the dtypes and shapes that y and its parts have. False, and
 * nothing changed, if not. */
bool kt_rewrite(kt_graph *g, kt_node *y, const kt_op_type *op, const void *attr, size_t size,
                int n_in, kt_node *const *in);
/* One more result of y, which its op must know of: a part at the end of the graph. */
kt_node *kt_add_part(kt_graph *g, kt_node *y, kt_dtype dtype, kt_shape shape);
/* Makes node n, whose users must all come after y, one more part of y: it moves to right behind
 * y, which the next kt_rewrite of y must reckon with. Ids between the two shift down by one.
 * False without memory or if n is not before y. */
bool kt_join(kt_graph *g, kt_node *n, kt_node *y);

/* --- graphs inside of nodes (body.c) ---------------------------------------------------------- */

/* What a node with KT_OP_BODY runs, once for each step. It knows nothing of the graph around: what
 * it reads of it are further inputs. Whoever keeps a pointer to it keeps a reference. */
struct kt_body {
    int       refs;
    kt_graph *g;
    int       n_in, n_out;
    kt_node **in, **out; /* placeholders; any values */
};
/* An empty one, whose errors go where those of the graph around go; NULL without memory. */
kt_body *kt_body_new(kt_graph *around);
kt_body *kt_body_ref(kt_body *b); /* gives b */
void     kt_body_unref(kt_body *b);
/* One more input or output, behind those that there are. */
kt_node *kt_body_input(kt_body *b, kt_dtype dtype, kt_shape shape);
void     kt_body_output(kt_body *b, kt_node *y);
/* Emits in `to` what n is, parts included. map: nodes -> their copies; n's inputs must be there,
 * n and its parts are added. False after a failure. */
bool kt_copy_node(kt_graph *to, kt_map *map, const kt_node *n);
/* Moves those nodes from id `first` on that depend on the placeholders in[0..n_in), which are among
 * them, into a body that gives out[0..n_out). The others stay. captured: the nodes that stay and
 * are read by those that move, in the order of the body's inputs behind in[]. NULL after a
 * failure. */
kt_body *kt_outline(kt_graph *g, int first, int n_in, kt_node *const *in, int n_out,
                    kt_node *const *out, kt_vec *captured);

/* TensorFlow's UnimplementedError where texts and numbers should become each other. */
kt_status kt_raise_no_cast(kt_fault *f, kt_dtype from, kt_dtype to);

/* Text dump, one line a node, for debugging and tests. */
void kt_graph_print(kt_str *out, const kt_graph *g);

/* --- what need not run (guard.c) -------------------------------------------------------------- */

/* What only option number `option` of a node with KT_OP_CHOICE needs runs only if in[0] of it says
 * so, and the choice itself is made, which happens under the guard `outer` (NULL: always). */
typedef struct kt_guard {
    struct kt_guard     *outer;
    const kt_node       *choice;
    const struct kt_buf *which; /* NULL; for the memory of in[0] where nodes are run */
    int                  option, depth;
} kt_guard;
/* The guard of each node by id, NULL for those that always run, as do those that are kept; *of is
 * NULL where nothing is chosen. All in `arena`. False without memory. */
bool kt_guards(const kt_graph *g, kt_arena *arena, const bool *needed, const bool *keep,
               kt_guard ***of);

bool               kt_is(const kt_node *n, const kt_op_type *op);
static inline bool kt_is_poison(const kt_graph *g, const kt_node *n)
{
    return n == g->poison;
}

#endif
