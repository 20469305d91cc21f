/* legacy_weights.c - weights by layer, as Keras 1, 2 and whole .h5 files lay them out: the
 * attribute layer_names, a group for each layer, its attribute weight_names, a data set for each
 * weight.
 *
 * Layers without weights do not count; a model inside is one layer with all its weights, trainable
 * ones first.
 */
#include <string.h>

#include "io/legacy.h"
#include "nn/container.h"

#define MOST_NAMES ((size_t)64 << 20)

/* --- lists of names --------------------------------------------------------------------------- */

static kt_status append(kt_legacy_file *r, kt_texts *to, const char **more, int n)
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

static kt_status read_list(kt_legacy_file *r, const char *group, const char *attr, kt_texts *out)
{
    if (kt_h5_attr_texts(r->h, group, attr, &r->a, &out->at, &out->n, r->f) != KT_OK)
        return r->f->e.status;
    for (int i = 0; i < out->n; i++)
        r->read += strlen(out->at[i]) + sizeof *out->at;
    return r->read <= MOST_NAMES
             ? KT_OK
             : kt_raise(r->f, KT_E_OS, "%s: the names of its layers and weights are damaged",
                        r->name);
}

/* A list that was too long for one attribute is cut: weight_names0, weight_names1, ... */
kt_status kt__legacy_names(kt_legacy_file *r, const char *group, const char *attr, kt_texts *out)
{
    *out = (kt_texts){0};
    if (read_list(r, group, attr, out) != KT_OK || out->at)
        return r->f->e.status;
    for (int i = 0;; i++) {
        const char *cut = kt_arena_printf(&r->a, "%s%d", attr, i);
        kt_texts    more = {0};

        if (!cut)
            return kt_raise_memory(r->f);
        if (read_list(r, group, cut, &more) != KT_OK || !more.at)
            return r->f->e.status;
        if (append(r, out, more.at, more.n) != KT_OK)
            return r->f->e.status;
    }
}

const char *kt__legacy_path(kt_legacy_file *r, const char *group, const char *name)
{
    const char *path = kt_arena_printf(&r->a, "%s%s%s", group, *group ? "/" : "", name);

    if (!path)
        kt_raise_memory(r->f);
    return path;
}

/* --- a layer's weights ------------------------------------------------------------------------ */

/* The order of the files: trainable weights, then the others. */
kt_status kt_legacy_weights(const kt_layer *l, kt_vec *out, kt_fault *f)
{
    if (kt_collect_weights(l, true, false, out) != KT_OK ||
        kt_collect_weights(l, false, true, out) != KT_OK)
        return kt_raise_memory(f);
    return KT_OK;
}

/* A layer's weights in that order, and runs of those with one owner. */
typedef struct weights {
    kt_vec         all, owners;
    kt_map         seen;
    kt_legacy_run *runs;
    int            n;
    int            apart; /* arrays, where gates of recurrent layers are apart */
} weights;

static bool collect(const kt_layer *l, bool frozen, bool trainable, weights *w)
{
    frozen = frozen || !l->trainable;
    for (size_t i = 0; i < l->weights.n; i++) {
        kt_variable *v = l->weights.at[i];
        if ((v->trainable && !frozen) != trainable || kt_map_get(&w->seen, v))
            continue;
        if (!kt_map_set(&w->seen, v, v) || !kt_vec_push(&w->all, v) ||
            !kt_vec_push(&w->owners, (void *)(uintptr_t)l))
            return false;
    }
    for (size_t i = 0; i < l->sublayers.n; i++)
        if (!collect(l->sublayers.at[i], frozen, trainable, w))
            return false;
    return true;
}

static kt_status collect_runs(kt_legacy_file *r, const kt_layer *l, weights *w)
{
    size_t first;

    if (!collect(l, false, true, w) || (first = w->all.n, !collect(l, false, false, w)))
        return kt_raise_memory(r->f);
    w->runs = kt_arena_calloc(&r->a, w->all.n + 1, sizeof *w->runs);
    if (!w->runs)
        return kt_raise_memory(r->f);
    for (size_t i = 0; i < w->all.n; i++) {
        const kt_layer *owner = w->owners.at[i];
        if (w->n == 0 || w->runs[w->n - 1].owner != owner || i == first)
            w->runs[w->n++] = (kt_legacy_run){owner, (kt_variable **)(void *)&w->all.at[i], 0};
        w->runs[w->n - 1].n++;
    }
    for (int i = 0; i < w->n; i++)
        w->apart += r->keras == 1 ? kt__gates_apart(&w->runs[i]) : w->runs[i].n;
    return KT_OK;
}

