/* test_io_weights.c - weights apart from their model, whether they are fresh, and what can be known
 * before saving. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/io.h"
#include "support/needs.h"

static char folder[] = "/tmp/keratin-weights-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[2][128];
    static int  turn;

    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static kt_model *model(uint64_t seed)
{
    kt_set_seed(seed);
    kt_model *m = kt_model_from(
        "Sequential([Input((3,)), Dense(4, activation='tanh'), BatchNormalization(), Dense(2)])");
    assert_false(kt_failed(m));
    return m;
}

static void same_weights(const kt_model *a, const kt_model *b, bool same)
{
    bool equal = true;

    assert_int_equal(kt_weights(a), 8);
    for (int i = 0; i < kt_weights(a); i++) {
        const kt_tensor *x = kt_weight_at(a, i, NULL), *y = kt_weight_at(b, i, NULL);
        equal = equal && memcmp(x->data, y->data, (size_t)x->count * sizeof(float)) == 0;
    }
    assert_int_equal(equal, same);
}

/* Loads the file into another model of the same kind: the weights are a's then. */
static void loads(const kt_model *a, const char *path)
{
    kt_model *b = model(2);

    same_weights(a, b, false);
    assert_true(kt_weights_are_fresh(b));
    if (kt_load_weights(b, path) != KT_OK)
        fail_msg("%s: %s", path, kt_model_error(b)->message);
    same_weights(a, b, true);
    assert_false(kt_weights_are_fresh(b));
    kt_model_free(b);
}

static void refuses(const char *path, const char *words)
{
    kt_model *m = model(3);

    assert_int_not_equal(kt_load_weights(m, path), KT_OK);
    if (!strstr(kt_model_error(m)->message, words))
        fail_msg("'%s' is not in: %s", words, kt_model_error(m)->message);
    assert_true(kt_weights_are_fresh(m));
    kt_model_free(m);
}

/* --- .npz ------------------------------------------------------------------------------------- */

/* n of the weights; by: 0 their paths, 1 paths without the model's name, 2 NumPy's counting. */
static void save_npz(const kt_model *m, const char *path, int n, int by)
{
    const char *names[16];
    char        counted[16][16];
    kt_tensor  *t[16];

    for (int i = 0; i < n; i++) {
        t[i] = kt_weight_at(m, i, &names[i]);
        snprintf(counted[i], sizeof counted[i], "arr_%d", i);
        if (by == 1)
            names[i] = strchr(names[i], '/') + 1;
        if (by == 2)
            names[i] = counted[i];
    }
    assert_int_equal(kt_tensors_save(path, n, names, t), KT_OK);
}

static void arrays_by_name_and_order(void **state)
{
    (void)state;
    kt_model *a = model(1);

    for (int by = 0; by < 3; by++) {
        save_npz(a, in_folder("w.npz"), 8, by);
        loads(a, in_folder("w.npz"));
    }
    assert_int_equal(kt_save(a, in_folder("w.npz")), KT_OK);
    loads(a, in_folder("w.npz"));
    save_npz(a, in_folder("w.npz"), 7, 0);
    refuses(in_folder("w.npz"), "has no array 'sequential/dense_1/bias'");
    save_npz(a, in_folder("w.npz"), 7, 2);
    refuses(in_folder("w.npz"), "holds 7 arrays, but the model has 8 weights");
    kt_model_free(a);
    unlink(in_folder("w.npz"));
}

/* --- what a file holds ------------------------------------------------------------------------ */

static void look(kt_model *m, const char *name, const char *kind, int parts, const char *flags)
{
    kt_file_facts f;
    char          is[5] = "----";

    assert_int_equal(kt_save(m, in_folder(name)), KT_OK);
    if (kt_file_look(in_folder(name), &f) != KT_OK)
        fail_msg("%s: %s", name, kt_thread_error()->message);
    assert_string_equal(f.kind, kind);
    assert_int_equal(f.parts, parts);
    for (int i = 0; i < parts; i++) /* -1: what is not one piece of the file */
        assert_true(f.part[i].bytes > 0 || f.part[i].bytes == -1);
    if (f.has_model)
        is[0] = 'm';
    if (f.has_weights)
        is[1] = 'w';
    if (f.compiled)
        is[2] = 'c';
    if (f.has_state)
        is[3] = 's';
    assert_string_equal(is, flags);
    unlink(in_folder(name));
}

