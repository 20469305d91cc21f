raise KeyError("mine")
