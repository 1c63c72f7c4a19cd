"""What does check say to the answers of the bank? Whether a message is on the point, only a reader can tell.

python tests/answers                        how many are accepted, named or located, and how long it takes
python tests/answers --messages             every message too
python tests/answers gates bptt --kind single double --half first    these files, kinds and this half only
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS)]
own_file = tempfile.TemporaryDirectory()  # the learner's own file stays as it is
os.environ["MY_RNN"] = os.path.join(own_file.name, "my_rnn")

import answers  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("files", nargs="*")
parser.add_argument("--messages", action="store_true")
parser.add_argument("--kind", nargs="*", default=answers.KINDS)
parser.add_argument("--half", nargs="*", default=["first", "second", ""])
asked = parser.parse_args()
chosen = [one for one in answers.ANSWERS if one.kind in asked.kind and one.half in asked.half]
counts, seconds = Counter(), {}
for answer in chosen:
    if asked.files and answer.place.partition(".")[0] not in asked.files:
        continue
    function = answers.function_of(answer)
    began = time.perf_counter()
    found = answers.finding(answer, function)
    took = time.perf_counter() - began
    group = answers.group_of(found)
    counts[answer.kind, answer.half, group] += 1
    seconds.setdefault(group, []).append(took)
    if asked.messages:
        print(f"{'=' * 100}\n{answer}\n{answers.code_of(answer)}--- {group}\n{found.message}")
for (kind, half, group), count in sorted(counts.items()):
    print(f"{kind:7} {half:7} {group:30} {count:4}")
for group, took in seconds.items():
    print(f"{group:30} median {statistics.median(took):.3f} s, longest {max(took):.2f} s")
