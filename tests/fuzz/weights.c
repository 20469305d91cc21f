/* weights.c - fuzz target: bytes as the weights of a model. JSON, NUL, numbers: a model of
 * TensorFlow.js with its file of numbers; anything else is read by order, by name, and skipping
 * what does not fit. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/keratin-fuzz-XXXXXX", json[64], shard[64];

static void clean(void)
{
    unlink(json);
    unlink(shard);
    rmdir(folder);
}

static void start(void)
{
    if (*json)
        return;
    if (!mkdtemp(folder))
        abort();
    snprintf(json, sizeof json, "%s/model.json", folder);
    snprintf(shard, sizeof shard, "%s/a.bin", folder);
    atexit(clean);
}

static void put(const char *path, const uint8_t *data, size_t size)
{
    FILE *f = fopen(path, "wb");

    if (!f)
        abort();
    fwrite(data, 1, size, f);
    fclose(f);
}

/* What a file of every generation may hold: kernels in other orders, gates, biases. */
static const char *const models[] = {
    "Sequential([Input((4, 4, 2)), Conv2D(2, 2, name='conv'), Flatten(), Dense(2, name='dense')])",
    "Sequential([Input((4, 2)), Conv1D(2, 2, name='conv'), LSTM(2, return_sequences=True, "
    "name='lstm'), GRU(2, name='gru')])",
};

static void read_weights(const uint8_t *data, size_t size, int how)
{
    kt_bytes b = {.data = (uint8_t *)(uintptr_t)data, .size = size};

    for (size_t i = 0; i < KT_COUNT(models); i++) {
        kt_load_rules rules = {.by_name = how == 1, .skip_mismatch = how == 2};
        kt_fault      f = {0};
        kt_model     *m = kt_model_from(models[i]);
        if (!kt_failed(m))
            kt_weights_from(m, "fuzz", &b, &rules, &f);
        kt_fault_clear(&f);
        kt_model_free(m);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *cut = size > 0 && data[0] == '{' ? memchr(data, 0, size) : NULL;

    if (cut) {
        start();
        put(json, data, (size_t)(cut - data));
        put(shard, cut + 1, (size_t)(data + size - cut - 1));
        kt_model_free(kt_load(json));
        return 0;
    }
    for (int how = 0; how < 3; how++)
        read_weights(data, size, how);
    return 0;
}
