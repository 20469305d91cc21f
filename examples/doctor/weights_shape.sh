# A matrix of 6 words for an Embedding of 5.
keratin check "Sequential([Input((3,)), Embedding(5, 2, embeddings_initializer=Constant(value=[[1, 2], [3, 4], [5, 6], [7, 8], [9, 1], [2, 3]])), Flatten(), Dense(1)])" --call build
