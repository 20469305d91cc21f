/* sequential.c - Sequential: layers one after another; without a declared input it builds itself on
 * its first call. */
#include <string.h>

#include "nn/container.h"

#define FIELDS(F)                                       \
    F(ANY, layers, "None", "", "The layers, in order.") \
    F(SHAPE, build_input_shape, "None", "", "Shape it was built with, batch first (set by files).")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_container c;
    int          number; /* of the inner Functional that Keras would make last */
    kt_layer *
        input; /* InputLayer, declared or made by the first call; owned as sub-layer 0 once there */
    bool      declared; /* the user (or file) gave the input */
    size_t    chained;  /* sub-layers that are applied, one to the other */
    int       n_last;
    kt_symbol last[KT_MAX_PARTS]; /* what they give */
} state;

kt_container *kt_sequential_container(const kt_layer *l)
{
    return &((state *)l->state)->c;
}

kt_layer *kt_sequential_input(const kt_layer *l)
{
    return l->type == &kt_layer_sequential ? ((state *)l->state)->input : NULL;
}

/* --- adding ----------------------------------------------------------------------------------- */

/* Has another layer than `item` the name? The same layer may stand there twice, as in Keras. */
static bool taken(const kt_layer *self, const kt_layer *item, const char *name)
{
    for (size_t i = 0; i < self->sublayers.n; i++)
        if (self->sublayers.at[i] != item &&
            kt_streq(((kt_layer *)self->sublayers.at[i])->name, name))
            return true;
    return false;
}

/* Automatic names are made unique: dense, dense_1, dense_2. */
static kt_status settle_name(kt_layer *self, kt_layer *item)
{
    const char *base = item->name;

    if (!taken(self, item, base))
        return KT_OK;
    if (item->named)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "All layers added to a Sequential model should have unique names. Name '%s' is already the name of a "
            "layer in this model. Update the `name` argument to pass a unique name.",
            base);
    for (int k = 1; taken(self, item, item->name); k++) {
        item->name = kt_arena_printf(&item->arena, "%s_%d", base, k);
        if (!item->name) {
            item->name = base;
            return kt_raise_memory(&self->fault);
        }
    }
    return KT_OK;
}

static kt_status declare_input(kt_layer *self, const kt_shape *batch_shape, const char *dtype)
{
    state    *s = self->state;
    kt_layer *input = kt_input_new(batch_shape, dtype, NULL);

    if (!input)
        return kt_raise_memory(&self->fault);
    s->input = input;
    if (kt_add_sublayer(self, NULL, input) != KT_OK)
        return kt_layer_status(self);
    for (size_t i = self->sublayers.n - 1; i > 0;
         i--) { /* the input comes first, also when it comes late */
        self->sublayers.at[i] = self->sublayers.at[i - 1];
        self->sub_attrs.at[i] = self->sub_attrs.at[i - 1];
    }
    self->sublayers.at[0] = input;
    self->sub_attrs.at[0] = NULL;
    return KT_OK;
}

static bool is_input_layer(const kt_layer *l)
{
    return kt_streq(l->type->cls.class_name, "InputLayer");
}

