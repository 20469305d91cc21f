/* functional.c - Functional: a graph of layer calls with any number of inputs and outputs. */
#include "nn/container.h"

#include <string.h>

#define FIELDS(F)                                                                        \
    F(ANY, layers, "None", "", "Layers with their inbound nodes, as Keras writes them.") \
    F(ANY, input_layers, "None", "", "[name, node, tensor] of each input.")              \
    F(ANY, output_layers, "None", "", "[name, node, tensor] of each output.")
KT_CONFIG(FIELDS);

kt_container *kt_container_of(const kt_layer *l)
{
    if (l->type == &kt_layer_functional)
        return l->state;
    return l->type == &kt_layer_sequential ? kt_sequential_container(l) : NULL;
}

/* --- connecting ------------------------------------------------------------------------------- */

static void set_specs(kt_layer *self, const kt_container *c)
{
    self->n_spec = c->n_in <= (int)KT_COUNT(self->spec) ? c->n_in : 0;
    for (int i = 0; i < self->n_spec; i++) {
        kt_shape shape = kt_symbol_result(c->in[i])->shape;
        if (shape.rank > 0)
            shape.dim[0] = KT_UNKNOWN;
        self->spec[i] = (kt_input_spec){.name = c->in_keys ? c->in_keys[i] : c->in[i].layer->name,
                                        .has_shape = true,
                                        .shape = shape,
                                        .allow_last_axis_squeeze = true,
                                        .dtype = -1};
    }
}

static bool owned(const kt_layer *self, const kt_layer *l)
{
    for (size_t i = 0; i < self->sublayers.n; i++)
        if (self->sublayers.at[i] == l)
            return true;
    return false;
}

static kt_status connect_calls(kt_layer *self, int n_in, const kt_symbol *in, int n_out,
                               const kt_symbol *out)
{
    kt_container *c = self->state;

    c->in = kt_arena_calloc(&self->arena, (size_t)n_in, sizeof *in);
    c->out = kt_arena_calloc(&self->arena, (size_t)n_out, sizeof *out);
    if (!c->in || !c->out)
        return kt_raise_memory(&self->fault);
    memcpy(c->in, in, (size_t)n_in * sizeof *in);
    memcpy(c->out, out, (size_t)n_out * sizeof *out);
    c->n_in = n_in;
    c->n_out = n_out;
    for (int i = 0; i < n_in + n_out; i++) {
        kt_symbol s = i < n_in ? in[i] : out[i - n_in];
        if (!s.layer)
            return kt_layer_fail(self, KT_E_VALUE, "Model '%s': %s %d is no result of a layer",
                                 self->name, i < n_in ? "input" : "output",
                                 i < n_in ? i : i - n_in);
        if (kt_fault_copy(&self->fault, &s.layer->fault) != KT_OK)
            return kt_layer_status(self);
        if (!kt_symbol_result(s))
            return kt_layer_fail(self, KT_E_VALUE,
                                 "Model '%s': layer '%s' has no such call or output", self->name,
                                 s.layer->name);
    }
    if (kt_container_connect(self, c) != KT_OK)
        return kt_layer_status(self);
    for (int i = 0; i < c->n_layers; i++)
        if (!owned(self, c->layers[i]) && kt_add_sublayer(self, NULL, c->layers[i]) != KT_OK)
            return kt_layer_status(self);
    set_specs(self, c);
    self->built = true;
    return KT_OK;
}

static void adopt(kt_layer *self, kt_layer *l)
{
    if (l && l != self && !owned(self, l))
        kt_add_sublayer(self, NULL, l);
}

static void adopt_inputs(kt_layer *self, const kt_layer *l)
{
    for (size_t i = 0; i < l->inbound.n; i++) {
        const kt_inbound *b = l->inbound.at[i];
        for (int j = 0; j < b->n_in; j++)
            adopt(self, b->in[j].layer);
    }
}

