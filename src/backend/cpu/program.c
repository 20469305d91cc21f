/* program.c - prepares a chain of element-wise steps, so that running it is a loop over blocks and
 * steps.
 *
 * What is the same for all elements (scalars, and steps on nothing but scalars) is computed once
 * per run in double. The rest goes block by block: each register is a pointer to the block's
 * elements, either where they lie (inputs, results) or in a buffer of a few KB on the stack. Steps
 * that often come together are one loop (program_join.c).
 */
#include "backend/cpu/program.h"

#include <math.h>

/* --- making ----------------------------------------------------------------------------------- */

int kt_point_operands(const kt_point_step *s, int reg[3])
{
    reg[0] = s->x;
    reg[1] = s->z;
    reg[2] = s->w;
    return s->kind == KT_PT_SELECT ? 3 : s->kind == KT_PT_UNARY || s->kind == KT_PT_CAST ? 1 : 2;
}

static kt_dtype dtype_of(const kt_program *p, const kt_run *r, int reg)
{
    return reg < p->n_in ? r->in[reg].dtype : p->chain.step[reg - p->n_in].dtype;
}

/* Registers are floats: exact for these. */
static bool fits_float(kt_dtype d)
{
    return d == KT_F32 || d == KT_BOOLEAN || d == KT_U8;
}

/* Steps on integers are left to doubles, but for conversions. */
static bool step_fits(const kt_program *p, const kt_run *r, const kt_point_step *s)
{
    int reg[3], n = kt_point_operands(s, reg);

    if (s->kind == KT_PT_CAST)
        return s->dtype != KT_F64 && dtype_of(p, r, s->x) != KT_F64;
    for (int i = 0; i < n; i++)
        if (!fits_float(dtype_of(p, r, reg[i])))
            return false;
    return s->dtype == KT_F32 || s->dtype == KT_BOOLEAN;
}

static kt_operand operand_kind(const kt_buf *in, const kt_buf *out)
{
    if (in->count == 1)
        return KT_OPERAND_SCALAR;
    if (in->count != out->count)
        return KT_OPERAND_SPREAD;
    return in->dtype == KT_F32 ? KT_OPERAND_DIRECT : KT_OPERAND_CONVERT;
}

static bool find_scalars(kt_program *p, const kt_run *r, const char **why)
{
    *why = "integers or doubles";
    for (int i = 0; i < p->n_in; i++) {
        p->in[i] = operand_kind(&r->in[i], &r->out[0]);
        p->scalar[i] = p->in[i] == KT_OPERAND_SCALAR;
        if (r->in[i].dtype == KT_F64)
            return false;
    }
    for (int k = 0; k < p->chain.n_steps; k++) {
        const kt_point_step *s = &p->chain.step[k];
        int                  reg[3], n = kt_point_operands(s, reg);

        p->scalar[p->n_in + k] = true;
        for (int i = 0; i < n; i++)
            p->scalar[p->n_in + k] &= p->scalar[reg[i]];
        p->any_scalar |= p->scalar[p->n_in + k];
        if (!p->scalar[p->n_in + k] && !step_fits(p, r, s))
            return false;
    }
    return true;
}

/* The last piece of code that reads each register; results live to the end. */
static void last_uses(kt_program *p, int *last)
{
    for (int i = 0; i < KT_PROGRAM_REGISTERS; i++)
        last[i] = -1;
    for (int k = 0; k < p->n_code; k++)
        for (int i = 0; i < p->code[k].n_read; i++)
            last[p->code[k].read[i]] = k;
    for (int i = 0; i < p->n_in; i++)
        p->last_read[i] = last[i];
    for (int k = 0; k < p->chain.n_out; k++)
        last[p->chain.out[k]] = p->n_code;
}

static int take_slot(bool *busy)
{
    for (int i = 0; i < KT_PROGRAM_SLOTS; i++)
        if (!busy[i]) {
            busy[i] = true;
            return i;
        }
    return -1;
}

static bool is_result(const kt_point_attr *chain, int reg)
{
    for (int k = 0; k < chain->n_out; k++)
        if (chain->out[k] == reg)
            return true;
    return false;
}

/* Gives a register a buffer of its own. */
static bool give_slot(kt_program *p, int reg, bool *busy)
{
    p->slot[reg] = (signed char)take_slot(busy);
    return p->slot[reg] >= 0;
}

/* Buffers for registers that live at the same time. An input that is a result too is copied: a
 * result may be written over it. */
static bool give_slots(kt_program *p)
{
    int  last[KT_PROGRAM_REGISTERS];
    bool busy[KT_PROGRAM_SLOTS] = {false};

    last_uses(p, last);
    for (int i = 0; i < p->n_in + p->chain.n_steps; i++)
        p->slot[i] = -1;
    for (int i = 0; i < p->n_in; i++) {
        bool direct = p->in[i] == KT_OPERAND_DIRECT && !is_result(&p->chain, i);
        if (!p->scalar[i] && !direct && last[i] >= 0) /* no more than there are buffers */
            give_slot(p, i, busy);
    }
    for (int k = 0; k < p->n_code; k++) {
        const kt_program_code *c = &p->code[k];
        /* operands that die here give their place to the result */
        for (int q = 0; q < c->n_read; q++)
            if (last[c->read[q]] == k && p->slot[c->read[q]] >= 0)
                busy[(int)p->slot[c->read[q]]] = false;
        if (!give_slot(p, c->result, busy))
            return false;
    }
    return true;
}

