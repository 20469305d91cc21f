/* test_operation_words.c - each call of keras.ops that a fact has, as a model of its own, with an
 * input of another shape or dtype, with sizes that are told late, with an argument as something
 * else: what is refused, in which words, and what shapes and dtypes come of the rest is what
 * tests/support/damage_words.txt has. Keras' own words stand in the facts of test_messages.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "io/io.h"
#include "support/damage.h"
#include "support/facts.h"
#include "support/tried_model.h"

enum { MOST_INPUTS = 16, MOST_CLASSES = 400 };

/* A call as a model of its own: what other layers give became inputs. */
typedef struct single {
    kt_arena  a;
    kt_value *model, *layers, *config, *args, *kwargs;
    int       n;
    kt_value *input[MOST_INPUTS]; /* the InputLayers' configurations */
    kt_shape  shape[MOST_INPUTS];
} single;

static kt_value *str(single *s, const char *text)
{
    return kt_value_str(&s->a, text);
}

/* [name, 0, output] */
static kt_value *symbol(single *s, const char *name, int64_t output)
{
    kt_value *v = kt_value_new(&s->a, KT_LIST);

    kt_value_add(&s->a, v, NULL, str(s, name));
    kt_value_add(&s->a, v, NULL, kt_value_int(&s->a, 0));
    kt_value_add(&s->a, v, NULL, kt_value_int(&s->a, output));
    return v;
}

static void add_layer(single *s, const char *name, kt_value *shape, kt_value *dtype)
{
    kt_value *v = kt_value_new(&s->a, KT_DICT), *config = kt_value_new(&s->a, KT_DICT);

    kt_value_add(&s->a, config, "batch_shape", shape);
    kt_value_add(&s->a, config, "dtype", dtype);
    kt_value_add(&s->a, config, "name", str(s, name));
    kt_value_add(&s->a, v, "module", str(s, "keras.layers"));
    kt_value_add(&s->a, v, "class_name", str(s, "InputLayer"));
    kt_value_add(&s->a, v, "config", config);
    kt_value_add(&s->a, v, "name", str(s, name));
    kt_value_add(&s->a, v, "inbound_nodes", kt_value_new(&s->a, KT_LIST));
    kt_value_add(&s->a, s->layers, NULL, v);
    assert_true(s->n < MOST_INPUTS && kt_shape_from_value(shape, &s->shape[s->n]));
    s->input[s->n++] = config;
}

/* Each tensor in the arguments becomes an input. */
static void make_inputs(single *s, kt_value *v)
{
    if (kt_streq(kt_value_text(kt_value_get(v, "class_name")), "__keras_tensor__")) {
        kt_value       *t = kt_value_get(v, "config"), *from = kt_value_get(t, "keras_history");
        const kt_value *output = from->items[from->n - 1];
        const char     *name = kt_arena_printf(&s->a, "%s_%d", from->items[0]->s, (int)output->i);
        bool            known = false;
        for (int i = 0; i < s->n; i++)
            known = known || kt_streq(kt_value_get(s->input[i], "name")->s, name);
        if (!known)
            add_layer(s, name, kt_value_get(t, "shape"), kt_value_get(t, "dtype"));
        kt_value_set(&s->a, t, "keras_history", symbol(s, name, 0));
        return;
    }
    for (size_t i = 0; v && i < v->n; i++)
        make_inputs(s, v->items[i]);
}

/* The last output of a layer that a model uses. */
static int64_t last_output(const kt_value *v, const char *name)
{
    int64_t last = 0;

    if (kt_value_is_seq(v) && v->n == 3 && kt_streq(kt_value_text(v->items[0]), name))
        return v->items[2]->i;
    for (size_t i = 0; v && i < v->n; i++) {
        int64_t k = last_output(v->items[i], name);
        last = k > last ? k : last;
    }
    return last;
}

