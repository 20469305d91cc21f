/* test_nn_optimizers.c - the block of all weights, fusion, learning rates, and what must not go
 * wrong. The numbers of the steps are checked against real Keras in tests/keras. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "exec/exec.h"
#include "nn/nn.h"
#include "passes/passes.h"

enum { MAX_WEIGHTS = 4 };

typedef struct scene {
    kt_arena      arena;
    kt_fault      fault;
    kt_vec        list;
    kt_variable   weight[MAX_WEIGHTS];
    kt_optimizer *optimizer;
    kt_graph     *g;
    kt_plan      *plan;
} scene;

static kt_optimizer *make(scene *s, const char *expression)
{
    kt_value        *v = kt_expr_parse(expression, &s->arena, &s->fault);
    const kt_object *o = v ? kt_object_make(&s->arena, "optimizer", v, &s->fault) : NULL;

    return o ? kt_optimizer_new(o, &s->fault) : NULL;
}

/* Weight i has elements i + 1/2, i + 1/2 + 1/8, ... */
static bool add_weight(scene *s, kt_dtype dtype, kt_shape shape)
{
    kt_variable *v = &s->weight[s->list.n];
    size_t       i = s->list.n;

    *v = (kt_variable){.name = "w", .path = "w", .dtype = dtype, .shape = shape};
    v->value = kt_tensor_new(dtype, shape);
    for (int64_t k = 0; v->value && k < v->value->count; k++)
        kt_tensor_set(v->value, k, (double)i + 0.5 + (double)k / 8);
    return v->value && kt_vec_push(&s->list, v);
}

static void begin(scene *s, const char *expression)
{
    *s = (scene){.optimizer = NULL};
    s->optimizer = make(s, expression);
    if (!s->optimizer)
        fail_msg("%s", s->fault.e.message);
}

static void begin_three(scene *s, const char *expression)
{
    begin(s, expression);
    assert_true(add_weight(s, KT_F32, KT_SHAPE(3)));
    assert_true(add_weight(s, KT_F32, KT_SHAPE(8, 4)));
    assert_true(add_weight(s, KT_F32, KT_SCALAR_SHAPE));
}

static void end(scene *s)
{
    kt_plan_free(s->plan);
    kt_graph_free(s->g);
    kt_optimizer_free(s->optimizer);
    for (size_t i = 0; i < MAX_WEIGHTS; i++)
        kt_tensor_unref(s->weight[i].value);
    kt_vec_free(&s->list);
    kt_fault_clear(&s->fault);
    kt_arena_free(&s->arena);
}

static kt_status build(scene *s)
{
    return kt_optimizer_build(s->optimizer, &s->list, &s->fault);
}

/* Gradients that are the weights themselves. */
static kt_status emit(scene *s)
{
    kt_node *grads[MAX_WEIGHTS] = {NULL};

    s->g = kt_graph_new(&s->fault);
    if (!s->g)
        return s->fault.e.status;
    for (size_t i = 0; i < s->list.n; i++)
        grads[i] = kt_mul_scalar(s->g, kt_read(s->g, s->list.at[i]), 1);
    return kt_optimizer_apply(s->optimizer, s->g, grads, &s->fault);
}

static kt_status plan(scene *s)
{
    if (s->fault.e.status == KT_OK && kt_optimise(s->g, NULL, 0) == KT_OK)
        s->plan = kt_plan_new(s->g, NULL, 0, &s->fault);
    return s->fault.e.status;
}

static void prepare(scene *s)
{
    if (build(s) != KT_OK || emit(s) != KT_OK || plan(s) != KT_OK)
        fail_msg("%s", s->fault.e.message);
}

static void assert_near(double x, double y)
{
    if (!(fabs(x - y) <= 1e-6 * (1 + fabs(y))))
        fail_msg("%.9g is not %.9g", x, y);
}

/* --- the block --- */

