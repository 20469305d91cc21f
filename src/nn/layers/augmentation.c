/* augmentation.c - layers that change images at random while a model trains (augment_*.c), with the
 * random numbers of Keras on TensorFlow. Predicting, they give the images on, some in the layer's
 * dtype. */
#include "nn/images/augment.h"

#define SEED(F, T) F(T, OPTINT, seed, "None", "kept", "Of the random numbers; None: drawn.")
#define RANGE(F, T) \
    F(T, ANY, value_range, "(0, 255)", "", "The least and the largest number of a pixel.")
#define FORMAT(F, T) \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
#define BOXES(F, T) \
    F(T, ANY, bounding_box_format, "None", "", "Accepted as Keras does; boxes are not there.")
#define FACTOR(F, T, initial) \
    F(T, ANY, factor, initial, "", "How strongly, or how often: a number or the ends of a range.")
#define FILL(F, T)                      \
    F(T, STR, fill_mode, "reflect", "", \
      "What lies outside: 'reflect', 'wrap', 'constant', 'nearest'.")
#define FILL_VALUE(F, T) F(T, FLOAT, fill_value, "0.0", "kept", "What 'constant' fills with.")
#define BETWEEN(F, T)    F(T, STR, interpolation, "bilinear", "", "'nearest' or 'bilinear'.")

#define AUG_MIX(F, T)                                                                   \
    RANGE(F, T)                                                                         \
    F(T, INT, num_chains, "3", "kept", "How many chains are mixed.")                    \
    F(T, INT, chain_depth, "3", "kept", "The longest chain.")                           \
    FACTOR(F, T, "0.3")                                                                 \
    F(T, FLOAT, alpha, "1.0", "kept", "Of the distribution of the chains' weights.")    \
    F(T, BOOL, all_ops, "True", "", "Also brightness, colour, contrast and sharpness.") \
    BETWEEN(F, T) SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(aug_mix, AUG_MIX);
#define CUT_MIX(F, T) FACTOR(F, T, "1.0") SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(cut_mix, CUT_MIX);
#define MIX_UP(F, T)                                                       \
    F(T, FLOAT, alpha, "0.2", "kept", "Of the distribution of the share.") \
    FORMAT(F, T) SEED(F, T) BOXES(F, T)
KT_CONFIG_OF(mix_up, MIX_UP);
#define EQUALIZATION(F, T)                                 \
    RANGE(F, T)                                            \
    F(T, INT, bins, "256", "kept", "Steps of brightness.") \
    FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(equalization, EQUALIZATION);
#define MAX_BOXES(F, T)                                                    \
    F(T, INT, max_number, REQUIRED, "kept", "The most boxes of an image.") \
    F(T, INT, fill_value, "-1", "kept", "What stands for no box.")         \
    FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(max_boxes, MAX_BOXES);
#define RAND_AUGMENT(F, T)                                  \
    RANGE(F, T)                                             \
    F(T, INT, num_ops, "2", "kept", "How many are chosen.") \
    FACTOR(F, T, "0.5") BETWEEN(F, T) SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(rand_augment, RAND_AUGMENT);
/* brightness, contrast, invert (factor 1.0 by default) */
#define PLAIN(F, T) FACTOR(F, T, REQUIRED) RANGE(F, T) SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(plain, PLAIN);
#define INVERT(F, T) FACTOR(F, T, "1.0") RANGE(F, T) SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(invert, INVERT);
/* the same with the data format before the seed */
#define COLOUR(F, T) FACTOR(F, T, REQUIRED) RANGE(F, T) FORMAT(F, T) SEED(F, T) BOXES(F, T)
KT_CONFIG_OF(colour, COLOUR);
#define JITTER(F, T)                                                            \
    RANGE(F, T)                                                                 \
    F(T, ANY, brightness_factor, "None", "", "As RandomBrightness; None: not.") \
    F(T, ANY, contrast_factor, "None", "", "As RandomContrast; None: not.")     \
    F(T, ANY, saturation_factor, "None", "", "As RandomSaturation; None: not.") \
    F(T, ANY, hue_factor, "None", "", "As RandomHue; None: not.")               \
    SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(jitter, JITTER);
