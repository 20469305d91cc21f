# libkeratin.so exports exactly what the public headers mark with KT_API.
set -euo pipefail
lib=$KERATIN_BUILD/libkeratin.so
[ -e "$lib" ] || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
nm -D --defined-only "$lib" | awk '$2 ~ /[A-Z]/ && $2 != "A" {print $3}' | sort -u >"$scratch/exported"
# Names that stand before "(" or ";" in a declaration that begins with KT_API.
cat "$KERATIN_SOURCE"/include/keratin/*.h | sed 's,/\*[^*]*\*/,,g' | tr '\n' ' ' | grep -o 'KT_API [^;{]*;' |
    sed -E 's/KT_PRINTF\([^)]*\)//; s/^KT_API ([^(;]*[ *])(kt_[a-z0-9_]+) ?[(;[].*/\2/' | sort -u >"$scratch/declared"
if ! diff "$scratch/declared" "$scratch/exported"; then
    echo "<: declared with KT_API and not in the library; >: exported without being declared"
    exit 1
fi
[ -s "$scratch/exported" ]
