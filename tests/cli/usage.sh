# Exit status and words of wrong usage: 2, a sentence that helps, on stderr; with --json one object on stdout.
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

model="Sequential([Dense(3, input_shape=(2,))])"
echo '1,2' > x.csv
echo '{"class_name": ' > broken.json
expect 2 'usage: keratin COMMAND' "$KERATIN"
expect 0 'usage: keratin COMMAND' "$KERATIN" --help
expect 0 '^keratin [0-9]' "$KERATIN" --version
expect 2 "did you mean 'check'" "$KERATIN" chekc
expect 2 'no command' "$KERATIN" qqqqqqqq
expect 2 "did you mean '--input-shape'" "$KERATIN" check "$model" --input-shap '(1, 2)'
expect 2 'needs a value' "$KERATIN" check "$model" --input-shape
expect 2 'needs a shape' "$KERATIN" check "$model" --input-shape '(1, x)'
expect 2 'needs a shape' "$KERATIN" check "$model" --input-shape '(1, 2'
expect 2 'needs a shape' "$KERATIN" check "$model" --input-shape '(1,2,3,4,5,6,7,8,9)'
expect 2 'takes no value' "$KERATIN" check "$model" --json=1
expect 2 'given twice' "$KERATIN" predict "$model" --x x.csv --x x.csv
expect 2 'an argument is missing' "$KERATIN" check
expect 2 'one argument too many' "$KERATIN" check "$model" more
expect 2 'only one of' "$KERATIN" check "$model" --x x.csv --input-shape '(1, 2)'
expect 2 'nothing.keras' "$KERATIN" summary nothing.keras
expect 2 'neither a file nor a Keras expression' "$KERATIN" summary Dens
expect 2 'Invalid expression' "$KERATIN" summary 'Sequential([Dense(3)'
expect 1 "Unknown layer: 'Dens'" "$KERATIN" summary 'Sequential([Dens(3)])'
expect 2 'whole number' "$KERATIN" train "$model" --x x.csv --y x.csv --epochs many
expect 2 'whole number' "$KERATIN" train "$model" --x x.csv --y x.csv --batch-size -1
expect 2 'needs a number' "$KERATIN" train "$model" --x x.csv --y x.csv --validation-split half
expect 2 'either by --x' "$KERATIN" train "$model"
expect 2 'missing.npy' "$KERATIN" predict "$model" --x missing.npy
expect 2 'missing.npy' "$KERATIN" train "$model" --x x.csv --sample-weight missing.npy
expect 2 "did you mean 'Dense'" "$KERATIN" layers Dens
expect 0 '^losses$' "$KERATIN" layers
expect 0 '^regularizers$' "$KERATIN" layers
expect 2 'broken.json' "$KERATIN" summary broken.json
expect 2 'nothing.json' "$KERATIN" init nothing.json
expect 2 'nothing.json' "$KERATIN" init --json nothing.json # the option takes no word
expect 0 '^  units +integer +required' "$KERATIN" layers Dense
expect 0 "^  Dense\(2, .*\): \(2, 3, 5\) -> \(2, 3, 2\)" "$KERATIN" layers Dense
expect 0 '^  Add\(\): \(2, 3\), \(2, 3\) -> \(2, 3\)' "$KERATIN" layers Add

# With --json: the error is one object, and nothing else is said.
status=0
"$KERATIN" check "$model" --input-shape nonsense --json > out 2> err || status=$?
[ $status -eq 2 ]
[ ! -s err ]
grep -q '^{"ok": false, "error": {"type": "UsageError", "message": ".*", "layer": null}}$' out
status=0
"$KERATIN" summary nothing.keras --json > out 2> err || status=$?
[ $status -eq 2 ]
[ ! -s err ]
grep -q '"type": "FileNotFoundError"' out
