/* help.c - keratin help, and the texts of --help: from the tables of the commands. */
#include <string.h>

#include "cli.h"

void help_all(FILE *out)
{
    fputs("keratin: Keras models without Python\n\nusage: keratin COMMAND ...\n\n", out);
    for (const command *const *c = commands; *c; c++)
        fprintf(out, "  %-10s %s\n", (*c)->name, (*c)->summary);
    fputs("\nMODEL is a .keras, .h5 or .json file, or a Keras expression in quotes:\n"
          "  \"Sequential([Flatten(input_shape=(28, 28)), Dense(10, activation='softmax')])\"\n"
          "`keratin COMMAND --help` tells the options of a command.\n"
          "Exit status: 0 done, 1 a model or shape error, 2 wrong usage or unreadable input.\n",
          out);
}

void help_command(FILE *out, const command *c)
{
    bool any = c->options && c->options->name;

    fprintf(out, "keratin %s: %s\n\nusage: keratin %s%s%s%s\n", c->name, c->summary, c->name,
            *c->operands ? " " : "", c->operands, any ? " [options]" : "");
    if (c->details)
        fprintf(out, "\n%s\n", c->details);
    if (any)
        fputc('\n', out);
    for (const option *o = c->options; o && o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        fprintf(out, "  %-24s %s\n", left, o->help);
    }
}

static int run(const args *a)
{
    if (has(a, "man")) {
        page_man();
        return DONE;
    }
    if (has(a, "bash")) {
        page_bash();
        return DONE;
    }
    const command *c = a->n_operands ? command_find(a->operand[0]) : NULL;

    if (!a->n_operands) {
        help_all(stdout);
        return DONE;
    }
    if (!c)
        return usage_error(a, "there is no command '%s'", a->operand[0]);
    help_command(stdout, c);
    return DONE;
}

static const option options[] = {
    {"man", NULL, "print the manual page", false},
    {"bash", NULL, "print the completion for bash: source <(keratin help --bash)", false},
    {"json", NULL, "errors as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "lists the commands, or the options of one",
    .least = 0,
    .most = 1,
    .options = options,
    .run = run,
};
