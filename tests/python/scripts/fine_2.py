import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
m = keras.Sequential([layers.Dense(3), layers.Dense(1)])
print(m.predict(np.ones((2, 4)), verbose=0).shape)
