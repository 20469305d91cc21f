import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
keras.utils.set_random_seed(1)
m = keras.Sequential([keras.Input((6,)), layers.Dense(1)])
m.compile("sgd", "mse")
print(m.fit(np.ones((8, 6)), np.ones((8, 1)), verbose=0).history["loss"])
