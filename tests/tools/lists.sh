# A row without its file, a file without its row, a row written twice: each is named by CMake, and the tree has none.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(lists LANGUAGES NONE)
include($KERATIN_SOURCE/cmake/sources.cmake)
END
mkdir -p "$scratch/src/ops"

expect() { # expect TEXT: the configuration fails and says TEXT
    if out=$(cmake -S "$scratch" -B "$scratch/build" -DKERATIN_LIST_PROBLEM=FATAL_ERROR 2>&1); then
        echo "accepted, expected: $1"
        exit 1
    fi
    [[ $(tr -s ' \n' ' ' <<<"$out") == *"$1"* ]] || { echo "expected '$1', got: $out"; exit 1; }
}
list=$scratch/src/ops/ops.list
printf 'KT_OP(add)\n/* helper: loops */\n' >"$list"
expect "the row 'add' has no file add.c"
touch "$scratch"/src/ops/{add,loops}.c
cmake -S "$scratch" -B "$scratch/build" -DKERATIN_LIST_PROBLEM=FATAL_ERROR >/dev/null
touch "$scratch/src/ops/lost.c"
expect "lost.c has neither a row KT_OP(lost) nor"
rm "$scratch/src/ops/lost.c"
echo 'KT_OP(add)' >>"$list"
expect "a row appears twice"
printf 'KT_OP(add)\nKT_OPP(loops)\n' >"$list"
expect "this row is not KT_OP(file)"

# The same check over the tree itself.
rm -rf "$scratch/src" "$scratch/build"
ln -s "$KERATIN_SOURCE/src" "$KERATIN_SOURCE/cli" "$scratch"
cmake -S "$scratch" -B "$scratch/build" -DKERATIN_LIST_PROBLEM=FATAL_ERROR >"$scratch/log" 2>&1 ||
    { grep -A 3 'CMake Error' "$scratch/log"; exit 1; }
