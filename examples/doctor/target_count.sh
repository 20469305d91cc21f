# One target for a model of two outputs.
seq 1 40 | awk '{ print $1 / 40 "," $1 % 2 "," $1 % 3 "," $1 % 4 "," 1 "," 1 / $1 }' > x.csv
seq 1 40 | awk '{ print $1 % 3 }' > y.csv
keratin check two_heads.json --x x.csv --y y.csv --loss "['sparse_categorical_crossentropy', 'mse']" --call fit
