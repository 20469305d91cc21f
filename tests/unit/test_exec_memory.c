/* test_exec_memory.c - plans on purpose-made graphs: what shares memory and what must not, binding,
 * steady state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"
#include "support/mlp.h"

typedef struct scene {
    kt_fault    fault;
    kt_graph   *g;
    kt_variable var[4];
    int         n_var;
} scene;

static kt_graph *begin(scene *s)
{
    *s = (scene){.g = NULL};
    s->g = kt_graph_new(&s->fault);
    assert_non_null(s->g);
    return s->g;
}

static void end(scene *s)
{
    kt_graph_free(s->g);
    for (int i = 0; i < s->n_var; i++)
        kt_tensor_unref(s->var[i].value);
    kt_fault_clear(&s->fault);
}

static kt_variable *variable(scene *s, int64_t n, double first)
{
    kt_variable *v = &s->var[s->n_var++];

    *v = mlp_variable("v", KT_F32, KT_SHAPE(n));
    for (int64_t i = 0; i < n; i++)
        kt_tensor_set(v->value, i, first + (double)i);
    return v;
}

static kt_node *input(scene *s, int64_t n)
{
    return kt_placeholder(s->g, "x", KT_F32, KT_SHAPE(n));
}

static kt_plan *plan(scene *s, kt_node *keep)
{
    kt_plan *p = kt_plan_new(s->g, &keep, keep ? 1 : 0, &s->fault);

    assert_non_null(p);
    return p;
}

static int count_kernel(const kt_plan *p, const char *kernel)
{
    int n = 0;

    for (int i = 0; i < kt_plan_steps(p); i++)
        n += strcmp(kt_plan_step(p, i).kernel, kernel) == 0;
    return n;
}

static void check(const float *got, int64_t n, const float *want)
{
    for (int64_t i = 0; i < n; i++)
        assert_true(got[i] == want[i]);
}

/* --- variables --- */

static void updates_are_written_in_place(void **state)
{
    (void)state;
    scene        s;
    kt_graph    *g = begin(&s);
    kt_variable *v = variable(&s, 3, 1);
    kt_plan     *p;

    kt_assign(g, v, kt_mul_scalar(g, kt_read(g, v), 2));
    p = plan(&s, NULL);
    assert_int_equal(kt_plan_steps(p), 1);
    kt_plan_run(p);
    kt_plan_run(p);
    check(v->value->data, 3, (float[]){4, 8, 12});
    kt_plan_free(p);
    end(&s);
}

/* v := 2 v; y = old v + 1 runs later by id, but reads v before the store: the new value may not be
 * there yet. */
static void old_value_is_read_before_the_store(void **state)
{
    (void)state;
    scene        s;
    kt_graph    *g = begin(&s);
    kt_variable *v = variable(&s, 2, 1);
    kt_node *twice = kt_mul_scalar(g, kt_read(g, v), 2), *y = kt_add_scalar(g, kt_read(g, v), 1),
            *z;
    kt_plan *p;

    kt_assign(g, v, twice);
    z = kt_add(g, y, kt_read(g, v));
    p = plan(&s, z);
    assert_int_equal(count_kernel(p, "copy"), 1);
    kt_plan_run(p);
    check(kt_plan_data(p, z), 2, (float[]){2 + 2, 3 + 4});
    check(v->value->data, 2, (float[]){2, 4});
    kt_plan_free(p);
    end(&s);
}

static void swap_of_two_variables(void **state)
{
    (void)state;
    scene        s;
    kt_graph    *g = begin(&s);
    kt_variable *a = variable(&s, 2, 1), *b = variable(&s, 2, 10);
    kt_node *x = kt_add_scalar(g, kt_read(g, a), 0.5), *y = kt_add_scalar(g, kt_read(g, b), 0.5);
    kt_plan *p;

    kt_assign(g, a, y);
    kt_assign(g, b, x);
    p = plan(&s, NULL);
    kt_plan_run(p);
    check(a->value->data, 2, (float[]){10.5f, 11.5f});
    check(b->value->data, 2, (float[]){1.5f, 2.5f});
    kt_plan_free(p);
    end(&s);
}

