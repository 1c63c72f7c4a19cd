"""What a notebook shows of an error: of the course's own the learner's lines and the sentence, of others all of it."""

import json
import subprocess
import sys

import nbformat
import pytest
from helpers import ROOT
from nbclient import NotebookClient

STOPPED = ["Stopped. Run the cell again to continue."]
CELLS = {  # what is run, and what is shown: "..." stands for all that IPython has to say
    'x = 1\nload_corpus("sonets")': ['line 2: load_corpus("sonets")', "FileNotFoundError: There is no text file "],
    "%tb": ["...", "FileNotFoundError"],
    'train(toy, 7, 5,\n      float("nan"), 1)': [
        "line 1: train(toy, 7, 5,",
        "ValueError: learning_rate is nan: it must",
    ],
    "def mine(text):\n    return toy.encode(text)": [],
    '[mine(one) for one in "é"]': [
        'line 1: [mine(one) for one in "é"]',
        "mine, line 2: return toy.encode(text)",
        "ValueError: The character 'é' is not ",
    ],
    "from my_rnn.kept import kept\nkept(toy)": [
        "line 2: kept(toy)",
        "kept, line 2: return corpus.encode('+')",
        "ValueError: The character '+' is not ",
    ],
    # Of the learner, of Python, and faults inside the course:
    "def softmax(logits):\n    return nmae\nhelpers.softmax = softmax\nhelpers.softmax_gradient(table, [0])": [
        "...",
        "return nmae",
    ],
    'try:\n    mine("é")\nexcept ValueError as error:\n    raise TypeError("mine") from error': [
        "...",
        "ValueError: The character 'é'",
        "TypeError: mine",
    ],
    "one_hot([0], 'x')": ["...", "np.zeros(", "TypeError"],
    "from course.show.page_06 import two_readers\ntwo_readers(dict(network=[1], table=[1]))": [
        "...",
        "two_readers",
        "TypeError",
    ],
    "raise ValueError('mine')": ["...", "ValueError: mine"],
    "def f(:": ["SyntaxError"],
    # The stop button, in a loop of the course, in a file of my_rnn, and on the page:
    "def stop(*given):\n    raise KeyboardInterrupt\nhelpers.rnn_step = stop\n"
    "parameters = initialize_parameters(3, toy.vocab_size, np.random.default_rng(0))": [],
    "helpers.train_epoch(toy.ids, parameters, 5, 0.1)": STOPPED,
    "from my_rnn.kept import waits\nwaits(stop)": STOPPED,
    "stop()": ["...", "KeyboardInterrupt"],
}
NOTEBOOK = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

class Notebook(InteractiveShell):
    def _showtraceback(self, kind, error, lines):
        shown.append("\\n".join(lines))

shell, seen = Notebook.instance(colors="nocolor"), []
sys.path[:0] = {folders}
import course
course.ready()
for cell in ["import rnn_helpers as helpers; from rnn_helpers import *; from course.engine import train; "
             "toy, table = Corpus('toy', 'hello world ' * 50), np.zeros((1, 3))", *{cells}]:
    shown = []
    shell.run_cell(cell)
    seen.append(shown)
print(json.dumps(seen))
"""


@pytest.mark.slow
def test_a_sentence_of_the_course_stands_alone(tmp_path, monkeypatch, subtests):
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    (tmp_path / "my_rnn").mkdir()
    (tmp_path / "my_rnn" / "kept.py").write_text(
        "def kept(corpus):\n    return corpus.encode('+')\n\n\ndef waits(stop):\n    stop()\n"
    )
    code = NOTEBOOK.format(folders=[str(ROOT), str(tmp_path)], cells=list(CELLS))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT / "notebooks")
    assert done.stdout, done.stderr
    first, *shown = json.loads(done.stdout.splitlines()[-1])
    assert first == []
    for (cell, wanted), texts in zip(CELLS.items(), shown):
        with subtests.test(cell):
            lines = "\n".join(texts).split("\n")
            if wanted[:1] == ["..."]:
                assert lines[0].startswith("-----") and all(part in texts[0] for part in wanted[1:]), texts
            elif wanted == STOPPED:
                assert lines == STOPPED
            elif "SyntaxError" in wanted:
                assert any(line.startswith("SyntaxError: ") for line in lines) and "^" in texts[0]
            elif wanted:
                assert lines[-1] == "(To see everything that led to it, run %tb.)"
                assert lines[:-2] == wanted[:-1] and lines[-2].startswith(wanted[-1]), texts
            else:
                assert texts == []


STOPS = f"""
import signal, sys
sys.path[:0] = [{str(ROOT)!r}]
import rnn_helpers as helpers
import course
course.ready()
toy = helpers.Corpus("toy", "hello world " * 50)
parameters = helpers.initialize_parameters(3, toy.vocab_size, helpers.np.random.default_rng(0))
helpers.sgd_step = lambda *given: signal.raise_signal(signal.SIGINT)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal from within is another one there")
def test_the_stop_button_of_a_kernel_leaves_one_line(tmp_path, monkeypatch):
    """The signal of the stop button comes in the first step of a training."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    cells = [STOPS, "helpers.train_epoch(toy.ids, parameters, 5, 0.1)", "print('The kernel lives.')"]
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    NotebookClient(page, timeout=1200, kernel_name="python3", allow_errors=True).execute()
    _, stopped, after = page.cells
    assert [output.traceback for output in stopped.outputs] == [STOPPED]
    assert after.outputs[0].text == "The kernel lives.\n"
