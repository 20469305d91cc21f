# What --no-shuffle and --sample-weight do to the numbers, and the status and the files after a fit that failed.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

fail() {
    echo "$*"
    exit 1
}

# npy FILE N BYTES...: a vector of N float32, given as octal bytes.
npy() {
    local head="{'descr': '<f4', 'fortran_order': False, 'shape': ($2,), }"
    { printf '\223NUMPY\1\0v\0%-117s\n' "$head"; printf '%b' "${@:3}"; } > "$1"
}
one='\0000\0000\0200\0077' two='\0000\0000\0000\0100' none='\0000\0000\0000\0000'

awk 'BEGIN { for (i = 0; i < 48; i++) print i % 7 / 7 "," i % 5 / 5 "," i % 3 }' > t.csv
model="Sequential([Dense(1, kernel_initializer='zeros', input_shape=(2,))])"
train=("$KERATIN" train "$model" --csv t.csv --target -1 --loss mse --optimizer "SGD(0.1)" --batch-size 4 --epochs 2 --json)

# The same weights at the start: only the order of the rows can make a difference.
"${train[@]}" --no-shuffle --seed 1 > plain
"${train[@]}" --no-shuffle --seed 2 | cmp - plain || fail 'the seed changes what --no-shuffle gives'
"${train[@]}" --seed 1 > first
"${train[@]}" --seed 2 > second
if cmp -s first second; then fail 'two seeds, one order'; fi
if cmp -s first plain; then fail '--no-shuffle changes nothing'; fi
"${train[@]}" --seed 1 | cmp - first || fail 'one seed, two orders'

# y = 2 everywhere, and the model says 0: each sample adds 4 times its weight.
printf '1\n1\n1\n1\n' > x.csv
printf '2\n2\n2\n2\n' > y.csv
zero="Sequential([Dense(1, kernel_initializer='zeros', input_shape=(1,))])"
npy w.npy 4 $none $one $two $none
npy short.npy 3 $one $one $one
npy nothing.npy 4 $none $none $none $none
fit=("$KERATIN" train "$zero" --x x.csv --y y.csv --loss mse --optimizer "SGD(0.0)" --json)
weighs() { # weighs WANT OPTION...
    "${fit[@]}" "${@:2}" > out
    grep -qF "{\"ok\": true, \"history\": {\"loss\": [$1]}}" out || fail "${*:2}: expected $1 in $(cat out)"
}
weighs 4
weighs 3 --sample-weight w.npy
weighs 0 --sample-weight nothing.npy
weighs 8 --class-weight '{"2": 2.0}'

# fails STATUS WORDS command...: the status; one object and nothing on standard error; no file is made.
fails() {
    local want=$1 words=$2 got=0
    shift 2
    "$@" --out m.json --history h.json --json > out 2> err || got=$?
    [ "$got" -eq "$want" ] || fail "$*: status $got, expected $want"
    [ ! -s err ] || fail "$*: $(cat err)"
    [ "$(grep -c . out)" -eq 1 ] || fail "$*: $(cat out)"
    grep -q "^{\"ok\": false, \"error\": {.*$words" out || fail "$*: no '$words' in $(cat out)"
    [ ! -e m.json ] && [ ! -e h.json ] || fail "$*: files were made"
}
given=("$KERATIN" train "$zero" --x x.csv --y y.csv)
fails 1 'Data cardinality is ambiguous' "${given[@]}" --loss mse --sample-weight short.npy
fails 1 'You cannot `class_weight` and `sample_weight`' "${given[@]}" --loss mse --sample-weight w.npy --class-weight '{"0": 1.0}'
fails 1 'outside the valid range' "${given[@]}" --loss sparse_categorical_crossentropy
fails 1 'same shape' "$KERATIN" train "Sequential([Dense(3, input_shape=(1,))])" --x x.csv --y y.csv --loss categorical_crossentropy
fails 1 'not able\|able to automatically determine' "${given[@]}" --loss mse --callbacks "EarlyStopping(monitor='nothing')"
fails 1 'does not support a factor' "${given[@]}" --loss mse --callbacks "ReduceLROnPlateau(factor=2.0)"
fails 1 'NaN or Inf loss' "${given[@]}" --loss mse --optimizer "SGD(1e30)" --epochs 9 --callbacks "TerminateOnNaN(raise_error=True)"
fails 1 'EarlyStoping' "${given[@]}" --loss mse --callbacks "EarlyStoping()"
# Without --json the words go to standard error.
status=0
"${given[@]}" --loss sparse_categorical_crossentropy > out 2> err || status=$?
[ $status -eq 1 ] || fail "status $status"
grep -q 'outside the valid range' err || fail "$(cat err)"
