# One column more than the model knows.
keratin check "Sequential([Input((8,)), Dense(4, activation='relu'), Dense(1)])" --x-shape "(60, 9)" --y-shape "(60, 1)" --loss mse --call fit
