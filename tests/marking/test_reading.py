"""Which files belong to whom, and which answers are in them. No answer runs here."""

import pytest
from planted import cell, notebook

from course.lessons import EXERCISES
from course.marking.answers import read_answers
from course.marking.submissions import find_submissions

DEF = "def {0}(*given):\n    return given"


def fill(folder, files):
    """Write files: {path: text}."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def found_in(folder):
    """Return {learner: (the files that are used, problems)}."""
    return {one.learner: ([shown for shown, _ in one.files], one.problems) for one in find_submissions(folder)}


# ---------------------------------------------------------------- who has handed in which files
def test_a_folder_and_files_of_one_learner_are_taken_together_each_once(tmp_path):
    fill(tmp_path, {"Ann/01_softmax.ipynb": "a", "ann_02_forward_pass.ipynb": "b", "ann_03_bptt.ipynb": ""})
    files = ["01_softmax.ipynb", "ann_02_forward_pass.ipynb"]
    assert found_in(tmp_path) == {"Ann": (files, ["ann_03_bptt.ipynb is empty."])}


def test_two_folders_that_bear_one_name_are_two_learners(tmp_path):
    fill(tmp_path, {"ann_1_assignsubmission_file_/a.ipynb": "a", "Ann_2_assignsubmission_file_/b.ipynb": "b"})
    (tmp_path / "Ann_2_assignsubmission_file_" / "c.zip").write_text("c")
    second = (["b.ipynb"], ["c.zip is a zip file: unpack it first."])
    assert found_in(tmp_path) == {"ann": (["a.ipynb"], []), "Ann_2_assignsubmission_file_": second}


def test_learners_come_in_the_order_of_their_names_in_small_letters(tmp_path):
    fill(tmp_path, {f"{name}/01_softmax.ipynb": "a" for name in ("bob", "Cy", "Ann")})
    assert list(found_in(tmp_path)) == ["Ann", "bob", "Cy"]


def test_hidden_files_and_those_of_a_system_are_passed_over(tmp_path):
    hidden = (".git/a.ipynb", "__MACOSX/a.ipynb", "ann/.ipynb_checkpoints/a.ipynb", "ann/my_rnn/__init__.py")
    fill(tmp_path, dict.fromkeys((*hidden, "ann/deep/a.ipynb", ".b.ipynb"), "a"))
    assert found_in(tmp_path) == {"ann": (["deep/a.ipynb"], [])}


def test_of_python_files_only_those_of_my_rnn_count(tmp_path):
    own = ["deep/my_rnn/one_hot.py", "my_rnn/softmax.py"]
    others = ["helper.py", "my_rnn.py", "my_rnn/progress/a.py", "my_rnn/notes.txt", "a.txt"]
    fill(tmp_path, dict.fromkeys([f"ann/{name}" for name in own + others], "a"))
    assert found_in(tmp_path) == {"ann": (own, [])}


def test_a_file_beside_the_folders_that_nobody_has_handed_in_is_no_learner(tmp_path):
    fill(tmp_path, {"ann/a.ipynb": "a", "grades.py": "a", "notes.txt": "a", "CY.IPYNB": "a"})
    (tmp_path / "dan.zip").write_text("a")
    found = found_in(tmp_path)
    assert list(found) == ["ann", "CY", "dan"]
    assert found["dan"] == ([], ["dan.zip is a zip file: unpack it first."])


def test_who_has_handed_in_nothing_or_a_page_without_a_name_is_told(tmp_path):
    fill(tmp_path, {"ann/notes.txt": "a", "bob/a.ipynb": "", "01_softmax.ipynb": "a"})
    found = found_in(tmp_path)
    assert found["ann"] == ([], ["No notebook is in what was handed in."]) and found["bob"] == (
        [],
        ["a.ipynb is empty."],
    )
    assert found["01_softmax"] == (["01_softmax.ipynb"], ["01_softmax.ipynb has no learner's name in it."])


def test_a_folder_that_is_none_or_holds_nothing_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("a")
    for place, says in ((tmp_path / "nobody", "There is no folder "), (tmp_path, "The folder ")):
        with pytest.raises(ValueError, match=says):
            find_submissions(place)


@pytest.mark.parametrize(
    "name, learner",
    [
        ("Jane Doe_123456_assignsubmission_file_", "Jane Doe"),  # Moodle
        ("doejane_12345_67890_01_softmax", "doejane"),  # Canvas
        ("doejane_LATE_12345_67890_01_softmax-1", "doejane"),
        ("assignment-1-janedoe", "assignment-1-janedoe"),  # GitHub Classroom
        ("ann_01_softmax", "ann"),
        ("01_softmax_ann", "ann"),
        ("ann_notebooks_01_softmax (1)", "ann"),  # as the browser version names a page
        ("doejane_12345_67890_notebooks_01_softmax", "doejane"),
        ("learner 07", "learner 07"),
    ],
)
def test_learners_names(tmp_path, name, learner):
    (tmp_path / f"{name}.ipynb").write_text("a")
    assert list(found_in(tmp_path)) == [learner]


# ---------------------------------------------------------------- the answers in a notebook
def read(tmp_path, text, name="a.ipynb"):
    """Return ({name: Answer}, problems) of a file with that text, or a notebook with these cells."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else notebook(text), encoding="utf-8")
    answers, problems = read_answers(name, path)
    assert len({answer.name for answer in answers}) == len(answers)
    return {answer.name: answer for answer in answers}, problems


