/* operation.c - the table of operations, and the arguments of their calls. */
#include "nn/tracing/operation.h"

#include <string.h>

#define MODULES "keras.src.ops." /* all of them are in modules below it */

const kt_layer_type *kt_operation_at(size_t i)
{
    for (const kt_layer_type *const *const *file = kt_operation_table; *file; file++)
        for (const kt_layer_type *const *t = *file; *t; t++)
            if (i-- == 0)
                return *t;
    return NULL;
}

const kt_layer_type *kt_operation_find(const char *module, const char *class_name)
{
    if (!module || strncmp(module, MODULES, sizeof MODULES - 1) != 0)
        return NULL;
    for (const kt_layer_type *const *const *file = kt_operation_table; *file; file++)
        for (const kt_layer_type *const *t = *file; *t; t++)
            if (kt_streq((*t)->cls.class_name, class_name) && kt_streq((*t)->cls.module, module))
                return *t;
    return NULL;
}

kt_status kt_check_layout(kt_layer *self)
{
    const kt_field *field = kt_config_find(self->type->cls.config, "data_format");

    return kt_check_data_format(self, (const char **)((char *)self->config + field->offset));
}

/* --- arguments -------------------------------------------------------------------------------- */

/* The i-th of "x1 x2 axis"; its length, 0 if there is none. */
static size_t parameter(const char *params, int i, const char **name)
{
    for (*name = params; i > 0 && **name; i--) {
        *name += strcspn(*name, " ");
        *name += strspn(*name, " ");
    }
    return strcspn(*name, " ");
}

static const kt_value *keyword(const kt_value *kwargs, const char *name, size_t length)
{
    for (size_t i = 0; kwargs && i < kwargs->n; i++)
        if (strlen(kwargs->keys[i]) == length && strncmp(kwargs->keys[i], name, length) == 0)
            return kwargs->items[i];
    return NULL;
}

const kt_value *kt_argument(const kt_layer *self, const kt_call *c, int i)
{
    const char     *name;
    size_t          length = parameter(self->type->params, i, &name);
    const kt_value *v = c->args && (size_t)i < c->args->n ? c->args->items[i]
                                                          : keyword(c->kwargs, name, length);

    return kt_is_none(v) ? NULL : v;
}

static void refuse_missing(const kt_layer *self, const kt_call *c, int i)
{
    const char *name;
    size_t      length = parameter(self->type->params, i, &name);

    kt_raise(c->g->fault, KT_E_TYPE, "%s.call() missing 1 required positional argument: '%.*s'",
             self->type->cls.class_name, (int)length, name);
}

bool kt_operation_whole(const kt_layer *self, const kt_call *c)
{
    const char *name = "";
    int         i = 0;

    if (!(self->type->flags & KT_LAYER_OPERATION) || kt_graph_failed(c->g) ||
        !kt_is_poison(c->g, c->out[0]))
        return true;
    while (parameter(self->type->params, i, &name) > 0 && kt_argument(self, c, i))
        i++;
    refuse_missing(self, c, i);
    return false;
}

/* Counts the tensors of the tree up to `until`, in the order in which they are the call's inputs;
 * true once it was met. */
static bool count_tensors(const kt_value *v, const kt_value *until, int *n)
{
    if (!v || v == until)
        return v != NULL;
    if (kt_is_tensor_value(v)) {
        ++*n;
        return false;
    }
    for (size_t i = 0; i < v->n; i++)
        if (count_tensors(v->items[i], until, n))
            return true;
    return false;
}

static kt_node *input_of(const kt_call *c, const kt_value *v)
{
    int n = 0;

    if (!count_tensors(c->args, v, &n))
        count_tensors(c->kwargs, v, &n);
    return n < c->n_in ? c->in[n] : c->g->poison;
}

kt_operand kt_operand_at(const kt_layer *self, const kt_call *c, const kt_value *v)
{
    kt_operand x = {NULL, KT_STRONG};

    if (kt_is_none(v)) {
        kt_raise(c->g->fault, KT_E_VALUE,
                 "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) "
                 "to a Tensor.");
        x.node = c->g->poison;
        return x;
    }
    if (kt_is_tensor_value(v)) {
        x.node = input_of(c, v);
        return x;
    }
    kt_tensor *t = kt_literal_tensor(v, &x.weak, c->g->fault);
    if (!t) {
        kt_str text = {0};
        kt_value_repr(&text, v);
        kt_raise(c->g->fault, KT_E_TYPE, "Layer '%s': this argument is no tensor: %s", self->name,
                 kt_str_text(&text));
        kt_str_free(&text);
    }
    x.node = t ? kt_constant(c->g, t) : c->g->poison;
    return x;
}

