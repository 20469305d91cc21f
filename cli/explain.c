/* explain.c - keratin explain: a pasted error from standard input. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { LARGEST = 1 << 20 };

static void print_line(const char *label, const char *text)
{
    if (text)
        printf("%s%s\n", label, text);
}

static void print(const args *a, const kt_explanation *e)
{
    json j = {.out = stdout};

    if (!a->json) {
        puts(e->words ? e->words : "no error of shapes that is known here");
        print_line("cause: ", e->cause);
        print_line("repair: ", e->advice);
        print_line("still to know: ", e->ask);
        return;
    }
    json_open(&j, NULL, '{');
    json_bool(&j, "ok", e->words != NULL);
    json_text(&j, "error", e->error);
    json_text(&j, "cause", e->cause);
    json_text(&j, "words", e->words);
    json_text(&j, "advice", e->advice);
    json_text(&j, "ask", e->ask);
    json_close(&j, '}');
    putchar('\n');
}

static int run(const args *a)
{
    char           *text = calloc(LARGEST + 1, 1);
    size_t          n = text ? fread(text, 1, LARGEST, stdin) : 0;
    kt_explanation *e = NULL;

    if (n == 0) {
        free(text);
        return usage_error(a, "paste an error into standard input");
    }
    e = kt_explain_text(text);
    free(text);
    if (e)
        print(a, e);
    int status = e && e->words ? DONE : FAILED;
    kt_explanation_free(e);
    return status;
}

static const option options[] = {
    {"json", NULL, "print the result as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_explain = {
    .name = "explain",
    .operands = "",
    .summary = "says what a pasted error of Keras means",
    .details =
        "Reads an error or traceback from standard input, of Keras 2 to 3 or tf.js, and says\n"
        "what is certain from the text alone. With the model and the data at hand,\n"
        "`keratin check --call` says more.",
    .least = 0,
    .most = 0,
    .options = options,
    .run = run,
};
