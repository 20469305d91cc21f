/* test_scarce.c - every layer of the table while memory runs out, at each piece that is asked for:
 * the configuration that is written is whole or an error, a model is built or
 * trained on a batch, or ends in MemoryError. Where one piece alone is refused, it may also do
 * without, and give the same. What leaks or crashes, the sanitizers see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "io/io.h"
#include "keratin/catalog.h"
#include "model/model.h"
#include "nn/container.h"
#include "support/layer_sample.h"
#include "support/needs.h"
#include "support/places.h"
#include "support/scarce.h"

/* A sanitizer makes each try 10 times as long. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { RARER = 4 };
#else
enum { RARER = 1 };
#endif

enum { MOST_PLACES = 4096 };

static int failures, refused; /* samples; refused: fail with memory too */

typedef struct outcome {
    bool      ok;
    kt_status status;
    double    sum; /* of all that it gave */
    int64_t   pieces;
} outcome;

typedef outcome (*work)(const layer_sample *s);

static void complain(const layer_sample *s, const char *what, int64_t n, const char *detail)
{
    failures++;
    fprintf(stderr, "%s: %s where piece %lld fails: %s\n", s->expression, what, (long long)n,
            detail ? detail : "succeeds");
}

static bool compared; /* what the work gives is */

/* The work, with the n-th piece of memory refused, and all after it or this alone; 0: none is. */
static outcome starved(work w, const layer_sample *s, int64_t n, bool alone)
{
    outcome o;

    compared = alone || n == 0;
    scarce_begin(n, alone);
    o = w(s);
    o.pieces = scarce_pieces();
    return o;
}

/* False where so many pieces are not asked for. */
static bool try_piece(work w, const layer_sample *s, const char *what, const outcome *whole,
                      int64_t n, bool alone)
{
    outcome o = starved(w, s, n, alone);

    if (o.pieces < n)
        return false;
    if (!o.ok && o.status != KT_E_MEMORY)
        complain(s, what, n, "another error than MemoryError");
    else if (o.ok && !(alone && scarce_same(o.sum, whole->sum)))
        complain(s, what, n, alone ? "gives something else" : NULL);
    return true;
}

/* Refuses `most` of the pieces that the work asks for, other ones for each sample, and each that
 * is asked for from a place of which none was refused yet. */
static void starve(work w, const layer_sample *s, const char *what, int64_t most)
{
    static int64_t place[MOST_PLACES];

    places_watch();
    outcome whole = starved(w, s, 0, false);
    int     n_places = places_new(scarce_begun, place, MOST_PLACES);
    int64_t step = whole.pieces / most + 1, first = 1 + (int64_t)strlen(s->expression) % step;
    bool    alone = false;

    refused += !whole.ok;
    for (int i = 0; whole.ok && i < n_places; i++)
        if (place[i] <= whole.pieces && try_piece(w, s, what, &whole, place[i], true))
            try_piece(w, s, what, &whole, place[i], false);
    for (int64_t n = first; whole.ok && n <= whole.pieces; n += step, alone = !alone)
        if (!try_piece(w, s, what, &whole, n, alone))
            break;
}

/* What a sample needs beside memory. */
static kt_layer *layer;
static kt_data  *numbers; /* x, and what the layer makes of it as y */

static bool prepare(const layer_sample *s)
{
    kt_tensor *out[KT_MAX_OUTPUTS] = {0};
    kt_model  *m = layer_sample_model(s);
    int        n = kt_model_outputs(m);

    layer = kt_layer_from(s->expression);
    numbers = layer_sample_all_data(s);
    bool ok = kt_predict_many(m, numbers, 0, out, n) == KT_OK;
    for (int i = 0; i < n; i++) {
        if (out[i])
            kt_data_add_y(numbers, "", out[i]);
        kt_tensor_unref(out[i]);
    }
    kt_model_free(m);
    return ok;
}

static void each_sample(work w, const char *what, int64_t most)
{
    const kt_layer_type *t;

    failures = refused = 0;
    kt_alloc_count_pieces(true);
    for (size_t k = 0; (t = kt_layer_type_at(k)); k++)
        for (int i = 0; i < layer_samples(t); i++) {
            layer_sample s;
            layer_sample_read(t, i, &s);
            if (prepare(&s))
                starve(w, &s, what, most);
            else
                complain(&s, "runs", 0, "does not");
            kt_layer_free(layer);
            kt_data_free(numbers);
        }
    kt_alloc_count_pieces(false);
    assert_int_equal(failures, 0);
}

/* --- the configuration ------------------------------------------------------------------------ */

static outcome write(const layer_sample *s)
{
    kt_arena  a = {0};
    kt_fault  f = {0};
    kt_str    text = {0};
    kt_value *v = kt_layer_value(layer, &a, &f);
    outcome   o = {.ok = v && f.e.status == KT_OK, .status = f.e.status};

    (void)s;
    scarce_end();
    if (o.ok)
        kt_json_print(&text, v, 0);
    o.sum = (double)kt_farmhash64(kt_str_text(&text), text.len);
    kt_str_free(&text);
    kt_fault_clear(&f);
    kt_arena_free(&a);
    return o;
}

