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

static void check(const kt_value *row)
{
    const kt_value *build = kt_value_get(row, "build");
    kt_model       *m = fact_model(row);
    char           *text = NULL, *want = kt_strdup(kt_value_text(kt_value_get(row, "text")));
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
    kt_summary(m, out);
    fclose(out);
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
