"""A verdict is seen in a real Jupyter, wherever in its cell check is called, and as often as it is called."""

import os
import re

import pytest
from cells import ROOT
from jupyter_client.manager import start_new_kernel
from own_road import AS_TAUGHT

pytestmark = pytest.mark.slow

PAGE = """
import numpy as np
from course import check, finished, hint, report

def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

def one_hot(ids, vocab_size):
    return ids"""


class Learner:
    """A kernel and a folder my_rnn of its own."""

    def __init__(self, folder):
        surroundings = {**os.environ, "MY_RNN": str(folder / "my_rnn"), "PYTHONPATH": str(ROOT)}
        self.manager, self.client = start_new_kernel(kernel_name="python3", env=surroundings, cwd=str(folder))

    def run(self, code):
        """Run a cell, and return what is seen below it, in order: (kind of output, its text)."""
        seen = []

        def take(message):
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                seen.append((content["name"], content["text"]))
            elif "data" in content:
                seen.append((kind, content["data"]["text/plain"]))
            elif kind == "error":
                seen.append((kind, content["ename"]))

        self.client.execute_interactive(code, output_hook=take, timeout=120)
        return seen

    def restart(self):
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=120)


@pytest.fixture(scope="module")
def learner(tmp_path_factory):
    learner = Learner(tmp_path_factory.mktemp("learner"))
    yield learner
    learner.client.stop_channels()
    learner.manager.shutdown_kernel(now=True)


RIGHT, WRONG = 'check("softmax", softmax)', 'check("one_hot", one_hot)'
BEFORE, VALUE = "display_data", "execute_result"
SEEN = {
    RIGHT: [(VALUE, "softmax: correct")],
    f"{RIGHT};": [(BEFORE, "softmax: correct")],
    f"{RIGHT}\nprint('done')": [("stdout", "done"), (BEFORE, "softmax: correct")],
    f"{RIGHT}\n{WRONG}": [(BEFORE, "softmax: correct"), (VALUE, "one_hot: not yet")],
    f"result = {WRONG}": [(BEFORE, "one_hot: not yet")],
    f"if True:\n    {WRONG}\n    {RIGHT}": [(BEFORE, "one_hot: not yet"), (BEFORE, "softmax: correct")],
    f"def try_it():\n    {RIGHT}\ntry_it()": [(BEFORE, "softmax: correct")],
    f"print({RIGHT})": [("stdout", "softmax: correct")],
    f"display({RIGHT})": [(BEFORE, "softmax: correct")],
    f"{WRONG}\n1 / 0": [("error", "ZeroDivisionError"), (BEFORE, "one_hot: not yet")],
    f'hint("softmax")\nreport("mend_train_epoch")\n{RIGHT}': [
        (BEFORE, "hints for softmax"),
        (BEFORE, "what we know about mend_train_epoch"),
        (VALUE, "softmax: correct"),
    ],
}


@pytest.mark.parametrize("code", SEEN)
def test_each_verdict_is_seen_once_and_in_order(learner, code):
    learner.run(PAGE)
    assert [(kind, text.split("\n")[0]) for kind, text in learner.run(code)] == SEEN[code]
    assert learner.run("x = 1") == []


def test_what_the_page_does_not_have_after_a_restart_is_finished_and_the_files_are_connected(learner):
    imports = (
        "import numpy as np\nfrom course import check\nfrom rnn_helpers import ForwardPass, cross_entropy, softmax"
    )
    ((_, says),) = learner.run(f'{imports}\n{AS_TAUGHT["rnn_step"]}\ncheck("rnn_step", rnn_step)')
    assert says.startswith("rnn_step: correct")
    learner.restart()
    cell = f'{imports}\n{AS_TAUGHT["forward_pass"]}\ncheck("forward_pass", forward_pass)'
    ((_, says),) = learner.run(cell)
    assert says.startswith("forward_pass: correct")
    used = "Tried with the finished `rnn_step`, which isn't on this page yet. "
    assert used in says and re.search(r"Kept in my_rnn/forward_pass\.py: \d of", says)
    assert learner.run("rnn_step") == [("error", "NameError")], "it was there for a while only"
    learner.restart()
    assert learner.run(
        "from my_rnn import forward_pass, rnn_step\nprint(forward_pass.__globals__['rnn_step'] is rnn_step)"
    ) == [("stdout", "True\n")]
