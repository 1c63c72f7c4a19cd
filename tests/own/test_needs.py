"""Tests of what a function takes into my_rnn.py: imports, helpers and constants, under names that do not clash."""

import math
import sys
import textwrap
import warnings

import numpy as np
import pytest
from cells import COUNT, CROSS_ENTROPY, GRADIENT, HIDDEN, ONE_HOT, SOFTMAX, TANH, blocks, keep, page
from helpers import every_case

import rnn_helpers
from course.lessons import EXERCISES
from course.own import kept
from course.own.gather import literal
from course.own.kept import own_functions
from course.own.names import defined_as, outer_names, renamed
from course.own.own_file import OwnFile
from course.own.progress import recall


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


# ---------------------------------------------------------------- imports, helpers, constants


@pytest.mark.parametrize(
    "before, body, line",
    [
        ("import numpy as np", "np.eye(vocab_size)[ids]", "import numpy as np"),
        ("import numpy", "numpy.eye(vocab_size)[ids]", "import numpy"),
        ("from numpy import eye", "eye(vocab_size)[ids]", "from numpy import eye"),
        ("from numpy import add as plus, eye", "plus(0, eye(vocab_size)[ids])", "from numpy import add as plus"),
        ("from functools import reduce as r", "r(lambda a, b: a + b, [0.0, ids[:, None] == range(vocab_size)])",
         "from functools import reduce as r"),
        ("import rnn_helpers", "rnn_helpers.np.eye(vocab_size)[ids]", "import rnn_helpers"),
        ("import rnn_helpers as rh", "rh.np.eye(vocab_size)[ids]", "import rnn_helpers as rh"),
    ],
)  # fmt: skip
def test_imports(mine, before, body, line):
    keep("one_hot", f"{before}\n\ndef one_hot(ids, vocab_size):\n    return {body}\n")
    assert line in mine.read_text().splitlines()
    assert list(own_functions()) == ["one_hot"]


def test_imports_that_only_the_old_version_needed_go(mine):
    keep("count_parameters", COUNT)
    keep("one_hot", "import numpy\n" + textwrap.dedent(ONE_HOT).replace("np.", "numpy."))
    assert "\nimport numpy\n" in mine.read_text()
    keep("one_hot", ONE_HOT)
    assert "\nimport numpy\n" not in mine.read_text() and "\nimport numpy as np\n" in mine.read_text()


def test_helpers_and_constants_come_along_each_once(mine):
    keep(
        "count_parameters",
        """
        BIASES = (1, 1)
        unused = 5

        def product(a, b=BIASES[0]):
            return a * b * BIASES[1]

        def two(H, V):
            return product(H, V) + product(V, H)

        def count_parameters(H, V):
            return two(H, V) + product(H, H) + product(H) + sum(V * one for one in BIASES[:1])
        """,
    )
    block = blocks(mine)["count_parameters"]
    assert [block.count(part) for part in ("BIASES = (1, 1)", "def product", "def two", "unused")] == [1, 1, 1, 0]
    assert list(own_functions()) == ["count_parameters"]


def test_an_array_brings_numpy_along(mine):
    body = "TABLE = array([[2, 1]])\ndef count_parameters(H, V):\n    return int(TABLE[0, 0]) * H * V + H * H + H + V\n"
    keep("count_parameters", "from numpy import array\n" + body)
    assert "import numpy as np\n" in mine.read_text() and list(own_functions()) == ["count_parameters"]
    other = body.replace("return ", "return 0 * np + ")
    assert "two things that it uses are called `np`" in keep(
        "count_parameters", f"from numpy import array\nnp = 5\n{other}"
    )


def test_names_inside_other_functions_are_found(mine):
    def inside():
        offset, step = 0, 1

        def helper(k):
            return k + offset

        def count_parameters(hidden_size, vocab_size):
            H, V = hidden_size, vocab_size
            return helper(step * (2 * H * V + H * H + H + V))

        return count_parameters

    kept.keep(EXERCISES["count_parameters"], inside())
    assert "offset = 0\n" in mine.read_text() and list(own_functions()) == ["count_parameters"]