static void free_weights(weights *w)
{
    kt_vec_free(&w->all);
    kt_vec_free(&w->owners);
    kt_map_free(&w->seen);
}

/* --- a layer ---------------------------------------------------------------------------------- */

/* Weights that Keras 2 kept and that are none today, at the end of a layer's. */
static const struct {
    const char *class_name;
    int         more;
} extra[] = {{"Normalization", 1} /* count */};

static int wanted(const kt_layer *l, const weights *w, int stored)
{
    for (size_t i = 0; i < KT_COUNT(extra); i++)
        if (kt_streq(extra[i].class_name, l->type->cls.class_name) &&
            stored == (int)w->all.n + extra[i].more)
            return (int)w->all.n;
    return stored;
}

static kt_status refuse_count(kt_legacy_file *r, const kt_layer *l, const char *group, int number,
                              size_t n, int stored)
{
    const char *last = strrchr(group, '/');

    if (r->rules->by_name && r->rules->skip_mismatch) {
        r->rules->skipped += (int)n;
        return KT_OK;
    }
    if (r->rules->by_name)
        return kt_raise(r->f, KT_E_VALUE,
                        "Weight count mismatch for layer #%d (named %s). Layer expects %zu "
                        "weight(s). Received %d saved weight(s)",
                        number, l->name, n, stored);
    return kt_raise(r->f, KT_E_VALUE,
                    "Weight count mismatch for layer #%d (named %s in the current model, %s in the "
                    "save file). Layer expects %zu weight(s). Received %d saved weight(s)",
                    number, l->name, last ? last + 1 : group, n, stored);
}

static kt_status set_runs(kt_legacy_file *r, const kt_layer *l, const weights *w,
                          const char *const *paths, int stored, int number)
{
    const char *where = kt_arena_printf(&r->a, "layer #%d (named %s)", number, l->name);
    bool        apart = stored != (int)w->all.n;

    if (!where)
        return kt_raise_memory(r->f);
    for (int i = 0; i < w->n && r->f->e.status == KT_OK; i++) {
        int n = apart ? kt__gates_apart(&w->runs[i]) : w->runs[i].n;
        r->each(r, &w->runs[i], paths, n, where);
        paths += n;
    }
    if (r->f->e.status != KT_OK)
        kt_fault_layer(r->f, l->name);
    return r->f->e.status;
}

static kt_status read_layer(kt_legacy_file *r, const kt_layer *l, const char *group, int number)
{
    weights  w = {0};
    kt_texts stored;

    if (collect_runs(r, l, &w) == KT_OK &&
        kt__legacy_names(r, group, "weight_names", &stored) == KT_OK) {
        stored.n = wanted(l, &w, stored.n);
        for (int i = 0; i < stored.n && r->f->e.status == KT_OK; i++)
            stored.at[i] = kt__legacy_path(r, group, stored.at[i]);
        if (r->f->e.status != KT_OK)
            ;
        else if (stored.n != (int)w.all.n && stored.n != w.apart)
            refuse_count(r, l, group, number, w.all.n, stored.n);
        else
            set_runs(r, l, &w, stored.at, stored.n, number);
    }
    free_weights(&w);
    return r->f->e.status;
}

/* --- a model ---------------------------------------------------------------------------------- */

/* Keras' Sequential does not count its InputLayer. */
static int first_layer(const kt_layer *root)
{
    const kt_layer *first = root->sublayers.n > 0 ? root->sublayers.at[0] : NULL;

    return first && kt_streq(root->type->cls.class_name, "Sequential") &&
           kt_streq(first->type->cls.class_name, "InputLayer");
}

kt_status kt_top_layers(const kt_layer *root, kt_vec *out, kt_fault *f)
{
    const kt_container *c = kt_container_of(root);
    bool                graph = c && c->ready && root->type == &kt_layer_functional;
    int                 n = graph ? c->n_layers : (int)root->sublayers.n;

    for (int i = graph ? 0 : first_layer(root); i < n; i++)
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
        kt_vec own = {0};
        if (kt_legacy_weights(all.at[i], &own, f) == KT_OK && own.n > 0 &&
            !kt_vec_push(out, all.at[i]))
            kt_raise_memory(f);
        kt_vec_free(&own);
    }
    kt_vec_free(&all);
    return f->e.status;
}

