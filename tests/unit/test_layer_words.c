/* test_layer_words.c - each layer of the table on other shapes than those of its samples: what is
 * refused, in which words, and what shapes and weights come of the rest is what
 * tests/support/damage_words.txt has. Keras' own words stand in the facts of test_messages.c; these
 * are all, and a new class is among them. */
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
enum { CHANGES = 7 };

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
    default: return false;
    }
}

static void try_sample(damage_seen *to, const layer_sample *given, int input, int how)
{
    layer_sample s = *given;

    if (input >= 0 && !change(how, &s.shape[input]))
        return;
    kt_model *m = layer_sample_model(&s);
    tried_model(to, m, s.n_in, s.shape);
    kt_model_free(m);
}

static void layers_as_kept(void **state)
{
    const kt_layer_type *t;
    kt_str               lines = {0};
    int                  classes = 0;

    (void)state;
    for (size_t k = 0; (t = kt_layer_type_at(k)); k++) {
        damage_seen of = {.name = t->cls.class_name, .sum = DAMAGE_SUM};
        for (int i = 0; i < layer_samples(t); i++) {
            layer_sample s;
            layer_sample_read(t, i, &s);
            try_sample(&of, &s, -1, 0);
            for (int in = 0; in < s.n_in; in++)
                for (int how = 0; how < CHANGES; how++)
                    try_sample(&of, &s, in, how);
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
