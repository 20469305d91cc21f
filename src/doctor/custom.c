/* custom.c - layers of the author's own class: their shapes are on record around them.
 *
 * A layer that was built remembers its input (build_config), a tensor of a Functional model its
 * shape; in a Sequential the next layer's input is this one's result. */
#include "doctor/doctor.h"
#include "nn/container.h"

typedef struct walk {
    kt_arena *a;
    kt_str    words; /* "'half' (Half)" */
    bool      failed;
} walk;

static const kt_value *config_of(const kt_value *v)
{
    return kt_value_get(v, "config");
}

static const char *class_of(const kt_value *layer)
{
    return kt_value_text(kt_value_get(layer, "class_name"));
}

static bool built_with(const kt_value *layer, const char *key, kt_shape *out)
{
    return layer &&
           kt_shape_from_value(kt_value_get(kt_value_get(layer, "build_config"), key), out) &&
           out->rank > 0;
}

/* --- tensors of a Functional model ------------------------------------------------------------ */

/* The shapes of the tensors in a call that come from a layer (NULL: any); false where they are not
 * of one and the same shape, or not the layer's first result. */
static bool shape_in(const kt_value *v, const char *from, int *n, kt_shape *out)
{
    const kt_value *c = config_of(v), *history = kt_value_get(c, "keras_history");
    bool            same = true;
    kt_shape        s;

    if (v && v->kind == KT_DICT &&
        kt_streq(kt_value_text(kt_value_get(v, "class_name")), "__keras_tensor__")) {
        if (!kt_value_is_seq(history) || history->n < 3)
            return false;
        if (from && !kt_streq(kt_value_text(history->items[0]), from))
            return true;
        if (!kt_shape_from_value(kt_value_get(c, "shape"), &s) || s.rank < 1 ||
            (from && (!kt_is_int(history->items[2]) || history->items[2]->i != 0)) ||
            (*n > 0 && !kt_shape_equal(&s, out)))
            return false;
        *out = s;
        ++*n;
        return true;
    }
    for (size_t i = 0; same && v && (v->kind == KT_DICT || kt_value_is_seq(v)) && i < v->n; i++)
        same = shape_in(v->items[i], from, n, out);
    return same;
}

static bool given_in_call(const kt_value *layer, kt_shape *out)
{
    int n = 0;

    return shape_in(kt_value_get(layer, "inbound_nodes"), NULL, &n, out) && n == 1;
}

static bool taken_by_others(const kt_value *list, const char *name, kt_shape *out)
{
    int n = 0;

    for (size_t i = 0; i < list->n; i++)
        if (!shape_in(kt_value_get(list->items[i], "inbound_nodes"), name, &n, out))
            return false;
    return n > 0;
}

/* --- one layer -------------------------------------------------------------------------------- */

static bool shapes_around(const kt_value *list, size_t i, kt_shape *in, kt_shape *out)
{
    const kt_value *layer = list->items[i];
    const char     *name = kt_value_text(kt_value_get(config_of(layer), "name"));
    bool            calls = kt_value_get(layer, "inbound_nodes") != NULL;

    if (!name || (!(calls && given_in_call(layer, in)) && !built_with(layer, "input_shape", in)))
        return false;
    if (built_with(layer, "output_shape", out))
        return true;
    if (calls)
        return taken_by_others(list, name, out);
    return i + 1 < list->n && built_with(list->items[i + 1], "input_shape", out);
}

static bool put_shape(kt_arena *a, kt_value *config, const char *key, const kt_shape *s)
{
    return kt_value_add(a, config, key, kt_shape_value(a, s));
}

/* The same place in the model, another class. */
static kt_value *stand_in(walk *w, const kt_value *layer, const kt_shape *in, const kt_shape *out)
{
    const char *name = kt_value_text(kt_value_get(config_of(layer), "name"));
    const char *class_name = class_of(layer);
    kt_value   *v = kt_value_copy(w->a, layer), *c = kt_value_new(w->a, KT_DICT);
    bool        good = v && c && kt_value_add(w->a, c, "name", kt_value_str(w->a, name)) &&
                kt_value_add(w->a, c, "stands_for", kt_value_str(w->a, class_name)) &&
                put_shape(w->a, c, "given", in) && put_shape(w->a, c, "gives", out) &&
                kt_value_set(w->a, v, "module", kt_value_str(w->a, "keratin.layers")) &&
                kt_value_set(w->a, v, "class_name", kt_value_str(w->a, "StandIn")) &&
                kt_value_set(w->a, v, "registered_name", kt_value_new(w->a, KT_NONE)) &&
                kt_value_set(w->a, v, "config", c);

    kt_str_printf(&w->words, "%s'%s' (%s)", w->words.data ? ", " : "", name, class_name);
    return good ? v : NULL;
}

/* --- all of them ------------------------------------------------------------------------------ */

static void look_at_model(walk *w, kt_value *model)
{
    kt_value *list = (kt_value *)(uintptr_t)kt_value_get(config_of(model), "layers");

    for (size_t i = 0; kt_value_is_seq(list) && i < list->n; i++) {
        kt_shape             in, out;
        kt_value            *layer = list->items[i];
        const kt_layer_type *type = kt_layer_type_of(layer);
        if (type && (type->flags & KT_LAYER_CONTAINER)) {
            look_at_model(w, layer);
        } else if (!type && class_of(layer) && shapes_around(list, i, &in, &out)) {
            kt_value *new = stand_in(w, layer, &in, &out);
            w->failed = w->failed || !new;
            list->items[i] = new ? new : layer;
        }
    }
}

kt_value *kt_stand_ins(kt_arena *a, kt_value *model, const char **words)
{
    walk w = {.a = a};

    *words = NULL;
    look_at_model(&w, model);
    if (w.words.data)
        *words = kt_arena_printf(a,
                                 "what these layers compute is not known, only which shapes they "
                                 "were called on: %s",
                                 kt_str_text(&w.words));
    w.failed = w.failed || w.words.failed || (w.words.data && !*words);
    kt_str_free(&w.words);
    return w.failed ? NULL : model;
}