def code_of(answer):
    """Return the lines that run before an answer, in their order."""
    lines = {place: source.split("\n") for place, source in answer.code.items()}
    return [line for place, first, last in answer.parts for line in lines[place][first - 1 : last]]


def test_what_an_answer_needs_comes_along_in_the_order_of_the_page(tmp_path):
    cells = ["import numpy as np\nimport os.path\nimport math as m\nsize = 3"]
    cells += ["def helper(z):\n    return np.exp(z) * size", *["unused = 1"] * 8]
    cells += ["@np.vectorize\ndef softmax(z):\n    return helper(m.pi) + os.sep", 'check("softmax", softmax)']
    cells += ["size = 4", "def helper(z):\n    return 'later'"]
    answers, problems = read(tmp_path, cells)
    answer = answers["softmax"]
    wanted = [*cells[0].split("\n"), *cells[1].split("\n"), *cells[10].split("\n")]
    assert code_of(answer) == wanted and problems == []
    assert set(answer.code) == {f"a.ipynb, cell {number}" for number in (1, 2, 11)}
    assert answer.own == cells[10] and answer.expression == "softmax"
    assert (answer.file, answer.fault, answer.is_stub) == ("a.ipynb", "", False)


def test_the_last_of_two_functions_and_of_two_checks_counts_and_no_check_runs(tmp_path):
    cells = [DEF.format("softmax"), 'result = check("softmax", softmax)', "softmax = lambda z: result"]
    answers, _ = read(tmp_path, [*cells, 'check("softmax", softmax)'])
    assert answers["softmax"].own == cells[2] and code_of(answers["softmax"]) == [*cells[0].split("\n"), cells[2]]
    answers, _ = read(tmp_path, [cells[0], 'check("softmax", softmax)', 'check("softmax", other)'])
    assert answers["softmax"].expression == answers["softmax"].own == "other"


def test_which_calls_are_calls_of_check(tmp_path):
    calls = ['course.check("one_hot", f)', 'check("softmax")', "check(name, f)", 'see("cross_entropy", f)', "check()"]
    calls += ['check("no_such", f)', 'if True:\n    x = check("row_shares", f(1))']
    answers, _ = read(tmp_path, ["\n".join(calls)])
    given = {name: answer.expression for name, answer in answers.items()}
    assert given == {"one_hot": "f", "row_shares": "f(1)"}, "the page has no cross_entropy"


BOTH = {"softmax": "softmax", "one_hot": "one_hot"}
ANYWHERE = {  # a cell, and the expressions of its answers
    'check("softmax", softmax)\ncheck("one_hot", one_hot);': {"softmax": "softmax", "one_hot": "one_hot"},
    'result = check(name="softmax", answer=softmax)': {"softmax": "softmax"},
    'def try_it():\n    check("softmax", softmax)\ntry_it()': {"softmax": "softmax"},
    'for f in [softmax]:\n    check("softmax", f)': {"softmax": "softmax"},
    'for name in ("softmax", "one_hot"):\n    check(name, globals()[name])': BOTH,
    'def see(name, f):\n    check(name, f)\nsee("softmax", softmax)': {"softmax": "softmax"},
}


