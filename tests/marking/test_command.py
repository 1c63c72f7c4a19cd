"""python -m course check: what a page tells, in a terminal."""

import ast
import json
import os
import re
import subprocess
import sys

import pytest
from answers import finished_page
from cells import keep, page
from helpers import LINE, ROOT
from own_road import AS_TAUGHT
from planted import notebook

from course import __main__ as command
from course import calls, tasks
from course.base.wording import in_files
from course.lessons import EXERCISES, NETWORK
from course.lessons.contents import PAGES
from course.marking.handout import hand_out
from course.own.one_page import run_alone

RIGHT = "import numpy as np\n\n\ndef one_hot(ids, vocab_size):\n    return np.eye(vocab_size)[ids]\n"
WRONG = "def softmax(logits):\n    print(logits.shape)\n    e = np.exp(logits)\n    return e / e.sum()\n"
STUB = "def cross_entropy(probs, targets):\n    ...  # your code\n"
SLIP = "def rnn_step(char_id, h_prev, parameters):\n    W_xh, W_hh, W_hy, b_h, b_y = parameters\n"
SLIP += "    return np.tanh(W_xh[char_id] + W_hh @ h_prev + b_h)\n"
FIRST_BOOK = [page for page in PAGES if "00" <= page.number <= "06"]


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    monkeypatch.setattr(calls, "_hints_shown", {})
    return tmp_path / "my_rnn"


@pytest.fixture
def told(tmp_path, capsys):
    """Return a function that writes files, {name: text}, has them checked, and returns the exit code and the text."""

    def tell(files, *more):
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        code = command.main(["check", *more, *[str(tmp_path / name) for name in files]])
        return code, capsys.readouterr().out.replace(str(tmp_path), "")

    return tell


# ---------------------------------------------------------------- files and pages
@pytest.mark.slow
def test_a_file_is_told_what_a_page_tells_in_the_order_of_the_exercises(told, mine):
    file = "\n\n".join([RIGHT, STUB, WRONG, SLIP])
    code, text = told({"01.py": f"{file}\n\nprint('not run')\nwhile True:\n    pass\n"})
    on_page = page(file)
    assert "Line 20: look at `W_xh[char_id]`: the index." in text, "its code is searched, too"
    kept = (mine / "one_hot.py").read_text(encoding="utf-8")
    assert kept.endswith(RIGHT.partition("\n\n\n")[2]) and [*mine.glob("*.py")] == [*mine.glob("*_*.py")]
    names = "one_hot", "softmax", "cross_entropy", "rnn_step"
    with in_files(command.CALL):
        assert text == "".join(f"{calls.check(name, on_page[name])!r}\n" for name in names)
    assert re.findall(r"^(\w+): ([a-z ]+)$", text, re.MULTILINE) == list(
        zip(names, ("correct", "not yet", "not started", "not yet"))
    )
    assert code == 1 and f"Stuck? `{command.CALL} --hint softmax` helps." in text and "\n  It printed:\n  (" in text


@pytest.mark.slow
def test_the_exit_code_says_whether_all_that_was_begun_is_right(told):
    assert told({"a.py": f"{RIGHT}\n\n{STUB}"})[0] == 0
    assert told({"a.py": f"{RIGHT}\n\n{STUB}"}, "--all")[0] == 1
    extra = "\n\ndef catch_forward_pass(forward_pass):\n    ...\n"
    assert told({"a.py": RIGHT + extra}, "--all")[0] == 0, "nobody has to do an extra"


