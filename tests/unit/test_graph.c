/* test_graph.c - graphs: emission, scopes, poison, parts, variables, rewriting, lack of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "graph/op.h"
#include "ops/ops.h"

typedef struct fixture {
    kt_fault  fault;
    kt_graph *g;
} fixture;

static int setup(void **state)
{
    static fixture f;
    f = (fixture){0};
    f.g = kt_graph_new(&f.fault);
    *state = &f;
    return f.g ? 0 : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    kt_graph_free(f->g);
    kt_fault_clear(&f->fault);
    return 0;
}

static kt_graph *graph_of(void **state)
{
    return ((fixture *)*state)->g;
}

static kt_node *input(kt_graph *g, kt_shape shape)
{
    return kt_placeholder(g, "x", KT_F32, shape);
}

/* Two results: x as it is, and its number of axes as an int32 vector of that length. */
static kt_status two_shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    c->n_out = 2;
    c->out[1].dtype = KT_I32;
    c->out[1].shape.rank = 1;
    kt_from_field(c, 1, 0, c->in[0]->shape.rank, "ndim");
    return KT_OK;
}

static const kt_op_type two = {.name = "two", .min_in = 1, .max_in = 1, .shape = two_shape};

static void nodes_are_numbered_in_order_and_printed(void **state)
{
    kt_graph   *g = graph_of(state);
    kt_node    *x = input(g, KT_SHAPE(KT_UNKNOWN, 3));
    const char *old = kt_scope_enter(g, "model");
    const char *outer = kt_scope_enter(g, "dense");
    kt_node    *y = kt_unary(g, KT_UN_TANH, kt_add(g, x, kt_scalar(g, 2)));
    kt_str      text = {0};

    kt_scope_leave(g, outer);
    assert_string_equal(g->scope, "model");
    kt_scope_leave(g, old);
    assert_string_equal(g->scope, "");
    assert_int_equal(y->id, 3);
    assert_string_equal(y->scope, "model/dense");
    assert_ptr_equal(y->in[0]->in[0], x);
    kt_graph_print(&text, g);
    assert_string_equal(kt_str_text(&text),
                        "%0 = placeholder() float32 (None, 3)\n"
                        "%1 = constant() float32 ()  model/dense\n"
                        "%2 = binary.ADD(%0, %1) float32 (None, 3)  model/dense\n"
                        "%3 = unary.TANH(%2) float32 (None, 3)  model/dense\n");
    kt_str_free(&text);
}

static void first_failure_poisons_all_that_follows(void **state)
{
    kt_graph *g = graph_of(state);
    kt_node  *x = input(g, KT_SHAPE(2, 3)), *z = input(g, KT_SHAPE(2, 4)), *y;

    kt_scope_enter(g, "model");
    kt_scope_enter(g, "add");
    y = kt_add(g, x, z);
    assert_true(kt_is_poison(g, y));
    assert_true(kt_graph_failed(g));
    assert_string_equal(g->fault->e.path, "model/add/binary");
    assert_int_equal(g->fault->e.status, KT_E_INVALID_ARGUMENT);
    assert_int_equal(g->nodes.n, 2);

    /* whatever is done with poison, or from now on, is poison, and the first failure stays */
    assert_true(kt_is_poison(g, kt_matmul(g, y, x, false, false)));
    assert_true(kt_is_poison(g, kt_flatten_from(g, y, 1)));
    assert_true(kt_is_poison(g, kt_slice_axis(g, y, 1, 0, 1)));
    assert_true(kt_is_poison(g, kt_squeeze(g, y, 3)));
    assert_true(kt_is_poison(g, kt_concat(g, 2, (kt_node *[]){y, x}, -1)));
    assert_true(kt_is_poison(g, kt_reduce_last(g, KT_RE_SUM, y)));
    assert_true(kt_is_poison(g, kt_reverse(g, y, 0)));
    assert_true(kt_is_poison(g, kt_unary(g, KT_UN_EXP, x)));
    assert_true(kt_is_poison(g, kt_part(y, 2)));
    assert_true(kt_is_poison(g, kt_scalar(g, 1)));
    assert_string_equal(g->fault->e.path, "model/add/binary");
    assert_int_equal(g->nodes.n, 2);
}

