/* test_ops_shape.c - shape rules of ops: unknown sizes, origins, dtypes, error texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ops/ops.h"

#define N KT_UNKNOWN
#define FRAME(op) \
    "{{function_node __wrapped__" op "_device_/job:localhost/replica:0/task:0/device:CPU:0}} "

typedef struct fixture {
    kt_fault  fault;
    kt_graph *g;
} fixture;

static fixture f;

static int setup(void **state)
{
    (void)state;
    f = (fixture){0};
    f.g = kt_graph_new(&f.fault);
    return f.g ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    kt_graph_free(f.g);
    kt_fault_clear(&f.fault);
    return 0;
}

static kt_node *in_as(kt_dtype dtype, kt_shape shape)
{
    return kt_placeholder(f.g, "x", dtype, shape);
}

static kt_node *in(kt_shape shape)
{
    return in_as(KT_F32, shape);
}

static void check_shape(const kt_node *y, const char *expected)
{
    if (f.fault.e.message) {
        fail_msg("%s", f.fault.e.message);
    }
    assert_string_equal(kt_shape_text(&f.g->arena, &y->shape), expected);
}

static void check_origin(const kt_node *y, int axis, kt_origin_kind kind, int input, int a, int b)
{
    assert_int_equal(y->origin[axis].kind, kind);
    assert_int_equal(y->origin[axis].input, input);
    assert_int_equal(y->origin[axis].axis, a);
    assert_int_equal(y->origin[axis].axis2, b);
}

/* y has failed with this message and these facts. Starts over with an empty graph. */
static void check_failed(const kt_node *y, const char *message, int input, int axis,
                         int64_t expected, int64_t received)
{
    assert_true(kt_is_poison(f.g, y));
    assert_int_equal(f.fault.e.status, KT_E_INVALID_ARGUMENT);
    assert_string_equal(f.fault.e.message, message);
    assert_int_equal(f.fault.e.input, input);
    assert_int_equal(f.fault.e.axis, axis);
    assert_int_equal(f.fault.e.expected, expected);
    assert_int_equal(f.fault.e.received, received);
    teardown(NULL);
    setup(NULL);
}

static void element_wise_broadcasts(void **state)
{
    kt_node *y = kt_add(f.g, in(KT_SHAPE(N, 1, 3)), in(KT_SHAPE(4, 1)));
    (void)state;
    check_shape(y, "(None, 4, 3)");
    check_origin(y, 0, KT_FROM_AXIS, 0, 0, 1);
    check_origin(y, 1, KT_FROM_AXIS, 1, 0, 1);
    check_origin(y, 2, KT_FROM_AXIS, 0, 2, 3);

    /* an unknown size against n is n, and n is where it comes from; against 1 it stays unknown */
    y = kt_mul(f.g, in(KT_SHAPE(N, N)), in(KT_SHAPE(1, 5)));
    check_shape(y, "(None, 5)");
    check_origin(y, 0, KT_FROM_AXIS, 0, 0, 1);
    check_origin(y, 1, KT_FROM_AXIS, 1, 1, 2);
    check_shape(kt_mul(f.g, in(KT_SHAPE(1)), in(KT_SHAPE(N))), "(None,)");
    check_shape(kt_mul(f.g, in(KT_SHAPE(0, 3)), in(KT_SHAPE(1, 3))), "(0, 3)");
    check_shape(kt_select(f.g, in(KT_SHAPE(N, 1)), in(KT_SHAPE(3)), kt_scalar(f.g, 0)),
                "(None, 3)");
}

static void element_wise_misfits(void **state)
{
    (void)state;
    check_failed(kt_add(f.g, in(KT_SHAPE(2, 2, 2, 3)), in(KT_SHAPE(1, 1, 1, 4))),
                 FRAME("AddV2") "Incompatible shapes: [2,2,2,3] vs. [1,1,1,4] [Op:AddV2] name: ", 1,
                 3, 3, 4);
    check_failed(kt_binary(f.g, KT_BI_LESS_EQUAL, in(KT_SHAPE(2, 3)), in(KT_SHAPE(4))),
                 FRAME("LessEqual") "Incompatible shapes: [2,3] vs. [4] [Op:LessEqual] name: ", 1,
                 0, 3, 4);
    check_failed(
        kt_select(f.g, in(KT_SHAPE(2, 3)), in(KT_SHAPE(2, 3)), in(KT_SHAPE(4))),
        FRAME("SelectV2") "condition [2,3], then [2,3], and else [4] must be broadcastable "
                          "[Op:SelectV2] name: ",
        2, 0, 3, 4);
    check_failed(kt_div(f.g, in(KT_SHAPE(0)), in(KT_SHAPE(3))),
                 FRAME("RealDiv") "Incompatible shapes: [0] vs. [3] [Op:RealDiv] name: ", 1, 0, 0,
                 3);
}

