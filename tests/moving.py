"""What moves on the pages, made as the pages make it: {name of the script: a Live}."""

import numpy as np
from helpers import ROOT

from course.engine import load_run
from course.show import page_01, sampling, way_back
from rnn_helpers import Parameters

SCORES = np.array([0.0, 2.0, 1.0, -1.0])
PENCIL = Parameters(
    np.array([[0.5, -0.3, 0.2, 0.1], [-0.2, 0.4, 0.1, -0.5], [0.3, 0.1, -0.4, 0.2]]),
    np.array([[0.3, -0.1, 0.2], [0.1, 0.4, -0.2], [-0.3, 0.2, 0.1]]),
    np.array([[0.4, -0.2, 0.1], [-0.1, 0.3, 0.5], [0.2, 0.1, -0.3], [-0.4, 0.2, 0.3]]),
    np.array([0.1, -0.1, 0.2]),
    np.array([0.1, 0.0, -0.1, 0.2]),
)
HELL, ELLO = np.array([1, 0, 2, 2]), np.array([0, 2, 2, 3])
RUN = load_run(ROOT / "data" / "sonnets_run.npz")

MADE = {
    "scores": page_01.move_scores("ehlo", SCORES, 3),
    "nudge": way_back.nudge_a_number(PENCIL, HELL, ELLO, "ehlo"),
    "line": sampling.move_along_line(RUN.parameters, RUN.vocabulary, "shall i compare th"),
}
