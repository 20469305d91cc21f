/* comma.h - a locale in which numbers have a decimal comma, made on the spot: few machines have
 * one installed. */
#ifndef KT_TEST_COMMA_H
#define KT_TEST_COMMA_H

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs a program without its output and waits; its exit status does not matter here. */
static inline void run_quietly(const char *const *words)
{
    pid_t child = fork();

    if (child == 0) {
        if (freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr))
            execvp(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}

static inline bool has_comma(void)
{
    return strcmp(localeconv()->decimal_point, ",") == 0;
}

static inline void make_comma(const char *folder)
{
    char  source[100], locale[100];
    FILE *f;

    snprintf(source, sizeof source, "%s/source", folder);
    snprintf(locale, sizeof locale, "%s/comma", folder);
    f = fopen(source, "w");
    if (!f)
        return;
    fputs("LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping -1\nEND LC_NUMERIC\n", f);
    fclose(f);
    /* It warns that the other categories are not there, and with -c goes on. */
    run_quietly((const char *const[]){"localedef", "-c", "-i", source, locale, NULL});
    setenv("LOCPATH", folder, 1);
    setlocale(LC_NUMERIC, "comma");
}

/* From now on printf writes 0,5. False where there is no such locale and no localedef. */
static inline bool set_comma(void)
{
    char folder[] = "/tmp/keratin-locale-XXXXXX";

    if (setlocale(LC_NUMERIC, "de_DE.UTF-8") && has_comma())
        return true;
    if (!mkdtemp(folder))
        return false;
    make_comma(folder);
    run_quietly((const char *const[]){"rm", "-rf", folder, NULL});
    return has_comma();
}

#endif
