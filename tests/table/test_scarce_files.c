/* test_scarce_files.c - files, tables, callbacks, diagnoses while memory runs out, at some of the
 * pieces that each asks for: it ends in MemoryError, but where it can do without the piece. What
 * crashes ends the program, and what is not given back is seen at its end. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "data/data.h"
#include "keratin/bench.h"
#include "keratin/keratin.h"
#include "support/needs.h"
#include "support/scarce.h"

/* A sanitizer makes each try 10 times as long. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { RARER = 5 };
#else
enum { RARER = 1 };
#endif

typedef kt_status (*work)(const char *what);

static char       folder[] = "/tmp/keratin-scarce-XXXXXX", saved[128];
static kt_tensor *x, *y, *words;
static kt_model  *model; /* to be saved */
static int        failures, done;

static double gave; /* of a work that gives numbers: their sum */

/* The n-th piece of memory is refused, and all after it or this alone; 0: none is. */
static kt_status starved(work w, const char *what, int64_t n, bool alone, int64_t *pieces)
{
    kt_status s;

    kt_clear_thread_error();
    gave = 0;
    scarce_begin(n, alone);
    s = w(what);
    scarce_end();
    *pieces = scarce_pieces();
    return s;
}

enum { ANY_NUMBER = 1 << 30 };

/* Refuses about `most` of the pieces, other ones for each `what`; `spare`: how many of the last it
 * can do without. A work that fails with memory, too, is none. */
static void starve_but(const char *name, work w, const char *what, int64_t most, int64_t spare)
{
    int64_t     all, pieces, step;
    unsigned    salt = 0;
    const char *slash = strrchr(what, '/'); /* a temporary folder has another name each time */

    for (const char *p = slash ? slash : what; *p; p++)
        salt = salt * 31 + (unsigned char)*p;
    if (starved(w, what, 0, false, &all) != KT_OK)
        return;
    done++;
    step = all * RARER / most + 1;
    double whole = gave;
    bool   alone = false;
    for (int64_t n = 1 + salt % step; n <= all; n += step, alone = !alone) {
        kt_status s = starved(w, what, n, alone, &pieces);
        bool more = s == KT_OK && (pieces < n || n > all - spare); /* than it needed this time */
        /* Alone: it does without the piece, or a library said in its words that it can not. */
        bool fair = alone && (s != KT_OK || scarce_same(gave, whole));
        if (s != KT_E_MEMORY && !more && !fair) {
            failures++;
            fprintf(stderr, "%s %s: status %d, %g of %g where piece %lld fails%s\n", name, what,
                    (int)s, gave, whole, (long long)n, alone ? " alone" : "");
        }
    }
}

static void starve(const char *name, work w, const char *what, int64_t most)
{
    starve_but(name, w, what, most, 0);
}

/* --- works ------------------------------------------------------------------------------------ */

/* Of a call that failed: what is known of it. */
static kt_status status_of(const kt_error *e)
{
    return e ? e->status : KT_OK;
}

static void add_numbers(const kt_tensor *t)
{
    gave = scarce_sum(gave + 1, t);
}

static void add_text(const char *text)
{
    for (int64_t i = 0; text && text[i]; i++)
        gave += text[i] * (double)(i % 7 + 1);
}

static kt_status ended(kt_model *m)
{
    kt_status s = m ? status_of(kt_model_error(m)) : KT_E_MEMORY;
    char     *json;

    scarce_end();
    json = s == KT_OK ? kt_to_json(m) : NULL;
    add_text(json);
    kt_text_free(json);
    for (int i = 0; s == KT_OK && i < kt_weights(m); i++)
        add_numbers(kt_weight_at(m, i, NULL));
    kt_model_free(m);
    return s;
}

static kt_status with_data(kt_data *d)
{
    kt_status s = d ? status_of(kt_data_error(d)) : KT_E_MEMORY;

    scarce_end();
    for (int i = 0; s == KT_OK && i < d->n_x; i++)
        add_numbers(d->x[i].t);
    for (int i = 0; s == KT_OK && i < d->n_y; i++)
        add_numbers(d->y[i].t);
    kt_data_free(d);
    return s;
}

static kt_status with_tensor(kt_tensor *t)
{
    scarce_end();
    add_numbers(t);
    kt_tensor_unref(t);
    return t ? KT_OK : status_of(kt_thread_error());
}

