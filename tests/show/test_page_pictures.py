"""The pictures that one page shows: can they be read, and is each title true?

Their numbers are in the stored outputs of the pages, which are compared when the pages run.
"""

import math
import re
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch, Rectangle
from overlaps import overlaps

import rnn_helpers
from course.engine import make_streams
from course.lessons import NETWORK
from course.lessons.bptt import PENCIL
from course.models.gates import gru_step
from course.own.kept import OwnFunctions
from course.show import (
    page_00,
    page_01,
    page_06,
    page_08,
    page_10,
    page_11,
    page_12,
    page_14,
    page_15,
    page_16,
    page_19,
    page_20,
    page_21,
    sampling,
    shapes,
    states,
    training,
    unrolled,
    way_back,
)
from rnn_helpers import forward_pass, load_corpus, smooth_loss, softmax

HELL, ELLO = np.array([1, 0, 2, 2]), np.array([0, 2, 2, 3])
FORWARD = forward_pass(HELL, ELLO, np.zeros(3), PENCIL)
SLOPES = np.array([0.4, -0.1, -0.3])
LOGITS = np.array([[2, 0, 1, -1], [0, -1, 3, 1], [1, 1, 1, 1], [0, 2, 1, -1]], float)
GUESSED = dict(zip("\n abcdefgh", softmax(np.linspace(0, 4, 10))))
VERSE = np.array([[0.1, 0.6, 0.2, 0.1], [0.7, 0.1, 0.1, 0.1], [0.02, 0.5, 0.3, 0.18]])


# ---------------------------------------------------------------- what the pages hand over
def one_unit(bend):
    found = [0.0]
    for _ in range(10):
        found.append(bend(1.5 * found[-1] + 0.1))
    return found


def twins():
    steps = np.arange(601)
    short = [1e-9 * np.exp(rate * steps) for rate in (0.0024, 0.0026, 0.0028, 0.003, 0.0032)]
    long = [np.minimum(1e-9 * np.exp(rate * steps), 30 + 9 * rate) for rate in (0.08, 0.11, 0.14, 0.17, 0.31)]
    return page_21.twins_picture(short, long, 60 + steps / 100)


def again(**others):
    return page_10.read_again({"healthy": (100,) * 4, "D": (100, 100, 100, 86), "E": (100, 47, 0, 0)} | others)


def learned(end):
    return training.line_learned({0: 100, 10: 9, 1000: end}, {0: "s$\n", 10: "shall", 1000: "shall"})


def smoothing(start, fall):
    """Return the picture of losses around a start that fall so much a sequence, with their smoothed loss."""
    losses, smoothed = [start - 20 * math.sin(k) - fall * k for k in range(900)], [177.77]
    for loss in losses:
        smoothed.append(smooth_loss(smoothed[-1], loss))
    return training.smoothing(np.array(smoothed))


ERRORS = (0.4, 0.5)
ROAD = {0.4: (92, 15), 0.6: (87, 27), 0.8: (76, 39), 1.0: (66, 49), 1.2: (54, 60)}


def words(top_p=85, listed=100):
    ways = {"top-k": ((89, 17), ERRORS), "top-p": ((top_p, 27), ERRORS), "a list of words": ((listed, 37), ERRORS)}
    road = {degree: (means, ERRORS) for degree, means in ROAD.items()}
    return sampling.word_map(road, ways, ((87, 40), ERRORS))


PLAIN = [(2, 1.667, 0.07, 0.77), (8, 0.003, 0.006, 0.05), (40, 0.0, 0.0, 0.0)]  # true characters, cost, error, moved
GRU = [(2, 1.842, 0.079, 0.88), (8, 0.213, 0.03, 0.37), (40, 0.004, 0.005, 0.03)]


def commas(early_of_table=0.4):
    early = {"the text": [0.0], "GRU": [0.0, 0.01], "plain": [0.42], "best table": [early_of_table]}
    late = {"the text": [0.92], "GRU": [0.91, 0.93], "plain": [0.54], "best table": [0.57]}
    return states.comma_picture(early, late)


