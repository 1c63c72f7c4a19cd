"""The pictures of training: where a text is cut, how long a step may be, and how the loss falls."""

import numpy as np

from course.show.drawing import SIZES, Sheet, claim, color, signed
from rnn_helpers import Parameters, backward_pass, forward_pass

DASHES = (0, (4, 2))


def visible(text):
    """Return a text with a sign for each line end."""
    return text.replace("\n", "↵")


# ---------------------------------------------------------------- cuts
def pieces_and_targets(text, length):
    """If each piece of a text is used alone, which letters does nobody have to guess?"""
    sheet = Sheet("Every cut loses a target", 1.6)
    lost, step, y = [], 5.9 / len(text), 0.72
    for t, letter in enumerate(text):
        x, first = 0.55 + step * t, t % length == 0
        if t and first:
            lost.append(letter)
            edge = x - step / 2
            sheet.line((edge, 0.4), (edge, 1.05), kind="quiet", style=(0, (2, 2)))
            sheet.write(x, y - 0.47, f"nobody guesses {letter}", "slope", "small", on="page")
        sheet.box(x, y, letter, "letter" if first else "chance", 0.4, 0.4)
        if not first:
            sheet.arrow((x - step + 0.2, y), (x - 0.2, y), kind="chance")
    for start in range(0, len(text), length):
        piece = text[start : start + length]
        sheet.write(0.55 + step * (start + (len(piece) - 1) / 2), 1.1, f"piece {piece}", "quiet", "small")
        sheet.say(f"piece {piece}: inputs {piece[:-1] or 'none'}, targets {piece[1:] or 'none'}")
    sheet.say(f"never a target: {', '.join(lost)}")
    return sheet


def sequences(text, length):
    """At a cut between two sequences, what goes over it, and what ends there?"""
    count = (len(text) - 1) // length
    sheet = Sheet("The state crosses a cut, but the gradient doesn't", 3.55)
    step, inputs, state, targets = 5.6 / (count * length), 0.66, 1.62, 2.62
    for name, y, kind in (
        ("targets", targets, "chance"),
        ("state", state + 0.12, "state"),
        ("gradient", state - 0.12, "slope"),
        ("inputs", inputs, "letter"),
    ):
        sheet.write(0.15, y, name, kind, align="left", weight="bold")
    for t in range(count * length):
        x, starts, ends = 1.4 + step * (t + 0.5), t % length == 0, (t + 1) % length == 0
        shared = {"ec": color("ink"), "lw": 2.6}  # the letter that two sequences share
        sheet.box(x, inputs, text[t], "letter", 0.36, 0.36, **shared if t and starts else {})
        sheet.box(x, state, "", "state", 0.36, 0.36)
        sheet.box(x, targets, text[t + 1], "chance", 0.36, 0.36, **shared if ends and t + 1 < count * length else {})
        sheet.arrow((x, inputs + 0.18), (x, state - 0.18))
        sheet.arrow((x - 0.06, state + 0.18), (x - 0.06, targets - 0.18))
        sheet.arrow((x + 0.06, targets - 0.18), (x + 0.06, state + 0.18), kind="slope", back=True)
        if t:
            sheet.arrow(
                (x - step + 0.18, state + 0.08), (x - 0.18, state + 0.08), kind="state", width=3 if starts else 1.4
            )
        if not starts:
            sheet.arrow((x - 0.18, state - 0.09), (x - step + 0.18, state - 0.09), kind="slope", back=True)
            continue
        edge = x - step / 2
        sheet.line((x - 0.18, state - 0.09), (edge + 0.05, state - 0.09), kind="slope", width=1.4, style=DASHES)
        sheet.line((edge + 0.05, state - 0.2), (edge + 0.05, state + 0.01), kind="slope", width=3.5, zorder=4)
        if t:
            sheet.line((edge, 0.1), (edge, targets + 0.25), kind="quiet", style=(0, (2, 2)))
            sheet.write(edge, targets + 0.4, f"the last target, {text[t]}, is the next input", "quiet", "small")
            sheet.say(f"cut after {t} letters: the state goes over it, the gradient ends there")
            sheet.say(f"{text[t]}, after the cut, is the last target and then the first input")
    for k in range(count):
        read, come = text[k * length : (k + 1) * length], text[k * length + 1 : (k + 1) * length + 1]
        sheet.write(1.4 + step * length * (k + 0.5), 0.2, f"sequence {k}", weight="bold")
        sheet.say(f"sequence {k}: inputs {read}, targets {come}")
    return sheet


