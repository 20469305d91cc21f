/* load_weights.c - weights apart from their model: of a .keras file, a .weights.h5 or an .npz. */
#include <string.h>

#include "io/io.h"

#define LARGEST_ARCHIVE ((size_t)1 << 36)

int kt_weights_are_fresh(const kt_model *m)
{
    return m && !m->weights_set && (!m->root->built || kt_count_params(m->root) > 0);
}

/* --- HDF5 ------------------------------------------------------------------------------------- */

/* The group where Keras 2's layout begins, by the names of layers; NULL: it is Keras 3's, by their
 * classes. */
static const char *legacy_root(kt_h5 *h)
{
    kt_arena     a = {0};
    const char **names = NULL, *root = NULL;
    int          n = 0;
    kt_fault     none = {0};

    if (kt_h5_exists(h, "model_weights"))
        root = "model_weights";
    else if (kt_h5_attr_texts(h, "/", "layer_names", &a, &names, &n, &none) == KT_OK && !names)
        kt_h5_attr_texts(h, "/", "layer_names0", &a, &names, &n, &none);
    if (names)
        root = "";
    kt_fault_clear(&none);
    kt_arena_free(&a);
    return root;
}

static kt_status refuse_names(const char *name, kt_fault *f)
{
    return kt_raise(f, KT_E_VALUE,
                    "`by_name` only supports loading legacy '.h5' or '.hdf5' files. Received: %s",
                    name);
}

static kt_status from_hdf5(kt_model *m, const char *name, const uint8_t *data, size_t size,
                           kt_load_rules *rules, kt_fault *f)
{
    kt_h5 *h = kt_h5_open(name, data, size, f);

    if (!h)
        return f->e.status;
    const char *root = legacy_root(h);
    if (root)
        kt_legacy_read(m, h, root, false, name, rules, f);
    else if (rules->by_name)
        refuse_names(name, f);
    else
        kt_layers_read(m, h, name, rules, f);
    kt_h5_close(h, NULL, NULL);
    return f->e.status;
}

/* --- .npz ------------------------------------------------------------------------------------- */

/* "sequential/dense/kernel", also without the model's name; else the i-th in NumPy's counting. */
static kt_array *find_array(kt_array *arrays, int n, const char *path, size_t i, bool counted)
{
    const char *inner = strchr(path, '/');
    char        count[32];
    kt_str      text = {0};

    kt_str_printf(&text, "arr_%zu", i);
    snprintf(count, sizeof count, "%s", kt_str_text(&text));
    kt_str_free(&text);
    for (int k = 0; k < n; k++) {
        const char *name = arrays[k].name;
        if (counted ? kt_streq(name, count)
                    : kt_streq(name, path) || (inner && kt_streq(name, inner + 1)))
            return &arrays[k];
    }
    return NULL;
}

/* Sets one, or counts it as left out. */
static kt_status set_weight(kt_variable *v, kt_array *a, const char *name, kt_load_rules *rules,
                            kt_fault *f)
{
    if (a)
        kt_weight_store(v, a, name, a->name, f);
    else
        kt_raise(f, KT_E_VALUE, "%s: has no array '%s'", name, v->path);
    if (rules->skip_mismatch && f->e.status == KT_E_VALUE) {
        kt_fault_clear(f);
        rules->skipped++;
    } else {
        rules->set++;
    }
    return f->e.status;
}

static kt_status set_weights(const kt_vec *weights, kt_array *arrays, int n, const char *name,
                             kt_load_rules *rules, kt_fault *f)
{
    bool         counted = n > 0 && strncmp(arrays[0].name, "arr_", 4) == 0;
    kt_arena     a = {0};
    const char **paths = kt_array_names(&a, weights);

    if (!paths) {
        kt_arena_free(&a);
        return kt_raise_memory(f);
    }
    if (counted && (size_t)n != weights->n)
        kt_raise(f, KT_E_VALUE, "%s: holds %d arrays, but the model has %zu weights", name, n,
                 weights->n);
    for (size_t i = 0; i < weights->n && f->e.status == KT_OK; i++)
        set_weight(weights->at[i], find_array(arrays, n, paths[i], i, counted), name, rules, f);
    kt_arena_free(&a);
    return f->e.status;
}

