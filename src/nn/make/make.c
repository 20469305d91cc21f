/* make.c - a layer from its configuration (layer_write.c is the way back). */
#include <string.h>

#include "nn/container.h"
#include "nn/make/identity.h"

const char *const kt_layer_base_args[] = {"name",       "trainable",
                                          "dtype",      "input_shape",
                                          "input_dim",  "batch_input_shape",
                                          "batch_size", "input_dtype",
                                          "autocast",   "activity_regularizer",
                                          NULL};

/* The type of layers that could not be made: they only carry the error. */
static const kt_layer_type broken = {
    .cls = {.class_name = "Layer", .module = "keras.layers", .config = &kt_no_config}};

/* --- normal forms ----------------------------------------------------------------------------- */

static kt_value *object_dict(kt_arena *a, const char *family, const kt_value *v, kt_fault *f)
{
    const kt_object *o = kt_object_make(a, family, v, f);
    return o ? kt_object_whole(a, o, f) : NULL;
}

/* A layer as Keras writes it. */
static kt_value *layer_dict(kt_arena *a, const kt_value *v, kt_fault *f)
{
    kt_layer *l = kt_layer_from_value(v);
    kt_value *dict = NULL;

    if (!l)
        kt_raise_memory(f);
    else if (kt_fault_copy(f, &l->fault) == KT_OK)
        dict = kt_layer_value(l, a, f);
    kt_layer_release(l);
    return dict;
}

const kt_value *kt_object_normal(kt_arena *a, const char *family, const kt_value *v, kt_fault *f)
{
    static const kt_value none = {.kind = KT_NONE};

    if (kt_streq(family, "activation") && kt_is_layer_activation(v))
        return layer_dict(a, v, f);
    if (kt_streq(family, "activation")) { /* None is linear */
        const kt_activation_type *act = kt_activation_find(v ? v : &none, f);
        const kt_value           *name = act ? kt_value_str(a, act->cls.class_name) : NULL;

        if (act && !name)
            kt_raise_memory(f);
        return name;
    }
    if (!v || v->kind == KT_NONE)
        return v;
    return object_dict(a, family, v, f);
}

/* Fields of these families are kept as Keras writes them; layers are made by the owner's check. */
static bool kept_normal(const char *family)
{
    static const char *const families[] = {"activation", "initializer", "regularizer",
                                           "constraint"};

    for (size_t i = 0; i < KT_COUNT(families); i++)
        if (kt_streq(families[i], family))
            return true;
    return false;
}

/* Keras makes a layer's initializers in its constructor, which draws their seeds in this order. */
static const kt_value *own_initializer(kt_layer *l, const kt_value *v)
{
    kt_value *dict = object_dict(&l->arena, "initializer", v, &l->fault);

    if (dict && !(l->type->flags & KT_LAYER_HANDS_DOWN))
        kt_hold_seed(dict);
    return dict;
}

static kt_status normalise_fields(kt_layer *l)
{
    const kt_config_type *t = l->type->cls.config;

    for (size_t i = 0; i < t->n; i++) {
        const kt_field *field = &t->fields[i];
        if (field->kind != KT_F_OBJ || !kept_normal(field->rule))
            continue;
        const kt_value **slot = (const kt_value **)(void *)((char *)l->config + field->offset);
        if (kt_streq(field->rule, "initializer") && *slot)
            *slot = own_initializer(l, *slot);
        else
            *slot = kt_object_normal(&l->arena, field->rule, *slot, &l->fault);
        if (l->fault.e.status != KT_OK)
            return l->fault.e.status;
    }
    return KT_OK;
}

/* --- the arguments of every layer ------------------------------------------------------------- */

/* "float32", {"class_name": "DTypePolicy", "config": {"name": "float32"}} or None. */
static const char *policy_name(const kt_value *v)
{
    if (v && v->kind == KT_DICT)
        return kt_value_text(kt_value_get(kt_value_get(v, "config"), "name"));
    return kt_value_text(v);
}

static kt_status refuse_dtype(kt_layer *l, const kt_value *v, const char *name)
{
    const kt_value text = {.kind = KT_STR, .s = name};

    if (name && kt_policy_is_quantized(name) && strstr(name, "_from_"))
        return kt_layer_fail(l, KT_E_NOT_IMPLEMENTED,
                             "Layer '%s': quantized weights (dtype '%s') are not supported",
                             l->name, name);
    return kt_layer_fail(l, KT_E_VALUE, "%s", kt_policy_refusal(&l->arena, name ? &text : v));
}

