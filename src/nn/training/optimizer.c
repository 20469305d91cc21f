/* optimizer.c - optimizers as objects: making, the learning rate, saving, the end of training. */
#include "nn/optimizer.h"

#include <string.h>

#include "nn/layer.h"

/* --- arguments of every optimizer --- */

/* Keras' order: the base's arguments, then the class' own. */
static const char *const base_order[] = {
    "name",
    "learning_rate",
    "weight_decay",
    "clipnorm",
    "global_clipnorm",
    "clipvalue",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
};

static kt_status refuse_arguments(const kt_value *unknown, kt_fault *f)
{
    kt_str text = {0};

    kt_value_repr(&text, unknown);
    kt_raise(f, KT_E_VALUE, "Argument(s) not recognized: %s", kt_str_text(&text));
    kt_str_free(&text);
    if (kt_value_get(unknown, "lr"))
        kt_fault_hint(f, "did you mean 'learning_rate'?");
    return KT_E_VALUE;
}

/* Of LossScaleOptimizer: what other optimizers take belongs to the inner one. */
static kt_status refuse_around(const kt_value *unknown, kt_fault *f)
{
    kt_str text = {0};

    for (size_t i = 0; i < unknown->n; i++)
        for (size_t k = 2; k < KT_COUNT(base_order); k++)
            if (kt_streq(unknown->keys[i], base_order[k]) && !kt_is_none(unknown->items[i]))
                return kt_raise(f, KT_E_VALUE,
                                "LossScaleOptimizer does not support `%s`. Instead, set `%s` on "
                                "the `inner_optimizer`.",
                                base_order[k], base_order[k]);
    for (size_t i = 0; i < unknown->n; i++)
        if (!kt_is_none(unknown->items[i]))
            kt_str_printf(&text, "%s`%s`", text.len ? ", " : "", unknown->keys[i]);
    if (text.len)
        kt_raise(f, KT_E_VALUE, "LossScaleOptimizer does not support arguments: %s.",
                 kt_str_text(&text));
    kt_str_free(&text);
    return f->e.status;
}

kt_status kt__optimizer_arguments(kt_arena *a, const kt_class *cls, const kt_value **args,
                                  kt_fault *f)
{
    const kt_value *given = *args;
    kt_value       *known, *unknown = kt_value_new(a, KT_DICT);
    bool            ok;

    if (!given || (given->kind != KT_DICT && given->kind != KT_CALL))
        return KT_OK;
    known = kt_value_new(a, given->kind);
    ok = known && unknown;
    if (ok)
        known->s = given->s;
    bool around = ((const kt_optimizer_type *)(const void *)cls)->scaling != NULL;
    for (size_t i = 0; ok && i < given->n; i++) {
        const char *key = given->keys[i];
        bool        takes = !key || kt_config_find(cls->config, key);

        if (takes || around || !kt_streq(key, "decay"))
            ok = kt_value_add(a, takes ? known : unknown, key, given->items[i]);
    }
    *args = known;
    if (!ok)
        return kt_raise_memory(f);
    return around ? refuse_around(unknown, f) : unknown->n ? refuse_arguments(unknown, f) : KT_OK;
}

/* The member of the class' struct for a base argument, which every class has. */
static const void *argument(const kt_object *o, const char *name)
{
    const void *member = kt_config_member(o->cls->config, name, o->config);

    KT_ASSERT(member);
    return member;
}

static const char *const limits[] = {"clipnorm", "global_clipnorm", "clipvalue"};

/* A limit that is true; what is no number is refused when gradients are clipped. */
static kt_optfloat limit(const kt_object *o, const char *name)
{
    const kt_value *v = *(const kt_value *const *)argument(o, name);
    kt_optfloat     x = {.set = kt_value_true(v)};

    x.set = x.set && kt_value_number(v, &x.v);
    return x;
}

kt_status kt__optimizer_use(const kt_optimizer *o, kt_fault *f)
{
    for (size_t i = 0; i < KT_COUNT(limits); i++) {
        const kt_value *v = *(const kt_value *const *)argument(o->object, limits[i]);
        double          x;
        if (kt_value_true(v) && !kt_value_number(v, &x))
            return kt_raise(f, KT_E_TYPE, "'>' not supported between instances of '%s' and 'int'",
                            kt_python_type(v));
    }
    const kt_value *steps = kt_object_given(o->object, "gradient_accumulation_steps");
    if (steps && steps->kind == KT_FLOAT && steps->f != 0) {
        kt_str text = {0};
        kt_repr_double(&text, steps->f);
        kt_raise(f, KT_E_TYPE, "Cannot convert %s to EagerTensor of dtype int64",
                 kt_str_text(&text));
        kt_str_free(&text);
        return f->e.status;
    }
    return kt_object_use(o->object, true, f);
}

