# Ctrl-C ends training after the running batch; history and model are written, and then the status is 130.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
awk 'BEGIN { for (i = 0; i < 512; i++) print i % 7 "," i % 3 "," i % 2 }' > t.csv
out=(--out m.keras)
grep -qE '^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF' "$KERATIN_BUILD/CMakeCache.txt" && out=()
"$KERATIN" train "Sequential([Dense(8, input_shape=(2,)), Dense(1)])" --csv t.csv --target -1 --loss mse \
    --epochs 100000000 --history h.json "${out[@]}" > out 2> err &
pid=$!
for _ in $(seq 100); do
    grep -q 'Epoch 3/' out && break
    sleep 0.1
done
kill -INT $pid
status=0
wait $pid || status=$?
[ $status -eq 130 ] || { cat err; echo "exit status $status"; exit 1; }
grep -q '^interrupted after [0-9]* epochs$' err
grep -q '^{"loss": \[.*\]}$' h.json
[ ${#out[@]} -eq 0 ] || { grep -qx 'saved m.keras' err && "$KERATIN" predict m.keras --x <(cut -d, -f1,2 t.csv) > p && [ "$(wc -l < p)" -eq 512 ]; }
