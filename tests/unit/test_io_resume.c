/* test_io_resume.c - a model that is saved, loaded and trained on goes the same way as one that was
 * never saved, with every optimizer; files of another Keras are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec/codec.h"
#include "io/io.h"
#include "nn/nn.h"
#include "support/needs.h"

enum { ROWS = 12, FIRST = 3, THEN = 2 };

/* Weights that do not train lie between those that do; the second has a single weight in all. */
static const char *const models[] = {
    "Sequential([Input((3,)), Dense(4, activation='tanh'), BatchNormalization(momentum=0.5), "
    "Dense(3, trainable=False), BatchNormalization(center=False), Dense(2)])",
    "Sequential([Input((3,)), Dense(2, use_bias=False)])",
};

/* What every optimizer takes, and what some of them keep besides. */
static const char *const variants[] = {
    "%s(learning_rate=0.05)",
    "%s(learning_rate=ExponentialDecay(0.1, 2, 0.7))",
    "%s(learning_rate=0.05, use_ema=True, ema_momentum=0.7)",
    "%s(learning_rate=0.05, gradient_accumulation_steps=2)",
    "%s(learning_rate=0.05, weight_decay=0.1, clipnorm=0.4)",
};

static const char *const options[] = {
    "SGD(0.05, momentum=0.9)",
    "SGD(ExponentialDecay(0.1, 2, 0.7), momentum=0.9, nesterov=True)",
    "Adam(0.05, amsgrad=True)",
    "RMSprop(0.05, momentum=0.5, centered=True)",
    "Adam(CosineDecay(0.1, 9), use_ema=True, ema_overwrite_frequency=2)",
    "LossScaleOptimizer(Adam(0.05, amsgrad=True), initial_scale=8.0, dynamic_growth_steps=2)",
    "LossScaleOptimizer(SGD(ExponentialDecay(0.1, 2, 0.7), momentum=0.9, use_ema=True))",
};

static kt_tensor *numbers(int64_t columns, int seed)
{
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(ROWS, columns));

    assert_non_null(t);
    for (int64_t i = 0; i < kt_tensor_count(t); i++)
        kt_tensor_set(t, i, (double)((i * 37 + seed) % 101) / 50 - 1);
    return t;
}

static kt_history *fit(kt_model *m, int64_t epochs, const char *what)
{
    kt_tensor  *x = numbers(3, 5), *y = numbers(2, 19);
    kt_history *h = kt_fit(m, x, y, .epochs = epochs, .batch_size = 5, .shuffle = false);

    if (!h)
        fail_msg("%s: %s", what, kt_model_error(m)->message);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    return h;
}

static void same_weights(const kt_model *a, const kt_model *b, const char *what)
{
    assert_int_equal(kt_weights(a), kt_weights(b));
    for (int i = 0; i < kt_weights(a); i++) {
        const char *path = NULL;
        kt_tensor  *x = kt_weight_at(a, i, &path), *y = kt_weight_at(b, i, NULL);
        assert_int_equal(kt_tensor_count(x), kt_tensor_count(y));
        for (int64_t k = 0; k < kt_tensor_count(x); k++)
            if (kt_tensor_get(x, k) != kt_tensor_get(y, k))
                fail_msg("%s: %s[%d] is %.9g, not %.9g", what, path, (int)k, kt_tensor_get(y, k),
                         kt_tensor_get(x, k));
    }
}

/* Both go on, and arrive at the same place by the same way. */
static void goes_on(kt_model *m, const char *path, const char *what)
{
    kt_model *loaded = kt_load(path);

    if (kt_failed(loaded))
        fail_msg("%s: %s", what, kt_model_error(loaded)->message);
    same_weights(m, loaded, what);
    if (kt_learning_rate(m) != kt_learning_rate(loaded))
        fail_msg("%s: learning rate %.9g, not %.9g", what, kt_learning_rate(loaded),
                 kt_learning_rate(m));
    kt_history *a = fit(m, THEN, what), *b = fit(loaded, THEN, what);
    for (int e = 0; e < THEN; e++)
        if (kt_history_get(a, "loss", e) != kt_history_get(b, "loss", e))
            fail_msg("%s: loss of epoch %d is %.9g, not %.9g", what, e,
                     kt_history_get(b, "loss", e), kt_history_get(a, "loss", e));
    same_weights(m, loaded, what);
    kt_history_free(a);
    kt_history_free(b);
    kt_model_free(loaded);
}

