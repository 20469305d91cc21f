"""Writes tests/cli/answers/calls.tsv: calls of models that are wrong in known ways, and what real Keras says of each.

Each line: name, options of `keratin check`, what Keras does ("takes", or the error's class), and the model, JSON as short as Keras reads it. The
arrays of a call are those that tests/cli/answers.sh makes; ROWS rows, whose numbers do not matter to what is asked here.
"""
import json, os, re, sys
import numpy as np

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "cli", "answers", "calls.tsv")
ROWS = 24
MODULES = {"Sequential": "keras", "Functional": "keras.src.models.functional"}


# --- models, in Keras' JSON -------------------------------------------------------------------------------------------------------------


def tensor(ref):
    name, node, part = (tuple(ref) + (0, 0))[:3] if isinstance(ref, tuple) else (ref, 0, 0)
    return {"class_name": "__keras_tensor__", "config": {"shape": [None], "dtype": "float32", "keras_history": [name, node, part]}}


def call(inputs, **kwargs):
    args = [[tensor(i) for i in inputs]] if len(inputs) > 1 else [tensor(inputs[0])]
    return {"args": args, "kwargs": {k: [tensor(i) for i in v] if isinstance(v, list) else tensor(v) for k, v in kwargs.items()}}


def whole(cls, config):
    """What Keras writes of it, but for the parts that are objects: initializers and the like have their defaults."""
    if cls in MODULES:
        return config
    full = getattr(keras.layers, cls).from_config({k: v for k, v in config.items() if k != "batch_input_shape"}).get_config()  # that is of Keras 2
    return {**{k: v for k, v in full.items() if not isinstance(v, dict)}, **config}


def layer(name, cls, inputs=None, more=(), keywords=None, **config):
    """inputs: of the first call; more: of those after it."""
    config = whole(cls, {"name": name, **config})
    d = {"module": MODULES.get(cls, "keras.layers"), "class_name": cls, "config": config}
    if inputs is not None:
        d.update(name=name, inbound_nodes=[call(i, **(keywords or {})) for i in [inputs, *more]])
    return d


def source(name, shape, graph=True, **config):
    d = {"module": "keras.layers", "class_name": "InputLayer", "config": {"name": name, "batch_shape": [None, *shape], **config}}
    if graph:
        d.update(name=name, inbound_nodes=[])
    return d


def graph(layers, outputs, name="m"):
    refs = lambda names: [[n, 0, 0] if isinstance(n, str) else list(n) for n in names]
    inputs = [l["name"] for l in layers if l["class_name"] == "InputLayer"]
    return {"module": MODULES["Functional"], "class_name": "Functional", "config": {"name": name, "layers": layers, "input_layers": refs(inputs), "output_layers": refs(outputs)}}


def chain(layers, name="m", **config):
    return {"module": MODULES["Sequential"], "class_name": "Sequential", "config": {"name": name, "layers": layers, **config}}


def inside(name, model, inputs=None):
    return layer(name, model["class_name"], inputs, **{k: v for k, v in model["config"].items() if k != "name"})


def conv(name, inputs, filters, kernel=3, rank=2, **config):
    return layer(name, "Conv%dD" % rank, inputs, filters=filters, kernel_size=[kernel] * rank, **config)


# --- calls ------------------------------------------------------------------------------------------------------------------------------

FIT = "--call fit --loss mse"
CLASSES = "--call fit --loss sparse_categorical_crossentropy --y labels3.csv"


def of(*dims):
    return '"(%s)"' % ", ".join(map(str, (ROWS,) + dims)) if dims else '"(%d,)"' % ROWS


def x(*shapes):
    return " ".join("--x-shape " + of(*s) for s in shapes)


def y(*shapes):
    return " ".join("--y-shape " + of(*s) for s in shapes)


