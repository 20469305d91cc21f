/* multi_head_attention.c - MultiHeadAttention (Vaswani et al. 2017): several attentions side by
 * side, each on its own projections of query, value and key. */
#include <math.h>

#include "nn/shared/attention.h"
#include "nn/shared/einsum.h"

#define FIELDS(F)                                                                                 \
    F(ANY, num_heads, REQUIRED, "int", "How many attentions.")                                    \
    F(ANY, key_dim, REQUIRED, "int", "Size of a query and key of one head.")                      \
    F(ANY, value_dim, "None", "int", "Size of a value of one head; None: key_dim.")               \
    F(FLOAT, dropout, "0.0", "", "Share of the weights that training drops.")                     \
    F(BOOL, use_bias, "True", "", "Add biases to the projections.")                               \
    F(ANY, output_shape, "None", "ints", "Last sizes of the output; None: the query's.")          \
    F(ANY, attention_axes, "None", "ints", "The axes that are attended over; None: all between.") \
    F(ANY, sliding_window, "None", "int", "A query sees only values nearer than this.")           \
    F(ANY, flash_attention, "None", "", "Accepted as Keras does, without effect.")                \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the kernels start.")         \
    F(OBJ, bias_initializer, "zeros", "initializer", "How the biases start.")                     \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Penalty on the kernels.")                  \
    F(OBJ, bias_regularizer, "None", "regularizer", "Penalty on the biases.")                     \
    F(OBJ, kernel_constraint, "None", "constraint",                                               \
      "Projection of the kernels after each update.")                                             \
    F(OBJ, bias_constraint, "None", "constraint", "Projection of the biases after each update.")  \
    F(BOOL, use_gate, "False", "", "Multiply with a sigmoid gate of the query.")                  \
    F(OPTINT, seed, "None", "kept", "Of the dropout.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_layer       *query, *key, *value, *gate, *output;
    const kt_value *activity; /* regularizer of the projections, or NULL */
    int             rank;     /* of projected values */
    int             n_axes, axis[KT_MAX_RANK];
} state;

/* --- constructor ------------------------------------------------------------------------------ */

static bool positive(const kt_value *v)
{
    return kt_is_int(v) && v->i > 0;
}

static kt_status need_positive(kt_layer *self, const char *name, const kt_value *v)
{
    if (positive(v))
        return KT_OK;
    return kt_layer_fail(
        self, KT_E_VALUE,
        "Received an invalid value for argument `%s`, expected a positive integer. "
        "Received: %s=%s",
        name, name, kt_python_text(self, v));
}

/* An integer becomes a tuple, as Keras keeps it. */
static const kt_value *as_tuple(kt_layer *self, const kt_value *v)
{
    const kt_value *t = kt_is_int(v) ? kt_tuple_value(&self->arena, 1, &v->i) : v;

    if (!kt_is_none(v) && !t)
        kt_raise_memory(&self->fault);
    return t;
}

static kt_status early(kt_layer *self)
{
    const config *c = self->config;

    if (need_positive(self, "num_heads", c->num_heads) != KT_OK ||
        need_positive(self, "key_dim", c->key_dim) != KT_OK)
        return kt_layer_status(self);
    if (kt_is_none(c->value_dim) || positive(c->value_dim))
        return KT_OK;
    return kt_layer_fail(self, KT_E_VALUE,
                         "Received an invalid value for argument `value_dim`, expected a positive "
                         "integer or `None`. Received: value_dim=%s",
                         kt_python_text(self, c->value_dim));
}

