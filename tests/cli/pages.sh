# The manual page and the completion name every command and option.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$KERATIN" help --bash > "$scratch/bash"
"$KERATIN" help --man > "$scratch/man"
bash -n "$scratch/bash"
commands=$("$KERATIN" help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
[ "$(wc -w <<< "$commands")" -ge 10 ]
seen=
for command in $commands; do
    grep -q "^\.SS keratin $command" "$scratch/man"
    options=$("$KERATIN" "$command" --help | sed -n 's/^  --\([a-z-]*\).*/\1/p')
    seen="$seen $options"
    for option in $options; do
        grep -q -- "--$option" "$scratch/bash"
        grep -qF -- "\\-\\-${option//-/\\-}" "$scratch/man"
    done
done
[ "$(wc -w <<< "$seen")" -ge 20 ]
# The completion as bash calls it.
source "$scratch/bash"
PATH=$(dirname "$KERATIN"):$PATH
complete_words() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _keratin
    echo "${COMPREPLY[*]}"
}
[ "$(complete_words keratin tr)" = train ]
[ "$(complete_words keratin train m.keras --val)" = "--validation-split --val-x --val-y --val-csv" ]
[ "$(complete_words keratin layers Flatt)" = Flatten ]
