# What Keras takes in silence is said: each warning on a call that deserves it, and nothing on its sound neighbour.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# A column or more of numbers by an awk expression of i, 40 rows.
rows() { seq 0 39 | awk "{ i = \$1; print $1 }"; }
rows 'i / 40 "," (i * 7) % 10 / 10' > x.csv
rows 'i % 2' > yes.csv
rows 'i % 3' > class.csv
rows 'i / 40 - 0.5' > real.csv
rows '(i % 3 == 0) "," (i % 3 == 1) "," (i % 3 == 2)' > hot.csv
rows '(i % 3 == 0) "," 1 "," (i % 3 == 2)' > crowded.csv
rows 'int(i / 16)' > sorted.csv

answer() { "$KERATIN" check "$@" --call fit --json > out || { echo "refused: $*"; cat out; exit 1; }; }
warns() { # kind, words, arguments of check
    answer "${@:3}"
    grep -qF "\"kind\": \"$1\"" out && grep -qF -- "$2" out || { echo "$1 is not said of ${*:3}"; cat out; exit 1; }
    [ "$(grep -o '"kind"' out | wc -l)" -eq 1 ] || { echo "more is said of ${*:3}"; cat out; exit 1; }
}
silent() {
    answer "$@"
    [ "$(cat out)" = '{"ok": true, "warnings": []}' ] || { echo "said of $*:"; cat out; exit 1; }
}
net() { echo "Sequential([Input((2,)), Dense(4, activation='relu'), Dense($1)])"; }
fits() { echo --x x.csv --y "$1" --loss "$2"; }

# The last layer, the loss and the labels.
warns softmax_one_unit 'over one unit' "$(net "1, activation='softmax'")" $(fits yes.csv mse)
warns one_unit_categorical 'the loss is 0 for ever' "$(net "1, activation='sigmoid'")" $(fits yes.csv categorical_crossentropy)
warns softmax_one_unit 'over one unit' "Sequential([Input((2,)), Dense(4), Sequential([Dense(3), Sequential([Dense(2), Dense(1, activation='softmax')])])])" $(fits yes.csv mse)
silent "$(net "1, activation='sigmoid'")" $(fits yes.csv binary_crossentropy)
warns output_activation 'sigmoid, or from_logits=True' "$(net 1)" $(fits yes.csv binary_crossentropy)
silent "$(net 1)" $(fits yes.csv 'BinaryCrossentropy(from_logits=True)')
warns output_activation 'the last layer did already' "$(net "3, activation='softmax'")" $(fits class.csv 'SparseCategoricalCrossentropy(from_logits=True)')
warns output_activation 'probabilities that add up to 1' "$(net "3, activation='relu'")" $(fits hot.csv categorical_crossentropy)
silent "$(net "3, activation='softmax'")" $(fits hot.csv categorical_crossentropy)
warns output_activation 'relu gives no negative numbers' "$(net "1, activation='relu'")" $(fits real.csv mse)
silent "$(net "1, activation='tanh'")" $(fits real.csv mse)
warns output_activation 'between 0 and 1' "$(net "1, activation='sigmoid'")" $(fits real.csv mse)
warns output_activation 'between -1 and 1' "$(net "1, activation='tanh'")" $(fits class.csv mse)
warns label_range 'targets 0..2' "$(net "1, activation='sigmoid'")" $(fits class.csv binary_crossentropy)
rows 'i / 40' > share.csv
warns label_range 'the targets are fractions' "$(net "3, activation='softmax'")" $(fits share.csv sparse_categorical_crossentropy)
warns target_not_one_hot 'neither one-hot nor' "$(net "3, activation='softmax'")" $(fits crowded.csv categorical_crossentropy)
warns metric_vs_target 'accuracy counts equal numbers' "$(net 1)" $(fits real.csv mse) --metrics accuracy
warns metric_vs_target 'accuracy counts equal numbers' "$(net 1)" $(fits real.csv mse) --metrics "['mae', 'acc']"
silent "$(net 1)" $(fits real.csv mse) --metrics mae

# Shapes that happen to fit.
warns target_broadcast 'stretches one over the other' "$(net 3)" $(fits real.csv mse)
one="Sequential([Input((10, 1)), LSTM(3)])"
warns batch_in_input_shape 'samples included' "$one" --x-shape "(10, 1)" --y-shape "(10, 3)" --loss mse
"$KERATIN" check "$one" --x-shape "(10, 1)" --call predict > out
grep -qF 'warning: x has the shape of one sample, (10, 1): it is read as 10 samples (batch_axis_missing)' out
"$KERATIN" check "$one" --x-shape "(4, 10, 1)" --call predict > out
[ "$(cat out)" = 'the call fits' ]
warns embedding_float 'they are cut to whole numbers' "Sequential([Input((2,)), Embedding(9, 3), Flatten(), Dense(1)])" $(fits real.csv mse)
warns strides_trap "was the third number meant" "Sequential([Input((27, 27, 3)), Conv2D(4, 3, 3), Conv2D(4, 3, 3), Flatten(), Dense(1)])" --x-shape "(8, 27, 27, 3)" --y-shape "(8, 1)" --loss mse
silent "Sequential([Input((27, 27, 3)), Conv2D(4, 3), Conv2D(4, 3, 2), Flatten(), Dense(1)])" --x-shape "(8, 27, 27, 3)" --y-shape "(8, 1)" --loss mse

# Data that are sorted lose classes to validation_split.
train=("$KERATIN" train "$(net "3, activation='softmax'")" --x x.csv --loss sparse_categorical_crossentropy --epochs 1 --validation-split 0.2)
"${train[@]}" --y sorted.csv > out 2> err
grep -qi 'class' err && grep -qF 'shuffle' err || { cat err; exit 1; }
"${train[@]}" --y class.csv > out 2> err
if grep -qF 'shuffle' err; then cat err; exit 1; fi
