/* test_io_translated.c - each row of the tables of old classes and fields (io/translate_table.c) at
 * work, for each version of Keras: what becomes of a configuration that has the field is what
 * tests/support/translated.txt has. Whole files of old versions: tests/keras/test_legacy.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "config/config.h"
#include "io/io.h"
#include "io/translate.h"
#include "support/kept.h"

/* A list of a layer with this configuration and one that says the order of its axes. */
static void say(kt_str *out, const char *class_name, const char *config, int keras)
{
    kt_arena a = {0};
    kt_fault f = {0};
    char     text[512];

    snprintf(text, sizeof text,
             "[{'class_name': '%s', 'config': {'name': 'l'%s%s}}, {'class_name': 'Other', "
             "'config': {'dim_ordering': 'th'}}]",
             class_name, *config ? ", " : "", config);
    kt_value *v = kt_expr_parse(text, &a, &f);
    assert_non_null(v);
    kt_str before = {0}, after = {0};
    kt_value_repr(&before, v->items[0]);
    if (kt_translate(v, keras, "old.h5", &a, &f) == KT_OK)
        kt_value_repr(&after, v->items[0]);
    else
        kt_str_add(&after, f.e.message);
    bool same = strcmp(kt_str_text(&before), kt_str_text(&after)) == 0;
    kt_str_printf(out, "%d %s {%s}: %s\n", keras, class_name, config,
                  same ? "the same" : kt_str_text(&after));
    kt_str_free(&before);
    kt_str_free(&after);
    kt_fault_clear(&f);
    kt_arena_free(&a);
}

/* A configuration for which the row is there; which: another value. False: there are no more. */
static bool sample(const kt_old_field *row, int which, char config[256])
{
    const char *value = "0.5";

    switch (row->what) {
    case KT_ONE: value = which ? "[3, 4]" : "[3]"; break;
    case KT_ONLY:
    case KT_REPLACE: value = which ? "'another'" : row->value; break;
    case KT_PAIRS:
        value = which == 0 ? "[1, 2, 3, 4]"
              : which == 1 ? "{'top_pad': 1, 'bottom_pad': 2, 'left_pad': 3, 'right_pad': 4}"
                           : "{'left_pad': 3, 'right_pad': 4}";
        break;
    case KT_DEFAULT:
    case KT_ORDER:
        if (which == 0) {
            *config = 0;
            return true;
        }
        break;
    case KT_JOIN: {
        int at = 0, n = 0;
        for (const char *w = row->value; *w; w += strcspn(w, "|"), w += *w == '|')
            at += snprintf(config + at, 256 - (size_t)at, "%s'%.*s': %d", n ? ", " : "",
                           (int)strcspn(w, "|"), w, n + 2),
                n++;
        return which == 0;
    }
    case KT_DECAY: value = which ? "0.0" : "0.5, 'lr': 0.25"; break;
    case KT_RENAME:
        if (which == 1) { /* both names */
            snprintf(config, 256, "'%s': 0.5, '%s': 2", row->field, row->into);
            return true;
        }
        break;
    case KT_DROP: break;
    }
    snprintf(config, 256, "'%s': %s", row->field, value);
    return which < (row->what == KT_DROP ? 1 : row->what == KT_PAIRS ? 3 : 2);
}

static void each_row(kt_str *out, const kt_old_field *row)
{
    char name[64], config[256];

    for (const char *c = row->classes; *c; c += strcspn(c, "|"), c += *c == '|') {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(c, "|"), c);
        for (int keras = 1; keras <= 3; keras++)
            for (int which = 0; sample(row, which, config); which++)
                say(out, strcmp(name, "*") == 0 ? "Anything" : name, config, keras);
    }
}

static void rows_at_work(void **state)
{
    kt_str now = {0};

    (void)state;
    for (const kt_old_class *c = kt_old_classes; c->old; c++)
        for (int keras = 1; keras <= 3; keras++)
            say(&now, c->old, "", keras);
    for (const kt_old_field *row = kt_old_fields; row->classes; row++)
        each_row(&now, row);
    kept_as("translated.txt", &now);
    kt_str_free(&now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_at_work)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
