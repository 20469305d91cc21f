"""_report.py - the doctor's answer as an object, and the ways to it."""
import linecache

from . import _core, _live


class Report:
    """ok, error, cause, remedies (best first), warnings; as text, and as HTML in a notebook."""

    def __init__(self, facts, text, html, line=None):
        self.ok = bool(facts.get("ok"))
        self.error, self.cause = facts.get("error"), facts.get("cause")
        self.remedies, self.warnings = facts.get("remedies", []), facts.get("warnings", [])
        self.line = line
        self._text, self._html = text, html

    def __str__(self):
        if self.ok and not self.warnings:
            return "the call fits"
        text = self._text.rstrip("\n")
        if not self.line:
            return text
        code = linecache.getline(*self.line).strip()
        start = text.find("\ncause: ")  # the error stands in the traceback already
        return f"{self.line[0]}:{self.line[1]}: {code}\n{text[start + 1:] if start >= 0 else text}"

    def __repr__(self):
        return str(self)

    def _repr_html_(self):
        return self._html


def _answer_unbatched(call):
    """A dataset without .batch(): the call is tried with it."""
    shape = tuple(call.x[0][1].shape)
    words = f"the dataset gives one sample of {shape} after the other where a batch of samples is wanted"
    report = _answer(_live.batched(call))
    cause = {"kind": "batch_axis_missing", "words": words, "where": "x"}
    head = f"cause: {words} (batch_axis_missing)\n1. batch the dataset\n     dataset = dataset.batch(32)\n"
    if report.ok:
        text = "\n" + head + "   proved: with batches of 32 the call fits"
        remedy = {"rank": 1, "kind": "add_batch_axis_to_data", "words": "batch the dataset", "proved": True,
                  "edits": [{"what": "x", "layer": None, "words": "batch the dataset", "code": "dataset = dataset.batch(32)"}]}
        return Report({"ok": False, "cause": cause, "remedies": [remedy]}, text, None, call.line)
    report.line = None
    return Report({"ok": False, "cause": cause, "remedies": []}, f"\n{head}   and then: {report}", None, call.line)


def _answer(call):
    if call.unbatched and not isinstance(call.x[0][1], tuple):
        call.unbatched = False
        return _answer_unbatched(call)
    facts, text, html = _core.diagnose(call.config, call.x, call.y, call=call.name, batch_size=call.batch_size,
                                       validation_split=call.validation_split, trained=call.trained)
    return Report(facts, text, html, call.line)


def check(model, x=None, y=None, *, call=None, batch_size=None, validation_split=0.0):
    """Would fit (with y), predict (without) or another call of the model on these arrays fail? -> Report"""
    name = call or ("fit" if y is not None else "predict" if x is not None else "build")
    if name == "build":
        c = _live.Call("build")
        c.config = _live.config_of(model) or _live._unfinished(model)
    else:
        given = {"x": x, "y": y, "batch_size": batch_size, "validation_split": validation_split}
        c = _live._of_training(model, name, given)
    if not c.config:
        raise TypeError("the model has no configuration (a subclassed model): its shapes can not be read")
    return _answer(c)


def explain_text(text):
    """What is certain from the text of an error alone -> dict with cause, words, advice, ask."""
    return _core.explain(text)


def _from_text(error):
    e = _core.explain(f"{type(error).__name__}: {error}")
    if not e.get("words"):
        return None
    lines = [e["words"]] + [f"{label}{e[key]}" for label, key in (("cause: ", "cause"), ("repair: ", "advice"), ("still to know: ", "ask")) if e.get(key)]
    cause = {"kind": e["cause"], "words": e["words"]} if e.get("cause") else None
    text = "\n".join(lines)
    return Report({"ok": False, "cause": cause}, text, None)


def diagnose_exception(error):
    """The Report to an exception of Keras, or None: it is not Keras', or nothing is known of it."""
    if not _live.is_of_keras(error):
        return None
    call = _live.call_of(error)
    report = _answer(call) if call else None
    # A model that Keratin fits is one that it does not see as Keras does: the text is left.
    if report is None or report.ok or not report.cause:
        line = report.line if report else None
        report = _from_text(error) or (report if report and not report.ok and report.remedies else None)
        if report:
            report.line = line or _live._user_line(list(_live._frames(error.__traceback__)))
    return report
