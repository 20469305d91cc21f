/* save.c - arrays into files. */
#include "data/data.h"
#include "keratin/io.h"

kt_status kt_tensors_save(const char *path, int n, const char *const *names, kt_tensor *const *t)
{
    kt_fault  f = {0};
    kt_array *a = kt_calloc((size_t)(n > 0 ? n : 1), sizeof *a);

    if (!a)
        return KT_E_MEMORY;
    for (int i = 0; i < n; i++) {
        kt_array_from_tensor(&a[i], t[i]);
        a[i].name = (char *)(uintptr_t)names[i]; /* only read */
    }
    kt_status status = kt_npz_write(path, a, n, &f);
    kt_fault_clear(&f);
    kt_free(a);
    return status;
}
