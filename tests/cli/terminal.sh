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
