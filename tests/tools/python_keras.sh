# bindings/python on real Keras: scripts that fail are answered, scripts that work run as ever. KERATIN_KERAS names a Python with
# Keras and TensorFlow, else python3 is asked; without one the test skips itself. A script is a process of its own.
set -euo pipefail
lib=$KERATIN_BUILD/libkeratin.so
python=${KERATIN_KERAS:-python3}
[ -e "$lib" ] && command -v "$python" >/dev/null || exit 77
if nm -D "$lib" | grep -E ' U __(asan|tsan|ubsan|gcov)' >/dev/null; then exit 77; fi
"$python" -c 'import importlib.util as u; assert u.find_spec("keras") and u.find_spec("tensorflow")' 2>/dev/null ||
    { echo "skipped: $python has no Keras with TensorFlow"; exit 77; }
PYTHONDONTWRITEBYTECODE=1 KERATIN_LIBRARY=$lib PYTHONPATH=$KERATIN_SOURCE/bindings/python \
    "$python" "$KERATIN_SOURCE/tests/python/keras_scripts.py" "$python" "$KERATIN_SOURCE/tests/python/scripts"
