/* test_passes_fuse.c - what folding and fusion make of graphs, and where they must keep their hands
 * off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
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

static kt_node *input(scene *s, int64_t m, int64_t n)
{
    return kt_placeholder(s->g, "x", KT_F32, KT_SHAPE(m, n));
}

static kt_variable *variable(scene *s, kt_shape shape)
{
    s->var[s->n_var] = mlp_variable("v", KT_F32, shape);
    return &s->var[s->n_var++];
}

static int count_ops(const kt_graph *g, const kt_op_type *op)
{
    int n = 0;

    for (size_t i = 0; i < g->nodes.n; i++)
        n += kt_is(g->nodes.at[i], op);
    return n;
}

static void optimise(scene *s, kt_node *keep)
{
    assert_int_equal(kt_optimise(s->g, &keep, 1), KT_OK);
    for (size_t i = 0; i < s->g->nodes.n; i++) { /* every node comes after what it reads */
        const kt_node *n = s->g->nodes.at[i];
        assert_int_equal(n->id, i);
        for (int k = 0; k < n->n_in; k++)
            assert_true(n->in[k]->id < n->id);
    }
}

/* --- join --- */

/* The gradient of x, of which functions of [begin, end) pieces are added up. */
static kt_node *gradient_of_pieces(scene *s, int n, const int64_t *begin, const int64_t *end)
{
    kt_graph *g = s->g;
    kt_node  *x = input(s, 2, 6), *sum = kt_scalar(g, 0), *dx;

    for (int i = 0; i < n; i++)
        sum = kt_add(g, sum,
                     kt_sum_all(g, kt_unary(g, KT_UN_TANH,
                                            kt_slice_axis(g, x, 1, begin[i], end[i] - begin[i]))));
    assert_int_equal(kt_gradients(g, sum, &x, 1, &dx), KT_OK);
    optimise(s, dx);
    return dx;
}

static void pieces_of_a_whole_lie_side_by_side(void **state)
{
    (void)state;
    scene    s;
    kt_node *dx;

    begin(&s);
    dx = gradient_of_pieces(&s, 3, (int64_t[]){3, 0, 5}, (int64_t[]){5, 3, 6});
    assert_ptr_equal(dx->op, &kt_op_concat);
    assert_int_equal(dx->n_in, 3);
    assert_int_equal(dx->in[0]->shape.dim[1], 3);
    assert_int_equal(dx->in[1]->shape.dim[1], 2);
    assert_int_equal(count_ops(s.g, &kt_op_slice_grad), 0);
    end(&s);
}

/* The gradient of x, of which functions of two slices are added up. */
static void gradient_of_slices(scene *s, const kt_slice_attr *a, const kt_slice_attr *b)
{
    kt_graph *g = s->g;
    kt_node  *x = input(s, 2, 6), *dx;
    kt_node  *one = kt_unary(g, KT_UN_TANH, kt_slice(g, x, a));
    kt_node  *two = kt_unary(g, KT_UN_TANH, kt_slice(g, x, b));

    assert_int_equal(kt_gradients(g, kt_add(g, kt_sum_all(g, one), kt_sum_all(g, two)), &x, 1, &dx),
                     KT_OK);
    optimise(s, dx);
}

/* Every second one, blocks that are cut along both axes, all of it twice. */
static void pieces_that_do_not_lie_along_one_axis_are_added(void **state)
{
    static const kt_slice_attr pairs[][2] = {
        {{.begin = {0, 0}, .size = {2, 3}, .stride = {1, 2}},
         {.begin = {0, 3}, .size = {2, 3}, .stride = {1, 1}}},
        {{.begin = {0, 0}, .size = {1, 3}, .stride = {1, 1}},
         {.begin = {1, 3}, .size = {1, 3}, .stride = {1, 1}}},
        {{.begin = {0, 0}, .size = {1, 6}, .stride = {1, 1}},
         {.begin = {0, 1}, .size = {2, 5}, .stride = {1, 1}}},
    };
    scene s;

    (void)state;
    for (size_t i = 0; i < KT_COUNT(pairs); i++) {
        begin(&s);
        gradient_of_slices(&s, &pairs[i][0], &pairs[i][1]);
        assert_int_equal(count_ops(s.g, &kt_op_concat), 0);
        assert_int_equal(count_ops(s.g, &kt_op_slice_grad), 2);
        end(&s);
    }
}

