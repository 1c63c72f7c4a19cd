"""First tries at the exercises of lesson 02 that are wrong, as a beginner types them."""

# (exercise, code, what of the message helps)
TRIES = [
    (
        "rnn_step",
        """
def rnn_step(char_id, h_prev, parameters):
    return np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
""",
        ("`W_hh`", "parameters"),
    ),
    (
        "rnn_step",
        """
def rnn_step(char_id, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    return np.tanh(W_hh * h_prev + W_xh[:, char_id] + b_h)
""",
        ("multiplies entry by entry", "which sign"),
    ),
    (
        "rnn_step",
        """
def rnn_step(char_id, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    return np.tanh(W_hh @ h_prev + W_xh * char_id + b_h)
""",
        ("`*` multiplies entry by entry", "picks one column of W_xh"),
    ),
    (
        "rnn_step",
        """
def rnn_step(char_id, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    x = np.zeros(len(b_h))
    x[char_id] = 1
    return np.tanh(W_hh @ h_prev + W_xh @ x + b_h)
""",
        ("one for each character of the vocabulary",),
    ),
    (
        "rnn_step",
        """
def rnn_step(char_id, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    return math.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
""",
        ("The functions of math take one number",),
    ),
    (
        "rnn_step",
        """
def rnn_step(char_id, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    h = np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
    print(h)
""",
        ("to print is not to return",),
    ),
    (
        "output_probs",
        """
def output_probs(h, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    return W_hy @ h + b_y
""",
        ("Softmax is left out",),
    ),
    (
        "output_probs",
        """
def output_probs(h, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    return softmax(h @ W_hy + b_y)
""",
        ("the sizes do not meet",),
    ),
    (
        "output_probs",
        """
def output_probs(h, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    scores = W_hy @ h + b_y
    return np.exp(scores) / np.sum(np.exp(scores))
""",
        ("Large scores overflow", "shifts by the maximum"),
    ),
    (
        "output_probs",
        """
def output_probs(h, parameters):
    return softmax(parameters.W_hy @ h) + parameters.b_y
""",
        ("added after softmax",),
    ),
    (
        "forward_pass",
        """
def forward_pass(inputs, targets, h_prev, parameters):
    loss = 0
    probs = []
    hidden = []
    for t in range(len(inputs)):
        h = rnn_step(inputs[t], h_prev, parameters)
        p = output_probs(h, parameters)
        loss -= np.log(p[targets[t]])
        hidden.append(h)
        probs.append(p)
    return loss, np.array(probs), np.array(hidden)
""",
        ("expected: an array of shape (T+1, H)", "starts again from h_prev"),
    ),
    (
        "forward_pass",
        """
def forward_pass(inputs, targets, h_prev, parameters):
    loss, probs, hidden = 0, [], []
    h = h_prev
    for x, y in zip(inputs, targets):
        h = rnn_step(x, h, parameters)
        p = output_probs(h, parameters)
        loss += -np.log(p[y])
        hidden.append(h)
        probs.append(p)
    return loss, np.array(probs), np.array(hidden)
""",
        ("hidden has no row for the state that comes in",),
    ),
    (
        "forward_pass",
        """
def forward_pass(inputs, targets, h_prev, parameters):
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    hidden[0] = h_prev
    for t in range(len(inputs)):
        hidden[t] = rnn_step(inputs[t], hidden[t - 1], parameters)
    probs = np.array([output_probs(h, parameters) for h in hidden[1:]])
    return cross_entropy(probs, targets), probs, hidden
""",
        ("Row 0 of hidden is overwritten",),
    ),
    (
        "forward_pass",
        """
def forward_pass(inputs, targets, h_prev, parameters):
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    for t in range(len(inputs)):
        hidden[t + 1] = rnn_step(inputs[t], hidden[t], parameters)
    probs = np.array([output_probs(h, parameters) for h in hidden[1:]])
    return cross_entropy(probs, targets), probs, hidden
""",
        ("starts from zeros", "h_prev is not used"),
    ),
    (
        "forward_pass",
        """
def forward_pass(inputs, targets, h_prev, parameters):
    h = h_prev
    loss = 0
    for t in range(len(inputs)):
        h = rnn_step(inputs[t], h, parameters)
        p = output_probs(h, parameters)
        loss -= np.log(p[targets[t]])
    return loss, p, h
""",
        ("last",),
    ),
    (
        "forward_pass",
        """
def forward_pass(inputs, targets, h_prev, parameters):
    hidden = np.zeros((len(inputs), len(h_prev)))
    hidden[0] = h_prev
    for t in range(len(inputs)):
        hidden[t + 1] = rnn_step(inputs[t], hidden[t], parameters)
    probs = np.array([output_probs(h, parameters) for h in hidden])
    return cross_entropy(probs, targets), probs, hidden
""",
        ("How many rows",),
    ),
    (
        "count_parameters",
        """
def count_parameters(hidden_size, vocab_size):
    return hidden_size * vocab_size + hidden_size ** 2 + vocab_size * hidden_size
""",
        ("The biases are left out",),
    ),
    (
        "count_parameters",
        """
def count_parameters(hidden_size, vocab_size):
    return hidden_size * vocab_size + hidden_size ^ 2 + vocab_size * hidden_size + hidden_size + vocab_size
""",
        ("`^` is not a power",),
    ),
    (
        "count_parameters",
        """
def count_parameters(hidden_size, vocab_size):
    return hidden_size * vocab_size + hidden_size * hidden_size + hidden_size + vocab_size
""",
        ("Only one of the two matrices",),
    ),
    (
        "count_parameters",
        """
def count_parameters(hidden_size, vocab_size):
    return W_xh.size + W_hh.size + W_hy.size + b_h.size + b_y.size
""",
        ("W_xh",),
    ),
]