/* The groups of layers that have weights. */
static kt_status groups_of(kt_legacy_file *r, kt_texts *out)
{
    kt_texts all, stored;
    int      n = 0;

    if (kt__legacy_names(r, r->root, "layer_names", &all) != KT_OK)
        return r->f->e.status;
    for (int i = 0; i < all.n; i++) {
        const char *group = kt__legacy_path(r, r->root, all.at[i]);
        if (!group || kt__legacy_names(r, group, "weight_names", &stored) != KT_OK)
            return r->f->e.status;
        if (stored.n > 0 || r->rules->by_name)
            all.at[n++] = group;
    }
    *out = (kt_texts){all.at, n};
    return KT_OK;
}

static const kt_layer *named(const kt_legacy_file *r, const kt_vec *layers, const char *group)
{
    size_t root = strlen(r->root);

    for (size_t i = 0; i < layers->n; i++)
        if (kt_streq(((const kt_layer *)layers->at[i])->name, group + root + (root > 0)))
            return layers->at[i];
    return NULL;
}

/* A whole file says which layer is which by its names, as long as all are there; else the order
 * counts, as in Keras. Keras 1 listed layers of branches in another order than that of today. */
static kt_status read_in_order(kt_legacy_file *r, const kt_vec *layers, const kt_texts *groups,
                               bool whole)
{
    bool all = whole || r->keras == 1;

    if ((size_t)groups->n != layers->n)
        return kt_raise(r->f, KT_E_VALUE,
                        "Layer count mismatch when loading weights from file. Model expected %zu "
                        "layers, found %d saved layers.",
                        layers->n, groups->n);
    for (int i = 0; i < groups->n; i++)
        all = all && named(r, layers, groups->at[i]);
    for (int i = 0; i < groups->n && r->f->e.status == KT_OK; i++)
        read_layer(r, all ? named(r, layers, groups->at[i]) : layers->at[i], groups->at[i], i);
    return r->f->e.status;
}

static kt_status read_by_name(kt_legacy_file *r, const kt_layer *root, const kt_texts *groups)
{
    kt_vec all = {0};

    kt_top_layers(root, &all, r->f);
    for (int i = 0; i < groups->n && r->f->e.status == KT_OK; i++) {
        const kt_layer *l = named(r, &all, groups->at[i]);
        if (l)
            read_layer(r, l, groups->at[i], i);
    }
    kt_vec_free(&all);
    return r->f->e.status;
}

/* The version and the backend stand with the layers, or with the model; the first ones said
 * nothing. */
static void read_origin(kt_legacy_file *r)
{
    const char *group = *r->root ? r->root : "/";
    const char *version = kt_h5_attr_text(r->h, group, "keras_version", &r->a, r->f);
    const char *backend = kt_h5_attr_text(r->h, group, "backend", &r->a, r->f);

    if (!version)
        version = kt_h5_attr_text(r->h, "/", "keras_version", &r->a, r->f);
    if (!backend)
        backend = kt_h5_attr_text(r->h, "/", "backend", &r->a, r->f);
    r->keras = kt_keras_of(version, 1);
    r->theano = kt_streq(backend, "theano");
}

kt_status kt__legacy_walk(kt_legacy_file *r, const kt_layer *root, bool whole)
{
    kt_vec   layers = {0};
    kt_texts groups = {0};

    read_origin(r);
    if (r->f->e.status == KT_OK && layers_of(root, &layers, r->f) == KT_OK &&
        groups_of(r, &groups) == KT_OK) {
        if (r->rules->by_name)
            read_by_name(r, root, &groups);
        else
            read_in_order(r, &layers, &groups, whole);
    }
    kt_vec_free(&layers);
    return r->f->e.status;
}

kt_status kt_legacy_read(kt_model *m, kt_h5 *h, const char *root, bool whole, const char *name,
                         kt_load_rules *rules, kt_fault *f)
{
    kt_load_rules  none = {0};
    kt_legacy_file r = {.h = h,
                        .name = name,
                        .root = root,
                        .rules = rules ? rules : &none,
                        .each = kt__legacy_set,
                        .f = f};

    kt__legacy_walk(&r, m->root, whole);
    kt_arena_free(&r.a);
    return f->e.status;
}
