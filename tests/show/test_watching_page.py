"""Watching a training on a page: what a kernel sends, and what the page stores."""

import asyncio
import base64
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
TRAIN = "print('before')\nrun = train(corpus, 6, 10, 0.05, 3, progress=watching.watch)\nprint('after')"
STOP = "run = train(corpus, 6, 10, 0.05, 10**6, progress=watching.watch)\nprint(run.interrupted)"


class Listening(NotebookClient):
    """Runs a page, records its messages, and presses the stop button at the twelfth drawing of an endless training."""

    def process_message(self, message, cell, number):
        self.messages.append((number, message["msg_type"], message["content"]))
        drawings = [kind for at, kind, _ in self.messages if at == number and "display_data" in kind]
        if cell.source == STOP and len(drawings) == 12 and "display_data" in message["msg_type"]:
            self.pressed = asyncio.ensure_future(self.km.interrupt_kernel())
        return super().process_message(message, cell, number)


@pytest.fixture(scope="module")
def page():
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, TRAIN, STOP)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = Listening(notebook, timeout=1200, kernel_name="python3")
    client.messages = []
    client.execute()
    return notebook, client.messages


def test_a_page_stores_the_picture_and_its_words_alone(page):
    outputs = page[0].cells[1].outputs
    assert [output.output_type for output in outputs] == ["stream", "display_data", "display_data", "stream"]
    assert set(outputs[2].data) == {"text/plain", "text/html"} and outputs[2].data["text/plain"] == ""
    assert set(outputs[1].data) == {"text/plain", "image/png"}
    text = outputs[1].data["text/plain"]
    assert re.match(r"Picture: 3 epochs, 51 steps, smoothed loss [\d.]+\n", text) and "it writes: " in text
    assert outputs[1].metadata["image/png"]["alt"] == text
    assert base64.b64decode(outputs[1].data["image/png"]).startswith(b"\x89PNG")
    assert "".join(output.text for output in (outputs[0], outputs[3])) == "before\nafter\n"


def test_the_stop_button_leaves_the_picture(page):
    picture, _, printed = page[0].cells[2].outputs
    assert re.match(r"Picture: interrupted after [\d,]+ of 17,000,000 steps", picture.data["text/plain"])
    assert printed.text == "True\n"
