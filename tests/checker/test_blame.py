"""Blame goes where it belongs: to a misspelled name, or to the function of another exercise that an answer calls."""

import functools

import numpy as np
import pytest
from cells import page

import rnn_helpers
from course import check
from course.checker import blame, exercise, judge, limit
from course.checker.course import COURSE
from course.checker.spelling import nearest
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import BANK, EXERCISES

ONE_HOT = "def one_hot(ids, vocab_size):\n    return np.eye(vocab_size)[ids]"
SOFTMAX = """def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)"""
STUB = "def softmax(logits):\n    ...  # your code"
OF_TABLE = "def softmax(logits):\n    e = np.exp(logits - logits.max())\n    return e / e.sum()"
GRADIENT = """def softmax_gradient(logits, targets):
    return softmax(logits) - one_hot(targets, logits.shape[-1])"""
IN_PLACE = """def softmax_gradient(logits, targets):
    probs = softmax(logits)
    probs[np.arange(len(targets)), targets] -= 1
    return probs"""
ADDED = GRADIENT.replace(" - ", " + ")
CHUNKS = """def chunks(ids, length):
    return [(ids[k : k + length], ids[k + 1 : k + length + 1]) for k in range(0, len(ids) - length, length)]"""
MENDED = EXERCISES["mend_train_epoch"].solution.replace("import chunks, ", "import ")
OUTPUT_PROBS = """def output_probs(h, parameters):
    return softmax(parameters.W_hy @ h + parameters.b_y)"""
FORWARD = """def forward_pass(inputs, targets, h_prev, parameters):
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    hidden[0] = h_prev
    for t in range(len(inputs)):
        hidden[t + 1] = rnn_step(inputs[t], hidden[t], parameters)
    probs = softmax(hidden[1:] @ parameters.W_hy.T + parameters.b_y)
    return rnn_helpers.ForwardPass(rnn_helpers.cross_entropy(probs, targets), probs, hidden)"""
RNN_STEP = """def rnn_step(char_id, h_prev, parameters):
    return np.tanh(parameters.W_hh @ h_prev + parameters.W_xh[:, char_id] + parameters.b_h)"""
OTHER_WORDS = "look at", "Two places", "goes wrong there", "overflow", "Stuck?"


def cells(*sources):
    """Return the names of a page with these cells."""
    names = {"__name__": "__main__", "np": np, "rnn_helpers": rnn_helpers}
    for source in sources:
        page(source, names)
    return names


def told(name, *sources):
    """Return what check says of the answer on such a page. Nothing on the page may have become another thing."""
    names = cells(*sources)
    before = names.copy()
    result = check(name, names[name])
    assert names.keys() == before.keys() and all(names[key] is value for key, value in before.items())
    return result


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn.py"))


