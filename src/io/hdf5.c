/* hdf5.c - .h5: a whole model in one HDF5 file, as Keras 1 to 3 write it. The configurations are
 * attributes, the weights lie by layer (legacy_weights.c). */
#include <string.h>

#include "io/io.h"

/* --- reading ---------------------------------------------------------------------------------- */

static bool matches(const uint8_t *data, size_t size)
{
    return kt_is_hdf5(data, size);
}

/* An attribute with JSON, of this Keras' form; NULL: absent, or f raised. */
static kt_value *read_config(kt_h5 *h, const char *attr, int keras, const char *name, kt_arena *a,
                             kt_fault *f)
{
    const char *text = kt_h5_attr_text(h, "/", attr, a, f);
    kt_value   *v = text ? kt_json_parse(name, text, strlen(text), a, f) : NULL;

    if (v)
        kt_translate(v, keras, name, a, f);
    return f->e.status == KT_OK ? v : NULL;
}

static kt_status fill(kt_model *m, kt_h5 *h, int keras, const char *name, kt_arena *a, kt_fault *f)
{
    if (kt_h5_exists(h, "model_weights"))
        kt_legacy_read(m, h, "model_weights", true, name, NULL, f);
    else
        kt_raise(f, KT_E_VALUE, "%s: the group 'model_weights' is missing", name);
    const kt_value *training = f->e.status == KT_OK
                                 ? read_config(h, "training_config", keras, name, a, f)
                                 : NULL;
    if (!training || f->e.status != KT_OK)
        return f->e.status;
    if (kt_compile_legacy(m, training, a) == KT_OK && m->compiled)
        kt_legacy_read_optimizer(m, h, name, f);
    return f->e.status;
}

/* The Keras that wrote the file; the first ones did not say. */
static int keras_of(kt_h5 *h, kt_arena *a, kt_fault *f)
{
    return kt_keras_of(kt_h5_attr_text(h, "/", "keras_version", a, f), 1);
}

static kt_value *read_model(kt_h5 *h, const char *name, kt_arena *a, kt_fault *f)
{
    int       keras = keras_of(h, a, f);
    kt_value *v = f->e.status == KT_OK ? read_config(h, "model_config", keras, name, a, f) : NULL;

    if (!v && f->e.status == KT_OK)
        kt_raise(f, KT_E_VALUE,
                 "%s: this HDF5 file holds no model (model_config is missing): if it holds "
                 "weights alone, give it as --weights beside the model's JSON",
                 name);
    return v;
}

static kt_model *load_open(kt_h5 *h, size_t size, const char *name, kt_arena *a, kt_fault *f)
{
    kt_value *v = read_model(h, name, a, f);

    kt_limit_weights((int64_t)size, KT_LIMIT_OF_FILE);
    kt_model *m = v ? kt_model_from_value(v, name, f) : NULL;
    kt_limit_weights(-1, NULL);

    if (!m || kt_failed(m))
        return m;
    if (fill(m, h, keras_of(h, a, f), name, a, f) == KT_OK)
        m->weights_set = true;
    kt_fault_copy(&m->fault, f);
    return m;
}

static kt_model *load(const char *name, const void *data, size_t size, kt_fault *f)
{
    kt_arena  a = {0};
    kt_h5    *h = kt_h5_open(name, data, size, f);
    kt_model *m = h ? load_open(h, size, name, &a, f) : NULL;

    kt_h5_close(h, NULL, NULL);
    kt_arena_free(&a);
    return m;
}

static kt_value *config(const char *name, const void *data, size_t size, kt_arena *a, bool *weights,
                        kt_fault *f)
{
    kt_h5    *h = kt_h5_open(name, data, size, f);
    kt_value *v = h ? read_model(h, name, a, f) : NULL;

    *weights = h && kt_h5_exists(h, "model_weights");
    kt_h5_close(h, NULL, NULL);
    return v;
}

/* --- writing ---------------------------------------------------------------------------------- */

static kt_status set_json(kt_h5 *h, const char *attr, const kt_value *v, kt_fault *f)
{
    kt_str text = {0};

    if (v)
        kt_json_print(&text, v, -1);
    if (!v || text.failed)
        kt_raise_memory(f);
    else
        kt_h5_set_attr_text(h, "/", attr, kt_str_text(&text), f);
    kt_str_free(&text);
    return f->e.status;
}

static kt_status write_all(kt_model *m, kt_h5 *h, const kt_value *v, kt_arena *a, kt_fault *f)
{
    static const char *const groups[] = {"/", "model_weights"};
    const kt_value          *compile = m->compiled ? kt_value_get(v, "compile_config") : NULL;

    if (set_json(h, "model_config", kt_legacy_model(v, a), f) != KT_OK ||
        (compile && m->optimizer &&
         set_json(h, "training_config", kt_legacy_training(compile, m->optimizer_of, a), f) !=
             KT_OK) ||
        kt_legacy_write(m, h, f) != KT_OK)
        return f->e.status;
    for (size_t i = 0; i < KT_COUNT(groups) && f->e.status == KT_OK; i++)
        if (kt_h5_set_attr_text(h, groups[i], "keras_version", KT_KERAS_VERSION, f) == KT_OK)
            kt_h5_set_attr_text(h, groups[i], "backend", "tensorflow", f);
    return f->e.status;
}

static kt_status save(kt_model *m, const char *path, kt_fault *f)
{
    kt_arena  a = {0};
    kt_bytes  image = {0};
    kt_value *v = kt_model_value(m, &a, f);
    kt_h5    *h = v ? kt_h5_create(f) : NULL;

    if (h)
        write_all(m, h, v, &a, f);
    if (h && kt_h5_close(h, f->e.status == KT_OK ? &image : NULL, f) == KT_OK &&
        f->e.status == KT_OK)
        kt_file_write(path, image.data, image.size, f);
    kt_bytes_free(&image);
    kt_arena_free(&a);
    return f->e.status;
}

const kt_format kt_format_hdf5 = {.name = "HDF5 model",
                                  .suffix = ".h5",
                                  .matches = matches,
                                  .load = load,
                                  .config = config,
                                  .save = save};
