/* image_dataset.c - images in folders as data: keras.utils.image_dataset_from_directory. */
#include <math.h>
#include <string.h>

#include "model/model.h"
#include "nn/images/resize.h"

static const char *const members[] = {"directory",
                                      "label_mode",
                                      "class_names",
                                      "color_mode",
                                      "image_size",
                                      "shuffle",
                                      "seed",
                                      "subset",
                                      "validation_split",
                                      "interpolation",
                                      "crop_to_aspect_ratio",
                                      "pad_to_aspect_ratio",
                                      NULL};
static const char *const endings[] = {".bmp", ".gif", ".jpeg", ".jpg", ".png", NULL};

/* The images in their order, and the number of the class of each. */
typedef struct listing {
    kt_arena arena;
    kt_vec   classes, files; /* char * */
    int32_t *label;          /* of each file */
} listing;

/* --- arguments -------------------------------------------------------------------------------- */

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && !kt_streq(word, *words))
        words++;
    return *words != NULL;
}

static bool has_labels(const kt_image_dataset_args *a)
{
    return !kt_streq(a->label_mode, "none");
}

static int channels_of(const kt_image_dataset_args *a)
{
    return kt_streq(a->color_mode, "grayscale") ? 1 : kt_streq(a->color_mode, "rgba") ? 4 : 3;
}

static void fill_in(kt_image_dataset_args *a, bool *has_seed)
{
    a->label_mode = a->label_mode ? a->label_mode : "int";
    a->color_mode = a->color_mode ? a->color_mode : "rgb";
    a->interpolation = a->interpolation ? a->interpolation : "bilinear";
    if (a->image_size[0] == 0 && a->image_size[1] == 0 && !kt_args_said(&a->at, "image_size"))
        a->image_size[0] = a->image_size[1] = 256;
    a->shuffle = a->shuffle || !kt_args_said(&a->at, "shuffle");
    *has_seed = a->seed != 0 || kt_args_said(&a->at, "seed");
    if (!*has_seed)
        a->seed = kt_draw_seed();
}

/* Keras' words. */
static kt_status check_words(const kt_image_dataset_args *a, kt_fault *f)
{
    static const char *const        labels[] = {"int", "categorical", "binary", "none", NULL},
                             *const colors[] = {"rgb", "rgba", "grayscale", NULL},
                             *const methods[] = {"bilinear", "nearest",       "bicubic",
                                                 "area",     "lanczos3",      "lanczos5",
                                                 "gaussian", "mitchellcubic", NULL};

    if (!a->directory)
        return kt_raise(f, KT_E_VALUE, "kt_image_dataset: the directory is NULL");
    if (!is_one_of(a->label_mode, labels))
        return kt_raise(f, KT_E_VALUE,
                        "`label_mode` argument must be one of \"int\", \"categorical\", "
                        "\"binary\", or None. Received: label_mode=%s",
                        a->label_mode);
    if (a->class_names && !has_labels(a))
        return kt_raise(f, KT_E_VALUE,
                        "When `labels=None` (no labels), argument `class_names` cannot be "
                        "specified.");
    if (!is_one_of(a->color_mode, colors))
        return kt_raise(f, KT_E_VALUE,
                        "`color_mode` must be one of {\"rgb\", \"rgba\", \"grayscale\"}. Received: "
                        "color_mode=%s",
                        a->color_mode);
    if (a->crop_to_aspect_ratio && a->pad_to_aspect_ratio)
        return kt_raise(f, KT_E_VALUE,
                        "Only one of `pad_to_aspect_ratio`, `crop_to_aspect_ratio` can be set to "
                        "`True`.");
    if (!is_one_of(a->interpolation, methods))
        return kt_raise(f, KT_E_VALUE,
                        "Argument `interpolation` should be one of ('bilinear', 'nearest', "
                        "'bicubic', 'area', 'lanczos3', 'lanczos5', 'gaussian', 'mitchellcubic'). "
                        "Received: interpolation=%s",
                        a->interpolation);
    if (is_one_of(a->interpolation, methods + 6))
        return kt_raise(f, KT_E_NOT_IMPLEMENTED,
                        "kt_image_dataset: there is no interpolation '%s' yet", a->interpolation);
    return KT_OK;
}

