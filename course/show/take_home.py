"""The end of page 06: a learner takes the trained network home, in three files."""

import re

from course.engine import own_run, save_run
from course.own.folder import for_files
from course.own.one_page import one_page, run_alone
from course.show.alive import write_alive

FOR_A_TRIAL = 6000  # characters that my_network.py reads alone


def take_home(corpus, parameters, losses, seq_length, name="", first_line="", learning_rate=0.001):
    """Write a trained network to three files in my_rnn. Return what to say about them.

    corpus         the text that it has read, whole epochs long
    parameters     what it has learned
    losses         the smoothed loss after each sequence of seq_length characters
    name           of the learner, for the web page, or ""
    first_line     is on the web page at first
    learning_rate  of the last epoch, for the file of the parameters
    ValueError: these parts do not belong together.

    The files of the Sonnets are my_sonnets.npz, my_network.py and my_network.html. Another text gives its name to the
    first and the last of them, so the files of the Sonnets stay.
    """
    run = own_run(corpus, parameters, losses, seq_length, learning_rate)
    place, text = for_files(), re.sub(r"\W", "_", corpus.name.removesuffix(".txt"))
    text = text if text.startswith("my") else f"my_{text}"
    numbers, code = place / f"{text}.npz", place / "my_network.py"
    alive = place / ("my_network.html" if text == "my_sonnets" else f"{text}.html")
    save_run(run, numbers)
    code.write_text(one_page(), encoding="utf-8")
    epochs = run.settings.num_epochs
    said = [
        f"{numbers.name} has what the network learned in {epochs} reading{'s' * (epochs > 1)}.",
        f"{code.name} has its functions. {_trial(run_alone(code, corpus.text[:FOR_A_TRIAL]))}",
        write_alive(alive, corpus, parameters, losses, seq_length, name, first_line),
    ]
    return "\n".join(said)


def _trial(says):
    """Return a sentence about what my_network.py printed, alone in an empty folder."""
    losses = re.findall(r"^epoch \d+, smoothed loss ([\d.]+)", says, re.MULTILINE)
    if len(losses) != 2:
        return says  # an error, or the browser
    first, second = losses
    return f"Alone in an empty folder, it read {FOR_A_TRIAL:,} characters twice: smoothed loss {first}, then {second}."