kt_policy kt_layer_policy(const kt_layer *l)
{
    return (kt_policy){l->dtype, l->variable_dtype, l->unnumbered};
}

static void follow(kt_layer *l, kt_policy p)
{
    l->dtype = p.compute;
    l->variable_dtype = p.variable;
    l->unnumbered = p.unnumbered;
}

/* A Sequential's from_config forgets it. */
static kt_status read_dtype(kt_layer *l, const kt_value *v)
{
    const char     *name = policy_name(v);
    const kt_value *policy = v && v->kind == KT_DICT ? kt_value_get(v, "config") : NULL;
    kt_policy       p;

    follow(l, kt_usual_policy());
    if (!v || v->kind == KT_NONE || (l->from_file && l->type == &kt_layer_sequential) ||
        (policy && policy->kind == KT_DICT && kt_is_none(kt_value_get(policy, "name"))))
        return KT_OK;
    l->dtype_given = true;
    if (name && kt_config_find(l->type->cls.config, "dtype"))
        return KT_OK; /* of an InputLayer's data: a field of its own */
    if (!kt_policy_parse(name, &p))
        return refuse_dtype(l, v, name);
    follow(l, p);
    return KT_OK;
}

/* input_shape=(28, 28), input_dim=5, batch_input_shape=(None, 5): the shape with the batch
 * first. */
static kt_status read_input_shape(kt_layer *l, const kt_value *args)
{
    bool own_dim = kt_config_find(l->type->cls.config, "input_dim") !=
                   NULL; /* Embedding's is another thing */
    const kt_value *shape = kt_value_get(args, "input_shape"),
                   *dim = own_dim ? NULL : kt_value_get(args, "input_dim");
    const kt_value *batch = kt_value_get(args, "batch_input_shape");
    kt_shape        s;

    if (batch && batch->kind != KT_NONE) {
        if (!kt_shape_from_value(batch, &l->batch_shape.v))
            return kt_layer_fail(
                l, KT_E_VALUE, "Layer '%s': batch_input_shape must be a tuple of integers or None",
                l->name);
        l->batch_shape.set = true;
        return KT_OK;
    }
    if (!shape || shape->kind == KT_NONE)
        shape = dim;
    if (!shape || shape->kind == KT_NONE)
        return KT_OK;
    l->no_shape = shape == dim ? NULL : kt_no_shape(l, shape);
    if (l->no_shape)
        return KT_OK; /* Keras keeps it, and looks at that of a Sequential's first layer */
    if (!kt_shape_from_value(shape, &s) || s.rank >= KT_MAX_RANK)
        return kt_layer_fail(
            l, KT_E_VALUE, "Layer '%s': input_shape must be a tuple of at most %d integers or None",
            l->name, KT_MAX_RANK - 1);
    const kt_value *size = kt_value_get(args, "batch_size");
    kt_shape        first = KT_SHAPE(size && size->kind == KT_INT ? size->i : KT_UNKNOWN);
    l->batch_shape.v = kt_shape_concat(&first, &s);
    l->batch_shape.set = true;
    return KT_OK;
}

/* Keras numbers what it makes: the Functionals inside Sequentials, and the layers of a class that
 * have no name. So do we, anew for each outermost call of kt_layer_from_value. Kept per thread and
 * only while that call lasts. */
enum { MOST_CLASSES = 512 };
static _Thread_local struct {
    int      depth, functionals;
    uint16_t nameless[MOST_CLASSES]; /* by place in the table */
} making;

int kt_next_functional(void)
{
    return making.functionals++;
}

/* Counts the nameless layers of a class that are made already; one too many has a place of its own,
 * the last. */
static uint16_t *nameless(const kt_layer_type *type)
{
    size_t place = kt_layer_type_place(type);

    return &making.nameless[place < MOST_CLASSES ? place : MOST_CLASSES - 1];
}

/* Nameless layers of the class among the arguments: Python makes them first. */
static int nameless_inside(const kt_layer_type *type, const kt_value *v)
{
    int  n = 0;
    bool parts = v && (kt_value_is_seq(v) || v->kind == KT_CALL || v->kind == KT_DICT);

    for (size_t i = 0; parts && i < v->n; i++) {
        const kt_value *item = v->items[i];
        n += nameless_inside(type, item);
        n += item && item->kind == KT_CALL && kt_is_none(kt_value_get(item, "name")) &&
             kt_layer_type_find(item->s) == type;
    }
    return n;
}

