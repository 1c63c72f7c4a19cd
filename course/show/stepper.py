"""A walk through the unrolled graph, forward and then back, one step at a time, with all numbers.

The walk shows itself as HTML without a script: radio buttons choose the step, so mouse, finger and keyboard work, and
the page can be saved, mailed or put on a site. Where styles are removed, all steps are shown below each other. Its text
(the repr) has the numbers of each step; nbval compares both. What is not known yet is an empty box, "?" in the text.
"""

import hashlib
import html
import re
from collections import Counter
from typing import NamedTuple

import numpy as np

from course.show.drawing import color
from course.show.pictures import _visible
from rnn_helpers import forward_pass, hidden_gradients, one_hot

LARGEST = 8  # of steps, hidden units or characters: more would not fit on a page
# What the reader of a way back knows, each with all before it.
KNOWN = ("predictions", "tanh", "after")
UNKNOWN = "?"
_shown = Counter()  # how often each walk was shown, so that two copies on one page get different ids

# "#walk" becomes the id of the walk, "CHOSEN" the rules that show the chosen step, and KIND:use a color of drawing.py.
# Boxes have transparent tints, which work on both a light and a dark page; only the chosen button is white on blue. The
# buttons of all steps, those of the chosen step (back before them, next behind them) and its contents are one flex box.
STYLE = """
#walk{display:flex;flex-wrap:wrap;gap:6px;align-items:center;max-width:52em;font-size:15px;line-height:1.5;
 font-variant-numeric:tabular-nums;counter-reset:step}
#walk input,#walk label{box-sizing:border-box;min-width:2.4em;height:2.3em;margin:0;padding:.3em .6em;border-radius:6px;
 border:1px solid rgba(128,128,128,.6);font:inherit;text-align:center;cursor:pointer;user-select:none}
#walk input{appearance:none;background:transparent;color:inherit}
#walk input::before{counter-increment:step;content:counter(step)}
#walk input:checked{border-color:state:line;background:state:line;color:white;font-weight:bold}
#walk input:focus-visible{outline:3px solid chance:bar;outline-offset:2px}
#walk input:not(:checked):hover,#walk label:hover{background:state:bar40}
#walk .to-last{order:-1}
#walk .to-last::before{content:"\\25C0"}
#walk .to-next::before{content:"next  \\25B6"}
#walk .none{opacity:.35}
#walk section{flex:0 0 100%;min-width:0}
#walk .step{flex:0 0 100%;overflow-x:auto;padding:4px}
#walk .title{font-weight:bold}
#walk table{border-collapse:separate;margin:4px 0;border:0;font-size:inherit;width:auto;min-width:0}
#walk tr,#walk th,#walk td{background:transparent;border:0;text-align:right;vertical-align:middle;
 white-space:nowrap;font-size:inherit;line-height:inherit}
#walk sub,#walk sup{line-height:0;font-size:80%}
#walk .map{border-spacing:19px 17px;margin:-6px 0 0 -14px}
#walk .map th{padding:0;font-weight:normal;opacity:.85}
#walk .map thead th{text-align:center}
#walk .map td{position:relative;padding:1px 4px;min-width:3.4em;text-align:center}
#walk .map .box{border:1px solid rgba(128,128,128,.7);border-radius:6px}
#walk .map .on{outline:2px solid state:bar;background:state:bar40}
#walk .map .back.on,#walk .map .loss.on{outline-color:slope:bar;background:slope:bar40}
#walk .unknown,#walk .map .unknown{border:1px dashed slope:bar;border-radius:6px;text-align:center;opacity:.8}
#walk .box::before,#walk .box::after{position:absolute;font-weight:bold}
#walk .right::before{content:"\\2192";content:"\\2192"/"";left:-18px;top:calc(50% - .75em)}
#walk .left::before{content:"\\2190";content:"\\2190"/"";left:-18px;top:calc(50% - .75em)}
#walk .up::after{content:"\\2191";content:"\\2191"/"";top:-20px;left:calc(50% - .3em)}
#walk .down::after{content:"\\2193";content:"\\2193"/"";bottom:-20px;left:calc(50% - .3em)}
#walk .sums th{text-align:left;font-weight:normal;padding:1px 4px 1px 0;white-space:normal}
#walk .sums td{padding:1px 0 1px 12px}
#walk .sums .text{text-align:left}
#walk p{margin:4px 0}
@media (max-width:480px){#walk{font-size:13px}
 #walk .map{border-spacing:8px 15px;margin-left:-8px}#walk .map td,#walk .map th{font-size:12px}
 #walk .map td{padding:1px 2px;min-width:3.3em}#walk .right::before,#walk .left::before{left:-9px}
 #walk .up::after{top:-17px}#walk .down::after{bottom:-17px}
 #walk .no-in tr>:nth-child(2){display:none}
 #walk .sums th{padding-right:0}#walk .sums td{padding-left:8px}}
@media screen{#walk section{display:none}CHOSEN{display:contents}
 #walk:not(:has(:checked)) section:first-of-type{display:contents}}
@media print{#walk input,#walk label{display:none}}
"""


