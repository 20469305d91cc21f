/* translate_nodes.c - how the layers of a Functional were called, up to Keras 2: lists of
 * [layer, node, tensor, {keywords}]. Today: {"args": [tensor], "kwargs": {}}. */
#include <stdlib.h>
#include <string.h>

#include "io/translate.h"

#define RECURRENT "LSTM|GRU|SimpleRNN|RNN|ConvLSTM1D|ConvLSTM2D|ConvLSTM3D|Bidirectional"

/* --- the layers, by name ---------------------------------------------------------------------- */

typedef struct entry {
    const char *name, *class_name;
    int64_t     base; /* the least number by which one of its calls is known */
} entry;

typedef struct nodes {
    kt_translation *t;
    entry          *at; /* sorted */
    size_t          n;
} nodes;

static int compare(const void *x, const void *y)
{
    return strcmp(((const entry *)x)->name, ((const entry *)y)->name);
}

static entry *layer_of(const nodes *s, const char *name)
{
    entry key = {.name = name};

    return s->n > 0 ? bsearch(&key, s->at, s->n, sizeof key, compare) : NULL;
}

static bool is_reference(const kt_value *v)
{
    return kt_value_is_seq(v) && v->n >= 3 && v->items[0]->kind == KT_STR &&
           v->items[1]->kind == KT_INT && v->items[2]->kind == KT_INT;
}

/* Every reference below v. */
static void find_bases(const nodes *s, const kt_value *v)
{
    entry *e = is_reference(v) ? layer_of(s, v->items[0]->s) : NULL;

    if (e && v->items[1]->i < e->base)
        e->base = v->items[1]->i;
    for (size_t i = 0; v && i < v->n && (v->kind == KT_DICT || kt_value_is_seq(v)); i++)
        find_bases(s, v->items[i]);
}

static bool list_layers(nodes *s, const kt_value *layers)
{
    s->at = kt_arena_calloc(s->t->a, layers->n + 1, sizeof *s->at);
    for (size_t i = 0; s->at && i < layers->n; i++) {
        const kt_value *l = layers->items[i];
        const char     *name = kt_value_text(kt_value_get(l, "name"));
        if (!name)
            name = kt_value_text(kt_value_get(kt_value_get(l, "config"), "name"));
        if (name)
            s->at[s->n++] = (entry){name, kt_value_text(kt_value_get(l, "class_name")), INT64_MAX};
    }
    if (s->n > 0)
        qsort(s->at, s->n, sizeof *s->at, compare);
    return s->at != NULL;
}

/* --- references ------------------------------------------------------------------------------- */

/* A model with an input layer has a node of its own before those of its calls, so that these count
 * from 1; `ends`: a Functional's ends are still counted so. */
static int64_t node_of(const nodes *s, const kt_value *reference, bool ends)
{
    const entry *e = layer_of(s, reference->items[0]->s);
    int64_t      node = reference->items[1]->i;
    bool         graph = e && kt_streq(e->class_name, "Functional");

    if (!e || !(graph || kt_streq(e->class_name, "Sequential")) || node < 0 || node >= INT32_MAX)
        return node;
    return node - (e->base > 0) + (graph && ends);
}

/* {"class_name": "__keras_tensor__", "config": {"keras_history": [layer, node, tensor]}} */
static kt_value *tensor_value(const nodes *s, const kt_value *reference)
{
    kt_arena *a = s->t->a;
    kt_value *v = kt_value_new(a, KT_DICT), *c = kt_value_new(a, KT_DICT),
             *h = kt_value_new(a, KT_LIST);
    bool ok = v && c && h && kt_value_add(a, h, NULL, reference->items[0]) &&
              kt_value_add(a, h, NULL, kt_value_int(a, node_of(s, reference, false))) &&
              kt_value_add(a, h, NULL, reference->items[2]) &&
              kt_value_add(a, c, "keras_history", h) &&
              kt_value_add(a, v, "class_name", kt_value_str(a, "__keras_tensor__")) &&
              kt_value_add(a, v, "config", c);

    if (!ok)
        kt_raise_memory(s->t->f);
    return ok ? v : NULL;
}

/* A keyword argument: references to layers that exist are tensors. */
static kt_value *argument(const nodes *s, kt_value *v)
{
    if (is_reference(v) && v->n <= 4 && layer_of(s, v->items[0]->s))
        return tensor_value(s, v);
    if (!kt_value_is_seq(v))
        return v;
    for (size_t i = 0; i < v->n; i++)
        if (!(v->items[i] = argument(s, v->items[i])))
            return NULL;
    return v;
}

