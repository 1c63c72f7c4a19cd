"""Tests of how the files of my_rnn call each other: each calls the learner's functions, and the course's until then."""

import random
import sys
import textwrap

import numpy as np
import pytest
from answers import finished_page
from cells import CROSS_ENTROPY, GRADIENT, ONE_HOT, SOFTMAX, TANH, file_of, keep, page
from helpers import every_case, random_case
from own_road import STYLES, code_of

import rnn_helpers
from course import check
from course.lessons import EXERCISES, OWN
from course.lessons.contents import FIRST_ROUND
from course.own import folder, kept, stand_ins
from course.own.kept import is_finished_function, own_functions
from course.own.loading import forget

# Which taught functions those of the first style call, and so their files.
pytestmark = pytest.mark.slow  # each test fills a folder, and many run all that is in it

CALLS = {
    "softmax_gradient": {"softmax", "one_hot"},
    "forward_pass": {"rnn_step", "output_probs", "cross_entropy"},
    "backward_pass": {"one_hot", "hidden_gradients", "weight_gradients"},
    "train_epoch": {"chunks", "forward_pass", "sgd_step", "backward_pass", "smooth_loss"},
}


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    yield tmp_path / "my_rnn"
    forget()  # what a page has imported from there


def keep_right(name, style=0):
    says = keep(name, code_of(name, style), finished_page(name))
    assert says.startswith(f"Kept in my_rnn/{name}.py: ") and "wrong now" not in says, says


def marks_of(path):
    return path.read_bytes(), path.stat().st_mtime_ns


# ---------------------------------------------------------------- in each order