def tenths(single=0.03, paired=0.0128):
    apart = np.array([-0.09, -0.04, 0.01, 0.05, 0.07])
    rows = {"network": (2.4 + apart, single), "table": (2.3 + apart, single), "both": (0.1 + apart / 5, paired)}
    return page_08.each_tenth({name: [(bits, error) for bits in row] for name, (row, error) in rows.items()})


def ladder(last=82.7):
    run_2019 = SimpleNamespace(epoch_losses=120 * np.arange(1, 42) ** -0.09)
    runs = {
        name: SimpleNamespace(losses=np.array([99.0, loss]), settings=SimpleNamespace(num_epochs=epochs))
        for name, loss, epochs in (("fan-in", 100.0, 3), ("all", last, 4))
    }
    return page_11.ladder(runs, run_2019, 83.96)


EASY = np.random.default_rng(0).gamma(1, 2, 2050)
NOISE = np.random.default_rng(1).normal(0, 0.1, 2050)


def board(ahead=0.3, kind="first"):
    """Return the scoreboard of a packer, a model that is behind it, and another one that is ahead by so much."""
    costs = {"packer": EASY, "a model with a long name": EASY + 0.5 + NOISE, "another": EASY - ahead + NOISE}
    rows = {name: (one.mean(), one, kind if name == "another" else "state") for name, one in costs.items()}
    return page_14.scoreboard(rows, "packer", 800)


def dropped(last=2.7):
    """Return the picture of what three networks need after 2 to 10 epochs; with dropout, unseen text ends at `last`."""
    unseen = {"without": [3.1, 2.9, 2.8, 2.9, 3.0], "dropout": [3.2, 3.0, 2.9, 2.8, last]}
    start = {name: np.array([np.subtract(row, 0.5), row]).T for name, row in unseen.items()}
    scores = {name: np.array([one, one + 0.02, one - 0.01]) for name, one in start.items()}
    return page_14.with_and_without([2, 4, 6, 8, 10], scores)


def remembered(yours=64):
    return page_15.remembered(yours, {"most frequent since w": 57, "the same, first of several": 82})


def recipes(last=-0.06):
    rows = {"short": [(0.05, 0.01), (0.02, 0.01)], "page 11": [(last, 0.01), (last - 0.02, 0.01)]}
    return page_15.ahead_by_recipe(rows)


def gru_and_rule(rule=46):
    return page_16.gru_and_rule([2, 4, 8], np.array([[78, 81], [50, 55], [33, 36]]), np.array([78, 58, rule]))


def side_by_side(found=100):
    return page_16.recalled_side_by_side([100, found], [27, 28], 46)


def readers(scatter=0.1):
    """The lead of the table is 0.3623 bits. scatter: of this lead, from one hundred characters to the next."""
    lead = 0.3623 + np.repeat([-scatter, scatter] * 5, 100)
    table = np.full(1000, 2.3313)
    return page_06.two_readers({"network": table + lead, "table": table})


def tape():
    x = SimpleNamespace(value=3.0, slope=7.0, made_from=())
    a = SimpleNamespace(value=9.0, slope=1.0, made_from=((x, 3.0), (x, 3.0)))
    return [x, a, SimpleNamespace(value=12.0, slope=1.0, made_from=((a, 1.0), (x, 1.0)))]


def streams():
    corpus = load_corpus("sonnets")
    return page_20.streams_picture(make_streams(corpus.ids, 16), corpus.decode, 8)


