/* json.c - .json: model.to_json(), the architecture without weights. */
#include "io/io.h"

static bool matches(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (data[i] != ' ' && data[i] != '\n' && data[i] != '\r' && data[i] != '\t')
            return data[i] == '{';
    return false;
}

/* Keras 1 and 2 say their version; the first said nothing and had a Sequential's layers for its
 * configuration. */
static int keras_of(const kt_value *v)
{
    bool first = kt_value_is_seq(kt_value_get(v, "config"));

    return kt_keras_of(kt_value_text(kt_value_get(v, "keras_version")), first ? 1 : 3);
}

static kt_value *read(const char *name, const void *data, size_t size, kt_arena *a, kt_fault *f)
{
    kt_value *v = kt_json_parse(name, data, size, a, f);

    return v && keras_of(v) < 3 && kt_translate(v, keras_of(v), name, a, f) != KT_OK ? NULL : v;
}

static kt_model *load(const char *name, const void *data, size_t size, kt_fault *f)
{
    kt_arena  a = {0};
    kt_value *v = read(name, data, size, &a, f);
    kt_model *m = v ? kt_model_from_value(v, name, f) : NULL;

    kt_arena_free(&a);
    return m;
}

static kt_value *config(const char *name, const void *data, size_t size, kt_arena *a, bool *weights,
                        kt_fault *f)
{
    *weights = false;
    return read(name, data, size, a, f);
}

static kt_status print(kt_model *m, kt_str *out, kt_fault *f)
{
    kt_arena  a = {0};
    kt_value *v = kt_model_value(m, &a, f);

    if (v)
        kt_json_print(out, v, -1);
    if (out->failed)
        kt_raise_memory(f);
    kt_arena_free(&a);
    return f->e.status;
}

static kt_status save(kt_model *m, const char *path, kt_fault *f)
{
    kt_str text = {0};

    if (print(m, &text, f) == KT_OK)
        kt_file_write(path, kt_str_text(&text), text.len, f);
    kt_str_free(&text);
    return f->e.status;
}

char *kt_to_json(kt_model *m)
{
    kt_str text = {0};

    if (kt_model_enter(m, "kt_to_json") != KT_OK)
        return NULL;
    if (print(m, &text, &m->fault) == KT_OK)
        return text.data;
    kt_str_free(&text);
    return NULL;
}

const kt_format kt_format_json = {.name = "JSON model",
                                  .suffix = ".json",
                                  .matches = matches,
                                  .load = load,
                                  .config = config,
                                  .save = save};