kt_operand kt_operand_of(const kt_layer *self, const kt_call *c, int i)
{
    const kt_value *v = kt_argument(self, c, i);

    if (v)
        return kt_operand_at(self, c, v);
    refuse_missing(self, c, i);
    return (kt_operand){c->g->poison, KT_STRONG};
}

kt_operand kt_optional_operand(const kt_layer *self, const kt_call *c, int i)
{
    const kt_value *v = kt_argument(self, c, i);

    return v ? kt_operand_at(self, c, v) : (kt_operand){NULL, KT_STRONG};
}

kt_node *kt_tensor_of(const kt_layer *self, const kt_call *c, int i)
{
    return kt_operand_of(self, c, i).node;
}

kt_node *kt_real_of(const kt_layer *self, const kt_call *c, int i)
{
    kt_node *x = kt_tensor_of(self, c, i);

    return kt_cast(c->g, x, kt_real_dtype(x->dtype));
}

int kt_operands_of(const kt_layer *self, const kt_call *c, int i, kt_operand *out, int max)
{
    const kt_value *v = kt_argument(self, c, i);

    if (!v)
        return 0;
    if (!kt_value_is_seq(v)) {
        out[0] = kt_operand_at(self, c, v);
        return 1;
    }
    if (v->n > (size_t)max) {
        kt_raise(c->g->fault, KT_E_VALUE, "Layer '%s' is called on more than %d tensors",
                 self->name, max);
        return 0;
    }
    for (size_t k = 0; k < v->n; k++)
        out[k] = kt_operand_at(self, c, v->items[k]);
    return (int)v->n;
}

/* --- literals --------------------------------------------------------------------------------- */

/* Is v, from `axis` on, a list of lists of numbers of this shape? */
static bool has_shape(const kt_value *v, const kt_shape *s, int axis)
{
    double unused;

    if (axis == s->rank)
        return kt_value_number(v, &unused);
    if (!kt_value_is_seq(v) || (int64_t)v->n != s->dim[axis])
        return false;
    for (size_t i = 0; i < v->n; i++)
        if (!has_shape(v->items[i], s, axis + 1))
            return false;
    return true;
}

/* The shape of a list of lists, by its first items; false where others differ from them. */
static bool nested_shape(const kt_value *v, kt_shape *out)
{
    const kt_value *first = v;

    for (out->rank = 0; kt_value_is_seq(first) && out->rank < KT_MAX_RANK;) {
        out->dim[out->rank++] = (int64_t)first->n;
        first = first->n > 0 ? first->items[0] : NULL;
    }
    return has_shape(v, out, 0);
}

static void fill(kt_tensor *t, const kt_value *v, int64_t *at)
{
    double x = 0;

    if (kt_value_is_seq(v)) {
        for (size_t i = 0; i < v->n; i++)
            fill(t, v->items[i], at);
    } else if (t->dtype == KT_I64 && v->kind == KT_INT) {
        ((int64_t *)t->data)[(*at)++] = v->i;
    } else {
        kt_value_number(v, &x);
        kt_poke(t->data, t->dtype, (*at)++, x);
    }
}

static bool has_float(const kt_value *v)
{
    bool found = v->kind == KT_FLOAT;

    for (size_t i = 0; !found && kt_value_is_seq(v) && i < v->n; i++)
        found = has_float(v->items[i]);
    return found;
}

static bool has_bool(const kt_value *v)
{
    return kt_value_is_seq(v) ? v->n > 0 && has_bool(v->items[0]) : v->kind == KT_BOOL;
}

/* {"class_name": "__numpy__", "config": {"value", "dtype"}} or "__tensor__": the list inside. */
static const kt_value *unwrap_array(const kt_value *v, kt_dtype *dtype, bool *ok)
{
    const char     *name = kt_value_text(kt_value_get(v, "class_name"));
    const kt_value *config = kt_value_get(v, "config");

    *ok = v->kind != KT_DICT;
    if (*ok)
        return v;
    *ok = (kt_streq(name, "__numpy__") || kt_streq(name, "__tensor__")) &&
          kt_dtype_parse(kt_value_text(kt_value_get(config, "dtype")), dtype);
    return kt_value_get(config, "value");
}