FOUR = "plain", "update gate", "reset gate", "GRU"
LEAKS = "plain", "leaky 0.8", "leaky mixed"
MARKS = {"Shakespeare": 4.1, "bigram": 38.9}
KEEPS = np.array([[0.9, 0.5], [0, 0], [1, 0], [0, 0], *[[1, 1]] * 5])
READ = "wawbicidrb"
TRIANGLE = unrolled.triangle(PENCIL, [1, 0, 2, 2, 3, 1, 0, 2], [0, 2, 2, 3, 1, 0, 2, 2], np.zeros(3))
PLACES = np.array([[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]])
CHOICES = {"[2, 0], [3, 1]": ([2, 0], [3, 1]), "[2, 0]": [2, 0], ":, [3, 1]": (slice(None), [3, 1])}
PAIRS = [((2, 4), (4,)), ((2, 4), (2,)), ((2, 4), (2, 1)), ((3, 3), (3,)), ((3,), (3, 1))]
PICTURES = {
    "00 most probable": lambda: page_00.most_probable("shall i", GUESSED),
    "00 pieces": lambda: page_00.pieces_of_a_line(GUESSED, (0.1, 0.6, 1, 1.5)),
    "00 costs": lambda: page_00.bars_of_costs("aH ", 0.5, "ah\n", [GUESSED] * 3),
    "00 dear costs": lambda: page_00.bars_of_costs("aaaa", 0.999, "bbbb", [GUESSED] * 4),
    "00 five parts": page_00.five_parts,
    "01 line": lambda: page_01.line_against_weights("ehlo", [1, 0, 0, 1]),
    "01 bars": lambda: page_01.softmax_bars("ehlo", LOGITS[0]),
    "01 curve": lambda: page_01.surprises_on_the_curve("ello", softmax(LOGITS)[np.arange(4), ELLO]),
    "01 expectations": lambda: page_01.expectations("ehlo", "hole", VERSE, (0, 1, 2)),
    "01 one axis": lambda: shapes.kept_axis(np.array([[3, 1, 2], [10, 30, 20]])),
    "02 bounds": lambda: states.bounds_picture(one_unit(float), one_unit(np.tanh)),
    "02 tanh": states.tanh_picture,
    "02 states": lambda: states.states_picture("hell", FORWARD.hidden[1:], FORWARD.probs[:, 3], "o"),
    "02 rows": lambda: states.rows_picture("hell", FORWARD.hidden),
    "02 cell": lambda: unrolled.cell_picture("ehlo", "h"),
    "03 map": lambda: way_back.way_back_map(PENCIL, HELL, ELLO, np.zeros(3), "ehlo"),
    "03 row or column": lambda: way_back.row_or_column(PENCIL.W_hh, SLOPES, -0.1159, 0.0357),
    "03 copies": lambda: way_back.slopes_of_copies("hell", [0.0281, -0.1275, -0.0512, 0.3936], FORWARD.hidden[:-1, 0]),
    "03 two states": lambda: way_back.two_states_graph("hell", "ello"),
    "04 lost": lambda: training.pieces_and_targets("hellohell", 4),
    "04 sequences": lambda: training.sequences("hellohell", 4),
    "04 steps": lambda: training.step_sizes(PENCIL, HELL, ELLO, [0.1, 0.6, 1.6]),
    "04 two names": lambda: training.two_names(-0.3, 0.0071),
    "04 learned": lambda: learned(0.05),
    "04 smoothing": lambda: smoothing(150, 0),
    "05 u on the left": lambda: sampling.draw_line(np.array([0.1, 0.2, 0.7]), 0.1, [1033, 1975, 6992]),
    "05 u on the right": lambda: sampling.draw_line(np.array([0.1, 0.2, 0.7]), 0.99, [1033, 1975, 6992]),
    "06 calls": lambda: page_06.who_calls_whom(["rnn_step"]),
    "06 readers": readers,
    "08 tenths": tenths,
    "10 six curves": page_10.six_curves,
    "10 read again": page_10.read_again,
    "09 paths": lambda: way_back.three_paths(0.8, 0.5, (0.2, -0.3), (1, 0)),
    "09 paths, before the third": lambda: way_back.three_paths(0.8, 0.5, (0.2, -0.3), (1, 0), known=False),
    "09 triangle": lambda: unrolled.triangle_picture("Two pieces", TRIANGLE, length=4),
    "09 fading": lambda: unrolled.fading_picture("Fading", {"one": TRIANGLE, "two": TRIANGLE, "three": TRIANGLE}),
    "11 streams": lambda: page_11.streams_of("hellohellohell", 3),
    "11 ladder": ladder,
    "12 cells": lambda: page_12.two_cells(h_prev=0.8, r=0.25, z=0.75, n=0.380, h=0.695),
    "12 ways": lambda: page_12.four_ways(gru_step, h_prev=0.8, r=0.25, z=0.75, W_hr=-1, W_hz=2, W_hn=2),
    "12 story": lambda: page_12.story(READ, KEEPS, KEEPS - 0.5, before=1 - KEEPS),
    "12 flip-flop": lambda: page_12.flip_flops("Flip-flop", ("plain", 500, "all"), ("plain", 500, "asked")),
    "12 leaks": lambda: page_12.lines_and_bits("Leaks", LEAKS, MARKS, 2.33),
    "12 gates": lambda: page_12.lines_and_bits("Gates", FOUR, MARKS, 2.33),
    "13 one network": lambda: states.exchange_picture({"plain network": PLAIN}),
    "13 two networks": lambda: states.exchange_picture({"plain network": PLAIN, "GRU": GRU}),
    "13 commas": commas,
    "14 narrowing": lambda: page_14.narrowing("ca", np.array([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75]]), " ac"),
    "14 dropout": lambda: page_14.dropped_network([0.7, 0.2, 0.9, 0.4, 0.1, 0.6], 0.5),
    "14 chord": lambda: page_14.cheaper_together(0.5, 0.1),
    "14 board": board,
    "14 with and without": dropped,
    "15 cells": page_15.two_cells,
    "15 doubling": lambda: page_15.scan_doubling(range(1, 9)),
    "15 tree": lambda: page_15.scan_tree(range(1, 9)),
    "15 remembered": remembered,
    "15 cured": page_15.cured,
    "15 recipes": recipes,
    "16 lead": gru_and_rule,
    "16 side by side": side_by_side,
    "16 look": lambda: page_16.one_look([1, 1, 0], [0, np.log(3), 5], [4, 8, 3], 1),
    "19 tape": lambda: page_19.tape_picture(tape(), "xay"),
    "19 walk": lambda: page_19.walk_picture(0.8, 0.5, (1.0, -1.0, 2.0)),
    "19 cut": lambda: page_19.cut_picture({"W_xh": 0.61, "W_hh": 0.68, "W_hy": 1e-17, "b_h": 1.0, "b_y": 0.0}),
    "20 streams": streams,
    "20 step": lambda: page_20.step_picture(8, 16, 10985),
    "20 killed": lambda: page_20.killed_picture(116, 348, 10, 171),
    "21 twins": twins,
    "21 last losses": lambda: page_21.last_losses_picture([109.7, 109.2], [109.7, 109.7], [121.0, 128.0]),
    "warm-up picked": lambda: shapes.picked(PLACES, CHOICES),
    "warm-up shapes": lambda: shapes.lined_up(PAIRS),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_all_that_is_written_can_be_read(name):
    assert overlaps(PICTURES[name]()) == []


