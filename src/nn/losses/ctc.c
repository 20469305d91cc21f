/* ctc.c - CTC: sequences of labels that are shorter than the outputs they belong to. */
#include "nn/loss.h"

#define FIELDS(F) KT_LOSS_FIELDS(F, "ctc")
KT_CONFIG(FIELDS);

static kt_status check_ranks(kt_graph *g, const kt_node *y_true, const kt_node *y_pred)
{
    if (y_true->shape.rank != 2)
        return kt_raise(g->fault, KT_E_VALUE,
                        "Targets `y_true` are expected to be a tensor of shape `(batch_size, "
                        "max_length)` in integer format. Received: y_true.shape=%s",
                        kt_shape_text(&g->arena, &y_true->shape));
    if (y_pred->shape.rank != 3)
        return kt_raise(g->fault, KT_E_VALUE,
                        "Logits `y_pred` are expected to be a tensor of shape `(batch_size, "
                        "max_length, num_classes)`. Received: y_pred.shape=%s",
                        kt_shape_text(&g->arena, &y_pred->shape));
    return KT_OK;
}

/* Class 0 is the blank; in the targets it fills up rows. */
static kt_node *call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    (void)cfg;
    if (kt_graph_failed(g) || check_ranks(g, y_true, y_pred) != KT_OK)
        return g->poison;
    kt_node *counts = kt_cast(g, kt_cast(g, y_true, KT_BOOLEAN), g->floatx);
    kt_node *labels = kt_reduce_last(g, KT_RE_SUM, counts);
    int64_t  steps = y_pred->shape.dim[1];
    kt_shape rows = KT_SHAPE(y_pred->shape.dim[0]);
    kt_node *length = kt_broadcast_to(g, kt_scalar(g, (double)(steps == KT_UNKNOWN ? 1 : steps)),
                                      rows);

    return kt_ctc(g, y_pred, y_true, labels, length, 0);
}

static const kt_loss_type ctc = {
    .cls = {.class_name = "CTC",
            .aliases = "ctc",
            .module = "keras.losses",
            .config = &config_type,
            .summary =
                "Labels in order, without their places (Graves et al., 2006); 0 is the blank.",
            .dropped = "dtype"},
    .fn_name = "ctc",
    .call = call,
};

const kt_class *const kt_losses_ctc[] = {&ctc.cls, NULL};