# ---------------------------------------------------------------- steps
def step_sizes(parameters, inputs, targets, rates):
    """How long may a step of all parameters be? rates: three learning rates to name, from small to large."""
    start = np.zeros(len(parameters.b_h))
    before = forward_pass(inputs, targets, start, parameters)
    gradients = backward_pass(inputs, targets, parameters, before)

    def loss_after(rate):
        moved = Parameters(*[parameter - rate * gradient for parameter, gradient in zip(parameters, gradients)])
        return forward_pass(inputs, targets, start, moved).loss

    slope = -sum((gradient**2).sum() for gradient in gradients)  # of the loss, for the rate
    after = [loss_after(rate) for rate in rates]
    sheet = Sheet(f"Rate {rates[1]:g} lowers the loss most, but {rates[2]:g} raises it", 3.3)
    limits = {"xlim": (-0.03, 1.9), "ylim": (3.6, 7.4), "xticks": [0, 0.5, 1, 1.5], "yticks": [4, 5, 6, 7]}
    axes = sheet.chart(0.75, 0.55, 6.1, 2.3, xlabel="learning rate", ylabel="loss after the step", **limits)
    axes.axhline(before.loss, color=color("rule"), lw=1)
    curve = np.linspace(0, 1.9, 96)
    axes.plot(curve, [loss_after(rate) for rate in curve], color=color("slope"), lw=2.2)
    axes.plot(curve, before.loss + slope * curve, color=color("ink"), lw=1.4, ls=DASHES)
    style = {"fontsize": SIZES["text"], "va": "center"}
    axes.text(0.46, 3.79, "what the slopes promise", color=color("ink"), **style)
    axes.text(0.62, before.loss + 0.2, f"before the step: {before.loss:.4f}", color=color("quiet"), **style)
    sheet.say(f"before the step: {before.loss:.4f}")
    for rate, loss, (x, y, align) in zip(rates, after, ((12, 6, "left"), (6, 19, "center"), (-12, 6, "right"))):
        axes.plot([rate], [loss], "o", color=color("slope"), ms=8, zorder=5)
        beside = {"textcoords": "offset points", "ha": align, "color": color("slope"), "weight": "bold"}
        axes.annotate(f"rate {rate:g}: {loss:.4f}", (rate, loss), (x, y), **beside, **style)
        sheet.say(f"rate {rate:g}: loss {loss:.4f}, the slopes promise {signed(before.loss + slope * rate)}")
    return sheet


def two_names(number, step):
    """Which of two names sees the change? number: an entry of an array with two names; step: what is subtracted."""
    before, new = signed(number), signed(number - step)
    sheet = Sheet("Only -= writes into the array that the network holds", 2.1)
    for left, line in ((0.15, "parameter = parameter - step"), (3.75, "parameter -= step")):
        sheet.write(left, 1.53, line, align="left", family="monospace")
        for name, y in (("network", 1.05), ("parameter", 0.45)):
            sheet.write(left, y, name, align="left")
            end = y if left < 1 else 0.75 + 0.25 * (y - 0.75)  # to an array of its own, or to the one for both
            sheet.arrow((left + 0.9, y), (left + 1.6, end))
    sheet.box(2.25, 1.05, before, "weight", 0.9)
    sheet.box(2.25, 0.45, new, "weight", 0.9)
    sheet.write(2.8, 1.05, "as before", "quiet", "small", align="left")
    sheet.write(2.8, 0.45, "new", "quiet", "small", align="left")
    sheet.box(5.85, 0.75, new, "weight", 0.9)
    sheet.write(5.85, 0.37, "one array, changed", "quiet", "small")
    sheet.line((3.5, 0.2), (3.5, 1.7))
    sheet.say(
        f"parameter = parameter - step: network {before}, parameter {new}, a new array",
        f"parameter -= step: network and parameter {new}, one array",
    )
    return sheet


