/* test_legacy_state.c - the state of each optimizer in .h5 files of all generations belongs to the
 * weights that it was of (tools/goldens/legacy_states.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/io.h"
#include "support/fact_model.h"

static const char *const generations[] = {"legacy/state1_2_files", "legacy/state2_2_files",
                                          "legacy/state2_files"};

static const char *file_of(const kt_value *row)
{
    return kt_value_text(kt_value_get(row, "file"));
}

static kt_model *load(const char *file)
{
    const char *root = getenv("KERATIN_SOURCE");
    char        path[4096];

    snprintf(path, sizeof path, "%s/tests/goldens/legacy/%s", root ? root : ".", file);
    kt_model *m = kt_load(path);
    if (kt_failed(m))
        fail_msg("%s: %s", path, kt_model_error(m)->message);
    assert_non_null(m->optimizer);
    return m;
}

/* The slots of weight i that are its own, in the order of their making. */
static void check_weight(const kt_value *row, const kt_optimizer *o, size_t i)
{
    const kt_value *want = kt_value_get(row, "weights")->items[i];
    size_t          met = 0;

    for (int k = 0; k < o->n_kinds; k++) {
        const kt_variable *v = o->slot[i * (size_t)o->n_kinds + (size_t)k];
        if (o->kind[k].shared)
            continue;
        assert_true(met < want->n);
        assert_int_equal(v->value->count, (int64_t)want->items[met]->n);
        for (int64_t e = 0; e < v->value->count; e++)
            if (kt_tensor_get(v->value, e) != (double)(float)want->items[met]->items[e]->f)
                fail_msg("%s: slot %s[%d] is %g, not %g", file_of(row), v->name, (int)e,
                         kt_tensor_get(v->value, e), want->items[met]->items[e]->f);
        met++;
    }
}

static void check(const kt_value *row)
{
    kt_model           *m = load(file_of(row));
    const kt_optimizer *o = m->optimizer;
    double              number;
    double              steps = kt_tensor_get(o->iterations->value, 0);

    if (kt_value_number(kt_value_get(row, "iterations"), &number) && steps != number)
        fail_msg("%s: iteration %g, not %g", file_of(row), steps, number);
    for (int k = 0; k < o->n_kinds; k++)
        if (o->kind[k].shared && kt_value_number(kt_value_get(row, "product"), &number))
            assert_float_equal(kt_tensor_get(o->slot[k]->value, 0), number, 1e-7);
    assert_true(o->built);
    assert_int_equal(o->trainable.n, kt_value_get(row, "weights")->n);
    for (size_t i = 0; i < o->trainable.n; i++)
        check_weight(row, o, i);
    kt_model_free(m);
}

static void state_of_all_generations(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(generations); i++)
        facts_each(generations[i], check);
}

/* Written and read again, it is the same. */
static void check_again(const kt_value *row)
{
    char      path[] = "/tmp/keratin-state-XXXXXX.h5";
    int       fd = mkstemps(path, 3);
    kt_model *m = load(file_of(row)), *again;

    assert_true(fd >= 0);
    close(fd);
    if (kt_save(m, path) != KT_OK)
        fail_msg("%s: %s", file_of(row), kt_model_error(m)->message);
    again = kt_load(path);
    assert_false(kt_failed(again));
    const kt_optimizer *a = m->optimizer, *b = again->optimizer;
    assert_int_equal(a->variables.n, b->variables.n);
    for (size_t i = 0; i < a->variables.n; i++) {
        const kt_variable *x = a->variables.at[i], *y = b->variables.at[i];
        if (memcmp(x->value->data, y->value->data,
                   (size_t)x->value->count * kt_dtype_size(x->dtype)) != 0)
            fail_msg("%s: %s is not what was written", file_of(row), x->name);
    }
    kt_model_free(again);
    kt_model_free(m);
    unlink(path);
}

static void written_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(generations); i++)
        facts_each(generations[i], check_again);
}

/* --- back to tf_keras: the same list in the same order ---------------------------------------- */

typedef struct listed {
    kt_h5       *h;
    kt_arena     a;
    const char **names;
    int          n;
    const char  *class_name;
} listed;

static void open_list(listed *l, const char *path)
{
    kt_fault f = {0};

    *l = (listed){.h = kt_h5_open(path, NULL, 0, &f)};
    assert_non_null(l->h);
    kt_h5_attr_texts(l->h, "optimizer_weights", "weight_names", &l->a, &l->names, &l->n, &f);
    const char *text = kt_h5_attr_text(l->h, "/", "training_config", &l->a, &f);
    assert_non_null(text);
    const kt_value *v = kt_json_parse("training", text, strlen(text), &l->a, &f);
    l->class_name = kt_value_text(kt_value_get(kt_value_get(v, "optimizer_config"), "class_name"));
    assert_int_equal(f.e.status, KT_OK);
}