static void resume(const char *model, const char *optimizer)
{
    char      path[] = "/tmp/keratin-resume-XXXXXX.keras", what[512];
    int       fd = mkstemps(path, 6);
    kt_model *m;

    assert_true(fd >= 0);
    close(fd);
    snprintf(what, sizeof what, "%s, %s", optimizer, model);
    kt_set_seed(7);
    m = kt_model_from(model);
    kt_compile(m, .optimizer = optimizer, .loss = "mse");
    kt_history_free(fit(m, FIRST, what));
    if (kt_save(m, path) != KT_OK)
        fail_msg("%s: %s", what, kt_model_error(m)->message);
    goes_on(m, path, what);
    kt_model_free(m);
    unlink(path);
}

static void every_variant(const char *optimizer)
{
    char text[256];

    for (size_t v = 0; v < KT_COUNT(variants); v++)
        for (size_t k = 0; k < KT_COUNT(models); k++) {
            snprintf(text, sizeof text, variants[v], optimizer);
            resume(models[k], text);
        }
}

static void test_every_optimizer_goes_on(void **state)
{
    int n = 0;

    (void)state;
    for (const kt_class *const *const *file = kt_family_find("optimizer")->files; *file; file++)
        for (const kt_class *const *c = *file; *c; c++, n++)
            if (kt_config_find((*c)->config, "learning_rate")) /* not those around another */
                every_variant((*c)->class_name);
    assert_true(n >= 10);
    for (size_t i = 0; i < KT_COUNT(options); i++)
        for (size_t k = 0; k < KT_COUNT(models); k++)
            resume(models[k], options[i]);
}

/* The architecture alone has the learning rate as it was when it was written. */
static void test_the_learning_rate_is_written(void **state)
{
    kt_model *m = kt_model_from(models[0]);

    (void)state;
    kt_compile(m, .optimizer = "Adam(0.5)", .loss = "mse");
    kt_set_learning_rate(m, 0.25);
    char     *text = kt_to_json(m);
    kt_model *again = kt_from_json(text);
    assert_true(kt_learning_rate(again) == 0.25);
    kt_text_free(text);
    kt_model_free(again);
    kt_model_free(m);
}

/* --- files of another Keras ------------------------------------------------------------------- */

static kt_zip_entry *entry_of(kt_zip_entry *entries, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(entries[i].name, name) == 0)
            return &entries[i];
    fail_msg("no %s in the archive", name);
    return NULL;
}

/* Rewrites an archive as if `version` had made it. */
static void pretend(const char *path, const char *version)
{
    kt_bytes      b = {0};
    kt_fault      f = {0};
    kt_zip_entry *entries = NULL;
    int           n = 0;
    char          text[128];

    assert_int_equal(kt_file_read(path, &b, &f), KT_OK);
    assert_int_equal(kt_zip_read(path, b.data, b.size, (size_t)1 << 30, &entries, &n, &f), KT_OK);
    kt_zip_entry *e = entry_of(entries, n, "metadata.json");
    kt_bytes      own = e->bytes;
    int           size = snprintf(text, sizeof text, "{\"keras_version\": \"%s\"}", version);
    e->bytes = (kt_bytes){.data = (uint8_t *)text, .size = (size_t)size};
    assert_int_equal(kt_zip_write(path, entries, n, &f), KT_OK);
    e->bytes = own;
    kt_zip_free(entries, n);
    kt_bytes_free(&b);
}

static void refused(const char *path, const char *version, bool want)
{
    pretend(path, version);
    kt_model       *m = kt_load(path);
    const kt_error *e = kt_model_error(m);

    if (want && (!e || !strstr(e->message, version)))
        fail_msg("a file of Keras %s: %s", version, e ? e->message : "read");
    if (!want && e)
        fail_msg("a file of Keras %s: %s", version, e->message);
    kt_model_free(m);
}

static void test_another_major_version_is_refused(void **state)
{
    char      path[] = "/tmp/keratin-resume-XXXXXX.keras";
    int       fd = mkstemps(path, 6);
    kt_model *m = kt_model_from(models[0]);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(kt_save(m, path), KT_OK);
    refused(path, "3.0.0", false);
    refused(path, "3.99.1", false);
    refused(path, "2.15.0", false); /* read as what Keras 2 meant */
    refused(path, "1.2.2", true);   /* which had no such files */
    refused(path, "4.0.0", true);
    refused(path, "30.1.0", true);
    kt_model_free(m);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_optimizer_goes_on),
        cmocka_unit_test(test_the_learning_rate_is_written),
        cmocka_unit_test(test_another_major_version_is_refused),
    };

    need_reading(true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
