"""The claims that the pages draw are those that experiments/claims tries, on both texts and from all starts."""

import importlib

import numpy as np
import pytest

from course.engine import gradient_check
from course.models.counting import witten_bell
from course.show.two_texts import two_texts
from experiments.claims import __main__ as claims
from experiments.claims import page_14, page_15, page_16


@pytest.mark.parametrize("page", claims.pages())
def test_all_that_is_tried_is_stored_and_nothing_else(page):
    module = importlib.import_module(f"experiments.claims.page_{page}")
    tried = [
        [page, claim, text, str(start)]
        for claim in getattr(module, "CLAIMS", {})
        for text in claims.texts()
        for start in claims.STARTS
    ]
    assert [row[:4] for row in claims.stored("CLAIMS") if row[0] == page] == tried
    asides = [row[1] for row in claims.stored("ASIDES") if row[0] == page]
    assert list(dict.fromkeys(asides)) == list(getattr(module, "ASIDES", {}))
    if tried:
        drawn = two_texts(page).text.split("\n")
        assert [line for line in drawn if line in module.CLAIMS] == list(module.CLAIMS)


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(
    "page, claim, text, start",
    [
        ("08", "tuned, the table beats Kneser-Ney by", "speeches", 0),
        ("11", "a rate for each matrix", "speeches", 1),
        ("15", "short training: the minGRU is ahead by", "Sonnets", 2),
    ],
)
def test_a_claim_comes_out_as_it_is_stored(page, claim, text, start):
    key = [page, claim, text, str(start)]
    (before,) = [row for row in claims.stored("CLAIMS") if row[:4] == key]
    value, error = importlib.import_module(f"experiments.claims.page_{page}").CLAIMS[claim](claims.texts()[text], start)
    assert claims.is_near([*key, value, error], before)
    assert not claims.is_near([*key, value + 3 * error, error], before)


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(
    "page, aside",
    [
        ("06", "counts of the table"),
        ("06", "mean size of the first states"),
        ("09", "weights of 0.01, percent of the gradient"),
        ("16", "a bag of digits"),
    ],
)
def test_an_aside_comes_out_as_it_is_stored(page, aside):
    found = importlib.import_module(f"experiments.claims.page_{page}").ASIDES[aside]()
    before = [row for row in claims.stored("ASIDES") if row[:2] == [page, aside]]
    for (label, value), old in zip(found.items(), before, strict=True):
        assert claims.is_near([page, aside, label, value], old)
        assert not claims.is_near([page, aside, label, 1.03 * value + 0.001], old)


@pytest.mark.parametrize("value, ends, says", [("86845", 0, "as stored"), ("1", 1, "ANOTHER RESULT")])
def test_a_check_tries_the_asides_too(value, ends, says, monkeypatch, capsys):
    row = ["06", "counts of the table", "of one to six characters in a row"]
    monkeypatch.setattr(claims, "tried", lambda page: {"CLAIMS": [], "ASIDES": [[*row, value]]})
    monkeypatch.setattr(claims, "stored", lambda kind: [[*row, "86845"]] if kind == "ASIDES" else [])
    monkeypatch.setattr("sys.argv", ["claims", "06", "--check"])
    assert claims.main() == ends
    assert says in capsys.readouterr().out


def test_two_settings_part_where_page_21_says_that_they_do():
    """At the calm rate never, and at the other one after one or two hundred steps."""
    rows = {row[2]: int(row[3]) for row in claims.stored("ASIDES") if row[1].startswith("two settings")}
    assert [rows[f"rate 0.004, start {start}"] for start in range(5)] == [601] * 5
    assert all(100 <= rows[f"rate 0.02, start {start}"] < 250 for start in range(5))


def test_no_gru_of_page_16_looks_the_letters_up():
    """So it answers as well if they are shuffled: the page says so of each."""
    rows = {row[2]: float(row[3]) for row in claims.stored("ASIDES") if row[:1] == ["16"] and "start" in row[2]}
    shuffled = [name for name in rows if name.endswith("shuffled")]
    assert len(shuffled) == 3 * (len(page_16.TRAININGS) + 2)
    assert max(abs(rows[name] - rows[name.replace("shuffled", "as they are")]) for name in shuffled) < 1


def test_a_gru_that_looks_back_has_right_gradients_and_sees_the_letter_before():
    inputs, targets = np.array([0, 3, 1, 3, 7, 2]), np.array([3, 1, 3, 7, 2, 9])
    small = page_16.initialize(4, 11, np.random.default_rng(1), "fan_in")
    report = gradient_check(inputs, targets, np.zeros(4), small, model=page_16.LOOKS_BACK)
    assert str(report).startswith("Gradient check passed")
    blind = small._replace(**{name: getattr(small, name) * ([1] * 11 + [0] * 11) for name in page_16.LETTERS})
    states = [page_16.forward(inputs, targets, np.zeros(4), one).hidden for one in (small, blind)]
    assert (states[0][1] == states[1][1]).all() and (states[0][2] != states[1][2]).any()


def test_the_letters_since_the_last_w_are_those_that_the_network_could_know():
    model, *_ = page_15.FLIP_FLOP["minGRU, 32 units"]
    parameters = model.initialize(32, 11, np.random.default_rng(0))
    (first, second) = page_15.answers("minGRU, 32 units", parameters, ["wciawbigrb", "wicirc"])
    assert first[:2] == (["b", "g"], "b") and second[:2] == (["c"], "c")


def test_a_table_with_one_way_for_all_lengths_is_that_of_witten_and_bell():
    seen, read = np.random.default_rng(0).integers(4, size=(2, 200))
    same = page_14.table_by_length(seen.tolist(), read.tolist(), 4, [6] * 4)
    assert np.allclose(same, witten_bell(seen, read, 4, order=4, handed_down=6))
    bold = page_14.table_by_length(seen.tolist(), read.tolist(), 4, [6, 6, 6, 1])
    assert not np.allclose(bold, same)


def test_shuffled_questions_keep_the_answers_and_the_notes():
    text = "b3d0i0h2e8m2j6l7m=2l=7j=6b=3i=0e=8h=2d=0"
    shuffled = page_16.with_shuffled_questions(text, np.random.default_rng(0))
    assert shuffled[:16] == text[:16] and shuffled[17::3] == text[17::3] and shuffled[18::3] == text[18::3]
    assert shuffled[16::3] != text[16::3] and sorted(shuffled[16::3]) == sorted(text[16::3])


def test_a_min_gru_may_look_back_in_one_part_only():
    inputs, targets = np.array([0, 3, 1, 3, 7, 2]), np.array([3, 1, 3, 7, 2, 9])
    for parts in ((True, False), (False, True)):
        model = page_15.looking_back_in(*parts)
        small = model.initialize(4, 11, np.random.default_rng(1), "fan_in")
        state = model.first_state(small)
        gradients = model.backward(inputs, targets, small, model.forward(inputs, targets, state, small))
        for table in (small.W_back, gradients.W_back):
            assert [bool(half.any()) for half in np.split(table, 2)] == list(parts)
