/* test_null_calls.c - every exported function with NULL for each of its pointers, in turn and all
 * together, on models of every state: none crashes or hangs, each tells of the failure, and none
 * answers that all is well where one is known. What they say is what
 * tests/support/null_calls.txt has.
 *
 * The calls are written by tests/support/null_calls.py from the headers. Each runs in a process of
 * its own, so that a crash is one line of the report. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "keratin/keratin.h"
#include "support/kept.h"
#include "support/needs.h"

/* --- what pointers are when they are not NULL ------------------------------------------------- */

typedef struct fixture {
    kt_model     *m;
    kt_layer     *layer, *layers[2];
    kt_tensor    *x, *y, *tensors[2], *out[KT_MAX_OUTPUTS];
    kt_data      *data, *halves[2];
    kt_history   *history;
    kt_bench     *bench;
    unsigned char bytes[256];
    const char   *names[12], *place, *path; /* names: as many as a tensor of shapes[0] has */
    char         *text, *owned;
    FILE         *file;
    kt_dense_args dense;
    kt_symbol     symbols[2];
    kt_shape      shapes[2];
    kt_class_info info;
    kt_status     status;
    bool          says_ok; /* a call that answers with a status */
    char          answer[512];
    char          failed[512]; /* what the model says already, or "" */

    kt_data         *table;
    const kt_legend *legend;
    kt_diagnosis    *diagnosis;
    kt_explanation  *explanation;
    kt_function      function;
    kt_loss_function loss_function;
    int64_t          numbers[4];
    int              count;
    kt_file_facts    facts;
    kt_tensor       *arg_x, *arg_y;
    kt_data         *arg_data; /* or data, in structs of arguments */
} fixture;

/* `null`: bit i makes pointer i NULL. True if the result tells of a failure. */
typedef struct entry {
    const char *name;
    bool (*call)(fixture *k, unsigned null);
    int         n;
    const char *pointers; /* their names, between blanks */
} entry;

typedef struct layer_struct {
    const char *class_name;
    kt_site    *at;
    const char *members;
} layer_struct;

enum { NOT_SET = -77 };

static void answer_number(fixture *k, double x)
{
    snprintf(k->answer, sizeof k->answer, "%.10g", x);
}

static void answer_text(fixture *k, const char *text)
{
    int n = text ? (int)strcspn(text, "\n") : 0;

    snprintf(k->answer, sizeof k->answer, text ? "'%.*s'" : "NULL", n < 160 ? n : 160, text);
}

static void answer_tensor(fixture *k, const kt_tensor *t)
{
    double   sum = 0;
    kt_shape s = t ? *kt_tensor_shape(t) : (kt_shape){0};
    int      n = snprintf(k->answer, sizeof k->answer, t ? "array of" : "NULL");

    for (int i = 0; t && i < s.rank; i++)
        n += snprintf(k->answer + n, sizeof k->answer - (size_t)n, " %lld", (long long)s.dim[i]);
    for (int64_t i = 0; kt_tensor_dtype(t) == KT_F32 && i < kt_tensor_count(t); i++)
        sum += (double)(i + 1) * (double)kt_tensor_f32(t)[i];
    if (t)
        snprintf(k->answer + n, sizeof k->answer - (size_t)n, ", sum %.4g", sum);
}

static void answer_history(fixture *k, const kt_history *h)
{
    int n = snprintf(k->answer, sizeof k->answer, h ? "%d epochs" : "NULL", kt_history_epochs(h));

    for (int i = 0; i < kt_history_keys(h); i++)
        n += snprintf(k->answer + n, sizeof k->answer - (size_t)n, ", %s %.4g",
                      kt_history_key(h, i), kt_history_get(h, kt_history_key(h, i), 0));
}

static void answer_error(fixture *k, const kt_error *e)
{
    if (e)
        snprintf(k->answer, sizeof k->answer, "%.500s", e->message);
}

#include "null_calls.h"

static char folder[] = "/tmp/keratin-null-XXXXXX", path[64], table[64];

typedef enum condition { COMPILED, WITH_DATA, BUILT, NOT_BUILT, FAILED, LAST = FAILED } condition;

