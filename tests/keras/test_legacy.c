/* test_legacy.c - model files of Keras 2 and 3 compute what they did, and training goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/io.h"
#include "support/fact_model.h"

enum { MOST = 8 };

/* Keras 3, tf_keras, and each version of tools/goldens/legacy_old.py. */
static const char *const generations[] = {
    "legacy/keras3_files",    "legacy/keras2_files",   "legacy/keras1_2_files",
    "legacy/keras2_0_files",  "legacy/keras2_2_files", "legacy/keras2_12_files",
    "legacy/keras2_15_files", "legacy/tfjs_files",
};

static const char *fact_file(const kt_value *row)
{
    return kt_value_text(kt_value_get(row, "file"));
}

/* The file that has the weights. */
static const char *weights_file(const kt_value *row)
{
    const char *apart = kt_value_text(kt_value_get(row, "weights"));

    return apart ? apart : fact_file(row);
}

static const char *in_goldens(char at[4096], const char *file)
{
    const char *root = getenv("KERATIN_SOURCE");

    snprintf(at, 4096, "%s/tests/goldens/legacy/%s", root ? root : ".", file);
    return at;
}

/* weights: another file that has them; NULL: as the row says. */
static kt_model *load_with(const kt_value *row, const char *weights)
{
    char        at[2][4096];
    bool        apart = weights_file(row) != fact_file(row);
    const char *file = weights && !apart ? weights : in_goldens(at[0], fact_file(row));
    kt_model   *m = kt_load(file);

    if (apart)
        kt_load_weights(m, weights ? weights : in_goldens(at[1], weights_file(row)));
    if (kt_failed(m))
        fail_msg("%s: %s", file, kt_model_error(m)->message);
    assert_false(kt_weights_are_fresh(m));
    return m;
}

static kt_model *load(const kt_value *row)
{
    return load_with(row, NULL);
}

static void train(const kt_value *row, kt_model *m)
{
    kt_data *d = kt_data_new();

    fact_arrays(d, kt_value_get(row, "x"), false);
    fact_arrays(d, kt_value_get(row, "target"), true);
    kt_history *h = fact_fit(m, row, d);
    if (kt_failed(m))
        fail_msg("%s", kt_model_error(m)->message);
    assert_int_equal(kt_history_epochs(h), 3);
    for (int i = 0; i < 3; i++) {
        double loss = kt_history_get(h, "loss", i);
        fact_close(
            kt_value_text(kt_value_get(row, "file")),
            &(kt_value){.kind = KT_LIST, .n = 1, .items = &kt_value_get(row, "loss")->items[i]},
            &loss, 1, 1e-5);
    }
    kt_history_free(h);
    kt_data_free(d);
}

static void check_model(const kt_value *row, kt_model *m)
{
    const kt_value *want = kt_value_get(row, "y");
    kt_data        *d = kt_data_new();
    kt_tensor      *y[MOST] = {0};

    fact_arrays(d, kt_value_get(row, "x"), false);
    assert_in_range(want->n, 1, MOST);
    assert_int_equal(kt_model_outputs(m), (int)want->n);
    kt_predict_many(m, d, 0, y, (int)want->n);
    if (kt_failed(m))
        fail_msg("%s", kt_model_error(m)->message);
    for (size_t i = 0; i < want->n; i++) {
        fact_tensor_close(kt_value_text(kt_value_get(row, "file")), want->items[i], y[i], 2e-6);
        kt_tensor_unref(y[i]);
    }
    if (kt_value_get(row, "loss"))
        train(row, m);
    kt_data_free(d);
}

static void check(const kt_value *row)
{
    kt_model *m = load(row);

    check_model(row, m);
    kt_model_free(m);
}

/* Losses and metrics as the file says, with its names. */
static void compiled_as_the_file_says(void **state)
{
    facts t;

    (void)state;
    facts_open(&t, "legacy/compiled2_files");
    for (size_t i = 0; i < t.rows.n; i++) {
        const kt_value *row = t.rows.at[i];
        kt_model       *m = load(row);
        kt_data        *d = kt_data_new();
        fact_arrays(d, kt_value_get(row, "x"), false);
        fact_arrays(d, kt_value_get(row, "target"), true);
        kt_history *h = kt_evaluate(m, .data = d);
        if (kt_failed(m))
            fail_msg("%s: %s", fact_file(row), kt_model_error(m)->message);
        fact_history_close(fact_file(row), kt_value_get(row, "results"), h);
        kt_history_free(h);
        kt_data_free(d);
        kt_model_free(m);
    }
    facts_close(&t);
}

