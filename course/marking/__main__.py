"""What does the class know, and which mistakes did it make?

    python -m course.marking SUBMISSIONS      try what a class has handed in, and write class_report.html
    python -m course.marking handout FOLDER   write the course to hand out: pages without outputs
                                              (with --lab: a lab of one sitting)

SUBMISSIONS is a folder with a folder for each learner, or with notebooks named after learners, as Moodle, Canvas and
GitHub Classroom deliver them. Nothing is written there. The code of each learner runs in a separate process, with
limits on time, memory and the size of files. That is not a sandbox: see docs/teaching.md.
"""

import argparse
import concurrent.futures
import os
import sys
import warnings
from pathlib import Path

from course.checker.words import listed
from course.marking.feedback import give_feedback
from course.marking.handout import hand_out
from course.marking.report_page import class_page
from course.marking.submissions import find_submissions
from course.marking.summary import Summary, write_csv
from course.marking.unfinished import Unfinished
from course.tasks import pages_named


def report(options):
    """Try everything that was handed in, write the report and what else is asked for, and return the Summary."""
    submissions, marked = find_submissions(options.submissions), {}
    unfinished = Unfinished(options.html.with_name(f"{options.html.name}.unfinished"))
    last = [one for one in submissions if unfinished.is_suspect(one)]
    if last:
        names = listed(one.learner for one in last)
        print(f"The report ended while the answers of {names} ran: they run last, one by one.", file=sys.stderr)
    for several, at_once in ([one for one in submissions if one not in last], os.cpu_count()), (last, 1):
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            waiting = {pool.submit(unfinished.mark, one): one.learner for one in several}
            for future in concurrent.futures.as_completed(waiting):
                marked[waiting[future]] = future.result()
                if sys.stderr.isatty():
                    print(f"{len(marked)} of {len(submissions)} learners", end="\r", file=sys.stderr, flush=True)
    summary = Summary([marked[one.learner] for one in submissions], options.pages)
    options.html.write_text(class_page(summary), encoding="utf-8", errors="backslashreplace", newline="\n")
    if options.csv:
        write_csv(summary, options.csv)
    if options.feedback:
        give_feedback(summary, options.feedback)
    unfinished.path.unlink(missing_ok=True)
    return summary


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["handout"]:
        parser = argparse.ArgumentParser(prog="course.marking handout", description="Write the course to hand out.")
        parser.add_argument("folder", help="a new folder")
        parser.add_argument("--lab", action="store_true", help="only a lab of one sitting: pages 02 and 03, cut short")
        options = parser.parse_args(arguments[1:])
        try:
            pages = hand_out(options.folder, options.lab)
        except (ValueError, OSError) as error:
            parser.error(str(error))
        print(f"{pages} pages without outputs, and what they need, are in {options.folder}.")
        return 0
    parser = argparse.ArgumentParser(
        prog="course.marking", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("submissions", help="the folder with what the class has handed in")
    parser.add_argument("--pages", type=pages_named, default=(), help="those that count, such as 02,03 (all begun)")
    parser.add_argument("--html", type=Path, default=Path("class_report.html"), help="the report (class_report.html)")
    parser.add_argument("--csv", type=Path, help="also a table: learner, exercise, verdict, mistake")
    parser.add_argument(
        "--feedback", type=Path, help="also a folder with a page for each learner, and Gradescope's form"
    )
    options = parser.parse_args(arguments)
    for path in filter(None, (options.html, options.csv, options.feedback)):
        if Path(options.submissions).resolve() in (path.resolve(), *path.resolve().parents):
            parser.error(f"{str(path)!r} lies in what was handed in: give another place for it.")
        if not path.resolve().parent.is_dir():
            parser.error(f"There is no folder {str(path.parent)!r}: make it first.")
    warnings.simplefilter("ignore", SyntaxWarning)  # about the learners' code
    try:
        summary = report(options)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    sys.stdout.reconfigure(errors="backslashreplace")
    print(*summary.first_glance(), f"\nThe report: {options.html}", sep="\n")
    for what, path in (("The table", options.csv), ("For the learners", options.feedback)):
        if path:
            print(f"{what}: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
