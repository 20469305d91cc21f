/* test_layers.c - every layer of the table, by the samples that it brings: configuration to JSON
 * and back, inferred against executed shapes, saved and loaded, trained for a few steps. A layer
 * without a sample fails by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/io.h"
#include "model/model.h"
#include "nn/container.h"
#include "support/layer_sample.h"
#include "support/needs.h"

static int failures;

static void complain(const layer_sample *s, const char *what, const char *detail)
{
    failures++;
    fprintf(stderr, "%s: %s%s%s\n", s->expression, what, detail ? ": " : "", detail ? detail : "");
}

/* Functional and cells have no calling convention that a sample could express alone. */
static bool without_sample(const kt_layer_type *t)
{
    return kt_streq(t->cls.class_name, "Functional");
}

typedef void (*trial)(const layer_sample *s);

static void each_sample(trial run)
{
    failures = 0;
    const kt_layer_type *t;
    for (size_t k = 0; (t = kt_layer_type_at(k)); k++) {
        int n = layer_samples(t);
        if (n == 0 && !without_sample(t)) {
            fprintf(stderr, "layer %s brings no sample\n", t->cls.class_name);
            failures++;
        }
        for (int i = 0; i < n; i++) {
            layer_sample s;
            layer_sample_read(t, i, &s);
            run(&s);
        }
    }
    assert_int_equal(failures, 0);
}

/* --- configuration ---------------------------------------------------------------------------- */

static void json_trial(const layer_sample *s)
{
    kt_layer *a = kt_layer_from(s->expression), *b = NULL;
    kt_arena  arena = {0};
    kt_fault  f = {0};
    kt_value *first = kt_layer_value(a, &arena, &f), *second = NULL;
    kt_str    one = {0}, two = {0};

    if (first)
        b = kt_layer_from_value(first);
    if (b && !kt_layer_error(b))
        second = kt_layer_value(b, &arena, &f);
    kt_json_print(&one, first, -1);
    kt_json_print(&two, second, -1);
    if (kt_layer_error(a))
        complain(s, "cannot be made", kt_layer_error(a)->message);
    else if (!second || strcmp(kt_str_text(&one), kt_str_text(&two)) != 0)
        complain(s, "JSON differs after a round trip",
                 b && kt_layer_error(b) ? kt_layer_error(b)->message : kt_str_text(&two));
    kt_str_free(&one);
    kt_str_free(&two);
    kt_layer_free(a);
    kt_layer_free(b);
    kt_fault_clear(&f);
    kt_arena_free(&arena);
}

static void test_json_both_ways(void **state)
{
    (void)state;
    each_sample(json_trial);
}

/* --- shapes and files ------------------------------------------------------------------------- */

static int outputs_of(kt_model *m, const kt_data *d, kt_tensor **out)
{
    int n = kt_model_outputs(m);

    return kt_predict_many(m, d, 0, out, n) == KT_OK ? n : -1;
}

static void shape_trial(const layer_sample *s)
{
    kt_model           *m = layer_sample_model(s);
    kt_data            *d = layer_sample_all_data(s);
    kt_tensor          *out[KT_MAX_OUTPUTS] = {0};
    int                 n = kt_failed(m) ? -1 : outputs_of(m, d, out);
    const kt_container *c = kt_container_of(m->root);

    if (n < 0)
        complain(s, "does not run", kt_model_error(m) ? kt_model_error(m)->message : NULL);
    for (int i = 0; i < n; i++) {
        kt_shape inferred = kt_symbol_result(c->out[i])->shape;
        if (!kt_shape_fits(&inferred, &out[i]->shape))
            complain(s, "executed shape differs from the inferred one", NULL);
        kt_tensor_unref(out[i]);
    }
    kt_data_free(d);
    kt_model_free(m);
}

static void test_inferred_equals_executed(void **state)
{
    (void)state;
    each_sample(shape_trial);
}

