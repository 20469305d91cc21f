/* test_doctor_edits.c - every edit of a configuration at every layer of the doctor's kept models
 * (tests/cli/answers/calls.tsv): what it makes of them is what it made before
 * (support/damage_words.txt), and without a piece of memory it makes the same or says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "doctor/report.h"
#include "keratin/keratin.h"
#include "support/damage.h"
#include "support/needs.h"
#include "support/scarce.h"

static kt_data *arrays;

typedef bool (*edit)(kt_scene *s, const kt_view *v, int spot);

static bool field(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_field(s, v, spot, "units", kt_value_int(&s->p->arena, 77));
}

static bool class_of(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_class(s, v, spot, "ReLU");
}

static bool no_class(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_class(s, v, spot, "NoSuchLayer");
}

static bool input(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_input(s, v, spot, &KT_SHAPE(KT_UNKNOWN, 5, 6));
}

static bool no_input(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_input(s, v, spot, &(kt_shape){.rank = -1});
}

static bool in_front(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_insert(s, v, spot, 0, "Flatten()");
}

static bool in_front_of_last(kt_scene *s, const kt_view *v, int spot)
{
    return v->spot[spot].n_feed > 0 &&
           kt_edit_insert(s, v, spot, v->spot[spot].n_feed - 1, "Reshape((2, -1))");
}

static bool behind(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_insert(s, v, spot, -1, "Dense(3)");
}

static bool no_layer(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_insert(s, v, spot, -1, "Dense()");
}

static bool replace(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_replace(s, v, spot, "Conv2D(2, 3)");
}

static bool connect_first(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_connect(s, v, spot, 0);
}

static bool connect_last(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_connect(s, v, spot, v->n - 1);
}

static bool wrap(kt_scene *s, const kt_view *v, int spot)
{
    return kt_edit_wrap(s, v, spot, "TimeDistributed");
}

static bool loss(kt_scene *s, const kt_view *v, int spot)
{
    return kt_scene_loss(s, v, spot, "mae");
}

static bool change_x(kt_scene *s, const kt_view *v, int spot)
{
    (void)v;
    return kt_scene_change(s, false, spot,
                           &(kt_change){.kind = KT_CH_RESHAPE, .shape = {2, {12, 2}}});
}

static bool change_y(kt_scene *s, const kt_view *v, int spot)
{
    (void)v;
    return kt_scene_change(s, true, spot, &(kt_change){.kind = KT_CH_ADD, .number = 2});
}

static bool change_wrongly(kt_scene *s, const kt_view *v, int spot)
{
    (void)v;
    return kt_scene_change(s, false, spot,
                           &(kt_change){.kind = KT_CH_RESHAPE, .shape = {.rank = -1}});
}

static const edit edits[] = {field,
                             class_of,
                             no_class,
                             input,
                             no_input,
                             in_front,
                             behind,
                             no_layer,
                             kt_edit_remove,
                             replace,
                             connect_first,
                             connect_last,
                             in_front_of_last,
                             wrap,
                             kt_edit_unwrap,
                             change_x,
                             change_y,
                             change_wrongly,
                             loss};

/* A fork of the scene after an edit. done: as it says; NULL without memory. */
static kt_scene *edited(const kt_bed *b, const kt_view *v, edit e, int spot, bool *done)
{
    kt_scene *s = kt_scene_fork(&b->p.scene);

    *done = s && e(s, v, spot);
    return s;
}

static void add_array(kt_str *out, const kt_item *item)
{
    for (int i = 0; i < item->t->shape.rank; i++)
        kt_str_printf(out, "%lld,", (long long)item->t->shape.dim[i]);
    for (int64_t i = 0; item->t->data && i < item->t->count; i++)
        kt_str_printf(out, "%g ", kt_tensor_get(item->t, i));
    kt_str_printf(out, "%d %d %g %g", item->form.known, item->form.whole, item->form.min,
                  item->form.max);
}

