"""First tries at the exercises of lesson 00, and words that the answer of check must hold."""

# Each is (name of the exercise, what a beginner types, the words).
TRIES = [
    (
        "pick_targets",
        """
def pick_targets(probs, targets):
    return probs[:, targets]
""",
        ("T x T numbers", "`:` means every row"),
    ),
    (
        "pick_targets",
        """
def pick_targets(probs, targets):
    return [probs[targets[t]] for t in range(len(targets))]
""",
        ("picks whole rows",),
    ),
    (
        "pick_targets",
        """
def pick_targets(probs, targets):
    for t in range(len(targets)):
        return probs[t, targets[t]]
""",
        ("first row alone", "`return` inside the loop"),
    ),
    (
        "pick_targets",
        """
def pick_targets(probs, targets):
    picked = []
    for row in probs:
        for target in targets:
            picked.append(row[target])
    return picked
""",
        ("a loop inside a loop",),
    ),
    (
        "gather_columns",
        """
def gather_columns(W, ids):
    return W[:, ids]
""",
        ("side by side", "change places"),
    ),
    (
        "gather_columns",
        """
def gather_columns(W, ids):
    rows = []
    for id in ids:
        rows.append(W[id])
    return np.array(rows)
""",
        ("picks a row of W",),
    ),
    (
        "gather_columns",
        """
def gather_columns(W, ids):
    return W[:, ids].reshape(len(ids), -1)
""",
        ("Reshape does not turn a table",),
    ),
    (
        "gather_columns",
        """
def gather_columns(W, ids):
    return W[ids].T
""",
        ("Turn first, then pick",),
    ),
    (
        "row_shares",
        """
def row_shares(counts):
    return counts / counts.sum(axis=1)
""",
        ("each sum meets a column",),
    ),
    (
        "row_shares",
        """
def row_shares(counts):
    total = 0
    for row in counts:
        total += row.sum()
    return counts / total
""",
        ("Each row needs its own sum",),
    ),
    (
        "row_shares",
        """
def row_shares(counts):
    shares = np.zeros_like(counts)
    for i, row in enumerate(counts):
        shares[i] = row / row.sum()
    return shares
""",
        ("whole numbers",),
    ),
    (
        "row_shares",
        """
def row_shares(counts):
    return counts / counts.sum(axis=0)
""",
        ("Each column adds up to 1, but each row should",),
    ),
    (
        "outer_sum",
        """
def outer_sum(left, right):
    return left @ right
""",
        ("The two sizes in the middle", "here they are H and T"),
    ),
    (
        "outer_sum",
        """
def outer_sum(left, right):
    total = 0
    for t in range(len(left)):
        total = np.outer(left[t], right[t])
    return total
""",
        ("Only the last step is left",),
    ),
    (
        "outer_sum",
        """
def outer_sum(left, right):
    total = 0
    for a in left:
        for b in right:
            total += np.outer(a, b)
    return total
""",
        ("Multiply within each step, then add",),
    ),
    (
        "outer_sum",
        """
def outer_sum(left, right):
    return sum(a * b for a, b in zip(left, right))
""",
        ("`*` multiplies entry by entry",),
    ),
    (
        "move_downhill",
        """
def move_downhill(w, slopes, rate):
    w = w - rate * slopes
""",
        ("The caller's w is as before", "a new array"),
    ),
    (
        "move_downhill",
        """
def move_downhill(w, slopes, rate):
    new = w.copy()
    new -= rate * slopes
    return new
""",
        ("The numbers in the old array have to change",),
    ),
    (
        "move_downhill",
        """
def move_downhill(w, slopes, rate):
    for row in range(len(w)):
        w[row] += rate * slopes[row]
""",
        ("it goes uphill",),
    ),
    (
        "slope_of",
        """
def slope_of(f, x, epsilon):
    return (f(x + epsilon) - f(x)) / epsilon
""",
        ("to one side only",),
    ),
    (
        "slope_of",
        """
def slope_of(f, x, epsilon):
    rise = f(x + epsilon) - f(x - epsilon)
    return rise / 2 * epsilon
""",
        ("parentheses around the run",),
    ),
    (
        "slope_of",
        """
def slope_of(f, x, epsilon):
    return f(x + epsilon) - f(x - epsilon) / (2 * epsilon)
""",
        ("only the second value is divided",),
    ),
]
