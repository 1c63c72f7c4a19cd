"""Page 06 trains the learner's own functions, all of them, half or none. The calls are counted while it runs."""

import csv
import random
import re

import numpy as np
import pytest
from helpers import ROOT
from notebook_pages import Page, texts
from own_road import STYLES, do

from course import counting, own_functions
from course.engine import load_run
from course.lessons import NETWORK
from course.show.page_06 import NO_ARROW
from rnn_helpers import Corpus, initialize_parameters

pytestmark = pytest.mark.slow

PAGE = Page("06_your_network")


@pytest.fixture(autouse=True)
def in_the_folder_of_the_pages(monkeypatch):
    monkeypatch.chdir(ROOT / "notebooks")


def cell_with(text):
    """Return the page's first code cell that holds this text."""
    return next(cell for cell in PAGE.code_cells if text in cell.source)


FIRST_EPOCH, ALL_EPOCHS = (cell_with(text).source for text in ("counting(network)", "in time_left(range("))


def open_page(characters=2_000):
    """Run the cells of the page up to the training, on only the first sonnets. Return its names."""
    names = {}
    for text in ("import math", "corpus = ", "hidden_size, seq_length, learning_rate ="):
        exec(cell_with(text).source, names)
    corpus = names["corpus"]
    names["corpus"] = Corpus("the first sonnets", corpus.text[:characters] + corpus.chars)  # every character occurs
    names["steps_per_epoch"] = (len(names["corpus"].ids) - 1) // names["seq_length"]
    for text in ("mine = ", "def write("):
        exec(cell_with(text).source, names)
    return names


def train_and_write(names, epochs=2):
    """Train and write as the page does. Return (losses, Counts of the first epoch, Counts of all that comes after)."""
    names["num_epochs"] = epochs
    exec(FIRST_EPOCH, names)
    with counting(names["network"]) as counts:
        exec(ALL_EPOCHS, names)
        for beginning, temperature in (("", 1), ("o love", 0.5)):
            names["write"](names["parameters"], names["corpus"], beginning, 30, temperature)
    return names["losses"], names["counts"], counts


def assert_all_theirs(names, done):
    """Train and write on the page. No taught function of the course may run where the learner has one."""
    losses, *both = train_and_write(names)
    for counts in both:
        assert not set(counts.courses) & set(done), counts
        assert set(counts.yours) <= set(done)
    return losses, both


