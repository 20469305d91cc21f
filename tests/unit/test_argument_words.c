/* test_argument_words.c - each class of each family with one of its arguments as something else: a
 * number, a text, None, a list. What is refused, in which words, and what is written of the rest is
 * what tests/support/damage_words.txt has; of a layer also what its calls say and give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "keratin/model.h"
#include "nn/layer.h"
#include "support/damage.h"
#include "support/layer_sample.h"
#include "support/needs.h"
#include "support/run_numbers.h"

/* What became of a class so far. */
typedef struct seen {
    uint32_t sum; /* of all results and refusals */
    int      taken, refused;
} seen;

static kt_value *two_items[2], *half_items[2], *pair_items[2];
static kt_value  half = {.kind = KT_FLOAT, .f = 0.5}, less = {.kind = KT_FLOAT, .f = 0.25};
static kt_value  two = {.kind = KT_INT, .i = 2}, text = {.kind = KT_STR, .s = "x"};
static kt_value  values[] = {
     {.kind = KT_NONE},
     {.kind = KT_INT, .i = -1},
     {.kind = KT_INT, .i = 0},
     {.kind = KT_INT, .i = 3},
     {.kind = KT_FLOAT, .f = 0.5},
     {.kind = KT_FLOAT, .f = -1.5},
     {.kind = KT_STR, .s = "x"},
     {.kind = KT_STR, .s = "relu"},
     {.kind = KT_BOOL, .b = true},
     {.kind = KT_DICT},
     {.kind = KT_LIST},
     {.kind = KT_LIST, .items = two_items, .n = 1},
     {.kind = KT_LIST, .items = two_items, .n = 2},
     {.kind = KT_TUPLE, .items = two_items, .n = 1},
     {.kind = KT_INT, .i = 70},
     {.kind = KT_LIST, .items = half_items, .n = 2},
     {.kind = KT_TUPLE, .items = pair_items, .n = 2},
};

/* A message without numbers and names, once for each family. */
static void note_refusal(seen *s, const char *family, const kt_error *e, kt_str *lines)
{
    kt_str kind = {0};
    int    letters = 0, marks = 0;

    kt_str_printf(&kind, "arguments of %s: ", family);
    for (const char *p = e->message; *p && letters < 60 && strncmp(p, ", not ", 6) != 0; p++) {
        marks += *p == '\'' || *p == '`';
        if (strchr("0123456789", *p) || marks % 2)
            continue;
        kt_str_addc(&kind, *p == '\n' ? ' ' : *p);
        letters++;
    }
    kt_str_addc(&kind, '\n');
    damage_sum(&s->sum, e->message);
    s->refused++;
    if (!strstr(kt_str_text(lines), kt_str_text(&kind)))
        kt_str_add(lines, kt_str_text(&kind));
    kt_str_free(&kind);
}

static void note_value(seen *s, const kt_value *v)
{
    kt_str words = {0};

    if (v)
        kt_json_print(&words, v, -1);
    damage_sum(&s->sum, kt_str_text(&words));
    kt_str_free(&words);
    s->taken++;
}

static void finish(const seen *s, const char *family, const kt_class *cls, kt_str *lines)
{
    kt_str_printf(lines, "arguments of %s %s: %d refused, %d not %08x\n", family, cls->class_name,
                  s->refused, s->taken, s->sum);
}

/* --- objects ---------------------------------------------------------------------------------- */

static const kt_shape shapes[] = {
    {2, {3, 2}}, {2, {2, 3}}, {1, {3}}, {4, {2, 3, 2, 2}}, {3, {2, 2, 3}},
};

static void initialize(damage_seen *s, const kt_value *v, kt_shape shape, kt_dtype dtype)
{
    kt_fault    f = {0};
    kt_variable w = {.dtype = dtype, .shape = shape, .initializer = v};

    w.value = kt_tensor_new(dtype, shape);
    assert_non_null(w.value);
    kt_set_seed(7);
    if (kt_initialize(&w, &f) == KT_OK)
        for (int64_t i = 0; i < w.value->count; i++)
            run_sum(s, kt_tensor_get(w.value, i));
    damage_sum(&s->sum, f.e.message);
    kt_tensor_unref(w.value);
    kt_fault_clear(&f);
}

static kt_node *result(kt_graph *g, const char *family, const kt_value *v, kt_node *w)
{
    if (kt_streq(family, "regularizer"))
        return kt_penalty(g, v, w, &g->arena);
    if (kt_streq(family, "constraint"))
        return kt_project(g, v, w, &g->arena);
    const kt_activation_type *act = kt_activation_find(v, g->fault);
    return act ? kt_activate(g, act, w) : g->poison;
}

