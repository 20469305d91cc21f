/* pairs.c - which loss and which weight of it each output has: Keras' CompileLoss.build. */
#include <string.h>

#include "model/step.h"
#include "nn/container.h"

bool kt_asks_one(const kt_value *v)
{
    return v && (v->kind == KT_STR || v->kind == KT_CALL || kt_value_get(v, "class_name"));
}

static bool is_nested(const kt_value *v)
{
    return v && (kt_value_is_seq(v) || v->kind == KT_DICT) && !kt_asks_one(v);
}

const kt_value *kt_output_dict(const kt_model *m)
{
    const kt_container *c = kt_container_of(m->root);

    return c && c->out_form && c->out_form->kind == KT_DICT ? c->out_form : NULL;
}

static void add_form(kt_str *out, const kt_value *form, const char *leaf)
{
    bool dict = form->kind == KT_DICT;

    if (form->kind == KT_INT) {
        kt_str_printf(out, "'%s'", leaf);
        return;
    }
    kt_str_addc(out, dict ? '{' : '[');
    for (size_t i = 0; i < form->n; i++) {
        kt_str_add(out, i ? ", " : "");
        if (dict)
            kt_str_printf(out, "'%s': ", form->keys[i]);
        add_form(out, form->items[i], leaf);
    }
    kt_str_addc(out, dict ? '}' : ']');
}

void kt_add_outputs(kt_str *out, const kt_model *m, const char *leaf)
{
    const kt_container *c = kt_container_of(m->root);

    if (c && c->out_form && (m->n_targets > 1 || c->out_form->kind == KT_DICT)) {
        add_form(out, c->out_form, leaf);
        return;
    }
    kt_str_add(out, m->n_targets > 1 ? "[" : leaf);
    for (int i = 0; m->n_targets > 1 && i < m->n_targets; i++)
        kt_str_printf(out, "%s'%s'", i ? ", " : "", leaf);
    kt_str_add(out, m->n_targets > 1 ? "]" : "");
}

bool kt_add_leaves(kt_vec *to, const kt_value *v)
{
    bool ok = true;

    if (!is_nested(v))
        return kt_vec_push(to, (void *)(uintptr_t)v);
    for (size_t i = 0; i < v->n && ok; i++)
        ok = kt_add_leaves(to, v->items[kt_sorted_place(v, i)]);
    return ok;
}

/* --- dicts by the outputs' names -------------------------------------------------------------- */