static void weights_become_views_of_one_block(void **state)
{
    (void)state;
    scene s;

    begin_three(&s, "Adam()");
    assert_int_equal(build(&s), KT_OK);
    const kt_tensor *block = s.optimizer->block->value;
    assert_int_equal(block->count, 3 + 32 + 1);
    for (size_t i = 0; i < 3; i++) {
        const kt_variable *v = &s.weight[i];
        assert_ptr_equal(v->block, s.optimizer->block);
        assert_ptr_equal(v->value->base, block);
        assert_true(kt_shape_equal(&v->shape, &v->value->shape));
        assert_near(kt_tensor_get(v->value, 0), (double)i + 0.5);
        assert_near(kt_tensor_get(v->value, v->value->count - 1),
                    (double)i + 0.5 + (double)(v->value->count - 1) / 8);
    }
    assert_int_equal((uintptr_t)s.weight[1].value->data % 64, 0);
    end(&s);
}

static void slots_are_views_of_their_blocks(void **state)
{
    (void)state;
    scene s;

    begin_three(&s, "Adam()");
    prepare(&s);
    kt_plan_run(s.plan);
    assert_int_equal(s.optimizer->variables.n, 2 + 2 * 3);
    for (size_t i = 2; i < s.optimizer->variables.n; i++) {
        const kt_variable *v = s.optimizer->variables.at[i];
        assert_ptr_equal(v->value->base, v->block->value);
        assert_true(kt_tensor_get(v->value, 0) != 0);
    }
    end(&s);
}

static void weights_outlive_the_optimizer(void **state)
{
    (void)state;
    scene s;

    begin_three(&s, "SGD()");
    assert_int_equal(build(&s), KT_OK);
    kt_optimizer_free(s.optimizer);
    s.optimizer = NULL;
    assert_null(s.weight[2].block);
    assert_near(kt_tensor_get(s.weight[2].value, 0), 2.5);
    s.optimizer = make(&s, "RMSprop()");
    assert_int_equal(build(&s), KT_OK);
    assert_non_null(s.optimizer->block);
    assert_near(kt_tensor_get(s.weight[2].value, 0), 2.5);
    end(&s);
}

/* The second leaves the weights where the first has put them. */
static void two_optimizers_share_weights(void **state)
{
    (void)state;
    scene       s;
    const void *data;

    begin_three(&s, "SGD(0.5)");
    assert_int_equal(build(&s), KT_OK);
    kt_optimizer *first = s.optimizer;
    data = s.weight[1].value->data;
    s.optimizer = make(&s, "SGD(0.5, momentum=0.5)");
    prepare(&s);
    assert_null(s.optimizer->block);
    kt_plan_run(s.plan);
    assert_ptr_equal(s.weight[1].value->data, data);
    assert_near(kt_tensor_get(s.weight[1].value, 0), 1.5 - 0.5 * 1.5);
    kt_optimizer_free(first);
    end(&s);
}

static void other_dtypes(void **state)
{
    (void)state;
    scene s;

    begin(&s, "SGD(0.5)");
    assert_true(add_weight(&s, KT_F64, KT_SHAPE(2)));
    assert_true(add_weight(&s, KT_F64, KT_SHAPE(3)));
    prepare(&s);
    assert_int_equal(s.optimizer->block->dtype, KT_F64);
    kt_plan_run(s.plan);
    assert_true(kt_tensor_get(s.weight[1].value, 1) == 1.625 / 2);
    end(&s);

    begin(&s, "SGD(0.5)");
    assert_true(add_weight(&s, KT_F64, KT_SHAPE(2)));
    assert_true(add_weight(&s, KT_F32, KT_SHAPE(3)));
    prepare(&s);
    assert_null(s.optimizer->block);
    kt_plan_run(s.plan);
    assert_true(kt_tensor_get(s.weight[0].value, 1) == 0.625 / 2);
    assert_near(kt_tensor_get(s.weight[1].value, 1), 1.625 / 2);
    end(&s);
}

static void nothing_to_train(void **state)
{
    (void)state;
    scene s;

    begin(&s, "Adam(use_ema=True)");
    prepare(&s);
    assert_int_equal(kt_plan_steps(s.plan), 0);
    assert_int_equal(kt_optimizer_finish(s.optimizer), KT_OK);
    end(&s);

    begin(&s, "Adam()");
    assert_true(add_weight(&s, KT_F32, KT_SHAPE(0, 4)));
    prepare(&s);
    kt_plan_run(s.plan);
    end(&s);
}

/* --- what runs --- */