/* A call that wrote a file, if it says so; the file goes. */
static kt_status taken(const char *path, kt_status s)
{
    return unlink(path) != 0 && s == KT_OK ? KT_E_OS : s;
}

static kt_status load(const char *path)
{
    return ended(kt_load(path));
}

static kt_status look(const char *path)
{
    kt_file_facts facts;

    return kt_file_look(path, &facts);
}

static kt_status take_weights(const char *path)
{
    kt_status s = kt_load_weights_with(model, path, 0, 1, NULL);

    scarce_end();
    for (int i = 0; s == KT_OK && i < kt_weights(model); i++)
        add_numbers(kt_weight_at(model, i, NULL));
    kt_clear_error(model);
    return s;
}

/* What was written is read back. */
static kt_status save(const char *ending)
{
    bool      whole = strcmp(ending, ".keras") == 0 || strcmp(ending, ".h5") == 0;
    kt_status s;

    snprintf(saved, sizeof saved, "%s/saved%s", folder, ending);
    s = kt_save(model, saved);
    scarce_end();
    kt_clear_error(model);
    if (s == KT_OK && (whole ? load(saved) : take_weights(saved)) != KT_OK)
        gave = -1; /* it is no file that can be read */
    return unlink(saved) != 0 && s == KT_OK ? KT_E_OS : s;
}

static kt_status to_json(const char *what)
{
    char     *text = kt_to_json(model);
    kt_status s = text ? KT_OK : KT_E_MEMORY;

    (void)what;
    scarce_end();
    add_text(text);
    kt_text_free(text);
    kt_clear_error(model);
    return s;
}

static kt_status summary(const char *what)
{
    FILE     *out = fopen("/dev/null", "w");
    kt_status s = kt_summary_with(&(kt_summary_args){
        .model = model, .out = out, .expand_nested = true, .show_trainable = true});

    (void)what;
    fclose(out);
    kt_clear_error(model);
    return s;
}

static kt_status table(const char *path)
{
    return with_data(kt_data_load(.csv = path, .target = "y", .drop_na = true));
}

static kt_status sentences(const char *path)
{
    return with_data(kt_data_load(.csv = path, .target = "y", .texts = true, .drop_na = true));
}

static kt_status lines(const char *path)
{
    return with_data(kt_data_load(.x = path, .texts = true));
}

static kt_status array(const char *path)
{
    return with_data(kt_data_files(path, NULL));
}

static kt_status images(const char *path)
{
    return with_data(kt_image_dataset(.directory = path, .label_mode = "none", .image_size = {4, 5},
                                      .validation_split = 0.5, .seed = 3, .subset = "training"));
}

static kt_status windows(const char *what)
{
    (void)what;
    return with_data(kt_timeseries(.data = x, .targets = y, .sequence_length = 3));
}

static kt_status halves(const char *what)
{
    kt_data  *d = kt_data_new(), *left = NULL, *right = NULL;
    kt_status s;

    (void)what;
    kt_data_add_x(d, "x", x);
    kt_data_add_y(d, "y", y);
    s = kt_data_error(d) ? kt_data_error(d)->status : kt_data_split(d, 0.5, 0, 1, &left, &right);
    s = s == KT_OK ? kt_data_shuffle(left) : s;
    kt_data_free(left);
    kt_data_free(right);
    return d ? (kt_data_free(d), s) : KT_E_MEMORY;
}

static kt_status padded(const char *what)
{
    int64_t lengths[] = {2, 1, 5};

    (void)what;
    return with_tensor(kt_pad_sequences(.values = x, .lengths = lengths, .n = 3));
}

static kt_status normal(const char *what)
{
    (void)what;
    return with_tensor(kt_normalize(x, -1, 2));
}

static kt_status hot(const char *what)
{
    (void)what;
    return with_tensor(kt_to_categorical(y, 3));
}

/* An array of numbers or texts, to a file and back. */
static kt_status array_kept(const char *name)
{
    kt_tensor *t = strcmp(name, "texts.npy") == 0 ? words : x;
    kt_status  s = kt_tensor_save(t, name);

    if (s == KT_OK && access(name, R_OK) == 0)
        s = with_tensor(kt_tensor_load(name, NULL));
    return taken(name, s);
}

static kt_status arrays_kept(const char *name)
{
    return taken(name, kt_tensors_save(name, 2, (const char *[]){"x", "y"}, (kt_tensor *[]){x, y}));
}

