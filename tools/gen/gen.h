/* gen.h - the generator: from the field tables to public headers and reference pages. */
#ifndef KERATIN_GEN_H
#define KERATIN_GEN_H

#include "codec/codec.h"
#include "keratin/catalog.h"
#include "nn/layer.h"

/* What a layer's call looks like. */
typedef struct call {
    const kt_layer_type *type;
    kt_str               name; /* "kt_dense" */
    kt_arg               args[KT_MAX_ARGS];
    int                  n, first; /* first: may be written without its name, or -1 */
} call;

/* Layer i that has a call of its own (models do not); false behind the last. Free with
 * call_free. */
bool call_at(call *c, int i);
void call_free(call *c);
/* "const char *activation", "int64_t strides[8]". */
void member_text(kt_str *out, const kt_arg *a);
/* The member with what it means and its default. */
void write_member(kt_str *out, const char *declaration, const kt_arg *a);
/* A comment of its own lines, at most 100 columns wide. */
void comment_lines(kt_str *out, const char *text, const char *indent);

void write_layers(kt_str *out);
void write_cpp(kt_str *out);

/* --- reference pages --- */

/* Facts of tests/goldens below `source` (facts.c). */
bool            facts_open(const char *source);
void            facts_close(void);
const kt_value *facts_row(size_t i); /* NULL behind the last */
/* The first call of this name in a text: "SGD(0.1)"; false: there is none. */
bool call_in(const char *text, const char *name, kt_str *out);

/* The next name that is called in a text, from *at, which moves behind it. */
bool next_called(const char **at, kt_str *out);

/* The part of "a; b; c" at *at, which moves behind it; false where it is empty. */
bool next_part(const char **at, char end, kt_str *out);
/* What a sample of a layer is called with. */
enum { MOST_INPUTS = 8 };
typedef struct inputs {
    int         n;
    kt_shape    shape[MOST_INPUTS];
    const char *dtype[MOST_INPUTS];
} inputs;
void read_inputs(const char *text, inputs *in); /* "(2, 3) | (2, 5) int:10" */
/* Whether a model of this layer alone takes them; some layers' calls have several arguments. */
bool is_called_alone(const char *expression, const inputs *in);
/* What comes out, and of how many outputs. */
int shapes_made(const char *expression, const inputs *in, kt_shape *out);
/* An expression that makes one, of a sample or from the facts; false where there is none that can
 * be used in a model (samples.c). */
bool example_of(const kt_class_info *c, kt_str *out);
/* How a class that is no layer is used: as the argument of a layer that is called on `in`, or in
 * training. */
typedef struct example {
    kt_str      layer; /* empty: in training */
    inputs      in;
    const char *model;
    kt_shape    x, y;
    const char *optimizer, *loss, *metrics, *callbacks; /* NULL: none */
    kt_str      text;                                   /* what one of them is */
} example;
/* False where this expression can not be used; out: or NULL, else free with example_free. */
bool find_use(const kt_class_info *c, const char *expression, example *out);
/* The first sample of a layer. */
void sample_use(const kt_class_info *c, const char *expression, example *out);
void example_free(example *e);
void write_refusals(kt_str *out, const kt_class_info *c);
/* The expression of a layer as a call in C; a text as a literal (call.c). */
void write_in_c(kt_str *out, const char *expression);
void write_c_text(kt_str *out, const char *text);
void write_examples(kt_str *out, const kt_class_info *c);

void write_shape(kt_str *out, const kt_shape *s);
/* "layers", "losses" */
void plural(kt_str *out, const char *family);
/* The page of a class; of a family; of all families. */
void write_page(kt_str *out, const kt_class_info *c, const kt_layer_type *layer);
void write_index(kt_str *out, const char *family);
void write_families(kt_str *out);

#endif
