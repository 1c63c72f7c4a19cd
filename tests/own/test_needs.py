"""Tests of what a function takes along into its file in my_rnn: imports, helpers and constants."""

import math
import textwrap

import numpy as np
import pytest
from cells import COUNT, CROSS_ENTROPY, GRADIENT, HIDDEN, ONE_HOT, SOFTMAX, TANH, file_of, keep, page
from helpers import every_case

import rnn_helpers
from course import check
from course.lessons import EXERCISES
from course.own import folder, kept
from course.own.gather import literal
from course.own.kept import own_functions
from course.own.names import changes_outside, defined_as, imported, outer_names, top_level
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
def test_imports(before, body, line):
    keep("one_hot", f"{before}\n\ndef one_hot(ids, vocab_size):\n    return {body}\n")
    assert line in file_of("one_hot").splitlines()
    assert list(own_functions()) == ["one_hot"]


def test_imports_that_only_the_old_version_needed_go():
    keep("one_hot", "import numpy\n" + textwrap.dedent(ONE_HOT).replace("np.", "numpy."))
    assert "\nimport numpy\n" in file_of("one_hot")
    keep("one_hot", ONE_HOT)
    assert "\nimport numpy\n" not in file_of("one_hot") and "\nimport numpy as np\n" in file_of("one_hot")


def test_helpers_and_constants_come_along_each_once():
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
    text = file_of("count_parameters")
    assert [text.count(part) for part in ("BIASES = (1, 1)", "def product", "def two", "unused")] == [1, 1, 1, 0]
    assert list(own_functions()) == ["count_parameters"]


def test_an_array_brings_numpy_along():
    body = "TABLE = array([[2, 1]])\ndef count_parameters(H, V):\n    return int(TABLE[0, 0]) * H * V + H * H + H + V\n"
    keep("count_parameters", "from numpy import array\n" + body)
    assert "import numpy as np\n" in file_of("count_parameters") and list(own_functions()) == ["count_parameters"]
    other = body.replace("return ", "return 0 * np + ")
    assert "two things that it uses are called `np`" in keep(
        "count_parameters", f"from numpy import array\nnp = 5\n{other}"
    )


def test_names_inside_other_functions_are_found():
    def inside():
        offset, step = 0, 1

        def helper(k):
            return k + offset

        def count_parameters(hidden_size, vocab_size):
            H, V = hidden_size, vocab_size
            return helper(step * (2 * H * V + H * H + H + V))

        return count_parameters

    kept.keep(EXERCISES["count_parameters"], inside())
    assert "offset = 0\n" in file_of("count_parameters") and list(own_functions()) == ["count_parameters"]


def test_another_name_gets_an_alias():
    names = page(SOFTMAX.replace("def softmax", "def my_softmax"))
    assert "1 of" in kept.keep(EXERCISES["softmax"], names["my_softmax"])
    assert file_of("softmax").endswith("\n\n\nsoftmax = my_softmax\n")
    assert list(own_functions()) == ["softmax"]


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\none_hot = lambda ids, vocab_size: np.eye(vocab_size)[ids]",
        "import numpy as np\none_hot = (lambda ids,\n    vocab_size: np.eye(vocab_size)\n    [ids])",
        "import numpy as np\nother, one_hot = lambda ids: 1, lambda ids, vocab_size: np.eye(vocab_size)[ids]",
    ],
)
def test_a_lambda_is_kept_under_the_name_of_the_exercise(code):
    keep("one_hot", code)
    assert "one_hot = " in file_of("one_hot") and "other" not in file_of("one_hot").partition("import")[2]
    assert list(own_functions()) == ["one_hot"]


def test_of_two_equal_looking_lambdas_in_a_line_none_is_taken_for_the_other(mine):
    code = "import numpy as np\nlist = [lambda a, b: np.eye(b)[a], lambda a, b: np.eye(b)[ a]]\none_hot = list[0]"
    assert "the source of `one_hot` is not found" in keep("one_hot", code) and not mine.exists()


def test_a_decorated_function_keeps_its_decorators():
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
    assert "@halved\ndef count_parameters" in file_of("count_parameters") and list(own_functions()) == [
        "count_parameters"
    ]


def test_a_function_that_calls_itself():
    code = """
        def smooth_loss(previous, loss, again=True):
            return smooth_loss(previous, loss, False) if again else 0.999 * previous + 0.001 * loss
        """
    keep("smooth_loss", code)
    assert list(own_functions()) == ["smooth_loss"]


