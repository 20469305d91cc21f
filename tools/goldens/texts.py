#!/usr/bin/env python3
"""What StringLookup, TextVectorization and Hashing make of texts, how they are written, what they say: tests/goldens/texts*.jsonl.

texts.jsonl has rows as layers.jsonl, texts_adapted.jsonl what layers learn from texts, texts_configs.jsonl rows as configs.jsonl,
texts_messages.jsonl calls on texts that fail. Arrays of texts have the dtype "string". texts_archive.keras is saved by Keras: what
it learnt lies beside its configuration.
"""
import json
import os

from common import LAYERS, OUT, array, error_of, keras, made, model_of, np, tf, write

WORDS = ["The cat, sat!", "on THE mat  on the\tmat", "dog", "", " ... ", "Ünïcode É é: ça va?", "a-b_c d'e", "the the the cat",
         "x\x85y\u00a0z \u2028w", "\U0001f600 smile 日本 語", "\x0bv\x0cf\rr\nn", "[UNK] mat [unk]"]
VOCABULARY = ["the", "cat", "mat", "on", "the cat", "é", "É", "a", "b", "ça va", "日本", "on the mat"]
MODES = ("int", "multi_hot", "count")
VECTOR = f"TextVectorization(vocabulary={VOCABULARY!r}"
LOOKUP = "StringLookup(vocabulary=['a', 'é', 'cat', '']"
TOKENS = [["a", "é", "zebra", ""], ["cat", "A", "m", "[UNK]"], ["日本", "b", "m", "cat"]]
LETTERS = list("abcé日 T!") + ["the", "on"]


def texts(a):
    return {"shape": list(np.shape(a)), "dtype": "string", "values": [str(t) for t in np.asarray(a, dtype=object).ravel()]}


def shown(a):
    return texts([t.decode() for t in a.ravel()]) | {"shape": list(a.shape)} if a.dtype == object else array(a)


