/* data.c - named arrays for training, and batches out of them. */
#include "data/data.h"

#include <string.h>

kt_data *kt_data_new(void)
{
    return kt_alloc(sizeof(kt_data));
}

static void add(kt_data *d, kt_column *columns, int *n, const char *name, kt_tensor *t)
{
    if (d->fault.e.status != KT_OK)
        return;
    if (!t) {
        kt_raise(&d->fault, KT_E_VALUE, "the array '%s' is NULL", name ? name : "");
        return;
    }
    if (*n >= KT_MAX_ARRAYS) {
        kt_raise(&d->fault, KT_E_VALUE, "more than %d arrays", KT_MAX_ARRAYS);
        return;
    }
    columns[*n].name = kt_strdup(name ? name : "");
    if (!columns[*n].name) {
        kt_raise_memory(&d->fault);
        return;
    }
    columns[(*n)++].t = kt_tensor_ref(t);
}

void kt_data_add_x(kt_data *d, const char *name, kt_tensor *t)
{
    if (d)
        add(d, d->x, &d->n_x, name, t);
    else
        kt_raise_null("kt_data_add_x", "the data");
}

void kt_data_add_y(kt_data *d, const char *name, kt_tensor *t)
{
    if (d)
        add(d, d->y, &d->n_y, name, t);
    else
        kt_raise_null("kt_data_add_y", "the data");
}

/* NULL data and a count: a shape alone. */
static bool is_shape(const kt_tensor *t)
{
    return !t->data && t->count > 0;
}

static void add_shape(kt_data *d, const char *name, const kt_shape *shape,
                      void (*put)(kt_data *, const char *, kt_tensor *))
{
    kt_tensor *t = kt_tensor_around(NULL, KT_F32, *shape);

    if (!t)
        kt_raise(&d->fault, KT_E_VALUE, "the shape of the array '%s' needs sizes",
                 name ? name : "");
    else
        put(d, name, t);
    kt_tensor_unref(t);
}

void kt_data_add_x_shape(kt_data *d, const char *name, kt_shape shape)
{
    if (d)
        add_shape(d, name, &shape, kt_data_add_x);
    else
        kt_raise_null("kt_data_add_x_shape", "the data");
}

void kt_data_add_y_shape(kt_data *d, const char *name, kt_shape shape)
{
    if (d)
        add_shape(d, name, &shape, kt_data_add_y);
    else
        kt_raise_null("kt_data_add_y_shape", "the data");
}

kt_status kt_data_need_numbers(const kt_data *d, kt_fault *f)
{
    for (int i = 0; d && i < d->n_x + d->n_y; i++)
        if (is_shape(i < d->n_x ? d->x[i].t : d->y[i - d->n_x].t))
            return kt_raise(f, KT_E_VALUE,
                            "array %d of %s is a shape without numbers: it can only be checked",
                            i < d->n_x ? i : i - d->n_x, i < d->n_x ? "x" : "y");
    return f->e.status;
}

void kt_data_set_weight(kt_data *d, kt_tensor *w)
{
    if (!d) {
        kt_raise_null("kt_data_set_weight", "the data");
        return;
    }
    kt_tensor_ref(w);
    kt_tensor_unref(d->weight);
    d->weight = w;
}

/* Of this name; without one the first that has no weights yet. NULL: there is none. */
static kt_column *target_for(kt_data *d, const char *name)
{
    for (int i = 0; i < d->n_y; i++)
        if (name && *name ? kt_streq(d->y[i].name, name) : !d->y[i].weight)
            return &d->y[i];
    return NULL;
}

void kt_data_add_weight(kt_data *d, const char *target, kt_tensor *w)
{
    if (!d || !w) {
        kt_raise_null("kt_data_add_weight", d ? "the weights" : "the data");
        return;
    }
    kt_column *c = target_for(d, target);
    if (!c) {
        kt_raise(
            &d->fault, KT_E_VALUE,
            "You should provide one `sample_weight` array per output in `y`. There is no target "
            "for the weights '%s'",
            target ? target : "");
        return;
    }
    kt_tensor_ref(w);
    kt_tensor_unref(c->weight);
    c->weight = w;
}

kt_tensor *kt_data_x(const kt_data *d, int i)
{
    return d && i >= 0 && i < d->n_x && !is_shape(d->x[i].t) ? d->x[i].t : NULL;
}

kt_tensor *kt_data_y(const kt_data *d, int i)
{
    return d && i >= 0 && i < d->n_y && !is_shape(d->y[i].t) ? d->y[i].t : NULL;
}

const char *kt_data_x_name(const kt_data *d, int i)
{
    return d && i >= 0 && i < d->n_x && d->x[i].name ? d->x[i].name : "";
}

