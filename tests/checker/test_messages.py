"""What check says about unknown mistakes: errors, wrong types and shapes, changed arguments, differences."""

import functools
import math
from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pytest

import rnn_helpers
from course.calls import check, finished, hint, report, solution
from course.checker.errors import describe_error, error_note, telling_note
from course.checker.exercise import Case
from course.checker.judge import judge
from course.checker.say.shapes import say_wrong_shape
from course.checker.trial import Outcome, run
from course.checker.words import CORRECT, NOT_YET
from course.lessons import BANK
from course.lessons import WRITTEN as EXERCISES
from rnn_helpers import Parameters, softmax


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """Shorten the search in the code, which is tested elsewhere (test_repair.py), to save time."""
    monkeypatch.setattr("course.checker.limit.ALL_ROUNDS", 75_000)


NAMES = list(EXERCISES)
RETURNING = [name for name in NAMES if EXERCISES[name].has_result]
right = SimpleNamespace(**{name: exercise.function for name, exercise in EXERCISES.items()})


def lines_of(result):
    return result.message.split("\n")


def words_of(result):
    """Return a message without the learner's own line, which is in this file beside the expected message."""
    return "\n".join(line for line in lines_of(result) if not line.startswith("in line"))


# ---------------------------------------------------------------- errors


@pytest.mark.slow
@pytest.mark.parametrize(
    "function, pieces",
    [
        (lambda z: z / z.sum(axis=1), ["AxisError", "fewer axes", "axis=-1"]),
        (lambda z: input("size?"), ["RuntimeError", "input() waits for the keyboard"]),
        (lambda z: [].x, ["AttributeError", "one row of four scores (V = 4)"]),
    ],
)
def test_errors_come_with_a_word_of_explanation(function, pieces):
    result = check("softmax", function)
    assert result.verdict == NOT_YET
    for piece in pieces:
        assert piece in words_of(result), result


@pytest.mark.slow
@pytest.mark.parametrize(
    "name, function, note",
    [
        ("softmax_gradient", lambda logits, targets: softmax(logits) - targets, "targets are ids"),
        (
            "backward_pass",
            lambda i, t, p, f: rnn_helpers.weight_gradients(i, f.hidden, f.probs),
            "The arguments do not match",
        ),
        ("backward_pass", lambda i, t, p, f: rnn_helpers.backward_pass(i, t, p, f.hidden), "Hand over the whole tuple"),
        ("backward_pass", lambda i, t, p, f: rnn_helpers.backward_pass(i, t, f, p), "the order of the arguments"),
        ("backward_pass", lambda i, t, p, f: f.W_hy, "in the order that the function"),
    ],
)
def test_notes_to_errors_of_numpy_and_python(name, function, note):
    said = words_of(check(name, function))
    assert note in said
    assert ("keepdims" in said) == ("keepdims" in note)


# The variables for a line that is run. Their sizes do not occur in any exercise.
AROUND = {"np": np, "math": math, "W_hh": np.ones((5, 4)), "p": Parameters(*[np.ones((3, 3))] * 5)}
AROUND |= {"one_hot": np.eye, "h": np.ones(5), "dlogits": np.ones((7, 3)), "table": np.ones((5, 4)), "x": [1, 2]}


@pytest.mark.parametrize(
    "line, note",
    [
        ("table / table.sum(axis=1)", "With keepdims=True that axis stays"),
        ("table - np.ones(3)", "Write the shape of each side in letters"),
        ("(table * 2) / table.sum(axis=1)", "Write the shape of each side in letters"),
        ("table @ h", "At `@`, the last size on its left must be the first on its right"),
        ("p.W_hh @ dlogits", "A table with a row for each step, (T, ...), goes on the left of `@`"),
        ("table @ 3", "one side is a single number here"),
        ("math.exp(table)", "The functions of math take one number"),
        ("max(table)", "`max` is Python's own here, and it compares whole rows of a table"),
        ("p.W_hh -= 1", "`p.W_hh -=` tries to give a tuple a new array"),
        ("[a for a, b in (x, [1, 2, 3])]", "The number of names on the left"),
        ("for a, b in x, table: pass", "zip walks through both together"),
        ("np.ones(75) + np.ones(3)", "The check tries small networks, of other sizes"),
        ("x[75]", "Your index is outside the array."),
        ("exp(3)", "`exp` belongs to NumPy: write np.exp."),
        ("W_hy @ h", "`W_hy` is one of the five parameters"),
        ("cross_entropy(h)", "`cross_entropy` is a function of rnn_helpers: import it"),
        ("del np; np.exp(3)", "`np` is NumPy, and this page hasn't imported it. Write import numpy as np at its top."),
        ("rnn_helpers.chunks(x, 2)", "hasn't imported it. Write import rnn_helpers first"),
        ("p.copy()", "a tuple has no `copy`. Each array in it has one"),
        ("p.probs", "Are the arguments of the call in the order"),
        ("range(5 / 1)", "`//` gives a whole number"),
        ("type(p)([1, 2])", "The arguments do not match the function"),
        ("lost", "Python does not know this name at that point"),
    ],
)
def test_the_note_to_an_error_of_a_line(line, note):
    try:
        exec(line, dict(AROUND))
    except Exception as error:
        said = describe_error(error)
    assert note in (telling_note(said, line) or error_note(said, line))


