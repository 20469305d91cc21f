# What the examples save: real Keras opens the files, predicts the same and goes on training as Keratin does. KERATIN_KERAS names a
# Python with Keras and TensorFlow, else python3 is asked; without one the test skips itself.
set -euo pipefail
python=${KERATIN_KERAS:-python3}
command -v "$python" >/dev/null && [ -x "$KERATIN" ] || exit 77
"$python" -c 'import importlib.util as u; assert u.find_spec("keras") and u.find_spec("tensorflow")' 2>/dev/null ||
    { echo "skipped: $python has no Keras with TensorFlow"; exit 77; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

files=()
for source in "$KERATIN_SOURCE"/examples/*.c; do
    name=$(basename "$source" .c)
    if grep -q 'MODEL\.keras' "$source"; then
        "$KERATIN_BUILD/examples/$name" "$tmp/$name.keras" >"$tmp/$name.txt"
        files+=("$tmp/$name.keras")
    fi
done
[ ${#files[@]} -ge 8 ] || { echo "only ${#files[@]} examples say that they save a model"; exit 1; }
"$python" "$KERATIN_SOURCE/tools/check_in_keras" "$KERATIN" "${files[@]}"
