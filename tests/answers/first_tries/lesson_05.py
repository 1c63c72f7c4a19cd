"""First tries at the exercises of lesson 05, and words that the answer of check must hold."""

# Each is (name of the exercise, what a beginner types, the words).
TRIES = [
    (
        "apply_temperature",
        """
def apply_temperature(logits, temperature):
    return softmax(logits) / temperature
""",
        ("after softmax", "It works on the scores"),
    ),
    (
        "apply_temperature",
        """
def apply_temperature(logits, temperature):
    return softmax(logits * temperature)
""",
        ("the wrong way round",),
    ),
    (
        "apply_temperature",
        """
def apply_temperature(logits, temperature):
    return logits / temperature
""",
        ("Softmax is left out",),
    ),
    (
        "apply_temperature",
        """
def apply_temperature(logits, temperature):
    exps = np.exp(logits / temperature)
    return exps / exps.sum()
""",
        ("exp overflows", "Shift by the maximum"),
    ),
    (
        "apply_temperature",
        """
def apply_temperature(logits, temperature):
    exps = np.exp(logits - logits.max() / temperature)
    return exps / exps.sum()
""",
        ("Line 3", "done first"),
    ),
    (
        "apply_temperature",
        """
def apply_temperature(logits, temperature):
    probs = softmax(logits)
    probs = probs / temperature
    return probs / probs.sum()
""",
        ("no effect",),
    ),
    (
        "apply_temperature",
        """
def apply_temperature(logits, temperature):
    logits /= temperature
    return softmax(logits)
""",
        ("changes its argument logits", "Line 3"),
    ),
    (
        "apply_temperature",
        """
def apply_temperature(logits, temperature):
    return np.exp(logits / temperature) / sum(np.exp(logits))
""",
        ("below the fraction line",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    return np.searchsorted(probs, u)
""",
        ("among the probabilities themselves",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    return np.searchsorted(np.cumsum(probs), u)
""",
        ("at the very end of a piece",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    return np.searchsorted(np.cumsum(probs), u, side="right")
""",
        ("Right, but for a u just below 1",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    total = 0
    for i in range(len(probs)):
        total += probs[i]
        if total > u:
            return i
""",
        ("no `return` in the loop is reached",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    for i in range(len(probs)):
        if u < probs[i]:
            return i
""",
        ("compared with each probability by itself",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    return np.random.choice(len(probs), p=probs)
""",
        ("random numbers of its own",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    total = 0
    i = 0
    while total < u:
        total += probs[i]
        i += 1
    return i
""",
        ("one too high", "once more"),
    ),
    (
        "draw",
        """
def draw(probs, u):
    return np.argmax(np.cumsum(probs) > u)
""",
        ("argmax gives 0",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    return np.where(np.cumsum(probs) > u)[0]
""",
        ("One number u picks one id",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    total = 0
    for p in probs:
        total += p
        if total > u:
            return p
""",
        ("You return a probability",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    return int(u * len(probs))
""",
        ("the probabilities are not used",),
    ),
    (
        "draw",
        """
def draw(probs, u):
    total = 0
    for i, p in enumerate(probs):
        total += p
        if total > u:
            return i
        else:
            return len(probs) - 1
""",
        ("a second `return`",),
    ),
    (
        "sample_ids",
        """
W_xh, W_hh, W_hy, b_h, b_y = initialize_parameters(75, 35, np.random.default_rng(0))

def read(h, char_id):
    return np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)

def logits_of(h):
    return W_hy @ h + b_y

def sample_ids(parameters, h, first_id, length, rng):
    ids, char_id = [], first_id
    for _ in range(length):
        h = read(h, char_id)
        probs = softmax(logits_of(h))
        char_id = draw(probs, rng.random())
        ids.append(char_id)
    return ids
""",
        ("Your function read takes W_hh, W_xh, b_h from outside", "other sizes than the one on the page"),
    ),
    (
        "sample_ids",
        """
def sample_ids(parameters, h, first_id, length, rng):
    ids = []
    char_id = first_id
    for _ in range(length):
        h = rnn_step(char_id, h, parameters)
        probs = output_probs(h, parameters)
        char_id = probs.argmax()
        ids.append(char_id)
    return ids
""",
        ("greedy",),
    ),
    (
        "sample_ids",
        """
def sample_ids(parameters, h, first_id, length, rng):
    ids = []
    char_id = first_id
    for _ in range(length):
        h = rnn_step(h, char_id, parameters)
        probs = output_probs(h, parameters)
        char_id = draw(probs, rng.random())
        ids.append(char_id)
    return ids
""",
        ("Line 6", "order of the arguments"),
    ),
    (
        "sample_ids",
        """
def sample_ids(parameters, h, first_id, length, rng):
    ids = []
    char_id = first_id
    for _ in range(length):
        probs = output_probs(h, parameters)
        char_id = draw(probs, rng.random())
        ids.append(char_id)
        h = rnn_step(char_id, h, parameters)
    return ids
""",
        ("read first and draw then",),
    ),
    (
        "sample_ids",
        """
def sample_ids(parameters, h, first_id, length, rng):
    ids = [first_id]
    for _ in range(length):
        h = rnn_step(ids[-1], h, parameters)
        probs = output_probs(h, parameters)
        ids.append(draw(probs, rng.random()))
    return ids
""",
        ("first_id is read, not drawn",),
    ),
    (
        "sample_ids",
        """
def sample_ids(parameters, h, first_id, length, rng):
    ids = []
    for _ in range(length):
        h = rnn_step(first_id, h, parameters)
        probs = output_probs(h, parameters)
        ids.append(draw(probs, rng.random()))
    return ids
""",
        ("always reads first_id",),
    ),
    (
        "sample_ids",
        """
def sample_ids(parameters, h, first_id, length, rng):
    ids = []
    char_id = first_id
    for _ in range(length):
        h = rnn_step(char_id, h, parameters)
        probs = output_probs(h, parameters)
        char_id = draw(probs, np.random.random())
        ids.append(char_id)
    return ids
""",
        ("random numbers of its own",),
    ),
    (
        "sample_ids",
        """
def sample_ids(parameters, h, first_id, length, rng):
    ids = []
    char_id = first_id
    for _ in range(length):
        h = rnn_step(char_id, h, parameters)
        probs = output_probs(h, parameters)
        char_id = draw(probs, rng)
        ids.append(char_id)
    return ids
""",
        ("`rng` makes random numbers",),
    ),
    (
        "sample_ids",
        """
def sample_ids(parameters, h, first_id, length, rng):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    ids = []
    char_id = first_id
    for _ in range(length):
        h = np.tanh(W_xh @ char_id + W_hh @ h + b_h)
        probs = softmax(W_hy @ h + b_y)
        char_id = draw(probs, rng.random())
        ids.append(char_id)
    return ids
""",
        ("`@` stands between two arrays", "which row or column"),
    ),
    (
        "sample_ids",
        """
def sample_ids(parameters, h, first_id, length, rng):
    ids = []
    char_id = first_id
    for _ in range(length):
        h = rnn_step(char_id, h, parameters)
        probs = softmax(h)
        char_id = draw(probs, rng.random())
        ids.append(char_id)
    return ids
""",
        ("W_hy and b_y are left out",),
    ),
    (
        "bits_per_character",
        """
def bits_per_character(loss, num_characters):
    return loss / num_characters
""",
        ("One more factor",),
    ),
    (
        "bits_per_character",
        """
def bits_per_character(loss, num_characters):
    return loss / np.log(2)
""",
        ("for all characters together",),
    ),
    (
        "bits_per_character",
        """
def bits_per_character(loss, num_characters):
    return np.log2(loss / num_characters)
""",
        ("made of logarithms already",),
    ),
    (
        "bits_per_character",
        """
def bits_per_character(loss, num_characters):
    return loss / num_characters * math.log(2)
""",
        ("You multiply by ln 2",),
    ),
    (
        "bits_per_character",
        """
def bits_per_character(loss, num_characters):
    return loss / num_characters / log(2)
""",
        ("write np.log",),
    ),
    (
        "bits_per_character",
        """
def bits_per_character(loss, num_characters):
    return loss // (num_characters * np.log(2))
""",
        ("cut off to whole numbers",),
    ),
    (
        "bits_per_character",
        """
def bits_per_character(loss, num_characters):
    return loss / num_characters / math.log2(2)
""",
        ("nats per character",),
    ),
    (
        "bits_per_character",
        """
def bits_per_character(loss, num_characters):
    return round(loss / math.log(2) / num_characters, 2)
""",
        ("rounded to 2 places",),
    ),
    (
        "bits_per_character",
        """
def bits_per_character(loss, num_characters):
    print(loss / math.log(2) / num_characters)
""",
        ("to print is not to return",),
    ),
    (
        "surprise",
        """
def surprise(probs, targets):
    return -np.log2(probs[:, targets])
""",
        ("whole columns",),
    ),
    (
        "surprise",
        """
def surprise(probs, targets):
    return -np.log(probs[np.arange(len(targets)), targets])
""",
        ("Bits have base 2",),
    ),
    (
        "surprise",
        """
def surprise(probs, targets):
    bits = []
    for row, target in zip(probs, targets):
        bits.append(-np.log2(row[target]))
    return sum(bits) / len(bits)
""",
        ("mean", "of its own"),
    ),
]
