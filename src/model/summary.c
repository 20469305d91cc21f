/* summary.c - Model.summary() on a terminal of 80 columns. */
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

static void add_layer(kt_str *out, kt_box *box, const kt_model *m, const kt_layer *l)
{
    kt_str      cell[KT_BOX_COLUMNS] = {{0}};
    const char *text[KT_BOX_COLUMNS];

    kt_str_printf(&cell[0], "%s (%s)", l->name, l->type->cls.class_name);
    shape_cell(&cell[1], l);
    params_cell(&cell[2], l);
    if (box->n > 3)
        connections_cell(&cell[3], kt_container_of(m->root), l);
    for (int i = 0; i < KT_BOX_COLUMNS; i++)
        text[i] = kt_str_text(&cell[i]);
    kt_box_row(out, box, text);
    for (int i = 0; i < KT_BOX_COLUMNS; i++)
        kt_str_free(&cell[i]);
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

void kt_summary(kt_model *m, FILE *out)
{
    static const char *const head[] = {"Layer (type)", "Output Shape", "Param #", "Connected to"};
    kt_str                   text = {0};
    kt_box                   box = {.n = 3, .width = {31, 22, 13}, .right = {[2] = true}};

    if (!m || !out)
        return;
    if (!is_chain(m))
        box = (kt_box){.n = 4, .width = {19, 17, 10, 17}, .right = {[2] = true}};
    kt_str_printf(&text, "Model: \"%s\"\n", kt_model_name(m));
    kt_box_head(&text, &box, head);
    for (int i = 0; kt_table_layer(m, i); i++)
        add_layer(&text, &box, m, kt_table_layer(m, i));
    kt_box_end(&text, &box);
    add_tallies(&text, m);
    fputs(kt_str_text(&text), out);
    kt_str_free(&text);
}
