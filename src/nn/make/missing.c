/* missing.c - all classes of a model that are not here, named at once before anything is built. */
#include "nn/make/identity.h"
#include "nn/layer.h"

/* One missing class and the layers that need it. */
typedef struct missed {
    const char     *family;
    const kt_value *value;
    kt_vec          layers; /* const char *: names, NULL where there is none */
} missed;

typedef struct search {
    kt_vec    found; /* missed * */
    kt_arena  arena;
    kt_fault *fault;
    int       n_layers; /* how many of them are layers */
} search;

enum { MOST_NAMES = 8 }; /* of layers, in one line */

static bool same(const missed *a, const char *family, const kt_value *v)
{
    kt_str x = {0}, y = {0};

    kt_missing_text(&x, a->family, a->value);
    kt_missing_text(&y, family, v);
    bool equal = kt_streq(a->family, family) && kt_streq(kt_str_text(&x), kt_str_text(&y));
    kt_str_free(&x);
    kt_str_free(&y);
    return equal;
}

static void note(search *s, const char *family, const kt_value *v, const char *layer)
{
    missed *m = NULL;

    for (size_t i = 0; i < s->found.n && !m; i++)
        if (same(s->found.at[i], family, v))
            m = s->found.at[i];
    if (!m) {
        m = kt_arena_alloc(&s->arena, sizeof *m);
        if (!m || !kt_vec_push(&s->found, m)) {
            kt_raise_memory(s->fault);
            return;
        }
        m->family = family;
        m->value = v;
        s->n_layers += kt_streq(family, "layer");
    }
    if (layer && !kt_vec_push(&m->layers, (void *)(uintptr_t)layer))
        kt_raise_memory(s->fault);
}

/* --- the walk --------------------------------------------------------------------------------- */

static bool is_object(const kt_value *v)
{
    return v && (v->kind == KT_CALL || (v->kind == KT_DICT && kt_value_get(v, "class_name")));
}

static void look_at_object(search *s, const char *family, const kt_value *v, const char *layer)
{
    const char     *name = NULL;
    const kt_value *args = NULL;

    if (!is_object(v) || !kt_object_parts(v, &name, &args) ||
        (kt_streq(family, "activation") && kt_is_layer_activation(v)))
        return;
    if (!kt_class_of(family, v) && kt_missing_kind(family, v) != KT_MISSING_NOWHERE)
        note(s, family, v, layer);
}

static void look_at_layer(search *s, const kt_value *v);

/* A layer, or a list of them. */
static void look_at_layers(search *s, const kt_value *v)
{
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++)
        look_at_layer(s, v->items[i]);
    if (is_object(v))
        look_at_layer(s, v);
}

static void look_inside(search *s, const kt_layer_type *type, const kt_value *args,
                        const char *layer)
{
    static const char *const families[] = {"activation", "initializer", "regularizer",
                                           "constraint"};
    static const char *const inside[] = {"layers", "layer", "cell", "cells", "backward_layer"};

    for (size_t i = 0; type && i < type->cls.config->n; i++) {
        const kt_field *field = &type->cls.config->fields[i];
        for (size_t k = 0; field->kind == KT_F_OBJ && k < KT_COUNT(families); k++)
            if (kt_streq(field->rule, families[k]))
                look_at_object(s, families[k], kt_value_get(args, field->name), layer);
    }
    look_at_object(s, "regularizer", kt_value_get(args, "activity_regularizer"), layer);
    for (size_t i = 0; i < KT_COUNT(inside); i++)
        look_at_layers(s, kt_value_get(args, inside[i]));
    bool call = args &&
                args->kind == KT_CALL; /* Sequential([Dense(3)]), TimeDistributed(Dense(3)) */
    if (call && args->n > 0 && (!args->keys || !args->keys[0]))
        look_at_layers(s, args->items[0]);
}

static void look_at_layer(search *s, const kt_value *v)
{
    const char     *name = NULL;
    const kt_value *args = NULL;

    if (!is_object(v) || !kt_object_parts(v, &name, &args))
        return;
    const kt_layer_type *type = kt_layer_type_of(v);
    const char          *layer = kt_value_text(kt_value_get(args, "name"));
    if (!type)
        note(s, "layer", v, layer ? layer : kt_value_text(kt_value_get(v, "name")));
    look_inside(s, type, args, layer);
}

/* One object, or lists and dicts of them over the outputs. */
static void look_at_objects(search *s, const char *family, const kt_value *v)
{
    look_at_object(s, family, v, NULL);
    for (size_t i = 0; v && !is_object(v) && (kt_value_is_seq(v) || v->kind == KT_DICT) && i < v->n;
         i++)
        look_at_objects(s, family, v->items[i]);
}

/* What the model of a file was compiled with. */
static void look_at_compile(search *s, const kt_value *c)
{
    look_at_objects(s, "optimizer", kt_value_get(c, "optimizer"));
    look_at_objects(s, "loss", kt_value_get(c, "loss"));
    look_at_objects(s, "metric", kt_value_get(c, "metrics"));
    look_at_objects(s, "metric", kt_value_get(c, "weighted_metrics"));
}

/* --- the words -------------------------------------------------------------------------------- */

static void add_line(kt_str *out, const missed *m)
{
    const char *near = kt_missing_kind(m->family, m->value) == KT_MISSING_NOWHERE
                         ? kt_nearest_class(m->family, kt_own_name(m->value))
                         : NULL;

    kt_str_add(out, "\n  ");
    kt_missing_text(out, m->family, m->value);
    for (size_t i = 0; i < m->layers.n && i < MOST_NAMES; i++)
        kt_str_printf(out, "%s'%s'",
                      i                 ? ", "
                      : m->layers.n > 1 ? " (layers "
                                        : " (layer ",
                      (const char *)m->layers.at[i]);
    if (m->layers.n > MOST_NAMES)
        kt_str_printf(out, " and %zu more", m->layers.n - MOST_NAMES);
    if (m->layers.n > 0)
        kt_str_addc(out, ')');
    if (near)
        kt_str_printf(out, ". Did you mean '%s'?", near);
}

static kt_status tell(search *s)
{
    const missed *first = s->found.at[0];
    kt_str        text = {0};
    kt_status     status = KT_E_VALUE;

    if (s->found.n == 1 && first->layers.n <= 1)
        return kt_raise_missing(first->family, first->value,
                                first->layers.n ? first->layers.at[0] : NULL, s->fault);
    if (s->found.n > 1)
        kt_str_printf(&text, "The model needs %zu classes that are not here:", s->found.n);
    else
        kt_str_add(&text, "The model needs a class that is not here:");
    for (size_t i = 0; i < s->found.n; i++) {
        const missed *m = s->found.at[i];
        add_line(&text, m);
        if (kt_missing_kind(m->family, m->value) != KT_MISSING_NOWHERE)
            status = KT_E_NOT_IMPLEMENTED;
    }
    kt_raise(s->fault, status, "%s", kt_str_text(&text));
    kt_str_free(&text);
    return s->fault->e.status;
}

kt_status kt_check_classes(const kt_value *layer, kt_fault *f)
{
    search s = {.fault = f};

    look_at_layer(&s, layer);
    look_at_compile(&s, kt_value_get(layer, "compile_config"));
    if (f->e.status == KT_OK && (s.n_layers > 0 || s.found.n > 1))
        tell(&s);
    for (size_t i = 0; i < s.found.n; i++)
        kt_vec_free(&((missed *)s.found.at[i])->layers);
    kt_vec_free(&s.found);
    kt_arena_free(&s.arena);
    return f->e.status;
}
