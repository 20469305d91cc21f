/* optimizer.h - the door for authors of optimizers and of learning rate schedules.
 *
 * An optimizer is one file of src/nn/optimizers and one row of its list: fields, slots, and an
 * update that is written as plain element-wise nodes in the order in which Keras computes them.
 * Fusion makes one kernel of it, which runs over all weights at once. */
#ifndef KT_OPTIMIZER_H
#define KT_OPTIMIZER_H

#include "nn/nn.h"

/* --- fields, in the order of Keras' constructors: rate, own fields, decay, the rest --- */

#define KT_OPTIMIZER_RATE(F, rate) \
    F(ANY, learning_rate, rate, "", "A float, or a schedule: ExponentialDecay(0.1, 100, 0.9).")
#define KT_OPTIMIZER_DECAY(F, decay)                  \
    F(OPTFLOAT, weight_decay, decay, "kept: operand", \
      "Weights shrink by this times the learning rate a step.")
#define KT_OPTIMIZER_FIELDS(F)                                                              \
    F(ANY, clipnorm, "None", "", "Largest norm of the gradient of each weight.")            \
    F(ANY, clipvalue, "None", "", "Largest absolute value in a gradient.")                  \
    F(ANY, global_clipnorm, "None", "", "Largest norm of all gradients together.")          \
    F(BOOL, use_ema, "False", "", "Keeps a moving average of the weights.")                 \
    F(ANY, ema_momentum, "0.99", "float", "Share of the old average that stays in a step.") \
    F(OPTINT, ema_overwrite_frequency, "None", "kept: nothing",                             \
      "Steps after which the averages replace the weights; None: at the end of fit.")       \
    F(OPTFLOAT, loss_scale_factor, "None", "kept: divisor",                                 \
      "Factor of the loss while gradients are taken.")                                      \
    F(OPTINT, gradient_accumulation_steps, "None", "met: x and x >= 2",                     \
      "Steps whose gradients are averaged before the weights change.")                      \
    F(STR, name, "None", "", "Name of the optimizer.")

/* --- in update --- */

/* The square or the absolute value of the gradient. Where rows of a table were read several times
 * in a step (Embedding), Keras' TensorFlow backend takes it of each reading and adds these up. */
kt_node *kt_grad_map(kt_update *u, kt_unary_fn fn);
kt_node *kt_step_power(kt_update *u, double base); /* base ** step, rank 0 */
kt_node *kt_one_minus(kt_graph *g, kt_node *x);
/* m + (x - m) * rate */
kt_node *kt_toward(kt_graph *g, kt_node *m, kt_node *x, double rate);
/* m * keep + x * (1 - keep) */
kt_node *kt_mixed(kt_graph *g, kt_node *m, kt_node *x, double keep);

/* 1 - x as computed in float32, where Keras casts the coefficient before it subtracts. */
static inline double kt_float_rest(double x)
{
    return (double)(1.0F - (float)x);
}

/* --- schedules --- */

/* Keras computes in the dtype of the first rate, which is int32 where that is written as an
 * integer: then numbers lose their fraction, pi is 3, and a quotient is a double (Python's
 * operator) or a float (keras.ops.divide). Steps come in that dtype. */
kt_node *kt_rate_number(kt_graph *g, double x, kt_dtype dtype);
kt_node *kt_rate_quotient(kt_graph *g, kt_node *a, kt_node *b);
kt_node *kt_rate_share(kt_graph *g, kt_node *a, kt_node *b);
/* Any of two dtypes. */
kt_node *kt_rate_op(kt_graph *g, kt_binary_fn fn, kt_node *a, kt_node *b);
/* height * (1 + cos(pi p)) / 2, which falls from height to 0 while p rises to 1. */
kt_node *kt_half_wave(kt_graph *g, kt_node *p, kt_node *height, kt_dtype dtype);
/* Of a schedule: they must be above 0. */
kt_status kt_check_decay_steps(const kt_object *o, kt_fault *f);
kt_status kt_check_first_decay_steps(const kt_object *o, kt_fault *f);

/* --- inside src/nn --- */

/* The errors of arguments at the first step. */
kt_status kt__optimizer_use(const kt_optimizer *o, kt_fault *f);

/* Keras' optimizers take **kwargs: an unknown one has a sentence of its own, and `decay` is
 * dropped. */
kt_status kt__optimizer_arguments(kt_arena *a, const kt_class *cls, const kt_value **args,
                                  kt_fault *f);
/* From a float, or from a schedule's CALL or dict: one of the two is set. */
kt_status kt__rate_read(kt_optimizer *o, const kt_value *v, double *rate, kt_fault *f);
/* The learning rate of the step that o->iterations says, rank 0. */
kt_node *kt__rate_emit(kt_optimizer *o, kt_graph *g);
/* The same as a number. */
double kt__rate_now(const kt_optimizer *o);
/* A variable of the optimizer, owned by it; takes the tensor, also on failure. NULL without
 * memory. */
kt_variable *kt__optimizer_variable(kt_optimizer *o, const char *name, kt_tensor *value);

#endif