/* A model that could not be connected still owns every layer on the way, so that it frees them:
 * found from the outputs back, then turned round to read like a model. */
static void adopt_all(kt_layer *self, int n_in, const kt_symbol *in, int n_out,
                      const kt_symbol *out)
{
    kt_vec *v = &self->sublayers;
    size_t  first = v->n;

    for (int i = n_out; i-- > 0;)
        adopt(self, out[i].layer);
    for (int i = n_in; i-- > 0;)
        adopt(self, in[i].layer);
    for (size_t k = 0; k < v->n; k++)
        adopt_inputs(self, v->at[k]);
    for (const kt_layer *l = self->orphans; l; l = l->next_orphan)
        adopt_inputs(self, l);
    for (size_t i = first, k = v->n; i + 1 < k; i++) {
        void *other = v->at[--k];
        v->at[k] = v->at[i];
        v->at[i] = other;
    }
}

kt_status kt_functional_connect(kt_layer *self, int n_in, const kt_symbol *in, int n_out,
                                const kt_symbol *out)
{
    if (connect_calls(self, n_in, in, n_out, out) != KT_OK)
        adopt_all(self, n_in, in, n_out, out);
    return kt_layer_status(self);
}

void kt_functional_discard(int n_in, const kt_symbol *in, int n_out, const kt_symbol *out)
{
    kt_layer *all = NULL;

    for (int i = 0; i < n_in; i++)
        kt_take_orphan(&all, in[i].layer);
    for (int i = 0; i < n_out; i++)
        kt_take_orphan(&all, out[i].layer);
    for (const kt_layer *l = all; l; l = l->next_orphan)
        for (size_t i = 0; i < l->inbound.n; i++) {
            const kt_inbound *b = l->inbound.at[i];
            for (int j = 0; j < b->n_in; j++)
                kt_take_orphan(&all, b->in[j].layer);
        }
    kt_release_orphans(all);
}

/* --- from a file ------------------------------------------------------------------------------ */

/* One layer of the configuration on the way: its calls wait until their inputs exist. */
typedef struct pending {
    kt_layer       *layer;
    const kt_value *nodes; /* LIST */
    size_t          next;
} pending;

typedef struct reader {
    kt_layer *self;
    pending  *items;
    size_t    n;
} reader;

static pending *find_item(reader *r, const char *name)
{
    for (size_t i = 0; i < r->n; i++)
        if (kt_streq(r->items[i].layer->name, name))
            return &r->items[i];
    return NULL;
}

/* [name, node, tensor]: -1 without such a layer, 0 while it is not there yet. A Functional's own
 * node 0 is built in. */
static int find_symbol(reader *r, const kt_value *v, bool from_model, kt_symbol *out)
{
    bool good = kt_value_is_seq(v) && v->n >= 3 && v->items[0]->kind == KT_STR &&
                v->items[1]->kind == KT_INT && v->items[2]->kind == KT_INT;
    pending *p = good ? find_item(r, v->items[0]->s) : NULL;

    if (!p) {
        kt_str text = {0};
        kt_value_repr(&text, good ? v->items[0] : v);
        kt_layer_fail(r->self, KT_E_VALUE,
                      good ? "Unknown layer: %s" : "Bad reference to a tensor: %s",
                      kt_str_text(&text));
        kt_str_free(&text);
        return -1;
    }
    int64_t node = v->items[1]->i - (from_model && p->layer->type == &kt_layer_functional ? 1 : 0);
    if (node < 0 || node >= (int64_t)p->layer->inbound.n)
        return 0;
    *out = (kt_symbol){p->layer, (int)node, (int)v->items[2]->i};
    return kt_symbol_result(*out) ? 1 : 0;
}

typedef struct arguments {
    kt_symbol in[KT_MAX_IO];
    int       n;
    bool      list;
} arguments;

