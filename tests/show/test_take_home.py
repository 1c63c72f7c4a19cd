"""Taking a network home: three files, which belong together."""

import numpy as np
import pytest
from helpers import LINE, message_of

from course.engine import load_run
from course.own import one_page as one_page_module
from course.show import take_home as take_home_module
from course.show.take_home import take_home
from rnn_helpers import Corpus, initialize_parameters, train_epoch

pytestmark = pytest.mark.slow  # my_network.py runs alone


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def trained(name, readings=2):
    """Return what take_home needs of a small network that has read a text so often."""
    corpus = Corpus(name, LINE * 12)
    parameters, losses = initialize_parameters(5, corpus.vocab_size, np.random.default_rng(1)), []
    for _ in range(readings):
        losses += train_epoch(corpus.ids, parameters, 10, 0.01, losses[-1] if losses else None)
    return corpus, parameters, losses, 10


def test_the_three_files_belong_to_the_network_and_the_page_says_so(mine):
    corpus, parameters, losses, _ = training = trained("sonnets")
    numbers, code, alive = take_home(*training, "Ann", "O love").split("\n")
    assert numbers == "my_sonnets.npz has what the network learned in 2 readings."
    assert code.startswith("my_network.py has its functions. Alone in an empty folder, it read 6,000 characters twice:")
    assert alive.startswith("my_network.html has all ") and alive.endswith(" numbers in it, and the code.")
    back = load_run(mine / "my_sonnets.npz")
    assert all(map(np.array_equal, back.parameters, parameters)) and list(back.losses) == losses
    assert "def train_epoch(" in (mine / "my_network.py").read_text(encoding="utf-8")
    page = (mine / "my_network.html").read_text(encoding="utf-8")
    assert "Ann trained it" in page and 'value="O love"' in page


def test_the_network_of_another_text_leaves_the_files_of_the_sonnets(mine, monkeypatch):
    monkeypatch.setattr(take_home_module, "run_alone", lambda path, text: "It was not tried.")
    says = take_home(*trained("my songs.txt", 1))
    assert says.startswith("my_songs.npz has what the network learned in 1 reading.\n") and "It was not tried." in says
    assert {"my_songs.npz", "my_songs.html"} <= {path.name for path in mine.iterdir()}
    assert not (mine / "my_sonnets.npz").exists() and not (mine / "my_network.html").exists()


def test_in_the_browser_the_program_is_written_and_not_tried(mine, monkeypatch):
    monkeypatch.setattr(one_page_module.sys, "platform", "emscripten")
    assert "my_network.py has its functions. In the browser a page cannot start a second Python." in take_home(
        *trained("sonnets")
    )


def test_half_an_epoch_is_refused(mine):
    corpus, parameters, losses, length = trained("sonnets", 1)
    assert message_of(ValueError, take_home, corpus, parameters, losses[:-1], length).startswith("There are ")
    assert not mine.exists() or not {*mine.glob("my_*")}
