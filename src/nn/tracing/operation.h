/* operation.h - the door for authors of operations: what a call of keras.ops leaves in a model.
 *
 * `a + b`, `x[:, -1]` or ops.concatenate([a, b]) on symbolic tensors become nodes of a Functional
 * model, of module keras.src.ops.numpy, .nn, .core, .math, .linalg or .image. An operation is a
 * kt_layer_type with a name and fields as a layer, without weights; what it is called on stands in
 * `params`, and a literal (a number, an array, None, a slice) may take a tensor's place. One file
 * in src/nn/operations holds a family of them and ends with
 * `const kt_layer_type *const kt_operations_<file>[]`, NULL-terminated; one row
 * KT_OPERATION(file) in operations.list.
 *
 *   static void logaddexp(kt_layer *self, kt_call *c)
 *   {
 *       kt_operand x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
 *       kt_dtype   dtype = kt_result_dtype(x, 2, KT_WEAK_FLOAT);
 *       ... kt_as(c, x[0], dtype) ...
 *   }
 *
 * The facts of tests/goldens/operations.jsonl, made by tools/goldens/operations.py with real Keras,
 * hold at least one call of each. */
#ifndef KT_OPERATION_H
#define KT_OPERATION_H

#include "nn/layer.h"

/* Python's own numbers give way to the dtype of what they meet. */
typedef enum kt_weak { KT_STRONG, KT_WEAK_INT, KT_WEAK_FLOAT } kt_weak;

/* One argument of a call as a value of the graph; node NULL: None, or not given. */
typedef struct kt_operand {
    kt_node *node;
    kt_weak  weak;
} kt_operand;

/* Argument i of type->params as the file has it: NULL where it is None or was not given. */
const kt_value *kt_argument(const kt_layer *self, const kt_call *c, int i);
/* A model's tensor, a number, or a (nested list of) numbers as a constant. Anything else raises a
 * TypeError, and gives poison. */
kt_operand kt_operand_of(const kt_layer *self, const kt_call *c, int i);
/* Without a node where the argument is None or was not given. */
kt_operand kt_optional_operand(const kt_layer *self, const kt_call *c, int i);
/* The same of an item of c->args. */
kt_operand kt_operand_at(const kt_layer *self, const kt_call *c, const kt_value *v);
/* The same as a node; poison where it is None. */
kt_node *kt_tensor_of(const kt_layer *self, const kt_call *c, int i);
/* Was it given all that it needs? If not, its result is poison: Python's TypeError. */
bool kt_operation_whole(const kt_layer *self, const kt_call *c);
/* The items of argument i, a list or tuple; a single tensor is a list of one. Returns how many, at
 * most max; 0 after a failure. */
int kt_operands_of(const kt_layer *self, const kt_call *c, int i, kt_operand *out, int max);
/* An array that a field or argument holds: {"class_name": "__numpy__", ...}, a number or a list of
 * numbers. NULL if v is none of these; without memory, too (raised). */
kt_tensor *kt_literal_tensor(const kt_value *v, kt_weak *weak, kt_fault *f);

/* keras.backend.result_type of the operands, and of a Python number `least` (KT_STRONG: none). */
kt_dtype kt_result_dtype(const kt_operand *x, int n, kt_weak least);
/* The same for one tensor: ops that make real numbers of integers. */
kt_dtype kt_real_dtype(kt_dtype d);
/* What Keras adds up in: booleans and integers of few bits have 32. */
kt_dtype kt_sum_dtype(kt_dtype d);
/* Argument i as real numbers: integers are cast. */
kt_node *kt_real_of(const kt_layer *self, const kt_call *c, int i);
/* The operand in this dtype; poison where it is None. */
kt_node *kt_as(kt_call *c, kt_operand x, kt_dtype dtype);

/* A `check` for operations whose constructor in Keras looks at their field data_format. */
kt_status kt_check_layout(kt_layer *self);

/* --- what Keras infers of symbolic calls (operation_shapes.c) --- */

/* A symbolic call of an operation that has `infer`: what it says counts, whatever numbers of such
 * shapes would give. */
void kt_call_inferred(kt_layer *self, kt_call *c);
/* The shapes of the first n arguments; of Python's numbers and lists the empty one, as Keras has
 * it. One that is missing is refused, and has no axes. */
void kt_argument_shapes(const kt_layer *self, const kt_call *c, int n, kt_shape *out);
/* Those of the items of argument i, a list; returns how many, 0 where it is none. */
int kt_item_shapes(const kt_layer *self, const kt_call *c, int i, kt_shape *out, int max);
/* Refuses a shape in which Python computed a size below 0 (kt_inferred_size); list: it prints one.
 */
bool kt_is_shape(kt_call *c, const kt_shape *s, bool list);
/* For `return` of an infer: one result of this shape; or a ValueError, and Python's IndexError. */
int kt_infers(kt_result *out, kt_shape shape);
int kt_refuses(kt_layer *self, kt_call *c, const char *fmt, ...) KT_PRINTF(3, 4);
int kt_no_index(kt_layer *self, kt_call *c, const char *what);
/* Python's `a, b = shape` of `want` names; false after its ValueError. */
bool kt_unpacks(kt_layer *self, kt_call *c, int want, int rank);
/* Of two sizes one is not known: Python's TypeError for `a op b`. */
int     kt_no_operand(kt_layer *self, kt_call *c, const char *op, int64_t a, int64_t b);
int64_t kt_floor_div(int64_t a, int64_t b); /* Python's division */
/* Rules of many: the shape of the first argument, and of two broadcast. */
int kt_infer_same(kt_layer *self, kt_call *c, kt_result *out);
int kt_infer_broadcast(kt_layer *self, kt_call *c, kt_result *out);
/* The shape of the first argument if it has these axes, and without them (none: without all). */
int kt_infer_along(kt_layer *self, kt_call *c, const kt_ints *axes, kt_result *out);
int kt_infer_reduced(kt_layer *self, kt_call *c, const kt_ints *axes, bool keepdims,
                     kt_result *out);
