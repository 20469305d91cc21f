/* expr.c - fuzz target: any text as a Keras expression, as the arguments of a class and as the text
 * of a call.
 *
 * What is read must print, and what is printed must read as the same. (The first print makes
 * bytes that are no UTF-8 into escapes, so the second and the third are compared.) */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIELDS(F)                                          \
    F(INT, units, REQUIRED, "> 0", "An integer.")          \
    F(FLOAT, rate, "0.5", "[0, 1]", "A number.")           \
    F(STR, padding, "valid", "valid|same", "A word.")      \
    F(OPTINT, seed, "None", "", "An integer or None.")     \
    F(INTS, strides, "1", "2 > 0", "A tuple.")             \
    F(INTS, axis, "-1", "", "Integers.")                   \
    F(SHAPE, shape, "None", "", "A shape.")                \
    F(OBJ, activation, "None", "activation", "An object.") \
    F(ANY, more, "None", "", "Anything.")
KT_CONFIG(FIELDS);

static void check(bool good)
{
    if (!good)
        __builtin_trap();
}

/* The value read, or NULL; its text in *print. */
static kt_value *read(const char *text, kt_arena *a, kt_str *print)
{
    kt_fault  fault = {0};
    kt_value *v = kt_expr_parse(text, a, &fault);

    check((v == NULL) == (fault.e.status != KT_OK));
    check(v || fault.e.status == KT_E_VALUE);
    if (v)
        kt_value_repr(print, v);
    kt_fault_clear(&fault);
    return v;
}

static void configure(const kt_value *v, kt_arena *a)
{
    static const char *const skip[] = {"name", NULL};
    kt_fault                 fault = {0};
    const config            *c = kt_config_read(a, &config_type, "Fuzz", v, skip, &fault);
    kt_value                *dict = kt_value_new(a, KT_DICT);

    check((c == NULL) == (fault.e.status != KT_OK));
    if (c) {
        check(kt_config_write(a, &config_type, c, dict, &fault) == KT_OK);
        check(kt_config_read(a, &config_type, "Fuzz", dict, NULL, &fault) != NULL);
    }
    kt_fault_clear(&fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_arena  arena = {0};
    kt_str    print[3] = {{0}};
    char     *text = malloc(size + 1);
    kt_value *v;

    if (!text)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    v = read(text, &arena, &print[0]);
    if (v) {
        configure(v, &arena);
        check(read(kt_str_text(&print[0]), &arena, &print[1]) != NULL);
        check(read(kt_str_text(&print[1]), &arena, &print[2]) != NULL);
        check(kt_streq(kt_str_text(&print[1]), kt_str_text(&print[2])));
    }
    kt_text_names(text, "units");
    free(text);
    for (size_t i = 0; i < KT_COUNT(print); i++)
        kt_str_free(&print[i]);
    kt_arena_free(&arena);
    return 0;
}
