"""Watching a training: one display, few updates, a picture at the end, and no digit of the run changes."""

import html
import math
import random
import re
import sys
import time
import warnings
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import IPython.display
import numpy as np
import pytest
from helpers import RECIPES, TOY, WILD, Clock, assert_same_run, stop_after, train
from own_models import GRU, LEAKY, PLAIN

import rnn_helpers as rnn
from course import engine
from course.engine import training
from course.show import watching
from course.show.pictures import Picture
from course.show.watching import stopwatch, time_left, watch


class Screen:
    """Records what a notebook would show: every state of each display, and what screen readers get after it."""

    def __init__(self):
        self.displays, self.spoken = [], []

    def display(self, data, raw, display_id=False, metadata=None):
        if not display_id:
            self.spoken.append(data["text/html"])
            return None
        self.displays.append([])
        self.update(data, raw, metadata)
        return self

    def update(self, data, raw, metadata=None):
        assert raw
        is_picture = "image/png" in data and metadata["image/png"]["alt"] == data["text/plain"]
        self.displays[-1].append(Picture(None, data["text/plain"]) if is_picture else data)

    @property
    def states(self):
        (states,) = self.displays  # one display per training
        return states


def set_clock(monkeypatch, seconds):
    monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=Clock(seconds)))


@pytest.fixture
def screen(monkeypatch):
    """A notebook where each look at the clock takes 0.3 seconds and each training step may be drawn."""
    found = Screen()
    monkeypatch.setattr(IPython.display, "display", found.display)
    monkeypatch.setattr(watching, "in_notebook", lambda: True)
    monkeypatch.setattr(watching, "SHARE", math.inf)
    set_clock(monkeypatch, 0.3)
    return found


# ---------------------------------------------------------------- the run is the same


@pytest.mark.slow
@pytest.mark.parametrize("way", [watch, stopwatch])
@pytest.mark.parametrize("recipe", RECIPES)
def test_no_digit_of_the_run_changes(screen, recipe, way):
    random.seed(7)
    np.random.seed(7)
    before = random.getstate(), np.random.get_state()[1].tolist()
    assert_same_run(train(progress=way, **RECIPES[recipe]), train(**RECIPES[recipe]))
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    assert len(screen.states) >= 6 - 3 * ("streams" in RECIPES[recipe])


@pytest.mark.slow
@pytest.mark.parametrize("model", [PLAIN, LEAKY, GRU])
def test_every_model_can_be_watched(screen, model):
    assert_same_run(train(model=model, progress=watch), train(model=model))
    assert "it writes: " in repr(screen.states[-1])


def test_a_model_that_cannot_write_trains_all_the_same(screen):
    def forward(inputs, targets, h_prev, parameters):
        if len(inputs) != 10:
            raise TypeError("I read <10> letters.")
        return engine.RNN.forward(inputs, targets, h_prev, parameters)

    model = engine.RNN._replace(forward=forward)
    assert_same_run(train(model=model, progress=watch), train())
    assert "it cannot write: I read &lt;10&gt; letters." in screen.states[0]["text/html"]
    assert repr(screen.states[-1]).endswith("it cannot write: I read <10> letters.")