# ---------------------------------------------------------------- titles
BOTH = "What the exchange of the past costs"
TITLES = [  # what was measured, or may be with other numbers, and the title that is true of it
    (lambda: learned(0.05), "The loss of the line falls below 0.1"),
    (lambda: learned(50), "The loss of the line, and what the network writes"),
    (lambda: smoothing(150, 0), "The smoothed loss falls, but the network doesn't learn"),
    (lambda: smoothing(150, 0.1), "The smoothed loss follows the losses, but lags behind"),
    (lambda: smoothing(300, 0), "The losses, and the smoothed loss"),
    (words, "Only the list of words beats the temperature"),
    (lambda: words(top_p=95), "Known words and different words, by each way of drawing"),
    (lambda: words(listed=77), "Known words and different words, by each way of drawing"),
    (readers, "The table is surprised less, and that is no accident"),
    (lambda: readers(0.6), "How much new verse surprises the network and the table"),
    (tenths, "The error bars of single scores are too short"),
    (lambda: tenths(single=0.06), "What the error bars say, and how much the tenths differ"),
    (lambda: tenths(paired=0.03), "What the error bars say, and how much the tenths differ"),
    (lambda: tenths(paired=0.005), "What the error bars say, and how much the tenths differ"),
    (page_10.read_again, "E's later steps never help their own sequence"),
    (lambda: again(E=(100, 47, 3, 0)), "How many steps help their own sequence"),
    (lambda: again(D=(100, 40, 0, 0)), "How many steps help their own sequence"),
    (ladder, "4 epochs beat the goal that 40 old ones miss"),
    (lambda: ladder(90), "How far each change got"),
    (lambda: states.exchange_picture({"GRU": GRU, "plain network": PLAIN}), BOTH),
    (lambda: states.exchange_picture({"GRU": GRU[1:2]}), BOTH),
    (lambda: page_12.story(READ, 0.8 * KEEPS, KEEPS, KEEPS), "What one unit keeps, and what it holds"),
    (lambda: page_12.story(READ, KEEPS, KEEPS, KEEPS), "One unit takes what is written, and keeps it"),
    (commas, "Only the GRU knows the comma's place in the line"),
    (lambda: commas(early_of_table=0.1), "Who knows the comma's place in the line"),
    (dropped, "With dropout, unseen text doesn't get worse again"),
    (lambda: dropped(2.9), "What the networks need, with dropout and without"),
    (remembered, "Gate and candidate that see one letter remember too little"),
    (lambda: remembered(95), "What each network remembers"),
    (recipes, "The recipe decides which cell is ahead"),
    (lambda: recipes(0.06), "Which cell is ahead"),
    (gru_and_rule, "With more notes, the GRU falls behind the rule"),
    (lambda: gru_and_rule(34), "What the GRU and the rule get right"),
    (side_by_side, "Attention with look-back answers all questions"),
    (lambda: side_by_side(80), "How many questions each network answers"),
    (board, "Of these, only mixtures with a table beat packer"),
    (lambda: board(0), "No model is ahead of packer"),
    (lambda: board(0.3, "state"), "How far each model is ahead of packer"),
]


