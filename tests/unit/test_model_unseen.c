/* test_model_unseen.c - classes that only validation has: by labels and one-hot rows, for losses of
 * classes alone, in data given apart and split off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "keratin/keratin.h"

enum { MOST = 8 };

/* Labels as they are, or one-hot in rows of `width`. */
static kt_tensor *labels(const int *label, int n, int width)
{
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(n, width));

    for (int i = 0; i < n; i++)
        if (width == 1)
            kt_tensor_f32(t)[i] = (float)label[i];
        else
            kt_tensor_f32(t)[i * width + label[i]] = 1;
    return t;
}

static const struct {
    const char *loss;
    int         width, n, seen[MOST], n_val, val[MOST], n_want, want[MOST];
} cases[] = {
    {"sparse_categorical_crossentropy", 1, 4, {2, 0, 2, 1}, 5, {4, 1, 3, 4, 0}, 2, {3, 4}},
    {"sparse_categorical_crossentropy", 1, 4, {2, 0, 2, 1}, 3, {2, 1, 0}, 0, {0}},
    {"sparse_categorical_crossentropy", 1, 1, {3}, 3, {2, 5, 3}, 2, {2, 5}},
    {"SparseCategoricalCrossentropy(from_logits=True)", 1, 2, {0, 1}, 2, {0, 2}, 1, {2}},
    {"categorical_crossentropy", 5, 4, {4, 0, 2, 2}, 4, {1, 2, 3, 4}, 2, {1, 3}},
    {"CategoricalCrossentropy(label_smoothing=0.1)", 3, 2, {0, 0}, 2, {1, 1}, 1, {1}},
    {"binary_crossentropy", 1, 2, {0, 0}, 2, {1, 0}, 1, {1}},
    {"sparse_categorical_crossentropy", 2, 2, {0, 0}, 2, {1, 0}, 0, {0}}, /* not of one label */
    {"binary_crossentropy", 2, 2, {0, 0}, 2, {1, 0}, 0, {0}},
    {"mse", 1, 2, {0, 1}, 2, {0, 2}, 0, {0}},
    {"mse", 3, 2, {0, 1}, 2, {0, 2}, 0, {0}},
};

static void check(size_t k, const char *how, int got, const int64_t *out)
{
    if (got != cases[k].n_want)
        fail_msg("%s, case %zu: %d classes, not %d", how, k, got, cases[k].n_want);
    for (int i = 0; i < got; i++)
        if (out[i] != cases[k].want[i])
            fail_msg("%s, case %zu: class %lld, not %d", how, k, (long long)out[i],
                     cases[k].want[i]);
}

static void only_validation_has_them(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        int        n = cases[k].n, all[2 * MOST];
        kt_tensor *x = kt_numpy_rand(1, KT_SHAPE(n, 2)), *x_val = kt_numpy_rand(2, KT_SHAPE(n, 2));
        kt_tensor *y = labels(cases[k].seen, n, cases[k].width);
        kt_tensor *y_val = labels(cases[k].val, cases[k].n_val, cases[k].width);
        kt_model  *m = kt_model_from("Sequential([Dense(5, input_shape=(2,))])");
        kt_data   *d = kt_data_new(), *whole = kt_data_new();
        int64_t    out[MOST] = {0};
        kt_compile(m, .optimizer = "sgd", .loss = cases[k].loss);
        kt_fit_args a = {.at = {.size = sizeof a}, .model = m, .x = x, .y = y};
        assert_int_equal(kt_unseen_classes(&a, out, MOST), 0); /* no validation */

        a.val_x = x_val;
        a.val_y = y_val;
        check(k, "val_y", kt_unseen_classes(&a, out, MOST), out);
        assert_int_equal(kt_unseen_classes(&a, NULL, MOST), cases[k].n_want);
        out[0] = -1;
        assert_int_equal(kt_unseen_classes(&a, out, 0), cases[k].n_want);
        assert_int_equal(out[0], -1); /* there was no room */

        a.val_x = a.val_y = NULL;
        kt_data_add_y(d, "", y_val);
        a.validation_data = d;
        check(k, "validation data", kt_unseen_classes(&a, out, MOST), out);

        for (int i = 0; i < n; i++)
            all[i] = cases[k].seen[i];
        for (int i = 0; i < cases[k].n_val; i++)
            all[n + i] = cases[k].val[i];
        n += cases[k].n_val;
        kt_tensor *both = labels(all, n, cases[k].width),
                  *x_both = kt_numpy_rand(3, KT_SHAPE(n, 2));
        a = (kt_fit_args){.at = {.size = sizeof a},
                          .model = m,
                          .x = x_both,
                          .y = both,
                          .validation_split = ((float)cases[k].n_val - 0.5F) / (float)n};
        check(k, "split", kt_unseen_classes(&a, out, MOST), out);
        kt_data_add_x(whole, "", x_both);
        kt_data_add_y(whole, "", both);
        a.x = a.y = NULL;
        a.data = whole;
        check(k, "data split", kt_unseen_classes(&a, out, MOST), out);
        assert_null(kt_model_error(m));

        kt_tensor *made[] = {x, x_val, y, y_val, both, x_both};
        for (size_t i = 0; i < sizeof made / sizeof *made; i++)
            kt_tensor_unref(made[i]);
        kt_data_free(d);
        kt_data_free(whole);
        kt_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_validation_has_them)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
