/* patches.c - operations that lay windows of a tensor beside each other, or put them back. */
#include "nn/shared/window.h"
#include "nn/tracing/operation.h"
#include "ops/ops.h"

/* Windows over up to three axes whose sizes are known. */
typedef struct grid {
    int     rank;
    int64_t in[3], window[3], stride[3], dilation[3];
    int64_t out[3];        /* windows along each axis */
    int64_t places, cells; /* windows, and elements of one */
} grid;

static void spread(const kt_ints *v, int64_t missing, int rank, int64_t *out)
{
    for (int i = 0; i < rank; i++)
        out[i] = v->n == 0 ? missing : v->v[v->n == rank ? i : 0];
}

/* Counts the windows; false where a size makes no sense. */
static bool settle(kt_layer *self, kt_call *c, grid *w)
{
    bool good = true;

    w->places = w->cells = 1;
    for (int i = 0; i < w->rank; i++) {
        good = good && w->window[i] > 0 && w->stride[i] > 0 && w->dilation[i] > 0 &&
               w->window[i] <= INT32_MAX && w->dilation[i] <= INT32_MAX;
        int64_t reach = good ? (w->window[i] - 1) * w->dilation[i] + 1 : 1;
        w->out[i] = good && w->in[i] >= reach ? (w->in[i] - reach) / w->stride[i] + 1 : 0;
        good = good && w->cells < INT32_MAX && w->places < INT32_MAX;
        w->places *= good ? w->out[i] : 1;
        w->cells *= good ? w->window[i] : 1;
    }
    if (!good && !kt_graph_failed(c->g))
        kt_call_fail(self, c, KT_E_VALUE,
                     "Layer '%s': sizes, strides and dilations must be positive", self->name);
    return good;
}

/* Element `cell` of window `place` as a number in the flat array of all axes. */
static int64_t element(const grid *w, int64_t place, int64_t cell)
{
    int64_t at = 0, step = 1;

    for (int i = w->rank; i-- > 0;) {
        at += step * (place % w->out[i] * w->stride[i] + cell % w->window[i] * w->dilation[i]);
        place /= w->out[i];
        cell /= w->window[i];
        step *= w->in[i];
    }
    return at;
}

/* [places, cells], or the other way round. */
static kt_node *elements(kt_graph *g, const grid *w, bool cells_first)
{
    int64_t    m = cells_first ? w->cells : w->places, n = cells_first ? w->places : w->cells;
    kt_tensor *t = kt_tensor_new(KT_I64, KT_SHAPE(m, n));

    if (!t) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    for (int64_t i = 0; t->data && i < m; i++)
        for (int64_t k = 0; k < n; k++)
            ((int64_t *)t->data)[i * n + k] = cells_first ? element(w, k, i) : element(w, i, k);
    return kt_constant(g, t);
}

/* --- unfold and fold: channels first, two axes --- */

#define UNFOLD(F, T)                                             \
    F(T, INTS, kernel_size, REQUIRED, "", "Size of the window.") \
    F(T, INTS, dilation, "1", "", "Gap between its elements.")   \
    F(T, INTS, padding, "0", "", "Zeros around the image.")      \
    F(T, INTS, stride, "1", "", "Step of the window.")
KT_CONFIG_OF(unfolding, UNFOLD);
#define FOLD(F, T)                                               \
    F(T, INTS, output_size, REQUIRED, "", "Size of the image.")  \
    F(T, INTS, kernel_size, REQUIRED, "", "Size of the window.") \
    F(T, INTS, dilation, "1", "", "Gap between its elements.")   \
    F(T, INTS, padding, "0", "", "Zeros around the image.")      \
    F(T, INTS, stride, "1", "", "Step of the window.")
KT_CONFIG_OF(folding, FOLD);

