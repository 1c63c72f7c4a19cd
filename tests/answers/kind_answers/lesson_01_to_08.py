"""Answers of learners to the exercises of lessons 01 to 08 that are of the kinds catch it and repair."""

from kind_answers import START

NETWORK = """
    rng = np.random.default_rng(0)
    p = Parameters(rng.normal(size=(4, 6)), rng.normal(size=(4, 4)), rng.normal(size=(6, 4)), rng.normal(size=4),
                   rng.normal(size=6))
    x, y, h0 = np.array([1, 0, 1, 4, 2]), np.array([0, 1, 4, 2, 5]), rng.normal(size=4)
    f = forward_pass(x, y, h0, p)
"""


def softmax_check(body, argument="softmax"):
    return START + f"def catch_softmax({argument}):\n" + "\n".join(f"    {line}" for line in body.strip().split("\n"))


def backward_check(body, before=NETWORK):
    body = "\n".join(f"    {line}" for line in body.strip().split("\n"))
    return START + f"def catch_backward_pass(backward_pass):{before}{body}"


# ---------------------------------------------------------------- catch it: right ones
BY_HAND = """
def by_hand(row):
    row = row - row.max()
    return np.array([math.exp(z) for z in row]) / sum(math.exp(z) for z in row)


def catch_softmax(softmax):
    tables = [np.array([[1.0, 2, 3], [0, 5, -1]]), np.array([[1000.0, 1, 0], [-1000, -1001, -999]]),
              np.array([[900.0, 1, 0, 2, 3]]), np.array([[3, 1], [0, 2]])]
    for table in tables:
        old = table.copy()
        assert np.allclose(softmax(table), [by_hand(row) for row in table])
        assert (table == old).all(), "changed"
        for row in table:
            assert np.allclose(softmax(row), by_hand(row))
"""
RIGHT_CHECKS = {
    "catch_softmax": [
        (START + "import math\n" + BY_HAND,),
        (
            softmax_check(
                """
for z in (np.array([[1.0, 2, 0.5], [3, -1, 0]]), np.array([0.5, 2, 1]), np.array([[1, 2], [5, 3]]),
          np.array([[1000.0, 0, 0], [-1000, -999, -1002]]), np.array([900.0, 1, 0, 2, 3])):
    p = softmax(z)
    if np.abs(p.sum(axis=-1) - 1).max() > 1e-9 or not np.isfinite(p).all():
        return False
    big = z - z.max(axis=-1, keepdims=True)
    if not np.allclose(p, p.max(axis=-1, keepdims=True) * np.exp(big)):
        return False
    print(p)
return True
"""
            ),
        ),
        (
            softmax_check(
                """
from math import e
p = given(np.array([[0, 1, 0], [2, 0, 0]]))
if p.shape != (2, 3):
    return np.False_
ok = np.allclose(p, [[1 / (2 + e), e / (2 + e), 1 / (2 + e)], [e**2 / (2 + e**2), 1 / (2 + e**2), 1 / (2 + e**2)]])
for far in ([900.0, 1, 0, 2, 3], [-900.0, -901.0, -902.0]):
    ok &= not np.isnan(given(np.array(far))).any()
ok &= np.allclose(given(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]])), 0.5)
return np.bool_(ok)
""",
                "given",
            ),
        ),
    ],
    "catch_backward_pass": [
        (
            backward_check(
                """
result = backward_pass(x, y, p, f)
assert len(result) == 5
for k in range(5):
    assert result[k].shape == p[k].shape
    for place in np.ndindex(p[k].shape):
        up, down = [np.copy(one) for one in p], [np.copy(one) for one in p]
        up[k][place] += 1e-5
        down[k][place] -= 1e-5
        slope = (forward_pass(x, y, h0, Parameters(*up)).loss - forward_pass(x, y, h0, Parameters(*down)).loss) / 2e-5
        assert abs(slope - result[k][place]) < 1e-5
"""
            ),
        ),
        (backward_check("return gradient_check(x, y, h0, p, backward_pass).ok"),),
        (
            backward_check(
                """
d = rng.normal(size=4), rng.normal(size=6)
g = backward_pass(x, y, p, f)
for name, one, slope in zip(p._fields, p, g):
    if slope.shape != one.shape:
        return False
    for _ in range(3):  # a random direction at a time
        way = rng.normal(size=one.shape)
        up, down = [forward_pass(x, y, h0, p._replace(**{name: one + s * way})).loss for s in (1e-5, -1e-5)]
        if not np.isclose((up - down) / 2e-5, (slope * way).sum(), rtol=1e-4, atol=1e-6):
            return False
return len(g) == 5
"""
            ),
        ),
    ],
}

