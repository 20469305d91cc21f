/* group_query_attention.c - GroupQueryAttention (Ainslie et al. 2023): several queries share a key
 * and a value. Keras' name for the class inside is GroupedQueryAttention. */
#include <math.h>

#include "nn/shared/attention.h"
#include "nn/shared/einsum.h"

#define FIELDS(F)                                                                                \
    F(ANY, head_dim, REQUIRED, "int", "Size of a query, key and value of one head.")             \
    F(ANY, num_query_heads, REQUIRED, "int", "How many queries.")                                \
    F(ANY, num_key_value_heads, REQUIRED, "int", "How many keys and values; divides the other.") \
    F(FLOAT, dropout, "0.0", "", "Share of the weights that training drops.")                    \
    F(BOOL, use_bias, "True", "", "Add biases to the projections.")                              \
    F(ANY, sliding_window, "None", "int", "A query sees only values nearer than this.")          \
    F(ANY, flash_attention, "None", "", "Accepted as Keras does, without effect.")               \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the kernels start.")        \
    F(OBJ, bias_initializer, "zeros", "initializer", "How the biases start.")                    \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Penalty on the kernels.")                 \
    F(OBJ, bias_regularizer, "None", "regularizer", "Penalty on the biases.")                    \
    F(OBJ, kernel_constraint, "None", "constraint",                                              \
      "Projection of the kernels after each update.")                                            \
    F(OBJ, bias_constraint, "None", "constraint", "Projection of the biases after each update.") \
    F(BOOL, use_gate, "False", "", "Multiply with a sigmoid gate of the query.")                 \
    F(OPTINT, seed, "None", "kept", "Of the dropout.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_layer       *query, *key, *value, *gate, *drop, *output;
    const kt_value *activity; /* regularizer of the projections too, or NULL */
} state;

/* --- constructor ------------------------------------------------------------------------------ */

static kt_status need_int(kt_layer *self, const char *name, const kt_value *v)
{
    if (kt_is_int(v) && v->i > 0)
        return KT_OK;
    return kt_layer_fail(self, KT_E_VALUE, "Layer '%s': `%s` must be a positive integer",
                         self->name, name);
}

static kt_status check(kt_layer *self)
{
    config *c = self->config;
    kt_str  text = {0};

    if (need_int(self, "num_query_heads", c->num_query_heads) != KT_OK ||
        need_int(self, "num_key_value_heads", c->num_key_value_heads) != KT_OK)
        return kt_layer_status(self);
    if (c->num_query_heads->i % c->num_key_value_heads->i != 0)
        return kt_layer_fail(self, KT_E_VALUE,
                             "`num_query_heads` must be divisible by `num_key_value_heads`.");
    if (!kt_is_none(c->sliding_window) &&
        (!kt_is_int(c->sliding_window) || c->sliding_window->i < 1)) {
        kt_python_str(&text, c->sliding_window);
        kt_layer_fail(self, KT_E_VALUE,
                      "`sliding_window` must be `None` or a positive integer. Received: "
                      "sliding_window=%s",
                      kt_str_text(&text));
        kt_str_free(&text);
        return kt_layer_status(self);
    }
    if (!kt_is_none(c->flash_attention) && c->flash_attention->b && c->dropout > 0)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Dropout is not supported when flash attention is enabled. Please set dropout to 0.0 to use flash attention.");
    ((state *)self->state)->activity = self->activity_regularizer;
    return need_int(self, "head_dim", c->head_dim);
}

static kt_status write(const kt_layer *self, kt_arena *a, kt_value *to, kt_fault *f)
{
    return kt_write_activity(a, to, ((const state *)self->state)->activity, f);
}

/* --- the layers inside ------------------------------------------------------------------------ */

/* The layer that Keras makes for the dropout: it holds the seed. */
static kt_layer *add_drop(kt_layer *self, const kt_shape *in)
{
    const config *c = self->config;
    kt_arena     *a = &self->arena;
    kt_value     *call = kt_value_new(a, KT_CALL);

    if (call)
        call->s = "Dropout";
    bool ok = call && kt_value_add(a, call, "rate", kt_value_float(a, c->dropout)) &&
              (!c->seed.set || kt_value_add(a, call, "seed", kt_value_int(a, c->seed.v))) &&
              kt_value_add(a, call, "dtype",
                           kt_value_str(a, kt_policy_name(kt_layer_policy(self))));
    return kt_build_inside(self, "_dropout_layer", ok ? kt_layer_from_value(call) : NULL, in);
}

