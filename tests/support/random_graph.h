/* random_graph.h - graphs out of a stream of bytes, for tests and fuzzing of passes and plans.
 *
 * The same bytes give the same graph, so that one can be optimised and another not. Values are
 * chosen so that they stay finite for most graphs; a NaN is as good as any value, since all ways of
 * running must agree on it.
 */
#ifndef KT_TEST_RANDOM_GRAPH_H
#define KT_TEST_RANDOM_GRAPH_H

#include <math.h>
#include <string.h>

#include "graph/op.h"
#include "ops/ops.h"
#include "passes/passes.h"

enum { WORLD_VALUES = 512, WORLD_VARS = 24, WORLD_KEEP = 12, WORLD_INPUTS = 48 };

typedef struct byte_source {
    const uint8_t *data; /* NULL: pseudo-random numbers from `state` */
    size_t         n, at;
    uint64_t       state;
} byte_source;

static inline unsigned next_byte(byte_source *s)
{
    if (s->data)
        return s->at < s->n ? s->data[s->at++] : 0;
    s->state = s->state * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(s->state >> 56);
}

static inline int pick(byte_source *s, int n)
{
    return (int)((next_byte(s) << 8 | next_byte(s)) % (unsigned)n);
}

static inline bool is_spent(const byte_source *s)
{
    return s->data && s->at >= s->n;
}

/* A graph with its variables (some are views of one block), inputs and the values that are read
 * from outside. */
typedef struct world {
    kt_fault    fault;
    kt_graph   *g;
    kt_dtype    floatx;
    kt_variable var[WORLD_VARS];
    kt_variable block;
    int64_t     block_used;
    int         n_var, n_value, n_keep, n_input;
    kt_node    *value[WORLD_VALUES], *keep[WORLD_KEEP], *input[WORLD_INPUTS];
    double      low[WORLD_INPUTS], high[WORLD_INPUTS]; /* of the inputs' values */
    int64_t     size[4];                               /* the sizes that shapes are made of */
} world;

enum { BLOCK_COUNT = 512 };

/* Numbers in [-2, 2) out of two bytes, so that most bytes go into the structure. */
static inline void fill(byte_source *s, kt_tensor *t)
{
    byte_source own = {.state = (uint64_t)pick(s, 65536)};

    for (int64_t i = 0; t && i < kt_tensor_count(t); i++)
        kt_tensor_set(t, i, (pick(&own, 400) - 200) / 100.0);
}

static inline void add_value(world *w, kt_node *n)
{
    if (w->n_value < WORLD_VALUES && !kt_is_poison(w->g, n))
        w->value[w->n_value++] = n;
}

static inline kt_shape random_shape(byte_source *s, const world *w)
{
    kt_shape shape = {.rank = pick(s, 8) ? 2 : pick(s, 4)};

    for (int i = 0; i < shape.rank; i++) {
        int k = pick(s, 10);
        shape.dim[i] = k == 9 ? 1 : k == 8 ? w->size[pick(s, 4)] : w->size[i % 2];
    }
    return shape;
}

/* A new variable, with a tensor of its own or as a view of the block; NULL if there are enough. */
static inline kt_variable *random_variable(byte_source *s, world *w, kt_shape shape)
{
    kt_variable *v = &w->var[w->n_var];
    int64_t      count = kt_shape_count(&shape);

    if (w->n_var == WORLD_VARS)
        return NULL;
    *v = (kt_variable){
        .name = "v", .path = "v", .dtype = w->floatx, .shape = shape, .trainable = true};
    if (pick(s, 2) && w->block_used + count <= BLOCK_COUNT && count) {
        kt_tensor *rows = kt_tensor_rows(w->block.value, w->block_used, w->block_used + count);
        v->value = rows ? kt_tensor_reshape(rows, shape) : NULL;
        v->block = &w->block;
        kt_tensor_unref(rows);
        w->block_used += count;
    } else {
        v->value = kt_tensor_new(w->floatx, shape);
        fill(s, v->value);
    }
    if (v->value)
        w->n_var++;
    return v->value ? v : NULL;
}

