# Labels where the pictures themselves are the target.
keratin check "Sequential([Input((16, 16, 1)), Conv2D(4, 3, padding='same', activation='relu'), Conv2D(1, 3, padding='same', activation='sigmoid')])" \
    --x-shape "(60, 16, 16, 1)" --y-shape "(60,)" --loss binary_crossentropy --call fit
