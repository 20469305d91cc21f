/* sorting.c - operations that put elements in order. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#define AXIS(F, T) F(T, OPTINT, axis, "-1", "met: range(x)", "The axis; None: all, flat.")
KT_CONFIG_OF(along, AXIS);

/* variant: 0 the elements, 1 their places. */
static void sort(kt_layer *self, kt_call *c)
{
    const along *cfg = self->config;
    kt_node     *x = kt_tensor_of(self, c, 0);

    if (!cfg->axis.set)
        x = kt_flat(c->g, x);
    c->out[0] = kt_part(kt_sort(c->g, x, cfg->axis.set ? (int)cfg->axis.v : 0, false),
                        self->type->variant);
}

/* The k largest of the last axis, in order, and their places; the first of equals first. */
static bool largest(kt_layer *self, kt_call *c, kt_node *x, int64_t k, kt_node **values,
                    kt_node **places)
{
    int64_t n = kt_dim(&x->shape, -1);

    *values = *places = c->g->poison;
    if (!kt_is_poison(c->g, x) && (x->shape.rank == 0 || k < 0 || (n != KT_UNKNOWN && k > n)))
        kt_call_fail(self, c, KT_E_INVALID_ARGUMENT,
                     "input must have at least k columns. Had %lld, needed %lld", (long long)n,
                     (long long)k);
    if (kt_graph_failed(c->g))
        return false;
    kt_node *y = kt_sort(c->g, x, -1, true);
    if (kt_graph_failed(c->g))
        return false;
    *values = kt_part_of(c, y, -1, 0, k);
    *places = kt_part_of(c, kt_part(y, 1), -1, 0, k);
    return true;
}

#define LARGEST(F, T)                       \
    F(T, INT, k, REQUIRED, "", "How many.") \
    F(T, BOOL, sorted, "True", "", "They come in order, as they do in any case.")
KT_CONFIG_OF(top, LARGEST);

static void top_k(kt_layer *self, kt_call *c)
{
    largest(self, c, kt_tensor_of(self, c, 0), ((const top *)self->config)->k, &c->out[0],
            &c->out[1]);
    c->n_out = 2;
}

#define IN_TOP(F, T) F(T, INT, k, REQUIRED, "", "Among how many of the largest.")
KT_CONFIG_OF(in_top, IN_TOP);

static kt_node *sum_last(kt_graph *g, kt_node *test)
{
    return kt_reduce_last(g, KT_RE_SUM, kt_cast(g, test, KT_I32));
}

/* Fewer than k predictions are larger than the target's; false where one is no finite number, or
 * there is no such class. */
static void in_top_k(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    kt_node  *target = kt_tensor_of(self, c, 0), *x = kt_tensor_of(self, c, 1);
    int64_t   n = kt_dim(&x->shape, -1);

    if (kt_graph_failed(g) || n == KT_UNKNOWN) {
        c->out[0] = kt_unsized(c, KT_BOOLEAN, target->shape);
        return;
    }
    kt_node *at = kt_cast(g, kt_one_hot(g, target, n), KT_BOOLEAN);
    kt_node *own = kt_reduce(g, KT_RE_SUM, kt_where(g, at, x, 0), 1u << (x->shape.rank - 1), true);
    kt_node *more = sum_last(g, kt_binary(g, KT_BI_GREATER, x, own));
    kt_node *bad = sum_last(
        g, kt_binary(g, KT_BI_OR, kt_unary(g, KT_UN_IS_NAN, x), kt_unary(g, KT_UN_IS_INF, x)));
    kt_node *good = kt_binary(g, KT_BI_AND, kt_compare(g, KT_BI_EQUAL, bad, 0),
                              kt_compare(g, KT_BI_EQUAL, sum_last(g, at), 1));

    c->out[0] = kt_binary(
        g, KT_BI_AND, good,
        kt_compare(g, KT_BI_LESS, more, (double)((const in_top *)self->config)->k));
}

/* --- argpartition --- */

#define PARTITION(F, T)                                                    \
    F(T, INT, kth, REQUIRED, "", "The place that gets its final element.") \
    F(T, OPTINT, axis, "-1", "", "The axis; None: all, flat.")
KT_CONFIG_OF(partition, PARTITION);