static uint32_t sum_of(const kt_scene *s, bool done)
{
    kt_str   text = {0};
    uint32_t sum = DAMAGE_SUM;

    damage_sum(&sum, done ? "done" : "not");
    if (done) {
        kt_json_print(&text, s->config, -1);
        if (s->compile)
            kt_json_print(&text, s->compile, -1);
        add_array(&text, &s->x[0]);
        add_array(&text, &s->y[0]);
        damage_sum(&sum, kt_str_text(&text));
    }
    kt_str_free(&text);
    return sum;
}

/* With arrays that fit no model. */
static kt_bed *bed_of(const char *model)
{
    return (kt_bed *)kt_diagnose(.source = model, .call = "build", .budget = 1, .prove = -1,
                                 .data = arrays);
}

static void each_edit(const char *name, const char *model, kt_str *lines)
{
    kt_bed  *b = bed_of(model);
    kt_view  v;
    uint32_t sum = DAMAGE_SUM;
    char     one[20];
    bool     done;

    assert_non_null(b);
    kt_view_of(&b->p.scene, &v);
    for (size_t e = 0; e < KT_COUNT(edits); e++)
        for (int spot = 0; spot < v.n; spot++) {
            kt_scene *s = edited(b, &v, edits[e], spot, &done);
            snprintf(one, sizeof one, "%08x", sum_of(s, done));
            damage_sum(&sum, one);
        }
    assert_true(v.n > 0);
    kt_str_printf(lines, "doctor edits %s: %d of %08x\n", name, v.n, sum);
    kt_diagnosis_free(&b->d);
}

/* An edit of which a piece is missing, one after the other. */
static int starve(kt_bed *b, const kt_view *v, edit e, int spot)
{
    bool      done;
    kt_arena *a = &b->p.arena;
    int       wrong = 0;

    scarce_begin(0, false);
    kt_scene *s = edited(b, v, e, spot, &done);
    scarce_end();
    int64_t  all = scarce_pieces();
    uint32_t whole = sum_of(s, done);
    for (int64_t n = 1; n <= all; n++) {
        scarce_begin(n, n % 3 != 0);
        s = edited(b, v, e, spot, &done);
        scarce_end();
        wrong += done && !a->failed && sum_of(s, done) != whole;
        a->failed = false;
    }
    return wrong;
}

static void each_edit_without_memory(const char *name, const char *model)
{
    static bool met[KT_COUNT(edits)][16];
    kt_bed     *b = bed_of(model);
    kt_view     v;
    int         wrong = 0;

    assert_non_null(b);
    kt_view_of(&b->p.scene, &v);
    kt_alloc_count_pieces(true);
    for (int spot = 0; spot < v.n; spot++)
        for (size_t e = 0; e < KT_COUNT(edits); e++) {
            /* once in each kind of place */
            bool *here = &met[e][(v.sequential ? 1 : 0) + (v.spot[spot].parent >= 0 ? 2 : 0) +
                                 (v.spot[spot].n_feed > 1 ? 4 : 0) + (v.in[0] < 0 ? 8 : 0)];
            if (!*here)
                wrong += starve(b, &v, edits[e], spot);
            *here = true;
        }
    kt_alloc_count_pieces(false);
    if (wrong)
        print_error("%s: %d edits are something else without a piece of memory\n", name, wrong);
    assert_int_equal(wrong, 0);
    kt_diagnosis_free(&b->d);
}

/* What the kept ones have not: calls as they were written before Keras 3, and arguments by name. */
#define TENSOR(of)                                                                           \
    "{'class_name': '__keras_tensor__', 'config': {'shape': [None, 4], 'dtype': 'float32', " \
    "'keras_history': ['" of "', 0, 0]}}"
#define GRAPH(layers, end)                                                                       \
    "{'class_name': 'Functional', 'config': {'name': 'm', 'layers': [{'class_name': "            \
    "'InputLayer', 'name': 'a', 'config': {'name': 'a', 'batch_input_shape': [None, 4]}, "       \
    "'inbound_nodes': []}, " layers "], 'input_layers': [['a', 0, 0]], 'output_layers': [['" end \
    "', 0, 0]]}}"
#define DENSE(name, nodes)                                                                     \
    "{'class_name': 'Dense', 'name': '" name "', 'config': {'name': '" name "', 'units': 4}, " \
    "'inbound_nodes': " nodes "}"
