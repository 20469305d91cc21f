/* legacy_weights.c - weights by layer, as Keras 2 and whole .h5 files lay them out: the attribute
 * layer_names, a group for each layer, its attribute weight_names, a data set for each weight.
 *
 * Layers without weights do not count; a model inside is one layer with all its weights, trainable
 * ones first.
 */
#include <string.h>

#include "io/io.h"
#include "nn/container.h"

typedef struct reader {
    kt_h5      *h;
    const char *file; /* name for messages */
    const char *root; /* "model_weights", or "" */
    kt_arena    a;
    size_t      read; /* bytes of names: a damaged file may name one group many times */
    kt_fault   *f;
} reader;

#define MOST_NAMES ((size_t)64 << 20)

/* --- lists of names --------------------------------------------------------------------------- */

typedef struct names {
    const char **at;
    int          n;
} names;

static kt_status append(reader *r, names *to, const char **more, int n)
{
    const char **all = kt_arena_calloc(&r->a, (size_t)to->n + (size_t)n + 1, sizeof *all);

    if (!all)
        return kt_raise_memory(r->f);
    for (int i = 0; i < to->n; i++)
        all[i] = to->at[i];
    for (int i = 0; i < n; i++)
        all[to->n + i] = more[i];
    to->at = all;
    to->n += n;
    return KT_OK;
}

static kt_status read_list(reader *r, const char *path, const char *attr, names *out)
{
    if (kt_h5_attr_texts(r->h, path, attr, &r->a, &out->at, &out->n, r->f) != KT_OK)
        return r->f->e.status;
    for (int i = 0; i < out->n; i++)
        r->read += strlen(out->at[i]) + sizeof *out->at;
    return r->read <= MOST_NAMES
             ? KT_OK
             : kt_raise(r->f, KT_E_OS, "%s: the names of its layers and weights are damaged",
                        r->file);
}

/* A list that was too long for one attribute is cut: weight_names0, weight_names1, ... */
static kt_status read_names(reader *r, const char *path, const char *attr, names *out)
{
    *out = (names){0};
    if (read_list(r, path, attr, out) != KT_OK || out->at)
        return r->f->e.status;
    for (int i = 0;; i++) {
        const char *cut = kt_arena_printf(&r->a, "%s%d", attr, i);
        names       more = {0};

        if (!cut)
            return kt_raise_memory(r->f);
        if (read_list(r, path, cut, &more) != KT_OK || !more.at)
            return r->f->e.status;
        if (append(r, out, more.at, more.n) != KT_OK)
            return r->f->e.status;
    }
}

static const char *join(reader *r, const char *group, const char *name)
{
    const char *path = kt_arena_printf(&r->a, "%s%s%s", group, *group ? "/" : "", name);

    if (!path)
        kt_raise_memory(r->f);
    return path;
}

/* --- a layer ---------------------------------------------------------------------------------- */

/* The order of the files: trainable weights, then the others. */
kt_status kt_legacy_weights(const kt_layer *l, kt_vec *out, kt_fault *f)
{
    if (kt_collect_weights(l, true, false, out) != KT_OK ||
        kt_collect_weights(l, false, true, out) != KT_OK)
        return kt_raise_memory(f);
    return KT_OK;
}

/* Weights that Keras 2 kept and that are none today, at the end of a layer's. */
static const struct {
    const char *class_name;
    int         more;
} extra[] = {{"Normalization", 1} /* count */};

static int wanted(const kt_layer *l, const kt_vec *weights, int stored)
{
    for (size_t i = 0; i < KT_COUNT(extra); i++)
        if (kt_streq(extra[i].class_name, l->type->cls.class_name) &&
            stored == (int)weights->n + extra[i].more)
            return (int)weights->n;
    return stored;
}

static kt_status read_weight(reader *r, const kt_layer *l, kt_variable *v, const char *path)
{
    kt_array a = {0};

    if (!path)
        return r->f->e.status;
    if (kt_h5_read(r->h, path, &a, r->f) == KT_OK)
        kt_weight_store(v, &a, r->file, path, r->f);
    kt_array_free(&a);
    if (r->f->e.status != KT_OK)
        kt_fault_layer(r->f, l->name);
    return r->f->e.status;
}

