"""Training: one loop for every model, optimizer and text."""

import math
from collections import namedtuple

import numpy as np

from course.base import checks
from course.base.arrays import copied
from course.engine.model import RNN, Model, Passes
from course.engine.optimizers import OPTIMIZERS, global_norm, make_streams
from course.engine.own_models import CheckedModel
from course.engine.progress_line import ProgressLine
from course.engine.runs import Settings, TrainingDiverged, TrainingRun, check_chars, ids_sha256, resumed
from rnn_helpers import Corpus, chunks

SNAPSHOT_EVERY = 25  # steps; copying the parameters this often costs less than 1 % of the time


def train(
    corpus,
    hidden_size,
    seq_length,
    learning_rate,
    num_epochs,
    *,
    seed=0,
    max_norm=None,
    optimizer="sgd",
    streams=1,
    init=0.01,
    decay=None,
    dtype="float64",
    rates=None,
    progress=True,
    resume=None,
    model=RNN,
):
    """Train a network on a text and return a TrainingRun. The defaults are the recipe of 2019.

    The text is read in consecutive sequences of seq_length characters; the hidden state is carried from one to the
    next, and starts from zeros at each epoch (a pass over the text). The smoothed loss starts at T ln V, the loss of an
    even guess.

    corpus         the text
    hidden_size    H, the number of hidden units
    seq_length     T, characters in one sequence
    learning_rate  how far a step goes
    num_epochs     how often the text is read
    seed           of the random initial parameters
    max_norm       clip gradients above this global norm; None: never
    optimizer      "sgd", "adam", "adam_short" (which forgets sooner) or "muon"
    streams        B, pieces of the text to read side by side
    init           the scale of initialize_rnn; or as {"W_xh": 1}: the size of the numbers of some parameters, by their
                   names, and "fan_in" for the others
    decay          None, or "linear": the learning rate goes down to 0
    dtype          "float64" or "float32"
    rates          as {"W_xh": 8, "W_hh": 0.7}: how many times as far as the others these parameters move, in each step
    progress       show a line with the share done, the loss and the time left; or watch() of course.show.watching
    resume         a TrainingRun to continue, up to num_epochs in all; the digits are those of a run without a break,
                   but dropout draws other masks. num_epochs, learning_rate and max_norm may be new, no others
    model          the Model to train, maybe your own

    Interrupting (the stop button, Ctrl-C) returns the run so far, .interrupted; at most SNAPSHOT_EVERY steps are lost.
    TrainingDiverged, if the loss is nan or inf, has the last good run in .run. ValueError: an argument makes no sense.
    """
    run, ids = _begin(**locals())
    return train_on(run, ids, model, progress)


def _begin(corpus, model, progress, resume, **settings):
    """Check all that was given to train; return the TrainingRun to train, and the ids, (N,) or (N, B), that it reads.
    Behind this door nothing is checked.

    settings  the arguments of train that are fields of Settings
    """
    checks.kind("corpus", corpus, Corpus, "load_corpus('sonnets')")
    checks.kind("model", model, Model, "RNN")
    for part in ("initialize", "forward", "backward"):
        checks.function(f"The {part} of the model", getattr(model, part))
    check_chars(model, corpus.vocabulary)
    if not callable(progress) and not isinstance(progress, bool):
        raise ValueError(f"progress is {progress!r}: it must be True, False, or watch of course.show.watching.")
    text = {"corpus": corpus.name, "characters": len(corpus.ids), "ids_sha256": ids_sha256(corpus.ids)}
    settings = Settings(**text, model=model.title, **settings)
    checks.room("num_epochs", settings.num_epochs, settings.num_epochs * settings.sequences_per_epoch)
    start = _start(corpus, settings, model)
    run = start if resume is None else resumed(resume, start)
    if _is_rnn(model):
        checks.plain(run.parameters)
    return run, corpus.ids if settings.streams == 1 else make_streams(corpus.ids, settings.streams)


def _start(corpus, settings, model):
    """Return the TrainingRun of zero steps: random parameters, a state of zeros."""
    rng = np.random.default_rng(settings.seed)
    sizes = settings.init if isinstance(settings.init, dict) else {}
    scale = "fan_in" if sizes == settings.init else settings.init
    start = checks.parameters(model.initialize(settings.hidden_size, corpus.vocab_size, rng, scale))
    for name, given in [("init", sizes), ("rates", settings.rates or {})]:
        checks.names(name, given, start._fields)
    drawn = {name: size * rng.standard_normal(np.shape(getattr(start, name))) for name, size in sizes.items()}
    start = start._replace(**drawn)
    if len(start.W_hy) != corpus.vocab_size:
        raise ValueError(
            f"initialize returned W_hy of shape {np.shape(start.W_hy)}: it must have a row for each of the "
            f"{corpus.vocab_size} characters of the text."
        )
    parameters = type(start)(*[np.array(value, settings.dtype) for value in start])
    number_of_means, _ = OPTIMIZERS[settings.optimizer]  # running means of the gradients, which begin at zero
    means = tuple(type(start)(*map(np.zeros_like, parameters)) for _ in range(number_of_means))
    state = model.first_state(parameters, () if settings.streams == 1 else (settings.streams,))
    return TrainingRun(parameters, state, np.empty(0), settings, corpus.vocabulary, means)


