"""Try the answers of the evaluation set: is each verdict as it should be, and what does the checker find?

python tests/evaluation                    the score, which is stored in score.txt, and the groups in tenth.txt
python tests/evaluation --messages         the message for each answer, too, to read it anew
python tests/evaluation --messages FILE ...only for these files of answers, such as tests/answers/softmax.txt
python tests/evaluation --without cause:slip edit:sign ...
                                           what changes without these parts of the checker, among all stored answers,
                                           or those of each FILE.txt that is given, too: see without.py
python tests/evaluation --table            what each part decides among all stored answers; stored in decides.txt
python tests/evaluation --table FILE ...   the same, with a column for each of these files, which no one has seen before
                                           The last column tries them (or all) without the known mistakes, as in an
                                           exercise that has none.
"""

import argparse
import difflib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT), str(ROOT / "tests")]
own_folder = tempfile.TemporaryDirectory()  # the learner's own functions stay as they are
os.environ["MY_RNN"] = os.path.join(own_folder.name, "my_rnn")

from answers import ANSWERS, code_of, finding, function_of, read_file  # noqa: E402

import evaluation  # noqa: E402
from course.checker.words import CORRECT  # noqa: E402
from evaluation import without  # noqa: E402

KNOWN = "cause:known", "cause:two_known"
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("files", nargs="*", type=Path, help="try these, and store nothing")
parser.add_argument("--messages", action="store_true", help="show each answer and what check says to it")
parser.add_argument("--seconds", action="store_true", help="show how long the processor works for an answer")
parser.add_argument("--without", nargs="+", metavar="PART", help="show what changes without these: cause:slip ...")
parser.add_argument("--table", action="store_true", help="what each part decides, among all stored answers")
asked = parser.parse_args()
if asked.table:
    banks = {"stored": (ANSWERS + evaluation.BANK, ())}
    banks |= {file.stem: (read_file(file), ()) for file in asked.files}
    banks["none known"] = [one for answers, _ in [*banks.values()][bool(asked.files) :] for one in answers], KNOWN
    text = without.table({name: without.changes_of_all(*bank) for name, bank in banks.items()})
    print(text, end="")
    evaluation.DECIDES.write_text(text, encoding="utf-8", newline="\n")
    sys.exit()
if asked.without:
    files, names = ([one for one in asked.without if one.endswith(".txt") is is_file] for is_file in (True, False))
    if unknown := [name for name in names if name not in without.parts()]:
        near = difflib.get_close_matches(unknown[0], without.parts())
        sys.exit(f"No part of the checker is called {unknown[0]!r}. Near it: {'; '.join(near)}. All: decides.txt")
    answers = [one for file in files for one in read_file(Path(file))] or ANSWERS + evaluation.BANK
    print(without.compared(answers, {*names}))
    sys.exit()
groups, seconds, wrong_verdicts = {}, [], []
for answer in [one for file in asked.files for one in read_file(file)] or evaluation.BANK:
    function, began = function_of(answer), time.process_time()
    found = finding(answer, function)
    seconds.append(time.process_time() - began)
    if answer in evaluation.WRONG:
        groups[answer] = evaluation.group_of(found)
    if (found.verdict == CORRECT) != (answer.kind == "right") and answer.read not in ("accepted", "refused"):
        wrong_verdicts.append(f"{answer}: {found.verdict}")
    if asked.messages:
        why = f", cause: {found.cause.by} {found.mistake}".rstrip() if found.cause else ""
        print(f"{'=' * 100}\n{answer}\n{code_of(answer)}--- {found.verdict}{why}\n{found.message}")
if asked.seconds:
    print(f"seconds: median {statistics.median(seconds):.3f}, longest {max(seconds):.2f}, all {sum(seconds):.0f}")
if not asked.files:
    print(evaluation.score(groups), end="")
    evaluation.SCORE.write_text(evaluation.score(groups), encoding="utf-8", newline="\n")
    evaluation.TENTH.write_text(evaluation.tenth(groups), encoding="utf-8", newline="\n")
    sys.exit("\n".join(["Wrong verdicts:", *wrong_verdicts]) if wrong_verdicts else 0)
