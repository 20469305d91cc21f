/* dense_shapes.c - which shapes Dense(16, input_shape=(5,)) takes: alone, in a model, behind
 * Flatten.
 *
 * A layer that is called directly works on the last axis and takes any number of axes before it. A
 * model holds its data to the input_shape that it declares.
 */
#include <keratin/keratin.h>
#include <string.h>

static int wrong; /* how many lines differ from what Keras does */

/* Prints a shape as Python does, and counts it as wrong if it is not this one. */
static void expect(const char *what, const kt_tensor *t, kt_shape want)
{
    const kt_shape *s = t ? kt_tensor_shape(t) : NULL;
    int             same = s && s->rank == want.rank;

    printf("%-44s ", what);
    for (int i = 0; s && i < s->rank; i++) {
        printf("%s%lld", i ? ", " : "(", (long long)s->dim[i]);
        same = same && s->dim[i] == want.dim[i];
    }
    puts(s ? ")" : "failed");
    wrong += !same;
}

static void layer_alone(kt_tensor *x)
{
    kt_layer  *dense = kt_dense(16, .input_shape = {5});
    kt_tensor *y = kt_layer_on(dense, x);

    expect("Dense(16, input_shape=(5,)) on (32, 10, 5):", y, KT_SHAPE(32, 10, 16));
    kt_tensor_unref(y);
    kt_layer_free(dense);
}

static void model_refuses(kt_tensor *x)
{
    kt_model       *m = kt_sequential(kt_dense(16, .input_shape = {5}));
    kt_tensor      *y = kt_predict(m, x);
    const kt_error *e = kt_model_error(m);
    const char     *sentence = "Expected shape (None, 5)";

    puts("\nSequential([Dense(16, input_shape=(5,))]) on (32, 10, 5):");
    kt_explain(m, stdout);
    puts("");
    wrong += y != NULL || !e || e->status != KT_E_VALUE || !strstr(e->message, sentence);
    kt_tensor_unref(y);
    kt_model_free(m);
}

static void model_takes(kt_tensor *x, const char *what, kt_shape want)
{
    kt_model  *m = kt_sequential(kt_dense(16, .input_shape = {5}));
    kt_tensor *y = kt_predict(m, x);

    expect(what, y, want);
    kt_tensor_unref(y);
    kt_model_free(m);
}

static void flatten_first(kt_tensor *x)
{
    kt_layer  *flatten = kt_flatten();
    kt_tensor *flat = kt_layer_on(flatten, x);
    kt_model  *m = kt_sequential(kt_flatten(.input_shape = {10, 5}), kt_dense(16));
    kt_tensor *y = kt_predict(m, x);

    expect("Flatten on (32, 10, 5):", flat, KT_SHAPE(32, 50));
    expect("Flatten, then Dense(16):", y, KT_SHAPE(32, 16));
    kt_tensor_unref(y);
    kt_model_free(m);
    kt_tensor_unref(flat);
    kt_layer_free(flatten);
}

int main(void)
{
    kt_tensor *x = kt_numpy_rand(0, KT_SHAPE(32, 10, 5));
    kt_tensor *one = kt_numpy_rand(0, KT_SHAPE(1, 5)), *many = kt_numpy_rand(0, KT_SHAPE(32, 5));

    layer_alone(x);
    model_refuses(x);
    flatten_first(x);
    model_takes(one, "The model on (1, 5):", KT_SHAPE(1, 16));
    model_takes(many, "The model on (32, 5):", KT_SHAPE(32, 16));
    kt_tensor_unref(many);
    kt_tensor_unref(one);
    kt_tensor_unref(x);
    return wrong ? 1 : 0;
}
