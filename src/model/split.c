/* split.c - rows for training and rows for validation: where the cut is, and what is learnt from
 * the first part alone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/step.h"

kt_status kt_split_at(kt_model *m, double share, int64_t rows, int64_t *at)
{
    *at = (int64_t)floor((double)rows * (1 - share));
    if (!(share > 0 && share <= 1))
        return kt_raise(&m->fault, KT_E_VALUE,
                        "`validation_split` must be between 0 and 1; received: %g", share);
    if (*at > 0 && *at < rows)
        return KT_OK;
    kt_str text = {0};
    kt_repr_double(&text, share);
    kt_raise(
        &m->fault, KT_E_VALUE,
        "Training data contains %lld samples, which is not sufficient to split it into a validation and training set as "
        "specified by `validation_split=%s`. Either provide more data, or a different value for the `validation_split` argument.",
        (long long)rows, kt_str_text(&text));
    kt_str_free(&text);
    return m->fault.e.status;
}

/* The data of the call, of x and y where it has none: its own reference. */
static kt_data *data_of(const kt_fit_args *a)
{
    kt_data *d = kt_data_new();

    for (int i = 0; d && a->data && i < a->data->n_x; i++)
        kt_data_add_x(d, a->data->x[i].name, a->data->x[i].t);
    for (int i = 0; d && a->data && i < a->data->n_y; i++)
        kt_data_add_y(d, a->data->y[i].name, a->data->y[i].t);
    if (!a->data) {
        kt_data_add_x(d, "", a->x);
        kt_data_add_y(d, "", a->y);
    }
    return d;
}

static bool is_split(const kt_fit_args *a)
{
    return a->validation_split != 0 && !a->val_x && !a->validation_data;
}

/* Rows [0, at) if `head`, else the rest. The caller frees it; NULL after a failure. */
static kt_data *part_of(const kt_fit_args *a, bool head)
{
    kt_data *all = data_of(a), *part = NULL;
    int64_t  rows = kt_data_rows(all), at = 0;

    if (all && kt_data_error(all))
        kt_fault_copy(&a->model->fault, &all->fault);
    else if (!all)
        kt_raise_memory(&a->model->fault);
    else if (kt_split_at(a->model, a->validation_split, rows, &at) == KT_OK)
        part = head ? kt_data_slice(all, 0, at) : kt_data_slice(all, at, rows);
    kt_data_free(all);
    return part;
}

int kt_adapt_for_fit(const kt_fit_args *args)
{
    kt_fit_args a;
    kt_model   *m = kt_fit_take(args, &a);

    if (!m)
        return 0;
    kt_data *d = is_split(&a) ? part_of(&a, true) : data_of(&a);
    int      n = d ? kt_adapt(m, d) : 0;
    kt_data_free(d);
    return n;
}

/* --- classes that only validation has --------------------------------------------------------- */

