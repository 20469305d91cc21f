# From a table to a trained model: train, history, evaluate, predict; the same seed gives the same numbers.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# y = 1 where a + b > 7: easily learnt from columns of very different size.
awk 'BEGIN { print "a,b,label"; for (i = 0; i < 64; i++) { a = i % 8; b = int(i / 8); print a * 1000 "," b "," (a + b > 7) } }' > t.csv
cut -d, -f1,2 t.csv > x.csv
cut -d, -f3 t.csv > y.csv
model="Sequential([Input((2,)), Normalization(), Dense(8, activation='relu'), Dense(1, activation='sigmoid')])"
options=(--csv t.csv --target label --epochs 40 --batch-size 8 --seed 7 --optimizer "Adam(0.02)"
    --loss binary_crossentropy --metrics accuracy)

"$KERATIN" train "$model" "${options[@]}" --history h.json --json > a.json
"$KERATIN" train "$model" "${options[@]}" --history h.csv --json > b.json
cmp a.json b.json
grep -q '^{"ok": true, "history": {"accuracy": \[.*\], "loss": \[.*\]}}$' a.json
[ "$(head -n 1 h.csv)" = epoch,accuracy,loss ]
[ "$(wc -l < h.csv)" -eq 41 ]
tail -n 1 h.csv | awk -F, '{ exit !($2 > 0.9) }' # it learns only if Normalization saw the data
sed -n 2p h.csv | awk -F, '{ exit !($3 > 0.3) }'

# The words for people: the note on Normalization, one line for each epoch where it is no terminal.
status=0
"$KERATIN" train "$model" "${options[@]}" --epochs=2 2> err > out || status=$?
[ $status -eq 2 ]
grep -q -- '--epochs is given twice' err
"$KERATIN" train "$model" --x x.csv --y y.csv --epochs 2 --loss mse 2> err > out
grep -q '1 layer learned statistics' err
grep -q 'Epoch 2/2' out

# Validation, weights, callbacks.
"$KERATIN" train "$model" --x x.csv --y y.csv --epochs 3 --loss mse --validation-split 0.25 --class-weight '{"0": 1.0, "1": 2.0}' \
    --callbacks "EarlyStopping(monitor='loss', patience=2)" --no-shuffle --json > out
grep -q '"val_loss"' out
"$KERATIN" train "$model" --x x.csv --y y.csv --val-x x.csv --val-y y.csv --loss mse --json | grep -q '"val_loss": \['

# Errors keep their form and status.
status=0
"$KERATIN" train "Sequential([Dense(3, input_shape=(2,))])" --x x.csv --y y.csv --loss categorical_crossentropy --json > out 2> err || status=$?
[ $status -eq 1 ]
[ ! -s err ]
grep -q '^{"ok": false, "error": {"type": "ValueError"' out
status=0
"$KERATIN" train "Sequential([Dense(3, input_shape=(2,))])" --x x.csv --y y.csv --json > out || status=$?
[ $status -eq 1 ]
grep -q 'compile' out

# Files: saved, evaluated, predicted, trained on. Needs the libraries of .keras.
grep -qE '^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt" && exit 0
"$KERATIN" train "$model" "${options[@]}" --out m.keras --json > c.json
cmp a.json c.json
"$KERATIN" evaluate m.keras --csv t.csv --target label --json > e.json
grep -q '^{"accuracy": [01].*, "loss": 0\..*}$' e.json
"$KERATIN" predict m.keras --x x.csv > p.txt
[ "$(wc -l < p.txt)" -eq 64 ]
"$KERATIN" predict m.keras --x x.csv --out p.npz
"$KERATIN" predict m.keras --x x.csv --out p.npy
[ "$(head -c 6 p.npy | tail -c 5)" = NUMPY ]
[ "$(head -c 2 p.npz)" = PK ]
"$KERATIN" predict m.keras --x x.csv --json | grep -q '^{"ok": true, "outputs": {"dense_1": {"shape": \[64, 1\], "values": \['
"$KERATIN" convert m.keras m.json
"$KERATIN" convert m.keras again.keras
"$KERATIN" predict again.keras --x x.csv | cmp - p.txt
# Only the loss is new: the optimizer and the metrics of the file stay.
"$KERATIN" train m.keras --x x.csv --y y.csv --loss mse --json | grep -q '"accuracy"'
# Under mixed_float16 compile scales the loss by itself: the scale is kept with the file, not in its configuration.
"$KERATIN" train "$model" "${options[@]}" --dtype-policy mixed_float16 --out s.keras --json > d.json
"$KERATIN" evaluate s.keras --csv t.csv --target label --json > /dev/null
"$KERATIN" convert s.keras s.json
grep -q mixed_float16 s.json
if grep -q LossScale s.json; then exit 1; fi
unzip -p s.keras model.weights.h5 | grep -aq inner_optimizer
status=0
"$KERATIN" predict m.keras --x x.csv --dtype-policy half 2> err || status=$?
[ $status -eq 2 ]
grep -q "Cannot convert 'half' to a mixed precision DTypePolicy" err