/* Rough costs, in units of 0.1 ns an element. */
static int step_cost(const kt_point_step *s)
{
    bool one = s->kind == KT_PT_UNARY || s->kind == KT_PT_UNARY_GRAD;

    if (s->kind == KT_PT_BINARY && s->fn == KT_BI_POW)
        return 60;
    if (one &&
        (s->fn == KT_UN_SIN || s->fn == KT_UN_COS || (s->fn >= KT_UN_TAN && s->fn <= KT_UN_TRUNC)))
        return 40;
    if (one && (s->fn == KT_UN_EXP || s->fn == KT_UN_EXPM1 || s->fn == KT_UN_LOG ||
                s->fn == KT_UN_LOG1P || s->fn == KT_UN_TANH || s->fn == KT_UN_SIGMOID ||
                s->fn == KT_UN_ELU || s->fn == KT_UN_SOFTPLUS || s->fn == KT_UN_ERF ||
                s->fn == KT_UN_SILU || s->fn == KT_UN_GELU))
        return 8;
    return 1;
}

bool kt_program_make(kt_program *p, const kt_point_attr *chain, const kt_run *r, const char **why)
{
    int cost = r->n_in + r->n_out;

    *p = (kt_program){.chain = *chain, .n_in = r->n_in};
    for (int k = 0; k < r->n_out; k++)
        if (r->out[k].dtype == KT_F64) {
            *why = "float64";
            return false;
        }
    if (!find_scalars(p, r, why))
        return false;
    kt_program_join(p);
    *why = "too many values at once";
    if (!give_slots(p))
        return false;
    for (int k = 0; k < p->n_code; k++)
        cost += p->code[k].joined < 0 ? step_cost(&p->code[k].step) : 1;
    p->grain = 3000 / cost + 1; /* about 50 to 150 us */
    if (r->out[0].count > 1)
        kt_spread_make(&p->spread, &r->out[0].shape, r->n_in, r->in);
    return true;
}

/* --- running ---------------------------------------------------------------------------------- */

typedef struct job {
    const kt_program   *p;
    const kt_run       *r;
    const kt_isa_table *isa;
    double              number[KT_PROGRAM_REGISTERS];
    float               spread[KT_PROGRAM_REGISTERS][KT_SPREAD];
    bool                direct[KT_MAX_PARTS]; /* result k is computed where it lies */
} job;

static void compute_scalars(job *j)
{
    const kt_program *p = j->p;
    int               n = p->any_scalar ? p->n_in + p->chain.n_steps : p->n_in;

    for (int i = 0; i < n; i++) {
        if (!p->scalar[i])
            continue;
        if (i < p->n_in)
            j->number[i] = kt_peek(j->r->in[i].data, j->r->in[i].dtype, 0);
        else
            j->number[i] = kt_program_scalar(&p->chain.step[i - p->n_in], j->number);
        for (int k = 0; k < KT_SPREAD; k++)
            j->spread[i][k] = (float)j->number[i];
    }
}

/* A result may be written over an input only when no later step reads that input. */
static bool is_direct(const job *j, int k)
{
    const kt_program *p = j->p;
    const kt_buf     *y = &j->r->out[k];
    int               made = 0;

    while (made < p->n_code && p->code[made].result != p->chain.out[k])
        made++;
    if (y->dtype != KT_F32 || made == p->n_code)
        return false;
    for (int i = 0; i < p->n_in; i++)
        if (j->r->in[i].data == y->data && p->last_read[i] > made)
            return false;
    return true;
}

/* The block's elements of input i. */
static const float *read_input(const job *j, int i, int64_t begin, int64_t n, float *slot)
{
    const kt_buf *in = &j->r->in[i];

    if (j->p->in[i] == KT_OPERAND_DIRECT && j->p->slot[i] < 0)
        return in->f32 + begin;
    if (j->p->in[i] == KT_OPERAND_SPREAD)
        kt_spread_read(&j->p->spread, i, in, begin, n, slot);
    else
        kt_convert((const char *)in->data + (size_t)begin * kt_dtype_size(in->dtype), in->dtype,
                   slot, KT_F32, n);
    return slot;
}

static void cast_block(kt_dtype to, const float *x, int64_t step, int64_t n, float *y)
{
    for (int64_t i = 0; i < n; i++) {
        float v = x[i * step];
        y[i] = to == KT_BOOLEAN ? (float)(v != 0) : to == KT_F32 ? v : truncf(v);
    }
}