static kt_status check_numbers(const kt_image_dataset_args *a, bool has_seed, kt_fault *f)
{
    double share = a->validation_split;

    if (share != 0 && !(share > 0 && share < 1)) {
        kt_str text = {0};
        kt_repr_double(&text, share);
        kt_raise(f, KT_E_VALUE, "`validation_split` must be between 0 and 1, received: %s",
                 kt_str_text(&text));
        kt_str_free(&text);
    } else if ((share != 0) != (a->subset != NULL)) {
        kt_raise(f, KT_E_VALUE,
                 "If `subset` is set, `validation_split` must be set, and inversely.");
    } else if (a->subset && !kt_streq(a->subset, "training") &&
               !kt_streq(a->subset, "validation")) {
        kt_raise(f, KT_E_VALUE,
                 "`subset` must be either \"training\", \"validation\" or \"both\", received: %s",
                 a->subset);
    } else if (share != 0 && a->shuffle && !has_seed) {
        kt_raise(f, KT_E_VALUE,
                 "If using `validation_split` and shuffling the data, you must provide a `seed` "
                 "argument, to make sure that there is no overlap between the training and "
                 "validation subset.");
    } else if (a->seed < 0 || a->seed > UINT32_MAX) {
        kt_raise(f, KT_E_VALUE, "Seed must be between 0 and 2**32 - 1");
    } else if (a->image_size[0] < 1 || a->image_size[1] < 1 || a->image_size[0] > INT32_MAX ||
               a->image_size[1] > INT32_MAX) {
        kt_raise(f, KT_E_INVALID_ARGUMENT, "output dimensions must be positive");
    }
    return f->e.status;
}

/* --- which files ------------------------------------------------------------------------------ */

/* "['cats', 'dogs']" */
static const char *printed(listing *l, const kt_vec *names)
{
    kt_value   *list = kt_value_new(&l->arena, KT_LIST);
    kt_str      text = {0};
    const char *out = NULL;

    for (size_t i = 0; i < names->n; i++)
        kt_value_add(&l->arena, list, NULL, kt_value_str(&l->arena, names->at[i]));
    if (list && !l->arena.failed) {
        kt_value_repr(&text, list);
        out = kt_str_keep(&text, &l->arena);
    }
    return out ? out : "[]";
}

static bool has(const kt_vec *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (kt_streq(names->at[i], name))
            return true;
    return false;
}

/* The folders, or those of them that were asked for. */
static kt_status settle_classes(listing *l, const kt_image_dataset_args *a, kt_fault *f)
{
    kt_vec there = {0};
    bool   ok = true, all = true;

    if (kt_folder_names(a->directory, &l->arena, &there, f) == KT_OK) {
        const char *const *asked = a->class_names;
        for (size_t i = 0; ok && (asked ? asked[i] != NULL : i < there.n); i++) {
            char *name = asked ? kt_arena_strdup(&l->arena, asked[i]) : there.at[i];
            all = all && name && has(&there, name);
            ok = name && kt_vec_push(&l->classes, name);
        }
        if (!ok)
            kt_raise_memory(f);
        else if (!all)
            kt_raise(f, KT_E_VALUE,
                     "The `class_names` passed did not match the names of the subdirectories of "
                     "the target directory. Expected: %s (or a subset of it), but received: "
                     "class_names=%s",
                     printed(l, &there), printed(l, &l->classes));
        else if (kt_streq(a->label_mode, "binary") && l->classes.n != 2)
            kt_raise(f, KT_E_VALUE,
                     "When passing `label_mode=\"binary\"`, there must be exactly 2 class_names. "
                     "Received: class_names=%s",
                     printed(l, &l->classes));
    }
    kt_vec_free(&there);
    return f->e.status;
}

/* Class after class; without labels all that is there. *upto[k]: where the files of class k end. */
static kt_status list_files(listing *l, const kt_image_dataset_args *a, size_t *upto, kt_fault *f)
{
    if (!has_labels(a))
        return kt_folder_files(a->directory, endings, &l->arena, &l->files, f);
    for (size_t k = 0; k < l->classes.n; k++) {
        const char *path = kt_arena_printf(&l->arena, "%s/%s", a->directory,
                                           (const char *)l->classes.at[k]);
        if (!path)
            return kt_raise_memory(f);
        if (kt_folder_files(path, endings, &l->arena, &l->files, f) != KT_OK)
            return f->e.status;
        upto[k] = l->files.n;
    }
    return KT_OK;
}

