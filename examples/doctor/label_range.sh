# Classes counted from 1.
seq 1 40 | awk '{ print $1 / 40 "," 1 - $1 / 40 }' > x.csv
seq 1 40 | awk '{ print $1 % 3 + 1 }' > y.csv
keratin check "Sequential([Input((2,)), Dense(3, activation='softmax')])" --x x.csv --y y.csv --loss sparse_categorical_crossentropy --call fit
