/* test_doctor_crossed.c - the models of the doctor's kept calls (tests/cli/answers/calls.tsv) with
 * other arrays, losses and calls, by chance: all that is said of them, and what the first repair
 * makes of model and data, is what was said before (support/damage_words.txt). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "data/data.h"
#include "keratin/keratin.h"
#include "support/damage.h"
#include "support/needs.h"
#include "tensor/tensor.h"

enum { ROWS = 24, EACH = 16 };

typedef enum form { SHAPE, REAL, SHARE, LABELS, FROM_ONE, SORTED, HOT, SORTED_HOT, WORDS } form;

typedef struct array {
    kt_shape    shape;
    form        form;
    int64_t     classes;
    const char *name;
} array;

typedef struct call {
    array       x[4], y[4];
    int         n_x, n_y;
    char        loss[100];
    const char *model;
} call;

static kt_mt numbers;

static int below(int n)
{
    return (int)kt_mt_randint(&numbers, 0, n);
}

static double number_of(const array *a, int64_t i, int64_t width)
{
    switch (a->form) {
    case LABELS: return (double)(i % a->classes);
    case FROM_ONE: return (double)(1 + i % a->classes);
    case SORTED: return (double)(i * a->classes / kt_shape_count(&a->shape));
    case HOT: return i % width == i / width % width;
    case SORTED_HOT: return i % width == i / width * width * width / kt_shape_count(&a->shape);
    case WORDS: return (double)((i / 4 + i) % 29);
    case SHARE: return (double)((i * 7) % 24) / 24;
    default: return (double)((i * 7) % 24) / 24 - 0.5;
    }
}

static void add(kt_data *d, const array *a, bool target)
{
    if (a->form == SHAPE) {
        (target ? kt_data_add_y_shape : kt_data_add_x_shape)(d, a->name, a->shape);
        return;
    }
    kt_tensor *t = kt_tensor_new(
        a->form == LABELS || a->form == SORTED || a->form == WORDS ? KT_I32 : KT_F32, a->shape);
    int64_t width = a->shape.rank ? a->shape.dim[a->shape.rank - 1] : 1;

    for (int64_t i = 0; i < kt_tensor_count(t); i++)
        kt_tensor_set(t, i, number_of(a, i, width));
    (target ? kt_data_add_y : kt_data_add_x)(d, a->name, t);
    kt_tensor_unref(t);
}

/* --- the calls as they are kept --------------------------------------------------------------- */

/* f_24_8.npy, "(24, 8)", or one of the small tables of tests/cli/answers.sh. */
static array read_array(const char *text, size_t n)
{
    const struct {
        const char *name;
        array       a;
    } tables[] = {
        {"labels3", {KT_SHAPE(ROWS), LABELS, 3, NULL}},
        {"labels4", {KT_SHAPE(ROWS), LABELS, 4, NULL}},
        {"from1", {KT_SHAPE(ROWS), FROM_ONE, 3, NULL}},
        {"yes", {KT_SHAPE(ROWS), LABELS, 2, NULL}},
        {"real", {KT_SHAPE(ROWS), REAL, 0, NULL}},
        {"hot3", {KT_SHAPE(ROWS, 3), HOT, 3, NULL}},
        {"hot2", {KT_SHAPE(ROWS, 2), HOT, 2, NULL}},
        {"words", {KT_SHAPE(ROWS, 4), WORDS, 29, NULL}},
    };
    array a = {.form = *text == '"' ? SHAPE : SHARE};

    for (size_t i = 0; i < KT_COUNT(tables); i++)
        if (strncmp(text, tables[i].name, strlen(tables[i].name)) == 0)
            return tables[i].a;
    for (const char *p = text, *stop; p < text + n && a.shape.rank < KT_MAX_RANK; p = stop) {
        char *end;
        a.shape.dim[a.shape.rank] = strtoll(p, &end, 10);
        a.shape.rank += end > p;
        stop = end > p ? end : p + 1;
    }
    return a;
}

/* Two arrays by name: 0 and 1, and 0 to 2 as numbers or as rows. */
static void take_named(call *c, const char *file, bool target)
{
    array one = {KT_SHAPE(ROWS, 1), LABELS, 2, "one"}, two = {KT_SHAPE(ROWS, 1), LABELS, 3, "two"};
    array hot = {KT_SHAPE(ROWS, 3), HOT, 3, "two"};

    for (int i = 0; i < 2; i++)
        *(target ? &c->y[c->n_y++] : &c->x[c->n_x++]) = i == 0                       ? one
                                                      : strncmp(file, "hot", 3) == 0 ? hot
                                                                                     : two;
}

