"""The pictures of page 19: the tape of a calculation, and the way back over it.

Each one is a Sheet (drawing.py). What leads back is dashed.
"""

import numpy as np

from course.show.drawing import Sheet, signed


def tape_picture(tape, names):
    """How does a walk over the tape find a slope? y = x * x + x, first forward, and then back.

    tape  the three numbers x, a = x * x and y = a + x, each with its value, its slope and what it was made_from
    """
    x, a, y = tape
    handed = [y.slope * y.made_from[1][1], *[a.slope * slope for _, slope in a.made_from]]  # what x gets
    title = f"The three paths back to {names[0]} add up to the slope"
    sheet = Sheet(title, 3.95)
    places = [(0.95, 0.0), (3.3, 0.55), (5.9, 0.0)]
    for row, back, word in [(2.55, False, "forward"), (0.78, True, "back")]:
        sheet.write(0.15, row + 0.78, word, "slope" if back else "ink", align="left", weight="bold")
        ends = [(px, row + py) for px, py in places]
        (x_at, x_y), (a_at, a_y), (y_at, y_y) = ends
        arrows = [
            ((x_at + 0.3, x_y + 0.21), (a_at - 0.47, a_y + 0.13)),
            ((x_at + 0.47, x_y + 0.1), (a_at - 0.47, a_y - 0.13)),
            ((a_at + 0.47, a_y), (y_at - 0.47, y_y + 0.15)),
            ((x_at + 0.47, x_y - 0.12), (y_at - 0.47, y_y - 0.12)),
        ]
        for start, end in arrows:
            way = (end, start) if back else (start, end)
            sheet.arrow(*way, kind="slope" if back else "ink", back=back)
        for (px, py), name, number in zip(ends, names, tape):
            inside = f"{name} = {number.value:g}" if not back else f"slope {number.slope:g}"
            sheet.box(px, py, inside, "slope" if back else "state", 0.95)
        middle = (x_at + a_at) / 2
        if not back:
            sheet.write(a_at, a_y + 0.37, "x times x", "quiet", "small")
            sheet.write(y_at, y_y + 0.37, "a plus x", "quiet", "small")
            continue
        sheet.write(middle - 0.2, row + 0.7, f"{a.slope:g} · {a.made_from[0][1]:g} = {handed[1]:g}", "slope", "small")
        sheet.write(
            middle + 0.3,
            row + 0.15,
            f"{a.slope:g} · {a.made_from[1][1]:g} = {handed[2]:g}",
            "slope",
            "small",
            on="page",
        )
        to_a = f"{y.slope:g} · {y.made_from[0][1]:g} = {y.slope * y.made_from[0][1]:g}"
        sheet.write((a_at + y_at) / 2 + 0.15, row + 0.52, to_a, "slope", "small")
        sheet.write(3.6, row - 0.33, f"{y.slope:g} · {y.made_from[1][1]:g} = {handed[0]:g}", "slope", "small")
        total = " + ".join(f"{part:g}" for part in handed) + f" = {x.slope:g}"
        sheet.write(x_at, row - 0.42, total, "slope", weight="bold")
    for name, number in zip(names, tape):
        sheet.say(f"{name}: value {number.value:g}, slope of {names[-1]} for it {number.slope:g}")
    sheet.say(f"what x gets: {' + '.join(f'{part:g}' for part in handed)} = {x.slope:g}")
    return sheet


