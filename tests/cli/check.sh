# `keratin check`: shapes and the table of layers as JSON, Keras' errors, the failing layer marked.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

same() {
    diff -u <(printf '%s\n' "$2") <(printf '%s\n' "$1") || { echo "of: $3"; exit 1; }
}

mlp="Sequential([Flatten(input_shape=(28, 28)), Dense(10, activation='softmax')])"
same "$("$KERATIN" check "$mlp" --json)" \
'{"ok": true, "output_shape": [null, 10], "layers": [{"name": "flatten", "class": "Flatten", "input_shape": [null, 28, 28], "output_shape": [null, 784], "params": 0}, {"name": "dense", "class": "Dense", "input_shape": [null, 784], "output_shape": [null, 10], "params": 7850}], "warnings": []}' mlp
same "$("$KERATIN" check "Dense(3)" --input-shape '(None, 5, 4)' --json)" \
'{"ok": true, "output_shape": [null, 5, 3], "layers": [{"name": "dense", "class": "Dense", "input_shape": [null, 5, 4], "output_shape": [null, 5, 3], "params": 15}], "warnings": []}' 'a lone layer'
same "$("$KERATIN" check "Add()" --input-shape '(None, 3)' --input-shape '(2, 3)' --json)" \
'{"ok": true, "output_shape": [2, 3], "layers": [{"name": "add", "class": "Add", "input_shape": [[null, 3], [2, 3]], "output_shape": [2, 3], "params": 0}], "warnings": []}' 'two inputs'

# A model is called with other shapes than declared: on symbolic ones its inner model complains, on data its layer.
status=0
"$KERATIN" check "Sequential([Dense(3, input_shape=(8,))])" --input-shape '(2, 9)' --json > out || status=$?
[ $status -eq 1 ]
grep -qF "of layer 'functional' is incompatible with the layer: expected shape=(None, 8), found shape=(2, 9)" out
status=0
"$KERATIN" check "Sequential([Dense(3, input_shape=(8,))])" --x-shape '(2, 9)' --json > out || status=$?
[ $status -eq 1 ]
grep -qF '"message": "Input 0 with name '"'None'"' of layer '"'dense'"' is incompatible with the layer: expected axis -1 of input shape to have value 8, but received input with shape (2, 9)", "layer": "dense"' out
grep -qF '"axis": 1, "expected": 8, "received": 9' out
printf '1,2,3\n4,5,6\n' > x.csv
status=0
"$KERATIN" check "Sequential([Dense(3, input_shape=(8,))])" --x x.csv > out 2> err || status=$?
[ $status -eq 1 ]
[ ! -s out ]
grep -qF "found shape=(2, 3)" err || grep -qF "received input with shape (2, 3)" err
grep -qE '^> dense \(Dense\) +\(2, 3\) +<- fails here$' err
status=0
"$KERATIN" check "Sequential([Input((4,)), Dense(3), LSTM(2)])" > out 2> err || status=$?
[ $status -eq 1 ]
grep -qE '^> lstm \(LSTM\) +\(None, 3\) +<- fails here$' err

# With targets: would fit fail? Nothing is trained.
printf '0\n1\n' > y.csv
"$KERATIN" check "Sequential([Dense(3, input_shape=(3,))])" --x x.csv --y y.csv --loss sparse_categorical_crossentropy --json | grep -q '"ok": true'
status=0
"$KERATIN" check "Sequential([Dense(3, input_shape=(3,))])" --x x.csv --y y.csv --loss categorical_crossentropy --json > out || status=$?
[ $status -eq 1 ]
grep -qF 'Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 1), output.shape=(None, 3)' out
"$KERATIN" check "Sequential([Dense(3, input_shape=(4,))])" --x-shape '(None, 4)' --y-shape '(None, 3)' --loss mse --json | grep -q '"ok": true'
status=0
"$KERATIN" check "Sequential([Dense(3, input_shape=(4,))])" --x-shape '(64, 4)' --y-shape '(64, 5)' --loss mse --json > out || status=$?
[ $status -eq 1 ]
grep -q '"type": "' out

# What fit would say at its last, smaller batch, and to a batch size that a stateful layer has not; by the names of arrays.
open="Sequential([Dense(4, input_shape=(3,))])"
"$KERATIN" check "$open" --x-shape '(40, 3)' --y-shape '(40,)' --batch-size 4 --loss mse --json | grep -q '"ok": true'
status=0
"$KERATIN" check "$open" --x-shape '(42, 3)' --y-shape '(42,)' --batch-size 4 --loss mse --json > out || status=$?
[ $status -eq 1 ]
grep -q '"type": "InvalidArgumentError".*\[2\] vs. \[2,4\]' out
steady="Sequential([Input(batch_shape=(4, 3, 2)), LSTM(2, stateful=True)])"
"$KERATIN" check "$steady" --x-shape '(40, 3, 2)' --y-shape '(40, 2)' --batch-size 4 --loss mse --json | grep -q '"ok": true, "output_shape": \[4, 2\]'
for rows in '42 4' '40 32'; do
    read -r n batch <<< "$rows"
    status=0
    "$KERATIN" check "$steady" --x-shape "($n, 3, 2)" --y-shape "($n, 2)" --batch-size "$batch" --loss mse --json > out || status=$?
    [ $status -eq 1 ]
    grep -q 'If an RNN is stateful, the batch size of the input sequences must be the same' out
done

# Data go into messages as the input's type makes them, whatever the file holds: bytes of an IDX file as float32.
printf '\0\0\010\002\0\0\0\002\0\0\0\003\000\001\002\003\004\005' > bytes.idx
status=0
"$KERATIN" check "Sequential([Input((8, 8)), Flatten()])" --x bytes.idx > out 2> err || status=$?
[ $status -eq 1 ]
same "$(head -n 2 err)" "ValueError: Invalid input shape for input [[0. 1. 2.]
 [3. 4. 5.]] with name 'input_layer' and path ''. Expected shape (None, 8, 8), but input has incompatible shape (2, 3)" 'data as Keras prints them'
