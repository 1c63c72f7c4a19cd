"""The moving picture of README: the network of page 00 learns to write.

    python -m course.tools.learning        draws data/learning.svg, and for phones data/learning_narrow.svg

Each is one SVG without a script: sharp on every screen, light or dark as its reader, and a still, which shows the end,
for readers who have asked for less motion.
"""

import html
import textwrap
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from course.base.place import ROOT
from course.engine import sample, train
from course.show.drawing import NIGHT, color
from rnn_helpers import Corpus, initialize_parameters, load_corpus

# When the network is asked to write: after so many steps, of which 62 are one reading.
STEPS = {
    0: "before it reads",
    6: "after a tenth of a reading",
    15: "after a quarter of a reading",
    31: "after half a reading",
    62: "after 1 reading",
    124: "after 2 readings",
    186: "after 3 readings",
    248: "after 4 readings",
    372: "after 6 readings",
    496: "after 8 readings",
}
LAST = max(STEPS)
SECONDS, HOLD = 1.4, 4  # how long each text stays, and how much longer the last one
TOTAL = SECONDS * (len(STEPS) - 1) + HOLD
LINE = "shall i compare thee to a summer's day?"
SHOWN = ("page", "ink", "quiet", "rule", "state", "slope")


@dataclass(frozen=True)
class Layout:
    """Where things are, in pixels. heading, big, mono: sizes of letters; across: characters of verse in a row."""

    width: int
    height: int
    side: int
    title: tuple
    heading: int
    big: int
    top: int
    bottom: int
    mono: float
    across: int
    rows: int


LAYOUTS = {
    "learning": Layout(
        700, 346, 24, ("How much do Shakespeare's letters surprise the network?",), 17, 30, 78, 212, 17, 62, 3
    ),
    "learning_narrow": Layout(
        350, 380, 16, ("How much do Shakespeare's letters", "surprise the network?"), 15, 26, 92, 228, 13, 40, 4
    ),
}


class Snapshots(dict):
    """Takes the place of train's progress line: keeps {step: what the network writes then}, for the keys of STEPS."""

    def __call__(self, first, total, look, model):
        self.look = look
        return self

    def show(self, done, loss):
        if done in STEPS:
            self.keep(done, self.look(done).parameters)

    def keep(self, done, parameters):
        self[done] = sample(parameters, seen(), 160, prompt=LINE + "\n", temperature=0.5)

    def end(self, text, run):
        """What train says at its end is not needed here."""


