/* given.c - what fit and evaluate are given: whether the arrays belong together, weights of
 * classes, labels in range. */
#include <math.h>
#include <string.h>

#include "model/step.h"

/* --- arrays ----------------------------------------------------------------------------------- */

static bool list_sizes(kt_str *text, const char *label, const kt_column *c, int n, int64_t rows)
{
    bool same = true;

    kt_str_printf(text, "'%s' sizes: ", label);
    for (int i = 0; i < n; i++) {
        int64_t r = kt_dim(&c[i].t->shape, 0);
        kt_str_printf(text, "%s%lld", i ? ", " : "", (long long)r);
        same = same && r == rows;
    }
    kt_str_addc(text, '\n');
    return same;
}

static kt_status check_cardinality(kt_model *m, const kt_data *d, const kt_tensor *weight)
{
    kt_str    text = {0};
    int64_t   rows = kt_data_rows(d);
    bool      same = list_sizes(&text, "x", d->x, d->n_x, rows);
    kt_column weights[KT_MAX_ARRAYS];
    int       n = 0;

    if (d->n_y > 0)
        same = list_sizes(&text, "y", d->y, d->n_y, rows) && same;
    for (int i = 0; i < d->n_y || i == 0; i++) { /* one for each of several targets */
        const kt_tensor *own = i < d->n_y && d->y[i].weight ? d->y[i].weight : weight;
        if (own)
            weights[n++].t = (kt_tensor *)(uintptr_t)own;
    }
    if (n > 0)
        same = list_sizes(&text, "sample_weight", weights, n, rows) && same;
    if (!same)
        kt_raise(
            &m->fault, KT_E_VALUE,
            "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.%s",
            kt_str_text(&text));
    kt_str_free(&text);
    return m->fault.e.status;
}

kt_status kt_given_arrays(kt_model *m, const kt_data *d)
{
    if (!d || kt_fault_copy(&m->fault, &d->fault) != KT_OK)
        return kt_raise(&m->fault, KT_E_VALUE, "no data was given");
    if (d->n_x == 0)
        return kt_raise(&m->fault, KT_E_VALUE, "no input data (x) was given");
    for (int i = 0; i < d->n_x + d->n_y; i++) {
        const kt_tensor *t = i < d->n_x ? d->x[i].t : d->y[i - d->n_x].t;
        if (t->shape.rank == 0)
            return kt_raise(&m->fault, KT_E_VALUE,
                            "%s data has no batch axis: it is a single number",
                            i < d->n_x ? "x" : "y");
    }
    return kt_model_check_legend(m, d);
}

/* Several targets share weights that have one number for each sample. */
static kt_status check_weight(kt_model *m, const kt_data *d, const kt_tensor *weight)
{
    const kt_shape *s = weight ? &weight->shape : NULL;
    bool            single = s && s->rank == 0;

    for (int i = 0; i < d->n_y; i++)
        single = single || (d->y[i].weight && d->y[i].weight->shape.rank == 0);
    if (single)
        return kt_raise(&m->fault, KT_E_VALUE,
                        "sample_weight data has no batch axis: it is a single number");
    if (!s || d->n_y < 2 || s->rank == 1 || (s->rank == 2 && s->dim[1] == 1))
        return KT_OK;
    return kt_raise(
        &m->fault, KT_E_VALUE,
        "For a model with multiple outputs, when providing a single `sample_weight` array, it should only have one scalar "
        "score per sample (i.e. shape `(num_samples,)`). If you want to use non-scalar sample weights, pass a "
        "`sample_weight` argument with one array per model output.");
}

kt_status kt_given_check(kt_model *m, const kt_data *d, const kt_tensor *weight)
{
    if (kt_given_arrays(m, d) != KT_OK || check_weight(m, d, weight) != KT_OK)
        return m->fault.e.status;
    return check_cardinality(m, d, weight);
}

/* --- weights of samples ----------------------------------------------------------------------- */

