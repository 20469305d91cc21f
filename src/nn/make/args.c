/* args.c - the argument structs of the public calls: their size, and which zeros are meant. */
#include <stdlib.h>
#include <string.h>

#include "nn/layer.h"

static const char separators[] = " ,\t\r\n";

bool kt_given_next(const char **at, kt_text_item *out, int *elements)
{
    const char *s = *at + strspn(*at, separators);

    *out = (kt_text_item){.name = s, .name_length = strcspn(s, " ,\t\r\n[")};
    *elements = -1;
    *at = s + out->name_length;
    if (**at == '[') { /* what no number of sizes is, makes the name unknown */
        char *end;
        long  n = strtol(*at + 1, &end, 10);
        if (*end == ']' && n >= 0 && n <= KT_MAX_RANK)
            *elements = (int)n;
        else
            out->name_length += 1 + strcspn(*at + 1, separators);
        *at = *elements < 0 ? s + out->name_length : end + 1;
    }
    return out->name_length > 0;
}

bool kt_args_said(const kt_site *at, const char *name)
{
    const char  *given = at->given;
    kt_text_item item;
    int          elements;

    while (given && kt_given_next(&given, &item, &elements))
        if (strlen(name) == item.name_length && memcmp(name, item.name, item.name_length) == 0)
            return true;
    return kt_text_names(kt_site_text(at), name);
}

const char *kt_site_text(const kt_site *at)
{
    return at->expanded ? at->expanded : at->text;
}

/* A struct of a newer header is read as long as it asks for nothing that is not known here. */
kt_status kt_args_size(const kt_site *at, size_t known, const char *type, kt_fault *f)
{
    const char *p = (const char *)at;

    if (at->size == 0)
        return kt_raise(f, KT_E_TYPE, "%s: .at.size is 0; write .at = {.size = sizeof(%s)}", type,
                        type);
    if (at->size < sizeof(kt_site))
        return kt_raise(f, KT_E_TYPE, "%s: .at.size is %zu; write .at = {.size = sizeof(%s)}", type,
                        at->size, type);
    for (size_t i = known; i < at->size; i++)
        if (p[i])
            return kt_raise(
                f, KT_E_TYPE,
                "%s: the program was compiled for a newer Keratin: an argument is not known here",
                type);
    return KT_OK;
}

void kt_args_site(kt_fault *f, const kt_site *at, const char *call)
{
    kt_str text = {0};

    if (f->e.status == KT_OK)
        return;
    if (at->text)
        kt_str_printf(&text, "%s(%s)", call, at->text);
    kt_fault_site(f, at->file, at->line, at->text ? kt_str_text(&text) : NULL);
    kt_str_free(&text);
}

kt_status kt_given_refuse(const kt_text_item *item, const char *type, const char *const *members,
                          size_t n, kt_fault *f)
{
    kt_str word = {0}, hint = {0};

    kt_str_addn(&word, item->name, item->name_length);
    const char *near = kt_did_you_mean(kt_str_text(&word), members, n);
    if (near)
        kt_str_printf(&hint, ". Did you mean '%s'?", near);
    kt_raise(f, KT_E_TYPE, "%s: .at.given names '%s', which is no member%s", type,
             kt_str_text(&word), kt_str_text(&hint));
    kt_str_free(&word);
    kt_str_free(&hint);
    return f->e.status;
}

kt_status kt_args_take(void *to, size_t known, const kt_site *at, const char *type,
                       const char *const *members, kt_fault *f)
{
    const char  *given = at->given;
    kt_text_item item;
    int          elements;
    size_t       n = 0;

    memset(to, 0, known);
    if (kt_args_size(at, known, type, f) != KT_OK)
        return f->e.status;
    memcpy(to, at, at->size < known ? at->size : known);
    while (members[n])
        n++;
    while (given && kt_given_next(&given, &item, &elements)) {
        bool is = false;
        for (size_t i = 0; i < n && !is; i++)
            is = strlen(members[i]) == item.name_length &&
                 memcmp(members[i], item.name, item.name_length) == 0;
        if (!is)
            return kt_given_refuse(&item, type, members, n, f);
    }
    return KT_OK;
}
