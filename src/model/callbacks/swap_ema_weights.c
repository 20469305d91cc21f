/* swap_ema_weights.c - SwapEMAWeights: validation, and with swap_on_epoch what comes at the end of
 * epochs, sees the moving averages that the optimizer keeps of the weights. */
#include <string.h>

#include "model/callback.h"

#define FIELDS(F) F(BOOL, swap_on_epoch, "False", "", "Also for callbacks at the end of epochs.")
KT_CONFIG(FIELDS);

typedef struct state {
    bool swapped;
} state;

/* Weights and averages change places. */
static kt_status swap(kt_callback_run *r, bool to_averages)
{
    kt_optimizer *o = r->m->optimizer;
    state        *s = r->state;

    if (!o || !o->base.use_ema)
        return kt_raise(r->fault, KT_E_VALUE,
                        "SwapEMAWeights must be used when `use_ema=True` is set on the optimizer. "
                        "Received: use_ema=False");
    if (!o->built || s->swapped == to_averages)
        return KT_OK;
    for (size_t i = 0; i < o->trainable.n; i++) {
        kt_tensor *w = ((kt_variable *)o->trainable.at[i])->value;
        kt_tensor *average = o->slot[i * (size_t)o->n_kinds]->value;
        for (int64_t k = 0; k < w->count; k++) {
            double x = kt_tensor_get(w, k);
            kt_tensor_set(w, k, kt_tensor_get(average, k));
            kt_tensor_set(average, k, x);
        }
    }
    s->swapped = to_averages;
    return KT_OK;
}

static kt_status to_averages(kt_callback_run *r)
{
    return swap(r, true);
}

static kt_status to_weights(kt_callback_run *r)
{
    return ((const state *)r->state)->swapped ? swap(r, false) : KT_OK;
}

/* Before the next epoch the weights are themselves again. */
static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;

    return c->swap_on_epoch ? swap(r, true) : KT_OK;
}

static const kt_callback_type swap_ema_weights = {
    .cls = {.class_name = "SwapEMAWeights",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Validates with the moving averages of the weights."},
    .epoch_begin = to_weights,
    .validation_begin = to_averages,
    .validation_end = to_weights,
    .epoch_end = epoch_end,
    .settle = to_weights,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_swap_ema_weights[] = {&swap_ema_weights.cls, NULL};