const char *kt_data_y_name(const kt_data *d, int i)
{
    return d && i >= 0 && i < d->n_y && d->y[i].name ? d->y[i].name : "";
}

int64_t kt_data_rows(const kt_data *d)
{
    return d && d->n_x > 0 && d->x[0].t->shape.rank > 0 ? d->x[0].t->shape.dim[0] : 0;
}

const kt_error *kt_data_error(const kt_data *d)
{
    return d && d->fault.e.status != KT_OK ? &d->fault.e : NULL;
}

void kt_data_note(kt_data *d, const char *fmt, ...)
{
    kt_str  text = {0};
    va_list ap;

    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    char *copy = text.failed ? NULL : kt_strdup(kt_str_text(&text));
    kt_str_free(&text);
    if (!copy || !kt_vec_push(&d->notes, copy)) {
        kt_free(copy);
        kt_raise_memory(&d->fault);
    }
}

const char *kt_data_note_at(const kt_data *d, int i)
{
    return d && i >= 0 && (size_t)i < d->notes.n ? d->notes.at[i] : NULL;
}

const kt_legend *kt_data_legend(const kt_data *d)
{
    return d ? d->legend : NULL;
}

void kt_data_free(kt_data *d)
{
    if (!d)
        return;
    for (int i = 0; i < d->n_x; i++) {
        kt_free(d->x[i].name);
        kt_tensor_unref(d->x[i].t);
    }
    for (int i = 0; i < d->n_y; i++) {
        kt_free(d->y[i].name);
        kt_tensor_unref(d->y[i].t);
        kt_tensor_unref(d->y[i].weight);
    }
    for (size_t i = 0; i < d->notes.n; i++)
        kt_free(d->notes.at[i]);
    kt_vec_free(&d->notes);
    kt_legend_free(d->legend);
    kt_tensor_unref(d->weight);
    kt_fault_clear(&d->fault);
    kt_free(d);
}

static bool add_slice(kt_data *d, const kt_column *c, bool as_y, int64_t begin, int64_t end)
{
    kt_shape   s = c->t->shape;
    kt_tensor *t, *w = c->weight ? kt_tensor_rows(c->weight, begin, end) : NULL;

    if (s.rank > 0)
        s.dim[0] = end - begin;
    t = is_shape(c->t) ? kt_tensor_around(NULL, c->t->dtype, s) : kt_tensor_rows(c->t, begin, end);
    bool ok = t && (w || !c->weight);

    if (ok && as_y)
        kt_data_add_y(d, c->name, t);
    else if (ok)
        kt_data_add_x(d, c->name, t);
    ok = ok && d->fault.e.status == KT_OK;
    if (ok && w)
        d->y[d->n_y - 1].weight = kt_tensor_ref(w);
    kt_tensor_unref(t);
    kt_tensor_unref(w);
    return ok;
}

kt_data *kt_data_slice(const kt_data *d, int64_t begin, int64_t end)
{
    kt_data *s = kt_data_new();
    bool     ok = s != NULL;

    for (int i = 0; ok && i < d->n_x; i++)
        ok = add_slice(s, &d->x[i], false, begin, end);
    for (int i = 0; ok && i < d->n_y; i++)
        ok = add_slice(s, &d->y[i], true, begin, end);
    if (!ok) {
        kt_data_free(s);
        return NULL;
    }
    return s;
}

/* Rows of a shuffled batch lie anywhere in memory, where the processor does not look ahead by
 * itself: it may fetch this one while it still copies the one before. */
static void ask_for(const char *row, size_t bytes)
{
    for (size_t i = 0; i < bytes && i < 8192; i += 64)
        __builtin_prefetch(row + i);
}

void kt_gather_rows(const kt_tensor *t, const int64_t *rows, int64_t begin, int64_t n,
                    kt_dtype dtype, void *out)
{
    int64_t width = t->shape.rank > 0 && t->shape.dim[0] > 0 ? t->count / t->shape.dim[0] : 0;
    size_t  from = (size_t)width * kt_dtype_size(t->dtype),
           to = (size_t)width * kt_dtype_size(dtype);
    const char *data = t->data;
    char       *dest = out;

    if (width == 0 || n == 0)
        return;
    if (!rows && t->dtype == dtype) {
        memcpy(dest, data + (size_t)begin * from, (size_t)n * from);
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        const char *row = data + (size_t)(rows ? rows[i] : begin + i) * from;
        if (rows && i + 1 < n)
            ask_for(data + (size_t)rows[i + 1] * from, from);
        if (t->dtype == dtype)
            memcpy(dest + (size_t)i * to, row, to);
        else
            kt_convert(row, t->dtype, dest + (size_t)i * to, dtype, width);
    }
}
