/* run_numbers.h - what a graph computes, on repeatable numbers of its own. */
#ifndef TESTS_SUPPORT_RUN_NUMBERS_H
#define TESTS_SUPPORT_RUN_NUMBERS_H

#include "exec/exec.h"
#include "support/damage.h"

/* Runs the graph by the reference kernels, which compute with doubles. Its placeholders have real
 * numbers from `low` to 1, or 0, 1 and 2 where `whole` has their bit; integers of a few numbers
 * from `low` on; and its variables other ones than they began with. What `keep` gives and what is
 * assigned goes into s->sum, to four digits, and what is refused. Graphs of texts and large ones
 * are left out. */
void run_numbers(damage_seen *s, kt_graph *g, kt_node *const *keep, int n, double low,
                 unsigned whole);
/* The number goes into s->sum, to four digits. */
void run_sum(damage_seen *s, double v);

#endif