static void dtypes_are_unified(void **state)
{
    kt_node *b = in_as(KT_BOOLEAN, KT_SHAPE(2)), *i = in_as(KT_I32, KT_SHAPE(2)),
            *x = in(KT_SHAPE(2));
    kt_node *l = in_as(KT_I64, KT_SHAPE(2));
    (void)state;
    assert_int_equal(kt_add(f.g, i, x)->dtype, KT_F32);
    assert_int_equal(kt_add(f.g, l, x)->dtype, KT_F32);
    assert_int_equal(kt_add(f.g, kt_cast(f.g, x, KT_F16), kt_cast(f.g, x, KT_BF16))->dtype, KT_F32);
    assert_int_equal(kt_add(f.g, kt_cast(f.g, x, KT_BF16), l)->dtype, KT_BF16);
    assert_int_equal(kt_mul(f.g, b, i)->dtype, KT_I32);
    assert_int_equal(kt_mul(f.g, i, l)->dtype, KT_I64);
    assert_int_equal(kt_div(f.g, i, i)->dtype, KT_F32);
    assert_int_equal(kt_binary(f.g, KT_BI_EQUAL, i, x)->dtype, KT_BOOLEAN);
    assert_int_equal(kt_select(f.g, b, i, x)->dtype, KT_F32);
    assert_int_equal(kt_add_scalar(f.g, i, 2)->dtype, KT_I32);
    assert_int_equal(kt_add_scalar(f.g, i, 0.5)->dtype, KT_F32);
    assert_int_equal(kt_unary(f.g, KT_UN_EXP, i)->dtype, KT_F32);
    assert_int_equal(kt_unary(f.g, KT_UN_NEG, i)->dtype, KT_I32);
    assert_int_equal(kt_unary(f.g, KT_UN_IS_NAN, x)->dtype, KT_BOOLEAN);
    assert_int_equal(kt_sum_all(f.g, b)->dtype, KT_I32);
    assert_int_equal(kt_mean_all(f.g, i)->dtype, KT_F32);
    assert_ptr_equal(kt_cast(f.g, i, KT_I32), i);
    f.g->floatx = KT_F64;
    assert_int_equal(kt_mean_all(f.g, i)->dtype, KT_F64);
    assert_false(kt_graph_failed(f.g));
}

static void matmul_shapes(void **state)
{
    kt_node *y = kt_matmul(f.g, in(KT_SHAPE(N, 5, 3)), in(KT_SHAPE(3, 4)), false, false);
    (void)state;
    check_shape(y, "(None, 5, 4)");
    check_origin(y, 0, KT_FROM_AXIS, 0, 0, 1);
    check_origin(y, 1, KT_FROM_AXIS, 0, 1, 2);
    check_origin(y, 2, KT_FROM_AXIS, 1, 1, 2);
    y = kt_matmul(f.g, in(KT_SHAPE(3, N)), in(KT_SHAPE(4, 3)), true, true);
    check_shape(y, "(None, 4)");
    check_origin(y, 0, KT_FROM_AXIS, 0, 1, 2);
    check_origin(y, 1, KT_FROM_AXIS, 1, 0, 1);
    y = kt_matmul(f.g, in(KT_SHAPE(1, 2, 3)), in(KT_SHAPE(N, 3, 4)), false, false);
    check_shape(y, "(None, 2, 4)");
    check_origin(y, 0, KT_FROM_AXIS, 1, 0, 1);
    check_shape(kt_matmul(f.g, in(KT_SHAPE(N, 2, N)), in(KT_SHAPE(7, 3, 4)), false, false),
                "(7, 2, 4)");
    check_shape(kt_matmul(f.g, in(KT_SHAPE(2, 3)), in(KT_SHAPE(N, 6, 3, 4)), false, false),
                "(None, 6, 2, 4)");
}