# ---------------------------------------------------------------- something other than a function
@pytest.mark.parametrize(
    "function, piece",
    [
        (None, 'There is no function to check. Write check("softmax", softmax).'),
        (np.zeros(3), "You gave an array of shape (3,), not a function."),
        (Parameters, "Parameters is a class. This exercise wants a function: def softmax(logits)."),
        (lambda: 1, "It must work as softmax(logits), but your function takes ()."),
    ],
)
def test_something_that_is_no_such_function(function, piece):
    result = check("softmax", function)
    assert result.verdict == NOT_YET
    assert piece in result.message


def test_generator_functions_and_coroutines():
    def chunks(ids, seq_length):
        yield ids[:seq_length], ids[1 : seq_length + 1]

    async def softmax(logits):
        return logits

    assert "`yield`" in check("chunks", chunks).message
    assert "`async`" in check("softmax", softmax).message


def test_a_default_that_is_missing_and_arguments_in_another_order():
    says = "It must work as numerical_gradient(f, x, epsilon=1e-05), but your function takes "
    for function, rest in [
        (lambda f, x, epsilon: x, "(f, x, epsilon): epsilon has no default."),
        (lambda f, x: x, "(f, x): argument 3, epsilon=1e-05, is missing."),
        (lambda f: f, "(f)."),
    ]:
        assert says + rest in check("numerical_gradient", function).message

    def cross_entropy(targets, probs):
        return 0.0

    assert "another order" in check("cross_entropy", cross_entropy).message


def test_a_function_of_another_exercise():
    result = check("softmax", right.tanh_backward)
    assert result.verdict == NOT_YET and "must work as softmax(logits)" in result.message

    def one_hot(logits):
        return np.zeros_like(logits)

    assert lines_of(check("softmax", one_hot))[0] == "You gave the function one_hot to the exercise softmax."


def test_a_wrong_name_is_answered_in_one_sentence_with_the_nearest():
    asked = {
        (): "Which exercise? Write its name in quotes, as in {}({}).",
        ("sofmax",): "There is no exercise 'sofmax'. Did you mean 'softmax' or 'catch_softmax'?",
        ("nobody",): "There is no exercise 'nobody': progress(everything=True) lists the exercises.",
        (softmax,): "The name belongs in quotes: {}({}).",
        (lambda z: z,): "The name is text in quotes, as in {}({}).",
        (3,): "The name is text in quotes, as in {}({}), not 3 (type int).",
        (("softmax",),): "The name is text in quotes, as in {}({}), not a tuple of 1 (str).",
        ("softmax", softmax, 2): "It takes only this: {}({}).",
    }
    for call, form in ((check, '"softmax", softmax'), (hint, '"softmax"'), (solution, '"softmax"')):
        for given, says in asked.items():
            note = call(*given)
            assert note.text == says.format(call.__name__, form) and repr(note).startswith(call.__name__)
    assert check("sofmax", softmax).verdict == check(softmax, "softmax").verdict == NOT_YET
    assert finished("sofmax").text == "There is no finished function 'sofmax'. Did you mean 'softmax'?"
    assert 'solution("catch_draw") shows an answer' in finished("catch_draw").text
    assert finished(softmax).text == 'The name belongs in quotes: finished("softmax").'
    assert finished("softmax", 2).text == 'It takes only this: finished("softmax").'
    assert report("train_epoch").text == "There is no report 'train_epoch'. Did you mean 'mend_train_epoch'?"


W_hh, H = np.eye(9), 9


def test_data_from_outside_the_function_is_named():
    def rnn_step(char_id, h_prev, parameters):
        return np.tanh(W_hh @ h_prev + parameters.W_xh[:, char_id] + np.zeros(H))

    line = "It takes W_hh, H from outside the function: use what comes in through the arguments."
    assert lines_of(check("rnn_step", rnn_step))[0] == line
    assert "outside" not in check("softmax", lambda z: softmax(-z)).message, "functions and modules are no data"


# ---------------------------------------------------------------- results of a wrong kind or shape


