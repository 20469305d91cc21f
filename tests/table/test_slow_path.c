/* test_slow_path.c - no layer, loss or optimizer computes in a reference kernel where its numbers
 * are float32, by the samples that layers bring; but for the ops of `slow`, each with its
 * reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"
#include "model/step.h"
#include "nn/loss.h"
#include "keratin/data.h"
#include "support/layer_sample.h"

static struct {
    const char *op, *reason;
    bool        used;
} slow[] = {
    {"ctc", "each step waits for the one before, and its sums need double; still faster than Keras",
     false},
    {"cumsum", "of whole numbers: a histogram of 256 colors", false},
    {"random", "whole numbers: one for each image", false},
    {"random_gamma", "one number for each image", false},
    {"solve", "8 equations for each image", false},
    {"sort", "the order of a batch's images", false},
    {"text_hash", "of texts", false},
    {"text_read", "of texts", false},
};

static int failures;

static void complain(const char *who, const char *op)
{
    for (size_t i = 0; i < KT_COUNT(slow); i++)
        if (kt_streq(slow[i].op, op)) {
            slow[i].used = true;
            return;
        }
    failures++;
    fprintf(stderr, "%s: '%s' runs in its reference kernel\n", who, op);
}

/* A lone number takes no time. */
static bool is_scalar(const kt_step *s, const char *op)
{
    for (size_t i = 0; i < s->graph->nodes.n; i++) {
        const kt_node *n = s->graph->nodes.at[i];
        if (kt_streq(n->op->name, op) && kt_shape_count(&n->shape) > 1)
            return false;
    }
    return true;
}

/* All plans that a model has made. */
static void look(const char *who, kt_model *m)
{
    for (size_t i = 0; i < m->steps.n; i++) {
        const kt_step *s = m->steps.at[i];
        for (int k = 0; s->plan && k < kt_plan_steps(s->plan); k++) {
            kt_plan_step_info info = kt_plan_step(s->plan, k);
            if (kt_streq(info.kernel, "reference") && !is_scalar(s, info.op))
                complain(who, info.op);
        }
    }
}

/* --- layers ----------------------------------------------------------------------------------- */

static bool train(const char *who, kt_model *m, kt_data *d, const char *optimizer, const char *loss)
{
    kt_compile(m, .optimizer = optimizer, .loss = loss);
    kt_history *h = kt_fit(m, .data = d, .epochs = 1, .shuffle = false);
    bool        done = h != NULL;

    look(who, m);
    kt_history_free(h);
    return done;
}

static void layer_trial(const layer_sample *s)
{
    kt_model  *m = layer_sample_model(s);
    kt_data   *d = layer_sample_all_data(s);
    kt_tensor *out[KT_MAX_OUTPUTS] = {0};
    int        n = kt_failed(m) ? -1 : kt_model_outputs(m);
    bool       real = n > 0;

    if (n < 0 || kt_predict_many(m, d, 0, out, n) != KT_OK)
        fail_msg("%s: %s", s->expression, kt_model_error(m)->message);
    look(s->expression, m);
    for (int i = 0; i < n; i++)
        real = real && kt_dtype_is_float(out[i]->dtype);
    for (int i = 0; real && i < n; i++)
        kt_data_add_y(d, kt_model_output_name(m, i), out[i]);
    if (real && !train(s->expression, m, d, "SGD", "mse"))
        fail_msg("%s: %s", s->expression, kt_model_error(m)->message);
    for (int i = 0; i < n; i++)
        kt_tensor_unref(out[i]);
    kt_data_free(d);
    kt_model_free(m);
}

static void layers_are_fast(void **state)
{
    const kt_layer_type *t;

    (void)state;
    failures = 0;
    for (size_t k = 0; (t = kt_layer_type_at(k)); k++)
        for (int i = 0; i < layer_samples(t); i++) {
            layer_sample s;
            layer_sample_read(t, i, &s);
            layer_trial(&s);
        }
    assert_int_equal(failures, 0);
}

/* --- losses and optimizers -------------------------------------------------------------------- */

enum { ROWS = 8, STEPS = 6, CLASSES = 4 };

static kt_tensor *numbers(kt_dtype dtype, kt_shape shape, int64_t below)
{
    kt_tensor *t = kt_tensor_new(dtype, shape);

    assert_non_null(t);
    for (int64_t i = 0; i < t->count; i++)
        kt_tensor_set(t, i, below ? (double)(i % below) : 0.1 + 0.05 * (double)(i % 7));
    return t;
}

/* One output for each row, or for each of STEPS steps; y: class numbers, or as many as outputs. */
static bool trains(const char *who, const char *optimizer, const char *loss, bool labels,
                   bool in_steps)
{
    kt_model  *m = kt_model_from("Sequential([Dense(4, 'softmax')])");
    kt_shape   in = in_steps ? KT_SHAPE(ROWS, STEPS, 5) : KT_SHAPE(ROWS, 5);
    kt_shape   target = in_steps ? KT_SHAPE(ROWS, 2)
                      : labels   ? KT_SHAPE(ROWS)
                                 : KT_SHAPE(ROWS, CLASSES);
    kt_tensor *x = numbers(KT_F32, in, 0);
    kt_tensor *y = numbers(labels ? KT_I32 : KT_F32, target, labels ? CLASSES : 0);
    kt_data   *d = kt_data_new();

    kt_data_add_x(d, "", x);
    kt_data_add_y(d, "", y);
    bool done = train(who, m, d, optimizer, loss);

    kt_data_free(d);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_model_free(m);
    return done;
}

static void losses_are_fast(void **state)
{
    const kt_class *cls;

    (void)state;
    failures = 0;
    for (size_t i = 0; (cls = kt_family_class(kt_family_find("loss"), i)); i++) {
        const kt_loss_type *t = (const kt_loss_type *)(const void *)cls;
        bool                labels = t->target == KT_TARGET_LABELS;
        const char         *name = cls->class_name;
        char                call[64];
        snprintf(call, sizeof call, "%s()", name);
        if (!trains(name, "SGD", call, labels, false) && !trains(name, "SGD", call, true, false) &&
            !trains(name, "SGD", call, true, true)) {
            failures++;
            fprintf(stderr, "%s: no data that it trains on\n", cls->class_name);
        }
    }
    assert_int_equal(failures, 0);
}

static void optimizers_are_fast(void **state)
{
    const kt_class *cls;

    (void)state;
    failures = 0;
    for (size_t i = 0; (cls = kt_family_class(kt_family_find("optimizer"), i)); i++) {
        const char *name = cls->class_name;
        char        call[64];
        snprintf(call, sizeof call, "%s(%s)", name,
                 kt_streq(name, "LossScaleOptimizer") ? "SGD()" : "");
        if (!trains(name, call, "mse", false, false)) {
            failures++;
            fprintf(stderr, "%s does not train\n", name);
        }
    }
    assert_int_equal(failures, 0);
}

static void exceptions_are_needed(void **state)
{
    (void)state;
    failures = 0;
    for (size_t i = 0; i < KT_COUNT(slow); i++)
        if (!slow[i].used) {
            failures++;
            fprintf(stderr, "'%s' (%s) is slow nowhere\n", slow[i].op, slow[i].reason);
        }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_are_fast),
        cmocka_unit_test(losses_are_fast),
        cmocka_unit_test(optimizers_are_fast),
        cmocka_unit_test(exceptions_are_needed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
