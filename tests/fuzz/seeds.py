"""Writes the seeds: a few tiny valid files of each format, made by the libraries that users make theirs with."""
import gzip, io, json, os, struct, sys, zipfile
import h5py
import numpy as np

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seeds")


def put(folder, name, data):
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    with open(os.path.join(HERE, folder, name), "wb") as f:
        f.write(data)


def npy(a, **kw):
    b = io.BytesIO()
    np.lib.format.write_array(b, a, **kw)
    return b.getvalue()


def npz(save, **arrays):
    b = io.BytesIO()
    save(b, **arrays)
    return b.getvalue()


def hdf5(fill, **kw):
    b = io.BytesIO()
    with h5py.File(b, "w", **kw) as f:
        fill(f)
    return b.getvalue()


def idx(code, shape, data):
    return struct.pack(">BBBB", 0, 0, code, len(shape)) + struct.pack(f">{len(shape)}I", *shape) + data


def weights(f):
    g = f.create_group("layers/dense")
    g.attrs["name"] = "dense"
    g["vars/0"] = np.arange(6, dtype="f4").reshape(2, 3)
    g["vars/1"] = np.float32(1)


def legacy(f):
    f.attrs["model_config"] = json.dumps({"class_name": "Sequential"}).encode()
    f.attrs["layer_names"] = [b"dense", b"relu"]
    f.create_group("dense").attrs["weight_names"] = np.array([b"kernel"], dtype="S6")
    f["dense"].create_dataset("kernel", data=np.arange(20, dtype=">i2").reshape(4, 5), chunks=(2, 5))
    f["flags"] = np.array([True, False])


def refused():
    """What HDF5 can do and a model may not: reach into other files, run code of plugins, hide data. Each with the words of its refusal in test_codec_hdf5.c."""
    small = np.arange(6, dtype="f4").reshape(2, 3)

    def linked(link):
        def fill(f):
            f["x"], f["link"] = small, link
        return fill

    def stored(**how):
        return lambda f: f.create_dataset("x", data=small, **how)

    def elsewhere(f):
        f.create_dataset("x", (2, 3), "f4", external=[("/etc/passwd", 0, 24)])

    def virtual(f):
        layout = h5py.VirtualLayout((2, 3), "f4")
        layout[:] = h5py.VirtualSource("other.h5", "x", (2, 3))
        f.create_virtual_dataset("x", layout)

    def plugin(f):
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((2, 3))
        plist.set_filter(307, h5py.h5z.FLAG_OPTIONAL, ())  # bzip2, which a plugin would do
        h5py.h5d.create(f.id, b"x", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((2, 3)), plist)

    def compact(f):
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_layout(h5py.h5d.COMPACT)
        h5py.h5d.create(f.id, b"x", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((2, 3)), plist).write(h5py.h5s.ALL, h5py.h5s.ALL, small)

    def huge(f):
        f.create_dataset("x", (2, 3), "f4", chunks=(8192, 4096), maxshape=(None, None))

    def padded(f):
        for name, pad, text in [(b"blanks", h5py.h5t.STR_SPACEPAD, b"ab c  "), (b"nulls", h5py.h5t.STR_NULLPAD, b"ab   \0")]:
            kind = h5py.h5t.C_S1.copy()
            kind.set_size(6)
            kind.set_strpad(pad)
            h5py.h5a.create(f.id, name, kind, h5py.h5s.create(h5py.h5s.SCALAR)).write(np.array(text, "S6"), kind)

    def rich(newest):
        def fill(f):
            g = f.create_group("g", track_order=newest)
            h5py.h5o.set_comment(g.id, b"said of it")
            for name, value in [("n", 3), ("x", [0.5, 1.5]), ("text", "h\u00e9"), ("none", ""), ("texts", ["a", "", "c"]), ("fixed", np.array([b"ab", b"c"]))]:
                g.attrs[name] = value  # one after the other: the header grows into pieces
            g.create_dataset("\u00e4", data=small, fillvalue=0.5, track_times=True)
            g.create_dataset("l" * 300, data=np.float16([1, 2]))
            g.create_dataset("late", (2, 2), "i8")
            g.create_group("inner").create_dataset("none", (0, 3), "f8")
            if not newest:
                g.create_dataset("flags", data=np.array([True, False]))
                g.create_dataset("chunks", data=np.arange(35, dtype=">i2").reshape(5, 7), chunks=(2, 3), maxshape=(None, 7))
        return fill

    put("hdf5", "rich", hdf5(rich(False)))
    put("hdf5", "rich_newest", hdf5(rich(True), libver="latest"))
    put("hdf5", "link_external", hdf5(linked(h5py.ExternalLink("/etc/passwd", "/x"))))
    put("hdf5", "link_soft", hdf5(linked(h5py.SoftLink("/x"))))
    put("hdf5", "link_soft_newest", hdf5(linked(h5py.SoftLink("/x")), libver="latest"))
    put("hdf5", "data_elsewhere", hdf5(elsewhere))
    put("hdf5", "data_virtual", hdf5(virtual, libver="latest"))
    put("hdf5", "filter_gzip", hdf5(stored(chunks=(2, 3), compression="gzip")))
    put("hdf5", "filter_checksum", hdf5(stored(chunks=(2, 3), fletcher32=True)))
    put("hdf5", "filter_plugin", hdf5(plugin))
    put("hdf5", "type_compound", hdf5(lambda f: f.create_dataset("x", data=np.zeros(2, [("a", "f4"), ("b", "i4")]))))
    put("hdf5", "type_committed", hdf5(lambda f: (f.__setitem__("t", np.dtype("f4")), f.create_dataset("x", (2,), f["t"]))))
    put("hdf5", "data_compact", hdf5(compact))
    put("hdf5", "chunks_huge", hdf5(huge))
    put("hdf5", "texts_padded", hdf5(padded))
    # what ml_dtypes' bfloat16 becomes in a file: the upper halves of 1, -2.5 and 3.140625
    put("hdf5", "bfloat16", hdf5(lambda f: f.create_dataset("x", data=np.array([0x3F80, 0xC020, 0x4049], "<u2").view("V2"))))


