"""Counts the rounds that an answer makes, for exercises that ask for few rounds as well as for right results.

It counts rounds instead of measuring time, so the result is the same on every computer.
"""

import sys

from course.checker.errors import is_learners


def most_rounds(function, args):
    """Call a learner's function, and return the number of rounds of the busiest call of one of the learner's functions.

    A round is a jump back in that call (of a for, a while or a comprehension), or a call from it to another function of
    the learner's, so that loops of itertools or NumPy that call a lambda count, too. Each call of a recursion is
    counted by itself: a function that halves its work makes two rounds in each call, though it makes many calls.
    """
    counted, most = {}, [0]  # counted: {frame that runs: its rounds}

    def one_more(frame):
        while frame is not None and frame not in counted:  # NumPy's own functions may be in between
            frame = frame.f_back
        if frame is not None:
            counted[frame][0] += 1
            most[0] = max(most[0], counted[frame][0])

    def at_call(frame, event, argument):
        if not is_learners(frame.f_code.co_filename):
            return None
        one_more(frame.f_back)
        counted[frame] = [0, frame.f_lasti]
        return at_line

    def at_line(frame, event, argument):
        if event == "return":
            counted.pop(frame, None)
        elif event == "line" and frame in counted:
            if frame.f_lasti <= counted[frame][1]:  # Python reports a line again when it jumps back
                one_more(frame)
            counted[frame][1] = frame.f_lasti
        return at_line

    before = sys.gettrace()
    sys.settrace(at_call)
    try:
        function(*args)
    finally:
        sys.settrace(before)
    return most[0]
