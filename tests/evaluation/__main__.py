"""Try the answers of the evaluation set: is each verdict as it should be, and what does the checker find?

python tests/evaluation                    the score, which is stored in score.txt, and the groups in tenth.txt
python tests/evaluation --messages         the message for each answer, too, to read it anew
python tests/evaluation --messages FILE ...only for these files of answers, such as tests/answers/softmax.txt
"""

import argparse
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

from answers import code_of, finding, function_of, read_file  # noqa: E402

import evaluation  # noqa: E402
from course.checker.words import CORRECT  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("files", nargs="*", type=Path, help="try these, and store nothing")
parser.add_argument("--messages", action="store_true", help="show each answer and what check says to it")
parser.add_argument("--seconds", action="store_true", help="show how long the processor works for an answer")
asked = parser.parse_args()
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
        why = f", cause: {found.cause.by}" if found.cause else ""
        print(f"{'=' * 100}\n{answer}\n{code_of(answer)}--- {found.verdict}{why}\n{found.message}")
if asked.seconds:
    print(f"seconds: median {statistics.median(seconds):.3f}, longest {max(seconds):.2f}, all {sum(seconds):.0f}")
if not asked.files:
    print(evaluation.score(groups), end="")
    evaluation.SCORE.write_text(evaluation.score(groups), encoding="utf-8", newline="\n")
    evaluation.TENTH.write_text(evaluation.tenth(groups), encoding="utf-8", newline="\n")
    sys.exit("\n".join(["Wrong verdicts:", *wrong_verdicts]) if wrong_verdicts else 0)
