"""Tests of one_page() and of python -m course.own: the network as one file that runs."""

import hashlib
import json
import math
import re
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from answers import finished_page
from cells import GRADIENT, ONE_HOT, SOFTMAX, TANH, copy_of_course, file_of, keep, page, python
from helpers import LINE, every_case, random_network
from own_road import STYLES, code_of

import rnn_helpers
from course import one_page
from course.checker.words import CORRECT
from course.lessons import BANK, EXERCISES, page_of
from course.lessons.contents import FIRST_ROUND
from course.own import folder
from course.own.kept import is_finished_function, own_functions

pytestmark = pytest.mark.slow  # each test fills a folder, and many run all that is in it


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def loaded(text=None):
    """Run the one page as a module, and return its names."""
    return page(one_page() if text is None else text, {"__name__": "my_network"})


def check_all(names):
    """Fail unless all functions of the page are right."""
    with every_case() as case:
        for name in FIRST_ROUND:
            with case(name):
                found = EXERCISES[name].examine(names[name], BANK)
                assert found.verdict == CORRECT, found.message


def keep_all(style=0):
    for name in FIRST_ROUND:
        assert keep(name, code_of(name, style), finished_page(name)).startswith("Kept in"), name


# ---------------------------------------------------------------- what stands there


def test_with_nothing_kept_it_is_the_courses_network():
    text = one_page()
    assert f"0 of {len(FIRST_ROUND)} functions are yours." in text.split("\n")[0]
    names = loaded(text)
    for name in FIRST_ROUND:
        assert is_finished_function(EXERCISES[name], names[name]), name


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_with_all_kept_its_functions_are_right_and_call_each_other(style):
    keep_all(style)
    text = one_page()
    assert f"{len(FIRST_ROUND)} of {len(FIRST_ROUND)} functions are yours." in text.split("\n")[0]
    titles = re.findall(r"^# -{16} (.*)$", text, re.MULTILINE)
    assert sorted(titles) == sorted(f"{page_of(name).label}: {name}" for name in FIRST_ROUND)
    assert "my_rnn" not in text and "stand_in" not in text
    names = loaded(text)
    check_all(names)
    assert not [name for name in FIRST_ROUND if is_finished_function(EXERCISES[name], names[name])]
    assert names["softmax_gradient"].__globals__["softmax"] is names["softmax"]


@pytest.mark.parametrize("style", STYLES)
def test_it_computes_what_the_functions_in_the_folder_compute(style):
    for name in ("softmax", "rnn_step", "forward_pass", "backward_pass", "train_epoch", "draw"):
        keep(name, code_of(name, style), finished_page(name))
    names, network = loaded(), own_functions().network
    ids = np.random.default_rng(3).integers(0, 5, 41)
    results = []
    for functions in (names, vars(network)):
        parameters = random_network(4, 5, 6)
        losses = functions["train_epoch"](ids, parameters, 10, 0.1, 20.0)
        written = functions["sample_ids"](parameters, np.zeros(4), 2, 30, np.random.default_rng(1))
        results.append((list(losses), list(written), [value.tolist() for value in parameters]))
    assert results[0] == results[1]


def count(text):
    return int(re.match(r'"""Your network on one page: (\d+) lines\.', text)[1])


def test_it_says_its_number_of_lines_truly():
    texts = [one_page()]
    for name, code in [("softmax", SOFTMAX), ("softmax_gradient", GRADIENT), ("tanh_backward", TANH)]:
        keep(name, code)
        texts.append(one_page())
    assert [count(text) for text in texts] == [text.count("\n") for text in texts]
    assert len(set(map(count, texts))) > 2 and all(text.endswith(")\n") for text in texts)


def test_a_function_stands_below_those_that_it_calls():
    keep("one_hot", "import numpy as np\ndef one_hot(ids, V):\n    return np.round(softmax(99 * np.eye(V)[ids]))\n",
         page(SOFTMAX))  # fmt: skip
    keep("softmax", SOFTMAX)
    text = one_page()
    assert text.index("def softmax(") < text.index("def one_hot(")
    check_all(loaded(text))


