"""What never ends, or grows without end, is ended by a count, with its line; what is right is not. No clock decides."""

import functools
import re
import textwrap

import answers
import numpy as np
import pytest
from cells import page

from course import check
from course.checker import limit, trial
from course.checker.watched import Meter, watched
from course.checker.words import CORRECT, NOT_YET
from course.lessons import BANK, EXERCISES

ENDED = "It didn't end, so we stopped it.\nin line {}: `{}`\nIs there a loop that never ends"
LARGE = "It takes more memory than any answer needs, so we stopped it.\nin line {}: `{}`\nWhich array or list is so"
ANYWHERE = "It didn't end, so we stopped it.\nin "  # how deep a call is depends on the version of Python


def sample(message, line, code):
    """An answer to the exercise that it defines; the message and the line of the code that it names."""
    code = textwrap.dedent(code).lstrip("\n")
    return code, message.format(line, code.split("\n")[line - 1].strip())


def of_softmax(message, line, body, before="import itertools, sys"):
    return sample(message, line, f"{before}\ndef softmax(z):\n" + textwrap.indent(textwrap.dedent(body), "    "))


SAMPLES = {
    "one line": of_softmax(ENDED, 3, "while True: pass\n"),
    "prints": of_softmax(ENDED, 3, "while True:\n    print('again')\n"),
    "grows": of_softmax(ENDED, 4, "found = []\nwhile True:\n    found.append(z)\n"),
    "catches everything around a loop": of_softmax(
        ENDED,
        3,
        "while True:\n    try:\n        while True:\n            np.add(z, 1)\n    except:\n        pass\n",
    ),
    "catches everything in a loop": of_softmax(
        ENDED, 3, "while len(z):\n    try:\n        z[0, 9]\n    except:\n        continue\n"
    ),
    "catches its end": of_softmax(ENDED, 4, "try:\n    while True: pass\nexcept BaseException:\n    return z\n"),
    "catches RecursionError": of_softmax(
        ANYWHERE,
        3,
        "try:\n    return helper(z)\nexcept RecursionError:\n    return helper(z)\n",
        before="def helper(z): return softmax(z)",
    ),
    "moves Python's own limit": of_softmax(
        ANYWHERE,
        3,
        "sys.setrecursionlimit(10**8)\ntry:\n    return softmax(z)\nexcept RecursionError:\n    return softmax(z)\n",
    ),
    "a lambda that calls itself": of_softmax(
        ANYWHERE,
        3,
        "while True:\n    try:\n        again(z)\n    except RecursionError:\n        pass\n",
        before="again = lambda z: again(z)",
    ),
    "a generator of the learner's": of_softmax(
        ANYWHERE, 1, "return list(ever())\n", before="def ever():\n    while True:\n        yield 1"
    ),
    "list of an iterator": of_softmax(ENDED, 3, "return list(itertools.repeat(1))\n"),
    "sum of an iterator": of_softmax(ENDED, 3, "return sum(itertools.count())\n"),
    "unpacks an iterator": of_softmax(ENDED, 3, "a, *b = itertools.count()\n"),
    "spreads an iterator": of_softmax(ENDED, 3, "return [*itertools.count()]\n"),
    "looks in an iterator": of_softmax(ENDED, 3, "return -1 in itertools.count()\n"),
    "adds an iterator": of_softmax(ENDED, 4, "x = []\nx += itertools.count()\n"),
    "extends by an iterator": of_softmax(ENDED, 4, "x = []\nx.extend(itertools.count())\n"),
    "a range": of_softmax(ENDED, 3, "return list(range(10**15))\n"),
    "a number below 0": sample(
        ENDED,
        2,
        """
        def sample_ids(parameters, h, first_id, length, rng, temperature=1.0):
            while True:
                try:
                    rnn_step(-(10**9), h, parameters)
                except IndexError:
                    pass
        """,
    ),
    "an empty range": of_softmax(ENDED, 3, "while True: len(range(10**9, 0))\n"),
    "a product of tables": of_softmax(ENDED, 4, "x = np.ones((300, 300))\nwhile True: x @ x\n"),
    "a decomposition": of_softmax(ENDED, 4, "x = np.ones((300, 300))\nwhile True: np.linalg.svd(x)\n"),
    "a function of the course": sample(
        ENDED,
        3,
        """
        def sample_ids(parameters, h, first_id, length, rng, temperature=1.0):
            ids = []
            while len(ids) < length:
                h = rnn_step(first_id, h, parameters)
            return ids
        """,
    ),
    "a pass of the course": sample(
        ENDED,
        4,
        """
        def train_epoch(ids, parameters, seq_length, learning_rate, smoothed=None):
            h = np.zeros(len(parameters.b_h))
            losses = [9]
            while losses[-1] > 0.1:
                for inputs, targets in chunks(ids, seq_length):
                    losses.append(forward_pass(inputs, targets, h, parameters).loss)
            return losses
        """,
    ),
    "a check": sample(ENDED, 2, "def catch_draw(draw):\n    while True:\n        draw(np.array([0.5, 0.5]), 0.3)\n"),
    "a power": of_softmax(LARGE, 3, "return 10 ** 10 ** 10\n"),
    "a power in place": of_softmax(LARGE, 4, "x = 10\nx **= 10**9\n"),
    "a shift": of_softmax(LARGE, 3, "return 1 << 10**12\n"),
    "a product": of_softmax(LARGE, 3, "return [0] * 10**9\n"),
    "an array": of_softmax(LARGE, 3, "return np.ones((30000, 30000)).sum()\n"),
    "a long array": of_softmax(LARGE, 3, "return np.linspace(0, 1, 10**9)\n"),
    "many arrays": of_softmax(LARGE, 4, "x = []\nwhile True:\n    x.append(np.zeros(10**7))\n"),
    "a list that doubles": of_softmax(LARGE, 4, "x = [1]\nwhile True:\n    x += x\n"),
}


