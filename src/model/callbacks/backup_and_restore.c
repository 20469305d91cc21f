/* backup_and_restore.c - BackupAndRestore: a training that was killed goes on where it was, from
 * the folder that it left its state in.
 *
 * The files are Keras': latest.weights.h5 (weights and optimizer) and training_metadata.json, which
 * says the next epoch. Beside that, the latter holds here the seeds of the layers and of the
 * shuffling, so that the numbers after a restart are those of a training that was never killed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "codec/codec.h"
#include "model/callback.h"
#include "model/callbacks/files.h"

#define FIELDS(F)                                                                            \
    F(STR, backup_dir, REQUIRED, "met: x and os.fspath(x)", "The folder.")                   \
    F(ANY, save_freq, "'epoch'", "", "After each 'epoch', or after this many batches, too.") \
    F(BOOL, double_checkpoint, "False", "", "Keep the state before the last one, too.")      \
    F(BOOL, delete_checkpoint, "True", "", "Remove the files when training has ended.")
KT_CONFIG(FIELDS);

typedef struct state {
    int64_t batches; /* since the last backup */
    int64_t done;    /* of this epoch */
    bool    ended;   /* with the last epoch, or with one that a callback stopped at */
    char *weights, *numbers, *next, *folder; /* next: becomes numbers once the weights are there */
    kt_arena arena;
} state;

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    const config *c = cfg;
    kt_str        text = {0};

    (void)a;
    if (!c->backup_dir || !*c->backup_dir)
        return kt_raise(f, KT_E_VALUE, "Empty `backup_dir` argument passed");
    if (kt_streq(kt_value_text(c->save_freq), "epoch") || kt_is_int(c->save_freq))
        return KT_OK;
    if (kt_value_text(c->save_freq))
        kt_str_add(&text, kt_value_text(c->save_freq));
    else
        kt_value_repr(&text, c->save_freq);
    kt_raise(f, KT_E_VALUE,
             "Invalid value for argument `save_freq`. Received: save_freq=%s. Expected either "
             "'epoch' or an integer value.",
             kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

/* --- the seeds of layers, in the order in which layers lie in each other --- */

static void each_seed(kt_layer *l, void (*f)(kt_variable *seed, void *with), void *with)
{
    if (l->seed)
        f(l->seed, with);
    for (size_t i = 0; i < l->sublayers.n; i++)
        each_seed(l->sublayers.at[i], f, with);
}

static void add_seed(kt_variable *seed, void *with)
{
    const int64_t *s = seed->value->data;
    kt_str        *out = with;
    bool           first = out->len == 0 || out->data[out->len - 1] == '[';

    kt_str_printf(out, "%s[%lld, %lld]", first ? "" : ", ", (long long)s[0], (long long)s[1]);
}

typedef struct reading {
    const kt_value *list;
    size_t          at;
} reading;

static void set_seed(kt_variable *seed, void *with)
{
    reading        *r = with;
    const kt_value *v = r->at < r->list->n ? r->list->items[r->at] : NULL;
    int64_t        *to = seed->value->data;

    r->at++;
    if (!v || !kt_value_is_seq(v) || v->n != 2)
        return;
    for (size_t i = 0; i < 2; i++)
        to[i] = kt_is_int(v->items[i]) ? v->items[i]->i : to[i];
}

/* --- saving --- */

static kt_status keep_last(const config *c, const char *path, kt_fault *f)
{
    kt_str old = {0};

    kt_str_printf(&old, "%s.bkp", path);
    if (c->double_checkpoint && rename(path, kt_str_text(&old)) != 0 && errno != ENOENT)
        kt_raise(f, KT_E_OS, "BackupAndRestore: cannot rename '%s': %s", path, strerror(errno));
    kt_str_free(&old);
    return f->e.status;
}

/* How many steps the weights have behind them: tells which weights the numbers belong to. */
static int64_t steps_of(const kt_callback_run *r)
{
    return (int64_t)kt_tensor_get(r->m->optimizer->iterations->value, 0);
}

/* The training goes on with this epoch, from its beginning. */
static kt_status save(kt_callback_run *r, int64_t epoch, int64_t batch)
{
    state *s = r->state;
    kt_str text = {0};

    s->batches = 0;
    kt_str_printf(&text,
                  "{\"epoch\": %lld, \"batch\": %lld, \"steps\": %lld, \"shuffle_seed\": %lld, "
                  "\"seeds\": [",
                  (long long)epoch, (long long)batch, (long long)steps_of(r),
                  (long long)r->watch->shuffle_seed);
    each_seed(r->m->root, add_seed, &text);
    kt_str_add(&text, "]}");
    if (text.failed)
        kt_raise_memory(r->fault);
    else if (kt_file_write(s->next, kt_str_text(&text), text.len, r->fault) == KT_OK &&
             keep_last(r->config, s->weights, r->fault) == KT_OK &&
             keep_last(r->config, s->numbers, r->fault) == KT_OK &&
             kt_save_hook(r->m, s->weights, true, r->fault) == KT_OK &&
             rename(s->next, s->numbers) != 0)
        kt_raise(r->fault, KT_E_OS, "BackupAndRestore: cannot rename '%s': %s", s->next,
                 strerror(errno));
    kt_str_free(&text);
    return r->fault->e.status;
}

static int64_t batches_of(const kt_watch *w)
{
    return (w->rows + w->batch - 1) / w->batch;
}

static kt_status epoch_begin(kt_callback_run *r)
{
    state *s = r->state;

    s->done = 0;
    s->ended = false;
    return KT_OK;
}

static kt_status batch_end(kt_callback_run *r, int64_t batch)
{
    const config *c = r->config;
    state        *s = r->state;

    s->done = batch + 1;
    s->batches++;
    if (kt_is_int(c->save_freq) && s->batches >= c->save_freq->i)
        save(r, r->epoch, batch);
    return r->fault->e.status;
}

/* An epoch that was interrupted is no end of one: the last backup stays. */
static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;

    bool complete = s->done >= batches_of(r->watch);
    s->ended = complete && (r->m->stop || r->epoch + 1 >= r->epochs);
    if (complete && !kt_is_int(c->save_freq))
        save(r, r->epoch + 1, 0);
    return r->fault->e.status;
}

