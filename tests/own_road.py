"""The path to page 06 as a learner types it: right functions of the first book in three styles.

In the first, which follows the pages, each function calls earlier ones. The others are from tests/answers.
"""

import ast
import inspect

from answers import finished_page, of
from cells import page
from notebook_pages import Page

import rnn_helpers
from course.calls import check
from course.checker.words import CORRECT
from course.lessons import NETWORK, page_of


def as_taught(name):
    """Return the function of rnn_helpers as a learner types it: without a docstring, and with NumPy alone."""
    source = inspect.getsource(vars(rnn_helpers)[name])
    body = ast.parse(source).body[0].body
    lines = source.split("\n")
    return "\n".join(["", *lines[: body[0].lineno - 1], *lines[body[0].end_lineno :]]).replace("math.", "np.")


AS_TAUGHT = {name: as_taught(name) for name in (*NETWORK, "numerical_gradient")}
STYLES = (0, 1, 2)  # as the pages teach it, and two other styles from tests/answers

# All ways to write a call of softmax, {the text before the arguments: earlier code on the page}, and the callers.
WAYS = {
    "softmax(": "",
    "softmax( ": "from rnn_helpers import softmax",
    "sm(": "from rnn_helpers import softmax as sm",
    "rnn_helpers.softmax(": "import rnn_helpers",
    "r.softmax(": "import rnn_helpers as r",
    "mine.softmax(": "import my_rnn as mine",
    "kept(": "from my_rnn import softmax as kept",
    "s(": "import rnn_helpers\ns = rnn_helpers.softmax",
    "one_hot(": "from rnn_helpers import softmax as one_hot",
    "theirs(": "from course import own_functions\ntheirs = own_functions()['softmax']",
}
CALLER = """
def softmax_gradient(logits, targets):
    slopes = {}logits)
    slopes[range(len(slopes)), targets] -= 1
    return slopes
"""


def code_of(name, style=0):
    """Return the right answer to an exercise of the first book in a style."""
    answers = of(name, "right")
    return AS_TAUGHT[name] if name in AS_TAUGHT and style == 0 else answers[(style - 1) % len(answers)].code


def import_cell(stem):
    """Return the imports of a page: its first code cell after the setup."""
    return Page(stem).code_cells[1].source


def do(names, style=0):
    """Do these exercises, each on its page, and check that each is kept.

    The page's import cell runs before and after the answer, as it does for a learner who runs all cells again.
    """
    pages = {}
    for name in names:
        stem = page_of(name).stem
        if stem not in pages:  # a learner imports what no cell of the page defines
            pages[stem] = page(import_cell(stem), finished_page())
        function = page(code_of(name, style), pages[stem])[name]
        page(import_cell(stem), pages[stem])
        result = check(name, function)
        assert result.verdict == CORRECT and result.kept.startswith(f"Kept in my_rnn/{name}.py: "), (name, result)
