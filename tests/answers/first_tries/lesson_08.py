"""First tries at the exercises of lesson 08, and words that the answer of check must hold."""

# Each is (name of the exercise, what a beginner types, the words).
TRIES = [
    (
        "adam_step",
        """
def adam_step(
    parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8
):
    m = beta1 * m + (1 - beta1) * gradients
    v = beta2 * v + (1 - beta2) * gradients**2
    m_fair, v_fair = m / (1 - beta1**step), v / (1 - beta2**step)
    parameters -= learning_rate * m_fair / (math.sqrt(v_fair) + epsilon)
""",
        ("does not calculate", "one at a time"),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for i in range(len(parameters)):
        m[i] = beta1 * m[i] + (1 - beta1) * gradients[i]
        v[i] = beta2 * v[i] + (1 - beta2) * gradients[i] ** 2
        mf, vf = m[i] / (1 - beta1**step), v[i] / (1 - beta2**step)
        parameters[i] -= learning_rate * mf / (np.sqrt(vf) + epsilon)
""",
        ("`m[i] =` tries to give a tuple a new array",),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g, m1, v1 in zip(parameters, gradients, m, v):
        m1 = beta1 * m1 + (1 - beta1) * g
        v1 = beta2 * v1 + (1 - beta2) * g**2
        mf, vf = m1 / (1 - beta1**step), v1 / (1 - beta2**step)
        p -= learning_rate * mf / (math.sqrt(vf) + epsilon)
""",
        ("The functions of math take one number",),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g, m1, v1 in zip(parameters, gradients, m, v):
        m1 = beta1 * m1 + (1 - beta1) * g
        v1 = beta2 * v1 + (1 - beta2) * g**2
        mf, vf = m1 / (1 - beta1**step), v1 / (1 - beta2**step)
        p -= learning_rate * mf / (np.sqrt(vf) + epsilon)
""",
        ("m and v keep their old values",),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g, m1, v1 in zip(parameters, gradients, m, v):
        m1[:] = beta1 * m1 + (1 - beta1) * g
        v1[:] = beta2 * v1 + (1 - beta2) * g**2
        mf, vf = m1 / (1 - beta1**step), v1 / (1 - beta2**step)
        p -= learning_rate * mf / (np.sqrt(vf) + epsilon)
    return parameters, m, v
""",
        ("also returns a tuple", "asks for None"),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g, m1, v1 in zip(parameters, gradients, m, v):
        m1 *= beta1
        m1 += (1 - beta1) * g
        v1 *= beta2
        v1 += (1 - beta2) * g**2
        m1 /= 1 - beta1**step
        v1 /= 1 - beta2**step
        p -= learning_rate * m1 / (np.sqrt(v1) + epsilon)
""",
        ("written back",),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g, m1, v1 in zip(parameters, gradients, m, v):
        m1 = beta1 * m1 + (1 - beta1) * g
        v1 = beta2 * v1 + (1 - beta2) * g**2
        p -= learning_rate * m1 / (np.sqrt(v1) + epsilon)
""",
        ("not updated in place",),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g, m1, v1 in zip(parameters, gradients, m, v):
        m1[:] = beta1 * m1 + (1 - beta1) * g
        v1[:] = beta2 * v1 + (1 - beta2) * g**2
        mf, vf = m1 / (1 - beta1), v1 / (1 - beta2)
        p -= learning_rate * mf / (np.sqrt(vf) + epsilon)
""",
        ("same at every step",),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g, m1, v1 in zip(parameters, gradients, m, v):
        m1 += beta1 * m1 + (1 - beta1) * g
        v1 += beta2 * v1 + (1 - beta2) * g**2
        mf, vf = m1 / (1 - beta1**step), v1 / (1 - beta2**step)
        p -= learning_rate * mf / (np.sqrt(vf) + epsilon)
""",
        ("counts twice",),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g, m1, v1 in zip(parameters, gradients, m, v):
        m1[:] = beta1 * m1 + (1 - beta1) * g
        v1[:] = beta2 * v1 + (1 - beta2) * g**2
        mf, vf = m1 / (1 - beta1**step), v1 / (1 - beta2**step)
        p -= learning_rate * mf / np.sqrt(vf + epsilon)
""",
        ("epsilon is under the root",),
    ),
    (
        "adam_step",
        """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for p, g in zip(parameters, gradients):
        mf, vf = m / (1 - beta1**step), v / (1 - beta2**step)
        p -= learning_rate * mf / (np.sqrt(vf) + epsilon)
""",
        ("does not calculate",),
    ),
    (
        "linear_decay",
        """
def linear_decay(learning_rate, done, total):
    return learning_rate * (1 - done // total)
""",
        ("`//` drops",),
    ),
    (
        "linear_decay",
        """
def linear_decay(learning_rate, done, total):
    return learning_rate - done / total
""",
        ("multiply",),
    ),
    (
        "linear_decay",
        """
def linear_decay(learning_rate, done, total):
    return learning_rate * done / total
""",
        ("rises from 0",),
    ),
    (
        "linear_decay",
        """
def linear_decay(learning_rate, done, total):
    return learning_rate * (total - done)
""",
        ("not divided by total",),
    ),
    (
        "linear_decay",
        """
def linear_decay(learning_rate, done, total):
    return learning_rate * (1 - (done + 1) / total)
""",
        ("one step too low",),
    ),
    (
        "linear_decay",
        """
def linear_decay(learning_rate, done, total):
    return learning_rate * 1 - done / total
""",
        ("The share done is subtracted",),
    ),
    (
        "linear_decay",
        """
def linear_decay(learning_rate, done, total):
    if done == total:
        return 0
    return learning_rate * (1 - done / (total - 1))
""",
        ("one step too soon",),
    ),
    (
        "linear_decay",
        """
def linear_decay(learning_rate, done, total):
    for step in range(done):
        learning_rate *= 1 - step / total
    return learning_rate
""",
        ("a curve",),
    ),
    (
        "linear_decay",
        """
def linear_decay(learning_rate, done, total):
    return learning_rate * (1 - total / done)
""",
        ("Line 3", "which of the two comes first"),
    ),
    (
        "make_streams",
        """
def make_streams(ids, streams):
    return ids.reshape(-1, streams)
""",
        ("dealt out like cards", "not left out"),
    ),
    (
        "make_streams",
        """
def make_streams(ids, streams):
    return ids.reshape(streams, -1).T
""",
        ("leave out the rest",),
    ),
    (
        "make_streams",
        """
def make_streams(ids, streams):
    length = len(ids) // streams
    return ids[: length * streams].reshape(length, streams)
""",
        ("dealt out like cards",),
    ),
    (
        "make_streams",
        """
def make_streams(ids, streams):
    length = len(ids) / streams
    return ids[: length * streams].reshape(streams, length).T
""",
        ("Line 3", "operation"),
    ),
    (
        "make_streams",
        """
def make_streams(ids, streams):
    length = len(ids) // streams
    return [ids[b * length : (b + 1) * length] for b in range(streams)]
""",
        ("Each piece must be a column",),
    ),
    (
        "make_streams",
        """
def make_streams(ids, streams):
    length = len(ids) // streams
    result = np.zeros((length, streams), dtype=int)
    for t in range(length):
        for b in range(streams):
            result[t, b] = ids[t * streams + b]
    return result
""",
        ("dealt out like cards",),
    ),
    (
        "make_streams",
        """
def make_streams(ids, streams):
    length = len(ids) // streams
    return np.reshape(ids, (streams, length)).T
""",
        ("does not divide evenly",),
    ),
    (
        "make_streams",
        """
def make_streams(ids, streams):
    length = len(ids) // streams
    rest = len(ids) % streams
    return ids[:-rest].reshape(streams, length).T
""",
        ("a slice up to -0 is empty",),
    ),
    (
        "make_streams",
        """
def make_streams(ids, streams):
    pieces = []
    for start in range(0, len(ids), streams):
        pieces.append(ids[start : start + streams])
    return np.array(pieces).T
""",
        ("How long is each piece",),
    ),
]