/* The arguments of `keratin check`. */
static void read_options(call *c, const char *options)
{
    const char *loss = strstr(options, "--loss ");

    if (loss) {
        bool quoted = loss[7] == '"';
        snprintf(c->loss, sizeof c->loss, "%.*s",
                 (int)(quoted ? strcspn(loss + 8, "\"") : strcspn(loss + 7, " ")),
                 loss + 7 + quoted);
    }
    for (const char *p = options, *next; p; p = next) {
        next = strstr(p + 2, " --");
        next = next ? next + 1 : NULL;
        const char *value = strchr(p, ' ') + 1;
        size_t      n = next ? (size_t)(next - value) : strlen(value);
        bool        named = n > 4 && strncmp(value + strcspn(value, ". "), ".npz", 4) == 0;
        if (named)
            take_named(c, value, p[2] == 'y');
        else if (p[2] == 'x')
            c->x[c->n_x++] = read_array(value, n);
        else if (p[2] == 'y')
            c->y[c->n_y++] = read_array(value, n);
    }
}

/* --- other ones ------------------------------------------------------------------------------- */

static void insert_axis(kt_shape *s, int at)
{
    if (s->rank == KT_MAX_RANK)
        return;
    for (int i = s->rank++; i > at; i--)
        s->dim[i] = s->dim[i - 1];
    s->dim[at] = 1;
}

static void drop_axis(kt_shape *s, int at)
{
    for (int i = at; i + 1 < s->rank; i++)
        s->dim[i] = s->dim[i + 1];
    s->rank--;
}

static void turn(kt_shape *s, int from)
{
    for (int i = from, k = s->rank - 1; i < k; i++, k--) {
        int64_t was = s->dim[i];
        s->dim[i] = s->dim[k];
        s->dim[k] = was;
    }
}

static void change(array *a)
{
    kt_shape *s = &a->shape;
    int       last = s->rank - 1;

    if (s->rank < 2) {
        insert_axis(s, s->rank);
        return;
    }
    switch (below(12)) {
    case 0: drop_axis(s, 0); break;
    case 1: drop_axis(s, 1); break;
    case 2: drop_axis(s, last); break;
    case 3: insert_axis(s, s->rank); break;
    case 4: insert_axis(s, below(2)); break;
    case 5: turn(s, 1); break;
    case 6: turn(s, 0); break;
    case 7: s->dim[last] += 1 + below(3); break;
    case 8: s->dim[last] = 1 + 2 * below(2); break;
    case 9: s->dim[1] += 1 + below(4); break;
    case 10: s->dim[0] -= 4; break;
    default:
        for (; s->rank > 2; s->rank--)
            s->dim[s->rank - 2] *= s->dim[s->rank - 1];
    }
    if (s->rank == 0)
        insert_axis(s, 0);
}

static array another_target(void)
{
    int   k = 1 + below(4);
    array a = {KT_SHAPE(ROWS, k), (form)(1 + below(WORDS - 1)), k, NULL};

    if (a.form == LABELS || a.form == FROM_ONE || a.form == SORTED)
        a = (array){KT_SHAPE(ROWS, 1), a.form, 1 + k, NULL};
    if (a.shape.dim[1] == 1 && below(2))
        a.shape.rank = 1;
    return a;
}

/* As many rows that only the shapes of what is made of targets are looked at. */
static void enlarge(call *c)
{
    for (int i = 0; i < c->n_x; i++) {
        c->x[i].shape.dim[0] = 70000;
        c->x[i].form = SHAPE;
    }
    for (int i = 0; i < c->n_y; i++)
        c->y[i].shape.dim[0] = 70000;
}

static const char *one_of(const char *const *all, size_t n)
{
    return all[below((int)n)];
}

static void change_call(call *c)
{
    static const char *const losses[] = {"mse",
                                         "sparse_categorical_crossentropy",
                                         "categorical_crossentropy",
                                         "binary_crossentropy",
                                         "CategoricalCrossentropy(from_logits=True)",
                                         "BinaryCrossentropy(from_logits=True)",
                                         "kl_divergence",
                                         "hinge",
                                         "['mse', 'mae']",
                                         ""};
    int                      way = below(4);

    if (c->n_x && below(2))
        change(&c->x[below(c->n_x)]);
    if (c->n_y && way == 0)
        change(&c->y[below(c->n_y)]);
    if (c->n_y && way == 1)
        c->y[below(c->n_y)] = another_target();
    if (c->n_y && c->n_x && way == 2 && below(4) == 0)
        c->y[0] = c->x[0];
    if (below(12) == 0)
        c->n_y = below(2);
    if (below(20) == 0 && c->n_x)
        c->n_x--;
    if (below(20) == 0)
        enlarge(c);
    if (below(2))
        snprintf(c->loss, sizeof c->loss, "%s", one_of(losses, KT_COUNT(losses)));
}

