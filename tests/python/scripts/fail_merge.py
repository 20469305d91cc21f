# wants: branch_sizes
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
x = keras.Input((6,))
a, b = layers.Dense(8)(x), layers.Dense(7)(x)
keras.Model(x, layers.Add()([a, b]))
