"""Sampling against a sampler written here; saving and loading, with files that are cut, spoiled or half-written."""

import math
import os
import pickle
import random
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

import rnn_helpers as rnn

FOLDER = Path(rnn.__file__).parent
TOY = rnn.Corpus("toy", "the quick brown fox jumps over the lazy dog\n" * 4)
NO_LINE_END = rnn.Corpus("plain", "cabbage")


def random_network(hidden_size, vocab_size, seed, scale=0.9):
    rng = np.random.default_rng(seed)
    shapes = [(hidden_size, vocab_size), (hidden_size, hidden_size), (vocab_size, hidden_size)]
    shapes += [(hidden_size,), (vocab_size,)]
    return rnn.Parameters(*[rng.normal(0, scale, shape) for shape in shapes])


def fixed_network(probs):
    """A network that always predicts the same probabilities."""
    parameters = random_network(2, len(probs), 0)
    zeros = rnn.Parameters(*[np.zeros_like(value) for value in parameters])
    with np.errstate(divide="ignore"):
        return zeros._replace(b_y=np.log(np.array(probs)))


def plain_sample(parameters, corpus, length, prompt, temperature, h, seed):
    """Read the prompt, then draw one character at a time with one random number each."""
    W_xh, W_hh, W_hy, b_h, b_y = [np.array(value, float) for value in parameters]
    rng, text = np.random.default_rng(seed), ""
    reading = prompt or ("\n" if "\n" in corpus.chars else corpus.text[0])
    h = np.zeros(len(b_h)) if h is None else np.array(h)
    while True:
        for char in reading:
            h = np.tanh(W_xh[:, corpus.chars.index(char)] + W_hh @ h + b_h)
        if len(text) == length:
            return text
        weights = [math.exp(score) for score in (W_hy @ h + b_y) / temperature]
        u, passed = rng.random() * sum(weights), 0.0
        for char, weight in zip(corpus.chars, weights):
            passed += weight
            if passed > u:
                break
        text, reading = text + char, char


def message_of(error_type, function, *arguments, **keywords):
    """Return the message of the error, which must be clear sentences on one line."""
    with pytest.raises(error_type) as caught:
        function(*arguments, **keywords)
    message = str(caught.value)
    assert "\n" not in message.strip() and message.endswith(".") and len(message) < 400, message
    return message


# ---------------------------------------------------------------- sampling


@pytest.mark.parametrize("corpus", [TOY, NO_LINE_END], ids=lambda corpus: corpus.name)
@pytest.mark.parametrize("prompt", ["", "a", "gab"])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("seed", [0, 7])
def test_sample_draws_as_a_plain_sampler_does(corpus, prompt, temperature, seed):
    parameters = random_network(6, corpus.vocab_size, seed)
    for h in (None, np.random.default_rng(seed).uniform(-1, 1, 6)):
        text = rnn.sample(parameters, corpus, 60, prompt=prompt, temperature=temperature, h=h, seed=seed)
        assert text == plain_sample(parameters, corpus, 60, prompt, temperature, h, seed)


def test_sample_repeats_and_seeds_differ():
    parameters = random_network(6, TOY.vocab_size, 0)
    texts = [rnn.sample(parameters, TOY, 80, seed=seed) for seed in (0, 0, 1)]
    assert texts[0] == texts[1] != texts[2]
    assert rnn.sample(parameters, TOY, 80) == texts[0], "seed 0 and temperature 1 are the defaults"
    for length in (1, 2, 79):
        assert rnn.sample(parameters, TOY, length) == texts[0][:length]
    assert set(texts[0]) <= set(TOY.chars)


def test_sample_changes_nothing_it_gets():
    parameters, h = random_network(6, TOY.vocab_size, 0), np.full(6, 0.5)
    before = [value.copy() for value in (*parameters, h)]
    rnn.sample(parameters, TOY, 30, h=h, prompt="the")
    assert all(np.array_equal(a, b) for a, b in zip(before, (*parameters, h)))


