# A state that is wider than the layer that takes it.
keratin check decoder.json --x-shape "(20, 8, 4)" --x-shape "(20, 10)" --call predict
