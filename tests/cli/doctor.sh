# `keratin check --call` and `keratin fix`: cause, remedies and warnings as JSON and as text, repaired files that run.
set -euo pipefail
if grep -q "^KERATIN_HDF5:[A-Z]*=OFF" "$KERATIN_BUILD/CMakeCache.txt"; then exit 77; fi # it writes such files
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

fails() { # status command...: the exit status, output in `out`
    local want=$1 got=0
    shift
    "$@" > out 2> err || got=$?
    [ $got -eq "$want" ] || { echo "exit $got instead of $want: $*"; cat out err; exit 1; }
}
says() { grep -qF -- "$1" out || { echo "not said: $1"; cat out; exit 1; }; }

# A failure: error, cause, proved remedies with their edits; nothing else on standard output.
flat="Sequential([Input((784,)), Dense(16, activation='relu'), Dense(10)])"
fails 1 "$KERATIN" check "$flat" --x-shape "(32, 28, 28)" --y-shape "(32, 10)" --loss mse --call fit --json
says '{"ok": false, "error": {"type": "ValueError", "message": "'
says '"cause": {"kind": "flat_vs_shaped", "words": "'
says '"where": "x"}'
says '"remedies": [{"rank": 1, "kind": "add_flatten_at_input", "words": "insert Flatten() as the first layer'
says '"code": "layers.Flatten(input_shape=(28, 28))"'
says '"proved": true, "proof": "the model now maps (None, 28, 28) to (None, 10)'
[ "$(wc -l < out)" -eq 1 ]
# Which call it is decides: predict keeps the model.
fails 1 "$KERATIN" check "$flat" --x-shape "(32, 28, 28)" --call predict --json
says '"remedies": [{"rank": 1, "kind": "flatten_data"'
# As text, and with the reasons.
fails 1 "$KERATIN" check "$flat" --x-shape "(32, 28, 28)" --call predict --why
says 'cause: flat rows meet shaped samples'
says '1. give x the shape (32, 784)'
says '     x = x.reshape(len(x), -1)'
says 'the data should be brought to it'
[ ! -s err ]

# What fits: ok, and warnings of what Keras takes in silence.
fails 0 "$KERATIN" check "$flat" --x-shape "(32, 784)" --y-shape "(32, 10)" --loss mse --call fit --json
[ "$(cat out)" = '{"ok": true, "warnings": []}' ]
fails 0 "$KERATIN" check "$flat" --x-shape "(32, 784)" --y-shape "(32, 1)" --loss mse --call fit --json
says '{"ok": true, "warnings": [{"kind": "target_broadcast", "words": "'
fails 0 "$KERATIN" check "$flat" --x-shape "(32, 784)" --y-shape "(32, 10)" --loss mse --call fit
[ "$(cat out)" = 'the call fits' ]
# A size that no layer can take may be left open, in maps and in sequences.
fails 1 "$KERATIN" check "Sequential([Input((2, 3)), Conv1D(4, 3), GlobalAveragePooling1D()])" --x-shape "(8, 9, 3)" --call predict
says 'declare the input shape (None, 3) instead of (2, 3): any size is taken then'
fails 1 "$KERATIN" check "Sequential([Input((2, 2, 3)), Conv2D(4, 3), GlobalAveragePooling2D()])" --x-shape "(8, 9, 9, 3)" --call predict
says 'declare the input shape (None, None, 3) instead of (2, 2, 3): any size is taken then'

# What --optimizer names is compiled with, and numbers out of their range are no call.
fails 1 "$KERATIN" check "Sequential([Input((2,)), Dense(1)])" --x-shape "(8, 2)" --y-shape "(8, 1)" --loss mse --optimizer nobody --call fit
says 'nobody'
fails 2 "$KERATIN" check "$flat" --x-shape "(32, 784)" --y-shape "(32, 10)" --loss mse --call fit --batch-size -1
grep -qF -- '--batch-size' err
# Without --batch-size it is Keras' 32.
fails 0 "$KERATIN" check "Sequential([Input(batch_shape=(32, 2, 3)), LSTM(2, stateful=True)])" --x-shape "(64, 2, 3)" --call predict
kept="Sequential([Input(batch_shape=(4, 6)), Reshape((2, 3)), LSTM(2, stateful=True)])"
seq 6 | sed 's/$/,1,2,3,4,5/' > six.csv
fails 1 "$KERATIN" check "$kept" --x six.csv --call predict
says '2. take the fixed batch size 4 out of the declared input'
fails 0 "$KERATIN" fix "$kept" --x six.csv --call predict --remedy 2 --out open.json
grep -q '"batch_shape": *\[null, 6\]' open.json
fails 0 "$KERATIN" check "$flat" --x-shape "(32, 784)" --y-shape "(32, 10)" --loss mse --call fit --batch-size 0
fails 2 "$KERATIN" check "$flat" --x-shape "(32, 784)" --call train
fails 2 "$KERATIN" check nowhere.json --x-shape "(32, 784)" --call predict

