/* facts.c - what a file holds, without making a model of it: kt_file_look. */
#include <stdio.h>
#include <string.h>

#include "io/io.h"

#define LARGEST_ARCHIVE ((size_t)1 << 36)

static void copy(char *to, size_t room, const char *text)
{
    snprintf(to, room, "%s", text ? text : "");
}

static void add_part(kt_file_facts *out, const char *name, int64_t bytes)
{
    if (out->parts < KT_FILE_PARTS) {
        copy(out->part[out->parts].name, sizeof out->part[0].name, name);
        out->part[out->parts].bytes = bytes;
    }
    out->parts++;
}

static bool any(const kt_value *v)
{
    return v && v->kind == KT_DICT && v->n > 0;
}

/* --- HDF5 ------------------------------------------------------------------------------------- */

/* An attribute with JSON, as a part; true: it is there. */
static bool text_part(kt_h5 *h, const char *attr, kt_arena *a, kt_file_facts *out, kt_fault *f)
{
    const char *text = kt_h5_attr_text(h, "/", attr, a, f);

    if (text)
        add_part(out, attr, (int64_t)strlen(text));
    return text != NULL;
}

static void origin(kt_h5 *h, const char *group, kt_arena *a, kt_file_facts *out, kt_fault *f)
{
    if (!*out->keras)
        copy(out->keras, sizeof out->keras, kt_h5_attr_text(h, group, "keras_version", a, f));
    if (!*out->backend)
        copy(out->backend, sizeof out->backend, kt_h5_attr_text(h, group, "backend", a, f));
}

static bool group_part(kt_h5 *h, const char *group, kt_file_facts *out)
{
    bool there = kt_h5_exists(h, group);

    if (there)
        add_part(out, group, -1);
    return there;
}

static void look_hdf5(const char *name, const void *data, size_t size, kt_file_facts *out,
                      kt_fault *f)
{
    kt_arena a = {0};
    kt_h5   *h = kt_h5_open(name, data, size, f);

    if (h) {
        origin(h, "/", &a, out, f);
        out->has_model = text_part(h, "model_config", &a, out, f);
        out->compiled = text_part(h, "training_config", &a, out, f);
        if (group_part(h, "model_weights", out)) {
            origin(h, "model_weights", &a, out, f);
            out->has_weights = 1;
        }
        out->has_state = group_part(h, "optimizer_weights", out) ||
                         kt_h5_exists(h, "optimizer/vars/2");
        if (!out->has_model)
            out->has_weights = 1;
        copy(out->kind, sizeof out->kind, out->has_model ? "HDF5 model" : "HDF5 weights");
    }
    kt_h5_close(h, NULL, NULL);
    kt_arena_free(&a);
}

/* --- zip -------------------------------------------------------------------------------------- */

/* Others are told by their names alone. */
static size_t most_bytes(const char *entry)
{
    if (kt_streq(entry, "config.json") || kt_streq(entry, "metadata.json"))
        return kt_json_limit();
    return kt_streq(entry, "model.weights.h5") ? LARGEST_ARCHIVE : 0;
}

static void look_archive_state(const char *name, const kt_bytes *b, kt_file_facts *out, kt_fault *f)
{
    kt_h5 *h = kt_h5_open(name, b->data, b->size, f);

    out->has_state = h && kt_h5_exists(h, "optimizer/vars/2");
    kt_h5_close(h, NULL, NULL);
}

static void look_entry(const char *name, const kt_zip_entry *e, kt_arena *a, kt_file_facts *out,
                       kt_fault *f)
{
    bool            there = e->bytes.data != NULL;
    bool            json = there && !kt_streq(e->name, "model.weights.h5");
    const kt_value *v = json ? kt_json_parse(name, (const char *)e->bytes.data, e->bytes.size, a, f)
                             : NULL;

    add_part(out, e->name, there ? (int64_t)e->bytes.size : -1);
    if (!there)
        return;
    if (kt_streq(e->name, "metadata.json"))
        copy(out->keras, sizeof out->keras, kt_value_text(kt_value_get(v, "keras_version")));
    if (kt_streq(e->name, "config.json")) {
        out->has_model = 1;
        out->compiled = any(kt_value_get(v, "compile_config"));
    }
    if (kt_streq(e->name, "model.weights.h5")) {
        out->has_weights = 1;
        look_archive_state(name, &e->bytes, out, f);
    }
}

