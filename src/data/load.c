/* load.c - data from the files that a caller names. */
#include <string.h>

#include "data/data.h"

/* --- the rules of a call ---------------------------------------------------------------------- */

kt_status kt_data_take(void *to, size_t known, const kt_site *at, const char *call,
                       const char *type, kt_fault *f)
{
    const char *bytes = (const char *)at; /* the struct begins with it */

    if (!at)
        return kt_raise(f, KT_E_TYPE, "%s: the argument struct is NULL", call);
    if (at->size < sizeof(kt_site))
        return kt_raise(f, KT_E_TYPE, "%s: .at.size is %zu; write .at = {.size = sizeof(%s)}", type,
                        at->size, type);
    for (size_t i = known; i < at->size; i++)
        if (bytes[i])
            return kt_raise(
                f, KT_E_TYPE,
                "%s: the program was compiled for a newer Keratin: an argument is not known here",
                type);
    memset(to, 0, known);
    memcpy(to, at, at->size < known ? at->size : known);
    return KT_OK;
}

static kt_status check(const kt_data_args *a, kt_fault *f)
{
    if ((a->x != NULL) == (a->csv != NULL))
        return kt_raise(f, KT_E_USAGE, "give either x (and y) or csv");
    if (a->csv && a->y)
        return kt_raise(f, KT_E_USAGE, "y belongs to x; the targets of csv are its target column");
    if (a->drop_na && a->x && a->y)
        return kt_raise(f, KT_E_USAGE,
                        "rows can only be left out where inputs and targets stand in one table");
    if (a->decimal && a->decimal != '.' && a->decimal != ',')
        return kt_raise(f, KT_E_USAGE, "the decimal sign is '.' or ','");
    if (a->sep && (a->sep == a->decimal || strchr("\"\r\n+-.0123456789", a->sep)))
        return kt_raise(f, KT_E_USAGE, "'%c' can not separate the columns", a->sep);
    return KT_OK;
}

typedef struct rules {
    kt_table_rules table;
    const char    *na[KT_MAX_NA + 1], *categorical[KT_MAX_CATEGORICAL + 1];
    bool           seen[KT_MAX_CATEGORICAL];
} rules;

static void settle(const kt_data_args *a, rules *r)
{
    memcpy(r->na, a->na, sizeof a->na);
    memcpy(r->categorical, a->categorical, sizeof a->categorical);
    r->table = (kt_table_rules){.csv = {.sep = a->sep, .decimal = a->decimal, .na = r->na},
                                .header = a->header,
                                .drop_rows = a->drop_na,
                                .target = a->target,
                                .with_target = a->csv != NULL,
                                .inputs_only = a->inputs_only,
                                .categorical = r->categorical,
                                .categorical_seen = r->seen,
                                .known = a->legend,
                                .more_follows = a->y != NULL,
                                .mapped = a->mapped,
                                .texts = a->texts};
}

static void load(kt_data *d, const kt_data_args *a)
{
    rules r = {0};

    settle(a, &r);
    if (kt_data_read(d, a->csv ? a->csv : a->x, false, &r.table) != KT_OK)
        return;
    if (a->csv && !d->legend)
        kt_raise(&d->fault, KT_E_VALUE, "'%s' is no table (CSV)", a->csv);
    r.table.more_follows = false;
    if (!a->y || kt_data_read(d, a->y, true, &r.table) == KT_OK)
        kt_table_check_categorical(&r.table, &d->fault);
}

/* --- public ----------------------------------------------------------------------------------- */

kt_data *kt_data_load_with(const kt_data_args *args)
{
    kt_data     *d = kt_data_new();
    kt_data_args a;

    if (d &&
        kt_data_take(&a, sizeof a, args ? &args->at : NULL, "kt_data_load", "kt_data_args",
                     &d->fault) == KT_OK &&
        check(&a, &d->fault) == KT_OK)
        load(d, &a);
    return d;
}

kt_data *kt_data_files(const char *x, const char *y)
{
    return kt_data_load(.x = x, .y = y);
}

kt_data *kt_data_idx(const char *images, const char *labels)
{
    return kt_data_files(images, labels);
}

kt_data *kt_data_csv(const char *path, const char *target)
{
    return kt_data_load(.csv = path, .target = target);
}
