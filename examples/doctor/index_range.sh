# A word that the Embedding has no row for.
seq 1 40 | awk '{ print $1 % 25 "," ($1 * 7) % 25 }' > x.csv
keratin check "Sequential([Input((2,)), Embedding(20, 4), Flatten(), Dense(1)])" --x x.csv --call predict