def test_a_function_inside_another_that_calls_itself_and_a_recursive_helper():
    code = """
        def many(k):
            return 0 if k == 0 else 1 + many(k - 1)

        def count_parameters(H, V):
            def product(a, b):
                return 0 if a == 0 else b + product(a - 1, b)
            return many(2) * product(H, V) + product(H, H) + H + V
        """
    keep("count_parameters", code)
    assert file_of("count_parameters").count("def many") == 1 and list(own_functions()) == ["count_parameters"]


# ---------------------------------------------------------------- helpers of two files, and of two names


def test_two_pages_with_different_helpers_of_one_name():
    keep("softmax", SOFTMAX)
    other = GRADIENT.replace("softmax(logits)", "softmax(shifted(logits))")
    keep("softmax_gradient", "def shifted(z):\n    return 1 * z\n" + textwrap.dedent(other))
    keep("count_parameters", "def shifted(z):\n    return z\n" + textwrap.dedent(COUNT).replace("2 *", "shifted(2) *"))
    texts = [file_of(name) for name in ("softmax", "softmax_gradient", "count_parameters")]
    assert [text.count("def shifted(z)") for text in texts] == [1, 1, 1]
    assert list(own_functions()) == ["softmax", "softmax_gradient", "count_parameters"]


def test_a_helper_of_two_exercises_stands_in_both_files_and_outlives_the_first():
    cell = textwrap.dedent(SOFTMAX) + textwrap.dedent(GRADIENT).replace("slopes = softmax", "slopes = softmax_of")
    names = page(cell.replace("def softmax(", "def softmax_of("))
    kept.keep(EXERCISES["softmax"], names["softmax_of"])
    kept.keep(EXERCISES["softmax_gradient"], names["softmax_gradient"])
    for name in ("softmax", "softmax_gradient"):
        assert file_of(name).count("def shifted(") == file_of(name).count("def softmax_of(") == 1
    before = file_of("softmax_gradient")
    keep("softmax", SOFTMAX.replace("shifted", "moved"))
    assert file_of("softmax_gradient") == before
    assert list(own_functions()) == ["softmax", "softmax_gradient"] and own_functions().message == ""


def test_another_name_of_a_helper_or_of_the_function_itself_is_no_second_one():
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
    assert file_of("count_parameters").count("def ") == 2 and list(own_functions()) == ["count_parameters"]


def test_two_names_of_one_import_are_both_imported():
    keep("one_hot", "from numpy import eye\nI = eye\ndef one_hot(ids, V):\n    return (eye(V) * I(V))[ids]\n")
    assert "from numpy import eye\nfrom numpy import eye as I\n" in file_of("one_hot")
    assert list(own_functions()) == ["one_hot"]


@pytest.mark.parametrize("name", ["sum", "math", "one_hot"])
def test_a_helper_with_the_name_of_something_that_others_use(name):
    """Its file is its own: a builtin, a module or an exercise of that name means what it did in all other files."""
    keep("cross_entropy", CROSS_ENTROPY)
    keep("one_hot", ONE_HOT)
    keep("count_parameters", f"def {name}(x):\n    return x\n" + textwrap.dedent(COUNT).replace("2 *", f"{name}(2) *"))
    assert f"def {name}(x):" in file_of("count_parameters")
    assert list(own_functions()) == ["one_hot", "cross_entropy", "count_parameters"]


def test_a_builtin_that_the_page_has_replaced_comes_along():
    code = "def sum(x):\n    return x + 1\ndef count_parameters(H, V):\n    return 2*H*V + H*H + sum(H + V) - 1\n"
    keep("count_parameters", code)
    assert "def sum(x)" in file_of("count_parameters") and list(own_functions()) == ["count_parameters"]


@pytest.mark.parametrize("code", ["wrapped(count)", "functools.lru_cache(count)"])
def test_what_a_decorator_has_made_is_kept_as_it_was_written(code):
    before = """
        import functools

        def wrapped(function):
            @functools.wraps(function)
            def inner(*sizes):
                return function(*sizes)
            return inner

        def count(H, V):
            return 2 * H * V + H * H + H + V

        """
    names = page(textwrap.dedent(before) + f"count_parameters = {code}")
    assert kept.keep(EXERCISES["count_parameters"], names["count_parameters"]).startswith("Kept in")
    assert list(own_functions()) == ["count_parameters"]


