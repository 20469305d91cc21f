/* test_scarce_doctor.c - the doctor's kept calls (tests/cli/answers/calls.tsv) while memory runs
 * out: no piece that is missing makes a call fit that does not, and what is offered can be printed
 * and carried out. What leaks or crashes, the sanitizers see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "support/needs.h"
#include "keratin/keratin.h"
#include "support/scarce.h"

/* A sanitizer makes each try 10 times as long. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { TRIES = 4 };
#else
enum { TRIES = 60 };
#endif

typedef struct call {
    const char *model;
    char        loss[64];
    kt_data    *data;
    bool        fits;
} call;

/* The sizes in "f_24_8.npy" or "(24, 8)". */
static kt_tensor *array_of(const char *text, size_t n)
{
    kt_shape    s = {0};
    const char *end = text + n;

    for (const char *p = text; p < end && s.rank < KT_MAX_RANK;) {
        char   *stop;
        int64_t size = strtoll(p, &stop, 10);
        if (stop == p) {
            p++;
            continue;
        }
        s.dim[s.rank++] = size;
        p = stop;
    }
    return kt_tensor_new(KT_F32, s);
}

/* The arguments of `keratin check`; false where they name other files than arrays of floats. */
static bool read_options(call *c, const char *options)
{
    if (strstr(options, ".csv") || strstr(options, ".npz") || strstr(options, "--metrics") ||
        strstr(options, "--batch-size") || !strstr(options, "--call fit"))
        return false;
    const char *loss = strstr(options, "--loss ");
    if (!loss || loss[7] == '"')
        return false;
    snprintf(c->loss, sizeof c->loss, "%.*s", (int)strcspn(loss + 7, " "), loss + 7);
    c->data = kt_data_new();
    for (const char *p = strstr(options, "--"); p;
         p = strstr(p + 2, " --") ? strstr(p + 2, " --") + 1 : NULL) {
        const char *end = strstr(p + 2, " --");
        if (p[2] != 'x' && p[2] != 'y')
            continue;
        kt_tensor *t = array_of(p, end ? (size_t)(end - p) : strlen(p));
        if (p[2] == 'x')
            kt_data_add_x(c->data, NULL, t);
        else
            kt_data_add_y(c->data, NULL, t);
        kt_tensor_unref(t);
    }
    return true;
}

/* Is it said that the call fits? */
static bool said_to_fit(const call *c)
{
    kt_diagnosis *d = kt_diagnose(.source = c->model, .data = c->data, .loss = c->loss);
    bool          fits = d && d->ok;

    kt_text_free(d ? kt_diagnosis_json(d) : NULL);
    kt_data_free(kt_repaired_data(d, 0));
    kt_model_free(kt_repaired_model(d, 0));
    kt_diagnosis_free(d);
    return fits;
}

static int starve(const call *c, const char *name)
{
    int wrong = 0;

    scarce_begin(0, false);
    assert_int_equal(said_to_fit(c), c->fits);
    scarce_end();
    int64_t all = scarce_pieces(), step = all / TRIES + 1;
    for (int64_t n = 1 + (int64_t)strlen(name) % step; n <= all; n += step) {
        bool alone = n / step % 4 != 0;
        scarce_begin(n, alone);
        bool fits = said_to_fit(c);
        scarce_end();
        if (fits && !c->fits) {
            wrong++;
            print_error("%s: it fits where piece %lld is missing\n", name, (long long)n);
        }
    }
    return wrong;
}

/* name, options, what Keras says, model */
static bool read_row(char *line, call *c, char **name)
{
    char *options = strchr(line, '\t'), *keras = options ? strchr(options + 1, '\t') : NULL;
    char *model = keras ? strchr(keras + 1, '\t') : NULL;

    assert_non_null(model);
    *options++ = *keras++ = *model++ = '\0';
    *name = line;
    *c = (call){.model = model, .fits = strcmp(keras, "takes") == 0};
    return read_options(c, options);
}

static void no_call_fits_for_want_of_memory(void **state)
{
    (void)state;
    kt_str   path = {0};
    kt_bytes file = {0};
    kt_fault f = {0};
    int      wrong = 0, n = 0;

    need_reading(false);
    const char *top = getenv("KERATIN_SOURCE");
    kt_str_printf(&path, "%s/tests/cli/answers/calls.tsv", top ? top : ".");
    assert_int_equal(kt_file_read(kt_str_text(&path), &file, &f), KT_OK);
    kt_str text = {0};
    kt_str_addn(&text, (const char *)file.data, file.size);
    assert_false(text.failed);
    kt_alloc_count_pieces(true);
    for (char *line = text.data, *end; *line && (end = strchr(line, '\n')); line = end + 1) {
        call  c;
        char *name;
        *end = '\0';
        if (read_row(line, &c, &name)) {
            wrong += starve(&c, name);
            n++;
        }
        kt_data_free(c.data);
    }
    kt_alloc_count_pieces(false);
    kt_str_free(&text);
    kt_bytes_free(&file);
    kt_str_free(&path);
    assert_int_equal(wrong, 0);
    assert_true(n > 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_call_fits_for_want_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