def whole(version, config, names, optimizer):
    """A whole model as Keras writes .h5: one Dense layer."""
    def fill(f):
        f.attrs["keras_version"] = version
        f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config}).encode()
        f.attrs["training_config"] = json.dumps({"loss": "mse", "metrics": ["mae"], "optimizer_config": {"class_name": "SGD", "config": optimizer}}).encode()
        g = f.create_group("model_weights")
        g.attrs["layer_names"] = [b"d"]
        w, o = g.create_group("d"), f.create_group("optimizer_weights")
        for i, n in enumerate(names):
            w.attrs["weight_names%d" % i] = [n]
        w[names[0]], w[names[1]] = np.ones((2, 1), "f4"), np.ones(1, "f4")
        o.attrs["weight_names"] = [b"SGD/iter:0"] + names
        o["SGD/iter:0"], o[names[0]], o[names[1]] = np.int64(1), np.ones((2, 1), "f4"), np.ones(1, "f4")
    return hdf5(fill)


def by_layer(version, layer, shapes):
    """Weights of one layer, as Keras 1 and 2 write them apart."""
    def fill(f):
        f.attrs["keras_version"], f.attrs["backend"] = version, "theano"
        f.attrs["layer_names"] = [layer.encode()]
        g = f.create_group(layer)
        g.attrs["weight_names"] = [b"w%d:0" % i for i in range(len(shapes))]
        for i, shape in enumerate(shapes):
            g["w%d:0" % i] = np.ones(shape, "f4")
    return hdf5(fill)


