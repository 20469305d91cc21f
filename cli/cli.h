/* cli.h - what the subcommands share.
 *
 * A subcommand is one file with a row KT_COMMAND(file) in commands.list; it ends with `const
 * command command_<file>`. Its option table drives parsing, help, the manual page and shell
 * completion.
 *
 * Exit status: 0 done, 1 a model or shape error, 2 wrong usage or unreadable input, 130 ended by
 * Ctrl-C (after what there was has been saved).
 */
#ifndef KERATIN_CLI_H
#define KERATIN_CLI_H

#include <keratin/keratin.h>
#include <stdio.h>

enum { DONE = 0, FAILED = 1, USAGE = 2, INTERRUPTED = 130 };

typedef struct option {
    const char *name;  /* without the dashes */
    const char *value; /* what follows it, for help: "FILE"; NULL: nothing, it is a switch */
    const char *help;
    bool        many; /* may be given several times */
} option;

typedef struct args args;

typedef struct command {
    const char   *name, *operands, *summary, *details;
    int           least, most; /* operands */
    const option *options;     /* ends with name NULL; or NULL */
    int (*run)(const args *a);
} command;

extern const command *const commands[]; /* in the order of help, ends with NULL */
const command              *command_find(const char *name);

/* --- arguments (args.c) ----------------------------------------------------------------------- */

enum { MAX_OPERANDS = 8, MAX_GIVEN = 64 };
struct args {
    const command *cmd;
    int            n_operands, n_given;
    const char    *operand[MAX_OPERANDS];
    struct {
        const option *option;
        const char   *value;
    } given[MAX_GIVEN];
    bool json; /* --json: one JSON object on standard output and nothing else */
};
/* Reads argv behind the command's name. DONE, or USAGE after it has complained. */
int         args_read(args *a, const command *cmd, int argc, char **argv);
bool        has(const args *a, const char *name);
const char *value_of(const args *a, const char *name); /* the last one given, or NULL */
int         count_of(const args *a, const char *name);
const char *value_at(const args *a, const char *name, int i);
/* Numbers of options; `missing` where not given. false after a complaint. */
bool int_of(const args *a, const char *name, int64_t least, int64_t missing, int64_t *out);
bool float_of(const args *a, const char *name, double missing, double *out);
/* "(None, 28, 28)", "28,28", "[2, 3]". */
bool shape_read(const char *text, kt_shape *out);

/* Every --input-shape (or the like). DONE, or USAGE after a complaint (table.c). */
enum { MAX_INPUTS = 32 };
int read_shapes(const args *a, const char *name, kt_shape *out, int *n);

/* "(None, 28, 28)" and what comes behind it (table.c). */
void print_shape(kt_shape s, const char *behind);

/* --- errors (report.c) ------------------------------------------------------------------------ */