static void look_zip(const char *name, const void *data, size_t size, kt_file_facts *out,
                     kt_fault *f)
{
    kt_zip_entry *entries = NULL;
    kt_arena      a = {0};
    int           n = 0;
    bool          arrays = true;

    if (kt_zip_read_wanted(name, data, size, LARGEST_ARCHIVE, most_bytes, &entries, &n, f) == KT_OK)
        for (int i = 0; i < n && f->e.status == KT_OK; i++) {
            arrays = arrays && strlen(entries[i].name) > 4 &&
                     kt_streq(entries[i].name + strlen(entries[i].name) - 4, ".npy");
            look_entry(name, &entries[i], &a, out, f);
        }
    arrays = arrays && n > 0;
    out->has_weights = out->has_weights || arrays;
    copy(out->kind, sizeof out->kind,
         out->has_model ? "Keras archive"
         : arrays       ? "arrays (.npz)"
                        : "zip archive");
    kt_zip_free(entries, n);
    kt_arena_free(&a);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void look_json(const char *name, const void *data, size_t size, kt_file_facts *out,
                      kt_fault *f)
{
    kt_arena        a = {0};
    const kt_value *v = kt_json_parse(name, data, size, &a, f);
    const kt_value *topology = kt_value_get(v, "modelTopology"), *of = topology ? topology : v;
    const kt_value *manifest = kt_value_get(v, "weightsManifest");

    copy(out->kind, sizeof out->kind, topology ? "TensorFlow.js layers-model" : "JSON model");
    copy(out->keras, sizeof out->keras, kt_value_text(kt_value_get(of, "keras_version")));
    copy(out->backend, sizeof out->backend, kt_value_text(kt_value_get(of, "backend")));
    out->has_model = topology || kt_value_get(v, "class_name");
    out->compiled = any(kt_value_get(of, "compile_config")) ||
                    any(kt_value_get(of, "training_config"));
    add_part(out, topology ? "modelTopology" : "configuration", (int64_t)size);
    for (size_t g = 0; kt_value_is_seq(manifest) && g < manifest->n; g++) {
        const kt_value *paths = kt_value_get(manifest->items[g], "paths");
        out->has_weights = 1;
        for (size_t i = 0; kt_value_is_seq(paths) && i < paths->n; i++)
            add_part(out, kt_value_text(paths->items[i]), -1);
    }
    kt_arena_free(&a);
}

/* --- the file --------------------------------------------------------------------------------- */

static void look(const char *path, const kt_bytes *b, kt_file_facts *out, kt_fault *f)
{
    out->bytes = (int64_t)b->size;
    if (b->size > 4 && memcmp(b->data, "PK\003\004", 4) == 0)
        look_zip(path, b->data, b->size, out, f);
    else if (kt_is_hdf5(b->data, b->size))
        look_hdf5(path, b->data, b->size, out, f);
    else if (b->size > 0 && memchr(b->data, '{', b->size < 16 ? b->size : 16))
        look_json(path, b->data, b->size, out, f);
    else
        kt_refuse_kind(path, b->data, b->size, f);
}

kt_status kt_file_look(const char *path, kt_file_facts *out)
{
    kt_fault f = {0};
    kt_bytes b = {0};

    if (!path || !out)
        return kt_raise_null("kt_file_look", !path ? "the path" : "the facts");
    *out = (kt_file_facts){0};
    if (kt_is_folder(path))
        kt_refuse_folder(path, &f);
    else if (kt_file_read(path, &b, &f) == KT_OK)
        look(path, &b, out, &f);
    kt_bytes_free(&b);
    return kt_fault_leave(&f);
}
