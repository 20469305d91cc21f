/* cpp.c - writes keratin.hpp: the layers as C++20 functions, and owners of the library's
 * objects. */
#include <string.h>

#include "gen.h"

static const char head[] =
    "/* keratin.hpp - Keratin for C++20. Written by tools/gen from the field tables.\n"
    " *\n"
    " *   kt::model m = kt::sequential(\n"
    " *       kt::flatten({.input_shape = {28, 28}}),\n"
    " *       kt::dense({.units = 128, .activation = \"relu\"}),\n"
    " *       kt::dense({.units = 10, .activation = \"softmax\", .use_bias = false}));\n"
    " *   kt::compile(m, {.optimizer = \"adam\", .loss = \"mse\", .metrics = {\"mae\"}});\n"
    " *   kt::history h = kt::fit(m, x.get(), y.get(), {.epochs = 5});\n"
    " *\n"
    " * Names stand in the order of their declaration, as C++ asks. Everything else is the C interface\n"
    " * of keratin.h, which takes m.get().\n"
    " */\n"
    "#ifndef KERATIN_HPP\n"
    "#define KERATIN_HPP\n\n"
    "#include <initializer_list>\n"
    "#include <memory>\n"
    "#include <optional>\n"
    "#include <string>\n"
    "#include <vector>\n\n"
    "#include \"keratin/keratin.h\"\n\n"
    "namespace kt {\n\n"
    "/* Sizes: {3, 3}. kt::ints::none() is Python's (), which {} can not say. */\n"
    "struct ints {\n"
    "    int64_t v[KT_MAX_RANK]{};\n"
    "    int     n = 0;\n"
    "    bool    given = false;\n"
    "    ints() = default;\n"
    "    ints(std::initializer_list<int64_t> list) : given(true)\n"
    "    {\n"
    "        for (int64_t x : list)\n"
    "            if (n < KT_MAX_RANK)\n"
    "                v[n++] = x;\n"
    "    }\n"
    "    static ints none() { return ints(std::initializer_list<int64_t>{}); }\n"
    "};\n\n"
    "namespace detail {\n\n"
    "/* Fills a C argument struct, and notes what was given. */\n"
    "class given {\n"
    "    std::string names;\n\n"
    "    void note(const std::string &name) { names.append(names.empty() ? \"\" : \" \").append(name); }\n\n"
    "  public:\n"
    "    template <class T> void put(const char *name, T &to, const std::optional<T> &from)\n"
    "    {\n"
    "        if (!from)\n"
    "            return;\n"
    "        to = *from;\n"
    "        note(name);\n"
    "    }\n"
    "    void put(const char *name, int64_t (&to)[KT_MAX_RANK], const ints &from)\n"
    "    {\n"
    "        if (!from.given)\n"
    "            return;\n"
    "        for (int i = 0; i < from.n; i++)\n"
    "            to[i] = from.v[i];\n"
    "        note(std::string(name) + \"[\" + std::to_string(from.n) + \"]\");\n"
    "    }\n"
    "    /* Valid until the next put. */\n"
    "    void finish(kt_site &at, size_t size)\n"
    "    {\n"
    "        at.size = size;\n"
    "        at.given = names.c_str();\n"
    "    }\n"
    "    kt_layer *make(const char *class_name, kt_site &at, size_t size)\n"
    "    {\n"
    "        finish(at, size);\n"
    "        return kt_layer_make(class_name, &at);\n"
    "    }\n"
    "};\n\n"
    "struct deleter {\n"
    "    void operator()(kt_model *p) const { kt_model_free(p); }\n"
    "    void operator()(kt_tensor *p) const { kt_tensor_unref(p); }\n"
    "    void operator()(kt_history *p) const { kt_history_free(p); }\n"
    "    void operator()(kt_data *p) const { kt_data_free(p); }\n"
    "};\n\n"
    "} // namespace detail\n";