def walk_picture(w, u, letters):
    """What does each step add to the slopes of w and u? A network with one unit, h_t = tanh(w h_{t-1} + u x_t).

    letters  what it reads; the slopes are those of its last state
    """
    h = [0.0]
    for x in letters:
        h.append(np.tanh(w * h[-1] + u * x))
    T, slopes = len(letters), [1.0]  # of the last state, for each state
    for state in h[:1:-1]:
        slopes.insert(0, slopes[0] * (1 - state**2) * w)
    da = [slope * (1 - state**2) for slope, state in zip(slopes, h[1:])]
    parts = {"w": [d * before for d, before in zip(da, h)], "u": [d * x for d, x in zip(da, letters)]}
    sheet = Sheet("One walk back gives both slopes", 3.55)
    left, step, row = 1.1, 1.75, 2.6
    sheet.box(left, row, f"$h_0$\n{signed(0)}", "state", 0.8, 0.58)
    for t, x in enumerate(letters, start=1):
        at = left + step * t
        sheet.arrow((at - step + 0.43, row + 0.1), (at - 0.43, row + 0.1))
        if t > 1:
            sheet.arrow((at - 0.43, row - 0.12), (at - step + 0.43, row - 0.12), kind="slope", back=True)
        sheet.box(at, row, f"$h_{t}$\n{signed(h[t])}", "state", 0.8, 0.58)
        sheet.write(at, row + 0.46, f"reads {signed(x, 0)}", "letter", "small")
        sheet.write(at, row - 0.45, f"slope {signed(slopes[t - 1])}", "slope", "small")
    for line, (name, values) in enumerate(parts.items()):
        base, scale = 1.4 - 0.92 * line, 0.4 / max(np.abs(values))
        sheet.write(0.15, base + 0.12, f"slope of {name}", "slope", align="left", weight="bold")
        sheet.line((left + 0.9, base), (left + step * T + 0.5, base))
        for t, value in enumerate(values, start=1):
            at, high = left + step * t, base + scale * value
            if round(value, 4):
                sheet.bar((at - 0.35, base), (at - 0.35, high), "slope", 0.24)
            sheet.write(at - 0.12, base + 0.17, signed(value), "slope", "small", align="left")
        total = signed(sum(values))
        sheet.write(0.15, base - 0.12, f"sum {total}", "slope", align="left")
        sheet.say(f"{name}: " + ", ".join(f"step {t} {signed(v)}" for t, v in enumerate(values, 1)) + f"; sum {total}")
    sheet.say(
        "states: " + " ".join(map(signed, h)), "slopes of the last state for them: " + " ".join(map(signed, slopes))
    )
    return sheet


def cut_picture(off):
    """Which gradients does the loss not warn you of? The way back is cut between the states.

    off  {name of a parameter: largest difference from the right gradient, as a share of its largest entry}
    """
    wrong = [name for name, share in off.items() if share > 1e-10]
    sheet = Sheet(f"{len(wrong)} of {len(off)} gradients are wrong after the cut", 3.4)
    row = 1.3
    for t in range(3):
        x = 0.75 + 1.25 * t
        sheet.box(x, row, f"$h_{t}$", "state", 0.56)
        sheet.box(x, row + 1.2, f"$L_{t}$", "slope", 0.56)
        sheet.arrow((x - 0.1, row + 0.22), (x - 0.1, row + 0.98))
        sheet.arrow((x + 0.1, row + 0.98), (x + 0.1, row + 0.22), kind="slope", back=True)
        sheet.arrow((x, row - 0.62), (x, row - 0.22))
        sheet.write(x, row - 0.75, f"letter {t}", "letter", "small")
        if t:
            sheet.arrow((x - 0.96, row + 0.1), (x - 0.29, row + 0.1))
            sheet.arrow((x - 0.29, row - 0.1), (x - 0.52, row - 0.1), kind="slope", back=True)
            sheet.line((x - 0.6, row - 0.25), (x - 0.6, row + 0.02), kind="slope", width=3)
            sheet.write(x - 0.6, row - 0.37, "cut", "slope", "small", weight="bold")
    sheet.write(4.15, 2.8, "how far off, as a share of the largest entry", "quiet", "small", align="left")
    for k, (name, share) in enumerate(off.items()):
        y = 2.42 - 0.42 * k
        sheet.write(4.75, y, f"${name[0]}_{{{name[2:]}}}$", "weight", align="right")
        if name in wrong:
            sheet.bar((4.9, y), (4.9 + share, y), "slope", 0.22)
        words = f"{share:.2f}, wrong" if name in wrong else "0, right"
        sheet.write(5.0 + share * (name in wrong), y, words, "slope" if name in wrong else "ink", align="left")
        sheet.say(f"{name}: {words}")
    sheet.say("the loss is the same, because nothing cuts the way forward")
    return sheet
