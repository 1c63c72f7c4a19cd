"""Get Pyodide, the Python that runs in a browser, with NumPy and matplotlib, into docs/_pyodide.

    python docs/get_pyodide.py    build.py --browser does it by itself, once

Pyodide itself comes from its npm package. What it runs is a folder of wheels, which come from PyPI as
lite/requirements.txt says. Of the compiled ones, four are not on PyPI for the browser yet. They come from a release of
Pyodide, or, where a network allows only package registries, from a Python package that contains copies of them: Open
WebUI runs them, too. Each file is compared with a checksum.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from pathlib import Path

from get_mathjax import pack

HERE = Path(__file__).resolve().parent
TARGET = HERE / "_pyodide"
WHEELS = HERE / "lite" / "requirements.txt"
VERSION = "314.0.8"
CHECKSUM = "9a52704e0ae5b07aaacb8e4fed9f1658e8024694a078695ea45ac79dee4cefcb"  # SHA-256 of the package of this version
LIST = "pyodide-lock.json"
CORE = (LIST, "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# A wheel for this platform runs in each Pyodide 314: that is what the name of the platform says (PEP 783).
PLATFORM = "cp314-cp314-pyemscripten_2026_0_wasm32"
RELEASE = "https://cdn.jsdelivr.net/pyodide/v314.0.3/full"
CARRIER = "open-webui==0.12.4"
COMPILED = {  # file: SHA-256, as in the list of that release. Once PyPI has one, it moves to lite/requirements.txt.
    f"kiwisolver-1.5.0-{PLATFORM}.whl": "7591db9cc1181815eeefb2e7c5b5622a18a3fa334788e1b49eb3e8ad7f90186f",
    f"matplotlib-3.10.8-{PLATFORM}.whl": "2867b2003ee66d0d2478423f783ec035d432c6560ae86d0e58d096ff98cab6a8",
    f"numpy-2.4.3-{PLATFORM}.whl": "0cad9c1b91f0082e4f959bc0e0bf5835a2efbba6ab3b1e9d1fe6e7e564cca98e",
    f"pillow-12.2.0-{PLATFORM}.whl": "a50d83a8a76d646768e99e93ed5bf365d0b83563fd8b597e77562e75c8f575a9",
}


def core(folder):
    """Return {name: content} of Pyodide itself."""
    with tarfile.open(pack(f"pyodide@{VERSION}", CHECKSUM, folder)) as archive:
        return {name: archive.extractfile(f"package/{name}").read() for name in CORE}


def pip_download(folder, *what):
    """Download wheels for the platform into a new folder, and return {name: content}."""
    python, abi, platform = PLATFORM.split("-")
    options = ["-q", "--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--implementation", python[:2]]
    options += ["--python-version", python[2:], "--abi", abi, "--platform", platform, "--dest", folder]
    command = [sys.executable, "-m", "pip", "download", *options, *what]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"pip failed, so the Python of the browser is missing:\n{done.stderr.strip()}")
    return {wheel.name: wheel.read_bytes() for wheel in folder.glob("*.whl")}


def fetch(name):
    """Return the content of a file of the release."""
    with urllib.request.urlopen(f"{RELEASE}/{name}", timeout=60) as answer:
        return answer.read()


def compiled(folder):
    """Return {name: content} of the wheels that are not on PyPI. folder: a new one, for the carrier if it is needed."""
    try:
        found = {name: fetch(name) for name in COMPILED}
    except OSError:
        (carrier,) = pip_download(folder, CARRIER)
        with zipfile.ZipFile(folder / carrier) as archive:
            found = {Path(name).name: archive.read(name) for name in archive.namelist() if name.endswith(".whl")}
    for name, checksum in COMPILED.items():
        if name not in found:
            sys.exit(f"{CARRIER} carries no {name}: take another package that does, or a network with {RELEASE}.")
        if hashlib.sha256(found[name]).hexdigest() != checksum:
            sys.exit(f"{name} is not the file of {RELEASE}: its SHA-256 is not {checksum}.")
    return {name: found[name] for name in COMPILED}


def recipe():
    """Return what tells one result of get() from another: a checksum of this file and of the list of wheels."""
    return hashlib.sha256(Path(__file__).read_bytes() + WHEELS.read_bytes()).hexdigest()


def get(target):
    """Write Pyodide and its wheels into the folder target, whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        content = core(folder) | pip_download(folder / "wheels", "--require-hashes", "-r", WHEELS)
        content |= compiled(folder / "carrier") | {"recipe": recipe().encode()}
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, data in content.items():
        (part / name).write_bytes(data)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(part, target)


def folder():
    """Return the folder with Pyodide. Get it first if it is missing, or was made by another recipe."""
    made_by = TARGET / "recipe"
    if not made_by.exists() or made_by.read_text() != recipe():
        get(TARGET)
        size = sum(path.stat().st_size for path in TARGET.iterdir())
        print(f"Pyodide {VERSION}, {len(list(TARGET.iterdir()))} files, {size / 1e6:.0f} MB, is in {TARGET}.")
    return TARGET


if __name__ == "__main__":
    folder()
