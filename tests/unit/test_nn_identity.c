/* test_nn_identity.c - a class is its module and registered name; what is missing is named at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "keratin/io.h"
#include "nn/make/identity.h"
#include "nn/layer.h"
#include "support/needs.h"

static const kt_value *json(kt_arena *a, const char *text)
{
    kt_fault        f = {0};
    const kt_value *v = kt_json_parse("test", text, strlen(text), a, &f);

    if (!v)
        fail_msg("%s: %s", text, f.e.message);
    return v;
}

/* --- modules ---------------------------------------------------------------------------------- */

typedef struct spelling {
    const char *module, *name, *registered;
    bool        ours;
} spelling;

/* What Keras itself accepts or refuses, and the modules of older Keras. */
static const spelling spellings[] = {
    {"\"keras.layers\"", "Dense", "null", true},
    {"\"keras.layers\"", "Dense", "\"Dense\"", true},
    {"\"keras.src.layers\"", "Dense", "null", true},
    {"\"keras.src.layers.core.dense\"", "Dense", "\"Dense\"", true},
    {"\"keras.layers.core\"", "Dense", "null", true},
    {"\"keras.engine.input_layer\"", "InputLayer", "null", true},
    {"\"keras.api._v2.keras.layers\"", "Dense", "null", true},
    {"\"tf_keras.layers\"", "Dense", "null", true},
    {"\"tf_keras.src.layers.core.dense\"", "Dense", "\"Dense\"", true},
    {"\"tensorflow.keras.layers\"", "Dense", "null", true},
    {"\"tensorflow.python.keras.layers.core\"", "Dense", "null", true},
    {"\"keras\"", "Sequential", "null", true},
    {"\"keras.models\"", "Sequential", "null", true},
    {"\"keras.src.engine.functional\"", "Functional", "\"Functional\"", true},
    {"\"keras.src.models.functional\"", "Functional", "\"Functional\"", true},
    {"null", "Dense", "\"my>Dense\"", false},
    {"null", "Dense", "\"Dense\"", false},
    {"null", "Dense", "null", false},
    {"\"__main__\"", "Rescaling", "\"Rescaling\"", false},
    {"\"my.keras.layers\"", "Dense", "null", false},
    {"\"keras_cv.layers\"", "Dense", "null", false},
    {"\"kerasx\"", "Dense", "null", false},
    {"\"tensorflow\"", "Dense", "null", false},
    {"\"keras.layers\"", "Dense", "\"other>Dense\"", false},
    {"\"keras.losses\"", "Dense", "null", false},
    {"\"keras\"", "Dense", "null", false},
    {"\"keras.models\"", "Dense", "null", false},
    {"\"keras.src.ops.numpy\"", "Dense", "\"Dense\"", false},
};

static void modules_decide(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(spellings); i++) {
        const spelling *s = &spellings[i];
        kt_arena        a = {0};
        const char     *text = kt_arena_printf(
                &a,
                "{\"module\": %s, \"class_name\": \"%s\", \"config\": {}, "
                    "\"registered_name\": %s}",
                s->module, s->name, s->registered);
        if ((kt_layer_type_of(json(&a, text)) != NULL) != s->ours)
            fail_msg("%s: %s", text, s->ours ? "not known" : "taken for Keras' own");
        kt_arena_free(&a);
    }
}

/* Without a module, as Keras 2 wrote it, the name is all that there is. */
static void names_alone(void **state)
{
    (void)state;
    kt_arena a = {0};

    assert_non_null(kt_layer_type_of(json(&a, "{\"class_name\": \"Dense\", \"config\": {}}")));
    assert_null(kt_layer_type_of(json(&a, "{\"class_name\": \"my>Dense\", \"config\": {}}")));
    assert_null(kt_layer_type_of(json(&a, "{\"class_name\": \"Dens\", \"config\": {}}")));
    assert_null(kt_layer_type_of(json(&a, "[]")));
    assert_null(kt_layer_type_of(NULL));
    kt_arena_free(&a);
}

/* The same for every family: each class of the table as Keras writes it, as Keras 2 did, and as
 * that of somebody else. */
static void objects_too(void **state)
{
    (void)state;
    const kt_class *cls;

    for (const kt_family *f = kt_family_table; f->name; f++)
        for (size_t i = 0; (cls = kt_family_class(f, i)) != NULL; i++) {
            kt_arena  a = {0};
            kt_value *v = kt_value_new(&a, KT_DICT);
            kt_value_add(&a, v, "class_name", kt_value_str(&a, cls->class_name));
            assert_true(kt_is_class(cls, v));
            kt_value_add(&a, v, "module", kt_value_str(&a, cls->module));
            assert_true(kt_is_class(cls, v));
            const char *old = kt_arena_printf(&a, "tf_keras.src%s.some.file",
                                              strchr(cls->module, '.'));
            kt_value_set(&a, v, "module", kt_value_str(&a, old));
            assert_true(kt_is_class(cls, v));
            kt_value_set(&a, v, "module", kt_value_str(&a, "mine"));
            assert_false(kt_is_class(cls, v));
            kt_value_set(&a, v, "module", kt_value_new(&a, KT_NONE));
            kt_value_set(&a, v, "registered_name", kt_value_str(&a, cls->class_name));
            assert_false(kt_is_class(cls, v));
            kt_arena_free(&a);
        }
}

