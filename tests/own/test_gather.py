"""What a function takes along into its file in my_rnn, from its cell and from other cells of its page."""

import sys

import pytest
from answers import finished_page
from cells import ONE_HOT, SOFTMAX, file_of, keep, page
from helpers import every_case
from own_road import STYLES, code_of

from course.calls import check
from course.lessons import EXERCISES, OWN
from course.own import kept
from course.own.kept import own_functions
from course.own.memory import recall


def assert_kept(name, code, names=None):
    """Run a cell and keep its function. Return the text of the file, which must be right by itself."""
    says = keep(name, code, names)
    assert says.startswith(f"Kept in my_rnn/{name}.py"), says
    assert name in own_functions() and own_functions().message == ""
    return file_of(name)


# ---------------------------------------------------------------- what comes along


IMPORTS = [
    ("import numpy as np", "np.eye(vocab_size)[ids]", "import numpy as np"),
    ("from numpy import eye", "eye(vocab_size)[ids]", "from numpy import eye"),
    ("from numpy import add as plus, eye", "plus(0, eye(vocab_size)[ids])", "from numpy import add as plus"),
    ("import rnn_helpers as rh", "rh.np.eye(vocab_size)[ids]", "import rnn_helpers as rh"),
    ("import math; import numpy as np", "math.exp(0) * np.eye(vocab_size)[ids]", "import math"),
]


@pytest.mark.slow
def test_imports_of_the_page_and_of_the_cell():
    with every_case() as case:
        for before, body, line in IMPORTS:
            with case(before):
                code = f"def one_hot(ids, vocab_size):\n    return {body}\n"
                assert line in assert_kept("one_hot", code, page(before)).splitlines()
                assert before.split("; ")[0] in assert_kept("one_hot", f"{before}\n\n{code}").splitlines()


HELPED = """
# Of what a product holds:
ONES = [1, 1]  # one for each factor
unused, scale = 5, 2

def product(a, b=ONES[0]):
    return a * b * ONES[1]

def two(dh, h):
    return product(scale * dh, product(h, h))

{}def tanh_backward(dh, h):
    return product(dh) - two(dh, h) / 2
"""


def test_helpers_and_constants_of_the_cell_come_along_as_they_were_typed_and_what_only_runs_there_does_not():
    text = assert_kept("tanh_backward", HELPED.format("print(two(1, 2))\nresult = two(3, 4)\n\n"))
    constants = "# Of what a product holds:\nONES = [1, 1]  # one for each factor\n\n\nunused, scale = 5, 2\n"
    assert [text.count(part) for part in (constants, "def product", "def two")] == [1, 1, 1]
    assert "print" not in text and "result" not in text


def test_a_comment_in_the_first_line_of_a_cell_comes_along():
    text = assert_kept("tanh_backward", f"# Mine, at last.\ndef tanh_backward(dh, h):\n    {ALONE}\n")
    assert "\n\n# Mine, at last.\ndef tanh_backward(dh, h):\n" in text


def test_a_helper_from_a_file_of_the_name_of_an_exercise_is_imported_from_there(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "rnn_step.py").write_text("def twice(x):\n    return 2 * x\n")
    code = "from rnn_step import twice\n\ndef tanh_backward(dh, h):\n    return twice(dh) / 2 * (1 - h * h)\n"
    assert "\nfrom rnn_step import twice\n" in assert_kept("tanh_backward", code)
    monkeypatch.delitem(sys.modules, "rnn_step")


def test_functions_numbers_and_texts_of_other_cells_come_along():
    names = page("ONE, NAME = 1, 'many'\nfrom functools import reduce\ndouble = lambda x: 2 * x\n")
    page("def many(k=ONE):\n    return 0 if k == 0 else ONE + many(k - 1)\n\ntimes = many\n", names)
    code = "def tanh_backward(dh, h):\n    return times(double(1)) * dh / 2 - dh * h * h + (NAME != 'many')\n"
    text = assert_kept("tanh_backward", code, names)
    assert text.count("def many") == 1 and "reduce" not in text and "ONE = 1\n" in text


