/* test_doctor_explain.c - pasted errors of five generations: what their numbers say by themselves,
 * and what is still to know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/keratin.h"
#include "support/damage.h"

typedef struct row {
    const char *cause;        /* NULL: open */
    const char *words, *says; /* parts of the words, and of the advice or the question */
    const char *text;
} row;

/* One text a line, however long. */
/* clang-format off */
static const row rows[] = {
    /* Keras 2 */
    {"flat_vs_shaped", "784 numbers", "Flatten(input_shape=(28, 28))",
     "ValueError: Error when checking input: expected dense_1_input to have shape (784,) but got array with shape (28, 28)"},
    {"axis_extra", "2 axes are wanted, the array has 3", "what does each axis stand for",
     "ValueError: Error when checking target: expected dense_3 to have 2 dimensions, but got array with shape (60000, 10, 1)"},
    {"labels_vs_loss", "10 numbers for each sample", "sparse_categorical_crossentropy",
     "ValueError: Error when checking target: expected dense_2 to have shape (10,) but got array with shape (1,)"},
    {"channel_count", "3 channels are wanted and 4 given", "is the model trained?",
     "ValueError: Error when checking input: expected conv2d_1_input to have shape (32, 32, 3) but got array with shape (32, 32, 4)"},
    /* tf.keras 1.14 to 2.3 */
    {"flat_vs_shaped", "layer 'dense': (28, 28) are 784 numbers", "reshape(len(x), 784)",
     "ValueError: Input 0 of layer dense is incompatible with the layer: expected axis -1 of input shape to have value 784 but received input with shape [None, 28, 28]"},
    {"labels_vs_loss", "the target has one", "to_categorical(y, 10)",
     "ValueError: A target array with shape (100, 1) was passed for an output of shape (None, 10) while using as loss `categorical_crossentropy`."},
    {"labels_vs_loss", "10 numbers", "argmax",
     "InvalidArgumentError: Can not squeeze dim[1], expected a dimension of 1, got 10"},
    /* 2.4 to 2.15 */
    {"flat_vs_shaped", "784", "Flatten",
     "ValueError: Input 0 of layer \"sequential\" is incompatible with the layer: expected shape=(None, 784), found shape=(None, 28, 28)"},
    {"feature_count", "10 features are wanted and 7 given", "trained",
     "ValueError: Input 0 of layer \"sequential\" is incompatible with the layer: expected shape=(None, 10), found shape=(None, 7)"},
    {"batch_axis_missing", "one sample", "x[None, ...]",
     "ValueError: Input 0 of layer \"sequential_2\" is incompatible with the layer: expected shape=(None, 28, 28, 1), found shape=(28, 28, 1)"},
    {"labels_vs_loss", "10 numbers", "sparse_categorical_crossentropy",
     "ValueError: Shapes (None, 1) and (None, 10) are incompatible"},
    {"units_vs_target", "3 units", "Dense(4)",
     "ValueError: Shapes (None, 4) and (None, 3) are incompatible"},
    {"flatten_missing", "28 outputs for each of the 32 samples", "Flatten",
     "logits and labels must have the same first dimension, got logits shape [896,10] and labels shape [32]"},
    {"labels_vs_loss", "one-hot rows of 10", "categorical_crossentropy",
     "logits and labels must have the same first dimension, got logits shape [32,10] and labels shape [320]"},
    /* Keras 3 */
    {"feature_count", "layer 'dense': 8 features are wanted and 9 given", "trained",
     "Exception encountered when calling Sequential.call().\n\n\033[1mInput 0 of layer \"dense\" is incompatible\n with the layer: expected axis -1 of input shape to have value 8, but received input with shape (None, 9)\033[0m\n\nArguments received by Sequential.call():\n  * inputs=tf.Tensor(shape=(None, 9), dtype=float32)"},
    {"labels_vs_loss", "10 numbers", "sparse_categorical_crossentropy",
     "ValueError: Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(None,), output.shape=(None, 10)"},
    {"flatten_missing", "(28, 10)", "Flatten()",
     "ValueError: Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(None, 10), output.shape=(None, 28, 10)"},
    /* numbers, names and sizes of arrays */
    {"labels_vs_loss", "the targets have 10", "categorical_crossentropy",
     "ValueError: Error when checking target: expected dense_2 to have shape (1,) but got array with shape (10,)"},
    {"wiring", "2 inputs, 1 array is", "a list of 2 arrays",
     "ValueError: Layer \"model\" expects 2 input(s), but it received 1 input tensors. Inputs received: [<tf.Tensor>]"},
    {"wiring", "1 input, 60000 arrays are", "np.array(x)",
     "ValueError: Error when checking model input: the list of Numpy arrays that you are passing to your model is not the size the model expected. Expected to see 1 array(s), but instead got the following list of 60000 arrays: [array([[0"},
    {"target_count", "2 outputs, 1 array is", "model.output_names",
     "ValueError: Error when checking model target: the list of Numpy arrays that you are passing to your model is not the size the model expected. Expected to see 2 array(s), but instead got the following list of 1 arrays: [array("},
    {"wiring", "2 inputs, 1 array is", "model.input_names",
     "ValueError: Model expects 2 arrays, but only received one array. Found: array with shape (32, 4)"},
    {"sample_count", "x has 100 samples, y has 99", "the same samples",
     "Data cardinality is ambiguous: x sizes: 100 y sizes: 99 Make sure all arrays contain the same number of samples."},
    {"reshape_size", "but 60000 samples of it", "reshape(-1, ...)",
     "ValueError: cannot reshape array of size 47040000 into shape (50000,28,28)"},
    {"reshape_size", "100 numbers do not fill (2, 28)", "which shape has the array before",
     "ValueError: cannot reshape array of size 100 into shape (2,28)"},
    {"channel_count", "(224, 224, 3) and of (224, 224)", "one number of channels",
     "ValueError: could not broadcast input array from shape (224,224,3) into shape (224,224)"},
    {"input_size", "different shapes", "pad sequences",
     "ValueError: setting an array element with a sequence."},
    {"labels_vs_loss", "10 numbers for each sample", "sparse_categorical_crossentropy",
     "ValueError: `logits` and `labels` must have the same shape, received ((None, 10) vs (None, 1))."},
    {"labels_vs_loss", "one-hot rows of 10", "categorical_crossentropy",
     "ValueError: Shape mismatch: The shape of labels (received (32, 10)) should equal the shape of logits except for the last dimension (received (32, 10))."},
    {"branch_sizes", "(None, 32, 32, 64) and (None, 30, 30, 64)", "padding='same'",
     "ValueError: Operands could not be broadcast together with shapes (None, 32, 32, 64) (None, 30, 30, 64)"},
    {"feature_count", "4 features and gets 3", "trained",
     "InvalidArgumentError: Matrix size-incompatible: In[0]: [32,3], In[1]: [4,10] [Op:MatMul]"},
    {"feature_count", "20 features and gets 1", "trained",
     "ValueError: Dimensions must be equal, but are 1 and 20 for '{{node lstm/while/MatMul}} = MatMul[T=DT_FLOAT](x, kernel)' with input shapes: [?,1], [20,80]."},
    {"feature_count", "20 features and gets 1", "trained",
     "ValueError: Dimensions must be equal, but are 1 and 20 for 'lstm/while/MatMul' (op: 'MatMul')"},
    {"units_vs_target", "10 units", "Dense(3)",
     "ValueError: Dimensions must be equal, but are 10 and 3 for '{{node mean_squared_error/SquaredDifference}} = SquaredDifference[T=DT_FLOAT](x, y)' with input shapes: [?,10], [?,3]."},
    {"branch_sizes", "(None, 30) meets (None, 32)", "which two layers",
     "ValueError: Dimensions must be equal, but are 30 and 32 for '{{node add}} = AddV2[T=DT_FLOAT](x, y)' with input shapes: [?,30], [?,32]."},
    {"weights_shape", "(1000, 50), the given one is (1001, 100)", "input_dim",
     "ValueError: Layer weight shape (1000, 50) not compatible with provided weight shape (1001, 100)"},
    {"axis_extra", "a Conv2D gets 5 axes", "without the number of samples",
     "ValueError: Kernel shape must have the same length as input, but received kernel of shape (3, 3, 1, 32) and input of shape (None, 100, 28, 28, 1)."},
    {"axes_swapped", "(3, 32, 24) holds the numbers of (32, 24, 3)", "transpose x",
     "ValueError: Error when checking input: expected conv2d_1_input to have shape (32, 24, 3) but got array with shape (3, 32, 24)"},
    {"input_size", "samples of (32, 32, 3) are wanted", "resize x to (32, 32, 3)",
     "ValueError: Input 0 of layer \"sequential\" is incompatible with the layer: expected shape=(None, 32, 32, 3), found shape=(None, 28, 28, 3)"},
    {NULL, "samples of (10, 4) are wanted, samples of (7,) are given", "keratin check MODEL",
     "ValueError: Input 0 of layer \"sequential\" is incompatible with the layer: expected shape=(None, 10, 4), found shape=(None, 7)"},
    {"units_vs_target", "3 units", "Dense(5)",
     "ValueError: Shape mismatch: The shape of labels (received (32, 5)) should equal the shape of logits except for the last dimension (received (32, 3))."},
    {"feature_count", "layer 'out': 8 features are wanted and 9 given", "trained",
     "The layer is incompatible with it: Input 0 of layer out is incompatible with the layer: expected axis -1 of input shape to have value 8, but received input with shape (None, 9 , )"},
    /* cut off */
    {NULL, "layer 'dense' wants 7 numbers", "which shape was received",
     "Input 0 of layer \"dense\" is incompatible with the layer: expected axis -1 of input shape to have value 7"},
    {NULL, "its end is missing", "the whole message", "ValueError: Shapes (None, "},
    {NULL, "its end is missing", "the whole message", "expected axis "},
    {NULL, "its end is missing", "the whole message", "Expected shape ("},
    {NULL, "its end is missing", "the whole message",
     "ValueError: Error when checking input: expected dense_1_input to have sha"},
    /* 3.15 */
    {"flat_vs_shaped", "784", "Flatten",
     "[1mInvalid input shape for input Tensor(\"data:0\", shape=(None, 28, 28), dtype=float32) with name 'keras_tensor' and path ''. Expected shape (None, 784), but input has incompatible shape (None, 28, 28)[0m"},
    {NULL, "'gru_2' wants 3 axes", "which layer stands before it?",
     "Input 0 with name 'None' of layer 'gru_2' is incompatible with the layer: expected ndim=3, found ndim=2. Full shape received: (None, 8)"},
    {"axis_missing", "(8, 28, 28)", "x[..., None]",
     "Input 0 with name 'None' of layer 'conv2d' is incompatible with the layer: expected min_ndim=4, found ndim=3. Full shape received: (8, 28, 28)"},
    /* tf.js and TensorFlow */
    {"flat_vs_shaped", "784", "Flatten",
     "Error when checking input: expected dense_Dense1_input to have shape [null,784] but got array with shape [1,28,28]"},
    {NULL, "a label is 10", "what is the smallest label?",
     "Received a label value of 10 which is outside the valid range of [0, 10).  Label values: 3 10"},
    {"units_vs_target", "0..9", "Dense(15)",
     "Received a label value of 14 which is outside the valid range of [0, 10)."},
    {"index_range", "100 rows", "input_dim=121", "indices[3,7] = 120 is not in [0, 100)"},
    {"sample_count", "x has 90 samples, y has 100", "the same samples",
     "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: 90\n'y' sizes: 100\n"},
    {"maps_shrink", "smaller than the kernel", "padding='same'",
     "Negative dimension size caused by subtracting 3 from 1 for 'conv2d_2/convolution'"},
    {"branch_sizes", "(None, 12, 8) and (None, 6)", "return_sequences=False",
     "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. Received: input_shape=[(None, 12, 8), (None, 6)]"},
    {"reshape_size", "3136", "multiply",
     "The total size of the tensor must be unchanged. Received: input_shape=(1568,), target_shape=(7, 7, 64)"},
};
/* clang-format on */

