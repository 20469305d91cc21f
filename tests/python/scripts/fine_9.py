import os

print(os.path.basename(__file__), [k for k in globals() if k[:2] != "__"])
