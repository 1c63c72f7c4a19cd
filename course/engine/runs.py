"""A training run: its settings, its results so far, and its file."""

import hashlib
import json
import os
import re
from collections import namedtuple
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from course.base import checks
from course.base.arrays import copied, shape_of
from course.base.files import write_whole
from course.engine.model import MODELS, RNN, Model
from course.engine.optimizers import OPTIMIZERS
from rnn_helpers import Corpus, Parameters, Vocabulary


# ---------------------------------------------------------------- settings
@dataclass(frozen=True)
class Settings:
    """How a network is trained: the text, and the settings of train, which says what each of them means.

    ValueError: a setting makes no sense.
    """

    corpus: str  # name of the text
    characters: int  # length of the text
    hidden_size: int
    seq_length: int
    learning_rate: float
    num_epochs: int
    model: str  # what the model is called: Model.title
    ids_sha256: str  # of the text, as ids_sha256 computes it
    seed: int = 0
    max_norm: float | None = None
    optimizer: str = "sgd"
    streams: int = 1
    init: float | str | dict = 0.01
    decay: str | None = None
    dtype: str = "float64"
    rates: dict | None = None

    def __post_init__(self):
        for name in ("hidden_size", "seq_length", "num_epochs", "streams"):
            self._put(name, checks.count(name, getattr(self, name)))
        self._put("learning_rate", checks.positive("learning_rate", self.learning_rate))
        self._put("seed", checks.count("seed", self.seed, least=0))
        if self.max_norm is not None:
            self._put("max_norm", checks.positive("max_norm", self.max_norm))
        if isinstance(self.init, dict):
            self._put("init", checks.by_name("init", self.init, {"W_xh": 1}))
        elif not isinstance(self.init, str):
            self._put("init", checks.positive("init", self.init))
        if self.rates is not None:
            self._put("rates", checks.by_name("rates", self.rates, {"W_xh": 8}))
        self._put("optimizer", checks.choice("optimizer", self.optimizer, OPTIMIZERS))
        self._put("decay", checks.choice("decay", self.decay, [None, "linear"]))
        self._put("dtype", checks.choice("dtype", self.dtype, ["float64", "float32"]))
        if self.sequences_per_epoch < 1:
            raise ValueError(
                f"The text {self.corpus!r} has {self.characters:,} characters, too few for one sequence: "
                f"seq_length={self.seq_length} with streams={self.streams} needs "
                f"{(self.seq_length + 1) * self.streams:,}. Use a longer text or a smaller seq_length."
            )

    def _put(self, name, value):
        object.__setattr__(self, name, value)  # the settings are frozen; only what is checked here is put back

    @property
    def sequences_per_epoch(self):
        """How many steps one pass over the text takes."""
        return (self.characters // self.streams - 1) // self.seq_length


def ids_sha256(ids):
    """Return the SHA-256 of the ids of a text, in hexadecimal. To a network, texts with the same ids are the same."""
    return hashlib.sha256(np.asarray(ids).astype("<i4").tobytes()).hexdigest()


# ---------------------------------------------------------------- runs
@dataclass
class TrainingRun:
    """What train returns: the network, how it got there, and all that is needed to go on."""

    parameters: Any  # trained: Parameters, or the NamedTuple of another model
    h: Any  # (H,) or (B, H), the state after the last sequence; another model may have a tuple of arrays
    losses: np.ndarray  # (sequences read,) the smoothed loss after each of them, in nats per sequence
    settings: Settings  # the settings of train, and the name and length of the text
    vocabulary: Any  # the Vocabulary of the text
    means: tuple = ()  # the optimizer's running means, none for sgd
    interrupted: bool = False  # True if training was stopped before its end

    @property
    def chars(self):
        """The characters of the vocabulary."""
        return self.vocabulary.chars

    @property
    def sequences_per_epoch(self):
        """How many steps one pass over the text takes."""
        return self.settings.sequences_per_epoch

    @property
    def epoch_losses(self):
        """The smoothed loss after the first sequence and after each whole epoch (the table of 2019)."""
        if not len(self.losses):
            return self.losses
        ends = np.arange(0, len(self.losses) + 1, self.sequences_per_epoch) - 1
        ends[0] = 0
        return self.losses[ends]

    def copy(self, steps=None):
        """Return a copy, with the losses of so many steps: it shares no parameters, state or means with this run."""
        return replace(
            self,
            parameters=copied(self.parameters),
            h=copied(self.h),
            losses=self.losses[:steps],
            means=tuple(map(copied, self.means)),
        )

    def __repr__(self):
        done = len(self.losses)
        loss = f", smoothed loss {self.losses[-1]:.2f}" if done else ""
        state = ", interrupted" if self.interrupted else ""
        epochs = f"{done / self.sequences_per_epoch:.4g} epochs, {done:,} steps"
        return f"TrainingRun({self.settings.corpus!r}: {epochs}{loss}{state})"


class TrainingDiverged(ArithmeticError):
    """The loss became nan or inf. `.run` is the last good TrainingRun, `.step` counts from 0."""

    def __init__(self, what, step, run):
        clip = "" if run.settings.max_norm is not None else ", or clip the gradients, for example max_norm=5"
        super().__init__(
            f"{what} at step {step:,} (epoch {step // run.sequences_per_epoch + 1}): the steps were too large. "
            f"Use a learning rate below {run.settings.learning_rate:g}{clip}. "
            f"The last good run, after {len(run.losses):,} steps, is in this error's .run."
        )
        self.run, self.step = run, step


def resumed(old, start):
    """Return the run to go on with: `old`, with the settings of `start`. ValueError: they do not belong together."""
    checks.kind("resume", old, TrainingRun, "load_run(path)")
    checks.vocabulary(start.settings.corpus, start.vocabulary, len(old.chars), old.chars)
    has = {"parameters": old.parameters._fields, **asdict(old.settings)}
    needs = {"parameters": start.parameters._fields, **asdict(start.settings)}
    fixed = ["parameters", "characters", "hidden_size", "seq_length", "seed", "init"]
    fixed += ["optimizer", "streams", "decay", "dtype", "rates"]
    if start.settings.decay:
        fixed.append("num_epochs")  # the slope of the learning rate depends on it
    for key in fixed:
        if has[key] != needs[key]:
            raise ValueError(
                f"The run to resume has {key}={has[key]!r}, not {needs[key]!r}: "
                "give the same settings, or leave out resume to start anew."
            )
    check_model(old.settings.model, start.settings.model)
    check_text(old, start.settings.corpus, start.settings.ids_sha256)
    names = (*old.parameters._fields, "the state h")
    for name, value, wanted in zip(names, (*old.parameters, old.h), (*start.parameters, start.h), strict=True):
        if shape_of(value) != shape_of(wanted):
            raise ValueError(
                f"The run to resume has {name} of shape {shape_of(value)}, not {shape_of(wanted)}: "
                "it was changed, or trained with another model or with an older version of it."
            )
    if not len(old.losses) and not all(map(np.array_equal, old.parameters, start.parameters)):
        raise ValueError(
            "The run to resume has no losses, as before the first step, but its parameters are not those of the start: "
            "it was changed. Use another copy, or leave out resume to start anew."
        )
    done = len(old.losses) / old.sequences_per_epoch
    if done > start.settings.num_epochs:
        raise ValueError(
            f"The run to resume has done {done:.4g} epochs already: "
            f"num_epochs counts them too, so it must be more than {start.settings.num_epochs}."
        )
    return replace(old, settings=start.settings, interrupted=False)


def check_model(trained, given):
    """ValueError if a run that was trained with one model is used with another: both are a Model.title."""
    if trained != given:
        raise ValueError(
            f"The run was trained with the model {trained!r}, and you use it with {given!r}: "
            "give the model that it was trained with, as model=."
        )


def check_chars(model, vocabulary):
    """ValueError if a model was made for texts with other characters than those of a Vocabulary."""
    if model.chars not in (None, vocabulary.chars):
        raise ValueError(
            f"The model {model.title!r} was made for a text with the characters {model.chars[:100]!r}, but "
            f"{vocabulary.name!r} has {vocabulary.chars[:100]!r}: make it with the text that the network reads."
        )


def network_of(title):
    """Return the title of a Model without what only training has: dropout and weight decay."""
    return re.sub(r" with (dropout|weight decay) \S+", "", title)


def whole(model, *more):
    """Return a Model, which must be one without dropout (and without what else is named): ValueError if it is not."""
    title = checks.kind("model", getattr(model, "model", model), Model, "RNN").title  # of a CheckedModel: its Model's
    for part in ("dropout", *more):
        if f" with {part} " in title:
            raise ValueError(f"The model {title!r} is for training alone: give the model itself, without {part}.")
    return model


def check_text(run, name, sha256):
    """ValueError if a run is of another text than the one of this name and ids_sha256."""
    if run.settings.ids_sha256 != sha256:
        raise ValueError(
            f"The run was trained on another text than {name!r}, of the same length and with the same characters: "
            f"give the text that it was trained on, {run.settings.corpus!r}."
        )


def own_run(corpus, parameters, losses, seq_length, learning_rate):
    """Return the TrainingRun of a network that was trained by hand, so that save_run can write it.

    corpus      the text, which was read whole epochs long as on page 06: seed 0, and a step after each sequence
    parameters  what the network learned
    losses      the smoothed loss after each sequence, in the order in which they were read
    ValueError: the losses are not those of whole epochs, or the parameters not those of this text.
    """
    checks.kind("corpus", corpus, Corpus, "load_corpus('sonnets')")
    losses, (_, H) = np.array(losses, float), checks.plain(parameters)
    settings = Settings(
        corpus=corpus.name,
        characters=len(corpus.ids),
        hidden_size=H,
        seq_length=seq_length,
        learning_rate=learning_rate,
        num_epochs=1,
        model=RNN.title,
        ids_sha256=ids_sha256(corpus.ids),
    )
    epochs, rest = divmod(len(losses), settings.sequences_per_epoch)
    if rest or not epochs:
        raise ValueError(
            f"There are {len(losses):,} losses, and an epoch has {settings.sequences_per_epoch:,}: "
            "give those of all epochs, one after the other."
        )
    settings = replace(settings, num_epochs=epochs)
    state = np.zeros(H)  # the next epoch would start from zeros
    run = TrainingRun(copied(parameters), state, losses, settings, corpus.vocabulary)
    return _whole_run(run, "These parts do not make a run")


# ---------------------------------------------------------------- files
def save_run(run, path):
    """Write a TrainingRun to an .npz file, whole or not at all. The file holds numbers and text, no code.
    ValueError: load_run would refuse the run. OSError: it cannot be written."""
    checks.path(path)
    checks.kind("run", run, TrainingRun, "what train returned")
    names = _whole_run(run, "The run cannot be saved").parameters._fields
    settings = {**asdict(run.settings), "interrupted": run.interrupted, "parameters": names}
    # The characters as numbers: of a text, NumPy would lose a "\0" at its end.
    arrays = {"losses": run.losses, "settings": json.dumps(settings), "chars": np.array([*map(ord, run.chars)])}
    if isinstance(run.h, tuple):
        arrays |= {f"h_{k}": part for k, part in enumerate(run.h)}
    else:
        arrays["h"] = run.h
    for k, mean in enumerate(run.means):
        arrays |= {f"means_{k}_{name}": value for name, value in zip(names, mean, strict=True)}
    for name in names:
        if name in arrays or name in ("file", "allow_pickle"):
            raise ValueError(f"A parameter is called {name!r}, a name that the file needs: give it another name.")
    arrays |= run.parameters._asdict()
    try:
        write_whole(path, lambda file: np.savez(file, **arrays))
    except FileNotFoundError:  # it says which folder is missing
        raise
    except OSError as error:  # the disk is full, a folder that cannot be written to
        sentence = f"The run cannot be saved: {error.strerror or error}. What stood there before is as it was"
        raise OSError(error.errno, f"{sentence}; make room, or give a path in another folder", str(path)) from error


def load_run(path):
    """Read the TrainingRun that save_run wrote. ValueError if the file is damaged or is something else."""
    checks.path(path)
    if not os.path.exists(path):
        raise FileNotFoundError(f"There is no file {str(path)!r}: save a run first, with save_run(run, path).")
    try:
        with np.load(path, allow_pickle=False) as file:
            unpacked = sum(part.file_size for part in file.zip.infolist())
            if unpacked > 10**7 + 10 * os.path.getsize(path):  # numbers from training can hardly be packed
                raise ValueError(f"it unpacks to {unpacked:,} bytes")
            arrays = dict(file)
    except PermissionError:
        raise
    except Exception as error:  # a damaged file can fail in many ways, and NumPy's words fit none of them here
        raise ValueError(
            f"{str(path)!r} cannot be read as a file of save_run: it is something else, or it was changed or "
            "cut short. Use another copy, or train and save again."
        ) from error
    try:
        run = _run_of(arrays)
        _check_run(run)
    except Exception as error:
        why = f" ({error})" if type(error) is ValueError else ""  # these are sentences of the course
        raise ValueError(
            f"{str(path)!r} is not a whole file of save_run{why}: it may have been changed or cut short. "
            "Use another copy, or train and save again."
        ) from error
    return run


def _run_of(arrays):
    """Return the TrainingRun of a file's arrays. ValueError: one is missing."""

    def take(name):
        if name not in arrays:
            raise ValueError(f"there is no {name!r} in it")
        return arrays.pop(name)

    def take_all(name):
        """Take name_0, name_1 and so on, as far as they go."""
        found = []
        while f"{name}_{len(found)}" in arrays:
            found.append(take(f"{name}_{len(found)}"))
        return tuple(found)

    settings = json.loads(str(take("settings")))
    names = tuple(settings.pop("parameters"))
    interrupted = settings.pop("interrupted")
    settings = Settings(**settings)
    kind = Parameters if names == Parameters._fields else namedtuple("Parameters", names)
    values = kind(*map(take, names))
    state = take("h") if "h" in arrays else take_all("h")
    means = []
    while f"means_{len(means)}_{names[0]}" in arrays:
        means.append(kind(*[take(f"means_{len(means)}_{name}") for name in names]))
    losses, chars = take("losses"), "".join(map(chr, take("chars")))
    vocabulary = Vocabulary(chars, settings.corpus)
    return TrainingRun(values, state, losses, settings, vocabulary, tuple(means), interrupted)


def _whole_run(run, what):
    """Return a run whose parts belong together. ValueError, which begins with `what`, if they do not."""
    try:
        _check_run(run)
    except ValueError as error:
        raise ValueError(f"{what}: {str(error).rstrip('.')}.") from None
    return run


def _check_run(run):
    """ValueError if the parts of a run do not belong together: it may have been changed."""
    names, settings, V = run.parameters._fields, run.settings, len(run.chars)
    if np.shape(getattr(run.parameters, "W_hy", None))[:1] != (V,):
        raise ValueError(f"W_hy does not have one row for each of the {V} characters")
    number_of_means, _ = OPTIMIZERS[checks.choice("optimizer", settings.optimizer, OPTIMIZERS)]
    if len(run.means) != number_of_means:
        raise ValueError(f"there are {len(run.means)} running means, and {settings.optimizer} has {number_of_means}")
    H, state, shapes = settings.hidden_size, shape_of(run.h), [value.shape for value in run.parameters]
    if names in MODELS and MODELS[names].title == network_of(settings.model):  # RNN or GRU, whose shapes are known
        state = (H,) if settings.streams == 1 else (settings.streams, H)
        # The letters of a name say from where to where it leads: W_xh from V inputs to H units, b_y to V outputs.
        shapes = [tuple(V if letter in "xy" else H for letter in reversed(name[2:])) for name in names]
    for values in (run.parameters, *run.means):
        for name, value, shape in zip(names, values, shapes, strict=True):
            if value.dtype != settings.dtype or value.shape != shape:
                raise ValueError(
                    f"{name} or its running mean has type {value.dtype} and shape {value.shape}, "
                    f"not {settings.dtype} and {shape}"
                )
    parts = map(np.asarray, run.h if isinstance(run.h, tuple) else (run.h,))
    if shape_of(run.h) != state or any(part.dtype.kind not in "biufc" or np.isnan(part).any() for part in parts):
        raise ValueError(f"the state h, of shape {shape_of(run.h)}, is not one of numbers of shape {state}")
    for name, value in run.parameters._asdict().items():  # a running mean may overflow while all goes well
        if not np.isfinite(value).all():
            raise ValueError(f"{name} holds nan or inf")
    losses, most = np.asarray(run.losses), settings.num_epochs * settings.sequences_per_epoch
    if losses.ndim != 1 or losses.dtype.kind != "f" or not (np.isfinite(losses) & (losses >= 0)).all():
        raise ValueError("the losses are not finite numbers of 0 or more, one after the other")
    if len(losses) > most:
        raise ValueError(f"there are {len(losses):,} losses, and num_epochs={settings.num_epochs} has {most:,}")
