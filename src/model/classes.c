/* classes.c - classes by number and by name: labels, what a prediction says, the legend of the
 * table that a model was trained on. */
#include <math.h>
#include <string.h>

#include "model/step.h"

int64_t kt_label_of(const kt_tensor *y, int64_t row)
{
    int64_t width = y->shape.dim[0] > 0 ? y->count / y->shape.dim[0] : 1, best = 0;

    if (width == 1)
        return (int64_t)llrint(kt_tensor_get(y, row));
    for (int64_t k = 1; k < width; k++)
        if (kt_tensor_get(y, row * width + k) > kt_tensor_get(y, row * width + best))
            best = k;
    return best;
}

/* --- the legend ------------------------------------------------------------------------------- */

const kt_legend *kt_model_legend(const kt_model *m)
{
    return m ? m->legend : NULL;
}

kt_status kt_raise_legend(kt_fault *f)
{
    return kt_raise(
        f, KT_E_VALUE,
        "the data number their texts otherwise than those that the model was trained on: "
        "read them with the model's legend");
}

kt_status kt_model_check_legend(kt_model *m, const kt_data *d)
{
    return kt_legend_agrees(m->legend, d->legend) ? m->fault.e.status : kt_raise_legend(&m->fault);
}

kt_status kt_model_keep_legend(kt_model *m, const kt_data *d)
{
    if (m->legend || !d->legend)
        return m->fault.e.status;
    m->legend = kt_legend_copy(d->legend);
    return m->legend ? m->fault.e.status : kt_raise_memory(&m->fault);
}

/* --- predictions ------------------------------------------------------------------------------ */

static const char *loss_name(const kt_value *v)
{
    if (v && (v->kind == KT_STR || v->kind == KT_CALL))
        return v->s;
    return kt_value_text(kt_value_get(v, "class_name"));
}

/* From where on a lone output means class 1: logits and margins are signed. */
static double threshold(const kt_model *m)
{
    const kt_value *v = kt_value_get(m->compile_config, "loss"),
                   *config = kt_value_get(v, "config"),
                   *logits = kt_value_get(config ? config : v, "from_logits");
    const char *name = loss_name(v);

    if (logits && kt_is_int(logits) && logits->i)
        return 0;
    return name && strstr(name, "inge") ? 0 : 0.5;
}

int64_t kt_predicted_class(const kt_model *m, const kt_tensor *out, int64_t row)
{
    int64_t words = kt_legend_columns(kt_model_legend(m), true) == 1
                      ? kt_legend_words(m->legend, true, 0)
                      : 0;

    if (words == 0 || !out || out->shape.rank < 1 || row < 0 || row >= out->shape.dim[0] ||
        kt_model_outputs(m) != 1)
        return -1;
    int64_t width = out->count / out->shape.dim[0];
    bool    lone = width == 1, flat = out->shape.rank <= 2;
    if (!flat || (lone && words > 2) || (!lone && width < words))
        return -1;
    int64_t k = lone ? kt_tensor_get(out, row) > threshold(m) : kt_label_of(out, row);
    return k < words ? k : -1;
}
