/* test_data_crossed.c - small tables by all sorts of rules, and again with the legend of others:
 * the arrays, notes, legends and refusals are what they were (support/damage_words.txt). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "codec/codec.h"
#include "data/data.h"
#include "support/damage.h"

static const char long_text[] =
    "a,b\n1,this is a text that is by far too long to be shown as a "
    "whole\n2,\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\n3,4\n4,5\n";

static const char *const tables[] = {
    "size,colour,kind\n1,red,yes\n2,blue,no\n3,red,yes\n",
    "kind,size,colour\nno,4,blue\nyes,5,red\n",
    "size,colour\n7,red\n8,green\n",
    "1,red,yes\n2,blue,no\n3,red,yes\n",
    "4,red,yes\n",
    "a,b,y\n1,2,3\n4,5,6\n7,8,9\n",
    "y,a,b,c\n1,2,3,4\n5,6,7,8\n",
    "1,2,3\n4,5,6\n",
    "1;2,5;x\n4;5,5;y\n",
    "a,a,b\n1,2,3\n4,5,6\n",
    "a,,b\n1,2,3\n",
    "a b c\n1 2 3\n4 5 NA\n",
    "a,b,y\n1,,x\n2,3,y\n?,4,x\n",
    "a,b\n",
    "a,b\n1,2\n3\n",
    "red\nblue\nred\n",
    "a\n1\n2\n-inf\n",
    "a,b\n1,x\n2,3\n4,5\n6,y\n",
    "a,2\n1,3\n4,5\n",
    "red,a\nblue,b\nred,c\n",
    "one,two\nred,1e400\nblue,0x10\n",
    "\"a \"\"b\"\"\",\"c,d\"\n\"1\",\" x \"\n",
    "n\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\nthree\nfour\n",
    "w,y\na,1\nb,2\nc,3\nd,4\ne,5\nf,6\ng,7\nh,8\ni,9\nj,0\nk,1\nl,2\nm,3\nn,4\no,5\np,6\nq,7\nr,8\n"
    "s,9\nt,0\nu,1\nv,2\n",
    long_text,
};

static const kt_data_args rules[] = {
    {.target = NULL},
    {.target = "-1"},
    {.target = "0"},
    {.target = "kind"},
    {.target = "y", .drop_na = true, .na = {"?"}},
    {.target = "-1", .header = -1},
    {.target = "-1", .header = 1},
    {.header = 1},
    {.target = "-1", .inputs_only = true},
    {.target = "1", .categorical = {"0", "b"}},
    {.categorical = {"-1"}, .header = 1},
    {.categorical = {"a", "-2"}},
    {.categorical = {"9"}},
    {.sep = ';', .decimal = ','},
    {.sep = ' ', .target = "c", .drop_na = true},
    {.texts = true, .target = "-1"},
    {.target = "none"},
};

/* --- what comes out --------------------------------------------------------------------------- */

static void print_array(kt_str *out, const kt_tensor *t)
{
    kt_str text = {0};

    kt_str_printf(out, "%s", kt_dtype_name(kt_tensor_dtype(t)));
    for (int i = 0; i < t->shape.rank; i++)
        kt_str_printf(out, " %lld", (long long)t->shape.dim[i]);
    kt_tensor_print(&text, t);
    kt_str_printf(out, ": %s\n", kt_str_text(&text));
    kt_str_free(&text);
}

/* As it is, and after it was a value. */
static void print_legend(kt_str *out, const kt_legend *l)
{
    kt_arena a = {0};
    kt_fault f = {0};

    if (!l)
        return;
    kt_value  *v = kt_legend_value(l, &a);
    kt_legend *again = kt_legend_from_value(v, "again", &f), *copy = kt_legend_copy(l);
    kt_json_print(out, v, -1);
    assert_true(kt_legend_agrees(l, again) && kt_legend_agrees(copy, l));
    for (int target = 0; target < 2; target++)
        kt_str_printf(out, " %d %d\n", kt_legend_columns(again, target),
                      kt_legend_has_words(copy, target));
    kt_legend_free(again);
    kt_legend_free(copy);
    kt_arena_free(&a);
}

