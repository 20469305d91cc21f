# wants: feature_count
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
m = keras.Sequential([keras.Input((6,)), layers.Dense(1)])
m.compile("sgd", "mse")
m.fit(r.random((40, 6)), r.random((40, 1)), verbose=0)
m.predict(r.random((5, 7)), verbose=0)
