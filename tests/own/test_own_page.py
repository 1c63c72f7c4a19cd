"""Page 06 trains the learner's own functions, all of them, half or none. The calls are counted while it runs."""

import random
import re

import numpy as np
import pytest
from helpers import ROOT
from notebook_pages import Page, texts
from own_road import STYLES, do

from course import counting, own_functions
from course.engine import load_run, own_run, save_run
from course.lessons import NETWORK
from course.own.epochs import Epochs
from rnn_helpers import Corpus

pytestmark = pytest.mark.slow

PAGE = Page("06_your_network")
RUN_NEVER = {"softmax_gradient", "clip_gradients"}  # one explains, and the steps of page 06 are never too long


@pytest.fixture(autouse=True)
def in_the_folder_of_the_pages(monkeypatch):
    monkeypatch.chdir(ROOT / "notebooks")


def source_of(start):
    """Return the source of the page's first code cell that begins with this text."""
    return next(cell.source for cell in PAGE.code_cells if cell.source.startswith(start))


def open_page(characters=2_000):
    """Run the cells of the page up to the training, on only the first sonnets. Return its names."""
    names = {"display": lambda *given: None}
    for start in ("import math", "corpus = ", "hidden_size, "):
        exec(source_of(start), names)
    corpus = names["corpus"]
    names["corpus"] = Corpus("the first sonnets", corpus.text[:characters] + corpus.chars)  # every character occurs
    names["steps_per_epoch"] = (len(names["corpus"].ids) - 1) // names["seq_length"]
    for start in ("mine = ", "yours = "):
        exec(source_of(start), names)
    return names


def begin(names):
    return Epochs(names["network"], names["corpus"], names["hidden_size"], names["seq_length"])


def train_and_write(names, epochs=2, length=30):
    """Train and write as the page does. Return (losses, the text written, the functions that ran)."""
    with counting(names["network"]) as counts:
        training = begin(names)
        training.go_on(epochs, names["learning_rate"])
        text = training.write("\n", length) + training.write("o love", length, 0.5)
    return training.losses, text, counts


def assert_all_theirs(names, done):
    """Train and write on the page. No taught function of the course may run where the learner has one."""
    losses, _, counts = train_and_write(names)
    assert not set(counts.courses) & set(done), counts
    assert set(counts.yours) <= set(done)
    return losses, counts


