"""An answer is right if it is right itself: it is tried with the finished functions in the place of its parts."""

import numpy as np
import pytest
from cells import file_of, page
from own_road import AS_TAUGHT

import rnn_helpers
from course.calls import check
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.own import folder
from course.own.kept import own_functions

ONE_HOT = "def one_hot(ids, vocab_size):\n    return np.eye(vocab_size)[ids]"
SOFTMAX = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)"""
STUB = "def softmax(logits):\n    ...  # your code"
OF_TABLE = "def softmax(logits):\n    e = np.exp(logits - logits.max())\n    return e / e.sum()"
ENDLESS = "def softmax(logits):\n    while True:\n        pass"
GRADIENT = """def softmax_gradient(logits, targets):
    return softmax(logits) - one_hot(targets, logits.shape[-1])"""
ADDED = GRADIENT.replace(" - ", " + ")
THROUGH = "def probs_of(z):\n    return softmax(z)\n\n\n" + GRADIENT.replace("softmax(l", "probs_of(l")
MADE = """def make(k):
    def softmax_gradient(logits, targets):
        return k * softmax(logits) - one_hot(targets, logits.shape[-1])
    return softmax_gradient

softmax_gradient = make(1)"""
IMPORT = "from rnn_helpers import one_hot"
CHUNKS = """def chunks(ids, length):
    return [(ids[k : k + length], ids[k + 1 : k + length + 1]) for k in range(0, len(ids) - length, length)]"""
MENDED = EXERCISES["mend_train_epoch"].solution.replace("import chunks, ", "import ")
BACKWARD = "hidden_gradients", "weight_gradients", "backward_pass"
ROW_SHARES = "def row_shares(counts):\n    return counts / counts.sum(axis=-1, keepdims=True)"
CAUGHT = EXERCISES["catch_softmax"].solution.replace("probs.sum(axis=-1), 1)", "row_shares(probs), probs)", 1)


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))


def told(name, *sources, **names):
    """Return what check says about the answer on a page with these cells. Nothing on the page may change."""
    names = {"__name__": "__main__", "np": np, "rnn_helpers": rnn_helpers, **names}
    for source in sources:
        page(source, names)
    before = names.copy()
    result = check(name, names[name])
    assert names.keys() == before.keys() and all(names[key] is value for key, value in before.items())
    return result


YOURS = "Tried with the finished {}; yours isn't right yet."
MISSING = "Tried with the finished {}, which {}n't on this page yet. {}."


# ---------------------------------------------------------------- the learner's part is not right
@pytest.mark.parametrize(
    "name, sources, part",
    [
        ("softmax_gradient", [ONE_HOT, OF_TABLE, GRADIENT], "softmax"),
        ("softmax_gradient", [ONE_HOT, STUB, GRADIENT], "softmax"),
        ("softmax_gradient", [ONE_HOT, ENDLESS, GRADIENT], "softmax"),
        ("softmax_gradient", [ONE_HOT, OF_TABLE, THROUGH], "softmax"),  # through a helper of the page
        ("softmax_gradient", [ONE_HOT, OF_TABLE, MADE], "softmax"),  # its code cannot be rebuilt
        ("mend_train_epoch", [CHUNKS.replace("length + 1]", "length]"), MENDED], "chunks"),  # a repair
        ("catch_softmax", [ROW_SHARES.replace("axis=-1, ", ""), CAUGHT], "row_shares"),
    ],
)
def test_a_right_answer_above_a_wrong_part_is_right_and_hears_of_the_part_in_one_sentence(name, sources, part):
    result = told(name, *sources)
    assert result.verdict == CORRECT, result
    assert result.message.split("\n")[-1] == YOURS.format(f"`{part}`")
    assert result.message.count("Tried with") == 1


def test_of_several_parts_those_are_named_that_are_not_right():
    ones = "def one_hot(ids, vocab_size):\n    return np.ones((len(ids), vocab_size))"
    result = told("softmax_gradient", ones, OF_TABLE, GRADIENT)
    says = "Tried with the finished `softmax` and `one_hot`; yours aren't right yet."
    assert result.verdict == CORRECT and result.message.split("\n")[-1] == says


def test_a_part_that_is_right_itself_is_not_named_but_the_wrong_one_that_it_calls_is():
    tanh = "def tanh_backward(dh, h):\n    return dh"
    names = {key: value for key, value in vars(rnn_helpers).items() if key not in AS_TAUGHT}
    result = told("backward_pass", ONE_HOT, tanh, *map(AS_TAUGHT.get, BACKWARD), **names)
    assert result.verdict == CORRECT and result.message.split("\n")[-1] == YOURS.format("`tanh_backward`")


def test_a_slip_of_its_own_is_told_alone():
    alone = told("softmax_gradient", "from rnn_helpers import one_hot, softmax", ADDED)
    assert alone.verdict == NOT_YET and alone.mistake == "softmax_gradient/one_hot_added"
    for part in (OF_TABLE, STUB, SOFTMAX, ENDLESS):
        result = told("softmax_gradient", IMPORT, part, ADDED)
        assert (result.mistake, result.message) == (alone.mistake, alone.message), part
    located = GRADIENT.replace("logits.shape[-1]", "logits.shape[-1] + 1")
    alone = told("softmax_gradient", "from rnn_helpers import one_hot, softmax", located)
    assert "line 2" in alone.message and told("softmax_gradient", IMPORT, OF_TABLE, located).message == alone.message


def test_with_right_parts_or_where_a_wrong_one_makes_no_difference_nothing_is_said():
    assert told("softmax_gradient", ONE_HOT, SOFTMAX, GRADIENT).message == EXERCISES["softmax_gradient"].notice
    unused = GRADIENT.replace("    return", "    tanh_backward(0, 1)\n    return")
    result = told("softmax_gradient", ONE_HOT, SOFTMAX, "def tanh_backward(dh, h):\n    return dh", unused)
    assert result.message == EXERCISES["softmax_gradient"].notice
    assert told("softmax_gradient", "def softmax_gradient(logits, targets):\n    ...").verdict == NOT_STARTED


def test_a_function_of_the_page_that_fits_the_answer_is_enough():
    columns = SOFTMAX.replace("axis=-1", "axis=0")  # not what the exercise softmax asks for
    fits = GRADIENT.replace("softmax(logits)", "softmax(logits.T).T")
    result = told("softmax_gradient", ONE_HOT, columns, fits)
    assert result.verdict == CORRECT and "Tried with" not in result.message
    assert result.kept.startswith("Kept in") and "axis=0" in file_of("softmax_gradient")


@pytest.mark.parametrize("other", ["def {}(scores):\n    return scores", "{} = np.positive"])
def test_what_only_has_the_name_of_an_exercise_stays(other):
    for answer in (SOFTMAX, OF_TABLE):
        mix, same = [
            told("softmax", other.format(name), answer.replace("logits.max", f"{name}(logits).max"))
            for name in ("mix", "same_scores")
        ]
        assert (mix.verdict, mix.message) == (same.verdict, same.message)


def test_a_part_that_is_right_in_its_own_exercise_is_not_called_wrong():
    slow = "def tanh_backward(dh, h):\n    for k in range(20_000):\n        k += 1\n    return dh * (1 - h**2)"
    assert told("tanh_backward", slow).verdict == CORRECT
    result = told("hidden_gradients", slow, AS_TAUGHT["hidden_gradients"])  # which calls it at each step
    says = "Tried with the finished `tanh_backward`: with yours it isn't right."
    assert result.verdict == CORRECT and result.message.split("\n")[-1] == says


# ---------------------------------------------------------------- the page does not have it
def test_what_the_page_does_not_have_is_finished_too():
    result = told("softmax_gradient", ONE_HOT, GRADIENT)
    how = "Run its cell, or import it: from rnn_helpers import softmax"
    assert result.verdict == CORRECT
    assert result.message.split("\n")[-1] == MISSING.format("`softmax`", "is", how)
    both = told("softmax_gradient", GRADIENT).message.split("\n")[-1]
    how = "Run their cells, or import them: from rnn_helpers import softmax, one_hot"
    assert both == MISSING.format("`softmax` and `one_hot`", "are", how)
    assert told("softmax_gradient", ADDED).mistake == "softmax_gradient/one_hot_added"


def test_one_part_is_not_right_and_another_is_not_there():
    result = told("softmax_gradient", OF_TABLE, GRADIENT)
    how = "Run its cell, or import it: from rnn_helpers import one_hot"
    assert result.message.split("\n")[-2:] == [YOURS.format("`softmax`"), MISSING.format("`one_hot`", "is", how)]


def test_the_function_that_is_asked_for_is_never_finished():
    assert told("softmax", "def mine(logits):\n    return softmax(logits)\n\nsoftmax = mine").verdict == NOT_YET
    names = page("def mine(logits):\n    return softmax(logits)\n")
    assert check("softmax", names["mine"]).verdict == NOT_YET
    mended = "def mine(*given):\n    return mend_train_epoch(*given)\n\nmend_train_epoch = mine"
    assert told("mend_train_epoch", mended).verdict == NOT_YET


# ---------------------------------------------------------------- my_rnn
@pytest.mark.parametrize("sources, parts", [([ONE_HOT, OF_TABLE, GRADIENT], "`softmax` is"), ([GRADIENT], "both")])
def test_it_joins_the_network_once_its_parts_are_right(sources, parts):
    logits = np.array([[2.0, 1.0], [0.0, 3.0]])
    result = told("softmax_gradient", *sources)
    waits = parts.replace("both", "`softmax` and `one_hot` are")
    assert result.kept == f"It joins your network once your {waits} right. Then check this one again."
    assert result.verdict == CORRECT and "softmax_gradient" not in folder.yours()
    told("one_hot", ONE_HOT)
    told("softmax", OF_TABLE)
    assert told("softmax_gradient", *sources).kept.startswith("It joins your network once your `softmax` is right")
    told("softmax", SOFTMAX)
    result = told("softmax_gradient", *sources)  # with a wrong one on this page, but a right one in my_rnn
    assert result.kept.startswith("Kept in my_rnn/softmax_gradient.py: 3 of ")
    assert "e.sum()" not in file_of("softmax_gradient"), "the wrong one is not kept with it"
    kept = own_functions()
    assert kept["softmax_gradient"].__globals__["softmax"] is kept["softmax"]
    assert np.allclose(kept["softmax_gradient"](logits, [0, 1]), rnn_helpers.softmax_gradient(logits, [0, 1]))
