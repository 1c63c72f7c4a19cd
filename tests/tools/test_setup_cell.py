"""The setup cell of the first page is copied into all others."""

import json
import shutil

import pytest
from helpers import ROOT

from course.lessons.contents import PAGES
from course.tools.setup_cell import copy_setup_cell


def test_as_shipped_it_is_the_same_everywhere():
    assert copy_setup_cell() == []


def test_a_change_of_the_first_page_comes_into_all_others_and_nothing_else_changes(tmp_path):
    first, *others = (f"{page.stem}.ipynb" for page in PAGES)
    for name in (first, *others):
        shutil.copy(ROOT / "notebooks" / name, tmp_path)
    text = (tmp_path / first).read_text(encoding="utf-8")
    new = text.replace("# @title Setup", "# @title Set up", 1)
    assert new != text
    (tmp_path / first).write_text(new, encoding="utf-8")
    assert copy_setup_cell(tmp_path) == others
    for name in others:
        before = (ROOT / "notebooks" / name).read_text(encoding="utf-8")
        assert (tmp_path / name).read_text(encoding="utf-8") == before.replace("# @title Setup", "# @title Set up", 1)
    assert copy_setup_cell(tmp_path) == []


def test_a_page_without_one_is_named_and_nothing_is_written(tmp_path):
    names = [f"{page.stem}.ipynb" for page in PAGES]
    for name in names:
        shutil.copy(ROOT / "notebooks" / name, tmp_path)
    notebook = json.loads((tmp_path / names[3]).read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    (tmp_path / names[3]).write_text(json.dumps(notebook), encoding="utf-8")
    before = {name: (tmp_path / name).read_bytes() for name in names}
    with pytest.raises(ValueError, match=f"notebooks/{names[3]} has no setup cell"):
        copy_setup_cell(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in names} == before
