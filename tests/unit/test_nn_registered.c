/* test_nn_registered.c - C functions of a program's own, under a name, as activation, layer and
 * loss. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/keratin.h"
#include "support/needs.h"
#include "support/held.h"

/* y = user * x */
static void scale(void *user, const kt_shape *s, int64_t n, const double *x, double *y)
{
    (void)s;
    for (int64_t i = 0; i < n; i++)
        y[i] = *(const double *)user * x[i];
}

static void scale_back(void *user, const kt_shape *s, int64_t n, const double *x, const double *dy,
                       double *dx)
{
    (void)x;
    scale(user, s, n, dy, dx);
}

/* The sum over the last axis, which stays with size 1. */
static int sum_shape(void *user, const kt_shape *x, kt_shape *y)
{
    (void)user;
    *y = *x;
    if (x->rank != 2)
        return 1;
    y->dim[1] = 1;
    return 0;
}

static void sum(void *user, const kt_shape *s, int64_t n, const double *x, double *y)
{
    (void)user;
    for (int64_t r = 0; r < s->dim[0]; r++)
        y[r] = 0;
    for (int64_t i = 0; i < n; i++)
        y[i / s->dim[1]] += x[i];
}

static void sum_back(void *user, const kt_shape *s, int64_t n, const double *x, const double *dy,
                     double *dx)
{
    (void)user, (void)x;
    for (int64_t i = 0; i < n; i++)
        dx[i] = dy[i / s->dim[1]];
}

/* Mean of squares, as Keras' mse. */
static void squares(void *user, int64_t rows, int64_t width, const double *t, const double *p,
                    double *loss)
{
    (void)user;
    for (int64_t r = 0; r < rows; r++)
        loss[r] = 0;
    for (int64_t i = 0; i < rows * width; i++)
        loss[i / width] += (p[i] - t[i]) * (p[i] - t[i]) / (double)width;
}

static void squares_back(void *user, int64_t rows, int64_t width, const double *t, const double *p,
                         const double *dloss, double *dp)
{
    (void)user, (void)rows;
    for (int64_t i = 0; i < rows * width; i++)
        dp[i] = 2 * (p[i] - t[i]) / (double)width * dloss[i / width];
}

static double                 three = 3, two = 2;
static const kt_function      scale3 = {sizeof scale3, NULL, scale, scale_back, &three};
static const kt_function      scale2 = {sizeof scale2, NULL, scale, NULL, &two};
static const kt_function      sums = {sizeof sums, sum_shape, sum, sum_back, NULL};
static const kt_loss_function mean_squares = {sizeof mean_squares, squares, squares_back, NULL};
static const kt_loss_function looks = {sizeof looks, squares, NULL, NULL};

static int register_all(void **state)
{
    (void)state;
    return kt_register_activation("my>thrice", &scale3) ||
           kt_register_activation("twice", &scale2) || kt_register_layer("my>Sums", &sums) ||
           kt_register_layer("__main__>Rescaling", &scale3) ||
           kt_register_layer("Threefold", &scale3) ||
           kt_register_loss("my>squares", &mean_squares) || kt_register_loss("my>looks", &looks);
}

static void what_is_refused(void **state)
{
    (void)state;
    kt_function none = scale3;

    assert_int_equal(kt_register_layer("Dense", &scale3), KT_E_VALUE);
    assert_int_equal(kt_register_layer("Conv3DTranspose", &scale3), KT_E_VALUE); /* Keras' */
    assert_int_equal(kt_register_activation("relu", &scale3), KT_E_VALUE);
    assert_int_equal(kt_register_activation("twice", &scale3), KT_E_VALUE); /* there already */
    assert_int_equal(kt_register_loss("mse", &mean_squares), KT_E_VALUE);
    assert_int_equal(kt_register_layer("", &scale3), KT_E_VALUE);
    assert_int_equal(kt_register_layer(NULL, &scale3), KT_E_VALUE);
    assert_int_equal(kt_register_layer("new", NULL), KT_E_VALUE);
    assert_int_equal(kt_register_loss("new", NULL), KT_E_VALUE);
    none.forward = NULL;
    assert_int_equal(kt_register_layer("new", &none), KT_E_VALUE);
    none = scale3;
    none.size = 8;
    assert_int_equal(kt_register_layer("new", &none), KT_E_VALUE);
}

