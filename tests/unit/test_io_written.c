/* test_io_written.c - all that a saved model holds, but for the numbers: configurations, names,
 * shapes and types, in each form. It is what tests/support/written.txt has; Keras 2 and Keras 3
 * read these files (tools/check_forms_in_keras). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "config/config.h"
#include "keratin/keratin.h"
#include "support/kept.h"
#include "support/needs.h"

static const char *const models[] = {
    "Sequential([Input((4,)), Dense(3, activation='relu', kernel_regularizer=L2(0.01)), Dropout(0.5), "
    "LeakyReLU(negative_slope=0.2), BatchNormalization(), Dense(2, dtype='float64')], name='plain')",
    "Sequential([Embedding(7, 4, mask_zero=True), Bidirectional(LSTM(2, return_sequences=True)), "
    "TimeDistributed(Dense(2)), GRU(3, reset_after=False), Dense(1)], name='deferred')",
    "Sequential([Input((6,)), Sequential([Dense(3), Dense(2)], name='inner'), Dense(1)], name='outer')",
    "Sequential([Input((8, 8, 3)), Rescaling(0.1), RandomFlip('horizontal', seed=3), Conv2D(2, 3, padding='same'), "
    "SeparableConv2D(2, 3), GroupNormalization(1), GlobalAveragePooling2D(keepdims=True), Flatten()], name='images')",
};

static const char *const files[] = {
    "legacy/keras2_15_shared.h5", "legacy/keras2_12_adam.h5",    "legacy/keras2_graph.h5",
    "legacy/keras2_15_sgd.h5",    "legacy/keras1_2_branches.h5", "legacy/keras3_graph.h5",
    "legacy/keras3_rmsprop.h5",   "legacy/keras2_frozen.h5",     "files/nested.keras",
    "files/adapted.keras",        "files/texts.keras",           "files/averaged.keras"};

static char folder[] = "/tmp/keratin-written-XXXXXX";

/* Calls that Keras 2 has no list for: of two tensors apart, of a model inside, of an operation. */
static kt_model *of_calls(int which)
{
    kt_symbol in[] = {kt_symbol_of(kt_input(.shape = {3, 4}, .name = "q")),
                      kt_symbol_of(kt_input(.shape = {3, 4}, .name = "v"))};
    kt_symbol y;

    if (which == 0) {
        y = kt_apply_list(kt_multi_head_attention(1, 2, .name = "attention"), 2, in);
    } else if (which == 1) {
        kt_symbol x = kt_symbol_of(kt_input(.shape = {3, 4}, .name = "x"));
        kt_symbol z = kt_apply(kt_dense(4, .name = "within"), x);
        kt_layer *inside = kt_model_as_layer(kt_functional("inside", 1, &x, 1, &z));
        kt_symbol sum = kt_apply_list(kt_add(.name = "sum"), 2, in);
        y = kt_apply(inside, sum);
        y = kt_apply(kt_dense(1, .name = "top"), y);
    } else {
        y = kt_operation("Maximum(x0, x2=x1)", 2, in);
    }
    return kt_functional("calls", 2, in, 1, &y);
}

/* --- what a file holds ------------------------------------------------------------------------ */

static void say_attribute(kt_str *out, kt_h5 *h, const char *path, const char *name)
{
    kt_arena     a = {0};
    kt_fault     f = {0};
    const char **texts = NULL, *text;
    int          n = 0;

    if (kt_h5_attr_texts(h, path, name, &a, &texts, &n, &f) == KT_OK && texts) {
        kt_str_printf(out, "  %s/%s:", path, name);
        for (int i = 0; i < n; i++)
            kt_str_printf(out, " %s", texts[i]);
        kt_str_addc(out, '\n');
    } else {
        kt_fault_clear(&f);
        text = kt_h5_attr_text(h, path, name, &a, &f);
        if (text)
            kt_str_printf(out, "  %s/%s: %s\n", path, name, text);
    }
    kt_fault_clear(&f);
    kt_arena_free(&a);
}

