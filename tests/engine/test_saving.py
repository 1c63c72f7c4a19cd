"""Saving and loading runs, with files that are truncated, damaged or half-written."""

import json
import os
import pickle
import re
from dataclasses import replace

import numpy as np
import pytest
from helpers import TOY, assert_same_run, message_of, train

import rnn_helpers as rnn
from course import engine
from course.models.gates import GRU

# ---------------------------------------------------------------- save and load


def runs():
    small = {"hidden_size": 4, "num_epochs": 1, "learning_rate": 0.01}
    yield "2019", RUN
    yield "all", train(**small, optimizer="adam", streams=3, decay="linear", init="fan_in", dtype="float32")
    yield "muon", train(**small, optimizer="muon", max_norm=5, seed=12)
    yield "own rates", train(**small, init={"W_xh": 1}, rates={"W_xh": 8, "b_y": 0.5})
    with pytest.raises(engine.TrainingDiverged) as caught:
        train(hidden_size=16, seq_length=25, learning_rate=10, num_epochs=2)
    yield "no step done", caught.value.run


RUN = train(hidden_size=5, num_epochs=2)


RUNS = dict(runs())


@pytest.mark.parametrize("name", RUNS)
def test_a_run_comes_back_the_same(tmp_path, name):
    file_name = "no ending" if name == "muon" else "бег.npz"
    path = tmp_path / file_name
    RUNS[name].interrupted = name == "all"
    assert engine.save_run(RUNS[name], path) is None
    assert os.listdir(tmp_path) == [file_name]
    back = engine.load_run(str(path))
    assert_same_run(back, RUNS[name])
    assert type(back.interrupted) is bool and type(back.chars) is str
    assert {type(arrays) for arrays in (back.parameters, *back.means)} == {rnn.Parameters}
    assert back.settings == RUNS[name].settings
    assert repr(back) == repr(RUNS[name])


def trained_by_hand(num_epochs):
    """Train as page 06 does, with the functions of the lessons. Return (parameters, losses)."""
    parameters, losses = rnn.initialize_parameters(5, TOY.vocab_size, np.random.default_rng(0)), []
    for _ in range(num_epochs):
        losses += rnn.train_epoch(TOY.ids, parameters, 10, 0.1, losses[-1] if losses else None)
    return parameters, losses


def test_what_was_trained_by_hand_is_saved_and_training_can_go_on_from_there(tmp_path):
    parameters, losses = trained_by_hand(1)
    run = engine.own_run(TOY, parameters, losses, 10, 0.1)
    assert engine.save_run(run, tmp_path / "mine.npz") is None
    back = engine.load_run(tmp_path / "mine.npz")
    assert all(map(np.array_equal, back.parameters, parameters)) and list(back.losses) == losses
    assert (back.chars, back.vocabulary.name) == (TOY.chars, TOY.name)
    wanted, more = trained_by_hand(2)
    on = engine.train(TOY, 5, 10, 0.1, 2, resume=back, progress=False)
    np.testing.assert_allclose(on.losses, more, rtol=1e-9)
    for found, value in zip(on.parameters, wanted):
        np.testing.assert_allclose(found, value, rtol=1e-7, atol=1e-12)


def test_what_is_no_training_by_hand_is_refused(tmp_path):
    parameters, losses = trained_by_hand(1)
    for wrong, words in [
        (
            (TOY, parameters, losses[:-1], 10, 0.1),
            f"There are {len(losses) - 1} losses, and an epoch has {len(losses)}",
        ),
        ((TOY, parameters, [], 10, 0.1), "There are 0 losses"),
        ((TOY, parameters._replace(b_y=parameters.b_h), losses, 10, 0.1), "The parameters have the shapes"),
    ]:
        assert message_of(ValueError, engine.own_run, *wrong).startswith(words)
    other = rnn.Corpus("other", "ab" * 85)
    message = message_of(ValueError, engine.own_run, other, parameters, losses, 10, 0.1)
    assert "W_hy does not have one row for each of the 2 characters" in message