static kt_status fit(const char *callback)
{
    kt_model *m = kt_model_from("Sequential([Dense(2, input_shape=(3,))])");

    kt_compile(m, .optimizer = "sgd", .loss = "mse", .metrics = {"mae", "R2Score()"});
    kt_history_free(kt_fit(m, x, y, .epochs = 3, .batch_size = 4, .validation_split = 0.25,
                           .out = stderr, .callbacks = {callback}));
    return ended(m);
}

/* Repairs are offered as far as memory goes; the first is applied. */
static kt_status diagnose(const char *source)
{
    kt_data *d = kt_data_new();

    kt_data_add_x(d, NULL, x);
    kt_data_add_y(d, NULL, y);
    kt_diagnosis *found = kt_diagnose(.source = source, .data = d, .loss = "mse", .training = 1);
    char         *json = found ? kt_diagnosis_json(found) : NULL;
    kt_data_free(kt_repaired_data(found, 0));
    kt_model_free(kt_repaired_model(found, 0));
    kt_text_free(json);
    kt_diagnosis_free(found);
    kt_data_free(d);
    return KT_OK;
}

static kt_status explain(const char *text)
{
    kt_explanation_free(kt_explain_text(text));
    return KT_OK;
}

static kt_status initial_values(const char *call)
{
    kt_status s;
    char     *text = kt_initial_values(call, &s);

    scarce_end();
    add_text(text);
    kt_text_free(text);
    return s;
}

static kt_status measure(const char *what)
{
    kt_model *m = kt_model_from("Sequential([Dense(2, input_shape=(3,))])");

    (void)what;
    kt_bench *b = kt_failed(m) ? NULL : kt_bench_new(m, 2, false);
    gave = kt_bench_runs(b) > 0;
    kt_bench_free(b);
    return ended(m);
}

/* --- what they are done on -------------------------------------------------------------------- */

static void each_file(const char *of, const char *name, work w, int64_t most)
{
    char           path[512];
    const char    *source = getenv("KERATIN_SOURCE");
    struct dirent *e;

    snprintf(path, sizeof path, "%s/tests/%s", source ? source : ".", of);
    DIR *d = opendir(path);
    assert_non_null(d);
    while ((e = readdir(d))) {
        if (*e->d_name == '.')
            continue;
        snprintf(path, sizeof path, "%s/tests/%s/%s", source ? source : ".", of, e->d_name);
        starve(name, w, path, most);
    }
    closedir(d);
}

static void finished(int least)
{
    assert_int_equal(failures, 0);
    assert_true(done >= least);
    failures = done = 0;
}

static void files_are_read(void **state)
{
    (void)state;
    each_file("goldens/legacy", "load", load, 100);
    each_file("goldens/files", "load", load, 150);
    each_file("goldens/legacy", "look", look, 10);
    each_file("goldens/files", "look", look, 50);
    each_file("fuzz/seeds/npy", "array", array, 30);
    each_file("fuzz/seeds/npz", "array", array, 30);
    each_file("fuzz/seeds/idx", "array", array, 30);
    finished(50);
}

static void models_are_written(void **state)
{
    static const char *const models[] = {
        "keras2_12_adam.h5", "keras2_12_shared.h5",   "keras2_many.h5",  "keras2_plain.h5",
        "keras2_graph.h5",   "keras1_2_recurrent.h5", "keras2_frozen.h5"};
    static const char *const endings[] = {".keras", ".h5", ".weights.h5", ".npz"};
    const char              *source = getenv("KERATIN_SOURCE");
    char                     path[512];

    (void)state;
    for (size_t i = 0; i < KT_COUNT(models); i++) {
        snprintf(path, sizeof path, "%s/tests/goldens/legacy/%s", source ? source : ".", models[i]);
        model = kt_load(path);
        assert_false(kt_failed(model));
        for (size_t k = 0; k < KT_COUNT(endings); k++)
            starve_but("save", save, endings[k], 150, 1); /* the folder that is flushed */
        starve("take weights", take_weights, path, 60);
        starve("to json", to_json, path, 60);
        starve("summary", summary, path, 60);
        kt_model_free(model);
    }
    finished((int)KT_COUNT(models) * 6);
}

static void written(const char *name, const char *text, char path[128])
{
    kt_fault f = {0};

    snprintf(path, 128, "%s/%s", folder, name);
    assert_int_equal(kt_file_write(path, text, strlen(text), &f), KT_OK);
}

