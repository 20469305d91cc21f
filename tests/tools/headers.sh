# Each public header compiles alone, without a warning, as C11, C17 and C++20, with every compiler that is here.
set -euo pipefail
command -v gcc >/dev/null || command -v clang >/dev/null || exit 77
cd "$KERATIN_SOURCE/include"
flags="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fsyntax-only -I."
for header in keratin/*.h; do
    for cc in gcc clang; do
        command -v $cc >/dev/null || continue
        for std in c11 c17; do
            echo "#include <$header>" | $cc -std=$std $flags -Wstrict-prototypes -x c -
        done
    done
done
for header in keratin/*.h keratin/*.hpp; do
    [ -e "$header" ] || continue
    for cc in g++ clang++; do
        command -v $cc >/dev/null || continue
        echo "#include <$header>" | $cc -std=c++20 $flags -x c++ -
    done
done