/* A gap, a piece too much. */
static void other_pieces_are_added(void **state)
{
    (void)state;
    scene s;

    begin(&s);
    gradient_of_pieces(&s, 2, (int64_t[]){0, 4}, (int64_t[]){3, 6});
    assert_int_equal(count_ops(s.g, &kt_op_concat), 0);
    end(&s);
    begin(&s);
    gradient_of_pieces(&s, 3, (int64_t[]){0, 3, 2}, (int64_t[]){3, 6, 4});
    assert_int_equal(count_ops(s.g, &kt_op_concat), 0);
    end(&s);
}

/* --- fold --- */

static void constants_are_computed(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *c = kt_unary(g, KT_UN_SQRT, kt_add(g, kt_scalar(g, 7), kt_scalar(g, 9)));
    kt_node  *y = kt_mul(g, input(&s, 2, 3), c);

    optimise(&s, y);
    assert_ptr_equal(y->in[1]->op, &kt_op_constant);
    assert_true(kt_tensor_get(y->in[1]->constant, 0) == 4);
    assert_int_equal(count_ops(g, &kt_op_unary), 0);
    end(&s);
}

static void neutral_operations_vanish(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = input(&s, 2, 3), *y;

    y = kt_add_scalar(g, kt_mul_scalar(g, kt_div(g, kt_stop_gradient(g, x), kt_scalar(g, 1)), 1),
                      0);
    y = kt_unary(g, KT_UN_TANH, y);
    optimise(&s, y);
    assert_ptr_equal(y->in[0], x);
    assert_int_equal(count_ops(g, &kt_op_binary), 0);
    end(&s);
}

/* x * 1 with x [3] and 1 [2, 3] is not x. */
static void broadcasting_is_not_neutral(void **state)
{
    (void)state;
    scene      s;
    kt_graph  *g = begin(&s);
    kt_tensor *ones = kt_tensor_new(KT_F32, KT_SHAPE(2, 3));
    kt_node   *y;

    for (int i = 0; i < 6; i++)
        kt_tensor_set(ones, i, 1);
    y = kt_unary(g, KT_UN_TANH,
                 kt_mul(g, kt_placeholder(g, "x", KT_F32, KT_SHAPE(3)), kt_constant(g, ones)));
    optimise(&s, y);
    assert_int_equal(y->shape.rank, 2);
    assert_int_equal(count_ops(g, &kt_op_placeholder), 1);
    assert_true(y->op != &kt_op_unary || y->in[0]->op == &kt_op_binary);
    end(&s);
}

static void squares_are_products(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *y = kt_binary(g, KT_BI_POW, input(&s, 2, 3), kt_scalar(g, 2));

    optimise(&s, y);
    assert_ptr_equal(y->op, &kt_op_unary);
    end(&s);
}

/* --- dense --- */

static kt_node *dense(scene *s, kt_node *x, int64_t n)
{
    kt_node *y = kt_matmul(s->g, x,
                           kt_placeholder(s->g, "w", KT_F32, KT_SHAPE(kt_dim(&x->shape, -1), n)),
                           false, false);

    return kt_add(s->g, y, kt_placeholder(s->g, "b", KT_F32, KT_SHAPE(n)));
}

