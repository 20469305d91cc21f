/* window.c - layouts, attributes and shape sentences of convolution and pooling. */
#include "nn/shared/window.h"
#include "ops/ops.h"

/* --- arguments -------------------------------------------------------------------------------- */

static kt_status settle_tuple(kt_layer *l, const char *name, const kt_value **v, int n,
                              int64_t *out)
{
    if (kt_check_tuple(l, name, *v, n, 1, out) != KT_OK)
        return kt_layer_status(l);
    *v = kt_tuple_value(&l->arena, n, out);
    return *v ? KT_OK : kt_raise_memory(&l->fault);
}

kt_status kt_window_settle(kt_layer *l, kt_window *w, const kt_window_fields *f, bool causal)
{
    w->rank = l->type->variant;
    if (settle_tuple(l, "kernel_size", f->kernel_size, w->rank, w->size) != KT_OK ||
        settle_tuple(l, "strides", f->strides, w->rank, w->strides) != KT_OK ||
        settle_tuple(l, "dilation_rate", f->dilation_rate, w->rank, w->dilation) != KT_OK ||
        kt_check_padding(l, f->padding, causal) != KT_OK)
        return kt_layer_status(l);
    kt_check_data_format(l, f->data_format);
    w->same = kt_streq(kt_value_text(*f->padding), "same");
    w->channels_first = kt_streq(*f->data_format, "channels_first");
    return kt_layer_status(l);
}

static int64_t largest(const int64_t *v, int n)
{
    int64_t most = v[0];

    for (int i = 1; i < n; i++)
        most = v[i] > most ? v[i] : most;
    return most;
}

kt_status kt_check_strides(kt_layer *l, const kt_window *w, const kt_window_fields *f)
{
    if (largest(w->strides, w->rank) > 1 && largest(w->dilation, w->rank) > 1)
        return kt_layer_fail(
            l, KT_E_VALUE,
            "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: strides=%s and dilation_rate=%s",
            kt_python_text(l, *f->strides), kt_python_text(l, *f->dilation_rate));
    return KT_OK;
}

kt_status kt_check_positive(kt_layer *l, const char *name, const kt_value *v)
{
    double number = 1;

    if (kt_is_none(v) ||
        (kt_python_orders(l, v, "<=", "int", KT_KEPT) && kt_value_number(v, &number) && number > 0))
        return kt_layer_status(l);
    if (kt_layer_status(l) != KT_OK)
        return kt_layer_status(l);
    return kt_layer_fail(
        l, KT_E_VALUE,
        "Invalid value for argument `%s`. Expected a strictly positive value. Received %s=%s.",
        name, name, kt_python_text(l, v));
}

kt_shape kt_kernel_shape(const kt_window *w, int64_t a, int64_t b)
{
    kt_shape s = {.rank = w->rank + 2};

    for (int i = 0; i < w->rank; i++)
        s.dim[i] = w->size[i];
    s.dim[w->rank] = a;
    s.dim[w->rank + 1] = b;
    return s;
}

/* --- the op ----------------------------------------------------------------------------------- */

kt_window_attr kt_window_attrs(const kt_window *w, int64_t groups, bool max)
{
    kt_window_attr a = {.spatial = w->rank, .same = w->same, .groups = groups, .max = max};

    for (int i = 0; i < w->rank; i++) {
        a.window[i] = w->size[i];
        a.stride[i] = w->strides[i];
        a.dilation[i] = w->dilation[i];
    }
    return a;
}

kt_node *kt_channels_last(kt_graph *g, const kt_window *w, kt_node *x)
{
    int perm[KT_MAX_RANK] = {0};

    if (!w->channels_first)
        return x;
    for (int i = 1; i <= w->rank; i++)
        perm[i] = i + 1;
    perm[w->rank + 1] = 1;
    return kt_transpose(g, x, perm);
}

kt_node *kt_channels_back(kt_graph *g, const kt_window *w, kt_node *y)
{
    int perm[KT_MAX_RANK] = {0, w->rank + 1};

    if (!w->channels_first)
        return y;
    for (int i = 1; i <= w->rank; i++)
        perm[i + 1] = i;
    return kt_transpose(g, y, perm);
}

/* TensorFlow's add takes a bias for one of the last axis where that is as long, also where channels
 * come first; so does Keras, and what was trained there wants it. */
kt_node *kt_with_bias(kt_layer *l, kt_call *c, const kt_window *w, kt_node *y, bool use_bias)
{
    kt_node *bias = use_bias ? kt_weight(l, c, "bias") : NULL;
    bool     misled = bias && w->channels_first && c->t->eager &&
                  kt_dim(&y->shape, -1) == kt_dim(&y->shape, -2);

    if (bias && !misled)
        y = kt_add(c->g, y, bias);
    y = kt_channels_back(c->g, w, y);
    return misled ? kt_add(c->g, y, bias) : y;
}

/* Keras' size of axis i of a transposed convolution. */
static int64_t transposed_size(const kt_window *w, const int64_t *more, int64_t in, int i)
{
    int64_t kernel = (w->size[i] - 1) * w->dilation[i] + 1, step = w->strides[i];
    int64_t fill = step > kernel ? step - kernel : 0;

    if (in == KT_UNKNOWN)
        return KT_UNKNOWN;
    if (!w->same)
        return (in - 1) * step + kernel + (more ? more[i] : fill);
    return more ? (in - 1) * step + kernel % 2 + more[i] : in * step;
}

