"""What learners give as answers to exercises of the kinds catch it and repair, as they would type it into a cell."""

import importlib
from pathlib import Path

START = "import numpy as np\nimport rnn_helpers\nfrom rnn_helpers import *\n"
# The name of an exercise -> a list of answers.
RIGHT_CHECKS, WRONG_CHECKS, HOSTILE_CHECKS, RIGHT_REPAIRS, WRONG_REPAIRS = {}, {}, {}, {}, {}

for file in sorted(Path(__file__).parent.glob("lesson_*.py")):
    module = importlib.import_module(f"kind_answers.{file.stem}")
    RIGHT_CHECKS |= getattr(module, "RIGHT_CHECKS", {})
    WRONG_CHECKS |= getattr(module, "WRONG_CHECKS", {})
    HOSTILE_CHECKS |= getattr(module, "HOSTILE_CHECKS", {})
    RIGHT_REPAIRS |= getattr(module, "RIGHT_REPAIRS", {})
    WRONG_REPAIRS |= getattr(module, "WRONG_REPAIRS", {})
