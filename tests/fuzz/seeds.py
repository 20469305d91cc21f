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


def main():
    put("json", "values", b'{"a": [1, -2.5e-3, true, null, NaN, -Infinity], "\\u00e9": "x\\n\\ud83d\\ude00"}')
    put("json", "model", json.dumps({"class_name": "Sequential", "config": {"layers": [{"config": {"units": 3}}]}}).encode())
    x = np.arange(6, dtype="<f4").reshape(2, 3)
    put("npy", "c", npy(x))
    put("npy", "fortran", npy(np.asfortranarray(x.astype(">f8"))))
    put("npy", "half", npy(x.astype("f2"), version=(2, 0)))
    put("npy", "flag", npy(np.array([True, False])))
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
    put("hdf5", "newest", hdf5(weights, libver="latest"))


if __name__ == "__main__":
    sys.exit(main())