static void dense_layer_is_one_node(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *y = kt_unary(g, KT_UN_GELU, dense(&s, input(&s, 5, 3), 4));

    optimise(&s, y);
    assert_ptr_equal(y->op, &kt_op_dense);
    assert_int_equal(y->n_in, 3);
    assert_int_equal(((const kt_dense_attr *)y->attr)->act.fn, KT_UN_GELU);
    assert_int_equal(
        count_ops(g, &kt_op_matmul) + count_ops(g, &kt_op_binary) + count_ops(g, &kt_op_unary), 0);
    end(&s);
}

static void product_that_is_read_twice_stays(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *h = dense(&s, input(&s, 5, 3), 4),
            *y = kt_add(g, kt_unary(g, KT_UN_RELU, h), kt_unary(g, KT_UN_TANH, h));

    optimise(&s, y);
    assert_ptr_equal(h->op, &kt_op_dense);
    assert_int_equal(((const kt_dense_attr *)h->attr)->act.fn, KT_UN_IDENTITY);
    assert_ptr_equal(y->op, &kt_op_point);
    end(&s);
}

static void column_bias_is_no_bias(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *m = kt_matmul(g, input(&s, 4, 3), input(&s, 3, 4), false, false);
    kt_node  *y = kt_add(g, m, input(&s, 4, 1));

    optimise(&s, y);
    assert_int_equal(count_ops(g, &kt_op_dense), 0);
    end(&s);
}

/* --- chains --- */

static void chains_become_one_node(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = input(&s, 4, 3), *row = kt_placeholder(g, "r", KT_F32, KT_SHAPE(3));
    kt_node  *y = kt_unary(g, KT_UN_TANH, kt_add(g, kt_mul(g, x, row), input(&s, 4, 1)));

    y = kt_select(g, kt_binary(g, KT_BI_GREATER, y, kt_scalar(g, 0)), y, kt_mul(g, y, x));
    optimise(&s, y);
    assert_ptr_equal(y->op, &kt_op_point);
    assert_int_equal(((const kt_point_attr *)y->attr)->n_steps, 6);
    assert_int_equal(((const kt_point_attr *)y->attr)->n_out, 1);
    assert_int_equal(y->n_in, 4);
    end(&s);
}

/* A value in the middle of a chain that a reduction reads becomes a second result. */
static void inner_values_become_parts(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *x = input(&s, 4, 3), *h = kt_unary(g, KT_UN_TANH, kt_mul(g, x, x));
    kt_node  *sum = kt_sum_all(g, h), *y = kt_add(g, kt_unary(g, KT_UN_SQUARE, h), x);

    optimise(&s, kt_add(g, kt_sum_all(g, y), sum));
    assert_ptr_equal(y->op, &kt_op_point);
    assert_int_equal(y->n_part, 2);
    assert_ptr_equal(y->part[1], h);
    assert_ptr_equal(h->op, &kt_op_part);
    assert_ptr_equal(sum->in[0], h);
    end(&s);
}

/* y = h * sum(h): the sum lies between, so h and y cannot be one kernel. */
static void a_reduction_in_between_separates(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *h = kt_unary(g, KT_UN_TANH, input(&s, 4, 3)), *y = kt_mul(g, h, kt_sum_all(g, h));

    optimise(&s, y);
    assert_int_equal(count_ops(g, &kt_op_point), 0);
    assert_ptr_equal(y->in[0], h);
    end(&s);
}

/* What the gradient of a mean is made with need not be written out. */
static void repeating_takes_no_step(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *row = kt_placeholder(g, "r", KT_F32, KT_SHAPE(3)), *x = input(&s, 4, 3);
    kt_node  *y = kt_mul(g, kt_unary(g, KT_UN_TANH, x), kt_broadcast_to(g, row, KT_SHAPE(4, 3)));

    optimise(&s, y);
    assert_ptr_equal(y->op, &kt_op_point);
    assert_int_equal(((const kt_point_attr *)y->attr)->n_steps, 2);
    assert_true(y->in[0] == row || y->in[1] == row);
    end(&s);
}