/* Applies the sub-layers that are not applied yet. A layer's failure names that layer. */
static kt_status extend(kt_layer *self)
{
    state *s = self->state;

    if (s->chained == 0) {
        s->last[0] = kt_input_symbol(s->input);
        s->n_last = 1;
    }
    for (; s->chained < self->sublayers.n; s->chained++) {
        kt_layer *l = self->sublayers.at[s->chained];
        if (l == s->input)
            continue;
        if (is_input_layer(l))
            return kt_layer_fail(
                self, KT_E_VALUE,
                "Layers added to a Sequential model should have a single positional argument, the input tensor. "
                "Layer InputLayer has no positional arguments.");
        if (l->type->positional) {
            int first = (int)strcspn(l->type->positional, "|");
            return kt_layer_fail(
                self, KT_E_VALUE,
                "Layers added to a Sequential model can only have a single required positional argument, the input tensor. "
                "Layer %s has multiple required positional arguments: [<Parameter \"%.*s\">, <Parameter \"%s\">]",
                l->type->cls.class_name, first, l->type->positional,
                l->type->positional + first + 1);
        }
        l->scope = kt_layer_path(self);
        kt_symbol y = kt_layer_apply(l, s->n_last, s->last, s->n_last > 1, NULL, NULL);
        if (kt_layer_status(l) != KT_OK)
            return kt_fault_copy(&self->fault, &l->fault);
        if (y.node < 0)
            return kt_raise_memory(&self->fault);
        s->n_last = ((const kt_inbound *)l->inbound.at[y.node])->n_out;
        if (s->n_last > (int)KT_COUNT(s->last))
            return kt_layer_fail(self, KT_E_NOT_IMPLEMENTED,
                                 "Layer '%s' gives more than %d tensors", l->name,
                                 (int)KT_COUNT(s->last));
        for (int i = 0; i < s->n_last; i++)
            s->last[i] = (kt_symbol){l, y.node, i};
    }
    return KT_OK;
}

/* Is the first layer's input_shape one? */
static bool declares_shape(kt_layer *self, const kt_layer *item)
{
    if (self->sublayers.n == 0 && item->no_shape)
        kt_layer_fail(self, KT_E_VALUE, "%s", item->no_shape);
    return kt_layer_status(self) == KT_OK;
}

/* What is known of the input when `item` is added: what the first layer declares, or, when there is
 * a second, takes as a model. NULL: nothing. */
static const kt_shape *input_shape_of(const kt_layer *self, const kt_layer *item)
{
    const state *s = self->state;

    if (self->sublayers.n == 0)
        return item->batch_shape.set && !is_input_layer(item) ? &item->batch_shape.v : NULL;
    const kt_container *c = kt_container_of(self->sublayers.at[0]);
    bool model = self->sublayers.n == 1 && !s->input && c && c->ready && c->n_in == 1;
    return model ? &kt_symbol_result(c->in[0])->shape : NULL;
}

/* What the first layer takes: of texts nothing else can come. NULL: Keras' float32. */
static const char *declared_dtype(const kt_layer *first)
{
    bool text = !first->input_dtype && first->type->flags & KT_LAYER_TEXT;

    return text ? kt_dtype_name(KT_STRING) : first->input_dtype;
}

/* Embedding reads ids, so what it declares is an integer input only where the user says so: Keras
 * uses float32. */
kt_status kt_sequential_add(kt_layer *self, kt_layer *item)
{
    state *s = self->state;
    bool   first = self->sublayers.n == 0;

    if (!item)
        return kt_raise_memory(&self->fault);
    if (kt_layer_status(self) != KT_OK || kt_fault_copy(&self->fault, &item->fault) != KT_OK) {
        if (item->fault.e.status != KT_OK) {
            kt_fault_layer(&self->fault, item->name);
            kt_fault_site(&self->fault, item->file, item->line, item->text);
        }
        kt_layer_free(item);
        return kt_layer_status(self);
    }
    const kt_shape *shape = input_shape_of(self, item);
    s->declared = s->declared || shape;
    if (!declares_shape(self, item) ||
        (shape && declare_input(self, shape, first ? declared_dtype(item) : NULL) != KT_OK)) {
        kt_layer_free(item);
        return kt_layer_status(self);
    }
    if (is_input_layer(item)) {
        if (s->input)
            kt_layer_fail(
                self, KT_E_VALUE,
                "Sequential model '%s' has already been configured to use input shape %s. You cannot add a different "
                "Input layer to it.",
                self->name,
                kt_shape_text(&self->arena, &kt_symbol_result(kt_input_symbol(s->input))->shape));
        else if (first) {
            s->input = item;
            s->declared = true;
        }
    }
    settle_name(self, item);
    s->c.ready = false;
    return kt_add_sublayer(self, NULL, item);
}

