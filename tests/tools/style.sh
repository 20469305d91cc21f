# The house rules hold, and the checker sees what is planted.
set -euo pipefail
cd "$KERATIN_SOURCE"
command -v python3 >/dev/null || exit 77
tools/check-style

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"/tools "$scratch"/src/base "$scratch"/cli "$scratch"/tests
cp tools/check-style "$scratch/tools"
cd "$scratch"

expect() { # expect TEXT FILE LINE: a file with this line is reported with this text
    printf '/* %s - a file. */\n%s\n' "$(basename "$2")" "$3" >"$2"
    if out=$(tools/check-style); then
        echo "not seen: $3"
        exit 1
    fi
    [[ $out == *"$1"* ]] || { echo "expected '$1', got: $out"; exit 1; }
    rm "$2"
}
accept() { # accept FILE LINE
    printf '/* %s - a file. */\n%s\n' "$(basename "$1")" "$2" >"$1"
    tools/check-style
    rm "$1"
}
expect "malloc() is banned" src/base/a.c 'void *f(void) { return malloc(1); }'
expect "strcpy() is banned" cli/a.c 'void f(char *a) { strcpy(a, ""); }'
expect "printf() is banned" src/base/a.c 'void f(void) { printf("x"); }'
expect "exit() is banned" src/base/a.c 'void f(void) { exit(1); }'
expect "columns" src/base/a.c "int a$(printf 'b%.0s' {1..100});"
expect "tab" src/base/a.c $'\tint a;'
expect "end of the line" src/base/a.c 'int a; '
expect "TODO" src/base/a.c '/* TODO: later */'
expect "other than done" src/base/a.c 'void f(void) { goto out; out:; }'
printf 'int a;\n' >src/base/a.c
if out=$(tools/check-style); then echo "not seen: no first line"; exit 1; fi
[[ $out == *"first line must be"* ]]
rm src/base/a.c
for line in '[ a ] && [ b ]' '    [[ a ]] && grep b c' '! grep a b' 'a > b && exit 1' 'a && { echo; exit 1; }'; do
    expect "cannot fail" tests/a.sh "$line"
done
for line in '[ a ] && exit 77' 'if [ a ] && [ b ]; then' '[ a ] && b || exit 1' '[ a ] && continue' "echo '! a'"; do
    accept tests/a.sh "$line"
done
accept src/base/memory.c 'void *f(void) { return malloc(1); }'
accept cli/a.c 'void f(void) { printf("x"); }'
accept src/base/a.c '/* printf("in a comment") */ const char *a = "strcpy(";'
accept src/base/a.c 'void f(void *p) { free(p); } /* style: free - the C library made it */'
accept src/base/a.c 'void f(void) { p.free(1); q->exit(2); my_printf(3); goto done; done:; }'
