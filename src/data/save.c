/* save.c - arrays into files. */
#include "data/data.h"
#include "keratin/io.h"

kt_status kt_tensors_write(const char *path, int n, const char *const *names, kt_tensor *const *t,
                           kt_fault *f)
{
    kt_array   *a = kt_calloc((size_t)(n > 0 ? n : 1), sizeof *a);
    kt_tensor **held = kt_calloc((size_t)(n > 0 ? n : 1), sizeof *held);
    bool        ok = a && held;

    for (int i = 0; ok && i < n; i++) {
        held[i] = kt_array_from_tensor(&a[i], t[i]);
        a[i].name = (char *)(uintptr_t)names[i]; /* only read */
        ok = held[i] != NULL;
    }
    if (ok)
        kt_npz_write(path, a, n, f);
    else
        kt_raise_memory(f);
    for (int i = 0; held && i < n; i++)
        kt_tensor_unref(held[i]);
    kt_free(held);
    kt_free(a);
    return f->e.status;
}

kt_status kt_tensors_save(const char *path, int n, const char *const *names, kt_tensor *const *t)
{
    kt_fault f = {0};

    if (!path || (n > 0 && (!names || !t)))
        return kt_raise_null("kt_tensors_save", !path ? "the path" : "a list");
    for (int i = 0; i < n; i++)
        if (!names[i] || !t[i])
            return kt_raise_here(KT_E_VALUE, "kt_tensors_save: array %d or its name is NULL", i);
    kt_tensors_write(path, n, names, t, &f);
    return kt_fault_leave(&f);
}
