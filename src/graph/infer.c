/* infer.c - what shape rules are written with: failing with facts, copying axes with origins. */
#include "graph/op.h"

/* Takes the text's memory. */
static kt_status fail(kt_op_call *c, int input, int axis, int64_t expected, int64_t received,
                      kt_str *text)
{
    kt_fault *f = c->g->fault;
    kt_status status = kt_raise(f, KT_E_INVALID_ARGUMENT, "%s", kt_str_text(text));

    kt_str_free(text);
    kt_fault_axis(f, input, axis, expected, received);
    return status;
}

kt_status kt_op_fail(kt_op_call *c, int input, int axis, int64_t expected, int64_t received,
                     const char *fmt, ...)
{
    kt_str  text = {0};
    va_list ap;

    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    return fail(c, input, axis, expected, received, &text);
}

kt_status kt_op_fail_tf(kt_op_call *c, const char *tf_op, const char *tail, int input, int axis,
                        int64_t expected, int64_t received, const char *fmt, ...)
{
    kt_str  text = {0};
    va_list ap;

    kt_str_printf(
        &text,
        "{{function_node __wrapped__%s_device_/job:localhost/replica:0/task:0/device:CPU:0}} ",
        tf_op);
    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    kt_str_printf(&text, " [Op:%s]%s", tf_op, tail);
    return fail(c, input, axis, expected, received, &text);
}

/* Of their tables of kernels. */
static const char *const tf_names[KT_DTYPE_COUNT] = {
    [KT_F32] = "float",     [KT_F64] = "double",   [KT_I32] = "int32", [KT_I64] = "int64",
    [KT_U8] = "uint8",      [KT_BOOLEAN] = "bool", [KT_F16] = "half",  [KT_BF16] = "bfloat16",
    [KT_STRING] = "string", [KT_I8] = "int8",      [KT_I16] = "int16", [KT_U16] = "uint16",
    [KT_U32] = "uint32",    [KT_U64] = "uint64"};

kt_status kt_raise_no_cast(kt_fault *f, kt_dtype from, kt_dtype to)
{
    return kt_raise(
        f, KT_E_UNIMPLEMENTED,
        "{{function_node __wrapped__Cast_device_/job:localhost/replica:0/task:0/device:CPU:0}} "
        "Cast %s to %s is not supported [Op:Cast] name: ",
        tf_names[from], tf_names[to]);
}

void kt_from(kt_op_call *c, int k, int axis, int64_t size, kt_origin_kind kind, int input,
             int in_axis, int in_axis2)
{
    KT_ASSERT(k < KT_MAX_PARTS && axis >= 0 && axis < KT_MAX_RANK);
    c->out[k].shape.dim[axis] = size;
    c->out[k].origin[axis] = (kt_origin){kind, input, in_axis, in_axis2, NULL};
}

void kt_from_axis(kt_op_call *c, int k, int axis, int input, int in_axis)
{
    kt_from(c, k, axis, kt_dim(&c->in[input]->shape, in_axis), KT_FROM_AXIS, input, in_axis,
            in_axis + 1);
}

void kt_from_field(kt_op_call *c, int k, int axis, int64_t size, const char *field)
{
    kt_from(c, k, axis, size, field ? KT_FROM_FIELD : KT_FROM_NOWHERE, -1, -1, -1);
    c->out[k].origin[axis].field = field;
}

void kt_like(kt_op_call *c, int k, int i)
{
    const kt_node *x = c->in[i];

    c->out[k].dtype = x->dtype;
    c->out[k].shape.rank = x->shape.rank;
    for (int axis = 0; axis < x->shape.rank; axis++)
        kt_from_axis(c, k, axis, i, axis);
}
