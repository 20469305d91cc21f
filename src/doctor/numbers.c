/* numbers.c - what a call fails of by the numbers of its arrays: indices, and class numbers of
 * targets whose numbers were not changed, only their shapes. */
#include "doctor/doctor.h"
#include "nn/container.h"

/* The array that a layer reads directly; -1: none. */
static int input_of(const kt_scene *s, const kt_model *m, const kt_layer *l)
{
    const kt_container *c = kt_container_of(m->root);
    const kt_inbound   *b = l->inbound.n ? l->inbound.at[0] : NULL;

    for (int i = 0; c && c->ready && b && i < c->n_in && i < s->n_x; i++)
        if (b->n_in > 0 && b->in[0].layer == c->in[i].layer)
            return i;
    return -1;
}

static const char *bad_index_of(const kt_scene *s, const kt_model *m, const kt_layer *l)
{
    int             i = input_of(s, m, l);
    const kt_form  *f = i >= 0 ? &s->x[i].form : NULL;
    const kt_field *field = kt_config_find(l->type->cls.config, "input_dim");
    const kt_value *dim = kt_config_get(&s->p->arena, field, l->config);

    if (!f || !f->known || !dim || (f->min >= 0 && f->max < (double)dim->i + (f->whole ? 0 : 1)))
        return NULL;
    double bad = f->min < 0 ? f->min : f->max;
    return kt_arena_printf(&s->p->arena, "indices[0,0] = %lld is not in [0, %lld)", (long long)bad,
                           (long long)dim->i);
}

const char *kt_bad_index(const kt_scene *s, const kt_model *m, const char **layer)
{
    const char *said = NULL;

    for (size_t i = 0; i < m->rows.n && !said; i++) {
        const kt_layer *l = ((const kt_row *)m->rows.at[i])->layer;
        if (kt_role_of(l->type) == KT_IS_EMBEDDING && (said = bad_index_of(s, m, l)) != NULL)
            *layer = l->name;
    }
    return said;
}

/* Does the loss of output i take class numbers, of which some are out of its range? */
static const char *bad_label_of(const kt_scene *s, const kt_model *m, const kt_view *v, int i)
{
    const kt_form  *f = &s->y[i].form;
    const kt_shape *out = kt_model_output_shape(m, i);
    int64_t         k = out ? kt_dim(out, -1) : KT_UNKNOWN;
    bool            logits;

    if (s->y[i].t->data || !f->known || k < 1 || (f->min >= 0 && f->max < (double)k) ||
        kt_loss_of(kt_output_loss(s, v, i), &logits) != KT_LOSS_SPARSE)
        return NULL;
    return kt_arena_printf(&s->p->arena,
                           "Received a label value of %lld which is outside the valid range of "
                           "[0, %lld).",
                           (long long)(f->min < 0 ? f->min : f->max), (long long)k);
}

const char *kt_bad_label(const kt_scene *s, const kt_model *m)
{
    bool of_shapes = false, targets = s->p->call == KT_DO_FIT || s->p->call == KT_DO_EVALUATE;
    const char *said = NULL;
    kt_view     v;

    for (int i = 0; i < s->n_y; i++)
        of_shapes = of_shapes || (!s->y[i].t->data && s->y[i].form.known);
    if (!of_shapes || !targets)
        return NULL;
    kt_view_of(s, &v);
    for (int i = 0; i < s->n_y && i < kt_model_outputs(m) && !said; i++)
        said = bad_label_of(s, m, &v, i);
    return said;
}
