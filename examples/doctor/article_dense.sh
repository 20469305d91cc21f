# The classic article on Dense: input_shape=(5,) and batches of sequences (32, 10, 5).
keratin check "Sequential([Dense(16, input_shape=(5,))])" --x-shape "(32, 10, 5)"
