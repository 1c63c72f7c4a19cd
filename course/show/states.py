"""Pictures of the state: why it goes through tanh, what it is at each step, and what it tells of the past.

Letters as in rnn_helpers: V characters, H hidden units, T time steps. Pages 02 and 13 show these pictures.
"""

import numpy as np

from course.show.drawing import Sheet, claim, color, shade, signed


def bounds_picture(without_tanh, with_tanh):
    """What does tanh do to a state that goes round the loop once for each letter?

    without_tanh, with_tanh  the state of one unit after 0, 1, 2, ... letters
    """
    free, held = np.asarray(without_tanh, float), np.asarray(with_tanh, float)
    sheet = Sheet("The state runs away without tanh, but settles with tanh", 3.5)
    last = len(free) - 1
    axes = sheet.chart(
        0.75, 0.6, 4.6, 2.35, xlim=(0, last), ylim=(0, 1.03 * free.max()), xlabel="letters read", yticks=(0, 5, 10)
    )
    sheet.write(0.75, 3.05, "the state", "quiet", "small")
    for name, values, kind, height in [("without tanh", free, "first", 0.12), ("with tanh", held, "state", 0.35)]:
        axes.plot(values, "o-", color=color(kind), lw=2.2, ms=4, clip_on=False)
        y = 0.6 + 2.35 * values[-1] / (1.03 * free.max())
        sheet.write(5.5, y + height, name, kind, align="left", weight="bold")
        sheet.write(5.5, y + height - 0.24, signed(values[-1]), kind, align="left")
        heights = ", ".join(signed(value) for value in values)
        sheet.say(f"{name}, after 0 to {last} letters: {heights}")
    return sheet


def tanh_picture():
    """Does the same addition always move a state by the same amount?"""
    sheet = Sheet("The same +1 barely moves a state far from 0", 3.6)
    axes = sheet.chart(0.75, 0.6, 6.0, 2.5, xlim=(-4, 4), ylim=(-1.08, 1.28), xlabel="a, the sum", yticks=(-1, 0, 1))
    a = np.linspace(-4, 4, 161)
    axes.plot(a, np.tanh(a), color=color("state"), lw=2.2)
    axes.text(-3.8, -0.7, "the state, tanh(a)", color=color("state"), fontsize=10.5, weight="bold")
    for level in (-1, 1):
        axes.axhline(level, color=color("rule"), lw=1, zorder=0)
    for start, kind in ((0, "first"), (2, "second")):
        low, high = np.tanh(start), np.tanh(start + 1)
        axes.plot([start, start + 1, start + 1], [low, low, high], color=color(kind), lw=1.6)
        axes.plot([start, start + 1], [low, high], "o", color=color(kind), ms=5)
        moved = signed(high - low, 3)
        words = f"from {start} to {start + 1}\nit moves by {moved}"
        axes.text(start + 0.12, low - 0.1, words, color=color(kind), fontsize=10.5, va="top", linespacing=1.4)
        sheet.say(f"a from {start} to {start + 1}: from {signed(low, 3)} to {signed(high, 3)}, by {moved}")
    sheet.say("far out tanh comes near to -1 and to 1, but it never gets there")
    return sheet