static void matmul_misfits(void **state)
{
    (void)state;
    check_failed(
        kt_matmul(f.g, in(KT_SHAPE(2, 2)), in(KT_SHAPE(3, 16)), false, false),
        FRAME("MatMul") "Matrix size-incompatible: In[0]: [2,2], In[1]: [3,16] [Op:MatMul] name: ",
        0, 1, 3, 2);
    check_failed(
        kt_matmul(f.g, in(KT_SHAPE(2, 3, 4)), in(KT_SHAPE(5, 6)), false, false),
        FRAME("MatMul") "Matrix size-incompatible: In[0]: [6,4], In[1]: [5,6] [Op:MatMul] name: ",
        0, 2, 5, 4);
    check_failed(kt_matmul(f.g, in(KT_SHAPE(2, 3, 4)), in(KT_SHAPE(2, 5, 6)), false, false),
                 FRAME("BatchMatMulV2") "Matrix size-incompatible: In[0]: [2,3,4], In[1]: [2,5,6] "
                                        "[Op:BatchMatMulV2] name: ",
                 0, 2, 5, 4);
    check_failed(kt_matmul(f.g, in(KT_SHAPE(2, 3, 4)), in(KT_SHAPE(3, 4, 6)), false, false),
                 FRAME("BatchMatMulV2") "In[0] and In[1] must have compatible batch dimensions: "
                                        "[2,3,4] vs. [3,4,6] [Op:BatchMatMulV2] name: ",
                 1, 0, 2, 3);
}

static void a_lenient_graph_lets_sizes_pass(void **state)
{
    (void)state;
    f.g->lenient = true;
    check_shape(kt_matmul(f.g, in(KT_SHAPE(N, 2)), in(KT_SHAPE(3, 16)), false, false),
                "(None, 16)");
    check_shape(kt_add(f.g, in(KT_SHAPE(2, 3)), in(KT_SHAPE(4))), "(2, 3)");
    check_shape(kt_reshape(f.g, in(KT_SHAPE(2, 3)), KT_SHAPE(5)), "(5,)");
    check_shape(kt_broadcast_to(f.g, in(KT_SHAPE(2)), KT_SHAPE(3)), "(3,)");
}

static void reshape_follows_axes(void **state)
{
    kt_node *y = kt_flatten_from(f.g, in(KT_SHAPE(N, 28, 28)), 1);
    (void)state;
    check_shape(y, "(None, 784)");
    check_origin(y, 0, KT_FROM_AXIS, 0, 0, 1);
    check_origin(y, 1, KT_FROM_PRODUCT, 0, 1, 3);
    y = kt_flatten_from(f.g, in(KT_SHAPE(N, N, 3)), 1);
    check_shape(y, "(None, None)");
    check_origin(y, 0, KT_FROM_AXIS, 0, 0, 1);
    check_origin(y, 1, KT_FROM_PRODUCT, 0, 1, 3);
    y = kt_reshape_by(f.g, in(KT_SHAPE(N, 12, 5)), KT_SHAPE(N, 3, 4, 5), "target_shape");
    check_shape(y, "(None, 3, 4, 5)");
    assert_string_equal(y->origin[1].field, "target_shape");
    assert_string_equal(y->origin[2].field, "target_shape");
    check_origin(y, 3, KT_FROM_AXIS, 0, 2, 3);
    /* twice as many rows: the unknown size is not the batch */
    y = kt_reshape(f.g, in(KT_SHAPE(N, 4, 4)), KT_SHAPE(N, 8));
    check_shape(y, "(None, 8)");
    check_origin(y, 0, KT_FROM_PRODUCT, 0, 0, 3);
    check_shape(kt_reshape(f.g, in(KT_SHAPE(6, 4)), KT_SHAPE(N, 3)), "(8, 3)");
    check_shape(kt_reshape(f.g, in(KT_SHAPE(0, 4)), KT_SHAPE(N, 3)), "(0, 3)");
    check_shape(kt_expand_dims(f.g, in(KT_SHAPE(N, 4)), -1), "(None, 4, 1)");
    check_shape(kt_expand_dims(f.g, in(KT_SHAPE(N, 4)), 1), "(None, 1, 4)");
    check_shape(kt_squeeze(f.g, in(KT_SHAPE(N, 1, 4)), 1), "(None, 4)");
    check_shape(kt_squeeze(f.g, in(KT_SHAPE(N, N, 1)), -1), "(None, None)");
}

