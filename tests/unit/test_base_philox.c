/* test_base_philox.c - Philox, and TensorFlow's stateless generators. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"

/* The known answers that the authors of Philox publish with Random123 (kat_vectors, philox4x32
 * 10). */
static void blocks_are_the_published_ones(void **state)
{
    (void)state;
    static const uint32_t cases[][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d,
         0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        {0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xd16cfe09,
         0x94fdcceb, 0x5001e420, 0x24126ea1},
    };
    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        uint32_t out[4];
        kt_philox(cases[i], cases[i] + 2, out);
        assert_memory_equal(out, cases[i] + 6, sizeof out);
    }
}

/* Keras 3.15.1 on TensorFlow 2.21, processor, float32. Per row:
 *   g = keras.random.SeedGenerator(1)
 *   g.state.assign(np.array(seed, "int64")); v = keras.random.NAME((n,), a, b, seed=g)
 * first five (zero where n is less), last, and sum in double. */
typedef struct kt_case {
    int64_t seed[2];
    float   a, b;
    int64_t n;
    float   first[5], last;
    double  sum;
} kt_case;

static const kt_case uniform_cases[] = {
    {{42, 0}, 0.0f, 1.0f, 1, {2.8243315e-01f, 0, 0, 0, 0}, 2.8243315e-01f, 0.2824331521987915},
    {{42, 0},
     -0.05f,
     0.05f,
     3,
     {-2.1756684e-02f, -1.5830994e-04f, 2.1545853e-02f, 0, 0},
     2.1545853e-02f,
     -0.0003691408783197403},
    {{42, 0},
     0.0f,
     1.0f,
     5,
     {2.8243315e-01f, 4.984169e-01f, 7.154585e-01f, 2.020204e-02f, 7.859814e-02f},
     7.859814e-02f,
     1.5951087474822998},
    {{42, 0},
     -0.05f,
     0.05f,
     1000,
     {-2.1756684e-02f, -1.5830994e-04f, 2.1545853e-02f, -4.79798e-02f, -4.2140186e-02f},
     -3.9154492e-02f,
     0.27616493217647076},
    {{1337, 7},
     0.0f,
     1.0f,
     1000,
     {1.4008403e-02f, 7.648864e-01f, 2.031864e-01f, 7.741412e-01f, 6.41937e-01f},
     7.022953e-02f,
     501.56998121738434},
    {{0, 0},
     -0.05f,
     0.05f,
     100003,
     {-2.8898453e-02f, 2.0601e-02f, 3.0006338e-02f, 2.7079228e-02f, -1.1141133e-02f},
     4.6216e-02f,
     2.8557514995336533},
    {{2147483647, 3},
     0.0f,
     1.0f,
     5,
     {8.5483253e-01f, 2.0321679e-01f, 7.610711e-01f, 4.9844837e-01f, 3.0331933e-01f},
     3.0331933e-01f,
     2.6208881139755249},
    {{-1, -9},
     -0.05f,
     0.05f,
     5,
     {-1.2763727e-02f, 4.638839e-02f, 1.3136242e-02f, -4.0608358e-02f, -1.368507e-02f},
     -1.368507e-02f,
     -0.0075325220823287964},
    {{(INT64_C(1) << 62) + 12345, INT64_C(1) << 33},
     0.0f,
     1.0f,
     1000,
     {3.0493546e-01f, 4.5424056e-01f, 1.7240429e-01f, 7.4076486e-01f, 3.8680208e-01f},
     9.9482965e-01f,
     489.95559322834015},
};