/* A view of a variable under another shape keeps what it showed when the variable changes later. */
static void reshaped_variable_keeps_its_value(void **state)
{
    (void)state;
    scene        s;
    kt_graph    *g = begin(&s);
    kt_variable *v = variable(&s, 4, 1);
    kt_node     *old = kt_reshape(g, kt_read(g, v), KT_SHAPE(2, 2)), *y;
    kt_plan     *p;

    kt_assign(g, v, input(&s, 4));
    y = kt_mul_scalar(g, old, 10);
    p = plan(&s, y);
    kt_plan_run(p);
    check(kt_plan_data(p, y), 4, (float[]){10, 20, 30, 40});
    check(v->value->data, 4, (float[]){0, 0, 0, 0});
    kt_plan_free(p);
    end(&s);
}

/* Two halves of one block: each half's update reads the other half. */
static void views_of_one_block(void **state)
{
    (void)state;
    scene        s;
    kt_graph    *g = begin(&s);
    kt_variable *block = variable(&s, 4, 1), half[2];
    kt_node     *x, *whole;
    kt_plan     *p;

    for (int i = 0; i < 2; i++) {
        half[i] = (kt_variable){.name = "h", .dtype = KT_F32, .shape = KT_SHAPE(2), .block = block};
        half[i].value = kt_tensor_rows(block->value, 2 * i, 2 * i + 2);
    }
    whole = kt_mul_scalar(g, kt_read(g, block), 10); /* reads both before either changes */
    x = kt_add(g, kt_read(g, &half[0]), kt_read(g, &half[1]));
    kt_assign(g, &half[0], x);
    kt_assign(g, &half[1], kt_sub(g, kt_read(g, &half[0]), kt_read(g, &half[1])));
    kt_assign(g, block, kt_add(g, whole, kt_read(g, block)));
    p = plan(&s, NULL);
    kt_plan_run(p);
    check(block->value->data, 4, (float[]){10 + 4, 20 + 6, 30 + 1, 40 + 2});
    kt_plan_free(p);
    kt_tensor_unref(half[0].value);
    kt_tensor_unref(half[1].value);
    end(&s);
}

static void stores_convert(void **state)
{
    (void)state;
    scene        s;
    kt_graph    *g = begin(&s);
    kt_variable *v = variable(&s, 2, 1);
    kt_node     *i = kt_placeholder(g, "i", KT_I64, KT_SHAPE(2));
    kt_plan     *p;

    kt_assign(g, v, i);
    p = plan(&s, NULL);
    ((int64_t *)kt_plan_data(p, i))[1] = -7;
    kt_plan_run(p);
    check(v->value->data, 2, (float[]){0, -7});
    kt_plan_free(p);
    end(&s);
}

/* --- packs --- */

static void packs_are_filled_in_place(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = input(&s, 2), *a = kt_mul_scalar(g, x, 2), *b = kt_mul_scalar(g, x, 3), *y;
    kt_plan  *p;

    y = kt_pack(g, 4, (kt_node *[]){a, b, x, a}); /* an input and a second time a: copied */
    p = plan(&s, y);
    assert_int_equal(count_kernel(p, "copy"), 2);
    memcpy(kt_plan_data(p, x), (float[]){1, 2}, 2 * sizeof(float));
    kt_plan_run(p);
    check(kt_plan_data(p, y), 8, (float[]){2, 4, 3, 6, 1, 2, 2, 4});
    kt_plan_free(p);
    end(&s);
}

/* --- memory --- */

static void chains_need_no_memory_of_their_own(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *y = input(&s, 10000);
    kt_plan  *p;

    for (int i = 0; i < 20; i++)
        y = kt_unary(g, KT_UN_TANH, y);
    p = plan(&s, y);
    assert_int_equal(kt_plan_steps(p), 20);
    assert_true(kt_plan_bytes(p) <
                3 * 10000 * sizeof(float)); /* the placeholder, and one buffer for all */
    kt_plan_free(p);
    end(&s);
}

static void what_nobody_needs_is_not_run(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = input(&s, 3), *y = kt_mul_scalar(g, x, 2);
    kt_plan  *p;

    kt_unary(g, KT_UN_TANH, y);
    p = plan(&s, y);
    assert_int_equal(kt_plan_steps(p), 1);
    kt_plan_free(p);
    end(&s);
}

static void empty_values(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = kt_placeholder(g, "x", KT_F32, KT_SHAPE(0, 3)),
            *w = kt_placeholder(g, "w", KT_F32, KT_SHAPE(3, 2));
    kt_node *y = kt_unary(g, KT_UN_RELU, kt_matmul(g, x, w, false, false)),
            *sum = kt_reduce(g, KT_RE_SUM, y, 1, false);
    kt_node *outer = kt_matmul(g, kt_transpose(g, x, (int[]){1, 0}), x, false, false);
    kt_node *keep[] = {y, sum, outer};
    kt_plan *p = kt_plan_new(g, keep, 3, &s.fault);

    assert_non_null(p);
    memset(kt_plan_data(p, sum), 1, 2 * sizeof(float));
    memset(kt_plan_data(p, outer), 1, 9 * sizeof(float));
    kt_plan_run(p);
    assert_non_null(kt_plan_data(p, y));
    check(kt_plan_data(p, sum), 2, (float[]){0, 0});
    check(kt_plan_data(p, outer), 9, (float[9]){0});
    kt_plan_free(p);
    end(&s);
}