int kt_infer_axis(kt_layer *self, kt_call *c, int64_t axis, kt_result *out); /* one axis */
int kt_infer_flat(kt_layer *self, kt_call *c, kt_result *out);               /* as one axis */
/* A size for a result that Python may compute below 0, which is then refused. */
int64_t kt_inferred_size(int64_t n);
/* Two shapes as one, or Keras' words. */
bool kt_infer_both(kt_call *c, const kt_shape *a, const kt_shape *b, kt_shape *out);
/* Is any size unknown, or all but one axis (-1: all axes) the same? */
bool kt_shapes_agree(const kt_shape *a, const kt_shape *b, int axis);
/* An axis of `rank` axes; raises Keras' words and gives -1 where there is none. */
int kt_canonical_axis(const kt_call *c, int64_t axis, int rank);
/* A symbolic call is refused in the words of Keras' shape rules, not in those of the call on
 * numbers: two shapes that do not fit, and an axis that is not there. True where there is nothing
 * to say. */
bool        kt_fits_broadcast(const kt_call *c, const kt_shape *a, const kt_shape *b);
bool        kt_has_axes(const kt_call *c, const kt_shape *s, const kt_ints *axes);
void        kt_refuse_axis(kt_graph *g, int64_t axis, int rank);
void        kt_refuse_broadcast(kt_graph *g, const kt_shape *a, const kt_shape *b);
const char *kt_listed_shape(kt_graph *g, const kt_shape *s); /* as Python prints a list of it */
const char *kt_listed_ints(kt_graph *g, int n, const int64_t *v, bool list); /* or a tuple */
/* What was given, or as NumPy prints an array of it; a number n times, or once (0). */
const char *kt_printed_ints(kt_graph *g, const kt_ints *v, int n, bool array);

/* --- nodes that many families make --- */

/* The numbers begin, begin + step, ... as a constant, int64 [n]. */
kt_node *kt_series(kt_graph *g, int64_t n, int64_t begin, int64_t step);
/* A constant of this shape; v: its numbers in memory order. */
kt_node *kt_table(kt_graph *g, kt_dtype dtype, kt_shape shape, const double *v);
/* A stand-in where only data say the sizes; the trace is not run then. */
kt_node *kt_unsized(kt_call *c, kt_dtype dtype, kt_shape shape);
/* x with one of its axes at another place, the others in their order. Axes may count from the
 * end. */
kt_node *kt_move_axis(kt_graph *g, kt_node *x, int from, int to);
/* x as one axis. */
kt_node *kt_flat(kt_graph *g, kt_node *x);
/* x[..., begin : begin + size, ...]; an axis of unknown size becomes one of `size` (KT_UNKNOWN:
 * unknown). */
kt_node *kt_part_of(kt_call *c, kt_node *x, int axis, int64_t begin, int64_t size);
/* cond ? x : v, and x < v with a number of x's dtype. */
kt_node *kt_where(kt_graph *g, kt_node *cond, kt_node *x, double v);
kt_node *kt_compare(kt_graph *g, kt_binary_fn test, kt_node *x, double v);

/* The places along an axis where booleans hold, as long as the data say: int32, an output only. */
kt_node *kt_places(kt_call *c, kt_node *x, int axis);
/* keras.ops.linalg.norm of real numbers, by `ord` (NULL: None) over the axes. */
kt_node *kt_norm(kt_layer *self, kt_call *c, kt_node *x, const kt_value *ord, const kt_ints *axis,
                 bool keepdims);

/* KT_OPERATIONS(file, ROWS) makes kt_operations_<file> of rows
 *     F(Class, module, fields, "x1 x2", call, variant)
 * where fields is a kt_config_type (&kt_no_config: none), and variant is for `call` to know which
 * of the family it is (self->type->variant); more members may follow: `, .infer = function`. */
#define KT_OPERATION_PLACE(Class, ...)   KT_OPERATION_##Class,
#define KT_OPERATION_POINTER(Class, ...) &operations[KT_OPERATION_##Class],
#define KT_OPERATION_TYPE(Class, mod, fields, parameters, emit, ...)                   \
    {.cls = {.class_name = #Class, .module = "keras.src.ops." #mod, .config = fields}, \
     .flags = KT_LAYER_NO_CAST | KT_LAYER_READY | KT_LAYER_OPERATION,                  \
     .params = parameters,                                                             \
     .call = emit,                                                                     \
     .variant = __VA_ARGS__},
#define KT_OPERATIONS(file, ROWS)                                        \
    enum { ROWS(KT_OPERATION_PLACE) };                                   \
    static const kt_layer_type operations[] = {ROWS(KT_OPERATION_TYPE)}; \
    const kt_layer_type *const kt_operations_##file[] = {ROWS(KT_OPERATION_POINTER) NULL}

extern const kt_layer_type *const *const kt_operation_table[];
/* The i-th operation over all files; NULL behind the last. */
const kt_layer_type *kt_operation_at(size_t i);
/* By module and class name, as a file has them; NULL if there is none. */
const kt_layer_type *kt_operation_find(const char *module, const char *class_name);

#endif
