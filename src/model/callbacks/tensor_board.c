/* tensor_board.c - TensorBoard: losses, metrics and weights of a training, in event files that
 * TensorBoard reads.
 *
 * A file is a row of records: length (8 bytes) and its masked CRC32C, the bytes of an Event, their
 * masked CRC32C; all little-endian. An Event is a protocol buffer with summaries of TensorBoard's
 * plugins "scalars" and "histograms", as Keras writes them. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/callback.h"
#include "model/callbacks/files.h"
#include "model/step.h"

#define FIELDS(F)                                                                         \
    F(STR, log_dir, "logs", "", "The folder.")                                            \
    F(INT, histogram_freq, "0", "kept: nothing",                                          \
      "Epochs between histograms of the weights; 0: none.")                               \
    F(BOOL, write_graph, "True", "", "Accepted as Keras does; the graph is not written.") \
    F(BOOL, write_images, "False", "", "Accepted as Keras does; images are not written.") \
    F(BOOL, write_steps_per_second, "False", "", "How many batches a second.")            \
    F(ANY, update_freq, "'epoch'", "", "'epoch', 'batch', or after how many batches.")    \
    F(ANY, profile_batch, "0", "", "Accepted as Keras does; nothing is profiled.")        \
    F(INT, embeddings_freq, "0", "kept: nothing",                                         \
      "Accepted as Keras does; embeddings are not written.")                              \
    F(ANY, embeddings_metadata, "None", "", "Accepted as Keras does.")
KT_CONFIG(FIELDS);

enum { BINS = 30 };

typedef struct state {
    FILE   *train, *validation;
    int64_t step;        /* batches since the begin of fit */
    double  batch_began; /* seconds */
    double  epoch_began;
    int64_t epoch_step;
} state;

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* --- protocol buffers ------------------------------------------------------------------------- */

static void put_varint(kt_str *out, uint64_t v)
{
    for (; v >= 128; v >>= 7)
        kt_str_addc(out, (char)(unsigned char)((v & 127u) | 128u));
    kt_str_addc(out, (char)v);
}

static void put_fixed(kt_str *out, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        kt_str_addc(out, (char)(unsigned char)((v >> (8 * i)) & 255u));
}

static void put_double(kt_str *out, double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    put_fixed(out, bits, 8);
}

static void put_number(kt_str *out, int field, uint64_t v)
{
    put_varint(out, (uint64_t)field << 3);
    put_varint(out, v);
}

static void put_bytes(kt_str *out, int field, const char *bytes, size_t n)
{
    put_varint(out, (uint64_t)field << 3 | 2);
    put_varint(out, n);
    kt_str_addn(out, bytes, n);
}

static void put_text(kt_str *out, int field, const char *text)
{
    put_bytes(out, field, text, strlen(text));
}

/* A message in a field of another. */
static void put_message(kt_str *out, int field, kt_str *inner)
{
    out->failed = out->failed || inner->failed;
    put_bytes(out, field, kt_str_text(inner), inner->len);
    kt_str_free(inner);
}

/* --- records ---------------------------------------------------------------------------------- */

static uint32_t masked(const char *bytes, size_t n)
{
    uint32_t crc = kt_crc32c(bytes, n);

    return (crc >> 15 | crc << 17) + UINT32_C(0xa282ead8);
}

/* An Event of these fields behind the time; takes them. */
static kt_status write_event(kt_callback_run *r, FILE *to, kt_str *fields)
{
    kt_str event = {0}, record = {0};

    put_varint(&event, 1 << 3 | 1);
    put_double(&event, seconds(CLOCK_REALTIME));
    event.failed = event.failed || fields->failed;
    kt_str_addn(&event, kt_str_text(fields), fields->len);
    kt_str_free(fields);
    put_fixed(&record, event.len, 8);
    put_fixed(&record, masked(kt_str_text(&record), record.len), 4);
    kt_str_addn(&record, kt_str_text(&event), event.len);
    put_fixed(&record, masked(kt_str_text(&event), event.len), 4);
    if (event.failed || record.failed)
        kt_raise_memory(r->fault);
    else if (fwrite(kt_str_text(&record), 1, record.len, to) != record.len || fflush(to) != 0)
        kt_raise(r->fault, KT_E_OS, "TensorBoard: cannot write to '%s'",
                 ((const config *)r->config)->log_dir);
    kt_str_free(&event);
    kt_str_free(&record);
    return r->fault->e.status;
}