static kt_status check(kt_layer *self)
{
    config *c = self->config;
    state  *s = self->state;

    if (kt_is_none(c->value_dim))
        c->value_dim = c->key_dim;
    c->output_shape = as_tuple(self, c->output_shape);
    c->attention_axes = as_tuple(self, c->attention_axes);
    if (!kt_is_none(c->attention_axes) && !kt_value_is_seq(c->attention_axes))
        return kt_layer_fail(self, KT_E_VALUE,
                             "`attention_axes` must be an int, list, or tuple.Received: "
                             "attention_axes=%s",
                             kt_python_text(self, c->attention_axes));
    if (!kt_is_none(c->sliding_window) && !positive(c->sliding_window))
        return kt_layer_fail(self, KT_E_VALUE,
                             "`sliding_window` must be `None` or a positive integer. Received: "
                             "sliding_window=%s",
                             kt_python_text(self, c->sliding_window));
    if (c->flash_attention && c->flash_attention->kind == KT_BOOL && c->flash_attention->b &&
        c->dropout > 0)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Dropout is not supported when flash attention is enabled. Please set "
                             "dropout to 0.0 to use flash attention.");
    if (c->dropout > 0)
        kt_make_seed(self, c->seed);
    s->activity = self->activity_regularizer; /* that of the projections, not of the result */
    self->activity_regularizer = NULL;
    return kt_layer_status(self);
}

static kt_status write(const kt_layer *self, kt_arena *a, kt_value *to, kt_fault *f)
{
    return kt_write_activity(a, to, ((const state *)self->state)->activity, f);
}

/* --- projections ------------------------------------------------------------------------------ */

/* Of an input whose first axes stay and whose others are summed: "abc,cde->abde". */
static void settle_equation(kt_arena *a, int rank, int free, kt_projection *p)
{
    int  n = rank + p->n_out;
    char in[KT_MAX_RANK + 1] = "", kernel[2 * KT_MAX_RANK + 1] = "", out[2 * KT_MAX_RANK + 1] = "";
    int  i = 0, k = 0, o = 0;

    for (int letter = 0; letter < n && letter < 2 * KT_MAX_RANK; letter++) {
        char c = (char)('a' + letter);
        if (letter < rank && i < KT_MAX_RANK)
            in[i++] = c;
        if (letter >= free)
            kernel[k++] = c;
        if (letter < free || letter >= rank)
            out[o++] = c;
    }
    p->free = free - 1;
    p->bias = kt_arena_strdup(a, out + free);
    p->equation = kt_arena_printf(a, "%s,%s->%s", in, kernel, out);
}

static kt_layer *project(kt_layer *self, int free, kt_projection *p, const kt_shape *in)
{
    kt_projecting all = KT_PROJECTING((const config *)self->config,
                                      ((const state *)self->state)->activity);

    settle_equation(&self->arena, in->rank, free, p);
    return kt_add_projection(self, &all, p, in);
}

/* Of query, key or value: [.., features] -> [.., heads, size]. */
static kt_layer *project_heads(kt_layer *self, const char *attr, const char *name,
                               const kt_shape *in, int64_t size, const char *activation)
{
    const config *c = self->config;
    kt_projection p = {.attr = attr,
                       .name = name,
                       .n_out = 2,
                       .out = {c->num_heads->i, size},
                       .activation = activation};

    return project(self, in->rank - 1, &p, in);
}

static kt_layer *project_output(kt_layer *self, const kt_shape *query)
{
    const config *c = self->config;
    kt_projection p = {
        .attr = "output_dense", .name = "attention_output", .n_out = 1, .out = {kt_dim(query, -1)}};
    kt_shape in = kt_shape_slice(query, 0, query->rank - 1);

    if (kt_value_is_seq(c->output_shape)) {
        p.n_out = 0;
        for (size_t i = 0; i < c->output_shape->n && i < KT_MAX_RANK; i++)
            p.out[p.n_out++] = kt_is_int(c->output_shape->items[i]) ? c->output_shape->items[i]->i
                                                                    : 0;
    }
    in.dim[in.rank++] = c->num_heads->i;
    in.dim[in.rank++] = c->value_dim->i;
    return project(self, query->rank - 1, &p, &in);
}

