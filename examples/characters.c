/* characters.c - a model of letters: which one comes next, and a text that it makes up.
 *
 *   characters [MODEL.keras [EPOCHS]]
 *
 * The text is text/republic.txt below KERATIN_DATA (or below ../shared/data) where that is there,
 * else the verse in here, which is soon known by heart. With 30 epochs of the book it writes words.
 * Status 1 if it is no better than knowing how often each letter occurs.
 */
#include <ctype.h>
#include <keratin/keratin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES = 240, LENGTH = 40, TEXT = PIECES * LENGTH + 1, SKIPPED = 30000, SAMPLED = 160 };

static const char letters[] = " abcdefghijklmnopqrstuvwxyz.,;:?!'-";
enum { LETTERS = sizeof letters - 1 };

static const char verse[] =
    "Tyger Tyger, burning bright, In the forests of the night; What immortal hand or eye, Could "
    "frame thy fearful symmetry? In what distant deeps or skies, Burnt the fire of thine eyes? On "
    "what wings dare he aspire? What the hand, dare seize the fire? ";

static int id_of(int c)
{
    const char *at = c ? strchr(letters, tolower(c)) : NULL;
    return at ? (int)(at - letters) : 0;
}

/* Fills the numbers of TEXT letters: of the book, or of the verse over and over. */
static void read_text(int *ids)
{
    const char *folder = getenv("KERATIN_DATA");
    char        path[1024];

    snprintf(path, sizeof path, "%s/text/republic.txt", folder ? folder : "../shared/data");
    FILE *f = fopen(path, "rb");
    int   there = f && fseek(f, SKIPPED, SEEK_SET) == 0;
    for (int i = 0, c; i < TEXT; i++) {
        c = there ? fgetc(f) : EOF;
        ids[i] = id_of(c != EOF ? c : verse[(size_t)i % (sizeof verse - 1)]);
    }
    printf("the text: %s\n", there ? path : "a verse");
    if (f)
        fclose(f);
}

/* What a model reaches that only knows how often each letter occurs. */
static double entropy(const int *ids)
{
    double count[LETTERS] = {0}, sum = 0;

    for (int i = 0; i < TEXT; i++)
        count[ids[i]]++;
    for (int k = 0; k < LETTERS; k++)
        sum -= count[k] > 0 ? count[k] / TEXT * log(count[k] / TEXT) : 0;
    return sum;
}

/* One of the letters: a low temperature takes the likely ones, a high one dares more. */
static int draw(const kt_tensor *p, int64_t from, double temperature, double u)
{
    double weight[LETTERS], sum = 0;
    int    k = 0;

    for (int i = 0; i < LETTERS; i++)
        sum += weight[i] = pow(kt_tensor_get(p, from + i), 1 / temperature);
    for (u *= sum; k < LETTERS - 1 && u >= weight[k]; k++)
        u -= weight[k];
    return k;
}

static void write_some(kt_model *m, const int *start, double temperature)
{
    kt_tensor *x = kt_tensor_from(start, KT_I32, KT_SHAPE(1, LENGTH));
    kt_tensor *u = kt_numpy_rand(1, KT_SHAPE(SAMPLED)), *p = NULL;
    int       *window = kt_tensor_data(x);

    printf("at temperature %.1f: ", temperature);
    for (int i = 0; i < SAMPLED && (p = kt_predict(m, x)) != NULL; i++) {
        int next = draw(p, (LENGTH - 1) * LETTERS, temperature, kt_tensor_get(u, i));
        memmove(window, window + 1, (LENGTH - 1) * sizeof *window);
        window[LENGTH - 1] = next;
        putchar(letters[next]);
        kt_tensor_unref(p);
    }
    puts("");
    kt_tensor_unref(u);
    kt_tensor_unref(x);
}

int main(int argc, char **argv)
{
    static int ids[TEXT];

    read_text(ids);
    kt_tensor *x = kt_tensor_from(ids, KT_I32, KT_SHAPE(PIECES, LENGTH));
    kt_tensor *y = kt_tensor_from(ids + 1, KT_I32, KT_SHAPE(PIECES, LENGTH)); /* one later */
    kt_set_seed(1);
    kt_model *m = kt_sequential(kt_input(.shape = {LENGTH}, .dtype = "int32"),
                                kt_embedding(LETTERS, 16), kt_gru(64, .return_sequences = true),
                                kt_dense(LETTERS, .activation = "softmax"));
    kt_compile(m, .optimizer = "Adam(learning_rate=0.01)",
               .loss = "sparse_categorical_crossentropy");
    kt_history *h = kt_fit(m, x, y, .epochs = argc > 2 ? strtol(argv[2], NULL, 10) : 8,
                           .batch_size = 16, .verbose = 2);
    double      loss = kt_history_get(h, "loss", -1), plain = entropy(ids);

    write_some(m, ids, 0.5);
    write_some(m, ids, 1.0);
    printf("loss a letter: %.2f; by the letters' frequencies alone: %.2f\n", loss, plain);
    if (argc > 1)
        kt_save(m, argv[1]);
    int failed = kt_failed(m);
    kt_explain(m, stderr);
    kt_history_free(h);
    kt_model_free(m);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    return failed || !(loss < 0.9 * plain) ? 1 : 0;
}