#define RANDOM_CROP(F, T)                                       \
    F(T, ANY, height, REQUIRED, "int", "Rows of the result.")   \
    F(T, ANY, width, REQUIRED, "int", "Columns of the result.") \
    SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(random_crop, RANDOM_CROP);
#define ELASTIC(F, T)                                   \
    FACTOR(F, T, "1.0")                                 \
    F(T, ANY, scale, "1.0", "", "How far pixels move.") \
    BETWEEN(F, T) FILL(F, T) FILL_VALUE(F, T) RANGE(F, T) SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(elastic, ELASTIC);
#define ERASING(F, T)                                                                 \
    FACTOR(F, T, "1.0")                                                               \
    F(T, ANY, scale, "(0.02, 0.33)", "", "Which share of the image is erased.")       \
    F(T, ANY, fill_value, "None", "", "What the place is filled with; None: random.") \
    RANGE(F, T) SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(erasing, ERASING);
#define FLIP(F, T)                                                                      \
    F(T, STR, mode, "horizontal_and_vertical", "", "'horizontal', 'vertical' or both.") \
    SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(flip, FLIP);
#define BLUR(F, T)                                                 \
    FACTOR(F, T, "1.0")                                            \
    F(T, ANY, kernel_size, "3", "", "Pixels that are mixed: odd.") \
    F(T, ANY, sigma, "1.0", "", "How wide the blur is.")           \
    RANGE(F, T) FORMAT(F, T) SEED(F, T) BOXES(F, T)
KT_CONFIG_OF(blur, BLUR);
#define GRAY(F, T)                                              \
    F(T, ANY, factor, "0.5", "", "How often: between 0 and 1.") \
    FORMAT(F, T) SEED(F, T) BOXES(F, T)
KT_CONFIG_OF(gray, GRAY);
#define PERSPECTIVE(F, T)                                     \
    FACTOR(F, T, "1.0")                                       \
    F(T, ANY, scale, "1.0", "float", "How far corners move.") \
    BETWEEN(F, T) FILL_VALUE(F, T) SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(perspective, PERSPECTIVE);