static const kt_case normal_cases[] = {
    {{42, 0}, 0.0f, 1.0f, 1, {1.5817076e-02f, 0, 0, 0, 0}, 1.5817076e-02f, 0.015817075967788696},
    {{42, 0},
     0.3f,
     0.05f,
     3,
     {3.0079088e-01f, 2.2049567e-01f, 3.0517974e-01f, 0, 0},
     3.0517974e-01f,
     0.82646629214286804},
    {{42, 0},
     0.0f,
     1.0f,
     5,
     {1.5817076e-02f, -1.5900869f, 1.0359446e-01f, 8.1174594e-01f, -1.610355f},
     -1.610355f,
     -2.2692844793200493},
    {{42, 0},
     0.3f,
     0.05f,
     1000,
     {3.0079088e-01f, 2.2049567e-01f, 3.0517974e-01f, 3.4058732e-01f, 2.1948226e-01f},
     3.0884302e-01f,
     303.19957420229912},
    {{1337, 7},
     0.0f,
     1.0f,
     1000,
     {-2.908906f, 2.7287784e-01f, -1.7647921f, 2.697625e-01f, 1.7845672e-01f},
     1.6369504f,
     39.393889963394031},
    {{0, 0},
     0.3f,
     0.05f,
     100003,
     {2.151483e-01f, 2.7593118e-01f, 2.6688817e-01f, 3.0435058e-01f, 2.499919e-01f},
     2.8715995e-01f,
     30012.138132050633},
    {{2147483647, 3},
     0.0f,
     1.0f,
     5,
     {5.360652e-01f, 1.6227603e-01f, 7.204039e-03f, -7.3892164e-01f, 6.2773705e-01f},
     6.2773705e-01f,
     0.59436069242656231},
    {{-1, -9},
     0.3f,
     0.05f,
     5,
     {2.8418806e-01f, 3.684793e-01f, 3.2668227e-01f, 3.3984262e-01f, 3.48367e-01f},
     3.48367e-01f,
     1.6675592660903931},
    {{(INT64_C(1) << 62) + 12345, INT64_C(1) << 33},
     0.0f,
     1.0f,
     1000,
     {4.370395e-01f, -1.47794f, -1.8718978f, -1.0874138e-01f, -9.7943276e-01f},
     8.4967005e-01f,
     34.705327105009928},
};

static const kt_case truncated_cases[] = {
    {{42, 0}, 0.0f, 1.0f, 1, {1.5817076e-02f, 0, 0, 0, 0}, 1.5817076e-02f, 0.015817075967788696},
    {{42, 0},
     -1.5f,
     0.02f,
     3,
     {-1.4996836f, -1.5318017f, -1.4979281f, 0, 0},
     -1.4979281f,
     -4.5294134616851807},
    {{42, 0},
     0.0f,
     1.0f,
     5,
     {1.5817076e-02f, -1.5900869f, 1.0359446e-01f, 8.1174594e-01f, -2.140785e-02f},
     -2.140785e-02f,
     -0.68033730983734131},
    {{42, 0},
     -1.5f,
     0.02f,
     1000,
     {-1.4996836f, -1.5318017f, -1.4979281f, -1.4837651f, -1.5004282f},
     -1.5204033f,
     -1499.6235373020172},
    {{1337, 7},
     0.0f,
     1.0f,
     1000,
     {2.7287784e-01f, -1.7647921f, 2.697625e-01f, 1.7845672e-01f, 4.795689e-02f},
     8.886973e-02f,
     -64.321870218671393},
    {{0, 0},
     -1.5f,
     0.02f,
     100003,
     {-1.5339407f, -1.5096276f, -1.5132447f, -1.4982598f, -1.5053159f},
     -1.4600847f,
     -149991.71738278866},
    {{2147483647, 3},
     0.0f,
     1.0f,
     5,
     {5.360652e-01f, 1.6227603e-01f, 7.204039e-03f, -7.3892164e-01f, -1.0061045f},
     -1.0061045f,
     -1.03948082216084},
    {{-1, -9},
     -1.5f,
     0.02f,
     5,
     {-1.5063248f, -1.4726083f, -1.4893271f, -1.4840629f, -1.4698482f},
     -1.4698482f,
     -7.4221712350845337},
    {{(INT64_C(1) << 62) + 12345, INT64_C(1) << 33},
     0.0f,
     1.0f,
     1000,
     {4.370395e-01f, -1.47794f, -1.8718978f, -1.0874138e-01f, 6.6634375e-01f},
     -7.895883e-01f,
     -0.49937008255801629},
};

typedef void kt_generator(const int64_t seed[2], float a, float b, int64_t n, float *out);

/* `slack` is relative: 0 asks for the same bits. */
static void check_near(double x, double expected, double slack)
{
    if (!(fabs(x - expected) <= slack * fabs(expected))) {
        fail_msg("%.9g instead of %.9g", x, expected);
    }
}