@pytest.fixture
def no_search(monkeypatch):
    """A test that fails if the code of the answer is looked at: that would blame a line."""

    def searched(*given):
        raise AssertionError("the code was searched")

    monkeypatch.setattr(judge, "_explain", searched)


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
        (
            "softmax_gradient",
            [ONE_HOT, SOFTMAX, IN_PLACE.replace("len(targets)", "len(target)")],
            ["There is no `target` here. Did you mean: `targets`?", "in line 3: "],
        ),
        (  # the function that is meant is not there, or not done: the name comes first
            "softmax_gradient",
            [ONE_HOT, GRADIENT.replace("softmax(", "softmx(")],
            ["Did you mean: `softmax`?"],
        ),
        ("softmax_gradient", [ONE_HOT, STUB, GRADIENT.replace("softmax(l", "softmx(l")], ["Did you mean: `softmax`?"]),
        (  # in Python 3.11 a comprehension has names of its own
            "softmax",
            ["def softmax(logits):\n    scores = logits\n    return np.array([row / 2 for row in scors])"],
            ["Did you mean: `scores`?"],
        ),
        (
            "softmax",
            ["def softmax(logits):\n    rows = logits\n    return np.array([row * len(rws) for row in rows])"],
            ["Did you mean: `rows`?"],
        ),
        ("one_hot", ["def one_hot(ids, vocab_size):\n    return [0 for id in rnge(len(ids))]"], ["mean: `range`?"]),
        ("one_hot", ["def one_hot(ids, vocab_size):\n    return np.zeroes((2, 3))"], ["Did you mean: `zeros`?"]),
        (
            "output_probs",
            [SOFTMAX, OUTPUT_PROBS.replace("W_hy", "W_hi")],
            ["There is no `W_hi` here. Did you mean: `W_hh` or `W_hy`?"],
        ),
        (
            "backward_pass",
            ["def backward_pass(inputs, targets, parameters, forward):\n    return forward.hiden"],
            ["There is no `hiden` here. Did you mean: `hidden`?"],
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


def test_a_misspelled_name_in_a_check_or_a_repair(no_search):
    caught = "def catch_softmax(softmax):\n    probs = softmax(np.ones(3))\n    return prbs.sum() == 1"
    assert "There is no `prbs` here. Did you mean: `probs`?" in told("catch_softmax", caught).message
    mended = MENDED.replace("in chunks(", "in chunk(")
    assert "Did you mean: `chunks`?" in told("mend_train_epoch", CHUNKS, mended).message


def test_which_names_are_near():
    scope = [["targets", "dh", "W_hh", "W_hy", "_dh"], ["softmax", "target_ids"], ["range"]]
    near = {"target": ["targets"], "W_h": ["W_hh", "W_hy"], "Dh": ["dh"], "softmx": ["softmax"], "rnage": ["range"]}
    far = ["da", "h", "T", "softmax", "sigmoid", "W_xyz_1"]  # short names are near to too many, and one is there
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


# ---------------------------------------------------------------- the function of another exercise
MAY_BE_RIGHT = "`{}` may be right: it calls your `{}`, which is not {}."


@pytest.mark.parametrize(
    "name, sources, other, which",
    [
        ("softmax_gradient", [ONE_HOT, STUB, GRADIENT], "softmax", "done yet"),
        ("softmax_gradient", [ONE_HOT, STUB, IN_PLACE], "softmax", "done yet"),
        ("output_probs", [STUB, OUTPUT_PROBS], "softmax", "done yet"),
        (
            "forward_pass",
            [SOFTMAX, "def rnn_step(char_id, h_prev, parameters):\n    ...", FORWARD],
            "rnn_step",
            "done yet",
        ),
        ("softmax_gradient", [ONE_HOT, OF_TABLE, GRADIENT], "softmax", "right yet"),  # wrong numbers
        ("softmax_gradient", [ONE_HOT, "softmax = ...", GRADIENT], "softmax", "done yet"),
        ("softmax_gradient", [ONE_HOT, GRADIENT], "softmax", "there"),
        ("softmax_gradient", [ONE_HOT, SOFTMAX.replace("return", "probs ="), GRADIENT], "softmax", "done yet"),
        (
            "softmax_gradient",
            [ONE_HOT, "def softmax(logits):\n    raise NotImplementedError", GRADIENT],
            "softmax",
            "done yet",
        ),
        (
            "softmax_gradient",
            [ONE_HOT, SOFTMAX.replace("/ e.sum", "/ e.smu"), GRADIENT],
            "softmax",
            "right yet",
        ),  # raises
        (  # through a helper of the page
            "softmax_gradient",
            [ONE_HOT, OF_TABLE, "def probs_of(z):\n    return softmax(z)", GRADIENT.replace("softmax(l", "probs_of(l")],
            "softmax",
            "right yet",
        ),
        (  # through another exercise, which is right
            "train_epoch",
            [
                RNN_STEP.replace("[:, char_id]", "[:, 0]"),
                SOFTMAX,
                FORWARD,
                "from rnn_helpers import chunks, backward_pass, sgd_step",
                "def train_epoch(ids, parameters, seq_length, learning_rate, smoothed=None):\n"
                "    h, losses = np.zeros(len(parameters.b_h)), []\n"
                "    if smoothed is None:\n        smoothed = seq_length * np.log(len(parameters.b_y))\n"
                "    for inputs, targets in chunks(ids, seq_length):\n"
                "        forward = forward_pass(inputs, targets, h, parameters)\n"
                "        sgd_step(parameters, backward_pass(inputs, targets, parameters, forward), learning_rate)\n"
                "        h = forward.hidden[-1]\n"
                "        smoothed = rnn_helpers.smooth_loss(smoothed, forward.loss)\n"
                "        losses.append(smoothed)\n"
                "    return losses",
            ],
            "rnn_step",
            "right yet",
        ),
        (
            "softmax_gradient",
            [ONE_HOT, "softmax = np.ones(3)", GRADIENT],
            "softmax",
            "the one that the exercise asks for",
        ),
        (
            "softmax_gradient",
            [ONE_HOT, "def softmax(logits, axis):\n    return np.exp(logits) / axis", GRADIENT],
            "softmax",
            "the one that the exercise asks for",
        ),
        (  # a repair
            "mend_train_epoch",
            [CHUNKS.replace("length + 1]", "length]"), MENDED],
            "chunks",
            "right yet",
        ),
    ],
)
def test_an_answer_that_is_right_but_for_another_function_hears_of_that_alone(name, sources, other, which, no_search):
    result = told(name, *sources)
    assert result.verdict == NOT_YET and result.mistake == ""
    assert result.message.startswith(MAY_BE_RIGHT.format(name, other, which)), result.message
    assert not any(words in result.message for words in OTHER_WORDS), result.message
    assert (f'check("{other}", {other}) tells' in result.message) == (which not in ("done yet", "there"))
    assert ("Run the cell of" in result.message) == (which == "there")


def test_another_function_that_does_not_end(no_search, monkeypatch):
    monkeypatch.setattr(limit, "SECONDS", 0.3)
    result = told("softmax_gradient", ONE_HOT, "def softmax(logits):\n    while True:\n        pass", GRADIENT)
    assert result.message.startswith(MAY_BE_RIGHT.format("softmax_gradient", "softmax", "right yet"))


def test_two_other_functions_are_both_named():
    one_hot = ONE_HOT.replace("(vocab_size)", "(vocab_size, k=1)")
    result = told("softmax_gradient", one_hot, STUB, GRADIENT)
    assert "your `softmax`, which is not done yet, and your `one_hot`, which is not right yet." in result.message


def test_a_wrong_answer_that_calls_a_wrong_function_hears_of_both():
    for other, which in [(OF_TABLE, "right"), (STUB, "done")]:
        result = told("softmax_gradient", ONE_HOT, other, ADDED)
        alone = told("softmax_gradient", ONE_HOT, SOFTMAX, ADDED)
        also = (
            f"It also calls your `softmax`, which is not {which} yet. With the finished one in its place, this is left:"
        )
        assert result.message == f"{also}\n{alone.message}"
        assert result.mistake == alone.mistake == "softmax_gradient/one_hot_added"


def test_the_code_of_a_wrong_answer_is_looked_at_with_the_finished_function_in_place():
    tripled = GRADIENT.replace("return softmax(logits)", "return softmax(logits) * 3")
    alone = told("softmax_gradient", ONE_HOT, SOFTMAX, tripled)
    result = told("softmax_gradient", ONE_HOT, OF_TABLE, tripled)
    assert "`* 3`" in alone.message and result.message.endswith(alone.message)
    assert result.message.startswith("It also calls your `softmax`, which is not right yet.")


def test_a_function_that_is_right_or_makes_no_difference_is_not_named():
    alone = told("softmax_gradient", ONE_HOT, ADDED.replace("softmax(l", "rnn_helpers.softmax(l"))
    beside = told("softmax_gradient", ONE_HOT, SOFTMAX, ADDED)
    never = "    if len(targets) > 1000:\n        return rnn_step(1)\n    return"
    rnn_step = "def rnn_step(char_id, h_prev, parameters):\n    return h_prev"
    unused = told("softmax_gradient", ONE_HOT, SOFTMAX, rnn_step, ADDED.replace("    return", never))
    for result in (beside, unused):
        assert result.message == alone.message and result.mistake == alone.mistake == "softmax_gradient/one_hot_added"


def test_a_helper_that_has_the_name_of_an_exercise_makes_no_right_answer_wrong():
    mix = "def mix(scores):\n    return scores - scores.max(axis=-1, keepdims=True)"
    softmax = SOFTMAX.replace("logits - logits.max(axis=-1, keepdims=True)", "mix(logits)")
    assert told("softmax", mix, softmax).verdict == CORRECT
    wrong = told("softmax", mix, softmax.replace("sum(axis=-1", "sum(axis=0"))
    assert wrong.mistake and "mix" not in wrong.message


def test_nothing_is_looked_at_for_a_right_answer(monkeypatch):
    def looked(*given):
        raise AssertionError("looked at")

    monkeypatch.setattr(exercise, "blamed", looked)
    assert told("softmax_gradient", ONE_HOT, SOFTMAX, GRADIENT).verdict == CORRECT
    assert told("softmax_gradient", "def softmax_gradient(logits, targets):\n    ...").verdict == NOT_STARTED


CAUGHT = """def catch_softmax(softmax):
    for logits in (np.array([[2.0, 1.0, -1.0]]), np.array([[1.0, 900.0], [0.0, -3.0], [2.0, 2.0]])):
        probs = softmax(logits)
        right = row_shares(np.exp(logits - logits.max(axis=-1, keepdims=True)))
        if np.shape(probs) != np.shape(right) or not np.allclose(probs, right):
            return False
    return True"""


def test_a_check_that_calls_a_wrong_function():
    row_shares = "def row_shares(counts):\n    return counts / counts.sum(axis=-1, keepdims=True)"
    alone = told("catch_softmax", row_shares, CAUGHT)
    assert "no right one refused" in alone.message
    wrong = row_shares.replace("axis=-1, ", "")
    also = "It also calls your `row_shares`, which is not right yet. With the finished one in its place, this is left:"
    assert told("catch_softmax", wrong, CAUGHT).message == f"{also}\n{alone.message}"
    right = EXERCISES["catch_softmax"].solution.replace("probs.sum(axis=-1), 1)", "row_shares(probs), probs)", 1)
    assert told("catch_softmax", row_shares, right).verdict == CORRECT
    message = told("catch_softmax", wrong, right).message
    assert message.startswith(MAY_BE_RIGHT.format("catch_softmax", "row_shares", "right yet"))


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
    inner = "def softmax(logits):\n    def shifted(z):\n        return z.max(axis=7)\n    return shifted(logits)"
    assert "\nin line 3: " in told("softmax", inner).message
    listed = "def softmax(logits):\n    return [row[9] for row in logits]"
    assert "\nin line 2: " in told("softmax", listed).message


# ---------------------------------------------------------------- copies with the finished functions in place
def test_a_copy_has_names_of_its_own():
    names = cells(
        ONE_HOT, STUB, "def probs_of(z, scale=1):\n    global calls\n    calls = 1\n    return softmax(z * scale)"
    )
    page("def answer(z, *, factor=2):\n    'Of a text.'\n    return factor * probs_of(z)\nanswer.mark = 1", names)
    before = names.copy()
    copy = blame.with_finished(names["answer"], {"softmax": rnn_helpers.softmax})
    assert np.allclose(copy(np.zeros(2)), 1) and copy(np.zeros(2), factor=1)[0] == 0.5 and copy.mark == 1
    assert names == before and "calls" not in names
    assert names["probs_of"](np.zeros(2)) is None


def test_a_copy_of_functions_inside_functions_and_of_methods():
    def softmax(logits):
        return None

    def probs_of(z):
        return softmax(z)

    count = 0

    def answer(z):
        nonlocal count
        count += 1
        return probs_of(z)

    class Model:
        def answer(self, z):
            return self, answer(z)

    calls, values = blame.exercises_called(answer, {"softmax", "one_hot"})
    assert calls == {blame.ANSWER: {"softmax": blame.OWN}, "softmax": {}} and values == {"softmax": softmax}
    copy = blame.with_finished(answer, {"softmax": rnn_helpers.softmax})
    assert copy(np.zeros(2))[0] == 0.5 and answer(np.zeros(2)) is None and count == 2
    model = Model()
    itself, result = blame.with_finished(model.answer, {"softmax": rnn_helpers.softmax})(np.zeros(2))
    assert itself is model and result[0] == 0.5


PAIR = ("one_hot", "softmax")


def test_functions_that_call_each_other_and_strange_answers_come_to_an_end():
    one_hot, softmax = [f"def {one}(z):\n    return {other}(z)" for one, other in (PAIR, PAIR[::-1])]
    names = cells(one_hot, softmax, "lambda_ = lambda z: softmax(z)")
    calls, values = blame.exercises_called(names["lambda_"], {"softmax", "one_hot"})
    own = blame.OWN
    assert calls == {"": {"softmax": own}, "softmax": {"one_hot": own}, "one_hot": {"softmax": own}}
    assert values == {name: names[name] for name in ("softmax", "one_hot")}
    for strange in (np.exp, 3, None, functools.partial(names["softmax"]), Ellipsis):
        assert blame.exercises_called(strange, {"softmax"}) == ({}, {})
        assert check("softmax_gradient", strange).verdict == NOT_YET


def test_each_function_that_an_answer_may_call_has_a_finished_one():
    for name in ("softmax_gradient", "mend_train_epoch"):
        others = exercise.finished_others(EXERCISES[name], BANK)
        assert name.removeprefix("mend_") not in others and others["softmax"] is COURSE.finished_function("softmax")
        assert others["surprise"] is EXERCISES["surprise"].function