def train_on(run, ids, model, progress):
    """Train a copy of a run on ids, (N,) or (N, B), to the end of its settings, and return it: the loop of train."""
    settings = run.settings
    pieces = chunks(ids, settings.seq_length)
    first, total = len(run.losses), settings.num_epochs * len(pieces)
    _, optimizer_step = OPTIMIZERS[settings.optimizer]
    rate = settings.learning_rate
    keep = 0.999**settings.streams  # of the smoothed loss: a step with B streams counts as B sequences
    smoothed = run.losses[-1] if first else settings.seq_length * math.log(run.vocabulary.size)
    run = run.copy()  # the one that is trained
    good = run.copy()  # what an interrupt or a divergence falls back to
    run.losses = np.concatenate([run.losses, np.empty(total - first)])  # filled in step by step
    groups = _groups(run)
    passes = Passes(run.parameters, pieces[0][0].shape) if _is_rnn(model) else CheckedModel(model)
    line = progress(first, total, run.copy, model) if callable(progress) else ProgressLine(first, total, progress)

    def diverged(what):
        """Return the error to raise, after a last word."""
        line.end(f"diverged at step {step:,} of {total:,}", good)
        return TrainingDiverged(what, step, good)

    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a bad loss is caught
            for step in range(first, total):
                inputs, targets = pieces[step % len(pieces)]
                if step % len(pieces) == 0:  # a new epoch starts from zeros
                    run.h = model.first_state(run.parameters, inputs.shape[1:])
                forward = passes.forward(inputs, targets, run.h, run.parameters)
                if not math.isfinite(forward.loss):
                    raise diverged(f"The loss became {forward.loss}")
                if step % SNAPSHOT_EVERY == 0:  # these parameters have just given a finite loss
                    good = run.copy(step)
                gradients = passes.backward(inputs, targets, run.parameters, forward)
                if settings.max_norm is not None:  # clip_gradients, for the parameters of any model
                    norm = global_norm(gradients)
                    if not math.isfinite(norm):
                        raise diverged("The gradients became infinite")
                    if norm > settings.max_norm:
                        gradients = type(gradients)(*[gradient * (settings.max_norm / norm) for gradient in gradients])
                if settings.decay is not None:  # on a line down to 0; source: Mikolov and others, 2013
                    rate = settings.learning_rate * (1 - step / total)
                for factor, of_group, parameters, means in groups:
                    optimizer_step(parameters, of_group(gradients), means, step + 1, factor * rate)
                run.h = copied(model.state_after(forward))  # the next pass writes over what this one returned
                smoothed = keep * smoothed + (1 - keep) * (forward.loss / settings.streams)
                run.losses[step] = smoothed
                line.show(step + 1, smoothed)
        if not all(np.isfinite(value).all() for value in run.parameters):  # no loss has shown it after the last step
            raise diverged("The parameters became infinite")
        good = run.copy()
        line.end(f"{settings.num_epochs} epochs, {total:,} steps, smoothed loss {smoothed:.2f}", good)
        return good
    except KeyboardInterrupt:
        good.interrupted = True
        line.end(f"interrupted after {len(good.losses):,} of {total:,} steps; go on with resume=", good)
        return good


def _groups(run):
    """Return the parameters that move alike: for each factor of the learning rate (factor, a function that takes them
    out of all parameters or gradients, these parameters, their running means). The arrays are those of the run."""
    names, groups = run.parameters._fields, []
    factors = [(run.settings.rates or {}).get(name, 1) for name in names]
    for factor in dict.fromkeys(factors):
        group = namedtuple("Group", [name for name, one in zip(names, factors) if one == factor])

        def of_group(arrays, group=group):
            return group(*[getattr(arrays, name) for name in group._fields])

        groups.append((factor, of_group, of_group(run.parameters), tuple(map(of_group, run.means))))
    return groups


def _is_rnn(model):
    """Return whether a model has the passes of RNN, for which there is a faster form."""
    return (model.forward, model.backward, model.zero_state) == (RNN.forward, RNN.backward, None)