/* Whether y holds classes: its texts were numbered, or the loss wants them. */
static bool has_classes(const kt_model *m, const kt_data *d, const kt_tensor *y)
{
    const kt_value *v = kt_value_get(m->compile_config, "loss");
    const char     *name = v && (v->kind == KT_STR || v->kind == KT_CALL)
                             ? v->s
                             : kt_value_text(kt_value_get(v, "class_name"));
    int64_t         width = y->shape.rank > 1 ? kt_dim(&y->shape, -1) : 1;

    if (y->shape.rank < 1 || y->shape.rank > 2 || y->count == 0)
        return false;
    if (d && d->legend && d->legend->n[1] == 1 && d->legend->col[1][0].words)
        return true;
    if (!name || !strstr(name, "rossentropy"))
        return false;
    return width == 1 || (strstr(name, "ategorical") && !strstr(name, "parse"));
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* The labels of y, each once, sorted; *n of them. NULL without memory. */
static int64_t *labels_of(const kt_tensor *y, int64_t *n)
{
    int64_t  rows = kt_dim(&y->shape, 0), kept = 0;
    int64_t *all = kt_calloc((size_t)rows + 1, sizeof *all);

    for (int64_t i = 0; all && i < rows; i++)
        all[i] = kt_label_of(y, i);
    if (all)
        qsort(all, (size_t)rows, sizeof *all, compare);
    for (int64_t i = 0; all && i < rows; i++)
        if (kept == 0 || all[i] != all[kept - 1])
            all[kept++] = all[i];
    *n = kept;
    return all;
}

static int unseen(const kt_tensor *seen, const kt_tensor *y, int64_t *out, int room)
{
    int64_t  n_seen = 0, n_y = 0, k = 0;
    int64_t *a = labels_of(seen, &n_seen), *b = labels_of(y, &n_y);
    int      n = 0;

    for (int64_t i = 0; a && b && i < n_y; i++) {
        while (k < n_seen && a[k] < b[i])
            k++;
        if (k < n_seen && a[k] == b[i])
            continue;
        if (n < room)
            out[n] = b[i];
        n++;
    }
    kt_free(a);
    kt_free(b);
    return n;
}

int kt_unseen_classes(const kt_fit_args *args, int64_t *out, int room)
{
    kt_fit_args a;
    kt_model   *m = kt_fit_take(args, &a);
    int         n = 0;

    if (!m)
        return 0;
    bool       split = is_split(&a);
    kt_data   *head = split ? part_of(&a, true) : data_of(&a);
    kt_data   *tail = split ? part_of(&a, false) : NULL;
    kt_tensor *seen = kt_data_y(head, 0), *y = split             ? kt_data_y(tail, 0)
                                             : a.validation_data ? kt_data_y(a.validation_data, 0)
                                                                 : a.val_y;
    if (head && head->n_y == 1 && seen && y && has_classes(m, a.data, y))
        n = unseen(seen, y, out, out ? room : 0);
    kt_data_free(head);
    kt_data_free(tail);
    return n;
}

/* --- order ------------------------------------------------------------------------------------ */

/* A copy of t with its rows in another order. */
static kt_tensor *in_order(const kt_tensor *t, const int64_t *rows, int64_t n)
{
    kt_tensor *copy = kt_tensor_new(t->dtype, t->shape);

    if (copy)
        kt_gather_rows(t, rows, 0, n, t->dtype, copy->data);
    if (copy && t->dtype == KT_STRING) { /* what they point to goes with t */
        kt_tensor *own = kt_texts_own(kt_text_items(copy), copy->shape);
        kt_tensor_unref(copy);
        copy = own;
    }
    return copy;
}

static bool reorder(kt_tensor **t, const int64_t *rows, int64_t n)
{
    kt_tensor *copy = *t ? in_order(*t, rows, n) : NULL;

    if (*t && !copy)
        return false;
    kt_tensor_unref(*t);
    *t = copy;
    return true;
}

static bool same_rows(const kt_data *d, int64_t n)
{
    bool same = !d->weight || kt_dim(&d->weight->shape, 0) == n;

    for (int i = 0; i < d->n_x; i++)
        same = same && d->x[i].t->shape.rank > 0 && d->x[i].t->shape.dim[0] == n;
    for (int i = 0; i < d->n_y; i++)
        same = same && d->y[i].t->shape.rank > 0 && d->y[i].t->shape.dim[0] == n &&
               (!d->y[i].weight || kt_dim(&d->y[i].weight->shape, 0) == n);
    return same;
}

kt_status kt_data_shuffle(kt_data *d)
{
    int64_t n = kt_data_rows(d);
    kt_mt   r;

    if (!d || kt_data_error(d) || n == 0)
        return d ? d->fault.e.status : KT_E_VALUE;
    if (kt_data_need_numbers(d, &d->fault) != KT_OK)
        return d->fault.e.status;
    if (!same_rows(d, n))
        return kt_raise(
            &d->fault, KT_E_VALUE,
            "Data cardinality is ambiguous: rows can only be shuffled together where all "
            "arrays have as many");
    int64_t *rows = kt_calloc((size_t)n, sizeof *rows);
    bool     ok = rows != NULL;
    if (ok) {
        kt_mt_seed(&r, (uint32_t)kt_draw_seed());
        kt_mt_permutation(&r, n, rows);
    }
    for (int i = 0; ok && i < d->n_x; i++)
        ok = reorder(&d->x[i].t, rows, n);
    for (int i = 0; ok && i < d->n_y; i++)
        ok = reorder(&d->y[i].t, rows, n) && reorder(&d->y[i].weight, rows, n);
    ok = ok && reorder(&d->weight, rows, n);
    kt_free(rows);
    return ok ? KT_OK : kt_raise_memory(&d->fault);
}
