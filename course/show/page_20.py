"""The pictures of page 20: a training on several devices."""

from course.show.drawing import Sheet, color


def streams_picture(ids, decode, devices):
    """What does one step read, and which device reads it? The first letters of a text in streams.

    ids (length, B); decode: from ids to a text; devices: how many there are
    """
    (length, B), shown = ids.shape, 6
    sheet = Sheet("Each device reads its own columns, 50 rows a step", 3.7)
    each = B // devices
    for stream in range(B):
        k, x = stream // each, 1.35 + 0.345 * stream
        for t, char in enumerate(decode(ids[:shown, stream])):
            name = {" ": "␣", "\n": "↵"}.get(char, char)
            look = {"ec": "white", "size": "small"}
            sheet.cell(x, 2.75 - 0.27 * t, name, "state" if k % 2 else "letter", 0.33, 0.27, **look)
        sheet.write(x, 3.05, str(stream), "quiet", "small")
        if stream % each == 0:
            middle = x + 0.345 * (each - 1) / 2
            sheet.line(
                (x - 0.14, 0.78), (x + 0.345 * (each - 1) + 0.14, 0.78), kind="state" if k % 2 else "letter", width=3
            )
            sheet.write(middle, 0.58, str(k), "state" if k % 2 else "letter", weight="bold")
            sheet.write(middle, 2.75 - 0.27 * shown, "⋮", "quiet")
    for t in range(shown):
        sheet.write(1.05, 2.75 - 0.27 * t, f"row {t}", "quiet", "small", align="right")
    sheet.write(1.05, 3.05, "stream", "quiet", "small", align="right")
    sheet.write(1.05, 0.58, "device", "quiet", "small", align="right")
    sheet.write(
        0.15, 0.22, f"{length:,} rows in all: after them, the text has been read once", "quiet", "small", align="left"
    )
    for stream in (0, 1, B - 1):
        sheet.say(f"stream {stream}: {decode(ids[:shown, stream])!r}, read by device {stream // each}")
    return sheet


def step_picture(devices, streams, parameters):
    """What do the devices tell each other in one step? Where numbers travel.

    devices, streams  how many there are; parameters: how many numbers the network learns
    """
    sheet = Sheet("Devices share one sum, and do everything else alone", 4.85)
    each = streams // devices
    shown = [(0, 1.75), (1, 3.35), (None, 4.5), (devices - 1, 5.65)]
    for y, words in [(3.95, "reads"), (3.05, "forward\nand back"), (1.0, "takes\na step")]:
        sheet.write(0.15, y, words, "quiet", "small", align="left")
    sheet.box(3.7, 2.02, f"all-reduce: the sum of {devices} gradients, {parameters:,} numbers each", "slope", 5.1, 0.42)
    for k, x in shown:
        if k is None:
            for y in (3.95, 3.05, 1.0):
                sheet.write(x, y, "...", "quiet")
            continue
        sheet.write(x, 4.3, f"device {k}", weight="bold")
        sheet.box(x, 3.95, f"streams {each * k} to {each * k + each - 1}", "letter", 1.35, 0.36, size="small")
        sheet.arrow((x, 3.76), (x, 3.4))
        sheet.box(x, 3.05, "its copy of the\nparameters", "weight", 1.35, 0.62, size="small")
        sheet.arrow((x, 2.73), (x, 2.25), kind="slope", back=True)
        sheet.write(x + 0.1, 2.5, "its gradient", "slope", "small", align="left")
        sheet.arrow((x, 1.8), (x, 1.32), kind="slope", width=2.2)
        sheet.write(x + 0.1, 1.58, "the sum", "slope", "small", align="left")
        sheet.box(x, 1.0, "the same new\nparameters", "weight", 1.35, 0.58, size="small")
        sheet.write(x, 0.5, "its states stay here", "quiet", "small")
        sheet.say(f"device {k}: streams {each * k} to {each * k + each - 1}, a copy of the parameters, its own states")
    sheet.say(f"each sends its gradient, {parameters:,} numbers, and gets the sum of {devices}; all take the same step")
    return sheet


def killed_picture(first, last, every, killed):
    """What is lost when a process dies? Two processes, their checkpoints, and the second start.

    first, last  steps before this training and at its end; every: steps from one checkpoint to the next
    killed       the step at which one of them dies, for example
    """
    saved = killed // every * every
    sheet = Sheet("Only steps after the last checkpoint are done twice", 3.1)
    left, scale = 1.3, 5.3 / (last - first)

    def at(step):
        return left + scale * (step - first)

    for y, name in [(2.55, "process 0"), (2.15, "process 1")]:
        sheet.write(0.15, y, name, "state", align="left", weight="bold")
        sheet.line((at(first), y), (at(killed), y), kind="state", width=2.2)
    sheet.write(at(killed), 2.15, "×", "slope", size="title", weight="bold")
    sheet.write(at(killed) + 0.15, 2.15, f"killed, at step {killed} for example", "slope", "small", align="left")
    sheet.write(at(killed) + 0.15, 2.55, "misses its sum, and ends", "quiet", "small", align="left")
    for y, name in [(1.2, "process 0"), (0.8, "process 1")]:
        sheet.write(0.15, y, name, "state", align="left", weight="bold")
        sheet.line((at(saved), y), (at(last), y), kind="state", width=2.2)
    for step in range(-(-first // every) * every, last + 1, every):
        y = 2.55 if step <= saved else 1.2
        sheet.axes.plot([at(step)], [y], "o", color=color("weight"), ms=6, zorder=5)
    sheet.arrow((at(saved), 2.43), (at(saved), 1.36), kind="weight", width=2.2)
    words = f"checkpoint at step {saved}:\nparameters and states"
    sheet.write(at(saved) + 0.12, 1.72, words, "weight", "small", align="left")
    sheet.write(at(first), 0.35, f"step {first}", "quiet", "small")
    sheet.write(at(last), 0.35, f"step {last}", "quiet", "small")
    sheet.say(f"two processes go on from step {first}, with a checkpoint every {every} steps")
    sheet.say(f"process 1 is killed, at step {killed} for example; process 0 misses its sum, and ends")
    sheet.say(f"both start again from the checkpoint at step {saved}, and go on to step {last}")
    return sheet
