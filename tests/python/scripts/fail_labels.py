# wants: labels_vs_loss
import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
m = keras.Sequential([keras.Input((6,)), layers.Dense(5, activation="softmax")])
m.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
m.fit(r.random((40, 6)), r.integers(0, 5, 40), batch_size=8, verbose=0)
