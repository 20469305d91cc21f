"""_hook.py - the answer under the traceback: in scripts, IPython and Jupyter."""
import sys


def report_to(error, out=None):
    """Prints the answer to an error, if there is one; whatever goes wrong here is not the user's business."""
    out = out or sys.stderr
    try:
        from ._report import diagnose_exception
        report = diagnose_exception(error)
        if report:
            print(f"\nkeratin: {report}", file=out)
        return report
    except Exception as e:  # the program's own error has been told already
        print(f"\nkeratin: no answer ({type(e).__name__}: {e})", file=out)
        return None


def _in_notebook(shell):
    def handler(shell, kind, error, tb, tb_offset=None):
        shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
        report = report_to(error)
        notebook = type(shell).__name__ == "ZMQInteractiveShell"
        html = report._repr_html_() if report and notebook else None
        if html:
            from IPython.display import HTML, display
            display(HTML(html))

    shell.set_custom_exc((Exception,), handler)


def explain():
    """From here on an error of Keras that ends the script, or a cell, is answered under its traceback."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        _in_notebook(shell)
        return
    before = sys.excepthook
    if getattr(before, "is_keratin", False):
        return

    def hook(kind, error, tb):
        before(kind, error, tb)
        if isinstance(error, Exception):
            report_to(error)

    hook.is_keratin = True
    sys.excepthook = hook
