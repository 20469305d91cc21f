/* scene.c - a call with everything that it works on: forking it, changing arrays, loss, metrics. */
#include <string.h>

#include "doctor/doctor.h"

kt_scene *kt_scene_fork(const kt_scene *s)
{
    kt_arena *a = &s->p->arena;
    kt_scene *f = kt_arena_alloc(a, sizeof *f);
    kt_item  *items = kt_arena_calloc(a, (size_t)2 * KT_MAX_ARRAYS, sizeof *items);

    if (!f || !items)
        return NULL;
    *f = *s;
    f->x = items;
    f->y = items + KT_MAX_ARRAYS;
    memcpy(f->x, s->x, (size_t)s->n_x * sizeof *f->x);
    memcpy(f->y, s->y, (size_t)s->n_y * sizeof *f->y);
    return f;
}

/* --- arrays ----------------------------------------------------------------------------------- */

static kt_tensor *keep(kt_patient *p, kt_tensor *t)
{
    if (t && !kt_vec_push(&p->tensors, t)) {
        kt_tensor_unref(t);
        return NULL;
    }
    return t;
}

/* Targets are small and their numbers decide; of x the shape does. */
static kt_tensor *after(kt_scene *s, const kt_item *item, const kt_change *c)
{
    kt_shape shape = kt_changed_shape(c, &item->t->shape);

    if (shape.rank < 0)
        return NULL;
    if (item->of_y && item->t->data)
        return keep(s->p, kt_changed(c, item->t));
    kt_dtype dtype = c->kind == KT_CH_ARGMAX ? KT_I32 : item->t->dtype;
    return keep(s->p, kt_tensor_around(NULL, dtype, shape));
}

bool kt_scene_change(kt_scene *s, bool of_y, int i, const kt_change *c)
{
    kt_item *item = of_y ? &s->y[i] : &s->x[i];

    if (i < 0 || i >= (of_y ? s->n_y : s->n_x) || item->n_changes == KT_MAX_CHANGES)
        return false;
    kt_tensor *t = after(s, item, c);
    if (!t)
        return false;
    item->t = t;
    item->change[item->n_changes++] = *c;
    if (t->data)
        item->form = kt_form_of(t, 0);
    else if (c->kind == KT_CH_ARGMAX)
        item->form.max = (double)c->size;
    else if (c->kind == KT_CH_CLIP)
        item->form.max = (double)(c->size - 1), item->form.min = 0;
    return true;
}

static kt_tensor *carried_out(const kt_scene *s, const kt_item *item)
{
    const kt_data *d = &s->p->given;
    kt_tensor     *t = kt_tensor_ref(item->of_y ? d->y[item->source].t : d->x[item->source].t);

    for (int i = 0; t && i < item->n_changes; i++) {
        kt_tensor *next = kt_changed(&item->change[i], t);
        kt_tensor_unref(t);
        t = next;
    }
    return t;
}

kt_data *kt_scene_data(const kt_scene *s)
{
    kt_data *d = kt_data_new();

    for (int i = 0; d && i < s->n_x + s->n_y; i++) {
        const kt_item *item = i < s->n_x ? &s->x[i] : &s->y[i - s->n_x];
        kt_tensor     *t = carried_out(s, item);
        if (!t)
            kt_raise_memory(&d->fault);
        else if (i < s->n_x)
            kt_data_add_x(d, item->name, t);
        else
            kt_data_add_y(d, item->name, t);
        kt_tensor_unref(t);
    }
    return d;
}

/* --- loss and metrics ------------------------------------------------------------------------- */

bool kt_scene_compile(kt_scene *s, const char *key, kt_value *v)
{
    kt_arena *a = &s->p->arena;
    kt_value *c = s->compile ? kt_value_copy(a, s->compile) : kt_value_new(a, KT_DICT);

    s->compile = c;
    return c && kt_value_set(a, c, key, v);
}

const kt_value *kt_scene_compiled(const kt_scene *s, const char *key)
{
    return kt_value_get(s->compile, key);
}

/* Losses by what they want of the target; a class is known by the words of its name. */
kt_loss_kind kt_loss_of(const kt_value *loss, bool *from_logits)
{
    const char     *name = NULL;
    const kt_value *args = NULL, *logits;

    *from_logits = false;
    if (kt_is_none(loss) || !kt_object_parts(loss, &name, &args))
        return kt_is_none(loss) ? KT_LOSS_NONE : KT_LOSS_OTHER;
    logits = kt_value_get(args, "from_logits");
    *from_logits = logits && logits->kind == KT_BOOL && logits->b;
    const kt_class *cls = kt_class_find("loss", name);
    if (!cls)
        return KT_LOSS_OTHER;
    if (((const kt_loss_type *)(const void *)cls)->labels)
        return KT_LOSS_SPARSE;
    if (strstr(cls->class_name, "Hinge"))
        return KT_LOSS_OTHER;
    if (strstr(cls->class_name, "Categorical"))
        return KT_LOSS_CATEGORICAL;
    return strstr(cls->class_name, "Binary") ? KT_LOSS_BINARY : KT_LOSS_OTHER;
}

const kt_value *kt_output_loss(const kt_scene *s, const kt_view *v, int i)
{
    const kt_value *loss = kt_scene_compiled(s, "loss");
    bool            object = loss && (loss->kind == KT_STR || kt_value_get(loss, "class_name") ||
                           loss->kind == KT_CALL);

    if (kt_is_none(loss) || object)
        return loss;
    if (kt_value_is_seq(loss))
        return i < (int)loss->n ? loss->items[i] : NULL;
    return i < v->n_out ? kt_value_get(loss, v->spot[v->out[i]].name) : NULL;
}

bool kt_scene_loss(kt_scene *s, const kt_view *v, int i, const char *loss)
{
    kt_arena *a = &s->p->arena;
    kt_value *list = kt_value_new(a, KT_LIST), *name = kt_value_str(a, loss);

    if (v->n_out < 2)
        return kt_scene_compile(s, "loss", name);
    for (int k = 0; list && k < v->n_out; k++) {
        const kt_value *old = kt_output_loss(s, v, k);
        kt_value *mine = k == i ? name : old ? kt_value_copy(a, old) : kt_value_new(a, KT_NONE);
        if (!kt_value_add(a, list, NULL, mine))
            return false;
    }
    return kt_scene_compile(s, "loss", list);
}

const char *kt_say_shape(const kt_scene *s, const kt_shape *shape)
{
    return kt_shape_text(&s->p->arena, shape);
}
