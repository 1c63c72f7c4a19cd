"""The marks of a learner: which answers are tried, and how reports become marks. No process runs here."""

import pytest
from planted import cell, notebook, right_answer

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.marking import marks
from course.marking.answers import HandedIn
from course.marking.submissions import Submission


@pytest.fixture
def tried(monkeypatch):
    """Return a list of what is tried: (names of the exercises, files of my_rnn, seconds). All answers are right."""
    given = []

    def try_all(answers, own_files, seconds):
        given.append(([answer.name for answer in answers], own_files, seconds))
        return {answer.name: {"verdict": CORRECT} for answer in answers}

    monkeypatch.setattr(marks, "try_all", try_all)
    return given


def submission(folder, **pages):
    """Return ann's submission. pages: {stem of a page: its cells, or of a file of my_rnn: its text}"""
    found = []
    (folder / "my_rnn").mkdir()
    for stem, given in pages.items():
        name = f"my_rnn/{stem}.py" if isinstance(given, str) else f"{stem}.ipynb"
        (folder / name).write_text(given if isinstance(given, str) else notebook(given), encoding="utf-8")
        found.append((name, folder / name))
    return Submission("ann", found, ["before."])


# ---------------------------------------------------------------- which answers are tried
def test_what_is_handed_in_is_tried_once_in_the_order_of_the_course_and_stubs_not_at_all(tmp_path, tried):
    cells = [right_answer("catch_softmax"), right_answer("softmax"), cell("one_hot", "def one_hot(i, v):\n    ...")]
    broken = "def rnn_step(z:\n    pass\ncheck('rnn_step', rnn_step)"
    marked = marks.mark(submission(tmp_path, page=[*cells, broken], helper="import math\n"), 7)
    assert tried == [(["softmax", "catch_softmax"], [tmp_path / "my_rnn" / "helper.py"], 7)]
    assert marked.learner == "ann"
    assert marked.problems == ["before."]
    found = {one.exercise: one for one in marked.marks}
    assert list(found) == list(EXERCISES) and {one.learner for one in marked.marks} == {"ann"}
    begun = {name: one.verdict for name, one in found.items() if one.verdict != marks.ABSENT}
    wanted = {"softmax": CORRECT, "catch_softmax": CORRECT, "rnn_step": NOT_YET, "one_hot": NOT_STARTED}
    assert begun == wanted
    assert found["rnn_step"].message.startswith("The cell cannot run, because it is not valid Python: '(' was never")
    assert found["rnn_step"].line == "def rnn_step(z:"


def test_pages_count_before_my_rnn_the_first_page_before_others_and_a_stub_hides_nothing(tmp_path):
    stub, first, second = [f"def softmax(z):\n    {body}" for body in ("...", "return 1", "return 2")]
    pages = {"softmax": second, "one_hot": "def one_hot(i, v):\n    return 3"}
    pages |= {"a": [cell("softmax", stub)], "b": [cell("softmax", first)], "c": [cell("softmax", second)]}
    answers, problems = marks._answers_of(submission(tmp_path, **pages))
    files = {name: answer.file for name, answer in answers.items()}
    assert files == {"softmax": "b.ipynb", "one_hot": "my_rnn/one_hot.py"}
    assert problems == ["before.", "softmax is answered in b.ipynb and in c.ipynb: the first counts."]


def test_of_a_page_and_its_copy_the_page_counts(tmp_path):
    pages = {
        stem: [cell("softmax", f"def softmax(z):\n    return {k}")] for k, stem in enumerate(("01_a-Copy1", "01_a"))
    }
    answers, problems = marks._answers_of(submission(tmp_path, **pages))
    assert answers["softmax"].file == "01_a.ipynb" and "01_a.ipynb and in 01_a-Copy1.ipynb: the first" in problems[1]


def test_whoever_has_written_the_words_of_a_repair_is_not_asked_for_them():
    answer = HandedIn("mend_train_epoch", own="def mend_train_epoch():\n    'It forgets.'")
    told = {"verdict": CORRECT, "seed": "7", "message": "Say so."}
    assert marks._mark_of("ann", answer, told).message == "The function is right. Your words: It forgets."
    given = marks._mark_of("ann", answer, told | {"verdict": NOT_STARTED})
    assert (given.verdict, given.message) == (NOT_YET, "The function is as it was given.")
    without = HandedIn("mend_train_epoch", own="def mend_train_epoch():\n    pass")
    assert marks._mark_of("ann", without, told).message == "Say so."


def test_the_docstring_that_a_repair_gives_is_nobodys_words():
    name = "mend_train_epoch"
    source = EXERCISES[name].with_seed(7).given
    assert '"""Read the text once' in source
    told = {"verdict": CORRECT, "seed": "7", "message": "Say so."}
    for own, words in ((source, ""), (source.replace("Read the text once", "It read it twice", 1), "It read it twice")):
        mark = marks._mark_of("ann", HandedIn(name, own=own), told)
        assert mark.words.startswith(words) and bool(mark.words) == bool(words)
        assert mark.message.startswith("The function is right. Your words: It read" if words else "Say so.")
    plain = marks._mark_of("ann", HandedIn("softmax", own="def softmax(z):\n    'Shares.'"), {})
    assert plain.words == "Shares.", "what is no repair gives none"


