/* test_configs.c - losses, metrics and layers: configurations as Keras writes them, its words where
 * a constructor refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "nn/layer.h"
#include "support/fact_model.h"

/* Where two values differ: "config.units: 3, Keras has 4". False if they do not. */
static bool differ(kt_str *out, const char *path, const kt_value *got, const kt_value *want)
{
    char longer[512];

    if (want && got && want->kind == KT_DICT && got->kind == KT_DICT) {
        for (size_t i = 0; i < want->n; i++) {
            snprintf(longer, sizeof longer, "%s.%s", path, want->keys[i]);
            if (differ(out, longer, kt_value_get(got, want->keys[i]), want->items[i]))
                return true;
        }
        for (size_t i = 0; i < got->n; i++) {
            snprintf(longer, sizeof longer, "%s.%s", path, got->keys[i]);
            if (!kt_value_get(want, got->keys[i]))
                return differ(out, longer, got->items[i], NULL);
        }
        return false;
    }
    if (got && want && kt_value_equal(got, want))
        return false;
    kt_str_printf(out, "%s: ", path);
    if (got)
        kt_value_repr(out, got);
    kt_str_add(out, got ? ", Keras has " : "missing, Keras has ");
    if (want)
        kt_value_repr(out, want);
    else
        kt_str_add(out, "none");
    return true;
}

/* As a file has it: tuples become lists. */
static kt_value *in_json(const kt_value *v, facts *t)
{
    kt_str text = {0};

    kt_json_print(&text, v, -1);
    kt_value *read = kt_json_parse("value", kt_str_text(&text), text.len, &t->arena, &t->fault);
    kt_str_free(&text);
    assert_non_null(read);
    return read;
}

static void compare(const char *expression, const kt_value *want, const kt_value *got, facts *t)
{
    kt_str text = {0};

    assert_non_null(got);
    if (differ(&text, "value", in_json(got, t), want))
        fail_msg("%s: %s", expression, kt_str_text(&text));
    kt_str_free(&text);
}

static void check_object(const kt_value *row, const char *expression, facts *t)
{
    const char      *family = kt_value_text(kt_value_get(row, "family"));
    kt_fault         f = {0};
    kt_value        *v = kt_expr_parse(expression, &t->arena, &f);
    const kt_object *o = v ? kt_object_make(&t->arena, family, v, &f) : NULL;

    fact_error(expression, kt_value_get(row, "error"), f.e.status != KT_OK ? &f.e : NULL);
    if (o)
        compare(expression, kt_value_get(row, "value"), kt_object_value(&t->arena, o, &f), t);
    kt_fault_clear(&f);
}

static void check_layer(const kt_value *row, const char *expression, facts *t)
{
    kt_layer *l = kt_layer_from(expression);
    kt_shape  shape;
    kt_fault  f = {0};

    assert_non_null(l);
    if (!kt_layer_error(l) && kt_shape_from_value(kt_value_get(row, "shape"), &shape))
        kt_layer_build(l, 1, &shape);
    fact_error(expression, kt_value_get(row, "error"), kt_layer_error(l));
    if (!kt_layer_error(l))
        compare(expression, kt_value_get(row, "value"), kt_layer_value(l, &t->arena, &f), t);
    kt_fault_clear(&f);
    kt_layer_free(l);
}

static void check_all(const char *file)
{
    facts t;

    facts_open(&t, file);
    for (size_t i = 0; i < t.rows.n; i++) {
        const kt_value *row = t.rows.at[i];
        const char     *expression = kt_value_text(kt_value_get(row, "expression"));
        bool            layer = kt_streq(kt_value_text(kt_value_get(row, "family")), "layer");
        if (layer)
            check_layer(row, expression, &t);
        else
            check_object(row, expression, &t);
        fact_done(file, i);
    }
    facts_close(&t);
}

static void as_keras(void **state)
{
    (void)state;
    check_all("configs");
    check_all("preprocessing_configs");
    check_all("augmentation_configs");
    check_all("texts_configs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
