/* register.h - C functions of your own under a name, used where Keras takes a name.
 *
 *   static void forward(void *user, const kt_shape *shape, int64_t n, const double *x, double *y)
 *   {
 *       for (int64_t i = 0; i < n; i++)
 *           y[i] = x[i] / (1 + fabs(x[i]));
 *   }
 *   ...
 *   kt_register_activation("my>squash", &(kt_function){sizeof(kt_function), .forward = forward});
 *   kt_dense(8, .activation = "my>squash")
 *
 * The name is that of Keras' registration ("package>Name"), so that files with a custom class load:
 * a layer, activation or loss of that registered name is then computed with the function. A class
 * that was not registered in Python is found by its name, or by "module>Name". Names of Keras' own
 * are refused. Arrays are row-major and of doubles, whatever the dtype of the model. Functions stay
 * for the life of the process; register them before models are made, from one thread. They may be
 * called by several threads at once, and must not keep the pointers.
 */
#ifndef KERATIN_REGISTER_H
#define KERATIN_REGISTER_H

#include "keratin/error.h"
#include "keratin/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y = f(x): an activation, or a layer without weights. */
typedef struct kt_function {
    size_t size; /* sizeof(kt_function) */
    /* The result's shape for x's, batch first, sizes KT_UNKNOWN where they are not known yet;
     * nonzero where x does not fit. NULL: that of x. Not asked of activations. */
    int (*shape)(void *user, const kt_shape *x, kt_shape *y);
    /* shape: that of x, all sizes known; n: how many numbers that are. */
    void (*forward)(void *user, const kt_shape *shape, int64_t n, const double *x, double *y);
    /* dx = the loss' slope by x, from dy, that by y. NULL: a model with it can not be trained. */
    void (*backward)(void *user, const kt_shape *shape, int64_t n, const double *x,
                     const double *dy, double *dx);
    void *user;
} kt_function;

/* One number for each row of `width` values (the last axis). */
typedef struct kt_loss_function {
    size_t size; /* sizeof(kt_loss_function) */
    void (*forward)(void *user, int64_t rows, int64_t width, const double *y_true,
                    const double *y_pred, double *loss);
    /* The slope by y_pred, from that by each row's loss. NULL: only evaluate can use it. */
    void (*backward)(void *user, int64_t rows, int64_t width, const double *y_true,
                     const double *y_pred, const double *dloss, double *dy_pred);
    void *user;
} kt_loss_function;

/* KT_OK; ValueError where the name is empty, taken or Keras' own, or there is no forward;
 * MemoryError. The function's struct is copied. */
KT_API kt_status kt_register_activation(const char *name, const kt_function *f);
KT_API kt_status kt_register_layer(const char *name, const kt_function *f);
KT_API kt_status kt_register_loss(const char *name, const kt_loss_function *f);

#ifdef __cplusplus
}
#endif
#endif