static const char owners[] =
    "\nusing model = std::unique_ptr<kt_model, detail::deleter>;\n"
    "using tensor = std::unique_ptr<kt_tensor, detail::deleter>;\n"
    "using history = std::unique_ptr<kt_history, detail::deleter>;\n"
    "using data = std::unique_ptr<kt_data, detail::deleter>;\n\n"
    "template <class... L> model sequential(L *...layers)\n"
    "{\n"
    "    kt_layer *const all[] = {layers..., nullptr};\n"
    "    return model(kt_sequential_list(sizeof...(layers), all));\n"
    "}\n\n"
    "inline model load(const char *path) { return model(kt_load(path)); }\n\n"
    "/* What is left out has Keras' default; nullptr that is written is None. */\n"
    "struct compile_args {\n"
    "    std::optional<const char *> optimizer{}, loss{}; /* rmsprop, None */\n"
    "    std::vector<const char *>   metrics{}, weighted_metrics{};\n"
    "    std::optional<const char *> loss_weights{};\n"
    "    std::optional<bool>         auto_scale_loss{}; /* true */\n"
    "};\n"
    "inline kt_status compile(const model &m, const compile_args &a)\n"
    "{\n"
    "    kt_compile_args c{};\n"
    "    detail::given   g;\n"
    "    c.model = m.get();\n"
    "    g.put(\"optimizer\", c.optimizer, a.optimizer);\n"
    "    g.put(\"loss\", c.loss, a.loss);\n"
    "    g.put(\"loss_weights\", c.loss_weights, a.loss_weights);\n"
    "    g.put(\"auto_scale_loss\", c.auto_scale_loss, a.auto_scale_loss);\n"
    "    for (size_t i = 0; i < a.metrics.size() && i < KT_MAX_METRICS; i++)\n"
    "        c.metrics[i] = a.metrics[i];\n"
    "    for (size_t i = 0; i < a.weighted_metrics.size() && i < KT_MAX_METRICS; i++)\n"
    "        c.weighted_metrics[i] = a.weighted_metrics[i];\n"
    "    g.finish(c.at, sizeof c);\n"
    "    return kt_compile_with(&c);\n"
    "}\n\n"
    "struct fit_args {\n"
    "    std::optional<int64_t>    epochs{}, batch_size{}; /* 1, 32 */\n"
    "    double                    validation_split = 0;\n"
    "    kt_tensor                *val_x = nullptr, *val_y = nullptr;\n"
    "    std::optional<bool>       shuffle{}; /* true */\n"
    "    const char               *class_weight = nullptr;\n"
    "    kt_tensor                *sample_weight = nullptr;\n"
    "    int64_t                   verbose = 0;\n"
    "    std::vector<const char *> callbacks{};\n"
    "};\n"
    "/* Empty after a failure: see kt_model_error. */\n"
    "inline history fit(const model &m, kt_tensor *x, kt_tensor *y, const fit_args &a = {})\n"
    "{\n"
    "    kt_fit_args   c{};\n"
    "    detail::given g;\n"
    "    c.model = m.get();\n"
    "    c.x = x;\n"
    "    c.y = y;\n"
    "    g.put(\"epochs\", c.epochs, a.epochs);\n"
    "    g.put(\"batch_size\", c.batch_size, a.batch_size);\n"
    "    c.validation_split = a.validation_split;\n"
    "    c.val_x = a.val_x;\n"
    "    c.val_y = a.val_y;\n"
    "    g.put(\"shuffle\", c.shuffle, a.shuffle);\n"
    "    c.class_weight = a.class_weight;\n"
    "    c.sample_weight = a.sample_weight;\n"
    "    c.verbose = a.verbose;\n"
    "    for (size_t i = 0; i < a.callbacks.size() && i < KT_MAX_CALLBACKS; i++)\n"
    "        c.callbacks[i] = a.callbacks[i];\n"
    "    g.finish(c.at, sizeof c);\n"
    "    return history(kt_fit_with(&c));\n"
    "}\n\n"
    "inline tensor predict(const model &m, kt_tensor *x) { return tensor(kt_predict(m.get(), x)); }\n";

/* C++ keywords may not be names of members. */
static const char *safe(const char *name)
{
    return kt_streq(name, "register") || kt_streq(name, "default") ? "value" : name;
}

static void write_option(kt_str *out, const kt_arg *a)
{
    static const char *const types[] = {
        [KT_ARG_INT] = "int64_t",       [KT_ARG_FLOAT] = "double",     [KT_ARG_BOOL] = "bool",
        [KT_ARG_TEXT] = "const char *", [KT_ARG_LAYER] = "kt_layer *", [KT_ARG_INTS] = "ints"};
    kt_str line = {0};

    if (a->type == KT_ARG_INTS)
        kt_str_printf(&line, "ints %s{}", safe(a->name));
    else
        kt_str_printf(&line, "std::optional<%s> %s{}", types[a->type], safe(a->name));
    write_member(out, kt_str_text(&line), a);
    kt_str_free(&line);
}

static void write_signature(kt_str *out, const call *c, const char *bare)
{
    const char *none = c->first < 0 ? " = {}" : "";
    kt_str      line = {0};

    kt_str_printf(&line, "inline kt_layer *%s(const %s_args &a%s)\n", bare, bare, none);
    if (line.len > 100) {
        kt_str_free(&line);
        kt_str_printf(&line, "inline kt_layer *\n%s(%sconst %s_args &a%s)\n", bare,
                      2 * strlen(bare) + strlen(none) > 80 ? "\n    " : "", bare, none);
    }
    kt_str_printf(out, "};\n%s", kt_str_text(&line));
    kt_str_free(&line);
}

static void write_put(kt_str *out, const kt_arg *a)
{
    size_t      width = strlen("    g.put(\"\", c., a.);") + 3 * strlen(a->name);
    const char *gap = width > 100 ? "\n          " : " ";

    kt_str_printf(out, "    g.put(\"%s\",%sc.%s, a.%s);\n", a->name, gap, a->name, safe(a->name));
}

static void write_call(kt_str *out, const call *c)
{
    const char *name = kt_str_text(&c->name), *bare = name + strlen("kt_");

    kt_str title = {0};
    kt_str_printf(&title, "%s: %s", c->type->cls.class_name, c->type->cls.summary);
    kt_str_addc(out, '\n');
    comment_lines(out, kt_str_text(&title), "");
    kt_str_free(&title);
    kt_str_printf(out, "struct %s_args {\n", bare);
    for (int shared = 0; shared < 2; shared++) /* the layer's own arguments first */
        for (int i = 0; i < c->n; i++)
            if ((c->args[i].field == NULL) == shared)
                write_option(out, &c->args[i]);
    write_signature(out, c, bare);
    kt_str_printf(out, "{\n    %s_args c{};\n    detail::given g;\n", name);
    for (int i = 0; i < c->n; i++)
        write_put(out, &c->args[i]);
    kt_str_printf(out, "    return g.make(\"%s\", c.at, sizeof c);\n}\n", c->type->cls.class_name);
}

void write_cpp(kt_str *out)
{
    call c;

    kt_str_add(out, head);
    kt_str_add(out, owners);
    for (int i = 0; call_at(&c, i); i++) {
        write_call(out, &c);
        call_free(&c);
    }
    kt_str_add(out, "\n} // namespace kt\n#endif\n");
}