/* --- going on --- */

static kt_status use(kt_callback_run *r, const kt_value *v)
{
    const kt_value *epoch = kt_value_get(v, "epoch"), *seed = kt_value_get(v, "shuffle_seed");
    reading         seeds = {.list = kt_value_get(v, "seeds")};

    if (!kt_is_int(epoch) || epoch->i < 0)
        return kt_raise(r->fault, KT_E_VALUE, "BackupAndRestore: '%s' says no epoch",
                        ((const state *)r->state)->numbers);
    if (epoch->i > r->watch->from)
        r->watch->from = epoch->i;
    if (kt_value_is_seq(seeds.list))
        each_seed(r->m->root, set_seed, &seeds);
    if (r->watch->shuffler && kt_is_int(seed)) {
        r->watch->shuffle_seed = seed->i;
        kt_mt_seed(r->watch->shuffler, (uint32_t)seed->i);
    }
    return KT_OK;
}

static kt_value *read_numbers(kt_callback_run *r, const char *path)
{
    kt_bytes  b = {0};
    kt_value *v = NULL;

    if (access(path, F_OK) == 0 && kt_file_read(path, &b, r->fault) == KT_OK)
        v = kt_json_parse(path, (const char *)b.data, b.size, &((state *)r->state)->arena,
                          r->fault);
    kt_bytes_free(&b);
    return v;
}

/* Do the numbers belong to the weights that were read? Keras' files do not say. */
static bool belong(const kt_callback_run *r, const kt_value *v)
{
    const kt_value *steps = kt_value_get(v, "steps");

    return !kt_is_int(steps) || steps->i == steps_of(r);
}

/* Who was killed between the two files has the numbers of the new weights in `next`. */
static kt_status go_on(kt_callback_run *r)
{
    state    *s = r->state;
    kt_value *v = read_numbers(r, s->numbers), *next = read_numbers(r, s->next);

    if (r->fault->e.status != KT_OK || (!v && !next) || access(s->weights, F_OK) != 0 ||
        kt_restore_hook(r->m, s->weights, r->fault) != KT_OK)
        return r->fault->e.status; /* or nothing was killed */
    if (next && belong(r, next))
        v = next;
    if (v && belong(r, v))
        return use(r, v);
    return kt_raise(r->fault, KT_E_VALUE, "BackupAndRestore: '%s' does not belong to '%s'",
                    s->numbers, s->weights);
}

static kt_status begin(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    size_t        n = strlen(c->backup_dir);
    const char   *slash = c->backup_dir[n - 1] == '/' ? "" : "/";

    s->folder = kt_arena_printf(&s->arena, "%s%s", c->backup_dir, slash);
    s->weights = kt_arena_printf(&s->arena, "%s%slatest.weights.h5", c->backup_dir, slash);
    s->numbers = kt_arena_printf(&s->arena, "%s%straining_metadata.json", c->backup_dir, slash);
    s->next = kt_arena_printf(&s->arena, "%s%straining_metadata.next.json", c->backup_dir, slash);
    if (!s->folder || !s->weights || !s->numbers || !s->next)
        return kt_raise_memory(r->fault);
    if (kt_make_folders(s->folder, "BackupAndRestore", r->fault) != KT_OK ||
        kt_check_save_hook(r->m, s->weights, true, r->fault) != KT_OK)
        return r->fault->e.status;
    return go_on(r);
}

static void forget(const char *path)
{
    kt_str old = {0};

    kt_str_printf(&old, "%s.bkp", path);
    (void)unlink(path);
    (void)unlink(kt_str_text(&old));
    kt_str_free(&old);
}

/* What ended as it should needs no backup. */
static void end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    bool          ended = s->ended || r->watch->from >= r->epochs;

    if (c->delete_checkpoint && ended && r->fault->e.status == KT_OK && s->next) {
        forget(s->weights);
        forget(s->numbers);
        forget(s->next);
        (void)rmdir(s->folder); /* other files stay, and it with them */
    }
    kt_arena_free(&s->arena);
}

static const kt_callback_type backup_and_restore = {
    .cls = {.class_name = "BackupAndRestore",
            .module = "keras.callbacks",
            .config = &config_type,
            .check = check,
            .summary = "Goes on with a training that was killed."},
    .begin = begin,
    .epoch_begin = epoch_begin,
    .batch_end = batch_end,
    .epoch_end = epoch_end,
    .end = end,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_backup_and_restore[] = {&backup_and_restore.cls, NULL};
