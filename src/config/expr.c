/* expr.c - reads Keras expressions: what a user would write in Python to make a layer, an
 * optimizer, a shape.
 *
 *   value = sum {"," sum} [","]                    several make a tuple
 *   sum   = term {("+" | "-") term}
 *   term  = sign {("*" | "/" | "//" | "%") sign}
 *   sign  = {"+" | "-"} atom ["**" sign]
 *   atom  = number | string | name ["(" arguments ")"] | "(" ... ")" | "[" ... "]" | "{" ... "}"
 *
 * Nothing is looked up here: a call becomes a CALL, for whoever knows the name. */
#include <math.h>
#include <string.h>

#include "config/expr.h"

enum { MAX_TEXT = 1 << 20 };

static kt_value *read_sign(kt__reader *r);

/* --- names and numbers ----------------------------------------------------------------------- */

static kt_value *word(kt__reader *r, const char *name)
{
    static const struct {
        const char *name;
        kt_value    value;
    } words[] = {
        {"None", {.kind = KT_NONE}},
        {"True", {.kind = KT_BOOL, .b = true, .i = 1}},
        {"False", {.kind = KT_BOOL}},
        {"true", {.kind = KT_BOOL, .b = true, .i = 1}},
        {"null", {.kind = KT_NONE}},
        {"false", {.kind = KT_BOOL}},
        {"inf", {.kind = KT_FLOAT, .f = INFINITY}},
        {"nan", {.kind = KT_FLOAT, .f = NAN}},
    };

    for (size_t i = 0; i < KT_COUNT(words); i++)
        if (kt_streq(name, words[i].name))
            return kt__expr_made(r, kt_value_copy(r->arena, &words[i].value));
    return kt__expr_made(r, kt_value_str(r->arena, name));
}

/* keras.layers.Dense(...): the last name counts. */
static kt_value *read_name(kt__reader *r)
{
    const char *begin = r->at, *name = kt__scan_name(r);

    kt__skip_space(r);
    while (name && *r->at == '.') {
        r->at++;
        kt__skip_space(r);
        if (!kt__is_name_start(*r->at))
            return kt__expr_expected(r, "a name after '.'", NULL);
        name = kt__scan_name(r);
        kt__skip_space(r);
    }
    if (r->failed)
        return NULL;
    if (*r->at == '\'' || *r->at == '"')
        return kt__expr_fail(r, begin, "write strings without a prefix", "a string follows '%s'",
                             name);
    return *r->at == '(' ? kt__read_call(r, name) : word(r, name);
}

static kt_value *read_atom(kt__reader *r)
{
    char c = *r->at;

    if (c == '(')
        return kt__read_parentheses(r);
    if (c == '[')
        return kt__read_list(r);
    if (c == '{')
        return kt__read_dict(r);
    if (c == '\'' || c == '"')
        return kt__scan_string(r);
    if (kt__is_name_start(c))
        return read_name(r);
    if ((c >= '0' && c <= '9') || (c == '.' && r->at[1] >= '0' && r->at[1] <= '9'))
        return kt__scan_number(r);
    return kt__expr_expected(r, "a value", *r->at ? NULL : "the expression ends too early");
}

/* A power binds closer than a sign on its left and looser than one on its right. */
static kt_value *read_power(kt__reader *r)
{
    kt_value *x = read_atom(r);

    kt__skip_space(r);
    if (r->failed)
        return NULL;
    if (*r->at == '(' || *r->at == '[')
        return kt__expr_fail(r, r->at, "list the layers in Sequential([...])",
                             "calling or indexing a result is not supported");
    if (r->at[0] != '*' || r->at[1] != '*')
        return x;

    const char *where = r->at++;
    if (!kt__open_bracket(r))
        return NULL;
    kt_value *y = read_sign(r);
    r->depth--;
    return y ? kt__binary(r, where, "**", x, y) : NULL;
}

static kt_value *read_sign(kt__reader *r)
{
    const char *where = r->at;
    bool        any = false, minus = false;

    for (; *r->at == '-' || *r->at == '+'; any = true) {
        minus ^= *r->at++ == '-';
        kt__skip_space(r);
    }
    kt_value *v = read_power(r);
    if (!v || !any)
        return v;
    kt_value *negative = kt__negate(r, where, v);
    return minus || !negative ? negative : kt__negate(r, where, negative);
}

/* The operator at r->at if it is one of the pair, moving behind it; else NULL. */
static const char *read_operator(kt__reader *r, const char *ops)
{
    static const char *const all[] = {"//", "+", "-", "*", "/", "%"};

    for (size_t i = 0; i < KT_COUNT(all); i++) {
        if (strchr(ops, all[i][0]) && strncmp(r->at, all[i], strlen(all[i])) == 0) {
            r->at += strlen(all[i]);
            kt__skip_space(r);
            return all[i];
        }
    }
    return NULL;
}

static kt_value *read_chain(kt__reader *r, const char *ops, kt_value *(*operand)(kt__reader *))
{
    kt_value *x = operand(r);

    while (x) {
        kt__skip_space(r);
        const char *where = r->at, *op = read_operator(r, ops);
        if (!op)
            return x;
        kt_value *y = operand(r);
        x = y ? kt__binary(r, where, op, x, y) : NULL;
    }
    return NULL;
}

static kt_value *read_term(kt__reader *r)
{
    return read_chain(r, "*/%", read_sign);
}

kt_value *kt__read_sum(kt__reader *r)
{
    return read_chain(r, "+-", read_term);
}

/* --- the whole ------------------------------------------------------------------------------- */

static kt_value *read_whole(kt__reader *r)
{
    kt__skip_space(r);
    kt_value *first = kt__read_sum(r);
    if (r->failed || *r->at != ',')
        return first;

    kt_value *tuple = kt__expr_made(r, kt_value_new(r->arena, KT_TUPLE));
    if (!tuple)
        return NULL;
    kt__add_item(r, tuple, NULL, first);
    while (!r->failed && kt__eat(r, ',') && *r->at)
        kt__add_item(r, tuple, NULL, kt__read_sum(r));
    return tuple;
}

/* "my>squash": the name of somebody's own class or function. */
static bool is_registered_name(const char *text)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    size_t            n = strspn(text, word);

    return n > 0 && text[n] == '>' && text[n + 1] && !text[n + 1 + strspn(text + n + 1, word)];
}

kt_value *kt_expr_parse(const char *text, kt_arena *a, kt_fault *f)
{
    if (text && is_registered_name(text)) {
        kt_value *name = kt_value_str(a, text);
        if (!name)
            kt_raise_memory(f);
        return name;
    }
    kt__reader r = {.text = text ? text : "", .arena = a, .fault = f};

    r.at = r.text;
    if (strlen(r.text) > MAX_TEXT)
        return kt__expr_fail(&r, r.at, NULL, "the text is longer than %d bytes", MAX_TEXT);
    kt_value *v = read_whole(&r);
    if (!r.failed && *r.at)
        kt__expr_expected(&r, "the end",
                          *r.at == '=' ? "write only what stands right of '='" : NULL);
    return r.failed ? NULL : v;
}
