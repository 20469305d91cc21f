/* gen.h - the generator: from the field tables to public headers and reference pages. */
#ifndef KERATIN_GEN_H
#define KERATIN_GEN_H

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
void write_page(kt_str *out, const char *family);

#endif