static void an_op_may_have_several_results(void **state)
{
    kt_graph *g = graph_of(state);
    kt_node  *x = input(g, KT_SHAPE(2, KT_UNKNOWN, 5));
    kt_node  *y = kt_emit(g, &two, NULL, 0, 1, &x), *p = kt_part(y, 1);

    assert_ptr_equal(kt_part(y, 0), y);
    assert_true(kt_is(p, &kt_op_part));
    assert_int_equal(p->id, y->id + 1);
    assert_ptr_equal(p->in[0], y);
    assert_int_equal(p->part_index, 1);
    assert_int_equal(p->dtype, KT_I32);
    assert_int_equal(p->shape.dim[0], 3);
    assert_int_equal(p->origin[0].kind, KT_FROM_FIELD);
    assert_string_equal(p->origin[0].field, "ndim");
}

static void the_number_of_inputs_is_checked(void **state)
{
    kt_graph *g = graph_of(state);
    kt_node  *x = input(g, KT_SHAPE(1));

    assert_true(kt_is_poison(g, kt_emit(g, &two, NULL, 0, 2, (kt_node *[]){x, x})));
    assert_int_equal(g->fault->e.status, KT_E_RUNTIME);
}

static void parts_have_an_owner(void **state)
{
    kt_graph *g = graph_of(state);
    kt_node  *x = input(g, KT_SHAPE(1));

    assert_true(kt_is_poison(g, kt_emit(g, &kt_op_part, NULL, 0, 1, &x)));
    assert_int_equal(g->fault->e.status, KT_E_RUNTIME);
    assert_string_equal(g->fault->e.message, "parts are made with their owner only");
    assert_false(kt_rewrite(g, x, &kt_op_placeholder, NULL, 0, 0, NULL));
}

static void a_variable_is_read_once_and_assigned_in_its_dtype(void **state)
{
    kt_graph   *g = graph_of(state);
    kt_variable v = {.name = "count", .path = "metric/count", .dtype = KT_I64, .shape = {1, {3}}};
    kt_node    *n = kt_read(g, &v), *a;

    assert_ptr_equal(kt_read(g, &v), n);
    assert_ptr_equal(n->var, &v);
    assert_int_equal(n->dtype, KT_I64);
    a = kt_assign(g, &v, input(g, KT_SHAPE(3, 1)));
    assert_ptr_equal(a->var, &v);
    assert_int_equal(a->dtype, KT_I64);
    assert_true(kt_shape_equal(&a->shape, &v.shape));

    assert_true(kt_is_poison(g, kt_assign(g, &v, input(g, KT_SHAPE(4)))));
    assert_non_null(strstr(g->fault->e.message, "variable count: 4 values for 3"));
}

static void a_constant_takes_the_reference(void **state)
{
    kt_graph  *g = graph_of(state);
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(2));

    assert_ptr_equal(kt_constant(g, kt_tensor_ref(t))->constant, t);
    kt_raise(g->fault, KT_E_VALUE, "broken");
    assert_true(kt_is_poison(g, kt_constant(g, kt_tensor_ref(t))));
    assert_int_equal(t->refs, 3);
    kt_graph_free(g);
    assert_int_equal(t->refs, 1);
    kt_tensor_unref(t);
    ((fixture *)*state)->g = NULL;
}

