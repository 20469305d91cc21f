/* config.c - edits of a model's configuration: each copies the way down to what it changes. */
#include <string.h>

#include "doctor/doctor.h"
#include "nn/container.h"

/* --- the way down ----------------------------------------------------------------------------- */

static kt_value *shallow(kt_arena *a, const kt_value *v)
{
    kt_value *c = v ? kt_value_new(a, v->kind) : NULL;
    bool      keyed = v && (v->kind == KT_DICT || v->kind == KT_CALL);

    for (size_t i = 0; c && i < v->n; i++)
        if (!kt_value_add(a, c, keyed ? v->keys[i] : NULL, v->items[i]))
            return NULL;
    if (c) {
        c->b = v->b;
        c->i = v->i;
        c->f = v->f;
        c->s = v->s;
    }
    return c;
}

/* dict[key], made writable. */
static kt_value *own(kt_arena *a, kt_value *dict, const char *key)
{
    kt_value *c = shallow(a, kt_value_get(dict, key));

    return c && kt_value_set(a, dict, key, c) ? c : NULL;
}

static const char *name_of(const kt_value *layer)
{
    return kt_value_text(kt_value_get(kt_value_get(layer, "config"), "name"));
}

static int place_of(const kt_value *list, const char *name)
{
    for (size_t i = 0; list && i < list->n; i++)
        if (kt_streq(name_of(list->items[i]), name))
            return (int)i;
    return -1;
}

/* The writable dict of the model that a spot stands in. */
static kt_value *own_model(kt_scene *s, const kt_view *v, int spot)
{
    kt_arena *a = &s->p->arena;

    if (spot < 0 || v->spot[spot].parent < 0) {
        kt_value *root = shallow(a, s->config);
        s->config = root;
        return root;
    }
    int       up = v->spot[spot].parent;
    kt_value *model = own_model(s, v, up), *config = own(a, model, "config"),
             *list = own(a, config, "layers");
    int place = place_of(list, v->spot[up].name);
    if (place < 0)
        return NULL;
    list->items[place] = shallow(a, list->items[place]);
    return list->items[place];
}

/* Its writable list of layers. */
static kt_value *own_list(kt_scene *s, const kt_view *v, int spot)
{
    kt_value *config = own(&s->p->arena, own_model(s, v, spot), "config");

    return own(&s->p->arena, config, "layers");
}

/* The writable dict of a layer in its list. */
static kt_value *own_layer(kt_scene *s, const kt_view *v, int spot, kt_value **list)
{
    *list = own_list(s, v, spot);
    int place = place_of(*list, v->spot[spot].name);

    if (place < 0)
        return NULL;
    (*list)->items[place] = shallow(&s->p->arena, (*list)->items[place]);
    return (*list)->items[place];
}

kt_value *kt_edit_layer(kt_scene *s, const kt_view *v, int spot)
{
    kt_value *list;

    return own_layer(s, v, spot, &list);
}

/* --- fields ----------------------------------------------------------------------------------- */

bool kt_edit_field(kt_scene *s, const kt_view *v, int spot, const char *field, kt_value *value)
{
    kt_value *list, *layer = own_layer(s, v, spot, &list);
    kt_value *config = own(&s->p->arena, layer, "config");

    return config && kt_value_set(&s->p->arena, config, field, value);
}

bool kt_edit_class(kt_scene *s, const kt_view *v, int spot, const char *class_name)
{
    kt_value *list, *layer = own_layer(s, v, spot, &list), *name;

    name = kt_value_str(&s->p->arena, class_name);
    return layer && kt_layer_type_find(class_name) &&
           kt_value_set(&s->p->arena, layer, "class_name", name) &&
           (!kt_value_get(layer, "registered_name") ||
            kt_value_set(&s->p->arena, layer, "registered_name",
                         kt_value_new(&s->p->arena, KT_NONE)));
}

