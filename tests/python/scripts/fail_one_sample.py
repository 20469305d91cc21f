# wants: batch_axis_missing
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
m = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)])
m.predict(r.random((28, 28, 1)), verbose=0)
