/* registry.c - the composition root: the one file that names all built-ins. Each table is made of
 * the rows of a .list; lower folders see a table through its extern declaration and never name a
 * sibling. */
#include "exec/kernel.h"
#include "nn/tracing/operation.h"
#include "ops/ops.h"
#include "doctor/report.h"
#include "io/io.h"
#include "model/callback.h"

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

/* --- kernels, in order of preference: oneDNN takes only work that is large enough for it --- */

#define KT_KERNEL(file) extern const kt_kernel *const kt_kernels_##file[];
#if KERATIN_ONEDNN
#include "backend/onednn/kernels.list"
#endif
#include "backend/cpu/kernels.list"
#undef KT_KERNEL

const kt_kernel *const *const kt_kernel_table[] = {
#define KT_KERNEL(file) kt_kernels_##file,
#if KERATIN_ONEDNN
#include "backend/onednn/kernels.list"
#endif
#include "backend/cpu/kernels.list"
#undef KT_KERNEL
    NULL,
};

/* --- layers: one list a file --- */

#define KT_LAYER(file) extern const kt_layer_type *const kt_layers_##file[];
#include "nn/layers/layers.list"
#undef KT_LAYER

const kt_layer_type *const *const kt_layer_table[] = {
#define KT_LAYER(file) kt_layers_##file,
#include "nn/layers/layers.list"
#undef KT_LAYER
    NULL,
};

/* --- operations: one list a file --- */

#define KT_OPERATION(file) extern const kt_layer_type *const kt_operations_##file[];
#include "nn/operations/operations.list"
#undef KT_OPERATION

const kt_layer_type *const *const kt_operation_table[] = {
#define KT_OPERATION(file) kt_operations_##file,
#include "nn/operations/operations.list"
#undef KT_OPERATION
    NULL,
};

/* --- families of other classes: one list of classes a file --- */

#define KT_ACTIVATION(file) extern const kt_class *const kt_activations_##file[];
#include "nn/activations/activations.list"
#undef KT_ACTIVATION

static const kt_class *const *const activations[] = {
#define KT_ACTIVATION(file) kt_activations_##file,
#include "nn/activations/activations.list"
#undef KT_ACTIVATION
    NULL,
};

#define KT_INITIALIZER(file) extern const kt_class *const kt_initializers_##file[];
#include "nn/initializers/initializers.list"
#undef KT_INITIALIZER

static const kt_class *const *const initializers[] = {
#define KT_INITIALIZER(file) kt_initializers_##file,
#include "nn/initializers/initializers.list"
#undef KT_INITIALIZER
    NULL,
};

#define KT_REGULARIZER(file) extern const kt_class *const kt_regularizers_##file[];
#include "nn/regularizers/regularizers.list"
#undef KT_REGULARIZER

static const kt_class *const *const regularizers[] = {
#define KT_REGULARIZER(file) kt_regularizers_##file,
#include "nn/regularizers/regularizers.list"
#undef KT_REGULARIZER
    NULL,
};

#define KT_CONSTRAINT(file) extern const kt_class *const kt_constraints_##file[];
#include "nn/constraints/constraints.list"
#undef KT_CONSTRAINT

static const kt_class *const *const constraints[] = {
#define KT_CONSTRAINT(file) kt_constraints_##file,
#include "nn/constraints/constraints.list"
#undef KT_CONSTRAINT
    NULL,
};

#define KT_LOSS(file) extern const kt_class *const kt_losses_##file[];
#include "nn/losses/losses.list"
#undef KT_LOSS

static const kt_class *const *const losses[] = {
#define KT_LOSS(file) kt_losses_##file,
#include "nn/losses/losses.list"
#undef KT_LOSS
    NULL,
};

#define KT_METRIC(file) extern const kt_class *const kt_metrics_##file[];
#include "nn/metrics/metrics.list"
#undef KT_METRIC

static const kt_class *const *const metrics[] = {
#define KT_METRIC(file) kt_metrics_##file,
#include "nn/metrics/metrics.list"
#undef KT_METRIC
    NULL,
};

#define KT_OPTIMIZER(file) extern const kt_class *const kt_optimizers_##file[];
#include "nn/optimizers/optimizers.list"
#undef KT_OPTIMIZER

static const kt_class *const *const optimizers[] = {
#define KT_OPTIMIZER(file) kt_optimizers_##file,
#include "nn/optimizers/optimizers.list"
#undef KT_OPTIMIZER
    NULL,
};

#define KT_SCHEDULE(file) extern const kt_class *const kt_schedules_##file[];
#include "nn/optimizers/schedules.list"
#undef KT_SCHEDULE

static const kt_class *const *const schedules[] = {
#define KT_SCHEDULE(file) kt_schedules_##file,
#include "nn/optimizers/schedules.list"
#undef KT_SCHEDULE
    NULL,
};

#define KT_CALLBACK(file) extern const kt_class *const kt_callbacks_##file[];
#include "model/callbacks/callbacks.list"
#undef KT_CALLBACK

static const kt_class *const *const callbacks[] = {
#define KT_CALLBACK(file) kt_callbacks_##file,
#include "model/callbacks/callbacks.list"
#undef KT_CALLBACK
    NULL,
};

const kt_family kt_family_table[] = {
    {"activation", activations},
    {"initializer", initializers},
    {"regularizer", regularizers},
    {"constraint", constraints},
    {"loss", losses},
    {"metric", metrics},
    {"optimizer", optimizers},
    {"schedule", schedules},
    {"callback", callbacks},
    {NULL, NULL},
};

/* --- model files --- */

#define KT_FORMAT(file) extern const kt_format kt_format_##file;
#include "io/formats.list"
#undef KT_FORMAT

const kt_format *const kt_format_table[] = {
#define KT_FORMAT(file) &kt_format_##file,
#include "io/formats.list"
#undef KT_FORMAT
    NULL,
};

/* What ModelCheckpoint saves with: model may not name io. */
kt_status (*const kt_save_hook)(kt_model *m, const char *path, bool weights_only,
                                kt_fault *f) = kt_save_as;

kt_status (*const kt_restore_hook)(kt_model *m, const char *path, kt_fault *f) = kt_restore_from;

kt_status (*const kt_check_save_hook)(kt_model *m, const char *path, bool weights_only,
                                      kt_fault *f) = kt_check_save_as;

/* What kt_explain adds to an error: model may not name the doctor. */
void (*const kt_advice_hook)(const kt_model *m, kt_str *out) = kt_advise;

/* --- names that fields of a configuration may hold --- */

const kt_names *kt_names_table = kt_class_names;

/* --- remedies: a family a file --- */

#define KT_REMEDY(file) extern const kt_remedy kt_remedies_##file[];
#include "doctor/remedies/remedies.list"
#undef KT_REMEDY

const kt_remedy *const kt_remedy_table[] = {
#define KT_REMEDY(file) kt_remedies_##file,
#include "doctor/remedies/remedies.list"
#undef KT_REMEDY
    NULL,
};
