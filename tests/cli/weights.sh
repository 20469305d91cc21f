# A file without trained weights is not computed with in silence; --weights and --fresh-weights; what is known beforehand.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# expect STATUS PATTERN command...: the status, and the pattern in what it prints.
expect() {
    local want=$1 pattern=$2 got=0
    shift 2
    "$@" > out 2> err < /dev/null || got=$?
    if [ "$got" -ne "$want" ] || { [ -n "$pattern" ] && ! cat out err | grep -qE -- "$pattern"; }; then
        echo "$*: exit status $got, expected $want and '$pattern' in:"
        cat out err
        exit 1
    fi
}

printf '1,2\n3,4\n' > x.csv
printf '1\n0\n' > y.csv
model="Sequential([Dense(3, input_shape=(2,)), Dense(1)])"

# An expression goes on with one line on standard error; without weights there is nothing to say.
expect 0 'the weights are fresh \(random\)' "$KERATIN" predict "$model" --x x.csv
[ "$(wc -l < err)" -eq 1 ]
[ "$(wc -l < out)" -eq 2 ]
expect 0 'weights are fresh' "$KERATIN" evaluate "$model" --x x.csv --y y.csv --loss mse
expect 0 '' "$KERATIN" predict "$model" --x x.csv --fresh-weights
[ ! -s err ]
expect 0 '' "$KERATIN" predict "Sequential([Rescaling(2.0, input_shape=(2,))])" --x x.csv
[ ! -s err ]

# Nothing is trained that can not be kept.
train=("$KERATIN" train "$model" --x x.csv --y y.csv --loss mse --epochs 100000000)
expect 2 'should end with .keras, .h5 or .json' "${train[@]}" --out m.bin
expect 2 'No such file or directory' "${train[@]}" --out none/m.keras
mkdir folder.keras
expect 2 'Is a directory' "${train[@]}" --out folder.keras
expect 2 '--history: .*No such file' "${train[@]}" --history none/h.json
expect 1 'Not a directory' "${train[@]}" --callbacks "ModelCheckpoint('x.csv/m.keras')" # a missing folder is made, as in Keras

for c in train evaluate predict check summary convert bench; do
    "$KERATIN" $c --help > out
    grep -q -- '--weights FILE' out
    grep -q -- '--fresh-weights' out
done

# Files. Needs the libraries of .keras.
grep -qE '^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt" && exit 0
"$KERATIN" train "$model" --x x.csv --y y.csv --loss mse --epochs 3 --seed 1 --out m.keras > out
"$KERATIN" convert m.keras m.json 2> err
[ ! -s err ]
"$KERATIN" predict m.keras --x x.csv > want 2> err
[ ! -s err ]
expect 2 "'m.json' holds no trained weights: give them with --weights FILE, or say --fresh-weights" "$KERATIN" predict m.json --x x.csv
expect 2 '"type": "UsageError"' "$KERATIN" evaluate m.json --x x.csv --y y.csv --json
expect 0 '' "$KERATIN" predict m.json --x x.csv --fresh-weights
if cmp -s out want; then echo 'fresh weights are those of the file'; exit 1; fi
expect 0 '' "$KERATIN" predict m.json --x x.csv --weights m.keras
cmp out want
expect 0 '' "$KERATIN" predict "$model" --x x.csv --weights m.keras
cmp out want
expect 0 '^loss' "$KERATIN" evaluate m.json --x x.csv --y y.csv --weights m.keras
expect 2 'holds no weights' "$KERATIN" predict m.json --x x.csv --weights m.json
expect 2 "has shape \(2, 3\) in the file, but the model wants \(2, 5\)" \
    "$KERATIN" predict "Sequential([Dense(5, input_shape=(2,)), Dense(1)])" --x x.csv --weights m.keras
