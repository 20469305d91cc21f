/* test_io_words.c - configurations of models and of their training with one value changed or
 * missing, HDF5 files with one name changed, archives with one file missing: what is made of them,
 * and what is said of those that are refused, is what tests/support/damage_words.txt has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/io.h"
#include "model/model.h"
#include "support/damage.h"
#include "support/facts.h"
#include "support/test_file.h"

static kt_status read_model(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_model *m = kt_from_json((const char *)data); /* a text with its end */
    char     *text = kt_failed(m) ? NULL : kt_to_json(m);

    (void)size;
    if (kt_failed(m))
        kt_raise(f, kt_model_error(m)->status, "%s", kt_model_error(m)->message);
    else if (text)
        damage_saw(text, strlen(text));
    kt_text_free(text);
    kt_model_free(m);
    return f->e.status;
}

static void saw_weights(kt_model *m)
{
    for (int i = 0; i < kt_weights(m); i++) {
        const kt_tensor *t = kt_weight_at(m, i, NULL);
        damage_saw(t->data, (size_t)t->count * kt_dtype_size(t->dtype));
    }
}

static void saw_value(const kt_value *v)
{
    kt_str text = {0};

    kt_value_repr(&text, v);
    damage_saw(kt_str_text(&text), text.len);
    kt_str_free(&text);
}

static kt_status read_file(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_model *m = kt_load_memory(data, size, "model.h5");

    if (kt_failed(m))
        kt_raise(f, kt_model_error(m)->status, "%s", kt_model_error(m)->message);
    if (!kt_failed(m))
        saw_weights(m);
    kt_model_free(m);
    return f->e.status;
}

/* A model.json of TensorFlow.js, whose numbers lie beside it: what it says of compilation, and the
 * weights. */
static const char *place;

static kt_status read_tfjs(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_model *m = kt_load_memory(data, size, place);

    if (!kt_failed(m))
        kt_tfjs_weights(m, place, data, size, NULL, f);
    if (kt_failed(m))
        kt_raise(f, kt_model_error(m)->status, "%s", kt_model_error(m)->message);
    if (!kt_failed(m) && m->compiled)
        saw_value(m->compile_config);
    if (!kt_failed(m) && !kt_weights_are_fresh(m))
        saw_weights(m);
    kt_model_free(m);
    return f->e.status;
}

/* --- the table -------------------------------------------------------------------------------- */

static const char *const files[] = {
    "fuzz/seeds/model/dense.json",
    "fuzz/seeds/model/keras1.json",
    "fuzz/seeds/model/keras2.json",
    "fuzz/seeds/model/keras2_keywords.json",
    "goldens/legacy/keras1_2_recurrent_gpu.json",
    "goldens/legacy/keras2_12_text.json",
    "goldens/legacy/keras2_apart.json",
};

static const char *const stores[] = {
    "goldens/legacy/keras1_2_adam.h5",
    "goldens/legacy/keras1_2_recurrent.h5",
    "goldens/legacy/keras2_adam.h5",
    "goldens/legacy/keras3_plain.h5",
};

/* TensorFlow.js, and files compiled in many ways. */
static const char *const manifests[] = {
    "goldens/legacy/tfjs_half.json",     "goldens/legacy/tfjs_plain.json",
    "goldens/legacy/tfjs_prefixed.json", "goldens/legacy/tfjs_uint16.json",
    "goldens/legacy/tfjs_uint8.json",
};

static const char *const compiled[] = {
    "compiled2_0.h5",  "compiled2_1.h5",  "compiled2_2.h5",  "compiled2_3.h5",    "compiled2_4.h5",
    "compiled2_5.h5",  "keras2_sgd.h5",   "keras2_ftrl.h5",  "keras2_plain.h5",   "keras1_2_sgd.h5",
    "keras2_0_sgd.h5", "keras2_2_sgd.h5", "keras3_plain.h5", "keras2_12_adam.h5",
};

/* Of these the configuration of the model. */
static const char *const configurations[] = {
    "keras1_2_branches.h5", "keras1_2_modes.h5",     "keras1_2_shared.h5", "keras1_2_steps.h5",
    "keras1_2_volumes.h5",  "keras1_2_deconv_th.h5", "keras2_0_shared.h5", "keras2_2_cudnn.h5",
    "keras2_2_shared.h5",   "keras2_learnt.h5",      "keras3_frozen.h5",
};

static const char *const archives[] = {"keras2_archive.keras", "keras2_15_archive.keras"};

static void words_of_file(const char *file, kt_str *out)
{
    kt_bytes b = test_file(file);

    damage_names(strrchr(file, '/') + 1, read_file, b.data, b.size, out);
    kt_bytes_free(&b);
}

/* part: that of the JSON which is changed, or NULL. */
static void words_of(const char *file, damage_reader *read, const char *part, kt_str *out)
{
    kt_bytes b = {0};
    kt_arena a = {0};
    kt_fault f = {0};

    b = test_file(file);
    kt_value *v = kt_json_parse(file, (const char *)b.data, b.size, &a, &f);
    assert_non_null(v);
    place = strrchr(file, '/') + 1;
    damage_values(strrchr(file, '/') + 1, read, &(damage_part){v, part ? kt_value_get(v, part) : v},
                  1, out);
    kt_bytes_free(&b);
    kt_arena_free(&a);
}

/* A configuration that a file has as an attribute. */
static kt_value *attribute(kt_h5 *h, const char *name, kt_arena *a)
{
    kt_fault    f = {0};
    const char *text = kt_h5_attr_text(h, "/", name, a, &f);
    kt_value   *v = text ? kt_json_parse(name, text, strlen(text), a, &f) : NULL;

    if (!v)
        fail_msg("%s", text ? f.e.message : name);
    return v;
}

