#!/usr/bin/env python3
"""What the layers that change images give while predicting, how they are written, and what their constructors refuse:
tests/goldens/augmentation*.jsonl, in the forms of preprocessing.py. augmentation_training.jsonl: what calls with training=True
give, one after another: "layer", "x", "y" of each call."""
import preprocessing as p
from common import LAYERS, array, keras, made, np, write

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

# Three images, one alone, and channels first.
PHOTOS = np.round(np.sin(np.arange(3 * 4 * 5 * 3) * 1.7).reshape(3, 4, 5, 3) * 127 + 127).astype("float32")
ALONE, TURNED = PHOTOS[1], PHOTOS.transpose(0, 3, 1, 2).copy()
GEOMETRY = ["RandomRotation(0.2", "RandomRotation((-0.1, 0.05)", "RandomZoom(0.3", "RandomZoom(0.3, (-0.2, 0.1)", "RandomTranslation(0.2, (-0.1, 0.3)",
            "RandomShear(0.3, 0.2", "RandomShear(0.0, 0.2"]
TRAINED = [
    *[f"RandomFlip({mode}seed={s})" for mode in ("", "'horizontal', ", "'vertical', ") for s in (3, 7)], "RandomCrop(3, 4, seed=3)", "RandomCrop(5, 2, seed=4)", "RandomCrop(7, 4, seed=3)", "RandomCrop(3, 6, seed=3)",
    "RandomCrop(3, 8, seed=3)", *[f"{g}, fill_mode='{m}', fill_value=9.0, seed=3)" for g in GEOMETRY for m in ("reflect", "wrap", "constant", "nearest")],
    *[f"{g}, interpolation='nearest', seed=5)" for g in GEOMETRY], "RandomBrightness(0.2, seed=3)", "RandomBrightness((-0.3, 0.1), (0, 300), seed=3)", "RandomContrast(0.3, seed=3)",
    "RandomContrast((0.1, 0.9), (50, 200), seed=3)", "RandomPerspective(1.0, 0.5, seed=3)", "RandomPerspective(0.8, 1.0, 'nearest', 9.0, seed=5)", "RandomElasticTransform(1.0, 1.0, seed=3)",
    "RandomElasticTransform((0.5, 1.0), (0.4, 0.8), 'nearest', 'wrap', seed=5)", "RandomErasing(1.0, seed=3)", "RandomErasing((0.5, 1.0), (0.2, 0.5), 7.0, seed=4)",
    "RandomErasing(1.0, 0.5, value_range=(20, 200), seed=5)", "RandomGaussianBlur(1.0, 3, (0.5, 1.0), seed=3)", "RandomGaussianBlur((0.8, 1.0), (3, 5), (0.2, 0.8), seed=4)", "RandomGrayscale(0.5, seed=3)",
    "RandomHue(0.3, seed=3)", "RandomHue((0.1, 0.9), (0, 300), seed=4)", "RandomInvert(1.0, seed=3)", "RandomInvert((0.5, 1.0), (0, 300), seed=4)", "RandomPosterization(3, seed=3)",
    "RandomPosterization((2, 6), (0, 300), seed=4)", "RandomSaturation(0.3, seed=3)", "RandomSaturation((0.1, 0.9), (0, 300), seed=4)", "RandomSaturation((0.5, 1.0), seed=4)", "RandomSharpness(0.3, seed=3)", "RandomSharpness((0.2, 0.9), (0, 300), seed=4)",
    "RandomColorDegeneration(0.3, seed=3)", "RandomColorDegeneration((-0.9, 0.5), (0, 300), seed=4)", "RandomColorJitter((0, 255), 0.2, 0.3, 0.4, 0.1, seed=3)", "RandomColorJitter((0, 300), None, (0.1, 0.5), None, 0.2, seed=4)",
    "Solarization(0.2, 0.3, seed=3)", "Solarization((0.1, 0.4), (0.2, 0.8), (0, 300), seed=4)", "Equalization()", "Equalization((0, 300), 64)", "MixUp(seed=3)", "MixUp(0.9, seed=4)", "MixUp(2.5, seed=5)", "MixUp(1.0, seed=5)",
    "CutMix(seed=3)", "CutMix((0.2, 0.9), seed=4)", "RandAugment(seed=3)", "RandAugment(seed=4)", "RandAugment((0, 300), 3, (0.1, 0.6), 'nearest', seed=5)"]


def trained(text, x):
    layer = made(text, LAYERS)
    return {"layer": text, "x": array(x), "y": [array(layer(keras.ops.convert_to_tensor(x), training=True)) for _ in range(2)]}


def training():
    for text in TRAINED:
        yield trained(text, PHOTOS)
        if "Mix" not in text:
            yield trained(text, ALONE)
        if "Jitter" not in text:  # whose layers inside Keras does not tell of it
            yield trained(text[:-1] + (", " if text[-2] != "(" else "") + "data_format='channels_first')", TURNED)
        if text.startswith(("RandomFlip(s", "RandomCrop(3", "RandomRotation(0.2, fill_mode='r")):
            yield trained(text, PHOTOS.astype("uint8"))


if __name__ == "__main__":
    write("augmentation_training", training())
    write("augmentation", p.rows())
    write("augmentation_configs", p.configs())
    write("augmentation_messages", p.messages())
