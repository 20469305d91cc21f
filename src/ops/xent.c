/* xent.c - cross-entropies on logits. Those over classes also give d loss / d logits, as both
 * need the same exponentials. */
#include "ops/shared.h"

#include <math.h>

/* The loss and the gradient of one row: [classes] in, target(j) times log-probability. */
static double log_sum_exp(const double *x, int64_t n)
{
    double most = -INFINITY, sum = 0;

    if (n == 0)
        return most;
    for (int64_t j = 0; j < n; j++)
        if (x[j] > most)
            most = x[j];
    for (int64_t j = 0; j < n; j++)
        sum += exp(x[j] - most);
    return most + log(sum);
}

/* out[0] [..] and out[1] [.., classes] after the logits [.., classes]. */
static void shape_from_logits(kt_op_call *c)
{
    kt_like(c, 0, 0);
    kt_like(c, 1, 0);
    c->out[0].shape.rank--;
    c->n_out = 2;
}

/* dy [..] for each row of part 1 [.., classes]. */
static kt_node *scaled_rows(kt_graph *g, kt_node *y, kt_node *dy)
{
    return kt_mul(g, kt_part(y, 1), kt_expand_dims(g, dy, -1));
}

/* --- targets are probabilities --- */

static kt_status softmax_shape(kt_op_call *c)
{
    const kt_shape *x = &c->in[0]->shape, *t = &c->in[1]->shape;

    if (x->rank < 1)
        return kt_op_fail_tf(c, "SoftmaxCrossEntropyWithLogits", " name: ", 0, -1, KT_NO_FACT,
                             KT_NO_FACT, "logits must have >= 1 dimension, got %s",
                             kt__shape_text(c->g, x));
    if (!kt_shape_fits(x, t) && !c->g->lenient) {
        int axis = 0;
        while (axis < x->rank && axis < t->rank &&
               (x->dim[axis] == t->dim[axis] || x->dim[axis] == KT_UNKNOWN ||
                t->dim[axis] == KT_UNKNOWN))
            axis++;
        return kt_op_fail_tf(
            c, "SoftmaxCrossEntropyWithLogits", " name: ", 1, axis, kt_dim(x, axis),
            kt_dim(t, axis),
            "logits and labels must be broadcastable: logits_size=%s labels_size=%s",
            kt__shape_text(c->g, x), kt__shape_text(c->g, t));
    }
    shape_from_logits(c);
    return KT_OK;
}

/* As in TensorFlow, d loss / d logits takes it that the targets of a row sum to one. */
static void softmax_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    if (!dy[0])
        return;
    dx[0] = scaled_rows(g, y, dy[0]);
    dx[1] = kt_mul(g, kt_unary(g, KT_UN_NEG, kt_log_softmax(g, y->in[0], -1)),
                   kt_expand_dims(g, dy[0], -1));
}

static void softmax_reference(const kt_run *r)
{
    int64_t n = kt_dim(&r->in[0].shape, -1);

    for (int64_t i = 0; i < r->out[0].count; i++) {
        const double *x = r->in[0].f64 + i * n, *t = r->in[1].f64 + i * n;
        double        log_sum = log_sum_exp(x, n), loss = 0;

        for (int64_t j = 0; j < n; j++) {
            loss += t[j] * (log_sum - x[j]);
            r->out[1].f64[i * n + j] = exp(x[j] - log_sum) - t[j];
        }
        r->out[0].f64[i] = loss;
    }
}

/* Targets come out of a softmax, so that the difference quotients keep their sum. */
static kt_node *softmax_sample(kt_sampler *s, int variant)
{
    int64_t  a = s->size(s, 1, 5), b = s->size(s, 1, 4), n = s->size(s, 2, 20);
    kt_shape shapes[] = {KT_SHAPE(a, n), KT_SHAPE(a, b, n), KT_SHAPE(n), KT_SHAPE(a, 1),
                         KT_SHAPE(0, n)};
    kt_node *x;

    if (variant >= (int)KT_COUNT(shapes))
        return NULL;
    x = s->real(s, shapes[variant], -3, 3);
    return kt_softmax_xent(s->g, x, kt_softmax(s->g, s->real(s, shapes[variant], -2, 2), -1));
}

static const kt_op_type softmax_type = {
    .name = "softmax_xent",
    .min_in = 2,
    .max_in = 2,
    .shape = softmax_shape,
    .gradient = softmax_gradient,
    .reference = softmax_reference,
    .sample = softmax_sample,
};

kt_node *kt_softmax_xent(kt_graph *g, kt_node *logits, kt_node *target)
{
    kt_dtype dtype = kt__common_dtype(g->floatx, kt__common_dtype(logits->dtype, target->dtype));

    return kt_emit(g, &softmax_type, NULL, 0, 2,
                   (kt_node *[]){kt_cast(g, logits, dtype), kt_cast(g, target, dtype)});
}

/* --- targets are the numbers of classes --- */

static kt_status sparse_shape(kt_op_call *c)
{
    const kt_shape *x = &c->in[0]->shape, *labels = &c->in[1]->shape;
    kt_shape        rows = kt_shape_slice(x, 0, x->rank > 0 ? x->rank - 1 : 0);

    if (x->rank < 1 || (!kt_shape_fits(&rows, labels) && !c->g->lenient))
        return kt_op_fail(
            c, 1, -1, KT_NO_FACT, KT_NO_FACT,
            "`labels.shape` must equal `logits.shape` except for the last dimension. Received: "
            "labels.shape=%s and logits.shape=%s",
            kt_shape_text(&c->g->arena, labels), kt_shape_text(&c->g->arena, x));
    shape_from_logits(c);
    return KT_OK;
}

