/* connect.c - an edit of a configuration: one more tensor for a call. */
#include "doctor/doctor.h"

/* A reference to the first result, in the words of the call's own first one. */
static kt_value *like(kt_arena *a, const kt_value *ref, const char *name, int node)
{
    kt_value *v = kt_value_copy(a, ref), *config = kt_value_get(v, "config");
    kt_value *h = config ? kt_value_get(config, "keras_history") : v;

    if (!kt_value_is_seq(h) || h->n < 3)
        return NULL;
    h->items[0] = kt_value_str(a, name);
    h->items[1] = kt_value_int(a, node);
    h->items[2] = kt_value_int(a, 0);
    return v;
}

static bool is_pair(const kt_value *v)
{
    return kt_value_is_seq(v) && v->n >= 3 && v->items[0]->kind == KT_STR;
}

/* Keras 3: {"args": [x], ...} or {"args": [[x, y], ...]}; before: [[name, 0, 0, {}], ...]. */
static bool add_to(kt_arena *a, kt_value *node, const char *name, int which)
{
    kt_value *args = node->kind == KT_DICT ? kt_value_get(node, "args") : node;

    if (!kt_value_is_seq(args) || args->n == 0)
        return false;
    kt_value *first = args->items[0];
    if (node->kind != KT_DICT)
        return is_pair(first) && kt_value_add(a, args, NULL, like(a, first, name, which));
    if (kt_value_is_seq(first) && first->n > 0)
        return kt_value_add(a, first, NULL, like(a, first->items[0], name, which));
    kt_value *list = kt_value_new(a, KT_LIST);
    bool      ok = kt_value_add(a, list, NULL, first) &&
              kt_value_add(a, list, NULL, like(a, first, name, which));
    args->items[0] = list;
    return ok;
}

static int call_of(const kt_view *v, int spot)
{
    int n = 0;

    for (int i = 0; i < spot; i++)
        n += v->spot[i].parent == v->spot[spot].parent &&
             kt_streq(v->spot[i].name, v->spot[spot].name);
    return n;
}

bool kt_edit_connect(kt_scene *s, const kt_view *v, int spot, int from)
{
    kt_arena *a = &s->p->arena;
    kt_value *layer = kt_edit_layer(s, v, spot);
    kt_value *nodes = layer ? kt_value_copy(a, kt_value_get(layer, "inbound_nodes")) : NULL;
    int       call = call_of(v, spot);

    return kt_value_is_seq(nodes) && call < (int)nodes->n &&
           add_to(a, nodes->items[call], v->spot[from].name, call_of(v, from)) &&
           kt_value_set(a, layer, "inbound_nodes", nodes);
}