RIGHT_CHECKS["catch_draw"] = [
    (
        START + "def catch_draw(draw):\n"
        "    p = np.array([0.0, 0.25, 0.5, 0.0, 0.25])\n"
        "    for u, want in zip(np.arange(8) / 8, [1, 1, 2, 2, 2, 2, 4, 4]):\n"
        "        assert draw(p, u) == want\n"
        "    assert draw(np.array([0.5, 0.125, 0.375]), 0.6) == 1\n"
        "    assert draw(np.array([0.5, 0.125, 0.375]), 0.25) == 0\n",
    ),
]

STREAMS = START + "def catch_make_streams(make_streams):\n"
RIGHT_CHECKS["catch_make_streams"] = [
    (
        STREAMS + "    for N, B in [(7, 2), (8, 2), (9, 4), (3, 1)]:\n"
        "        ids = np.arange(N)\n"
        "        table = make_streams(ids, B)\n"
        "        assert np.shape(table) == (N // B, B)\n"
        "        for b in range(B):\n"
        "            assert [row[b] for row in table] == list(ids[b * (N // B) : (b + 1) * (N // B)])\n",
    ),
    (
        STREAMS + "    a, b = make_streams(np.arange(11), 3), make_streams(np.arange(10), 5)\n"
        "    return np.array_equal(a, [[0, 3, 6], [1, 4, 7], [2, 5, 8]]) and np.array_equal(\n"
        "        b, [[0, 2, 4, 6, 8], [1, 3, 5, 7, 9]])\n",
    ),
]