static kt_model *model_in(condition c)
{
    kt_model *m = c == NOT_BUILT ? kt_sequential(kt_dense(1))
                : c == FAILED    ? kt_sequential(kt_dense(0))
                                 : kt_sequential(kt_dense(1, .input_shape = {3}));

    if (c == COMPILED || c == WITH_DATA)
        kt_compile(m, .optimizer = "sgd", .loss = "mse");
    return m;
}

static void copy(void *user, const kt_shape *shape, int64_t n, const double *x, double *y)
{
    (void)user;
    (void)shape;
    memcpy(y, x, (size_t)n * sizeof *y);
}

static void no_loss(void *user, int64_t rows, int64_t width, const double *y_true,
                    const double *y_pred, double *loss)
{
    (void)user;
    (void)width;
    (void)y_true;
    (void)y_pred;
    memset(loss, 0, (size_t)rows * sizeof *loss);
}

static fixture *fixture_new(condition c)
{
    fixture  *k = calloc(1, sizeof *k);
    kt_model *other = model_in(COMPILED);

    assert_non_null(k);
    kt_set_threads(1); /* a forked process has no others */
    kt_set_seed(7);
    k->m = model_in(c);
    k->count = NOT_SET;
    snprintf(k->failed, sizeof k->failed, "%s",
             kt_model_error(k->m) ? kt_model_error(k->m)->message : "");
    k->layer = k->layers[0] = kt_dense(2);
    k->x = k->tensors[0] = kt_numpy_rand(1, KT_SHAPE(4, 3));
    k->y = kt_numpy_rand(2, KT_SHAPE(4, 1));
    k->data = kt_data_new();
    kt_data_add_x(k->data, "x", k->x);
    kt_data_add_y(k->data, "y", k->y);
    k->history = kt_fit(other, k->x, k->y);
    k->bench = c == COMPILED ? kt_bench_new(other, 1, false) : NULL;
    if (c == WITH_DATA) {
        k->arg_data = k->data;
    } else {
        k->arg_x = k->x;
        k->arg_y = k->y;
    }
    k->names[0] = "x";
    k->path = path;
    k->owned = kt_to_json(other);
    k->file = tmpfile();
    k->dense = (kt_dense_args){.at = {.size = sizeof(kt_dense_args)}, .units = 2};
    k->symbols[0] = kt_symbol_of(kt_input(.shape = {3}));
    k->shapes[0] = KT_SHAPE(4, 3);
    kt_catalog_find("Dense", &k->info);
    k->table = kt_data_csv(table, "b");
    k->legend = kt_data_legend(k->table);
    assert_non_null(k->legend);
    k->diagnosis = kt_diagnose(.source = "Dense(2, input_shape=(3,))");
    k->explanation = kt_explain_text("ValueError: no");
    k->function = (kt_function){.size = sizeof k->function, .forward = copy};
    k->loss_function = (kt_loss_function){.size = sizeof k->loss_function, .forward = no_loss};
    kt_model_free(other);
    return k;
}

static void fixture_free(fixture *k)
{
    kt_model_free(k->m);
    kt_layer_free(k->layer);
    kt_layer_free(k->symbols[0].layer);
    kt_tensor_unref(k->x);
    kt_tensor_unref(k->y);
    kt_data_free(k->data);
    kt_history_free(k->history);
    kt_bench_free(k->bench);
    kt_text_free(k->owned);
    kt_data_free(k->table);
    kt_diagnosis_free(k->diagnosis);
    kt_explanation_free(k->explanation);
    fclose(k->file);
    free(k);
}

/* --- which NULLs are no mistake --------------------------------------------------------------- */

/* "function" where NULL is allowed everywhere: releasing, and asking about nothing, which has a
 * neutral answer; "function.pointer" where one pointer may be left out. */