static void test_configurations_are_whole(void **state)
{
    (void)state;
    each_sample(write, "is written", 1000);
    assert_int_equal(refused, 0);
}

/* --- models ----------------------------------------------------------------------------------- */

/* sum: of what the model gave; its weights are added. */
static outcome outcome_of(kt_model *m, double sum)
{
    const kt_error *e = kt_model_error(m);
    outcome         o = {.ok = m && !e, .status = e ? e->status : KT_E_MEMORY, .sum = sum};

    scarce_end();
    for (int i = 0; o.ok && i < kt_weights(m); i++)
        o.sum = scarce_sum(o.sum, kt_weight_at(m, i, NULL));
    kt_model_free(m);
    return o;
}

static outcome build(const layer_sample *s)
{
    return outcome_of(layer_sample_model(s), 0);
}

static void test_models_are_built(void **state)
{
    (void)state;
    each_sample(build, "is built", 120 / RARER);
    assert_int_equal(refused, 0);
}

static outcome predict(const layer_sample *s)
{
    kt_model  *m = layer_sample_model(s);
    kt_tensor *out[KT_MAX_OUTPUTS] = {0};

    kt_status said = KT_OK; /* other threads may predict: the model does not keep it */

    if (!kt_failed(m))
        said = kt_predict_many(m, numbers, 0, out, kt_model_outputs(m));
    double sum = 0;
    for (int i = 0; i < KT_MAX_OUTPUTS; i++) {
        sum = scarce_sum(sum, out[i]);
        kt_tensor_unref(out[i]);
    }
    outcome o = outcome_of(m, sum);
    return said == KT_OK ? o : (outcome){.status = said};
}

static void test_models_predict(void **state)
{
    (void)state;
    each_sample(predict, "predicts", 60 / RARER);
    assert_int_equal(refused, 0);
}

/* What learns from data, of these. */
static outcome learn(const layer_sample *s)
{
    kt_model *m = layer_sample_model(s);
    int       n = m ? kt_adapt(m, numbers) : 0;
    char     *json = n > 0 && !kt_failed(m) ? kt_to_json(m) : NULL; /* what was learnt is in it */
    double    sum = json ? (double)kt_farmhash64(json, strlen(json)) : n;

    kt_text_free(json);
    return outcome_of(m, sum);
}

static void test_models_learn(void **state)
{
    static const layer_sample learners[] = {
        {"Normalization()", 1, {{2, {6, 3}}}, {0}, {false}},
        {"Discretization(num_bins=3)", 1, {{2, {6, 3}}}, {0}, {false}},
        {"IntegerLookup(output_mode='tf_idf')", 1, {{2, {300, 2}}}, {600}, {false}},
        {"StringLookup(mask_token='', num_oov_indices=2)", 1, {{2, {300, 1}}}, {26}, {true}},
        {"TextVectorization(output_mode='tf_idf', ngrams=2)", 1, {{2, {9, 1}}}, {26}, {true}},
    };

    (void)state;
    failures = refused = 0;
    kt_alloc_count_pieces(true);
    for (size_t i = 0; i < KT_COUNT(learners); i++) {
        numbers = layer_sample_all_data(&learners[i]);
        starve(learn, &learners[i], "learns", 1000 / RARER);
        kt_data_free(numbers);
    }
    kt_alloc_count_pieces(false);
    assert_int_equal(failures, 0);
    assert_int_equal(refused, 0);
}

/* The next of all that need no argument; SGD where results are compared: others make much of what
 * another kernel rounds. */
static const char *next_optimizer(void)
{
    static int    next;
    kt_class_info c;

    if (compared)
        return "SGD(0.1, momentum=0.9, clipnorm=1.0)";
    if (!kt_catalog_class("optimizer", next++, &c)) {
        next = 0;
        return "Adam(clipnorm=1.0)";
    }
    static char made[80]; /* called: Keras finds Lamb by no name */
    snprintf(made, sizeof made, "%s(%s)", c.name,
             strcmp(c.name, "LossScaleOptimizer") == 0 ? "Adam()" : "");
    return made;
}

static outcome train(const layer_sample *s)
{
    kt_model *m = layer_sample_model(s);

    kt_compile(m, .optimizer = next_optimizer(), .loss = "mse", .metrics = {"mae"});
    kt_history *h = kt_fit(m, .data = numbers, .epochs = 1);
    double      end = h ? kt_history_get(h, "loss", 0) + kt_history_get(h, "mae", 0) : 0;
    kt_history_free(h);
    return outcome_of(m, end);
}

static void test_models_train(void **state)
{
    (void)state;
    each_sample(train, "trains", 50 / RARER);
    assert_in_range(refused, 0, 40); /* augmentation has no gradient; test_layers names them */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_configurations_are_whole),
        cmocka_unit_test(test_models_are_built),
        cmocka_unit_test(test_models_predict),
        cmocka_unit_test(test_models_learn),
        cmocka_unit_test(test_models_train),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