static kt_status from_npz(kt_model *m, const char *name, const uint8_t *data, size_t size,
                          kt_load_rules *rules, kt_fault *f)
{
    kt_array *arrays = NULL;
    kt_vec    weights = {0};
    int       n = 0;

    if (kt_npz_read(name, data, size, &arrays, &n, f) != KT_OK)
        return f->e.status;
    if (kt_collect_weights(m->root, false, false, &weights) == KT_OK)
        set_weights(&weights, arrays, n, name, rules, f);
    else
        kt_raise_memory(f);
    kt_vec_free(&weights);
    kt_arrays_free(arrays, n);
    return f->e.status;
}

/* --- files ------------------------------------------------------------------------------------ */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);

    return n >= k && strcmp(text + n - k, end) == 0;
}

static size_t only_weights(const char *entry)
{
    return kt_streq(entry, "model.weights.h5") ? LARGEST_ARCHIVE : 0;
}

static kt_status from_zip(kt_model *m, const char *name, const uint8_t *data, size_t size,
                          kt_load_rules *rules, kt_fault *f)
{
    kt_zip_entry *entries = NULL;
    int           n = 0;
    bool          arrays = false, done = false;

    if (rules->by_name)
        return refuse_names(name, f);
    if (kt_zip_read_wanted(name, data, size, LARGEST_ARCHIVE, only_weights, &entries, &n, f) !=
        KT_OK)
        return f->e.status;
    for (int i = 0; i < n && !done; i++) {
        arrays = arrays || ends_with(entries[i].name, ".npy");
        done = entries[i].bytes.data != NULL;
        if (done)
            from_hdf5(m, name, entries[i].bytes.data, entries[i].bytes.size, rules, f);
    }
    kt_zip_free(entries, n);
    if (done)
        return f->e.status;
    return arrays ? from_npz(m, name, data, size, rules, f)
                  : kt_raise(f, KT_E_VALUE,
                             "%s: this zip archive holds no weights: neither model.weights.h5 nor "
                             "arrays (.npy)",
                             name);
}

kt_status kt_weights_from(kt_model *m, const char *name, const kt_bytes *b, kt_load_rules *rules,
                          kt_fault *f)
{
    if (b->size > 4 && memcmp(b->data, "PK\003\004", 4) == 0)
        return from_zip(m, name, b->data, b->size, rules, f);
    if (kt_is_hdf5(b->data, b->size))
        return from_hdf5(m, name, b->data, b->size, rules, f);
    if (kt_is_tfjs(b->data, b->size))
        return kt_tfjs_weights(m, name, b->data, b->size, rules, f);
    if (b->size > 0 && b->data[0] == '{')
        return kt_raise(f, KT_E_VALUE, "%s: this is JSON, which holds no weights", name);
    if (kt_refuse_kind(name, b->data, b->size, f) == KT_OK || !strstr(f->e.message, "neither"))
        return f->e.status;
    kt_fault_clear(f);
    return kt_raise(f, KT_E_VALUE, "%s: no weights: neither .keras, .weights.h5 nor .npz", name);
}

kt_status kt_load_weights_with(kt_model *m, const char *path, int by_name, int skip_mismatch,
                               int *skipped)
{
    kt_fault      f = {0};
    kt_bytes      b = {0};
    kt_load_rules rules = {.by_name = by_name != 0, .skip_mismatch = skip_mismatch != 0};

    if (skipped)
        *skipped = 0;
    if (kt_model_enter(m, "kt_load_weights") != KT_OK)
        return m ? m->fault.e.status : KT_E_VALUE;
    path = path ? path : "";
    if (!m->root->built)
        return kt_raise(&m->fault, KT_E_VALUE,
                        "%s: the model has no weights yet, as it declares no input shape: build it "
                        "first",
                        path);
    if (kt_is_folder(path))
        kt_refuse_folder(path, &f);
    else if (kt_file_read(path, &b, &f) == KT_OK)
        kt_weights_from(m, path, &b, &rules, &f);
    kt_bytes_free(&b);
    m->weights_set = m->weights_set || (f.e.status == KT_OK && rules.set > 0);
    kt_fault_copy(&m->fault, &f);
    kt_fault_clear(&f);
    if (skipped)
        *skipped = rules.skipped;
    return m->fault.e.status;
}

kt_status kt_load_weights(kt_model *m, const char *path)
{
    return kt_load_weights_with(m, path, 0, 0, NULL);
}
