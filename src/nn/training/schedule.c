/* schedule.c - the learning rate: a number that can be set, or a schedule over the iterations. */
#include "nn/optimizer.h"
#include "nn/tracing/operation.h"

#include <math.h>
#include <string.h>

static kt_status refuse(const kt_value *v, kt_fault *f)
{
    kt_str text = {0};

    if (v && v->kind == KT_STR)
        kt_str_add(&text, v->s);
    else
        kt_value_repr(&text, v);
    kt_raise(f, KT_E_VALUE,
             "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, or "
             "a callable (that takes in the current iteration value and returns the corresponding "
             "learning rate value). Received instead: learning_rate=%s",
             kt_str_text(&text));
    kt_str_free(&text);
    return f ? f->e.status : KT_E_VALUE;
}

/* What Keras computes in: the dtype of the first rate as a tensor. */
static kt_dtype dtype_of(const kt_object *schedule)
{
    const kt_value *first = kt_object_given(schedule, "initial_learning_rate");

    return first && first->kind == KT_INT ? KT_I32 : KT_F32;
}

/* Keras computes the rate in a scope of its name. */
static kt_status check(kt_arena *a, const kt_object *schedule, kt_fault *f)
{
    const kt_field *field = kt_config_find(schedule->cls->config, "name");
    const kt_value *name = kt_config_get(a, field, schedule->config);

    if (!name)
        return kt_raise_memory(f);
    if (kt_check_scope(name, f) != KT_OK)
        return f->e.status;
    const kt_schedule_type *type = (const kt_schedule_type *)(const void *)schedule->cls;
    kt_status               status = kt_object_use(schedule, false, f);
    return status == KT_OK && type->use ? type->use(schedule->config, dtype_of(schedule), f)
                                        : status;
}

kt_status kt__rate_read(kt_optimizer *o, const kt_value *v, double *rate, kt_fault *f)
{
    if (v && v->kind == KT_FLOAT) {
        *rate = v->f;
        return KT_OK;
    }
    if (!v || (v->kind != KT_CALL && v->kind != KT_DICT))
        return refuse(v, f);
    o->schedule = kt_object_make(&o->arena, "schedule", v, f);
    return o->schedule ? check(&o->arena, o->schedule, f) : f ? f->e.status : KT_E_VALUE;
}

static kt_node *scheduled(const kt_object *schedule, kt_graph *g, kt_node *step)
{
    const kt_schedule_type *type = (const kt_schedule_type *)(const void *)schedule->cls;

    return kt_cast(g, type->rate(g, schedule->config, kt_cast(g, step, dtype_of(schedule))),
                   KT_F32);
}

kt_node *kt__rate_emit(kt_optimizer *o, kt_graph *g)
{
    if (!o->schedule)
        return kt_read(g, o->learning_rate);
    return scheduled(o->schedule, g, kt_read(g, o->iterations));
}

/* --- the value of a schedule, without a plan: its nodes are few, and all are single numbers --- */

static double rounded(double x, kt_dtype dtype)
{
    double room[1];

    kt_poke(room, dtype, 0, x);
    return kt_peek(room, dtype, 0);
}

static bool run_node(const kt_node *n, double *value)
{
    kt_buf in[8], out = {.dtype = KT_F64, .count = 1, .data = &value[n->id]};
    kt_run r = {.attr = n->attr, .n_in = n->n_in, .n_out = 1, .in = in, .out = &out};

    if (n->constant) {
        value[n->id] = kt_tensor_get(n->constant, 0);
        return true;
    }
    if (n->n_in > (int)KT_COUNT(in) || n->shape.rank || n->n_part != 1 || !n->op->reference)
        return false;
    for (int i = 0; i < n->n_in; i++)
        in[i] = (kt_buf){.dtype = KT_F64, .count = 1, .data = &value[n->in[i]->id]};
    n->op->reference(&r);
    value[n->id] = rounded(value[n->id], n->dtype);
    return true;
}

static double evaluate(const kt_graph *g, const kt_node *y)
{
    double *value = kt_calloc(g->nodes.n, sizeof *value);
    double  result = NAN;
    bool    good = value != NULL;

    for (size_t id = 0; good && id < g->nodes.n; id++)
        good = run_node(g->nodes.at[id], value);
    if (good)
        result = value[y->id];
    kt_free(value);
    return result;
}

double kt__rate_now(const kt_optimizer *o)
{
    kt_fault  fault = {0};
    kt_graph *g;
    double    rate = NAN;

    if (!o->schedule)
        return kt_tensor_get(o->learning_rate->value, 0);
    g = kt_graph_new(&fault);
    if (g) {
        double   step = kt_tensor_get(o->iterations->value, 0);
        kt_node *y = scheduled(o->schedule, g, kt_scalar_as(g, step, KT_I64));
        if (!kt_graph_failed(g))
            rate = evaluate(g, y);
    }
    kt_graph_free(g);
    kt_fault_clear(&fault);
    return rate;
}

/* --- what schedules share --- */

kt_node *kt_rate_number(kt_graph *g, double x, kt_dtype dtype)
{
    return kt_scalar_as(g, kt_dtype_is_float(dtype) ? x : trunc(x), dtype);
}

static kt_node *divided(kt_graph *g, kt_node *a, kt_node *b, kt_dtype whole)
{
    if (!kt_dtype_is_float(a->dtype) && !kt_dtype_is_float(b->dtype))
        a = kt_cast(g, a, whole);
    return kt_rate_op(g, KT_BI_DIV, a, b);
}

kt_node *kt_rate_quotient(kt_graph *g, kt_node *a, kt_node *b)
{
    return divided(g, a, b, KT_F64);
}

kt_node *kt_rate_share(kt_graph *g, kt_node *a, kt_node *b)
{
    return divided(g, a, b, KT_F32);
}

kt_node *kt_rate_op(kt_graph *g, kt_binary_fn fn, kt_node *a, kt_node *b)
{
    const kt_operand x[] = {{.node = a}, {.node = b}};
    kt_dtype         dtype = kt_result_dtype(x, 2, KT_STRONG);

    return kt_binary(g, fn, kt_cast(g, a, dtype), kt_cast(g, b, dtype));
}

kt_node *kt_half_wave(kt_graph *g, kt_node *p, kt_node *height, kt_dtype dtype)
{
    kt_node *pi = kt_rate_number(g, 3.14159265358979323846, dtype);
    kt_node *wave = kt_add_scalar(g, kt_unary(g, KT_UN_COS, kt_rate_op(g, KT_BI_MUL, pi, p)), 1);

    return kt_mul(g, kt_mul_scalar(g, height, 0.5), wave);
}

/* Is it above 0? */
static kt_status check_steps(const kt_object *o, const char *name, const char *sentence,
                             kt_fault *f)
{
    double steps = 1;

    if (!kt_value_number(kt_object_given(o, name), &steps) || !(steps <= 0))
        return KT_OK;
    return kt_object_refuse(o, name, sentence, "", f);
}

kt_status kt_check_decay_steps(const kt_object *o, kt_fault *f)
{
    return check_steps(o, "decay_steps",
                       "Argument `decay_steps` must be > 0. Received: decay_steps=", f);
}

kt_status kt_check_first_decay_steps(const kt_object *o, kt_fault *f)
{
    return check_steps(o, "first_decay_steps",
                       "Argument `first_decay_steps` must be > 0. Received: first_decay_steps=", f);
}
