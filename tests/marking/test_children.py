"""A process in which answers run: what it gets, what it refuses, when another one takes its place."""

import sys

import pytest

from course.marking.answers import _in_cells
from course.marking.children import Children
from course.marking.marks import _given

pytestmark = pytest.mark.slow  # each answer runs in a process of its own


def answer(body, name="softmax"):
    """Return what a child is given of an answer with these lines."""
    code = f"def {name}(*given):\n    " + body.replace("\n", "\n    ")
    (found,) = _in_cells("a.ipynb", [f'{code}\n\n\ncheck("{name}", {name})'])
    return _given(found)


GOES_ON = {
    "a thread": "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
    "an alarm": "import signal\nsignal.setitimer(signal.ITIMER_REAL, 1000)",
    "an alarm of the processor": "import signal\nsignal.setitimer(signal.ITIMER_PROF, 1000)",
}


@pytest.fixture(scope="module")
def children():
    """One process for all tests here, unless an answer spoils it."""
    with Children(60) as those:
        yield those


@pytest.mark.parametrize("what", GOES_ON)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such alarms")
def test_an_answer_that_leaves_something_running_has_had_a_process_of_its_own(children, what):
    """What goes on may change at any later moment what the answers after it need."""
    children.ask(answer("return 1"))
    process = children.child
    children.ask(answer(GOES_ON[what]))
    assert process is not None
    assert children.child is None
