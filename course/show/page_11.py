"""The pictures of page 11: a text in streams, and how far each change takes a training."""

from course.show.drawing import Sheet, claim, color


def streams_of(text, streams):
    """How do the pieces of a text get next to each other? The text in a row, cut, and its pieces as columns."""
    length = len(text) // streams
    kinds = ["state", "chance", "weight", "slope", "first"][:streams]
    sheet = Sheet("Each piece of the text becomes a column", 1.35 + 0.36 * length)
    top, size = sheet.axes.get_ylim()[1], 0.36
    for place, char in enumerate(text):
        piece, row = divmod(place, length)
        rest = piece >= streams
        kind = "letter" if rest else kinds[piece]
        x = 0.4 + size * place + 0.14 * min(piece, streams)
        sheet.cell(x, top - 0.72, char, kind, size, size, "quiet" if rest else "ink")
        if not rest:
            sheet.cell(2.4 + size * piece, top - 1.35 - size * row, char, kind, size, size)
    for row in range(length):
        y = top - 1.35 - size * row
        sheet.write(2.1, y, f"step {row}", "quiet", "small", align="right")
    sheet.write(2.6 + size * streams, top - 1.35, "read together", "quiet", "small", align="left")
    if len(text) > streams * length:
        x = 0.62 + size * len(text) + 0.14 * streams
        sheet.write(x, top - 0.72, "left out", "quiet", "small", align="left")
    for piece in range(streams):
        sheet.say(f"column {piece}: {text[piece * length : (piece + 1) * length]}")
    sheet.say(f"left out: {text[streams * length :] or 'nothing'}")
    return sheet


def ladder(runs, run_2019, goal):
    """How many 2019 epochs is each recipe worth? Losses on a line, with the 2019 epochs as its ruler.

    runs  dict: what was changed -> its TrainingRun, in order
    """
    best = min(run.losses[-1] for run in runs.values())
    few = max(run.settings.num_epochs for run in runs.values())
    sheet = Sheet(
        claim(best <= goal, f"{few} epochs beat the goal that 40 old ones miss", "How far each change got"),
        1.15 + 0.34 * len(runs),
    )
    top, left, right = sheet.axes.get_ylim()[1] - 0.72, 2.95, 6.2
    ruler = [epochs for epochs in (5, 7, 10, 15, 20, 30, 40) if epochs < len(run_2019.epoch_losses)]
    levels = run_2019.epoch_losses[ruler]
    end = min(best, goal)

    def place(loss):
        return left + (right - left) * (levels[0] - loss) / (levels[0] - end)

    bottom = top - 0.2 - 0.34 * len(runs)
    sheet.write(0.15, top, "2019 epochs with the same loss", "quiet", "small", align="left")
    for epochs, level in zip(ruler, levels):
        sheet.line((place(level), top - 0.14), (place(level), bottom))
        sheet.write(place(level), top, str(epochs), "quiet", "small")
        sheet.say(f"2019, epoch {epochs}: loss {level:.2f}")
    sheet.line((place(goal), top - 0.14), (place(goal), bottom), kind="ink", width=1.2, style=(0, (2, 2)))
    sheet.write(place(goal), bottom - 0.13, f"goal {goal}", size="small")
    for row, (name, run) in enumerate(runs.items()):
        y, x = top - 0.36 - 0.34 * row, place(run.losses[-1])
        sheet.write(0.15, y, name, "state", align="left")
        sheet.line((left, y), (x, y), kind="state", width=2.2, zorder=3)
        sheet.axes.plot(x, y, "o", ms=7, mfc="white", mec=color("state"), mew=1.6, zorder=4)
        sheet.write(x + 0.14, y, f"{run.losses[-1]:.1f}", "state", align="left", on="page", weight="bold")
        sheet.say(f"{name}, {run.settings.num_epochs} epochs: loss {run.losses[-1]:.2f}")
    return sheet
