"""Saving and loading runs, with files that are cut, spoiled or half-written."""

import json
import os
import pickle
import platform
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from helpers import ROOT, TOY, assert_same_run, message_of, train

import rnn_helpers as rnn
from course.base.files import write_whole

# ---------------------------------------------------------------- save and load


def runs():
    small = {"hidden_size": 4, "num_epochs": 1, "learning_rate": 0.01}
    yield "2019", RUN
    yield "all", train(**small, optimizer="adam", streams=3, decay="linear", init="fan_in", dtype="float32")
    yield "muon", train(**small, optimizer="muon", max_norm=5, seed=12)
    yield "emoji", train(rnn.Corpus("n\u00e0me ☃", "ab😀\u05d0 \n'\"\\" * 9), **small, init=0.3)
    with pytest.raises(rnn.TrainingDiverged) as caught:
        train(hidden_size=16, seq_length=25, learning_rate=10, num_epochs=2)
    yield "no step done", caught.value.run


RUN = train(hidden_size=5, num_epochs=2)


RUNS = dict(runs())


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("file_name", ["run.npz", "no ending", "бег.npz"])
def test_a_run_comes_back_the_same(tmp_path, name, file_name):
    path = tmp_path / file_name
    RUNS[name].interrupted = name == "all"
    assert rnn.save_run(RUNS[name], path) is None
    assert os.listdir(tmp_path) == [file_name]
    back = rnn.load_run(str(path))
    assert_same_run(back, RUNS[name])
    assert type(back.interrupted) is bool and type(back.chars) is str
    assert {type(arrays) for arrays in (back.parameters, *back.means)} == {rnn.Parameters}
    assert back.settings == RUNS[name].settings
    assert repr(back) == repr(RUNS[name])


def rewritten(path, **changes):
    """Write RUN to a file that is whole, with other arrays or settings; None takes one out."""
    rnn.save_run(RUN, path)
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


@pytest.mark.parametrize(
    "text", ["\0" * 30, "a\0" * 15, "\0\0\uffff" * 10, "\udbff\udc00\ud800" * 10, "\U0010ffff\n " * 10]
)
def test_any_characters_come_back_and_training_goes_on(tmp_path, text):
    corpus, recipe = rnn.Corpus("odd", text), {"hidden_size": 3, "seq_length": 5}
    whole, half = train(corpus, **recipe, num_epochs=2), train(corpus, **recipe, num_epochs=1)
    rnn.save_run(half, tmp_path / "run.npz")
    loaded = rnn.load_run(tmp_path / "run.npz")
    assert_same_run(loaded, half)
    assert_same_run(train(corpus, **recipe, num_epochs=2, resume=loaded), whole)


