# Pictures with alpha.
keratin check "Sequential([Input((32, 32, 3)), Conv2D(8, 3), Flatten(), Dense(1)])" --x-shape "(60, 32, 32, 4)" --call predict