def test_another_name_gets_an_alias(mine):
    names = page(SOFTMAX.replace("def softmax", "def my_softmax"))
    assert "1 of" in kept.keep(EXERCISES["softmax"], names["my_softmax"])
    assert blocks(mine)["softmax"].endswith("\n\n\nsoftmax = my_softmax\n\n\n")
    assert list(own_functions()) == ["softmax"]


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\none_hot = lambda ids, vocab_size: np.eye(vocab_size)[ids]",
        "import numpy as np\none_hot = (lambda ids,\n    vocab_size: np.eye(vocab_size)\n    [ids])",
        "import numpy as np\nother, one_hot = lambda ids: 1, lambda ids, vocab_size: np.eye(vocab_size)[ids]",
    ],
)
def test_a_lambda_is_kept_under_the_name_of_the_exercise(mine, code):
    keep("one_hot", code)
    assert "one_hot = " in blocks(mine)["one_hot"] and "other" not in mine.read_text()
    assert list(own_functions()) == ["one_hot"]


def test_of_two_equal_looking_lambdas_in_a_line_none_is_taken_for_the_other(mine):
    code = "import numpy as np\nlist = [lambda a, b: np.eye(b)[a], lambda a, b: np.eye(b)[ a]]\none_hot = list[0]"
    assert keep("one_hot", code) == "" and not mine.exists()


def test_a_decorated_function_keeps_its_decorators(mine):
    keep(
        "count_parameters",
        """
        import functools

        def halved(function):
            @functools.wraps(function)
            def inner(*sizes):
                return function(*sizes) // 2
            return inner

        @halved
        def count_parameters(H, V):
            return 2 * (2 * H * V + H * H + H + V)
        """,
    )
    assert "@halved\ndef count_parameters" in mine.read_text() and list(own_functions()) == ["count_parameters"]


def test_a_function_that_calls_itself(mine):
    code = """
        def smooth_loss(previous, loss, again=True):
            return smooth_loss(previous, loss, False) if again else 0.999 * previous + 0.001 * loss
        """
    keep("smooth_loss", code)
    assert list(own_functions()) == ["smooth_loss"]


# ---------------------------------------------------------------- names that mean two things


def test_what_the_page_took_from_rnn_helpers_does_not_become_the_learners_own(mine):
    keep("softmax_gradient", GRADIENT)
    keep("softmax", SOFTMAX)
    assert "from rnn_helpers import softmax as finished_softmax\n" in mine.read_text()
    assert own_functions()["softmax_gradient"].__globals__["finished_softmax"] is rnn_helpers.softmax
    assert list(own_functions()) == ["softmax", "softmax_gradient"]


def test_two_pages_with_different_helpers_of_one_name(mine):
    names = page(SOFTMAX.replace("z - z.max(axis=-1, keepdims=True)", "z - z.max(-1, keepdims=True)"))
    keep("softmax", SOFTMAX)
    other = GRADIENT.replace("softmax(logits)", "softmax(shifted(logits))")
    keep("softmax_gradient", "def shifted(z):\n    return 1 * z\n" + textwrap.dedent(other))
    keep("count_parameters", "def shifted(z):\n    return z\n" + textwrap.dedent(COUNT).replace("2 *", "shifted(2) *"))
    assert {"shifted", "shifted_for_softmax_gradient", "shifted_for_count_parameters"} <= own_functions()[
        "softmax"
    ].__globals__.keys()
    assert list(own_functions()) == ["softmax", "softmax_gradient", "count_parameters"]
    kept.keep(EXERCISES["softmax"], names["softmax"])
    assert blocks(mine)["softmax"].count("def shifted(z)") == 1 and len(own_functions()) == 3


def test_a_helper_of_two_exercises_stands_there_once_and_outlives_the_first(mine):
    page_2 = textwrap.dedent(SOFTMAX) + textwrap.dedent(GRADIENT).replace("slopes = softmax", "slopes = softmax_of")
    page_2 = page_2.replace("def softmax(", "def softmax_of(")
    names = page(page_2)
    kept.keep(EXERCISES["softmax"], names["softmax_of"])
    kept.keep(EXERCISES["softmax_gradient"], names["softmax_gradient"])
    assert mine.read_text().count("def shifted(") == mine.read_text().count("def softmax_of(") == 1
    keep("softmax", SOFTMAX.replace("shifted", "moved"))
    assert "def softmax_of(" in blocks(mine)["softmax_gradient"] and "def shifted(" in blocks(mine)["softmax_gradient"]
    assert list(own_functions()) == ["softmax", "softmax_gradient"] and own_functions().message == ""


def test_a_shared_helper_that_stays_leaves_the_other_block_as_it_is(mine):
    names = page(SOFTMAX)
    kept.keep(EXERCISES["softmax"], names["softmax"])
    keep("softmax_gradient", GRADIENT.replace("softmax(logits)", "softmax(shifted(logits))"), names)
    before = blocks(mine)["softmax_gradient"]
    keep("softmax", SOFTMAX.replace("as on the page", "newer"))
    assert blocks(mine)["softmax_gradient"] == before and "newer" in mine.read_text()
    assert mine.read_text().count("def shifted") == 1


