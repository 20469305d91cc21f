/* scene.c - a call with everything that it works on: forking it, changing arrays, loss, metrics. */

#include "doctor/doctor.h"

enum { MOST_CHANGED = 1 << 16 };

kt_scene *kt_scene_fork(const kt_scene *s)
{
    kt_arena *a = &s->p->arena;
    kt_scene *f = kt_arena_alloc(a, sizeof *f);
    kt_item  *items = kt_arena_calloc(a, (size_t)2 * KT_MAX_ARRAYS, sizeof *items);
    kt_memo  *memo = kt_arena_calloc(a, 1, sizeof *memo);

    if (!f || !items || !memo)
        return NULL;
    *f = *s;
    f->memo = memo;
    if (f->config == s->p->as_made)
        f->config = s->p->plain;
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

/* Of most targets the numbers decide, and they are few; of x, and of target maps, the shape. */
static kt_tensor *after(kt_scene *s, const kt_item *item, const kt_change *c)
{
    kt_shape shape = kt_changed_shape(c, &item->t->shape);

    if (shape.rank < 0)
        return NULL;
    if (item->of_y && item->t->data && item->t->count <= MOST_CHANGED)
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
    item->form = t->data ? kt_form_of(t, 0) : kt_changed_form(c, &item->t->shape, item->form);
    item->t = t;
    item->change[item->n_changes++] = *c;
    return true;
}

/* Does a change work on each sample for itself? */
static bool is_apart(const kt_change *c, const kt_shape *s)
{
    switch (c->kind) {
    case KT_CH_RESHAPE:
    case KT_CH_RESIZE: return c->shape.rank > 0 && kt_dim(&c->shape, 0) == kt_dim(s, 0);
    case KT_CH_TRANSPOSE:
    case KT_CH_PAD: return (c->axis[0] == 0) == (c->kind == KT_CH_TRANSPOSE);
    case KT_CH_ROWS: return false;
    default: return s->rank > 1 || c->kind == KT_CH_ONE_HOT;
    }
}

static const kt_tensor *original(const kt_scene *s, const kt_item *item)
{
    const kt_data *d = &s->p->given;

    return item->of_y ? d->y[item->source].t : d->x[item->source].t;
}

/* Can the first rows be had of the first rows of the original? */
static bool goes_by_rows(const kt_scene *s, const kt_item *item)
{
    kt_shape shape = original(s, item)->shape;
    bool     apart = shape.rank > 0;

    for (int i = 0; apart && i < item->n_changes; i++) {
        apart = is_apart(&item->change[i], &shape);
        shape = kt_changed_shape(&item->change[i], &shape);
    }
    return apart;
}

static int64_t at_most(int64_t rows, const kt_tensor *t)
{
    int64_t have = t->shape.rank > 0 ? t->shape.dim[0] : 0;

    return rows < have ? rows : have;
}

/* An array of a scene, or its first rows (-1: all). */
static kt_tensor *carried_out(const kt_scene *s, const kt_item *item, int64_t rows)
{
    kt_tensor *t = kt_tensor_ref((kt_tensor *)(uintptr_t)original(s, item));
    bool       cut = rows >= 0 && goes_by_rows(s, item);

    for (int i = -1; t && i < item->n_changes; i++) {
        kt_change c = i < 0 ? (kt_change){0} : item->change[i];
        if (cut && c.shape.rank > 0)
            c.shape.dim[0] = at_most(rows, t);
        kt_tensor *next = i >= 0 ? kt_changed(&c, t)
                        : cut    ? kt_tensor_rows(t, 0, at_most(rows, t))
                                 : kt_tensor_ref(t);
        kt_tensor_unref(t);
        t = next;
    }
    if (t && rows >= 0 && !cut) {
        kt_tensor *first = kt_tensor_rows(t, 0, at_most(rows, t));
        kt_tensor_unref(t);
        t = first;
    }
    return t;
}

double kt_scene_bytes(const kt_scene *s, int64_t rows)
{
    double bytes = 0;

    for (int i = 0; i < s->n_x + s->n_y; i++) {
        const kt_item   *item = i < s->n_x ? &s->x[i] : &s->y[i - s->n_x];
        const kt_tensor *t = original(s, item);
        double           all = t ? (double)t->count * (double)kt_dtype_size(t->dtype) : 0;
        if (t && item->n_changes)
            bytes += goes_by_rows(s, item) && t->shape.dim[0] > 0
                       ? all / (double)t->shape.dim[0] * (double)at_most(rows, t)
                       : all;
    }
    return bytes;
}

kt_data *kt_scene_data(const kt_scene *s, int64_t rows)
{
    kt_data *d = kt_data_new();

    for (int i = 0; d && i < s->n_x + s->n_y; i++) {
        const kt_item *item = i < s->n_x ? &s->x[i] : &s->y[i - s->n_x];
        bool           numbers = original(s, item)->data;
        kt_tensor     *t = numbers ? carried_out(s, item, rows) : kt_tensor_ref(item->t);
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

/* Losses by what they want of the target. */
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
    switch (((const kt_loss_type *)(const void *)cls)->target) {
    case KT_TARGET_LABELS: return KT_LOSS_SPARSE;
    case KT_TARGET_SHARES: return KT_LOSS_CATEGORICAL;
    case KT_TARGET_ZERO_ONE: return KT_LOSS_BINARY;
    case KT_TARGET_ANY: break;
    }
    return KT_LOSS_OTHER;
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