# The layer behind Input, and the texts.
STACKS = [
    *[(f"{VECTOR}, output_mode='{m}')", WORDS) for m in MODES],
    *[(f"{VECTOR}, standardize={s!r}, split={c!r}, output_mode='{m}')", WORDS)
      for s in (None, "lower", "strip_punctuation", "lower_and_strip_punctuation") for c in (None, "whitespace", "character") for m in MODES],
    *[(f"{VECTOR}, ngrams={n}, output_sequence_length={k})", WORDS) for n in (1, 2, 3, (2,), (3, 1), 0, ()) for k in (None, 2, 9)],
    *[(f"{VECTOR}, ngrams={n}, split='character', output_mode='count')", WORDS) for n in (2, (1, 3))],
    (f"{VECTOR}, output_sequence_length=0)", WORDS), (f"{VECTOR}, 20, pad_to_max_tokens=True, output_mode='multi_hot')".replace("(vocabulary", "(30, vocabulary").replace(", 20,", ","), WORDS),
    ("TextVectorization(vocabulary=['', '[UNK]', 'on', 'the'])", WORDS), ("TextVectorization(vocabulary=['[UNK]', 'on'])", WORDS),
    ("TextVectorization(9, vocabulary=['the', 'on'], output_mode='tf_idf', idf_weights=[0.5, 2.0])", WORDS),
    ("TextVectorization(9, vocabulary=['the', 'on'], output_mode='tf_idf', idf_weights=[0.5, 2.0], pad_to_max_tokens=True)", WORDS),
    ("TextVectorization(vocabulary=['a', 'b', 'a b'], split=None, output_mode='one_hot')", WORDS),
    *[(f"{LOOKUP}, output_mode='{m}')", TOKENS) for m in (*MODES, "one_hot")],
    *[(f"{LOOKUP}{more})", TOKENS) for more in (", mask_token='m'", ", mask_token='m', output_mode='count'", ", num_oov_indices=3",
                                               ", num_oov_indices=3, salt=[1, 2]", ", num_oov_indices=2, mask_token='m', salt=7, output_mode='multi_hot'",
                                               ", oov_token=None", ", output_mode='tf_idf', idf_weights=[0.5, 1, 2, 3]",
                                               ", max_tokens=9, output_mode='count', pad_to_max_tokens=True")],
    ("StringLookup(vocabulary=['m', '[UNK]', 'a'], mask_token='m')", TOKENS), ("StringLookup(vocabulary=['a', '[UNK]'])", TOKENS),
    ("StringLookup(vocabulary=['a', 'é', 'zebra', '', 'cat', 'A', 'm', '[UNK]', '日本', 'b'], num_oov_indices=0)", TOKENS),
    *[(f"{LOOKUP}, output_mode='{m}')", [["a"], ["x"], [""]]) for m in (*MODES, "one_hot")],
    *[(f"Hashing(7, output_mode='{m}')", TOKENS) for m in (*MODES, "one_hot")],
    ("Hashing(9, salt=[133, 137])", TOKENS), ("Hashing(1)", TOKENS), ("Hashing(9, mask_value='m')", TOKENS), ("Hashing(1000000)", [[w] for w in WORDS]),
]
# Nested, passed on, shared, and what comes behind.
MODELS = [
    ("Sequential([Input((1,), dtype='string', name='x'), Identity(), Sequential([TextVectorization(vocabulary=['the', 'on']), Embedding(5, 2), GlobalAveragePooling1D()])])", WORDS),
    ("Sequential([Input((2,), dtype='string', name='x'), Reshape((2, 1)), Flatten(), StringLookup(vocabulary=['the', 'on'])])", [["the", "on"], ["a", "b"]]),
    ("Sequential([Input((1,), dtype='string', name='x'), TextVectorization(vocabulary=['the', 'on'], output_sequence_length=4), StringLookup(vocabulary=['x', 'y'], invert=True)])", WORDS),
    ("Sequential([Input((3,), dtype='string', name='x'), StringLookup(vocabulary=['a', 'b'], num_oov_indices=1), StringLookup(vocabulary=['c', 'b'], invert=True), StringLookup(vocabulary=['b'])])", [["a", "b", "q"]]),
]
# The layers, what they learn from, and the texts.
DATA = ["b a, c! é b", "É a b", "c c d \x85 e", "the cat", "The cat", "z z z ! z"]
ADAPTED = [(f"{t})", DATA) for t in ("TextVectorization(", "TextVectorization(5", "TextVectorization(output_mode='count'", "TextVectorization(output_mode='tf_idf'",
                                     "TextVectorization(20, output_mode='tf_idf', pad_to_max_tokens=True", "TextVectorization(ngrams=2", "TextVectorization(split='character'",
                                     "TextVectorization(standardize=None", "TextVectorization(split=None", "TextVectorization(ngrams=(2, 3), split='character', output_mode='multi_hot'")]
