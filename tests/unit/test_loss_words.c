/* test_loss_words.c - each loss and metric, also with an argument that reads the shapes, on targets
 * and outputs of all kinds of shapes, weighted and masked: what is refused, in which words, and
 * what shapes and numbers come of the rest is what tests/support/damage_words.txt has. Keras' own
 * numbers stand in the facts of test_metrics.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "nn/nn.h"
#include "support/damage.h"
#include "support/needs.h"
#include "support/places.h"
#include "support/run_numbers.h"
#include "support/scarce.h"

static const kt_shape shapes[] = {
    {0, {0}},       {1, {3}},    {1, {0}},    {2, {3, 1}},
    {2, {3, 2}},    {2, {3, 4}}, {2, {3, 0}}, {2, {KT_UNKNOWN, 2}},
    {3, {3, 2, 4}},
};

/* What such an argument becomes where a class has it. */
static const struct {
    const char *name, *values;
} arguments[] = {
    {"axis", "0|1|-3|[0, 1]"},
    {"class_id", "0|3|-1|-3"},
    {"classes", "[1]"},
    {"from_logits", "True"},
    {"ignore_class", "1"},
    {"k", "1|9"},
    {"label_smoothing", "0.25|0.25, from_logits=True"},
    {"label_weights", "0.5|[0.25, 0.75]|[1, 2, 3, 4]"},
    {"multi_label", "True|True, num_labels=2|True, label_weights=[1, 2]|True, from_logits=True"},
    {"num_labels", "2"},
    {"reduction", "'none'|'sum'|'mean_with_sample_weight'"},
    {"sparse_y_pred", "False"},
    {"sparse_y_true", "False"},
    {"target_class_ids", "[-3]|[0, 5]|[]|2"},
    {"thresholds", "[None]|0.25|[0.25, 0.5]|[0.1, 0.5, 0.6]"},
    {"top_k", "1|9"},
};

static void note(damage_seen *s, const kt_fault *f, const kt_shape *out)
{
    kt_str   line = {0};
    kt_arena a = {0};

    if (f->e.status != KT_OK) {
        kt_str_printf(&line, "%s: %s: %s", s->name, f->e.type, f->e.message);
        damage_refused(s, &line, f->e.message, "None", 120);
        kt_str_free(&line);
        return;
    }
    damage_sum(&s->sum, kt_shape_text(&a, out));
    s->results++;
    kt_arena_free(&a);
}

static kt_node *input(kt_graph *g, const char *name, const kt_shape *s)
{
    return s ? kt_placeholder(g, name, KT_F32, *s) : NULL;
}

/* On targets that are shares, then on whole numbers. */
static void note_numbers(damage_seen *s, kt_graph *g, kt_node *loss, kt_metric *metric, bool weight)
{
    unsigned mask = weight ? 8 : 4;
    int      max = metric ? (int)((kt_variable *)metric->state.at[0])->value->count : 0, n = 0;
    double  *out = kt_arena_calloc(&g->arena, (size_t)max + 1, sizeof *out);

    for (unsigned whole = 0; whole < 2; whole++) {
        run_numbers(s, g, &loss, loss ? 1 : 0, 0, whole | mask);
        if (metric)
            metric->type->result(metric, out, &n, max);
        for (int i = 0; i < n; i++)
            run_sum(s, out[i]);
    }
}

/* s: notes what comes of it; else the n-th piece of memory is refused, below 0 the -n-th alone, and
 * the status is given. */
static kt_status use(damage_seen *s, bool metric, const kt_value *call, const kt_shape *y,
                     const kt_shape *p, const kt_shape *weight, const kt_shape *mask, int64_t n)
{
    kt_fault  f = {0};
    kt_graph *g = kt_graph_new(&f);

    scarce_begin(n < 0 ? -n : n, n < 0);
    const kt_object *o = kt_object_make(&g->arena, metric ? "metric" : "loss", call, &f);
    kt_node         *t = input(g, "y", y), *x = input(g, "p", p);
    kt_node         *w = input(g, "w", weight), *m = input(g, "m", mask);
    kt_shape         out = {.rank = 0};

    if (o && metric) {
        kt_metric *made = kt_metric_new(o, "m", &f);
        if (made && made->type->build(made, t, x, &f) == KT_OK)
            kt_metric_update(g, made, t, x, w, m);
        if (made && made->state.n > 0)
            out = ((kt_variable *)made->state.at[0])->shape;
        if (s && f.e.status == KT_OK)
            note_numbers(s, g, NULL, made, w);
        kt_metric_free(made);
    } else if (o) {
        kt_node *loss = kt_loss_value(g, o, t, x, w, m);
        out = loss->shape;
        if (s && f.e.status == KT_OK)
            note_numbers(s, g, loss, NULL, w);
    }
    scarce_end();
    if (s)
        note(s, &f, &out);
    kt_status status = f.e.status;
    kt_graph_free(g);
    kt_fault_clear(&f);
    return status;
}

