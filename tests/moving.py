"""What moves on the pages, made as the pages make it: {name of the script: a Live}."""

import numpy as np
from helpers import ROOT

from course.engine import load_run
from course.models import gates
from course.show import page_01, page_12, page_17, sampling, way_back
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

READ = "wbwgicihr"
LETTERS = sorted({*READ})
GRU = gates.initialize_gru(3, len(LETTERS), np.random.default_rng(0), scale=3.0)  # so that its gates open and shut
IDS = np.array([LETTERS.index(char) for char in READ])
PASSED = gates.GRU.forward(IDS, IDS, np.zeros(3), GRU)
KEEPS = PASSED.gates[:, 3:]

NOTES = "g6h2g=6g9h=2g=9f4g=9f=4a7b1a=7c3g=9b=1c=3"
KEYS = {"g": [1, 0, 0, 0], "h": [0, 1, 0, 0], "f": [0.6, 0.8, 0, 0], "a": [0, 0, 1, 0]}
KEYS |= {"b": [0.5, 0.5, 0.5, 0.5], "c": [0.5, -0.5, 0.5, -0.5]}

MADE = {
    "scores": page_01.move_scores("ehlo", SCORES, 3),
    "nudge": way_back.nudge_a_number(PENCIL, HELL, ELLO, "ehlo"),
    "line": sampling.move_along_line(RUN.parameters, RUN.vocabulary, "shall i compare th"),
    "gates": page_12.watch_unit(f"{READ}g", KEEPS, PASSED.new, before=1 - KEEPS),
    "notes": page_17.read_notes(NOTES, KEYS),
}
