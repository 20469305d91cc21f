/* registry.c - the composition root: the one file that names all built-ins. Each table is made of
 * the rows of a .list; lower folders see a table through its extern declaration and never name a
 * sibling. */
#include "exec/kernel.h"
#include "ops/ops.h"

/* --- ops: one list a file --- */

#define KT_OP(file) extern const kt_op_type *const kt_ops_##file[];
#include "ops/ops.list"
#undef KT_OP

const kt_op_type *const *const kt_op_table[] = {
#define KT_OP(file) kt_ops_##file,
#include "ops/ops.list"
#undef KT_OP
    NULL,
};

/* --- kernels, in order of preference: those written for a case before the general library --- */

#define KT_KERNEL(file) extern const kt_kernel *const kt_kernels_##file[];
#include "backend/cpu/kernels.list"
#if KERATIN_ONEDNN
#include "backend/onednn/kernels.list"
#endif
#undef KT_KERNEL

const kt_kernel *const *const kt_kernel_table[] = {
#define KT_KERNEL(file) kt_kernels_##file,
#include "backend/cpu/kernels.list"
#if KERATIN_ONEDNN
#include "backend/onednn/kernels.list"
#endif
#undef KT_KERNEL
    NULL,
};
