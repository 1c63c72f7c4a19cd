"""What is found out about a function of a page: its source, what it takes from the page, and whose work it is."""

import numpy as np
import pytest
from cells import SOFTMAX, page

import rnn_helpers
from course.checker.page import PageFunction, is_finished_function, only_computes, plain_function, with_helpers
from course.lessons import EXERCISES, WRITTEN

NESTED = "def f(x):\n    def g(x):\n        return x\n    return g"
DECORATED = "@functools.cache\n@functools.cache\ndef f(x): return x"


# ---------------------------------------------------------------- the source
@pytest.mark.parametrize(
    "code, sources",
    [
        ("f, g = lambda x: x + 1, lambda x: x + 2", ["lambda x: x + 1", "lambda x: x + 2"]),
        ("f, g = lambda x: x.min(), lambda x: x.max()", ["lambda x: x.min()", "lambda x: x.max()"]),
        ("f, g = lambda x: x + 1, lambda x: x +  1", ["", ""]),  # which is which?
        (NESTED, [NESTED]),
        ("if True:\n    def f(x):\n        return x\n", ["def f(x):\n    return x"]),
        (f"import functools\n{DECORATED}", [DECORATED]),
        ("f = eval('lambda x: x')", [""]),
    ],
)
def test_the_source_of_each_function_of_a_cell(code, sources):
    names = page(code)
    functions = [plain_function(names[name]) for name in "fg" if name in names]
    assert [PageFunction(function).source for function in functions] == sources


# ---------------------------------------------------------------- what it takes from the page
def test_a_function_comes_with_those_of_the_page_that_it_calls_and_with_no_others():
    code = """
        from math import sqrt
        from rnn_helpers import softmax
        def last(x): return first(x)
        def second(x): return last(x) + second(x)
        def first(x):
            return second(softmax(sqrt(x)))
        def other(x): return first(x)
        def made():
            def inner(x): return first(x)
            return lambda x: inner(x)
        outer = made()
        """
    names = page(code)
    assert [one.name for one in with_helpers(names["first"])] == ["first", "second", "last"]
    assert [one.name for one in with_helpers(names["outer"])] == ["<lambda>", "inner", "first", "second", "last"]
    assert with_helpers(names["sqrt"]) == []


@pytest.mark.parametrize(
    "body, computes",
    [
        ("return np.exp(x) + math.pi + random.random()", True),
        ("return gates.gru_step(x)", True),
        ("return os.getcwd()", False),
        ("return helper(x)", False),
        ("def inner():\n        class Inner: pass\n    return inner()", False),
    ],
)
def test_code_only_computes_if_it_makes_no_class_and_uses_modules_for_numbers_alone(body, computes):
    names = page("import math, os, random, sys\nimport numpy as np, rnn_helpers\nfrom course.models import gates\n")
    page(f"def helper(x): return sys.path\ndef f(x):\n    {body}\n", names)
    assert only_computes(names["f"]) == computes


def test_what_is_no_function_of_python_does_not_count_as_code_that_only_computes():
    assert not only_computes(np.exp)


# ---------------------------------------------------------------- whose work it is
IMPORTS = "import rnn_helpers, functools, numpy as np\nfrom rnn_helpers import softmax as s, one_hot\n"


@pytest.mark.parametrize(
    "code, finished",
    [
        ("f = functools.wraps(s)(lambda z: 1)", True),
        ("f = lambda z: s(z)", True),
        ("def f(z):\n    '''Mine.'''\n    return rnn_helpers.softmax(z)", True),
        ("def f(z): return one_hot(z, 2)", False),
        ("def f(z): return np.exp(s(z))", False),
        ("def f(s): return s(s)", False),
        ("def f(z):\n    z = z + 1\n    return s(z)", False),
        ("class Mine:\n    def __call__(self, z): return s(z)\nf = Mine()", False),
        ("f = 5", False),
    ],
)
def test_a_function_that_only_returns_what_the_finished_one_gives_is_the_finished_one(code, finished):
    assert is_finished_function(EXERCISES["softmax"], page(IMPORTS + code)["f"]) == finished


def test_each_right_answer_is_the_finished_function_of_its_exercise():
    assert [name for name, one in WRITTEN.items() if not is_finished_function(one, one.function)] == []


def test_the_finished_function_is_known_when_a_page_has_replaced_it(monkeypatch):
    finished, own = rnn_helpers.softmax, page(SOFTMAX)["softmax"]
    monkeypatch.setattr(rnn_helpers, "softmax", own)
    assert is_finished_function(EXERCISES["softmax"], finished)
    assert not is_finished_function(EXERCISES["softmax"], own)
