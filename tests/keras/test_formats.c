/* test_formats.c - {name:spec} in names of files, as Python fills it in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/callbacks/format.h"
#include "support/fact_model.h"
#include "support/facts.h"

static bool number_of(void *with, const char *name, kt_number *out)
{
    const kt_value *v = kt_value_get(with, name);

    if (!v || v->kind == KT_STR)
        return false;
    out->whole = v->kind == KT_INT;
    return kt_value_number(v, &out->v);
}

static void check(const kt_value *row)
{
    const char     *text = kt_value_text(kt_value_get(row, "text"));
    const kt_value *out = kt_value_get(row, "out");
    kt_str          got = {0};
    kt_fault        fault = {0};

    kt_format_text(&got, text, number_of, (void *)(uintptr_t)row, &fault);
    fact_error(text, kt_value_get(row, "error"), fault.e.status != KT_OK ? &fault.e : NULL);
    if (out)
        assert_string_equal(kt_str_text(&got), kt_value_text(out));
    kt_str_free(&got);
    kt_fault_clear(&fault);
}

static void as_python(void **state)
{
    (void)state;
    facts_each("formats", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_python)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
