# wants: batch_axis_missing
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
import tensorflow as tf

m = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)])
m.compile("adam", "mse")
m.fit(tf.data.Dataset.from_tensor_slices((r.random((8, 28, 28, 1)), r.random((8, 2)))), verbose=0)
