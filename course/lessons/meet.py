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
        Case("one character, after which nothing comes", ("o",), {}),
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
        "Write the text hello, and below it what comes next, letter under letter: e under h, l under e, and so on.",
        "Every letter has moved one place to the left. Which letter of the text never comes next?",
        "A part of a text is cut out with text[start:end]. If nothing stands after the colon, it goes to the end.",
        "In words: return the text from place 1 on. Python counts from 0, so that leaves out the first character only.",
    ],
    why="The answer for every character is one place further on. That is all a network gets when it learns to write: "
    "the text, and the same text moved by one place.",
    notice="A text answers its own questions, so nobody has to write answers for the network.",
)