/* Keras' model.add, which makes the inner Functional anew. */
static kt_status add_and_build(kt_layer *self, kt_layer *item)
{
    state *s = self->state;

    if (kt_sequential_add(self, item) != KT_OK || !s->input || self->sublayers.n < 2)
        return kt_layer_status(self);
    s->number = kt_next_functional();
    return extend(self);
}

/* --- building --------------------------------------------------------------------------------- */

static kt_status connect(kt_layer *self)
{
    state *s = self->state;

    s->c.n_in = 1;
    s->c.in = kt_arena_alloc(&self->arena, sizeof *s->c.in);
    s->c.out = kt_arena_alloc(&self->arena, KT_MAX_PARTS * sizeof *s->c.out);
    if (!s->c.in || !s->c.out)
        return kt_raise_memory(&self->fault);
    s->c.inner = s->number > 0 ? kt_arena_printf(&self->arena, "functional_%d", s->number)
                               : "functional";
    if (!s->c.inner)
        return kt_raise_memory(&self->fault);
    if (extend(self) != KT_OK)
        return kt_layer_status(self);
    s->c.in[0] = kt_input_symbol(s->input);
    s->c.n_out = s->n_last;
    memcpy(s->c.out, s->last, sizeof s->last);
    return kt_container_connect(self, &s->c);
}

kt_status kt_sequential_build(kt_layer *self, const kt_shape *batch_shape)
{
    state *s = self->state;

    if (s->c.ready || kt_layer_status(self) != KT_OK)
        return kt_layer_status(self);
    if (self->sublayers.n == 0)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Sequential model %s cannot be built because it has no layers. Call `model.add(layer)`.",
            self->name);
    if (!s->input) {
        const kt_layer *first = self->sublayers.at[0];
        bool            text = first->type->flags & KT_LAYER_TEXT;
        if (declare_input(self, batch_shape, kt_dtype_name(text ? KT_STRING : first->dtype)) !=
            KT_OK)
            return kt_layer_status(self);
    }
    if (connect(self) == KT_OK) {
        self->built = true;
        self->n_build = 1;
        self->build_shape[0] = kt_symbol_result(s->c.in[0])->shape;
    }
    return kt_layer_status(self);
}

static kt_status build(kt_layer *self, int n, const kt_shape *in)
{
    return n == 1 ? kt_sequential_build(self, &in[0])
                  : kt_layer_fail(self, KT_E_VALUE, "Sequential model '%s' takes one input, got %d",
                                  self->name, n);
}

static kt_status add_all(kt_layer *self, const kt_value *list)
{
    kt_vec layers = {0};
    bool   kept = true;

    for (size_t i = 0; i < list->n && kept; i++) {
        kt_layer *l = kt_layer_from_value(list->items[i]);
        kept = l && kt_vec_push(&layers, l);
        if (!kept)
            kt_layer_free(l);
    }
    for (size_t i = 0; i < layers.n; i++)
        kt_sequential_add(self, layers.at[i]);
    kt_vec_free(&layers);
    if (!kept)
        kt_raise_memory(&self->fault);
    else if (((state *)self->state)->input)
        ((state *)self->state)->number = kt_next_functional();
    return kt_layer_status(self);
}

static const char *kind_of(const kt_value *v)
{
    const char     *name = NULL;
    const kt_value *args = NULL;

    return v->kind == KT_CALL && kt_object_parts(v, &name, &args) ? name : kt_python_type(v);
}

static kt_status need_layer(kt_layer *self, const kt_value *v)
{
    if (v->kind == KT_CALL || v->kind == KT_DICT || v->kind == KT_STR)
        return KT_OK;
    return kt_layer_fail(self, KT_E_VALUE,
                         "Only instances of `keras.Layer` can be added to a Sequential model. "
                         "Received: %s (of type <class '%s'>)",
                         kt_python_text(self, v), kt_python_type(v));
}

