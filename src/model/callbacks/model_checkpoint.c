/* model_checkpoint.c - ModelCheckpoint: saves the model after epochs, or after the best ones. */
#include <string.h>

#include "model/callbacks/monitor.h"

#define FIELDS(F)                                                                    \
    F(STR, filepath, REQUIRED, "",                                                   \
      "Where; {epoch}, {epoch:02d} and {val_loss:.2f} are filled in.")               \
    KT_MONITOR_FIELDS(F, "val_loss")                                                 \
    F(INT, verbose, "0", "", "1: say what is saved, and why.")                       \
    F(BOOL, save_best_only, "False", "", "Only when the watched number got better.") \
    F(BOOL, save_weights_only, "False", "", "Only weights (.weights.h5).")           \
    F(STR, mode, "auto", "auto|min|max", "Which way is better.")                     \
    F(STR, save_freq, "epoch", "epoch", "Only 'epoch' is supported.")                \
    F(ANY, initial_value_threshold, "None", "", "Best value to begin with.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_monitor monitor;
} state;

/* A file that can not be written is said before the first epoch, not after it. What is in braces
 * is not known yet: a name in a folder with braces is left to the first save. */
static kt_status check_file(kt_callback_run *r, const config *c)
{
    const char *slash = strrchr(c->filepath, '/'), *brace = strchr(c->filepath, '{');

    if (slash && brace && brace < slash)
        return KT_OK;
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

/* One {name:format} with a number: d, f or e with width and precision. */
static void fill(kt_str *out, const char *name, size_t n, double value)
{
    const char *colon = memchr(name, ':', n);
    char        spec[16] = "%";
    size_t      len = colon ? n - (size_t)(colon - name) - 1 : 0;

    if (len == 0 || len > 8 || strspn(colon + 1, "0123456789.") < len - 1) {
        kt_repr_double(out, value);
        return;
    }
    memcpy(spec + 1, colon + 1, len);
    char kind = spec[len];
    if (kind == 'd') {
        spec[len] = '\0';
        int width = 0;
        for (const char *p = spec + 1; *p >= '0' && *p <= '9'; p++)
            width = width * 10 + (*p - '0');
        kt_str_printf(out, spec[1] == '0' ? "%0*lld" : "%*lld", width, (long long)value);
        return;
    }
    int         precision = 6;
    const char *dot = strchr(spec, '.');
    if (dot) {
        precision = 0;
        for (const char *p = dot + 1; *p >= '0' && *p <= '9'; p++)
            precision = precision * 10 + (*p - '0');
    }
    kt_str_printf(out, kind == 'e' ? "%.*e" : "%.*f", precision, value);
}

static void make_path(kt_callback_run *r, kt_str *path)
{
    const config *c = r->config;

    for (const char *p = c->filepath; *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (!end) {
            kt_str_addc(path, *p++);
            continue;
        }
        const char *name = p + 1;
        size_t      n = (size_t)(end - name), word = 0;
        kt_str      key = {0};
        double      value;
        while (word < n && name[word] != ':')
            word++;
        kt_str_addn(&key, name, word);
        if (kt_streq(kt_str_text(&key), "epoch") && word == n)
            kt_str_printf(path, "%lld", (long long)r->epoch + 1);
        else if (kt_streq(kt_str_text(&key), "epoch"))
            fill(path, name, n, (double)r->epoch + 1);
        else if (kt_monitored(r, kt_str_text(&key), &value))
            fill(path, name, n, value);
        else
            kt_raise(r->fault, KT_E_KEY,
                     "Failed to format this callback filepath: \"%s\". Reason: '%s'", c->filepath,
                     kt_str_text(&key));
        kt_str_free(&key);
        p = end + 1;
    }
}

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
static bool can_not_compare(kt_callback_run *r, double *value)
{
    const config *c = r->config;
    kt_monitor   *o = &((state *)r->state)->monitor;
    kt_str        list = {0};

    if (!kt_monitored(r, c->monitor, value)) {
        kt_callback_warn(r, &o->warned, "Can save best model only with %s available.", c->monitor);
        return true;
    }
    if (!kt_history_is_list(r->h, c->monitor))
        return false;
    add_list(&list, r->h, c->monitor);
    kt_callback_warn(r, &o->warned,
                     "Can save best model only when `monitor` is a scalar value. Received: [%s]. "
                     "Falling back to `save_best_only=False`.",
                     kt_str_text(&list));
    kt_str_free(&list);
    return true;
}

static bool should_save(kt_callback_run *r, const char *path)
{
    const config *c = r->config;
    kt_monitor   *o = &((state *)r->state)->monitor;
    double        value;
    kt_str        best = {0};
    long long     epoch = (long long)r->epoch + 1;

    if (!c->save_best_only && c->verbose > 0)
        kt_callback_say(r, "\nEpoch %lld: saving model to %s", epoch, path);
    if (!c->save_best_only || can_not_compare(r, &value))
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

static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    kt_str        path = {0};

    if (kt_monitor_settle(&((state *)r->state)->monitor, r, c->mode) != KT_OK)
        return r->fault->e.status;
    make_path(r, &path);
    if (r->fault->e.status == KT_OK && should_save(r, kt_str_text(&path)) &&
        kt_save_hook(r->m, kt_str_text(&path), c->save_weights_only, r->fault) == KT_OK &&
        c->verbose > 0)
        kt_callback_say(r, "\nEpoch %lld: finished saving model to %s", (long long)r->epoch + 1,
                        kt_str_text(&path));
    kt_str_free(&path);
    return r->fault->e.status;
}

static const kt_callback_type model_checkpoint = {
    .cls = {.class_name = "ModelCheckpoint",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Saves the model after epochs, or after the best ones."},
    .begin = begin,
    .epoch_end = epoch_end,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_model_checkpoint[] = {&model_checkpoint.cls, NULL};