static void data_are_read(void **state)
{
    char path[128], image_folder[512];

    (void)state;
    written("plain.csv", "a,b,y\n1,2,3\n4,5,6\n", path);
    starve("table", table, path, 200);
    unlink(path);
    written("words.csv",
            "a,b,y\n"
            "red,\"2.5\",no\nblue,5,yes\nred,,no\n\"dark \"\"red\"\"\",1,no\n",
            path);
    starve("table", table, path, 200);
    starve("sentences", sentences, path, 200);
    unlink(path);
    written("lines.txt", "one two\nthree\n\nfour\n", path);
    starve("lines", lines, path, 200);
    unlink(path);
    snprintf(image_folder, sizeof image_folder, "%s/tests/goldens/images/png",
             getenv("KERATIN_SOURCE") ? getenv("KERATIN_SOURCE") : ".");
    starve("images", images, image_folder, 200);
    starve("windows", windows, "", 200);
    starve("halves", halves, "", 200);
    starve("padded", padded, "", 200);
    starve("normal", normal, "", 200);
    starve("hot", hot, "", 200);
    starve("array", array_kept, "numbers.npy", 200);
    starve("array", array_kept, "texts.npy", 200);
    starve_but("arrays", arrays_kept, "both.npz", 200, 1);
    finished(12);
}

static void training_is_watched(void **state)
{
    static const char *const callbacks[] = {
        "EarlyStopping(patience=1, restore_best_weights=True)",
        "ReduceLROnPlateau(patience=1)",
        "ModelCheckpoint('m{epoch:02d}-{val_loss:.2f}.keras', save_best_only=True)",
        "ModelCheckpoint('w.weights.h5', save_weights_only=True, save_freq=2)",
        "CSVLogger('log.csv')",
        "LearningRateScheduler(0.05)",
        "TerminateOnNaN()",
        "BackupAndRestore('backup')",
        "TensorBoard('board', update_freq=1)"};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(callbacks); i++)
        starve("fit", fit, callbacks[i], 300);
    starve("bench", measure, "", 100);
    finished(7);
}

static void mistakes_are_told(void **state)
{
    static const char *const models[] = {
        "Sequential([Dense(3, input_shape=(4,)), Dense(5)])",
        "Sequential([Dense(3, activation='softmax', input_shape=(3,))])",
        "Sequential([Input((3,)), LSTM(4), Dense(2)])",
        "Sequential([Input((3,)), Embedding(5, 2), Flatten(), Dense(2)])",
        "Sequential([Input((8, 8, 1)), Conv2D(2, 3), Flatten(), Dense(2)])"};
    static const char *const texts[] = {
        "ValueError: Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: "
        "expected ndim=3, found ndim=2. Full shape received: (None, 8)",
        "ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`. Received: "
        "target.shape=(None,), output.shape=(None, 2)",
        "No such words"};
    static const char *const calls[] = {
        "{\"initializer\": {\"class_name\": \"GlorotUniform\", \"config\": {\"seed\": 1}}, \"shape\": [3, 5]}",
        "{\"function\": \"rand\", \"args\": [3], \"numpy_seed\": 0}"};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(models); i++)
        starve_but("diagnose", diagnose, models[i], 300, ANY_NUMBER);
    for (size_t i = 0; i < KT_COUNT(texts); i++)
        starve_but("explain", explain, texts[i], 300, ANY_NUMBER);
    for (size_t i = 0; i < KT_COUNT(calls); i++)
        starve("initial values", initial_values, calls[i], 300);
    finished(8);
}

static int set_up(void **state)
{
    (void)state;
    need_reading(true);
    kt_alloc_count_pieces(true);
    x = kt_tensor_new(KT_F32, KT_SHAPE(12, 3));
    y = kt_tensor_new(KT_I32, KT_SHAPE(12, 2));
    words = kt_tensor_from_texts((const char *[]){"one", "\xc3\xa9", ""}, KT_SHAPE(3));
    for (int64_t i = 0; i < 36; i++)
        kt_tensor_set(x, i, (double)(i % 7) / 7);
    for (int64_t i = 0; i < 24; i++)
        kt_tensor_set(y, i, (double)(i % 3));
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int take_away(const char *path, const struct stat *s, int kind, struct FTW *where)
{
    (void)s;
    (void)kind;
    (void)where;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_tensor_unref(words);
    return chdir("/") || nftw(folder, take_away, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),    cmocka_unit_test(models_are_written),
        cmocka_unit_test(data_are_read),     cmocka_unit_test(training_is_watched),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