#define ROTATION(F, T)     \
    FACTOR(F, T, REQUIRED) \
    FILL(F, T) BETWEEN(F, T) SEED(F, T) FILL_VALUE(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(rotation, ROTATION);
#define SHEAR(F, T)                                         \
    F(T, ANY, x_factor, "0.0", "", "How far rows move.")    \
    F(T, ANY, y_factor, "0.0", "", "How far columns move.") \
    BETWEEN(F, T) FILL(F, T) FILL_VALUE(F, T) FORMAT(F, T) SEED(F, T) BOXES(F, T)
KT_CONFIG_OF(shear, SHEAR);
#define TRANSLATION(F, T)                                          \
    F(T, ANY, height_factor, REQUIRED, "", "How far up and down.") \
    F(T, ANY, width_factor, REQUIRED, "", "How far to the sides.") \
    FILL(F, T) BETWEEN(F, T) SEED(F, T) FILL_VALUE(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(translation, TRANSLATION);
#define ZOOM(F, T)                                                                      \
    F(T, ANY, height_factor, REQUIRED, "", "How much up and down; below 0: nearer.")    \
    F(T, ANY, width_factor, "None", "", "The same to the sides; None: as up and down.") \
    FILL(F, T) BETWEEN(F, T) SEED(F, T) FILL_VALUE(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(zoom, ZOOM);
#define SOLARIZATION(F, T)                                                         \
    F(T, ANY, addition_factor, "0.0", "", "How much brighter before.")             \
    F(T, ANY, threshold_factor, "0.0", "", "Above which brightness it is turned.") \
    RANGE(F, T) SEED(F, T) FORMAT(F, T) BOXES(F, T)
KT_CONFIG_OF(solarization, SOLARIZATION);

/* --- what the constructors check --- */

#define ALL(...)              \
    (const kt_augment_rule[]) \
    {                         \
        __VA_ARGS__,          \
        {                     \
            0                 \
        }                     \
    }
#define SHARE                                  \
    {                                          \
        "factor", KT_AUGMENT_RANGE, 0, 1, NULL \
    }
#define PIXELS                                       \
    {                                                \
        "value_range", KT_AUGMENT_PIXELS, 0, 0, NULL \
    }
#define FILLED                                   \
    {                                            \
        "fill_mode", KT_AUGMENT_FILL, 0, 0, NULL \
    }
#define METHOD                                         \
    {                                                  \
        "interpolation", KT_AUGMENT_METHOD, 0, 0, NULL \
    }
static const char zoomed[] =
    "The `height_factor` and `width_factor` arguments should be a number (or a list of two numbers) in the range (-1.0, 1.0]. ";
static const char moved[] =
    "The `factor` argument should be a number (or a list of two numbers) in the range [-1.0, 1.0]. ";
static const char sheared[] =
    "The `factor` argument should be a number (or a list of two numbers) in the range [0, 1.0]. ";
static const char turned[] =
    "The `addition_factor` and `threshold_factor` arguments should be a number (or a list of two numbers) in the range [0, 1]. ";

enum {
    AUG_AugMix,
    AUG_CutMix,
    AUG_MixUp,
    AUG_Equalization,
    AUG_MaxNumBoundingBoxes,
    AUG_RandAugment,
    AUG_RandomBrightness,
    AUG_RandomContrast,
    AUG_RandomInvert,
    AUG_RandomColorDegeneration,
    AUG_RandomHue,
    AUG_RandomPosterization,
    AUG_RandomSaturation,
    AUG_RandomSharpness,
    AUG_RandomColorJitter,
    AUG_RandomCrop,
    AUG_RandomElasticTransform,
    AUG_RandomErasing,
    AUG_RandomFlip,
    AUG_RandomGaussianBlur,
    AUG_RandomGrayscale,
    AUG_RandomPerspective,
    AUG_RandomRotation,
    AUG_RandomShear,
    AUG_RandomTranslation,
    AUG_RandomZoom,
    AUG_Solarization,
};
enum { CAST = 1, OWN_DTYPE = 2, FREE = 4, SEEDED = 8, CROP = 16, COLORED = 32 };
static const struct trait {
    int                    flags; /* of the above, and how many seeds layers inside draw << 8 */
    const kt_augment_rule *rules;
    kt_change_fn           change;
} traits[] = {
    [AUG_AugMix] = {CAST | SEEDED | 5 << 8,
                    ALL(SHARE, {"factor", KT_AUGMENT_CHECKED, 0, 1, sheared}, METHOD,
                        {"value_range", KT_AUGMENT_PIXELS_KEPT, 0, 0, NULL}),
                    kt_change_chains},
    [AUG_CutMix] = {CAST | SEEDED, ALL(SHARE), kt_change_cut_mix},
    [AUG_MixUp] = {SEEDED, NULL, kt_change_mix_up},
    [AUG_Equalization] = {OWN_DTYPE, ALL({"value_range", KT_AUGMENT_PIXELS_BARE, 0, 0, NULL}),
                          kt_change_equalization},
    [AUG_MaxNumBoundingBoxes] = {FREE, NULL, NULL},
    [AUG_RandAugment] = {CAST | SEEDED | 9 << 8,
                         ALL(SHARE, {"factor", KT_AUGMENT_CHECKED, 0, 1, sheared}, METHOD,
                             {"value_range", KT_AUGMENT_PIXELS_KEPT, 0, 0, NULL}),
                         kt_change_some},
    [AUG_RandomBrightness] = {SEEDED, ALL({"factor", KT_AUGMENT_OR_ZERO, -1, 1, NULL}, PIXELS),
                              kt_change_brightness},
    [AUG_RandomContrast] = {SEEDED, ALL(SHARE), kt_change_contrast},
    [AUG_RandomInvert] = {SEEDED, ALL(SHARE), kt_change_invert},
    [AUG_RandomColorDegeneration] = {SEEDED | COLORED,
                                     ALL({"factor", KT_AUGMENT_RANGE, -1, 1, NULL}, PIXELS),
                                     kt_change_degeneration},
    [AUG_RandomHue] = {SEEDED, ALL(SHARE), kt_change_hue},
    [AUG_RandomPosterization] = {SEEDED, ALL({"factor", KT_AUGMENT_RANGE, 1, 8, NULL}, PIXELS),
                                 kt_change_posterization},
    [AUG_RandomSaturation] = {SEEDED, ALL({"factor", KT_AUGMENT_RANGE, -1, 1, NULL}, PIXELS),
                              kt_change_saturation},
    [AUG_RandomSharpness] = {CAST | SEEDED, ALL(SHARE, PIXELS), kt_change_sharpness},
    [AUG_RandomColorJitter] = {SEEDED,
                               ALL({"brightness_factor", KT_AUGMENT_INNER, -1, 1, NULL},
                                   {"contrast_factor", KT_AUGMENT_INNER, 0, 1, NULL},
                                   {"saturation_factor", KT_AUGMENT_INNER, -1, 1, NULL},
                                   {"hue_factor", KT_AUGMENT_INNER, 0, 1, NULL}),
                               kt_change_jitter},
    [AUG_RandomCrop] = {SEEDED | CROP, NULL, kt_change_crop},
    [AUG_RandomElasticTransform] = {CAST | SEEDED,
                                    ALL(SHARE, {"scale", KT_AUGMENT_RANGE, 0, 1, NULL}, METHOD,
                                        {"fill_mode", KT_AUGMENT_FILL_MIRROR, 0, 0, NULL}),
                                    kt_change_elastic},
    [AUG_RandomErasing] = {CAST | SEEDED, ALL(SHARE, {"scale", KT_AUGMENT_RANGE, 0, 1, NULL}),
                           kt_change_erase},
    [AUG_RandomFlip] = {CAST | SEEDED, NULL, kt_change_flip},
    [AUG_RandomGaussianBlur] = {CAST | SEEDED,
                                ALL(SHARE, {"kernel_size", KT_AUGMENT_ODD, 0, 0, NULL},
                                    {"sigma", KT_AUGMENT_RANGE, 0, 1, NULL}),
                                kt_change_blur},
    [AUG_RandomGrayscale] = {OWN_DTYPE | SEEDED, ALL({"factor", KT_AUGMENT_SHARE, 0, 1, NULL}),
                             kt_change_gray},
    [AUG_RandomPerspective] = {CAST | SEEDED,
                               ALL(SHARE, {"scale", KT_AUGMENT_SCALE, 0, 1, NULL}, METHOD),
                               kt_change_perspective},
    [AUG_RandomRotation] = {CAST | SEEDED,
                            ALL({"factor", KT_AUGMENT_OR_ZERO, -1, 1, NULL}, FILLED, METHOD),
                            kt_change_turn},
    [AUG_RandomShear] = {CAST | SEEDED,
                         ALL({"x_factor", KT_AUGMENT_SPREAD, 0, 1, sheared},
                             {"y_factor", KT_AUGMENT_SPREAD, 0, 1, sheared}, FILLED, METHOD),
                         kt_change_shear},
    [AUG_RandomTranslation] = {CAST | SEEDED,
                               ALL({"height_factor", KT_AUGMENT_CHECKED, -1, 1, moved},
                                   {"width_factor", KT_AUGMENT_CHECKED, -1, 1, moved}, FILLED,
                                   METHOD),
                               kt_change_move},
    [AUG_RandomZoom] = {CAST | SEEDED,
                        ALL({"height_factor", KT_AUGMENT_ABOVE, -1, 1, zoomed},
                            {"width_factor", KT_AUGMENT_ABOVE_OR_NONE, -1, 1, zoomed}, FILLED,
                            METHOD),
                        kt_change_zoom},
    [AUG_Solarization] = {CAST | SEEDED,
                          ALL({"addition_factor", KT_AUGMENT_UP, 0, 1, turned},
                              {"threshold_factor", KT_AUGMENT_UP, 0, 1, turned}, PIXELS),
                          kt_change_solarization},
};

/* Layers inside draw seeds of their own, where the layer has none. */
static void draw_inside(const kt_layer *self, int n)
{
    const aug_mix *mix = self->config;
    const jitter  *j = self->config;

    if (kt_streq(self->type->cls.class_name, "AugMix") && mix->all_ops)
        n += 4;
    if (kt_streq(self->type->cls.class_name, "RandomColorJitter"))
        n += !kt_is_none(j->brightness_factor) + !kt_is_none(j->contrast_factor) +
             !kt_is_none(j->saturation_factor) + !kt_is_none(j->hue_factor);
    while (n-- > 0)
        (void)kt_draw_seed();
}

static kt_status check(kt_layer *self)
{
    const struct trait *t = &traits[self->type->variant];
    kt_optint          *seed = kt_augment_field(self, "seed");
    kt_optint           given = seed ? *seed : (kt_optint){0};

    if (kt_augment_check(self, t->rules) != KT_OK || !(t->flags & SEEDED))
        return kt_layer_status(self);
    /* Keras writes the seed that it drew, and draws another */
    if (seed && !given.set && (t->flags & CROP))
        *seed = (kt_optint){.set = true, .v = kt_draw_seed()};
    if (kt_make_seed(self, given) != KT_OK)
        return kt_layer_status(self);
    if (!given.set)
        draw_inside(self, t->flags >> 8);
    return KT_OK;
}

static kt_node *cropped_shape(kt_layer *self, kt_call *c, kt_node *x)
{
    const random_crop *cfg = self->config;
    kt_shape           s = x->shape;
    int                back = kt_streq(cfg->data_format, "channels_first") ? 2 : 3;

    if (s.rank < back)
        return kt_call_fail(self, c, KT_E_INDEX,
                            c->t->eager ? "tuple index out of range"
                                        : "list assignment index out of range");
    const kt_size sizes[] = {{s.rank - back, cfg->height}, {s.rank - back + 1, cfg->width}};
    return kt_put_sizes(c->g->fault, &s, sizes, 2) ? kt_placeholder(c->g, "", self->dtype, s)
                                                   : c->g->poison;
}

/* Keras' build looks at how many channels there are. */
static bool has_colors(kt_layer *self, kt_call *c, const kt_node *x)
{
    const char *const *format = kt_augment_field(self, "data_format");
    int                rank = x->shape.rank;
    int                at = rank - (kt_streq(*format, "channels_first") ? 3 : 1);

    if (rank != 3 && rank != 4)
        kt_call_fail(self, c, KT_E_VALUE,
                     "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of "
                     "images). Received: input_shape=%s",
                     kt_shape_text(&self->arena, &x->shape));
    else if (x->shape.dim[at] != KT_UNKNOWN && x->shape.dim[at] != 3)
        kt_call_fail(self, c, KT_E_VALUE,
                     "Input images must have 3 channels, but received images with %lld channels.",
                     (long long)x->shape.dim[at]);
    return !kt_graph_failed(c->g);
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    int          flags = traits[self->type->variant].flags;
    kt_change_fn change = c->training ? traits[self->type->variant].change : NULL;

    if ((flags & CROP) && (!c->t->eager || (change && !kt_shape_known(&x->shape))))
        return cropped_shape(self, c, x);
    if ((flags & COLORED) && !has_colors(self, c, x))
        return c->g->poison;
    if (!c->t->eager)
        return flags & OWN_DTYPE ? x : kt_augment_same(self, c, x);
    if ((flags & CROP) && kt_is_poison(c->g, cropped_shape(self, c, x)))
        return c->g->poison;
    if (!kt_augment_is_image(self, c, x))
        return c->g->poison;
    if (change && kt_shape_known(&x->shape) && kt_shape_count(&x->shape) > 0)
        return kt_augmented(self, c, x, change);
    return flags & CAST ? kt_cast(c->g, x, self->dtype) : x;
}

#define LEFT_OUT "bounding_box_format"
#define ROW(Class, fields, hidden, text, example) \
    {.cls = {.class_name = #Class,                \
             .module = "keras.layers",            \
             .config = &fields##_type,            \
             .summary = text,                     \
             .unwritten = hidden},                \
     .flags = KT_LAYER_SAYS_TRAINING,             \
     .input = {.dtype = -1},                      \
     .variant = AUG_##Class,                      \
     .check = check,                              \
     .call1 = call,                               \
     .sample = #Class "(" example ")",            \
     .sample_input = "(2, 4, 3, 3)"},
#define ROWS(R)                                                                                 \
    R(AugMix, aug_mix, LEFT_OUT, "Mixes chains of changes with the image.", "")                 \
    R(CutMix, cut_mix, LEFT_OUT, "Pastes a part of another image.", "")                         \
    R(MixUp, mix_up, LEFT_OUT, "Mixes two images.", "")                                         \
    R(Equalization, equalization, LEFT_OUT, "Evens out how often each brightness is.", "")      \
    R(MaxNumBoundingBoxes, max_boxes, LEFT_OUT "|fill_value", "Limits boxes, not images.", "3") \
    R(RandAugment, rand_augment, LEFT_OUT, "Changes images in some ways of many.", "")          \
    R(RandomBrightness, plain, LEFT_OUT, "Makes images brighter or darker.", "0.2")             \
    R(RandomContrast, plain, LEFT_OUT, "Changes how far pixels are from the mean.", "0.2")      \
    R(RandomInvert, invert, LEFT_OUT, "Turns images into their negative.", "")                  \
    R(RandomColorDegeneration, colour, LEFT_OUT, "Takes colour away.", "0.2")                   \
    R(RandomHue, colour, LEFT_OUT, "Turns colours.", "0.2")                                     \
    R(RandomPosterization, colour, LEFT_OUT, "Leaves fewer steps of colour.", "4")              \
    R(RandomSaturation, colour, LEFT_OUT, "Makes colours stronger or weaker.", "0.2")           \
    R(RandomSharpness, colour, LEFT_OUT, "Sharpens or blurs.", "0.2")                           \
    R(RandomColorJitter, jitter, LEFT_OUT, "Changes brightness and colours.", "")               \
    R(RandomElasticTransform, elastic, LEFT_OUT, "Bends images.", "")                           \
    R(RandomErasing, erasing, LEFT_OUT, "Erases a part.", "")                                   \
    R(RandomFlip, flip, LEFT_OUT, "Mirrors images.", "")                                        \
    R(RandomGaussianBlur, blur, LEFT_OUT, "Blurs images.", "")                                  \
    R(RandomGrayscale, gray, LEFT_OUT "|seed", "Makes images gray.", "")                        \
    R(RandomPerspective, perspective, LEFT_OUT, "Moves the corners.", "")                       \
    R(RandomRotation, rotation, LEFT_OUT, "Turns images.", "0.1")                               \
    R(RandomShear, shear, LEFT_OUT, "Shears images.", "")                                       \
    R(RandomTranslation, translation, LEFT_OUT, "Moves images.", "0.1, 0.2")                    \
    R(RandomZoom, zoom, LEFT_OUT, "Enlarges or shrinks images.", "0.1")                         \
    R(Solarization, solarization, LEFT_OUT, "Turns what is bright into its negative.", "")      \
    R(RandomCrop, random_crop, LEFT_OUT, "Cuts a part out.", "4, 3")
static const kt_layer_type types[] = {ROWS(ROW)};

#define POINTER(Class, ...) &types[AUG_ROW_##Class],
#define PLACE(Class, ...)   AUG_ROW_##Class,
enum { ROWS(PLACE) };
const kt_layer_type *const kt_layers_augmentation[] = {ROWS(POINTER) NULL};
