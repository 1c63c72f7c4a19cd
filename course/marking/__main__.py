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
import time
import warnings
from pathlib import Path

from course.marking.handout import hand_out
from course.marking.marks import mark
from course.marking.report_page import as_page
from course.marking.submissions import find_submissions
from course.marking.summary import Summary, write_csv


class Bar:
    """A line on stderr with the share done and the time left. If stderr is a file, it shows nothing."""

    def __init__(self, total):
        self.total, self.started = total, time.monotonic()

    def show(self, done):
        if sys.stderr.isatty():
            left = (time.monotonic() - self.started) / max(done, 1) * (self.total - done)
            bar = f"[{'#' * (20 * done // self.total):.<20}] {done} of {self.total}, about {left:.0f} s left"
            print(f"\r{bar:<70}", end="" if done < self.total else "\n", file=sys.stderr, flush=True)


def report(options):
    """Try everything that was handed in, write the report, and return what it says at first glance."""
    submissions = find_submissions(options.submissions)
    marked, bar = {}, Bar(len(submissions))
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        waiting = {pool.submit(mark, one, options.seconds): one.learner for one in submissions}
        for done, future in enumerate(concurrent.futures.as_completed(waiting), 1):
            marked[waiting[future]] = future.result()
            bar.show(done)
    summary = Summary([marked[one.learner] for one in submissions])
    options.html.write_text(as_page(summary), encoding="utf-8", errors="backslashreplace", newline="\n")
    if options.csv:
        write_csv(summary, options.csv)
    return "\n".join([summary.what_it_covers(), *summary.at_a_glance()]) + "\n"


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
    parser.add_argument("--html", type=Path, default=Path("class_report.html"), help="the report (class_report.html)")
    parser.add_argument("--csv", type=Path, help="also a table: learner, exercise, verdict, mistake, points")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="learners at a time (as many as cores)")
    parser.add_argument("--seconds", type=float, default=60.0, help="for one answer, before its process ends (60)")
    options = parser.parse_args(arguments)
    if options.jobs < 1 or not options.seconds > 0:
        parser.error(f"--jobs is {options.jobs} and --seconds {options.seconds:g}: give numbers above 0.")
    for path in filter(None, (options.html, options.csv)):
        if Path(options.submissions).resolve() in path.resolve().parents:
            parser.error(f"{str(path)!r} lies in what was handed in: give another place for the report.")
    warnings.simplefilter("ignore", SyntaxWarning)  # about the learners' code
    try:
        text = report(options)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    sys.stdout.reconfigure(errors="backslashreplace")
    print(text, end="")
    print(f"The report: {options.html}" + (f", as a table: {options.csv}" if options.csv else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
