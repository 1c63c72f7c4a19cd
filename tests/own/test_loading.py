"""How the files of my_rnn find each other by name: the learner's functions, and the course's until these exist."""

import os
import random
import textwrap

import numpy as np
import pytest
from answers import finished_page
from cells import GRADIENT, ONE_HOT, SOFTMAX, file_of, keep, page
from helpers import every_case
from own_road import CALLER, WAYS, code_of

import rnn_helpers
from course.calls import check
from course.checker.page import is_finished_function
from course.lessons import NETWORK, OWN
from course.own import folder, kept
from course.own.kept import own_functions
from course.own.one_page import one_page


@pytest.fixture(autouse=True)
def beside_the_page(mine, monkeypatch):
    monkeypatch.syspath_prepend(mine.parent)
    yield
    folder.forget()  # what a page has imported from there


def called_by(caller, *given):
    """Return a list with "softmax" for each time that the learner's function calls their own softmax."""
    functions, seen = own_functions(), []
    functions["softmax"].__globals__["shifted"] = lambda z: seen.append("softmax") or z - z.max(axis=-1, keepdims=True)
    functions[caller](*given)
    return seen


GIVEN = np.zeros((1, 3)), np.array([1])


@pytest.mark.slow
@pytest.mark.parametrize("where", ["on the page", "in the cell", "in the function"])
@pytest.mark.parametrize("is_first", [True, False])
def test_all_ways_to_write_a_call_reach_the_learners_function(mine, where, is_first):
    """Whichever of the two is kept first, and without a change to the caller's file."""
    for call, line in WAYS.items():
        if "own" in line and not (is_first and where == "on the page"):  # it reads the folder
            continue
        code, names = CALLER.format(call), {"__name__": "__main__", "softmax": softmax_of_page}
        if where == "in the cell":
            code = f"{line}\n\n{code}"
        elif where == "in the function":
            code = code.replace(":\n", ":\n" + textwrap.indent(line, "    ") + "\n", 1)
        if is_first:
            keep("softmax", SOFTMAX)
        if where == "on the page":
            if "my_rnn" in line and not is_first:  # it does not exist yet
                continue
            page(line, names)
        says = keep("softmax_gradient", code, names)
        assert says.startswith("Kept in"), (call, line, says)
        before = file_of("softmax_gradient")
        keep("softmax", SOFTMAX)
        assert called_by("softmax_gradient", *GIVEN) == ["softmax"], (call, line, file_of("softmax_gradient"))
        assert file_of("softmax_gradient") == before and "def softmax(" not in before
        if "own" not in line and "my_rnn" not in line:
            names, seen = page(one_page(), {"__name__": "my_network"}), []
            names["shifted"] = lambda z, seen=seen: seen.append("softmax") or z - z.max(axis=-1, keepdims=True)
            names["softmax_gradient"](*GIVEN)
            assert seen == ["softmax"], (call, line, "in the file with all of them")
        for name in folder.yours():
            folder.path_of(name).unlink()


def softmax_of_page(logits):
    """What another cell has assigned to the name."""
    return rnn_helpers.softmax(logits)


@pytest.mark.slow
def test_in_any_order_the_files_are_the_same_and_none_is_written_twice():
    order, texts = random.Random(0).sample(NETWORK, len(NETWORK)), {}
    for name in order:
        says = keep(name, code_of(name), finished_page(name))
        assert says.startswith(f"Kept in my_rnn/{name}.py: "), says
        texts[name] = file_of(name)
        assert {other: file_of(other) for other in texts} == texts
    functions = own_functions()
    assert list(functions) == list(NETWORK) and functions.message == ""
    assert functions["train_epoch"].__globals__["forward_pass"] is functions["forward_pass"]
    assert functions["forward_pass"].__globals__["rnn_step"] is functions["rnn_step"]


# ---------------------------------------------------------------- helpers with the names of exercises


@pytest.mark.slow
def test_a_helper_that_has_the_name_of_an_exercise_stays_what_it_is():
    code = "def tanh_backward(dh, h):\n    return dh * softmax(-h * h)\n"
    helper = "def softmax(z):\n    return z + 1\n"
    for cell, names in ((f"{helper}\n\n{code}", None), (code, page(helper))):  # in the same cell, or in another one
        for is_kept in (False, True):
            if is_kept:
                keep("softmax", SOFTMAX)
            assert keep("tanh_backward", cell, names).startswith("Kept in my_rnn/tanh_backward.py")
            assert helper in file_of("tanh_backward")
            functions = own_functions()
            assert list(functions) == ["softmax"] * is_kept + ["tanh_backward"]
            assert functions["tanh_backward"](1.0, 0.5) == 0.75
        folder.path_of("softmax").unlink()
        folder.path_of("tanh_backward").unlink()


