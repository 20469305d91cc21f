"""keratin - says why a Keras call fails, and which repair was proved to work.

    python -m keratin train.py        runs a script; on a Keras error the answer stands under the traceback

    import keratin
    keratin.explain()                 the same for whatever fails from here on: scripts, IPython, Jupyter
    keratin.check(model, x, y)        would fit fail? The report shows itself in a notebook

Nothing of a script that works is changed. Keras is never imported by this module.
"""
from ._report import Report, check, diagnose_exception, explain_text
from ._hook import explain

__all__ = ["Report", "check", "diagnose_exception", "explain", "explain_text"]
__version__ = "0.1.0"