TEXTS = ["a" * 12, "abcabdabcabd", "一二三" * 4, "$x$ <&> $^\\ $x$", "a\x00b\x07c\ud800d😀e\u202ef\n\t g"]


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_any_text_can_be_watched(screen, text):
    corpus = rnn.Corpus("a $ text", text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # for example about a character that the font does not have
        run = train(corpus, seq_length=3, progress=watch)
        assert isinstance(screen.states[-1], Picture)
    assert_same_run(run, train(corpus, seq_length=3))
    for state in screen.states[:-1]:
        ElementTree.fromstring(state["text/html"].encode())


# ---------------------------------------------------------------- what is shown


@pytest.mark.slow
def test_one_display_that_ends_as_a_picture(screen):
    run = train(progress=watch)
    *drawings, picture = screen.states
    assert 4 <= len(drawings) <= 12 and all(set(state) == {"text/plain", "text/html"} for state in drawings)
    assert isinstance(picture, Picture)
    text = repr(picture).splitlines()
    assert text[0] == f"Picture: 3 epochs, 48 steps, smoothed loss {run.losses[-1]:.2f}"
    assert text[2].startswith("line 'smoothed loss', 48 points: ") and f"{run.losses[-1]:.4g} at 3;" in text[2]
    assert text[3] == f"level 'a guess, T ln V': {10 * math.log(28):.4g}"
    written = engine.sample(run.parameters, TOY, watching.LENGTH, temperature=0.5).replace("\n", "↵")
    assert text[4:] == ["it writes: " + written.rstrip()]
    assert [html.unescape(image.split('alt="')[1]) for image in screen.spoken] == [repr(picture) + '">']


def test_a_drawing_says_how_far_the_training_is(screen):
    run = train(progress=watch)
    drawing = screen.states[2]
    share, loss, left = re.fullmatch(r"(\d+)% done, loss ([\d.]+), (\d+) s left", drawing["text/plain"]).groups()
    done = round(int(share) / 100 * 48)
    assert f"{run.losses[done - 1]:.2f}" == loss and abs(int(left) - 0.3 * (48 - done)) < 10
    svg = ElementTree.fromstring(drawing["text/html"])
    points = [tuple(map(float, point.split(","))) for point in svg.find("polyline").get("points").split()]
    assert len(points) == done
    assert points[-1][0] == pytest.approx(watching.LEFT + (watching.RIGHT - watching.LEFT) * done / 48, abs=0.1)
    assert drawing["text/plain"] in svg.get("aria-label") and "it writes: " in svg.get("aria-label")
    assert "script" not in drawing["text/html"] and "id=" not in drawing["text/html"]


@pytest.mark.slow
def test_the_lines_are_fresh_and_stay_for_a_second(screen, monkeypatch):
    train(progress=watch, num_epochs=20)
    lines = [re.search(r">it writes: ([^<]*)<", state["text/html"])[1] for state in screen.states[:-1]]
    assert len(set(lines)) == len(lines) > 20
    screen.displays.clear()
    set_clock(monkeypatch, 0.03)
    train(progress=stopwatch, num_epochs=20)  # 320 steps, about 12 seconds
    lines = [re.search(r">it writes: ([^<]*)<", state["text/html"])[1] for state in screen.states[:-1]]
    assert len(lines) > 50 and 8 <= len(set(lines)) <= 16


@pytest.mark.slow
def test_slow_drawings_are_few(screen, monkeypatch):
    """A drawing takes 0.3 seconds here. That may be 2 % of the time, so the next one comes 15 seconds later."""
    monkeypatch.setattr(watching, "SHARE", 0.02)
    for way in (watch, stopwatch):
        screen.displays.clear()
        train(progress=way, num_epochs=20)  # 320 steps, 96 seconds
        assert 6 <= len(screen.states) <= 9


def test_the_stopwatch_runs_and_names_the_time(screen):
    run = train(progress=stopwatch)
    clocks = [re.search(r">([\d.]+) s</text>", state["text/html"])[1] for state in screen.states[:-1]]
    assert [float(clock) for clock in clocks] == sorted(map(float, clocks)) and len(clocks) > 5
    title = repr(screen.states[-1]).splitlines()[0]
    assert re.fullmatch(rf"Picture: 3 epochs, 48 steps, smoothed loss {run.losses[-1]:.2f}, in \d+\.\d\d s", title)


# ---------------------------------------------------------------- interrupts and divergence


def test_an_interrupted_and_a_resumed_run_leave_a_picture(screen, monkeypatch):
    part = stop_after(monkeypatch, 20, progress=watch)
    text = repr(screen.states[-1])
    assert text.startswith("Picture: interrupted after 20 of 48 steps; go on with resume=") and "20 points" in text
    screen.displays.clear()
    assert_same_run(train(resume=part, progress=watch), train())
    screen.displays.clear()
    stop_after(monkeypatch, 0, progress=watch)
    assert screen.states[-1] == {"text/plain": "interrupted after 0 of 48 steps; go on with resume="}


@pytest.mark.parametrize("at", range(8))
def test_an_interrupt_while_drawing_loses_nothing(screen, monkeypatch, at):
    """Also while the last picture is drawn."""
    put, calls = watching.Watched._put, iter(range(100))
    monkeypatch.setattr(training, "SNAPSHOT_EVERY", 1)

    def interrupted(self, *given):
        if next(calls) == at:
            raise KeyboardInterrupt
        put(self, *given)

    monkeypatch.setattr(watching.Watched, "_put", interrupted)
    run = train(progress=watch)
    assert run.interrupted == (at < next(calls) - 1)
    if run.interrupted:
        assert repr(screen.states[-1]).startswith(f"Picture: interrupted after {len(run.losses)} of 48 steps")
    assert np.array_equal(run.losses, train().losses[: len(run.losses)])


def test_a_second_interrupt_loses_nothing(screen, monkeypatch):
    def picture(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "_last_picture", picture)
    monkeypatch.setattr(training, "SNAPSHOT_EVERY", 1)
    run = train(progress=watch)
    assert run.interrupted and len(run.losses) == 48
    assert_same_run(train(resume=run), train())


def test_a_drawing_that_fails_does_not_end_the_training(screen, monkeypatch):
    def fail(*given):
        raise ValueError("no ink")

    for name in ("_drawing", "_last_picture"):
        monkeypatch.setattr(watching, name, fail)
    assert_same_run(train(progress=watch), train())
    assert all(state["text/plain"].endswith(" (no picture: no ink)") for state in screen.states)


def test_a_divergence_leaves_a_picture(screen):
    with pytest.raises(engine.TrainingDiverged) as caught:
        train(**WILD, num_epochs=6, resume=train(hidden_size=16), progress=watch)
    text = repr(screen.states[-1])
    assert text.startswith(f"Picture: diverged at step {caught.value.step} of 96\n")
    assert f"{len(caught.value.run.losses)} points" in text and "it writes" not in text


# ---------------------------------------------------------------- without a notebook


@pytest.mark.slow
@pytest.mark.parametrize("way", [watch, stopwatch, watch(plain_words=True)])
def test_a_terminal_shows_the_line(monkeypatch, capsys, way):
    out = []
    for progress in (True, way):
        monkeypatch.setattr(time, "monotonic", Clock(0.3))
        train(progress=progress)
        out.append(capsys.readouterr())
    assert out[0] == out[1] and " 50%" in out[0].out and out[0].err == ""


def test_what_counts_as_a_notebook(monkeypatch):
    def shell(name):
        return SimpleNamespace(get_ipython=lambda: type(name, (), {})() if name else None)

    answers = {"ZMQInteractiveShell": True, "Shell": True, "TerminalInteractiveShell": False, "": False}
    for name, answer in answers.items():
        monkeypatch.setitem(sys.modules, "IPython", shell(name))
        assert watching.in_notebook() is answer
    monkeypatch.delitem(sys.modules, "IPython")
    assert watching.in_notebook() is False


def test_it_can_be_told_in_plain_words(screen):
    """Page 00 shows it before any of these terms is explained."""
    terms = re.compile(r"loss|epoch|step|nats|T ln V")
    train(progress=watch(plain_words=True))
    *drawings, picture = screen.states
    assert drawings and not any(terms.search(state["text/html"]) for state in drawings)
    text = repr(picture).splitlines()
    assert not any(map(terms.search, text[:-1])) and "surprise over fifty characters" in text[1]
    assert text[3].startswith("level 'a blind guess': ")


# ---------------------------------------------------------------- a loop of the learner's own


def test_the_time_left_of_a_loop_is_told_in_one_display_and_its_end_holds_no_time(screen, monkeypatch):
    set_clock(monkeypatch, 30)  # so long a round takes
    assert list(time_left(range(4))) == [0, 1, 2, 3]
    told = ["0 of 4 epochs", *(f"{n} of 4 epochs, about {(4 - n) * 30} seconds left" for n in (1, 2, 3))]
    assert [state["text/plain"] for state in screen.states] == [*told, "4 of 4 epochs"]
    set_clock(monkeypatch, 60)
    rounds = time_left([0.01, 0.001, 0.0001])
    assert next(rounds) == 0.01 and next(rounds) == 0.001
    assert screen.displays[-1][-1]["text/plain"] == "1 of 3 epochs, about 2 minutes left"


def test_outside_of_a_notebook_a_loop_shows_nothing(capsys):
    assert list(time_left(["a", "b"])) == ["a", "b"]
    assert list(time_left([])) == []
    assert capsys.readouterr() == ("", "")
