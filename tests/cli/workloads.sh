# keratin-bench: its line, its names, what it says to a workload that it cannot run.
set -euo pipefail
[ -n "${KERATIN_BENCH:-}" ] || exit 77
cd "$KERATIN_SOURCE"
if [ -n "${KERATIN_SHARED:-}" ] && [ -f "$KERATIN_SHARED/bench/workloads.json" ]; then
    cmp bench/workloads.json "$KERATIN_SHARED/bench/workloads.json"
fi

has() { # has LINE KEY...
    for key in "${@:2}"; do
        grep -qE "\"$key\": [0-9.e+-]+" <<<"$1" || { echo "no $key in: $1"; exit 1; }
    done
}
quick=(--json --repeats 1 --budget 0.2)
line=$("$KERATIN_BENCH" seed_binary "${quick[@]}")
[ "$(wc -l <<<"$line")" = 1 ]
grep -q '^{"workload": "seed_binary", "peer": "keratin", ' <<<"$line"
has "$line" seconds first_seconds samples_per_s peak_rss_mb us_per_step loss
# Labels and first weights are drawn by chance, so the loss is around log 2.
loss=$(sed 's/.*"loss": \([0-9.]*\).*/\1/' <<<"$line")
awk -v l="$loss" 'BEGIN { exit !(l > 0.3 && l < 1.5) }'

line=$("$KERATIN_BENCH" infer_lstm_forecast_b1 "${quick[@]}")
has "$line" seconds first_seconds samples_per_s peak_rss_mb p50_us p99_us

# Moments that decay: subnormal numbers would make the last steps many times as long on some processors.
line=$("$KERATIN_BENCH" lstm_decay --json --threads 1)
has "$line" first_us_per_step us_per_step ratio loss
ratio=$(sed 's/.*"ratio": \([0-9.]*\).*/\1/' <<<"$line")
awk -v r="$ratio" 'BEGIN { exit !(r > 0.1 && r < 3) }'

list=$("$KERATIN_BENCH" --list)
grep -qx lstm_decay <<<"$list"
grep -qx seed_binary <<<"$list"
names=$(grep -o '"name": "[a-z_0-9]*", *"\(like\|task\)' bench/workloads.json | cut -d'"' -f4)
[ "$(wc -l <<<"$names")" -ge 10 ]
for name in $names; do
    grep -qx "$name" <<<"$list" && continue
    status=0
    line=$("$KERATIN_BENCH" "$name" --json) || status=$?
    [ "$status" = 3 ]
    grep -q "\"error\": \"NotImplementedError: " <<<"$line"
done
status=0
"$KERATIN_BENCH" no_such_workload 2>/dev/null || status=$?
[ "$status" = 2 ]
