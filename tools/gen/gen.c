/* gen.c - keratin-gen ROOT [SOURCE]: writes include/keratin/layers.h, keratin.hpp and
 * docs/reference below ROOT, with the facts of tests/goldens below SOURCE (else ROOT). */
#include "gen.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* --- calls ------------------------------------------------------------------------------------ */

static const kt_layer_type *type_at(int i)
{
    const kt_layer_type *t;

    for (size_t k = 0; (t = kt_layer_type_at(k)); k++)
        if (!(t->flags & KT_LAYER_CONTAINER) && i-- == 0)
            return t;
    return NULL;
}

bool call_at(call *c, int i)
{
    size_t size;

    memset(c, 0, sizeof *c);
    c->type = type_at(i);
    if (!c->type)
        return false;
    kt_call_name(&c->name, c->type);
    c->n = kt_layer_args(c->type, c->args, &size);
    c->first = kt_first_arg(c->args, c->n);
    return true;
}

void call_free(call *c)
{
    kt_str_free(&c->name);
}

void member_text(kt_str *out, const kt_arg *a)
{
    switch (a->type) {
    case KT_ARG_INT: kt_str_printf(out, "int64_t %s", a->name); break;
    case KT_ARG_FLOAT: kt_str_printf(out, "double %s", a->name); break;
    case KT_ARG_BOOL: kt_str_printf(out, "bool %s", a->name); break;
    case KT_ARG_TEXT: kt_str_printf(out, "const char *%s", a->name); break;
    case KT_ARG_INTS: kt_str_printf(out, "int64_t %s[KT_MAX_RANK]", a->name); break;
    case KT_ARG_LAYER: kt_str_printf(out, "kt_layer *%s", a->name); break;
    }
}

/* Words of text in lines of at most 100 columns, each behind `lead`. */
static void wrapped(kt_str *out, const char *text, const char *lead)
{
    size_t column = 0;

    for (const char *p = text; *p;) {
        size_t word = strcspn(p, " ");
        if (column && column + 1 + word > 100) {
            kt_str_addc(out, '\n');
            column = 0;
        }
        if (!column && p != text) {
            kt_str_add(out, lead);
            column = strlen(lead);
        } else if (column) {
            kt_str_addc(out, ' ');
            column++;
        }
        kt_str_addn(out, p, word);
        column += word;
        p += word + strspn(p + word, " ");
    }
}

void comment_lines(kt_str *out, const char *text, const char *indent)
{
    kt_str whole = {0}, lead = {0};

    kt_str_printf(&whole, "%s/* %s */", indent, text);
    kt_str_printf(&lead, "%s  ", indent);
    size_t blanks = strlen(indent);
    kt_str_add(out, indent);
    wrapped(out, kt_str_text(&whole) + blanks, kt_str_text(&lead));
    kt_str_addc(out, '\n');
    kt_str_free(&whole);
    kt_str_free(&lead);
}

/* What it means, and its default as Python text. */
static void comment_text(kt_str *out, const kt_arg *a)
{
    kt_str_add(out, a->help);
    if (a->field && a->field->initial)
        kt_str_printf(out, " Default: %s.", a->field->initial);
    else if (a->field)
        kt_str_add(out, " Required.");
}

void write_member(kt_str *out, const char *declaration, const kt_arg *a)
{
    kt_str comment = {0};

    comment_text(&comment, a);
    if (strlen(declaration) + comment.len + strlen("    ; /*  */") <= 100) {
        kt_str_printf(out, "    %s; /* %s */\n", declaration, kt_str_text(&comment));
    } else {
        comment_lines(out, kt_str_text(&comment), "    ");
        kt_str_printf(out, "    %s;\n", declaration);
    }
    kt_str_free(&comment);
}

/* --- files ------------------------------------------------------------------------------------ */

static int write_file(const char *root, const char *path, kt_str *text)
{
    kt_str name = {0};
    int    bad = text->failed;

    kt_str_printf(&name, "%s/%s", root, path);
    FILE *f = fopen(kt_str_text(&name), "wb");
    bad = bad || !f || fwrite(kt_str_text(text), 1, text->len, f) != text->len;
    if (f && fclose(f) != 0)
        bad = 1;
    if (bad)
        fprintf(stderr, "keratin-gen: %s can not be written\n", kt_str_text(&name));
    kt_str_free(&name);
    kt_str_free(text);
    return bad;
}

static void make_folder(const char *root, const char *path)
{
    kt_str name = {0};

    kt_str_printf(&name, "%s/%s", root, path);
    mkdir(kt_str_text(&name), 0777); /* what is wrong shows when the files are written */
    kt_str_free(&name);
}

static int write_family(const char *root, const char *family)
{
    kt_str        folder = {0}, path = {0}, text = {0};
    kt_class_info c;

    plural(&folder, family);
    kt_str_printf(&path, "docs/reference/%s", kt_str_text(&folder));
    make_folder(root, kt_str_text(&path));
    kt_str_add(&path, ".md");
    write_index(&text, family);
    int bad = write_file(root, kt_str_text(&path), &text);
    for (int i = 0; kt_catalog_class(family, i, &c); i++) {
        kt_str page = {0}, name = {0};
        kt_str_printf(&name, "docs/reference/%s/%s.md", kt_str_text(&folder), c.name);
        write_page(&page, &c, kt_streq(family, "layer") ? kt_layer_type_at((size_t)i) : NULL);
        bad |= write_file(root, kt_str_text(&name), &page);
        kt_str_free(&name);
    }
    kt_str_free(&folder);
    kt_str_free(&path);
    return bad;
}

static int write_pages(const char *root)
{
    const char *family;
    kt_str      all = {0};

    make_folder(root, "docs/reference");
    write_families(&all);
    int bad = write_file(root, "docs/reference/README.md", &all);
    for (int i = 0; (family = kt_catalog_family(i)) != NULL; i++)
        bad |= write_family(root, family);
    return bad;
}

int main(int argc, char **argv)
{
    kt_str layers = {0}, cpp = {0};

    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: keratin-gen ROOT [SOURCE]\n");
        return 2;
    }
    write_layers(&layers);
    write_cpp(&cpp);
    int bad = write_file(argv[1], "include/keratin/layers.h", &layers);
    bad |= write_file(argv[1], "include/keratin/keratin.hpp", &cpp);
    bad |= !facts_open(argv[argc - 1]) || write_pages(argv[1]);
    facts_close();
    return bad;
}
