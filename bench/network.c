/* network.c - a workload's layers as Keras expressions, and the model made of them. */
#include <string.h>

#include "bench.h"

enum { MAX_LAYERS = 32, LONGEST = 512 };

typedef struct text {
    char   at[LONGEST];
    size_t n;
} text;

static void add(text *t, const char *s, size_t n)
{
    n = n < sizeof t->at - 1 - t->n ? n : sizeof t->at - 1 - t->n;
    memcpy(t->at + t->n, s, n);
    t->n += n;
    t->at[t->n] = 0;
}

/* {"class": "Dense", "config": {"units": 10}} as Dense(units=10). JSON's values are expressions
 * already. */
static void write_layer(text *t, const char *spec)
{
    char name[WORD];

    json_text(json_get(spec, "class"), name, sizeof name);
    add(t, name, strlen(name));
    add(t, "(", 1);
    for (const char *v = json_first(json_get(spec, "config")); v; v = json_next(v)) {
        json_text(json_key(v), name, sizeof name);
        add(t, name, strlen(name));
        add(t, "=", 1);
        if (json_get(v, "class"))
            write_layer(t, v);
        else
            add(t, v, (size_t)(json_end(v) - v));
        add(t, ", ", 2);
    }
    add(t, ")", 1);
}

static kt_layer *layer_new(const char *spec)
{
    text t = {{0}, 0};

    write_layer(&t, spec);
    return kt_layer_from(t.at);
}

static kt_layer *input_new(const workload *w)
{
    text t = {{0}, 0};
    char size[32];
    bool tokens = strncmp(w->xkind, "tokens:", 7) == 0;

    add(&t, "Input((", 7);
    for (int i = 1; i < w->x.rank; i++)
        add(&t, size, (size_t)snprintf(size, sizeof size, "%lld, ", (long long)w->x.dim[i]));
    add(&t, tokens ? "), dtype='int32')" : "), dtype='float32')", tokens ? 17 : 19);
    return kt_layer_from(t.at);
}

static kt_model *sequential(const workload *w)
{
    kt_layer *layers[MAX_LAYERS + 2] = {input_new(w)};
    int       n = 1;

    for (const char *v = json_first(w->layers); v && n <= MAX_LAYERS; v = json_next(v))
        layers[n++] = layer_new(v);
    return kt_sequential_of(layers);
}

/* --- layers that name their inputs ------------------------------------------------------------ */

typedef struct place {
    char      name[WORD];
    kt_symbol symbol;
} place;

static kt_symbol symbol_named(const place *places, int n, const char *name)
{
    while (n > 1 && strcmp(places[n - 1].name, name) != 0)
        n--;
    return places[n - 1].symbol;
}

static kt_model *functional(const workload *w)
{
    place places[MAX_LAYERS + 1] = {{.name = "input", .symbol = kt_symbol_of(input_new(w))}};
    int   n = 1;

    for (const char *v = json_first(w->layers); v && n <= MAX_LAYERS; v = json_next(v), n++) {
        kt_symbol in[MAX_LAYERS] = {places[n - 1].symbol};
        char      name[WORD];
        int       n_in = 0;
        for (const char *i = json_first(json_get(v, "inputs")); i && n_in < MAX_LAYERS;
             i = json_next(i), n_in++) {
            json_text(i, name, sizeof name);
            in[n_in] = symbol_named(places, n, name);
        }
        json_text(json_get(v, "name"), places[n].name, sizeof places[n].name);
        kt_layer *l = layer_new(v);
        places[n].symbol = n_in ? kt_apply_list(l, n_in, in) : kt_apply(l, in[0]);
        if (kt_layer_error(l)) /* the first failure is the one to tell of */
            return kt_functional(NULL, 1, &places[0].symbol, 1, &places[n].symbol);
    }
    return kt_functional(NULL, 1, &places[0].symbol, 1, &places[n - 1].symbol);
}

kt_model *network_new(const workload *w)
{
    for (const char *v = json_first(w->layers); v; v = json_next(v))
        if (json_get(v, "inputs"))
            return functional(w);
    return sequential(w);
}
