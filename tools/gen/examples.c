/* examples.c - a class in use: in C, on the command line and in Keras. */
#include "gen.h"

#include <string.h>

#include "keratin/model.h"

/* --- in Keras --------------------------------------------------------------------------------- */

/* A line for each class that the expression names; c: whose module counts where families share a
 * name. */
static void write_imports(kt_str *out, const kt_class_info *c, const char *expression)
{
    kt_str seen = {0}, name = {0}, line = {0};

    while (next_called(&expression, &name)) {
        kt_class_info found;
        const char   *called = kt_str_text(&name);
        if (kt_streq(called, c->name))
            found = *c;
        else if (!kt_catalog_find(called, &found))
            continue;
        kt_str_free(&line);
        kt_str_printf(&line, "from %s import %s\n", found.module, called);
        if (seen.len == 0 || !strstr(kt_str_text(&seen), kt_str_text(&line)))
            kt_str_add(&seen, kt_str_text(&line));
    }
    kt_str_add(out, kt_str_text(&seen));
    kt_str_free(&seen);
    kt_str_free(&name);
    kt_str_free(&line);
}

/* Input i: numbers, but texts are symbolic. */
static void input_in_keras(kt_str *out, const inputs *in, int i)
{
    bool text = kt_streq(in->dtype[i], "string");

    kt_str_add(out, text ? "keras.Input(batch_shape=" : "keras.ops.zeros(");
    write_shape(out, &in->shape[i]);
    if (!kt_streq(in->dtype[i], "float32"))
        kt_str_printf(out, ", dtype=\"%s\"", in->dtype[i]);
    kt_str_addc(out, ')');
}

/* Several inputs are one list, or arguments of which the last takes the rest. */
static void arguments_in_keras(kt_str *out, const inputs *in, const char *names)
{
    bool alone = in->n == 1 || !names;
    int  n = 1;

    for (const char *p = names; p && *p; p++)
        n += *p == '|';
    kt_str_add(out, in->n > 1 && alone ? "[" : "");
    for (int i = 0; i < in->n; i++) {
        kt_str_add(out, i ? ", " : "");
        kt_str_add(out, !alone && i > 0 && i == n - 1 && in->n > n ? "[" : "");
        input_in_keras(out, in, i);
    }
    kt_str_add(out, in->n > 1 && (alone || (n > 1 && in->n > n)) ? "]" : "");
}

static void layer_in_keras(kt_str *out, const kt_class_info *c, const char *expression,
                           const inputs *in)
{
    const kt_layer_type *t = kt_layer_type_find(c->name);

    kt_str_add(out, "```python\nimport keras\n");
    write_imports(out, c, expression);
    kt_str_printf(out, "\nlayer = %s\ny = layer(", expression);
    arguments_in_keras(out, in, kt_streq(c->family, "layer") && t ? t->positional : NULL);
    kt_str_add(out, ")\nprint(keras.tree.map_structure(lambda y: y.shape, y))\n```\n");
}

/* --- in C ------------------------------------------------------------------------------------- */

static void write_symbol(kt_str *out, const kt_shape *s, const char *dtype)
{
    kt_str_add(out, "kt_symbol_of(");
    if (s->rank < 2) {
        kt_str_printf(out, "kt_layer_from(\"InputLayer(shape=(), dtype='%s')\"))", dtype);
        return;
    }
    for (int i = 1; i < s->rank; i++)
        kt_str_printf(out, "%s%lld", i > 1 ? ", " : "kt_input(.shape = {", (long long)s->dim[i]);
    kt_str_addc(out, '}');
    if (!kt_streq(dtype, "float32"))
        kt_str_printf(out, ", .dtype = \"%s\"", dtype);
    kt_str_add(out, "))");
}

