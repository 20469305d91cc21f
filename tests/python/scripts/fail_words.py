# wants: index_range
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
m = keras.Sequential([keras.Input((7,)), layers.Embedding(20, 4), layers.Flatten(), layers.Dense(1)])
m.compile("adam", "mse")
m.fit(np.arange(280).reshape(40, 7) % 25, r.random((40, 1)), verbose=0)
