/* run.c - runs plans, and points them at the caller's memory. */
#include "exec/plan.h"

void kt_plan_run(kt_plan *p)
{
    kt_float_state before = kt_float_begin();

    for (const kt__step *s = p->step, *end = s + p->n_steps; s < end; s++)
        s->fn(&s->r);
    kt_float_set(before);
}

void *kt_plan_data(kt_plan *p, const kt_node *n)
{
    const kt__slot *s = kt_map_get(&p->slot, n);

    if (!s)
        return NULL;
    return s->input ? s->input->data + s->at : s->data;
}

void kt_plan_bind(kt_plan *p, const kt_node *n, const void *data)
{
    const kt__slot *s = kt_map_get(&p->slot, n);
    kt__input      *input = s && !s->at ? s->input : NULL;

    if (!input)
        return;
    input->data = data ? (char *)(uintptr_t)data
                       : input->own; /* kernels never write their inputs */
    for (int i = 0; i < input->n_patch; i++)
        input->patch[i].buf->data = input->data + input->patch[i].at;
}
