/* test_texts.c - layers called on what they can not take, in Keras' words, and an archive of Keras
 * whose layers have learnt their vocabularies: read, written, read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/fact_model.h"
#include "support/needs.h"

static void check_call(const kt_value *row)
{
    const char *text = kt_value_text(kt_value_get(row, "layer"));
    kt_layer   *l = kt_layer_from(text);
    kt_tensor  *x = fact_tensor(kt_value_get(row, "x"));
    kt_value   *training = kt_value_get(row, "training");

    assert_null(kt_layer_error(l));
    assert_null(training && training->b ? kt_layer_training_on(l, x) : kt_layer_on(l, x));
    fact_error(text, kt_value_get(row, "error"), kt_layer_error(l));
    kt_tensor_unref(x);
    kt_layer_free(l);
}

static void calls_fail_as_in_keras(void **state)
{
    (void)state;
    facts_each("texts_messages", check_call);
    facts_each("refused_numbers", check_call);
}

/* --- the archive ------------------------------------------------------------------------------ */

enum { OUTPUTS = 4 };

static void same_results(const kt_value *row, kt_model *m)
{
    const kt_value *want = kt_value_get(row, "y");
    kt_data        *d = kt_data_new();
    kt_tensor      *y[OUTPUTS] = {0};

    if (kt_failed(m))
        fail_msg("%s", kt_model_error(m)->message);
    fact_arrays(d, kt_value_get(row, "x"), false);
    assert_int_equal(kt_predict_many(m, d, 0, y, OUTPUTS), KT_OK);
    assert_int_equal(want->n, OUTPUTS);
    for (int i = 0; i < OUTPUTS; i++) {
        fact_tensor_close("texts.keras", want->items[i], y[i], 2e-6);
        kt_tensor_unref(y[i]);
    }
    kt_data_free(d);
}

/* Saved in this form and read again. */
static kt_model *again(kt_model *m, const char *ending)
{
    char path[] = "/tmp/keratin-texts-XXXXXX.keras";
    int  fd = mkstemps(path, 6);
    char name[64];

    close(fd);
    unlink(path);
    snprintf(name, sizeof name, "%.*s%s", (int)(sizeof path - 7), path, ending);
    assert_int_equal(kt_save(m, name), KT_OK);
    kt_model *copy = kt_load(name);
    unlink(name);
    kt_model_free(m);
    return copy;
}

static void check_archive(const kt_value *row)
{
    const char *root = getenv("KERATIN_SOURCE");
    char        path[4096];

    snprintf(path, sizeof path, "%s/tests/goldens/files/texts.keras", root ? root : ".");
    kt_model *m = kt_load(path);
    same_results(row, m);
    m = again(m, ".keras");
    same_results(row, m);
    m = again(m, ".h5"); /* where the vocabularies are in the configuration */
    same_results(row, m);
    m = again(m, ".keras");
    same_results(row, m);
    kt_model_free(m);
}

static void learnt_vocabularies_lie_beside_the_model(void **state)
{
    (void)state;
    if (!build_reads(true))
        skip();
    facts_each("texts_archive", check_archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_fail_as_in_keras),
        cmocka_unit_test(learnt_vocabularies_lie_beside_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
