/* weights.c - weights and optimizer state as groups of an HDF5 file, the way Keras' saving_lib lays
 * them out. */
#include <string.h>

#include "io/io.h"

/* Weight i of those that the file has; NULL behind the last. Keras keeps trainable weights in front
 * of the others, and what was to adapt one as part of it. */
static kt_variable *own_weight(const kt_layer *l, size_t i)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < l->weights.n; k++) {
            kt_variable *v = l->weights.at[k];
            bool         whole = l->lora.a && v == l->lora.whole;
            if (v == l->lora.a || v == l->lora.b || (v->trainable || whole) != (pass == 0))
                continue;
            if (i-- == 0)
                return v;
        }
    return NULL;
}

const char **kt_array_names(kt_arena *a, const kt_vec *variables)
{
    const char **names = kt_arena_calloc(a, variables->n + 1, sizeof *names);

    for (size_t i = 0; names && i < variables->n; i++) {
        const kt_variable *v = variables->at[i];
        const char        *path = v->path ? v->path : v->name;
        int                before = 0;
        for (size_t k = 0; k < i; k++) {
            const kt_variable *other = variables->at[k];
            before += kt_streq(other->path ? other->path : other->name, path);
        }
        names[i] = before ? kt_arena_printf(a, "%s_%d", path, before) : path;
        if (!names[i])
            return NULL;
    }
    return names;
}

/* --- writing ---------------------------------------------------------------------------------- */

static kt_status write_value(kt_h5 *h, const char *group, size_t i, kt_tensor *value, kt_fault *f)
{
    kt_str     path = {0};
    kt_array   a;
    kt_tensor *held = kt_array_from_tensor(&a, value);

    kt_str_printf(&path, "%s/%zu", group, i);
    if (held && !path.failed)
        kt_h5_write(h, kt_str_text(&path), &a, f);
    else
        kt_raise_memory(f);
    kt_str_free(&path);
    kt_tensor_unref(held);
    return f->e.status;
}

static kt_status write_variable(kt_h5 *h, const char *group, size_t i, const kt_variable *v,
                                kt_fault *f)
{
    return write_value(h, group, i, v->value, f);
}

static kt_status write_weight(kt_h5 *h, const char *group, size_t i, const kt_layer *l,
                              const kt_variable *v, kt_fault *f)
{
    kt_tensor *merged = l->lora.a && v == l->lora.whole ? kt_lora_merged(l, f) : NULL;

    if (f->e.status == KT_OK)
        write_value(h, group, i, merged ? merged : v->value, f);
    kt_tensor_unref(merged);
    return f->e.status;
}

static kt_status write_group(kt_h5 *h, const char *path, const char *name, kt_str *group,
                             kt_fault *f)
{
    kt_str_printf(group, "%s%svars", path, *path ? "/" : "");
    if (group->failed)
        return kt_raise_memory(f);
    if (kt_h5_group(h, kt_str_text(group), f) == KT_OK)
        kt_h5_set_attr_text(h, kt_str_text(group), "name", name, f);
    return f->e.status;
}

typedef struct place {
    kt_h5         *h;
    const char    *file; /* name for messages */
    kt_fault      *f;
    kt_load_rules *rules; /* NULL: everything has to fit */
} place;

static kt_status write_layer(void *user, kt_layer *l, const char *path)
{
    const place *p = user;
    kt_str       group = {0};

    write_group(p->h, path, l->name, &group, p->f);
    const kt_variable *v;
    for (size_t i = 0; p->f->e.status == KT_OK && (v = own_weight(l, i)); i++)
        write_weight(p->h, kt_str_text(&group), i, l, v, p->f);
    kt_str_free(&group);
    return p->f->e.status == KT_OK ? kt_asset_numbers_write(p->h, l, path, p->f) : p->f->e.status;
}

/* Where LossScaleOptimizer has the numbers of the one in it; they follow its own, too. */
#define INNER "optimizer/inner_optimizer"

/* An optimizer's variables from the from-th on. */
static void write_variables(kt_h5 *h, const char *path, const kt_class *cls, const kt_optimizer *o,
                            size_t from, kt_fault *f)
{
    kt_str name = {0}, group = {0};

    kt_snake_case(&name, cls->class_name);
    if (name.failed)
        kt_raise_memory(f);
    else
        write_group(h, path, kt_str_text(&name), &group, f);
    for (size_t i = from; i < o->variables.n && f->e.status == KT_OK; i++)
        write_variable(h, kt_str_text(&group), i - from, o->variables.at[i], f);
    kt_str_free(&group);
    kt_str_free(&name);
}

kt_status kt_weights_write(kt_model *m, kt_h5 *h, kt_fault *f)
{
    place p = {.h = h, .f = f};

    if (kt_layers_walk(m->root, write_layer, &p, f) != KT_OK || !m->optimizer)
        return f->e.status;
    const kt_optimizer *o = m->optimizer;
    write_variables(h, "optimizer", o->around ? o->around->cls : &o->type->cls, o, 0, f);
    if (o->around)
        write_variables(h, INNER, &o->type->cls, o, KT_SCALING_VARIABLES, f);
    return f->e.status;
}

/* --- reading ---------------------------------------------------------------------------------- */

