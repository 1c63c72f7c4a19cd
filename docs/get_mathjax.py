"""Get MathJax, which sets the formulas of the site, into docs/_mathjax: one file and its fonts, 1.5 MB.

    python docs/get_mathjax.py    conf.py does it by itself, once for each version

So the site asks no other host for it. It comes from MathJax's own npm package, and is compared with a checksum.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent / "_mathjax"
VERSION = "3.2.2"
CHECKSUM = "1b9c0a1c44df864e915690558e72adb9cc5203360daefd385084ced3b6c64c09"  # SHA-256 of the package of this version


def pack(package, checksum, folder):
    """Let npm put a package, such as "mathjax@3.2.2", into a folder. Return its path, if it has this SHA-256."""
    npm = shutil.which("npm") or sys.exit(f"{package} comes with npm, which is not here: install Node.js.")
    done = subprocess.run([npm, "pack", "--silent", package], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"npm failed, so {package} is missing:\n{done.stderr.strip()}")
    packed = Path(folder, done.stdout.split()[-1])
    found = hashlib.sha256(packed.read_bytes()).hexdigest()
    if found != checksum:
        sys.exit(f"{packed.name} is not {package}: its SHA-256 is {found}, not {checksum}.")
    return packed


def get(target):
    """Write what the site needs of MathJax into the folder target, whole or not at all."""
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        with tarfile.open(pack(f"mathjax@{VERSION}", CHECKSUM, work)) as archive:
            for member in archive:
                if member.name.endswith(("/es5/tex-chtml.js", ".woff")):
                    archive.extract(member, work, filter="data")
        content = Path(work, "package")
        os.rename(content / "es5", content / "mathjax")
        os.replace(content, target)


def folder():
    """Return the folder that has the folder mathjax of this version. Get it first if it is missing."""
    target = TARGET / VERSION
    if not target.exists():
        get(target)
    return target


if __name__ == "__main__":
    print(f"MathJax {VERSION} is in {folder()}.")
