"""Live training: train(..., progress=watch) draws the loss while the network learns. For a learner's own loop over
epochs, time_left says how long it will take.

In a notebook one display is redrawn every second or two. It shows the curve of the loss, the progress, the time left,
and a line that the network writes at that moment. It ends as a Picture with no time in its text, so a page that trains
stores the same output each run. In a terminal, a script or a pipe, train shows its own line.

While training runs, the display is HTML with an SVG drawing. It costs a hundredth of a matplotlib figure, and a browser
draws it at once, without flicker.
"""

import contextlib
import html
import math
import time
from functools import partial

import numpy as np
from matplotlib import font_manager

from course.base.ready import in_notebook
from course.engine import sample
from course.engine.progress_line import ProgressLine
from course.show.drawing import Picture, color, in_words
from course.show.pictures import _visible, line_picture

LENGTH = 60  # characters of a line that the network writes
SHARE = 0.02  # of the time may be spent on drawing: after a slow drawing comes a longer wait
WIDTH, HEIGHT = 700, 395  # of the drawing, in pixels: the same as the picture at the end, so that nothing jumps
LEFT, RIGHT, TOP, BOTTOM = 75, 568, 80, 302  # the edges of its axes
PLAIN_WORDS = {  # for those who have not met the terms yet
    "smoothed loss": "surprise",
    "loss": "surprise",
    "epochs": "readings",
    "steps": "small changes",
    "nats per sequence": "surprise over fifty characters",
    "a guess, T ln V": "a blind guess",
}


def watch(*training, plain_words=False):
    """Show the progress of a training: train(..., progress=watch), or progress=watch(plain_words=True).

    plain_words  say it without the terms of later pages; "fifty characters" is the length of the sequences
    The network also writes lines in between, so a model that counts the calls of its functions counts these too.
    """
    start = partial(_start, words=PLAIN_WORDS if plain_words else {})
    return start(*training) if training else start


def stopwatch(*training):
    """Like watch, with a running clock: train(..., progress=stopwatch). The picture at the end names the time taken.
    A page that uses it does not store or compare the output of that cell (tag nbval-ignore-output)."""
    return _start(*training, clock=True)


def _start(first, total, look, model, words=None, clock=False):
    if not in_notebook():
        return ProgressLine(first, total, True)
    return Watched(first, total, look, model, words or {}, clock)