static void one_kernel_updates_all(void **state)
{
    (void)state;
    static const char *const optimizers[] = {
        "SGD()",     "SGD(momentum=0.9, nesterov=True, weight_decay=0.1)",
        "Adam()",    "Adam(amsgrad=True)",
        "AdamW()",   "Adam(clipvalue=0.5, use_ema=True)",
        "RMSprop()", "RMSprop(momentum=0.5, centered=True)",
        "Nadam()",   "Ftrl()",
        "Lion()",    "Adamax()",
    };

    for (size_t i = 0; i < KT_COUNT(optimizers); i++) {
        scene s;
        int   points = 0;

        begin(&s, optimizers[i]);
        assert_true(add_weight(&s, KT_F32, KT_SHAPE(64, 100)));
        assert_true(add_weight(&s, KT_F32, KT_SHAPE(100)));
        prepare(&s);
        for (size_t k = 0; k < s.g->nodes.n; k++) {
            const kt_node *n = s.g->nodes.at[k];
            points += n->op->flags & KT_OP_POINT && kt_shape_count(&n->shape) == 6500;
        }
        if (points != 1)
            fail_msg("%s: %d kernels over all weights", optimizers[i], points);
        assert_true(kt_plan_steps(s.plan) <= 8);
        end(&s);
    }
}

static void no_gradients(void **state)
{
    (void)state;
    kt_node *none[MAX_WEIGHTS] = {NULL};
    scene    s;

    begin_three(&s, "SGD()");
    assert_int_equal(build(&s), KT_OK);
    s.g = kt_graph_new(&s.fault);
    assert_int_equal(kt_optimizer_apply(s.optimizer, s.g, none, &s.fault), KT_E_VALUE);
    assert_string_equal(s.fault.e.message, "No gradients provided for any variable.");
    end(&s);
}

/* A table that is looked up twice: the squares of all three readings of row 1 are added up. */
static void lookups_add_up(void **state)
{
    (void)state;
    scene    s;
    kt_node *grad = NULL;

    begin(&s, "Adagrad(0.5, initial_accumulator_value=0.0, loss_scale_factor=2.0, clipvalue=1.5)");
    assert_true(add_weight(&s, KT_F32, KT_SHAPE(2, 1)));
    assert_int_equal(build(&s), KT_OK);
    s.g = kt_graph_new(&s.fault);
    for (int i = 0; i < 2; i++) {
        kt_tensor *index = kt_tensor_new(KT_I32, KT_SHAPE(2));
        kt_tensor *dy = kt_tensor_new(KT_F32, KT_SHAPE(2, 1));
        kt_tensor_set(index, 0, 1);
        kt_tensor_set(index, 1, i); /* rows 1, 0 and 1, 1 */
        kt_tensor_set(dy, 0, 2);
        kt_tensor_set(dy, 1, 4);
        kt_node *x = kt_gather_grad(s.g, kt_constant(s.g, index), kt_constant(s.g, dy), 0,
                                    s.weight[0].shape);
        grad = grad ? kt_add(s.g, grad, x) : x;
    }
    assert_int_equal(kt_optimizer_apply(s.optimizer, s.g, &grad, &s.fault), KT_OK);
    assert_int_equal(plan(&s), KT_OK);
    kt_plan_run(s.plan); /* unscaled and clipped: 1 and 1.5 */
    const kt_variable *sum = s.optimizer->variables.at[2];
    assert_near(kt_tensor_get(sum->value, 0), 1.5 * 1.5);
    assert_near(kt_tensor_get(sum->value, 1), 1 + 1 + 1.5 * 1.5);
    assert_near(kt_tensor_get(s.weight[0].value, 1), 0.625 - 0.5 * 3.5 / sqrt(4.25));
    end(&s);
}

/* --- learning rates --- */

static void the_rate_can_be_set_between_steps(void **state)
{
    (void)state;
    scene s;

    begin_three(&s, "SGD(0.5)");
    prepare(&s);
    kt_plan_run(s.plan);
    assert_near(kt_tensor_get(s.weight[2].value, 0), 1.25);
    assert_int_equal(kt_optimizer_set_lr(s.optimizer, 0.1, &s.fault), KT_OK);
    assert_near(kt_optimizer_lr(s.optimizer), 0.1);
    kt_plan_run(s.plan);
    assert_near(kt_tensor_get(s.weight[2].value, 0), 1.125);
    assert_near(kt_tensor_get(s.optimizer->iterations->value, 0), 2);
    end(&s);
}

