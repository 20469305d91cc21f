import keras
import numpy as np
from keras import layers

r = np.random.default_rng(0)
import sys
print(sys.argv[1:], __name__)
sys.exit(3)
