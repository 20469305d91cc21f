# None where Dense needs a number.
keratin check "Sequential([Input((None, None, 3)), Conv2D(4, 3), Flatten(), Dense(1)])" --x-shape "(6, 32, 32, 3)" --y-shape "(6, 1)" --loss mse --call fit
