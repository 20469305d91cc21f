/* diagnose.c - from the arguments to the answer: the call as it was made, its failure, the cause,
 * the proved remedies, the warnings. */
#include <string.h>

#include "doctor/report.h"
#include "nn/container.h"

enum { BUDGET = 80, MOST_OF_X = 1 << 21 };

/* --- the configuration ------------------------------------------------------------------------ */

/* A copy without what is noted of shapes: after an edit it would be out of date. */
static kt_value *clean(kt_arena *a, const kt_value *v)
{
    bool      keyed = v && v->kind == KT_DICT;
    kt_value *c = v && (keyed || kt_value_is_seq(v)) ? kt_value_new(a, v->kind)
                                                     : kt_value_copy(a, v);

    for (size_t i = 0; c && v && (keyed || kt_value_is_seq(v)) && i < v->n; i++) {
        if (keyed &&
            (kt_streq(v->keys[i], "build_config") || kt_streq(v->keys[i], "compile_config")))
            continue;
        if (!kt_value_add(a, c, keyed ? v->keys[i] : NULL, clean(a, v->items[i])))
            return NULL;
    }
    return c;
}

/* An expression in the form of a file. */
static kt_value *from_expression(kt_bed *b, const char *text)
{
    kt_patient *p = &b->p;
    kt_value   *v = kt_expr_parse(text, &p->arena, &b->fault);
    bool        before = kt_set_shapes_only(true);
    kt_layer   *l = v ? kt_layer_from_value(v) : NULL;
    kt_fault    f = {0};

    if (l && kt_layer_status(l) == KT_E_TYPE) { /* a constructor refused its arguments */
        kt_fault_copy(&b->fault, &l->fault);
        v = NULL;
    } else {
        v = l ? kt_layer_value(l, &p->arena, &f) : NULL;
    }
    if (l && !v)
        kt_fault_copy(&b->fault, kt_layer_status(l) != KT_OK ? &l->fault : &f);
    kt_layer_free(l);
    kt_set_shapes_only(before);
    kt_fault_clear(&f);
    return v;
}

/* A Functional model that was not made has no configuration; one out of a file has the file's. */
static kt_value *from_model(kt_bed *b, kt_model *m)
{
    const kt_container *c = kt_container_of(m->root);
    kt_patient         *p = &b->p;

    p->trained = m->weights_set || m->tuned;
    p->model = m;
    if (m->source)
        return kt_value_copy(&p->arena, m->source);
    if (c && !c->ready && m->root->type == &kt_layer_functional) {
        kt_raise(&b->fault, KT_E_USAGE, "the model was not made");
        return NULL;
    }
    return kt_model_value(m, &p->arena, &b->fault);
}

static kt_value *config_of(kt_bed *b, const kt_diagnose_args *args)
{
    kt_patient *p = &b->p;

    if (args->model && !args->source)
        return from_model(b, args->model);
    if (!args->source) {
        kt_raise(&b->fault, KT_E_USAGE, "a diagnosis needs a model");
        return NULL;
    }
    b->source = kt_arena_strdup(&p->arena, args->source);
    if (args->source[strspn(args->source, " \n\t\r")] == '{')
        return kt_json_parse("the configuration", args->source, strlen(args->source), &p->arena,
                             &b->fault);
    if (strchr(args->source, '('))
        return from_expression(b, args->source);
    b->is_file = true;
    return kt_config_load(args->source, &p->arena, &p->trained, &b->fault);
}

/* --- arguments -------------------------------------------------------------------------------- */

static kt_value *read(kt_bed *b, const char *text)
{
    return kt_expr_parse(text, &b->p.arena, &b->fault);
}

static kt_value *read_metrics(kt_bed *b, const kt_diagnose_args *args)
{
    kt_value *list = kt_value_new(&b->p.arena, KT_LIST);

    for (int i = 0; i < KT_MAX_METRICS && args->metrics[i]; i++) {
        kt_value *v = read(b, args->metrics[i]);
        if (v && i == 0 && !args->metrics[1] && (v->kind == KT_DICT || kt_value_is_seq(v)))
            return v;
        if (v)
            kt_value_add(&b->p.arena, list, NULL, v);
    }
    return list;
}

static void take_compile(kt_bed *b, const kt_diagnose_args *args, const kt_value *config)
{
    kt_scene       *s = &b->p.scene;
    const kt_value *old = kt_value_get(config, "compile_config");

    if (old && old->kind == KT_DICT && old->n)
        s->compile = old;
    if (args->loss)
        kt_scene_compile(s, "loss", read(b, args->loss));
    if (args->optimizer)
        kt_scene_compile(s, "optimizer", read(b, args->optimizer));
    if (args->metrics[0])
        kt_scene_compile(s, "metrics", read_metrics(b, args));
}

