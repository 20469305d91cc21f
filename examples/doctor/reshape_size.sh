# Numbers that do not multiply to the size.
keratin check "Sequential([Input((12,)), Dense(20), Reshape((4, 6))])" --call build