static void begin(single *s, const kt_value *whole, const kt_value *layer)
{
    kt_value   *node = kt_value_copy(&s->a, layer), *config = kt_value_new(&s->a, KT_DICT);
    kt_value   *in = kt_value_new(&s->a, KT_LIST), *out = kt_value_new(&s->a, KT_LIST);
    kt_value   *call = kt_value_get(node, "inbound_nodes")->items[0];
    const char *name = kt_value_text(kt_value_get(node, "name"));

    s->model = kt_value_new(&s->a, KT_DICT);
    s->layers = kt_value_new(&s->a, KT_LIST);
    s->config = kt_value_get(node, "config");
    s->args = kt_value_get(call, "args");
    s->kwargs = kt_value_get(call, "kwargs");
    make_inputs(s, s->args);
    make_inputs(s, s->kwargs);
    kt_value_add(&s->a, s->layers, NULL, node);
    for (int i = 0; i < s->n; i++)
        kt_value_add(&s->a, in, NULL, symbol(s, kt_value_get(s->input[i], "name")->s, 0));
    for (int64_t k = 0; k <= last_output(whole, name); k++)
        kt_value_add(&s->a, out, NULL, symbol(s, name, k));
    kt_value_add(&s->a, config, "name", str(s, "m"));
    kt_value_add(&s->a, config, "layers", s->layers);
    kt_value_add(&s->a, config, "input_layers", in);
    kt_value_add(&s->a, config, "output_layers", out);
    kt_value_add(&s->a, s->model, "module", str(s, "keras.src.models.functional"));
    kt_value_add(&s->a, s->model, "class_name", str(s, "Functional"));
    kt_value_add(&s->a, s->model, "config", config);
}

/* --- what is changed -------------------------------------------------------------------------- */

/* Another shape; false where there is none. The first axis is the batch. */
enum { CHANGES = 12 };

static bool change(int how, kt_shape *s)
{
    kt_shape was = *s;
    int      last = was.rank - 1;

    switch (how) {
    case 0: s->rank = 0; return was.rank > 0;
    case 1: s->rank = 1; return was.rank > 1;
    case 2: s->rank--; return was.rank > 2;
    case 3: s->dim[s->rank++] = 3; return was.rank + 1 < KT_MAX_RANK;
    case 4: return was.rank > 1 && was.dim[last] >= 0 && s->dim[last]++ >= 0;
    case 5: return was.rank > 2 && was.dim[1] >= 0 && s->dim[1]++ >= 0;
    case 6: return was.rank > 1 && (s->dim[last] = KT_UNKNOWN) < 0;
    case 7: return was.rank > 2 && (s->dim[1] = KT_UNKNOWN) < 0;
    case 8: return was.rank > 0 && (s->dim[0] = 3) > 0;
    case 9: return was.rank > 0 && (s->dim[last] = 1) > 0;
    case 10: return was.rank > 0 && (s->dim[last] = 0) == 0;
    case 11: s->dim[s->rank++] = 1; return was.rank + 1 < KT_MAX_RANK;
    default: return false;
    }
}

static const char *const dtypes[] = {"float32", "int32", "bool", "uint8", "int64", "float16"};

static void try_model(damage_seen *seen, single *s, const kt_shape *called)
{
    kt_fault  f = {0};
    kt_model *m = kt_model_from_value(s->model, "m", &f);

    assert_non_null(m);
    tried_model(seen, m, s->n, called);
    kt_model_free(m);
    kt_fault_clear(&f);
}

static void try_shapes(damage_seen *seen, single *s, int i, kt_shape unknown)
{
    kt_value *was = kt_value_get(s->input[i], "batch_shape");

    for (int k = 0; k < unknown.rank; k++)
        unknown.dim[k] = KT_UNKNOWN;
    for (int how = 0; how < CHANGES; how++) {
        kt_shape called[MOST_INPUTS];
        memcpy(called, s->shape, sizeof called);
        if (!change(how, &called[i]))
            continue;
        kt_value_set(&s->a, s->input[i], "batch_shape", kt_shape_value(&s->a, &called[i]));
        try_model(seen, s, called);
        if (called[i].rank != unknown.rank)
            continue;
        kt_value_set(&s->a, s->input[i], "batch_shape", kt_shape_value(&s->a, &unknown));
        try_model(seen, s, called);
    }
    kt_value_set(&s->a, s->input[i], "batch_shape", was);
}

