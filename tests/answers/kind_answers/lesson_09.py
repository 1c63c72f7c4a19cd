"""Answers of learners to the exercises of lesson 09 that are of the kinds catch it and repair."""

from kind_answers import START

CELL = """
    from course.models.gates import GRUParameters, gru_step, initialize_gru
    rng = np.random.default_rng(3)
    p = initialize_gru(4, 5, rng)
    h_prev, dh = rng.normal(size=4), rng.normal(size=4)
    h, r, z, n = gru_step(2, h_prev, p)
"""


def gru_check(body, cell=CELL):
    body = "\n".join(f"    {line}" for line in body.strip().split("\n"))
    return START + f"def catch_gru_step_backward(gru_step_backward):{cell}{body}"


# ---------------------------------------------------------------- catch it
RIGHT_CHECKS = {
    "catch_gru_step_backward": [
        (
            gru_check(
                """
got = gru_step_backward(dh, h_prev, r, z, n, p)
assert len(got) == 4
for name, da in zip(("b_r", "b_z", "b_n"), got):
    def loss(b):
        return (dh * gru_step(2, h_prev, p._replace(**{name: b}))[0]).sum()
    assert np.allclose(da, numerical_gradient(loss, getattr(p, name)), atol=1e-7), name
assert np.allclose(got[3], numerical_gradient(lambda x: (dh * gru_step(2, x, p)[0]).sum(), h_prev), atol=1e-7)
"""
            ),
        ),
        (
            gru_check(
                """
e = 1e-6
got = gru_step_backward(dh, h_prev, r, z, n, p)
for k in range(4):
    up, down = h_prev.copy(), h_prev.copy()
    up[k] += e
    down[k] -= e
    if abs((dh @ gru_step(2, up, p)[0] - dh @ gru_step(2, down, p)[0]) / (2 * e) - got[3][k]) > 1e-5:
        return False
    for which, name in enumerate(("W_xr", "W_xz", "W_xn")):
        up, down = getattr(p, name).copy(), getattr(p, name).copy()
        up[k, 2] += e
        down[k, 2] -= e
        up, down = [dh @ gru_step(2, h_prev, p._replace(**{name: W}))[0] for W in (up, down)]
        if abs((up - down) / (2 * e) - got[which][k]) > 1e-5:
            return False
return True
"""
            ),
        ),
    ]
}
WRONG_CHECKS = {
    "catch_gru_step_backward": [
        (
            gru_check(
                """
got = gru_step_backward(dh, h_prev, r, z, n, p)
slope = numerical_gradient(lambda x: dh @ gru_step(2, x, p)[0], h_prev)
return np.allclose(got[3], slope, atol=1e-6)
"""
            ),
            r"^\d+ of \d+ wrong ones caught, no right one refused\.\nA riddle",
        ),
        (
            gru_check(
                """
got = gru_step_backward(dh, h_prev, r, z, n, p)
return all(one.shape == (4,) for one in got)
"""
            ),
            "Whatever comes in, it says yes",
        ),
        (
            gru_check(
                """
got = gru_step_backward(dh, h_prev, r, z, n, p)
slope = numerical_gradient(lambda x: gru_step(2, x, p)[0].sum(), h_prev)
return np.allclose(got[3], slope, atol=1e-6)
"""
            ),
            "It refuses all 4 right ones",
        ),
        (
            gru_check("return np.isclose(gru_step_backward(dh, h_prev, r, z, n, p)[3], h_prev)"),
            r"It returned an array of shape \(4,\).*\.all\(\)",
        ),
        (
            gru_check(
                """
from course.models.gates import gru_step_backward as finished
return np.allclose(gru_step_backward(dh, h_prev, r, z, n, p), finished(dh, h_prev, r, z, n, p))
"""
            ),
            "uses .* from outside",
        ),
    ]
}

# ---------------------------------------------------------------- repair
PROBE = """
def mend_position_probe(states, positions, new_states, new_positions):
"""
RIGHT_REPAIRS = {
    "mend_position_probe": [
        (
            START
            + PROBE
            + """
    def with_ones(rows):
        return np.concatenate([rows, np.ones((len(rows), 1))], axis=1)

    weights = np.linalg.lstsq(with_ones(states), positions, rcond=None)[0]
    error = ((with_ones(new_states) @ weights - new_positions) ** 2).mean()
    return float(1 - error / np.var(new_positions))
""",
        ),
    ]
}
WRONG_REPAIRS = {
    "mend_position_probe": [
        ([("guesses = A @ weights", "guesses = B @ weights")], "[Tt]wo sizes do not fit|[Ll]ine"),
        ([("np.var(positions)", "np.var(new_positions)")], ""),
        (
            [
                ("guesses = A @ weights", "guesses = B @ weights"),
                ("(guesses - positions)", "(guesses - new_positions)"),
            ],
            "variance of the old positions",
        ),
        ([("np.linalg.lstsq(A, positions", "np.linalg.lstsq(B, new_positions")], ""),
    ]
}