def test_a_shared_helper_that_calls_a_function_of_rnn_helpers_stands_there_once(mine):
    names = page("from rnn_helpers import softmax\ndef row_of(h, p):\n    return softmax(p.W_hy @ h + p.b_y)\n")
    keep("output_probs", "def output_probs(h, parameters):\n    return row_of(h, parameters)\n", names)
    keep("forward_pass", FORWARD.replace("output_probs(", "row_of("), names)
    assert mine.read_text().count("def row_of") == 1
    assert list(own_functions()) == ["output_probs", "forward_pass"]


def test_another_name_of_a_helper_or_of_the_function_itself_is_no_second_one(mine):
    code = """
        def twice(x):
            return 2 * x

        double = twice

        def count_parameters(H, V, deep=True):
            if deep:
                return again(H, V, False)
            return twice(H * V) + double(H * H) - H * H + H + V

        again = count_parameters
        """
    keep("count_parameters", code)
    assert mine.read_text().count("def ") == 2 and list(own_functions()) == ["count_parameters"]


def test_helpers_that_look_the_same_and_call_different_ones(mine):
    code = """
        def inner(x):
            return {0} * x

        def outer(x):
            return inner(x)

        def {1}:
            return outer({2})
        """
    keep("count_parameters", code.format(1, "count_parameters(H, V)", "2 * H * V + H * H + H + V"))
    keep("smooth_loss", code.format(0.001, "smooth_loss(previous, loss)", "loss) + 0.999 * (previous"))
    assert own_functions()["smooth_loss"](1.0, 2.0) == pytest.approx(1.001)
    assert list(own_functions()) == ["count_parameters", "smooth_loss"]


@pytest.mark.parametrize("name", ["sum", "math", "one_hot"])
def test_a_helper_with_the_name_of_something_that_others_use(mine, name):
    keep("cross_entropy", CROSS_ENTROPY)
    keep("one_hot", ONE_HOT)
    keep("count_parameters", f"def {name}(x):\n    return x\n" + textwrap.dedent(COUNT).replace("2 *", f"{name}(2) *"))
    assert f"{name}_for_count_parameters" in mine.read_text()
    assert list(own_functions()) == ["one_hot", "cross_entropy", "count_parameters"]


def test_an_import_with_the_name_of_another_import(mine):
    log = textwrap.dedent(CROSS_ENTROPY).replace("import math", "from math import log").replace("math.log", "log")
    keep("cross_entropy", log)
    keep(
        "bits_per_character",
        "from numpy import log\ndef bits_per_character(loss, count):\n    return loss / count / log(2)",
    )
    assert "from numpy import log as log_for_bits_per_character" in mine.read_text()
    assert own_functions()["cross_entropy"].__globals__["log"] is math.log
    assert list(own_functions()) == ["cross_entropy", "bits_per_character"]


def test_an_exercise_that_calls_another_one_uses_the_block_of_that_one(mine):
    names = page(TANH)
    kept.keep(EXERCISES["tanh_backward"], names["tanh_backward"])
    keep("hidden_gradients", HIDDEN, names)
    assert mine.read_text().count("def tanh_backward") == 1
    assert list(own_functions()) == ["tanh_backward", "hidden_gradients"]
    # One that is not kept, or is another version, comes along as a helper.
    keep("hidden_gradients", HIDDEN, page(TANH.replace("(1 - h**2)", "(1 - h * h)")))
    assert "def tanh_backward_for_hidden_gradients" in blocks(mine)["hidden_gradients"]
    assert list(own_functions()) == ["tanh_backward", "hidden_gradients"]


FORWARD = """
    import numpy as np
    from rnn_helpers import ForwardPass

    def forward_pass(inputs, targets, h, parameters):
        hidden, probs = [h], []
        for id in inputs:
            h = np.tanh(parameters.W_hh @ h + parameters.W_xh[:, id] + parameters.b_h)
            hidden.append(h)
            probs.append(output_probs(h, parameters))
        loss = -sum(np.log(row[target]) for row, target in zip(probs, targets))
        return ForwardPass(loss, np.array(probs), np.array(hidden))
    """


