/* functional_write.c - get_config of a Functional model, as Keras writes it. */
#include <string.h>

#include "nn/container.h"

/* {"class_name": "__keras_tensor__", "config": {"shape", "dtype", "keras_history": [layer, node,
 * tensor]}} */
static kt_value *tensor_value(kt_arena *a, kt_symbol s)
{
    const kt_result *r = kt_symbol_result(s);
    kt_value        *v = kt_value_new(a, KT_DICT), *c = kt_value_new(a, KT_DICT),
             *h = kt_value_new(a, KT_LIST);
    bool ok = r && v && c && h && kt_value_add(a, h, NULL, kt_value_str(a, s.layer->name)) &&
              kt_value_add(a, h, NULL, kt_value_int(a, s.node)) &&
              kt_value_add(a, h, NULL, kt_value_int(a, s.index)) &&
              kt_value_add(a, c, "shape", kt_shape_value(a, &r->shape)) &&
              kt_value_add(a, c, "dtype", kt_value_str(a, kt_dtype_name(r->dtype))) &&
              kt_value_add(a, c, "keras_history", h) &&
              kt_value_add(a, v, "class_name", kt_value_str(a, "__keras_tensor__")) &&
              kt_value_add(a, v, "config", c);

    return ok ? v : NULL;
}

/* Tensors of older files have no shape: that of the call, in the order of its inputs. */
static bool complete(kt_arena *a, kt_value *v, const kt_inbound *b, int *at)
{
    if (kt_is_tensor_value(v)) {
        kt_value *full = *at < b->n_in ? tensor_value(a, b->in[(*at)++]) : v;
        bool      has = kt_value_get(kt_value_get(v, "config"), "shape") != NULL;
        return full && (has || kt_value_set(a, v, "config", kt_value_get(full, "config")));
    }
    for (size_t i = 0; v && i < v->n; i++)
        if (!complete(a, v->items[i], b, at))
            return false;
    return true;
}

/* Tensors i, i + 1, ... of the call, each at the end of a list. */
static bool add_tensors(kt_arena *a, kt_value *list, const kt_inbound *b, int i)
{
    for (; i < b->n_in; i++)
        if (!kt_value_add(a, list, NULL, tensor_value(a, b->in[i])))
            return false;
    return true;
}

/* The arguments as Keras' call of the class takes them: all in a list, one by one, or a cell's as
 * [x, [state, ..]]. */
static bool add_args(kt_arena *a, const kt_layer *l, const kt_inbound *b, kt_value *args)
{
    const char *second = l->type->positional ? strchr(l->type->positional, '|') : NULL;
    kt_value   *list = kt_value_new(a, KT_LIST);

    if (!list || !b->list || (second && !kt_streq(second, "|states")))
        return list && add_tensors(a, args, b, 0);
    if (second && !kt_value_add(a, args, NULL, tensor_value(a, b->in[0])))
        return false;
    return add_tensors(a, list, b, second ? 1 : 0) && kt_value_add(a, args, NULL, list);
}

/* None for the mask of each input: one, or a list of the call's list. */
static kt_value *no_masks(kt_arena *a, const kt_inbound *b)
{
    kt_value *v = kt_value_new(a, b->list ? KT_LIST : KT_NONE);

    for (int i = 0; v && b->list && i < b->n_in; i++)
        if (!kt_value_add(a, v, NULL, kt_value_new(a, KT_NONE)))
            return NULL;
    return v;
}

/* Keras fills in what the call of a class on one argument leaves open; of lists only a Functional
 * gets it. */
static bool add_defaults(kt_arena *a, const kt_layer *l, const kt_inbound *b, kt_value *kwargs)
{
    unsigned flags = l->type->flags, training = KT_LAYER_SAYS_INFERENCE | KT_LAYER_SAYS_TRAINING;

    if (b->list && l->type != &kt_layer_functional)
        return true;
    return (!(flags & training) ||
            kt_value_add(a, kwargs, "training",
                         kt_value_bool(a, (flags & KT_LAYER_SAYS_TRAINING) != 0))) &&
           (!(flags & KT_LAYER_SAYS_MASK) || kt_value_add(a, kwargs, "mask", no_masks(a, b)));
}

