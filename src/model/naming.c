/* naming.c - the keys of metrics in a history, as Keras makes them unique. */
#include "model/model.h"
#include "model/step.h"

static const kt_metric_type *type_of(const kt_object *o)
{
    return (const kt_metric_type *)(const void *)o->cls;
}

/* Keras counts the objects of some classes that were made without a name: auc, auc_1. */
static bool counted(const kt_object *o)
{
    return type_of(o)->counted && (o->by_name || !o->name);
}

/* How many of o's class were made before it: all metrics, then all weighted ones. */
static int number_of(const kt_model *m, const kt_object *o)
{
    int n = 0;

    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < m->n_targets; k++) {
            const kt_vec *v = pass == 0 ? &m->target[k].metrics : &m->target[k].weighted;
            for (size_t i = 0; i < v->n; i++) {
                const kt_object *other = v->at[i];
                if (other == o)
                    return n;
                n += other->cls == o->cls && counted(other);
            }
        }
    return n;
}

/* The class in snake case, with a number behind it if there is one. */
static const char *class_name(kt_model *m, const kt_object *o, int n)
{
    kt_str text = {0};

    kt_snake_case(&text, o->cls->class_name);
    if (n > 0)
        kt_str_printf(&text, "_%d", n);
    const char *name = kt_str_keep(&text, &m->arena);
    return name ? name : "metric";
}

const char *kt_object_key(kt_model *m, const kt_object *o)
{
    const kt_field *field = kt_config_find(o->cls->config, "name");
    const char     *own = field ? kt_value_text(kt_config_get(&m->arena, field, o->config)) : NULL;

    return o->name ? o->name : own ? own : class_name(m, o, 0);
}

/* A metric's, before it meets others. */
static const char *own_name(kt_model *m, const kt_object *o)
{
    int n = counted(o) && !o->by_name ? number_of(m, o) : 0;

    return n > 0 ? class_name(m, o, n) : kt_object_key(m, o);
}

/* How many of the first n have this name. */
static int bearers(kt_model *m, const kt_vec *objects, size_t n, const char *name)
{
    int count = 0;

    for (size_t i = 0; i < n; i++)
        count += kt_streq(own_name(m, objects->at[i]), name);
    return count;
}

const char *kt_metric_key(kt_model *m, const kt_target *t, size_t i, bool weighted)
{
    const char *name = own_name(m, weighted ? t->weighted.at[i] : t->metrics.at[i]);
    int         plain = bearers(m, &t->metrics, weighted ? t->metrics.n : i, name);
    int         again = weighted ? bearers(m, &t->weighted, i, name) : 0;
    int         taken = plain;
    const char *mark = "";

    if (weighted && plain + again > 0) { /* the first that meets its name is "weighted_..." */
        taken = plain > 0 ? again : again - 1;
        mark = "weighted_";
    }
    kt_str text = {0};
    if (m->n_targets > 1)
        kt_str_printf(&text, "%s_", t->name);
    kt_str_printf(&text, "%s%s", mark, name);
    if (taken > 0)
        kt_str_printf(&text, "_%d", taken);
    return kt_str_keep(&text, &m->arena);
}