static kt_status build(kt_layer *self, int n, const kt_shape *in)
{
    const config   *c = self->config;
    state          *s = self->state;
    const kt_shape *key = n > 2 ? &in[2] : &in[1];
    int64_t         u = c->num_query_heads->i, v = c->num_key_value_heads->i, h = c->head_dim->i;
    kt_projecting   all = KT_PROJECTING(c, s->activity);
    kt_projection   p = {
          .equation = "bqm,muh->bquh", .bias = "uh", .free = 1, .n_out = 2, .out = {u, h}};

    if (n < 2)
        return kt_layer_fail(
            self, KT_E_TYPE,
            "GroupedQueryAttention.call() missing 1 required positional argument: 'value'");
    p.attr = "_query_dense", p.name = "query";
    s->query = kt_add_projection(self, &all, &p, &in[0]);
    kt_projection kv = {
        .equation = "bkm,mvh->bkvh", .bias = "vh", .free = 1, .n_out = 2, .out = {v, h}};
    kv.attr = "_key_dense", kv.name = "key";
    s->key = s->query ? kt_add_projection(self, &all, &kv, key) : NULL;
    p.attr = "_gate_dense", p.name = "gate", p.activation = "sigmoid";
    s->gate = s->key && c->use_gate ? kt_add_projection(self, &all, &p, &in[0]) : NULL;
    kv.attr = "_value_dense", kv.name = "value";
    s->value = s->key && (s->gate || !c->use_gate) ? kt_add_projection(self, &all, &kv, &in[1])
                                                   : NULL;
    if (s->value && c->dropout > 0)
        s->drop = add_drop(self, &in[0]);
    if (kt_layer_status(self) != KT_OK)
        return kt_layer_status(self);
    p = (kt_projection){.attr = "_output_dense",
                        .name = "attention_output",
                        .equation = "bquh,uhm->bqm",
                        .bias = "m",
                        .free = 1,
                        .n_out = 1,
                        .out = {kt_dim(&in[0], -1)}};
    s->output = kt_add_projection(self, &all, &p, &(kt_shape){4, {KT_UNKNOWN, KT_UNKNOWN, u, h}});
    return kt_layer_status(self);
}

/* --- call ------------------------------------------------------------------------------------- */

static kt_node *through(kt_layer *l, kt_call *c, kt_node *x)
{
    return kt_layer_call1(l, c->t, c->training, x, NULL, NULL);
}

/* [batch, s, v, h] -> [batch, s, v * n, h]: each n times, one behind the other. */
static kt_node *repeat(kt_graph *g, kt_node *x, int64_t n)
{
    kt_shape all = x->shape, flat = x->shape;

    if (n == 1 || kt_graph_failed(g) || x->shape.rank != 4)
        return x;
    all.rank = 5;
    all.dim[4] = all.dim[3];
    all.dim[3] = n;
    flat.dim[2] *= n;
    return kt_reshape(g, kt_broadcast_to(g, kt_expand_dims(g, x, 3), all), flat);
}

static void attend(kt_layer *self, kt_call *c, kt_node *const *x, kt_node *const *mask)
{
    const config *cfg = self->config;
    const state  *s = self->state;
    kt_graph     *g = c->g;
    int64_t       n = cfg->num_query_heads->i / cfg->num_key_value_heads->i;
    bool          even = !(cfg->dropout > 0 || kt_wanted(c, "return_attention_scores"));
    kt_node      *seen = kt_visible(c, x, mask, cfg->sliding_window);
    kt_node      *gate = s->gate ? through(s->gate, c, x[0]) : NULL;
    kt_node      *query = through(s->query, c, x[0]);
    kt_node      *key = repeat(g, through(s->key, c, x[2]), n);
    kt_node      *value = repeat(g, through(s->value, c, x[1]), n);

    query = kt_mul_scalar(g, query, 1 / sqrt((double)cfg->head_dim->i));
    kt_node *scores = kt_einsum(c, "bquh,bkuh->buqk", 2, (kt_node *[]){query, key});
    if (kt_graph_failed(g))
        return;
    kt_node *w = kt_attention_weights(g, scores, seen, 1, even);
    kt_node *y = kt_einsum(c, "buqk,bkuh->bquh", 2,
                           (kt_node *[]){s->drop ? through(s->drop, c, w) : w, value});
    c->out[0] = through(s->output, c, gate ? kt_mul(g, y, gate) : y);
    c->out[1] = w;
}

