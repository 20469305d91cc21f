# X.shape where the shape of one sample belongs.
keratin check "Sequential([Input((60, 8)), Dense(4, activation='relu'), Dense(1)])" --x-shape "(60, 8)" --y-shape "(60, 1)" --loss binary_crossentropy --call fit
