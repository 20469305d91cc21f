/* bidirectional.c - Bidirectional: a recurrent layer on a sequence and another on it backwards. */
#include <string.h>

#include "nn/layer.h"

#define FIELDS(F)                                                                             \
    F(OBJ, layer, REQUIRED, "layer", "The recurrent layer that reads the sequence.")          \
    F(STR, merge_mode, "'concat'", "",                                                        \
      "How both outputs are joined: 'concat', 'sum', 'mul', 'ave', or None for two outputs.") \
    F(ANY, weights, "None", "", "Without effect: weights are set when the layer is built.")   \
    F(OBJ, backward_layer, "None", "layer", "The one that reads it backwards, if not a like one.")
KT_CONFIG(FIELDS);

enum { FORWARD, BACKWARD };

static kt_layer *inner(const kt_layer *self, int i)
{
    return self->sublayers.at[i];
}

/* A field that every recurrent layer has; NULL: this one is none. */
static bool *flag(const kt_layer *l, const char *name)
{
    const kt_field *f = l->config ? kt_config_find(l->type->cls.config, name) : NULL;

    return f && f->kind == KT_F_BOOL ? (bool *)((char *)l->config + f->offset) : NULL;
}

static bool is_set(const kt_layer *l, const char *name)
{
    const bool *at = flag(l, name);

    return at && *at;
}

static bool is_layer(const kt_value *v)
{
    const kt_value *args = NULL;
    const char     *name = NULL;

    return v && v->kind != KT_STR && kt_object_parts(v, &name, &args);
}

static kt_status refuse(kt_layer *self, const char *before, const kt_value *v)
{
    return kt_layer_fail(self, KT_E_VALUE, "%s Received: %s", before, kt_python_text(self, v));
}

static kt_status check_layers(kt_layer *self)
{
    const config *c = self->config;

    if (!is_layer(c->layer))
        return refuse(self,
                      "Please initialize `Bidirectional` layer with a `keras.layers.Layer` "
                      "instance.",
                      c->layer);
    if (!kt_is_none(c->backward_layer) && !is_layer(c->backward_layer))
        return refuse(self, "`backward_layer` need to be a `keras.layers.Layer` instance.",
                      c->backward_layer);
    return KT_OK;
}

static kt_status check_mode(kt_layer *self)
{
    static const char *const modes[] = {"sum", "mul", "ave", "concat"};
    const config            *c = self->config;
    bool                     known = !c->merge_mode;

    for (size_t i = 0; i < KT_COUNT(modes); i++)
        known = known || kt_streq(c->merge_mode, modes[i]);
    if (known)
        return KT_OK;
    return kt_layer_fail(self, KT_E_VALUE,
                         "Invalid merge mode. Received: %s. Merge mode should be one of "
                         "{\"sum\", \"mul\", \"ave\", \"concat\", None}",
                         c->merge_mode);
}

/* Half of them are for each direction. */
static kt_status check_weights(kt_layer *self)
{
    const kt_value *v = ((const config *)self->config)->weights;
    double          number = 0;
    bool one = !kt_is_none(v) && !kt_value_is_seq(v) && v->kind != KT_STR && v->kind != KT_DICT;

    if (!one || (kt_value_number(v, &number) && number == 0) || (v->kind == KT_BOOL && !v->b))
        return KT_OK;
    return kt_layer_fail(self, KT_E_TYPE, "object of type '%s' has no len()", kt_python_type(v));
}

/* Made again from the configuration, as in Keras: initializers draw new seeds. */
static kt_layer *copy(kt_layer *self, const kt_layer *l, const char *prefix, bool backwards)
{
    kt_arena   *a = &self->arena;
    kt_value   *v = kt_layer_value(l, a, &self->fault), *c = v ? kt_value_get(v, "config") : NULL;
    size_t      n = strlen(prefix);
    const char *bare = strncmp(l->name, prefix, n) == 0 ? l->name + n : l->name;
    const char *name = kt_arena_printf(a, "%s%s", prefix, bare);
    bool        ok = c && name && kt_value_set(a, c, "name", kt_value_str(a, name));

    if (ok && backwards)
        ok = kt_value_set(a, c, "go_backwards", kt_value_bool(a, true));
    return ok ? kt_layer_from_value(v) : NULL;
}

static kt_status add_both(kt_layer *self, const kt_layer *layer)
{
    const config *c = self->config;
    kt_layer *given = kt_is_none(c->backward_layer) ? NULL : kt_layer_from_value(c->backward_layer);

    if (kt_add_sublayer(self, "forward_layer", copy(self, layer, "forward_", false)) != KT_OK) {
        if (given)
            kt_layer_release(given);
        return kt_layer_status(self);
    }
    return kt_add_sublayer(self, "backward_layer",
                           given ? given : copy(self, layer, "backward_", true));
}

static const char *python(bool b)
{
    return b ? "True" : "False";
}

static kt_status compare(kt_layer *self)
{
    static const char *const common[] = {"stateful", "return_sequences", "return_state"};
    const kt_layer          *ahead = inner(self, FORWARD), *back = inner(self, BACKWARD);
    bool                     a = is_set(ahead, "go_backwards"), b = is_set(back, "go_backwards");

    if (!flag(ahead, "go_backwards") || !flag(back, "go_backwards"))
        return kt_layer_fail(self, KT_E_ATTRIBUTE, "'%s' object has no attribute 'go_backwards'",
                             (flag(ahead, "go_backwards") ? back : ahead)->type->cls.class_name);
    if (a == b)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Forward layer and backward layer should have different `go_backwards` value. Received: "
            "forward_layer.go_backwards %s, backward_layer.go_backwards=%s",
            python(a), python(b));
    for (size_t i = 0; i < KT_COUNT(common); i++) {
        a = is_set(ahead, common[i]);
        b = is_set(back, common[i]);
        if (a != b)
            return kt_layer_fail(
                self, KT_E_VALUE,
                "Forward layer and backward layer are expected to have the same value for "
                "attribute \"%s\", got \"%s\" for forward layer and \"%s\" for backward layer",
                common[i], python(a), python(b));
    }
    return KT_OK;
}

