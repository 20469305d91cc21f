/* library.c - loads oneDNN when a plan first has work that is large enough. */
#include "backend/onednn/onednn.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Loading takes 2 ms and the first primitive some 40 ms more. Below this, the own kernels are as
 * fast anyway (docs/kernels.md). */
#define LEAST_FLOPS 2e8

static const kt_library_symbol symbols[] = {
#define X(name) {#name, offsetof(kt_dnnl, name)},
    KT_DNNL_CALLS(X)
#undef X
};

static kt_dnnl        the_lib;
static bool           loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Of GNU's OpenMP, which not every build of oneDNN uses. */
static const kt_library_symbol of_openmp[] = {
    {"omp_set_num_threads", offsetof(kt_dnnl, omp_set_num_threads)},
    {"omp_get_max_threads", offsetof(kt_dnnl, omp_get_max_threads)},
};

static void load(void)
{
    char              name[32] = "libdnnl.so.";
    const char *const names[] = {name};
    void             *library;

    name[strlen(name)] = (char)('0' + DNNL_VERSION_MAJOR); /* whose calls onednn.h names */
    library = kt_library_open(names, 1);
    if (!library || kt_library_bind(library, symbols, KT_COUNT(symbols), &the_lib))
        return;
    for (size_t i = 0; i < KT_COUNT(of_openmp); i++)
        (void)kt_library_bind(library, &of_openmp[i], 1, &the_lib);
    loaded = the_lib.dnnl_engine_create(&the_lib.engine, dnnl_cpu, 0) == dnnl_success;
}

const kt_dnnl *kt_dnnl_get(void)
{
    pthread_once(&once, load);
    return loaded ? &the_lib : NULL;
}

/* The threads of GNU's OpenMP spin for milliseconds after each call, on the cores that our own then
 * need, unless the environment says that they shall not. */
static bool would_spin(void)
{
    const char *policy = getenv("OMP_WAIT_POLICY");

    return kt_threads() > 1 && !(policy && strcasecmp(policy, "passive") == 0);
}

bool kt_dnnl_accepts(const kt_run *r, const char *kernel, bool suits, double flops,
                     const char **why)
{
    if (!kt_all_f32(r, why))
        return false;
    if (kt_is_forced(kernel))
        return true;
    *why = "too little work";
    if (!suits || flops < LEAST_FLOPS)
        return false;
    *why = "OpenMP's threads would spin (OMP_WAIT_POLICY is not passive)";
    return !would_spin();
}
