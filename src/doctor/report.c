/* report.c - the proved scenes as remedies in words, and the cause in the data's terms. */
#include <string.h>

#include "doctor/remedy.h"
#include "doctor/report.h"

/* --- remedies --------------------------------------------------------------------------------- */

static const char *joined(kt_bed *b, const kt_scene *s, const char *between, bool kinds)
{
    kt_str text = {0};

    for (int i = 0; i < s->n_edits; i++)
        kt_str_printf(&text, "%s%s", i ? between : "", kinds ? s->edit[i].kind : s->edit[i].words);
    const char *copy = kt_str_keep(&text, &b->p.arena);
    return copy ? copy : "";
}

static const char *changes_of(const kt_scene *s)
{
    for (int i = 0; i < s->n_edits; i++)
        if (s->edit[i].changes)
            return s->edit[i].changes;
    return NULL;
}

static bool edits_model(const kt_scene *s)
{
    for (int i = 0; i < s->n_edits; i++)
        if (kt_streq(s->edit[i].what, "model"))
            return true;
    return false;
}

static const char *proof_of(kt_bed *b, const kt_scene *s, const char *step)
{
    kt_outcome o = kt_try(s);
    kt_shape   in = s->n_x ? s->x[0].t->shape : (kt_shape){.rank = -1};
    kt_str     text = {0};

    if (in.rank > 0)
        in.dim[0] = KT_UNKNOWN;
    kt_str_add(&text, "the model now ");
    if (in.rank > 0 && o.n_out)
        kt_str_printf(&text, "maps %s to %s", kt_say_shape(s, &in), kt_say_shape(s, &o.out[0]));
    else if (o.n_out)
        kt_str_printf(&text, "gives %s", kt_say_shape(s, &o.out[0]));
    else
        kt_str_add(&text, "can be called");
    if (s->n_y && (b->p.call == KT_DO_FIT || b->p.call == KT_DO_EVALUATE))
        kt_str_printf(&text, ", and loss and metrics take y of %s, the last batch too",
                      kt_say_shape(s, &s->y[0].t->shape));
    if (step)
        kt_str_printf(&text, "; %s", step);
    if (b->p.trained && !edits_model(s))
        kt_str_add(&text, "; the trained weights stay");
    const char *copy = kt_str_keep(&text, &b->p.arena);
    return copy ? copy : "";
}

static kt_edit *edits_of(kt_bed *b, const kt_scene *s)
{
    kt_edit *e = kt_arena_calloc(&b->p.arena, (size_t)s->n_edits, sizeof *e);

    for (int i = 0; e && i < s->n_edits; i++)
        e[i] = (kt_edit){s->edit[i].what, s->edit[i].layer, s->edit[i].words, s->edit[i].code};
    return e;
}

void kt_report_remedies(kt_bed *b)
{
    b->d.remedies = b->remedy;
    for (int i = 0; i < b->n_proved; i++) {
        const kt_scene *s = b->proved[i];
        kt_reason      *why = kt_arena_calloc(&b->p.arena, KT_MAX_REASONS, sizeof *why);
        int             n = 0;
        kt_edit        *edits = edits_of(b, s);
        if (!why || !edits)
            return;
        int score = kt_rank(s, why, KT_MAX_REASONS, &n);
        b->remedy[i] = (kt_remedy_report){.kind = joined(b, s, "+", true),
                                          .words = joined(b, s, "; ", false),
                                          .changes = changes_of(s),
                                          .proof = proof_of(b, s, b->step[i]),
                                          .n_edits = s->n_edits,
                                          .edits = edits,
                                          .n_reasons = n,
                                          .reasons = why,
                                          .score = score,
                                          .proved = 1,
                                          .ran = b->step[i] != NULL};
        b->d.n_remedies = i + 1;
    }
}

/* --- the cause -------------------------------------------------------------------------------- */

