/* model_checkpoint.c - ModelCheckpoint: saves the model after epochs or batches, or after the best
 * ones. */
#include <string.h>

#include "model/callbacks/files.h"
#include "model/callbacks/format.h"
#include "model/callbacks/monitor.h"
#include "model/step.h"

#define FIELDS(F)                                                                       \
    F(STR, filepath, REQUIRED, "",                                                      \
      "Where; {epoch}, {epoch:02d} and {val_loss:.2f} are filled in.")                  \
    KT_MONITOR_FIELDS(F, "val_loss")                                                    \
    F(INT, verbose, "0", "kept: nothing", "1: say what is saved, and why.       ")      \
    F(BOOL, save_best_only, "False", "", "Only when the watched number got better.")    \
    F(BOOL, save_weights_only, "False", "", "Only weights (.weights.h5).")              \
    F(STR, mode, "auto", "", "Which way is better: auto, min or max.")                  \
    F(ANY, save_freq, "'epoch'", "", "After each 'epoch', or after this many batches.") \
    F(ANY, initial_value_threshold, "None", "", "Best value to begin with.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_monitor monitor;
    int64_t    batches; /* since the last file */
} state;

/* --- what the constructor refuses ------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);

    return n >= k && strcmp(text + n - k, end) == 0;
}

static bool by_epoch(const config *c)
{
    return kt_streq(kt_value_text(c->save_freq), "epoch");
}

static kt_status refuse_frequency(const kt_value *v, kt_fault *f)
{
    kt_str text = {0};

    if (kt_value_text(v))
        kt_str_add(&text, kt_value_text(v));
    else if (v)
        kt_value_repr(&text, v);
    else
        kt_str_add(&text, "None");
    kt_raise(f, KT_E_VALUE,
             "Unrecognized save_freq: %s. Expected save_freq are 'epoch' or integer values",
             kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_VALUE;
}

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    const config *c = cfg;

    (void)a;
    if (!by_epoch(c) && !(c->save_freq && c->save_freq->kind == KT_INT))
        return refuse_frequency(c->save_freq, f);
    if (!c->filepath)
        return kt_raise(f, KT_E_ATTRIBUTE, "'NoneType' object has no attribute 'endswith'");
    if (c->save_weights_only && !ends_with(c->filepath, ".weights.h5"))
        return kt_raise(
            f, KT_E_VALUE,
            "When using `save_weights_only=True` in `ModelCheckpoint`, the filepath provided must end "
            "in `.weights.h5` (Keras weights format). Received: filepath=%s",
            c->filepath);
    if (!c->save_weights_only && !ends_with(c->filepath, ".keras") &&
        !ends_with(c->filepath, ".h5"))
        return kt_raise(f, KT_E_VALUE,
                        "The filepath provided must end in `.keras` (Keras model format). "
                        "Received: filepath=%s",
                        c->filepath);
    return KT_OK;
}

/* --- the file's name -------------------------------------------------------------------------- */

typedef struct names {
    kt_callback_run  *r;
    const kt_history *h;     /* of the epoch, or of the running one */
    int64_t           batch; /* from 0; -1: at the end of an epoch */
} names;

static bool number_of(void *with, const char *name, kt_number *out)
{
    const names *n = with;

    *out = (kt_number){.whole = true, .v = (double)(n->r->epoch + 1)};
    if (kt_streq(name, "epoch"))
        return true;
    out->v = (double)(n->batch + 1);
    if (kt_streq(name, "batch"))
        return n->batch >= 0;
    *out = (kt_number){.v = kt_history_get(n->h, name, -1)};
    for (int i = 0; i < kt_history_keys(n->h); i++)
        if (kt_streq(kt_history_key(n->h, i), name))
            return true;
    return false;
}

/* Python shows a KeyError's text as it would be written in a program. */
static void raise_missing(const char *filepath, const char *name, kt_fault *f)
{
    kt_str   text = {0}, quoted = {0};
    kt_value v = {.kind = KT_STR};

    kt_str_printf(&text, "Failed to format this callback filepath: \"%s\". Reason: '%s'", filepath,
                  name);
    v.s = kt_str_text(&text);
    kt_value_repr(&quoted, &v);
    kt_raise(f, KT_E_KEY, "%s", kt_str_text(&quoted));
    kt_str_free(&text);
    kt_str_free(&quoted);
}

static kt_status make_path(const names *n, kt_str *path)
{
    const config *c = n->r->config;
    kt_fault      f = {0};

    if (kt_format_text(path, c->filepath, number_of, (void *)(uintptr_t)n, &f) == KT_E_KEY)
        raise_missing(c->filepath, f.e.message, n->r->fault);
    kt_fault_copy(n->r->fault, &f);
    kt_fault_clear(&f);
    return n->r->fault->e.status;
}

/* A file that can not be written is said before the first epoch, not after it. What is in braces
 * is not known yet: a name in a folder with braces is left to the first save. */