def test_an_untouched_repair_on_one_page_hides_no_answer_on_another(tmp_path):
    repair = EXERCISES["mend_forward_pass"]
    pages = {"a": [cell(repair.name, repair.given)], "b": [cell(repair.name, repair.solution)]}
    answers, problems = marks._answers_of(submission(tmp_path, **pages))
    assert answers[repair.name].file == "b.ipynb" and problems == ["before."]


def test_the_same_answer_on_two_pages_is_no_problem(tmp_path):
    first, stub = [f"def softmax(z):\n    {body}" for body in ("return 1", "...")]
    same = {"a": [cell("softmax", first)], "b": [cell("softmax", f"\n{first}  ")], "c": [cell("softmax", stub)]}
    assert marks._answers_of(submission(tmp_path, **same))[1] == ["before."]


# ---------------------------------------------------------------- the report on an answer
def test_a_mark_is_what_is_told_as_far_as_it_makes_sense():
    answer = HandedIn("softmax", own="def softmax(z):  # mine\n    return z")
    told = {"verdict": NOT_YET, "mistake": "m", "message": "It raised.", "line": "return z", "seed": "7"}
    mark = marks._mark_of("ann", answer, told)
    assert (mark.learner, mark.exercise, mark.verdict, mark.mistake, mark.seed) == ("ann", "softmax", NOT_YET, "m", "7")
    assert (mark.line, mark.code) == ("return z", "def softmax(z):\n    return z")
    assert marks._mark_of("ann", answer, {"message": "It ended."}).verdict == NOT_YET
    assert marks._mark_of("ann", answer, told | {"verdict": "perfect"}).verdict == NOT_YET
    assert marks._mark_of("ann", answer, told | {"message": "x" * 5001}).message == "x" * 5000
    assert marks._mark_of("ann", answer, told | {"verdict": CORRECT}).line == ""


# ---------------------------------------------------------------- the line that shows it
DOCUMENTED = '''def softmax(z):
    """Return the shares,
    np.exp(z) / np.exp(z).sum().
    """
    def inner(z):
        "np.exp(z)"
        return z  # np.exp
    # e = np.exp(z)

    return inner(z)'''


def line_of(source, mistake=""):
    return marks._line_of(marks._taken_apart(source)[0], mistake)


def test_the_line_that_shows_a_mistake_is_the_one_most_like_it():
    source = DOCUMENTED.replace("return inner(z)", "e = np.exp(logits)\n    return e / e.sum(axis=-1, keepdims=True)")
    assert line_of(source, "softmax/no_shift") == "e = np.exp(logits)"
    assert line_of(source.replace("e.sum(axis=-1, keepdims=True)", "e.sum()"), "softmax/sum_of_table") == (
        "return e / e.sum()"
    ), "no other line of a right answer"
    only_deletes = "early_stop/sees_the_future"
    for unknown in ("", "softmax/nobody", "nobody/no_shift", "choose_learning_rate/no_shift", only_deletes):
        assert line_of(source, unknown) == ""
    long = "e = np.exp(logits)" + " + 0" * 100
    assert line_of(f"def softmax(logits):\n    {long}", "softmax/no_shift") == long[:200]


def test_of_a_mistake_in_two_places_both_lines_are_shown():
    source = "def softmax(logits):\n    rows = len(logits)\n    e = np.exp(logits)\n    return e / e.sum()"
    assert line_of(source, "softmax/no_shift_sum_of_table") == "e = np.exp(logits)\nreturn e / e.sum()"
    together = "def softmax(logits):\n    return np.exp(logits) / np.exp(logits).sum()"
    assert line_of(together, "softmax/no_shift_sum_of_table") == together.split("\n    ")[1]
    one_hot = "def one_hot(ids, size):\n    x = np.zeros((9, size))\n    for i in ids:\n        x[i] = 1\n    return x"
    assert line_of(one_hot, "one_hot/whole_rows") == "x[i] = 1", "a whole line is compared, not a part of one"


def test_two_answers_are_the_same_without_comments_and_docstrings():
    plain = "def softmax(z):\n\n    def inner(z):\n        return z\n    return inner(z)"
    code, words = marks._taken_apart(DOCUMENTED)
    assert code == plain and words == "Return the shares,\nnp.exp(z) / np.exp(z).sum().\nnp.exp(z)"
    assert marks._taken_apart("def f():\n    'only words'") == ("def f():\n    pass", "only words")
    for strange in ("def f(:  # no Python", "+".join(["x"] * 2000)):  # the second is nested too deeply
        assert marks._taken_apart(strange) == (strange, "")
    assert marks._taken_apart("def f():\n    x = 1\n    return (x)") == ("def f():\n    x = 1\n    return x", "")