/* The training_config of a file, as that of a model.json; or its model_config. */
static void words_of_attribute(const char *name, bool training, kt_str *out)
{
    char     file[64];
    kt_bytes b = {0};
    kt_arena a = {0};
    kt_fault f = {0};

    snprintf(file, sizeof file, "goldens/legacy/%s", name);
    b = test_file(file);
    kt_h5    *h = kt_h5_open(name, b.data, b.size, &f);
    kt_value *version = kt_value_str(&a, kt_h5_attr_text(h, "/", "keras_version", &a, &f));
    kt_value *model = attribute(h, "model_config", &a);
    assert_int_equal(f.e.status, KT_OK);
    if (training) {
        kt_value *all = kt_value_new(&a, KT_DICT), *topology = kt_value_new(&a, KT_DICT);
        kt_value *config = attribute(h, "training_config", &a);
        kt_value_add(&a, all, "modelTopology", topology);
        kt_value_add(&a, topology, "keras_version", version);
        kt_value_add(&a, topology, "model_config", model);
        kt_value_add(&a, topology, "training_config", config);
        place = "model.json";
        damage_values(name, read_tfjs, &(damage_part){all, config}, 1, out);
    } else {
        kt_value_add(&a, model, "keras_version", version);
        damage_values(name, read_model, &(damage_part){model, kt_value_get(model, "config")}, 1,
                      out);
    }
    kt_h5_close(h, NULL, NULL);
    kt_bytes_free(&b);
    kt_arena_free(&a);
}

/* An archive without each of its files, and with each empty. */
static void words_of_archive(const char *name, kt_str *out)
{
    static const char written[] = "words.keras";
    char              file[64];
    kt_bytes          b = {0};
    kt_zip_entry     *entries = NULL;
    kt_fault          f = {0};
    int               n = 0;

    snprintf(file, sizeof file, "goldens/legacy/%s", name);
    b = test_file(file);
    kt_zip_read(name, b.data, b.size, 1 << 20, &entries, &n, &f);
    for (int i = 0; i < 2 * n; i++) {
        kt_zip_entry was = entries[i / 2];
        if (i % 2)
            entries[i / 2].bytes.size = 0;
        else
            entries[i / 2] = entries[n - 1];
        kt_zip_write(written, entries, i % 2 ? n : n - 1, &f);
        entries[i / 2] = was;
        kt_model *m = kt_load(written);
        kt_str_printf(out, "%s %s %s: %s\n", name, i % 2 ? "with an empty" : "without", was.name,
                      kt_failed(m) ? kt_model_error(m)->message : "read");
        kt_model_free(m);
    }
    if (f.e.status != KT_OK)
        fail_msg("%s", f.e.message);
    kt_zip_free(entries, n);
    kt_bytes_free(&b);
    unlink(written);
}

/* The configuration of one call of each class in keras.ops. */
static void words_of_operations(kt_str *out)
{
    enum { MOST = 400 };
    damage_part parts[MOST];
    const char *last = "";
    size_t      n = 0;
    facts       t;

    facts_open(&t, "operation_shapes");
    for (size_t i = 0; i < t.rows.n; i++) {
        kt_value       *model = kt_value_get(t.rows.at[i], "model");
        const kt_value *layers = kt_value_get(kt_value_get(model, "config"), "layers");
        const kt_value *layer = layers->items[layers->n - 1];
        const char     *name = kt_value_text(kt_value_get(layer, "class_name"));
        if (kt_streq(name, last))
            continue;
        assert_true(n < MOST);
        parts[n++] = (damage_part){model, kt_value_get(layer, "config")};
        last = name;
    }
    damage_values("operations", read_model, parts, n, out);
    facts_close(&t);
}

/* Files are named without a folder, so that messages are the same everywhere: this goes to a new
 * one, or beside the files of tests/goldens. */
static void go_to(char *made)
{
    char path[4096];

    if (made)
        assert_non_null(mkdtemp(made));
    else
        snprintf(path, sizeof path, "%s/tests/goldens/legacy", getenv("KERATIN_SOURCE"));
    assert_int_equal(chdir(made ? made : path), 0);
}

static void what_is_said(void **state)
{
    kt_str lines = {0};
    char   made[] = "/tmp/keratin-words-XXXXXX";
    char  *top = realpath(getenv("KERATIN_SOURCE") ? getenv("KERATIN_SOURCE") : ".", NULL);

    (void)state;
    need_reading(true);
    assert_non_null(top);
    setenv("KERATIN_SOURCE", top, 1);
    free(top);
    go_to(made);
    for (size_t i = 0; i < KT_COUNT(files); i++)
        if (damage_in_turn(files[i]))
            words_of(files[i], read_model, NULL, &lines);
    for (size_t i = 0; i < KT_COUNT(stores); i++)
        if (damage_in_turn(stores[i]))
            words_of_file(stores[i], &lines);
    for (size_t i = 0; i < KT_COUNT(archives); i++)
        words_of_archive(archives[i], &lines);
    for (size_t i = 0; i < KT_COUNT(compiled); i++)
        if (damage_in_turn(compiled[i]))
            words_of_attribute(compiled[i], true, &lines);
    for (size_t i = 0; i < KT_COUNT(configurations); i++)
        if (damage_in_turn(configurations[i]))
            words_of_attribute(configurations[i], false, &lines);
    words_of_operations(&lines);
    go_to(NULL);
    rmdir(made);
    for (size_t i = 0; i < KT_COUNT(manifests); i++)
        if (damage_in_turn(manifests[i]))
            words_of(manifests[i], read_tfjs, "weightsManifest", &lines);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