/* --- what is said ----------------------------------------------------------------------------- */

/* But for the loss of a step: its last digits are the processor's. */
static void add_text(uint32_t *sum, char *text)
{
    static const char loss[] = "the loss was ";

    for (const char *p = text; p && *p; p++) {
        damage_sum(sum, (char[]){*p, '\0'});
        if (strncmp(p, loss, sizeof loss - 1) == 0)
            p += sizeof loss - 2 + strspn(p + sizeof loss - 1, "0123456789.e+-");
    }
    kt_text_free(text);
}

static void add_tensor(uint32_t *sum, const kt_tensor *t)
{
    kt_str text = {0};

    for (int i = 0; i < t->shape.rank; i++)
        kt_str_printf(&text, "%lld,", (long long)t->shape.dim[i]);
    for (int64_t i = 0; t->data && i < t->count; i += 1 + t->count / 1000)
        kt_str_printf(&text, "%.6g,", kt_tensor_get(t, i));
    damage_sum(sum, kt_str_text(&text));
    kt_str_free(&text);
}

static void add_repaired(uint32_t *sum, const kt_diagnosis *d)
{
    kt_data  *data = kt_repaired_data(d, 0);
    kt_model *m = kt_repaired_model(d, 0);

    for (int i = 0; data && i < data->n_x + data->n_y; i++)
        add_tensor(sum, i < data->n_x ? data->x[i].t : data->y[i - data->n_x].t);
    if (data && kt_data_error(data))
        damage_sum(sum, kt_data_error(data)->message);
    if (m && kt_failed(m))
        damage_sum(sum, kt_model_error(m)->message);
    else if (m)
        add_text(sum, kt_to_json(m));
    kt_data_free(data);
    kt_model_free(m);
}

static void add_answer(uint32_t *sum, const call *c)
{
    static const char *const calls[] = {"fit", "fit", "fit", "fit", "evaluate", "predict", "build"};
    static const char *const metrics[] = {"accuracy", "mae", "sparse_categorical_accuracy",
                                          "AUC()"};

    kt_data *data = kt_data_new();
    for (int i = 0; i < c->n_x; i++)
        add(data, &c->x[i], false);
    for (int i = 0; i < c->n_y; i++)
        add(data, &c->y[i], true);
    kt_diagnose_args a = {.at = {.size = sizeof(kt_diagnose_args)},
                          .source = c->model,
                          .data = data,
                          .call = one_of(calls, KT_COUNT(calls)),
                          .loss = *c->loss ? c->loss : NULL,
                          .batch_size = below(4) ? 0 : 5,
                          .validation_split = below(4) ? 0 : 0.25,
                          .prove = below(4) ? -1 : 0,
                          .trained = below(6) == 0,
                          .training = below(3) == 0};
    if (below(4) == 0)
        a.metrics[0] = one_of(metrics, KT_COUNT(metrics));
    kt_diagnosis *d = kt_diagnose_with(&a);
    assert_non_null(d);
    add_text(sum, kt_diagnosis_json(d));
    add_text(sum, kt_diagnosis_text(d, 1));
    if (below(4) == 0)
        add_text(sum, kt_diagnosis_html(d, 0));
    if (d->n_remedies && below(2))
        add_repaired(sum, d);
    kt_diagnosis_free(d);
    kt_data_free(data);
}

/* name, options, what Keras says, model */
static bool cross(char *line, kt_str *lines)
{
    char *options = strchr(line, '\t'), *keras = options ? strchr(options + 1, '\t') : NULL;
    char *model = keras ? strchr(keras + 1, '\t') : NULL;
    call  c = {0};

    assert_non_null(model);
    *options++ = *keras = *model++ = '\0';
    c.model = model;
    if (!damage_in_turn(line))
        return false;
    read_options(&c, options);
    uint32_t sum = DAMAGE_SUM;
    kt_mt_seed(&numbers, (uint32_t)strlen(model));
    for (int i = 0; i < EACH; i++) {
        call other = c;
        change_call(&other);
        add_answer(&sum, &other);
    }
    kt_str_printf(lines, "doctor crossed %s: %08x\n", line, sum);
    return true;
}

