/* view.c - the model of a scene layer by layer: what each receives and gives, as far as known. */
#include <string.h>

#include "doctor/doctor.h"
#include "nn/container.h"

enum { MOST_SPOTS = 2000 };

typedef struct walk {
    const kt_scene *s;
    kt_view        *v;
} walk;

/* --- spots ------------------------------------------------------------------------------------ */

static int add_spot(walk *w, const kt_value *value, int parent, int place)
{
    kt_view *v = w->v;

    if (v->n == v->cap) {
        int      cap = v->cap ? v->cap * 2 : 32;
        kt_spot *more = cap <= MOST_SPOTS ? kt_arena_calloc(v->arena, (size_t)cap, sizeof *more)
                                          : NULL;
        if (!more)
            return -1;
        if (v->n)
            memcpy(more, v->spot, (size_t)v->n * sizeof *more);
        v->spot = more;
        v->cap = cap;
    }
    const kt_value *config = kt_value_get(value, "config");
    const char     *class_name = kt_value_text(kt_value_get(value, "class_name"));
    const char     *name = kt_value_text(kt_value_get(config, "name"));
    kt_spot        *s = &v->spot[v->n];
    *s = (kt_spot){.value = value, .name = name ? name : "", .parent = parent, .place = place};
    s->type = class_name ? kt_layer_type_of(value) : NULL;
    s->role = kt_role_of(s->type);
    s->rank = kt_rank_of(s->type);
    return v->n++;
}

const char *kt_class_shown(const kt_spot *s)
{
    const char *other = kt_field_text(s, "stands_for");

    if (other)
        return other;
    return s->type ? s->type->cls.class_name : kt_value_text(kt_value_get(s->value, "class_name"));
}

/* --- one layer -------------------------------------------------------------------------------- */

static void note_failure(walk *w, kt_spot *s, const kt_error *e)
{
    s->failed = true;
    s->error = *e;
    s->error.message = kt_arena_strdup(w->v->arena, e->message);
    s->error.layer = s->name;
    s->error.path = s->error.file = s->error.text = s->error.hint = NULL;
}

/* Inputs of these shapes to call a layer on; how many could be made. */
static int stand_ins(const kt_spot *s, kt_symbol *in)
{
    for (int i = 0; i < s->n_feed; i++) {
        kt_layer *l = kt_input_new(&s->in[i], kt_dtype_name(s->in_dtype[i]), NULL);
        if (!l)
            return i;
        in[i] = kt_input_symbol(l);
    }
    return s->n_feed;
}

static void infer(walk *w, int at)
{
    kt_spot  *s = &w->v->spot[at];
    kt_symbol in[KT_MAX_FEED] = {0};
    kt_layer *l = kt_layer_from_value(s->value);
    int       n = stand_ins(s, in);
    kt_symbol y = {NULL, -1, 0};

    if (l && n == s->n_feed)
        y = kt_layer_apply(l, n, in, s->list, s->args, s->kwargs);
    const kt_inbound *b = l && y.node >= 0 ? l->inbound.at[y.node] : NULL;
    if (l && kt_layer_status(l) != KT_OK)
        note_failure(w, s, &l->fault.e);
    for (int i = 0; b && i < b->n_out && i < KT_MAX_PARTS; i++) {
        s->out_dtype[s->n_out] = b->out[i].dtype;
        s->out[s->n_out++] = b->out[i].shape;
    }
    for (int i = 0; i < n; i++)
        kt_layer_free(in[i].layer);
    kt_layer_free(l);
}

static const kt_value *declared_of(const kt_spot *s)
{
    const kt_value *c = kt_value_get(s->value, "config"), *v = kt_value_get(c, "batch_shape");

    return kt_is_none(v) ? kt_value_get(c, "batch_input_shape") : v;
}

static void walk_model(walk *w, int at);

/* The inputs of a spot are known: what does it give? */
static void visit(walk *w, int at)
{
    kt_spot *s = &w->v->spot[at];
    kt_shape shape;

    s->reached = true;
    if (s->role == KT_IS_INPUT) {
        bool        told = kt_shape_from_value(declared_of(s), &shape);
        const char *dtype = kt_value_text(kt_field_value(s, "dtype"));
        if (!dtype || !kt_dtype_parse(dtype, &s->out_dtype[0]))
            s->out_dtype[0] = s->in_dtype[0];
        s->out[0] = told ? shape : s->in[0];
        s->n_out = 1;
    } else if (s->role == KT_IS_MODEL) {
        walk_model(w, at);
    } else if (s->type) {
        infer(w, at);
    }
    s = &w->v->spot[at]; /* the list may have grown */
    if (s->failed && w->v->broken < 0)
        w->v->broken = at;
}