/* Python's bool(v) of a constant. */
static bool is_true(const kt_value *v)
{
    double x;

    if (v->kind == KT_BOOL)
        return v->b;
    if (kt_value_number(v, &x))
        return x != 0;
    if (v->kind == KT_STR)
        return *v->s != '\0';
    return kt_value_is_seq(v) || v->kind == KT_DICT ? v->n > 0 : v->kind != KT_NONE;
}

/* A layer wants a boolean; a Functional takes what Python takes for one, and None for the default;
 * a Sequential's from_config forgets it. */
static kt_status read_trainable(kt_layer *l, const kt_value *v)
{
    bool   functional = l->type == &kt_layer_functional;
    kt_str text = {0};

    l->trainable = true;
    if (!v || (l->type->takes && !kt_is_listed(l->type->takes, "trainable")) ||
        (l->from_file && l->type == &kt_layer_sequential) || (functional && v->kind == KT_NONE))
        return KT_OK;
    l->trainable = is_true(v);
    if (v->kind == KT_BOOL || functional)
        return KT_OK;
    kt_python_str(&text, v);
    kt_layer_fail(l, KT_E_VALUE,
                  "Expected `trainable` to be a boolean. Received: trainable=%s (of type <class "
                  "'%s'>)",
                  kt_str_text(&text), kt_python_type(v));
    kt_str_free(&text);
    return kt_layer_status(l);
}

static kt_status check_name(kt_layer *l, const kt_value *args)
{
    const kt_value *name = kt_value_get(args, "name");
    kt_str          text = {0};

    if (!kt_is_none(name) && (name->kind != KT_STR || strchr(name->s, '/'))) {
        kt_python_str(&text, name);
        kt_layer_fail(l, KT_E_VALUE,
                      "Argument `name` must be a string and cannot contain character `/`. "
                      "Received: name=%s (of type <class '%s'>)",
                      kt_str_text(&text), kt_python_type(name));
        kt_str_free(&text);
        return kt_layer_status(l);
    }
    return KT_OK;
}

kt_status kt_layer_rename(kt_layer *l, const char *name)
{
    char *copy = kt_arena_strdup(&l->arena, name);

    l->name = copy ? copy : "layer";
    return copy ? KT_OK : kt_raise_memory(&l->fault);
}

/* The name that was given or, without one, the class' and a number. What is none is refused
 * later. */
static kt_status take_name(kt_layer *l, const kt_value *args)
{
    const char *given = kt_value_text(kt_value_get(args, "name"));
    kt_str      text = {0};

    if (given) {
        l->named = true;
        return kt_layer_rename(l, given);
    }
    int before = l->from_file ? 0 : *nameless(l->type) + nameless_inside(l->type, args);
    kt_snake_case(&text, l->type->cls.class_name);
    if (before > 0)
        kt_str_printf(&text, "_%d", before);
    l->name = kt_str_keep(&text, &l->arena);
    if (l->name)
        return KT_OK;
    l->name = "layer";
    return kt_raise_memory(&l->fault);
}

/* A policy that is a dict is made before the constructor is called. */
static bool is_policy(const kt_layer *l, const kt_value *dtype)
{
    return l->from_file && dtype && dtype->kind == KT_DICT;
}

/* In the order of Keras' Layer: name, dtype, activity_regularizer. */
static kt_status read_base(kt_layer *l, const kt_value *args)
{
    const kt_value *reg = kt_value_get(args, "activity_regularizer");
    const kt_value *dtype = kt_value_get(args, "dtype");

    if (check_name(l, args) != KT_OK)
        return kt_layer_status(l);
    l->input_dtype = kt_value_text(kt_value_get(args, "input_dtype"));
    if (l->input_dtype)
        l->input_dtype = kt_arena_strdup(&l->arena, l->input_dtype);
    if (!(l->type->flags & KT_LAYER_OPERATION) && /* whose dtype is a field of its own */
        !is_policy(l, dtype) && read_dtype(l, dtype) != KT_OK)
        return kt_layer_status(l);
    if (reg && reg->kind != KT_NONE)
        l->activity_regularizer = kt_object_normal(&l->arena, "regularizer", reg, &l->fault);
    return kt_layer_status(l);
}

/* Base arguments that the class has and does not declare itself: its table need not know them. */
static void base_names(const kt_layer_type *type, const char **out)
{
    size_t n = 0;

    for (size_t i = 0; kt_layer_base_args[i]; i++) {
        const char *name = kt_layer_base_args[i];
        if (!kt_config_find(type->cls.config, name) &&
            (!type->takes || kt_is_listed(type->takes, name)))
            out[n++] = name;
    }
    out[n] = NULL;
}