/* A tensor of a plugin under a name: its shape (rank 0 or [rows, columns]) and its bytes. */
static kt_status write_tensor(kt_callback_run *r, FILE *to, int64_t step, const char *tag,
                              const char *plugin, int dtype, const int64_t *shape, kt_str *bytes)
{
    kt_str tensor = {0}, dims = {0}, data = {0}, metadata = {0}, value = {0}, summary = {0},
           event = {0};

    for (int i = 0; shape && i < 2; i++) {
        kt_str dim = {0};
        put_number(&dim, 1, (uint64_t)shape[i]);
        put_message(&dims, 2, &dim);
    }
    put_number(&tensor, 1, (uint64_t)dtype);
    put_message(&tensor, 2, &dims);
    put_message(&tensor, 4, bytes);
    put_text(&data, 1, plugin);
    put_message(&metadata, 1, &data);
    put_text(&value, 1, tag);
    put_message(&value, 8, &tensor);
    put_message(&value, 9, &metadata);
    put_message(&summary, 1, &value);
    put_number(&event, 2, (uint64_t)step);
    put_message(&event, 5, &summary);
    return write_event(r, to, &event);
}

enum { DT_FLOAT = 1, DT_DOUBLE = 2 };

static kt_status write_scalar(kt_callback_run *r, FILE *to, int64_t step, const char *before,
                              const char *name, const char *behind, double v)
{
    kt_str   tag = {0}, bytes = {0};
    float    x = (float)v;
    uint32_t bits;

    memcpy(&bits, &x, sizeof bits);
    put_fixed(&bytes, bits, 4);
    kt_str_printf(&tag, "%s%s%s", before, name, behind);
    write_tensor(r, to, step, kt_str_text(&tag), "scalars", DT_FLOAT, NULL, &bytes);
    kt_str_free(&tag);
    return r->fault->e.status;
}

/* How many numbers lie in each of equal steps from the least to the largest. */
static kt_status write_histogram(kt_callback_run *r, int64_t step, const char *tag,
                                 const kt_tensor *t)
{
    double  lo = INFINITY, hi = -INFINITY, width;
    int64_t count[BINS] = {0}, shape[] = {BINS, 3};
    kt_str  bytes = {0};

    for (int64_t i = 0; i < t->count; i++) {
        double x = kt_tensor_get(t, i);
        lo = x < lo ? x : lo;
        hi = x > hi ? x : hi;
    }
    if (!(lo <= hi))
        lo = hi = 0;
    width = (hi - lo) / BINS;
    for (int64_t i = 0; i < t->count; i++) {
        double at = hi > lo ? floor((kt_tensor_get(t, i) - lo) / width) : BINS - 1;
        if (at >= 0)
            count[at < BINS ? (int)at : BINS - 1]++;
    }
    for (int i = 0; i < BINS; i++) {
        put_double(&bytes, lo + width * i);
        put_double(&bytes, i + 1 < BINS ? lo + width * (i + 1) : hi);
        put_double(&bytes, (double)count[i]);
    }
    return write_tensor(r, ((const state *)r->state)->train, step, tag, "histograms", DT_DOUBLE,
                        shape, &bytes);
}

/* --- files ------------------------------------------------------------------------------------ */

