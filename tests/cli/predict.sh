# What predict reads and writes: tables with their target left out, standard input and output, the form that the ending
# of --out names, names of classes.
set -euo pipefail
if grep -q "^KERATIN_ZIP:[A-Z]*=OFF" "$KERATIN_BUILD/CMakeCache.txt"; then exit 77; fi # it writes such files
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

refused() { # refused PATTERN command...: wrong usage, with a sentence, before anything is read
    local pattern=$1 got=0
    shift
    "$@" > out 2> err < /dev/null || got=$?
    if [ "$got" -ne 2 ] || ! grep -qE -- "$pattern" err; then
        echo "$*: exit status $got, expected 2 and '$pattern' in:"
        cat err
        exit 1
    fi
}

model="Sequential([Input((2,)), Dense(2, kernel_initializer='identity')])"
printf 'a,b,c\n1,2,0\n3,4.5,1\n' > t.csv
printf '1 2\n3 4.5\n' > want

"$KERATIN" predict "$model" --csv t.csv --target c | cmp - want
"$KERATIN" predict "$model" --csv t.csv --target -1 | cmp - want
"$KERATIN" predict "$model" --csv - --target c < t.csv | cmp - want
cut -d, -f1,2 t.csv | "$KERATIN" predict "$model" --x - --out - | cmp - want
sed 's/0$/?/' t.csv | "$KERATIN" predict "$model" --csv - --target c | cmp - want # the target is not read

# What computes each step, for those who ask.
mixed="Sequential([Input((2,)), Dense(2, activation='softmax'), Dense(1, dtype='float64')])"
cat > told << 'END'
keratin: sequential/dense dense: cpu_dense
keratin: sequential/dense softmax: cpu_softmax
keratin: sequential/dense_1 cast: cpu_cast
keratin: sequential/dense_1 dense: cpu_dense declines: not float32
keratin: sequential/dense_1 dense: reference
END
KERATIN_VERBOSE=kernels "$KERATIN" predict "$mixed" --csv t.csv --target c --fresh-weights 2>&1 > /dev/null |
    sed -n '/onednn/d;/^keratin:/p' | cmp - told
KERATIN_VERBOSE=else "$KERATIN" predict "$mixed" --csv t.csv --target c --fresh-weights 2>&1 > /dev/null | cmp - /dev/null

# The ending decides.
for end in npy npz csv json; do
    "$KERATIN" predict "$model" --csv t.csv --target c --out p.$end
done
[ "$(head -c 6 p.npy | tail -c 5)" = NUMPY ]
[ "$(head -c 2 p.npz)" = PK ]
printf '1,2\n3,4.5\n' | cmp - p.csv
[ "$(cat p.json)" = '{"ok": true, "outputs": {"dense": {"shape": [2, 2], "values": [1, 2, 3, 4.5]}}}' ]
"$KERATIN" predict "$model" --csv t.csv --target c --json | cmp - p.json
"$KERATIN" predict "$model" --csv t.csv --target c --json --out - | cmp - p.json
for back in p.npy p.npz p.csv; do # what it writes, it reads
    "$KERATIN" predict "$model" --x $back | cmp - want
done
[ "$("$KERATIN" predict "$model" --csv t.csv --target c --out p.csv --json)" = '{"ok": true, "out": "p.csv"}' ]

# What can not be written is refused before the model and the data are read.
refused "'p.xls': its name should end with .npy, .npz, .csv or .json" "$KERATIN" predict nothing.keras --x nothing.csv --out p.xls
refused "'p': its name should end with" "$KERATIN" predict nothing.keras --x nothing.csv --out p
refused "there is no folder 'none/'" "$KERATIN" predict nothing.keras --x nothing.csv --out none/p.csv
mkdir -p folder.csv
refused "is a folder" "$KERATIN" predict nothing.keras --x nothing.csv --out folder.csv
refused "either by --x .* or by --csv" "$KERATIN" predict nothing.keras
refused "either by --x .* or by --csv" "$KERATIN" predict nothing.keras --x t.csv --csv t.csv
refused "--target names a column of --csv" "$KERATIN" predict nothing.keras --x t.csv --target c
refused "standard input .* can be read only once" "$KERATIN" evaluate nothing.keras --x - --y -
refused "'standard input' is empty" "$KERATIN" predict "$model" --x -
refused "p.npy' is no table" "$KERATIN" predict "$model" --csv p.npy

