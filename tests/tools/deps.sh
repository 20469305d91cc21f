# Include directions hold, docs/structure.md is fresh, and the checker sees what is planted.
set -euo pipefail
cd "$KERATIN_SOURCE"
command -v python3 >/dev/null || exit 77
tools/check-deps --fresh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"/tools "$scratch"/src/{base,nn,exec,graph} "$scratch"/cli "$scratch"/include/keratin
cp tools/check-deps "$scratch/tools"
cd "$scratch"
touch src/base/{base,secret}.h src/exec/exec.h src/nn/nn.h

expect() { # expect TEXT FILE INCLUDE: this include in this file is reported with this text
    echo "#include $3" >"$2"
    if out=$(tools/check-deps); then
        echo "not seen: $3 in $2"
        exit 1
    fi
    [[ $out == *"$1"* ]] || { echo "expected '$1', got: $out"; exit 1; }
    rm "$2"
}
expect "nn may not include exec" src/nn/a.c '"exec/exec.h"'
expect "base may not include nn" src/base/a.c '"nn/nn.h"'
expect "private to base" src/nn/a.c '"base/secret.h"'
expect "not below src" src/nn/a.c '"nn.h"'
expect "sees include/ only" cli/a.c '"base/base.h"'
expect "public headers" include/keratin/a.h '"base/base.h"'
expect "only registry.c" src/a.c '<stdio.h>'
tools/check-deps
