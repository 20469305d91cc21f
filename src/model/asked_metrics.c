/* asked_metrics.c - which metrics each output has, by what compile was given. */
#include "model/step.h"
#include "nn/container.h"

/* --- as Keras prints them --------------------------------------------------------------------- */

static void add_object(kt_str *out, kt_model *m, const kt_value *v)
{
    kt_fault         f = {0};
    const kt_object *o = kt_object_make(&m->arena, "metric", v, &f);

    if (o)
        kt_str_printf(out, "<%s name=%s>", o->cls->class_name, kt_object_key(m, o));
    else
        kt_value_repr(out, v);
    kt_fault_clear(&f);
}

/* Lists may be told as tuples. */
static void add_asked(kt_str *out, kt_model *m, const kt_value *v, bool tuples)
{
    bool list = kt_value_is_seq(v), tuple = list && (tuples || v->kind == KT_TUPLE);

    if (kt_asks_one(v) && v->kind != KT_STR) {
        add_object(out, m, v);
    } else if (list || v->kind == KT_DICT) {
        kt_str_addc(out, tuple ? '(' : list ? '[' : '{');
        for (size_t i = 0; i < v->n; i++) {
            kt_str_printf(out, i ? ", " : "");
            if (!list)
                kt_str_printf(out, "'%s': ", v->keys[i]);
            add_asked(out, m, v->items[i], tuples);
        }
        kt_str_printf(out, tuple && v->n == 1 ? "," : "");
        kt_str_addc(out, tuple ? ')' : list ? ']' : '}');
    } else {
        kt_value_repr(out, v);
    }
}

/* Which names a dict has, and which of the outputs it should have: as optree says it. */
static void add_keys(kt_str *out, const kt_value *v, const kt_value *without)
{
    int n = 0;

    kt_str_addc(out, '[');
    for (size_t k = 0; k < v->n; k++) {
        const char *key = v->keys[kt_sorted_place(v, k)];
        if (!without || !kt_value_get(without, key))
            kt_str_printf(out, "%s'%s'", n++ ? ", " : "", key);
    }
    kt_str_addc(out, ']');
}

static void add_mismatch(kt_str *out, const kt_model *m, const kt_value *v)
{
    const kt_value *names = kt_output_dict(m);

    if (names && v->kind == KT_DICT) {
        kt_str_add(out, "dictionary key mismatch; expected key(s): ");
        add_keys(out, names, NULL);
        kt_str_add(out, ", got key(s): ");
        add_keys(out, v, NULL);
        kt_str_add(out, ", missing key(s): ");
        add_keys(out, names, v);
        kt_str_add(out, ", extra key(s): ");
        add_keys(out, v, names);
        kt_str_add(out, "; dict: ");
    } else if (names) {
        kt_str_add(out, "Expected an instance of dict, collections.OrderedDict, or "
                        "collections.defaultdict, got ");
    } else if (kt_value_is_seq(v)) {
        kt_str_printf(out, "tuple arity mismatch; expected: %d, got: %zu; tuple: ", m->n_targets,
                      v->n);
    } else {
        kt_str_add(out, "Expected an instance of tuple, got ");
    }
}