def test_a_damaged_file_is_left_out_and_not_counted():
    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT)
    folder.path_of("softmax").write_text(file_of("softmax").replace("def shifted", "def = shifted"))
    text = one_page()
    assert f"1 of {len(FIRST_ROUND)} functions are yours." in text and "def shifted" not in text
    assert loaded(text)["softmax"] is rnn_helpers.softmax


def test_what_the_learner_runs_at_the_end_of_a_file_is_left_out():
    keep("softmax", SOFTMAX)
    with folder.path_of("softmax").open("a", encoding="utf-8") as file:
        file.write('\n\nif __name__ == "__main__":\n    raise SystemExit(softmax(np.zeros(2)))\n')
    assert "SystemExit" not in one_page() and "def softmax" in one_page()


# ---------------------------------------------------------------- names that mean two things


def numbered(name, code, number):
    """The code of an exercise that needs a helper of this name, which multiplies by 1, each in a way of its own."""
    return f"def {name}(x):\n    return x * {number} / {number}\n\n" + textwrap.dedent(code)


HELPERS = ["shifted", "sum", "softmax", "chunks", "np", "sys", "load_corpus", "initialize_parameters", "print"]
HELPERS += ["train_and_write", "int", "map", "stand_in", "corpus", "parameters", "make_one_hot"]


@pytest.mark.parametrize("name", HELPERS)
def test_two_files_with_helpers_of_one_name_do_not_clash(name):
    """Nor does a helper with the name of a builtin, of another exercise, of a module, or of what the end needs."""
    keep("tanh_backward", numbered(name, f"def tanh_backward(dh, h):\n    return {name}(dh) * (1 - h**2)\n", 3))
    keep("smooth_loss", numbered(name, f"def smooth_loss(a, b):\n    return {name}(0.999 * a) + 0.001 * b\n", 5))
    step = f"def clip(x):\n    return {name}(x)\n\ndef rnn_step(i, h, p):\n    a = p.W_xh[:, i] + p.W_hh @ h + p.b_h\n"
    keep("rnn_step", "from numpy import tanh\n" + numbered(name, step + "    return tanh(clip(a))\n", 7))
    assert folder.yours() == ["rnn_step", "tanh_backward", "smooth_loss"]
    text = one_page()
    names = loaded(text)
    check_all(names)
    assert count(text) == text.count("\n")
    for number, one in ((3, "tanh_backward"), (5, "smooth_loss"), (7, "rnn_step")):
        assert f"return x * {number} / {number}" in text and callable(names[one])
    if name not in FIRST_ROUND:
        assert names["train_and_write"].__code__.co_varnames[0] == "epochs"
    assert names["np"] is np and names["sys"] is sys and names["load_corpus"] is rnn_helpers.load_corpus


def test_a_helper_that_two_files_share_stands_there_once():
    cell = page(
        textwrap.dedent(SOFTMAX)
        + textwrap.dedent(GRADIENT).partition("\n\n")[2].replace("softmax(logits)", "softmax(shifted(logits))")
    )
    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT.partition("\n\n")[2].replace("softmax(logits)", "softmax(shifted(logits))"), cell)
    assert file_of("softmax_gradient").count("def shifted") == 1
    text = one_page()
    assert text.count("def shifted") == 1
    check_all(loaded(text))


@pytest.mark.parametrize(
    "first, second",
    [
        ("from math import log", "from numpy import log"),
        ("import math\nlog = math.log", "from numpy import log"),
        ("from math import log", "SCALE = 2\ndef log(x):\n    return math.log(x)"),
    ],
)
def test_imports_and_aliases_of_one_name_do_not_clash(first, second):
    log = "def cross_entropy(probs, targets):\n    return -sum(log(row[t]) for row, t in zip(probs, targets))\n"
    keep("cross_entropy", f"{first}\n\n{log}")
    code = (
        "import math\n"
        + second
        + "\n\n"
        + (
            "def draw(probs, u):\n    assert abs(log(2.0) - math.log(2)) < 1e-9\n"
            "    total = 0\n    for k, p in enumerate(probs):\n        total += p\n        if u < total:\n"
            "            return k\n    return len(probs) - 1\n"
        )
    )
    keep("draw", code)
    assert folder.yours() == ["cross_entropy", "draw"]
    names = loaded()
    check_all(names)
    assert math.isclose(names["cross_entropy"](np.array([[0.5, 0.5]]), [0]), math.log(2))