static void facts_of_files(void **state)
{
    (void)state;
    kt_model     *m = model(1);
    kt_file_facts f;

    look(m, "a.keras", "Keras archive", 3, "mw--");
    look(m, "a.h5", "HDF5 model", 2, "mw--");
    look(m, "a.json", "JSON model", 1, "m---");
    look(m, "a.npz", "arrays (.npz)", 8, "-w--");
    kt_compile(m, .optimizer = "adam", .loss = "mse");
    kt_model_build_optimizer(m);
    look(m, "a.keras", "Keras archive", 3, "mwcs");
    look(m, "a.h5", "HDF5 model", 4, "mwcs");
    look(m, "a.json", "JSON model", 1, "m-c-");
    look(m, "a.weights.h5", "HDF5 weights", 0, "-w-s");
    assert_int_not_equal(kt_file_look(in_folder("none"), &f), KT_OK);
    assert_int_not_equal(kt_file_look(folder, &f), KT_OK);
    kt_model_free(m);
}

/* --- .keras and .weights.h5 ------------------------------------------------------------------- */

static void files_of_keras(void **state)
{
    (void)state;
    kt_fault  f = {0};
    kt_bytes  image = {0};
    kt_model *a = model(1);

    assert_int_equal(kt_save(a, in_folder("a.keras")), KT_OK);
    loads(a, in_folder("a.keras"));
    kt_h5 *h = kt_h5_create(&f);
    kt_weights_write(a, h, &f);
    assert_int_equal(kt_h5_close(h, &image, &f), KT_OK);
    assert_int_equal(kt_file_write(in_folder("a.weights.h5"), image.data, image.size, &f), KT_OK);
    loads(a, in_folder("a.weights.h5"));
    kt_bytes_free(&image);

    kt_model *whole = kt_load(in_folder("a.keras"));
    assert_false(kt_weights_are_fresh(whole));
    kt_model_free(whole);
    kt_model_free(a);
    unlink(in_folder("a.keras"));
    unlink(in_folder("a.weights.h5"));
}

/* As Keras 2 wrote them: by the names of layers. */
static void other_layouts(void **state)
{
    (void)state;
    static const char *const names[] = {"dense", "dense_1"};
    kt_fault                 f = {0};
    kt_bytes                 image = {0};
    kt_h5                   *h = kt_h5_create(&f);

    kt_h5_set_attr_texts(h, "/", "layer_names", names, 2, &f);
    assert_int_equal(kt_h5_close(h, &image, &f), KT_OK);
    kt_file_write(in_folder("old.h5"), image.data, image.size, &f);
    kt_bytes_free(&image);
    refuses(in_folder("old.h5"), "'dense' doesn't exist in");
    unlink(in_folder("old.h5"));

    kt_file_write(in_folder("m.json"), "{}", 2, &f);
    refuses(in_folder("m.json"), "this is JSON, which holds no weights");
    unlink(in_folder("m.json"));
    refuses(in_folder("none.npz"), "No such file");
    refuses(folder, "a folder");
    kt_file_write(in_folder("t"), "text", 4, &f);
    refuses(in_folder("t"), "neither .keras, .weights.h5 nor .npz");
    unlink(in_folder("t"));
    assert_int_equal(kt_load_weights(NULL, "x"), KT_E_VALUE);
}

static void of_a_model_without_shapes(void **state)
{
    (void)state;
    kt_model *m = kt_model_from("Sequential([Dense(2)])");

    assert_true(kt_weights_are_fresh(m));
    assert_int_equal(kt_load_weights(m, in_folder("a.keras")), KT_E_VALUE);
    assert_non_null(strstr(kt_model_error(m)->message, "declares no input shape"));
    kt_model_free(m);
}

/* --- fresh ------------------------------------------------------------------------------------ */