static void every_class_is_one_of_keras(void **state)
{
    (void)state;
    const kt_class *cls;

    const kt_layer_type *t;

    for (size_t i = 0; (t = kt_layer_type_at(i)) != NULL; i++)
        if (strncmp(t->cls.module, "keratin.", 8) != 0 &&
            !kt_keras_has("layer", t->cls.exported ? t->cls.exported : t->cls.class_name))
            fail_msg("layer %s is not in classes.list", t->cls.class_name);
    for (const kt_family *f = kt_family_table; f->name; f++)
        for (size_t i = 0; (cls = kt_family_class(f, i)) != NULL; i++)
            if (strncmp(cls->module, "keratin.", 8) != 0 && !kt_keras_has(f->name, cls->class_name))
                fail_msg("%s %s is not in classes.list", f->name, cls->class_name);
}

/* --- words ------------------------------------------------------------------------------------ */

#define DENSE "{\"module\":\"keras.layers\",\"class_name\":\"Dense\",\"config\":{\"units\":2}}"
#define CONV(name)                                                                           \
    "{\"module\":\"keras.layers\",\"class_name\":\"TFSMLayer\",\"config\":{\"name\":\"" name \
    "\"},"                                                                                   \
    "\"registered_name\":null}"
#define MINE(name)                                                                  \
    "{\"module\":null,\"class_name\":\"Dense\",\"config\":{\"name\":\"" name "\"}," \
    "\"registered_name\":\"my>Dense\"}"
#define CALL(module, class, name)                                  \
    "{\"module\":\"keras.src.ops." module                          \
    "\",\"class_name\":\"" class "\",\"config\":{\"name\":\"" name \
                                 "\"},\"registered_name\":\"" class "\"}"
#define MODEL(...) \
    "{\"module\":\"keras\",\"class_name\":\"Sequential\",\"config\":{\"layers\":[" __VA_ARGS__ "]}}"

static const struct {
    const char *json, *type, *message;
} sentences[] = {
    {MODEL(CONV("c")), "NotImplementedError",
     "Keras has the layer 'TFSMLayer', Keratin does not yet (layer 'c')"},
    {MODEL(MINE("mine")), "NotImplementedError",
     "'my>Dense' is no layer of Keras' own: whoever made the model wrote it (layer 'mine')"},
    {MODEL("{\"module\":\"__main__\",\"class_name\":\"Rescaling\",\"config\":{\"scale\":2},"
           "\"registered_name\":\"Rescaling\"}"),
     "NotImplementedError",
     "'Rescaling' of module '__main__' is no layer of Keras' own: whoever made the model wrote it"},
    {MODEL("{\"module\":\"keras.layers\",\"class_name\":\"Densee\",\"config\":{}}"), "ValueError",
     "Could not deserialize 'keras.layers.Densee' because it is not a KerasSaveable subclass"},
    {MODEL("{\"class_name\":\"Densee\",\"config\":{}}"), "ValueError",
     "Unknown layer: 'Densee'. Did you mean 'Dense'?"},
    {MODEL("{\"module\":\"keras.losses\",\"class_name\":\"Dense\",\"config\":{}}"), "ValueError",
     "Could not deserialize 'keras.losses.Dense' because it is not a KerasSaveable subclass"},
    {MODEL("{\"class_name\":\"Dense\",\"config\":{\"units\":2,\"activation\":{\"module\":"
           "\"builtins\",\"class_name\":\"function\",\"config\":\"my>act\"}}}"),
     "NotImplementedError",
     "'my>act' is no activation function of Keras' own: whoever made the model wrote it"},
    {MODEL("{\"class_name\":\"Dense\",\"config\":{\"units\":2,\"kernel_regularizer\":{\"module\":"
           "null,\"class_name\":\"L2\",\"config\":{},\"registered_name\":\"Custom>L2\"}}}"),
     "NotImplementedError",
     "'Custom>L2' is no regularizer of Keras' own: whoever made the model wrote it"},
    /* all at once, before the error that is met first when it is built */
    {MODEL(
         DENSE
         ",{\"class_name\":\"Dense\",\"config\":{\"units\":-1}}," CONV("c") "," MINE("m") "," CONV(
             "d") ",{\"class_name\":\"TimeDistributed\",\"config\":{\"layer\":" MINE("n") "}}"),
     "NotImplementedError",
     "The model needs 2 classes that are not here:\n"
     "  Keras has the layer 'TFSMLayer', Keratin does not yet (layers 'c', 'd')\n"
     "  'my>Dense' is no layer of Keras' own: whoever made the model wrote it (layers 'm', 'n')"},
    {MODEL(CONV("a") "," CONV("b") "," CONV("c") "," CONV("d") "," CONV("e") "," CONV("f") "," CONV(
         "g") "," CONV("h") "," CONV("i") "," CONV("j")),
     "NotImplementedError",
     "The model needs a class that is not here:\n"
     "  Keras has the layer 'TFSMLayer', Keratin does not yet (layers 'a', 'b', 'c', 'd', 'e', 'f', "
     "'g', 'h' and 2 more)"},
    {MODEL(CALL("numpy", "Polar", "p")), "NotImplementedError",
     "Keras has the operation 'Polar', Keratin does not: it works with complex numbers, of which "
     "there is no dtype here (layer 'p')"},
    {MODEL(CALL("core", "Cond", "c")), "NotImplementedError",
     "Keras has the operation 'Cond', Keratin does not: it calls a function written in Python "
     "(layer 'c')"},
    {MODEL(MODEL("{\"class_name\":\"Dens\",\"config\":{\"name\":\"x\"}}") "," MINE("m")),
     "NotImplementedError",
     "The model needs 2 classes that are not here:\n"
     "  Unknown layer: 'Dens' (layer 'x'). Did you mean 'Dense'?\n"
     "  'my>Dense' is no layer of Keras' own: whoever made the model wrote it (layer 'm')"},
};

