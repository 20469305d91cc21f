# Channels first, for a model of channels last.
keratin check "Sequential([Input((32, 32, 3)), Conv2D(8, 3), Flatten(), Dense(1)])" --x-shape "(60, 3, 32, 32)" --call predict
