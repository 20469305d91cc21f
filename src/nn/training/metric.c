/* metric.c - metrics with their state; the mean of per-sample values. */
#include "nn/loss.h"

#include <string.h>
#include <strings.h>

kt_metric *kt_metric_new(const kt_object *o, const char *name, kt_fault *f)
{
    kt_metric *m = kt_alloc(sizeof *m);

    if (m)
        m->name = kt_arena_strdup(&m->arena, name);
    if (!m || !m->name) {
        kt_metric_free(m);
        kt_raise_memory(f);
        return NULL;
    }
    m->type = (const kt_metric_type *)(const void *)o->cls;
    m->object = o;
    return m;
}

kt_variable *kt_metric_state(kt_metric *m, const char *name, kt_dtype dtype, kt_shape shape,
                             kt_fault *f)
{
    kt_variable *v = kt_arena_alloc(&m->arena, sizeof *v);

    if (v) {
        v->name = kt_arena_strdup(&m->arena, name);
        v->path = v->name;
        v->dtype = dtype;
        v->shape = shape;
        v->value = kt_tensor_new(dtype, shape);
    }
    if (!v || !v->value || !kt_vec_push(&m->state, v)) {
        if (v)
            kt_tensor_unref(v->value);
        kt_raise_memory(f);
        return NULL;
    }
    return v;
}

void kt_metric_reset(kt_metric *m)
{
    for (size_t i = 0; i < m->state.n; i++) {
        kt_tensor *t = ((kt_variable *)m->state.at[i])->value;
        memset(t->data, 0, (size_t)t->count * kt_dtype_size(t->dtype));
    }
}

void kt_metric_free(kt_metric *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->state.n; i++)
        kt_tensor_unref(((kt_variable *)m->state.at[i])->value);
    kt_vec_free(&m->state);
    kt_arena_free(&m->arena);
    kt_free(m);
}

/* Keras' sentence for weights that made more of the values than the state can take. */
static bool fits_state(kt_graph *g, const kt_metric *m, const kt_variable *v, const kt_node *x)
{
    const char *own = kt_shape_text(&g->arena, &v->shape);

    if (kt_shape_count(&x->shape) == kt_shape_count(&v->shape))
        return true;
    kt_raise(g->fault, KT_E_VALUE,
             "The shape of the target variable and the shape of the target value in "
             "`variable.assign(value)` must match. variable.shape=%s, Received: value.shape=%s. "
             "Target variable: <Variable path=%s/%s, shape=%s, dtype=%s>",
             own, kt_shape_text(&g->arena, &x->shape), m->name, v->name, own,
             kt_dtype_name(v->dtype));
    return false;
}

void kt_metric_add(kt_graph *g, kt_metric *m, size_t i, kt_node *x)
{
    kt_variable *v = i < m->state.n ? m->state.at[i] : NULL;

    if (!v || kt_graph_failed(g))
        return;
    kt_node *sum = kt_add(g, kt_read(g, v), kt_cast(g, x, v->dtype));
    if (!kt_graph_failed(g) && fits_state(g, m, v, sum))
        kt_assign(g, v, sum);
}

/* --- means ------------------------------------------------------------------------------------ */

kt_status kt_mean_build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    (void)y_true;
    (void)y_pred;
    kt_dtype dtype = kt_object_dtype(m->object);
    bool     ok = kt_metric_state(m, "total", dtype, KT_SCALAR_SHAPE, f) &&
              kt_metric_state(m, "count", dtype, KT_SCALAR_SHAPE, f);
    return ok ? KT_OK : f->e.status;
}

/* [batch, a, ..] -> [batch]: the mean over all axes but the first, from axis `from` on. */
static kt_node *samplewise(kt_graph *g, kt_node *x, int from)
{
    unsigned axes = 0;

    for (int i = from; i < x->shape.rank; i++)
        axes |= 1u << i;
    return axes ? kt_reduce(g, KT_RE_MEAN, x, axes, false) : x;
}