/* --- written again ---------------------------------------------------------------------------- */

static char path[64];

static void same_weights(kt_model *a, kt_model *b)
{
    assert_int_equal(kt_weights(a), kt_weights(b));
    for (int i = 0; i < kt_weights(a); i++) {
        kt_tensor *x = kt_weight_at(a, i, NULL), *y = kt_weight_at(b, i, NULL);
        assert_int_equal(kt_tensor_count(x), kt_tensor_count(y));
        assert_memory_equal(x->data, y->data, (size_t)x->count * kt_dtype_size(x->dtype));
    }
}

static void same_state(const kt_model *a, const kt_model *b)
{
    assert_true((a->optimizer != NULL) == (b->optimizer != NULL));
    if (!a->optimizer)
        return;
    assert_int_equal(a->optimizer->variables.n, b->optimizer->variables.n);
    for (size_t i = 0; i < a->optimizer->variables.n; i++) {
        const kt_variable *x = a->optimizer->variables.at[i], *y = b->optimizer->variables.at[i];
        assert_memory_equal(x->value->data, y->value->data,
                            (size_t)x->value->count * kt_dtype_size(x->dtype));
    }
}

static void rewrite(const kt_value *row)
{
    kt_model *m = load(row), *again;

    if (kt_save(m, path) != KT_OK)
        fail_msg("%s: %s", fact_file(row), kt_model_error(m)->message);
    again = kt_load(path);
    if (kt_failed(again))
        fail_msg("%s: %s", fact_file(row), kt_model_error(again)->message);
    same_weights(m, again);
    same_state(m, again);
    check_model(row, again);
    kt_model_free(again);
    unlink(path);

    again = load(row);
    for (int i = 0; i < kt_weights(again); i++) { /* what is read afterwards is the file's */
        kt_tensor *w = kt_weight_at(again, i, NULL);
        memset(w->data, 0, (size_t)w->count * kt_dtype_size(w->dtype));
    }
    char  *end = strstr(path, ".h5");
    size_t room = sizeof path - (size_t)(end - path);
    snprintf(end, room, ".weights.h5");
    assert_int_equal(kt_save(m, path), KT_OK);
    assert_int_equal(kt_load_weights(again, path), KT_OK);
    same_weights(m, again);
    unlink(path);
    snprintf(end, room, ".h5");
    kt_model_free(again);
    kt_model_free(m);
}

/* Everything below a group as it is, but for float32, which becomes float64. */
static void widen(kt_h5 *from, kt_h5 *to, const char *group, kt_arena *arena)
{
    static const char *const attributes[] = {"backend",         "keras_version", "model_config",
                                             "training_config", "layer_names",   "weight_names"};
    kt_fault                 f = {0};
    const char             **names;
    int                      n;

    for (size_t i = 0; i < KT_COUNT(attributes); i++)
        if (kt_h5_attr_texts(from, group, attributes[i], arena, &names, &n, &f) == KT_OK && names)
            kt_h5_set_attr_texts(to, group, attributes[i], names, n, &f);
    kt_h5_list(from, group, arena, &names, &n, &f);
    assert_int_equal(f.e.status, KT_OK);
    for (int i = 0; i < n; i++) {
        const char *at = kt_arena_printf(arena, "%s/%s", group, names[i]);
        kt_array    a;
        if (kt_h5_read(from, at, &a, &f) != KT_OK) {
            kt_fault_clear(&f);
            assert_int_equal(kt_h5_group(to, at, &f), KT_OK);
            widen(from, to, at, arena);
            continue;
        }
        kt_array wide = a;
        double  *x = kt_arena_calloc(arena, (size_t)kt_array_count(&a) + 1, sizeof *x);
        if (a.type == 'f' && a.item == 4) {
            wide = (kt_array){.type = 'f', .item = 8, .rank = a.rank, .data = x};
            memcpy(wide.dim, a.dim, sizeof a.dim);
            for (int64_t k = 0; k < kt_array_count(&a); k++)
                x[k] = ((float *)a.data)[k];
        }
        assert_int_equal(kt_h5_write(to, at, &wide, &f), KT_OK);
        kt_array_free(&a);
    }
}