/* at[i]: the elements of register i. */
static void run_code(const job *j, const kt_program_code *c, const float *const *at, int64_t n,
                     float *y)
{
    const kt_point_step *s = &c->step;
    const float         *x[KT_PROGRAM_READS];
    int64_t              step[KT_PROGRAM_READS];
    float                a = (float)s->a, b = (float)s->b;

    for (int i = 0; i < c->n_read; i++) {
        x[i] = at[c->read[i]];
        step[i] = !j->p->scalar[c->read[i]];
    }
    if (c->joined >= 0) {
        j->isa->joined[c->joined](n, x, y);
        return;
    }
    /* NOLINTBEGIN(clang-analyzer-core.CallAndMessage): n_read says how many each kind needs */
    switch (s->kind) {
    case KT_PT_UNARY: j->isa->unary[s->fn](n, x[0], step[0], y, a, b); break;
    case KT_PT_UNARY_GRAD: j->isa->slope[s->fn](n, x[0], step[0], x[1], step[1], y, a, b); break;
    case KT_PT_BINARY: j->isa->binary[s->fn](n, x[0], step[0], x[1], step[1], y, a, b); break;
    case KT_PT_SELECT: j->isa->select(n, x[0], step[0], x[1], step[1], x[2], step[2], y); break;
    case KT_PT_CAST: cast_block(s->dtype, x[0], step[0], n, y); break;
    }
    /* NOLINTEND(clang-analyzer-core.CallAndMessage) */
}

static void write_result(const job *j, int k, const float *x, int64_t begin, int64_t n)
{
    const kt_buf *y = &j->r->out[k];
    int           reg = j->p->chain.out[k];
    char         *to = (char *)y->data + (size_t)begin * kt_dtype_size(y->dtype);

    if (j->p->scalar[reg])
        for (int64_t i = 0; i < n; i++)
            kt_poke(y->data, y->dtype, begin + i, j->number[reg]);
    else
        kt_convert(x, KT_F32, to, y->dtype, n);
}

/* Where registers are: `at` to read, `home` to write. */
typedef struct places {
    const float *at[KT_PROGRAM_REGISTERS];
    float       *home[KT_PROGRAM_REGISTERS];
} places;

/* Processors forget a stream while others are read. */
static void prefetch(const job *j, int64_t begin)
{
    for (int i = 0; i < j->p->n_in; i++)
        if (j->p->in[i] == KT_OPERAND_DIRECT && begin + KT_PROGRAM_BLOCK <= j->r->in[i].count)
            for (int k = 0; k < KT_PROGRAM_BLOCK; k += 16)
                __builtin_prefetch(j->r->in[i].f32 + begin + k);
}

static void run_block(const job *j, places *s, int64_t begin, int64_t n)
{
    const kt_program *p = j->p;

    for (int k = 0; k < p->chain.n_out; k++)
        if (j->direct[k])
            s->home[p->chain.out[k]] = j->r->out[k].f32 + begin;
    for (int i = 0; i < p->n_in; i++)
        if (!p->scalar[i] && (p->last_read[i] >= 0 || s->home[i]))
            s->at[i] = read_input(j, i, begin, n, s->home[i]);
    prefetch(j, begin + n);
    for (int k = 0; k < p->n_code; k++) {
        int reg = p->code[k].result;
        run_code(j, &p->code[k], s->at, n, s->home[reg]);
        s->at[reg] = s->home[reg];
    }
    for (int k = 0; k < p->chain.n_out; k++)
        if (s->at[p->chain.out[k]] != j->r->out[k].f32 + begin)
            write_result(j, k, s->at[p->chain.out[k]], begin, n);
}

static void run_blocks(void *ctx, int64_t first, int64_t last)
{
    _Alignas(64) float slots[KT_PROGRAM_SLOTS][KT_PROGRAM_BLOCK];
    const job         *j = ctx;
    const kt_program  *p = j->p;
    int64_t            count = j->r->out[0].count;
    places             s;

    for (int i = 0; i < p->n_in + p->chain.n_steps; i++) {
        s.home[i] = p->slot[i] < 0 ? NULL : slots[(int)p->slot[i]];
        s.at[i] = j->spread[i];
    }
    for (int64_t i = first; i < last; i++) {
        int64_t begin = i * KT_PROGRAM_BLOCK, rest = count - begin;
        run_block(j, &s, begin, rest < KT_PROGRAM_BLOCK ? rest : KT_PROGRAM_BLOCK);
    }
}

void kt_program_run(const kt_program *p, const kt_run *r)
{
    job     j; /* filled below: clearing its tables would take longer than a short chain */
    int64_t blocks = (r->out[0].count + KT_PROGRAM_BLOCK - 1) / KT_PROGRAM_BLOCK;

    j.p = p;
    j.r = r;
    j.isa = kt_isa();
    compute_scalars(&j);
    for (int k = 0; k < p->chain.n_out; k++)
        j.direct[k] = is_direct(&j, k);
    if (blocks <= p->grain)
        run_blocks(&j, 0, blocks);
    else
        kt_parallel(blocks, p->grain, run_blocks, &j);
}
