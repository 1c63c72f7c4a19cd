"""The walk through the unrolled graph: are its numbers those of the engine, and is it accessible?"""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from helpers import TOY, message_of, random_case

from course.show import sampling, stepper
from course.show.stepper import KNOWN, walk, way_back
from rnn_helpers import forward_pass, hidden_gradients, one_hot, sample_ids

VOID = {"br", "input"}  # tags without an end tag


class Parts(HTMLParser):
    """What a browser finds: every tag with its attributes, and the text as it is shown without styles."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.text, self.open = [], "", []
        self.feed(source)
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.text += " " if tag in ("br", "td", "th", "p", "tr") else ""
        self.open += [tag] * (tag not in VOID)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data * ("style" not in self.open)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(autouse=True)
def fresh_page():
    stepper._shown.clear()


def case(H=3, V=4, T=3, seed=0):
    inputs, targets, h_prev, parameters = random_case(H, V, (T,), seed)
    return parameters, inputs, targets, h_prev


def small(seed=0):
    return walk(*case(seed=seed), chars="ehlo")


def numbers_of(text, label):
    """Return the numbers after a label of the text, wherever it occurs."""
    rows = re.findall(rf"^ +{re.escape(label)} +(-?\d[-\d. ]*)$", text, re.MULTILINE)
    return np.array([row.split() for row in rows], float)


# ---------------------------------------------------------------- the numbers


@pytest.mark.parametrize("H, V, T", [(1, 2, 1), (8, 8, 8)])
def test_text_tells_the_numbers_of_the_engine(H, V, T):
    parameters, inputs, targets, h_prev = case(H, V, T, seed=4)
    text = repr(walk(parameters, inputs, targets, h_prev))
    forward = forward_pass(inputs, targets, h_prev, parameters)
    dlogits = forward.probs - one_hot(targets, V)
    own = dlogits @ parameters.W_hy
    da = hidden_gradients(own, forward.hidden, parameters)
    for t in range(T):
        last = t == T - 1
        after = np.zeros(H) if last else parameters.W_hh.T @ da[t + 1]
        for label, right in {
            f"W_hh h_{t - 1}" if t else "W_hh h_in": parameters.W_hh @ forward.hidden[t],
            f"W_xh x_{t}": parameters.W_xh[:, inputs[t]],
            f"h_{t} = tanh(a_{t})": forward.hidden[t + 1],
            f"a_{t}, their sum": np.arctanh(forward.hidden[t + 1]),
            f"p_{t} = softmax(logits)": forward.probs[t],
            f"L_{t} = -ln p_{t}({targets[t]})": [-np.log(forward.probs[t, targets[t]])],
            f"dlogits_{t} = p_{t} - one-hot of {targets[t]}": dlogits[t],
            f"from its prediction: W_hy^T dlogits_{t}": own[t],
            "from the step after: nothing" if last else f"from the step after: W_hh^T da_{t + 1}": after,
            f"dh_{t}, their sum": own[t] + after,
            f"share: 1 - h_{t}^2": 1 - forward.hidden[t + 1] ** 2,
            f"da_{t} = share * dh_{t}": da[t],
        }.items():
            np.testing.assert_allclose(numbers_of(text, label), [right], atol=5.1e-5, err_msg=label)
    np.testing.assert_allclose(numbers_of(text, "loss, their sum"), [[forward.loss]], atol=5.1e-5)


def test_the_way_forward_alone():
    whole, forward = small(), walk(*case(), chars="ehlo", back=False)
    assert [frame.title for frame in forward.frames] == [frame.title for frame in whole.frames[:4]]
    assert forward.frames[:3] == whole.frames[:3]
    assert [*whole.frames[3].graph[0].on] == [1, 2, 3], "the losses that are added up are marked"
    assert "turn round" in repr(whole) and "turn round" not in repr(forward)


def test_the_way_back_alone_begins_with_the_last_step():
    assert walk(*case(), chars="ehlo", back="only").frames == small().frames[4:]


def test_no_zero_has_a_sign():
    parameters, inputs, targets, _ = case()
    shown = walk(parameters._replace(W_hh=-np.zeros((3, 3)), b_h=-np.zeros(3)), inputs, targets, -np.zeros(3))
    assert "-0.0000" not in repr(shown) + shown._repr_html_()


def test_without_letters_the_ids_are_shown():
    parameters, inputs, targets, h_prev = case()
    assert f"read {inputs[0]}, next comes {targets[0]}" in repr(walk(parameters, inputs, targets, h_prev))


def test_what_is_too_large_to_be_read():
    told = message_of(ValueError, walk, *case(H=9))
    assert "9 hidden units" in told and "at most 8" in told
    message_of(ValueError, walk, *case(T=9))
    inputs, targets, h_prev, parameters = random_case(3, 4, (3, 2), 0)
    assert "(3, 2)" in message_of(ValueError, walk, parameters, inputs, targets, h_prev)
    assert "'tangh'" in message_of(ValueError, walk, *case(), known="tangh")


# ---------------------------------------------------------------- the page


def test_where_styles_are_taken_away_every_step_can_be_read():
    """Titles, names and numbers are in the HTML in the order of the text, all of them outside the style."""
    shown = small()
    found = re.sub(r"\s+", " ", Parts(shown._repr_html_()).text)
    place = 0
    for k, frame in enumerate(shown.frames, start=1):
        pieces = [f"{k}. {frame.title}"]
        for what, value in frame.sums:
            pieces += [what, *value]
        for piece in [*pieces, frame.note]:
            plain = re.sub(r"\s+", " ", re.sub(r"(?<=\w)_(?=\w)|\^(?=[T2])", "", piece)).strip()  # sub- and superscript
            assert plain in found[place:], plain
            place = found.index(plain, place) + len(plain)


def test_each_step_has_a_button_a_section_and_a_rule():
    shown = small()
    source = shown._repr_html_()
    parts, count = Parts(source), len(shown.frames)
    buttons, (name,) = parts.all("input"), {button["name"] for button in parts.all("input")}
    assert [button["id"] for button in buttons] == [f"{name}-{k}" for k in range(1, count + 1)]
    assert ["checked" in button for button in buttons] == [True] + [False] * (count - 1)
    assert [button["type"] for button in buttons] == ["radio"] * count
    assert [section["aria-label"] for section in parts.all("section")] == [frame.title for frame in shown.frames]
    style = source.split("<style>")[1].split("</style>")[0]
    for k in range(1, count + 1):
        assert f"#{name} input:nth-of-type({k}):checked~section:nth-of-type({k})" in style
    assert style.count("{") == style.count("}")
    selectors = re.findall(r"([^{}]+)\{", style)
    assert all(part.strip().startswith((f"#{name}", "@media")) for s in selectors for part in s.split(",")), (
        "a rule for more than this walk"
    )


def test_temperatures_have_the_same_buttons_and_say_how_high_they_are(monkeypatch):
    monkeypatch.setattr(sampling, "MEASURED", 200)
    parameters = random_case(3, len(TOY.chars), (3,), 0)[3]
    shown = sampling.TemperatureWalk(parameters, TOY, sample_ids, [0.5, 2])
    source = shown._repr_html_()
    parts = Parts(source)
    titles = [button["aria-label"] for button in parts.all("input")]
    assert titles == ["1 of 2: Temperature 0.5", "2 of 2: Temperature 2"]
    assert re.findall(r'nth-of-type\((\d)\)::before{content:"(.*?)"}', source) == [("1", "0.5"), ("2", "2")]
    for degree, bits, bars, text in shown.frames:
        assert f"Temperature {degree:g}: {bits:.1f} bits" in parts.text and text in parts.text
        assert f"temperature {degree:g}: {bits:.1f} bits" in repr(shown) and text in repr(shown)
        assert sum(share for _, share in bars) == pytest.approx(1)


def test_it_can_be_used_by_keyboard_and_heard():
    parts = Parts(small()._repr_html_())
    count = len(parts.all("section"))
    for k, button in enumerate(parts.all("input"), start=1):
        assert button["aria-label"].startswith(f"{k} of {count}: ")
        assert button["data-lm-suppress-shortcuts"] == "true", "JupyterLab would take the arrow keys"
    (group,) = [attributes for attributes in parts.all("div") if attributes.get("role") == "group"]
    assert group["aria-label"].startswith("Walk")
    assert all(table["aria-label"] for table in parts.all("table"))
    assert all(head["scope"] in ("row", "col") for head in parts.all("th"))


def test_it_needs_no_script_and_no_other_address():
    source = small()._repr_html_()
    assert not re.search(r"<script|\son\w+=|https?:|url\(|@import|<form", source)
    assert len(source) < 60_000


def test_all_ids_on_a_page_are_different():
    """The same walk shown twice, by one object or by two, and another walk."""
    shown = small()
    sources = [shown._repr_html_(), shown._repr_html_(), small()._repr_html_(), small(seed=1)._repr_html_()]
    ids = [attributes["id"] for source in sources for _, attributes in Parts(source).tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    names = [{button["name"] for button in Parts(source).all("input")} for source in sources]
    assert len(set.union(*names)) == 4, "buttons of one name switch each other off"
    assert repr(shown) == repr(small()) != repr(small(seed=1))


def test_letters_that_html_would_take_for_its_own():
    shown = walk(*case(), chars='<&" ')
    parts = Parts(shown._repr_html_())
    assert all(f"p({char})" in parts.text for char in '<&"␣')
    assert [section["aria-label"] for section in parts.all("section")] == [frame.title for frame in shown.frames]
    assert any('"' in frame.title or "<" in frame.title for frame in shown.frames)


def back_frames(known):
    """Return the frames of the way back, from the last step to the first."""
    return walk(*case(), chars="ehlo", known=known).frames[4:7]


def test_before_the_step_after_is_known_only_the_last_step_is_filled():
    for known in KNOWN[:2]:
        for frame in back_frames(known)[1:]:
            (dlogits, row), *others = frame.sums
            assert dlogits.startswith("dlogits_") and "?" not in row
            assert others and all("?" in row for _, row in others)


def test_a_still_is_a_frame_of_the_walk_without_buttons():
    still = way_back(*case(), step=1, chars="ehlo", known="after")
    parts = Parts(still._repr_html_())
    assert still.frame == back_frames("after")[1]
    assert not parts.all("input") and not parts.all("label")
    (group,) = [attributes for attributes in parts.all("div") if attributes.get("role") == "group"]
    assert group["aria-label"] == still.frame.title == repr(still).split("\n")[0]
    assert still._repr_html_() != still._repr_html_(), "two copies on one page have different ids"