def test_the_prompt_warms_up_the_state():
    parameters = random_network(6, TOY.vocab_size, 1)
    ids = TOY.encode("quick")
    h = rnn.forward_pass(ids[:-1], ids[:-1], np.zeros(6), parameters).hidden[-1]
    warm = rnn.sample(parameters, TOY, 40, prompt="quick")
    assert warm == rnn.sample(parameters, TOY, 40, prompt="k", h=h) != rnn.sample(parameters, TOY, 40, prompt="k")
    assert len(warm) == 40, "the prompt is not part of the result"


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("temperature", [1e-6, 1e-30, 1e-50, 1e-300, 5e-324])
def test_a_tiny_temperature_is_greedy(dtype, temperature):
    parameters = rnn.Parameters(*[value.astype(dtype) for value in random_network(6, TOY.vocab_size, 2)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = rnn.sample(parameters, TOY, 30, prompt="t", temperature=temperature, seed=3)
    h, char_id, greedy = np.zeros(6, dtype), TOY.chars.index("t"), ""
    for _ in range(30):
        h = np.tanh(parameters.W_xh[:, char_id] + parameters.W_hh @ h + parameters.b_h)
        char_id = int((parameters.W_hy @ h + parameters.b_y).argmax())
        greedy += TOY.chars[char_id]
    assert text == greedy


def test_temperature_sharpens_and_flattens():
    corpus = rnn.Corpus("two", "ab")
    parameters = fixed_network([0.8, 0.2])
    shares = {t: rnn.sample(parameters, corpus, 4000, temperature=t).count("a") / 4000 for t in (0.5, 1.0, 1e9)}
    assert shares[0.5] == pytest.approx(0.8**2 / (0.8**2 + 0.2**2), abs=0.02)
    assert shares[1.0] == pytest.approx(0.8, abs=0.02)
    assert shares[1e9] == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("probs", "draws", "expected"),
    [
        ([0.25, 0.25, 0.5], [0.0, 0.2499, 0.25, 0.4999, 0.5, 0.9999], "aabbcc"),
        ([0.0, 0.5, 0.5], [0.0, 0.49], "bb"),  # a character of probability 0 never comes, not even for u = 0
        ([0.5, 0.5, 0.0], [1 - 2**-53], "b"),
        ([0.1] * 10, [1 - 2**-53, 0.0], "ja"),  # ten times 0.1 adds up to a hair below 1
    ],
)
def test_each_draw_is_the_first_id_whose_running_sum_passes_it(monkeypatch, probs, draws, expected):
    class Generator:
        random = staticmethod(iter(draws).__next__)

    parameters, corpus = fixed_network(probs), rnn.Corpus("letters", "abcdefghij"[: len(probs)])
    monkeypatch.setattr(np.random, "default_rng", lambda seed: Generator)
    assert rnn.sample(parameters, corpus, len(draws)) == expected


RUN = rnn.train(TOY, 5, 10, 0.05, 2, progress=False)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"length": 0}, ["length is 0:", "1 or more"]),
        ({"length": 2.5}, ["length is 2.5:"]),
        ({"length": "9"}, ["length is '9':"]),
        ({"temperature": 0}, ["temperature is 0:", "above 0"]),
        ({"temperature": -1}, ["temperature is -1:"]),
        ({"temperature": math.nan}, ["temperature is nan:"]),
        ({"temperature": math.inf}, ["temperature is inf:", "finite"]),
        ({"temperature": "hot"}, ["temperature is 'hot':"]),
        ({"prompt": "The"}, ["'T' at position 0", "'toy'", "lower case", "'t'"]),
        ({"prompt": "the é"}, ["'é' at position 4", "'the é'", "'toy'"]),
        ({"h": np.zeros(4)}, ["(4,)", "(5,)"]),
        ({"h": np.zeros((2, 5))}, ["(2, 5)", "(5,)"]),
        ({"corpus": NO_LINE_END}, ["28 characters", "'plain'", "5 characters", "'abceg'"]),
        ({"corpus": "toy"}, ["'toy'", "load_corpus"]),
        ({"parameters": RUN}, ["TrainingRun", "run.parameters"]),
    ],
)
def test_bad_arguments_of_sample(change, words):
    arguments = {"parameters": RUN.parameters, "corpus": TOY, "length": 5, **change}
    message = message_of(ValueError, rnn.sample, **arguments)
    assert all(word in message for word in words), message


# ---------------------------------------------------------------- save and load


def runs():
    small = {"hidden_size": 4, "seq_length": 10, "num_epochs": 1, "learning_rate": 0.01, "progress": False}
    yield "2019", RUN
    yield "all", rnn.train(TOY, **small, optimizer="adam", streams=3, decay="linear", init="fan_in", dtype="float32")
    yield "adagrad", rnn.train(TOY, **small, optimizer="adagrad", max_norm=5, seed=12)
    yield "emoji", rnn.train(rnn.Corpus("n\u00e0me ☃", "ab😀\u05d0 \n'\"\\" * 9), **small, init=0.3)
    with pytest.raises(rnn.TrainingDiverged) as caught:
        rnn.train(TOY, 16, 25, 10, 2, progress=False)
    yield "no step done", caught.value.run


RUNS = dict(runs())


def assert_same_run(a, b):
    assert type(a) is type(b) is rnn.TrainingRun
    assert (a.settings, a.chars, a.interrupted, len(a.means)) == (b.settings, b.chars, b.interrupted, len(b.means))
    pairs = [(a.losses, b.losses), (a.h, b.h)]
    for one, other in zip((a.parameters, *a.means), (b.parameters, *b.means)):
        assert isinstance(one, rnn.Parameters) and isinstance(other, rnn.Parameters)
        pairs += zip(one, other)
    for left, right in pairs:
        assert left.dtype == right.dtype and left.shape == right.shape and np.array_equal(left, right)


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
    assert repr(back) == repr(RUNS[name])


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
        assert path.name in message_of(ValueError, rnn.load_run, path)
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
    rnn.save_run(RUNS["adagrad"], path)
    whole, refused = path.read_bytes(), 0
    for _ in range(200):
        spoiled = bytearray(whole)
        spoiled[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        path.write_bytes(spoiled)
        try:
            run = rnn.load_run(path)
        except ValueError as error:
            refused += 1
            assert "run.npz" in str(error)
        else:
            assert_same_run(run, RUNS["adagrad"])
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
    with pytest.raises(OSError):
        rnn.load_run(tmp_path)
    with pytest.raises(OSError):
        rnn.save_run(RUN, tmp_path)
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


def test_a_killed_save_leaves_a_whole_file(tmp_path):
    """Nine processes that save in a loop over an existing checkpoint are killed at random moments."""
    dice = random.Random()
    for _ in range(3):
        children = []
        for number in range(3):
            folder = tmp_path / str(number)
            folder.mkdir(exist_ok=True)
            rnn.save_run(RUN, folder / "run.npz")
            command = [sys.executable, "-c", SAVER, FOLDER, folder / "run.npz"]
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
