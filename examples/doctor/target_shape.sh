# Maps that lost their edge.
keratin check "Sequential([Input((16, 16, 1)), Conv2D(4, 3, activation='relu'), Conv2D(1, 3)])" --x-shape "(6, 16, 16, 1)" --y-shape "(6, 16, 16, 1)" --loss mse --call fit
