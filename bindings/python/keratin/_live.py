"""_live.py - reads the failed call from the live objects of a traceback: model, x, y, loss, batch size.

Keras hides its own frames, but not the wrapper around each public call: its locals hold the call's function and
arguments. Whatever can not be read is left out; nothing here may raise into the user's program.
"""
import json
import re
import sys

CALLS = {"fit": "fit", "train_on_batch": "fit", "evaluate": "evaluate", "test_on_batch": "evaluate",
         "predict": "predict", "predict_on_batch": "predict"}
ORDER = {"fit": ("x", "y", "batch_size"), "evaluate": ("x", "y", "batch_size"), "predict": ("x", "batch_size"),
         "train_on_batch": ("x", "y"), "test_on_batch": ("x", "y"), "predict_on_batch": ("x",)}


def _is(value, *names):
    return any(c.__name__ in names and c.__module__.split(".")[0] in ("keras", "tf_keras", "tensorflow")
               for c in type(value).__mro__)


def is_model(value):
    return _is(value, "Model", "Sequential", "Functional")


def is_layer(value):
    return _is(value, "Layer")


# --- arrays ---------------------------------------------------------------------------------------


def _array(value):
    """A numpy array, or a tuple of sizes; None if it is neither."""
    numpy = sys.modules.get("numpy")
    if value is None or isinstance(value, (str, bytes)):
        return None
    try:
        if numpy is not None and not hasattr(value, "__next__"):
            a = numpy.asarray(value)
            if a.dtype.kind in "fiub":
                return a
    except Exception:
        pass
    shape = getattr(value, "shape", None)
    try:
        sizes = tuple(int(n) for n in shape)
        return sizes if sizes else None
    except Exception:
        return None


def _named(value):
    """x or y as Keras takes them -> a list of (name, array)."""
    if value is None:
        return []
    if isinstance(value, dict):
        pairs = [(str(k), _array(v)) for k, v in value.items()]
    elif isinstance(value, (list, tuple)) and value and all(hasattr(v, "shape") for v in value):
        pairs = [("", _array(v)) for v in value]
    else:
        pairs = [("", _array(value))]
    return [(n, a) for n, a in pairs if a is not None]


def _first_batch(data):
    """(x, y) of the first element of a dataset or a Keras sequence; None for other things."""
    try:
        if hasattr(data, "element_spec"):
            element = next(iter(data.take(1)))
        elif hasattr(data, "__getitem__") and hasattr(data, "__len__") and _is(data, "PyDataset", "Sequence", "Iterator"):
            element = data[0]
        else:
            return None
    except Exception:
        return None
    if isinstance(element, tuple):
        return element[0], element[1] if len(element) > 1 else None
    return element, None


# --- models ---------------------------------------------------------------------------------------


def _serialized(layer):
    module = sys.modules.get("keras") or sys.modules.get("tf_keras")
    return module.saving.serialize_keras_object(layer) if hasattr(module, "saving") else module.utils.serialize_keras_object(layer)


def _note_shapes(entry, layers):
    """Of a layer that nobody but its author knows the shapes are all that the doctor can go by."""
    config, module = entry.get("config") or {}, str(entry.get("module") or "")
    if module.split(".")[0] in ("keras", "keras_core", "tf_keras", ""):
        if not entry.get("registered_name") or module:
            return
    layer = layers.get(config.get("name"))
    try:
        entry["build_config"] = {"input_shape": tuple(layer.input.shape), "output_shape": tuple(layer.output.shape)}
    except Exception:
        pass  # not called yet, or on several tensors: the file's own account stands


def config_of(model):
    """The configuration as JSON, with how it was compiled; None where there is none."""
    try:
        whole = _serialized(model)
        layers = {layer.name: layer for layer in getattr(model, "layers", [])}
        entries = (whole.get("config") or {}).get("layers")
        if entries is None:  # a subclassed model: its layers are known to its code alone
            return None
        for entry in entries:
            if isinstance(entry, dict):
                _note_shapes(entry, layers)
        compiled = getattr(model, "get_compile_config", lambda: None)()
        if compiled:
            whole["compile_config"] = compiled
        return json.dumps(whole, default=_plain)
    except Exception:
        return None