# ---------------------------------------------------------------- losses
def line_learned(losses, written):
    """When can a network write a line that it reads again and again?

    losses   {readings: the loss of the line after so many}; written: {readings: what the network writes then}
    """
    title = "The loss of the line falls below 0.1"
    sheet = Sheet(claim(losses[max(written)] < 0.1, title, "The loss of the line, and what the network writes"), 4.7)
    stops = sorted(written)
    axes = sheet.chart(0.75, 2.5, 6.0, 1.75, xlabel="readings of the line (log scale)", ylabel="loss, log scale")
    place = {readings: np.log(readings + 4) for readings in losses}  # so that 0 has a place, too
    axes.set_yscale("log")
    axes.minorticks_off()
    axes.plot(place.values(), losses.values(), color=color("slope"), lw=2.2)
    at_stops = [place[stop] for stop in stops]
    axes.plot(at_stops, [losses[stop] for stop in stops], "o", color=color("slope"), ms=7, zorder=5)
    axes.set_xticks(at_stops, map("{:,}".format, stops))
    axes.set(xlim=(at_stops[0] - 0.2, at_stops[-1] + 0.2), ylim=(0.03, 250))
    axes.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    for x, name, align in ((0.85, "readings", "right"), (1.5, "loss", "right"), (2.45, "probability", "right")):
        sheet.write(x, 1.88, name, "quiet", "small", align)
    sheet.write(2.65, 1.88, "it writes", "quiet", "small", "left")
    for row, stop in enumerate(stops):
        y, loss, text = 1.63 - 0.27 * row, losses[stop], visible(written[stop].rstrip())
        sheet.write(0.85, y, f"{stop:,}", align="right")
        sheet.write(1.5, y, f"{loss:.2f}", "slope", align="right", weight="bold")
        sheet.write(2.45, y, f"{np.exp(-loss):.2f}", "chance", align="right", weight="bold")
        sheet.write(2.65, y, text.replace("$", r"\$"), size="small", align="left", family="monospace")
        sheet.say(f"{stop} readings: loss {loss:.2f}, probability of the line {np.exp(-loss):.2f}, writes: {text}")
    return sheet


def smoothing(smoothed, losses=None):
    """What does the smoothed loss tell? smoothed (N + 1,), beginning with a guess; losses (N,) of the sequences.

    Without the losses, they are worked out: the smoothed loss moves by a thousandth of the way to each of them.
    """
    losses = 1000 * np.diff(smoothed) + smoothed[:-1] if losses is None else losses
    tenth, jump = len(losses) // 10, float(np.abs(np.diff(losses)).mean())
    early, recent = float(np.mean(losses[:tenth])), float(np.mean(losses[-tenth:]))
    guess, title = smoothed[0], "The smoothed loss falls, but the network doesn't learn"
    if early - recent > jump:
        title = "The smoothed loss follows the losses, but lags behind"
    sheet = Sheet(claim(guess > smoothed[-1] > recent, title, "The losses, and the smoothed loss"), 3.4)
    limits = {"xlim": (0, len(losses)), "ylim": (min(losses) - 8, guess + 14)}
    axes = sheet.chart(0.75, 0.55, 4.3, 2.3, xlabel="sequences read", ylabel="loss", **limits)
    ticks = range(0, len(losses), 500 if len(losses) < 2500 else 2000)
    heights = range(int(limits["ylim"][0]) // 20 * 20 + 20, int(guess) + 1, 20)
    axes.set(xticks=ticks, xticklabels=map("{:,}".format, ticks), yticks=heights)
    axes.plot(np.arange(1, len(losses) + 1), losses, color=color("letter", "bar"), lw=0.5)
    axes.axhline(guess, color=color("quiet"), lw=1, ls=(0, (1, 2)))
    axes.plot(np.arange(len(smoothed)), smoothed, color=color("slope"), lw=2.4)
    end = {"xycoords": ("axes fraction", "data"), "va": "center", "fontsize": SIZES["text"], "annotation_clip": False}
    apart = max(smoothed[-1], recent + 16)
    axes.annotate(f"a blind guess: {guess:.2f}", (1.02, guess), color=color("quiet"), **end)
    axes.annotate(f"smoothed: {smoothed[-1]:.2f}", (1.02, apart), color=color("slope"), weight="bold", **end)
    axes.annotate("each loss", (1.02, recent), color=color("letter"), **end)
    places = np.linspace(0, len(losses), 4).round().astype(int)
    sheet.say(
        f"each loss, {len(losses):,} sequences: mean {np.mean(losses):.1f}; mean jump to the next {jump:.0f}",
        f"smoothed: {', '.join(f'{smoothed[at]:.2f} at {at:,}' for at in places)}",
        f"a blind guess: {guess:.2f}",
    )
    return sheet
