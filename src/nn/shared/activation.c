/* activation.c - from a configuration value to an activation function, and its use. */
#include "nn/make/identity.h"
#include "nn/layer.h"
#include "nn/make/registered.h"

/* {"module": "builtins", "class_name": "function", "config": "relu"}: how Keras serialises a
 * function. */
static const kt_value *unwrap_function(const kt_value *v)
{
    const kt_value *config = kt_value_get(v, "config");

    return config && config->kind == KT_STR ? config : v;
}

const kt_activation_type *kt_activation_find(const kt_value *v, kt_fault *f)
{
    const char     *name = "linear";
    const kt_value *args = NULL, *given = v;

    if (v && v->kind != KT_NONE) {
        v = unwrap_function(v);
        if (!kt_object_parts(v, &name, &args))
            name = NULL;
    }
    const kt_value  bare = {.kind = KT_STR, .s = name};
    const kt_class *cls = name
                            ? kt_class_of("activation", given && !kt_is_none(given) ? given : &bare)
                            : NULL;
    if (!cls) {
        kt_arena scratch = {0};
        kt_object_make(&scratch, "activation", given, f); /* words the error */
        kt_arena_free(&scratch);
        return NULL;
    }
    return (const kt_activation_type *)(const void *)cls;
}

kt_node *kt_activate(kt_graph *g, const kt_activation_type *act, kt_node *x)
{
    const kt_custom_attr *own = act->cls.registered ? kt_registered_attr(&act->cls) : NULL;
    kt_node              *y = own        ? kt_custom(g, own, x)
                            : act->apply ? act->apply(g, x)
                                         : kt_unary_with(g, act->fn, x);

    /* Keras remembers the logits of these two only, and does not ask which of them it was. */
    bool keeps = kt_streq(act->cls.class_name, "softmax") ||
                 kt_streq(act->cls.class_name, "sigmoid");
    if (keeps && !kt_is_poison(g, y))
        y->logits = x;
    return y;
}

bool kt_is_layer_activation(const kt_value *v)
{
    bool                 object = v && (v->kind == KT_DICT || v->kind == KT_CALL);
    const kt_layer_type *t = object ? kt_layer_type_of(v) : NULL;

    return t && (t->flags & KT_LAYER_FUNCTION);
}

/* x through a layer that is nothing but its configuration. */
static kt_node *through_layer(kt_call *c, const kt_value *v, kt_node *x)
{
    kt_layer *l = kt_layer_from_value(v);
    kt_call   sub = {.t = c->t, .g = c->g, .training = c->training, .n_in = 1, .in = &x};

    if (!l)
        kt_raise_memory(c->g->fault);
    else if (kt_fault_copy(c->g->fault, &l->fault) == KT_OK && l->type->call1)
        x = l->type->call1(l, &sub, x);
    else if (kt_layer_status(l) == KT_OK) {
        l->type->call(l, &sub);
        x = sub.out[0];
    }
    kt_layer_release(l);
    return kt_graph_failed(c->g) ? c->g->poison : x;
}

kt_node *kt_layer_activate(kt_call *c, const kt_value *activation, kt_node *x)
{
    if (kt_is_layer_activation(activation))
        return through_layer(c, activation, x);
    const kt_activation_type *act = kt_activation_find(activation, c->g->fault);

    if (!act)
        return c->g->poison;
    return act->reshapes && !c->t->eager ? x : kt_activate(c->g, act, x);
}
