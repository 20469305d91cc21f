/* fact_model.c - models, arrays and errors of the facts in tests/goldens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/fact_model.h"

kt_model *fact_model(const kt_value *row)
{
    const kt_value *v = kt_value_get(row, "model");
    kt_str          text = {0};

    if (v->kind == KT_STR)
        return kt_model_from(v->s);
    kt_json_print(&text, v, -1);
    kt_model *m = kt_from_json(kt_str_text(&text));
    kt_str_free(&text);
    return m;
}

const char *fact_name(const kt_value *row)
{
    const kt_value *v = kt_value_get(row, "model");
    const char     *name = kt_value_text(kt_value_get(kt_value_get(v, "config"), "name"));

    return v->kind == KT_STR ? v->s : name ? name : "a model";
}

static kt_dtype dtype_of(const char *name)
{
    for (int d = 0; d < KT_DTYPE_COUNT; d++)
        if (kt_streq(kt_dtype_name((kt_dtype)d), name))
            return (kt_dtype)d;
    fail_msg("no dtype '%s'", name);
    return KT_F32;
}

double fact_value(const kt_value *list, size_t i)
{
    const char *text = kt_value_text(list->items[i]);

    return text ? strtod(text, NULL) : fact_number(list, i);
}

static kt_tensor *texts_of(const kt_value *values, kt_shape shape)
{
    const char **texts = kt_calloc(values->n + 1, sizeof *texts);

    assert_non_null(texts);
    for (size_t i = 0; i < values->n; i++)
        texts[i] = kt_value_text(values->items[i]);
    kt_tensor *t = kt_tensor_from_texts(texts, shape);
    kt_free(texts);
    assert_non_null(t);
    return t;
}

kt_tensor *fact_tensor(const kt_value *array)
{
    const kt_value *values = kt_value_get(array, "values");
    const char     *dtype = kt_value_text(kt_value_get(array, "dtype"));
    kt_shape        shape;

    assert_true(kt_shape_from_value(kt_value_get(array, "shape"), &shape));
    if (kt_streq(dtype, "string"))
        return texts_of(values, shape);
    kt_tensor *t = kt_tensor_new(dtype ? dtype_of(dtype) : KT_F32, shape);
    assert_non_null(t);
    if (values)
        assert_int_equal((size_t)kt_tensor_count(t), values->n);
    for (size_t i = 0; values && i < values->n; i++)
        kt_tensor_set(t, (int64_t)i, fact_value(values, i));
    return t;
}

void fact_arrays(kt_data *d, const kt_value *dict, bool as_y)
{
    for (size_t i = 0; dict && i < dict->n; i++) {
        kt_tensor *t = fact_tensor(dict->items[i]);
        if (as_y)
            kt_data_add_y(d, dict->keys[i], t);
        else
            kt_data_add_x(d, dict->keys[i], t);
        kt_tensor_unref(t);
    }
}

void fact_weights(kt_model *m, const kt_value *row)
{
    const kt_value *weights = kt_value_get(row, "weights"), *x = kt_value_get(row, "x");
    kt_shape        in[8];
    int             n = 0;

    for (; x && n < (int)x->n && n < 8; n++)
        assert_true(kt_shape_from_value(kt_value_get(x->items[n], "shape"), &in[n]));
    if (kt_weights(m) == 0 && weights->n > 0)
        kt_build(m, n, in);
    if (kt_failed(m))
        fail_msg("%s: %s", fact_name(row), kt_model_error(m)->message);
    assert_int_equal((size_t)kt_weights(m), weights->n);
    for (size_t i = 0; i < weights->n; i++) {
        kt_tensor *t = kt_weight_at(m, (int)i, NULL);
        assert_int_equal((size_t)kt_tensor_count(t), weights->items[i]->n);
        for (size_t k = 0; k < weights->items[i]->n; k++)
            kt_tensor_set(t, (int64_t)k, fact_number(weights->items[i], k));
    }
}

void fact_compile(kt_model *m, const kt_value *row)
{
    const kt_value *metrics = kt_value_get(row, "metrics"),
                   *weighted = kt_value_get(row, "weighted_metrics");
    kt_compile_args args = {.model = m,
                            .optimizer = kt_value_text(kt_value_get(row, "optimizer")),
                            .loss = kt_value_text(kt_value_get(row, "loss")),
                            .loss_weights = kt_value_text(kt_value_get(row, "loss_weights"))};

    args.at.size = sizeof args;
    for (size_t i = 0; metrics && i < metrics->n; i++)
        args.metrics[i] = kt_value_text(metrics->items[i]);
    for (size_t i = 0; weighted && i < weighted->n; i++)
        args.weighted_metrics[i] = kt_value_text(weighted->items[i]);
    kt_compile_with(&args);
}

static double number_of(const kt_value *dict, const char *key, double otherwise)
{
    kt_value_number(kt_value_get(dict, key), &otherwise);
    return otherwise;
}

/* [x, y, weights] */
static kt_data *validation(const kt_value *arrays)
{
    kt_data   *d = kt_data_new();
    kt_tensor *t[3] = {0};

    for (size_t i = 0; i < 3; i++)
        t[i] = fact_tensor(arrays->items[i]);
    kt_data_add_x(d, "x", t[0]);
    kt_data_add_y(d, "y", t[1]);
    kt_data_set_weight(d, t[2]);
    for (size_t i = 0; i < 3; i++)
        kt_tensor_unref(t[i]);
    return d;
}

bool fact_weights_by_name(const kt_value *weight)
{
    return weight && !kt_value_get(weight, "shape");
}