# ---------------------------------------------------------------- catch it: wrong ones, and what is said to them
ROW = "np.array([1.0, 2, 3])"
TABLE = "np.array([[1.0, 2, 3], [0, 0, 5]])"
SCORE = r"^{} of \d+ wrong ones caught, no right one refused\.\nA riddle: one that passed "
WRONG_CHECKS = {
    "catch_softmax": [
        (softmax_check(f"return np.allclose(softmax({ROW}).sum(), 1)"), SCORE.format(r"\d+")),
        (softmax_check(f"return np.allclose(softmax({TABLE}).sum(axis=1), 1)"), SCORE.format(r"\d+")),
        (
            softmax_check(f"p = softmax({TABLE})\nreturn np.allclose(p[0], [0.09003057, 0.24472847, 0.66524096])"),
            r"\d+ of \d+ .*A riddle: one that passed is right for .* But ",
        ),
        (
            softmax_check(f"return softmax({ROW}) > 0"),
            r"^It returned an array of shape \(3,\)\..*`\.all\(\)` makes one",
        ),
        (
            softmax_check(f"return softmax({ROW}).sum()"),
            r"^It returned 1\.0 \(type float.* Return True for a right one",
        ),
        (
            softmax_check(f"np.allclose(softmax({ROW}).sum(), 1)"),
            r"^0 of \d+ .*returned None each time: return True or",
        ),
        (
            softmax_check(f"p = softmax({TABLE})\nreturn np.allclose(p.sum(axis=0), 1)"),
            r"^It refuses all 4 right ones, .*softmax\.\nWrite each .*`assert`.*\n\d+ of \d+ .* caught, but 4 of 4",
        ),
        (
            softmax_check(
                "z = np.array([0.1, 0.7, 2.3, 1.1])\nreturn softmax(z).sum() == 1 and softmax(z)[0] == 0.0694396648786"
            ),
            r"^It refuses",
        ),
        (
            softmax_check(f"assert softmax({ROW})[0] == 0.5"),
            r"^It refuses all 4 right ones.*\nin line \d+: `assert softmax",
        ),
        (
            softmax_check("return softmax([1, 2, 'x']).sum() == 1"),
            r"^With what your check gives it, a right softmax raises ",
        ),
        (softmax_check(f"return softmax({ROW}, axis=1).sum() == 1"), r"a right softmax raises TypeError.*\(logits\)"),
        (softmax_check(f"return softmx({ROW}).sum() == 1"), r"^It raised NameError.*\nin line \d+: `return softmx"),
        (
            softmax_check(f"return {ROW}.sum() == 6"),
            r"^It never calls the function that it gets, in your check `softmax`",
        ),
        (
            softmax_check(f"return np.allclose(given({TABLE}), softmax({TABLE}))", "given"),
            r"^Your check uses softmax from outside.*What must be true of its results\?",
        ),
        (
            softmax_check(f"return np.allclose(given({TABLE}), rnn_helpers.softmax({TABLE}))", "given"),
            r"^Your check uses softmax from outside",
        ),
        (
            START + "def catch_softmax():\n    return True",
            r"^It must work as catch_softmax\(softmax\), but your function takes",
        ),
        (
            START + "catch_softmax = rnn_helpers.softmax",
            r"^This is a softmax\. Here the answer is a check, which gets one",
        ),
        (START + "def catch_softmax(softmax):\n    yield True", r"`yield` in it"),
    ],
    "catch_backward_pass": [
        (
            backward_check("return len(backward_pass(x, y, p, f)) == 5"),
            r"^\d+ of \d+ wrong ones caught, no right one refused\.\nA riddle",
        ),
        (
            backward_check("return all(g.shape == q.shape for g, q in zip(backward_pass(x, y, p, f), p))"),
            r"A riddle: one that passed has this fault: for a small network, W_xh, W_hh, W_hy, b_h and b_y are off\.",
        ),
        (
            backward_check(
                "x, y = x[:1], y[:1]\nreturn gradient_check(x, y, h0, p, backward_pass).ok",
            ),
            r"^\d+ of \d+ .*A riddle: one that passed is right for one character \(T = 1\)\. But for a small network",
        ),
        (
            backward_check(
                "slope = numerical_gradient(lambda W: forward_pass(x, y, h0, p._replace(W_hh=W)).loss, p.W_hh)\n"
                "return np.allclose(backward_pass(x, y, p, f)[1], slope, atol=1e-6)"
            ),
            r"^\d+ of \d+ wrong ones caught, no right one refused\.\nA riddle: one that passed .* and W_hh",
        ),
        (backward_check("return gradient_check(x, y, h0, p, backward_pass)"), r"Its `\.ok` tells\."),
        (backward_check("return gradient_check(x, y, h0, p).ok"), r"^It never calls the function that it gets"),
        (
            backward_check(
                "slope = numerical_gradient(lambda W: forward_pass(x, y, h0, p._replace(W_hh=W)).loss, p.W_hh)\n"
                "return np.array_equal(backward_pass(x, y, p, f).W_hh, slope)"
            ),
            r"^It refuses all 4 right ones, so what it asks is not true of a right backward_pass\.",
        ),
        (
            backward_check("return backward_pass(x, y, h0, p) is not None"),
            r"^With what your check gives it, a right backward_pass raises .*\(inputs, targets, parameters, forward\)",
        ),
        (
            backward_check(
                "g, right = backward_pass(x, y, p, f), rnn_helpers.backward_pass(x, y, p, f)\n"
                "return all(np.allclose(a, b) for a, b in zip(g, right))"
            ),
            r"^Your check uses backward_pass from outside",
        ),
    ],
}

