"""The network in one HTML file: does it write in JavaScript what sample_ids writes with the same random numbers?"""

import html
import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from helpers import ROOT, message_of
from own_road import do

import rnn_helpers
from course import one_page
from course.engine import load_run
from course.lessons import NETWORK
from course.own import folder
from course.own.progress import _is_finished
from course.show.alive import UNSEEN, rounded, write_alive, written
from rnn_helpers import Corpus, Parameters, initialize_parameters, rnn_step, sample_ids

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(not NODE, reason="needs node")
RUN = load_run(ROOT / "data" / "sonnets_run.npz")
PROGRAM = """
const [text, temperature, numbers] = JSON.parse(process.argv[2]);
const letters = written(text, () => temperature, () => numbers.shift());
console.log(JSON.stringify(Array.from({length: numbers.length}, () => CHARS[letters.next().value[0]]).join("")));
"""


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))


def trained(text=RUN.chars * 3, parameters=RUN.parameters, name="sonnets", readings=40):
    """Return (corpus, parameters, losses, 50) of a network that has read a text so often, or says so."""
    corpus = Corpus(name, text)
    steps = readings * ((len(corpus.ids) - 1) // 50)
    return corpus, parameters, np.linspace(177.77, 85.70, steps).tolist(), 50


def random_text(alphabet, H):
    """Return the same of a network with so many units for a text in this alphabet."""
    text = alphabet * (100 // len(alphabet) + 1)
    return trained(text, initialize_parameters(H, len({*text}), np.random.default_rng(0), 0.5), "my <own>.txt", 3)


def file_of(tmp_path, training, *given):
    """Write the file. Return (its text, its title, what stands above it, the code in it)."""
    write_alive(tmp_path / "it.html", *training, *given)
    text = (tmp_path / "it.html").read_text(encoding="utf-8")
    found = [re.search(f"<{tag}.*?>(.*?)</{tag}>", text, re.DOTALL)[1] for tag in ("title", "h1", "pre")]
    return text, *[html.unescape(re.sub("<.*?>", "", part)) for part in found]


def written_by_page(path, *given):
    """Return what the script of a file writes: given are a beginning, a temperature and random numbers."""
    script = re.search(r'<script id="network">\n(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)[1]
    program = path.with_suffix(".js")
    program.write_text(script + PROGRAM, encoding="utf-8")
    done = subprocess.run([NODE, program, json.dumps(given)], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def written_by_sampler(training, beginning, temperature, seed, length):
    parameters, vocabulary = rounded(training[1]), training[0].vocabulary
    first, *others = vocabulary.encode(("\n" if "\n" in vocabulary.chars else vocabulary.chars[0]) + beginning)
    h, last = np.zeros(parameters.W_hh.shape[0]), first
    for char_id in others:
        h, last = rnn_step(last, h, parameters), char_id
    ids = sample_ids(parameters, h, last, length, np.random.default_rng(seed), temperature)
    return vocabulary.decode(ids)


def test_the_file_needs_nothing_else_and_says_what_it_is(tmp_path):
    training = trained()
    says = write_alive(tmp_path / "it.html", *training, "Ann", "Shall I <compare>\n")
    assert says == "it.html has all 10,985 numbers in it, and the code."
    text = (tmp_path / "it.html").read_text(encoding="utf-8")
    assert "It has read Shakespeare's Sonnets 40 times" in html.unescape(text) and "After 40 readings" in text
    assert 'value="Shall I &lt;compare&gt;"' in text and "<b>10,985</b>" in text and "<b>80</b> times" in text
    assert "<b>2.47 bits</b>" in text and "If you know nothing, it costs 5.13" in text and UNSEEN in text
    corpus, parameters, *_ = training
    at_least, table = re.findall(r"\d\.\d+", UNSEEN)
    page_06 = (ROOT / "notebooks" / "06_your_network.ipynb").read_text(encoding="utf-8")
    network = float(re.search(r'"network: ([\d.]+) ±', page_06)[1])
    assert network > float(at_least) and f'"table: {table} ±' in page_06
    assert all(float(bits) > float(at_least) for bits in re.findall(r"(2\.\d\d) (?:bits a character )?after", page_06))
    before = initialize_parameters(75, corpus.vocab_size, np.random.default_rng(0))
    for one in (before, parameters):
        assert html.escape("\n".join(written(rnn_helpers, one, corpus).split("\n")[:4])) in text
    outside = text.replace("http://www.w3.org/2000/svg", "")  # a name, which no one asks for anything
    assert not re.search(r"@[A-Z_]+@|https?:|src=|url\(|import\(|fetch", outside)
    assert "default-src 'none'" in text and len(text.encode()) < 70_000


@pytest.mark.slow
def test_it_says_who_wrote_how_many_of_its_functions_and_shows_them(tmp_path):
    course = "This network writes. {} trained it with the functions of a course."
    half = f"This network writes. {{}} wrote 8 of its {len(NETWORK)} functions, and the course lent the others."
    for done, ann, nobody in (
        ((), course.format("Ann"), course.format("Someone")),
        (NETWORK[:8], half.format("Ann"), half.format("Someone")),
        (NETWORK[8:], "This network writes. Ann wrote the network.",
         "This network writes. Someone wrote the network, letter by letter."),
    ):  # fmt: skip
        do(done)
        folder.make()
        page = one_page()
        for name, says in (("Ann", ann), ("", nobody)):
            text, title, above, code = file_of(tmp_path, trained(), name)
            assert title == above == says
            count = text.count('<span class="mine">')
            assert code.count(f"\n# {name or 'Someone'}'s, from page 0") == count
            changed = [line for line in page.split("\n") if line not in code.split("\n")]
            assert not any("yours" not in line and "Your" not in line for line in changed), changed
            compile(code, "my_network.py", "exec")
        told = write_alive(folder.path_of("my_network").with_suffix(".html"), *trained())
        whose = {0: "code.", len(NETWORK): f"code: all {count} functions are yours."}
        assert told.endswith(whose.get(count, f"code: {count} of its {len(NETWORK)} functions are yours."))
        assert _is_finished() == (page.count("# yours, from page 0") == len(NETWORK))


NAMES = {
    "<script>alert(1)</script>": None,
    "</pre></script><b>&amp;\"'": None,
    "@CODE@ \\1 {0} %s": None,
    "  Ann \n\t Bee\x85": "Ann Bee",
    "👩‍👩‍👧 علي": None,
    "n" * 500: "n" * 80,
    "\ud800": "?",
}


@pytest.mark.slow
@pytest.mark.parametrize("name, shown", [(name, shown or name) for name, shown in NAMES.items()], ids=range(len(NAMES)))
def test_any_name_is_only_text(tmp_path, name, shown):
    do(NETWORK[:1])
    text, title, above, code = file_of(tmp_path, trained(), name)
    wrote = f"{shown} wrote 1 of its {len(NETWORK)} functions, and the course lent the others."
    assert title == above == f"This network writes. {wrote}"
    assert f"\n# {shown}'s, from page 01\n" in code
    assert len(re.findall("<script", text)) == len(re.findall("</script>", text)) == 2 and "<b>&amp;" not in text
    compile(code, "my_network.py", "exec")


def test_a_text_of_ones_own_is_named_and_nothing_is_claimed_of_the_sonnets(tmp_path):
    text, *_ = file_of(tmp_path, random_text("".join(map(chr, range(0x4E00, 0x4E00 + 90))), 5))
    assert "It has read my &lt;own&gt;.txt 3 times" in text and "2.33" not in text and "nothing about what" in text
    assert len(json.loads(re.search(r"const columns = (\[.*?\])", text)[1])) == 40, "there is no room for more bars"


def test_it_leads_to_the_course_if_that_has_an_address(tmp_path, monkeypatch):
    assert "Made with <i>Letter by letter</i>" in file_of(tmp_path, trained())[0]
    monkeypatch.setattr(sys.modules["__main__"], "COURSE", "https://github.com/a/b", raising=False)
    link = '<a href="https://github.com/a/b"><i>Letter by letter</i></a>'
    assert f"Made with {link}" in file_of(tmp_path, trained())[0]


def test_a_network_that_has_read_nothing_is_refused(tmp_path):
    says = message_of(ValueError, write_alive, tmp_path / "it.html", *trained(readings=0))
    assert says == "This network has read nothing yet: train it first."


def test_numbers_are_rounded_by_less_than_a_step_in_65_thousand():
    for value, near in zip(RUN.parameters, rounded(RUN.parameters)):
        assert near.shape == value.shape
        assert np.abs(near - value).max() <= np.abs(value).max() / 65_000
    nothing = Parameters(*map(np.zeros_like, RUN.parameters))
    assert not any(map(np.any, rounded(nothing)))


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("beginning, temperature", [("", 1), ("shall i compare thee", 0.5), ("o", 1.5)])
def test_it_writes_what_sample_ids_writes(tmp_path, beginning, temperature):
    write_alive(tmp_path / "it.html", *trained())
    numbers = np.random.default_rng(3).random(300).tolist()
    wanted = written_by_sampler(trained(), beginning, temperature, 3, 300)
    assert written_by_page(tmp_path / "it.html", beginning, temperature, numbers) == wanted


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize(
    "alphabet, beginning", [("\n</script>'\"\\é—😀", "é😀"), ("אבגדה ", "אב"), ("\n\u2028@AB", "@")], ids=range(3)
)
def test_so_it_does_in_other_alphabets(tmp_path, alphabet, beginning):
    training = random_text(alphabet, 4)
    write_alive(tmp_path / "odd.html", *training)
    numbers = np.random.default_rng(3).random(200).tolist()
    wanted = written_by_sampler(training, beginning, 1, 3, 200)
    assert written_by_page(tmp_path / "odd.html", beginning, 1, numbers) == wanted
