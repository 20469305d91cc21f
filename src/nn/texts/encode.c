/* encode.c - categories as numbers or vectors, and what the layers that make them check. */
#include "nn/texts/encode.h"

#include <string.h>

/* [.., 1] -> [..] where there is another axis. */
static kt_node *without_last_one(kt_graph *g, kt_node *x)
{
    int last = x->shape.rank - 1;

    return last > 0 && x->shape.dim[last] == 1 ? kt_squeeze(g, x, last) : x;
}

kt_node *kt_encoded(kt_graph *g, kt_node *index, const char *mode, int64_t depth, kt_dtype dtype,
                    kt_node *weight)
{
    bool multi = kt_streq(mode, "multi_hot");

    if (kt_is_poison(g, index) || kt_streq(mode, "int"))
        return kt_cast(g, index, dtype);
    if (index->shape.rank == 0)
        index = kt_expand_dims(g, index, 0);
    if (kt_streq(mode, "one_hot"))
        return kt_cast(g, kt_one_hot(g, without_last_one(g, index), depth), dtype);
    if (index->shape.rank <= 2)
        return kt_cast(g, kt_bincount(g, index, weight, depth, multi), dtype);
    kt_node *ones = kt_one_hot(g, index, depth); /* of more axes, Keras counts along the second */
    if (weight)
        ones = kt_mul(g, ones,
                      kt_expand_dims(g, kt_cast(g, weight, ones->dtype), weight->shape.rank));
    return kt_cast(g, kt_reduce(g, multi ? KT_RE_MAX : KT_RE_SUM, ones, 2u, false), dtype);
}

kt_status kt_check_word(kt_layer *l, const char *name, const char *word, const char *const *words,
                        size_t n)
{
    kt_str all = {0};

    for (size_t i = 0; i < n; i++) {
        if (kt_streq(word, words[i])) {
            kt_str_free(&all);
            return KT_OK;
        }
        kt_str_printf(&all, "%s'%s'", i ? ", " : "", words[i]);
    }
    kt_layer_fail(
        l, KT_E_VALUE,
        "Unknown value for `%s` argument of %s. Allowed values are: (%s). Received: %s=%s", name,
        l->type->cls.class_name, kt_str_text(&all), name, word ? word : "None");
    kt_str_free(&all);
    return kt_layer_status(l);
}

kt_status kt_check_salt(kt_layer *l, const char *owner, const kt_value **salt, kt_hash_attr *attr)
{
    const kt_value *v = *salt, *first = v, *second = v;
    kt_str          text = {0};

    attr->salted = !kt_is_none(v);
    if (!attr->salted)
        return KT_OK;
    if (kt_value_is_seq(v) && v->n == 2) {
        first = v->items[0];
        second = v->items[1];
    }
    if (!kt_is_int(first) || !kt_is_int(second)) {
        kt_python_str(&text, v);
        kt_layer_fail(
            l, KT_E_VALUE,
            "The `salt` argument for `%s` can only be a tuple of %s, or a single integer. Received: salt=%s.",
            owner, kt_streq(owner, "Hashing") ? "size 2 integers" : "2 integers",
            kt_str_text(&text));
        kt_str_free(&text);
        return kt_layer_status(l);
    }
    attr->key[0] = (uint64_t)first->i;
    attr->key[1] = (uint64_t)second->i;
    kt_value *pair = kt_value_new(&l->arena, KT_LIST);
    bool      ok = pair && kt_value_add(&l->arena, pair, NULL, kt_value_int(&l->arena, first->i)) &&
              kt_value_add(&l->arena, pair, NULL, kt_value_int(&l->arena, second->i));
    *salt = pair;
    return ok ? KT_OK : kt_raise_memory(&l->fault);
}

kt_status kt_write_plain(const kt_layer *l, kt_arena *a, kt_value *config, kt_fault *f)
{
    kt_value_drop(config, "trainable");
    return kt_value_set(a, config, "dtype", kt_value_str(a, kt_dtype_name(l->dtype)))
             ? KT_OK
             : kt_raise_memory(f);
}