class Row(NamedTuple):
    """One row of the graph: the same kind of number at every step."""

    names: list  # the name of each number in a box
    boxes: list  # T + 1 lists of numbers, or None where nothing is known yet; the first box is of h_in
    arrows: str  # where the arrows of its boxes point: "up", "right up", ... ("loss": none, in the color of slopes)
    on: range | tuple  # the boxes that are used in this step


class Frame(NamedTuple):
    """One step of the walk."""

    title: str
    graph: list  # Rows, from top to bottom
    sums: list  # (what, [number, ...]): the calculation, line by line
    note: str


def text_of(frame):
    """Return the title, the calculation and the note of a frame as lines of text."""
    width, lines = max(len(what) for what, _ in frame.sums), [frame.title]
    for what, value in frame.sums:
        lines.append(f"   {what:{width}} {' '.join(f'{number:>8}' for number in value)}")
    return [*lines, *[f"   {frame.note}"] * bool(frame.note)]


class Still:
    """One frame of a walk, without buttons. Its repr has the numbers."""

    def __init__(self, frame):
        self.frame = frame

    def __repr__(self):
        return "\n".join(text_of(self.frame))

    def _repr_html_(self):
        name = _own_name("still", repr(self))
        style = _colored(STYLE.strip().partition("@media screen")[0]).replace("#walk", f"#{name}")
        start = f'<div id="{name}" role="group" aria-label="{html.escape(self.frame.title)}"><div class="step">'
        return "\n".join([f"<style>{style}</style>", start, _contents(self.frame), "</div></div>"])


def _own_name(kind, text):
    """Return an id that two copies on one page do not share."""
    name = f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    _shown[name] += 1
    return name + f"-copy{_shown[name]}" * (_shown[name] > 1)


def one_at_a_time(group, text, steps, style=""):
    """Return HTML that shows one of several steps. Buttons choose it, with numbers on them if no style says otherwise.

    group, text  what a screen reader calls all of them; what the id is made of
    steps        (title, HTML) of each
    style        rules for what they hold, as in STYLE
    """
    name, count = _own_name("walk", text), len(steps)
    numbers = range(1, count + 1)
    chosen = ",".join(f"#walk input:nth-of-type({k}):checked~section:nth-of-type({k})" for k in numbers)
    style = _colored(STYLE.strip().replace("CHOSEN", chosen) + style).replace("#walk", f"#{name}")
    # The long attribute keeps JupyterLab from handling the arrow keys itself, which choose the step.
    buttons = [
        f'<input type="radio" name="{name}" id="{name}-{k}"{" checked" * (k == 1)} '
        f'aria-label="{html.escape(f"{k} of {count}: {title}")}" data-lm-suppress-shortcuts="true">'
        for k, (title, _) in enumerate(steps, start=1)
    ]
    sections = [_section(name, k, count, *step) for k, step in enumerate(steps, start=1)]
    start = f'<div id="{name}" role="group" aria-label="{group}">'
    return "\n".join([f"<style>{style}</style>", start, *buttons, *sections, "</div>"])


