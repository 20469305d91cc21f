"""Makes an old Keras importable beside a new TensorFlow and Python, so that its own code writes files and computes numbers.

    pip install --no-deps --target FOLDER/keras-2.2.4 keras==2.2.4
    pip install --no-deps --target FOLDER/extra keras_applications==1.0.8 keras_preprocessing==1.1.2

What works so: 1.2.2, 2.0.9, 2.2.4 (over TensorFlow's compat.v1) and 2.12.0 to 2.15.0. Names that Python, NumPy and TensorFlow have moved
since are put back to where the old Keras looks for them; nothing of Keras is changed.
"""
import collections, collections.abc, inspect, os, sys, types


def stand_in(name, **parts):
    try:
        __import__(name)
    except ImportError:
        module = types.ModuleType(name)
        module.__dict__.update(parts)
        sys.modules[name] = module
        if "." in name:
            setattr(sys.modules[name.rsplit(".", 1)[0]], name.rsplit(".", 1)[1], module)


def old_python():
    import numpy as np
    for name in ("Iterable", "Mapping", "Sequence", "Callable"):
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    if not hasattr(inspect, "ArgSpec"):
        inspect.ArgSpec = collections.namedtuple("ArgSpec", "args varargs keywords defaults")
    if not hasattr(inspect, "getargspec"):
        inspect.getargspec = lambda f: inspect.ArgSpec(*inspect.getfullargspec(f)[:4])
    for name, kind in dict(bool=bool, int=int, float=float, object=object).items():
        if name not in np.__dict__:
            setattr(np, name, kind)
    stand_in("yaml", dump=None, load=None)
    stand_in("scipy")
    stand_in("scipy.sparse", issparse=lambda x: False)


def old_tensorflow():
    import tensorflow as tf
    import tensorflow.python as python
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import control_flow_ops
    old = tf.compat.v1
    old.disable_v2_behavior()
    old.python, old.__path__, old.pack = python, tf.__path__, old.stack
    for name in ("while_loop", "cond", "case"):
        if not hasattr(control_flow_ops, name):
            setattr(control_flow_ops, name, getattr(old, name))
    ops.Tensor = ops._TensorLike = old.Tensor
    sys.modules["tensorflow"] = old


def without_gpu():
    """Kernels of cuDNN that can be built into a model anywhere, and that compute nothing."""
    import tensorflow as tf

    class Kernel:
        def __init__(self, num_units, **others):
            self.units = num_units

        def __call__(self, inputs, input_h=None, input_c=None, **others):
            outputs = inputs[..., :1] * tf.ones([self.units])
            return (outputs, input_h) if input_c is None else (outputs, input_h, input_c)

    ops = types.SimpleNamespace(CudnnLSTM=Kernel, CudnnGRU=Kernel)
    name = "tensorflow.contrib.cudnn_rnn.python.ops"
    for i in range(2, name.count(".") + 2):
        part = ".".join(name.split(".")[:i])
        sys.modules[part] = types.ModuleType(part)
    sys.modules[name].cudnn_rnn_ops = ops


def internals():
    import tensorflow as tf
    inside = tf.compat.v2.__internal__
    inside.function.defun_with_attributes = lambda func=None, input_signature=None, attributes=None, autograph=True, **k: tf.function(func, autograph=False)
    for name in ("register_load_context_function", "register_clear_session_function"):
        if not hasattr(inside, name):
            setattr(inside, name, lambda f: None)


def load(version, folder):
    """The module keras of this version, installed in folder/keras-VERSION."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", KERAS_BACKEND="tensorflow", TF_USE_LEGACY_KERAS="1", CUDA_VISIBLE_DEVICES="")
    sys.path[:0] = [os.path.join(folder, "keras-" + version), os.path.join(folder, "extra")]
    old_python()
    if tuple(map(int, version.split(".")))[:2] < (2, 3):
        old_tensorflow()
        without_gpu()
    else:
        internals()
    import keras
    assert keras.__version__ == version, (keras.__version__, keras.__file__)
    return keras
