"""Scores of several starts side by side: a dot for each one, with its error if it has one."""

from course.show.drawing import Sheet, color, signed

ROW = 0.36  # inches


def dot_picture(title, unit, rows, *, marks=None, kinds=None, digits=0):
    """How far apart are several things, and how far apart the starts of one? A row for each, a dot for each start.

    rows    dict: name -> numbers, or (number, error) pairs: an error is drawn to both sides of its dot
    marks   dict: name -> number, a thin upright line with its name above
    kinds   dict: name of a row -> its meaning, a key of drawing.KINDS; otherwise the network's
    digits  after the point, of the numbers in the text and at the ends of the rows
    """
    marks, kinds = marks or {}, kinds or {}
    pairs = [[one if isinstance(one, tuple) else (one, 0) for one in ones] for ones in rows.values()]
    rows = dict(zip(rows, pairs))
    spread = sum(1 for ones in rows.values() if any(error for _, error in ones))
    height = ROW * (len(rows) + spread)  # starts with errors stand below each other
    sheet = Sheet(title, 1.35 + height)
    left, right = 0.35 + 0.078 * max(map(len, rows)), 0.95
    low = min([value - error for ones in rows.values() for value, error in ones] + [*marks.values()])
    high = max([value + error for ones in rows.values() for value, error in ones] + [*marks.values()])
    room = 0.04 * (high - low)
    axes = sheet.chart(left, 0.55, 7 - left - right, height + 0.1, xlim=(low - room, high + room), xlabel=unit)
    axes.set(ylim=(0, height + 0.1), yticks=[])
    axes.spines["left"].set_visible(False)
    sheet.say(f"across: {unit}")
    for name, value in marks.items():
        axes.axvline(value, color=color("quiet"), lw=1, ls=(0, (2, 2)), zorder=1)
        at = left + (7 - left - right) * (value - low + room) / (high - low + 2 * room)
        sheet.write(at, 0.78 + height, name, "quiet", "small")
        sheet.say(f"line: {name}, {signed(value, digits)}")
    y = height + 0.05
    for name, ones in rows.items():
        kind, with_errors = kinds.get(name, "state"), any(error for _, error in ones)
        tall = ROW * (1 + with_errors)
        y -= tall
        sheet.write(0.15, 0.55 + y + tall / 2, name, align="left")
        for k, (value, error) in enumerate(ones):
            at = y + tall / 2 + (0.8 * tall * (0.5 - (k + 0.5) / len(ones)) if with_errors else 0)
            axes.errorbar(value, at, xerr=error or None, color=color(kind), elinewidth=1.4, capsize=0, zorder=3)
            axes.plot(value, at, "o", ms=6, color=color(kind), mec="white", mew=0.6, zorder=4)
        mean = sum(value for value, _ in ones) / len(ones)
        sheet.write(6.92, 0.55 + y + tall / 2, signed(mean, digits), kind, align="right")
        told = [f"{signed(value, digits)}" + (f" ± {error:.{digits}f}" if error else "") for value, error in ones]
        sheet.say(f"{name}: {', '.join(told)}; mean {signed(mean, digits)}")
    sheet.write(6.92, 0.78 + height, "mean", "quiet", "small", align="right")
    return sheet