static void say_group(kt_str *out, kt_h5 *h, const char *path)
{
    static const char *const attributes[] = {
        "keras_version", "backend",      "model_config", "training_config",
        "layer_names",   "weight_names", "name"};
    kt_arena     a = {0};
    kt_fault     f = {0};
    const char **names = NULL;
    int          n = 0;
    kt_array     x;

    for (size_t i = 0; i < KT_COUNT(attributes); i++)
        say_attribute(out, h, path, attributes[i]);
    if (kt_h5_read(h, *path ? path : "/", &x, &f) == KT_OK) {
        kt_str_printf(out, "  %s: %d", path, (int)x.type);
        for (int i = 0; i < x.rank; i++)
            kt_str_printf(out, " %lld", (long long)x.dim[i]);
        kt_str_addc(out, '\n');
        kt_array_free(&x);
    } else {
        kt_fault_clear(&f);
        (void)kt_h5_list(h, *path ? path : "/", &a, &names, &n, &f);
    }
    for (int i = 0; i < n; i++) {
        const char *below = kt_arena_printf(&a, "%s%s%s", path, *path ? "/" : "", names[i]);
        say_group(out, h, below);
    }
    kt_fault_clear(&f);
    kt_arena_free(&a);
}

static void say_hdf5(kt_str *out, const void *data, size_t size)
{
    kt_fault f = {0};
    kt_h5   *h = kt_h5_open("written", data, size, &f);

    assert_non_null(h);
    say_group(out, h, "");
    assert_int_equal(kt_h5_close(h, NULL, &f), KT_OK);
}

static void say_archive(kt_str *out, const kt_bytes *b)
{
    kt_zip_entry *entries = NULL;
    kt_fault      f = {0};
    int           n = 0;

    assert_int_equal(kt_zip_read("written", b->data, b->size, 1 << 26, &entries, &n, &f), KT_OK);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i].name, *dot = strrchr(name, '.');
        kt_bytes   *e = &entries[i].bytes;
        kt_str_printf(out, " %s\n", name);
        if (dot && strcmp(dot, ".h5") == 0)
            say_hdf5(out, e->data, e->size);
        else if (strcmp(name, "metadata.json") != 0) /* it has the date */
            kt_str_printf(out, "  %.*s\n", (int)e->size, (const char *)e->data);
    }
    kt_zip_free(entries, n);
}

static void say(kt_str *out, kt_model *m, const char *name, const char *ending)
{
    char     path[128];
    kt_bytes b = {0};
    kt_fault f = {0};

    snprintf(path, sizeof path, "%s/m%s", folder, ending);
    if (kt_save(m, path) != KT_OK)
        fail_msg("%s: %s", name, kt_model_error(m)->message);
    assert_int_equal(kt_file_read(path, &b, &f), KT_OK);
    kt_str_printf(out, "== %s %s\n", name, ending);
    if (strcmp(ending, ".keras") == 0)
        say_archive(out, &b);
    else
        say_hdf5(out, b.data, b.size);
    kt_bytes_free(&b);
    unlink(path);
}

/* --- all models ------------------------------------------------------------------------------- */

static void written_as_ever(void **state)
{
    static const char *const endings[] = {".keras", ".h5"};
    const char              *source = getenv("KERATIN_SOURCE");
    char                     path[512];
    kt_str                   now = {0};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(models) + KT_COUNT(files) + 3; i++) {
        size_t      k = i - KT_COUNT(models);
        const char *name = i < KT_COUNT(models) ? models[i]
                         : k < KT_COUNT(files)  ? files[k]
                                                : "calls";
        kt_set_seed(1);
        snprintf(path, sizeof path, "%s/tests/goldens/%s", source ? source : ".", name);
        kt_model *m = i < KT_COUNT(models) ? kt_model_from(name)
                    : k < KT_COUNT(files)  ? kt_load(path)
                                           : of_calls((int)(k - KT_COUNT(files)));
        if (kt_failed(m))
            fail_msg("%s: %s", name, kt_model_error(m)->message);
        if (i == 0)
            kt_compile(m, .optimizer = "Adam(amsgrad=True, weight_decay=0.1)", .loss = "mse",
                       .metrics = {"mae", "R2Score()"});
        for (size_t e = 0; e < KT_COUNT(endings); e++)
            say(&now, m, name, endings[e]);
        kt_model_free(m);
    }
    kept_as("written.txt", &now);
    kt_str_free(&now);
}

static int set_up(void **state)
{
    (void)state;
    need_reading(true);
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(written_as_ever)};

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