/* The field that item i of the arguments is for; a positional one has no key. */
static const kt_field *field_of(const kt_layer *l, const kt_value *args, size_t i)
{
    const kt_config_type *t = l->type->cls.config;

    if (args->keys[i])
        return kt_config_find(t, args->keys[i]);
    return i < t->n ? &t->fields[i] : NULL;
}

static bool is_odd(const kt_layer *l, const kt_value *args, size_t i)
{
    const kt_field *field = field_of(l, args, i);
    double          x;

    return field && kt_streq(field->rule, "kept") && field->kind != KT_F_OPTINT &&
           !(field->kind == KT_F_OPTFLOAT && kt_is_none(args->items[i])) &&
           !kt_value_number(args->items[i], &x);
}

/* The arguments with the default for those that only a call can refuse: the layer keeps them. */
static const kt_value *keep_odd(kt_layer *l, const kt_value *args)
{
    kt_arena *a = &l->arena;
    kt_value *rest = NULL, *odd = NULL;
    size_t    n = args && (args->kind == KT_DICT || args->kind == KT_CALL) ? args->n : 0, k = 0;

    while (k < n && !is_odd(l, args, k))
        k++;
    if (k == n)
        return args;
    rest = kt_value_new(a, args->kind);
    odd = kt_value_new(a, KT_DICT);
    bool ok = rest && odd;
    for (size_t i = 0; ok && i < n; i++) {
        kt_value       *v = kt_value_copy(a, args->items[i]);
        const kt_field *field = field_of(l, args, i);
        bool            apart = is_odd(l, args, i);
        ok = !apart || kt_value_add(a, odd, field->name, v);
        if (apart)
            v = kt_expr_parse(field->initial ? field->initial : "0", a, &l->fault);
        ok = ok && kt_value_add(a, rest, args->keys[i], v);
    }
    l->odd = odd;
    if (!ok)
        kt_raise_memory(&l->fault);
    return ok ? rest : NULL;
}

/* What Layer's constructor reads, and what it makes of keywords that it does not know. */
static kt_status read_others(kt_layer *l, const kt_value *args, const kt_bound *bound,
                             const char *const *skip)
{
    const kt_class *cls = &l->type->cls;

    if (read_base(l, args) != KT_OK ||
        kt_config_known(cls->config, cls->class_name, l->type->unrecognized, bound, skip,
                        &l->fault) != KT_OK ||
        (l->type->flags & KT_LAYER_OPERATION) || read_input_shape(l, args) != KT_OK)
        return l->fault.e.status;
    return read_trainable(l, kt_value_get(args, "trainable"));
}

static kt_status read_early(kt_layer *l)
{
    return l->config && l->type->early ? l->type->early(l) : kt_layer_status(l);
}

