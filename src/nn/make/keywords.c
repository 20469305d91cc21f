/* keywords.c - what the keyword arguments of a layer's call mean: `mask`. A literal `training`,
 * which Keras writes with every call of some layers, means nothing: fit, evaluate and predict say
 * it. */
#include <string.h>

#include "nn/layer.h"

bool kt_is_tensor_value(const kt_value *v)
{
    return v && v->kind == KT_DICT &&
           kt_streq(kt_value_text(kt_value_get(v, "class_name")), "__keras_tensor__");
}

int kt_count_tensors(const kt_value *v)
{
    int n = 0;

    if (kt_is_tensor_value(v))
        return 1;
    for (size_t i = 0; v && i < v->n; i++)
        n += kt_count_tensors(v->items[i]);
    return n;
}

/* Inputs [at, ..) that the tree of `mask` names become masks: one of the first input, or a list. */
static void take_masks(kt_call *c, const kt_value *v, int at)
{
    int n = kt_count_tensors(v), next = at;

    if (n == 0 || at + n > c->n_in)
        return;
    if (kt_is_tensor_value(v))
        c->mask[0] = c->in[next++];
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n && i < (size_t)at; i++)
        if (kt_is_tensor_value(v->items[i]))
            c->mask[i] = c->in[next++];
    for (int i = at; i + n < c->n_in; i++) {
        c->in[i] = c->in[i + n];
        c->mask[i] = c->mask[i + n];
    }
    c->n_in -= n;
}

void kt_call_keywords(const kt_layer *l, kt_call *c)
{
    int at = kt_count_tensors(c->args);

    if (l->type->flags & KT_LAYER_OPERATION)
        return;
    for (size_t i = 0; c->kwargs && i < c->kwargs->n; i++) {
        const kt_value *v = c->kwargs->items[i];
        if (kt_streq(c->kwargs->keys[i], "mask")) {
            take_masks(c, v, at);
            c->mask_named = kt_count_tensors(v) > 0;
        } else {
            at += kt_count_tensors(v);
        }
    }
}

kt_node *kt_call_mask(const kt_call *c)
{
    return c->mask && (c->n_in == 1 || c->mask_named) ? c->mask[0] : NULL;
}

kt_status kt_lacks_positional(const kt_layer *l, kt_fault *f)
{
    const char *second = l->type->positional ? strchr(l->type->positional, '|') : NULL;

    return second ? kt_raise(f, KT_E_TYPE, "missing a required argument: '%s'", second + 1) : KT_OK;
}

/* What the calls of Keras' layers take by keyword, all of them together. */
static kt_status need_known(const kt_layer *l, const kt_call *c)
{
    static const char known[] =
        "inputs|data|x|sequences|sequence|query|value|key|training|mask|initial_state|states|"
        "query_mask|value_mask|key_mask|attention_mask|return_attention_scores|use_causal_mask|"
        "count_weights|reverse";
    bool keras = !(l->type->flags & (KT_LAYER_OPERATION | KT_LAYER_CONTAINER)) &&
                 !l->type->cls.registered;

    for (size_t i = 0; keras && c->kwargs && i < c->kwargs->n; i++)
        if (!kt_is_listed(known, c->kwargs->keys[i]))
            return kt_raise(c->g->fault, KT_E_TYPE, "got an unexpected keyword argument '%s'",
                            c->kwargs->keys[i]);
    return KT_OK;
}

kt_status kt_check_arguments(const kt_layer *l, const kt_call *c)
{
    const char *second = l->type->positional ? strchr(l->type->positional, '|') : NULL;
    bool        lone = c->args ? kt_value_is_seq(c->args) && c->args->n < 2 : c->n_in < 2;

    return second && lone && !kt_value_get(c->kwargs, second + 1)
             ? kt_lacks_positional(l, c->g->fault)
             : need_known(l, c);
}

kt_node *kt_keyword_tensor(const kt_call *c, const char *name)
{
    int at = kt_count_tensors(c->args);

    for (size_t i = 0; c->kwargs && i < c->kwargs->n; i++) {
        const kt_value *v = c->kwargs->items[i];
        if (kt_streq(c->kwargs->keys[i], name))
            return kt_is_tensor_value(v) && at < c->n_in ? c->in[at] : NULL;
        at += kt_count_tensors(v);
    }
    return NULL;
}

/* Is "<keyword>_shape" among "a_shape|b_shape"? */
static bool names_shape(const char *shapes, const char *keyword)
{
    size_t n = strlen(keyword);

    for (const char *at = shapes; at && *at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strncmp(at, keyword, n) == 0 && strncmp(at + n, "_shape", 6) == 0 &&
            (at[n + 6] == '|' || !at[n + 6]))
            return true;
    return false;
}

int kt_build_inputs(const kt_layer *l, const kt_call *c, kt_shape *shapes, int max)
{
    bool all = !c->args || !l->type->shapes;
    if (l->type->cell && max > 1) /* Keras builds a cell of its input alone, not of its states */
        max = 1;
    int positional = all ? c->n_in : kt_count_tensors(c->args), at = positional, n = 0;

    for (int i = 0; i < positional && n < max && i < c->n_in; i++)
        shapes[n++] = c->in[i]->shape;
    for (size_t k = 0; !all && c->kwargs && k < c->kwargs->n; k++) {
        int  count = kt_count_tensors(c->kwargs->items[k]);
        bool named = names_shape(l->type->shapes, c->kwargs->keys[k]);
        for (int i = 0; i < count && at + i < c->n_in; i++)
            if (named && n < max)
                shapes[n++] = c->in[at + i]->shape;
        at += count;
    }
    return n;
}
