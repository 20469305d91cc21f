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
    char    *kind = strstr(text, " int:");

    s->classes[s->n_in] = kind ? strtoll(kind + 5, NULL, 10) : 0;
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

kt_tensor *layer_sample_data(const layer_sample *s, int k, int64_t seed)
{
    int64_t    classes = s->classes[k];
    kt_tensor *t = kt_tensor_new(classes ? KT_I32 : KT_F32, s->shape[k]);

    assert_non_null(t);
    for (int64_t i = 0; i < t->count; i++) {
        int64_t mixed = (i + 1) * 2654435761 % 1000003 + 7919 * (seed + k);
        kt_tensor_set(t, i,
                      classes ? (double)(mixed % classes) : (double)(mixed % 2001) / 1000 - 1);
    }
    return t;
}
