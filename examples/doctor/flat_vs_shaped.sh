# Flat rows, and pictures.
keratin check "Sequential([Input((784,)), Dense(10, activation='softmax')])" --x-shape "(60, 28, 28)" --call predict
keratin check "Sequential([Input((28, 28)), Flatten(), Dense(10, activation='softmax')])" --x-shape "(60, 784)" --call predict
