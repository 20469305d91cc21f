/* explain.c - an error with the table of every layer's shapes, the failing place marked. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/model.h"
#include "nn/container.h"

enum { MAX_LINES = 200 };

/* One line of the table; the texts are arena-owned. */
typedef struct line {
    const char *name, *in, *out;
    const char *mark; /* instead of out: it failed here */
} line;

#define FAILED  "<- fails here"
#define REFUSED "<- fails here: declared so, the data differ"

typedef struct table {
    line     line[MAX_LINES];
    int      n;
    kt_arena arena;
} table;

static const char *shapes_text(kt_arena *a, int n, const kt_shape *s)
{
    kt_str text = {0};

    for (int i = 0; i < n; i++) {
        kt_str_add(&text, i ? ", " : "");
        kt_shape_print(&text, &s[i]);
    }
    char *copy = kt_str_keep(&text, a);
    return copy ? copy : "";
}

static void add_line(table *t, const kt_layer *l, const char *in, const char *out, const char *mark)
{
    char *name = kt_arena_printf(&t->arena, "%s (%s)", l->name, l->type->cls.class_name);

    if (t->n < MAX_LINES && name)
        t->line[t->n++] = (line){name, in, out, mark};
}

/* The last call, layer after layer, up to the failure. */
static bool from_rows(table *t, const kt_model *m)
{
    bool failed = false;

    const kt_failure *f = m->fault.e.status == KT_OK ? kt_failure_of(m) : NULL;
    const kt_vec     *rows = f ? &f->rows : &m->rows;

    for (size_t i = 0; i < rows->n; i++) {
        const kt_row *r = rows->at[i];
        add_line(t, r->layer, shapes_text(&t->arena, r->n_in, r->in),
                 r->failed ? "" : shapes_text(&t->arena, r->n_out, r->out),
                 r->failed ? FAILED : NULL);
        failed = failed || r->failed;
    }
    if (!failed)
        t->n = 0;
    return failed;
}

/* What the layers were connected with. A layer that could not be connected receives what the one
 * before it gives. */
static void from_model(table *t, const kt_model *m)
{
    const char *before = "";

    for (int i = 0; i < kt_model_layers(m) && t->n < MAX_LINES; i++) {
        kt_layer_info info = kt_model_layer(m, i);
        kt_shape      in[KT_MAX_PARTS], out[KT_MAX_PARTS];
        int           n_in = info.n_in < KT_MAX_PARTS ? info.n_in : KT_MAX_PARTS;
        int           n_out = info.n_out < KT_MAX_PARTS ? info.n_out : KT_MAX_PARTS;
        for (int k = 0; k < n_in; k++)
            in[k] = kt_model_layer_in(m, i, k);
        for (int k = 0; k < n_out; k++)
            out[k] = kt_model_layer_out(m, i, k);
        const char *gives = shapes_text(&t->arena, n_out, out);
        add_line(t, kt_table_layer(m, i),
                 n_in || !info.failed ? shapes_text(&t->arena, n_in, in) : before, gives,
                 info.failed ? FAILED : NULL);
        before = gives;
    }
}

/* Data that do not fit what the model declares never reach a layer: the input is the failing place.
 * A Sequential's table has no row for it, so it gets one. */
static void mark_input(table *t, const kt_model *m)
{
    const kt_error     *e = kt_model_error(m);
    const kt_container *c = kt_container_of(m->root);
    bool                known = c && c->ready && e->input >= 0 && e->input < c->n_in;

    if (!known || !kt_streq(e->layer, c->inner ? c->inner : m->root->name) || t->n == MAX_LINES)
        return;
    const kt_layer *input = c->in[e->input].layer;
    for (int i = 0; i < kt_model_layers(m) && i < t->n; i++)
        if (kt_table_layer(m, i) == input) {
            t->line[i].mark = REFUSED;
            return;
        }
    add_line(t, input, shapes_text(&t->arena, 1, &kt_symbol_result(c->in[e->input])->shape), "",
             REFUSED);
    line last = t->line[t->n - 1];
    memmove(t->line + 1, t->line, (size_t)(t->n - 1) * sizeof last);
    t->line[0] = last;
}

/* Of an unknown optimizer, say, a table of shapes tells nothing. */
static bool is_about_shapes(const kt_error *e)
{
    return e->layer || e->axis >= 0 || strstr(e->message, "shape");
}

static bool tells_shapes(const table *t)
{
    for (int i = 0; i < t->n; i++)
        if (*t->line[i].in || *t->line[i].out)
            return true;
    return false;
}

static int widest(const table *t, bool names)
{
    size_t w = names ? strlen("layer") : strlen("receives");

    for (int i = 0; i < t->n; i++) {
        size_t n = strlen(names ? t->line[i].name : t->line[i].in);
        w = n > w ? n : w;
    }
    return (int)(w < 48 ? w : 48);
}

/* What makes text stand out on a terminal, and what ends it; nothing elsewhere. */
typedef struct paint {
    const char *strong, *end;
} paint;

static paint paint_for(FILE *out)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool        plain = (no_color && *no_color) || !term || kt_streq(term, "dumb");

    return isatty(fileno(out)) && !plain ? (paint){"\033[1;31m", "\033[0m"} : (paint){"", ""};
}

static void print_table(kt_str *out, const table *t, paint p)
{
    int names = widest(t, true), ins = widest(t, false);

    kt_str_printf(out, "\n  %-*s  %-*s  %s\n", names, "layer", ins, "receives", "gives");
    for (int i = 0; i < t->n; i++) {
        const line *l = &t->line[i];
        kt_str_printf(out, "%s%s %-*s  %-*s  %s%s\n", l->mark ? p.strong : "", l->mark ? ">" : " ",
                      names, l->name, ins, l->in, l->mark ? l->mark : l->out, l->mark ? p.end : "");
    }
}

/* On a terminal an array of many lines would push what matters out of sight. */
static void print_error(kt_str *out, const kt_error *e, paint p, bool terminal)
{
    kt_str_printf(out, "%s%s:%s %s\n", p.strong, e->type, p.end,
                  terminal && e->brief ? e->brief : e->message);
    if (e->layer)
        kt_str_printf(out, "  in layer '%s'\n", e->layer);
    if (e->file)
        kt_str_printf(out, "  %s:%d: %s\n", e->file, e->line, e->text ? e->text : "");
    if (e->hint)
        kt_str_printf(out, "  %s\n", e->hint);
}

void kt_explain(const kt_model *m, FILE *out)
{
    const kt_error *e = kt_model_error(m), *other = e ? NULL : kt_thread_error();
    kt_str          text = {0};
    table          *t = e && out ? kt_alloc(sizeof *t) : NULL;

    if (other && out) {
        print_error(&text, other, paint_for(out), isatty(fileno(out)));
        fputs(kt_str_text(&text), out);
        kt_str_free(&text);
    }
    if (!t)
        return;
    paint p = paint_for(out);
    print_error(&text, e, p, isatty(fileno(out)));
    if (!from_rows(t, m)) {
        from_model(t, m);
        mark_input(t, m);
    }
    if (is_about_shapes(e) && tells_shapes(t))
        print_table(&text, t, p);
    kt_advice_hook(m, &text);
    fputs(kt_str_text(&text), out);
    kt_str_free(&text);
    kt_arena_free(&t->arena);
    kt_free(t);
}
