# After kt_shutdown valgrind finds nothing: no thread of the pool, no failed call, with the installed suppressions for the
# libraries that are opened at run time.
set -euo pipefail
lib=$KERATIN_BUILD/libkeratin.so
command -v valgrind >/dev/null && [ -e "$lib" ] || exit 77
if nm -D "$lib" | grep -E ' U __(asan|tsan|ubsan|gcov)' >/dev/null; then exit 77; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$KERATIN_BUILD" --prefix "$scratch/usr" >/dev/null
supp=$scratch/usr/share/keratin/keratin.supp
cat >"$scratch/use.c" <<'END'
#include <keratin/keratin.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *predict(void *ctx)
{
    kt_tensor *bad = kt_tensor_new(KT_F32, KT_SHAPE(64, 5)), *x = kt_tensor_new(KT_F32, KT_SHAPE(64, 4));
    kt_tensor_unref(kt_predict(ctx, x));
    kt_tensor *y = kt_predict(ctx, bad);
    int        wrong = y != NULL || !kt_model_error(ctx);
    kt_tensor_unref(bad);
    kt_tensor_unref(x);
    return wrong ? ctx : NULL;
}

int main(int argc, char **argv)
{
    kt_set_threads(4);
    kt_model  *m = kt_model_from("Sequential([Dense(512, activation='relu', input_shape=(4,)), Dense(128), Dense(1)])");
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(64, 4)), *y = kt_tensor_new(KT_F32, KT_SHAPE(64, 1));
    kt_compile(m, .optimizer = "adam", .loss = "mse");
    kt_history_free(kt_fit(m, x, y, .batch_size = 64));
    int bad = kt_failed(m);
    if (argc > 1) {
        kt_save(m, argv[1]);
        kt_model *again = kt_load(argv[1]);
        bad |= kt_failed(m) || kt_failed(again);
        kt_model_free(again);
    }
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, predict, m);
    for (int i = 0; i < 2; i++) {
        void *wrong;
        pthread_join(t[i], &wrong);
        bad |= wrong != NULL;
    }
    bad |= predict(m) != NULL; /* its failure stays with this thread */
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_model_free(m);
    if (!getenv("NO_SHUTDOWN"))
        kt_shutdown();
    return bad;
}
END
gcc -std=c11 -g -I"$KERATIN_SOURCE/include" "$scratch/use.c" "$lib" -Wl,-rpath,"$KERATIN_BUILD" -lpthread -o "$scratch/use"
check() {
    valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible --num-callers=30 \
        --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 --suppressions="$supp" "$@"
}
check "$scratch/use"
if "$KERATIN_BUILD/keratin" convert "Sequential([Dense(1, input_shape=(2,))])" "$scratch/a.keras" >/dev/null 2>&1; then
    check "$scratch/use" "$scratch/b.keras" # opens libhdf5
fi
# The test can fail: without the call the threads of the pool are found.
status=0
NO_SHUTDOWN=1 check "$scratch/use" 2>"$scratch/log" || status=$?
[ "$status" = 9 ]
grep -q pthread_create "$scratch/log"
