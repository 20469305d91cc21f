/* main.c - the program `keratin`: finds the subcommand and runs it. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define KT_COMMAND(file) extern const command command_##file;
#include "commands.list"
#undef KT_COMMAND

const command *const commands[] = {
#define KT_COMMAND(file) &command_##file,
#include "commands.list"
#undef KT_COMMAND
    NULL,
};

const command *command_find(const char *name)
{
    for (const command *const *c = commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[64];
    size_t      n = 0;

    for (const command *const *c = commands; *c && n < sizeof names / sizeof *names; c++)
        names[n++] = (*c)->name;
    const char *near = kt_nearest_name(name, names, n);
    fprintf(stderr, "keratin: there is no command '%s'%s%s%s; `keratin help` lists them.\n", name,
            near ? "; did you mean '" : "", near ? near : "", near ? "'" : "");
    return USAGE;
}

static int run_command(const command *c, int argc, char **argv)
{
    args a;

    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            help_command(stdout, c);
            return DONE;
        }
    int status = args_read(&a, c, argc, argv);
    return status == DONE ? c->run(&a) : status;
}

static int run(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";

    if (!*name || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        help_all(*name ? stdout : stderr);
        return *name ? DONE : USAGE;
    }
    if (strcmp(name, "--version") == 0) {
        printf("keratin %s\n", kt_version());
        return DONE;
    }
    const command *c = command_find(name);
    return c ? run_command(c, argc - 2, argv + 2) : unknown_command(name);
}

int main(int argc, char **argv)
{
    /* Threads of oneDNN's must not spin beside ours; it is asked when the library is loaded. */
    setenv("OMP_WAIT_POLICY", "passive", 0);
    int  status = run(argc, argv);
    bool lost = ferror(stdout) != 0; /* of a buffer that was full in between */

    kt_shutdown();
    if ((fflush(stdout) != 0 || lost) && status == DONE) {
        fputs("keratin: standard output can not be written\n", stderr);
        status = USAGE;
    }
    return status;
}
