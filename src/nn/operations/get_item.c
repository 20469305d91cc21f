/* get_item.c - GetItem: x[:, 1:3, -1, ..., None], NumPy's basic indexing. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

/* What the items read so far make of x: a box of it, with some axes backwards, then its shape. */
typedef struct cut {
    kt_graph       *g;
    const kt_shape *x;
    const kt_value *key;
    int             axis; /* of x, the next to be named */
    kt_slice_attr   box;
    bool            back[KT_MAX_RANK];
    bool            boxed;   /* the box is not all of x */
    bool            unknown; /* it cuts an axis of unknown size */
    kt_shape        shape;   /* of the result */
} cut;

static bool is_named(const kt_value *v, const char *class_name)
{
    return v && v->kind == KT_DICT &&
           kt_streq(kt_value_text(kt_value_get(v, "class_name")), class_name);
}

static void add_axis(cut *k, int64_t size)
{
    if (k->shape.rank >= KT_MAX_RANK)
        kt_raise(k->g->fault, KT_E_VALUE, "The result has more than %d axes", KT_MAX_RANK);
    else
        k->shape.dim[k->shape.rank++] = size;
}

static int64_t clip(int64_t v, int64_t lo, int64_t hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* One end of a slice of n elements as Python's slice.indices gives it. */
static int64_t slice_end(const kt_value *v, int64_t missing, int64_t n, int64_t step)
{
    if (!kt_is_int(v))
        return missing;
    return clip(v->i < 0 ? v->i + n : v->i, step < 0 ? -1 : 0, step < 0 ? n - 1 : n);
}

static void take_slice(cut *k, const kt_value *v)
{
    const kt_value *start = kt_value_get(v, "start"), *stop = kt_value_get(v, "stop"),
                   *by = kt_value_get(v, "step");
    int     axis = k->axis++;
    int64_t n = k->x->dim[axis], step = kt_is_int(by) ? by->i : 1;

    if (step == 0) {
        kt_raise(k->g->fault, KT_E_VALUE, "slice step cannot be zero");
        return;
    }
    bool whole = kt_is_none(start) && kt_is_none(stop) && step == 1;
    if (n == KT_UNKNOWN || whole) {
        k->unknown = k->unknown || !whole;
        add_axis(k, n);
        return;
    }
    int64_t from = slice_end(start, step < 0 ? n - 1 : 0, n, step);
    int64_t to = slice_end(stop, step < 0 ? -1 : n, n, step);
    int64_t stride = step < 0 ? -step : step, length = step < 0 ? from - to : to - from;

    length = length > 0 ? (length + stride - 1) / stride : 0;
    k->boxed = true;
    k->back[axis] = step < 0;
    k->box.begin[axis] = step < 0 ? n - 1 - from : from;
    k->box.stride[axis] = stride;
    k->box.size[axis] = length;
    if (length == 0)
        k->box.begin[axis] = 0;
    add_axis(k, length);
}

/* As Python prints a part of a key. */
static void print_item(kt_str *out, const kt_value *v)
{
    static const char *const names[] = {"start", "stop", "step"};

    const kt_value *config = kt_value_get(v, "config");

    if (v && is_named(v, "__ellipsis__")) {
        kt_str_add(out, "Ellipsis");
    } else if (v && is_named(v, "__slice__")) {
        for (int i = 0; i < 3; i++) {
            kt_str_add(out, i ? ", " : "slice(");
            kt_value_repr(out, kt_value_get(config, names[i]));
        }
        kt_str_addc(out, ')');
    } else {
        kt_value_repr(out, v);
    }
}

/* Too many indices, or one out of bounds. */
static void refuse(cut *k, bool many)
{
    kt_str text = {0};
    bool   list = kt_value_is_seq(k->key);

    kt_str_add(&text, !list ? "" : k->key->kind == KT_TUPLE ? "(" : "[");
    for (size_t i = 0; list && i < k->key->n; i++) {
        kt_str_add(&text, i ? ", " : "");
        print_item(&text, k->key->items[i]);
    }
    if (!list)
        print_item(&text, k->key);
    kt_str_add(&text, !list ? "" : k->key->kind == KT_TUPLE ? ")" : "]");
    kt_raise(k->g->fault, KT_E_VALUE,
             many ? "Array has shape %s but slice has to many indices. Received: `%s`"
                  : "Array has shape %s but out-of-bounds index %s was requested.",
             kt_shape_text(&k->g->arena, k->x), kt_str_text(&text));
    kt_str_free(&text);
}

static void take_index(cut *k, int64_t i)
{
    int     axis = k->axis++;
    int64_t n = k->x->dim[axis], at = i < 0 && n != KT_UNKNOWN ? i + n : i;

    k->boxed = true;
    k->unknown = k->unknown || n == KT_UNKNOWN;
    k->box.size[axis] = 1;
    k->box.begin[axis] = at;
    if (n != KT_UNKNOWN && (at < 0 || at >= n))
        refuse(k, false);
}

/* How many axes of x the items name. */
static int named_axes(const kt_value *const *items, size_t n)
{
    int axes = 0;

    for (size_t i = 0; i < n; i++)
        axes += !kt_is_none(items[i]) && !is_named(items[i], "__ellipsis__");
    return axes;
}

static void take(cut *k, const kt_value *v, int skipped)
{
    if (kt_is_none(v)) {
        add_axis(k, 1);
    } else if (is_named(v, "__ellipsis__")) {
        while (skipped-- > 0)
            add_axis(k, k->x->dim[k->axis++]);
    } else if (is_named(v, "__slice__")) {
        take_slice(k, kt_value_get(v, "config"));
    } else if (kt_is_int(v)) {
        take_index(k, v->i);
    } else {
        kt_raise(k->g->fault, KT_E_NOT_IMPLEMENTED,
                 "Indexing takes integers, slices, None and Ellipsis here, no arrays");
    }
}

static void take_all(cut *k, const kt_value *const *items, size_t n)
{
    int skipped = k->x->rank - named_axes(items, n);

    if (skipped < 0) {
        refuse(k, true);
        return;
    }
    for (size_t i = 0; i < n && !kt_graph_failed(k->g); i++)
        take(k, items[i], skipped);
    while (k->axis < k->x->rank && !kt_graph_failed(k->g))
        add_axis(k, k->x->dim[k->axis++]);
}

static void call(kt_layer *self, kt_call *c)
{
    kt_node        *y = kt_tensor_of(self, c, 0);
    const kt_value *key = kt_argument(self, c, 1);
    bool            several = kt_value_is_seq(key);
    cut             k = {.g = c->g, .key = key};

    c->out[0] = c->g->poison;
    if (kt_is_poison(c->g, y))
        return;
    k.x = &y->shape;
    for (int i = 0; i < y->shape.rank; i++) {
        k.box.size[i] = KT_UNKNOWN;
        k.box.stride[i] = 1;
    }
    take_all(&k, several ? (const kt_value *const *)key->items : &key, several ? key->n : 1);
    if (kt_graph_failed(c->g))
        return;
    if (k.unknown) { /* only shapes are asked for */
        c->out[0] = kt_stand_in(c, y, k.shape);
        return;
    }
    for (int i = 0; i < y->shape.rank; i++)
        y = k.back[i] ? kt_reverse(c->g, y, i) : y;
    y = k.boxed ? kt_slice(c->g, y, &k.box) : y;
    c->out[0] = kt_shape_equal(&y->shape, &k.shape) ? y : kt_reshape(c->g, y, k.shape);
}

#define ROWS(F) F(GetItem, numpy, &kt_no_config, "x key", call, 0)
KT_OPERATIONS(get_item, ROWS);