def _plain(value):
    item = getattr(value, "item", None)
    if item:
        return item()
    return getattr(value, "__name__", None) or str(value)


def _inputs_of(tensors):
    """The tensors of the InputLayers that lead to them, in the order in which they are met."""
    found, seen, todo = [], set(), list(tensors)
    while todo:
        t = todo.pop(0)
        if id(t) in seen:
            continue
        seen.add(id(t))
        history = t._keras_history
        if type(history.operation).__name__ == "InputLayer":
            found.append(t)
        else:
            todo.extend(history.operation._inbound_nodes[history.node_index].input_tensors)
    return found


def _reference(t, place):
    return {"class_name": "__keras_tensor__", "config": {"shape": list(t.shape), "dtype": t.dtype, "keras_history": place}}


def graph_of(layer, given):
    """The model up to a layer that refused its tensors, with that layer as its end, as JSON."""
    tensors = list(given) if isinstance(given, (list, tuple)) else [given]
    if not tensors or not all(hasattr(t, "_keras_history") for t in tensors):
        return None
    try:
        keras = sys.modules["keras"]
        model = _serialized(keras.Model(_inputs_of(tensors), tensors))
        config = model["config"]
        ends = config["output_layers"]
        ends = [ends] if len(tensors) == 1 and isinstance(ends[0], str) else ends
        for one in config["layers"]:
            one.setdefault("name", one["config"].get("name"))
        references = [_reference(t, list(place)) for t, place in zip(tensors, ends)]
        entry = _serialized(layer)
        name = entry["config"]["name"]
        entry.update(name=name, inbound_nodes=[{"args": [references if isinstance(given, (list, tuple)) else references[0]],
                                                "kwargs": {}}])
        entry.pop("build_config", None)
        config["layers"].append(entry)
        config["output_layers"] = [[name, 0, 0]]
        return json.dumps(model, default=_plain)
    except Exception:
        return None


def _alone(entry, shape):
    """One layer behind an input, as JSON."""
    first = {"module": "keras.layers", "class_name": "InputLayer", "registered_name": None,
             "config": {"name": "input", "batch_shape": [None, *shape[1:]], "dtype": "float32"}}
    return json.dumps({"module": "keras", "class_name": "Sequential", "config": {"name": "model", "layers": [first, entry]}},
                      default=_plain)


def _unfinished(model):
    """A Sequential whose layers do not fit yet: its layers, one by one."""
    try:
        entries = [_serialized(layer) for layer in model._layers]
        return json.dumps({"module": "keras", "class_name": "Sequential", "config": {"name": "model", "layers": entries}},
                          default=_plain)
    except Exception:
        return None


# --- the call -------------------------------------------------------------------------------------


class Call:
    """What is known of a call that failed."""

    def __init__(self, name):
        self.name, self.config = name, None
        self.x, self.y = [], []
        self.batch_size, self.validation_split, self.trained = None, 0.0, False
        self.line = None
        self.unbatched = False  # a dataset of single samples


def _frames(tb):
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def _arguments(name, args, kwargs):
    named = dict(zip(ORDER[name], args[1:]))
    named.update(kwargs)
    return named


