/* assets.c - what Keras' archives keep of layers beside configuration and weights: vocabularies
 * that were learnt (assets/.../vocabulary.txt) and their weights (.../vars/idf_weights). */
#include <string.h>

#include "io/io.h"

#define FOLDER "assets/"

/* "layers/text_vectorization/_lookup_layer/vars": of the layer, or of what is in it. */
static void path_of(kt_str *out, const char *path, const char *inner, const char *last)
{
    kt_str_printf(out, "%s%s%s%s%s", path, *path ? "/" : "", inner ? inner : "", inner ? "/" : "",
                  last);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static kt_status write_numbers(kt_h5 *h, const char *name, const char *path, const char *inner,
                               const kt_array *a, kt_fault *f)
{
    kt_str where = {0};

    path_of(&where, path, inner, "vars/");
    kt_str_add(&where, name);
    if (where.failed)
        kt_raise_memory(f);
    else
        kt_h5_write(h, kt_str_text(&where), a, f);
    kt_str_free(&where);
    return f->e.status;
}

kt_status kt_asset_numbers_write(kt_h5 *h, const kt_layer *l, const char *path, kt_fault *f)
{
    const kt_asset_type *asset = l->type->asset;
    kt_tensor           *t = asset ? asset->save_numbers(l) : NULL, *held;
    kt_array             a;

    if (!t)
        return f->e.status;
    held = kt_array_from_tensor(&a, t);
    if (!held)
        kt_raise_memory(f);
    else if (write_numbers(h, asset->numbers, path, NULL, &a, f) == KT_OK && asset->inner)
        write_numbers(h, asset->numbers, path, asset->inner, &a, f);
    kt_tensor_unref(held);
    kt_tensor_unref(t);
    return f->e.status;
}

kt_status kt_asset_numbers_read(kt_h5 *h, kt_layer *l, const char *path, kt_fault *f)
{
    const kt_asset_type *asset = l->type->asset;
    kt_str               where = {0};
    kt_array             a = {0};
    kt_tensor           *t = NULL;

    if (!asset)
        return KT_OK;
    path_of(&where, path, NULL, "vars/");
    kt_str_add(&where, asset->numbers);
    if (where.failed)
        kt_raise_memory(f);
    else if (kt_h5_exists(h, kt_str_text(&where)) &&
             kt_h5_read(h, kt_str_text(&where), &a, f) == KT_OK)
        t = kt_tensor_from_array(&a, f);
    if (t && asset->load_numbers(l, t) != KT_OK)
        kt_fault_copy(f, &l->fault);
    kt_tensor_unref(t);
    kt_array_free(&a);
    kt_str_free(&where);
    return f->e.status;
}

/* --- texts ------------------------------------------------------------------------------------ */

size_t kt_asset_limit(const char *member)
{
    return strncmp(member, FOLDER, strlen(FOLDER)) == 0 ? kt_json_limit() : 0;
}

typedef struct reading {
    const kt_zip_entry *entries;
    int                 n;
    kt_fault           *f;
} reading;

static kt_status read_layer(void *user, kt_layer *l, const char *path)
{
    const reading       *r = user;
    const kt_asset_type *asset = l->type->asset;
    kt_str               member = {0};

    if (!asset)
        return KT_OK;
    kt_str_add(&member, FOLDER);
    path_of(&member, path, NULL, asset->text);
    for (int i = 0; i < r->n; i++) {
        const kt_zip_entry *e = &r->entries[i];
        if (e->bytes.data && kt_streq(e->name, kt_str_text(&member)) &&
            asset->load_text(l, (const char *)e->bytes.data, e->bytes.size) != KT_OK)
            kt_fault_copy(r->f, &l->fault);
    }
    kt_str_free(&member);
    return r->f->e.status;
}

kt_status kt_assets_read(kt_model *m, const kt_zip_entry *entries, int n, kt_fault *f)
{
    reading r = {entries, n, f};

    return kt_layers_walk(m->root, read_layer, &r, f);
}

typedef struct writing {
    kt_zip_entry *entries;
    int           n;
    kt_fault     *f;
} writing;

static kt_status add(writing *w, const char *path, const char *inner, const char *last,
                     const kt_str *text)
{
    kt_str        name = {0};
    kt_zip_entry *more = kt_realloc(w->entries, (size_t)(w->n + 1) * sizeof *more);

    if (!more)
        return kt_raise_memory(w->f);
    w->entries = more;
    kt_str_add(&name, FOLDER);
    path_of(&name, path, inner, last);
    more[w->n] = (kt_zip_entry){.name = name.data, .bytes.data = kt_alloc(text->len + 1)};
    if (name.failed || !more[w->n].bytes.data) {
        kt_bytes_free(&more[w->n].bytes);
        kt_str_free(&name);
        return kt_raise_memory(w->f);
    }
    memcpy(more[w->n].bytes.data, kt_str_text(text), text->len);
    more[w->n++].bytes.size = text->len;
    return KT_OK;
}

static kt_status write_layer(void *user, kt_layer *l, const char *path)
{
    writing             *w = user;
    const kt_asset_type *asset = l->type->asset;
    kt_str               text = {0};

    if (asset && asset->save_text(l, &text)) {
        if (text.failed)
            kt_raise_memory(w->f);
        else if (!asset->inner || add(w, path, asset->inner, asset->text, &text) == KT_OK)
            add(w, path, NULL, asset->text, &text);
    }
    kt_str_free(&text);
    return w->f->e.status;
}

kt_status kt_assets_write(kt_model *m, kt_zip_entry **out, int *n, kt_fault *f)
{
    writing w = {*out, *n, f};

    kt_layers_walk(m->root, write_layer, &w, f);
    *out = w.entries;
    *n = w.n;
    return f->e.status;
}