kt_shape kt_transposed_shape(const kt_window *w, const int64_t *more, const kt_shape *x,
                             int64_t filters)
{
    kt_shape out = *x;

    for (int i = 0; i < w->rank; i++)
        out.dim[i + 1] = transposed_size(w, more, x->dim[i + 1], i);
    out.dim[w->rank + 1] = filters;
    return out;
}

/* Place i of m covers the cells from floor(i n / m) to ceil((i + 1) n / m) of n. */
kt_node *kt_adaptive_pool(kt_graph *g, kt_node *x, int axis, int64_t m, kt_reduce_fn fn)
{
    int64_t n = x->shape.dim[axis];
    kt_vec  parts = {0};
    bool    ok = true;

    for (int64_t i = 0; ok && i < m && !kt_graph_failed(g); i++) {
        int64_t begin = i * n / m, end = ((i + 1) * n + m - 1) / m;
        ok = kt_vec_push(&parts, kt_reduce(g, fn, kt_slice_axis(g, x, axis, begin, end - begin),
                                           1u << axis, true));
    }
    if (!ok)
        kt_raise_memory(g->fault);
    kt_node *y = kt_graph_failed(g) || parts.n == 0
                   ? g->poison
                   : kt_concat(g, (int)parts.n, (kt_node **)parts.at, axis);
    kt_vec_free(&parts);
    return y;
}

/* --- sentences -------------------------------------------------------------------------------- */

static const char *list(kt_arena *a, int n, const int64_t *v, const char *open, const char *between,
                        const char *close)
{
    kt_str text = {0};

    kt_str_add(&text, open);
    for (int i = 0; i < n; i++)
        kt_str_printf(&text, "%s%lld", i ? between : "", (long long)v[i]);
    kt_str_add(&text, n == 1 && *open == '(' ? ",)" : close);
    const char *kept = kt_str_keep(&text, a);
    return kept ? kept : "";
}

/* Size of output axis i under "valid"; unknown stays unknown. */
static int64_t valid_size(const kt_window *w, int64_t in, int i)
{
    int64_t span = w->dilation[i] * (w->size[i] - 1) + 1;

    if (in == KT_UNKNOWN)
        return KT_UNKNOWN;
    return in < span ? 0 : (in - span) / w->strides[i] + 1;
}

static int first_empty(const kt_window *w, const kt_shape *in)
{
    int first = w->channels_first ? 2 : 1;

    for (int i = 0; i < w->rank; i++)
        if (!w->same && valid_size(w, in->dim[first + i], i) == 0)
            return first + i;
    return -1;
}

kt_status kt_check_conv_shape(kt_fault *f, kt_arena *a, const kt_window *w, const kt_shape *in,
                              int64_t filters)
{
    kt_shape kernel = kt_kernel_shape(w, kt_dim(in, w->channels_first ? 1 : -1), filters);

    if (in->rank != kernel.rank)
        return kt_raise(f, KT_E_VALUE, KT_KERNEL_RANK, kt_shape_text(a, &kernel),
                        kt_shape_text(a, in));
    for (int i = 0; i < w->rank; i++) /* which only ConvLSTM lets pass */
        if (w->strides[i] == 0)
            return kt_raise(f, KT_E_OVERFLOW, "cannot convert float infinity to integer");
    int axis = first_empty(w, in);
    if (axis < 0)
        return KT_OK;
    kt_refuse_conv(f, kt_shape_text(a, in), kt_shape_text(a, &kernel),
                   list(a, w->rank, w->dilation, "[", " ", "]"),
                   list(a, w->rank, w->strides, "(", ", ", ")"));
    kt_fault_axis(f, 0, axis, w->size[axis - (w->channels_first ? 2 : 1)], in->dim[axis]);
    return f->e.status;
}

kt_status kt_check_pool_shape(kt_fault *f, kt_arena *a, const kt_window *w, const kt_shape *in)
{
    int axis = first_empty(w, in);

    if (axis < 0)
        return KT_OK;
    kt_refuse_pool(f, in, w->channels_first, list(a, w->rank, w->size, "[", " ", "]"),
                   list(a, w->rank, w->strides, "(", ", ", ")"));
    kt_fault_axis(f, 0, axis, w->size[axis - (w->channels_first ? 2 : 1)], in->dim[axis]);
    return f->e.status;
}

kt_status kt_refuse_conv(kt_fault *f, const char *in, const char *kernel, const char *dilation,
                         const char *strides)
{
    return kt_raise(
        f, KT_E_VALUE,
        "Computed output size would be zero or negative. Received `inputs shape=%s`, `kernel shape=%s`, `dilation_rate=%s`, "
        "`strides=%s`, `padding=valid`.",
        in, kernel, dilation, strides);
}

/* Keras computes in place with -1 for a size between that is not known. */
kt_status kt_refuse_pool(kt_fault *f, const kt_shape *in, bool channels_first, const char *size,
                         const char *strides)
{
    kt_str text = {0};
    int    first = channels_first ? 2 : 1;

    if (kt_shape_known(in)) {
        kt_shape_print_numpy(&text, in);
    } else {
        for (int i = 0; i < in->rank; i++) {
            bool between = i >= first && i < first + in->rank - 2;
            kt_str_add(&text, i ? " " : "[");
            kt_str_printf(&text, in->dim[i] == KT_UNKNOWN && !between ? "None" : "%lld",
                          (long long)in->dim[i]);
        }
        kt_str_addc(&text, ']');
    }
    kt_raise(
        f, KT_E_VALUE,
        "Computed output size would be zero or negative. Received: `inputs.shape=%s`, `pool_size=%s`, `strides=%s`, `padding=valid`.",
        kt_str_text(&text), size, strides);
    kt_str_free(&text);
    return f->e.status;
}