@pytest.mark.slow
@pytest.mark.parametrize("make, title", TITLES)
def test_a_title_claims_only_what_the_numbers_show(make, title):
    assert make().text.startswith(f"Picture: {title}\n")


@pytest.mark.parametrize("networks", [LEAKS, FOUR])
def test_no_two_networks_of_a_picture_have_the_same_color(networks):
    assert len({page_12.LOOKS[name][1] for name in networks}) == len(networks)


def test_what_a_unit_holds_is_red_above_0_and_blue_below_as_in_a_heat_map():
    picture = page_12.story(READ, KEEPS, np.outer(np.linspace(-1, 1, 9), [1, 1]), KEEPS)
    cells = picture.axes.findobj(lambda part: isinstance(part, Rectangle) and part.get_height() == 0.34)
    red, _, blue, _ = np.array([cell.get_facecolor() for cell in cells[18:27]]).T
    assert red[0] < blue[0] and red[8] > blue[8]


def test_each_of_the_six_curves_says_what_its_axis_counts():
    charts = page_10.six_curves().figure.axes[1:]
    assert [axes.get_xlabel() for axes in charts] == ["sequences read"] * 6


def test_the_titles_of_page_12_say_what_the_stored_tables_hold():
    flips = page_12.flip_flops(
        "",
        *[
            ("leaky 0.8", 500, "all"),
            ("leaky 0.8", 1500, "all"),
            ("update gate", 500, "all"),
            ("GRU, b_z 0", 500, "all"),
        ],
    ).text
    assert "'leaky 0.8, 1,500 steps': 100, 100, 100" in flips
    assert "'update gate alone, 500 steps': 99, 100, 100" in flips
    assert "'GRU, b_z from 0, 500 steps': 100, 100, 100" in flips, "so it does not need a bias that starts at 1"
    assert "runs: 3 starts · 3 learning rates · chosen by the same questions · steps of 16 texts" in flips
    told = page_12.right_in_words(("leaky 0.8", 1500, "all"), ("plain", 500, "all"))
    first, *lines = told.split("\n")
    assert not any(map(str.isdigit, first)), "the first line of a folded output is seen"
    assert lines == ["leaky 0.8  1,500 steps: 100, 100, 100 % right", "plain        500 steps:  31,  52,  34 % right"]
    scores = page_12.scores_in_words(["reset gate"])
    assert scores.split("\n")[1:] == ["reset gate alone   2.42, 2.45, 2.43 bits   lines 38, 31, 39"]
    bits, lines = {}, {}
    for row in PICTURES["12 gates"]().lines[4:]:
        name, told = row.split(": ")
        pairs = np.array([one.split(" bits and ") for one in told.split(", ")], float)
        bits[name], lines[name] = pairs.T
    assert max(*lines["update gate alone"], *lines["GRU"]) < 12 < 25 < min(*lines["plain"], *lines["reset gate alone"])
    assert max(bits["reset gate alone"]) < min(bits["plain"]) <= min(bits["update gate alone"])


