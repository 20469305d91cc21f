/* io.c - saving by a name's ending, loading by content. */
#include <string.h>

#include "io/io.h"

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);

    return n >= k && strcmp(text + n - k, end) == 0;
}

/* By the ending of the name, the first row that has it; NULL and the error if there is none. */
static const kt_format *format_for(const char *path, bool weights_only, kt_fault *f)
{
    for (const kt_format *const *t = kt_format_table; *t; t++)
        if ((*t)->save && ends_with(path, (*t)->suffix) && (!weights_only || (*t)->weights))
            return *t;
    if (weights_only)
        kt_raise(f, KT_E_VALUE,
                 "cannot tell how to save weights to '%s': its name should end with .weights.h5",
                 path);
    else
        kt_raise(f, KT_E_VALUE,
                 "cannot tell how to save '%s': its name should end with .keras, .h5 or .json",
                 path);
    return NULL;
}

/* Also what ModelCheckpoint calls (kt_save_hook). */
kt_status kt_save_as(kt_model *m, const char *path, bool weights_only, kt_fault *f)
{
    const kt_format *format = format_for(path, weights_only, f);

    return format ? format->save(m, path, f) : f->e.status;
}

/* What BackupAndRestore calls (kt_restore_hook). */
kt_status kt_restore_from(kt_model *m, const char *path, kt_fault *f)
{
    kt_bytes b = {0};
    kt_h5   *h = kt_file_read(path, &b, f) == KT_OK ? kt_h5_open(path, b.data, b.size, f) : NULL;

    if (h) {
        kt_weights_read(m, h, path, f);
        kt_h5_close(h, NULL, NULL);
    }
    kt_bytes_free(&b);
    return f->e.status;
}

kt_status kt_check_save_as(kt_model *m, const char *path, bool weights_only, kt_fault *f)
{
    kt_arena a = {0};

    if (format_for(path, weights_only, f) && kt_file_writable(path, f) == KT_OK)
        kt_model_value(m, &a, f); /* every class says its configuration */
    kt_arena_free(&a);
    return f->e.status;
}

kt_status kt_check_save(kt_model *m, const char *path)
{
    if (kt_model_enter(m, "kt_check_save") != KT_OK)
        return m ? m->fault.e.status : KT_E_VALUE;
    return kt_check_save_as(m, path ? path : "", false, &m->fault);
}

char *kt_why_not_written(const char *path)
{
    kt_fault f = {0};
    char    *text = NULL;

    if (kt_file_writable(path ? path : "", &f) != KT_OK)
        text = kt_strdup(f.e.message);
    kt_fault_clear(&f);
    return text;
}

void kt_set_config_limit(size_t bytes)
{
    kt_json_set_limit(bytes);
}

kt_status kt_save(kt_model *m, const char *path)
{
    if (kt_model_enter(m, "kt_save") != KT_OK)
        return m ? m->fault.e.status : KT_E_VALUE;
    return kt_save_as(m, path ? path : "", false, &m->fault);
}

/* A model that only carries the failure, so that callers may check once. */
static kt_model *failed(kt_fault *f)
{
    kt_model *m = kt_sequential_of((kt_layer *const[]){NULL});

    if (m)
        kt_fault_copy(&m->fault, f);
    kt_fault_clear(f);
    return m;
}

kt_model *kt_load_memory(const void *data, size_t size, const char *name)
{
    kt_fault  f = {0};
    kt_model *m = NULL;
    bool      known = !data;

    if (!data)
        kt_raise(&f, KT_E_VALUE, "kt_load_memory: data is NULL");
    if (!name)
        name = "memory";
    for (const kt_format *const *t = kt_format_table; *t && !known; t++) {
        known = (*t)->load && (*t)->matches(data, size);
        if (known)
            m = (*t)->load(name, data, size, &f);
    }
    if (!known)
        kt_refuse_kind(name, data, size, &f);
    if (!m)
        return failed(&f);
    kt_fault_copy(&m->fault, &f);
    kt_fault_clear(&f);
    return m;
}

kt_model *kt_load(const char *path)
{
    kt_fault f = {0};
    kt_bytes b = {0};

    if (kt_is_folder(path))
        kt_refuse_folder(path, &f);
    else
        kt_file_read(path, &b, &f);
    if (f.e.status != KT_OK)
        return failed(&f);
    kt_model *m = kt_load_memory(b.data, b.size, path);
    if (!kt_failed(m) && kt_is_tfjs(b.data, b.size)) {
        kt_tfjs_weights(m, path, b.data, b.size, NULL, &f);
        kt_fault_copy(&m->fault, &f);
        kt_fault_clear(&f);
    }
    kt_bytes_free(&b);
    return m;
}

kt_value *kt_config_load(const char *path, kt_arena *a, bool *weights, kt_fault *f)
{
    kt_bytes  b = {0};
    kt_value *v = NULL;
    bool      known = false;

    if (kt_file_read(path, &b, f) != KT_OK)
        return NULL;
    for (const kt_format *const *t = kt_format_table; *t && !known; t++) {
        known = (*t)->config && (*t)->matches(b.data, b.size);
        if (known)
            v = (*t)->config(path, b.data, b.size, a, weights, f);
    }
    if (!known)
        kt_raise(f, KT_E_VALUE, "%s: neither a .keras archive, an .h5 nor a JSON model", path);
    kt_bytes_free(&b);
    return v;
}

kt_model *kt_from_json(const char *json)
{
    return kt_load_memory(json ? json : "", json ? strlen(json) : 0, "JSON text");
}

void kt_text_free(char *text)
{
    kt_free(text);
}

/* --- single arrays ---------------------------------------------------------------------------- */

kt_tensor *kt_tensor_load(const char *path, char **error)
{
    kt_fault   f = {0};
    kt_data   *d = kt_data_new();
    kt_tensor *t = NULL;

    if (!d)
        kt_raise_memory(&f);
    else if (kt_data_read(d, path, false, NULL) == KT_OK && d->n_x == 1)
        t = kt_tensor_ref(d->x[0].t);
    else if (kt_fault_copy(&f, &d->fault) == KT_OK)
        kt_raise(&f, KT_E_VALUE, "%s: holds %d arrays, one was expected", path, d->n_x);
    kt_data_free(d);
    if (error) {
        *error = f.e.status != KT_OK ? kt_strdup(f.e.message) : NULL;
        kt_fault_clear(&f);
    }
    kt_fault_leave(&f); /* to the thread, where the caller does not ask */
    return t;
}

kt_status kt_tensor_save(const kt_tensor *t, const char *path)
{
    kt_fault f = {0};
    kt_str   text = {0};
    kt_array a;

    if (!t || !path)
        return kt_raise_null("kt_tensor_save", !t ? "the tensor" : "the path");
    kt_tensor *held = kt_array_from_tensor(&a, t);
    if (!held)
        kt_raise_memory(&f);
    else if (kt_npy_print(&a, &text, &f) == KT_OK)
        kt_file_write(path, kt_str_text(&text), text.len, &f);
    kt_str_free(&text);
    kt_tensor_unref(held);
    return kt_fault_leave(&f);
}
