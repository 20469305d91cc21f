#!/usr/bin/env python3
"""Writes calls of every exported function with NULL for each of its pointers, in turn and all together.

  null_calls.py OUT HEADER...

Read from the headers: every KT_API declaration and every struct of arguments, so that nothing has to be added here for a
new function. What a pointer is when it is not NULL follows from its type (VALUES). Without an entry for a type the
program stops: write one, and say in tests/unit/test_null_calls.c how it is made.
"""
import re
import sys

# C expressions for each type of parameter; `k` is the fixture of test_null_calls.c.
VALUES = {
    "kt_model *": "k->m", "kt_layer *": "k->layer", "kt_layer * const *": "k->layers", "kt_tensor *": "k->x",
    "kt_tensor * const *": "k->tensors", "kt_tensor * *": "k->out", "kt_data *": "k->data", "kt_data * *": "k->halves", "kt_history *": "k->history",
    "kt_bench *": "k->bench", "kt_callback": "NULL", "void *": "k->bytes", "char *": '"x"', "char * const *": "k->names",
    "char * *": "&k->text", "FILE *": "k->file", "kt_site *": "&k->dense.at", "kt_symbol *": "k->symbols", "kt_symbol": "k->symbols[0]",
    "kt_shape *": "k->shapes", "kt_shape": "k->shapes[0]", "kt_class_info *": "&k->info", "kt_status *": "&k->status",
    "kt_legend *": "k->legend", "kt_diagnosis *": "k->diagnosis", "kt_explanation *": "k->explanation",
    "kt_function *": "&k->function", "kt_loss_function *": "&k->loss_function", "int64_t *": "k->numbers", "int *": "&k->count", "kt_file_facts *": "&k->facts",
    "int": "1", "int64_t": "1", "uint64_t": "1", "uint32_t": "1", "size_t": "1", "double": "1.0", "bool": "true",
    "kt_dtype": "KT_F32", "kt_status": "KT_E_VALUE",
}
# Where the name says more than the type. (function, parameter) or parameter alone.
NAMED = {
    ("kt_tensor *", "y"): "k->y", ("kt_tensor *", "val_y"): "k->y", "expression": '"Dense(2)"', "class_name": '"Dense"', "path": "k->path", "json": '"{}"',
    ("kt_text_free", "text"): "k->owned", "optimizer": '"sgd"', "loss": '"mse"',
    ("kt_weight_at", "path"): "&k->place", ("kt_load_memory", "size"): "sizeof k->bytes", "family": '"layer"',
    ("kt_catalog_find", "name"): '"Dense"', ("kt_history_get", "key"): '"loss"',
}


