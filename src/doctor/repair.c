/* repair.c - a remedy carried out: the model with its weights where they fit, and the data. */
#include <string.h>

#include "doctor/report.h"
#include "model/model.h"

static bool edits_model(const kt_scene *s)
{
    for (int i = 0; i < s->n_edits; i++)
        if (!kt_streq(s->edit[i].what, "x") && !kt_streq(s->edit[i].what, "y") &&
            !kt_streq(s->edit[i].what, "batch_size"))
            return true;
    return false;
}

/* The weight of the same path and shape; of models of one name each path is met once. */
static kt_variable *same_weight(const kt_vec *old, const kt_variable *v)
{
    for (size_t i = 0; i < old->n; i++) {
        kt_variable *o = old->at[i];
        if (kt_streq(o->path, v->path) && kt_shape_equal(&o->shape, &v->shape) &&
            o->dtype == v->dtype)
            return o;
    }
    return NULL;
}

static void keep_weights(kt_model *to, const kt_model *from)
{
    kt_vec old = {0}, now = {0};

    if (kt_collect_weights(from->root, false, false, &old) == KT_OK &&
        kt_collect_weights(to->root, false, false, &now) == KT_OK)
        for (size_t i = 0; i < now.n; i++) {
            kt_variable *v = now.at[i], *o = same_weight(&old, v);
            if (o)
                memcpy(v->value->data, o->value->data,
                       (size_t)v->value->count * kt_dtype_size(v->dtype));
        }
    else
        kt_raise_memory(&to->fault);
    kt_vec_free(&old);
    kt_vec_free(&now);
}

/* The first call builds a model that declares nothing, so that it can be saved with weights. */
static void build(kt_model *m, const kt_scene *s)
{
    kt_shape shapes[KT_MAX_ARRAYS];

    for (int i = 0; i < s->n_x; i++)
        shapes[i] = s->x[i].t->shape;
    if (s->n_x)
        (void)kt_model_settle(m, s->n_x, shapes);
}

kt_model *kt_repaired_model(const kt_diagnosis *d, int i)
{
    const kt_bed *b = (const kt_bed *)(const void *)d;

    if (!d || i < 0 || i >= b->n_proved)
        return NULL;
    const kt_scene *s = b->proved[i];
    kt_model       *old = b->p.trained && b->is_file ? kt_load(b->source) : NULL;
    if (old && !edits_model(s))
        return old;
    const kt_model *from = old ? old : b->p.trained ? b->p.model : NULL;
    kt_model       *m = kt_scene_model(s);
    if (m && !kt_failed(m))
        build(m, s);
    if (m && from && !kt_failed(m) && from->fault.e.status == KT_OK)
        keep_weights(m, from);
    kt_model_free(old);
    return m;
}

kt_data *kt_repaired_data(const kt_diagnosis *d, int i)
{
    const kt_bed *b = (const kt_bed *)(const void *)d;

    if (!d || i < 0 || i >= b->n_proved) {
        kt_raise_here(KT_E_INDEX, "kt_repaired_data: there is no remedy %d", i);
        return NULL;
    }
    return kt_scene_data(b->proved[i], -1);
}
