/* identity.c - Identity: ones on the diagonal of a matrix. */
#include "nn/nn.h"

#define FIELDS(F) F(FLOAT, gain, "1.0", "kept: operand", "Factor of the matrix.")
KT_CONFIG(FIELDS);

static kt_status fill(const void *self, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    const config   *c = self;
    const kt_shape *s = &value->shape;

    (void)seed;
    if (s->rank != 2) {
        kt_arena scratch = {0};
        kt_raise(f, KT_E_VALUE,
                 "Identity matrix initializer can only be used for 2D matrices. Received: "
                 "shape=%s of rank %d.",
                 kt_shape_text(&scratch, s), s->rank);
        kt_arena_free(&scratch);
        return KT_E_VALUE;
    }
    for (int64_t i = 0; i < value->count; i++) {
        bool on = i / s->dim[1] == i % s->dim[1];
        kt_poke(value->data, value->dtype, i, on ? c->gain : 0);
    }
    return KT_OK;
}

static const kt_initializer_type identity = {
    .cls = {.class_name = "Identity",
            .aliases = "identity|IdentityInitializer",
            .module = "keras.initializers",
            .config = &config_type,
            .summary = "The identity matrix, times a factor.",
            .dropped = "gain"},
    .fill = fill,
};

const kt_class *const kt_initializers_identity[] = {&identity.cls, NULL};
