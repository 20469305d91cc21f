/* layer.c - what every layer has: faults, weights, sub-layers, the type table. */
#include "nn/make/identity.h"
#include "nn/tracing/operation.h"
#include "nn/make/registered.h"

#include <ctype.h>
#include <string.h>

const kt_layer_type *kt_layer_type_find(const char *class_name)
{
    for (const kt_layer_type *const *const *file = kt_layer_table; *file; file++)
        for (const kt_layer_type *const *t = *file; *t; t++)
            if (kt_class_answers(&(*t)->cls, class_name))
                return *t;
    return (const kt_layer_type *)(const void *)kt_registered_find("layer", class_name);
}

const kt_layer_type *kt_layer_type_of(const kt_value *v)
{
    const char     *name = NULL, *module = kt_value_text(kt_value_get(v, "module"));
    const kt_value *args = NULL;

    if (!kt_object_parts(v, &name, &args))
        return NULL;
    if (kt_is_foreign(v))
        return (const kt_layer_type *)(const void *)kt_registered_for("layer", v);
    const kt_layer_type *t = kt_operation_find(module, name);
    if (t)
        return t;
    t = kt_layer_type_find(name);
    return t && kt_is_class(&t->cls, v) ? t : NULL;
}

const kt_layer_type *kt_layer_type_at(size_t i)
{
    for (const kt_layer_type *const *const *file = kt_layer_table; *file; file++)
        for (const kt_layer_type *const *t = *file; *t; t++)
            if (i-- == 0)
                return *t;
    return NULL;
}

size_t kt_layer_type_place(const kt_layer_type *type)
{
    size_t i = 0;

    for (const kt_layer_type *const *const *file = kt_layer_table; *file; file++)
        for (const kt_layer_type *const *t = *file; *t; t++, i++)
            if (*t == type)
                return i;
    return i;
}

void kt_snake_case(kt_str *out, const char *name)
{
    for (size_t i = 0; name[i]; i++) {
        bool upper = isupper((unsigned char)name[i]) != 0;
        bool word_ends = i > 0 && islower((unsigned char)name[i - 1]);
        bool word_starts = i > 0 && name[i + 1] && islower((unsigned char)name[i + 1]);

        if (upper && (word_ends || word_starts))
            kt_str_addc(out, '_');
        kt_str_addc(out, (char)tolower((unsigned char)name[i]));
    }
}

/* --- failures --------------------------------------------------------------------------------- */

kt_status kt_layer_fail(kt_layer *l, kt_status status, const char *fmt, ...)
{
    kt_str  text = {0};
    va_list ap;

    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    kt_raise(&l->fault, status, "%s", kt_str_text(&text));
    kt_str_free(&text);
    return l->fault.e.status;
}

kt_status kt_layer_status(const kt_layer *l)
{
    return l->fault.e.status;
}

const char *kt_layer_path(kt_layer *l)
{
    const char *path = l->scope ? kt_arena_printf(&l->arena, "%s/%s", l->scope, l->name) : l->name;

    return path ? path : "";
}

/* --- weights ---------------------------------------------------------------------------------- */

static void variable_free(kt_variable *v)
{
    if (v)
        kt_tensor_unref(v->value);
}

static kt_variable *variable_new(kt_layer *l, const char *name, kt_dtype dtype, kt_shape shape)
{
    kt_variable *v = kt_arena_alloc(&l->arena, sizeof *v);

    if (!v) {
        kt_raise_memory(&l->fault);
        return NULL;
    }
    v->name = kt_arena_strdup(&l->arena, name);
    v->path = kt_arena_printf(&l->arena, "%s/%s", kt_layer_path(l), name);
    v->dtype = dtype;
    v->shape = shape;
    v->allowed = &l->trainable;
    if (!v->name || !v->path) {
        kt_raise_memory(&l->fault);
        return NULL;
    }
    return v;
}

static const kt_value *unless_none(const kt_value *v)
{
    return kt_is_none(v) ? NULL : v;
}

/* For shapes alone only biases and the like have memory, which some layers write at once. */
enum { SMALL = 1024 };

/* Numbers that were given, as a matrix for an Embedding is: where shapes alone count, theirs does
 * too. */
static bool is_array(const kt_value *initializer)
{
    const kt_value *v = kt_value_get(kt_value_get(initializer, "config"), "value");

    return v && (kt_value_is_seq(v) || v->kind == KT_DICT);
}

