# keratin.explain() and keratin.check() in IPython and in a notebook that nbconvert runs, on real Keras. KERATIN_KERAS names a Python that has
# them, else python3 is asked; what is not installed is skipped by name.
set -euo pipefail
lib=$KERATIN_BUILD/libkeratin.so
python=${KERATIN_KERAS:-python3}
[ -e "$lib" ] && command -v "$python" >/dev/null || exit 77
if nm -D "$lib" | grep -E ' U __(asan|tsan|ubsan|gcov)' >/dev/null; then exit 77; fi
for module in keras tensorflow IPython nbconvert ipykernel; do
    "$python" -c "import importlib.util as u; assert u.find_spec('$module')" 2>/dev/null || { echo "skipped: $python has no $module"; exit 77; }
done
export PYTHONDONTWRITEBYTECODE=1 KERATIN_LIBRARY=$lib PYTHONPATH=$KERATIN_SOURCE/bindings/python TF_CPP_MIN_LOG_LEVEL=3 KERAS_BACKEND=tensorflow
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# No traces in the home of whoever tests.
cd "$scratch"
export HOME=$scratch IPYTHONDIR=$scratch JUPYTER_CONFIG_DIR=$scratch JUPYTER_RUNTIME_DIR=$scratch
"$python" "$KERATIN_SOURCE/tests/python/in_notebook.py" IPYTHON > answered
"$python" "$KERATIN_SOURCE/tests/python/in_notebook.py" >> answered
[ "$(grep -c answered answered)" -eq 2 ]