/* A step of weights that are a kernel, an embedding, a bias and a convolution's, with gradients. */
static void step(kt_graph *g, const kt_object *object, int times, damage_seen *s)
{
    kt_optimizer *o = object ? kt_optimizer_new(object, g->fault) : NULL;
    kt_variable   w[] = {
          {.name = "kernel", .path = "dense/kernel", .shape = KT_SHAPE(3, 2)},
          {.name = "embeddings", .path = "embedding/embeddings", .shape = KT_SHAPE(2, 3)},
          {.name = "bias", .path = "dense/bias", .shape = KT_SHAPE(2)},
          {.name = "kernel", .path = "conv/kernel", .shape = KT_SHAPE(2, 1, 2, 2)},
    };
    kt_node *grads[KT_COUNT(w)];
    kt_vec   list = {0};

    if (!o)
        return;
    for (size_t i = 0; i < KT_COUNT(w); i++) {
        w[i].value = kt_tensor_new(KT_F32, w[i].shape);
        grads[i] = kt_placeholder(g, "gradient", KT_F32, w[i].shape);
        assert_true(w[i].value && kt_vec_push(&list, &w[i]));
    }
    if (kt_optimizer_build(o, &list, g->fault) == KT_OK &&
        kt_optimizer_apply(o, g, grads, g->fault) == KT_OK)
        for (int i = 0; i < times; i++)
            run_numbers(s, g, NULL, 0, -1, 0);
    kt_optimizer_free(o);
    for (size_t i = 0; i < KT_COUNT(w); i++)
        kt_tensor_unref(w[i].value);
    kt_vec_free(&list);
}

/* The optimizer whose rate follows the schedule. */
static const kt_object *following(kt_graph *g, kt_value *schedule)
{
    kt_value *v = kt_value_new(&g->arena, KT_DICT), *config = kt_value_new(&g->arena, KT_DICT);

    kt_value_add(&g->arena, config, "learning_rate", schedule);
    kt_value_add(&g->arena, v, "class_name", kt_value_str(&g->arena, "SGD"));
    kt_value_add(&g->arena, v, "config", config);
    return kt_object_make(&g->arena, "optimizer", v, g->fault);
}

/* What it computes. */
static void use_object(seen *to, const char *family, const kt_object *o, kt_value *v)
{
    damage_seen s = {.sum = to->sum};
    kt_fault    f = {0};
    kt_graph   *g = kt_graph_new(&f);

    if (kt_streq(family, "initializer")) {
        for (size_t i = 0; i < KT_COUNT(shapes); i++)
            for (kt_dtype d = KT_F32; d <= KT_I32; d++)
                initialize(&s, v, shapes[i], d);
    } else if (kt_streq(family, "optimizer")) {
        step(g, o, 2, &s);
    } else if (kt_streq(family, "schedule")) {
        step(g, following(g, v), 6, &s);
    } else if (!kt_streq(family, "loss") && !kt_streq(family, "metric") &&
               !kt_streq(family, "callback")) {
        for (size_t i = 0; i < KT_COUNT(shapes) && f.e.status == KT_OK; i++) {
            kt_node *y = result(g, family, v, kt_placeholder(g, "w", KT_F32, shapes[i]));
            run_numbers(&s, g, &y, 1, -1, 0);
        }
    }
    damage_sum(&s.sum, f.e.message);
    to->sum = s.sum;
    kt_graph_free(g);
    kt_fault_clear(&f);
}

static void try_object(seen *s, const kt_family *f, const kt_class *cls, size_t field, kt_value *as,
                       kt_str *lines)
{
    kt_arena  a = {0};
    kt_fault  fault = {0};
    kt_value *v = kt_value_new(&a, KT_DICT), *config = kt_value_new(&a, KT_DICT);

    for (size_t i = 0; i < cls->config->n; i++)
        if (i == field || !cls->config->fields[i].initial)
            kt_value_add(&a, config, cls->config->fields[i].name, i == field ? as : &two);
    kt_value_add(&a, v, "class_name", kt_value_str(&a, cls->class_name));
    kt_value_add(&a, v, "config", config);
    const kt_object *o = kt_object_make(&a, f->name, v, &fault);
    if (o && fault.e.status == KT_OK) {
        note_value(s, kt_object_value(&a, o, &fault));
        use_object(s, f->name, o, v);
    } else
        note_refusal(s, f->name, &fault.e, lines);
    kt_fault_clear(&fault);
    kt_arena_free(&a);
}

static void objects_of(const kt_family *f, kt_str *lines)
{
    const kt_class *cls;

    for (size_t i = 0; (cls = kt_family_class(f, i)) != NULL; i++) {
        seen s = {.sum = DAMAGE_SUM};
        for (size_t k = 0; k < cls->config->n; k++)
            for (size_t n = 0; n < KT_COUNT(values); n++)
                try_object(&s, f, cls, k, &values[n], lines);
        finish(&s, f->name, cls, lines);
    }
}

/* --- layers ----------------------------------------------------------------------------------- */

