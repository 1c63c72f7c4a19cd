"""What each learner gets back: a page to read, and the same results in the form that Gradescope reads."""

import json
import re

from course.checker.words import CORRECT, NOT_YET
from course.lessons import is_extra, place_of
from course.marking.report_page import learners_page


def give_feedback(summary, folder):
    """Write NAME.html and NAME.json for each learner into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = set()
    for one in summary.marked:
        name = re.sub(r"[^\w-]+", "_", one.learner)[:80]
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        results = json.dumps(as_gradescope(summary, one), indent=1)
        for ending, text in ((".html", learners_page(summary, one)), (".json", results)):
            (folder / (name + ending)).write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")


def as_gradescope(summary, one):
    """Return the results of a learner as the contents of Gradescope's results.json: one test for each exercise.

    An extra brings no points, and is there only if the learner has begun it.

    Source: gradescope-autograders.readthedocs.io, Autograder Specifications, Output format
    """
    tests = []
    for name in [name for page in summary.pages for name in summary.on(page)]:
        mark, title = summary.marks[one.learner, name], f"{name}, {place_of(name)}"
        if is_extra(name) and mark.verdict not in (CORRECT, NOT_YET):
            continue
        points, output = float(not is_extra(name)), mark.message or f"{mark.verdict}."
        status = "passed" if mark.verdict == CORRECT else "failed"
        score = points * (mark.verdict == CORRECT)
        tests.append({"name": title, "score": score, "max_score": points, "status": status, "output": output})
    return {"output": "\n".join(one.problems), "tests": tests}