static void sentences_are_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(sentences); i++) {
        kt_model       *m = kt_from_json(sentences[i].json);
        const kt_error *e = kt_model_error(m);
        assert_non_null(e);
        assert_string_equal(e->message, sentences[i].message);
        assert_string_equal(e->type, sentences[i].type);
        kt_model_free(m);
    }
}

/* An operation of keras.ops is no layer, even where it has the name of one. */
static void operations_are_apart(void **state)
{
    (void)state;
    kt_arena        a = {0};
    kt_str          text = {0};
    const kt_value *add = json(&a, "{\"module\":\"keras.src.ops.numpy\",\"class_name\":\"Add\","
                                   "\"config\":{\"name\":\"a\"},\"registered_name\":\"Add\"}");
    const kt_value *no = json(&a, "{\"module\":\"keras.src.ops.numpy\",\"class_name\":"
                                  "\"Additt\",\"config\":{},\"registered_name\":null}");

    assert_ptr_not_equal(kt_layer_type_of(add), kt_layer_type_find("Add"));
    assert_false(kt_is_class(&kt_layer_type_find("Add")->cls, add));
    kt_missing_text(&text, "layer", add);
    assert_string_equal(kt_str_text(&text), "Keras has the operation 'Add', Keratin does not yet");
    assert_int_equal(kt_missing_kind("layer", no), KT_MISSING_NOWHERE);
    kt_str_free(&text);
    kt_arena_free(&a);
}

/* What the model was compiled with belongs to it. */
static void compiled_with(void **state)
{
    (void)state;
    static const char text[] = "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[" MINE(
        "m") "]},"
             "\"compile_config\":{\"optimizer\":\"adam\",\"loss\":{\"module\":null,"
             "\"class_name\":\"MyLoss\",\"config\":{},\"registered_name\":\"MyLoss\"},"
             "\"metrics\":[\"mae\",{\"module\":\"builtins\",\"class_name\":\"function\","
             "\"config\":\"far\"}]}}";
    kt_model *m = kt_from_json(text);

    assert_string_equal(
        kt_model_error(m)->message,
        "The model needs 3 classes that are not here:\n"
        "  'my>Dense' is no layer of Keras' own: whoever made the model wrote it (layer 'm')\n"
        "  'MyLoss' is no loss of Keras' own: whoever made the model wrote it\n"
        "  'far' is no metric of Keras' own: whoever made the model wrote it");
    kt_model_free(m);
}

/* --- memory ----------------------------------------------------------------------------------- */

static void without_memory(void **state)
{
    (void)state;
    for (int64_t n = 1; n < 60; n++) {
        kt_alloc_fail_after(n);
        kt_model *m = kt_from_json(MODEL(CONV("c") "," MINE("m")));
        kt_alloc_fail_after(0);
        assert_true(kt_failed(m));
        kt_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modules_decide),       cmocka_unit_test(names_alone),
        cmocka_unit_test(objects_too),          cmocka_unit_test(every_class_is_one_of_keras),
        cmocka_unit_test(sentences_are_said),   cmocka_unit_test(compiled_with),
        cmocka_unit_test(operations_are_apart), cmocka_unit_test(without_memory),
    };
    need_reading(false);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
