/* test_layer_words.c - each layer of the table on other shapes than those of its samples, and each
 * call of keras.ops that a fact has: what is refused, in which words, and what shapes and weights
 * come of the rest is what tests/support/damage_words.txt has. Keras' own words stand in the facts
 * of test_messages.c; these are all, and a new class is among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "io/io.h"
#include "support/damage.h"
#include "support/facts.h"
#include "support/layer_sample.h"

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

static void note_refusal(damage_seen *s, const kt_error *e)
{
    kt_str line = {0};

    kt_str_printf(&line, "%s: %s: %s", s->name, e->type, e->message);
    damage_refused(s, &line, e->message, "None", 120);
    kt_str_free(&line);
}

/* A model that was made on these shapes, and called on numbers of such. */
static void note_model(damage_seen *s, kt_model *m, int n, kt_shape *shapes)
{
    if (kt_failed(m)) {
        note_refusal(s, kt_model_error(m));
        return;
    }
    for (int i = 0; i < kt_weights(m); i++) {
        kt_arena a = {0};
        damage_sum(&s->sum, kt_shape_text(&a, kt_tensor_shape(kt_weight_at(m, i, NULL))));
        kt_arena_free(&a);
    }
    for (int i = 0; i < n; i++)
        for (int k = 0; k < shapes[i].rank; k++)
            shapes[i].dim[k] = shapes[i].dim[k] == KT_UNKNOWN ? 2 : shapes[i].dim[k];
    for (int eager = 0; eager < 2; eager++) {
        if (kt_check_shapes(m, n, shapes, eager) != KT_OK) {
            note_refusal(s, kt_model_error(m));
            kt_clear_error(m);
            continue;
        }
        for (int i = 0; i < kt_checked_outputs(m); i++) {
            kt_arena a = {0};
            kt_shape y = kt_checked_output(m, i);
            damage_sum(&s->sum, kt_shape_text(&a, &y));
            kt_arena_free(&a);
        }
        s->results++;
    }
}

/* --- layers ----------------------------------------------------------------------------------- */

static void try_sample(damage_seen *to, const layer_sample *given, int input, int how)
{
    layer_sample s = *given;

    if (input >= 0 && !change(how, &s.shape[input]))
        return;
    kt_model *m = layer_sample_model(&s);
    note_model(to, m, s.n_in, s.shape);
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

/* --- calls of keras.ops ----------------------------------------------------------------------- */

enum { MOST_INPUTS = 16 };

/* The InputLayers' shapes, where they stand. */
static int inputs_of(const kt_value *model, kt_value **at)
{
    const kt_value *layers = kt_value_get(kt_value_get(model, "config"), "layers");
    int             n = 0;

    for (size_t i = 0; i < layers->n && n < MOST_INPUTS; i++)
        if (kt_streq(kt_value_text(kt_value_get(layers->items[i], "class_name")), "InputLayer"))
            at[n++] = kt_value_get(kt_value_get(layers->items[i], "config"), "batch_shape");
    return n;
}

static void try_call(damage_seen *s, const kt_value *row, int input, int how)
{
    kt_arena  a = {0};
    kt_value *model = kt_value_copy(&a, kt_value_get(row, "model")), *at[MOST_INPUTS];
    kt_shape  shapes[MOST_INPUTS];
    int       n = inputs_of(model, at);
    bool      changed = input < 0;

    for (int i = 0; i < n; i++) {
        assert_true(kt_shape_from_value(at[i], &shapes[i]));
        if (i == input && (changed = change(how, &shapes[i])))
            *at[i] = *kt_shape_value(&a, &shapes[i]);
    }
    if (changed && input < n) {
        kt_str text = {0};
        kt_json_print(&text, model, -1);
        kt_model *m = kt_from_json(kt_str_text(&text));
        note_model(s, m, n, shapes);
        kt_model_free(m);
        kt_str_free(&text);
    }
    kt_arena_free(&a);
}

static void operations_as_kept(void **state)
{
    kt_str      lines = {0};
    damage_seen s = {0};
    facts       t;

    (void)state;
    facts_open(&t, "operations");
    for (size_t i = 0; i < t.rows.n; i++) {
        const kt_value *model = kt_value_get(t.rows.at[i], "model");
        const char     *name = kt_value_text(kt_value_get(kt_value_get(model, "config"), "name"));
        kt_value       *at[MOST_INPUTS];
        s = (damage_seen){.name = name, .sum = DAMAGE_SUM};
        try_call(&s, t.rows.at[i], -1, 0);
        for (int in = 0; in < inputs_of(model, at); in++)
            for (int how = 0; how < CHANGES; how++)
                try_call(&s, t.rows.at[i], in, how);
        damage_told(&s, "", &lines);
    }
    facts_close(&t);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(layers_as_kept),
                                       cmocka_unit_test(operations_as_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
