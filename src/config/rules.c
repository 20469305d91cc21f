/* rules.c - reads the rules of fields: ranges of numbers, lists of words, names of registries. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/rules.h"

static const char *skip_blanks(const char *s)
{
    return s + strspn(s, " ");
}

/* "[0, 1)" */
static void read_interval(const char *s, kt__range *r)
{
    char *end;

    r->limited = true;
    r->lo_open = *s == '(';
    r->lo = kt_strtod(s + 1, &end);
    end += *end == ',';
    r->hi = kt_strtod(end, &end);
    r->hi_open = *skip_blanks(end) == ')';
}

kt__range kt__rule_range(const char *rule)
{
    kt__range   r = {.lo = -INFINITY, .hi = INFINITY};
    const char *s = skip_blanks(rule ? rule : "");

    if (isdigit((unsigned char)*s)) {
        char *end;
        r.count = (int)strtol(s, &end, 10);
        s = skip_blanks(end);
    }
    if (*s == '>') {
        r.limited = true;
        r.lo_open = s[1] != '=';
        r.lo = kt_strtod(s + 1 + !r.lo_open, NULL);
    } else if (*s == '[' || *s == '(') {
        read_interval(s, &r);
    }
    return r;
}

bool kt__in_range(const kt__range *r, double x)
{
    if (!r->limited)
        return true;
    return (r->lo_open ? x > r->lo : x >= r->lo) && (r->hi_open ? x < r->hi : x <= r->hi);
}

bool kt__rule_has_words(const kt_field *field)
{
    return field->kind == KT_F_STR && field->rule && field->rule[0] && !strchr(field->rule, ':');
}

static bool ignores_case(const kt_field *field)
{
    return kt_streq(field->name, "padding") || kt_streq(field->name, "data_format");
}

static bool same_word(const char *a, const char *b, size_t n, bool ignore_case)
{
    size_t i = 0;

    while (i < n && (a[i] == b[i] || (ignore_case && a[i] == tolower((unsigned char)b[i]))))
        i++;
    return i == n && !b[n];
}

const char *kt__rule_word(kt_arena *a, const kt_field *field, const char *word)
{
    for (const char *s = field->rule; *s;) {
        size_t n = strcspn(s, "|");
        if (same_word(s, word, n, ignores_case(field)))
            return kt_arena_strndup(a, s, n);
        s += n + (s[n] == '|');
    }
    return NULL;
}

static const kt_names *find_names(const char *rule)
{
    for (const kt_names *t = kt_names_table; t && t->rule; t++) {
        if (kt_streq(t->rule, rule))
            return t;
    }
    return NULL;
}

bool kt__is_known_object(const char *rule, const char *name)
{
    const kt_names *names = find_names(rule);
    return !names || !names->known || names->known(name);
}
