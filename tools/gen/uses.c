/* uses.c - in what a class that is no layer can be used: it is tried. */
#include "gen.h"

#include <string.h>

#include "keratin/model.h"

/* As an argument of a layer, or of compile and fit. */
typedef struct use {
    const char *family, *layer, *instead; /* the second where the first refuses it */
    const char *optimizer, *loss, *metrics, *callbacks;
} use;

static const use uses[] = {
    {"activation", .layer = "Dense(4, activation=%s)"},
    {"initializer", .layer = "Dense(4, kernel_initializer=%s)",
     .instead = "Conv1D(3, 5, kernel_initializer=%s)"},
    {"regularizer", .layer = "Dense(4, kernel_regularizer=%s)"},
    {"constraint", .layer = "Dense(4, kernel_constraint=%s)"},
    {"optimizer", .optimizer = "%s"},
    {"schedule", .optimizer = "SGD(learning_rate=%s)"},
    {"loss", .loss = "%s"},
    {"metric", .metrics = "%s"},
    {"callback", .callbacks = "%s"},
};

static const use *use_of(const char *family)
{
    for (size_t i = 0; i < KT_COUNT(uses); i++)
        if (kt_streq(uses[i].family, family))
            return &uses[i];
    return NULL;
}

/* `form` with the expression in the place of its %s. */
static void fill_in(kt_str *out, const char *form, const char *expression)
{
    const char *at = strstr(form, "%s");

    kt_str_free(out);
    kt_str_addn(out, form, (size_t)(at - form));
    kt_str_printf(out, "%s%s", expression, at + 2);
}

/* --- in a layer ------------------------------------------------------------------------------- */

static bool fits(const example *e)
{
    kt_model *m = kt_model_from(kt_str_text(&e->layer));
    bool      good = kt_check_shapes(m, e->in.n, e->in.shape, true) == KT_OK;

    kt_model_free(m);
    return good;
}

static bool use_in_layer(const use *u, const char *expression, example *e)
{
    e->in = (inputs){.n = 1, .shape = {{2, {2, 3}}}, .dtype = {"float32"}};
    fill_in(&e->layer, u->layer, expression);
    if (fits(e))
        return true;
    if (!u->instead)
        return false;
    e->in.shape[0] = (kt_shape){3, {2, 8, 1}};
    fill_in(&e->layer, u->instead, expression);
    return fits(e);
}

/* --- in training ------------------------------------------------------------------------------ */

#define CLASSES "Sequential([Input((3,)), Dense(2, activation='softmax')])"
#define STEPS   "Sequential([Input((6, 3)), Dense(3, activation='softmax')])"
static const example tasks[] = {
    {.model = CLASSES, .x = {2, {8, 3}}, .y = {2, {8, 2}}},
    {.model = CLASSES, .x = {2, {8, 3}}, .y = {2, {8, 1}}},
    {.model = STEPS, .x = {3, {8, 6, 3}}, .y = {2, {8, 2}}},
};

static bool trains(const example *e)
{
    kt_model  *m = kt_model_from(e->model);
    kt_tensor *x = kt_tensor_new(KT_F32, e->x), *y = kt_tensor_new(KT_F32, e->y);

    kt_compile(m, .optimizer = e->optimizer, .loss = e->loss, .metrics = {e->metrics});
    if (x && y)
        kt_history_free(kt_fit(m, x, y, .verbose = 0));
    bool good = x && y && !kt_failed(m);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_model_free(m);
    return good;
}

/* Callbacks are not tried, since they write files; one of them needs averaged weights. */
static bool use_in_training(const use *u, const char *expression, example *e)
{
    const char *form = u->optimizer ? u->optimizer
                     : u->loss      ? u->loss
                     : u->metrics   ? u->metrics
                                    : u->callbacks;

    for (size_t i = 0; i < KT_COUNT(tasks); i++) {
        kt_str_free(&e->text);
        *e = tasks[i];
        fill_in(&e->text, form, expression);
        const char *text = kt_str_text(&e->text);
        e->optimizer = u->optimizer ? text : u->callbacks ? "SGD(use_ema=True)" : "sgd";
        e->loss = u->loss ? text : "mse";
        e->metrics = u->metrics ? text : NULL;
        e->callbacks = u->callbacks ? text : NULL;
        if (e->callbacks || trains(e))
            return true;
    }
    return false;
}

bool find_use(const kt_class_info *c, const char *expression, example *out)
{
    const use *u = use_of(c->family);
    example    e = {.model = NULL};
    bool       good = u && (u->layer ? use_in_layer : use_in_training)(u, expression, &e);

    if (good && out)
        *out = e;
    else
        example_free(&e);
    return good;
}

/* The first sample of a layer. */
void sample_use(const kt_class_info *c, const char *expression, example *out)
{
    const char *all = c->sample_inputs;
    kt_str      first = {0};

    next_part(&all, ';', &first);
    read_inputs(kt_str_text(&first), &out->in);
    kt_str_add(&out->layer, expression);
    kt_str_free(&first);
}

void example_free(example *e)
{
    kt_str_free(&e->layer);
    kt_str_free(&e->text);
}
