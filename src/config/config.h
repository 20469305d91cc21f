/* config.h - the door of src/config: field tables and Keras expressions.
 *
 * A configuration is declared once, as rows of an X-macro:
 *
 *   #define FIELDS(F)                                                              \
 *       F(INT,  units,      REQUIRED, "> 0",        "Size of the last output axis.") \
 *       F(OBJ,  activation, "None",   "activation", "Applied to the result.")
 *   KT_CONFIG(FIELDS);        // struct `config`, table `config_fields`, type `config_type`
 *
 * The row gives: kind, Keras' name, default as Python text, rule, sentence. It drives defaults,
 * validation, JSON both ways, C options, expressions and the manual. Order of rows = order of the
 * constructor's positional arguments.
 *
 * Kinds and their C members:
 *   INT int64_t   FLOAT double   BOOL bool   STR const char *    (NULL: None)
 *   OPTINT kt_optint   OPTFLOAT kt_optfloat     a number or None; STR takes any value, as str()
 *                       prints it: who looks at the word refuses it
 *   INTS kt_ints        an int or a tuple of ints (kernel_size, axis). `scalar` and `list` keep how
 *                       it was written; None is n == 0 and scalar, () is n == 0 and not scalar
 *   SHAPE kt_optshape   a tuple of sizes or None (KT_UNKNOWN); set == false: None. No -1: Reshape's
 *                       target is INTS
 *   OBJ const kt_value * a Keras object: a name, a {"class_name", "config"} dict or a CALL; rule
 *                       names its registry. NULL: None
 *   ANY const kt_value * any Python literal. NULL: None. Its rule asks nothing, it says what a C
 *                       program writes: "int", "float", "ints"; "": a Keras expression. "int,
 *                       first": a call begins with it without its name, as with required ones
 * Rules: "" anything; "> 0" ">= 0" "[0, 1]" "[0, 1)" numbers; "share": FLOAT brought into [0, 1],
 * as Keras' min(1, max(0, x)); "kept": Keras' constructor does not look at the value, so that what
 * is no number is kept: in an OPTINT itself, for who uses it to refuse, else by the layer (make.c);
 * "met: x <= 0" is what Keras' constructor does with a number first, and "kept: 1 - x" what its
 * call does: what is no number has Python's or TensorFlow's error of that (kt_stumble), at once or
 * when the object is used, whose get_config gives it back; "a|b|c" one of these words; for OBJ the
 * registry's name; for INTS "2", "2 > 0", "2 >= 0": made a tuple of 2 as Keras' standardize_tuple
 * does, and worded as there. A layer's own check (type->check) words errors where Keras' sentence
 * differs from the general one. */
#ifndef KT_CONFIG_H
#define KT_CONFIG_H

#include "base/base.h"
#include "tensor/tensor.h"

typedef enum kt_field_kind {
    KT_F_INT,
    KT_F_FLOAT,
    KT_F_BOOL,
    KT_F_STR,
    KT_F_OPTINT,
    KT_F_OPTFLOAT,
    KT_F_INTS,
    KT_F_SHAPE,
    KT_F_OBJ,
    KT_F_ANY
} kt_field_kind;

struct kt_value;
typedef struct kt_optint {
    bool                   set;
    int64_t                v;
    const struct kt_value *odd; /* under the rule "kept": what was given and is no integer */
} kt_optint;
typedef struct kt_optfloat {
    bool   set;
    double v;
} kt_optfloat;
typedef struct kt_optshape {
    bool     set;
    kt_shape v;
} kt_optshape;
typedef struct kt_ints {
    int     n;
    bool    scalar;
    int64_t v[KT_MAX_RANK];
    bool    list;
} kt_ints;

#define KT_CTYPE_INT      int64_t
#define KT_CTYPE_FLOAT    double
#define KT_CTYPE_BOOL     bool
#define KT_CTYPE_STR      const char *
#define KT_CTYPE_OPTINT   kt_optint
#define KT_CTYPE_OPTFLOAT kt_optfloat
#define KT_CTYPE_INTS     kt_ints
#define KT_CTYPE_SHAPE    kt_optshape
#define KT_CTYPE_OBJ      const kt_value *
#define KT_CTYPE_ANY      const kt_value *