def rewritten(path, **changes):
    """Write RUN to a complete file with other arrays or settings; None removes one."""
    engine.save_run(RUN, path)
    with np.load(path) as file:
        arrays = dict(file)
    settings = json.loads(str(arrays["settings"]))
    for name, value in changes.items():
        if name in settings:
            settings[name] = value
        elif value is None:
            del arrays[name]
        else:
            arrays[name] = value
    np.savez(path, **{**arrays, "settings": json.dumps(settings)})


REWRITTEN = {
    "losses of nan": ({"losses": np.full(32, np.nan)}, "the losses are not finite"),
    "losses below 0": ({"losses": -RUN.losses}, "the losses are not finite numbers of 0 or more"),
    "more losses than sequences": ({"losses": np.ones(33)}, "there are 33 losses, and num_epochs=2 has 32"),
    "fewer epochs": ({"num_epochs": 1}, "there are 32 losses, and num_epochs=1 has 16"),
    "a shorter text": ({"characters": 100}, "there are 32 losses, and num_epochs=2 has 18"),
    "another hidden_size": ({"hidden_size": 7}, r"W_xh .* shape \(5, 28\), not float64 and \(7, 28\)"),
    "another number of streams": ({"streams": 2, "num_epochs": 9}, r"h, of shape \(5,\), is not .* of shape \(2, 5\)"),
    "W_hh of (4, 4)": ({"W_hh": np.ones((4, 4))}, r"W_hh .* shape \(4, 4\), not float64 and \(5, 5\)"),
    "b_h of (1,)": ({"b_h": np.ones(1)}, r"b_h .* shape \(1,\), not float64 and \(5,\)"),
    "W_hy of (28, 1)": ({"W_hy": np.ones((28, 1))}, r"W_hy .* shape \(28, 1\), not float64 and \(28, 5\)"),
    "no h": ({"h": None}, r"the state h, of shape \(\), is not one of numbers of shape \(5,\)"),
    "h of (1,)": ({"h": np.ones(1)}, r"the state h, of shape \(1,\)"),
    "h of ()": ({"h": np.ones(())}, r"the state h, of shape \(\)"),
    "h of nan": ({"h": np.full(5, np.nan)}, "the state h, .*, is not one of numbers"),
    "h of text": ({"h": np.array([*"abcde"])}, "the state h, .*, is not one of numbers"),
    "losses in a table": ({"losses": np.ones((16, 2))}, "the losses are not finite"),
    "losses of text": ({"losses": np.array(["a"])}, "the losses are not finite"),
    "W_xh float32": ({"W_xh": RUN.parameters.W_xh.astype(np.float32)}, "W_xh .* type float32"),
    "W_hh of nan": ({"W_hh": np.nan * RUN.parameters.W_hh}, "W_hh holds nan or inf"),
    "no W_hh": ({"W_hh": None}, "there is no 'W_hh' in it"),
    "one character less": ({"chars": np.arange(97, 124)}, "W_hy does not have one row for each of the 27 characters"),
    "streams of 2.5": ({"streams": 2.5}, "streams is 2.5: it must be a whole number, 1 or more"),
    "length of text": ({"characters": "many"}, ""),
    "an unknown optimizer": ({"optimizer": "sdg"}, "optimizer is 'sdg': it must be one of"),
    "adam without its means": ({"optimizer": "adam"}, "there are 0 running means, and adam has 2"),
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_a_whole_file_that_holds_no_run_is_refused(tmp_path, name):
    changes, words = REWRITTEN[name]
    rewritten(tmp_path / "run.npz", **changes)
    message = message_of(ValueError, engine.load_run, tmp_path / "run.npz")
    assert "run.npz' is not a whole file of save_run" in message and re.search(words, message), message


def test_a_packed_file_may_hold_a_run_but_not_a_thousand_times_its_own_size(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    engine.save_run(RUN, path)
    with np.load(path) as file:
        arrays = dict(file)
    np.savez_compressed(path, **arrays)
    assert_same_run(engine.load_run(path), RUN)
    np.savez_compressed(path, **arrays, more=np.zeros(3 * 10**6))
    read, array = [], np.lib.npyio.NpzFile.__getitem__
    monkeypatch.setattr(np.lib.npyio.NpzFile, "__getitem__", lambda *given: read.append(given[1]) or array(*given))
    assert "is something else" in message_of(ValueError, engine.load_run, path)
    assert read == [], "nothing of it is unpacked"


@pytest.mark.parametrize("name", ["all", "GRU"])
def test_the_shapes_of_other_runs_are_compared_too(tmp_path, name):
    run = RUNS["all"] if name == "all" else train(hidden_size=4, num_epochs=1, streams=3, model=GRU)
    for change in ({"hidden_size": 5}, {"streams": 4}):
        wrong = replace(run, settings=replace(run.settings, **change, num_epochs=9))
        message = message_of(ValueError, engine.save_run, wrong, tmp_path / "run.npz")
        assert "of shape (4, 4)" in message or "shape (4, 28), not" in message, message
    engine.save_run(run, tmp_path / "run.npz")
    assert_same_run(engine.load_run(tmp_path / "run.npz"), run)


@pytest.mark.parametrize("h", [np.ones(1), np.ones(()), np.ones(3), np.ones((2, 5))])
def test_a_run_with_a_state_of_another_shape_is_not_resumed(h):
    message = message_of(ValueError, train, hidden_size=5, num_epochs=3, resume=replace(RUN, h=h))
    assert message.startswith(f"The run to resume has the state h of shape {h.shape}, not (5,): it was changed")


def test_a_trained_network_without_its_losses_is_not_resumed():
    message = message_of(ValueError, train, hidden_size=5, num_epochs=3, resume=replace(RUN, losses=RUN.losses[:0]))
    assert message.startswith("The run to resume has no losses")
    small = {"hidden_size": 16, "seq_length": 25, "num_epochs": 1}
    assert_same_run(train(**small, resume=RUNS["no step done"]), train(**small))


ODD = {
    "emoji": "a🙂b🙃🙂a",
    "NUL": "\0\x01\x02",
    "lone surrogate": "a\ud800b",
    "one character": "x" * 30,
}


@pytest.mark.parametrize("name", ODD)
def test_a_run_on_an_odd_text_survives_its_file(tmp_path, name):
    corpus = rnn.Corpus(name, ODD[name] * (1 + 60 // len(ODD[name])))
    assert corpus.decode(corpus.encode(corpus.text)) == corpus.text
    whole = engine.train(corpus, 3, 5, 0.01, 2, progress=False)
    engine.save_run(engine.train(corpus, 3, 5, 0.01, 1, progress=False), tmp_path / "run.npz")
    loaded = engine.load_run(tmp_path / "run.npz")
    assert loaded.chars == corpus.chars
    assert_same_run(engine.train(corpus, 3, 5, 0.01, 2, progress=False, resume=loaded), whole)
    assert len(engine.sample(loaded, loaded.vocabulary, 9)) == 9


def test_a_running_mean_that_overflowed_is_no_damage(tmp_path):
    run = RUNS["all"].copy()
    run.means[1].b_h[0] = np.inf  # the square of a gradient of 1e20, in float32
    engine.save_run(run, tmp_path / "run.npz")
    assert_same_run(engine.load_run(tmp_path / "run.npz"), run)


class Bomb:
    def __reduce__(self):
        return (print, ("code from the file has run",))


def test_other_files_are_refused_and_a_pickled_object_in_one_does_not_run(tmp_path, capsys):
    whole = {**RUN.parameters._asdict(), "h": RUN.h, "losses": RUN.losses, "chars": RUN.chars}
    bomb = np.empty(1, object)
    bomb[0] = Bomb()
    for number, spoiled in enumerate(["settings", "W_hh"]):
        np.savez(tmp_path / f"{number}.npz", **{**whole, "settings": "{}", spoiled: bomb}, allow_pickle=True)
    (tmp_path / "pickle.npz").write_bytes(pickle.dumps(Bomb()))
    (tmp_path / "text.npz").write_text("not a checkpoint at all, but a text of some length\n" * 20)
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    np.save(tmp_path / "array.npy", np.zeros(3))
    for path in tmp_path.iterdir():
        message = message_of(ValueError, engine.load_run, path)
        assert path.name in message and "save_run" in message
        assert "allow_pickle" not in message, "NumPy advises to read it all the same"
    assert capsys.readouterr().out == ""


def test_a_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "run.npz"
    engine.save_run(RUN, path)
    whole = path.read_bytes()
    places = [0, 1, 3, 4, 29, 30, 100, len(whole) - 1, len(whole) - 21, len(whole) - 22, len(whole) - 23]
    for length in places + list(range(0, len(whole), len(whole) // 40)):
        path.write_bytes(whole[:length])
        message = message_of(ValueError, engine.load_run, path)
        assert "run.npz" in message and "cut short" in message
    path.write_bytes(whole)
    engine.load_run(path)


def test_a_missing_file_and_a_missing_folder(tmp_path):
    message = message_of(FileNotFoundError, engine.load_run, tmp_path / "gone.npz")
    assert "gone.npz" in message and "save_run" in message
    message = message_of(FileNotFoundError, engine.save_run, RUN, tmp_path / "nowhere" / "run.npz")
    assert "nowhere" in message and "create" in message and ".part" not in message
    assert "is something else" in message_of(ValueError, engine.load_run, tmp_path), "a folder"
    assert os.listdir(tmp_path) == []


def test_a_checkpoint_of_another_vocabulary_is_refused(tmp_path):
    engine.save_run(RUN, tmp_path / "run.npz")
    run = engine.load_run(tmp_path / "run.npz")
    other = rnn.Corpus("other", TOY.text.replace("q", "ß"))
    message = message_of(ValueError, engine.train, other, 5, 10, 0.05, 3, progress=False, resume=run)
    assert "28 characters" in message and "'other'" in message and "ß" in message


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_save_that_fails_half_way_keeps_the_old_file(tmp_path, monkeypatch, error):
    path = tmp_path / "run.npz"
    engine.save_run(RUN, path)

    def savez(file, **arrays):
        file.write(b"half of it")
        raise error

    monkeypatch.setattr(np, "savez", savez)
    for target in (path, tmp_path / "new.npz"):
        with pytest.raises(type(error)) as caught:
            engine.save_run(RUNS["all"], target)
        if isinstance(error, OSError):
            assert "The run cannot be saved: No space left on device. What stood there before" in str(caught.value)
    assert os.listdir(tmp_path) == ["run.npz"]
    assert_same_run(engine.load_run(path), RUN)


def test_the_bytes_are_on_the_disk_before_the_file_gets_its_name(tmp_path, monkeypatch):
    """Otherwise a power failure could leave an empty file with the name of the old one."""
    engine.save_run(RUN, tmp_path / "run.npz")
    seen, fsync = [], os.fsync

    def watch(handle):
        seen.append(os.listdir(tmp_path))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watch)
    engine.save_run(RUN, tmp_path / "run.npz")
    ((temporary,),) = [[name for name in names if name != "run.npz"] for names in seen]
    assert temporary.endswith(".part"), "it lies beside it"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
@pytest.mark.parametrize("mask", [0o027])
def test_others_may_read_the_file_as_the_umask_says(tmp_path, mask):
    """And later as its owner decides."""
    before = os.umask(mask)
    try:
        engine.save_run(RUN, tmp_path / "run.npz")
    finally:
        os.umask(before)
    path = tmp_path / "run.npz"
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    path.chmod(0o600)
    engine.save_run(RUN, path)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no links without rights")
def test_through_a_symbolic_link_the_file_is_written_that_it_points_to(tmp_path):
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "run.npz", tmp_path / "there" / "kept.npz"
    link.symlink_to(target)
    for name in ("2019", "all"):
        engine.save_run(RUNS[name], link)
        assert link.is_symlink()
        assert_same_run(engine.load_run(target), RUNS[name])


def test_losses_may_be_a_list(tmp_path):
    engine.save_run(replace(RUN, losses=[*RUN.losses]), tmp_path / "run.npz")
    assert_same_run(engine.load_run(tmp_path / "run.npz"), RUN)


def test_what_could_not_be_read_again_is_not_written(tmp_path):
    run = RUN.copy()
    run.parameters.W_hh.fill(np.nan)
    message = message_of(ValueError, engine.save_run, run, tmp_path / "run.npz")
    assert message == "The run cannot be saved: W_hh holds nan or inf."
    assert os.listdir(tmp_path) == []
