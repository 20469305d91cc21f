/* expr.h - inside src/config: the parts of the expression reader. */
#ifndef KT_CONFIG_EXPR_H
#define KT_CONFIG_EXPR_H

#include "config/config.h"

/* After a failure `failed` is set and every function returns NULL or false. */
typedef struct kt__reader {
    const char *text, *at; /* the whole and what is left of it */
    int         depth;     /* of open brackets */
    kt_arena   *arena;
    kt_fault   *fault;
    bool        failed;
} kt__reader;

/* --- report.c -------------------------------------------------------------------------------- */

/* Raises "Invalid expression at line 1, column 7: <fmt>" about the text at `where`. Returns
 * NULL. */
kt_value *kt__expr_fail(kt__reader *r, const char *where, const char *hint, const char *fmt, ...)
    KT_PRINTF(4, 5);
void kt__expr_memory(kt__reader *r);
/* v, which is NULL where there was no memory for it. */
kt_value *kt__expr_made(kt__reader *r, kt_value *v);
/* What stands at `where`, for messages: 'relu', '(', "the end". In the arena; never NULL. */
const char *kt__expr_found(kt__reader *r, const char *where);
/* "expected ',' or ')' but found 'units'", about r->at. Returns NULL. */
kt_value *kt__expr_expected(kt__reader *r, const char *what, const char *hint);

/* --- scan.c: words, numbers, strings --------------------------------------------------------- */

/* Over blanks, newlines, comments and backslashes at the end of a line. */
void kt__skip_space(kt__reader *r);
bool kt__is_name_start(char c);
/* The identifier that starts at r->at, arena-owned; NULL without memory. */
const char *kt__scan_name(kt__reader *r);
kt_value   *kt__scan_number(kt__reader *r);
/* Adjacent strings are one. */
kt_value *kt__scan_string(kt__reader *r);

/* --- math.c: arithmetic on INT, FLOAT and BOOL ----------------------------------------------- */

/* op: "+" "-" "*" "/" "//" "%" "**"; `where` is its place. */
kt_value *kt__binary(kt__reader *r, const char *where, const char *op, const kt_value *x,
                     const kt_value *y);
kt_value *kt__negate(kt__reader *r, const char *where, const kt_value *x);

/* --- brackets.c: r->at stands at the opening bracket ----------------------------------------- */

kt_value *kt__read_list(kt__reader *r);
kt_value *kt__read_parentheses(kt__reader *r);
kt_value *kt__read_dict(kt__reader *r);
kt_value *kt__read_call(kt__reader *r, const char *name);
/* Moves behind the bracket and counts it; false where there are too many. */
bool kt__open_bracket(kt__reader *r);
bool kt__eat(kt__reader *r, char c); /* if it comes next, with the blanks around it */
void kt__add_item(kt__reader *r, kt_value *to, const char *key, kt_value *item);

/* --- expr.c ---------------------------------------------------------------------------------- */

kt_value *kt__read_sum(kt__reader *r);

#endif
