/* fact_model.h - models, arrays and errors of the facts in tests/goldens. Include after
 * cmocka.h. */
#ifndef KT_TEST_FACT_MODEL_H
#define KT_TEST_FACT_MODEL_H

#include "keratin/data.h"
#include "keratin/io.h"
#include "support/facts.h"
#include "tensor/tensor.h"

/* row.model, an expression or the dict of model.to_json(); not checked: it may be in error
 * state. */
kt_model *fact_model(const kt_value *row);
/* What a failing fact prints to be found: the expression, or the name of the model. */
const char *fact_name(const kt_value *row);
/* Builds the model for the shapes of row.x where it declares none, and sets row.weights. */
void fact_weights(kt_model *m, const kt_value *row);
/* Compiles it as row.optimizer, loss, loss_weights, metrics and weighted_metrics say; a part may be
 * missing. */
void fact_compile(kt_model *m, const kt_value *row);
/* Fits it with the arguments of row.fit, without shuffling. NULL on failure. */
kt_history *fact_fit(kt_model *m, const kt_value *row, kt_data *d);
/* The same with a function for the end of each epoch, and a file for what is said and warned of. */
kt_history *fact_fit_with(kt_model *m, const kt_value *row, kt_data *d, kt_callback on_epoch,
                          void *user, FILE *out);
/* A number; "nan", "inf" and "-inf" stand for what JSON can not say. */
double fact_value(const kt_value *list, size_t i);
/* {"loss": [...], ...}: the same keys, and just as many epochs. */
void fact_history_close(const char *what, const kt_value *want, const kt_history *h);
/* A list of numbers for each weight. */
void fact_weights_close(const char *what, const kt_value *want, const kt_model *m);
/* kt_check_fit with the same arguments. */
void fact_check_fit(kt_model *m, const kt_value *row, kt_data *d);
/* {"shape", "dtype", "values"}; values may be missing: zeros. */
kt_tensor *fact_tensor(const kt_value *array);
/* Whether a row's "sample_weight" has an array for each target by its name: they go to the data. */
bool fact_weights_by_name(const kt_value *weight);
/* Adds the arrays of a dict by name, as x or as y. */
void fact_arrays(kt_data *d, const kt_value *dict, bool as_y);
void fact_tensor_close(const char *what, const kt_value *want, const kt_tensor *got,
                       double tolerance);
/* {"type", "message"} against an error; NULL: there must be none. */
void fact_error(const char *what, const kt_value *want, const kt_error *got);

#endif