/* {0: 1.0, 1: 2.0}; JSON's keys are texts. A class that is not named weighs 1. */
static double class_weight(const kt_value *weights, int64_t cls)
{
    char   key[32];
    double w = 1;
    kt_str text = {0};

    kt_str_printf(&text, "%lld", (long long)cls);
    memcpy(key, kt_str_text(&text), text.len + 1 < sizeof key ? text.len + 1 : sizeof key);
    kt_str_free(&text);
    (void)kt_value_number(kt_value_get(weights, key), &w);
    return w;
}

/* Keras looks up int(y[i]) after an argmax over the last axis, or without it where its size is
 * 1. */
static kt_status check_classes(kt_model *m, const kt_tensor *y)
{
    return y->shape.rank > 2 && y->count > 0
             ? kt_raise(&m->fault, KT_E_TYPE,
                        "only 0-dimensional arrays can be converted to Python scalars")
             : KT_OK;
}

kt_tensor *kt_class_weights(kt_model *m, const kt_data *d, const char *text)
{
    kt_value  *v = kt_expr_parse(text, &m->arena, &m->fault);
    kt_tensor *w = NULL;

    if (v && v->kind != KT_DICT)
        kt_raise(&m->fault, KT_E_VALUE,
                 "class_weight must be a dict such as {0: 1.0, 1: 2.0}; received: %s", text);
    else if (v && d->n_y != 1)
        kt_raise(&m->fault, KT_E_VALUE,
                 "`class_weight` is only supported for Models with a single output.");
    else if (v && check_classes(m, d->y[0].t) == KT_OK &&
             !(w = kt_tensor_new(KT_F32, KT_SHAPE(kt_dim(&d->y[0].t->shape, 0)))))
        kt_raise_memory(&m->fault);
    for (int64_t i = 0; w && i < w->count; i++)
        kt_tensor_f32(w)[i] = (float)class_weight(v, kt_label_of(d->y[0].t, i));
    return w;
}

/* --- labels ----------------------------------------------------------------------------------- */

/* Class numbers outside [0, classes) have no logit: TensorFlow's kernel refuses them when it meets
 * them. `user`: a loss, or the metric of the same name. */
static kt_status check_labels_for(kt_model *m, const kt_tensor *y, int i, const kt_object *user)
{
    const kt_class     *cls = user ? kt_class_find("loss", user->cls->class_name) : NULL;
    const kt_loss_type *type = (const kt_loss_type *)(const void *)cls;
    const kt_shape     *out = type && type->target == KT_TARGET_LABELS ? kt_model_output_shape(m, i)
                                                                       : NULL;

    /* other shapes are refused when the step is traced */
    if (!out || !y->data || y->shape.rank > out->rank ||
        (y->shape.rank == out->rank && kt_dim(&y->shape, -1) != 1))
        return KT_OK;
    int64_t   classes = kt_dim(out, -1);
    kt_optint ignored = kt_ignored_class(user);
    for (int64_t k = 0; classes != KT_UNKNOWN && k < y->count; k++) {
        int64_t label = (int64_t)kt_tensor_get(y, k);
        if ((label < 0 || label >= classes) && !(ignored.set && ignored.v == label))
            return kt_raise(
                &m->fault, KT_E_INVALID_ARGUMENT,
                "Received a label value of %lld which is outside the valid range of [0, %lld).",
                (long long)label, (long long)classes);
    }
    return KT_OK;
}

static kt_status check_labels_of(kt_model *m, const kt_tensor *y, int i, const kt_vec *metrics)
{
    for (size_t k = 0; k < metrics->n; k++)
        check_labels_for(m, y, i, ((const kt_metric *)metrics->at[k])->object);
    return m->fault.e.status;
}

kt_status kt_given_labels(kt_model *m, const kt_data *d)
{
    for (int i = 0; i < m->n_targets; i++) {
        const kt_target *t = &m->target[i];
        if (t->loss && t->y >= 0 && t->y < d->n_y &&
            check_labels_for(m, d->y[t->y].t, i, t->loss) != KT_OK)
            break;
        if (i < d->n_y && (check_labels_of(m, d->y[i].t, i, &t->live) != KT_OK ||
                           check_labels_of(m, d->y[i].t, i, &t->live_weighted) != KT_OK))
            break;
    }
    return m->fault.e.status;
}