/* {"args": [..], "kwargs": {}}; as it was, where a file gave it. */
static kt_value *node_value(kt_arena *a, const kt_layer *l, const kt_inbound *b)
{
    kt_value *v = kt_value_new(a, KT_DICT);
    kt_value *args = b->args ? kt_value_copy(a, b->args) : kt_value_new(a, KT_LIST);
    kt_value *kwargs = b->kwargs ? kt_value_copy(a, b->kwargs) : kt_value_new(a, KT_DICT);
    int       at = 0;
    bool      ok = v && args && kwargs &&
              (b->args ? complete(a, args, b, &at) && complete(a, kwargs, b, &at)
                       : add_args(a, l, b, args) && add_defaults(a, l, b, kwargs));

    return ok && kt_value_add(a, v, "args", args) && kt_value_add(a, v, "kwargs", kwargs) ? v
                                                                                          : NULL;
}

static bool used_here(const kt_container *c, const kt_layer *l, int node)
{
    for (int i = 0; i < c->n_visits; i++)
        if (c->visits[i].layer == l && c->visits[i].node == node)
            return true;
    return false;
}

static kt_value *layer_value(kt_arena *a, const kt_container *c, const kt_layer *l, kt_fault *f)
{
    kt_value *v = kt_layer_value(l, a, f), *nodes = kt_value_new(a, KT_LIST);

    for (size_t k = 0; k < l->inbound.n; k++) {
        const kt_inbound *b = l->inbound.at[k];
        if (b->n_in > 0 && used_here(c, l, (int)k) &&
            !kt_value_add(a, nodes, NULL, node_value(a, l, b)))
            return NULL;
    }
    bool ok = v && kt_value_add(a, v, "name", kt_value_str(a, l->name)) &&
              kt_value_add(a, v, "inbound_nodes", nodes);
    return ok ? v : NULL;
}

static kt_value *end_value(kt_arena *a, kt_symbol s)
{
    kt_value *v = kt_value_new(a, KT_LIST);
    int       node = s.node + (s.layer->type == &kt_layer_functional
                                   ? 1
                                   : 0); /* a Functional has a node of its own first */
    bool      ok = kt_value_add(a, v, NULL, kt_value_str(a, s.layer->name)) &&
              kt_value_add(a, v, NULL, kt_value_int(a, node)) &&
              kt_value_add(a, v, NULL, kt_value_int(a, s.index));

    return ok ? v : NULL;
}

static kt_value *form_value(kt_arena *a, const kt_value *form, const kt_symbol *s)
{
    if (form->kind == KT_INT)
        return end_value(a, s[form->i]);
    kt_value *v = kt_value_new(a, form->kind);
    for (size_t i = 0; v && i < form->n; i++)
        if (!kt_value_add(a, v, form->kind == KT_DICT ? form->keys[i] : NULL,
                          form_value(a, form->items[i], s)))
            return NULL;
    return v;
}

static kt_value *ends_value(kt_arena *a, int n, const kt_symbol *s, const kt_value *form)
{
    if (form || n == 1)
        return form ? form_value(a, form, s) : end_value(a, s[0]);
    kt_value *v = kt_value_new(a, KT_LIST);
    for (int i = 0; i < n; i++)
        if (!kt_value_add(a, v, NULL, end_value(a, s[i])))
            return NULL;
    return v;
}

kt_status kt_functional_write(const kt_layer *l, kt_arena *a, kt_value *config, kt_fault *f)
{
    const kt_container *c = kt_container_of(l);
    kt_value           *layers = kt_value_new(a, KT_LIST), *name = kt_value_get(config, "name");
    kt_value           *trainable = kt_value_get(config, "trainable");

    for (int i = 0; i < c->n_layers; i++)
        if (!kt_value_add(a, layers, NULL, layer_value(a, c, c->layers[i], f)))
            return kt_raise_memory(f);
    config->n = 0; /* no dtype here */
    bool ok = kt_value_add(a, config, "name", name) &&
              kt_value_add(a, config, "trainable", trainable) &&
              kt_value_add(a, config, "layers", layers) &&
              kt_value_add(a, config, "input_layers", ends_value(a, c->n_in, c->in, c->in_form)) &&
              kt_value_add(a, config, "output_layers",
                           ends_value(a, c->n_out, c->out, c->out_form));
    return ok ? KT_OK : kt_raise_memory(f);
}