/* [N, C, H, W] -> [N, C kH kW, places] */
static void unfold(kt_layer *self, kt_call *c)
{
    const unfolding *cfg = self->config;
    kt_node         *x = kt_tensor_of(self, c, 0);
    grid             w = {.rank = 2};
    int64_t          pad[2];
    kt_pad_attr      zeros = {.value = 0};

    c->out[0] = c->g->poison;
    if (kt_is_poison(c->g, x))
        return;
    if (x->shape.rank != 4) {
        kt_call_fail(self, c, KT_E_VALUE, "unfold takes images of 4 axes, not shape %s",
                     kt_shape_text(&c->g->arena, &x->shape));
        return;
    }
    int64_t n = x->shape.dim[0], channels = x->shape.dim[1];
    spread(&cfg->kernel_size, 1, 2, w.window);
    spread(&cfg->dilation, 1, 2, w.dilation);
    spread(&cfg->stride, 1, 2, w.stride);
    spread(&cfg->padding, 0, 2, pad);
    if (channels == KT_UNKNOWN || x->shape.dim[2] == KT_UNKNOWN || x->shape.dim[3] == KT_UNKNOWN) {
        c->out[0] = kt_unsized(c, x->dtype, KT_SHAPE(n, KT_UNKNOWN, KT_UNKNOWN));
        return;
    }
    for (int i = 0; i < 2; i++) {
        zeros.before[i + 2] = zeros.after[i + 2] = pad[i] > 0 ? pad[i] : 0;
        w.in[i] = x->shape.dim[i + 2] + 2 * zeros.before[i + 2];
    }
    if (!settle(self, c, &w))
        return;
    x = kt_reshape(c->g, kt_pad(c->g, x, &zeros), KT_SHAPE(n, channels, w.in[0] * w.in[1]));
    x = kt_gather(c->g, x, elements(c->g, &w, true), 2);
    c->out[0] = kt_reshape(c->g, x, KT_SHAPE(n, channels * w.cells, w.places));
}

/* [N, C kH kW, places] -> [N, C, H, W]: what lies at one place is added up. */
static void fold(kt_layer *self, kt_call *c)
{
    const folding *cfg = self->config;
    kt_graph      *g = c->g;
    kt_node       *x = kt_tensor_of(self, c, 0);
    grid           w = {.rank = 2};
    int64_t        pad[2], size[2];

    c->out[0] = g->poison;
    spread(&cfg->output_size, 1, 2, size);
    spread(&cfg->kernel_size, 1, 2, w.window);
    spread(&cfg->dilation, 1, 2, w.dilation);
    spread(&cfg->stride, 1, 2, w.stride);
    spread(&cfg->padding, 0, 2, pad);
    for (int i = 0; i < 2; i++)
        w.in[i] = size[i] + 2 * pad[i];
    if (kt_is_poison(g, x) || !settle(self, c, &w))
        return;
    int64_t n = kt_dim(&x->shape, 0), rows = kt_dim(&x->shape, 1);
    int64_t channels = rows == KT_UNKNOWN ? rows : rows / w.cells;
    if (x->shape.rank == 3 && rows != KT_UNKNOWN && rows % w.cells != 0) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "The second dimension of the input (%lld) must be divisible by kernel_size "
                     "product (%lld).",
                     (long long)rows, (long long)w.cells);
        return;
    }
    if (x->shape.rank == 3 && !kt_shape_known(&x->shape)) {
        c->out[0] = kt_unsized(c, x->dtype, KT_SHAPE(n, channels, size[0], size[1]));
        return;
    }
    if (x->shape.rank != 3 || x->shape.dim[2] != w.places || pad[0] < 0 || pad[1] < 0) {
        kt_call_fail(self, c, KT_E_VALUE, "fold: a tensor of shape %s does not hold such windows",
                     kt_shape_text(&g->arena, &x->shape));
        return;
    }
    x = kt_reshape(g, x, KT_SHAPE(n, channels, w.cells * w.places));
    x = kt_gather_grad(g, kt_flat(g, elements(g, &w, true)), x, 2,
                       KT_SHAPE(n, channels, w.in[0] * w.in[1]));
    x = kt_reshape(g, x, KT_SHAPE(n, channels, w.in[0], w.in[1]));
    for (int i = 0; i < 2; i++)
        x = kt_slice_axis(g, x, i + 2, pad[i], size[i]);
    c->out[0] = x;
}

/* --- image patches --- */

#define PATCHES(F, T)                                                                       \
    F(T, INTS, size, REQUIRED, "", "Of a patch, along two axes or three.")                  \
    F(T, INTS, strides, "None", "", "From one to the next; None: their size.")              \
    F(T, INTS, dilation_rate, "1", "", "Gap between the elements of a patch.")              \
    F(T, STR, padding, "valid", "valid|same", "Whether patches may reach over the border.") \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(patching, PATCHES);

