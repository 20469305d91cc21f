/* rules.h - inside src/config: what the rule of a field allows, and the words for what it does
 * not. */
#ifndef KT_CONFIG_RULES_H
#define KT_CONFIG_RULES_H

#include "config/config.h"

/* "> 0", ">= 0", "[lo, hi]", "(lo, hi)" and mixtures; for INTS perhaps behind the length of the
 * tuple. */
typedef struct kt__range {
    int    count; /* of a tuple; 0: any */
    bool   limited, lo_open, hi_open;
    double lo, hi;
} kt__range;
kt__range kt__rule_range(const char *rule);
bool      kt__in_range(const kt__range *range, double x);

/* Is the rule "a|b|c"? Only then may the others be called. */
bool kt__rule_has_words(const kt_field *field);
/* The word of the rule that `word` is, or NULL. padding and data_format are read without regard
 * to case, as in Keras. */
const char *kt__rule_word(kt_arena *a, const kt_field *field, const char *word);

/* May the registry that the rule names have such an object? True where nothing is known about
 * it. */
bool kt__is_known_object(const char *rule, const char *name);

/* Python's name of a value's type, "int", and str() of it. */
const char *kt__type_name(const kt_value *v);
void        kt__value_str(kt_str *out, const kt_value *v);

/* Raises the error for a value that the field does not take. */
kt_status kt__refuse(const kt_field *field, const char *owner, const kt_value *v, kt_fault *f);

#endif
