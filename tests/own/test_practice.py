"""practice(): the wrong line in a function that is done, found by its number or by a change that mends the function."""

import ast
import re

import pytest
from helpers import every_case

from course.checker import limit
from course.checker.one_line import one_lines
from course.checker.words import CORRECT, NOT_YET
from course.lessons import WRITTEN, page_of
from course.own import folder
from course.own import practice as own_practice
from course.own.memory import note, recall, remember
from course.own.practice import practice
from course.own.progress import progress

# The function that the lesson teaches has a single line, so there is no line to look for: only another form has some.
SHORT = "what_comes_next tanh_backward apply_temperature pick_targets gather_columns row_shares outer_sum move_downhill"
SHORT = {*SHORT.split(), "slope_of"}
END = 'Which line is wrong? practice(2) names line 2, and practice(2, "the line as it should be") fixes it.'


@pytest.fixture(autouse=True)
def restart():
    """Forget what only this Python knows, as a restart does."""

    def forget():
        own_practice._shown.clear()
        own_practice._left_open.clear()

    forget()
    return forget


def done(*names):
    for name in names:
        remember(name, CORRECT)


def shown():
    """Return (the exercise, the OneLine) that practice() shows."""
    result = practice()
    name, one = own_practice._shown
    assert result.title == f"practice: {name}, with one line wrong"
    assert [line[4:] for line in result.code.split("\n")] == [*one.lines] and result.text.endswith(END)
    return name, one


def show(name, id):
    """Have practice() show one mistake."""
    (one,) = [one for one in one_lines(WRITTEN[name]) if one.mistake.id == id]
    own_practice._shown[:] = name, one
    return one


# ---------------------------------------------------------------- what is offered


def test_each_that_is_offered_is_a_known_mistake_without_its_comments():
    """So it is wrong and comes to an end: test_mistakes.py has tried it."""
    with every_case() as case:
        for name, exercise in WRITTEN.items():
            ones = one_lines(exercise)
            with case(name):
                assert (len(ones) < 7) == (name in SHORT)
            for one in ones:
                with case(f"{name}/{one.mistake.id}"):
                    assert ast.dump(ast.parse("\n".join(one.lines))) == ast.dump(ast.parse(one.mistake.source))
                    assert not any("  # " in line for line in one.lines), "its own comment is gone, so all are"


@pytest.mark.parametrize("name", [name for name in WRITTEN if one_lines(WRITTEN[name])])
def test_it_is_seen_in_a_run_and_is_mended_by_its_line_as_it_was(name):
    exercise, ones = WRITTEN[name], one_lines(WRITTEN[name])[:2]
    is_right, shows = ones[0].tried(exercise)
    assert not is_right and shows and ones[0].mistake.message not in shows
    for one in ones:
        assert one.tried(exercise, one.number, one.right) == (True, exercise.notice)


def test_the_lines_alternate_and_the_order_is_always_the_same():
    ones = one_lines(WRITTEN["forward_pass"])
    lines = {one.number for one in ones}
    assert {one.number for one in ones[: len(lines)]} == lines
    assert ones == one_lines(WRITTEN["forward_pass"])


# ---------------------------------------------------------------- an answer


def test_the_number_of_the_line_is_right_and_the_teacher_speaks():
    done("softmax")
    name, one = shown()
    result = practice(one.number)
    assert result.title == f"practice: softmax, found: line {one.number} as it was"
    assert result.code == f" {one.number}  {one.right}" and one.lines[one.number - 1] not in result.code
    count = len(one_lines(WRITTEN["softmax"]))
    assert result.text == f"{one.mistake.message}\n1 of {count} found in softmax. practice() shows the next one."
    assert practice(one.number).title.endswith("with one line wrong"), "a number judges nothing that is found already"
    assert own_practice._shown[1] != one, "what is found is not shown again"


def test_another_line_is_not_blamed_and_may_still_be_tried():
    done("softmax")
    one = show("softmax", "base_2")
    assert practice(4).text == (
        "Line 4 isn't the one that was changed. If it alone can fix the function, show how: "
        'practice(4, "the line as it should be").'
    )
    wrong = practice(4, "return exps")
    assert re.match("With this line 4 it isn't right yet.\n.*right only with: ", wrong.text)
    assert "It adds up to" in wrong.text and not recall("softmax").get("practiced")
    assert practice(one.number).title.endswith("found: line 3 as it was"), "a wrong answer costs nothing"


MENDS = """
softmax base_2 4
    return exps ** np.log2(np.e) / (exps ** np.log2(np.e)).sum(axis=-1, keepdims=True)
sgd_step names_swapped 4
    gradient -= learning_rate * parameter
chunks swapped 8
    return [(inputs, targets) for targets, inputs in pieces]
hidden_gradients no_slope 6
    dh = (dh_from_output[t] + from_after) * (1 - hidden[t + 1] ** 2)
hidden_gradients no_w_hh 6
    dh = dh_from_output[t] + W_hh.T @ from_after
hidden_gradients rows_reversed 5
    rows.insert(0, da)
draw one_too_low 4
    return min(picked + 1, len(probs) - 1)
draw one_too_high 10
    return char_id - 1
rnn_step names_in_other_order 7
    return np.tanh(W_xh @ h_prev + W_hh[:, char_id] + b_h)
clip_gradients no_root 7
    norm = norm ** 0.5
    if norm <= max_norm:
"""