/* Nothing but the row tells how large the result is: the repetition must stay. */
static void repeating_that_makes_the_shape_stays(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *row = kt_placeholder(g, "r", KT_F32, KT_SHAPE(3));
    kt_node  *y = kt_unary(g, KT_UN_TANH, kt_broadcast_to(g, row, KT_SHAPE(4, 3)));

    optimise(&s, y);
    assert_int_equal(y->shape.rank, 2);
    assert_int_equal(count_ops(g, &kt_op_point), 0);
    end(&s);
}

/* t = v * 2; v := x; y = t + v: t is from before the store and y from after it. */
static void stores_separate(void **state)
{
    (void)state;
    scene        s;
    kt_graph    *g = begin(&s);
    kt_variable *v = variable(&s, KT_SHAPE(4, 3));
    kt_node     *t = kt_mul_scalar(g, kt_read(g, v), 2), *y;

    kt_assign(g, v, input(&s, 4, 3));
    y = kt_add(g, t, kt_read(g, v));
    optimise(&s, y);
    assert_int_equal(count_ops(g, &kt_op_point), 0);
    end(&s);
}

static void integers_stay_apart(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *i = kt_placeholder(g, "i", KT_I64, KT_SHAPE(3));
    kt_node  *y = kt_cast(g, kt_add(g, kt_mul(g, i, i), i), KT_F32);

    optimise(&s, y);
    assert_int_equal(count_ops(g, &kt_op_point), 0);
    end(&s);
}

static void long_chains_are_cut(void **state)
{
    (void)state;
    scene     s;
    kt_graph *g = begin(&s);
    kt_node  *y = input(&s, 40, 30);

    for (int i = 0; i < 3 * KT_MAX_POINT_STEPS; i++)
        y = kt_unary(g, KT_UN_TANH, y);
    optimise(&s, y);
    assert_int_equal(count_ops(g, &kt_op_point), 3);
    assert_int_equal(count_ops(g, &kt_op_unary), 0);
    end(&s);
}

static void optimising_twice_changes_nothing(void **state)
{
    (void)state;
    mlp    p;
    kt_str once = {0}, twice = {0};

    assert_true(mlp_build(&p, KT_F32, 8, 5, 6, 4));
    assert_int_equal(kt_optimise(p.g, &p.loss, 1), KT_OK);
    kt_graph_print(&once, p.g);
    assert_int_equal(kt_optimise(p.g, &p.loss, 1), KT_OK);
    kt_graph_print(&twice, p.g);
    assert_string_equal(kt_str_text(&once), kt_str_text(&twice));
    kt_str_free(&once);
    kt_str_free(&twice);
    mlp_free(&p);
}

/* --- a whole training step --- */

static int plan_steps(mlp *p, const char *op, int *copies)
{
    kt_plan *plan = kt_plan_new(p->g, &p->loss, 1, &p->fault);
    int      all = kt_plan_steps(plan), n = 0;

    assert_non_null(plan);
    *copies = 0;
    for (int i = 0; i < all; i++) {
        n += !op || strcmp(kt_plan_step(plan, i).op, op) == 0;
        *copies += strcmp(kt_plan_step(plan, i).kernel, "copy") == 0;
    }
    kt_plan_free(plan);
    return n;
}

/* Adam becomes two kernels: one for the step size, one that reads w, m, v and the gradients and
 * writes w, m and v where they are. */
static void training_step_with_adam(void **state)
{
    (void)state;
    mlp p;
    int copies;

    assert_true(mlp_build(&p, KT_F32, 32, 20, 16, 10));
    assert_true(plan_steps(&p, NULL, &copies) > 30);
    assert_int_equal(kt_optimise(p.g, &p.loss, 1), KT_OK);
    assert_int_equal(plan_steps(&p, "dense", &copies), 2);
    assert_int_equal(plan_steps(&p, "point", &copies), 2);
    assert_int_equal(plan_steps(&p, "binary", &copies), 1); /* the mean over the batch */
    assert_true(plan_steps(&p, NULL, &copies) <= 13);
    assert_int_equal(copies, 0);
    mlp_free(&p);
}

