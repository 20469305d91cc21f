"""_core.py - libkeratin through ctypes: arrays and a configuration in, the doctor's answer out."""
import ctypes as C
import ctypes.util
import json
import os

RANK, METRICS = 8, 16  # KT_MAX_RANK, KT_MAX_METRICS
DTYPES = {"float32": 0, "float64": 1, "int32": 2, "int64": 3, "uint8": 4, "bool": 5}
MOST_BYTES = 1 << 26  # of larger arrays the shape alone is handed over


class Shape(C.Structure):
    _fields_ = [("rank", C.c_int), ("dim", C.c_int64 * RANK)]


class Site(C.Structure):
    _fields_ = [("size", C.c_size_t), ("text", C.c_char_p), ("file", C.c_char_p), ("line", C.c_int),
                ("expanded", C.c_char_p), ("given", C.c_char_p)]


class DiagnoseArgs(C.Structure):
    _fields_ = [("at", Site), ("source", C.c_char_p), ("model", C.c_void_p), ("data", C.c_void_p),
                ("call", C.c_char_p), ("loss", C.c_char_p), ("optimizer", C.c_char_p),
                ("metrics", C.c_char_p * METRICS), ("batch_size", C.c_int64), ("validation_split", C.c_double),
                ("budget", C.c_int64), ("prove", C.c_int), ("trained", C.c_int), ("training", C.c_int)]


def _find():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libkeratin.so")
    given = os.environ.get("KERATIN_LIBRARY")
    return given or (here if os.path.exists(here) else C.util.find_library("keratin") or "libkeratin.so")


_lib = None


def library():
    global _lib
    if _lib is None:
        lib = C.CDLL(_find())
        for name, result, args in (
                ("kt_tensor_from", C.c_void_p, [C.c_void_p, C.c_int, Shape]),
                ("kt_tensor_unref", None, [C.c_void_p]),
                ("kt_data_new", C.c_void_p, []),
                ("kt_data_add_x", None, [C.c_void_p, C.c_char_p, C.c_void_p]),
                ("kt_data_add_y", None, [C.c_void_p, C.c_char_p, C.c_void_p]),
                ("kt_data_add_x_shape", None, [C.c_void_p, C.c_char_p, Shape]),
                ("kt_data_add_y_shape", None, [C.c_void_p, C.c_char_p, Shape]),
                ("kt_data_free", None, [C.c_void_p]),
                ("kt_diagnose_with", C.c_void_p, [C.POINTER(DiagnoseArgs)]),
                ("kt_diagnosis_free", None, [C.c_void_p]),
                ("kt_diagnosis_json", C.c_void_p, [C.c_void_p]),
                ("kt_diagnosis_text", C.c_void_p, [C.c_void_p, C.c_int]),
                ("kt_diagnosis_html", C.c_void_p, [C.c_void_p, C.c_int]),
                ("kt_explanation_json", C.c_void_p, [C.c_char_p]),
                ("kt_text_free", None, [C.c_void_p])):
            f = getattr(lib, name)
            f.restype, f.argtypes = result, args
        _lib = lib
    return _lib


def _text(pointer):
    if not pointer:
        return ""
    text = C.cast(pointer, C.c_char_p).value.decode("utf-8", "replace")
    library().kt_text_free(pointer)
    return text


def _shape(sizes):
    s = Shape()
    s.rank = len(sizes)
    for i, n in enumerate(sizes):
        s.dim[i] = n
    return s


def _add(data, side, name, array):
    """An array of numpy, or a tuple of sizes of which nothing else is known."""
    lib, name = library(), name.encode()
    sizes = array if isinstance(array, tuple) else array.shape
    if len(sizes) > RANK:
        return
    add_shape = getattr(lib, f"kt_data_add_{side}_shape")
    if isinstance(array, tuple) or array.nbytes > MOST_BYTES or array.size == 0:
        add_shape(data, name, _shape(sizes))
        return
    kind = str(array.dtype)
    if kind not in DTYPES:
        if array.dtype.kind not in "fiub":
            add_shape(data, name, _shape(sizes))
            return
        array = array.astype("float32" if array.dtype.kind == "f" else "int64")
        kind = str(array.dtype)
    array = array.copy(order="C")
    t = lib.kt_tensor_from(array.ctypes.data, DTYPES[kind], _shape(sizes))
    getattr(lib, f"kt_data_add_{side}")(data, name, t)
    lib.kt_tensor_unref(t)


def diagnose(config, x=(), y=(), call=None, loss=None, batch_size=None, validation_split=0.0, trained=False):
    """config: the model's, as JSON; x and y: lists of (name, array) -> (facts, text, html)."""
    lib = library()
    data = lib.kt_data_new()
    for side, arrays in (("x", x), ("y", y)):
        for name, array in arrays:
            _add(data, side, name, array)
    a = DiagnoseArgs()
    a.at.size = C.sizeof(a)
    a.source, a.data = config.encode(), data
    a.call = call.encode() if call else None
    a.loss = loss.encode() if loss else None
    a.batch_size, a.validation_split, a.trained = batch_size or 0, validation_split or 0.0, bool(trained)
    d = lib.kt_diagnose_with(C.byref(a))
    try:
        return json.loads(_text(lib.kt_diagnosis_json(d)) or "{}"), _text(lib.kt_diagnosis_text(d, 0)), _text(lib.kt_diagnosis_html(d, 0))
    finally:
        lib.kt_diagnosis_free(d)
        lib.kt_data_free(data)


def explain(text):
    """What is certain from the text of an error alone."""
    return json.loads(_text(library().kt_explanation_json(text.encode("utf-8", "replace"))) or "{}")