def name_in(code):
    return re.findall(r"^def (\w+)", code, re.MULTILINE)[-1]


def answer_in(code):
    code = textwrap.dedent(code).lstrip("\n")
    return page(code, answers.finished_page(name_in(code)))[name_in(code)]


@pytest.fixture
def few_rounds(monkeypatch):
    """End sooner, to save time: what is endless is so at any limit."""
    monkeypatch.setattr(limit, "ROUNDS", 200_000)
    monkeypatch.setattr(limit, "ROUNDS_OF_A_CHECK", 200_000)


@pytest.mark.slow
@pytest.mark.parametrize("code, message", SAMPLES.values(), ids=SAMPLES)
def test_what_does_not_end_is_ended_by_a_count_with_its_line(code, message, request):
    if "memory" not in message:
        request.getfixturevalue("few_rounds")
    result = check(name_in(code), answer_in(code))
    assert (result.verdict, result.mistake) == (NOT_YET, "")
    assert result.message.startswith(message)


def test_what_was_ended_is_not_searched(monkeypatch, few_rounds):
    monkeypatch.setattr("course.checker.causes.search_of", None)
    code, message = SAMPLES["one line"]
    assert check("softmax", answer_in(code)).message.startswith(message)


def test_a_long_text_of_the_page_is_refused_by_its_length_alone():
    """Of 18,668 pairs none is looked at."""
    code = """
        text = np.arange(93_345) % 35

        def chunks(ids, seq_length):
            starts = range(0, len(text) - seq_length, seq_length)
            return [(text[k : k + seq_length], text[k + 1 : k + 1 + seq_length]) for k in starts]
        """
    chunks = answer_in(code)
    lines = check("chunks", chunks).message.split("\n")
    assert lines[0] == "It takes text from outside the function: use what comes in through the arguments."
    assert lines[1].startswith("It returned a list of 18,668. Expected: a list of pairs")
    assert not trial.run(EXERCISES["chunks"], chunks).outcomes[0].parts


def test_np_c_without_its_brackets_is_no_sequence_without_an_end():
    code = "def softmax(z):\n    return np.exp(np.c_) + np.r_\n"
    assert check("softmax", answer_in(code)).message.startswith("It raised TypeError")
    assert np.c_[[1], [2]].tolist() == [[1, 2]] and "__iter__" not in vars(type(np.c_).__mro__[1])


def test_an_edit_that_leaves_np_c_alone_does_not_end_the_search():
    code = """
        def position_probe(states, positions, new_states, new_positions):
            weights = np.linalg.lstsq(np.c_[states, np.ones(len(states))], positions, rcond=None)[0]
            said = np.c_[new_states, np.ones(len(new_states))] @ weights
            return 1 - ((said - new_positions) ** 2).mean() / ((new_positions - positions.mean()) ** 2).mean()
        """
    assert check("position_probe", answer_in(code)).message.startswith("Line 4: look at `positions`: is that the one")


