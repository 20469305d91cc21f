/* json.c - a diagnosis and an explanation as JSON texts, for bindings of other languages. */
#include "doctor/explain.h"
#include "doctor/report.h"

static void put(kt_arena *a, kt_value *to, const char *key, const char *text)
{
    kt_value_add(a, to, key, text ? kt_value_str(a, text) : kt_value_new(a, KT_NONE));
}

static char *printed(kt_arena *a, const kt_value *v)
{
    kt_str out = {0};

    bool whole = !a->failed;

    if (whole)
        kt_json_print(&out, v, -1);
    kt_arena_free(a);
    if (whole && !out.failed)
        return out.data;
    kt_str_free(&out);
    return NULL;
}

static kt_value *edits_value(kt_arena *a, const kt_remedy_report *r)
{
    kt_value *list = kt_value_new(a, KT_LIST);

    for (int i = 0; i < r->n_edits; i++) {
        kt_value *e = kt_value_new(a, KT_DICT);
        put(a, e, "what", r->edits[i].what);
        put(a, e, "layer", r->edits[i].layer);
        put(a, e, "words", r->edits[i].words);
        put(a, e, "code", r->edits[i].code);
        kt_value_add(a, list, NULL, e);
    }
    return list;
}

static kt_value *remedies_value(kt_arena *a, const kt_diagnosis *d)
{
    kt_value *list = kt_value_new(a, KT_LIST);

    for (int i = 0; i < d->n_remedies; i++) {
        const kt_remedy_report *r = &d->remedies[i];
        kt_value               *v = kt_value_new(a, KT_DICT);
        kt_value_add(a, v, "rank", kt_value_int(a, i + 1));
        put(a, v, "kind", r->kind);
        put(a, v, "words", r->words);
        kt_value_add(a, v, "edits", edits_value(a, r));
        kt_value_add(a, v, "proved", kt_value_bool(a, r->proved != 0));
        kt_value_add(a, v, "ran", kt_value_bool(a, r->ran != 0));
        put(a, v, "proof", r->proof);
        put(a, v, "changes", r->changes);
        kt_value_add(a, list, NULL, v);
    }
    return list;
}

static kt_value *warnings_value(kt_arena *a, const kt_diagnosis *d)
{
    kt_value *list = kt_value_new(a, KT_LIST);

    for (int i = 0; i < d->n_warnings; i++) {
        kt_value *w = kt_value_new(a, KT_DICT);
        put(a, w, "kind", d->warnings[i].kind);
        put(a, w, "words", d->warnings[i].words);
        kt_value_add(a, list, NULL, w);
    }
    return list;
}

static kt_value *error_value(kt_arena *a, const kt_error *e)
{
    kt_value *v = kt_value_new(a, KT_DICT);

    put(a, v, "type", e->type);
    put(a, v, "message", e->message);
    put(a, v, "layer", e->layer);
    return v;
}

static kt_value *cause_value(kt_arena *a, const kt_cause_report *c)
{
    kt_value *v = kt_value_new(a, KT_DICT);

    put(a, v, "kind", c->kind);
    put(a, v, "words", c->words);
    put(a, v, "where", c->where);
    return v;
}

char *kt_diagnosis_json(const kt_diagnosis *d)
{
    kt_arena  a = {0};
    kt_value *v = d ? kt_value_new(&a, KT_DICT) : NULL;

    if (!d)
        return NULL;
    kt_value_add(&a, v, "ok", kt_value_bool(&a, d->ok != 0));
    if (d->error)
        kt_value_add(&a, v, "error", error_value(&a, d->error));
    if (d->cause)
        kt_value_add(&a, v, "cause", cause_value(&a, d->cause));
    kt_value_add(&a, v, "remedies", remedies_value(&a, d));
    kt_value_add(&a, v, "warnings", warnings_value(&a, d));
    if (d->assumed)
        put(&a, v, "assumed", d->assumed);
    return printed(&a, v);
}

char *kt_explanation_json(const char *text)
{
    kt_explanation *e = kt_explain_text(text);
    kt_arena        a = {0};
    kt_value       *v = e ? kt_value_new(&a, KT_DICT) : NULL;

    if (!e)
        return NULL;
    put(&a, v, "error", e->error);
    put(&a, v, "cause", e->cause);
    put(&a, v, "words", e->words);
    put(&a, v, "advice", e->advice);
    put(&a, v, "ask", e->ask);
    char *out = printed(&a, v);
    kt_explanation_free(e);
    return out;
}
