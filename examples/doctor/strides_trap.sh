# Conv2D(16, 3, 3): the second 3 is the strides.
keratin check "Sequential([Input((28, 28, 1)), Conv2D(16, 3, 3), Conv2D(16, 3, 3), Conv2D(16, 3, 3), Conv2D(16, 3, 3), Flatten(), Dense(1)])" --call build