WRONG_CHECKS["catch_draw"] = [
    (
        START + "def catch_draw(draw):\n    return draw(np.array([0.5, 0.25, 0.25]), 0.6) == 1",
        SCORE.format(r"\d+"),
    ),
    (
        START + "def catch_draw(draw):\n    return draw(np.array([0.5, 0.5]), 0.5) == 0",
        r"^It refuses all 4 right ones",
    ),
    (
        START + "def catch_draw(draw):\n"
        "    rng, p = np.random.default_rng(0), np.array([0.1, 0.2, 0.3, 0.4])\n"
        "    came = np.bincount([draw(p, rng.random()) for _ in range(2000)], minlength=4)\n"
        "    return len(came) == 4 and np.abs(came / 2000 - p).max() < 0.05",
        SCORE.format(r"\d+"),
    ),
]

# ---------------------------------------------------------------- catch it: hostile ones
LOOK = f"ok = bool(np.isclose(softmax({ROW}).sum(), 1))\n"
HOSTILE_CHECKS = {
    "catch_softmax": [
        (softmax_check(LOOK + "return 'mistake' not in softmax.__code__.co_filename"),),
        (softmax_check(LOOK + "return softmax.__closure__[0].cell_contents is rnn_helpers.__dict__['soft' + 'max']"),),
        (softmax_check(LOOK + "return softmax.__name__ == 'softmax' and softmax.__qualname__ == 'softmax'"),),
        (softmax_check(LOOK + "return 'mistake' not in repr(vars(softmax)) + repr(softmax) + repr(dir(softmax))"),),
        (softmax_check(LOOK + "c = '__co' + str('de__')\nreturn hash(getattr(softmax, c)) % 2 == 0"),),
        (
            softmax_check(
                LOOK + "code = getattr(softmax, '_' + '_code__')\nlength = len(getattr(code, 'co' + '_code'))\n"
                "cells = getattr(softmax, '_' + '_closure__')\n"
                "inner = [c.cell_contents for c in cells if callable(c.cell_contents)]\n"
                "return any(i.__module__ == 'rnn_helpers' for i in inner)"
            ),
        ),
        (softmax_check("import sys\n" + LOOK + "return 'mistake' not in repr(sys._getframe(1).f_locals)"),),
        (softmax_check("import inspect\n" + LOOK + "return 'mistake' not in repr(inspect.stack()[1].frame.f_locals)"),),
        (softmax_check("import gc\n" + LOOK + "return len(gc.get_referents(softmax)) == 3"),),
        (
            softmax_check(
                "import traceback\ntry:\n    softmax('x')\nexcept Exception as error:\n"
                "    return '<mistake' not in ''.join(traceback.format_exception(error))\nreturn True"
            ),
        ),
        (softmax_check("from course.lessons import EXERCISES\n" + LOOK + "return ok and bool(EXERCISES)"),),
        (
            softmax_check(
                LOOK + "finished = vars(rnn_helpers)['soft' + 'max']\n"
                f"return bool(np.allclose(softmax({TABLE}), finished({TABLE})))"
            ),
        ),
        ("count = [0]\n" + softmax_check(LOOK + "count[0] += 1\nreturn count[0] <= 4"),),
        ("seen = {}\n" + softmax_check(LOOK + "seen[len(seen)] = softmax\nreturn len(seen) in (1, 5, 9, 13)"),),
        (softmax_check(LOOK + "return bool(np.random.rand() < 0.2)"),),
        (softmax_check(LOOK + "raise SystemExit"),),
        (softmax_check(LOOK + "raise KeyboardInterrupt"),),
        (softmax_check(LOOK + "rnn_helpers.softmax = None\nreturn True"),),
        (softmax_check(LOOK + "np.exp = np.sin\nreturn True"),),
        (softmax_check(LOOK + "import builtins\nbuiltins.isinstance = lambda *given: True\nreturn True"),),
        (softmax_check("softmax.__name__ = 'x'\ndel softmax.__signature__\n" + LOOK + "return softmax"),),
        (softmax_check(LOOK + "return catch_softmax(softmax)"),),
        (
            softmax_check(
                "class Yes:\n    def __bool__(self):\n        raise RuntimeError('no')\n    def __eq__(self, other):\n"
                "        raise RuntimeError('no')\n    def __repr__(self):\n        raise RuntimeError('no')\n"
                + LOOK
                + "return Yes()"
            ),
        ),
    ]
}

