/* plan_sums.h - what passes and the planner make of graphs, as numbers and sums that can be kept
 * (damage.h): what nobody can tell from results, but from the time and memory that they take. */
#ifndef KT_TEST_PLAN_SUMS_H
#define KT_TEST_PLAN_SUMS_H

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"
#include "support/damage.h"

typedef struct plan_sums {
    int      graphs, nodes, steps;
    size_t   bytes;
    uint32_t passes, plans;
} plan_sums;

/* How much kernels need hangs on the processor and on the number of threads. */
static inline void plan_sums_anywhere(void)
{
    setenv("KERATIN_ISA", "base", 1);
    kt_set_threads_count(1);
}

/* The number behind a layer's name says how many were made before. */
static inline void drop_numbers_of_names(char *text)
{
    char *to = text;

    for (const char *p = text; *p; p++)
        if (*p == '_' && isdigit((unsigned char)p[1]))
            p += strspn(p + 1, "0123456789");
        else
            *to++ = *p;
    *to = '\0';
}

/* A graph after the passes, and its plan. */
static inline void plan_sums_add(plan_sums *s, const kt_graph *g, const kt_plan *p)
{
    kt_str text = {0};

    kt_graph_print(&text, g);
    if (text.data)
        drop_numbers_of_names(text.data);
    damage_sum(&s->passes, kt_str_text(&text));
    kt_str_free(&text);
    for (int i = 0; i < kt_plan_steps(p); i++) {
        kt_plan_step_info step = kt_plan_step(p, i);
        damage_sum(&s->plans, step.op);
        damage_sum(&s->plans, step.kernel);
        damage_number(&s->plans, step.flops);
    }
    s->graphs++;
    s->nodes += (int)g->nodes.n;
    s->steps += kt_plan_steps(p);
    s->bytes += kt_plan_bytes(p);
}

static inline void plan_sums_told(const plan_sums *s, kt_str *lines)
{
    kt_str_printf(lines, "%d graphs, %d nodes %08x, %d steps, %zu bytes %08x\n", s->graphs,
                  s->nodes, s->passes, s->steps, s->bytes, s->plans);
}

#endif