@pytest.mark.slow
def test_a_return_that_is_missing_in_one_branch():
    def draw(probs, u):
        for id, running in enumerate(np.cumsum(probs)):
            if running > u + (u > 0.9):
                return id

    result = check("draw", draw)
    assert "It returned nothing (None). Expected: one whole number." in result.message
    assert "look at `+ (u > 0.9)`: is it needed?" in result.message
    draw.__code__ = draw.__code__.replace(co_filename="<gone>")  # a function without a source
    assert "every way through the function" in check("draw", draw).message


@pytest.mark.slow
def test_a_wrong_shape_is_told_in_letters(subtests):
    pairs = "targets of sequence 0 is an array of shape (T, 1) = (5, 1), expected: an array of shape (T,) = (5,)."
    expected = {"pairs": pairs, "text": "Expected: a text of "}
    for name in RETURNING:
        with subtests.test(name):
            result = judge(EXERCISES[name], run(EXERCISES[name], with_an_axis_more(EXERCISES[name])), BANK)
            assert result.verdict == NOT_YET
            assert expected.get(EXERCISES[name].result, "expected: ") in lines_of(result)[0]


def with_an_axis_more(exercise):
    """Return the right function of an exercise, but with one more axis in each result."""

    @functools.wraps(exercise.function)
    def reshaped(*args):
        result = exercise.function(*args)
        if exercise.result == "pairs":
            return [(inputs, targets[:, None]) for inputs, targets in result]
        if len(exercise.returns) > 1:
            return [np.asarray(value)[..., None] for value in result]
        return np.asarray(result)[..., None]

    return reshaped


@pytest.mark.parametrize(
    "mine, right, note",
    [
        ([[1, 2], [3, 4], [5, 6]], [[1, 3, 5], [2, 4, 6]], "Rows and columns are swapped."),
        ([[1, 3], [2, 4], [5, 6]], [[1, 3, 5], [2, 4, 6]], "What goes down, and what goes across?"),
        ([0.5], 0.5, "Your number is inside a list or an array. Return the number itself."),
        ([[1, 2, 3, 4]], [[1, 2], [3, 4]], "You have the right number of entries, but in another arrangement."),
        ([1, 2, 3], [[1, 2], [3, 4]], ""),
    ],
)
def test_what_is_said_of_a_shape_that_no_known_mistake_gives(mine, right, note):
    got, want = [Outcome(parts={"": np.array(result)}) for result in (mine, right)]
    said = say_wrong_shape(EXERCISES["softmax"], Case("some rows", (), {}), got, want, "")
    assert dict(said)["cause"] == note


@pytest.mark.slow
@pytest.mark.parametrize(
    "name, function, piece",
    [
        ("softmax", lambda z: {"probs": z}, "a value of type dict"),
        ("softmax", lambda z: (x for x in z), "a generator"),
        ("softmax", lambda z: [[1, 2], [3]], "rows of different length"),
        (
            "forward_pass",
            lambda i, t, h, p: 3.0,
            "It returned 3.0 (type float). Expected: 3 results as ForwardPass: loss (one number)",
        ),
        ("forward_pass", lambda i, t, h, p: (None, h, h), "loss is None"),
        (
            "backward_pass",
            lambda i, t, p, f: p[:2],
            "Expected: 5 results as Parameters: W_xh, W_hh, W_hy, b_h, b_y, each",
        ),
        (
            "train_epoch",
            lambda ids, p, T, rate, s=None: p,
            "losses is Parameters, 5 arrays of the shapes (3, 4), (3, 3), (4, 3), (3,), (4,). Expected: losses, a list",
        ),
        ("chunks", lambda ids, T: [ids], "a list of pairs (inputs, targets)"),
        ("draw", lambda p, u: 1.0, "1.0, a number with a decimal point"),
        ("draw", lambda p, u: True, "the answer of a comparison"),
    ],
)
def test_a_result_of_another_kind(name, function, piece):
    result = judge(EXERCISES[name], run(EXERCISES[name], function), BANK)
    assert result.verdict == NOT_YET
    assert piece in result.message, result


@pytest.mark.slow
@pytest.mark.parametrize("name", ["one_hot", "chunks"])
def test_a_list_that_holds_itself(name):
    """NumPy would copy it endlessly, and nothing could interrupt that."""
    endless = []
    endless += [endless] * len(EXERCISES[name].returns or "abc")
    result = check(name, lambda *args, **options: endless)
    assert result.verdict == NOT_YET
    assert "is a list appended to itself?" in result.message


# ---------------------------------------------------------------- right numbers in another form
OF_THREE = "returned a {} of 3. Its parts need names: return ForwardPass(loss, probs, hidden)."


