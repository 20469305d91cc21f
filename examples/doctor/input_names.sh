# Arrays under names that are none of the model's inputs: kind and price for words and numbers.
seq 1 12 | awk '{ print $1 / 12 "," $1 % 2 "," $1 % 3 "," $1 % 4 "," 1 "," 1 / $1 }' > rows.csv
keratin predict two_heads.json --x rows.csv --fresh-weights --out x.npz
keratin check two_columns.json --x x.npz --call predict
