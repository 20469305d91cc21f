/* test_layer_plans.c - the samples of each layer of the table: what graph and plan they become
 * where the model predicts and where it trains, as tests/support/damage_words.txt has it. Who
 * changes what a layer emits, or how that is fused and laid out in memory, sees here for whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/step.h"
#include "support/layer_sample.h"
#include "support/plan_sums.h"

/* All rows are one batch. */
static void note_step(plan_sums *s, kt_model *m, const kt_data *d, kt_purpose purpose)
{
    int64_t     rows = kt_dim(&d->x[0].t->shape, 0);
    kt_fault    f = {0};
    kt_step_key key;
    kt_step    *step;

    kt_step_key_of(m, d, purpose, rows, &key);
    assert_int_equal(kt_step_key_texts(m, d, NULL, 0, rows, &key, &f), KT_OK);
    step = kt_step_new(m, &key, &f, NULL);
    if (!step)
        fail_msg("%s", f.e.message);
    plan_sums_add(s, step->graph, step->plan);
    kt_step_free(step);
    kt_fault_clear(&f);
}

/* A training step that fit has made ready. */
static void note_training(plan_sums *s, kt_model *m, kt_data *d, kt_tensor *const *out, int n)
{
    for (int i = 0; i < n; i++) {
        kt_tensor *y = kt_tensor_cast(out[i], KT_F32);
        kt_data_add_y(d, "", y);
        kt_tensor_unref(y);
    }
    kt_compile(m, .optimizer = "SGD(momentum=0.9)", .loss = "mse");
    kt_history_free(kt_fit(m, .data = d, .epochs = 1));
    if (kt_model_error(m))
        fail_msg("%s", kt_model_error(m)->message);
    note_step(s, m, d, KT_TRAIN);
}

static void note_sample(plan_sums *s, const layer_sample *sample)
{
    kt_model  *m = layer_sample_model(sample);
    kt_data   *d = layer_sample_all_data(sample);
    kt_tensor *out[KT_MAX_OUTPUTS] = {0};
    int        n = kt_model_outputs(m);

    assert_int_equal(kt_predict_many(m, d, 0, out, n), KT_OK);
    note_step(s, m, d, KT_PREDICT);
    note_training(s, m, d, out, n);
    for (int i = 0; i < n; i++)
        kt_tensor_unref(out[i]);
    kt_data_free(d);
    kt_model_free(m);
}

static void as_kept(void **state)
{
    kt_str               lines = {0};
    const kt_layer_type *t;

    (void)state;
    for (size_t k = 0; (t = kt_layer_type_at(k)); k++) {
        plan_sums s = {0};
        for (int i = 0; i < layer_samples(t); i++) {
            layer_sample sample;
            layer_sample_read(t, i, &sample);
            note_sample(&s, &sample);
        }
        kt_str_printf(&lines, "plans of %s: ", t->cls.class_name);
        plan_sums_told(&s, &lines);
    }
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_kept)};

    plan_sums_anywhere();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
