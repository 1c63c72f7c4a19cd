"""one_page(): rnn_helpers.py with the learner's functions, as one file that runs."""

import math
import re
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from answers import finished_page
from cells import GRADIENT, SOFTMAX, file_of, keep, page
from helpers import LINE, ROOT, every_case, random_network
from own_road import STYLES, code_of

import rnn_helpers
from course import one_page
from course.checker.words import CORRECT
from course.lessons import BANK, EXERCISES, NETWORK, OWN, page_of
from course.own import folder
from course.own.one_page import run_alone

# what rnn_helpers.py says of a text at once, and then of its first epoch
FIRST_LINES = r"[\d,]+ characters: [\d,]+ steps an epoch, then a line\.\nepoch 1, smoothed loss "

pytestmark = pytest.mark.slow  # nearly all run the whole file, or check everything in it


def loaded():
    """Run the one page as a module, and return its names."""
    return page(one_page(), {"__name__": "my_network", "__file__": "my_network.py"})


def of_the_course(names):
    """Return the names of the page's functions that are the course's."""
    return [name for name in NETWORK if names[name].__doc__ == vars(rnn_helpers)[name].__doc__]


def assert_right(names):
    """Fail unless all functions of the page are right."""
    with every_case() as case:
        for name in NETWORK:
            with case(name):
                found = EXERCISES[name].examine(names[name], BANK)
                assert found.verdict == CORRECT, found.message


def assert_trains_and_writes_as_the_course(names):
    """Fail unless the network of the page does what that of the course does. All but two functions run."""
    ids, results = np.random.default_rng(3).integers(0, 5, 41), []
    for functions in (names, vars(rnn_helpers)):
        parameters, rng = random_network(4, 5, 6), np.random.default_rng(3)
        losses = functions["train_epoch"](ids, parameters, 10, 0.1, 20.0)
        written = functions["sample_ids"](parameters, np.zeros(4), 0, 9, rng, 0.5)
        results.append([*losses, *parameters.W_hh.ravel(), *written])
    np.testing.assert_allclose(*results, rtol=1e-9, atol=0)


def keep_right(names, style=0):
    for name in names:
        assert keep(name, code_of(name, style), finished_page(name)).startswith("Kept in"), name


# ---------------------------------------------------------------- what is in it, and that it runs


def test_with_nothing_kept_it_is_the_courses_network():
    text = one_page()
    head, _, rest = text.partition("\nRead it from top to bottom")
    assert head == (
        '"""Your network on one page: a character RNN in NumPy alone.\n\nThe course lends all of its functions.\n'
    )
    original = (ROOT / "rnn_helpers.py").read_text(encoding="utf-8").replace("rnn_helpers.py", "my_network.py")
    assert original.endswith(rest)
    assert of_the_course(loaded()) == list(NETWORK)


@pytest.mark.parametrize(
    "style, which", [*((style, NETWORK) for style in STYLES), (0, (*NETWORK[::3], "numerical_gradient"))]
)
def test_it_has_the_learners_functions_and_computes_what_the_course_does(style, which):
    keep_right(which, style)
    text, names = one_page(), loaded()
    about = re.sub(r"\s+", " ", text.split('"""')[1])
    in_order = [name for name in vars(rnn_helpers) if name in which]
    assert f"Your functions in it: {len(which)} ({', '.join(in_order)})." in about
    for name in OWN:
        marked = f"# yours, from {page_of(name).label}\ndef {name}("
        assert text.count(f"\ndef {name}(") == (name in vars(rnn_helpers)) and (marked in text) == (name in which)
    assert of_the_course(names) == [name for name in NETWORK if name not in which]
    assert not re.search(r"my_rnn|rnn_helpers|course\.", text)
    assert_right(names)
    assert_trains_and_writes_as_the_course(names)


def run_file(place, *arguments):
    """Run a file in a Python that finds only the libraries."""
    command = [sys.executable, "-I", *map(str, arguments)]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_written_into_an_empty_folder_it_trains_and_writes_as_rnn_helpers_does(tmp_path):
    place = tmp_path / "empty"
    place.mkdir()
    text = place / "my.txt"
    text.write_text(LINE * 12, encoding="utf-8")
    wanted = run_file(place, ROOT / "rnn_helpers.py", text, 2)
    for which in ((), NETWORK[::2], NETWORK):
        keep_right(which)
        (place / "my_network.py").write_text(one_page(), encoding="utf-8")
        assert run_file(place, "my_network.py", "my.txt", 2) == wanted
        assert re.match(FIRST_LINES, wanted) and len(wanted.splitlines()) == 3


def test_page_06_lets_the_file_train_alone(tmp_path):
    (tmp_path / "my_network.py").write_text(one_page(), encoding="utf-8")
    says = run_alone(tmp_path / "my_network.py", LINE * 12)
    assert re.match(FIRST_LINES, says) and len(says.splitlines()) == 3
    (tmp_path / "my_network.py").write_text("import course", encoding="utf-8")
    assert "No module named 'course'" in run_alone(tmp_path / "my_network.py", LINE)