static void layer_in_c(kt_str *out, const char *expression, const inputs *in)
{
    bool list = in->n > 1;

    kt_str_add(out, "```c\n#include <keratin/keratin.h>\n\nint main(void)\n{\n"
                    "    kt_layer *layer = ");
    write_in_c(out, expression);
    kt_str_add(out, ";\n    kt_symbol x");
    kt_str_add(out, list ? "[] = {" : " = ");
    for (int i = 0; i < in->n; i++) {
        kt_str_add(out, i ? ",\n                     " : "");
        write_symbol(out, &in->shape[i], in->dtype[i]);
    }
    kt_str_add(out, list ? "};\n" : ";\n");
    if (list)
        kt_str_printf(out,
                      "    kt_symbol y = kt_apply_list(layer, %d, x);\n"
                      "    kt_model *m = kt_functional(\"example\", %d, x, 1, &y);\n",
                      in->n, in->n);
    else
        kt_str_add(out, "    kt_symbol y = kt_apply(layer, x);\n"
                        "    kt_model *m = kt_functional(\"example\", 1, &x, 1, &y);\n");
    kt_str_add(out, "\n    kt_summary(m, stdout);\n"
                    "    int failed = kt_failed(m);\n"
                    "    kt_model_free(m);\n"
                    "    return failed;\n}\n```\n");
}

/* --- on the command line ---------------------------------------------------------------------- */

/* Within the shell's double quotes. */
static void write_quoted(kt_str *out, const char *text)
{
    kt_str_addc(out, '"');
    for (const char *p = text; *p; p++) {
        if (strchr("\"\\$`", *p))
            kt_str_addc(out, '\\');
        kt_str_addc(out, *p);
    }
    kt_str_addc(out, '"');
}

static void layer_in_shell(kt_str *out, const kt_class_info *c, const char *expression,
                           const inputs *in)
{
    if (!is_called_alone(expression, in)) {
        kt_str_printf(out, "```sh\nkeratin layers %s\n```\n", c->name);
        return;
    }
    kt_str_add(out, "```sh\nkeratin check ");
    write_quoted(out, expression);
    for (int i = 0; i < in->n; i++) {
        kt_str_add(out, " --input-shape \"");
        write_shape(out, &in->shape[i]);
        kt_str_addc(out, '"');
    }
    kt_str_add(out, "\n```\n");
}

/* --- in training ------------------------------------------------------------------------------ */

static void task_in_c(kt_str *out, const example *t)
{
    bool steps = t->x.rank > 2;

    kt_str_printf(out,
                  "```c\n#include <keratin/keratin.h>\n\nint main(void)\n{\n"
                  "    kt_model  *m = kt_sequential(kt_input(.shape = {%s}),\n"
                  "                                 kt_dense(%s, .activation = \"softmax\"));\n"
                  "    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(8, %s));\n"
                  "    kt_tensor *y = kt_tensor_new(KT_F32, KT_SHAPE(8, %lld));\n\n"
                  "    kt_compile(m, .optimizer = ",
                  steps ? "6, 3" : "3", steps ? "3" : "2", steps ? "6, 3" : "3",
                  (long long)t->y.dim[1]);
    write_c_text(out, t->optimizer);
    kt_str_add(out, ", .loss = ");
    write_c_text(out, t->loss);
    if (t->metrics) {
        kt_str_add(out, ",\n               .metrics = {");
        write_c_text(out, t->metrics);
        kt_str_addc(out, '}');
    }
    kt_str_add(out, ");\n    kt_history_free(kt_fit(m, x, y");
    if (t->callbacks) {
        kt_str_add(out, ", .callbacks = {");
        write_c_text(out, t->callbacks);
        kt_str_addc(out, '}');
    }
    kt_str_add(out, "));\n    int failed = kt_failed(m);\n    kt_tensor_unref(x);\n"
                    "    kt_tensor_unref(y);\n    kt_model_free(m);\n    return failed;\n}\n```\n");
}

static void write_option(kt_str *out, const char *name, const char *text)
{
    if (!text)
        return;
    kt_str_printf(out, " \\\n    --%s ", name);
    write_quoted(out, text);
}