/* A Sequential that declares its shape in the first layer, or by a file's note, keeps that way. */
static bool declare_in_config(kt_scene *s, const kt_view *v, kt_value *shape)
{
    kt_arena *a = &s->p->arena;
    kt_value *root = own_model(s, v, -1), *config = own(a, root, "config"),
             *list = own(a, config, "layers");

    if (!list || list->n == 0)
        return false;
    kt_value *first = shallow(a, list->items[0]);
    list->items[0] = first;
    kt_value *inner = own(a, first, "config");
    if (kt_value_get(config, "build_input_shape"))
        kt_value_set(a, config, "build_input_shape", kt_value_new(a, KT_NONE));
    return inner && kt_value_set(a, inner, "batch_input_shape", shape);
}

bool kt_edit_input(kt_scene *s, const kt_view *v, int input, const kt_shape *batch_shape)
{
    kt_arena *a = &s->p->arena;
    kt_value *shape = kt_shape_value(a, batch_shape);

    if (input >= v->n_in || batch_shape->rank < 1)
        return false;
    if (shape)
        shape->kind = KT_LIST;
    if (v->in[input] < 0)
        return declare_in_config(s, v, shape);
    const char *key = kt_is_none(kt_field_value(&v->spot[v->in[input]], "batch_shape"))
                        ? "batch_input_shape"
                        : "batch_shape";
    return kt_edit_field(s, v, v->in[input], key, shape);
}

/* --- new layers ------------------------------------------------------------------------------- */

static bool name_taken(const kt_value *list, const char *name)
{
    return place_of(list, name) >= 0;
}

static const char *free_name(kt_arena *a, const kt_value *list, const char *class_name)
{
    kt_str text = {0};

    kt_snake_case(&text, class_name);
    const char *base = kt_str_keep(&text, a), *name = base;
    for (int i = 1; name && name_taken(list, name); i++)
        name = kt_arena_printf(a, "%s_%d", base, i);
    return name;
}

/* The dict of a new layer, as a file has it. NULL if there is no such class. */
static kt_value *new_layer(kt_scene *s, const kt_value *list, const char *expression,
                           const char *keep_name)
{
    kt_arena   *a = &s->p->arena;
    kt_fault    f = {0};
    kt_layer   *l = kt_layer_from(expression);
    kt_value   *v = l && kt_layer_status(l) == KT_OK ? kt_layer_value(l, a, &f) : NULL;
    kt_value   *config = own(a, v, "config");
    const char *name = !v        ? NULL
                     : keep_name ? keep_name
                                 : free_name(a, list, kt_value_text(kt_value_get(v, "class_name")));

    kt_layer_free(l);
    kt_fault_clear(&f);
    if (!name || !kt_value_set(a, config, "name", kt_value_str(a, name)))
        return NULL;
    return kt_value_set(a, v, "name", kt_value_str(a, name)) ? v : NULL;
}

static bool put_at(kt_arena *a, kt_value *list, int place, kt_value *v)
{
    if (!kt_value_add(a, list, NULL, v))
        return false;
    for (int i = (int)list->n - 1; i > place; i--)
        list->items[i] = list->items[i - 1];
    list->items[place] = v;
    return true;
}

/* --- references ------------------------------------------------------------------------------- */

static bool is_ref_to(const kt_value *v, const char *name)
{
    return kt_value_is_seq(v) && v->n >= 3 && v->items[0]->kind == KT_STR &&
           kt_streq(v->items[0]->s, name) && kt_is_int(v->items[1]) && kt_is_int(v->items[2]);
}

/* A copy in which references to `from` lead to `to`'s first result; nth: only the nth reference to
 * anything (-1: all). counted: how many were met so far. */