@pytest.fixture(scope="module")
def of_the_course(tmp_path_factory):
    """The losses of the course's own functions, with nothing kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MY_RNN", str(tmp_path_factory.mktemp("nobody") / "my_rnn"))
        patch.chdir(ROOT / "notebooks")
        losses, counts, _ = train_and_write(open_page())
        assert counts.yours == {} and {"train_epoch", "forward_pass", "sample_ids"} <= set(counts.courses)
    return losses


# ---------------------------------------------------------------- the road


@pytest.mark.parametrize("style", STYLES)
def test_with_all_done_no_taught_function_of_the_course_runs(style, of_the_course):
    do(NETWORK if style else NETWORK[::-1], style)  # in reverse where they call each other
    names = open_page()
    assert list(names["mine"]) == list(NETWORK) and names["mine"].message == ""
    losses, both = assert_all_theirs(names, NETWORK)
    assert np.allclose(losses, of_the_course, rtol=1e-9, atol=0)
    if style == 0:  # here each function calls those before it, so they all run
        for counts in both:
            assert set(counts.yours) == set(NETWORK) - NO_ARROW and counts.courses == {}
            steps = [counts.yours[name] for name in ("forward_pass", "backward_pass", "sgd_step")]
            assert steps == [names["steps_per_epoch"]] * 3 and counts.yours["train_epoch"] == 1


@pytest.mark.parametrize("seed", range(2))
def test_with_a_random_half_done(seed, of_the_course):
    chosen = random.Random(seed)
    half = chosen.sample(NETWORK, len(NETWORK) // 2)  # also in a random order
    do(half, chosen.choice(STYLES))
    names = open_page()
    assert set(names["mine"]) == set(half)
    losses, both = assert_all_theirs(names, half)
    assert np.allclose(losses, of_the_course, rtol=1e-9, atol=0)
    assert all(counts.yours and set(counts.yours) <= set(half) - NO_ARROW for counts in both)


# ---------------------------------------------------------------- the page


def test_the_stop_button_costs_one_epoch_and_the_cell_continues_from_there(of_the_course, capsys):
    names = open_page()
    train_epoch, calls = names["network"].train_epoch, []

    def stopped_in_the_second(ids, parameters, *given):
        calls.append(1)
        if len(calls) == 2:
            parameters.W_hh[...] = 7  # as an interrupted epoch leaves them
            raise KeyboardInterrupt
        return train_epoch(ids, parameters, *given)

    names["network"].train_epoch = stopped_in_the_second
    with pytest.raises(KeyboardInterrupt):
        train_and_write(names)
    assert len(names["losses"]) == names["steps_per_epoch"] and abs(names["parameters"].W_hh).max() < 1
    for _ in range(2):  # the second time there is nothing left to train
        capsys.readouterr()
        exec(ALL_EPOCHS, names)
        assert np.allclose(names["losses"], of_the_course, rtol=1e-12, atol=0) and len(calls) == 3
        assert re.findall(r"^epoch +(\d+)", capsys.readouterr().out, re.MULTILINE) == ["1", "2"]


def test_the_forty_epochs_of_the_page_are_those_of_the_stored_run():
    run = load_run(ROOT / "data" / "sonnets_run.npz")
    output = "".join(texts(cell_with("in time_left(range(")))
    shown = {int(epoch): float(loss) for epoch, loss in re.findall(r"epoch +(\d+)  smoothed loss +([\d.]+)", output)}
    assert shown[40] == 85.70 and all(abs(run.epoch_losses[epoch] - loss) < 0.00501 for epoch, loss in shown.items())


def test_six_readings_beat_forty_from_each_start_and_only_with_both_changes():
    with open(ROOT / "experiments" / "claims" / "asides.csv", encoding="utf-8") as file:
        rows = {row["label"]: float(row["value"]) for row in csv.DictReader(file) if row["page"] == "06"}
    ways = ("both", "the rates alone", "the start alone")
    ends = {way: [rows[f"{way}, start {start}"] for start in range(3)] for way in ways}
    assert max(ends["both"]) < 85.70 < 90 < min(ends["the rates alone"] + ends["the start alone"])
    *_, last = re.findall(r"smoothed loss +([\d.]+)", "".join(texts(cell_with("better_losses, smoothed = [], None"))))
    assert abs(float(last) - ends["both"][0]) < 0.0051


def test_a_text_without_line_ends_is_continued_too():
    names = open_page()
    corpus = Corpus("one line", names["corpus"].text.replace("\n", " "))
    parameters = initialize_parameters(names["hidden_size"], corpus.vocab_size, np.random.default_rng(0))
    for beginning in ("", "o love"):
        written = names["write"](parameters, corpus, beginning, 30)
        assert written.startswith(beginning) and len(written) == len(beginning) + 30


def test_every_cell_of_the_page_runs_to_its_end_with_all_done(mine):
    """On the first sonnets and for two epochs: the output differs, but nothing fails."""
    do(NETWORK)
    names = {"Corpus": Corpus}
    for number, cell in enumerate(PAGE.code_cells[1:]):
        source = cell.source
        if source.startswith("corpus = "):
            source = source.replace(
                "\nprint", "\ncorpus = Corpus('sonnets', corpus.text[:4_000] + corpus.chars)\nprint", 1
            )
        if "own = load_corpus(FILE)\n" in source:
            source = source.replace("load_corpus(FILE)", "Corpus('own', load_corpus(FILE).text[:4_000])")
        if "verse_twice(" in source or "two_readers(" in source:  # these tell of verse that was left out here
            continue
        exec(compile(source, f"<cell {number}>", "exec"), names)
        names |= {"Corpus": Corpus, "num_epochs": 2}
    assert set(names["mine"]) == set(NETWORK) and own_functions().message == ""
    assert {"my_sonnets.npz", "my_network.py", "my_network.html"} <= {path.name for path in mine.iterdir()}
    run = load_run(mine / "my_sonnets.npz")  # tomorrow
    network, better = (names["write"](one, names["corpus"], "o love", 30) for one in (run.parameters, names["better"]))
    assert network == better
