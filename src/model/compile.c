/* compile.c - optimizer, loss and metrics from arguments or from a file's compile_config. */
#include "model/step.h"

static const char *const keys[] = {"optimizer", "loss", "loss_weights", "metrics",
                                   "weighted_metrics"};

static bool set_defaults(kt_arena *a, kt_value *c)
{
    for (size_t i = 0; i < KT_COUNT(keys); i++)
        if (!kt_value_get(c, keys[i]) &&
            !kt_value_add(a, c, keys[i],
                          i == 0 ? kt_value_str(a, "rmsprop") : kt_value_new(a, KT_NONE)))
            return false;
    return kt_value_set(a, c, "run_eagerly", kt_value_bool(a, false)) &&
           kt_value_set(a, c, "steps_per_execution", kt_value_int(a, 1)) &&
           kt_value_set(a, c, "jit_compile", kt_value_bool(a, false));
}

kt_status kt_model_scale_loss(kt_model *m)
{
    kt_value     *call = kt_value_new(&m->arena, KT_CALL);
    kt_optimizer *around = NULL;

    if (!call || !kt_value_add(&m->arena, call, "inner_optimizer",
                               kt_object_value(&m->arena, m->optimizer->object, &m->fault)))
        return kt_raise_memory(&m->fault);
    call->s = "LossScaleOptimizer";
    const kt_object *o = kt_object_make(&m->arena, "optimizer", call, &m->fault);
    around = o ? kt_optimizer_new(o, &m->fault) : NULL;
    if (!around)
        return m->fault.e.status;
    around->unasked = true;
    kt_steps_clear(m);
    kt_optimizer_free(m->optimizer);
    m->optimizer = around;
    return KT_OK;
}

static kt_status compile_config(kt_model *m, const kt_value *config, bool scale)
{
    if (kt_model_enter(m, "kt_compile") != KT_OK)
        return m ? m->fault.e.status : KT_E_VALUE;
    kt_steps_clear(m);
    kt_targets_clear(m);
    kt_optimizer_free(m->optimizer);
    m->optimizer = NULL;
    m->tuned = false;
    m->compile_config = kt_value_copy(&m->arena, config);
    if (!m->compile_config || !set_defaults(&m->arena, m->compile_config))
        return kt_raise_memory(&m->fault);

    const kt_value *asked = kt_value_get(m->compile_config, "optimizer");
    if (asked->kind != KT_NONE) { /* without one the model can be evaluated */
        const kt_object *o = kt_object_make(&m->arena, "optimizer", asked, &m->fault);
        m->optimizer = o ? kt_optimizer_new(o, &m->fault) : NULL;
        if (!m->optimizer)
            return m->fault.e.status != KT_OK ? m->fault.e.status : kt_raise_memory(&m->fault);
        if (scale && m->scales && !m->optimizer->around && kt_model_scale_loss(m) != KT_OK)
            return m->fault.e.status;
    }
    m->compiled = true;
    return KT_OK;
}

kt_status kt_model_compile(kt_model *m, const kt_value *config)
{
    return compile_config(m, config, true);
}

/* An argument is a name ("adam") or an expression; a name alone reads as a STR. */
static kt_value *read(kt_model *m, const char *text)
{
    return *text ? kt_expr_parse(text, &m->arena, &m->fault) : kt_value_str(&m->arena, text);
}

/* .metrics = {"accuracy", "AUC()"} is a list; a single dict or list expression stands for
 * itself. */
static kt_value *read_list(kt_model *m, const char *const *texts, size_t max)
{
    kt_value *list = kt_value_new(&m->arena, KT_LIST);

    for (size_t i = 0; i < max && texts[i]; i++) {
        kt_value *v = read(m, texts[i]);
        if (v && i == 0 && (v->kind == KT_DICT || kt_value_is_seq(v)) && (max == 1 || !texts[1]))
            return v;
        if (!kt_value_add(&m->arena, list, NULL, v))
            return NULL;
    }
    return list && list->n ? list : kt_value_new(&m->arena, KT_NONE);
}

/* Puts an argument under its key; what is not given (v NULL) stays. */
static bool put(kt_model *m, kt_value *c, const char *key, bool given, kt_value *v)
{
    return !given || (v && kt_value_set(&m->arena, c, key, v));
}

static kt_value *read_text(kt_model *m, const char *text)
{
    return text ? read(m, text) : kt_value_new(&m->arena, KT_NONE);
}

