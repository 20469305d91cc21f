# Maps reach the head.
keratin check "Sequential([Input((28, 28, 1)), Conv2D(8, 3, activation='relu'), Dense(10, activation='softmax')])" \
    --x-shape "(60, 28, 28, 1)" --y-shape "(60, 10)" --loss categorical_crossentropy --call fit