/* Fits, or only checks what fit would say: then NULL. */
static kt_history *fit_or_check(kt_model *m, const kt_value *row, kt_data *d, bool check,
                                kt_callback on_epoch, void *user, FILE *out)
{
    const kt_value *how = kt_value_get(row, "fit"), *weight = kt_value_get(how, "sample_weight");
    const kt_value *callbacks = kt_value_get(how, "callbacks");
    const kt_value *held_out = kt_value_get(how, "validation_data");
    kt_tensor      *w = weight && !fact_weights_by_name(weight) ? fact_tensor(weight) : NULL;
    kt_data        *val = held_out ? validation(held_out) : NULL;
    kt_fit_args     args = {.model = m,
                            .data = d,
                            .epochs = (int64_t)number_of(how, "epochs", 1),
                            .initial_epoch = (int64_t)number_of(how, "initial_epoch", 0),
                            .batch_size = (int64_t)number_of(how, "batch_size", 32),
                            .validation_split = number_of(how, "validation_split", 0),
                            .class_weight = kt_value_text(kt_value_get(how, "class_weight")),
                            .sample_weight = w,
                            .validation_data = val,
                            .on_epoch = on_epoch,
                            .user = user,
                            .out = out,
                            .warnings = out};

    for (size_t i = 0; callbacks && i < callbacks->n && i < KT_MAX_CALLBACKS; i++)
        args.callbacks[i] = kt_value_text(callbacks->items[i]);
    args.at = (kt_site){.size = sizeof args, .given = "epochs, shuffle"};
    kt_history *h = check ? NULL : kt_fit_with(&args);
    if (check)
        kt_check_fit(&args);
    kt_tensor_unref(w);
    kt_data_free(val);
    return h;
}

kt_history *fact_fit(kt_model *m, const kt_value *row, kt_data *d)
{
    return fit_or_check(m, row, d, false, NULL, NULL, NULL);
}

kt_history *fact_fit_with(kt_model *m, const kt_value *row, kt_data *d, kt_callback on_epoch,
                          void *user, FILE *out)
{
    return fit_or_check(m, row, d, false, on_epoch, user, out);
}

void fact_check_fit(kt_model *m, const kt_value *row, kt_data *d)
{
    fit_or_check(m, row, d, true, NULL, NULL, NULL);
}

void fact_history_close(const char *what, const kt_value *want, const kt_history *h)
{
    assert_int_equal((size_t)kt_history_keys(h), want->n);
    for (size_t i = 0; i < want->n; i++) {
        if (kt_history_epochs(h) != (int)want->items[i]->n)
            fail_msg("%s: %d epochs, Keras trains %zu", what, kt_history_epochs(h),
                     want->items[i]->n);
        for (size_t k = 0; k < want->items[i]->n; k++) {
            double x = kt_history_get(h, want->keys[i], (int)k), y = fact_value(want->items[i], k);
            if (!fact_near(x, y, 1e-5))
                fail_msg("%s: %s of epoch %zu: %.9g, Keras gives %.9g", what, want->keys[i], k, x,
                         y);
        }
    }
}

void fact_weights_close(const char *what, const kt_value *want, const kt_model *m)
{
    assert_int_equal((size_t)kt_weights(m), want->n);
    for (size_t i = 0; i < want->n; i++) {
        const char *path = NULL;
        kt_tensor  *t = kt_weight_at(m, (int)i, &path);
        assert_int_equal((size_t)kt_tensor_count(t), want->items[i]->n);
        for (size_t k = 0; k < want->items[i]->n; k++) {
            double x = kt_tensor_get(t, (int64_t)k), y = fact_value(want->items[i], k);
            if (!fact_near(x, y, 2e-5))
                fail_msg("%s: %s[%zu]: %.9g, Keras gives %.9g", what, path, k, x, y);
        }
    }
}

void fact_tensor_close(const char *what, const kt_value *want, const kt_tensor *got,
                       double tolerance)
{
    const kt_value *values = kt_value_get(want, "values");
    kt_shape        shape;

    assert_non_null(got);
    assert_true(kt_shape_from_value(kt_value_get(want, "shape"), &shape));
    if (!kt_shape_equal(&shape, kt_tensor_shape(got)))
        fail_msg("%s: another shape than Keras gives", what);
    if (kt_streq(kt_value_text(kt_value_get(want, "dtype")), "string")) {
        for (size_t i = 0; i < values->n; i++)
            if (!kt_streq(kt_tensor_text(got, (int64_t)i), kt_value_text(values->items[i])))
                fail_msg("%s[%zu]: '%s', Keras gives '%s'", what, i,
                         kt_tensor_text(got, (int64_t)i), kt_value_text(values->items[i]));
        return;
    }
    for (size_t i = 0; i < values->n; i++) {
        double y = fact_value(values, i), x = kt_tensor_get(got, (int64_t)i);
        if (!fact_near(x, y, tolerance))
            fail_msg("%s[%zu]: %.9g, Keras gives %.9g", what, i, x, y);
    }
}

void fact_error(const char *what, const kt_value *want, const kt_error *got)
{
    if (!want && got)
        fail_msg("%s: %s: %s, Keras has no error", what, got->type, got->message);
    if (!want)
        return;
    const char *type = kt_value_text(kt_value_get(want, "type"));
    const char *message = kt_value_text(kt_value_get(want, "message"));
    if (!got)
        fail_msg("%s: no error, Keras says %s: %s", what, type, message);
    else if (!kt_streq(got->type, type) || !kt_streq(got->message, message))
        fail_msg("%s\n  says  %s: %s\n  Keras %s: %s", what, got->type, got->message, type,
                 message);
}