static kt_status check(kt_layer *self)
{
    const config *c = self->config;

    if (check_layers(self) != KT_OK)
        return kt_layer_status(self);
    kt_layer *layer = kt_layer_from_value(c->layer);
    if (!layer)
        return kt_raise_memory(&self->fault);
    if (kt_fault_copy(&self->fault, &layer->fault) == KT_OK && check_mode(self) == KT_OK &&
        check_weights(self) == KT_OK)
        add_both(self, layer);
    kt_layer_release(layer);
    if (kt_layer_status(self) != KT_OK || compare(self) != KT_OK)
        return kt_layer_status(self);
    for (int i = FORWARD; i <= BACKWARD; i++) { /* or the joined output would mix old steps in */
        bool *zero = flag(inner(self, i), "zero_output_for_mask");
        if (zero)
            *zero = is_set(inner(self, i), "return_sequences");
    }
    self->spec[0] = inner(self, FORWARD)->spec[0];
    self->n_spec = 1;
    return KT_OK;
}

static kt_status build(kt_layer *self, int n_in, const kt_shape *in)
{
    (void)n_in;
    for (int i = FORWARD; i <= BACKWARD && kt_layer_status(self) == KT_OK; i++) {
        inner(self, i)->scope = kt_layer_path(self);
        kt_layer_build(inner(self, i), 1, in);
        kt_fault_copy(&self->fault, &inner(self, i)->fault);
    }
    return kt_layer_status(self);
}

/* One direction, with its half of the states among the inputs. NULL after a failure. */
static kt_call *direction(kt_layer *self, kt_call *c, int i)
{
    int       half = (c->n_in - 1) / 2;
    size_t    n = (size_t)half + 1;
    kt_call  *sub = kt_arena_calloc(&c->g->arena, 1, sizeof *sub);
    kt_node **io = kt_arena_calloc(&c->g->arena, 2 * n, sizeof *io);

    if (!sub || !io) {
        kt_raise_memory(c->g->fault);
        return NULL;
    }
    io[0] = c->in[0];
    for (int k = 0; k < half; k++)
        io[k + 1] = c->in[1 + i * half + k];
    io[n] = kt_call_mask(c);
    *sub = (kt_call){.t = c->t,
                     .g = c->g,
                     .training = c->training,
                     .n_in = half + 1,
                     .in = io,
                     .mask = io + n,
                     .mask_named = true};
    kt_layer_call(inner(self, i), sub);
    return kt_graph_failed(c->g) ? NULL : sub;
}

static kt_node *join(kt_graph *g, const char *mode, kt_node *y, kt_node *back)
{
    kt_node *both[] = {y, back};

    if (kt_streq(mode, "concat"))
        return kt_concat(g, 2, both, -1);
    if (kt_streq(mode, "mul"))
        return kt_mul(g, y, back);
    y = kt_add(g, y, back);
    return kt_streq(mode, "ave") ? kt_mul_scalar(g, y, 0.5) : y;
}

/* x [batch, time, ..], states of both -> the joined output or both, then the states of both. */
static void call(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    bool          sequences = is_set(inner(self, FORWARD), "return_sequences");
    kt_node      *mask = sequences && c->mask ? c->mask[0] : NULL;
    kt_call      *ahead = direction(self, c, FORWARD);
    kt_call      *back = ahead ? direction(self, c, BACKWARD) : NULL;

    if (!back)
        return;
    kt_node *y = ahead->out[0], *z = back->out[0];
    if (sequences)
        z = kt_reverse(c->g, z, 1);
    c->n_out = cfg->merge_mode ? 1 : 2;
    c->out[0] = cfg->merge_mode ? join(c->g, cfg->merge_mode, y, z) : y;
    if (!cfg->merge_mode)
        c->out[1] = z;
    for (int i = 0; i < c->n_out; i++)
        c->out_mask[i] = mask;
    for (int i = 1; i < ahead->n_out && c->n_out < KT_MAX_IO; i++)
        c->out[c->n_out++] = ahead->out[i];
    for (int i = 1; i < back->n_out && c->n_out < KT_MAX_IO; i++)
        c->out[c->n_out++] = back->out[i];
}

static kt_status write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f)
{
    bool ok = kt_value_set(a, v, "layer", kt_layer_value(inner(self, FORWARD), a, f)) &&
              kt_value_set(a, v, "backward_layer", kt_layer_value(inner(self, BACKWARD), a, f));

    return ok ? KT_OK : kt_raise_memory(f);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Bidirectional",
            .module = "keras.layers",
            .needs = "layer",
            .config = &config_type,
            .unwritten = "weights",
            .summary = "Reads a sequence in both directions."},
    .flags = KT_LAYER_SAYS_MASK,
    .check = check,
    .build = build,
    .call = call,
    .write = write,
    .shapes = "sequences_shape|initial_state_shape",
    .sample =
        "Bidirectional(LSTM(2)); Bidirectional(GRU(2, return_sequences=True), merge_mode='mul'); Bidirectional(SimpleRNN(2, return_state=True), merge_mode=None)",
    .sample_input = "(2, 4, 3); (2, 3, 2); (2, 3, 2)",
};

const kt_layer_type *const kt_layers_bidirectional[] = {&type, NULL};