kt_tensor *kt_literal_tensor(const kt_value *v, kt_weak *weak, kt_fault *f)
{
    kt_shape        shape = {.rank = 0};
    kt_dtype        dtype = KT_F32;
    bool            ok;
    const kt_value *list = unwrap_array(v, &dtype, &ok);
    int64_t         at = 0;

    if (!ok || !list || !nested_shape(list, &shape))
        return NULL;
    *weak = KT_STRONG;
    if (list == v) { /* Python's numbers */
        dtype = has_bool(v) ? KT_BOOLEAN : has_float(v) ? KT_F32 : KT_I32;
        *weak = dtype == KT_BOOLEAN ? KT_STRONG : dtype == KT_F32 ? KT_WEAK_FLOAT : KT_WEAK_INT;
        *weak = kt_value_is_seq(v) ? KT_STRONG : *weak;
    }
    kt_tensor *t = kt_tensor_new(dtype, shape);
    if (!t || !t->data) {
        kt_tensor_unref(t);
        kt_raise_memory(f);
        return NULL;
    }
    fill(t, list, &at);
    return t;
}

/* --- dtypes ----------------------------------------------------------------------------------- */

/* Keras' lattice. Python's numbers stand in it, too: an int below all integers, a float below all
 * real numbers. */
enum { PYTHON_INT = KT_DTYPE_COUNT, PYTHON_FLOAT, LATTICE };
#define BIT(d) (1u << (d))

/* A dtype and all above it. */
static unsigned above(unsigned d)
{
    static const unsigned next[LATTICE] = {[KT_BOOLEAN] = BIT(PYTHON_INT),
                                           [PYTHON_INT] = BIT(KT_U8) | BIT(KT_I8),
                                           [KT_U8] = BIT(KT_U16) | BIT(KT_I16),
                                           [KT_U16] = BIT(KT_U32) | BIT(KT_I32),
                                           [KT_U32] = BIT(KT_U64) | BIT(KT_I64),
                                           [KT_U64] = BIT(PYTHON_FLOAT),
                                           [KT_I8] = BIT(KT_I16),
                                           [KT_I16] = BIT(KT_I32),
                                           [KT_I32] = BIT(KT_I64),
                                           [KT_I64] = BIT(PYTHON_FLOAT),
                                           [PYTHON_FLOAT] = BIT(KT_F16) | BIT(KT_BF16),
                                           [KT_F16] = BIT(KT_F32),
                                           [KT_BF16] = BIT(KT_F32),
                                           [KT_F32] = BIT(KT_F64)};
    unsigned              all = BIT(d);

    for (unsigned i = 0; i < LATTICE; i++)
        if (next[d] & BIT(i))
            all |= above(i);
    return all;
}

/* The least of a set that holds a dtype with all above it. */
static unsigned least_of(unsigned set)
{
    unsigned d = 0;

    while (d < LATTICE && (!(set & BIT(d)) || (above(d) & set) != set))
        d++;
    return d;
}

static unsigned lattice_place(kt_operand x)
{
    return x.weak == KT_WEAK_INT   ? PYTHON_INT
         : x.weak == KT_WEAK_FLOAT ? PYTHON_FLOAT
                                   : (unsigned)x.node->dtype;
}

kt_dtype kt_result_dtype(const kt_operand *x, int n, kt_weak least)
{
    unsigned set = above(least == KT_WEAK_INT     ? PYTHON_INT
                         : least == KT_WEAK_FLOAT ? PYTHON_FLOAT
                                                  : (unsigned)KT_BOOLEAN);

    for (int i = 0; i < n; i++)
        if (x[i].node)
            set &= above(lattice_place(x[i]));
    unsigned d = least_of(set);
    return d == PYTHON_INT ? KT_I32 : d == PYTHON_FLOAT || d == LATTICE ? KT_F32 : (kt_dtype)d;
}

kt_dtype kt_sum_dtype(kt_dtype d)
{
    if (kt_dtype_size(d) > 2 || kt_dtype_is_float(d))
        return d;
    return kt_dtype_is_unsigned(d) ? KT_U32 : KT_I32;
}

kt_dtype kt_real_dtype(kt_dtype d)
{
    return kt_dtype_is_float(d) ? d : KT_F32;
}

kt_node *kt_as(kt_call *c, kt_operand x, kt_dtype dtype)
{
    return kt_cast(c->g, x.node, dtype);
}
