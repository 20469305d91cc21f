/* table.c - the layers of a model and their shapes, as JSON. */
#include "cli.h"

enum { MAX_SHAPES = 64 };

static void json_layer(json *j, const kt_model *m, int i)
{
    kt_layer_info info = kt_model_layer(m, i);
    kt_shape      in[MAX_SHAPES], out[MAX_SHAPES];

    for (int k = 0; k < info.n_in && k < MAX_SHAPES; k++)
        in[k] = kt_model_layer_in(m, i, k);
    for (int k = 0; k < info.n_out && k < MAX_SHAPES; k++)
        out[k] = kt_model_layer_out(m, i, k);
    json_open(j, NULL, '{');
    json_text(j, "name", info.name);
    json_text(j, "class", info.class_name);
    json_shapes(j, "input_shape", info.n_in, in);
    json_shapes(j, "output_shape", info.n_out, out);
    json_int(j, "params", info.params);
    json_close(j, '}');
}

void json_layers(json *j, const kt_model *m)
{
    json_open(j, "layers", '[');
    for (int i = 0; i < kt_model_layers(m); i++)
        json_layer(j, m, i);
    json_close(j, ']');
}

int read_shapes(const args *a, const char *name, kt_shape *out, int *n)
{
    *n = count_of(a, name);
    if (*n > MAX_INPUTS)
        return usage_error(a, "--%s is given more than %d times", name, MAX_INPUTS);
    for (int i = 0; i < *n; i++)
        if (!shape_read(value_at(a, name, i), &out[i]))
            return usage_error(a, "--%s needs a shape such as \"(None, 28, 28)\", not '%s'", name,
                               value_at(a, name, i));
    return DONE;
}

void print_shape(kt_shape s, const char *behind)
{
    putchar('(');
    for (int i = 0; i < s.rank; i++) {
        if (s.dim[i] == KT_UNKNOWN)
            fputs("None", stdout);
        else
            printf("%lld", (long long)s.dim[i]);
        fputs(i + 1 < s.rank ? ", " : s.rank == 1 ? "," : "", stdout);
    }
    printf(")%s", behind);
}