# ---------------------------------------------------------------- functions that are taken from the folder


def test_functions_taken_from_my_rnn_are_not_written_a_second_time(mine, monkeypatch):
    keep("tanh_backward", TANH)
    monkeypatch.syspath_prepend(mine.parent)
    names = page("from my_rnn import tanh_backward as tanh_backward")
    keep("hidden_gradients", HIDDEN, names)
    assert "def tanh_backward" not in file_of("hidden_gradients")
    assert "from my_rnn.tanh_backward import tanh_backward\n" in file_of("hidden_gradients")
    before = file_of("tanh_backward")
    says = kept.keep(EXERCISES["tanh_backward"], names["tanh_backward"])
    assert says.startswith("Kept in my_rnn/tanh_backward.py: 2") and file_of("tanh_backward") == before
    assert list(own_functions()) == ["tanh_backward", "hidden_gradients"]


def test_a_helper_out_of_a_file_of_the_folder_is_imported_from_there(mine, monkeypatch):
    keep("softmax", SOFTMAX)
    monkeypatch.syspath_prepend(mine.parent)
    gradient = GRADIENT.replace("from rnn_helpers import softmax", "from my_rnn.softmax import shifted as s, softmax")
    keep("softmax_gradient", gradient.replace("softmax(logits)", "softmax(s(logits))"))
    assert "from my_rnn.softmax import shifted as s\n" in file_of("softmax_gradient")
    assert list(own_functions()) == ["softmax", "softmax_gradient"]
    says = keep("softmax", SOFTMAX.replace("shifted", "moved"))
    assert says.endswith(" softmax_gradient calls this one and is wrong now: run that cell again.")


def test_the_folder_as_a_whole_cannot_be_taken_along(mine, monkeypatch):
    monkeypatch.syspath_prepend(mine.parent)
    keep("softmax", SOFTMAX)
    code = GRADIENT.replace("from rnn_helpers import softmax", "import my_rnn").replace(
        "softmax(log", "my_rnn.softmax(log"
    )
    assert keep("softmax_gradient", code) == (
        "It is right, but not kept in my_rnn: it uses all of `my_rnn`. "
        "Import what it calls: from my_rnn import softmax."
    )


def test_a_function_of_own_functions_that_a_page_gave_another_name_is_known():
    keep("softmax", SOFTMAX)
    names = {"__name__": "__main__", "normalize": own_functions()["softmax"]}
    code = GRADIENT.replace("from rnn_helpers import softmax", "").replace("softmax(logits)", "normalize(logits)")
    keep("softmax_gradient", code, names)
    assert "from my_rnn.softmax import softmax as normalize\n" in file_of("softmax_gradient")
    assert list(own_functions()) == ["softmax", "softmax_gradient"]


def test_a_new_version_that_another_function_cannot_use_is_said():
    names = page(TANH.replace("(dh, h)", "(dh, h, square=True)"))
    kept.keep(EXERCISES["tanh_backward"], names["tanh_backward"])
    hidden = HIDDEN.replace("hidden[t + 1])", "hidden[t + 1], True)")
    keep("hidden_gradients", hidden, names)
    assert keep("tanh_backward", TANH).endswith(
        " are yours. hidden_gradients calls this one and is wrong now: run that cell again."
    )
    assert own_functions().message == (
        "hidden_gradients in my_rnn/hidden_gradients.py is no longer right: run its cell on the page again."
    )
    # Run again, its cell is right: it takes along what it needs from its page.
    assert keep("hidden_gradients", hidden, names).startswith("Kept in my_rnn/hidden_gradients.py")
    assert "def tanh_backward(dh, h, square=True)" in file_of("hidden_gradients")
    assert list(own_functions()) == ["tanh_backward", "hidden_gradients"] and own_functions().message == ""


# ---------------------------------------------------------------- what cannot stand alone


