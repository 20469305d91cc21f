# What `make install` puts down is enough for a stranger: pkg-config and CMake, shared and static.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$KERATIN_BUILD" --prefix "$scratch/usr" >/dev/null
cat >"$scratch/use.c" <<'END'
#include <keratin/keratin.h>
#include <stdio.h>
int main(void)
{
    kt_model *m = kt_model_from("Sequential([Dense(3, input_shape=(4,))])");
    int       bad = kt_failed(m);
    if (bad)
        kt_explain(m, stdout);
    kt_model_free(m);
    return bad;
}
END
cd "$scratch"
pc=$(dirname "$(find usr -name keratin.pc)")
export PKG_CONFIG_PATH=$scratch/$pc
lib=$(pkg-config --variable=libdir keratin)
read -ra flags < <(pkg-config --cflags --libs keratin)
gcc -std=c11 -Wall -Wextra -Werror use.c "${flags[@]}" -o use-shared
LD_LIBRARY_PATH=$lib ./use-shared
read -ra flags < <(sed -n 's/^Libs.private: //p' "$pc/keratin.pc")
gcc -std=c11 -I usr/include use.c "$lib/libkeratin.a" "${flags[@]}" -o use-static
./use-static
mkdir app
cp use.c app
cat >app/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(app C)
find_package(keratin REQUIRED)
foreach(kind shared static)
    add_executable(use-${kind} use.c)
    target_link_libraries(use-${kind} PRIVATE keratin::${kind})
endforeach()
END
cmake -S app -B app/build -DCMAKE_PREFIX_PATH="$scratch/usr" >app.log 2>&1 || { cat app.log; exit 1; }
cmake --build app/build >app.log 2>&1 || { cat app.log; exit 1; }
app/build/use-shared
app/build/use-static
"$(find "$scratch/usr" -name keratin -type f -perm -u+x)" layers Dense >/dev/null
grep -q "^.TH KERATIN" "$scratch"/usr/share/man/man1/keratin.1
bash -n "$scratch"/usr/share/bash-completion/completions/keratin
