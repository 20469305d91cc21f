/* airline.c - an encoder-decoder LSTM forecasts the last twelve months of the airline passengers.
 *
 *   airline [CSV [FOLDER [SEED]]]
 *
 * CSV is data/airline-passengers.csv if left out; FOLDER gets airline.keras, forecast.svg,
 * history.csv and history.json; SEED is 1.
 *
 * The network sees how the logarithm changed against the same month of the year before: twelve such
 * changes in, the next twelve out. It is trained on January 1949 to December 1959 alone; what is
 * measured on 1960 was never seen. The forecast that a child would make, "the same as in that month
 * last year", is printed beside it.
 */
#include <keratin/keratin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MONTHS = 144, YEAR = 12, KNOWN = MONTHS - YEAR };
enum { CHANGES = KNOWN - YEAR, WINDOWS = CHANGES - 2 * YEAR + 1 };

/* Passengers in thousands: the truth, and both forecasts of the last year. */
typedef struct series {
    double truth[MONTHS], forecast[YEAR], naive[YEAR];
} series;

static bool read_series(const char *path, series *s)
{
    kt_data        *d = kt_data_csv(path, "passengers");
    kt_tensor      *y = kt_data_y(d, 0);
    const kt_error *e = kt_data_error(d);
    bool            ok = y && kt_tensor_count(y) == MONTHS;

    for (int i = 0; ok && i < MONTHS; i++)
        s->truth[i] = kt_tensor_get(y, i);
    for (int i = 0; ok && i < YEAR; i++)
        s->naive[i] = s->truth[KNOWN - YEAR + i];
    if (!ok)
        fprintf(stderr, "%s: %s\n", path, e ? e->message : "144 months were expected");
    kt_data_free(d);
    return ok;
}

/* Change i of the logarithm over a year: month 12 + i against month i, in tenths. */
static double change(const series *s, int i)
{
    return 10 * log(s->truth[i + YEAR] / s->truth[i]);
}

/* Every window of 24 known changes: twelve as x, the next twelve as y. */
static bool make_windows(const series *s, kt_tensor **x, kt_tensor **y)
{
    *x = kt_tensor_new(KT_F32, KT_SHAPE(WINDOWS, YEAR, 1));
    *y = kt_tensor_new(KT_F32, KT_SHAPE(WINDOWS, YEAR, 1));
    for (int i = 0; *x && *y && i < WINDOWS; i++)
        for (int k = 0; k < YEAR; k++) {
            kt_tensor_set(*x, i * YEAR + k, change(s, i + k));
            kt_tensor_set(*y, i * YEAR + k, change(s, i + YEAR + k));
        }
    return *x && *y;
}

static kt_model *network(void)
{
    kt_model *m = kt_sequential(kt_lstm(32, .input_shape = {YEAR, 1}), kt_repeat_vector(YEAR),
                                kt_lstm(32, .return_sequences = true),
                                kt_time_distributed(kt_dense(1)));

    kt_compile(m, .optimizer = "Adam(learning_rate=0.005)", .loss = "mse");
    return m;
}

/* The changes of 1959, from which those of 1960 are to be told: [1, 12, 1]. */
static kt_tensor *last_year(const series *s)
{
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(1, YEAR, 1));

    for (int k = 0; x && k < YEAR; k++)
        kt_tensor_set(x, k, change(s, CHANGES - YEAR + k));
    return x;
}

/* From the changes that the network tells back to passengers. */
static void read_forecast(const kt_tensor *y, series *s)
{
    for (int k = 0; k < YEAR; k++)
        s->forecast[k] = s->naive[k] * exp(kt_tensor_get(y, k) / 10);
}

static double rmse(const series *s, const double *forecast)
{
    double sum = 0;

    for (int k = 0; k < YEAR; k++)
        sum += pow(forecast[k] - s->truth[KNOWN + k], 2);
    return sqrt(sum / YEAR);
}

static void print_forecast(const series *s)
{
    double lstm = rmse(s, s->forecast), naive = rmse(s, s->naive);

    puts("\n  1960   truth   LSTM   same month 1959   (thousands of passengers)");
    for (int k = 0; k < YEAR; k++)
        printf("   %2d     %3.0f    %3.0f         %3.0f\n", k + 1, s->truth[KNOWN + k],
               s->forecast[k], s->naive[k]);
    printf("  RMSE           %5.1f       %5.1f   %s\n\n", lstm, naive,
           lstm < naive ? "the LSTM is closer" : "the naive forecast is closer");
}

/* --- files ------------------------------------------------------------------------------------ */

static FILE *open_in(const char *folder, const char *name)
{
    char  path[1024];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "w");
    if (f)
        printf("wrote %s\n", path);
    else
        fprintf(stderr, "cannot write %s\n", path);
    return f;
}

enum { WIDTH = 900, HEIGHT = 360, LEFT = 50, TOP = 30, BOTTOM = 330, HIGHEST = 700 };

