/* summary.c - Model.summary(). */
#include <math.h>

#include "model/box.h"
#include "model/model.h"
#include "nn/container.h"

/* --- is it one chain? ------------------------------------------------------------------------- */

static bool follows(const kt_visit *before, const kt_visit *v)
{
    const kt_inbound *b = v->layer->inbound.at[v->node];

    return b->n_in == 1 && b->in[0].layer == before->layer && b->in[0].node == before->node;
}

/* One layer after another, each used once: such a model needs no column of connections. */
static bool is_chain(const kt_model *m)
{
    const kt_container *c = kt_container_of(m->root);

    if (m->root->type != &kt_layer_functional || !c->ready)
        return true;
    if (c->n_in > 1)
        return false;
    for (int i = 1; i < c->n_visits; i++) {
        if (!follows(&c->visits[i - 1], &c->visits[i]))
            return false;
        for (int k = 0; k < i; k++)
            if (c->visits[k].layer == c->visits[i].layer)
                return false;
    }
    return true;
}

/* --- cells ------------------------------------------------------------------------------------ */

/* "(None, 4)", and "(None)" for one axis. */
static void add_shape(kt_str *out, const kt_shape *s)
{
    kt_str_addc(out, '(');
    for (int i = 0; i < s->rank; i++)
        if (s->dim[i] == KT_UNKNOWN)
            kt_str_printf(out, "%sNone", i ? ", " : "");
        else
            kt_str_printf(out, "%s%lld", i ? ", " : "", (long long)s->dim[i]);
    kt_str_addc(out, ')');
}

/* What its last use gives; a layer that only was built tells nothing. */
static void shape_cell(kt_str *out, const kt_layer *l)
{
    const kt_inbound *b = l->inbound.n ? l->inbound.at[l->inbound.n - 1] : NULL;

    if (!b)
        kt_str_addc(out, '?');
    for (int i = 0; b && i < b->n_out; i++) {
        kt_str_add(out, i ? ", " : b->n_out > 1 ? "[" : "");
        add_shape(out, &b->out[i].shape);
    }
    if (b && b->n_out > 1)
        kt_str_addc(out, ']');
}

static void add_count(kt_str *out, int64_t n)
{
    if (n >= 1000) {
        add_count(out, n / 1000);
        kt_str_printf(out, ",%03lld", (long long)(n % 1000));
    } else {
        kt_str_printf(out, "%lld", (long long)n);
    }
}

static void params_cell(kt_str *out, const kt_layer *l)
{
    bool built = l->built || l->inbound.n > 0 || (l->type->flags & KT_LAYER_READY);

    if (built)
        add_count(out, kt_count_params(l));
    else
        kt_str_add(out, "0 (unbuilt)");
}

/* "dense[0][0], lstm[0][1]", or "-". */
static void connections_cell(kt_str *out, const kt_container *c, const kt_layer *l)
{
    bool any = false;

    for (int i = 0; i < c->n_visits; i++) {
        if (c->visits[i].layer != l)
            continue;
        const kt_inbound *b = l->inbound.at[c->visits[i].node];
        for (int k = 0; k < b->n_in; k++, any = true)
            kt_str_printf(out, "%s%s[%d][%d]", any ? ", " : "", b->in[k].layer->name, b->in[k].node,
                          b->in[k].index);
    }
    if (!any)
        kt_str_addc(out, '-');
}

static void trainable_cell(kt_str *out, const kt_layer *l)
{
    kt_vec weights = {0};
    bool   any = kt_collect_weights(l, false, false, &weights) == KT_OK && weights.n > 0;

    kt_str_add(out, !any ? "-" : l->trainable ? "Y" : "N");
    kt_vec_free(&weights);
}

/* --- rows ------------------------------------------------------------------------------------- */

typedef struct sheet {
    const kt_summary_args *how;
    const kt_model        *m;
    kt_str                 text;
    kt_box                 box;
    bool                   chain;
} sheet;

static void add_layer(sheet *s, const kt_layer *l, int depth)
{
    kt_str      cell[KT_BOX_COLUMNS] = {{0}};
    const char *text[KT_BOX_COLUMNS];

    if (depth > 0)
        kt_str_printf(&cell[0], "%*s└ ", 3 * depth, "");
    kt_str_printf(&cell[0], "%s (%s)", l->name, l->type->cls.class_name);
    shape_cell(&cell[1], l);
    params_cell(&cell[2], l);
    if (!s->chain)
        connections_cell(&cell[3], kt_container_of(s->m->root), l);
    if (s->how->show_trainable)
        trainable_cell(&cell[s->box.n - 1], l);
    for (int i = 0; i < KT_BOX_COLUMNS; i++)
        text[i] = kt_str_text(&cell[i]);
    kt_box_row(&s->text, &s->box, text);
    for (int i = 0; i < KT_BOX_COLUMNS; i++)
        kt_str_free(&cell[i]);
}

static void add_with_inner(sheet *s, const kt_layer *l, int depth)
{
    const kt_layer *inner;

    add_layer(s, l, depth);
    for (int i = 0; s->how->expand_nested && (inner = kt_inner_layer(l, i)) != NULL; i++)
        add_with_inner(s, inner, depth + 1);
}

/* --- counts ----------------------------------------------------------------------------------- */

typedef struct tally {
    int64_t count;
    double  bytes;
} tally;

