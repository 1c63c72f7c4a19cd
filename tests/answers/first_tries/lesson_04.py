"""First tries at the exercises of lesson 04, and words that the answer of check must hold."""

# Each is (name of the exercise, what a beginner types, the words).
TRIES = [
    (
        "chunks",
        """
def chunks(ids, seq_length):
    pairs = []
    for start in range(0, len(ids), seq_length):
        piece = ids[start : start + seq_length]
        pairs.append((piece[:-1], piece[1:]))
    return pairs
""",
        ("the pair that a cut falls on is lost",),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    pairs = []
    for start in range(0, len(ids), seq_length):
        pairs.append((ids[start : start + seq_length], ids[start + 1 : start + seq_length + 1]))
    return pairs
""",
        ("The last pair is short", "whose last target exists"),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    inputs = ids[:-1].reshape(-1, seq_length)
    targets = ids[1:].reshape(-1, seq_length)
    return list(zip(inputs, targets))
""",
        ("do not fill whole rows", "leave out the rest"),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    inputs, targets = [], []
    for start in range(0, len(ids) - seq_length, seq_length):
        inputs = ids[start : start + seq_length]
        targets = ids[start + 1 : start + seq_length + 1]
    return inputs, targets
""",
        ("Only one pair comes back", "Collect a pair for each"),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    pairs = []
    for i in range(len(ids) // seq_length):
        inputs = ids[i * seq_length : (i + 1) * seq_length]
        targets = ids[(i + 1) * seq_length : (i + 2) * seq_length]
        pairs.append((inputs, targets))
    return pairs
""",
        ("In the first sequence", "shifted by one character"),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    pairs = []
    for start in range(0, len(ids) - seq_length, seq_length):
        inputs = ids[start : start + seq_length]
        targets = inputs[1:]
        pairs.append((inputs, targets))
    return pairs
""",
        ("they are one too few",),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    pairs = []
    for start in range(len(ids) - seq_length, seq_length):
        inputs = ids[start : start + seq_length]
        targets = ids[start + 1 : start + seq_length + 1]
        pairs.append((inputs, targets))
    return pairs
""",
        ("The loop makes no round", "a step is the third"),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    pairs = []
    for start in range(0, len(ids), seq_length):
        inputs = ids[start : start + seq_length]
        targets = ids[start + 1 : start + seq_length + 1]
        if len(inputs) == seq_length:
            pairs.append((inputs, targets))
    return pairs
""",
        ("has no character after it",),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    pairs = []
    for start in range(0, len(ids) - seq_length, seq_length):
        inputs = ids[start : seq_length]
        targets = ids[start + 1 : seq_length + 1]
        pairs.append((inputs, targets))
    return pairs
""",
        ("every slice ends at the same place",),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    pairs = []
    for start in range(0, len(ids) - seq_length, seq_length):
        pairs.append(ids[start : start + seq_length], ids[start + 1 : start + seq_length + 1])
    return pairs
""",
        ("append takes one thing",),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    for start in range(0, len(ids) - seq_length, seq_length):
        print(ids[start : start + seq_length], ids[start + 1 : start + seq_length + 1])
""",
        ("to print is not to return",),
    ),
    (
        "chunks",
        """
def chunks(ids, seq_length):
    pairs = []
    for start in range(0, len(ids) - seq_length, seq_length):
        pairs.append((ids[start : start + seq_length], ids[start + 1 : start + seq_length + 1]))
    return pairs[:-1]
""",
        ("always left out",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    parameters = parameters - learning_rate * gradients
""",
        ("does not calculate", "one at a time"),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    for i in range(len(parameters)):
        parameters[i] -= learning_rate * gradients[i]
""",
        ("`parameters[i] -=` tries to give a tuple a new array", "An array can change itself"),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    for i in range(len(parameters)):
        parameters[i] = parameters[i] - learning_rate * gradients[i]
""",
        ("`parameters[i] =` tries",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    parameters.W_xh -= learning_rate * gradients.W_xh
    parameters.W_hh -= learning_rate * gradients.W_hh
    parameters.W_hy -= learning_rate * gradients.W_hy
    parameters.b_h -= learning_rate * gradients.b_h
    parameters.b_y -= learning_rate * gradients.b_y
""",
        ("`parameters.W_xh -=` tries",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    parameters.W_hh = parameters.W_hh - learning_rate * gradients.W_hh
""",
        ("`parameters.W_hh =` tries",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    for parameter, gradient in zip(parameters, gradients):
        parameter = parameter - learning_rate * gradient
""",
        ("have not changed", "writes into the array itself"),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    for parameter in parameters:
        parameter -= learning_rate * gradients
""",
        ("does not calculate",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    for parameter, gradient in zip(parameters, gradients):
        parameter -= learning_rate * gradient
    return parameters
""",
        ("also returns a Parameters", "asks for None"),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    for parameter, gradient in parameters, gradients:
        parameter -= learning_rate * gradient
""",
        ("zip walks through both together",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    return Parameters(*[p - learning_rate * g for p, g in zip(parameters, gradients)])
""",
        ("also if you return it",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    for parameter, gradient in zip(parameters, gradients):
        parameter += learning_rate * gradient
""",
        ("uphill",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * gradients[name]
""",
        ("gives its arrays themselves",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    for name in parameters._fields:
        parameters[name] -= learning_rate * gradients[name]
""",
        ("text in square brackets",),
    ),
    (
        "sgd_step",
        """
def sgd_step(parameters, gradients, learning_rate):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    dW_xh, dW_hh, dW_hy, db_h, db_y = gradients
    W_xh = W_xh - learning_rate * dW_xh
    W_hh = W_hh - learning_rate * dW_hh
    W_hy = W_hy - learning_rate * dW_hy
    b_h = b_h - learning_rate * db_h
    b_y = b_y - learning_rate * db_y
    return W_xh, W_hh, W_hy, b_h, b_y
""",
        ("have not changed",),
    ),
    (
        "smooth_loss",
        """
def smooth_loss(previous, loss):
    return previous + 0.999 * (loss - previous)
""",
        ("the old value has the large weight",),
    ),
    (
        "smooth_loss",
        """
def smooth_loss(previous, loss):
    return keep * previous + (1 - keep) * loss
""",
        ("'keep'", "set before it is used"),
    ),
    (
        "smooth_loss",
        """
def smooth_loss(previous, loss):
    return 0.999 * loss + 0.001 * previous
""",
        ("weights are swapped",),
    ),
    (
        "smooth_loss",
        """
def smooth_loss(previous, loss):
    previous = 0.999 * previous + 0.001 * loss
""",
        ("returned nothing",),
    ),
    (
        "smooth_loss",
        """
def smooth_loss(previous, loss):
    return 0.999 * previous + 0.01 * loss
""",
        ("do not add up to 1",),
    ),
    (
        "smooth_loss",
        """
def smooth_loss(previous, loss):
    return 0.999 * (previous + 0.001 * loss)
""",
        ("Line 3", "done first"),
    ),
    (
        "smooth_loss",
        """
def smooth_loss(previous, loss):
    return round(0.999 * previous + 0.001 * loss, 2)
""",
        ("rounded to 2 places", "every digit"),
    ),
    (
        "smooth_loss",
        """
def smooth_loss(previous, loss):
    return (999 * previous + loss) // 1000
""",
        ("cut off to whole numbers",),
    ),
    (
        "train_epoch",
        """
def train_epoch(ids, parameters, seq_length, learning_rate):
    H = len(parameters.b_h)
    losses = []
    smoothed = 0
    for inputs, targets in chunks(ids, seq_length):
        h = np.zeros(H)
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        sgd_step(parameters, gradients, learning_rate)
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses
""",
        ("state is not carried",),
    ),
    (
        "train_epoch",
        """
def train_epoch(ids, parameters, seq_length, learning_rate):
    H = len(parameters.b_h)
    h = np.zeros(H)
    losses = []
    smoothed = math.log(len(parameters.b_y))
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        sgd_step(parameters, gradients, learning_rate)
        h = forward.hidden[-1]
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses
""",
        ("starts at ln V", "sum over its T characters"),
    ),
    (
        "train_epoch",
        """
def train_epoch(ids, parameters, seq_length, learning_rate):
    smoothed, losses = seq_length * math.log(len(parameters.b_y)), []
    h = np.zeros(75)
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        sgd_step(parameters, gradients, learning_rate)
        h = forward.hidden[-1]
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses
""",
        ("other sizes than the one on the page",),
    ),
    (
        "train_epoch",
        """
def train_epoch(ids, parameters, seq_length, learning_rate):
    smoothed, losses = seq_length * math.log(len(parameters.b_y)), []
    h = np.zeros(len(parameters.b_h))
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, forward, parameters)
        sgd_step(parameters, gradients, learning_rate)
        h = forward.hidden[-1]
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses
""",
        ("Line 7", "order of the arguments"),
    ),
    (
        "train_epoch",
        """
def train_epoch(ids, parameters, seq_length, learning_rate):
    smoothed, losses = seq_length * math.log(len(parameters.b_y)), []
    h = np.zeros(len(parameters.b_h))
    for inputs, targets in chunks(ids, seq_length):
        loss, probs, hidden = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, hidden)
        sgd_step(parameters, gradients, learning_rate)
        h = hidden[-1]
        smoothed = smooth_loss(smoothed, loss)
        losses.append(smoothed)
    return losses
""",
        ("Hand over the whole tuple",),
    ),
    (
        "train_epoch",
        """
def train_epoch(ids, parameters, seq_length, learning_rate):
    smoothed, losses = seq_length * math.log(len(parameters.b_y)), []
    h = np.zeros(len(parameters.b_h))
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        parameters = sgd_step(parameters, gradients, learning_rate)
        h = forward.hidden[-1]
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses
""",
        ("`parameters = sgd_step(...)` makes parameters None",),
    ),
    (
        "train_epoch",
        """
def train_epoch(ids, parameters, seq_length, learning_rate):
    smoothed, losses = seq_length * math.log(len(parameters.b_y)), []
    h = np.zeros(len(parameters.b_h))
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        h = forward.hidden[-1]
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
        gradients = backward_pass(inputs, targets, parameters, forward)
    sgd_step(parameters, gradients, learning_rate)
    return losses
""",
        ("Only one step is taken",),
    ),
    (
        "train_epoch",
        """
def train_epoch(ids, parameters, seq_length, learning_rate):
    smoothed, losses = seq_length * math.log(len(parameters.b_y)), []
    h = np.zeros(len(parameters.b_h))
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        sgd_step(parameters, gradients, learning_rate)
        h = forward.hidden
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses
""",
        ("You carry all of hidden",),
    ),
    (
        "train_epoch",
        """
def train_epoch(ids, parameters, seq_length, learning_rate):
    smoothed, losses = seq_length * math.log(len(parameters.b_y)), []
    h = np.zeros(len(parameters.b_h))
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        for parameter, gradient in zip(parameters, gradients):
            parameter = parameter - learning_rate * gradient
        h = forward.hidden[-1]
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses
""",
        ("no step is taken",),
    ),
]