/* A piece of memory from each place is refused, alone and with all behind it. */
static void use_scarce(const char *text, bool metric, const kt_value *call)
{
    const kt_shape y = {2, {3, 2}}, one = {1, {3}};
    static int64_t place[1024];

    kt_alloc_count_pieces(true);
    places_watch();
    kt_status whole = use(NULL, metric, call, &y, &y, &one, &one, 0);
    int       n = places_new(scarce_begun, place, (int)KT_COUNT(place));
    for (int i = 0; i < 2 * n; i++) {
        int64_t   piece = i % 2 ? -place[i / 2] : place[i / 2];
        kt_status status = use(NULL, metric, call, &y, &y, &one, &one, piece);
        if (status != KT_E_MEMORY && status != whole)
            fail_msg("%s: status %d where piece %lld is missing", text, (int)status,
                     (long long)piece);
    }
    kt_alloc_count_pieces(false);
}

static void use_all(damage_seen *s, bool metric, const char *text)
{
    kt_arena        a = {0};
    kt_fault        f = {0};
    const kt_value *call = kt_expr_parse(text, &a, &f);
    const kt_shape  one = KT_SHAPE(3), column = KT_SHAPE(3, 1);

    assert_non_null(call);
    for (size_t i = 0; i < KT_COUNT(shapes); i++)
        for (size_t k = 0; k < KT_COUNT(shapes); k++) {
            use(s, metric, call, &shapes[i], &shapes[k], NULL, NULL, 0);
            if (i != k && shapes[i].rank + 1 != shapes[k].rank)
                continue;
            use(s, metric, call, &shapes[i], &shapes[k], &one, NULL, 0);
            use(s, metric, call, &shapes[i], &shapes[k], &column, &one, 0);
            use(s, metric, call, &shapes[i], &shapes[k], NULL, &shapes[k], 0);
        }
    use_scarce(text, metric, call);
    kt_arena_free(&a);
    kt_fault_clear(&f);
}

/* "Name(needed=2, <name>=<value>)" */
static void try_class(damage_seen *s, bool metric, const kt_class *cls, const char *name,
                      const char *value, size_t length)
{
    kt_str text = {0};

    kt_str_printf(&text, "%s(", cls->class_name);
    for (size_t i = 0; i < cls->config->n; i++)
        if (!cls->config->fields[i].initial &&
            !(name && kt_streq(cls->config->fields[i].name, name)))
            kt_str_printf(&text, "%s=%s, ", cls->config->fields[i].name,
                          strstr(cls->config->fields[i].name, "ids")    ? "[0]"
                          : strstr(cls->config->fields[i].name, "num_") ? "2"
                          : kt_streq(cls->config->fields[i].name, "fn") ? "'mse'"
                                                                        : "0.5");
    if (name)
        kt_str_printf(&text, "%s=%.*s", name, (int)length, value);
    kt_str_add(&text, ")");
    use_all(s, metric, kt_str_text(&text));
    kt_str_free(&text);
}

static void try_arguments(damage_seen *s, bool metric, const kt_class *cls)
{
    for (size_t i = 0; i < cls->config->n; i++)
        for (size_t k = 0; k < KT_COUNT(arguments); k++) {
            const char *at = arguments[k].values;
            if (!kt_streq(cls->config->fields[i].name, arguments[k].name))
                continue;
            for (size_t n; *at; at += n + (at[n] == '|')) {
                n = strcspn(at, "|");
                try_class(s, metric, cls, arguments[k].name, at, n);
            }
        }
}

static void as_kept(void **state)
{
    kt_str lines = {0};
    int    classes = 0;

    (void)state;
    need_reading(false);
    for (const kt_family *f = kt_family_table; f->name; f++) {
        bool            metric = kt_streq(f->name, "metric");
        const kt_class *cls;
        if (!metric && !kt_streq(f->name, "loss"))
            continue;
        for (size_t i = 0; (cls = kt_family_class(f, i)) != NULL; i++, classes++) {
            kt_str name = {0};
            kt_str_printf(&name, "%s %s", f->name, cls->class_name);
            damage_seen s = {.name = kt_str_text(&name), .sum = DAMAGE_SUM};
            try_class(&s, metric, cls, NULL, NULL, 0);
            try_arguments(&s, metric, cls);
            damage_told(&s, "", &lines);
            kt_str_free(&name);
        }
    }
    assert_true(classes > 60);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