KINDS = {
    "a lambda": "import numpy as np\none_hot = lambda ids, vocab_size: np.eye(vocab_size)[ids]",
    "in a list": "import numpy as np\nall = [lambda a, b: np.eye(b)[a], lambda a, b: np.eye(b)[ a]]\none_hot = all[1]",
    "an alias": ONE_HOT.replace("def one_hot", "def mine") + "\n    one_hot = mine\n",
    "decorated": """
        import functools, numpy as np

        def halved(function):
            @functools.wraps(function)
            def inner(*given):
                return function(*given) / 2
            return inner

        @halved
        def one_hot(ids, vocab_size):
            return 2 * np.eye(vocab_size)[ids]
        """,
    "calls itself": """
        import numpy as np

        def one_hot(ids, vocab_size, again=True):
            return one_hot(ids, vocab_size, False) if again else np.eye(vocab_size)[ids]
        """,
}


@pytest.mark.slow
def test_every_kind_of_function_is_kept():
    with every_case() as case:
        for kind, code in KINDS.items():
            with case(kind):
                assert_kept("one_hot", code)


def test_a_function_of_another_name_and_one_without():
    names = page(SOFTMAX.replace("def softmax", "def my_softmax"))
    assert check("softmax", names["my_softmax"]).kept.startswith("Kept in")
    assert file_of("softmax").endswith("\nsoftmax = my_softmax\n")
    code = "import cells\nsaid = []\nsaid.append(lambda dh, h: dh * (1 - h**2))"
    assert check("tanh_backward", page(code)["said"][0]).kept.startswith("Kept in")
    assert list(own_functions()) == ["softmax", "tanh_backward"]


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES[:2])
def test_right_answers_of_every_style_stand_in_their_files_by_themselves(style):
    with every_case() as case:
        for name in OWN:
            with case(name):
                says = keep(name, code_of(name, style), finished_page(name))
                assert says.startswith(f"Kept in my_rnn/{name}.py"), says
    assert list(own_functions()) == list(OWN) and own_functions().message == ""


# ---------------------------------------------------------------- what is defined twice, as in a script


LOSS = "def cross_entropy(probs, targets):\n    return -np.log(probs[{}, targets]).sum()\n"
FIRST, SECOND = LOSS.format("np.arange(len(targets))"), LOSS.format("range(len(targets))")
MEAN, CALL = SECOND.replace("sum", "mean"), "keep_it(cross_entropy)\n"
NEEDS, ONE = "def one():\n    return many[0]\n", "def one():\n    return 1\n"
SCRIPTS = {
    "the better one comes second": (MEAN + SECOND + CALL, SECOND, ".mean"),
    "after a first look": (f"{MEAN}print(cross_entropy)\n{SECOND}{CALL}", SECOND, ".mean"),
    "the first needs what stays on the page": (MEAN.replace("-", "many - ") + SECOND + CALL, SECOND, "many"),
    "so does a helper": (NEEDS + ONE + FIRST.replace("-", "-one() * ") + CALL, ONE, "many"),
    "the right one comes first": (FIRST + CALL + MEAN, FIRST, ".mean"),
    "both are right": (FIRST + CALL + SECOND + CALL, SECOND, "arange"),
    "what it uses changes later": (f"K = 1\n{FIRST.replace('-', '-K * ')}{CALL}K = 0\n", "K = 1", "K = 0"),
    "called by a function": (f"{FIRST}def main():\n    {CALL}main()\n{MEAN}", FIRST, ".mean"),
    "the first has another name": (f"{FIRST}mine = cross_entropy\n{MEAN}keep_it(mine)\n", FIRST, "nothing"),
    "the second calls the first":
        (f"{FIRST}old = cross_entropy\n{SECOND.replace('-', 'old(probs, targets) and -')}{CALL}", FIRST, "nothing"),
    "the first is a default": (FIRST + SECOND.replace("s):", "s, old=cross_entropy):") + CALL, FIRST, "nothing"),
}  # fmt: skip


@pytest.mark.parametrize("what", SCRIPTS)
def test_what_is_defined_twice_is_kept_as_it_was_when_it_was_checked(what):
    def keep_it(function):
        assert kept.keep(EXERCISES["cross_entropy"], function).startswith("Kept in")

    script, has, has_not = SCRIPTS[what]
    page(f"import numpy as np\n{script}", {"__name__": "__main__", "keep_it": keep_it, "many": [0] * 9999})
    assert has in file_of("cross_entropy") and has_not not in file_of("cross_entropy")
    assert list(own_functions()) == ["cross_entropy"]


# ---------------------------------------------------------------- what cannot come along