/* What the kept calls have not: name, options, nothing, model. */
static const char *const more[] = {
    "+activation\t--x f_24_8.npy --y labels3.csv --loss sparse_categorical_crossentropy\t\t"
    "Sequential([Input((8,)), Dense(5), Dense(3, activation=LeakyReLU(negative_slope=0.5))])",
    "+softmax\t--x f_24_8_8_3.npy --y labels3.csv --loss sparse_categorical_crossentropy\t\t"
    "Sequential([Input((8, 8, 3)), Conv2D(2, 3), Flatten(), Dense(3), Softmax()])",
    "+own\t--x f_24_8.npy --y f_24_2.npy --loss mse\t\t"
    "{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"class_name\": \"Mine\", \"config\": "
    "{\"name\": \"own\"}, \"build_config\": {\"input_shape\": [null, 8], \"output_shape\": [null, 5]}}, "
    "{\"class_name\": \"Dense\", \"config\": {\"name\": \"d\", \"units\": 2}}]}}",
    "+own_last\t--x f_24_8.npy --y f_24_2.npy --loss mse\t\t"
    "{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"class_name\": \"Mine\", \"config\": "
    "{\"name\": \"own\"}, \"build_config\": {\"input_shape\": [null, 8]}}]}}",
    "+own_unnamed\t--x f_24_8.npy --y f_24_2.npy --loss mse\t\t"
    "{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"class_name\": \"Mine\", \"config\": "
    "{}, \"build_config\": {\"input_shape\": [null, 8]}}, {\"class_name\": \"Dense\", \"config\": "
    "{\"name\": \"d\", \"units\": 2}, \"build_config\": {\"input_shape\": [null, 5]}}]}}",
    "+groups\t--x f_24_6_3.npy --y f_24_6_2.npy --loss mse\t\t"
    "Sequential([Input((6, 3)), Bidirectional(LSTM(2, return_sequences=True)), "
    "TimeDistributed(Dense(2))])",
    "+volumes\t--x f_24_8_8_8_1.npy --y f_24_2.npy --loss mse\t\t"
    "Sequential([Input((8, 8, 8, 1)), Conv3D(2, 3), AveragePooling3D(), Conv3DTranspose(2, 2), "
    "GlobalMaxPooling3D(), Dense(2)])",
    "+upsampled\t--x f_24_8_8_1.npy --y f_24_16_16_1.npy --loss mse\t\t"
    "Sequential([Input((8, 8, 1)), Conv2D(2, 3, padding='same'), UpSampling2D(), Cropping2D(1), "
    "ZeroPadding2D(1), Conv2DTranspose(1, 3, padding='same')])",
    "+reshaped\t--x f_24_8.npy --y f_24_5.npy --loss mse\t\t"
    "Sequential([Input((8,)), Dense(6), Reshape((5,))])",
    "+scalar\t--x f_24_8.npy --y f_24_1.npy --loss mse\t\t"
    "Sequential([Input((8,)), Dense(1), Reshape(())])",
    "+one_more_axis\t--x f_24_8.npy --y f_24_1_1.npy --loss mse\t\t"
    "Sequential([Input((8,)), Dense(1)])",
    "+embedded\t--x words.csv --y labels3.csv --loss sparse_categorical_crossentropy\t\t"
    "Sequential([Embedding(29, 4), GlobalAveragePooling1D(), Dense(3, activation='softmax')])",
    "+repeated\t--x f_24_8.npy --y f_24_4_2.npy --loss mse\t\t"
    "Sequential([Input((8,)), Dense(3), RepeatVector(4), GRU(5, return_sequences=True), Permute((2, "
    "1)), Reshape((4, 5)), Dense(2)])",
};

static void the_same_is_said(void **state)
{
    (void)state;
    kt_str   path = {0}, lines = {0}, text = {0};
    kt_bytes file = {0};
    kt_fault f = {0};
    int      n = 0;

    need_reading(false);
    const char *top = getenv("KERATIN_SOURCE");
    kt_str_printf(&path, "%s/tests/cli/answers/calls.tsv", top ? top : ".");
    assert_int_equal(kt_file_read(kt_str_text(&path), &file, &f), KT_OK);
    kt_str_addn(&text, (const char *)file.data, file.size);
    for (char *line = text.data, *end; *line && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        n += cross(line, &lines);
    }
    for (size_t i = 0; i < KT_COUNT(more); i++) {
        kt_str row = {0};
        kt_str_add(&row, more[i]);
        n += cross(row.data, &lines);
        kt_str_free(&row);
    }
    damage_as_kept(&lines);
    kt_str_free(&lines);
    kt_str_free(&text);
    kt_bytes_free(&file);
    kt_str_free(&path);
    assert_true(n > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
