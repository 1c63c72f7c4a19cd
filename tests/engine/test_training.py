"""Training: how it starts, repeating, interrupting, resuming, diverging, and its messages."""

import dataclasses
import math
import sys
import time
import warnings

import numpy as np
import pytest
from helpers import RECIPES, TOY, WILD, Clock, assert_same_run, message_of, stop_after, train

import rnn_helpers as rnn
from course import engine
from course.engine import model, training
from course.engine.runs import ids_sha256
from course.models.gates import GRU

# ---------------------------------------------------------------- how it starts


def test_some_parameters_start_with_numbers_of_the_size_given_and_the_others_with_fan_in():
    for network, name in [(engine.RNN, "W_xh"), (GRU, "W_xr")]:
        start, plain = [
            engine.train(TOY, 64, 10, 1e-9, 1, init=init, model=network, progress=False).parameters
            for init in ({name: 3}, "fan_in")
        ]
        for other, value in start._asdict().items():
            if other == name:
                assert np.sqrt(np.mean(value**2)) == pytest.approx(3, rel=0.1)
            else:
                np.testing.assert_allclose(value, getattr(plain, other), atol=1e-5)


# ---------------------------------------------------------------- what a run reports


def test_losses_and_settings_of_a_run():
    run = train(num_epochs=3)
    per_epoch = (len(TOY.ids) - 1) // 10
    assert run.sequences_per_epoch == per_epoch == 16
    assert run.losses.shape == (3 * per_epoch,) and run.losses.dtype == np.float64
    assert run.epoch_losses.tolist() == run.losses[[0, 15, 31, 47]].tolist()
    assert dataclasses.asdict(run.settings) == {
        **{"corpus": "toy", "characters": len(TOY.ids), "hidden_size": 6, "seq_length": 10, "learning_rate": 0.05},
        **{"num_epochs": 3, "seed": 0, "max_norm": None, "optimizer": "sgd", "streams": 1, "init": 0.01},
        **{"decay": None, "dtype": "float64", "rates": None, "model": "RNN", "ids_sha256": ids_sha256(TOY.ids)},
    }, "the defaults are those of 2019"
    assert run.chars == TOY.chars and run.means == () and run.interrupted is False
    assert run.h.shape == (6,)
    assert repr(run) == f"TrainingRun('toy': 3 epochs, 48 steps, smoothed loss {run.losses[-1]:.2f})"


def test_epoch_losses_of_a_part_of_an_epoch(monkeypatch):
    for steps, rows in [(1, [0]), (15, [0]), (16, [0, 15]), (40, [0, 15, 31])]:
        run = stop_after(monkeypatch, steps)
        assert run.epoch_losses.tolist() == run.losses[rows].tolist()
    assert len(stop_after(monkeypatch, 0).epoch_losses) == 0
    assert "interrupted" in repr(run) and "2.5 epochs, 40 steps" in repr(run)


def test_float32_stays_float32_and_close(monkeypatch):
    wide, narrow = train(), train(dtype="float32")
    for value in (*narrow.parameters, narrow.h):
        assert value.dtype == np.float32
    np.testing.assert_allclose(narrow.losses, wide.losses, rtol=1e-5)
    assert {mean.dtype for mean in train(dtype="float32", optimizer="adam").means[1]} == {np.dtype(np.float32)}
    start = stop_after(monkeypatch, 0, dtype="float32")
    assert start.h.dtype == np.float32 and not start.h.any()


# ---------------------------------------------------------------- resume


@pytest.mark.parametrize("recipe", RECIPES)
def test_resumed_equals_uninterrupted(monkeypatch, tmp_path, recipe):
    whole = train(**RECIPES[recipe])
    for steps in [stop for stop in (7, 16) if stop < len(whole.losses)]:  # inside an epoch, between epochs
        part = stop_after(monkeypatch, steps, **RECIPES[recipe])
        assert np.array_equal(part.losses, whole.losses[:steps])
        engine.save_run(part, tmp_path / "part.npz")
        for given in (part, engine.load_run(tmp_path / "part.npz")):
            assert_same_run(train(**RECIPES[recipe], resume=given), whole)


def test_resume_does_not_change_the_run_it_gets(monkeypatch):
    recipe = RECIPES["all"]
    part = stop_after(monkeypatch, 10, **recipe)
    arrays = [part.losses, part.h, *part.parameters, *[value for mean in part.means for value in mean]]
    before = [array.copy() for array in arrays]
    settings = part.settings
    finished = train(**recipe, resume=part)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, before))
    assert part.settings == settings and part.interrupted
    assert not any(np.shares_memory(a, b) for a, b in zip(finished.parameters, part.parameters))


