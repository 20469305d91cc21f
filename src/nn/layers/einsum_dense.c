/* einsum_dense.c - EinsumDense: a kernel, multiplied with the input as letters say. */
#include <ctype.h>
#include <string.h>

#include "nn/shared/einsum.h"

#define FIELDS(F)                                                                                  \
    F(STR, equation, REQUIRED, "", "'abc,cd->abd': input, kernel, output; '...' for other axes.")  \
    F(ANY, output_shape, REQUIRED, "ints",                                                         \
      "Sizes of the output without the batch; None: the input's.")                                 \
    F(OBJ, activation, "None", "activation", "Applied to the result.")                             \
    F(STR, bias_axes, "None", "", "Letters of the output that have a bias of their own.")          \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the kernel starts.")          \
    F(OBJ, bias_initializer, "zeros", "initializer", "How the bias starts.")                       \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Penalty on the kernel.")                    \
    F(OBJ, bias_regularizer, "None", "regularizer", "Penalty on the bias.")                        \
    F(OBJ, kernel_constraint, "None", "constraint", "Projection of the kernel after each update.") \
    F(OBJ, bias_constraint, "None", "constraint", "Projection of the bias after each update.")     \
    F(ANY, lora_rank, "None", "int", "Learn a product of this rank that is added to the kernel.")  \
    F(ANY, lora_alpha, "None", "float", "Divided by the rank, its scale. None: the rank.")         \
    F(ANY, gptq_unpacked_column_size, "None", "", "Quantisation; only None is supported.")         \
    F(ANY, quantization_config, "None", "", "Quantisation; only None is supported.")
KT_CONFIG(FIELDS);

enum { MOST_LETTERS = KT_MAX_RANK };

/* The three terms without their dots, and the shapes that follow from them. */
typedef struct equation {
    char     in[MOST_LETTERS + 1], kernel[MOST_LETTERS + 1], out[MOST_LETTERS + 1];
    bool     left; /* "...ab,bc->...ac" */
    int      elided;
    kt_shape weight, bias, output;
    unsigned input_axes, output_axes; /* of the kernel, as bits */
} equation;

static kt_status check(kt_layer *self)
{
    config *c = self->config;

    if (kt_is_int(c->output_shape)) {
        int64_t units = c->output_shape->i;
        c->output_shape = kt_tuple_value(&self->arena, 1, &units);
        if (!c->output_shape)
            return kt_raise_memory(&self->fault);
    }
    if (!kt_value_is_seq(c->output_shape))
        return kt_layer_fail(self, KT_E_TYPE, "'%s' object is not iterable",
                             kt_python_type(c->output_shape));
    kt_settle_lora(&c->lora_rank, &c->lora_alpha);
    return KT_OK;
}

/* Letters up to the end or one of `stops`; behind them. NULL where there are none, or too many. */
static const char *letters(const char *at, char *out)
{
    int n = 0;

    while (isalpha((unsigned char)*at) && n < MOST_LETTERS)
        out[n++] = *at++;
    out[n] = 0;
    return n > 0 && !isalpha((unsigned char)*at) ? at : NULL;
}

static const char *text(const char *at, const char *want)
{
    size_t n = strlen(want);

    return at && strncmp(at, want, n) == 0 ? at + n : NULL;
}

static bool read_form(const char *s, const char *before, const char *after, equation *e)
{
    const char *at = text(s, before);

    at = at ? letters(at, e->in) : NULL;
    at = text(at, after);
    at = text(at, ",");
    at = at ? letters(at, e->kernel) : NULL;
    at = text(at, "->");
    at = text(at, before);
    at = at ? letters(at, e->out) : NULL;
    return text(at, after) != NULL;
}

static kt_status read_equation(kt_layer *self, const char *s, equation *e)
{
    *e = (equation){.left = false};
    if (read_form(s, "", "...", e) && e->in[1])
        return KT_OK;
    if (read_form(s, "", "", e))
        return KT_OK;
    if (read_form(s, "...", "", e)) {
        e->left = true;
        return KT_OK;
    }
    return kt_layer_fail(
        self, KT_E_VALUE,
        "Invalid einsum equation '%s'. Equations must be in the form [X],[Y]->[Z], "
        "...[X],[Y]->...[Z], or [X]...,[Y]->[Z]....",
        s);
}

static int64_t item_size(const kt_value *v)
{
    return kt_is_int(v) ? v->i : KT_UNKNOWN;
}