/* The zeros around x [N, s.., C] that make `same`, as TensorFlow divides them. */
static kt_node *bordered(kt_graph *g, kt_node *x, grid *w)
{
    kt_pad_attr pad = {.value = 0};

    for (int i = 0; i < w->rank; i++) {
        int64_t reach = (w->window[i] - 1) * w->dilation[i] + 1;
        int64_t out = (w->in[i] + w->stride[i] - 1) / w->stride[i];
        int64_t more = (out - 1) * w->stride[i] + reach - w->in[i];

        more = more > 0 ? more : 0;
        pad.before[i + 1] = more / 2;
        pad.after[i + 1] = more - more / 2;
        w->in[i] += more;
    }
    return kt_pad(g, x, &pad);
}

static kt_node *patched(kt_layer *self, kt_call *c, kt_node *x, grid *w, bool same)
{
    kt_shape flat = {.rank = 3}, out = x->shape;
    int64_t  channels = kt_dim(&x->shape, -1);

    if (same && settle(self, c, w))
        x = bordered(c->g, x, w);
    if (!settle(self, c, w))
        return c->g->poison;
    flat.dim[0] = x->shape.dim[0];
    flat.dim[1] = kt_shape_product(&x->shape, 1, w->rank + 1);
    flat.dim[2] = channels;
    for (int i = 0; i < w->rank; i++)
        out.dim[i + 1] = w->out[i];
    out.dim[w->rank + 1] = w->cells * channels;
    x = kt_gather(c->g, kt_reshape(c->g, x, flat), elements(c->g, w, false), 1);
    return kt_reshape(c->g, x, out);
}

static void extract_patches(kt_layer *self, kt_call *c)
{
    const patching *cfg = self->config;
    kt_node        *x = kt_tensor_of(self, c, 0);
    grid            w = {.rank = cfg->size.n == 3 ? 3 : 2};
    bool            first = kt_streq(cfg->data_format, "channels_first"), known = true;
    bool            single = x->shape.rank == w.rank + 1;

    c->out[0] = c->g->poison;
    x = single ? kt_expand_dims(c->g, x, 0) : x;
    x = first ? kt_move_axis(c->g, x, 1, -1) : x;
    if (kt_graph_failed(c->g))
        return;
    if (x->shape.rank != w.rank + 2) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Invalid images rank: expected an image or a batch. "
                     "Received: images.shape=%s",
                     kt_shape_text(&c->g->arena, &x->shape));
        return;
    }
    spread(&cfg->size, 1, w.rank, w.window);
    spread(cfg->strides.n ? &cfg->strides : &cfg->size, 1, w.rank, w.stride);
    spread(&cfg->dilation_rate, 1, w.rank, w.dilation);
    for (int i = 0; i <= w.rank; i++)
        known = known && x->shape.dim[i + 1] != KT_UNKNOWN;
    for (int i = 0; i < w.rank; i++)
        w.in[i] = x->shape.dim[i + 1];
    kt_shape unknown = x->shape;
    for (int i = 1; i < unknown.rank; i++)
        unknown.dim[i] = KT_UNKNOWN;
    x = known ? patched(self, c, x, &w, kt_streq(cfg->padding, "same"))
              : kt_unsized(c, x->dtype, unknown);
    x = first ? kt_move_axis(c->g, x, -1, 1) : x;
    c->out[0] = single ? kt_squeeze(c->g, x, 0) : x;
}

/* --- blocks of an image as channels --- */

#define BLOCKS(F, T)                                                    \
    F(T, INT, block_size, REQUIRED, "", "Height and width of a block.") \
    F(T, STR, data_format, "channels_last", "", "Where channels are.")
KT_CONFIG_OF(blocks, BLOCKS);