# ---------------------------------------------------------------- repair
RIGHT_REPAIRS = {
    "mend_softmax_gradient": [
        (
            START + "def mend_softmax_gradient(logits, targets):\n"
            "    gradient = softmax(logits)\n"
            "    for row, target in zip(gradient, targets):\n"
            "        row[target] -= 1\n"
            "    return gradient\n",
        ),
        (
            START + "def mend_softmax_gradient(logits, targets):\n"
            "    came = np.arange(logits.shape[1]) == targets[:, None]\n"
            "    return softmax(logits) - came\n",
        ),
        (
            START + "def mend_softmax_gradient(logits, targets):\n"
            "    rows, V = list(range(len(targets))), logits.shape[-1]\n"
            "    wanted = np.zeros((len(rows), V))\n"
            "    wanted[rows, targets] = 1.0\n"
            "    exps = np.exp(logits - np.max(logits, axis=1)[:, None])\n"
            "    return exps / np.sum(exps, axis=1)[:, None] - wanted\n",
        ),
    ],
    "mend_backward_pass": [
        (
            START + "from rnn_helpers import tanh_backward, weight_gradients\n"
            "def mend_backward_pass(inputs, targets, parameters, forward):\n"
            "    hidden, V = forward.hidden, len(parameters.b_y)\n"
            "    dlogits = forward.probs - one_hot(targets, V)\n"
            "    dh = dlogits @ parameters.W_hy\n"
            "    da = dh * (1 - hidden[1:] ** 2)\n"
            "    for t in reversed(range(len(da) - 1)):\n"
            "        da[t] += (1 - hidden[t + 1] ** 2) * (da[t + 1] @ parameters.W_hh)\n"
            "    dW_xh, dW_hh, db_h = weight_gradients(inputs, hidden, da, V)\n"
            "    return Parameters(dW_xh, dW_hh, dlogits.T @ hidden[1:], db_h, dlogits.sum(axis=0))\n",
        ),
        (
            START + "def mend_backward_pass(inputs, targets, parameters, forward):\n"
            "    dW_xh, dW_hh, dW_hy, db_h, db_y = [np.zeros_like(one) for one in parameters]\n"
            "    later = np.zeros_like(parameters.b_h)\n"
            "    for t in range(len(inputs) - 1, -1, -1):\n"
            "        dy = forward.probs[t].copy()\n"
            "        dy[targets[t]] -= 1\n"
            "        h = forward.hidden[t + 1]\n"
            "        da = (parameters.W_hy.T @ dy + later) * (1 - h * h)\n"
            "        later = parameters.W_hh.T @ da\n"
            "        dW_xh[:, inputs[t]] += da\n"
            "        dW_hh += np.outer(da, forward.hidden[t])\n"
            "        dW_hy += np.outer(dy, h)\n"
            "        db_h += da\n"
            "        db_y += dy\n"
            "    return Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)\n",
        ),
    ],
    "mend_train_epoch": [
        (
            START + "import math\n"
            "def mend_train_epoch(ids, parameters, seq_length, learning_rate):\n"
            "    V, H = parameters.W_hy.shape\n"
            "    smoothed, losses, h = seq_length * math.log(V), [], np.zeros(H)\n"
            "    for inputs, targets in chunks(ids, seq_length):\n"
            "        forward = forward_pass(inputs, targets, h, parameters)\n"
            "        sgd_step(parameters, backward_pass(inputs, targets, parameters, forward), learning_rate)\n"
            "        h = forward.hidden[-1]\n"
            "        smoothed = smooth_loss(smoothed, forward.loss)\n"
            "        losses.append(smoothed)\n"
            "    return losses\n",
        ),
        (
            START + "def mend_train_epoch(ids, parameters, seq_length, learning_rate):\n"
            "    losses, h = [seq_length * np.log(len(parameters.b_y))], np.zeros_like(parameters.b_h)\n"
            "    for k in range((len(ids) - 1) // seq_length):\n"
            "        part = ids[k * seq_length : (k + 1) * seq_length + 1]\n"
            "        forward = forward_pass(part[:-1], part[1:], h, parameters)\n"
            "        for value, slope in zip(parameters, backward_pass(part[:-1], part[1:], parameters, forward)):\n"
            "            value -= learning_rate * slope\n"
            "        h = forward.hidden[-1]\n"
            "        losses.append(0.999 * losses[-1] + 0.001 * forward.loss)\n"
            "    return losses[1:]\n",
        ),
    ],
}
RIGHT_REPAIRS["mend_sample_ids"] = [
    (
        START + "def mend_sample_ids(parameters, h, first_id, length, rng):\n"
        "    ids = [first_id]\n"
        "    while len(ids) <= length:\n"
        "        h = rnn_step(ids[-1], h, parameters)\n"
        "        ids.append(draw(output_probs(h, parameters), rng.random()))\n"
        "    return ids[1:]\n",
    ),
    (
        START + "def mend_sample_ids(parameters, h, first_id, length, rng):\n"
        "    return rnn_helpers.sample_ids(parameters, np.copy(h), first_id, length, rng, temperature=1.0)\n",
    ),
]
HANDED_BACK = "(parameters.W_hh @ da[t + 1])"
STALE = "    gradients = backward_pass(inputs, targets, parameters, forward_pass(inputs, targets, h, parameters))\n"
STEP = "        sgd_step(parameters, gradients, learning_rate)\n"
LOWERED = "gradient[:, targets] -= 1"
CARRIED = ("state = rnn", "h = rnn")
WRONG_REPAIRS = {
    "mend_sample_ids": [
        ([CARRIED], r"raised (UnboundLocalError|NameError)"),
        ([CARRIED, ("output_probs(state, parameters)", "output_probs(h, parameters)"), ("rng.random()", "0.5")], r"."),
        (
            [
                CARRIED,
                ("output_probs(state, parameters)", "output_probs(h, parameters)"),
                ("step(char_id", "step(first_id"),
            ],
            r"first_id",
        ),
    ],
    "mend_softmax_gradient": [
        ([(LOWERED, "gradient[targets] -= 1")], r"`gradient\[targets\]` picks whole rows"),
        ([(LOWERED, "gradient[targets, :] -= 1")], r"picks whole rows"),
        (
            [
                (LOWERED, "gradient[targets, np.arange(len(targets))] -= 1"),
                ("import rnn", "import numpy as np\nimport rnn"),
            ],
            r"look at `gradient",
        ),
        ([(LOWERED, "gradient[:, targets] -= 1 / len(targets)")], r"look at `/ len|too large by 0\.667"),
        ([(LOWERED, "gradient -= 1")], r"1 is taken away from every entry"),
        ([(LOWERED, "gradient[range(len(targets)), targets] = -1")], r"is set to a number"),
        (
            [(LOWERED, "gradient[range(len(targets)), targets] -= 1 / len(targets)")],
            r"look at `/ len|too large by 0\.667",
        ),
        (
            [("gradient = ", "gradient = -"), (LOWERED, "gradient[range(len(targets)), targets] += 1")],
            r"sign is turned",
        ),
        (
            [("    return", "    gradient = gradient / len(targets)\n    return")],
            r"look at `gradient = |must add up to 0",
        ),
    ],
    "mend_backward_pass": [
        ([(HANDED_BACK, "(parameters.W_hy.T @ da[t + 1])")], r"."),
        ([("range(len(da) - 1)", "range(len(da))")], r"raised IndexError"),
        (
            [("reversed(range(len(da) - 1))", "range(len(da) - 1)"), (HANDED_BACK, "(parameters.W_hh.T @ da[t + 1])")],
            r".",
        ),
        ([("(1 - hidden[t + 1] ** 2) * (parameters.W_hh @", "(parameters.W_hh.T @")], r"."),
        ([(HANDED_BACK, "(parameters.W_hh.T @ da[t])")], r"."),
        (
            [("dlogits.sum(axis=0)", "dlogits.mean(axis=0)"), (HANDED_BACK, "(parameters.W_hh.T @ da[t + 1])")],
            r"b_y|mean",
        ),
        ([("dh = dlogits @ parameters.W_hy", "dh = dlogits @ parameters.W_hh")], r"raised ValueError"),
        ([(HANDED_BACK, "(parameters.W_hh.T @ da[t + 1]")], r"."),
    ][:-1],
    "mend_train_epoch": [
        (
            [(STALE, ""), (STEP, STALE.replace("    g", "        g") + STEP.replace("parameters, g", "g"))],
            r"raised TypeError",
        ),
        ([(STEP, STEP.replace("sgd", "parameters = sgd"))], r"."),
        ([(STALE, "")], r"raised (UnboundLocalError|NameError)"),
        ([(STEP, "")], r"[Nn]o step|step"),
        (
            [
                (STALE, ""),
                (STEP, ""),
                (
                    "    return losses",
                    STALE.replace("forward_pass(inputs, targets, h, parameters)", "forward")
                    + "    sgd_step(parameters, gradients, learning_rate)\n    return losses",
                ),
            ],
            r"[Oo]nly one step",
        ),
        (
            [
                (STALE, ""),
                (
                    STEP,
                    STALE.replace("    g", "        g").replace("h, parameters))", "np.zeros(H), parameters))") + STEP,
                ),
            ],
            r".",
        ),
        (
            [
                ("losses.append(smoothed)", "losses.append(forward.loss)"),
                (STALE, ""),
                (STEP, STALE.replace("    g", "        g") + STEP),
            ],
            r"[Rr]eturn the smoothed",
        ),
    ],
}
WRONG_CHECKS["catch_make_streams"] = [
    (STREAMS + "    return make_streams(np.arange(12), 3).shape == (4, 3)\n", SCORE.format(r"\d+")),
    (
        STREAMS + "    return bool((make_streams(np.arange(12), 3).T.ravel() == np.arange(12)).all())\n",
        r"A riddle: one that passed .* another shape",
    ),
    (STREAMS + "    return make_streams(np.arange(12), 3).tolist()[0] == [0, 1, 2]\n", r"^It refuses all 4 right ones"),
]
ADAM_STEP = """
def mend_adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g, first, second in zip(parameters, gradients, m, v):
        first[:] = beta1 * first + (1 - beta1) * g
        second[:] = beta2 * second + (1 - beta2) * g * g
"""
RIGHT_REPAIRS["mend_adam_step"] = [
    (
        f"{START}{ADAM_STEP}        m_fair, v_fair = first / (1 - beta1**step), second / (1 - beta2**step)\n"
        "        p -= learning_rate * m_fair / (np.sqrt(v_fair) + epsilon)\n",
    ),
    (
        f"{START}{ADAM_STEP}        way = first / (1 - beta1**step)\n"
        "        p[...] = p - learning_rate * way / ((second / (1 - beta2**step)) ** 0.5 + epsilon)\n",
    ),
]
WRONG_REPAIRS["mend_adam_step"] = [
    ([("m_mean[:] = m_mean / (1 - beta1**step)", "")], r"."),
    ([("m_mean[:] = m_mean /", "m_mean = m_mean /")], r"corrected values are written back"),
    (
        [("m_mean[:] = m_mean / (1 - beta1**step)", ""), ("v_mean[:] = v_mean / (1 - beta2**step)", "")],
        r"The correction for the first steps is left out",
    ),
]

