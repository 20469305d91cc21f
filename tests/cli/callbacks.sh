# --backup: a training that was killed goes on with the numbers that it would have had. --csv-log, --tensorboard.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

awk 'BEGIN { for (i = 0; i < 4000; i++) print i % 7 "," i % 11 "," i % 3 }' > x.csv
awk 'BEGIN { for (i = 0; i < 4000; i++) print (i % 7) * (i % 11) }' > y.csv
model="Sequential([Input((3,)), Dense(64, activation='relu'), Dropout(0.3), Dense(32, activation='relu'), Dense(1)])"
options=(--x x.csv --y y.csv --batch-size 8 --loss mse --optimizer adam --quiet)

# TensorBoard's files: length 24, version "brain.Event:2", one file for training and one for validation.
"$KERATIN" train "$model" "${options[@]}" --epochs 2 --validation-split 0.2 --tensorboard "it's/tb" --csv-log log.csv > /dev/null
for part in train validation; do
    file=$(echo "it's"/tb/$part/events.out.tfevents.*.v2)
    [ "$(head -c 8 "$file" | od -An -tu8 | tr -d ' ')" -eq 24 ]
    grep -aq 'brain.Event:2' "$file"
    grep -aq epoch_loss "$file"
done
grep -aq 'dense/kernel/histogram' "it's"/tb/train/*
grep -aq evaluation_loss_vs_iterations "it's"/tb/validation/*
[ "$(head -n 1 log.csv | tr -d '\r')" = epoch,loss,val_loss ]
[ "$(wc -l < log.csv)" -eq 3 ]

grep -qE '^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt" && exit 0

# Killed after its second epoch or later, whatever it is at then.
"$KERATIN" train "$model" "${options[@]}" --epochs 12 --seed 5 --history whole.json
"$KERATIN" train "$model" "${options[@]}" --epochs 12 --seed 5 --backup kept --csv-log killed.csv &
child=$!
for _ in $(seq 400); do
    if grep -qs '"epoch": [2-9]' kept/training_metadata.json; then
        break
    fi
    sleep 0.01
done
kill -9 $child 2> /dev/null || true # it may have ended by itself: there is nothing to go on with then
wait $child 2> /dev/null || true
if [ -e kept ]; then
    "$KERATIN" train "$model" "${options[@]}" --epochs 12 --seed 99 --backup kept --csv-log killed.csv --history rest.json
    tr -d '{}[]" ' < rest.json | sed 's/loss://' | tr , '\n' > got
    tr -d '{}[]" ' < whole.json | sed 's/loss://' | tr , '\n' | tail -n "$(grep -c . got)" > want
    [ "$(grep -c . got)" -le 10 ]
    cmp want got
fi
[ "$(head -n 1 killed.csv | cut -c1-5)" = epoch ]
[ ! -e kept/latest.weights.h5 ] # what was being written when it was killed may lie there
[ ! -e kept/training_metadata.json ]

# Interrupted, the backup stays.
"$KERATIN" train "$model" "${options[@]}" --epochs 100000 --backup stays &
child=$!
for _ in $(seq 400); do
    if [ -e stays/training_metadata.json ]; then
        break
    fi
    sleep 0.01
done
kill -INT $child
status=0
wait $child || status=$?
[ $status -eq 130 ]
[ -e stays/latest.weights.h5 ]

# What can not be gone on with is told.
echo '{}' > stays/training_metadata.json
status=0
"$KERATIN" train "$model" "${options[@]}" --backup stays 2> err || status=$?
[ $status -eq 1 ]
grep -q 'says no epoch' err
status=0
"$KERATIN" train "Sequential([Dense(9, input_shape=(3,)), Dense(1)])" "${options[@]}" --backup stays 2> err || status=$?
[ $status -eq 1 ]

# What will not be there says why.
status=0
"$KERATIN" train "$model" "${options[@]}" --callbacks "LambdaCallback()" 2> err || status=$?
[ $status -eq 1 ]
grep -q "Keras has the callback 'LambdaCallback', Keratin does not: it " err
