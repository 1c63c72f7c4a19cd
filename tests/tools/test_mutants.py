"""The command that makes mutants: which changes it finds, and the list of those that may live."""

import ast
import itertools
import textwrap

import mutants
import pytest
from helpers import ROOT, every_case

SOURCE = '''
FIRST = 1 + 1


def area(width: int = 3, *, scale=True):
    """Give 2 + 2."""
    if width <= 0 and not scale:  # 1 + 1
        raise ValueError(f"The width is {width + 1}: " + "give more.")
    print("one", 1)
    width += 2
    return pow(width, 2, mod=None) if width in (5,) else -width


if __name__ == "__main__":
    print(area(1 + 1))
'''


def test_each_small_change_is_found_and_words_are_left_alone():
    found = {(one.old_line, one.new_line) for one in mutants.mutants_of("area.py", SOURCE.encode())}
    head, question = "def area(width: int = 3, *, scale=True):", "if width <= 0 and not scale: # 1 + 1"
    last = "return pow(width, 2, mod=None) if width in (5,) else -width"
    raised = 'raise ValueError(f"The width is {width + 1}: " + "give more.")'
    assert found == {
        (head, head.replace("3", "4")),
        (head, head.replace("True", "False")),
        (question, "if not (width <= 0 and not scale): # 1 + 1"),
        (question, question.replace("<=", "<")),
        (question, question.replace("0", "1")),
        (question, question.replace(" and ", " or ")),
        (question, question.replace("not ", "")),
        (raised, "pass"),
        ('print("one", 1)', "pass"),
        ("width += 2", "pass"),
        ("width += 2", "width -= 2"),
        ("width += 2", "width += 3"),
        (last, last.replace("width, 2", "2, width")),
        (last, last.replace(", mod=None", "")),
        (last, last.replace(" 2,", " 3,")),
        (last, last.replace("width in (5,)", "not (width in (5,))")),
        (last, last.replace(" in ", " not in ")),
        (last, last.replace("5", "6")),
        (last, last.replace("-", "")),
    }


def test_what_is_drawn_of_each_part_is_python_and_changes_the_code():
    drawn = mutants.draw(25, 3, "")
    assert {part: len(some) for part, some in drawn.items()} == dict.fromkeys(mutants.PARTS, 5)
    with every_case() as case:
        for one in itertools.chain(*drawn.values()):
            with case(one):
                source = (ROOT / one.file).read_bytes()
                assert ast.dump(ast.parse(one.of(source))) != ast.dump(ast.parse(source))
                assert one.old_line != one.new_line


def test_the_seed_decides_which_are_drawn_and_more_begin_with_the_same():
    few, more, others = [mutants.draw(*given, "course/models") for given in ((5, 0), (9, 0), (5, 1))]
    assert few["models"] == more["models"][:5] != others["models"] and len(more["models"]) == 9
    assert {one.file for one in mutants.draw(60, 0, "course/models/counting.py")["models"]} == {
        "course/models/counting.py"
    }


def test_each_file_has_tests_that_are_there():
    with every_case() as case:
        for places, room in mutants.PARTS.values():
            for name in [name for place in places for name in mutants.files_in(place)]:
                with case(name):
                    telling, others = mutants.tests_of(name)
                    assert all((ROOT / file).exists() for file in telling)
                    assert [file for file in telling + others if file.startswith(f"tests/{room}/")]
        for place in mutants.TELLING:
            with case(place):
                assert (ROOT / place).exists()


def test_whoever_may_live_has_a_reason_and_is_still_there():
    reasons = mutants.read_alive(mutants.ALIVE.read_text(encoding="utf-8"))
    assert reasons and all(len(reason.split()) >= 4 for reason in reasons.values())
    assert mutants.no_longer_there(reasons) == []
    made_up = {("course/models/counting.py", "chances = 17", "chances = 18"): "It is in no file of the course."}
    assert mutants.no_longer_there(made_up) == ["course/models/counting.py\n    chances = 17"]


def test_an_entry_of_the_list_without_a_reason_is_refused():
    entry = textwrap.dedent("""
        # a word before

        a.py
        - x = 1
        + x = 2
        It is the same,
        for a reason.
    """)
    assert mutants.read_alive(entry) == {("a.py", "x = 1", "x = 2"): "It is the same, for a reason."}
    with pytest.raises(AssertionError):
        mutants.read_alive("a.py\n- x = 1\n+ x = 2")
