"""What a child finds out about an answer, tested here without a separate process."""

import sys
from dataclasses import asdict

import pytest
from planted import cell

from course.calls import check
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.marking import child
from course.marking.answers import _in_cells, read_answers

NAMES = "import numpy as np\n\nfrom course import check"
SOFTMAX = "def softmax(logits):\n    e = np.exp(logits - logits.max(axis=-1, keepdims=True))\n"
SOFTMAX += "    return e / e.sum(axis=-1, keepdims=True)"
RAISED = "What it needs from its page raised"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Use an empty folder, so that no test reads or writes a real one."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    child.own_of_my_rnn.cache_clear()
    return tmp_path / "my_rnn"


def answers_in(*cells):
    """Return {exercise: the answer as a child gets it} of a page with these cells."""
    return {answer.name: asdict(answer) for answer in _in_cells("a.ipynb", [NAMES, *cells])}


def found(*cells):
    """Return {exercise: what a child finds out about its answer}, in the order of the course."""
    answers = answers_in(*cells)
    return {name: child.tried(answers[name]) for name in EXERCISES if name in answers}


# ---------------------------------------------------------------- what check says
def test_it_is_what_check_says_but_for_what_is_said_to_the_learner_alone():
    code = SOFTMAX.replace("e.sum(axis=-1, keepdims=True)", "e.sum()")
    scope = {}
    exec(f"import numpy as np\n{code}", scope)
    said, mark = check("softmax", scope["softmax"]), found(cell("softmax", code))["softmax"]
    assert (mark["verdict"], mark["mistake"]) == (said.verdict, said.mistake) == (NOT_YET, "softmax/sum_of_table")
    assert said.message == mark["message"] + '\nStuck? hint("softmax") helps.'


ONE_HOT = "def one_hot(ids, vocab_size):\n    return np.eye(vocab_size)[ids] * 2"
BOTH = f"{SOFTMAX}\n\n\n{ONE_HOT}\n"
ANYWHERE = (
    'check("softmax", softmax)\nprint("done")\ncheck("one_hot", one_hot)\n1 / 0',
    'for name in ("softmax", "one_hot"):\n    result = check(name, globals()[name])\n    print(result.verdict)',
    "for f in (softmax, one_hot):\n    from course import check as look\n    check(f.__name__, f)",
    'def see(name):\n    assert check(name, globals()[name]).verdict == "correct"\nsee("one_hot")\nsee("softmax")',
    'see = check\nif softmax:\n    check("one_hot", one_hot);\n    verdict = check("softmax", softmax)',
)


@pytest.mark.parametrize("code", ANYWHERE)
def test_an_answer_is_found_wherever_check_is_called_in_its_cell(code):
    marks = found(BOTH + code)
    verdicts = {name: mark["verdict"] for name, mark in marks.items()}
    assert verdicts == {"one_hot": NOT_YET, "softmax": CORRECT}, marks
    assert check("softmax", None).verdict == NOT_YET, "check itself is as before"


def test_kept_functions_are_used_where_the_page_lacks_them(own_folder):
    slopes = (
        "import numpy as np\n\n\ndef softmax_gradient(z, targets):\n    return softmax(z) - np.eye(z.shape[1])[targets]"
    )
    alone = found(cell("softmax_gradient", slopes))["softmax_gradient"]
    assert (alone["verdict"], alone["follows"]) == (CORRECT, "softmax")
    own_folder.mkdir()
    (own_folder / "softmax.py").write_text(f"import numpy as np\n{SOFTMAX}", encoding="utf-8")
    child.own_of_my_rnn.cache_clear()
    mark = found(cell("softmax_gradient", slopes))["softmax_gradient"]
    assert (mark["verdict"], mark["follows"]) == (CORRECT, "")
    assert mark["message"] == EXERCISES["softmax_gradient"].notice
    circle = found(cell("softmax", "def mine(z):\n    return softmax(z)", "mine"))["softmax"]
    assert circle["verdict"] == NOT_YET


@pytest.mark.slow
def test_what_is_wrong_or_not_begun_in_other_kinds():
    half = EXERCISES["catch_softmax"].solution.replace("return", "return True or", 1)
    given = EXERCISES["mend_train_epoch"].given
    wrong = "choose_learning_rate = 'b'\ncheck('choose_learning_rate', choose_learning_rate)"
    marks = found(cell("mend_train_epoch", given), cell("catch_softmax", half), wrong)
    assert {name: mark["verdict"] for name, mark in marks.items()} == {
        "catch_softmax": NOT_YET,
        "choose_learning_rate": NOT_YET,
        "mend_train_epoch": NOT_STARTED,
    }


