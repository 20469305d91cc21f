# wants: flat_vs_shaped
import keras
import numpy as np
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(16, activation="relu")
        self.last = layers.Dense(10, activation="softmax")

    def call(self, x):
        return self.last(self.hidden(x))


r = np.random.default_rng(0)
m = Net()
m.compile("adam", "sparse_categorical_crossentropy")
m.fit(r.random((64, 784)), r.integers(0, 10, 64), verbose=0)
m.predict(r.random((64, 28, 28)))