# ---------------------------------------------------------------- what is drawn, and what the learner's own work shows
def widths(picture, height):
    return np.array([part.get_width() for part in picture.axes.findobj(Rectangle) if part.get_height() == height])


def test_bars_and_parts_are_as_long_as_their_numbers():
    reader = widths(readers(), 0.24)
    np.testing.assert_allclose(reader / reader[0], [1, 2.3313 / 2.6936, 0.3623 / 2.6936])
    parts = widths(PICTURES["14 narrowing"](), 0.36)
    np.testing.assert_allclose(parts / 5.2, [0.25, 0.5, 0.25, 0.125, 0.125, 0.75])


def test_the_sizes_of_page_08_are_stored_and_the_trained_network_takes_its_place():
    sizes = page_08.bits_by_size((10_985, [9, 8, 7]))
    assert sizes["network"][10_985] == [9, 8, 7] and len(sizes["network"][33_185]) == 3
    assert [*sizes["network"]] == sorted(sizes["network"]) and len(sizes["network"][80_285]) == 3
    assert [*sizes["table"]] == sorted(sizes["table"]) and max(sizes["table"]) == 86_845
    with pytest.raises(ValueError, match="No stored network keeps 10,984 numbers"):
        page_08.bits_by_size((10_984, [9, 8, 7]))


def test_the_scores_of_dropout_are_those_of_the_file_and_of_the_network_trained_here():
    own = np.arange(10).reshape(5, 2)
    scores = page_14.dropout_scores(own)
    lines = (page_14.ROOT / "data/dropout.csv").read_text().splitlines()
    (third,) = [line.split(",")[2:] for line in lines if line.startswith("0.0,2,")]
    assert [float(number) for number in third] == scores["without"][2].ravel().tolist()
    assert (scores["dropout"][0] == own).all() and scores["dropout"][1, 4, 1] != 9


@pytest.mark.parametrize(
    "more, said",
    [
        (0.5, "+0.5000 ± 0.0500, 10 standard errors"),
        (-0.09, "-0.0900 ± 0.0500, a tie"),
        (0.11, "+0.1100 ± 0.0500, 2 standard errors"),
    ],
)
def test_two_models_are_compared_by_their_paired_difference(more, said, capsys):
    one = np.repeat([5.0, 7.0, 6.0, 4.0], 100)
    apart = np.repeat([-0.05, 0.05], 100)
    page_08.compare("here:", one[:200] + more + apart, one[:200])
    assert capsys.readouterr().out == f"here: {said}\n"


def test_the_tenths_of_both_texts_are_what_a_line_of_the_file_says():
    tenths = page_08.stored_tenths()
    rows = (page_08.ROOT / "data/each_tenth.csv").read_text().splitlines()
    (fourth,) = [row.split(",")[2:] for row in rows if row.startswith("speeches,4,")]
    found = [pair[3] for pair in tenths["speeches"].values()]
    assert [float(number) for number in fourth] == np.ravel(found).tolist()


def test_costs_are_bits_and_a_guess_shares_what_is_left():
    lines, left = PICTURES["00 costs"]().lines, -math.log2(0.5 / 9)
    network = [-math.log2(GUESSED[char]) for char in "ah\n"]
    told = [[float(number) for number in re.findall(r"\d+\.\d+", line)] for line in lines]
    assert np.allclose(told, [((2 + left) / 3, np.mean(network)), *zip([1, 1, left], network)], atol=0.051)


