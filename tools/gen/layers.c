/* layers.c - writes layers.h: for each layer the struct of its arguments and the call. */
#include "gen.h"

static const char head[] =
    "/* layers.h - the layers as C calls with Keras' argument names.\n"
    " * Written by tools/gen from the field tables.\n"
    " *\n"
    " *   kt_dense(128, .activation = \"relu\", .use_bias = false)\n"
    " *   kt_conv2d(32, {3, 3}, .padding = \"same\")\n"
    " *   kt_dropout(0.2)\n"
    " *\n"
    " * Arguments that Keras requires come first and without a name where there are any; all others\n"
    " * are named. What is left out has Keras' default, shown as Python text; a zero that is written\n"
    " * counts. Where Keras takes an object, write a name or a Keras expression: .kernel_regularizer =\n"
    " * \"L2(0.01)\". A single number in braces, {3}, is a number and no tuple, but for shapes. NULL that\n"
    " * is written is Python's None; where Keras also takes None for a number or for sizes, write the\n"
    " * layer as kt_layer_from(\"Normalization(axis=None)\").\n"
    " *\n"
    " * The structs may be filled by hand or from another language, see kt_site in model.h:\n"
    " *   kt_dense_args a = {.at = {.size = sizeof a, .given = \"use_bias\"}, .units = 3};\n"
    " *   kt_layer *l = kt_layer_make(\"Dense\", &a.at);    // without a bias\n"
    " *\n"
    " * Each call returns a new layer, never NULL but without memory; errors show in kt_layer_error\n"
    " * and travel to the model. In C++ use keratin.hpp.\n"
    " */\n"
    "#ifndef KERATIN_LAYERS_H\n"
    "#define KERATIN_LAYERS_H\n\n"
    "#include \"keratin/model.h\"\n\n"
    "#ifdef __cplusplus\n"
    "extern \"C\" {\n"
    "#endif\n";

static const char tail[] = "\n#ifdef __cplusplus\n"
                           "}\n"
                           "#endif\n"
                           "#endif\n";

static void write_title(kt_str *out, const call *c)
{
    kt_str title = {0};

    kt_str_printf(&title, "%s: %s", c->type->cls.class_name, c->type->cls.summary);
    kt_str_addc(out, '\n');
    comment_lines(out, kt_str_text(&title), "");
    kt_str_free(&title);
}

static void write_call(kt_str *out, const call *c)
{
    const char *name = kt_str_text(&c->name);

    write_title(out, c);
    kt_str_printf(out, "typedef struct %s_args {\n    kt_site at;\n", name);
    for (int i = 0; i < c->n; i++) {
        kt_str line = {0};
        member_text(&line, &c->args[i]);
        write_member(out, kt_str_text(&line), &c->args[i]);
        kt_str_free(&line);
    }
    kt_str_printf(out, "} %s_args;\n#ifndef __cplusplus\n#define %s(...) \\\n", name, name);
    kt_str_printf(out, "    kt_layer_make(\"%s\", &(%s_args){ \\\n", c->type->cls.class_name, name);
    kt_str_printf(out, "        .at = KT_SITE(%s_args, #__VA_ARGS__, __VA_ARGS__), \\\n", name);
    if (c->first >= 0)
        kt_str_printf(out, "        .%s = __VA_ARGS__}.at)\n#endif\n", c->args[c->first].name);
    else
        kt_str_add(out, "        __VA_ARGS__}.at)\n#endif\n");
}

void write_layers(kt_str *out)
{
    call c;

    kt_str_add(out, head);
    for (int i = 0; call_at(&c, i); i++) {
        write_call(out, &c);
        call_free(&c);
    }
    kt_str_add(out, tail);
}