def test_a_change_of_another_line_that_mends_the_function_counts():
    with every_case() as case:
        for head, body in re.findall(r"^(\w.*)\n((?:    .*\n)+)", MENDS, re.MULTILINE):
            name, id, line = head.split()
            with case(head):
                one = show(name, id)
                assert one.number != int(line)
                result = practice(int(line), re.sub("^    ", "", body, flags=re.MULTILINE))
                assert result.title == f"practice: {name}, found: line {one.number} as it was"
                assert result.text.startswith(one.mistake.message) and recall(name)["practiced"] == id
                note(name, practiced="")


def test_a_line_has_the_indentation_of_the_old_one_or_its_own():
    for text in ("        return len(probs) - 1", "    return len(probs) - 1", "return len(probs) - 1"):
        show("draw", "first_decides")
        is_right = not text.startswith("     ")
        assert ("found" in practice(11, text).title) == is_right, "in the loop it is what it was"


IN_A_LOOP = "for k, parameter in enumerate(parameters):\n        gradient = gradients[k]"
MEANT = [  # the mistake, the line, and forms in which a learner may hand it in
    ("one_hot", "return_in_loop", 5, "return rows"),
    ("draw", "first_decides", 11, "11      return len(probs) - 1"),
    ("softmax", "base_2", 3, "\texps = np.exp(logits - logits.max(axis=-1, keepdims=True))"),
    ("forward_pass", None, None, "    {}"),
    ("sgd_step", "own_numbers", 3, IN_A_LOOP),
    ("sgd_step", "own_numbers", 3, IN_A_LOOP.replace("        ", "    ")),
]


@pytest.mark.parametrize("name, id, line, text", MEANT)
def test_a_right_line_counts_however_it_is_indented(name, id, line, text):
    ones = {one.mistake.id: one for one in one_lines(WRITTEN[name])}
    if not id:  # one in a loop, which is typed with the four spaces of every function
        id, one = next((id, one) for id, one in ones.items() if one.right.startswith("        "))
        line, text = one.number, text.format(one.right.strip())
    show(name, id)
    assert "found" in practice(line, text).title


def test_what_is_no_function_is_said(monkeypatch):
    monkeypatch.setattr(limit, "ROUNDS", 50_000)
    show("softmax", "base_2")
    for line, text, says in (
        (4, "return (", "This is not valid Python: '(' was never closed."),
        (1, "def other(logits):", "There is no function softmax then. Python says KeyError: 'softmax'."),
        (4, "while True:\n    exps = 0", "It didn't end, so we stopped it.\n"),
        (4, "return 1 / 0", "It raised ZeroDivisionError: division by zero\nin line 4"),
    ):
        assert practice(line, text).text.startswith(f"With this line {line} it isn't right yet.\n{says}")


def test_a_wrong_argument_is_said_in_a_sentence():
    show("softmax", "base_2")
    for line, what in (
        ("3", "a value of type str"),
        (0, "0 (type int)"),
        (5, "5 (type int)"),
        (True, "True (type bool)"),
    ):
        says = f"Give the number of a line, 1 to 4, as in practice(4), not {what}."
        assert practice(line).text == practice(line, "return 0").text == says
    assert practice(3, 3).text == 'The line is text in quotes: practice(3, "return h"), not 3 (type int).'


# ---------------------------------------------------------------- which one comes next


def test_with_nothing_done_it_says_when_it_begins():
    begins = "It begins when you've done a function of several lines, like softmax."
    assert practice().text == practice(4).text == begins
    remember("softmax", NOT_YET)
    done("tanh_backward", "catch_draw")
    assert practice().text == begins
    folder.make()
    folder.path_of("softmax").write_text("", encoding="utf-8")
    assert shown()[0] == "softmax", "it was kept elsewhere"


def test_the_function_with_the_fewest_found_comes_first_and_what_is_left_open_comes_again(restart):
    done("softmax", "chunks")
    first, second, third = [shown() for _ in range(3)]
    assert (first[0], second[0], third[0]) == ("softmax", "chunks", "softmax") and first != third
    restart()
    name, one = shown()
    assert (name, one) == first
    practice(one.number)
    restart()
    assert shown() == second, "one of softmax is found"
    practice(second[1].number)
    assert shown()[0] == "softmax"


def test_after_a_restart_a_number_judges_nothing():
    done("softmax")
    result = practice(3)
    assert result.title == "practice: softmax, with one line wrong" and "practiced" not in recall("softmax")


def test_what_another_page_has_found_stays_found(restart):
    done("softmax")
    _, one = shown()
    note("softmax", practiced="base_2 clipped")  # by another page
    practice(one.number)
    remember("softmax", NOT_YET, "softmax/no_shift", "It overflows.")
    assert recall("softmax")["practiced"].split() == sorted({"base_2", "clipped", one.mistake.id})


def test_all_are_found_and_progress_offers_it_until_then():
    offer = "practice() shows a function you've done, with one wrong line to find. (from course import practice)"
    page = page_of("softmax").exercises
    done(*page[:-1])
    assert offer not in progress().summary, "the page is not done"
    done(page[-1])
    assert offer in progress().summary.split("\n")
    count = 0
    while own_practice.to_find():
        practice(shown()[1].number)
        count += 1
    assert count == sum(len(one_lines(WRITTEN[name])) for name in page)
    assert practice().text == f"You've found all {count} wrong lines of the functions you've done."
    assert offer not in progress().summary