/* What is asked for is found among the sizes that are not 0, as by TensorFlow's kernel. */
static void reshape_of_nothing(void **state)
{
    (void)state;
    check_shape(kt_reshape(f.g, in(KT_SHAPE(0, 3)), KT_SHAPE(0, N)), "(0, 3)");
    check_shape(kt_reshape(f.g, in(KT_SHAPE(0, 6, 2)), KT_SHAPE(3, N, 0)), "(3, 4, 0)");
    check_shape(kt_reshape(f.g, in(KT_SHAPE(0, 6, 2)), KT_SHAPE(3, N)), "(3, 0)");
}

static void reshape_misfits(void **state)
{
    int64_t huge = (int64_t)1 << 40;
    (void)state;
    check_failed(
        kt_reshape(f.g, in(KT_SHAPE(2, 3)), KT_SHAPE(4, 2)),
        FRAME("Reshape") "Input to reshape is a tensor with 6 values, but the requested shape "
                         "has 8 [Op:Reshape]",
        0, -1, 8, 6);
    check_failed(
        kt_reshape(f.g, in(KT_SHAPE(2, 3)), KT_SHAPE(4, N)),
        FRAME("Reshape") "Input to reshape is a tensor with 6 values, but the requested shape "
                         "requires a multiple of 4 [Op:Reshape]",
        0, -1, 4, 6);
    check_failed(kt_reshape(f.g, in(KT_SHAPE(6)), KT_SHAPE(N, N)),
                 FRAME("Reshape") "Only one input size may be -1, not both [Op:Reshape]", -1, -1,
                 KT_NO_FACT, KT_NO_FACT);
    assert_true(kt_is_poison(f.g, kt_reshape(f.g, in(KT_SHAPE(6)), KT_SHAPE(huge, huge))));
    teardown(NULL);
    setup(NULL);
    assert_true(kt_is_poison(f.g, kt_squeeze(f.g, in(KT_SHAPE(2, 3)), 1)));
    assert_string_equal(f.fault.e.message,
                        "Cannot squeeze axis=1, because the dimension is not 1.");
}

static void concat_shapes(void **state)
{
    kt_node *three[] = {in(KT_SHAPE(N, 2, N)), in(KT_SHAPE(4, 3, 5)), in(KT_SHAPE(N, 1, N))}, *y;
    (void)state;
    y = kt_concat(f.g, 3, three, 1);
    check_shape(y, "(4, 6, 5)");
    check_origin(y, 0, KT_FROM_AXIS, 1, 0, 1);
    check_origin(y, 1, KT_FROM_SUM, 0, 1, 2);
    check_shape(kt_concat(f.g, 2, (kt_node *[]){three[0], three[0]}, -1), "(None, 2, None)");
    check_shape(kt_pack(f.g, 2, (kt_node *[]){in(KT_SHAPE(2, 3)), in(KT_SCALAR_SHAPE)}), "(7,)");
    check_shape(kt_pack(f.g, 2, three), "(None,)");
    check_failed(
        kt_concat(f.g, 2, (kt_node *[]){in(KT_SHAPE(2, 3)), in(KT_SHAPE(3, 3))}, 1),
        FRAME("ConcatV2") "ConcatOp : Dimension 0 in both shapes must be equal: shape[0] = "
                          "[2,3] vs. shape[1] = [3,3] [Op:ConcatV2] name: concat",
        1, 0, 2, 3);
    check_failed(kt_concat(f.g, 2, (kt_node *[]){in(KT_SHAPE(2, 3)), in(KT_SHAPE(3, 3, 1))}, 1),
                 FRAME("ConcatV2") "ConcatOp : Ranks of all input tensors should match: shape[0] = "
                                   "[2,3] vs. shape[1] = [3,3,1] [Op:ConcatV2] name: concat",
                 1, -1, 2, 3);
}

