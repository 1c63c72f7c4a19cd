"""Watching a training on a page: the stop button."""

import asyncio
import re

import nbformat
import pytest
from helpers import LINE, ROOT
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

SETUP = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}]
from types import SimpleNamespace
from course.show import watching
from course.engine import train
from rnn_helpers import Corpus
now = 0
def monotonic():
    global now
    now += 0.3
    return now
watching.time, watching.SHARE = SimpleNamespace(monotonic=monotonic), 1
corpus = Corpus("toy", {LINE * 4!r})
"""
STOP = "run = train(corpus, 6, 10, 0.05, 10**6, progress=watching.watch)\nprint(run.interrupted)"


class Stopping(NotebookClient):
    """Runs a page, and presses the stop button at the twelfth drawing."""

    drawings = 0

    def process_message(self, message, cell, number):
        self.drawings += "display_data" in message["msg_type"]
        if self.drawings == 12 and "display_data" in message["msg_type"]:
            self.pressed = asyncio.ensure_future(self.km.interrupt_kernel())
        return super().process_message(message, cell, number)


def test_the_stop_button_leaves_the_picture():
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, STOP)]
    Stopping(nbformat.v4.new_notebook(cells=cells), timeout=1200, kernel_name="python3").execute()
    picture, _, printed = cells[1].outputs
    assert re.match(r"Picture: interrupted after [\d,]+ of 17,000,000 steps", picture.data["text/plain"])
    assert printed.text == "True\n"