def test_what_is_no_longer_right_is_left_out_and_so_is_what_runs_at_the_end_of_a_file():
    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT)
    folder.path_of("softmax").write_text(file_of("softmax").replace("exps /", "exps *"))
    with folder.path_of("softmax_gradient").open("a", encoding="utf-8") as file:
        file.write('\n\nif __name__ == "__main__":\n    raise SystemExit\n')
    text = one_page()
    assert "\nYour functions in it: 1 (softmax_gradient).\n" in text
    assert "def shifted" not in text and "raise SystemExit\n" not in text
    assert_right(loaded())


# ---------------------------------------------------------------- names that mean two things


def numbered(name, code, number):
    """Return code for an exercise that needs a helper of this name, which multiplies by 1 in its own way."""
    return f"def {name}(x):\n    return x * {number} / {number}\n\n" + textwrap.dedent(code)


HELPERS = ["shifted", "softmax", "chunks", "np", "sys", "load_corpus", "main", "print", "int", "make_rnn_step"]


@pytest.mark.parametrize("name", HELPERS)
def test_helpers_of_one_name_do_not_clash(name):
    """Nor does one with the name of a builtin, another exercise, a module, or something in the file itself."""
    keep("tanh_backward", numbered(name, f"def tanh_backward(dh, h):\n    return {name}(dh) * (1 - h**2)\n", 3))
    step = f"def sgd_step(p, g, rate):\n    for a, b in zip(p, g):\n        a -= {name}(rate * b)\n"
    keep("sgd_step", numbered(name, step, 5))
    step = f"def clip(x):\n    return {name}(x)\n\ndef rnn_step(i, h, p):\n    a = p.W_xh[:, i] + p.W_hh @ h + p.b_h\n"
    keep("rnn_step", "from numpy import tanh\n" + numbered(name, step + "    return tanh(clip(a))\n", 7))
    assert folder.yours() == ["rnn_step", "tanh_backward", "sgd_step"]
    text, names = one_page(), loaded()
    assert_trains_and_writes_as_the_course(names)
    assert all(f"return x * {number} / {number}" in text for number in (3, 5, 7))
    if name in vars(rnn_helpers):
        assert names[name].__doc__ == vars(rnn_helpers)[name].__doc__


def test_a_helper_that_clashes_with_none_is_there_once_and_as_it_was_typed():
    keep("softmax", SOFTMAX)
    helper = "# What it needs:\nimport numpy as np  # as always\n\n"
    helper += "def shifted(z):\n    return z - z.max(axis=-1, keepdims=True)\n\n"
    code = code_of("softmax_gradient").replace("softmax(logits)", "softmax(shifted(logits))")
    keep("softmax_gradient", helper + code)
    text = one_page()
    assert text.count("\ndef shifted(z):\n") == 1 and text.count("import numpy as np\n") == 1
    typed = file_of("softmax").partition("import numpy as np\n\n\n")[2]
    assert f"\n\n\n# yours, from page 01\n{typed}\n\n# yours, from page 01\ndef cross_entropy" not in text
    assert f"\n\n\n# yours, from page 01\n{typed}\n\n" in text
    assert_right(loaded())


@pytest.mark.parametrize(
    "first, second",
    [
        ("from math import log", "from numpy import log"),
        ("import math\nlog = math.log", "from numpy import log"),
        ("from math import log", "SCALE = 2\ndef log(x):\n    return math.log(x)"),
    ],
)
def test_imports_and_aliases_of_one_name_do_not_clash(first, second):
    code = "def cross_entropy(probs, targets):\n    found = [p[t] for p, t in zip(probs, targets)]\n"
    code += "    return sum(-log(p) if p else 9e999 for p in found)\n"
    keep("cross_entropy", f"{first}\n\n{code}")
    code = code_of("draw").replace("u):\n", "u):\n    assert abs(log(2.0) - math.log(2)) < 1e-9\n")
    keep("draw", f"import math\n{second}\n{code}")
    assert folder.yours() == ["cross_entropy", "draw"]
    names = loaded()
    assert_right(names)
    assert math.isclose(names["cross_entropy"](np.array([[0.5, 0.5]]), [0]), math.log(2))


def test_a_call_of_what_stands_further_down_reaches_it():
    code = "from rnn_helpers import softmax as sm\ndef one_hot(ids, V):\n    return np.round(sm(99 * np.eye(V)[ids]))\n"
    keep("one_hot", f"import numpy as np\n{code}")
    keep("softmax", SOFTMAX)
    text = one_page()
    assert text.index("def one_hot(") < text.index("def softmax(")
    assert_right(loaded())
