/* error.h - what went wrong, in Keras' own words.
 *
 *   kt_model *m = kt_sequential(kt_dense(10, .input_shape = {784}));
 *   ...
 *   const kt_error *e = kt_model_error(m);
 *   if (e) fprintf(stderr, "%s: %s\n", e->type, e->message);
 *
 * Errors are sticky: an object keeps its first failure, and later calls on it do nothing. What
 * belongs to no model, layer or data (a tensor, a file of one array, a NULL) is kept by the thread
 * in the same way: kt_thread_error. So a program may look once, at its end, at both. The library
 * never prints, exits or aborts. An error lives as long as the object that holds it.
 */
#ifndef KERATIN_ERROR_H
#define KERATIN_ERROR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(KERATIN_BUILD)
#define KT_API __attribute__((visibility("default")))
#else
#define KT_API
#endif

/* One row per kind of failure: enumerator, the class name that Keras (or TensorFlow) uses for
 * it. */
#define KT_STATUS_LIST(X)                            \
    X(KT_OK, "")                                     \
    X(KT_E_VALUE, "ValueError")                      \
    X(KT_E_TYPE, "TypeError")                        \
    X(KT_E_INDEX, "IndexError")                      \
    X(KT_E_KEY, "KeyError")                          \
    X(KT_E_ATTRIBUTE, "AttributeError")              \
    X(KT_E_INVALID_ARGUMENT, "InvalidArgumentError") \
    X(KT_E_ABORTED, "AbortedError")                  \
    X(KT_E_NOT_IMPLEMENTED, "NotImplementedError")   \
    X(KT_E_RUNTIME, "RuntimeError")                  \
    X(KT_E_OS, "OSError")                            \
    X(KT_E_FILE_NOT_FOUND, "FileNotFoundError")      \
    X(KT_E_MEMORY, "MemoryError")                    \
    X(KT_E_INTERRUPT, "KeyboardInterrupt")           \
    X(KT_E_USAGE, "UsageError")                      \
    X(KT_E_UNBOUND_LOCAL, "UnboundLocalError")       \
    X(KT_E_UNIMPLEMENTED, "UnimplementedError")      \
    X(KT_E_PRECONDITION, "FailedPreconditionError")  \
    X(KT_E_ZERO_DIVISION, "ZeroDivisionError")       \
    X(KT_E_OVERFLOW, "OverflowError")

typedef enum kt_status {
#define X(id, name) id,
    KT_STATUS_LIST(X)
#undef X
        KT_STATUS_COUNT
} kt_status;

/* Read-only for the caller. A text that does not apply is NULL, a number that does not apply is
 * KT_NO_FACT. */
#define KT_NO_FACT INT64_MIN
typedef struct kt_error {
    kt_status   status;
    const char *type;    /* "ValueError" */
    const char *message; /* word for word as Keras says it, where Keras has the error */
    const char *layer;   /* name of the layer, as the user placed it, in which it happened */
    const char *path;    /* "sequential/dense_1/matmul" */
    const char *file;    /* where the user wrote the layer: file, line and text of the call */
    int         line;
    const char *text;
    const char *hint;     /* the next step, if one is known */
    int         input;    /* which input of the layer; -1: none */
    int         axis;     /* which axis of it, counted from 0; -1: none */
    int64_t     expected; /* the size that was wanted there */
    int64_t     received; /* the size that was found there */
    const char *brief; /* the message with its data cut short, for a terminal; NULL: it has none */
} kt_error;

/* "ValueError" for KT_E_VALUE; "" for KT_OK. */
KT_API const char *kt_status_name(kt_status status);

/* The first failure on this thread of a call that had no object to keep it: a tensor was indexed
 * out of range, an array could not be saved, a model was NULL. NULL if there was none. Valid until
 * it is cleared or the thread ends. */
KT_API const kt_error *kt_thread_error(void);
KT_API void            kt_clear_thread_error(void);

#ifdef __cplusplus
}
#endif
#endif