static const char *const allowed[] = {
    /* releasing */
    "kt_layer_free", "kt_model_free", "kt_history_free", "kt_data_free", "kt_bench_free",
    "kt_text_free", "kt_tensor_ref", "kt_tensor_unref", "kt_diagnosis_free", "kt_explanation_free",
    /* asking */
    "kt_layer_error", "kt_model_error", "kt_data_error", "kt_failed", "kt_clear_error", "kt_stop",
    "kt_explain", "kt_tensor_dtype", "kt_tensor_shape", "kt_tensor_count", "kt_tensor_data",
    "kt_tensor_f32", "kt_count_parameters", "kt_model_name", "kt_plan_memory", "kt_weights",
    "kt_weight_at", "kt_weights_are_fresh", "kt_checked_outputs", "kt_checked_output",
    "kt_model_layers", "kt_model_layer", "kt_model_layer_in", "kt_model_layer_out",
    "kt_model_outputs", "kt_model_output_name", "kt_learning_rate", "kt_history_keys",
    "kt_history_key", "kt_history_epochs", "kt_history_width", "kt_history_is_list", "kt_data_x",
    "kt_data_y", "kt_data_x_name", "kt_data_y_name", "kt_data_note_at", "kt_data_rows",
    "kt_data_legend", "kt_model_legend", "kt_legend_columns", "kt_legend_name", "kt_legend_words",
    "kt_legend_word", "kt_bench_seconds", "kt_bench_best", "kt_bench_runs", "kt_bench_bytes",
    "kt_bench_rows", "kt_bench_row_at", "kt_catalog_class", "kt_catalog_find", "kt_catalog_field",
    "kt_nearest_name", "kt_explain_text", "kt_diagnosis_print", "kt_diagnose_failed",
    "kt_diagnosis_text", "kt_diagnosis_json", "kt_diagnosis_html", "kt_diagnosis_svg",
    "kt_explanation_json", "kt_predicted_class",
    /* the answer tells */
    "kt_initial_values", "kt_why_not_written",
    /* left out; so are the members of argument structs, but for the model that is worked on */
    "kt_layer_make.args", "kt_functional.name", "kt_functional_named.name",
    "kt_functional_named.in_names", "kt_functional_named.out_names", "kt_summary.out",
    "kt_data_add_x.name", "kt_data_add_weight.target", "kt_data_add_y.name",
    "kt_data_add_x_shape.name", "kt_data_add_y_shape.name", "kt_data_set_weight.w",
    "kt_data_csv.target", "kt_data_files.y", "kt_data_idx.labels", "kt_load_memory.name",
    "kt_load_weights_with.skipped", "kt_tensor_load.error", "kt_unseen_classes.out",
    "kt_diagnose_with.args.model"};

static bool is_allowed(const char *function, const char *pointer, size_t n)
{
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        const char *dot = strchr(allowed[i], '.');
        size_t      length = dot ? (size_t)(dot - allowed[i]) : strlen(allowed[i]);
        if (strlen(function) == length && strncmp(allowed[i], function, length) == 0 &&
            (!dot || (strlen(dot + 1) == n && strncmp(dot + 1, pointer, n) == 0)))
            return true;
    }
    return n > 5 && strncmp(pointer, "args.", 5) == 0 && strncmp(pointer, "args.model", n) != 0;
}

/* Is one of the pointers that are NULL needed? Writes their names. */
static bool is_mistake(const entry *e, unsigned null, char *names, size_t size)
{
    const char *p = e->pointers;
    bool        mistake = false;

    *names = 0;
    for (int i = 0; i < e->n; i++) {
        size_t n = strcspn(p, " ");
        if (null >> i & 1) {
            mistake = mistake || !is_allowed(e->name, p, n);
            snprintf(names + strlen(names), size - strlen(names), " %.*s", (int)n, p);
        }
        p += n + (p[n] == ' ');
    }
    return mistake;
}

/* --- each call in its own process ------------------------------------------------------------- */

enum { SILENT = 3, NAMES = 5, LIES = 6 };

static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

