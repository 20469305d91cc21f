# wants: maps_shrink
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
x = keras.Input((20, 20, 1))
h = x
for filters in (4, 8, 8):
    h = layers.Conv2D(filters, 3)(h)
    h = layers.MaxPooling2D()(h)