def test_resume_takes_more_epochs_a_new_learning_rate_and_clipping():
    part = train(num_epochs=1)
    assert_same_run(train(num_epochs=2, resume=part), train(num_epochs=2))
    run = train(num_epochs=2, resume=part, learning_rate=0.01, max_norm=3.0)
    assert (run.settings.learning_rate, run.settings.max_norm) == (0.01, 3.0)
    assert not np.array_equal(run.losses, train(num_epochs=2).losses)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hidden_size": 7}, ["hidden_size=6", "not 7"]),
        ({"seq_length": 11}, ["seq_length=10", "not 11"]),
        ({"seed": 1}, ["seed=0", "not 1"]),
        ({"init": "fan_in"}, ["init=0.01", "not 'fan_in'"]),
        ({"optimizer": "adam"}, ["optimizer='sgd'", "'adam'"]),
        ({"streams": 2}, ["streams=1", "not 2"]),
        ({"decay": "linear"}, ["decay=None", "'linear'"]),
        ({"dtype": "float32"}, ["dtype='float64'", "'float32'"]),
        ({"rates": {"W_xh": 8}}, ["rates=None", "{'W_xh': 8.0}"]),
        ({"num_epochs": 1}, ["2 epochs already", "more than 1"]),
        ({"num_epochs": 4, "decay": "linear", "resume": train(num_epochs=2, decay="linear")}, ["num_epochs=2"]),
        ({"corpus": rnn.Corpus("longer", TOY.text * 2)}, ["165", "330"]),
        ({"corpus": rnn.Corpus("other", "abc" * 55)}, ["28 characters", "'other'", "'abc'"]),
    ],
)
def test_resume_refuses_what_does_not_fit(change, words):
    message = message_of(ValueError, train, **{"num_epochs": 2, "resume": train(num_epochs=2), **change})
    assert all(word in message for word in words), message


# ---------------------------------------------------------------- interrupts


@pytest.mark.slow
def test_an_interrupt_at_any_line_loses_nothing(monkeypatch, capsys):
    """Ctrl-C can hit between any two lines, also in the middle of an update or while the last line is printed."""
    settings = {"hidden_size": 2, "seq_length": 2, "num_epochs": 2, "optimizer": "adam", "progress": True}
    corpus = rnn.Corpus("tiny", "abcabdabc")  # 4 steps an epoch
    monkeypatch.setattr(training, "SNAPSHOT_EVERY", 3)
    whole = train(corpus, **settings)

    def train_with_interrupt(at):
        """Return (run, number of lines that ran); at=None only counts."""
        lines = 0

        def trace(frame, event, argument):
            nonlocal lines
            if frame.f_code.co_filename not in (training.__file__, model.__file__):
                return None
            if event == "line" and (lines or frame.f_code.co_name == "forward"):
                lines += 1
                if lines == at:
                    raise KeyboardInterrupt
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            with np.errstate():  # an interrupt on the last line of train's own errstate would leave it active
                run = train(corpus, **settings)
        finally:
            sys.settrace(before)
        return run, lines

    _, number_of_lines = train_with_interrupt(None)
    places = [*range(1, number_of_lines - 30, 11), *range(number_of_lines - 30, number_of_lines + 1)]
    assert len(places) > 60
    for place in places:
        try:
            run, _ = train_with_interrupt(place)
        except KeyboardInterrupt:
            pytest.fail(f"the whole run is lost when Ctrl-C lands on line {place} of the {number_of_lines} that run")
        assert run.interrupted, f"Ctrl-C on line {place} of {number_of_lines} was swallowed"
        assert np.array_equal(run.losses, whole.losses[: len(run.losses)])
        assert_same_run(train(corpus, **settings, resume=run), whole)


# ---------------------------------------------------------------- divergence


def test_a_learning_rate_of_10_stops_with_a_clear_error():
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the error says it all: there must be no warning
        with pytest.raises(engine.TrainingDiverged) as caught:
            train(**WILD)
    error, message = caught.value, str(caught.value)
    assert isinstance(error.step, int) and 0 < error.step < 48
    assert f"at step {error.step:,} (epoch {error.step // 16 + 1})" in message
    assert message.startswith(("The loss became inf", "The loss became nan"))
    assert "learning rate below 10" in message and "max_norm" in message and message.endswith(".")
    assert len(error.run.losses) <= error.step and f"after {len(error.run.losses):,} steps" in message


def test_the_last_good_run_can_be_used_and_resumed():
    good = train(num_epochs=4, hidden_size=16)
    with pytest.raises(engine.TrainingDiverged) as caught:
        train(**WILD, num_epochs=6, resume=good)
    run = caught.value.run
    assert 64 <= len(run.losses) <= caught.value.step
    assert np.array_equal(run.losses[:64], good.losses)
    assert np.isfinite(run.losses).all() and np.isfinite(run.h).all()
    assert all(np.isfinite(value).all() for value in run.parameters)
    assert math.isfinite(engine.evaluate(run.parameters, TOY.ids[:2])) and not run.interrupted
    calm = train(num_epochs=6, hidden_size=16, learning_rate=0.01, resume=good)
    assert len(calm.losses) == 96 and np.isfinite(calm.losses).all()
    if len(run.losses) == 64:  # nothing wrong was kept, so training goes on as if nothing had happened
        assert_same_run(train(num_epochs=6, hidden_size=16, learning_rate=0.01, resume=run), calm)