class Watched:
    """Takes the place of ProgressLine, the progress line of train."""

    def __init__(self, first, total, look, model, words, clock):
        """look(steps) gives the TrainingRun so far, a copy; the other arguments are as for ProgressLine and watch."""
        self.first, self.total, self.look, self.model = first, total, look, model
        self.words, self.clock = words, clock
        self.display, self.lines, self.line, self.line_from = None, 0, "", -math.inf
        self.started = time.monotonic()
        self.due = self.started + (0 if clock else 0.5)  # what ends within half a second shows only its end

    def show(self, done, loss):
        """Called by train after each step."""
        now = time.monotonic()
        if now < self.due:
            return
        run, seconds = self.look(done), now - self.started
        if now - self.line_from >= 1:  # a line takes a second to read
            self.lines, self.line, self.line_from = self.lines + 1, self._write(run, seed=self.lines), now
        left = seconds / (done - self.first) * (self.total - done)
        left = f"{left:.0f} s" if left < 100 else f"{left / 60:.0f} min"
        status = _said(f"{done / self.total:.0%} done, loss {loss:.2f}, {left} left", self.words)
        clock = f"{seconds:.1f} s" if self.clock else ""
        drawn = partial(_drawing, run, status, self.line, clock, self.words)
        self._put(status, lambda: {"text/plain": status, "text/html": drawn()})
        every = 1.5 if not self.clock else 0.1 if seconds < 10 else 1
        self.due = now + max(every, (time.monotonic() - now) / SHARE)

    def end(self, text, run):
        """Called by train at its end, an interrupt or a divergence, with the run so far."""
        text = _said(text, self.words)
        if self.clock:
            text += f", in {time.monotonic() - self.started:.2f} s"
        # After an interrupt, train is about to return the run: a second, impatient one must not lose it.
        with contextlib.suppress(*[KeyboardInterrupt] * run.interrupted):
            line = self._write(run, seed=0) if len(run.losses) and not text.startswith("diverged") else ""
            picture = partial(_last_picture, text, run, line, self.words)
            self._put(text, lambda: picture() if len(run.losses) else {"text/plain": text})

    def _write(self, run, seed):
        """Return a line that the network writes, or the reason if the model can train but not write."""
        copy = type(run.parameters)(*map(np.copy, run.parameters))  # whatever a model does to them, run is not changed
        try:
            with np.errstate(all="ignore"):
                line = sample(copy, run.vocabulary, LENGTH, temperature=0.5, seed=seed, model=self.model)
        except Exception as error:
            return f"it cannot write: {error}"[:LENGTH]
        return "it writes: " + "".join([_printable(char) for char in line]).rstrip()

    def _put(self, text, make):
        """Show what make() returns in the display of this training, or the text if it fails: the training goes on."""
        from IPython.display import display

        try:
            what = make()
            data, about = what.bundle() if isinstance(what, Picture) else (what, {})
        except Exception as error:
            what = data, about = {"text/plain": f"{text} (no picture: {error})"}, {}
        if self.display is None:
            self.display = display(data, metadata=about, display_id=True, raw=True)
        else:
            self.display.update(data, metadata=about, raw=True)
        if isinstance(what, Picture):
            display(in_words(what.text), raw=True)


# ---------------------------------------------------------------- a loop of the learner's own
def time_left(rounds):
    """Yield the rounds of a loop over epochs one by one, and show how many are done, and how long the others take.

        for rate in time_left([0.01, 0.001]): ...

    In a notebook the line is one display, which is updated; it ends without a time. Elsewhere nothing is shown.
    """
    rounds, display = list(rounds), None
    text = f"0 of {len(rounds)} epochs"
    for done, one in enumerate(rounds, 1):
        display = _put_line(display, text)
        started = time.monotonic()
        yield one
        # As long as the last round took: when a loop is run again, the first ones may have nothing to do.
        left = (time.monotonic() - started) * (len(rounds) - done)
        left = f"{left:.0f} seconds" if left < 100 else f"{left / 60:.0f} minutes"
        text = f"{done} of {len(rounds)} epochs, about {left} left"
    _put_line(display, f"{len(rounds)} of {len(rounds)} epochs")


def _put_line(display, text):
    """Show a line of text in a display, a new one if it is None. Return the display, or None outside of a notebook."""
    if not in_notebook():
        return None
    if display is None:
        from IPython.display import display as show

        return show({"text/plain": text}, display_id=True, raw=True)
    display.update({"text/plain": text}, raw=True)
    return display


def _said(text, words):
    """Return a text with other words for some terms: {term: words}."""
    for term, other in words.items():
        text = text.replace(term, other)
    return text


def _printable(char):
    char = _visible(char) if char != " " else char
    return char if char.isprintable() else "\N{WHITE SQUARE}"


# ---------------------------------------------------------------- the picture at the end
def _last_picture(title, run, line, words):
    """Return the Picture of a run's losses, with a line that the network wrote below."""
    n, T = len(run.losses), run.settings.seq_length
    epochs = np.arange(1, n + 1) / run.sequences_per_epoch
    losses = np.minimum(run.losses, 1e30)  # matplotlib cannot draw larger numbers
    lines = {_said("smoothed loss", words): (epochs, losses)}
    across, up = _said("epochs", words), _said("nats per sequence", words)
    marks = {_said("a guess, T ln V", words): T * math.log(len(run.chars))}
    if not line:
        return line_picture(title, across, up, lines, marks=marks)
    known = font_manager.get_font(font_manager.findfont("DejaVu Sans Mono")).get_charmap()
    drawn = "".join([char if ord(char) in known else "\N{WHITE SQUARE}" for char in line])
    picture = line_picture(title, across, up, lines, marks=marks, below=drawn)
    return Picture(picture.figure, picture.text.removesuffix(drawn) + line)