static void training_sets_weights(void **state)
{
    (void)state;
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(8, 3)),
              *y = kt_tensor_new(KT_F32, KT_SHAPE(8, 2));
    kt_model *m = model(1), *none = kt_model_from("Sequential([Input((3,)), Rescaling(2.0)])");

    assert_false(kt_weights_are_fresh(none)); /* it has none */
    kt_compile(m, .loss = "mse");
    kt_history_free(kt_evaluate(m, x, y));
    assert_true(kt_weights_are_fresh(m));
    kt_history_free(kt_fit(m, x, y));
    assert_false(kt_failed(m));
    assert_false(kt_weights_are_fresh(m));
    kt_model_free(m);
    m = model(1);
    kt_compile(m, .loss = "mse");
    kt_history_free(kt_train_on_batch(m, x, y));
    assert_false(kt_weights_are_fresh(m));
    kt_model_free(m);
    kt_model_free(none);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
}

/* --- before saving ---------------------------------------------------------------------------- */

static void foresees(const char *path, const char *words)
{
    kt_model *m = model(1);

    assert_int_not_equal(kt_check_save(m, path), KT_OK);
    if (!strstr(kt_model_error(m)->message, words))
        fail_msg("'%s' is not in: %s", words, kt_model_error(m)->message);
    kt_model_free(m);
}

static void saving_is_foreseen(void **state)
{
    (void)state;
    kt_model *m = model(1);

    assert_int_equal(kt_check_save(m, in_folder("a.keras")), KT_OK);
    assert_int_equal(access(in_folder("a.keras"), F_OK), -1); /* nothing is written */
    assert_int_equal(kt_check_save(m, "a.json"), KT_OK);
    kt_model_free(m);
    foresees(in_folder("a.bin"), "should end with .keras, .h5 or .json");
    foresees(in_folder("none/a.keras"), "No such file or directory");
    foresees("/dev/null/a.keras", "Not a directory");
    mkdir(in_folder("d.keras"), 0777);
    foresees(in_folder("d.keras"), "Is a directory");
    rmdir(in_folder("d.keras"));
    foresees("", "should end with");
    foresees(NULL, "should end with");

    char *why = kt_why_not_written(in_folder("none/h.json"));
    assert_non_null(strstr(why, "No such file"));
    kt_text_free(why);
    assert_null(kt_why_not_written(in_folder("h.json")));
    assert_null(kt_why_not_written("/dev/null"));
}

/* The same with a callback: nothing is trained. */
static void checkpoints_are_foreseen(void **state)
{
    (void)state;
    static const struct {
        const char *callback, *words;
    } cases[] = {
        {"ModelCheckpoint('/dev/null/there/{epoch}.keras')", "cannot make the folder"},
        {"ModelCheckpoint('m.bin')", "must end in `.keras`"},
        {"ModelCheckpoint('m.h5', save_weights_only=True)", "must end in `.weights.h5`"},
        {"CSVLogger('/dev/null/log.csv')", "cannot write"},
    };
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(8, 3)),
              *y = kt_tensor_new(KT_F32, KT_SHAPE(8, 2));

    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        kt_model *m = model(1);
        kt_compile(m, .loss = "mse");
        assert_null(kt_fit(m, x, y, .callbacks = {cases[i].callback}));
        assert_non_null(strstr(kt_model_error(m)->message, cases[i].words));
        assert_true(kt_weights_are_fresh(m));
        kt_model_free(m);
    }
    kt_tensor_unref(x);
    kt_tensor_unref(y);
}

/* --- by name, and what does not fit ----------------------------------------------------------- */

static kt_model *made(const char *text, uint64_t seed)
{
    kt_set_seed(seed);
    kt_model *m = kt_model_from(text);
    assert_false(kt_failed(m));
    return m;
}

static bool equal(const kt_model *a, int i, const kt_model *b, int k)
{
    const kt_tensor *x = kt_weight_at(a, i, NULL), *y = kt_weight_at(b, k, NULL);

    return x->count == y->count && memcmp(x->data, y->data, (size_t)x->count * sizeof(float)) == 0;
}

static void words(const kt_model *m, const char *want)
{
    assert_string_equal(kt_model_error(m)->message, want);
}

