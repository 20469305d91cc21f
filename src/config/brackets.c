/* brackets.c - what stands between brackets in an expression: tuples, lists, dicts, arguments. */
#include "config/expr.h"

enum { MAX_DEPTH = 100, MAX_KEYS = 4096 };

bool kt__eat(kt__reader *r, char c)
{
    kt__skip_space(r);
    if (*r->at != c)
        return false;
    r->at++;
    kt__skip_space(r);
    return true;
}

bool kt__open_bracket(kt__reader *r)
{
    if (r->depth++ >= MAX_DEPTH)
        kt__expr_fail(r, r->at, NULL, "more than %d brackets inside each other", MAX_DEPTH);
    r->at++;
    kt__skip_space(r);
    return !r->failed;
}

void kt__add_item(kt__reader *r, kt_value *to, const char *key, kt_value *item)
{
    if (!r->failed && !kt_value_add(r->arena, to, key, item))
        kt__expr_memory(r);
}

/* After an item: true where another one may follow. */
static bool more(kt__reader *r, char close)
{
    if (r->failed || kt__eat(r, ','))
        return !r->failed && *r->at != close;
    if (*r->at != close)
        kt__expr_expected(r,
                          close == ')'   ? "',' or ')'"
                          : close == ']' ? "',' or ']'"
                                         : "',' or '}'",
                          *r->at ? "is a comma or a quote missing?" : "a bracket is not closed");
    return false;
}

static kt_value *close_bracket(kt__reader *r, kt_value *v)
{
    if (r->failed)
        return NULL;
    r->depth--;
    r->at++;
    return v;
}

kt_value *kt__read_list(kt__reader *r)
{
    kt_value *list = kt__expr_made(r, kt_value_new(r->arena, KT_LIST));

    if (!list)
        return NULL;
    if (kt__open_bracket(r) && *r->at != ']') {
        do
            kt__add_item(r, list, NULL, kt__read_sum(r));
        while (more(r, ']'));
    }
    return close_bracket(r, list);
}

/* (x) is x, (x,) and () are tuples. */
kt_value *kt__read_parentheses(kt__reader *r)
{
    kt_value *tuple = kt__expr_made(r, kt_value_new(r->arena, KT_TUPLE));
    bool      comma = false;

    if (!tuple)
        return NULL;
    if (kt__open_bracket(r) && *r->at != ')') {
        do {
            comma |= tuple->n > 0;
            kt__add_item(r, tuple, NULL, kt__read_sum(r));
            kt__skip_space(r);
            comma |= *r->at == ',';
        } while (more(r, ')'));
    }
    return close_bracket(r, tuple->n == 1 && !comma ? tuple->items[0] : tuple);
}

/* Keys are texts; numbers and names are kept as Python prints them. */
static const char *read_key(kt__reader *r)
{
    const char *where = r->at, *key = NULL;
    kt_value   *v = kt__read_sum(r);

    if (!v)
        return NULL;
    if (v->kind == KT_STR)
        return v->s;
    if (kt_value_is_seq(v) || v->kind == KT_DICT || v->kind == KT_CALL) {
        kt__expr_fail(r, where, NULL, "a key must be a text or a number");
        return NULL;
    }
    kt_str text = {0};
    kt_value_repr(&text, v);
    key = kt_str_keep(&text, r->arena);
    if (!key)
        kt__expr_memory(r);
    return key;
}

/* The last of two equal keys wins. Finding them takes time, so a hostile text may not have many. */
static void add_entry(kt__reader *r, kt_value *dict, const char *where, const char *key,
                      kt_value *item)
{
    if (dict->n >= MAX_KEYS)
        kt__expr_fail(r, where, NULL, "more than %d keys", MAX_KEYS);
    if (!r->failed && !kt_value_set(r->arena, dict, key, item))
        kt__expr_memory(r);
}

kt_value *kt__read_dict(kt__reader *r)
{
    kt_value *dict = kt__expr_made(r, kt_value_new(r->arena, KT_DICT));

    if (!dict)
        return NULL;
    if (kt__open_bracket(r) && *r->at != '}') {
        do {
            const char *where = r->at, *key = read_key(r);
            if (!r->failed && !kt__eat(r, ':'))
                kt__expr_expected(r, "':'", "a dict is written as {'key': value}");
            kt_value *item = r->failed ? NULL : kt__read_sum(r);
            if (!r->failed)
                add_entry(r, dict, where, key, item);
        } while (more(r, '}'));
    }
    return close_bracket(r, dict);
}

/* "name =" but not "name ==": moves behind it. NULL if the next argument has no name. */
static const char *read_keyword(kt__reader *r)
{
    const char *begin = r->at;

    if (!kt__is_name_start(*r->at))
        return NULL;
    const char *name = kt__scan_name(r);
    kt__skip_space(r);
    if (name && *r->at == '=' && r->at[1] != '=') {
        r->at++;
        kt__skip_space(r);
        return name;
    }
    r->at = begin;
    return NULL;
}

static void read_argument(kt__reader *r, kt_value *call)
{
    const char *where = r->at;

    if (*r->at == '*') {
        kt__expr_fail(r, where, "write the arguments out",
                      "'*' and '**' arguments are not supported");
        return;
    }
    const char *key = read_keyword(r);
    if (key && kt_value_get(call, key))
        kt__expr_fail(r, where, NULL, "the argument '%s' is given twice", key);
    else if (!key && call->n > 0 && call->keys[call->n - 1])
        kt__expr_fail(r, where, "arguments without a name come first",
                      "an argument without name follows '%s='", call->keys[call->n - 1]);
    else if (call->n >= MAX_KEYS)
        kt__expr_fail(r, where, NULL, "more than %d arguments", MAX_KEYS);
    if (!r->failed)
        kt__add_item(r, call, key, kt__read_sum(r));
}

kt_value *kt__read_call(kt__reader *r, const char *name)
{
    kt_value *call = kt__expr_made(r, kt_value_new(r->arena, KT_CALL));

    if (!call)
        return NULL;
    call->s = name;
    if (kt__open_bracket(r) && *r->at != ')') {
        do
            read_argument(r, call);
        while (more(r, ')'));
    }
    return close_bracket(r, call);
}