class Walk:
    """The frames of a walk. It shows itself as HTML in a notebook; its repr has the numbers of each step."""

    def __init__(self, frames):
        self.frames = frames

    def __repr__(self):
        lines = [f"Walk through the unrolled graph, {len(self.frames)} steps"]
        for k, frame in enumerate(self.frames, start=1):
            title, *rest = text_of(frame)
            lines += ["", f"{k}. {title}", *rest]
        return "\n".join(lines)

    def _repr_html_(self):
        steps = [(frame.title, _contents(frame, f"{k}. ")) for k, frame in enumerate(self.frames, start=1)]
        return one_at_a_time(f"Walk through the unrolled graph, {len(steps)} steps", repr(self), steps)


# ---------------------------------------------------------------- HTML
def _section(name, k, count, title, contents):
    labels = [
        # without text: their labels are in the style, so that nothing is left of them where styles are removed
        f'<label for="{name}-{min(max(other, 1), count)}" class="{kind}{" none" * (not 1 <= other <= count)}"></label>'
        for other, kind in [(k - 1, "to-last"), (k + 1, "to-next")]
    ]
    start = f'<section aria-label="{html.escape(title)}">'
    return "".join([start, *labels, f'<div class="step">{contents}</div></section>'])


def _contents(frame, number=""):
    title = f'<span class="title"><b>{number}{_pretty(frame.title)}</b></span>'
    sums = "".join(f'<tr><th scope="row">{_pretty(what)}</th>{_cells(value)}</tr>' for what, value in frame.sums)
    table = f'<table class="sums" cellpadding="4" aria-label="The calculation">{sums}</table>'
    return "".join([title, _graph(frame), table, f"<p>{_pretty(frame.note)}</p>" * bool(frame.note)])


