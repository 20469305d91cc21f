/* legend.c - what the columns of a table are called, and which number stands for which text. */
#include "data/data.h"

#include <string.h>

kt_legend *kt_legend_new(void)
{
    return kt_alloc(sizeof(kt_legend));
}

void kt_legend_free(kt_legend *l)
{
    if (!l)
        return;
    kt_arena_free(&l->arena);
    kt_free(l);
}

static char *copy_text(kt_legend *l, const char *text)
{
    return text ? kt_arena_strdup(&l->arena, text) : NULL;
}

bool kt_legend_start(kt_legend *l, bool target, int n)
{
    l->col[target] = kt_arena_calloc(&l->arena, (size_t)n + 1, sizeof *l->col[target]);
    l->n[target] = l->col[target] ? n : 0;
    return l->col[target] != NULL;
}

bool kt_legend_set(kt_legend *l, bool target, int i, const kt_legend_column *from)
{
    kt_legend_column *to = &l->col[target][i];

    to->name = copy_text(l, from->name);
    to->at = from->at;
    if (from->words)
        to->words = kt_arena_calloc(&l->arena, (size_t)from->n_words + 1, sizeof *to->words);
    for (int k = 0; from->words && to->words && k < from->n_words; k++)
        to->words[k] = copy_text(l, from->words[k]);
    to->n_words = to->words ? from->n_words : 0;
    return !l->arena.failed;
}

kt_legend *kt_legend_copy(const kt_legend *from)
{
    kt_legend *l = from ? kt_legend_new() : NULL;
    bool       ok = l != NULL;

    for (int target = 0; ok && target < 2; target++) {
        ok = kt_legend_start(l, target, from->n[target]);
        for (int i = 0; ok && i < from->n[target]; i++)
            ok = kt_legend_set(l, target, i, &from->col[target][i]);
    }
    if (ok)
        return l;
    kt_legend_free(l);
    return NULL;
}

static bool same_words(const kt_legend_column *a, const kt_legend_column *b)
{
    if (a->n_words != b->n_words)
        return false;
    for (int k = 0; k < a->n_words; k++)
        if (strcmp(a->words[k], b->words[k]) != 0)
            return false;
    return true;
}

bool kt_legend_agrees(const kt_legend *a, const kt_legend *b)
{
    for (int target = 0; a && b && target < 2; target++)
        for (int i = 0; a->n[target] == b->n[target] && i < a->n[target]; i++)
            if (!same_words(&a->col[target][i], &b->col[target][i]))
                return false;
    return true;
}

bool kt_legend_has_words(const kt_legend *l, bool target)
{
    for (int i = 0; l && i < l->n[target]; i++)
        if (l->col[target][i].words)
            return true;
    return false;
}

/* --- as a value ------------------------------------------------------------------------------- */

static const char *const keys[] = {"inputs", "targets"};

static kt_value *column_value(const kt_legend_column *c, kt_arena *a)
{
    kt_value *v = kt_value_new(a, KT_DICT), *words = c->words ? kt_value_new(a, KT_LIST) : NULL;
    bool      ok = v && (!c->words || words);

    if (c->name)
        ok = ok && kt_value_add(a, v, "name", kt_value_str(a, c->name));
    for (int k = 0; ok && words && k < c->n_words; k++)
        ok = kt_value_add(a, words, NULL, kt_value_str(a, c->words[k]));
    if (words)
        ok = ok && kt_value_add(a, v, "words", words);
    if (c->at >= 0)
        ok = ok && kt_value_add(a, v, "column", kt_value_int(a, c->at));
    return ok ? v : NULL;
}

kt_value *kt_legend_value(const kt_legend *l, kt_arena *a)
{
    kt_value *v = kt_value_new(a, KT_DICT);
    bool      ok = v != NULL;

    for (int target = 0; ok && target < 2; target++) {
        kt_value *list = kt_value_new(a, KT_LIST);
        for (int i = 0; list && ok && i < l->n[target]; i++)
            ok = kt_value_add(a, list, NULL, column_value(&l->col[target][i], a));
        ok = ok && kt_value_add(a, v, keys[target], list);
    }
    return ok ? v : NULL;
}

static bool read_words(const kt_value *v, kt_arena *a, kt_legend_column *c)
{
    c->words = kt_arena_calloc(a, v->n + 1, sizeof *c->words);
    for (size_t k = 0; c->words && k < v->n; k++) {
        c->words[k] = (char *)(uintptr_t)kt_value_text(v->items[k]);
        if (!c->words[k])
            return false;
    }
    c->n_words = (int)v->n;
    return c->words && v->n > 0 && v->n < INT32_MAX;
}

static bool read_column(const kt_value *v, kt_arena *a, kt_legend *l, bool target, int i)
{
    const kt_value *name = kt_value_get(v, "name"), *words = kt_value_get(v, "words"),
                   *at = kt_value_get(v, "column");
    kt_legend_column c = {.name = (char *)(uintptr_t)kt_value_text(name), .at = -1};

    if (!v || v->kind != KT_DICT || (name && !c.name) || (words && words->kind != KT_LIST) ||
        (at && (at->kind != KT_INT || at->i < 0 || at->i > INT32_MAX)))
        return false;
    if (at)
        c.at = (int)at->i;
    return (!words || read_words(words, a, &c)) && kt_legend_set(l, target, i, &c);
}

kt_legend *kt_legend_from_value(const kt_value *v, const char *name, kt_fault *f)
{
    kt_legend *l = kt_legend_new();
    kt_arena   a = {0};
    bool       ok = true;

    for (int target = 0; l && ok && target < 2; target++) {
        const kt_value *list = kt_value_get(v, keys[target]);
        ok = list && list->kind == KT_LIST && list->n < INT32_MAX &&
             kt_legend_start(l, target, (int)list->n);
        for (int i = 0; ok && i < l->n[target]; i++)
            ok = read_column(list->items[i], &a, l, target, i);
    }
    if (!l || l->arena.failed || a.failed)
        kt_raise_memory(f);
    else if (!ok)
        kt_raise(f, KT_E_VALUE, "%s: what it says about the columns of its table is damaged", name);
    kt_arena_free(&a);
    if (l && ok && !l->arena.failed)
        return l;
    kt_legend_free(l);
    return NULL;
}

/* --- public ----------------------------------------------------------------------------------- */

int kt_legend_columns(const kt_legend *l, bool target)
{
    return l ? l->n[target] : 0;
}

static const kt_legend_column *column(const kt_legend *l, bool target, int i)
{
    return l && i >= 0 && i < l->n[target] ? &l->col[target][i] : NULL;
}

const char *kt_legend_name(const kt_legend *l, bool target, int i)
{
    const kt_legend_column *c = column(l, target, i);

    return c ? c->name : NULL;
}

int kt_legend_words(const kt_legend *l, bool target, int i)
{
    const kt_legend_column *c = column(l, target, i);

    return c ? c->n_words : 0;
}

const char *kt_legend_word(const kt_legend *l, bool target, int i, int k)
{
    const kt_legend_column *c = column(l, target, i);

    return c && k >= 0 && k < c->n_words ? c->words[k] : NULL;
}