/* The order of numpy.random.RandomState(seed).shuffle, and the part that is wanted of it. */
static kt_status arrange(listing *l, const kt_image_dataset_args *a, const size_t *upto,
                         kt_fault *f)
{
    size_t   n = l->files.n, first = 0;
    int64_t *order = kt_arena_calloc(&l->arena, n + 1, sizeof *order);
    char   **path = kt_arena_calloc(&l->arena, n + 1, sizeof *path);
    kt_mt    r;

    l->label = kt_arena_calloc(&l->arena, n + 1, sizeof *l->label);
    if (!order || !path || !l->label)
        return kt_raise_memory(f);
    if (a->shuffle) {
        kt_mt_seed(&r, (uint32_t)a->seed);
        kt_mt_permutation(&r, (int64_t)n, order);
    }
    /* As Python's slices with -held: no row to hold back leaves none, and gives all. */
    size_t held = (size_t)(a->validation_split * (double)n);
    if (kt_streq(a->subset, "validation") && held > 0)
        first = n - held;
    else if (kt_streq(a->subset, "training"))
        n = held > 0 ? n - held : 0;
    for (size_t i = 0; i < n - first; i++) {
        size_t at = a->shuffle ? (size_t)order[first + i] : first + i, k = 0;
        while (k < l->classes.n && at >= upto[k])
            k++;
        path[i] = l->files.at[at];
        l->label[i] = (int32_t)k;
    }
    l->files.n = n - first;
    for (size_t i = 0; i < l->files.n; i++)
        l->files.at[i] = path[i];
    return KT_OK;
}

static kt_status list(listing *l, const kt_image_dataset_args *a, kt_fault *f)
{
    if (has_labels(a) && settle_classes(l, a, f) != KT_OK)
        return f->e.status;
    size_t *upto = kt_arena_calloc(&l->arena, l->classes.n + 1, sizeof *upto);
    if (!upto || l->classes.n > INT32_MAX)
        return kt_raise_memory(f);
    if (list_files(l, a, upto, f) != KT_OK || arrange(l, a, upto, f) != KT_OK)
        return f->e.status;
    if (l->files.n == 0)
        kt_raise(f, KT_E_VALUE,
                 "No images found in directory %s. Allowed formats: ('.bmp', '.gif', '.jpeg', "
                 "'.jpg', '.png')",
                 a->directory);
    return f->e.status;
}

/* --- pixels ----------------------------------------------------------------------------------- */

/* The plan that resizes images of one size; neighbours often have the same. */
typedef struct resizer {
    const kt_image_dataset_args *args;
    int64_t                      channels, height, width; /* of the image */
    kt_resize                    how;
    int64_t                      top, left; /* where it lies in what is padded */
    kt_graph                    *g;
    kt_node                     *in, *out;
    kt_plan                     *plan;
} resizer;

static void release(resizer *r)
{
    kt_plan_free(r->plan);
    kt_graph_free(r->g);
    r->plan = NULL;
    r->g = NULL;
}

/* The size that it gets, as tf.image.resize, or, where it is padded, tf.image.resize_with_pad. */
static void settle_size(resizer *r, const kt_pixels *p)
{
    const kt_image_dataset_args *a = r->args;
    double                       h = (double)a->image_size[0], w = (double)a->image_size[1];

    r->height = p->height;
    r->width = p->width;
    r->how = (kt_resize){.height = a->image_size[0],
                         .width = a->image_size[1],
                         .interpolation = a->interpolation,
                         .crop = a->crop_to_aspect_ratio};
    if (!a->pad_to_aspect_ratio)
        return;
    double ratio = fmax((double)p->width / w, (double)p->height / h);
    r->how.height = (int64_t)((double)p->height / ratio);
    r->how.width = (int64_t)((double)p->width / ratio);
    r->top = (int64_t)fmax(0, (h - (double)p->height / ratio) / 2);
    r->left = (int64_t)fmax(0, (w - (double)p->width / ratio) / 2);
}

static kt_status prepare(resizer *r, const kt_pixels *p, kt_fault *f)
{
    if (r->plan && r->height == p->height && r->width == p->width)
        return KT_OK;
    release(r);
    settle_size(r, p);
    r->g = kt_graph_new(f);
    if (!r->g)
        return f->e.status;
    r->in = kt_placeholder(r->g, "image", KT_F32, KT_SHAPE(p->height, p->width, r->channels));
    r->out = kt_resized(r->g, r->in, &r->how);
    if (!kt_graph_failed(r->g))
        r->plan = kt_plan_new(r->g, &r->out, 1, f);
    return f->e.status;
}

