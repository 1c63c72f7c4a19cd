"""Pictures of the way back: which arrows the error takes, what it is multiplied by, and where it is added up.

Each one is a Sheet (drawing.py). Letters as in rnn_helpers: V characters, H hidden units, T time steps; h_t is row t+1
of `hidden`. What leads back is dashed.
"""

import numpy as np

from course.show.drawing import Sheet, color, signed
from course.show.live import Live
from rnn_helpers import backward_pass, forward_pass, hidden_gradients, one_hot


def way_back_map(parameters, inputs, targets, h_in, chars):
    """How does the error come back to every state? All slopes of a small network, from the last step to the first.

    inputs, targets  (T,) int, T at most 4; h_in (H,); chars: the vocabulary, V letters
    """
    forward = forward_pass(inputs, targets, h_in, parameters)
    dlogits = forward.probs - one_hot(targets, len(parameters.b_y))
    own = dlogits @ parameters.W_hy
    da = hidden_gradients(own, forward.hidden, parameters)
    after = np.vstack([da[1:] @ parameters.W_hh, np.zeros_like(da[:1])])
    T, step = len(inputs), 1.58
    sheet = Sheet("Each step adds two slopes and hands its da back", 4.55)
    for y, name in [(3.40, "dlogits"), (1.57, "dh"), (0.65, "da")]:
        sheet.write(0.12, y, name, "slope", "small", align="left", weight="bold")
    sheet.write(0.12, 2.71, "from", "slope", "small", align="left", weight="bold")
    for t in reversed(range(T)):
        x, last = 1.5 + step * t, t == T - 1
        left, right = x - 0.32, x + 0.34
        read, comes = chars[inputs[t]], chars[targets[t]]
        sheet.write(x, 3.93, f"step {t}: {read} → {comes}", weight="bold")
        scores = "\n".join(f"{char} {signed(value):>7}" for char, value in zip(chars, dlogits[t]))
        sheet.box(left, 3.40, scores, "slope", 0.86, 0.78, "small")
        sheet.arrow((left, 3.01), (left, 2.81), kind="slope", back=True)
        sheet.write(left, 2.71, "prediction", "quiet", "small")
        sheet.write(right, 2.71, "after", "quiet", "small")
        sheet.box(left, 2.33, _column(own[t]), "page", 0.64, 0.58, "small", ec=color("slope"))
        sheet.box(right, 2.33, "nothing" if last else _column(after[t]), "page", 0.64, 0.58, "small", ec=color("slope"))
        sheet.arrow((left, 2.03), (left, 1.87), kind="slope", back=True)
        sheet.arrow((right, 2.03), (right, 1.57), (left + 0.34, 1.57), kind="slope", back=True)
        sheet.box(left, 1.57, _column(own[t] + after[t]), "slope", 0.64, 0.58, "small")
        sheet.arrow((left, 1.27), (left, 0.95), kind="slope", back=True)
        sheet.write(left + 0.07, 1.11, "share", "quiet", "small", align="left")
        sheet.box(left, 0.65, _column(da[t]), "slope", 0.64, 0.58, "small")
        if t:
            way = [(left - 0.33, 0.65), (x - step + 0.76, 0.65), (x - step + 0.76, 2.33), (x - step + 0.67, 2.33)]
            sheet.arrow(*way, kind="slope", back=True)
            sheet.write(x - step + 0.55, 0.82, "$W_{hh}^T$", "weight", "small")
        handed = "nothing" if last else _said(after[t])
        sheet.say(f"step {t}, read {read}, next comes {comes}: dlogits {_said(dlogits[t])}")
        sheet.say(f"  from its prediction {_said(own[t])}; from the step after {handed}")
        sheet.say(f"  dh {_said(own[t] + after[t])}; share {_said(1 - forward.hidden[t + 1] ** 2)}; da {_said(da[t])}")
    return sheet


def _column(values):
    return "\n".join(map(signed, values))


def _said(values):
    return " ".join(map(signed, values))


