# tools/score-floor keeps what was reached: whole classes, and the count of those that are not whole.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/tools" "$scratch/goldens" "$scratch/tests/goldens"
cp "$KERATIN_SOURCE/tools/score-floor" "$scratch/tools/"
cat > "$scratch/goldens/score.py" <<'PY'
import os, sys
with open(os.environ["RESULT"]) as source, open(sys.argv[sys.argv.index("--json") + 1], "w") as out:
    out.write(source.read())
PY
export KERATIN_SHARED=$scratch RESULT=$scratch/result
floor=$scratch/tests/goldens/floor.json

# scores DENSE ADD: cases of 4 and of 2 that pass
scores() {
    echo "{\"table\": {\"predict\": {\"Dense\": [$1, ${3:-4}], \"Add\": [$2, 2]}}, \"failures\": {}}" > "$RESULT"
}
run() {
    "$scratch/tools/score-floor" "$@" keratin > "$scratch/out"
}
holds() { # holds WHAT command...
    local what=$1
    shift
    "$@" || { echo "$what is refused:"; cat "$scratch/out"; exit 1; }
}
loses() {
    local what=$1
    shift
    if "$@"; then
        echo "$what goes unnoticed"
        exit 1
    fi
}

echo '{"predict": ["Add"]}' > "$floor"
scores 0 2 && holds 'an old floor' run
scores 4 1 && loses 'a class of an old floor that is no longer whole' run
scores 3 2 && holds 'an update' run --update
scores 3 2 && holds 'the same' run
scores 4 2 && holds 'more' run
scores 2 2 && loses 'fewer cases of a class that was not whole' run
grep -q '^   predict: Dense was 3 of 4, now 2 of 4$' "$scratch/out"
scores 3 1 && loses 'a whole class that is no longer' run
scores 0 2 && loses 'a class without any' run
scores 2 1 && loses 'an update that lowers' run --update
scores 3 2 && holds 'what was kept by that update' run
scores 2 2 && loses 'what was not lowered by that update' run
scores 4 2 && holds 'an update' run --update
scores 4 2 5 && loses 'a new case of a whole class that fails' run
scores 2 1 && holds 'what is forgotten' run --update --forget
scores 2 1 && holds 'the new floor' run