static void draw_line(FILE *f, const char *style, const double *v, int first, int n)
{
    fprintf(f, "<polyline fill=\"none\" %s points=\"", style);
    for (int i = 0; i < n; i++)
        fprintf(f, "%.1f,%.1f ", LEFT + (first + i) * (WIDTH - LEFT - 20.0) / MONTHS,
                BOTTOM - v[i] * (BOTTOM - TOP) / HIGHEST);
    fprintf(f, "\"/>\n");
}

static void draw_axes(FILE *f)
{
    for (int v = 0; v <= HIGHEST; v += 100) {
        int y = BOTTOM - v * (BOTTOM - TOP) / HIGHEST;
        fprintf(f,
                "<path stroke=\"#ddd\" d=\"M%d %dH%d\"/><text x=\"%d\" y=\"%d\" "
                "text-anchor=\"end\">%d</text>\n",
                LEFT, y, WIDTH - 20, LEFT - 6, y + 4, v);
    }
    for (int year = 0; year < MONTHS / YEAR; year++)
        fprintf(f, "<text x=\"%d\" y=\"%d\">%d</text>\n",
                LEFT + year * YEAR * (WIDTH - LEFT - 20) / MONTHS, BOTTOM + 16, 1949 + year);
}

static bool write_plot(const char *folder, const series *s)
{
    FILE *f = open_in(folder, "forecast.svg");

    if (!f)
        return false;
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"12\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            WIDTH, HEIGHT);
    draw_axes(f);
    draw_line(f, "stroke=\"#333\"", s->truth, 0, MONTHS);
    draw_line(f, "stroke=\"#999\" stroke-dasharray=\"4 3\"", s->naive, KNOWN, YEAR);
    draw_line(f, "stroke=\"#d03030\" stroke-width=\"2\"", s->forecast, KNOWN, YEAR);
    fprintf(f,
            "<text x=\"%d\" y=\"20\">Airline passengers, thousands a month: truth, "
            "<tspan fill=\"#d03030\">LSTM (RMSE %.1f)</tspan>, "
            "<tspan fill=\"#888\">same month last year (RMSE %.1f)</tspan></text>\n</svg>\n",
            LEFT, rmse(s, s->forecast), rmse(s, s->naive));
    return fclose(f) == 0;
}

static bool write_history(const char *folder, const kt_history *h)
{
    FILE *csv = open_in(folder, "history.csv"),
         *json = csv ? open_in(folder, "history.json") : NULL;

    if (!json)
        return csv && fclose(csv) == 0 && false;
    fputs("epoch,loss\n", csv);
    fputs("{\"loss\": [", json);
    for (int i = 0; i < kt_history_epochs(h); i++) {
        fprintf(csv, "%d,%.9g\n", i, kt_history_get(h, "loss", i));
        fprintf(json, "%s%.9g", i ? ", " : "", kt_history_get(h, "loss", i));
    }
    fputs("]}\n", json);
    bool ok = fclose(csv) == 0;
    return fclose(json) == 0 && ok;
}

/* Saves, loads, predicts again. A build without the libraries for .keras says so, which is no
 * failure. */
static bool save_and_load(const char *folder, kt_model *m, kt_tensor *x, const kt_tensor *y)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/airline.keras", folder);
    if (kt_save(m, path) != KT_OK) {
        printf("not saved: %s\n", kt_model_error(m)->message);
        return kt_model_error(m)->status == KT_E_NOT_IMPLEMENTED;
    }
    kt_model  *again = kt_load(path);
    kt_tensor *z = kt_predict(again, x);
    bool       same = z && kt_tensor_count(z) == kt_tensor_count(y) &&
                memcmp(kt_tensor_data(z), kt_tensor_data(y), YEAR * sizeof(float)) == 0;
    kt_explain(again, stderr);
    printf("saved %s, loaded it: the forecast is %s\n", path,
           same ? "the same, bit for bit" : "another one");
    kt_tensor_unref(z);
    kt_model_free(again);
    return same;
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool forecast(series *s, const char *folder)
{
    kt_tensor *x, *y, *last = last_year(s), *told = NULL;
    bool       ok = make_windows(s, &x, &y) && last;
    kt_model  *m = network();

    kt_summary(m, stdout);
    printf("\ntraining on %d windows of 1949-1959 ...\n", WINDOWS);
    kt_history *h = kt_fit(m, x, y, .epochs = 150, .batch_size = 16);
    if (ok && h && (told = kt_predict(m, last)) != NULL) {
        printf("loss %.4f in the first epoch, %.4f in the last\n", kt_history_get(h, "loss", 0),
               kt_history_get(h, "loss", -1));
        read_forecast(told, s);
        print_forecast(s);
    }
    kt_explain(m, stderr);
    ok = ok && told;
    if (ok && folder)
        ok = write_plot(folder, s) && write_history(folder, h) &&
             save_and_load(folder, m, last, told);
    kt_history_free(h);
    kt_model_free(m);
    kt_tensor_unref(told);
    kt_tensor_unref(last);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    return ok;
}

int main(int argc, char **argv)
{
    series s;

    kt_set_seed(argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
    if (!read_series(argc > 1 ? argv[1] : "data/airline-passengers.csv", &s))
        return 1;
    return forecast(&s, argc > 2 ? argv[2] : NULL) ? 0 : 1;
}
