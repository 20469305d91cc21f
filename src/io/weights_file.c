/* weights_file.c - .weights.h5: the weights and the optimizer's state alone, as Keras 3 writes
 * them. kt_load_weights reads them. */
#include "io/io.h"

kt_status kt_weights_image(kt_model *m, kt_bytes *image, kt_fault *f)
{
    kt_h5 *h = kt_h5_create(f);

    if (!h)
        return f->e.status;
    kt_weights_write(m, h, f);
    kt_status closed = kt_h5_close(h, f->e.status == KT_OK ? image : NULL, f);
    return f->e.status != KT_OK ? f->e.status : closed;
}

static kt_status save(kt_model *m, const char *path, kt_fault *f)
{
    kt_bytes image = {0};

    if (kt_weights_image(m, &image, f) == KT_OK)
        kt_file_write(path, image.data, image.size, f);
    kt_bytes_free(&image);
    return f->e.status;
}

const kt_format kt_format_weights_file = {
    .name = "HDF5 weights", .suffix = ".weights.h5", .weights = true, .save = save};
