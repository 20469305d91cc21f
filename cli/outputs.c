/* outputs.c - predictions as text, CSV, JSON and arrays. */
#include "outputs.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the way out ------------------------------------------------------------------------------ */

typedef enum form { TEXT, NPY, NPZ, CSV, JSON, UNKNOWN } form;

static bool to_stdout(const char *path)
{
    return !path || strcmp(path, "-") == 0;
}

static form form_of(const char *path)
{
    static const struct {
        const char *end;
        form        form;
    } ends[] = {{".npy", NPY}, {".npz", NPZ}, {".csv", CSV}, {".json", JSON}};

    if (to_stdout(path))
        return TEXT;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(path), k = strlen(ends[i].end);
        if (n >= k && strcmp(path + n - k, ends[i].end) == 0)
            return ends[i].form;
    }
    return UNKNOWN;
}

int outputs_check(const args *a, const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    char        folder[4096];
    struct stat s;

    if (form_of(path) == UNKNOWN)
        return usage_error(a,
                           "--out '%s': its name should end with .npy, .npz, .csv or .json, which "
                           "says what is written",
                           path);
    if (to_stdout(path))
        return DONE;
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1,
             slash ? path : ".");
    if (stat(folder, &s) != 0 || !S_ISDIR(s.st_mode))
        return usage_error(a, "--out '%s': there is no folder '%s'", path, folder);
    if (stat(path, &s) == 0 && S_ISDIR(s.st_mode))
        return usage_error(a, "--out '%s' is a folder", path);
    if (access(stat(path, &s) == 0 ? path : folder, W_OK) != 0)
        return usage_error(a, "--out '%s' can not be written: %s", path, strerror(errno));
    return DONE;
}

int outputs_fit(const args *a, const char *path, int n)
{
    if (form_of(path) == NPY && n > 1)
        return usage_error(
            a,
            "--out '%s': .npy holds one array, and the model gives %d; .npz, .csv and "
            ".json hold them all",
            path, n);
    return DONE;
}

/* --- classes ---------------------------------------------------------------------------------- */

static int64_t rows_of(const kt_tensor *t)
{
    const kt_shape *s = kt_tensor_shape(t);

    return s->rank > 0 ? s->dim[0] : 1;
}

static int64_t width_of(const kt_tensor *t)
{
    int64_t rows = rows_of(t);

    return rows > 0 ? kt_tensor_count(t) / rows : 0;
}

/* The name of the class that a row means; NULL: none is known. */
static const char *class_name(const outputs *o, int64_t row)
{
    int64_t k = o->n == 1 && kt_tensor_dtype(o->t[0]) != KT_STRING
                  ? kt_predicted_class(o->m, o->t[0], row)
                  : -1;

    return k >= 0 ? kt_legend_word(kt_model_legend(o->m), true, 0, (int)k) : NULL;
}

static bool has_classes(const outputs *o)
{
    for (int64_t r = 0; o->n == 1 && r < rows_of(o->t[0]); r++)
        if (class_name(o, r))
            return true;
    return false;
}

/* --- text ------------------------------------------------------------------------------------- */

/* A number, or a text as it is. */
static void print_element(FILE *out, const kt_tensor *t, int64_t i, const char *before)
{
    if (kt_tensor_dtype(t) == KT_STRING)
        fprintf(out, "%s%s", before, kt_tensor_text(t, i));
    else
        fprintf(out, "%s%.9g", before, kt_tensor_get(t, i));
}

/* One line for each sample; the name of its class stands last. */
static void print_rows(const outputs *o, const kt_tensor *t, bool named)
{
    int64_t rows = rows_of(t), width = width_of(t);

    for (int64_t r = 0; r < rows && width > 0; r++) {
        const char *name = named ? class_name(o, r) : NULL;
        for (int64_t k = 0; k < width; k++)
            print_element(stdout, t, r * width + k, k ? " " : "");
        printf(name ? " %s\n" : "\n", name);
    }
}

static void print_text(const outputs *o)
{
    bool named = has_classes(o);

    for (int i = 0; i < o->n; i++) {
        if (o->n > 1)
            printf("# %s\n", o->name[i]);
        print_rows(o, o->t[i], named);
    }
}

/* --- CSV -------------------------------------------------------------------------------------- */

