import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
print(layers.Flatten()(np.ones((2, 3, 4))).shape)