@pytest.mark.parametrize(
    "name, form, says",
    [
        ("forward_pass", tuple, OF_THREE.format("tuple")),
        ("forward_pass", namedtuple("Result", "loss, p, h")._make, OF_THREE.format("Result")),
        ("backward_pass", tuple, "returned a tuple of 5. Its parts need names: return Parameters(W_xh, "),
    ],
)
def test_a_result_without_the_names_of_its_parts_is_not_yet_right(name, form, says):
    result = check(name, lambda *given: form(getattr(rnn_helpers, name)(*given)))
    assert result.verdict == NOT_YET
    assert result.message.startswith(f"All numbers are right, but {name} {says}")


def test_a_named_tuple_of_the_page_with_the_same_names_will_do():
    """Code that needs the parts of a result finds them: the class does not matter."""
    same = namedtuple("Mine", "loss, probs, hidden")
    assert check("forward_pass", lambda *given: same(*right.forward_pass(*given))).verdict == CORRECT


def test_wrong_numbers_and_lists_are_told_before_the_names_that_are_missing():

    def of_the_mean(inputs, targets, h_prev, parameters):
        loss, probs, hidden = right.forward_pass(inputs, targets, h_prev, parameters)
        return loss / len(inputs), probs, hidden

    def with_lists(inputs, targets, h_prev, parameters):
        loss, probs, hidden = right.forward_pass(inputs, targets, h_prev, parameters)
        return loss, probs.tolist(), hidden.tolist()

    of_the_mean, with_lists = check("forward_pass", of_the_mean), check("forward_pass", with_lists)
    assert of_the_mean.mistake == "forward_pass/loss_is_mean" and "ForwardPass" not in of_the_mean.message
    assert "probs comes as a list" in with_lists.message and "ForwardPass" not in with_lists.message


# ---------------------------------------------------------------- where and how the numbers differ
def wrong_probs(inputs, targets, h_prev, parameters):
    loss, probs, hidden = right.forward_pass(inputs, targets, h_prev, parameters)
    return loss, probs**2, hidden


def wrong_weight_gradients(inputs, hidden, da, vocab_size):
    dW_xh, dW_hh, db_h = right.weight_gradients(inputs, hidden, da, vocab_size)
    dW_xh[:, inputs[0]] *= 3
    return dW_xh, dW_hh, db_h


def backward_pass_cut_at_6(inputs, targets, parameters, forward):
    return [np.clip(gradient, -6, 6) for gradient in right.backward_pass(inputs, targets, parameters, forward)]


OUTSIDE = [
    ("one_hot", lambda ids, V: np.eye(V)[np.sort(ids)], ["right only with: one id (T = 1)", "in other places"]),
    (
        "softmax",
        lambda z: softmax(np.where(z > 999, z / 2, z)),
        ["wrong only with: large scores; rows of very different"],
    ),
    ("softmax", lambda z: z, ["A probability is never negative"]),
    ("softmax", lambda z: softmax(z) + 0.1, ["It adds up to 1.4"]),
    ("softmax_gradient", lambda z, t: softmax(z) - 0.1, ["Each row of this gradient must add up to 0"]),
    (
        "rnn_step",
        lambda c, h, p: np.tanh(p.W_hh @ h + p.W_xh[:, c] - p.b_h),
        ["right when b_h is all zeros", "entry [0] (hidden unit 0)"],
    ),
    ("forward_pass", wrong_probs, ["hidden and loss ", "Row 0 adds up to 0.", "probabilities add up to 1"]),
    ("weight_gradients", wrong_weight_gradients, ["dW_hh and db_h ", "right except for character id 1."]),
    ("backward_pass", backward_pass_cut_at_6, ["wrong only with: hidden all zeros.", "W_hy, b_y and W_hh "]),
    (
        "numerical_gradient",
        lambda f, x, epsilon=1e-5: right.numerical_gradient(lambda z: f(z.ravel()), x, epsilon),
        ["f was called with shape (6,)", "a function of a matrix"],
    ),
    ("chunks", lambda ids, T: right.chunks(ids, T)[:1], ["It returned 1 sequence, expected: 3"]),
    ("apply_temperature", lambda z, t: softmax(z / t**2), ["right only with: temperature 1"]),
    ("draw", lambda p, u: np.random.choice(len(p), p=p), ["Called again", "draw makes no random numbers"]),
]


@pytest.mark.slow
def test_an_unknown_mistake_is_pointed_at_by_its_results(subtests):
    """This happens when the code shows no more: the source may be missing, or too different from a right one."""
    for number, (name, function, pieces) in enumerate(OUTSIDE):
        with subtests.test(f"{name}-{number}"):
            exercise = EXERCISES[name]
            result = judge(exercise, run(exercise, function), BANK)
            assert (result.verdict, result.mistake) == (NOT_YET, "")
            for piece in pieces:
                assert piece in result.message, result
