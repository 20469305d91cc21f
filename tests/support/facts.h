/* facts.h - the facts of tests/goldens/<name>.jsonl: one JSON object a line, the first says who
 * wrote them. Include after cmocka.h. */
#ifndef KT_TEST_FACTS_H
#define KT_TEST_FACTS_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/codec.h"
#include "support/needs.h"

typedef struct facts {
    kt_arena arena;
    kt_fault fault;
    kt_vec   rows; /* kt_value * */
} facts;

static inline void facts_open(facts *t, const char *name)
{
    const char *root = getenv("KERATIN_SOURCE");
    char        path[4096];
    kt_bytes    file = {0};

    need_reading(false);
    *t = (facts){0};
    snprintf(path, sizeof path, "%s/tests/goldens/%s.jsonl", root ? root : ".", name);
    if (kt_file_read(path, &file, &t->fault) != KT_OK)
        fail_msg("%s", t->fault.e.message);
    for (const char *s = (const char *)file.data, *end = s + file.size; s < end;) {
        const char *stop = memchr(s, '\n', (size_t)(end - s));
        size_t      n = (size_t)((stop ? stop : end) - s);
        kt_value   *row = kt_json_parse(path, s, n, &t->arena, &t->fault);

        if (!row)
            fail_msg("%s", t->fault.e.message);
        if (kt_value_get(row, "by") == NULL)
            assert_true(kt_vec_push(&t->rows, row));
        s += n + 1;
    }
    kt_bytes_free(&file);
    assert_true(t->rows.n > 0);
}

static inline void facts_close(facts *t)
{
    kt_vec_free(&t->rows);
    kt_fault_clear(&t->fault);
    kt_arena_free(&t->arena);
}

/* Within tolerance (1 + |want|); not a number where that is wanted. How far off the numbers of a
 * fact are at most is noted in the file that KERATIN_FIDELITY names, once it is done (fidelity.c,
 * for tools/fidelity). */
bool fact_near(double got, double want, double tolerance);
void fact_done(const char *name, size_t row);

/* Checks every fact of a file. */
static inline void facts_each(const char *name, void (*check)(const kt_value *row))
{
    facts t;

    facts_open(&t, name);
    for (size_t i = 0; i < t.rows.n; i++) {
        check(t.rows.at[i]);
        fact_done(name, i);
    }
    facts_close(&t);
}

static inline double fact_number(const kt_value *list, size_t i)
{
    double x = NAN;

    assert_true(kt_value_is_seq(list) && i < list->n && kt_value_number(list->items[i], &x));
    return x;
}

/* Fails with the place of the first number of `got` that is not near enough to its fact. */
static inline void fact_close(const char *what, const kt_value *want, const double *got, size_t n,
                              double tolerance)
{
    assert_int_equal(want->n, n);
    for (size_t i = 0; i < n; i++) {
        double x = fact_number(want, i);
        if (!fact_near(got[i], x, tolerance))
            fail_msg("%s[%zu]: %.17g, Keras gives %.17g", what, i, got[i], x);
    }
}

#endif
