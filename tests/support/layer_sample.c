/* layer_sample.c - reading samples of layers. */
#include "support/layer_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keratin/data.h"
#include "nn/container.h"

/* Part i of text between `mark`s, trimmed; false if there are fewer. */
static bool part(const char *text, char mark, int i, char *out, size_t size)
{
    while (text && i-- > 0) {
        text = strchr(text, mark);
        text = text ? text + 1 : NULL;
    }
    if (!text)
        return false;
    text += strspn(text, " ");
    size_t n = strcspn(text, (char[]){mark, 0});
    while (n > 0 && text[n - 1] == ' ')
        n--;
    assert_true(n > 0 && n < size);
    memcpy(out, text, n);
    out[n] = '\0';
    return true;
}

int layer_samples(const kt_layer_type *t)
{
    char one[256];
    int  n = 0;

    while (t->sample && part(t->sample, ';', n, one, sizeof one))
        n++;
    return n;
}

static void read_input(char *text, layer_sample *s)
{
    kt_arena a = {0};
    kt_fault f = {0};
    char    *kind = strstr(text, " int:"), *letters = strstr(text, " text:");

    s->text[s->n_in] = letters != NULL;
    s->classes[s->n_in] = kind ? strtoll(kind + 5, NULL, 10) : 0;
    if (letters) {
        s->classes[s->n_in] = strtoll(letters + 6, NULL, 10);
        *letters = '\0';
    }
    if (kind)
        *kind = '\0';
    assert_true(kt_shape_from_value(kt_expr_parse(text, &a, &f), &s->shape[s->n_in]));
    s->n_in++;
    kt_fault_clear(&f);
    kt_arena_free(&a);
}

void layer_sample_read(const kt_layer_type *t, int i, layer_sample *out)
{
    char inputs[256], one[256];

    memset(out, 0, sizeof *out);
    assert_true(part(t->sample, ';', i, out->expression, sizeof out->expression));
    assert_true(part(t->sample_input, ';', i, inputs, sizeof inputs));
    for (int k = 0; part(inputs, '|', k, one, sizeof one); k++) {
        assert_true(k < SAMPLE_INPUTS);
        read_input(one, out);
    }
}

/* Some of the first letters of the alphabet, with blanks between them. */
static kt_tensor *texts(const kt_shape *shape, int64_t letters, int64_t seed)
{
    int64_t n = kt_shape_count(shape);
    char(*text)[8] = kt_calloc((size_t)n + 1, sizeof *text);
    const char **at = kt_calloc((size_t)n + 1, sizeof *at);

    assert_true(text && at);
    for (int64_t i = 0; i < n; i++) {
        int64_t mixed = (i + 1) * 2654435761 % 1000003 + 7919 * seed;
        for (int64_t k = 0; k < (shape->dim[shape->rank - 1] > 1 ? 1 : 1 + 2 * (mixed % 3)); k++)
            text[i][k] = (char)(k % 2 ? ' ' : 'a' + (mixed >> k) % letters);
        at[i] = text[i];
    }
    kt_tensor *t = kt_tensor_from_texts(at, *shape);
    kt_free(text);
    kt_free(at);
    assert_non_null(t);
    return t;
}

kt_tensor *layer_sample_data(const layer_sample *s, int k, int64_t seed)
{
    int64_t classes = s->classes[k];

    if (s->text[k])
        return texts(&s->shape[k], classes, seed + k);
    kt_tensor *t = kt_tensor_new(classes ? KT_I32 : KT_F32, s->shape[k]);

    assert_non_null(t);
    for (int64_t i = 0; i < t->count; i++) {
        int64_t mixed = (i + 1) * 2654435761 % 1000003 + 7919 * (seed + k);
        kt_tensor_set(t, i,
                      classes ? (double)(mixed % classes) : (double)(mixed % 2001) / 1000 - 1);
    }
    return t;
}

kt_data *layer_sample_all_data(const layer_sample *s)
{
    kt_data *d = kt_data_new();

    for (int k = 0; k < s->n_in; k++) {
        kt_tensor *x = layer_sample_data(s, k, 1);
        kt_data_add_x(d, "", x);
        kt_tensor_unref(x);
    }
    return d;
}

kt_model *layer_sample_model(const layer_sample *s)
{
    return layer_sample_model_of(kt_layer_from(s->expression), s);
}

kt_model *layer_sample_model_of(kt_layer *l, const layer_sample *s)
{
    kt_symbol in[SAMPLE_INPUTS], out[KT_MAX_PARTS];
    int       n_out = 0;
    bool      none = false;

    if (!l)
        return NULL;
    for (int k = 0; k < s->n_in; k++) {
        char     name[16];
        kt_shape shape = s->shape[k];
        shape.dim[0] = KT_UNKNOWN;
        snprintf(name, sizeof name, "in%d", k);
        in[k] = kt_symbol_of(kt_input_new(&shape,
                                          s->text[k]      ? "string"
                                          : s->classes[k] ? "int32"
                                                          : "float32",
                                          name));
        none = none || !in[k].layer;
    }
    if (none) {
        for (int k = 0; k < s->n_in; k++)
            kt_layer_free(in[k].layer);
        kt_layer_free(l);
        return NULL;
    }
    bool list = (l->type->flags & KT_LAYER_LIST) || s->n_in > 1;
    out[0] = list ? kt_apply_list(l, s->n_in, in) : kt_apply(l, in[0]);
    while (n_out < KT_MAX_PARTS && kt_symbol_result(kt_output_of(out[0], n_out))) {
        out[n_out] = kt_output_of(out[0], n_out);
        n_out++;
    }
    return kt_functional("m", s->n_in, in, n_out ? n_out : 1, out);
}
