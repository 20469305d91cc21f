/* op_kernels.c - all fast kernels on the samples of an op. */
#include "support/op_check.h"
#include "support/scarce.h"

kernels list_kernels(const kt_kernel *const *const *table)
{
    kernels all = {0};

    for (; *table; table++)
        for (const kt_kernel *const *k = *table; *k && all.n < MAX_KERNELS; k++)
            all.at[all.n++] = *k;
    return all;
}

static void compare_plan(op_trial *t, const kt_kernel *k, kt_plan *p, const char *how)
{
    const void *data;

    kt_plan_run(p);
    data = kt_plan_data(p, t->y);
    if (data)
        trial_compare(t, t->y, 0, data, k->name, how);
    else
        trial_complain(t, "%s: its plan keeps no result", k->name);
}

/* Without the n-th piece of memory alone, what the plan does without must be done by others. Gives
 * how many pieces there were. */
static int64_t check_scarce(op_trial *t, const kt_kernel *k, int64_t n)
{
    kt_plan *p;

    scarce_begin(n, true);
    p = kt_plan_new(t->g, &t->y, 1, &t->fault);
    scarce_end();
    if (p) {
        trial_write(t, p);
        compare_plan(t, k, p, ", with little memory");
    } else if (t->fault.e.status != KT_E_MEMORY) {
        trial_complain(t, "%s, with little memory: %s", k->name, t->fault.e.message);
    }
    kt_plan_free(p);
    kt_fault_clear(&t->fault);
    return scarce_pieces();
}

/* A plan in which the kernel is forced must run it, and give what the reference gives. */
static void check_forced(op_trial *t, const kt_kernel *k, bool scarce)
{
    kt_plan *p;
    bool     ran = false;

    kt_force_kernel(k->name);
    p = trial_plan(t, &t->y, 1);
    for (int64_t n = 1; p && scarce && check_scarce(t, k, n) >= n; n++)
        ;
    kt_force_kernel(NULL);
    if (!p)
        return;
    for (int i = 0; i < kt_plan_steps(p); i++)
        ran |= kt_streq(kt_plan_step(p, i).kernel, k->name);
    if (!ran)
        trial_complain(t, "%s does not run where it is forced", k->name);
    compare_plan(t, k, p, ", forced");
    kt_plan_free(p);
}

/* Sizes over which the reference, or numbers for it, would take too long. */
static bool is_too_large(const op_trial *t)
{
    double most = 1, second = 1;

    for (int i = 0; i < t->n_leaf; i++) {
        double n = (double)kt_shape_count(&t->leaf[i]->shape);
        if (n > most) {
            second = most;
            most = n;
        } else if (n > second) {
            second = n;
        }
    }
    return most * second > 3e8 || most > (double)t->most;
}

/* False if the op has no such variant. */
static bool check_sample(const kt_op_type *op, int variant, uint32_t seed, int scale, kernels *all,
                         kt_str *report)
{
    op_trial t = {.op = op,
                  .variant = variant,
                  .seed = seed,
                  .floatx = KT_F32,
                  .scale = scale,
                  .most = 1000 * 1000,
                  .unknown = ALL_KNOWN,
                  .report = report};
    bool     exists = trial_start(&t);

    /* larger sizes need not fit together */
    if (exists && !kt_graph_failed(t.g) && !is_too_large(&t) && trial_eval(&t))
        for (int i = 0; i < all->n; i++) {
            bool first = all->accepted[i] == 0;

            all->accepted[i] += trial_kernel(&t, all->at[i]);
            if (first && all->accepted[i] && t.y->op == op)
                check_forced(&t, all->at[i], all->scarce);
        }
    trial_free(&t);
    return exists;
}

void check_kernels(const kt_op_type *op, uint32_t seeds, kernels *all, kt_str *report)
{
    static const int scales[] = {1, 3, 8};

    for (int variant = 0; variant < MAX_VARIANTS; variant++)
        for (uint32_t seed = 1; seed <= seeds; seed++)
            for (size_t i = 0; i < KT_COUNT(scales); i++)
                if (!check_sample(op, variant, seed, scales[i], all, report))
                    return;
}

void check_reached(const kernels *all, kt_str *report)
{
    for (int i = 0; i < all->n; i++)
        if (!all->accepted[i])
            kt_str_printf(report, "kernel %s of %s accepts no sample\n", all->at[i]->name,
                          all->at[i]->op);
}