static kt_value *led_to(kt_arena *a, const kt_value *v, const char *from, const char *to, int nth,
                        int *counted)
{
    if (is_ref_to(v, from) || (kt_value_is_seq(v) && v->n >= 3 && v->items[0]->kind == KT_STR &&
                               kt_is_int(v->items[1]))) {
        bool      mine = is_ref_to(v, from) && (nth < 0 || *counted == nth);
        kt_value *c = shallow(a, v);
        ++*counted;
        if (c && mine) {
            c->items[0] = kt_value_str(a, to);
            c->items[1] = kt_value_int(a, 0);
            c->items[2] = kt_value_int(a, 0);
        }
        return c;
    }
    kt_value *c = shallow(a, v);
    for (size_t i = 0; c && (v->kind == KT_DICT || kt_value_is_seq(v)) && i < v->n; i++)
        if (v->items[i]->kind == KT_DICT || kt_value_is_seq(v->items[i]))
            c->items[i] = led_to(a, v->items[i], from, to, nth, counted);
    return c;
}

static kt_value *ref_node(kt_arena *a, const char *name, int node, int part)
{
    kt_fault  f = {0};
    kt_value *v = kt_expr_parse("[{'args': [{'class_name': '__keras_tensor__', 'config': {'shape': "
                                "[None], 'dtype': 'float32', 'keras_history': ['', 0, 0]}}], "
                                "'kwargs': {}}]",
                                a, &f);
    kt_value *h = v ? kt_value_get(
                          kt_value_get(kt_value_get(v->items[0], "args")->items[0], "config"),
                          "keras_history")
                    : NULL;
    kt_fault_clear(&f);
    if (h) {
        h->items[0] = kt_value_str(a, name);
        h->items[1] = kt_value_int(a, node);
        h->items[2] = kt_value_int(a, part);
    }
    return v;
}

/* Which call of its layer a spot is. */
static int node_of(const kt_view *v, int spot)
{
    int n = 0;

    for (int i = 0; i < spot; i++)
        n += v->spot[i].parent == v->spot[spot].parent &&
             kt_streq(v->spot[i].name, v->spot[spot].name);
    return n;
}

static bool connect(kt_arena *a, kt_value *layer, const char *key, const char *from, const char *to,
                    int nth)
{
    int       counted = 0;
    kt_value *nodes = kt_value_get(layer, key);

    return nodes && kt_value_set(a, layer, key, led_to(a, nodes, from, to, nth, &counted));
}

/* --- inserting and removing ------------------------------------------------------------------- */

static bool in_sequential(const kt_view *v, int spot)
{
    int up = v->spot[spot].parent;

    return up < 0 ? v->sequential : v->spot[up].type == &kt_layer_sequential;
}

static bool insert_before(kt_scene *s, const kt_view *v, int spot, int k, kt_value *list,
                          kt_value *layer)
{
    kt_arena      *a = &s->p->arena;
    const kt_spot *to = &v->spot[spot], *from = to->feed[k] >= 0 ? &v->spot[to->feed[k]] : NULL;
    int            place = place_of(list, to->name);

    if (!from || place < 0)
        return false;
    kt_value *user = shallow(a, list->items[place]);
    list->items[place] = user;
    return kt_value_set(a, layer, "inbound_nodes",
                        ref_node(a, from->name, node_of(v, to->feed[k]), to->feed_part[k])) &&
           connect(a, user, "inbound_nodes", from->name, name_of(layer), k) &&
           put_at(a, list, place, layer);
}

static bool insert_behind(kt_scene *s, const kt_view *v, int spot, kt_value *model, kt_value *list,
                          kt_value *layer)
{
    kt_arena   *a = &s->p->arena;
    const char *from = v->spot[spot].name, *to = name_of(layer);
    kt_value   *config = kt_value_get(model, "config");
    int         place = place_of(list, from);

    for (size_t i = 0; i < list->n; i++) {
        list->items[i] = shallow(a, list->items[i]);
        if (kt_value_get(list->items[i], "inbound_nodes") &&
            !connect(a, list->items[i], "inbound_nodes", from, to, -1))
            return false;
    }
    return place >= 0 && connect(a, config, "output_layers", from, to, -1) &&
           kt_value_set(a, layer, "inbound_nodes", ref_node(a, from, node_of(v, spot), 0)) &&
           put_at(a, list, place + 1, layer);
}