def test_a_function_counts_without_a_check_and_below_one_that_had_a_stub(tmp_path):
    stub = 'def one_hot(*given):\n    ...\ncheck("one_hot", one_hot)'
    answers, _ = read(tmp_path, [DEF.format("softmax"), stub, DEF.format("one_hot")])
    assert {name: (one.own, one.is_stub) for name, one in answers.items()} == {
        name: (DEF.format(name), False) for name in ("one_hot", "softmax")
    }


REPAIR = EXERCISES["mend_forward_pass"]
GIVEN, RIGHT = cell(REPAIR.name, REPAIR.given), cell(REPAIR.name, REPAIR.solution)
UNTOUCHED = {  # of each kind: the cell of the page, and one with an answer
    "a repair": (GIVEN, RIGHT),
    "a repair by number": (GIVEN, RIGHT.replace(f", {REPAIR.name})", f", {REPAIR.name}, seed=7)")),
    "a number below": (cell(REPAIR.name, REPAIR.with_seed(7).given), RIGHT),
    "a function": (cell("softmax", "def softmax(z):\n    ..."), cell("softmax", DEF.format("softmax"))),
}


@pytest.mark.parametrize("kind", UNTOUCHED)
def test_an_answer_is_not_hidden_by_the_untouched_cell_of_the_page(kind, tmp_path):
    untouched, answered = UNTOUCHED[kind]
    for cells in ([answered, untouched], [untouched, answered]):
        answers, problems = read(tmp_path, cells)
        (answer,) = answers.values()
        assert answer.own in answered and not answer.is_untouched and problems == []
        assert answer.seed == ("7" if "seed=7" in answered else "")
    (answer,) = read(tmp_path, [untouched])[0].values()
    assert answer.is_untouched


def test_a_repair_whose_lines_are_no_code_by_themselves_is_not_untouched(tmp_path):
    (answer,) = read(tmp_path, [f"size = [1,\n2]; {REPAIR.name} = len\ncheck('{REPAIR.name}', {REPAIR.name})"])[
        0
    ].values()
    assert answer.own.startswith("2];") and not answer.is_untouched


def test_a_repair_that_is_mended_below_its_check_keeps_the_number(tmp_path):
    by_number = RIGHT.replace(RIGHT.partition("\n\n\ncheck")[0], REPAIR.with_seed(7).given)
    by_number = by_number.replace(f", {REPAIR.name})", f", {REPAIR.name}, seed=7)")
    for cells, is_untouched in (([by_number], True), ([by_number, REPAIR.solution], False)):
        (answer,) = read(tmp_path, cells)[0].values()
        assert (answer.seed, answer.is_untouched) == ("7", is_untouched)


@pytest.mark.parametrize("cell", ANYWHERE)
def test_a_call_of_check_is_found_wherever_it_is_in_a_cell(cell, tmp_path):
    answers, problems = read(tmp_path, [DEF.format("softmax"), DEF.format("one_hot"), cell])
    assert {name: answers[name].expression for name in ANYWHERE[cell]} == ANYWHERE[cell] and problems == []
    assert not any(answer.is_stub or answer.fault for answer in answers.values())
    assert answers["softmax"].own == DEF.format("softmax")


def test_lines_for_jupyter_stand_aside_and_keep_their_place(tmp_path):
    cell = DEF.format("softmax") + "\n%time 1 +\nif True:\n    !ls\nsoftmax?\ncheck('softmax', softmax)"
    answers, _ = read(tmp_path, [cell])
    lines = answers["softmax"].code["a.ipynb, cell 1"].split("\n")
    assert lines[2:6] == ["pass", "if True:", "    pass", "pass"] and not answers["softmax"].fault


def test_a_cell_that_is_no_python_says_its_line_and_hides_no_other_answer(tmp_path):
    broken = "x = 1\ndef softmax(z:\n    return z\ncheck( 'softmax', softmax)\ncheck('no_such', 1)"
    answers, problems = read(
        tmp_path, [broken, DEF.format("one_hot"), "check('one_hot', one_hot)", "check('one_hot', ("]
    )
    assert list(answers) == ["one_hot", "softmax"] and problems == [] and answers["one_hot"].fault == ""
    answer = answers["softmax"]
    assert answer.fault.startswith("The cell cannot run, because it is not valid Python: ")
    assert answer.fault.endswith(".\nin line 2: `def softmax(z:`")
    assert (answer.own, answer.file, answer.is_stub) == (broken, "a.ipynb", False)
    answers, _ = read(tmp_path, ["check('softmax', softmax)\0"])  # Python gives no line number here
    assert answers["softmax"].fault.startswith("The cell cannot run, because it is not valid Python: ")


