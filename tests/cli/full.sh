# A disk that is full: nothing that could not be written ends with status 0, whether it is short or long.
set -euo pipefail
[ -w /dev/full ] || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# full WORDS command...: standard output is full.
full() {
    local words=$1 status=0
    shift
    "$@" > /dev/full 2> err || status=$?
    [ $status -ne 0 ] || { echo "$*: status 0 though nothing was written"; exit 1; }
    grep -q "$words" err || { echo "$*: no '$words' in $(cat err)"; exit 1; }
}
said='can not be written'
awk 'BEGIN { for (i = 0; i < 5000; i++) print i ",1" }' > x.csv # more than any buffer
awk 'BEGIN { for (i = 0; i < 5000; i++) print i % 2 }' > y.csv
model="Sequential([Dense(1, input_shape=(2,))])"
full "$said" "$KERATIN" --version
full "$said" "$KERATIN" --help
full "$said" "$KERATIN" help
full "$said" "$KERATIN" train --help
full "$said" "$KERATIN" help --man
full "$said" "$KERATIN" layers
full "$said" "$KERATIN" layers Dense
full "$said" "$KERATIN" check "$model"
full "$said" "$KERATIN" summary "$model"
full "$said" "$KERATIN" predict "$model" --x x.csv
full "$said" "$KERATIN" train "$model" --x x.csv --y y.csv --loss mse
full "$said" "$KERATIN" train "$model" --x x.csv --y y.csv --loss mse --epochs 100 --batch-size 5000
full "$said" "$KERATIN" evaluate "$model" --x x.csv --y y.csv --loss mse
# With --json its place is standard output, so the words are on standard error all the same.
full "$said" "$KERATIN" check "$model" --json
full "$said" "$KERATIN" predict "$model" --x x.csv --json
full "$said" "$KERATIN" train "$model" --x x.csv --y y.csv --loss mse --json
# What failed for another reason keeps its status.
status=0
"$KERATIN" check nothing.keras > /dev/full 2> err || status=$?
[ $status -eq 2 ]
status=0
"$KERATIN" check "Sequential([Dense(1, input_shape=(2,)), LSTM(1)])" --json > /dev/full 2> err || status=$?
[ $status -eq 1 ]

# Files that are full.
ln -s /dev/full h.json
ln -s /dev/full h.csv
for epochs in 1 3000; do
    for history in h.json h.csv; do
        status=0
        "$KERATIN" train "$model" --x x.csv --y y.csv --loss mse --epochs $epochs --batch-size 5000 --quiet --history $history > out 2> err || status=$?
        [ $status -eq 2 ] || { echo "--history on a full disk, $epochs epochs: status $status"; exit 1; }
        grep -q "$said" err || { cat err; exit 1; }
    done
done
status=0
"$KERATIN" train "$model" --x x.csv --y y.csv --loss mse --quiet --callbacks "CSVLogger('h.csv')" > out 2> err || status=$?
[ $status -eq 1 ] || { echo "CSVLogger on a full disk: status $status"; exit 1; }

# Whatever a command is asked to write.
for end in keras h5 weights.h5 npy npz csv json; do
    [ -e h.$end ] || ln -s /dev/full h.$end
done
head -n 9 x.csv > few.csv
head -n 9 y.csv > few_y.csv
# unwritten STATUS FILE command...
unwritten() {
    local status=0
    "${@:3}" "$2" > out 2> err || status=$?
    [ $status -eq "$1" ] || { echo "${*:3} $2, which is full: status $status"; exit 1; }
    grep -q "No space left\|$said" err || { cat err; exit 1; }
}
broken="Sequential([Dense(1, input_shape=(3,))])"
for end in keras h5 weights.h5 json; do
    "$KERATIN" convert "$model" can.$end 2> err || continue # a build without the format's library
    unwritten 2 h.$end "$KERATIN" convert "$model"
    [ $end != weights.h5 ] || continue
    unwritten 1 h.$end "$KERATIN" train "$model" --x few.csv --y few_y.csv --loss mse --epochs 1 --quiet --out
    unwritten 1 h.$end "$KERATIN" fix "$broken" --x few.csv --call predict --out
done
[ -e can.json ]
for end in npy npz csv json; do
    unwritten 2 h.$end "$KERATIN" predict "$model" --x few.csv --out
done