static void sparse_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    if (dy[0])
        dx[0] = scaled_rows(g, y, dy[0]);
}

/* A label out of range gives nan, as a kernel cannot fail. */
static void sparse_reference(const kt_run *r)
{
    int64_t n = kt_dim(&r->in[0].shape, -1);

    for (int64_t i = 0; i < r->out[0].count; i++) {
        const double *x = r->in[0].f64 + i * n;
        double *dx = r->out[1].f64 + i * n, log_sum = log_sum_exp(x, n), label = r->in[1].f64[i];
        bool    known = label >= 0 && label < (double)n;

        for (int64_t j = 0; j < n; j++)
            dx[j] = known ? exp(x[j] - log_sum) - (double)(j == (int64_t)label) : (double)NAN;
        r->out[0].f64[i] = known ? log_sum - x[(int64_t)label] : (double)NAN;
    }
}

static kt_node *sparse_sample(kt_sampler *s, int variant)
{
    int64_t  a = s->size(s, 1, 5), b = s->size(s, 1, 4), n = s->size(s, 2, 20);
    kt_shape shapes[] = {KT_SHAPE(a, n), KT_SHAPE(a, b, n), KT_SHAPE(n), KT_SHAPE(a, 1),
                         KT_SHAPE(0, n)},
             rows;
    kt_node *x;

    if (variant >= (int)KT_COUNT(shapes))
        return NULL;
    x = s->real(s, shapes[variant], -3, 3);
    rows = kt_shape_slice(&x->shape, 0, x->shape.rank - 1);
    return kt_sparse_softmax_xent(s->g, x, s->integer(s, rows, 0, kt_dim(&x->shape, -1)));
}

static const kt_op_type sparse_type = {
    .name = "sparse_softmax_xent",
    .min_in = 2,
    .max_in = 2,
    .shape = sparse_shape,
    .gradient = sparse_gradient,
    .reference = sparse_reference,
    .sample = sparse_sample,
    .no_gradient = 2,
};

kt_node *kt_sparse_softmax_xent(kt_graph *g, kt_node *logits, kt_node *labels)
{
    if (!kt_dtype_is_float(logits->dtype))
        logits = kt_cast(g, logits, g->floatx);
    if (!kt_dtype_is_int(labels->dtype))
        labels = kt_cast(g, labels, KT_I64);
    return kt_emit(g, &sparse_type, NULL, 0, 2, (kt_node *[]){logits, labels});
}

/* --- two classes: targets are probabilities of one --- */

static kt_status sigmoid_shape(kt_op_call *c)
{
    kt_misfit bad;

    if (!kt__broadcast(c, &bad))
        return kt_op_fail(c, bad.input, bad.axis, bad.expected, bad.received,
                          "`logits` and `labels` must have the same shape, received (%s vs %s).",
                          kt_shape_text(&c->g->arena, &c->in[0]->shape),
                          kt_shape_text(&c->g->arena, &c->in[1]->shape));
    c->out[0].dtype = c->in[0]->dtype;
    return KT_OK;
}

static void sigmoid_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    kt_node *x = y->in[0], *z = y->in[1];
    kt_node *slope = kt_sub(g, kt_unary(g, KT_UN_SIGMOID, x), z);

    dx[0] = kt_sum_to(g, kt_mul(g, slope, dy[0]), &x->shape);
    dx[1] = kt_sum_to(g, kt_mul(g, kt_unary(g, KT_UN_NEG, x), dy[0]), &z->shape);
}

/* -z log(sigmoid(x)) - (1 - z) log(1 - sigmoid(x)) without overflow. */
static void sigmoid_reference(const kt_run *r)
{
    kt_walk w = kt__walk(&r->out[0].shape);

    kt__walk_broadcast(&w, &r->in[0].shape);
    kt__walk_broadcast(&w, &r->in[1].shape);
    for (int64_t i = 0; i < r->out[0].count; i++, kt__walk_next(&w)) {
        double x = r->in[0].f64[w.pos[0]], z = r->in[1].f64[w.pos[1]];
        r->out[0].f64[i] = (x > 0 ? x : 0) - x * z + log1p(exp(-fabs(x)));
    }
}

static kt_node *sigmoid_sample(kt_sampler *s, int variant)
{
    int64_t  a = s->size(s, 1, 5), n = s->size(s, 1, 20);
    kt_shape x[] = {KT_SHAPE(a, n), KT_SHAPE(a, 1), KT_SHAPE(n), KT_SHAPE(0, n)};
    kt_shape z[] = {KT_SHAPE(a, n), KT_SHAPE(n), KT_SHAPE(a, n), KT_SHAPE(0, n)};

    if (variant >= (int)KT_COUNT(x))
        return NULL;
    return kt_sigmoid_xent(s->g, s->real(s, x[variant], -4, 4), s->real(s, z[variant], 0, 1));
}

static const kt_op_type sigmoid_type = {
    .name = "sigmoid_xent",
    .min_in = 2,
    .max_in = 2,
    .flags = KT_OP_POINT,
    .shape = sigmoid_shape,
    .gradient = sigmoid_gradient,
    .reference = sigmoid_reference,
    .sample = sigmoid_sample,
};

kt_node *kt_sigmoid_xent(kt_graph *g, kt_node *logits, kt_node *target)
{
    kt_dtype dtype = kt__common_dtype(g->floatx, kt__common_dtype(logits->dtype, target->dtype));

    return kt_emit(g, &sigmoid_type, NULL, 0, 2,
                   (kt_node *[]){kt_cast(g, logits, dtype), kt_cast(g, target, dtype)});
}

const kt_op_type *const kt_ops_xent[] = {&softmax_type, &sparse_type, &sigmoid_type, NULL};
