# wants: flatten_missing
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
class Twice(layers.Layer):
    def call(self, x):
        return 2 * x


m = keras.Sequential([keras.Input((28, 28)), Twice(), layers.Dense(10, activation="softmax")])
m.compile("adam", "sparse_categorical_crossentropy")
m.fit(r.random((64, 28, 28)), r.integers(0, 10, 64), verbose=0)
