/* keratin.hpp - Keratin for C++20. Written by tools/gen from the field tables.
 *
 *   kt::model m = kt::sequential(
 *       kt::flatten({.input_shape = {28, 28}}),
 *       kt::dense({.units = 128, .activation = "relu"}),
 *       kt::dense({.units = 10, .activation = "softmax", .use_bias = false}));
 *   kt::compile(m, {.optimizer = "adam", .loss = "mse", .metrics = {"mae"}});
 *   kt::history h = kt::fit(m, x.get(), y.get(), {.epochs = 5});
 *
 * Names stand in the order of their declaration, as C++ asks. Everything else is the C interface
 * of keratin.h, which takes m.get().
 */
#ifndef KERATIN_HPP
#define KERATIN_HPP

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "keratin/keratin.h"

namespace kt {

/* Sizes: {3, 3}. kt::ints::none() is Python's (), which {} can not say. */
struct ints {
    int64_t v[KT_MAX_RANK]{};
    int     n = 0;
    bool    given = false;
    ints() = default;
    ints(std::initializer_list<int64_t> list) : given(true)
    {
        for (int64_t x : list)
            if (n < KT_MAX_RANK)
                v[n++] = x;
    }
    static ints none() { return ints(std::initializer_list<int64_t>{}); }
};

namespace detail {

/* Fills a C argument struct, and notes what was given. */
class given {
    std::string names;

    void note(const std::string &name) { names.append(names.empty() ? "" : " ").append(name); }

