/* test_kernels.c - fast kernels at sizes that the ops' samples do not reach: several blocks, more
 * than one thread; on 1 and 3 threads, with every instruction set, against the reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ops/ops.h"
#include "passes/passes.h"
#include "support/each_isa.h"
#include "support/op_check.h"

/* --- samples --------------------------------------------------------------------------------- */

/* A product takes a second thread from 2e7 operations on (m n k from 1e7), and sums k in blocks of
 * 320 or 384. */
static kt_node *product_by_rows(kt_sampler *s, int variant)
{
    bool     ta = variant & 1, tb = variant & 2;
    int64_t  m = 197, k = 401, n = 131;
    kt_node *a = s->real(s, ta ? KT_SHAPE(k, m) : KT_SHAPE(m, k), -1, 1);

    return kt_matmul(s->g, a, s->real(s, tb ? KT_SHAPE(n, k) : KT_SHAPE(k, n), -1, 1), ta, tb);
}

static kt_node *product_by_columns(kt_sampler *s, int variant)
{
    int64_t m = variant ? 8 : 37, k = variant ? 501 : 390, n = variant ? 2570 : 701;

    return kt_matmul(s->g, s->real(s, KT_SHAPE(m, k), -1, 1), s->real(s, KT_SHAPE(k, n), -1, 1),
                     false, false);
}

static kt_node *products_of_batches(kt_sampler *s, int variant)
{
    kt_node *a = s->real(s, KT_SHAPE(14, 101, 97), -1, 1);

    (void)variant;
    return kt_matmul(s->g, a, s->real(s, KT_SHAPE(14, 97, 90), -1, 1), false, false);
}

static kt_node *row_by_matrix(kt_sampler *s, int variant)
{
    kt_node *a = s->real(s, KT_SHAPE(1, 1501), -1, 1);

    return kt_matmul(s->g, a,
                     s->real(s, variant ? KT_SHAPE(333, 1501) : KT_SHAPE(1501, 333), -1, 1), false,
                     variant);
}

/* A bias that were added with every block of k would show. */
static kt_node *dense(kt_sampler *s, int variant)
{
    static const kt_unary_fn acts[] = {KT_UN_IDENTITY, KT_UN_RELU, KT_UN_TANH};
    kt_dense_attr            a = {.act = {.fn = acts[variant % 3]}};
    int64_t                  m = variant < 3 ? 197 : 37, k = 401, n = variant < 3 ? 131 : 701;
    kt_node *in[] = {s->real(s, KT_SHAPE(m, k), -1, 1), s->real(s, KT_SHAPE(k, n), -1, 1),
                     s->real(s, KT_SHAPE(n), 3, 5)};

    return kt_emit(s->g, &kt_op_dense, &a, sizeof a, 3, in);
}

/* The last has longer rows than a panel has. */
static kt_node *convolution(kt_sampler *s, int variant)
{
    static const kt_window_attr kinds[] = {
        {.spatial = 2, .same = true},
        {.spatial = 2, .stride = {2, 1}},
        {.spatial = 2, .same = true, .dilation = {2, 2}},
        {.spatial = 2, .same = true, .groups = 2},
        {.spatial = 2, .dilation = {1, 2}},
    };
    bool     wide = variant == 4;
    int64_t  in = wide ? 3 : 18, out = wide ? 5 : 26;
    int64_t  groups = kinds[variant].groups ? kinds[variant].groups : 1;
    kt_node *x = s->real(s, wide ? KT_SHAPE(3, 7, 411, in) : KT_SHAPE(3, 37, 35, in), -1, 1);

    return kt_conv(s->g, x, s->real(s, KT_SHAPE(3, 3, in / groups, out), -1, 1), &kinds[variant]);
}

static kt_node *depthwise(kt_sampler *s, int variant)
{
    static const kt_window_attr kinds[] = {
        {.spatial = 2, .same = true, .groups = 41},
        {.spatial = 2, .stride = {1, 2}, .groups = 41},
    };
    kt_node *x = s->real(s, KT_SHAPE(5, 81, 77, 41), -1, 1);

    return kt_conv(s->g, x, s->real(s, KT_SHAPE(3, 3, 1, variant ? 82 : 41), -1, 1),
                   &kinds[variant]);
}

static kt_node *pooling(kt_sampler *s, int variant)
{
    kt_window_attr a = {
        .spatial = 2, .max = variant & 1, .same = variant & 2, .window = {3, 2}, .stride = {2, 2}};

    return kt_pool(s->g, s->real(s, KT_SHAPE(7, 33, 31, 40), -1, 1), &a);
}

/* Sums along the last axis, the first (in chunks), a middle one, two that are apart, and all; the
 * others in chunks, where parts are put together. */