ADAPTED += [(f"StringLookup({t})", TOKENS) for t in ("", "mask_token='m'", "num_oov_indices=2", "output_mode='tf_idf'", "max_tokens=4", "output_mode='count', mask_token='cat'")]
EXPRESSIONS = [
    *[f"StringLookup({t})" for t in ("", "5, 2, 'm', 'o', ['a', 'b'], None, False, 'count', True, False, 'latin-1'", "vocabulary=['a', 'b'], name='s', dtype='int32', trainable=False",
                                    "max_tokens=1", "max_tokens=0", "num_oov_indices=-1", "output_mode='x'", "output_mode='binary'", "output_mode='tf-idf'",
                                    "output_mode='tf_idf', vocabulary=['a']", "idf_weights=[1.0]", "vocabulary=['a'], idf_weights=[1.0, 2.0], output_mode='tf_idf'",
                                    "invert=True, output_mode='count'", "invert=True, vocabulary=['a', '[UNK]']", "pad_to_max_tokens=True", "salt='x'", "salt=3", "salt=(1, 2)",
                                    "sparse=True", "oov_method='x'", "oov_method='farmhash'", "vocabulary=[]", "vocabulary=['a', 'b', 'a', 'é', 'é']", "vocabulary=['a', 'm'], mask_token='m'",
                                    "vocabulary=['a', \"it's\"], mask_token=\"it's\"", "vocabulary=['m', '[UNK]', 'a'], mask_token='m'", "vocabulary=['a', 'b'], max_tokens=2", "vocabulary=3")],
    *[f"TextVectorization({t})" for t in ("", "9, 'lower', 'character', 2, 'int', 4, False, ['a', 'b'], None, False, False, 'latin-1', name='t'", "vocabulary=['a'], ngrams=(1, 3)",
                                         "standardize=None, split=None", "standardize='x'", "split='x'", "split=3", "ngrams='x'", "ngrams=1.5", "ngrams=[1, 2]", "ngrams=(1, 'a')",
                                         "ngrams=True", "output_sequence_length='a'", "output_sequence_length=3, output_mode='count'", "output_sequence_length=0", "output_sequence_length=-1",
                                         "ragged=True, output_mode='count'", "sparse=True", "output_mode='x'", "output_mode='binary'", "output_mode='tf_idf', vocabulary=['a']",
                                         "output_mode='count', vocabulary=['a'], dtype='float64', trainable=False", "vocabulary=['', 'a']", "vocabulary=['a', 'a']", "vocabulary=['', '[UNK]', 'a']",
                                         "max_tokens=1", "vocabulary=['a', 'b'], max_tokens=3", "pad_to_max_tokens=True", "idf_weights=[1.0]")],
]
WIDE = [["a", "b"], ["c", "d"]]
FAILING = [("TextVectorization()", [["a"]]), ("TextVectorization(output_mode='count')", [["a"]]), ("StringLookup()", [["a"]]),
           ("TextVectorization(vocabulary=['a'])", WIDE), ("TextVectorization(vocabulary=['a'])", [WIDE]), ("TextVectorization(vocabulary=['a'], output_sequence_length=-1)", [["a"]]),
           ("TextVectorization(vocabulary=['a'], ngrams=(2, 0))", [["a"]]), ("TextVectorization(vocabulary=['a'], ngrams=(0,))", [["a"]]), ("TextVectorization(vocabulary=['a'], split=None, ngrams=(2,), output_sequence_length=3)", [["a"]]),
           ("TextVectorization(vocabulary=['a'])", [[1.5]]), ("StringLookup(vocabulary=['a'])", [[1]]), ("StringLookup(vocabulary=['a'], invert=True)", [["a"]]),
           ("IntegerLookup(vocabulary=[1])", [["a"]]), ("Embedding(3, 2)", [["a"]]), ("Dense(2)", [["a"]]), ("Masking()", [["a"]]), ("Rescaling(2.0)", [["a"]])]
# symbolic calls: the layers and the shape
SYMBOLIC = [(f"{VECTOR}, output_mode='{m}', split={c!r}, output_sequence_length={k})", s) for m in (*MODES, "one_hot") for c in (None, "whitespace")
            for k in ((None, 4) if m == "int" else (None,)) for s in ((None, 1), (None, 3), (5,), (None, 2, 1))]
SYMBOLIC += [(f"{LOOKUP}, output_mode='{m}')", s) for m in (*MODES, "one_hot") for s in ((None, 1), (None, 3), (5,), (None, 2, 1))]
SYMBOLIC += [("TextVectorization(output_mode='tf-idf', vocabulary=['a'], idf_weights=[1.0])", (None, 1)), ("TextVectorization(output_mode='binary', vocabulary=['a'])", (None, 1))]


def data(x):
    return np.array(x if isinstance(x[0], list) else [[t] for t in x], dtype=object)


def row(model, shown_as, x):
    g = np.random.default_rng(3)
    for w in model.weights:
        w.assign(np.round(g.normal(0, 0.5, w.shape), 2))
    y = model(tf.constant(x), training=False)
    return {"model": shown_as, "weights": [[float(f"{v:.2f}") for v in w.numpy().ravel()] for w in model.weights], "x": {"x": texts(x)}, "y": [shown(y.numpy())], "calls": 1}


def stack(layer, x):
    return f"Sequential([Input({tuple(x.shape[1:])}, dtype='string', name='x'), {layer}])"


