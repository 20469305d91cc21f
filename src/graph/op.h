/* op.h - the door for authors of ops: what an op is.
 *
 * An op is one file in src/ops and one row in ops.list. The file ends with
 * `const kt_op_type *const kt_ops_<file>[]`, NULL-terminated (a tight family lists several). Its
 * builder is declared in ops/ops.h, its attributes in graph/attrs.h. */
#ifndef KT_OP_H
#define KT_OP_H

#include "graph/attrs.h"
#include "graph/graph.h"

#define KT_MAX_PARTS 16

typedef struct kt_sampler kt_sampler;

typedef struct kt_result {
    kt_dtype  dtype;
    kt_shape  shape;
    kt_origin origin[KT_MAX_RANK];
} kt_result;

/* What a shape rule sees. It fills out[0 .. n_out) and sets n_out (starts as 1). */
typedef struct kt_op_call {
    const kt_op_type *op;
    const void       *attr;
    int               n_in;
    kt_node *const   *in;
    int               n_out;
    kt_result         out[KT_MAX_PARTS];
    kt_graph         *g;
} kt_op_call;

/* Raises an InvalidArgumentError-like failure about `axis` of input `input` (-1: none) and
 * returns its status. */
kt_status kt_op_fail(kt_op_call *c, int input, int axis, int64_t expected, int64_t received,
                     const char *fmt, ...) KT_PRINTF(6, 7);
/* The same in the frame of TensorFlow's eager errors,
 * "{{function_node __wrapped__AddV2_device_...}} text [Op:AddV2] name: ", where `tail` (" name: ",
 * or "") follows the bracket. */
kt_status kt_op_fail_tf(kt_op_call *c, const char *tf_op, const char *tail, int input, int axis,
                        int64_t expected, int64_t received, const char *fmt, ...) KT_PRINTF(8, 9);
/* out[k] := dtype and shape of input i, every axis copied from it. */
void kt_like(kt_op_call *c, int k, int i);
/* One axis of out[k], with its origin. */
void kt_from_axis(kt_op_call *c, int k, int axis, int input, int in_axis);
void kt_from_field(kt_op_call *c, int k, int axis, int64_t size, const char *field);
void kt_from(kt_op_call *c, int k, int axis, int64_t size, kt_origin_kind kind, int input,
             int in_axis, int in_axis2);

/* A buffer that a kernel sees: row-major, contiguous. Reference kernels get and give doubles
 * whatever the node's dtype is (exec converts), so each is written once; texts are pointers. */
typedef struct kt_buf {
    kt_dtype dtype;
    kt_shape shape;
    int64_t  count;
    union {
        void    *data;
        float   *f32;
        double  *f64;
        int32_t *i32;
        int64_t *i64;
        uint8_t *u8;

        const kt_text **text;
    };
} kt_buf;

/* What a kernel met in its data that it can not compute, as TensorFlow's kernels refuse it: a
 * number outside [0, limit), or what `words` say. */
typedef struct kt_refusal {
    bool        set;
    const char *words;
    kt_shape    shape; /* of the numbers, and which one it is in memory order */
    int64_t     at, value, limit;
} kt_refusal;

typedef struct kt_run {
    const void *attr;
    int         n_in, n_out;
    kt_buf     *in, *out;
    void       *scratch; /* as many bytes as the kernel asked for, 64-byte aligned */
    void       *state;   /* what the kernel's prepare made */
    kt_refusal *refusal; /* NULL: nobody wants to know */
} kt_run;

/* Notes the first refusal. */
static inline void kt_refuse(const kt_run *r, const kt_buf *numbers, int64_t at, int64_t value,
                             int64_t limit)
{
    if (r->refusal && !r->refusal->set)
        *r->refusal = (kt_refusal){true, NULL, numbers->shape, at, value, limit};
}

/* The same in words, a constant text. */
static inline void kt_refuse_words(const kt_run *r, const char *words)
{
    if (r->refusal && !r->refusal->set)
        *r->refusal = (kt_refusal){.set = true, .words = words};
}

enum {
    KT_OP_ALIAS = 1,   /* result is input 0's memory under another shape: no kernel (reshape) */
    KT_OP_EFFECT = 2,  /* kept though nobody reads it (assign) */
    KT_OP_SOURCE = 4,  /* no inputs, no kernel (placeholder, variable, constant) */
    KT_OP_POINT = 8,   /* element i of the result needs elements i (broadcast) of the inputs */
    KT_OP_PACK = 16,   /* result is the inputs' elements in a row: producers may write in place */
    KT_OP_BODY = 32,   /* its attributes begin with a kt_body * */
    KT_OP_TEXT = 64,   /* may be given texts; so may aliases, all else refuses them */
    KT_OP_CHOICE = 128 /* result is input 1 + in[0]: what only the others need does not run */
};

struct kt_op_type {
    const char *name;
    int         min_in, max_in; /* max_in -1: any number */
    unsigned    flags;
    kt_status (*shape)(kt_op_call *c);
    /* Emits the gradients: dy[k] is that of result k (NULL: none); sets dx[i], or leaves NULL
     * where there is none. */
    void (*gradient)(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx);
    /* The definition, in loops over doubles; out buffers are not zeroed. */
    void (*reference)(const kt_run *r);
    size_t (*scratch)(const kt_run *r); /* for reference; may be NULL */
    /* Emits the op on small random inputs for the table tests: `variant` counts from 0; NULL
     * when there is no such variant. Every op without KT_OP_SOURCE must have at least one. See
     * tests/table/ops.c. */
    kt_node *(*sample)(kt_sampler *s, int variant);
    /* bit i: input i has none by definition (labels, indices), so the check skips it */
    unsigned no_gradient;
};

/* Makes inputs for sample(): placeholders of g->floatx with random values in [lo, hi], or
 * integers in [lo, hi). */
struct kt_sampler {
    kt_graph *g;
    kt_node *(*real)(kt_sampler *s, kt_shape shape, double lo, double hi);
    kt_node *(*integer)(kt_sampler *s, kt_shape shape, int64_t lo, int64_t hi);
    /* a random size, so that shapes vary and are odd */
    int64_t (*size)(kt_sampler *s, int64_t lo, int64_t hi);
};

/* Op types that graph itself knows (graph/source.c). */
extern const kt_op_type kt_op_placeholder, kt_op_variable, kt_op_constant, kt_op_part, kt_op_assign;

#endif