/* A model of it, called on numbers; then alone, trained on some. */
static void try_calls(seen *s, kt_layer *l, const kt_value *v, const layer_sample *sample,
                      kt_str *lines)
{
    bool      alone = sample->n_in == 1 && !(l->type->flags & KT_LAYER_LIST);
    kt_model *m = layer_sample_model_of(l, sample);

    if (kt_failed(m) || kt_check_shapes(m, sample->n_in, sample->shape, true) != KT_OK)
        note_refusal(s, "layer call", kt_model_error(m), lines);
    for (int i = 0; !kt_failed(m) && i < kt_checked_outputs(m); i++) {
        kt_arena a = {0};
        kt_shape y = kt_checked_output(m, i);
        damage_sum(&s->sum, kt_shape_text(&a, &y));
        kt_arena_free(&a);
    }
    kt_model_free(m);
    if (!alone)
        return;
    l = kt_layer_from_value(v);
    kt_tensor *x = layer_sample_data(sample, 0, 1), *y = kt_layer_training_on(l, x);
    if (y)
        damage_sum(&s->sum, kt_dtype_name(y->dtype));
    else
        note_refusal(s, "layer in training", kt_layer_error(l), lines);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_layer_free(l);
}

static void try_layer(seen *s, const kt_value *v, const layer_sample *sample, kt_str *lines)
{
    kt_arena  a = {0};
    kt_fault  fault = {0};
    kt_layer *l = kt_layer_from_value(v);

    if (kt_layer_status(l) == KT_OK) {
        note_value(s, kt_layer_value(l, &a, &fault));
        try_calls(s, l, v, sample, lines);
    } else {
        note_refusal(s, "layer", &l->fault.e, lines);
        kt_layer_free(l);
    }
    kt_fault_clear(&fault);
    kt_arena_free(&a);
}

/* One argument after another. */
static void layer_of(seen *s, const layer_sample *sample, kt_str *lines)
{
    kt_arena  a = {0};
    kt_fault  fault = {0};
    kt_layer *l = kt_layer_from(sample->expression);
    kt_value *v = kt_layer_value(l, &a, &fault), *config = kt_value_get(v, "config");

    assert_non_null(config);
    for (size_t i = 0; i < config->n; i++)
        for (size_t n = 0; n < KT_COUNT(values); n++) {
            kt_value *was = config->items[i];
            config->items[i] = &values[n];
            try_layer(s, v, sample, lines);
            config->items[i] = was;
        }
    kt_layer_free(l);
    kt_arena_free(&a);
}

static void layers(kt_str *lines)
{
    const kt_layer_type *t;

    for (size_t k = 0; (t = kt_layer_type_at(k)); k++) {
        seen s = {.sum = DAMAGE_SUM};
        if (!damage_in_turn(t->cls.class_name))
            continue;
        for (int i = 0; i < layer_samples(t); i++) {
            layer_sample sample;
            layer_sample_read(t, i, &sample);
            layer_of(&s, &sample, lines);
        }
        if (layer_samples(t) > 0)
            finish(&s, "layer", &t->cls, lines);
    }
}

static void as_kept(void **state)
{
    kt_str lines = {0};
    int    families = 0;

    (void)state;
    need_reading(false);
    kt_set_seed(7); /* RandomCrop writes the seed that it drew */
    two_items[0] = pair_items[0] = pair_items[1] = &two;
    two_items[1] = &text;
    half_items[0] = &half;
    half_items[1] = &less;
    for (const kt_family *f = kt_family_table; f->name; f++, families++)
        if (!kt_streq(f->name, "layer") && !kt_streq(f->name, "operation"))
            objects_of(f, &lines);
    layers(&lines);
    assert_true(families > 6);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

/* What Keratin has no room for, in words of its own. */
static void limits_are_said(void **state)
{
    kt_str many_cells = {0};

    kt_str_add(&many_cells, "StackedRNNCells([");
    for (int i = 0; i < 32; i++)
        kt_str_add(&many_cells, "LSTMCell(1), ");
    kt_str_add(&many_cells, "])");
    const char *const cases[][2] = {
        {"SpectralNormalization(Dense(2), power_iterations=1001)", "more than 1000 power"},
        {"InputLayer(shape=(1, 1, 1, 1, 1, 1, 1, 1))", "has more than 8 axes"},
        {"Reshape((1, 1, 1, 1, 1, 1, 1, 1))", "target_shape has more than 7 axes"},
        {"StringLookup(num_oov_indices=2147483648)", "at most 2147483647 places"},
        {"IntegerLookup(max_tokens=2147483648)", "at most 2147483647 places"},
        {"IntegerLookup(vocabulary=[1], output_mode='tf_idf', idf_weights=3)", "idf_weights must"},
        {"StringLookup(vocabulary=['a'], output_mode='tf_idf', idf_weights=['b'])",
         "idf_weights must"},
        {"STFTSpectrogram(frame_length=2147483648, fft_length=2147483649)", "at most 2147483647"},
        {kt_str_text(&many_cells), "states in all"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kt_layer       *l = kt_layer_from(cases[i][0]);
        const kt_error *e = kt_layer_error(l);
        if (!e || !strstr(e->message, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], e ? e->message : "no error");
        kt_layer_free(l);
    }
    kt_str_free(&many_cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_kept),
                                       cmocka_unit_test(limits_are_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
