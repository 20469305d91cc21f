# Tables of text and numbers: what is numbered is told, kept with the model, and used by every later command; what
# training has not seen, and what is neither all numbers nor all text, is refused with its place.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# expect STATUS PATTERN command...: the status, and the pattern in what it prints.
expect() {
    local want=$1 pattern=$2 got=0
    shift 2
    "$@" > out 2> err < /dev/null || got=$?
    if [ "$got" -ne "$want" ] || ! grep -qE -- "$pattern" out err; then
        echo "$*: exit status $got, expected $want and '$pattern' in:"
        cat out err
        exit 1
    fi
}

# Sorted by class, so that the last rows hold a class of their own.
awk 'BEGIN { print "size,colour,kind"
    for (i = 0; i < 90; i++) print i % 30 + 100 * int(i / 30) "," (i % 2 ? "red" : "blue") "," substr("cat   dog   horse ", 1 + 6 * int(i / 30), 6) }' |
    sed 's/ *$//' > pets.csv
model="Sequential([Input((2,)), Normalization(), Dense(16, activation='relu'), Dense(3, activation='softmax')])"
fit=(--csv pets.csv --target kind --loss sparse_categorical_crossentropy --metrics accuracy --optimizer "Adam(0.05)" --seed 3)

# --- training tells the numbers, and which classes it never sees --------------------------------

expect 0 "^'pets.csv', column 2 \('colour'\): 0 = blue, 1 = red$" "$KERATIN" train "$model" "${fit[@]}"
expect 0 "^'pets.csv', column 3 \('kind'\): 0 = cat, 1 = dog, 2 = horse$" "$KERATIN" train "$model" "${fit[@]}"
unseen="the validation rows hold 1 class that training never sees \('horse'\); --shuffle-rows mixes"
expect 0 "^warning: $unseen" "$KERATIN" train "$model" "${fit[@]}" --validation-split 0.34
expect 0 "\"warnings\": \[\"$unseen" "$KERATIN" train "$model" "${fit[@]}" --validation-split 0.34 --json
"$KERATIN" train "$model" "${fit[@]}" --validation-split 0.34 --no-warnings 2>&1 | { ! grep -q never; }
"$KERATIN" train "$model" "${fit[@]}" --validation-split 0.34 --shuffle-rows 2>&1 | { ! grep -q never; }
grep -v horse pets.csv > two.csv
cut -d, -f1,2 pets.csv > x.csv
cut -d, -f3 pets.csv > y.csv

# Validation data have the numbers of training, whatever they hold: here 'horse' alone.
grep -E 'kind|horse' pets.csv > horses.csv
"$KERATIN" train "$model" "${fit[@]}" --epochs 60 --val-csv horses.csv --json > out
sed 's/.*"val_accuracy": \[.*, \([0-9.]*\)\], "val_loss.*/\1/' out | awk '{ exit !($1 > 0.9) }'
cut -d, -f1,2 horses.csv > hx.csv
cut -d, -f3 horses.csv > hy.csv
"$KERATIN" train "$model" --x x.csv --y y.csv --header --loss sparse_categorical_crossentropy --metrics accuracy \
    --optimizer "Adam(0.05)" --seed 3 --epochs 60 --val-x hx.csv --val-y hy.csv --json > out
sed 's/.*"val_accuracy": \[.*, \([0-9.]*\)\], "val_loss.*/\1/' out | awk '{ exit !($1 > 0.9) }'
expect 2 "'horse' is none of the texts that this column had in training: 'cat', 'dog'" \
    "$KERATIN" train "$model" --csv two.csv --target kind --loss sparse_categorical_crossentropy --val-csv pets.csv
expect 2 "the column 'kind' of training is missing" \
    "$KERATIN" train "$model" --x x.csv --y y.csv --header --loss mse --val-x x.csv --val-y x.csv

# --- mistakes in a table --------------------------------------------------------------------------

sed '5s/^[0-9]*/?/' pets.csv > odd.csv
expect 2 "'odd.csv', line 5, column 1 \('size'\): '\?' is no number, but this column holds numbers" \
    "$KERATIN" train "$model" --csv odd.csv --target kind --loss sparse_categorical_crossentropy
grep -q -- "--na '?' takes it for a missing value; --categorical 'size' takes all of this column for text" err
expect 2 'line 5, column 1 .*the value is missing \(\?\)' \
    "$KERATIN" train "$model" --csv odd.csv --target kind --loss sparse_categorical_crossentropy --na '?'
grep -q -- '--drop-na' err
expect 0 "'odd.csv': 1 row with a missing value left out" \
    "$KERATIN" train "$model" --csv odd.csv --target kind --loss sparse_categorical_crossentropy --na '?' --drop-na
expect 0 "column 1 \('size'\): 0 = 0, 1 = 1, 2 = 2, .*\(90 in all\)" \
    "$KERATIN" train "$model" --csv odd.csv --target kind --loss sparse_categorical_crossentropy --categorical size
expect 2 "there is no column 'siez'" \
    "$KERATIN" train "$model" --csv odd.csv --target kind --loss sparse_categorical_crossentropy --categorical siez
expect 2 'whether the first line \(kind\) holds the names of the columns can not be told' \
    "$KERATIN" train "$model" --x x.csv --y y.csv --loss mse
grep -q -- 'say --header or --no-header' err
expect 2 'only one of --header and --no-header' "$KERATIN" train "$model" --x x.csv --header --no-header
expect 2 'drop-na needs inputs and targets in one table' "$KERATIN" train "$model" --x x.csv --y x.csv --drop-na

# --- other ways to write a table ------------------------------------------------------------------

