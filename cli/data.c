/* data.c - arrays and tables that the command line names. */
#include <string.h>

#include "cli.h"

/* --- the rules of tables ---------------------------------------------------------------------- */

static int read_sep(const args *a, char *out)
{
    static const struct {
        const char *name;
        char        sep;
    } names[] = {{"tab", '\t'}, {"\\t", '\t'}, {"space", ' '}, {"comma", ','}, {"semicolon", ';'}};
    const char *text = value_of(a, "sep");

    *out = text ? *text : 0;
    for (size_t i = 0; text && i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i].name) == 0) {
            *out = names[i].sep;
            return DONE;
        }
    return !text || (*text && !text[1])
             ? DONE
             : usage_error(a, "--sep needs one sign, 'tab' or 'space', not '%s'", text);
}

static int read_decimal(const args *a, char *out)
{
    const char *text = value_of(a, "decimal");

    *out = text ? *text : 0;
    return !text || strcmp(text, ".") == 0 || strcmp(text, ",") == 0
             ? DONE
             : usage_error(a, "--decimal needs '.' or ',', not '%s'", text);
}

static int read_many(const args *a, const char *name, const char **out, int room)
{
    int n = count_of(a, name);

    if (n > room)
        return usage_error(a, "--%s is given more than %d times", name, room);
    for (int i = 0; i < n; i++)
        out[i] = value_at(a, name, i);
    return DONE;
}

static int read_rules(const args *a, kt_data_args *d)
{
    int status = read_sep(a, &d->sep);

    if (status == DONE)
        status = read_decimal(a, &d->decimal);
    if (status == DONE && has(a, "header") && has(a, "no-header"))
        status = usage_error(a, "give only one of --header and --no-header");
    d->header = has(a, "header") ? 1 : has(a, "no-header") ? -1 : 0;
    d->drop_na = has(a, "drop-na");
    if (status == DONE && d->drop_na && d->x && d->y)
        status = usage_error(a,
                             "--drop-na needs inputs and targets in one table: --csv and --target");
    if (status == DONE)
        status = read_many(a, "na", d->na, KT_MAX_NA);
    if (status == DONE)
        status = read_many(a, "categorical", d->categorical, KT_MAX_CATEGORICAL);
    return status;
}

/* --- opening ---------------------------------------------------------------------------------- */

kt_data *data_open(const args *a, const data_names *names, int *status)
{
    kt_data_args d = {.at = {.size = sizeof d},
                      .x = names->x,
                      .y = names->y,
                      .csv = names->csv,
                      .target = names->csv ? value_of(a, "target") : NULL,
                      .inputs_only = names->inputs_only,
                      .legend = names->legend,
                      .mapped = names->mapped,
                      .texts = names->texts};

    *status = read_rules(a, &d);
    if (*status != DONE)
        return NULL;
    kt_data *data = kt_data_load_with(&d);
    if (data && !kt_data_error(data)) {
        for (int i = 0; kt_data_note_at(data, i); i++)
            note(a, "%s", kt_data_note_at(data, i));
        return data;
    }
    *status = report_error(a, kt_data_error(data), true);
    kt_data_free(data);
    return NULL;
}

int weights_open(const args *a, kt_data *d)
{
    const char *path = value_of(a, "sample-weight");
    kt_data    *w = path ? kt_data_files(path, NULL) : NULL;
    int         status = DONE;

    if (path && (!w || kt_data_error(w)))
        status = report_error(a, kt_data_error(w), true);
    else if (w && !kt_data_x(w, 1))
        kt_data_set_weight(d, kt_data_x(w, 0));
    for (int i = 0; status == DONE && w && kt_data_x(w, 1) && kt_data_x(w, i); i++)
        kt_data_add_weight(d, kt_data_x_name(w, i), kt_data_x(w, i));
    if (status == DONE && kt_data_error(d))
        status = report_error(a, kt_data_error(d), false);
    kt_data_free(w);
    return status;
}

int check_inputs(const args *a)
{
    static const char *const files[] = {"x",     "y",       "csv",          "val-x",
                                        "val-y", "val-csv", "sample-weight"};
    int                      n = 0;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        n += has(a, files[i]) && strcmp(value_of(a, files[i]), "-") == 0;
    if (n > 1)
        return usage_error(a, "standard input ('-') can be read only once");
    if (has(a, "x") == has(a, "csv"))
        return usage_error(a, "give the data either by --x (and --y) or by --csv (and --target)");
    if (has(a, "y") && !has(a, "x"))
        return usage_error(a, "--y needs --x; the targets of --csv are its column --target");
    if (has(a, "target") && !has(a, "csv") && !has(a, "val-csv"))
        return usage_error(a, "--target names a column of --csv");
    return DONE;
}

void warn_unknown_texts(const args *a, const kt_data *d, const kt_legend *model)
{
    const kt_legend *l = kt_data_legend(d);
    bool             texts = false;

    for (int target = 0; target < 2; target++)
        for (int i = 0; i < kt_legend_columns(l, target); i++)
            texts = texts ||
                    (kt_legend_words(l, target, i) > 0 && kt_legend_columns(model, target) == 0);
    if (texts)
        note(a, "warning: the model does not know these texts; they are numbered by this file "
                "alone, and may have had other numbers in training");
}
