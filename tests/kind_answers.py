"""What learners give as answers to exercises of the kinds catch it and repair, as they would type it into a cell."""

START = "import numpy as np\nimport rnn_helpers\nfrom rnn_helpers import *\n"
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
            r"^It refuses all 4 right ones, .*right softmax\.\n\d+ of \d+ wrong ones caught, but 4 of 4 right",
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
        (softmax_check("from exercises.bank import EXERCISES\n" + LOOK + "return ok and bool(EXERCISES)"),),
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
HANDED_BACK = "(parameters.W_hh @ da[t + 1])"
STALE = "    gradients = backward_pass(inputs, targets, parameters, forward_pass(inputs, targets, h, parameters))\n"
STEP = "        sgd_step(parameters, gradients, learning_rate)\n"
WRONG_REPAIRS = {
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