static void try_dtypes(damage_seen *seen, single *s, int i)
{
    kt_value *was = kt_value_get(s->input[i], "dtype");

    for (size_t k = 0; k < KT_COUNT(dtypes); k++) {
        kt_value_set(&s->a, s->input[i], "dtype", str(s, dtypes[k]));
        if (!kt_streq(was->s, dtypes[k]))
            try_model(seen, s, s->shape);
    }
    kt_value_set(&s->a, s->input[i], "dtype", was);
}

/* Each of the list or dict, and of lists in it, as something else and left out. */
static void try_arguments(damage_seen *seen, single *s, kt_value *of)
{
    static kt_value one = {.kind = KT_INT, .i = 1}, *two[] = {&one, &one};
    static kt_value as[] = {{.kind = KT_NONE},          {.kind = KT_INT, .i = -1},
                            {.kind = KT_INT, .i = 2},   {.kind = KT_FLOAT, .f = 2.5},
                            {.kind = KT_STR, .s = "x"}, {.kind = KT_LIST, .items = two, .n = 2},
                            {.kind = KT_LIST}};

    for (size_t i = 0; i < of->n; i++) {
        kt_value *was = of->items[i];
        for (size_t k = 0; k < KT_COUNT(as); k++) {
            of->items[i] = &as[k];
            try_model(seen, s, s->shape);
        }
        of->items[i] = was;
        if (kt_value_is_seq(was) && was->n <= 4)
            try_arguments(seen, s, was);
    }
    if (of->n > 0) {
        of->n--;
        try_model(seen, s, s->shape);
        of->n++;
    }
}

/* --- all of them ------------------------------------------------------------------------------ */

static damage_seen seen[MOST_CLASSES];
static int         n_seen;

static damage_seen *seen_of(const char *name)
{
    for (int i = 0; i < n_seen; i++)
        if (kt_streq(seen[i].name, name))
            return &seen[i];
    assert_true(n_seen < MOST_CLASSES);
    seen[n_seen] = (damage_seen){.name = name, .sum = DAMAGE_SUM};
    return &seen[n_seen++];
}

static void try_call(const kt_value *whole, const kt_value *layer, const char *name)
{
    single       s = {0};
    damage_seen *to = seen_of(name);

    begin(&s, whole, layer);
    try_model(to, &s, s.shape);
    for (int i = 0; i < s.n; i++) {
        try_shapes(to, &s, i, s.shape[i]);
        try_dtypes(to, &s, i);
    }
    to->quiet = true; /* there are many words about an argument */
    try_arguments(to, &s, s.args);
    try_arguments(to, &s, s.kwargs);
    kt_value_drop(s.config, "name");
    try_arguments(to, &s, s.config);
    to->quiet = false;
    kt_arena_free(&s.a);
}

static void as_kept(void **state)
{
    kt_str lines = {0};
    facts  t;

    (void)state;
    facts_open(&t, "operations");
    for (size_t i = 0; i < t.rows.n; i++) {
        const kt_value *model = kt_value_get(kt_value_get(t.rows.at[i], "model"), "config");
        const kt_value *layers = kt_value_get(model, "layers");
        for (size_t k = 0; k < layers->n; k++) {
            const kt_value *layer = layers->items[k];
            const char     *module = kt_value_text(kt_value_get(layer, "module"));
            const char *class = kt_value_text(kt_value_get(layer, "class_name"));
            if (strstr(module, "keras.src.ops"))
                try_call(model, layer, kt_arena_printf(&t.arena, "ops.%s", class));
        }
    }
    assert_true(n_seen > 300);
    for (int i = 0; i < n_seen; i++)
        damage_told(&seen[i], "", &lines);
    facts_close(&t);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
