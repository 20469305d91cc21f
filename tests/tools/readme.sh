# What README.md shows is so: programs are files of this repository, word for word; commands print what stands there.
set -euo pipefail
cd "$KERATIN_SOURCE"
command -v python3 >/dev/null && [ -n "${KERATIN:-}" ] || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 - README.md "$(dirname "$KERATIN")" "$scratch" <<'EOF'
import os, re, subprocess, sys

readme, programs, scratch = sys.argv[1:]
text = open(readme, encoding="utf-8").read()
env = dict(os.environ, PATH=programs + ":" + os.environ["PATH"])
bad = 0

files = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", text, re.S)
for path, shown in files:
    if open(path, encoding="utf-8").read() != shown:
        print(f"{readme} shows another {path} than there is")
        bad += 1

commands = 0
for block in re.findall(r"```console\n(.*?)```", text, re.S):
    for part in re.split(r"(?m)^\$ ", block)[1:]:
        command, shown = part.split("\n", 1)
        commands += 1
        run = subprocess.run(["bash", "-c", command], cwd=scratch, env=env, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
        if run.stdout != shown and "this build of Keratin has no" not in run.stdout:
            print(f"$ {command}\nshown:\n{shown}\nprinted:\n{run.stdout}")
            bad += 1
if not files or commands < 5:
    print(f"{readme}: {len(files)} programs and {commands} commands were found")
    bad += 1
sys.exit(bad != 0)
EOF

# The two programs are named where `make build` makes them, and `make demo` builds them both.
first=$(grep -n -m1 'build/release/keratin' README.md | cut -d: -f1)
sed -n "${first}p" README.md | grep -q '^make build .*build/release/keratin and build/release/keratin-bench$'
for target in keratin-cli keratin-bench; do
    grep -qE "^tools/build release --target .*\b$target\b" tools/demo-build
done
