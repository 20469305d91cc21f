# The JSON that the program prints: numbers that are none, characters that must be escaped, several outputs by name.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# holds FILE TEXT
holds() {
    grep -qF -- "$2" "$1" || { echo "no $2 in: $(cat "$1")"; exit 1; }
}
# Each line is one object for a reader who is not ours, where there is one.
reads() {
    if command -v python3 > /dev/null; then
        python3 -c 'import json, sys; [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]' "$1"
    fi
}

# A loss that leaves the numbers: as Python writes and reads them.
printf '1\n2\n3\n4\n' > x.csv
printf '2\n4\n6\n9\n' > y.csv
wild=("$KERATIN" train "Sequential([Dense(1, kernel_initializer='ones', input_shape=(1,))])" --x x.csv --y y.csv --loss mse
    --optimizer "SGD(1e25)" --epochs 3 --batch-size 2 --no-shuffle)
"${wild[@]}" --json > out
holds out '"loss": [Infinity, NaN, NaN]}}'
reads out
"${wild[@]}" --history h.json --quiet
holds h.json '"loss": [Infinity, NaN, NaN]}'
reads h.json
"${wild[@]}" --history h.csv --quiet
[ "$(sed -n 2,4p h.csv | tr '\n' ' ')" = '0,Infinity 1,NaN 2,NaN ' ]
"$KERATIN" predict "Sequential([Rescaling(-1e39, input_shape=(1,))])" --x x.csv --json > out 2> err
holds out '"values": [-Infinity, -Infinity, -Infinity, -Infinity]'
reads out

# Names and messages with everything that JSON writes in another way.
odd="Sequential([Dense(2, input_shape=(3,), name='a\"b\\\\c\\n\\t\\x01\\x1f\\x7f')])"
"$KERATIN" check "$odd" --json > out
holds out '"name": "a\"b\\c\n\u0009\u0001\u001f\u007f"'
reads out
status=0
"$KERATIN" check "$odd" --x-shape '(4, 5)' --json > out || status=$?
[ $status -eq 1 ]
[ "$(wc -l < out)" -eq 1 ]
holds out 'a\"b\\c\n\u0009\u0001\u001f\u007f'
reads out
status=0
"$KERATIN" summary "$(printf 'no\tsuch\nfile.keras')" --json > out || status=$?
[ $status -eq 2 ]
[ "$(wc -l < out)" -eq 1 ]
holds out 'no\u0009such\nfile.keras'
reads out

# Several outputs by their names: on the screen, as JSON, as arrays.
grep -qE '^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt" && exit 0
nested=$KERATIN_SOURCE/tests/goldens/files/nested.keras
{ printf '\223NUMPY\1\0v\0%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4, 3), }"; head -c 96 /dev/zero; } > x.npy
"$KERATIN" predict "$nested" --x x.npy --json > out
grep -qE '^\{"ok": true, "outputs": \{"a": \{"shape": \[2, 2\], "values": \[[^]]*\]\}, "b": \{"shape": \[2, 1\], "values": \[[^]]*\]\}\}\}$' out ||
    { cat out; exit 1; }
reads out
"$KERATIN" predict "$nested" --x x.npy > out
[ "$(grep '^#' out | tr '\n' ' ')" = '# a # b ' ]
[ "$(wc -l < out)" -eq 6 ]
"$KERATIN" predict "$nested" --x x.npy --out y.npz
for name in a b; do
    grep -qa "$name.npy" y.npz || { echo "no $name in y.npz"; exit 1; }
done
# Targets by these names, from the same file: the loss is then that of a perfect model.
"$KERATIN" evaluate "$nested" --x x.npy --y y.npz --json > out
grep -qE '"loss": ([0-9.]*e-[0-9]+|0)[,}]' out || { cat out; exit 1; }

# Weights of the samples for each target, by its name.
two() { # two A B: a model whose outputs a and b are these numbers
    local layers='{"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config": {"batch_shape": [null, 1], "name": "x"}}'
    local from='[{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 1], "dtype": "float32", "keras_history": ["x", 0, 0]}}], "kwargs": {}}]'
    local name
    for name in a b; do
        layers+=', {"class_name": "Dense", "name": "'$name'", "inbound_nodes": '$from', "config": {"name": "'$name'", "units": 1, "kernel_initializer": "zeros", '
        layers+='"bias_initializer": {"class_name": "Constant", "config": {"value": '$1'}}}}'
        shift
    done
    echo '{"class_name": "Functional", "config": {"name": "two", "layers": ['"$layers"'], "input_layers": [["x", 0, 0]], "output_layers": [["a", 0, 0], ["b", 0, 0]]}}'
}
two 1 1 > model.json
two 3 4 > targets.json
two 1 0.5 > weights.json
printf '1\n2\n' > x.csv
for name in targets weights; do
    "$KERATIN" predict $name.json --x x.csv --out $name.npz --fresh-weights
done
evaluated() { "$KERATIN" evaluate model.json --fresh-weights --x x.csv --y targets.npz --loss mse --json "$@" > out; }
evaluated
grep -qF '"a_loss": 4, "b_loss": 9' out || { cat out; exit 1; }
evaluated --sample-weight weights.npz
grep -qF '"a_loss": 4, "b_loss": 4.5' out || { cat out; exit 1; }
mv weights.json other.json
sed 's/"name": "b"/"name": "c"/g; s/"b", 0/"c", 0/' other.json > weights.json
"$KERATIN" predict weights.json --x x.csv --out weights.npz --fresh-weights
if evaluated --sample-weight weights.npz; then exit 1; fi
holds out 'one `sample_weight` array per output in `y`. There is no target for the weights '"'c'"

# All classes of all families, in every form of the list.
"$KERATIN" layers --json > out
[ "$(wc -l < out)" = 1 ]
grep -o '"name": "[A-Za-z0-9_]*", "family"' out | cut -d'"' -f4 | sort > listed
"$KERATIN" layers | sed -n 's/^  \([A-Za-z0-9_]*\) .*/\1/p' | sort > shown
[ "$(wc -l < listed)" -gt 250 ]
diff listed shown
for family in layer loss metric optimizer schedule initializer callback; do
    holds out "\"family\": \"$family\""
done
if "$KERATIN" layers MeanSquaredEror 2> out; then exit 1; fi
holds out "did you mean 'MeanSquaredError'"
