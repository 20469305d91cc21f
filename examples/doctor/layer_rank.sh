# Layers of pictures on films.
keratin check "Sequential([Input((8, 32, 32, 3)), Conv2D(4, 3), MaxPooling2D(), Flatten(), Dense(1)])" --x-shape "(6, 8, 32, 32, 3)" --y-shape "(6, 1)" --loss mse --call fit
