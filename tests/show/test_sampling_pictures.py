"""The pictures of drawing, and the walk through temperatures: are their numbers those of the course's functions?"""

import math
import re

import numpy as np
import pytest
from helpers import TOY, random_network
from overlaps import overlaps

from course.show import stepper
from course.show.sampling import TemperatureWalk, draw_line, temperature_lines, word_map
from rnn_helpers import apply_temperature, forward_pass, output_probs, rnn_step, sample_ids

PARAMETERS = random_network(6, TOY.vocab_size, 0)
TEMPERATURES = [0.5, 1.0, 2.0]


def numbers(text):
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


# ---------------------------------------------------------------- the pictures


@pytest.mark.parametrize("u, drawn", [(0.1, 1), (0.99, 3)])
def test_the_line_says_where_u_falls_and_how_often_each_piece_was_hit(u, drawn):
    probs, counts = np.array([0.1, 0.2, 0.3, 0.4]), [1033, 1975, 3011, 3981]
    picture = draw_line(probs, u, counts)
    title, *lines = picture.text.split("\n")
    assert title == f"Picture: u = {u} falls on the piece of id {drawn}, so id {drawn} is drawn"
    ends = [0, 0.1, 0.3, 0.6, 1]
    for k, line in enumerate(lines[:4]):
        assert numbers(line) == [k, ends[k], ends[k + 1], counts[k], 10_000, 10_000 * probs[k]]
    assert overlaps(picture) == []


def test_the_pieces_at_each_temperature():
    logits = np.log([0.7, 0.2, 0.1])
    picture = temperature_lines(logits, [0.1, *TEMPERATURES, 100])
    for line, degree in zip(picture.text.split("\n")[1:], [0.1, *TEMPERATURES, 100], strict=True):
        np.testing.assert_allclose(numbers(line), [degree, *apply_temperature(logits, degree)], atol=5.1e-4)
    assert overlaps(picture) == []


def test_a_title_claims_nothing_that_other_temperatures_do_not_show():
    assert temperature_lines(np.log([0.7, 0.2, 0.1]), [2, 1]).text.startswith("Picture: The pieces at each temperature")


ROAD = {0.4: (92, 16), 0.6: (86, 28), 0.8: (77, 39), 1.2: (55, 60)}
WAYS = {"top-k": [(89, 17), (88, 18)], "top-p": [(85, 27), (84, 26)], "temperature 0.6": [(86, 28), (87, 26)]}


def test_the_map_of_words_has_every_text():
    picture = word_map(ROAD, WAYS, (86.4, 38))
    said = picture.text.split("\n")[1:]
    assert [numbers(line) for line in said[:4]] == [[degree, *shares] for degree, shares in ROAD.items()]
    assert said[4:] == [
        "top-k: 89, 88 percent known, 17, 18 different",
        "top-p: 85, 84 percent known, 27, 26 different",
        "temperature 0.6: 86, 87 percent known, 28, 26 different",
        "Shakespeare, new verse: 86 percent known, 38 different",
    ]
    assert overlaps(picture) == []


@pytest.mark.parametrize("ways, shakespeare", [(WAYS | {"top-p": [(95, 27)]}, (86, 38)), (WAYS, (77, 38))])
def test_a_map_that_does_not_show_it_claims_nothing(ways, shakespeare):
    assert word_map(ROAD, ways, shakespeare).text.startswith("Picture: Known words and different words")


# ---------------------------------------------------------------- the walk


@pytest.fixture
def shown():
    stepper._shown.clear()
    return TemperatureWalk(PARAMETERS, TOY, sample_ids, TEMPERATURES, length=40, measured=200)


def test_the_walk_tells_what_the_sampler_wrote_and_what_it_costs(shown):
    line_end, h = TOY.chars.index("\n"), np.zeros(6)
    first = output_probs(rnn_step(line_end, h, PARAMETERS), PARAMETERS)
    said = repr(shown).split("\n\ntemperature ")[1:]
    for text, degree in zip(said, TEMPERATURES, strict=True):
        ids = [line_end, *sample_ids(PARAMETERS, h, line_end, 200, np.random.default_rng(0), degree)]
        bits = forward_pass(np.array(ids[:-1]), np.array(ids[1:]), h, PARAMETERS).loss / math.log(2) / 200
        assert text.startswith(f"{degree:g}: {bits:.1f} bits per character\nfirst: ")
        assert text.rstrip("\n").endswith(TOY.decode(ids[1:41]).rstrip("\n"))
    shares = np.array([[share for _, share in bars] for _, _, bars, _ in shown.frames])
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_allclose(shares[1, :5], np.sort(first)[:-6:-1])
    assert (np.diff(shares[:, 0]) < 0).all()  # the most probable character loses as it gets warmer


def test_each_temperature_has_a_button_a_rule_and_all_that_the_text_has(shown):
    source = shown._repr_html_()
    (name,) = set(re.findall(r'type="radio" name="([^"]+)"', source))
    sections = re.findall(r"<section .*?</section>", source, re.DOTALL)
    assert len(sections) == source.count("<input") == source.count("<label") == len(TEMPERATURES)
    assert source.count(" checked ") == 1 and 'role="group"' in source and "<script" not in source
    for k, (degree, bits, bars, text) in enumerate(shown.frames, start=1):
        assert f'id="{name}-{k}"' in source and f'<label for="{name}-{k}">{degree:g}</label>' in source
        assert f"#{name} input:nth-of-type({k}):checked~section:nth-of-type({k})" in source
        for piece in [f"{degree:g}: {bits:.1f} bits", *[f"<td>{share:.2f}</td>" for _, share in bars], text]:
            assert piece in sections[k - 1]


def test_two_copies_on_a_page_do_not_share_their_buttons(shown):
    one, other = (re.search(r'<div id="([^"]+)"', shown._repr_html_())[1] for _ in range(2))
    assert other == f"{one}-copy2"
