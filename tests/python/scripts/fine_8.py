try:
    raise ValueError("caught")
except ValueError as e:
    print(e)
