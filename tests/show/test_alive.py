"""The network in one HTML file: does it write in JavaScript what sample_ids writes with the same random numbers?"""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from helpers import ROOT

from course.engine import load_run
from course.show.alive import rounded, write_alive
from rnn_helpers import Parameters, Vocabulary, initialize_parameters, rnn_step, sample_ids

NODE = shutil.which("node")
RUN = load_run(ROOT / "data" / "sonnets_run.npz")
PROGRAM = """
const [text, temperature, numbers] = JSON.parse(process.argv[2]);
const letters = written(text, () => temperature, () => numbers.shift());
console.log(JSON.stringify(Array.from({length: numbers.length}, () => CHARS[letters.next().value[0]]).join("")));
"""


def written_by_page(path, *given):
    """Return what the script of a file writes: given are a beginning, a temperature and random numbers."""
    script = re.search(r'<script id="network">\n(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)[1]
    program = path.with_suffix(".js")
    program.write_text(script + PROGRAM, encoding="utf-8")
    done = subprocess.run([NODE, program, json.dumps(given)], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def written_by_sampler(parameters, vocabulary, beginning, temperature, seed, length):
    first, *others = vocabulary.encode("\n" + beginning)
    h, last = np.zeros(parameters.W_hh.shape[0]), first
    for char_id in others:
        h, last = rnn_step(last, h, parameters), char_id
    ids = sample_ids(parameters, h, last, length, np.random.default_rng(seed), temperature)
    return vocabulary.decode(ids)


def test_the_file_needs_nothing_else_and_says_what_it_is(tmp_path):
    says = write_alive(tmp_path / "it.html", RUN.parameters, RUN.vocabulary, "Verse & <worse>")
    text = (tmp_path / "it.html").read_text(encoding="utf-8")
    assert says == f"it.html: one file of {len(text.encode()) / 1000:.0f} kB, with all 10,985 numbers in it"
    assert "<title>Verse &amp; &lt;worse&gt;</title>" in text and "of 10,985 numbers" in text
    assert not re.search(r"@[A-Z]+@|https?:|src=|url\(|import|fetch", text)
    assert "default-src 'none'" in text and len(text.encode()) < 45_000


def test_numbers_are_rounded_by_less_than_a_step_in_65_thousand():
    for value, near in zip(RUN.parameters, rounded(RUN.parameters)):
        assert near.shape == value.shape
        assert np.abs(near - value).max() <= np.abs(value).max() / 65_000
    nothing = Parameters(*map(np.zeros_like, RUN.parameters))
    assert not any(map(np.any, rounded(nothing)))


@pytest.mark.slow
@pytest.mark.skipif(not NODE, reason="needs node")
@pytest.mark.parametrize("beginning, temperature", [("", 1), ("shall i compare thee", 0.5), ("o", 1.5)])
def test_it_writes_what_sample_ids_writes(tmp_path, beginning, temperature):
    write_alive(tmp_path / "it.html", RUN.parameters, RUN.vocabulary, "Verse")
    numbers = np.random.default_rng(3).random(300).tolist()
    wanted = written_by_sampler(rounded(RUN.parameters), RUN.vocabulary, beginning, temperature, 3, 300)
    assert written_by_page(tmp_path / "it.html", beginning, temperature, numbers) == wanted


@pytest.mark.slow
@pytest.mark.skipif(not NODE, reason="needs node")
def test_characters_that_html_knows_do_no_harm(tmp_path):
    vocabulary = Vocabulary("\n</script>'\"\\é—😀", "odd")
    parameters = initialize_parameters(4, vocabulary.size, np.random.default_rng(0), 0.5)
    write_alive(tmp_path / "odd.html", parameters, vocabulary, "Odd")
    numbers = np.random.default_rng(3).random(200).tolist()
    wanted = written_by_sampler(rounded(parameters), vocabulary, "é😀", 1, 3, 200)
    assert written_by_page(tmp_path / "odd.html", "é😀", 1, numbers) == wanted
