"""The moving picture of README is the one that its program draws, and it needs nothing but itself."""

import re
import xml.etree.ElementTree as ET

import pytest
from helpers import ROOT

from course.tools import learning

NAMES = ["learning.svg", "learning_narrow.svg"]


@pytest.mark.slow
def test_the_stored_pictures_are_those_that_the_network_of_page_00_gives():
    drawn = learning.drawings()
    assert list(drawn) == NAMES
    for name, text in drawn.items():
        assert (ROOT / "data" / name).read_text(encoding="utf-8") == text, "run python -m course.tools.learning"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_one_small_file_without_a_script_and_shows_its_end_to_those_who_want_no_motion(name):
    text = (ROOT / "data" / name).read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert {one.tag.split("}")[1] for one in root.iter()} == set(
        "svg title style rect text tspan path polyline g circle".split()
    )
    assert len(text.encode()) < 20_000 and not re.search(r"url\(|href|@import", text)
    assert "@media(prefers-reduced-motion:reduce){*{animation:none!important}}" in text
    hidden = re.findall(r"^\.k(\d+)\{[^}]*opacity:0\}@keyframes", text, re.MULTILINE)
    assert [int(k) for k in hidden] == list(range(len(learning.STEPS) - 1)), "without animation the last text is seen"
    assert "prefers-color-scheme:dark" in text


def test_the_words_beside_the_picture_in_readme_say_what_it_shows():
    (words,) = re.findall(r'src="data/learning.svg" alt="([^"]+)"', (ROOT / "README.md").read_text(encoding="utf-8"))
    bits = re.findall(r"[\d.]+ bits", words)
    assert len(bits) == 2
    for name in NAMES:
        text = (ROOT / "data" / name).read_text(encoding="utf-8")
        shown = re.findall(r'class="big"[^>]*>([^<]*)<', text)
        assert [shown[0], shown[-1]] == bits
        last = text.rpartition('class="mono"')[2]
        verse = " ".join(" ".join(re.findall(r">([^<]+)</tspan>", last)).split())
        assert verse.startswith(words.split("it writes: ")[1])