static void same_list(listed *a, listed *b)
{
    assert_string_equal(a->class_name, b->class_name);
    assert_int_equal(a->n, b->n);
    for (int i = 0; i < a->n; i++) {
        kt_array x, y;
        char     p[512], q[512];
        kt_fault f = {0};
        snprintf(p, sizeof p, "optimizer_weights/%s", a->names[i]);
        snprintf(q, sizeof q, "optimizer_weights/%s", b->names[i]);
        assert_int_equal(kt_h5_read(a->h, p, &x, &f), KT_OK);
        assert_int_equal(kt_h5_read(b->h, q, &y, &f), KT_OK);
        assert_int_equal(x.bytes.size, y.bytes.size);
        if (memcmp(x.data, y.data, x.bytes.size) != 0)
            fail_msg("%s has not the numbers of %s", q, p);
        kt_array_free(&x);
        kt_array_free(&y);
    }
    kt_h5_close(a->h, NULL, NULL);
    kt_h5_close(b->h, NULL, NULL);
    kt_arena_free(&a->a);
    kt_arena_free(&b->a);
}

static void check_back(const kt_value *row)
{
    const char *root = getenv("KERATIN_SOURCE");
    char        path[] = "/tmp/keratin-state-XXXXXX.h5", first[4096];
    int         fd = mkstemps(path, 3);
    kt_model   *m = load(file_of(row));
    listed      a, b;

    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(kt_save(m, path), KT_OK);
    kt_model_free(m);
    snprintf(first, sizeof first, "%s/tests/goldens/legacy/%s", root ? root : ".", file_of(row));
    open_list(&a, first);
    open_list(&b, path);
    same_list(&a, &b);
    unlink(path);
}

static void back_to_keras2(void **state)
{
    (void)state;
    facts_each("legacy/state2_files", check_back);
}

/* --- what does not fit ------------------------------------------------------------------------ */

/* The next shape of one axis or two, of few elements, at or behind `at`; NULL: none. Longer than
 * weights are the lists of their names. */
static uint8_t *next_shape(kt_bytes *b, size_t at)
{
    for (; at + 40 < b->size; at++) {
        uint8_t *p = b->data + at, rank = p[1];
        if (p[0] == 1 && (rank == 1 || rank == 2) && p[2] == 1 &&
            memcmp(p + 3, "\0\0\0\0", 5) == 0 && p[8] > 1 && p[8] < 16 &&
            memcmp(p + 9, "\0\0\0\0\0\0", 7) == 0 &&
            memcmp(p + 8, p + 8 + 8 * rank, 8 * (size_t)rank) == 0)
            return p;
    }
    return NULL;
}

static kt_model *load_bytes(const kt_bytes *b)
{
    return kt_load_memory(b->data, b->size, "state.h5");
}

/* One array after the other is a row shorter: weights are missed, slots leave the state out. */
static void check_shorter(const kt_value *row)
{
    const char *root = getenv("KERATIN_SOURCE");
    char        path[4096];
    kt_bytes    b = {0};
    kt_fault    f = {0};
    int         refused = 0, left = 0;

    if (!strstr(file_of(row), "adam") && !strstr(file_of(row), "sgd"))
        return;
    snprintf(path, sizeof path, "%s/tests/goldens/legacy/%s", root ? root : ".", file_of(row));
    assert_int_equal(kt_file_read(path, &b, &f), KT_OK);
    for (uint8_t *p = next_shape(&b, 0); p; p = next_shape(&b, (size_t)(p - b.data) + 1)) {
        uint8_t *most = p + 8 + 8 * p[1], was = p[8];
        p[8] = *most = (uint8_t)(was - 1);
        kt_model *m = load_bytes(&b);
        if (kt_failed(m))
            refused++;
        else if (!m->optimizer->iterations ||
                 kt_tensor_get(m->optimizer->iterations->value, 0) == 0)
            left++;
        else
            fail_msg("%s: a state that does not fit was kept (byte %zu)", file_of(row),
                     (size_t)(p - b.data));
        kt_model_free(m);
        p[8] = *most = was;
    }
    kt_bytes_free(&b);
    if (refused == 0 || left == 0)
        fail_msg("%s: %d refused, %d without their state", file_of(row), refused, left);
}

static void sizes_do_not_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(generations); i++)
        facts_each(generations[i], check_shorter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_of_all_generations), cmocka_unit_test(written_again),
        cmocka_unit_test(back_to_keras2), cmocka_unit_test(sizes_do_not_fit)};

    need_reading(true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
