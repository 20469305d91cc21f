/* run.c - runs plans, and points them at the caller's memory. */
#include "exec/plan.h"

bool kt_plan_run(kt_plan *p)
{
    kt_float_state  before = kt_float_begin();
    const kt__step *s = p->step, *end = s + p->n_steps;

    p->refusal.set = false;
    for (; s < end && !p->refusal.set; s++)
        if (kt__is_asked(s->guard))
            s->fn(&s->r);
    kt_float_set(before);
    p->refused = (int)(s - p->step) - 1;
    return !p->refusal.set;
}

const kt_refusal *kt_plan_refused(const kt_plan *p)
{
    return &p->refusal;
}

/* "[1,0]" for element `at`; nothing for a single number. */
static void add_place(kt_str *out, const kt_shape *s, int64_t at)
{
    for (int i = 0; i < s->rank; i++) {
        int64_t below = kt_shape_product(s, i + 1, s->rank);
        kt_str_printf(out, "%s%lld", i ? "," : "[", (long long)(at / below % s->dim[i]));
    }
    kt_str_add(out, s->rank ? "]" : "");
}

kt_status kt_plan_refusal(const kt_plan *p, kt_fault *f)
{
    const kt_refusal *r = &p->refusal;
    kt_str            place = {0};

    if (r->words) {
        kt_raise(f, KT_E_INVALID_ARGUMENT, "%s", r->words);
    } else {
        add_place(&place, &r->shape, r->at);
        kt_raise(f, KT_E_INVALID_ARGUMENT, "indices%s = %lld is not in [0, %lld)",
                 kt_str_text(&place), (long long)r->value, (long long)r->limit);
    }
    kt_fault_path(f, p->note[p->refused].scope);
    kt_str_free(&place);
    return KT_E_INVALID_ARGUMENT;
}

void *kt_plan_data(kt_plan *p, const kt_node *n)
{
    const kt__slot *s = kt_map_get(&p->slot, n);

    if (!s)
        return NULL;
    return s->input ? s->input->data + s->at : s->data;
}

void kt_plan_bind_result(kt_plan *p, const kt_node *n, void *data)
{
    const kt__slot *s = kt_map_get(&p->slot, n);
    kt__input      *input = s && !s->at ? s->input : NULL;

    if (!input)
        return;
    input->data = data ? data : input->own;
    for (int i = 0; i < input->n_patch; i++)
        input->patch[i].buf->data = input->data + input->patch[i].at;
}

void kt_plan_bind(kt_plan *p, const kt_node *n, const void *data)
{
    kt_plan_bind_result(p, n, (void *)(uintptr_t)data); /* kernels never write their inputs */
}