static tally count_variables(const kt_vec *v)
{
    tally t = {0};

    for (size_t i = 0; i < v->n; i++) {
        const kt_variable *w = v->at[i];
        int64_t            n = kt_shape_count(&w->shape);
        t.count += n;
        t.bytes += (double)n * (double)kt_dtype_size(w->dtype);
    }
    return t;
}

static tally count_weights(const kt_model *m, bool trainable)
{
    kt_vec v = {0};
    tally  t = {0};

    if (kt_collect_weights(m->root, trainable, !trainable, &v) == KT_OK)
        t = count_variables(&v);
    kt_vec_free(&v);
    return t;
}

static void add_tally(kt_str *out, const char *what, tally t)
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB", "PB"};
    size_t                   unit = 0;

    while (t.bytes >= 1024 && unit + 1 < KT_COUNT(units)) {
        t.bytes /= 1024;
        unit++;
    }
    kt_str_printf(out, " %s params: ", what);
    add_count(out, t.count);
    kt_str_printf(out, " (%.2f %s)\n", t.bytes, units[unit]);
}

static void add_tallies(kt_str *out, const kt_model *m)
{
    bool  tuned = m->optimizer && m->optimizer->built;
    tally trainable = count_weights(m, true), rest = count_weights(m, false);
    tally optimizer = tuned ? count_variables(&m->optimizer->variables) : (tally){0};
    tally all = {trainable.count + rest.count + optimizer.count,
                 trainable.bytes + rest.bytes + optimizer.bytes};

    add_tally(out, "Total", all);
    add_tally(out, "Trainable", trainable);
    add_tally(out, "Non-trainable", rest);
    if (tuned)
        add_tally(out, "Optimizer", optimizer);
}

/* --- the page --------------------------------------------------------------------------------- */

enum { MOST = 100000 }; /* letters of a line */

typedef struct column {
    const char *head;
    double      end; /* share of the line */
    kt_align    align;
} column;

static const column of_chain[] = {{"Layer (type)", 0.45, KT_LEFT},
                                  {"Output Shape", 0.80, KT_LEFT},
                                  {"Param #", 1.0, KT_RIGHT}},
                    of_graph[] = {{"Layer (type)", 0.3, KT_LEFT},
                                  {"Output Shape", 0.56, KT_LEFT},
                                  {"Param #", 0.74, KT_RIGHT},
                                  {"Connected to", 1.0, KT_LEFT}};

/* Keras' widths fill the line already; rich takes the lines and blanks around the texts from all
 * columns evenly, and rounds halves to even as Python does. */
static void narrow(kt_box *b)
{
    int excess = 3 * b->n + 1;

    for (int i = 0; i < b->n; i++) {
        int part = (int)lrint((double)excess / (b->n - i));
        b->width[i] -= part;
        excess -= part;
    }
}

/* False if the line is too short for a table. */
static bool lay_out(sheet *s, const char **heads)
{
    const column *c = s->chain ? of_chain : of_graph;
    bool          more = s->how->show_trainable;
    int64_t       line = s->how->line_length ? s->how->line_length : 76;
    int           before = 0;

    s->box.n = (s->chain ? 3 : 4) + more;
    for (int i = 0; i < s->box.n; i++) {
        bool   added = more && i + 1 == s->box.n;
        double end = added ? 1.0 : more ? c[i].end * 0.90 : c[i].end;
        if (line > MOST || (s->box.width[i] = (int)(end * (double)line) - before) < 4)
            return false;
        s->box.align[i] = added ? KT_CENTRE : c[i].align;
        heads[i] = added ? "Trainable" : c[i].head;
        before += s->box.width[i];
    }
    narrow(&s->box);
    return true;
}

static const char *const members[] = {"model",          "out", "line_length", "expand_nested",
                                      "show_trainable", NULL};

kt_status kt_summary_with(const kt_summary_args *args)
{
    kt_model       *m = args ? args->model : NULL;
    kt_summary_args a;
    sheet           s = {.how = &a, .m = m};
    const char     *heads[KT_BOX_COLUMNS];

    if (!m)
        return kt_raise_null("kt_summary", args ? "the model" : "the argument struct");
    if (kt_args_take(&a, sizeof a, &args->at, "kt_summary_args", members, &m->fault) != KT_OK)
        return m->fault.e.status;
    if (m->tuned && m->optimizer && kt_model_build_optimizer(m) != KT_OK)
        return m->fault.e.status;
    s.chain = is_chain(m);
    if (!lay_out(&s, heads)) {
        kt_raise(&m->fault, KT_E_VALUE, "Insufficient console width to print summary.");
        kt_args_site(&m->fault, &args->at, "kt_summary");
        return m->fault.e.status;
    }
    kt_str_printf(&s.text, "Model: \"%s\"\n", kt_model_name(m));
    kt_box_head(&s.text, &s.box, heads);
    for (int i = 0; kt_table_layer(m, i); i++)
        add_with_inner(&s, kt_table_layer(m, i), 0);
    kt_box_end(&s.text, &s.box);
    add_tallies(&s.text, m);
    fputs(kt_str_text(&s.text), a.out ? a.out : stdout);
    kt_str_free(&s.text);
    return KT_OK;
}

void kt_summary(kt_model *m, FILE *out)
{
    kt_summary_args args = {.model = m, .out = out};

    args.at.size = sizeof args;
    (void)kt_summary_with(&args);
}