  public:
    template <class T> void put(const char *name, T &to, const std::optional<T> &from)
    {
        if (!from)
            return;
        to = *from;
        note(name);
    }
    void put(const char *name, int64_t (&to)[KT_MAX_RANK], const ints &from)
    {
        if (!from.given)
            return;
        for (int i = 0; i < from.n; i++)
            to[i] = from.v[i];
        note(std::string(name) + "[" + std::to_string(from.n) + "]");
    }
    /* Valid until the next put. */
    void finish(kt_site &at, size_t size)
    {
        at.size = size;
        at.given = names.c_str();
    }
    kt_layer *make(const char *class_name, kt_site &at, size_t size)
    {
        finish(at, size);
        return kt_layer_make(class_name, &at);
    }
};

struct deleter {
    void operator()(kt_model *p) const { kt_model_free(p); }
    void operator()(kt_tensor *p) const { kt_tensor_unref(p); }
    void operator()(kt_history *p) const { kt_history_free(p); }
    void operator()(kt_data *p) const { kt_data_free(p); }
};

} // namespace detail

using model = std::unique_ptr<kt_model, detail::deleter>;
using tensor = std::unique_ptr<kt_tensor, detail::deleter>;
using history = std::unique_ptr<kt_history, detail::deleter>;
using data = std::unique_ptr<kt_data, detail::deleter>;

template <class... L> model sequential(L *...layers)
{
    kt_layer *const all[] = {layers..., nullptr};
    return model(kt_sequential_list(sizeof...(layers), all));
}

inline model load(const char *path) { return model(kt_load(path)); }

/* What is left out has Keras' default; nullptr that is written is None. */
struct compile_args {
    std::optional<const char *> optimizer{}, loss{}; /* rmsprop, None */
    std::vector<const char *>   metrics{}, weighted_metrics{};
    std::optional<const char *> loss_weights{};
    std::optional<bool>         auto_scale_loss{}; /* true */
};
inline kt_status compile(const model &m, const compile_args &a)
{
    kt_compile_args c{};
    detail::given   g;
    c.model = m.get();
    g.put("optimizer", c.optimizer, a.optimizer);
    g.put("loss", c.loss, a.loss);
    g.put("loss_weights", c.loss_weights, a.loss_weights);
    g.put("auto_scale_loss", c.auto_scale_loss, a.auto_scale_loss);
    for (size_t i = 0; i < a.metrics.size() && i < KT_MAX_METRICS; i++)
        c.metrics[i] = a.metrics[i];
    for (size_t i = 0; i < a.weighted_metrics.size() && i < KT_MAX_METRICS; i++)
        c.weighted_metrics[i] = a.weighted_metrics[i];
    g.finish(c.at, sizeof c);
    return kt_compile_with(&c);
}

struct fit_args {
    std::optional<int64_t>    epochs{}, batch_size{}; /* 1, 32 */
    double                    validation_split = 0;
    kt_tensor                *val_x = nullptr, *val_y = nullptr;
    std::optional<bool>       shuffle{}; /* true */
    const char               *class_weight = nullptr;
    kt_tensor                *sample_weight = nullptr;
    int64_t                   verbose = 0;
    std::vector<const char *> callbacks{};
};
/* Empty after a failure: see kt_model_error. */
inline history fit(const model &m, kt_tensor *x, kt_tensor *y, const fit_args &a = {})
{
    kt_fit_args   c{};
    detail::given g;
    c.model = m.get();
    c.x = x;
    c.y = y;
    g.put("epochs", c.epochs, a.epochs);
    g.put("batch_size", c.batch_size, a.batch_size);
    c.validation_split = a.validation_split;
    c.val_x = a.val_x;
    c.val_y = a.val_y;
    g.put("shuffle", c.shuffle, a.shuffle);
    c.class_weight = a.class_weight;
    c.sample_weight = a.sample_weight;
    c.verbose = a.verbose;
    for (size_t i = 0; i < a.callbacks.size() && i < KT_MAX_CALLBACKS; i++)
        c.callbacks[i] = a.callbacks[i];
    g.finish(c.at, sizeof c);
    return history(kt_fit_with(&c));
}

inline tensor predict(const model &m, kt_tensor *x) { return tensor(kt_predict(m.get(), x)); }

/* Activation: Applies an activation function. */
struct activation_args {
    std::optional<const char *> activation{}; /* Name of the function. Required. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *activation(const activation_args &a)
{
    kt_activation_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("activation", c.activation, a.activation);
    return g.make("Activation", c.at, sizeof c);
}

/* AdaptiveMaxPooling1D: The largest values, as many as are asked for. */
struct adaptive_max_pooling1d_args {
    ints output_size{}; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *adaptive_max_pooling1d(const adaptive_max_pooling1d_args &a)
{
    kt_adaptive_max_pooling1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("output_size", c.output_size, a.output_size);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("AdaptiveMaxPooling1D", c.at, sizeof c);
}

/* AdaptiveMaxPooling2D: The largest values, as many as are asked for. */
struct adaptive_max_pooling2d_args {
    ints output_size{}; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *adaptive_max_pooling2d(const adaptive_max_pooling2d_args &a)
{
    kt_adaptive_max_pooling2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("output_size", c.output_size, a.output_size);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("AdaptiveMaxPooling2D", c.at, sizeof c);
}

/* AdaptiveMaxPooling3D: The largest values, as many as are asked for. */
struct adaptive_max_pooling3d_args {
    ints output_size{}; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *adaptive_max_pooling3d(const adaptive_max_pooling3d_args &a)
{
    kt_adaptive_max_pooling3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("output_size", c.output_size, a.output_size);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("AdaptiveMaxPooling3D", c.at, sizeof c);
}

/* AdaptiveAveragePooling1D: Means, as many as are asked for. */
struct adaptive_average_pooling1d_args {
    ints output_size{}; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *adaptive_average_pooling1d(const adaptive_average_pooling1d_args &a)
{
    kt_adaptive_average_pooling1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("output_size", c.output_size, a.output_size);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("AdaptiveAveragePooling1D", c.at, sizeof c);
}

/* AdaptiveAveragePooling2D: Means, as many as are asked for. */
struct adaptive_average_pooling2d_args {
    ints output_size{}; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *adaptive_average_pooling2d(const adaptive_average_pooling2d_args &a)
{
    kt_adaptive_average_pooling2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("output_size", c.output_size, a.output_size);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("AdaptiveAveragePooling2D", c.at, sizeof c);
}

/* AdaptiveAveragePooling3D: Means, as many as are asked for. */
struct adaptive_average_pooling3d_args {
    ints output_size{}; /* Size of the output along each axis. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *adaptive_average_pooling3d(const adaptive_average_pooling3d_args &a)
{
    kt_adaptive_average_pooling3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("output_size", c.output_size, a.output_size);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("AdaptiveAveragePooling3D", c.at, sizeof c);
}

/* Attention: Values, weighted by the products of queries and keys. */
struct attention_args {
    std::optional<bool> use_scale{}; /* A learned factor of the scores. Default: False. */
    /* 'dot', or 'concat' for tanh(query + key). Default: dot. */
    std::optional<const char *> score_mode{};
    std::optional<double> dropout{}; /* Share of the weights that training drops. Default: 0.0. */
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *attention(const attention_args &a = {})
{
    kt_attention_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("use_scale", c.use_scale, a.use_scale);
    g.put("score_mode", c.score_mode, a.score_mode);
    g.put("dropout", c.dropout, a.dropout);
    g.put("seed", c.seed, a.seed);
    return g.make("Attention", c.at, sizeof c);
}

/* AdditiveAttention: Values, weighted by tanh of the sums of queries and keys. */
struct additive_attention_args {
    /* A learned factor of each feature in the scores. Default: True. */
    std::optional<bool> use_scale{};
    std::optional<double> dropout{}; /* Share of the weights that training drops. Default: 0.0. */
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *additive_attention(const additive_attention_args &a = {})
{
    kt_additive_attention_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("use_scale", c.use_scale, a.use_scale);
    g.put("dropout", c.dropout, a.dropout);
    g.put("seed", c.seed, a.seed);
    return g.make("AdditiveAttention", c.at, sizeof c);
}

/* AugMix: Mixes chains of changes with the image. */
struct aug_mix_args {
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    std::optional<int64_t> num_chains{}; /* How many chains are mixed. Default: 3. */
    std::optional<int64_t> chain_depth{}; /* The longest chain. Default: 3. */
    /* How strongly, or how often: a number or the ends of a range. Default: 0.3. */
    std::optional<const char *> factor{};
    std::optional<double> alpha{}; /* Of the distribution of the chains' weights. Default: 1.0. */
    /* Also brightness, colour, contrast and sharpness. Default: True. */
    std::optional<bool> all_ops{};
    std::optional<const char *> interpolation{}; /* 'nearest' or 'bilinear'. Default: bilinear. */
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *aug_mix(const aug_mix_args &a = {})
{
    kt_aug_mix_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("value_range", c.value_range, a.value_range);
    g.put("num_chains", c.num_chains, a.num_chains);
    g.put("chain_depth", c.chain_depth, a.chain_depth);
    g.put("factor", c.factor, a.factor);
    g.put("alpha", c.alpha, a.alpha);
    g.put("all_ops", c.all_ops, a.all_ops);
    g.put("interpolation", c.interpolation, a.interpolation);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("AugMix", c.at, sizeof c);
}

/* CutMix: Pastes a part of another image. */
struct cut_mix_args {
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    std::optional<const char *> factor{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *cut_mix(const cut_mix_args &a = {})
{
    kt_cut_mix_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("CutMix", c.at, sizeof c);
}

/* MixUp: Mixes two images. */
struct mix_up_args {
    std::optional<double> alpha{}; /* Of the distribution of the share. Default: 0.2. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *mix_up(const mix_up_args &a = {})
{
    kt_mix_up_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("alpha", c.alpha, a.alpha);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("MixUp", c.at, sizeof c);
}

/* Equalization: Evens out how often each brightness is. */
struct equalization_args {
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    std::optional<int64_t> bins{}; /* Steps of brightness. Default: 256. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *equalization(const equalization_args &a = {})
{
    kt_equalization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("value_range", c.value_range, a.value_range);
    g.put("bins", c.bins, a.bins);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("Equalization", c.at, sizeof c);
}

/* MaxNumBoundingBoxes: Limits boxes, not images. */
struct max_num_bounding_boxes_args {
    std::optional<int64_t> max_number{}; /* The most boxes of an image. Required. */
    std::optional<int64_t> fill_value{}; /* What stands for no box. Default: -1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *max_num_bounding_boxes(const max_num_bounding_boxes_args &a)
{
    kt_max_num_bounding_boxes_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("max_number", c.max_number, a.max_number);
    g.put("fill_value", c.fill_value, a.fill_value);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("MaxNumBoundingBoxes", c.at, sizeof c);
}

/* RandAugment: Changes images in some ways of many. */
struct rand_augment_args {
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    std::optional<int64_t> num_ops{}; /* How many are chosen. Default: 2. */
    /* How strongly, or how often: a number or the ends of a range. Default: 0.5. */
    std::optional<const char *> factor{};
    std::optional<const char *> interpolation{}; /* 'nearest' or 'bilinear'. Default: bilinear. */
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *rand_augment(const rand_augment_args &a = {})
{
    kt_rand_augment_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("value_range", c.value_range, a.value_range);
    g.put("num_ops", c.num_ops, a.num_ops);
    g.put("factor", c.factor, a.factor);
    g.put("interpolation", c.interpolation, a.interpolation);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandAugment", c.at, sizeof c);
}

/* RandomBrightness: Makes images brighter or darker. */
struct random_brightness_args {
    /* How strongly, or how often: a number or the ends of a range. Required. */
    std::optional<const char *> factor{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_brightness(const random_brightness_args &a)
{
    kt_random_brightness_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("value_range", c.value_range, a.value_range);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomBrightness", c.at, sizeof c);
}

/* RandomContrast: Changes how far pixels are from the mean. */
struct random_contrast_args {
    /* How strongly, or how often: a number or the ends of a range. Required. */
    std::optional<const char *> factor{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_contrast(const random_contrast_args &a)
{
    kt_random_contrast_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("value_range", c.value_range, a.value_range);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomContrast", c.at, sizeof c);
}

/* RandomInvert: Turns images into their negative. */
struct random_invert_args {
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    std::optional<const char *> factor{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_invert(const random_invert_args &a = {})
{
    kt_random_invert_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("value_range", c.value_range, a.value_range);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomInvert", c.at, sizeof c);
}

/* RandomColorDegeneration: Takes colour away. */
struct random_color_degeneration_args {
    /* How strongly, or how often: a number or the ends of a range. Required. */
    std::optional<const char *> factor{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_color_degeneration(const random_color_degeneration_args &a)
{
    kt_random_color_degeneration_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("value_range", c.value_range, a.value_range);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomColorDegeneration", c.at, sizeof c);
}

/* RandomHue: Turns colours. */
struct random_hue_args {
    /* How strongly, or how often: a number or the ends of a range. Required. */
    std::optional<const char *> factor{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_hue(const random_hue_args &a)
{
    kt_random_hue_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("value_range", c.value_range, a.value_range);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomHue", c.at, sizeof c);
}

/* RandomPosterization: Leaves fewer steps of colour. */
struct random_posterization_args {
    /* How strongly, or how often: a number or the ends of a range. Required. */
    std::optional<const char *> factor{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_posterization(const random_posterization_args &a)
{
    kt_random_posterization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("value_range", c.value_range, a.value_range);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomPosterization", c.at, sizeof c);
}

/* RandomSaturation: Makes colours stronger or weaker. */
struct random_saturation_args {
    /* How strongly, or how often: a number or the ends of a range. Required. */
    std::optional<const char *> factor{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_saturation(const random_saturation_args &a)
{
    kt_random_saturation_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("value_range", c.value_range, a.value_range);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomSaturation", c.at, sizeof c);
}

/* RandomSharpness: Sharpens or blurs. */
struct random_sharpness_args {
    /* How strongly, or how often: a number or the ends of a range. Required. */
    std::optional<const char *> factor{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_sharpness(const random_sharpness_args &a)
{
    kt_random_sharpness_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("value_range", c.value_range, a.value_range);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomSharpness", c.at, sizeof c);
}

/* RandomColorJitter: Changes brightness and colours. */
struct random_color_jitter_args {
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    /* As RandomBrightness; None: not. Default: None. */
    std::optional<const char *> brightness_factor{};
    /* As RandomContrast; None: not. Default: None. */
    std::optional<const char *> contrast_factor{};
    /* As RandomSaturation; None: not. Default: None. */
    std::optional<const char *> saturation_factor{};
    std::optional<const char *> hue_factor{}; /* As RandomHue; None: not. Default: None. */
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_color_jitter(const random_color_jitter_args &a = {})
{
    kt_random_color_jitter_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("value_range", c.value_range, a.value_range);
    g.put("brightness_factor", c.brightness_factor, a.brightness_factor);
    g.put("contrast_factor", c.contrast_factor, a.contrast_factor);
    g.put("saturation_factor", c.saturation_factor, a.saturation_factor);
    g.put("hue_factor", c.hue_factor, a.hue_factor);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomColorJitter", c.at, sizeof c);
}

/* RandomElasticTransform: Bends images. */
struct random_elastic_transform_args {
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    std::optional<const char *> factor{};
    std::optional<const char *> scale{}; /* How far pixels move. Default: 1.0. */
    std::optional<const char *> interpolation{}; /* 'nearest' or 'bilinear'. Default: bilinear. */
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    std::optional<const char *> fill_mode{};
    std::optional<double> fill_value{}; /* What 'constant' fills with. Default: 0.0. */
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_elastic_transform(const random_elastic_transform_args &a = {})
{
    kt_random_elastic_transform_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("scale", c.scale, a.scale);
    g.put("interpolation", c.interpolation, a.interpolation);
    g.put("fill_mode", c.fill_mode, a.fill_mode);
    g.put("fill_value", c.fill_value, a.fill_value);
    g.put("value_range", c.value_range, a.value_range);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomElasticTransform", c.at, sizeof c);
}

/* RandomErasing: Erases a part. */
struct random_erasing_args {
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    std::optional<const char *> factor{};
    /* Which share of the image is erased. Default: (0.02, 0.33). */
    std::optional<const char *> scale{};
    /* What the place is filled with; None: random. Default: None. */
    std::optional<const char *> fill_value{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_erasing(const random_erasing_args &a = {})
{
    kt_random_erasing_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("scale", c.scale, a.scale);
    g.put("fill_value", c.fill_value, a.fill_value);
    g.put("value_range", c.value_range, a.value_range);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomErasing", c.at, sizeof c);
}

/* RandomFlip: Mirrors images. */
struct random_flip_args {
    /* 'horizontal', 'vertical' or both. Default: horizontal_and_vertical. */
    std::optional<const char *> mode{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_flip(const random_flip_args &a = {})
{
    kt_random_flip_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("mode", c.mode, a.mode);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomFlip", c.at, sizeof c);
}

/* RandomGaussianBlur: Blurs images. */
struct random_gaussian_blur_args {
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    std::optional<const char *> factor{};
    std::optional<const char *> kernel_size{}; /* Pixels that are mixed: odd. Default: 3. */
    std::optional<const char *> sigma{}; /* How wide the blur is. Default: 1.0. */
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_gaussian_blur(const random_gaussian_blur_args &a = {})
{
    kt_random_gaussian_blur_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("sigma", c.sigma, a.sigma);
    g.put("value_range", c.value_range, a.value_range);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomGaussianBlur", c.at, sizeof c);
}

/* RandomGrayscale: Makes images gray. */
struct random_grayscale_args {
    std::optional<const char *> factor{}; /* How often: between 0 and 1. Default: 0.5. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_grayscale(const random_grayscale_args &a = {})
{
    kt_random_grayscale_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomGrayscale", c.at, sizeof c);
}

/* RandomPerspective: Moves the corners. */
struct random_perspective_args {
    /* How strongly, or how often: a number or the ends of a range. Default: 1.0. */
    std::optional<const char *> factor{};
    std::optional<double> scale{}; /* How far corners move. Default: 1.0. */
    std::optional<const char *> interpolation{}; /* 'nearest' or 'bilinear'. Default: bilinear. */
    std::optional<double> fill_value{}; /* What 'constant' fills with. Default: 0.0. */
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_perspective(const random_perspective_args &a = {})
{
    kt_random_perspective_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("scale", c.scale, a.scale);
    g.put("interpolation", c.interpolation, a.interpolation);
    g.put("fill_value", c.fill_value, a.fill_value);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomPerspective", c.at, sizeof c);
}

/* RandomRotation: Turns images. */
struct random_rotation_args {
    /* How strongly, or how often: a number or the ends of a range. Required. */
    std::optional<const char *> factor{};
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    std::optional<const char *> fill_mode{};
    std::optional<const char *> interpolation{}; /* 'nearest' or 'bilinear'. Default: bilinear. */
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    std::optional<double> fill_value{}; /* What 'constant' fills with. Default: 0.0. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_rotation(const random_rotation_args &a)
{
    kt_random_rotation_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("factor", c.factor, a.factor);
    g.put("fill_mode", c.fill_mode, a.fill_mode);
    g.put("interpolation", c.interpolation, a.interpolation);
    g.put("seed", c.seed, a.seed);
    g.put("fill_value", c.fill_value, a.fill_value);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomRotation", c.at, sizeof c);
}

/* RandomShear: Shears images. */
struct random_shear_args {
    std::optional<const char *> x_factor{}; /* How far rows move. Default: 0.0. */
    std::optional<const char *> y_factor{}; /* How far columns move. Default: 0.0. */
    std::optional<const char *> interpolation{}; /* 'nearest' or 'bilinear'. Default: bilinear. */
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    std::optional<const char *> fill_mode{};
    std::optional<double> fill_value{}; /* What 'constant' fills with. Default: 0.0. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_shear(const random_shear_args &a = {})
{
    kt_random_shear_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("x_factor", c.x_factor, a.x_factor);
    g.put("y_factor", c.y_factor, a.y_factor);
    g.put("interpolation", c.interpolation, a.interpolation);
    g.put("fill_mode", c.fill_mode, a.fill_mode);
    g.put("fill_value", c.fill_value, a.fill_value);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomShear", c.at, sizeof c);
}

/* RandomTranslation: Moves images. */
struct random_translation_args {
    std::optional<const char *> height_factor{}; /* How far up and down. Required. */
    std::optional<const char *> width_factor{}; /* How far to the sides. Required. */
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    std::optional<const char *> fill_mode{};
    std::optional<const char *> interpolation{}; /* 'nearest' or 'bilinear'. Default: bilinear. */
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    std::optional<double> fill_value{}; /* What 'constant' fills with. Default: 0.0. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_translation(const random_translation_args &a)
{
    kt_random_translation_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("height_factor", c.height_factor, a.height_factor);
    g.put("width_factor", c.width_factor, a.width_factor);
    g.put("fill_mode", c.fill_mode, a.fill_mode);
    g.put("interpolation", c.interpolation, a.interpolation);
    g.put("seed", c.seed, a.seed);
    g.put("fill_value", c.fill_value, a.fill_value);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomTranslation", c.at, sizeof c);
}

/* RandomZoom: Enlarges or shrinks images. */
struct random_zoom_args {
    /* How much up and down; below 0: nearer. Required. */
    std::optional<const char *> height_factor{};
    /* The same to the sides; None: as up and down. Default: None. */
    std::optional<const char *> width_factor{};
    /* What lies outside: 'reflect', 'wrap', 'constant', 'nearest'. Default: reflect. */
    std::optional<const char *> fill_mode{};
    std::optional<const char *> interpolation{}; /* 'nearest' or 'bilinear'. Default: bilinear. */
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    std::optional<double> fill_value{}; /* What 'constant' fills with. Default: 0.0. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_zoom(const random_zoom_args &a)
{
    kt_random_zoom_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("height_factor", c.height_factor, a.height_factor);
    g.put("width_factor", c.width_factor, a.width_factor);
    g.put("fill_mode", c.fill_mode, a.fill_mode);
    g.put("interpolation", c.interpolation, a.interpolation);
    g.put("seed", c.seed, a.seed);
    g.put("fill_value", c.fill_value, a.fill_value);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomZoom", c.at, sizeof c);
}

/* Solarization: Turns what is bright into its negative. */
struct solarization_args {
    std::optional<const char *> addition_factor{}; /* How much brighter before. Default: 0.0. */
    /* Above which brightness it is turned. Default: 0.0. */
    std::optional<const char *> threshold_factor{};
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *solarization(const solarization_args &a = {})
{
    kt_solarization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("addition_factor", c.addition_factor, a.addition_factor);
    g.put("threshold_factor", c.threshold_factor, a.threshold_factor);
    g.put("value_range", c.value_range, a.value_range);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("Solarization", c.at, sizeof c);
}

/* RandomCrop: Cuts a part out. */
struct random_crop_args {
    std::optional<int64_t> height{}; /* Rows of the result. Required. */
    std::optional<int64_t> width{}; /* Columns of the result. Required. */
    std::optional<int64_t> seed{}; /* Of the random numbers; None: drawn. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *random_crop(const random_crop_args &a)
{
    kt_random_crop_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("height", c.height, a.height);
    g.put("width", c.width, a.width);
    g.put("seed", c.seed, a.seed);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("RandomCrop", c.at, sizeof c);
}

/* AutoContrast: Spreads an image over all brightnesses. */
struct auto_contrast_args {
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *auto_contrast(const auto_contrast_args &a = {})
{
    kt_auto_contrast_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("value_range", c.value_range, a.value_range);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("AutoContrast", c.at, sizeof c);
}

/* ContrastLimitedAdaptiveHistogramEqualization: Spreads an image over all brightnesses, tile by
  tile. */
struct contrast_limited_adaptive_histogram_equalization_args {
    /* The least and the largest number of a pixel. Default: (0, 255). */
    std::optional<const char *> value_range{};
    /* How often a brightness may be, beside the mean; 0: any. Default: 4.0. */
    std::optional<double> clip_limit{};
    ints tile_grid_size{}; /* Tiles down and across. Default: (8, 8). */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *
contrast_limited_adaptive_histogram_equalization(
    const contrast_limited_adaptive_histogram_equalization_args &a = {})
{
    kt_contrast_limited_adaptive_histogram_equalization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("value_range", c.value_range, a.value_range);
    g.put("clip_limit", c.clip_limit, a.clip_limit);
    g.put("tile_grid_size", c.tile_grid_size, a.tile_grid_size);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("ContrastLimitedAdaptiveHistogramEqualization", c.at, sizeof c);
}

/* BatchNormalization: Normalises each channel over the batch. */
struct batch_normalization_args {
    std::optional<int64_t> axis{}; /* The channel axis. Default: -1. */
    /* moving = moving * momentum + batch * (1 - momentum). Default: 0.99. */
    std::optional<double> momentum{};
    std::optional<double> epsilon{}; /* Added to the variance. Default: 0.001. */
    std::optional<bool> center{}; /* Add beta. Default: True. */
    std::optional<bool> scale{}; /* Multiply by gamma. Default: True. */
    std::optional<const char *> beta_initializer{}; /* How beta starts. Default: zeros. */
    std::optional<const char *> gamma_initializer{}; /* How gamma starts. Default: ones. */
    /* How the moving mean starts. Default: zeros. */
    std::optional<const char *> moving_mean_initializer{};
    /* How the moving variance starts. Default: ones. */
    std::optional<const char *> moving_variance_initializer{};
    std::optional<const char *> beta_regularizer{}; /* Penalty on beta. Default: None. */
    std::optional<const char *> gamma_regularizer{}; /* Penalty on gamma. Default: None. */
    /* Projection of beta after each update. Default: None. */
    std::optional<const char *> beta_constraint{};
    /* Projection of gamma after each update. Default: None. */
    std::optional<const char *> gamma_constraint{};
    std::optional<bool> renorm{}; /* Batch renormalisation. Default: False. */
    std::optional<const char *> renorm_clipping{}; /* Of batch renormalisation. Default: None. */
    std::optional<double> renorm_momentum{}; /* Of batch renormalisation. Default: 0.99. */
    /* Over many machines; one is all that there is. Default: False. */
    std::optional<bool> synchronized{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *batch_normalization(const batch_normalization_args &a = {})
{
    kt_batch_normalization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("axis", c.axis, a.axis);
    g.put("momentum", c.momentum, a.momentum);
    g.put("epsilon", c.epsilon, a.epsilon);
    g.put("center", c.center, a.center);
    g.put("scale", c.scale, a.scale);
    g.put("beta_initializer", c.beta_initializer, a.beta_initializer);
    g.put("gamma_initializer", c.gamma_initializer, a.gamma_initializer);
    g.put("moving_mean_initializer", c.moving_mean_initializer, a.moving_mean_initializer);
    g.put("moving_variance_initializer",
          c.moving_variance_initializer, a.moving_variance_initializer);
    g.put("beta_regularizer", c.beta_regularizer, a.beta_regularizer);
    g.put("gamma_regularizer", c.gamma_regularizer, a.gamma_regularizer);
    g.put("beta_constraint", c.beta_constraint, a.beta_constraint);
    g.put("gamma_constraint", c.gamma_constraint, a.gamma_constraint);
    g.put("renorm", c.renorm, a.renorm);
    g.put("renorm_clipping", c.renorm_clipping, a.renorm_clipping);
    g.put("renorm_momentum", c.renorm_momentum, a.renorm_momentum);
    g.put("synchronized", c.synchronized, a.synchronized);
    return g.make("BatchNormalization", c.at, sizeof c);
}

/* Bidirectional: Reads a sequence in both directions. */
struct bidirectional_args {
    std::optional<kt_layer *> layer{}; /* The recurrent layer that reads the sequence. Required. */
    /* How both outputs are joined: 'concat', 'sum', 'mul', 'ave', or None for two outputs. Default:
      'concat'. */
    std::optional<const char *> merge_mode{};
    /* Without effect: weights are set when the layer is built. Default: None. */
    std::optional<const char *> weights{};
    /* The one that reads it backwards, if not a like one. Default: None. */
    std::optional<kt_layer *> backward_layer{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *bidirectional(const bidirectional_args &a)
{
    kt_bidirectional_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("layer", c.layer, a.layer);
    g.put("merge_mode", c.merge_mode, a.merge_mode);
    g.put("weights", c.weights, a.weights);
    g.put("backward_layer", c.backward_layer, a.backward_layer);
    return g.make("Bidirectional", c.at, sizeof c);
}

/* ZeroPadding1D: A border of zeros. */
struct zero_padding1d_args {
    ints padding{}; /* How many before and behind, for all axes or for each. Default: 1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *zero_padding1d(const zero_padding1d_args &a = {})
{
    kt_zero_padding1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("ZeroPadding1D", c.at, sizeof c);
}

/* ZeroPadding2D: A border of zeros. */
struct zero_padding2d_args {
    ints padding{}; /* How many before and behind, for all axes or for each. Default: 1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *zero_padding2d(const zero_padding2d_args &a = {})
{
    kt_zero_padding2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("ZeroPadding2D", c.at, sizeof c);
}

/* ZeroPadding3D: A border of zeros. */
struct zero_padding3d_args {
    ints padding{}; /* How many before and behind, for all axes or for each. Default: 1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *zero_padding3d(const zero_padding3d_args &a = {})
{
    kt_zero_padding3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("ZeroPadding3D", c.at, sizeof c);
}

/* Cropping1D: Takes a border off. */
struct cropping1d_args {
    ints cropping{}; /* How many before and behind. Default: (1, 1). */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *cropping1d(const cropping1d_args &a = {})
{
    kt_cropping1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("cropping", c.cropping, a.cropping);
    return g.make("Cropping1D", c.at, sizeof c);
}

/* Cropping2D: Takes a border off. */
struct cropping2d_args {
    /* How many before and behind, for all axes or for each. Default: ((0, 0), (0, 0)). */
    ints cropping{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *cropping2d(const cropping2d_args &a = {})
{
    kt_cropping2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("cropping", c.cropping, a.cropping);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("Cropping2D", c.at, sizeof c);
}

/* Cropping3D: Takes a border off. */
struct cropping3d_args {
    ints cropping{}; /* How many before and behind, for all axes or for each. Default: 1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *cropping3d(const cropping3d_args &a = {})
{
    kt_cropping3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("cropping", c.cropping, a.cropping);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("Cropping3D", c.at, sizeof c);
}

/* CategoryEncoding: Whole numbers as vectors of zeros, ones and counts. */
struct category_encoding_args {
    /* How many numbers there are: 0 to num_tokens - 1. Default: None. */
    std::optional<int64_t> num_tokens{};
    /* 'one_hot': each number a vector; 'multi_hot' or 'count': one vector for a sample. Default:
      multi_hot. */
    std::optional<const char *> output_mode{};
    std::optional<bool> sparse{}; /* Of Keras' tensors; the numbers are the same. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *category_encoding(const category_encoding_args &a = {})
{
    kt_category_encoding_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("num_tokens", c.num_tokens, a.num_tokens);
    g.put("output_mode", c.output_mode, a.output_mode);
    g.put("sparse", c.sparse, a.sparse);
    return g.make("CategoryEncoding", c.at, sizeof c);
}

/* Concatenate: Its inputs one after another along an axis. */
struct concatenate_args {
    std::optional<int64_t> axis{}; /* The axis that grows. Default: -1. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *concatenate(const concatenate_args &a = {})
{
    kt_concatenate_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("axis", c.axis, a.axis);
    return g.make("Concatenate", c.at, sizeof c);
}

/* Conv1D: A kernel slides along one axis: time. */
struct conv1d_args {
    std::optional<int64_t> filters{}; /* Channels of the output. Required. */
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* Step of the kernel. Default: 1. */
    /* 'valid', 'same': as large as the input / strides, or for Conv1D 'causal'. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    /* Channels are split into this many independent groups. Default: 1. */
    std::optional<int64_t> groups{};
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per filter. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *conv1d(const conv1d_args &a)
{
    kt_conv1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("groups", c.groups, a.groups);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("Conv1D", c.at, sizeof c);
}

/* Conv2D: A kernel slides over two spatial axes. */
struct conv2d_args {
    std::optional<int64_t> filters{}; /* Channels of the output. Required. */
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* Step of the kernel. Default: 1. */
    /* 'valid', 'same': as large as the input / strides, or for Conv1D 'causal'. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    /* Channels are split into this many independent groups. Default: 1. */
    std::optional<int64_t> groups{};
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per filter. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *conv2d(const conv2d_args &a)
{
    kt_conv2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("groups", c.groups, a.groups);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("Conv2D", c.at, sizeof c);
}

/* Conv3D: A kernel slides over three spatial axes. */
struct conv3d_args {
    std::optional<int64_t> filters{}; /* Channels of the output. Required. */
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* Step of the kernel. Default: 1. */
    /* 'valid', 'same': as large as the input / strides, or for Conv1D 'causal'. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    /* Channels are split into this many independent groups. Default: 1. */
    std::optional<int64_t> groups{};
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per filter. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *conv3d(const conv3d_args &a)
{
    kt_conv3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("groups", c.groups, a.groups);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("Conv3D", c.at, sizeof c);
}

/* ConvLSTM1D: An LSTM over sequences whose steps have 1 spatial axes. */
struct conv_lstm1d_args {
    std::optional<int64_t> filters{}; /* Channels of the state and the output. Required. */
    ints kernel_size{}; /* Size of both kernels along each axis. Required. */
    ints strides{}; /* Step of the inputs' kernel. Default: 1. */
    /* 'valid', or 'same': as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the cells of the inputs' kernel. Default: 1. */
    std::optional<const char *> activation{}; /* Of the candidate and the output. Default: tanh. */
    std::optional<const char *> recurrent_activation{}; /* Of the three gates. Default: sigmoid. */
    std::optional<bool> use_bias{}; /* Add a bias per filter and gate. Default: True. */
    /* How the inputs' kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    /* How the state's kernel starts. Default: orthogonal. */
    std::optional<const char *> recurrent_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    /* The forget gate's bias starts at one. Default: True. */
    std::optional<bool> unit_forget_bias{};
    /* Penalty on the inputs' kernel. Default: None. */
    std::optional<const char *> kernel_regularizer{};
    /* Penalty on the state's kernel. Default: None. */
    std::optional<const char *> recurrent_regularizer{};
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the recurrent kernel after each update. Default: None. */
    std::optional<const char *> recurrent_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Share of the inputs that is dropped in training. Default: 0.0. */
    std::optional<double> dropout{};
    /* Share of the state that is dropped in training. Default: 0.0. */
    std::optional<double> recurrent_dropout{};
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    /* Return every step's output, not only the last. Default: False. */
    std::optional<bool> return_sequences{};
    std::optional<bool> return_state{}; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    std::optional<bool> go_backwards{};
    /* Start each batch from the last batch's states. Default: False. */
    std::optional<bool> stateful{};
    /* Write the steps out where no op does them all. Default: False. */
    std::optional<bool> unroll{};
    /* Masked steps give zeros instead of the step before. Default: False. */
    std::optional<bool> zero_output_for_mask{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *conv_lstm1d(const conv_lstm1d_args &a)
{
    kt_conv_lstm1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("activation", c.activation, a.activation);
    g.put("recurrent_activation", c.recurrent_activation, a.recurrent_activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("recurrent_initializer", c.recurrent_initializer, a.recurrent_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("unit_forget_bias", c.unit_forget_bias, a.unit_forget_bias);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("recurrent_regularizer", c.recurrent_regularizer, a.recurrent_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("recurrent_constraint", c.recurrent_constraint, a.recurrent_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("dropout", c.dropout, a.dropout);
    g.put("recurrent_dropout", c.recurrent_dropout, a.recurrent_dropout);
    g.put("seed", c.seed, a.seed);
    g.put("return_sequences", c.return_sequences, a.return_sequences);
    g.put("return_state", c.return_state, a.return_state);
    g.put("go_backwards", c.go_backwards, a.go_backwards);
    g.put("stateful", c.stateful, a.stateful);
    g.put("unroll", c.unroll, a.unroll);
    g.put("zero_output_for_mask", c.zero_output_for_mask, a.zero_output_for_mask);
    return g.make("ConvLSTM1D", c.at, sizeof c);
}

/* ConvLSTM2D: An LSTM over sequences whose steps have 2 spatial axes. */
struct conv_lstm2d_args {
    std::optional<int64_t> filters{}; /* Channels of the state and the output. Required. */
    ints kernel_size{}; /* Size of both kernels along each axis. Required. */
    ints strides{}; /* Step of the inputs' kernel. Default: 1. */
    /* 'valid', or 'same': as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the cells of the inputs' kernel. Default: 1. */
    std::optional<const char *> activation{}; /* Of the candidate and the output. Default: tanh. */
    std::optional<const char *> recurrent_activation{}; /* Of the three gates. Default: sigmoid. */
    std::optional<bool> use_bias{}; /* Add a bias per filter and gate. Default: True. */
    /* How the inputs' kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    /* How the state's kernel starts. Default: orthogonal. */
    std::optional<const char *> recurrent_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    /* The forget gate's bias starts at one. Default: True. */
    std::optional<bool> unit_forget_bias{};
    /* Penalty on the inputs' kernel. Default: None. */
    std::optional<const char *> kernel_regularizer{};
    /* Penalty on the state's kernel. Default: None. */
    std::optional<const char *> recurrent_regularizer{};
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the recurrent kernel after each update. Default: None. */
    std::optional<const char *> recurrent_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Share of the inputs that is dropped in training. Default: 0.0. */
    std::optional<double> dropout{};
    /* Share of the state that is dropped in training. Default: 0.0. */
    std::optional<double> recurrent_dropout{};
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    /* Return every step's output, not only the last. Default: False. */
    std::optional<bool> return_sequences{};
    std::optional<bool> return_state{}; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    std::optional<bool> go_backwards{};
    /* Start each batch from the last batch's states. Default: False. */
    std::optional<bool> stateful{};
    /* Write the steps out where no op does them all. Default: False. */
    std::optional<bool> unroll{};
    /* Masked steps give zeros instead of the step before. Default: False. */
    std::optional<bool> zero_output_for_mask{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *conv_lstm2d(const conv_lstm2d_args &a)
{
    kt_conv_lstm2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("activation", c.activation, a.activation);
    g.put("recurrent_activation", c.recurrent_activation, a.recurrent_activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("recurrent_initializer", c.recurrent_initializer, a.recurrent_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("unit_forget_bias", c.unit_forget_bias, a.unit_forget_bias);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("recurrent_regularizer", c.recurrent_regularizer, a.recurrent_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("recurrent_constraint", c.recurrent_constraint, a.recurrent_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("dropout", c.dropout, a.dropout);
    g.put("recurrent_dropout", c.recurrent_dropout, a.recurrent_dropout);
    g.put("seed", c.seed, a.seed);
    g.put("return_sequences", c.return_sequences, a.return_sequences);
    g.put("return_state", c.return_state, a.return_state);
    g.put("go_backwards", c.go_backwards, a.go_backwards);
    g.put("stateful", c.stateful, a.stateful);
    g.put("unroll", c.unroll, a.unroll);
    g.put("zero_output_for_mask", c.zero_output_for_mask, a.zero_output_for_mask);
    return g.make("ConvLSTM2D", c.at, sizeof c);
}

/* ConvLSTM3D: An LSTM over sequences whose steps have 3 spatial axes. */
struct conv_lstm3d_args {
    std::optional<int64_t> filters{}; /* Channels of the state and the output. Required. */
    ints kernel_size{}; /* Size of both kernels along each axis. Required. */
    ints strides{}; /* Step of the inputs' kernel. Default: 1. */
    /* 'valid', or 'same': as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the cells of the inputs' kernel. Default: 1. */
    std::optional<const char *> activation{}; /* Of the candidate and the output. Default: tanh. */
    std::optional<const char *> recurrent_activation{}; /* Of the three gates. Default: sigmoid. */
    std::optional<bool> use_bias{}; /* Add a bias per filter and gate. Default: True. */
    /* How the inputs' kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    /* How the state's kernel starts. Default: orthogonal. */
    std::optional<const char *> recurrent_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    /* The forget gate's bias starts at one. Default: True. */
    std::optional<bool> unit_forget_bias{};
    /* Penalty on the inputs' kernel. Default: None. */
    std::optional<const char *> kernel_regularizer{};
    /* Penalty on the state's kernel. Default: None. */
    std::optional<const char *> recurrent_regularizer{};
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the recurrent kernel after each update. Default: None. */
    std::optional<const char *> recurrent_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Share of the inputs that is dropped in training. Default: 0.0. */
    std::optional<double> dropout{};
    /* Share of the state that is dropped in training. Default: 0.0. */
    std::optional<double> recurrent_dropout{};
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    /* Return every step's output, not only the last. Default: False. */
    std::optional<bool> return_sequences{};
    std::optional<bool> return_state{}; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    std::optional<bool> go_backwards{};
    /* Start each batch from the last batch's states. Default: False. */
    std::optional<bool> stateful{};
    /* Write the steps out where no op does them all. Default: False. */
    std::optional<bool> unroll{};
    /* Masked steps give zeros instead of the step before. Default: False. */
    std::optional<bool> zero_output_for_mask{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *conv_lstm3d(const conv_lstm3d_args &a)
{
    kt_conv_lstm3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("activation", c.activation, a.activation);
    g.put("recurrent_activation", c.recurrent_activation, a.recurrent_activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("recurrent_initializer", c.recurrent_initializer, a.recurrent_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("unit_forget_bias", c.unit_forget_bias, a.unit_forget_bias);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("recurrent_regularizer", c.recurrent_regularizer, a.recurrent_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("recurrent_constraint", c.recurrent_constraint, a.recurrent_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("dropout", c.dropout, a.dropout);
    g.put("recurrent_dropout", c.recurrent_dropout, a.recurrent_dropout);
    g.put("seed", c.seed, a.seed);
    g.put("return_sequences", c.return_sequences, a.return_sequences);
    g.put("return_state", c.return_state, a.return_state);
    g.put("go_backwards", c.go_backwards, a.go_backwards);
    g.put("stateful", c.stateful, a.stateful);
    g.put("unroll", c.unroll, a.unroll);
    g.put("zero_output_for_mask", c.zero_output_for_mask, a.zero_output_for_mask);
    return g.make("ConvLSTM3D", c.at, sizeof c);
}

/* Conv1DTranspose: The gradient of a convolution: makes maps larger. */
struct conv1d_transpose_args {
    std::optional<int64_t> filters{}; /* Channels of the output. Required. */
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* How much larger the output is. Default: 1. */
    /* 'valid', or 'same' for an output of input * strides. Default: valid. */
    std::optional<const char *> padding{};
    ints output_padding{}; /* Cells more at the end; None: by padding. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per filter. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *conv1d_transpose(const conv1d_transpose_args &a)
{
    kt_conv1d_transpose_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("output_padding", c.output_padding, a.output_padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("Conv1DTranspose", c.at, sizeof c);
}

/* Conv2DTranspose: The gradient of a convolution: makes maps larger. */
struct conv2d_transpose_args {
    std::optional<int64_t> filters{}; /* Channels of the output. Required. */
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* How much larger the output is. Default: 1. */
    /* 'valid', or 'same' for an output of input * strides. Default: valid. */
    std::optional<const char *> padding{};
    ints output_padding{}; /* Cells more at the end; None: by padding. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per filter. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *conv2d_transpose(const conv2d_transpose_args &a)
{
    kt_conv2d_transpose_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("output_padding", c.output_padding, a.output_padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("Conv2DTranspose", c.at, sizeof c);
}

/* Conv3DTranspose: The gradient of a convolution: makes maps larger. */
struct conv3d_transpose_args {
    std::optional<int64_t> filters{}; /* Channels of the output. Required. */
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* How much larger the output is. Default: 1. */
    /* 'valid', or 'same' for an output of input * strides. Default: valid. */
    std::optional<const char *> padding{};
    ints output_padding{}; /* Cells more at the end; None: by padding. Default: None. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per filter. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *conv3d_transpose(const conv3d_transpose_args &a)
{
    kt_conv3d_transpose_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("output_padding", c.output_padding, a.output_padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("Conv3DTranspose", c.at, sizeof c);
}

/* Dense: Every output unit sees every input feature. */
struct dense_args {
    std::optional<int64_t> units{}; /* Size of the last output axis. Required. */
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias vector. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Learn a product of this rank that is added to the kernel. Default: None. */
    std::optional<int64_t> lora_rank{};
    std::optional<double> lora_alpha{}; /* Without effect, as in Keras. Default: None. */
    /* Quantisation; only None is supported. Default: None. */
    std::optional<const char *> quantization_config{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *dense(const dense_args &a)
{
    kt_dense_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("units", c.units, a.units);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("lora_rank", c.lora_rank, a.lora_rank);
    g.put("lora_alpha", c.lora_alpha, a.lora_alpha);
    g.put("quantization_config", c.quantization_config, a.quantization_config);
    return g.make("Dense", c.at, sizeof c);
}

/* DepthwiseConv1D: A kernel for each channel. */
struct depthwise_conv1d_args {
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* Step of the kernel. Default: 1. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    std::optional<int64_t> depth_multiplier{}; /* Outputs of each channel. Default: 1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per output channel. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> depthwise_initializer{};
    std::optional<const char *> depthwise_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> depthwise_constraint{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *depthwise_conv1d(const depthwise_conv1d_args &a)
{
    kt_depthwise_conv1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("depth_multiplier", c.depth_multiplier, a.depth_multiplier);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("depthwise_initializer", c.depthwise_initializer, a.depthwise_initializer);
    g.put("depthwise_regularizer", c.depthwise_regularizer, a.depthwise_regularizer);
    g.put("depthwise_constraint", c.depthwise_constraint, a.depthwise_constraint);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("DepthwiseConv1D", c.at, sizeof c);
}

/* DepthwiseConv2D: A kernel for each channel. */
struct depthwise_conv2d_args {
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* Step of the kernel. Default: 1. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    std::optional<int64_t> depth_multiplier{}; /* Outputs of each channel. Default: 1. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per output channel. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> depthwise_initializer{};
    std::optional<const char *> depthwise_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> depthwise_constraint{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *depthwise_conv2d(const depthwise_conv2d_args &a)
{
    kt_depthwise_conv2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("depth_multiplier", c.depth_multiplier, a.depth_multiplier);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("depthwise_initializer", c.depthwise_initializer, a.depthwise_initializer);
    g.put("depthwise_regularizer", c.depthwise_regularizer, a.depthwise_regularizer);
    g.put("depthwise_constraint", c.depthwise_constraint, a.depthwise_constraint);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("DepthwiseConv2D", c.at, sizeof c);
}

/* SeparableConv1D: A kernel for each channel, then one cell over all of them. */
struct separable_conv1d_args {
    std::optional<int64_t> filters{}; /* Channels of the output. Required. */
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* Step of the kernel. Default: 1. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    std::optional<int64_t> depth_multiplier{}; /* Outputs of each channel. Default: 1. */
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per output channel. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> depthwise_initializer{};
    std::optional<const char *> depthwise_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> depthwise_constraint{};
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> pointwise_initializer{};
    std::optional<const char *> pointwise_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> pointwise_constraint{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *separable_conv1d(const separable_conv1d_args &a)
{
    kt_separable_conv1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("depth_multiplier", c.depth_multiplier, a.depth_multiplier);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("depthwise_initializer", c.depthwise_initializer, a.depthwise_initializer);
    g.put("depthwise_regularizer", c.depthwise_regularizer, a.depthwise_regularizer);
    g.put("depthwise_constraint", c.depthwise_constraint, a.depthwise_constraint);
    g.put("pointwise_initializer", c.pointwise_initializer, a.pointwise_initializer);
    g.put("pointwise_regularizer", c.pointwise_regularizer, a.pointwise_regularizer);
    g.put("pointwise_constraint", c.pointwise_constraint, a.pointwise_constraint);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("SeparableConv1D", c.at, sizeof c);
}

/* SeparableConv2D: A kernel for each channel, then one cell over all of them. */
struct separable_conv2d_args {
    std::optional<int64_t> filters{}; /* Channels of the output. Required. */
    ints kernel_size{}; /* Size of the kernel along each axis. Required. */
    ints strides{}; /* Step of the kernel. Default: 1. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    ints dilation_rate{}; /* Gap between the kernel's cells. Default: 1. */
    std::optional<int64_t> depth_multiplier{}; /* Outputs of each channel. Default: 1. */
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    std::optional<bool> use_bias{}; /* Add a bias per output channel. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> depthwise_initializer{};
    std::optional<const char *> depthwise_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> depthwise_constraint{};
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> pointwise_initializer{};
    std::optional<const char *> pointwise_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> pointwise_constraint{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *separable_conv2d(const separable_conv2d_args &a)
{
    kt_separable_conv2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("filters", c.filters, a.filters);
    g.put("kernel_size", c.kernel_size, a.kernel_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    g.put("dilation_rate", c.dilation_rate, a.dilation_rate);
    g.put("depth_multiplier", c.depth_multiplier, a.depth_multiplier);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("depthwise_initializer", c.depthwise_initializer, a.depthwise_initializer);
    g.put("depthwise_regularizer", c.depthwise_regularizer, a.depthwise_regularizer);
    g.put("depthwise_constraint", c.depthwise_constraint, a.depthwise_constraint);
    g.put("pointwise_initializer", c.pointwise_initializer, a.pointwise_initializer);
    g.put("pointwise_regularizer", c.pointwise_regularizer, a.pointwise_regularizer);
    g.put("pointwise_constraint", c.pointwise_constraint, a.pointwise_constraint);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    return g.make("SeparableConv2D", c.at, sizeof c);
}

/* Discretization: Which of some bins a number lies in. */
struct discretization_args {
    /* Where one bin ends and the next begins, in order. Default: None. */
    std::optional<const char *> bin_boundaries{};
    /* How many bins to learn from data instead. Default: None. */
    std::optional<int64_t> num_bins{};
    std::optional<double> epsilon{}; /* How exact the quantiles are. Default: 0.01. */
    /* 'int', 'one_hot', 'multi_hot' or 'count'. Default: int. */
    std::optional<const char *> output_mode{};
    std::optional<bool> sparse{}; /* Of Keras' tensors; the numbers are the same. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *discretization(const discretization_args &a = {})
{
    kt_discretization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("bin_boundaries", c.bin_boundaries, a.bin_boundaries);
    g.put("num_bins", c.num_bins, a.num_bins);
    g.put("epsilon", c.epsilon, a.epsilon);
    g.put("output_mode", c.output_mode, a.output_mode);
    g.put("sparse", c.sparse, a.sparse);
    return g.make("Discretization", c.at, sizeof c);
}

/* Dot: The products of two inputs, summed over an axis. */
struct dot_args {
    ints axes{}; /* The axis that is summed, or one for each input. Required. */
    /* Bring both to norm 1 along their axis before. Default: False. */
    std::optional<bool> normalize{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *dot(const dot_args &a)
{
    kt_dot_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("axes", c.axes, a.axes);
    g.put("normalize", c.normalize, a.normalize);
    return g.make("Dot", c.at, sizeof c);
}

/* Dropout: Drops a random share of its input in training. */
struct dropout_args {
    std::optional<double> rate{}; /* Share that is dropped, in [0, 1]. Required. */
    ints noise_shape{}; /* Shape of the mask; axes of 1 are dropped together. Default: None. */
    std::optional<int64_t> seed{}; /* Of the random numbers. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *dropout(const dropout_args &a)
{
    kt_dropout_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("rate", c.rate, a.rate);
    g.put("noise_shape", c.noise_shape, a.noise_shape);
    g.put("seed", c.seed, a.seed);
    return g.make("Dropout", c.at, sizeof c);
}

/* EinsumDense: A kernel, multiplied as an equation of letters says. */
struct einsum_dense_args {
    /* 'abc,cd->abd': input, kernel, output; '...' for other axes. Required. */
    std::optional<const char *> equation{};
    ints output_shape{}; /* Sizes of the output without the batch; None: the input's. Required. */
    std::optional<const char *> activation{}; /* Applied to the result. Default: None. */
    /* Letters of the output that have a bias of their own. Default: None. */
    std::optional<const char *> bias_axes{};
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Learn a product of this rank that is added to the kernel. Default: None. */
    std::optional<int64_t> lora_rank{};
    /* Divided by the rank, its scale. None: the rank. Default: None. */
    std::optional<double> lora_alpha{};
    /* Quantisation; only None is supported. Default: None. */
    std::optional<const char *> gptq_unpacked_column_size{};
    /* Quantisation; only None is supported. Default: None. */
    std::optional<const char *> quantization_config{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *einsum_dense(const einsum_dense_args &a)
{
    kt_einsum_dense_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("equation", c.equation, a.equation);
    g.put("output_shape", c.output_shape, a.output_shape);
    g.put("activation", c.activation, a.activation);
    g.put("bias_axes", c.bias_axes, a.bias_axes);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("lora_rank", c.lora_rank, a.lora_rank);
    g.put("lora_alpha", c.lora_alpha, a.lora_alpha);
    g.put("gptq_unpacked_column_size", c.gptq_unpacked_column_size, a.gptq_unpacked_column_size);
    g.put("quantization_config", c.quantization_config, a.quantization_config);
    return g.make("EinsumDense", c.at, sizeof c);
}

/* Embedding: Looks up a row of its table for each integer. */
struct embedding_args {
    std::optional<int64_t> input_dim{}; /* Rows of the table: the largest id + 1. Required. */
    std::optional<int64_t> output_dim{}; /* Size of a row. Required. */
    /* How the table starts. Default: uniform. */
    std::optional<const char *> embeddings_initializer{};
    std::optional<const char *> embeddings_regularizer{}; /* Penalty on the table. Default: None. */
    /* Projection of the table after each update. Default: None. */
    std::optional<const char *> embeddings_constraint{};
    std::optional<bool> mask_zero{}; /* Id 0 is padding: it is masked. Default: False. */
    /* Initial table; only None is supported. Default: None. */
    std::optional<const char *> weights{};
    /* Learn a product of this rank that is added to the table. Default: None. */
    std::optional<int64_t> lora_rank{};
    std::optional<double> lora_alpha{}; /* Without effect, as in Keras. Default: None. */
    /* Accepted as Keras does, without effect. Default: None. */
    std::optional<const char *> input_length{};
    /* Quantisation; only None is supported. Default: None. */
    std::optional<const char *> quantization_config{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *embedding(const embedding_args &a)
{
    kt_embedding_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("input_dim", c.input_dim, a.input_dim);
    g.put("output_dim", c.output_dim, a.output_dim);
    g.put("embeddings_initializer", c.embeddings_initializer, a.embeddings_initializer);
    g.put("embeddings_regularizer", c.embeddings_regularizer, a.embeddings_regularizer);
    g.put("embeddings_constraint", c.embeddings_constraint, a.embeddings_constraint);
    g.put("mask_zero", c.mask_zero, a.mask_zero);
    g.put("weights", c.weights, a.weights);
    g.put("lora_rank", c.lora_rank, a.lora_rank);
    g.put("lora_alpha", c.lora_alpha, a.lora_alpha);
    g.put("input_length", c.input_length, a.input_length);
    g.put("quantization_config", c.quantization_config, a.quantization_config);
    return g.make("Embedding", c.at, sizeof c);
}

/* ReversibleEmbedding: An Embedding that also goes back, from rows to scores of integers. */
struct reversible_embedding_args {
    std::optional<int64_t> input_dim{}; /* Rows of the table: the largest id + 1. Required. */
    std::optional<int64_t> output_dim{}; /* Size of a row. Required. */
    /* The way back uses the same table, else one of its own. Default: True. */
    std::optional<bool> tie_weights{};
    /* How the table starts. Default: uniform. */
    std::optional<const char *> embeddings_initializer{};
    std::optional<const char *> embeddings_regularizer{}; /* Penalty on the table. Default: None. */
    /* Projection of the table after each update. Default: None. */
    std::optional<const char *> embeddings_constraint{};
    std::optional<bool> mask_zero{}; /* Id 0 is padding: it is masked. Default: False. */
    /* Dtype of the way back; None: the layer's. Default: None. */
    std::optional<const char *> reverse_dtype{};
    /* Scores on the way back stay below this, by a tanh. Default: None. */
    std::optional<double> logit_soft_cap{};
    /* Initial table; only None is supported. Default: None. */
    std::optional<const char *> weights{};
    /* Learn a product of this rank that is added to the table. Default: None. */
    std::optional<int64_t> lora_rank{};
    std::optional<double> lora_alpha{}; /* Without effect, as in Keras. Default: None. */
    /* Accepted as Keras does, without effect. Default: None. */
    std::optional<const char *> input_length{};
    /* Quantisation; only None is supported. Default: None. */
    std::optional<const char *> quantization_config{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *reversible_embedding(const reversible_embedding_args &a)
{
    kt_reversible_embedding_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("input_dim", c.input_dim, a.input_dim);
    g.put("output_dim", c.output_dim, a.output_dim);
    g.put("tie_weights", c.tie_weights, a.tie_weights);
    g.put("embeddings_initializer", c.embeddings_initializer, a.embeddings_initializer);
    g.put("embeddings_regularizer", c.embeddings_regularizer, a.embeddings_regularizer);
    g.put("embeddings_constraint", c.embeddings_constraint, a.embeddings_constraint);
    g.put("mask_zero", c.mask_zero, a.mask_zero);
    g.put("reverse_dtype", c.reverse_dtype, a.reverse_dtype);
    g.put("logit_soft_cap", c.logit_soft_cap, a.logit_soft_cap);
    g.put("weights", c.weights, a.weights);
    g.put("lora_rank", c.lora_rank, a.lora_rank);
    g.put("lora_alpha", c.lora_alpha, a.lora_alpha);
    g.put("input_length", c.input_length, a.input_length);
    g.put("quantization_config", c.quantization_config, a.quantization_config);
    return g.make("ReversibleEmbedding", c.at, sizeof c);
}

/* LayerNormalization: Mean 0 and variance 1 for each sample. */
struct layer_normalization_args {
    std::optional<int64_t> axis{}; /* The axis, or several, that is normalised. Default: -1. */
    std::optional<double> epsilon{}; /* Added to the variance. Default: 0.001. */
    std::optional<bool> center{}; /* Add beta. Default: True. */
    std::optional<bool> scale{}; /* Multiply by gamma. Default: True. */
    std::optional<const char *> beta_initializer{}; /* How beta starts. Default: zeros. */
    std::optional<const char *> gamma_initializer{}; /* How gamma starts. Default: ones. */
    std::optional<const char *> beta_regularizer{}; /* Penalty on beta. Default: None. */
    std::optional<const char *> gamma_regularizer{}; /* Penalty on gamma. Default: None. */
    /* Projection of beta after each update. Default: None. */
    std::optional<const char *> beta_constraint{};
    /* Projection of gamma after each update. Default: None. */
    std::optional<const char *> gamma_constraint{};
    /* Scale by the deviation alone: no mean, no beta. Default: False. */
    std::optional<bool> rms_scaling{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *layer_normalization(const layer_normalization_args &a = {})
{
    kt_layer_normalization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("axis", c.axis, a.axis);
    g.put("epsilon", c.epsilon, a.epsilon);
    g.put("center", c.center, a.center);
    g.put("scale", c.scale, a.scale);
    g.put("beta_initializer", c.beta_initializer, a.beta_initializer);
    g.put("gamma_initializer", c.gamma_initializer, a.gamma_initializer);
    g.put("beta_regularizer", c.beta_regularizer, a.beta_regularizer);
    g.put("gamma_regularizer", c.gamma_regularizer, a.gamma_regularizer);
    g.put("beta_constraint", c.beta_constraint, a.beta_constraint);
    g.put("gamma_constraint", c.gamma_constraint, a.gamma_constraint);
    g.put("rms_scaling", c.rms_scaling, a.rms_scaling);
    return g.make("LayerNormalization", c.at, sizeof c);
}

/* RMSNormalization: Mean square 1 for each sample. */
struct rms_normalization_args {
    std::optional<int64_t> axis{}; /* The axis, or several, that is normalised. Default: -1. */
    std::optional<double> epsilon{}; /* Added to the mean square. Default: 1e-06. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *rms_normalization(const rms_normalization_args &a = {})
{
    kt_rms_normalization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("axis", c.axis, a.axis);
    g.put("epsilon", c.epsilon, a.epsilon);
    return g.make("RMSNormalization", c.at, sizeof c);
}

/* GroupNormalization: Mean 0 and variance 1 for each sample and group of channels. */
struct group_normalization_args {
    /* How many groups of channels; -1: one for each. Default: 32. */
    std::optional<int64_t> groups{};
    std::optional<int64_t> axis{}; /* The channel axis. Default: -1. */
    std::optional<double> epsilon{}; /* Added to the variance. Default: 0.001. */
    std::optional<bool> center{}; /* Add beta. Default: True. */
    std::optional<bool> scale{}; /* Multiply by gamma. Default: True. */
    std::optional<const char *> beta_initializer{}; /* How beta starts. Default: zeros. */
    std::optional<const char *> gamma_initializer{}; /* How gamma starts. Default: ones. */
    std::optional<const char *> beta_regularizer{}; /* Penalty on beta. Default: None. */
    std::optional<const char *> gamma_regularizer{}; /* Penalty on gamma. Default: None. */
    /* Projection of beta after each update. Default: None. */
    std::optional<const char *> beta_constraint{};
    /* Projection of gamma after each update. Default: None. */
    std::optional<const char *> gamma_constraint{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *group_normalization(const group_normalization_args &a = {})
{
    kt_group_normalization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("groups", c.groups, a.groups);
    g.put("axis", c.axis, a.axis);
    g.put("epsilon", c.epsilon, a.epsilon);
    g.put("center", c.center, a.center);
    g.put("scale", c.scale, a.scale);
    g.put("beta_initializer", c.beta_initializer, a.beta_initializer);
    g.put("gamma_initializer", c.gamma_initializer, a.gamma_initializer);
    g.put("beta_regularizer", c.beta_regularizer, a.beta_regularizer);
    g.put("gamma_regularizer", c.gamma_regularizer, a.gamma_regularizer);
    g.put("beta_constraint", c.beta_constraint, a.beta_constraint);
    g.put("gamma_constraint", c.gamma_constraint, a.gamma_constraint);
    return g.make("GroupNormalization", c.at, sizeof c);
}

/* UnitNormalization: Norm 1 for each sample. */
struct unit_normalization_args {
    std::optional<int64_t> axis{}; /* The axis, or several, whose norm becomes 1. Default: -1. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *unit_normalization(const unit_normalization_args &a = {})
{
    kt_unit_normalization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("axis", c.axis, a.axis);
    return g.make("UnitNormalization", c.at, sizeof c);
}

/* Flatten: All axes but the batch become one. */
struct flatten_args {
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *flatten(const flatten_args &a = {})
{
    kt_flatten_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("Flatten", c.at, sizeof c);
}

/* GlobalMaxPooling1D: The largest value of each channel. */
struct global_max_pooling1d_args {
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<bool> keepdims{}; /* Keep the spatial axes, as axes of 1. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *global_max_pooling1d(const global_max_pooling1d_args &a = {})
{
    kt_global_max_pooling1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("data_format", c.data_format, a.data_format);
    g.put("keepdims", c.keepdims, a.keepdims);
    return g.make("GlobalMaxPooling1D", c.at, sizeof c);
}

/* GlobalMaxPooling2D: The largest value of each channel. */
struct global_max_pooling2d_args {
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<bool> keepdims{}; /* Keep the spatial axes, as axes of 1. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *global_max_pooling2d(const global_max_pooling2d_args &a = {})
{
    kt_global_max_pooling2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("data_format", c.data_format, a.data_format);
    g.put("keepdims", c.keepdims, a.keepdims);
    return g.make("GlobalMaxPooling2D", c.at, sizeof c);
}

/* GlobalMaxPooling3D: The largest value of each channel. */
struct global_max_pooling3d_args {
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<bool> keepdims{}; /* Keep the spatial axes, as axes of 1. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *global_max_pooling3d(const global_max_pooling3d_args &a = {})
{
    kt_global_max_pooling3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("data_format", c.data_format, a.data_format);
    g.put("keepdims", c.keepdims, a.keepdims);
    return g.make("GlobalMaxPooling3D", c.at, sizeof c);
}

/* GlobalAveragePooling1D: The mean of each channel. */
struct global_average_pooling1d_args {
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<bool> keepdims{}; /* Keep the spatial axes, as axes of 1. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *global_average_pooling1d(const global_average_pooling1d_args &a = {})
{
    kt_global_average_pooling1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("data_format", c.data_format, a.data_format);
    g.put("keepdims", c.keepdims, a.keepdims);
    return g.make("GlobalAveragePooling1D", c.at, sizeof c);
}

/* GlobalAveragePooling2D: The mean of each channel. */
struct global_average_pooling2d_args {
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<bool> keepdims{}; /* Keep the spatial axes, as axes of 1. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *global_average_pooling2d(const global_average_pooling2d_args &a = {})
{
    kt_global_average_pooling2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("data_format", c.data_format, a.data_format);
    g.put("keepdims", c.keepdims, a.keepdims);
    return g.make("GlobalAveragePooling2D", c.at, sizeof c);
}

/* GlobalAveragePooling3D: The mean of each channel. */
struct global_average_pooling3d_args {
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<bool> keepdims{}; /* Keep the spatial axes, as axes of 1. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *global_average_pooling3d(const global_average_pooling3d_args &a = {})
{
    kt_global_average_pooling3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("data_format", c.data_format, a.data_format);
    g.put("keepdims", c.keepdims, a.keepdims);
    return g.make("GlobalAveragePooling3D", c.at, sizeof c);
}

/* GroupedQueryAttention: Several attentions, of which groups share a key and a value. */
struct group_query_attention_args {
    std::optional<int64_t> head_dim{}; /* Size of a query, key and value of one head. Required. */
    std::optional<int64_t> num_query_heads{}; /* How many queries. Required. */
    /* How many keys and values; divides the other. Required. */
    std::optional<int64_t> num_key_value_heads{};
    std::optional<double> dropout{}; /* Share of the weights that training drops. Default: 0.0. */
    std::optional<bool> use_bias{}; /* Add biases to the projections. Default: True. */
    /* A query sees only values nearer than this. Default: None. */
    std::optional<int64_t> sliding_window{};
    /* Accepted as Keras does, without effect. Default: None. */
    std::optional<const char *> flash_attention{};
    /* How the kernels start. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the biases start. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernels. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the biases. Default: None. */
    /* Projection of the kernels after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the biases after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<bool> use_gate{}; /* Multiply with a sigmoid gate of the query. Default: False. */
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *group_query_attention(const group_query_attention_args &a)
{
    kt_group_query_attention_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("head_dim", c.head_dim, a.head_dim);
    g.put("num_query_heads", c.num_query_heads, a.num_query_heads);
    g.put("num_key_value_heads", c.num_key_value_heads, a.num_key_value_heads);
    g.put("dropout", c.dropout, a.dropout);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("sliding_window", c.sliding_window, a.sliding_window);
    g.put("flash_attention", c.flash_attention, a.flash_attention);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("use_gate", c.use_gate, a.use_gate);
    g.put("seed", c.seed, a.seed);
    return g.make("GroupedQueryAttention", c.at, sizeof c);
}

/* GRU: Gated recurrent units over a sequence. */
struct gru_args {
    std::optional<int64_t> units{}; /* Size of the state and the output. Required. */
    std::optional<const char *> activation{}; /* Of the candidate. Default: tanh. */
    std::optional<const char *> recurrent_activation{}; /* Of the two gates. Default: sigmoid. */
    std::optional<bool> use_bias{}; /* Add a bias vector. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    /* How the recurrent kernel starts. Default: orthogonal. */
    std::optional<const char *> recurrent_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Penalty on the recurrent kernel. Default: None. */
    std::optional<const char *> recurrent_regularizer{};
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the recurrent kernel after each update. Default: None. */
    std::optional<const char *> recurrent_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Share of the inputs that is dropped in training. Default: 0.0. */
    std::optional<double> dropout{};
    /* Share of the state that is dropped in training. Default: 0.0. */
    std::optional<double> recurrent_dropout{};
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    /* Return every step's output, not only the last. Default: False. */
    std::optional<bool> return_sequences{};
    std::optional<bool> return_state{}; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    std::optional<bool> go_backwards{};
    /* Start each batch from the last batch's states. Default: False. */
    std::optional<bool> stateful{};
    /* Write the steps out where no op does them all. Default: False. */
    std::optional<bool> unroll{};
    /* Reset the state behind the product with the recurrent kernel, not before. Default: True. */
    std::optional<bool> reset_after{};
    /* Accepted as Keras does, without effect. Default: 'auto'. */
    std::optional<const char *> use_cudnn{};
    /* Masked steps give zeros instead of the step before. Default: False. */
    std::optional<bool> zero_output_for_mask{};
    /* 1: each gate drops another share of the inputs. Default: 2. */
    std::optional<int64_t> implementation{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *gru(const gru_args &a)
{
    kt_gru_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("units", c.units, a.units);
    g.put("activation", c.activation, a.activation);
    g.put("recurrent_activation", c.recurrent_activation, a.recurrent_activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("recurrent_initializer", c.recurrent_initializer, a.recurrent_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("recurrent_regularizer", c.recurrent_regularizer, a.recurrent_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("recurrent_constraint", c.recurrent_constraint, a.recurrent_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("dropout", c.dropout, a.dropout);
    g.put("recurrent_dropout", c.recurrent_dropout, a.recurrent_dropout);
    g.put("seed", c.seed, a.seed);
    g.put("return_sequences", c.return_sequences, a.return_sequences);
    g.put("return_state", c.return_state, a.return_state);
    g.put("go_backwards", c.go_backwards, a.go_backwards);
    g.put("stateful", c.stateful, a.stateful);
    g.put("unroll", c.unroll, a.unroll);
    g.put("reset_after", c.reset_after, a.reset_after);
    g.put("use_cudnn", c.use_cudnn, a.use_cudnn);
    g.put("zero_output_for_mask", c.zero_output_for_mask, a.zero_output_for_mask);
    g.put("implementation", c.implementation, a.implementation);
    return g.make("GRU", c.at, sizeof c);
}

/* GRUCell: One step of a GRU. */
struct gru_cell_args {
    std::optional<int64_t> units{}; /* Size of the state and the output. Required. */
    std::optional<const char *> activation{}; /* Of the candidate. Default: tanh. */
    std::optional<const char *> recurrent_activation{}; /* Of the two gates. Default: sigmoid. */
    std::optional<bool> use_bias{}; /* Add a bias vector. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    /* How the recurrent kernel starts. Default: orthogonal. */
    std::optional<const char *> recurrent_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Penalty on the recurrent kernel. Default: None. */
    std::optional<const char *> recurrent_regularizer{};
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the recurrent kernel after each update. Default: None. */
    std::optional<const char *> recurrent_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Share of the inputs that is dropped in training. Default: 0.0. */
    std::optional<double> dropout{};
    /* Share of the state that is dropped in training. Default: 0.0. */
    std::optional<double> recurrent_dropout{};
    /* Reset the state behind the product with the recurrent kernel, not before. Default: True. */
    std::optional<bool> reset_after{};
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    /* 1: each gate drops another share of the inputs. Default: 2. */
    std::optional<int64_t> implementation{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *gru_cell(const gru_cell_args &a)
{
    kt_gru_cell_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("units", c.units, a.units);
    g.put("activation", c.activation, a.activation);
    g.put("recurrent_activation", c.recurrent_activation, a.recurrent_activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("recurrent_initializer", c.recurrent_initializer, a.recurrent_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("recurrent_regularizer", c.recurrent_regularizer, a.recurrent_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("recurrent_constraint", c.recurrent_constraint, a.recurrent_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("dropout", c.dropout, a.dropout);
    g.put("recurrent_dropout", c.recurrent_dropout, a.recurrent_dropout);
    g.put("reset_after", c.reset_after, a.reset_after);
    g.put("seed", c.seed, a.seed);
    g.put("implementation", c.implementation, a.implementation);
    return g.make("GRUCell", c.at, sizeof c);
}

/* Hashing: Whole numbers or texts in one of some bins by their hash. */
struct hashing_args {
    std::optional<int64_t> num_bins{}; /* How many bins. Required. */
    /* A number or text that gets bin 0 for itself. Default: None. */
    std::optional<const char *> mask_value{};
    /* A number or two: SipHash with this key, else FarmHash. Default: None. */
    std::optional<const char *> salt{};
    /* 'int', 'one_hot', 'multi_hot' or 'count'. Default: int. */
    std::optional<const char *> output_mode{};
    std::optional<bool> sparse{}; /* Of Keras' tensors; the numbers are the same. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *hashing(const hashing_args &a)
{
    kt_hashing_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("num_bins", c.num_bins, a.num_bins);
    g.put("mask_value", c.mask_value, a.mask_value);
    g.put("salt", c.salt, a.salt);
    g.put("output_mode", c.output_mode, a.output_mode);
    g.put("sparse", c.sparse, a.sparse);
    return g.make("Hashing", c.at, sizeof c);
}

/* HashedCrossing: Two whole numbers together in one of some bins by their hash. */
struct hashed_crossing_args {
    std::optional<int64_t> num_bins{}; /* How many bins. Required. */
    std::optional<const char *> output_mode{}; /* 'int' or 'one_hot'. Default: int. */
    std::optional<bool> sparse{}; /* Of Keras' tensors; the numbers are the same. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *hashed_crossing(const hashed_crossing_args &a)
{
    kt_hashed_crossing_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("num_bins", c.num_bins, a.num_bins);
    g.put("output_mode", c.output_mode, a.output_mode);
    g.put("sparse", c.sparse, a.sparse);
    return g.make("HashedCrossing", c.at, sizeof c);
}

/* Identity: The input as it is. */
struct identity_args {
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *identity(const identity_args &a = {})
{
    kt_identity_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    return g.make("Identity", c.at, sizeof c);
}

/* ActivityRegularization: The input as it is, with a penalty on it. */
struct activity_regularization_args {
    std::optional<double> l1{}; /* Share of the sum of absolute values. Default: 0.0. */
    std::optional<double> l2{}; /* Share of the sum of squares. Default: 0.0. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *activity_regularization(const activity_regularization_args &a = {})
{
    kt_activity_regularization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("l1", c.l1, a.l1);
    g.put("l2", c.l2, a.l2);
    return g.make("ActivityRegularization", c.at, sizeof c);
}

/* InputLayer: Declares the shape and dtype of a model's input. */
struct input_args {
    ints shape{}; /* Shape of one sample, without the batch axis. Default: None. */
    std::optional<int64_t> batch_size{}; /* Static size of the batch. Default: None. */
    std::optional<const char *> dtype{}; /* Of the data: 'float32', 'int32' ... Default: None. */
    std::optional<const char *> sparse{}; /* Sparse data; only False is supported. Default: None. */
    std::optional<const char *> ragged{}; /* Ragged data; only False is supported. Default: None. */
    ints batch_shape{}; /* Shape with the batch axis. Default: None. */
    std::optional<bool> optional{}; /* May be left out; only False is supported. Default: false. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *input(const input_args &a = {})
{
    kt_input_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("shape", c.shape, a.shape);
    g.put("batch_size", c.batch_size, a.batch_size);
    g.put("dtype", c.dtype, a.dtype);
    g.put("sparse", c.sparse, a.sparse);
    g.put("ragged", c.ragged, a.ragged);
    g.put("batch_shape", c.batch_shape, a.batch_shape);
    g.put("optional", c.optional, a.optional);
    return g.make("InputLayer", c.at, sizeof c);
}

/* IntegerLookup: Whole numbers by their place in a vocabulary. */
struct integer_lookup_args {
    std::optional<int64_t> max_tokens{}; /* The most that the vocabulary may have. Default: None. */
    /* How many places there are for other numbers. Default: 1. */
    std::optional<int64_t> num_oov_indices{};
    /* A number that stands for nothing: it gets place 0. Default: None. */
    std::optional<int64_t> mask_token{};
    std::optional<int64_t> oov_token{}; /* What other numbers come back as. Default: -1. */
    std::optional<const char *> vocabulary{}; /* The numbers in their order. Default: None. */
    std::optional<const char *> vocabulary_dtype{}; /* Only 'int64'. Default: int64. */
    std::optional<const char *> idf_weights{}; /* A weight for each, for 'tf_idf'. Default: None. */
    std::optional<bool> invert{}; /* Places become numbers. Default: False. */
    /* 'int', 'one_hot', 'multi_hot', 'count' or 'tf_idf'. Default: int. */
    std::optional<const char *> output_mode{};
    std::optional<bool> sparse{}; /* Of Keras' tensors; the numbers are the same. Default: False. */
    std::optional<bool> pad_to_max_tokens{}; /* Vectors have max_tokens entries. Default: False. */
    /* How other numbers are spread: 'floormod', 'farmhash'. Default: floormod. */
    std::optional<const char *> oov_method{};
    /* A number or two: SipHash with this key instead of FarmHash. Default: None. */
    std::optional<const char *> salt{};
    /* Of a learnt vocabulary; written by Keras. Default: None. */
    std::optional<int64_t> vocabulary_size{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *integer_lookup(const integer_lookup_args &a = {})
{
    kt_integer_lookup_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("max_tokens", c.max_tokens, a.max_tokens);
    g.put("num_oov_indices", c.num_oov_indices, a.num_oov_indices);
    g.put("mask_token", c.mask_token, a.mask_token);
    g.put("oov_token", c.oov_token, a.oov_token);
    g.put("vocabulary", c.vocabulary, a.vocabulary);
    g.put("vocabulary_dtype", c.vocabulary_dtype, a.vocabulary_dtype);
    g.put("idf_weights", c.idf_weights, a.idf_weights);
    g.put("invert", c.invert, a.invert);
    g.put("output_mode", c.output_mode, a.output_mode);
    g.put("sparse", c.sparse, a.sparse);
    g.put("pad_to_max_tokens", c.pad_to_max_tokens, a.pad_to_max_tokens);
    g.put("oov_method", c.oov_method, a.oov_method);
    g.put("salt", c.salt, a.salt);
    g.put("vocabulary_size", c.vocabulary_size, a.vocabulary_size);
    return g.make("IntegerLookup", c.at, sizeof c);
}

/* LSTM: Long short-term memory over a sequence. */
struct lstm_args {
    std::optional<int64_t> units{}; /* Size of the state and the output. Required. */
    std::optional<const char *> activation{}; /* Of the candidate and the output. Default: tanh. */
    std::optional<const char *> recurrent_activation{}; /* Of the three gates. Default: sigmoid. */
    std::optional<bool> use_bias{}; /* Add a bias vector. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    /* How the recurrent kernel starts. Default: orthogonal. */
    std::optional<const char *> recurrent_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    /* The forget gate's bias starts at one. Default: True. */
    std::optional<bool> unit_forget_bias{};
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Penalty on the recurrent kernel. Default: None. */
    std::optional<const char *> recurrent_regularizer{};
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the recurrent kernel after each update. Default: None. */
    std::optional<const char *> recurrent_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Share of the inputs that is dropped in training. Default: 0.0. */
    std::optional<double> dropout{};
    /* Share of the state that is dropped in training. Default: 0.0. */
    std::optional<double> recurrent_dropout{};
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    /* Return every step's output, not only the last. Default: False. */
    std::optional<bool> return_sequences{};
    std::optional<bool> return_state{}; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    std::optional<bool> go_backwards{};
    /* Start each batch from the last batch's states. Default: False. */
    std::optional<bool> stateful{};
    /* Write the steps out where no op does them all. Default: False. */
    std::optional<bool> unroll{};
    /* Accepted as Keras does, without effect. Default: 'auto'. */
    std::optional<const char *> use_cudnn{};
    /* Masked steps give zeros instead of the step before. Default: False. */
    std::optional<bool> zero_output_for_mask{};
    /* 1: each gate drops another share of the inputs. Default: 2. */
    std::optional<int64_t> implementation{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *lstm(const lstm_args &a)
{
    kt_lstm_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("units", c.units, a.units);
    g.put("activation", c.activation, a.activation);
    g.put("recurrent_activation", c.recurrent_activation, a.recurrent_activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("recurrent_initializer", c.recurrent_initializer, a.recurrent_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("unit_forget_bias", c.unit_forget_bias, a.unit_forget_bias);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("recurrent_regularizer", c.recurrent_regularizer, a.recurrent_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("recurrent_constraint", c.recurrent_constraint, a.recurrent_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("dropout", c.dropout, a.dropout);
    g.put("recurrent_dropout", c.recurrent_dropout, a.recurrent_dropout);
    g.put("seed", c.seed, a.seed);
    g.put("return_sequences", c.return_sequences, a.return_sequences);
    g.put("return_state", c.return_state, a.return_state);
    g.put("go_backwards", c.go_backwards, a.go_backwards);
    g.put("stateful", c.stateful, a.stateful);
    g.put("unroll", c.unroll, a.unroll);
    g.put("use_cudnn", c.use_cudnn, a.use_cudnn);
    g.put("zero_output_for_mask", c.zero_output_for_mask, a.zero_output_for_mask);
    g.put("implementation", c.implementation, a.implementation);
    return g.make("LSTM", c.at, sizeof c);
}

/* LSTMCell: One step of an LSTM. */
struct lstm_cell_args {
    std::optional<int64_t> units{}; /* Size of the state and the output. Required. */
    std::optional<const char *> activation{}; /* Of the candidate and the output. Default: tanh. */
    std::optional<const char *> recurrent_activation{}; /* Of the three gates. Default: sigmoid. */
    std::optional<bool> use_bias{}; /* Add a bias vector. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    /* How the recurrent kernel starts. Default: orthogonal. */
    std::optional<const char *> recurrent_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    /* The forget gate's bias starts at one. Default: True. */
    std::optional<bool> unit_forget_bias{};
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Penalty on the recurrent kernel. Default: None. */
    std::optional<const char *> recurrent_regularizer{};
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the recurrent kernel after each update. Default: None. */
    std::optional<const char *> recurrent_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Share of the inputs that is dropped in training. Default: 0.0. */
    std::optional<double> dropout{};
    /* Share of the state that is dropped in training. Default: 0.0. */
    std::optional<double> recurrent_dropout{};
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    /* 1: each gate drops another share of the inputs. Default: 2. */
    std::optional<int64_t> implementation{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *lstm_cell(const lstm_cell_args &a)
{
    kt_lstm_cell_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("units", c.units, a.units);
    g.put("activation", c.activation, a.activation);
    g.put("recurrent_activation", c.recurrent_activation, a.recurrent_activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("recurrent_initializer", c.recurrent_initializer, a.recurrent_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("unit_forget_bias", c.unit_forget_bias, a.unit_forget_bias);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("recurrent_regularizer", c.recurrent_regularizer, a.recurrent_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("recurrent_constraint", c.recurrent_constraint, a.recurrent_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("dropout", c.dropout, a.dropout);
    g.put("recurrent_dropout", c.recurrent_dropout, a.recurrent_dropout);
    g.put("seed", c.seed, a.seed);
    g.put("implementation", c.implementation, a.implementation);
    return g.make("LSTMCell", c.at, sizeof c);
}

/* Masking: Masks the steps that hold nothing but one value. */
struct masking_args {
    std::optional<double> mask_value{}; /* The value of steps that do not count. Default: 0.0. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *masking(const masking_args &a = {})
{
    kt_masking_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("mask_value", c.mask_value, a.mask_value);
    return g.make("Masking", c.at, sizeof c);
}

/* MelSpectrogram: How loud a signal is in bands of the mel scale, frame by frame. */
struct mel_spectrogram_args {
    std::optional<int64_t> fft_length{}; /* Of the transform. Default: 2048. */
    std::optional<int64_t> sequence_stride{}; /* From one frame to the next. Default: 512. */
    /* Steps of a frame; None: fft_length. Default: None. */
    std::optional<int64_t> sequence_length{};
    /* 'hann', 'hamming', its values, or None. Default: hann. */
    std::optional<const char *> window{};
    std::optional<double> sampling_rate{}; /* Steps in a second. Default: 16000. */
    std::optional<int64_t> num_mel_bins{}; /* How many bands. Default: 128. */
    std::optional<double> min_freq{}; /* Where the lowest begins, in hertz. Default: 20.0. */
    /* Where the highest ends; None: half the sampling rate. Default: None. */
    std::optional<double> max_freq{};
    std::optional<bool> power_to_db{}; /* In decibels. Default: True. */
    std::optional<double> top_db{}; /* The most below the loudest. Default: 80.0. */
    /* The magnitude's exponent: 1 or, for power, 2. Default: 2.0. */
    std::optional<double> mag_exp{};
    std::optional<double> min_power{}; /* The least that a logarithm is taken of. Default: 1e-10. */
    std::optional<double> ref_power{}; /* What counts as 0 decibels. Default: 1.0. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *mel_spectrogram(const mel_spectrogram_args &a = {})
{
    kt_mel_spectrogram_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("fft_length", c.fft_length, a.fft_length);
    g.put("sequence_stride", c.sequence_stride, a.sequence_stride);
    g.put("sequence_length", c.sequence_length, a.sequence_length);
    g.put("window", c.window, a.window);
    g.put("sampling_rate", c.sampling_rate, a.sampling_rate);
    g.put("num_mel_bins", c.num_mel_bins, a.num_mel_bins);
    g.put("min_freq", c.min_freq, a.min_freq);
    g.put("max_freq", c.max_freq, a.max_freq);
    g.put("power_to_db", c.power_to_db, a.power_to_db);
    g.put("top_db", c.top_db, a.top_db);
    g.put("mag_exp", c.mag_exp, a.mag_exp);
    g.put("min_power", c.min_power, a.min_power);
    g.put("ref_power", c.ref_power, a.ref_power);
    return g.make("MelSpectrogram", c.at, sizeof c);
}

/* Add: The sum of its inputs. */
struct add_args {
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *add(const add_args &a = {})
{
    kt_add_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    return g.make("Add", c.at, sizeof c);
}

/* Subtract: The first input less the second. */
struct subtract_args {
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *subtract(const subtract_args &a = {})
{
    kt_subtract_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    return g.make("Subtract", c.at, sizeof c);
}

/* Multiply: The product of its inputs. */
struct multiply_args {
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *multiply(const multiply_args &a = {})
{
    kt_multiply_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    return g.make("Multiply", c.at, sizeof c);
}

/* Average: The mean of its inputs. */
struct average_args {
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *average(const average_args &a = {})
{
    kt_average_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    return g.make("Average", c.at, sizeof c);
}

/* Maximum: The largest of its inputs. */
struct maximum_args {
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *maximum(const maximum_args &a = {})
{
    kt_maximum_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    return g.make("Maximum", c.at, sizeof c);
}

/* Minimum: The smallest of its inputs. */
struct minimum_args {
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *minimum(const minimum_args &a = {})
{
    kt_minimum_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    return g.make("Minimum", c.at, sizeof c);
}

/* MultiHeadAttention: Several attentions side by side, each on its own projections. */
struct multi_head_attention_args {
    std::optional<int64_t> num_heads{}; /* How many attentions. Required. */
    std::optional<int64_t> key_dim{}; /* Size of a query and key of one head. Required. */
    /* Size of a value of one head; None: key_dim. Default: None. */
    std::optional<int64_t> value_dim{};
    std::optional<double> dropout{}; /* Share of the weights that training drops. Default: 0.0. */
    std::optional<bool> use_bias{}; /* Add biases to the projections. Default: True. */
    ints output_shape{}; /* Last sizes of the output; None: the query's. Default: None. */
    ints attention_axes{}; /* The axes that are attended over; None: all between. Default: None. */
    /* A query sees only values nearer than this. Default: None. */
    std::optional<int64_t> sliding_window{};
    /* Accepted as Keras does, without effect. Default: None. */
    std::optional<const char *> flash_attention{};
    /* How the kernels start. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the biases start. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernels. Default: None. */
    std::optional<const char *> bias_regularizer{}; /* Penalty on the biases. Default: None. */
    /* Projection of the kernels after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the biases after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    std::optional<bool> use_gate{}; /* Multiply with a sigmoid gate of the query. Default: False. */
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *multi_head_attention(const multi_head_attention_args &a)
{
    kt_multi_head_attention_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("num_heads", c.num_heads, a.num_heads);
    g.put("key_dim", c.key_dim, a.key_dim);
    g.put("value_dim", c.value_dim, a.value_dim);
    g.put("dropout", c.dropout, a.dropout);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("output_shape", c.output_shape, a.output_shape);
    g.put("attention_axes", c.attention_axes, a.attention_axes);
    g.put("sliding_window", c.sliding_window, a.sliding_window);
    g.put("flash_attention", c.flash_attention, a.flash_attention);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("use_gate", c.use_gate, a.use_gate);
    g.put("seed", c.seed, a.seed);
    return g.make("MultiHeadAttention", c.at, sizeof c);
}

/* SpatialDropout1D: Drops a random share of the channels in training. */
struct spatial_dropout1d_args {
    std::optional<double> rate{}; /* Share of the channels, in [0, 1]. Required. */
    std::optional<int64_t> seed{}; /* Of the random numbers. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *spatial_dropout1d(const spatial_dropout1d_args &a)
{
    kt_spatial_dropout1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("rate", c.rate, a.rate);
    g.put("seed", c.seed, a.seed);
    return g.make("SpatialDropout1D", c.at, sizeof c);
}

/* SpatialDropout2D: Drops a random share of the channels in training. */
struct spatial_dropout2d_args {
    std::optional<double> rate{}; /* Share of the channels, in [0, 1]. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *spatial_dropout2d(const spatial_dropout2d_args &a)
{
    kt_spatial_dropout2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("rate", c.rate, a.rate);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    return g.make("SpatialDropout2D", c.at, sizeof c);
}

/* SpatialDropout3D: Drops a random share of the channels in training. */
struct spatial_dropout3d_args {
    std::optional<double> rate{}; /* Share of the channels, in [0, 1]. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<int64_t> seed{}; /* Of the random numbers. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *spatial_dropout3d(const spatial_dropout3d_args &a)
{
    kt_spatial_dropout3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("rate", c.rate, a.rate);
    g.put("data_format", c.data_format, a.data_format);
    g.put("seed", c.seed, a.seed);
    return g.make("SpatialDropout3D", c.at, sizeof c);
}

/* GaussianNoise: Adds normal random numbers in training. */
struct gaussian_noise_args {
    std::optional<double> stddev{}; /* Standard deviation, in [0, 1]. Required. */
    std::optional<int64_t> seed{}; /* Of the random numbers. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *gaussian_noise(const gaussian_noise_args &a)
{
    kt_gaussian_noise_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("stddev", c.stddev, a.stddev);
    g.put("seed", c.seed, a.seed);
    return g.make("GaussianNoise", c.at, sizeof c);
}

/* GaussianDropout: Multiplies with normal random numbers around 1 in training. */
struct gaussian_dropout_args {
    std::optional<double> rate{}; /* Share of the channels, in [0, 1]. Required. */
    std::optional<int64_t> seed{}; /* Of the random numbers. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *gaussian_dropout(const gaussian_dropout_args &a)
{
    kt_gaussian_dropout_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("rate", c.rate, a.rate);
    g.put("seed", c.seed, a.seed);
    return g.make("GaussianDropout", c.at, sizeof c);
}

/* AlphaDropout: Dropout that keeps mean and variance of what selu gives. */
struct alpha_dropout_args {
    std::optional<double> rate{}; /* Share that is dropped, in [0, 1]. Required. */
    ints noise_shape{}; /* Shape of the mask; axes of 1 are dropped together. Default: None. */
    std::optional<int64_t> seed{}; /* Of the random numbers. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *alpha_dropout(const alpha_dropout_args &a)
{
    kt_alpha_dropout_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("rate", c.rate, a.rate);
    g.put("noise_shape", c.noise_shape, a.noise_shape);
    g.put("seed", c.seed, a.seed);
    return g.make("AlphaDropout", c.at, sizeof c);
}

/* Normalization: Shifts and scales features by statistics of the data. */
struct normalization_args {
    ints axis{}; /* Axes that keep statistics of their own; None: one for all. Default: -1. */
    /* Given mean: a number or one per feature. Default: None. */
    std::optional<const char *> mean{};
    std::optional<const char *> variance{}; /* Given variance. Default: None. */
    std::optional<bool> invert{}; /* Undo the normalisation instead. Default: False. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *normalization(const normalization_args &a = {})
{
    kt_normalization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("axis", c.axis, a.axis);
    g.put("mean", c.mean, a.mean);
    g.put("variance", c.variance, a.variance);
    g.put("invert", c.invert, a.invert);
    return g.make("Normalization", c.at, sizeof c);
}

/* Permute: The axes of each sample in another order. */
struct permute_args {
    ints dims{}; /* The axes in their new order, from 1; the batch stays first. Required. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *permute(const permute_args &a)
{
    kt_permute_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("dims", c.dims, a.dims);
    return g.make("Permute", c.at, sizeof c);
}

/* Pipeline: Layers one after another, as one. */
struct pipeline_args {
    std::optional<const char *> layers{}; /* The layers, in order. Required. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *pipeline(const pipeline_args &a)
{
    kt_pipeline_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("layers", c.layers, a.layers);
    return g.make("Pipeline", c.at, sizeof c);
}

/* MaxPooling1D: The largest value of each window. */
struct max_pooling1d_args {
    ints pool_size{}; /* Size of the window along each axis. Default: 2. */
    ints strides{}; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *max_pooling1d(const max_pooling1d_args &a = {})
{
    kt_max_pooling1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("pool_size", c.pool_size, a.pool_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("MaxPooling1D", c.at, sizeof c);
}

/* MaxPooling2D: The largest value of each window. */
struct max_pooling2d_args {
    ints pool_size{}; /* Size of the window along each axis. Default: 2. */
    ints strides{}; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *max_pooling2d(const max_pooling2d_args &a = {})
{
    kt_max_pooling2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("pool_size", c.pool_size, a.pool_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("MaxPooling2D", c.at, sizeof c);
}

/* MaxPooling3D: The largest value of each window. */
struct max_pooling3d_args {
    ints pool_size{}; /* Size of the window along each axis. Default: 2. */
    ints strides{}; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *max_pooling3d(const max_pooling3d_args &a = {})
{
    kt_max_pooling3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("pool_size", c.pool_size, a.pool_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("MaxPooling3D", c.at, sizeof c);
}

/* AveragePooling1D: The mean of each window's real cells. */
struct average_pooling1d_args {
    ints pool_size{}; /* Size of the window along each axis. Required. */
    ints strides{}; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *average_pooling1d(const average_pooling1d_args &a)
{
    kt_average_pooling1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("pool_size", c.pool_size, a.pool_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("AveragePooling1D", c.at, sizeof c);
}

/* AveragePooling2D: The mean of each window's real cells. */
struct average_pooling2d_args {
    ints pool_size{}; /* Size of the window along each axis. Required. */
    ints strides{}; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *average_pooling2d(const average_pooling2d_args &a)
{
    kt_average_pooling2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("pool_size", c.pool_size, a.pool_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("AveragePooling2D", c.at, sizeof c);
}

/* AveragePooling3D: The mean of each window's real cells. */
struct average_pooling3d_args {
    ints pool_size{}; /* Size of the window along each axis. Required. */
    ints strides{}; /* Step of the window; None: pool_size. Default: None. */
    /* 'valid', or 'same' for an output as large as the input / strides. Default: valid. */
    std::optional<const char *> padding{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *average_pooling3d(const average_pooling3d_args &a)
{
    kt_average_pooling3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("pool_size", c.pool_size, a.pool_size);
    g.put("strides", c.strides, a.strides);
    g.put("padding", c.padding, a.padding);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("AveragePooling3D", c.at, sizeof c);
}

/* ReLU: max(x, 0), with a limit, a slope and a threshold. */
struct re_lu_args {
    std::optional<double> max_value{}; /* The most that it gives; None: no limit. Default: None. */
    std::optional<double> negative_slope{}; /* The slope below the threshold. Default: 0.0. */
    std::optional<double> threshold{}; /* Where x begins to count. Default: 0.0. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *re_lu(const re_lu_args &a = {})
{
    kt_re_lu_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("max_value", c.max_value, a.max_value);
    g.put("negative_slope", c.negative_slope, a.negative_slope);
    g.put("threshold", c.threshold, a.threshold);
    return g.make("ReLU", c.at, sizeof c);
}

/* LeakyReLU: x where it is positive, else a share of it. */
struct leaky_re_lu_args {
    std::optional<double> negative_slope{}; /* The slope below 0. Default: 0.3. */
    /* What negative_slope was called in Keras 2. Default: None. */
    std::optional<const char *> alpha{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *leaky_re_lu(const leaky_re_lu_args &a = {})
{
    kt_leaky_re_lu_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("negative_slope", c.negative_slope, a.negative_slope);
    g.put("alpha", c.alpha, a.alpha);
    return g.make("LeakyReLU", c.at, sizeof c);
}

/* ELU: x where it is positive, else alpha (exp(x) - 1). */
struct elu_args {
    std::optional<double> alpha{}; /* What it tends to, negative, below 0. Default: 1.0. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *elu(const elu_args &a = {})
{
    kt_elu_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("alpha", c.alpha, a.alpha);
    return g.make("ELU", c.at, sizeof c);
}

/* PReLU: x where it is positive, else a learned share of it. */
struct p_re_lu_args {
    std::optional<const char *> alpha_initializer{}; /* How the slopes start. Default: Zeros. */
    std::optional<const char *> alpha_regularizer{}; /* Penalty on the slopes. Default: None. */
    /* Projection of the slopes after each update. Default: None. */
    std::optional<const char *> alpha_constraint{};
    ints shared_axes{}; /* Axes, from 1, along which slopes are the same. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *p_re_lu(const p_re_lu_args &a = {})
{
    kt_p_re_lu_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("alpha_initializer", c.alpha_initializer, a.alpha_initializer);
    g.put("alpha_regularizer", c.alpha_regularizer, a.alpha_regularizer);
    g.put("alpha_constraint", c.alpha_constraint, a.alpha_constraint);
    g.put("shared_axes", c.shared_axes, a.shared_axes);
    return g.make("PReLU", c.at, sizeof c);
}

/* RepeatVector: Repeats its input along a new time axis. */
struct repeat_vector_args {
    std::optional<int64_t> n{}; /* How many times. Required. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *repeat_vector(const repeat_vector_args &a)
{
    kt_repeat_vector_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("n", c.n, a.n);
    return g.make("RepeatVector", c.at, sizeof c);
}

/* Rescaling: Multiplies by a scale and adds an offset. */
struct rescaling_args {
    std::optional<double> scale{}; /* Factor: a number or one per channel. Default: None. */
    std::optional<double> offset{}; /* Added after: a number or one per channel. Default: 0.0. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *rescaling(const rescaling_args &a)
{
    kt_rescaling_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("scale", c.scale, a.scale);
    g.put("offset", c.offset, a.offset);
    return g.make("Rescaling", c.at, sizeof c);
}

/* Reshape: Another shape of the same number of elements per sample. */
struct reshape_args {
    /* Shape of one result, without the batch; -1 once: what is left. Required. */
    ints target_shape{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *reshape(const reshape_args &a)
{
    kt_reshape_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("target_shape", c.target_shape, a.target_shape);
    return g.make("Reshape", c.at, sizeof c);
}

/* Resizing: Brings images to a size. */
struct resizing_args {
    std::optional<int64_t> height{}; /* Rows of the result. Required. */
    std::optional<int64_t> width{}; /* Columns of the result. Required. */
    /* 'bilinear', 'nearest', 'bicubic', 'lanczos3', 'lanczos5' or 'area'. Default: bilinear. */
    std::optional<const char *> interpolation{};
    /* Cut to the wanted ratio of sides before. Default: False. */
    std::optional<bool> crop_to_aspect_ratio{};
    /* Pad to the wanted ratio of sides before. Default: False. */
    std::optional<bool> pad_to_aspect_ratio{};
    /* How padding is filled: only 'constant'. Default: constant. */
    std::optional<const char *> fill_mode{};
    std::optional<double> fill_value{}; /* What padding is filled with. Default: 0.0. */
    /* Take all pixels into account where the image shrinks. Default: False. */
    std::optional<bool> antialias{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *resizing(const resizing_args &a)
{
    kt_resizing_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("height", c.height, a.height);
    g.put("width", c.width, a.width);
    g.put("interpolation", c.interpolation, a.interpolation);
    g.put("crop_to_aspect_ratio", c.crop_to_aspect_ratio, a.crop_to_aspect_ratio);
    g.put("pad_to_aspect_ratio", c.pad_to_aspect_ratio, a.pad_to_aspect_ratio);
    g.put("fill_mode", c.fill_mode, a.fill_mode);
    g.put("fill_value", c.fill_value, a.fill_value);
    g.put("antialias", c.antialias, a.antialias);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("Resizing", c.at, sizeof c);
}

/* CenterCrop: Cuts the middle out of images, or enlarges smaller ones. */
struct center_crop_args {
    std::optional<int64_t> height{}; /* Rows of the result. Required. */
    std::optional<int64_t> width{}; /* Columns of the result. Required. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* Accepted as Keras does; boxes are not there. Default: None. */
    std::optional<const char *> bounding_box_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *center_crop(const center_crop_args &a)
{
    kt_center_crop_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("height", c.height, a.height);
    g.put("width", c.width, a.width);
    g.put("data_format", c.data_format, a.data_format);
    g.put("bounding_box_format", c.bounding_box_format, a.bounding_box_format);
    return g.make("CenterCrop", c.at, sizeof c);
}

/* RNN: Any cell over a sequence. */
struct rnn_args {
    /* What does one step; a list of cells is StackedRNNCells. Required. */
    std::optional<kt_layer *> cell{};
    /* Return every step's output, not only the last. Default: False. */
    std::optional<bool> return_sequences{};
    std::optional<bool> return_state{}; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    std::optional<bool> go_backwards{};
    /* Start each batch from the last batch's states. Default: False. */
    std::optional<bool> stateful{};
    /* Write the steps out where no op does them all. Default: False. */
    std::optional<bool> unroll{};
    /* Masked steps give zeros instead of the step before. Default: False. */
    std::optional<bool> zero_output_for_mask{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *rnn(const rnn_args &a)
{
    kt_rnn_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("cell", c.cell, a.cell);
    g.put("return_sequences", c.return_sequences, a.return_sequences);
    g.put("return_state", c.return_state, a.return_state);
    g.put("go_backwards", c.go_backwards, a.go_backwards);
    g.put("stateful", c.stateful, a.stateful);
    g.put("unroll", c.unroll, a.unroll);
    g.put("zero_output_for_mask", c.zero_output_for_mask, a.zero_output_for_mask);
    return g.make("RNN", c.at, sizeof c);
}

/* SimpleRNN: Recurrent layer whose output is its state. */
struct simple_rnn_args {
    std::optional<int64_t> units{}; /* Size of the state and the output. Required. */
    std::optional<const char *> activation{}; /* Of the output. Default: tanh. */
    std::optional<bool> use_bias{}; /* Add a bias vector. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    /* How the recurrent kernel starts. Default: orthogonal. */
    std::optional<const char *> recurrent_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Penalty on the recurrent kernel. Default: None. */
    std::optional<const char *> recurrent_regularizer{};
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the recurrent kernel after each update. Default: None. */
    std::optional<const char *> recurrent_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Share of the inputs that is dropped in training. Default: 0.0. */
    std::optional<double> dropout{};
    /* Share of the state that is dropped in training. Default: 0.0. */
    std::optional<double> recurrent_dropout{};
    /* Return every step's output, not only the last. Default: False. */
    std::optional<bool> return_sequences{};
    std::optional<bool> return_state{}; /* Return the final state too. Default: False. */
    /* Read the sequence from its end; the output stays in that order. Default: False. */
    std::optional<bool> go_backwards{};
    /* Start each batch from the last batch's states. Default: False. */
    std::optional<bool> stateful{};
    /* Write the steps out where no op does them all. Default: False. */
    std::optional<bool> unroll{};
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    /* Masked steps give zeros instead of the step before. Default: False. */
    std::optional<bool> zero_output_for_mask{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *simple_rnn(const simple_rnn_args &a)
{
    kt_simple_rnn_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("units", c.units, a.units);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("recurrent_initializer", c.recurrent_initializer, a.recurrent_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("recurrent_regularizer", c.recurrent_regularizer, a.recurrent_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("recurrent_constraint", c.recurrent_constraint, a.recurrent_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("dropout", c.dropout, a.dropout);
    g.put("recurrent_dropout", c.recurrent_dropout, a.recurrent_dropout);
    g.put("return_sequences", c.return_sequences, a.return_sequences);
    g.put("return_state", c.return_state, a.return_state);
    g.put("go_backwards", c.go_backwards, a.go_backwards);
    g.put("stateful", c.stateful, a.stateful);
    g.put("unroll", c.unroll, a.unroll);
    g.put("seed", c.seed, a.seed);
    g.put("zero_output_for_mask", c.zero_output_for_mask, a.zero_output_for_mask);
    return g.make("SimpleRNN", c.at, sizeof c);
}

/* SimpleRNNCell: One step of a SimpleRNN. */
struct simple_rnn_cell_args {
    std::optional<int64_t> units{}; /* Size of the state and the output. Required. */
    std::optional<const char *> activation{}; /* Of the output. Default: tanh. */
    std::optional<bool> use_bias{}; /* Add a bias vector. Default: True. */
    /* How the kernel starts. Default: glorot_uniform. */
    std::optional<const char *> kernel_initializer{};
    /* How the recurrent kernel starts. Default: orthogonal. */
    std::optional<const char *> recurrent_initializer{};
    std::optional<const char *> bias_initializer{}; /* How the bias starts. Default: zeros. */
    std::optional<const char *> kernel_regularizer{}; /* Penalty on the kernel. Default: None. */
    /* Penalty on the recurrent kernel. Default: None. */
    std::optional<const char *> recurrent_regularizer{};
    std::optional<const char *> bias_regularizer{}; /* Penalty on the bias. Default: None. */
    /* Projection of the kernel after each update. Default: None. */
    std::optional<const char *> kernel_constraint{};
    /* Projection of the recurrent kernel after each update. Default: None. */
    std::optional<const char *> recurrent_constraint{};
    /* Projection of the bias after each update. Default: None. */
    std::optional<const char *> bias_constraint{};
    /* Share of the inputs that is dropped in training. Default: 0.0. */
    std::optional<double> dropout{};
    /* Share of the state that is dropped in training. Default: 0.0. */
    std::optional<double> recurrent_dropout{};
    std::optional<int64_t> seed{}; /* Of the dropout. Default: None. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *simple_rnn_cell(const simple_rnn_cell_args &a)
{
    kt_simple_rnn_cell_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("units", c.units, a.units);
    g.put("activation", c.activation, a.activation);
    g.put("use_bias", c.use_bias, a.use_bias);
    g.put("kernel_initializer", c.kernel_initializer, a.kernel_initializer);
    g.put("recurrent_initializer", c.recurrent_initializer, a.recurrent_initializer);
    g.put("bias_initializer", c.bias_initializer, a.bias_initializer);
    g.put("kernel_regularizer", c.kernel_regularizer, a.kernel_regularizer);
    g.put("recurrent_regularizer", c.recurrent_regularizer, a.recurrent_regularizer);
    g.put("bias_regularizer", c.bias_regularizer, a.bias_regularizer);
    g.put("kernel_constraint", c.kernel_constraint, a.kernel_constraint);
    g.put("recurrent_constraint", c.recurrent_constraint, a.recurrent_constraint);
    g.put("bias_constraint", c.bias_constraint, a.bias_constraint);
    g.put("dropout", c.dropout, a.dropout);
    g.put("recurrent_dropout", c.recurrent_dropout, a.recurrent_dropout);
    g.put("seed", c.seed, a.seed);
    return g.make("SimpleRNNCell", c.at, sizeof c);
}

/* Softmax: Positive numbers that add up to 1. */
struct softmax_args {
    std::optional<int64_t> axis{}; /* The axis, or several. Default: -1. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *softmax(const softmax_args &a = {})
{
    kt_softmax_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("axis", c.axis, a.axis);
    return g.make("Softmax", c.at, sizeof c);
}

/* SpectralNormalization: Keeps the largest singular value of a layer's kernel at one. */
struct spectral_normalization_args {
    std::optional<kt_layer *> layer{}; /* The layer, with a kernel or embeddings. Required. */
    /* How many iterations a training step does. Default: 1. */
    std::optional<int64_t> power_iterations{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *spectral_normalization(const spectral_normalization_args &a)
{
    kt_spectral_normalization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("layer", c.layer, a.layer);
    g.put("power_iterations", c.power_iterations, a.power_iterations);
    return g.make("SpectralNormalization", c.at, sizeof c);
}

/* StackedRNNCells: Cells one behind the other as one cell. */
struct stacked_rnn_cells_args {
    /* The cells; each gets the output of the one before. Required. */
    std::optional<const char *> cells{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *stacked_rnn_cells(const stacked_rnn_cells_args &a)
{
    kt_stacked_rnn_cells_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("cells", c.cells, a.cells);
    return g.make("StackedRNNCells", c.at, sizeof c);
}

/* StandIn: The shapes of a layer whose class is not here. */
struct stand_in_args {
    std::optional<const char *> stands_for{}; /* The class that is not here. Required. */
    ints given{}; /* What the layer was given, the batch first. Required. */
    ints gives{}; /* What it gave for that, the batch first. Required. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *stand_in(const stand_in_args &a)
{
    kt_stand_in_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("stands_for", c.stands_for, a.stands_for);
    g.put("given", c.given, a.given);
    g.put("gives", c.gives, a.gives);
    return g.make("StandIn", c.at, sizeof c);
}

/* STFTSpectrogram: The spectrum of each frame of a signal. */
struct stft_spectrogram_args {
    /* 'log', 'magnitude', 'psd', 'real', 'imag', 'angle' or 'stft'. Default: log. */
    std::optional<const char *> mode{};
    std::optional<int64_t> frame_length{}; /* Steps of a frame. Default: 256. */
    /* From one frame to the next; None: half a frame. Default: None. */
    std::optional<int64_t> frame_step{};
    /* Of the transform; None: the next power of two. Default: None. */
    std::optional<int64_t> fft_length{};
    /* Name of a window, its values, or None. Default: hann. */
    std::optional<const char *> window{};
    std::optional<bool> periodic{}; /* The window is periodic, else symmetric. Default: False. */
    std::optional<const char *> scaling{}; /* 'density', 'spectrum' or None. Default: density. */
    std::optional<const char *> padding{}; /* 'valid' or 'same'. Default: valid. */
    /* Frequencies and channels on axes of their own. Default: False. */
    std::optional<bool> expand_dims{};
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *stft_spectrogram(const stft_spectrogram_args &a = {})
{
    kt_stft_spectrogram_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("mode", c.mode, a.mode);
    g.put("frame_length", c.frame_length, a.frame_length);
    g.put("frame_step", c.frame_step, a.frame_step);
    g.put("fft_length", c.fft_length, a.fft_length);
    g.put("window", c.window, a.window);
    g.put("periodic", c.periodic, a.periodic);
    g.put("scaling", c.scaling, a.scaling);
    g.put("padding", c.padding, a.padding);
    g.put("expand_dims", c.expand_dims, a.expand_dims);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("STFTSpectrogram", c.at, sizeof c);
}

/* StringLookup: Texts by their place in a vocabulary. */
struct string_lookup_args {
    std::optional<int64_t> max_tokens{}; /* The most that the vocabulary may have. Default: None. */
    /* How many places there are for other texts. Default: 1. */
    std::optional<int64_t> num_oov_indices{};
    /* A text that stands for nothing: it gets place 0. Default: None. */
    std::optional<const char *> mask_token{};
    std::optional<const char *> oov_token{}; /* What other texts come back as. Default: [UNK]. */
    std::optional<const char *> vocabulary{}; /* The texts in their order. Default: None. */
    std::optional<const char *> idf_weights{}; /* A weight for each, for 'tf_idf'. Default: None. */
    std::optional<bool> invert{}; /* Places become texts. Default: False. */
    /* 'int', 'one_hot', 'multi_hot', 'count' or 'tf_idf'. Default: int. */
    std::optional<const char *> output_mode{};
    std::optional<bool> pad_to_max_tokens{}; /* Vectors have max_tokens entries. Default: False. */
    std::optional<bool> sparse{}; /* Of Keras' tensors; the numbers are the same. Default: False. */
    /* Of the texts that Keras gives back; kept. Default: 'utf-8'. */
    std::optional<const char *> encoding{};
    /* A number or two: SipHash with this key instead of FarmHash. Default: None. */
    std::optional<const char *> salt{};
    /* Kept; other texts are always spread by their hash. Default: floormod. */
    std::optional<const char *> oov_method{};
    /* Of a learnt vocabulary; written by Keras. Default: None. */
    std::optional<int64_t> vocabulary_size{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *string_lookup(const string_lookup_args &a = {})
{
    kt_string_lookup_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("max_tokens", c.max_tokens, a.max_tokens);
    g.put("num_oov_indices", c.num_oov_indices, a.num_oov_indices);
    g.put("mask_token", c.mask_token, a.mask_token);
    g.put("oov_token", c.oov_token, a.oov_token);
    g.put("vocabulary", c.vocabulary, a.vocabulary);
    g.put("idf_weights", c.idf_weights, a.idf_weights);
    g.put("invert", c.invert, a.invert);
    g.put("output_mode", c.output_mode, a.output_mode);
    g.put("pad_to_max_tokens", c.pad_to_max_tokens, a.pad_to_max_tokens);
    g.put("sparse", c.sparse, a.sparse);
    g.put("encoding", c.encoding, a.encoding);
    g.put("salt", c.salt, a.salt);
    g.put("oov_method", c.oov_method, a.oov_method);
    g.put("vocabulary_size", c.vocabulary_size, a.vocabulary_size);
    return g.make("StringLookup", c.at, sizeof c);
}

/* TextVectorization: Texts cut into tokens, and those by their place in a vocabulary. */
struct text_vectorization_args {
    std::optional<int64_t> max_tokens{}; /* The most that the vocabulary may have. Default: None. */
    /* What is done first: also 'lower', 'strip_punctuation' or None. ASCII alone. Default:
      'lower_and_strip_punctuation'. */
    std::optional<const char *> standardize{};
    /* Where texts are cut: also 'character' or None. Default: 'whitespace'. */
    std::optional<const char *> split{};
    /* Runs of 1 to so many tokens, or of these numbers of them. Default: None. */
    std::optional<const char *> ngrams{};
    /* 'int', 'one_hot', 'multi_hot', 'count' or 'tf_idf'. Default: int. */
    std::optional<const char *> output_mode{};
    /* How long rows are, cut or filled with 0; None: as the longest of the batch. Default: None. */
    std::optional<int64_t> output_sequence_length{};
    std::optional<bool> pad_to_max_tokens{}; /* Vectors have max_tokens entries. Default: False. */
    std::optional<const char *> vocabulary{}; /* The tokens in their order. Default: None. */
    std::optional<const char *> idf_weights{}; /* A weight for each, for 'tf_idf'. Default: None. */
    std::optional<bool> sparse{}; /* Of Keras' tensors; the numbers are the same. Default: False. */
    /* Rows of their own lengths; only False is supported. Default: False. */
    std::optional<bool> ragged{};
    /* Of the texts that Keras gives back; kept. Default: 'utf-8'. */
    std::optional<const char *> encoding{};
    /* Of a learnt vocabulary; written by Keras. Default: None. */
    std::optional<int64_t> vocabulary_size{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *text_vectorization(const text_vectorization_args &a = {})
{
    kt_text_vectorization_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("max_tokens", c.max_tokens, a.max_tokens);
    g.put("standardize", c.standardize, a.standardize);
    g.put("split", c.split, a.split);
    g.put("ngrams", c.ngrams, a.ngrams);
    g.put("output_mode", c.output_mode, a.output_mode);
    g.put("output_sequence_length", c.output_sequence_length, a.output_sequence_length);
    g.put("pad_to_max_tokens", c.pad_to_max_tokens, a.pad_to_max_tokens);
    g.put("vocabulary", c.vocabulary, a.vocabulary);
    g.put("idf_weights", c.idf_weights, a.idf_weights);
    g.put("sparse", c.sparse, a.sparse);
    g.put("ragged", c.ragged, a.ragged);
    g.put("encoding", c.encoding, a.encoding);
    g.put("vocabulary_size", c.vocabulary_size, a.vocabulary_size);
    return g.make("TextVectorization", c.at, sizeof c);
}

/* TimeDistributed: Applies a layer to every time step. */
struct time_distributed_args {
    std::optional<kt_layer *> layer{}; /* The layer that every step goes through. Required. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *time_distributed(const time_distributed_args &a)
{
    kt_time_distributed_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("layer", c.layer, a.layer);
    return g.make("TimeDistributed", c.at, sizeof c);
}

/* UpSampling1D: Each place several times. */
struct up_sampling1d_args {
    std::optional<int64_t> size{}; /* How often each step. Default: 2. */
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *up_sampling1d(const up_sampling1d_args &a = {})
{
    kt_up_sampling1d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("size", c.size, a.size);
    return g.make("UpSampling1D", c.at, sizeof c);
}

/* UpSampling2D: Each place several times. */
struct up_sampling2d_args {
    ints size{}; /* How often each row and column. Default: 2. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    /* 'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'. Default: nearest. */
    std::optional<const char *> interpolation{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *up_sampling2d(const up_sampling2d_args &a = {})
{
    kt_up_sampling2d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("size", c.size, a.size);
    g.put("data_format", c.data_format, a.data_format);
    g.put("interpolation", c.interpolation, a.interpolation);
    return g.make("UpSampling2D", c.at, sizeof c);
}

/* UpSampling3D: Each place several times. */
struct up_sampling3d_args {
    ints size{}; /* How often along each axis. Default: 2. */
    /* 'channels_last' or 'channels_first'; None: channels_last. Default: None. */
    std::optional<const char *> data_format{};
    std::optional<const char *> name{}; /* Automatic if left out. */
    std::optional<bool> trainable{}; /* true: weights are updated by fit. */
    std::optional<const char *> dtype{}; /* Of weights and results: "float32". */
    /* Of one sample; KT_UNKNOWN where a size is open. For the first layer of a model. */
    ints input_shape{};
    ints batch_input_shape{}; /* The same with the batch axis. */
    std::optional<const char *> input_dtype{}; /* Of the data: "int32". */
    std::optional<const char *> activity_regularizer{}; /* Penalty on the output. */
};
inline kt_layer *up_sampling3d(const up_sampling3d_args &a = {})
{
    kt_up_sampling3d_args c{};
    detail::given g;
    g.put("name", c.name, a.name);
    g.put("trainable", c.trainable, a.trainable);
    g.put("dtype", c.dtype, a.dtype);
    g.put("input_shape", c.input_shape, a.input_shape);
    g.put("batch_input_shape", c.batch_input_shape, a.batch_input_shape);
    g.put("input_dtype", c.input_dtype, a.input_dtype);
    g.put("activity_regularizer", c.activity_regularizer, a.activity_regularizer);
    g.put("size", c.size, a.size);
    g.put("data_format", c.data_format, a.data_format);
    return g.make("UpSampling3D", c.at, sizeof c);
}

} // namespace kt
#endif