def row_or_column(W_hh, da, own, measured):
    """Does the error go back through a row or a column of W_hh? Unit 0 of h_2, and the three sums that it enters.

    W_hh  (3, 3); da (3,), the slopes for a_3; own: what the unit gets from its own prediction
    measured  the slope of the loss for the unit
    """
    by_column, by_row = W_hh[:, 0] @ da, W_hh[0] @ da
    sheet = Sheet("Column 0 holds the weights that lead back to unit 0", 3.75)
    ends, state = (2.85, 2.2, 1.55), 2.2
    for i, y in enumerate(ends):
        sheet.arrow((2.62, y), (0.98, state + (y - 2.2) * 0.15), kind="slope", back=True, width=1.8)
        sheet.write(1.75, state + (y - 2.2) * 0.56, signed(W_hh[i, 0], 1), "weight", on="page")
        sheet.box(3.0, y, f"$a_3$[{i}]", "state", 0.72)
        sheet.write(3.0, y - 0.31, f"slope {signed(da[i])}", "slope", "small")
        for j in range(3):
            ours = j == 0
            sheet.cell(
                *(4.9 + 0.62 * j, 2.72 - 0.46 * i, signed(W_hh[i, j], 1), "weight" if ours else "page", 0.62, 0.46),
                **{"ec": color("weight" if ours else "rule"), "zorder": 3 if ours else 2},
            )
        sheet.write(6.52, 2.72 - 0.46 * i, f"row {i}", "quiet", "small", align="left")
    sheet.box(0.6, state, "$h_2$[0]", "state", 0.72)
    sheet.write(4.44, 2.26, "$W_{hh}$", align="right")
    sheet.write(4.9, 3.1, "column 0", "weight", "small")
    for y, name, weights, total, kind, end in [
        (1.0, "column 0", W_hh[:, 0], by_column, "slope", "as measured"),
        (0.66, "row 0", W_hh[0], by_row, "quiet", "wrong"),
    ]:
        terms = _terms(weights, da)
        sheet.write(0.15, y, name, kind, align="left", weight="bold")
        sheet.write(1.05, y, f"{terms} = {signed(total)}, {end}", kind, align="left")
        sheet.say(f"{name}: {terms} = {signed(total)}, {end}")
    sums = f"with its own {signed(own)}: column {signed(measured)}, row {signed(own + by_row)} with the wrong sign"
    sheet.write(0.15, 0.28, sums, align="left")
    sheet.say(sums)
    return sheet


def _terms(weights, slopes):
    """Return a sum of products as text: 0.3 · 0.3936 − 0.1 · (−0.1276)."""
    text = ""
    for weight, slope in zip(weights, slopes):
        sign = ("−" if weight < 0 else "") if not text else (" − " if weight < 0 else " + ")
        text += f"{sign}{abs(weight):.1f} · " + (f"({signed(slope)})" if slope < 0 else signed(slope))
    return text


def slopes_of_copies(letters, da, before):
    """How large is the slope of a weight that works at every step? A copy of W_hh[2, 0] at each step, and the sum.

    da, before  (T,), entry 2 of the slopes for a_t, and unit 0 of the state that the copy multiplies
    """
    slopes = [a * b for a, b in zip(da, before)]
    sheet = Sheet("The slope of a shared weight is a sum over time", 4.2)
    row, scale, base = 3.0, 3.2, 1.15
    sheet.box(0.42, row, "$h_{in}$", "state", 0.56)
    for t, letter in enumerate(letters):
        x, left = 1.75 + 1.22 * t, 1.12 + 1.22 * t
        sheet.arrow((left - 0.42, row), (x - 0.24, row))
        sheet.box(left, row, "$W_{hh}$", "weight", 0.46, 0.34, size="small")
        sheet.box(x, row, f"$h_{t}$", "state", 0.48)
        sheet.arrow((x, row - 0.5), (x, row - 0.22))
        sheet.write(x, row - 0.62, letter, "quiet", family="monospace")
        sheet.arrow((x, row + 0.21), (x, row + 0.48))
        sheet.write(x, row + 0.6, f"$L_{t}$", "slope")
        sheet.line((left, row - 0.18), (left, base), kind="weight", style=":")
        _bar(sheet, left, base, scale * slopes[t], signed(slopes[t]), "slope")
        sheet.write(left, 0.5, f"{signed(da[t])}\n× {signed(before[t])}", "quiet", "small", linespacing=1.3)
        sheet.write(left + 0.61, 0.5, "=" if t == len(da) - 1 else "+", "quiet", size="title")
        sheet.say(f"copy of step {t}: {signed(da[t])} * {signed(before[t])} = {signed(slopes[t])}")
    _bar(sheet, 6.3, base, scale * sum(slopes), signed(sum(slopes)), "ink")
    sheet.write(6.3, 0.5, "slope of\n$W_{hh}$[2, 0]", weight="bold", size="small", linespacing=1.3)
    sheet.write(0.15, 0.18, "slope of $a_t$[2], times unit 0 of the state before", "quiet", "small", align="left")
    sheet.line((0.5, base), (6.85, base))
    sheet.say(f"the sum: {signed(sum(slopes))}")
    return sheet