def test_what_is_made_of_itself_is_not_kept():
    """On the page it is right with the course's functions, but these call the very function that is asked for."""
    code = "def softmax(z):\n    return apply_temperature(z, 1)\n"
    says = keep("softmax", code, page("from rnn_helpers import apply_temperature"))
    assert says == "It is right, but not kept in my_rnn: outside of the page it does not work."


# ---------------------------------------------------------------- what stands in


def test_with_nothing_kept_all_functions_are_the_courses():
    network = own_functions().network
    assert list(vars(network)) == [*OWN, "output_probs", "smooth_loss"], "and what a page shows"
    with every_case() as case:
        for name, exercise in OWN.items():
            with case(name):
                function = vars(network)[name]
                assert is_finished_function(exercise, function) and function.__doc__ == exercise.function.__doc__
                assert function.__name__ == name
    shown = network.output_probs
    assert shown.__globals__["output_probs"] is shown is not rnn_helpers.output_probs, "nor is it that of rnn_helpers"


# ---------------------------------------------------------------- what a file does when it is run

RUNS = {
    "import os\nos._exit(3)": "RuntimeError: This would end Python itself, with everything on the page. Leave it out",
    "exit()": "RuntimeError: This would end Python itself, with everything on the page. Leave it out",
    "raise SystemExit(3)": "SystemExit would end Python itself: leave it out",
    "import sys\nsys.exit()": "SystemExit would end Python itself: leave it out",
    "raise KeyboardInterrupt": "KeyboardInterrupt: no message",
    "np.exp = None":
        "Your code changes numpy.exp, which all other code uses, too. The course has put it back: leave it alone",
    "import os\nos.chdir(os.sep)": "",
    "np.random.seed(1)\nnp.seterr(all='raise')\nprint('hello')": "",
}  # fmt: skip


@pytest.mark.parametrize("line", RUNS)
def test_what_a_file_does_at_its_end_ends_nothing_and_is_put_back(line, monkeypatch, capsys):
    ended, says = [], RUNS[line]
    monkeypatch.setattr("os._exit", ended.append)
    monkeypatch.setattr("builtins.exit", lambda: ended.append("exit"), raising=False)
    monkeypatch.setattr("numpy.exp", np.exp)  # what a test that fails leaves behind
    monkeypatch.chdir(".")

    def as_it_is():
        return os.getcwd(), np.exp, np.geterr(), np.random.get_state()[1].tolist()

    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT)
    with folder.path_of("softmax").open("a") as file:
        file.write(f"\n\n{line}\n")
    before = as_it_is()
    functions = own_functions()
    assert as_it_is() == before and ended == [] and capsys.readouterr() == ("", "")
    assert functions.message == (f"my_rnn/softmax.py: {says}." if says else "")
    assert list(functions) == ["softmax"] * (not says) + ["softmax_gradient"]


def test_the_stop_button_ends_the_reading_of_a_file():
    keep("softmax", SOFTMAX)
    with folder.path_of("softmax").open("a") as file:
        file.write("\nimport signal\nsignal.raise_signal(signal.SIGINT)\n")
    with pytest.raises(KeyboardInterrupt):
        own_functions()


# ---------------------------------------------------------------- who reads the folder in a file of the folder

TAKE = "def softmax_gradient(logits, targets):\n    {}slopes = {}(logits)\n"
TAKE += "    slopes[range(len(slopes)), targets] -= 1\n    return slopes\n"
READERS = [
    "from course import own_functions\nmine = own_functions().network\n" + TAKE.format("", "mine.softmax"),
    "import course\nmine = course.own_functions()\n" + TAKE.format("", 'mine["softmax"]'),
    "from course import own_functions as o\n" + TAKE.format("", "o().network.softmax"),
    TAKE.format("from course import own_functions\n    mine = own_functions().network\n    ", "mine.softmax"),
]
SECRET = 'import course\nread = getattr(course, "own_" + "functions")\n'
SECRETS = [
    f"{SECRET}mine = read().network\n" + TAKE.format("", "mine.softmax"),
    SECRET + TAKE.format("", "read().network.softmax"),
]
every_reader = pytest.mark.parametrize("code", READERS + SECRETS)
NO_CALL = "write `from rnn_helpers import softmax` in place of own_functions(), which would read its file again"