/* In the order of a row. */
typedef struct kt_field { /* NOLINT(clang-analyzer-optin.performance.Padding) */
    kt_field_kind kind;
    const char   *name;
    const char   *initial; /* default as text; NULL: required */
    const char   *rule;
    const char   *help;
    size_t        offset;
    bool          hidden; /* accepted, but not part of get_config (input_shape, weights) */
} kt_field;

typedef struct kt_config_type {
    size_t          size;
    const kt_field *fields;
    size_t          n;
} kt_config_type;

#define REQUIRED                                   NULL
#define KT_MEMBER(kind, name, initial, rule, help) KT_CTYPE_##kind name;
#define KT_ROW(kind, name, initial, rule, help) \
    {KT_F_##kind, #name, initial, rule, help, offsetof(config, name), false},
#define KT_CONFIG(FIELDS)                                                     \
    typedef struct config {                                                   \
        FIELDS(KT_MEMBER)                                                     \
    } config;                                                                 \
    static const kt_field       config_fields[] = {FIELDS(KT_ROW)};           \
    static const kt_config_type config_type = {sizeof(config), config_fields, \
                                               KT_COUNT(config_fields)}
/* The same under a name, for files with several: KT_CONFIG_OF(window, WINDOW) of rows
 * #define WINDOW(F, T) F(T, INT, size, "1", "> 0", "How long it is.")
 * makes the struct `window` and the type `window_type`. */
#define KT_MEMBER_OF(T, kind, name, initial, rule, help) KT_CTYPE_##kind name;
#define KT_ROW_OF(T, kind, name, initial, rule, help) \
    {KT_F_##kind, #name, initial, rule, help, offsetof(T, name), false},
#define KT_CONFIG_OF(T, FIELDS)                                        \
    typedef struct T {                                                 \
        FIELDS(KT_MEMBER_OF, T)                                        \
    } T;                                                               \
    static const kt_field       T##_fields[] = {FIELDS(KT_ROW_OF, T)}; \
    static const kt_config_type T##_type = {sizeof(T), T##_fields, KT_COUNT(T##_fields)}
/* A type without any field. */
extern const kt_config_type kt_no_config;

/* Names that the objects of a rule may have ("activation" -> relu, ...). */
typedef struct kt_names {
    const char *rule;
    bool (*known)(const char *name);
    size_t (*list)(const char **names, size_t max); /* returns how many there are */
} kt_names;
/* Ends with rule NULL; from src/registry.c. NULL: names of objects are not checked here. */
extern const kt_names *kt_names_table;

/* --- configurations (config.c) --------------------------------------------------------------- */

/* A struct of the type's size in the arena with every default; NULL without memory. Required
 * fields are zero. */
void *kt_config_new(kt_arena *a, const kt_config_type *t, kt_fault *f);
/* Reads keyword arguments (DICT, NULL: none) or a call's arguments (CALL: positional first) for
 * class `owner` ("Dense"). Keys listed in `skip` (NULL-terminated) are ignored: they are the
 * base layer's. Errors as Keras words them: "Dense.__init__() missing 1 required positional
 * argument: 'units'". An argument that is in neither is "Unrecognized keyword arguments passed
 * to Dense: {'foo': 1}" where there is a `skip`, that is for layers; for other classes (skip
 * NULL), which take no **kwargs, "Adam.__init__() got an unexpected keyword argument 'foo'". */
void *kt_config_read(kt_arena *a, const kt_config_type *t, const char *owner, const kt_value *args,
                     const char *const *skip, kt_fault *f);
/* The same in the steps between which a layer's constructor reads its other arguments. First
 * Python's own errors, to which unknown keywords belong where the class is strict; then those of
 * unknown keywords ("sentence: {...}", "": none, NULL: as above); then those of values. */
typedef struct kt_bound {
    const kt_value **given;       /* one for each field; NULL: not given */
    kt_value        *unknown;     /* DICT */
    bool             names_later; /* who fills looks up the names of objects afterwards */
} kt_bound;
kt_status kt_config_bind(kt_arena *a, const kt_config_type *t, const char *owner,
                         const kt_value *args, const char *const *skip, bool strict, kt_bound *out,
                         kt_fault *f);
kt_status kt_config_known(const kt_config_type *t, const char *owner, const char *sentence,
                          const kt_bound *bound, const char *const *skip, kt_fault *f);
void *kt_config_fill(kt_arena *a, const kt_config_type *t, const char *owner, const kt_bound *bound,
                     kt_fault *f);
/* Adds every field, in order, to the DICT. */
kt_status kt_config_write(kt_arena *a, const kt_config_type *t, const void *config, kt_value *dict,
                          kt_fault *f);
/* Checks one value against a field's kind and rule, and stores a copy in the struct. */
kt_status kt_config_set(kt_arena *a, const kt_field *field, void *config, const kt_value *v,
                        const char *owner, kt_fault *f);
/* Raises what Keras raises where v, which is no number, is met by `how`: "1 - x", "x <= 0",
 * "abs(x)", "len(x)", "range(x)", "x[i]" (of a tensor), "hash(x)", "x.lower()", "os.fspath(x)",
 * "tensor" (an operation of keras.ops on it), "operand" (an operator with a tensor), "divisor" (of
 * a tensor), "axis", "cast" (to a tensor's dtype), "nothing". "cast; 1 - x": one after the other;
 * "x and 1 - x": only if it is true. KT_OK: nothing is raised. tracked: it is an attribute of an
 * object that wraps its lists and dicts. */
kt_status kt_stumble(const char *how, const kt_value *v, bool tracked, kt_fault *f);
/* How a field whose rule is "met: " or "kept: " meets v, which can not be its number; or NULL.
 * *at_once: it is "met". */
const char *kt_field_keeps(const kt_field *field, const kt_value *v, bool *at_once);
/* Python's truth of a value. */
bool kt_value_true(const kt_value *v);
/* Is the word among those of an ANY field's rule: "int, first"? */
bool            kt_field_says(const kt_field *field, const char *word);
const kt_field *kt_config_find(const kt_config_type *t, const char *name);
/* The member of the struct, a pointer to the field's C type; NULL: there is no such field. */
const void *kt_config_member(const kt_config_type *t, const char *name, const void *config);
/* The value of one field as kt_value (arena-owned); NULL without memory. */
kt_value *kt_config_get(kt_arena *a, const kt_field *field, const void *config);

/* --- the text of a call (text.c) ------------------------------------------------------------- */

/* Does ".name =" stand at the top level of a call's text? In the struct of a public call macro
 * (see keratin/layers.h) a field is present when it is not zero or when its name is written.
 * Used by kt_layer_make. */
bool kt_text_names(const char *text, const char *name);
/* One argument of a call's text: `.axis = 3` has a name, `{3, 3}` has none. Not zero-terminated. */
typedef struct kt_text_item {
    const char *name, *value;
    size_t      name_length, length;
} kt_text_item;
/* The argument at *at, which moves behind it; false at the end. */
bool kt_text_next(const char **at, kt_text_item *out);
/* How many elements `{3, 3}` has; -1 if the argument has no braces. */
int kt_text_elements(const kt_text_item *item);

/* --- Keras expressions (expr.c, object.c) ---------------------------------------------------- */

/* Reads "Dense(128, activation='relu')", "[Flatten(), Dense(1./255)]", "(None, 28)", "{'a': 1}",
 * "keras.layers.Dense(3)" (dotted names keep their last part), with + - * / // % ** and
 * parentheses on numbers, strings in '' or "" with escapes and adjacent concatenation,
 * None/True/False, trailing commas, newlines and # comments, a bare name ("relu", an identifier
 * that is no literal is a STR; true, false, null, inf and nan are literals too), numbers and
 * names as keys of dicts (kept as text). Nesting is limited to 100. NULL and a ValueError with
 * line, column, the offending text and a hint otherwise. */
kt_value *kt_expr_parse(const char *text, kt_arena *a, kt_fault *f);

/* {"class_name": "Relu", "config": {...}} or CALL -> class name and arguments; a STR is a name
 * without arguments, and so is a saved function ({"class_name": "function", "config": "relu"}).
 * `args` is DICT, CALL or NULL. False if v is none of these. */
bool kt_object_parts(const kt_value *v, const char **class_name, const kt_value **args);

#endif
