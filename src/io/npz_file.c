/* npz_file.c - .npz of a model's weights, named by their paths. kt_load_weights reads them. */
#include "io/io.h"

static kt_status write(const kt_vec *weights, const char *path, kt_fault *f)
{
    kt_arena     a = {0};
    const char **names = kt_array_names(&a, weights);
    kt_tensor  **values = kt_arena_calloc(&a, weights->n, sizeof *values);

    for (size_t i = 0; values && i < weights->n; i++)
        values[i] = ((const kt_variable *)weights->at[i])->value;
    if (names && values)
        kt_tensors_write(path, (int)weights->n, names, values, f);
    else
        kt_raise_memory(f);
    kt_arena_free(&a);
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
