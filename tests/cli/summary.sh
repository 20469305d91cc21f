# `keratin summary` prints what Model.summary() of Keras 3.15.1 prints on 80 columns: summary/*.txt of summary/*.json.
set -euo pipefail
grep -q '^KERATIN_JANSSON:[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt" && exit 77
bad=0
for want in "$KERATIN_SOURCE"/tests/cli/summary/*.txt; do
    model=${want%.txt}.json
    diff -u "$want" <("$KERATIN" summary "$model") || { echo "summary of $(basename "$model") differs"; bad=1; }
done
said=$("$KERATIN" summary --files "$KERATIN_SOURCE/tests/goldens/legacy/keras2_2_text.json")
[[ $said == *"JSON model, 1987 bytes"*"made by: Keras 2.2.4, tensorflow"*"model: yes; weights: no; compiled: no; optimizer state: no"* ]] ||
    { echo "$said"; bad=1; }
exit $bad
