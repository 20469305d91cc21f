/* tried_model.h - what is said of a model that was made with something changed. */
#ifndef TESTS_SUPPORT_TRIED_MODEL_H
#define TESTS_SUPPORT_TRIED_MODEL_H

#include "model/model.h"
#include "support/damage.h"

/* What Keratin says of the model, or of a call on symbols and on numbers of these shapes (what is
 * not known of them becomes 2); else its weights' shapes, its outputs' shapes and dtypes, and what
 * it computes, in training too. */
void tried_model(damage_seen *s, kt_model *m, int n, const kt_shape *shapes);

#endif