def states_picture(text, states, chances, of):
    """Is the network in the same state, each time it reads the same letter?

    text     the letters that are read, T of them; the last two are the same
    states   (T, H), the state after each letter
    chances  (T,), the probability that the letter `of` comes next
    """
    T, H = states.shape
    sheet = Sheet(f"The second {text[-1]} leaves a different state", 1.75 + 0.45 * (H + 1))
    top, left, width = sheet.axes.get_ylim()[1] - 0.75, 2.25, 1.25
    for t, char in enumerate(text):
        x = left + width * t
        sheet.box(x, top, char, "letter", 0.46, 0.42)
        sheet.write(x, 0.25, f"step {t}", "quiet", "small")
        for unit, value in enumerate(states[t]):
            y = top - 0.62 - 0.45 * unit
            ground = shade("state" if value > 0 else "letter", min(1, abs(value)))
            sheet.cell(x, y, signed(value), ground, width, 0.45)
        sheet.cell(x, y - 0.62, signed(chances[t]), "chance", width, 0.42)
        numbers = " ".join(f"unit {unit} {signed(value)}" for unit, value in enumerate(states[t]))
        sheet.say(f"step {t}, reads {char}: {numbers}; the probability of {of} is {signed(chances[t])}")
    sheet.write(1.5, top, "it reads", align="right")
    for unit in range(H):
        sheet.write(1.5, top - 0.62 - 0.45 * unit, f"unit {unit}", "state", align="right")
    sheet.write(1.5, y - 0.62, f"p of {of}", "chance", align="right")
    right, roof, floor = x + width / 2, top - 0.38, y - 0.84  # a frame around the last two steps
    corners = [(right - 2 * width, roof), (right, roof), (right, floor), (right - 2 * width, floor)]
    sheet.line(*corners, corners[0], kind="ink", width=1.6, zorder=3)
    return sheet


def rows_picture(text, hidden):
    """Which row of `hidden` does a step read, and which one does it write?

    text    the letters that are read, T of them
    hidden  (T + 1, H), the state that came in, and the state after each letter
    """
    T, H = len(text), hidden.shape[1]
    sheet = Sheet("Step t reads row t and writes row t + 1", 0.95 + 0.62 * (T + 1))
    top, left, width = sheet.axes.get_ylim()[1] - 0.95, 2.6, 0.78
    sheet.write(1.05, top + 0.38, "inputs", "letter", weight="bold")
    sheet.write(left + width * (H - 1) / 2, top + 0.38, f"hidden, {T + 1} rows", "state", weight="bold")
    sheet.write(6.1, top + 0.38, f"probs, {T} rows", "chance", weight="bold")
    for row, state in enumerate(hidden):
        y = top - 0.62 * row
        sheet.write(left - 0.58, y, f"{row}", "quiet")
        for unit, value in enumerate(state):
            sheet.cell(left + width * unit, y, signed(value), "state", width, 0.4)
        numbers = " ".join(map(signed, state))
        if row == 0:
            sheet.say(f"row 0 of hidden: {numbers}, the state that comes in, h_prev")
            sheet.write(5.05, y, "h_prev", "state", align="left")
            continue
        char = text[row - 1]
        sheet.box(1.05, y + 0.31, char, "letter", 0.44, 0.4)
        sheet.arrow((1.28, y + 0.31), (left - 0.78, y + 0.08))
        sheet.arrow((left, y + 0.42), (left, y + 0.2), kind="state")
        sheet.arrow((left + width * (H - 0.5) + 0.08, y), (5.55, y))
        sheet.cell(6.1, y, f"row {row - 1}, after {char}", "chance", 1.05, 0.4)
        sheet.say(f"row {row} of hidden: {numbers}, the state after {char}; from it comes row {row - 1} of probs")
    return sheet