# Files of Keras 2 and 3 in HDF5, under any name; weights of Keras 2 apart.
files=$KERATIN_SOURCE/tests/goldens/legacy
for f in keras2_plain keras2_graph keras3_plain keras3_graph; do
    cp "$files/$f.h5" model.bin
    expect 0 'Total params' "$KERATIN" summary model.bin
    expect 0 '' "$KERATIN" convert model.bin $f.keras
    expect 0 'Total params' "$KERATIN" summary $f.keras
    expect 0 '' "$KERATIN" convert $f.keras $f.h5
    "$KERATIN" convert $f.h5 $f.json
    "$KERATIN" convert $f.keras want.json
    # .h5 has losses by their whole names
    cmp <(sed 's/, "compile_config": {"opt.*//' $f.json) <(sed 's/, "compile_config": {"opt.*//' want.json)
done
expect 0 '' "$KERATIN" convert m.keras m.weights.h5
expect 0 '' "$KERATIN" predict m.json --weights m.weights.h5 --x x.csv
cmp out want
printf '1,2,3,4\n' > four.csv
"$KERATIN" predict "$files/keras2_plain.h5" --x four.csv > want4
expect 0 '' "$KERATIN" predict keras2_plain.keras --x four.csv
cmp out want4
expect 2 'holds no model \(model_config is missing\).*--weights' "$KERATIN" summary "$files/keras2_apart.h5"
expect 2 'Model expected 2 layers, found 3 saved layers' "$KERATIN" predict "$model" --x x.csv --weights "$files/keras2_apart.h5"
expect 2 'Layer expects 2 weight\(s\). Received 4' "$KERATIN" predict \
    "Sequential([Dense(3, input_shape=(4,)), Dense(2), Dense(2)])" --x four.csv --weights "$files/keras2_apart.h5"
# These need none.
for c in check summary bench; do expect 0 '' "$KERATIN" $c m.json; done
expect 0 '' "$KERATIN" train m.json --x x.csv --y y.csv --loss mse --out again.keras
expect 0 'saved' "$KERATIN" train m.json --weights m.keras --x x.csv --y y.csv --loss mse --out again.keras
expect 0 'other.keras holds fresh' "$KERATIN" convert m.json other.keras
expect 0 '' "$KERATIN" convert m.json other.keras --weights m.keras
"$KERATIN" predict other.keras --x x.csv | cmp - want

# What does not fit can be left out, which is said; what fits is not spoken of.
expect 0 '' "$KERATIN" convert "$model" some.npz --fresh-weights
wider="Sequential([Dense(3, input_shape=(2,)), Dense(2)])"
expect 2 'has shape \(3, 1\) in the file, but the model wants \(3, 2\)' "$KERATIN" predict "$wider" --x x.csv --weights some.npz
expect 0 '^2 weights of the model do not fit some.npz and stay as initialized$' \
    "$KERATIN" predict "$wider" --x x.csv --weights some.npz --skip-mismatch
expect 0 '' "$KERATIN" convert "Sequential([Dense(3, use_bias=False, input_shape=(2,))])" one.npz --fresh-weights
expect 0 '^1 weight of the model does not fit one.npz and stays as initialized$' \
    "$KERATIN" predict "Sequential([Dense(4, use_bias=False, input_shape=(2,))])" --x x.csv --weights one.npz --skip-mismatch
expect 0 '' "$KERATIN" predict "$model" --x x.csv --weights some.npz --skip-mismatch
[ ! -s err ]

# Cells that a file builds one by one have paths without their layers': in .h5 and .npz, too, each keeps its numbers.
expect 0 '' "$KERATIN" convert "Sequential([Input((2,)), Reshape((2, 1)), Bidirectional(RNN([LSTMCell(2), GRUCell(3)])), Dense(1)])" cells.keras
expect 0 '' "$KERATIN" convert cells.keras cells.h5
expect 0 '' "$KERATIN" convert cells.keras cells.npz
"$KERATIN" predict cells.keras --x x.csv > a
"$KERATIN" predict cells.h5 --x x.csv | cmp - a
"$KERATIN" predict cells.keras --weights cells.npz --x x.csv | cmp - a
