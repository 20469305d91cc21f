/* target.c - which loss, metrics and target array each output has, by the compile configuration. */
#include "model/step.h"
#include "nn/container.h"

/* --- settling: which loss each output has --- */

static kt_status settle_loss(kt_model *m, kt_target *t)
{
    if (kt_is_none(t->asked))
        return KT_OK;
    t->loss_by_shape = kt_is_crossentropy(t->asked);
    if (!t->loss_by_shape)
        t->loss = kt_object_make(&m->arena, "loss", t->asked, &m->fault);
    return m->fault.e.status;
}

/* --- matching: which target array each loss takes --------------------------------------------- */

/* The targets as Keras prints their structure. */
static void add_structure(kt_str *out, const kt_step_key *k)
{
    const kt_column *c = k->data ? k->data->y : NULL;
    bool             named = c && kt_columns_named(c, k->n_y);

    if (k->n_y == 0 || (k->n_y == 1 && !named && !(c && c->name && *c->name))) {
        kt_str_addc(out, '*');
        return;
    }
    kt_str_addc(out, named ? '{' : '(');
    for (int i = 0; i < k->n_y; i++)
        if (named)
            kt_str_printf(out, "%s'%s': '*'", i ? ", " : "", c[i].name);
        else
            kt_str_add(out, i ? ", '*'" : "'*'");
    kt_str_add(out, named ? "}" : k->n_y == 1 ? ",)" : ")");
}

static kt_status other_structure(kt_model *m, const kt_step_key *k)
{
    kt_str text = {0};

    kt_str_add(&text, "y_true and y_pred have different structures.\ny_true: ");
    add_structure(&text, k);
    kt_str_add(&text, "\ny_pred: ");
    kt_add_outputs(&text, m, "*");
    kt_raise(&m->fault, KT_E_VALUE, "%s\n", kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

static size_t count_given(const kt_value *loss)
{
    size_t n = 0;

    if (kt_asks_one(loss) || !(kt_value_is_seq(loss) || loss->kind == KT_DICT))
        return 1;
    for (size_t i = 0; i < loss->n; i++)
        n += !kt_is_none(loss->items[i]);
    return n;
}

/* The array of that name, where they have names; else the next one. -1: there is none. */
static int array_of(const kt_step_key *k, const char *name, int next)
{
    if (!k->data || !kt_columns_named(k->data->y, k->n_y))
        return next;
    for (int i = 0; i < k->n_y; i++)
        if (kt_streq(k->data->y[i].name, name))
            return i;
    return -1;
}

/* Fewer or more targets than outputs: a list of losses may say whose they are, and so may a dict of
 * those of a dict of outputs. */
static kt_status match_some(kt_model *m, const kt_step_key *k, const kt_value *loss)
{
    const kt_value *names = kt_output_dict(m);
    bool whose = kt_value_is_seq(loss) || (names && loss->kind == KT_DICT && !kt_asks_one(loss));
    int  given = k->n_y > 0 ? k->n_y : 1, next = 0;

    if (count_given(loss) != (size_t)given)
        return other_structure(m, k);
    if (kt_targets_pair(m) != KT_OK)
        return m->fault.e.status;
    for (int i = 0; i < m->n_targets; i++) {
        bool mine = !kt_is_none(m->target[i].asked);
        if (mine && !whose)
            return kt_raise_no_path(m, (size_t)i, names ? names->keys[i] : NULL);
        m->target[i].y = mine ? array_of(k, m->target[i].name, next++) : -1;
        if (mine && m->target[i].y < 0)
            return other_structure(m, k);
    }
    return KT_OK;
}

static void name_targets(kt_model *m)
{
    m->n_targets = kt_model_outputs(m);
    for (int i = 0; i < m->n_targets; i++) {
        m->target[i].name = kt_output_key(m, i);
        m->target[i].y = i;
    }
}

/* Keras takes the names of a dict that is not one of the outputs for the targets themselves. */
static kt_status no_targets(kt_model *m, const kt_step_key *k)
{
    int i = 0;

    while (i + 1 < k->n_y && kt_is_none(m->target[i].asked))
        i++;
    return kt_raise(&m->fault, KT_E_TYPE, "Expected float32, but got %s of type 'str'.",
                    k->data ? k->data->y[i].name : "a name");
}

kt_status kt_targets_match(kt_model *m, const kt_step_key *k)
{
    const kt_value *loss = kt_value_get(m->compile_config, "loss");

    name_targets(m);
    if (kt_is_none(loss))
        return m->fault.e.status;
    if (m->n_targets == 1 && k->n_y > 1)
        return other_structure(m, k);
    if (m->n_targets > 1 && k->n_y != m->n_targets)
        return match_some(m, k, loss);
    if (kt_targets_pair(m) == KT_OK && k->y_named)
        no_targets(m, k);
    return m->fault.e.status;
}

kt_status kt_targets_settle(kt_model *m)
{
    if (m->n_targets == 0) { /* asked before there are targets */
        name_targets(m);
        kt_targets_pair(m);
    }
    for (int i = 0; i < m->n_targets && m->fault.e.status == KT_OK && !m->losses_settled; i++)
        settle_loss(m, &m->target[i]);
    m->losses_settled = true;
    return m->fault.e.status;
}
