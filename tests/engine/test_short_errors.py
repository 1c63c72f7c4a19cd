"""What a notebook shows of an error: of the course's own the learner's lines and the sentence, of others all of it."""

import json
import subprocess
import sys

import pytest
from helpers import ROOT

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
    "from course.show.page_06 import two_readers\nb = dict(network=1, table=2, difference=0)\ntwo_readers(b, b)": [
        "...",
        "two_readers",
        "ZeroDivisionError",
    ],
    "raise ValueError('mine')": ["...", "ValueError: mine"],
    "def f(:": ["SyntaxError"],
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
    (tmp_path / "my_rnn" / "kept.py").write_text("def kept(corpus):\n    return corpus.encode('+')\n")
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
            elif "SyntaxError" in wanted:
                assert any(line.startswith("SyntaxError: ") for line in lines) and "^" in texts[0]
            elif wanted:
                assert lines[-1] == "(To see everything that led to it, run %tb.)"
                assert lines[:-2] == wanted[:-1] and lines[-2].startswith(wanted[-1]), texts
            else:
                assert texts == []
