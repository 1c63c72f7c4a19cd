"""The pictures of the unrolled network: are the slopes right, and does the text of each picture say what it shows?"""

import re

import numpy as np
from helpers import random_case
from matplotlib.patches import Rectangle

from course.lessons.bptt import PENCIL
from course.show.unrolled import fading_picture, triangle, triangle_picture
from rnn_helpers import Parameters, forward_pass

HELLOHELL = np.array([1, 0, 2, 2, 3, 1, 0, 2, 2])


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


def test_triangle_is_the_measured_slope_of_each_loss_for_each_state():
    H, V, T = 3, 5, 6
    inputs, targets, h_prev, parameters = random_case(H, V, (T,), seed=H)
    hidden = forward_pass(inputs, targets, h_prev, parameters).hidden
    slopes = triangle(parameters, inputs, targets, h_prev)
    for k in range(T):
        assert (slopes[:k, k] == 0).all(), "a loss hears nothing of later states"
        for unit in range(H):
            nudge = 1e-5 * np.eye(H)[unit]
            above, below = [losses_from(hidden[k + 1] + d, k, inputs, targets, parameters) for d in (nudge, -nudge)]
            np.testing.assert_allclose(slopes[k:, k, unit], (above - below) / 2e-5, atol=1e-8)


def turning(radius, H=6, T=12):
    """Return the triangle of a network with a rotation times `radius` as W_hh, and states near 0."""
    rng = np.random.default_rng(0)
    rotation, _ = np.linalg.qr(rng.standard_normal((H, H)))
    weights = [1e-6 * rng.standard_normal((H, 4)), radius * rotation, rng.standard_normal((4, H))]
    ids = np.tile([1, 0, 2, 2, 3], T)
    return triangle(Parameters(*weights, np.zeros(H), np.zeros(4)), ids[:T], ids[1 : T + 1], np.zeros(H))


# ---------------------------------------------------------------- the pictures


def in_pieces():
    slopes = triangle(PENCIL, HELLOHELL[:-1], HELLOHELL[1:], np.zeros(3))
    return slopes, triangle_picture("Pieces", slopes, length=4)


def test_a_triangle_draws_and_tells_the_lengths_of_its_slopes_and_what_is_cut():
    slopes, picture = in_pieces()
    sizes = np.linalg.norm(slopes, axis=2)
    assert picture.text.count("(cut)") == 16 and picture.text.endswith("pieces of 4 steps: 16 of 36 numbers are cut")
    axes, rows = picture.axes, {}
    numbers = [text for text in axes.texts if re.fullmatch(r"\d\.\d+", text.get_text())]
    for text in sorted(numbers, key=lambda text: text.get_position()[0]):
        rows.setdefault(text.get_position()[1], []).append(text.get_text())
    for t, height in enumerate(sorted(rows, reverse=True)):  # from the top
        assert rows[height] == [f"{size:.2f}" for size in sizes[t, : t + 1]]
        told = re.findall(r"h\d ([\d.]+)", picture.lines[t + 2])
        assert told == rows[height]
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

    grounds = [patch.get_facecolor() for patch in in_pieces()[1].axes.patches]
    assert min(light(color) + 0.05 for color in grounds) / 0.05 > 4.5, "black writing"
    assert 1.05 / (light([0x59 / 255] * 3) + 0.05) > 4.5, "gray writing on white"


def test_fading_text_and_panels():
    def powers(radius):
        return ", ".join(f"{radius**d:.4g} at {d}" for d in (0, 3, 6, 8, 11))

    picture = fading_picture("Fading", {"small": turning(0.8), "large": turning(1.25)})
    assert repr(picture).splitlines() == [
        "Picture: Fading",
        "across: h_k; down: L_t; color: size of the slope beside that at its own state, log scale",
        f"panel 'small', 12 x 12: steps back from the loss, geometric mean {powers(0.8)}",
        f"panel 'large', 12 x 12: steps back from the loss, geometric mean {powers(1.25)}",
    ]
    small, large = [axes.images[0] for axes in picture.figure.axes[:2]]
    assert small.get_clim() == large.get_clim() == (-4, 4)
    np.testing.assert_allclose(large.get_array()[11, :11], np.log10(1.25) * np.arange(11, 0, -1), rtol=1e-3)
