"""The first exercise of the course, which shows how exercises work."""

from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import hard

known = mistakes_beside(__file__)


def what_comes_next(text):
    """Return, for each character of a text but the last one, the character that comes after it: as one text."""
    return text[1:]


def what_comes_next_by_loop(text):
    found = ""
    for place in range(1, len(text)):
        found = found + text[place]
    return found


def what_comes_next_cases():
    return [
        Case("the word hello", ("hello",), {}),
        Case("a line of verse with its end", ("shall i compare thee\n",), {}),
        Case("a word that ends as it begins", ("that",), {}),
        Case("one character, with nothing after it", ("o",), {}),
        *hard("text", lambda text: (text,)),
    ]


WHAT_COMES_NEXT = Exercise(
    what_comes_next,
    what_comes_next_cases,
    difficulty=1,
    result="text",
    rare=5,
    mistakes=known("what_comes_next", what_comes_next, what_comes_next_by_loop),
    hints=[
        "Write down hello, and below it what comes next, letter under letter: e under h, l under e, and so on.",
        "Every letter has moved one place to the left. Which letter of the text never comes next?",
        "text[start:end] cuts a part out of a text. If there's nothing after the colon, the part goes to the end.",
        "In words: return the text from place 1 on. Python counts from 0, so this leaves out only the first character.",
    ],
    why="The answer for each character is one place further on. That's all a network gets when it learns to write: "
    "the text, and the same text moved by one place.",
    notice="A text answers its own questions, so nobody has to write answers for the network.",
)
