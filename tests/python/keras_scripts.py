"""keras_scripts.py PYTHON FOLDER [NAME ...] - each script as python runs it and as `python -m keratin` does.

fail_*.py: its first line names the cause that must be said under the traceback, with a repair that was proved.
fine_*.py: output, exit status and what it prints on standard error are the same. KERATIN_SHOW=1 prints the answers.
"""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

python, folder = sys.argv[1:3]
names = sorted(n for n in os.listdir(folder) if n.endswith(".py") and (len(sys.argv) < 4 or n in sys.argv[3:]))
env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", KERAS_BACKEND="tensorflow", PYTHONHASHSEED="0")
NOISE = re.compile(r"[IWE]\d{4} |.*absl::InitializeLog")  # TensorFlow's own, with times and threads


def run(name, *how):
    return subprocess.run([python, *how, os.path.join(folder, name), "one", "two"], env=env, capture_output=True, text=True)


def answer(text):
    at = text.rfind("\nkeratin: ")
    return text[at + 1:] if at >= 0 else ""


def failing(name):
    with open(os.path.join(folder, name), encoding="utf-8") as f:
        wants = f.readline().split(":", 1)[1].split()
    r = run(name, "-m", "keratin")
    said = answer(r.stderr)
    place = f"{os.path.join(folder, name)}:"
    good = r.returncode == 1 and "Traceback" in r.stderr and place in said and f"({wants[0]})" in said and "proved: " in said
    kinds = os.environ.get("KERATIN_SHOW")
    return good and "Traceback" not in said, said or r.stderr[-1500:], kinds


def sound(name):
    plain, ours = run(name), run(name, "-m", "keratin")
    same = plain.stdout == ours.stdout and plain.returncode == ours.returncode
    told = [line for line in ours.stderr.splitlines() if line not in plain.stderr and not NOISE.match(line)]
    return same and not told, f"{plain.stdout!r} {ours.stdout!r} {told}", None


def one(name):
    good, said, show = (failing if name.startswith("fail") else sound)(name)
    if not good or show:
        print(f"{name}: {'ok' if good else 'FAILED'}\n{said}")
    return good


with ThreadPoolExecutor(2) as pool:
    results = list(pool.map(one, names))
print(f"{sum(results)} of {len(results)} scripts")
sys.exit(not all(results) or not results)
