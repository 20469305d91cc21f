# The pages of `keratin check --html` are valid HTML, load nothing, and follow dark and light. tidy (5.6 or later) is the validator.
set -euo pipefail
command -v tidy >/dev/null || { echo "skipped: no tidy is installed"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# Prints what tidy says of a page. A drawing has its style in itself, as SVG allows; tidy does not know that.
complaints() {
    { tidy -q -e "$1" 2>&1 || true; } | sed '/Warning: moved <style> tag to <head>!/d'
}

page() { # the arguments of a check
    rm -f page.html
    "$KERATIN" check "$@" --html page.html > /dev/null || [ $? -eq 1 ]
    [ -z "$(complaints page.html)" ] || { echo "not valid: check $*"; complaints page.html; exit 1; }
    grep -q 'prefers-color-scheme: *dark' page.html
    if sed 's|xmlns="http://www.w3.org/2000/svg"||' page.html | grep -nE 'https?:|src=|href=|@import|url\('; then exit 1; fi
}

page "Sequential([Dense(128, activation='relu', input_shape=(784,)), Dense(10, activation='softmax')])" \
    --x-shape "(32, 28, 28)" --y-shape "(32,)" --loss sparse_categorical_crossentropy --call fit
page "Sequential([Dense(4, name='<b>&\"wide\"', input_shape=(6,)), Dense(3)])" --x-shape "(32, 7)" --y-shape "(32, 3)" --loss mse --call fit
page "Sequential([Dense(3, input_shape=(6,))])" --x-shape "(32, 6)" --y-shape "(32, 3)" --loss mse --call fit
page "Sequential([Dense(3, input_shape=(6,))])" --x-shape "(32, 6)" --y-shape "(32, 1)" --loss mse --call fit
page "Sequential([Conv2D(4, 9, input_shape=(8, 8, 1)), Flatten(), Dense(3)])" --call build

# A validator that takes everything shows nothing.
sed 's|</svg>|</div>|' page.html > broken.html
[ -n "$(complaints broken.html)" ]
