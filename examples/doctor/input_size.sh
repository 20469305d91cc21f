# Pictures of another size.
keratin check "Sequential([Input((224, 224, 3)), Conv2D(2, 3, strides=8), Flatten(), Dense(1)])" --x-shape "(4, 244, 244, 3)" --call predict