static void check_cases(const kt_case *cases, size_t count, kt_generator *generate, double slack)
{
    for (size_t i = 0; i < count; i++) {
        const kt_case *c = &cases[i];
        float         *x = kt_calloc((size_t)c->n + 1, sizeof *x);
        x[c->n] = 77.0f;
        generate(c->seed, c->a, c->b, c->n, x);
        double sum = 0, size = 0;
        for (int64_t j = 0; j < c->n; j++) {
            sum += (double)x[j];
            size += fabs((double)x[j]);
        }
        for (int64_t j = 0; j < 5 && j < c->n; j++) {
            check_near((double)x[j], (double)c->first[j], slack);
        }
        check_near((double)x[c->n - 1], (double)c->last, slack);
        assert_true(fabs(sum - c->sum) <= (slack + 1e-14) * size);
        assert_true(x[c->n] == 77.0f); /* nothing is written behind the end */
        kt_free(x);
    }
}

static void uniform_is_tensorflows_to_the_bit(void **state)
{
    (void)state;
    check_cases(uniform_cases, KT_COUNT(uniform_cases), kt_stateless_uniform, 0);
}

/* sinf, cosf and logf of another C library may differ in the last bit. */
static void normal_is_tensorflows(void **state)
{
    (void)state;
    check_cases(normal_cases, KT_COUNT(normal_cases), kt_stateless_normal, 3e-7);
}

static void truncated_normal_is_tensorflows(void **state)
{
    (void)state;
    check_cases(truncated_cases, KT_COUNT(truncated_cases), kt_stateless_truncated_normal, 3e-7);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    enum { N = 50001 };
    static kt_generator *const all[] = {kt_stateless_uniform, kt_stateless_normal,
                                        kt_stateless_truncated_normal};
    const int64_t              seed[2] = {3, 1};
    float                     *one = kt_calloc(N, sizeof *one), *many = kt_calloc(N, sizeof *many);
    for (size_t i = 0; i < KT_COUNT(all); i++) {
        kt_set_threads_count(1);
        all[i](seed, 0.0f, 1.0f, N, one);
        kt_set_threads_count(5);
        all[i](seed, 0.0f, 1.0f, N, many);
        assert_memory_equal(one, many, N * sizeof *one);
    }
    kt_set_threads_count(1);
    kt_free(one);
    kt_free(many);
}

static void none_are_written_where_none_are_asked(void **state)
{
    (void)state;
    const int64_t seed[2] = {3, 1};
    float         x = 5.0f;
    kt_stateless_uniform(seed, 0.0f, 1.0f, 0, &x);
    kt_stateless_normal(seed, 0.0f, 1.0f, 0, &x);
    kt_stateless_truncated_normal(seed, 0.0f, 1.0f, 0, &x);
    assert_true(x == 5.0f);
}

/* g = keras.random.SeedGenerator(42); [g.next(ordered=o) for o in (True, True, False, False,
 * True)] */
static void seed_generators_move_on(void **state)
{
    (void)state;
    static const bool    ordered[] = {true, true, false, false, true};
    static const int64_t expected[][2] = {
        {42, 0}, {42, 1}, {42, 2}, {231641, 16161}, {168391, 277187}};
    int64_t seeds[2] = {42, 0};
    for (size_t i = 0; i < KT_COUNT(expected); i++) {
        int64_t seed[2];
        kt_seed_next(seeds, ordered[i], seed);
        assert_int_equal(seed[0], expected[i][0]);
        assert_int_equal(seed[1], expected[i][1]);
    }
}

/* keras.utils.set_random_seed(42); keras.initializers.GlorotUniform().seed;
 * keras.random.SeedGenerator().state */
static void default_seeds_come_from_pythons_generator(void **state)
{
    (void)state;
    kt_mt python;
    kt_mt_seed_python(&python, 42);
    assert_int_equal(kt_default_seed(&python), 686579304);
    assert_int_equal(kt_default_seed(&python), 119540832);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_the_published_ones),
        cmocka_unit_test(uniform_is_tensorflows_to_the_bit),
        cmocka_unit_test(normal_is_tensorflows),
        cmocka_unit_test(truncated_normal_is_tensorflows),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(none_are_written_where_none_are_asked),
        cmocka_unit_test(seed_generators_move_on),
        cmocka_unit_test(default_seeds_come_from_pythons_generator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
