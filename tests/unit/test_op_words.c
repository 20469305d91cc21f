/* test_op_words.c - each op of the table with one input of a sample changed: its rank, a size, what
 * is known of it, its dtype. What is refused, in which words and with which facts, and what shapes
 * and origins come of the rest is what tests/support/damage_words.txt has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ops/ops.h"
#include "support/damage.h"
#include "support/op_trial.h"

enum { VARIANTS = 12, MOST_INPUTS = 16 };

/* What became of an op's calls so far. */
typedef struct seen {
    uint32_t sum; /* of all results and refusals */
    int      results, refusals;
    kt_str   lines; /* the first refusal of each kind */
    kt_str   kinds; /* those without numbers */
} seen;

static void add_to_sum(seen *s, const char *text)
{
    for (; *text; text++)
        s->sum = (s->sum ^ (unsigned char)*text) * 16777619u;
}

/* One change of a shape or dtype; false where there is nothing to change. */
static bool change(const kt_op_type *op, int how, kt_dtype *dtype, kt_shape *s)
{
    kt_shape was = *s;

    switch (how) {
    case 0: s->rank = 0; return was.rank > 0;
    case 1: s->rank--; return was.rank > 1;
    case 2: s->dim[s->rank++] = 3; return was.rank + 1 < KT_MAX_RANK;
    case 3: return was.rank > 0 && was.dim[0] >= 0 && s->dim[0]++ >= 0;
    case 4: return was.rank > 1 && was.dim[was.rank - 1] >= 0 && s->dim[was.rank - 1]++ >= 0;
    case 5: return was.rank > 2 && was.dim[1] >= 0 && s->dim[1]++ >= 0;
    case 6: return was.rank > 0 && (s->dim[0] = KT_UNKNOWN) < 0;
    case 7: return was.rank > 1 && (s->dim[was.rank - 1] = KT_UNKNOWN) < 0;
    case 8: return was.rank > 0 && (s->dim[was.rank - 1] = 0) == 0;
    case 9: *dtype = *dtype == KT_I32 ? KT_F32 : KT_I32; return true;
    case 10: *dtype = KT_BOOLEAN; return true;
    case 11: *dtype = KT_F64; return true;
    case 12: *dtype = KT_STRING; return op->flags & KT_OP_TEXT; /* all else is refused alike */
    default: return false;
    }
}

enum { CHANGES = 13 };

static void note_result(seen *s, kt_graph *g, const kt_node *y)
{
    for (int k = 0; k < y->n_part; k++) {
        const kt_node *p = y->part[k];
        kt_str         text = {0};
        kt_str_printf(&text, "%d %s", (int)p->dtype, kt_shape_text(&g->arena, &p->shape));
        for (int a = 0; a < p->shape.rank; a++)
            kt_str_printf(&text, " %d %d %d %d", (int)p->origin[a].kind, p->origin[a].input,
                          p->origin[a].axis, p->origin[a].axis2);
        add_to_sum(s, kt_str_text(&text));
        kt_str_free(&text);
    }
    s->results++;
}

static void add_fact(kt_str *line, int64_t fact)
{
    if (fact == KT_NO_FACT)
        kt_str_add(line, "- ");
    else
        kt_str_printf(line, "%lld ", (long long)fact);
}

static void note_refusal(seen *s, const kt_op_type *op, const kt_error *e)
{
    kt_str line = {0}, kind = {0};

    kt_str_printf(&line, "op %s: %d %d ", op->name, e->input, e->axis);
    add_fact(&line, e->expected);
    add_fact(&line, e->received);
    kt_str_add(&line, e->message);
    for (char *p = line.data; p && *p; p++)
        *p = *p == '\n' ? ' ' : *p;
    for (const char *p = e->message; *p; p++)
        if (!strchr("0123456789-,()[] ", *p))
            kt_str_addc(&kind, *p);
    add_to_sum(s, kt_str_text(&line));
    s->refusals++;
    if (!strstr(kt_str_text(&s->kinds), kt_str_text(&kind))) {
        kt_str_printf(&s->kinds, "%s\n", kt_str_text(&kind));
        kt_str_printf(&s->lines, "%s\n", kt_str_text(&line));
    }
    kt_str_free(&line);
    kt_str_free(&kind);
}

/* The node of a sample once more, with inputs as they are or one of them changed. */
static void emit_changed(seen *s, const kt_node *n, int input, int how, bool lenient)
{
    kt_fault  f = {0};
    kt_graph *g = kt_graph_new(&f);
    kt_node  *in[MOST_INPUTS];
    bool      changed = input < 0;

    g->lenient = lenient;
    for (int i = 0; i < n->n_in; i++) {
        kt_shape shape = n->in[i]->shape;
        kt_dtype dtype = n->in[i]->dtype;
        if (i == input)
            changed = change(n->op, how, &dtype, &shape);
        in[i] = kt_placeholder(g, "x", dtype, shape);
    }
    if (changed) {
        kt_node *y = kt_emit(g, n->op, n->attr, n->attr_size, n->n_in, in);
        if (kt_graph_failed(g))
            note_refusal(s, n->op, &f.e);
        else
            note_result(s, g, y);
    }
    kt_graph_free(g);
    kt_fault_clear(&f);
}

static void try_variant(seen *s, const kt_node *n)
{
    emit_changed(s, n, -1, 0, false);
    for (int i = 0; i < n->n_in; i++)
        for (int how = 0; how < CHANGES; how++)
            for (int lenient = 0; lenient < 2; lenient++)
                emit_changed(s, n, i, how, lenient);
}

static void words_of(const kt_op_type *op, kt_str *lines)
{
    seen s = {.sum = 2166136261u};

    for (int v = 0; v < VARIANTS; v++) {
        op_trial t = {.op = op, .variant = v, .seed = 1, .scale = 1, .unknown = ALL_KNOWN};
        t.report = lines; /* nothing is complained of here */
        if (trial_start(&t) && t.node && t.node->n_in <= MOST_INPUTS)
            try_variant(&s, t.node);
        bool more = t.y != NULL;
        trial_free(&t);
        if (!more)
            break;
    }
    kt_str_printf(lines, "%sop %s: %d refused, %d not %08x\n", kt_str_text(&s.lines), op->name,
                  s.refusals, s.results, s.sum);
    kt_str_free(&s.lines);
    kt_str_free(&s.kinds);
}

static void as_kept(void **state)
{
    kt_str lines = {0};
    int    ops = 0;

    (void)state;
    for (const kt_op_type *const *const *list = kt_op_table; *list; list++)
        for (const kt_op_type *const *op = *list; *op; op++)
            if ((*op)->sample && !((*op)->flags & KT_OP_BODY)) {
                words_of(*op, &lines);
                ops++;
            }
    assert_true(ops > 60);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