/* What a file of the same numbers as float64 gives. */
static void as_doubles(const kt_value *row)
{
    const char *file = weights_file(row);
    char        at[4096];
    kt_fault    f = {0};
    kt_arena    arena = {0};
    kt_bytes    image;

    if (!strstr(file, ".h5") || strstr(file, ".weights.h5"))
        return;
    kt_h5 *from = kt_h5_open(in_goldens(at, file), NULL, 0, &f), *to = kt_h5_create(&f);
    widen(from, to, "", &arena);
    kt_h5_close(from, NULL, NULL);
    assert_int_equal(kt_h5_close(to, &image, &f), KT_OK);
    assert_int_equal(kt_file_write(path, image.data, image.size, &f), KT_OK);
    kt_model *m = load(row), *wide = load_with(row, path);
    same_weights(m, wide);
    same_state(m, wide);
    kt_model_free(m);
    kt_model_free(wide);
    kt_bytes_free(&image);
    kt_arena_free(&arena);
    unlink(path);
}

static void written_again(void **state)
{
    (void)state;
    char folder[] = "/tmp/keratin-files-XXXXXX";

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.h5", folder);
    for (size_t i = 0; i < KT_COUNT(generations); i++)
        facts_each(generations[i], rewrite);
    for (size_t i = 0; i < KT_COUNT(generations); i++)
        facts_each(generations[i], as_doubles);
    rmdir(folder);
}

/* 1200 weights inside a model: their names do not go into one attribute. */
static void many_names(void **state)
{
    (void)state;
    char   folder[] = "/tmp/keratin-files-XXXXXX";
    kt_str text = {0};

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.h5", folder);
    kt_str_add(&text, "Sequential([Input((1,)), Sequential([Input((1,))");
    for (int i = 0; i < 300; i++)
        kt_str_add(&text, ", BatchNormalization()");
    kt_str_add(&text, "], name='inner')])");
    kt_model *m = kt_model_from(kt_str_text(&text)), *again;
    kt_str_free(&text);
    for (int i = 0; i < kt_weights(m); i++)
        kt_tensor_set(kt_weight_at(m, i, NULL), 0, i);
    assert_int_equal(kt_save(m, path), KT_OK);

    kt_fault     f = {0};
    kt_arena     a = {0};
    const char **names;
    int          n;
    kt_h5       *h = kt_h5_open(path, NULL, 0, &f);
    assert_int_equal(
        kt_h5_attr_texts(h, "model_weights/inner", "weight_names1", &a, &names, &n, &f), KT_OK);
    assert_int_equal(n, 200);
    kt_h5_close(h, NULL, NULL);
    kt_arena_free(&a);
    again = kt_load(path);
    assert_false(kt_failed(again));
    same_weights(m, again);
    kt_model_free(again);
    kt_model_free(m);
    unlink(path);
    rmdir(folder);
}

static void as_their_keras(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(generations); i++)
        facts_each(generations[i], check);
}

/* --- damaged ---------------------------------------------------------------------------------- */

static bool opens(const kt_bytes *b, size_t size)
{
    kt_model *m = kt_load_memory(b->data, size, "damaged");
    bool      ok = !kt_failed(m);

    kt_model_free(m);
    return ok;
}

/* Cut files are refused, and flipped bits do no harm. */
static void damaged(void **state)
{
    (void)state;
    static const char *const files[] = {"keras1_2_branches.h5", "keras2_2_cudnn.h5"};
    const char              *root = getenv("KERATIN_SOURCE");

    for (size_t k = 0; k < KT_COUNT(files); k++) {
        kt_fault f = {0};
        kt_bytes b = {0}, own = {0};
        char     name[4096];
        snprintf(name, sizeof name, "%s/tests/goldens/legacy/%s", root ? root : ".", files[k]);
        assert_int_equal(kt_file_read(name, &b, &f), KT_OK);
        own = (kt_bytes){.data = kt_alloc(b.size), .size = b.size};
        memcpy(own.data, b.data, b.size);
        assert_true(opens(&own, own.size));
        for (size_t n = 0; n < own.size; n += 1 + own.size / 30)
            assert_false(opens(&own, n));
        for (size_t i = 0; i < own.size; i += 1 + own.size / 120) {
            own.data[i] ^= (uint8_t)(1u << (i % 8));
            opens(&own, own.size);
            own.data[i] ^= (uint8_t)(1u << (i % 8));
        }
        kt_free(own.data);
        kt_bytes_free(&b);
    }
}