static const char *size_text(kt_call *c, int64_t n)
{
    const char *text = kt_arena_printf(&c->g->arena, "%lld", (long long)n);

    return n == KT_UNKNOWN ? "None" : text ? text : "";
}

/* Keras' compute_output_shape. */
static bool check_shapes(kt_layer *self, kt_call *c, kt_node *const *x)
{
    kt_shape query = x[0]->shape, value = x[1]->shape, key = x[2]->shape;
    bool     same = value.rank == key.rank;

    if (query.rank > 0 && value.rank > 0 && kt_dim(&query, -1) != kt_dim(&value, -1)) {
        kt_call_fail(
            self, c, KT_E_VALUE,
            "The last dimension of `query_shape` and `value_shape` must be equal, but are %s, %s. Received: query_shape=%s, "
            "value_shape=%s",
            size_text(c, kt_dim(&query, -1)), size_text(c, kt_dim(&value, -1)),
            kt_shape_text(&c->g->arena, &query), kt_shape_text(&c->g->arena, &value));
        return false;
    }
    for (int i = 1; same && i < value.rank - 1; i++)
        same = value.dim[i] == key.dim[i];
    if (!same)
        kt_call_fail(
            self, c, KT_E_VALUE,
            "All dimensions of `value` and `key`, except the last one, must be equal. Received: value_shape=%s and key_shape=%s",
            kt_shape_text(&c->g->arena, &value), kt_shape_text(&c->g->arena, &key));
    return same;
}

static void infer(kt_layer *self, kt_call *c, kt_node *const *x)
{
    const config *cfg = self->config;
    kt_shape      query = x[0]->shape;

    if (!check_shapes(self, c, x))
        return;
    c->out[0] = kt_stand_in(c, x[0], query);
    if (query.rank < 2)
        return;
    c->out[1] = kt_stand_in(
        c, x[0],
        KT_SHAPE(query.dim[0], cfg->num_query_heads->i, query.dim[1], kt_dim(&x[2]->shape, 1)));
}

/* query [batch, q, m], value [batch, k, m], key or none -> [batch, q, m], then the weights [batch,
 * heads, q, k] if asked for. */
static void call(kt_layer *self, kt_call *c)
{
    kt_node *x[3], *mask[3];

    c->out[0] = c->out[1] = c->g->poison;
    if (!kt_attention_inputs(self, c, x, mask))
        return;
    if (!c->t->eager)
        infer(self, c, x);
    else
        attend(self, c, x, mask);
    c->out_mask[0] = mask[0];
    c->n_out = kt_wanted(c, "return_attention_scores") ? 2 : 1;
}

static const kt_layer_type type = {
    .cls = {.class_name = "GroupedQueryAttention",
            .exported = "GroupQueryAttention",
            .aliases = "GroupQueryAttention",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Several attentions, of which groups share a key and a value.",
            .unwritten = "flash_attention"},
    .check = check,
    .build = build,
    .call = call,
    .write = write,
    .state_size = sizeof(state),
    .positional = "query|value",
    .shapes = "query_shape|value_shape|key_shape",
    .sample = "GroupQueryAttention(2, 4, 2); GroupQueryAttention(3, 2, 1, use_bias=False, "
              "use_gate=True, sliding_window=2)",
    .sample_input = "(2, 3, 4) | (2, 5, 4); (2, 3, 4) | (2, 3, 4)",
};

const kt_layer_type *const kt_layers_group_query_attention[] = {&type, NULL};