def declarations(text):
    """Functions as (name, result, [(type, parameter)]); structs as {name: [(type, member)]}."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*", "", text, flags=re.M)
    functions, structs = [], {}
    for body, name in re.findall(r"typedef struct \w+ \{([^}]*)\} (\w+_args);", text):
        structs[name] = [m for line in body.split(";") for m in members(line)]
    for result, name, parameters in re.findall(r"KT_API\s+([^;(]*?)(\w+)\(([^;]*)\)\s*;", text):
        functions.append((name, tidy(result), [parameter(p) for p in split(parameters) if p.strip() != "void"]))
    return functions, structs


def tidy(text):
    return " ".join(text.replace("*", " * ").split())


def bare(kind):
    """The type without const in front: "const kt_model *" is a "kt_model *"."""
    return re.sub(r"^const ", "", kind)


def split(parameters):
    return [p for p in parameters.split(",") if p.strip()]


def parameter(text):
    match = re.fullmatch(r"\s*(.*?)(\w+)\s*", text, flags=re.S)
    return tidy(match.group(1)), match.group(2)


def members(line):
    """`const char *a, *b[3]` is two members."""
    line = line.strip()
    if not line:
        return
    kind = re.match(r"(?:const )?\w+ ?", line).group(0)
    for part in line[len(kind):].split(","):
        match = re.fullmatch(r"\s*((?:\*\s*(?:const\s)?\s*)*)(\w+)\s*(\[.*\])?\s*", part, flags=re.S)
        yield tidy(kind + match.group(1)), match.group(2), bool(match.group(3))


def value(function, kind, name):
    kind = bare(kind)
    for key in ((function, name), (kind, name), name):
        if key in NAMED and ("*" in kind or isinstance(key, tuple)):
            return NAMED[key]
    if kind not in VALUES:
        sys.exit(f"null_calls.py: what is a '{kind}' ({name} of {function})? Add it to VALUES.")
    return VALUES[kind]


# Does the result itself tell of the failure? Else the thread or the model has to. And with which words?
TELLS = {
    "kt_status": ("r != KT_OK", None), "kt_model *": ("kt_failed(r)", "kt_model_error(r)"),
    "kt_layer *": ("kt_layer_error(r)", "kt_layer_error(r)"), "kt_data *": ("kt_data_error(r)", "kt_data_error(r)"),
    "kt_symbol": ("r.node < 0", "kt_layer_error(r.layer)"), "kt_diagnosis *": ("r && r->error", "NULL"),
}
# What is kept of other results: the number or the text.
KEPT = (("int|int64_t|size_t|double|bool|kt_dtype", "answer_number"), (r"(const )?char \*", "answer_text"), (r"kt_tensor \*", "answer_tensor"),
        (r"kt_history \*", "answer_history"))


class Writer:
    """One C function for each call; pointers get the bits of `null` in their order."""

    def __init__(self, structs):
        self.structs, self.lines, self.rows = structs, [], []

    def pointer(self, function, kind, name, bits):
        bits.append(name)
        return f"null >> {len(bits) - 1} & 1 ? NULL : {value(function, kind, name)}"

    def fill(self, function, kind, name, bits):
        """A struct of arguments with every pointer in it; all members are given, so each name must be known."""
        pairs = [(bare(k), member) for k, member, _ in self.structs[kind]]
        names = " ".join(member for _, member, _ in self.structs[kind] if member != "at")
        self.lines.append(f'    {kind} s_{name} = {{.at = {{.size = sizeof(s_{name}), .given = "{names}"}}}};')
        for member_kind, member, array in self.structs[kind]:
            if member == "at":
                continue
            if "*" not in member_kind or array:
                continue
            text = self.pointer(function, member_kind, member, bits)
            if member in ("x", "y", "data") and ("kt_data *", "data") in pairs:
                text = text.replace("k->", "k->arg_")  # either x and y, or data
            bits[-1] = f"{name}.{member}"
            self.lines.append(f"    s_{name}.{member} = {text};")

    def call(self, name, result, parameters):
        bits, passed = [], []
        self.lines.append(f"\nstatic bool call_{name}(fixture *k, unsigned null)\n{{")
        for number, (kind, parameter_name) in enumerate(parameters):
            struct = bare(kind)[:-2] if kind.endswith("_args *") else None
            if struct:
                bits.append(parameter_name)
                bit = len(bits) - 1
                self.fill(name, struct, parameter_name, bits)
                passed.append(f"null >> {bit} & 1 ? NULL : &s_{parameter_name}")
            elif kind == "kt_symbol":
                bits.append(parameter_name)
                passed.append(f"null >> {len(bits) - 1} & 1 ? (kt_symbol){{0}} : {value(name, kind, parameter_name)}")
            elif "*" in kind:
                self.lines.append(f"    {kind} p{number} = "
                                  f"{self.pointer(name, kind, parameter_name, bits)};")
                passed.append(f"p{number}")
            else:
                passed.append(value(name, kind, parameter_name))
        self.lines.append("    (void)k;\n    (void)null;")
        text = f"{name}({', '.join(passed)})"
        kept = next((word for pattern, word in KEPT if re.fullmatch(pattern, result)), None)
        if result in TELLS:
            self.lines.append(f"    {result} r = {text};")
            fails, error = TELLS[result]
            if error:
                self.lines.append(f"    answer_error(k, {error});")
            else:
                self.lines.append("    k->says_ok = r == KT_OK;\n    answer_text(k, kt_status_name(r));")
            self.lines.append(f"    return {fails};")
        elif kept:
            cast = "(double)" if kept == "answer_number" else ""
            self.lines.append(f"    {kept}(k, {cast}{text});\n    return false;")
        else:
            self.lines.append(f"    (void){text};\n    return false;")
        self.lines.append("}")
        self.rows.append((name, result, bits))


def main():
    text = "\n".join(open(path, encoding="utf-8").read() for path in sys.argv[2:])
    functions, structs = declarations(text)
    layers = dict(re.findall(r'#define (kt_\w+)\(\.\.\.\)\s*\\\s*kt_layer_make\("(\w+)"', text))
    writer = Writer(structs)
    for function in functions:
        writer.call(*function)
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write("/* Written by tests/support/null_calls.py from the headers. */\n")
        out.write("\n".join(writer.lines))
        out.write("\n\nstatic const entry entries[] = {\n")
        for name, _, bits in writer.rows:
            out.write(f'    {{"{name}", call_{name}, {len(bits)}, "{" ".join(bits)}"}},\n')
        out.write("};\n\n/* The structs of layers.h, with every member's name. */\n")
        for name in layers:
            out.write(f"static {name}_args s_{name} = {{.at = {{.size = sizeof s_{name}}}}};\n")
        out.write("static const layer_struct layer_structs[] = {\n")
        for name, class_name in layers.items():
            names = " ".join(m + ("[1]" if a else "") for _, m, a in structs[name + "_args"] if m != "at")
            out.write(f'    {{"{class_name}", &s_{name}.at, "{names}"}},\n')
        out.write("};\n")


main()