def rows():
    for layer, x in [*STACKS, *random_stacks()]:
        text = stack(layer, data(x))
        yield row(model_of(text), text, data(x))
    for text, x in MODELS:
        yield row(model_of(text), text, data(x))


def random_stacks():
    """Texts of letters, blanks and signs against all that a TextVectorization may be told."""
    g = np.random.default_rng(11)
    for _ in range(60):
        x = ["".join(g.choice(LETTERS, g.integers(0, 14))) for _ in range(5)]
        mode = g.choice(["int", "int", "multi_hot", "count"])
        split = [None, "whitespace", "character"][g.integers(3)]
        known = sorted({"".join(g.choice(LETTERS, g.integers(1, 4))) for _ in range(6)} - {""})
        length = [None, 3, 8][g.integers(3)] if mode == "int" else None
        ngrams = [None, 2, 3, (2, 1)][g.integers(4)]
        yield (f"TextVectorization(vocabulary={known!r}, output_mode='{mode}', split={split!r}, ngrams={ngrams}, output_sequence_length={length}, "
               f"standardize={[None, 'lower', 'strip_punctuation', 'lower_and_strip_punctuation'][g.integers(4)]!r})"), x


def adapted():
    for layer, x in ADAPTED:
        x = data(x)
        text = stack(layer, x)
        model = model_of(text)
        model.layers[0].adapt(tf.constant(x))
        yield {**row(model, text, x), "adapt": texts(x), "vocabulary": [str(t) for t in model.layers[0].get_vocabulary()]}


def configs():
    for text in EXPRESSIONS:
        keras.backend.clear_session()
        out = {"family": "layer", "expression": text, "shape": None}
        try:
            out["value"] = json.loads(json.dumps(keras.saving.serialize_keras_object(made(text, LAYERS))))
        except Exception as e:  # whatever Keras raises is the fact
            out["error"] = error_of(e)
        yield out


def messages():
    for layer, x in FAILING:
        text = f"Sequential([{layer}])"
        is_text = isinstance(np.ravel(np.array(x, dtype=object))[0], str)
        out = {"layer": layer, "x": texts(x) if is_text else array(np.array(x))}
        try:
            model_of(text).layers[0](tf.constant(np.array(x)))
            raise SystemExit(f"{text} does not fail")
        except Exception as e:  # whatever Keras raises is the fact
            out["error"] = error_of(e)
        yield out


def symbolic():
    for layers, shape in SYMBOLIC:
        out = {"model": f"Sequential([{layers}])", "symbolic": True, "in": [list(shape)]}
        try:
            y = model_of(out["model"]).layers[0](keras.KerasTensor(shape, dtype="string"))
            out["out"] = [list(y.shape)]
        except Exception as e:
            out["error"] = error_of(e)
        yield out


def archive():
    """One layer of each class that learns, read back with the same results."""
    keras.backend.clear_session()
    t, n = keras.Input((1,), dtype="string", name="text"), keras.Input((2,), dtype="int64", name="number")
    cut = keras.layers.TextVectorization(output_mode="tf_idf", name="cut")
    cut.adapt(DATA)
    word = keras.layers.StringLookup(name="word", mask_token="")
    word.adapt(["x", "y", "é", "y"])
    number = keras.layers.IntegerLookup(name="number_lookup")
    number.adapt([5, 5, -3])
    inner = keras.Sequential([keras.Input((1,), dtype="string"), keras.layers.TextVectorization(name="inner_cut", ngrams=2)], name="inner")
    inner.layers[0].adapt(DATA)
    model = keras.Model([t, n], [cut(t), word(t), number(n), inner(t)], name="m")
    model.save(os.path.join(OUT, "files", "texts.keras"))
    x, k = data(DATA + ["y", "é", ""]), np.arange(18, dtype="int64").reshape(9, 2) - 4
    return [{"x": {"text": texts(x), "number": array(k)}, "y": [shown(y.numpy()) for y in model([tf.constant(x), tf.constant(k)])]}]


if __name__ == "__main__":
    write("texts", rows())
    write("texts_adapted", adapted())
    write("texts_configs", configs())
    write("texts_messages", messages())
    write("texts_symbolic", symbolic())
    write("texts_archive", archive())
