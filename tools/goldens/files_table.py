"""Writes the table of docs/files.md: which program opens which file.

    python3 tools/goldens/files_table.py --keratin PATH [--python PYTHON]

The files are those of tests/goldens/legacy, made by real Keras of each version (legacy.py, legacy_old.py, tfjs.py). Each is opened by Keras 3
and by tf_keras, by PYTHON, which has both, and by keratin; opening is model and weights, and the numbers where the facts have them.
"""
import argparse, json, os, subprocess, sys, tempfile
import numpy as np

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FILES = os.path.join(TOP, "tests", "goldens", "legacy")
BEGIN, END = "<!-- table: tools/goldens/files_table.py -->", "<!-- end of the table -->"


def form(row):
    if row["file"].startswith("tfjs"):
        return "TensorFlow.js"
    if "weights" in row:
        return "JSON and weights"
    return row["file"][row["file"].rindex("."):]


def rows():
    for name in sorted(os.listdir(FILES)):
        if name.endswith("_files.jsonl"):
            lines = [json.loads(l) for l in open(os.path.join(FILES, name))]
            for row in lines[1:]:
                if "x" in row:  # the others hold the state of an optimizer alone
                    yield lines[0]["keras"], row


def right(got, row):
    want = [np.array(y["values"], "float64").reshape(y["shape"]) for y in row["y"]]
    return len(got) == len(want) and all(np.shape(g) == w.shape and np.allclose(g, w, 1e-4, 1e-5) for g, w in zip(got, want))


def xs(row):
    return {k: np.array(v["values"], v["dtype"]).reshape(v["shape"]) for k, v in row["x"].items()}


def opened(keras, path):
    try:
        return keras.models.load_model(path)
    except Exception:
        return keras.models.load_model(path, compile=False)  # as people are told to


def by_keras():
    """In a process of its own: reads the rows, prints for each whether this Keras opens it: "ok", "numbers" (other ones) or the error's first words."""
    old = os.environ.get("TF_USE_LEGACY_KERAS") == "1"
    if old:
        import tf_keras as keras
    else:
        import keras
    for _, row in rows():
        path = os.path.join(FILES, row["file"])
        try:
            if "weights" in row:
                model = keras.models.model_from_json(open(path).read())
                model.load_weights(os.path.join(FILES, row["weights"]))
            else:
                model = opened(keras, path)
            x = list(xs(row).values())
            y = model(x if len(x) > 1 else x[0], training=False)
            y = [np.asarray(v) for v in (y if isinstance(y, (list, tuple)) else [y])]
            print("ok" if right(y, row) else "numbers", flush=True)
        except Exception as e:  # whatever it says: it does not open
            print(type(e).__name__, flush=True)
            print(row["file"], e, file=sys.stderr)


def ask(python, **env):
    p = subprocess.run([python, os.path.abspath(__file__), "--inside"], capture_output=True, text=True, env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", KERAS_BACKEND="tensorflow", **env))
    return [l for l in p.stdout.splitlines() if l and " " not in l]


def by_keratin(program, row):
    with tempfile.TemporaryDirectory() as tmp:
        x, y = os.path.join(tmp, "x.npz"), os.path.join(tmp, "y.npz")
        np.savez(x, **xs(row))
        weights = ["--weights", os.path.join(FILES, row["weights"])] if "weights" in row else []
        p = subprocess.run([program, "predict", os.path.join(FILES, row["file"])] + weights + ["--x", x, "--out", y], capture_output=True)
        if p.returncode:
            return "error"
        got = np.load(y)
        return "ok" if right([got[k] for k in got.files], row) else "numbers"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--keratin")
    p.add_argument("--python", default=sys.executable)
    p.add_argument("--inside", action="store_true")
    a = p.parse_args()
    if a.inside:
        return by_keras()
    answers = {"Keras 3.15": ask(a.python), "tf_keras": ask(a.python, TF_USE_LEGACY_KERAS="1"), "Keratin": [by_keratin(a.keratin, row) for _, row in rows()]}
    table = {}
    for i, (keras, row) in enumerate(rows()):
        for program, said in answers.items():
            table.setdefault((tuple(map(int, keras.split("."))), form(row)), {}).setdefault(program, []).append(said[i])
    lines = ["| written by | form | files | " + " | ".join(answers) + " |", "|---|---|---|" + "---|" * len(answers)]
    for (keras, kind), by in sorted(table.items()):
        cells = []
        for program in answers:
            said = by[program]
            good, other = said.count("ok"), said.count("numbers")
            cells.append(("all" if good == len(said) else "none" if good == 0 else str(good)) + (", %d with other numbers" % other if other else ""))
        lines.append("| %s | %s | %d | %s |" % (("tf_keras " if keras[:2] == (2, 21) else "Keras ") + ".".join(map(str, keras)), kind, len(by["Keratin"]), " | ".join(cells)))
    page = os.path.join(TOP, "docs", "files.md")
    text = open(page).read()
    with open(page, "w") as f:
        f.write(text[:text.index(BEGIN) + len(BEGIN)] + "\n" + "\n".join(lines) + "\n" + text[text.index(END):])


if __name__ == "__main__":
    sys.exit(main())