def exchange_picture(costs, runs=""):
    """How many true characters does a network need, if the past before them is exchanged?

    costs  dict: network -> list of (true characters, cost in bits, its standard error, share of predictions that move)
    runs   how often something was trained, in one line under the picture: see drawing.write_runs
    """
    names, series = list(costs), list(costs.values())
    ks = [k for k, *_ in series[0]]
    if len(names) == 1:
        still = next((k for k, _, _, moved in series[0] if moved < 0.005), None)
        holds, title = still is not None, f"With {still} true characters, almost no prediction moves"
    else:
        holds = all(far[3] > near[3] + 0.005 for near, far in zip(*series))
        title = f"The {names[1]} looks back much further than the {names[0]}"
    sheet = Sheet(claim(holds, title, "What the exchange of the past costs"), 3.45 + 0.32 * len(names))
    floor, step = 0.95 + 0.32 * len(names), 4.9 / len(ks)
    sheet.write(0.15, floor + 2.1, "predictions that move", "quiet", "small", align="left")
    sheet.line((1.5, floor), (6.6, floor))
    sheet.write(0.15, floor - 0.22, "true characters", "quiet", "small", align="left")
    for k, number in enumerate(ks):
        sheet.write(1.9 + step * k, floor - 0.22, str(number), "quiet", "small")
    sheet.write(0.15, floor - 0.55, "what the exchange costs, in bits", "quiet", "small", align="left")
    for row, (name, kind, values) in enumerate(zip(names, ("state", "first"), series)):
        y = floor - 0.82 - 0.32 * row
        points = [(1.9 + step * k, floor + 2.0 * moved) for k, (_, _, _, moved) in enumerate(values)]
        sheet.line(*points, kind=kind, width=2.2, zorder=2)
        sheet.write(0.15, y, name, kind, "small", align="left", weight="bold")
        for (x, height), (number, cost, error, moved) in zip(points, values):
            percent = f"{100 * moved:.0f} %"
            sheet.circle(x, height, "", kind, 0.04)
            if row == len(names) - 1 or moved > 0.15:  # further down there is no room below the line
                sheet.write(x, height + (0.2 if row == len(names) - 1 else -0.2), percent, kind, "small")
            sheet.write(x, y, signed(cost, 3), kind, "small")
            sheet.say(f"{name}, {number} true: {signed(cost, 3)} ± {error:.3f} bits, {percent} of the predictions move")
    return sheet.with_runs(runs)


def comma_picture(early, late, runs=""):
    """Who expects a line to end after a late comma, and not after an early one?

    early, late  dict: name -> list of probabilities, one for each start; the same names in both
    runs         how often something was trained, in one line under the picture: see drawing.write_runs
    """
    kinds = {"the text": "letter", "GRU": "first", "best table": "second"}
    spread = {name: min(late[name]) - max(early[name]) for name in early}
    others = max(spread[name] for name in early if name not in ("GRU", "the text"))
    title = "Only the GRU knows the comma's place in the line"
    title = claim(spread["GRU"] > 0.8 > 0.4 > others, title, "Who knows the comma's place in the line")
    sheet = Sheet(title, 1.0 + 0.5 * len(early))
    left, width, top = 1.75, 4.6, 0.5 * len(early) + 0.45
    for x, name in ((left, "0: no line end"), (left + width, "1: a line end")):
        sheet.line((x, 0.45), (x, top))
        sheet.write(x, 0.25, name, "quiet", "small")
    sheet.write(left + width / 2, 0.25, "what is expected after the comma", "quiet", "small")
    for row, name in enumerate(early):
        y, kind = top - 0.2 - 0.5 * row, kinds.get(name, "state")
        sheet.write(left - 0.35, y, name, kind, align="right", weight="bold")
        ends = [left + width * value for value in (np.mean(early[name]), np.mean(late[name]))]
        sheet.line((ends[0], y), (ends[1], y), kind=kind, width=3)
        for value in (*early[name], *late[name]):
            sheet.circle(left + width * value, y, "", kind, 0.06)
        before, after = (", ".join(signed(value, 2) for value in side[name]) for side in (early, late))
        aligned = ("left", "right") if ends[1] - ends[0] > 2 else ("right", "left")  # inside, or outside
        sheet.write(
            ends[0] + 0.06 * (-1) ** (aligned[0] == "left"), y - 0.2, f"early {before}", kind, "small", aligned[0]
        )
        sheet.write(
            ends[1] - 0.06 * (-1) ** (aligned[0] == "left"), y - 0.2, f"late {after}", kind, "small", aligned[1]
        )
        sheet.say(f"{name}: after an early comma {before}; after a late one {after}")
    return sheet.with_runs(runs)
