# wants: units_vs_target
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
m = keras.Sequential([keras.Input((6,)), layers.Dense(8), layers.Dense(4, activation="softmax")])
m.compile("adam", "categorical_crossentropy")
m.fit(r.random((40, 6)), np.eye(7)[r.integers(0, 7, 40)], verbose=0)
