# A declared batch size that the last batch does not meet.
keratin check "Sequential([Input(batch_shape=(8, 5, 2)), LSTM(4, stateful=True), Dense(1)])" --x-shape "(20, 5, 2)" --y-shape "(20, 1)" --loss mse --batch-size 8 --call fit
