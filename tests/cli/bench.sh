# keratin bench: steps of prediction and of training, of models with one and with several outputs, and with labels of classes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# The numbers of a report belong together: samples a second to the time of a step, shares to 100 %, GFLOP/s to what a processor can.
consistent() {
    awk '
        function all() { if (steps > 0 && (shares < 98 || shares > 102)) bad = bad " shares=" shares; shares = 0 }
        / per step of / {
            all(); steps++
            seconds = $2 * ($3 == "us" ? 1e-6 : $3 == "ms" ? 1e-3 : 1)
            rate = $8 * seconds / ($7 + 0)
            if (rate < 0.9 || rate > 1.1) bad = bad " rate=" rate
        }
        / %/ {
            for (i = 2; i <= NF; i++) {
                if ($i == "%") shares += $(i - 1)
                if ($i == "GFLOP/s" && ($(i - 1) < 0 || $(i - 1) > 1e5)) bad = bad " GFLOP/s=" $(i - 1)
            }
        }
        END { all(); if (steps == 0 || bad) { print "not consistent:" bad; exit 1 } }' "$1"
}

net="Sequential([Input((4,)), Dense(3, activation='relu'), Dense(2, activation='softmax')])"
for loss in mse sparse_categorical_crossentropy; do
    "$KERATIN" bench "$net" --train --loss $loss --optimizer adam --batch-size 8 > out
    [ "$(grep -cE '^(predict|train): .* us per step of 8' out)" -eq 2 ]
    grep -q '(loss, metrics, update)' out
    consistent out
done
"$KERATIN" bench "$net" --json > out
grep -q '"ok": true, "batch_size": 32, "predict": {"seconds": ' out
if grep -qE '"train"|": -' out; then exit 1; fi
if "$KERATIN" bench "$net" --train > out 2> err; then exit 1; fi
grep -qF 'You must call `compile()`' err

grep -q '^KERATIN_JANSSON:[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt" && exit 0
cat > two.json <<'END'
{"module": "keras", "class_name": "Functional", "config": {"name": "two", "layers": [
 {"module": "keras.layers", "class_name": "InputLayer", "name": "x", "config": {"batch_shape": [null, 3], "name": "x"}, "inbound_nodes": []},
 {"module": "keras.layers", "class_name": "Dense", "name": "a", "config": {"name": "a", "units": 2}, "inbound_nodes": [{"args":
  [{"class_name": "__keras_tensor__", "config": {"shape": [null, 3], "dtype": "float32", "keras_history": ["x", 0, 0]}}], "kwargs": {}}]},
 {"module": "keras.layers", "class_name": "Dense", "name": "b", "config": {"name": "b", "units": 1}, "inbound_nodes": [{"args":
  [{"class_name": "__keras_tensor__", "config": {"shape": [null, 3], "dtype": "float32", "keras_history": ["x", 0, 0]}}], "kwargs": {}}]}],
 "input_layers": [["x", 0, 0]], "output_layers": [["a", 0, 0], ["b", 0, 0]]}}
END
"$KERATIN" bench two.json --fresh-weights --train --loss "['mse', 'mae']" > out
grep -q '^train: ' out