/* [N, H, W, b b C] <-> [N, H b, W b, C] */
static kt_node *regrouped(kt_graph *g, kt_node *x, int64_t b, bool to_space)
{
    static const int perm[] = {0, 1, 3, 2, 4, 5};
    int64_t n = x->shape.dim[0], h = x->shape.dim[1], w = x->shape.dim[2], d = x->shape.dim[3];

    if (to_space) {
        x = kt_reshape(g, x, KT_SHAPE(n, h, w, b, b, d / (b * b)));
        return kt_reshape(g, kt_transpose(g, x, perm), KT_SHAPE(n, h * b, w * b, d / (b * b)));
    }
    x = kt_reshape(g, x, KT_SHAPE(n, h / b, b, w / b, b, d));
    return kt_reshape(g, kt_transpose(g, x, perm), KT_SHAPE(n, h / b, w / b, d * b * b));
}

#define ODD_CHANNELS "The number of channels (%lld) must be divisible by block_size**2 (%lld)."
#define ODD_SIZE     "%s (%lld) must be divisible by block_size (%lld)."

/* variant 1: depth to space. */
static void regroup(kt_layer *self, kt_call *c)
{
    const blocks *cfg = self->config;
    bool          first = kt_streq(cfg->data_format, "channels_first");
    bool          to_space = self->type->variant == 1;
    int64_t       b = cfg->block_size;
    kt_node      *x = kt_tensor_of(self, c, 0);

    c->out[0] = c->g->poison;
    x = first ? kt_move_axis(c->g, x, 1, -1) : x;
    if (kt_graph_failed(c->g))
        return;
    kt_shape    s = x->shape;
    bool        good = b > 0 && b < INT16_MAX;
    const char *name = to_space ? "depth_to_space" : "space_to_depth";
    if (s.rank != 4) {
        kt_call_fail(self, c, KT_E_VALUE, "`%s` requires a 4D input tensor. Received: x.shape=%s",
                     name, kt_shape_text(&c->g->arena, &kt_tensor_of(self, c, 0)->shape));
        return;
    }
    for (int i = 1; good && i < 4; i++)
        if (s.dim[i] == KT_UNKNOWN) {
            s.dim[1] = s.dim[2] = s.dim[3] = KT_UNKNOWN;
            x = kt_unsized(c, x->dtype, s);
            c->out[0] = first ? kt_move_axis(c->g, x, -1, 1) : x;
            return;
        }
    if (!good) {
        kt_call_fail(self, c, KT_E_VALUE, "Layer '%s': there are no blocks of %lld", self->name,
                     (long long)b);
        return;
    }
    if (to_space && s.dim[3] % (b * b) != 0) {
        kt_call_fail(self, c, KT_E_VALUE, ODD_CHANNELS, (long long)s.dim[3],
                     (long long)b * (long long)b);
        return;
    }
    int odd = to_space ? 0 : s.dim[1] % b != 0 ? 1 : s.dim[2] % b != 0 ? 2 : 0;
    if (odd > 0) {
        kt_call_fail(self, c, KT_E_VALUE, ODD_SIZE, odd == 1 ? "Height" : "Width",
                     (long long)s.dim[odd], (long long)b);
        return;
    }
    x = regrouped(c->g, x, b, to_space);
    c->out[0] = first ? kt_move_axis(c->g, x, -1, 1) : x;
}

/* --- windows of the last axis --- */

#define SEQUENCES(F, T)                                                 \
    F(T, INT, sequence_length, REQUIRED, "", "Elements of a sequence.") \
    F(T, INT, sequence_stride, REQUIRED, "", "From one to the next.")
KT_CONFIG_OF(sequences, SEQUENCES);

static void extract_sequences(kt_layer *self, kt_call *c)
{
    const sequences *cfg = self->config;
    kt_node         *x = kt_tensor_of(self, c, 0);
    kt_shape         shape = x->shape;
    grid             w = {.rank = 1,
                          .in = {kt_dim(&x->shape, -1)},
                          .window = {cfg->sequence_length},
                          .stride = {cfg->sequence_stride},
                          .dilation = {1}};

    c->out[0] = c->g->poison;
    if (kt_is_poison(c->g, x) || shape.rank == 0 || shape.rank == KT_MAX_RANK)
        return;
    shape.dim[shape.rank - 1] = KT_UNKNOWN;
    shape.dim[shape.rank++] = cfg->sequence_length;
    if (w.in[0] == KT_UNKNOWN)
        c->out[0] = kt_unsized(c, x->dtype, shape);
    else if (settle(self, c, &w))
        c->out[0] = kt_gather(c->g, x, elements(c->g, &w, false), -1);
}

