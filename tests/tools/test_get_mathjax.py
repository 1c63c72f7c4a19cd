"""docs/get_mathjax.py takes what the site needs from a package with the right checksum, whole or not at all."""

import hashlib
import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from helpers import ROOT


@pytest.fixture
def get_mathjax(monkeypatch, tmp_path):
    """The module, with a folder of its own and a small package in the place of the one from npm."""
    monkeypatch.syspath_prepend(ROOT / "docs")
    import get_mathjax

    package = io.BytesIO()
    with tarfile.open(fileobj=package, mode="w:gz") as archive:
        for name in ("tex-chtml.js", "tex-svg.js", "output/chtml/fonts/woff-v2/MathJax_Main-Regular.woff"):
            archive.addfile(tarfile.TarInfo(f"package/es5/{name}"))

    def npm(command, cwd, **_):
        assert command[1:] == ["pack", "--silent", "mathjax@3.2.2"]
        Path(cwd, "mathjax.tgz").write_bytes(package.getvalue())
        return subprocess.CompletedProcess(command, 0, "mathjax.tgz\n", "")

    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "run", npm)
    monkeypatch.setattr(get_mathjax, "TARGET", tmp_path / "_mathjax")
    monkeypatch.setattr(get_mathjax, "CHECKSUM", hashlib.sha256(package.getvalue()).hexdigest())
    return get_mathjax


def test_one_file_and_the_fonts_are_taken_and_only_once(get_mathjax, monkeypatch):
    found = get_mathjax.folder() / "mathjax"
    assert {file.name for file in found.rglob("*.*")} == {"tex-chtml.js", "MathJax_Main-Regular.woff"}
    assert (found / "tex-chtml.js").exists()
    monkeypatch.delattr(subprocess, "run")  # npm is not asked again
    assert get_mathjax.folder() / "mathjax" == found


def test_another_package_is_refused_and_nothing_is_left(get_mathjax, monkeypatch):
    monkeypatch.setattr(get_mathjax, "CHECKSUM", "0" * 64)
    with pytest.raises(SystemExit, match=r"mathjax\.tgz is not mathjax@3\.2\.2: its SHA-256 is [0-9a-f]{64}, not 0000"):
        get_mathjax.folder()
    assert list(get_mathjax.TARGET.iterdir()) == []
