/* walk.c - every layer of a model once, with its path in Keras' files. */
#include <string.h>

#include "io/io.h"
#include "nn/container.h"

typedef struct walk {
    kt_fault       *f;
    kt_vec          seen;
    kt_layer_visit *visit;
    void           *user;
} walk;

static bool once(walk *w, const kt_layer *l)
{
    for (size_t i = 0; i < w->seen.n; i++)
        if (w->seen.at[i] == l)
            return false;
    if (!kt_vec_push(&w->seen, (void *)(uintptr_t)l))
        kt_raise_memory(w->f);
    return true;
}

static void walk_layer(walk *w, kt_layer *l, const char *path);

/* Items of a list ("layers/") are named after their class, counted: dense, dense_1. */
static void walk_item(walk *w, kt_layer *const *items, int i, const char *path, const char *list)
{
    const char *name = items[i]->type->cls.class_name;
    kt_str      text = {0};
    int         before = 0;

    for (int k = 0; k < i; k++)
        before += kt_streq(items[k]->type->cls.class_name, name);
    kt_str_printf(&text, "%s%s%s", path, *path ? "/" : "", list);
    kt_snake_case(&text, name);
    if (before > 0)
        kt_str_printf(&text, "_%d", before);
    if (text.failed)
        kt_raise_memory(w->f);
    walk_layer(w, items[i], kt_str_text(&text));
    kt_str_free(&text);
}

static void walk_children(walk *w, kt_layer *l, const char *path)
{
    const kt_container *c = kt_container_of(l);
    kt_layer *const    *items = c && c->ready && l->type == &kt_layer_functional
                                  ? c->layers
                                  : (kt_layer *const *)(void *)l->sublayers.at;
    int n = c && c->ready && l->type == &kt_layer_functional ? c->n_layers : (int)l->sublayers.n;

    for (int i = 0; i < n && w->f->e.status == KT_OK; i++) {
        const char *attr = c ? "layers/" : l->sub_attrs.at[i];
        kt_str      text = {0};
        if (!attr || attr[strlen(attr) - 1] == '/') {
            walk_item(w, items, i, path, attr ? attr : "layers/");
            continue;
        }
        kt_str_printf(&text, "%s%s%s", path, *path ? "/" : "", attr);
        if (text.failed)
            kt_raise_memory(w->f);
        walk_layer(w, items[i], kt_str_text(&text));
        kt_str_free(&text);
    }
}

static void walk_layer(walk *w, kt_layer *l, const char *path)
{
    if (w->f->e.status != KT_OK || !once(w, l) || w->visit(w->user, l, path) != KT_OK)
        return;
    walk_children(w, l, path);
}

kt_status kt_layers_walk(kt_layer *root, kt_layer_visit *visit, void *user, kt_fault *f)
{
    walk w = {.f = f, .visit = visit, .user = user};

    walk_layer(&w, root, "");
    kt_vec_free(&w.seen);
    return f->e.status;
}