static kt_node *reduction(kt_sampler *s, int variant)
{
    static const kt_shape shapes[] = {{2, {700, 1201}},
                                      {2, {1500, 401}},
                                      {3, {37, 300, 70}},
                                      {3, {140, 70, 81}},
                                      {2, {901, 900}}};
    static const unsigned axes[] = {2, 1, 2, 5, 3};
    int                   kind = variant < 5 ? variant : 1;
    kt_reduce_fn          fn = variant < 5 ? KT_RE_SUM : (kt_reduce_fn)(variant - 4);
    double                lo = fn == KT_RE_PROD ? 0.999 : -1, hi = fn == KT_RE_PROD ? 1.001 : 1;

    return kt_reduce(s->g, fn, s->real(s, shapes[kind], lo, hi), axes[kind], false);
}

/* More classes than fit a block of 256, and enough rows for two threads. */
static kt_node *softmax(kt_sampler *s, int variant)
{
    kt_node *x = s->real(s, KT_SHAPE(301, 601), -6, 6);

    switch (variant) {
    case 0: return kt_softmax(s->g, x, 1);
    case 1: return kt_log_softmax(s->g, x, 1);
    case 2: return kt_softmax_xent(s->g, x, s->real(s, KT_SHAPE(301, 601), 0, 0.01));
    case 3: return kt_sparse_softmax_xent(s->g, x, s->integer(s, KT_SHAPE(301), 0, 601));
    default: return kt_sigmoid_xent(s->g, x, s->real(s, KT_SHAPE(301, 601), 0, 1));
    }
}

/* More rows than 48, which one block of steps takes. */
static kt_node *lstm(kt_sampler *s, int variant)
{
    int64_t      b = 230, t = 4, f = 40, u = 33;
    bool         masked = variant == 1;
    kt_lstm_attr a = {.units = u,
                      .act = {.fn = KT_UN_TANH},
                      .recurrent_act = {.fn = KT_UN_SIGMOID},
                      .return_sequences = variant != 2};
    kt_node     *x = s->real(s, KT_SHAPE(b, t, f), -1, 1), *h = s->real(s, KT_SHAPE(b, u), -1, 1),
            *c = s->real(s, KT_SHAPE(b, u), -1, 1),
            *kernel = s->real(s, KT_SHAPE(f, 4 * u), -0.2, 0.2),
            *recurrent = s->real(s, KT_SHAPE(u, 4 * u), -0.2, 0.2),
            *bias = s->real(s, KT_SHAPE(4 * u), -0.5, 0.5),
            *mask = masked ? s->integer(s, KT_SHAPE(b, t), 0, 2) : NULL;
    kt_node *y = kt_lstm(s->g, x, h, c, kernel, recurrent, bias, mask, &a);

    return variant == 2 ? kt_add(s->g, y, kt_part(y, 2)) : y;
}

static kt_node *elementwise(kt_sampler *s, int variant)
{
    int64_t  rows = variant ? 1403 : 403; /* cheap functions need more for a second thread */
    kt_node *x = s->real(s, KT_SHAPE(rows, 1109), -2, 2);

    switch (variant) {
    case 0: return kt_unary(s->g, KT_UN_TANH, x);
    case 1: return kt_add(s->g, x, s->real(s, KT_SHAPE(1109), -1, 1));
    case 2: return kt_mul(s->g, x, s->real(s, KT_SHAPE(rows, 1), -1, 1));
    default: return kt_select(s->g, s->integer(s, KT_SHAPE(rows, 1109), 0, 2), x, x);
    }
}

static kt_node *moved(kt_sampler *s, int variant)
{
    static const int turn[] = {1, 0};
    kt_node         *x = s->real(s, KT_SHAPE(769, 787), -1, 1), *both[] = {x, x};
    kt_slice_attr    slice = {.begin = {1, 2}, .size = {768, 780}, .stride = {1, 1}};
    kt_pad_attr      pad = {.before = {1, 3}, .after = {2, 0}, .value = 7};

    switch (variant) {
    case 0: return kt_transpose(s->g, x, turn);
    case 1: return kt_slice(s->g, x, &slice);
    case 2: return kt_pad(s->g, x, &pad);
    case 3: return kt_reverse(s->g, x, 0);
    case 4: return kt_concat(s->g, 2, both, 1);
    default: return kt_broadcast_to(s->g, s->real(s, KT_SHAPE(1, 787), -1, 1), KT_SHAPE(769, 787));
    }
}

static kt_node *numbers_by_chance(kt_sampler *s, int variant)
{
    kt_random_attr a = {.fn = KT_RA_UNIFORM, .a = -2, .b = 3, .shape = KT_SHAPE(401, 503)};

    (void)variant;
    return kt_random(s->g, s->integer(s, KT_SHAPE(2), 0, 1 << 30), &a);
}

/* --- the test -------------------------------------------------------------------------------- */

enum { MOST_VARIANTS = 9, MOST_KERNELS = 3 };

