class A:
    pass


print(A.__module__, 1 / 4)