@pytest.fixture(scope="module")
def of_the_course(tmp_path_factory):
    """The losses of the course's own functions, with nothing kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MY_RNN", str(tmp_path_factory.mktemp("nobody") / "my_rnn"))
        losses, _, counts = train_and_write(open_page())
        assert counts.yours == {} and {"train_epoch", "forward_pass", "sample_ids"} <= set(counts.courses)
    return losses


# ---------------------------------------------------------------- the road


@pytest.mark.parametrize("style", STYLES)
def test_with_all_done_no_taught_function_of_the_course_runs(style, of_the_course):
    do(NETWORK if style else NETWORK[::-1], style)  # in reverse where they call each other
    names = open_page()
    assert list(names["mine"]) == list(NETWORK) and names["mine"].message == ""
    losses, counts = assert_all_theirs(names, NETWORK)
    assert np.allclose(losses, of_the_course, rtol=1e-9, atol=0)
    if style == 0:  # here each function calls those before it, so they all run
        assert set(counts.yours) == set(NETWORK) - RUN_NEVER and counts.courses == {}
        steps = 2 * names["steps_per_epoch"]
        assert counts.yours["forward_pass"] == counts.yours["backward_pass"] == counts.yours["sgd_step"] == steps
        assert counts.yours["train_epoch"] == 2


@pytest.mark.parametrize("seed", range(2))
def test_with_a_random_half_done(seed, of_the_course):
    chosen = random.Random(seed)
    half = chosen.sample(NETWORK, len(NETWORK) // 2)  # also in a random order
    do(half, chosen.choice(STYLES))
    names = open_page()
    assert set(names["mine"]) == set(half)
    losses, counts = assert_all_theirs(names, half)
    assert np.allclose(losses, of_the_course, rtol=1e-9, atol=0)
    callers = set(half) - RUN_NEVER & set(half)
    assert counts.yours and set(counts.yours) <= callers


# ---------------------------------------------------------------- the page


def test_the_stop_button_returns_to_the_last_whole_epoch_and_going_on_starts_there(of_the_course, capsys):
    names = open_page()
    train_epoch, calls = names["network"].train_epoch, []

    def stopped_in_the_second(ids, parameters, *given):
        calls.append(1)
        if len(calls) == 2:
            parameters.W_hh[...] = 7  # as an interrupted epoch leaves them
            raise KeyboardInterrupt
        return train_epoch(ids, parameters, *given)

    names["network"].train_epoch = stopped_in_the_second
    training = begin(names)
    training.go_on(2, names["learning_rate"])
    assert "Stopped. Whole epochs that are kept: 1." in capsys.readouterr().out and len(training.kept) == 2
    training.go_on(2, names["learning_rate"])
    assert np.allclose(training.losses, of_the_course, rtol=1e-12, atol=0)


def test_what_is_saved_goes_on_in_a_new_kernel_as_if_nothing_had_happened(tmp_path, of_the_course):
    names, learning_rate = open_page(), 0.001
    training = begin(names)
    training.go_on(1, learning_rate)
    save_run(own_run(names["corpus"], training.parameters, training.losses, 50, learning_rate), tmp_path / "it.npz")
    tomorrow = begin(names)
    tomorrow.take(load_run(tmp_path / "it.npz"))
    assert tomorrow.write("o love", 30) == training.write("o love", 30)
    tomorrow.go_on(2, learning_rate)
    assert np.allclose(tomorrow.losses, of_the_course, rtol=1e-12, atol=0)


def test_a_text_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match=r"The text has 50 characters, too few for one sequence of 50\."):
        Epochs(own_functions().network, Corpus("short", "ab" * 25), 75, 50)


def test_the_forty_epochs_of_the_page_are_those_of_the_stored_run():
    run = load_run(ROOT / "data" / "sonnets_run.npz")
    cell = next(cell for cell in PAGE.code_cells if "sonnets.go_on(num_epochs, learning_rate)" in cell.source)
    shown = {
        int(epoch): float(loss)
        for epoch, loss in re.findall(r"epoch +(\d+)  smoothed loss +([\d.]+)", "".join(texts(cell)))
    }
    assert shown[40] == 85.70 and all(abs(run.epoch_losses[epoch] - loss) < 0.00501 for epoch, loss in shown.items())


def test_every_cell_of_the_page_runs_to_its_end_with_all_done(mine):
    """On the first sonnets and for two epochs: the output differs, but nothing fails."""
    do(NETWORK)
    names = {"display": lambda *given: None, "Corpus": Corpus}
    for number, cell in enumerate(PAGE.code_cells[1:]):
        source = cell.source
        if source.startswith("corpus = "):
            source = source.replace(
                "\nprint", "\ncorpus = Corpus('first', corpus.text[:4_000] + corpus.chars)\nprint", 1
            )
        if "own = load_corpus(FILE)\n" in source:
            source = source.replace("load_corpus(FILE)", "Corpus('own', load_corpus(FILE).text[:4_000])")
        if "ColoredText(" in source or "two_readers(" in source:  # these tell of verse that was left out here
            continue
        exec(compile(source, f"<cell {number}>", "exec"), names)
        names |= {"Corpus": Corpus, "num_epochs": 2, "EPOCHS": 2}
    assert set(names["mine"]) == set(NETWORK) and own_functions().message == ""
    assert {"my_sonnets.npz", "my_network.py", "my_network.html"} <= {path.name for path in mine.iterdir()}
