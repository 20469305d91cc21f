/* path.c - ways through a view: upward from a layer, to the head; and reading a layer's fields. */
#include "doctor/doctor.h"

/* --- ways ------------------------------------------------------------------------------------- */

/* A model inside stands for its last layer. */
static int last_inside(const kt_view *v, int spot)
{
    int last = -1;

    if (v->spot[spot].role != KT_IS_MODEL)
        return spot;
    for (int i = spot + 1; i < v->n; i++)
        if (v->spot[i].parent == spot)
            last = i;
    return last < 0 ? spot : last_inside(v, last);
}

int kt_up(const kt_view *v, int spot, int k)
{
    const kt_spot *s = &v->spot[spot];

    if (k >= s->n_feed || s->feed[k] < 0)
        return -1;
    return last_inside(v, s->feed[k]);
}

int kt_up_to(const kt_view *v, int spot, unsigned roles)
{
    int at = spot < 0 ? -1 : kt_up(v, spot, 0);

    for (int steps = 0; at >= 0 && steps < v->n; steps++) {
        if (roles >> v->spot[at].role & 1)
            return at;
        at = kt_up(v, at, 0);
    }
    return -1;
}

int kt_end(const kt_view *v, int i)
{
    return i < v->n_out ? last_inside(v, v->out[i]) : -1;
}

int kt_head(const kt_view *v, int i)
{
    unsigned sizes = KT_ROLE(KT_IS_DENSE) | KT_ROLE(KT_IS_CONV) | KT_ROLE(KT_IS_CONV_UP) |
                     KT_ROLE(KT_IS_RECURRENT) | KT_ROLE(KT_IS_EMBEDDING) | KT_ROLE(KT_IS_WRAPPER) |
                     KT_ROLE(KT_IS_JOIN) | KT_ROLE(KT_IS_MERGE);
    int at = kt_end(v, i);

    if (at >= 0 && !(sizes >> v->spot[at].role & 1))
        at = kt_up_to(v, at, sizes);
    return at;
}

/* --- fields ----------------------------------------------------------------------------------- */

bool kt_has_field(const kt_spot *s, const char *field)
{
    return s->type && kt_config_find(s->type->cls.config, field);
}

const char *kt_width_field(const kt_spot *s)
{
    return kt_has_field(s, "units") ? "units" : kt_has_field(s, "filters") ? "filters" : NULL;
}

const kt_value *kt_field_value(const kt_spot *s, const char *field)
{
    return kt_value_get(kt_value_get(s->value, "config"), field);
}

int64_t kt_field_int(const kt_spot *s, const char *field, int64_t missing)
{
    const kt_value *v = kt_field_value(s, field);

    return kt_is_int(v) ? v->i : missing;
}

bool kt_field_true(const kt_spot *s, const char *field)
{
    const kt_value *v = kt_field_value(s, field);

    return v && v->kind == KT_BOOL && v->b;
}

const char *kt_field_text(const kt_spot *s, const char *field)
{
    const kt_value *v = kt_field_value(s, field);
    const char     *name = NULL;
    const kt_value *args;

    if (v && v->kind == KT_DICT && kt_object_parts(v, &name, &args))
        return name;
    return kt_value_text(v);
}

int kt_field_ints(const kt_spot *s, const char *field, int n, int64_t *out)
{
    const kt_value *v = kt_field_value(s, field);

    if (kt_is_int(v)) {
        for (int i = 0; i < n; i++)
            out[i] = v->i;
        return n;
    }
    int k = 0;
    for (; kt_value_is_seq(v) && k < (int)v->n && k < n && kt_is_int(v->items[k]); k++)
        out[k] = v->items[k]->i;
    return k;
}
