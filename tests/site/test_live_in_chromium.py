"""What moves on the pages, in Chromium: it opens with its text, and its numbers are those of NumPy."""

import itertools
import re

import numpy as np
import pytest
from in_chromium import browser  # noqa: F401
from moving import ELLO, HELL, KEEPS, KEYS, MADE, PASSED, PENCIL, RUN, SCORES

from course.models.delta import delta_step
from rnn_helpers import apply_temperature, backward_pass, draw, forward_pass, softmax, softmax_gradient

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="it needs docs/requirements.txt")
pytestmark = pytest.mark.slow
FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root{color-scheme:light dark}body{margin:1rem;font:15px/1.5 sans-serif;background:light-dark(#fff,#14181e);
color:light-dark(#1f2328,#e8eaed)}</style><main><h1>A page</h1>%s</main></html>"""
NUMBER = re.compile(r"-?\d+\.\d+")


@pytest.fixture
def opened(browser, tmp_path):  # noqa: F811
    """Open what moves in a tab of its own. No fault may occur there, and no request may leave it."""
    contexts, faults = [], []

    def in_a_tab(shown, width=760, **options):
        file = tmp_path / "page.html"
        file.write_text(FRAME % shown, encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **options))
        tab = contexts[-1].new_page()
        tab.on("console", lambda message: faults.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("request", lambda asked: faults.append(asked.url) if not asked.url.endswith("page.html") else None)
        tab.goto(file.as_uri())
        return tab

    yield in_a_tab
    for context in contexts:
        context.close()
    assert faults == []


def set_to(tab, name, value):
    """Move the slider of this name."""
    move = "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }"
    tab.get_by_label(name, exact=True).evaluate(move, value)


def numbers(text):
    return NUMBER.findall(text.replace("−", "-"))


@pytest.mark.parametrize("width, scheme", [*itertools.product([760, 390], ["light", "dark"])])
@pytest.mark.parametrize("name", MADE)
def test_it_opens_with_its_text_fits_and_can_be_used_by_all(opened, name, width, scheme):
    tab = opened(MADE[name]._repr_html_(), width, color_scheme=scheme)
    assert tab.locator("pre").count() == 0, "it takes the place of the still"
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    seen = tab.inner_text("main").replace("−", "-")
    _, *lines = MADE[name].text.split("\n")
    for sentence in [line for line in lines if line.endswith(".")]:
        assert sentence in seen
    rest = iter(numbers(seen))
    for number in numbers("\n".join(line for line in lines if not line.startswith("pieces: "))):
        assert number in rest, f"{number} is not seen, or not in the order of the text"
    named = tab.evaluate("[...document.querySelectorAll('input')].every(one => one.ariaLabel)")
    assert named and tab.locator("[aria-live=polite]").count() >= 1
    found = axe.Axe().run(tab).response
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def test_without_scripts_its_text_is_there(opened):
    shown = "".join(live._repr_html_() for live in MADE.values())
    tab = opened(shown, java_script_enabled=False)
    assert [one.inner_text() for one in tab.locator("pre").all()] == [live.text for live in MADE.values()]


def test_two_copies_on_a_page_both_move_and_the_second_is_not_filled_twice(opened):
    shown = MADE["scores"]._repr_html_()
    tab = opened(shown + shown)
    assert tab.locator("table").count() == 2
    for k in range(2):
        tab.locator("text=double all").nth(k).click()
    assert tab.locator("output:text-is('4.0')").count() == 2


def test_the_arrow_keys_stay_with_what_has_the_focus(opened):
    for live in MADE.values():
        tab = opened(live._repr_html_())
        without = "[...document.querySelectorAll('input, button')].filter(one => !one.dataset.lmSuppressShortcuts)"
        assert tab.evaluate(f"{without}.length") == 0


# ---------------------------------------------------------------- scores
@pytest.mark.parametrize("scores, came", [(SCORES, 3), ([-4, 6, 0.3, 2.1], 0), ([0, 0, 0, 0], 2), ([6, 6, -4, 5.9], 1)])
def test_probabilities_price_and_slopes_are_those_of_the_engine(opened, scores, came):
    tab = opened(MADE["scores"]._repr_html_())
    for name, score in zip("ehlo", scores):
        set_to(tab, f"score of {name}", float(score))
    tab.get_by_label(f"{'ehlo'[came]} came").click()
    row = np.array(scores, dtype=float)
    probs, (slopes,) = softmax(row), softmax_gradient(row[None], np.array([came]))
    table = np.array([numbers(line.inner_text()) for line in tab.locator("tbody tr").all()], float)
    np.testing.assert_allclose(table[:, 0], row, atol=1e-9)
    np.testing.assert_allclose(table[:, 1], np.exp(row), atol=0.0051)
    np.testing.assert_allclose(table[:, 2:], np.column_stack([probs, slopes]), atol=0.00051)
    price = numbers(tab.inner_text("[aria-live]"))
    np.testing.assert_allclose(np.array(price, float), [-np.log2(probs[came]), -np.log(probs[came])], atol=0.0051)


def test_a_price_stays_finite_however_far_apart_the_scores_are(opened):
    tab = opened(MADE["scores"]._repr_html_())
    for _ in range(8):
        tab.click("text=double all")
    scores = 2.0**8 * np.array(SCORES)
    nats = scores.max() - scores[3]  # the others are too small to count
    assert f"o costs {nats / np.log(2):.2f} bits, {nats:.4f} nats." in tab.inner_text("body")
    tab.click("button[aria-label='h came']")
    tab.click("text=as at first")
    assert tab.get_attribute("button[aria-label='o came']", "aria-pressed") == "true"


def test_adding_moves_no_probability_and_doubling_does(opened):
    tab = opened(MADE["scores"]._repr_html_())
    shares = lambda: tab.locator(".share").all_inner_texts()  # noqa: E731
    first = shares()
    tab.click("text=add 1 to all")
    assert shares() == first and tab.inner_text("output") == "1.0"
    tab.click("text=double all")
    assert shares() != first
    tab.click("text=as at first")
    assert shares() == first and tab.inner_text("output") == "0.0"


# ---------------------------------------------------------------- nudge
def test_the_slopes_measured_are_those_of_the_backward_pass(opened):
    tab = opened(MADE["nudge"]._repr_html_())
    forward = forward_pass(HELL, ELLO, np.zeros(3), PENCIL)
    slopes = np.concatenate([slope.ravel() for slope in backward_pass(HELL, ELLO, PENCIL, forward)])
    buttons = tab.locator("button")
    assert buttons.count() == len(slopes) == 40
    for k, slope in enumerate(slopes):
        buttons.nth(k).click()
        said = tab.inner_text("[aria-live]")
        *_, last = numbers(said)
        measured = 0.0 if said.endswith("Nothing moves.") else float(last)
        assert abs(measured - slope) < 0.000051, buttons.nth(k).get_attribute("aria-label")
        assert f"slope {slope + 0.0:.4f}".replace("-", "−") in buttons.nth(k).get_attribute("aria-label")


@pytest.mark.parametrize("nudge", [-2, -0.37, 1.5])
def test_the_loss_after_a_nudge_is_that_of_the_forward_pass(opened, nudge):
    tab = opened(MADE["nudge"]._repr_html_())
    set_to(tab, "how far the number is nudged", nudge)
    for place, label in [((0, 0), "W_hh[0,0]"), ((1, 2), "W_hh[1,2]")]:
        tab.locator(f"button[aria-label^='{label}']").click()
        W_hh = PENCIL.W_hh.copy()
        W_hh[place] += nudge
        loss = forward_pass(HELL, ELLO, np.zeros(3), PENCIL._replace(W_hh=W_hh)).loss
        assert abs(float(tab.inner_text("[aria-live] b")) - loss) < 0.000051


def test_the_arrow_keys_go_from_number_to_number(opened):
    tab = opened(MADE["nudge"]._repr_html_())
    tab.keyboard.press("Tab")  # to the chosen one, and past the others
    focus = "document.activeElement.ariaLabel"
    assert tab.evaluate(focus).startswith("W_hh[2,0]")
    for key, name in [("ArrowUp", "W_hh[1,0]"), ("ArrowRight", "W_hh[1,1]"), ("ArrowDown", "W_hh[2,1]")]:
        tab.keyboard.press(key)
        assert tab.evaluate(focus).startswith(name) and tab.inner_text(".curve label span") == name
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    assert tab.inner_text("output") == "+0.51"


# ---------------------------------------------------------------- line
@pytest.mark.parametrize("temperature", [0.1, 0.5, 1, 2])
def test_pieces_and_draws_are_those_of_the_sampler(opened, temperature):
    tab = opened(MADE["line"]._repr_html_())
    set_to(tab, "temperature", temperature)
    data = MADE["line"].data
    probs = apply_temperature(np.array(data["scores"]), temperature)
    widths = tab.evaluate("[...document.querySelectorAll('.strip div')].map(one => parseFloat(one.style.width))")
    np.testing.assert_allclose(widths, 100 * probs, atol=1e-4)
    for u in [0, 0.3, 0.55, 0.9, 0.999]:
        set_to(tab, "u", u)
        drawn = data["chars"][draw(probs, u)]
        assert tab.inner_text("[aria-live] b") == {" ": "the space", "\n": "the line end"}.get(drawn, drawn)
    tab.click("text=draw 100 more")
    tab.click("text=draw 100 more")
    drawn = np.bincount([draw(probs, number) for number in data["numbers"]], minlength=len(probs))
    told = re.findall(r"(\S+) \((\d+) expected\)", tab.locator("[aria-live]").last.inner_text())
    assert [int(count) for count, _ in told] == drawn[:4].tolist()
    assert tab.locator(".pile i").count() == 300
    tab.click("text=begin again")
    assert tab.locator(".pile i").count() == 100


def test_the_line_has_the_scores_of_the_network():
    """Those of the last character, to four digits."""
    ids = RUN.vocabulary.encode("\nshall i compare th")
    probs = forward_pass(ids, ids, np.zeros(75), RUN.parameters).probs[-1]
    shown = dict(zip(MADE["line"].data["chars"], softmax(np.array(MADE["line"].data["scores"]))))
    np.testing.assert_allclose([shown[char] for char in RUN.vocabulary.chars], probs, atol=1e-4)


# ---------------------------------------------------------------- gates
def told_by_unit(tab):
    """Return what is said of a letter: (it keeps this share, of this; it takes this share, of this; it holds this)."""
    said = tab.inner_text("[aria-live]").replace("−", "-")
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", said)]


def test_a_unit_holds_what_the_engine_says(opened):
    data = MADE["gates"].data
    (unit,) = [k for k in range(3) if np.allclose(KEEPS[:, k], data["trained"], atol=1e-4)]
    tab = opened(MADE["gates"]._repr_html_())
    for gate, name in [(KEEPS[:, unit], "trained"), (np.array(data["untrained"]), "untrained gate")]:
        tab.get_by_role("button", name=name, exact=True).click()
        old = 0.0
        for t, (keeps, new) in enumerate(zip(gate, PASSED.new[:, unit])):
            tab.get_by_label(f"step {t + 1}: {data['reads'][t]}").click()
            holds = keeps * old + (1 - keeps) * new
            expected = [100 * keeps, old, 100 - 100 * keeps, new, holds]
            assert np.all(np.abs(np.array(told_by_unit(tab)) - expected) <= [0.51, 0.0051, 0.51, 0.0051, 0.0051])
            old = holds
            assert name != "trained" or abs(holds - PASSED.hidden[t + 1, unit]) < 1e-12


@pytest.mark.parametrize("name", ["gates", "notes"])
def test_back_next_and_the_arrow_keys_go_from_step_to_step(opened, name):
    tab = opened(MADE[name]._repr_html_())
    step = lambda: tab.get_attribute("[aria-label^='step'][aria-pressed=true]", "aria-label")  # noqa: E731
    first = int(re.search(r"\d+", step())[0])
    tab.keyboard.press("Tab")
    for move, moved in [
        (lambda: tab.keyboard.press("ArrowRight"), 1),
        (lambda: tab.click("text=next"), 2),
        (lambda: tab.click("text=back"), 1),
    ]:
        move()
        assert step().startswith(f"step {first + moved}: ")
    last = tab.locator("[aria-label^='step']").count()
    tab.locator("[aria-label^='step']").last.click()
    tab.keyboard.press("ArrowRight")
    assert step().startswith(f"step {last}: ") and tab.evaluate("document.activeElement.ariaLabel") == step()


# ---------------------------------------------------------------- notes
@pytest.mark.parametrize("rate", [None, 0, 0.5, 1, 2.2])
def test_the_state_is_that_of_the_delta_rule(opened, rate):
    """rate None: the notes are added."""
    tab = opened(MADE["notes"]._repr_html_())
    if rate is None:
        tab.get_by_role("button", name="add", exact=True).click()
    else:
        set_to(tab, "rate", rate)
    S, right, told = np.zeros((10, 4)), 0, {}
    for k, note in enumerate(MADE["notes"].data["notes"]):
        letter, digit, key = note[0], int(note[-1]), np.array(KEYS[note[0]], float)
        answer = (S @ key).argmax()
        if "=" in note:
            right += answer == digit == told[letter]
        else:
            told[letter] = digit
            value = np.eye(10)[digit]
            S = S + np.outer(value, key) if rate is None else delta_step(S, key, value, rate)
        tab.get_by_label(f"step {k + 1}: {note}").click()
        cells = tab.locator("tbody").first.locator("td").all_inner_texts()
        shown = np.array([float(cell.replace("−", "-")) for cell in cells])
        np.testing.assert_allclose(shown.reshape(10, 4), S, atol=0.0051)
        if "=" in note:
            assert ("Right." in tab.inner_text("main")) == (answer == digit)
    assert f"it answers {right} of 9 questions right" in tab.inner_text("main")


def test_only_a_rate_below_one_answers_all_questions(opened):
    tab = opened(MADE["notes"]._repr_html_())
    for rate, right in [(0.5, 9), (1, 8), (1.5, 7), (2.2, 6)]:
        set_to(tab, "rate", rate)
        assert f"it answers {right} of 9 questions right" in tab.inner_text("main")