def branches():
    """Branches of other sizes that are merged."""
    a = source("a", (8,))
    yield "add_widths", graph([a, layer("p", "Dense", ["a"], units=5), layer("q", "Dense", ["a"], units=6), layer("add", "Add", ["p", "q"]),
                               layer("out", "Dense", ["add"], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    yield "add_to_input", graph([a, layer("p", "Dense", ["a"], units=6), layer("act", "Activation", ["p"], activation="relu"), layer("add", "Add", ["a", "act"]),
                                 layer("out", "Dense", ["add"], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    yield "add_three", graph([a, *[layer(n, "Dense", ["a"], units=u) for n, u in (("p", 5), ("q", 6), ("r", 5))], layer("sum", "Average", ["p", "q", "r"]),
                              layer("out", "Dense", ["sum"], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    i = source("i", (12, 12, 3))
    head = [layer("flat", "Flatten", ["join"]), layer("out", "Dense", ["flat"], units=2)]
    for name, join in (("add", "Add"), ("concat", "Concatenate")):
        yield name + "_padding", graph([i, conv("p", ["i"], 4), conv("q", ["i"], 4, padding="same"), conv("one", ["q"], 4, 1), layer("join", join, ["p", "one"]), *head],
                                       ["out"]), f"{x((12, 12, 3))} {y((2,))} {FIT}"
        yield name + "_strides", graph([i, conv("p", ["i"], 4, padding="same", strides=[2, 2]), conv("q", ["i"], 4, padding="same"), layer("join", join, ["p", "q"]), *head],
                                       ["out"]), f"{x((12, 12, 3))} {y((2,))} {FIT}"
        yield name + "_pooled", graph([i, conv("p", ["i"], 4, padding="same"), layer("pool", "MaxPooling2D", ["p"], pool_size=[3, 3]), conv("q", ["i"], 6, padding="same"),
                                       layer("join", join, ["pool", "q"]), *head], ["out"]), f"{x((12, 12, 3))} {y((2,))} {FIT}"
        yield name + "_row_and_map", graph([i, source("r", (5,)), conv("p", ["i"], 4), layer("q", "Dense", ["r"], units=5), layer("join", join, ["q", "p"]),
                                            layer("out", "Dense", ["join"], units=2)], ["out"]), f"{x((12, 12, 3), (5,))} {y((2,))} {FIT}"
    s = source("s", (10, 4))
    yield "add_steps", graph([s, conv("p", ["s"], 4, 3, 1), layer("add", "Add", ["s", "p"]), layer("last", "GlobalAveragePooling1D", ["add"]), layer("out", "Dense", ["last"], units=2)],
                             ["out"]), f"{x((10, 4))} {y((2,))} {FIT}"
    u = source("u", (30, 30, 1))
    down = [u, conv("c1", ["u"], 4, padding="same"), layer("p1", "MaxPooling2D", ["c1"], pool_size=[2, 2]), conv("c2", ["p1"], 6, padding="same"),
            layer("p2", "MaxPooling2D", ["c2"], pool_size=[2, 2]), conv("c3", ["p2"], 8, padding="same")]
    up = [layer("u2", "UpSampling2D", ["c3"], size=[2, 2]), layer("j2", "Concatenate", ["u2", "c2"]), layer("u1", "Conv2DTranspose", ["j2"], filters=4, kernel_size=[2, 2], strides=[2, 2]),
          layer("j1", "Concatenate", ["u1", "c1"]), conv("out", ["j1"], 1, 1, activation="sigmoid")]
    yield "unet", graph(down + up, ["out"]), f"{x((30, 30, 1))} {y((30, 30, 1))} --call fit --loss binary_crossentropy"
    plain = [layer("u2", "UpSampling2D", ["c3"], size=[2, 2]), layer("u1", "UpSampling2D", ["u2"], size=[2, 2]), conv("out", ["u1"], 1, 1, activation="sigmoid")]
    yield "decoder_maps", graph(down + plain, ["out"]), f"{x((30, 30, 1))} {y((30, 30, 1))} --call fit --loss binary_crossentropy"


def steps():
    """Sequences where one step is wanted, and the reverse."""
    s = source("s", (6, 3))
    yield "merge_sequence", graph([s, source("r", (4,)), layer("lstm", "LSTM", ["s"], units=5, return_sequences=True), layer("q", "Dense", ["r"], units=5),
                                   layer("join", "Concatenate", ["lstm", "q"]), layer("out", "Dense", ["join"], units=2)], ["out"]), f"{x((6, 3), (4,))} {y((2,))} {FIT}"
    yield "stacked", graph([s, layer("one", "LSTM", ["s"], units=5), layer("two", "GRU", ["one"], units=4), layer("out", "Dense", ["two"], units=2)], ["out"]), f"{x((6, 3))} {y((2,))} {FIT}"
    yield "stacked_chain", chain([source("s", (6, 3), False), layer("one", "Bidirectional", layer=layer("inner", "LSTM", units=5)), layer("two", "LSTM", units=4), layer("out", "Dense", units=2)]), f"{x((6, 3))} {y((2,))} {FIT}"
    yield "steps_of_target", graph([s, layer("one", "LSTM", ["s"], units=5), layer("out", "Dense", ["one"], units=2)], ["out"]), f"{x((6, 3))} {y((6, 2))} {FIT}"
    yield "steps_to_come", graph([s, layer("one", "LSTM", ["s"], units=5), layer("out", "Dense", ["one"], units=2)], ["out"]), f"{x((6, 3))} {y((4, 2))} {FIT}"
    yield "steps_to_come_chain", chain([source("s", (6, 3), False), layer("one", "LSTM", units=5), layer("out", "Dense", units=2)]), f"{x((6, 3))} {y((4, 2))} {FIT}"
    yield "all_steps_for_one", chain([source("s", (6, 3), False), layer("one", "LSTM", units=5, return_sequences=True), layer("out", "Dense", units=3, activation="softmax")]), f"{x((6, 3))} {CLASSES}"
    yield "wrapped_row", chain([source("s", (6, 3), False), layer("one", "LSTM", units=5), layer("out", "TimeDistributed", layer=layer("inner", "Dense", units=2))]), f"{x((6, 3))} {y((2,))} {FIT}"
    yield "wrapped_row_graph", graph([s, layer("one", "LSTM", ["s"], units=5), layer("out", "TimeDistributed", ["one"], layer=layer("inner", "Dense", units=2))], ["out"]), f"{x((6, 3))} {y((6, 2))} {FIT}"
    yield "repeated_too_often", chain([source("s", (6, 3), False), layer("one", "LSTM", units=5), layer("again", "RepeatVector", n=7), layer("two", "LSTM", units=5, return_sequences=True), layer("out", "Dense", units=2)]), f"{x((6, 3))} {y((4, 2))} {FIT}"
    yield "frames", chain([source("s", (5, 12, 12, 3), False), layer("c", "Conv2D", filters=4, kernel_size=[3, 3]), layer("flat", "Flatten"), layer("lstm", "LSTM", units=5), layer("out", "Dense", units=2)]), f"{x((5, 12, 12, 3))} {y((2,))} {FIT}"
    d = source("d", (4, 2))
    yield "state_width", graph([s, d, layer("one", "LSTM", ["s"], units=5, return_state=True), layer("two", "LSTM", ["d"], units=4, keywords={"initial_state": [("one", 0, 1), ("one", 0, 2)]}),
                                layer("out", "Dense", ["two"], units=2)], ["out"]), f"{x((6, 3), (4, 2))} {y((2,))} {FIT}"
    yield "state_of_steps", graph([s, d, layer("one", "GRU", ["s"], units=5, return_sequences=True), layer("two", "GRU", ["d"], units=5, keywords={"initial_state": "one"}),
                                   layer("out", "Dense", ["two"], units=2)], ["out"]), f"{x((6, 3), (4, 2))} {y((2,))} {FIT}"


def nested():
    """Models inside, declared shapes in other places, names that are taken, layers that are used twice."""
    inner = chain([source("in", (7,), False), layer("hide", "Dense", units=4)], "inner")
    yield "inner_input", chain([source("a", (8,), False), layer("d", "Dense", units=5), inside("inner", inner), layer("out", "Dense", units=2)]), f"{x((8,))} {y((2,))} {FIT}"
    yield "inner_input_graph", graph([source("a", (8,)), layer("d", "Dense", ["a"], units=5), inside("inner", inner, ["d"]), layer("out", "Dense", ["inner"], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    maps = graph([source("in", (10, 10, 2)), conv("c", ["in"], 4), layer("pool", "MaxPooling2D", ["c"], pool_size=[2, 2])], ["pool"], "maps")
    yield "inner_maps", chain([source("i", (10, 10, 2), False), inside("maps", maps), layer("out", "Dense", units=3, activation="softmax")]), f"{x((10, 10, 2))} {CLASSES}"
    deep = graph([source("in", (10, 10, 2)), conv("c", ["in"], 4), conv("same", ["in"], 4, padding="same"), layer("add", "Add", ["c", "same"])], ["add"], "deep")
    yield "inner_branches", chain([source("i", (10, 10, 2), False), inside("deep", deep), layer("flat", "Flatten"), layer("out", "Dense", units=2)]), f"{x((10, 10, 2))} {y((2,))} {FIT}"
    yield "declared_in_layer", chain([layer("d", "Dense", units=5, batch_input_shape=[None, 7]), layer("out", "Dense", units=2)]), f"{x((8,))} {y((2,))} {FIT}"
    yield "declared_by_file", chain([layer("d", "Dense", units=5), layer("out", "Dense", units=2)], build_input_shape=[None, 7]), f"{x((8,))} {y((2,))} {FIT}"
    yield "name_taken", graph([source("i", (10, 10, 2)), layer("flatten", "Conv2D", ["i"], filters=4, kernel_size=[3, 3]), layer("out", "Dense", ["flatten"], units=3, activation="softmax")], ["out"]), f"{x((10, 10, 2))} {CLASSES}"
    yield "used_twice", graph([source("a", (8,)), source("b", (6,)), layer("shared", "Dense", ["a"], [["b"]], units=4), layer("join", "Subtract", ["shared", ("shared", 1, 0)]),
                               layer("out", "Dense", ["join"], units=2)], ["out"]), f"{x((8,), (6,))} {y((2,))} {FIT}"
    yield "no_head_graph", graph([source("i", (10, 10, 2)), conv("c", ["i"], 4), layer("pool", "MaxPooling2D", ["c"], pool_size=[2, 2])], ["pool"]), f"{x((10, 10, 2))} {CLASSES}"
    yield "no_head_chain", chain([source("i", (10, 10, 2), False), layer("c", "Conv2D", filters=4, kernel_size=[3, 3])]), f"{x((10, 10, 2))} --call fit --loss categorical_crossentropy --y hot3.csv"
    yield "shrunk_graph", graph([source("i", (8, 8, 1)), conv("c1", ["i"], 4), layer("p1", "MaxPooling2D", ["c1"], pool_size=[2, 2]), conv("c2", ["p1"], 4), layer("p2", "MaxPooling2D", ["c2"], pool_size=[2, 2]),
                                 layer("flat", "Flatten", ["p2"]), layer("out", "Dense", ["flat"], units=2)], ["out"]), f"{x((8, 8, 1))} {y((2,))} {FIT}"
    yield "shrunk_chain", chain([source("i", (8, 8, 1), False), *[l for n in "abc" for l in (layer("c" + n, "Conv2D", filters=4, kernel_size=[3, 3]), layer("p" + n, "MaxPooling2D", pool_size=[2, 2]))],
                                 layer("flat", "Flatten"), layer("out", "Dense", units=2)]), f"{x((8, 8, 1))} {y((2,))} {FIT}"


def wires():
    """Inputs, outputs and tensors that are taken for others."""
    two = [source("a", (3,)), source("b", (5,)), layer("p", "Dense", ["a"], units=4), layer("q", "Dense", ["b"], units=4), layer("join", "Concatenate", ["p", "q"]), layer("out", "Dense", ["join"], units=2)]
    yield "one_array_for_two", graph(two, ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    yield "inputs_swapped", graph(two, ["out"]), f"{x((5,), (3,))} {y((2,))} {FIT}"
    yield "one_input_missing", graph(two, ["out"]), f"{x((3,))} {y((2,))} {FIT}"
    yield "too_many_inputs", graph([source("a", (3,)), layer("out", "Dense", ["a"], units=2)], ["out"]), f"{x((3,), (5,))} {y((2,))} {FIT}"
    yield "merge_of_one", graph([source("a", (8,)), layer("p", "Dense", ["a"], units=4), layer("q", "Dense", ["a"], units=4), layer("join", "Concatenate", ["p"]), layer("out", "Dense", ["join"], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    yield "wrong_tensor", graph([source("i", (10, 10, 2)), conv("c", ["i"], 4), layer("flat", "Flatten", ["c"]), layer("d", "Dense", ["flat"], units=6), conv("c2", ["d"], 4), layer("flat2", "Flatten", ["c2"]),
                                 layer("out", "Dense", ["flat2"], units=2)], ["out"]), f"{x((10, 10, 2))} {y((2,))} {FIT}"
    heads = [source("a", (8,)), layer("p", "Dense", ["a"], units=3), layer("one", "Dense", ["p"], units=1), layer("two", "Dense", ["p"], units=2)]
    yield "one_target_for_two", graph(heads, ["one", "two"]), f"{x((8,))} {y((3,))} {FIT}"
    yield "targets_swapped", graph(heads, ["one", "two"]), f"{x((8,))} {y((2,), (1,))} {FIT}"
    yield "losses_too_few", graph(heads, ["one", "two"]), f"{x((8,))} {y((1,), (2,))} --call fit --loss \"['mse']\""
    yield "rows_differ", chain([source("a", (8,), False), layer("out", "Dense", units=2)]), f"{x((8,))} --y-shape \"(20, 2)\" {FIT}"
    yield "split_rows", graph(two, ["out"]), f"--x-shape \"({ROWS}, 3)\" --x-shape \"(20, 5)\" {y((2,))} {FIT}"


def targets():
    """Targets of another rank, size or form."""
    maps = chain([source("i", (8, 8, 3), False), layer("out", "Conv2D", filters=1, kernel_size=[3, 3], padding="same", activation="sigmoid")])
    for name, shape in (("channels", (8, 8, 3)), ("flat", (64,)), ("size", (6, 6, 1)), ("first", (1, 8, 8)), ("bare", (8, 8)), ("extra", (1, 8, 8, 1)), ("labels", ())):
        yield "maps_" + name, maps, f"{x((8, 8, 3))} {y(shape)} --call fit --loss binary_crossentropy"
    yield "maps_of_other_width", chain([source("i", (8, 8, 3), False), layer("out", "Conv2D", filters=2, kernel_size=[3, 3], padding="same")]), f"{x((8, 8, 3))} {y((8, 8, 3))} {FIT}"
    row = chain([source("a", (8,), False), layer("hide", "Dense", units=6, activation="relu"), layer("out", "Dense", units=8, activation="sigmoid")])
    yield "autoencoder_labels", row, f"{x((8,))} --y labels3.csv {FIT}"
    yield "row_transposed", row, f"{x((8,))} --y-shape \"(8, {ROWS})\" {FIT}"
    yield "column_transposed", chain([source("a", (8,), False), layer("out", "Dense", units=1)]), f"{x((8,))} --y-shape \"(1, {ROWS})\" {FIT}"
    yield "row_too_wide", row, f"{x((8,))} {y((5,))} {FIT}"
    yield "row_extra_axis", row, f"{x((8,))} {y((1, 8))} {FIT}"
    steps = chain([source("s", (6, 3), False), layer("one", "LSTM", units=5, return_sequences=True), layer("out", "Dense", units=2)])
    yield "target_steps_short", steps, f"{x((6, 3))} {y((4, 2))} {FIT}"
    yield "target_steps_swapped", steps, f"{x((6, 3))} {y((2, 6))} {FIT}"
    yield "target_steps_for_row", steps, f"{x((6, 3))} {y((2,))} {FIT}"
    for loss, file in (("sparse_categorical_crossentropy", "hot3.csv"), ("categorical_crossentropy", "labels3.csv"), ("categorical_crossentropy", "labels4.csv"),
                       ("sparse_categorical_crossentropy", "labels4.csv"), ("sparse_categorical_crossentropy", "from1.csv"), ("binary_crossentropy", "labels3.csv"),
                       ("categorical_crossentropy", "yes.csv"), ("sparse_categorical_crossentropy", "real.csv"), ("mse", "labels3.csv")):
        for units, activation in ((3, "softmax"), (1, "sigmoid")):
            yield f"{loss}_{file[:-4]}_{units}", chain([source("a", (8,), False), layer("hide", "Dense", units=6, activation="relu"), layer("out", "Dense", units=units, activation=activation)]), \
                f"{x((8,))} --call fit --loss {loss} --y {file}"
    yield "metric", chain([source("a", (8,), False), layer("out", "Dense", units=3, activation="softmax")]), f"{x((8,))} --call fit --loss categorical_crossentropy --y hot3.csv --metrics sparse_categorical_accuracy"


def data():
    """Arrays of another rank, order or size than the model was made for."""
    picture = chain([source("i", (12, 10, 3), False), layer("c", "Conv2D", filters=4, kernel_size=[3, 3]), layer("flat", "Flatten"), layer("out", "Dense", units=3, activation="softmax")])
    for name, shape in (("grey", (12, 10)), ("one_channel", (12, 10, 1)), ("alpha", (12, 10, 4)), ("first", (3, 12, 10)), ("turned", (10, 12, 3)), ("size", (24, 20, 3)), ("flat", (360,)), ("extra", (1, 12, 10, 3)), ("video", (5, 12, 10, 3))):
        yield "picture_" + name, picture, f"{x(shape)} {CLASSES}"
        yield "predict_picture_" + name, picture, f"{x(shape)} --call predict"
    yield "picture_alone", picture, '--x-shape "(12, 10, 3)" --call predict'
    declared = chain([source("i", (ROWS, 12, 10, 3), False), layer("flat", "Flatten"), layer("out", "Dense", units=3, activation="softmax")])
    yield "samples_declared", declared, f"{x((12, 10, 3))} {CLASSES}"
    steps = chain([source("s", (6, 3), False), layer("one", "LSTM", units=5), layer("out", "Dense", units=2)])
    for name, shape in (("row", (6,)), ("swapped", (3, 6)), ("features", (6, 4)), ("length", (9, 3)), ("extra", (6, 3, 1)), ("flat", (18,))):
        yield "steps_" + name, steps, f"{x(shape)} {y((2,))} {FIT}"
    yield "row_of_column", chain([source("a", (8,), False), layer("out", "Dense", units=2)]), f"--x-shape \"(8, {ROWS})\" --y-shape \"({ROWS}, 2)\" {FIT}"
    yield "row_shaped", chain([source("a", (8,), False), layer("out", "Dense", units=2)]), f"{x((2, 4))} {y((2,))} {FIT}"
    yield "row_bare", chain([source("a", (8,), False), layer("out", "Dense", units=2)]), '--x-shape "(8,)" --call predict'
    yield "conv1d_on_pictures", chain([source("i", (12, 10, 3), False), layer("c", "Conv1D", filters=4, kernel_size=[3]), layer("p", "MaxPooling1D", pool_size=[2]), layer("flat", "Flatten"), layer("out", "Dense", units=2)]), f"{x((12, 10, 3))} {y((2,))} {FIT}"
    yield "conv2d_on_steps", chain([source("s", (12, 3), False), layer("c", "Conv2D", filters=4, kernel_size=[3, 3]), layer("flat", "Flatten"), layer("out", "Dense", units=2)]), f"{x((12, 3))} {y((2,))} {FIT}"
    yield "conv2d_on_video", graph([source("v", (5, 12, 10, 3)), conv("c", ["v"], 4), layer("pool", "GlobalAveragePooling2D", ["c"]), layer("out", "Dense", ["pool"], units=2)], ["out"]), f"{x((5, 12, 10, 3))} {y((2,))} {FIT}"
    yield "lstm_on_rows", chain([source("a", (8,), False), layer("one", "LSTM", units=5), layer("out", "Dense", units=2)]), f"{x((8,))} {y((2,))} {FIT}"
    yield "lstm_on_pictures", chain([source("i", (12, 10, 3), False), layer("one", "LSTM", units=5), layer("out", "Dense", units=2)]), f"{x((12, 10, 3))} {y((2,))} {FIT}"
    yield "lstm_on_maps", chain([source("i", (12, 10, 3), False), layer("c", "Conv2D", filters=4, kernel_size=[3, 3]), layer("one", "LSTM", units=5), layer("out", "Dense", units=2)]), f"{x((12, 10, 3))} {y((2,))} {FIT}"
    yield "open_flatten", chain([source("i", (None, None, 3), False), layer("c", "Conv2D", filters=4, kernel_size=[3, 3]), layer("flat", "Flatten"), layer("out", "Dense", units=2)]), f"{x((12, 10, 3))} {y((2,))} {FIT}"
    yield "reshape", chain([source("a", (8,), False), layer("d", "Dense", units=30), layer("shape", "Reshape", target_shape=[4, 4, 2]), layer("c", "Conv2D", filters=2, kernel_size=[3, 3]), layer("flat", "Flatten"), layer("out", "Dense", units=2)]), f"{x((8,))} {y((2,))} {FIT}"
    yield "fixed_batch", chain([{"module": "keras.layers", "class_name": "InputLayer", "config": {"name": "a", "batch_shape": [16, 8]}}, layer("out", "Dense", units=2)]), f"{x((8,))} {y((2,))} {FIT} --batch-size 16"
    words = chain([source("w", (4,), False, dtype="int32"), layer("e", "Embedding", input_dim=3, output_dim=5), layer("flat", "Flatten"), layer("out", "Dense", units=1)])
    yield "index", words, f"--x words.csv --y real.csv {FIT}"
    yield "embedding_rows", chain([source("w", (4,), False, dtype="int32"), layer("e", "Embedding", input_dim=30, output_dim=5), layer("out", "Dense", units=3, activation="softmax")]), f"--x words.csv {CLASSES}"
    yield "one_hot_words", chain([source("w", (4, 30), False), layer("e", "Embedding", input_dim=30, output_dim=5), layer("one", "LSTM", units=3), layer("out", "Dense", units=2)]), f"{x((4, 30))} {y((2,))} {FIT}"
    yield "channels_first", chain([source("i", (3, 12, 10), False), layer("c1", "Conv2D", filters=4, kernel_size=[3, 3]), layer("p", "MaxPooling2D", pool_size=[2, 2]), layer("flat", "Flatten"), layer("out", "Dense", units=2)]), f"{x((3, 12, 10))} {y((2,))} {FIT}"
    yield "strides", chain([source("i", (12, 12, 1), False), *[layer(n, "Conv2D", filters=4, kernel_size=[3, 3], strides=[3, 3]) for n in "abc"], layer("flat", "Flatten"), layer("out", "Dense", units=2)]), f"{x((12, 12, 1))} {y((2,))} {FIT}"
    yield "rank_none", chain([layer("flat", "Flatten"), layer("d", "Dense", units=5), layer("c", "Conv2D", filters=2, kernel_size=[3, 3])]), f"{x((12, 12, 1))} {y((2,))} {FIT}"


def forms():
    """Losses of several outputs, words as vectors, and what else is told by the numbers of arrays."""
    heads = [source("a", (8,)), layer("hide", "Dense", ["a"], units=6, activation="relu"), layer("one", "Dense", ["hide"], units=1, activation="sigmoid"), layer("two", "Dense", ["hide"], units=3, activation="softmax")]
    both = graph(heads, ["one", "two"])
    for name, loss, file in (("sparse_for_both", "sparse_categorical_crossentropy", "numbers.npz"), ("categorical_for_both", "categorical_crossentropy", "numbers.npz"), ("binary_for_both", "binary_crossentropy", "hot.npz"),
                          ("hot_for_sparse", "\"['binary_crossentropy', 'sparse_categorical_crossentropy']\"", "hot.npz"), ("numbers_for_hot", "\"['binary_crossentropy', 'categorical_crossentropy']\"", "numbers.npz"),
                          ("one_loss_of_two", "\"['binary_crossentropy']\"", "hot.npz"), ("mse_for_both", "mse", "numbers.npz")):
        yield name, both, f"{x((8,))} --y {file} --call fit --loss {loss}"
    yield "labels_for_two_heads", both, f"{x((8,))} --call fit --loss binary_crossentropy --y labels3.csv"
    words = chain([source("w", (4,), False, dtype="int32"), layer("e", "Embedding", input_dim=30, output_dim=5), layer("one", "LSTM", units=3), layer("out", "Dense", units=1)])
    yield "steps_as_words", words, f"{x((4, 30))} --y real.csv {FIT}"
    yield "hot_words", chain([source("w", (3,), False, dtype="int32"), layer("e", "Embedding", input_dim=30, output_dim=5), layer("one", "LSTM", units=3), layer("out", "Dense", units=1)]), f"--x hot3.csv --y real.csv {FIT}"
    yield "words_into_lstm", chain([source("w", (4,), False, dtype="int32"), layer("one", "LSTM", units=3), layer("out", "Dense", units=1)]), f"--x words.csv --y real.csv {FIT}"
    yield "words_into_conv", chain([source("w", (4,), False), layer("one", "Conv1D", filters=3, kernel_size=[2]), layer("flat", "Flatten"), layer("out", "Dense", units=1)]), f"--x words.csv --y real.csv {FIT}"
    row = chain([source("a", (1,), False), layer("out", "Dense", units=1)])
    yield "one_row", row, '--x-shape "(1, 24)" --y-shape "(1, 24)" ' + FIT
    yield "one_row_declared", chain([source("a", (24,), False), layer("out", "Dense", units=1)]), '--x f_1_24.npy --y f_1_24.npy ' + FIT
    yield "windows", chain([source("s", (4, 1), False), layer("one", "LSTM", units=3), layer("out", "Dense", units=1)]), f'--x f_20_4_1.npy --y f_{ROWS}_1.npy {FIT}'
    yield "reshape_alone", chain([source("a", (8,), False), layer("shape", "Reshape", target_shape=[3, 3]), layer("one", "LSTM", units=3), layer("out", "Dense", units=2)]), f"{x((8,))} {y((2,))} {FIT}"
    yield "reshape_maps", chain([source("i", (6, 4, 2), False), layer("c", "Conv2D", filters=3, kernel_size=[3, 3]), layer("shape", "Reshape", target_shape=[5, 5]), layer("one", "LSTM", units=3), layer("out", "Dense", units=2)]), f"{x((6, 4, 2))} {y((2,))} {FIT}"
    wrapped = chain([source("s", (6, 3), False), layer("one", "LSTM", units=5, return_sequences=True), layer("out", "TimeDistributed", layer=layer("inner", "Dense", units=2))])
    yield "wrapped_width", wrapped, f"{x((6, 3))} {y((6, 4))} {FIT}"
    yield "wide_flat_target", chain([source("a", (8,), False), layer("out", "Dense", units=12)]), f"{x((8,))} {y((4, 3))} {FIT}"
    built = layer("out", "Dense", units=2)
    built["build_config"] = {"input_shape": [None, 5]}
    yield "calls_left_out", chain([source("a", (8,), False), built]), f"{x((8,))} {y((2,))} {FIT}"
    yield "one_unit_for_hot", chain([source("a", (8,), False), layer("out", "Dense", units=1, activation="sigmoid")]), f"{x((8,))} --call fit --loss binary_crossentropy --y hot3.csv"
    two = [source("a", (3,)), source("b", (5,)), layer("p", "Dense", ["a"], units=4), layer("q", "Dense", ["b"], units=4), layer("join", "Concatenate", ["p", "q"]), layer("out", "Dense", ["join"], units=2)]
    yield "names_unknown", graph(two, ["out"]), f"--x numbers.npz --call predict"
    inner = graph([source("l", (4,)), source("r", (4,)), layer("sum", "Add", ["l", "r"])], ["sum"], "inner")
    yield "inner_takes_two", graph([source("a", (8,)), layer("p", "Dense", ["a"], units=4), layer("q", "Dense", ["a"], units=4), inside("inner", inner, ["p"]), layer("out", "Dense", ["inner"], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    yield "merge_of_used", graph([source("a", (8,)), layer("p", "Dense", ["a"], units=4), layer("q", "Dense", ["p"], units=4), layer("sum", "Add", ["q"]), layer("out", "Dense", ["sum"], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    yield "grey_of_colours", chain([source("i", (6, 4, 1), False), layer("c", "Conv2D", filters=3, kernel_size=[3, 3]), layer("flat", "Flatten"), layer("out", "Dense", units=1)]), f"{x((6, 4, 4))} --y real.csv {FIT}"
    yield "colours_of_grey", chain([source("i", (6, 4, 3), False), layer("c", "Conv2D", filters=3, kernel_size=[3, 3]), layer("flat", "Flatten"), layer("out", "Dense", units=1)]), f"{x((6, 4, 1))} --y real.csv {FIT}"



def rarer():
    """What the others leave out."""
    yield "pairs_for_one_unit", chain([source("a", (8,), False), layer("out", "Dense", units=1, activation="sigmoid")]), f"{x((8,))} --call fit --loss binary_crossentropy --y hot2.csv"
    yield "upsampled_too_often", chain([source("i", (8, 8, 1), False), layer("c", "Conv2D", filters=4, kernel_size=[3, 3], padding="same"), layer("up", "UpSampling2D"), layer("out", "Conv2D", filters=1, kernel_size=[3, 3], padding="same")]), f"{x((8, 8, 1))} {y((8, 8, 1))} {FIT}"
    yield "reshape_open", chain([source("a", (8,), False), layer("shape", "Reshape", target_shape=[-1, 3]), layer("one", "LSTM", units=3), layer("out", "Dense", units=2)]), f"{x((8,))} {y((2,))} {FIT}"
    s, d = source("s", (6, 3)), source("d", (4, 2))
    yield "state_of_width", graph([s, source("e", (4,)), layer("one", "LSTM", ["s"], units=5, return_state=True), layer("two", "LSTM", ["e"], units=5, keywords={"initial_state": [("one", 0, 1), ("one", 0, 2)]}), layer("out", "Dense", ["two"], units=2)], ["out"]), f"{x((6, 3), (4,))} {y((2,))} {FIT}"
    yield "open_maps", chain([source("i", (None, 12, 3), False), layer("c", "Conv2D", filters=4, kernel_size=[3, 3]), layer("pool", "GlobalAveragePooling2D"), layer("out", "Dense", units=2)]), f"{x((10, 10, 3))} {y((2,))} {FIT}"
    yield "repeated_steps", chain([source("s", (6, 3), False), layer("one", "LSTM", units=5, return_sequences=True), layer("again", "RepeatVector", n=6), layer("two", "LSTM", units=4), layer("out", "Dense", units=2)]), f"{x((6, 3))} {y((2,))} {FIT}"
    yield "long_chain", chain([source("a", (8,), False), *[layer(f"d{i}", "Dense", units=5) for i in range(40)], layer("c", "Conv1D", filters=2, kernel_size=[3]), layer("out", "Dense", units=2)]), f"{x((8,))} {y((2,))} {FIT}"
    inner = graph([source("l", (4,)), layer("m", "Dense", ["l"], units=3)], ["m"], "inner")
    yield "inner_graph_input", graph([source("a", (8,)), layer("d", "Dense", ["a"], units=5), inside("inner", inner, ["d"]), layer("out", "Dense", ["inner"], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    yield "two_metrics", chain([source("a", (8,), False), layer("out", "Dense", units=3, activation="softmax")]), f"{x((8,))} --call fit --loss categorical_crossentropy --y hot3.csv --metrics \"['mae', 'sparse_categorical_accuracy']\""
    yield "shared_on_others", graph([source("a", (8,)), source("b", (6,)), layer("shared", "Dense", ["a"], [["b"]], units=4), layer("join", "Add", [("shared", 0, 0), ("shared", 1, 0)]), layer("out", "Dense", ["join"], units=2)], ["out"]), f"{x((8,), (6,))} {y((2,))} {FIT}"
    yield "shared_join", graph([source("a", (8,)), layer("p", "Dense", ["a"], units=4), layer("q", "Dense", ["a"], units=4), layer("r", "Dense", ["a"], units=4), layer("sum", "Add", ["p", "q"], [["r"]]), layer("out", "Dense", [("sum", 1, 0)], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    yield "wide_target_of_maps", chain([source("i", (8, 8, 3), False), layer("out", "Conv2D", filters=4, kernel_size=[3, 3], padding="same", activation="softmax")]), f"{x((8, 8, 3))} {y((8, 8, 1))} --call fit --loss sparse_categorical_crossentropy"
    yield "build_one_sample", chain([source("i", (12, 10, 1), False), layer("c", "Conv2D", filters=4, kernel_size=[3, 3]), layer("flat", "Flatten"), layer("out", "Dense", units=2)]), '--x-shape "(12, 10, 1)" --call build'
    yield "no_layers_out", graph([source("a", (8,)), source("b", (6,)), layer("out", "Dense", ["a"], units=2)], ["out"]), f"{x((8,))} {y((2,))} {FIT}"
    yield "rows_and_one", chain([source("a", (8,), False), layer("out", "Dense", units=2)]), f"{x((8,))} --y-shape \"(7, 3)\" {FIT}"
    yield "fixed_batch_odd", chain([{"module": "keras.layers", "class_name": "InputLayer", "config": {"name": "a", "batch_shape": [7, 8]}}, layer("out", "Dense", units=2)]), f"{x((8,))} {y((2,))} {FIT} --batch-size 7"
    yield "concat_3d", graph([source("i", (10, 10, 10, 1)), conv("c", ["i"], 2, 3, 3), layer("p", "MaxPooling3D", ["c"], pool_size=[2, 2, 2]), layer("q", "MaxPooling3D", ["i"], pool_size=[2, 2, 2]), layer("join", "Add", ["p", "q"]), layer("g", "GlobalAveragePooling3D", ["join"]), layer("out", "Dense", ["g"], units=2)], ["out"]), f"{x((10, 10, 10, 1))} {y((2,))} {FIT}"
    table = layer("e", "Embedding", input_dim=30, output_dim=5)
    table["config"]["embeddings_initializer"] = {"module": "keras.initializers", "class_name": "Constant", "config": {"value": {"class_name": "__numpy__", "config": {"value": [[0.1] * 4] * 20, "dtype": "float32"}}}}
    yield "numpy_matrix", chain([source("w", (4,), False, dtype="int32"), table, layer("flat", "Flatten"), layer("out", "Dense", units=1)]), f"--x words.csv --y real.csv {FIT}"


def as_files(args, always):
    """Arrays in the place of shapes where there is one for each of x and y; with --y FILE that must be so."""
    if not always and "--y " not in args or args.count("--x-shape") > 1 or args.count("--y-shape") > 1:
        return args
    return re.sub(r'--([xy])-shape "\((.*?),?\)"', lambda m: "--%s f_%s.npy" % (m.group(1), m.group(2).replace(", ", "_")), args)


# --- what Keras says --------------------------------------------------------------------------------------------------------------------

i = np.arange(ROWS)
FILES = {"labels3": i % 3, "labels4": i % 4, "from1": 1 + i % 3, "yes": i % 2, "real": i / ROWS - 0.5, "hot3": np.eye(3)[i % 3], "hot2": np.eye(2)[i % 2], "words": np.stack([(i + k) % 29 for k in range(4)], 1)}
NUMBERS = {"one": i * 2 // ROWS, "two": i * 3 // ROWS}
ARCHIVES = {"numbers": NUMBERS, "hot": {"one": NUMBERS["one"], "two": np.eye(3)[NUMBERS["two"]]}}


def array(word):
    if word.endswith(".npz"):
        return {k: np.asarray(a, "float32").reshape(ROWS, -1) for k, a in ARCHIVES[word[:-4]].items()}
    if word.endswith(".csv"):
        return np.asarray(FILES[word[:-4]], "int32" if word != "real.csv" and not word.startswith("hot") else "float32").reshape(ROWS, -1)
    return np.full([int(n) for n in re.findall(r"\d+", word)], 0.5, "float32")


def asked(model, args):
    words = re.findall(r'"[^"]*"|\S+', args)
    given = {"--x": [], "--y": []}
    option = {"--batch-size": None, "--loss": None, "--metrics": None, "--call": None}
    for flag, word in zip(words[::2], words[1::2]):
        word = word.strip('"')
        if flag in option:
            option[flag] = word
        else:
            given[flag[:3]].append(array(word))
    few = lambda a: a[0] if len(a) == 1 else a or None
    try:
        m = keras.models.model_from_json(json.dumps(model))
        if option["--call"] == "predict":
            m.predict(few(given["--x"]), verbose=0)
            return "takes"
        if option["--call"] == "build":
            m(few(given["--x"]))
            return "takes"
        listed = lambda text: json.loads(text.replace("'", '"')) if text and text.startswith("[") else text
        loss, metrics = listed(option["--loss"]), listed(option["--metrics"])
        m.compile("adam", loss, metrics=[metrics] if isinstance(metrics, str) else metrics)
        m.fit(few(given["--x"]), few(given["--y"]), epochs=1, verbose=0, batch_size=int(option["--batch-size"] or 32))
        return "takes"
    except Exception as e:  # what it raises is the fact
        return type(e).__name__


def main():
    with open(OUT, "w") as f:
        for family in (branches, steps, nested, wires, targets, data, forms, rarer):
            for name, model, args in family():
                if len(sys.argv) > 1 and sys.argv[1] not in name:
                    continue
                keras.backend.clear_session()
                args = as_files(args, family not in (branches, steps))
                f.write("\t".join([name, args, asked(model, args), json.dumps(model, separators=(",", ":"))]) + "\n")


if __name__ == "__main__":
    sys.exit(main())