# fix: the repaired model on the repaired arrays runs; the originals stay.
printf '0,1,2\n3,4,5\n6,7,8\n1,3,5\n' > x.csv
printf '0\n1\n2\n1\n' > y.csv
model="Sequential([Input((5,)), Dense(4, activation='relu'), Dense(3, activation='softmax')])"
cp y.csv before
fails 0 "$KERATIN" fix "$model" --x x.csv --y y.csv --loss categorical_crossentropy --call fit \
    --remedy 1 --out fixed.keras --x-out x2.npy --y-out y2.npy --json
says '{"ok": true, "kind": "input_shape_features+'
cmp y.csv before
fails 0 "$KERATIN" train fixed.keras --x x2.npy --y y2.npy --epochs 1 --json
says '"loss": ['
fails 0 "$KERATIN" check fixed.keras --x x2.npy --y y2.npy --call fit --json

# Trained weights are kept: the same rows give the same numbers when the surplus column is gone.
printf '0,1\n3,4\n6,7\n1,3\n' > two.csv
printf '0\n1\n2\n1\n' > one.csv
fails 0 "$KERATIN" train "Sequential([Input((2,)), Dense(1)])" --x two.csv --y one.csv --loss mse --epochs 1 --out trained.keras --json
fails 0 "$KERATIN" fix trained.keras --x x.csv --call predict --out fixed.keras --x-out x3.npy --json
says '"kind": "data_features"'
"$KERATIN" predict trained.keras --x two.csv > a
"$KERATIN" predict fixed.keras --x x3.npy > b
cmp a b
fails 2 "$KERATIN" fix "$flat" --x-shape "(32, 784)" --call predict --out never.keras
[ ! -e never.keras ]
fails 2 "$KERATIN" fix trained.keras --x x.csv --call predict

# train says what Keras takes in silence before the first epoch, unless it should not.
fails 0 "$KERATIN" train "Sequential([Input((2,)), Dense(3)])" --x two.csv --y one.csv --loss mse --epochs 1
grep -qF 'warning: the output is (4, 3), the target (4, 1)' err
fails 0 "$KERATIN" train "Sequential([Input((2,)), Dense(3)])" --x two.csv --y one.csv --loss mse --epochs 1 --no-warnings
[ ! -s err ] || { cat err; exit 1; }

# Without --call, and in train, evaluate and predict, an error is answered too.
fails 1 "$KERATIN" check "$flat" --x-shape "(32, 28, 28)"
grep -qE '^> input_layer' err
grep -qF '1. insert Flatten() as the first layer' err
grep -qF '   proved: the model now maps (None, 28, 28) to (None, 10)' err
[ "$(wc -l < err)" -le 16 ]
fails 1 "$KERATIN" check "$flat" --x-shape "(32, 28, 28)" --y-shape "(32,)" --loss sparse_categorical_crossentropy --json
says '"cause": {"kind": "flat_vs_shaped"'
says '"remedies": [{"rank": 1, "kind": "add_flatten_at_input"'
fails 0 "$KERATIN" check "$flat" --x-shape "(32, 784)" --y-shape "(32, 1)" --loss mse --json
says '"layers": ['
says '"warnings": [{"kind": "target_broadcast"'
fails 1 "$KERATIN" train "Sequential([Input((2,)), Dense(3, activation='softmax')])" --x two.csv --y y.csv --loss categorical_crossentropy
grep -qF "loss='sparse_categorical_crossentropy'" err
grep -qF 'a training step on 4 rows ran' err
fails 1 "$KERATIN" train "Sequential([Input((2,)), Dense(3, activation='softmax')])" --x two.csv --y y.csv --loss categorical_crossentropy --json
says '"cause": {"kind": "labels_vs_loss"'
fails 1 "$KERATIN" predict trained.keras --x x.csv
grep -qF 'the trained weights stay' err
fails 1 "$KERATIN" evaluate trained.keras --x x.csv --y one.csv
grep -qF 'cause: ' err
# Shapes are no data: nothing is guessed from numbers that are not there, and nothing is too large.
fails 1 "$KERATIN" check "$flat" --x-shape "(60000, 224, 224, 3)" --y-shape "(60000,)" --loss mse --call fit
if grep -qF 'whole numbers' out; then exit 1; fi

# A real step with every repair where that is asked for; fix says the edit as Keras code.
printf '0,1,2\n3,4,5\n' > three.csv
printf '0\n1\n' > y2.csv
fails 1 "$KERATIN" check "Sequential([Input((3,)), Dense(2, activation='softmax')])" --x three.csv --y y2.csv --loss categorical_crossentropy --call fit --prove --json
[ "$(grep -o 'a training step on 2 rows ran' out | wc -l)" -eq "$(grep -o '"rank"' out | wc -l)" ]
fails 0 "$KERATIN" fix "Sequential([Input((3,)), Dense(2, activation='softmax')])" --x three.csv --y y2.csv --loss categorical_crossentropy --call fit --out fixed.keras
grep -qF "  model.compile(..., loss='sparse_categorical_crossentropy')" err