/* --- placeholders --- */

static void bound_memory_is_read_and_never_written(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = input(&s, 4), *flat = kt_reshape(g, x, KT_SHAPE(2, 2)),
            *y = kt_unary(g, KT_UN_NEG, flat);
    kt_node           *unused = input(&s, 4), *keep[] = {y, flat};
    kt_plan           *p = kt_plan_new(g, keep, 2, &s.fault);
    char               odd[4 * sizeof(float) + 4]; /* no alignment needed beyond the number's */
    float             *mine = (float *)(void *)(odd + (4 - (uintptr_t)odd % 4));
    static const float first[] = {1, 2, 3, 4};

    assert_non_null(p);
    assert_non_null(kt_plan_data(p, unused));
    memcpy(kt_plan_data(p, x), first, sizeof first);
    kt_plan_run(p);
    check(kt_plan_data(p, y), 4, (float[]){-1, -2, -3, -4});
    memcpy(mine, (float[]){5, 6, 7, 8}, sizeof first);
    kt_plan_bind(p, x, mine);
    kt_plan_run(p);
    check(kt_plan_data(p, y), 4, (float[]){-5, -6, -7, -8});
    check(mine, 4, (float[]){5, 6, 7, 8});
    assert_ptr_equal(kt_plan_data(p, flat), mine);
    kt_plan_bind(p, x, NULL); /* back to the plan's own memory */
    kt_plan_run(p);
    check(kt_plan_data(p, y), 4, (float[]){-1, -2, -3, -4});
    assert_null(kt_plan_data(p, kt_scalar(g, 1)));
    kt_plan_free(p);
    end(&s);
}

static void graphs_may_be_freed_first(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = input(&s, 2), *y = kt_add(g, kt_unary(g, KT_UN_SQUARE, x), kt_scalar(g, 0.5));
    kt_plan  *p = plan(&s, y);

    kt_graph_free(g);
    s.g = NULL;
    memcpy(kt_plan_data(p, x), (float[]){3, 4}, 2 * sizeof(float));
    kt_plan_run(p);
    check(kt_plan_data(p, y), 2, (float[]){9.5f, 16.5f});
    kt_plan_free(p);
    end(&s);
}

/* --- steady state --- */

static void a_training_step_allocates_nothing(void **state)
{
    (void)state;
    mlp      m;
    kt_plan *p;
    int64_t  before;

    assert_true(mlp_build(&m, KT_F32, 16, 8, 12, 4));
    assert_int_equal(kt_optimise(m.g, &m.loss, 1), KT_OK);
    p = kt_plan_new(m.g, &m.loss, 1, &m.fault);
    assert_non_null(p);
    kt_plan_run(p); /* kernels may prepare themselves once */
    before = kt_alloc_count();
    for (int i = 0; i < 50; i++)
        kt_plan_run(p);
    kt_plan_run_timed(p);
    assert_int_equal(kt_alloc_count(), before);
    kt_plan_free(p);
    mlp_free(&m);
}

static void lack_of_memory_is_reported(void **state)
{
    (void)state;
    kt_plan *p = NULL;

    for (int64_t n = 1; !p; n++) {
        mlp m;
        assert_true(mlp_build(&m, KT_F32, 4, 3, 5, 4));
        kt_alloc_fail_after(n);
        p = kt_plan_new(m.g, &m.loss, 1, &m.fault);
        kt_alloc_fail_after(0);
        assert_int_equal(m.fault.e.status, p ? KT_OK : KT_E_MEMORY);
        kt_plan_free(p);
        mlp_free(&m);
    }
}

/* --- kernels --- */