/* --- computing -------------------------------------------------------------------------------- */

static kt_tensor *filled(kt_shape s, float v)
{
    kt_tensor *t = kt_tensor_new(KT_F32, s);

    for (int64_t i = 0; i < kt_tensor_count(t); i++)
        ((float *)kt_tensor_data(t))[i] = v;
    return t;
}

/* Each number of the prediction on ones [2, 4]. */
static void gives(kt_model *m, double want, int64_t count)
{
    kt_tensor *x = filled(KT_SHAPE(2, 4), 1), *y = kt_predict(m, x);

    if (!y)
        fail_msg("%s", kt_model_error(m)->message);
    assert_int_equal(kt_tensor_count(y), count);
    for (int64_t i = 0; i < count; i++)
        assert_true(kt_tensor_get(y, i) == want);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
}

static void in_c_and_in_expressions(void **state)
{
    (void)state;
    kt_model *m = kt_sequential(kt_input(.shape = {4}), kt_dense(3, .activation = "my>thrice",
                                                                 .kernel_initializer = "ones"));
    gives(m, 12, 6);
    kt_model_free(m);
    m = kt_model_from("Sequential([Input((4,)), Dense(3, activation='twice', "
                      "kernel_initializer='ones'), Threefold()])");
    gives(m, 24, 6);
    kt_model_free(m);
    m = kt_sequential(kt_input(.shape = {4}), kt_layer_from("Threefold(name='t')"));
    gives(m, 3, 8);
    kt_model_free(m);
}

#define FILE_OF(layer)                                                                     \
    "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[{\"module\":\"keras.layers\"," \
    "\"class_name\":\"InputLayer\",\"config\":{\"batch_shape\":[null,4]}}," layer "]}}"

/* The classes of somebody else in a file, by registered name, or by module and name. */
static void in_files(void **state)
{
    (void)state;
    kt_model *m = kt_from_json(FILE_OF(
        "{\"module\":null,\"class_name\":\"Sums\",\"config\":{\"name\":\"s\"},\"registered_name\":"
        "\"my>Sums\"},{\"module\":\"keras.layers\",\"class_name\":\"Dense\",\"config\":{\"units\":1,"
        "\"kernel_initializer\":\"ones\",\"activation\":{\"module\":\"builtins\",\"class_name\":"
        "\"function\",\"config\":\"my>thrice\",\"registered_name\":\"function\"}}}"));
    gives(m, 12, 2);
    char *json = kt_to_json(m);
    assert_non_null(strstr(json, "\"module\": null, \"class_name\": \"Sums\""));
    assert_non_null(strstr(json, "\"registered_name\": \"my>Sums\""));
    assert_non_null(strstr(json, "{\"module\": \"builtins\", \"class_name\": \"function\", "
                                 "\"config\": \"my>thrice\", \"registered_name\": \"function\"}"));
    kt_model *again = kt_from_json(json);
    gives(again, 12, 2);
    kt_text_free(json);
    kt_model_free(again);
    kt_model_free(m);

    m = kt_from_json(FILE_OF("{\"module\":\"__main__\",\"class_name\":\"Rescaling\",\"config\":{"
                             "\"name\":\"r\"},\"registered_name\":\"Rescaling\"}"));
    gives(m, 3, 8);
    kt_model_free(m);
    m = kt_from_json(FILE_OF("{\"module\":null,\"class_name\":\"Other\",\"config\":{},"
                             "\"registered_name\":\"my>Other\"}"));
    assert_string_equal(kt_model_error(m)->hint,
                        "a C program can give it a function: kt_register_layer(\"my>Other\", ...)");
    kt_model_free(m);
}

