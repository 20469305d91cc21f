# What train and evaluate say around the numbers: lists of numbers, EarlyStopping, warnings, missing targets, wrong names.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

awk 'BEGIN { print "a,b,y"; for (i = 0; i < 12; i++) print i / 12 "," (i % 5) / 5 "," i % 2 }' > t.csv
cut -d, -f1,2 t.csv > x.csv
cut -d, -f3 t.csv > y.csv
model="Sequential([Dense(1, activation='sigmoid', input_shape=(2,))])"
data=(--csv t.csv --target y --loss mse --seed 1)

# A metric of several numbers is a list everywhere; the line for people shows the mean, as Keras' does.
lists=(--metrics "TruePositives(thresholds=[0.0, 1.0]),F1Score(threshold=0.5),FalseNegatives(thresholds=[1.0])")
"$KERATIN" train "$model" "${data[@]}" "${lists[@]}" --epochs 2 --history h.csv --json > out
grep -q '"true_positives": \[\[6, 0\], \[6, 0\]\]' out
grep -qE '"f1_score": \[\[[0-9.]+\], \[[0-9.]+\]\]' out
grep -q '"false_negatives": \[6, 6\]' out
grep -qE '^0,6,\[?"?\[?[0-9.]' h.csv && grep -qE ',"\[6, 0\]"$' h.csv
"$KERATIN" train "$model" "${data[@]}" "${lists[@]}" --callbacks "CSVLogger('log.csv')" > out
grep -q ' - true_positives: 3.0000' out
grep -qE ',"""\[6.0, 0.0\]""",NA,' log.csv
# What is no number is no best one: a warning, and the file is written after each epoch.
if ! grep -qE '^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt"; then
    "$KERATIN" train "$model" "${data[@]}" "${lists[@]}" --epochs 2 --quiet 2> err > out \
        --callbacks "ModelCheckpoint('{epoch}.keras', monitor='true_positives', mode='max', save_best_only=True, verbose=1)"
    cat out err | grep -qF 'Can save best model only when `monitor` is a scalar value. Received: [6 0]. Falling back to `save_best_only=False`.'
    [ "$(grep -c 'finished saving model to [12].keras' out)" -eq 2 ]
fi
# A name that holds the separator, or a quotation mark alone, stands in quotes.
"$KERATIN" train "$model" "${data[@]}" --metrics "MeanAbsoluteError(name='a,b'),MeanSquaredError(name='say \"x\"')" \
    --callbacks "CSVLogger('named.csv'),CSVLogger('lines.csv', separator=';')" > out
[ "$(head -n 1 named.csv | tr -d '\r')" = 'epoch,"a,b",loss,"say ""x""","val_a,b",val_loss,"val_say ""x"""' ]
[ "$(head -n 1 lines.csv | tr -d '\r')" = 'epoch;a,b;loss;"say ""x""";val_a,b;val_loss;"val_say ""x"""' ]
"$KERATIN" evaluate "$model" "${data[@]:0:6}" "${lists[@]}" --json | grep -q '"true_positives": \[6, 0\]}$'
"$KERATIN" evaluate "$model" "${data[@]:0:6}" "${lists[@]}" | grep -qx 'true_positives: \[6, 0\]'

# EarlyStopping says that it stopped and which epoch was the best; its words are Keras' where it is verbose.
stop="EarlyStopping('loss', min_delta=1.0, patience=1"
"$KERATIN" train "$model" "${data[@]}" --epochs 9 --callbacks "$stop)" > out
grep -qx 'Epoch 2: early stopping' out
grep -qE '^The best epoch was 1: loss 0\.[0-9]{4}\.$' out
"$KERATIN" train "$model" "${data[@]}" --epochs 9 --quiet --callbacks "$stop, verbose=1, restore_best_weights=True)" > out
printf 'Epoch 2: early stopping\nRestoring model weights from the end of the best epoch: 1.\n' | diff - out
"$KERATIN" train "$model" "${data[@]}" --epochs 9 --quiet --callbacks "$stop)" > out
[ ! -s out ]
"$KERATIN" train "$model" "${data[@]}" --epochs 9 --json --callbacks "$stop, verbose=1)" 2> err > out
[ "$(wc -l < out)" -eq 1 ]
grep -qx 'Epoch 2: early stopping' err
"$KERATIN" train "$model" "${data[@]}" --epochs 3 --quiet --callbacks "ReduceLROnPlateau('loss', min_delta=1.0, patience=1, verbose=1)" > out
grep -q 'Epoch 2: ReduceLROnPlateau reducing learning rate to 0.0001' out

# What is watched and is not there: Keras' warning, once; a key whose direction nobody knows is an error.
"$KERATIN" train "$model" "${data[@]}" --epochs 3 --quiet --callbacks "EarlyStopping()" 2> err
diff err - <<< 'UserWarning: Early stopping conditioned on metric `val_loss` which is not available. Available metrics are: loss'
"$KERATIN" train "$model" "${data[@]}" --quiet --callbacks "ReduceLROnPlateau('nope', mode='min')" 2> err
diff err - <<< 'UserWarning: Learning rate reduction is conditioned on metric `nope` which is not available. Available metrics are: loss,learning_rate.'
status=0
"$KERATIN" train "$model" "${data[@]}" --quiet --callbacks "EarlyStopping('nope')" 2> err || status=$?
[ $status -eq 1 ]
grep -q "EarlyStopping callback received monitor=nope, but Keras isn't able to automatically determine" err
status=0
"$KERATIN" train "$model" "${data[@]}" --quiet --epochs 3 "${lists[@]}" --callbacks "EarlyStopping('true_positives', mode='max')" 2> err || status=$?
[ $status -eq 1 ]
grep -q 'The truth value of an array with more than one element is ambiguous' err

# No targets, and names that are none.
status=0
"$KERATIN" train "$model" --csv t.csv --loss mse 2> err || status=$?
[ $status -eq 2 ]
grep -q 'give --target or --y' err
status=0
"$KERATIN" train "$model" --x x.csv --loss mse 2> err || status=$?
[ $status -eq 1 ]
grep -q 'ValueError: None values not supported.' err
grep -q 'give --target or --y' err
status=0
"$KERATIN" train "$model" --x x.csv --loss mse --json > out || status=$?
[ $status -eq 1 ]
grep -q '"message": "None values not supported.".*"hint": "no targets: give --target or --y"' out
for wrong in "--loss nope" "--loss mse --metrics acuracy"; do
    status=0
    # shellcheck disable=SC2086
    "$KERATIN" train "$model" --x x.csv --y x.csv $wrong 2> err || status=$? # the shapes do not fit either: the name comes first
    [ $status -eq 1 ]
    grep -qE 'Could not interpret (loss|metric) identifier' err
done
