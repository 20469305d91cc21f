/* text_classifier.c - does a review like the film? From raw text to a saved model that takes raw
 * text:
 *
 *   text_classifier [MODEL.keras]
 *
 *   text -> TextVectorization    lower case, no punctuation, words and pairs of them as numbers
 *        -> Embedding(16)        a vector for each
 *        -> GlobalAveragePooling1D -> Dense(1, sigmoid)
 *
 * The reviews are put together from a few phrases; "not" turns a phrase around, which the pairs of
 * words tell. Real Keras opens the saved model.
 */
#include <keratin/keratin.h>
#include <stdio.h>

enum { REVIEWS = 400, LENGTH = 200 };

static const char *const good[] = {"Great", "good", "wonderful", "moving", "Funny"};
static const char *const bad[] = {"bad", "Boring", "terrible", "dull", "weak"};
static const char *const openings[] = {"I saw it yesterday: ", "", "Well... ", "The film? ",
                                       "My friends say, and so do I: "};
static const char *const endings[] = {"!", ".", ", I think.", " - from the beginning to the end."};

/* Numbers that are the same on every machine. */
static unsigned next(unsigned *state, unsigned below)
{
    *state = *state * 1103515245U + 12345U;
    return (*state >> 16) % below;
}

/* A review; returns whether it likes the film. */
static int review(unsigned *state, char *text)
{
    unsigned    likes = next(state, 2), turned = next(state, 3) == 0;
    const char *word = (likes ^ turned) ? good[next(state, 5)] : bad[next(state, 5)];

    snprintf(text, LENGTH, "%sthe film is %s%s%s", openings[next(state, 5)], turned ? "not " : "",
             word, endings[next(state, 4)]);
    return (int)likes;
}

static kt_data *reviews(unsigned seed)
{
    static char text[REVIEWS][LENGTH];
    const char *list[REVIEWS];
    kt_tensor  *y = kt_tensor_new(KT_F32, KT_SHAPE(REVIEWS, 1));
    kt_data    *d = kt_data_new();

    for (int i = 0; i < REVIEWS; i++) {
        list[i] = text[i];
        kt_tensor_set(y, i, review(&seed, text[i]));
    }
    kt_tensor *x = kt_tensor_from_texts(list, KT_SHAPE(REVIEWS, 1)); /* copies them */
    kt_data_add_x(d, "review", x);
    kt_data_add_y(d, "likes", y);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    return d;
}

static void show(kt_model *m)
{
    static const char *const some[] = {"Not bad!", "the film is not good", "A wonderful film.",
                                       "It was DULL, dull, dull"};
    kt_tensor               *x = kt_tensor_from_texts(some, KT_SHAPE(4, 1)), *y = kt_predict(m, x);

    for (int i = 0; y && i < 4; i++)
        printf("%5.2f  %s\n", kt_tensor_get(y, i), kt_tensor_text(x, i));
    kt_tensor_unref(x);
    kt_tensor_unref(y);
}

int main(int argc, char **argv)
{
    kt_data  *train = reviews(1), *test = reviews(2);
    kt_model *m;

    kt_set_seed(1);
    m = kt_sequential(kt_text_vectorization(.ngrams = "2"), kt_embedding(200, 16),
                      kt_global_average_pooling1d(), kt_dense(1, .activation = "sigmoid"));
    kt_adapt(m, train); /* the vocabulary */
    kt_compile(m, .optimizer = "Adam(learning_rate=0.02)", .loss = "binary_crossentropy",
               .metrics = {"accuracy"});
    kt_history *h = kt_fit(m, .data = train, .epochs = 15, .verbose = 2);
    kt_history *e = kt_evaluate(m, .data = test);
    double      right = kt_history_get(e, "accuracy", -1);

    show(m);
    printf("right on new reviews: %.1f %%\n", 100 * right);
    if (argc > 1)
        kt_save(m, argv[1]);
    int failed = kt_failed(m);
    kt_explain(m, stderr);
    kt_history_free(h);
    kt_history_free(e);
    kt_model_free(m);
    kt_data_free(train);
    kt_data_free(test);
    return failed || right < 0.95 ? 1 : 0;
}
