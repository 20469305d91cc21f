# A C++20 program with keratin.hpp compiles without a warning, links and does what it says, with every compiler.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat > "$scratch/program.cpp" <<'CPP'
#include <keratin/keratin.hpp>
#include <cstdio>
#include <cstring>

static int fail(const char *what) { std::printf("wrong: %s\n", what); return 1; }

int main()
{
    kt::model m = kt::sequential(
        kt::conv2d({.filters = 4, .kernel_size = {3, 3}, .padding = "same", .input_shape = {8, 8, 1}}),
        kt::max_pooling2d(), kt::flatten(), kt::reshape({.target_shape = {4, 16}}),
        kt::time_distributed({.layer = kt::dense({.units = 2})}), kt::flatten(), kt::dropout({.rate = 0.0}),
        kt::dense({.units = 3, .activation = "softmax", .use_bias = false, .name = "out"}));
    if (kt_failed(m.get())) {
        kt_explain(m.get(), stdout);
        return fail("the model fails");
    }
    if (kt_count_parameters(m.get()) != 40 + 34 + 24)
        return fail("number of parameters");
    char *json = kt_to_json(m.get());
    bool  kept = json && std::strstr(json, "\"use_bias\": false") && std::strstr(json, "\"rate\": 0.0");
    kt_text_free(json);
    if (json && !kept)
        return fail("explicit zeros");
    kt_set_seed(1);
    kt::tensor x(kt_numpy_rand(1, kt_shape{4, {16, 8, 8, 1}})), y(kt_tensor_new(KT_I32, kt_shape{1, {16}}));
    kt::compile(m, {.optimizer = "SGD(0.1)", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
    kt::history h = kt::fit(m, x.get(), y.get(), {.epochs = 3, .batch_size = 8});
    if (!h || kt_history_epochs(h.get()) != 3)
        return fail("fit");
    if (!(kt_history_get(h.get(), "loss", 2) < kt_history_get(h.get(), "loss", 0)))
        return fail("the loss does not fall");
    kt::fit(m, x.get(), y.get(), {.epochs = 0, .shuffle = false});
    kt::compile(m, {.optimizer = nullptr, .loss = "sparse_categorical_crossentropy"});
    if (kt_failed(m.get()) || kt::fit(m, x.get(), y.get())) /* no optimizer */
        return fail("optimizer None");
    kt::model one = kt::sequential(kt::input({.shape = kt::ints::none()}), kt::reshape({.target_shape = {1}}));
    if (kt_failed(one.get()) || kt_model_layer_out(one.get(), 0, 0).rank != 2)
        return fail("an empty shape");
    kt::model bad = kt::sequential(kt::dense({.units = 0}));
    if (!kt_failed(bad.get()) || std::strcmp(kt_model_error(bad.get())->type, "ValueError") != 0)
        return fail("units 0 are accepted");
    return 0;
}
CPP
flags="-std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -I$KERATIN_SOURCE/include"
libraries="$KERATIN_BUILD/libkeratin.a -lpthread -lm -ldl"
for pair in JANSSON:jansson ZIP:zip ZLIB:z PNG:png JPEG:jpeg; do
    grep -q "^KERATIN_${pair%%:*}:[A-Z]*=OFF" "$KERATIN_BUILD/CMakeCache.txt" || libraries="$libraries -l${pair##*:}"
done
sanitize=$(sed -n 's/^KERATIN_SANITIZE:[A-Z]*=//p' "$KERATIN_BUILD/CMakeCache.txt")
[ -z "$sanitize" ] || flags="$flags -fsanitize=$sanitize"
grep -q '^KERATIN_COVERAGE:[A-Z]*=ON' "$KERATIN_BUILD/CMakeCache.txt" && flags="$flags --coverage"
ran=77
for cc in g++ clang++; do
    command -v $cc >/dev/null || continue
    # A sanitised library needs the runtime of the compiler that made it.
    if [ -n "$sanitize" ] && ! grep -q "^CMAKE_C_COMPILER:[A-Z]*=.*${cc%++}" "$KERATIN_BUILD/CMakeCache.txt"; then
        [ "$cc" = g++ ] && grep -q '^CMAKE_C_COMPILER:[A-Z]*=.*/\(cc\|gcc\)' "$KERATIN_BUILD/CMakeCache.txt" || continue
    fi
    $cc $flags "$scratch/program.cpp" -o "$scratch/program" $libraries
    "$scratch/program"
    ran=0
done
exit $ran