static bool add_keywords(const nodes *s, kt_value *kwargs, const kt_value *given)
{
    for (size_t i = 0; given && given->kind == KT_DICT && i < given->n; i++)
        if (!kt_is_none(given->items[i]) && !kt_value_get(kwargs, given->keys[i]) &&
            !kt_value_add(s->t->a, kwargs, given->keys[i], argument(s, given->items[i])))
            return false;
    return true;
}

/* --- calls ------------------------------------------------------------------------------------ */

typedef struct call {
    kt_value *value, *args, *kwargs, *all, *states;
} call;

static bool fill(const nodes *s, call *c, bool recurrent, size_t n)
{
    kt_arena *a = s->t->a;
    bool      ok = true;

    if (n <= 1 || recurrent)
        ok = c->all->n == 0 || kt_value_add(a, c->args, NULL, c->all->items[0]);
    else
        ok = kt_value_add(a, c->args, NULL, c->all);
    return ok && (c->states->n == 0 || kt_value_add(a, c->kwargs, "initial_state", c->states)) &&
           kt_value_add(a, c->value, "args", c->args) &&
           kt_value_add(a, c->value, "kwargs", c->kwargs);
}

/* [[name, node, tensor, {keywords}], ...], or one of these by itself. A recurrent layer's states
 * came behind its input. NULL after raising. */
static kt_value *node_value(const nodes *s, const char *class_name, kt_value *node)
{
    kt_arena *a = s->t->a;
    call      c = {kt_value_new(a, KT_DICT), kt_value_new(a, KT_LIST), kt_value_new(a, KT_DICT),
                   kt_value_new(a, KT_LIST), kt_value_new(a, KT_LIST)};
    bool      recurrent = kt__among(RECURRENT, class_name), one = is_reference(node);
    size_t    n = one ? 1 : node->n;
    bool      ok = c.value && c.args && c.kwargs && c.all && c.states;

    for (size_t i = 0; ok && i < n; i++) {
        const kt_value *r = one ? node : node->items[i];
        if (!is_reference(r))
            return node; /* the reader names it */
        ok = kt_value_add(a, recurrent && i > 0 ? c.states : c.all, NULL, tensor_value(s, r)) &&
             (r->n < 4 || add_keywords(s, c.kwargs, r->items[3]));
    }
    if (ok && fill(s, &c, recurrent, n))
        return c.value;
    if (s->t->f->e.status == KT_OK)
        kt_raise_memory(s->t->f);
    return NULL;
}

static kt_status connect(const nodes *s, const kt_value *layers)
{
    for (size_t i = 0; i < layers->n; i++) {
        kt_value   *list = kt_value_get(layers->items[i], "inbound_nodes");
        const char *name = kt_value_text(kt_value_get(layers->items[i], "class_name"));
        for (size_t k = 0; name && kt_value_is_seq(list) && k < list->n; k++) {
            if (!kt_value_is_seq(list->items[k]))
                continue;
            list->items[k] = node_value(s, name, list->items[k]);
            if (!list->items[k])
                return s->t->f->e.status;
        }
    }
    return KT_OK;
}

static void settle_ends(const nodes *s, kt_value *ends)
{
    if (is_reference(ends))
        ends->items[1] = kt_value_int(s->t->a, node_of(s, ends, true));
    for (size_t i = 0; ends && !is_reference(ends) && i < ends->n; i++)
        if (is_reference(ends->items[i]))
            ends->items[i]->items[1] = kt_value_int(s->t->a, node_of(s, ends->items[i], true));
}

/* Are calls written as lists? Those of Keras 3 are dicts, and stay. */
static bool has_lists(const kt_value *layers)
{
    for (size_t i = 0; i < layers->n; i++) {
        const kt_value *list = kt_value_get(layers->items[i], "inbound_nodes");
        for (size_t k = 0; kt_value_is_seq(list) && k < list->n; k++)
            if (kt_value_is_seq(list->items[k]))
                return true;
    }
    return false;
}

kt_status kt__translate_nodes(kt_translation *t, kt_value *config)
{
    nodes     s = {.t = t};
    kt_value *layers = kt_value_get(config, "layers");
    kt_value *ends[] = {kt_value_get(config, "input_layers"),
                        kt_value_get(config, "output_layers")};

    if (!kt_value_is_seq(layers) || !has_lists(layers))
        return KT_OK;
    if (!list_layers(&s, layers))
        return kt_raise_memory(t->f);
    for (size_t i = 0; i < layers->n; i++)
        find_bases(&s, kt_value_get(layers->items[i], "inbound_nodes"));
    for (size_t i = 0; i < KT_COUNT(ends); i++)
        find_bases(&s, ends[i]);
    if (connect(&s, layers) != KT_OK)
        return t->f->e.status;
    for (size_t i = 0; i < KT_COUNT(ends); i++)
        settle_ends(&s, ends[i]);
    return t->a->failed ? kt_raise_memory(t->f) : KT_OK;
}