static void slice_and_pad_shapes(void **state)
{
    kt_slice_attr every_second = {.begin = {0, 1}, .size = {N, N}, .stride = {1, 2}};
    kt_pad_attr   border = {.before = {0, 1}, .after = {0, 2}}, negative = {.after = {-1}};
    kt_node      *x = in(KT_SHAPE(N, 8)), *y = kt_slice(f.g, x, &every_second);
    (void)state;
    check_shape(y, "(None, 4)");
    check_origin(y, 0, KT_FROM_AXIS, 0, 0, 1);
    check_shape(kt_slice_axis(f.g, x, 1, -3, N), "(None, 3)");
    check_shape(kt_slice_axis(f.g, x, 0, -1, 1), "(1, 8)");
    y = kt_slice_axis(f.g, in(KT_SHAPE(4, 8)), 1, -1, 1);
    check_shape(y, "(4, 1)");
    assert_int_equal(((const kt_slice_attr *)y->attr)->begin[1], 7);
    y = kt_pad(f.g, x, &border);
    check_shape(y, "(None, 11)");
    check_origin(y, 1, KT_FROM_SUM, 0, 1, 2);
    check_failed(kt_slice_axis(f.g, in(KT_SHAPE(2, 3)), 1, 1, 3),
                 FRAME("Slice") "Expected size[1] in [0, 2], but got 3 [Op:Slice]", 0, 1, 4, 3);
    check_failed(kt_slice_axis(f.g, in(KT_SHAPE(2, 3)), 0, 5, 1),
                 FRAME("Slice") "Expected begin[0] in [0, 2], but got 5 [Op:Slice]", 0, 0, 5, 2);
    check_failed(kt_pad(f.g, in(KT_SHAPE(2, 3)), &negative),
                 FRAME("Pad") "Paddings must be non-negative: 0 -1 [Op:Pad]", 0, 0, KT_NO_FACT,
                 KT_NO_FACT);
}

static void moving_and_reducing_shapes(void **state)
{
    kt_node *x = in(KT_SHAPE(N, 3, 5)), *y = kt_transpose(f.g, x, (int[]){2, 0, 1});
    (void)state;
    check_shape(y, "(5, None, 3)");
    check_origin(y, 1, KT_FROM_AXIS, 0, 0, 1);
    check_shape(kt_reduce(f.g, KT_RE_MAX, x, 2, false), "(None, 5)");
    check_shape(kt_reduce(f.g, KT_RE_MAX, x, 6, true), "(None, 1, 1)");
    check_shape(kt_reduce_last(f.g, KT_RE_SUM, x), "(None, 3)");
    check_shape(kt_sum_all(f.g, x), "()");
    assert_ptr_equal(kt_reduce(f.g, KT_RE_SUM, x, 0, false), x);
    check_shape(kt_broadcast_to(f.g, in(KT_SHAPE(1, 5)), KT_SHAPE(2, 3, 5)), "(2, 3, 5)");
    check_shape(kt_sum_to(f.g, in(KT_SHAPE(2, 3, 5)), &KT_SHAPE(3, 1)), "(3, 1)");
    check_failed(kt_transpose(f.g, in(KT_SHAPE(2, 3)), (int[]){1, 1}), "axes don't match array", 0,
                 1, KT_NO_FACT, KT_NO_FACT);
    check_failed(
        kt_broadcast_to(f.g, in(KT_SHAPE(1, 3)), KT_SHAPE(1, 1)),
        FRAME("BroadcastTo") "Unable to broadcast tensor of shape [1,3] to tensor of shape "
                             "[1,1] [Op:BroadcastTo]",
        0, 1, 1, 3);
    check_failed(kt_broadcast_to(f.g, in(KT_SHAPE(2, 3)), KT_SHAPE(4, 3)),
                 FRAME("BroadcastTo") "Incompatible shapes: [2,3] vs. [4,3] [Op:BroadcastTo]", 0, 0,
                 4, 2);
    check_failed(
        kt_broadcast_to(f.g, in(KT_SHAPE(2, 3)), KT_SHAPE(3)),
        FRAME("BroadcastTo") "Rank of input (2) must be no greater than rank of output shape "
                             "(1). [Op:BroadcastTo]",
        0, -1, 1, 2);
}

