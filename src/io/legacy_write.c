/* legacy_write.c - weights by layer into a whole .h5 (legacy_weights.c reads them). */
#include "io/legacy.h"

/* Lists that are longer than the 64 KiB of an attribute are cut; a text of any length is 16 bytes
 * in it. */
enum { MOST_IN_ATTRIBUTE = 1000 };

static kt_status write_names(kt_h5 *h, const char *group, const char *attr,
                             const char *const *names, int n, kt_fault *f)
{
    if (n <= MOST_IN_ATTRIBUTE)
        return kt_h5_set_attr_texts(h, group, attr, names, n, f);
    for (int at = 0, i = 0; at < n && f->e.status == KT_OK; at += MOST_IN_ATTRIBUTE, i++) {
        kt_str cut = {0};
        kt_str_printf(&cut, "%s%d", attr, i);
        if (cut.failed)
            kt_raise_memory(f);
        else
            kt_h5_set_attr_texts(h, group, kt_str_text(&cut), names + at,
                                 n - at < MOST_IN_ATTRIBUTE ? n - at : MOST_IN_ATTRIBUTE, f);
        kt_str_free(&cut);
    }
    return f->e.status;
}

/* A group with these variables, under their paths; the first under `head`, if there is one. */
static kt_status write_group(kt_h5 *h, const char *group, const kt_vec *all, const char *head,
                             kt_fault *f)
{
    kt_arena     a = {0};
    const char **names = kt_array_names(&a, all);

    if (!names)
        kt_raise_memory(f);
    else if (head && all->n)
        names[0] = head;
    if (names && kt_h5_group(h, group, f) != KT_OK)
        names = NULL;
    for (size_t i = 0; names && i < all->n && f->e.status == KT_OK; i++) {
        const kt_variable *v = all->at[i];
        kt_array           array;
        const char        *path = kt_arena_printf(&a, "%s/%s", group, names[i]);
        kt_tensor         *held = kt_array_from_tensor(&array, v->value);
        if (path && held)
            kt_h5_write(h, path, &array, f);
        else
            kt_raise_memory(f);
        kt_tensor_unref(held);
    }
    if (names && f->e.status == KT_OK)
        write_names(h, group, "weight_names", names, (int)all->n, f);
    kt_arena_free(&a);
    return f->e.status;
}

static kt_status write_layers(kt_h5 *h, const kt_layer *root, kt_fault *f)
{
    kt_vec       layers = {0};
    const char **names = NULL;

    if (kt_top_layers(root, &layers, f) == KT_OK) {
        names = kt_calloc(layers.n + 1, sizeof *names);
        if (!names)
            kt_raise_memory(f);
    }
    for (size_t i = 0; names && i < layers.n && f->e.status == KT_OK; i++) {
        const kt_layer *l = layers.at[i];
        kt_vec          weights = {0};
        kt_str          group = {0};
        names[i] = l->name;
        kt_str_printf(&group, "model_weights/%s", l->name);
        if (group.failed)
            kt_raise_memory(f);
        else if (kt_legacy_weights(l, &weights, f) == KT_OK)
            write_group(h, kt_str_text(&group), &weights, NULL, f);
        kt_str_free(&group);
        kt_vec_free(&weights);
    }
    if (f->e.status == KT_OK)
        write_names(h, "model_weights", "layer_names", names, (int)layers.n, f);
    kt_free(names);
    kt_vec_free(&layers);
    return f->e.status;
}

/* --- the optimizer's state -------------------------------------------------------------------- */

static bool push(kt_vec *to, kt_variable *v)
{
    return v && kt_vec_push(to, v);
}

/* As before Keras 2.11: what is one for all weights, and the slots of all weights. */
static bool as_then(const kt_optimizer *o, kt_vec *to)
{
    size_t n = o->trainable.n, kinds = (size_t)o->n_kinds;
    bool   ok = push(to, o->iterations);

    for (size_t k = 0; k < kinds && n > 0; k++)
        ok = ok && (!o->kind[k].shared || push(to, o->slot[k]));
    for (size_t at = 0; at < n * kinds; at++) {
        size_t k = o->type->old_by_weight ? at % kinds : at / n;
        size_t i = o->type->old_by_weight ? at / kinds : at % n;
        ok = ok && (o->kind[k].shared || push(to, o->slot[i * kinds + k]));
    }
    return ok;
}

/* As today, without the learning rate and what Keras 2 leaves out. */
static bool without_numbers(const kt_optimizer *o, kt_vec *to)
{
    bool ok = true;

    for (size_t i = 0; i < o->variables.n; i++) {
        kt_variable *v = o->variables.at[i];
        ok = ok && (v == o->learning_rate || kt__legacy_leaves(o, v) || push(to, v));
    }
    return ok;
}

/* In the order of the Keras whose optimizer it is, told by the name of the first. */
static kt_status write_state(const kt_model *m, kt_h5 *h, kt_fault *f)
{
    const kt_optimizer *o = m->optimizer;
    kt_vec              all = {0};
    bool                legacy = m->optimizer_of == KT_OF_KERAS2_LEGACY;

    if (m->optimizer_of == KT_OF_KERAS3)
        write_group(h, "optimizer_weights", &o->variables, NULL, f);
    else if (legacy ? as_then(o, &all) : without_numbers(o, &all))
        write_group(h, "optimizer_weights", &all, legacy ? "iter:0" : "iteration:0", f);
    else
        kt_raise_memory(f);
    kt_vec_free(&all);
    return f->e.status;
}

kt_status kt_legacy_write(kt_model *m, kt_h5 *h, kt_fault *f)
{
    kt_vec none = {0};

    if (kt_h5_group(h, "model_weights", f) == KT_OK && write_layers(h, m->root, f) == KT_OK)
        write_group(h, "model_weights/top_level_model_weights", &none, NULL, f);
    if (f->e.status == KT_OK && m->optimizer)
        write_state(m, h, f);
    return f->e.status;
}