/* --- as Keras infers it --- */

static int64_t at_or(const kt_ints *v, int i, int64_t missing)
{
    return v->n == 0 ? missing : v->v[i < v->n ? i : 0];
}

static int infer_unfold(kt_layer *self, kt_call *c, kt_result *out)
{
    const unfolding *cfg = self->config;
    kt_shape         s;
    int64_t          cells, n[2];

    kt_argument_shapes(self, c, 1, &s);
    if (!kt_unpacks(self, c, 4, s.rank))
        return 0;
    for (int i = 0; i < 2; i++) {
        int64_t size = s.dim[i + 2], window = at_or(&cfg->kernel_size, i, 1);
        int64_t stride = at_or(&cfg->stride, i, 1);
        if (size == KT_UNKNOWN)
            return kt_no_operand(self, c, "+", size, 0);
        if (stride < 1)
            return 0;
        size += 2 * at_or(&cfg->padding, i, 0) - at_or(&cfg->dilation, i, 1) * (window - 1) - 1;
        n[i] = kt_floor_div(size, stride) + 1;
    }
    cells = at_or(&cfg->kernel_size, 0, 1) * at_or(&cfg->kernel_size, 1, 1);
    return s.dim[1] == KT_UNKNOWN
             ? kt_no_operand(self, c, "*", s.dim[1], 0)
             : kt_infers(out, KT_SHAPE(s.dim[0], s.dim[1] * cells, kt_inferred_size(n[0] * n[1])));
}

/* However many windows there are. */
static int infer_fold(kt_layer *self, kt_call *c, kt_result *out)
{
    const folding *cfg = self->config;
    kt_shape       s;
    int64_t        cells = at_or(&cfg->kernel_size, 0, 1) * at_or(&cfg->kernel_size, 1, 1);

    kt_argument_shapes(self, c, 1, &s);
    if (!kt_unpacks(self, c, 3, s.rank) || cells < 1 ||
        (s.dim[1] != KT_UNKNOWN && s.dim[1] % cells != 0))
        return 0;
    return kt_infers(out, KT_SHAPE(s.dim[0], s.dim[1] == KT_UNKNOWN ? KT_UNKNOWN : s.dim[1] / cells,
                                   at_or(&cfg->output_size, 0, 1), at_or(&cfg->output_size, 1, 1)));
}

/* As a convolution with as many filters as a patch has elements. */
static int infer_patches(kt_layer *self, kt_call *c, kt_result *out)
{
    const patching *cfg = self->config;
    int             n = cfg->size.n == 3 ? 3 : 2;
    bool            first = kt_streq(cfg->data_format, "channels_first");
    kt_shape        s, one = KT_SHAPE(1), kernel = {.rank = n + 2};
    int64_t         cells = 1;
    bool            empty = false, same = kt_streq(cfg->padding, "same");

    kt_argument_shapes(self, c, 1, &s);
    bool    single = s.rank == n + 1;
    int64_t channels = kt_dim(&s, first ? -n - 1 : -1);
    if (s.rank < (first ? n + 1 : 1))
        return kt_no_index(self, c, "list");
    if (channels == KT_UNKNOWN)
        return kt_no_operand(self, c, "*", 0, channels);
    s = single ? kt_shape_concat(&one, &s) : s;
    for (int i = 0; i < n; i++) {
        kernel.dim[i] = at_or(&cfg->size, i, 1);
        cells *= kernel.dim[i];
    }
    kernel.dim[n] = kt_dim(&s, first ? 1 : -1);
    kernel.dim[n + 1] = cells * channels;
    if (s.rank != kernel.rank)
        return kt_refuses(self, c, KT_KERNEL_RANK, kt_shape_text(&c->g->arena, &kernel),
                          kt_listed_shape(c->g, &s));
    kt_shape in = s;
    for (int i = 0; i < n; i++) {
        int64_t *size = &s.dim[i + (first ? 2 : 1)], window = kernel.dim[i];
        int64_t  stride = at_or(cfg->strides.n ? &cfg->strides : &cfg->size, i, 1);
        int64_t  reach = (window - 1) * at_or(&cfg->dilation_rate, i, 1) + 1;
        if (stride < 1)
            return 0;
        int64_t left = kt_floor_div(*size - (same ? 1 : reach), stride) + 1;
        empty = empty || (*size != KT_UNKNOWN && !same && left < 1);
        *size = *size == KT_UNKNOWN ? KT_UNKNOWN : left;
    }
    if (empty) {
        kt_refuse_conv(
            c->g->fault, kt_listed_shape(c->g, &in), kt_shape_text(&c->g->arena, &kernel),
            kt_printed_ints(c->g, &cfg->dilation_rate, n, true),
            kt_printed_ints(c->g, cfg->strides.n ? &cfg->strides : &cfg->size, n, false));
        return 0;
    }
    s.dim[first ? 1 : n + 1] = kernel.dim[n + 1];
    return kt_infers(out, single ? kt_shape_slice(&s, 1, s.rank) : s);
}