static void random_bounds(void **state)
{
    static const struct {
        kt_random_fn fn;
        double       a, b;
    } fits[] = {{KT_RA_WHOLE_32, -2, -1}, {KT_RA_WHOLE_64, 3, 4}, {KT_RA_UNIFORM, 3, 3}};
    static const struct {
        kt_random_fn fn;
        double       a, b;
        const char  *message;
    } misfits[] = {{KT_RA_WHOLE_32, 3, 3, "Need minval < maxval, got 3 >= 3"},
                   {KT_RA_WHOLE_64, 5, -2, "Need minval < maxval, got 5 >= -2"}};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(fits); i++) {
        kt_random_attr a = {fits[i].fn, KT_F32, fits[i].a, fits[i].b, KT_SHAPE(2, 3)};
        check_shape(kt_random(f.g, in_as(KT_I32, KT_SHAPE(2)), &a), "(2, 3)");
    }
    for (size_t i = 0; i < KT_COUNT(misfits); i++) {
        kt_random_attr a = {misfits[i].fn, KT_F32, misfits[i].a, misfits[i].b, KT_SHAPE(2, 3)};
        check_failed(kt_random(f.g, in_as(KT_I32, KT_SHAPE(2)), &a), misfits[i].message, 0, -1,
                     KT_NO_FACT, KT_NO_FACT);
    }
}

static void chain_is_refused(kt_point_attr attr)
{
    kt_node *x = in(KT_SHAPE(3));

    assert_true(kt_is_poison(f.g, kt_emit(f.g, &kt_op_point, &attr, sizeof attr, 1, &x)));
    assert_int_equal(f.fault.e.status, KT_E_RUNTIME);
    assert_string_equal(f.fault.e.message, "point: malformed chain");
    teardown(NULL);
    setup(NULL);
}

/* Each member of a good one out of its bounds. */
static void malformed_chains_are_refused(void **state)
{
    const kt_point_attr good = {
        .n_steps = 2,
        .n_out = 1,
        .step = {{KT_PT_BINARY, KT_BI_ADD, 0, 0, 0, 0, 0, KT_F32},
                 {KT_PT_SELECT, 0, 0, 0, 1, 0, 1, KT_F32}},
        .out = {2},
    };
    kt_node *x = in(KT_SHAPE(3));
    (void)state;
    check_shape(kt_emit(f.g, &kt_op_point, &good, sizeof good, 1, &x), "(3,)");
    for (int bad = -1; bad < 4; bad += 4) { /* below 0, and a result that is not there yet */
        kt_point_attr a = good;
        a.step[1].x = bad < 0 ? -1 : 2;
        chain_is_refused(a);
        a = good;
        a.step[1].z = bad < 0 ? -1 : 2;
        chain_is_refused(a);
        a = good;
        a.step[1].w = bad < 0 ? -1 : 2;
        chain_is_refused(a);
        a = good;
        a.out[0] = bad;
        chain_is_refused(a);
        a = good;
        a.n_out = bad < 0 ? 0 : KT_MAX_POINT_RESULTS + 1;
        chain_is_refused(a);
        a = good;
        a.n_steps = bad < 0 ? -1 : KT_MAX_POINT_STEPS + 1;
        chain_is_refused(a);
    }
}

