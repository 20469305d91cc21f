/* kernel.h - the door for authors of kernels: what a backend registers. */
#ifndef KT_KERNEL_H
#define KT_KERNEL_H

#include "graph/op.h"

/* One fast way to compute an op. Rows of kernels.list are tried in order; the first that accepts
 * runs. A file exports `const kt_kernel *const kt_kernels_<file>[]`, NULL-terminated. */
typedef struct kt_kernel {
    const char *op;   /* name of the op */
    const char *name; /* "cpu_gemm_avx2" */
    /* dtypes, shapes and attributes of r are known, data is not. If false, *why (a short reason) is
     * set. */
    bool (*accepts)(const kt_run *r, const char **why);
    void (*run)(const kt_run *r);
    size_t (*scratch)(const kt_run *r); /* bytes; NULL: none */
    /* Once per plan step, for things worth keeping (a primitive); returned as r->state. NULL
     * return: declines. */
    void *(*prepare)(const kt_run *r);
    void (*release)(void *state);
    /* Memory of what prepare made, for those who make much; NULL: little. */
    size_t (*bytes)(const void *state);
    /* Bit i: out[0], or of an element-wise op (KT_OP_POINT) any result, may be the memory of in[i]
     * if dtype and count agree. So no element of a result may be written before that element of
     * every such input was read. */
    unsigned in_place;
} kt_kernel;

/* All kernels in order of preference: one list a file (filled by src/registry.c). The table and
 * each list end with NULL. */
extern const kt_kernel *const *const kt_kernel_table[];
/* Tests run one kernel by name, or only the reference ("reference"); NULL: as usual. Also read from
 * KERATIN_KERNELS. */
void kt_force_kernel(const char *name);
/* A forced kernel takes all that it can, not only what it is good at. */
bool kt_is_forced(const char *name);
/* accepts() of a kernel that wants float32 everywhere. */
bool kt_all_f32(const kt_run *r, const char **why);

/* Is d a dtype of integers that the run reads, and of so few bits that doubles hold whole what is
 * computed of them? It goes around behind the largest then, as in TensorFlow. */
bool kt_goes_around(const kt_run *r, kt_dtype d);
void kt_go_around(double *x, int64_t n, kt_dtype d);

/* The passes of a convolution, and which of the tensors of a run each has for what. */
typedef enum kt_conv_pass { KT_CONV_FORWARD, KT_CONV_INPUT, KT_CONV_KERNEL } kt_conv_pass;
typedef struct kt_conv_shapes {
    const kt_shape *x, *kernel, *y;
} kt_conv_shapes;
static inline kt_conv_shapes kt_conv_shapes_of(const kt_run *r, kt_conv_pass what)
{
    const kt_shape *a = &r->in[0].shape, *b = &r->in[1].shape, *made = &r->out[0].shape;

    switch (what) {
    case KT_CONV_INPUT: return (kt_conv_shapes){made, a, b};
    case KT_CONV_KERNEL: return (kt_conv_shapes){a, made, b};
    case KT_CONV_FORWARD: break;
    }
    return (kt_conv_shapes){a, b, made};
}

#endif
