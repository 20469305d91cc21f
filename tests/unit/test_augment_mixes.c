/* test_augment_mixes.c - chains of changes of images: Keras draws them from Python's random
 * numbers, so no fact tells theirs, but what holds for any of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "keratin/model.h"

enum { SIZE = 6, LEVELS = 4, SEEDS = 12 };

/* A pixel has one of a few levels in all channels. */
static int level(int64_t i)
{
    return (int)(i / 3 * 7 % 5 % LEVELS);
}

static kt_tensor *image(void)
{
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(1, SIZE, SIZE, 3));

    for (int64_t i = 0; i < kt_tensor_count(x); i++)
        kt_tensor_set(x, i, 255.0 * level(i) / (LEVELS - 1));
    return x;
}

/* What the layer makes of the image; which: the number of its seed. */
static kt_tensor *changed(const char *arguments, int which)
{
    char text[128];

    snprintf(text, sizeof text, "%s, seed=%d)", arguments, which);
    kt_layer  *l = kt_layer_from(text);
    kt_tensor *x = image(), *y = kt_layer_training_on(l, x);
    if (!y)
        fail_msg("%s: %s", text, kt_layer_error(l)->message);
    kt_tensor_unref(x);
    kt_layer_free(l);
    return y;
}

/* The chains are weighed so that all weights are 1 together. */
static void mixes_stay_within_the_range(void **state)
{
    double low = 255, high = 0;

    (void)state;
    for (int s = 1; s <= SEEDS; s++) {
        kt_tensor *y = changed("AugMix(factor=0.5, num_chains=2", s);
        for (int64_t i = 0; i < kt_tensor_count(y); i++) {
            low = fmin(low, kt_tensor_get(y, i));
            high = fmax(high, kt_tensor_get(y, i));
        }
        kt_tensor_unref(y);
    }
    assert_true(low > -0.01 && low < 60 && high < 255.01 && high > 195);
}

/* A factor of 0 moves nothing: pixels that were equal stay so. */
static void nothing_moves_without_a_factor(void **state)
{
    int other = 0;

    (void)state;
    for (int s = 1; s <= SEEDS; s++) {
        kt_tensor *y = changed("AugMix(factor=0.0, all_ops=False, num_chains=1", s);
        double     first[LEVELS];
        bool       seen[LEVELS] = {false};
        for (int64_t i = 0; i < kt_tensor_count(y); i++) {
            double v = kt_tensor_get(y, i);
            int    k = level(i);
            if (!seen[k])
                first[k] = v;
            seen[k] = true;
            if (fabs(v - first[k]) > 0.01)
                fail_msg("seed %d: %g beside %g, which were equal", s, v, first[k]);
            other += fabs(v - 255.0 * k / (LEVELS - 1)) > 1;
        }
        kt_tensor_unref(y);
    }
    assert_true(other > 0); /* some change colors */
}

/* With one, something does. */
static void a_factor_moves(void **state)
{
    int moved = 0;

    (void)state;
    for (int s = 1; s <= SEEDS; s++) {
        kt_tensor *y = changed("AugMix(factor=(0.9, 1.0), all_ops=False, num_chains=1", s);
        for (int64_t i = 0; i < kt_tensor_count(y); i++)
            for (int64_t k = 0; k < i; k++)
                moved += level(i) == level(k) &&
                         fabs(kt_tensor_get(y, i) - kt_tensor_get(y, k)) > 1;
        kt_tensor_unref(y);
    }
    assert_true(moved > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixes_stay_within_the_range),
        cmocka_unit_test(nothing_moves_without_a_factor),
        cmocka_unit_test(a_factor_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
