"""The pictures of page 06: which of your functions calls which, and how surprised two readers are by new verse."""

from course.lessons import OWN, page_of
from course.show.drawing import Sheet, claim, signed

CALLS = {  # in the small network: what each taught function that calls others calls, from left to right
    "train_epoch": ("chunks", "forward_pass", "backward_pass", "sgd_step"),
    "forward_pass": ("cross_entropy", "rnn_step", "softmax"),
    "backward_pass": ("one_hot", "hidden_gradients", "weight_gradients"),
    "hidden_gradients": ("tanh_backward",),
    "sample_ids": ("draw", "rnn_step", "apply_temperature"),
    "apply_temperature": ("softmax",),
}
PLACES = {
    "train_epoch": (3.5, 3.6),
    "chunks": (0.6, 2.8),
    "forward_pass": (1.8, 2.8),
    "backward_pass": (4.5, 2.8),
    "sgd_step": (5.85, 2.8),
    "cross_entropy": (0.7, 2.0),
    "rnn_step": (1.8, 2.0),
    "softmax": (2.62, 2.0),
    "one_hot": (3.42, 2.0),
    "hidden_gradients": (4.5, 2.0),
    "weight_gradients": (5.9, 1.6),
    "tanh_backward": (4.5, 1.2),
    "draw": (0.7, 1.2),
    "apply_temperature": (2.62, 1.2),
    "sample_ids": (1.8, 0.4),
    "clip_gradients": (4.05, 0.4),
    "softmax_gradient": (5.9, 0.4),
}
NOT_CALLED = {"clip_gradients": "no arrow: for long steps", "softmax_gradient": "no arrow: it only explains"}
HEIGHT = 0.34


def how_many(yours):
    """Return a sentence or two: how many of the functions are yours, and which is the next one to write."""
    order = [name for name in OWN if name in PLACES]  # that of the lessons
    open_ones = [name for name in order if name not in yours]
    says = f"{len(order) - len(open_ones)} of {len(order)} are yours."
    if not open_ones:
        return says
    first = f"on page {page_of(open_ones[0]).number}"
    if len(open_ones) == len(order):
        return (
            f"{says} Your first exercise is {open_ones[0]}, {first}. Until then you watch the course's functions train."
        )
    return f"{says} The next one to write is {open_ones[0]}, {first}."


def who_calls_whom(yours):
    """Which function calls which? yours: the names of the learner's functions."""
    sheet = Sheet("train_epoch and sample_ids reach all functions except two", 4.35)
    reached = ["train_epoch", "sample_ids"]
    for name in reached:  # it grows while it is walked
        reached += [other for other in CALLS.get(name, ()) if other not in reached]
    assert {*PLACES} - {*reached} == {*NOT_CALLED} and len(NOT_CALLED) == 2, "the title"
    for name, (x, y) in PLACES.items():
        whose = "yours" if name in yours else "the course's"
        sheet.box(x, y, name, "state" if name in yours else "letter", _width(name), HEIGHT, "small")
        called = CALLS.get(name, ())
        for other in called:
            to_x, to_y = PLACES[other]
            side = HEIGHT / 2 if to_y > y else -HEIGHT / 2
            near = min(max(to_x, x - _width(name) / 3), x + _width(name) / 3)  # where it leaves this box
            sheet.arrow((near, y + side), (to_x, to_y - side), kind="quiet", width=1.1)
        sheet.say(f"{name} ({whose})" + f" calls {', '.join(called)}" * bool(called))
    for name, why in NOT_CALLED.items():
        x, y = PLACES[name]
        sheet.write(x, y + 0.33, why, "quiet", "small")
    sheet.write(4.15, 3.6, "trains", "quiet", "small", align="left")
    sheet.write(2.5, 0.4, "writes", "quiet", "small", align="left")
    sheet.write(0.15, 3.72, "blue: yours", "state", "small", align="left")
    sheet.write(0.15, 3.5, "gray: the course's", "letter", "small", align="left")
    return sheet


def _width(name):
    """Return the width of a function's box."""
    return 0.18 + 0.073 * len(name)


def two_readers(bits, errors):
    """Who is surprised less by new verse, and is it luck?

    bits    {"network": mean, "table": mean, "difference": mean}, in bits per character
    errors  {the same names: give or take}
    """
    lead = bits["difference"] / errors["difference"]
    holds, title = lead > 2 and bits["table"] < bits["network"], "The table is surprised less, and that is no accident"
    sheet = Sheet(claim(holds, title, "How much new verse surprises the network and the table"), 1.75)
    for row, (name, kind) in enumerate({"network": "state", "table": "second", "difference": "ink"}.items()):
        y, end = 1.2 - 0.4 * row, 1.1 + 1.6 * bits[name]
        says = f"{signed(bits[name], 2)} ± {signed(errors[name], 2)} bits"
        sheet.write(0.95, y, name, kind, align="right")
        sheet.bar((1.1, y), (end, y), kind)
        half = 1.6 * errors[name]
        sheet.line((end - half, y), (end + half, y), kind="page", width=4.5, zorder=4)
        sheet.line((end - half, y), (end + half, y), kind="ink", width=2.5, zorder=5)
        sheet.write(end + 0.15, y, says, kind, align="left")
        sheet.say(f"{name}: {says}")
    return sheet
