/* test_op_words.c - each op of the table with one input of a sample changed: its rank, a size, what
 * is known of it, its dtype. What is refused, in which words and with which facts, and what shapes
 * and origins come of the rest is what tests/support/damage_words.txt has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <limits.h>
#include <string.h>
#include <cmocka.h>

#include "ops/ops.h"
#include "support/damage.h"
#include "support/op_trial.h"

enum { VARIANTS = 12, MOST_INPUTS = 16 };

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
    case 13:
        while (s->rank < KT_MAX_RANK)
            s->dim[s->rank++] = 2;
        return was.rank < KT_MAX_RANK;
    case 14: return was.rank > 2 && was.dim[1] > 0 && (s->dim[1] = 0) == 0;
    default: return false;
    }
}

enum { CHANGES = 15 };

static void note_result(damage_seen *s, kt_graph *g, const kt_node *y)
{
    for (int k = 0; k < y->n_part; k++) {
        const kt_node *p = y->part[k];
        kt_str         text = {0};
        kt_str_printf(&text, "%d %s", (int)p->dtype, kt_shape_text(&g->arena, &p->shape));
        for (int a = 0; a < p->shape.rank; a++)
            kt_str_printf(&text, " %d %d %d %d", (int)p->origin[a].kind, p->origin[a].input,
                          p->origin[a].axis, p->origin[a].axis2);
        damage_sum(&s->sum, kt_str_text(&text));
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

static void note_refusal(damage_seen *s, const kt_error *e)
{
    kt_str line = {0};

    kt_str_printf(&line, "op %s: %d %d ", s->name, e->input, e->axis);
    add_fact(&line, e->expected);
    add_fact(&line, e->received);
    kt_str_add(&line, e->message);
    damage_refused(s, &line, e->message, NULL, INT_MAX);
    kt_str_free(&line);
}

/* The node of a sample once more, with inputs as they are or one of them changed. */
static void emit_changed(damage_seen *s, const kt_node *n, int input, int how, bool lenient)
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
        assert_int_equal(kt_is_poison(g, y), kt_graph_failed(g));
        if (kt_graph_failed(g))
            note_refusal(s, &f.e);
        else
            note_result(s, g, y);
    }
    kt_graph_free(g);
    kt_fault_clear(&f);
}

static void try_variant(damage_seen *s, const kt_node *n)
{
    emit_changed(s, n, -1, 0, false);
    for (int i = 0; i < n->n_in; i++)
        for (int how = 0; how < CHANGES; how++)
            for (int lenient = 0; lenient < 2; lenient++)
                emit_changed(s, n, i, how, lenient);
}

static void words_of(const kt_op_type *op, kt_str *lines)
{
    damage_seen s = {.name = op->name, .sum = DAMAGE_SUM};

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
    damage_told(&s, "op ", lines);
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