/* A new placeholder for values in [low, high]; NULL if there are enough. */
static inline kt_node *random_input(world *w, kt_dtype dtype, kt_shape shape, double low,
                                    double high)
{
    int i = w->n_input;

    if (i == WORLD_INPUTS)
        return NULL;
    w->low[i] = low;
    w->high[i] = high;
    w->input[w->n_input++] = kt_placeholder(w->g, "x", dtype, shape);
    return w->input[i];
}

/* Element for element of input i, the same for the same bytes. */
static inline double input_value(byte_source *s, const world *w, int i)
{
    double x = w->low[i] + (w->high[i] - w->low[i]) * pick(s, 4096) / 4096;

    return kt_dtype_is_float(w->input[i]->dtype) ? x : floor(x);
}

static inline kt_node *random_leaf(byte_source *s, world *w, kt_shape shape)
{
    kt_variable *v;
    kt_node     *x;

    switch (pick(s, 4)) {
    case 0: x = random_input(w, w->floatx, shape, -2, 2); return x ? x : kt_scalar(w->g, 0.25);
    case 1: {
        kt_tensor *t = kt_tensor_new(w->floatx, shape);
        fill(s, t);
        return kt_constant(w->g, t);
    }
    case 2: v = random_variable(s, w, shape); return v ? kt_read(w->g, v) : kt_scalar(w->g, 0.5);
    default: return kt_scalar(w->g, pick(s, 4) - 1);
    }
}

static inline kt_node *any_value(byte_source *s, const world *w)
{
    int back = pick(s, 4) ? 8 : w->n_value; /* mostly recent ones, so that chains come about */

    return w->value[w->n_value - 1 - pick(s, back < w->n_value ? back : w->n_value)];
}

static inline kt_node *any_real(byte_source *s, const world *w)
{
    kt_node *x = any_value(s, w);

    return x->dtype == w->floatx ? x : kt_cast(w->g, x, w->floatx);
}

/* A value that broadcasts with x, or a scalar. */
static inline kt_node *partner(byte_source *s, const world *w, const kt_node *x)
{
    for (int tries = 0; tries < 6; tries++) {
        kt_node *z = any_real(s, w);
        kt_shape shape;
        if (kt_shape_broadcast(&x->shape, &z->shape, &shape) && kt_shape_count(&shape) <= 2048)
            return z;
    }
    return kt_scalar(w->g, 1.5);
}

static inline kt_node *random_unary(byte_source *s, world *w)
{
    static const kt_unary_fn fn[] = {KT_UN_NEG,      KT_UN_ABS,  KT_UN_TANH,     KT_UN_SIGMOID,
                                     KT_UN_RELU,     KT_UN_GELU, KT_UN_SOFTPLUS, KT_UN_SQUARE,
                                     KT_UN_SOFTSIGN, KT_UN_SIN};

    return kt_unary(w->g, fn[pick(s, (int)KT_COUNT(fn))], any_real(s, w));
}

static inline kt_node *random_binary(byte_source *s, world *w)
{
    static const kt_binary_fn fn[] = {KT_BI_ADD,     KT_BI_SUB,  KT_BI_MUL,     KT_BI_ADD,
                                      KT_BI_MUL,     KT_BI_POW,  KT_BI_MAXIMUM, KT_BI_MINIMUM,
                                      KT_BI_GREATER, KT_BI_EQUAL};
    kt_binary_fn              f = fn[pick(s, (int)KT_COUNT(fn))];
    kt_node                  *x = any_real(s, w), *z = partner(s, w, x);

    if (f == KT_BI_POW)
        return kt_binary(w->g, f, x, kt_scalar(w->g, 1 + pick(s, 2)));
    return pick(s, 2) ? kt_binary(w->g, f, x, z) : kt_binary(w->g, f, z, x);
}