def _bar(sheet, x, base, height, label, kind):
    sheet.bar((x, base), (x, base + height), kind, 0.34)
    sheet.write(x, base + height + (0.13 if height >= 0 else -0.13), label, kind, on="page")


def nudge_a_number(parameters, inputs, targets, chars):
    """One number of a small network to be nudged: what its slope says of the loss, and what the loss becomes.

    inputs, targets  (T,), read from a state of zeros
    """
    h_in, nudge = np.zeros(len(parameters.b_h)), 0.5
    forward = forward_pass(inputs, targets, h_in, parameters)
    slopes = backward_pass(inputs, targets, parameters, forward)
    W_hh = parameters.W_hh.copy()
    W_hh[2, 0] += nudge
    becomes = forward_pass(inputs, targets, h_in, parameters._replace(W_hh=W_hh)).loss
    says = forward.loss + nudge * slopes.W_hh[2, 0]
    word, count = "".join(chars[k] for k in inputs), sum(array.size for array in parameters)
    text = (
        f"One of {count} numbers to be nudged: W_hh[2,0] by +{nudge:.2f}\n"
        f"The loss of {word} becomes {becomes:.4f}. "
        f"Its slope of {slopes.W_hh[2, 0]:.4f} says {says:.4f}: off by {abs(becomes - says):.4f}."
    )
    data = {
        "names": parameters._fields,
        "arrays": [np.atleast_2d(array).round(6).tolist() for array in parameters],
        "slopes": [np.atleast_2d(array).round(6).tolist() for array in slopes],
        "word": word,
        "inputs": inputs.tolist(),
        "targets": targets.tolist(),
    }
    return Live("nudge", data, text)


def two_states_graph(letters, targets):
    """Which arrows leave a state if each prediction looks at two states, the new one and the one before it?

    letters, targets  T each, at least 4: the arrows that leave the third state are marked
    """
    t, T = 2, len(letters)
    sheet = Sheet("Three arrows leave $h_2$, and the third leads to $p_3$", 3.1)
    low, row, high = 0.4, 1.25, 2.25
    look = {True: {"kind": "slope", "width": 2.2}, False: {"kind": "ink", "width": 1.4}}  # of a marked arrow, or not
    places = [0.6 + 1.4 * k for k in range(T + 1)]  # of the state that came in, and of h_0 to h_{T-1}
    sheet.box(places[0], row, "$h_{in}$", "state", 0.56)
    for k, x in enumerate(places[1:]):
        before = places[k]
        sheet.arrow((before + 0.28, row), (x - 0.28, row), **look[k - 1 == t])
        sheet.arrow((before + 0.24, row + 0.2), (x - 0.24, high - 0.2), **look[k - 1 == t])
        sheet.arrow((x, row + 0.21), (x, high - 0.21), **look[k == t])
        sheet.arrow((x, low + 0.16), (x, row - 0.21))
        sheet.box(x, row, f"$h_{k}$", "state", 0.52)
        sheet.box(x, high, f"$p_{k}$", "chance", 0.52)
        sheet.write(x, high + 0.34, f"next: {targets[k]}", "quiet", "small")
        sheet.write(x, low, letters[k], "letter", family="monospace")
        first = "h_in" if k == 0 else f"h_{k - 1}"
        sheet.say(f"step {k}: {letters[k]} and {first} -> h_{k}; h_{k} and {first} -> p_{k}")
    sheet.say("from h_2: to p_2, to h_3, to p_3")
    return sheet


