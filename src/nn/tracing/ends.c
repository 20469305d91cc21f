/* ends.c - inputs and outputs of a Functional in lists and dicts, however deep. */
#include <string.h>

#include "nn/container.h"

size_t kt_sorted_place(const kt_value *v, size_t k)
{
    for (size_t i = 0; v->kind == KT_DICT && i < v->n; i++) {
        size_t before = 0;
        for (size_t j = 0; j < v->n; j++)
            before += strcmp(v->keys[j], v->keys[i]) < 0;
        if (before == k)
            return i;
    }
    return k;
}

static bool is_nested(const kt_value *v)
{
    return v && (v->kind == KT_DICT || kt_value_is_seq(v));
}

/* [name, node, tensor], or whatever else is no list of them. */
static bool is_end(const kt_value *v)
{
    return !is_nested(v) ||
           (kt_value_is_seq(v) && v->n > 0 && v->items[0] && !is_nested(v->items[0]));
}

/* The form of v, whose ends are added; key: of the dicts around it. NULL after a failure. */
static kt_value *flatten(kt_layer *self, const kt_value *v, kt_ends *e, const char *key, bool own)
{
    kt_arena *a = &self->arena;

    if (is_end(v)) {
        if (e->n >= KT_MAX_IO) {
            kt_layer_fail(self, KT_E_VALUE, "Model '%s' has more than %d inputs or outputs",
                          self->name, KT_MAX_IO);
            return NULL;
        }
        e->end[e->n] = v;
        e->key[e->n] = key;
        e->own[e->n] = own;
        return kt_value_int(a, e->n++);
    }
    kt_value *form = kt_value_new(a, v->kind == KT_DICT ? KT_DICT : KT_LIST);
    bool      ok = form != NULL;
    for (size_t i = 0; i < v->n && ok; i++)
        ok = kt_value_add(a, form, v->kind == KT_DICT ? v->keys[i] : NULL,
                          kt_value_new(a, KT_NONE));
    for (size_t k = 0; k < v->n && ok; k++) {
        size_t      i = kt_sorted_place(v, k);
        const char *inner = key;
        if (v->kind == KT_DICT)
            inner = key ? kt_arena_printf(a, "%s/%s", key, v->keys[i])
                        : kt_arena_strdup(a, v->keys[i]);
        e->named = e->named || v->kind == KT_DICT;
        form->items[i] = flatten(self, v->items[i], e, inner, v->kind == KT_DICT);
        ok = form->items[i] && (inner || v->kind != KT_DICT);
    }
    return ok ? form : NULL;
}

kt_status kt_ends_read(kt_layer *self, const kt_value *v, kt_ends *e)
{
    kt_value *form = v ? flatten(self, v, e, NULL, false) : NULL;

    e->form = v && is_end(v) ? NULL : form;
    if (kt_layer_status(self) == KT_OK && v && !form)
        kt_raise_memory(&self->fault);
    if (kt_layer_status(self) == KT_OK && e->n == 0)
        kt_layer_fail(self, KT_E_VALUE, "Model '%s' has no inputs or outputs", self->name);
    return kt_layer_status(self);
}

static const char **keys_of(kt_layer *self, const kt_ends *e, const kt_symbol *s)
{
    const char **keys = e->named ? kt_arena_calloc(&self->arena, (size_t)e->n, sizeof *keys) : NULL;

    for (int i = 0; keys && i < e->n; i++)
        if (e->key[i])
            keys[i] = e->own[i] ? e->key[i]
                                : kt_arena_printf(&self->arena, "%s/%s", e->key[i],
                                                  s[i].layer ? s[i].layer->name : "");
    return keys;
}

void kt_ends_keep(kt_layer *self, kt_container *c, const kt_ends *inputs, const kt_symbol *in,
                  const kt_ends *outputs, const kt_symbol *out)
{
    c->in_form = inputs->form;
    c->out_form = outputs->form;
    c->in_keys = keys_of(self, inputs, in);
    c->out_keys = keys_of(self, outputs, out);
    if ((inputs->named && !c->in_keys) || (outputs->named && !c->out_keys))
        kt_raise_memory(&self->fault);
}

static kt_status name_ends(kt_layer *self, int n, const char *const *names, kt_symbol *s,
                           kt_ends *e)
{
    kt_arena *a = &self->arena;
    kt_value *dict = kt_value_new(a, KT_DICT);
    kt_symbol given[KT_MAX_IO];

    for (int i = 0; i < n; i++) {
        if (!names[i] || !*names[i] || kt_value_get(dict, names[i]))
            return kt_layer_fail(self, KT_E_VALUE,
                                 names[i] && *names[i]
                                     ? "Model '%s': '%s' stands there twice"
                                     : "Model '%s': an input or output has no name",
                                 self->name, names[i]);
        if (!kt_value_add(a, dict, names[i], kt_value_int(a, i)))
            return kt_raise_memory(&self->fault);
    }
    memcpy(given, s, (size_t)n * sizeof *s);
    if (kt_ends_read(self, dict, e) == KT_OK)
        for (int i = 0; i < n && e->end[i]; i++)
            s[i] = given[e->end[i]->i];
    return kt_layer_status(self);
}

kt_status kt_functional_name(kt_layer *self, int n_in, const char *const *in_names, kt_symbol *in,
                             int n_out, const char *const *out_names, kt_symbol *out)
{
    kt_container *c = kt_container_of(self);
    kt_ends       inputs = {.n = 0}, outputs = {.n = 0};

    if (in_names && name_ends(self, n_in, in_names, in, &inputs) != KT_OK)
        return kt_layer_status(self);
    if (out_names && name_ends(self, n_out, out_names, out, &outputs) != KT_OK)
        return kt_layer_status(self);
    kt_ends_keep(self, c, &inputs, in, &outputs, out);
    return kt_layer_status(self);
}