static inline kt_node *random_dense(byte_source *s, world *w)
{
    kt_node *x = any_real(s, w), *kernel, *y;
    int64_t  n = w->size[pick(s, 4)];

    if (x->shape.rank < 2)
        return random_unary(s, w);
    kernel = random_leaf(s, w, KT_SHAPE(kt_dim(&x->shape, -1), n));
    if (kernel->shape.rank < 2)
        return random_unary(s, w);
    y = kt_matmul(w->g, x, kernel, false, false);
    if (pick(s, 4))
        y = kt_add(w->g, y, random_leaf(s, w, KT_SHAPE(n)));
    return pick(s, 2) ? kt_unary(w->g, pick(s, 2) ? KT_UN_RELU : KT_UN_GELU, y) : y;
}

/* x repeated to the common shape of itself and another value. */
static inline kt_node *random_repeat(byte_source *s, world *w, kt_node *x)
{
    kt_node *z = partner(s, w, x);
    kt_shape shape;

    return kt_shape_broadcast(&x->shape, &z->shape, &shape) ? kt_broadcast_to(w->g, x, shape) : x;
}

static inline kt_node *random_move(byte_source *s, world *w)
{
    kt_node *x = any_value(s, w);
    int      perm[KT_MAX_RANK];

    for (int i = 0; i < KT_MAX_RANK; i++)
        perm[i] = x->shape.rank - 1 - i;
    switch (pick(s, 6)) {
    case 4: return random_repeat(s, w, x);
    case 0: return kt_reshape(w->g, x, KT_SHAPE(kt_shape_count(&x->shape)));
    case 1: return kt_stop_gradient(w->g, x);
    case 2: return kt_transpose(w->g, x, perm);
    case 3: return kt_flatten_from(w->g, x, 0);
    default:
        return kt_reduce(w->g, pick(s, 2) ? KT_RE_SUM : KT_RE_MAX, any_real(s, w),
                         (unsigned)pick(s, 2), pick(s, 2));
    }
}

static inline kt_node *random_pack(byte_source *s, world *w)
{
    kt_node *x[3] = {any_real(s, w), any_real(s, w), any_real(s, w)};

    return kt_pack(w->g, 1 + pick(s, 3), x);
}

/* Stores a value in some variable of as many elements, a new one if need be; the graph may read it
 * afterwards. */
static inline kt_node *random_assign(byte_source *s, world *w)
{
    kt_node *x = any_real(s, w);

    if (!pick(s, 8)) { /* all views at once, as an optimizer does */
        x = kt_binary(w->g, KT_BI_SUB, kt_mul_scalar(w->g, kt_read(w->g, &w->block), 0.875),
                      kt_scalar(w->g, 0.01));
        kt_assign(w->g, &w->block, x);
        return x;
    }
    for (int i = 0; i < w->n_var; i++) {
        kt_variable *v = &w->var[(i + pick(s, WORLD_VARS)) % w->n_var];
        if (kt_shape_count(&v->shape) == kt_shape_count(&x->shape)) {
            kt_assign(w->g, v, x);
            return kt_read(w->g, v);
        }
    }
    return random_unary(s, w);
}

/* --- any op of the table, by the samples that it brings --- */

typedef struct world_sampler {
    kt_sampler   s;
    byte_source *source;
    world       *w;
} world_sampler;

static inline kt_node *sample_leaf(kt_sampler *s, kt_dtype dtype, kt_shape shape, double low,
                                   double high)
{
    world_sampler *ws = (world_sampler *)s;
    kt_node       *x = random_input(ws->w, dtype, shape, low, high);
    kt_tensor     *t = x ? NULL : kt_tensor_new(dtype, shape);

    for (int64_t i = 0; t && i < kt_tensor_count(t); i++)
        kt_tensor_set(t, i, low);
    return x ? x : kt_constant(s->g, t);
}

static inline kt_node *sample_real(kt_sampler *s, kt_shape shape, double low, double high)
{
    return sample_leaf(s, s->g->floatx, shape, low, high);
}

static inline kt_node *sample_integer(kt_sampler *s, kt_shape shape, int64_t low, int64_t high)
{
    return sample_leaf(s, KT_I32, shape, (double)low, (double)high);
}

static inline int64_t sample_size(kt_sampler *s, int64_t low, int64_t high)
{
    return low + pick(((world_sampler *)s)->source, (int)(high - low) + 1);
}

