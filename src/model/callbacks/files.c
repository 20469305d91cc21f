/* files.c - the folders that callbacks write to. */
#include "model/callbacks/files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

kt_status kt_make_folders(const char *path, const char *callback, kt_fault *f)
{
    const char *from = *path ? path + 1 : path;

    for (const char *slash = strchr(from, '/'); slash; slash = strchr(slash + 1, '/')) {
        kt_str folder = {0};
        kt_str_addn(&folder, path, (size_t)(slash - path));
        if (mkdir(kt_str_text(&folder), 0777) != 0 && errno != EEXIST)
            kt_raise(f, KT_E_OS, "%s: cannot make the folder '%s': %s", callback,
                     kt_str_text(&folder), strerror(errno));
        kt_str_free(&folder);
    }
    return f->e.status;
}