@pytest.mark.parametrize("first", ["softmax", "softmax_gradient"])
def test_the_caller_calls_the_learners_whichever_is_kept_first(first):
    codes = {"softmax": SOFTMAX, "softmax_gradient": GRADIENT}
    keep(first, codes.pop(first))
    ((second, code),) = codes.items()
    before = marks_of(folder.path_of(first))
    keep(second, code)
    assert marks_of(folder.path_of(first)) == before, "that file is not touched"
    assert "from my_rnn.softmax import softmax\n" in file_of("softmax_gradient")
    functions = own_functions()
    assert list(functions) == ["softmax", "softmax_gradient"]
    assert functions["softmax_gradient"].__globals__["softmax"] is functions["softmax"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_the_road_in_any_order_gives_one_network(seed):
    """Whatever comes first: the files are the same in the end, and none is written twice."""
    order = random.Random(seed).sample(FIRST_ROUND, len(FIRST_ROUND))
    marks = {}
    for name in order:
        keep_right(name)
        marks[name] = marks_of(folder.path_of(name))
        assert all(marks_of(folder.path_of(other)) == mark for other, mark in marks.items()), (name, order)
    functions = own_functions()
    assert list(functions) == [name for name in OWN if name in FIRST_ROUND] and functions.message == ""
    for name, called in CALLS.items():
        assert set(folder.taught_in(file_of(name))) == called
        assert all(functions[name].__globals__[other] is functions[other] for other in called)
    if seed:
        return
    texts = {name: file_of(name) for name in OWN}
    for name in FIRST_ROUND:  # again, in the order of the pages
        keep_right(name)
    assert {name: file_of(name) for name in OWN} == texts


@pytest.mark.slow
@pytest.mark.parametrize("style", [one for one in STYLES if one])
def test_a_function_that_changes_is_called_in_its_new_form_and_no_caller_is_written(style):
    for name in FIRST_ROUND:
        keep_right(name)
    changing = [name for name in FIRST_ROUND if name not in CALLS]
    before = {name: marks_of(folder.path_of(name)) for name in CALLS}
    with every_case() as case:
        for name in changing:
            with case(name):
                says = keep(name, code_of(name, style), finished_page(name))
                assert says.startswith(f"Kept in my_rnn/{name}.py: {len(FIRST_ROUND)} of "), says
                functions = own_functions()
                assert {other: marks_of(folder.path_of(other)) for other in CALLS} == before
                for caller, called in CALLS.items():
                    if name in called:
                        assert functions[caller].__globals__[name] is functions[name]


# ---------------------------------------------------------------- whatever the page has put over the name


def of_the_course():
    return rnn_helpers.softmax


def of_the_lesson():
    return EXERCISES["softmax"].function


def of_the_page():
    return page(SOFTMAX)["softmax"]


def another_of_the_page():
    return page("import numpy as np\nsoftmax = lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)")["softmax"]


def out_of_own_functions():
    return own_functions()["softmax"]


def out_of_the_network():
    return own_functions().network.softmax


def from_the_folder():
    return page("from my_rnn import softmax")["softmax"]


def from_its_file():
    return page("from my_rnn.softmax import softmax")["softmax"]


@pytest.mark.parametrize("is_kept", [False, True])
@pytest.mark.parametrize(
    "value",
    [
        of_the_course,
        of_the_lesson,
        of_the_page,
        another_of_the_page,
        out_of_own_functions,
        out_of_the_network,
        from_the_folder,
        from_its_file,
    ],
)
def test_what_the_page_has_put_over_the_name_makes_no_difference(mine, monkeypatch, value, is_kept):
    if value is out_of_own_functions and not is_kept:
        return
    keep("one_hot", ONE_HOT)  # so that the folder is there
    if is_kept:
        keep("softmax", SOFTMAX)
    monkeypatch.syspath_prepend(mine.parent)
    names = {"__name__": "__main__", "softmax": value()}
    assert keep("softmax_gradient", GRADIENT.replace("from rnn_helpers import softmax", ""), names).startswith("Kept")
    assert file_of("softmax_gradient").split("\n")[2] == "from my_rnn.softmax import softmax"
    assert "def softmax(" not in file_of("softmax_gradient")
    keep("softmax", SOFTMAX.replace("as on the page", "a newer one"))
    functions = own_functions()
    assert functions["softmax_gradient"].__globals__["softmax"] is functions["softmax"]


@pytest.mark.parametrize(
    "line",
    [
        "from rnn_helpers import softmax as sm",
        "import rnn_helpers\nsm = rnn_helpers.softmax",
        "from my_rnn import softmax as sm",
        "from my_rnn.softmax import softmax as sm",
    ],
)
def test_under_another_name_it_is_the_learners_too(mine, monkeypatch, line):
    keep("one_hot", ONE_HOT)
    monkeypatch.syspath_prepend(mine.parent)
    code = textwrap.dedent(GRADIENT).replace("from rnn_helpers import softmax", line)
    keep("softmax_gradient", code.replace("softmax(logits)", "sm(logits)"))
    assert file_of("softmax_gradient").split("\n")[2] == "from my_rnn.softmax import softmax as sm"
    keep("softmax", SOFTMAX)
    functions = own_functions()
    assert functions["softmax_gradient"].__globals__["sm"] is functions["softmax"]


def test_a_name_of_one_exercise_over_another_function_of_the_course():
    """softmax is called under the name of one_hot: what a function is counts more than how the page calls it."""
    code = GRADIENT.replace("import softmax", "import softmax as one_hot").replace("softmax(logits)", "one_hot(logits)")
    keep("softmax_gradient", code)
    assert "from my_rnn.softmax import softmax as one_hot\n" in file_of("softmax_gradient")
    assert list(own_functions()) == ["softmax_gradient"]


def test_a_helper_calls_the_learners_functions_too():
    names = page("from rnn_helpers import softmax\ndef probs_of(scores):\n    return softmax(scores)\n")
    keep("softmax_gradient", GRADIENT.replace("softmax(logits)", "probs_of(logits)"), names)
    assert "from my_rnn.softmax import softmax\n" in file_of("softmax_gradient")
    keep("softmax", SOFTMAX)
    functions = own_functions()
    assert functions["softmax_gradient"].__globals__["softmax"] is functions["softmax"]


# ---------------------------------------------------------------- where that cannot be


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_helper_that_has_the_name_of_an_exercise_and_does_something_else_comes_along(is_kept):
    if is_kept:
        keep("softmax", SOFTMAX)
    names = page("def softmax(z):\n    return z + 1\n")
    code = "def tanh_backward(dh, h):\n    return dh * (softmax(-h * h))\n"
    assert keep("tanh_backward", code, names).startswith("Kept in my_rnn/tanh_backward.py")
    assert "def softmax(z):\n    return z + 1\n" in file_of("tanh_backward")
    assert "my_rnn" not in file_of("tanh_backward").partition('"""\n')[2].replace('"""', "")
    assert list(own_functions()) == ["softmax"] * is_kept + ["tanh_backward"]


def test_a_helper_of_that_kind_beside_a_function_of_the_course():
    names = page("from rnn_helpers import softmax\ndef one_hot(t, p):\n    p[range(len(t)), t] -= 1\n    return p\n")
    code = "def softmax_gradient(logits, targets):\n    return one_hot(targets, softmax(logits))\n"
    assert keep("softmax_gradient", code, names).startswith("Kept in")
    text = file_of("softmax_gradient")
    assert "def one_hot(t, p)" in text and "from my_rnn.softmax import softmax\n" in text


def test_a_function_of_a_page_that_has_two_meanings_there():
    """The exercise itself under another name is no import from its own file."""
    code = """
        from rnn_helpers import tanh_backward as finished

        def tanh_backward(dh, h):
            assert finished(dh, h).shape == dh.shape
            return dh * (1 - h**2)
        """
    assert keep("tanh_backward", code).startswith("Kept in")
    assert "from rnn_helpers import tanh_backward as finished\n" in file_of("tanh_backward")
    assert list(own_functions()) == ["tanh_backward"]


ROUND = "import numpy as np\ndef one_hot(ids, V):\n    return np.round(softmax(99 * np.eye(V)[ids]))\n"
AND_BACK = """
    import numpy as np

    def softmax(logits):
        exps = np.exp(logits - logits.max(axis=-1, keepdims=True)) * one_hot(np.zeros(1, int), 1)[0]
        return exps / exps.sum(axis=-1, keepdims=True)
    """


def test_two_functions_that_call_each_other_do_not_become_a_circle(mine, monkeypatch):
    """Python cannot load a circle: import my_rnn would fail."""
    assert keep("one_hot", ROUND, page(SOFTMAX)).startswith("Kept in")
    says = keep("softmax", AND_BACK, page("from rnn_helpers import one_hot"))
    assert says.startswith("Kept in my_rnn/softmax.py: 2 ")
    assert "from my_rnn.softmax import softmax\n" in file_of("one_hot")
    assert "from rnn_helpers import one_hot\n" in file_of("softmax")
    assert list(own_functions()) == ["one_hot", "softmax"]
    monkeypatch.syspath_prepend(mine.parent)
    names = page("import my_rnn")
    assert names["my_rnn"].one_hot([1], 2).tolist() == [[0, 1]]


def test_a_circle_through_a_stand_in_of_the_course():
    """The course's apply_temperature calls softmax: it cannot be what softmax is made of, unless it is the page's."""
    code = "def softmax(logits):\n    rows = logits.reshape(-1, logits.shape[-1])\n" + (
        "    return np.array([apply_temperature(row, 1) for row in rows]).reshape(logits.shape)\n"
    )
    names = page(code_of("apply_temperature", 1), {"__name__": "__main__", "np": np})
    assert keep("softmax", code, names).startswith("Kept in")
    assert "def apply_temperature(" in file_of("softmax")
    assert keep("softmax", code, finished_page("softmax")).startswith("Kept in")
    assert "from rnn_helpers import apply_temperature\n" in file_of("softmax")
    assert list(own_functions()) == ["softmax"]


def test_a_circle_that_the_page_itself_took_from_the_folder_is_said(mine, monkeypatch):
    keep("one_hot", ROUND, page(SOFTMAX))
    monkeypatch.syspath_prepend(mine.parent)
    says = keep("softmax", AND_BACK, page("from my_rnn import one_hot"))
    assert says == (
        "It is right, but not kept in my_rnn: outside of the page it does not work "
        "(it calls one_hot, which calls softmax itself)."
    )


def test_a_circle_that_the_learner_has_written_is_named(mine):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    for name, other in (("one_hot", "softmax"), ("softmax", "one_hot")):
        folder.path_of(name).write_text(f"from my_rnn.{other} import {other}\n{file_of(name)}")
    functions = own_functions()
    assert list(functions) == ["one_hot"]
    assert functions.message == "my_rnn/softmax.py: it calls a function that calls softmax itself: my_rnn.one_hot."


def test_one_that_is_right_with_the_courses_function_alone_calls_that_one():
    """A learner's function may be right and less exact than that of the course."""
    keep(
        "cross_entropy",
        textwrap.dedent(CROSS_ENTROPY).replace("math.log(row[target])", "math.log(row[target] + 1e-12)"),
    )
    code = """
        import numpy as np
        from rnn_helpers import cross_entropy

        def surprise(probs, targets):
            nats = [cross_entropy(probs[t : t + 1], targets[t : t + 1]) for t in range(len(targets))]
            return np.array(nats) / np.log(2)
        """
    assert keep("surprise", code).startswith("Kept in my_rnn/surprise.py")
    assert list(own_functions()) == ["cross_entropy", "surprise"] and own_functions().message == ""


# ---------------------------------------------------------------- what stands in


NONE_CALLED = [name for name in OWN if not set(stand_ins.names_in(name)) & set(OWN)]
COMPOSED = [name for name in OWN if name not in NONE_CALLED]


def test_the_composed_ones_are_of_the_first_round():
    assert set(CALLS) <= set(COMPOSED) <= set(FIRST_ROUND)


def test_with_nothing_kept_the_finished_functions_themselves_stand_in():
    network = own_functions().network
    for name, function in vars(network).items():
        assert is_finished_function(OWN[name], function), name
        if hasattr(rnn_helpers, name):
            assert function is getattr(rnn_helpers, name)


def called_by(name):
    """The composed functions that call this one, directly or through others."""
    found = [name]
    for one in found:
        found += [other for other in COMPOSED if one in stand_ins.names_in(other) and other not in found]
    return set(found[1:])


@pytest.mark.parametrize("name", [name for name in FIRST_ROUND if called_by(name)])
def test_with_one_function_kept_all_that_call_it_are_composed_and_give_the_finished_results(name):
    keep_right(name)
    network = own_functions().network
    for other in OWN:
        function = getattr(network, other)
        assert stand_ins.runs_yours(function) == (other == name or other in called_by(name)), other
        if other in called_by(name):
            assert function.__name__ == other and function.__doc__, "it looks like any other"
            assert is_finished_function(OWN[other], function), "and is the course's"
            assert check(other, function).verdict == "correct" and folder.yours() == [name]
    compare_with_the_engine(network)


def compare_with_the_engine(network):
    inputs, targets, h, parameters = random_case(5, 7, (11,), 3)
    forward = network.forward_pass(inputs, targets, h, parameters)
    finished = rnn_helpers.forward_pass(inputs, targets, h, parameters)
    assert type(forward) is rnn_helpers.ForwardPass
    for got, wanted in zip(forward, finished):
        np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-12)
    gradients = network.backward_pass(inputs, targets, parameters, forward)
    assert type(gradients) is rnn_helpers.Parameters
    for got, wanted in zip(gradients, rnn_helpers.backward_pass(inputs, targets, parameters, finished)):
        np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-12)
    assert rnn_helpers.gradient_check(inputs, targets, h, parameters, network.backward_pass).ok
    ids = np.random.default_rng(1).integers(0, 7, 60)
    for smoothed in (None, 12.5):
        ours, theirs = (type(parameters)(*[value.copy() for value in parameters]) for _ in range(2))
        losses = network.train_epoch(ids, ours, 9, 0.1, smoothed)
        if smoothed is None:
            wanted = EXERCISES["train_epoch"].function(ids, theirs, 9, 0.1)
            np.testing.assert_allclose(losses, wanted, rtol=0, atol=1e-12)
            for got, value in zip(ours, theirs):
                np.testing.assert_allclose(got, value, rtol=0, atol=1e-12)
        assert len(losses) == 6 and abs(losses[0] - (0.999 * (smoothed or 9 * np.log(7)))) < 1
    for temperature in ((), (0.6,)):
        drawn, wanted = [
            function(parameters, h, 2, 40, np.random.default_rng(5), *temperature)
            for function in (network.sample_ids, EXERCISES["sample_ids"].function)
        ]
        assert list(drawn) == list(wanted)
    scores = np.random.default_rng(2).normal(size=7)
    wanted = rnn_helpers.softmax(scores / 0.7)
    np.testing.assert_allclose(network.apply_temperature(scores, 0.7), wanted, rtol=0, atol=1e-12)
    wanted = rnn_helpers.softmax(scores) - rnn_helpers.one_hot([3], 7)[0]
    np.testing.assert_allclose(network.softmax_gradient(scores[None], [3])[0], wanted, rtol=0, atol=1e-12)


def test_a_stand_in_that_runs_the_learners_is_not_taken_for_the_learners(mine, monkeypatch):
    keep("softmax", SOFTMAX)
    monkeypatch.syspath_prepend(mine.parent)
    names = page("from my_rnn import softmax_gradient\ndef wrapped(z, t):\n    return softmax_gradient(z, t)\n")
    for function in (names["softmax_gradient"], names["wrapped"]):
        says = check("softmax_gradient", function).kept
        assert says.startswith("This is the finished softmax_gradient of rnn_helpers: write your own")
    assert folder.yours() == ["softmax"]


def test_a_finished_function_that_calls_others_under_its_own_name():
    """Composed ones leave the modules of the course as they are."""
    before = {name: vars(stand_ins)[name] for name in ("softmax", "rnn_step", "forward_pass")}
    keep("softmax", SOFTMAX)
    keep("tanh_backward", TANH)
    assert {name: vars(stand_ins)[name] for name in before} == before
    assert rnn_helpers.forward_pass is before["forward_pass"]
    assert kept.own_functions().network.forward_pass.__globals__["rnn_step"] is rnn_helpers.rnn_step
    assert "my_rnn" not in sys.modules
