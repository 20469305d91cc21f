# The whole answer of `keratin check` to each call of answers/calls.tsv (tools/goldens/doctor.py): error, cause, order of the repairs with its reasons,
# proofs, and what a program reads. They were read and found right once; a change is read in the difference, then kept by
#   KERATIN=build/release/keratin KERATIN_SOURCE=. KERATIN_BUILD=build/release tests/cli/answers.sh --write
set -euo pipefail
if grep -q "^KERATIN_JANSSON:[A-Z]*=OFF" "$KERATIN_BUILD/CMakeCache.txt"; then exit 77; fi # models are JSON
answers=$(cd "$KERATIN_SOURCE" && pwd)/tests/cli/answers
KERATIN=$(realpath "$KERATIN")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

rows() { seq 0 23 | awk "{ i = \$1; print $1 }"; }
rows 'i % 3' > labels3.csv
rows 'i % 4' > labels4.csv
rows '1 + i % 3' > from1.csv
rows 'i % 2' > yes.csv
rows 'i / 24 - 0.5' > real.csv
rows '(i % 3 == 0) "," (i % 3 == 1) "," (i % 3 == 2)' > hot3.csv
rows '(i % 2 == 0) "," (i % 2 == 1)' > hot2.csv
rows 'i % 29 "," (i + 1) % 29 "," (i + 2) % 29 "," (i + 3) % 29' > words.csv
# Named arrays, by a model that makes them: 0 and 1, 0 to 2, and those as one-hot rows.
rows '(i + 0.5) / 24' > share.csv
bins() { echo "{\"class_name\": \"Discretization\", \"name\": \"$1\", \"config\": {\"name\": \"$1\", \"bin_boundaries\": [$2]$3}, $(from in)}"; }
from() { echo "\"inbound_nodes\": [{\"args\": [{\"class_name\": \"__keras_tensor__\", \"config\": {\"shape\": [null, 1], \"dtype\": \"float32\", \"keras_history\": [\"$1\", 0, 0]}}], \"kwargs\": {}}]"; }
maker() { # of the layer that makes "two"
    echo "{\"class_name\": \"Functional\", \"config\": {\"name\": \"m\", \"layers\": [{\"class_name\": \"InputLayer\", \"name\": \"in\", \"config\": {\"name\": \"in\", \"batch_shape\": [null, 1]}, \"inbound_nodes\": []},
        $(bins one 0.5 ''), $1], \"input_layers\": [[\"in\", 0, 0]], \"output_layers\": [[\"one\", 0, 0], [\"two\", 0, 0]]}}"
}
maker "$(bins two '0.333, 0.667' '')" > numbers.json
maker "$(bins two '0.333, 0.667' ', "output_mode": "one_hot"')" > hot.json
for file in numbers hot; do "$KERATIN" predict $file.json --x share.csv --out $file.npz --fresh-weights; done

floats() { # f_24_8.npy: an array of this shape, all 0.747
    local shape=${1#f_} bytes=4 n
    shape=${shape%.npy}
    for n in ${shape//_/ }; do bytes=$((bytes * n)); done
    printf "\\x93NUMPY\\x01\\x00\\x76\\x00%-117s\\n" "{'descr': '<f4', 'fortran_order': False, 'shape': (${shape//_/, }), }" > "$1"
    head -c "$bytes" /dev/zero | tr '\0' '\077' >> "$1"
}

# Each start of a program under a sanitizer takes long: half of the calls then.
cp "$answers/calls.tsv" calls
if grep -qE '^KERATIN_SANITIZE:[A-Z]*=.' "$KERATIN_BUILD/CMakeCache.txt"; then
    head -n $(($(wc -l < calls) / 2)) "$answers/calls.tsv" > calls
fi

wrong=0
while IFS=$'\t' read -r name options keras model; do
    printf '%s' "$model" > m.json
    eval "given=($options)"
    for word in "${given[@]}"; do
        case $word in f_*) [ -e "$word" ] || floats "$word" ;; esac
    done
    got=0
    "$KERATIN" check m.json "${given[@]}" --why > text 2>&1 || got=$?
    want=1
    [ "$keras" != takes ] || want=0
    [ $got -eq $want ] || { echo "$name: exit $got, and Keras: $keras"; cat text; wrong=1; }
    "$KERATIN" check m.json "${given[@]}" --json --why --html page.html > json 2>&1 || true
    printf '== %s\npage: %s\n' "$name" "$(sed -E 's/(the loss was )[0-9.e+-]+/\1.../g' page.html | cksum)"
    # The same error pasted, without the model: what it says by itself.
    sed -E '/^(  in layer|cause: |no repair|[0-9]\. )/,$d' text | "$KERATIN" explain > pasted 2>&1 || true
    sed -E 's/(the loss was )[0-9.e+-]+/\1.../g' text json pasted # its last digits are the processor's
done < "$scratch/calls" > now
if [ "${1-}" = --write ]; then
    grep -v 'and Keras: ' now > "$answers/answers.txt"
fi
if grep -F 'and Keras: ' now || [ $wrong -ne 0 ]; then exit 1; fi
awk -v calls="$(wc -l < calls)" '/^== /{ n++ } n <= calls' "$answers/answers.txt" | diff - now
