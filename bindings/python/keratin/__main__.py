"""python -m keratin script.py [arguments]: runs the script as python would, and answers its Keras error."""
import os
import runpy
import sys


def _without_runner(tb, script):
    """The traceback as python itself would show it: from the script's own first line on."""
    at = tb
    while at is not None and at.tb_frame.f_code.co_filename != script:
        at = at.tb_next
    return at or tb


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    script = sys.argv[1]
    if not os.path.exists(script):
        print(f"keratin: there is no script '{script}'", file=sys.stderr)
        return 2
    sys.argv = sys.argv[1:]
    script = os.path.join(os.getcwd(), script)  # as python names it in __file__ and tracebacks
    sys.path[0] = os.path.dirname(os.path.realpath(script))
    try:
        runpy.run_path(script, run_name="__main__")
    except Exception as error:
        import traceback
        sys.stdout.flush()
        traceback.print_exception(type(error), error, _without_runner(error.__traceback__, script))
        from ._hook import report_to
        report_to(error)
        return 1
    return 0


sys.exit(main())
