"""backend.py - what `pip install .` calls: builds libkeratin with CMake and packs it beside the module.

It needs cmake and a C compiler, as `make build` does, and nothing from the network.
KERATIN_LIBRARY=/path/to/libkeratin.so takes a library that is there already.
"""
import base64
import hashlib
import os
import shutil
import subprocess
import sysconfig
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NAME, VERSION = "keratin", "0.1.0"
INFO = f"{NAME}-{VERSION}.dist-info"
METADATA = f"""Metadata-Version: 2.1
Name: {NAME}
Version: {VERSION}
Summary: Says why a Keras call fails, and which repair was proved to work
Requires-Python: >=3.9
"""


def _tag():
    return "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")


def _library(folder):
    given = os.environ.get("KERATIN_LIBRARY")
    if given:
        return given
    subprocess.check_call(["cmake", "-S", ROOT, "-B", folder, "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON"])
    subprocess.check_call(["cmake", "--build", folder, "--parallel", str(os.cpu_count() or 1), "--target", "keratin-shared"])
    return os.path.join(folder, "libkeratin.so")


def _record(path, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(data)}\n"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = f"{NAME}-{VERSION}-{_tag()}.whl"
    folder = tempfile.mkdtemp()
    try:
        files = {}
        source = os.path.join(HERE, NAME)
        for file in sorted(os.listdir(source)):
            if file.endswith(".py"):
                with open(os.path.join(source, file), "rb") as f:
                    files[f"{NAME}/{file}"] = f.read()
        with open(os.path.realpath(_library(folder)), "rb") as f:
            files[f"{NAME}/libkeratin.so"] = f.read()
        files[f"{INFO}/METADATA"] = METADATA.encode()
        files[f"{INFO}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: false\nTag: {_tag()}\n".encode()
        record = "".join(_record(path, data) for path, data in files.items()) + f"{INFO}/RECORD,,\n"
        with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
            for path, data in files.items():
                wheel.writestr(path, data)
            wheel.writestr(f"{INFO}/RECORD", record)
    finally:
        shutil.rmtree(folder)
    return name