/* `to` is full of zeros. */
static kt_status put(resizer *r, const kt_pixels *p, float *to, kt_fault *f)
{
    size_t n = (size_t)(p->height * p->width * r->channels);

    if (prepare(r, p, f) != KT_OK)
        return f->e.status;
    float *from = kt_plan_data(r->plan, r->in);
    for (size_t i = 0; i < n; i++)
        from[i] = p->data[i];
    if (!kt_plan_run(r->plan))
        return kt_plan_refusal(r->plan, f);
    from = kt_plan_data(r->plan, r->out);
    size_t row = (size_t)(r->how.width * r->channels),
           whole = (size_t)(r->args->image_size[1] * r->channels);
    to += (size_t)r->top * whole + (size_t)(r->left * r->channels);
    for (int64_t y = 0; y < r->how.height; y++)
        memcpy(to + (size_t)y * whole, from + (size_t)y * row, row * sizeof *to);
    return KT_OK;
}

static kt_status read_all(const listing *l, resizer *r, float *to, kt_fault *f)
{
    size_t row = (size_t)(r->args->image_size[0] * r->args->image_size[1] * r->channels);

    for (size_t i = 0; i < l->files.n && f->e.status == KT_OK; i++) {
        kt_bytes  b = {0};
        kt_pixels p = {0};
        if (kt_file_read(l->files.at[i], &b, f) == KT_OK &&
            kt_image_read(l->files.at[i], b.data, b.size, (int)r->channels, &p, f) == KT_OK)
            put(r, &p, to + i * row, f);
        kt_pixels_free(&p);
        kt_bytes_free(&b);
    }
    release(r);
    return f->e.status;
}

static kt_status add_images(kt_data *d, const listing *l, const kt_image_dataset_args *a)
{
    int64_t h = a->image_size[0], w = a->image_size[1], n = (int64_t)l->files.n,
            channels = channels_of(a);
    bool       fits = n > 0 && h * w <= INT64_MAX / 64 / n; /* both are of 32 bits */
    kt_tensor *x = fits ? kt_tensor_new(KT_F32, KT_SHAPE(n, h, w, channels)) : NULL;
    resizer    r = {.args = a, .channels = channels};

    if (!x)
        return kt_raise_memory(&d->fault);
    if (read_all(l, &r, x->data, &d->fault) == KT_OK)
        kt_data_add_x(d, "", x);
    kt_tensor_unref(x);
    return d->fault.e.status;
}

/* --- labels ----------------------------------------------------------------------------------- */

static kt_status add_labels(kt_data *d, const listing *l, const kt_image_dataset_args *a)
{
    int64_t          n = (int64_t)l->files.n, classes = (int64_t)l->classes.n;
    bool             hot = kt_streq(a->label_mode, "categorical");
    kt_tensor       *y = hot ? kt_tensor_new(KT_F32, KT_SHAPE(n, classes))
                       : kt_streq(a->label_mode, "binary") ? kt_tensor_new(KT_F32, KT_SHAPE(n, 1))
                                                           : kt_tensor_new(KT_I32, KT_SHAPE(n));
    kt_legend_column words = {.words = (char **)l->classes.at, .n_words = (int)classes, .at = -1};

    d->legend = y ? kt_legend_new() : NULL;
    if (!d->legend || !kt_legend_start(d->legend, false, 0) ||
        !kt_legend_start(d->legend, true, 1) || !kt_legend_set(d->legend, true, 0, &words)) {
        kt_tensor_unref(y);
        return kt_raise_memory(&d->fault);
    }
    for (int64_t i = 0; i < y->count; i++)
        kt_tensor_set(y, i, hot ? l->label[i / classes] == i % classes : l->label[i]);
    kt_data_add_y(d, "", y);
    kt_tensor_unref(y);
    return d->fault.e.status;
}

kt_data *kt_image_dataset_with(const kt_image_dataset_args *args)
{
    kt_data              *d = kt_data_new();
    kt_image_dataset_args a;
    listing               l = {0};
    bool                  has_seed;

    if (!d)
        return NULL;
    if (!args) {
        kt_raise(&d->fault, KT_E_VALUE, "kt_image_dataset: the argument struct is NULL");
        return d;
    }
    if (kt_args_take(&a, sizeof a, &args->at, "kt_image_dataset_args", members, &d->fault) != KT_OK)
        return d;
    fill_in(&a, &has_seed);
    if (check_words(&a, &d->fault) == KT_OK && check_numbers(&a, has_seed, &d->fault) == KT_OK &&
        list(&l, &a, &d->fault) == KT_OK && add_images(d, &l, &a) == KT_OK && has_labels(&a))
        add_labels(d, &l, &a);
    kt_args_site(&d->fault, &a.at, "kt_image_dataset");
    kt_vec_free(&l.classes);
    kt_vec_free(&l.files);
    kt_arena_free(&l.arena);
    return d;
}