static void a_node_is_rewritten_in_place(void **state)
{
    kt_graph     *g = graph_of(state);
    kt_node      *x = input(g, KT_SHAPE(2, 3)), *b = input(g, KT_SHAPE(3));
    kt_node      *y = kt_unary(g, KT_UN_RELU, kt_add(g, x, b)), *later = kt_unary(g, KT_UN_NEG, x);
    kt_unary_attr relu = {KT_UN_RELU, 0, 0};

    /* not with inputs that come later, nor where the result would be another */
    assert_false(kt_rewrite(g, y, &kt_op_unary, &relu, sizeof relu, 1, &later));
    assert_false(kt_rewrite(g, y, &kt_op_unary, &relu, sizeof relu, 1, &b));
    assert_false(kt_rewrite(g, y, &two, NULL, 0, 1, &x));
    assert_ptr_not_equal(y->in[0], x);
    assert_false(kt_graph_failed(g));

    assert_true(kt_rewrite(g, y, &kt_op_unary, &relu, sizeof relu, 1, &x));
    assert_ptr_equal(y->in[0], x);
    assert_int_equal(y->id, 3);
}

static void a_node_joins_a_later_one_as_its_part(void **state)
{
    kt_graph     *g = graph_of(state);
    kt_node      *x = input(g, KT_SHAPE(4)), *a = kt_unary(g, KT_UN_EXP, x);
    kt_node      *other = kt_unary(g, KT_UN_NEG, x), *y = kt_unary(g, KT_UN_SIN, a);
    kt_node      *user = kt_add(g, a, y);
    kt_point_attr both = {.n_steps = 2,
                          .n_out = 2,
                          .step = {{KT_PT_UNARY, KT_UN_EXP, 0, 0, 0, 0, 0, KT_F32},
                                   {KT_PT_UNARY, KT_UN_SIN, 0, 0, 1, 0, 0, KT_F32}},
                          .out = {2, 1}};

    assert_false(kt_join(g, y, a));
    assert_true(kt_join(g, a, y));
    assert_true(kt_rewrite(g, y, &kt_op_point, &both, sizeof both, 1, &x));
    for (size_t i = 0; i < g->nodes.n; i++) {
        assert_int_equal(((kt_node *)g->nodes.at[i])->id, i);
    }
    assert_int_equal(other->id, 1);
    assert_int_equal(y->id, 2);
    assert_int_equal(a->id, 3);
    assert_int_equal(user->id, 4);
    assert_ptr_equal(kt_part(y, 1), a);
    assert_ptr_equal(a->in[0], y);
    assert_ptr_equal(user->in[0], a);
}

static void lack_of_memory_is_an_error_wherever_it_strikes(void **state)
{
    bool done = false;
    (void)state;
    for (int64_t n = 1; !done; n++) {
        kt_fault    fault = {0};
        kt_variable v = {.name = "w", .dtype = KT_F32, .shape = {2, {3, 4}}};
        kt_graph   *g;

        kt_alloc_fail_after(n);
        g = kt_graph_new(&fault);
        if (g) {
            kt_node *x = input(g, KT_SHAPE(2, 3)), *y;

            kt_scope_enter(g, "layer");
            y = kt_add_scalar(g, kt_matmul(g, x, kt_read(g, &v), false, false), 1);
            kt_assign(g, &v, kt_concat(g, 2, (kt_node *[]){y, x}, 1));
            done = fault.e.status == KT_E_INVALID_ARGUMENT; /* 14 values for 12: got to the end */
        }
        kt_alloc_fail_after(0);
        assert_true(done || fault.e.status == KT_E_MEMORY);
        kt_graph_free(g);
        kt_fault_clear(&fault);
        assert_in_range(n, 1, 1000);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(nodes_are_numbered_in_order_and_printed),
        TEST(first_failure_poisons_all_that_follows),
        TEST(an_op_may_have_several_results),
        TEST(the_number_of_inputs_is_checked),
        TEST(parts_have_an_owner),
        TEST(a_variable_is_read_once_and_assigned_in_its_dtype),
        TEST(a_constant_takes_the_reference),
        TEST(a_node_is_rewritten_in_place),
        TEST(a_node_joins_a_later_one_as_its_part),
        cmocka_unit_test(lack_of_memory_is_an_error_wherever_it_strikes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