def main():
    put("json", "values", b'{"a": [1, -2.5e-3, true, null, NaN, -Infinity], "\\u00e9": "x\\n\\ud83d\\ude00"}')
    put("json", "model", json.dumps({"class_name": "Sequential", "config": {"layers": [{"config": {"units": 3}}]}}).encode())
    x = np.arange(6, dtype="<f4").reshape(2, 3)
    put("npy", "c", npy(x))
    put("npy", "fortran", npy(np.asfortranarray(x.astype(">f8"))))
    put("npy", "half", npy(x.astype("f2"), version=(2, 0)))
    put("npy", "flag", npy(np.array([True, False])))
    put("npy", "texts", npy(np.array(["ab", "\u00e9\U0001f600", ""])))
    put("npy", "bytes", npy(np.array([[b"ab"], [b"c"]])))
    put("npz", "texts", npz(np.savez, x=np.array(["one", "two words"]), y=np.array([b"a", b"b"])))
    put("npz", "stored", npz(np.savez, x=x))
    put("npz", "deflated", npz(np.savez_compressed, x=np.zeros(40, "i4"), y=np.int64(3)))
    for name, how in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
        b = io.BytesIO()
        with zipfile.ZipFile(b, "w", how) as z:
            z.writestr("config.json", "{}" * 20)
            z.writestr("assets/", "")
        put("zip", name, b.getvalue())
    plain = idx(8, (2, 2, 2), bytes(range(8)))
    put("idx", "bytes", plain)
    put("idx", "floats", idx(13, (3,), struct.pack(">3f", 1, 2, 3)))
    put("idx", "packed", gzip.compress(plain, mtime=0))
    put("csv", "plain", b"1,2.5,a\n3,4e-2,b\n5,6,a\n")
    put("csv", "header", b'"x ""1""";y\r\n1;"2"\r\n\r\n3;4\r\n')
    put("csv", "tabs", b"\xef\xbb\xbfx\ty\n1\t2\n")
    put("hdf5", "weights", hdf5(weights))
    put("hdf5", "legacy", hdf5(legacy))
    dense = {"name": "d", "units": 1, "activation": "linear"}
    old = [{"class_name": "Dense", "config": dict(dense, batch_input_shape=[None, 2])}]
    new = {"name": "s", "layers": [{"class_name": "InputLayer", "config": {"batch_shape": [None, 2], "name": "i"}}, {"class_name": "Dense", "config": dense}]}
    put("model", "keras2.h5", whole("2.2.4", old, [b"d/kernel:0", b"d/bias:0"], {"lr": 0.1, "momentum": 0.5, "decay": 0.0}))
    put("model", "keras3.h5", whole("3.15.1", new, [b"s/d/kernel", b"s/d/bias"], {"learning_rate": 0.1, "momentum": 0.5}))
    call = [[["i", 0, 0, {}]]]
    graph = {"name": "m", "layers": [{"class_name": "InputLayer", "name": "i", "config": {"batch_input_shape": [None, 3, 2], "name": "i"}, "inbound_nodes": []},
                                     {"class_name": "LSTM", "name": "l", "config": {"name": "l", "units": 1, "time_major": False, "return_state": True}, "inbound_nodes": call},
                                     {"class_name": "LSTM", "name": "k", "config": {"name": "k", "units": 1}, "inbound_nodes": [call[0] + [["l", 0, 1, {}], ["l", 0, 2]]]}],
             "input_layers": [["i", 0, 0]], "output_layers": [["k", 0, 0]]}
    put("model", "keras2.json", json.dumps({"class_name": "Model", "config": graph, "keras_version": "2.1.4"}).encode())
    graph["layers"][2]["inbound_nodes"] = [[["i", 0, 0, {"initial_state": [["l", 0, 1], ["l", 0, 2]], "mask": None}]]]
    put("model", "keras2_keywords.json", json.dumps({"class_name": "Functional", "config": graph, "keras_version": "2.12.0"}).encode())
    for name, version, shapes in (("conv1.h5", "1.2.2", [(2, 2, 2, 2), (2,)]), ("conv2.h5", "2.2.4", [(2, 2, 2, 2), (2,)]), ("lstm1.h5", "1.2.2", [(2, 2), (2, 2), (2,)] * 4),
                                  ("lstm2.h5", "2.2.4", [(2, 8), (2, 8), (16,)]), ("gru.h5", "2.2.4", [(2, 6), (2, 6), (12,)])):
        put("weights", name, by_layer(version, name[:4].rstrip("12."), shapes))
    manifest = [{"paths": ["a.bin"], "weights": [{"name": "d/kernel", "shape": [2, 1], "dtype": "float32", "quantization": {"dtype": "uint8", "min": -1.0, "scale": 0.01}}]}]
    topology = {"keras_version": "2.15.0", "model_config": {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": dict(old[0]["config"], use_bias=False)}]}}
    put("weights", "tfjs", json.dumps({"modelTopology": topology, "weightsManifest": manifest}).encode() + b"\0\x10\x20")
    merge = {"class_name": "Merge", "config": {"name": "m", "mode": "concat", "concat_axis": -1, "layers": [{"class_name": "Sequential", "config": [
        {"class_name": "Convolution1D", "config": {"name": n, "nb_filter": 1, "filter_length": 2, "W_regularizer": {"name": "L1L2Regularizer", "l1": 0.1, "l2": 0.0}, "batch_input_shape": [None, 3, 1]}}]} for n in "ab"]}}
    pads = {"class_name": "ZeroPadding1D", "config": {"name": "p", "padding": {"left_pad": 1, "right_pad": 0}}}
    dense = {"class_name": "TimeDistributedDense", "config": {"name": "t", "output_dim": 2, "init": "zero", "bias": False}}
    put("model", "keras1.json", json.dumps({"class_name": "Sequential", "config": [merge, pads, dense], "keras_version": "1.2.2"}).encode())
    with open(os.path.join(HERE, "..", "..", "goldens", "files", "texts.keras"), "rb") as f:
        put("model", "texts.keras", f.read())  # vocabularies among its assets
    for name in ("png/color/more/palette.png", "jpeg/b/grey.jpg"):
        with open(os.path.join(HERE, "..", "..", "goldens", "images", name), "rb") as f:
            put("image", name.rsplit("/", 1)[1], f.read())
    put("hdf5", "newest", hdf5(weights, libver="latest"))
    refused()


if __name__ == "__main__":
    sys.exit(main())
