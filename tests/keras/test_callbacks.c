/* test_callbacks.c - what callbacks do to a training, as Keras: when it ends, learning rates of all
 * epochs, files and what is in them, what is sent, weights that are put back, errors. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nn/nn.h"
#include "support/events.h"
#include "support/fact_model.h"
#include "support/post_box.h"

enum { MOST = 64 };

/* --- the folder of one training --------------------------------------------------------------- */

static void enter(char *path, size_t size)
{
    const char *top = getenv("TMPDIR");

    snprintf(path, size, "%s/keratin-callbacks-XXXXXX", top ? top : "/tmp");
    assert_non_null(mkdtemp(path));
    assert_int_equal(chdir(path), 0);
}

/* Removes what lies in a folder, and counts the files. */
static int clear(const char *path)
{
    DIR *d = opendir(path);
    int  files = 0;

    assert_non_null(d);
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        char        inner[4096];
        struct stat s;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        assert_int_equal(stat(inner, &s), 0);
        files += S_ISDIR(s.st_mode) ? clear(inner) : 1;
        assert_int_equal(remove(inner), 0);
    }
    closedir(d);
    return files;
}

/* --- files ------------------------------------------------------------------------------------ */

/* The next line of a text and its length; *at moves behind it. */
static const char *line_of(const char **at, size_t *n)
{
    const char *line = *at, *end = strstr(line, "\r\n");

    *n = end ? (size_t)(end - line) : strlen(line);
    *at = end ? end + 2 : line + *n;
    return line;
}

/* Cells that are numbers may differ a little, all others not at all. */
static void compare_cells(const char *what, const char *want, const char *got)
{
    while (*want || *got) {
        size_t wn = strcspn(want, ",;\t"), gn = strcspn(got, ",;\t");
        char  *end, *gend;
        double x = strtod(want, &end), y = strtod(got, &gend);
        bool   same = wn == gn && memcmp(want, got, wn) == 0;
        bool   close = end == want + wn && gend == got + gn && fabs(x - y) <= 1e-5 * (1 + fabs(x));
        if (!(same || close) || want[wn] != got[gn])
            fail_msg("%s: '%s', Keras writes '%s'", what, got, want);
        want += wn + (want[wn] != '\0');
        got += gn + (got[gn] != '\0');
    }
}

static void compare_log(const char *what, const char *want, const char *path)
{
    kt_bytes b = {0};
    kt_fault f = {0};
    kt_str   text = {0};

    if (kt_file_read(path, &b, &f) != KT_OK)
        fail_msg("%s: %s", what, f.e.message);
    kt_str_addn(&text, (const char *)b.data, b.size);
    const char *got = kt_str_text(&text);
    while (*want || *got) {
        char        a[1024], c[1024];
        size_t      wn, gn;
        const char *w = line_of(&want, &wn), *g = line_of(&got, &gn);
        snprintf(a, sizeof a, "%.*s", (int)wn, w);
        snprintf(c, sizeof c, "%.*s", (int)gn, g);
        compare_cells(what, a, c);
    }
    kt_str_free(&text);
    kt_bytes_free(&b);
}

static void compare_files(const char *what, const kt_value *want)
{
    for (size_t i = 0; i < want->n; i++) {
        const char *path = want->keys[i];
        char        name[512];
        snprintf(name, sizeof name, "%s, %s", what, path);
        const char *last = strrchr(path, '/');
        if (last && kt_streq(last, "/events")) {
            char folder[512];
            snprintf(folder, sizeof folder, "%.*s", (int)(last - path), path);
            events_compare(name, want->items[i], folder);
            continue;
        }
        if (want->items[i]->kind == KT_STR) {
            compare_log(name, want->items[i]->s, path);
            continue;
        }
        kt_model *m = kt_load(path);
        if (kt_failed(m))
            fail_msg("%s: %s", name, kt_model_error(m)->message);
        fact_weights_close(name, want->items[i], m);
        kt_model_free(m);
    }
}

/* --- a training ------------------------------------------------------------------------------- */

typedef struct rates {
    size_t n;
    double at[MOST];
} rates;

static int keep_rate(void *user, const kt_progress *p)
{
    rates *r = user;

    assert_true(r->n < MOST);
    r->at[r->n++] = kt_learning_rate(p->model);
    return 0;
}

/* --- a server --------------------------------------------------------------------------------- */

static void put_number(kt_arena *a, kt_value *v, int port)
{
    const char *text = kt_value_text(v), *at = text ? strstr(text, "9000") : NULL;

    if (at)
        v->s = kt_arena_printf(a, "%.*s%d%s", (int)(at - text), text, port, at + 4);
}

/* 9000 in the expressions of callbacks and in what is said becomes that of the server. */
static void put_port(kt_arena *a, const kt_value *row, int port)
{
    const kt_value *callbacks = kt_value_get(kt_value_get(row, "fit"), "callbacks");

    for (size_t i = 0; i < callbacks->n; i++)
        put_number(a, callbacks->items[i], port);
    put_number(a, kt_value_get(row, "said"), port);
}

/* The same text, but for numbers, which may differ a little. */
static void compare_text(const char *what, const char *want, const char *got)
{
    for (const char *w = want, *g = got; *w || *g;) {
        char  *wend, *gend;
        bool   digits = isdigit((unsigned char)*w) && isdigit((unsigned char)*g);
        double x = digits ? strtod(w, &wend) : 0, y = digits ? strtod(g, &gend) : 0;
        if (digits ? fabs(x - y) > 1e-5 * (1 + fabs(x)) : *w != *g)
            fail_msg("%s sends '%s', Keras '%s'", what, got, want);
        w = digits ? wend : w + 1;
        g = digits ? gend : g + 1;
    }
}