def _graph(frame):
    T = len(frame.graph[0].boxes) - 1
    heads = "".join(f'<th scope="col">{head}</th>' for head in ["in", *[f"t&nbsp;=&nbsp;{t}" for t in range(T)]])
    # on a narrow page the way back leaves out the state that came in, to which nothing is sent back
    look = "map no-in" if any("back" in row.arrows for row in frame.graph) else "map"
    start = f'<table class="{look}" cellpadding="4" aria-label="The graph, with the numbers known so far">'
    rows = [f"{start}<thead><tr><td></td>{heads}</tr></thead>"]
    for row in frame.graph:
        cells = [f'<th scope="row">{"<br>".join(map(_pretty, row.names))}</th>']
        for k, box in enumerate(row.boxes):
            look = ["box", *[row.arrows] * (k > 0), *["on"] * (k in row.on)]
            look = " ".join([*look, *["unknown"] * (UNKNOWN in (box or []))])
            cells.append(f'<td class="{look}">{"<br>".join(map(html.escape, box))}</td>' if box else "<td></td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "".join([*rows, "</table>"])


def _pretty(text):
    """Escape a text, and set names such as W_hh, h_0 or W_hy^T with subscripts and superscripts."""
    text = re.sub(r"(?<=\w)_(\w+)", r"<sub>\1</sub>", html.escape(text))
    return text.replace("^T", "<sup>T</sup>").replace("^2", "<sup>2</sup>")


def _cells(value):
    return "".join(
        '<td><span class="unknown">&nbsp;&nbsp;?&nbsp;&nbsp;</span></td>' if one == UNKNOWN else f"<td>{one}</td>"
        for one in value
    )


def _colored(style):
    return re.sub(r"\b([a-z]+):(line|bar)", lambda found: color(*found.groups()), style)


# ---------------------------------------------------------------- the numbers
class _Numbers(NamedTuple):
    """All numbers that the frames are made of."""

    parameters: tuple
    inputs: np.ndarray  # (T,)
    targets: np.ndarray  # (T,)
    forward: tuple
    dlogits: np.ndarray  # (T, V)
    da: np.ndarray  # (T, H)
    chars: list  # V names
    known: str  # one of KNOWN


def walk(parameters, inputs, targets, h_in, *, chars=None, back=True, known="after"):
    """Return the Walk of a small network: each step forward, the losses, and each step back.

    inputs, targets  (T,) int; h_in (H,), the state that comes in
    chars            the vocabulary, V letters; without it the ids are shown
    back             False for the way forward only: the walk ends with the losses; "only": just the way back
    known            one of KNOWN: what is known on the way back. Boxes for the rest are empty. Before "after" nothing
                     says that a step hands something back, and only the last step can be filled.
    ValueError if T, H or V is above 8, or known is none of these.
    """
    n, T = _work_out(parameters, inputs, targets, h_in, chars, known), len(inputs)
    frames = []
    if back != "only":
        frames = [*[_step_forward(n, t) for t in range(T)], _all_losses(n, back)]
    if back:
        frames += [_step_back(n, t) for t in reversed(range(T))]
    return Walk(frames)


def way_back(parameters, inputs, targets, h_in, *, step, chars=None, known="after"):
    """Return a Still of one step on the way back of a walk. step: 0 to T - 1; the others are as for walk."""
    return Still(_step_back(_work_out(parameters, inputs, targets, h_in, chars, known), step))


def _work_out(parameters, inputs, targets, h_in, chars, known):
    (V, H), T = parameters.W_hy.shape, len(inputs)
    if np.ndim(inputs) != 1 or max(T, H, V) > LARGEST:
        sizes = f"inputs of shape {np.shape(inputs)}, {H} hidden units and {V} characters"
        raise ValueError(f"A walk with {sizes} cannot be read: give one sequence, and at most {LARGEST} of each.")
    if known not in KNOWN:
        raise ValueError(f"known is {known!r}: give one of {', '.join(KNOWN)}.")
    forward = forward_pass(inputs, targets, h_in, parameters)
    dlogits = forward.probs - one_hot(targets, V)
    da = hidden_gradients(dlogits @ parameters.W_hy, forward.hidden, parameters)
    names = [_visible(char) for char in (chars if chars is not None else range(V))]
    ids = np.asarray(inputs), np.asarray(targets)
    return _Numbers(parameters, *ids, forward, dlogits, da, names, known)


def _step_forward(n, t):
    p, h = n.parameters, n.forward.hidden
    x, before, target = n.inputs[t], _state(t - 1), n.chars[n.targets[t]]
    logits = p.W_hy @ h[t + 1] + p.b_y
    sums = [
        (f"W_hh {before}", _numbers(p.W_hh @ h[t])),
        (f"W_xh x_{t}", _numbers(p.W_xh[:, x])),
        ("b_h", _numbers(p.b_h)),
        (f"a_{t}, their sum", _numbers(p.W_hh @ h[t] + p.W_xh[:, x] + p.b_h)),
        (f"h_{t} = tanh(a_{t})", _numbers(h[t + 1])),
        (f"logits = W_hy h_{t} + b_y", _numbers(logits)),
        (f"p_{t} = softmax(logits)", _numbers(n.forward.probs[t])),
        (f"L_{t} = -ln p_{t}({target})", _numbers([_loss(n, t)])),
    ]
    title = f"Forward, step {t}: read {n.chars[x]}, next comes {target}"
    note = "" if t else "x_t is the letter of step t, h_t the state, p_t the prediction, L_t its loss."
    return Frame(title, _graph_forward(n, t + 1, (t + 1,)), sums, note)


def _all_losses(n, back):
    T = len(n.inputs)
    sums = [(f"L_{t}", _numbers([_loss(n, t)])) for t in range(T)] + [("loss, their sum", _numbers([n.forward.loss]))]
    note = "Now turn round. Each step back asks: how fast does the loss change if this number is nudged?"
    losses, *others = _graph_forward(n, T, ())
    graph = [losses._replace(on=range(1, T + 1)), *others]
    return Frame("Add up the losses", graph, sums, note if back else "")


def _filled(n, t):
    """True if the slopes of step t are known. Before "after" is known, only those of the last step can be."""
    return n.known == "after" or (n.known == "tanh" and t == len(n.inputs) - 1)


def _step_back(n, t):
    last, x, target = t == len(n.inputs) - 1, n.chars[n.inputs[t]], n.chars[n.targets[t]]
    own, after = _two_sources(n, t)
    sums = [(f"dlogits_{t} = p_{t} - one-hot of {target}", _numbers(n.dlogits[t]))]
    if n.known == "after":
        sums += [
            (f"from its prediction: W_hy^T dlogits_{t}", _numbers(own)),
            ("from the step after: nothing" if last else f"from the step after: W_hh^T da_{t + 1}", _numbers(after)),
            (f"dh_{t}, their sum", _numbers(own + after)),
        ]
    elif _filled(n, t):
        sums.append((f"dh_{t} = W_hy^T dlogits_{t}", _numbers(own)))
    if _filled(n, t):
        share = 1 - n.forward.hidden[t + 1] ** 2
        sums += [(f"share: 1 - h_{t}^2", _numbers(share)), (f"da_{t} = share * dh_{t}", _numbers(n.da[t]))]
    else:
        unknown = [UNKNOWN] * len(own)
        sums += [(f"dh_{t}", unknown), (f"da_{t}", unknown)]
    note = "The way back ends here: h_in is taken as given." if t == 0 and n.known == "after" else ""
    return Frame(f"Back, step {t}: read {x}, next comes {target}", _graph_back(n, t, (t + 1,)), sums, note)


def _two_sources(n, t):
    """Return what the state of step t gets from its prediction and from the step after, (H,) each."""
    own = n.parameters.W_hy.T @ n.dlogits[t]
    return own, np.zeros_like(own) if t == len(n.inputs) - 1 else n.parameters.W_hh.T @ n.da[t + 1]


# ---------------------------------------------------------------- the graph
def _graph_forward(n, done, on):
    """Return the rows of the forward pass after `done` steps."""
    T, H = len(n.inputs), n.da.shape[1]
    known = [None] * (T - done)
    losses = [None, *[_numbers([_loss(n, t)]) for t in range(done)], *known]
    probs = [None, *[_numbers(n.forward.probs[t]) for t in range(done)], *known]
    states = [*[_numbers(h) for h in n.forward.hidden[: done + 1]], *known]
    letters = [None, *[[n.chars[k]] for k in n.inputs]]
    return [
        Row(["L"], losses, "loss", on),
        Row([f"p({char})" for char in n.chars], probs, "up", on),
        Row([f"h[{i}]" for i in range(H)], states, "right up", on),
        Row(["x"], letters, "up", on),
    ]


def _graph_back(n, first, on):
    """Return the rows of the backward pass once step `first` is done: nothing is known of the steps before it."""
    (T, H), left = n.da.shape, [None] * (first + 1)
    dlogits = [*left, *[_numbers(values) for values in n.dlogits[first:]]]
    dh = [_numbers(sum(_two_sources(n, t))) if _filled(n, t) else [UNKNOWN] * H for t in range(first, T)]
    da = [_numbers(n.da[t]) if _filled(n, t) else [UNKNOWN] * H for t in range(first, T)]
    arrows = "back left" if n.known == "after" else "back"
    return [
        Row([f"dlogits({char})" for char in n.chars], dlogits, "back down", on),
        Row([f"dh[{i}]" for i in range(H)], [*left, *dh], "back down", on),
        Row([f"da[{i}]" for i in range(H)], [*left, *da], arrows, on),
        Row([f"h[{i}]" for i in range(H)], [_numbers(h) for h in n.forward.hidden], "", ()),
    ]


def _loss(n, t):
    return -np.log(n.forward.probs[t, n.targets[t]])


def _state(t):
    return f"h_{t}" if t >= 0 else "h_in"


def _numbers(values):
    return [f"{round(float(value), 4) + 0.0:.4f}" for value in values]  # + 0.0: never -0.0000