static void train(mlp *p, int steps, double *loss)
{
    kt_plan *plan = kt_plan_new(p->g, &p->loss, 1, &p->fault);
    double  *x = kt_plan_data(plan, p->x);
    int64_t *y = kt_plan_data(plan, p->y);

    for (int64_t i = 0; i < kt_shape_count(&p->x->shape); i++)
        x[i] = (double)(i * 53 % 97) / 97 - 0.5;
    for (int64_t i = 0; i < kt_shape_count(&p->y->shape); i++)
        y[i] = i * 7 % 4;
    for (int i = 0; i < steps; i++) {
        kt_plan_run(plan);
        loss[i] = *(double *)kt_plan_data(plan, p->loss);
    }
    kt_plan_free(plan);
}

static void training_is_the_same_optimised(void **state)
{
    (void)state;
    enum { TRAIN_STEPS = 20 };
    mlp    a, b;
    double plain[TRAIN_STEPS], fused[TRAIN_STEPS];

    assert_true(mlp_build(&a, KT_F64, 12, 5, 7, 4) && mlp_build(&b, KT_F64, 12, 5, 7, 4));
    assert_int_equal(kt_optimise(b.g, &b.loss, 1), KT_OK);
    train(&a, TRAIN_STEPS, plain);
    train(&b, TRAIN_STEPS, fused);
    for (int i = 0; i < TRAIN_STEPS; i++)
        assert_true(fabs(plain[i] - fused[i]) <= 1e-12);
    assert_true(fused[TRAIN_STEPS - 1] < fused[0]);
    for (int64_t i = 0; i < kt_tensor_count(a.block.value); i++)
        assert_true(fabs(kt_tensor_get(a.block.value, i) - kt_tensor_get(b.block.value, i)) <=
                    1e-12);
    assert_true(kt_tensor_get(b.iterations.value, 0) == TRAIN_STEPS);
    mlp_free(&a);
    mlp_free(&b);
}

static void lack_of_memory_is_reported(void **state)
{
    (void)state;
    kt_status status = KT_E_MEMORY;

    for (int64_t n = 1; status == KT_E_MEMORY; n++) {
        mlp p;
        assert_true(mlp_build(&p, KT_F32, 4, 3, 5, 4));
        kt_alloc_fail_after(n);
        status = kt_optimise(p.g, &p.loss, 1);
        kt_alloc_fail_after(0);
        assert_int_equal(status, p.fault.e.status);
        mlp_free(&p);
    }
    assert_int_equal(status, KT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_a_whole_lie_side_by_side),
        cmocka_unit_test(other_pieces_are_added),
        cmocka_unit_test(pieces_that_do_not_lie_along_one_axis_are_added),
        cmocka_unit_test(constants_are_computed),
        cmocka_unit_test(neutral_operations_vanish),
        cmocka_unit_test(broadcasting_is_not_neutral),
        cmocka_unit_test(squares_are_products),
        cmocka_unit_test(dense_layer_is_one_node),
        cmocka_unit_test(product_that_is_read_twice_stays),
        cmocka_unit_test(column_bias_is_no_bias),
        cmocka_unit_test(chains_become_one_node),
        cmocka_unit_test(inner_values_become_parts),
        cmocka_unit_test(a_reduction_in_between_separates),
        cmocka_unit_test(repeating_takes_no_step),
        cmocka_unit_test(repeating_that_makes_the_shape_stays),
        cmocka_unit_test(stores_separate),
        cmocka_unit_test(integers_stay_apart),
        cmocka_unit_test(long_chains_are_cut),
        cmocka_unit_test(optimising_twice_changes_nothing),
        cmocka_unit_test(training_step_with_adam),
        cmocka_unit_test(training_is_the_same_optimised),
        cmocka_unit_test(lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