static kt_status check(kt_layer *self)
{
    const config *c = self->config;
    state        *s = self->state;

    if (c->layers && c->layers->kind != KT_NONE && !kt_value_is_seq(c->layers))
        return kt_layer_fail(self, KT_E_TYPE, "'%s' object is not iterable", kind_of(c->layers));
    size_t n = kt_value_is_seq(c->layers) ? c->layers->n : 0;
    for (size_t i = 0; i < n; i++)
        if (need_layer(self, c->layers->items[i]) != KT_OK)
            return kt_layer_status(self);
    /* a file's layers are made and added one by one; a call's are all there before the model is */
    bool call = n > 0 && c->layers->items[0]->kind == KT_CALL;
    for (size_t i = 0; i < n && !call; i++)
        if (add_and_build(self, kt_layer_from_value(c->layers->items[i])) != KT_OK)
            return kt_layer_status(self);
    if (call && add_all(self, c->layers) != KT_OK)
        return kt_layer_status(self);
    if (s->input && self->sublayers.n > 1)
        return kt_sequential_build(self, NULL);
    if (c->build_input_shape.set && self->sublayers.n > 0 && !s->input)
        return kt_sequential_build(self, &c->build_input_shape.v);
    return kt_layer_status(self);
}

/* --- calling and writing ---------------------------------------------------------------------- */

static void name_checked(const kt_container *c, kt_call *call)
{
    kt_layer as = {.name = c->inner, .n_spec = 1};
    kt_shape shape = kt_symbol_result(c->in[0])->shape;

    if (shape.rank > 0)
        shape.dim[0] = KT_UNKNOWN;
    as.spec[0] = (kt_input_spec){.name = c->in[0].layer->name,
                                 .has_shape = true,
                                 .shape = shape,
                                 .allow_last_axis_squeeze = true,
                                 .dtype = -1};
    if (kt_check_inputs(&as, call) != KT_OK)
        kt_fault_layer(call->g->fault, c->inner);
}

/* A symbolic call is refused by the inner Functional; on data nothing is checked but the rank. */
static void call(kt_layer *self, kt_call *call)
{
    state *s = self->state;

    if (!call->t->eager && !call->t->lenient)
        name_checked(&s->c, call);
    if (!kt_graph_failed(call->g))
        kt_container_call(self, &s->c, call);
}

static const kt_layer *doubled(const kt_layer *self)
{
    for (size_t i = 1; i < self->sublayers.n; i++)
        for (size_t k = 0; k < i; k++)
            if (self->sublayers.at[i] == self->sublayers.at[k])
                return self->sublayers.at[i];
    return NULL;
}

static kt_status write(const kt_layer *self, kt_arena *a, kt_value *config_value, kt_fault *f)
{
    const state *s = self->state;
    kt_value    *list = kt_value_new(a, KT_LIST);

    const kt_layer *twice = doubled(self);

    if (twice)
        return kt_raise(
            f, KT_E_VALUE,
            "Layer '%s' stands more than once in '%s': Keras' files hold a Sequential's "
            "layer once, so that the model read back would be another one. Use a "
            "Functional model.",
            twice->name, self->name);
    for (size_t i = 0; i < self->sublayers.n; i++)
        if (!kt_value_add(a, list, NULL, kt_layer_value(self->sublayers.at[i], a, f)))
            return kt_raise_memory(f);
    if (!kt_value_set(a, config_value, "layers", list))
        return kt_raise_memory(f);
    bool ok = s->c.ready ? kt_value_set(a, config_value, "build_input_shape",
                                        kt_shape_value(a, &self->build_shape[0]))
                         : true;
    return ok ? KT_OK : kt_raise_memory(f);
}

const kt_layer_type kt_layer_sequential = {
    .cls = {.class_name = "Sequential",
            .module = "keras",
            .config = &config_type,
            .summary = "A model of layers one after another.",
            .unwritten = "build_input_shape"},
    .flags = KT_LAYER_CONTAINER | KT_LAYER_NO_CAST | KT_LAYER_SAYS_MASK,
    .check = check,
    .build = build,
    .call = call,
    .write = write,
    .state_size = sizeof(state),
    .sample = "Sequential([Dense(3), Dense(2)])",
    .sample_input = "(2, 4)",
};

const kt_layer_type *const kt_layers_sequential[] = {&kt_layer_sequential, NULL};
