/* pages.c - the manual page and the completion of bash, from the tables of the commands. */
#include <string.h>

#include "cli.h"

/* --- manual page ------------------------------------------------------------------------------ */

/* A text of roff: backslashes and dashes are marked, a dot at the begin of a line is no request. */
static void roff(const char *text)
{
    for (const char *p = text; *p; p++) {
        if ((p == text || p[-1] == '\n') && (*p == '.' || *p == '\''))
            fputs("\\&", stdout);
        if (*p == '\\')
            fputs("\\\\", stdout);
        else if (*p == '-')
            fputs("\\-", stdout);
        else
            putchar(*p);
    }
}

static void man_command(const command *c)
{
    printf(".SS keratin %s %s\n", c->name, c->operands);
    roff(c->summary);
    puts(".");
    if (c->details) {
        puts(".PP\n.nf");
        roff(c->details);
        puts("\n.fi");
    }
    for (const option *o = c->options; o && o->name; o++) {
        fputs(".TP\n.B \\-\\-", stdout);
        roff(o->name);
        if (o->value)
            printf(" \\fI%s\\fR", o->value);
        putchar('\n');
        roff(o->help);
        putchar('\n');
    }
}

void page_man(void)
{
    printf(".TH KERATIN 1 \"\" \"keratin %s\"\n", kt_version());
    puts(".SH NAME\nkeratin \\- Keras models without Python\n.SH SYNOPSIS\n.B keratin\n.I command\n"
         "[\\fIargument\\fR ...]\n.SH DESCRIPTION\n"
         "Defines, trains, runs, saves and loads Keras models. \\fIMODEL\\fR is a .keras, .h5\n"
         "or .json file, or a Keras expression in quotes.\n.SH COMMANDS");
    for (const command *const *c = commands; *c; c++)
        man_command(*c);
    puts(".SH EXIT STATUS\n0 done; 1 a model or shape error, explained on standard error;\n"
         "2 wrong usage or unreadable input.\n.SH ENVIRONMENT\n.TP\n.B KERATIN_THREADS\n"
         "how many threads compute.");
}

/* --- bash ------------------------------------------------------------------------------------- */

static bool is_file(const option *o)
{
    return o->value && strcmp(o->value, "FILE") == 0;
}

void page_bash(void)
{
    puts(
        "# Completion of keratin for bash: source this file, or install it in bash-completion's folder.\n"
        "_keratin()\n{\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options=\n"
        "    COMPREPLY=()\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then");
    fputs("        mapfile -t COMPREPLY < <(compgen -W '", stdout);
    for (const command *const *c = commands; *c; c++)
        printf("%s%s", c == commands ? "" : " ", (*c)->name);
    puts("' -- \"$word\")\n        return\n    fi\n    case ${COMP_WORDS[1]} in");
    for (const command *const *c = commands; *c; c++) {
        printf("    %s) options='--help", (*c)->name);
        for (const option *o = (*c)->options; o && o->name; o++)
            printf(" --%s", o->name);
        puts("' ;;");
    }
    puts(
        "    esac\n    case $word in\n    -*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
        "        return ;;\n    esac\n    case ${COMP_WORDS[1]}:$before in");
    for (const command *const *c = commands; *c; c++)
        for (const option *o = (*c)->options; o && o->name; o++)
            if (o->value && !is_file(o))
                printf("    %s:--%s) return ;;\n", (*c)->name, o->name);
    puts(
        "    layers:*) mapfile -t COMPREPLY < <(compgen -W \"$(keratin layers --names 2>/dev/null)\" -- "
        "\"$word\")\n        return ;;\n    help:*) mapfile -t COMPREPLY < <(compgen -W '' -- \"$word\")\n"
        "        return ;;\n    esac\n"
        "    mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n}\ncomplete -o filenames -F _keratin keratin");
}
