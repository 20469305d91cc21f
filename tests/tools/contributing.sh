# Follows "A layer in ten minutes" of CONTRIBUTING.md to the letter, in a copy of the tree.
set -euo pipefail
[ -x "$KERATIN_BUILD/tools/keratin-gen" ] && command -v python3 >/dev/null || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$KERATIN_SOURCE"
tar -c --exclude=./build --exclude=./.git . | tar -x -C "$scratch"
cd "$scratch"
# Blocks of the section: a C block goes into the file named in the comment above it, sh blocks are run in order.
python3 - <<'END'
import re
text = open("CONTRIBUTING.md", encoding="utf-8").read()
section = re.search(r"## A layer in ten minutes\n(.*?)\n## ", text, re.S).group(1)
steps = open("steps.sh", "w")
steps.write("set -euxo pipefail\n")
pattern = r"(?:<!-- file: (\S+) -->\s*)?^ *```(\w+)\n(.*?)^ *```"
for number, (path, language, body) in enumerate(re.findall(pattern, section, re.S | re.M)):
    body = re.sub(r"^   ", "", body, flags=re.M)
    if language == "sh":
        steps.write(body)
    elif path:
        name = f"block{number}"
        open(name, "w").write(body)
        steps.write(f"test -e {path}\ncp {name} {path}\n")
END
grep -q 'make new-layer' steps.sh
grep -q '^cp block' steps.sh
unset KERATIN KERATIN_BENCH KERATIN_BUILD KERATIN_SOURCE FILTER MAKEFLAGS MAKELEVEL
bash steps.sh >log 2>&1 </dev/null || { tail -n 60 log; exit 1; }
# What the page promises is there: the class by name, a table test that ran.
grep -q 'LeakyStep' log
grep -Eq '^[1-9][0-9]* passed, 0 failed$' log || { tail -n 60 log; exit 1; }
