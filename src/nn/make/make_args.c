/* make_args.c - a layer from the argument struct of a call in keratin/layers.h.
 *
 * The struct's members follow from the class' field table, here and in the generator. A member is
 * given when it is not zero, when the text of the call writes it, or when `given` names it. */
#include <string.h>

#include "nn/layer.h"

/* --- members ---------------------------------------------------------------------------------- */

static const kt_arg shared[] = {
    {.name = "name", .type = KT_ARG_TEXT, .help = "Automatic if left out."},
    {.name = "trainable", .type = KT_ARG_BOOL, .help = "true: weights are updated by fit."},
    {.name = "dtype", .type = KT_ARG_TEXT, .help = "Of weights and results: \"float32\"."},
    {.name = "input_shape",
     .type = KT_ARG_INTS,
     .help = "Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model."},
    {.name = "batch_input_shape", .type = KT_ARG_INTS, .help = "The same with the batch axis."},
    {.name = "input_dtype", .type = KT_ARG_TEXT, .help = "Of the data: \"int32\"."},
    {.name = "activity_regularizer", .type = KT_ARG_TEXT, .help = "Penalty on the output."}};

static kt_arg_type type_of(const kt_field *f)
{
    switch (f->kind) {
    case KT_F_INT:
    case KT_F_OPTINT: return KT_ARG_INT;
    case KT_F_FLOAT:
    case KT_F_OPTFLOAT: return KT_ARG_FLOAT;
    case KT_F_BOOL: return KT_ARG_BOOL;
    case KT_F_INTS:
    case KT_F_SHAPE: return KT_ARG_INTS;
    case KT_F_OBJ: return kt_streq(f->rule, "layer") ? KT_ARG_LAYER : KT_ARG_TEXT;
    case KT_F_STR: return KT_ARG_TEXT;
    case KT_F_ANY: break;
    }
    if (kt_field_says(f, "int"))
        return KT_ARG_INT;
    if (kt_field_says(f, "float"))
        return KT_ARG_FLOAT;
    return kt_field_says(f, "ints") ? KT_ARG_INTS : KT_ARG_TEXT;
}

static size_t size_of(kt_arg_type type)
{
    static const size_t size[] = {[KT_ARG_INT] = sizeof(int64_t),
                                  [KT_ARG_FLOAT] = sizeof(double),
                                  [KT_ARG_BOOL] = sizeof(bool),
                                  [KT_ARG_TEXT] = sizeof(char *),
                                  [KT_ARG_INTS] = sizeof(int64_t[KT_MAX_RANK]),
                                  [KT_ARG_LAYER] = sizeof(kt_layer *)};
    return size[type];
}

/* Where a member comes behind `at` bytes, as a C compiler places it. */
static size_t place(kt_arg_type type, size_t *at)
{
    size_t align = type == KT_ARG_BOOL ? sizeof(bool) : sizeof(int64_t);
    size_t offset = (*at + align - 1) / align * align;

    *at = offset + size_of(type);
    return offset;
}

int kt_layer_args(const kt_layer_type *t, kt_arg out[KT_MAX_ARGS], size_t *size)
{
    const kt_config_type *c = t->cls.config;
    size_t                at = sizeof(kt_site);
    int                   n = 0;

    for (size_t i = 0; i < KT_COUNT(shared); i++)
        if (!kt_config_find(c, shared[i].name))
            out[n++] = shared[i];
    for (size_t i = 0; i < c->n && n < KT_MAX_ARGS; i++)
        if (!c->fields[i].hidden)
            out[n++] = (kt_arg){.name = c->fields[i].name,
                                .help = c->fields[i].help,
                                .type = type_of(&c->fields[i]),
                                .field = &c->fields[i]};
    for (int i = 0; i < n; i++)
        out[i].offset = place(out[i].type, &at);
    *size = (at + sizeof(int64_t) - 1) / sizeof(int64_t) * sizeof(int64_t);
    return n;
}

void kt_call_name(kt_str *out, const kt_layer_type *t)
{
    bool input = kt_streq(t->cls.class_name, "InputLayer"); /* keras.Input is what people write */

    kt_str_add(out, "kt_");
    kt_snake_case(out, input ? "Input" : t->cls.exported ? t->cls.exported : t->cls.class_name);
}

int kt_first_arg(const kt_arg *args, int n)
{
    for (int i = 0; i < n; i++)
        if (args[i].field)
            return !args[i].field->initial || kt_field_says(args[i].field, "first") ? i : -1;
    return -1;
}

