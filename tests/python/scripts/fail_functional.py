# wants: reshape_size
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
x = keras.Input((12,))
h = layers.Dense(20, activation="relu")(x)
h = layers.Reshape((4, 6))(h)