static int has(const char *text, const char *part)
{
    return text && strstr(text, part) != NULL;
}

static void every_sentence(void **state)
{
    (void)state;
    int wrong = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row      *r = &rows[i];
        kt_explanation *e = kt_explain_text(r->text);
        assert_non_null(e);
        int cause = r->cause ? has(e->cause, r->cause) : !e->cause;
        if (!cause || !has(e->words, r->words) ||
            !(has(e->advice, r->says) || has(e->ask, r->says)) || !e->error) {
            wrong++;
            print_error("%s\n  %s | %s | %s | %s\n", r->text, e->cause ? e->cause : "open",
                        e->words ? e->words : "-", e->advice ? e->advice : "-",
                        e->ask ? e->ask : "-");
        }
        char *json = kt_explanation_json(r->text);
        assert_int_equal(has(json, "\"advice\": \""), e->advice != NULL);
        assert_int_equal(has(json, "\"ask\": \""), e->ask != NULL);
        kt_text_free(json);
        kt_explanation_free(e);
    }
    assert_int_equal(wrong, 0);
}

/* Other texts, and texts that are cut off anywhere. */
static void nothing_is_made_up(void **state)
{
    (void)state;
    const char *const texts[] = {"", "hello", "ModuleNotFoundError: No module named 'keras'"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kt_explanation *e = kt_explain_text(texts[i]);
        assert_null(e->words);
        assert_null(e->cause);
        assert_non_null(e->ask);
        kt_explanation_free(e);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t n = 0; n < strlen(rows[i].text); n += 7) {
            char *cut = strndup(rows[i].text, n);
            kt_explanation_free(kt_explain_text(cut));
            free(cut);
        }
    kt_explanation_free(kt_explain_text(NULL));
    kt_explanation_free(NULL);
}

