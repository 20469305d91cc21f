"""keratin - says why a Keras call fails, and which repair was proved to work.

    python -m keratin train.py        runs a script; on a Keras error the answer stands under the traceback

    import keratin
    keratin.explain()                 the same for whatever fails from here on: scripts, IPython, Jupyter
    keratin.check(model, x, y)        would fit fail? The report shows itself in a notebook

Nothing of a script that works is changed. Keras is never imported by this module.
"""
from ._hook import explain

__all__ = ["Report", "check", "diagnose_exception", "explain", "explain_text"]
__version__ = "0.1.0"


def __getattr__(name):
    """The library and what it needs are imported when something is asked of them: a script that works pays nothing."""
    if name in __all__:
        from . import _report
        return getattr(_report, name)
    raise AttributeError(f"module 'keratin' has no attribute '{name}'")


def __dir__():
    return sorted(__all__)
