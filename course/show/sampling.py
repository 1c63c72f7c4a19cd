"""Pictures of drawing: the line of probabilities, what a temperature does to it, and a walk through temperatures."""

import html
import math

import numpy as np

from course.show.drawing import Sheet, claim, color, shade
from course.show.live import Live
from course.show.pictures import _visible
from course.show.stepper import one_at_a_time
from rnn_helpers import apply_temperature, draw, forward_pass, rnn_step

SHOWN = 5  # of the characters that may come next, the walk shows the most probable ones
LENGTH, MEASURED = 160, 10_000  # characters of each text that are shown, and those that the bits are a mean of

# What the walk through temperatures adds to the style of stepper.py, which says what the names mean.
STYLE = """
#walk table{table-layout:auto;width:100%;max-width:34em}
#walk caption{text-align:left;caption-side:top;color:inherit;padding:0}
#walk .sums th{white-space:nowrap}
#walk .wide{width:100%}
#walk .bar{height:13px;background:chance:bar;border-radius:2px}
#walk pre{margin:2px 0 0;padding:6px 10px;border:1px solid rgba(128,128,128,.5);border-radius:6px;font-size:13px;
 line-height:1.45;white-space:pre-wrap;word-break:normal;background:transparent;color:inherit;
 min-height:9em}
"""


def draw_line(probs, u, counts):
    """On which piece of the line from 0 to 1 does u land, and how often is each piece hit?

    probs (V,); counts (V,), how often each id came in many draws
    """
    ends, total, drawn = np.concatenate([[0], np.cumsum(probs)]), int(np.sum(counts)), draw(probs, u)
    sheet = Sheet(f"$u$ = {u} lands on the piece of id {drawn}", 3.5)
    left, scale, shades = 0.35, 6.3, _shades(len(probs))
    for k, p in enumerate(probs):
        edge = {"ec": color("ink"), "lw": 2.2, "zorder": 4} if k == drawn else {}
        sheet.cell(left + scale * (ends[k] + p / 2), 2.45, f"id {k}", shades[k], scale * p, 0.42, **edge)
    for end in ends:
        sheet.write(left + scale * end, 2.09, f"{end:g}", "quiet")
    sheet.arrow((left + scale * u, 3.03), (left + scale * u, 2.69), width=2)
    side, align = (0.12, "left") if u < 0.8 else (-0.12, "right")
    sheet.write(left + scale * u + side, 2.93, f"$u$ = {u}", align=align, weight="bold")
    sheet.write(left, 1.68, f"{total:,} draws. The marks show what the probabilities predict", "quiet", align="left")
    longest = 4.6 / max(max(probs), max(counts) / total)
    for k, p in enumerate(probs):
        y, width, place = 1.34 - 0.33 * k, longest * counts[k] / total, 0.95 + longest * p
        sheet.write(left, y, f"id {k}", align="left")
        sheet.cell(0.95 + width / 2, y, "", shades[k], width, 0.25, lw=0)
        sheet.line((place, y - 0.16), (place, y + 0.16), kind="ink", width=1.8, zorder=4)
        sheet.write(max(0.95 + width, place) + 0.1, y, f"{counts[k]:,}", align="left")
        sheet.say(
            f"id {k}: from {ends[k]:g} to {ends[k + 1]:g}, {counts[k]:,} of {total:,} draws, {total * p:,.0f} expected"
        )
    sheet.say(f"u = {u} draws id {drawn}")
    return sheet


def move_along_line(parameters, vocabulary, read):
    """The line from 0 to 1 to move along: what a network expects after it has read a text, at a temperature."""
    ids = vocabulary.encode("\n" + read)
    h = forward_pass(ids, ids, np.zeros(len(parameters.b_h)), parameters).hidden[-1]  # its predictions do not matter
    scores = parameters.W_hy @ h + parameters.b_y
    order = np.argsort(-scores)
    chars, scores = [vocabulary.chars[k] for k in order], scores[order].round(4)
    probs, u, numbers = apply_temperature(scores, 1), 0.55, np.random.default_rng(0).random(300).round(3)
    drawn, counts = draw(probs, u), np.bincount([draw(probs, number) for number in numbers[:100]], minlength=len(chars))
    told = [f"{_visible(char)} {count} ({100 * p:.0f} expected)" for char, count, p in zip(chars[:4], counts, probs)]
    text = (
        f"The line from 0 to 1 to move along, after the network has read {read!r}\n"
        f"pieces: {', '.join(f'{_visible(char)} {p:.3f}' for char, p in zip(chars[:SHOWN], probs))}\n"
        f"u = {u:.3f} lands on the piece of {chars[drawn]}, which is {probs[drawn]:.3f} long.\n"
        f"100 draws: {', '.join(told)}."
    )
    data = {"after": read, "chars": chars, "scores": scores.tolist(), "numbers": numbers.tolist()}
    return Live("line", data, text)


