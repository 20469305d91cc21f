/* model.c - fuzz target: any bytes as a model file, .keras or JSON. What can be read is written as
 * JSON, and run on two rows where it is small. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "keratin/io.h"
#include "model/model.h"
#include "nn/container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST_PARAMETERS 100000
#define MOST_ELEMENTS   100000 /* of one layer's result */

static kt_shape known(kt_shape s)
{
    for (int i = 0; i < s.rank; i++)
        if (s.dim[i] == KT_UNKNOWN)
            s.dim[i] = 2;
    return s;
}

static bool is_small(const kt_shape *shape)
{
    kt_shape s = known(*shape);

    return kt_shape_count(&s) >= 0 && kt_shape_count(&s) <= MOST_ELEMENTS;
}

/* Whether every layer's results are small; a model that is not built has no sizes yet. */
static bool can_run(kt_model *m, const kt_container *c)
{
    if (!c || !c->ready || kt_check_shapes(m, 0, NULL, false) != KT_OK)
        return false;
    for (int i = 0; i < kt_model_layers(m); i++)
        for (int k = 0; k < kt_model_layer(m, i).n_out; k++) {
            kt_shape s = kt_model_layer_out(m, i, k);
            if (!is_small(&s))
                return false;
        }
    return kt_model_outputs(m) <= KT_MAX_OUTPUTS;
}

static void run(kt_model *m, const kt_container *c)
{
    kt_tensor *out[KT_MAX_OUTPUTS] = {0};
    kt_data   *d = kt_data_new();
    int        n = kt_model_outputs(m);

    for (int i = 0; i < c->n_in; i++) {
        const kt_result *in = kt_symbol_result(c->in[i]);
        kt_tensor       *x = kt_tensor_new(in->dtype, known(in->shape));

        if (x)
            memset(x->data, 0, (size_t)x->count * kt_dtype_size(x->dtype));
        kt_data_add_x(d, kt_model_input_name(m, i), x);
        kt_tensor_unref(x);
    }
    if (kt_predict_many(m, d, 0, out, n) == KT_OK)
        for (int i = 0; i < n; i++)
            if (!out[i])
                __builtin_trap();
    for (int i = 0; i < n; i++)
        kt_tensor_unref(out[i]);
    kt_data_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_model *m = kt_load_memory(data, size, "fuzz");

    if (!kt_failed(m) && kt_count_parameters(m) < MOST_PARAMETERS) {
        const kt_container *c = kt_container_of(m->root);
        kt_text_free(kt_to_json(m));
        if (can_run(m, c))
            run(m, c);
    }
    kt_model_free(m);
    return 0;
}