static void print_data(kt_str *out, const kt_data *d)
{
    const kt_error *e = kt_data_error(d);
    const char     *note;

    if (e)
        kt_str_printf(out, "%d %s (%s)\n", (int)e->status, e->message, e->hint ? e->hint : "");
    for (int i = 0; !e && i < d->n_x; i++)
        print_array(out, d->x[i].t);
    for (int i = 0; !e && i < d->n_y; i++)
        print_array(out, d->y[i].t);
    for (int i = 0; (note = kt_data_note_at(d, i)); i++)
        kt_str_printf(out, "note %s\n", note);
    if (!e)
        print_legend(out, kt_data_legend(d));
}

static void write_file(const char *path, const char *text)
{
    kt_fault f = {0};

    assert_int_equal(kt_file_write(path, text, strlen(text), &f), KT_OK);
}

/* --- tables ----------------------------------------------------------------------------------- */

static kt_data *read_table(const char *name, const kt_data_args *how, const kt_legend *l)
{
    kt_data_args a = *how;

    a.at.size = sizeof a;
    a.csv = name;
    a.legend = l;
    return kt_data_load_with(&a);
}

/* A table by one rule, and all others by its legend: by the same rule, and as they are. */
static void cross(const char *name, const kt_data_args *how, kt_str *out)
{
    kt_data         *d = read_table(name, how, NULL);
    const kt_legend *l = kt_data_legend(d);
    char             other[20];

    print_data(out, d);
    for (size_t k = 0; l && k < KT_COUNT(tables); k++) {
        snprintf(other, sizeof other, "%zu.csv", k);
        kt_data *alone = read_table(other, how, NULL);
        kt_str_printf(out, "%d ", kt_legend_agrees(l, kt_data_legend(alone)));
        kt_data_free(alone);
        for (int same = 0; same < 2; same++) {
            kt_data *next = read_table(other, same ? how : &rules[0], l);
            kt_str_printf(out, "%d ", kt_legend_agrees(l, kt_data_legend(next)));
            print_data(out, next);
            kt_data_free(next);
        }
    }
    kt_data_free(d);
}

static void tables_are_read_as_before(void **state)
{
    (void)state;
    kt_str lines = {0};
    char   name[20];

    for (size_t i = 0; i < KT_COUNT(tables); i++) {
        kt_str   out = {0};
        uint32_t sum = DAMAGE_SUM;
        snprintf(name, sizeof name, "%zu.csv", i);
        for (size_t r = 0; r < KT_COUNT(rules); r++)
            cross(name, &rules[r], &out);
        assert_false(out.failed);
        damage_sum(&sum, kt_str_text(&out));
        kt_str_printf(&lines, "data table %zu: %zu bytes %08x\n", i, out.len, sum);
        kt_str_free(&out);
    }
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

/* Inputs and targets in files of their own, the second by what the first left. */
static void pairs_are_read_as_before(void **state)
{
    (void)state;
    kt_str   lines = {0}, out = {0};
    uint32_t sum = DAMAGE_SUM;
    char     x[20], y[20];

    for (size_t i = 0; i < KT_COUNT(tables); i++)
        for (size_t k = 0; k < KT_COUNT(tables); k++) {
            kt_data_args a = rules[(i + k) % KT_COUNT(rules)];
            snprintf(x, sizeof x, "%zu.csv", i);
            snprintf(y, sizeof y, "%zu.csv", k);
            a.at.size = sizeof a;
            a.x = x;
            a.y = y;
            kt_data *d = kt_data_load_with(&a);
            print_data(&out, d);
            a.legend = kt_data_legend(d);
            kt_data *again = a.legend ? kt_data_load_with(&a) : NULL;
            if (again)
                print_data(&out, again);
            kt_data_free(again);
            kt_data_free(d);
        }
    assert_false(out.failed);
    damage_sum(&sum, kt_str_text(&out));
    kt_str_printf(&lines, "data pairs: %zu bytes %08x\n", out.len, sum);
    damage_as_kept(&lines);
    kt_str_free(&out);
    kt_str_free(&lines);
}

static char folder[] = "/tmp/keratin-crossed-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    char name[20];

    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    for (size_t i = 0; i < KT_COUNT(tables); i++) {
        snprintf(name, sizeof name, "%zu.csv", i);
        write_file(name, tables[i]);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char name[20];

    for (size_t i = 0; i < KT_COUNT(tables); i++) {
        snprintf(name, sizeof name, "%zu.csv", i);
        unlink(name);
    }
    return chdir("/") || rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_are_read_as_before),
                                       cmocka_unit_test(pairs_are_read_as_before)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
