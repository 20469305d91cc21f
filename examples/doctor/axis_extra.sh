# An axis of 1 too many.
keratin check "Sequential([Input((8,)), Dense(1)])" --x-shape "(60, 1, 8)" --call predict
