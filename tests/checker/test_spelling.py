"""The message says which name was meant, and in which function of the page an error occurred."""

import numpy as np
import pytest
from cells import page

import course
import rnn_helpers
from course.calls import check
from course.checker import causes
from course.checker.spelling import nearest
from course.checker.words import NOT_YET
from course.lessons import BANK, EXERCISES

ONE_HOT = "def one_hot(ids, vocab_size):\n    return np.eye(vocab_size)[ids]"
SOFTMAX = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)"""
STUB = "def softmax(logits):\n    ...  # your code"
GRADIENT = """def softmax_gradient(logits, targets):
    return softmax(logits) - one_hot(targets, logits.shape[-1])"""
CHUNKS = """def chunks(ids, length):
    return [(ids[k : k + length], ids[k + 1 : k + length + 1]) for k in range(0, len(ids) - length, length)]"""
MENDED = EXERCISES["mend_train_epoch"].solution.replace("import chunks, ", "import ")
STEP = """def rnn_step(char_id, h_prev, parameters):
    return np.tanh(parameters.W_hh @ h_prev + parameters.W_xh[:, char_id] + parameters.b_h)"""


def cells(*sources):
    """Return the names of a page with these cells."""
    names = {"__name__": "__main__", "np": np, "rnn_helpers": rnn_helpers}
    for source in sources:
        page(source, names)
    return names


def told(name, *sources):
    """Return what check says about the answer on such a page, and check that nothing on the page has changed."""
    names = cells(*sources)
    before = names.copy()
    result = check(name, names[name])
    assert names.keys() == before.keys() and all(names[key] is value for key, value in before.items())
    return result


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))


@pytest.fixture
def no_search(monkeypatch):
    """Fail if the code of the answer is searched, because that would blame a line."""

    def searched(*given):
        raise AssertionError("the code was searched")

    monkeypatch.setattr(causes, "search_of", searched)


# ---------------------------------------------------------------- a misspelled name
SHIFTED = "def shifted(z):\n    return z - z.max(axis=axs, keepdims=True)"


@pytest.mark.parametrize(
    "name, sources, says",
    [
        (
            "softmax_gradient",
            [ONE_HOT, SOFTMAX, GRADIENT.replace("return softmax(logits)", "p = softmx(logits)\n    return p")],
            ["There is no `softmx` here. Did you mean: `softmax`?", "in line 2: `p = softmx(logits)`"],
        ),
        # the function that is meant is not done: the name comes first
        ("softmax_gradient", [ONE_HOT, STUB, GRADIENT.replace("softmax(l", "softmx(l")], ["Did you mean: `softmax`?"]),
        (  # in Python 3.11 a comprehension has names of its own
            "softmax",
            ["def softmax(logits):\n    scores = logits\n    return np.array([row / 2 for row in scors])"],
            ["Did you mean: `scores`?"],
        ),
        ("one_hot", ["def one_hot(ids, vocab_size):\n    return [0 for id in rnge(len(ids))]"], ["mean: `range`?"]),
        ("one_hot", ["def one_hot(ids, vocab_size):\n    return np.zeroes((2, 3))"], ["Did you mean: `zeros`?"]),
        (
            "rnn_step",
            [STEP.replace("W_hh", "W_hi")],
            ["There is no `W_hi` here. Did you mean: `W_hh` or `W_hy`?"],
        ),
        (
            "softmax",
            ["axes = -1", SHIFTED, "def softmax(logits):\n    return np.exp(shifted(logits))"],
            ["in your `shifted`, line 2: ", "Did you mean: `axes`?"],
        ),
    ],
)
def test_a_misspelled_name_hears_which_name_was_meant_and_nothing_else(name, sources, says, no_search):
    result = told(name, *sources)
    assert result.verdict == NOT_YET and result.mistake == ""
    for piece in says:
        assert piece in result.message
    assert "may be right" not in result.message


@pytest.mark.parametrize(
    "name, line, says",
    [
        ("softmax", "return np.exp(scores - scores.max())", "Did you mean: `logits`?"),  # which it never uses
        ("softmax", "e = np.exp(logits)\n    return e / table.sum()", ""),  # not Python's own `tuple`
        ("softmax", "return np.exp(logits - e)", ""),  # a number of NumPy that hardly anybody means
        ("softmax", "exps = np.exp(logits)\n    return e / e.sum()", "Did you mean: `exps`?"),
        ("softmax", "return np.exp(logits[inf])", "`inf` belongs to NumPy: write np.inf."),
        ("softmax", "return logits - power", ""),  # NumPy has it, but here it is not called
        ("one_hot", "rows[np.arange(len(ids)), ids] = 1", ""),  # only page 15 has a function of this name
        ("one_hot", "return np.zeros((T, vocab_size))", ""),
        ("one_hot", "return bits(ids, vocab_size)", ""),
        ("one_hot", "return outer(ids, vocab_size)", "`outer` belongs to NumPy: write np.outer."),
        ("backward_pass", "return probs - inputs - targets", "Did you mean: `forward.probs`?"),
    ],
)
def test_an_unknown_name_is_looked_for_where_it_is_used(name, line, says):
    names = cells() | {"course": course, "Out": {}}
    page(f"def {name}({', '.join(EXERCISES[name].arguments)}):\n    {line}", names)
    message = EXERCISES[name].examine(names[name], BANK).message
    assert (says or "Python does not know this name") in message
    assert says or not any(text in message for text in ("Did you mean", "belongs to NumPy", "is a function of"))


def test_a_misspelled_name_in_a_check_or_a_repair(no_search):
    caught = "def catch_softmax(softmax):\n    probs = softmax(np.ones(3))\n    return prbs.sum() == 1"
    assert "There is no `prbs` here. Did you mean: `probs`?" in told("catch_softmax", caught).message
    mended = MENDED.replace("in chunks(", "in chunk(")
    assert "Did you mean: `chunks`?" in told("mend_train_epoch", CHUNKS, mended).message


def test_which_names_are_near():
    scope = [["targets", "dh", "W_hh", "W_hy", "_dh"], ["softmax", "target_ids"], ["range"]]
    near = {"target": ["targets"], "W_h": ["W_hh", "W_hy"], "Dh": ["dh"], "softmx": ["softmax"], "rnage": ["range"]}
    far = ["da", "h", "T", "softmax", "sigmoid", "W_xyz_1"]  # short names are similar to too many, and one exists
    assert {name: nearest(name, scope) for name in near} == near
    assert {name: nearest(name, scope) for name in far} == {name: [] for name in far}


def test_what_numpy_has_and_a_name_without_a_value_are_not_called_misspelled():
    for answer, says in [
        ("def softmax(logits):\n    ext = 1\n    return exp(logits)", "`exp` belongs to NumPy"),
        ("def softmax(logits):\n    total += logits.sum()\n    return total", "The name has no value yet"),
        ("def softmax(logits):\n    return logits.sqrt()", "has no attribute 'sqrt'"),
    ]:
        message = told("softmax", answer).message
        assert says in message and "Did you mean: " not in message


def test_the_function_in_an_error_is_named():
    hidden = """def hidden_gradients(dh_from_output, hidden, parameters):
    da = np.zeros_like(dh_from_output)
    for t in reversed(range(len(da))):
        da[t] = dh_from_output[t + 1]
    return da"""
    other = hidden.replace("hidden_gradients", "my_gradients")
    answer = """def backward_pass(inputs, targets, parameters, forward):
    dlogits = forward.probs - np.eye(len(parameters.b_y))[targets]
    da = my_gradients(dlogits @ parameters.W_hy, forward.hidden, parameters)
    return da"""
    result = told("backward_pass", other, answer)
    assert "\nin your `my_gradients`, line 4: `da[t] = dh_from_output[t + 1]`\n" in result.message
    result = told("hidden_gradients", hidden)
    assert "\nin line 4: `da[t] = dh_from_output[t + 1]`\n" in result.message
    listed = "def softmax(logits):\n    return [row[9] for row in logits]"
    assert "\nin line 2: " in told("softmax", listed).message