def test_a_repair_is_tried_by_the_number_in_its_check():
    name = "mend_train_epoch"
    seventh = cell(name, EXERCISES[name].with_seed(7).given).replace(f", {name})", f", {name}, seed=number)")
    said = {}
    for number in ("7", "8", "'7'"):
        said[number] = found(f"number = {number}", seventh)[name]
    verdicts = {number: (mark["verdict"], mark["seed"]) for number, mark in said.items()}
    assert verdicts == {"7": (NOT_STARTED, "7"), "8": (NOT_YET, "8"), "'7'": (NOT_YET, "")}
    assert "Where does the report first go wrong" in said["8"]["message"]
    assert "seed" in said["'7'"]["message"], "what check says of it"


def test_the_finished_function_is_not_theirs():
    mark = found('import rnn_helpers\ncheck("softmax", rnn_helpers.softmax)')["softmax"]
    assert (mark["verdict"], mark["message"]) == (NOT_YET, "This is the finished function of the course.")


# ---------------------------------------------------------------- the page of an answer
@pytest.mark.parametrize(
    "code, says",
    [
        ("x = 1\nhelper = 1 / 0", f"{RAISED} ZeroDivisionError: division by zero in line 2: `helper = 1 / 0`"),
        ("import sys\nhelper = sys.exit(3)", f"{RAISED} SystemExit: 3 in line 2: `helper = sys.exit(3)`"),
        ("import os\nhelper = os._exit(3)", f"{RAISED} RuntimeError: This would end Python itself"),
        ("np.exp = helper = 1", "Your code changes numpy.exp"),
    ],
)
def test_why_the_page_of_an_answer_cannot_be_loaded(code, says):
    mark = found(code, cell("softmax", "def softmax(z):\n    return np.exp(helper)"))["softmax"]
    assert mark["verdict"] == NOT_YET and mark["message"].startswith(says), mark


def test_only_what_an_answer_needs_runs_and_each_part_knows_its_line():
    cells = ["1 / 0\nx = 2\ny = 3\n1 / 0", "def softmax(z):\n    return x + y + z", "check('softmax', softmax)"]
    answer = answers_in(*cells)["softmax"]
    function, _, page, fault = child.load(answer)
    assert (fault, page["x"], page["y"], page["__name__"]) == ("", 2, 3, "__page__") and function(1) == 6
    assert (function.__code__.co_filename, function.__code__.co_firstlineno) == ("<a.ipynb, cell 3>", 1)
    cells[0] = "def y():\n    1 / 0\nx = y()"
    assert child.tried(answers_in(*cells)["softmax"])["message"].endswith("in line 2: `1 / 0`")


@pytest.mark.slow
def test_what_a_page_imports_whole_is_there_and_the_cells_before_count():
    star = cell("softmax_gradient", "def softmax_gradient(z, t):\n    return softmax(z) - one_hot(t, z.shape[-1])")
    assert found("from rnn_helpers import *", star)["softmax_gradient"]["follows"] == ""
    ours = found("from rnn_helpers import *", "def one_hot(ids, size):\n    return 0", star)["softmax_gradient"]
    assert (ours["verdict"], ours["follows"]) == (CORRECT, "one_hot")


@pytest.mark.slow
def test_the_functions_of_my_rnn_call_each_other_and_what_is_wrong_there_is_judged(own_folder):
    files = {"softmax": SOFTMAX, "one_hot": "one_hot = lambda ids, size: np.eye(size)[ids]"}
    files["softmax_gradient"] = "def softmax_gradient(logits, targets):\n    return softmax(logits) - 0"
    files["rnn_step"] = "from rnn_helpers import rnn_step"  # not the learner's own
    own_folder.mkdir()
    for name, text in files.items():
        (own_folder / f"{name}.py").write_text(f"import numpy as np\n\n\n{text}\n")
    read = {name: read_answers(f"my_rnn/{name}.py", own_folder / f"{name}.py") for name in files}
    assert read.pop("rnn_step") == ([], [])
    marks = {name: child.tried(asdict(answers[0])) for name, (answers, _) in read.items()}
    assert {name: mark["verdict"] for name, mark in marks.items()} == {
        "softmax": CORRECT,
        "one_hot": CORRECT,
        "softmax_gradient": NOT_YET,
    }
    assert marks["softmax_gradient"]["mistake"] == "softmax_gradient/targets_not_used"


# ---------------------------------------------------------------- limits
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_what_a_process_may_use_is_limited_as_far_as_possible(monkeypatch):
    import resource

    limits = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    child.limit()
    wanted = {resource.RLIMIT_AS: child.MEGABYTES << 20, resource.RLIMIT_FSIZE: child.FILE << 20}
    assert limits == {number: (most, most) for number, most in wanted.items()}
    monkeypatch.setattr(resource, "setrlimit", lambda *given: int("not allowed"))
    child.limit()
