import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
m = keras.Sequential([keras.Input((6,)), layers.Dense(1)])
m.compile("sgd", "mse")
print(m.count_params())