/* Below 0 an axis counts from the last but one; what is still below then, from the end. */
static kt_status settle_axes(kt_layer *self, int rank)
{
    config *c = self->config;
    state  *s = self->state;
    int64_t axes[KT_MAX_RANK];

    s->rank = rank;
    s->n_axes = 0;
    if (kt_is_none(c->attention_axes)) {
        for (int i = 1; i < rank - 2; i++)
            axes[s->n_axes++] = i;
    } else {
        for (size_t i = 0; i < c->attention_axes->n && i < KT_MAX_RANK; i++) {
            const kt_value *v = c->attention_axes->items[i];
            int64_t         axis = kt_is_int(v) ? v->i : 0;
            axes[s->n_axes++] = axis < 0 ? rank - 1 + axis : axis;
        }
    }
    for (int i = 0; i < s->n_axes; i++) {
        if (axes[i] < -rank || axes[i] >= rank)
            return kt_layer_fail(self, KT_E_INDEX,
                                 "index %lld is out of bounds for axis 0 with size %d",
                                 (long long)axes[i], rank);
        s->axis[i] = (int)(axes[i] < 0 ? axes[i] + rank : axes[i]);
    }
    c->attention_axes = kt_tuple_value(&self->arena, s->n_axes, axes);
    return c->attention_axes ? KT_OK : kt_raise_memory(&self->fault);
}

static bool same_between(const kt_shape *a, const kt_shape *b)
{
    bool same = a->rank == b->rank;

    for (int i = 1; same && i < a->rank - 1; i++)
        same = a->dim[i] == b->dim[i];
    return same;
}

static kt_status build(kt_layer *self, int n, const kt_shape *in)
{
    const config   *c = self->config;
    state          *s = self->state;
    const kt_shape *key = n > 2 ? &in[2] : &in[1];

    if (n < 2)
        return kt_layer_fail(
            self, KT_E_TYPE,
            "MultiHeadAttention.call() missing 1 required positional argument: 'value'");
    if (in[0].rank < 2 || in[1].rank < 2 || in[0].rank + 2 > KT_MAX_RANK)
        return kt_layer_fail(self, KT_E_VALUE,
                             "MultiHeadAttention: query and value need 2 to %d axes",
                             KT_MAX_RANK - 2);
    if (!same_between(&in[1], key))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "All dimensions of `value` and `key`, except the last one, must be equal. "
            "Received: value_shape=%s and key_shape=%s",
            kt_shape_text(&self->arena, &in[1]), kt_shape_text(&self->arena, key));
    s->query = project_heads(self, "query_dense", "query", &in[0], c->key_dim->i, NULL);
    s->key = s->query ? project_heads(self, "key_dense", "key", key, c->key_dim->i, NULL) : NULL;
    if (s->key && c->use_gate)
        s->gate = project_heads(self, "_gate_dense", "gate", &in[0], c->value_dim->i, "sigmoid");
    if (s->key && (s->gate || !c->use_gate))
        s->value = project_heads(self, "value_dense", "value", &in[1], c->value_dim->i, NULL);
    if (s->value && settle_axes(self, in[1].rank + 1) == KT_OK)
        s->output = project_output(self, &in[0]);
    return kt_layer_status(self);
}

/* --- call ------------------------------------------------------------------------------------- */

/* Keras' letters: "aecd,abcd->acbe" multiplies keys with queries, "acbe,aecd->abcd" puts the
 * values together. */
static void equations(kt_arena *a, const state *s, const char **multiply, const char **combine)
{
    char target[KT_MAX_RANK + 1] = "", source[KT_MAX_RANK + 1] = "",
                              product[2 * KT_MAX_RANK + 1] = "";
    int  n = 0, next = s->rank;
    bool attended[KT_MAX_RANK] = {false};

    for (int i = 0; i < s->n_axes; i++)
        attended[s->axis[i]] = true;
    for (int i = 0; i < s->rank; i++) {
        target[i] = (char)('a' + i);
        source[i] = attended[i] ? (char)('a' + next++) : target[i];
    }
    for (int i = 0; i < s->rank - 1; i++)
        if (!attended[i])
            product[n++] = target[i];
    for (int i = 0; i < s->n_axes; i++)
        product[n++] = target[s->axis[i]];
    for (int i = 0; i < s->n_axes; i++)
        product[n++] = source[s->axis[i]];
    *multiply = kt_arena_printf(a, "%s,%s->%s", source, target, product);
    *combine = kt_arena_printf(a, "%s,%s->%s", product, source, target);
}

