"""Answers of learners to the exercises of lesson 11 that are of the kinds catch it and repair."""

from kind_answers import START

BY_LOOP = """
def states_of(f, b, h):
    rows = []
    for t in range(len(f)):
        h = f[t] * h + b[t]
        rows.append(h)
    return np.array(rows)


"""
RIGHT_CHECKS = {
    "catch_scan": [
        (
            START + BY_LOOP + "def catch_scan(scan):\n"
            "    rng = np.random.default_rng(5)\n"
            "    for T in [1, 2, 6, 11]:\n"
            "        f, b, h = rng.random((T, 3)), rng.random((T, 3)), rng.random(3)\n"
            "        f[-1] = 0\n"
            "        old = f.copy(), b.copy()\n"
            "        assert np.allclose(scan(f, b, h), states_of(f, b, h))\n"
            "        assert (f == old[0]).all() and (b == old[1]).all()\n",
        ),
        (
            START + BY_LOOP + "def catch_scan(given):\n"
            "    f = np.array([[0.5], [0.25], [0.0], [0.75], [0.9], [0.3], [0.8]])\n"
            "    b = np.array([[1.0], [2.0], [-1.0], [3.0], [0.5], [1.0], [-2.0]])\n"
            "    want = states_of(f, b, np.array([4.0]))\n"
            "    got = given(f, b, np.array([4.0]))\n"
            "    if np.shape(got) != (7, 1) or f[6, 0] != 0.8 or b[0, 0] != 1 or f[1, 0] != 0.25 or b[1, 0] != 2:\n"
            "        return False\n"
            "    return bool(np.abs(got - want).max() < 1e-9)\n",
        ),
    ],
}
WRONG_CHECKS = {
    "catch_scan": [
        (
            START + BY_LOOP + "def catch_scan(scan):\n"
            "    f, b = np.full((2, 1), 0.5), np.ones((2, 1))\n"
            "    return np.allclose(scan(f, b, np.zeros(1)), states_of(f, b, np.zeros(1)))\n",
            r"wrong ones caught, no right one refused\.\nA riddle: ",
        ),
        (
            START + BY_LOOP + "def catch_scan(scan):\n"
            "    rng = np.random.default_rng(0)\n"
            "    f, b, h = rng.random((9, 2)), rng.random((9, 2)), rng.random(2)\n"
            "    return np.allclose(scan(f.copy(), b.copy(), h), states_of(f, b, h))\n",
            r"wrong ones caught, no right one refused\.\nA riddle: ",
        ),
        (
            START + "def catch_scan(scan):\n"
            "    f, b = np.full((4, 1), 0.5), np.ones((4, 1))\n"
            "    return scan(f, b, np.zeros(1)) == np.array([[1.0], [1.5], [1.75], [1.875]])\n",
            r"`\.all\(\)` makes one answer of many",
        ),
        (
            START + "def catch_scan(scan):\n    return scan(0.5, 1.0, 0.0) == 1.0\n",
            r"With what your check gives it, a right scan raises",
        ),
    ],
}
RIGHT_REPAIRS = {
    "mend_scan_backward": [
        (
            START
            + """
def mend_scan_backward(dh_from_output, f, hidden):
    db = np.zeros_like(dh_from_output)
    from_after = np.zeros_like(hidden[0])
    for t in reversed(range(len(f))):
        db[t] = dh_from_output[t] + from_after
        from_after = db[t] * f[t]
    return db * hidden[:-1], db
""",
        ),
        (
            START
            + """
def mend_scan_backward(dh_from_output, f, hidden):
    db = np.zeros_like(dh_from_output)
    from_after = np.zeros_like(hidden[0])
    gates = np.concatenate([f[1:], f[:1]])
    for t in reversed(range(len(f))):
        db[t] = dh_from_output[t] + gates[t] * from_after
        from_after = db[t]
    return db * hidden[:-1], db
""",
        ),
    ]
}
WRONG_REPAIRS = {
    "mend_scan_backward": [
        ([("f[t] * from_after", "f[t - 1] * from_after")], r"."),
        ([("f[t] * from_after", "from_after")], r"goes back without a gate"),
        ([("hidden[:-1]", "hidden[1:]")], r"."),
        ([("dh_from_output[t] + f[t] * from_after", "dh_from_output[t]")], r"Nothing is carried"),
    ]
}
