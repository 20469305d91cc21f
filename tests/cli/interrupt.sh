# Ctrl-C ends training after the running batch; the history so far is written, and the status is that of success.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
awk 'BEGIN { for (i = 0; i < 512; i++) print i % 7 "," i % 3 "," i % 2 }' > t.csv
"$KERATIN" train "Sequential([Dense(8, input_shape=(2,)), Dense(1)])" --csv t.csv --target -1 --loss mse \
    --epochs 100000000 --history h.json > out 2> err &
pid=$!
for _ in $(seq 100); do
    grep -q 'Epoch 3/' out && break
    sleep 0.1
done
kill -INT $pid
status=0
wait $pid || status=$?
[ $status -eq 0 ] || { cat err; echo "exit status $status"; exit 1; }
grep -q '^{"loss": \[.*\]}$' h.json