/* Every name and expression under v, a list or dict however deep, must be one of the family. Keras
 * finds out when it fits; who calls compile should know it at once. */
static kt_status check_names(kt_model *m, const char *family, const kt_value *v)
{
    bool object = v && (v->kind == KT_STR || v->kind == KT_CALL || kt_value_get(v, "class_name"));

    if (object && !(kt_streq(family, "loss") && kt_is_crossentropy(v)))
        kt_object_make(&m->arena, family, v, &m->fault);
    for (size_t i = 0; v && !object && (kt_value_is_seq(v) || v->kind == KT_DICT) && i < v->n; i++)
        if (check_names(m, family, v->items[i]) != KT_OK)
            break;
    return m->fault.e.status;
}

static kt_status check_all_names(kt_model *m, const kt_value *c)
{
    static const char *const metrics[] = {"metrics", "weighted_metrics"};

    check_names(m, "loss", kt_value_get(c, "loss"));
    for (size_t i = 0; i < KT_COUNT(metrics) && m->fault.e.status == KT_OK; i++)
        check_names(m, "metric", kt_value_get(c, metrics[i]));
    return m->fault.e.status;
}

static bool put_text(kt_model *m, kt_value *c, const kt_site *at, const char *key, const char *text)
{
    bool given = text || kt_args_said(at, key);

    return put(m, c, key, given, given ? read_text(m, text) : NULL);
}

static bool put_list(kt_model *m, kt_value *c, const kt_site *at, const char *key,
                     const char *const *texts)
{
    bool given = texts[0] || kt_args_said(at, key);

    return put(m, c, key, given, given ? read_list(m, texts, KT_MAX_METRICS) : NULL);
}

static bool put_all(kt_model *m, kt_value *c, const kt_compile_args *a)
{
    return put_text(m, c, &a->at, "optimizer", a->optimizer) &&
           put_text(m, c, &a->at, "loss", a->loss) &&
           put_text(m, c, &a->at, "loss_weights", a->loss_weights) &&
           put_list(m, c, &a->at, "metrics", a->metrics) &&
           put_list(m, c, &a->at, "weighted_metrics", a->weighted_metrics);
}

static const char *const members[] = {
    "model",        "optimizer",       "loss", "metrics", "weighted_metrics",
    "loss_weights", "auto_scale_loss", NULL};

static kt_status compile(const kt_compile_args *args, bool again, const char *call)
{
    kt_model       *m = args ? args->model : NULL;
    kt_compile_args a;

    if (!args)
        return kt_raise_null(call, "the argument struct");
    if (kt_model_enter(m, call) != KT_OK)
        return m ? m->fault.e.status : KT_E_VALUE;
    const kt_value *before = again ? m->compile_config : NULL;
    kt_value *c = before ? kt_value_copy(&m->arena, before) : kt_value_new(&m->arena, KT_DICT);
    if (kt_args_take(&a, sizeof a, &args->at, "kt_compile_args", members, &m->fault) == KT_OK) {
        if (!c || !put_all(m, c, &a))
            kt_raise_memory(&m->fault); /* unless an expression was refused */
        else if (compile_config(
                     m, c, a.auto_scale_loss || !kt_args_said(&a.at, "auto_scale_loss")) == KT_OK)
            check_all_names(m, m->compile_config);
    }
    kt_args_site(&m->fault, &args->at, call);
    return m->fault.e.status;
}

kt_status kt_compile_with(const kt_compile_args *args)
{
    return compile(args, false, "kt_compile");
}

kt_status kt_recompile_with(const kt_compile_args *args)
{
    return compile(args, true, "kt_recompile");
}

kt_status kt_model_build_optimizer(kt_model *m)
{
    kt_vec trainable = {0};

    if (m->compiled && !m->optimizer)
        return kt_raise(&m->fault, KT_E_ATTRIBUTE, "'NoneType' object has no attribute 'build'");
    if (!m->optimizer || m->optimizer->built || kt_shapes_only())
        return m->fault.e.status;
    kt_steps_clear(m); /* the weights move into a block */
    if (kt_collect_weights(m->root, true, false, &trainable) != KT_OK)
        kt_raise_memory(&m->fault);
    else
        kt_optimizer_build(m->optimizer, &trainable, &m->fault);
    kt_vec_free(&trainable);
    return m->fault.e.status;
}
