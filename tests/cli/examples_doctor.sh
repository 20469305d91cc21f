# The scripts of examples/doctor print what is kept beside them, each says its cause, and there is one for every cause.
set -euo pipefail
if grep -qE "^KERATIN_(JANSSON|ZIP|HDF5):[A-Z]*=OFF" "$KERATIN_BUILD/CMakeCache.txt"; then exit 77; fi # it reads models as JSON and writes archives
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PATH="$(dirname "$KERATIN"):$PATH"
folder=$KERATIN_SOURCE/examples/doctor
bad=0

for script in "$folder"/*.sh; do
    name=$(basename "$script" .sh)
    mkdir "$scratch/$name"
    cp "$folder"/*.json "$scratch/$name"
    (cd "$scratch/$name" && bash "$script" || true) 2>&1 | sed 's/the loss was [-0-9.e]*/the loss was .../' > "$scratch/$name.out"
    if [ -n "${KERATIN_UPDATE:-}" ]; then cp "$scratch/$name.out" "$folder/$name.out"; fi
    diff -u "$folder/$name.out" "$scratch/$name.out" || bad=1
    case $name in
    article_*) grep -q '^cause: ' "$scratch/$name.out" || bad=1 ;;
    *) grep -qF "($name)" "$scratch/$name.out" || { echo "$name: another cause"; bad=1; } ;;
    esac
    grep -q '^   proved: ' "$scratch/$name.out" || { echo "$name: nothing is proved"; bad=1; }
done

causes=$(sed -n '/^} causes\[\] = {/,/^};/s/^    {"\([a-z_]*\)".*/\1/p' "$KERATIN_SOURCE/src/doctor/report.c")
[ "$(wc -w <<< "$causes")" -gt 25 ]
for cause in $causes; do
    grep -qF "($cause)" "$folder"/*.out || { echo "no example says $cause"; bad=1; }
done
exit $bad
