# Pictures without their channel.
keratin check "Sequential([Input((28, 28, 1)), Conv2D(8, 3), Flatten(), Dense(10)])" --x-shape "(28, 28)" --call predict
keratin check "Sequential([Input((28, 28)), Conv2D(8, 3), Flatten(), Dense(1)])" --x-shape "(60, 28, 28)" --y-shape "(60, 1)" --loss mse --call fit