@pytest.fixture
def loads(monkeypatch):
    """Count how often files are run: what would go on without end fails instead."""
    seen, load = [], kept.load

    def counted(*given):
        seen.append(given)
        if len(seen) > 100:
            raise RuntimeError("it reads the folder without end")
        return load(*given)

    monkeypatch.setattr(kept, "load", counted)
    yield seen
    assert len(seen) <= 100


@every_reader
def test_a_function_that_reads_the_folder_is_not_kept_and_hears_what_works(mine, loads, code):
    says = keep("softmax_gradient", code)
    wanted = NO_CALL if code in READERS else "outside of the page it does not work"
    assert says.startswith(f"It is right, but not kept in my_rnn: {wanted}") and not mine.exists()
    says = keep("softmax_gradient", "from rnn_helpers import softmax\n" + TAKE.format("", "softmax"))
    assert says.startswith("Kept in my_rnn/softmax_gradient.py"), "what it hears"


@every_reader
def test_a_file_that_reads_the_folder_is_said_and_the_courses_function_goes_on(loads, code):
    keep("softmax", SOFTMAX)
    keep("one_hot", ONE_HOT)
    folder.path_of("softmax_gradient").write_text(code)
    functions = own_functions()
    assert list(functions) == ["one_hot", "softmax"]
    wanted = (
        f"my_rnn/softmax_gradient.py: {NO_CALL}.",
        "my_rnn/softmax_gradient.py: Runt",
        "softmax_gradient in my_rnn/",
    )
    assert functions.message.startswith(wanted[: 1 if code in READERS else 3])
    assert functions.network.softmax_gradient(*GIVEN).shape == (1, 3)


def test_a_file_that_only_mentions_it_is_read():
    keep("softmax", SOFTMAX)
    path = folder.path_of("softmax")
    path.write_text(f"{file_of('softmax')}\n# own_functions() reads this file\nSAYS = 'own_functions()'\n")
    assert list(own_functions()) == ["softmax"]


@every_reader
def test_who_imports_a_folder_with_a_file_that_reads_it_has_the_courses(loads, code, capsys):
    keep("softmax", SOFTMAX)
    folder.path_of("softmax_gradient").write_text(code)
    names = page("from my_rnn import softmax, softmax_gradient")
    assert names["softmax"].__code__.co_filename == str(folder.path_of("softmax"))
    assert names["softmax_gradient"](*GIVEN).shape == (1, 3)
    says = f"my_rnn/softmax_gradient.py: {NO_CALL}. The course's function is used instead.\n"
    assert code in SECRETS or capsys.readouterr().err == says


# ---------------------------------------------------------------- import my_rnn


def test_on_a_page_the_next_import_has_the_new_function():
    keep("softmax_gradient", GRADIENT)
    names = page("from my_rnn import softmax, softmax_gradient")
    assert names["softmax"].__code__ is rnn_helpers.softmax.__code__
    keep("softmax", SOFTMAX)
    page("import my_rnn\nfrom my_rnn import softmax, softmax_gradient", names)
    assert names["softmax"].__code__.co_filename == str(folder.path_of("softmax"))
    assert names["softmax_gradient"].__globals__["softmax"] is names["softmax"]
    assert {name for name in OWN if hasattr(names["my_rnn"], name)} == {*OWN}
    assert names["my_rnn"].output_probs.__globals__["softmax"] is names["softmax"], "which a page only shows"
    before = file_of("softmax")
    assert check("softmax", names["softmax"]).kept.startswith("Kept in my_rnn/softmax.py: 2 ")
    assert file_of("softmax") == before, "it was taken from there"
    with pytest.raises(ImportError):
        page("import my_rnn.softmax")


def test_who_imports_a_folder_with_a_damaged_file_is_told_and_has_the_courses(capsys):
    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT)
    folder.path_of("softmax").write_text("x = (\n")
    names = page("from my_rnn import softmax, softmax_gradient")
    assert names["softmax"].__code__ is rnn_helpers.softmax.__code__
    assert names["softmax_gradient"](*GIVEN).shape == (1, 3)
    says = capsys.readouterr().err
    assert says == "my_rnn/softmax.py: a syntax error in line 1. The course's function is used instead.\n"