kt_status kt_weight_store(kt_variable *v, kt_array *a, const char *file, const char *path,
                          kt_fault *f)
{
    kt_tensor *t = kt_tensor_from_array(a, f);

    if (!t)
        return f->e.status;
    if (!kt_shape_equal(&t->shape, &v->shape)) {
        kt_arena scratch = {0};
        kt_raise(f, KT_E_VALUE,
                 "%s: weight '%s' (%s) has shape %s in the file, but the model wants %s", file,
                 path, v->path, kt_shape_text(&scratch, &t->shape),
                 kt_shape_text(&scratch, &v->shape));
        kt_arena_free(&scratch);
    } else {
        kt_convert(t->data, t->dtype, v->value->data, v->dtype, t->count);
    }
    kt_tensor_unref(t);
    return f->e.status;
}

static kt_status read_variable(kt_h5 *h, const char *file, const char *group, size_t i,
                               kt_variable *v, kt_fault *f)
{
    kt_str   path = {0};
    kt_array a = {0};

    kt_str_printf(&path, "%s/%zu", group, i);
    if (!kt_h5_exists(h, kt_str_text(&path)))
        kt_raise(f, KT_E_VALUE, "%s: the file has no '%s', which the model needs for weight '%s'",
                 file, kt_str_text(&path), v->path);
    else if (kt_h5_read(h, kt_str_text(&path), &a, f) == KT_OK)
        kt_weight_store(v, &a, file, kt_str_text(&path), f);
    kt_array_free(&a);
    kt_str_free(&path);
    return f->e.status;
}

static kt_status read_layer(void *user, kt_layer *l, const char *path)
{
    const place *p = user;
    kt_str       group = {0};

    kt_str_printf(&group, "%s%svars", path, *path ? "/" : "");
    kt_variable *v;
    for (size_t i = 0; p->f->e.status == KT_OK && (v = own_weight(l, i)); i++) {
        read_variable(p->h, p->file, kt_str_text(&group), i, v, p->f);
        if (p->rules && p->rules->skip_mismatch && p->f->e.status == KT_E_VALUE) {
            kt_fault_clear(p->f); /* the others of the layer stay, too, as in Keras */
            for (size_t k = i; own_weight(l, k); k++)
                p->rules->skipped++;
            break;
        }
        if (p->f->e.status != KT_OK)
            kt_fault_layer(p->f, l->name);
        else if (p->rules)
            p->rules->set++;
    }
    kt_lora_reset(l);
    kt_str_free(&group);
    return p->f->e.status == KT_OK ? kt_asset_numbers_read(p->h, l, path, p->f) : p->f->e.status;
}

static bool has_slot(kt_h5 *h, const char *group, size_t i)
{
    kt_str path = {0};

    kt_str_printf(&path, "%s/vars/%zu", group, i);
    bool found = kt_h5_exists(h, kt_str_text(&path));
    kt_str_free(&path);
    return found;
}

/* A file that was saved before training has only the counters that an optimizer has at once (the
 * learning rate is none where a schedule gives it): the slots start as zeros. Keras 2 kept no
 * learning rate, so that its slots begin at 1. own: variables before those of the group. */
static kt_status read_variables(kt_model *m, kt_h5 *h, const char *file, const char *group,
                                size_t own, kt_fault *f)
{
    kt_optimizer *o = m->optimizer;
    size_t        counters = o->variables.n - own;
    kt_str        vars = {0};

    if (has_slot(h, group, counters) && kt_model_build_optimizer(m) != KT_OK)
        return kt_fault_copy(f, &m->fault);
    size_t n = o->variables.n - own;
    bool   old = n > 2 && counters == 2 && !has_slot(h, group, n - 1) && has_slot(h, group, n - 2);
    if (has_slot(h, group, n)) /* of another optimizer: Keras leaves it, too */
        return KT_OK;
    kt_str_printf(&vars, "%s/vars", group);
    for (size_t i = 0; i < n && f->e.status == KT_OK; i++) {
        size_t at = i >= counters && old ? i - 1 : i;
        if (i >= counters || (has_slot(h, group, at) && !(old && i == 1)))
            read_variable(h, file, kt_str_text(&vars), at, o->variables.at[own + i], f);
    }
    kt_str_free(&vars);
    return f->e.status;
}

/* Where Keras' compile put a LossScaleOptimizer around the one that the configuration names, since
 * the model computes in float16, its numbers are kept apart. */
static kt_status read_optimizer(kt_model *m, kt_h5 *h, const char *file, kt_fault *f)
{
    bool inner = has_slot(h, INNER, 0);

    if (!m->optimizer || (!inner && !has_slot(h, "optimizer", 0)))
        return KT_OK;
    if (inner && !m->optimizer->around && kt_model_scale_loss(m) != KT_OK)
        return kt_fault_copy(f, &m->fault);
    if (!inner)
        return read_variables(m, h, file, "optimizer", 0, f);
    bool used = has_slot(h, "optimizer", KT_SCALING_VARIABLES); /* else it has no scale yet */
    for (size_t i = 0; used && i < KT_SCALING_VARIABLES && f->e.status == KT_OK; i++)
        read_variable(h, file, "optimizer/vars", i, m->optimizer->variables.at[i], f);
    return f->e.status == KT_OK ? read_variables(m, h, file, INNER, KT_SCALING_VARIABLES, f)
                                : f->e.status;
}

kt_status kt_layers_read(kt_model *m, kt_h5 *h, const char *name, kt_load_rules *rules, kt_fault *f)
{
    place p = {.h = h, .f = f, .file = name, .rules = rules};

    return kt_layers_walk(m->root, read_layer, &p, f);
}

kt_status kt_weights_read(kt_model *m, kt_h5 *h, const char *name, kt_fault *f)
{
    return kt_layers_read(m, h, name, NULL, f) == KT_OK ? read_optimizer(m, h, name, f)
                                                        : f->e.status;
}