def test_an_exercise_that_calls_another_one_whose_helper_has_another_name_now(mine):
    keep("softmax", SOFTMAX)
    names = page("def shifted(h):\n    return 1 - h**2\ndef tanh_backward(dh, h):\n    return dh * shifted(h)\n")
    kept.keep(EXERCISES["tanh_backward"], names["tanh_backward"])
    keep("hidden_gradients", HIDDEN, names)
    assert mine.read_text().count("def tanh_backward") == 1 and mine.read_text().count("def shifted") == 2
    assert list(own_functions()) == ["softmax", "tanh_backward", "hidden_gradients"]


def test_an_exercise_that_calls_another_one_whose_names_were_changed(mine):
    names = page("from rnn_helpers import softmax\ndef output_probs(h, p):\n    return softmax(p.W_hy @ h + p.b_y)\n")
    kept.keep(EXERCISES["output_probs"], names["output_probs"])
    keep("forward_pass", FORWARD, names)
    assert mine.read_text().count("def output_probs") == 1
    assert list(own_functions()) == ["output_probs", "forward_pass"]


def test_a_new_version_that_another_function_cannot_use_is_said(mine):
    names = page(TANH.replace("(dh, h)", "(dh, h, square=True)"))
    kept.keep(EXERCISES["tanh_backward"], names["tanh_backward"])
    keep("hidden_gradients", HIDDEN.replace("hidden[t + 1])", "hidden[t + 1], True)"), names)
    assert keep("tanh_backward", TANH).endswith(
        "yours. hidden_gradients in it calls this one and is wrong now: run that cell again."
    )
    assert (
        own_functions().message == "hidden_gradients in my_rnn.py is no longer right: run its cell on the page again."
    )


def test_functions_taken_from_my_rnn_are_not_written_a_second_time(mine, monkeypatch):
    keep("tanh_backward", TANH)
    monkeypatch.syspath_prepend(mine.parent)
    monkeypatch.delitem(sys.modules, "my_rnn", raising=False)
    keep("hidden_gradients", "from my_rnn import tanh_backward as tanh_backward\n" + textwrap.dedent(HIDDEN))
    assert mine.read_text().count("def tanh_backward") == 1 and "import tanh_backward" not in mine.read_text()
    before = mine.read_text()
    assert kept.keep(EXERCISES["tanh_backward"], sys.modules["my_rnn"].tanh_backward).startswith("Kept in my_rnn.py: 2")
    assert list(own_functions()) == ["tanh_backward", "hidden_gradients"] and mine.read_text() == before
    monkeypatch.delitem(sys.modules, "my_rnn")


# ---------------------------------------------------------------- what cannot stand alone


@pytest.mark.parametrize(
    "code, why",
    [
        ("many = list(range(9999))\ndef count_parameters(H, V):\n    return many[1] * (2*H*V + H*H + H + V)",
         "it uses `many` of the page, which cannot be written down in a line"),
        ("class Sizes:\n    two = 2\ndef count_parameters(H, V):\n    return Sizes.two*H*V + H*H + H + V",
         "it uses `Sizes` of the page, which cannot be written down in a line"),
        ("calls = 0\ndef count_parameters(H, V):\n    global calls\n    calls += 1\n    return 2*H*V + H*H + H + V",
         "it changes `calls`, which stands outside of it"),
        ("exec('def two(): return 2')\ndef count_parameters(H, V):\n    return two()*H*V + H*H + H + V",
         "the source of `two` is not found anywhere"),
        ("import sys\ndef count_parameters(H, V):\n    return 2*H*V + H*H + H + V + (__name__ != '__main__')",
         "outside of the page it does not work"),
        ("import types\nm = types.ModuleType('none')\ndef count_parameters(H, V):\n    return 2*H*V + H*H + H + V or m",
         "outside of the page it does not work"),
    ],
)  # fmt: skip
def test_what_cannot_stand_alone_is_said_and_not_written(mine, code, why):
    assert keep("count_parameters", code) == f"It is not kept in my_rnn.py: {why}."
    assert not mine.exists() and not recall()


def test_without_source_nothing_is_said(mine):
    names = {}
    exec("def count_parameters(H, V): return 2*H*V + H*H + H + V", names)
    for function in [names["count_parameters"], np.add, "text", None, pow, type("C", (), {"__call__": pow})()]:
        assert kept.keep(EXERCISES["count_parameters"], function) == ""
    assert not mine.exists()


# ---------------------------------------------------------------- names and constants


