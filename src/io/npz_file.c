/* npz_file.c - .npz of a model's weights, named by their paths. kt_load_weights reads them. */
#include "io/io.h"

static kt_status write(const kt_vec *weights, const char *path, kt_fault *f)
{
    kt_array   *arrays = kt_calloc(weights->n + 1, sizeof *arrays);
    kt_tensor **held = kt_calloc(weights->n + 1, sizeof *held);
    bool        ok = arrays && held;

    for (size_t i = 0; ok && i < weights->n; i++) {
        const kt_variable *v = weights->at[i];
        held[i] = kt_array_from_tensor(&arrays[i], v->value);
        arrays[i].name = (char *)(uintptr_t)v->path; /* only read */
        ok = held[i] != NULL;
    }
    if (ok)
        kt_npz_write(path, arrays, (int)weights->n, f);
    else
        kt_raise_memory(f);
    for (size_t i = 0; held && i < weights->n; i++)
        kt_tensor_unref(held[i]);
    kt_free(held);
    kt_free(arrays);
    return f->e.status;
}

static kt_status save(kt_model *m, const char *path, kt_fault *f)
{
    kt_vec weights = {0};

    if (kt_collect_weights(m->root, false, false, &weights) != KT_OK)
        kt_raise_memory(f);
    else if (weights.n == 0)
        kt_raise(f, KT_E_VALUE, "%s: the model has no weights", path);
    else
        write(&weights, path, f);
    kt_vec_free(&weights);
    return f->e.status;
}

const kt_format kt_format_npz_file = {
    .name = "weights by path", .suffix = ".npz", .weights = true, .save = save};