bool kt_edit_insert(kt_scene *s, const kt_view *v, int spot, int k, const char *expression)
{
    kt_value *model = own_model(s, v, spot), *config = own(&s->p->arena, model, "config"),
             *list = own(&s->p->arena, config, "layers");
    kt_value *layer = list ? new_layer(s, list, expression, NULL) : NULL;

    if (!layer)
        return false;
    if (in_sequential(v, spot))
        return put_at(&s->p->arena, list, place_of(list, v->spot[spot].name) + (k < 0), layer);
    return k < 0 ? insert_behind(s, v, spot, model, list, layer)
                 : insert_before(s, v, spot, k, list, layer);
}

bool kt_edit_remove(kt_scene *s, const kt_view *v, int spot)
{
    kt_arena *a = &s->p->arena;
    kt_value *model = own_model(s, v, spot), *config = own(a, model, "config"),
             *list = own(a, config, "layers");
    const kt_spot *me = &v->spot[spot];
    int            place = place_of(list, me->name);

    if (place < 0 || list->n < 2)
        return false;
    for (size_t i = (size_t)place; i + 1 < list->n; i++)
        list->items[i] = list->items[i + 1];
    list->n--;
    if (in_sequential(v, spot))
        return true;
    if (me->n_feed != 1 || me->feed[0] < 0)
        return false;
    const char *from = v->spot[me->feed[0]].name;
    for (size_t i = 0; i < list->n; i++) {
        list->items[i] = shallow(a, list->items[i]);
        if (kt_value_get(list->items[i], "inbound_nodes") &&
            !connect(a, list->items[i], "inbound_nodes", me->name, from, -1))
            return false;
    }
    return connect(a, config, "output_layers", me->name, from, -1);
}

/* --- replacing -------------------------------------------------------------------------------- */

static bool put_in_place(kt_scene *s, const kt_view *v, int spot, kt_value *list, kt_value *layer)
{
    const kt_value *old = v->spot[spot].value, *nodes = kt_value_get(old, "inbound_nodes");
    int             place = place_of(list, v->spot[spot].name);

    if (place < 0 || !layer)
        return false;
    list->items[place] = layer;
    return !nodes ||
           kt_value_set(&s->p->arena, layer, "inbound_nodes", (kt_value *)(uintptr_t)nodes);
}

bool kt_edit_replace(kt_scene *s, const kt_view *v, int spot, const char *expression)
{
    kt_value *list = own_list(s, v, spot);

    return list &&
           put_in_place(s, v, spot, list, new_layer(s, list, expression, v->spot[spot].name));
}

/* For another place: there it will be built for other shapes. */
static kt_value *unbuilt(kt_arena *a, const kt_value *layer)
{
    kt_value *copy = shallow(a, layer);

    if (copy)
        kt_value_drop(copy, "build_config");
    return copy;
}

bool kt_edit_wrap(kt_scene *s, const kt_view *v, int spot, const char *wrapper)
{
    kt_arena *a = &s->p->arena;
    kt_value *list = own_list(s, v, spot), *old = unbuilt(a, v->spot[spot].value);
    char     *call = kt_arena_printf(a, "%s(Dense(1))", wrapper);
    kt_value *layer = list && call && old ? new_layer(s, list, call, NULL) : NULL;
    kt_value *config = own(a, layer, "config");

    if (!config || !kt_value_set(a, config, "layer", old))
        return false;
    kt_value_set(a, config, "name", kt_value_str(a, v->spot[spot].name));
    return put_in_place(s, v, spot, list, layer);
}

bool kt_edit_unwrap(kt_scene *s, const kt_view *v, int spot)
{
    kt_arena       *a = &s->p->arena;
    const kt_value *inner = kt_field_value(&v->spot[spot], "layer");
    kt_value       *list = own_list(s, v, spot), *layer = unbuilt(a, inner),
             *config = own(a, layer, "config");

    return config && list && kt_value_set(a, config, "name", kt_value_str(a, v->spot[spot].name)) &&
           kt_value_set(a, layer, "name", kt_value_str(a, v->spot[spot].name)) &&
           put_in_place(s, v, spot, list, layer);
}
