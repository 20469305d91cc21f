# The reference: every class has its page, links lead to files, and the examples of all pages work: those in C compile without a
# warning and end well, those on the command line do; every third one in Keras too, where KERATIN_KERAS (else python3) has it with TensorFlow.
set -euo pipefail
command -v python3 >/dev/null && [ -x "$KERATIN" ] && [ -f "$KERATIN_BUILD/libkeratin.a" ] || exit 77
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$KERATIN" layers --json >"$tmp/classes.json"
python3 - "$KERATIN_SOURCE/docs/reference" "$tmp" <<'EOF'
import json, os, re, struct, sys

reference, tmp = sys.argv[1:]
classes = json.load(open(tmp + "/classes.json", encoding="utf-8"))["classes"]
bad, programs, commands, python = [], [], [], []
# No call of one layer; a function of three arguments; metrics that compile can not take, in Keras neither.
UNUSED = ("Functional", "threshold", "Mean", "Sum")


def folder(family):
    return family + ("es" if family.endswith("s") else "s")


for path, _, names in os.walk(reference):
    for name in names:
        for link in re.findall(r"\]\(([^)#]+\.md)\)", open(os.path.join(path, name), encoding="utf-8").read()):
            if not os.path.isfile(os.path.join(path, link)):
                bad.append(f"{name}: no {link}")
for c in classes:
    page = os.path.join(folder(c["family"]), c["name"] + ".md")
    if f"({page})" not in open(os.path.join(reference, folder(c["family"]) + ".md"), encoding="utf-8").read():
        bad.append(f"{page} is not in the index")
    if not os.path.isfile(os.path.join(reference, page)):
        bad.append(f"{page} is missing")
        continue
    text = open(os.path.join(reference, page), encoding="utf-8").read()
    blocks = {kind: re.findall(rf"```{kind}\n(.*?)```", text, re.S) for kind in ("c", "sh", "python")}
    if c["name"] not in UNUSED and (len(blocks["c"]), len(blocks["sh"])) != (1, 1):
        bad.append(f"{page}: no example")
    programs += [(page, code) for code in blocks["c"]]
    commands += [(page, code) for code in blocks["sh"]]
    python += [(page, code) for code in blocks["python"]]
if len(programs) < 200 or len(python) < 200:
    bad.append(f"{len(programs)} programs and {len(python)} scripts")

# All programs are one, since each is compiled with the same headers.
with open(tmp + "/examples.c", "w", encoding="utf-8") as f:
    f.write("#include <keratin/keratin.h>\n#include <stdlib.h>\n")
    for i, (_, code) in enumerate(programs):
        f.write(code.replace("int main(void)", f"static int example_{i}(void)"))
    f.write("int main(int argc, char **argv)\n{\n    switch (argc > 1 ? atoi(argv[1]) : -1) {\n")
    f.writelines(f"    case {i}: return example_{i}();\n" for i in range(len(programs)))
    f.write("    default: return 99;\n    }\n}\n")
json.dump({"programs": programs, "commands": commands, "python": python}, open(tmp + "/examples.json", "w", encoding="utf-8"))
for name, shape in (("x", (8, 3)), ("y", (8, 2))):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    with open(f"{tmp}/{name}.npy", "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(4 * shape[0] * shape[1]))
print("\n".join(bad))
sys.exit(bool(bad))
EOF

cc=$(sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' "$KERATIN_BUILD/CMakeCache.txt")
flags=$(sed -n 's/^CMAKE_C_FLAGS:[^=]*=//p' "$KERATIN_BUILD/CMakeCache.txt")
# shellcheck disable=SC2086
"$cc" $flags -std=c11 -Wall -Wextra -Wpedantic -Werror -I "$KERATIN_SOURCE/include" "$tmp/examples.c" -L "$KERATIN_BUILD" -lkeratin \
    -Wl,-rpath,"$KERATIN_BUILD" -lm -o "$tmp/examples"
python3 - "$tmp" "$(dirname "$KERATIN")" <<'EOF'
import json, os, subprocess, sys

tmp, programs = sys.argv[1:]
examples = json.load(open(tmp + "/examples.json", encoding="utf-8"))
env = dict(os.environ, PATH=programs + ":" + os.environ["PATH"])
bad = 0


def run(page, command):
    done = subprocess.run(command, cwd=tmp, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(f"{page}: {command[-1]} ends with {done.returncode}\n{done.stdout[-600:]}")
    return done.returncode != 0


for i, (page, _) in enumerate(examples["programs"]):
    bad += run(page, [tmp + "/examples", str(i)])
for page, command in examples["commands"]:
    bad += run(page, ["bash", "-c", command])
sys.exit(bad != 0)
EOF

python=${KERATIN_KERAS:-python3}
"$python" -c 'import importlib.util as u; assert u.find_spec("keras") and u.find_spec("tensorflow")' 2>/dev/null ||
    { echo "the examples in Keras were not run: $python has none with TensorFlow"; exit 0; }
cd "$tmp"
KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES="" "$python" - "$tmp" <<'EOF'
import contextlib, io, json, sys, traceback

import keras

bad = 0
for page, code in json.load(open(sys.argv[1] + "/examples.json", encoding="utf-8"))["python"][::3]:
    keras.backend.clear_session()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, {"__name__": "__main__"})
    except Exception as e:
        if type(e).__name__ == "TBNotInstalledError":
            continue
        print(f"{page}:\n{code}\n{traceback.format_exc(limit=1)[-500:]}")
        bad += 1
sys.exit(bad != 0)
EOF
