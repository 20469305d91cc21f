# The main job: the wrong model is refused, the forecast stands beside the naive one, the saved model tells the same.
set -euo pipefail
cd "$KERATIN_SOURCE"
[ -x "$KERATIN_BUILD/examples/airline" ] || exit 77
folder=$KERATIN_BUILD/demo
rm -rf "$folder"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
tools/demo "$KERATIN_BUILD" >"$log" || { cat "$log"; exit 1; }

grep -q "^ValueError: .*Expected shape (None, 784), but input has incompatible shape (32, 28, 28)$" "$log"
grep -qE '^> input_layer \(InputLayer\) +\(None, 784\) +<- fails here' "$log"
grep -qx "shapes fit; output: (32, 10)" "$log"
# Both errors, the naive one as anybody can compute it.
grep -qE '^  RMSE +[0-9]+\.[0-9] +50\.7   (the LSTM|the naive forecast) is closer$' "$log"
if ! grep -q "^not saved: this build of Keratin has no" "$log"; then
    grep -q "loaded it: the forecast is the same, bit for bit$" "$log"
    [ -s "$folder/airline.keras" ]
fi
[ "$(wc -l <"$folder/history.csv")" = 151 ]
grep -q '^{"loss": \[' "$folder/history.json"
[ "$(grep -c '<polyline' "$folder/forecast.svg")" = 3 ]
grep -qx '</svg>' "$folder/forecast.svg"