/* --- training --------------------------------------------------------------------------------- */

static double trained(const char *layer, const char *loss)
{
    kt_tensor *x = filled(KT_SHAPE(8, 4), 0.5F), *y = filled(KT_SHAPE(8, 1), 2);
    kt_str     text = {0};

    kt_set_seed(4);
    kt_str_printf(&text, "Sequential([Input((4,)), Dense(1), %s])", layer);
    kt_model *m = kt_model_from(kt_str_text(&text));
    kt_compile(m, .optimizer = "SGD(0.01)", .loss = loss);
    kt_history *h = kt_fit(m, x, y, .epochs = 5);
    if (!h)
        fail_msg("%s", kt_model_error(m)->message);
    double last = kt_history_get(h, "loss", -1);
    kt_history_free(h);
    kt_model_free(m);
    kt_str_free(&text);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    return last;
}

/* The same numbers as with Keras' own classes that do the same. */
static void trains_as_keras_own(void **state)
{
    (void)state;
    double want = trained("Rescaling(3.0)", "mse");

    assert_true(want < 2);
    assert_true(fabs(trained("Threefold()", "mse") - want) < 1e-6);
    assert_true(fabs(trained("Activation('my>thrice')", "mse") - want) < 1e-6);
    assert_true(fabs(trained("Rescaling(3.0)", "my>squares") - want) < 1e-6);
}

static void without_backward(void **state)
{
    (void)state;
    kt_tensor *x = filled(KT_SHAPE(8, 4), 0.5F), *y = filled(KT_SHAPE(8, 1), 2);
    kt_model  *m = kt_model_from("Sequential([Input((4,)), Dense(1, activation='twice')])");

    kt_compile(m, .loss = "mse");
    kt_history *h = kt_evaluate(m, x, y);
    assert_non_null(h);
    kt_history_free(h);
    assert_null(kt_fit(m, x, y));
    assert_string_equal(kt_model_error(m)->message, "'twice' was registered without `backward`: a "
                                                    "model with it can not be trained");
    kt_model_free(m);
    m = kt_model_from("Sequential([Input((4,)), Dense(1)])");
    kt_compile(m, .loss = "my>looks");
    assert_null(kt_fit(m, x, y));
    assert_string_equal(kt_model_error(m)->message,
                        "'my>looks' was registered without `backward`: a "
                        "model with it can not be trained");
    kt_model_free(m);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
}

static void shapes_are_checked(void **state)
{
    (void)state;
    kt_model *m = kt_from_json(
        "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[{\"class_name\":\"InputLayer\","
        "\"config\":{\"batch_shape\":[null,2,4]}},{\"module\":null,\"class_name\":\"Sums\",\"config\":"
        "{\"name\":\"s\"},\"registered_name\":\"my>Sums\"}]}}");

    assert_non_null(strstr(kt_model_error(m)->message,
                           "'my>Sums' does not take an input of shape (None, 2, 4)"));
    kt_model_free(m);
}

/* There is no place for more than 256. */
static void there_is_an_end(void **state)
{
    kt_status status = KT_OK;
    int       n = 0;

    (void)state;
    for (char name[32]; status == KT_OK; n += status == KT_OK) {
        snprintf(name, sizeof name, "filling%d", n);
        status = kt_register_layer(name, &scale3);
    }
    assert_int_equal(status, KT_E_MEMORY);
    assert_int_equal(n, 256 - held_for_life);
    held_for_life += n;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused),  cmocka_unit_test(in_c_and_in_expressions),
        cmocka_unit_test(in_files),         cmocka_unit_test(trains_as_keras_own),
        cmocka_unit_test(without_backward), cmocka_unit_test(shapes_are_checked),
        cmocka_unit_test(there_is_an_end),
    };

    need_reading(false);
    held_for_life = 7; /* the names that are registered */
    return cmocka_run_group_tests(tests, register_all, NULL);
}