static void add(uint32_t *sum, const char *text)
{
    char *json = kt_explanation_json(text);

    damage_sum(sum, json);
    kt_text_free(json);
}

/* The text with something else in the place of n bytes. */
static void add_with(uint32_t *sum, const char *text, size_t at, size_t n, const char *by)
{
    kt_str s = {0};

    kt_str_addn(&s, text, at);
    kt_str_add(&s, by);
    kt_str_add(&s, text + at + n);
    add(sum, kt_str_text(&s));
    kt_str_free(&s);
}

/* Other numbers, and words left out: what is said then is what was said. */
static void changed_sentences(void **state)
{
    static const char *const numbers[] = {"0", "1", "2", "3", "10", "28", "784", "None", "-1", ""};
    static const char        digits[] = "0123456789", blanks[] = " \n";
    kt_str                   lines = {0};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(rows); i++) {
        const char *text = rows[i].text;
        uint32_t    sum = DAMAGE_SUM;
        add(&sum, text);
        for (size_t at = 0, n; text[at]; at += n) {
            size_t number = strspn(text + at, digits);
            n = number ? number : strcspn(text + at, "0123456789 \n");
            n = n ? n : strspn(text + at, blanks);
            for (size_t k = 0; k < KT_COUNT(numbers); k++)
                if (number || !*numbers[k])
                    add_with(&sum, text, at, n, numbers[k]);
        }
        kt_str_printf(&lines, "explained %zu: %08x\n", i, sum);
    }
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sentence),
        cmocka_unit_test(nothing_is_made_up),
        cmocka_unit_test(changed_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