/* Which elements Keras takes out before it looks for the others: those at the smallest places,
 * where the first axis of the places [a, .., kth + 1, n] is summed and what is left read as
 * places of x from its corner on. */
static kt_node *taken(kt_layer *self, kt_call *c, kt_node *x, kt_node *smallest)
{
    int64_t     n = kt_dim(&x->shape, -1);
    kt_node    *mask = kt_one_hot(c->g, smallest, n);
    kt_pad_attr pad = {.value = 0};

    mask = kt_reduce(c->g, KT_RE_SUM, mask, 1, false);
    for (int i = 0; i < x->shape.rank && mask->shape.rank == x->shape.rank; i++) {
        pad.after[i] = x->shape.dim[i] - mask->shape.dim[i];
        if (pad.after[i] < 0)
            return kt_call_fail(self, c, KT_E_INVALID_ARGUMENT,
                                "indices do not index into shape %s",
                                kt_shape_text(&c->g->arena, &x->shape));
    }
    return kt_cast(c->g, kt_pad(c->g, mask, &pad), KT_BOOLEAN);
}

static void argpartition(kt_layer *self, kt_call *c)
{
    const partition *cfg = self->config;
    kt_graph        *g = c->g;
    kt_node         *x = kt_cast(g, kt_tensor_of(self, c, 0), KT_I32), *low, *high, *unused;

    x = cfg->axis.set ? x : kt_flat(g, x);
    int axis = kt_axis(&x->shape, cfg->axis.set ? cfg->axis.v : 0), perm[KT_MAX_RANK];
    if (kt_is_poison(g, x) || axis < 0 || !kt_shape_known(&x->shape)) {
        c->out[0] = kt_unsized(c, KT_I32, x->shape);
        return;
    }
    for (int i = 0; i < x->shape.rank; i++)
        perm[i] = i == axis ? x->shape.rank - 1 : i == x->shape.rank - 1 ? axis : i;
    x = kt_transpose(g, x, perm);
    int64_t n = kt_dim(&x->shape, -1), k = cfg->kth < 0 ? 0 : cfg->kth > n - 1 ? n - 1 : cfg->kth;
    if (n == 0 || !largest(self, c, kt_unary(g, KT_UN_NEG, x), k + 1, &unused, &low)) {
        c->out[0] = n == 0 ? x : g->poison;
        return;
    }
    x = kt_select(g, taken(self, c, x, low), kt_scalar_as(g, 0, KT_I32), x);
    largest(self, c, x, n - k - 1, &unused, &high);
    c->out[0] = kt_transpose(g, kt_concat(g, 2, (kt_node *[]){low, high}, -1), perm);
}

static int infer_in_top_k(kt_layer *self, kt_call *c, kt_result *out)
{
    out[0].dtype = KT_BOOLEAN;
    return kt_infer_same(self, c, out);
}

/* Of elements or of places. */
static int infer_sort(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_optint axis = ((const along *)self->config)->axis;

    out[0].dtype = self->type->variant == 1 ? KT_I32 : out[0].dtype;
    return axis.set ? kt_infer_axis(self, c, axis.v, out) : kt_infer_flat(self, c, out);
}

static int infer_partition(kt_layer *self, kt_call *c, kt_result *out)
{
    out[0].dtype = KT_I32;
    return ((const partition *)self->config)->axis.set ? kt_infer_same(self, c, out)
                                                       : kt_infer_flat(self, c, out);
}

static int infer_top_k(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    if (((const top *)self->config)->k < 0)
        return 0;
    if (s.rank == 0)
        return kt_no_index(self, c, "list assignment");
    s.dim[s.rank - 1] = ((const top *)self->config)->k;
    kt_infers(out, s);
    out[1].shape = s;
    out[1].dtype = KT_I32;
    return 2;
}

#define ROWS(F)                                                                                \
    F(Sort, numpy, &along_type, "x", sort, 0, .infer = infer_sort)                             \
    F(Argsort, numpy, &along_type, "x", sort, 1, .infer = infer_sort)                          \
    F(TopK, math, &top_type, "x", top_k, 0, .infer = infer_top_k)                              \
    F(InTopK, math, &in_top_type, "targets predictions", in_top_k, 0, .infer = infer_in_top_k) \
    F(Argpartition, numpy, &partition_type, "x", argpartition, 0, .infer = infer_partition)
KT_OPERATIONS(sorting, ROWS);