def three_paths(w, h_in, u, targets, known=True):
    """Which ways lead from one weight to the loss? A network with one unit that reads two characters.

    w  W_hh; h_in: the state that comes in; u (2,), what the characters add; targets (2,): 0, whose logit is the state,
    or 1, whose logit is minus the state; known: False hides the product of the third path, and the sum of all three
    """
    h, s, g, before = [], [], [], h_in
    for t in (0, 1):
        before = np.tanh(w * before + u[t])
        chance = 1 / (1 + np.exp(-2 * before))  # of character 0
        h.append(before)
        s.append(1 - before**2)
        g.append(2 * (chance - (targets[t] == 0)))
    paths = [
        ("first", "step 0 → $L_0$", r"g_0\,s_0\,h_{in}", g[0] * s[0] * h_in),
        ("second", "step 1 → $L_1$", r"g_1\,s_1\,h_0", g[1] * s[1] * h[0]),
        ("slope", "step 0 → $h_0$ → $L_1$", r"g_1\,s_1\,w\,s_0\,h_{in}", g[1] * s[1] * w * s[0] * h_in),
    ]
    sheet = Sheet("The third path changes the sign" if known else "Three paths lead from $w$ to the loss", 4.45)
    _one_unit(sheet, w, h_in, h, s, g)
    total, zero, scale = 0.0, 2.75, 2.75
    sheet.line((zero, 1.7), (zero, 0.2))
    for row, (kind, name, factors, product) in enumerate(paths):
        y = 1.5 - 0.34 * row
        if row == 2 and not known:
            sheet.write(0.15, y, name, kind, align="left", weight="bold")
            sheet.write(4.5, y, f"${factors}$ = ?", kind, align="left")
            sheet.say(f"{name}: {factors} = ?")
            return sheet
        start, total = zero + scale * total, total + product
        end = zero + scale * total
        sheet.write(0.15, y, name, kind, align="left", weight="bold")
        sheet.bar((start, y), (end, y), kind, 0.22)
        sheet.line((end, y), (end, y - (0.34 if row < 2 else 0.42)), kind="quiet")
        sheet.write(4.5, y, f"${factors}$ = {signed(product)}", kind, align="left")
        sheet.say(f"{name}: {factors} = {signed(product)}")
    sheet.bar((zero, 0.38), (zero + scale * total, 0.38), "ink", 0.22)
    sheet.write(0.15, 0.38, "all three, added", align="left", weight="bold")
    sheet.write(4.5, 0.38, f"$dL/dw$ = {signed(total)}", align="left", weight="bold")
    sheet.say(f"all three, added: {signed(total)}")
    return sheet


def _one_unit(sheet, w, h_in, h, s, g):
    row, top, works, states = 2.6, 3.75, (1.85, 4.45), (3.05, 5.65)
    for kind, shift, start, turn in [("first", 0.07, 0, 0), ("second", 0.07, 1, 1), ("slope", -0.07, 0, 1)]:
        x = states[turn] - shift
        way = [(works[start], row + shift), (x, row + shift), (x, top - 0.17)]
        sheet.arrow(*way, kind=kind, width=4)
    sheet.arrow((0.9, row), (works[0] - 0.26, row), kind="quiet")
    sheet.box(0.55, row, f"$h_{{in}}$\n{h_in}", "state", 0.72, 0.58)
    for t, x in enumerate(states):
        sheet.box(x, row, f"$h_{t}$\n{h[t]:.4f}", "state", 0.76, 0.58)
        sheet.write(x, row - 0.45, f"$s_{t}$ = {s[t]:.4f}", "quiet", "small")
        sheet.box(x, top, f"$L_{t}$", "slope", 0.5, 0.34)
        sheet.write(x + 0.22, 3.2, f"$g_{t}$ = {signed(g[t])}", "quiet", "small", align="left")
        sheet.box(works[t], row, f"$w$\n{w}", "weight", 0.5, 0.58)
        sheet.write(works[t], row - 0.45, f"step {t}", "quiet", "small")
