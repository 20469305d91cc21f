/* test_summaries.c - summaries as Keras prints them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/fact_model.h"

/* Without spaces at the ends of lines and empty lines at the end, which differ by terminal. */
static char *tidy(char *text)
{
    char *to = text, *solid = text;

    for (const char *from = text; *from; from++) {
        if (*from == '\n')
            to = solid;
        *to++ = *from;
        if (*from != ' ')
            solid = to;
    }
    while (solid > text && solid[-1] == '\n')
        solid--;
    *solid = '\0';
    return text;
}

static double number_of(const kt_value *row, const char *key)
{
    double x = 0;

    kt_value_number(kt_value_get(row, key), &x);
    return x;
}

static bool is_true(const kt_value *row, const char *key)
{
    const kt_value *v = kt_value_get(row, key);

    return v && v->kind == KT_BOOL && v->b;
}

static void check(const kt_value *row)
{
    const kt_value *build = kt_value_get(row, "build");
    kt_model       *m = fact_model(row);
    const char     *words = kt_value_text(kt_value_get(row, "text"));
    char           *text = NULL, *want = kt_strdup(words ? words : "");
    size_t          size = 0;
    FILE           *out = open_memstream(&text, &size);
    kt_shape        shape;

    assert_non_null(out);
    assert_non_null(want);
    if (build) {
        assert_true(kt_shape_from_value(build, &shape));
        kt_build(m, 1, &shape);
    }
    if (kt_failed(m))
        fail_msg("%s: %s", fact_name(row), kt_model_error(m)->message);
    kt_summary_with(&(kt_summary_args){.at = {.size = sizeof(kt_summary_args)},
                                       .model = m,
                                       .out = out,
                                       .line_length = (int64_t)number_of(row, "line_length"),
                                       .expand_nested = is_true(row, "expand_nested"),
                                       .show_trainable = is_true(row, "show_trainable")});
    fclose(out);
    fact_error(fact_name(row), kt_value_get(row, "error"), kt_model_error(m));
    if (!kt_streq(tidy(text), tidy(want))) {
        fprintf(stderr, "printed:\n%s\nKeras prints:\n%s\n", text, want); /* too long for cmocka */
        fail_msg("the summary of %s differs", fact_name(row));
    }
    free(text);
    kt_free(want);
    kt_model_free(m);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("summaries", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
