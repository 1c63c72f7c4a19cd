"""All limits of the checker. It counts and uses no clock, so a verdict is the same on a slow computer, on a busy one
and in a browser.

All work on an answer is counted in rounds: one is a round of a small loop, or a call of a small function, about a
microsecond on a computer of 2024.
"""

# ---------------------------------------------------------------- for all calls of a learner's code in a check together
ROUNDS = 1_000_000  # the slowest right answer known needs an eighth. The first of two tries may use up half
ROUNDS_OF_A_CHECK = 3_000_000  # of a check that a learner writes: ten thousand calls of thirty functions
CALL_OF_COURSE, STEP_OF_COURSE = 5, 20  # rounds, for a call of a function of the course, and for each step of it
DEEPEST = 850  # calls inside calls, below the limit of Python: a right answer may walk through 800 characters like that
TOO_DEEP = 20  # how often it may go deeper, and catch the error
HELPERS = 30  # functions of the page that an answer calls

# ---------------------------------------------------------------- for one call
MEMORY = 1_000_000_000  # bytes of the arrays that it makes
ENTRIES = 2_000_000  # of a list, characters of a text
BITS = 100_000  # of a whole number
LARGE = 1_000_000  # bytes of an array that it returns: no right answer has more than 20,000
MANY = 1_000  # pairs in a list that it returns: no right answer has more than 30
PRINTED = 1_000_000  # characters of its output that are kept

# ---------------------------------------------------------------- for the search for small edits that make it right
# It takes what running has left. So what it finds is the same on every computer.
ALL_ROUNDS = ROUNDS  # of both together
A_CALL = 250  # rounds, for a call of a small function with an edit
A_PART = 20  # rounds, for a part of a result, which is compared with those of known mistakes
NODES = 200  # in the syntax tree of a function: to compile so many takes as long as such a call
CALLS_OF_COURSE = 15  # calls of functions of the course that take as long
OWN_ROUNDS = 200_000  # of the loops of the unedited function, in all cases: above that no edits are tried
# For one call with an edit: this many rounds, plus so many times those of a call without it.
ROUNDS_OF_AN_EDIT = 1000, 10


class Stopped(BaseException):
    """Ends the learner's code."""
