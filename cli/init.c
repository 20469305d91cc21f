/* init.c - keratin init: the numbers that a seed gives. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* The whole file as text, "-" for standard input; NULL if it can not be read. Free with free. */
static char *read_text(const char *path)
{
    FILE  *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char  *text = NULL;
    size_t n = 0, room = 0, got = 1;

    while (f && got > 0) {
        if (n + 1 >= room) {
            char *more = realloc(text, room = room ? room * 2 : 4096);
            if (!more)
                break;
            text = more;
        }
        got = fread(text + n, 1, room - n - 1, f);
        n += got;
    }
    bool bad = !f || got > 0 || ferror(f);
    if (f && f != stdin)
        fclose(f);
    if (bad) {
        free(text);
        return NULL;
    }
    text[n] = 0;
    return text;
}

static int run(const args *a)
{
    kt_status status = KT_OK;
    char     *call = read_text(a->operand[0]);

    if (!call)
        return usage_error(a, "'%s' can not be read", a->operand[0]);
    char *answer = kt_initial_values(call, &status);
    free(call);
    if (!answer)
        return usage_error(a, "out of memory");
    puts(answer);
    kt_text_free(answer);
    return status == KT_OK ? DONE : FAILED;
}

static const option options[] = {
    {"json", NULL, "the answer is always one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_init = {
    .name = "init",
    .operands = "CALL.json",
    .summary = "prints the numbers that an initializer, a model or a generator gives for a seed",
    .details = "CALL.json (- for standard input) holds one of\n"
               "  {\"initializer\": {\"class_name\": \"HeNormal\", \"config\": {\"seed\": 1}},\n"
               "   \"shape\": [3, 5]}\n"
               "  {\"model\": {...}, \"seed\": 1}\n"
               "  {\"function\": \"randn\", \"args\": [8], \"numpy_seed\": 0}",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
