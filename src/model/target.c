/* target.c - which loss, metrics and target array each output has, by the compile configuration. */
#include "model/step.h"
#include "nn/container.h"

/* --- settling: which loss and metrics each output has ----------------------------------------- */

static bool is_object(const kt_value *v)
{
    return v && (v->kind == KT_STR || v->kind == KT_CALL || kt_value_get(v, "class_name"));
}

/* Output i's part of a list or dict over the outputs. */
static const kt_value *part_of(const kt_model *m, const kt_value *v, int i)
{
    if (kt_value_is_seq(v))
        return i < (int)v->n ? v->items[i] : NULL;
    return v && v->kind == KT_DICT ? kt_value_get(v, m->target[i].name) : NULL;
}

/* Keras' sentences for a loss dict whose keys are not the outputs; a Sequential has no names. */
static kt_status check_loss_keys(kt_model *m, const kt_value *v)
{
    kt_str text = {0};
    bool   all = (int)v->n == m->n_targets;

    if (kt_streq(m->root->type->cls.class_name, "Sequential"))
        return kt_raise(&m->fault, KT_E_TYPE, "'NoneType' object is not iterable");
    for (int i = 0; i < m->n_targets; i++)
        all = all && kt_value_get(v, m->target[i].name);
    if (all)
        return KT_OK;
    kt_str_add(&text, "Expected keys [");
    for (int i = 0; i < m->n_targets; i++)
        kt_str_printf(&text, "%s'%s'", i ? ", " : "", m->target[i].name);
    kt_str_add(&text, "] in loss dict, but found loss.keys()=[");
    for (size_t i = 0; i < v->n; i++)
        kt_str_printf(&text, "%s'%s'", i ? ", " : "", v->keys[i]);
    kt_raise(&m->fault, KT_E_VALUE, "%s]", kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

static size_t count_losses(const kt_value *v)
{
    return kt_value_is_seq(v) || (v && v->kind == KT_DICT && !is_object(v)) ? v->n : 1;
}

static kt_status check_losses(kt_model *m, const kt_value *loss, const kt_value *weights)
{
    bool many = kt_value_is_seq(weights) || (weights && weights->kind == KT_DICT);

    if (many && count_losses(loss) != weights->n)
        return kt_raise(&m->fault, KT_E_VALUE,
                        "`loss_weights` must match the number of losses, got %zu losses and %zu "
                        "weights.",
                        count_losses(loss), weights->n);
    return loss && loss->kind == KT_DICT && !is_object(loss) ? check_loss_keys(m, loss) : KT_OK;
}

static kt_status settle_loss(kt_model *m, int i, const kt_value *v)
{
    const kt_value *mine = is_object(v) ? v : part_of(m, v, i);

    if (kt_is_none(mine))
        return KT_OK;
    m->target[i].loss_by_shape = kt_is_crossentropy(mine);
    if (!m->target[i].loss_by_shape)
        m->target[i].loss = kt_object_make(&m->arena, "loss", mine, &m->fault);
    return m->fault.e.status;
}

static kt_status add_metric(kt_model *m, kt_vec *to, const kt_value *v)
{
    if (kt_is_none(v))
        return kt_raise(&m->fault, KT_E_VALUE, "Expected metric, received `None`");
    const kt_object *o = kt_object_make(&m->arena, "metric", v, &m->fault);
    if (o && !kt_vec_push(to, (void *)(uintptr_t)o))
        kt_raise_memory(&m->fault);
    return m->fault.e.status;
}

/* One output takes all metrics, however they are nested, and whatever a dict calls it. */
static kt_status add_all_metrics(kt_model *m, kt_vec *to, const kt_value *v)
{
    if (kt_is_none(v))
        return KT_OK;
    if (is_object(v))
        return add_metric(m, to, v);
    for (size_t k = 0; k < v->n; k++)
        if ((kt_is_none(v->items[k]) ? add_metric(m, to, v->items[k])
                                     : add_all_metrics(m, to, v->items[k])) != KT_OK)
            break;
    return m->fault.e.status;
}

static kt_status settle_metrics(kt_model *m, int i, const kt_value *v, kt_vec *to, const char *what)
{
    if (kt_is_none(v))
        return KT_OK;
    if (is_object(v)) {
        kt_str text = {0};
        kt_value_repr(&text, v);
        kt_raise(
            &m->fault, KT_E_VALUE,
            "Expected `%s` argument to be a list, tuple, or dict. Received instead: %s=%s of type <class 'str'>",
            what, what, v->kind == KT_STR ? v->s : kt_str_text(&text));
        kt_str_free(&text);
        return m->fault.e.status;
    }
    if (m->n_targets == 1)
        return add_all_metrics(m, to, v);
    if (kt_value_is_seq(v) && (int)v->n != m->n_targets)
        return kt_raise(
            &m->fault, KT_E_VALUE,
            "For a model with multiple outputs, when providing the `%s` argument as a list, it should have as many entries as the model has outputs.",
            what);
    return add_all_metrics(m, to, part_of(m, v, i));
}

static double weight_of(const kt_model *m, int i)
{
    const kt_value *v = kt_value_get(m->compile_config, "loss_weights");
    double          w = 1;

    if (!kt_is_none(v))
        (void)kt_value_number(kt_value_is_seq(v) || v->kind == KT_DICT ? part_of(m, v, i) : v, &w);
    return w;
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
    kt_str_add(&text, m->n_targets > 1 ? "\ny_pred: [" : "\ny_pred: *");
    for (int i = 0; m->n_targets > 1 && i < m->n_targets; i++)
        kt_str_add(&text, i ? ", '*'" : "'*'");
    kt_raise(&m->fault, KT_E_VALUE, "%s%s\n", kt_str_text(&text), m->n_targets > 1 ? "]" : "");
    kt_str_free(&text);
    return KT_E_VALUE;
}

static kt_status no_path(kt_model *m, size_t i)
{
    return kt_raise(&m->fault, KT_E_KEY,
                    "\"The path: (%zu,) in the `loss` argument, can't be found in either the "
                    "model's output (`y_pred`) or in the labels (`y_true`).\"",
                    i);
}

static size_t count_given(const kt_value *loss)
{
    size_t n = 0;

    if (!kt_value_is_seq(loss) && (loss->kind != KT_DICT || is_object(loss)))
        return 1;
    for (size_t i = 0; i < loss->n; i++)
        n += !kt_is_none(loss->items[i]);
    return n;
}

/* Fewer or more targets than outputs: a list of losses may say whose they are. */
static kt_status match_some(kt_model *m, const kt_step_key *k, const kt_value *loss)
{
    int given = k->n_y > 0 ? k->n_y : 1, next = 0;

    if (count_given(loss) != (size_t)given)
        return other_structure(m, k);
    if (check_losses(m, loss, kt_value_get(m->compile_config, "loss_weights")) != KT_OK)
        return m->fault.e.status;
    for (int i = 0; i < m->n_targets; i++) {
        bool mine = !kt_is_none(is_object(loss) ? loss : part_of(m, loss, i));
        if (mine && !kt_value_is_seq(loss))
            return no_path(m, (size_t)i);
        m->target[i].y = mine ? next++ : -1;
    }
    return KT_OK;
}

static void name_targets(kt_model *m)
{
    m->n_targets = kt_model_outputs(m);
    for (int i = 0; i < m->n_targets; i++) {
        m->target[i].name = kt_model_output_name(m, i);
        m->target[i].y = i;
    }
}

/* Keras takes the names of a dict that is not one of the outputs for the targets themselves. */
static kt_status no_targets(kt_model *m, const kt_step_key *k, const kt_value *loss)
{
    int i = 0;

    while (i + 1 < k->n_y && kt_is_none(is_object(loss) ? loss : part_of(m, loss, i)))
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
    if (m->n_targets == 1)
        return k->n_y > 1 ? other_structure(m, k) : m->fault.e.status;
    if (k->n_y != m->n_targets) {
        if (match_some(m, k, loss) != KT_OK)
            return m->fault.e.status;
    } else if (k->y_named) {
        return no_targets(m, k, loss);
    }
    if (check_losses(m, loss, kt_value_get(m->compile_config, "loss_weights")) != KT_OK)
        return m->fault.e.status;
    for (size_t i = (size_t)m->n_targets; kt_value_is_seq(loss) && i < loss->n; i++)
        if (!kt_is_none(loss->items[i]))
            return no_path(m, i);
    return KT_OK;
}

kt_status kt_targets_settle(kt_model *m)
{
    const kt_value *loss = kt_value_get(m->compile_config, "loss");

    if (m->losses_settled)
        return m->fault.e.status;
    m->losses_settled = true;
    check_losses(m, loss, kt_value_get(m->compile_config, "loss_weights"));
    for (int i = 0; i < m->n_targets && m->fault.e.status == KT_OK; i++) {
        kt_target *t = &m->target[i];
        t->weight = weight_of(m, i);
        settle_loss(m, i, loss);
    }
    return m->fault.e.status;
}

/* After the losses have had their say. */
kt_status kt_targets_settle_metrics(kt_model *m)
{
    static const char *const keys[] = {"metrics", "weighted_metrics"};

    for (int i = 0; i < m->n_targets && !m->metrics_settled; i++)
        for (size_t k = 0; k < KT_COUNT(keys) && m->fault.e.status == KT_OK; k++)
            settle_metrics(m, i, kt_value_get(m->compile_config, keys[k]),
                           k == 0 ? &m->target[i].metrics : &m->target[i].weighted, keys[k]);
    m->metrics_settled = true;
    return m->fault.e.status;
}