/* Where a cause lies, and what it says beside the numbers. */
static const struct {
    const char *kind, *where, *words;
} causes[] = {
    {"labels_vs_loss", "loss", "the labels do not have the form that the loss wants"},
    {"flatten_missing", "model", "nothing makes one row per sample of the maps or sequences"},
    {"units_vs_target", "model", "the last layer is not as wide as the target"},
    {"batch_axis_missing", "x", "one sample is given where a batch of samples is wanted"},
    {"axis_missing", "x", "the channel, feature or time axis is missing"},
    {"batch_in_input_shape", "model", "the declared input shape contains the number of samples"},
    {"feature_count", "model", "the model was declared for another number of features"},
    {"axes_swapped", "x", "the axes are in another order than the model takes them"},
    {"sequence_vs_step", "model", "a whole sequence meets a place for one step, or the reverse"},
    {"input_size", "x", "the samples have another size than the model was declared for"},
    {"channel_count", "x", "the pictures have another number of channels than the model"},
    {"axis_extra", "x", "there is an axis too many"},
    {"branch_sizes", "model", "branches of different sizes are merged"},
    {"maps_shrink", "model", "the feature maps shrink to nothing"},
    {"wiring", "model", "a layer or input is connected to the wrong tensor"},
    {"flat_vs_shaped", "x", "flat rows meet shaped samples"},
    {"layer_rank", "model", "the layer is one for another number of axes"},
    {"undefined_size", "model", "a layer needs a number where the shape says None"},
    {"sample_count", "x", "the arrays have different numbers of samples"},
    {"label_range", "y", "class numbers lie outside of 0..k-1"},
    {"index_range", "x", "what goes into the Embedding is no index of its table"},
    {"reshape_size", "model", "the numbers of a reshape do not multiply to the size"},
    {"target_shape", "y", "the target has another shape than the output"},
    {"weights_shape", "model", "the given weights do not have the sizes of the layer"},
    {"rows_are_samples", "x", "the numbers of one row are samples"},
    {"strides_trap", "model", "the third number of a convolution was taken for its strides"},
    {"target_count", "y", "outputs and targets differ in number"},
    {"input_names", "x", "the named arrays are not the model's inputs"},
    {"fixed_batch", "model", "a declared batch size is not met"},
    {"state_size", "model", "the state is not as wide as the layer that takes it"},
    {"wrong_target", "y", "another array was meant as target"},
    {"metric_shape", "metric", "a metric can not take the target that the loss takes"},
};

/* The shapes that meet, beside the sentence. */
static void add_numbers(kt_str *text, const kt_look *k)
{
    const kt_scene *s = k->s;

    if (s->n_x && (kt_conflict(k) || k->end.stage <= KT_AT_FORWARD))
        kt_str_printf(text, "; x is %s", kt_say_shape(s, &s->x[0].t->shape));
    if (k->declared.rank >= 0 && s->n_x && k->end.stage <= KT_AT_FORWARD)
        kt_str_printf(text, ", samples of %s are declared", kt_say_shape(s, &k->declared));
    if (k->end.stage >= KT_AT_LOSS && k->out.rank >= 0 && s->n_y)
        kt_str_printf(text, "; the model gives %s for each sample, y is %s",
                      kt_say_shape(s, &k->out), kt_say_shape(s, &s->y[0].t->shape));
    if (k->end.stage >= KT_AT_LOSS && k->yf->known && k->yf->whole && !k->yf->one_hot)
        kt_str_printf(text, " of whole numbers %lld..%lld", (long long)k->yf->min,
                      (long long)k->yf->max);
    if (k->end.stage >= KT_AT_LOSS && k->yf->one_hot)
        kt_str_add(text, " of one-hot rows");
}

static bool named_otherwise(const kt_look *k)
{
    bool known = true;

    for (int i = 0; i < k->s->n_x; i++) {
        const char *name = k->s->x[i].name;
        bool        found = !*name;
        for (int j = 0; j < k->v.n_in; j++)
            found = found || (k->v.in[j] >= 0 && kt_streq(name, k->v.spot[k->v.in[j]].name));
        known = known && found;
    }
    return !known;
}

static const char *cause_by_layer(const kt_look *k)
{
    kt_role role = k->v.broken >= 0 ? k->v.spot[k->v.broken].role : KT_IS_OTHER;

    return role == KT_IS_RESHAPE                     ? "reshape_size"
         : role == KT_IS_MERGE || role == KT_IS_JOIN ? "branch_sizes"
                                                     : NULL;
}

/* Without any offer the stage says the least that is known. */
static const char *cause_by_stage(kt_stage stage, const kt_look *k)
{
    switch (stage) {
    case KT_AT_INPUTS: return named_otherwise(k) ? "input_names" : "wiring";
    case KT_AT_COUNT: return "sample_count";
    case KT_AT_LOSS: return "target_shape";
    case KT_AT_METRIC: return "metric_shape";
    case KT_AT_LABELS: return "label_range";
    case KT_AT_LAST: return "fixed_batch";
    default: return cause_by_layer(k);
    }
}

void kt_report_cause(kt_bed *b, const kt_outcome *end, const kt_scene *guess)
{
    kt_look         k = kt_look_at(&b->p.scene, end);
    bool            certain = end->stage == KT_AT_INPUTS || end->stage == KT_AT_COUNT;
    const kt_scene *best = b->n_proved ? b->proved[0] : certain ? NULL : guess;
    const char *kind = best && best->n_edits ? best->edit[0].cause : cause_by_stage(end->stage, &k);

    for (size_t i = 0; kind && i < KT_COUNT(causes); i++) {
        if (!kt_streq(causes[i].kind, kind))
            continue;
        kt_str text = {0};
        kt_str_add(&text, causes[i].words);
        add_numbers(&text, &k);
        b->cause = (kt_cause_report){kind, kt_str_keep(&text, &b->p.arena), causes[i].where};
        b->d.cause = &b->cause;
    }
}

void kt_report_warnings(kt_bed *b)
{
    b->d.n_warnings = kt_warn(&b->p.scene, b->warning, KT_MOST_WARNINGS);
    b->d.warnings = b->warning;
}
