/* program_join.c - the code of a chain: its steps, and where some of them are a row of
 * KT_JOINED_LIST, one loop in their place. */
#include "backend/cpu/program.h"

#include <string.h>

static const char *const trees[] = {
#define TREE(name, steps) [KT_JO_##name] = steps,
    KT_JOINED_LIST(TREE)
#undef TREE
};

/* One try to find a tree of steps. */
typedef struct match {
    const kt_program *p;
    const int        *uses;                      /* of each register */
    const char       *at;                        /* the rest of the tree */
    int               operand[KT_JOINED_READS];  /* register; -1: not met yet */
    bool              inner[KT_MAX_POINT_STEPS]; /* steps whose value nobody else needs */
} match;

static const char names[] = "xzvAB";

static bool match_operand(match *m, int which, int reg)
{
    bool scalar = names[which] <= 'Z';

    if (m->operand[which] < 0 && m->p->scalar[reg] == scalar)
        m->operand[which] = reg;
    return m->operand[which] == reg;
}

static bool is_step(const kt_point_step *s, char op)
{
    static const char letters[] = "+-*/2r";
    static const struct {
        kt_point_kind kind;
        int           fn;
    } ops[] = {
        {KT_PT_BINARY, KT_BI_ADD}, {KT_PT_BINARY, KT_BI_SUB},   {KT_PT_BINARY, KT_BI_MUL},
        {KT_PT_BINARY, KT_BI_DIV}, {KT_PT_UNARY, KT_UN_SQUARE}, {KT_PT_UNARY, KT_UN_SQRT},
    };
    const size_t i = (size_t)(strchr(letters, op) - letters);

    return s->kind == ops[i].kind && s->fn == ops[i].fn && s->dtype == KT_F32;
}

static bool match_tree(match *m, int reg, bool root)
{
    char                 op = *m->at++;
    const char          *name = strchr(names, op);
    int                  k = reg - m->p->n_in, operand[3];
    const kt_point_step *s = &m->p->chain.step[k < 0 ? 0 : k];

    if (name)
        return match_operand(m, (int)(name - names), reg);
    if (k < 0 || m->p->scalar[reg] || !is_step(s, op) || !(root || m->uses[reg] == 1))
        return false;
    if (!root)
        m->inner[k] = true;
    for (int i = 0, n = kt_point_operands(s, operand); i < n; i++)
        if (!match_tree(m, operand[i], false))
            return false;
    return true;
}

static bool match_row(match *m, int row, int k)
{
    m->at = trees[row];
    memset(m->inner, 0, sizeof m->inner);
    for (int i = 0; i < KT_JOINED_READS; i++)
        m->operand[i] = -1;
    return match_tree(m, m->p->n_in + k, true);
}

static kt_program_code plain(const kt_program *p, int k)
{
    kt_program_code c = {.step = p->chain.step[k], .joined = -1, .result = p->n_in + k};

    c.n_read = kt_point_operands(&c.step, c.read);
    return c;
}

/* Step k and what is joined with it: that becomes `gone`. */
static kt_program_code code_of(match *m, int k, bool *gone)
{
    kt_program_code c = plain(m->p, k);

    for (int row = 0; row < KT_JO_COUNT && c.joined < 0; row++)
        if (match_row(m, row, k))
            c.joined = row;
    if (c.joined < 0)
        return c;
    c.n_read = KT_JOINED_READS;
    for (int i = 0; i < KT_JOINED_READS; i++) /* x and A are in every tree */
        c.read[i] = m->operand[i] >= 0 ? m->operand[i]
                  : names[i] <= 'Z'    ? m->operand[3]
                                       : m->operand[0];
    for (int i = 0; i < k; i++)
        gone[i] |= m->inner[i];
    return c;
}

static void count_uses(const kt_program *p, int *uses)
{
    for (int k = 0; k < p->chain.n_steps; k++) {
        int reg[3], n = kt_point_operands(&p->chain.step[k], reg);
        for (int i = 0; i < n; i++)
            uses[reg[i]]++;
    }
    for (int k = 0; k < p->chain.n_out; k++)
        uses[p->chain.out[k]]++;
}

void kt_program_join(kt_program *p)
{
    int   uses[KT_PROGRAM_REGISTERS] = {0}, n = 0;
    bool  gone[KT_MAX_POINT_STEPS] = {false};
    match m = {.p = p, .uses = uses};

    count_uses(p, uses);
    /* from the end, so that a step is joined before what it is made of */
    for (int k = p->chain.n_steps - 1; k >= 0; k--)
        if (!p->scalar[p->n_in + k] && !gone[k] && uses[p->n_in + k] > 0)
            p->code[KT_MAX_POINT_STEPS - ++n] = code_of(&m, k, gone);
    memmove(p->code, p->code + KT_MAX_POINT_STEPS - n, (size_t)n * sizeof *p->code);
    p->n_code = n;
}