static bool starts(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

/* Does an object that the call was given, and has not taken, hold the failure? */
static bool objects_tell(const entry *e, const fixture *k, bool with_model)
{
    return (with_model && kt_model_error(k->m)) || k->text ||
           (starts(e->name, "kt_data_add") && kt_data_error(k->data)) ||
           ((strcmp(e->name, "kt_layer_on") == 0 || strcmp(e->name, "kt_layer_training_on") == 0) &&
            kt_layer_error(k->layer));
}

/* What the child says to its parent. */
static struct words {
    char text[4000];
} * said;

static void say(const char *of, const char *words)
{
    size_t n = strlen(said->text);
    char  *at;

    snprintf(said->text + n, sizeof said->text - n, "; %s: %s", of, words);
    if ((at = strstr(said->text + n, folder))) /* its name is never the same */
        memset(at, 'X', strlen(folder));
}

/* What a call answered, and what its thread and its objects hold then. */
static void say_all(const entry *e, const fixture *k, bool told, const kt_error *of_model)
{
    bool            freed = strcmp(e->name, "kt_data_free") == 0;
    const kt_error *of_data = starts(e->name, "kt_data_") && !freed ? kt_data_error(k->data) : NULL;

    *said->text = 0;
    if (*k->answer)
        say("answer", k->answer);
    if (told)
        say("result", "a failure");
    if (k->count != NOT_SET)
        say("count", k->count == 0 ? "none" : "some");
    if (k->text)
        say("text", k->text);
    if (kt_thread_error())
        say("thread", kt_thread_error()->message);
    if (of_model && strcmp(of_model->message, k->failed) != 0)
        say("model", of_model->message);
    if (starts(e->name, "kt_layer_") && strcmp(e->name, "kt_layer_free") != 0 &&
        kt_layer_error(k->layer))
        say("layer", kt_layer_error(k->layer)->message);
    if (of_data)
        say("data", of_data->message);
}

static int run(const entry *e, fixture *k, unsigned null, bool mistake, bool with_model)
{
    fflush(NULL);
    pid_t child = fork();
    int   status = 0;

    if (child == 0) {
        for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
            signal(signals[i], SIG_DFL); /* cmocka would go on with its next test */
        alarm(60);
        if (!freopen("/dev/null", "w", stdout))
            _exit(4);
        kt_clear_thread_error();
        bool            told = e->call(k, null);
        const kt_error *m = with_model ? kt_model_error(k->m) : NULL;
        say_all(e, k, told, m);
        told = told || kt_thread_error() || objects_tell(e, k, with_model);
        if (m && strstr(m->message, "is no member")) /* of a struct whose members are all given */
            _exit(NAMES);
        if (starts(e->name, "kt_summary"))
            m = NULL; /* a model that has failed has a summary */
        if (k->says_ok && (kt_thread_error() || m))
            _exit(LIES);
        _exit(mistake && !told ? SILENT : 0);
    }
    waitpid(child, &status, 0);
    return status;
}

/* Answers that are measured. */
static const char *const by_chance[] = {"kt_bench_seconds", "kt_bench_best", "kt_bench_runs"};

static bool is_by_chance(const char *name)
{
    for (size_t i = 0; i < sizeof by_chance / sizeof *by_chance; i++)
        if (strcmp(name, by_chance[i]) == 0)
            return true;
    return false;
}

/* 1 if it went wrong. */
static int attempt(const entry *e, fixture *k, unsigned null, kt_str *lines)
{
    char names[512];
    bool mistake = is_mistake(e, null, names, sizeof names);
    /* the model is there and not handed over: its error may be looked at */
    bool model = starts(e->pointers, "m ") || strcmp(e->pointers, "m") == 0 ||
                 starts(e->pointers, "args ");
    bool gone = strcmp(e->name, "kt_model_free") == 0 || strcmp(e->name, "kt_model_as_layer") == 0;
    int  status = run(e, k, null, mistake, model && !gone);

    if (status == 0) {
        if (!is_by_chance(e->name))
            kt_str_printf(lines, "%s%s%s%s\n", e->name, null ? " without" : "", names, said->text);
        return 0;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == SILENT)
        print_error("%s: no error is set with NULL for%s\n", e->name, names);
    else if (WIFEXITED(status) && WEXITSTATUS(status) == LIES)
        print_error("%s: says that all is well with NULL for%s\n", e->name, names);
    else if (WIFEXITED(status) && WEXITSTATUS(status) == NAMES)
        print_error("%s: a member of its struct is not known by its name\n", e->name);
    else
        print_error("%s: ends with status %d with NULL for%s\n", e->name, status, names);
    return 1;
}

/* The lines that are not those of compiled models, which come first. */
static void keep_lines(condition c, const char *title, const kt_str *lines)
{
    static kt_str all, first;
    const char   *a = c == COMPILED ? "" : kt_str_text(&first), *b = kt_str_text(lines);

    kt_str_printf(&all, "%s\n", title);
    while (*b) {
        size_t n = strcspn(a, "\n"), k = strcspn(b, "\n");
        if (n != k || memcmp(a, b, k) != 0)
            kt_str_printf(&all, "%.*s\n", (int)k, b);
        a += n + (a[n] != 0);
        b += k + 1;
    }
    if (c == COMPILED)
        kt_str_add(&first, kt_str_text(lines));
    if (c != LAST)
        return;
    kept_as("null_calls.txt", &all);
    kt_str_free(&all);
    kt_str_free(&first);
}

static void calls_on(condition c, const char *title)
{
    fixture *k = fixture_new(c);
    kt_str   lines = {0};
    int      bad = 0;

    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        const entry *e = &entries[i];
        unsigned     all = (1u << e->n) - 1;
        bad += attempt(e, k, 0, &lines);
        for (int b = 0; b < e->n; b++)
            bad += attempt(e, k, 1u << b, &lines);
        if (e->n > 1)
            bad += attempt(e, k, all, &lines);
    }
    fixture_free(k);
    if (build_reads(true))
        keep_lines(c, title, &lines);
    kt_str_free(&lines);
    assert_int_equal(bad, 0);
}