static kt_call_kind call_of(kt_bed *b, const kt_diagnose_args *args)
{
    const kt_scene *s = &b->p.scene;

    static const char *const names[] = {"build", "fit", "evaluate", "predict"};

    for (int i = 0; args->call && i < 4; i++)
        if (kt_streq(args->call, names[i]))
            return (kt_call_kind)i;
    if (args->call)
        kt_raise(&b->fault, KT_E_USAGE,
                 "call must be one of build, fit, evaluate, predict; not '%s'", args->call);
    if (s->n_x == 0)
        return KT_DO_BUILD;
    return s->n_y ? KT_DO_FIT : KT_DO_PREDICT;
}

static void take_item(kt_bed *b, kt_item *item, const kt_column *c, bool of_y, int i)
{
    *item = (kt_item){.of_y = of_y, .source = i};
    item->name = kt_arena_strdup(&b->p.arena, c->name ? c->name : "");
    item->t = kt_tensor_ref(c->t);
    item->form = kt_form_of(c->t, of_y ? 0 : MOST_OF_X);
    bool kept = kt_vec_push(&b->p.tensors, item->t);
    if (!kept)
        kt_tensor_unref(item->t); /* the data have it, too */
    if (!kept || !item->name)
        kt_raise_memory(&b->fault);
}

static void take_data(kt_bed *b, const kt_diagnose_args *args)
{
    kt_scene *s = &b->p.scene;

    if (!args->data)
        return;
    b->p.given = *args->data;
    memset(&b->p.given.fault, 0, sizeof b->p.given.fault);
    for (int i = 0; i < args->data->n_x; i++)
        take_item(b, &s->x[i], &args->data->x[i], false, i);
    for (int i = 0; i < args->data->n_y; i++)
        take_item(b, &s->y[i], &args->data->y[i], true, i);
    s->n_x = args->data->n_x;
    s->n_y = args->data->n_y;
}

static bool take(kt_bed *b, const kt_diagnose_args *args)
{
    kt_scene *s = &b->p.scene;
    kt_item  *items = kt_arena_calloc(&b->p.arena, (size_t)2 * KT_MAX_ARRAYS, sizeof *items);
    kt_value *config = items ? config_of(b, args) : NULL;

    if (!config)
        return false;
    config = kt_stand_ins(&b->p.arena, config, &b->d.assumed);
    if (!config) {
        kt_raise_memory(&b->fault);
        return false;
    }
    s->p = &b->p;
    s->memo = &b->memo;
    s->x = items;
    s->y = items + KT_MAX_ARRAYS;
    s->config = b->p.as_made = config;
    b->p.plain = clean(&b->p.arena, config);
    s->batch = args->batch_size > 0 ? args->batch_size : 32;
    take_compile(b, args, config);
    take_data(b, args);
    b->p.call = call_of(b, args);
    b->p.split = args->validation_split;
    b->p.budget = args->budget > 0 ? args->budget : BUDGET;
    b->prove = args->prove;
    b->training = args->training;
    b->p.trained = b->p.trained || args->trained;
    if (!b->p.plain)
        kt_raise_memory(&b->fault);
    return b->fault.e.status == KT_OK;
}

/* --- the answer ------------------------------------------------------------------------------- */

static void examine(kt_bed *b)
{
    kt_outcome      end = kt_try(&b->p.scene);
    const kt_scene *guess = NULL;

    b->d.ok = end.stage == KT_PASSED;
    if (b->d.ok) {
        kt_report_warnings(b);
        if (b->training && b->p.call == KT_DO_FIT)
            kt_warn_data(b, &end);
        return;
    }
    b->error = end.error;
    b->d.error = &b->error;
    b->n_proved = kt_search(&b->p, &end, b->proved, KT_MOST_REMEDIES, &guess);
    kt_prove(b);
    kt_report_remedies(b);
    kt_report_cause(b, &end, guess);
    b->d.tries = (int)b->p.tries;
}

static const char *const members[] = {"source",   "model",      "data",
                                      "call",     "loss",       "optimizer",
                                      "metrics",  "batch_size", "validation_split",
                                      "budget",   "prove",      "trained",
                                      "training", NULL};

kt_diagnosis *kt_diagnose_with(const kt_diagnose_args *args)
{
    kt_bed          *b = kt_alloc(sizeof *b);
    kt_diagnose_args own;

    if (!b)
        return NULL;
    if (!args)
        kt_raise(&b->fault, KT_E_USAGE, "a diagnosis needs arguments");
    else if (kt_args_take(&own, sizeof own, &args->at, "kt_diagnose_args", members, &b->fault) ==
                 KT_OK &&
             take(b, &own))
        examine(b);
    if (b->fault.e.status != KT_OK) {
        b->d.ok = 0;
        b->d.error = &b->fault.e;
    }
    return &b->d;
}

void kt_diagnosis_free(kt_diagnosis *d)
{
    kt_bed *b = (kt_bed *)d;

    if (!b)
        return;
    for (size_t i = 0; i < b->p.tensors.n; i++)
        kt_tensor_unref(b->p.tensors.at[i]);
    kt_vec_free(&b->p.tensors);
    kt_arena_free(&b->p.arena);
    kt_fault_clear(&b->fault);
    kt_free(b);
}