ALONE = "return dh * (1 - h*h)"
UNKEPT = {
    "many = list(range(9999))": (f"{ALONE} + many[0]", "put what it uses, `many`, into its own cell."),
    "class Sizes:\n    two = 2": (f"{ALONE} + Sizes.two - 2", "put what it uses, `Sizes`, into its own cell."),
    "exec('def two(): return 2')": (f"{ALONE} + two() - 2", "put what it uses, `two`, into its own cell."),
    "": (f"{ALONE} + (__name__ != '__main__')", "outside of the page it does not work."),
    "import types; m = types.ModuleType('none')":
        (f"{ALONE} - (not m)", "outside of the page it does not work (ModuleNotFoundError: No module named 'none')."),
}  # fmt: skip


def test_what_another_cell_cannot_give_is_said_and_not_written(mine):
    with every_case() as case:
        for before, (line, why) in UNKEPT.items():
            with case(before):
                says = keep("tanh_backward", f"def tanh_backward(dh, h):\n    {line}\n", page(before))
                assert says == f"It is right, but not kept in my_rnn: {why}" and not mine.exists()
    line, _ = UNKEPT["many = list(range(9999))"]
    assert_kept("tanh_backward", f"many = list(range(9999))\ndef tanh_backward(dh, h):\n    {line}\n")


LEAKY = "def leaky_backward(dh, n, parameters, keep):\n    da = (1 - keep) * {}\n"
LEAKY += "    return da, dh * keep + da @ parameters.W_hh\n"
TANH = "`from rnn_helpers import tanh_backward`"
TAKEN = {
    "mine = own_functions().network": ("mine.tanh_backward(dh, n)", TANH),
    "mine = own_functions()": ("mine.network.tanh_backward(dh, n)", TANH),
    "mine = {'tanh_backward': own_functions().network.tanh_backward}": ("mine['tanh_backward'](dh, n)", TANH),
    "mine = own_functions().network\nslope = lambda dh, n: mine.tanh_backward(dh, n)": ("slope(dh, n)", TANH),
    "mine, one = own_functions().network, 1":
        ("mine.tanh_backward(dh, n) * mine.one_hot([0], 1)[0, 0]", "`from rnn_helpers import one_hot, tanh_backward`"),
    "mine, two = own_functions().network, 2":
        ("(dh - dh * n * n) * (mine.delta_step is not None)", "`from course.models.delta import delta_step`"),
}  # fmt: skip


def test_who_takes_a_function_from_the_network_hears_from_where_it_can_come_along(mine):
    with every_case() as case:
        for line, (body, imports) in TAKEN.items():
            with case(line):
                says = keep("leaky_backward", LEAKY.format(body), page(f"from course import own_functions\n{line}"))
                wanted = f"write {imports}, and leave out `mine`, which stays on the page."
                assert says == f"It is right, but not kept in my_rnn: {wanted}" and not mine.exists()
    names = page("mine, rh = list(range(99)), __import__('rnn_helpers')")
    says = keep("leaky_backward", LEAKY.format("rh.tanh_backward(dh, n) + mine[0]"), names)
    assert says.endswith(": put what it uses, `mine`, into its own cell."), "another import would not help"
    assert_kept("leaky_backward", f"{TANH[1:-1]}\n{LEAKY.format('tanh_backward(dh, n)')}")  # what it hears


NO_FUNCTIONS = {
    "class Slope:\n    def __call__(self, dh, h):\n        {}\nanswer = Slope()":
        "it is an object of the type Slope, which has no source of its own. Write it as a function: def.",
    "class Slope:\n    def slope(self, dh, h):\n        {}\nanswer = Slope().slope":
        "it is an object of the type method, which has no source of its own. Write it as a function: def.",
    "def make():\n    def slope(dh, h):\n        {}\n    return slope\nanswers = [make()]":
        "write it with def at the left margin of its cell.",
    "exec('def answer(dh, h): {}')":
        "the source of `tanh_backward` is not found. Does its cell begin with `%%time` or the like?",
}  # fmt: skip


def answer_of(code):
    names = page(code)
    return names["answers"][0] if "answers" in names else names["answer"]


def test_what_is_no_function_of_a_cell_is_said():
    with every_case() as case:
        for code, why in NO_FUNCTIONS.items():
            with case(code):
                result = check("tanh_backward", answer_of(code.format(ALONE)))
                assert result.verdict == "correct" and result.kept == f"It is right, but not kept in my_rnn: {why}"
                assert repr(result).endswith(why) and recall("tanh_backward")["solved"] == "yes"