static const char *const more_models[] = {
    GRAPH(
        DENSE("d",
              "[[['a', 0, 0, {}]]]") ", {'class_name': 'Add', 'name': 's', 'config': {'name': "
                                     "'s'}, 'inbound_nodes': [[['a', 0, 0, {}], ['d', 0, 0, {}]]]}",
        "s"),
    GRAPH(DENSE("d", "[{'args': [], 'kwargs': {'inputs': " TENSOR("a") "}}]"), "d"),
    GRAPH(DENSE("d", "[{'args': [" TENSOR("a") "], 'kwargs': {}}, {'args': [" TENSOR(
                         "d") "], 'kwargs': {}}]"),
          "d"),
};

static void each_of(const char *name, const char *model, kt_str *lines)
{
    if (lines)
        each_edit(name, model, lines);
    else
        each_edit_without_memory(name, model);
}

/* name, options, what Keras says, model */
static int each_model(char *text, kt_str *lines)
{
    int n = 0;

    for (size_t i = 0; i < KT_COUNT(more_models); i++) {
        kt_str json = {0};
        for (const char *p = more_models[i]; *p; p++) {
            bool none = strncmp(p, "None", 4) == 0;
            kt_str_add(&json, none ? "null" : (char[]){*p == '\'' ? '"' : *p, '\0'});
            p += none ? 3 : 0;
        }
        each_of((char[]){'+', (char)('0' + i), '\0'}, kt_str_text(&json), lines);
        kt_str_free(&json);
    }
    for (char *line = text, *end; *line && (end = strchr(line, '\n')); line = end + 1, n++) {
        *end = '\0';
        char *model = strrchr(line, '\t') + 1;
        *strchr(line, '\t') = '\0';
        each_of(line, model, lines);
    }
    return n;
}

/* What each class is taken for; what is taken for nothing is left out. */
static void roles_are_the_same(void **state)
{
    (void)state;
    const kt_layer_type *t;
    kt_str               lines = {0};

    for (int role = KT_IS_OTHER + 1; role <= KT_IS_MODEL; role++) {
        kt_str_printf(&lines, "doctor role %d:", role);
        for (size_t i = 0; (t = kt_layer_type_at(i)); i++)
            if ((int)kt_role_of(t) == role)
                kt_str_printf(&lines, " %s %d", t->cls.class_name, kt_rank_of(t));
        kt_str_add(&lines, "\n");
    }
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

static kt_str calls; /* the text of calls.tsv */

static void edits_make_the_same(void **state)
{
    (void)state;
    kt_str copy = {0}, lines = {0};

    kt_str_addn(&copy, calls.data, calls.len);
    assert_true(each_model(copy.data, &lines) > 150);
    kt_str_free(&copy);
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

static void edits_tell_of_missing_memory(void **state)
{
    (void)state;
    kt_str copy = {0};

    kt_str_addn(&copy, calls.data, calls.len);
    each_model(copy.data, NULL);
    kt_str_free(&copy);
}

static int set_up(void **state)
{
    (void)state;
    kt_str      path = {0};
    kt_bytes    file = {0};
    kt_fault    f = {0};
    const char *top = getenv("KERATIN_SOURCE");

    need_reading(false);
    kt_str_printf(&path, "%s/tests/cli/answers/calls.tsv", top ? top : ".");
    kt_status s = kt_file_read(kt_str_text(&path), &file, &f);
    kt_str_addn(&calls, (const char *)file.data, file.size);
    kt_bytes_free(&file);
    kt_str_free(&path);
    kt_tensor *y = kt_tensor_new(KT_F32, KT_SHAPE(4, 3));
    for (int64_t i = 0; i < 12; i++)
        kt_tensor_set(y, i, (double)i);
    arrays = kt_data_new();
    kt_data_add_x_shape(arrays, NULL, KT_SHAPE(4, 3, 2));
    kt_data_add_y(arrays, NULL, y);
    kt_tensor_unref(y);
    return s == KT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kt_str_free(&calls);
    kt_data_free(arrays);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edits_make_the_same),
                                       cmocka_unit_test(roles_are_the_same),
                                       cmocka_unit_test(edits_tell_of_missing_memory)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