/* A small file whose configuration asks for more weights than it can hold. */
static void too_many_weights(void **state)
{
    (void)state;
    static const char was[] = "\"units\": 3, \"activation\": \"linear\"",
                      now[] = "\"units\": 1000000000              ";
    char     folder[] = "/tmp/keratin-files-XXXXXX";
    kt_fault f = {0};
    kt_bytes b = {0};
    size_t   i = 0;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.h5", folder);
    kt_model *m = kt_model_from("Sequential([Input((2,)), Dense(3)])");
    assert_int_equal(kt_save(m, path), KT_OK);
    kt_model_free(m);
    assert_int_equal(kt_file_read(path, &b, &f), KT_OK);
    uint8_t *own = kt_alloc(b.size);
    memcpy(own, b.data, b.size);
    while (i + sizeof was < b.size && memcmp(own + i, was, sizeof was - 1) != 0)
        i++;
    assert_true(i + sizeof was < b.size);
    memset(own + i, ' ', sizeof was - 1);
    memcpy(own + i, now, 19);
    m = kt_load_memory(own, b.size, "small");
    assert_true(kt_failed(m));
    assert_non_null(strstr(kt_model_error(m)->message, "more numbers than the file has bytes"));
    kt_model_free(m);
    kt_free(own);
    kt_bytes_free(&b);
    unlink(path);
    rmdir(folder);
}

/* --- TensorFlow.js: what can be wrong with the files beside it -------------------------------- */

static void write_text(const char *file, const char *text)
{
    FILE *f = fopen(file, "wb");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

#define TFJS(path, dtype, shape)                                                                \
    "{\"modelTopology\": {\"keras_version\": \"2.15.0\", \"model_config\": {\"class_name\": "   \
    "\"Sequential\", \"config\": [{\"class_name\": \"Dense\", \"config\": {\"units\": 1, "      \
    "\"use_bias\": false, \"name\": \"d\", \"batch_input_shape\": [null, 1]}}]}}, "             \
    "\"weightsManifest\": [{\"paths\": [\"" path "\"], \"weights\": [{\"name\": \"d/kernel\", " \
    "\"shape\": " shape ", \"dtype\": \"" dtype "\"}]}]}"

/* words: of the error; "": none, and the weights are fresh. */
static void tfjs_file(const char *text, const char *words)
{
    write_text(path, text);
    kt_model       *m = kt_load(path);
    const kt_error *e = kt_model_error(m);

    if (*words ? !e || !strstr(e->message, words) : e != NULL)
        fail_msg("'%s' is not what is said: %s", words, e ? e->message : "nothing");
    if (!*words)
        assert_true(kt_weights_are_fresh(m));
    kt_model_free(m);
}

static void tfjs_damaged(void **state)
{
    (void)state;
    char folder[] = "/tmp/keratin-files-XXXXXX", shard[64];

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/model.json", folder);
    snprintf(shard, sizeof shard, "%s/a.bin", folder);
    tfjs_file(TFJS("a.bin", "float32", "[1, 1]"), ""); /* no such file: an architecture */
    write_text(shard, "abc");
    tfjs_file(TFJS("a.bin", "float32", "[1, 1]"), "needs more bytes than its files have");
    tfjs_file(TFJS("a.bin", "float32", "[4611686018427387904, 16]"), "needs more bytes");
    tfjs_file(TFJS("a.bin", "uint8", "[-1, 1]"), "needs more bytes");
    tfjs_file(TFJS("a.bin", "uint8", "[1, 3]"), "has shape (1, 3) in the file");
    tfjs_file(TFJS("a.bin", "string", "[1, 1]"), "has dtype 'string', which is not read");
    tfjs_file(TFJS("../a.bin", "float32", "[1, 1]"), "is no name of a file beside it");
    tfjs_file(TFJS("/etc/passwd", "float32", "[1, 1]"), "is no name of a file beside it");
    tfjs_file("{\"modelTopology\": {\"node\": []}, \"format\": \"graph-model\"}", "graph model");
    tfjs_file("{\"modelTopology\": {}}", "no Keras model");
    unlink(shard);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_their_keras),  cmocka_unit_test(compiled_as_the_file_says),
        cmocka_unit_test(written_again),   cmocka_unit_test(many_names),
        cmocka_unit_test(tfjs_damaged),    cmocka_unit_test(damaged),
        cmocka_unit_test(too_many_weights)};

    need_reading(true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
