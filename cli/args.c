/* args.c - options and operands, by the table of the command. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const option *find(const command *c, const char *name, size_t length)
{
    for (const option *o = c->options; o && o->name; o++)
        if (strlen(o->name) == length && strncmp(o->name, name, length) == 0)
            return o;
    return NULL;
}

static int unknown_option(const args *a, const char *word)
{
    const char *names[64];
    char        copy[64];
    size_t      n = 0, length = strcspn(word, "=");

    for (const option *o = a->cmd->options; o && o->name && n < sizeof names / sizeof *names; o++)
        names[n++] = o->name;
    snprintf(copy, sizeof copy, "%.*s", (int)length, word);
    const char *near = kt_nearest_name(copy, names, n);
    if (near)
        return usage_error(a, "there is no option '--%s'; did you mean '--%s'?", copy, near);
    return usage_error(a, "there is no option '--%s'; `keratin %s --help` lists them", copy,
                       a->cmd->name);
}

/* One option at argv[*i]; the value may be the next word. */
static int read_option(args *a, int argc, char **argv, int *i)
{
    const char   *word = argv[*i] + 2, *equal = strchr(word, '=');
    const option *o = find(a->cmd, word, equal ? (size_t)(equal - word) : strlen(word));

    if (!o)
        return unknown_option(a, word);
    if (!o->value && equal)
        return usage_error(a, "--%s takes no value", o->name);
    if (!o->many && has(a, o->name))
        return usage_error(a, "--%s is given twice", o->name);
    if (a->n_given >= MAX_GIVEN)
        return usage_error(a, "too many options");
    const char *value = equal ? equal + 1 : NULL;
    if (o->value && !equal) {
        if (*i + 1 >= argc)
            return usage_error(a, "--%s needs a value: --%s %s", o->name, o->name, o->value);
        value = argv[++*i];
    }
    a->given[a->n_given].option = o;
    a->given[a->n_given++].value = value;
    return DONE;
}

static int read_operand(args *a, const char *word)
{
    if (a->n_operands >= a->cmd->most || a->n_operands >= MAX_OPERANDS)
        return usage_error(a, "one argument too many: '%s' (usage: keratin %s%s%s)", word,
                           a->cmd->name, *a->cmd->operands ? " " : "", a->cmd->operands);
    a->operand[a->n_operands++] = word;
    return DONE;
}

int args_read(args *a, const command *cmd, int argc, char **argv)
{
    int  status = DONE;
    bool options = true;

    memset(a, 0, sizeof *a);
    a->cmd = cmd;
    for (int i = 0; i < argc; i++)
        a->json = a->json || strcmp(argv[i], "--json") == 0;
    for (int i = 0; i < argc && status == DONE; i++) {
        if (options && strcmp(argv[i], "--") == 0)
            options = false;
        else if (options && strncmp(argv[i], "--", 2) == 0)
            status = read_option(a, argc, argv, &i);
        else if (options && argv[i][0] == '-' && argv[i][1] && !strpbrk(argv[i], "0123456789"))
            status = usage_error(a, "there is no option '%s'", argv[i]);
        else
            status = read_operand(a, argv[i]);
    }
    if (status == DONE && a->n_operands < cmd->least)
        status = usage_error(a, "an argument is missing (usage: keratin %s %s)", cmd->name,
                             cmd->operands);
    return status;
}

/* --- looking ---------------------------------------------------------------------------------- */

const char *value_at(const args *a, const char *name, int i)
{
    for (int k = 0; k < a->n_given; k++)
        if (strcmp(a->given[k].option->name, name) == 0 && i-- == 0)
            return a->given[k].value ? a->given[k].value : "";
    return NULL;
}

int count_of(const args *a, const char *name)
{
    int n = 0;

    while (value_at(a, name, n))
        n++;
    return n;
}

bool has(const args *a, const char *name)
{
    return value_at(a, name, 0) != NULL;
}

const char *value_of(const args *a, const char *name)
{
    int n = count_of(a, name);

    return n ? value_at(a, name, n - 1) : NULL;
}

bool int_of(const args *a, const char *name, int64_t least, int64_t missing, int64_t *out)
{
    const char *text = value_of(a, name);
    char       *end;

    *out = missing;
    if (!text)
        return true;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (end == text || *end || errno || v < least) {
        usage_error(a, "--%s needs a whole number of at least %lld, not '%s'", name,
                    (long long)least, text);
        return false;
    }
    *out = v;
    return true;
}

bool float_of(const args *a, const char *name, double missing, double *out)
{
    const char *text = value_of(a, name);
    char       *end;

    *out = missing;
    if (!text)
        return true;
    *out = strtod(text, &end);
    if (end == text || *end || !isfinite(*out)) {
        usage_error(a, "--%s needs a number, not '%s'", name, text);
        return false;
    }
    return true;
}

/* --- shapes ----------------------------------------------------------------------------------- */

static const char *skip(const char *p)
{
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

/* One size, None or null; NULL if it is neither. */
static const char *read_size(const char *p, int64_t *out)
{
    char *end;

    *out = KT_UNKNOWN;
    if (strncmp(p, "None", 4) == 0 || strncmp(p, "null", 4) == 0)
        return p + 4;
    errno = 0;
    long long v = strtoll(p, &end, 10);
    *out = v;
    return end == p || errno || v < 0 ? NULL : end;
}

bool shape_read(const char *text, kt_shape *out)
{
    const char *p = skip(text);
    char        close = *p == '(' ? ')' : *p == '[' ? ']' : 0;

    *out = (kt_shape){0};
    p = skip(close ? p + 1 : p);
    while (*p && *p != close) {
        if (out->rank >= KT_MAX_RANK || !(p = read_size(p, &out->dim[out->rank])))
            return false;
        out->rank++;
        p = skip(p);
        if (*p == ',')
            p = skip(p + 1);
        else if (*p && *p != close)
            return false;
    }
    if (close && *p++ != close)
        return false;
    return *skip(p) == 0 && (close || out->rank > 0);
}
