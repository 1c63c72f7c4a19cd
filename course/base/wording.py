"""Words that depend on where somebody works: on a page, with cells, or on files that a command in a terminal checks."""

import contextlib
import os

COMMAND = "RNN_COMMAND"  # the command as it was typed; the processes in which it tries answers get it, too


@contextlib.contextmanager
def in_files(command):
    """As long as this lasts, choose the words for files. command: such as "python -m course check" """
    os.environ[COMMAND] = command
    try:
        yield
    finally:
        del os.environ[COMMAND]


def either(on_page, in_file):
    """Return the words that fit."""
    return in_file if COMMAND in os.environ else on_page


def call(on_page, option):
    """Return what to call: a function on a page, or the command with an option."""
    return either(on_page, f"`{os.environ.get(COMMAND)} {option}`")


def hint_of(name):
    """Return the call that shows a hint for an exercise."""
    return call(f'hint("{name}")', f"--hint {name}")


def report_of(name):
    """Return the call that shows the report of an exercise."""
    return call(f'report("{name}")', f"--report {name}")


def all_of_progress():
    """Return the call that lists all exercises."""
    return call("progress(everything=True)", "--progress --all")