static kt_status refuse_structure(kt_model *m, const kt_value *v, const char *what)
{
    const kt_container *c = kt_container_of(m->root);
    kt_str              text = {0};

    add_mismatch(&text, m, v);
    add_asked(&text, m, v, true);
    kt_str_printf(&text,
                  ".\nInvalid `%s`. `%s` should contain metrics objects and either be a dict or a "
                  "list matching the output names of the functional model [",
                  what, what);
    for (int i = 0; i < m->n_targets; i++)
        kt_str_printf(&text, "%s'%s'", i ? ", " : "", c ? c->out[i].layer->name : m->root->name);
    kt_str_add(&text, "] or match the output structure of the model: ");
    kt_add_outputs(&text, m, "X");
    kt_str_printf(&text, ".\nReceived: %s=", what);
    add_asked(&text, m, v, false);
    kt_raise(&m->fault, KT_E_VALUE, "%s", kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

/* Of several outputs the whole argument is told. */
static kt_status add_received(kt_model *m, const kt_value *v, const char *what)
{
    kt_fault before = m->fault;
    kt_str   text = {0};

    if (m->fault.e.status == KT_OK)
        return KT_OK;
    kt_str_printf(&text, "%s\nReceived: %s=", m->fault.e.message, what);
    add_asked(&text, m, v, false);
    m->fault = (kt_fault){0};
    kt_raise(&m->fault, before.e.status, "%s", kt_str_text(&text));
    kt_fault_clear(&before);
    kt_str_free(&text);
    return m->fault.e.status;
}

/* --- settling --------------------------------------------------------------------------------- */

static kt_status add_metric(kt_model *m, kt_vec *to, const kt_value *v)
{
    kt_str text = {0};

    if (kt_is_none(v))
        return kt_raise(&m->fault, KT_E_VALUE, "Expected metric, received `None`");
    if (!kt_asks_one(v)) {
        add_asked(&text, m, v, false);
        kt_raise(&m->fault, KT_E_VALUE, "Could not interpret metric identifier: %s",
                 kt_str_text(&text));
        kt_str_free(&text);
        return m->fault.e.status;
    }
    const kt_object *o = kt_object_make(&m->arena, "metric", v, &m->fault);
    if (o && !kt_vec_push(to, (void *)(uintptr_t)o))
        kt_raise_memory(&m->fault);
    return m->fault.e.status;
}

/* One output takes all metrics, however they are nested, and whatever a dict calls it. */
static kt_status add_all(kt_model *m, kt_vec *to, const kt_value *v)
{
    if (kt_is_none(v))
        return KT_OK;
    if (kt_asks_one(v) || !(kt_value_is_seq(v) || v->kind == KT_DICT))
        return add_metric(m, to, v);
    for (size_t k = 0; k < v->n && m->fault.e.status == KT_OK; k++)
        if (kt_is_none(v->items[k]))
            add_metric(m, to, v->items[k]);
        else
            add_all(m, to, v->items[k]);
    return m->fault.e.status;
}

/* One of several outputs takes a metric or a list of them. */
static kt_status add_some(kt_model *m, kt_vec *to, const kt_value *v)
{
    if (kt_is_none(v) || !kt_value_is_seq(v))
        return kt_is_none(v) ? KT_OK : add_metric(m, to, v);
    for (size_t k = 0; k < v->n && m->fault.e.status == KT_OK; k++)
        add_metric(m, to, v->items[k]);
    return m->fault.e.status;
}

static bool fits_outputs(const kt_model *m, const kt_value *v)
{
    if (kt_value_is_seq(v))
        return v->n == 0 || (int)v->n == m->n_targets;
    for (size_t k = 0; k < v->n; k++) {
        int i = 0;
        while (i < m->n_targets && !kt_streq(v->keys[k], m->target[i].name))
            i++;
        if (i == m->n_targets)
            return false;
    }
    return true;
}

static kt_status refuse_kind(kt_model *m, const kt_value *v, const char *what)
{
    kt_str text = {0};

    kt_python_str(&text, v);
    kt_raise(
        &m->fault, KT_E_VALUE,
        "Expected `%s` argument to be a list, tuple, or dict. Received instead: %s=%s of type <class '%s'>",
        what, what, kt_str_text(&text), kt_python_type(v));
    kt_str_free(&text);
    return m->fault.e.status;
}

static kt_status settle(kt_model *m, const char *what, bool weighted)
{
    const kt_value *v = kt_value_get(m->compile_config, what), *mine;

    if (m->fault.e.status != KT_OK || kt_is_none(v))
        return m->fault.e.status;
    if (kt_asks_one(v) || !(kt_value_is_seq(v) || v->kind == KT_DICT))
        return refuse_kind(m, v, what);
    if (m->n_targets > 1 && !fits_outputs(m, v))
        return refuse_structure(m, v, what);
    for (int i = 0; i < m->n_targets && m->fault.e.status == KT_OK; i++) {
        kt_vec *to = weighted ? &m->target[i].weighted : &m->target[i].metrics;
        if (m->n_targets == 1)
            return add_all(m, to, v);
        mine = kt_value_is_seq(v) ? (i < (int)v->n ? v->items[i] : NULL)
                                  : kt_value_get(v, m->target[i].name);
        add_some(m, to, mine);
    }
    return add_received(m, v, what);
}

kt_status kt_targets_settle_metrics(kt_model *m)
{
    if (!m->metrics_settled && settle(m, "metrics", false) == KT_OK)
        settle(m, "weighted_metrics", true);
    m->metrics_settled = true;
    return m->fault.e.status;
}