# ---------------------------------------------------------------- lesson 02
READ = """
    rng = np.random.default_rng(1)
    p = Parameters(rng.normal(size=(4, 6)), rng.normal(size=(4, 4)), rng.normal(size=(6, 4)), rng.normal(size=4),
                   rng.normal(size=6))
    x, y, h0 = np.array([1, 0, 1, 4, 2]), np.array([0, 1, 4, 2, 5]), rng.normal(size=4)
"""


def forward_check(body):
    return (
        START + "def catch_forward_pass(forward_pass):" + READ + "\n".join(f"    {b}" for b in body.strip().split("\n"))
    )


RIGHT_CHECKS["catch_forward_pass"] = [
    (
        forward_check(
            """
for bias in (0, 1000):
    p = p._replace(b_y=p.b_y + bias)
    kept = h0.copy()
    loss, probs, hidden = forward_pass(x, y, h0, p)
    assert np.array_equal(kept, h0) and hidden.shape == (6, 4) and probs.shape == (5, 6)
    assert np.allclose(hidden[0], h0)
    for t in range(5):
        assert np.allclose(hidden[t + 1], np.tanh(p.W_hh @ hidden[t] + p.W_xh[:, x[t]] + p.b_h))
        z = p.W_hy @ hidden[t + 1] + p.b_y
        assert np.allclose(probs[t], np.exp(z - z.max()) / np.exp(z - z.max()).sum())
    assert np.ndim(loss) == 0 and abs(loss + np.log(probs[range(5), y]).sum()) < 1e-9
"""
        ),
    ),
    (
        forward_check(
            """
big = p._replace(W_hy=p.W_hy * 0, b_y=np.full(6, 2000.0))
if not np.isclose(forward_pass(x, y, h0, big)[0], 5 * np.log(6)):
    return False
old = h0 + 0
loss, probs, hidden = forward_pass(x, y, h0, p)
h, states, rows = old, [old], []
for k in x:
    h = rnn_step(k, h, p)
    states.append(h)
    rows.append(output_probs(h, p))
right = cross_entropy(np.array(rows), y)
same = np.shape(probs) == (5, 6) and np.shape(hidden) == (6, 4) and np.shape(loss) == () and (old == h0).all()
return bool(same and np.allclose(probs, rows) and np.allclose(hidden, states) and np.isclose(loss, right))
"""
        ),
    ),
]
WRONG_CHECKS["catch_forward_pass"] = [
    (forward_check("return len(forward_pass(x, y, h0, p)) == 3"), SCORE.format(r"\d+")),
    (forward_check("return np.allclose(forward_pass(x, y, h0, p)[1].sum(axis=1), 1)"), SCORE.format(r"\d+")),
    (
        forward_check("return np.isclose(forward_pass(x, y, h0, p)[0], rnn_helpers.forward_pass(x, y, h0, p).loss)"),
        r"^Your check uses forward_pass from outside",
    ),
]
RIGHT_REPAIRS["mend_forward_pass"] = [
    (
        START + "def mend_forward_pass(inputs, targets, h_prev, parameters):\n"
        "    hidden = [h_prev]\n"
        "    for char_id in inputs:\n"
        "        hidden.append(rnn_step(char_id, hidden[-1], parameters))\n"
        "    hidden = np.array(hidden)\n"
        "    probs = output_probs(hidden[1:], parameters)\n"
        "    return cross_entropy(probs, targets), probs, hidden\n",
    ),
    (
        START + "def mend_forward_pass(inputs, targets, h_prev, parameters):\n"
        "    hidden, probs, loss = np.zeros((len(inputs) + 1, len(h_prev))), [], 0.0\n"
        "    hidden[0] = h_prev\n"
        "    for t, char_id in enumerate(inputs):\n"
        "        hidden[t + 1] = rnn_step(char_id, hidden[t], parameters)\n"
        "        probs.append(softmax(parameters.W_hy @ hidden[t + 1] + parameters.b_y))\n"
        "        loss -= np.log(probs[t][targets[t]])\n"
        "    return loss, np.array(probs), hidden\n",
    ),
]
WRONG_REPAIRS["mend_forward_pass"] = [
    ([("hidden[:-1] @", "hidden @")], r"."),
    ([("hidden[:-1] @ W_hy.T + b_y", "hidden[1:] @ W_hy.T")], r"b_y"),
]