@pytest.mark.parametrize(
    "code, why",
    [
        ("many = list(range(9999))\ndef count_parameters(H, V):\n    return many[1] * (2*H*V + H*H + H + V)",
         "it uses `many` of the page, which cannot be written down in a line."),
        ("class Sizes:\n    two = 2\ndef count_parameters(H, V):\n    return Sizes.two*H*V + H*H + H + V",
         "it uses `Sizes` of the page, which cannot be written down in a line."),
        ("calls = 0\ndef count_parameters(H, V):\n    global calls\n    calls += 1\n    return 2*H*V + H*H + H + V",
         "it changes `calls`, which stands outside of it."),
        ("exec('def two(): return 2')\ndef count_parameters(H, V):\n    return two()*H*V + H*H + H + V",
         "the source of `two` is not found. Does its cell begin with `%%time` or the like?"),
        ("def count_parameters(H, V):\n    return 2*H*V + H*H + H + V + (__name__ != '__main__')",
         "outside of the page it does not work."),
        ("import types\nm = types.ModuleType('none')\ndef count_parameters(H, V):\n    return 2*H*V + H*H + H + V or m",
         "outside of the page it does not work (ModuleNotFoundError: No module named 'none')."),
        ("class Counter:\n    def count(self, H, V):\n        return 2*H*V + H*H + H + V\n"
         "count_parameters = Counter().count",
         "it is a method of an object. Write it as a function: def, at the left margin."),
        ("class Counter:\n    def __call__(self, H, V):\n        return 2*H*V + H*H + H + V\n"
         "count_parameters = Counter()",
         "it is an object of the type Counter, which has no source of its own. Write it as a function: def."),
        ("import functools\ndef count(two, H, V):\n    return two*H*V + H*H + H + V\n"
         "count_parameters = functools.partial(count, 2)",
         "it is an object of the type partial, which has no source of its own. Write it as a function: def."),
        ("import numpy as np\ndef count(H, V):\n    return 2*H*V + H*H + H + V\n"
         "count_parameters = np.vectorize(count)",
         "it is an object of the type vectorize, which has no source of its own. Write it as a function: def."),
        ("import numpy as np\ncount_parameters = np.frompyfunc(lambda H, V: 2*H*V + H*H + H + V, 2, 1)",
         "it is an object of the type ufunc, which has no source of its own. Write it as a function: def."),
    ],
)  # fmt: skip
def test_what_cannot_stand_alone_is_said_and_not_written(mine, code, why):
    assert keep("count_parameters", code) == f"It is right, but not kept in my_rnn: {why}"
    assert not mine.exists() and not recall("count_parameters")


def test_what_has_no_source_is_said(mine):
    names = {}
    exec("def count_parameters(H, V): return 2*H*V + H*H + H + V", names)
    for function in [names["count_parameters"], np.add, "text", None, pow, type("C", (), {"__call__": pow})()]:
        says = kept.keep(EXERCISES["count_parameters"], function)
        assert says.startswith("It is right, but not kept in my_rnn: ") and "source" in says
    assert not mine.exists()


def test_check_says_why_a_right_answer_is_not_kept():
    names = {}
    exec(textwrap.dedent(SOFTMAX), names)
    assert repr(check("softmax", names["softmax"])).endswith(
        "It is right, but not kept in my_rnn: the source of `softmax` is not found. "
        "Does its cell begin with `%%time` or the like?"
    )


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


def test_the_first_def_alone_gets_another_name():
    source = 'def a(text="""\ndef b"""):\n    return a'
    assert defined_as(source, "c") == source.replace("def a", "def c") and defined_as(source, "a") == source


def test_what_changes_things_outside_and_what_is_imported_and_defined_at_the_top():
    source = (
        "import a.b\nfrom c import d as e, f\nx: int = 1\ny = z = 2\n\n\n@g\ndef h():\n    import i\n    global x\n"
        "    def j():\n        nonlocal k\n"
    )
    assert sorted(changes_outside(source.replace("global x", "k = 1\n    global x"))) == ["k", "x"]
    assert imported(source) == {"a.b": ("a.b", ""), "e": ("c", "d"), "f": ("c", "f")}
    found = top_level(source)
    assert list(found) == ["x", "y", "z", "h"] and found["h"].startswith("@g\ndef h():")


def test_what_python_warns_of_in_a_file_is_not_said_again(mine, recwarn):
    keep("one_hot", ONE_HOT)
    text = file_of("one_hot").replace("return", "'\\d' is ids\n    return")
    folder.path_of("one_hot").write_text(text)
    assert folder.fault_in(text) == 0 and list(own_functions()) == ["one_hot"]
    assert not [one for one in recwarn if issubclass(one.category, SyntaxWarning)]


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
