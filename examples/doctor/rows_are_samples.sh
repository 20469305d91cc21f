# One row of numbers that are samples.
seq -s , 1 30 > x.csv
seq -s , 1 2 60 > y.csv
keratin check "Sequential([Input((1,)), Dense(1)])" --x x.csv --y y.csv --no-header --loss mse --call fit
