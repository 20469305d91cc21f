# The committed generated files are what the generator writes today.
set -euo pipefail
gen=$KERATIN_BUILD/tools/keratin-gen
[ -x "$gen" ] || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/include/keratin" "$scratch/docs"
"$gen" "$scratch" "$KERATIN_SOURCE"
bad=0
files=0
while IFS= read -r file; do
    files=$((files + 1))
    diff -u "$KERATIN_SOURCE/$file" "$scratch/$file" | head -n 40 || true
    cmp -s "$KERATIN_SOURCE/$file" "$scratch/$file" || { echo "$file is old: run make gen"; bad=1; }
done < <(cd "$scratch" && find . -type f | sed 's,^\./,,')
while IFS= read -r file; do
    [ -f "$scratch/docs/reference/$file" ] || { echo "docs/reference/$file is the page of no class: remove it"; bad=1; }
done < <(cd "$KERATIN_SOURCE/docs/reference" && find . -type f | sed 's,^\./,,')
[ $files -ge 2 ] || { echo "the generator wrote $files files"; bad=1; }
exit $bad