static kt_status open_file(kt_callback_run *r, const char *part, FILE **out)
{
    const config *c = r->config;
    size_t        n = strlen(c->log_dir);
    kt_str        path = {0}, version = {0};
    char          host[128] = "localhost";

    (void)gethostname(host, sizeof host - 1);
    kt_str_printf(&path, "%s%s%s/events.out.tfevents.%lld.%s.%ld.%d.v2", c->log_dir,
                  n > 0 && c->log_dir[n - 1] != '/' ? "/" : "", part,
                  (long long)seconds(CLOCK_REALTIME), host, (long)getpid(), part[0] == 't' ? 0 : 1);
    if (path.failed)
        kt_raise_memory(r->fault);
    else if (kt_make_folders(kt_str_text(&path), "TensorBoard", r->fault) == KT_OK &&
             !(*out = fopen(kt_str_text(&path), "wb")))
        kt_raise(r->fault, KT_E_OS, "TensorBoard: cannot write '%s'", kt_str_text(&path));
    kt_str_free(&path);
    if (r->fault->e.status != KT_OK)
        return r->fault->e.status;
    put_text(&version, 3, "brain.Event:2");
    return write_event(r, *out, &version);
}

static kt_status begin(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    const char   *word = kt_value_text(c->update_freq);

    if (!kt_is_int(c->update_freq) && !kt_streq(word, "epoch") && !kt_streq(word, "batch"))
        return kt_raise(r->fault, KT_E_VALUE,
                        "TensorBoard: update_freq must be 'epoch', 'batch' or a number");
    s->batch_began = seconds(CLOCK_MONOTONIC);
    return open_file(r, "train", &s->train);
}

/* --- during training -------------------------------------------------------------------------- */

static kt_status epoch_begin(kt_callback_run *r)
{
    state *s = r->state;

    s->epoch_began = seconds(CLOCK_MONOTONIC);
    s->epoch_step = s->step;
    return KT_OK;
}

/* What loss and metrics are by now in this epoch. */
static kt_status write_batch(kt_callback_run *r)
{
    state      *s = r->state;
    kt_history *h = kt_history_new();

    if (!h)
        return kt_raise_memory(r->fault);
    kt_targets_result(r->m, h, "", 0);
    for (int i = 0; i < kt_history_keys(h) && r->fault->e.status == KT_OK; i++) {
        const char *key = kt_history_key(h, i);
        if (!kt_history_is_list(h, key))
            write_scalar(r, s->train, s->step, "batch_", key, "", kt_history_get(h, key, -1));
    }
    kt_history_free(h);
    return r->fault->e.status;
}

/* After how many batches something is written; 0: after epochs alone. */
static int64_t batches_between(const config *c)
{
    return kt_is_int(c->update_freq)                        ? c->update_freq->i
         : kt_streq(kt_value_text(c->update_freq), "batch") ? 1
                                                            : 0;
}

static kt_status batch_end(kt_callback_run *r, int64_t batch)
{
    const config *c = r->config;
    state        *s = r->state;
    double        now = seconds(CLOCK_MONOTONIC), took = now - s->batch_began;
    int64_t       every = batches_between(c);

    (void)batch;
    s->step++;
    s->batch_began = now;
    if (every < 1 || s->step % every != 0)
        return KT_OK;
    if (c->write_steps_per_second && took > 0)
        write_scalar(r, s->train, s->step, "batch_", "steps_per_second", "", 1 / took);
    return write_batch(r);
}

static bool of_validation(const char *key)
{
    return strncmp(key, "val_", 4) == 0;
}

/* What the validation gave, after so many batches or of the epoch. */
static kt_status write_results(kt_callback_run *r, int64_t step, const char *before,
                               const char *after)
{
    state *s = r->state;

    for (int i = 0; i < kt_history_keys(r->h) && r->fault->e.status == KT_OK; i++) {
        const char *key = kt_history_key(r->h, i);
        if (!of_validation(key) || kt_history_is_list(r->h, key))
            continue;
        if (s->validation || open_file(r, "validation", &s->validation) == KT_OK)
            write_scalar(r, s->validation, step, before, key + 4, after,
                         kt_history_get(r->h, key, -1));
    }
    return r->fault->e.status;
}

