"""First tries at the exercises of lesson 01 that are wrong, as a beginner types them."""

# (exercise, code, what of the message helps)
TRIES = [
    (
        "one_hot",
        """
def one_hot(ids, vocab_size):
    x = np.zeros((len(ids), vocab_size))
    for i in ids:
        x[i] = 1
    return x
""",
        ("whole rows", "two indices"),
    ),
    (
        "one_hot",
        """
def one_hot(ids, vocab_size):
    result = []
    row = [0] * vocab_size
    for i in ids:
        row[i] = 1
        result.append(row)
    return np.array(result)
""",
        ("appended again and again is still one list",),
    ),
    (
        "one_hot",
        """
def one_hot(ids, vocab_size):
    x = np.zeros(vocab_size)
    x[ids] = 1
    return x
""",
        ("a row of its own",),
    ),
    (
        "one_hot",
        """
def one_hot(ids, vocab_size):
    x = np.zeros((len(ids), vocab_size))
    for i in range(len(ids)):
        x[i][ids] = 1
    return x
""",
        ("Row t must get its own id only",),
    ),
    (
        "one_hot",
        """
def one_hot(ids, vocab_size):
    x = np.zeros((len(ids), vocab_size))
    for i, c in enumerate(ids):
        x[i, c - 1] = 1
    return x
""",
        ("one column too far to the left", "count from 0"),
    ),
    (
        "one_hot",
        """
def one_hot(ids, vocab_size):
    return [1 if i in ids else 0 for i in range(vocab_size)]
""",
        ("one row for the whole text", "a row of its own"),
    ),
    (
        "softmax",
        """
def softmax(logits):
    return np.exp(logits) / np.sum(np.exp(logits))
""",
        ("each row needs its own sum", "overflow"),
    ),
    (
        "softmax",
        """
def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
""",
        ("AxisError", "`axis=1`"),
    ),
    (
        "softmax",
        """
def softmax(logits):
    e = np.exp(logits)
    return e / e.sum(axis=-1, keepdims=True)
""",
        ("exp(1000) is too large", "subtract"),
    ),
    (
        "softmax",
        """
def softmax(logits):
    e = np.exp(logits - np.max(logits))
    return e / e.sum(axis=-1, keepdims=True)
""",
        ("Each row needs its own maximum",),
    ),
    (
        "softmax",
        """
def softmax(logits):
    result = []
    for z in logits:
        result.append(math.exp(z) / sum(math.exp(x) for x in logits))
    return np.array(result)
""",
        ("The functions of math take one number",),
    ),
    (
        "softmax",
        """
def softmax(logits):
    logits = logits - logits.max(axis=-1)
    e = np.exp(logits)
    return e / e.sum(axis=-1)
""",
        ("keepdims=True",),
    ),
    (
        "softmax",
        """
def softmax(logits):
    logits -= logits.max(axis=-1, keepdims=True)
    e = np.exp(logits)
    return e / e.sum(axis=-1, keepdims=True)
""",
        ("changes its argument logits in place",),
    ),
    (
        "cross_entropy",
        """
def cross_entropy(probs, targets):
    return -np.log(probs[targets]).sum()
""",
        ("picks whole rows",),
    ),
    (
        "cross_entropy",
        """
def cross_entropy(probs, targets):
    loss = 0
    for t in targets:
        loss -= np.log(probs[t])
    return loss
""",
        ("row",),
    ),
    (
        "cross_entropy",
        """
def cross_entropy(probs, targets):
    loss = 0
    for t in range(len(targets)):
        loss += np.log(probs[t][targets[t]])
    return loss
""",
        ("minus is missing",),
    ),
    (
        "cross_entropy",
        """
def cross_entropy(probs, targets):
    return -np.mean(np.log(probs[np.arange(len(targets)), targets]))
""",
        ("the mean over the characters", "the sum"),
    ),
    (
        "cross_entropy",
        """
def cross_entropy(probs, targets):
    loss = 0
    for t in range(len(targets)):
        loss -= math.log(probs[t, targets[t]])
        return loss
""",
        ("Only the first character", "inside the loop"),
    ),
    (
        "cross_entropy",
        """
def cross_entropy(probs, targets):
    loss = []
    for p, t in zip(probs, targets):
        loss.append(-np.log(p[t]))
    return loss
""",
        ("one number for all",),
    ),
    (
        "softmax_gradient",
        """
def softmax_gradient(logits, targets):
    probs = softmax(logits)
    probs[targets] -= 1
    return probs
""",
        ("whole rows",),
    ),
    (
        "softmax_gradient",
        """
def softmax_gradient(logits, targets):
    return softmax(logits) - targets
""",
        ("targets are ids",),
    ),
    (
        "softmax_gradient",
        """
def softmax_gradient(logits, targets):
    grad = softmax(logits)
    grad[:, targets] -= 1
    return grad
""",
        ("row t has one target only",),
    ),
    (
        "softmax_gradient",
        """
def softmax_gradient(logits, targets):
    probs = softmax(logits)
    return (probs - one_hot(targets, logits.shape[1])) / len(logits)
""",
        ("divided by T",),
    ),
    (
        "softmax_gradient",
        """
def softmax_gradient(logits, targets):
    p = softmax(logits)
    return p * (1 - p)
""",
        ("slope of each probability", "slope of the loss"),
    ),
    (
        "softmax_gradient",
        """
def softmax_gradient(logits, targets):
    grad = softmax(logits)
    for t in targets:
        grad[t] -= 1
    return grad
""",
        ("a target picks a whole row",),
    ),
]