static void task_in_shell(kt_str *out, const example *t)
{
    kt_str_printf(out, "```sh\nkeratin %s ", t->callbacks ? "train" : "check");
    write_quoted(out, t->model);
    if (t->callbacks) {
        kt_str_add(out, " --x x.npy --y y.npy");
    } else {
        kt_str_add(out, " --x-shape \"");
        write_shape(out, &t->x);
        kt_str_add(out, "\" --y-shape \"");
        write_shape(out, &t->y);
        kt_str_addc(out, '"');
    }
    write_option(out, "optimizer", t->optimizer);
    write_option(out, "loss", t->loss);
    write_option(out, "metrics", t->metrics);
    write_option(out, "callbacks", t->callbacks);
    kt_str_add(out, "\n```\n");
}

/* An expression, or a name as a text. */
static void write_python(kt_str *out, const char *text)
{
    kt_str_printf(out, strchr(text, '(') ? "%s" : "\"%s\"", text);
}

static void task_in_keras(kt_str *out, const kt_class_info *c, const example *t)
{
    kt_str all = {0};

    kt_str_printf(&all, "%s %s %s %s %s", t->model, t->optimizer, t->loss,
                  t->metrics ? t->metrics : "", t->callbacks ? t->callbacks : "");
    kt_str_add(out, "```python\nimport numpy as np\nfrom keras import Input\n");
    write_imports(out, c, kt_str_text(&all));
    kt_str_printf(out, "\nmodel = %s\nmodel.compile(optimizer=", t->model);
    write_python(out, t->optimizer);
    kt_str_add(out, ", loss=");
    write_python(out, t->loss);
    if (t->metrics) {
        kt_str_add(out, ", metrics=[");
        write_python(out, t->metrics);
        kt_str_addc(out, ']');
    }
    kt_str_add(out, ")\nmodel.fit(np.zeros(");
    write_shape(out, &t->x);
    kt_str_add(out, "), np.zeros(");
    write_shape(out, &t->y);
    kt_str_addc(out, ')');
    if (t->callbacks)
        kt_str_printf(out, ", callbacks=[%s]", t->callbacks);
    kt_str_add(out, ")\n```\n");
    kt_str_free(&all);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* What Keras does not have, or takes a function of Python for; what it does not call (inputs), or
 * calls with a tree of states (cells in a cell). */
static bool is_keratins_own(const kt_class_info *c, const char *expression)
{
    const kt_layer_type *t = kt_streq(c->family, "layer") ? kt_layer_type_find(c->name) : NULL;

    return strncmp(c->module, "keras", 5) != 0 || strstr(expression, "({") ||
           (t && (kt_streq(c->name, "InputLayer") || (t->cell && strchr(expression, '['))));
}

static void write_layer(kt_str *out, const kt_class_info *c, const char *expression,
                        const inputs *in)
{
    kt_str_add(out, "\n## In C\n\n");
    layer_in_c(out, expression, in);
    kt_str_add(out, "\n## On the command line\n\n");
    layer_in_shell(out, c, expression, in);
    if (is_keratins_own(c, expression))
        return;
    kt_str_add(out, "\n## In Keras\n\n");
    layer_in_keras(out, c, expression, in);
}

static void write_training(kt_str *out, const kt_class_info *c, const example *e)
{
    kt_str_add(out, "\n## In C\n\n");
    task_in_c(out, e);
    kt_str_add(out, "\n## On the command line\n\n");
    task_in_shell(out, e);
    if (is_keratins_own(c, kt_str_text(&e->text)))
        return;
    kt_str_add(out, "\n## In Keras\n\n");
    task_in_keras(out, c, e);
}

void write_examples(kt_str *out, const kt_class_info *c)
{
    kt_str  expression = {0};
    example e = {.model = NULL};

    if (example_of(c, &expression)) {
        if (kt_streq(c->family, "layer"))
            sample_use(c, kt_str_text(&expression), &e);
        else
            find_use(c, kt_str_text(&expression), &e);
        if (e.layer.len > 0)
            write_layer(out, c, kt_str_text(&e.layer), &e.in);
        else
            write_training(out, c, &e);
    }
    example_free(&e);
    kt_str_free(&expression);
}
