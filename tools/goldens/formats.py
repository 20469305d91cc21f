#!/usr/bin/env python3
"""What Python's str.format makes of names of checkpoints: tests/goldens/formats.jsonl. Needs no Keras.

A row: "text", the numbers "epoch" (int) and "loss" (float), and "out" or "error".
"""
import itertools
import json
import os
import random

R = random.Random(7)
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "goldens", "formats.jsonl")
SPECS = ["".join(parts) for parts in itertools.product(
    ["", ">", "*^", "<", "x=", "0=", "^"], ["", "+", "-", " "], ["", "0", "6", "010"], ["", ".2", ".0", "."], ["", "d", "f", "e", "g", "E", "F", "G", "%", "s"])]
CHOSEN = ["", "plain", "{{}}", "{{epoch}}", "}", "{", "a}b", "a{b", "{epoch", "{epoch}{loss}", "{epoch:02d}-{loss:.2f}.keras", "{nothing}", "{loss:.3E}-{epoch:4}", "{epoch:.3}", "{loss:d}",
          "{}", "{0}", "{loss:%}", "{loss:G}{loss:F}"]
# Where a number of so many digits gets an exponent, and where rounding gives it one digit more.
TURNS = [(precision + kind, digits * 10.0 ** power)
         for precision in ["", ".1", ".2", ".3", ".6", ".17"] for kind in ["", "g", "G", "e", "%"] for digits in [1, 1.5, 9.4, 9.5, 9.99, 9.99999999] for power in range(-6, 9)]


def answer(text, numbers):
    try:
        return {"text": text, **numbers, "out": text.format(**numbers)}
    except (ValueError, KeyError, IndexError) as e:
        return {"text": text, **numbers, "error": {"type": type(e).__name__, "message": str(e.args[0])}}


def rows():
    for text in CHOSEN + ["{%s:%s}" % (R.choice(["epoch", "loss"]), spec) for spec in R.sample(SPECS, 900)]:
        numbers = {"epoch": R.choice([0, 1, 7, 12, 345, -3]), "loss": R.choice([0.0, -0.0, 0.5, 0.123456789, 1234567.5, 1e-7, -2.75, 1e22, 3.0])}
        yield answer(text, numbers)
    for spec, loss in R.sample(TURNS, 500):
        yield answer("{loss:%s}" % spec, {"epoch": 1, "loss": loss})


if __name__ == "__main__":
    with open(OUT, "w", encoding="utf-8") as f:
        for row in [{"by": "tools/goldens/formats.py"}, *rows()]:
            f.write(json.dumps(row, ensure_ascii=False) + "\n")
