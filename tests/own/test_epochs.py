"""The loop of page 06 around a learner's functions, with functions that only write down what they get."""

from types import SimpleNamespace

import IPython.display
import numpy as np
import pytest
from helpers import Clock

from course.own import epochs
from course.own.epochs import Epochs
from rnn_helpers import Corpus


@pytest.mark.parametrize("text, first", [("a cab\n" * 3, "\n"), ("a cab" * 3, " ")])
def test_what_it_writes_begins_behind_a_line_end_or_the_first_character_that_there_is(text, first):
    read, corpus = [], Corpus("letters", text)
    network = SimpleNamespace(
        rnn_step=lambda char_id, h, parameters: read.append(char_id) or h,
        sample_ids=lambda parameters, h, last_id, *more: read.append(last_id) or np.array([], int),
    )
    assert Epochs(network, corpus, 3, 4).write("cab", 0) == "cab"
    assert corpus.decode(read) == f"{first}cab" and corpus.chars[0] == first != corpus.chars[-1]


def test_the_time_left_is_told_in_one_display_and_the_end_holds_no_time(monkeypatch):
    displays = []

    def display(data, display_id, raw):
        displays.append([data["text/plain"]])
        return SimpleNamespace(update=lambda data, raw: displays[-1].append(data["text/plain"]))

    monkeypatch.setattr(IPython.display, "display", display)
    monkeypatch.setattr(epochs, "in_notebook", lambda: True)
    monkeypatch.setattr(epochs, "time", SimpleNamespace(monotonic=Clock(30)))
    clock = epochs.TimeLeft(2, 6)
    clock.show(3)  # a round took 30 seconds, and three are left
    clock.show(4)  # 60 seconds for two rounds
    clock.end(4)
    assert displays.pop() == [
        "2 of 6 epochs",
        "3 of 6 epochs, about 90 seconds left",
        "4 of 6 epochs, about 60 seconds left",
        "4 of 6 epochs",
    ]
    monkeypatch.setattr(epochs, "time", SimpleNamespace(monotonic=Clock(60)))
    epochs.TimeLeft(0, 5).show(1)
    assert displays == [["0 of 5 epochs", "1 of 5 epochs, about 4 minutes left"]]


def test_a_script_is_not_told_the_time_left(capsys):
    clock = epochs.TimeLeft(0, 2)
    clock.show(1)
    clock.end(1)
    assert capsys.readouterr() == ("", "")
