/* point.c - all element-wise ops: each is a chain of one step (unary, unary_grad, binary, select,
 * cast) or of several (point, made by fusion). */
#include "backend/cpu/program.h"

static void point_chain(const kt_run *r, kt_point_attr *c)
{
    *c = *(const kt_point_attr *)r->attr;
}

static void one_step(const kt_run *r, kt_point_attr *c, kt_point_step step)
{
    c->n_steps = c->n_out = 1;
    step.dtype = r->out[0].dtype;
    c->step[0] = step;
    c->out[0] = r->n_in;
}

static void unary_chain(const kt_run *r, kt_point_attr *c)
{
    const kt_unary_attr *f = r->attr;

    one_step(r, c, (kt_point_step){.kind = KT_PT_UNARY, .fn = f->fn, .a = f->a, .b = f->b});
}

static void slope_chain(const kt_run *r, kt_point_attr *c)
{
    const kt_unary_attr *f = r->attr;

    one_step(r, c,
             (kt_point_step){.kind = KT_PT_UNARY_GRAD, .fn = f->fn, .a = f->a, .b = f->b, .z = 1});
}

static void binary_chain(const kt_run *r, kt_point_attr *c)
{
    const kt_binary_attr *f = r->attr;

    one_step(r, c, (kt_point_step){.kind = KT_PT_BINARY, .fn = (int)f->fn, .z = 1});
}

static void select_chain(const kt_run *r, kt_point_attr *c)
{
    one_step(r, c, (kt_point_step){.kind = KT_PT_SELECT, .z = 1, .w = 2});
}

/* softplus(x) - x z, the stable form */
static void xent_chain(const kt_run *r, kt_point_attr *c)
{
    (void)r;
    c->n_steps = 3;
    c->n_out = 1;
    c->step[0] = (kt_point_step){.kind = KT_PT_UNARY, .fn = KT_UN_SOFTPLUS, .dtype = KT_F32};
    c->step[1] = (kt_point_step){.kind = KT_PT_BINARY, .fn = KT_BI_MUL, .z = 1, .dtype = KT_F32};
    c->step[2] = (kt_point_step){
        .kind = KT_PT_BINARY, .fn = KT_BI_SUB, .x = 2, .z = 3, .dtype = KT_F32};
    c->out[0] = 4;
}

/* --- the kernel around them --- */

typedef void chain_fn(const kt_run *r, kt_point_attr *c);

static bool can_make(chain_fn *chain, const kt_run *r, const char **why)
{
    kt_point_attr c = {0};
    kt_program    p;

    chain(r, &c);
    return kt_program_make(&p, &c, r, why);
}

static void *make(chain_fn *chain, const kt_run *r)
{
    kt_point_attr c = {0};
    kt_program   *p = kt_alloc(sizeof *p);
    const char   *why;

    chain(r, &c);
    if (p && kt_program_make(p, &c, r, &why))
        return p;
    kt_free(p);
    return NULL;
}

static void run(const kt_run *r)
{
    kt_program_run(r->state, r);
}

#define KERNEL(id, op_name, chain)                              \
    static bool id##_accepts(const kt_run *r, const char **why) \
    {                                                           \
        return can_make(chain, r, why);                         \
    }                                                           \
    static void *id##_prepare(const kt_run *r)                  \
    {                                                           \
        return make(chain, r);                                  \
    }                                                           \
    static const kt_kernel id = {                               \
        .op = op_name,                                          \
        .name = "cpu_" op_name,                                 \
        .accepts = id##_accepts,                                \
        .run = run,                                             \
        .prepare = id##_prepare,                                \
        .release = kt_free,                                     \
        .in_place = 0xffff,                                     \
    };
KERNEL(point, "point", point_chain)
KERNEL(unary, "unary", unary_chain)
KERNEL(unary_grad, "unary_grad", slope_chain)
KERNEL(binary, "binary", binary_chain)
KERNEL(select_, "select", select_chain)
KERNEL(sigmoid_xent, "sigmoid_xent", xent_chain)

/* --- cast: any dtype to any other --- */

static bool cast_accepts(const kt_run *r, const char **why)
{
    (void)r, (void)why;
    return true;
}

static void cast_run(const kt_run *r)
{
    kt_convert(r->in[0].data, r->in[0].dtype, r->out[0].data, r->out[0].dtype, r->out[0].count);
}

static const kt_kernel cast = {
    .op = "cast", .name = "cpu_cast", .accepts = cast_accepts, .run = cast_run};

const kt_kernel *const kt_kernels_point[] = {&point,   &unary,        &unary_grad, &binary,
                                             &select_, &sigmoid_xent, &cast,       NULL};