/* Takes the shapes of what feeds a spot; false if one is not known. */
static bool take_inputs(walk *w, int at)
{
    kt_spot *s = &w->v->spot[at];

    for (int i = 0; i < s->n_feed; i++) {
        const kt_spot *from = s->feed[i] >= 0 ? &w->v->spot[s->feed[i]] : NULL;
        if (!from || !from->reached || from->failed || s->feed_part[i] >= from->n_out)
            return false;
        s->in[i] = from->out[s->feed_part[i]];
        s->in_dtype[i] = from->out_dtype[s->feed_part[i]];
    }
    return s->n_feed > 0;
}

/* --- Sequential ------------------------------------------------------------------------------- */

static const kt_value *layers_of(const kt_value *model)
{
    return kt_value_get(kt_value_get(model, "config"), "layers");
}

/* A Sequential inside takes what feeds the model itself: its first layer has the model's feed. */
static int walk_sequential(walk *w, const kt_value *model, int at, int before)
{
    const kt_value *list = layers_of(model);

    for (size_t i = 0; list && i < list->n; i++) {
        int k = add_spot(w, list->items[i], at, (int)i);
        if (k < 0)
            break;
        kt_spot *s = &w->v->spot[k];
        s->n_feed = 1;
        s->feed[0] = before;
        if (s->role == KT_IS_INPUT && before >= 0 && w->v->spot[before].reached) {
            s->in[0] = w->v->spot[before].out[0];
            s->in_dtype[0] = w->v->spot[before].out_dtype[0];
            visit(w, k);
            s = &w->v->spot[k];
            if (!kt_shape_fits(&s->out[0], &s->in[0]))
                w->v->spot[at].failed = true;
        } else if (take_inputs(w, k)) {
            visit(w, k);
        }
        before = k;
    }
    return before;
}

/* --- Functional ------------------------------------------------------------------------------- */

typedef struct ref {
    const char *name;
    int         node, part;
} ref;

static bool is_ref(const kt_value *v)
{
    return kt_value_is_seq(v) && v->n >= 3 && v->items[0]->kind == KT_STR &&
           kt_is_int(v->items[1]) && kt_is_int(v->items[2]);
}

/* All tensors that a call is given, in order, in both ways of writing them. */
static int refs_of(const kt_value *v, ref *out, int n)
{
    if (!v || n == KT_MAX_FEED)
        return n;
    if (is_ref(v)) {
        out[n] = (ref){v->items[0]->s, (int)v->items[1]->i, (int)v->items[2]->i};
        return n + 1;
    }
    if (v->kind == KT_DICT &&
        kt_streq(kt_value_text(kt_value_get(v, "class_name")), "__keras_tensor__"))
        return refs_of(kt_value_get(kt_value_get(v, "config"), "keras_history"), out, n);
    if (v->kind == KT_DICT && kt_value_get(v, "args"))
        return refs_of(kt_value_get(v, "kwargs"), out, refs_of(kt_value_get(v, "args"), out, n));
    for (size_t i = 0; (v->kind == KT_DICT || kt_value_is_seq(v)) && i < v->n; i++)
        n = refs_of(v->items[i], out, n);
    return n;
}

/* Models inside count their calls from 1 in some places: the last call is taken then. */
static int find_spot(const kt_view *v, int parent, const char *name, int node)
{
    int found = -1;

    for (int i = 0; i < v->n && node >= 0; i++)
        if (v->spot[i].parent == parent && kt_streq(v->spot[i].name, name)) {
            found = i;
            node--;
        }
    return found;
}

static void list_calls(walk *w, const kt_value *list, int at)
{
    for (size_t i = 0; list && i < list->n; i++) {
        const kt_value *nodes = kt_value_get(list->items[i], "inbound_nodes");
        size_t          calls = nodes && nodes->n ? nodes->n : 1;
        for (size_t k = 0; k < calls; k++)
            if (add_spot(w, list->items[i], at, (int)i) < 0)
                return;
    }
}

static void note_arguments(kt_spot *s, const kt_value *node)
{
    if (node->kind == KT_DICT) {
        s->args = kt_value_get(node, "args");
        s->kwargs = kt_value_get(node, "kwargs");
        s->list = s->args && s->args->n > 0 && kt_value_is_seq(s->args->items[0]);
    } else {
        s->list = node->n > 1;
    }
}

