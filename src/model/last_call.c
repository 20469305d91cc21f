/* last_call.c - what the call that failed was given, so that the doctor can look at it later. */
#include "model/model.h"

enum { SOME_ROWS = 32 }; /* where the number is open */

/* Arrays of someone else's memory may be gone by then: their shape is kept. */
static kt_tensor *kept(kt_tensor *t)
{
    const kt_tensor *owner = t->base ? t->base : t;

    return owner->owned ? kt_tensor_ref(t) : kt_tensor_around(NULL, t->dtype, t->shape);
}

static void keep_columns(kt_data *to, const kt_column *c, int n,
                         void (*add)(kt_data *, const char *, kt_tensor *))
{
    for (int i = 0; i < n; i++) {
        kt_tensor *t = kept(c[i].t);
        add(to, c[i].name, t);
        kt_tensor_unref(t);
    }
}

void kt_last_call_keep(kt_last_call *c, const char *name, const kt_data *d, int64_t batch,
                       double split)
{
    kt_last_call_clear(c);
    if (kt_shapes_only()) /* a trial of the doctor itself */
        return;
    *c = (kt_last_call){.name = name, .data = kt_data_new(), .batch = batch, .split = split};
    if (!c->data || !d)
        return;
    keep_columns(c->data, d->x, d->n_x, kt_data_add_x);
    keep_columns(c->data, d->y, d->n_y, kt_data_add_y);
}

void kt_last_call_keep_shapes(kt_last_call *c, int n, const kt_shape *shapes)
{
    kt_data d = {.n_x = n < KT_MAX_ARRAYS ? n : KT_MAX_ARRAYS};

    for (int i = 0; i < d.n_x; i++) {
        kt_shape s = shapes[i];
        if (s.rank > 0 && s.dim[0] == KT_UNKNOWN)
            s.dim[0] = SOME_ROWS;
        d.x[i].t = kt_tensor_around(NULL, KT_F32, s);
    }
    bool whole = true;
    for (int i = 0; i < d.n_x; i++)
        whole = whole && d.x[i].t;
    kt_last_call_keep(c, "build", whole ? &d : NULL, 0, 0);
    for (int i = 0; i < d.n_x; i++)
        kt_tensor_unref(d.x[i].t);
}

void kt_last_call_clear(kt_last_call *c)
{
    kt_data_free(c->data);
    *c = (kt_last_call){.data = NULL};
}
