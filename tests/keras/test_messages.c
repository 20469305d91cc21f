/* test_messages.c - models called and fitted on shapes that mostly do not fit: what comes out, or
 * Keras' words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/model.h"
#include "support/fact_model.h"

enum { MOST = 8 };

static bool is_true(const kt_value *v)
{
    return v && v->kind == KT_BOOL && v->b;
}

static void check_call(const kt_value *row, kt_model *m)
{
    const kt_value *in = kt_value_get(row, "in"), *out = kt_value_get(row, "out");
    const kt_value *dtypes = kt_value_get(row, "dtypes");
    kt_shape        shapes[MOST], want;

    assert_true(in->n <= MOST);
    for (size_t i = 0; i < in->n; i++)
        assert_true(kt_shape_from_value(in->items[i], &shapes[i]));
    kt_check_shapes(m, (int)in->n, shapes, !is_true(kt_value_get(row, "symbolic")));
    fact_error(fact_name(row), kt_value_get(row, "error"), kt_model_error(m));
    if (!out)
        return;
    assert_int_equal((size_t)kt_checked_outputs(m), out->n);
    for (size_t i = 0; i < out->n; i++) {
        kt_shape got = kt_checked_output(m, (int)i);
        assert_true(kt_shape_from_value(out->items[i], &want));
        if (!kt_shape_equal(&got, &want))
            fail_msg("%s: output %zu has another shape than in Keras", fact_name(row), i);
        if (dtypes)
            assert_string_equal(kt_dtype_name(m->checked[i].dtype),
                                kt_value_text(dtypes->items[i]));
    }
}

static bool listed(const kt_value *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++)
        if (kt_streq(kt_value_text(list->items[i]), text))
            return true;
    return false;
}

/* compile refuses a wrong name; Keras does so in fit, after what it finds before. */
static void clear_name(kt_model *m)
{
    const kt_error *e = kt_model_error(m);

    if (e && (strncmp(e->message, "Could not interpret loss", 24) == 0 ||
              strncmp(e->message, "Could not interpret metric", 26) == 0))
        kt_clear_error(m);
}

static void check_fit(const kt_value *row, kt_model *m)
{
    const kt_value *keys = kt_value_get(row, "keys");
    kt_data        *d = kt_data_new();

    fact_arrays(d, kt_value_get(row, "x"), false);
    fact_arrays(d, kt_value_get(row, "y"), true);
    fact_compile(m, row);
    clear_name(m);
    kt_history *h = fact_fit(m, row, d);
    fact_error(fact_name(row), kt_value_get(row, "error"), kt_model_error(m));
    if (keys && h) {
        assert_int_equal((size_t)kt_history_keys(h), keys->n);
        for (size_t i = 0; i < keys->n; i++)
            if (!listed(keys, kt_history_key(h, (int)i)))
                fail_msg("%s: Keras has no key '%s'", fact_name(row), kt_history_key(h, (int)i));
    }
    kt_history_free(h);
    kt_data_free(d);
}

static void check(const kt_value *row)
{
    kt_model *m = fact_model(row);

    if (kt_value_get(row, "in"))
        check_call(row, m);
    else
        check_fit(row, m);
    kt_model_free(m);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("messages", check);
    facts_each("preprocessing_messages", check);
    facts_each("texts_symbolic", check);
    facts_each("augmentation_messages", check);
    facts_each("refusals", check);
    facts_each("constructors", check);
    facts_each("structures", check);
    facts_each("operation_shapes", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