static kt_status check_keys(kt_model *m, const kt_value *loss)
{
    kt_str text = {0};
    bool   all = (int)loss->n == m->n_targets;

    for (int i = 0; i < m->n_targets; i++)
        all = all && kt_value_get(loss, m->target[i].name);
    if (all)
        return KT_OK;
    kt_str_add(&text, "Expected keys [");
    for (int i = 0; i < m->n_targets; i++)
        kt_str_printf(&text, "%s'%s'", i ? ", " : "", m->target[i].name);
    kt_str_add(&text, "] in loss dict, but found loss.keys()=[");
    for (size_t i = 0; i < loss->n; i++)
        kt_str_printf(&text, "%s'%s'", i ? ", " : "", loss->keys[i]);
    kt_raise(&m->fault, KT_E_VALUE, "%s]", kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

/* In the order of the outputs; NULL and Keras' KeyError where one of them is not named. */
static const kt_value *in_order(kt_model *m, const kt_value *dict)
{
    kt_value *list = kt_value_new(&m->arena, KT_LIST);

    for (int i = 0; list && i < m->n_targets; i++) {
        kt_value *v = (kt_value *)(uintptr_t)kt_value_get(dict, m->target[i].name);
        if (!v) {
            kt_raise(&m->fault, KT_E_KEY, "'%s'", m->target[i].name);
            return NULL;
        }
        if (!kt_value_add(&m->arena, list, NULL, v))
            list = NULL;
    }
    if (!list)
        kt_raise_memory(&m->fault);
    return list;
}

/* A Sequential has no names: its weights are counted, then it fails. */
static bool is_nameless_dict(const kt_model *m, const kt_value *loss)
{
    return is_nested(loss) && loss->kind == KT_DICT &&
           kt_streq(m->root->type->cls.class_name, "Sequential");
}

static kt_status by_names(kt_model *m, const kt_value **loss, const kt_value **weights)
{
    if (!is_nested(*loss) || (*loss)->kind != KT_DICT || is_nameless_dict(m, *loss) ||
        kt_output_dict(m))
        return KT_OK;
    if (check_keys(m, *loss) == KT_OK)
        *loss = in_order(m, *loss);
    if (m->fault.e.status == KT_OK && *weights && (*weights)->kind == KT_DICT)
        *weights = in_order(m, *weights);
    return m->fault.e.status;
}

/* --- pairs ------------------------------------------------------------------------------------ */

static kt_status count_weights(kt_model *m, const kt_value *weights, size_t losses, size_t n)
{
    if (losses == n)
        return KT_OK;
    if (!is_nested(weights))
        return kt_raise(&m->fault, KT_E_TYPE, "object of type '%s' has no len()",
                        kt_python_type(weights));
    return kt_raise(&m->fault, KT_E_VALUE,
                    "`loss_weights` must match the number of losses, got %zu losses and %zu "
                    "weights.",
                    losses, weights->n);
}

static double weight_of(const kt_vec *weights, size_t at)
{
    double weight = 1;

    if (at < weights->n)
        (void)kt_value_number(weights->at[at], &weight);
    return weight;
}

static kt_status give(kt_model *m, int i, const kt_vec *losses, size_t at, const kt_vec *weights)
{
    kt_target *t = &m->target[i];

    t->asked = losses->at[at];
    t->weight = weight_of(weights, at);
    return kt_is_none(t->asked)
             ? kt_raise(&m->fault, KT_E_ATTRIBUTE, "'NoneType' object has no attribute 'loss'")
             : KT_OK;
}

/* Losses [at, end) are further ones of output i. */
static kt_status give_more(kt_model *m, int i, const kt_vec *losses, size_t at, size_t end,
                           const kt_vec *weights)
{
    kt_more_loss **to = &m->target[i].more;

    for (; at < end; at++) {
        kt_more_loss *more = kt_arena_alloc(&m->arena, sizeof *more);
        if (!more)
            return kt_raise_memory(&m->fault);
        *more = (kt_more_loss){losses->at[at], NULL, weight_of(weights, at), NULL};
        while (*to)
            to = &(*to)->next;
        *to = more;
    }
    return m->fault.e.status;
}

/* A list for one output: the first of its losses counts. */
static kt_status give_first(kt_model *m, const kt_vec *losses, const kt_vec *weights)
{
    if (losses->n == 0)
        return kt_raise(&m->fault, KT_E_INDEX, "list index out of range");
    for (size_t i = 0; i < losses->n; i++)
        if (kt_is_none(losses->at[i]))
            return give(m, 0, losses, i, weights);
    return give(m, 0, losses, 0, weights);
}

kt_status kt_raise_no_path(kt_model *m, size_t i, const char *key)
{
    const char *path = key ? kt_arena_printf(&m->arena, "'%s'", key)
                           : kt_arena_printf(&m->arena, "%zu", i);

    return kt_raise(&m->fault, KT_E_KEY,
                    "\"The path: (%s,) in the `loss` argument, can't be found in either the "
                    "model's output (`y_pred`) or in the labels (`y_true`).\"",
                    path ? path : "?");
}

/* The next output behind `after` that a key of the dict of losses means: its own, or one of those
 * in a list under it. -1: none. */
static int next_of_key(const kt_model *m, const char *key, int after)
{
    size_t n = strlen(key);

    for (int i = after + 1; i < m->n_targets; i++) {
        const char *name = m->target[i].name;
        if (strncmp(name, key, n) == 0 && (!name[n] || name[n] == '/'))
            return i;
    }
    return -1;
}

/* Of a dict of outputs: the losses of a key are those of its outputs, and some may have none. */
static kt_status give_named(kt_model *m, const kt_value *loss, const kt_vec *losses,
                            const kt_vec *weights)
{
    size_t at = 0;

    for (size_t k = 0; k < loss->n && m->fault.e.status == KT_OK; k++) {
        size_t place = kt_sorted_place(loss, k);
        kt_vec mine = {0};
        bool   ok = kt_add_leaves(&mine, loss->items[place]);
        size_t end = at + mine.n;
        int    i = next_of_key(m, loss->keys[place], -1);

        kt_vec_free(&mine);
        if (!ok)
            return kt_raise_memory(&m->fault);
        if (i < 0)
            return kt_raise_no_path(m, 0, loss->keys[place]);
        for (int next = i; at < end && next >= 0; at++) {
            i = next;
            next = next_of_key(m, loss->keys[place], i);
            if (!kt_is_none(losses->at[at]))
                give(m, i, losses, at, weights);
        }
        give_more(m, i, losses, at, end, weights);
        at = end;
    }
    return m->fault.e.status;
}

/* A list for several: an entry each; what is nested in one is for the same output. */
static kt_status give_each(kt_model *m, const kt_value *loss, const kt_vec *losses,
                           const kt_vec *weights)
{
    size_t at = 0;

    for (size_t i = 0; i < loss->n && m->fault.e.status == KT_OK; i++) {
        kt_vec mine = {0};
        bool   ok = kt_add_leaves(&mine, loss->items[i]);
        size_t n = mine.n;

        kt_vec_free(&mine);
        if (!ok)
            return kt_raise_memory(&m->fault);
        if (!kt_is_none(loss->items[i]) && (int)i >= m->n_targets)
            return kt_raise_no_path(m, i, NULL);
        if (!kt_is_none(loss->items[i]) && n > 0) {
            give(m, (int)i, losses, at, weights);
            give_more(m, (int)i, losses, at + 1, at + n, weights);
        }
        at += n;
    }
    return m->fault.e.status;
}

/* For outputs in a dict Keras takes a list only if it can name its entries: none, or one each. */
static bool is_one_each(const kt_model *m, const kt_value *list)
{
    bool flat = true;

    for (size_t i = 0; i < list->n; i++)
        flat = flat && !is_nested(list->items[i]);
    return list->n == 0 || (flat && (int)list->n == m->n_targets);
}

static kt_status pair(kt_model *m, const kt_value *loss, const kt_value *weights, kt_vec *losses,
                      kt_vec *numbers)
{
    bool weighted = !kt_is_none(weights);

    if (by_names(m, &loss, &weights) != KT_OK)
        return m->fault.e.status;
    if (!kt_add_leaves(losses, loss) || (weighted && !kt_add_leaves(numbers, weights)))
        return kt_raise_memory(&m->fault);
    if (weighted && count_weights(m, weights, losses->n, numbers->n) != KT_OK)
        return m->fault.e.status;
    if (is_nameless_dict(m, loss))
        return kt_raise(&m->fault, KT_E_TYPE, "'NoneType' object is not iterable");
    if (is_nested(loss) && loss->kind == KT_DICT && kt_output_dict(m))
        return give_named(m, loss, losses, numbers);
    if (is_nested(loss) && m->n_targets > 1 && kt_output_dict(m) && !is_one_each(m, loss))
        return kt_raise(&m->fault, KT_E_TYPE,
                        "Expected any non-tensor type, but got a tensor instead.");
    if (is_nested(loss))
        return m->n_targets == 1 ? give_first(m, losses, numbers)
                                 : give_each(m, loss, losses, numbers);
    for (int i = 0; i < m->n_targets && m->fault.e.status == KT_OK; i++)
        give(m, i, losses, 0, numbers);
    return m->fault.e.status;
}

kt_status kt_targets_pair(kt_model *m)
{
    const kt_value *loss = kt_value_get(m->compile_config, "loss");
    kt_vec          losses = {0}, weights = {0};

    for (int i = 0; i < m->n_targets; i++) {
        m->target[i].asked = NULL;
        m->target[i].more = NULL;
    }
    if (!kt_is_none(loss))
        pair(m, loss, kt_value_get(m->compile_config, "loss_weights"), &losses, &weights);
    kt_vec_free(&losses);
    kt_vec_free(&weights);
    return m->fault.e.status;
}