static void on_compiled_models(void **state)
{
    (void)state;
    calls_on(COMPILED, "--- compiled models");
}

static void on_compiled_models_with_data(void **state)
{
    (void)state;
    calls_on(WITH_DATA, "--- with data for x and y");
}

static void on_built_models(void **state)
{
    (void)state;
    calls_on(BUILT, "--- built models");
}

static void on_models_that_are_not_built(void **state)
{
    (void)state;
    calls_on(NOT_BUILT, "--- models that are not built");
}

static void on_failed_models(void **state)
{
    (void)state;
    calls_on(FAILED, "--- failed models");
}

/* Zeros in every struct of layers.h: left out, and meant, one by one and all together. */
static void on_layers(void **state)
{
    (void)state;
    char name[64];

    for (size_t i = 0; i < sizeof layer_structs / sizeof *layer_structs; i++) {
        const layer_struct *s = &layer_structs[i];
        kt_layer_free(kt_layer_make(s->class_name, s->at));
        s->at->given = s->members;
        kt_layer *l = kt_layer_make(s->class_name, s->at);
        assert_non_null(l);
        if (kt_layer_error(l)) /* not for its names */
            assert_null(strstr(kt_layer_error(l)->message, "at.given"));
        kt_layer_free(l);
        for (const char *p = s->members; *p; p += strspn(p, " ")) {
            size_t n = strcspn(p, " ");
            snprintf(name, sizeof name, "%.*s", (int)n, p);
            s->at->given = name;
            kt_layer_free(kt_layer_make(s->class_name, s->at));
            p += n;
        }
    }
}

static int make_folder(void **state)
{
    (void)state;
    bool made = mkdtemp(folder) != NULL;

    said = mmap(NULL, sizeof *said, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (said == MAP_FAILED)
        return -1;

    snprintf(path, sizeof path, "%s/a.npy", folder);
    snprintf(table, sizeof table, "%s/t.csv", folder);
    FILE *f = made ? fopen(table, "w") : NULL;
    return f && fputs("a,b\n1,yes\n2,no\n", f) >= 0 && fclose(f) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    remove(path);
    remove(table);
    munmap(said, sizeof *said);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_compiled_models), cmocka_unit_test(on_compiled_models_with_data),
        cmocka_unit_test(on_built_models),    cmocka_unit_test(on_models_that_are_not_built),
        cmocka_unit_test(on_failed_models),   cmocka_unit_test(on_layers),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