/* Each line of the fact's head is in the request's, whatever the case of a header's name. */
static void compare_request(const char *what, const kt_value *want, char *got)
{
    const kt_value *head = kt_value_get(want, "head");
    char           *body = strstr(got, "\r\n\r\n");

    if (!body)
        fail_msg("%s sends '%s'", what, got);
    *body = '\0';
    for (size_t i = 0; i < head->n; i++)
        if (!strcasestr(got, kt_value_text(head->items[i])))
            fail_msg("%s sends '%s', which has no '%s'", what, got, kt_value_text(head->items[i]));
    compare_text(what, kt_value_text(kt_value_get(want, "body")), body + 4);
}

static void compare_requests(const char *what, const kt_value *want, post_box *box)
{
    if (box->n != want->n)
        fail_msg("%s sends %zu times, Keras %zu times", what, box->n, want->n);
    for (size_t i = 0; i < want->n; i++)
        compare_request(what, want->items[i], box->requests[i]);
}

/* The callbacks are what tells the trainings apart. */
static void name_of(const kt_value *row, kt_str *out)
{
    const kt_value *callbacks = kt_value_get(kt_value_get(row, "fit"), "callbacks");

    for (size_t i = 0; i < callbacks->n; i++)
        kt_str_printf(out, "%s%s", i ? ", " : "", kt_value_text(callbacks->items[i]));
    kt_str_printf(out, " on %s", kt_value_text(kt_value_get(row, "optimizer")));
}

static void put_log(const kt_value *row, const char *what)
{
    kt_fault f = {0};

    (void)row;
    if (strstr(what, "append=True"))
        assert_int_equal(kt_file_write("log.csv", "there\n", 6, &f), KT_OK);
}

static void compare(const char *what, const kt_value *row, kt_model *m, const kt_history *h,
                    const rates *seen, const char *folder)
{
    const kt_value *files = kt_value_get(row, "files"), *error = kt_value_get(row, "error");

    fact_error(what, error, kt_model_error(m));
    if (!error) {
        fact_history_close(what, kt_value_get(row, "history"), h);
        fact_close(what, kt_value_get(row, "rates"), seen->at, seen->n, 1e-6);
    }
    fact_weights_close(what, kt_value_get(row, "trained"), m);
    compare_files(what, files);
    int n = clear(folder);
    if (n != (int)files->n)
        fail_msg("%s: %d files, Keras leaves %zu", what, n, files->n);
}

/* Where no fact tells, callbacks that were not asked to speak only warn. */
static void only_warns(const char *what, const char *got)
{
    while (*got) {
        size_t n = strcspn(got, "\n");
        if (strncmp(got, "UserWarning: ", 13) != 0)
            fail_msg("%s says '%.*s'", what, (int)n, got);
        got += n + (got[n] == '\n');
    }
}

static void compare_words(const char *what, const char *want, FILE *said)
{
    char   got[4096];
    size_t n;

    rewind(said);
    n = fread(got, 1, sizeof got - 1, said);
    got[n] = '\0';
    fclose(said);
    if (!want)
        only_warns(what, got);
    else if (strcmp(got, want) != 0)
        fail_msg("%s says\n%s\nKeras says\n%s", what, got, want);
}

static void train(const kt_value *row)
{
    kt_model       *m = fact_model(row);
    kt_data        *d = kt_data_new();
    kt_str          what = {0};
    rates           seen = {0};
    post_box        box;
    kt_arena        arena = {0};
    const kt_value *requests = kt_value_get(row, "requests");
    char            folder[4096], before[4096];

    assert_non_null(getcwd(before, sizeof before));
    name_of(row, &what);
    fact_compile(m, row);
    fact_weights(m, row);
    fact_arrays(d, kt_value_get(row, "x"), false);
    fact_arrays(d, kt_value_get(row, "y"), true);
    enter(folder, sizeof folder);
    put_log(row, kt_str_text(&what));
    FILE *said = tmpfile();
    assert_non_null(said);
    if (requests) {
        post_open(&box);
        put_port(&arena, row, box.port);
    }
    kt_history *h = fact_fit_with(m, row, d, keep_rate, &seen, said);
    if (requests) {
        post_close(&box);
        compare_requests(kt_str_text(&what), requests, &box);
    }
    compare_words(kt_str_text(&what), kt_value_text(kt_value_get(row, "said")), said);
    compare(kt_str_text(&what), row, m, h, &seen, folder);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(rmdir(folder), 0);
    kt_history_free(h);
    kt_data_free(d);
    kt_model_free(m);
    kt_arena_free(&arena);
    kt_str_free(&what);
}

/* --- which way metrics get better ------------------------------------------------------------- */

static const char *direction_of(const kt_class *cls)
{
    const kt_metric_type *type = (const kt_metric_type *)(const void *)cls;

    return type->direction > 0 ? "up" : type->direction < 0 ? "down" : NULL;
}

static void compare_directions(const kt_value *want)
{
    int known = 0;

    for (size_t i = 0; i < want->n; i++) {
        const kt_class *cls = kt_class_find("metric", want->keys[i]);
        const char     *text = kt_value_text(want->items[i]);
        if (!cls)
            continue;
        known++;
        if (!kt_streq(direction_of(cls), text))
            fail_msg("%s gets better %s", want->keys[i], text ? text : "in no known direction");
    }
    assert_true(known > 30);
}

static void check(const kt_value *row)
{
    const kt_value *directions = kt_value_get(row, "directions");

    if (directions)
        compare_directions(directions);
    else
        train(row);
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("callbacks", check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras)};

    need_reading(true);
    setenv("no_proxy", "*", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