static _Thread_local int64_t     numbers_left = -1;
static _Thread_local const char *limit_words;

void kt_limit_weights(int64_t numbers, const char *words)
{
    numbers_left = numbers;
    limit_words = words;
}

bool kt_weights_are_limited(void)
{
    return numbers_left >= 0;
}

/* While a file is read: no more numbers than it may ask for, before memory is taken for them. */
static bool within_limit(kt_layer *l, const kt_shape *shape)
{
    int64_t n = kt_shape_count(shape);

    if (numbers_left < 0)
        return true;
    if (n >= 0 && n <= numbers_left) {
        numbers_left -= n;
        return true;
    }
    kt_layer_fail(l, KT_E_VALUE, "The weights of layer '%s' need more numbers than %s", l->name,
                  limit_words);
    return false;
}

/* TensorFlow draws neither texts nor complex numbers. */
static kt_status refuse_start(kt_layer *l, const kt_value *initializer)
{
    const char *name = kt_value_text(kt_value_get(initializer, "class_name"));
    bool        texts = kt_streq(l->unnumbered, kt_dtype_name(KT_STRING));

    name = name ? name : kt_value_text(initializer);
    if (!name || strncasecmp(name, "zeros", 6) == 0 ||
        (strncasecmp(name, "ones", 5) == 0 && !texts))
        return KT_OK;
    if (strncasecmp(name, "ones", 5) == 0)
        return kt_layer_fail(l, KT_E_TYPE, "Cannot convert 1 to EagerTensor of dtype string");
    if (texts)
        return kt_raise_no_cast(&l->fault, KT_F32, KT_STRING);
    return kt_layer_fail(l, KT_E_VALUE,
                         "Argument `dtype` got invalid value <dtype: '%s'>. Accepted dtypes are "
                         "(tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.int32, tf.int64, "
                         "tf.uint32, tf.uint64).",
                         l->unnumbered);
}

kt_variable *kt_add_weight(kt_layer *l, const char *name, kt_shape shape,
                           const kt_value *initializer, const kt_value *regularizer,
                           const kt_value *constraint, bool trainable)
{
    if (l->fault.e.status != KT_OK)
        return NULL;
    if (!kt_shape_known(&shape)) {
        kt_layer_fail(
            l, KT_E_VALUE,
            "Shapes used to initialize variables must be fully-defined (no `None` dimensions). "
            "Received: shape=%s for variable path='%s/%s'",
            kt_shape_text(&l->arena, &shape), kt_layer_path(l), name);
        return NULL;
    }
    kt_variable *v = within_limit(l, &shape) ? variable_new(l, name, l->variable_dtype, shape)
                                             : NULL;
    if (!v)
        return NULL;
    v->initializer = unless_none(initializer);
    v->regularizer = unless_none(regularizer);
    v->constraint = unless_none(constraint);
    v->trainable = trainable;
    v->value = kt_shapes_only() && kt_shape_count(&shape) > SMALL
                 ? kt_tensor_around(NULL, v->dtype, shape)
                 : kt_tensor_new(v->dtype, shape);
    if (!v->value || !kt_vec_push(&l->weights, v)) {
        variable_free(v);
        kt_raise_memory(&l->fault);
        return NULL;
    }
    if (l->unnumbered && refuse_start(l, v->initializer) != KT_OK)
        return NULL;
    bool odd = !kt_dtype_is_float(v->dtype) && v->value->data; /* which not all draw */
    if ((!kt_shapes_only() || is_array(v->initializer) || odd) &&
        kt_initialize(v, &l->fault) != KT_OK)
        return NULL;
    return v;
}

kt_variable *kt_add_state(kt_layer *l, const char *name, kt_dtype dtype, kt_shape shape)
{
    kt_variable *v = l->fault.e.status == KT_OK ? variable_new(l, name, dtype, shape) : NULL;

    if (!v)
        return NULL;
    v->value = kt_tensor_new(dtype, shape);
    if (!v->value || !kt_vec_push(&l->weights, v)) {
        variable_free(v);
        kt_raise_memory(&l->fault);
        return NULL;
    }
    return v;
}