static kt_status write_weights(kt_callback_run *r)
{
    for (int i = 0; i < kt_weights(r->m) && r->fault->e.status == KT_OK; i++) {
        const char *path = NULL;
        kt_tensor  *t = kt_weight_at(r->m, i, &path);
        kt_str      tag = {0};
        kt_str_printf(&tag, "%s/histogram", path ? path : "weight");
        if (t)
            write_histogram(r, r->epoch, kt_str_text(&tag), t);
        kt_str_free(&tag);
    }
    return r->fault->e.status;
}

static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    double        took = seconds(CLOCK_MONOTONIC) - s->epoch_began;
    int64_t       every = batches_between(c);

    if (write_results(r, s->step, "evaluation_", "_vs_iterations") != KT_OK)
        return r->fault->e.status;
    if (every > 0 && s->step % every != 0) /* Keras asks this of epochs, too */
        return KT_OK;
    for (int i = 0; i < kt_history_keys(r->h) && r->fault->e.status == KT_OK; i++) {
        const char *key = kt_history_key(r->h, i);
        if (!of_validation(key) && !kt_history_is_list(r->h, key) &&
            !kt_streq(key, "learning_rate"))
            write_scalar(r, s->train, r->epoch, "epoch_", key, "", kt_history_get(r->h, key, -1));
    }
    if (r->fault->e.status == KT_OK)
        write_scalar(r, s->train, r->epoch, "epoch_", "learning_rate", "", kt_learning_rate(r->m));
    if (c->write_steps_per_second && took > 0 && r->fault->e.status == KT_OK)
        write_scalar(r, s->train, r->epoch, "epoch_", "steps_per_second", "",
                     (double)(s->step - s->epoch_step) / took);
    if (write_results(r, r->epoch, "epoch_", "") != KT_OK || c->histogram_freq < 1 ||
        r->epoch % c->histogram_freq != 0)
        return r->fault->e.status;
    return write_weights(r);
}

static void end(kt_callback_run *r)
{
    state *s = r->state;

    if (s->train)
        fclose(s->train);
    if (s->validation)
        fclose(s->validation);
    s->train = s->validation = NULL;
}

static kt_status refuse_batches(const kt_value *v, kt_fault *f)
{
    kt_str text = {0};

    kt_python_str(&text, v);
    kt_raise(f, KT_E_VALUE,
             "profile_batch must be a non-negative integer or 2-tuple of positive integers. A pair "
             "of positive integers signifies a range of batches to profile. Found: %s",
             kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

/* A number of a text "2,5", by Python's int(). */
static bool whole(const char *s, size_t n, double *out, kt_fault *f)
{
    char *end;

    *out = kt_strtod(s, &end);
    if (n > 0 && end == s + n && strcspn(s, ".eE") >= n)
        return true;
    kt_raise(f, KT_E_VALUE, "invalid literal for int() with base 10: '%.*s'", (int)n, s);
    return false;
}

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    const kt_value *v = ((const config *)cfg)->profile_batch;
    double          batch[2] = {0};
    size_t          n = 0;

    (void)a;
    if (v && v->kind == KT_STR) {
        for (const char *s = v->s; s; s = *s == ',' ? s + 1 : NULL, n++) {
            size_t length = strcspn(s, ",");
            if (!whole(s, length, &batch[n > 0], f))
                return f->e.status;
            s += length;
        }
        n = n == 2 ? 2 : 0; /* a list of one is no number */
    } else if (kt_value_is_seq(v) && v->n == 2) {
        n = kt_value_number(v->items[0], &batch[0]) + kt_value_number(v->items[1], &batch[1]);
    } else if (kt_is_int(v)) {
        batch[0] = batch[1] = (double)v->i;
        n = 2;
    }
    return n == 2 && batch[0] >= 0 && batch[1] >= batch[0] ? KT_OK : refuse_batches(v, f);
}

static const kt_callback_type tensor_board = {
    .cls = {.class_name = "TensorBoard",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Writes losses, metrics and weights for TensorBoard.",
            .check = check},
    .begin = begin,
    .epoch_begin = epoch_begin,
    .batch_end = batch_end,
    .epoch_end = epoch_end,
    .end = end,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_tensor_board[] = {&tensor_board.cls, NULL};
