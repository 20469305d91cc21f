# wants: axis_missing
import keras
import numpy as np
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = layers.Conv2D(4, 3)
        self.flat = layers.Flatten()
        self.last = layers.Dense(10, activation="softmax")

    def call(self, x):
        return self.last(self.flat(self.first(x)))


r = np.random.default_rng(0)
m = Net()
m.compile("adam", "sparse_categorical_crossentropy")
m.fit(r.random((64, 28, 28)), r.integers(0, 10, 64), verbose=0)
