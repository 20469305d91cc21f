# The classic article on pictures: Dense layers right on (28, 28), class numbers as labels.
keratin check "Sequential([Dense(128, activation='relu'), Dense(10, activation='softmax')])" \
    --x-shape "(100, 28, 28)" --y-shape "(100,)" --loss sparse_categorical_crossentropy
