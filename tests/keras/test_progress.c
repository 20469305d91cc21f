/* test_progress.c - what is drawn on a terminal while a model trains, as Keras' progress bar draws
 * it, and when. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "model/progress.h"
#include "model/step.h"
#include "support/fact_model.h"

#define LATE 0.003 /* seconds that change no digit of a fact */

static int   terminal; /* what is written to `screen` can be read here */
static FILE *screen;

static int setup(void **state)
{
    struct termios t;

    (void)state;
    terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
        fprintf(stderr, "skipped: no pseudo-terminal can be had here\n");
        _Exit(77);
    }
    int end = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    assert_true(end >= 0 && tcgetattr(end, &t) == 0);
    cfmakeraw(&t); /* ends of lines stay as they are */
    assert_int_equal(tcsetattr(end, TCSANOW, &t), 0);
    screen = fdopen(end, "w");
    assert_non_null(screen);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fclose(screen);
    close(terminal);
    return 0;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What was written since the last time, "" where that is nothing. */
static const char *shown(void)
{
    static char text[4096];
    ssize_t     n = read(terminal, text, sizeof text - 1);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void one_epoch(kt_watch *w, int64_t done, int64_t batches)
{
    if (done < batches)
        kt_progress_batch(w, done, batches);
    else
        kt_progress_done(w);
}

/* --- what --------------------------------------------------------------------------------------*/

/* A model whose metrics hold this loss. */
static kt_model *with_loss(double loss)
{
    kt_model  *m = kt_model_from("Sequential([Dense(1, input_shape=(1,))])");
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(1, 1)),
              *y = kt_tensor_new(KT_F32, KT_SHAPE(1, 1));

    kt_compile(m, .optimizer = "sgd", .loss = "mae");
    kt_tensor_set(y, 0, loss);
    kt_history_free(kt_train_on_batch(m, x, y));
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    return m;
}

static void check(const kt_value *row)
{
    const kt_value *values = kt_value_get(row, "values");
    const char     *want = kt_value_text(kt_value_get(row, "text")), *got;
    int64_t         done = kt_value_get(row, "done")->i, batches = kt_value_get(row, "batches")->i;
    double          taken, begun, loss = 0;
    kt_history     *h = kt_history_new();
    kt_fit_args     args = {.at = {.size = sizeof args}, .out = screen};

    args.verbose = (int)kt_value_get(row, "verbose")->i;
    assert_true(kt_value_number(kt_value_get(row, "taken"), &taken));
    for (size_t i = 0; values && i < values->n; i++) {
        loss = fact_value(values, i);
        assert_true(kt_history_set(h, values->keys[i], 0, &loss, 1, false));
    }
    kt_watch w = {.args = &args, .h = h, .rows = 3 * batches - 1, .batch = 3};
    w.m = values && done < batches ? with_loss(loss) : kt_model_from("Sequential([Dense(1)])");
    do {
        begun = now();
        w.started = begun - taken;
        w.drawn = 0;
        one_epoch(&w, done, batches);
        got = shown();
    } while (now() - begun > LATE);
    if (args.verbose == 1 && strncmp(got, "\r\033[K", 4) == 0)
        got += 4;
    if (strcmp(got, want) != 0)
        fail_msg("after %g s: %s, Keras writes %s", taken, got, want);
    kt_model_free(w.m);
    kt_history_free(h);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("progress", check);
}

/* --- when ------------------------------------------------------------------------------------- */

static void in_place_on_a_terminal_alone(void **state)
{
    kt_fit_args args = {.at = {.size = sizeof args}, .out = screen, .verbose = 1};
    kt_watch    w = {.args = &args, .epoch = 1, .epochs = 3, .rows = 8, .batch = 1};
    FILE       *file = tmpfile();
    char        text[64] = "";

    (void)state;
    w.m = kt_model_from("Sequential([Dense(1)])");
    w.h = kt_history_new();
    kt_progress_epoch(&w);
    assert_string_equal(shown(), "Epoch 2/3\n");
    kt_progress_batch(&w, 8, 8); /* of which the end of the epoch tells */
    assert_string_equal(shown(), "");
    kt_progress_batch(&w, 1, 8);
    assert_non_null(strstr(shown(), "1/8"));
    w.drawn = now() + 60;
    kt_progress_batch(&w, 2, 8);
    assert_string_equal(shown(), "");
    w.drawn = now() - 0.055;
    kt_progress_batch(&w, 3, 8);
    assert_non_null(strstr(shown(), "3/8"));
    assert_true(now() - w.drawn < 60);
    w.drawn = 0;
    for (int verbose = 0; verbose < 3; verbose++) {
        args.verbose = verbose;
        args.out = verbose == 1 ? file : screen;
        kt_progress_batch(&w, 3, 8);
        assert_string_equal(shown(), "");
    }
    args.verbose = 0;
    kt_progress_epoch(&w);
    kt_progress_done(&w);
    assert_string_equal(shown(), "");
    args = (kt_fit_args){.at = {.size = sizeof args}, .out = file, .verbose = 1};
    w.started = now() - 16.1;
    kt_progress_done(&w);
    rewind(file);
    assert_non_null(fgets(text, sizeof text, file));
    assert_string_equal(text, "8/8 - 16s - 2s/step\n");
    w.rows = 0; /* no batch to divide by */
    kt_progress_done(&w);
    assert_int_equal(fseek(file, (long)strlen(text), SEEK_SET), 0);
    assert_non_null(fgets(text, sizeof text, file));
    assert_string_equal(text, "0/0 - 16s - 0s/step\n");
    fclose(file);
    kt_history_free(w.h);
    kt_model_free(w.m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras),
                                       cmocka_unit_test(in_place_on_a_terminal_alone)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