# A page and a drawing, beside the answer.
fails 1 "$KERATIN" check "$flat" --x-shape "(32, 28, 28)" --y-shape "(32, 10)" --loss mse --html page.html --svg chain.svg
says 'cause: flat rows meet shaped samples'
head -n 1 page.html | grep -qxF '<!DOCTYPE html>'
[ "$(grep -c '<svg' page.html)" -eq 2 ]
grep -qF '<pre>layers.Flatten(input_shape=(28, 28))</pre>' page.html
head -n 1 chain.svg | grep -q '^<svg '
fails 2 "$KERATIN" check "$flat" --x-shape "(32, 28, 28)" --html /nowhere/page.html

# What training data should not be is said before training alone: numbers as they are, columns that never change.
seq 1 40 | awk '{ print $1 * 10 "," 7 "," $1 % 3 "," ($1 * 7) % 5 "," ($1 * 3) % 11 }' > raw.csv
seq 1 40 | awk '{ print $1 / 40 }' > target.csv
raw="Sequential([Input((5,)), Dense(1)])"
fails 0 "$KERATIN" train "$raw" --x raw.csv --y target.csv --loss mse --epochs 1
grep -qF '(never_scaled)' err
grep -qF 'warning: 1 column of x never changes (1): nothing can be learned from it (constant_columns)' err
fails 0 "$KERATIN" check "$raw" --x raw.csv --y target.csv --loss mse --call fit --json
[ "$(cat out)" = '{"ok": true, "warnings": []}' ]

# A layer of the author's own class: what is on record of the shapes around it is gone by, and said. Such a model can not be written.
half='{"module": null, "class_name": "Half", "registered_name": "Half", "config": {"name": "half"}, "build_config": {"input_shape": [null, 28, 28]}}'
cat > own.json <<END
{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [
 {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 28, 28], "name": "in"}}, $half,
 {"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense", "units": 10}, "build_config": {"input_shape": [null, 14, 28]}}]}}
END
fails 1 "$KERATIN" check own.json --x-shape "(64, 28, 28)" --y-shape "(64,)" --loss sparse_categorical_crossentropy --call fit
says "1. insert Flatten() before 'dense': it gets (14, 28) for each sample"
says "assumed: what these layers compute is not known, only which shapes they were called on: 'half' (Half)"
fails 0 "$KERATIN" check own.json --x-shape "(64, 28, 28)" --call predict --json
says "\"assumed\": \"what these layers compute"
fails 1 "$KERATIN" check own.json --call build --html own.html --x-shape "(64, 20, 28)"
grep -qF '>Half<' own.html
fails 2 "$KERATIN" fix own.json --x-shape "(64, 28, 28)" --y-shape "(64,)" --loss sparse_categorical_crossentropy --call fit --out never.keras
[ ! -e never.keras ]
# In a Functional model its readers know what it gave; where nobody reads it, its class is missing.
cat > graph.json <<END
{"module": "keras", "class_name": "Functional", "config": {"name": "f", "layers": [
 {"module": "keras.layers", "class_name": "InputLayer", "name": "in", "config": {"batch_shape": [null, 6], "name": "in"}, "inbound_nodes": []},
 {"module": null, "class_name": "Fold", "registered_name": "my>Fold", "name": "fold", "config": {"name": "fold"}, "inbound_nodes": [{"args":
  [{"class_name": "__keras_tensor__", "config": {"shape": [null, 6], "dtype": "float32", "keras_history": ["in", 0, 0]}}], "kwargs": {}}]},
 {"module": "keras.layers", "class_name": "LSTM", "name": "lstm", "config": {"name": "lstm", "units": 3}, "inbound_nodes": [{"args":
  [{"class_name": "__keras_tensor__", "config": {"shape": [null, 2, 3], "dtype": "float32", "keras_history": ["fold", 0, 0]}}], "kwargs": {}}]}],
 "input_layers": [["in", 0, 0]], "output_layers": [["lstm", 0, 0]]}}
END
fails 0 "$KERATIN" check graph.json --x-shape "(8, 6)" --call predict
says "'fold' (Fold)"
fails 1 "$KERATIN" check graph.json --x-shape "(8, 5)" --call predict
says 'the model was made for 6 columns, x has 5'
printf '{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [%s]}}' "$half" > end.json
fails 1 "$KERATIN" check end.json --x-shape "(8, 28, 28)" --call predict
says "'Half' is no layer of Keras' own"
