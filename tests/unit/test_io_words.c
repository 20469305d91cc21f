/* test_io_words.c - configurations of models with one value changed or missing, and HDF5 files with
 * one name changed: what is made of them, and what is said of those that are refused, is what
 * tests/support/damage_words.txt has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "io/io.h"
#include "support/damage.h"
#include "support/facts.h"

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

static kt_status read_file(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_model *m = kt_load_memory(data, size, "model.h5");

    if (kt_failed(m))
        kt_raise(f, kt_model_error(m)->status, "%s", kt_model_error(m)->message);
    for (int i = 0; !kt_failed(m) && i < kt_weights(m); i++) {
        const kt_tensor *t = kt_weight_at(m, i, NULL);
        damage_saw(t->data, (size_t)t->count * kt_dtype_size(t->dtype));
    }
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

static void words_of(const char *file, bool store, kt_str *out)
{
    const char *top = getenv("KERATIN_SOURCE"), *name = strrchr(file, '/') + 1;
    kt_bytes    b = {0};
    kt_str      path = {0};
    kt_arena    a = {0};
    kt_fault    f = {0};
    kt_value   *v = NULL;

    kt_str_printf(&path, "%s/tests/%s", top ? top : ".", file);
    if (kt_file_read(kt_str_text(&path), &b, &f) == KT_OK && store)
        damage_names(name, read_file, b.data, b.size, out);
    else if (f.e.status == KT_OK)
        v = kt_json_parse(file, (const char *)b.data, b.size, &a, &f);
    if (f.e.status != KT_OK)
        fail_msg("%s", f.e.message);
    if (v)
        damage_values(name, read_model, &(damage_part){v, v}, 1, out);
    kt_bytes_free(&b);
    kt_str_free(&path);
    kt_arena_free(&a);
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

static void what_is_said(void **state)
{
    kt_str lines = {0};

    (void)state;
    need_reading(true);
    for (size_t i = 0; i < KT_COUNT(files); i++)
        if (damage_in_turn(files[i]))
            words_of(files[i], false, &lines);
    for (size_t i = 0; i < KT_COUNT(stores); i++)
        if (damage_in_turn(stores[i]))
            words_of(stores[i], true, &lines);
    words_of_operations(&lines);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
