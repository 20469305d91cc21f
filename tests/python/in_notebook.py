"""in_notebook.py [IPYTHON] - keratin.explain() and keratin.check() in a notebook that nbconvert runs, and in IPython itself.

The failing cell has the answer under its traceback, as text and as HTML; a cell that works has its own output alone.
"""
import json
import os
import subprocess
import sys
import tempfile

MODEL = """import keras
import numpy as np
m = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, activation="softmax")])
m.compile("sgd", "sparse_categorical_crossentropy")
x, y = np.zeros((64, 28, 28), "float32"), np.arange(64) % 10
"""
FIT = "m.fit(x, y, verbose=0)"
CELLS = ["import keratin\nkeratin.explain()", MODEL, FIT, "keratin.check(m, x, y)", "1 / 0", "print(6 * 7)"]


def texts(cell, kind):
    """What a cell put out: streams as they are, data by their type."""
    found = []
    for o in cell["outputs"]:
        if o["output_type"] == "stream" and kind == o["name"]:
            found.append("".join(o["text"]))
        elif kind in o.get("data", {}):
            found.append("".join(o["data"][kind]))
    return "\n".join(found)


def run_notebook(folder):
    cells = [{"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source} for source in CELLS]
    path = os.path.join(folder, "report.ipynb")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, f)
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--inplace", path], check=True,
                   stderr=subprocess.DEVNULL)
    with open(path, encoding="utf-8") as f:
        return json.load(f)["cells"]


def check_notebook():
    with tempfile.TemporaryDirectory() as folder:
        cells = run_notebook(folder)
    failed, report, own, fine = cells[2:]
    assert [o for o in failed["outputs"] if o["output_type"] == "error" and o["ename"] == "ValueError"], failed
    said = texts(failed, "stderr")
    assert "keratin: " in said and "(flat_vs_shaped)" in said and "Flatten(" in said and "proved: " in said, said
    assert texts(failed, "text/html").count("<svg") == 2, failed
    assert texts(report, "text/html").count("<svg") == 2 and "flat_vs_shaped" in texts(report, "text/plain"), report
    assert "keratin" not in json.dumps(own), own  # an error that is not Keras'
    assert [o["output_type"] for o in fine["outputs"]] == ["stream"] and texts(fine, "stdout") == "42\n", fine


def check_ipython():
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell.instance(colors="NoColor")
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        for source in CELLS:
            shell.run_cell(source)
    assert out.getvalue().count("ValueError") and out.getvalue().endswith("42\n"), out.getvalue()
    assert err.getvalue().count("keratin: ") == 1 and "(flat_vs_shaped)" in err.getvalue(), err.getvalue()
    assert "<svg" not in err.getvalue() + out.getvalue()


check_ipython() if sys.argv[1:] == ["IPYTHON"] else check_notebook()
print("answered")