/* Tensors of an argument tree, in order: args = [x] or [[x, y]], kwargs = {"initial_state": [h,
 * c]}. 1, 0 or -1. */
static int gather(reader *r, const kt_value *v, arguments *a)
{
    if (kt_is_tensor_value(v)) {
        int found = find_symbol(r, kt_value_get(kt_value_get(v, "config"), "keras_history"), false,
                                &a->in[a->n]);
        if (found != 1)
            return found;
        if (a->n >= KT_MAX_IO - 1) {
            kt_layer_fail(r->self, KT_E_VALUE, "A layer has more than %d inputs", KT_MAX_IO - 1);
            return -1;
        }
        a->n++;
        return 1;
    }
    for (size_t i = 0; v && i < v->n; i++) {
        int found = gather(r, v->items[i], a);
        if (found != 1)
            return found;
    }
    return 1;
}

/* Calls are [[name, node, tensor, {kwargs}], ...] in legacy files. */
static int gather_legacy(reader *r, const kt_value *node, arguments *a)
{
    for (size_t i = 0; i < node->n && i < KT_MAX_IO; i++) {
        int found = find_symbol(r, node->items[i], false, &a->in[a->n]);
        if (found != 1)
            return found;
        a->n++;
    }
    a->list = node->n > 1;
    return 1;
}

/* One call: 1 done, 0 an input is not there yet, -1 failed. */
static int connect_node(reader *r, pending *p, const kt_value *node)
{
    arguments       a = {.n = 0};
    const kt_value *args = kt_value_get(node, "args"), *kwargs = kt_value_get(node, "kwargs");
    int             found = 1;

    if (kt_value_is_seq(node)) {
        found = gather_legacy(r, node, &a);
    } else {
        a.list = args && args->n > 0 && kt_value_is_seq(args->items[0]);
        found = gather(r, args, &a);
        if (found == 1)
            found = gather(r, kwargs, &a);
    }
    if (found != 1)
        return found;
    if (a.n == 0)
        return 1; /* an InputLayer */
    kt_layer_apply(p->layer, a.n, a.in, a.list, args, kwargs);
    return kt_layer_status(p->layer) == KT_OK ? 1 : -1;
}

static kt_status make_items(reader *r, const kt_value *layers)
{
    r->items = kt_arena_calloc(&r->self->arena, layers->n + 1, sizeof *r->items);
    if (!r->items)
        return kt_raise_memory(&r->self->fault);
    for (size_t i = 0; i < layers->n; i++) {
        kt_layer *l = kt_layer_from_value(layers->items[i]);
        if (!l)
            return kt_raise_memory(&r->self->fault);
        const char *name = kt_value_text(kt_value_get(layers->items[i], "name"));
        if (name && kt_layer_status(l) == KT_OK)
            kt_layer_rename(l, name);
        if (kt_layer_status(l) != KT_OK)
            kt_fault_layer(&l->fault, l->name);
        if (kt_add_sublayer(r->self, NULL, l) != KT_OK)
            return kt_layer_status(r->self);
        r->items[r->n].layer = l;
        r->items[r->n++].nodes = kt_value_get(layers->items[i], "inbound_nodes");
    }
    return KT_OK;
}

/* As Keras prints the calls that could not be made. */
static kt_status unresolved(reader *r)
{
    kt_str text = {0};
    bool   first = true;

    for (size_t i = 0; i < r->n; i++) {
        const pending *p = &r->items[i];
        if (!p->nodes || p->next >= p->nodes->n)
            continue;
        kt_str_add(&text, first ? "" : ", ");
        if (p->layer->type->flags & KT_LAYER_OPERATION)
            kt_str_printf(&text, "<Operation name=%s>: [", p->layer->name);
        else
            kt_str_printf(&text, "<%s name=%s, built=%s>: [", p->layer->type->cls.class_name,
                          p->layer->name, p->layer->built ? "True" : "False");
        for (size_t k = p->next; k < p->nodes->n; k++) {
            if (k > p->next)
                kt_str_add(&text, ", ");
            kt_value_repr(&text, p->nodes->items[k]);
        }
        kt_str_addc(&text, ']');
        first = false;
    }
    kt_layer_fail(
        r->self, KT_E_VALUE,
        "Invalid Functional model configuration. The graph of the Functional model either has loops or disconnected nodes. "
        "The following nodes failed to be resolved: {%s}",
        kt_str_text(&text));
    kt_str_free(&text);
    return kt_layer_status(r->self);
}