/* --- what the call gives ---------------------------------------------------------------------- */

typedef struct reading {
    const char *data; /* the struct */
    size_t      size; /* of the caller's struct */
    kt_arg      args[KT_MAX_ARGS];
    bool        written[KT_MAX_ARGS];  /* in the text, or named in `given` */
    int         elements[KT_MAX_ARGS]; /* between its braces, or -1 */
    kt_str      type;                  /* "kt_dense_args" */
    int         n;
    kt_arena    arena;
    kt_fault    fault;
} reading;

static int find_arg(const reading *r, const kt_text_item *item)
{
    for (int i = 0; i < r->n; i++)
        if (strlen(r->args[i].name) == item->name_length &&
            memcmp(r->args[i].name, item->name, item->name_length) == 0)
            return i;
    return -1;
}

/* Arguments without a name follow the one before them, as in C. */
static void read_text(reading *r, const char *text)
{
    kt_text_item item;
    int          next = kt_first_arg(r->args, r->n);

    for (int i = 0; i < r->n; i++)
        r->elements[i] = -1;
    while (text && kt_text_next(&text, &item)) {
        int at = item.name ? find_arg(r, &item) : next;
        if (at < 0 || at >= r->n)
            continue;
        r->written[at] = true;
        r->elements[at] = kt_text_elements(&item);
        next = at + 1;
    }
}

static void read_given(reading *r, const char *given)
{
    const char  *names[KT_MAX_ARGS];
    kt_text_item item;
    int          elements;

    for (int i = 0; i < r->n; i++)
        names[i] = r->args[i].name;
    while (given && kt_given_next(&given, &item, &elements)) {
        int at = find_arg(r, &item);
        if (at < 0) {
            kt_given_refuse(&item, kt_str_text(&r->type), names, (size_t)r->n, &r->fault);
            return;
        }
        r->written[at] = true;
        r->elements[at] = elements;
    }
}

/* Sizes 2, 3 of {2, 3}: as many as are written; else up to the last that is not zero. */
static int count_ints(const reading *r, int i, const int64_t *v)
{
    int n = r->elements[i] > 0 ? r->elements[i] : 0;

    for (int k = n; k < KT_MAX_RANK; k++)
        if (v[k] != 0)
            n = k + 1;
    return n < KT_MAX_RANK ? n : KT_MAX_RANK;
}

static bool is_shape(const kt_arg *a)
{
    return !a->field || a->field->kind == KT_F_SHAPE;
}

/* A lone number is no tuple, but where the argument is a shape. */
static kt_value *ints_value(reading *r, int i)
{
    const kt_arg  *a = &r->args[i];
    const int64_t *v = (const int64_t *)(const void *)(r->data + a->offset);
    int            n = count_ints(r, i, v);
    bool           shape = is_shape(a);
    bool           tuple = shape || n != 1 || (a->field->kind == KT_F_INTS && !a->field->rule[0]);

    if (n == 0 && !r->written[i])
        return NULL;
    if (n == 0 && r->elements[i] < 0) { /* (), or a single zero? */
        kt_raise(&r->fault, KT_E_TYPE,
                 "%s: how many sizes has '%s'? Write .%s = {0}, or \"%s[1]\" in .at.given",
                 kt_str_text(&r->type), a->name, a->name, a->name);
        return NULL;
    }
    if (!tuple)
        return kt_value_int(&r->arena, v[0]);
    kt_value *out = kt_value_new(&r->arena, KT_TUPLE);
    for (int k = 0; k < n; k++) {
        bool open = shape && v[k] == KT_UNKNOWN;
        if (!kt_value_add(&r->arena, out, NULL,
                          open ? kt_value_new(&r->arena, KT_NONE) : kt_value_int(&r->arena, v[k])))
            kt_raise_memory(&r->fault);
    }
    return out;
}

/* Names and texts are themselves; where Keras takes an object, the text is an expression. */
static kt_value *text_value(reading *r, const kt_arg *a, const char *text)
{
    bool plain = a->field ? a->field->kind == KT_F_STR : !kt_streq(a->name, "activity_regularizer");

    if (!text)
        return kt_value_new(&r->arena, KT_NONE);
    return plain ? kt_value_str(&r->arena, text) : kt_expr_parse(text, &r->arena, &r->fault);
}