/* The batch, the axes that dots stand for, and output_shape, as Keras puts them together. */
static kt_status fill_output(kt_layer *self, const config *c, const kt_shape *in, equation *e)
{
    kt_shape *out = &e->output;
    int       n = 0;

    e->elided = in->rank - (int)strlen(e->in);
    if (c->output_shape->n + (size_t)(e->elided > 0 ? e->elided : 0) + 1 > KT_MAX_RANK)
        return kt_layer_fail(self, KT_E_VALUE, "Layer '%s': more than %d axes", self->name,
                             KT_MAX_RANK);
    out->dim[n++] = in->dim[0];
    for (int i = e->elided - 1; e->left && i >= 1; i--) /* each is put behind the batch in turn */
        out->dim[n++] = in->dim[i];
    for (size_t i = 0; i < c->output_shape->n; i++)
        out->dim[n++] = item_size(c->output_shape->items[i]);
    for (int i = in->rank - e->elided; !e->left && e->elided > 0 && i < in->rank; i++)
        out->dim[n++] = in->dim[i];
    out->rank = n;
    return KT_OK;
}

static int place(const char *term, char letter)
{
    const char *at = strchr(term, letter);

    return at ? (int)(at - term) : -1;
}

static int input_place(const equation *e, char letter)
{
    int at = place(e->in, letter);

    return at < 0 ? -1 : at + (e->left ? e->elided : 0);
}

static int output_place(const equation *e, char letter)
{
    int at = place(e->out, letter);

    return at < 0 ? -1 : at + (e->left ? e->elided : 0);
}

static const char *size_text(kt_layer *self, int64_t size)
{
    const char *s = size == KT_UNKNOWN ? "None"
                                       : kt_arena_printf(&self->arena, "%lld", (long long)size);

    return s ? s : "";
}

/* Sizes of axes that input and output share; letters of the output that nothing explains. */
static kt_status compare(kt_layer *self, const kt_shape *in, const equation *e)
{
    for (const char *d = e->in; *d; d++) {
        int at = input_place(e, *d), to = output_place(e, *d);
        if (at >= in->rank || at < 0)
            return kt_layer_fail(self, KT_E_INDEX, "tuple index out of range");
        if (to >= e->output.rank)
            return kt_layer_fail(self, KT_E_INDEX, "list index out of range");
        if (to >= 0 && e->output.dim[to] != KT_UNKNOWN && e->output.dim[to] != in->dim[at])
            return kt_layer_fail(
                self, KT_E_VALUE,
                "Input shape and output shape do not match at shared dimension '%c'. "
                "Input shape is %s, and output shape is %s.",
                *d, size_text(self, in->dim[at]), size_text(self, e->output.dim[to]));
    }
    for (const char *d = e->out; *d; d++)
        if (place(e->in, *d) < 0 && place(e->kernel, *d) < 0)
            return kt_layer_fail(self, KT_E_VALUE,
                                 "Dimension '%c' was specified in the output '%s' but has no "
                                 "corresponding dim in the input spec '%s' or weight spec '%s'",
                                 *d, e->out, e->in, e->out);
    return KT_OK;
}

static kt_status shape_kernel(kt_layer *self, const kt_shape *in, equation *e)
{
    for (const char *d = e->kernel; *d; d++) {
        int at = input_place(e, *d), to = output_place(e, *d), axis = e->weight.rank++;
        if (to < 0 && at < 0)
            return kt_layer_fail(
                self, KT_E_VALUE,
                "Weight dimension '%c' did not have a match in either the input spec "
                "'%s' or the output spec '%s'. For this layer, the weight must be "
                "fully specified.",
                *d, e->in, e->out);
        if (to >= e->output.rank)
            return kt_layer_fail(self, KT_E_INDEX, "list index out of range");
        e->weight.dim[axis] = to >= 0 ? e->output.dim[to] : in->dim[at];
        *(to >= 0 ? &e->output_axes : &e->input_axes) |= 1u << axis;
    }
    return KT_OK;
}

static kt_status shape_bias(kt_layer *self, const char *axes, equation *e)
{
    int first = (int)strlen(e->out);

    for (const char *d = axes; *d; d++) {
        int at = place(e->out, *d);
        if (at < 0)
            return kt_layer_fail(self, KT_E_VALUE,
                                 "Bias dimension '%c' was requested, but is not part of the output "
                                 "spec '%s'",
                                 *d, e->out);
        first = at < first ? at : first;
    }
    for (const char *d = e->out + first; *d; d++)
        e->bias.dim[e->bias.rank++] = strchr(axes, *d) ? e->output.dim[output_place(e, *d)] : 1;
    for (int i = 0; !e->left && i < e->elided && e->bias.rank < KT_MAX_RANK; i++)
        e->bias.dim[e->bias.rank++] = 1;
    return KT_OK;
}