static kt_status read_layer(reader *r, const kt_layer *l, const char *group, int number)
{
    kt_vec weights = {0};
    names  stored = {0};

    if (kt_legacy_weights(l, &weights, r->f) == KT_OK &&
        read_names(r, group, "weight_names", &stored) == KT_OK) {
        stored.n = wanted(l, &weights, stored.n);
        if (stored.n != (int)weights.n)
            kt_raise(
                r->f, KT_E_VALUE,
                "Weight count mismatch for layer #%d (named %s in the current model, %s in the "
                "save file). Layer expects %zu weight(s). Received %d saved weight(s)",
                number, l->name, strrchr(group, '/') ? strrchr(group, '/') + 1 : group, weights.n,
                stored.n);
        for (int i = 0; i < stored.n && r->f->e.status == KT_OK; i++)
            read_weight(r, l, weights.at[i], join(r, group, stored.at[i]));
    }
    kt_vec_free(&weights);
    return r->f->e.status;
}

/* --- a model ---------------------------------------------------------------------------------- */

kt_status kt_top_layers(const kt_layer *root, kt_vec *out, kt_fault *f)
{
    const kt_container *c = kt_container_of(root);
    bool                graph = c && c->ready && root->type == &kt_layer_functional;
    int                 n = graph ? c->n_layers : (int)root->sublayers.n;

    for (int i = 0; i < n; i++)
        if (!kt_vec_push(out, graph ? c->layers[i] : root->sublayers.at[i]))
            return kt_raise_memory(f);
    return KT_OK;
}

/* Those that have weights. */
static kt_status layers_of(const kt_layer *root, kt_vec *out, kt_fault *f)
{
    kt_vec all = {0};

    kt_top_layers(root, &all, f);
    for (size_t i = 0; i < all.n && f->e.status == KT_OK; i++) {
        kt_vec weights = {0};
        if (kt_legacy_weights(all.at[i], &weights, f) == KT_OK && weights.n > 0 &&
            !kt_vec_push(out, all.at[i]))
            kt_raise_memory(f);
        kt_vec_free(&weights);
    }
    kt_vec_free(&all);
    return f->e.status;
}

/* The groups of layers that have weights. */
static kt_status groups_of(reader *r, names *out)
{
    names all, stored;
    int   n = 0;

    if (read_names(r, r->root, "layer_names", &all) != KT_OK)
        return r->f->e.status;
    for (int i = 0; i < all.n; i++) {
        const char *group = join(r, r->root, all.at[i]);
        if (!group || read_names(r, group, "weight_names", &stored) != KT_OK)
            return r->f->e.status;
        if (stored.n > 0)
            all.at[n++] = group;
    }
    *out = (names){all.at, n};
    return KT_OK;
}

static const kt_layer *named(const kt_vec *layers, const char *group, size_t root)
{
    for (size_t i = 0; i < layers->n; i++)
        if (kt_streq(((const kt_layer *)layers->at[i])->name, group + root + (root > 0)))
            return layers->at[i];
    return NULL;
}

/* A whole file says which layer is which by its names, as long as all are there; else the order
 * counts, as in Keras. */
static kt_status read_layers(reader *r, const kt_vec *layers, const names *groups, bool by_name)
{
    size_t root = strlen(r->root);

    if ((size_t)groups->n != layers->n)
        return kt_raise(r->f, KT_E_VALUE,
                        "Layer count mismatch when loading weights from file. Model expected %zu "
                        "layers, found %d saved layers.",
                        layers->n, groups->n);
    for (int i = 0; i < groups->n; i++)
        by_name = by_name && named(layers, groups->at[i], root);
    for (int i = 0; i < groups->n && r->f->e.status == KT_OK; i++)
        read_layer(r, by_name ? named(layers, groups->at[i], root) : layers->at[i], groups->at[i],
                   i);
    return r->f->e.status;
}