static void link_calls(walk *w, const kt_value *list, int at)
{
    for (size_t i = 0; list && i < list->n; i++) {
        const kt_value *nodes = kt_value_get(list->items[i], "inbound_nodes");
        const char     *name = kt_value_text(
                kt_value_get(kt_value_get(list->items[i], "config"), "name"));
        for (size_t k = 0; nodes && k < nodes->n; k++) {
            ref r[KT_MAX_FEED];
            int me = find_spot(w->v, at, name, (int)k), n = refs_of(nodes->items[k], r, 0);
            if (me < 0) /* without memory */
                continue;
            kt_spot *s = &w->v->spot[me];
            s->n_feed = n;
            note_arguments(s, nodes->items[k]);
            for (int q = 0; q < n; q++) {
                s->feed[q] = find_spot(w->v, at, r[q].name, r[q].node);
                s->feed_part[q] = r[q].part;
            }
        }
    }
}

/* Calls in any order: round after round, until nothing more is reached. */
static void run_calls(walk *w, int first, int at)
{
    for (bool more = true; more;) {
        more = false;
        for (int i = first; i < w->v->n; i++) {
            const kt_spot *s = &w->v->spot[i];
            if (s->parent == at && !s->reached && s->role != KT_IS_INPUT && take_inputs(w, i)) {
                visit(w, i);
                more = true;
            }
        }
    }
}

/* The spots of "input_layers" or "output_layers". */
static int ends_of(const kt_view *v, const kt_value *model, const char *key, int at, int *out,
                   int *part, int max)
{
    ref r[KT_MAX_FEED];
    int n = refs_of(kt_value_get(kt_value_get(model, "config"), key), r, 0), k = 0;

    for (int i = 0; i < n && k < max; i++) {
        out[k] = find_spot(v, at, r[i].name, r[i].node);
        if (part)
            part[k] = r[i].part;
        k += out[k] >= 0;
    }
    return k;
}

/* --- models inside ---------------------------------------------------------------------------- */

static void give_out(walk *w, int at, int n, const int *out, const int *part)
{
    kt_spot *s = &w->v->spot[at];

    s->n_out = 0;
    for (int i = 0; i < n && i < KT_MAX_PARTS; i++) {
        const kt_spot *o = &w->v->spot[out[i]];
        if (!o->reached || o->failed || part[i] >= o->n_out) {
            s->failed = s->failed || o->failed;
            return;
        }
        s->out_dtype[s->n_out] = o->out_dtype[part[i]];
        s->out[s->n_out++] = o->out[part[i]];
    }
}

static void walk_functional_inside(walk *w, int at)
{
    const kt_value *model = w->v->spot[at].value;
    int             first = w->v->n, in[KT_MAX_FEED], out[KT_MAX_PARTS], part[KT_MAX_PARTS];

    list_calls(w, layers_of(model), at);
    link_calls(w, layers_of(model), at);
    int n = ends_of(w->v, model, "input_layers", at, in, NULL, KT_MAX_FEED);
    if (w->v->spot[at].n_feed < n) /* called on fewer tensors than it takes */
        w->v->spot[at].failed = true;
    for (int i = 0; i < n; i++) {
        const kt_spot *s = &w->v->spot[at];
        kt_spot       *input = &w->v->spot[in[i]];
        input->in[0] = i < s->n_feed ? s->in[i] : (kt_shape){.rank = -1};
        input->in_dtype[0] = i < s->n_feed ? s->in_dtype[i] : KT_F32;
        input->n_feed = i < s->n_feed;
        input->feed[0] = i < s->n_feed ? s->feed[i] : -1;
        visit(w, in[i]);
        input = &w->v->spot[in[i]];
        if (i < s->n_feed && !kt_shape_fits(&input->out[0], &input->in[0]))
            w->v->spot[at].failed = true;
    }
    run_calls(w, first, at);
    give_out(w, at, ends_of(w->v, model, "output_layers", at, out, part, KT_MAX_PARTS), out, part);
}

static void walk_model(walk *w, int at)
{
    const kt_spot *s = &w->v->spot[at];
    const int      zero[] = {0};

    if (s->type == &kt_layer_functional) {
        walk_functional_inside(w, at);
        return;
    }
    int       before = s->n_feed ? s->feed[0] : -1;
    const int last[] = {walk_sequential(w, s->value, at, before)};
    if (last[0] >= 0 && last[0] != before)
        give_out(w, at, 1, last, zero);
}