def word_map(road, ways, shakespeare):
    """Does a way of drawing lead closer to Shakespeare than a temperature does?

    A place on the map is a pair (means, errors): the percentages of known words and of different words, (2,), and their
    standard errors, (2,).
    road         {temperature: place}
    ways         {name: place} of three other ways of drawing, the one with a list of words last
    shakespeare  his place
    """
    known, different = np.array([means for means, _ in road.values()]).T
    above = [means[0] - np.interp(means[1], different, known) for means, _ in ways.values()]  # above the road
    title = "Only the list of words beats the temperature"
    otherwise = "Known words and different words, by each way of drawing"
    sheet = Sheet(claim(max(above[:-1]) < 1 and above[-1] > 3, title, otherwise), 4.4)
    axes = sheet.chart(0.75, 0.65, 6.0, 3.2, xlim=(0, 75), ylim=(40, 103), xticks=range(0, 71, 10))
    axes.set(xlabel="different words, in percent", ylabel="known words, in percent")
    axes.plot(different, known, color=color("chance"), lw=1.5)

    def put(name, place, kind, mark):
        (high, far), (high_error, far_error) = place
        axes.errorbar(far, high, high_error, far_error, mark, color=color(kind), ms=5, elinewidth=1.2, zorder=4)
        sheet.say(f"{name}: {high:.1f} ± {high_error:.1f} percent known, {far:.1f} ± {far_error:.1f} different")
        return far, high

    for degree, place in road.items():
        far, high = put(f"temperature {degree:g}", place, "chance", "o")
        name = f"temperature {degree:g}" if degree == min(road) else f"{degree:g}"
        axes.text(far + 1.2, high + 1, name, ha="left", va="bottom", fontsize=9, color=color("chance"), zorder=5)
    for kind, (name, place) in zip(("first", "second", "state"), ways.items(), strict=True):
        far, high = put(name, place, kind, "s")
        axes.text(far - 1.4, high - 1.5, name, color=color(kind), ha="right", va="top", fontsize=10.5)
    far, high = put("Shakespeare", shakespeare, "ink", "D")
    axes.text(far + 1.5, high + 0.8, "Shakespeare", ha="left", va="bottom", fontsize=10.5, color=color("ink"))
    return sheet


def _shades(count):
    return [shade("chance", share) for share in np.linspace(0.25, 1, count)]


class TemperatureWalk:
    """What a network writes after a line end, at several temperatures: buttons choose one, without a script.

    So it works in a saved page and on a site, too. Where styles are removed, all temperatures stand below each other.
    Its text (the repr) has all numbers and all texts, and nbval compares it.
    """

    def __init__(self, parameters, corpus, sample_ids, temperatures):
        """sample_ids: the function that writes."""
        line_end, h = corpus.chars.index("\n"), np.zeros(len(parameters.b_h))
        state = rnn_step(line_end, h, parameters)
        scores = parameters.W_hy @ state + parameters.b_y
        best = np.argsort(-scores)[:SHOWN]
        self.frames = []
        for degree in temperatures:
            probs = apply_temperature(scores, degree)
            ids = [line_end, *sample_ids(parameters, h, line_end, MEASURED, np.random.default_rng(0), degree)]
            loss = forward_pass(np.array(ids[:-1]), np.array(ids[1:]), h, parameters).loss
            bars = [(_visible(corpus.chars[k]), float(probs[k])) for k in best]
            others = (f"the other {len(probs) - len(best)}", float(1 - probs[best].sum()))
            text = corpus.decode(ids[1 : LENGTH + 1])
            self.frames.append((degree, loss / math.log(2) / MEASURED, [*bars, others], text))

    def __repr__(self):
        lines = [f"Walk through {len(self.frames)} temperatures: what the network writes after a line end"]
        for degree, bits, bars, text in self.frames:
            lines.append(f"\ntemperature {degree:g}: {bits:.1f} bits per character")
            lines.append("first: " + ", ".join(f"{name} {share:.2f}" for name, share in bars))
            lines.append(text)
        return "\n".join(lines)

    def _repr_html_(self):
        faces = "".join(
            f'#walk input:nth-of-type({k})::before{{content:"{frame[0]:g}"}}\n'
            for k, frame in enumerate(self.frames, start=1)
        )
        group = f"What the network writes, at {len(self.frames)} temperatures"
        steps = [(f"Temperature {frame[0]:g}", self._contents(*frame)) for frame in self.frames]
        return one_at_a_time(group, repr(self), steps, STYLE + faces)

    def _contents(self, degree, bits, bars, text):
        title = f'<p class="title">Temperature {degree:g}: {bits:.1f} bits per character</p>'
        rows = "".join(
            f'<tr><th scope="row">{html.escape(what)}</th><td>{share:.2f}</td>'
            f'<td class="wide"><div class="bar" style="width:{100 * share:.1f}%"></div></td></tr>'
            for what, share in bars
        )
        table = f'<table class="sums"><caption>How probable the first character was</caption>{rows}</table>'
        return f"{title}{table}The first {LENGTH} of {MEASURED:,} characters<pre>{html.escape(text)}</pre>"
