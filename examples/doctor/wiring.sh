# The arrays of two inputs in the other order.
keratin check two_inputs.json --x-shape "(20, 3)" --x-shape "(20, 5)" --call predict
