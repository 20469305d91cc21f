#!/usr/bin/env python3
"""What the layers that change images give while predicting, how they are written, and what their constructors refuse:
tests/goldens/augmentation*.jsonl, in the forms of preprocessing.py."""
import preprocessing as p
from common import np, write

SMALL, FIRST = p.images(2, 4, 3, 3), p.images(2, 3, 4, 3)
PIXELS = p.images(2, 6, 5, 3) * 25
ARGUMENTS = {
    "AugMix": "", "CutMix": "", "MixUp": "", "Equalization": "", "MaxNumBoundingBoxes": "3", "RandAugment": "", "RandomBrightness": "0.2",
    "RandomContrast": "0.2", "RandomInvert": "", "RandomColorDegeneration": "0.2", "RandomHue": "0.2", "RandomPosterization": "4",
    "RandomSaturation": "0.2", "RandomSharpness": "0.2", "RandomColorJitter": "", "RandomElasticTransform": "", "RandomErasing": "",
    "RandomFlip": "", "RandomGaussianBlur": "", "RandomGrayscale": "", "RandomPerspective": "", "RandomRotation": "0.1", "RandomShear": "",
    "RandomTranslation": "0.1, 0.2", "RandomZoom": "0.1", "Solarization": "", "RandomCrop": "3, 2"}
CLAHE = "ContrastLimitedAdaptiveHistogramEqualization"

p.MODELS = []
p.STACKS = [
    *[(f"{name}({a})", x) for name, a in ARGUMENTS.items() if name != "Equalization"  # which Keras has no model of
      for x in (SMALL, SMALL.astype("uint8"))],
    ("AutoContrast()", PIXELS), ("AutoContrast((-1, 1))", np.round(PIXELS / 125 - 1, 2).astype("float32")), ("AutoContrast()", PIXELS.astype("int32")),
    ("AutoContrast()", np.full((1, 2, 2, 1), 7, "float32")),
    *[(f"{CLAHE}({a})", x) for a, x in (("tile_grid_size=(2, 2)", PIXELS), ("tile_grid_size=(3, 1), clip_limit=1.5", PIXELS),
                                        ("tile_grid_size=(2, 3), clip_limit=0.0", PIXELS.astype("uint8")), ("(0, 250), 2.0, (4, 4)", PIXELS),
                                        ("tile_grid_size=(2, 2), data_format='channels_first'", p.images(1, 2, 5, 4) * 25))],
    ("Pipeline([Rescaling(2.0), Resizing(3, 2)])", SMALL), ("Pipeline([Rescaling(0.5), Pipeline([RandomFlip()]), Dense(2)])", SMALL),
]
p.LAYER_ROWS = [(t, None) for t in [
    *[f"{name}({a})" for name, a in ARGUMENTS.items() if name != "RandomCrop"], "AutoContrast()", f"{CLAHE}()", "Pipeline([])", "Pipeline([Rescaling(2.0), RandomFlip(seed=3)], name='p')",
    "AugMix((0, 1), 2, 4, (0.1, 0.2), 0.5, False, 'nearest', 3, 'channels_first')", "AugMix(factor=1.5)", "CutMix([0.2, 0.1], 5)", "CutMix(2)",
    "MixUp(0.5, 'channels_first', 3)", "RandAugment((0, 1), 3, 0, seed=2)", "RandAugment(factor='a')", "RandomBrightness((0.3, -0.2), (1, 0), 4)",
    "RandomBrightness(0)", "RandomBrightness(2)", "RandomBrightness(0.2, 3)", "RandomBrightness()", "RandomContrast([0.1, 0.4])", "RandomContrast(-0.1)",
    "RandomContrast(0)", "RandomInvert(0.5, (0, 1))", "RandomColorDegeneration(0.5, [0])", "RandomHue((0.2, 0.1, 0.3))", "RandomPosterization(0)",
    "RandomPosterization((3, 2))", "RandomSaturation((-0.5, 0.5))", "RandomSharpness(1.5)", "RandomColorJitter((0, 1), 0.2, 0.3, 0.4, 0.1, 5)",
    "RandomColorJitter(hue_factor=2)", "RandomElasticTransform(0.5, (0.1, 0.2), 'nearest', 'wrap', 1.0)", "RandomElasticTransform(interpolation='cubic')",
    "RandomElasticTransform(scale=2)", "RandomErasing(0.5, 0.2, 3.0)", "RandomErasing(scale=(0.5, 2))", "RandomErasing(scale=-1)", "RandomFlip('horizontal', 3)",
    "RandomFlip('foo')", "RandomFlip(data_format='last')", "RandomGaussianBlur(0.5, (3, 5), (0.1, 1.0))", "RandomGaussianBlur(kernel_size=4)",
    "RandomGaussianBlur(kernel_size=(3, 4))", "RandomGaussianBlur(kernel_size=(3, 3, 3))", "RandomGrayscale(1)", "RandomGrayscale(1.5)",
    "RandomPerspective(0.2, 0.5, 'nearest', 1.0, 3)", "RandomPerspective(scale=1.5)", "RandomPerspective(interpolation='foo')",
    "RandomRotation((-0.1, 0.3), 'constant', 'nearest', 3, 0.5)", "RandomRotation(2)", "RandomRotation(0.1, 'foo')", "RandomRotation(0.1, interpolation='foo')",
    "RandomShear(0.2, (0.1, 0.3))", "RandomShear(-0.1)", "RandomShear('a')", "RandomShear((0.1, 0.2, 0.3))", "RandomTranslation((-0.2, 0.3), 0.1, 'wrap')",
    "RandomTranslation(2, 0)", "RandomTranslation(0.1, (0, 1.5))", "RandomTranslation(0.1)", "RandomZoom(-1.0)", "RandomZoom((0.1, 0.2), 0.3)", "RandomZoom(0.2, 'a')",
    "Solarization(0.2, (0.1, 0.3), (255, 0), 3)", "Solarization(-1)", "Solarization(0.1, 'a')", "RandomCrop(3, 2, 5, 'channels_first')", "RandomCrop(3)",
    "AutoContrast((1, 0))", "AutoContrast(3)", f"{CLAHE}((0, 1), 2.0, (4, 2), 'channels_first')"]]
p.CALLS = [(f"{layer}", shape, symbolic) for layer in ("RandomFlip()", "RandomHue(0.1)", "RandomCrop(3, 2)", "RandomCrop(3, 2, data_format='channels_first')",
                                                       "AutoContrast()", f"{CLAHE}()", "Pipeline([Rescaling(2.0), Flatten()])", "Pipeline([])")
           for shape, symbolic in (((None, 4), True), ((None, 4, 4), True), ((None, None, 3, 2), True), ((2, 2, 3, 4, 5), True))]

if __name__ == "__main__":
    write("augmentation", p.rows())
    write("augmentation_configs", p.configs())
    write("augmentation_messages", p.messages())