STUBS = {
    **{"def softmax(z):\n    ...": True, "def softmax(z):\n    'text'\n    pass": True, "softmax = None": True},
    **{"softmax = ...": True, "softmax = 0": False, "softmax = other": False, "softmax += 1": False},
    **{"def softmax(z):\n    'text'\n    return z": False, "def softmax(z):\n    z.sum()": False},
    **{"softmax: object = None": False},
}


@pytest.mark.parametrize("code", STUBS)
def test_what_is_a_stub(code, tmp_path):
    answers, _ = read(tmp_path, [code, "check('softmax', softmax)"])
    assert answers["softmax"].is_stub is STUBS[code]


@pytest.mark.parametrize(
    "given, is_stub", [("None", True), ("...", True), ("Ellipsis", True), ("0", False), ("0.1", False)]
)
def test_a_choice_is_a_stub_if_nothing_was_chosen(given, is_stub, tmp_path):
    answers, _ = read(tmp_path, [f"check('choose_learning_rate', {given})", f"check('softmax', {given})"])
    assert (answers["choose_learning_rate"].is_stub, answers["softmax"].is_stub) == (is_stub, False)


@pytest.mark.parametrize(
    "text, says",
    [
        ("{", "a.ipynb is not a complete notebook: it was cut short, or is something else."),
        (
            '{"cells": [{"source": ""}]}',
            "a.ipynb is not a complete notebook: it was cut short, or is something else.",
        ),
        (
            '{"cells": 1}',
            "a.ipynb is not a complete notebook: it was cut short, or is something else.",
        ),
    ],
)
def test_a_notebook_without_answers_is_told_in_a_sentence(text, says, tmp_path):
    assert read(tmp_path, text) == ({}, [says])


def test_code_that_is_nested_too_deeply_is_told(tmp_path):
    deep = f"check('softmax', {'+'.join(['x'] * 2000)})"
    answers, _ = read(tmp_path, [deep, DEF.format("one_hot"), "check('one_hot', one_hot)"])
    assert "recursion" in answers["softmax"].fault and not answers["one_hot"].fault


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(b"\xff\xfe\x00\xd8")
    assert read_answers("a.ipynb", tmp_path / "a.ipynb") == (
        [],
        ["a.ipynb cannot be read (UnicodeDecodeError)."],
    )
    assert read_answers("b.py", tmp_path / "b.py") == (
        [],
        ["b.py cannot be read (FileNotFoundError)."],
    )


# ---------------------------------------------------------------- the answers in my_rnn
FUNCTION, LAMBDA, STAND_IN = DEF.format("softmax"), "softmax = lambda z: z", "from rnn_helpers import softmax"
FOLDER = {
    "a function": ("my_rnn/softmax.py", f"import numpy as np\n\n{DEF.format('one_hot')}\n{FUNCTION}", FUNCTION),
    "a lambda": ("deep/my_rnn/softmax.py", f"{LAMBDA}\n", LAMBDA),
    "the course's": ("my_rnn/softmax.py", STAND_IN, None),
    "another name": ("my_rnn/one_hot.py", FUNCTION, None),
    "one that is called": (
        "my_rnn/softmax.py",
        f"from my_rnn.helper import stand_in\nsoftmax = stand_in({LAMBDA!r})",
        None,
    ),
}


@pytest.mark.parametrize("what", FOLDER)
def test_a_file_of_my_rnn_answers_the_exercise_of_its_name_if_a_function_stands_in_it(what, tmp_path):
    name, text, own = FOLDER[what]
    answers, problems = read(tmp_path, text, name)
    assert {name: answer.own for name, answer in answers.items()} == ({"softmax": own} if own else {})
    assert problems == [] and all(answer.file == name for answer in answers.values())


def test_a_file_of_my_rnn_that_is_no_answer_is_told(tmp_path):
    assert read(tmp_path, FUNCTION, "my_rnn/helper.py") == ({}, [])
    assert read(tmp_path, "x = 1\ny = (\n", "my_rnn/a.py") == (
        {},
        ["my_rnn/a.py: line 2 is not valid Python: `y = (`."],
    )
    assert read(tmp_path, "x = 1\0\n", "my_rnn/a.py") == ({}, ["my_rnn/a.py: line 1 is not valid Python."])