static bool same_bits(const kt_tensor *a, const kt_tensor *b)
{
    return a && b && kt_shape_equal(&a->shape, &b->shape) &&
           memcmp(a->data, b->data, (size_t)a->count * kt_dtype_size(a->dtype)) == 0;
}

static void file_trial(const layer_sample *s)
{
    char       path[] = "/tmp/keratin-layer-XXXXXX.keras";
    kt_model  *m = layer_sample_model(s), *again = NULL;
    kt_data   *d = layer_sample_all_data(s);
    kt_tensor *a[KT_MAX_OUTPUTS] = {0}, *b[KT_MAX_OUTPUTS] = {0};
    int        fd = mkstemps(path, 6), n = kt_failed(m) ? -1 : outputs_of(m, d, a);

    close(fd);
    if (n > 0 && kt_save(m, path) == KT_OK)
        again = kt_load(path);
    if (!again || kt_failed(again) || outputs_of(again, d, b) != n)
        complain(s, "is not saved and loaded",
                 kt_model_error(again ? again : m) ? kt_model_error(again ? again : m)->message
                                                   : NULL);
    for (int i = 0; i < n; i++) {
        if (again && !kt_failed(again) && !same_bits(a[i], b[i]))
            complain(s, "predicts something else after loading", NULL);
        kt_tensor_unref(a[i]);
        kt_tensor_unref(b[i]);
    }
    unlink(path);
    kt_data_free(d);
    kt_model_free(m);
    kt_model_free(again);
}

static void test_saved_and_loaded(void **state)
{
    (void)state;
    if (!build_reads(true))
        skip();
    each_sample(file_trial);
}

/* --- training --------------------------------------------------------------------------------- */

/* Samples that have weights to learn, at least: the others are not trained. */
enum { LEARNING = 15 };

static bool learns(const kt_model *m)
{
    kt_vec weights = {0};

    bool some = kt_collect_weights(m->root, true, false, &weights) == KT_OK && weights.n > 0;
    kt_vec_free(&weights);
    return some;
}

/* A fixed target somewhat away from what the layer gives now, so that there is something to
 * learn. */
static void add_targets(kt_data *d, kt_tensor **out, int n)
{
    for (int i = 0; i < n; i++) {
        kt_tensor *y = kt_tensor_cast(out[i], KT_F32);
        for (int64_t k = 0; k < y->count; k++)
            kt_tensor_set(y, k, 0.5 * kt_tensor_get(y, k) + 0.1);
        kt_data_add_y(d, "", y);
        kt_tensor_unref(y);
        kt_tensor_unref(out[i]);
    }
}

static int trained;

static void training_trial(const layer_sample *s)
{
    kt_model  *m = layer_sample_model(s);
    kt_data   *d = layer_sample_all_data(s);
    kt_tensor *out[KT_MAX_OUTPUTS] = {0};
    int        n = kt_failed(m) ? -1 : learns(m) ? outputs_of(m, d, out) : 0;

    if (n < 0)
        complain(s, "does not run", kt_model_error(m) ? kt_model_error(m)->message : NULL);
    if (n > 0) {
        trained++;
        add_targets(d, out, n);
        kt_compile(m, .optimizer = "SGD(learning_rate=0.01)", .loss = "mse");
        kt_history *h = kt_fit(m, .data = d, .epochs = 12, .shuffle = false);
        double      before = kt_history_get(h, "loss", 0), after = kt_history_get(h, "loss", -1);
        if (!h)
            complain(s, "does not train", kt_model_error(m)->message);
        else if (!(after < before))
            complain(s, "does not learn", NULL);
        kt_history_free(h);
    }
    kt_data_free(d);
    kt_model_free(m);
}

static void test_training_lowers_the_loss(void **state)
{
    (void)state;
    trained = 0;
    each_sample(training_trial);
    assert_true(trained >= LEARNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_both_ways),
        cmocka_unit_test(test_inferred_equals_executed),
        cmocka_unit_test(test_saved_and_loaded),
        cmocka_unit_test(test_training_lowers_the_loss),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