static void print_field(FILE *out, const char *text)
{
    if (!text)
        return;
    if (!*text || !strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void print_cell(FILE *out, const kt_tensor *t, int64_t i, const char *before)
{
    if (kt_tensor_dtype(t) != KT_STRING) {
        print_element(out, t, i, before);
        return;
    }
    fputs(before, out);
    print_field(out, kt_tensor_text(t, i));
}

/* What the columns are: where there is more than the numbers of one output. */
static void print_heads(FILE *out, const outputs *o, bool named)
{
    const kt_legend *l = kt_model_legend(o->m);
    bool             by_class = named && width_of(o->t[0]) == kt_legend_words(l, true, 0);

    for (int i = 0; i < o->n; i++)
        for (int64_t k = 0, width = width_of(o->t[i]); k < width; k++) {
            if (i + k > 0)
                fputc(',', out);
            print_field(out, by_class ? kt_legend_word(l, true, 0, (int)k) : o->name[i]);
            if (!by_class && width > 1)
                fprintf(out, "_%lld", (long long)k);
        }
    fputs(named ? ",class\n" : "\n", out);
}

static int print_csv(const args *a, FILE *out, const outputs *o)
{
    bool    named = has_classes(o);
    int64_t rows = rows_of(o->t[0]);

    for (int i = 1; i < o->n; i++)
        if (rows_of(o->t[i]) != rows)
            return usage_error(a, "the outputs have different numbers of rows, which .csv can not "
                                  "hold; .npz and .json can");
    if (named || o->n > 1)
        print_heads(out, o, named);
    for (int64_t r = 0; r < rows; r++) {
        for (int i = 0; i < o->n; i++)
            for (int64_t k = 0, width = width_of(o->t[i]); k < width; k++)
                print_cell(out, o->t[i], r * width + k, i + k ? "," : "");
        if (named) {
            fputc(',', out);
            print_field(out, class_name(o, r));
        }
        fputc('\n', out);
    }
    return DONE;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void print_json(FILE *out, const outputs *o)
{
    json j = {.out = out};
    bool named = has_classes(o);

    json_open(&j, NULL, '{');
    json_bool(&j, "ok", true);
    json_open(&j, "outputs", '{');
    for (int i = 0; i < o->n; i++) {
        json_open(&j, o->name[i], '{');
        json_shape(&j, "shape", kt_tensor_shape(o->t[i]));
        json_open(&j, "values", '[');
        for (int64_t k = 0; k < kt_tensor_count(o->t[i]); k++)
            if (kt_tensor_dtype(o->t[i]) == KT_STRING)
                json_text(&j, NULL, kt_tensor_text(o->t[i], k));
            else
                json_number(&j, NULL, kt_tensor_get(o->t[i], k));
        json_close(&j, ']');
        if (named) {
            json_open(&j, "classes", '[');
            for (int64_t r = 0; r < rows_of(o->t[i]); r++)
                json_text(&j, NULL, class_name(o, r));
            json_close(&j, ']');
        }
        json_close(&j, '}');
    }
    json_close(&j, '}');
    json_close(&j, '}');
    fputc('\n', out);
}

/* --- files ------------------------------------------------------------------------------------ */

static int write_text_file(const args *a, const outputs *o, const char *path)
{
    FILE *out = fopen(path, "w");
    int   status = DONE;

    if (!out)
        return usage_error(a, "'%s' can not be written: %s", path, strerror(errno));
    if (form_of(path) == JSON)
        print_json(out, o);
    else
        status = print_csv(a, out, o);
    bool failed = ferror(out) != 0;
    failed = fclose(out) != 0 || failed;
    if (status == DONE && failed)
        status = usage_error(a, "'%s' can not be written: %s", path, strerror(errno));
    return status;
}

static int write_arrays(const args *a, const outputs *o, const char *path)
{
    kt_status s = form_of(path) == NPY ? kt_tensor_save(o->t[0], path)
                                       : kt_tensors_save(path, o->n, o->name, o->t);

    return s == KT_OK ? DONE : usage_error(a, "'%s' can not be written", path);
}

int outputs_write(const args *a, const outputs *o, const char *path)
{
    form f = form_of(path);
    int  status = outputs_fit(a, path, o->n);

    if (status != DONE)
        return status;
    if (f == TEXT && a->json)
        print_json(stdout, o);
    else if (f == TEXT)
        print_text(o);
    else
        status = f == CSV || f == JSON ? write_text_file(a, o, path) : write_arrays(a, o, path);
    if (status == DONE && f != TEXT)
        json_done(a, "out", path);
    return status;
}