kt_status kt_legacy_read(kt_model *m, kt_h5 *h, const char *root, bool by_name, const char *name,
                         kt_fault *f)
{
    reader r = {.h = h, .file = name, .root = root, .f = f};
    kt_vec layers = {0};
    names  groups = {0};

    if (layers_of(m->root, &layers, f) == KT_OK && groups_of(&r, &groups) == KT_OK)
        read_layers(&r, &layers, &groups, by_name);
    kt_vec_free(&layers);
    kt_arena_free(&r.a);
    return f->e.status;
}

/* --- the optimizer ---------------------------------------------------------------------------- */

/* Whether the optimizers of that time had the learning rate among their variables. */
static bool is_rate(const char *name)
{
    const char *last = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;

    return strncmp(last, "learning_rate", 13) == 0 ||
           strncmp(last, "current_learning_rate", 21) == 0;
}

/* The optimizers of Keras 2.0 to 2.10 ("iter", "iterations") write a slot of all weights after the
 * other, those since then ("iteration") the slots of each weight. */
static bool slot_by_slot(const names *stored)
{
    const char *last = strrchr(stored->at[0], '/');

    last = last ? last + 1 : stored->at[0];
    return strncmp(last, "iteration", 9) != 0 || last[9] == 's';
}

/* Which of the stored variables is the optimizer's number i, of which the first `own` are no slots
 * (iterations, and a learning rate unless there is a schedule); -1: none. Adam of Keras 2.0 to 2.3
 * has a third slot at the end, of nothing, where amsgrad is off. */
static int place(const names *stored, int i, int weights, int slots, int own)
{
    bool rate = is_rate(stored->at[1]), across = slot_by_slot(stored);
    int  first = rate ? 2 : 1, more = stored->n - first - weights * slots;

    if (i == 0)
        return 0;
    if (i < own)
        return rate ? 1 : -1;
    i -= own;
    if (more != 0 && !(across && slots == 2 && more == weights))
        return -1;
    return across ? first + i % slots * weights + i / slots : first + i;
}

static bool same_shape(const kt_array *a, const kt_variable *v)
{
    bool same = a->rank == v->shape.rank;

    for (int i = 0; same && i < a->rank; i++)
        same = a->dim[i] == v->shape.dim[i];
    return same;
}

/* Reads each variable, and keeps it where `keep`; false: it does not fit, or f is raised. */
static bool pass(reader *r, const kt_optimizer *o, const names *stored, int slots, bool keep)
{
    bool fits = true;

    for (int i = 0; i < (int)o->variables.n && fits; i++) {
        kt_variable *v = o->variables.at[i];
        int          own = o->learning_rate ? 2 : 1;
        int          from = place(stored, i, (int)o->trainable.n, slots, own);
        kt_array     a = {0};
        const char  *path = from < 0 ? NULL : join(r, "optimizer_weights", stored->at[from]);

        fits = path ? kt_h5_read(r->h, path, &a, r->f) == KT_OK && same_shape(&a, v)
                    : i > 0 && i < own;
        if (fits && keep && path)
            fits = kt_weight_store(v, &a, r->file, path, r->f) == KT_OK;
        kt_array_free(&a);
    }
    return fits;
}

/* The state of another optimizer: this one begins anew, as in Keras. */
static void read_state(reader *r, kt_optimizer *o, const names *stored)
{
    int n = (int)o->variables.n - (o->learning_rate ? 2 : 1), weights = (int)o->trainable.n;
    int slots = weights > 0 ? n / weights : 0;

    if (slots > 0 && slots * weights == n && pass(r, o, stored, slots, false))
        pass(r, o, stored, slots, true);
}

kt_status kt_legacy_read_optimizer(kt_model *m, kt_h5 *h, const char *name, kt_fault *f)
{
    reader r = {.h = h, .file = name, .root = "", .f = f};
    names  stored = {0};

    if (m->optimizer && kt_h5_exists(h, "optimizer_weights") &&
        read_names(&r, "optimizer_weights", "weight_names", &stored) == KT_OK && stored.n > 2) {
        if (kt_model_build_optimizer(m) != KT_OK)
            kt_fault_copy(f, &m->fault);
        else
            read_state(&r, m->optimizer, &stored);
    }
    kt_arena_free(&r.a);
    return f->e.status;
}
