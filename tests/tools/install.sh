# What `make install` puts down is enough for a stranger, wherever it is moved: pkg-config and CMake, shared and static.
# Inside another project only the library is built and installed, and that project's build type is left alone.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
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
cmake --install "$KERATIN_BUILD" --prefix "$scratch/first" >/dev/null
mv "$scratch/first" "$scratch/usr" # nothing may remember where it was put
cd "$scratch"
configured() { grep -q "^$1:[A-Z]*=$2" "$KERATIN_BUILD/CMakeCache.txt"; }
fails() {
    if "$@"; then
        echo "should fail: $*"
        exit 1
    fi
}
quiet() { "$@" >log 2>&1 || { cat log; return 1; }; }
# A sanitised library needs the runtime of the compiler that made it.
kinds=$(sed -n 's/^KERATIN_SANITIZE:[A-Z]*=//p' "$KERATIN_BUILD/CMakeCache.txt")
sanitize=${kinds:+-fsanitize=$kinds}
configured KERATIN_COVERAGE ON && sanitize="$sanitize --coverage"
export CC
CC=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$KERATIN_BUILD/CMakeCache.txt")
cc() { "$CC" "$@"; }
# is_shared PROGRAM: it opens libkeratin.so
is_shared() { [[ $(ldd "$1") == *libkeratin* ]]; }

echo "--- pkg-config"
pc=$(dirname "$(find usr -name keratin.pc)")
export PKG_CONFIG_PATH=$scratch/$pc
lib=$(pkg-config --variable=libdir keratin)
# The two commands of README.md, word for word.
cp use.c program.c
mapfile -t commands < <(grep '^cc program.c' "$KERATIN_SOURCE/README.md")
[ ${#commands[@]} = 2 ]
(eval "${commands[0]} -std=c11 -Wall -Wextra -Werror $sanitize")
LD_LIBRARY_PATH=$lib ./program
LD_LIBRARY_PATH=$lib is_shared program
(eval "${commands[1]} -std=c11 -Wall -Wextra -Werror $sanitize")
./program
fails is_shared program
for pair in JANSSON:jansson ZLIB:zlib PNG:libpng JPEG:libjpeg; do
    configured "KERATIN_${pair%%:*}" OFF || grep -q "^Requires.private:.*${pair##*:}" "$pc/keratin.pc"
done
fails grep -rn "$scratch\|$KERATIN_SOURCE\|$KERATIN_BUILD" "$pc" usr/lib*/cmake # a path is remembered
fails grep -rnE '/lib[a-z]+\.(so|a)' usr/lib*/cmake/keratin/keratin-targets.cmake

echo "--- find_package"
mkdir app
cp use.c app
cat >app/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(app C)
find_package(keratin 0.1 REQUIRED COMPONENTS shared static)
foreach(kind shared static keratin)
    add_executable(use-${kind} use.c)
    target_link_libraries(use-${kind} PRIVATE keratin::${kind})
endforeach()
END
for shared in ON OFF; do
    quiet cmake -S app -B app/$shared -DCMAKE_PREFIX_PATH="$scratch/usr" -DBUILD_SHARED_LIBS=$shared \
        -DCMAKE_C_FLAGS="$sanitize"
    quiet cmake --build app/$shared
    for program in app/$shared/use-*; do
        "$program"
    done
    is_shared app/$shared/use-shared
    fails is_shared app/$shared/use-static
    if [ $shared = ON ]; then is_shared app/$shared/use-keratin; else fails is_shared app/$shared/use-keratin; fi
done
sed -i 's/keratin 0.1/keratin 0.2/' app/CMakeLists.txt
fails cmake -S app -B app/newer -DCMAKE_PREFIX_PATH="$scratch/usr" >log 2>&1
grep -q "version: 0.1" log

echo "--- inside another project"
mkdir outer
cp use.c outer
cat >outer/CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.25)
project(outer C)
include(FetchContent)
FetchContent_Declare(keratin SOURCE_DIR "$KERATIN_SOURCE")
FetchContent_MakeAvailable(keratin)
add_executable(use use.c)
target_link_libraries(use PRIVATE keratin::keratin)
get_target_property(kind keratin::keratin TYPE)
message(STATUS "kind: \${kind}, build type: '\${CMAKE_BUILD_TYPE}'")
install(TARGETS use)
END
options=()
for name in JANSSON ZIP ZLIB PNG JPEG CURL HDF5 ONEDNN; do
    configured KERATIN_$name OFF && options+=("-DKERATIN_$name=OFF")
done
for shared in ON OFF; do
    quiet cmake -S outer -B outer/$shared -G "Unix Makefiles" -DBUILD_SHARED_LIBS=$shared \
        -DCMAKE_BUILD_TYPE= "${options[@]}"
    if [ $shared = ON ]; then kind=SHARED; else kind=STATIC; fi
    grep -q "kind: ${kind}_LIBRARY, build type: ''" log
    grep -q '^CMAKE_BUILD_TYPE:[A-Z]*=$' outer/$shared/CMakeCache.txt
    cmake --build outer/$shared --target help | sed -n 's/^\.\.\. //p' >targets
    fails grep -E '^(keratin-cli|keratin-bench|keratin-gen|gen|example-.*|test-.*|fuzz-.*)$' targets
done
case $KERATIN_BUILD in
*/release) # compiled and installed once, not in every kind of build
    quiet env CCACHE_BASEDIR="$scratch" cmake --build outer/OFF --parallel 2
    outer/OFF/use
    quiet cmake --install outer/OFF --prefix "$scratch/outer/usr"
    (cd outer/usr && find . -type f ! -name '*.h' ! -name '*.hpp' | sed 's,/lib[a-z0-9]*/,/lib/,; s,/[^/]*-linux-gnu/,/,' |
        sort) >installed
    diff - installed <<'END'
./bin/use
./lib/cmake/keratin/keratin-config-version.cmake
./lib/cmake/keratin/keratin-config.cmake
./lib/cmake/keratin/keratin-targets-noconfig.cmake
./lib/cmake/keratin/keratin-targets.cmake
./lib/libkeratin.a
./lib/pkgconfig/keratin.pc
./share/keratin/keratin.supp
END
    ;;
*) echo "configured only: the release build compiles it" ;;
esac

echo "--- programs and pages"
"$(find "$scratch/usr" -name keratin -type f -perm -u+x)" layers Dense >/dev/null
grep -q "^.TH KERATIN" "$scratch"/usr/share/man/man1/keratin.1
bash -n "$scratch"/usr/share/bash-completion/completions/keratin