@pytest.mark.parametrize("size", [math.nan, 1e200])
def test_gradients_that_cannot_be_clipped_are_a_divergence(size):
    """The square of 1e200 is too large for a float: scaled by that norm, all gradients would be 0."""
    steps = iter(range(1000))

    def backward(*given):
        gradients = rnn.backward_pass(*given)
        return gradients._replace(b_h=np.full(6, size)) if next(steps) == 30 else gradients

    with pytest.raises(engine.TrainingDiverged, match=r"^The gradients became infinite at step 30 ") as caught:
        train(max_norm=5, model=engine.RNN._replace(backward=backward))
    assert len(caught.value.run.losses) == 25 and caught.value.step == 30
    assert "max_norm" not in str(caught.value), "it was clipped, so that is no advice"


def test_the_last_update_is_checked_too():
    """The only step is so large that the parameters overflow, and there is no later loss that could show it."""
    corpus = rnn.Corpus("short", TOY.text[:11])
    with pytest.raises(engine.TrainingDiverged) as caught:
        train(corpus, learning_rate=1.7e308, num_epochs=1, max_norm=1e6, init=1.0)
    assert all(np.isfinite(value).all() for value in caught.value.run.parameters)
    assert caught.value.step == 0 and "infinite at step 0 (epoch 1)" in str(caught.value)


# ---------------------------------------------------------------- what it prints


def screen(text):
    """Return what a terminal shows in the end: text after a carriage return overwrites the line."""
    lines = []
    for line in text.split("\n"):
        shown = ""
        for part in line.split("\r"):
            shown = part + shown[len(part) :]
        lines.append(shown.rstrip())
    return lines


@pytest.mark.parametrize("seconds", [0.001, 7])
def test_progress_ends_in_fixed_text(monkeypatch, capsys, seconds):
    monkeypatch.setattr(time, "monotonic", Clock(seconds))
    run = train(progress=True)
    out, err = capsys.readouterr()
    assert err == "" and out.endswith("\n")
    assert screen(out) == [f"3 epochs, 48 steps, smoothed loss {run.losses[-1]:.2f}", ""]
    on_the_way = [part for part in out.split("\r") if "left" in part]
    if seconds < 0.01:
        assert not on_the_way
    else:
        assert len(on_the_way) >= 47
        assert " 50%" in "".join(on_the_way) and f"loss {run.losses[23]:.2f}" in "".join(on_the_way)
        left = [float(part.split()[-3]) for part in on_the_way]
        assert left[0] > left[20] > left[40] >= 0
        assert left[23] == pytest.approx(24 * seconds, rel=0.1, abs=1)


def test_progress_of_interrupted_resumed_and_diverged_runs(monkeypatch, capsys):
    monkeypatch.setattr(time, "monotonic", Clock(11))
    part = stop_after(monkeypatch, 20, progress=True)
    assert screen(capsys.readouterr().out) == ["interrupted after 20 of 48 steps; go on with resume=", ""]
    train(progress=True, resume=part)
    resumed = capsys.readouterr().out
    assert "  2%" not in resumed and " 50%" in resumed, "the share done counts what was done before"
    seconds_left = float(next(part for part in resumed.split("\r") if "left" in part).split()[-3])
    assert seconds_left == pytest.approx(27 * 11, abs=1), "the time left does not"
    with pytest.raises(engine.TrainingDiverged) as caught:
        train(**WILD, progress=True)
    assert screen(capsys.readouterr().out) == [f"diverged at step {caught.value.step} of 48", ""]


def test_no_progress_prints_nothing(capfd, monkeypatch):
    train(progress=False)
    stop_after(monkeypatch, 20)
    with pytest.raises(engine.TrainingDiverged):
        train(**WILD)
    assert capfd.readouterr() == ("", "")


# ---------------------------------------------------------------- evaluate


@pytest.mark.parametrize("length", [2, 1002, 2501])
@pytest.mark.parametrize("streams", [None, 3])
def test_evaluate_carries_the_state_through_the_text(length, streams):
    parameters = engine.initialize_rnn(5, 28, np.random.default_rng(1), 1.0)
    shape = length if streams is None else (length, streams)
    ids = np.random.default_rng(2).integers(0, 28, shape)
    h = np.zeros(5 if streams is None else (streams, 5))
    loss = engine.RNN.forward(ids[:-1], ids[1:], h, parameters).loss
    result = engine.evaluate(parameters, ids)
    assert type(result) is float
    assert result == pytest.approx(loss / ids[1:].size, rel=1e-12)
    assert engine.evaluate(parameters, ids.tolist()) == result


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ([], ["(0,)", "2 characters"]),
        ([3], ["(1,)", "2 characters"]),
        ([1, 28], ["id 28", "0 to 27"]),
        ([-1, 2], ["id -1"]),
        ([1.0, 2.0], ["float64"]),
    ],
)
def test_bad_texts_for_evaluate(ids, words):
    run = train(num_epochs=1)
    message = message_of(ValueError, engine.evaluate, run.parameters, ids)
    assert all(word in message for word in words), message
    assert message_of(ValueError, engine.evaluate, run, ids) == message, "a run is as good as its parameters"
