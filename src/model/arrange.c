/* arrange.c - named arrays in the order of the model's inputs and outputs. */
#include "model/step.h"

/* Swaps columns so that those with a known name stand in their place. Names that fit nowhere leave
 * the order as it is: arrays from `numpy.savez(a, b)` are arr_0, arr_1. */
static void arrange(const kt_model *m, kt_column *c, int n,
                    const char *(*name_of)(const kt_model *, int))
{
    for (int i = 0; i < n; i++) {
        const char *name = name_of(m, i);
        for (int k = i; name && k < n; k++)
            if (c[k].name && kt_streq(c[k].name, name)) {
                kt_column t = c[i];
                c[i] = c[k];
                c[k] = t;
                break;
            }
    }
}

kt_data kt_arranged(const kt_model *m, const kt_data *d)
{
    kt_data out = *d;

    if (d->n_x > 1 && d->n_x == kt_model_inputs(m))
        arrange(m, out.x, out.n_x, kt_model_input_name);
    if (d->n_y > 1 && d->n_y == kt_model_outputs(m))
        arrange(m, out.y, out.n_y, kt_model_output_name);
    return out;
}