@pytest.mark.parametrize("line", ["softmax as sm", "softmax as one_hot", "softmax as chunks", "softmax as sum"])
def test_a_taught_function_under_another_name(line):
    name = line.split()[-1]
    keep("softmax", SOFTMAX)
    keep(
        "softmax_gradient",
        GRADIENT.replace("import softmax", f"import {line}").replace("softmax(logits)", f"{name}(logits)"),
    )
    keep(
        "output_probs",
        f"from rnn_helpers import {line}\ndef output_probs(h, p):\n    return {name}(p.W_hy @ h + p.b_y)\n",
    )
    keep("one_hot", ONE_HOT)
    text = one_page()
    names = loaded(text)
    check_all(names)
    assert f"4 of {len(FIRST_ROUND)} functions are yours." in text


# ---------------------------------------------------------------- it runs

TEXT = LINE * 12


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course whose Sonnets are short."""
    course = copy_of_course(tmp_path_factory.mktemp("home") / "my course")
    (course / "data" / "sonnets.txt").write_bytes(TEXT.encode())
    entry = {"sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "sources": []}
    (course / "data" / "corpora.json").write_text(json.dumps({"sonnets": entry}))
    return course


def run_file(course, *arguments):
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("style", [None, *STYLES])
def test_saved_into_the_course_it_trains_and_writes(course, monkeypatch, style):
    place = course / "notebooks" / f"mine_{style}"
    monkeypatch.setenv("MY_RNN", str(place))
    if style is not None:
        keep_all(style)
    says = run_file(course, "-m", "course.own", f"my_network_{style}.py")
    assert says == f"Your network stands in my_network_{style}.py. It is made of what mine_{style} holds now.\n"
    saved = (course / f"my_network_{style}.py").read_text(encoding="utf-8")
    assert saved == run_file(course, "-m", "course.own") == one_page()
    printed = run_file(course, f"my_network_{style}.py", "2").split("\n")
    assert len(printed) == 3 and printed[2] == ""
    losses = [float(re.match(rf"epoch {k}, smoothed loss (\d+\.\d\d): '", printed[k - 1])[1]) for k in (1, 2)]
    corpus = rnn_helpers.Corpus("toy", rnn_helpers.preprocess(TEXT))
    start = 50 * math.log(corpus.vocab_size)
    assert abs(losses[0] - start) < 3 and losses[0] != losses[1]
    # What the functions of the course compute, with a loss that is smoothed on from epoch to epoch.
    parameters = rnn_helpers.initialize_parameters(75, corpus.vocab_size, np.random.default_rng(0))
    smoothed = start
    for loss in losses:
        h = np.zeros(75)
        for inputs, targets in rnn_helpers.chunks(corpus.ids, 50):
            forward = rnn_helpers.forward_pass(inputs, targets, h, parameters)
            gradients = rnn_helpers.backward_pass(inputs, targets, parameters, forward)
            rnn_helpers.sgd_step(parameters, gradients, 0.001)
            h, smoothed = forward.hidden[-1], rnn_helpers.smooth_loss(smoothed, forward.loss)
        assert abs(loss - smoothed) < 0.0051


@pytest.mark.slow
def test_where_nothing_was_ever_kept(course):
    """No folder is made for it."""
    shown = python(course, "from course.own.__main__ import main; main([])", course)
    assert shown.startswith('"""Your network on one page: ') and not (course / "notebooks" / "my_rnn").exists()