/* Keras takes an IndexError inside a layer for "input not there yet": so do we, for the same
 * words. */
static bool swallowed(kt_layer *l)
{
    if (kt_layer_status(l) != KT_E_INDEX)
        return false;
    kt_fault_clear(&l->fault);
    l->inbound.n--; /* the call that failed */
    return true;
}

static kt_status connect_items(reader *r)
{
    for (bool open = true, moved = true; open;) {
        open = moved = false;
        for (size_t i = 0; i < r->n; i++) {
            pending *p = &r->items[i];
            while (p->nodes && p->next < p->nodes->n) {
                int done = connect_node(r, p, p->nodes->items[p->next]);
                if (done < 0 && !swallowed(p->layer))
                    return kt_fault_copy(&r->self->fault, &p->layer->fault);
                if (done != 1)
                    break;
                p->next++;
                moved = true;
            }
            open = open || (p->nodes && p->next < p->nodes->n);
        }
        if (open && !moved)
            return unresolved(r);
    }
    return KT_OK;
}

/* The symbols that the file names. */
static kt_status find_ends(reader *r, const kt_ends *e, kt_symbol *s)
{
    for (int i = 0; i < e->n; i++)
        if (find_symbol(r, e->end[i], true, &s[i]) == 0)
            return kt_layer_fail(r->self, KT_E_INDEX, "list index out of range");
    return kt_layer_status(r->self);
}

static kt_status check(kt_layer *self)
{
    const config *c = self->config;
    reader        r = {.self = self};
    kt_ends       inputs = {.n = 0}, outputs = {.n = 0};
    kt_symbol     in[KT_MAX_IO] = {{.layer = NULL}}, out[KT_MAX_IO] = {{.layer = NULL}};

    if (!c->layers || c->layers->kind == KT_NONE)
        return KT_OK; /* from C: kt_functional_connect follows */
    if (!kt_value_is_seq(c->layers))
        return kt_layer_fail(self, KT_E_VALUE, "Model '%s': `layers` is no list", self->name);
    if (make_items(&r, c->layers) != KT_OK || connect_items(&r) != KT_OK)
        return kt_layer_status(self);
    if (kt_ends_read(self, c->input_layers, &inputs) != KT_OK ||
        find_ends(&r, &inputs, in) != KT_OK ||
        kt_ends_read(self, c->output_layers, &outputs) != KT_OK ||
        find_ends(&r, &outputs, out) != KT_OK)
        return kt_layer_status(self);
    kt_ends_keep(self, self->state, &inputs, in, &outputs, out);
    return kt_functional_connect(self, inputs.n, in, outputs.n, out);
}

static void call(kt_layer *self, kt_call *c)
{
    kt_container_call(self, self->state, c);
}

const kt_layer_type kt_layer_functional = {
    .cls = {.class_name = "Functional",
            .aliases = "Model",
            .module = "keras.src.models.functional",
            .config = &config_type,
            .summary = "A model that is a graph of layer calls."},
    .flags = KT_LAYER_CONTAINER | KT_LAYER_NO_CAST | KT_LAYER_SAYS_MASK,
    .check = check,
    .call = call,
    .write = kt_functional_write,
    .state_size = sizeof(kt_container),
    .sample = NULL,
};

const kt_layer_type *const kt_layers_functional[] = {&kt_layer_functional, NULL};