HARM = {
    "one_hot": ("while True:\n        np.zeros(3)", "It didn't end, so we stopped it."),
    "softmax": ("import sys\n    sys.exit()", "SystemExit"),
    "cross_entropy": ("return input()", "input() waits for the keyboard"),
    "softmax_gradient": ("exit()", "This would end Python itself. Leave it out"),
    "rnn_step": ("import os, signal\n    os.kill(os.getpid(), signal.SIGTERM)", "It ended Python itself."),
    "chunks": ("import sys\n    return sys.stdin.read()", "It returned a value of type str."),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_file_that_loops_exits_or_reads_is_told_so_and_the_rest_is_tried(told):
    bodies = [f"def {name}({', '.join(EXERCISES[name].arguments)}):\n    {body}\n" for name, (body, _) in HARM.items()]
    code, text = told({"a.py": "\n\n".join(["import numpy as np", *bodies, AS_TAUGHT["draw"]])})
    boxes = dict(re.findall(r"^(\w+): not yet\n((?:  .*\n)+)", text, re.MULTILINE))
    assert code == 1 and "draw: correct\n" in text
    for name, (_, says) in HARM.items():
        assert says in boxes[name], boxes[name]


@pytest.mark.slow
def test_a_page_as_it_was_saved_and_a_file_that_imports(told):
    cells = [f"{WRONG}\ncheck('softmax', softmax)", f"{RIGHT}\ncheck('one_hot', one_hot)", "x = (", "1 / 0"]
    code, text = told({"01_page.ipynb": notebook(cells)})
    assert code == 1 and re.findall(r"^\w+: .*$", text, re.MULTILINE) == ["one_hot: correct", "softmax: not yet"]
    start = "import numpy as np\n\nfrom my_rnn import one_hot\nfrom rnn_helpers import softmax\n\n\n"
    code, text = told({"b.py": start + AS_TAUGHT["softmax_gradient"]})
    assert code == 0 and "softmax_gradient: correct" in text and "2 of the 17 functions" in text
    code, text = told(
        {"b.py": f"from helping import largest\n\n\n{AS_TAUGHT['rnn_step'].replace('np.tanh', 'largest')}"}
    )
    says = "No module named 'helping' in line 1: `from helping import largest`"
    assert code == 1 and f"  What it needs from its file raised ModuleNotFoundError: {says}\n" in text


@pytest.mark.slow
def test_a_file_of_my_rnn_stays_as_the_learner_has_changed_it(told, mine):
    told({"a.py": RIGHT})
    changed = (mine / "one_hot.py").read_text(encoding="utf-8").replace("[ids]", "[ids]  # one row for each id")
    changed += "\n\n# a note of mine\n"
    code, text = told({"my_rnn/one_hot.py": changed})
    assert code == 0 and "one_hot: correct" in text
    assert (mine / "one_hot.py").read_text(encoding="utf-8") == changed


@pytest.mark.slow
def test_a_message_knows_the_other_functions_of_a_file(told):
    stub = "def one_hot(ids, vocab_size):\n    ...\n"
    _, text = told({"a.py": RIGHT.replace("def one_hot", "def onehot") + "\n\n" + stub})
    assert "`one_hot` is still empty, but your `onehot` is right: give it the name `one_hot`." in text


@pytest.mark.slow
def test_what_a_file_does_not_have_is_missing_there_as_on_a_page(told):
    told({"a.py": RIGHT})
    code, text = told({"b.py": AS_TAUGHT["softmax_gradient"]})
    assert "which aren't in this file yet. Import them: from rnn_helpers import " in text and "cell" not in text
    assert code == 0, text
    _, text = told({"c.py": RIGHT.partition("\n\n\n")[2]})
    assert "`np` is NumPy, and this file hasn't imported it. Write import numpy as np at its top." in text


# ---------------------------------------------------------------- wrong calls
WRONG_CALLS = {
    "": "Write check and what to check, as in {call} 01.py.",
    "chek 01.py": "Write check and what to check, as in {call} 01.py.",
    "check": "Name files or pages, as in {call} 01.py, or one of --hint, --report, --tasks, --answers, --progress",
    "check README.md": "'README.md' is no file of Python, such as 01.py, and no page, such as 01_softmax.ipynb.",
    "check 01_sofmax.ipynb": "There is no file '01_sofmax.ipynb'. Did you mean '{pages}01_softmax.ipynb'?",
    "check conftest.py": "There is no answer to an exercise in conftest.py: give a function the name",
    "check --tasks 22": "There is no page '22'. The pages are 00, 01, ",
    "check --answers 22.1": "There is no page '22'. The pages are 00, 01, ",
    "check --answers 01.6": "There is no answer '01.6': page 01 has 01.1 to 01.5.",
    "check --answers 01.": "There is no answer '01.': page 01 has 01.1 to 01.5.",
    "check --hint sofmax": "There is no exercise 'sofmax'. Did you mean 'softmax'",
    "check --hint nothing_like_it": "There is no exercise 'nothing_like_it': `{call} --progress --all` lists the",
    "check --progress --hint softmax": "Name files or pages, as in {call} 01.py, or one of ",
}


@pytest.mark.parametrize("line", WRONG_CALLS)
def test_a_wrong_call_is_told_in_a_sentence(line, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        command.main(line.split())
    out, err = capsys.readouterr()
    says = WRONG_CALLS[line].format(call=command.CALL, pages="notebooks/" if sys.platform != "win32" else "notebooks\\")
    assert ended.value.code == 2 and out == "" and says in err and err.count("\n") == 1


@pytest.mark.slow
def test_a_misspelled_name_and_a_file_that_is_no_python_are_told(told):
    code, text = told({"a.py": RIGHT + "\n\n" + WRONG.replace("softmax", "sofmax")})
    assert code == 1 and "/a.py: there is no exercise `sofmax`. Did you mean `softmax`?\none_hot: correct" in text
    assert told({"a.py": "x = 1\ny = (\n"}) == (1, "/a.py: line 2 is not valid Python: `y = (`.\n")
    _, text = told({"a.py": RIGHT, "b.py": RIGHT.replace("[ids]", "[ids] * 2")})
    assert "one_hot is answered in /a.py and in /b.py: the first counts." in text


# ---------------------------------------------------------------- from where
@pytest.fixture(scope="module")
def handout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handout")
    hand_out(folder)
    return folder


@pytest.mark.slow
def test_it_runs_from_three_folders_and_names_itself_as_it_was_called(handout, tmp_path, mine):
    text = f"import numpy as np\n\n\n{AS_TAUGHT['rnn_step']}\n\n\ndef forward_pass(*given):\n    ...\n"
    (tmp_path / "02.py").write_text(text, encoding="utf-8")
    ways = {ROOT: ["-m", "course"], ROOT / "notebooks": ["../course"], handout: ["-m", "course"]}
    for folder, how in ways.items():
        line = [sys.executable, *how, "check", str(tmp_path / "02.py")]
        done = subprocess.run(line, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == "", done
        assert "rnn_step: correct" in done.stdout and (mine / "rnn_step.py").exists()
        assert f"Stuck? Try `{' '.join(line[:-1])} --hint forward_pass`." in done.stdout
        (mine / "rnn_step.py").unlink()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="GitHub runs a script of Linux")
def test_the_lines_for_github_classroom_pass_and_fail(handout):
    """GitHub is imitated: the handout, in which each line after run: runs in a shell, and what is installed is here."""
    teaching = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```yaml\n(.*?)```", teaching, re.DOTALL)
    assert lines.count("\n") == 8
    install, check = re.findall(r"run: (.*)", lines)
    assert install == "python3 -m venv .venv && .venv/bin/python -m pip install -r requirements.txt"
    page = handout / "notebooks" / "01_softmax.ipynb"
    for answers, code in ((AS_TAUGHT, 0), (AS_TAUGHT | {"softmax": WRONG}, 1)):
        book = json.loads(page.read_text(encoding="utf-8"))
        for cell in book["cells"]:
            for name in re.findall(r'^check\("(\w+)"', "".join(cell["source"]), re.MULTILINE):
                cell["source"] = f'{answers[name]}\n\n\ncheck("{name}", {name})'
        page.write_text(json.dumps(book), encoding="utf-8")
        line = check.replace(".venv/bin/python", sys.executable)
        done = subprocess.run(["bash", "-e", "-c", line], cwd=handout, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        assert len(re.findall(r"^\w+: (?:correct|not yet|not started)$", done.stdout, re.MULTILINE)) == 4


# ---------------------------------------------------------------- hints, progress, tasks
def test_each_call_shows_one_more_hint_as_a_page_does(capsys, monkeypatch):
    shown = []
    for _ in EXERCISES["softmax"].hints:
        monkeypatch.setattr(calls, "_hints_shown", {})  # each call is a process of its own
        assert command.main(["check", "--hint", "softmax"]) == 0
        shown.append(capsys.readouterr().out)
    monkeypatch.setattr(calls, "_hints_shown", {})
    with in_files(command.CALL):
        assert shown == [f"{calls.hint('softmax')!r}\n" for _ in shown]
    assert shown[-1].endswith("shows the finished function, in Python after `from course import solution`.\n")


def test_progress_is_that_of_the_pages(capsys):
    assert command.main(["check", "--progress"]) == 0
    assert f"`{command.CALL} --progress --all` lists them." in capsys.readouterr().out
    assert command.main(["check", "--progress", "--all"]) == 0
    assert "catch_delta_step" in capsys.readouterr().out


def in_one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize("one", FIRST_BOOK, ids=[one.number for one in FIRST_BOOK])
def test_the_tasks_of_a_page_say_what_to_write_and_no_answer(one, capsys):
    assert command.main(["check", "--tasks", one.number]) == 0
    text, flat = (printed := capsys.readouterr().out), in_one_line(printed)
    for name in one.exercises:
        exercise, is_written = EXERCISES[name], EXERCISES[name].kind == "write"
        assert f"Exercise: {name} ({exercise.kind}). {exercise.effort}" in text
        assert f"def {name}(" in text or exercise.kind == "choose"
        for source in [exercise.solution] + [calls.finished(name).code] * is_written:
            (node,) = ast.parse(source).body[-1:]
            lines = source.split("\n")[(node.body[0] if isinstance(node, ast.FunctionDef) else node).lineno - 1 :]
            assert in_one_line("\n".join(lines)) not in flat
            assert not is_written or [line for line in lines if in_one_line(line) not in flat]
    cells = json.loads((ROOT / "notebooks" / f"{one.stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    unfolded = str([cell.get("outputs") for cell in cells if not cell["metadata"].get("collapsed")])
    assert in_one_line("".join(cells[-1]["source"]).rpartition("\n")[2]) in flat, "to its last line"
    for cell in cells:
        source = "".join(cell["source"])
        for answer in re.findall(r"<details>.*?</summary>(.*?)</details>", source, re.DOTALL):
            assert in_one_line(answer) not in flat
        for output in cell.get("outputs", []) * cell["metadata"].get("collapsed", False):
            shown = "".join(output.get("text") or output["data"].get("text/plain", ""))
            assert in_one_line(shown) not in flat or in_one_line(shown) in in_one_line(source) + unfolded, shown
    assert (
        "<details" not in text
        and "Setup: run this cell" not in text
        and not re.search(r"^ *check\(", text, re.MULTILINE)
    )


@pytest.mark.parametrize("number", ["01", "06", "17"])
def test_each_answer_that_the_page_names_is_told_alone_and_with_the_others(number, capsys):
    def printed(*line):
        assert command.main(["check", *line]) == 0
        return in_one_line(capsys.readouterr().out)

    (file,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    sources = ["".join(cell["source"]) for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]]
    folded = [answer for one in sources for answer in re.findall(r"(?s)</summary>(.*?)</details>", one)]
    names = [f"{number}.{count}" for count in range(1, len(folded) + 1)]
    asked = printed("--tasks", number)
    assert re.findall(r"`([^`]+) --answers ([^`]+)`\)", asked) == [(command.CALL, name) for name in names]
    told = [printed("--answers", name) for name in names]
    for name, answer, text in zip(names, folded, told):
        assert text.startswith(f"Answer {name} ") and text.endswith(in_one_line(answer))
    assert printed("--answers", number) == " ".join(told)


def test_an_answer_comes_after_what_its_code_printed():
    told = tasks.answers("01.3")
    assert told.startswith("Answer 01.3\n\nscores, their powers, and probabilities:\n[ 2. ")
    assert told.index("[nan nan nan nan]") < told.index("It returns `nan`")


@pytest.mark.slow
def test_the_network_is_one_file_that_trains(capsys, mine, monkeypatch):
    monkeypatch.chdir(mine.parent)
    for right, more in (((), "0 of 17. The course lends the others."), (NETWORK, "17 of 17.")):
        for name in right:
            assert keep(name, AS_TAUGHT[name], finished_page(name)).startswith("Kept in"), name
        assert command.main(["check", "--network"]) == 0
        says, _, run = capsys.readouterr().out.splitlines()
        file = os.path.join("my_rnn", "my_network.py")
        assert says == f"{file} is your network. Functions of yours in it: {more}"
        assert run == f"{sys.orig_argv[0]} {file} my.txt 3"
        assert "epoch 2, smoothed loss " in run_alone(file, LINE * 12)


def test_the_tasks_have_formulas_the_words_of_pictures_and_what_is_to_be_repaired():
    softmax, bptt = (tasks.tasks(page) for page in tasks.pages_named("01,03"))
    assert "$$L=-\\sum_t\\ln p_t[\\text{target}_t]$$" in softmax
    assert "Picture: Softmax turns any scores into positive shares of 1\nscores z: e 2, h 0" in softmax
    assert "    W_xh = np.array([[0.5, -0.3, 0.2, 0.1]," in bptt, "the numbers of the pencil network"
    assert "Slopes for unit 0 of each state" in bptt and "dW_hy = dlogits.T @" in bptt


def test_what_stays_folded_and_where_python_shows_it():
    text = tasks.tasks(tasks.page_named("01"))
    shows = 'In Python, after `from course import finished`, finished("one_hot") shows it.'
    assert f"\n\n(Folded: one_hot, as it is in rnn_helpers.py. {shows})\n\n" in text


def test_a_report_and_the_hints_about_it_are_told_with_the_option_that_shows_it(capsys, monkeypatch):
    assert command.main(["check", "--report", "mend_forward_pass"]) == 0
    assert "def mend_forward_pass(" in capsys.readouterr().out
    assert command.main(["check", "--hint", "mend_forward_pass"]) == 0
    assert f"`{command.CALL} --report mend_forward_pass` shows hidden" in in_one_line(capsys.readouterr().out)
    assert 'report("mend_forward_pass") shows hidden' in calls.hint("mend_forward_pass").text
    assert command.main(["check", "--report", "softmax"]) == 0
    assert "There is no report 'softmax'" in capsys.readouterr().out


def test_nobody_here_is_told_to_run_a_cell():
    """Each word of a cell, or of a page that one works on, is chosen where it is made, by course/base/wording.py."""
    files = [*(ROOT / "course" / "checker").rglob("*.py"), *(ROOT / "course" / "own").glob("*.py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    described = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
    chosen = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "either"]
    chosen = {id(part) for node in chosen for part in ast.walk(node.args[0])}
    texts = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    told = [node for node in texts if re.search(r"(?i)\bruns? (\w+ )?cells?\b|\bits (own )?cell\b", node.value)]
    assert len(told) >= 5
    assert [node.value for node in told if id(node) not in described | chosen] == []