/* Keras' Mean: samples count by the mean over their axes, with weights by the weights' mean. */
void kt_mean_update(kt_graph *g, kt_metric *m, kt_node *values, kt_node *weight, kt_node *mask)
{
    kt_dtype dtype = kt_object_dtype(m->object);
    kt_node *count;

    weight = kt_mask_weight(g, weight, mask, false);
    if (kt_graph_failed(g))
        return;
    values = kt_cast(g, values, dtype);
    if (weight) {
        weight = kt_cast(g, weight, dtype);
        kt_same_rank(g, &values, &weight, true);
        if (!kt_graph_failed(g) &&
            values->shape.rank >
                weight->shape.rank) /* the weights are of batches, samples, or steps */
            values = samplewise(g, values, weight->shape.rank);
        kt_node *full = kt_graph_failed(g) ? weight : kt_broadcast_to(g, weight, values->shape);
        values = kt_mul(g, values, full);
        count = kt_sum_all(g, samplewise(g, full, 1));
    } else {
        count = kt_scalar(g, values->shape.rank > 0 && values->shape.dim[0] != KT_UNKNOWN
                                 ? (double)values->shape.dim[0]
                                 : 1);
    }
    kt_metric_add(g, m, 0, kt_sum_all(g, samplewise(g, values, 1)));
    kt_metric_add(g, m, 1, count);
}

void kt_metric_update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                      kt_node *mask)
{
    const kt_metric_type *type = m->type;

    if (kt_graph_failed(g) || kt_object_use(m->object, true, g->fault) != KT_OK)
        return;
    if (!type->values) {
        type->update(g, m, y_true, y_pred, weight);
        return;
    }
    kt_node *values = type->values(g, m, y_true, y_pred);
    if (type->valid && (weight || mask) && !kt_graph_failed(g))
        mask = kt_both_masks(g, mask, type->valid(g, m, y_true, values));
    if (!kt_graph_failed(g))
        kt_mean_update(g, m, values, weight, mask);
}

double kt_metric_at(const kt_metric *m, size_t state, int64_t i)
{
    return state < m->state.n ? kt_tensor_get(((kt_variable *)m->state.at[state])->value, i) : 0;
}

void kt_mean_result(const kt_metric *m, double *out, int *n, int max)
{
    double count = kt_metric_at(m, 1, 0);

    (void)max;
    out[0] = count != 0 ? kt_metric_at(m, 0, 0) / count : 0;
    *n = 1;
}

/* --- "accuracy" ------------------------------------------------------------------------------- */

static bool is_accuracy(const char *name)
{
    return kt_streq(name, "accuracy") || kt_streq(name, "acc") || kt_streq(name, "Accuracy") ||
           kt_streq(name, "ACC");
}

/* How Keras chooses by shapes: one output number is binary, a target without classes sparse. */
static const char *choose(const kt_node *y_true, const kt_node *y_pred, const char *binary,
                          const char *sparse, const char *categorical)
{
    int64_t last_true = kt_dim(&y_true->shape, -1), last_pred = kt_dim(&y_pred->shape, -1);

    if (last_pred == 1)
        return binary;
    return y_true->shape.rank < y_pred->shape.rank || (last_true == 1 && last_pred > 1)
             ? sparse
             : categorical;
}

bool kt_is_crossentropy(const kt_value *loss)
{
    return loss && loss->kind == KT_STR &&
           (strcasecmp(loss->s, "crossentropy") == 0 || strcasecmp(loss->s, "ce") == 0);
}

const kt_object *kt_crossentropy_for(kt_arena *a, const kt_node *y_true, const kt_node *y_pred,
                                     kt_fault *f)
{
    kt_value *v = kt_value_str(a,
                               choose(y_true, y_pred, "BinaryCrossentropy",
                                      "SparseCategoricalCrossentropy", "CategoricalCrossentropy"));

    if (!v)
        kt_raise_memory(f);
    return v ? kt_object_make(a, "loss", v, f) : NULL;
}

const kt_object *kt_metric_resolve(kt_arena *a, const kt_object *o, const kt_node *y_true,
                                   const kt_node *y_pred, kt_fault *f)
{
    if (!o->by_name || !is_accuracy(o->name))
        return o;
    const char *which = choose(y_true, y_pred, "BinaryAccuracy", "SparseCategoricalAccuracy",
                               "CategoricalAccuracy");
    kt_value   *v = kt_value_str(a, which);
    kt_object  *resolved = v ? (kt_object *)(uintptr_t)kt_object_make(a, "metric", v, f) : NULL;
    if (resolved)
        resolved->name = o->name;
    return resolved;
}
