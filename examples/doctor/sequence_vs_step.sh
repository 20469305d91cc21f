# The second LSTM wants every step.
keratin check "Sequential([Input((10, 3)), LSTM(8), LSTM(8), Dense(1)])" --call build
