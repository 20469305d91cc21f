# All that the program says to each call of said/calls.txt, and its exit status. It was read and found right once; a change is
# read in the difference, then kept by
#   KERATIN=build/release/keratin KERATIN_SOURCE=. KERATIN_BUILD=build/release tests/cli/said.sh --write
set -euo pipefail
if grep -qE "^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF" "$KERATIN_BUILD/CMakeCache.txt"; then exit 77; fi # models are files
kept=$(cd "$KERATIN_SOURCE" && pwd)/tests/cli/said
KERATIN=$(realpath "$KERATIN")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

model="Sequential([Dense(3, kernel_initializer='ones', input_shape=(2,))], name='model')"
nested="Sequential([Input((2,)), Sequential([Dense(4, name='a'), Dropout(0.5, name='b')], name='inner'), Dense(1, name='c')], name='outer')"
one='{"class_name": "InputLayer", "name": "in", "config": {"name": "in", "batch_shape": [null, 2]}, "inbound_nodes": []}'
of_in='"inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 2], "dtype": "float32", "keras_history": ["in", 0, 0]}}], "kwargs": {}}]'
two='{"class_name": "Functional", "config": {"name": "m", "layers": ['$one',
    {"class_name": "Rescaling", "name": "half", "config": {"name": "half", "scale": 0.5, "offset": 0.0}, '$of_in'},
    {"class_name": "Rescaling", "name": "twice", "config": {"name": "twice", "scale": 2.0, "offset": 0.0}, '$of_in'}],
    "input_layers": [["in", 0, 0]], "output_layers": [["half", 0, 0], ["twice", 0, 0]]}}'
echo "$two" > two.json
two=two.json
printf '1,2\n3,4\n0.5,-1\n' > x.csv
printf '1\n2\n0.5\n' > w.csv
printf '1,2,3\n3,4,5\n0.5,-1,0\n' > y.csv
cp "$kept"/../../goldens/legacy/{tfjs_plain*,keras2_plain.h5,keras2_15_text.json} .
cp "$kept"/../../goldens/legacy/keras2_many.h5 .
sed 's/"Rescaling", "name": "twice", "config": {"name": "twice", "scale": 2.0, "offset": 0.0}/"Reshape", "module": "keras.src.ops.numpy", "name": "twice", "config": {"name": "twice", "newshape": [-1, 1]}/' two.json > rows.json
printf '1\n2\n3\n4\n' > tall.csv
echo 'No such words' > unknown.txt
echo "ValueError: Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected ndim=3, found ndim=2. Full shape received: (None, 8)" > error.txt
echo '{"initializer": {"class_name": "Zeros", "config": {}}, "shape": [2, 3]}' > init.json
echo '{"initializer": {"class_name": "Zeroes", "config": {}}, "shape": [2, 3]}' > wrong.json
echo '{"initializer": {"class_name": "Constant", "config": {"value": [[1, 2]]}}, "shape": [2]}' > tall.json
"$KERATIN" convert "$model" m.keras --fresh-weights > /dev/null 2>&1
"$KERATIN" convert "$model" m.json > /dev/null 2>&1

many="$(printf -- '--input-shape 2 %.0s' $(seq 65))"
far="$(printf 'a%.0s' $(seq 1100))"

# What differs from run to run: times, and the version in files that were written just now; from processor to processor: last digits.
round() {
    awk '{
        line = ""
        while (match($0, /[0-9]+\.[0-9][0-9][0-9][0-9][0-9][0-9]+/)) {
            line = line substr($0, 1, RSTART - 1) sprintf("%.4f", substr($0, RSTART, RLENGTH))
            $0 = substr($0, RSTART + RLENGTH)
        }
        print line $0
    }'
}
even() { round | sed -E 's/(the loss was )[0-9.e+-]+/\1.../g; s/[0-9.]+ ?(ms|us|s)\b/TIME/g; s/"bytes": [0-9]+/"bytes": N/g; s/[0-9,]+ bytes/N bytes/g'; }

said() { # of one call, as the shell reads it
    local status=0
    eval "\"\$KERATIN\" $1" > out 2> err < /dev/null || status=$?
    printf '== %s\nexit %d\n' "$1" $status
    even < out
    even < err | sed 's/^/! /'
    for file in out err; do
        [ -z "$(tail -c 1 $file)" ] || echo "$file: its last line has no end"
    done
}

# A call of each command that goes well.
base() {
    case $1 in
    train | evaluate) echo '"$model" --x x.csv --y y.csv --fresh-weights' ;;
    predict) echo '"$model" --x x.csv --fresh-weights' ;;
    check | summary) echo '"$model" --input-shape "(None, 2)"' ;;
    fix) echo '"$model" --x-shape "(5, 3)" --out a.json' ;;
    convert) echo '"$model" a.json' ;;
    bench) echo '"$model"' ;;
    init) echo 'init.json' ;;
    esac | if [ "$1" = train ]; then sed 's/ --fresh-weights//'; else cat; fi
}

# Each option of each command: without its value, with one that it does not take, twice, and with a value that no option has.
options() {
    local command option rest
    "$KERATIN" help | sed -nE '/^  [a-z]+ +[a-z]/s/^  ([a-z]+) .*/\1/p' > commands
    while read -r command; do
        "$KERATIN" help "$command" | sed -nE 's/^  (--[a-z-]+)( [A-Z]+)?  .*/\1\2/p' > options
        while read -r option rest; do
            if [ -n "$rest" ]; then
                said "$command $option"
                said "$command $option=1 $option 1"
                said "$command $(base "$command") $option '(odd'"
            else
                said "$command $option=1"
            fi
        done < options
    done < commands
}

while IFS= read -r call; do said "$call"; done < "$kept/calls.txt" > now
if [ "${1-}" != --write ] && grep -qE '^KERATIN_SANITIZE:[A-Z]*=.' "$KERATIN_BUILD/CMakeCache.txt"; then
    # Each start of the program takes long.
    awk -v calls="$(wc -l < "$kept/calls.txt")" '/^== /{ n++ } n <= calls' "$kept/said.txt" | diff - now
    exit 0
fi
options >> now
[ "$(wc -l < commands)" -ge 12 ]
if [ "${1-}" = --write ]; then cp now "$kept/said.txt"; fi
diff "$kept/said.txt" now