/* `kernels`: those that are compared and must accept it; none named: all that accept it. */
static const struct large {
    const char *name;
    kt_node *(*sample)(kt_sampler *s, int variant);
    int         variants;  /* at most MOST_VARIANTS */
    bool        gradients; /* are met too */
    const char *kernels[MOST_KERNELS];
} larges[] = {
    {"product by rows", product_by_rows, 4, true, {"cpu_matmul"}},
    {"product by columns", product_by_columns, 2, true, {"cpu_matmul"}},
    {"products of batches", products_of_batches, 1, false, {"cpu_matmul"}},
    {"row by matrix", row_by_matrix, 2, false, {"cpu_matmul"}},
    {"dense", dense, 6, false, {"cpu_dense"}},
    {"convolution",
     convolution,
     5,
     true,
     {"cpu_conv", "cpu_conv_grad_input", "cpu_conv_grad_kernel"}},
    {"depthwise",
     depthwise,
     2,
     true,
     {"cpu_depthwise_forward", "cpu_depthwise_input", "cpu_depthwise_kernel"}},
    {"pooling", pooling, 4, true, {"cpu_pool", "cpu_pool_grad"}},
    {"reduction", reduction, 9, false, {"cpu_reduce"}},
    {"softmax", softmax, 5, true, {NULL}},
    {"lstm", lstm, 3, true, {"cpu_lstm", "cpu_lstm_grad"}},
    {"element-wise", elementwise, 4, false, {NULL}},
    {"moved", moved, 6, false, {NULL}},
    {"numbers by chance", numbers_by_chance, 1, false, {"cpu_random"}},
};

/* Adds the gradients of all inputs, so that their kernels are met too. */
static void add_gradients(op_trial *t)
{
    kt_node   *grad[TRIAL_LEAVES];
    kt_tensor *w;

    w = kt_tensor_new(KT_F32, t->y->shape);
    assert_non_null(w);
    for (int64_t i = 0; i < w->count; i++)
        kt_tensor_set(w, i, 2 * kt_mt_double(&t->random) - 1);
    kt_gradients(t->g, kt_sum_all(t->g, kt_mul(t->g, t->y, kt_constant(t->g, w))), t->leaf,
                 t->n_leaf, grad);
}

static bool is_met(const struct large *l, const char *name)
{
    if (!l->kernels[0])
        return strncmp(name, "cpu_", 4) == 0;
    for (int i = 0; i < MOST_KERNELS && l->kernels[i]; i++)
        if (kt_streq(l->kernels[i], name))
            return true;
    return false;
}

/* The kernels that it is for, on every node of their op. */
static void run_kernels(op_trial *t, const struct large *l)
{
    const kernels all = list_kernels(kt_kernel_table);
    int           met = 0, wanted = 0;

    for (int i = 0; i < all.n; i++)
        if (is_met(l, all.at[i]->name))
            met += trial_kernel(t, all.at[i]) > 0;
    while (wanted < MOST_KERNELS && l->kernels[wanted])
        wanted++;
    if (wanted ? met != wanted : met == 0)
        trial_complain(t, "%d kernels accept it", met);
}

/* All variants of a sample, with what the reference gave. */
typedef struct evaluated {
    const struct large *large;
    op_trial            trials[MOST_VARIANTS];
    int                 n;
} evaluated;

/* Prints and forgets the complaints; nonzero if there were any. */
static int end_trials(evaluated *e, kt_str *report)
{
    int bad = report->len != 0;

    fputs(kt_str_text(report), stderr);
    kt_str_free(report);
    for (int i = 0; i < e->n; i++)
        trial_free(&e->trials[i]);
    return bad;
}

/* A sanitizer, under which all takes 10 times as long, sees no more with 1 thread than with 3. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { FEWEST_THREADS = 3 };
#else
enum { FEWEST_THREADS = 1 };
#endif

/* In a process with an instruction set of its own. */
static int compare_kernels(void *data)
{
    evaluated *e = data;
    kt_str     report = {0};

    for (int i = 0; i < e->n; i++) {
        e->trials[i].report = &report;
        for (int threads = FEWEST_THREADS; threads <= 3; threads += 2) {
            kt_set_threads_count(threads);
            run_kernels(&e->trials[i], e->large);
        }
    }
    return end_trials(e, &report);
}

/* The reference gives the same with each instruction set, and runs once. */
static int check_large(const struct large *l)
{
    kt_op_type op = {.name = l->name, .sample = l->sample};
    kt_str     report = {0};
    evaluated  e = {.large = l};
    int        bad;

    assert_in_range(l->variants, 1, MOST_VARIANTS);
    for (; e.n < l->variants; e.n++) {
        op_trial *t = &e.trials[e.n];

        *t = (op_trial){.op = &op,
                        .variant = e.n,
                        .seed = 1,
                        .floatx = KT_F32,
                        .scale = 1,
                        .unknown = ALL_KNOWN,
                        .report = &report};
        assert_true(trial_start(t));
        if (l->gradients)
            add_gradients(t);
        if (kt_graph_failed(t->g))
            trial_complain(t, "cannot be made: %s", t->fault.e.message);
        else
            trial_eval(t);
    }
    bad = report.len == 0 && run_with_each_isa(compare_kernels, &e);
    return end_trials(&e, &report) + bad;
}

static void large_kernels_agree_with_the_reference(void **state)
{
    int bad = 0;

    (void)state;
    for (size_t i = 0; i < KT_COUNT(larges); i++)
        bad += check_large(&larges[i]);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(large_kernels_agree_with_the_reference)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