REWRITTEN = {
    "losses of nan": ({"losses": np.full(32, np.nan)}, "the losses are not finite"),
    "losses in a table": ({"losses": np.ones((16, 2))}, "the losses are not finite"),
    "losses of text": ({"losses": np.array(["a"])}, "the losses are not finite"),
    "W_xh complex": ({"W_xh": 1j * RUN.parameters.W_xh}, "W_xh .* type complex128"),
    "W_xh float32": ({"W_xh": RUN.parameters.W_xh.astype(np.float32)}, "W_xh .* type float32"),
    "W_xh whole": ({"W_xh": RUN.parameters.W_xh.astype(int)}, "W_xh .* type int64"),
    "W_xh of text": ({"W_xh": np.array(["a"])}, "W_xh .* type <U1"),
    "W_hh of nan": ({"W_hh": np.nan * RUN.parameters.W_hh}, "W_hh holds nan or inf"),
    "W_hy turned": ({"W_hy": RUN.parameters.W_hy.T}, "W_hy has not one row for each of the 28 characters"),
    "no W_hh": ({"W_hh": None}, "there is no 'W_hh' in it"),
    "state of nan": ({"h": np.full(5, np.nan)}, "the state h does not hold finite numbers"),
    "state of text": ({"h": np.array(["a"])}, "the state h does not hold finite numbers"),
    "one character less": ({"chars": np.arange(97, 124)}, "W_hy has not one row for each of the 27 characters"),
    "streams of 2.5": ({"streams": 2.5}, "streams is 2.5: it must be a whole number, 1 or more"),
    "max_norm of text": ({"max_norm": "x"}, "max_norm is 'x': it must be a number above 0"),
    "seed of nan": ({"seed": float("nan")}, "seed is nan: it must be a whole number"),
    "no dtype": ({"dtype": None}, "dtype is None: it must be one of"),
    "interrupted of text": ({"interrupted": "no"}, "interrupted is 'no': it must be True or False"),
    "more than that": ({"more": np.ones(3)}, "there is more in it, too"),
    "length of text": ({"characters": "many"}, ""),
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_a_whole_file_that_holds_no_run_is_refused(tmp_path, name):
    changes, words = REWRITTEN[name]
    rewritten(tmp_path / "run.npz", **changes)
    message = message_of(ValueError, rnn.load_run, tmp_path / "run.npz")
    assert "run.npz' is not a whole file of save_run" in message and re.search(words, message), message


def test_a_running_mean_of_another_shape_is_refused(tmp_path):
    run = RUNS["all"].copy()
    run.means = (run.means[0]._replace(b_h=np.zeros(5, np.float32)), run.means[1])
    rnn.save_run(run, tmp_path / "run.npz")
    assert "b_h or its running mean has" in message_of(ValueError, rnn.load_run, tmp_path / "run.npz")


def test_a_running_mean_that_overflowed_is_no_damage(tmp_path):
    run = RUNS["all"].copy()
    run.means[1].b_h[0] = np.inf  # the square of a gradient of 1e20, in float32
    rnn.save_run(run, tmp_path / "run.npz")
    assert_same_run(rnn.load_run(tmp_path / "run.npz"), run)


def test_a_path_relative_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rnn.save_run(RUN, "here.npz")
    assert_same_run(rnn.load_run("here.npz"), RUN)


def test_saving_again_replaces_the_file(tmp_path):
    path = tmp_path / "run.npz"
    for name in ("2019", "all"):
        rnn.save_run(RUNS[name], path)
        assert_same_run(rnn.load_run(path), RUNS[name])
    assert os.listdir(tmp_path) == ["run.npz"]


def test_numbers_of_numpy_in_the_arguments_can_be_saved(tmp_path):
    run = rnn.train(
        *(TOY, np.int64(4), np.int32(10), np.float32(0.01), np.int16(1)),
        **{"seed": np.int64(3), "max_norm": np.float32(5), "init": np.float32(0.1), "streams": np.int8(2)},
        progress=np.bool_(False),
    )
    rnn.save_run(run, tmp_path / "run.npz")
    assert_same_run(rnn.load_run(tmp_path / "run.npz"), run)


def test_the_file_holds_numbers_and_text_only(tmp_path):
    path = tmp_path / "run.npz"
    rnn.save_run(RUNS["all"], path)
    with np.load(path, allow_pickle=False) as file:
        kinds = {name: file[name].dtype.kind for name in file.files}
    assert set(kinds.values()) <= set("fiuU") and {"W_hh", "losses", "chars"} <= set(kinds)


class Bomb:
    def __reduce__(self):
        return (print, ("code from the file has run",))


def test_a_file_with_pickled_objects_is_refused_and_does_not_run(tmp_path, capsys):
    whole = {**RUN.parameters._asdict(), "h": RUN.h, "losses": RUN.losses, "chars": RUN.chars}
    bomb = np.empty(1, object)
    bomb[0] = Bomb()
    for number, spoiled in enumerate(["settings", "W_hh", "losses"]):
        np.savez(tmp_path / f"{number}.npz", **{**whole, "settings": "{}", spoiled: bomb}, allow_pickle=True)
    (tmp_path / "3.npz").write_bytes(pickle.dumps(Bomb()))
    np.save(tmp_path / "4.npy", bomb)
    for path in tmp_path.iterdir():
        message = message_of(ValueError, rnn.load_run, path)
        assert path.name in message and "allow_pickle" not in message, "NumPy advises to read it all the same"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["2019", "all"])
