# One picture where a batch is wanted.
keratin check "Sequential([Input((28, 28, 1)), Conv2D(8, 3), Flatten(), Dense(10)])" --x-shape "(28, 28, 1)" --call predict