NAMES = [
    ("def f(a, *b, c=d, **e):\n    g = a + b + c + e + h\n    return g", "d h"),
    ("def f():\n    return [x for x in y if x]", "y"),
    ("def f(x):\n    return [x for x in x], x", ""),
    ("f = [x for x in x]", "x f"),
    ("def f():\n    x = 1\n    def g():\n        return x + y\n    return g", "y"),
    ("def f():\n    import a.b, c as d\n    return a, d, c", "c"),
    ("def f(x: t = u) -> v:\n    y: w = x\n    return y", "v t u w"),
    ("@a.b\ndef f():\n    try:\n        z\n    except e as z:\n        pass", "a e"),
    ("def f():\n    with a() as b:\n        for c, (d, e) in b: pass\n    return d", "a"),
    ("def f():\n    if (n := len(x)) and any((m := y) for y in x): return n, m", "len x any"),
    ("def f(k=lambda y: y + z):\n    return y", "z y"),
    ("class C(B):\n    v = w\n    def m(self): return q", "B w q"),
    ("def f(x):\n    match x:\n        case [a, *b]: return a, b, c\n        case {'k': d, **e}: return d, e", "c"),
    ("def f():\n    global x\n    x = 1", "x"),
    ('def f(x):\n    return f"{x} {y}"', "y"),
]


def test_the_names_from_outside():
    with every_case() as case:
        for source, names in NAMES:
            with case(f"{source!r:.60}"):
                assert set(outer_names(source)) == set(names.split())


@pytest.mark.parametrize(
    "source, result",
    [
        ("def a(x):\n    é = 'ö', a, b(x)  # a b\n    return x.a, é",
         "def new_a(x):\n    é = 'ö', new_a, c(x)  # a b\n    return x.a, é"),
        ("def f(a):\n    return a + b(b=a)", "def f(a):\n    return a + c(b=a)"),
        ("def f(x=a): return [a for a in b]", "def f(x=new_a): return [a for a in c]"),
        ("a = 3", "new_a = 3"),
        ("a = lambda b: a(b)", "new_a = lambda b: new_a(b)"),
    ],
)  # fmt: skip
def test_other_names(source, result):
    assert renamed(source, {"a": "new_a", "b": "c"}) == result


def test_a_new_name_that_a_variable_has_is_refused():
    with pytest.raises(ValueError, match="variable"):
        renamed("def f(c):\n    return c + b", {"b": "c"})


def test_what_python_warns_of_in_a_file_is_not_said_again(mine):
    mine.write_text("# ---------------- lesson 01: one_hot\ndef one_hot(ids, vocab_size):\n    return '\\d' is ids\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert OwnFile.read(mine).damaged == ()


def test_the_first_def_alone_gets_another_name():
    source = 'def a(text="""\ndef b"""):\n    return a'
    assert defined_as(source, "c") == source.replace("def a", "def c") and defined_as(source, "a") == source


def test_what_cannot_get_another_name_is_refused():
    with pytest.raises(ValueError, match="still there"):
        renamed("class A:\n    pass\n\n\ndef f():\n    return A()", {"A": "B"})


CONSTANTS = [
    None, True, -3, 10**30, 0.1, -0.0, 1e-300, math.inf, 2 + 3j, "it's\n", b"\0", (), (1,), [1, (2.5, "x")], {},
    set(), {"a": [1], 2: None}, {1, 2}, frozenset("b"), np.array([[0.1, -2.0]]), np.array([1, 2]),
    np.array([True, False]),
    np.array(1.5), np.float32([0.1, 3e38]), np.uint8([255]), np.array([np.inf, 1.0]), np.float64(0.1), np.int64(-3),
    np.bool_(True),
]  # fmt: skip


def test_constants_are_written_down_exactly():
    with every_case() as case:
        for value in CONSTANTS:
            with case(f"{value!r:.60}"):
                read = eval(literal(value), {"np": np})
                assert type(read) is type(value) and repr(read) == repr(value)
                if isinstance(value, np.ndarray):
                    assert read.dtype == value.dtype and read.shape == value.shape and np.array_equal(read, value)


nested = []
nested.append(nested)


@pytest.mark.parametrize(
    "value",
    [object(), len, range, np.zeros((0, 3)), np.zeros(9999), np.array(["a"]), np.array([None]), [object()], nested,
     "x" * 5000, list(range(5000)), np.longdouble(1) / 3, np.zeros(2, [("a", int)]), rnn_helpers.RNN],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_is_no_small_simple_value_is_not_written_down(value):
    assert literal(value) == ""


def test_a_set_is_always_written_in_the_same_order():
    assert literal({"c", "a", "d", "b"}) == "{'a', 'b', 'c', 'd'}"


def test_nan_is_written_down():
    assert math.isnan(eval(literal(math.nan))) and np.isnan(eval(literal(np.array([np.nan])), {"np": np})).all()
