# wants: sequence_vs_step
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
m = keras.Sequential()
m.add(keras.Input((10, 3)))
m.add(layers.LSTM(4))
m.add(layers.LSTM(4))
