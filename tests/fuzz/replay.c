/* replay.c - runs a fuzz target over files instead of over a fuzzer's inventions.
 *
 *   replay FILE-or-FOLDER...     each file as it is, cut short, with bytes flipped here and there
 *
 * So every build tests the parsers with seeds, past crashes and cheap mutations of both. A folder
 * without a file is an error: nothing was tried.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static long files; /* tried so far */

/* An exact copy, so that the address sanitizer sees a read past the end. */
static void try_bytes(const uint8_t *data, size_t size)
{
    uint8_t *copy = calloc(size ? size : 1, 1);

    if (!copy)
        return;
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void try_mutations(uint8_t *data, size_t size)
{
    size_t step = size / 64 + 1;

    try_bytes(data, size);
    for (size_t at = 0; at < size; at += step) {
        uint8_t was = data[at];

        try_bytes(data, at);
        for (int bit = 0; bit < 8; bit += 7) {
            data[at] = (uint8_t)(was ^ (1u << bit));
            try_bytes(data, size);
        }
        data[at] = 0xff;
        try_bytes(data, size);
        data[at] = was;
    }
}

static int try_file(const char *path)
{
    FILE    *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long     size = -1;

    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0)
        data = malloc((size_t)size + 1);
    if (data && fread(data, 1, (size_t)size, file) == (size_t)size)
        try_mutations(data, (size_t)size);
    else
        size = -1;
    int bad = size < 0;
    if (bad)
        fprintf(stderr, "cannot read %s\n", path);
    files += !bad;
    free(data);
    if (file)
        fclose(file);
    return bad;
}

static int try_path(const char *path)
{
    struct stat    info;
    struct dirent *entry;
    int            bad = 0;

    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return try_file(path);
    DIR *folder = opendir(path);
    if (!folder)
        return 1;
    while ((entry = readdir(folder)) != NULL) {
        char inner[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        bad |= try_path(inner);
    }
    closedir(folder);
    return bad;
}

int main(int argc, char **argv)
{
    int bad = 0;

    try_bytes((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++)
        bad |= try_path(argv[i]);
    if (files == 0) {
        fprintf(stderr, "no file was tried\n");
        return 1;
    }
    return bad;
}
