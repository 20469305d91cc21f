/* keras.c - .keras: a zip of metadata.json, config.json and model.weights.h5. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/io.h"

enum { KERAS_MAJOR = 3 };
#define LARGEST_ARCHIVE ((size_t)1 << 36)

static bool matches(const uint8_t *data, size_t size)
{
    return size > 4 && memcmp(data, "PK\003\004", 4) == 0;
}

static const kt_bytes *find(const kt_zip_entry *entries, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (kt_streq(entries[i].name, name) && entries[i].bytes.data)
            return &entries[i].bytes;
    return NULL;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The Keras that wrote the file: 2 (2.12 to 2.15) or 3, which is the rule. Raises others. */
static long version_of(const char *name, const kt_value *v, kt_fault *f)
{
    const char *version = kt_value_text(kt_value_get(v, "keras_version"));
    long        major = version ? strtol(version, NULL, 10) : KERAS_MAJOR;

    if (f->e.status == KT_OK && major != KERAS_MAJOR && major != 2)
        kt_raise(f, KT_E_VALUE, "%s: written by Keras %s; Keratin reads files of Keras 2 and %d",
                 name, version, KERAS_MAJOR);
    return major;
}

/* What Keratin adds to metadata.json, which Keras passes over: {"keratin": {"columns": {...}}}. */
static kt_legend *read_legend(const kt_value *metadata, const char *name, kt_fault *f)
{
    const kt_value *v = kt_value_get(kt_value_get(metadata, "keratin"), "columns");

    return v ? kt_legend_from_value(v, name, f) : NULL;
}

static kt_status load_weights(kt_model *m, const char *name, const kt_bytes *bytes, kt_fault *f)
{
    kt_h5 *h = kt_h5_open(name, bytes->data, bytes->size, f);

    if (!h)
        return f->e.status;
    kt_weights_read(m, h, name, f);
    kt_h5_close(h, NULL, NULL);
    return f->e.status;
}

static void refuse(const char *name, const kt_zip_entry *entries, int n, kt_fault *f)
{
    const char **names = kt_calloc((size_t)n + 1, sizeof *names);

    for (int i = 0; names && i < n; i++)
        names[i] = entries[i].name;
    if (names)
        kt_refuse_archive(name, names, n, f);
    else
        kt_raise_memory(f);
    kt_free(names);
}

static kt_model *model_of(kt_value *v, bool old, const char *name, kt_arena *a, kt_fault *f)
{
    const kt_value *compile = old ? kt_value_get(v, "compile_config") : NULL;

    if (compile && !kt_value_set(a, v, "compile_config", kt_value_new(a, KT_NONE)))
        kt_raise_memory(f);
    kt_model *m = f->e.status == KT_OK ? kt_model_from_value(v, name, f) : NULL;
    if (m && !kt_failed(m) && compile && compile->kind == KT_DICT)
        kt_compile_legacy(m, compile, a);
    return m;
}

static kt_model *load_entries(const char *name, const kt_zip_entry *entries, int n, kt_arena *a,
                              kt_fault *f)
{
    const kt_bytes *config = find(entries, n, "config.json"),
                   *metadata = find(entries, n, "metadata.json"),
                   *weights = find(entries, n, "model.weights.h5");

    if (!config) {
        refuse(name, entries, n, f);
        return NULL;
    }
    const kt_value *about = metadata ? kt_json_parse(name, (const char *)metadata->data,
                                                     metadata->size, a, f)
                                     : NULL;
    long            version = version_of(name, about, f);
    if (f->e.status != KT_OK)
        return NULL;
    kt_value *v = kt_json_parse(name, (const char *)config->data, config->size, a, f);
    if (v && version < KERAS_MAJOR && kt_translate(v, 2, name, a, f) != KT_OK)
        return NULL;

    kt_limit_weights(weights ? (int64_t)weights->size : -1, KT_LIMIT_OF_FILE);
    kt_model *m = v ? model_of(v, version < KERAS_MAJOR, name, a, f) : NULL;
    kt_limit_weights(-1, NULL);
    if (!m || kt_failed(m))
        return m;
    if (!weights)
        kt_raise(f, KT_E_VALUE, "%s: model.weights.h5 is missing", name);
    else if (load_weights(m, name, weights, f) == KT_OK &&
             kt_assets_read(m, entries, n, f) == KT_OK)
        m->legend = read_legend(about, name, f);
    m->weights_set = f->e.status == KT_OK;
    kt_fault_copy(&m->fault, f);
    return m;
}

/* What a model is made of; other members (of another program) are not read. */
static size_t most_bytes(const char *entry)
{
    if (kt_streq(entry, "config.json") || kt_streq(entry, "metadata.json"))
        return kt_json_limit();
    return kt_streq(entry, "model.weights.h5") ? LARGEST_ARCHIVE : kt_asset_limit(entry);
}