static inline kt_node *random_sample(byte_source *s, world *w)
{
    const kt_op_type *ops[128];
    world_sampler     ws = {{w->g, sample_real, sample_integer, sample_size}, s, w};
    int               n = 0, which, variant;
    kt_node          *y;

    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op && n < (int)KT_COUNT(ops); op++)
            if ((*op)->sample)
                ops[n++] = *op;
    which = pick(s, n);
    variant = pick(s, 8);
    y = ops[which]->sample(&ws.s, variant);
    for (int k = 1; y && k < y->n_part; k++)
        add_value(w, y->part[k]);
    return y ? y : kt_scalar(w->g, 2);
}

static inline kt_node *random_node(byte_source *s, world *w)
{
    kt_node *x, *z;

    switch (pick(s, 12)) {
    case 0: return random_leaf(s, w, random_shape(s, w));
    case 1:
    case 2: return random_unary(s, w);
    case 3: return random_dense(s, w);
    case 4: return random_move(s, w);
    case 5: return random_pack(s, w);
    case 6:
    case 7: return random_assign(s, w);
    case 8:
        x = any_real(s, w);
        z = partner(s, w, x);
        return kt_select(w->g, kt_binary(w->g, KT_BI_LESS, x, z), x, z);
    default: return random_binary(s, w);
    }
}

static inline bool world_begin(byte_source *s, world *w, kt_dtype floatx)
{
    memset(w, 0, sizeof *w);
    w->floatx = floatx;
    w->g = kt_graph_new(&w->fault);
    w->block = (kt_variable){
        .name = "block", .path = "block", .dtype = floatx, .shape = KT_SHAPE(BLOCK_COUNT)};
    w->block.value = kt_tensor_new(floatx, w->block.shape);
    if (!w->g || !w->block.value)
        return false;
    fill(s, w->block.value);
    w->g->floatx = floatx;
    for (int i = 0; i < 4; i++)
        w->size[i] = 1 + pick(s, 6);
    if (!pick(s, 16))
        w->size[pick(s, 4)] = 0;
    for (int i = 0; i < 3; i++)
        add_value(w, random_leaf(s, w, KT_SHAPE(w->size[0], w->size[1])));
    return w->n_value > 0;
}

/* The gradient of the last real value, stored in the variables as plain descent does. */
static inline void add_training(world *w)
{
    kt_node *wrt[WORLD_VARS], *grad[WORLD_VARS] = {0}, *y = NULL;
    int      n = 0;

    for (int i = 0; i < w->n_value; i++)
        if (w->value[i]->dtype == w->floatx && kt_shape_count(&w->value[i]->shape) > 0)
            y = w->value[i];
    for (int i = 0; i < w->n_var; i++)
        wrt[n++] = kt_read(w->g, &w->var[i]);
    if (!y || kt_graph_failed(w->g) ||
        kt_gradients(w->g, kt_mean_all(w->g, kt_unary(w->g, KT_UN_TANH, y)), wrt, n, grad))
        return;
    for (int i = 0; i < n; i++)
        if (grad[i])
            kt_assign(w->g, &w->var[i], kt_sub(w->g, wrt[i], kt_mul_scalar(w->g, grad[i], 0.01)));
}

static inline bool world_build(byte_source *s, world *w, kt_dtype floatx, int n_nodes)
{
    if (!world_begin(s, w, floatx))
        return false;
    for (int i = 0; i < n_nodes && !is_spent(s) && !kt_graph_failed(w->g); i++)
        add_value(w, random_node(s, w));
    if (pick(s, 2))
        add_training(w);
    for (int i = 0; i < 6; i++)
        w->keep[w->n_keep++] = any_value(s, w);
    w->keep[w->n_keep++] = w->value[w->n_value - 1];
    return !kt_graph_failed(w->g);
}

static inline void world_free(world *w)
{
    kt_graph_free(w->g);
    for (int i = 0; i < w->n_var; i++)
        kt_tensor_unref(w->var[i].value);
    kt_tensor_unref(w->block.value);
    kt_fault_clear(&w->fault);
}

#endif
