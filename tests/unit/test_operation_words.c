/* test_operation_words.c - each call of keras.ops that a fact has, as a model of its own, with an
 * input of another shape or dtype, with sizes that are told late, with an argument as something
 * else: what is refused, in which words, and what shapes, dtypes and numbers come of the rest is
 * what tests/support/damage_words.txt has. Keras' own words stand in the facts of test_messages.c,
 * its numbers in those of test_predict.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "io/io.h"
#include "support/damage.h"
#include "support/facts.h"
#include "support/places.h"
#include "support/scarce.h"
#include "support/tried_model.h"

enum { TEXT = 120, MOST_INPUTS = 16, MOST_CLASSES = 400 };

/* A call as a model of its own: what other layers give became inputs. */
typedef struct single {
    kt_arena  a;
    kt_value *model, *layers, *inputs, *config, *args, *kwargs;
    int       n;
    kt_value *input[MOST_INPUTS];                      /* the InputLayers' configurations */
    kt_shape  shape[MOST_INPUTS], called[MOST_INPUTS]; /* as told, and what is not told 2 */
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
    kt_value_add(&s->a, s->inputs, NULL, symbol(s, name, 0));
    assert_true(s->n < MOST_INPUTS && kt_shape_from_value(shape, &s->shape[s->n]));
    s->called[s->n] = s->shape[s->n];
    for (int k = 0; k < s->shape[s->n].rank; k++)
        if (s->shape[s->n].dim[k] == KT_UNKNOWN)
            s->called[s->n].dim[k] = 2;
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
    kt_value   *out = kt_value_new(&s->a, KT_LIST);
    kt_value   *call = kt_value_get(node, "inbound_nodes")->items[0];
    const char *name = kt_value_text(kt_value_get(node, "name"));

    s->model = kt_value_new(&s->a, KT_DICT);
    s->layers = kt_value_new(&s->a, KT_LIST);
    s->inputs = kt_value_new(&s->a, KT_LIST);
    s->config = kt_value_get(node, "config");
    s->args = kt_value_get(call, "args");
    s->kwargs = kt_value_get(call, "kwargs");
    make_inputs(s, s->args);
    make_inputs(s, s->kwargs);
    kt_value_add(&s->a, s->layers, NULL, node);
    for (int64_t k = 0; k <= last_output(whole, name); k++)
        kt_value_add(&s->a, out, NULL, symbol(s, name, k));
    kt_value_add(&s->a, config, "name", str(s, "m"));
    kt_value_add(&s->a, config, "layers", s->layers);
    kt_value_add(&s->a, config, "input_layers", s->inputs);
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

/* The tensors of one layer become those of another. */
static void rename_layer(single *s, kt_value *v, const char *from, const char *to)
{
    kt_value *history = kt_value_get(kt_value_get(v, "config"), "keras_history");

    if (history && kt_streq(history->items[0]->s, from))
        history->items[0] = str(s, to);
    for (size_t i = 0; !history && i < v->n; i++)
        rename_layer(s, v->items[i], from, to);
}

/* A call of integers that are what other layers give. */
static void add_operation(single *s, const char *module, const char *class, const char *name,
                          kt_value *dtype, const char *const *from, int n)
{
    kt_value *v = kt_value_new(&s->a, KT_DICT), *config = kt_value_new(&s->a, KT_DICT);
    kt_value *nodes = kt_value_new(&s->a, KT_LIST), *node = kt_value_new(&s->a, KT_DICT);
    kt_value *args = kt_value_new(&s->a, KT_LIST);

    for (int i = 0; i < n; i++) {
        kt_value *t = kt_value_new(&s->a, KT_DICT), *of = kt_value_new(&s->a, KT_DICT);
        kt_value_add(&s->a, of, "shape", kt_value_new(&s->a, KT_LIST));
        kt_value_add(&s->a, of, "dtype", str(s, "int32"));
        kt_value_add(&s->a, of, "keras_history", symbol(s, from[i], 0));
        kt_value_add(&s->a, t, "class_name", str(s, "__keras_tensor__"));
        kt_value_add(&s->a, t, "config", of);
        kt_value_add(&s->a, args, NULL, t);
    }
    kt_value_add(&s->a, node, "args", args);
    kt_value_add(&s->a, node, "kwargs", kt_value_new(&s->a, KT_DICT));
    kt_value_add(&s->a, nodes, NULL, node);
    kt_value_add(&s->a, config, "name", str(s, name));
    if (dtype)
        kt_value_add(&s->a, config, "dtype", dtype);
    kt_value_add(&s->a, v, "module", str(s, kt_arena_printf(&s->a, "keras.src.ops.%s", module)));
    kt_value_add(&s->a, v, "class_name", str(s, class));
    kt_value_add(&s->a, v, "config", config);
    kt_value_add(&s->a, v, "name", str(s, name));
    kt_value_add(&s->a, v, "inbound_nodes", nodes);
    kt_value_add(&s->a, s->layers, NULL, v);
}

/* Symbolically the bits of two have the shape of the first, but numbers that of both: so a call
 * gets an axis more than it was made for. */
static void try_late_axis(damage_seen *seen, single *s, int i)
{
    const char *name = kt_value_get(s->input[i], "name")->s;
    kt_value   *dtype = kt_value_get(s->input[i], "dtype");
    kt_shape    shape = KT_SHAPE(2), more = s->shape[i];
    int         n = s->n;

    more = kt_shape_concat(&shape, &more);
    if (s->shape[i].rank + 1 >= KT_MAX_RANK)
        return;
    kt_value_set(&s->a, s->input[i], "dtype", str(s, "int32"));
    add_layer(s, "more", kt_shape_value(&s->a, &more), str(s, "int32"));
    add_operation(s, "numpy", "BitwiseOr", "bits", NULL, (const char *[]){name, "more"}, 2);
    add_operation(s, "core", "Cast", "late", dtype, (const char *[]){"bits"}, 1);
    rename_layer(s, s->args, name, "late");
    rename_layer(s, s->kwargs, name, "late");
    try_model(seen, s, s->shape);
    rename_layer(s, s->args, "late", name);
    rename_layer(s, s->kwargs, "late", name);
    kt_value_set(&s->a, s->input[i], "dtype", dtype);
    s->layers->n -= 3;
    s->inputs->n--;
    s->n = n;
}

/* All inputs, likewise. */
static void try_all_shapes(damage_seen *seen, single *s)
{
    kt_value *was[MOST_INPUTS];

    for (int how = 0; s->n > 1 && how < CHANGES; how++) {
        kt_shape called[MOST_INPUTS];
        bool     all = true;
        for (int i = 0; i < s->n; i++) {
            called[i] = s->shape[i];
            was[i] = kt_value_get(s->input[i], "batch_shape");
            all = change(how, &called[i]) && all;
            kt_value_set(&s->a, s->input[i], "batch_shape", kt_shape_value(&s->a, &called[i]));
        }
        if (all)
            try_model(seen, s, called);
        for (int i = 0; i < s->n; i++)
            kt_value_set(&s->a, s->input[i], "batch_shape", was[i]);
    }
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

/* A text with a letter less, twice, and as another. */
static void try_text(damage_seen *seen, single *s, kt_value **at)
{
    const char *was = (*at)->s;
    size_t      n = strlen(was);

    for (size_t i = 0; i < n; i++)
        for (int how = 0; how < 4; how++) {
            const char *as = how == 1 ? (char[]){was[i], was[i], '\0'} : how == 2 ? "1" : "(";
            *at = str(s,
                      kt_arena_printf(&s->a, "%.*s%s%s", (int)i, was, how ? as : "", was + i + 1));
            try_model(seen, s, s->shape);
        }
}

/* Each of the list or dict, and of lists and slices in it, as something else and left out. */
static void try_arguments(damage_seen *seen, single *s, kt_value *of)
{
    static kt_value one = {.kind = KT_INT, .i = 1}, *two[] = {&one, &one};
    static kt_value as[] = {{.kind = KT_NONE},
                            {.kind = KT_INT, .i = -1},
                            {.kind = KT_INT, .i = 2},
                            {.kind = KT_INT},
                            {.kind = KT_INT, .i = -3},
                            {.kind = KT_INT, .i = 70},
                            {.kind = KT_FLOAT, .f = 2.5},
                            {.kind = KT_FLOAT, .f = 1e9},
                            {.kind = KT_STR, .s = "x"},
                            {.kind = KT_LIST, .items = two, .n = 2},
                            {.kind = KT_LIST}};

    for (size_t i = 0; i < of->n; i++) {
        kt_value *was = of->items[i];
        for (size_t k = 0; k < KT_COUNT(as); k++) {
            of->items[i] = &as[k];
            try_model(seen, s, s->shape);
        }
        of->items[i] = was;
        if (was->kind == KT_STR)
            try_text(seen, s, &of->items[i]);
        of->items[i] = was;
        if (kt_value_is_seq(was) && was->n <= 4)
            try_arguments(seen, s, was);
        else if (kt_streq(kt_value_text(kt_value_get(was, "class_name")), "__slice__"))
            try_arguments(seen, s, kt_value_get(was, "config"));
        else if (kt_streq(kt_value_text(kt_value_get(was, "class_name")), "__tuple__"))
            try_arguments(seen, s, kt_value_get(was, "items"));
    }
    if (of->n > 0) {
        of->n--;
        try_model(seen, s, s->shape);
        of->n++;
    }
}

/* --- while memory runs out -------------------------------------------------------------------- */

/* Made and called on numbers; `before`: the pieces that were asked for until the call. */
static kt_status made(const single *s, int64_t refused, bool alone, int64_t *before, char *text)
{
    kt_fault f = {0};

    scarce_begin(refused, alone);
    kt_model *m = kt_model_from_value(s->model, "m", &f);
    *before = kt_alloc_count() - scarce_begun;
    if (m && !kt_failed(m))
        kt_check_shapes(m, s->n, s->called, true);
    scarce_end();
    kt_status status = m ? m->fault.e.status : f.e.status;
    snprintf(text, TEXT, "%s", status == KT_OK ? "no error" : m ? m->fault.e.message : f.e.message);
    kt_model_free(m);
    kt_fault_clear(&f);
    return status;
}

/* Of the pieces that the call on numbers asks for each ninth is refused, other ones each time, and
 * one from each place, alone or with all after. */
static void try_scarce(single *s, const char *name)
{
    static int64_t turn, place[1024];
    int64_t        before, unused;
    char           text[TEXT];

    kt_alloc_count_pieces(true);
    places_watch();
    kt_status whole = made(s, 0, false, &before, text);
    int       n_places = places_new(scarce_begun, place, (int)KT_COUNT(place));
    int64_t   all = scarce_pieces(), n = before + 1 + turn++ % 9;

    for (int i = 0; i < 2 * n_places || n <= all; i++) {
        bool      at_place = i < 2 * n_places, alone = at_place ? i % 2 : n % 2;
        int64_t   piece = at_place ? place[i / 2] : n;
        kt_status status = made(s, piece, alone, &unused, text);
        if (status != KT_E_MEMORY && status != whole)
            fail_msg("%s: %s where piece %lld fails", name, text, (long long)piece);
        n += at_place ? 0 : 9;
    }
    kt_alloc_count_pieces(false);
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
    try_scarce(&s, name);
    for (int i = 0; i < s.n; i++) {
        try_shapes(to, &s, i, s.shape[i]);
        try_dtypes(to, &s, i);
        try_late_axis(to, &s, i);
    }
    try_all_shapes(to, &s);
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
            if (strstr(module, "keras.src.ops") && damage_in_turn(class))
                try_call(model, layer, kt_arena_printf(&t.arena, "ops.%s", class));
        }
    }
    assert_true(n_seen > 80);
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