static kt_model *load(const char *name, const void *data, size_t size, kt_fault *f)
{
    kt_zip_entry *entries = NULL;
    kt_arena      a = {0};
    kt_model     *m = NULL;
    int           n = 0;

    if (kt_zip_read_wanted(name, data, size, LARGEST_ARCHIVE, most_bytes, &entries, &n, f) == KT_OK)
        m = load_entries(name, entries, n, &a, f);
    kt_zip_free(entries, n);
    kt_arena_free(&a);
    return m;
}

static kt_value *read_config(const char *name, const kt_zip_entry *entries, int n, kt_arena *a,
                             kt_fault *f)
{
    const kt_bytes *text = find(entries, n, "config.json"),
                   *metadata = find(entries, n, "metadata.json");

    if (!text) {
        kt_raise(f, KT_E_VALUE, "%s: no Keras archive: config.json is missing", name);
        return NULL;
    }
    const kt_value *about = metadata ? kt_json_parse(name, (const char *)metadata->data,
                                                     metadata->size, a, f)
                                     : NULL;
    long            version = version_of(name, about, f);
    kt_value       *v = f->e.status == KT_OK
                          ? kt_json_parse(name, (const char *)text->data, text->size, a, f)
                          : NULL;
    bool            old = v && version < KERAS_MAJOR;
    return old && kt_translate(v, 2, name, a, f) != KT_OK ? NULL : v;
}

static kt_value *config(const char *name, const void *data, size_t size, kt_arena *a, bool *weights,
                        kt_fault *f)
{
    kt_zip_entry *entries = NULL;
    kt_value     *v = NULL;
    int           n = 0;

    if (kt_zip_read_wanted(name, data, size, LARGEST_ARCHIVE, most_bytes, &entries, &n, f) ==
        KT_OK) {
        *weights = find(entries, n, "model.weights.h5") != NULL;
        v = read_config(name, entries, n, a, f);
    }
    kt_zip_free(entries, n);
    return v;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void metadata_text(const kt_model *m, kt_arena *a, kt_str *out)
{
    time_t    now = time(NULL);
    struct tm t = {0};
    char      date[32] = "";
    kt_value *v = kt_value_new(a, KT_DICT), *own = m->legend ? kt_value_new(a, KT_DICT) : NULL;

    if (gmtime_r(&now, &t))
        strftime(date, sizeof date, "%Y-%m-%d@%H:%M:%S", &t);
    bool ok = kt_value_add(a, v, "keras_version", kt_value_str(a, KT_KERAS_VERSION)) &&
              kt_value_add(a, v, "date_saved", kt_value_str(a, date));
    if (m->legend)
        ok = ok && kt_value_add(a, own, "columns", kt_legend_value(m->legend, a)) &&
             kt_value_add(a, v, "keratin", own);
    if (ok)
        kt_json_print(out, v, -1);
    out->failed = out->failed || !ok;
}

static kt_bytes bytes_of(const kt_str *s)
{
    return (kt_bytes){.data = (uint8_t *)s->data, .size = s->len};
}

enum { PARTS = 3 };

static void write_members(kt_model *m, const char *path, const kt_zip_entry *parts, kt_fault *f)
{
    kt_zip_entry *entries = kt_calloc(PARTS, sizeof *entries);
    int           n = PARTS;

    if (!entries)
        kt_raise_memory(f);
    else
        memcpy(entries, parts, PARTS * sizeof *entries);
    if (entries && kt_assets_write(m, &entries, &n, f) == KT_OK)
        kt_zip_write(path, entries, n, f);
    for (int i = PARTS; i < n; i++) {
        kt_free((void *)(uintptr_t)entries[i].name);
        kt_bytes_free(&entries[i].bytes);
    }
    kt_free(entries);
}

static kt_status save(kt_model *m, const char *path, kt_fault *f)
{
    kt_arena  a = {0};
    kt_str    config = {0}, metadata = {0};
    kt_bytes  weights = {0};
    bool      before = kt_set_assets_apart(true);
    kt_value *v = kt_model_value(m, &a, f);

    kt_set_assets_apart(before);
    if (v) {
        kt_json_print(&config, v, -1);
        metadata_text(m, &a, &metadata);
        if (config.failed || metadata.failed)
            kt_raise_memory(f);
    }
    if (f->e.status == KT_OK && kt_weights_image(m, &weights, f) == KT_OK) {
        const kt_zip_entry parts[PARTS] = {{.name = "metadata.json", .bytes = bytes_of(&metadata)},
                                           {.name = "config.json", .bytes = bytes_of(&config)},
                                           {.name = "model.weights.h5", .bytes = weights}};
        write_members(m, path, parts, f);
    }
    kt_bytes_free(&weights);
    kt_str_free(&config);
    kt_str_free(&metadata);
    kt_arena_free(&a);
    return f->e.status;
}

const kt_format kt_format_keras = {.name = "Keras archive",
                                   .suffix = ".keras",
                                   .matches = matches,
                                   .load = load,
                                   .config = config,
                                   .save = save};