line="Sequential([Input((1,)), Dense(1, kernel_initializer='ones')])"
same() { # same EXPECTED command...: the numbers that it prints
    local want=$1
    shift
    [ "$("$@" | tr '\n' ' ')" = "$want" ] || { echo "$*: not '$want':"; "$@"; exit 1; }
}
printf '1,5\n2\n' > comma.csv
same '1.5 2 ' "$KERATIN" predict "$line" --x comma.csv --decimal ,
expect 2 "'1,5' looks like a number with ',' for its decimal point|line 2 has fewer fields" "$KERATIN" predict "$line" --x comma.csv
printf 'a;b\n1,5;0\n2;0\n' > semi.csv
same '1.5 2 ' "$KERATIN" predict "$line" --csv semi.csv --target b --decimal ,
expect 2 "column 1 \('a'\): '1,5' looks like a number with ',' for its decimal point" "$KERATIN" predict "$line" --csv semi.csv --target b
grep -q -- '--decimal , reads it so' err
printf '1|2\n3|4\n' > bar.csv
same '2 4 ' "$KERATIN" predict "$line" --csv bar.csv --target 0 --sep '|'
printf '1\t2\n3\t4\n' > tab.csv
same '2 4 ' "$KERATIN" predict "$line" --csv tab.csv --target 0 --sep tab
printf ' 1   2\n 3   4\n' > blank.csv
same '2 4 ' "$KERATIN" predict "$line" --csv blank.csv --target 0
same '1 2 3 ' "$KERATIN" predict "$line" --x <(printf '1\n2\n3\n') --no-header
same '2 3 ' "$KERATIN" predict "$line" --x <(printf '1\n2\n3\n') --header
expect 2 'needs one sign' "$KERATIN" predict "$line" --x x.csv --sep ab
expect 2 "needs '\.' or ','" "$KERATIN" predict "$line" --x x.csv --decimal x
expect 2 "can not separate" "$KERATIN" predict "$line" --x x.csv --sep 5

# --- Normalization learns from the rows that are trained on ---------------------------------------

grep -qE '^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt" && exit 0
norm="Sequential([Input((1,)), Normalization()])"
awk 'BEGIN { for (i = 0; i < 8; i++) print (i < 4 ? i % 2 ? 3 : 1 : 1000) ",0" }' > jump.csv
"$KERATIN" train "$norm" --csv jump.csv --target 1 --loss mse --validation-split 0.5 --epochs 0 --out norm.keras 2> err
grep -q '1 layer learned statistics or a vocabulary from x (its training rows)' err
same '-1 0 1 ' "$KERATIN" predict norm.keras --x <(printf '1\n2\n3\n')

# --- the saved model knows its table --------------------------------------------------------------

"$KERATIN" train "$model" "${fit[@]}" --epochs 60 --out pets.keras > log 2> err
"$KERATIN" convert pets.keras again.keras
"$KERATIN" train again.keras --csv two.csv --target kind --out more.keras --epochs 1 > log 2> err # keeps the numbers
{ ! grep -q '0 = ' err; }
for file in pets.keras again.keras more.keras; do
    expect 0 '^accuracy: (1|0\.9)' "$KERATIN" evaluate $file --csv horses.csv --target kind
    grep -qx 'classes: 0 = cat, 1 = dog, 2 = horse' err
    expect 0 '^accuracy: (1|0\.9)' "$KERATIN" evaluate $file --csv horses.csv # the target is known
    expect 0 '^accuracy: (1|0\.9)' "$KERATIN" evaluate $file --x hx.csv --y hy.csv
done
expect 0 '^{"accuracy": [0-9.]*, "loss": [0-9.e-]*}$' "$KERATIN" evaluate pets.keras --csv horses.csv --json
[ ! -s err ]
sed '3s/horse/mule/' horses.csv > mule.csv
expect 2 "'mule.csv', line 3, column 3 \('kind'\): 'mule' is none of the texts" "$KERATIN" evaluate pets.keras --csv mule.csv

# Columns are found by name; those of training alone count.
awk -F, '{ print $3 "," NR "," $2 "," $1 }' horses.csv | sed '1s/,1,/,id,/' > mixed.csv
"$KERATIN" predict pets.keras --csv horses.csv > want
expect 0 "not used: .*'id'" "$KERATIN" predict pets.keras --csv mixed.csv
cmp out want
tail -n +2 horses.csv > bare.csv # no header: by place
"$KERATIN" predict pets.keras --csv bare.csv | cmp - want
"$KERATIN" predict pets.keras --x <(cut -d, -f1,2 horses.csv) | cmp - want
[ "$(grep -c ' horse$' want)" -gt 25 ]
expect 2 "the column 'size' of training is missing" "$KERATIN" predict pets.keras --x y.csv --header

# A model that was not trained on a table knows nothing of texts, and says so.
sed 's/blue/0/; s/red/1/' x.csv > numbers.csv
"$KERATIN" predict "Rescaling(1)" --x numbers.csv --out x.npy
"$KERATIN" train "$model" --x x.npy --y <(seq 90) --loss mse --out plain.keras > log 2> err
expect 0 'warning: the model does not know these texts' "$KERATIN" evaluate plain.keras --csv pets.csv --target size
"$KERATIN" train "$model" --x numbers.csv --y <(seq 90) --loss mse --out numbers.keras > log 2> err
expect 2 "column 2 \('colour'\) is text, but held numbers in training" "$KERATIN" evaluate numbers.keras --csv pets.csv --target kind
expect 2 "the column 'size' was an input in training: it can not be the target" "$KERATIN" evaluate numbers.keras --csv pets.csv --target size
