/* functional.c - the Functional API: two inputs, one shared layer, a model used as a layer.
 *
 *   left  (8,) --+
 *                +-- encoder (one set of weights) -- Concatenate -- head -- same? (1,)
 *   right (8,) --+
 */
#include <keratin/keratin.h>

enum { SAMPLES = 256, FEATURES = 8 };

/* A model of its own, which the other uses twice. */
static kt_layer *encoder(void)
{
    kt_symbol in = kt_symbol_of(kt_input(.shape = {FEATURES}));
    kt_symbol h = kt_apply(kt_dense(16, .activation = "relu"), in);
    kt_symbol out = kt_apply(kt_dense(4), h);

    return kt_model_as_layer(kt_functional("encoder", 1, &in, 1, &out));
}

static kt_model *pair_model(void)
{
    kt_symbol left = kt_symbol_of(kt_input(.shape = {FEATURES}, .name = "left"));
    kt_symbol right = kt_symbol_of(kt_input(.shape = {FEATURES}, .name = "right"));
    kt_layer *shared = encoder();
    kt_symbol code[] = {kt_apply(shared, left), kt_apply(shared, right)};
    kt_symbol both = kt_apply_list(kt_concatenate(), 2, code);
    kt_symbol hidden = kt_apply(kt_dense(16, .activation = "relu"), both);
    kt_symbol same = kt_apply(kt_dense(1, .activation = "sigmoid", .name = "same"), hidden);

    return kt_functional("pair", 2, (kt_symbol[]){left, right}, 1, &same);
}

int main(void)
{
    kt_tensor *a = kt_numpy_randn(0, KT_SHAPE(SAMPLES, FEATURES));
    kt_tensor *b = kt_numpy_randn(1, KT_SHAPE(SAMPLES, FEATURES));
    kt_tensor *y = kt_tensor_new(KT_F32, KT_SHAPE(SAMPLES, 1));
    kt_data   *d = kt_data_new();

    for (int i = 0; i < SAMPLES; i += 2) { /* every other pair is a pair of equals */
        for (int k = 0; k < FEATURES; k++)
            kt_tensor_set(b, i * FEATURES + k, kt_tensor_get(a, i * FEATURES + k));
        kt_tensor_set(y, i, 1);
    }
    kt_data_add_x(d, "left", a);
    kt_data_add_x(d, "right", b);
    kt_data_add_y(d, "same", y);
    kt_set_seed(1);
    kt_model *m = pair_model();
    kt_compile(m, .optimizer = "adam", .loss = "binary_crossentropy", .metrics = {"accuracy"});
    kt_summary(m, stdout);
    kt_history *h = kt_fit(m, .data = d, .epochs = 20, .verbose = 2);
    int         failed = kt_failed(m);
    int         learned = kt_history_get(h, "loss", -1) < kt_history_get(h, "loss", 0);

    kt_explain(m, stderr);
    kt_history_free(h);
    kt_model_free(m);
    kt_data_free(d);
    kt_tensor_unref(y);
    kt_tensor_unref(b);
    kt_tensor_unref(a);
    return failed || !learned ? 1 : 0;
}