static void the_reference_can_be_asked_for(void **state)
{
    (void)state;
    scene             s;
    kt_graph         *g = begin(&s);
    kt_node          *x = input(&s, 3), *y = kt_unary(g, KT_UN_SQUARE, x);
    kt_plan          *p;
    kt_plan_step_info info;

    kt_force_kernel("reference");
    p = plan(&s, y);
    kt_force_kernel(NULL);
    info = kt_plan_step(p, 0);
    assert_string_equal(info.kernel, "reference");
    assert_string_equal(info.op, "unary");
    assert_true(info.flops == 3);
    memcpy(kt_plan_data(p, x), (float[]){1, 2, 3}, 3 * sizeof(float));
    kt_plan_run_timed(p);
    check(kt_plan_data(p, y), 3, (float[]){1, 4, 9});
    assert_true(kt_plan_step(p, 0).seconds >= 0);
    kt_plan_free(p);
    setenv("KERATIN_KERNELS", "reference", 1);
    p = plan(&s, y);
    unsetenv("KERATIN_KERNELS");
    assert_string_equal(kt_plan_step(p, 0).kernel, "reference");
    kt_plan_free(p);
    end(&s);
}

static kt_status one_number(kt_op_call *c)
{
    c->out[0].dtype = KT_F32;
    c->out[0].shape = KT_SHAPE(1);
    return KT_OK;
}

static const kt_op_type no_kernel = {.name = "no_kernel", .shape = one_number};

/* As many bytes as addresses, and a few more: no sum of them may begin anew. */
static void more_than_there_are_addresses(void **state)
{
    (void)state;
    scene    s;
    kt_node *keep[33];

    begin(&s);
    for (int i = 0; i < 32; i++)
        keep[i] = kt_placeholder(s.g, "x", KT_F64, KT_SHAPE((int64_t)1 << 56));
    keep[32] = input(&s, 1);
    assert_null(kt_plan_new(s.g, keep, 33, &s.fault));
    assert_int_equal(s.fault.e.status, KT_E_MEMORY);
    end(&s);
}

static void bad_graphs_are_refused(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = kt_placeholder(g, "x", KT_F32, KT_SHAPE(KT_UNKNOWN, 3)),
            *y = kt_unary(g, KT_UN_TANH, x);
    kt_variable empty = {.name = "empty", .dtype = KT_F32, .shape = KT_SHAPE(2)};

    assert_null(kt_plan_new(g, &y, 1, &s.fault));
    assert_non_null(strstr(s.fault.e.message, "(None, 3)"));
    end(&s);

    g = begin(&s);
    y = kt_unary(g, KT_UN_TANH, kt_read(g, &empty));
    assert_null(kt_plan_new(g, &y, 1, &s.fault));
    assert_non_null(strstr(s.fault.e.message, "empty"));
    end(&s);

    empty.value = kt_tensor_new(KT_F32, KT_SHAPE(3));
    g = begin(&s);
    y = kt_unary(g, KT_UN_TANH, kt_read(g, &empty));
    assert_null(kt_plan_new(g, &y, 1, &s.fault));
    assert_string_equal(s.fault.e.message,
                        "the value of the variable empty is not what was declared");
    end(&s);
    kt_tensor_unref(empty.value);

    g = begin(&s);
    y = kt_emit(g, &no_kernel, NULL, 0, 0, NULL);
    assert_null(kt_plan_new(g, &y, 1, &s.fault));
    assert_int_equal(s.fault.e.status, KT_E_NOT_IMPLEMENTED);
    assert_string_equal(s.fault.e.message, "no kernel for no_kernel");
    end(&s);

    g = begin(&s);
    kt_matmul(g, input(&s, 3), input(&s, 3), false, false);
    assert_null(kt_plan_new(g, NULL, 0, &s.fault));
    assert_int_equal(s.fault.e.status, KT_E_INVALID_ARGUMENT);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(updates_are_written_in_place),
        cmocka_unit_test(old_value_is_read_before_the_store),
        cmocka_unit_test(swap_of_two_variables),
        cmocka_unit_test(reshaped_variable_keeps_its_value),
        cmocka_unit_test(views_of_one_block),
        cmocka_unit_test(stores_convert),
        cmocka_unit_test(packs_are_filled_in_place),
        cmocka_unit_test(chains_need_no_memory_of_their_own),
        cmocka_unit_test(what_nobody_needs_is_not_run),
        cmocka_unit_test(empty_values),
        cmocka_unit_test(bound_memory_is_read_and_never_written),
        cmocka_unit_test(graphs_may_be_freed_first),
        cmocka_unit_test(a_training_step_allocates_nothing),
        cmocka_unit_test(lack_of_memory_is_reported),
        cmocka_unit_test(the_reference_can_be_asked_for),
        cmocka_unit_test(bad_graphs_are_refused),
        cmocka_unit_test(more_than_there_are_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