def test_a_file_cut_short_is_refused(tmp_path, name):
    path = tmp_path / "run.npz"
    rnn.save_run(RUNS[name], path)
    whole = path.read_bytes()
    places = [0, 1, 3, 4, 29, 30, 100, len(whole) - 1, len(whole) - 21, len(whole) - 22, len(whole) - 23]
    for length in places + list(range(0, len(whole), len(whole) // 40)):
        path.write_bytes(whole[:length])
        message = message_of(ValueError, rnn.load_run, path)
        assert "run.npz" in message and "cut short" in message
    path.write_bytes(whole)
    rnn.load_run(path)


def test_a_file_with_a_flipped_bit_is_refused_or_still_the_same(tmp_path):
    path, dice = tmp_path / "run.npz", random.Random(0)
    rnn.save_run(RUNS["muon"], path)
    whole, refused = path.read_bytes(), 0
    for _ in range(200):
        spoiled = bytearray(whole)
        spoiled[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        path.write_bytes(spoiled)
        try:
            run = rnn.load_run(path)
        except ValueError as error:
            refused += 1
            assert "run.npz" in str(error)  # noqa: PT017
        else:
            assert_same_run(run, RUNS["muon"])
    assert refused > 120


def test_other_files_are_refused(tmp_path):
    (tmp_path / "text.npz").write_text("not a checkpoint at all, but a text of some length\n" * 20)
    (tmp_path / "noise.npz").write_bytes(random.Random(0).randbytes(5000))
    (tmp_path / "zeros.npz").write_bytes(bytes(5000))
    (tmp_path / "nothing.npz").write_bytes(b"")
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    np.save(tmp_path / "array.npy", np.zeros(3))
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("settings.npy", "nothing")
    for path in tmp_path.iterdir():
        message = message_of(ValueError, rnn.load_run, path)
        assert path.name in message and "save_run" in message


def test_a_missing_file_and_a_missing_folder(tmp_path):
    message = message_of(FileNotFoundError, rnn.load_run, tmp_path / "gone.npz")
    assert "gone.npz" in message and "save_run" in message
    message = message_of(FileNotFoundError, rnn.save_run, RUN, tmp_path / "nowhere" / "run.npz")
    assert "nowhere" in message and "create" in message and ".part" not in message
    assert "is a folder" in message_of(ValueError, rnn.load_run, tmp_path)
    assert "is a folder" in message_of(ValueError, rnn.save_run, RUN, tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_checkpoint_of_another_vocabulary_is_refused(tmp_path):
    rnn.save_run(RUN, tmp_path / "run.npz")
    run = rnn.load_run(tmp_path / "run.npz")
    other = rnn.Corpus("other", TOY.text.replace("q", "ß"))
    message = message_of(ValueError, rnn.train, other, 5, 10, 0.05, 3, progress=False, resume=run)
    assert "28 characters" in message and "'other'" in message and "ß" in message


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), MemoryError()])
def test_a_save_that_fails_half_way_keeps_the_old_file(tmp_path, monkeypatch, error):
    path = tmp_path / "run.npz"
    rnn.save_run(RUN, path)

    def savez(file, **arrays):
        file.write(b"half of it")
        raise error

    monkeypatch.setattr(np, "savez", savez)
    for target in (path, tmp_path / "new.npz"):
        with pytest.raises(type(error)):
            rnn.save_run(RUNS["all"], target)
    assert os.listdir(tmp_path) == ["run.npz"]
    assert_same_run(rnn.load_run(path), RUN)


FULL = """
import resource, sys
sys.path.insert(0, sys.argv[1])
import rnn_helpers as rnn
run = rnn.load_run("run.npz")
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    rnn.save_run(run, "run.npz")
except OSError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of the size of files")
@pytest.mark.parametrize("size", [0, 1, 500, 2000])
def test_where_there_is_no_room_one_sentence_says_so_and_the_old_file_stays(tmp_path, size):
    rnn.save_run(RUN, tmp_path / "run.npz")
    assert size < (tmp_path / "run.npz").stat().st_size
    command = [sys.executable, "-c", FULL, ROOT, str(size)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "The run cannot be saved: File too large. What stood there before is as it was; make room, or" in done.stdout
    assert os.listdir(tmp_path) == ["run.npz"]
    assert_same_run(rnn.load_run(tmp_path / "run.npz"), RUN)


def test_the_bytes_are_on_the_disk_before_the_file_gets_its_name(tmp_path, monkeypatch):
    seen = []
    fsync, replace = os.fsync, os.replace

    def watch_fsync(handle):
        seen.append(("fsync", os.fstat(handle).st_size))
        fsync(handle)

    def watch_replace(source, target):
        seen.append(("replace", os.path.getsize(source)))
        assert Path(source).parent == Path(target).parent, "a rename is whole only within one folder"
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watch_fsync)
    monkeypatch.setattr(os, "replace", watch_replace)
    rnn.save_run(RUN, tmp_path / "run.npz")
    size = (tmp_path / "run.npz").stat().st_size
    assert seen == [("fsync", size), ("replace", size)]


def test_what_a_short_write_leaves_in_the_buffer_is_on_the_disk_too(tmp_path, monkeypatch):
    sizes = []
    monkeypatch.setattr(os, "fsync", lambda handle: sizes.append(os.fstat(handle).st_size))
    write_whole(tmp_path / "short.txt", lambda file: file.write(b"short"))
    assert sizes == [5]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
@pytest.mark.parametrize("mask", [0o022, 0o027])
def test_others_may_read_the_file_as_the_umask_says(tmp_path, mask):
    before = os.umask(mask)
    try:
        rnn.save_run(RUN, tmp_path / "run.npz")
    finally:
        os.umask(before)
    assert (tmp_path / "run.npz").stat().st_mode & 0o777 == 0o666 & ~mask


SAVER = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np, rnn_helpers as rnn
run = rnn.load_run(sys.argv[2])
number = 0
print("saving", flush=True)
while True:
    number += 1
    run.losses = np.full(200_000, float(number))  # every copy is whole only if these are all the same
    rnn.save_run(run, sys.argv[2])
"""


@pytest.mark.slow
def test_a_killed_save_leaves_a_whole_file(tmp_path):
    """Nine processes that save in a loop over an existing checkpoint are killed at random moments."""
    dice = random.Random()
    for _ in range(3):
        children = []
        for number in range(3):
            folder = tmp_path / str(number)
            folder.mkdir(exist_ok=True)
            rnn.save_run(RUN, folder / "run.npz")
            command = [sys.executable, "-c", SAVER, ROOT, folder / "run.npz"]
            children.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        for child in children:
            assert child.stdout.readline() == "saving\n"
        for child in children:
            try:
                child.wait(dice.uniform(0.01, 0.06))
            except subprocess.TimeoutExpired:
                child.kill()
            else:
                pytest.fail("saving stopped by itself")
            child.wait()
            child.stdout.close()
        for number in range(3):
            run = rnn.load_run(tmp_path / str(number) / "run.npz")
            assert len(run.losses) in (len(RUN.losses), 200_000)
            if len(run.losses) == 200_000:
                assert (run.losses == run.losses[0]).all()
            names = os.listdir(tmp_path / str(number))
            assert all(name == "run.npz" or name.endswith(".part") for name in names), names
            rnn.save_run(RUN, tmp_path / str(number) / "run.npz")
            assert os.listdir(tmp_path / str(number)) == ["run.npz"], "the next save tidies"


def test_only_what_a_dead_process_of_this_computer_left_is_deleted(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    here, path = platform.node(), tmp_path / "run[1].npz"
    left = f".{path.name}.{here}-{ended.pid}-7.part"
    others = {
        f".{path.name}.{here}-{os.getpid()}-7.part": "another thread of this process writes it",
        f".{path.name}.{here}-{os.getppid()}-7.part": "another process writes it",
        f".{path.name}.not-{here}-{ended.pid}-7.part": "another computer writes it",
        f".{path.name}.{here}-{ended.pid}-8-7.part": "another computer, whose name begins like this one's, writes it",
        f".run1.npz.{here}-{ended.pid}-7.part": "it is another file's",
        f".{path.name}.part": "nobody knows",
    }
    for name in (left, *others):
        (tmp_path / name).touch()
    rnn.save_run(RUN, path)
    assert set(os.listdir(tmp_path)) == {path.name, *others}