def test_the_bars_of_both_differ_in_lightness():
    """An eye that lacks one of the three cones sees both hues as one blue."""
    colors = {bar.get_facecolor()[:3] for bar in PICTURES["00 costs"]().axes.patches}
    dark, bright = sorted(np.power(list(colors), 2.2) @ [0.2126, 0.7152, 0.0722])
    assert (bright + 0.05) / (dark + 0.05) > 3, "as WCAG 1.4.11 asks"


@pytest.mark.parametrize("guesses, sure", [("ab", 0.5), ("abcd", 0.5), ("abc", 0), ("abc", 1)])
def test_guesses_that_cannot_be_judged_are_refused(guesses, sure):
    with pytest.raises(ValueError, match="Give 3 guesses in a row"):
        page_00.bars_of_costs(guesses, sure, "abc", [GUESSED] * 3)


def test_the_arrows_of_page_06_are_the_calls_of_the_small_network():
    assert {*page_06.PLACES} >= {*NETWORK}
    called = {
        name: {*vars(rnn_helpers)[name].__code__.co_names} & {*NETWORK} - {name}
        for name in NETWORK
        if name not in page_06.NO_ARROW  # one of them calls two others, but nothing calls it
    }
    assert {name: {*page_06.CALLS.get(name, ())} for name in called} == called


def test_who_calls_whom_says_whose_each_function_is(capsys):
    picture = page_06.who_calls_whom(["rnn_step", "forward_pass"])
    assert "forward_pass (yours) calls cross_entropy, rnn_step, softmax" in picture.lines
    assert "hidden_gradients (the course's) calls tanh_backward" in picture.lines
    assert len(picture.axes.findobj(FancyArrowPatch)) == sum(map(len, page_06.CALLS.values()))
    assert (
        picture.lines[-1].startswith(f"2 of the {len(NETWORK)} functions are yours") and capsys.readouterr().out == ""
    )


def test_what_is_wrong_in_the_folder_is_told_above_who_calls_whom(capsys):
    page_06.who_calls_whom(OwnFunctions({}, {}, "softmax in my_rnn/softmax.py is no longer right."))
    assert capsys.readouterr().out == "softmax in my_rnn/softmax.py is no longer right.\n"


def test_how_many_are_yours_and_which_comes_next():
    count = len(NETWORK)
    none = page_06.how_many([])
    assert none.startswith("Everything here runs, on functions that the course lends you.") and "0" not in none[:60]
    assert page_06.how_many(["one_hot", "softmax", "train_epoch"]) == (
        f"3 of the {count} functions are yours, and they're blue in the picture. The course lends the others. "
        "Next: cross_entropy, on page 01."
    )
    assert page_06.how_many(["softmax"]).startswith(f"1 of the {count} functions is yours, and it's blue")
    assert page_06.how_many(NETWORK) == f"All {count} functions are yours."


def test_the_two_readers_of_page_06_are_judged_by_what_they_gave_to_each_character():
    probs = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]])
    np.testing.assert_allclose(page_06.surprise_of(probs, [1, 0]), [2, 3])
    ids = np.array([0, 1] * 20)
    bits = page_06.table_bits(ids, np.array([0, 1, 0, 2]), 3)
    assert bits.shape == (3,) and bits[0] < 1 and bits[1] < 1 < 4 < bits[2]


def test_a_passage_is_shown_from_where_it_begins_to_where_it_ends():
    text = "a rose is\na rose is"
    bits = {name: np.arange(len(text)) * factor for name, factor in (("network", 1), ("table", 2))}
    shown = page_06.verse_twice(bits, text, first="rose", last="is")
    assert shown.text == "rose is" and shown.rows == {"network": [*range(2, 9)], "table": [*range(4, 17, 2)]}


def test_the_third_path_is_not_told_before_it_is_asked_for():
    before, after = [repr(PICTURES[name]()) for name in ("09 paths, before the third", "09 paths")]
    assert "0.5304" in before and "0.4604" in before and "0.2440" not in before and "0.1740" not in before
    assert "changes the sign" not in before and "0.2440" in after and "changes the sign" in after
