# More pools than the pictures bear.
keratin check "Sequential([Input((12, 12, 1)), Conv2D(4, 3), MaxPooling2D(), Conv2D(4, 3), MaxPooling2D(), Conv2D(4, 3), Flatten(), Dense(1)])" --call build