/* Wrong usage: a sentence on stderr, or as JSON. Returns USAGE. */
int usage_error(const args *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* An error of the library; `unreadable`: of a file, so the status is USAGE. */
int report_error(const args *a, const kt_error *e, bool unreadable);
/* The model's error, explained with its table of shapes. */
int report_model(const args *a, const kt_model *m);
/* The same after fit or evaluate, which may lack targets. */
int report_call(const args *a, const kt_model *m);
/* A line for the reader, on stderr; not with --json. */
void note(const args *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* --- inputs (input.c) ------------------------------------------------------------------------- */

/* Rows for the options of every command that takes a MODEL. */
#define MODEL_OPTIONS                                                                            \
    {"weights", "FILE", "weights apart: .keras, .h5, .weights.h5 or .npz", false},               \
        {"by-name", NULL, "of an .h5's weights, those of layers with the model's names", false}, \
        {"skip-mismatch", NULL, "weights that do not fit are left out, with a note", false},     \
        {"dtype-policy", "NAME", "of layers that name none: mixed_float16 (float32)", false},    \
    {                                                                                            \
        "fresh-weights", NULL, "a file without weights is meant: take random ones", false        \
    }
/* The model of a file or expression, with --weights; NULL after a complaint, with the exit status
 * in *status. */
kt_model *model_open(const args *a, const char *text, int *status);
/* Before computing with it: a file without trained weights is refused unless --fresh-weights is
 * given, an expression goes on with a note. False after the complaint. */
bool weights_known(const args *a, const kt_model *m, int *status);
/* Cuts "mae,AUC(curve='PR')" in place at the commas outside brackets and quotes; returns how many
 * parts. */
int split_list(char *text, const char **out, int most);
/* Compiles with --optimizer, --loss and --metrics where they are given. False after a failure. */
bool compile_as_asked(const args *a, kt_model *m);

/* {"ok": true}, or with one more text; only with --json. */
void json_done(const args *a, const char *key, const char *text);

/* --- data (data.c) ---------------------------------------------------------------------------- */

/* How tables are read: rows of the option tables of all commands that read some. */
#define TABLE_OPTIONS                                                                              \
    {"sep", "SIGN", "between the columns of tables: ',', ';', tab, space (found out)", false},     \
        {"decimal", "SIGN", "of the numbers in tables: '.' or ',' ('.')", false},                  \
        {"header", NULL, "the first line of tables has the names of the columns", false},          \
        {"no-header", NULL, "it has not", false},                                                  \
        {"na", "TEXT", "stands for a missing value, besides an empty field, NA, nan, null", true}, \
        {"drop-na", NULL, "leave out the rows where a value is missing", false},                   \
    {                                                                                              \
        "categorical", "COLUMN", "take the numbers of this column for text: name or index", true   \
    }

/* Files of --x and --y, or of --csv with --target. */
typedef struct data_names {
    const char      *x, *y, *csv;
    bool             inputs_only; /* the column --target is left out */
    bool             mapped;      /* few of the numbers are needed, and soon */
    bool             texts;       /* the inputs are texts */
    const kt_legend *legend;      /* of the model or the training data; NULL: none */
} data_names;
/* Reads them and tells what was settled on the way; NULL after a complaint. */
kt_data *data_open(const args *a, const data_names *names, int *status);
/* Gives the data the weights of --sample-weight, if it is there: one array for all targets, or one
 * for each by its name. */
int weights_open(const args *a, kt_data *d);
/* One source of data, and standard input at most once. DONE, or USAGE after a complaint. */
int check_inputs(const args *a);
/* Texts that were numbered although no model knows them. */
void warn_unknown_texts(const args *a, const kt_data *d, const kt_legend *model);

/* --- the doctor (diagnose.c) ------------------------------------------------------------------ */

/* Files or shapes, and no targets alone: DONE, or USAGE after a complaint. */
int check_choice(const args *a);
/* Data of --x and --y, or the shapes of --x-shape and --y-shape; *status says if it could be read.
 * legend: of the model, or NULL. */
kt_data *data_or_shapes(const args *a, const kt_model *m, int *status); /* m: or NULL */
/* The doctor's answer to the call that the options describe (call NULL: --call); NULL after a
 * complaint. budget: tries of repaired models, 0: as many as usual. */
kt_diagnosis *diagnose(const args *a, const kt_data *data, const char *call, int64_t budget);
/* The error is of the input, not of the model: the exit status is USAGE. */
bool is_unusable(const kt_diagnosis *d);
void print_diagnosis(const args *a, const kt_diagnosis *d);

/* --- JSON (json.c) ---------------------------------------------------------------------------- */

/* A writer to a file: commas and escapes are its business. key NULL inside lists. */
typedef struct json {
    FILE *out;
    bool  comma;
} json;
void json_open(json *j, const char *key, char bracket); /* '{' or '[' */
void json_close(json *j, char bracket);
void json_text(json *j, const char *key, const char *text); /* NULL: null */
void json_int(json *j, const char *key, int64_t v);
void json_number(json *j, const char *key, double v);
void json_bool(json *j, const char *key, bool v);
void json_shape(json *j, const char *key, const kt_shape *s);
/* One shape, or a list of them where there are several; null without any. */
void json_shapes(json *j, const char *key, int n, const kt_shape *s);
/* {"loss": [...], ...}; last: {"loss": 0.1, ...}. */
void json_history(json *j, const kt_history *h, bool last);
/* "layers": [{"name", "class", "input_shape", "output_shape", "params"}] (table.c). */
void json_layers(json *j, const kt_model *m);
/* "warnings": [{"kind", "words"}]; d may be NULL (diagnose.c). */
void json_warnings(json *j, const kt_diagnosis *d);
/* "cause": {...}, "remedies": [...] of a call that fails (diagnose.c). */
void json_advice(json *j, const kt_diagnosis *d, bool why);
/* As short as reads back the same. */
const char *number_text(double v, char text[32]);

/* --- help (help.c) ---------------------------------------------------------------------------- */

void help_command(FILE *out, const command *c);
void help_all(FILE *out);
/* The manual page and bash's completion, on standard output (pages.c). */
void page_man(void);
void page_bash(void);

#endif