/* The layer that was handed over, as its configuration; it is used up. */
static kt_value *layer_value(reading *r, kt_layer *l)
{
    kt_value *v = NULL;

    if (!l)
        return kt_value_new(&r->arena, KT_NONE);
    if (kt_fault_copy(&r->fault, &l->fault) == KT_OK)
        v = kt_layer_value(l, &r->arena, &r->fault);
    kt_layer_free(l);
    return v;
}

/* NULL: not given. */
static kt_value *arg_value(reading *r, int i)
{
    const kt_arg *a = &r->args[i];
    const void   *p = r->data + a->offset;
    bool          written = r->written[i];

    switch (a->type) {
    case KT_ARG_INT: {
        int64_t v = *(const int64_t *)p;
        return v || written ? kt_value_int(&r->arena, v) : NULL;
    }
    case KT_ARG_FLOAT: {
        double v = *(const double *)p;
        return v != 0 || written ? kt_value_float(&r->arena, v) : NULL;
    }
    case KT_ARG_BOOL: {
        bool v = *(const bool *)p;
        return v || written ? kt_value_bool(&r->arena, v) : NULL;
    }
    case KT_ARG_TEXT: {
        const char *v = *(const char *const *)p;
        return v || written ? text_value(r, a, v) : NULL;
    }
    case KT_ARG_LAYER: {
        kt_layer *v = *(kt_layer *const *)p;
        return v || written ? layer_value(r, v) : NULL;
    }
    case KT_ARG_INTS: return ints_value(r, i);
    }
    return NULL;
}

/* The arguments as a CALL, which the maker of layers reads. */
static kt_value *call_value(reading *r, const char *class_name)
{
    kt_value *call = kt_value_new(&r->arena, KT_CALL);

    if (call)
        call->s = class_name;
    for (int i = 0; i < r->n; i++) {
        bool      inside = r->args[i].offset + size_of(r->args[i].type) <= r->size;
        kt_value *v = inside ? arg_value(r, i) : NULL;
        if (v && !kt_value_add(&r->arena, call, r->args[i].name, v))
            kt_raise_memory(&r->fault);
    }
    if (!call || r->arena.failed)
        kt_raise_memory(&r->fault);
    return r->fault.e.status == KT_OK ? call : NULL;
}

/* --- the layer -------------------------------------------------------------------------------- */

/* "kt_dense(128, .activation = \"relu\")" and where it stands, for errors. */
static void keep_site(kt_layer *l, const kt_site *at)
{
    kt_str name = {0};

    kt_call_name(&name, l->type);
    if (at->file)
        l->file = kt_arena_strdup(&l->arena, at->file);
    if (at->file && at->text)
        l->text = kt_arena_printf(&l->arena, "%s(%s)", kt_str_text(&name), at->text);
    l->line = at->line;
    kt_str_free(&name);
    if (kt_layer_status(l) != KT_OK && l->file)
        kt_fault_site(&l->fault, l->file, l->line, l->text);
}

/* What the struct gives, or NULL: a failure is then in r->fault. */
static kt_value *read_struct(reading *r, const kt_layer_type *type, const kt_site *args)
{
    size_t known;

    r->data = (const char *)args;
    r->n = kt_layer_args(type, r->args, &known);
    kt_call_name(&r->type, type);
    kt_str_add(&r->type, "_args");
    if (kt_args_size(args, known, kt_str_text(&r->type), &r->fault) != KT_OK)
        return NULL;
    r->size = args->size;
    read_text(r, kt_site_text(args));
    read_given(r, args->given);
    return call_value(r, type->cls.class_name);
}

kt_layer *kt_layer_make(const char *class_name, const kt_site *args)
{
    const kt_layer_type *type = kt_layer_type_find(class_name);
    kt_value             name = {.kind = KT_STR, .s = class_name ? class_name : ""};
    reading             *r = type ? kt_alloc(sizeof *r) : NULL;

    if (!type || !args)
        return kt_layer_from_value(&name); /* the maker words the error */
    if (!r)
        return NULL;
    kt_value *call = read_struct(r, type, args);
    kt_layer *l = kt_layer_from_value(call ? call : &name);
    if (l && !call) { /* what failed first counts */
        kt_fault_clear(&l->fault);
        kt_fault_copy(&l->fault, &r->fault);
    }
    if (l)
        keep_site(l, args);
    kt_fault_clear(&r->fault);
    kt_arena_free(&r->arena);
    kt_str_free(&r->type);
    kt_free(r);
    return l;
}