/* What an operation's constructor refuses, Keras' from_config says once more. */
static kt_status wrap(kt_layer *l, const kt_value *args)
{
    kt_str text = {0};

    kt_str_printf(&text,
                  "Error when deserializing class '%s' using config=", l->type->cls.class_name);
    kt_value_repr(&text, args);
    kt_str_printf(&text, ".\n\nException encountered: %s", l->fault.e.message);
    kt_fault_clear(&l->fault);
    kt_layer_fail(l, KT_E_TYPE, "%s", kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_TYPE;
}

static kt_status read_config(kt_layer *l, const kt_value *args)
{
    const kt_class *cls = &l->type->cls;
    const char     *skip[KT_COUNT(kt_layer_base_args)];
    bool            first = (l->type->flags & KT_LAYER_EARLY) != 0;
    kt_bound        bound;

    if (take_name(l, args) != KT_OK ||
        (l->from_file && args && args->kind == KT_DICT && kt_class_lacks(cls, args, &l->fault)))
        return l->fault.e.status;
    if (is_policy(l, kt_value_get(args, "dtype")) && !(l->type->flags & KT_LAYER_OPERATION) &&
        read_dtype(l, kt_value_get(args, "dtype")) != KT_OK)
        return l->fault.e.status;
    base_names(l->type, skip);
    const kt_value *own = keep_odd(l, args);
    if (l->fault.e.status != KT_OK ||
        kt_config_bind(&l->arena, cls->config, cls->class_name, own, skip,
                       l->type->takes && !l->type->unrecognized, &bound, &l->fault) != KT_OK)
        return l->fault.e.status;
    bound.names_later = true;
    if (!first && read_others(l, args, &bound, skip) != KT_OK)
        return l->fault.e.status;
    l->config = kt_config_fill(&l->arena, cls->config, cls->class_name, &bound, &l->fault);
    if (!l->config || read_early(l) != KT_OK ||
        (first && read_others(l, args, &bound, skip) != KT_OK) || normalise_fields(l) != KT_OK) {
        l->config = NULL; /* nothing of it is to be used */
        return l->fault.e.status;
    }
    kt_status status = l->type->check ? l->type->check(l) : KT_OK;
    if (status != KT_OK && status != KT_E_MEMORY && l->from_file &&
        (l->type->flags & KT_LAYER_OPERATION))
        return wrap(l, args);
    return l->type->check ? kt_layer_status(l) : KT_OK;
}

/* --- making ----------------------------------------------------------------------------------- */

static kt_layer *layer_new(const kt_layer_type *type)
{
    kt_arena  arena = {0};
    kt_layer *l = kt_arena_alloc(&arena, sizeof *l);

    if (!l)
        return NULL;
    l->state = type->state_size ? kt_arena_alloc(&arena, type->state_size) : NULL;
    if (type->state_size && !l->state) {
        kt_arena_free(&arena);
        return NULL;
    }
    l->arena = arena;
    l->type = type;
    l->name = "layer";
    const kt_input_spec *s = &type->input;
    l->spec[0] = *s;
    l->n_spec = s->ndim || s->min_ndim || s->max_ndim || s->n_axes || s->has_shape;
    return l;
}

/* A shape, or all shapes of a list or dict of them; returns how many there are now. */
static int read_shapes(const kt_value *v, kt_shape *in, int n, int max)
{
    if (n < max && kt_shape_from_value(v, &in[n]))
        return n + 1;
    for (size_t i = 0; v && (kt_value_is_seq(v) || v->kind == KT_DICT) && i < v->n; i++)
        n = read_shapes(v->items[i], in, n, max);
    return n;
}

/* "build_config": {"input_shape": [...]} or {"shapes_dict": {"sequences_shape": [...], ...}}: Keras
 * builds the layer from it before it is connected. */
static void build_from_file(kt_layer *l, const kt_value *v)
{
    const kt_value *build = kt_value_get(v, "build_config");
    const kt_value *one = kt_value_get(build, "input_shape"),
                   *several = kt_value_get(build, "shapes_dict");
    kt_shape in[8];
    int      n;

    if ((l->type->flags & KT_LAYER_CONTAINER) || l->built)
        return;
    if ((n = read_shapes(one ? one : several, in, 0, (int)KT_COUNT(in))) > 0)
        kt_layer_build(l, n, in);
}

static kt_layer *from_value(const kt_value *v);

/* The outermost layer is made only where all classes inside are here. */
static kt_layer *outermost(const kt_value *v)
{
    kt_fault  f = {0};
    kt_layer *l;

    if (kt_check_classes(v, &f) == KT_OK)
        return from_value(v);
    l = layer_new(&broken);
    if (l)
        kt_fault_copy(&l->fault, &f);
    kt_fault_clear(&f);
    return l;
}

kt_layer *kt_layer_from_value(const kt_value *v)
{
    if (making.depth++ == 0) {
        making.functionals = 0;
        memset(making.nameless, 0, sizeof making.nameless);
    }
    kt_layer *l = making.depth == 1 ? outermost(v) : from_value(v);
    making.depth--;
    return l;
}

/* What v says, once the layer is there. */
static void fill(kt_layer *l, const kt_value *v, const kt_value *args)
{
    l->from_file = v->kind == KT_DICT;
    kt_status status = read_config(l, args);
    if (!l->named && !l->from_file)
        ++*nameless(l->type);
    if (status == KT_OK)
        build_from_file(l, v);
}

kt_layer *kt_layer_of(const kt_layer_type *type, const kt_value *call)
{
    kt_layer *l = layer_new(type);

    if (l)
        fill(l, call, call);
    return l;
}

static kt_layer *from_value(const kt_value *v)
{
    const char          *name = NULL;
    const kt_value      *args = NULL;
    const kt_layer_type *type = kt_layer_type_of(v);
    kt_layer            *l = layer_new(type ? type : &broken);

    if (!l)
        return NULL;
    if (!kt_object_parts(v, &name, &args))
        kt_layer_fail(l, KT_E_VALUE, "Expected a layer");
    else if (!type)
        kt_raise_missing("layer", v, kt_value_text(kt_value_get(args, "name")), &l->fault);
    if (kt_layer_status(l) == KT_OK)
        fill(l, v, args);
    return l;
}