static kt_status analyse(kt_layer *self, const kt_shape *in, equation *e)
{
    const config *c = self->config;

    if (read_equation(self, c->equation, e) != KT_OK || fill_output(self, c, in, e) != KT_OK ||
        compare(self, in, e) != KT_OK || shape_kernel(self, in, e) != KT_OK)
        return kt_layer_status(self);
    return c->bias_axes ? shape_bias(self, c->bias_axes, e) : KT_OK;
}

static kt_value *axes_value(kt_arena *a, unsigned axes)
{
    kt_value *v = kt_value_new(a, KT_LIST);

    for (int i = 0; v && i < KT_MAX_RANK; i++)
        if ((axes >> i & 1) && !kt_value_add(a, v, NULL, kt_value_int(a, i)))
            return NULL;
    return v;
}

/* An initializer that scales by the kernel's fans learns which of its axes are inputs. */
static const kt_value *with_axes(kt_layer *self, const kt_value *initializer, const equation *e)
{
    kt_arena *a = &self->arena;
    kt_value *copy = kt_value_copy(a, initializer), *args = kt_value_get(copy, "config");

    if (initializer && !copy)
        kt_raise_memory(&self->fault);
    if (!args || !kt_value_get(args, "input_axes"))
        return initializer;
    if (kt_is_none(kt_value_get(args, "input_axes")) ||
        kt_is_none(kt_value_get(args, "output_axes"))) {
        if (!kt_value_set(a, args, "input_axes", axes_value(a, e->input_axes)) ||
            !kt_value_set(a, args, "output_axes", axes_value(a, e->output_axes)))
            kt_raise_memory(&self->fault);
    }
    return copy;
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    const config *c = self->config;
    equation      e;

    (void)n_in;
    if (in[0].rank < 1)
        return kt_layer_fail(self, KT_E_INDEX, "tuple index out of range");
    if (analyse(self, &in[0], &e) != KT_OK)
        return kt_layer_status(self);
    self->n_spec = 1;
    self->spec[0].ndim = in[0].rank;
    kt_add_weight(self, "kernel", e.weight, with_axes(self, c->kernel_initializer, &e),
                  c->kernel_regularizer, c->kernel_constraint, true);
    if (c->bias_axes)
        kt_add_weight(self, "bias", e.bias, c->bias_initializer, c->bias_regularizer,
                      c->bias_constraint, true);
    return kt_add_lora(self, "kernel", c->lora_rank, c->lora_alpha);
}

/* TensorFlow's add takes what is longer than 1 along one axis for a bias of the last axis, or else
 * of axis 1, if that is as long; so does Keras. */
static kt_node *add_bias(kt_graph *g, kt_node *y, kt_node *bias)
{
    int64_t  size = kt_shape_count(&bias->shape);
    kt_shape shape = {.rank = y->shape.rank};
    bool     one = y->shape.rank > 1 && size > 1;
    int      axis = y->shape.rank - 1;

    for (int i = 0; i < bias->shape.rank; i++)
        one = one && (bias->shape.dim[i] == 1 || bias->shape.dim[i] == size);
    if (one && y->shape.dim[axis] != size)
        axis = 1;
    if (!one || y->shape.dim[axis] != size)
        return kt_add(g, y, bias);
    for (int i = 0; i < shape.rank; i++)
        shape.dim[i] = i == axis ? size : 1;
    return kt_add(g, y, kt_reshape(g, bias, shape));
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    equation      e;

    if (x->shape.rank < 1)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    if (!c->t->eager) { /* Keras infers the shape from the equation, None included */
        if (analyse(self, &x->shape, &e) != KT_OK)
            return c->g->poison;
        return kt_stand_in(c, x, e.output);
    }
    x = kt_cast(c->g, x, self->dtype);
    kt_node *y = kt_einsum(c, cfg->equation, 2, (kt_node *[]){x, kt_adapted(self, c, "kernel")});
    if (cfg->bias_axes)
        y = add_bias(c->g, y, kt_weight(self, c, "bias"));
    return kt_layer_activate(c, cfg->activation, y);
}

static const kt_layer_type type = {
    .cls = {.class_name = "EinsumDense",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "A kernel, multiplied as an equation of letters says.",
            .unwritten = "lora_rank|lora_alpha|gptq_unpacked_column_size"},
    .flags = KT_LAYER_ACTIVITY,
    .input = {.dtype = -1},
    .check = check,
    .build = build,
    .call1 = call,
    .sample = "EinsumDense('abc,cd->abd', output_shape=(None, 3), bias_axes='d'); "
              "EinsumDense('...x,xy->...y', output_shape=4, activation='tanh'); "
              "EinsumDense('ab...,bc->ac...', output_shape=3)",
    .sample_input = "(2, 3, 4); (2, 3, 2); (2, 3, 4)",
};

const kt_layer_type *const kt_layers_einsum_dense[] = {&type, NULL};