def seen():
    """Return what the network of page 00 reads."""
    text = load_corpus("sonnets").text
    return Corpus("sonnets, the first eight tenths", text[: len(text) * 8 // 10])


def learn():
    """Train as page 00 does. Return the bits that a letter costs, after each step, and {step: what is written then}."""
    snapshots, corpus = Snapshots(), seen()
    recipe = {"optimizer": "muon", "streams": 24, "init": "fan_in", "decay": "linear"}
    losses = train(corpus, 75, 50, 0.085, 8, **recipe, progress=snapshots).losses
    snapshots.keep(0, initialize_parameters(75, corpus.vocab_size, np.random.default_rng(0), "fan_in"))
    guess = 50 * np.log(corpus.vocab_size)
    return np.concatenate([[guess], losses]) / (50 * np.log(2)), snapshots


def verse(text, layout):
    """Return the first rows of a text. A line that is too long for one goes on in the next, and stands in a little."""
    rows = []
    for line in text.split("\n"):
        rows += textwrap.wrap(line, layout.across, subsequent_indent="  ") or [""]
    return rows[: layout.rows]


def drawing(bits, texts, layout):
    """Return the SVG: a curve that grows, a dot that leads it, and what is written at each of STEPS."""
    left, right, top, bottom = layout.side, layout.width - layout.side, layout.top, layout.bottom
    x, y = np.linspace(left, right, len(bits)), bottom - (bottom - top) * bits / bits[0]
    way = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])  # along the curve
    steps = list(STEPS)
    when = np.interp(np.arange(len(bits)), steps, 100 * SECONDS * np.arange(len(steps)) / TOTAL)  # in percent
    some = sorted({k for start, end in pairwise(steps) for k in np.linspace(start, end, 7).astype(int)})
    line = " ".join(f"{x[k]:.1f},{y[k]:.1f}" for k in some)
    grow = "".join(f"{when[k]:.1f}%{{stroke-dashoffset:{1 - way[k] / way[-1]:.3f}}}" for k in some)
    move = "".join(f"{when[k]:.1f}%{{transform:translate({x[k]:.1f}px,{y[k]:.1f}px)}}" for k in some)
    rules, shots = f"@keyframes grow{{{grow}}}\n@keyframes move{{{move}}}\n", ""
    writes = layout.bottom + layout.mono + 18
    for k, step in enumerate(steps):
        name = f"k{k}"
        shown = f"0%{{opacity:{int(k == 0)}}}{when[step]:.1f}%{{opacity:1}}"
        shown += "" if step == LAST else f"{when[steps[k + 1]]:.1f}%{{opacity:0}}"
        rules += f".{name}{{animation-name:{name}{'' if step == LAST else ';opacity:0'}}}@keyframes {name}{{{shown}}}\n"
        rows = "".join(
            f'<tspan x="{left}" dy="{1.5 * layout.mono:g}">{html.escape(row) or " "}</tspan>'
            for row in verse(texts[step], layout)
        )
        shots += f"""<g class="shot {name}">
<text class="big" x="{right}" y="{top + layout.big + 4}">{bits[step]:.1f} bits</text>
<text x="{right}" y="{top + layout.big + 24}" text-anchor="end">at each letter, {STEPS[step]}</text>
<text class="mono" y="{writes}">{rows}</text></g>
"""
    title = "".join(f'<tspan x="{left}" dy="{21 * (k > 0)}">{row}</tspan>' for k, row in enumerate(layout.title))
    costs = f"costs {bits[0]:.1f} bits at first, and {bits[-1]:.1f} at the end"
    about = f"A network learns to write. A letter of its text {costs}."
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{layout.width}" height="{layout.height}" \
viewBox="0 0 {layout.width} {layout.height}" style="max-width:100%;height:auto" role="img"><title>{about}</title>
<style>svg{{{colors({kind: color(kind) for kind in SHOWN})}}}
@media(prefers-color-scheme:dark){{svg{{{colors({kind: NIGHT[kind][1] for kind in SHOWN})}}}}}
text{{font:13px system-ui,sans-serif;fill:var(--quiet)}}
.title{{font-size:{layout.heading}px;font-weight:700;fill:var(--ink)}}
.big{{font-size:{layout.big}px;font-weight:700;fill:var(--slope);text-anchor:end}}
.line,.mono{{font:{layout.mono}px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}}
.mono{{fill:var(--state)}}
.curve{{stroke-dasharray:1;animation:grow {TOTAL:g}s linear 3 both}}
.dot{{transform:translate({x[-1]:.1f}px,{y[-1]:.1f}px);animation:move {TOTAL:g}s linear 3 both}}
.shot{{animation:{TOTAL:g}s step-end 3 both}}
{rules}@media(prefers-reduced-motion:reduce){{*{{animation:none!important}}}}</style>
<rect width="100%" height="100%" rx="8" fill="var(--page)"/>
<text class="title" y="34">{title}</text>
<path d="M{left} {top}H{right}M{left} {bottom}H{right}" stroke="var(--rule)"/>
<text x="{left}" y="{top - 8}">a blind guess, {bits[0]:.1f} bits</text>
<text x="{left}" y="{bottom - 8}">never surprised, 0 bits</text>
<polyline class="curve" pathLength="1" points="{line}" fill="none" stroke="var(--slope)" stroke-width="3"/>
<text class="line" x="{left}" y="{writes}">{LINE}</text>
{shots}<circle class="dot" r="6" fill="var(--slope)"/></svg>
"""


def colors(of_kinds):
    return ";".join(f"--{kind}:{code}" for kind, code in of_kinds.items())


def drawings():
    """Return {name of a file in data/: its text}."""
    bits, texts = learn()
    return {f"{name}.svg": drawing(bits, texts, layout) for name, layout in LAYOUTS.items()}


if __name__ == "__main__":
    for name, text in drawings().items():
        (ROOT / "data" / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"data/{name}: {len(text.encode()) / 1000:.0f} kB")