# Several outputs: columns side by side with their names; .npy holds one array.
"$KERATIN" predict "Reshape((2, 1))" --csv t.csv --target c --out steps.npy
lstm="LSTM(2, return_state=True, name='m')"
"$KERATIN" predict "$lstm" --x steps.npy --out m.csv
[ "$(head -n 1 m.csv)" = m_0,m_1,m_1_0,m_1_1,m_2_0,m_2_1 ]
awk -F, 'NR > 1 && (NF != 6 || $1 != $3 || $2 != $4) { exit 1 } END { exit NR != 3 }' m.csv # the state is the output
refused "holds one array, and the model gives 3" "$KERATIN" predict "$lstm" --x steps.npy --out m.npy
"$KERATIN" predict "$lstm" --x steps.npy --out m.npz
for name in m m_1 m_2; do grep -qa "$name.npy" m.npz; done

# Names of classes: of several numbers the greatest, of one whether it is above its threshold.
grep -qE '^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt" && exit 0
printf 'v,kind\n-3,"no, never"\n-2,"no, never"\n2,yes\n3,yes\n' > k.csv
printf 'v\n-5\n5\n' > v.csv
lone() { # lone LAYER LOSS: trained on k.csv, saved as k.keras
    "$KERATIN" train "Sequential([Input((1,)), $1])" --csv k.csv --target kind --loss "$2" --optimizer "SGD(1.0)" --epochs 50 --seed 1 \
        --out k.keras > log 2> err
}
names() {
    [ "$("$KERATIN" predict k.keras --x v.csv | cut -d' ' -f"$1"- | tr '\n' ';')" = 'no, never;yes;' ] || { "$KERATIN" predict k.keras --x v.csv; exit 1; }
}
lone "Dense(1, activation='sigmoid')" binary_crossentropy
names 2
lone "Dense(1)" "BinaryCrossentropy(from_logits=True)" # 0.3 is class 1 here, not class 0
names 2
"$KERATIN" train "Sequential([Input((1,)), Dense(1, kernel_initializer='ones')])" --csv k.csv --target kind --epochs 0 \
    --loss "BinaryCrossentropy(from_logits=True)" --out logits.keras > log 2> err
[ "$(printf '0.3\n-0.3\n' | "$KERATIN" predict logits.keras --x - --no-header | cut -d' ' -f2-)" = $'yes\nno, never' ]
lone "Dense(2, activation='softmax')" sparse_categorical_crossentropy
names 3
"$KERATIN" predict k.keras --x v.csv --out p.csv
[ "$(head -n 1 p.csv)" = '"no, never",yes,class' ]
sed -n 2p p.csv | grep -q ',"no, never"$'
"$KERATIN" predict k.keras --x v.csv --json | grep -q '"classes": \["no, never", "yes"\]}}}$'
printf 'v,kind\n-3,"so ""it"" is"\n3,yes\n' > quoted.csv # a quote is written twice
"$KERATIN" train "Sequential([Input((1,)), Dense(2, activation='softmax')])" --csv quoted.csv --target kind --epochs 0 \
    --loss sparse_categorical_crossentropy --out q.keras > log 2> err
"$KERATIN" predict q.keras --x v.csv --out p.csv
[ "$(head -n 1 p.csv)" = '"so ""it"" is",yes,class' ]
lone "Dense(4, activation='softmax')" sparse_categorical_crossentropy # more numbers than classes: the greatest still tells
names 5