def _steps_before(model, call):
    """Training steps that the model took before this call, as far as that can be told."""
    try:
        steps = int(model.optimizer.iterations)
        if call.name != "fit" or not call.x:
            return steps
        a = call.x[0][1]
        rows = (a if isinstance(a, tuple) else a.shape)[0]
        return steps - -(-rows // (call.batch_size or 32))
    except Exception:
        return 0


def _is_one_sample(model, x):
    try:
        return len(x) == 1 and len(x[0][1].shape) == len(model.input_shape) - 1
    except Exception:
        return False


def batched(call, n=32):
    """The same call on batches of n such samples."""
    numpy = sys.modules["numpy"]
    other = Call(call.name)
    other.__dict__.update(call.__dict__)
    other.x = [(name, numpy.repeat(numpy.asarray(a)[None], n, 0)) for name, a in call.x]
    other.y = [(name, numpy.repeat(numpy.asarray(a)[None], n, 0)) for name, a in call.y]
    other.batch_size = n
    return other


def _of_training(model, name, given):
    call = Call(CALLS[name])
    call.config = config_of(model)
    x, y = given.get("x"), given.get("y")
    batch = _first_batch(x)
    call.batch_size = given.get("batch_size")
    if batch:
        x, y = batch
    call.x, call.y = _named(x), _named(y)
    call.unbatched = bool(batch) and _is_one_sample(model, call.x)
    if batch and call.x:
        sizes = call.x[0][1] if isinstance(call.x[0][1], tuple) else call.x[0][1].shape
        call.batch_size = int(sizes[0]) if len(sizes) else None
    if name.endswith("_on_batch") and call.x:
        call.batch_size = None
    call.validation_split = given.get("validation_split") or 0.0
    call.trained = _steps_before(model, call) > 0
    return call


def _of_layer(layer, given):
    tensor = given[0] if given else None
    call = Call("build")
    if is_model(layer):
        call.config = config_of(layer)
        call.x = _named(tensor)
        return call if call.config else None
    call.config = graph_of(layer, tensor)
    return call if call.config else None


def _wrapped(frame):
    """The call that Keras' wrapper, or Keras' own method, stands for: (object, name, args, kwargs)."""
    local = frame.f_locals
    if frame.f_code.co_name == "error_handler" and isinstance(local.get("args"), tuple) and local["args"]:
        return local["args"][0], getattr(local.get("fn"), "__name__", ""), local["args"], local.get("kwargs") or {}
    if frame.f_code.co_name in CALLS and is_model(local.get("self")):
        return local["self"], frame.f_code.co_name, (local["self"],), local
    return None, "", (), {}


def _user_line(frames):
    """The last line that is neither of Keras nor of a library."""
    found = None
    for frame, line in frames:
        name = frame.f_code.co_filename
        if "site-packages" not in name and "dist-packages" not in name and not name.startswith("<frozen"):
            if not name.startswith(sys.prefix + "/lib"):
                found = (name, line)
    return found


REFUSED = re.compile(r"of layer ['\"]([^'\"]+)['\"] is incompatible.*(?:shape|received:?) \(([\dNone, ]+)\)", re.S)


def _refused_inside(model, text):
    """A subclassed model: Keras hides the call of the layer inside, but its words name the layer and its input."""
    found = REFUSED.search(text)
    named = [layer for layer in model._flatten_layers() if found and layer.name == found[1]]
    if len(named) != 1:
        return None
    shape = tuple(None if n.strip() == "None" else int(n) for n in found[2].split(",") if n.strip())
    entry = _serialized(named[0])
    built = (entry.get("build_config") or {}).get("input_shape")
    call = Call("predict" if built and None not in shape else "build")
    call.config = _alone(entry, built if call.name == "predict" else shape)
    if call.name == "predict":  # the layer has its weights: what it is given is wrong
        call.x, call.trained = [("", shape)], True
    return call


def call_of(error):
    """The failed call of an exception of Keras; None if it is none that can be read."""
    frames = list(_frames(error.__traceback__))
    call = None
    for frame, _ in frames:
        target, name, args, kwargs = _wrapped(frame)
        if name in CALLS and is_model(target):
            call = _of_training(target, name, _arguments(name, args, kwargs))
        elif name == "__call__" and is_layer(target):
            call = _of_layer(target, args[1:])
        if call and call.config:
            break
        if call and is_model(target):
            call = _refused_inside(target, str(error))
        model = frame.f_locals.get("self")
        if model is not None and _is(model, "Sequential") and frame.f_code.co_name in ("__init__", "add", "build"):
            call = Call("build")
            call.config = _unfinished(model)
            break
    if call and call.config:
        call.line = _user_line(frames)
        return call
    return None


def is_of_keras(error):
    """Does the error come out of Keras or TensorFlow?"""
    for frame, _ in _frames(error.__traceback__):
        module = str(frame.f_globals.get("__name__", "")).split(".")[0]
        if module in ("keras", "tf_keras", "tensorflow"):
            return True
    return False
