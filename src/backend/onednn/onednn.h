/* onednn.h - oneDNN as Keratin sees it: a table of its functions, filled when a plan first has work
 * that is large enough for it, and primitives that kernels keep as their state. */
#ifndef KT_ONEDNN_H
#define KT_ONEDNN_H

#include <oneapi/dnnl/dnnl.h>

#include "exec/kernel.h"

/* clang-format off */
#define KT_DNNL_CALLS(X)                                                                           \
    X(dnnl_engine_create) X(dnnl_engine_destroy) X(dnnl_stream_create) X(dnnl_stream_destroy)      \
    X(dnnl_memory_desc_init_by_strides) X(dnnl_memory_desc_init_by_tag) X(dnnl_memory_desc_equal)  \
    X(dnnl_memory_desc_get_size) X(dnnl_memory_create) X(dnnl_memory_destroy)                      \
    X(dnnl_memory_set_data_handle) X(dnnl_primitive_attr_create) X(dnnl_primitive_attr_destroy)    \
    X(dnnl_primitive_attr_set_scratchpad_mode) X(dnnl_primitive_attr_set_post_ops)                 \
    X(dnnl_post_ops_create) X(dnnl_post_ops_destroy) X(dnnl_post_ops_append_eltwise)               \
    X(dnnl_matmul_desc_init) X(dnnl_dilated_convolution_forward_desc_init)                         \
    X(dnnl_dilated_convolution_backward_data_desc_init)                                            \
    X(dnnl_dilated_convolution_backward_weights_desc_init) X(dnnl_primitive_desc_create)           \
    X(dnnl_primitive_desc_query_md) X(dnnl_primitive_desc_destroy)                                 \
    X(dnnl_reorder_primitive_desc_create) X(dnnl_primitive_create) X(dnnl_primitive_execute)       \
    X(dnnl_primitive_destroy)
/* clang-format on */

typedef struct kt_dnnl {
#define X(name) __typeof__(&name) name;
    KT_DNNL_CALLS(X)
#undef X
    /* of the OpenMP library that oneDNN was built with; NULL: it has threads of another kind */
    void (*omp_set_num_threads)(int);
    int (*omp_get_max_threads)(void);
    dnnl_engine_t engine;
} kt_dnnl;
/* Loads the library; NULL where there is none that fits. */
const kt_dnnl *kt_dnnl_get(void);

/* accepts() of a kernel: float32 everywhere and, unless the kernel is forced, work for which oneDNN
 * was measured to be faster (docs/kernels.md): `suits` by its shapes, and enough of it. */
bool kt_dnnl_accepts(const kt_run *r, const char *kernel, bool suits, double flops,
                     const char **why);

/* --- what a kernel keeps: primitives in a row ------------------------------------------------- */

/* Where a memory lies when the kernel runs. */
typedef struct kt_dnnl_place {
    enum { KT_DNNL_IN, KT_DNNL_OUT, KT_DNNL_SCRATCH } in;
    size_t at; /* which input or result; or bytes into the scratch memory */
} kt_dnnl_place;

typedef struct kt_dnnl_memory {
    int           arg; /* DNNL_ARG_SRC ... */
    kt_dnnl_place place;
    dnnl_memory_t memory;
} kt_dnnl_memory;

typedef struct kt_dnnl_step {
    dnnl_primitive_t primitive;
    int              n;
    kt_dnnl_memory   memory[5];
} kt_dnnl_step;

/* Calls on it go on after a failure; whoever built it asks kt_dnnl_work_end. */
typedef struct kt_dnnl_work {
    const kt_dnnl *lib;
    dnnl_stream_t  stream;
    bool           failed;
    size_t         scratch; /* bytes */
    int            n;
    kt_dnnl_step   step[3];
} kt_dnnl_work;

/* NULL without the library or without memory. */
kt_dnnl_work *kt_dnnl_work_new(void);
/* w, or NULL (and w is freed) if anything failed. */
kt_dnnl_work *kt_dnnl_work_end(kt_dnnl_work *w);
void          kt_dnnl_work_free(void *work); /* release() of a kernel; NULL is fine */
size_t        kt_dnnl_scratch(const kt_run *r);
void          kt_dnnl_run(const kt_run *r);

/* Float32 memory of n axes, in the order that oneDNN wants, however it lies. */
dnnl_memory_desc_t kt_dnnl_strided(kt_dnnl_work *w, int n, const int64_t *size,
                                   const int64_t *stride);
/* The same sizes in whatever layout a primitive likes best. */
dnnl_memory_desc_t kt_dnnl_any(kt_dnnl_work *w, const dnnl_memory_desc_t *md);
/* A primitive for `op` (a dnnl_..._desc_t), with relu and the like after it (dnnl_alg_kind_undef:
 * nothing). Must be followed by kt_dnnl_add. NULL if it failed. */
dnnl_primitive_desc_t kt_dnnl_choose(kt_dnnl_work *w, const void *op, dnnl_alg_kind_t after);
/* What layout the primitive chose; md itself if it failed. */
dnnl_memory_desc_t kt_dnnl_chosen(kt_dnnl_work *w, dnnl_primitive_desc_t pd, dnnl_query_t what);
/* Room in the scratch memory. */
kt_dnnl_place kt_dnnl_room(kt_dnnl_work *w, const dnnl_memory_desc_t *md);
/* The next step; frees pd. */
typedef struct kt_dnnl_operand {
    int                arg; /* DNNL_ARG_SRC ...; 0: none */
    dnnl_memory_desc_t md;
    kt_dnnl_place      place;
} kt_dnnl_operand;
void kt_dnnl_add(kt_dnnl_work *w, dnnl_primitive_desc_t pd, int n, const kt_dnnl_operand *operand);
/* A step that brings memory to another layout, if it differs. */
void kt_dnnl_reorder(kt_dnnl_work *w, const dnnl_memory_desc_t *from, kt_dnnl_place source,
                     const dnnl_memory_desc_t *to, kt_dnnl_place dest);
bool kt_dnnl_differ(const kt_dnnl_work *w, const dnnl_memory_desc_t *a,
                    const dnnl_memory_desc_t *b);

#endif