def test_right_answers_are_watched_and_take_an_eighth_of_the_rounds_at_most():
    for name, functions in answers.RIGHT.items():
        for function in functions:
            tried = trial.run(EXERCISES[name], function)
            assert tried.function is not function, f"an answer to {name} cannot be rebuilt"
            assert limit.ROUNDS - tried.meter.left < limit.ROUNDS / 8, name


def test_a_check_may_draw_ten_thousand_times_from_each_function():
    code = """
        def catch_draw(draw):
            p, rng = np.array([0.1, 0.2, 0.3, 0.4]), np.random.default_rng(0)
            came = np.bincount([draw(p, rng.random()) for _ in range(10_000)], minlength=4)
            return len(came) == 4 and np.abs(came / 10_000 - p).max() < 0.02
        """
    assert "of 25 wrong ones caught, no correct one rejected." in check("catch_draw", answer_in(code)).message


def test_a_right_answer_that_calls_itself_for_each_of_many_steps_is_right():
    code = """
        def cross_entropy(probs, targets):
            if len(targets) == 0:
                return 0.0
            return cross_entropy(probs[1:], targets[1:]) - np.log(probs[0, targets[0]])
        """
    assert check("cross_entropy", answer_in(code)).verdict == CORRECT
    deep = page("def deep(k):\n    return k and 1 + deep(k - 1)\n")["deep"]
    assert watched(deep, Meter())(800) == 800


def test_what_the_code_changes_of_its_page_stays_inside():
    code = "calls = 0\ndef softmax(z):\n    global calls\n    calls += 1\n    return z + calls\n"
    names = page(code, answers.finished_page("softmax"))
    assert "Called again with the same arguments" in check("softmax", names["softmax"]).message
    assert names["calls"] == 0


def test_what_cannot_be_rebuilt_runs_as_it_is():
    assert watched(functools.partial(np.add, 1), Meter()) is None
    assert watched(page("def around(k):\n    return lambda z: z + k\n")["around"](1), Meter()) is None
    assert watched(np.add, Meter()) is None


@pytest.mark.parametrize("name", ["forward_pass", "sample_ids"])
def test_the_numbers_are_those_of_the_plain_function(name):
    for function in answers.RIGHT[name]:
        assert all(map(trial.alike, trial.run(EXERCISES[name], function).outcomes, BANK.expected(name)))


# ---------------------------------------------------------------- rounds
N = 50
LOOPS = {
    "for": "def f(x):\n    for one in x:\n        one + 1\n",
    "while": "def f(x):\n    t = 0\n    while t < len(x):\n        t += 1\n",
    "generator": "def f(x):\n    return sum(one + 1 for one in x)\n",
    "lambda": "import functools\ndef f(x):\n    return functools.reduce(lambda h, one: h + one, x)\n",
    "function": "def g(one):\n    return one\ndef f(x):\n    for one in x:\n        g(one)\n",
    "inside": "def f(x):\n    def g(one):\n        return one\n    for one in x:\n        g(one)\n",
}


def rounds_of(code, x):
    meter = Meter()
    watched(page(code, {"np": np})["f"], meter)(x)
    return meter.most


@pytest.mark.parametrize("code", LOOPS.values(), ids=LOOPS)
def test_a_loop_makes_as_many_rounds_as_it_has_steps(code):
    few, many = rounds_of(code, np.arange(N)), rounds_of(code, np.arange(2 * N))
    assert N - 2 <= many - few <= 2 * N and few >= N - 1


def test_few_rounds_stay_few_however_long_it_is():
    code = "def f(x):\n    return x if len(x) < 2 else np.concatenate([f(x[: len(x) // 2]), f(x[len(x) // 2 :])])\n"
    assert rounds_of(code, np.arange(1000)) <= 12
    assert rounds_of("def f(x):\n    return np.sort(x)\n", np.arange(1000)) == 0


def test_a_right_answer_with_loops_over_the_units_hears_of_them():
    code = """
        def rnn_step(char_id, h_prev, parameters):
            h = np.zeros(len(h_prev))
            for i in range(len(h)):
                a = parameters.W_xh[i, char_id] + parameters.b_h[i]
                for j in range(len(h)):
                    a += parameters.W_hh[i, j] * h_prev[j]
                h[i] = np.tanh(a)
            return h
        """
    result = check("rnn_step", answer_in(code))
    assert result.verdict == CORRECT and "loops go round 42 times for one letter" in result.message
    assert "loops" not in check("rnn_step", answers.RIGHT["rnn_step"][0]).message