static void read_base(const kt_object *o, kt_optimizer_base *b)
{
    b->weight_decay = *(const kt_optfloat *)argument(o, "weight_decay");
    b->loss_scale_factor = *(const kt_optfloat *)argument(o, "loss_scale_factor");
    b->clipnorm = limit(o, "clipnorm");
    b->clipvalue = limit(o, "clipvalue");
    b->global_clipnorm = limit(o, "global_clipnorm");
    b->use_ema = *(const bool *)argument(o, "use_ema");
    (void)kt_value_number(*(const kt_value *const *)argument(o, "ema_momentum"), &b->ema_momentum);
    b->ema_overwrite_frequency = *(const kt_optint *)argument(o, "ema_overwrite_frequency");
    b->gradient_accumulation_steps = *(const kt_optint *)argument(o, "gradient_accumulation_steps");
    if (!b->gradient_accumulation_steps.v)
        b->gradient_accumulation_steps.set = false;
    if (!b->ema_overwrite_frequency.v)
        b->ema_overwrite_frequency.set = false;
}

static kt_status refuse_limits(const kt_object *o, kt_fault *f)
{
    static const char *const names[] = {"clipnorm", "clipvalue", "global_clipnorm"};
    kt_str                   text = {0};

    for (size_t i = 0; i < KT_COUNT(names); i++) {
        kt_str_printf(&text, "%s%s=", i ? ", " : "", names[i]);
        kt_python_str(&text, *(const kt_value *const *)argument(o, names[i]));
    }
    kt_raise(f, KT_E_VALUE,
             "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: %s",
             kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

/* "sentence. Received: name=value" */
static kt_status refuse_given(const kt_object *o, const char *name, const char *sentence,
                              kt_fault *f)
{
    kt_str text = {0};

    kt_python_str(&text, kt_object_given(o, name));
    kt_raise(f, KT_E_VALUE, "%s. Received: %s=%s", sentence, name, kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

static kt_status check_ema(kt_optimizer *o, kt_fault *f)
{
    const kt_value *momentum = *(const kt_value *const *)argument(o->object, "ema_momentum");
    double          number;

    if (!kt_value_number(momentum, &number))
        return kt_raise(f, KT_E_TYPE, "'>' not supported between instances of '%s' and 'int'",
                        kt_python_type(momentum));
    if (!(number >= 0 && number <= 1))
        return refuse_given(o->object, "ema_momentum", "`ema_momentum` must be in the range [0, 1]",
                            f);
    const kt_value *steps = kt_object_given(o->object, "ema_overwrite_frequency");
    if (kt_value_true(steps) && (!kt_is_int(steps) || steps->i < 1))
        return refuse_given(o->object, "ema_overwrite_frequency",
                            "`ema_overwrite_frequency` must be an integer >= 1 or None", f);
    return KT_OK;
}

static kt_status check_limits(const kt_object *o, kt_fault *f)
{
    int n = 0;

    for (size_t i = 0; i < KT_COUNT(limits); i++)
        n += *(const kt_value *const *)argument(o, limits[i]) != NULL;
    return n > 1 ? refuse_limits(o, f) : KT_OK;
}

/* The iterations are counted in a scope of the optimizer's name; TensorFlow wraps a list. */
static kt_status check_name(const kt_optimizer *o, kt_fault *f)
{
    const kt_value *given = kt_object_given(o->object, "name");
    kt_str          text = {0};

    if (!given || given->kind == KT_NONE)
        return KT_OK;
    if (given->kind != KT_LIST)
        return kt_check_scope(given, f);
    kt_str_add(&text, "ListWrapper(");
    kt_value_repr(&text, given);
    kt_str_addc(&text, ')');
    kt_raise_scope(kt_str_text(&text), f);
    kt_str_free(&text);
    return KT_E_VALUE;
}

/* In the order and words of Keras' constructor. */
static kt_status check_base(kt_optimizer *o, kt_fault *f)
{
    const kt_optimizer_base *b = &o->base;

    const kt_value *given = kt_object_given(o->object, "gradient_accumulation_steps");
    double          steps = 2;

    if (kt_value_true(given) && kt_value_number(given, &steps) && steps < 2)
        return refuse_given(o->object, "gradient_accumulation_steps",
                            "`gradient_accumulation_steps` must be an integer >= 2", f);
    if (b->use_ema && check_ema(o, f) != KT_OK)
        return f ? f->e.status : KT_E_VALUE;
    return check_limits(o->object, f) == KT_OK ? check_name(o, f) : f->e.status;
}

/* --- making and freeing --- */

kt_variable *kt__optimizer_variable(kt_optimizer *o, const char *name, kt_tensor *value)
{
    kt_variable *v = kt_arena_alloc(&o->arena, sizeof *v);

    if (!v || !name || !value || !kt_vec_push(&o->owned, v)) {
        kt_tensor_unref(value);
        return NULL;
    }
    v->name = name;
    v->path = kt_arena_printf(&o->arena, "%s/%s", o->name, name);
    v->dtype = value->dtype;
    v->shape = value->shape;
    v->value = value;
    return v->path ? v : NULL;
}

/* The name that was given, or "adam_w" for AdamW. */
static const char *name_of(kt_optimizer *o)
{
    const char *given = *(const char *const *)argument(o->object, "name");
    kt_str      snake = {0};

    if (given)
        return given;
    kt_snake_case(&snake, o->type->cls.class_name);
    return kt_str_keep(&snake, &o->arena);
}

static kt_status make_counters(kt_optimizer *o, double rate, kt_fault *f)
{
    o->iterations = kt__optimizer_variable(o, "iteration", kt_tensor_new(KT_I64, KT_SCALAR_SHAPE));
    if (!o->iterations || !kt_vec_push(&o->variables, o->iterations))
        return kt_raise_memory(f);
    if (o->schedule)
        return KT_OK;
    o->learning_rate = kt__optimizer_variable(o, "learning_rate",
                                              kt_tensor_new(KT_F32, KT_SCALAR_SHAPE));
    if (!o->learning_rate || !kt_vec_push(&o->variables, o->learning_rate))
        return kt_raise_memory(f);
    kt_tensor_set(o->learning_rate->value, 0, rate);
    return KT_OK;
}

/* A number of LossScaleOptimizer's own; NULL without memory. */
static kt_variable *scaling_number(kt_optimizer *o, const char *owner, const char *name,
                                   kt_dtype dtype, double x)
{
    kt_variable *v = kt__optimizer_variable(o, name, kt_tensor_new(dtype, KT_SCALAR_SHAPE));

    if (!v || !kt_vec_push(&o->variables, v))
        return NULL;
    v->path = kt_arena_printf(&o->arena, "%s/%s", owner, name);
    kt_tensor_set(v->value, 0, x);
    return v->path ? v : NULL;
}

static kt_status make_scaling(kt_optimizer *o, kt_fault *f)
{
    const kt_optimizer_type *type = (const kt_optimizer_type *)(const void *)o->around->cls;
    kt_loss_scaling          s = type->scaling(o->around->config);
    const char              *name = s.name ? s.name : "loss_scale_optimizer";

    o->growth_steps = s.growth_steps;
    o->base.loss_scale_factor.set = false;
    if (scaling_number(o, name, "iteration", KT_I64, 0) &&
        scaling_number(o, name, "learning_rate", KT_F32, 0))
        o->good_steps = scaling_number(o, name, "step_counter", KT_I64, 0);
    if (o->good_steps)
        o->scale = scaling_number(o, name, "dynamic_scale", KT_F32, s.initial);
    return o->scale ? KT_OK : kt_raise_memory(f);
}

static kt_status make(kt_optimizer *o, kt_fault *f)
{
    const kt_value *const *given = argument(o->object, "learning_rate");
    double                 rate = 0;
    kt_status              status;

    read_base(o->object, &o->base);
    o->name = name_of(o);
    if (!o->name)
        return kt_raise_memory(f);
    status = check_base(o, f);
    if (status == KT_OK)
        status = kt__rate_read(o, *given, &rate, f);
    if (status == KT_OK && o->around)
        status = make_scaling(o, f);
    return status == KT_OK ? make_counters(o, rate, f) : status;
}

kt_optimizer *kt_optimizer_new(const kt_object *object, kt_fault *f)
{
    kt_optimizer *o = kt_alloc(sizeof *o);

    if (!o) {
        kt_raise_memory(f);
        return NULL;
    }
    o->type = (const kt_optimizer_type *)(const void *)object->cls;
    if (o->type->scaling) {
        o->around = object;
        object = o->type->scaling(object->config).inner;
        o->type = (const kt_optimizer_type *)(const void *)object->cls;
    }
    o->object = object;
    if (make(o, f) == KT_OK)
        return o;
    kt_optimizer_free(o);
    return NULL;
}

void kt_optimizer_free(kt_optimizer *o)
{
    if (!o)
        return;
    for (size_t i = 0; i < o->trainable.n; i++) {
        kt_variable *v = o->trainable.at[i];
        if (o->block && v->block == o->block)
            v->block = NULL;
    }
    for (size_t i = 0; i < o->owned.n; i++)
        kt_tensor_unref(((kt_variable *)o->owned.at[i])->value);
    kt_vec_free(&o->owned);
    kt_vec_free(&o->variables);
    kt_vec_free(&o->trainable);
    kt_arena_free(&o->arena);
    kt_free(o);
}

/* --- the learning rate --- */

double kt_optimizer_lr(const kt_optimizer *o)
{
    return kt__rate_now(o);
}

kt_status kt_optimizer_set_lr(kt_optimizer *o, double lr, kt_fault *f)
{
    if (o->schedule)
        return kt_raise(
            f, KT_E_TYPE,
            "This optimizer was created with a `LearningRateSchedule` object as its "
            "`learning_rate` constructor argument, hence its learning rate is not settable. If "
            "you need the learning rate to be settable, you should instantiate the optimizer with "
            "a float `learning_rate` argument.");
    kt_tensor_set(o->learning_rate->value, 0, lr);
    return KT_OK;
}

/* --- the end of training --- */

kt_status kt_optimizer_finish(kt_optimizer *o)
{
    if (!o->built || !o->base.use_ema || kt_tensor_get(o->iterations->value, 0) == 0)
        return KT_OK;
    for (size_t i = 0; i < o->trainable.n; i++) {
        const kt_variable *v = o->trainable.at[i];
        const kt_tensor   *average = o->slot[i * (size_t)o->n_kinds]->value;

        memcpy(v->value->data, average->data,
               (size_t)average->count * kt_dtype_size(average->dtype));
    }
    return KT_OK;
}

/* --- saving --- */

static kt_value *argument_value(kt_arena *a, const kt_optimizer *o, const char *name, kt_fault *f)
{
    if (kt_streq(name, "name"))
        return kt_value_str(a, o->name);
    if (o->around && kt_streq(name, "loss_scale_factor"))
        return kt_value_new(a, KT_NONE);
    if (!kt_streq(name, "learning_rate"))
        return kt_object_field(a, o->object, name);
    return o->schedule ? kt_object_value(a, o->schedule, f)
                       : kt_value_float(a, kt_tensor_get(o->learning_rate->value, 0));
}

static kt_value *inner_value(kt_arena *a, const kt_optimizer *o, kt_fault *f)
{
    const kt_config_type *t = o->type->cls.config;
    kt_value             *v = kt_value_new(a, KT_DICT), *config = kt_value_new(a, KT_DICT);
    bool ok = v && config && kt_value_add(a, v, "module", kt_value_str(a, o->type->cls.module));

    for (size_t i = 0; ok && i < KT_COUNT(base_order); i++)
        ok = kt_value_add(a, config, base_order[i], argument_value(a, o, base_order[i], f));
    for (size_t i = 0; ok && i < t->n; i++)
        ok = kt_value_get(config, t->fields[i].name) ||
             kt_value_add(a, config, t->fields[i].name,
                          kt_object_field(a, o->object, t->fields[i].name));
    ok = ok && kt_value_add(a, v, "class_name", kt_value_str(a, o->type->cls.class_name)) &&
         kt_value_add(a, v, "config", config) &&
         kt_value_add(a, v, "registered_name", kt_value_new(a, KT_NONE));
    if (!ok)
        kt_raise_memory(f);
    return ok ? v : NULL;
}

kt_value *kt_optimizer_value(kt_arena *a, const kt_optimizer *o, kt_fault *f)
{
    kt_value *inner = inner_value(a, o, f);
    kt_value *outer = inner && o->around && !o->unasked ? kt_object_value(a, o->around, f) : NULL;

    if (!outer)
        return f->e.status == KT_OK ? inner : NULL;
    if (kt_value_set(a, (kt_value *)(uintptr_t)kt_value_get(outer, "config"), "inner_optimizer",
                     inner))
        return outer;
    kt_raise_memory(f);
    return NULL;
}