static void a_scheduled_rate_cannot_be_set(void **state)
{
    (void)state;
    scene s;

    begin_three(&s, "SGD(ExponentialDecay(0.5, 1, 0.5))");
    prepare(&s);
    assert_int_equal(s.optimizer->variables.n, 1);
    assert_near(kt_optimizer_lr(s.optimizer), 0.5);
    kt_plan_run(s.plan);
    assert_near(kt_optimizer_lr(s.optimizer), 0.25);
    assert_int_equal(kt_optimizer_set_lr(s.optimizer, 0.1, &s.fault), KT_E_TYPE);
    assert_non_null(strstr(s.fault.e.message, "hence its learning rate is not settable"));
    end(&s);
}

/* --- arguments --- */

static void unknown_and_old_arguments(void **state)
{
    (void)state;
    scene s;

    begin(&s, "SGD(0.5, decay=0.1)");
    assert_near(kt_optimizer_lr(s.optimizer), 0.5);
    assert_null(make(&s, "SGD(lr=0.5, momentum=0.9)"));
    assert_string_equal(s.fault.e.message, "Argument(s) not recognized: {'lr': 0.5}");
    assert_string_equal(s.fault.e.hint, "did you mean 'learning_rate'?");
    kt_fault_clear(&s.fault);
    end(&s);
    begin_three(&s, "SGD(clipnorm='much')"); /* looked at when it is needed */
    assert_int_equal(build(&s), KT_OK);
    assert_int_equal(emit(&s), KT_E_TYPE);
    assert_string_equal(s.fault.e.message,
                        "'>' not supported between instances of 'str' and 'int'");
    end(&s);
}

static void averages_without_steps_are_not_used(void **state)
{
    (void)state;
    scene s;

    begin_three(&s, "SGD(use_ema=True)");
    prepare(&s);
    assert_int_equal(kt_optimizer_finish(s.optimizer), KT_OK);
    assert_near(kt_tensor_get(s.weight[2].value, 0), 2.5);
    end(&s);
}

/* --- memory --- */

/* All that a training step needs of an optimizer, with the n-th allocation failing. */
static bool try_all(const char *expression, int64_t n)
{
    scene s = {.optimizer = NULL};
    bool  done;

    kt_alloc_fail_after(n);
    s.optimizer = make(&s, expression);
    done = s.optimizer && add_weight(&s, KT_F32, KT_SHAPE(8, 4)) &&
           add_weight(&s, KT_F32, KT_SHAPE(3)) && build(&s) == KT_OK && emit(&s) == KT_OK &&
           kt_optimizer_value(&s.arena, s.optimizer, &s.fault);
    double lr = done ? kt_optimizer_lr(s.optimizer) : 0;
    kt_alloc_fail_after(0);
    if (!done && s.list.n)
        for (size_t i = 0; i < s.list.n; i++)
            assert_near(kt_tensor_get(s.weight[i].value, 0), (double)i + 0.5);
    end(&s);
    return done && !isnan(lr);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const char *const optimizers[] = {
        "Nadam(CosineDecay(0.1, 5), clipnorm=1.0, use_ema=True, gradient_accumulation_steps=2)",
        "Adafactor(0.1, global_clipnorm=1.0, weight_decay=0.1)",
        "Muon(0.1, clipvalue=1.0, exclude_layers=['x'], ema_momentum=0.5, use_ema=True)",
    };

    for (size_t i = 0; i < KT_COUNT(optimizers); i++) {
        int64_t n = 1;
        while (!try_all(optimizers[i], n))
            n++;
        assert_true(n > 50);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_become_views_of_one_block),
        cmocka_unit_test(slots_are_views_of_their_blocks),
        cmocka_unit_test(weights_outlive_the_optimizer),
        cmocka_unit_test(two_optimizers_share_weights),
        cmocka_unit_test(other_dtypes),
        cmocka_unit_test(nothing_to_train),
        cmocka_unit_test(one_kernel_updates_all),
        cmocka_unit_test(no_gradients),
        cmocka_unit_test(lookups_add_up),
        cmocka_unit_test(the_rate_can_be_set_between_steps),
        cmocka_unit_test(a_scheduled_rate_cannot_be_set),
        cmocka_unit_test(unknown_and_old_arguments),
        cmocka_unit_test(averages_without_steps_are_not_used),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
