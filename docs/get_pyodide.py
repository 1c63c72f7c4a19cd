"""Get Pyodide, the Python that runs in a browser, with NumPy and matplotlib, into docs/_pyodide.

    python docs/get_pyodide.py    build.py --browser does it by itself, once

Each file is compared with a checksum. The checksums of the core and of the list are here, those of the compiled
packages are in the list, and those of pure Python in lite/requirements.txt, from which pip takes them. The core and
the compiled packages come from Pyodide's release. Where a network allows only package registries, the same files come
from Pyodide's own npm package, and from a Python package that contains copies of them: Open WebUI runs them, too.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE / "_pyodide"
PURE = HERE / "lite" / "requirements.txt"
VERSION = "314.0.3"
RELEASE = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full"
CARRIER = "open-webui==0.12.4"
LIST = "pyodide-lock.json"
CORE = {  # file: SHA-256
    LIST: "c963d22858f6bcb8f41586a2142f03905ab370c88ea22a86a2736e95fac2a8f3",
    "pyodide.mjs": "5cfc46f5dcbaf2a16f26e2363f441873eb424762609cc03db00d6a2ace4d00e5",
    "pyodide.asm.mjs": "1a9775427ef6e8abaa7db88ece0515422d1886915ae5c9093776410c865dfd8d",
    "pyodide.asm.wasm": "e7f8fac36f8bf11085309cbc5c829b3ec3057c18bf1d73b05a6741612d63cdbf",
    "python_stdlib.zip": "444c770dfd75a32097fc0a7d5c1413fd3140601f49c3a1f2e9af0376fcd124b4",
}
WANTED = ["matplotlib", "micropip"]  # with what they need, which includes NumPy
UNUSED = {"fonttools", "pytz"}  # matplotlib's are for PDF and for time zones


def run(*command, cwd):
    """Run a command in a folder and return what it prints."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]} failed, so the Python of the browser is missing:\n{done.stderr.strip()}")
    return done.stdout


def pip_download(folder, *what):
    """Download wheels into a new folder and return their paths."""
    options = ["-q", "--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--dest", folder]
    run(sys.executable, "-m", "pip", "download", *options, *what, cwd=folder.parent)
    return sorted(folder.glob("*.whl"))


class Release:
    """The files of Pyodide's release, fetched one by one."""

    def __init__(self):
        self.read("pyodide.mjs")

    def read(self, name):
        with urllib.request.urlopen(f"{RELEASE}/{name}", timeout=60) as answer:
            return answer.read()


class Registries:
    """The same files from packages: Pyodide's own on npm, and the carrier."""

    def __init__(self, folder):
        packed = run("npm", "pack", "--silent", f"pyodide@{VERSION}", cwd=folder).split()[-1]
        with tarfile.open(folder / packed) as archive:
            self.files = {Path(m.name).name: archive.extractfile(m).read() for m in archive if m.isfile()}
        (carrier,) = pip_download(folder / "carrier", CARRIER)
        with zipfile.ZipFile(carrier) as archive:
            for name in archive.namelist():
                if name.endswith(".whl"):
                    self.files.setdefault(Path(name).name, archive.read(name))

    def read(self, name):
        if name not in self.files:
            sys.exit(f"{CARRIER} carries no {name}: take another package that does, or a network with {RELEASE}.")
        return self.files[name]


def choose_source(folder):
    """Return Pyodide's release if it answers, else the package registries."""
    try:
        return Release()
    except OSError:
        return Registries(folder)


def checked(data, name, checksum):
    """Return the content of a file if it has this SHA-256; otherwise exit with a sentence."""
    found = hashlib.sha256(data).hexdigest()
    if found != checksum:
        sys.exit(f"{name} is not the file of Pyodide {VERSION}: its SHA-256 is {found}, not {checksum}.")
    return data


def entry_of(wheel, needs=()):
    """Return (name, entry for Pyodide's list) of a wheel of pure Python."""
    name, version, *_ = wheel.name.split("-")
    entry = {"name": name, "version": version, "file_name": wheel.name, "install_dir": "site", "imports": [name]}
    entry |= {"sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(), "depends": list(needs)}
    return name.replace("_", "-"), entry | {"package_type": "package", "unvendored_tests": False}


def with_what_they_need(names, packages):
    """Return dict: name -> entry of the list, for these packages and all their dependencies that are used."""
    found, waiting = {}, list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = dict(packages[name])
            found[name]["depends"] = [need for need in packages[name]["depends"] if need not in UNUSED]
            waiting += found[name]["depends"]
    return found


def recipe():
    """Return what tells one result of get() from another: a checksum of this file and of the list of pure packages."""
    return hashlib.sha256(Path(__file__).read_bytes() + PURE.read_bytes()).hexdigest()


def get(target):
    """Write Pyodide into the folder target, whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        source = choose_source(folder)
        content = {name: checked(source.read(name), name, checksum) for name, checksum in CORE.items()}
        listed = json.loads(content[LIST])
        listed["info"]["recipe"] = recipe()
        listed["packages"] = with_what_they_need(WANTED, listed["packages"])
        for entry in listed["packages"].values():
            content[entry["file_name"]] = checked(source.read(entry["file_name"]), entry["file_name"], entry["sha256"])
        pure = pip_download(folder / "pure", "--require-hashes", "-r", PURE)
        listed["packages"] |= dict(map(entry_of, pure))
        content |= {wheel.name: wheel.read_bytes() for wheel in pure} | {LIST: json.dumps(listed).encode()}
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, data in content.items():
        (part / name).write_bytes(data)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(part, target)


def folder():
    """Return the folder with Pyodide. Get it first if it is missing, or was made by another recipe."""
    about = TARGET / LIST
    if not about.exists() or json.loads(about.read_text())["info"].get("recipe") != recipe():
        get(TARGET)
        size = sum(path.stat().st_size for path in TARGET.iterdir())
        print(f"Pyodide {VERSION}, {len(list(TARGET.iterdir()))} files, {size / 1e6:.0f} MB, is in {TARGET}.")
    return TARGET


if __name__ == "__main__":
    folder()