/* --- the outermost model ---------------------------------------------------------------------- */

static kt_shape shape_of_data(const kt_scene *s, int i)
{
    kt_shape shape = i < s->n_x ? s->x[i].t->shape : (kt_shape){.rank = -1};

    if (shape.rank > 0)
        shape.dim[0] = KT_UNKNOWN;
    return shape;
}

static void note_input(walk *w, int spot)
{
    kt_view *v = w->v;
    kt_spot *s = &v->spot[spot];
    int      i = v->n_in++;

    v->in[i] = spot;
    v->declared[i] = kt_shape_from_value(declared_of(s), &v->shape[i]);
    if (!v->declared[i])
        v->shape[i] = shape_of_data(w->s, i);
    s->in[0] = v->shape[i];
}

/* Without an InputLayer a Sequential begins with what its first layer or a file says, or the
 * data. */
static void begin_sequential(walk *w)
{
    const kt_value *config = kt_value_get(w->s->config, "config"), *list = layers_of(w->s->config);
    kt_view        *v = w->v;
    kt_spot         first = {.value = list && list->n ? list->items[0] : NULL};

    v->n_in = 1;
    v->in[0] = -1;
    v->declared[0] = kt_shape_from_value(declared_of(&first), &v->shape[0]) ||
                     kt_shape_from_value(kt_value_get(config, "build_input_shape"), &v->shape[0]);
    if (!v->declared[0])
        v->shape[0] = shape_of_data(w->s, 0);
}

static void walk_root_sequential(walk *w)
{
    const kt_value *list = layers_of(w->s->config);
    const char *first = list && list->n ? kt_value_text(kt_value_get(list->items[0], "class_name"))
                                        : NULL;
    kt_view    *v = w->v;
    bool        input = kt_role_of(first ? kt_layer_type_find(first) : NULL) == KT_IS_INPUT;

    v->sequential = true;
    if (!input)
        begin_sequential(w);
    for (size_t i = 0; list && i < list->n; i++) {
        int k = add_spot(w, list->items[i], -1, (int)i);
        if (k < 0)
            return;
        kt_spot *s = &v->spot[k];
        s->n_feed = i > 0;
        s->feed[0] = i > 0 ? v->out[0] : -1;
        v->out[0] = k;
        v->n_out = 1;
        if (i == 0 && input)
            note_input(w, k);
        else if (i == 0)
            s->in[0] = v->shape[0];
        if (i == 0)
            s->n_feed = 1;
        if ((i == 0 && v->shape[0].rank >= 0) || (i > 0 && take_inputs(w, k)))
            visit(w, k);
    }
}

static void walk_root_functional(walk *w)
{
    const kt_value *model = w->s->config;
    kt_view        *v = w->v;
    int             in[KT_MAX_FEED];

    list_calls(w, layers_of(model), -1);
    if (!v->spot)
        return; /* no layers, or no memory */
    link_calls(w, layers_of(model), -1);
    int n = ends_of(v, model, "input_layers", -1, in, NULL, KT_MAX_FEED);
    for (int i = 0; i < n; i++) {
        note_input(w, in[i]);
        if (v->shape[i].rank >= 0)
            visit(w, in[i]);
    }
    run_calls(w, 0, -1);
    v->n_out = ends_of(v, model, "output_layers", -1, v->out, v->out_part, KT_MAX_FEED);
}

static void walk_scene(const kt_scene *s, kt_view *v)
{
    walk                 w = {s, v};
    const char          *class_name = kt_value_text(kt_value_get(s->config, "class_name"));
    const kt_layer_type *type = class_name ? kt_layer_type_find(class_name) : NULL;
    bool                 before = kt_set_shapes_only(true);

    *v = (kt_view){.arena = &s->p->arena, .broken = -1};
    if (type == &kt_layer_sequential)
        walk_root_sequential(&w);
    else if (type == &kt_layer_functional)
        walk_root_functional(&w);
    kt_set_shapes_only(before);
}

void kt_view_of(const kt_scene *s, kt_view *v)
{
    if (!s->memo->view && (s->memo->view = kt_arena_alloc(&s->p->arena, sizeof *v)) != NULL)
        walk_scene(s, s->memo->view);
    if (s->memo->view)
        *v = *s->memo->view;
    else
        walk_scene(s, v);
}
