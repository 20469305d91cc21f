# In colour on a terminal alone, and not where the environment says no. Skipped where no pseudo-terminal can be had.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
if ! script -qec true /dev/null </dev/null >out 2>&1; then
    echo "cli.terminal: skipped: script(1) gives no pseudo-terminal here:"
    cat out
    exit 77
fi

run="'$KERATIN' check 'Sequential([Dense(4, input_shape=(5,))])' --x-shape '(32, 10, 5)'"
env -u NO_COLOR TERM=xterm script -qec "$run" /dev/null </dev/null >out || true
grep -qF "$(printf '\033[1;31m> input_layer')" out
NO_COLOR=1 TERM=xterm script -qec "$run" /dev/null </dev/null >out || true
grep -q '^> input_layer' out
if grep -q "$(printf '\033')" out; then exit 1; fi

# A bar while it trains: drawn now and then, not once a batch; the last state is the whole epoch.
seq 2000 | sed 's/^/0./' >x.csv
run="'$KERATIN' train 'Sequential([Dense(1, input_shape=(1,))])' --x x.csv --y x.csv --loss mse --batch-size 1"
env -u NO_COLOR TERM=xterm script -qec "$run" /dev/null </dev/null >out
bars=$(grep -o "$(printf '\r\033\\[K\033\\[1m')[ 0-9]*/2000" out | wc -l)
if [ "$bars" -lt 2 ] || [ "$bars" -gt 1000 ]; then
    echo "drawn $bars times"
    exit 1
fi
grep -a "$(printf '\r\033\\[K\033\\[1m2000/2000')" out | grep -qE "[mu]s/step - loss: [0-9]"

# Data stand in a message as Keras prints them; on a terminal their beginning and end do.
awk 'BEGIN { for (i = 0; i < 40; i++) { for (k = 0; k < 50; k++) printf "%s%d", k ? "," : "", i * 50 + k; print "" } }' >x.csv
run="'$KERATIN' check 'Sequential([Input((28, 28)), Flatten()])' --x x.csv"
TERM=dumb script -qec "$run" /dev/null </dev/null >out || true
tr -d '\r' <out >brief
grep -qxF "ValueError: Invalid input shape for input [[0.000e+00 1.000e+00 2.000e+00 ... 4.70 ... 1.999e+03]] with name 'input_layer' and path ''. Expected shape (None, 28, 28), but input has incompatible shape (40, 50)" brief ||
    { cat brief; exit 1; }
bash -c "$run" >out 2>&1 || true
grep -qxF "ValueError: Invalid input shape for input [[0.000e+00 1.000e+00 2.000e+00 ... 4.700e+01 4.800e+01 4.900e+01]" out