kt_variable *kt_weight_find(const kt_layer *l, const char *name)
{
    for (size_t i = 0; i < l->weights.n; i++) {
        kt_variable *v = l->weights.at[i];
        if (kt_streq(v->name, name))
            return v;
    }
    return NULL;
}

void kt_expect_axis(kt_layer *l, int axis, int64_t value)
{
    kt_input_spec *s = &l->spec[0];

    if (l->n_spec == 0)
        l->n_spec = 1;
    if (s->n_axes < (int)KT_COUNT(s->axes)) {
        s->axes[s->n_axes].axis = axis;
        s->axes[s->n_axes++].value = value;
    }
}

/* --- sub-layers ------------------------------------------------------------------------------- */

kt_status kt_add_sublayer(kt_layer *l, const char *attr, kt_layer *sub)
{
    char *name = attr ? kt_arena_strdup(&l->arena, attr) : NULL;

    if (!sub || (attr && !name) || !kt_vec_push(&l->sublayers, sub)) {
        kt_take_orphan(&l->orphans, sub);
        return kt_raise_memory(&l->fault);
    }
    sub->owners++;
    if (!kt_vec_push(&l->sub_attrs, name))
        return kt_raise_memory(&l->fault);
    return kt_fault_copy(&l->fault, &sub->fault);
}

void kt_take_orphan(kt_layer **orphans, kt_layer *l)
{
    if (!l || l->owners > 0)
        return;
    l->owners = 1;
    while (*orphans)
        orphans = &(*orphans)->next_orphan;
    *orphans = l;
}

void kt_release_orphans(kt_layer *orphans)
{
    for (kt_layer *l = orphans, *next; l; l = next) {
        next = l->next_orphan;
        kt_layer_release(l);
    }
}

void kt_layer_release(kt_layer *l)
{
    if (!l || --l->owners > 0)
        return;
    if (l->type && l->type->free)
        l->type->free(l);
    for (size_t i = 0; i < l->sublayers.n; i++)
        kt_layer_release(l->sublayers.at[i]);
    kt_release_orphans(l->orphans);
    for (size_t i = 0; i < l->weights.n; i++)
        variable_free(l->weights.at[i]);
    variable_free(l->seed);
    kt_vec_free(&l->weights);
    kt_vec_free(&l->sublayers);
    kt_vec_free(&l->sub_attrs);
    kt_vec_free(&l->inbound);
    kt_fault_clear(&l->fault);
    kt_arena arena = l->arena;
    kt_arena_free(&arena); /* the layer itself lies in it */
}

void kt_layer_free(kt_layer *l)
{
    if (l && l->owners == 0)
        kt_layer_release(l);
}

/* --- looking ---------------------------------------------------------------------------------- */

static bool seen(const kt_vec *out, const void *p)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->at[i] == p)
            return true;
    return false;
}

static bool collect(const kt_layer *l, bool frozen, bool want_trainable, bool want_rest,
                    kt_vec *out)
{
    for (size_t i = 0; i < l->weights.n; i++) {
        kt_variable *v = l->weights.at[i];
        bool trainable = v->trainable && (!v->allowed || *v->allowed) && l->trainable && !frozen;

        if ((trainable ? want_trainable : want_rest) && !seen(out, v) && !kt_vec_push(out, v))
            return false;
    }
    for (size_t i = 0; i < l->sublayers.n; i++)
        if (!collect(l->sublayers.at[i], frozen, want_trainable, want_rest, out))
            return false;
    return true;
}

kt_status kt_collect_weights(const kt_layer *l, bool trainable_only, bool non_trainable_only,
                             kt_vec *out)
{
    bool done = collect(l, !l->trainable, !non_trainable_only, !trainable_only, out);
    return done ? KT_OK : KT_E_MEMORY;
}

int64_t kt_count_params(const kt_layer *l)
{
    kt_vec  all = {0};
    int64_t n = 0;

    if (kt_collect_weights(l, false, false, &all) == KT_OK)
        for (size_t i = 0; i < all.n; i++)
            n += kt_shape_count(&((kt_variable *)all.at[i])->shape);
    kt_vec_free(&all);
    return n;
}

void kt_set_dtype(kt_layer *l, kt_dtype d)
{
    l->dtype = d;
    l->variable_dtype = d;
    for (size_t i = 0; i < l->sublayers.n; i++)
        kt_set_dtype(l->sublayers.at[i], d);
}