static int infer_regroup(kt_layer *self, kt_call *c, kt_result *out)
{
    const blocks *cfg = self->config;
    bool          to_space = self->type->variant == 1;
    bool          first = kt_streq(cfg->data_format, "channels_first");
    int64_t       b = cfg->block_size;
    kt_shape      s;

    kt_argument_shapes(self, c, 1, &s);
    if (b <= 0 || b >= INT16_MAX)
        return 0;
    if (s.rank != 4)
        return kt_refuses(self, c, "`%s_to_%s` requires a 4D input tensor. Received: x.shape=%s",
                          to_space ? "depth" : "space", to_space ? "space" : "depth",
                          kt_shape_text(&c->g->arena, &s));
    int64_t *channels = &s.dim[first ? 1 : 3], *size = &s.dim[first ? 2 : 1];
    if (to_space && *channels != KT_UNKNOWN && *channels % (b * b) != 0)
        return kt_refuses(self, c, ODD_CHANNELS, (long long)*channels, (long long)b * (long long)b);
    for (int i = 0; i < 2; i++) {
        if (!to_space && size[i] != KT_UNKNOWN && size[i] % b != 0)
            return kt_refuses(self, c, ODD_SIZE, i == 0 ? "Height" : "Width", (long long)size[i],
                              (long long)b);
        size[i] = size[i] == KT_UNKNOWN ? KT_UNKNOWN : to_space ? size[i] * b : size[i] / b;
    }
    *channels = *channels == KT_UNKNOWN ? KT_UNKNOWN
              : to_space                ? *channels / (b * b)
                                        : *channels * b * b;
    return kt_infers(out, s);
}

static int infer_sequences(kt_layer *self, kt_call *c, kt_result *out)
{
    const sequences *cfg = self->config;
    kt_shape         s;

    kt_argument_shapes(self, c, 1, &s);
    if (s.rank == KT_MAX_RANK || cfg->sequence_stride < 1)
        return 0;
    if (s.rank < 1)
        return kt_refuses(self, c, "Input should have rank >= 1. Received: input.shape = %s",
                          kt_shape_text(&c->g->arena, &s));
    int64_t *n = &s.dim[s.rank - 1];
    if (*n != KT_UNKNOWN)
        *n = kt_inferred_size(1 + kt_floor_div(*n - cfg->sequence_length, cfg->sequence_stride));
    s.dim[s.rank++] = cfg->sequence_length;
    return kt_infers(out, s);
}

#define ROWS(F)                                                                                    \
    F(Unfold, nn, &unfolding_type, "x", unfold, 0, .infer = infer_unfold)                          \
    F(Fold, nn, &folding_type, "x", fold, 0, .infer = infer_fold)                                  \
    F(ExtractPatches, image, &patching_type, "images", extract_patches, 0, .infer = infer_patches, \
      .check = kt_check_layout)                                                                    \
    F(DepthToSpace, nn, &blocks_type, "x", regroup, 1, .infer = infer_regroup,                     \
      .check = kt_check_layout)                                                                    \
    F(SpaceToDepth, nn, &blocks_type, "x", regroup, 0, .infer = infer_regroup,                     \
      .check = kt_check_layout)                                                                    \
    F(ExtractSequences, math, &sequences_type, "x", extract_sequences, 0, .infer = infer_sequences)
KT_OPERATIONS(patches, ROWS);