/* The messages are those of Keras 3.15.1. */
static void by_name(void **state)
{
    (void)state;
    kt_model *a = made("Sequential([Input((3,)), Dense(4, name='one'), Dense(2, name='two')], "
                       "name='m')",
                       1);
    kt_model *b = made("Sequential([Input((3,)), Dense(4, name='one'), Dense(5, name='new'), "
                       "Dense(2, name='two')], name='m')",
                       2);
    kt_model *c = made("Sequential([Input((3,)), Dense(4, name='one', use_bias=False)], name='m')",
                       3);
    int       skipped = -1;

    assert_int_equal(kt_save(a, in_folder("a.h5")), KT_OK);
    assert_int_not_equal(kt_load_weights(b, in_folder("a.h5")), KT_OK);
    words(b, "Layer count mismatch when loading weights from file. Model expected 3 layers, found "
             "2 saved layers.");
    kt_clear_error(b);
    assert_int_not_equal(kt_load_weights_with(b, in_folder("a.h5"), 1, 0, &skipped), KT_OK);
    assert_int_equal(skipped, 0);
    words(b, "Shape mismatch in layer #1 (named two)for weight m/two/kernel. Weight expects shape "
             "(5, 2). Received saved weight with shape (4, 2)");
    kt_clear_error(b);
    assert_int_equal(kt_load_weights_with(b, in_folder("a.h5"), 1, 1, &skipped), KT_OK);
    assert_int_equal(skipped, 1);
    assert_true(equal(a, 0, b, 0) && equal(a, 1, b, 1) && equal(a, 3, b, 5));
    assert_int_not_equal(kt_load_weights_with(c, in_folder("a.h5"), 1, 0, NULL), KT_OK);
    words(c, "Weight count mismatch for layer #0 (named one). Layer expects 1 weight(s). Received "
             "2 saved weight(s)");
    kt_clear_error(c);
    assert_int_equal(kt_load_weights_with(c, in_folder("a.h5"), 1, 1, &skipped), KT_OK);
    assert_int_equal(skipped, 1);
    assert_true(kt_weights_are_fresh(c));
    unlink(in_folder("a.h5"));

    assert_int_equal(kt_save(a, in_folder("a.keras")), KT_OK);
    assert_int_not_equal(kt_load_weights_with(b, in_folder("a.keras"), 1, 0, NULL), KT_OK);
    assert_non_null(strstr(kt_model_error(b)->message, "`by_name` only supports loading legacy"));
    kt_clear_error(b);
    assert_int_equal(kt_load_weights_with(b, in_folder("a.keras"), 0, 1, &skipped), KT_OK);
    assert_int_equal(skipped, 4); /* of dense_1, and dense_2, which is not there */
    unlink(in_folder("a.keras"));
    kt_model_free(a);
    kt_model_free(b);
    kt_model_free(c);
}

/* Keras exports GroupQueryAttention, but the class is called otherwise, and an .h5 says that. */
static void classes_by_their_own_names(void **state)
{
    (void)state;
    static const char text[] = "{'module': 'keras.layers', 'class_name': 'GroupQueryAttention', "
                               "'config': {'name': 'g'}, 'registered_name': None}";
    kt_arena          a = {0};
    kt_fault          f = {0};
    kt_value         *v = kt_legacy_model(kt_expr_parse(text, &a, &f), &a);

    assert_string_equal(kt_value_text(kt_value_get(v, "class_name")), "GroupedQueryAttention");
    assert_null(kt_value_get(v, "module"));

    /* Only a model's own layers go without their module: those of a Pipeline keep it. */
    kt_model *m = kt_model_from("Sequential([Input((4, 4, 3)), Pipeline([Rescaling(0.5)])])");
    v = kt_legacy_model(kt_model_value(m, &a, &f), &a);
    const kt_value *pipeline = kt_value_get(kt_value_get(v, "config"), "layers")->items[1];
    const kt_value *inner = kt_value_get(kt_value_get(pipeline, "config"), "layers")->items[0];
    assert_null(kt_value_get(pipeline, "module"));
    assert_string_equal(kt_value_text(kt_value_get(inner, "module")), "keras.layers");
    kt_model_free(m);
    kt_arena_free(&a);
}