static kt_status check_file(kt_callback_run *r, const config *c)
{
    const char *slash = strrchr(c->filepath, '/'), *brace = strchr(c->filepath, '{');

    if (slash && brace && brace < slash)
        return KT_OK;
    if (kt_make_folders(c->filepath, "ModelCheckpoint", r->fault) != KT_OK)
        return r->fault->e.status;
    return kt_check_save_hook(r->m, c->filepath, c->save_weights_only, r->fault);
}

static kt_status begin(kt_callback_run *r)
{
    const config *c = r->config;
    kt_monitor   *o = &((state *)r->state)->monitor;

    *o = (kt_monitor){.callback = "ModelCheckpoint", .key = c->monitor};
    o->known = kt_value_number(c->initial_value_threshold, &o->best);
    return check_file(r, c);
}

/* --- saving ----------------------------------------------------------------------------------- */

/* "None" or the best number before this one. */
static void add_best(kt_str *out, const kt_monitor *o)
{
    if (o->known)
        kt_str_printf(out, "%.5f", o->best);
    else
        kt_str_add(out, "None");
}

static void add_list(kt_str *out, const kt_history *h, const char *key)
{
    for (int i = 0; i < kt_history_width(h, key); i++)
        kt_str_printf(out, "%s%.8g", i ? " " : "", kt_history_at(h, key, -1, i));
}

/* Where the number can not be compared Keras saves, and warns. */
static bool can_not_compare(const names *n, double *value)
{
    kt_callback_run *r = n->r;
    const config    *c = r->config;
    kt_monitor      *o = &((state *)r->state)->monitor;
    kt_str           list = {0};

    if (!kt_history_width(n->h, c->monitor)) {
        kt_callback_warn(r, &o->warned, "Can save best model only with %s available.", c->monitor);
        return true;
    }
    *value = kt_history_get(n->h, c->monitor, -1);
    if (!kt_history_is_list(n->h, c->monitor))
        return false;
    add_list(&list, n->h, c->monitor);
    kt_callback_warn(r, &o->warned,
                     "Can save best model only when `monitor` is a scalar value. Received: [%s]. "
                     "Falling back to `save_best_only=False`.",
                     kt_str_text(&list));
    kt_str_free(&list);
    return true;
}

static bool should_save(const names *n, const char *path)
{
    kt_callback_run *r = n->r;
    const config    *c = r->config;
    kt_monitor      *o = &((state *)r->state)->monitor;
    double           value;
    kt_str           best = {0};
    long long        epoch = (long long)r->epoch + 1;

    if (!c->save_best_only && c->verbose > 0)
        kt_callback_say(r, "\nEpoch %lld: saving model to %s", epoch, path);
    if (!c->save_best_only || can_not_compare(n, &value))
        return true;
    add_best(&best, o);
    bool better = kt_monitor_improves(o, r, value, 0);
    if (better && c->verbose > 0)
        kt_callback_say(r, "\nEpoch %lld: %s improved from %s to %.5f, saving model to %s", epoch,
                        c->monitor, kt_str_text(&best), value, path);
    else if (c->verbose > 0)
        kt_callback_say(r, "\nEpoch %lld: %s did not improve from %s", epoch, c->monitor,
                        kt_str_text(&best));
    kt_str_free(&best);
    return better;
}

static kt_status save(const names *n)
{
    kt_callback_run *r = n->r;
    const config    *c = r->config;
    kt_str           path = {0};

    if (make_path(n, &path) == KT_OK && should_save(n, kt_str_text(&path)) &&
        kt_make_folders(kt_str_text(&path), "ModelCheckpoint", r->fault) == KT_OK &&
        kt_save_hook(r->m, kt_str_text(&path), c->save_weights_only, r->fault) == KT_OK &&
        c->verbose > 0)
        kt_callback_say(r, "\nEpoch %lld: finished saving model to %s", (long long)r->epoch + 1,
                        kt_str_text(&path));
    kt_str_free(&path);
    return r->fault->e.status;
}

static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;

    if (kt_monitor_settle(&s->monitor, r, c->mode) != KT_OK || !by_epoch(c))
        return r->fault->e.status;
    return save(&(names){.r = r, .h = r->h, .batch = -1});
}

static kt_status batch_end(kt_callback_run *r, int64_t batch)
{
    const config *c = r->config;
    state        *s = r->state;

    if (by_epoch(c) || ++s->batches < c->save_freq->i)
        return KT_OK;
    kt_history *running = kt_history_new();
    s->batches = 0;
    if (!running)
        return kt_raise_memory(r->fault);
    if (kt_targets_result(r->m, running, "", 0) == KT_OK)
        save(&(names){.r = r, .h = running, .batch = batch});
    kt_history_free(running);
    return r->fault->e.status;
}

static const kt_callback_type model_checkpoint = {
    .cls = {.class_name = "ModelCheckpoint",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Saves the model after epochs or batches, or after the best ones.",
            .check = check},
    .begin = begin,
    .batch_end = batch_end,
    .epoch_end = epoch_end,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_model_checkpoint[] = {&model_checkpoint.cls, NULL};
