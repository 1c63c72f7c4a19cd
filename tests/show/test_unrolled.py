"""The pictures of the unrolled network: are the slopes right, and does the text of each picture say what it shows?"""

import io
import re

import numpy as np
import pytest
from helpers import message_of, random_case
from matplotlib.image import imread
from matplotlib.patches import Rectangle

from course.lessons.bptt import PENCIL
from course.show.unrolled import cell_picture, fading_picture, sizes_of, triangle, triangle_picture, truncated
from rnn_helpers import Parameters, backward_pass, forward_pass, hidden_gradients, one_hot, rnn_step

HELL, ELLO = np.array([1, 0, 2, 2]), np.array([0, 2, 2, 3])
HELLOHELL = np.array([1, 0, 2, 2, 3, 1, 0, 2, 2])


def pencil_triangle():
    return triangle(PENCIL, HELL, ELLO, np.zeros(3))


def losses_from(h, first, inputs, targets, parameters):
    """Return the losses L_first, L_first+1, ..., computed plainly from the state h after character `first`."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    losses = []
    for t in range(first, len(inputs)):
        if t > first:
            h = np.tanh(W_hh @ h + W_xh[:, inputs[t]] + b_h)
        logits = W_hy @ h + b_y
        losses.append(np.log(np.exp(logits).sum()) - logits[targets[t]])
    return np.array(losses)


# ---------------------------------------------------------------- the slopes


@pytest.mark.parametrize("H, V, T", [(3, 5, 6), (1, 2, 4), (5, 3, 1)])
def test_triangle_is_the_measured_slope_of_each_loss_for_each_state(H, V, T):
    inputs, targets, h_prev, parameters = random_case(H, V, (T,), seed=H)
    hidden = forward_pass(inputs, targets, h_prev, parameters).hidden
    slopes = triangle(parameters, inputs, targets, h_prev)
    assert slopes.shape == (T, T, H)
    for k in range(T):
        assert (slopes[:k, k] == 0).all(), "a loss hears nothing of later states"
        for unit in range(H):
            nudge = 1e-5 * np.eye(H)[unit]
            above, below = [losses_from(hidden[k + 1] + d, k, inputs, targets, parameters) for d in (nudge, -nudge)]
            np.testing.assert_allclose(slopes[k:, k, unit], (above - below) / 2e-5, atol=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_columns_add_up_to_the_gradients_of_the_engine(seed):
    inputs, targets, h_prev, parameters = random_case(4, 5, (7,), seed)
    forward = forward_pass(inputs, targets, h_prev, parameters)
    own = (forward.probs - one_hot(targets, 5)) @ parameters.W_hy
    slopes = triangle(parameters, inputs, targets, h_prev)
    da = hidden_gradients(own, forward.hidden, parameters)
    np.testing.assert_allclose((1 - forward.hidden[1:] ** 2) * slopes.sum(axis=0), da, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(slopes[np.arange(7), np.arange(7)], own, rtol=1e-12)


def test_the_numbers_of_the_page():
    """The guess of page 03 for h_2, what comes back from h_3, and their sum, the slope that the page measures."""
    column = pencil_triangle()[:, 2, 0]
    np.testing.assert_allclose(column, [0, 0, -0.1159, 0.1517], atol=5e-5)
    assert abs(column.sum() - 0.0357) < 5e-5


@pytest.mark.parametrize("length", [1, 3, 4, 8, 100])
def test_truncation_is_a_block_mask(length):
    """Pieces that pass on their state, but no gradient, give what the mask leaves of the whole triangle."""
    inputs, targets, h_prev, parameters = random_case(3, 4, (8,), seed=9)
    cut, h = np.zeros((8, 8, 3)), h_prev
    for start in range(0, 8, length):
        piece = slice(start, start + length)
        cut[piece, piece] = triangle(parameters, inputs[piece], targets[piece], h)
        h = forward_pass(inputs[piece], targets[piece], h, parameters).hidden[-1]
    whole = triangle(parameters, inputs, targets, h_prev)
    np.testing.assert_allclose(truncated(whole, length), cut, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(truncated(whole[:, :, 1], length), truncated(whole, length)[:, :, 1])


def test_one_unit_and_two_steps_in_symbols():
    """The formulas of page 03 for H = 1: the table of slopes, the backward pass, the three paths of w."""
    for seed in range(20):
        inputs, targets, h_prev, parameters = random_case(1, 3, (2,), seed)
        forward = forward_pass(inputs, targets, h_prev, parameters)
        (h_in, h_0, h_1), w = forward.hidden[:, 0], parameters.W_hh[0, 0]
        g_0, g_1 = ((forward.probs - one_hot(targets, 3)) @ parameters.W_hy)[:, 0]
        s_0, s_1 = 1 - h_0**2, 1 - h_1**2
        table = [[g_0, 0], [g_1 * s_1 * w, g_1]]
        np.testing.assert_allclose(triangle(parameters, inputs, targets, h_prev)[:, :, 0], table, rtol=1e-12)
        da_1 = s_1 * g_1
        da_0 = s_0 * (g_0 + w * da_1)
        gradients = backward_pass(inputs, targets, parameters, forward)
        three_paths = g_0 * s_0 * h_in + g_1 * s_1 * h_0 + g_1 * s_1 * w * s_0 * h_in
        np.testing.assert_allclose([da_0 * h_in + da_1 * h_0, three_paths], gradients.W_hh[0, 0], rtol=1e-10)
        np.testing.assert_allclose(da_0 + da_1, gradients.b_h[0], rtol=1e-10)


def test_further_back_is_a_product_of_factors():
    inputs, targets, h_prev, parameters = random_case(1, 3, (6,), seed=2)
    slopes = triangle(parameters, inputs, targets, h_prev)[:, :, 0]
    factors = (1 - forward_pass(inputs, targets, h_prev, parameters).hidden[1:, 0] ** 2) * parameters.W_hh[0, 0]
    for t, k in zip(*np.tril_indices(6)):
        np.testing.assert_allclose(slopes[t, k], slopes[t, t] * factors[k + 1 : t + 1].prod(), rtol=1e-12)


def turning(radius, H=6, T=12):
    """Return the triangle of a network with a rotation times `radius` as W_hh, and states near 0."""
    rng = np.random.default_rng(0)
    rotation, _ = np.linalg.qr(rng.standard_normal((H, H)))
    weights = [1e-6 * rng.standard_normal((H, 4)), radius * rotation, rng.standard_normal((4, H))]
    ids = np.tile([1, 0, 2, 2, 3], T)
    return triangle(Parameters(*weights, np.zeros(H), np.zeros(4)), ids[:T], ids[1 : T + 1], np.zeros(H))


def test_sizes_fade_with_the_radius():
    for radius in (0.5, 1.5):
        sizes = sizes_of(turning(radius))
        t, k = np.tril_indices(12)
        np.testing.assert_allclose(sizes[t, k], radius ** (t - k), rtol=1e-4)
        assert np.isnan(sizes[np.triu_indices(12, 1)]).all()


# ---------------------------------------------------------------- the pictures


def one_unit(factor=1.0):
    return triangle_picture("Unit 0", factor * pencil_triangle()[:, :, 0])


def in_pieces(factor=1.0):
    slopes = triangle(PENCIL, HELLOHELL[:-1], HELLOHELL[1:], np.zeros(3))
    return triangle_picture("Pieces", factor * slopes, length=4)


def fading(factor=1.0):
    return fading_picture("Fading", {"small": turning(0.8 * factor), "large": turning(1.25)})


def cell(factor=1.0):
    return cell_picture("ehlo", "e", parameters=PENCIL, h_prev=factor * np.array([-0.2, 0.3, 0.3]))


PICTURES = [one_unit, in_pieces, fading, cell]


@pytest.mark.slow
@pytest.mark.parametrize("make", PICTURES)
def test_picture_is_an_image_on_white_with_its_text_as_alternative(make):
    picture = make()
    data, metadata = picture._repr_png_()
    assert data != make(2.0)._repr_png_()[0], "the image does not change with the numbers"
    image = imread(io.BytesIO(data))
    edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    assert (edge == 1).all(), "the edge is not opaque white: a dark theme would show through"
    assert image.shape[1] == 1400, "as wide as a page, twice as many pixels"
    size = {"width": 700, "height": image.shape[0] // 2}
    assert metadata == {"alt": repr(picture), "needs_background": "light"} | size


@pytest.mark.slow
@pytest.mark.parametrize("make", PICTURES)
def test_text_is_the_same_each_time_and_changes_with_the_numbers(make):
    text = repr(make())
    assert repr(make()) == text != repr(make(2.0))


def test_triangle_text():
    assert repr(one_unit()).splitlines() == [
        "Picture: Unit 0",
        "across: h_k, 4 columns; down: L_t, 4 rows; numbers: slope of L_t for one unit of h_k",
        "row L0: h0 -0.4388",
        "row L1: h0 -0.1334, h1 -0.1557",
        "row L2: h0 -0.0300, h1 -0.1381, h2 -0.1159",
        "row L3: h0 -0.0154, h1 -0.0029, h2 0.1517, h3 0.4632",
        "sum: h0 -0.6176, h1 -0.2966, h2 0.0357, h3 0.4632",
    ]


def test_triangle_in_pieces_tells_what_is_cut():
    text = repr(in_pieces())
    assert text.count("(cut)") == 16 and text.endswith("pieces of 4 steps: 16 of 36 numbers are cut")
    assert "sum" not in text, "lengths do not add"
    assert "length of the slopes of L_t for all units of h_k" in text
    one = repr(triangle_picture("One", np.tril(np.ones((4, 4))), length=2))
    assert "row L2: h0 1.0000 (cut), h1 1.0000 (cut), h2 1.0000" in one
    assert "sum: h0 2.0000, h1 1.0000, h2 2.0000, h3 1.0000" in one, "without what is cut"


def test_what_is_drawn_is_what_the_text_tells():
    slopes = pencil_triangle()[:, :, 0]
    axes = one_unit().figure.axes[0]
    numbers = [text for text in axes.texts if re.fullmatch(r"−?\d\.\d+", text.get_text())]
    rows = {}
    for text in sorted(numbers, key=lambda text: text.get_position()[0]):
        rows.setdefault(text.get_position()[1], []).append(float(text.get_text().replace("−", "-")))
    drawn = [rows[height] for height in sorted(rows, reverse=True)]  # from the top
    assert drawn == [list(slopes[t, : t + 1].round(4)) for t in range(4)] + [list(slopes.sum(axis=0).round(4))]
    places = {place_of(patch): patch.get_facecolor() for patch in axes.patches[1:11]}
    grounds = [places[place] for place in sorted(places, key=lambda place: (-place[1], place[0]))]
    assert grounds[0][2] > grounds[0][0], "blue below zero"
    assert grounds[-1][0] > grounds[-1][2], "red above"
    axes = in_pieces().figure.axes[0]
    cells = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_width() < 1]
    across, down = [sorted({place_of(patch)[axis] for patch in cells}) for axis in (0, 1)]
    places = {place_of(patch) for patch in cells if patch.get_hatch()}
    assert places == {(x, y) for x in across[:4] for y in down[:4]}, "losses 4 to 7, states 0 to 3"


def place_of(patch):
    return tuple(np.round(patch.get_xy(), 6))


def test_writing_stands_out_from_its_ground():
    """At least 4.5 : 1, by the formula of the Web Content Accessibility Guidelines."""

    def light(color):
        parts = np.array(color[:3])
        return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    grounds = [patch.get_facecolor() for make in (one_unit, in_pieces) for patch in make().figure.axes[0].patches]
    assert min(light(color) + 0.05 for color in grounds) / 0.05 > 4.5, "black writing"
    assert 1.05 / (light([0x59 / 255] * 3) + 0.05) > 4.5, "gray writing on white"


def test_fading_text_and_panels():
    def powers(radius):
        return ", ".join(f"{radius**d:.4g} at {d}" for d in (0, 3, 6, 8, 11))

    picture = fading()
    assert repr(picture).splitlines() == [
        "Picture: Fading",
        "across: h_k; down: L_t; color: size of the slope beside that at its own state, log scale",
        f"panel 'small', 12 x 12: steps back from the loss, geometric mean {powers(0.8)}",
        f"panel 'large', 12 x 12: steps back from the loss, geometric mean {powers(1.25)}",
    ]
    small, large = [axes.images[0] for axes in picture.figure.axes[:2]]
    assert small.get_clim() == large.get_clim() == (-4, 4)
    np.testing.assert_allclose(large.get_array()[11, :11], np.log10(1.25) * np.arange(11, 0, -1), rtol=1e-3)


def test_fading_of_a_network_without_memory():
    inputs, targets, h_prev, parameters = random_case(3, 4, (5,), seed=1)
    slopes = triangle(parameters._replace(W_hh=np.zeros((3, 3))), inputs, targets, h_prev)
    assert "1 at 0, 0 at 1, 0 at 2, 0 at 3, 0 at 4" in repr(fading_picture("None", {"no memory": slopes}))


def test_cell_text():
    lines = repr(cell_picture("ehlo", "h")).splitlines()
    assert lines == [
        "Picture: The cell: what happens when a letter is read",
        "x, the letter read, one-hot, 4 numbers: e 0, h 1, l 0, o 0",
        "old h, the state before, 3 numbers",
        "W_xh (3, 4) times x, plus W_hh (3, 3) times old h, plus b_h (3 numbers) -> a -> tanh",
        "tanh -> h, the new state, 3 numbers",
        "W_hy (4, 3) times h, plus b_y (4 numbers) -> softmax",
        "softmax -> p, the probability of each letter to be next, 4 numbers",
        "dashed: h becomes the state before, when the next letter is read",
    ]


def test_cell_with_the_numbers_of_a_step():
    before = rnn_step(1, np.zeros(3), PENCIL)
    picture = cell_picture("ehlo", "e", parameters=PENCIL, h_prev=before)
    assert "old h, the state before, 3 numbers: -0.20, 0.29, 0.29" in repr(picture)
    assert "h, the new state, 3 numbers: 0.52, -0.26, 0.57" in repr(picture)
    assert "4 numbers: e 0.33, h 0.25, l 0.18, o 0.24" in repr(picture)
    shown = [text.get_text() for text in picture.figure.axes[0].texts]
    assert {"−0.20", "0.57", "0.33"} <= set(shown)
    assert {"$W_{xh}$", "$W_{hh}$", "$W_{hy}$", "$b_h$", "$b_y$", "tanh", "soft-\nmax"} <= set(shown)


def test_what_is_too_large_to_be_drawn():
    assert "11 rows: at most 10" in message_of(ValueError, triangle_picture, "", np.zeros((11, 11)))
    assert "7 characters and 3 hidden units" in message_of(ValueError, cell_picture, "abcdefg", "a")
