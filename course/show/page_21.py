"""The pictures of page 21. Their text leaves out the digits that no two computers agree on."""

from course.show.pictures import Picture, dot_picture, line_picture


def _without_digits(picture, *says):
    """Return a picture with its title, and with these lines as its text. An empty one is left out."""
    title, _, _ = picture.text.partition("\n")
    return Picture(picture.figure, "\n".join([title, *filter(None, says)]))


def twins_picture(short, long, two_starts):
    """What becomes of a distance of a billionth? The distances of twins at each step, with short and with long steps.

    short, long  five lines each; two_starts: the distance of two networks from different starts
    """
    lines, kinds = {}, {}
    for name, kind, pairs in (("rate 0.004", "state", short), ("rate 0.02", "slope", long)):
        for start, distances in enumerate(pairs):
            label = f"{name}, start {start}" if start else name  # one name for five lines
            lines[label], kinds[label] = distances, kind
    lines["two starts"], kinds["two starts"] = two_starts, "letter"
    title = "With long steps, twins become two different networks"
    places = {"rate 0.004": (450, 3e-8), "rate 0.02": (450, 1), "two starts": (10, 300)}
    unit = "distance of all parameters"
    picture = line_picture(title, "step", unit, lines, log_y=True, kinds=kinds, places=places)
    return _without_digits(
        picture,
        "rate 0.004: five lines that rise slowly from 1e-9",
        "rate 0.02: five lines that rise steeply to above 10, below the line of two starts",
    )


def last_losses_picture(calm_starts, calm_nudges, wild_nudges, runs=""):
    """Which moves the last loss more: another start at the rate 0.004, or a few billionths at 0.02? In nats.

    runs  see drawing.write_runs
    """
    rows = {"0.004, four starts": calm_starts, "0.004, eight nudges": calm_nudges, "0.02, eight nudges": wild_nudges}
    title = "At 0.02, billionths do more than starts at 0.004"
    kinds = {"0.02, eight nudges": "slope"}
    picture = dot_picture(title, "last loss, in nats", rows, kinds=kinds, digits=".0f", runs=runs)
    return _without_digits(picture, f"runs: {runs}" * bool(runs))