static void builders_refuse(void **state)
{
    kt_node       *taps[6];
    kt_window_attr four = {.spatial = 4};
    kt_lstm_attr   lstm = {.units = -1};

    (void)state;
    for (int n = 0; n < 4; n += 3) { /* none, and more than there are axes */
        check_failed(kt_band(f.g, in(KT_SHAPE(2, 3)), 0, n, taps),
                     n ? "band: 3 axes from axis 0 on are out of bounds for rank 2"
                       : "band: 0 axes from axis 0 on are out of bounds for rank 2",
                     -1, -1, KT_NO_FACT, KT_NO_FACT);
    }
    check_failed(kt_band(f.g, in(KT_SHAPE(2, 3)), 1, 2, taps),
                 "band: 2 axes from axis 1 on are out of bounds for rank 2", -1, -1, KT_NO_FACT,
                 KT_NO_FACT);
    check_failed(kt_band(f.g, in(KT_SHAPE(2, 3)), 2, 1, taps),
                 "band: 1 axes from axis 2 on are out of bounds for rank 2", -1, -1, KT_NO_FACT,
                 KT_NO_FACT);
    check_failed(kt_gather(f.g, in(KT_SHAPE(2, 3)), in_as(KT_I32, KT_SHAPE(2)), 2),
                 "gather: axis 2 is out of bounds for rank 2", -1, -1, KT_NO_FACT, KT_NO_FACT);
    check_failed(
        kt_ctc_beam(f.g, in(KT_SHAPE(1, 1 << 20, 1 << 10)), in_as(KT_I32, KT_SHAPE(1)), 1 << 20, 1),
        "ctc_beam: a beam of 1048576 is too wide for 1048576 steps of 1024 classes", 0, -1,
        KT_NO_FACT, KT_NO_FACT);
    check_failed(
        kt_conv(f.g, in(KT_SHAPE(1, 2, 2, 2, 2, 3)), in(KT_SHAPE(1, 1, 1, 1, 3, 3)), &four),
        "conv over 4 axes", -1, -1, KT_NO_FACT, 4);
    check_failed(kt_lstm(f.g, in(KT_SHAPE(1, 2, 3)), in(KT_SHAPE(1, 4)), in(KT_SHAPE(1, 4)),
                         in(KT_SHAPE(3, 16)), in(KT_SHAPE(4, 16)), NULL, NULL, &lstm),
                 "lstm: -1 units, 5 inputs", -1, -1, KT_NO_FACT, -1);
}

/* Whole numbers where numbers are wanted, and the other way round. */
static void builders_cast(void **state)
{
    kt_node       *whole = in_as(KT_I32, KT_SHAPE(2, 4, 3)), *real = in(KT_SHAPE(2));
    kt_node       *length = in_as(KT_I32, KT_SHAPE(2));
    kt_random_attr random = {KT_RA_UNIFORM, KT_I32, 0, 1, KT_SHAPE(3)};
    kt_window_attr mean = {.spatial = 1, .window = {2}};
    kt_node       *y;

    (void)state;
    f.g->floatx = KT_F64;
    y = kt_ctc(f.g, whole, in_as(KT_I32, KT_SHAPE(2, 2)), length, length, 0);
    assert_int_equal(y->dtype, KT_F64);
    for (int i = 1; i < 4; i++)
        assert_int_equal(y->in[i]->dtype, KT_I64);
    y = kt_sparse_softmax_xent(f.g, whole, in(KT_SHAPE(2, 4)));
    assert_int_equal(y->dtype, KT_F64);
    assert_int_equal(y->in[1]->dtype, KT_I64);
    assert_int_equal(kt_random(f.g, real, &random)->dtype, KT_F64);
    assert_int_equal(kt_pool(f.g, whole, &mean)->dtype, KT_F64);
    assert_int_equal(kt_softmax(f.g, whole, -1)->dtype, KT_F64);
    assert_int_equal(kt_gather(f.g, whole, real, 0)->in[1]->dtype, KT_I32);
    assert_int_equal(kt_bincount(f.g, real, real, 4, false)->in[0]->dtype, KT_I32);
    assert_int_equal(kt_bincount(f.g, real, length, 4, false)->dtype, KT_F64);
    y = kt_scatter(f.g, KT_SC_ADD, real, real, length);
    assert_int_equal(y->in[1]->dtype, KT_I32);
    assert_int_equal(y->in[2]->dtype, KT_F32);
    assert_false(kt_graph_failed(f.g));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(element_wise_broadcasts), TEST(element_wise_misfits),
        TEST(dtypes_are_unified),      TEST(matmul_shapes),
        TEST(matmul_misfits),          TEST(a_lenient_graph_lets_sizes_pass),
        TEST(reshape_follows_axes),    TEST(reshape_of_nothing),
        TEST(reshape_misfits),         TEST(concat_shapes),
        TEST(slice_and_pad_shapes),    TEST(moving_and_reducing_shapes),
        TEST(random_bounds),           TEST(malformed_chains_are_refused),
        TEST(builders_refuse),         TEST(builders_cast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