static void attend(kt_layer *self, kt_call *c, kt_node *const *x, kt_node *const *mask)
{
    const config *cfg = self->config;
    state        *s = self->state;
    kt_graph     *g = c->g;
    const char   *multiply, *combine;
    bool          scores_too = kt_wanted(c, "return_attention_scores");
    bool          even = !(cfg->dropout > 0 || scores_too || s->rank != 4);
    kt_node      *seen = kt_visible(c, x, mask, cfg->sliding_window);
    kt_node *gate = s->gate ? kt_layer_call1(s->gate, c->t, c->training, x[0], NULL, NULL) : NULL;
    kt_node *query = kt_layer_call1(s->query, c->t, c->training, x[0], NULL, NULL);
    kt_node *key = kt_layer_call1(s->key, c->t, c->training, x[2], NULL, NULL);
    kt_node *value = kt_layer_call1(s->value, c->t, c->training, x[1], NULL, NULL);

    equations(&g->arena, s, &multiply, &combine);
    if (!multiply || !combine) {
        kt_raise_memory(g->fault);
        return;
    }
    query = kt_mul_scalar(g, query, 1 / sqrt((double)cfg->key_dim->i));
    kt_node *scores = kt_einsum(c, multiply, 2, (kt_node *[]){key, query});
    kt_node *w = kt_attention_weights(c->g, scores, seen, s->n_axes, even), *used = w;
    if (c->training && cfg->dropout > 0)
        used = kt_drop(self, c, w, &w->shape, cfg->dropout, cfg->seed);
    kt_node *y = kt_einsum(c, combine, 2, (kt_node *[]){used, value});
    c->out[0] = kt_layer_call1(s->output, c->t, c->training, gate ? kt_mul(g, y, gate) : y, NULL,
                               NULL);
    c->out[1] = w;
}

/* What Keras infers: the query's shape with the output's last sizes. */
static void infer(kt_layer *self, kt_call *c, kt_node *query)
{
    const config *cfg = self->config;
    kt_shape      out = query->shape;
    kt_shape      scores = KT_SHAPE(out.dim[0], cfg->num_heads->i, out.dim[1], out.dim[1]);

    if (kt_value_is_seq(cfg->output_shape) && cfg->output_shape->n > 0) {
        out.rank--;
        for (size_t i = 0; i < cfg->output_shape->n && out.rank < KT_MAX_RANK; i++)
            out.dim[out.rank++] = kt_is_int(cfg->output_shape->items[i])
                                    ? cfg->output_shape->items[i]->i
                                    : KT_UNKNOWN;
    }
    c->out[0] = kt_stand_in(c, query, out);
    c->out[1] = kt_stand_in(c, query, scores);
}

static void call(kt_layer *self, kt_call *c)
{
    kt_node *x[3], *mask[3];

    c->out[0] = c->g->poison;
    if (!kt_attention_inputs(self, c, x, mask))
        return;
    if (c->t->eager)
        attend(self, c, x, mask);
    else
        infer(self, c, x[0]);
    c->out_mask[0] = mask[0];
    c->n_out = kt_wanted(c, "return_attention_scores") ? 2 : 1;
}

static const kt_layer_type type = {
    .cls = {.class_name = "MultiHeadAttention",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Several attentions side by side, each on its own projections.",
            .unwritten = "flash_attention"},
    .flags = KT_LAYER_ENDS_MASKS | KT_LAYER_EARLY,
    .early = early,
    .check = check,
    .build = build,
    .call = call,
    .write = write,
    .state_size = sizeof(state),
    .positional = "query|value",
    .shapes = "query_shape|value_shape|key_shape",
    .sample =
        "MultiHeadAttention(2, 3); MultiHeadAttention(2, 2, value_dim=3, use_bias=False, use_gate=True)",
    .sample_input = "(2, 3, 4) | (2, 5, 4); (2, 3, 4) | (2, 5, 3) | (2, 5, 2)",
};

const kt_layer_type *const kt_layers_multi_head_attention[] = {&type, NULL};
