/* facts.c - questions to a failed scene that several remedies ask. */
#include <string.h>

#include "doctor/remedy.h"

bool kt_conflict(const kt_look *k)
{
    kt_shape a = k->declared, b = k->data;

    if (a.rank < 0 || b.rank < 0)
        return false;
    if (a.rank == b.rank + 1 && kt_dim(&a, -1) == 1)
        a.rank--;
    else if (b.rank == a.rank + 1 && kt_dim(&b, -1) == 1)
        b.rank--;
    return !kt_shape_fits(&a, &b);
}

int kt_first(const kt_view *v)
{
    for (int i = 0; i < v->n; i++)
        if (v->spot[i].role != KT_IS_INPUT && v->spot[i].role != KT_IS_MODEL)
            return i;
    return -1;
}

bool kt_paired(const kt_look *k)
{
    return k->s->n_x > 0 && k->s->n_x == (k->v.n_in ? k->v.n_in : 1);
}

bool kt_has_target(const kt_look *k)
{
    return k->s->n_y > 0 && k->s->n_y >= k->end.n_out;
}

int kt_first_of(const kt_look *k)
{
    int in = k->input < k->v.n_in ? k->v.in[k->input] : -1;

    if (k->v.n_in < 2 || in < 0)
        return kt_first(&k->v);
    for (int i = 0; i < k->v.n; i++)
        if (k->v.spot[i].n_feed == 1 && k->v.spot[i].feed[0] == in)
            return i;
    return -1;
}

bool kt_first_is(const kt_look *k, kt_role role)
{
    int first = kt_first_of(k);

    return first >= 0 && k->v.spot[first].role == role;
}

kt_role kt_work_of(const kt_spot *s)
{
    const kt_value *inner = s->role == KT_IS_WRAPPER ? kt_field_value(s, "layer") : NULL;

    return inner ? kt_role_of(kt_layer_type_of(inner)) : s->role;
}

/* Around a recurrent layer steps are wanted; around another one axis more than it gets. */
static int wrapper_wants(const kt_spot *s, int got)
{
    return kt_work_of(s) == KT_IS_RECURRENT ? 2 : got == 1 ? 2 : got;
}

/* Read off the specification that the layer's class starts with. */
bool kt_wants_rank(const kt_look *k, int *wants, int *got)
{
    const kt_spot *s = k->v.broken >= 0 ? &k->v.spot[k->v.broken] : NULL;

    if (!s || !s->type || s->role == KT_IS_MODEL || s->n_feed != 1)
        return false;
    int ndim = s->type->input.ndim, least = s->type->input.min_ndim;
    *got = s->in[0].rank - 1;
    *wants = (ndim ? ndim : least) - 1;
    if (s->role == KT_IS_WRAPPER)
        *wants = wrapper_wants(s, *got);
    if (s->role == KT_IS_CONV && s->rank > 0)
        *wants = s->rank + 1;
    return *wants > 0 && *wants != *got;
}

bool kt_at_first(const kt_look *k)
{
    return k->v.broken >= 0 && k->v.broken == kt_first_of(k);
}

bool kt_channels_first(const kt_look *k)
{
    const kt_shape *d = &k->data;

    return d->rank == 3 && d->dim[0] <= 4 && d->dim[1] > 4 && d->dim[2] > 4;
}

/* --- activations ------------------------------------------------------------------------------ */

/* The spot that has it: an activation layer behind the head, or the head itself. */
static int activation_spot(const kt_look *k, int i)
{
    int head = kt_head(&k->v, i), at = kt_end(&k->v, i);

    while (at >= 0 && at != head && k->v.spot[at].role != KT_IS_ACTIVATION)
        at = kt_up(&k->v, at, 0);
    return at;
}

/* The layer that a wrapper applies counts for it. */
static const kt_value *inner_of(const kt_spot *s)
{
    return s->role == KT_IS_WRAPPER ? kt_value_get(kt_value_get(s->value, "config"), "layer")
                                    : s->value;
}

const char *kt_last_activation(const kt_look *k, int i)
{
    int     at = activation_spot(k, i);
    kt_spot s = {.value = at >= 0 ? inner_of(&k->v.spot[at]) : NULL};

    const char *a = at >= 0 ? kt_field_text(&s, "activation") : NULL;
    return a ? a : "linear";
}

const char *kt_activation_for(kt_loss_kind loss, bool logits, int64_t units)
{
    if (logits || loss == KT_LOSS_OTHER || loss == KT_LOSS_NONE)
        return "linear";
    return loss == KT_LOSS_BINARY || units == 1 ? "sigmoid" : "softmax";
}

bool kt_refit_activation(const kt_look *k, kt_scene *s, const char *want)
{
    int at = activation_spot(k, k->output);

    if (at < 0 || kt_streq(kt_last_activation(k, k->output), want) ||
        !kt_has_field(&k->v.spot[at], "activation"))
        return true;
    return kt_edit_field(s, &k->v, at, "activation", kt_text_value(k, want));
}

/* --- words ------------------------------------------------------------------------------------ */

const char *kt_say(const kt_look *k, const char *fmt, ...)
{
    kt_str  text = {0};
    va_list ap;

    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    const char *said = kt_str_keep(&text, &k->s->p->arena);
    return said ? said : "";
}

const char *kt_shown(const kt_look *k, const kt_shape *s)
{
    return kt_say_shape(k->s, s);
}

kt_value *kt_int_value(const kt_look *k, int64_t v)
{
    return kt_value_int(&k->s->p->arena, v);
}

kt_value *kt_text_value(const kt_look *k, const char *text)
{
    return kt_value_str(&k->s->p->arena, text);
}