# ---------------------------------------------------------------- the drawing on the way
def _drawing(run, status, line, clock, words):
    """Return HTML, without a script, with the curve so far, a line of text above it and one below."""
    guess = run.settings.seq_length * math.log(len(run.chars))
    epochs, losses = run.settings.num_epochs, np.minimum(run.losses, 1e30)
    ticks = _ticks(min(losses.min(), guess), max(losses.max(), guess), guess)
    low, high = ticks[0], ticks[-1]

    def x(epoch):
        return LEFT + (RIGHT - LEFT) * epoch / epochs

    def y(loss):
        return BOTTOM - (BOTTOM - TOP) * (loss - low) / (high - low)

    ink, quiet, rule, state = color("ink"), color("quiet"), color("rule"), color("state")
    small, bold = f"fill:{quiet};font-size:12.5px", f"fill:{ink};font-weight:bold;font-size:16.5px"
    parts = [f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="{rule}"/>']
    for tick in ticks:
        parts.append(f'<path d="M{LEFT - 4} {y(tick):.1f}h4" stroke="{quiet}"/>')
        parts.append(_text(LEFT - 8, y(tick) + 4, f"{tick:g}", "end", small))
    for tick in _ticks(0, epochs, epochs):
        if tick <= epochs:
            parts.append(_text(x(tick), BOTTOM + 18, f"{tick:g}", "middle", small))
    parts.append(f'<path d="M{LEFT} {y(guess):.1f}H{RIGHT}" stroke="{quiet}" stroke-dasharray="3 3"/>')
    parts.append(_text(RIGHT + 10, y(guess) + 5, _said("a guess, T ln V", words), "start", f"fill:{quiet}"))
    places = np.unique(np.linspace(0, len(losses) - 1, 300).round().astype(int))
    points = " ".join(f"{x((k + 1) / run.sequences_per_epoch):.1f},{y(losses[k]):.1f}" for k in places)
    parts.append(f'<polyline points="{points}" fill="none" stroke="{state}" stroke-width="3"/>')
    parts.append(_text(15, 28, status, "start", bold))
    parts.append(_text(WIDTH - 15, 28, clock, "end", bold + ";font-variant-numeric:tabular-nums"))
    parts.append(_text(15, 59, _said("nats per sequence", words), "start", small))
    parts.append(_text((LEFT + RIGHT) / 2, BOTTOM + 37, _said("epochs", words), "middle", small))
    mono = f"fill:{ink};font:12.5px DejaVu Sans Mono,Menlo,Consolas,monospace;white-space:pre"
    parts.append(_text(LEFT, HEIGHT - 14, line, "start", mono))
    look = "display:block;background:white;max-width:100%;height:auto;font:14.5px DejaVu Sans,Arial,sans-serif"
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    name = html.escape(f"{status}. {line}")
    return f'<svg class="training" {size} role="img" aria-label="{name}" style="{look}">{"".join(parts)}</svg>'


def _text(x, y, text, anchor, style):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{style}">{html.escape(text)}</text>'


def _ticks(low, high, size):
    """Return round numbers, evenly spaced, from at most low to at least high. About four of them fit into size (or, if
    that is far less than high - low, between low and high), so they do not move while the curve grows."""
    size = (size if high - low <= 2 * size else high - low) or 1.0
    unit = 10.0 ** math.floor(math.log10(size / 4))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= 0.999 * size / 5)
    below = math.floor(low / step)
    return np.arange(below, max(math.ceil(high / step), below + 1) + 1) * step