/* Keras 2 lists no slots for what Adafactor does not keep of a vector, and the state fits again. */
static void adafactor_as_keras2(void **state)
{
    (void)state;
    kt_model  *m = kt_model_from("Sequential([Input((3,)), Dense(4), Dense(2)])");
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(4, 3)),
              *y = kt_tensor_new(KT_F32, KT_SHAPE(4, 2));

    for (int i = 0; i < 12; i++)
        ((float *)x->data)[i] = (float)i / 10;
    memset(y->data, 0, 8 * sizeof(float));
    kt_compile(m, .optimizer = "adafactor", .loss = "mse");
    kt_history_free(kt_fit(m, x, y, .epochs = 3, .verbose = 0));
    m->optimizer_of = KT_OF_KERAS2;
    assert_int_equal(kt_save(m, in_folder("a.h5")), KT_OK);
    kt_bytes file = {0};
    kt_fault f = {0};
    kt_file_read(in_folder("a.h5"), &file, &f);
    kt_h5 *h = kt_h5_open("a.h5", file.data, file.size, &f);
    assert_true(kt_h5_exists(h, "optimizer_weights/adafactor/sequential_dense_kernel_r"));
    assert_false(kt_h5_exists(h, "optimizer_weights/adafactor/sequential_dense_bias_r"));
    kt_h5_close(h, NULL, NULL);
    kt_bytes_free(&file);
    kt_model *again = kt_load(in_folder("a.h5"));
    assert_false(kt_failed(again));
    const kt_vec *a = &m->optimizer->variables, *b = &again->optimizer->variables;
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        const kt_tensor *p = ((kt_variable *)a->at[i])->value,
                        *q = ((kt_variable *)b->at[i])->value;
        assert_memory_equal(p->data, q->data, (size_t)p->count * kt_dtype_size(p->dtype));
    }
    kt_model_free(again);
    kt_model_free(m);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    unlink(in_folder("a.h5"));
}

/* --- weights that others adapt ---------------------------------------------------------------- */

/* A file has the sum in the weight's place, and what adapts it begins anew; .h5 has all apart. */
static void adapted(void **state)
{
    static const char        made[] = "Sequential([Input((3,)), Dense(2, lora_rank=2, name='d'), "
                                      "EinsumDense('ab,bc->ac', 2, lora_rank=1, lora_alpha=3)])";
    static const char *const files[] = {"a.keras", "a.weights.h5", "a.h5"};
    static const float       want[] = {0.5F + 0.25F * 0.5F + 0.25F * 0.5F, 0.5F};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(files); i++) {
        kt_model *m = kt_model_from(made), *back = kt_model_from(made);
        assert_int_equal(kt_weights(m), 7);
        for (int k = 0; k < kt_weights(m); k++) {
            const char *name;
            kt_tensor  *t = kt_weight_at(m, k, &name);
            for (int64_t j = 0; j < kt_tensor_count(t); j++)
                kt_tensor_set(t, j, strstr(name, "lora_kernel_a") ? 0.25 : 0.5);
        }
        assert_int_equal(kt_save(m, in_folder(files[i])), KT_OK);
        if (kt_load_weights(back, in_folder(files[i])) != KT_OK)
            fail_msg("%s: %s", files[i], kt_model_error(back)->message);
        kt_tensor *x = kt_tensor_from((float[]){1, 2, -1}, KT_F32, KT_SHAPE(1, 3));
        kt_tensor *y = kt_predict(m, x), *z = kt_predict(back, x);
        for (int64_t j = 0; j < 2; j++)
            assert_true(fabs(kt_tensor_get(y, j) - kt_tensor_get(z, j)) < 1e-6);
        assert_true(kt_tensor_get(kt_weight_at(back, 0, NULL), 0) == (double)want[i == 2]);
        assert_true(kt_tensor_get(kt_weight_at(back, 2, NULL), 0) == (i == 2 ? 0.25 : 0));
        kt_tensor_unref(x);
        kt_tensor_unref(y);
        kt_tensor_unref(z);
        kt_model_free(m);
        kt_model_free(back);
        unlink(in_folder(files[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_by_name_and_order),
        cmocka_unit_test(files_of_keras),
        cmocka_unit_test(other_layouts),
        cmocka_unit_test(of_a_model_without_shapes),
        cmocka_unit_test(by_name),
        cmocka_unit_test(facts_of_files),
        cmocka_unit_test(classes_by_their_own_names),
        cmocka_unit_test(adafactor_as_keras2),
        cmocka_unit_test(adapted),
        cmocka_unit_test(training_sets_weights),
        cmocka_unit_test(saving_is_foreseen),
        cmocka_unit_test(checkpoints_are_foreseen),
    };

    need_reading(true);
    if (!mkdtemp(folder))
        return 1;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failures;
}
