/* test_layer_words.c - each layer of the table on other shapes, kinds of numbers and numbers of
 * inputs than its samples have: what is refused, in which words, and what shapes, weights and
 * numbers come of the rest is what tests/support/damage_words.txt has. Keras' own words stand in
 * the facts of test_messages.c; these are all, and a new class is among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "nn/layer.h"
#include "support/damage.h"
#include "support/layer_sample.h"
#include "support/tried_model.h"

/* Another shape; false where there is none. The first axis is the batch. */
enum { CHANGES = 9 };

static bool change(int how, kt_shape *s)
{
    kt_shape was = *s;

    switch (how) {
    case 0: s->rank = 1; return was.rank > 1;
    case 1: s->rank--; return was.rank > 2;
    case 2: s->dim[s->rank++] = 3; return was.rank + 1 < KT_MAX_RANK;
    case 3: return was.rank > 1 && was.dim[was.rank - 1] >= 0 && s->dim[was.rank - 1]++ >= 0;
    case 4: return was.rank > 2 && was.dim[1] >= 0 && s->dim[1]++ >= 0;
    case 5: return was.rank > 1 && (s->dim[was.rank - 1] = KT_UNKNOWN) < 0;
    case 6: return was.rank > 2 && (s->dim[1] = KT_UNKNOWN) < 0;
    case 7: s->rank = 0; return true;
    case 8:
        while (s->rank < KT_MAX_RANK)
            s->dim[s->rank++] = 2;
        return was.rank < KT_MAX_RANK;
    default: return false;
    }
}

/* The layer without a model around it that has declared something: called on these shapes first,
 * or after those of its sample. */
static void try_alone(damage_seen *to, const layer_sample *first, const layer_sample *s)
{
    kt_model *m = kt_model_from(s->expression);

    if (first)
        kt_check_shapes(m, first->n_in, first->shape, true);
    kt_clear_error(m);
    tried_model(to, m, s->n_in, s->shape);
    kt_model_free(m);
}

static void try_sample(damage_seen *to, const layer_sample *s, const layer_sample *given)
{
    kt_model *m = layer_sample_model(s);

    tried_model(to, m, s->n_in, s->shape);
    kt_model_free(m);
    try_alone(to, NULL, s);
    try_alone(to, given, s);
}

static void try_shape(damage_seen *to, const layer_sample *given, int input, int how)
{
    layer_sample s = *given;

    if (change(how, &s.shape[input]))
        try_sample(to, &s, given);
}

/* Real numbers, whole ones, texts. */
static void try_kind(damage_seen *to, const layer_sample *given, int input)
{
    layer_sample s = *given;

    for (int kind = 0; kind < 3; kind++) {
        s.text[input] = kind == 2;
        s.classes[input] = kind == 0 ? 0 : 5;
        try_sample(to, &s, given);
    }
}

/* One input less, one more. */
static void try_number(damage_seen *to, const layer_sample *given)
{
    layer_sample s = *given;

    s.n_in = given->n_in - 1;
    if (s.n_in > 0)
        try_sample(to, &s, given);
    s.n_in = given->n_in + 1;
    if (s.n_in > SAMPLE_INPUTS)
        return;
    s.shape[s.n_in - 1] = s.shape[s.n_in - 2];
    s.classes[s.n_in - 1] = s.classes[s.n_in - 2];
    s.text[s.n_in - 1] = s.text[s.n_in - 2];
    try_sample(to, &s, given);
}

static void layers_as_kept(void **state)
{
    const kt_layer_type *t;
    kt_str               lines = {0};
    int                  classes = 0;

    (void)state;
    for (size_t k = 0; (t = kt_layer_type_at(k)); k++) {
        damage_seen of = {.name = t->cls.class_name, .sum = DAMAGE_SUM};
        kt_set_seed(1);
        for (int i = 0; i < layer_samples(t); i++) {
            layer_sample s;
            layer_sample_read(t, i, &s);
            try_sample(&of, &s, &s);
            try_number(&of, &s);
            for (int in = 0; in < s.n_in; in++) {
                try_kind(&of, &s, in);
                for (int how = 0; how < CHANGES; how++)
                    try_shape(&of, &s, in, how);
            }
        }
        classes++;
        damage_told(&of, "", &lines);
    }
    assert_true(classes > 100);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(layers_as_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
