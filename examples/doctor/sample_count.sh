# Forty rows, thirty-nine targets.
keratin check "Sequential([Input((8,)), Dense(1)])" --x-shape "(40, 8)" --y-shape "(39, 1)" --loss mse --call fit
